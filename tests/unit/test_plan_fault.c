/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory runs out at the k-th allocation, for every k: the calls of the plan layer say so, and go
 * through once there is enough again. */
#include <string.h>

#include "models/plan/kpi.h"
#include "models/plan/plan_check.h"
#include "models/plan/plan_cost.h"
#include "models/plan/plan_diff.h"
#include "models/plan/plan_fill.h"
#include "tests/check.h"
#include "tests/toy.h"

typedef struct work {
    cp_toy *toy;
    cp_plan *plan;
} work;

static cp_status all_of_it(cp_ctx *ctx, const work *w)
{
    const cp_toy *t = w->toy;
    cp_plan_builder *builder = NULL;
    cp_plan *plan = NULL;
    cp_verdict *verdict = NULL;
    cp_plan_diff *diff = NULL;
    cp_cost cost;
    cp_record record;
    double service = 0;
    const int64_t notes[2] = {500, 0};
    const cp_plan_visit visit = {.t = 2, .kind = CP_VISIT_SWAP, .until = 8};
    memset(&record, 0, sizeof record);
    CP_TRY(cp_plan_builder_new(ctx, t->net, "toy", &builder));
    CP_TRY(cp_plan_builder_visit(ctx, builder, &visit, notes));
    CP_TRY(cp_plan_builder_finish(ctx, builder, &plan));
    CP_TRY(cp_plan_fill_visits(ctx, t->net, t->forecast, t->shares, 7, plan));
    CP_TRY(cp_plan_fill_limits(ctx, t->net, t->forecast, t->shares, 7, plan));
    CP_TRY(cp_plan_check(ctx, t->net, t->forecast, t->shares, 7, plan, &verdict));
    CP_TRY(cp_plan_cost(ctx, t->net, t->forecast, t->shares, 7, plan, &cost, NULL));
    CP_TRY(cp_kpi_make(ctx, t->net, t->forecast, t->shares, 7, plan, &record));
    CP_TRY(cp_series_make(ctx, t->net, t->forecast, t->shares, 7, plan, &record));
    CP_TRY(cp_plan_service(ctx, t->net, t->forecast, t->shares, 7, 3, plan, &service));
    return cp_plan_diff_make(ctx, t->net, w->plan, plan, &diff);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = toy_new(&ctx);
    toy_put(toy, "setting", "key=n_paths|value=3");
    toy_put(toy, "cassette_pool", "vault_code=V|cassette_model_code=M|spare=4");
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S|kind=atm");
    toy_put(toy, "cassette",
            "point_code=A|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense");
    toy_put(toy, "cassette",
            "point_code=A|slot=2|cassette_model_code=M|denomination_code=CNY10|role=deposit");
    toy_build(toy, 6);
    toy_forecast(toy, 20);
    const work w = {toy, toy_plan(toy, NULL, 0)};
    int32_t n_failed = 0;
    for (long k = 1;; k++) {
        const cp_arena_mark run = cp_arena_here(ctx.run);
        const cp_arena_mark scratch = cp_arena_here(ctx.scratch);
        cp_arena_fail_at(k);
        const cp_status st = all_of_it(&ctx, &w);
        cp_arena_fail_at(0);
        cp_arena_rewind(ctx.run, run);
        cp_arena_rewind(ctx.scratch, scratch);
        if (st == CP_OK) break;
        assert_int_equal(st, CP_E_NOMEM);
        cp_error_clear(&ctx);
        n_failed++;
    }
    assert_true(n_failed > 100);
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

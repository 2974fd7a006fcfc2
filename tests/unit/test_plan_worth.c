/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one more of a thing saves, from the duals of a plan's limits. */
#include "cli/plan_worth.h"

#include <math.h>
#include <string.h>

#include "tests/check.h"
#include "tests/toy.h"

static cp_toy *bank(cp_ctx *ctx)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "central_bank", "code=B|lat_deg=31|lon_deg=121|order_unit_notes=2000");
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    for (int32_t i = 0; i < 3; i++) {
        toy_put(toy, "point", "code=A%d|site_code=S|kind=atm", (int)i);
        for (int32_t s = 1; s <= (i == 0 ? 2 : 4); s++)
            toy_put(toy, "cassette",
                    "point_code=A%d|slot=%d|cassette_model_code=M|denomination_code=CNY100|"
                    "role=dispense",
                    (int)i, (int)s);
    }
    toy_build(toy, 7);
    toy->net->rows.vault[0].central_bank = 0;
    return toy;
}

static void what_one_more_saves(void **state)
{
    (void)state;
    /* Rows of a denomination stand by day; CNY10 is 0, CNY100 is 1 or the other way round. */
    static cp_plan_limit limits[] = {
        {.kind = CP_LIMIT_CREW_MIN, .t = 1, .item = -1, .dual_minor = 10},
        {.kind = CP_LIMIT_CREW_MIN, .t = 3, .item = -1, .dual_minor = 25},
        {.kind = CP_LIMIT_SORT, .t = 2, .item = -1, .dual_minor = 0.25},
        {.kind = CP_LIMIT_POOL, .t = 0, .item = 0, .dual_minor = 100},
        {.kind = CP_LIMIT_POOL, .t = 1, .item = 0, .dual_minor = 50},
        {.kind = CP_LIMIT_PACK, .t = 1, .item = -1, .dual_minor = 0},
        {.kind = CP_LIMIT_VAULT_VALUE, .t = 5, .item = -1, .dual_minor = 0.000002},
        {.kind = CP_LIMIT_VAULT_STOCK, .t = 0, .item = 0, .dual_minor = 3},
        {.kind = CP_LIMIT_VAULT_STOCK, .t = 1, .item = 0, .dual_minor = 3},
        {.kind = CP_LIMIT_VAULT_STOCK, .t = 2, .item = 0, .dual_minor = 0.5},
        {.kind = CP_LIMIT_SERVICE_LEVEL, .t = 0, .item = 0, .dual_minor = 999},
    };
    static const struct {
        const char *text;
        double save;
        int32_t days;
    } want[] = {
        {"2000 notes CNY10 more in the vault on the first morning", 6000, 3},
        {"2000 notes CNY10 a day earlier from the central bank", 5000, 1},
        {"one more hour of crews a day", 2100, 2},
        {"one more set of 4 cassettes M", 600, 2},
        {"1,000 more notes sorted a day", 250, 1},
        {"one million CNY more insured at night", 200, 1},
    };
    cp_ctx ctx;
    cp_worth *worth = NULL;
    int32_t n = 0;
    cp_plan plan;
    memset(&plan, 0, sizeof plan);
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = bank(&ctx);
    int32_t cny10 = 0;
    while (strcmp(toy->net->denoms[cny10].code, "CNY10") != 0)
        cny10++;
    for (int32_t i = 0; i < LEN(limits); i++)
        if (limits[i].kind == CP_LIMIT_VAULT_STOCK) limits[i].item = cny10;
    plan.n_days = 7;
    plan.limits = limits;
    plan.n_limits = LEN(limits);
    assert_ok(&ctx, cp_worth_list(&ctx, toy->net, &plan, &worth, &n));
    assert_int_equal(n, LEN(want));
    for (int32_t i = 0; i < n; i++) {
        assert_string_equal(cp_worth_text(&ctx, toy->net, &worth[i]), want[i].text);
        if (fabs(worth[i].save_minor - want[i].save) > 1e-6)
            fail_msg("%s: %g", want[i].text, worth[i].save_minor);
        assert_int_equal(worth[i].days, want[i].days);
    }
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_one_more_saves)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

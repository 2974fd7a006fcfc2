/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search's cost is that of plan_cost.h to the minor unit, its bound is below, and its plans
 * follow the same stock rule as the assembly of plans. */
#include <stdio.h>

#include "models/plan/plan_cost.h"
#include "models/plan/plan_fill.h"
#include "solver/replenish/refill.h"
#include "tests/check.h"
#include "tests/unit/refill_bank.h"

static void check_case(cp_ctx *ctx, const refill_bank_opts *opts, bool with_prices)
{
    refill_bank b;
    cp_refill *refill = NULL;
    cp_plan plan = {0};
    cp_cost cost;
    cp_minor drive = 0;
    cp_stop_prices prices = {0};
    assert_ok(ctx, refill_bank_make(ctx, opts, &b));
    prices.n_sites = b.net->n_sites;
    prices.n_days = b.net->n_days;
    if (with_prices) {
        const size_t cells = (size_t)prices.n_sites * (size_t)prices.n_days;
        prices.price_minor = cp_alloc(ctx, ctx->run, cells, sizeof *prices.price_minor);
        prices.drive_min = cp_alloc(ctx, ctx->run, cells, sizeof *prices.drive_min);
        for (size_t i = 0; i < cells; i++) {
            prices.price_minor[i] = (cp_minor)(1000 + 137 * (i % 29));
            prices.drive_min[i] = (int32_t)(3 + i % 7);
        }
    }
    cp_refill_opts ropts = cp_refill_defaults();
    ropts.replans = 40 * b.net->n_points;
    assert_ok(ctx, cp_refill_build(ctx, b.net, b.forecast, b.shares, 5, &refill));
    assert_ok(ctx, cp_refill_solve(ctx, refill, &prices, &ropts, &plan));
    assert_ok(ctx, cp_plan_fill_visits(ctx, b.net, b.forecast, b.shares, 5, &plan));
    assert_ok(ctx, cp_plan_cost(ctx, b.net, b.forecast, b.shares, 5, &plan, &cost, &drive));
    if (cost.refill_minor != plan.proof.plan_minor)
        fail_msg("plan_cost %lld, search %lld (sites %d, seed %d)", (long long)cost.refill_minor,
                 (long long)plan.proof.plan_minor, (int)opts->n_sites, (int)opts->seed);
    assert_true(plan.proof.has_bound);
    assert_true(plan.proof.bound_minor <= plan.proof.plan_minor);
    /* A gap is no proof of a mistake, but this wide without a limit that binds it would be one. */
    if (!opts->tight) assert_true(plan.proof.gap < 0.05);
    /* Uses and relief of the shared limits, recounted by the model layer. */
    cp_plan again = plan;
    assert_ok(ctx, cp_plan_fill_limits(ctx, b.net, b.forecast, b.shares, 5, &again));
    assert_ok(ctx, cp_plan_cost(ctx, b.net, b.forecast, b.shares, 5, &again, &cost, NULL));
    assert_int_equal(cost.refill_minor, plan.proof.plan_minor);
}

static void test_search_and_plan_cost_agree(void **state)
{
    cp_ctx *ctx = *state;
    for (uint64_t seed = 1; seed <= 6; seed++)
        for (int32_t tight = 0; tight < 2; tight++) {
            /* Others sort at a price above overtime's, below it, or not at all. */
            const refill_bank_opts opts = {8,
                                           7,
                                           30,
                                           seed,
                                           tight != 0,
                                           seed % 2 ? 300000 : 0,
                                           (int32_t)(seed % 3) * 3000,
                                           seed % 2 ? 3500 : 1100};
            check_case(ctx, &opts, seed % 3 == 0);
        }
}

static void test_more_of_a_limit_never_costs_more_by_bound(void **state)
{
    cp_ctx *ctx = *state;
    const refill_bank_opts tight = {8, 7, 30, 3, true, 300000, 0, 0},
                           loose = {8, 7, 30, 3, false, 300000, 0, 0};
    cp_minor bound[2];
    for (int32_t i = 0; i < 2; i++) {
        refill_bank b;
        cp_refill *refill = NULL;
        cp_plan plan = {0};
        const cp_stop_prices prices = {0};
        cp_refill_opts ropts = cp_refill_defaults();
        ropts.replans = 1000;
        assert_ok(ctx, refill_bank_make(ctx, i == 0 ? &tight : &loose, &b));
        assert_ok(ctx, cp_refill_build(ctx, b.net, b.forecast, b.shares, 5, &refill));
        assert_ok(ctx, cp_refill_solve(ctx, refill, &prices, &ropts, &plan));
        bound[i] = plan.proof.bound_minor;
    }
    assert_true(bound[1] <= bound[0]);
}

/* After the answers are forgotten, and the memory they were in is gone, intervals give what they
 * gave at first; without, the next solve begins with the last one's prices. */
static void test_what_is_forgotten_does_not_matter(void **state)
{
    cp_ctx *ctx = *state;
    const refill_bank_opts opts = {8, 7, 30, 4, true, 300000, 0, 0};
    refill_bank b;
    cp_refill *refill = NULL;
    const cp_stop_prices prices = {0};
    cp_refill_opts ropts = cp_refill_defaults();
    cp_minor cost[2], bound[2];
    int64_t work[2];
    ropts.replans = 400;
    assert_ok(ctx, refill_bank_make(ctx, &opts, &b));
    assert_ok(ctx, cp_refill_build(ctx, b.net, b.forecast, b.shares, 5, &refill));
    for (int32_t i = 0; i < 2; i++) {
        cp_ctx own;
        cp_plan plan = {0};
        assert_int_equal(cp_ctx_init(&own), CP_OK);
        assert_ok(&own, cp_refill_solve(&own, refill, &prices, &ropts, &plan));
        cost[i] = plan.proof.plan_minor;
        bound[i] = plan.proof.bound_minor;
        work[i] = plan.work_done;
        cp_refill_forget(refill);
        cp_ctx_done(&own);
    }
    assert_int_equal(cost[0], cost[1]);
    assert_int_equal(bound[0], bound[1]);
    assert_int_equal(work[0], work[1]);
}

static void test_threads_do_not_matter(void **state)
{
    cp_ctx *ctx = *state;
    const refill_bank_opts opts = {8, 7, 30, 4, true, 300000, 0, 0};
    refill_bank b;
    cp_minor cost[2];
    int32_t visits[2];
    assert_ok(ctx, refill_bank_make(ctx, &opts, &b));
    for (int32_t i = 0; i < 2; i++) {
        cp_refill *refill = NULL;
        cp_plan plan = {0};
        const cp_stop_prices prices = {0};
        const cp_refill_opts ropts = cp_refill_defaults();
        ctx->n_threads = 1 + 2 * i;
        assert_ok(ctx, cp_refill_build(ctx, b.net, b.forecast, b.shares, 5, &refill));
        assert_ok(ctx, cp_refill_solve(ctx, refill, &prices, &ropts, &plan));
        cost[i] = plan.proof.plan_minor;
        visits[i] = plan.n_visits;
    }
    assert_int_equal(cost[0], cost[1]);
    assert_int_equal(visits[0], visits[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_search_and_plan_cost_agree, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_more_of_a_limit_never_costs_more_by_bound, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(test_what_is_forgotten_does_not_matter, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(test_threads_do_not_matter, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

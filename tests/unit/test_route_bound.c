/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bounds of a vault's day in the plan's own money: never above the cheapest of all routes for its
 * stops, with every rule alone and mixed; never above the plan's; the reasons where there is none.
 */
#include "solver/route/route_bound.h"

#include "tests/check.h"
#include "tests/unit/route_brute.h"

/* Tasks that a result serves. */
static int32_t served(const toy *t, const cp_route_result *r)
{
    int32_t set = 0;
    for (int32_t k = 0; k < r->n_stops; k++)
        set |= 1 << toy_task_at(t, r->stops[k].site);
    return set;
}

/* The routes of a result as a plan holds them. */
static cp_plan_route_bound bound_of(cp_ctx *ctx, const toy *t, const cp_route_result *r,
                                    const cp_route_bound_opts *opts)
{
    cp_plan_route_bound b;
    const cp_drives drives = {r->routes, r->n_routes, r->stops};
    assert_ok(ctx, cp_route_bound(ctx, &t->net, &t->day, &drives, opts, &b));
    return b;
}

static void rules_of(toy *t, uint32_t k)
{
    if (k % 7 == 0) t->tasks[1].car = 1;
    if (k % 11 == 0) t->cars[0].paid_daily = true;
    if (k % 13 == 0) {
        toy_tariff(t, CP_TARIFF_KM_MINOR, 0);
        toy_tariff(t, CP_TARIFF_HOUR_MINOR, 0);
    }
    if (k % 17 == 0) toy_tariff(t, CP_TARIFF_HOUR_MINOR, 7777);
}

static void bounds_are_below_all_routes(void **state)
{
    cp_ctx *ctx = *state;
    const cp_route_bound_opts opts = cp_route_bound_defaults();
    int64_t sum_bound = 0, sum_best = 0;
    int32_t n_known = 0, n_routed = 0;
    for (uint32_t k = 0; k < 260; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        static toy_brute all;
        const uint32_t rules = k < 12 ? 1u << k : k == 12 ? 0 : (k * 2654435761u >> 7) % TOY_RULES;
        toy *t = toy_new(ctx, k % 20 == 19 ? TOY_STOPS : 3 + (int32_t)(k % 3), TOY_CARS, rules, k);
        rules_of(t, k);
        const cp_route_result *r = toy_solve(ctx, t, 1, 1);
        toy_brute_fill(ctx, t, &all);
        const cp_minor best = toy_brute_cost(&all, served(t, r));
        const cp_plan_route_bound b = bound_of(ctx, t, r, &opts);
        if (r->n_stops > 0) assert_int_equal(b.routed_minor, r->cost_minor);
        if (b.bound_minor > best || best > b.routed_minor)
            fail_msg("day %u rules %u: bound %lld, best %lld, ours %lld", k, rules,
                     (long long)b.bound_minor, (long long)best, (long long)b.routed_minor);
        assert_true(b.proven == (b.why == CP_BOUND_KNOWN && b.bound_minor == b.routed_minor));
        assert_true(b.gap >= 0.0 && b.gap <= 1.0);
        n_routed += best > 0;
        n_known += b.why == CP_BOUND_KNOWN && best > 0;
        sum_bound += b.bound_minor;
        sum_best += best;
        cp_arena_rewind(ctx->run, mark);
    }
    /* A bound of nothing would pass what is asked above. */
    assert_int_equal(n_known, n_routed);
    assert_true(sum_bound >= sum_best - sum_best / 100);
}

static void every_day_says_why(void **state)
{
    cp_ctx *ctx = *state;
    toy *t = toy_new(ctx, TOY_STOPS, TOY_CARS, 0, 5);
    const cp_route_result *r = toy_solve(ctx, t, 50, 1);
    cp_route_bound_opts opts = cp_route_bound_defaults();
    opts.stops_max = TOY_STOPS - 1;
    cp_plan_route_bound b = bound_of(ctx, t, r, &opts);
    assert_int_equal(b.why, CP_NO_BOUND_STOPS);
    assert_int_equal(b.n_stops, TOY_STOPS);
    assert_int_equal(b.bound_minor, 0);
    assert_false(b.proven);
    opts = cp_route_bound_defaults();
    const atomic_int stop = 1;
    ctx->stop = &stop;
    b = bound_of(ctx, t, r, &opts);
    assert_int_equal(b.why, CP_NO_BOUND_STOPPED);
    ctx->stop = NULL;
    b = bound_of(ctx, t, r, &opts);
    assert_int_equal(b.why, CP_BOUND_KNOWN);
    t->day.n_tasks = 2; /* routes then serve what is no task */
    const cp_drives drives = {r->routes, r->n_routes, r->stops};
    assert_fails(ctx, CP_E_INPUT, cp_route_bound(ctx, &t->net, &t->day, &drives, &opts, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bounds_are_below_all_routes, check_start, check_finish),
        cmocka_unit_test_setup_teardown(every_day_says_why, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

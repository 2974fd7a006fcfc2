/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "solver/replenish/site_price.h"
#include "tests/check.h"
#include "tests/unit/arc_toy.h"

#define DAYS 5

static void test_use_price_is_marginal_cost(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        cp_use_price p;
        double u, cost;
    } cases[] = {
        {"no limit, no price", {0, 0, 0, 0, 0}, 7, 0},
        {"linear", {2, 0, 0, 0, 0}, 7, 14},
        {"inside the slack", {0, 10, 0, 0, 5}, 7, 0},
        {"two above the slack", {0, 5, 0, 0, 5}, 7, 10},
        {"extra first, then relief", {0, 4, 2, 3, 5}, 7, 11},
        {"already over: every unit is relief", {0, -3, 0, 0, 5}, 7, 35},
        {"already over, extra left", {0, -1, 3, 2, 5}, 4, 2 * 2 + 2 * 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double got = cp_use_cost(&cases[i].p, cases[i].u);
        if (fabs(got - cases[i].cost) > 1e-9) fail_msg("%s: %g", cases[i].name, got);
    }
}

/* Price of one listed plan, written as a plain sum. */
static double listed_cost(const cp_arcs *a, const cp_point_prices *p, const toy_plan *plan)
{
    double cost = (double)cp_steps_cost(a, plan->steps, plan->n);
    for (int32_t i = 0; i < plan->n; i++) {
        const cp_step *s = &plan->steps[i];
        int64_t num = 0, den = 1;
        cp_step_share(a, s, &num, &den);
        const double unpaid = (double)num / (double)den - p->paid_share[s->t];
        cost += p->node[s->mode * DAYS + s->t];
        if (unpaid > 0.0) cost += p->stop[s->t] * unpaid;
        cost += cp_use_cost(&p->value[s->t], (double)cp_step_level(a, s)->out_minor);
        cost += cp_use_cost(&p->sort[s->t], (double)cp_step_back(a, plan->steps, i));
    }
    return cost;
}

static void test_cheapest_plan_is_that_of_all_plans(void **state)
{
    cp_ctx *ctx = *state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        cp_rng rng = cp_rng_new(seed, 0);
        double node[2 * DAYS], stop[DAYS], paid[DAYS];
        cp_use_price value[DAYS], sort[DAYS];
        cp_arcs *a = NULL;
        toy_plan *plans = NULL;
        cp_step steps[DAYS];
        int32_t n = 0, n_steps = 0;
        double cost = 0.0, best = INFINITY;
        assert_int_equal(arc_toy_make(ctx, &rng, DAYS, 1 + (int32_t)(seed % 2), &a), CP_OK);
        for (int32_t t = 0; t < DAYS; t++) {
            node[t] = cp_rng_below(&rng, 300);
            node[DAYS + t] = cp_rng_below(&rng, 300);
            stop[t] = cp_rng_below(&rng, 500);
            paid[t] = cp_rng_below(&rng, 3) * 0.5;
            value[t] = (cp_use_price){0.01 * cp_rng_below(&rng, 3), 1500, 500, 0.1, 0.3};
            sort[t] = (cp_use_price){0, 10, 5, 1, 4};
        }
        const cp_point_prices prices = {node, stop, paid, value, sort};
        assert_int_equal(arc_toy_all_plans(ctx, a, &plans, &n), CP_OK);
        assert_true(n > 0);
        for (int32_t i = 0; i < n; i++)
            best = fmin(best, listed_cost(a, &prices, &plans[i]));
        assert_int_equal(cp_point_price(ctx, a, &prices, &cost, steps, &n_steps), CP_OK);
        if (fabs(cost - best) > 1e-6)
            fail_msg("seed %d: %g, best of all %g", (int)seed, cost, best);
        const toy_plan got = {steps, n_steps};
        if (fabs(listed_cost(a, &prices, &got) - best) > 1e-6)
            fail_msg("seed %d: the plan returned does not cost what is said", (int)seed);
    }
}

/* Two and three machines of one site: bound <= best of all joint plans <= the plan found. */
static void test_site_bound_and_plan(void **state)
{
    cp_ctx *ctx = *state;
    int32_t exact = 0, n_cases = 0;
    for (uint64_t seed = 1; seed <= 25; seed++) {
        cp_rng rng = cp_rng_new(seed, 7);
        const int32_t n_points[1] = {2};
        cp_zone *z = NULL;
        toy_plan *all[2] = {NULL, NULL}, pair[2];
        int32_t n[2] = {0, 0};
        double row_price[256] = {0}, division[2 * 3], reduced = 0.0, bound = 0.0;
        cp_site_plan plan;
        cp_minor best = INT64_MAX;
        assert_int_equal(arc_toy_zone(ctx, &rng, 3, 1, n_points, &z), CP_OK);
        for (int32_t r = 0; r < z->n_rows; r++)
            z->row[r].cap = 1000000; /* nothing binds */
        for (int32_t k = 0; k < 2; k++)
            assert_int_equal(arc_toy_all_plans(ctx, z->arcs[k], &all[k], &n[k]), CP_OK);
        for (int32_t i = 0; i < n[0]; i++)
            for (int32_t k = 0; k < n[1]; k++) {
                pair[0] = all[0][i];
                pair[1] = all[1][k];
                const cp_minor c = arc_toy_zone_cost(z, pair);
                best = c < best ? c : best;
            }
        for (int32_t i = 0; i < 6; i++)
            division[i] = 0.5;
        const cp_site_ask ask = {z, 0, row_price, 20};
        assert_int_equal(cp_site_price(ctx, &ask, division, &plan, &reduced, &bound), CP_OK);
        if (bound > (double)best + 1.0)
            fail_msg("seed %d: bound %g above %lld", (int)seed, bound, (long long)best);
        if (plan.cost < best) fail_msg("seed %d: plan cheaper than all plans", (int)seed);
        exact += plan.cost == best;
        n_cases++;
    }
    assert_true(exact * 10 >= n_cases * 8); /* the descent finds the optimum nearly always */
}

static int make_ctx(void **state)
{
    static cp_ctx ctx;
    if (cp_ctx_init(&ctx) != CP_OK) return -1;
    *state = &ctx;
    return 0;
}

static int drop_ctx(void **state)
{
    cp_ctx_done(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_use_price_is_marginal_cost),
        cmocka_unit_test_setup_teardown(test_cheapest_plan_is_that_of_all_plans, make_ctx,
                                        drop_ctx),
        cmocka_unit_test_setup_teardown(test_site_bound_and_plan, make_ctx, drop_ctx),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_solve.h"

#include <string.h>

#include "tests/check.h"
#include "tests/unit/route_brute.h"

/* The search prices seconds, the tariff whole minutes of waiting and overtime: routes may differ by
 * the rounding of up to three minutes each. */
static cp_minor rounding(const toy *t)
{
    const int64_t hour =
        cp_tariff_get(&t->net, CP_TARIFF_HOUR_MINOR, t->net.first_day, 0, -1, -1, -1);
    const int64_t over =
        cp_tariff_get(&t->net, CP_TARIFF_OVERTIME_HOUR_MINOR, t->net.first_day, 0, -1, -1, -1);
    return t->net.n_cars * (2 * hour + over) / 60 + 1;
}

static void small_days_equal_brute_force(void **state)
{
    cp_ctx *ctx = *state;
    for (uint32_t k = 0; k < 160; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        /* Every rule alone first, then mixes of rules. Legs that do not exist, at random, are not
         * among the mixes: then stops may be possible in pairs only, and the search inserts one by
         * one. */
        uint32_t rules = k < 12 ? 1u << k : (k * 2654435761u >> 7) % TOY_RULES;
        if (k >= 12) rules &= ~(uint32_t)TOY_NO_WAY;
        toy *t = toy_new(ctx, k % 10 == 9 ? TOY_STOPS : 3 + (int32_t)(k % 3), TOY_CARS, rules, k);
        if (k % 5 == 0) t->tasks[0].must = true;
        if (k % 7 == 0) t->tasks[1].car = 1;
        if (k % 11 == 0) t->cars[0].paid_daily = true;
        int64_t weight = 0;
        cp_minor cost = 0;
        static toy_brute all;
        toy_brute_fill(ctx, t, &all);
        toy_brute_best(&all, &weight, &cost);
        const cp_route_result *r = toy_solve(ctx, t, 1500, 1);
        if (toy_left_out(t, r) != weight)
            fail_msg("day %u rules %u: left out %d, best %d", k, rules, (int)toy_left_out(t, r),
                     (int)weight);
        if (r->cost_minor < cost || r->cost_minor > cost + rounding(t))
            fail_msg("day %u rules %u: cost %lld, best %lld", k, rules, (long long)r->cost_minor,
                     (long long)cost);
        cp_arena_rewind(ctx->run, mark);
    }
}

static void a_wider_limit_never_costs_more(void **state)
{
    cp_ctx *ctx = *state;
    for (uint32_t k = 0; k < 40; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        toy *t = toy_new(ctx, TOY_STOPS, TOY_CARS, TOY_VALUE | TOY_SHORT_SHIFT | TOY_TRIPS, k);
        const cp_route_result *tight = toy_solve(ctx, t, 1500, 1);
        for (int32_t c = 0; c < TOY_CARS; c++) {
            if (k % 2 == 0)
                t->cars[c].insured_minor += 80;
            else
                t->cars[c].shift_end_min += 45;
        }
        const cp_route_result *wide = toy_solve(ctx, t, 1500, 1);
        assert_true(wide->n_unserved <= tight->n_unserved);
        if (wide->n_unserved == tight->n_unserved)
            assert_true(wide->cost_minor <= tight->cost_minor + rounding(t));
        cp_arena_rewind(ctx->run, mark);
    }
}

static void larger_days_are_allowed_and_repeat_to_the_byte(void **state)
{
    cp_ctx *ctx = *state;
    for (uint32_t k = 0; k < 24; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        const uint32_t rules = (k * 2654435761u >> 5) % TOY_RULES;
        const toy *t = toy_new(ctx, 40, 5, rules, k);
        const cp_route_result *a = toy_solve(ctx, t, 800, 9);
        const cp_route_result *b = toy_solve(ctx, t, 800, 9);
        assert_in_range(a->work_done, 800, 800 + 401);
        assert_false(a->stopped_by_time);
        assert_int_equal(a->n_routes, b->n_routes);
        assert_int_equal(a->n_stops, b->n_stops);
        assert_memory_equal(a->routes, b->routes, (size_t)a->n_routes * sizeof(*a->routes));
        assert_memory_equal(a->stops, b->stops, (size_t)a->n_stops * sizeof(*a->stops));
        assert_memory_equal(a->removal_minor, b->removal_minor, 40 * sizeof(cp_minor));
        cp_arena_rewind(ctx->run, mark);
    }
}

static void more_work_helps(void **state)
{
    cp_ctx *ctx = *state;
    cp_minor little = 0;
    cp_minor much = 0;
    for (uint32_t k = 0; k < 6; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        const toy *t = toy_new(ctx, 40, 5, TOY_VALUE | TOY_WINDOWS | TOY_TRIPS, k);
        little += toy_solve(ctx, t, 20, 1)->cost_minor;
        much += toy_solve(ctx, t, 4000, 1)->cost_minor;
        cp_arena_rewind(ctx->run, mark);
    }
    assert_true(much < little);
}

/* ---- against savings (Clarke, Wright 1964), judged by the same rules ---- */

typedef struct saving {
    cp_car_stop stops[64];
    int32_t n;
    cp_minor cost;
} saving;

/* Cost of a followed by b in one car; -1 = not allowed. */
static cp_minor joined(cp_ctx *ctx, const toy *t, const saving *a, const saving *b, saving *out)
{
    memcpy(out->stops, a->stops, sizeof(out->stops));
    memcpy(out->stops + a->n, b->stops, (size_t)b->n * sizeof(out->stops[0]));
    out->n = a->n + b->n;
    cp_plan_route r;
    cp_plan_stop timed[64];
    if (!toy_judge(t, 0, out->stops, out->n, &r, timed)) return -1;
    out->cost = toy_cost(ctx, t, &r);
    return out->cost;
}

/* Join the two tours whose joining saves most until none does. Cars are all alike and enough. */
static cp_minor savings_cost(cp_ctx *ctx, const toy *t)
{
    static saving tours[40];
    int32_t n = t->day.n_tasks;
    const saving none = {.n = 0};
    for (int32_t i = 0; i < n; i++) {
        const saving one = {.stops = {toy_stop(t, i, 0)}, .n = 1};
        assert_true(joined(ctx, t, &one, &none, &tours[i]) >= 0);
    }
    for (;;) {
        cp_minor most = 0;
        int32_t from = -1;
        int32_t to = -1;
        for (int32_t i = 0; i < n; i++)
            for (int32_t j = 0; j < n; j++) {
                saving both;
                if (i == j || joined(ctx, t, &tours[i], &tours[j], &both) < 0) continue;
                const cp_minor saved = tours[i].cost + tours[j].cost - both.cost;
                if (saved <= most) continue;
                most = saved;
                from = i;
                to = j;
            }
        if (from < 0) break;
        saving both;
        (void)joined(ctx, t, &tours[from], &tours[to], &both);
        tours[from] = both;
        tours[to] = tours[--n];
    }
    cp_minor sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += tours[i].cost;
    return sum;
}

static void days_with_windows_are_cheaper_than_savings(void **state)
{
    cp_ctx *ctx = *state;
    cp_minor ours = 0;
    cp_minor theirs = 0;
    for (uint32_t k = 0; k < 6; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        toy *t = toy_new(ctx, 30, 30, TOY_WINDOWS | TOY_VALUE, 100 + k);
        for (int32_t c = 0; c < 30; c++) {
            t->cars[c] = t->cars[0];
            t->cars[c].insured_minor = 500;
            t->cars[c].shift_start_min = 400;
            t->cars[c].shift_end_min = 1300;
        }
        const cp_minor base = savings_cost(ctx, t);
        const cp_route_result *r = toy_solve(ctx, t, 3000, 1);
        assert_int_equal(r->n_unserved, 0);
        assert_true(r->cost_minor <= base);
        ours += r->cost_minor;
        theirs += base;
        cp_arena_rewind(ctx->run, mark);
    }
    print_message("cost against savings: %.3f\n", (double)ours / (double)theirs);
    assert_true((double)ours <= 0.97 * (double)theirs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(small_days_equal_brute_force, check_start, check_finish),
        cmocka_unit_test_setup_teardown(a_wider_limit_never_costs_more, check_start, check_finish),
        cmocka_unit_test_setup_teardown(larger_days_are_allowed_and_repeat_to_the_byte, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(more_work_helps, check_start, check_finish),
        cmocka_unit_test_setup_teardown(days_with_windows_are_cheaper_than_savings, check_start,
                                        check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

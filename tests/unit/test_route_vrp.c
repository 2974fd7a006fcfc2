/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day of our own database through the one route model: every route judged by the toys' slow
 * judge, cost and tasks left out beside those of the day's own search. */
#include "solver/route/route_vrp.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/clock.h"
#include "tests/check.h"
#include "tests/unit/route_toy.h"

static const uint32_t rule_sets[] = {0,
                                     TOY_VALUE | TOY_VOLUME,
                                     TOY_WINDOWS,
                                     TOY_WINDOWS | TOY_SECOND_WINDOWS,
                                     TOY_VALUE | TOY_TRIPS,
                                     TOY_OPEN_ROUTES,
                                     TOY_OVERTIME | TOY_SHORT_SHIFT,
                                     TOY_VAULT_HOURS | TOY_TRIPS | TOY_VALUE,
                                     TOY_ASYMMETRIC | TOY_NO_WAY,
                                     TOY_FREE_TIME,
                                     TOY_RULES - 1 - TOY_OPEN_ROUTES,
                                     TOY_RULES - 1};

/* Weight of what stays out, as toy_left_out. */
static int64_t judge(const toy *t, const cp_route_vrp_answer *a)
{
    bool seen[256] = {false};
    int64_t out = 0;
    int32_t n = 0;
    for (int32_t r = 0; r < a->n_routes; r++) {
        const cp_plan_route *q = &a->routes[r];
        cp_car_stop stops[256];
        cp_plan_stop timed[256];
        cp_plan_route route = *q;
        for (int32_t k = 0; k < q->n_stops; k++) {
            const cp_plan_stop *s = &a->stops[q->first_stop + k];
            const int32_t task = toy_task_at(t, s->site);
            assert_false(seen[task]);
            seen[task] = true;
            n++;
            assert_true(t->day.tasks[task].car < 0 || t->day.tasks[task].car == q->car);
            stops[k] = toy_stop(t, task, s->trip);
        }
        for (int32_t k = 0; k < r; k++)
            assert_int_not_equal(a->routes[k].car, q->car);
        assert_true(toy_judge(t, q->car, stops, q->n_stops, &route, timed));
        assert_int_equal(route.drive_s, q->drive_s);
        assert_int_equal(route.depart_min, q->depart_min);
    }
    assert_int_equal(n + a->n_unserved, t->day.n_tasks);
    for (int32_t k = 0; k < a->n_unserved; k++) {
        assert_false(seen[a->unserved[k]]);
        out += t->day.tasks[a->unserved[k]].must ? t->day.n_tasks + 1 : 1;
    }
    return out;
}

static void days_go_there_and_back(void **state)
{
    cp_ctx *ctx = *state;
    for (int32_t k = 0; k < LEN(rule_sets); k++) {
        for (uint64_t seed = 1; seed <= 5; seed++) {
            const cp_arena_mark mark = cp_arena_here(ctx->run);
            const toy *t = toy_new(ctx, 14, 3, rule_sets[k], seed);
            cp_route_vrp_answer a;
            const cp_route_result *own = toy_solve(ctx, t, 400, seed);
            assert_ok(ctx, cp_route_vrp_solve(ctx, &t->net, &t->day, 400, seed, &a));
            const int64_t left = judge(t, &a), own_left = toy_left_out(t, own);
            if (left > own_left + 1 ||
                (left == own_left && a.cost_minor > own->cost_minor + own->cost_minor / 10))
                fail_msg(
                    "rules %u, seed %d: %lld left out for %lld, %lld for %lld by its own search",
                    rule_sets[k], (int)seed, (long long)left, (long long)a.cost_minor,
                    (long long)own_left, (long long)own->cost_minor);
            cp_arena_rewind(ctx->run, mark);
        }
    }
}

/* With CP_COMPARE set: both searches over larger days, a line each (for bench/README.md). */
static void compared_on_larger_days(void **state)
{
    cp_ctx *ctx = *state;
    if (getenv("CP_COMPARE") == NULL) skip();
    for (int32_t k = 0; k < LEN(rule_sets); k++) {
        double s[2] = {0, 0};
        int64_t cost[2] = {0, 0}, left[2] = {0, 0};
        for (uint64_t seed = 1; seed <= 4; seed++) {
            const toy *t = toy_new(ctx, 45, 5, rule_sets[k], 100 + seed);
            cp_route_vrp_answer a;
            const double from = cp_cpu_s();
            const cp_route_result *own = toy_solve(ctx, t, 8000, seed);
            s[0] += cp_cpu_s() - from;
            assert_ok(ctx, cp_route_vrp_solve(ctx, &t->net, &t->day, 2000, seed, &a));
            s[1] += cp_cpu_s() - from;
            cost[0] += own->cost_minor;
            cost[1] += a.cost_minor;
            left[0] += toy_left_out(t, own);
            left[1] += judge(t, &a);
        }
        print_message("rules %4u: own %lld out, %lld, %.1f s; model %lld out, %lld, %.1f s\n",
                      rule_sets[k], (long long)left[0], (long long)cost[0], s[0],
                      (long long)left[1], (long long)cost[1], s[1] - s[0]);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, check_start, check_finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(days_go_there_and_back),
        TEST(compared_on_larger_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

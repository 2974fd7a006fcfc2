/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day of our own database through the one route model and back: every route judged by the toys'
 * slow judge, cost and tasks left out beside those of the day's own search. */
#include "solver/route/route_vrp.h"

#include <math.h>
#include <stdlib.h>

#include "models/base/clock.h"
#include "solver/route/route_insert.h"
#include "solver/route/vrp_dense.h"
#include "solver/route/vrp_solve.h"
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

/* The tours of a day, judged by the toys' judge; weight of what stays out, as toy_left_out. */
static int64_t judge(cp_ctx *ctx, const toy *t, const cp_tours *s, double *cost)
{
    bool seen[256] = {false};
    int32_t n = 0;
    *cost = 0.0;
    for (int32_t car = 0; car < s->p->n_cars; car++) {
        const cp_tour *v = &s->tours[car];
        const int32_t own = s->p->cars[car].car;
        cp_car_stop stops[256];
        cp_plan_stop timed[256];
        cp_plan_route route = {.car = own};
        int32_t m = 0;
        for (int32_t k = 1; k < v->n - 1; k++) {
            if (v->at[k].node >= s->p->n_tasks) continue;
            const int32_t task = s->p->tasks[v->at[k].node].index;
            assert_false(seen[task]);
            seen[task] = true;
            n++;
            assert_true(t->day.tasks[task].car < 0 || t->day.tasks[task].car == own);
            stops[m++] = toy_stop(t, task, v->at[k].trip);
        }
        if (m == 0) continue;
        assert_true(toy_judge(t, own, stops, m, &route, timed));
        *cost += (double)toy_cost(ctx, t, &route);
    }
    for (int32_t k = 0; k < s->n_out; k++) {
        const int32_t task = s->p->tasks[s->out[k]].index;
        assert_false(seen[task]);
        seen[task] = true;
        n++;
    }
    assert_int_equal(n, s->p->n_tasks);
    return cp_tours_weight_out(s) + t->day.n_tasks - s->p->n_tasks;
}

/* The day as tours of nobody. */
static cp_tours *empty_tours(cp_ctx *ctx, const toy *t)
{
    const char **cause = NULL;
    cp_tasks_day *p = NULL;
    cp_tours *s = NULL;
    cause = cp_alloc(ctx, ctx->scratch, (size_t)t->day.n_tasks + 1, sizeof *cause);
    assert_non_null(cause);
    assert_ok(ctx, cp_tasks_day_build(ctx, &t->net, &t->day, cause, &p));
    assert_ok(ctx, cp_tours_new(ctx, p, &s));
    return s;
}

static void improve(cp_ctx *ctx, const toy *t, int64_t work, uint64_t seed, bool framed,
                    cp_tours *s)
{
    const cp_route_vrp_opts o = {work, seed, framed};
    cp_route_vrp_end end;
    const int64_t out = cp_tours_weight_out(s);
    const double cost = s->cost;
    assert_ok(ctx, cp_route_vrp_improve(ctx, &t->day, &o, s, &end));
    assert_false(end.stopped);
    if (end.better)
        assert_true(cp_tours_weight_out(s) < out || s->cost < cost);
    else
        assert_true(cp_tours_weight_out(s) == out && s->cost >= cost && s->cost <= cost);
}

static void days_go_there_and_back(void **state)
{
    cp_ctx *ctx = *state;
    for (int32_t k = 0; k < LEN(rule_sets); k++) {
        for (uint64_t seed = 1; seed <= 5; seed++) {
            const cp_arena_mark mark = cp_arena_here(ctx->run),
                                scratch = cp_arena_here(ctx->scratch);
            const toy *t = toy_new(ctx, 14, 3, rule_sets[k], seed);
            const cp_route_result *own = toy_solve(ctx, t, 400, seed);
            cp_tours *s = empty_tours(ctx, t);
            double cost = 0.0;
            improve(ctx, t, 400, seed, false, s);
            const int64_t left = judge(ctx, t, s, &cost), own_left = toy_left_out(t, own);
            if (left > own_left + 1 ||
                (left == own_left && cost > (double)own->cost_minor + (double)own->cost_minor / 10))
                fail_msg(
                    "rules %u, seed %d: %lld left out for %.0f, %lld for %lld by its own search",
                    rule_sets[k], (int)seed, (long long)left, cost, (long long)own_left,
                    (long long)own->cost_minor);
            cp_arena_rewind(ctx->scratch, scratch);
            cp_arena_rewind(ctx->run, mark);
        }
    }
}

/* A search of one iteration ends no worse than the routes that it was given. */
static void goes_on_from(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_solution *routes, double cost)
{
    cp_vrp_opts o = cp_vrp_opts_defaults();
    cp_vrp_result found;
    o.work = 1;
    o.start = routes;
    o.no_pool = true;
    assert_ok(ctx, cp_vrp_solve(ctx, p, &o, &found));
    assert_true(found.cost_minor <= cost + 4.0 * routes->n_routes);
}

/* Tours keep the rules of their own framed problem at their own cost; a search from them, framed
 * or with every choice open, never makes them worse. */
static void tours_are_routes_of_their_frame(void **state)
{
    cp_ctx *ctx = *state;
    int32_t n_quick = 0;
    for (int32_t k = 0; k < LEN(rule_sets); k++) {
        for (uint64_t seed = 1; seed <= 4; seed++) {
            const cp_arena_mark mark = cp_arena_here(ctx->run),
                                scratch = cp_arena_here(ctx->scratch);
            const toy *t = toy_new(ctx, 20, 3, rule_sets[k], 50 + seed);
            cp_tours *s = empty_tours(ctx, t);
            double cost = 0.0;
            assert_ok(ctx, cp_tours_construct(ctx, s));
            for (int32_t open = 0; open < 2; open++) {
                cp_route_vrp r;
                cp_vrp_solution routes;
                cp_vrp_report report;
                assert_ok(ctx, cp_route_vrp_frame(ctx, &t->day, s->p, open ? NULL : s, &r));
                assert_ok(ctx, cp_route_vrp_routes(ctx, &r, s, &routes));
                assert_ok(ctx, cp_vrp_check(ctx, &r.p, &routes, &report));
                assert_true(report.feasible);
                assert_int_equal(report.n_left_out, s->n_out);
                assert_true(fabs((double)(report.cost.total - report.cost.left_out) - s->cost) <
                            1.0 + 4.0 * routes.n_routes + s->cost * 1e-3);
                if (open == 0 && cp_dense_beyond(&r.p) == NULL) {
                    goes_on_from(ctx, &r.p, &routes, (double)report.cost.total);
                    n_quick++;
                }
            }
            improve(ctx, t, 300, seed, true, s);
            (void)judge(ctx, t, s, &cost);
            improve(ctx, t, 300, seed, false, s);
            (void)judge(ctx, t, s, &cost);
            cp_arena_rewind(ctx->scratch, scratch);
            cp_arena_rewind(ctx->run, mark);
        }
    }
    assert_true(n_quick > LEN(rule_sets)); /* most frames are for the quick search */
}

/* A tour taken back has all of what it had, also what insertions are priced by. */
static void copies_of_tours_are_whole(void **state)
{
    cp_ctx *ctx = *state;
    const toy *t = toy_new(ctx, 14, 2, TOY_WINDOWS | TOY_OVERTIME, 3);
    cp_tours *s = empty_tours(ctx, t), *kept = empty_tours(ctx, t);
    assert_ok(ctx, cp_tours_construct(ctx, s));
    for (int32_t car = 0; car < s->p->n_cars; car++) {
        const cp_tour *v = &s->tours[car];
        cp_tour *copy = &kept->tours[car];
        copy->wait_s = -1;
        copy->time_cost = -1.0;
        cp_tour_copy(copy, v);
        assert_int_equal(copy->wait_s, v->wait_s);
        assert_true(copy->time_cost >= v->time_cost && copy->time_cost <= v->time_cost);
        assert_true(copy->at != v->at);
        assert_memory_equal(copy->at, v->at, (size_t)v->n * sizeof *v->at);
    }
}

/* With CP_COMPARE set: the day's search and the model's alone over larger days, a line each (for
 * bench/README.md). */
static void compared_on_larger_days(void **state)
{
    cp_ctx *ctx = *state;
    if (getenv("CP_COMPARE") == NULL) skip();
    for (int32_t k = 0; k < LEN(rule_sets); k++) {
        double s[2] = {0, 0}, cost[2] = {0, 0};
        int64_t left[2] = {0, 0};
        for (uint64_t seed = 1; seed <= 4; seed++) {
            const cp_arena_mark scratch = cp_arena_here(ctx->scratch);
            const toy *t = toy_new(ctx, 45, 5, rule_sets[k], 100 + seed);
            const double from = cp_cpu_s();
            const cp_route_result *own = toy_solve(ctx, t, 8000, seed);
            s[0] += cp_cpu_s() - from;
            cp_tours *tours = empty_tours(ctx, t);
            double sum = 0.0;
            improve(ctx, t, 8000, seed, false, tours);
            s[1] += cp_cpu_s() - from;
            left[1] += judge(ctx, t, tours, &sum);
            cost[0] += (double)own->cost_minor;
            cost[1] += sum;
            left[0] += toy_left_out(t, own);
            cp_arena_rewind(ctx->scratch, scratch);
        }
        print_message("rules %4u: day %lld out, %.0f, %.1f s; model %lld out, %.0f, %.1f s\n",
                      rule_sets[k], (long long)left[0], cost[0], s[0], (long long)left[1], cost[1],
                      s[1] - s[0]);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, check_start, check_finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(days_go_there_and_back),
        TEST(tours_are_routes_of_their_frame),
        TEST(copies_of_tours_are_whole),
        TEST(compared_on_larger_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

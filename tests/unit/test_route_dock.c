/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No more cars load at a moment than the vault has docks, and nothing changes where docks are many.
 */
#include "solver/route/route_dock.h"

#include <string.h>

#include "tests/check.h"
#include "tests/unit/route_toy.h"

#define N_SITES 9
#define N_CARS 4
#define LOADS_MOST (N_SITES + N_CARS)

typedef struct load {
    int64_t begin_s, end_s;
} load;

static cp_route_result *solve(cp_ctx *ctx, toy *t, int32_t slots)
{
    cp_route_opts opts = cp_route_defaults();
    cp_route_result *r = NULL;
    t->vault->dock_slots = slots;
    opts.work = 300;
    assert_ok(ctx, cp_route_solve(ctx, &t->net, &t->day, &opts, &r));
    return r;
}

/* The route is what its departure gives, and every stop is allowed; adds its loadings. */
static int32_t judge_route(const toy *t, const cp_route_result *r, int32_t i, load *loads,
                           int32_t n)
{
    const cp_plan_route *route = &r->routes[i];
    cp_car_stop stops[N_SITES];
    cp_plan_route again;
    cp_plan_stop timed[N_SITES];
    int64_t begin_s[N_SITES];
    for (int32_t k = 0; k < route->n_stops; k++) {
        const cp_plan_stop *s = &r->stops[route->first_stop + k];
        stops[k] = toy_stop(t, toy_task_at(t, s->site), s->trip);
    }
    memset(timed, 0, sizeof timed);
    const cp_car_verdict v = cp_car_route_leave(&t->net, route->car, stops, route->n_stops,
                                                route->depart_min, &again, timed, begin_s);
    assert_int_equal(v.fault, CP_CAR_OK);
    assert_int_equal(again.return_min, route->return_min);
    assert_int_equal(again.wait_min, route->wait_min);
    for (int32_t k = 0; k < route->n_stops; k++)
        assert_int_equal(timed[k].start_min, r->stops[route->first_stop + k].start_min);
    if (t->cars[route->car].open_route) return n;
    const int64_t load_s = 60 * (int64_t)t->cars[route->car].reload_min;
    assert_int_equal(begin_s[0], 60 * (int64_t)route->depart_min - load_s);
    for (int32_t k = 0; k < route->n_trips; k++)
        loads[n++] = (load){begin_s[k], begin_s[k] + load_s};
    return n;
}

static int32_t most_at_once(const load *loads, int32_t n)
{
    int32_t most = 0;
    for (int64_t moment = -86400; moment < 3 * 86400; moment += 20) {
        int32_t at = 0;
        for (int32_t i = 0; i < n; i++)
            at += loads[i].begin_s <= moment && moment < loads[i].end_s;
        if (at > most) most = at;
    }
    return most;
}

static void every_stop_has_one_fate(const toy *t, const cp_route_result *r)
{
    int32_t seen[N_SITES] = {0};
    for (int32_t k = 0; k < r->n_stops; k++)
        seen[toy_task_at(t, r->stops[k].site)]++;
    for (int32_t k = 0; k < r->n_unserved; k++) {
        seen[r->unserved[k]]++;
        assert_non_null(r->reason[k]);
        if (k > 0) assert_true(r->unserved[k - 1] < r->unserved[k]);
    }
    for (int32_t i = 0; i < t->day.n_tasks; i++)
        assert_int_equal(seen[i], 1);
}

static cp_minor cost_of(cp_ctx *ctx, const toy *t, const cp_route_result *r)
{
    cp_minor sum = 0;
    for (int32_t i = 0; i < r->n_routes; i++)
        sum += toy_cost(ctx, t, &r->routes[i]);
    return sum;
}

static void docks_are_enough(void **state)
{
    (void)state;
    static const uint32_t rules[] = {0,
                                     TOY_WINDOWS,
                                     TOY_TRIPS | TOY_VALUE,
                                     TOY_TRIPS | TOY_VALUE | TOY_WINDOWS | TOY_OVERTIME,
                                     TOY_VAULT_HOURS | TOY_TRIPS | TOY_VOLUME,
                                     TOY_OPEN_ROUTES,
                                     TOY_SHORT_SHIFT | TOY_VALUE | TOY_TRIPS};
    int32_t n_moved = 0, n_dropped = 0, n_full = 0;
    for (uint64_t seed = 1; seed <= 30; seed++)
        for (int32_t k = 0; k < LEN(rules); k++) {
            cp_ctx ctx;
            load loads[LOADS_MOST];
            assert_int_equal(cp_ctx_init(&ctx), CP_OK);
            toy *t = toy_new(&ctx, N_SITES, N_CARS, rules[k], seed);
            for (int32_t c = 0; c < N_CARS; c++)
                t->cars[c].reload_min = 25 + 5 * c;
            const int32_t slots = 1 + (int32_t)(seed % 2);
            const cp_route_result *plain = solve(&ctx, t, 0), *many = solve(&ctx, t, N_CARS);
            const cp_route_result *few = solve(&ctx, t, slots);
            assert_int_equal(plain->n_routes, many->n_routes);
            assert_int_equal(plain->cost_minor, many->cost_minor);
            for (int32_t i = 0; i < plain->n_routes; i++)
                assert_int_equal(plain->routes[i].depart_min, many->routes[i].depart_min);
            int32_t n = 0;
            for (int32_t i = 0; i < few->n_routes; i++)
                n = judge_route(t, few, i, loads, n);
            assert_true(most_at_once(loads, n) <= slots);
            every_stop_has_one_fate(t, few);
            assert_int_equal(few->cost_minor, cost_of(&ctx, t, few));
            for (int32_t i = 0; i < few->n_routes && few->n_routes == plain->n_routes; i++)
                n_moved += few->routes[i].depart_min != plain->routes[i].depart_min;
            n_dropped += few->n_unserved > plain->n_unserved;
            n_full += most_at_once(loads, n) == slots;
            cp_ctx_done(&ctx);
        }
    assert_true(n_moved > 10 && n_dropped > 3 && n_full > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(docks_are_enough)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

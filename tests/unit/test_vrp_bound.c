/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The routes' lower bound: never above the best of all solutions, equal to it where it says so;
 * prices of routes against the referee; the same work gives the same bound. */
#include <string.h>

#include "solver/route/vrp_bound.h"
#include "solver/route/vrp_master.h"
#include "tests/check.h"
#include "tests/unit/vrp_toy.h"

static void test_bound_against_all_solutions(void **state)
{
    cp_ctx *ctx = *state;
    const cp_vrp_bound_opts opts = cp_vrp_bound_defaults();
    int32_t n_proven = 0, n_best = 0;
    for (int32_t k = 0; k < VRP_TOY_N_SETS; k++) {
        for (uint64_t seed = 1; seed <= 8; seed++) {
            const cp_arena_mark mark = cp_arena_here(ctx->run);
            const cp_vrp *p = vrp_toy(ctx, 5, vrp_toy_sets[k], 300 + seed);
            const int64_t best = vrp_toy_best(ctx, p);
            cp_vrp_bound_result r;
            assert_ok(ctx, cp_vrp_bound(ctx, p, NULL, &opts, &r));
            if (r.bound_minor > best || (r.proven && r.cost_minor != best) || r.cost_minor < best)
                fail_msg("rules %u seed %d: bound %lld, cost %lld, best %lld",
                         (unsigned)vrp_toy_sets[k], (int)seed, (long long)r.bound_minor,
                         (long long)r.cost_minor, (long long)best);
            n_best += best < INT64_MAX;
            n_proven += r.proven && best < INT64_MAX;
            cp_arena_rewind(ctx->run, mark);
        }
    }
    /* Small days are mostly proven: a bound of nothing would pass what is asked above. */
    assert_true(n_proven * 100 >= n_best * 95);
}

/* Larger days, with as many stops as all solutions can be tried for. */
static void test_bound_of_larger_days(void **state)
{
    cp_ctx *ctx = *state;
    static const struct {
        int32_t n_nodes;
        uint32_t rules;
        uint64_t seed;
    } days[] = {{6, 0, 1},
                {6, VRP_TOY_WINDOWS | VRP_TOY_SHIFT, 2},
                {6, VRP_TOY_KINDS | VRP_TOY_LOADS, 3},
                {6, VRP_TOY_DEPOTS | VRP_TOY_ONE_WAY, 4},
                {6, VRP_TOY_EXPOSURE | VRP_TOY_TIMES, 5},
                {6, VRP_TOY_ALL, 6},
                {7, 0, 7},
                {7, VRP_TOY_WINDOWS | VRP_TOY_SHIFT, 8},
                {7, VRP_TOY_WINDOWS | VRP_TOY_KINDS, 9}};
    const cp_vrp_bound_opts opts = cp_vrp_bound_defaults();
    int32_t n_proven = 0, n_best = 0;
    for (int32_t k = 0; k < LEN(days); k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        const cp_vrp *p = vrp_toy(ctx, days[k].n_nodes, days[k].rules, days[k].seed);
        const int64_t best = vrp_toy_best(ctx, p);
        cp_vrp_bound_result r;
        assert_ok(ctx, cp_vrp_bound(ctx, p, NULL, &opts, &r));
        if (r.bound_minor > best || (r.proven && r.cost_minor != best) || r.cost_minor < best)
            fail_msg("day %d: bound %lld, cost %lld, best %lld", (int)k, (long long)r.bound_minor,
                     (long long)r.cost_minor, (long long)best);
        n_best += best < INT64_MAX;
        n_proven += r.proven && best < INT64_MAX;
        cp_arena_rewind(ctx->run, mark);
    }
    assert_true(n_proven >= n_best - 1);
}

/* Priced hours, several trips, breaks, bans, bands: each made harder than the relaxation knows. */
static void add_rules(cp_vrp *p, cp_rng *rng, cp_vrp_vehicle *v)
{
    static const int32_t depot = 0;
    static const cp_vrp_band bands[] = {{0, 5}, {8, 20}, {15, 11}};
    static const cp_vrp_window noon = {100, 120}, any = {50, 90};
    static const cp_vrp_break pause = {&any, 1, 15, 0, NULL};
    *v = p->vehicles[0];
    v->idle_price = 1 + (int64_t)cp_rng_below(rng, 3);
    v->drive_price = cp_rng_below(rng, 4);
    v->over_price = 7;
    v->paid_s = 150;
    v->shift_end_s = 260;
    v->overtime_max_s = 60;
    v->reload_depots = &depot;
    v->n_reload_depots = 1;
    v->max_trips = 2;
    v->trip_bands = bands;
    v->n_trip_bands = 3;
    v->exposure_price = 2;
    if (cp_rng_below(rng, 2) == 0) v->bans = &noon, v->n_bans = 1;
    if (cp_rng_below(rng, 2) == 0) v->breaks = &pause, v->n_breaks = 1;
    p->value_dim = 0;
    p->time_den = 3;
    p->dist_den = 7;
    p->exposure_den = 1000;
}

/* No route that the referee allows costs less than its ticks. */
static void test_routes_never_cost_more(void **state)
{
    cp_ctx *ctx = *state;
    int32_t n_allowed = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        cp_rng rng = cp_rng_new(seed, 11);
        cp_vrp *p = vrp_toy(ctx, 5, vrp_toy_sets[seed % VRP_TOY_N_SETS], seed);
        cp_vrp_vehicle v;
        add_rules(p, &rng, &v);
        p->vehicles = &v;
        p->n_vehicles = 1;
        cp_relax *r = NULL;
        assert_ok(ctx, cp_relax_build(ctx, p, &r));
        assert_non_null(r);
        const int32_t n = 2 + (int32_t)cp_rng_below(&rng, 2);
        const int32_t cut = (int32_t)cp_rng_below(&rng, (uint32_t)n); /* 0 = one trip */
        const int32_t rest = v.n_breaks > 0 ? (int32_t)cp_rng_below(&rng, (uint32_t)n) : -1;
        int32_t nodes[4], ways[4], items[8], at = 0;
        for (int32_t i = 0; i < n; i++) {
            nodes[i] = (int32_t)((seed + (uint64_t)(2 * i)) % 5);
            ways[i] = i > 0 && i == cut ? 0 : -1;
            if (ways[i] == 0) items[at++] = cp_vrp_reload(0);
            items[at++] = nodes[i];
            if (i == rest) items[at++] = cp_vrp_break_item(0);
        }
        cp_vrp_route route = {0, 0, at};
        const cp_vrp_solution s = {&route, 1, items, at};
        cp_vrp_report report;
        assert_ok(ctx, cp_vrp_check(ctx, p, &s, &report));
        bool allowed = true;
        for (int32_t b = 0; b < report.n_breaches; b++)
            if (report.breaches[b].rule != CP_VRP_LEFT_OUT) allowed = false;
        const int64_t ticks = cp_relax_route(&r->kinds[0], nodes, ways, n);
        n_allowed += allowed;
        if (allowed && ticks > report.routes[0].cost.total * r->ticks)
            fail_msg("seed %d: %lld ticks for %lld", (int)seed, (long long)ticks,
                     (long long)report.routes[0].cost.total);
        cp_arena_rewind(ctx->run, mark);
    }
    assert_true(n_allowed > 40);
}

/* Under any duals exact pricing finds the cheapest of the paths that it allows: with all nodes
 * remembered, of all orders. */
typedef struct orders {
    const cp_relax_kind *k;
    const int64_t *dual;
    int32_t nodes[5];
    bool used[5];
    int64_t least;
    const cp_cut *cut; /* one, with its memory; NULL = none */
    int64_t penalty;
    const int64_t *enter; /* as in cp_label_query; NULL = none */
} orders;

/* What a route pays for the cut: at every second visit of its nodes since they were forgotten, by
 * the book. Less what entering sets gains. */
static int64_t extras(const orders *o, int32_t n)
{
    int64_t sum = 0;
    int32_t times = 0;
    for (int32_t i = 0; i < n; i++) {
        const int32_t x = o->nodes[i];
        if (o->enter != NULL) sum -= o->enter[(i == 0 ? 5 : o->nodes[i - 1]) * 5 + x];
        if (o->cut == NULL) continue;
        if (!cp_in_set(o->cut->memory, x)) times = 0;
        for (int32_t k = 0; k < 3; k++)
            times += o->cut->node[k] == x;
        if (times == 2) {
            sum += o->penalty;
            times = 0;
        }
    }
    return sum;
}

static void try_orders(orders *o, int32_t n, int64_t duals)
{
    if (n > 0) {
        const int64_t ticks = cp_relax_route(o->k, o->nodes, NULL, n);
        const int64_t cost = ticks == INT64_MAX ? 0 : ticks - duals + extras(o, n);
        if (cost < o->least) o->least = cost;
    }
    for (int32_t i = 0; i < 5; i++) {
        if (o->used[i]) continue;
        o->used[i] = true;
        o->nodes[n] = i;
        try_orders(o, n + 1, duals + o->dual[i]);
        o->used[i] = false;
    }
}

static void test_pricing_against_all_orders(void **state)
{
    cp_ctx *ctx = *state;
    for (uint64_t seed = 1; seed <= 160; seed++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        const cp_vrp *p = vrp_toy(ctx, 5, vrp_toy_sets[seed % VRP_TOY_N_SETS], 900 + seed);
        cp_rng rng = cp_rng_new(seed, 5);
        cp_relax *r = NULL;
        cp_label_pool *pool = NULL;
        cp_node_set ng[5];
        static cp_label_cuts cuts;
        cp_cut cut = {{0, 2, 4}, {0}};
        int64_t dual[5], enter[7 * 5] = {0};
        assert_ok(ctx, cp_relax_build(ctx, p, &r));
        assert_ok(ctx, cp_label_pool_new(ctx, r, &pool));
        memset(ng, 255, sizeof(ng));
        for (int32_t i = 0; i < 5; i++)
            dual[i] = r->ticks * ((int64_t)cp_rng_below(&rng, 400) - 50);
        const bool sets = seed % 3 == 1, cutting = seed % 2 == 0;
        for (int32_t i = 0; sets && i < 7 * 5; i++)
            enter[i] = r->ticks * (int64_t)cp_rng_below(&rng, 60);
        memset(&cuts, 0, sizeof(cuts));
        cuts.n = cutting;
        cuts.penalty[0] = r->ticks * (int64_t)cp_rng_below(&rng, 200);
        for (int32_t i = 0; cutting && i < 5; i++) {
            if (i % 2 == 0 || cp_rng_below(&rng, 2) == 0) cp_set_add(cut.memory, i);
            cuts.of[i][0] = i % 2 == 0;
            cuts.memory[i][0] = cp_in_set(cut.memory, i);
        }
        for (int32_t v = 0; v < p->n_vehicles; v++) {
            const cp_label_query q = {.kind = &r->kinds[v],
                                      .dual = dual,
                                      .ng = (const cp_node_set *)ng,
                                      .cuts = &cuts,
                                      .enter = sets ? enter : NULL,
                                      .mode = CP_LABEL_EXACT,
                                      .work_max = INT64_MAX,
                                      .labels_max = 100000};
            cp_label_answer a;
            orders o = {.k = &r->kinds[v],
                        .dual = dual,
                        .cut = cutting ? &cut : NULL,
                        .penalty = cuts.penalty[0],
                        .enter = sets ? enter : NULL};
            try_orders(&o, 0, 0);
            assert_ok(ctx, cp_label_price(ctx, pool, &q, &a));
            assert_true(a.proven);
            assert_int_equal(a.least, o.least);
            assert_ok(ctx, cp_label_loosely(ctx, pool, &q, &a));
            if (a.proven) assert_true(a.least <= o.least || o.least == 0);
        }
        cp_arena_rewind(ctx->run, mark);
    }
}

/* However little work is allowed, what is returned is a bound; the same work, the same answer. */
static void test_stops_with_a_bound(void **state)
{
    cp_ctx *ctx = *state;
    const cp_vrp *p = vrp_toy(ctx, 20, VRP_TOY_WINDOWS | VRP_TOY_KINDS, 4);
    cp_vrp_bound_opts opts = cp_vrp_bound_defaults();
    cp_vrp_bound_result full, part, again;
    assert_ok(ctx, cp_vrp_bound(ctx, p, NULL, &opts, &full));
    assert_int_equal(full.status, CP_VRP_BOUND_SOLVED);
    for (int64_t work = 1000; work < full.work; work *= 2) {
        opts.work = work;
        assert_ok(ctx, cp_vrp_bound(ctx, p, NULL, &opts, &part));
        assert_ok(ctx, cp_vrp_bound(ctx, p, NULL, &opts, &again));
        assert_true(part.bound_minor <= full.bound_minor);
        assert_int_equal(part.bound_minor, again.bound_minor);
        assert_int_equal(part.work, again.work);
    }
    opts = cp_vrp_bound_defaults();
    opts.nodes_max = 19;
    assert_ok(ctx, cp_vrp_bound(ctx, p, NULL, &opts, &part));
    assert_int_equal(part.status, CP_VRP_BOUND_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bound_against_all_solutions, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(test_bound_of_larger_days, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_routes_never_cost_more, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_pricing_against_all_orders, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_stops_with_a_bound, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

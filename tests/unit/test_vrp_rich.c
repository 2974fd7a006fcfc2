/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for problems with all rules: a driven route against the referee, what putting
 * something in would cost against the route driven with it, answers against trying everything. */
#include <math.h>
#include <string.h>

#include "solver/route/vrp_dense.h"
#include "solver/route/vrp_rich.h"
#include "solver/route/vrp_rich_route.h"
#include "tests/check.h"
#include "tests/unit/vrp_toy.h"

enum {
    MORE_BREAKS = 1,
    MORE_TRIPS = 2,
    MORE_BANS = 4,
    MORE_WINDOWS = 8,
    MORE_BANDS = 16,
    MORE_PRICES = 32, /* of waiting, overtime, exposure */
    MORE_LIMITS = 64, /* of metres and driving */
    MORE_PAIRS = 128,
    MORE_LOADS = 256, /* allowed during a break: few */
    MORE_LATER = 512, /* a break that only long days need */
    MORE_ALL = 1023
};

static const uint32_t more_sets[] = {MORE_BREAKS,
                                     MORE_TRIPS,
                                     MORE_BANS,
                                     MORE_WINDOWS,
                                     MORE_BANDS,
                                     MORE_PRICES,
                                     MORE_LIMITS,
                                     MORE_PAIRS,
                                     MORE_BREAKS | MORE_LOADS,
                                     MORE_BREAKS | MORE_LATER,
                                     MORE_PAIRS | MORE_TRIPS | MORE_BREAKS | MORE_PRICES,
                                     MORE_ALL};

/* One list of windows for all: they need only be apart. */
static const cp_vrp_window breaks_open[] = {{150, 260}, {700, 900}};
static const cp_vrp_window banned[] = {{100, 140}, {400, 430}};
static const cp_vrp_window twice_open[] = {{0, 180}, {320, 2000}};
static const int64_t few[CP_VRP_DIMS_MAX] = {6, 5};
/* One that every route holds, or only long ones; with few on board, or any load. */
static const cp_vrp_break breaks[] = {{breaks_open, 2, 25, 0, NULL}, {NULL, 0, 10, 300, NULL}};
static const cp_vrp_break light_breaks[] = {{breaks_open, 2, 25, 0, few}, {NULL, 0, 10, 300, few}};
static const cp_vrp_band bands[] = {{0, 0}, {6, 40}, {12, 90}};

static void add_vehicle_rules(cp_vrp_vehicle *v, const int32_t *depots, uint32_t more)
{
    if (more & MORE_BREAKS) {
        v->breaks = more & MORE_LOADS ? light_breaks : breaks;
        v->n_breaks = more & MORE_LATER ? 2 : 1;
    }
    if ((more & MORE_TRIPS) && v->start_depot >= 0) {
        v->reload_depots = depots;
        v->n_reload_depots = 1;
        v->max_trips = 3;
        v->reload_s = 7;
    }
    if (more & MORE_BANS) {
        v->bans = banned;
        v->n_bans = 2;
    }
    if (more & MORE_BANDS) {
        v->trip_bands = v->stop_bands = bands;
        v->n_trip_bands = v->n_stop_bands = 3;
    }
    if (more & MORE_PRICES) {
        v->idle_price = 3;
        v->over_price = 9;
        v->exposure_price = 2;
        v->paid_s = 200;
    }
    if (more & MORE_LIMITS) {
        v->dist_max_m = 500;
        v->drive_max_s = 450;
    }
}

/* Nodes 0 and 1 are a pair, 2 and 3 are none, 4 and 5 are one, and so on. */
static void add_pairs(cp_ctx *ctx, cp_vrp *p, cp_vrp_node *q)
{
    cp_vrp_pair *pairs = cp_alloc(ctx, ctx->run, (size_t)p->n_nodes, sizeof(*pairs));
    for (int32_t i = 0; i + 1 < p->n_nodes; i += 4) {
        const int64_t *load = q[i].deliver;
        q[i].deliver = q[i + 1].pickup = NULL;
        q[i].pickup = q[i + 1].deliver = load;
        pairs[p->n_pairs++] = (cp_vrp_pair){i, i + 1};
    }
    p->pairs = pairs;
}

static cp_vrp *rich_toy(cp_ctx *ctx, int32_t n, uint32_t rules, uint32_t more, uint64_t seed)
{
    static const int32_t first_depot[] = {0};
    cp_vrp *p = vrp_toy(ctx, n, rules, seed);
    cp_vrp_vehicle *v = cp_alloc(ctx, ctx->run, (size_t)p->n_vehicles, sizeof(*v));
    cp_vrp_node *q = cp_alloc(ctx, ctx->run, (size_t)n, sizeof(*q));
    memcpy(v, p->vehicles, (size_t)p->n_vehicles * sizeof(*v));
    memcpy(q, p->nodes, (size_t)n * sizeof(*q));
    for (int32_t k = 0; k < p->n_vehicles; k++)
        add_vehicle_rules(&v[k], first_depot, more);
    for (int32_t i = 0; i < n && (more & MORE_WINDOWS) != 0; i += 2) {
        q[i].windows = twice_open;
        q[i].n_windows = 2;
    }
    if ((more & (MORE_BANDS | MORE_PRICES)) != 0 && p->n_dims > 0) p->value_dim = 0;
    if (more & MORE_PAIRS) add_pairs(ctx, p, q);
    p->vehicles = v;
    p->nodes = q;
    assert_ok(ctx, cp_vrp_validate(ctx, p));
    return p;
}

/* Nodes in random order, with reloads between some. */
static int32_t random_items(const cp_vrp *p, cp_rng *rng, int32_t vehicle, int32_t *items)
{
    const cp_vrp_vehicle *v = &p->vehicles[vehicle];
    int32_t n = 0;
    for (int32_t i = 0; i < p->n_nodes && n < 10; i++) {
        const int32_t x = (int32_t)cp_rng_below(rng, (uint32_t)p->n_nodes);
        bool twice = !cp_vrp_may_serve(p, vehicle, x);
        for (int32_t k = 0; k < n; k++)
            twice = twice || items[k] == x;
        if (twice || cp_rng_below(rng, 2) == 0) continue;
        if (n > 0 && cp_vrp_is_node(items[n - 1]) && v->max_trips > 1 && cp_rng_below(rng, 3) == 0)
            items[n++] = cp_vrp_reload(v->reload_depots[0]);
        items[n++] = x;
    }
    return n;
}

/* What the referee has against the items, LEFT_OUT apart. */
static int32_t breaches_of(cp_ctx *ctx, const cp_vrp *p, int32_t vehicle, int32_t *items, int32_t n,
                           cp_vrp_report *r)
{
    cp_vrp_route route = {vehicle, 0, n};
    const cp_vrp_solution s = {&route, 1, items, n};
    int32_t breaches = 0;
    assert_ok(ctx, cp_vrp_check(ctx, p, &s, r));
    for (int32_t k = 0; k < r->n_breaches; k++)
        breaches += r->breaches[k].rule != CP_VRP_LEFT_OUT;
    return breaches;
}

/* Pairs are whole and in order, as the search keeps them. */
static bool pairs_whole(const cp_vrp *p, const int32_t *items, int32_t n)
{
    for (int32_t k = 0; k < p->n_pairs; k++) {
        int32_t a = -1, b = -1;
        for (int32_t i = 0; i < n; i++) {
            if (items[i] == p->pairs[k].fetch) a = i;
            if (items[i] == p->pairs[k].bring) b = i;
        }
        if ((a < 0) != (b < 0) || a > b) return false;
        for (int32_t i = a; i < b; i++)
            if (cp_vrp_is_reload(items[i])) return false;
    }
    return true;
}

/* A random route: the driven cost is the referee's, or both refuse. */
static void one_route(cp_ctx *ctx, const cp_vrp *p, cp_rich_drive *e, cp_rng *rng, int32_t *kept)
{
    int32_t items[32];
    const int32_t vehicle = (int32_t)cp_rng_below(rng, (uint32_t)p->n_vehicles);
    int32_t n = random_items(p, rng, vehicle, items);
    cp_vrp_report r;
    if (n == 0 || !pairs_whole(p, items, n)) return;
    const bool holds = cp_rich_make(e, vehicle, items, n);
    if (!holds && p->vehicles[vehicle].n_breaks > 0) return; /* another place of a break might do */
    if (holds) {
        n = e->trial.n;
        memcpy(items, e->trial.room->items, (size_t)n * sizeof(*items));
    }
    const int32_t breaches = breaches_of(ctx, p, vehicle, items, n, &r);
    if (holds != (breaches == 0))
        fail_msg("driven: %d, the referee has %d: %s", holds, (int)breaches,
                 breaches > 0 ? cp_vrp_rule_text(r.breaches[0].rule) : "nothing");
    if (!holds) return;
    *kept += 1;
    const double cost = e->trial.sum.cost;
    if (fabs(cost - (double)r.routes[0].cost.total) > 5) /* parts are rounded there */
        fail_msg("driven for %f, not for %f", cost, (double)r.routes[0].cost.total);
}

/* Put something random in at every place: what was foretold is what the referee says. */
static void one_trial(cp_ctx *ctx, const cp_vrp *p, cp_rich_drive *e, cp_rng *rng, int32_t *kept)
{
    int32_t items[32], all[40], put[2], n_put = 1;
    const int32_t vehicle = (int32_t)cp_rng_below(rng, (uint32_t)p->n_vehicles);
    const int32_t n = random_items(p, rng, vehicle, items);
    cp_rich_route own = {0};
    cp_vrp_report r;
    if (n < 3 || !cp_vrp_is_node(items[n - 1])) return;
    put[0] = items[n - 1];
    if (cp_vrp_is_reload(items[n - 2])) put[n_put++] = items[n - 2];
    if (!pairs_whole(p, items, n - n_put) || !cp_rich_make(e, vehicle, items, n - n_put)) return;
    own.kind = vehicle;
    assert_ok(ctx, cp_rich_reserve(ctx, e, &own, e->trial.n));
    cp_rich_copy(&e->trial, &own);
    assert_true(cp_rich_refresh(e, &own));
    for (int32_t at = 0; at <= own.n; at++) {
        cp_fold_sum sum;
        int32_t m = at;
        memcpy(all, own.room->items, (size_t)at * sizeof(*all));
        memcpy(all + m, put, (size_t)n_put * sizeof(*all));
        m += n_put;
        memcpy(all + m, own.room->items + at, (size_t)(own.n - at) * sizeof(*all));
        m += own.n - at;
        if (!pairs_whole(p, all, m)) continue;
        const bool fits = cp_rich_try(e, &own, at, put, n_put, &sum) == CP_FOLD_FITS;
        const int32_t breaches = breaches_of(ctx, p, vehicle, all, m, &r);
        const bool late_break = breaches > 0 && r.breaches[0].rule == CP_VRP_BREAK;
        if (late_break) continue; /* the trial sets a break that is needed now */
        if (fits != (breaches == 0))
            fail_msg("on trial: %d, the referee has %d: %s", fits, (int)breaches,
                     breaches > 0 ? cp_vrp_rule_text(r.breaches[0].rule) : "nothing");
        if (!fits) continue;
        *kept += 1;
        if (fabs(sum.cost - (double)r.routes[0].cost.total) > 5)
            fail_msg("foretold %f, not %f", sum.cost, (double)r.routes[0].cost.total);
    }
    cp_rich_give_back(e, &own);
}

static void driven_routes_are_the_referees(void **state)
{
    cp_ctx *ctx = *state;
    cp_rng rng = cp_rng_new(5, 5);
    for (int32_t k = 0; k < LEN(more_sets); k++) {
        int32_t kept = 0, foretold = 0;
        for (uint64_t seed = 1; seed <= 30; seed++) {
            static const uint32_t base[] = {0, VRP_TOY_WINDOWS | VRP_TOY_TIMES,
                                            VRP_TOY_LOADS | VRP_TOY_SHIFT, VRP_TOY_ALL,
                                            VRP_TOY_DEPOTS | VRP_TOY_ONE_WAY};
            const cp_vrp *p = rich_toy(ctx, 12, base[seed % LEN(base)], more_sets[k], seed);
            cp_rich_drive e;
            assert_ok(ctx, cp_rich_drive_new(ctx, p, &e));
            for (int32_t i = 0; i < 40; i++)
                one_route(ctx, p, &e, &rng, &kept);
            for (int32_t i = 0; i < 40; i++)
                one_trial(ctx, p, &e, &rng, &foretold);
        }
        if (kept < 20 || foretold < 20)
            fail_msg("rules %u: only %d routes hold, %d trials", more_sets[k], (int)kept,
                     (int)foretold);
    }
}

static void answer_against_all(cp_ctx *ctx, uint32_t more, int32_t n, uint64_t seed)
{
    const uint32_t base =
        seed % 2 == 0 ? VRP_TOY_WINDOWS | VRP_TOY_OPTIONAL : VRP_TOY_LOADS | VRP_TOY_OPTIONAL;
    const cp_vrp *p = rich_toy(ctx, n, base, more, seed);
    const int64_t best = vrp_toy_best(ctx, p);
    cp_vrp_opts o = cp_vrp_opts_defaults();
    cp_vrp_result got;
    cp_vrp_report r;
    o.work = 3000;
    assert_ok(ctx, cp_vrp_rich(ctx, p, &o, &got));
    assert_ok(ctx, cp_vrp_check(ctx, p, &got.solution, &r));
    if (r.feasible != (best < INT64_MAX)) fail_msg("rules %u, seed %d", more, (int)seed);
    if (r.feasible && r.cost.total - best > 2)
        fail_msg("rules %u, seed %d: %lld, the best is %lld", more, (int)seed,
                 (long long)r.cost.total, (long long)best);
}

static void answers_against_all_solutions(void **state)
{
    static const uint32_t sets[] = {MORE_BANS,   MORE_WINDOWS,
                                    MORE_BANDS,  MORE_PRICES,
                                    MORE_LIMITS, MORE_BANS | MORE_WINDOWS | MORE_PRICES,
                                    MORE_PAIRS,  MORE_PAIRS | MORE_PRICES};
    static const uint32_t sets_with_rests[] = {MORE_BREAKS,
                                               MORE_TRIPS,
                                               MORE_BREAKS | MORE_PRICES,
                                               MORE_BREAKS | MORE_LOADS,
                                               MORE_TRIPS | MORE_PAIRS,
                                               MORE_TRIPS | MORE_BANDS | MORE_PRICES};
    for (uint64_t seed = 1; seed <= 4; seed++) {
        for (int32_t k = 0; k < LEN(sets); k++)
            answer_against_all(*state, sets[k], 5, seed);
        for (int32_t k = 0; k < LEN(sets_with_rests); k++)
            answer_against_all(*state, sets_with_rests[k], 4, seed);
    }
}

/* All rules at once: what is found is allowed (nodes may stay out), and the same again. */
static void answers_are_allowed_and_repeat(void **state)
{
    cp_ctx *ctx = *state;
    cp_vrp_opts o = cp_vrp_opts_defaults();
    int32_t served = 0;
    o.work = 300;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        const cp_vrp *p =
            rich_toy(ctx, 30, seed % 2 == 0 ? VRP_TOY_ALL : VRP_TOY_LOADS, MORE_ALL, seed);
        cp_vrp_result a, b;
        cp_vrp_report r;
        assert_ok(ctx, cp_vrp_solve(ctx, p, &o, &a));
        assert_ok(ctx, cp_vrp_solve(ctx, p, &o, &b));
        assert_int_equal(a.solution.n_items, b.solution.n_items);
        assert_memory_equal(a.solution.items, b.solution.items,
                            (size_t)a.solution.n_items * sizeof(int32_t));
        o.islands = 2; /* the first of them is the search alone */
        assert_ok(ctx, cp_vrp_solve(ctx, p, &o, &b));
        assert_int_equal(b.iterations, 2 * a.iterations);
        assert_true(b.cost_minor <= a.cost_minor);
        o.islands = 0;
        assert_ok(ctx, cp_vrp_check(ctx, p, &a.solution, &r));
        for (int32_t k = 0; k < r.n_breaches; k++)
            if (r.breaches[k].rule != CP_VRP_LEFT_OUT)
                fail_msg("seed %d: %s", (int)seed, cp_vrp_rule_text(r.breaches[k].rule));
        assert_int_equal(r.n_left_out, a.n_left_out);
        served += p->n_nodes - a.n_left_out;
    }
    assert_true(served > 20);
}

/* One vehicle that carries one, three sites: three trips with two reloads, or two stay out. */
static void trips_are_driven_when_needed(void **state)
{
    static const int32_t time[] = {0, 10, 10, 10, 10, 0, 15, 15, 10, 15, 0, 15, 10, 15, 15, 0};
    static const int64_t one[] = {1};
    static const int32_t depots[] = {0};
    cp_ctx *ctx = *state;
    const cp_vrp_profile profile = {time, time};
    const cp_vrp_depot depot = {.place = 0, .reload_s = 5};
    cp_vrp_node nodes[3];
    cp_vrp_vehicle v = cp_vrp_vehicle_defaults();
    for (int32_t i = 0; i < 3; i++)
        nodes[i] =
            (cp_vrp_node){.place = i + 1, .vehicle = -1, .deliver = one, .out_price = CP_VRP_MUST};
    v.start_depot = v.end_depot = 0;
    v.capacity = one;
    v.reload_depots = depots;
    v.n_reload_depots = 1;
    v.max_trips = 3;
    v.dist_price = 1;
    const cp_vrp p = {.n_places = 4,
                      .n_profiles = 1,
                      .n_depots = 1,
                      .n_nodes = 3,
                      .n_vehicles = 1,
                      .profiles = &profile,
                      .depots = &depot,
                      .nodes = nodes,
                      .vehicles = &v,
                      .n_dims = 1,
                      .value_dim = -1,
                      .dist_den = 1,
                      .time_den = 1,
                      .exposure_den = 1};
    cp_vrp_opts o = cp_vrp_opts_defaults();
    cp_vrp_result got;
    cp_vrp_report r;
    o.work = 50;
    assert_ok(ctx, cp_vrp_validate(ctx, &p));
    assert_ok(ctx, cp_vrp_solve(ctx, &p, &o, &got));
    assert_ok(ctx, cp_vrp_check(ctx, &p, &got.solution, &r));
    assert_true(r.feasible);
    assert_int_equal(r.cost.total, 60);
    assert_int_equal(got.solution.n_items, 5);
    v.max_trips = 2;
    assert_ok(ctx, cp_vrp_solve(ctx, &p, &o, &got));
    assert_int_equal(got.n_left_out, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, check_start, check_finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(driven_routes_are_the_referees),
        TEST(answers_against_all_solutions),
        TEST(answers_are_allowed_and_repeat),
        TEST(trips_are_driven_when_needed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

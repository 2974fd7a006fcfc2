/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The route search: what it keeps along a route against the referee's slow evaluation, its answers
 * against trying everything, the same routes for the same work. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solver/route/vrp_move.h"
#include "solver/route/vrp_polish.h"
#include "solver/route/vrp_ruin.h"
#include "solver/route/vrp_solve.h"
#include "solver/route/vrp_start.h"
#include "tests/check.h"
#include "tests/unit/vrp_toy.h"

static void decode(const cp_state *s, cp_vrp_solution *out)
{
    const cp_dense *d = s->d;
    out->n_routes = out->n_items = 0;
    for (int32_t r = 0; r < d->n_routes; r++) {
        const int32_t end = d->n + r, first = out->n_items;
        for (int32_t x = s->stops[end].next; x != end; x = s->stops[x].next)
            out->items[out->n_items++] = d->node_of[x];
        if (out->n_items > first)
            out->routes[out->n_routes++] =
                (cp_vrp_route){d->kinds[s->rings[r].kind].vehicle, first, out->n_items - first};
    }
}

/* The referee agrees: every route is allowed, and the cost is the same to a rounding a route. */
static void agree(cp_ctx *ctx, const cp_state *s, cp_vrp_solution *sol, const char *when)
{
    const cp_arena_mark mark = cp_arena_here(ctx->run);
    cp_vrp_report r;
    decode(s, sol);
    assert_ok(ctx, cp_vrp_check(ctx, s->d->p, sol, &r));
    int32_t out = 0;
    for (int32_t k = 0; k < r.n_breaches; k++) {
        if (r.breaches[k].rule == CP_VRP_LEFT_OUT)
            out++;
        else
            fail_msg("rules %u, %s: route %d: %s", s->d->has, when, (int)r.breaches[k].route,
                     cp_vrp_rule_text(r.breaches[k].rule));
    }
    assert_int_equal(r.n_left_out, s->n_out);
    assert_int_equal(s->cost, cp_state_recount(s));
    for (int32_t k = 0; k < s->d->n_kinds; k++) {
        int32_t used = 0;
        for (int32_t i = 0; i < s->d->n_routes; i++)
            used += s->rings[i].size > 0 && s->rings[i].kind == k;
        assert_int_equal(s->kind_used[k], used);
    }
    const double want = (double)(s->cost - out * s->d->big) / s->d->ticks_per_minor;
    if (want - (double)r.cost.total > 0.6 + sol->n_routes ||
        (double)r.cost.total - want > 0.6 + sol->n_routes)
        fail_msg("%s: cost %lld, counted %f", when, (long long)r.cost.total, want);
    cp_arena_rewind(ctx->run, mark);
}

static void *copy_of(cp_ctx *ctx, const void *from, size_t n)
{
    void *to = cp_arena_alloc(ctx->run, n, 1);
    assert_non_null(to);
    memcpy(to, from, n);
    return to;
}

static cp_state *fresh(cp_ctx *ctx, const cp_vrp *p, uint64_t seed, cp_dense *d, cp_ruin *ruin)
{
    cp_state *s = NULL;
    const cp_ruin_opts opts = cp_ruin_defaults();
    assert_ok(ctx, cp_dense_build(ctx, p, 15, d));
    assert_ok(ctx, cp_state_new(ctx, d, seed, &s));
    assert_ok(ctx, cp_ruin_new(ctx, d, &opts, ruin));
    cp_state_begin(s);
    return s;
}

/* After an undo every byte that a later question reads is as it was. */
static void test_moves_against_referee(void **state)
{
    cp_ctx *ctx = *state;
    for (int32_t k = 0; k < VRP_TOY_N_SETS; k++) {
        for (uint64_t seed = 1; seed <= 3; seed++) {
            const cp_vrp *p = vrp_toy(ctx, 25, vrp_toy_sets[k], seed);
            if (cp_dense_beyond(p) != NULL) continue;
            cp_dense d;
            cp_ruin ruin;
            cp_vrp_route routes[25];
            int32_t items[25];
            cp_vrp_solution sol = {routes, 0, items, 0};
            cp_state *s = fresh(ctx, p, seed, &d, &ruin);
            assert_true(cp_recreate(&ruin, s, HUGE_VAL));
            agree(ctx, s, &sol, "first");
            const size_t n_stops = (size_t)d.n + (size_t)d.n_routes;
            for (int32_t i = 0; i < 60; i++) {
                const int64_t before = s->cost;
                cp_stop *stops = copy_of(ctx, s->stops, n_stops * sizeof(*s->stops));
                cp_state_begin(s);
                cp_ruin_strings(&ruin, s);
                agree(ctx, s, &sol, "ruined");
                const bool whole = cp_recreate(&ruin, s, i % 3 == 0 ? (double)before : HUGE_VAL);
                assert_true(whole || i % 3 == 0);
                if (whole) agree(ctx, s, &sol, "recreated");
                if (whole && s->cost < s->best_cost) cp_state_keep(s);
                if (whole && (i % 2 == 0 || s->cost == s->best_cost)) continue;
                cp_state_undo(s);
                assert_int_equal(s->cost, before);
                for (int32_t x = 0; x < d.n; x++)
                    if (s->stops[x].route >= 0)
                        assert_memory_equal(&s->stops[x], &stops[x], sizeof(*stops));
                agree(ctx, s, &sol, "undone");
            }
            const int64_t best = s->best_cost;
            cp_state_restore(s);
            assert_int_equal(s->cost, best);
            agree(ctx, s, &sol, "restored");
        }
    }
}

static void test_against_all_solutions(void **state)
{
    cp_ctx *ctx = *state;
    cp_vrp_opts opts = cp_vrp_opts_defaults();
    opts.work = 10000;
    int32_t n_feasible = 0;
    for (int32_t k = 0; k < VRP_TOY_N_SETS; k++) {
        for (uint64_t seed = 1; seed <= 3; seed++) {
            const cp_vrp *p = vrp_toy(ctx, 5, vrp_toy_sets[k], 100 + seed);
            const int64_t best = vrp_toy_best(ctx, p);
            cp_vrp_result r;
            cp_vrp_report report;
            assert_ok(ctx, cp_vrp_solve(ctx, p, &opts, &r));
            assert_ok(ctx, cp_vrp_check(ctx, p, &r.solution, &report));
            if (best == INT64_MAX) {
                assert_false(report.feasible);
                continue;
            }
            n_feasible++;
            /* Where every rule is kept costs are real numbers: parts of a route round apart. */
            const int64_t more = cp_dense_beyond(p) == NULL ? 0 : 2;
            if (!report.feasible || report.cost.total < best || report.cost.total > best + more)
                fail_msg("rules %u seed %llu: %lld %s, best %lld", (unsigned)vrp_toy_sets[k],
                         (unsigned long long)seed, (long long)report.cost.total,
                         report.feasible ? "" : "not allowed", (long long)best);
        }
    }
    assert_true(n_feasible > 2 * VRP_TOY_N_SETS); /* two of three have an answer */
}

/* One cooling, and more work than one cooling takes. */
static void test_same_work_same_routes(void **state)
{
    cp_ctx *ctx = *state;
    const struct {
        int32_t nodes, work;
    } cases[] = {{60, 2000}, {4, 85000}};
    for (int32_t k = 0; k < LEN(cases); k++) {
        const cp_vrp *p = vrp_toy(ctx, cases[k].nodes, VRP_TOY_WINDOWS | VRP_TOY_KINDS, 7);
        cp_vrp_opts opts = cp_vrp_opts_defaults();
        opts.work = cases[k].work;
        opts.islands = 3;
        cp_vrp_result a, b;
        assert_ok(ctx, cp_vrp_solve(ctx, p, &opts, &a));
        ctx->n_threads = 2;
        assert_ok(ctx, cp_vrp_solve(ctx, p, &opts, &b));
        ctx->n_threads = 1;
        assert_int_equal(a.solution.n_routes, b.solution.n_routes);
        assert_int_equal(a.solution.n_items, b.solution.n_items);
        assert_memory_equal(a.solution.items, b.solution.items,
                            (size_t)a.solution.n_items * sizeof(*a.solution.items));
        assert_int_equal(a.iterations, 3 * cases[k].work);
    }
}

/* A larger vehicle is lent: the routes stay allowed, the cost stays counted, an undo takes it back,
 * the fitting never makes it dearer. */
static void test_lends_a_larger_vehicle(void **state)
{
    cp_ctx *ctx = *state;
    const cp_vrp *p = vrp_toy(ctx, 25, VRP_TOY_KINDS, 3);
    cp_dense d;
    cp_state *s = NULL;
    cp_ruin ruin;
    const cp_ruin_opts opts = cp_ruin_defaults();
    assert_ok(ctx, cp_dense_build(ctx, p, 15, &d));
    assert_true(d.mixed);
    assert_ok(ctx, cp_state_new(ctx, &d, 3, &s));
    assert_ok(ctx, cp_ruin_new(ctx, &d, &opts, &ruin));
    cp_vrp_route routes[25];
    int32_t items[25], lent = 0;
    cp_vrp_solution sol = {routes, 0, items, 0};
    cp_state_begin(s);
    assert_false(cp_state_grow_kind(s)); /* no route touched */
    assert_true(cp_recreate(&ruin, s, HUGE_VAL));
    for (int32_t i = 0; i < 200; i++) {
        const int64_t before = s->cost;
        cp_state_begin(s);
        cp_ruin_strings(&ruin, s);
        cp_state_fit_kinds(s);
        const int32_t large = s->kind_used[1];
        if (cp_state_grow_kind(s)) {
            lent++;
            assert_int_equal(s->kind_used[1], large + 1);
            agree(ctx, s, &sol, "lent");
            const int64_t cost = s->cost;
            cp_state_fit_kinds(s);
            assert_true(s->cost <= cost);
        }
        if (i % 2 == 0) {
            assert_true(cp_recreate(&ruin, s, HUGE_VAL));
            continue;
        }
        cp_state_undo(s);
        assert_int_equal(s->cost, before);
        agree(ctx, s, &sol, "undone");
    }
    assert_true(lent > 10);
}

/* A fleet of small, middle and large vehicles that just holds what must be served, on a square: the
 * loads are cut out of the vehicles, so that there is a way to place all of them. */
static const cp_vrp *full_fleet(cp_ctx *ctx, uint64_t seed)
{
    enum { KINDS = 3, NODES = 200 };
    static const int64_t room[KINDS] = {54, 131, 322}, least[KINDS] = {3, 55, 60},
                         most[KINDS] = {20, 80, 110};
    static const int32_t count[KINDS] = {6, 4, 1};
    int64_t loads[NODES];
    cp_rng rng = cp_rng_new(seed, 9);
    cp_vrp p = {.n_dims = 1, .value_dim = -1, .dist_den = 1, .time_den = 1, .exposure_den = 1};
    cp_vrp_vehicle kinds[KINDS];
    p.n_vehicles = KINDS;
    p.n_depots = 1;
    for (int32_t k = 0; k < KINDS; k++) {
        kinds[k] = cp_vrp_vehicle_defaults();
        kinds[k].count = count[k];
        kinds[k].capacity = copy_of(ctx, &room[k], sizeof(room[k]));
        kinds[k].dist_price = 1;
        kinds[k].fixed = 30 * room[k];
        for (int32_t c = 0; c < count[k]; c++)
            for (int64_t left = room[k] - 1; left >= least[k] && p.n_nodes < NODES; p.n_nodes++) {
                const int64_t one =
                    least[k] + (int64_t)cp_rng_below(&rng, (uint32_t)(most[k] - least[k] + 1));
                loads[p.n_nodes] = one < left ? one : left;
                left -= loads[p.n_nodes];
            }
    }
    cp_vrp_node nodes[NODES];
    int32_t x[NODES + 1], y[NODES + 1],
        *ways = cp_arena_alloc(ctx->run, NODES * NODES, sizeof(*ways));
    assert_non_null(ways);
    p.n_places = p.n_nodes + 1;
    for (int32_t i = 0; i < p.n_places; i++) {
        x[i] = (int32_t)cp_rng_below(&rng, 1000);
        y[i] = (int32_t)cp_rng_below(&rng, 1000);
        for (int32_t j = 0; j <= i; j++)
            ways[i * p.n_places + j] = ways[j * p.n_places + i] =
                (int32_t)hypot(x[i] - x[j], y[i] - y[j]);
        if (i == 0) continue;
        nodes[i - 1] = (cp_vrp_node){.place = i,
                                     .vehicle = -1,
                                     .out_price = CP_VRP_MUST,
                                     .deliver = copy_of(ctx, &loads[i - 1], sizeof(loads[0]))};
    }
    const cp_vrp_profile profile = {ways, ways};
    const cp_vrp_depot depot = {.place = 0};
    p.profiles = copy_of(ctx, &profile, sizeof(profile));
    p.n_profiles = 1;
    p.depots = copy_of(ctx, &depot, sizeof(depot));
    p.vehicles = copy_of(ctx, kinds, sizeof(kinds));
    p.nodes = copy_of(ctx, nodes, sizeof(nodes));
    return copy_of(ctx, &p, sizeof(p));
}

/* Large loads need the large vehicles, which small ones fill when they come first: nobody may be
 * left out for that. */
static void test_full_fleet_serves_all(void **state)
{
    cp_ctx *ctx = *state;
    int32_t left_out = 0;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        const cp_vrp *p = full_fleet(ctx, seed);
        cp_vrp_opts opts = cp_vrp_opts_defaults();
        opts.work = 20000;
        opts.seed = seed;
        cp_vrp_result r;
        cp_vrp_report report;
        assert_ok(ctx, cp_vrp_validate(ctx, p));
        assert_ok(ctx, cp_vrp_solve(ctx, p, &opts, &r));
        assert_ok(ctx, cp_vrp_check(ctx, p, &r.solution, &report));
        assert_int_equal(report.feasible, r.n_left_out == 0);
        left_out += r.n_left_out > 0;
    }
    assert_int_equal(left_out, 0);
}

/* Two depots at the ends of a line, each with one vehicle, and near each a node. */
static const cp_vrp *two_ends(cp_ctx *ctx)
{
    enum { PLACES = 4 };
    static const int32_t at[PLACES] = {0, 100, 10, 80};
    int32_t ways[PLACES * PLACES];
    for (int32_t i = 0; i < PLACES; i++)
        for (int32_t j = 0; j < PLACES; j++)
            ways[i * PLACES + j] = abs(at[i] - at[j]);
    const int32_t *kept = copy_of(ctx, ways, sizeof(ways));
    const cp_vrp_profile profile = {kept, kept};
    const cp_vrp_depot depots[2] = {{.place = 0}, {.place = 1}};
    cp_vrp_node nodes[2];
    cp_vrp_vehicle kinds[2];
    for (int32_t k = 0; k < 2; k++) {
        nodes[k] = (cp_vrp_node){.place = 2 + k, .vehicle = -1, .out_price = CP_VRP_MUST};
        kinds[k] = cp_vrp_vehicle_defaults();
        kinds[k].count = 1;
        kinds[k].start_depot = kinds[k].end_depot = k;
        kinds[k].dist_price = 1;
    }
    const cp_vrp p = {.n_places = PLACES,
                      .n_profiles = 1,
                      .n_depots = 2,
                      .n_nodes = 2,
                      .n_vehicles = 2,
                      .value_dim = -1,
                      .dist_den = 1,
                      .time_den = 1,
                      .exposure_den = 1,
                      .profiles = copy_of(ctx, &profile, sizeof(profile)),
                      .depots = copy_of(ctx, depots, sizeof(depots)),
                      .vehicles = copy_of(ctx, kinds, sizeof(kinds)),
                      .nodes = copy_of(ctx, nodes, sizeof(nodes))};
    assert_ok(ctx, cp_vrp_validate(ctx, &p));
    return copy_of(ctx, &p, sizeof(p));
}

/* A route from a depot whose vehicles are all in use leaves its own to one that gains more by it.
 */
static void test_depots_are_exchanged(void **state)
{
    cp_ctx *ctx = *state;
    const cp_vrp *p = two_ends(ctx);
    cp_dense d;
    cp_state *s = NULL;
    cp_vrp_route routes[2];
    int32_t items[2];
    cp_vrp_solution sol = {routes, 0, items, 0};
    assert_ok(ctx, cp_dense_build(ctx, p, 1, &d));
    assert_ok(ctx, cp_state_new(ctx, &d, 1, &s));
    cp_state_begin(s);
    s->n_out = 0;
    for (int32_t x = 0; x < 2; x++) { /* both begin at the wrong end */
        cp_state_touch(s, x);
        cp_state_set_kind(s, x, 1 - d.node_of[x]);
        s->cost -= d.nodes[x].out;
        cp_state_insert(s, x, d.n + x, x);
    }
    assert_int_equal(s->cost, 180 + 160);
    cp_state_begin(s);
    cp_state_fit_kinds(s); /* no route touched */
    assert_int_equal(s->cost, 340);
    cp_state_touch(s, 0);
    cp_state_fit_kinds(s);
    agree(ctx, s, &sol, "exchanged");
    assert_int_equal(s->cost, 20 + 40);
    cp_state_undo(s);
    assert_int_equal(s->cost, 340);
    agree(ctx, s, &sol, "undone");
}

/* Seconds of a route, or until it reaches the stop where its length is not limited. */
static int64_t seconds_of(const cp_state *s, int32_t route, int32_t b)
{
    const cp_dense *d = s->d;
    const cp_dense_kind *q = &d->kinds[s->rings[route].kind];
    const int32_t end = d->n + route, last = s->stops[b].prev;
    if (d->has & CP_VRP_HAS_SPANS) {
        cp_run run = {0, 0, 0, 0};
        const int32_t x = s->stops[end].prev;
        assert_true(
            cp_run_join(&s->sides[x].pre, cp_travel(s, q, x, end), &s->sides[end].suf, &run));
        return run.lasts_s;
    }
    if (b < d->n) return s->stops[b].leave_s;
    const int32_t serve = last < d->n ? d->nodes[last].service_s : 0;
    return (int64_t)s->stops[last].leave_s + cp_travel(s, q, last, end) - serve;
}

/* Put the node everywhere where it fits and take it out again; how often it did. */
static int32_t longer_everywhere(cp_state *s, int32_t node)
{
    const cp_dense *d = s->d;
    const cp_seeker c = cp_seek(s, node);
    int32_t n_fits = 0;
    for (int32_t a = 0; a < d->n + d->n_routes; a++) {
        const int32_t b = s->stops[a].next, route = s->stops[a].route;
        if (route < 0 || s->rings[route].size == 0) continue;
        const cp_dense_kind *q = &d->kinds[s->rings[route].kind];
        const size_t row = (size_t)node * (size_t)d->n_points;
        const cp_two_legs arcs = {q->arc_to[row + (size_t)cp_point_from(s, d->has, a)],
                                  q->arc[row + (size_t)cp_point_to(s, d->has, b)]};
        if (arcs.in_s >= CP_ARC_NONE || arcs.out_s >= CP_ARC_NONE) continue;
        if (!cp_route_open(s, d->has, &c, route)) continue;
        if (!cp_fits(s, d->has, &c, route, a, b, arcs)) continue;
        const int64_t before = seconds_of(s, route, b);
        const int32_t longer = cp_longer(s, d->has, &c, route, a, b, arcs);
        cp_state_touch(s, route);
        cp_state_insert(s, node, a, route);
        assert_int_equal(seconds_of(s, route, b) - before, longer);
        cp_state_cut(s, node, node);
        n_fits++;
    }
    return n_fits;
}

/* By how much an insertion lengthens a route is what comes of it. */
static void test_longer_is_what_comes(void **state)
{
    cp_ctx *ctx = *state;
    static const uint32_t sets[] = {VRP_TOY_WINDOWS, VRP_TOY_WINDOWS | VRP_TOY_ONE_WAY,
                                    VRP_TOY_WINDOWS | VRP_TOY_SHIFT | VRP_TOY_DEPOTS,
                                    VRP_TOY_SHIFT | VRP_TOY_KINDS};
    for (int32_t k = 0; k < LEN(sets); k++) {
        int32_t n_fits = 0;
        for (uint64_t seed = 1; seed <= 20; seed++) {
            const cp_vrp *p = vrp_toy(ctx, 25, sets[k], seed);
            cp_dense d;
            cp_state *s = NULL;
            cp_ruin ruin;
            const cp_ruin_opts opts = cp_ruin_defaults();
            assert_ok(ctx, cp_dense_build(ctx, p, 15, &d));
            assert_ok(ctx, cp_state_new(ctx, &d, seed, &s));
            assert_ok(ctx, cp_ruin_new(ctx, &d, &opts, &ruin));
            cp_state_begin(s);
            assert_true(cp_recreate(&ruin, s, HUGE_VAL));
            cp_state_begin(s);
            cp_ruin_strings(&ruin, s);
            for (int32_t y = 0; y < s->n_out; y++)
                n_fits += longer_everywhere(s, s->out[y]);
        }
        assert_true(n_fits > 50);
    }
}

/* The neighbours are those that sorting all nodes gives. */
static void test_nearest_come_first(void **state)
{
    cp_ctx *ctx = *state;
    const cp_vrp *p = vrp_toy(ctx, 25, 0, 5);
    for (int32_t most = 0; most <= 30; most += 3) {
        cp_dense d;
        assert_ok(ctx, cp_dense_build(ctx, p, most, &d));
        assert_int_equal(d.n_near, most < 24 ? most : 24);
        for (int32_t i = 0; i < d.n; i++) {
            const cp_near *near = d.near + (size_t)i * (size_t)d.n_near;
            for (int32_t k = 0; k < d.n_near; k++) {
                int32_t closer = 0; /* nodes that come before it */
                for (int32_t j = 0; j < d.n; j++) {
                    const int32_t arc = cp_arc_to_row(&d, i)[j];
                    closer +=
                        j != i && (arc < near[k].arc || (arc == near[k].arc && j < near[k].node));
                }
                assert_int_equal(closer, k);
            }
        }
    }
}

/* Polished routes keep all rules and are no dearer. */
static void test_polish_keeps_rules(void **state)
{
    cp_ctx *ctx = *state;
    int32_t gains = 0;
    for (int32_t k = 0; k < VRP_TOY_N_SETS; k++) {
        const cp_vrp *p = vrp_toy(ctx, 25, vrp_toy_sets[k], 11);
        if (cp_dense_beyond(p) != NULL) continue;
        cp_dense d;
        cp_ruin ruin;
        cp_polish polish;
        cp_vrp_route routes[25];
        int32_t items[25];
        cp_vrp_solution sol = {routes, 0, items, 0};
        cp_state *s = fresh(ctx, p, 5, &d, &ruin);
        assert_ok(ctx, cp_polish_new(ctx, &d, &polish));
        for (int32_t i = 0; i < 80; i++) {
            cp_state_begin(s);
            cp_ruin_strings(&ruin, s);
            assert_true(cp_recreate(&ruin, s, HUGE_VAL));
            const int64_t before = s->cost;
            cp_polish_run(&polish, s, i % 2 == 0);
            agree(ctx, s, &sol, "polished");
            assert_true(s->cost <= before);
            gains += s->cost < before;
        }
    }
    assert_true(gains > 100);
}

/* What is left of a stop's route behind it: its load. */
static int64_t load_behind(const cp_state *s, int32_t x)
{
    int64_t load = 0;
    for (x = s->stops[x].next; x < s->d->n; x = s->stops[x].next)
        load += s->d->weight[x];
    return load;
}

static int64_t ticks(const cp_state *s, int32_t a, int32_t b)
{
    const int32_t n = s->d->n;
    return cp_arc_row(s->d, a < n ? a : n)[b < n ? b : n];
}

/* Where capacity is the only rule, no exchange of two tails is cheaper than polished routes (but
 * for whole routes appended to others, whose new arc may be long). */
static void test_polish_leaves_no_better_tails(void **state)
{
    cp_ctx *ctx = *state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        const cp_vrp *p = vrp_toy(ctx, 15, 0, seed);
        cp_dense d;
        cp_ruin ruin;
        cp_polish polish;
        cp_state *s = fresh(ctx, p, seed, &d, &ruin);
        assert_int_equal(d.has & ~(unsigned)CP_VRP_HAS_MULT, 0);
        assert_ok(ctx, cp_polish_new(ctx, &d, &polish));
        assert_true(cp_recreate(&ruin, s, HUGE_VAL));
        cp_polish_run(&polish, s, true);
        for (int32_t a = 0; a < d.n + d.n_routes; a++)
            for (int32_t b = 0; b < d.n + d.n_routes; b++) {
                const int32_t r1 = s->stops[a].route, r2 = s->stops[b].route;
                if (r1 < 0 || r2 < 0 || r1 == r2) continue;
                const int32_t a2 = s->stops[a].next, b2 = s->stops[b].next;
                if ((a >= d.n && b2 >= d.n) || (b >= d.n && a2 >= d.n)) continue;
                const int64_t more = load_behind(s, b) - load_behind(s, a);
                if (s->rings[r1].slack >= more && s->rings[r2].slack >= -more)
                    assert_true(ticks(s, a, b2) + ticks(s, b, a2) >=
                                ticks(s, a, a2) + ticks(s, b, b2));
            }
    }
}

/* Savings: all rules kept, everything served with vehicles enough, cheaper than insertion in any
 * order. */
static void test_savings_begin(void **state)
{
    cp_ctx *ctx = *state;
    int64_t savings = 0, inserted = 0;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        cp_vrp *p = vrp_toy(ctx, 25, 0, seed);
        cp_vrp_vehicle *v = copy_of(ctx, p->vehicles, (size_t)p->n_vehicles * sizeof(*v));
        cp_dense d;
        cp_ruin ruin;
        cp_vrp_route routes[25];
        int32_t items[25];
        cp_vrp_solution sol = {routes, 0, items, 0};
        v[0].count = 25;
        p->vehicles = v;
        cp_state *s = fresh(ctx, p, seed, &d, &ruin);
        assert_ok(ctx, cp_start_savings(ctx, s));
        agree(ctx, s, &sol, "savings");
        assert_int_equal(s->n_out, 0);
        savings += s->cost;
        cp_state_undo(s);
        cp_state_begin(s);
        assert_true(cp_recreate(&ruin, s, HUGE_VAL));
        inserted += s->cost;
    }
    assert_true(savings < inserted);
}

static void test_needs_a_budget(void **state)
{
    cp_ctx *ctx = *state;
    const cp_vrp *p = vrp_toy(ctx, 4, 0, 1);
    const cp_vrp_opts opts = cp_vrp_opts_defaults();
    cp_vrp_result r;
    assert_fails(ctx, CP_E_INPUT, cp_vrp_solve(ctx, p, &opts, &r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_moves_against_referee, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_against_all_solutions, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_same_work_same_routes, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_lends_a_larger_vehicle, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_full_fleet_serves_all, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_depots_are_exchanged, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_longer_is_what_comes, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_nearest_come_first, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_polish_keeps_rules, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_polish_leaves_no_better_tails, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(test_savings_begin, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_needs_a_budget, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

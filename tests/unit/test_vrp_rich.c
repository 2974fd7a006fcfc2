/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for problems with all rules: a driven route against the referee, answers against
 * trying everything where routes are orders of nodes alone, reloads and breaks that are needed. */
#include <math.h>
#include <string.h>

#include "solver/route/vrp_dense.h"
#include "solver/route/vrp_rich.h"
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
    MORE_ALL = 127
};

static const uint32_t more_sets[] = {MORE_BREAKS, MORE_TRIPS,  MORE_BANS,   MORE_WINDOWS,
                                     MORE_BANDS,  MORE_PRICES, MORE_LIMITS, MORE_ALL};

/* One list of windows for all: they need only be apart. */
static const cp_vrp_window breaks_open[] = {{150, 260}, {700, 900}};
static const cp_vrp_window banned[] = {{100, 140}, {400, 430}};
static const cp_vrp_window twice_open[] = {{0, 180}, {320, 2000}};
static const cp_vrp_break one_break[] = {{breaks_open, 2, 25, 0, NULL}, {NULL, 0, 10, 300, NULL}};
static const cp_vrp_band bands[] = {{0, 0}, {6, 40}, {12, 90}};

static void add_vehicle_rules(cp_vrp_vehicle *v, const int32_t *depots, uint32_t more)
{
    if (more & MORE_BREAKS) {
        v->breaks = one_break;
        v->n_breaks = 2;
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
    p->vehicles = v;
    p->nodes = q;
    assert_ok(ctx, cp_vrp_validate(ctx, p));
    return p;
}

/* A random route: the driven cost is the referee's, or both refuse. */
static void one_route(cp_ctx *ctx, const cp_vrp *p, cp_rich_drive *e, cp_rng *rng, int32_t *kept)
{
    int32_t items[24], whole[32], n = 0;
    const int32_t vehicle = (int32_t)cp_rng_below(rng, (uint32_t)p->n_vehicles);
    const cp_vrp_vehicle *v = &p->vehicles[vehicle];
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
    if (n == 0) return;
    const double cost = cp_rich_route(e, vehicle, items, n);
    if (cost < 0 && v->n_breaks > 0) return; /* another moment of the break might do */
    const int32_t all = cost < 0 ? n : cp_rich_items(e, whole);
    cp_vrp_route route = {vehicle, 0, all};
    const cp_vrp_solution s = {&route, 1, cost < 0 ? items : whole, all};
    cp_vrp_report r;
    assert_ok(ctx, cp_vrp_check(ctx, p, &s, &r));
    int32_t breaches = 0;
    for (int32_t k = 0; k < r.n_breaches; k++)
        breaches += r.breaches[k].rule != CP_VRP_LEFT_OUT;
    if ((cost < 0) != (breaches > 0))
        fail_msg("driven %f, the referee has %d: %s", cost, (int)breaches,
                 breaches > 0 ? cp_vrp_rule_text(r.breaches[0].rule) : "nothing");
    if (cost < 0) return;
    *kept += 1;
    if (fabs(cost - (double)r.routes[0].cost.total) > 5) /* parts are rounded there */
        fail_msg("driven for %f, not for %f", cost, (double)r.routes[0].cost.total);
}

static void driven_routes_are_the_referees(void **state)
{
    cp_ctx *ctx = *state;
    cp_rng rng = cp_rng_new(5, 5);
    for (int32_t k = 0; k < LEN(more_sets); k++) {
        int32_t kept = 0;
        for (uint64_t seed = 1; seed <= 30; seed++) {
            static const uint32_t base[] = {0, VRP_TOY_WINDOWS | VRP_TOY_TIMES,
                                            VRP_TOY_LOADS | VRP_TOY_SHIFT, VRP_TOY_ALL,
                                            VRP_TOY_DEPOTS | VRP_TOY_ONE_WAY};
            const cp_vrp *p = rich_toy(ctx, 12, base[seed % LEN(base)], more_sets[k], seed);
            cp_rich_drive e;
            assert_ok(ctx, cp_rich_drive_new(ctx, p, &e));
            for (int32_t i = 0; i < 40; i++)
                one_route(ctx, p, &e, &rng, &kept);
        }
        if (kept < 20) fail_msg("rules %u: only %d routes hold", more_sets[k], (int)kept);
    }
}

static void answers_against_all_solutions(void **state)
{
    static const uint32_t sets[] = {MORE_BANS,   MORE_WINDOWS,
                                    MORE_BANDS,  MORE_PRICES,
                                    MORE_LIMITS, MORE_BANS | MORE_WINDOWS | MORE_PRICES};
    cp_ctx *ctx = *state;
    cp_vrp_opts o = cp_vrp_opts_defaults();
    o.work = 3000;
    for (int32_t k = 0; k < LEN(sets); k++) {
        for (uint64_t seed = 1; seed <= 4; seed++) {
            const uint32_t base = seed % 2 == 0 ? VRP_TOY_WINDOWS | VRP_TOY_OPTIONAL
                                                : VRP_TOY_LOADS | VRP_TOY_OPTIONAL;
            const cp_vrp *p = rich_toy(ctx, 5, base, sets[k], seed);
            const int64_t best = vrp_toy_best(ctx, p);
            cp_vrp_result got;
            cp_vrp_report r;
            assert_ok(ctx, cp_vrp_rich(ctx, p, &o, &got));
            assert_ok(ctx, cp_vrp_check(ctx, p, &got.solution, &r));
            if (r.feasible != (best < INT64_MAX)) fail_msg("rules %u, seed %d", sets[k], (int)seed);
            if (r.feasible && r.cost.total - best > 2)
                fail_msg("rules %u, seed %d: %lld, the best is %lld", sets[k], (int)seed,
                         (long long)r.cost.total, (long long)best);
        }
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days and routes decided together: against all plans there are, limits, and its own books. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "solver/irp/irp_solve.h"
#include "solver/irp/irp_zone.h"
#include "tests/check.h"
#include "tests/toy.h"

#define DAYS 3
#define POINTS 4

/* A ring of cash-in terminals round the vault with different inflows; one car, paid by day, hour
 * and kilometre unless the case says otherwise. */
typedef struct ring {
    cp_ctx ctx;
    cp_toy *toy;
    cp_arcs arcs[16];
    int32_t n;
    double rent_share; /* of the options; 0 = unused intervals are worth nothing */
} ring;

typedef struct ring_case {
    const char *name;
    int32_t n_points, n_days, shift_min, n_cars;
    bool open_route;
    int64_t hour_minor, km_minor, hold_ppm;
} ring_case;

static void ring_new(ring *r, const ring_case *c)
{
    r->rent_share = 0.0;
    assert_int_equal(cp_ctx_init(&r->ctx), CP_OK);
    cp_toy *toy = toy_bare(&r->ctx);
    r->toy = toy;
    r->n = c->n_points;
    toy_put(toy, "vault", "code=V|lat_deg=31.0|lon_deg=121.0|open_min=00:00|close_min=24:00");
    toy_put(toy, "carrier", "code=K|kind=own");
    for (int32_t i = 0; i < c->n_cars; i++)
        toy_put(toy, "car",
                "code=C%d|carrier_code=K|vault_code=V|insured_minor=1000000000000|"
                "shift_start_min=08:00|shift_end_min=%02d:%02d|overtime_min=0|max_trips=1|"
                "open_route=%d",
                (int)i, (int)(8 + c->shift_min / 60), (int)(c->shift_min % 60), (int)c->open_route);
    toy_put(toy, "setting", "key=before_visit_ppm|value=0");
    toy_put(toy, "setting", "key=longest_interval_days|value=4");
    toy_put(toy, "setting", "key=n_paths|value=1");
    toy_tariff(toy, "car_day_minor", 50000);
    toy_tariff(toy, "hour_minor", c->hour_minor);
    toy_tariff(toy, "km_minor", c->km_minor);
    toy_tariff(toy, "hold_ppm_year", c->hold_ppm);
    toy_tariff(toy, "stop_site_minor", 300);
    toy_tariff(toy, "stop_machine_minor", 200);
    toy_tariff(toy, "emergency_minor", 90000);
    for (int32_t i = 0; i < c->n_points; i++) {
        const double angle = 2.0 * M_PI * i / c->n_points;
        toy_put(toy, "site", "code=S%d|lat_deg=%.4f|lon_deg=%.4f|vault_code=V|service_min=6",
                (int)i, 31.0 + 0.03 * cos(angle) * (1 + i % 3), 121.0 + 0.03 * sin(angle));
        toy_put(toy, "point",
                "code=A%d|site_code=S%d|kind=atm|visit_kinds=add|service_days=1111111|"
                "works_holidays=1|service_level_ppm=0|service_min_add=4",
                (int)i, (int)i);
        toy_put(toy, "cassette",
                "point_code=A%d|slot=1|cassette_model_code=M|denomination_code=CNY100|role=deposit|"
                "capacity_notes=%d|share_ppm=1000000|balance_notes=%d",
                (int)i, 1000 + 200 * i, 150 * (int)i);
    }
    toy_build(toy, c->n_days);
    for (int32_t i = 0; i < c->n_points; i++) {
        char code[16];
        (void)snprintf(code, sizeof code, "A%d", (int)i);
        for (int32_t d = 0; d < c->n_days + 4; d++)
            toy_demand(toy, code, CP_FLOW_DEPOSIT, d, 10000 * (200 + 90 * ((i + d) % 3)));
    }
    toy_forecast(toy, c->n_days + 4);
    const cp_arc_input in = {toy->net, toy->forecast, toy->shares, 1, NULL};
    for (int32_t p = 0; p < c->n_points; p++)
        assert_ok(&r->ctx, cp_arcs_build(&r->ctx, &in, p, &r->arcs[p]));
}

static cp_irp_result *ring_solve(ring *r, int64_t work, uint64_t seed)
{
    cp_irp_opts opts = cp_irp_defaults();
    cp_irp_result *res = NULL;
    const cp_irp_input in = {r->toy->net, r->arcs, 0, NULL, 0};
    opts.work = work;
    opts.seed = seed;
    opts.guide_share = 0.0;
    opts.rent_share = r->rent_share;
    assert_ok(&r->ctx, cp_irp_solve(&r->ctx, &in, &opts, &res));
    return res;
}

/* ---- all plans there are ----------------------------------------------------------------------
 */

/* Cheapest intervals of a point visited on exactly the days of the mask; infinite if there are
 * none. */
static double path_cost(const cp_arcs *a, uint32_t mask, double rent)
{
    int32_t day[DAYS], n = 0;
    for (int32_t t = 0; t < a->n_days; t++)
        if (mask >> t & 1u) day[n++] = t;
    if (n == 0) return a->may_open[a->n_days] ? (double)a->opening[a->n_days].cost : INFINITY;
    if (!a->may_open[day[0]]) return INFINITY;
    double cost = (double)(a->opening[day[0]].cost + a->opening[day[0]].end[0]);
    for (int32_t i = 0; i < n; i++) {
        double best = INFINITY;
        for (int32_t k = a->table->first[day[i]]; k < a->table->first[day[i] + 1]; k++) {
            const cp_arc arc = cp_arcs_get(a, 0, day[i], k);
            const bool fits = i + 1 < n ? arc.until == day[i + 1] : arc.until >= a->n_days;
            const double unused = (double)(arc.until - a->n_days) / (double)(arc.until - day[i]);
            const double c = (double)(arc.cost + arc.end[0]) +
                             (i + 1 < n ? (double)a->node[day[i]] : -rent * unused);
            if (fits && c < best) best = c;
        }
        cost += best;
    }
    return cost;
}

/* Cheapest order of the sites of a set by trying all of them. */
static double best_tour(const cp_network *net, const int32_t *sites, int32_t n, uint32_t left,
                        int32_t at, double seconds, double metres)
{
    const cp_car *car = &net->cars[0];
    if (left == 0) {
        if (!car->open_route) {
            seconds += cp_travel_s(net, at, net->n_sites);
            metres += cp_travel_m(net, at, net->n_sites);
        }
        if (seconds > 60.0 * (car->shift_end_min - car->shift_start_min)) return INFINITY;
        return seconds *
                   (double)cp_tariff_get(net, CP_TARIFF_HOUR_MINOR, net->first_day, 0, 0, -1, -1) /
                   3600.0 +
               metres *
                   (double)cp_tariff_get(net, CP_TARIFF_KM_MINOR, net->first_day, 0, 0, -1, -1) /
                   1000.0;
    }
    double best = INFINITY;
    for (int32_t k = 0; k < n; k++) {
        if (!(left >> k & 1u)) continue;
        const bool first = at == net->n_sites && car->open_route;
        const double c = best_tour(net, sites, n, left & ~(1u << k), sites[k],
                                   seconds + 600.0 + (first ? 0.0 : cp_travel_s(net, at, sites[k])),
                                   metres + (first ? 0.0 : cp_travel_m(net, at, sites[k])));
        if (c < best) best = c;
    }
    return best;
}

static double brute_force(const ring *r, double rent)
{
    const cp_network *net = r->toy->net;
    double tour[1u << POINTS], best = INFINITY;
    int32_t all[POINTS] = {0, 1, 2, 3};
    tour[0] = 0.0;
    for (uint32_t set = 1; set < 1u << POINTS; set++) {
        int32_t n = 0;
        for (int32_t k = 0; k < POINTS; k++)
            n += (int32_t)(set >> k & 1u);
        tour[set] = 50000.0 + 300.0 * n + best_tour(net, all, POINTS, set, net->n_sites, 0.0, 0.0);
    }
    for (uint32_t code = 0; code < 1u << (DAYS * POINTS); code++) {
        double cost = 0.0;
        uint32_t set[DAYS] = {0};
        for (uint32_t p = 0; p < POINTS && cost < best; p++) {
            const uint32_t mask = code >> (DAYS * p) & ((1u << DAYS) - 1u);
            cost += path_cost(&r->arcs[p], mask, rent);
            for (uint32_t t = 0; t < DAYS; t++)
                set[t] |= (mask >> t & 1u) << p;
        }
        for (int32_t t = 0; t < DAYS; t++)
            cost += tour[set[t]];
        if (cost < best) best = cost;
    }
    return best;
}

static void finds_the_best_of_all_plans(void **state)
{
    (void)state;
    static const ring_case cases[] = {
        {"closed route, dear driving", POINTS, DAYS, 480, 1, false, 40000, 900, 40000},
        {"open route, nothing but the day is paid", POINTS, DAYS, 480, 1, true, 0, 0, 40000},
        {"open route, cash costs ten times more", POINTS, DAYS, 480, 1, true, 20000, 500, 400000},
        {"a shift for two stops a day", POINTS, DAYS, 42, 1, true, 20000, 500, 200000},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        ring r;
        ring_new(&r, &cases[i]);
        const double want = brute_force(&r, 0.0);
        const cp_irp_result *got = ring_solve(&r, 3000, 7);
        if (isfinite(want) && fabs(got->cost - want) > 0.5)
            fail_msg("%s: cost %.2f, the best is %.2f", cases[i].name, got->cost, want);
        assert_int_equal(isfinite(want), got->n_left_out == 0);
        cp_ctx_done(&r.ctx);
    }
}

/* What is left of the last intervals counts: the best of all plans by that measure is found, and it
 * leaves no less unused than the best without. */
static void unused_intervals_are_worth_their_rent(void **state)
{
    (void)state;
    static const ring_case c = {"", POINTS, DAYS, 480, 1, true, 20000, 500, 400000};
    static const double shares[] = {0.0, 0.5, 3.0};
    double last = -INFINITY;
    for (int32_t i = 0; i < LEN(shares); i++) {
        ring r;
        cp_irp_zone *z = NULL;
        ring_new(&r, &c);
        r.rent_share = shares[i];
        cp_irp_opts opts = cp_irp_defaults();
        opts.rent_share = shares[i];
        const cp_irp_input in = {r.toy->net, r.arcs, 0, NULL, 0};
        assert_ok(&r.ctx, cp_irp_zone_make(&r.ctx, &in, &opts, &z));
        const double want = brute_force(&r, z->point[0].rent);
        const cp_irp_result *got = ring_solve(&r, 3000, 7);
        if (fabs(got->objective - want) > 0.5)
            fail_msg("rent %.1f: %.2f, the best is %.2f", shares[i], got->objective, want);
        double unused = 0.0;
        for (int32_t k = 0; k < got->n_points; k++) {
            cp_irp_point p = z->point[k];
            p.rent = 1.0;
            unused +=
                cp_irp_credit(&p, got->steps + got->first[k], got->first[k + 1] - got->first[k]);
        }
        assert_true(unused >= last - 1e-9);
        last = unused;
        cp_ctx_done(&r.ctx);
    }
}

/* ---- limits and books -------------------------------------------------------------------------
 */

static void tours_end_inside_the_shift(void **state)
{
    (void)state;
    static const ring_case cases[] = {
        {"roomy", 12, 6, 600, 2, false, 30000, 500, 60000},
        {"tight", 12, 6, 75, 2, true, 0, 0, 60000},
        {"too short for the far ones", 12, 6, 45, 1, false, 0, 0, 60000},
        {"no stop fits at all", 12, 6, 9, 1, true, 0, 0, 60000},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        ring r;
        ring_new(&r, &cases[i]);
        const cp_irp_result *got = ring_solve(&r, 2000, 3);
        for (int32_t k = 0; k < got->n_routes; k++)
            assert_true(got->routes[k].drive_s + got->routes[k].service_s <=
                        60 * cases[i].shift_min);
        int32_t stops = 0;
        for (int32_t k = 0; k < got->n_routes; k++)
            stops += got->routes[k].n_sites;
        assert_int_equal(stops, got->first[got->n_points]); /* one machine a site */
        if (i == 0) assert_int_equal(got->n_left_out, 0);
        if (i == LEN(cases) - 1) assert_int_equal(stops, 0);
        cp_ctx_done(&r.ctx);
    }
}

static void same_seed_same_plan(void **state)
{
    (void)state;
    const ring_case c = {"", 12, 6, 90, 2, true, 10000, 300, 60000};
    ring r;
    ring_new(&r, &c);
    const cp_irp_result *a = ring_solve(&r, 500, 5), *b = ring_solve(&r, 500, 5);
    assert_int_equal(a->n_routes, b->n_routes);
    assert_memory_equal(a->first, b->first, (size_t)(a->n_points + 1) * sizeof *a->first);
    for (int32_t k = 0; k < a->n_routes; k++) {
        assert_int_equal(a->routes[k].n_sites, b->routes[k].n_sites);
        assert_memory_equal(a->routes[k].sites, b->routes[k].sites,
                            (size_t)a->routes[k].n_sites * sizeof *a->routes[k].sites);
    }
    cp_ctx_done(&r.ctx);
}

/* A start from the plan's own routes with no work gives that plan back, or a cheaper one. */
static void starts_from_known_routes(void **state)
{
    (void)state;
    const ring_case c = {"", 12, 6, 90, 2, true, 10000, 300, 60000};
    ring r;
    ring_new(&r, &c);
    const cp_irp_result *first = ring_solve(&r, 1500, 5);
    cp_irp_result *again = NULL;
    const cp_irp_input in = {r.toy->net, r.arcs, 0, first->routes, first->n_routes};
    cp_irp_opts opts = cp_irp_defaults();
    opts.work = 1;
    opts.rent_share = 0.0;
    opts.guide_share = 0.0;
    assert_ok(&r.ctx, cp_irp_solve(&r.ctx, &in, &opts, &again));
    assert_true(again->cost <= first->cost + 0.5);
    cp_ctx_done(&r.ctx);
}

static void check_books(const cp_irp_state *s)
{
    const cp_irp_ground *g = &s->z->ground;
    double cost = 0.0;
    for (int32_t r = 0; r < s->tours->n_tours; r++) {
        const int32_t *seq = s->tours->seq + (size_t)r * (size_t)(s->tours->cap + 2);
        int32_t drive = 0;
        for (int32_t k = 0; k <= s->tours->tour[r].n && s->tours->tour[r].n > 0; k++)
            drive += g->out_s[(size_t)seq[k] * (size_t)g->width + (size_t)seq[k + 1]];
        assert_int_equal(drive, s->tours->tour[r].drive_s);
        cost += s->tours->tour[r].cost;
        for (int32_t k = 1; k <= s->tours->tour[r].n; k++) {
            const size_t v = (size_t)seq[k] * (size_t)g->n_days + (size_t)(r / g->n_cars);
            assert_int_equal(s->tours->at[v], r);
            assert_int_equal(s->tours->pos[v], k);
            assert_true(s->n_at[v] > 0);
        }
    }
    assert_true(fabs(cost - s->tours->cost) < 1e-3);
}

static void books_hold_after_taking_back(void **state)
{
    (void)state;
    const ring_case c = {"", 12, 6, 90, 2, false, 10000, 300, 60000};
    ring r;
    ring_new(&r, &c);
    const cp_irp_input in = {r.toy->net, r.arcs, 0, NULL, 0};
    const cp_irp_opts opts = cp_irp_defaults();
    cp_irp_zone *z = NULL;
    cp_irp_state *s = NULL;
    cp_rng rng = cp_rng_new(11, 1);
    assert_ok(&r.ctx, cp_irp_zone_make(&r.ctx, &in, &opts, &z));
    assert_ok(&r.ctx, cp_irp_state_new(&r.ctx, z, 1, &s));
    for (int32_t p = 0; p < z->n_points; p++)
        assert_ok(&r.ctx, cp_irp_put_in(&r.ctx, s, p, 0));
    for (int32_t i = 0; i < 500; i++) {
        const double before = cp_irp_cost(s);
        cp_irp_begin(s);
        for (int32_t k = 0; k < 4; k++)
            cp_irp_take_out(s, (int32_t)cp_rng_below(&rng, (uint32_t)z->n_points));
        for (int32_t p = 0; p < z->n_points; p++)
            if (s->n_steps[p] < 0) assert_ok(&r.ctx, cp_irp_put_in(&r.ctx, s, p, 100000));
        check_books(s);
        if (i % 2 == 0) continue;
        cp_irp_take_back(s);
        check_books(s);
        assert_true(fabs(cp_irp_cost(s) - before) < 1e-3);
    }
    cp_ctx_done(&r.ctx);
}

static void says_what_it_does_not_keep(void **state)
{
    (void)state;
    const ring_case c = {"", 3, 4, 600, 1, true, 0, 0, 60000};
    ring r;
    const char *why = "";
    ring_new(&r, &c);
    assert_false(cp_irp_suits(r.toy->net, 0, &why)); /* the toy's cars are insured for less */
    assert_string_equal(why, "value on board of a car");
    cp_network net = *r.toy->net;
    cp_car car = net.cars[0];
    car.insured_minor = CP_MINOR_MAX;
    car.shift_start_min = 0;
    net.cars = &car;
    assert_false(cp_irp_suits(&net, 0, &why));
    assert_string_equal(why, "time windows of sites");
    car.shift_start_min = 9 * 60;
    car.shift_end_min = 12 * 60;
    assert_true(cp_irp_suits(&net, 0, &why));
    assert_null(why);
    cp_ctx_done(&r.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_best_of_all_plans),
        cmocka_unit_test(unused_intervals_are_worth_their_rent),
        cmocka_unit_test(tours_end_inside_the_shift),
        cmocka_unit_test(same_seed_same_plan),
        cmocka_unit_test(starts_from_known_routes),
        cmocka_unit_test(books_hold_after_taking_back),
        cmocka_unit_test(says_what_it_does_not_keep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

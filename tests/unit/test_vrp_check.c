/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The referee of the route model: every rule by a day small enough to work out on paper. */
#include <string.h>

#include "tests/check.h"

#include "models/route/vrp.h"

/* Places on a line, 10 apart: depot at 0, nodes 0..3 at 10, 20, 30, 40; a second depot at 50.
 * Each test changes what it is about. */
enum { N_NODES = 4, N_PLACES = 6 };

typedef struct line_day {
    cp_vrp p;
    cp_vrp_profile profile;
    int32_t time_s[N_PLACES * N_PLACES], dist_m[N_PLACES * N_PLACES];
    cp_vrp_depot depots[2];
    cp_vrp_node nodes[N_NODES];
    cp_vrp_vehicle vehicles[2];
    int64_t deliver[N_NODES], pickup[N_NODES], capacity[1];
    int32_t reload_depots[1];
} line_day;

static void set_up(line_day *d)
{
    memset(d, 0, sizeof(*d));
    for (int32_t i = 0; i < N_PLACES; i++) {
        for (int32_t j = 0; j < N_PLACES; j++) {
            d->time_s[i * N_PLACES + j] = 10 * (i < j ? j - i : i - j);
            d->dist_m[i * N_PLACES + j] = 100 * (i < j ? j - i : i - j);
        }
    }
    d->profile = (cp_vrp_profile){d->time_s, d->dist_m};
    d->depots[0] = (cp_vrp_depot){.name = "V1"};
    d->depots[1] = (cp_vrp_depot){.name = "V2", .place = 5};
    for (int32_t i = 0; i < N_NODES; i++) {
        d->deliver[i] = 2;
        d->pickup[i] = 1;
        d->nodes[i] = (cp_vrp_node){.place = i + 1,
                                    .service_s = 5,
                                    .vehicle = -1,
                                    .deliver = &d->deliver[i],
                                    .pickup = &d->pickup[i],
                                    .out_price = 1000};
    }
    d->capacity[0] = 8;
    for (int32_t k = 0; k < 2; k++) {
        d->vehicles[k] = cp_vrp_vehicle_defaults();
        d->vehicles[k].start_depot = d->vehicles[k].end_depot = 0;
        d->vehicles[k].capacity = d->capacity;
        d->vehicles[k].reload_depots = d->reload_depots;
        d->vehicles[k].n_reload_depots = 1;
        d->vehicles[k].fixed = 7;
        d->vehicles[k].dist_price = 3;
    }
    d->p = (cp_vrp){.n_places = N_PLACES,
                    .n_profiles = 1,
                    .n_depots = 2,
                    .n_nodes = N_NODES,
                    .n_vehicles = 2,
                    .profiles = &d->profile,
                    .depots = d->depots,
                    .nodes = d->nodes,
                    .vehicles = d->vehicles,
                    .n_dims = 1,
                    .value_dim = 0,
                    .n_skill_words = 1,
                    .dist_den = 100,
                    .time_den = 1,
                    .exposure_den = 1};
}

static void run(cp_ctx *ctx, line_day *d, int32_t *items, int32_t n, cp_vrp_report *out)
{
    cp_vrp_route route = {0, 0, n};
    const cp_vrp_solution s = {&route, 1, items, n};
    assert_ok(ctx, cp_vrp_validate(ctx, &d->p));
    assert_ok(ctx, cp_vrp_check(ctx, &d->p, &s, out));
}

static void test_costs_and_times(void **state)
{
    cp_ctx *ctx = *state;
    line_day d;
    cp_vrp_report r;
    set_up(&d);
    const cp_vrp_window late = {100, 120};
    d.nodes[1].windows = &late;
    d.nodes[1].n_windows = 1;
    d.vehicles[0].drive_price = 1;
    d.vehicles[0].work_price = 2;
    d.vehicles[0].idle_price = 10;
    int32_t items[] = {0, 1, 2};
    run(ctx, &d, items, 3, &r);
    assert_true(r.feasible);
    /* Node 1 at 20 opens at 100: leave so that node 0 is done just in time. */
    assert_int_equal(r.timing[1].start_s, 100);
    assert_int_equal(r.timing[1].arrive_s, 100);
    assert_int_equal(r.routes[0].depart_s, 75);
    assert_int_equal(r.routes[0].end_s, 150);
    assert_int_equal(r.routes[0].idle_s, 0);
    assert_int_equal(r.routes[0].dist_m, 600);
    assert_int_equal(r.cost.fixed, 7);
    assert_int_equal(r.cost.dist, 18);
    assert_int_equal(r.cost.drive, 60);
    assert_int_equal(r.cost.work, 30);
    assert_int_equal(r.n_left_out, 1);
    assert_int_equal(r.cost.total, 7 + 18 + 60 + 30 + 1000);
    /* The vault closes before that: it leaves at 50, and waits. */
    const cp_vrp_window hours = {0, 50};
    d.depots[0].windows = &hours;
    d.depots[0].n_windows = 1;
    d.vehicles[0].end_depot = 1;
    run(ctx, &d, items, 3, &r);
    assert_true(r.feasible);
    assert_int_equal(r.routes[0].depart_s, 50);
    assert_int_equal(r.routes[0].idle_s, 25);
    assert_int_equal(r.cost.idle, 250);
}

static void test_windows_end_rules(void **state)
{
    cp_ctx *ctx = *state;
    line_day d;
    cp_vrp_report r;
    set_up(&d);
    const cp_vrp_window two[] = {{0, 9}, {30, 40}};
    d.nodes[0].windows = two;
    d.nodes[0].n_windows = 2;
    int32_t items[] = {0};
    run(ctx, &d, items, 1, &r);
    assert_int_equal(r.routes[0].end_s, 45);    /* the earliest end there is ... */
    assert_int_equal(r.routes[0].depart_s, 20); /* ... with the least duration */
    assert_int_equal(r.timing[0].start_s, 30);
}

static void test_bans_and_breaks(void **state)
{
    cp_ctx *ctx = *state;
    line_day d;
    cp_vrp_report r;
    set_up(&d);
    const cp_vrp_window ban = {12, 30};
    d.vehicles[0].bans = &ban;
    d.vehicles[0].n_bans = 1;
    d.vehicles[0].shift_end_s = 60;
    int32_t items[] = {0};
    run(ctx, &d, items, 1, &r);
    /* From 0: there at 10, service would touch the ban, so 30; home at 45. Latest: leave at 2. */
    assert_int_equal(r.timing[0].start_s, 30);
    assert_int_equal(r.routes[0].depart_s, 2);
    assert_int_equal(r.routes[0].end_s, 45);
    const cp_vrp_window noon = {35, 50};
    const cp_vrp_break rest = {.windows = &noon, .n_windows = 1, .duration_s = 20};
    d.vehicles[0].breaks = &rest;
    d.vehicles[0].n_breaks = 1;
    run(ctx, &d, items, 1, &r);
    assert_int_equal(r.n_breaches, 1);
    assert_int_equal(r.breaches[0].rule, CP_VRP_BREAK);
    int32_t with[] = {0, cp_vrp_break_item(0)};
    d.vehicles[0].overtime_max_s = 5;
    d.vehicles[0].over_price = 100;
    run(ctx, &d, with, 2, &r);
    assert_true(r.feasible);
    assert_int_equal(r.routes[0].end_s, 65);
    assert_int_equal(r.cost.over, 500);
    d.vehicles[0].overtime_max_s = 4;
    run(ctx, &d, with, 2, &r);
    assert_int_equal(r.breaches[0].rule, CP_VRP_SHIFT);
    assert_int_equal(r.breaches[0].over, 1);
}

static void test_load_exposure_bands(void **state)
{
    cp_ctx *ctx = *state;
    line_day d;
    cp_vrp_report r;
    set_up(&d);
    const cp_vrp_band bands[] = {{0, 1}, {4, 10}, {5, 100}};
    d.vehicles[0].trip_bands = bands;
    d.vehicles[0].n_trip_bands = 3;
    d.vehicles[0].stop_bands = bands;
    d.vehicles[0].n_stop_bands = 1;
    d.vehicles[0].exposure_price = 2;
    d.nodes[0].pavement_s = 4;
    int32_t items[] = {0, 1};
    run(ctx, &d, items, 2, &r);
    /* 4 on board for 10 s, then 3 for 10 s, then 2 for 20 s; 3 carried over the pavement for 4 s.
     */
    assert_true(r.feasible);
    assert_int_equal(r.routes[0].exposure, 40 + 30 + 40 + 12);
    assert_int_equal(r.routes[0].most_value, 4);
    assert_int_equal(r.timing[0].board, 3);
    assert_int_equal(r.cost.bands, 10 + 2);
    assert_int_equal(r.cost.exposure, 244);
    d.vehicles[0].exposure_max = 121;
    d.capacity[0] = 3;
    run(ctx, &d, items, 2, &r);
    assert_int_equal(r.n_breaches, 2);
    assert_int_equal(r.breaches[0].rule, CP_VRP_CAPACITY);
    assert_int_equal(r.breaches[0].over, 1);
    assert_int_equal(r.breaches[1].rule, CP_VRP_EXPOSURE);
    assert_int_equal(r.breaches[1].over, 1);
    d.pickup[0] = 7; /* what comes back weighs after the first stop: 2 + 7 */
    d.capacity[0] = 8;
    d.vehicles[0].exposure_max = CP_VRP_NO_LIMIT;
    run(ctx, &d, items, 2, &r);
    assert_int_equal(r.n_breaches, 1);
    assert_int_equal(r.breaches[0].item, 0);
    assert_int_equal(r.breaches[0].over, 1);
}

/* Node 0 fetches 5 that node 2 brings; node 1 is delivered 2 and gives 1. */
static void test_pairs(void **state)
{
    cp_ctx *ctx = *state;
    const cp_vrp_pair pair = {.fetch = 0, .bring = 2};
    line_day d;
    cp_vrp_report r;
    set_up(&d);
    d.p.pairs = &pair;
    d.p.n_pairs = 1;
    d.deliver[0] = d.pickup[2] = 0;
    d.pickup[0] = d.deliver[2] = 5;
    int32_t items[] = {0, 1, 2};
    run(ctx, &d, items, 3, &r);
    assert_true(r.feasible);
    assert_int_equal(r.timing[0].board, 7); /* 2 from the vault, 5 fetched */
    assert_int_equal(r.timing[1].board, 6);
    assert_int_equal(r.timing[2].board, 1);
    assert_int_equal(r.routes[0].most_value, 7);
    assert_int_equal(r.routes[0].exposure, 20 + 70 + 60 + 30);
    d.capacity[0] = 6;
    run(ctx, &d, items, 3, &r);
    assert_int_equal(r.n_breaches, 1);
    assert_int_equal(r.breaches[0].rule, CP_VRP_CAPACITY);
    assert_int_equal(r.breaches[0].item, 0);
    d.capacity[0] = 8;
    d.vehicles[0].max_trips = 2;
    const struct {
        const char *name;
        int32_t n, items[4];
        int32_t what, left_out;
    } bad[] = {
        {"brought before it is fetched", 3, {2, 1, 0}, 0, 1},
        {"fetched alone", 2, {0, 1}, 0, 2},
        {"brought alone", 2, {1, 2}, 2, 2},
        {"brought on another trip", 4, {0, 1, cp_vrp_reload(0), 2}, 0, 1},
    };
    for (int32_t k = 0; k < LEN(bad); k++) {
        int32_t all[4];
        memcpy(all, bad[k].items, sizeof(all));
        run(ctx, &d, all, bad[k].n, &r);
        if (r.n_breaches != 1 || r.breaches[0].rule != CP_VRP_PAIR)
            fail_msg("%s: %d breaches", bad[k].name, (int)r.n_breaches);
        assert_int_equal(r.breaches[0].what, bad[k].what);
        assert_int_equal(r.n_left_out, bad[k].left_out);
    }
    int32_t apart[] = {0, 1, 2};
    cp_vrp_route routes[] = {{0, 0, 2}, {1, 2, 1}};
    const cp_vrp_solution s = {routes, 2, apart, 3};
    assert_ok(ctx, cp_vrp_check(ctx, &d.p, &s, &r));
    assert_int_equal(r.n_breaches, 1);
    assert_int_equal(r.breaches[0].rule, CP_VRP_PAIR);
}

static void test_break_load(void **state)
{
    cp_ctx *ctx = *state;
    static const int64_t three = 3;
    const cp_vrp_break rest = {.duration_s = 20, .max_load = &three};
    line_day d;
    cp_vrp_report r;
    set_up(&d);
    d.vehicles[0].breaks = &rest;
    d.vehicles[0].n_breaks = 1;
    int32_t early[] = {cp_vrp_break_item(0), 0, 1}, late[] = {0, cp_vrp_break_item(0), 1};
    run(ctx, &d, early, 3, &r); /* 4 on board */
    assert_int_equal(r.n_breaches, 1);
    assert_int_equal(r.breaches[0].rule, CP_VRP_BREAK_LOAD);
    assert_int_equal(r.breaches[0].over, 1);
    run(ctx, &d, late, 3, &r); /* 3 on board */
    assert_true(r.feasible);
}

static void test_trips(void **state)
{
    cp_ctx *ctx = *state;
    line_day d;
    cp_vrp_report r;
    set_up(&d);
    d.capacity[0] = 4;
    d.depots[0].reload_s = 3;
    d.vehicles[0].reload_s = 2;
    d.vehicles[0].max_trips = 2;
    int32_t items[] = {0, 1, cp_vrp_reload(0), 2, 3};
    run(ctx, &d, items, 5, &r);
    assert_true(r.feasible);
    assert_int_equal(r.routes[0].n_trips, 2);
    assert_int_equal(r.timing[2].board, 4);
    assert_int_equal(r.routes[0].end_s - r.routes[0].depart_s, 40 + 80 + 4 * 5 + 5);
    d.vehicles[0].max_trips = 1;
    run(ctx, &d, items, 5, &r);
    assert_int_equal(r.breaches[0].rule, CP_VRP_TRIPS);
    int32_t foreign[] = {0, 1, cp_vrp_reload(1), 2, 3};
    d.vehicles[0].max_trips = 2;
    run(ctx, &d, foreign, 5, &r);
    assert_int_equal(r.breaches[0].rule, CP_VRP_RELOAD);
    int32_t idle[] = {0, 1, cp_vrp_reload(0)};
    run(ctx, &d, idle, 3, &r);
    assert_int_equal(r.breaches[0].rule, CP_VRP_RELOAD);
}

static void test_limits_of_a_route(void **state)
{
    cp_ctx *ctx = *state;
    static const uint64_t key = 4, no_key = 3;
    const struct {
        const char *name;
        cp_vrp_rule rule;
        int64_t over;
    } cases[] = {
        {"window", CP_VRP_WINDOW, 1},     {"skill", CP_VRP_SKILL, 1},
        {"pin", CP_VRP_SKILL, 1},         {"longest shift", CP_VRP_DURATION, 1},
        {"distance", CP_VRP_DISTANCE, 1}, {"driving", CP_VRP_DRIVE, 1},
        {"nodes", CP_VRP_NODES, 1},       {"no way", CP_VRP_UNREACHABLE, 1},
        {"must", CP_VRP_LEFT_OUT, 1},     {"fleet", CP_VRP_FLEET, 1},
    };
    for (int32_t k = 0; k < LEN(cases); k++) {
        line_day d;
        cp_vrp_report r;
        set_up(&d);
        const cp_vrp_window w = {0, 9};
        cp_vrp_vehicle *v = &d.vehicles[0];
        if (k == 0) d.nodes[0].windows = &w, d.nodes[0].n_windows = 1;
        if (k == 1) d.nodes[0].skills = &key, v->skills = &no_key;
        if (k == 2) d.nodes[1].vehicle = 1;
        if (k == 3) v->shift_max_s = 49;
        if (k == 4) v->dist_max_m = 399;
        if (k == 5) v->drive_max_s = 39;
        if (k == 6) v->nodes_max = 1;
        if (k == 7) d.time_s[2 * N_PLACES] = CP_VRP_NO_WAY;
        if (k == 8) d.nodes[3].out_price = CP_VRP_MUST;
        if (k == 9) v->count = 0;
        int32_t items[] = {0, 1};
        run(ctx, &d, items, 2, &r);
        if (r.n_breaches != 1 || r.breaches[0].rule != cases[k].rule)
            fail_msg("%s: %d breaches, first: %s", cases[k].name, (int)r.n_breaches,
                     r.n_breaches > 0 ? cp_vrp_rule_text(r.breaches[0].rule) : "none");
        assert_int_equal(r.breaches[0].over, cases[k].over);
        assert_false(r.feasible);
    }
}

static void test_form_and_twice(void **state)
{
    cp_ctx *ctx = *state;
    line_day d;
    cp_vrp_report r;
    set_up(&d);
    int32_t items[] = {0, 0};
    run(ctx, &d, items, 2, &r);
    assert_int_equal(r.breaches[0].rule, CP_VRP_TWICE);
    const int32_t wrong[] = {N_NODES, cp_vrp_reload(2), cp_vrp_break_item(0), INT32_MAX};
    for (int32_t k = 0; k < LEN(wrong); k++) {
        int32_t bad[] = {1, wrong[k]};
        run(ctx, &d, bad, 2, &r);
        assert_int_equal(r.breaches[0].rule, CP_VRP_FORM);
        assert_int_equal(r.n_left_out, 3);
    }
}

/* A route without depots begins and ends at a node; setup is saved at the same place. */
static void test_open_route(void **state)
{
    cp_ctx *ctx = *state;
    line_day d;
    cp_vrp_report r;
    set_up(&d);
    d.vehicles[0].start_depot = d.vehicles[0].end_depot = -1;
    d.nodes[3].place = d.nodes[2].place;
    d.nodes[2].setup_s = d.nodes[3].setup_s = 2;
    int32_t items[] = {1, 2, 3};
    run(ctx, &d, items, 3, &r);
    assert_true(r.feasible);
    assert_int_equal(r.routes[0].dist_m, 100);
    assert_int_equal(r.routes[0].work_s, 17);
    assert_int_equal(r.routes[0].end_s - r.routes[0].depart_s, 27);
}

static void test_refuses(void **state)
{
    cp_ctx *ctx = *state;
    for (int32_t k = 0; k < 12; k++) {
        line_day d;
        set_up(&d);
        const cp_vrp_window bad[] = {{5, 9}, {9, 12}};
        const cp_vrp_band band = {1, 1};
        const cp_vrp_pair pairs[] = {{2, 3}, {3, 1}};
        if (k == 0) d.nodes[2].place = N_PLACES;
        if (k == 1) d.nodes[2].windows = bad, d.nodes[2].n_windows = 2;
        if (k == 2) d.deliver[2] = -1;
        if (k == 3) d.vehicles[1].start_depot = 2;
        if (k == 4) d.vehicles[1].trip_bands = &band, d.vehicles[1].n_trip_bands = 1;
        if (k == 5) d.time_s[3] = -2;
        if (k == 6) d.p.dist_den = 0;
        if (k == 7) d.vehicles[0].max_trips = 0;
        if (k == 8) d.p.value_dim = 1;
        if (k >= 9) d.p.pairs = pairs, d.p.n_pairs = 1, d.deliver[2] = d.pickup[3] = 0;
        if (k == 9) d.pickup[2] = 7; /* of which 2 are brought */
        if (k == 10) d.pickup[2] = 2, d.pickup[3] = 1;
        if (k == 11) d.pickup[2] = 2, d.p.n_pairs = 2;
        assert_fails(ctx, CP_E_INPUT, cp_vrp_validate(ctx, &d.p));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_costs_and_times, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_windows_end_rules, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_bans_and_breaks, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_load_exposure_bands, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_pairs, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_break_load, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_trips, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_limits_of_a_route, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_form_and_twice, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_open_route, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_refuses, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

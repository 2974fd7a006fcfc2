/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/json/vroom.h"
#include "models/base/rng.h"
#include "solver/route/vrp_solve.h"
#include "tests/check.h"

static cp_status parse(cp_ctx *ctx, const char *text, cp_json_in *faults, cp_vroom **v)
{
    const cp_vroom_opts o = cp_vroom_opts_defaults();
    return cp_vroom_parse(ctx, text, strlen(text), "p.json", &o, faults, v);
}

#define VEHICLE "\"vehicles\": [{\"id\": 1, \"start\": [1.5, 42.5]}]"
#define JOB "\"jobs\": [{\"id\": 1, \"location\": [1.6, 42.5]}]"
#define ONE_JOB(text) "{" VEHICLE ", \"jobs\": [{\"id\": 1, \"location\": [1.6, 42.5], " text "}]}"
#define ONE_CAR(text) "{" JOB ", \"vehicles\": [{\"id\": 1, \"start\": [1.5, 42.5], " text "}]}"
#define ENDS(a, b)                                                                                 \
    "{\"pickup\": {\"id\": " a ", \"location\": [1, 2]}, \"delivery\": {\"id\": " b                \
    ", \"location\": [1, 3]}"
#define SHIPMENT(more) "{" VEHICLE ", \"shipments\": [" ENDS("1", "1") ", " more "}]}"
#define SQUARE "[[0, 10], [10, 0]]"
#define MATRIX(more, car, job)                                                                     \
    "{\"matrices\": {\"car\": {" more "}}, \"vehicles\": [{\"id\": 1, " car                        \
    "}], \"jobs\": [{\"id\": 1, " job "}]}"
#define DURATIONS "\"durations\": " SQUARE

/* Each document has one fault (or as many as told), at this path, with these words. */
static const struct {
    const char *text, *path, *words;
    int32_t n;
} refused[] = {
    {"", "", "line 1: not valid JSON", 1},
    {"{\n\n\"jobs\": nothing}", "", "line 3: not valid JSON", 1},
    {"{" VEHICLE "," JOB "} {}", "", "not valid JSON", 1},
    {"[]", "", "must be an object", 1},
    {"{" VEHICLE "}", "jobs", "at least one job", 1},
    {"{" JOB "}", "vehicles", "is missing", 1},
    {"{\"vehicles\": []," JOB "}", "vehicles", "at least one vehicle", 1},
    {"{\"jobs\": 3, " VEHICLE "}", "jobs", "must be a list", 1},
    {"{\"jobs\": [7], " VEHICLE "}", "jobs[0]", "must be an object", 1},
    {"{" JOB "," VEHICLE ", \"job\": []}", "job", "is not a known key; known are", 1},
    {"{" JOB "," JOB "," VEHICLE "}", "jobs", "only once", 1},
    {"{" JOB "," VEHICLE ", \"shipments\": [{}]}", "shipments[0].pickup", "is missing", 2},
    {SHIPMENT("\"amount\": [1]"), "vehicles[0].capacity", "is missing", 1},
    {SHIPMENT("\"delivery\": 7"), "shipments[0].delivery", "only once", 1},
    {SHIPMENT("\"priority\": 101"), "shipments[0].priority", "from 0 to 100", 1},
    {SHIPMENT("\"service\": 1"), "shipments[0].service", "is not a known key", 1},
    {"{" VEHICLE ", \"shipments\": [{\"pickup\": {\"id\": 1}, \"delivery\": {\"id\": 1, "
     "\"location\": [1, 2], \"delivery\": [1]}}]}",
     "shipments[0].delivery.delivery", "is not a known key", 2},
    {"{" VEHICLE ", \"shipments\": [" ENDS("1", "2") "}, " ENDS("2", "2") "}]}",
     "shipments[1].delivery.id", "2 is the id of shipments[0].delivery", 1},
    {"{" JOB "," VEHICLE ", \"matrix\": []}", "matrix", "is an old name", 1},
    {"{" JOB "," VEHICLE ", \"schema\": \"x\"}", "schema", "cashplan.vroom_problem/1", 1},
    {"{\"jobs\": [{\"location\": [1, 2]}], " VEHICLE "}", "jobs[0].id", "is missing", 1},
    {"{\"jobs\": [{\"id\": 1}], " VEHICLE "}", "jobs[0].location", "must be given", 1},
    {"{\"jobs\": [{\"id\": -1, \"location\": [1, 2]}], " VEHICLE "}", "jobs[0].id",
     "a whole number from 0", 1},
    {"{\"jobs\": [{\"id\": 1, \"location\": [200, 2]}], " VEHICLE "}", "jobs[0].location",
     "must be [longitude, latitude]", 1},
    {"{\"jobs\": [{\"id\": 1, \"location\": [1, 2]}, {\"id\": 1, \"location\": [1, "
     "2]}], " VEHICLE "}",
     "jobs[1].id", "1 is the id of jobs[0]", 1},
    {ONE_JOB("\"service\": 1.5"), "jobs[0].service", "a whole number", 1},
    {ONE_JOB("\"service\": \"5\""), "jobs[0].service", "a whole number", 1},
    {ONE_JOB("\"setup\": -3"), "jobs[0].setup", "a whole number from 0", 1},
    {ONE_JOB("\"priority\": 101"), "jobs[0].priority", "from 0 to 100", 1},
    {ONE_JOB("\"description\": 5"), "jobs[0].description", "must be a text", 1},
    {ONE_JOB("\"skills\": [1, -2]"), "jobs[0].skills[1]", "a whole number", 1},
    {ONE_JOB("\"skills\": 4"), "jobs[0].skills", "a list of whole numbers", 1},
    {ONE_JOB("\"amount\": [4]"), "jobs[0].amount", "is an old name", 1},
    {ONE_JOB("\"service_per_type\": {}"), "jobs[0].service_per_type", "cannot be kept", 1},
    {ONE_JOB("\"setup_per_type\": {}"), "jobs[0].setup_per_type", "cannot be kept", 1},
    {ONE_JOB("\"time_windows\": [[5, 4]]"), "jobs[0].time_windows[0]", "start not after", 1},
    {ONE_JOB("\"time_windows\": [[1, 4], [4, 9]]"), "jobs[0].time_windows[1]",
     "must begin after the end of the one before", 1},
    {ONE_JOB("\"time_windows\": [1, 4]"), "jobs[0].time_windows[0]", "start not after", 2},
    {ONE_JOB("\"delivery\": [4]"), "vehicles[0].capacity", "is missing", 1},
    {ONE_CAR("\"type\": \"x\""), "vehicles[0].type", "cannot be kept", 1},
    {ONE_CAR("\"steps\": [{}]"), "vehicles[0].steps", "must be empty", 1},
    {ONE_CAR("\"speed_factor\": 0"), "vehicles[0].speed_factor", "from 0.01 to 5", 1},
    {ONE_CAR("\"speed_factor\": 6"), "vehicles[0].speed_factor", "from 0.01 to 5", 1},
    {ONE_CAR("\"costs\": 4"), "vehicles[0].costs", "must be an object", 1},
    {ONE_CAR("\"costs\": {\"per_mile\": 4}"), "vehicles[0].costs.per_mile", "fixed, per_hour", 1},
    {ONE_CAR("\"costs\": {\"fixed\": -4}"), "vehicles[0].costs.fixed", "from 0", 1},
    {ONE_CAR("\"max_tasks\": -4"), "vehicles[0].max_tasks", "from 0", 1},
    {ONE_CAR("\"max_distance\": 0.5"), "vehicles[0].max_distance", "a whole number", 1},
    {ONE_CAR("\"max_travel_time\": null"), "vehicles[0].max_travel_time", "a whole number", 1},
    {ONE_CAR("\"time_window\": [9]"), "vehicles[0].time_window", "start not after", 1},
    {ONE_CAR("\"breaks\": [{\"service\": 3}]"), "vehicles[0].breaks[0].id", "is missing", 1},
    {ONE_CAR("\"capacity\": [3], \"breaks\": [{\"id\": 3, \"max_load\": [1, 2]}]"),
     "vehicles[0].breaks[0].max_load", "has 2 entries, must have 1 as vehicles[0].capacity", 1},
    {ONE_CAR("\"breaks\": [{\"id\": 3}, {\"id\": 3}]"), "vehicles[0].breaks[1].id", "is the id of",
     1},
    {"{" JOB ", \"vehicles\": [{\"id\": 1}]}", "vehicles[0]", "neither a start nor an end", 1},
    {"{\"vehicles\": [{\"id\": 1, \"start\": [1, 2], \"capacity\": [1, 2]}], \"jobs\": "
     "[{\"id\": 1, "
     "\"location\": [1, 2], \"pickup\": [1]}]}",
     "jobs[0].pickup", "has 1 entries, must have 2 as vehicles[0].capacity", 1},
    {MATRIX("\"durations\": [[0, 1]]", "\"start_index\": 0", "\"location_index\": 0"),
     "matrices.car.durations[0]", "must be a list of 1", 1},
    {MATRIX("\"distances\": " SQUARE, "\"start_index\": 0", "\"location_index\": 1"),
     "matrices.car.durations", "is missing", 1},
    {MATRIX("\"durations\": [[0, -5], [1, 0]]", "\"start_index\": 0", "\"location_index\": 1"),
     "matrices.car.durations[0][1]", "null or a whole number", 1},
    {MATRIX(DURATIONS ", \"distances\": [[0]]", "\"start_index\": 0", "\"location_index\": 1"),
     "matrices.car.distances", "must have 2 as the durations", 1},
    {MATRIX(DURATIONS ", \"distances\": [[0, null], [1, 0]]", "\"start_index\": 0",
            "\"location_index\": 1"),
     "matrices.car.distances[0][1]", "is null, yet there is a duration", 1},
    {MATRIX(DURATIONS, "\"start_index\": 0", "\"location_index\": 2"), "jobs[0].location_index",
     "must be less than 2", 1},
    {MATRIX(DURATIONS, "\"start\": [1, 2]", "\"location_index\": 1"), "vehicles[0].start_index",
     "must be given where there are matrices", 1},
    {MATRIX(DURATIONS, "\"start_index\": 0, \"profile\": \"bike\"", "\"location_index\": 1"),
     "vehicles[0].profile", "has no entry in matrices", 1},
    {MATRIX(DURATIONS, "\"start_index\": 0, \"costs\": {\"per_km\": 1}", "\"location_index\": 1"),
     "vehicles[0].costs.per_km", "needs the distances", 1},
    {MATRIX(DURATIONS, "\"start_index\": 0, \"max_distance\": 9", "\"location_index\": 1"),
     "vehicles[0].max_distance", "needs the distances", 1},
    {MATRIX(DURATIONS ", \"costs\": " SQUARE,
            "\"start_index\": 0, \"max_distance\": 9, \"costs\": {\"per_hour\": 1}",
            "\"location_index\": 1"),
     "vehicles[0].costs", "must not have per_hour", 2},
    {"{\"vehicles\": [{\"id\": 1, \"start\": [1, 2], \"time_window\": [0, 9]}], \"jobs\": "
     "[{\"id\": "
     "1, \"location\": [1, 2], \"time_windows\": [[1700000000, 1700003600]]}]}",
     "jobs[0].time_windows", "more than eight years after", 1},
};

static void what_is_refused(void **state)
{
    (void)state;
    for (int32_t i = 0; i < LEN(refused); i++) {
        cp_ctx ctx;
        cp_vroom *v = NULL;
        cp_json_in faults;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        assert_fails(&ctx, CP_E_INPUT, parse(&ctx, refused[i].text, &faults, &v));
        if (faults.n_faults != refused[i].n)
            fail_msg("%s: %d faults, the last at %s: %s", refused[i].text, (int)faults.n_faults,
                     faults.faults[faults.n_faults - 1].path,
                     faults.faults[faults.n_faults - 1].rule);
        if (strcmp(faults.faults[0].path, refused[i].path) != 0 ||
            strstr(faults.faults[0].rule, refused[i].words) == NULL)
            fail_msg("%s: at \"%s\": \"%s\"", refused[i].text, faults.faults[0].path,
                     faults.faults[0].rule);
        cp_ctx_done(&ctx);
    }
}

static void all_faults_are_told_at_once(void **state)
{
    static const char text[] =
        "{\"vehicles\": [{\"id\": 1, \"start\": [1.5, 95], \"max_tasks\": -1}, {\"id\": 1, "
        "\"end\": [1, "
        "2]}], \"jobs\": [{\"id\": 1, \"location\": [1, 2], \"servce\": 5}, {\"id\": true}]}";
    cp_vroom *v = NULL;
    cp_json_in f;
    assert_int_equal(parse(*state, text, &f, &v), CP_E_INPUT);
    assert_int_equal(f.n_faults, 6);
    assert_non_null(strstr(((cp_ctx *)*state)->error.text, "6 faults"));
    assert_string_equal(f.faults[0].path, "vehicles[0].start");
    assert_string_equal(f.faults[0].value, "[1.5, 95]");
    assert_string_equal(f.faults[3].value, "true");
    assert_string_equal(f.faults[4].path, "vehicles[1].id");
    assert_string_equal(f.faults[5].path, "jobs[1].location");
}

/* Every field lands where the model has it. */
static void what_is_read(void **state)
{
    static const char text[] =
        "{\"_note\": 1, \"matrices\": {\"van\": {\"durations\": [[0, 10, 7], [20, 0, null], [1, 2, "
        "0]], "
        "\"distances\": [[0, 100, 70], [200, 0, null], [10, 20, 0]]}}, \"vehicles\": ["
        "{\"id\": 7, \"profile\": \"van\", \"start_index\": 2, \"end_index\": 0, \"capacity\": [5, "
        "6], "
        "\"skills\": [9, 70], \"time_window\": [100, 900], \"speed_factor\": 2, \"max_tasks\": 3, "
        "\"max_travel_time\": 400, \"max_distance\": 5000, \"costs\": {\"fixed\": 1, \"per_hour\": "
        "2, "
        "\"per_km\": 3, \"per_task_hour\": 4}, \"breaks\": [{\"id\": 5, \"service\": 60, "
        "\"time_windows\": [[200, 300]]}]},"
        "{\"id\": 8, \"profile\": \"van\", \"start_index\": 2, \"capacity\": [5, 6]}, "
        "{\"id\": 9, \"profile\": \"van\", \"start_index\": 2, \"capacity\": [5, 6]}],"
        "\"jobs\": [{\"id\": 3, \"location_index\": 1, \"setup\": 11, \"service\": 12, "
        "\"delivery\": [1, "
        "2], \"pickup\": [0, 4], \"skills\": [70], \"priority\": 2, \"time_windows\": [[1, 2], [5, "
        "4000000000]]}, {\"id\": 4, \"location_index\": 1}]}";
    cp_vroom *v = NULL;
    cp_json_in f;
    assert_ok((cp_ctx *)*state, parse(*state, text, &f, &v));
    const cp_vrp *p = &v->p;
    const cp_vrp_vehicle *a = &p->vehicles[0], *b = &p->vehicles[1];
    assert_int_equal(p->n_places, 3);
    assert_int_equal(p->n_profiles, 2); /* by speed */
    assert_int_equal(p->n_vehicles, 2); /* 8 and 9 are alike */
    assert_int_equal(b->count, 2);
    assert_int_equal(p->profiles[0].time_s[1], 5);
    assert_int_equal(p->profiles[0].time_s[5], CP_VRP_NO_WAY);
    assert_int_equal(p->profiles[0].dist_m[3], 200);
    assert_int_equal(p->profiles[1].time_s[3], 20);
    assert_int_equal(p->depots[a->start_depot].place, 2);
    assert_int_equal(p->depots[a->end_depot].place, 0);
    assert_int_equal(b->end_depot, -1);
    assert_int_equal(a->capacity[1], 6);
    assert_int_equal(a->skills[0], 1); /* 70, the only one asked for */
    assert_null(b->skills);
    assert_int_equal(a->shift_start_s, 100);
    assert_int_equal(a->shift_end_s, 900);
    assert_int_equal(b->shift_start_s, 0);
    assert_int_equal(b->shift_end_s, CP_VRP_LATEST);
    assert_int_equal(a->nodes_max, 3);
    assert_int_equal(a->drive_max_s, 400);
    assert_int_equal(a->dist_max_m, 5000);
    assert_int_equal(a->fixed, 1);
    assert_int_equal(a->drive_price, 2);
    assert_int_equal(a->dist_price, 3);
    assert_int_equal(a->work_price, 4);
    assert_int_equal(b->drive_price, 3600);
    assert_int_equal(b->dist_price, 0);
    assert_int_equal(a->n_breaks, 1);
    assert_int_equal(a->breaks[0].duration_s, 60);
    assert_int_equal(a->breaks[0].windows[0].close_s, 300);
    const cp_vrp_node *n = &p->nodes[0];
    assert_int_equal(n->setup_s, 11);
    assert_int_equal(n->service_s, 12);
    assert_int_equal(n->deliver[1], 2);
    assert_int_equal(n->pickup[1], 4);
    assert_int_equal(n->n_windows, 2);
    assert_int_equal(n->windows[1].open_s, 5);
    assert_int_equal(n->windows[1].close_s, 1 << 29);
    assert_int_equal(n->skills[0], 1);
    assert_true(v->exact_order);
    assert_false(v->estimated);
    /* One job of priority 2 outweighs all others and any cost. */
    assert_true(n->out_price > 2 * p->nodes[1].out_price);
    assert_null(p->nodes[1].deliver);
}

static void shipments_are_pairs(void **state)
{
    static const char text[] =
        "{\"vehicles\": [{\"id\": 1, \"start\": [1, 2], \"capacity\": [9], \"breaks\": [{\"id\": "
        "1, "
        "\"max_load\": [4]}]}], \"shipments\": [{\"amount\": [5], \"skills\": [7], \"priority\": "
        "3, "
        "\"pickup\": {\"id\": 4, \"location\": [1, 3], \"service\": 60, \"time_windows\": [[5, "
        "9]]}, \"delivery\": {\"id\": 4, \"location\": [1, 4], \"setup\": 70}}], \"jobs\": "
        "[{\"id\": "
        "4, \"location\": [1, 5], \"delivery\": [2]}]}";
    cp_vroom *v = NULL;
    cp_json_in f;
    assert_ok((cp_ctx *)*state, parse(*state, text, &f, &v));
    const cp_vrp *p = &v->p;
    assert_int_equal(p->n_nodes, 3);
    assert_int_equal(p->n_pairs, 1);
    assert_int_equal(p->pairs[0].fetch, 1);
    assert_int_equal(p->pairs[0].bring, 2);
    assert_int_equal(p->nodes[1].pickup[0], 5);
    assert_int_equal(p->nodes[2].deliver[0], 5);
    assert_null(p->nodes[1].deliver);
    assert_int_equal(p->nodes[1].service_s, 60);
    assert_int_equal(p->nodes[1].windows[0].close_s, 9);
    assert_int_equal(p->nodes[2].setup_s, 70);
    assert_int_equal(p->nodes[1].out_price, p->nodes[2].out_price);
    assert_true(p->nodes[1].out_price > 2 * p->nodes[0].out_price);
    assert_int_equal(p->vehicles[0].breaks[0].max_load[0], 4);
}

/* Unix times: inside they are small, in the answer as given; a matrix of costs is the cost. */
static void moments_and_costs_of_the_file(void **state)
{
    static const char text[] =
        "{\"matrices\": {\"car\": {" DURATIONS
        ", \"distances\": [[0, 5], [5, 0]], \"costs\": [[0, 700], "
        "[800, 0]]}}, \"vehicles\": [{\"id\": 1, \"start_index\": 0, \"end_index\": 0, \"costs\": "
        "{\"fixed\": 9}}], \"jobs\": [{\"id\": 2, \"location_index\": 1, \"time_windows\": "
        "[[1700000000, 1700003600]]}]}";
    cp_ctx *ctx = *state;
    cp_vroom *v = NULL;
    cp_json_in f;
    cp_vrp_result result;
    cp_vrp_report report;
    cp_vrp_opts o = cp_vrp_opts_defaults();
    o.work = 100;
    assert_ok(ctx, parse(ctx, text, &f, &v));
    assert_int_equal(v->origin_s, 1700000000);
    assert_int_equal(v->p.nodes[0].windows[0].close_s, 3600);
    assert_ok(ctx, cp_vrp_solve(ctx, &v->p, &o, &result));
    assert_ok(ctx, cp_vrp_check(ctx, &v->p, &result.solution, &report));
    assert_true(report.feasible);
    assert_int_equal(report.cost.total, 9 + 700 + 800);
    assert_int_equal(v->metres[0][1], 5);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, check_start, check_finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_refused), TEST(all_faults_are_told_at_once),   TEST(what_is_read),
        TEST(shipments_are_pairs),         TEST(moments_and_costs_of_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

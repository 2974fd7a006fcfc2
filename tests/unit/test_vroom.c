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
    {"{" JOB "," VEHICLE ", \"shipments\": [{}]}", "shipments", "pairs cannot be kept", 1},
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
    {ONE_CAR("\"breaks\": [{\"id\": 3, \"max_load\": [1]}]"), "vehicles[0].breaks[0].max_load",
     "cannot be kept", 1},
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

/* ---- answers, walked through again ---- */

static int64_t num(const cJSON *o, const char *key)
{
    const cJSON *x = cJSON_GetObjectItemCaseSensitive(o, key);
    return cJSON_IsNumber(x) ? (int64_t)x->valuedouble : 0;
}

static const cJSON *by_id(const cJSON *list, int64_t id)
{
    const cJSON *c = NULL;
    cJSON_ArrayForEach(c, list) if (num(c, "id") == id) return c;
    fail_msg("no id %d", (int)id);
    return NULL;
}

static int64_t cell(const cJSON *doc, const char *which, int64_t from, int64_t to)
{
    const cJSON *m =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(doc, "matrices"), "car");
    const cJSON *row = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(m, which), (int)from);
    return (int64_t)cJSON_GetArrayItem(row, (int)to)->valuedouble;
}

static int64_t first_of(const cJSON *o, const char *key)
{
    const cJSON *a = cJSON_GetObjectItemCaseSensitive(o, key);
    return a == NULL ? 0 : (int64_t)cJSON_GetArrayItem(a, 0)->valuedouble;
}

static bool in_window(const cJSON *job, int64_t start)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(job, "time_windows"), *w = NULL;
    if (list == NULL) return true;
    cJSON_ArrayForEach(w, list) if (start >= w->child->valuedouble &&
                                    start <= w->child->next->valuedouble) return true;
    return false;
}

/* Walks one route by the file alone; returns the jobs served. */
static int32_t walk(const cJSON *doc, const cJSON *route, int64_t *cost)
{
    const cJSON *car =
        by_id(cJSON_GetObjectItemCaseSensitive(doc, "vehicles"), num(route, "vehicle"));
    const cJSON *s = NULL;
    int64_t at = num(car, "start_index"), t = -1, driven = 0, way = 0,
            load = first_of(route, "delivery");
    int32_t n = 0, breaks = 0;
    cJSON_ArrayForEach(s, cJSON_GetObjectItemCaseSensitive(route, "steps"))
    {
        const char *type = cJSON_GetObjectItemCaseSensitive(s, "type")->valuestring;
        if (t < 0) t = num(s, "arrival");
        if (strcmp(type, "break") == 0) {
            breaks++;
        } else {
            const int64_t to = num(s, "location_index"), leg = cell(doc, "durations", at, to);
            t += leg;
            driven += leg;
            way += cell(doc, "distances", at, to);
            if (strcmp(type, "job") == 0) {
                const cJSON *job =
                    by_id(cJSON_GetObjectItemCaseSensitive(doc, "jobs"), num(s, "id"));
                load += first_of(job, "pickup") - first_of(job, "delivery");
                assert_true(in_window(job, t + num(s, "waiting_time")));
                assert_int_equal(num(s, "service"), num(job, "service"));
                assert_int_equal(num(s, "setup"), at == to ? 0 : num(job, "setup"));
                assert_int_equal(to, num(job, "location_index"));
                n++;
            }
            at = to;
        }
        assert_int_equal(num(s, "arrival"), t);
        assert_int_equal(num(s, "duration"), driven);
        assert_int_equal(num(s, "distance"), way);
        assert_int_equal(first_of(s, "load"), load);
        assert_true(load <= first_of(car, "capacity"));
        t += num(s, "waiting_time") + num(s, "setup") + num(s, "service");
    }
    const cJSON *prices = cJSON_GetObjectItemCaseSensitive(car, "costs");
    *cost = num(prices, "fixed") + (num(prices, "per_hour") * driven + 1800) / 3600 +
            (num(prices, "per_km") * way + 500) / 1000;
    assert_int_equal(num(route, "cost"), *cost);
    assert_int_equal(num(route, "duration"), driven);
    assert_int_equal(num(route, "distance"), way);
    assert_int_equal(breaks, cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(car, "breaks")));
    assert_true(n <= num(car, "max_tasks"));
    return n;
}

/* A file of n jobs and some vehicles, all fields in use. */
static char *random_file(cp_ctx *ctx, int32_t n, uint64_t seed, bool rich)
{
    cp_rng rng = cp_rng_new(seed, 7);
    char *t = cp_strf(ctx, ctx->run, "{\"jobs\": [");
    for (int32_t k = 0; k < n; k++) {
        const int32_t open = (int32_t)cp_rng_below(&rng, 8000);
        t = cp_strf(
            ctx, ctx->run,
            "%s%s{\"id\": %d, \"location_index\": %d, \"service\": %d, \"setup\": %d, "
            "\"delivery\": [%d], \"pickup\": [%d], \"priority\": %d, \"time_windows\": "
            "[[%d, %d]%s]}",
            t, k == 0 ? "" : ", ", (int)k + 100, (int)(1 + cp_rng_below(&rng, 5)),
            (int)cp_rng_below(&rng, 300), (int)cp_rng_below(&rng, 60), (int)cp_rng_below(&rng, 4),
            (int)cp_rng_below(&rng, 4), (int)(cp_rng_below(&rng, 3) * 10), (int)open,
            (int)(open + 500 + (int32_t)cp_rng_below(&rng, 3000)), rich ? ", [12000, 14000]" : "");
    }
    t = cp_strf(ctx, ctx->run, "%s], \"vehicles\": [", t);
    for (int32_t k = 0; k < 3; k++)
        t = cp_strf(
            ctx, ctx->run,
            "%s%s{\"id\": %d, \"start_index\": 0, \"end_index\": 0, \"capacity\": [%d], "
            "\"time_window\": [0, 15000], \"max_tasks\": 4, \"costs\": {\"fixed\": %d, "
            "\"per_hour\": 3600, \"per_km\": 77}%s}",
            t, k == 0 ? "" : ", ", (int)k, 5 + 2 * (int)k, 100 * (int)k,
            rich ? ", \"max_travel_time\": 4000, \"max_distance\": 30000, \"breaks\": [{\"id\": "
                   "1, \"service\": 300, \"time_windows\": [[2000, 5000]]}]"
                 : "");
    for (int32_t m = 0; m < 2; m++) {
        t = cp_strf(ctx, ctx->run, "%s%s: [", t,
                    m == 0 ? "], \"matrices\": {\"car\": {\"durations\"" : ", \"distances\"");
        for (int32_t i = 0; i < 6; i++) {
            t = cp_strf(ctx, ctx->run, "%s%s[", t, i == 0 ? "" : ", ");
            for (int32_t j = 0; j < 6; j++)
                t = cp_strf(ctx, ctx->run, "%s%s%d", t, j == 0 ? "" : ", ",
                            i == j ? 0 : (int)(100 + cp_rng_below(&rng, 900)) * (m == 0 ? 1 : 8));
            t = cp_strf(ctx, ctx->run, "%s]", t);
        }
        t = cp_strf(ctx, ctx->run, "%s]", t);
    }
    return cp_strf(ctx, ctx->run, "%s}}}", t);
}

static char *answer_of(cp_ctx *ctx, const char *text)
{
    cp_vroom *v = NULL;
    cp_json_in f;
    cp_vrp_result result;
    cp_vrp_report report;
    cp_vrp_opts o = cp_vrp_opts_defaults();
    o.work = 400;
    assert_ok(ctx, parse(ctx, text, &f, &v));
    assert_ok(ctx, cp_vrp_solve(ctx, &v->p, &o, &result));
    assert_ok(ctx, cp_vrp_check(ctx, &v->p, &result.solution, &report));
    assert_true(report.feasible);
    FILE *file = tmpfile();
    assert_non_null(file);
    cp_outfile out = {file, NULL, NULL};
    assert_ok(ctx, cp_vroom_answer(ctx, v, &result.solution, &report, &out));
    const long size = ftell(file);
    char *bytes = cp_alloc(ctx, ctx->run, (size_t)size + 1, 1);
    rewind(file);
    assert_int_equal(fread(bytes, 1, (size_t)size, file), size);
    fclose(file);
    return bytes;
}

static void answers_are_true_of(cp_ctx *ctx, bool rich)
{
    int32_t served = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        const char *text = random_file(ctx, 9, seed, rich);
        const char *answer = answer_of(ctx, text);
        cJSON *doc = cJSON_Parse(text), *a = cJSON_Parse(answer);
        assert_non_null(a);
        const cJSON *sum = cJSON_GetObjectItemCaseSensitive(a, "summary"), *r = NULL;
        const cJSON *routes = cJSON_GetObjectItemCaseSensitive(a, "routes");
        int64_t total = 0, cost = 0;
        int32_t n = 0;
        cJSON_ArrayForEach(r, routes)
        {
            n += walk(doc, r, &cost);
            total += cost;
        }
        assert_int_equal(num(sum, "cost"), total);
        assert_int_equal(num(sum, "routes"), cJSON_GetArraySize(routes));
        assert_int_equal(num(sum, "unassigned"), 9 - n);
        assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(a, "unassigned")),
                         9 - n);
        assert_string_equal(answer, answer_of(ctx, text));
        served += n;
        cJSON_Delete(doc);
        cJSON_Delete(a);
    }
    assert_true(served > 60);
}

static void answers_are_true(void **state)
{
    answers_are_true_of(*state, false);
}

/* With breaks, two windows a job, longest ways and driving times: the search for rich rules. */
static void answers_with_all_rules_are_true(void **state)
{
    answers_are_true_of(*state, true);
}

/* Any change of a byte or two is read or refused with words, never a crash. */
static void broken_files_are_refused_with_words(void **state)
{
    static const char bits[] = "{}[],:\"0159.-eE tnu\\";
    cp_ctx *base = *state;
    const char *text = random_file(base, 3, 5, true);
    const size_t n = strlen(text);
    cp_rng rng = cp_rng_new(11, 1);
    for (int32_t i = 0; i < 3000; i++) {
        cp_ctx ctx;
        cp_vroom *v = NULL;
        cp_json_in f;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        char *copy = cp_strdup(&ctx, ctx.run, text);
        for (uint32_t k = 0; k <= cp_rng_below(&rng, 3); k++)
            copy[cp_rng_below(&rng, (uint32_t)n)] = bits[cp_rng_below(&rng, sizeof(bits) - 1)];
        if (cp_rng_below(&rng, 8) == 0) copy[cp_rng_below(&rng, (uint32_t)n)] = '\0';
        if (parse(&ctx, copy, &f, &v) != CP_OK) {
            assert_true(ctx.error.text[0] != '\0');
            assert_true(f.n_faults > 0);
        } else {
            assert_ok(&ctx, cp_vrp_validate(&ctx, &v->p));
        }
        cp_ctx_done(&ctx);
    }
}

/* More priority first, then more jobs, then less cost: one vehicle has room for one of two. */
static void priorities_come_first(void **state)
{
    static const struct {
        const char *name, *near, *far;
        int32_t room, want; /* jobs served: id of the first */
    } cases[] = {
        {"the nearer", "0", "0", 1, 1},
        {"the more important, though far", "0", "1", 1, 2},
        {"two rather than one", "0", "0", 2, 0},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_vroom *v = NULL;
        cp_json_in f;
        cp_vrp_result r;
        cp_vrp_opts o = cp_vrp_opts_defaults();
        o.work = 300;
        const char *text = cp_strf(
            *state, ((cp_ctx *)*state)->run,
            "{\"vehicles\": [{\"id\": 1, \"start\": [1.5, 42.5], \"end\": [1.5, 42.5], "
            "\"max_tasks\": %d}],"
            "\"jobs\": [{\"id\": 1, \"location\": [1.51, 42.5], \"priority\": %s}, {\"id\": 2, "
            "\"location\": [2.9, 42.9], \"priority\": %s}]}",
            (int)cases[i].room, cases[i].near, cases[i].far);
        assert_ok((cp_ctx *)*state, parse(*state, text, &f, &v));
        assert_ok((cp_ctx *)*state, cp_vrp_solve(*state, &v->p, &o, &r));
        if (r.solution.n_items != cases[i].room) fail_msg("%s", cases[i].name);
        if (cases[i].room == 1 && r.solution.items[0] != cases[i].want - 1)
            fail_msg("%s", cases[i].name);
    }
}

/* Among many: the far and important one is worth more than all the near ones together. */
static void one_important_job_outweighs_many(void **state)
{
    cp_ctx *ctx = *state;
    cp_vroom *v = NULL;
    cp_json_in f;
    cp_vrp_result r;
    cp_vrp_opts o = cp_vrp_opts_defaults();
    o.work = 3000;
    char *text =
        cp_strf(ctx, ctx->run,
                "{\"vehicles\": [{\"id\": 1, \"start\": [1.5, 42.5], \"end\": [1.5, 42.5], "
                "\"time_window\": [0, 90000]}], \"jobs\": [{\"id\": 99, \"location\": [3.2, "
                "43.2], \"priority\": 9, \"service\": 2500}");
    for (int32_t k = 0; k < 30; k++)
        text = cp_strf(ctx, ctx->run,
                       "%s, {\"id\": %d, \"location\": [1.5%02d, 42.5], \"service\": 2500}", text,
                       (int)k, (int)k);
    assert_ok(ctx, parse(ctx, cp_strf(ctx, ctx->run, "%s]}", text), &f, &v));
    assert_true(v->exact_order);
    assert_ok(ctx, cp_vrp_solve(ctx, &v->p, &o, &r));
    bool served = false;
    for (int32_t i = 0; i < r.solution.n_items; i++)
        served = served || r.solution.items[i] == 0;
    assert_true(served);
    assert_true(r.solution.n_items < 20); /* the way there takes the room of many */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, check_start, check_finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_refused),
        TEST(all_faults_are_told_at_once),
        TEST(what_is_read),
        TEST(moments_and_costs_of_the_file),
        TEST(answers_are_true),
        TEST(answers_with_all_rules_are_true),
        TEST(broken_files_are_refused_with_words),
        TEST(priorities_come_first),
        TEST(one_important_job_outweighs_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

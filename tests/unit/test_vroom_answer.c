/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers in VROOM's style, walked through again by the problem's file alone. */
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

/* The job, or the end of a shipment (ids are those of both ends), and the load after it. */
static const cJSON *task_of(const cJSON *doc, const char *type, int64_t id, int64_t *load)
{
    if (strcmp(type, "job") == 0) {
        const cJSON *job = by_id(cJSON_GetObjectItemCaseSensitive(doc, "jobs"), id);
        *load += first_of(job, "pickup") - first_of(job, "delivery");
        return job;
    }
    const cJSON *q = NULL;
    cJSON_ArrayForEach(q, cJSON_GetObjectItemCaseSensitive(doc, "shipments"))
    {
        const cJSON *end = cJSON_GetObjectItemCaseSensitive(q, type);
        if (num(end, "id") != id) continue;
        *load += strcmp(type, "pickup") == 0 ? first_of(q, "amount") : -first_of(q, "amount");
        return end;
    }
    fail_msg("no %s %d", type, (int)id);
    return NULL;
}

/* What jobs are delivered; every pick-up is delivered behind it. */
static int64_t first_load(const cJSON *doc, const cJSON *route)
{
    int64_t load = 0, fetched = 0;
    const cJSON *s = NULL;
    cJSON_ArrayForEach(s, cJSON_GetObjectItemCaseSensitive(route, "steps"))
    {
        const char *type = cJSON_GetObjectItemCaseSensitive(s, "type")->valuestring;
        if (strcmp(type, "job") == 0)
            load += first_of(by_id(cJSON_GetObjectItemCaseSensitive(doc, "jobs"), num(s, "id")),
                             "delivery");
        if (strcmp(type, "pickup") == 0) fetched |= INT64_C(1) << num(s, "id");
        if (strcmp(type, "delivery") != 0) continue;
        assert_true(fetched >> num(s, "id") & 1);
        fetched ^= INT64_C(1) << num(s, "id");
    }
    assert_int_equal(fetched, 0);
    return load;
}

/* Walks one route by the file alone; returns the jobs served. */
static int32_t walk(const cJSON *doc, const cJSON *route, int64_t *cost)
{
    const cJSON *car =
        by_id(cJSON_GetObjectItemCaseSensitive(doc, "vehicles"), num(route, "vehicle"));
    const cJSON *s = NULL;
    const bool with_max_load =
        strstr(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(doc, "_max_load")), "yes") !=
        NULL;
    int64_t at = num(car, "start_index"), t = -1, driven = 0, way = 0;
    int64_t load = first_load(doc, route);
    int32_t n = 0, breaks = 0;
    cJSON_ArrayForEach(s, cJSON_GetObjectItemCaseSensitive(route, "steps"))
    {
        const char *type = cJSON_GetObjectItemCaseSensitive(s, "type")->valuestring;
        if (t < 0) t = num(s, "arrival");
        if (strcmp(type, "break") == 0) {
            breaks++;
            assert_true(!with_max_load || load <= 4);
        } else {
            const int64_t to = num(s, "location_index"), leg = cell(doc, "durations", at, to);
            t += leg;
            driven += leg;
            way += cell(doc, "distances", at, to);
            if (strcmp(type, "start") != 0 && strcmp(type, "end") != 0) {
                const cJSON *job = task_of(doc, type, num(s, "id"), &load);
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

/* Three shipments, each with one id for both ends. */
static char *random_shipments(cp_ctx *ctx, cp_rng *rng)
{
    char *t = cp_strf(ctx, ctx->run, "\"shipments\": [");
    for (int32_t k = 0; k < 3; k++)
        t = cp_strf(ctx, ctx->run,
                    "%s%s{\"amount\": [%d], \"priority\": 10, \"pickup\": {\"id\": %d, "
                    "\"location_index\": %d, \"service\": 100, \"time_windows\": [[%d, 9000]]}, "
                    "\"delivery\": {\"id\": %d, \"location_index\": %d, \"setup\": 50}}",
                    t, k == 0 ? "" : ", ", (int)(1 + cp_rng_below(rng, 4)), (int)k,
                    (int)(1 + cp_rng_below(rng, 5)), (int)cp_rng_below(rng, 4000), (int)k,
                    (int)(1 + cp_rng_below(rng, 5)));
    return cp_strf(ctx, ctx->run, "%s], ", t);
}

/* A file of n jobs and some vehicles, all fields in use. */
static char *random_file(cp_ctx *ctx, int32_t n, uint64_t seed, bool rich, bool ships)
{
    cp_rng rng = cp_rng_new(seed, 7);
    char *t = cp_strf(ctx, ctx->run, "{\"_max_load\": \"%s\", %s\"jobs\": [", ships ? "yes" : "no",
                      ships ? random_shipments(ctx, &rng) : "");
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
            ships  ? ", \"breaks\": [{\"id\": 1, \"service\": 300, \"max_load\": [4], "
                     "\"time_windows\": [[2000, 9000]]}]"
            : rich ? ", \"max_travel_time\": 4000, \"max_distance\": 30000, \"breaks\": [{\"id\": "
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
    assert_ok(ctx, cp_vroom_answer(ctx, v, &result.solution, &report, NULL, &out));
    const long size = ftell(file);
    char *bytes = cp_alloc(ctx, ctx->run, (size_t)size + 1, 1);
    rewind(file);
    assert_int_equal(fread(bytes, 1, (size_t)size, file), size);
    fclose(file);
    return bytes;
}

static void answers_are_true_of(cp_ctx *ctx, bool rich, bool ships)
{
    int32_t served = 0;
    const int32_t all = ships ? 15 : 9;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        const char *text = random_file(ctx, 9, seed, rich, ships);
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
        assert_int_equal(num(sum, "unassigned"), all - n);
        assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(a, "unassigned")),
                         all - n);
        assert_string_equal(answer, answer_of(ctx, text));
        served += n;
        cJSON_Delete(doc);
        cJSON_Delete(a);
    }
    assert_true(served > 60);
}

static void answers_are_true(void **state)
{
    answers_are_true_of(*state, false, false);
}

/* With breaks, two windows a job, longest ways and driving times: the search for rich rules. */
static void answers_with_all_rules_are_true(void **state)
{
    answers_are_true_of(*state, true, false);
}

/* Pick-up before delivery in one car, few on board during the break. */
static void answers_with_shipments_are_true(void **state)
{
    answers_are_true_of(*state, false, true);
    answers_are_true_of(*state, true, true);
}

/* Any change of a byte or two is read or refused with words, never a crash. */
static void broken_files_are_refused_with_words(void **state)
{
    static const char bits[] = "{}[],:\"0159.-eE tnu\\";
    cp_ctx *base = *state;
    const char *text = random_file(base, 3, 5, true, true);
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
        TEST(answers_are_true),
        TEST(answers_with_all_rules_are_true),
        TEST(answers_with_shipments_are_true),
        TEST(broken_files_are_refused_with_words),
        TEST(priorities_come_first),
        TEST(one_important_job_outweighs_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaves data and a page of a small study in <build>/tests/study-toy for the schema and the browser
 * tests. */
#include "viz/study_page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/check.h"
#include "viz/template.h"

#define KEPT CP_BUILD_DIR "/tests/study-toy"

enum { N_PLACES = 3, N_CLIENTS = 4, N_PERIODS = 2 };

static const cp_study_place places[N_PLACES] = {
    {"V-1", "Old vault", 31.2, 121.4, CP_STUDY_EXISTING},
    {"C-1", "候选金库 <一>", 31.3, 121.5, CP_STUDY_CANDIDATE},
    {"G-1", "", 31.25, 121.6, CP_STUDY_GENERATED}};
static const cp_study_client clients[N_CLIENTS] = {
    {"S-1", "</script>", 31.21, 121.41, 100, 5000000, 40000, 0, false},
    {"S-2", "人民路支行", 31.29, 121.49, 50, 2500000, 20000, 0, false},
    {"S-3", "", 31.31, 121.52, 52.5, 2500000, 20000, -1, false},
    {"S-4", "Island", 31.5, 121.9, 10, 100000, 1000, -1, true}};
static const char *const periods[N_PERIODS] = {"2027", "2028"};
static const int32_t server[3][N_PERIODS * N_CLIENTS] = {
    {0, 0, 0, -1, 0, 0, 0, -1}, {0, 1, 1, -1, 0, 1, 1, -1}, {0, 0, 1, -1, 0, 1, 1, -1}};
static const int32_t seconds[3][N_PERIODS * N_CLIENTS] = {
    {600, 1200, 1900, -1, 600, 1200, 1900, -1},
    {600, 300, 360, -1, 600, 300, 360, -1},
    {600, 1200, 360, -1, 600, 300, 360, -1}};
static cp_study_use use[3][N_PERIODS * N_PLACES];

static cp_study_use open_vault(const char *size, int32_t n_clients, double value, double room)
{
    return (cp_study_use){.size = 0,
                          .size_name = size,
                          .n_clients = n_clients,
                          .load = {value, 2 * value, 0.5},
                          .room = {room, INFINITY, 20},
                          .gained = 1,
                          .lost = 2,
                          .worst_s = 1200,
                          .mean_s = 700.25,
                          .cost = 123456,
                          .has_break_even = true,
                          .break_even = 4200,
                          .break_even_proven = size[0] == 'A'};
}

static void fill_use(void)
{
    const cp_study_use closed = {.size = -1, .size_name = "", .worst_s = -1};
    for (int32_t s = 0; s < 3; s++)
        for (int32_t t = 0; t < N_PERIODS; t++) {
            cp_study_use *row = &use[s][t * N_PLACES];
            row[0] = open_vault("A", s == 0 ? 3 : 1, 3000, 9000);
            row[1] = s == 0 || (s == 2 && t == 0) ? closed : open_vault("B", 2, 1000, 4000);
            row[2] = closed;
        }
    use[0][1].has_break_even = true; /* closed, and what would open it is known */
    use[0][1].break_even = 99;
}

static const cp_study_cost costs[3] = {
    {600, 0, 0, 300, 100, 1000}, {700, 50, 10, 150, 90, 1000}, {650, 25, 5, 220, 95, 995}};

static cp_study_scenario scenario(int32_t at, const char *name, const char *base)
{
    return (cp_study_scenario){.name = name,
                               .base = base,
                               .changes = at == 0 ? "" : "C-1 opened",
                               .found = true,
                               .proven = at == 1,
                               .objective = 2000.5 - at,
                               .bound = at == 0 ? -INFINITY : 1990.25,
                               .cost = costs[at],
                               .radius_s = 1500,
                               .n_open = at == 0 ? 1 : 2,
                               .n_opened = at == 0 ? 0 : 1,
                               .n_beyond = at == 0 ? 1 : 0,
                               .n_left = 1,
                               .n_unreachable = 1,
                               .worst_s = at == 0 ? 1900 : 1200,
                               .mean_s = 900.5,
                               .covered = 0.75,
                               .use = use[at],
                               .server = server[at],
                               .seconds = seconds[at],
                               .operation = {.done = at < 2,
                                             .why_not = at < 2 ? NULL : "no car reaches S-3",
                                             .n_days = 14,
                                             .cost = 2500 - 10 * at,
                                             .routes = 1000,
                                             .visits = 700,
                                             .vaults = 800 - 10 * at,
                                             .bound = at == 0 ? 2400 : -1,
                                             .rank = at == 0 ? 2 : 1,
                                             .model_rank = at + 1,
                                             .stops = 30,
                                             .cars = 2,
                                             .service_ppm = 999000},
                               .cpu_s = 0.25};
}

static cp_study_scenario scenarios[4];
static const cp_study_point points[] = {{10, false, true, 0, -INFINITY, 0, ""},
                                        {20, true, true, 2000, 2000, 2, "V-1 C-1"},
                                        {30, true, false, 1900, 1890, 1, "V-1"}};
static const cp_study_curve curves[] = {{"radius", "min", points, LEN(points)}};

static cp_study_result study(void)
{
    fill_use();
    scenarios[0] = scenario(0, "base", "");
    scenarios[1] = scenario(1, "open C-1", "base");
    scenarios[2] = scenario(2, "open C-1 later", "open C-1");
    scenarios[3] = (cp_study_scenario){.name = "radius 5",
                                       .base = "base",
                                       .changes = "radius 5 min",
                                       .proven = true,
                                       .bound = -INFINITY,
                                       .why_not = "S-3 is farther than 5 min from every place",
                                       .worst_s = -1};
    return (cp_study_result){"toy",          "Vaults of the toy bank <",
                             "CNY",          2,
                             20000,          places,
                             N_PLACES,       clients,
                             N_CLIENTS,      periods,
                             N_PERIODS,      scenarios,
                             LEN(scenarios), curves,
                             LEN(curves)};
}

static void write_data(cp_ctx *ctx, const cp_study_result *r, bool html, const char *path)
{
    cp_outfile out;
    assert_ok(ctx, cp_outfile_open(ctx, path, &out));
    const cp_status st = cp_study_data_write(ctx, r, NULL, html, &out);
    assert_ok(ctx, cp_outfile_close(ctx, &out, st));
}

static int64_t count_in_file(cp_ctx *ctx, const char *path, const char *what)
{
    struct stat st;
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    assert_int_equal(stat(path, &st), 0);
    const size_t n = (size_t)st.st_size;
    char *text = cp_alloc(ctx, ctx->run, n + 1, 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, n, f), n);
    fclose(f);
    int64_t found = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
        found++;
    return found;
}

static void what_was_found_is_told(void **state)
{
    cp_ctx *ctx = *state;
    const cp_study_result r = study();
    mkdir(KEPT, 0700);
    write_data(ctx, &r, false, KEPT "/study.json");
    static const struct {
        const char *name, *text;
        int64_t n;
    } told[] = {
        {"head",
         "\"meta\":{\"name\":\"toy\",\"title\":\"Vaults of the toy bank <\",\"currency\":\"CNY\","
         "\"exponent\":2,\"day\":\"2024-10-04\"},\"periods\":[\"2027\",\"2028\"]",
         1},
        {"origins", "\"origin\":[0,1,2]", 1},
        {"who serves today", "\"today\":[0,0,-1,-1],\"unreachable\":[0,0,0,1]", 1},
        {"no bound", "\"objective\":2000.5,\"bound\":null", 1},
        {"a bound", "\"objective\":1999.5,\"bound\":1990.25", 1},
        {"no plan and why",
         "\"found\":false,\"proven\":true,\"objective\":null,\"bound\":null,\"why_not\":\"S-3 is "
         "farther than 5 min from every place\"",
         1},
        {"cost by item",
         "\"cost\":{\"run\":700,\"begin\":50,\"end\":10,\"service\":150,\"left\":90,\"total\":"
         "1000}",
         1},
        {"not planned and why", "\"done\":false,\"why_not\":\"no car reaches S-3\"", 1},
        {"bound of operations", "\"vaults\":800,\"bound\":2400,\"rank\":2,\"model_rank\":1", 1},
        {"a closed place that tells its break-even", "\"place\":[0,1],\"size\":[0,-1]", 1},
        {"break-even and its proof", "\"break_even\":[4200,99],\"break_even_proven\":[1,0]", 1},
        {"room without end", "\"notes\":[6000,2000],\"notes_room\":[null,null]", 3},
        {"the first block is whole",
         "{\"like\":-1,\"step\":[0,1,1],\"server\":[0,0,0],\"seconds\":[600,1200,1900]}", 1},
        {"the next period is like it", "{\"like\":0,\"step\":[],\"server\":[],\"seconds\":[]}", 1},
        {"a scenario against its base",
         "{\"like\":0,\"step\":[1,1],\"server\":[1,1],\"seconds\":[300,360]}", 1},
        {"one client differs from the scenario before",
         "{\"like\":2,\"step\":[1],\"server\":[0],\"seconds\":[1200]}", 1},
        {"nothing was found", "\"use\":[],\"service\":[]", 1},
        {"curve",
         "\"x\":[10,20,30],\"found\":[false,true,true],\"proven\":[true,true,false],"
         "\"objective\":[null,2000,1900],\"bound\":[null,2000,1890],\"n_open\":[0,2,1],"
         "\"open\":[\"\",\"V-1 C-1\",\"V-1\"]",
         1},
        {"no roads", "\"from\":[],\"to\":[],\"left_out\":0", 1}};
    for (int32_t i = 0; i < LEN(told); i++)
        if (count_in_file(ctx, KEPT "/study.json", told[i].text) != told[i].n)
            fail_msg("not told: %s", told[i].name);
}

static void data_never_ends_the_script_element(void **state)
{
    cp_ctx *ctx = *state;
    const cp_study_result r = study();
    mkdir(KEPT, 0700);
    write_data(ctx, &r, true, KEPT "/study-html.json");
    assert_int_equal(count_in_file(ctx, KEPT "/study-html.json", "<"), 0);
    assert_int_equal(count_in_file(ctx, KEPT "/study-html.json", "\\u003c/script>"), 1);
}

static void a_page_is_whole_or_says_how_to_build_it(void **state)
{
    cp_ctx *ctx = *state;
    const cp_study_result r = study();
    mkdir(KEPT, 0700);
    if (cp_study_template_size == 0) {
        assert_fails(ctx, CP_E_INPUT, cp_study_page(ctx, &r, NULL, KEPT "/study.html"));
        return;
    }
    assert_ok(ctx, cp_study_page(ctx, &r, NULL, KEPT "/study.html"));
    assert_int_equal(count_in_file(ctx, KEPT "/study.html", "</script>"), 2);
    assert_int_equal(count_in_file(ctx, KEPT "/study.html", "\"schema\":\"cashplan.study_page/1\""),
                     1);
    assert_int_equal(count_in_file(ctx, KEPT "/study.html", "</html>"), 1);
    assert_fails(ctx, CP_E_IO, cp_study_page(ctx, &r, NULL, KEPT "/no/such/folder.html"));
}

/* A study without a scenario, client or place. */
static void nothing_is_a_study_too(void **state)
{
    cp_ctx *ctx = *state;
    const cp_study_result r = {.name = "none", .title = "", .currency = "CNY", .exponent = 2};
    mkdir(KEPT, 0700);
    write_data(ctx, &r, false, KEPT "/none.json");
    assert_int_equal(count_in_file(ctx, KEPT "/none.json", "\"scenarios\":[],\"curves\":[]"), 1);
}

enum { MANY = 5000, MANY_SCENARIOS = 20 };

/* Every scenario moves a twentieth of the clients of its base. */
static void many_clients_and_scenarios_stay_small(void **state)
{
    cp_ctx *ctx = *state;
    cp_study_client *c = cp_alloc(ctx, ctx->run, MANY, sizeof *c);
    cp_study_scenario *s = cp_alloc(ctx, ctx->run, MANY_SCENARIOS, sizeof *s);
    assert_true(c != NULL && s != NULL);
    for (int32_t i = 0; i < MANY; i++)
        c[i] = (cp_study_client){"S-00000", "江北区文化路支行", 31 + i * 1e-4, 121.12345,
                                 150.5,     123456789,          1234567,       0,
                                 false};
    for (int32_t k = 0; k < MANY_SCENARIOS; k++) {
        int32_t *to = cp_alloc(ctx, ctx->run, N_PERIODS * MANY, sizeof *to);
        int32_t *away = cp_alloc(ctx, ctx->run, N_PERIODS * MANY, sizeof *away);
        assert_true(to != NULL && away != NULL);
        for (int32_t i = 0; i < N_PERIODS * MANY; i++) {
            to[i] = k > 0 && (i + k) % 20 == 0;
            away[i] = 600 + i % MANY + to[i];
        }
        s[k] = (cp_study_scenario){.name = "many",
                                   .base = k > 0 ? "many" : "",
                                   .changes = "",
                                   .found = true,
                                   .use = use[0],
                                   .server = to,
                                   .seconds = away};
    }
    cp_study_result r = study();
    r.clients = c;
    r.n_clients = MANY;
    r.scenarios = s;
    r.n_scenarios = MANY_SCENARIOS;
    struct stat st;
    mkdir(KEPT, 0700);
    write_data(ctx, &r, true, KEPT "/many.json");
    assert_int_equal(stat(KEPT "/many.json", &st), 0);
    assert_true(st.st_size < 1500000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_found_is_told, check_start, check_finish),
        cmocka_unit_test_setup_teardown(data_never_ends_the_script_element, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(a_page_is_whole_or_says_how_to_build_it, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(nothing_is_a_study_too, check_start, check_finish),
        cmocka_unit_test_setup_teardown(many_clients_and_scenarios_stay_small, check_start,
                                        check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

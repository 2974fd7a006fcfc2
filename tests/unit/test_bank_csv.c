/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Banks as CSV folders: the sample in data/sample is what the generator writes today. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/bank_csv.h"
#include "models/sample/generate.h"
#include "tests/check.h"

static void make_folder(char *dir)
{
    strcpy(dir, CP_BUILD_DIR "/bank_csv_XXXXXX");
    assert_non_null(mkdtemp(dir));
}

static void remove_folder(const char *dir)
{
    char path[600];
    for (int32_t e = 0; e < CP_N_ENTITIES; e++) {
        (void)snprintf(path, sizeof path, "%s/%s.csv", dir, cp_entities[e].name);
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/history.csv", dir);
    (void)unlink(path);
    assert_int_equal(rmdir(dir), 0);
}

static void same_file(const char *dir_a, const char *dir_b, const char *name)
{
    char a_path[600], b_path[600];
    static char a_line[4096], b_line[4096];
    (void)snprintf(a_path, sizeof a_path, "%s/%s.csv", dir_a, name);
    (void)snprintf(b_path, sizeof b_path, "%s/%s.csv", dir_b, name);
    FILE *a = fopen(a_path, "rb"), *b = fopen(b_path, "rb");
    assert_true((a == NULL) == (b == NULL));
    for (long line = 1; a != NULL; line++) {
        const char *x = fgets(a_line, (int)sizeof a_line, a);
        const char *y = fgets(b_line, (int)sizeof b_line, b);
        if ((x == NULL) != (y == NULL) || (x != NULL && strcmp(x, y) != 0))
            fail_msg("%s.csv line %ld: '%s' is now '%s'", name, line, x != NULL ? x : "",
                     y != NULL ? y : "");
        if (x == NULL) break;
    }
    if (a != NULL) fclose(a);
    if (b != NULL) fclose(b);
}

static void the_shipped_sample_is_what_the_generator_writes(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_generate_opts o = cp_generate_defaults();
    cp_calendar_day *days = NULL;
    assert_ok(&ctx, cp_calendar_read(&ctx, "data/calendars/cn", &o.calendar, &days, &o.n_days));
    assert_int_equal(o.n_days, 676);
    o.days = days;
    o.first_day = cp_day_of(2026, 11, 24);
    o.roads = true;
    cp_rows rows;
    cp_history_row *history = NULL;
    int64_t n = 0;
    char dir[300];
    assert_ok(&ctx, cp_generate(&ctx, &o, &rows, &history, &n));
    make_folder(dir);
    assert_ok(&ctx, cp_bank_write(&ctx, dir, &rows, history, n));
    for (int32_t e = 0; e < CP_N_ENTITIES; e++)
        same_file("data/sample", dir, cp_entities[e].name);
    same_file("data/sample", dir, "history");
    remove_folder(dir);
    cp_ctx_done(&ctx);
}

static void odd_texts_come_back(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    char dir[300];
    make_folder(dir);
    cp_calendar calendar = {"A,B", "say \"现金\", twice", 20000, 20100, 96}, got;
    cp_calendar_day day[2] = {{"A,B", 20050, CP_DAY_OFF, "x, \"y\"", -1},
                              {"other", 20051, CP_DAY_WORK, "", -1}};
    cp_rows rows;
    memset(&rows, 0, sizeof rows);
    rows.calendar = &calendar;
    rows.n_calendar = 1;
    rows.calendar_day = day;
    rows.n_calendar_day = 2;
    assert_ok(&ctx, cp_bank_write(&ctx, dir, &rows, NULL, 0));
    cp_calendar_day *days = NULL;
    int32_t n = 0;
    assert_ok(&ctx, cp_calendar_read(&ctx, dir, &got, &days, &n));
    assert_string_equal(got.name, calendar.name);
    assert_int_equal(got.covered_to, 20100);
    assert_int_equal(n, 1); /* the other row is of another calendar */
    assert_string_equal(days[0].name, "x, \"y\"");
    remove_folder(dir);
    cp_ctx_done(&ctx);
}

static void folders_that_cannot_be_used_are_named(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_calendar calendar;
    cp_calendar_day *days = NULL;
    int32_t n = 0;
    assert_fails(&ctx, CP_E_IO, cp_calendar_read(&ctx, "no/such/folder", &calendar, &days, &n));
    cp_rows rows;
    memset(&rows, 0, sizeof rows);
    assert_fails(&ctx, CP_E_IO, cp_bank_write(&ctx, "no/such/folder", &rows, NULL, 0));
    assert_fails(&ctx, CP_E_IO, cp_bank_write(&ctx, "/proc/none", &rows, NULL, 0));
    cp_ctx_done(&ctx);
}

static void a_refused_line_is_named(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    char dir[300], path[400];
    make_folder(dir);
    (void)snprintf(path, sizeof path, "%s/calendar.csv", dir);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs("code,covered_from,covered_to\nCN,2026-01-01,2026-02-30\n", f);
    fclose(f);
    cp_calendar calendar;
    cp_calendar_day *days = NULL;
    int32_t n = 0;
    assert_int_equal(cp_calendar_read(&ctx, dir, &calendar, &days, &n), CP_E_INPUT);
    assert_non_null(strstr(ctx.error.text, "calendar.csv line 2: covered_to is '2026-02-30'; must "
                                           "be a date like"));
    remove_folder(dir);
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_sample_is_what_the_generator_writes),
        cmocka_unit_test(odd_texts_come_back),
        cmocka_unit_test(folders_that_cannot_be_used_are_named),
        cmocka_unit_test(a_refused_line_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

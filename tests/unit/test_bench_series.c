/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Daily series from CSV files: what is read, what is held back, and all faults in one go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench_series.h"
#include "tests/check.h"

static char series_path[32], holiday_path[32];

static void put(char *path, const char *text)
{
    strcpy(path, "/tmp/cashplan-series-XXXXXX");
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static cp_status read_text(cp_ctx *ctx, const char *series, const char *holidays, int32_t held,
                           bench_series *out)
{
    put(series_path, series);
    if (holidays) put(holiday_path, holidays);
    const bench_series_opts opts = {series_path, holidays ? holiday_path : NULL, held};
    const cp_status st = bench_series_read(ctx, &opts, out);
    unlink(series_path);
    if (holidays) unlink(holiday_path);
    return st;
}

static cp_minor at(const bench_series *s, int32_t series, int32_t day)
{
    return cp_history_at(s->history, CP_FLOW_WITHDRAWAL, series, cp_day_of(2024, 1, day));
}

static void series_become_machines(void **state)
{
    cp_ctx *ctx = *state;
    bench_series s;
    assert_ok(ctx, read_text(ctx,
                             "note,series,date,value\n"
                             "x,B,2024-01-03,2.5\nx,A,2024-01-01,1\nx,A,2024-01-02,\n"
                             "x,A,2024-01-03,NA\nx,A,2024-01-04,0\nx,B,2024-01-02,4\n"
                             "x,A,2024-01-05,3\n",
                             "date,name_zh,kind\n2024-01-01,New Year,off\n2024-01-06,Work,work\n",
                             1, &s));
    assert_int_equal(s.net->n_points, 2);
    assert_string_equal(s.net->points[0].code, "B");
    assert_true(s.unit >= 1e5); /* a mean of about 2 has six digits at least */
    assert_int_equal(at(&s, 0, 2), (cp_minor)(4 * s.unit));
    assert_int_equal(at(&s, 0, 3), CP_HISTORY_MISSING); /* held back */
    assert_int_equal(at(&s, 1, 1), (cp_minor)s.unit);
    assert_int_equal(at(&s, 1, 2), CP_HISTORY_MISSING);
    assert_int_equal(at(&s, 1, 3), CP_HISTORY_MISSING);
    assert_int_equal(at(&s, 1, 4), 0);
    assert_int_equal(s.end[0], cp_day_of(2024, 1, 3));
    assert_int_equal(s.end[1], cp_day_of(2024, 1, 5));
    assert_int_equal(s.net->rows.n_calendar_day, 2);
    assert_int_equal(s.net->rows.calendar_day[1].kind, CP_DAY_WORK);
    assert_int_equal(s.net->rows.calendar->covered_to, cp_day_of(2024, 1, 6));
}

static void all_faults_are_told(void **state)
{
    cp_ctx *ctx = *state;
    const struct {
        const char *series, *holidays;
        const char *words[3];
    } cases[] = {
        {"series,date\nA,2024-01-01\n", NULL, {"line 1", "no column value", ""}},
        {"series,date,value\nA,2024-02-30,1\nA,2024-01-02,-3\n,2024-01-02,1\n",
         NULL,
         {"line 2, field date", "line 3, field value", "line 4, field series"}},
        {"series,date,value\nA,2024-01-01,1\nA,2024-01-01,2\n", NULL, {"line 3", "twice", ""}},
        {"series,date,value\n", NULL, {"has no day", "", ""}},
        {"series,date,value\nA,2024-01-01,1\nA,3024-01-01,1\n", NULL, {"span", "40000", ""}},
        {"series,date,value\nA,2024-01-01,1\n",
         "date,name,kind\n2024-01-01,x,party\n",
         {"line 2, field kind", "party", "off, public, bank, work"}},
    };
    for (int32_t k = 0; k < LEN(cases); k++) {
        bench_series s;
        assert_int_equal(read_text(ctx, cases[k].series, cases[k].holidays, 0, &s), CP_E_INPUT);
        for (int32_t w = 0; w < 3; w++)
            if (strstr(ctx->error.text, cases[k].words[w]) == NULL)
                fail_msg("case %d: \"%s\" is not in: %s", (int)k, cases[k].words[w],
                         ctx->error.text);
        cp_error_clear(ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(series_become_machines, check_start, check_finish),
        cmocka_unit_test_setup_teardown(all_faults_are_told, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

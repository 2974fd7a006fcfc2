/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/clean.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define FIRST 20458 /* Monday 2026-01-05 */
#define N_DAYS 420
#define N_POINTS 12
#define HOLIDAY 200 /* a Friday off */

typedef struct bench {
    cp_ctx ctx;
    demand_toy *toy;
    cp_repairs *repairs;
} bench;

/* Twelve machines without a fault; a public holiday with twice the demand the day before. */
static void set_up(bench *b, uint64_t seed)
{
    cp_rng rng = cp_rng_new(seed, 0);
    assert_int_equal(cp_ctx_init(&b->ctx), CP_OK);
    assert_ok(&b->ctx, demand_toy_make(&b->ctx, N_POINTS, FIRST, N_DAYS, &b->toy));
    demand_toy_invent(b->toy, &rng, 0.25, 0.3, 0.01);
    demand_toy_day(b->toy, FIRST + HOLIDAY, CP_DAY_OFF, "Day");
}

static cp_minor *cell(bench *b, int32_t point, int32_t i)
{
    return &b->toy->history->amount[(int64_t)point * N_DAYS + i];
}

static void times(bench *b, int32_t point, int32_t i, double factor)
{
    *cell(b, point, i) = llrint(factor * (double)*cell(b, point, i));
}

static void clean(bench *b)
{
    assert_ok(&b->ctx, cp_clean_history(&b->ctx, &b->toy->net, b->toy->history, &b->repairs));
}

/* The row of a point's day; NULL = taken as recorded. */
static const cp_repair_row *row_of(const bench *b, int32_t point, int32_t i)
{
    for (int64_t k = 0; k < b->repairs->n; k++)
        if (b->repairs->row[k].point == point && b->repairs->row[k].day == FIRST + i)
            return &b->repairs->row[k];
    return NULL;
}

static void check_day(const char *name, const bench *b, int32_t i, cp_repair want)
{
    const cp_repair_row *row = row_of(b, 3, i);
    const cp_repair got = row != NULL ? row->reason : CP_REPAIR_NONE;
    if (got != want)
        fail_msg("%s: day %d is %s, not %s", name, (int)i, cp_repair_name(got),
                 cp_repair_name(want));
}

/* How far the days of machine 3 from `from` on are taken from what they were; log, mean. */
static double far_from(const bench *b, const cp_minor *truth, int32_t from, int32_t n)
{
    double sum = 0;
    for (int32_t i = from; i < from + n; i++) {
        const cp_repair_row *row = row_of(b, 3, i);
        assert_non_null(row);
        sum += log((double)row->repaired_minor / (double)truth[i]);
    }
    return sum / n;
}

/* ---- each reason alone ------------------------------------------------------------------------
 */

typedef void fault_fn(bench *b);

static void put_missing(bench *b)
{
    for (int32_t i = 100; i < 110; i++)
        *cell(b, 3, i) = CP_HISTORY_MISSING;
}
static void put_out_of_service(bench *b)
{
    for (int32_t i = 100; i < 105; i++)
        demand_toy_set(b->toy, 3, i, 0, CP_FAULT_OUT_OF_SERVICE);
}
static void put_cash_out(bench *b)
{
    for (int32_t i = 100; i < 250; i += 7)
        demand_toy_set(b->toy, 3, i, 0.5 * (double)*cell(b, 3, i), CP_FAULT_CASH_OUT);
}
static void put_zero(bench *b)
{
    demand_toy_set(b->toy, 3, 100, 0, 0);
    demand_toy_set(b->toy, 3, 150, 0, 0);
}
static void put_silence(bench *b)
{
    for (int32_t i = 100; i < 130; i++)
        demand_toy_set(b->toy, 3, i, 0, 0);
}
static void put_part_day(bench *b)
{
    demand_toy_set(b->toy, 3, 100, 0, 0);
    times(b, 3, 99, 0.1);
}
static void put_high(bench *b)
{
    times(b, 3, 100, 12);
}
static void put_low(bench *b)
{
    times(b, 3, 100, 0.06);
}
static void put_mode_bit(bench *b)
{
    demand_toy_set(b->toy, 3, 100, 0.5 * (double)*cell(b, 3, 100), CP_FAULT_MODE_SWITCH);
}
static void put_network_low(bench *b)
{
    for (int32_t p = 0; p < N_POINTS; p++)
        times(b, p, 100, 0.25);
}
static void put_network_high(bench *b)
{
    for (int32_t p = 0; p < N_POINTS; p++)
        times(b, p, 100, 3);
}
static void put_network_hole(bench *b)
{
    for (int32_t p = 0; p < N_POINTS; p++)
        if (p != 5) *cell(b, p, 100) = CP_HISTORY_MISSING;
}

static void every_fault_is_found_with_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        fault_fn *put;
        int32_t day;
        cp_repair want;
        int32_t weight_ppm;
    } cases[] = {
        {"ten days without a record", put_missing, 104, CP_REPAIR_MISSING, 0},
        {"five days out of service", put_out_of_service, 104, CP_REPAIR_OUT_OF_SERVICE, 0},
        {"empty in the afternoon", put_cash_out, 107, CP_REPAIR_CASH_OUT, 1000000},
        {"a zero", put_zero, 100, CP_REPAIR_ZERO, 0},
        {"a month of zeros", put_silence, 115, CP_REPAIR_SILENCE, 0},
        {"the day before a zero", put_part_day, 99, CP_REPAIR_PART_DAY, 1000000},
        {"a day of twelve", put_high, 100, CP_REPAIR_OUTLIER, 0},
        {"a day of nearly nothing", put_low, 100, CP_REPAIR_OUTLIER, 0},
        {"the record says mode switch", put_mode_bit, 100, CP_REPAIR_MODE_SWITCH, 1000000},
        {"nobody could pay out", put_network_low, 100, CP_REPAIR_NETWORK, 0},
        {"a run on the machines", put_network_high, 100, CP_REPAIR_NETWORK, 0},
        {"lost records", put_network_hole, 100, CP_REPAIR_NETWORK, 0},
    };
    for (int32_t c = 0; c < LEN(cases); c++) {
        bench b;
        set_up(&b, 11);
        cases[c].put(&b);
        clean(&b);
        check_day(cases[c].name, &b, cases[c].day, cases[c].want);
        const cp_repair_row *row = row_of(&b, 3, cases[c].day);
        if (row->weight_ppm != cases[c].weight_ppm)
            fail_msg("%s: weight %d", cases[c].name, (int)row->weight_ppm);
        assert_int_equal(row->raw_minor, *cell(&b, 3, cases[c].day));
        assert_int_equal(row->level_ppm, 0);
        assert_int_equal(row->flow, CP_FLOW_WITHDRAWAL);
        cp_ctx_done(&b.ctx);
    }
}

static void what_was_repaired_is_what_it_was(void **state)
{
    (void)state;
    bench b;
    set_up(&b, 12);
    cp_minor *truth = cp_alloc(&b.ctx, b.ctx.run, N_DAYS, sizeof *truth);
    memcpy(truth, cell(&b, 3, 0), N_DAYS * sizeof *truth);
    for (int32_t i = 60; i < 80; i++)
        *cell(&b, 3, i) = CP_HISTORY_MISSING;
    for (int32_t i = 300; i < 313; i++)
        demand_toy_set(b.toy, 3, i, 0, 0);
    clean(&b);
    assert_true(fabs(far_from(&b, truth, 60, 20)) < 0.15);
    assert_true(fabs(far_from(&b, truth, 300, 13)) < 0.2);
    cp_ctx_done(&b.ctx);
}

static void censored_days_are_taken_for_more_than_was_paid_out(void **state)
{
    (void)state;
    bench b;
    double more = 0;
    int32_t n = 0;
    set_up(&b, 13);
    cp_minor *truth = cp_alloc(&b.ctx, b.ctx.run, N_DAYS, sizeof *truth);
    memcpy(truth, cell(&b, 3, 0), N_DAYS * sizeof *truth);
    put_cash_out(&b);
    clean(&b);
    for (int32_t i = 100; i < 250; i += 7) {
        const cp_repair_row *row = row_of(&b, 3, i);
        assert_non_null(row);
        assert_true(row->repaired_minor >= row->raw_minor);
        more += log((double)row->repaired_minor / (double)truth[i]);
        n++;
    }
    assert_true(fabs(more / n) < 0.15);
    cp_ctx_done(&b.ctx);
}

/* ---- breaks -----------------------------------------------------------------------------------
 */

/* The one break of machine 3. */
static const cp_repair_row *only_break(const bench *b)
{
    const cp_repair_row *found = NULL;
    for (int64_t k = 0; k < b->repairs->n; k++) {
        const cp_repair_row *row = &b->repairs->row[k];
        if (row->point != 3 || row->level_ppm == 0) continue;
        assert_null(found);
        found = row;
    }
    assert_non_null(found);
    return found;
}

static void a_level_that_steps_and_stays_is_a_break(void **state)
{
    (void)state;
    static const double steps[] = {2.2, 0.45};
    for (int32_t c = 0; c < LEN(steps); c++) {
        bench b;
        set_up(&b, 14);
        for (int32_t i = 250; i < N_DAYS; i++)
            times(&b, 3, i, steps[c]);
        clean(&b);
        const cp_repair_row *row = only_break(&b);
        assert_int_equal(row->reason, CP_REPAIR_LEVEL_SHIFT);
        assert_true(abs(row->day - FIRST - 250) <= 3);
        assert_true(fabs(log(row->level_ppm / 1e6 / steps[c])) < 0.2);
        assert_int_equal(row->raw_minor, row->repaired_minor);
        cp_ctx_done(&b.ctx);
    }
}

static void another_week_is_a_mode_switch(void **state)
{
    (void)state;
    bench b;
    set_up(&b, 15);
    for (int32_t i = 250; i < N_DAYS; i++) /* moved from a shop to an office */
        times(&b, 3, i, i % 7 >= 5 ? 0.4 : i % 7 == 4 ? 0.6 : 1.4);
    clean(&b);
    const cp_repair_row *row = only_break(&b);
    assert_int_equal(row->reason, CP_REPAIR_MODE_SWITCH);
    assert_true(abs(row->day - FIRST - 250) <= 7);
    cp_ctx_done(&b.ctx);
}

static void a_slow_drift_is_no_break(void **state)
{
    (void)state;
    bench b;
    set_up(&b, 16);
    for (int32_t i = 0; i < N_DAYS; i++)
        times(&b, 3, i, exp(0.006 * i)); /* twelvefold in a year */
    clean(&b);
    for (int64_t k = 0; k < b.repairs->n; k++)
        assert_int_equal(b.repairs->row[k].level_ppm, 0);
    cp_ctx_done(&b.ctx);
}

/* ---- what is no fault -------------------------------------------------------------------------
 */

static void holidays_paydays_and_month_ends_are_no_outliers(void **state)
{
    (void)state;
    bench b;
    set_up(&b, 17);
    for (int32_t p = 0; p < N_POINTS; p++) {
        times(&b, p, HOLIDAY, 0.1);
        times(&b, p, HOLIDAY - 1, 5);
    }
    for (int32_t i = 0; i < N_DAYS; i++) {
        int32_t year = 0, month = 0, dom = 0;
        cp_day_split(FIRST + i, &year, &month, &dom);
        if (dom != 15 && dom != 1) continue;
        if (dom == 15) demand_toy_day(b.toy, FIRST + i, CP_DAY_PAYDAY, "");
        for (int32_t p = 0; p < N_POINTS; p++)
            times(&b, p, i, 4);
    }
    clean(&b);
    int32_t n = 0;
    for (int64_t k = 0; k < b.repairs->n; k++) {
        const cp_repair_row *row = &b.repairs->row[k];
        int32_t year = 0, month = 0, dom = 0;
        cp_day_split(row->day, &year, &month, &dom);
        const int32_t i = row->day - FIRST;
        n += dom == 15 || dom == 1 || i == HOLIDAY || i == HOLIDAY - 1;
    }
    assert_true(n <= 2);
    cp_ctx_done(&b.ctx);
}

/* The stated rate: of clean days fewer than one in five hundred, of machine-years with a level that
 * walks by 1 % a day fewer than one in ten with a break. */
static void clean_series_stay_as_they_are(void **state)
{
    (void)state;
    int64_t days = 0, repaired = 0, breaks = 0;
    for (uint64_t seed = 100; seed < 110; seed++) {
        bench b;
        set_up(&b, seed);
        clean(&b);
        for (int64_t k = 0; k < b.repairs->n; k++)
            *(b.repairs->row[k].level_ppm != 0 ? &breaks : &repaired) += 1;
        days += (int64_t)N_POINTS * N_DAYS;
        cp_ctx_done(&b.ctx);
    }
    print_message("clean days repaired: %d of %d, breaks %d\n", (int)repaired, (int)days,
                  (int)breaks);
    assert_true(500 * repaired < days);
    assert_true(10 * 365 * breaks < days);
}

static void faults_of_all_kinds_at_once_are_told_apart(void **state)
{
    (void)state;
    bench b;
    set_up(&b, 18);
    for (int32_t i = 280; i < N_DAYS; i++)
        times(&b, 3, i, 2.5);
    for (int32_t i = 60; i < 80; i++)
        *cell(&b, 3, i) = CP_HISTORY_MISSING;
    for (int32_t i = 140; i < 160; i++)
        demand_toy_set(b.toy, 3, i, 0, 0);
    times(&b, 3, 120, 12);
    times(&b, 3, 240, 0.04);
    demand_toy_set(b.toy, 3, 180, 0, 0);
    demand_toy_set(b.toy, 3, 350, 0.6 * (double)*cell(&b, 3, 350), CP_FAULT_CASH_OUT);
    put_network_low(&b);
    clean(&b);
    check_day("mixed", &b, 70, CP_REPAIR_MISSING);
    check_day("mixed", &b, 150, CP_REPAIR_SILENCE);
    check_day("mixed", &b, 120, CP_REPAIR_OUTLIER);
    check_day("mixed", &b, 240, CP_REPAIR_OUTLIER);
    check_day("mixed", &b, 180, CP_REPAIR_ZERO);
    check_day("mixed", &b, 350, CP_REPAIR_CASH_OUT);
    check_day("mixed", &b, 100, CP_REPAIR_NETWORK);
    const cp_repair_row *row = only_break(&b);
    assert_true(abs(row->day - FIRST - 280) <= 3);
    int32_t listed = 0;
    for (int64_t k = 0; k < b.repairs->n; k++)
        listed += b.repairs->row[k].point == 3 && b.repairs->row[k].level_ppm == 0;
    assert_int_equal(b.repairs->n_point[3], listed);
    cp_ctx_done(&b.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_is_found_with_its_reason),
        cmocka_unit_test(what_was_repaired_is_what_it_was),
        cmocka_unit_test(censored_days_are_taken_for_more_than_was_paid_out),
        cmocka_unit_test(a_level_that_steps_and_stays_is_a_break),
        cmocka_unit_test(another_week_is_a_mode_switch),
        cmocka_unit_test(a_slow_drift_is_no_break),
        cmocka_unit_test(holidays_paydays_and_month_ends_are_no_outliers),
        cmocka_unit_test(clean_series_stay_as_they_are),
        cmocka_unit_test(faults_of_all_kinds_at_once_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

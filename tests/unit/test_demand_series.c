/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/demand_series.h"

#include <math.h>

#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define FIRST 20458 /* Monday 2026-01-05 */
#define N_DAYS 140

typedef struct bench {
    cp_ctx ctx;
    demand_toy *toy;
    cp_demand_calendar *calendar;
    cp_series s;
} bench;

/* A machine of 100,000 a day, every day. */
static void set_up(bench *b)
{
    assert_int_equal(cp_ctx_init(&b->ctx), CP_OK);
    assert_int_equal(cp_weekday(FIRST), 0);
    assert_ok(&b->ctx, demand_toy_make(&b->ctx, 1, FIRST, N_DAYS, &b->toy));
    for (int32_t i = 0; i < N_DAYS; i++)
        demand_toy_set(b->toy, 0, i, 100000, 0);
}

static void clean(bench *b)
{
    assert_ok(&b->ctx, cp_demand_calendar_make(&b->ctx, &b->toy->net, 0, FIRST, FIRST + N_DAYS - 1,
                                               FIRST, FIRST + N_DAYS, &b->calendar));
    assert_ok(&b->ctx, cp_demand_series_make(&b->ctx, b->toy->history, b->calendar,
                                             CP_FLOW_WITHDRAWAL, 0, &b->s));
}

static void faults_say_what_a_day_tells(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double amount;
        int32_t faults;
        cp_seen want;
    } cases[] = {
        {"a plain day", 90000, 0, CP_SEEN_EXACTLY},
        {"ran empty", 40000, CP_FAULT_CASH_OUT, CP_SEEN_AT_LEAST},
        {"empty all day", 0, CP_FAULT_CASH_OUT, CP_SEEN_NOTHING},
        {"bin full does not stop withdrawals", 90000, CP_FAULT_FULL, CP_SEEN_EXACTLY},
        {"broke down in the day", 30000, CP_FAULT_OUT_OF_SERVICE, CP_SEEN_AT_LEAST},
        {"broken all day", 0, CP_FAULT_OUT_OF_SERVICE, CP_SEEN_NOTHING},
        {"switched mode", 30000, CP_FAULT_MODE_SWITCH, CP_SEEN_AT_LEAST},
        {"a zero that no bit explains", 0, 0, CP_SEEN_NOTHING},
    };
    for (int32_t c = 0; c < LEN(cases); c++) {
        bench b;
        set_up(&b);
        demand_toy_set(b.toy, 0, 50, cases[c].amount, cases[c].faults);
        clean(&b);
        if (b.s.seen[50] != cases[c].want)
            fail_msg("%s: seen %d, not %d", cases[c].name, b.s.seen[50], cases[c].want);
        assert_int_equal(b.s.n_repaired, cases[c].want != CP_SEEN_EXACTLY);
        assert_int_equal(b.s.n_exact, N_DAYS - b.s.n_repaired);
        cp_ctx_done(&b.ctx);
    }
}

static void a_quiet_machine_keeps_its_zeros(void **state)
{
    (void)state;
    bench b;
    set_up(&b);
    for (int32_t i = 0; i < N_DAYS; i += 3)
        demand_toy_set(b.toy, 0, i, 0, 0);
    clean(&b);
    assert_int_equal(b.s.n_repaired, 0);
    assert_int_equal(b.s.seen[3], CP_SEEN_EXACTLY);
    cp_ctx_done(&b.ctx);
}

static void long_silence_is_an_outage_unless_it_lasts_to_the_end(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t from, n;
        bool idle;
        cp_seen want;
    } cases[] = {
        {"three weeks in the middle", 50, 21, false, CP_SEEN_NOTHING},
        {"the last three weeks", N_DAYS - 21, 21, false, CP_SEEN_NOTHING},
        {"the last five weeks", N_DAYS - 35, 35, true, CP_SEEN_EXACTLY},
    };
    for (int32_t c = 0; c < LEN(cases); c++) {
        bench b;
        set_up(&b);
        for (int32_t i = 0; i < cases[c].n; i++)
            demand_toy_set(b.toy, 0, cases[c].from + i, 0, 0);
        clean(&b);
        if (b.s.idle != cases[c].idle) fail_msg("%s: idle %d", cases[c].name, b.s.idle);
        assert_int_equal(b.s.seen[cases[c].from + 5], cases[c].want);
        cp_ctx_done(&b.ctx);
    }
}

static void a_branch_shut_at_weekends_and_holidays_is_closed_then(void **state)
{
    (void)state;
    bench b;
    set_up(&b);
    demand_toy_day(b.toy, FIRST + 30, CP_DAY_OFF, "A"); /* Wednesdays */
    demand_toy_day(b.toy, FIRST + 72, CP_DAY_OFF, "B");
    for (int32_t i = 0; i < N_DAYS; i++)
        if (i % 7 >= 5) demand_toy_set(b.toy, 0, i, 0, 0);
    b.toy->history->amount[5] = CP_HISTORY_MISSING; /* some banks write no row when closed */
    demand_toy_set(b.toy, 0, 30, 0, 0);
    demand_toy_set(b.toy, 0, 72, 0, 0);
    clean(&b);
    assert_int_equal(b.s.closed_slots, 0x60);
    assert_true(b.s.closed_off);
    assert_int_equal(b.s.seen[5], CP_SEEN_CLOSED);
    assert_int_equal(b.s.seen[30], CP_SEEN_CLOSED);
    assert_int_equal(b.s.n_repaired, 0);
    cp_ctx_done(&b.ctx);
}

static void the_baseline_finds_week_and_level(void **state)
{
    (void)state;
    bench b;
    cp_baseline base;
    set_up(&b);
    /* The level doubles in the middle; one wild day must not matter. */
    for (int32_t i = 0; i < N_DAYS; i++)
        demand_toy_set(b.toy, 0, i, 100000 * demand_toy_week[i % 7] * (i < 70 ? 1 : 2), 0);
    demand_toy_set(b.toy, 0, 100, 9e6, 0);
    clean(&b);
    assert_ok(&b.ctx, cp_baseline_make(&b.ctx, &b.s, NULL, 14, &base));
    double mean = 0;
    for (int32_t k = 0; k < 7; k++)
        mean += log(demand_toy_week[k]) / 7;
    for (int32_t k = 0; k < 7; k++)
        assert_true(fabs(base.week[k] - (log(demand_toy_week[k]) - mean)) < 0.06);
    assert_true(fabs(base.last_level - (log(200000 / b.s.scale) + mean)) < 0.08);
    assert_int_equal(b.s.reason[100], CP_REPAIR_OUTLIER);
    assert_true(b.s.weight[100] == 0 && base.weight[100] == 0);
    cp_ctx_done(&b.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_say_what_a_day_tells),
        cmocka_unit_test(a_quiet_machine_keeps_its_zeros),
        cmocka_unit_test(long_silence_is_an_outage_unless_it_lasts_to_the_end),
        cmocka_unit_test(a_branch_shut_at_weekends_and_holidays_is_closed_then),
        cmocka_unit_test(the_baseline_finds_week_and_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

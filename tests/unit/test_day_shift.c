/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holidays tell whether the dates of a history are a day off; without a clear sign they stay. */
#include "models/demand/day_shift.h"
#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define N_POINTS 12
#define N_DAYS 400
#define FIRST cp_day_of(2024, 1, 1) /* a Monday */

/* Working days off, every 31 days or on the day after; demand falls to `part` of the usual `late`
 * days after the day that the calendar has. */
static int32_t shift_of(cp_ctx *ctx, int32_t n_holidays, int32_t late, double part)
{
    demand_toy *toy = NULL;
    cp_rng rng = cp_rng_new(17, 0);
    int32_t shift = 9;
    assert_ok(ctx, demand_toy_make(ctx, N_POINTS, FIRST, N_DAYS, &toy));
    demand_toy_invent(toy, &rng, 0.3, 0.2, 0.0);
    for (int32_t k = 0, day = 40; k < n_holidays; k++, day += 31) {
        while (day % 7 >= 5)
            day++;
        demand_toy_day(toy, FIRST + day, CP_DAY_OFF, "holiday");
        for (int32_t p = 0; p < N_POINTS; p++) {
            const cp_day at = FIRST + day + late;
            const double usual = (double)cp_history_at(toy->history, CP_FLOW_WITHDRAWAL, p, at);
            demand_toy_set(toy, p, at - FIRST, part * usual, 0);
        }
    }
    assert_ok(ctx, cp_history_day_shift(ctx, &toy->net, toy->history, &shift));
    return shift;
}

static void dates_a_day_off_are_seen(void **state)
{
    const struct {
        int32_t n_holidays, late;
        double part;
        int32_t shift;
    } cases[] = {
        {10, 0, 0.2, 0}, {10, -1, 0.2, 1}, {10, 1, 0.2, -1}, {10, 1, 2.5, -1},
        {10, 0, 1.0, 0}, {10, -1, 1.0, 0}, {4, -1, 0.2, 0}, /* too few to tell */
        {0, 0, 1.0, 0},
    };
    for (int32_t k = 0; k < LEN(cases); k++)
        assert_int_equal(shift_of(*state, cases[k].n_holidays, cases[k].late, cases[k].part),
                         cases[k].shift);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(dates_a_day_off_are_seen, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/demand_calendar.h"

#include <string.h>

#include "tests/check.h"
#include "tests/unit/demand_toy.h"

/* Does day a of the calendar have the same columns as day b? */
static bool same_columns(const cp_demand_calendar *c, cp_day a, cp_day b)
{
    const int32_t i = a - c->first_day, j = b - c->first_day;
    const int32_t n = c->start[i + 1] - c->start[i];
    if (n != c->start[j + 1] - c->start[j]) return false;
    return memcmp(c->col + c->start[i], c->col + c->start[j], (size_t)n * sizeof *c->col) == 0;
}

static int32_t n_columns(const cp_demand_calendar *c, cp_day day)
{
    return c->start[day - c->first_day + 1] - c->start[day - c->first_day];
}

static bool shares_column(const cp_demand_calendar *c, cp_day a, cp_day b, cp_effect_family family)
{
    const int32_t i = a - c->first_day, j = b - c->first_day;
    for (int32_t k = c->start[i]; k < c->start[i + 1]; k++)
        for (int32_t m = c->start[j]; m < c->start[j + 1]; m++)
            if (c->col[k] == c->col[m] && c->family[c->col[k]] == family) return true;
    return false;
}

static void slots_follow_holidays_and_make_up_days(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = NULL;
    const cp_day first = cp_day_of(2026, 1, 1);
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    assert_ok(&ctx, demand_toy_make(&ctx, 1, first, 365, &toy));
    demand_toy_day(toy, cp_day_of(2026, 5, 1), CP_DAY_OFF, "Labour");  /* a Friday */
    demand_toy_day(toy, cp_day_of(2026, 5, 9), CP_DAY_WORK, "Labour"); /* a Saturday */
    cp_demand_calendar *c = NULL;
    assert_ok(&ctx, cp_demand_calendar_make(&ctx, &toy->net, 0, first, first + 364, first,
                                            first + 300, &c));
    static const struct {
        int32_t month, dom, slot, off, special;
    } want[] = {{4, 29, 2, 0, 1}, {4, 30, 3, 0, 1}, {5, 1, 6, 1, 1}, {5, 2, 5, 0, 1},
                {5, 8, 4, 0, 0},  {5, 9, 7, 0, 1},  {5, 16, 5, 0, 0}};
    for (int32_t k = 0; k < LEN(want); k++) {
        const int32_t i = cp_day_of(2026, want[k].month, want[k].dom) - first;
        assert_int_equal(c->slot[i], want[k].slot);
        assert_int_equal(c->off[i], want[k].off);
        assert_int_equal(c->special[i], want[k].special);
    }
    assert_int_equal(c->work_slots, 0x1F);
    cp_ctx_done(&ctx);
}

static void effects_come_back_where_the_calendar_repeats(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = NULL;
    const cp_day first = cp_day_of(2025, 1, 1), end = cp_day_of(2026, 12, 31);
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    assert_ok(&ctx, demand_toy_make(&ctx, 1, first, end - first + 1, &toy));
    demand_toy_day(toy, cp_day_of(2025, 10, 1), CP_DAY_OFF, "National");
    demand_toy_day(toy, cp_day_of(2025, 4, 4), CP_DAY_OFF, "Tomb");
    demand_toy_day(toy, cp_day_of(2026, 10, 1), CP_DAY_OFF, "National");
    demand_toy_day(toy, cp_day_of(2026, 11, 4), CP_DAY_OFF, "New feast");
    demand_toy_day(toy, cp_day_of(2025, 3, 10), CP_DAY_PAYDAY, "");
    demand_toy_day(toy, cp_day_of(2025, 7, 15), CP_DAY_PAYDAY, "");
    cp_demand_calendar *c = NULL;
    assert_ok(&ctx, cp_demand_calendar_make(&ctx, &toy->net, 0, first, end, first,
                                            cp_day_of(2026, 9, 1), &c));
    const cp_day a = cp_day_of(2025, 10, 1), b = cp_day_of(2026, 10, 1);
    for (int32_t k = -5; k <= 3; k++)
        assert_true(shares_column(c, a + k, b + k, CP_EFFECT_NAMED));
    assert_false(shares_column(c, a, cp_day_of(2025, 4, 4), CP_EFFECT_NAMED));
    assert_true(shares_column(c, a, cp_day_of(2025, 4, 4), CP_EFFECT_HOLIDAY));
    /* A feast never seen before has the generic effect and none of its own. */
    assert_false(shares_column(c, cp_day_of(2026, 11, 4), cp_day_of(2026, 11, 4), CP_EFFECT_NAMED));
    assert_true(shares_column(c, cp_day_of(2026, 11, 4), a, CP_EFFECT_HOLIDAY));
    assert_true(shares_column(c, cp_day_of(2025, 3, 10), cp_day_of(2025, 7, 15), CP_EFFECT_PAYDAY));
    assert_true(shares_column(c, cp_day_of(2025, 3, 9), cp_day_of(2025, 7, 14), CP_EFFECT_PAYDAY));
    assert_false(shares_column(c, cp_day_of(2025, 3, 9), cp_day_of(2025, 7, 15), CP_EFFECT_PAYDAY));
    /* The last days of months of different length are alike, the 31st is no 28th. */
    assert_true(shares_column(c, cp_day_of(2025, 2, 28), cp_day_of(2025, 8, 31), CP_EFFECT_MONTH));
    assert_false(shares_column(c, cp_day_of(2025, 6, 28), cp_day_of(2025, 8, 31), CP_EFFECT_MONTH));
    cp_ctx_done(&ctx);
}

static void two_holidays_on_one_date_are_one_day_off(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = NULL;
    const cp_day first = cp_day_of(2026, 1, 1), day = cp_day_of(2026, 4, 2);
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    assert_ok(&ctx, demand_toy_make(&ctx, 1, first, 200, &toy));
    cp_demand_calendar *once = NULL, *twice = NULL, *names = NULL;
    demand_toy_day(toy, day, CP_DAY_OFF, "Feast");
    assert_ok(&ctx, cp_demand_calendar_make(&ctx, &toy->net, 0, first, first + 199, first,
                                            first + 200, &once));
    demand_toy_day(toy, day, CP_DAY_OFF, "Feast");
    assert_ok(&ctx, cp_demand_calendar_make(&ctx, &toy->net, 0, first, first + 199, first,
                                            first + 200, &twice));
    demand_toy_day(toy, day, CP_DAY_OFF, "Other feast");
    assert_ok(&ctx, cp_demand_calendar_make(&ctx, &toy->net, 0, first, first + 199, first,
                                            first + 200, &names));
    assert_int_equal(n_columns(once, day), n_columns(twice, day));
    assert_int_equal(n_columns(once, day) + 1, n_columns(names, day));
    assert_true(same_columns(names, day, day));
    cp_ctx_done(&ctx);
}

static void a_calendar_that_ends_too_early_is_named(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = NULL;
    const cp_day first = cp_day_of(2026, 1, 1);
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    assert_ok(&ctx, demand_toy_make(&ctx, 1, first, 100, &toy));
    toy->calendar->covered_to = cp_day_of(2026, 4, 30);
    cp_demand_calendar *c = NULL;
    const cp_day last = cp_day_of(2026, 4, 30);
    assert_ok(&ctx, cp_demand_calendar_make(&ctx, &toy->net, 0, first, last, first, last, &c));
    assert_int_equal(cp_demand_calendar_make(&ctx, &toy->net, 0, first, last + 1, first, last, &c),
                     CP_E_INPUT);
    assert_non_null(strstr(ctx.error.text, "CAL"));
    assert_non_null(strstr(ctx.error.text, "last covered day 2026-04-30"));
    cp_error_clear(&ctx);
    /* Without a calendar any day is covered. */
    assert_ok(&ctx, cp_demand_calendar_make(&ctx, &toy->net, -1, first, last + 1, first, last, &c));
    assert_int_equal(c->slot[cp_day_of(2026, 1, 3) - first], 5);
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_follow_holidays_and_make_up_days),
        cmocka_unit_test(effects_come_back_where_the_calendar_repeats),
        cmocka_unit_test(two_holidays_on_one_date_are_one_day_off),
        cmocka_unit_test(a_calendar_that_ends_too_early_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

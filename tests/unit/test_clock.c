/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/clock.h"

#include "tests/check.h"

static void known_days(void **state)
{
    (void)state;
    static const struct {
        int32_t year, month, day;
        cp_day want;
        int32_t weekday; /* 0 = Monday */
    } cases[] = {
        {1970, 1, 1, 0, 3},      {1969, 12, 31, -1, 2},     {2000, 2, 29, 11016, 1},
        {2000, 3, 1, 11017, 2},  {1900, 3, 1, -25508, 3},   {2024, 2, 29, 19782, 3},
        {2038, 1, 19, 24855, 1}, {1600, 2, 29, -135081, 1}, {9999, 12, 31, 2932896, 4},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        const cp_day d = cp_day_of(cases[i].year, cases[i].month, cases[i].day);
        assert_int_equal(d, cases[i].want);
        assert_int_equal(cp_weekday(d), cases[i].weekday);
    }
}

static void every_day_of_eight_centuries_comes_back(void **state)
{
    (void)state;
    const cp_day last = cp_day_of(2400, 12, 31);
    int32_t want_y = 1600;
    int32_t want_m = 1;
    int32_t want_d = 1;
    for (cp_day d = cp_day_of(1600, 1, 1); d <= last; d++) {
        int32_t y = 0;
        int32_t m = 0;
        int32_t day = 0;
        cp_day_split(d, &y, &m, &day);
        if (y != want_y || m != want_m || day != want_d || cp_day_of(y, m, day) != d)
            fail_msg("day %d is %d-%d-%d", (int)d, (int)y, (int)m, (int)day);
        if (++want_d > cp_days_in_month(want_y, want_m)) {
            want_d = 1;
            want_m++;
        }
        if (want_m > 12) {
            want_m = 1;
            want_y++;
        }
    }
}

static void texts_that_are_dates_and_texts_that_are_not(void **state)
{
    (void)state;
    static const char *good[] = {"2024-02-29", "0001-01-01", "9999-12-31", "2026-11-23"};
    static const char *bad[] = {"2023-02-29", "2023-13-01", "2023-00-10",  "2023-04-31",
                                "2023-4-01",  "23-04-01",   "2023/04/01",  "",
                                "2023-04-00", " 023-04-01", "2023-04-01 ", "2023-04-0x",
                                "0000-01-01", "-001-01-01", "+023-01-01"};
    for (int32_t i = 0; i < LEN(good); i++) {
        cp_day d = CP_DAY_NONE;
        char text[16];
        assert_true(cp_day_parse(good[i], &d));
        assert_string_equal(cp_day_text(d, text), good[i]);
    }
    for (int32_t i = 0; i < LEN(bad); i++) {
        cp_day d = 7;
        if (cp_day_parse(bad[i], &d)) fail_msg("'%s' was taken for a date", bad[i]);
        assert_int_equal(d, 7);
    }
    cp_day d = 7;
    assert_false(cp_day_parse(NULL, &d));
}

static void minutes_of_the_day(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int32_t want; /* -1 = refused */
    } cases[] = {
        {"00:00", 0},  {"09:30", 570}, {"23:59", 1439}, {"24:00", 1440}, {"48:00", 2880},
        {"48:01", -1}, {"49:00", -1},  {"12:60", -1},   {"9:30", -1},    {"09:3", -1},
        {"09-30", -1}, {"09:30 ", -1}, {"", -1},        {"-1:30", -1},   {"+9:30", -1},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        int32_t m = -1;
        char text[16];
        assert_int_equal(cp_minute_parse(cases[i].text, &m), cases[i].want >= 0);
        assert_int_equal(m, cases[i].want);
        if (m >= 0) assert_string_equal(cp_minute_text(m, text), cases[i].text);
    }
}

static void texts_fit_whatever_the_number(void **state)
{
    (void)state;
    char text[16];
    assert_string_equal(cp_minute_text(INT32_MIN, text), "-35791394:08");
    assert_string_equal(cp_day_text(INT32_MAX, text), "5881580-07-11");
    assert_string_equal(cp_day_text(INT32_MIN, text), "-5877641-06-23");
}

static void time_goes_forward(void **state)
{
    (void)state;
    const double a = cp_now_s();
    const double c = cp_cpu_s();
    volatile double sink = 0;
    for (int i = 0; i < 100000; i++)
        sink = sink + i;
    assert_true(cp_now_s() >= a);
    assert_true(cp_cpu_s() > c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_days),
        cmocka_unit_test(every_day_of_eight_centuries_comes_back),
        cmocka_unit_test(texts_that_are_dates_and_texts_that_are_not),
        cmocka_unit_test(minutes_of_the_day),
        cmocka_unit_test(texts_fit_whatever_the_number),
        cmocka_unit_test(time_goes_forward),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

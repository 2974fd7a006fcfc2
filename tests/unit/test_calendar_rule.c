/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/calendar_rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/net/calendar.h"
#include "models/net/feasts.h"
#include "tests/check.h"

static cp_day day_of(const char *text)
{
    cp_day day = CP_DAY_NONE;
    assert_true(cp_day_parse(text, &day));
    return day;
}

/* ---- feasts -----------------------------------------------------------------------------------
 */

static void feasts_fall_on_their_known_days(void **state)
{
    (void)state;
    static const char *const easter[] = {"1818-03-22", "1943-04-25", "1996-04-07", "1997-03-30",
                                         "1998-04-12", "2000-04-23", "2008-03-23", "2011-04-24",
                                         "2016-03-27", "2019-04-21", "2024-03-31", "2025-04-20",
                                         "2026-04-05", "2027-03-28", "2038-04-25"};
    static const char *const orthodox[] = {"2016-05-01", "2019-04-28", "2020-04-19", "2021-05-02",
                                           "2022-04-24", "2023-04-16", "2024-05-05", "2025-04-20"};
    /* 1985 and 2034: leap months near the turn of the year. */
    static const char *const spring[] = {
        "1984-02-02", "1985-02-20", "1990-01-27", "2000-02-05", "2001-01-24", "2002-02-12",
        "2003-02-01", "2004-01-22", "2005-02-09", "2006-01-29", "2007-02-18", "2008-02-07",
        "2009-01-26", "2010-02-14", "2011-02-03", "2012-01-23", "2013-02-10", "2014-01-31",
        "2015-02-19", "2016-02-08", "2017-01-28", "2018-02-16", "2019-02-05", "2020-01-25",
        "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17",
        "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03", "2033-01-31", "2034-02-19"};
    for (int32_t i = 0; i < LEN(easter); i++)
        assert_int_equal(cp_easter(atoi(easter[i])), day_of(easter[i]));
    for (int32_t i = 0; i < LEN(orthodox); i++)
        assert_int_equal(cp_orthodox_easter(atoi(orthodox[i])), day_of(orthodox[i]));
    for (int32_t i = 0; i < LEN(spring); i++) {
        char text[16];
        const cp_day got = cp_spring_festival(atoi(spring[i]));
        if (got != day_of(spring[i])) fail_msg("%s, not %s", cp_day_text(got, text), spring[i]);
    }
}

/* ---- rules ------------------------------------------------------------------------------------
 */

typedef struct bench {
    cp_ctx ctx;
    cp_network net;
    cp_calendar calendar;
    cp_calendar_day days[2];
    cp_calendar_rule rules[2];
} bench;

/* 2026, Saturday and Sunday off; Christmas off, Saturday 10 October worked in exchange. */
static void set_up(bench *b, const char *rule, cp_day_kind kind)
{
    memset(b, 0, sizeof *b);
    assert_int_equal(cp_ctx_init(&b->ctx), CP_OK);
    const cp_calendar calendar = {.code = "CAL",
                                  .name = "",
                                  .covered_from = day_of("2026-01-01"),
                                  .covered_to = day_of("2026-12-31"),
                                  .weekend_days = 0x60};
    const cp_calendar_day off = {"CAL", day_of("2026-12-25"), CP_DAY_OFF, "Christmas", 0};
    const cp_calendar_day work = {"CAL", day_of("2026-10-10"), CP_DAY_WORK, "", 0};
    const cp_calendar_rule first = {"CAL", kind, rule, "pay", 0};
    b->calendar = calendar;
    b->days[0] = off;
    b->days[1] = work;
    b->rules[0] = first;
    b->net.rows.calendar = &b->calendar;
    b->net.rows.n_calendar = 1;
    b->net.rows.calendar_day = b->days;
    b->net.rows.n_calendar_day = 2;
    b->net.rows.calendar_rule = b->rules;
    b->net.rows.n_calendar_rule = 1;
}

/* The days of the kind as "MM-DD MM-DD ..". */
static void list(const bench *b, cp_day_kind kind, char *out, size_t size)
{
    out[0] = '\0';
    for (int32_t i = 0; i < b->net.rows.n_calendar_day; i++) {
        const cp_calendar_day *d = &b->net.rows.calendar_day[i];
        char text[16];
        if (d->kind != kind || strcmp(d->name, "pay") != 0) continue;
        const size_t at = strlen(out);
        (void)snprintf(out + at, size - at, "%s%s", at > 0 ? " " : "",
                       cp_day_text(d->day, text) + 5);
    }
}

static void rules_name_the_days_that_a_hand_lists(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *want;
    } cases[] = {
        {"day 25", "01-25 02-25 03-25 04-25 05-25 06-25 07-25 08-25 09-25 10-25 11-25 12-25"},
        {"day 25 or the working day before",
         "01-23 02-25 03-25 04-24 05-25 06-25 07-24 08-25 09-25 10-23 11-25 12-24"},
        {"Day 25 or the working day after",
         "01-26 02-25 03-25 04-27 05-25 06-25 07-27 08-25 09-25 10-26 11-25 12-28"},
        {"day 31", "01-31 02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31"},
        {"last day", "01-31 02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31"},
        {"day -2 of june, december", "06-29 12-30"},
        {"last working day",
         "01-30 02-27 03-31 04-30 05-29 06-30 07-31 08-31 09-30 10-30 11-30 12-31"},
        {"first working day of march june september december", "03-02 06-01 09-01 12-01"},
        {"working day 3 of february", "02-04"},
        {"working day -5 of december", "12-24"}, /* 31 30 29 28, Christmas off, 24 */
        {"working day 8 of october", "10-10"},   /* the Saturday worked in exchange */
        {"second tuesday",
         "01-13 02-10 03-10 04-14 05-12 06-09 07-14 08-11 09-08 10-13 11-10 12-08"},
        {"last friday of december", "12-25"},
        {"every second friday from 2026-01-02",
         "01-02 01-16 01-30 02-13 02-27 03-13 03-27 04-10 04-24 05-08 05-22 06-05 06-19 07-03 "
         "07-17 07-31 08-14 08-28 09-11 09-25 10-09 10-23 11-06 11-20 12-04 12-18"},
        {"every 60 days from 2026-12-31", "01-05 03-06 05-05 07-04 09-02 11-01 12-31"},
        {"december 24 or the working day before", "12-24"},
        {"easter -2", "04-03"},
        {"orthodox easter +1", "04-13"},
        {"spring festival", "02-17"},
        {"spring festival -1 or the working day before", "02-16"},
    };
    for (int32_t c = 0; c < LEN(cases); c++) {
        bench b;
        char got[512];
        set_up(&b, cases[c].rule, CP_DAY_PAYDAY);
        assert_ok(&b.ctx, cp_calendar_index(&b.ctx, &b.net));
        list(&b, CP_DAY_PAYDAY, got, sizeof got);
        if (strcmp(got, cases[c].want) != 0)
            fail_msg("%s: %s, not %s", cases[c].rule, got, cases[c].want);
        cp_ctx_done(&b.ctx);
    }
}

/* A feast off by rule moves a payday by rule: days off are made first. */
static void days_off_by_rule_move_paydays(void **state)
{
    (void)state;
    bench b;
    char got[512];
    set_up(&b, "day 3 of april or the working day before", CP_DAY_PAYDAY);
    const cp_calendar_rule friday = {"CAL", CP_DAY_OFF, "easter -2", "Good Friday", 0};
    b.rules[1] = friday;
    b.net.rows.n_calendar_rule = 2;
    assert_ok(&b.ctx, cp_calendar_index(&b.ctx, &b.net));
    list(&b, CP_DAY_PAYDAY, got, sizeof got);
    assert_string_equal(got, "04-02");
    int32_t first = 0;
    assert_int_equal(cp_calendar_rows(&b.net, 0, day_of("2026-04-03"), &first), 1);
    assert_string_equal(b.net.rows.calendar_day[first].name, "Good Friday");
    cp_ctx_done(&b.ctx);
}

static void rules_that_say_nothing_are_refused(void **state)
{
    (void)state;
    static const char *const rules[] = {"",
                                        "payday",
                                        "day",
                                        "day 0",
                                        "day 32",
                                        "every second friday",
                                        "every second friday from 2026-01-03",
                                        "every friday of march",
                                        "fifth friday",
                                        "day 25 or before",
                                        "day 25 of smarch",
                                        "day 25 please",
                                        "december",
                                        "easter +500",
                                        "last month",
                                        "a_word_that_is_much_too_long_for_any_rule"};
    for (int32_t c = 0; c < LEN(rules); c++) {
        cp_day_rule rule;
        const char *why = NULL;
        if (cp_day_rule_parse(rules[c], &rule, &why)) fail_msg("%s: read", rules[c]);
        assert_non_null(why);
    }
    bench b;
    set_up(&b, "day 40", CP_DAY_PAYDAY);
    assert_int_equal(cp_calendar_index(&b.ctx, &b.net), CP_E_INPUT);
    assert_non_null(strstr(b.ctx.error.text, "\"day 40\""));
    cp_ctx_done(&b.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feasts_fall_on_their_known_days),
        cmocka_unit_test(rules_name_the_days_that_a_hand_lists),
        cmocka_unit_test(days_off_by_rule_move_paydays),
        cmocka_unit_test(rules_that_say_nothing_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

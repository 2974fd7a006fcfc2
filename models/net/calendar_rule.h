/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calendar_rule.h - days of a calendar given by a rule in words.
 *
 *   day 25 | day -2 | last day                    of every month; day 31 is the last of a shorter
 * one working day 3 | working day -2 | first working day | last working day         of every month
 *   first friday | second .. fourth | last friday                                 of every month
 *   every friday | every second friday from 2026-01-02 | every 10 days from 2026-01-02
 *   december 25                                   of every year
 *   easter | easter -2 | orthodox easter +1 | spring festival -1      days from the feast
 * (feasts.h)
 *
 * Rules of every month may go on with "of march, june, ..."; all may end in "or the working day
 * before" or "or the working day after": a day that is no working day then moves. Case, commas and
 * further spaces do not matter. Working days are those of the calendar: neither weekly nor public
 * days off, or worked in exchange. */
#ifndef CP_CALENDAR_RULE_H
#define CP_CALENDAR_RULE_H

#include "models/net/network.h"

typedef enum cp_rule_form {
    CP_RULE_DAY,         /* n of the month, negative from its end */
    CP_RULE_WORKING_DAY, /* likewise */
    CP_RULE_NTH_WEEKDAY, /* likewise, of the weekday */
    CP_RULE_EVERY,       /* n days apart, from `from` on and before */
    CP_RULE_DATE,        /* n of `month` */
    CP_RULE_EASTER,      /* n days after */
    CP_RULE_ORTHODOX,
    CP_RULE_SPRING
} cp_rule_form;

typedef struct cp_day_rule {
    cp_rule_form form;
    int32_t n, weekday, month; /* Monday = 0; January = 1 */
    int32_t months;            /* bit 0 = January: of these months only */
    cp_day from;
    int32_t move; /* to the working day before -1, after 1, none 0 */
} cp_day_rule;

/* Read a rule. On refusal *why says what is wrong ("must ...", constant) and nothing is written. */
bool cp_day_rule_parse(const char *text, cp_day_rule *out, const char **why);

/* Does the rule, before it moves the day, name it? Of calendar `calendar` (cp_calendar_lookup). */
bool cp_day_rule_names(const cp_network *net, int32_t calendar, const cp_day_rule *rule,
                       cp_day day);

/* The day that the rule makes of a day it names. */
cp_day cp_day_rule_moved(const cp_network *net, int32_t calendar, const cp_day_rule *rule,
                         cp_day day);

/* Add the days of all rules to net->rows.calendar_day, within what each calendar covers, days off
 * and worked first (they decide what a working day is), and index them anew. CP_E_INPUT naming a
 * rule that cannot be read. For cp_calendar_index. */
cp_status cp_calendar_rules_expand(cp_ctx *ctx, cp_network *net);

#endif

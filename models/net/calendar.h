/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calendar.h - finds a calendar's rows of one day (lookups are declared in network.h). */
#ifndef CP_CALENDAR_H
#define CP_CALENDAR_H

#include "models/net/network.h"

/* Sorts net->rows.calendar_day (codes are resolved) by calendar, day, kind, name and fills
 * net->day_first. */
cp_status cp_calendar_days_sort(cp_ctx *ctx, cp_network *net);

/* The same, and then once more with the days of the calendars' rules (calendar_rule.h) in it. */
cp_status cp_calendar_index(cp_ctx *ctx, cp_network *net);

/* Rows of one calendar and day: rows.calendar_day[*first .. *first + returned). */
int32_t cp_calendar_rows(const cp_network *net, int32_t calendar, cp_day day, int32_t *first);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "models/net/calendar_rule.h"

static int compare_days(const void *x, const void *y)
{
    const cp_calendar_day *a = x, *b = y;
    if (a->calendar != b->calendar) return a->calendar < b->calendar ? -1 : 1;
    if (a->day != b->day) return a->day < b->day ? -1 : 1;
    if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
    return strcmp(a->name, b->name);
}

cp_status cp_calendar_days_sort(cp_ctx *ctx, cp_network *net)
{
    const int32_t n = net->rows.n_calendar_day;
    if (n > 0) qsort(net->rows.calendar_day, (size_t)n, sizeof(cp_calendar_day), compare_days);
    CP_NEW(ctx, ctx->run, net->day_first, net->rows.n_calendar + 1);
    for (int32_t i = 0; i < n; i++)
        net->day_first[net->rows.calendar_day[i].calendar + 1]++;
    for (int32_t c = 0; c < net->rows.n_calendar; c++)
        net->day_first[c + 1] += net->day_first[c];
    return CP_OK;
}

cp_status cp_calendar_index(cp_ctx *ctx, cp_network *net)
{
    CP_TRY(cp_calendar_days_sort(ctx, net));
    return net->rows.n_calendar_rule > 0 ? cp_calendar_rules_expand(ctx, net) : CP_OK;
}

int32_t cp_calendar_rows(const cp_network *net, int32_t calendar, cp_day day, int32_t *first)
{
    const cp_calendar_day *rows = net->rows.calendar_day;
    int32_t lo = net->day_first[calendar];
    const int32_t end = net->day_first[calendar + 1];
    int32_t hi = end;
    while (lo < hi) {
        const int32_t mid = lo + (hi - lo) / 2;
        if (rows[mid].day < day)
            lo = mid + 1;
        else
            hi = mid;
    }
    int32_t n = 0;
    while (lo + n < end && rows[lo + n].day == day)
        n++;
    *first = lo;
    return n;
}

static bool has_kind(const cp_network *net, int32_t calendar, cp_day day, cp_day_kind kind)
{
    int32_t first = 0;
    const int32_t n = cp_calendar_rows(net, calendar, day, &first);
    for (int32_t i = first; i < first + n; i++)
        if (net->rows.calendar_day[i].kind == kind) return true;
    return false;
}

bool cp_calendar_lookup(const cp_network *net, int32_t calendar, cp_day day, bool *working)
{
    if (calendar < 0) {
        *working = cp_weekday(day) < 5;
        return true;
    }
    const cp_calendar *c = &net->rows.calendar[calendar];
    const bool weekend = (c->weekend_days >> cp_weekday(day) & 1) != 0;
    if (has_kind(net, calendar, day, CP_DAY_OFF))
        *working = false;
    else
        *working = !weekend || has_kind(net, calendar, day, CP_DAY_WORK);
    return day >= c->covered_from && day <= c->covered_to;
}

bool cp_point_serviceable(const cp_network *net, int32_t point, cp_day day)
{
    const cp_point *p = &net->points[point];
    if (p->earliest_day != CP_DAY_NONE && day < p->earliest_day) return false;
    const bool by_week = (p->service_days >> cp_weekday(day) & 1) != 0;
    if (p->calendar < 0 || p->works_holidays) return by_week;
    if (has_kind(net, p->calendar, day, CP_DAY_OFF)) return false;
    /* A weekend day worked in exchange is served like the weekday it stands for, when Monday to
     * Friday are service days. */
    if (has_kind(net, p->calendar, day, CP_DAY_WORK))
        return by_week || (p->service_days & 31) == 31;
    return by_week;
}

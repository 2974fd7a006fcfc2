/* SPDX-License-Identifier: GPL-3.0-or-later */
/* town_days.c - calendar rows, rules of paydays, events, and what each day does to demand. */
#include <string.h>

#include "models/sample/town.h"

#define SURGE_DAYS 10
#define FAIR_DAYS 3
#define FAIRS_A_YEAR 2
static const int32_t paydays[3] = {5, 10, 15};

static bool has(const cp_town *t, cp_day day, cp_day_kind kind)
{
    for (int32_t i = 0; i < t->o->n_days; i++)
        if (t->o->days[i].day == day && t->o->days[i].kind == kind) return true;
    return false;
}

static bool working(const cp_town *t, cp_day day)
{
    if (has(t, day, CP_DAY_OFF)) return false;
    return (t->o->calendar.weekend_days >> cp_weekday(day) & 1) == 0 || has(t, day, CP_DAY_WORK);
}

/* Wages due on a day off are paid on the working day before. */
static cp_day payday_of(const cp_town *t, int32_t year, int32_t month, int32_t which)
{
    cp_day d = cp_day_of(year, month, paydays[which]);
    while (!working(t, d))
        d--;
    return d;
}

/* Days off in a row from this one on; and whether one of them is Spring Festival. */
static int32_t run_from(const cp_town *t, cp_day day, bool *spring)
{
    int32_t n = 0;
    *spring = false;
    while (!working(t, day + n) && n < 40) {
        for (int32_t i = 0; i < t->o->n_days; i++)
            if (t->o->days[i].day == day + n && strstr(t->o->days[i].name, "春节") != NULL)
                *spring = true;
        n++;
    }
    return n;
}

/* Cash is drawn before a festival: most on its eve, for Spring Festival earlier and more. */
static double surge_before(const cp_town *t, cp_day day)
{
    static const double usual[] = {0.30, 0.24, 0.15, 0.08};
    static const double spring_lift[SURGE_DAYS] = {0.45, 0.62, 0.70, 0.66, 0.55,
                                                   0.45, 0.35, 0.26, 0.18, 0.10};
    for (int32_t k = 0; k < SURGE_DAYS; k++) {
        const cp_day first = day + k + 1;
        /* The first day of the feast; a plain weekend may lie before it. */
        if (!has(t, first, CP_DAY_OFF) || has(t, first - 1, CP_DAY_OFF)) continue;
        bool spring = false;
        if (run_from(t, first, &spring) < 3) continue;
        if (spring) return spring_lift[k];
        if (k < 4) return usual[k];
    }
    return 0;
}

static double payday_lift(const cp_town *t, cp_day day, int32_t which)
{
    static const double fade[] = {1, 0.65, 0.3};
    int32_t year = 0, month = 0, dom = 0;
    cp_day_split(day, &year, &month, &dom);
    /* A payday moved before a long holiday may still fall in the month before. */
    for (int32_t next = 0; next < 2; next++) {
        const int32_t m = month + next > 12 ? 1 : month + next;
        const cp_day pay = payday_of(t, month + next > 12 ? year + 1 : year, m, which);
        if (day >= pay && day - pay < 3) return fade[day - pay];
    }
    return 0;
}

/* The trade fair's first day: Friday of the last whole weekend of April and of November. */
static cp_day fair_of(int32_t year, int32_t which)
{
    static const int32_t month[FAIRS_A_YEAR] = {4, 11};
    cp_day last = cp_day_of(year, month[which], 30);
    while (cp_weekday(last) != 6)
        last--;
    return last - FAIR_DAYS + 1;
}

static bool at_fair(cp_day day)
{
    int32_t year = 0, month = 0, dom = 0;
    cp_day_split(day, &year, &month, &dom);
    for (int32_t which = 0; which < FAIRS_A_YEAR; which++) {
        const cp_day first = fair_of(year, which);
        if (day >= first && day < first + FAIR_DAYS) return true;
    }
    return false;
}

static void describe_day(const cp_town *t, cp_day day, cp_rng *rng, cp_town_day *out)
{
    int32_t year = 0, month = 0, dom = 0;
    cp_day_split(day, &year, &month, &dom);
    out->week = cp_weekday(day);
    if (has(t, day, CP_DAY_WORK)) out->week = 2; /* worked in exchange: like a Wednesday */
    out->off = has(t, day, CP_DAY_OFF);
    for (int32_t k = 0; k < 3; k++)
        out->payday[k] = payday_lift(t, day, k);
    out->month_end = cp_days_in_month(year, month) - dom < 2 ? 1 : 0;
    out->surge = surge_before(t, day);
    out->fair = at_fair(day);
    out->shock = 0.03 * cp_rng_normal(rng);
}

static cp_status calendar_rows(cp_town *t)
{
    const cp_calendar *c = &t->o->calendar;
    CP_TRY(cp_town_rows(t, CP_ENTITY_CALENDAR, 1));
    t->rows->calendar[0] = *c;
    CP_TRY(cp_town_rows(t, CP_ENTITY_CALENDAR_DAY, t->o->n_days));
    int32_t n = 0;
    for (int32_t i = 0; i < t->o->n_days; i++) {
        cp_calendar_day *row = &t->rows->calendar_day[n];
        if (t->o->days[i].day < c->covered_from || t->o->days[i].day > c->covered_to) continue;
        *row = t->o->days[i];
        row->calendar_code = c->code;
        n++;
    }
    t->rows->n_calendar_day = n;
    CP_TRY(cp_town_rows(t, CP_ENTITY_CALENDAR_RULE, 3));
    for (int32_t k = 0; k < 3; k++) {
        cp_calendar_rule *row = &t->rows->calendar_rule[k];
        row->calendar_code = c->code;
        row->kind = CP_DAY_PAYDAY;
        TOWN_TEXT(t, row->rule, "day %d or the working day before", (int)paydays[k]);
        row->name = "发薪日";
    }
    return CP_OK;
}

/* Rows of the fairs from the history's first day to the last that a plan may look at, for each
 * segment that feels them. */
static cp_status event_rows(cp_town *t)
{
    const cp_day end = t->o->first_day + t->o->horizon_days + t->o->longest_interval_days;
    int32_t y0 = 0, y1 = 0, m = 0, d = 0, n = 0;
    cp_day_split(t->history_start, &y0, &m, &d);
    cp_day_split(end, &y1, &m, &d);
    CP_TRY(cp_town_rows(t, CP_ENTITY_EVENT, FAIRS_A_YEAR * 2 * (y1 - y0 + 1)));
    for (int32_t k = 0; k < FAIRS_A_YEAR * (y1 - y0 + 1); k++) {
        const cp_day first = fair_of(y0 + k / FAIRS_A_YEAR, k % FAIRS_A_YEAR);
        if (first + FAIR_DAYS <= t->history_start || first > end) continue;
        static const cp_segment feels[2] = {CP_SEG_MALL, CP_SEG_STATION};
        for (int32_t f = 0; f < 2; f++) {
            char day[16];
            cp_event *row = &t->rows->event[n++];
            row->segment = cp_town_segment(feels[f]);
            TOWN_TEXT(t, row->code, "FAIR-%.7s-%s", cp_day_text(first, day), row->segment);
            row->name = "商品交易会";
            row->first_day = first;
            row->last_day = first + FAIR_DAYS - 1;
        }
    }
    t->rows->n_event = n;
    return CP_OK;
}

cp_status cp_town_days(cp_town *t)
{
    CP_TRY(calendar_rows(t));
    CP_TRY(event_rows(t));
    CP_NEW(t->ctx, t->ctx->scratch, t->day, t->o->history_days);
    cp_rng rng = cp_town_rng(t, "days", 0);
    for (int32_t i = 0; i < t->o->history_days; i++)
        describe_day(t, t->history_start + i, &rng, &t->day[i]);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_calendar.h - what kind of day a day is for the public: its weekday slot and its effects.
 *
 * A day has a slot, the place in the week whose demand it resembles: its weekday; for a public
 * holiday the last weekend day; for a weekend day worked in exchange the mean of the working days.
 * On top it has effects, columns of a regression: position in the month counted from its near end,
 * working days from the ends of month and quarter, days round a payday, an event, the days before,
 * in and after a run of holidays (short and long runs apart), a working day between two days off,
 * and for every name of a holiday, payday or event its own effects by position: three working weeks
 * round a festival, five days before and three after a single holiday. Effects of names are kept
 * only where the history has such a day, so that of what never happened nothing is expected. */
#ifndef CP_DEMAND_CALENDAR_H
#define CP_DEMAND_CALENDAR_H

#include "models/net/network.h"

#define CP_N_SLOTS 8
#define CP_SLOT_WORK 7 /* the mean working day */

/* Families of columns: how strongly they are held to the prior differs. */
typedef enum cp_effect_family {
    CP_EFFECT_MONTH,   /* day of month, working day of month */
    CP_EFFECT_PAYDAY,  /* round paydays */
    CP_EFFECT_HOLIDAY, /* generic: off, before, after, make-up, bridge, event */
    CP_EFFECT_YEAR,    /* week of the year */
    CP_EFFECT_NAMED,   /* one holiday's own deviation from the generic effect */
    CP_N_EFFECT_FAMILIES
} cp_effect_family;

/* Did all machines of the calendar leave their usual for a reason that it does not know? */
typedef enum cp_network_day {
    CP_NETWORK_USUAL,
    CP_NETWORK_LOW,
    CP_NETWORK_HIGH,
    CP_NETWORK_HOLE /* hardly any has a record */
} cp_network_day;

/* The days of one calendar over the range that history and forecast need; day i is
 * first_day + i. Columns of day i: col[start[i]] .. col[start[i + 1] - 1]. */
typedef struct cp_demand_calendar {
    cp_day first_day;
    int32_t n_days, n_cols;
    int32_t work_slots; /* bit 0 = Monday: weekdays of which CP_SLOT_WORK is the mean */
    uint8_t *slot;
    uint8_t *off;     /* 1 = public holiday */
    uint8_t *special; /* 1 = an effect of family holiday or named is active */
    uint8_t *year;    /* calendar years since that of first_day */
    int32_t n_years;
    int32_t *start;
    uint16_t *col;
    uint8_t *family; /* n_cols: cp_effect_family */
    /* Filled by cp_clean_network (clean.h), by flow; NULL before. */
    /* Events of single points (table event): point p follows by_point[p] where that is not NULL, a
     * copy of this calendar with the days of its events. All have the same columns; those from
     * event_first on are of events, and a copy has event[i] = 1 on days that have some. */
    struct cp_demand_calendar **by_point, **copy;
    int32_t n_copies, event_first;
    uint8_t *event;
    float *common[2];    /* n_days: log by which the machines together leave their usual */
    uint8_t *network[2]; /* n_days: cp_network_day */
} cp_demand_calendar;

/* The calendar that a point follows. */
static inline const cp_demand_calendar *cp_demand_calendar_at(const cp_demand_calendar *calendar,
                                                              int32_t point)
{
    const cp_demand_calendar *own = calendar->by_point != NULL ? calendar->by_point[point] : NULL;
    return own != NULL ? own : calendar;
}

/* Gives a calendar the columns of the events that the history has seen, by name, and the copies for
 * points that have events. For cp_demand_calendar_make. */
cp_status cp_demand_events_add(cp_ctx *ctx, const cp_network *net, int32_t calendar,
                               cp_day learn_end, cp_demand_calendar *base);

/* Days [from, to] of calendar `calendar` (-1: Monday to Friday, no holidays). Columns of names are
 * numbered by what happens before `learn_end`. Lives in ctx->run. CP_E_INPUT naming the calendar
 * and the last covered day when it does not cover [need_from, to]. */
cp_status cp_demand_calendar_make(cp_ctx *ctx, const cp_network *net, int32_t calendar, cp_day from,
                                  cp_day to, cp_day need_from, cp_day learn_end,
                                  cp_demand_calendar **out);

#endif

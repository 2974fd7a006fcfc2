/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clean.h - what in a history is no demand, or not all of it: found, told why, repaired.
 *
 * One cleaning for models, store and page: cp_demand_series_make calls it, and the list of repairs
 * is read from the same series. Nothing is ever changed in the history itself.
 *
 * Days are compared with the usual: running median over four weeks and the median of the weekday,
 * on the log scale, by stretches between breaks; public holidays, events and the days round them
 * are neither compared nor compared with. From what is left over go the network's own median of the
 * day and what paydays and the place in the month do every time; a day more than four robust
 * standard deviations off (and by a half more or a third less) is an outlier and weighs less, from
 * six on nothing. A level that steps and stays, and a week whose profile changes, are breaks: tests
 * of four and eight weeks against as many after. All bounds are constants of the .c files with
 * their reasons; machines where days without demand are common are only cleaned by faults and
 * silences. */
#ifndef CP_CLEAN_H
#define CP_CLEAN_H

#include "models/base/each.h"
#include "models/demand/demand_series.h"

/* Names of the reasons, as stored and exported, and in words. */
const char *cp_repair_name(cp_repair reason);
const char *cp_repair_text(cp_repair reason);

/* One day that is not taken as it was recorded, or on which something breaks. */
typedef struct cp_repair_row {
    int32_t point;
    cp_flow flow;
    cp_day day;
    cp_repair reason;
    cp_minor raw_minor;      /* CP_HISTORY_MISSING: no record */
    cp_minor repaired_minor; /* what the models take the day for */
    int32_t weight_ppm;      /* what they learn from the record: 0 nothing .. a million all */
    int32_t level_ppm;       /* of a break: the new usual day over the old; else 0 */
} cp_repair_row;

typedef struct cp_repairs {
    cp_repair_row *row; /* by point, flow, day */
    int64_t n;
    int32_t *n_point; /* by point: days whose record is not taken as it is */
} cp_repairs;

/* Fill reason, weight, usual and breaks of a series whose x, seen, scale and first are set from the
 * record and the fault bits; seen is corrected. first_look: outliers are not yet looked for.
 * ctx->scratch only. For demand_series.c. */
cp_status cp_clean_series(cp_ctx *ctx, cp_flow flow, bool first_look, cp_series *series);

/* What all machines of a calendar show together, day by day, into the calendars (their `common` and
 * `network`), before any series is made that shall know it. calendar[k]: of calendar k - 1, NULL =
 * not in use. each: looks at the machines. */
cp_status cp_clean_network(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                           cp_each_fn *each, cp_demand_calendar *const *calendar);

/* What a day of the series is taken for, in units of its scale. */
double cp_series_repaired(const cp_series *series, int32_t i);

/* All repairs of a history, in ctx->run. Calendars must cover its last day. */
cp_status cp_clean_history(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                           cp_repairs **out);

/* Steps of cp_clean_series: the usual course of a series, and its breaks. */
typedef struct cp_usual {
    double *level;              /* n: running median without the week, log scale */
    double (*week)[CP_N_SLOTS]; /* by stretch */
    int32_t *stretch;           /* n: number of the stretch of a day */
    double *resid;              /* n: log of the day over its usual; 0 where nothing is known */
    uint8_t *known;             /* n: the day is compared */
    double *z;                  /* n: the day on the log scale */
    double sigma;               /* robust, of resid */
    int32_t n_known, n_stretches;
} cp_usual;
cp_status cp_usual_make(cp_ctx *ctx, cp_series *series, cp_usual *out);

/* Take out of resid[0..n), days `at` .. of the calendar, what paydays and places in the month do
 * every time: of the columns of a day the one whose known days' median tells most. */
cp_status cp_without_recurring(cp_ctx *ctx, const cp_demand_calendar *calendar, int32_t at,
                               int32_t n, const uint8_t *known, double *resid);

#endif

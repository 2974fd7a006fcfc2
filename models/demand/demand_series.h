/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_series.h - one machine's history of one flow, cleaned, and its smooth baseline. */
#ifndef CP_DEMAND_SERIES_H
#define CP_DEMAND_SERIES_H

#include "models/demand/demand_calendar.h"
#include "models/demand/history.h"

/* What the record of a day says about the demand of that day. */
typedef enum cp_seen {
    CP_SEEN_NOTHING,  /* no record, out of service, or a zero that cannot be demand */
    CP_SEEN_EXACTLY,  /* the amount is the demand */
    CP_SEEN_AT_LEAST, /* censored: demand was this or more */
    CP_SEEN_CLOSED    /* never any demand on such days (a branch at the weekend) */
} cp_seen;

/* Why a day is not taken as it was recorded (clean.h). */
typedef enum cp_repair {
    CP_REPAIR_NONE,
    CP_REPAIR_MISSING,        /* no record */
    CP_REPAIR_OUT_OF_SERVICE, /* the record says so */
    CP_REPAIR_CASH_OUT,       /* ran empty: demand was at least what was paid out */
    CP_REPAIR_FULL,           /* its bin was full: deposits were at least what was taken */
    CP_REPAIR_ZERO,           /* a zero where zeros are rare: closed, empty or broken */
    CP_REPAIR_SILENCE,        /* weeks of zeros: out of use */
    CP_REPAIR_PART_DAY,       /* a low day beside such zeros: part of a day */
    CP_REPAIR_CLOSED,         /* demand on a day on which it is closed as a rule */
    CP_REPAIR_NETWORK,        /* the whole network left its usual without a known reason */
    CP_REPAIR_OUTLIER,        /* far from the usual of such days */
    CP_REPAIR_LEVEL_SHIFT,    /* from this day on its level is another */
    CP_REPAIR_MODE_SWITCH,    /* from this day on its week is another, or the record says so */
    CP_N_REPAIRS
} cp_repair;

typedef struct cp_series {
    const cp_demand_calendar *calendar;
    int32_t at;           /* day i of the history is day at + i of the calendar */
    int32_t n;            /* days of the history */
    double scale;         /* minor units of a usual day: x = 1 */
    double *x;            /* n: amount / scale */
    uint8_t *seen;        /* n: cp_seen */
    uint8_t closed_slots; /* bit s: slot s is closed */
    bool closed_off;      /* closed on holidays */
    bool idle;            /* records, but no demand at all for weeks up to the end */
    int32_t first;        /* first day with a record of use; n if none */
    int32_t n_exact;      /* days seen exactly */
    bool quiet;           /* zeros are common: the errors have two humps */
    int32_t n_repaired;   /* days from `first` on that are not taken as they were recorded */
    /* What cleaning found (clean.h), all n long. */
    uint8_t *reason; /* cp_repair of the day */
    double *weight;  /* 0 .. 1: what a day seen exactly or in part teaches about other days */
    double *usual;   /* x that such a day has as a rule */
    uint8_t *broken; /* 0, or the cp_repair of a break: what came before tells little about what
                        follows, of the level or of level and week */
    double *step;    /* on such days: log of the new level over the old */
    int32_t since;   /* the latest of them; `first` if there is none */
} cp_series;

/* Clean the history of one point and flow. Lives in ctx->scratch. */
cp_status cp_demand_series_make(cp_ctx *ctx, const cp_history *history,
                                const cp_demand_calendar *calendar, cp_flow flow, int32_t point,
                                cp_series *out);

/* The same before it is known what all machines show together, and without weights: for
 * cp_clean_network. */
cp_status cp_demand_series_first(cp_ctx *ctx, const cp_history *history,
                                 const cp_demand_calendar *calendar, cp_flow flow, int32_t point,
                                 cp_series *out);

/* x, seen and reason as the record alone tells them, x over the series' scale where that is known
 * (> 0); for the files of this folder. */
void cp_series_read(const cp_history *history, cp_flow flow, int32_t point, cp_series *series);

/* Two-sided smooth level and weekly profile on the log scale, effects taken out. */
typedef struct cp_baseline {
    double week[CP_N_SLOTS]; /* mean 0 over the open weekdays */
    double sigma;            /* of the residuals of ordinary days */
    double last_level;       /* level at the end of the history */
    double *resid;  /* n: z - level - week - effect (not clipped); 0 where nothing is known */
    double *weight; /* n: 0 = no information */
} cp_baseline;

/* effect: per day of the history, on the log scale (NULL: none). */
cp_status cp_baseline_make(cp_ctx *ctx, const cp_series *series, const double *effect,
                           double memory_days, cp_baseline *out);

#endif

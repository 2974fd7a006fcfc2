/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_parts.h - what a forecast is made of: its parts day by day, and the single models behind
 * it.
 *
 * mean = level * week * calendar * event * rest, on every day that is not closed. The level is in
 * minor units, the others are factors:
 *   level     a day of a mean week without any effect, as the combined models expect it
 *   week      the weekday (of a public holiday: the last day of the weekend; see demand_calendar.h)
 *   calendar  day and working day of the month, payday, week of the year
 *   event     public holidays and the days round them, make-up days, events
 *   rest      from the middle of the distribution to its mean, and planners' overrides
 * On a closed day level and mean are 0 and all factors 1. */
#ifndef CP_DEMAND_PARTS_H
#define CP_DEMAND_PARTS_H

#include "models/demand/forecast.h"

#define CP_MOST_SINGLES 16

/* A single model as it was used for one machine and flow. */
typedef struct cp_forecast_single {
    const char *name; /* short, stays the same over versions: "smooth", "ets", ... */
    double weight;    /* in the combination: 0 .. 1, all of a machine sum to 1 */
    double score;     /* rolling origins inside the history: mean absolute error over that of "as
                         last week" (lag 7); NAN where the history is too short for any */
} cp_forecast_single;

typedef struct cp_forecast_parts {
    int32_t n_days;
    double *level, *week, *calendar, *event, *rest; /* n_days each */
    int32_t n_singles;                              /* models tried, weight 0 included */
    cp_forecast_single single[CP_MOST_SINGLES];
    double score;      /* of the combination, same unit; NAN as above */
    int32_t n_origins; /* behind the scores */
} cp_forecast_parts;

/* Parts of one point's flow, after cp_forecast_point of it; the arrays live in ctx->scratch. A flow
 * that the point does not have or nobody asks for: level 0, factors 1, no single models. A truth
 * forecast: the level is the truth. */
cp_status cp_forecast_parts_of(cp_ctx *ctx, const cp_forecast *forecast, cp_flow flow,
                               int32_t point, cp_forecast_parts *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* override_gain.h - what planners' overrides gained or lost, seen afterwards.
 *
 * A past day's forecast is made again from what was known before it, without and with the override;
 * the one that came nearer to the recorded demand was better. Measured on the expected amount of
 * the point's flow, all denominations: gain = |without - actual| - |with - actual|, below 0 it
 * lost. A day that several origins reach counts once, as the mean over them. Days that are censored
 * or not recorded are left out. */
#ifndef CP_OVERRIDE_GAIN_H
#define CP_OVERRIDE_GAIN_H

#include "models/demand/override.h"

/* Sums over days, minor units. */
typedef struct cp_gain_sums {
    int32_t n_rows; /* overrides that had a day to be measured on */
    double n_days;
    double actual, without, with;     /* demand that came, and as expected */
    double error_without, error_with; /* absolute */
} cp_gain_sums;

typedef struct cp_override_gain {
    const char *name; /* code of the override, author, or reason; "" = none was given */
    int32_t row;      /* in net->rows.demand_override; -1 for authors and reasons */
    cp_gain_sums sums;
} cp_override_gain;

typedef struct cp_override_gains {
    int32_t n_rows, n_authors, n_reasons;
    cp_override_gain *row;             /* in order of the network's rows; those without days too */
    cp_override_gain *author, *reason; /* sorted by name */
    cp_gain_sums total;
    int32_t only; /* point that is forecast; -1 = all. Overrides of others are left out */
} cp_override_gains;

/* Less error, in minor units; below 0 the override made it worse. */
static inline double cp_gain_minor(const cp_gain_sums *s)
{
    return s->error_without - s->error_with;
}

/* The same in percent of the error without; 0 where there was none. */
static inline double cp_gain_pct(const cp_gain_sums *s)
{
    return s->error_without > 0 ? 100 * cp_gain_minor(s) / s->error_without : 0;
}

/* Empty sums for every override of the network, in ctx->run. */
cp_status cp_override_gains_begin(cp_ctx *ctx, const cp_network *net, cp_override_gains **out);

/* Add what the overrides do to one finished forecast (without overrides, made from `known` alone)
 * against `truth`. weight[d]: what day d of this forecast counts. Needs ctx->run for a moment. */
cp_status cp_override_gains_add(cp_ctx *ctx, const cp_network *net, const cp_history *known,
                                const cp_history *truth, const cp_forecast *forecast,
                                const double *weight, cp_override_gains *gains);

/* Sums by author and by reason, and the total. */
cp_status cp_override_gains_finish(cp_ctx *ctx, const cp_network *net, cp_override_gains *gains);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* series_keep.h - cleaned series kept in about a byte a day, so that no machine is cleaned twice.
 */
#ifndef CP_SERIES_KEEP_H
#define CP_SERIES_KEEP_H

#include "models/demand/demand_series.h"

/* A day with a break or with a weight other than 0 and 1. */
typedef struct cp_odd_day {
    int32_t day;
    uint8_t broken;
    double weight;
} cp_odd_day;

typedef struct cp_kept_series {
    cp_series head;     /* without arrays */
    const uint8_t *day; /* by day of the history: seen, reason and whether the weight is 1 */
    const cp_odd_day *odd;
    int32_t n_odd;
} cp_kept_series;

/* What models read of a series, into ctx->run. */
cp_status cp_series_keep(cp_ctx *ctx, const cp_series *series, cp_kept_series *out);

/* The series again, from the same history, in ctx->scratch: all that models read of it; `usual` and
 * `step` are NULL. */
cp_status cp_series_again(cp_ctx *ctx, const cp_history *history, cp_flow flow, int32_t point,
                          const cp_kept_series *kept, cp_series *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* history.h - what was taken out and paid in, per point and day. */
#ifndef CP_HISTORY_H
#define CP_HISTORY_H

#include "models/net/network.h"

typedef enum cp_flow { CP_FLOW_WITHDRAWAL, CP_FLOW_DEPOSIT, CP_N_FLOWS } cp_flow;

/* Fault bits of a day: demand on such days is censored. */
#define CP_FAULT_CASH_OUT 1
#define CP_FAULT_FULL 2
#define CP_FAULT_OUT_OF_SERVICE 4
#define CP_FAULT_MODE_SWITCH 8

#define CP_HISTORY_MISSING INT64_MIN

/* One row as stored and imported. */
typedef struct cp_history_row {
    const char *point_code;
    cp_day day;
    cp_flow flow;
    const char *denomination_code; /* "" = all denominations together */
    cp_minor amount_minor;         /* >= 0 */
    int32_t faults;
} cp_history_row;

/* Dense: value of (flow, point, day) at [(flow * n_points + point) * n_days + (day - first_day)].
 */
typedef struct cp_history {
    int32_t n_points, n_days;
    cp_day first_day;
    cp_minor *amount; /* CP_HISTORY_MISSING where there is no record */
    uint8_t *faults;  /* n_points * n_days */
    /* Value shares by denomination seen in the history, ppm; [(flow * n_points + point) * n_denoms
     * + denom]; all 0 where no split is known. */
    int32_t n_denoms;
    int32_t *denom_ppm;
    /* How far a day's split strays from them (split_tally.h): of single days, and what of it lasts;
     * [(flow * n_points + point) * 2]; 0 where nothing is known. */
    float *denom_spread;
} cp_history;

static inline cp_minor cp_history_at(const cp_history *h, cp_flow flow, int32_t point, cp_day day)
{
    const int32_t i = day - h->first_day;
    if (i < 0 || i >= h->n_days) return CP_HISTORY_MISSING;
    return h->amount[((int64_t)flow * h->n_points + point) * h->n_days + i];
}

/* The demand of a day where the record tells it: CP_HISTORY_MISSING without a record and on days
 * with a fault, of which nobody knows what the demand was. */
static inline cp_minor cp_history_demand(const cp_history *h, cp_flow flow, int32_t point,
                                         cp_day day)
{
    const cp_minor seen = cp_history_at(h, flow, point, day);
    if (seen == CP_HISTORY_MISSING || seen < 0) return CP_HISTORY_MISSING;
    const bool censored = h->faults[(int64_t)point * h->n_days + (day - h->first_day)] != 0;
    return censored ? CP_HISTORY_MISSING : seen;
}

/* Dense history of the network's points over [first_day, first_day + n_days) with every cell
 * missing, no faults, no split; lives in ctx->run. */
cp_status cp_history_new(cp_ctx *ctx, const cp_network *net, cp_day first_day, int32_t n_days,
                         cp_history **out);
/* Restricted to days before `end` (shares are kept): what a forecast made that evening may know. */
cp_status cp_history_until(cp_ctx *ctx, const cp_history *h, cp_day end, cp_history **out);

/* A copy in which days without a record in [from, from + n_days) hold the mean of what was recorded
 * on the same weekday up to six weeks before and after, where there are at least two such days:
 * what a replay lives through when the record of the truth has holes. (A hole taken as "no demand"
 * would drain a branch whose deposits alone are missing.) *n_filled counts them. */
cp_status cp_history_fill_gaps(cp_ctx *ctx, const cp_history *h, cp_day from, int32_t n_days,
                               cp_history **out, int32_t *n_filled);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* override.h - a planner's word about the demand to come, laid over a forecast.
 *
 * Every override is linear in the demand of a channel and day, demand' = scale * demand + add, so
 * that mean, quantiles and paths stay one distribution:
 *   factor   scale = factor
 *   amount   scale = amount / expected, where something is expected; else add = amount, the same on
 *            every path
 * One that names a denomination touches the channels of that denomination alone; one that names
 * none touches all channels of the flow. Both may hold on a day: the one for all comes first. Two
 * of the same scope never share a day (network_check refuses them). Days outside of the forecast
 * and flows that no channel serves are not touched. */
#ifndef CP_OVERRIDE_H
#define CP_OVERRIDE_H

#include "models/demand/forecast.h"

/* What one row did to the forecast, summed over the days they share. */
typedef struct cp_override_effect {
    int32_t row; /* in net->rows.demand_override */
    int32_t n_days;
    cp_day from, to;
    double before_minor, after_minor; /* expected */
} cp_override_effect;

/* Cell of (channel k of the point, flow, day d) at [(k * CP_N_FLOWS + flow) * n_days + d] from
 * first[point] on; first is -1 for a point without overrides. */
struct cp_forecast_overrides {
    int64_t *first;
    double *scale, *add;
    cp_override_effect *effect;
    int32_t n_effects;
};

/* What one row did to the expected demand of its point's flow, all denominations, on one day. */
typedef struct cp_override_cell {
    int32_t row; /* in net->rows.demand_override */
    cp_day day;
    double before_minor, after_minor; /* expected; before: with the rows laid earlier */
} cp_override_cell;

/* The rows one after the other, as cp_overrides_apply lays them, on a finished forecast that stays
 * as it is: what each does on each day, in ctx->run. */
cp_status cp_overrides_trace(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                             const cp_forecast *forecast, cp_override_cell **out, int32_t *n);

/* Lay the overrides of the network over a finished forecast: mean and quantiles change in place,
 * and forecast->overrides tells the paths. Value shares of channels are those of `history`
 * (cp_channel_shares). Nothing happens where no row meets the forecast's days. Memory in ctx->run.
 */
cp_status cp_overrides_apply(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                             cp_forecast *forecast);

/* "override O-1 by anna: withdrawals of A-1 on 2026-11-25 to 2026-11-27 expected at 300.00 instead
 * of 200.00 (market)", in ctx->run; NULL when memory is short. */
const char *cp_override_text(cp_ctx *ctx, const cp_network *net, const cp_override_effect *effect);

#endif

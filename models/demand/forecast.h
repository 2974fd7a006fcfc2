/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forecast.h - history -> expected demand and its spread (GSL). */
#ifndef CP_FORECAST_H
#define CP_FORECAST_H

#include "models/demand/history.h"

/* Quantile levels of the stored distribution, in percent. */
#define CP_N_QUANTILES 9
extern const int32_t cp_quantile_pct[CP_N_QUANTILES]; /* 10, 20, .. 90 */

typedef struct cp_forecast_opts {
    int32_t n_paths_pool; /* residual paths kept per point for the path generator; 0 = default */
    bool quick;           /* update without re-selection (daily); false = full fit */
} cp_forecast_opts;
cp_forecast_opts cp_forecast_defaults(void);

/* Opaque parts (error pools, factors) are for paths.c only. */
typedef struct cp_forecast_detail cp_forecast_detail;

/* Forecast of every point and flow for days first_day .. first_day + n_days - 1; value of (flow,
 * point, day) at [(flow * n_points + point) * n_days + d]. Amounts in minor units, never negative. */
typedef struct cp_forecast {
    int32_t n_points, n_days;
    cp_day first_day;
    double *mean;
    double *quantile;  /* the above index * CP_N_QUANTILES + k */
    uint8_t *has_flow; /* flow * n_points + point: 0 = this point has no such flow */
    uint8_t *from_segment; /* point: 1 = too little history, profile of its segment */
    int32_t n_repaired;    /* censored or missing history values that were repaired */
    cp_forecast_detail *detail;
} cp_forecast;

/* Fit on everything in `history` (all of it lies before first_day) and forecast n_days from
 * first_day. Calendars of the points must cover history's end .. last forecast day: CP_E_INPUT naming
 * the calendar and the day otherwise. Points in parallel (ctx->n_threads); same bytes for any
 * number. Result lives in ctx->run. */
cp_status cp_forecast_make(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                           cp_day first_day, int32_t n_days, const cp_forecast_opts *opts,
                           cp_forecast **out);

/* Perfect foresight: the truth as a forecast without spread (days missing in truth take 0). */
cp_status cp_forecast_truth(cp_ctx *ctx, const cp_network *net, const cp_history *truth,
                            cp_day first_day, int32_t n_days, cp_forecast **out);

#endif

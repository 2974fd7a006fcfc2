/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forecast.h - history -> expected demand and its spread (GSL). */
#ifndef CP_FORECAST_H
#define CP_FORECAST_H

#include "models/base/each.h"
#include "models/demand/history.h"

/* Quantile levels of the stored distribution, in percent. */
#define CP_N_QUANTILES 9
extern const int32_t cp_quantile_pct[CP_N_QUANTILES]; /* 10, 20, .. 90 */

typedef struct cp_forecast_opts {
    int32_t n_paths_pool; /* residual paths kept per point for the path generator; 0 = default */
    bool quick;           /* update without re-selection (daily); false = full fit */
    bool steady; /* levels stay, zeros are demand: a mean and a week by machine in place of the full
                    model, right from the first days; no calendar, no censoring. Use it where the
                    history is shorter than some two months and not censored */
    bool paths_only;   /* neither mean nor quantiles are made, both are NULL: sample paths alone are
                          wanted, and no override is laid over them */
    const char *model; /* NULL = all single models combined; else the one of this name alone, where
                          it fits the machine (single.h; "smooth" where it does not) */
    const struct cp_fit *fit; /* fitted values of an earlier forecast (demand_keep.h), taken in
                                 place of fitting; NULL = fit */
    cp_each_fn *each;         /* goes through machines; NULL = in turn, in the calling thread */
} cp_forecast_opts;
cp_forecast_opts cp_forecast_defaults(void);

/* Opaque parts (error pools, factors) are for paths.c only. */
typedef struct cp_forecast_detail cp_forecast_detail;
typedef struct cp_forecast_overrides cp_forecast_overrides; /* of override.h */
typedef struct cp_forecast_moves cp_forecast_moves;         /* of substitution.h */

/* Forecast of every point and flow for days first_day .. first_day + n_days - 1; value of (flow,
 * point, day) at [(flow * n_points + point) * n_days + d]. Amounts in minor units, never negative.
 */
typedef struct cp_forecast {
    int32_t n_points, n_days;
    cp_day first_day;
    double *mean;          /* NULL with paths_only, likewise quantile */
    double *quantile;      /* the above index * CP_N_QUANTILES + k */
    uint8_t *has_flow;     /* flow * n_points + point: 0 = this point has no such flow */
    uint8_t *from_segment; /* point: 1 = too little history, profile of its segment */
    int32_t n_repaired;    /* censored or missing history values that were repaired */
    cp_forecast_detail *detail;
    cp_forecast_moves *moves;         /* in mean, quantile and paths; NULL: no point is closed */
    cp_forecast_overrides *overrides; /* already in mean and quantile; NULL: none */
} cp_forecast;

/* Once, before threads start: GSL reports errors by status instead of ending the process. Called by
 * cp_forecast_begin as well; more than once does no harm. */
void cp_demand_init(void);

/* Fit on everything in `history` (all of it lies before first_day) and forecast n_days from
 * first_day. Calendars of the points must cover history's end .. last forecast day: CP_E_INPUT
 * naming the calendar and the last covered day otherwise. One point after the other; to use
 * threads, call the three stages below. Result lives in ctx->run. */
cp_status cp_forecast_make(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                           cp_day first_day, int32_t n_days, const cp_forecast_opts *opts,
                           cp_forecast **out);

/* The same in three stages. First what points share (cleaned histories, calendar effects by
 * segment, error paths for new machines), machines by opts->each; all memory of the result is taken
 * from ctx->run here. */
cp_status cp_forecast_begin(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            cp_day first_day, int32_t n_days, const cp_forecast_opts *opts,
                            cp_forecast **out);

/* Then every point is fitted once, in any order and on any thread: reads what begin made, writes
 * the slots of this point alone, needs ctx->scratch only. Points not done have no demand. Same
 * history as for begin; the result does not depend on the order. */
cp_status cp_forecast_point(cp_ctx *ctx, const cp_history *history, const cp_forecast *forecast,
                            int32_t point);

/* Then, after the last point was fitted, mean and quantiles of every point, likewise in any order
 * and on any thread: error paths are borrowed between machines (calibrate.h). */
cp_status cp_forecast_describe(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                               int32_t point);

/* Perfect foresight: the truth as a forecast without spread (days missing in truth take 0). */
cp_status cp_forecast_truth(cp_ctx *ctx, const cp_network *net, const cp_history *truth,
                            cp_day first_day, int32_t n_days, cp_forecast **out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_fitting.h - one machine's flow while it is being fitted; for demand_fit.c and its parts.
 */
#ifndef CP_DEMAND_FITTING_H
#define CP_DEMAND_FITTING_H

#include "models/demand/demand_combine.h"
#include "models/demand/demand_model.h"

typedef struct cp_fitting {
    cp_ctx *ctx;
    const cp_forecast *forecast;
    const cp_forecast_detail *detail;
    const cp_demand_pool *pool;
    cp_series series;
    int32_t row;    /* flow * n_points + point */
    double *effect; /* log, all days of the calendar */
    double *size;   /* n: what the day's effects multiply an amount by */
    double *plain;  /* n: x without them */
    double *dev;    /* log, by column: the machine's own beside its segment's */
    uint8_t *slot;  /* history, gap and forecast days */
    double like[CP_N_SLOTS];
    cp_filter_input input;
} cp_fitting;

/* The single models after many days: rolled once for error paths and trials together. */
typedef struct cp_rolled {
    int32_t n_singles, n; /* models; days asked for, each of one or both kinds */
    uint8_t single[CP_N_SINGLES];
    int32_t *origin;         /* n, rising */
    int32_t *window;         /* n: error path that begins here, -1 = none */
    bool *trial;             /* n: the models are compared from here */
    cp_single_state *states; /* [single * (n + 1) + day]; the last one: the history's end */
    cp_single_state
        smooth; /* of the smoothing models at the end, also when they are not asked for */
    double weight[CP_N_SINGLES];
} cp_rolled;

/* Roll the models that fit the machine (or `only` that one, if >= 0). Lives in ctx->scratch. */
cp_status cp_fitting_roll(const cp_fitting *f, int32_t only, cp_rolled *out);
/* Their errors from the trials' origins; lives in ctx->scratch. */
cp_status cp_fitting_trials(const cp_fitting *f, const cp_rolled *r, cp_trials *out);
/* Weights of the models, and the scores behind them. */
cp_status cp_fitting_weigh(const cp_fitting *f, double sigma, cp_rolled *r, cp_demand_note *note);

/* The models' weighted mean after day `at` of `rolled` (n: the end) for n_days days of which the
 * first is the day after gap more days: out[n_days]. work: 2 * (gap + n_days). */
void cp_fitting_predict(const cp_fitting *f, const cp_rolled *r, int32_t at, float *work,
                        float *out);

/* Error paths of the weighted mean into model->window. */
cp_status cp_fitting_windows(const cp_fitting *f, const cp_rolled *r, bool pool_windows,
                             cp_demand_model *model);

#endif

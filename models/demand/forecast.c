/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/forecast.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <string.h>

#include "models/base/rng.h"
#include "models/demand/calibrate.h"
#include "models/demand/demand_model.h"
#include "models/demand/forecast_sample.h"
#include "models/demand/robust.h"
#include "models/demand/substitution.h"

#define DEFAULT_WINDOWS 96
#define FEW_WINDOWS 24 /* with fewer origins a week apart, origins lie closer */
#define WARM_UP 56     /* days before the first origin, less in a short history */
#define MOST_DONORS 6
#define DONOR_DAYS 180 /* a machine with such a history can lend its errors */
#define N_DRAWS 192    /* error paths behind mean and quantiles */

const int32_t cp_quantile_pct[CP_N_QUANTILES] = {10, 20, 30, 40, 50, 60, 70, 80, 90};

void cp_demand_init(void)
{
    gsl_set_error_handler_off();
}

cp_forecast_opts cp_forecast_defaults(void)
{
    const cp_forecast_opts opts = {
        .n_paths_pool = 0, .quick = false, .steady = false, .paths_only = false};
    return opts;
}

static cp_status check_args(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            cp_day first_day, int32_t n_days, const cp_forecast_opts *opts)
{
    char a[16], b[16];
    if (n_days < 1 || n_days > 366)
        CP_FAIL(ctx, CP_E_INPUT, "forecast of %d days; must be 1 to 366", (int)n_days);
    if (opts->fit != NULL && (opts->quick || opts->steady || opts->model != NULL))
        CP_FAIL(ctx, CP_E_INPUT, "fitted values are those of the full forecast");
    if (opts->n_paths_pool < 0 || opts->n_paths_pool > 1000)
        CP_FAIL(ctx, CP_E_INPUT, "%d error paths a point; must be 0 (default) to 1000",
                (int)opts->n_paths_pool);
    if (opts->model != NULL && cp_single_of_name(opts->model) < 0)
        CP_FAIL(ctx, CP_E_INPUT, "there is no forecast model %s", opts->model);
    if (history->n_points != net->n_points)
        CP_FAIL(ctx, CP_E_INPUT, "history is of %d points, the network has %d",
                (int)history->n_points, (int)net->n_points);
    if (history->n_days > 0 && history->first_day + history->n_days > first_day)
        CP_FAIL(ctx, CP_E_INPUT, "history reaches to %s, but the forecast begins on %s",
                cp_day_text(history->first_day + history->n_days - 1, a),
                cp_day_text(first_day, b));
    return CP_OK;
}

static cp_status new_forecast(cp_ctx *ctx, const cp_network *net, cp_day first_day, int32_t n_days,
                              bool paths_only, cp_forecast **out)
{
    cp_forecast *f = NULL;
    const size_t rows = CP_N_FLOWS * (size_t)net->n_points, cells = rows * (size_t)n_days;
    CP_NEW(ctx, ctx->run, f, 1);
    f->n_points = net->n_points;
    f->n_days = n_days;
    f->first_day = first_day;
    if (!paths_only) CP_NEW(ctx, ctx->run, f->mean, cells);
    if (!paths_only) CP_NEW(ctx, ctx->run, f->quantile, cells * CP_N_QUANTILES);
    CP_NEW(ctx, ctx->run, f->has_flow, rows);
    CP_NEW(ctx, ctx->run, f->from_segment, net->n_points);
    CP_NEW(ctx, ctx->run, f->detail, 1);
    *out = f;
    return CP_OK;
}

/* Days of the history after which past error paths begin, the same for all points, so that what
 * struck many machines at once strikes them at once again. On the weekday of the last day of the
 * history where enough of them exist; a path may run out of the history by half. */
static cp_status choose_origins(cp_ctx *ctx, const cp_history *history,
                                const cp_forecast_opts *opts, cp_forecast *f)
{
    cp_forecast_detail *d = f->detail;
    const cp_day end = history->first_day + history->n_days;
    d->gap = history->n_days > 0 ? f->first_day - end : 0;
    d->n_windows = opts->n_paths_pool > 0 ? opts->n_paths_pool : DEFAULT_WINDOWS;
    const int32_t half = f->n_days / 2 > 14 ? f->n_days / 2 : 14;
    const int32_t least = half < f->n_days ? half : f->n_days;
    const int32_t warm = history->n_days / 3 < WARM_UP ? history->n_days / 3 : WARM_UP;
    int32_t latest = history->n_days - 1 - d->gap - least;
    int32_t step = 7;
    if (latest >= 0) {
        const int32_t late = (history->n_days - 1 - latest) % 7;
        latest -= late == 0 ? 0 : 7 - late;
    }
    if ((latest - warm) / 7 + 1 < FEW_WINDOWS) step = (latest - warm) / 3 + 1 < FEW_WINDOWS ? 1 : 3;
    int32_t n = latest < warm ? 0 : (latest - warm) / step + 1;
    if (n > 0 && n < d->n_windows && opts->n_paths_pool == 0) d->n_windows = n > 32 ? n : 32;
    if (n > d->n_windows) n = d->n_windows;
    CP_NEW(ctx, ctx->run, d->origin, d->n_windows);
    for (int32_t k = 0; k < d->n_windows; k++) {
        const int32_t back = d->n_windows - 1 - k; /* the latest is last */
        d->origin[k] = back < n ? latest - back * step : -1;
    }
    return CP_OK;
}

static cp_status new_models(cp_ctx *ctx, cp_forecast *f)
{
    cp_forecast_detail *d = f->detail;
    const size_t n_days = (size_t)f->n_days, rows = CP_N_FLOWS * (size_t)f->n_points;
    CP_NEW(ctx, ctx->run, d->model, rows);
    CP_NEW(ctx, ctx->run, d->note, rows);
    for (size_t at = 0; at < rows; at++) {
        if (!f->has_flow[at]) continue;
        CP_NEW(ctx, ctx->run, d->model[at].centre, n_days);
        CP_NEW(ctx, ctx->run, d->model[at].level, n_days);
        CP_NEW(ctx, ctx->run, d->model[at].event, n_days);
        CP_NEW(ctx, ctx->run, d->model[at].spread, n_days);
        CP_NEW(ctx, ctx->run, d->model[at].factor, n_days);
        CP_NEW(ctx, ctx->run, d->model[at].window, (size_t)d->n_windows * n_days);
    }
    return CP_OK;
}

/* Machines whose errors the pool lends: of the pool itself, else of any pool of the flow. */
static int32_t find_donors(const cp_forecast *f, int32_t q, int32_t *donor)
{
    const cp_forecast_detail *d = f->detail;
    int32_t n = 0;
    for (int32_t round = 0; round < 2 && n == 0; round++)
        for (int32_t p = 0; p < f->n_points && n < MOST_DONORS; p++) {
            const int32_t at = (int32_t)d->pool[q].flow * f->n_points + p;
            if (d->pool_of[at] < 0 || d->n_exact[at] < DONOR_DAYS) continue;
            if (round == 0 && d->pool_of[at] != q) continue;
            donor[n++] = p;
        }
    return n;
}

/* With no history at all to learn from: a day's error of one half own, one half common to a path's
 * neighbouring days, the usual shape where it could be measured. */
static void invent_windows(const cp_forecast *f, int32_t q, int16_t *window)
{
    cp_rng rng = cp_rng_new(UINT64_C(0x64656D616E64), (uint64_t)q);
    for (int32_t k = 0; k < f->detail->n_windows; k++) {
        double common = cp_rng_normal(&rng);
        for (int32_t h = 0; h < f->n_days; h++) {
            common = 0.9 * common + sqrt(1 - 0.81) * cp_rng_normal(&rng);
            const double e = 0.45 * common + 0.9 * cp_rng_normal(&rng);
            window[(int64_t)k * f->n_days + h] =
                (int16_t)lrint(CP_WINDOW_UNIT * fmax(-8, fmin(8, e)));
        }
    }
}

static cp_status lend_windows(cp_ctx *ctx, const cp_history *history, cp_forecast *f, int32_t q)
{
    cp_forecast_detail *d = f->detail;
    cp_demand_pool *pool = &d->pool[q];
    const size_t size = (size_t)d->n_windows * (size_t)f->n_days;
    int32_t donor[MOST_DONORS];
    const int32_t n = find_donors(f, q, donor);
    CP_NEW(ctx, ctx->run, pool->window, size);
    pool->lends = true;
    if (n == 0) invent_windows(f, q, pool->window);
    for (int32_t i = 0; i < n; i++) {
        /* The donor's own model is fitted again later; until then its window is a place to work. */
        const cp_demand_model *model = &d->model[(int32_t)pool->flow * f->n_points + donor[i]];
        cp_demand_model copy = *model;
        CP_TRY(cp_demand_fit(ctx, history, f, pool->flow, donor[i], false, &copy,
                             &d->note[model - d->model]));
        for (int32_t k = i; k < d->n_windows; k += n)
            for (int32_t h = 0; h < f->n_days; h++)
                pool->window[(int64_t)k * f->n_days + h] = copy.window[(int64_t)k * f->n_days + h];
    }
    return CP_OK;
}

/* Pools with a machine whose history is too short for error paths of its own. */
static cp_status lend_where_needed(cp_ctx *ctx, const cp_history *history, cp_forecast *f)
{
    cp_forecast_detail *d = f->detail;
    for (int32_t at = 0; at < CP_N_FLOWS * f->n_points; at++) {
        const int32_t q = d->pool_of[at];
        if (q < 0 || d->pool[q].lends || d->n_exact[at] >= DONOR_DAYS) continue;
        CP_TRY(lend_windows(ctx, history, f, q));
    }
    return CP_OK;
}

cp_status cp_forecast_begin(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            cp_day first_day, int32_t n_days, const cp_forecast_opts *opts,
                            cp_forecast **out)
{
    const cp_forecast_opts defaults = cp_forecast_defaults();
    if (opts == NULL) opts = &defaults;
    cp_demand_init();
    CP_TRY(check_args(ctx, net, history, first_day, n_days, opts));
    cp_forecast *f = NULL;
    CP_TRY(new_forecast(ctx, net, first_day, n_days, opts->paths_only, &f));
    f->detail->quick = opts->quick;
    f->detail->each = opts->each != NULL ? opts->each : cp_each_in_turn;
    f->detail->only = opts->model != NULL ? cp_single_of_name(opts->model) : -1;
    CP_TRY(cp_moves_make(ctx, net, f));
    *out = f;
    if (opts->steady) return cp_demand_steady_begin(ctx, net, history, f);
    CP_TRY(choose_origins(ctx, history, opts, f));
    CP_TRY(cp_demand_pools_make(ctx, net, history, opts->fit, f));
    CP_TRY(new_models(ctx, f));
    CP_TRY(cp_demand_lenders_make(ctx, net, f, &f->detail->lenders));
    CP_TRY(cp_demand_grams_make(ctx, history, f));
    return lend_where_needed(ctx, history, f);
}

cp_status cp_demand_model_of(cp_ctx *ctx, const cp_forecast *forecast, cp_flow flow, int32_t point,
                             cp_demand_model *out)
{
    const cp_forecast_detail *d = forecast->detail;
    memset(out, 0, sizeof *out);
    if (d->steady != NULL) return cp_demand_steady_model(ctx, forecast, flow, point, out);
    return cp_demand_calibrated(ctx, forecast, flow, point, out);
}

/* Mean and quantiles of every day over a sample of the point's own, so that they do not depend on
 * the seed of the paths. */
static cp_status describe(cp_ctx *ctx, const cp_network *net, const cp_forecast *f, cp_flow flow,
                          int32_t point)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const int64_t at = (int64_t)flow * f->n_points + point;
    double *sample = NULL;
    CP_NEW(ctx, ctx->scratch, sample, (size_t)f->n_days * N_DRAWS);
    CP_TRY(cp_forecast_sample(ctx, net, f, flow, point, N_DRAWS, sample));
    for (int32_t d = 0; d < f->n_days; d++) {
        double *day = sample + (int64_t)d * N_DRAWS;
        f->mean[at * f->n_days + d] = gsl_stats_mean(day, 1, N_DRAWS);
        cp_sort(day, N_DRAWS);
        for (int32_t k = 0; k < CP_N_QUANTILES; k++)
            f->quantile[(at * f->n_days + d) * CP_N_QUANTILES + k] =
                gsl_stats_quantile_from_sorted_data(day, 1, N_DRAWS, cp_quantile_pct[k] / 100.0);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_forecast_point(cp_ctx *ctx, const cp_history *history, const cp_forecast *forecast,
                            int32_t point)
{
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        const int64_t at = (int64_t)flow * forecast->n_points + point;
        if (!forecast->has_flow[at]) continue;
        if (forecast->detail->steady == NULL)
            CP_TRY(cp_demand_fit(ctx, history, forecast, (cp_flow)flow, point, true,
                                 &forecast->detail->model[at], &forecast->detail->note[at]));
    }
    return CP_OK;
}

cp_status cp_forecast_describe(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                               int32_t point)
{
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        const int64_t at = (int64_t)flow * forecast->n_points + point;
        if (forecast->mean != NULL && forecast->has_flow[at])
            CP_TRY(describe(ctx, net, forecast, (cp_flow)flow, point));
    }
    return CP_OK;
}

cp_status cp_forecast_make(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                           cp_day first_day, int32_t n_days, const cp_forecast_opts *opts,
                           cp_forecast **out)
{
    cp_forecast *f = NULL;
    CP_TRY(cp_forecast_begin(ctx, net, history, first_day, n_days, opts, &f));
    for (int32_t p = 0; p < f->n_points; p++) {
        CP_TRY(cp_forecast_point(ctx, history, f, p));
        cp_progress(ctx, "forecast", p + 1, f->n_points);
    }
    for (int32_t p = 0; p < f->n_points; p++)
        CP_TRY(cp_forecast_describe(ctx, net, f, p));
    *out = f;
    return CP_OK;
}

cp_status cp_forecast_truth(cp_ctx *ctx, const cp_network *net, const cp_history *truth,
                            cp_day first_day, int32_t n_days, cp_forecast **out)
{
    cp_forecast *f = NULL;
    if (n_days < 1) CP_FAIL(ctx, CP_E_INPUT, "truth of %d days; must be 1 or more", (int)n_days);
    CP_TRY(new_forecast(ctx, net, first_day, n_days, false, &f));
    f->detail->truth = true;
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        for (int32_t p = 0; p < f->n_points; p++) {
            const int64_t at = (int64_t)flow * f->n_points + p;
            f->has_flow[at] = cp_demand_can_serve(net, &net->points[p], (cp_flow)flow);
            for (int32_t d = 0; f->has_flow[at] && d < n_days; d++) {
                const cp_minor seen = cp_history_at(truth, (cp_flow)flow, p, first_day + d);
                const double amount = seen == CP_HISTORY_MISSING || seen < 0 ? 0 : (double)seen;
                f->mean[at * n_days + d] = amount;
                for (int32_t k = 0; k < CP_N_QUANTILES; k++)
                    f->quantile[(at * n_days + d) * CP_N_QUANTILES + k] = amount;
            }
        }
    *out = f;
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/backtest.h"

#include <math.h>

#include "models/demand/forecast_sample.h"

#define LEAST_DAYS 14 /* of history before the first origin */
#define N_DRAWS 400   /* behind the outer quantiles and those of totals */

cp_backtest_opts cp_backtest_defaults(void)
{
    const cp_backtest_opts opts = {
        .n_origins = 4, .step_days = 14, .horizon_days = 28, .only = -1, .keep = false};
    return opts;
}

static cp_status check_opts(cp_ctx *ctx, const cp_history *history, const cp_backtest_opts *o)
{
    if (o->n_origins < 1 || o->step_days < 1 || o->horizon_days < 1)
        CP_FAIL(ctx, CP_E_INPUT,
                "backtest of %d origins, %d days apart, %d days ahead; each must be 1 or more",
                (int)o->n_origins, (int)o->step_days, (int)o->horizon_days);
    const int64_t need = (int64_t)(o->n_origins - 1) * o->step_days + o->horizon_days + LEAST_DAYS;
    if (need > history->n_days)
        CP_FAIL(ctx, CP_E_INPUT,
                "backtest of %d origins, %d days apart, %d days ahead needs %lld days of history; "
                "there are %d",
                (int)o->n_origins, (int)o->step_days, (int)o->horizon_days, (long long)need,
                (int)history->n_days);
    return CP_OK;
}

cp_status cp_backtest_begin(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            const cp_backtest_opts *opts, cp_backtest **out)
{
    const cp_backtest_opts defaults = cp_backtest_defaults();
    const size_t n_points = (size_t)net->n_points, rows = CP_N_FLOWS * n_points;
    if (opts == NULL) opts = &defaults;
    CP_TRY(check_opts(ctx, history, opts));
    cp_backtest *b = NULL;
    CP_NEW(ctx, ctx->run, b, 1);
    b->n_points = net->n_points;
    b->opts = *opts;
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        CP_NEW(ctx, ctx->run, b->point[flow], n_points);
        CP_NEW(ctx, ctx->run, b->week_point[flow], n_points);
    }
    CP_NEW(ctx, ctx->run, b->has_flow, rows);
    CP_NEW(ctx, ctx->run, b->sums, rows);
    CP_NEW(ctx, ctx->run, b->week_sums, rows);
    CP_NEW(ctx, ctx->run, b->first_day, opts->n_origins);
    const size_t days = (size_t)opts->n_origins * (size_t)opts->horizon_days;
    if (opts->keep) CP_NEW(ctx, ctx->run, b->day, rows * days);
    for (int32_t k = 0; k < opts->n_origins; k++)
        b->first_day[k] =
            history->first_day + history->n_days - opts->horizon_days - k * opts->step_days;
    CP_TRY(cp_override_gains_begin(ctx, net, &b->gains));
    b->gains->only = opts->only;
    *out = b;
    return CP_OK;
}

cp_status cp_backtest_origin_begin(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                                   const cp_backtest *b, int32_t k, cp_backtest_origin *out)
{
    out->k = k;
    CP_TRY(cp_history_until(ctx, history, b->first_day[k], &out->known));
    return cp_forecast_begin(ctx, net, out->known, b->first_day[k], b->opts.horizon_days, NULL,
                             &out->forecast);
}

/* The deciles are those of the forecast, the outer levels from the sample, never inside of them. */
static void said_of_day(const cp_forecast *f, int64_t cell, double *sample, cp_said *said)
{
    const double *decile = f->quantile + cell * CP_N_QUANTILES;
    cp_said_of_sample(sample, N_DRAWS, said);
    said->mean = f->mean[cell];
    for (int32_t k = 0; k < CP_N_QUANTILES; k++)
        said->decile[k] = decile[k];
    said->lo95 = fmin(said->lo95, decile[0]);
    said->hi95 = fmax(said->hi95, decile[CP_N_QUANTILES - 1]);
    said->lo50 = fmax(decile[1], fmin(decile[2], said->lo50));
    said->hi50 = fmax(decile[6], fmin(decile[7], said->hi50));
}

static void keep_day(const cp_said *said, cp_minor seen, bool scored, cp_backtest_day *out)
{
    out->actual = seen == CP_HISTORY_MISSING ? NAN : (float)seen;
    out->mean = (float)said->mean;
    out->median = (float)said->decile[CP_N_QUANTILES / 2];
    out->lo50 = (float)said->lo50;
    out->hi50 = (float)said->hi50;
    out->lo80 = (float)said->decile[0];
    out->hi80 = (float)said->decile[CP_N_QUANTILES - 1];
    out->lo95 = (float)said->lo95;
    out->hi95 = (float)said->hi95;
    out->scored = scored;
}

/* Totals of whole weeks from the origin on; `sum` holds a number for each draw. */
static void score_weeks(const cp_history *history, const cp_forecast *f, cp_flow flow, int32_t p,
                        const double *sample, double *sum, double scale, cp_score_sums *to)
{
    for (int32_t from = 0; from + CP_BACKTEST_TOTAL_DAYS <= f->n_days;
         from += CP_BACKTEST_TOTAL_DAYS) {
        double actual = 0;
        bool known = true;
        for (int32_t w = 0; w < N_DRAWS; w++)
            sum[w] = 0;
        for (int32_t d = from; d < from + CP_BACKTEST_TOTAL_DAYS && known; d++) {
            const cp_minor y = cp_history_demand(history, flow, p, f->first_day + d);
            known = y != CP_HISTORY_MISSING;
            actual += known ? (double)y : 0;
            for (int32_t w = 0; w < N_DRAWS; w++)
                sum[w] += sample[(int64_t)d * N_DRAWS + w];
        }
        if (!known) continue;
        cp_said said;
        cp_said_of_sample(sum, N_DRAWS, &said);
        cp_score_add(to, &said, actual, scale);
    }
}

static cp_status score_flow(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            const cp_backtest_origin *o, const cp_backtest *b, cp_flow flow,
                            int32_t p)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_forecast *f = o->forecast;
    const int64_t at = (int64_t)flow * f->n_points + p;
    const double scale = cp_score_scale(o->known, flow, p, 1);
    double *sample = NULL, *sum = NULL;
    CP_NEW(ctx, ctx->scratch, sample, (size_t)f->n_days * N_DRAWS);
    CP_NEW(ctx, ctx->scratch, sum, N_DRAWS);
    CP_TRY(cp_forecast_sample(ctx, net, f, flow, p, N_DRAWS, sample));
    score_weeks(history, f, flow, p, sample, sum,
                cp_score_scale(o->known, flow, p, CP_BACKTEST_TOTAL_DAYS), &b->week_sums[at]);
    for (int32_t d = 0; d < f->n_days; d++) {
        const cp_day day = f->first_day + d;
        const cp_minor y = cp_history_demand(history, flow, p, day);
        const bool scored = y != CP_HISTORY_MISSING;
        cp_said said;
        said_of_day(f, at * f->n_days + d, sample + (int64_t)d * N_DRAWS, &said);
        if (scored) cp_score_add(&b->sums[at], &said, (double)y, scale);
        if (b->day != NULL)
            keep_day(&said, cp_history_at(history, flow, p, day), scored,
                     &b->day[(at * b->opts.n_origins + o->k) * f->n_days + d]);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_backtest_fit(cp_ctx *ctx, const cp_backtest_origin *origin, int32_t point)
{
    return cp_forecast_point(ctx, origin->known, origin->forecast, point);
}

cp_status cp_backtest_point(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            const cp_backtest_origin *origin, const cp_backtest *b, int32_t point)
{
    if (b->opts.only >= 0 && point != b->opts.only) return CP_OK;
    CP_TRY(cp_forecast_describe(ctx, net, origin->forecast, point));
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        const int64_t at = (int64_t)flow * b->n_points + point;
        if (!origin->forecast->has_flow[at]) continue;
        b->has_flow[at] = 1;
        CP_TRY(score_flow(ctx, net, history, origin, b, (cp_flow)flow, point));
    }
    return CP_OK;
}

/* Each day counts once, whichever number of origins reach it. */
cp_status cp_backtest_origin_end(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                                 const cp_backtest_origin *origin, cp_backtest *b)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    double *weight = NULL;
    CP_NEW(ctx, ctx->scratch, weight, b->opts.horizon_days);
    for (int32_t d = 0; d < b->opts.horizon_days; d++) {
        int32_t n = 0;
        for (int32_t k = 0; k < b->opts.n_origins; k++) {
            const int32_t ahead = b->first_day[origin->k] + d - b->first_day[k];
            n += ahead >= 0 && ahead < b->opts.horizon_days;
        }
        weight[d] = 1.0 / n;
    }
    const cp_status st =
        cp_override_gains_add(ctx, net, origin->known, history, origin->forecast, weight, b->gains);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

cp_status cp_backtest_finish(cp_ctx *ctx, const cp_network *net, cp_backtest *b)
{
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        cp_score_sums all = {.n = 0}, weeks = {.n = 0};
        for (int32_t p = 0; p < b->n_points; p++) {
            const int64_t at = (int64_t)flow * b->n_points + p;
            b->point[flow][p] = cp_score_of(&b->sums[at]);
            b->week_point[flow][p] = cp_score_of(&b->week_sums[at]);
            cp_score_join(&all, &b->sums[at]);
            cp_score_join(&weeks, &b->week_sums[at]);
        }
        b->total[flow] = cp_score_of(&all);
        b->week_total[flow] = cp_score_of(&weeks);
    }
    return cp_override_gains_finish(ctx, net, b->gains);
}

static cp_status run_origin(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            cp_backtest *b, int32_t k)
{
    cp_backtest_origin origin;
    if (cp_user_stopped(ctx)) CP_FAIL(ctx, CP_E_STOPPED, "backtest stopped by the user");
    CP_TRY(cp_backtest_origin_begin(ctx, net, history, b, k, &origin));
    for (int32_t p = 0; p < b->n_points; p++)
        CP_TRY(cp_backtest_fit(ctx, &origin, p));
    for (int32_t p = 0; p < b->n_points; p++)
        CP_TRY(cp_backtest_point(ctx, net, history, &origin, b, p));
    return cp_backtest_origin_end(ctx, net, history, &origin, b);
}

cp_status cp_backtest_run(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                          const cp_backtest_opts *opts, cp_backtest **out)
{
    cp_backtest *b = NULL;
    CP_TRY(cp_backtest_begin(ctx, net, history, opts, &b));
    for (int32_t k = 0; k < b->opts.n_origins; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        CP_TRY(run_origin(ctx, net, history, b, k));
        cp_arena_rewind(ctx->run, mark);
        cp_progress(ctx, "backtest", k + 1, b->opts.n_origins);
    }
    *out = b;
    return cp_backtest_finish(ctx, net, b);
}

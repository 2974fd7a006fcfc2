/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/backtest.h"

#include <math.h>

#define LEAST_DAYS 14 /* of history before the first origin */
#define SEASON 7

/* Running sums behind one score. */
typedef struct score_sums {
    double smape, mase, pinball, actual, error;
    int64_t n, n_smape, n_mase, n_inside;
} score_sums;

cp_backtest_opts cp_backtest_defaults(void)
{
    const cp_backtest_opts opts = {.n_origins = 4, .step_days = 14, .horizon_days = 28};
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

static double pinball(double y, double q, double level)
{
    return y >= q ? level * (y - q) : (1 - level) * (q - y);
}

/* Mean absolute change over a week: the error of "as last week", the unit of the scaled error. */
static double naive_error(const cp_history *h, cp_flow flow, int32_t point)
{
    double sum = 0;
    int64_t n = 0;
    for (cp_day d = h->first_day + SEASON; d < h->first_day + h->n_days; d++) {
        const cp_minor now = cp_history_at(h, flow, point, d);
        const cp_minor then = cp_history_at(h, flow, point, d - SEASON);
        if (now == CP_HISTORY_MISSING || then == CP_HISTORY_MISSING) continue;
        sum += fabs((double)now - (double)then);
        n++;
    }
    return n > 0 ? sum / (double)n : 0;
}

/* Score one day. The median is the point forecast of the absolute measures (it minimises them), the
 * mean that of the bias. */
static void add_day(const cp_forecast *f, int64_t cell, double y, double scale, score_sums *s)
{
    const double *quantile = f->quantile + cell * CP_N_QUANTILES;
    const double median = quantile[CP_N_QUANTILES / 2];
    const double off = fabs(median - y);
    if (median + y > 0) {
        s->smape += 200 * off / (median + y);
        s->n_smape++;
    }
    if (scale > 0) {
        s->mase += off / scale;
        s->n_mase++;
    }
    for (int32_t k = 0; k < CP_N_QUANTILES; k++)
        s->pinball += 2 * pinball(y, quantile[k], cp_quantile_pct[k] / 100.0) / CP_N_QUANTILES;
    s->n_inside += y >= quantile[0] && y <= quantile[CP_N_QUANTILES - 1];
    s->actual += y;
    s->error += f->mean[cell] - y;
    s->n++;
}

static void add_sums(score_sums *to, const score_sums *from)
{
    to->smape += from->smape;
    to->mase += from->mase;
    to->pinball += from->pinball;
    to->actual += from->actual;
    to->error += from->error;
    to->n += from->n;
    to->n_smape += from->n_smape;
    to->n_mase += from->n_mase;
    to->n_inside += from->n_inside;
}

static cp_backtest_score finish(const score_sums *s)
{
    cp_backtest_score score = {.n_days = s->n};
    if (s->n_smape > 0) score.smape_pct = s->smape / (double)s->n_smape;
    if (s->n_mase > 0) score.mase = s->mase / (double)s->n_mase;
    if (s->actual > 0) score.wql = s->pinball / s->actual;
    if (s->actual > 0) score.bias_pct = 100 * s->error / s->actual;
    if (s->n > 0) score.cover80_pct = 100 * (double)s->n_inside / (double)s->n;
    return score;
}

static void score_origin(const cp_history *history, const cp_history *known, const cp_forecast *f,
                         score_sums *sums)
{
    for (int32_t at = 0; at < CP_N_FLOWS * f->n_points; at++) {
        if (!f->has_flow[at]) continue;
        const cp_flow flow = (cp_flow)(at / f->n_points);
        const int32_t p = at % f->n_points;
        const double scale = naive_error(known, flow, p);
        for (int32_t d = 0; d < f->n_days; d++) {
            const cp_day day = f->first_day + d;
            const int64_t i = (int64_t)p * history->n_days + (day - history->first_day);
            const cp_minor y = cp_history_at(history, flow, p, day);
            /* A censored day does not tell what the demand was. */
            if (y == CP_HISTORY_MISSING || y < 0 || history->faults[i] != 0) continue;
            add_day(f, (int64_t)at * f->n_days + d, (double)y, scale, &sums[at]);
        }
    }
}

static cp_status run_origin(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            const cp_backtest_opts *opts, int32_t origin, score_sums *sums)
{
    const cp_arena_mark mark = cp_arena_here(ctx->run);
    const cp_day first =
        history->first_day + history->n_days - opts->horizon_days - origin * opts->step_days;
    cp_history *known = NULL;
    cp_forecast *f = NULL;
    CP_TRY(cp_history_until(ctx, history, first, &known));
    CP_TRY(cp_forecast_make(ctx, net, known, first, opts->horizon_days, NULL, &f));
    score_origin(history, known, f, sums);
    cp_arena_rewind(ctx->run, mark);
    return CP_OK;
}

cp_status cp_backtest_run(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                          const cp_backtest_opts *opts, cp_backtest **out)
{
    const cp_backtest_opts defaults = cp_backtest_defaults();
    if (opts == NULL) opts = &defaults;
    CP_TRY(check_opts(ctx, history, opts));
    cp_backtest *b = NULL;
    CP_NEW(ctx, ctx->run, b, 1);
    b->n_points = net->n_points;
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        CP_NEW(ctx, ctx->run, b->point[flow], net->n_points);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    score_sums *sums = NULL;
    CP_NEW(ctx, ctx->scratch, sums, CP_N_FLOWS * (size_t)net->n_points);
    for (int32_t k = 0; k < opts->n_origins; k++) {
        if (cp_user_stopped(ctx)) CP_FAIL(ctx, CP_E_STOPPED, "backtest stopped by the user");
        CP_TRY(run_origin(ctx, net, history, opts, k, sums));
        cp_progress(ctx, "backtest", k + 1, opts->n_origins);
    }
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        score_sums all = {.n = 0};
        for (int32_t p = 0; p < net->n_points; p++) {
            const score_sums *s = &sums[flow * net->n_points + p];
            b->point[flow][p] = finish(s);
            add_sums(&all, s);
        }
        b->total[flow] = finish(&all);
    }
    cp_arena_rewind(ctx->scratch, mark);
    *out = b;
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* series.c - daily demand and stock of every point; how often the plan's service holds. */
#include <stdlib.h>

#include "models/plan/kpi.h"
#include "models/plan/plan_sim.h"

#define LOW_PPM 50000 /* the low stock drawn is the 5 % quantile */

/* The next visit of a list that lies on day d, NULL if there is none; *at moves on. */
static const cp_plan_visit *take(const cp_plan *plan, const int32_t *visits, int32_t n, int32_t d,
                                 int32_t *at)
{
    if (*at >= n || plan->visits[visits[*at]].t != d) return NULL;
    return &plan->visits[visits[(*at)++]];
}

/* ---- service ------------------------------------------------------------------------------ */

cp_status cp_plan_service(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                          const cp_shares *shares, uint64_t seed, int32_t n_paths,
                          const cp_plan *plan, double *service_pct)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_visit_index index = {NULL, NULL};
    int64_t good = 0;
    int64_t all = 0;
    CP_TRY(cp_visit_index_make(ctx, net, plan, &index));
    for (int32_t p = 0; p < net->n_points; p++) {
        if (!cp_point_is_planned(net, p)) continue;
        const cp_arena_mark here = cp_arena_here(ctx->scratch);
        const int32_t *visits = index.visit + index.first[p];
        const int32_t n = index.first[p + 1] - index.first[p];
        int32_t at = 0;
        cp_plan_sim sim;
        CP_TRY(cp_plan_sim_new(ctx, net, forecast, shares, p, n_paths, seed, &sim));
        for (int32_t d = 0; d < plan->n_days; d++) {
            const cp_plan_visit *visit = take(plan, visits, n, d, &at);
            cp_plan_sim_clear(&sim);
            cp_plan_sim_day(&sim, d, visit, visit != NULL ? plan->loads + visit->first_load : NULL);
            good += n_paths - cp_plan_sim_failed(&sim);
            all += n_paths;
        }
        cp_arena_rewind(ctx->scratch, here);
    }
    *service_pct = all > 0 ? 100.0 * (double)good / (double)all : 100.0;
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* ---- series ------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static cp_minor rounded(double minor)
{
    return minor > 0 ? (cp_minor)(minor + 0.5) : 0;
}

/* The forecast's figures of one day; days that it does not cover stay 0. */
static void put_demand(const cp_network *net, const cp_forecast *f, int32_t p, cp_point_day *row)
{
    const int32_t d = row->t + (net->first_day - f->first_day);
    const int64_t out = (int64_t)CP_FLOW_WITHDRAWAL * f->n_points + p;
    const int64_t in = (int64_t)CP_FLOW_DEPOSIT * f->n_points + p;
    if (d < 0 || d >= f->n_days) return;
    if (f->has_flow[out]) {
        const double *q = f->quantile + (out * f->n_days + d) * CP_N_QUANTILES;
        row->demand_mean_minor = rounded(f->mean[out * f->n_days + d]);
        row->demand_q10_minor = rounded(q[0]);
        row->demand_q90_minor = rounded(q[CP_N_QUANTILES - 1]);
    }
    if (f->has_flow[in]) row->deposit_mean_minor = rounded(f->mean[in * f->n_days + d]);
}

static void put_stock(const cp_plan_sim *sim, int64_t *value, cp_point_day *row)
{
    const size_t n = (size_t)sim->n_paths;
    __int128 sum = 0;
    for (size_t w = 0; w < n; w++) {
        value[w] = 0;
        for (int32_t k = 0; k < sim->n_channels; k++)
            value[w] += sim->stock[(size_t)k * n + w] * sim->channel[k].value_minor;
        sum += value[w];
    }
    qsort(value, n, sizeof *value, by_number);
    const int64_t rank = (LOW_PPM * (int64_t)n + 999999) / 1000000;
    row->stock_mean_minor = (cp_minor)((sum + (__int128)n / 2) / (__int128)n);
    row->stock_low_minor = value[rank > 0 ? rank - 1 : 0];
}

cp_status cp_series_make(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                         const cp_shares *shares, uint64_t seed, const cp_plan *plan,
                         cp_record *record)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_visit_index index = {NULL, NULL};
    int64_t *value = NULL;
    CP_TRY(cp_visit_index_make(ctx, net, plan, &index));
    CP_NEW(ctx, ctx->scratch, value, net->settings.n_paths);
    CP_NEW(ctx, ctx->run, record->series, (size_t)net->n_points * (size_t)plan->n_days);
    record->n_series = 0;
    for (int32_t p = 0; p < net->n_points; p++) {
        if (!cp_point_is_planned(net, p)) continue;
        const cp_arena_mark here = cp_arena_here(ctx->scratch);
        const int32_t *visits = index.visit + index.first[p];
        const int32_t n = index.first[p + 1] - index.first[p];
        int32_t at = 0;
        cp_plan_sim sim;
        CP_TRY(cp_plan_sim_new(ctx, net, forecast, shares, p, net->settings.n_paths, seed, &sim));
        for (int32_t d = 0; d < plan->n_days; d++) {
            const cp_plan_visit *visit = take(plan, visits, n, d, &at);
            cp_point_day *row = &record->series[record->n_series++];
            row->point = p;
            row->t = d;
            cp_plan_sim_day(&sim, d, visit, visit != NULL ? plan->loads + visit->first_load : NULL);
            put_demand(net, forecast, p, row);
            put_stock(&sim, value, row);
        }
        cp_arena_rewind(ctx->scratch, here);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

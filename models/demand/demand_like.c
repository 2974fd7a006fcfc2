/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_like.c - what single models take from other machines: weeks like one's own, and how well
 * each model does elsewhere. */
#include <math.h>
#include <string.h>

#include "models/demand/demand_combine.h"
#include "models/demand/demand_model.h"

#define N_LIKE 6        /* machines whose weeks are averaged */
#define MOST_LOOKED 256 /* machines that are looked at, evenly over all */
#define TEACH_DAYS 56   /* days a machine must have to be looked at */
#define MOST_TRIED 24   /* machines of a calendar on which the models are compared */
#define POOLED_DAYS 600.0

bool cp_like_week(const cp_forecast_detail *d, const cp_forecast *f, int32_t row, double *week)
{
    const int32_t first = row / f->n_points * f->n_points;
    const cp_demand_pool *pool = &d->pool[d->pool_of[row]];
    const float *own = d->week_of + (int64_t)row * CP_N_SLOTS;
    const int32_t step = (f->n_points + MOST_LOOKED - 1) / MOST_LOOKED;
    double far[N_LIKE];
    int32_t like[N_LIKE], n = 0;
    if (d->n_exact[row] < TEACH_DAYS) return false;
    for (int32_t at = first; at < first + f->n_points; at += step) {
        if (at == row || d->pool_of[at] < 0 || d->n_exact[at] < TEACH_DAYS) continue;
        if (d->pool[d->pool_of[at]].parent != pool->parent) continue;
        double sum = 0;
        for (int32_t k = 0; k < 7; k++) {
            const double e = (double)(own[k] - d->week_of[(int64_t)at * CP_N_SLOTS + k]);
            sum += e * e;
        }
        int32_t j = n < N_LIKE ? n++ : N_LIKE;
        for (; j > 0 && far[j - 1] > sum; j--)
            if (j < N_LIKE) {
                far[j] = far[j - 1];
                like[j] = like[j - 1];
            }
        if (j >= N_LIKE) continue;
        far[j] = sum;
        like[j] = at;
    }
    if (n < N_LIKE) return false;
    for (int32_t k = 0; k < CP_N_SLOTS; k++) {
        week[k] = 0;
        for (int32_t j = 0; j < n; j++)
            week[k] += (double)d->week_of[(int64_t)like[j] * CP_N_SLOTS + k] / n;
    }
    return true;
}

/* Rows of one parent pool in which models can be compared. */
static int32_t count_rows(const cp_forecast *f, int32_t parent)
{
    const cp_forecast_detail *d = f->detail;
    int32_t n = 0;
    for (int32_t at = 0; at < CP_N_FLOWS * f->n_points; at++)
        n += d->pool_of[at] >= 0 && d->pool[d->pool_of[at]].parent == parent &&
             d->n_exact[at] >= TEACH_DAYS;
    return n;
}

static cp_status mean_gram(cp_ctx *ctx, const cp_history *history, cp_forecast *f, int32_t parent)
{
    cp_forecast_detail *d = f->detail;
    const int32_t rows = count_rows(f, parent), step = (rows + MOST_TRIED - 1) / MOST_TRIED;
    double *sum = d->gram + (int64_t)parent * CP_GRAM, n[CP_GRAM] = {0}, gram[CP_GRAM];
    for (int32_t at = 0, k = 0; at < CP_N_FLOWS * f->n_points; at++) {
        double days = 0;
        if (d->pool_of[at] < 0 || d->pool[d->pool_of[at]].parent != parent ||
            d->n_exact[at] < TEACH_DAYS || k++ % step != 0)
            continue;
        CP_TRY(cp_demand_gram(ctx, history, f, at, gram, &days));
        if (days <= 0) continue;
        for (int32_t i = 0; i < CP_GRAM; i++) {
            const bool both = gram[i / CP_N_SINGLES * (CP_N_SINGLES + 1)] > 0 &&
                              gram[i % CP_N_SINGLES * (CP_N_SINGLES + 1)] > 0;
            sum[i] += both ? gram[i] : 0;
            n[i] += both;
        }
        d->gram_days[parent] = POOLED_DAYS;
    }
    for (int32_t i = 0; i < CP_GRAM; i++)
        sum[i] = n[i] > 0 ? sum[i] / n[i] : 0;
    return CP_OK;
}

cp_status cp_demand_grams_make(cp_ctx *ctx, const cp_history *history, cp_forecast *f)
{
    cp_forecast_detail *d = f->detail;
    if (d->quick || d->only >= 0) return CP_OK;
    for (int32_t q = 0; q < d->n_pools; q++)
        if (d->pool[q].parent < 0 && d->gram_days[q] <= 0) CP_TRY(mean_gram(ctx, history, f, q));
    return CP_OK;
}

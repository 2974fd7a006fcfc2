/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/calibrate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAYS_HELD 800.0 /* so many days of its own weigh as much as all other machines' */
#define GUESSED 0.85    /* of the step from a machine's own factor of unseen days to its lenders' */
#define LENDER_DAYS 180 /* a machine with such a history may lend */
#define FEW_LENDERS 12  /* with fewer in its segment, a machine borrows from all of its calendar */
#define TRIES 4         /* lenders looked at for one path */
#define BINS 512        /* of absolute errors */
#define BIN_SHIFT 4     /* window units, in bits: BINS of them reach to eight error scales */
#define LEVEL 0.8       /* of the interval that is set right */

static bool may_lend(const cp_forecast_detail *d, int32_t at, int32_t pool)
{
    const int32_t q = d->pool_of[at];
    return q >= 0 && (q == pool || d->pool[q].parent == pool) && d->n_exact[at] >= LENDER_DAYS;
}

cp_status cp_demand_lenders_make(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                                 const cp_demand_lenders **out)
{
    const cp_forecast_detail *d = forecast->detail;
    const int32_t rows = CP_N_FLOWS * forecast->n_points;
    cp_demand_lenders *l = NULL;
    CP_NEW(ctx, ctx->run, l, 1);
    CP_NEW(ctx, ctx->run, l->key, net->n_points);
    for (int32_t p = 0; p < net->n_points; p++)
        l->key[p] = cp_hash_text(UINT64_C(0x6C656E64), net->points[p].code);
    CP_NEW(ctx, ctx->run, l->first, d->n_pools + 1);
    CP_NEW(ctx, ctx->run, l->from, d->n_pools);
    CP_NEW(ctx, ctx->run, l->point, 2 * (size_t)rows);
    for (int32_t at = 0; at < rows; at++) {
        const int32_t q = d->pool_of[at];
        if (q < 0 || d->n_exact[at] < LENDER_DAYS) continue;
        l->first[q + 1]++;
        if (d->pool[q].parent >= 0) l->first[d->pool[q].parent + 1]++;
    }
    for (int32_t q = 0; q < d->n_pools; q++)
        l->first[q + 1] += l->first[q];
    for (int32_t q = 0; q < d->n_pools; q++) {
        int32_t n = l->first[q];
        const int32_t first = (int32_t)d->pool[q].flow * forecast->n_points;
        for (int32_t p = 0; p < forecast->n_points && n < l->first[q + 1]; p++)
            if (may_lend(d, first + p, q)) l->point[n++] = p;
        const int32_t parent = d->pool[q].parent;
        l->from[q] = n - l->first[q] < FEW_LENDERS && parent >= 0 ? parent : q;
    }
    *out = l;
    return CP_OK;
}

/* The size that the share LEVEL of errors stays within, in bins. */
static double usual_error(const int16_t *window, int32_t n)
{
    int32_t bin[BINS] = {0};
    for (int32_t i = 0; i < n; i++) {
        const int32_t k = abs(window[i]) >> BIN_SHIFT;
        bin[k < BINS ? k : BINS - 1]++;
    }
    const double wanted = LEVEL * n;
    double sum = 0;
    for (int32_t k = 0; k < BINS; k++) {
        sum += bin[k];
        if (bin[k] > 0 && sum >= wanted) return k + 1 - (sum - wanted) / bin[k];
    }
    return 0;
}

/* A lender of one path, drawn by dice; NULL: none that is like the machine. */
static const cp_demand_model *lender_of(const cp_forecast *f, int32_t pool, bool unmixed,
                                        cp_rng *rng)
{
    const cp_forecast_detail *d = f->detail;
    const cp_demand_lenders *l = d->lenders;
    const int32_t from = l->from[pool], n = l->first[from + 1] - l->first[from];
    for (int32_t i = 0; i < TRIES && n > 0; i++) {
        const int32_t p = l->point[l->first[from] + (int32_t)cp_rng_below(rng, (uint32_t)n)];
        const cp_demand_model *m = &d->model[(int64_t)d->pool[pool].flow * f->n_points + p];
        if (m->sigma > 0 && m->unmixed == unmixed) return m;
    }
    return NULL;
}

/* Own error paths and borrowed ones, each at the origin where it began. Errors on unseen days are
 * larger than those of the past, for a lender by another factor than for a machine of other age:
 * *wider is the mean of that of the paths over the machine's own, held back because the error scale
 * of a new machine is itself a guess (measured on NN5 with machines that play new). */
static void mix_windows(const cp_forecast *f, int64_t at, int32_t point, double share,
                        int16_t *window, double *wider)
{
    const cp_demand_model *own = &f->detail->model[at];
    const size_t n_days = (size_t)f->n_days;
    const double own_spread = (double)own->spread[0] / own->sigma;
    cp_rng rng = cp_rng_new(f->detail->lenders->key[point], UINT64_C(0x6C656E646572));
    double due = cp_rng_unit(&rng), sum = 0;
    for (int32_t k = 0; k < f->detail->n_windows; k++) {
        const size_t first = (size_t)k * n_days;
        const cp_demand_model *from = NULL;
        due += share;
        if (due >= 1) {
            due -= 1;
            from = lender_of(f, f->detail->pool_of[at], own->unmixed, &rng);
        }
        if (from == NULL) from = own;
        memcpy(window + first, from->window + first, n_days * sizeof *window);
        sum += (double)from->spread[0] / from->sigma / own_spread;
    }
    *wider = pow(sum / f->detail->n_windows, GUESSED);
}

static int by_size(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return x < y ? -1 : x > y;
}

/* Past days without demand come back as errors that end near zero, above or below, as the level has
 * moved since. The smallest share of the paths' days, as large as that of the idle days, is none.
 */
static cp_status cut_idle(cp_ctx *ctx, const cp_forecast *f, cp_demand_model *m)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    float *x = NULL;
    int32_t n = 0;
    if (m->idle <= 0) return CP_OK;
    CP_NEW(ctx, ctx->scratch, x, (size_t)f->detail->n_windows * (size_t)f->n_days);
    for (int32_t k = 0; k < f->detail->n_windows; k++)
        for (int32_t d = 0; d < f->n_days; d++) {
            const double e = m->window[(int64_t)k * f->n_days + d];
            if (m->factor[d] > 0)
                x[n++] =
                    (float)cp_scale_from(m->scale, (double)m->centre[d] + (double)m->spread[d] * e);
        }
    if (n > 0) {
        qsort(x, (size_t)n, sizeof *x, by_size);
        m->cut = (double)x[(int32_t)fmin(n - 1, m->idle * n)];
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_demand_calibrated(cp_ctx *ctx, const cp_forecast *forecast, cp_flow flow,
                               int32_t point, cp_demand_model *out)
{
    const cp_forecast_detail *d = forecast->detail;
    const int64_t at = (int64_t)flow * forecast->n_points + point;
    const int32_t n_days = forecast->n_days, n_cells = d->n_windows * n_days;
    const cp_demand_model *own = &d->model[at];
    double factor = 1;
    *out = *own;
    if (own->centre == NULL || own->sigma <= 0 || own->spread[0] <= 0) return CP_OK;
    if (own->unmixed) return cut_idle(ctx, forecast, out);
    const double share = DAYS_HELD / (DAYS_HELD + d->n_exact[at]);
    CP_NEW(ctx, ctx->scratch, out->window, n_cells);
    CP_NEW(ctx, ctx->scratch, out->spread, n_days);
    mix_windows(forecast, at, point, share, out->window, &factor);
    const double have = usual_error(out->window, n_cells);
    const double want = usual_error(own->window, n_cells);
    if (have > 0 && want > 0) factor *= pow(want / have, 1 - share);
    for (int32_t i = 0; i < n_days; i++)
        out->spread[i] = (float)(factor * (double)own->spread[i]);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/demand_combine.h"

#include <math.h>
#include <string.h>

#define STEP 5       /* days between origins: no multiple of a week, so they meet all weekdays */
#define WARM_UP 56   /* days of the series before the first origin */
#define MEMORY 180.0 /* days after which an origin counts 1/e */
#define HUBER 2.0    /* errors beyond so many sigma count by their size, not its square */
#define EQUAL 0.002  /* sigma^2: among models that err alike, weights are spread */
#define SWEEPS 200

int32_t cp_trial_origins(int32_t first, int32_t n, int32_t gap, int32_t n_most, int32_t *out)
{
    const int32_t latest = n - 2 - gap;
    int32_t count = latest - first < WARM_UP ? 0 : (latest - first - WARM_UP) / STEP + 1;
    if (count > n_most) count = n_most;
    for (int32_t k = 0; k < count; k++)
        out[k] = latest - (count - 1 - k) * STEP;
    return count;
}

/* Add w e e', the lower half: rows of a fixed length keep the loop short. */
static void add_products(const double *e, int32_t n, double w, double (*sum)[CP_N_SINGLES])
{
    for (int32_t a = 0; a < n; a++) {
        const double scaled = w * e[a];
        for (int32_t b = 0; b < CP_N_SINGLES; b++)
            sum[a][b] += scaled * e[b];
    }
}

void cp_combine_gram(const cp_trials *t, double sigma, double *gram, double *weight)
{
    double total = 0, sum[CP_N_SINGLES][CP_N_SINGLES] = {{0}}, e[CP_N_SINGLES] = {0};
    memset(gram, 0, CP_GRAM * sizeof *gram);
    for (int32_t o = 0; o < t->n_origins; o++) {
        const double recent = exp((t->origin[o] - t->origin[t->n_origins - 1]) / MEMORY);
        for (int32_t h = 0; h < t->n_ahead; h++) {
            double mean = 0;
            for (int32_t k = 0; k < t->n_singles; k++) {
                const int64_t at = ((int64_t)k * t->n_origins + o) * t->n_ahead + h;
                e[k] = (double)t->error[at] / sigma;
                mean += e[k] / t->n_singles;
            }
            if (isnan(mean)) continue;
            total += recent;
            add_products(e, t->n_singles, recent * HUBER / fmax(HUBER, fabs(mean)), sum);
        }
    }
    for (int32_t a = 0; a < t->n_singles; a++)
        for (int32_t b = 0; b <= a; b++) {
            const int32_t p = t->single[a], q = t->single[b]; /* rising, so q <= p */
            gram[p * CP_N_SINGLES + q] = sum[a][b] / (total > 0 ? total : 1);
            gram[q * CP_N_SINGLES + p] = gram[p * CP_N_SINGLES + q];
        }
    *weight = total;
}

void cp_simplex_least(const double *g, int32_t n, double *w)
{
    for (int32_t k = 0; k < n; k++)
        w[k] = 1.0 / n;
    for (int32_t sweep = 0; sweep < SWEEPS; sweep++) {
        double moved = 0;
        for (int32_t a = 0; a < n; a++)
            for (int32_t b = 0; b < a; b++) {
                /* Along w + t (e_a - e_b) the minimum is at t = (G_b - G_a) w / curvature. */
                double slope = 0;
                for (int32_t k = 0; k < n; k++)
                    slope += (g[b * n + k] - g[a * n + k]) * w[k];
                const double curve = g[a * n + a] + g[b * n + b] - 2 * g[a * n + b];
                if (curve <= 1e-12) continue;
                const double t = fmax(-w[a], fmin(w[b], slope / curve));
                w[a] += t;
                w[b] -= t;
                moved = fmax(moved, fabs(t));
            }
        if (moved < 1e-7) break;
    }
}

void cp_combine_weights(const cp_trials *t, const double *gram, double days, const double *pooled,
                        double pooled_days, double *weight)
{
    double g[CP_GRAM];
    const int32_t n = t->n_singles;
    const double all = days + pooled_days;
    for (int32_t a = 0; a < n; a++)
        for (int32_t b = 0; b < n; b++) {
            const int32_t at = t->single[a] * CP_N_SINGLES + t->single[b];
            const double own = days > 0 ? gram[at] * days : 0;
            const double other = pooled_days > 0 ? pooled[at] * pooled_days : 0;
            g[a * n + b] = (all > 0 ? (own + other) / all : 0) + (a == b ? EQUAL : 0);
        }
    cp_simplex_least(g, n, weight);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/bench_interval_score.h"

#include <stdio.h>
#include <stdlib.h>

#define N_LOSSES 19
#define LOW 0.6 /* of the outcomes inside the interval of 80 % */

static const double levels[N_LEVELS] = {0.5, 0.8, 0.95};

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double quantile_of(const double *sorted, int32_t n, double level)
{
    const double at = level * (n - 1);
    const int32_t i = (int32_t)at < n - 2 ? (int32_t)at : n - 2;
    return sorted[i] + (at - i) * (sorted[i + 1] - sorted[i]);
}

static double place_of(const double *sorted, int32_t n, double y)
{
    int32_t below = 0, equal = 0;
    for (int32_t i = 0; i < n && sorted[i] <= y; i++) {
        below += sorted[i] < y;
        equal += sorted[i] >= y;
    }
    return (below + 0.5 * equal) / n;
}

double interval_score_add(double *sample, int32_t n, double y, interval_score *to)
{
    qsort(sample, (size_t)n, sizeof *sample, by_value);
    for (int32_t k = 0; k < N_LEVELS; k++) {
        const int inside = y >= quantile_of(sample, n, 0.5 - levels[k] / 2) &&
                           y <= quantile_of(sample, n, 0.5 + levels[k] / 2);
        to->inside[k] += inside;
        if (k == 1) to->at_origin += inside;
    }
    const double low = quantile_of(sample, n, 0.1), high = quantile_of(sample, n, 0.9);
    to->below += y < low;
    to->above += y > high;
    to->width += high - low;
    for (int32_t k = 1; k <= N_LOSSES; k++) {
        const double level = 0.05 * k, q = quantile_of(sample, n, level);
        to->loss += 2 * (y >= q ? level * (y - q) : (1 - level) * (q - y)) / N_LOSSES;
    }
    to->truth += y;
    to->n++;
    to->n_at_origin += 1;
    return place_of(sample, n, y);
}

void interval_score_origin(interval_score *s)
{
    if (s->n_at_origin <= 0) return;
    s->n_origins++;
    s->n_low += s->at_origin < LOW * s->n_at_origin;
    s->at_origin = s->n_at_origin = 0;
}

static void add_means(const interval_score *from, interval_score *to)
{
    const double n = (double)from->n;
    for (int32_t k = 0; k < N_LEVELS; k++)
        to->inside[k] += from->inside[k] / n;
    to->below += from->below / n;
    to->above += from->above / n;
    to->width += from->width;
    to->loss += from->loss;
    to->truth += from->truth;
    to->n_origins += from->n_origins;
    to->n_low += from->n_low;
    to->n++;
}

void interval_score_head(void)
{
    printf("%-22s %6s %6s %6s   %6s %4s %6s   %6s %6s   %6s %7s\n", "", "50%", "80%", "95%",
           "worst", "<60", "<60 at", "<q10", ">q90", "width", "loss");
}

void interval_score_print(const char *name, const interval_score *by_series, int32_t n_series)
{
    interval_score all = {.n = 0};
    double worst = 1.0;
    int32_t n_low = 0;
    for (int32_t i = 0; i < n_series; i++) {
        if (by_series[i].n == 0) continue;
        const double inside = by_series[i].inside[1] / (double)by_series[i].n;
        add_means(&by_series[i], &all);
        if (inside < worst) worst = inside;
        n_low += inside < LOW;
    }
    if (all.n == 0) return;
    const double n = 0.01 * (double)all.n;
    const double origins = 0.01 * (double)(all.n_origins > 0 ? all.n_origins : 1);
    printf("%-22s %6.2f %6.2f %6.2f   %6.2f %4d %6.2f   %6.2f %6.2f   %.4f %.5f\n", name,
           all.inside[0] / n, all.inside[1] / n, all.inside[2] / n, 100.0 * worst, (int)n_low,
           (double)all.n_low / origins, all.below / n, all.above / n, all.width / all.truth,
           all.loss / all.truth);
}

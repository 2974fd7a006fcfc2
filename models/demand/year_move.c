/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/year_move.h"

#include <math.h>

#define HOLD 2.5
#define SHARE 0.5 /* of last year's movement that is expected again */
#define MEMORY_DAYS 14.0

static bool tells(const cp_series *s, int32_t i)
{
    return s->seen[i] == CP_SEEN_EXACTLY && s->weight[i] > 0.5 && !s->calendar->special[s->at + i];
}

/* Weighted sums of the days up to each, a value far from the mean so far held near it. value keeps
 * what was added; sums: sum and weight by turns. */
static void sum_before(const cp_filter_input *in, const double *week, double keep, double *value,
                       double *sums)
{
    const cp_series *s = in->series;
    double sum = 0, total = 0;
    for (int32_t i = s->first; i < s->n; i++) {
        sum *= keep;
        total *= keep;
        if (tells(s, i)) {
            const double v = in->z[i] - week[in->slot[i]];
            const double near = total > 0 ? sum / total : v, most = HOLD * in->sigma0;
            value[i] = fmax(near - most, fmin(near + most, v));
            sum += value[i];
            total += 1;
        }
        sums[2 * i] = sum;
        sums[2 * i + 1] = total;
    }
}

cp_status cp_year_move_make(cp_ctx *ctx, const cp_filter_input *in, const double *week, float **out)
{
    const cp_series *s = in->series;
    const double keep = exp(-1 / MEMORY_DAYS);
    double *value = NULL, *sums = NULL, sum = 0, total = 0, last = in->level0;
    float *move = NULL;
    *out = NULL;
    if (s->n - s->first < CP_YEAR_MOVE_LEAST) return CP_OK;
    CP_NEW(ctx, ctx->scratch, move, s->n);
    CP_NEW(ctx, ctx->scratch, value, s->n);
    CP_NEW(ctx, ctx->scratch, sums, 2 * (size_t)s->n);
    sum_before(in, week, keep, value, sums);
    for (int32_t i = s->n - 1; i >= s->first; i--) {
        const double all = sums[2 * i + 1] + keep * total;
        last = all > 0 ? (sums[2 * i] + keep * sum) / all : last;
        move[i] = (float)(SHARE * last);
        sum = keep * sum + (tells(s, i) ? value[i] : 0);
        total = keep * total + tells(s, i);
    }
    *out = move;
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/split_tally.h"

#include <math.h>
#include <string.h>

#define LEAST_DAYS 28
#define LEAST_WEEKS 4
#define WEEK 7

static cp_status new_sums(cp_ctx *ctx, cp_arena *arena, int32_t n_denoms, cp_split_sums *out)
{
    CP_NEW(ctx, arena, out->value, n_denoms);
    CP_NEW(ctx, arena, out->share, n_denoms);
    CP_NEW(ctx, arena, out->square, n_denoms);
    return CP_OK;
}

cp_status cp_split_tally_new(cp_ctx *ctx, cp_arena *arena, int32_t n_denoms, cp_split_tally *out)
{
    memset(out, 0, sizeof *out);
    out->n_denoms = n_denoms;
    CP_TRY(new_sums(ctx, arena, n_denoms, &out->day));
    return new_sums(ctx, arena, n_denoms, &out->week);
}

static void clear(cp_split_sums *s, int32_t n_denoms)
{
    const size_t size = (size_t)n_denoms * sizeof *s->value;
    memset(s->value, 0, size);
    memset(s->share, 0, size);
    memset(s->square, 0, size);
    s->at = -1;
    s->n = 0;
}

void cp_split_tally_clear(cp_split_tally *tally)
{
    clear(&tally->day, tally->n_denoms);
    clear(&tally->week, tally->n_denoms);
}

/* The day or week at hand is complete. */
static void close_at(cp_split_sums *s, int32_t n_denoms)
{
    double sum = 0;
    for (int32_t d = 0; d < n_denoms; d++)
        sum += s->value[d];
    for (int32_t d = 0; d < n_denoms && sum > 0; d++) {
        const double share = s->value[d] / sum;
        s->share[d] += share;
        s->square[d] += share * share;
        s->value[d] = 0;
    }
    s->n += sum > 0;
}

static void add(cp_split_sums *s, int32_t n_denoms, int32_t at, int32_t denom, double value)
{
    if (at != s->at) close_at(s, n_denoms);
    s->at = at;
    s->value[denom] += value;
}

void cp_split_tally_add(cp_split_tally *tally, int32_t day, int32_t denom, double value)
{
    add(&tally->day, tally->n_denoms, day, denom, value);
    add(&tally->week, tally->n_denoms, day / WEEK, denom, value);
}

/* Var(share) over p (1 - p), both summed over denominations. */
static double spread_of(const cp_split_sums *s, int32_t n_denoms)
{
    double apart = 0, most = 0;
    const double n = s->n;
    for (int32_t d = 0; d < n_denoms; d++) {
        const double p = s->share[d] / n;
        apart += (s->square[d] - n * p * p) / (n - 1);
        most += p * (1 - p);
    }
    return most > 1e-9 ? fmax(0, fmin(1, apart / most)) : 0;
}

void cp_split_tally_finish(cp_split_tally *tally, float spread[2])
{
    spread[0] = spread[1] = 0;
    close_at(&tally->day, tally->n_denoms);
    close_at(&tally->week, tally->n_denoms);
    if (tally->day.n < LEAST_DAYS || tally->week.n < LEAST_WEEKS) return;
    const double day = spread_of(&tally->day, tally->n_denoms);
    const double week = spread_of(&tally->week, tally->n_denoms);
    spread[0] = (float)day;
    spread[1] = (float)fmax(0, fmin(day, (WEEK * week - day) / (WEEK - 1)));
}

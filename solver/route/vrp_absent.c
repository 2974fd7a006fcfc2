/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_absent.h"

/* Shares of a search between which absences count. Before, annealing by cost often finds room by
 * itself, and faster, since it gives up most iterations early; after, cost counts whatever is left
 * out. */
#define SEEK_FROM 0.3
#define SEEK_UNTIL 0.8

cp_status cp_absent_new(cp_ctx *ctx, const cp_dense *d, cp_absent *out)
{
    *out = (cp_absent){0};
    CP_NEW(ctx, ctx->scratch, out->times, d->n);
    for (int32_t x = 0; x < d->n; x++) {
        bool possible = d->nodes[x].out == d->big;
        for (int32_t k = 0; k < d->n_kinds && possible; k++)
            if (d->alone[(size_t)k * (size_t)d->n + (size_t)x]) out->times[x] = 1;
    }
    return CP_OK;
}

static int64_t absences(const cp_absent *a, const int32_t *out, int32_t n)
{
    int64_t sum = 0;
    for (int32_t k = 0; k < n; k++)
        sum += a->times[out[k]];
    return sum;
}

bool cp_absent_seeks(cp_absent *a, const cp_state *s, double share)
{
    if (a->done || share < SEEK_FROM) return false;
    a->done = share > SEEK_UNTIL || absences(a, s->log_out, s->n_log_out) == 0;
    return !a->done;
}

bool cp_absent_accepts(cp_absent *a, const cp_state *s, double limit)
{
    const int64_t before = absences(a, s->log_out, s->n_log_out);
    const int64_t now = absences(a, s->out, s->n_out);
    for (int32_t k = 0; k < s->n_out; k++)
        if (a->times[s->out[k]] > 0) a->times[s->out[k]]++;
    return now < before || (now == before && (double)s->cost < limit);
}

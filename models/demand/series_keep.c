/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/series_keep.h"

/* A day in a byte: bits 0 and 1 seen, 2 to 5 reason, 6: the weight is 1. */
#define REASON_SHIFT 2
#define SEEN_MASK 3
#define REASON_MASK 15
#define WHOLE 64

_Static_assert(CP_SEEN_CLOSED <= SEEN_MASK && CP_N_REPAIRS <= REASON_MASK + 1, "a day in a byte");

static bool is_odd(const cp_series *s, int32_t i)
{
    const bool plain = s->weight[i] <= 0 || s->weight[i] >= 1;
    return s->broken[i] != 0 || !plain;
}

cp_status cp_series_keep(cp_ctx *ctx, const cp_series *s, cp_kept_series *out)
{
    uint8_t *day = NULL;
    cp_odd_day *odd = NULL;
    int32_t n = 0;
    for (int32_t i = 0; i < s->n; i++)
        n += is_odd(s, i);
    CP_NEW(ctx, ctx->run, day, s->n);
    CP_NEW(ctx, ctx->run, odd, n);
    n = 0;
    for (int32_t i = 0; i < s->n; i++) {
        const uint8_t whole = s->weight[i] >= 1 ? WHOLE : 0;
        day[i] = (uint8_t)(s->seen[i] | s->reason[i] << REASON_SHIFT | whole);
        if (is_odd(s, i)) odd[n++] = (cp_odd_day){i, s->broken[i], s->weight[i]};
    }
    *out = (cp_kept_series){.head = *s, .day = day, .odd = odd, .n_odd = n};
    out->head.x = out->head.weight = out->head.usual = out->head.step = NULL;
    out->head.seen = out->head.reason = out->head.broken = NULL;
    return CP_OK;
}

cp_status cp_series_again(cp_ctx *ctx, const cp_history *history, cp_flow flow, int32_t point,
                          const cp_kept_series *kept, cp_series *out)
{
    cp_series s = kept->head;
    CP_NEW_RAW(ctx, ctx->scratch, s.x, s.n);
    CP_NEW_RAW(ctx, ctx->scratch, s.weight, s.n);
    CP_NEW_RAW(ctx, ctx->scratch, s.seen, s.n);
    CP_NEW_RAW(ctx, ctx->scratch, s.reason, s.n);
    CP_NEW(ctx, ctx->scratch, s.broken, s.n);
    cp_series_read(history, flow, point, &s);
    for (int32_t i = 0; i < s.n; i++) {
        const uint8_t day = kept->day[i];
        s.seen[i] = day & SEEN_MASK;
        s.reason[i] = (day >> REASON_SHIFT) & REASON_MASK;
        s.weight[i] = (day & WHOLE) != 0 ? 1 : 0;
    }
    for (int32_t k = 0; k < kept->n_odd; k++) {
        s.broken[kept->odd[k].day] = kept->odd[k].broken;
        s.weight[kept->odd[k].day] = kept->odd[k].weight;
    }
    *out = s;
    return CP_OK;
}

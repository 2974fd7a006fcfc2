/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/single_days_seen.h"

typedef struct rests {
    double level, week[7];
} rests;

static void forget(int32_t broken, rests *r)
{
    r->level = fmin(r->level, CP_BREAK_DAYS);
    for (int32_t k = 0; k < 7 && broken == CP_REPAIR_MODE_SWITCH; k++)
        r->week[k] = fmin(r->week[k], CP_BREAK_WEEKS);
}

cp_status cp_seen_days_make(cp_ctx *ctx, const cp_filter_input *in, const cp_seen_start *start,
                            cp_seen_days *out)
{
    const cp_series *s = in->series;
    cp_seen_day *day = NULL;
    rests r = {.level = start->level_days};
    for (int32_t k = 0; k < 7; k++)
        r.week[k] = start->week_days;
    CP_NEW(ctx, ctx->scratch, day, s->n - s->first);
    *out = (cp_seen_days){.day = day, .first = s->first, .n = s->n - s->first};
    for (int32_t i = s->first; i < s->n; i++) {
        cp_seen_day *d = &day[i - s->first];
        const int32_t slot = in->slot[i];
        const bool exact = s->seen[i] == CP_SEEN_EXACTLY;
        d->slot = (uint8_t)slot;
        d->broken = s->broken[i];
        if (d->broken != 0) forget(d->broken, &r);
        if (!exact && s->seen[i] != CP_SEEN_AT_LEAST) continue;
        d->seen = s->seen[i];
        d->z = in->z[i];
        d->share = cp_single_share(in, i);
        d->loss = exact && i - s->first >= start->warm_up ? s->weight[i] : 0;
        out->loss += d->loss;
        if (d->share <= 0) continue;
        d->level_least = 1 / (r.level + 1);
        r.level += d->share;
        d->spread_gain = start->spread_gain;
        if (start->spread_days > 0)
            d->spread_gain = fmax(d->spread_gain, 1 / (r.level + start->spread_days));
        if (slot >= 7) continue;
        d->week_least = 1 / (r.week[slot] + start->week_prior);
        r.week[slot] += d->share;
    }
    return CP_OK;
}

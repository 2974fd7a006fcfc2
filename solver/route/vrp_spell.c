/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_spell.h"

#define FAR_AWAY (INT64_MAX / 2)

cp_status cp_spells_new(cp_ctx *ctx, const cp_vrp_vehicle *v, cp_spells *out)
{
    cp_spell *list = NULL;
    int64_t from = -FAR_AWAY;
    CP_NEW(ctx, ctx->scratch, list, v->n_bans + 1);
    out->list = list;
    out->n = 0;
    for (int32_t k = 0; k < v->n_bans; k++) {
        if (v->bans[k].open_s > from) list[out->n++] = (cp_spell){from, v->bans[k].open_s};
        from = v->bans[k].close_s;
    }
    list[out->n++] = (cp_spell){from, FAR_AWAY};
    return CP_OK;
}

int64_t cp_spell_search_after(const cp_spells *s, int64_t t, int64_t length_s)
{
    int32_t lo = 0, hi = s->n - 1;
    while (lo < hi) { /* the first spell that lasts long enough after t */
        const int32_t mid = lo + (hi - lo) / 2;
        if (s->list[mid].to_s >= t + length_s)
            hi = mid;
        else
            lo = mid + 1;
    }
    while (lo < s->n - 1 && s->list[lo].to_s - s->list[lo].from_s < length_s)
        lo++;
    return t > s->list[lo].from_s ? t : s->list[lo].from_s;
}

int64_t cp_spell_search_before(const cp_spells *s, int64_t end, int64_t length_s)
{
    int32_t lo = 0, hi = s->n - 1;
    while (lo < hi) { /* the last spell that begins early enough */
        const int32_t mid = lo + (hi - lo + 1) / 2;
        if (s->list[mid].from_s <= end - length_s)
            lo = mid;
        else
            hi = mid - 1;
    }
    while (lo > 0 && s->list[lo].to_s - s->list[lo].from_s < length_s)
        lo--;
    return (end < s->list[lo].to_s ? end : s->list[lo].to_s) - length_s;
}

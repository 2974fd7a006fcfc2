/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_spell.h - the hours of a vehicle as the stretches of time between its forbidden hours: what
 * takes time is done whole inside one of them. */
#ifndef CP_VRP_SPELL_H
#define CP_VRP_SPELL_H

#include "models/route/vrp.h"

/* [from_s, to_s): the first begins and the last ends so far away that no moment lies beyond. */
typedef struct cp_spell {
    int64_t from_s, to_s;
} cp_spell;

typedef struct cp_spells {
    const cp_spell *list; /* by time, at least one */
    int32_t n;
} cp_spells;

/* *out lives in ctx->scratch. */
cp_status cp_spells_new(cp_ctx *ctx, const cp_vrp_vehicle *v, cp_spells *out);

/* Earliest start >= t, and latest start with which it ends by `end`, of what takes length_s >= 0;
 * what takes no time is done at any moment. For vehicles with forbidden hours. */
int64_t cp_spell_search_after(const cp_spells *s, int64_t t, int64_t length_s);
int64_t cp_spell_search_before(const cp_spells *s, int64_t end, int64_t length_s);

static inline int64_t cp_spell_after(const cp_spells *s, int64_t t, int64_t length_s)
{
    return s->n == 1 || length_s == 0 ? t : cp_spell_search_after(s, t, length_s);
}
static inline int64_t cp_spell_before(const cp_spells *s, int64_t end, int64_t length_s)
{
    return s->n == 1 || length_s == 0 ? end - length_s : cp_spell_search_before(s, end, length_s);
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_assign_raw.h"

enum { BAG_ENOUGH = 100 }; /* clients taken out by whole sites in a round */

/* Open sites in the order of the client's costs, some passed over. */
static void pick_near(cp_site_assign *w, cp_rng *rng, int32_t i, int32_t n)
{
    const cp_siting *s = w->s;
    int32_t guests = 0;
    for (int32_t a = s->first[i]; a < s->first[i + 1] && w->n_pick < n; a++) {
        const int32_t j = s->arc_site[a];
        if (!w->open[j] || cp_rng_below(rng, 5) == 0) continue;
        if (w->n_pick > 0 && guests + w->n_guest[j] > BAG_ENOUGH) break;
        guests += w->n_guest[j];
        w->pick[w->n_pick++] = j;
    }
}

static void take_out(cp_site_assign *w, int32_t i)
{
    w->bag[w->n_bag++] = i;
    cp_assign_put(w, i, NONE);
}

static void dissolve(cp_site_assign *w, int32_t j)
{
    cp_assign_enqueue(w, j);
    while (w->head[j] != NONE)
        take_out(w, w->head[j]);
}

/* A closed site near a client of the round; NONE where none is found. */
static int32_t closed_near(cp_site_assign *w, cp_rng *rng, int32_t seed)
{
    const cp_siting *s = w->s;
    const int32_t i = w->n_bag > 0 ? w->bag[cp_rng_below(rng, (uint32_t)w->n_bag)] : seed;
    for (int32_t a = s->first[i]; a < s->first[i + 1]; a++) {
        const int32_t j = s->arc_site[a];
        if (w->open[j] || cp_assign_duty(w, j) == CP_SITING_SHUT) continue;
        if (cp_rng_below(rng, 6) == 0) return j;
    }
    return NONE;
}

static void open_near(cp_site_assign *w, cp_rng *rng, int32_t seed)
{
    const int32_t j = closed_near(w, rng, seed);
    if (j == NONE) return;
    cp_assign_turn(w, j);
    cp_assign_enqueue(w, j);
}

static bool close_one(cp_site_assign *w, cp_rng *rng)
{
    for (int32_t k = 0; k < 4 && w->n_pick > 0; k++) {
        const int32_t j = w->pick[cp_rng_below(rng, (uint32_t)w->n_pick)];
        if (!w->open[j] || cp_assign_duty(w, j) == CP_SITING_OPEN) continue;
        cp_assign_turn(w, j);
        return true;
    }
    return false;
}

void cp_assign_ruin(cp_site_assign *w, cp_rng *rng)
{
    const cp_siting *s = w->s;
    const int32_t seed = (int32_t)cp_rng_below(rng, (uint32_t)s->n_clients);
    int32_t n = 1;
    while (n < 6 && cp_rng_below(rng, 2) == 0)
        n++;
    pick_near(w, rng, seed, n + 1);
    for (int32_t k = 0; k < w->n_pick; k++)
        dissolve(w, w->pick[k]);
    const uint32_t kind = cp_rng_below(rng, 8);
    /* kind 0: close, 1: open, 2-4: exchange, 5: exchange two, 6-7: sites stay */
    const int32_t out = kind == 0 ? 1 : kind == 1 ? 0 : kind <= 4 ? 1 : kind == 5 ? 2 : 0;
    const int32_t in = kind == 0 ? 0 : kind == 1 ? 1 : kind <= 4 ? 1 : kind == 5 ? 2 : 0;
    for (int32_t k = 0; k < out; k++)
        (void)close_one(w, rng);
    for (int32_t k = 0; k < in || w->n_open < s->least_open; k++) {
        const int32_t before = w->n_open;
        if (w->n_open >= s->most_open) break;
        open_near(w, rng, seed);
        if (w->n_open == before) break;
    }
    cp_assign_fill(w, rng);
}

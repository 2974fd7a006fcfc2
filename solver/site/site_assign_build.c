/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "solver/site/site_assign_raw.h"

void cp_assign_insert(cp_site_assign *w, cp_rng *rng, int32_t i, double blink)
{
    const cp_siting *s = w->s;
    double least = cp_assign_left(w, i);
    int32_t best = NONE;
    for (int32_t a = s->first[i]; a < s->first[i + 1] && s->arc_cost[a] < least; a++) {
        const int32_t j = s->arc_site[a];
        if (!w->open[j]) continue;
        if (blink > 0 && cp_rng_unit(rng) < blink) continue;
        const double load = w->load[j];
        const double over = cp_assign_over(w, j, load + s->demand[i]) - cp_assign_over(w, j, load);
        const double cost = s->arc_cost[a] + w->over_price * over;
        if (cost >= least) continue;
        least = cost;
        best = j;
    }
    cp_assign_put(w, i, best);
}

/* The star of a closed site: clients served by nobody, the cheapest a unit first, while they fit.
 * Returns its cost a unit of demand; puts them there if `serve`. */
static double star(cp_site_assign *w, int32_t j, bool serve)
{
    const cp_siting *s = w->s;
    double cost = s->fixed[j], demand = 0, best = INFINITY;
    for (int32_t k = w->site_first[j]; k < w->site_first[j + 1]; k++) {
        const int32_t i = w->site_client[k];
        if (w->server[i] != NONE || demand + s->demand[i] > s->capacity[j]) continue;
        if (cp_assign_at(w, i, j) >= cp_assign_left(w, i)) continue;
        /* Clients beyond the cheapest ratio are dearer than it is; with fixed costs the ratio falls
         * first. Without any the star is filled: its number of sites is what counts. */
        if (s->fixed[j] > 0 && cp_assign_at(w, i, j) >= best * s->demand[i]) break;
        cost += cp_assign_at(w, i, j);
        demand += s->demand[i];
        best = cost / demand;
        if (serve) cp_assign_put(w, i, j);
    }
    return best;
}

static int32_t best_star(cp_site_assign *w)
{
    int32_t best = NONE;
    double least = INFINITY;
    for (int32_t j = 0; j < w->s->n_sites; j++) {
        if (w->open[j] || cp_assign_duty(w, j) == CP_SITING_SHUT) continue;
        const double ratio = star(w, j, false);
        if (ratio >= least) continue;
        least = ratio;
        best = j;
    }
    return best;
}

static int32_t any_closed(const cp_site_assign *w)
{
    int32_t best = NONE;
    for (int32_t j = 0; j < w->s->n_sites; j++)
        if (!w->open[j] && cp_assign_duty(w, j) != CP_SITING_SHUT &&
            (best == NONE || w->s->fixed[j] < w->s->fixed[best]))
            best = j;
    return best;
}

void cp_assign_build(cp_site_assign *w)
{
    const cp_siting *s = w->s;
    for (int32_t j = 0; j < s->n_sites; j++) {
        if (cp_assign_duty(w, j) != CP_SITING_OPEN || w->open[j]) continue;
        (void)star(w, j, true);
        cp_assign_turn(w, j);
    }
    while (w->n_open < s->most_open) {
        const int32_t j = best_star(w);
        if (j == NONE) break;
        (void)star(w, j, true);
        cp_assign_turn(w, j);
    }
    while (w->n_open < s->least_open) {
        const int32_t j = any_closed(w);
        if (j == NONE) break;
        cp_assign_turn(w, j);
    }
}

/* Clients with the greatest keys first. */
static void order_bag(cp_site_assign *w)
{
    for (int32_t k = 1; k < w->n_bag; k++) {
        const int32_t i = w->bag[k];
        int32_t q = k;
        for (; q > 0 && w->key[w->bag[q - 1]] < w->key[i]; q--)
            w->bag[q] = w->bag[q - 1];
        w->bag[q] = i;
    }
}

/* What the client loses if its cheapest open site is taken, the price of too much counted. */
static double regret(const cp_site_assign *w, int32_t i)
{
    const cp_siting *s = w->s;
    double first = cp_assign_left(w, i), second = first;
    for (int32_t a = s->first[i]; a < s->first[i + 1] && s->arc_cost[a] < second; a++) {
        if (!w->open[s->arc_site[a]]) continue;
        if (s->arc_cost[a] < first) {
            second = first;
            first = s->arc_cost[a];
        } else {
            second = s->arc_cost[a];
        }
    }
    return second - first;
}

void cp_assign_fill(cp_site_assign *w, cp_rng *rng)
{
    const uint32_t kind = cp_rng_below(rng, 3);
    for (int32_t k = 0; k < w->n_bag; k++) {
        const int32_t i = w->bag[k];
        w->key[i] = kind == 0   ? cp_rng_unit(rng)
                    : kind == 1 ? w->s->demand[i] * (0.8 + 0.4 * cp_rng_unit(rng))
                                : regret(w, i);
    }
    order_bag(w);
    for (int32_t k = 0; k < w->n_bag; k++)
        cp_assign_insert(w, rng, w->bag[k], 0.02);
}

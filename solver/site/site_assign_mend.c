/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_assign_raw.h"

enum { NEAR = 8 }; /* open sites with which a client's site exchanges */

void cp_assign_enqueue(cp_site_assign *w, int32_t j)
{
    if (w->queued[j]) return;
    w->queued[j] = 1;
    w->queue[(w->queue_at + w->n_queue++) % w->s->n_sites] = j;
}

/* What a load of `from` that becomes `to` adds to the priced cost. */
static double press(const cp_site_assign *w, int32_t j, double to)
{
    return w->over_price * (cp_assign_over(w, j, to) - cp_assign_over(w, j, w->load[j]));
}

/* Client i of a and a client of b exchange, or i alone moves: the first that pays is made. */
static bool improve_pair(cp_site_assign *w, int32_t i, int32_t b)
{
    const cp_siting *s = w->s;
    const int32_t a = w->server[i];
    const double gain = cp_assign_at(w, i, b) - cp_assign_at(w, i, a);
    const double tiny = -1e-9 * (1 + fabs(w->now.cost)) * 1e-3;
    if (gain + press(w, a, w->load[a] - s->demand[i]) + press(w, b, w->load[b] + s->demand[i]) <
        tiny) {
        cp_assign_put(w, i, b);
        return true;
    }
    for (int32_t k = w->head[b]; k != NONE; k = w->next[k]) {
        const double back = gain + cp_assign_at(w, k, a) - cp_assign_at(w, k, b);
        const double by = s->demand[k] - s->demand[i];
        if (back >= 0 && w->now.over <= w->dust) continue;
        if (!isfinite(back)) continue;
        if (back + press(w, a, w->load[a] + by) + press(w, b, w->load[b] - by) >= tiny) continue;
        cp_assign_put(w, i, b);
        cp_assign_put(w, k, a);
        return true;
    }
    return false;
}

static bool improve_client(cp_site_assign *w, int32_t i)
{
    const cp_siting *s = w->s;
    const int32_t a = w->server[i];
    int32_t seen = 0;
    for (int32_t k = s->first[i]; k < s->first[i + 1] && seen < NEAR; k++) {
        const int32_t b = s->arc_site[k];
        if (!w->open[b] || b == a) continue;
        seen++;
        if (!improve_pair(w, i, b)) continue;
        cp_assign_enqueue(w, a);
        cp_assign_enqueue(w, b);
        return true;
    }
    return false;
}

/* All clients of a to a closed site, if that is cheaper. */
static bool move_zone(cp_site_assign *w, int32_t a, int32_t c)
{
    const double price = w->over_price;
    double gain = w->s->fixed[c] - w->s->fixed[a] + price * cp_assign_over(w, c, w->load[a]) -
                  price * cp_assign_over(w, a, w->load[a]);
    for (int32_t i = w->head[a]; i != NONE && isfinite(gain); i = w->next[i])
        gain += cp_assign_at(w, i, c) - cp_assign_at(w, i, a);
    if (!(gain < -1e-9)) return false;
    cp_assign_turn(w, c);
    cp_assign_turn(w, a);
    while (w->head[a] != NONE)
        cp_assign_put(w, w->head[a], c);
    return true;
}

/* Moves the clients of a to a better site among the closed ones near some of them. */
static int32_t improve_zone(cp_site_assign *w, int32_t a)
{
    const cp_siting *s = w->s;
    if (cp_assign_duty(w, a) == CP_SITING_OPEN) return a;
    const int32_t i = w->head[a];
    int32_t seen = 0;
    for (int32_t k = s->first[i]; k < s->first[i + 1] && seen < NEAR; k++) {
        const int32_t c = s->arc_site[k];
        if (w->open[c] || cp_assign_duty(w, c) == CP_SITING_SHUT) continue;
        seen++;
        if (move_zone(w, a, c)) return c;
    }
    return a;
}

static void mend_site(cp_site_assign *w, int32_t a)
{
    if (!w->open[a]) return;
    if (w->n_guest[a] == 0) {
        if (cp_assign_duty(w, a) != CP_SITING_OPEN && w->n_open > w->s->least_open)
            cp_assign_turn(w, a);
        return;
    }
    a = improve_zone(w, a);
    for (int32_t i = w->head[a], after = NONE; i != NONE; i = after) {
        after = w->next[i];
        (void)improve_client(w, i);
    }
}

void cp_assign_mend(cp_site_assign *w)
{
    while (w->n_queue > 0) {
        const int32_t j = w->queue[w->queue_at];
        w->queue_at = (w->queue_at + 1) % w->s->n_sites;
        w->n_queue--;
        w->queued[j] = 0;
        mend_site(w, j);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "solver/site/site_assign_raw.h"

static void load_change(cp_site_assign *w, int32_t site, double by)
{
    w->now.over -= cp_assign_over(w, site, w->load[site]);
    w->load[site] += by;
    w->now.over += cp_assign_over(w, site, w->load[site]);
}

static void leave_site(cp_site_assign *w, int32_t i)
{
    const int32_t j = w->server[i];
    if (j == NONE) {
        const double left = w->s->leave == NULL ? INFINITY : w->s->leave[i];
        if (isfinite(left))
            w->now.cost -= left;
        else
            w->now.lost--;
        return;
    }
    w->now.cost -= cp_assign_at(w, i, j);
    load_change(w, j, -w->s->demand[i]);
    w->n_guest[j]--;
    if (w->prev[i] == NONE)
        w->head[j] = w->next[i];
    else
        w->next[w->prev[i]] = w->next[i];
    if (w->next[i] != NONE) w->prev[w->next[i]] = w->prev[i];
}

static void join_site(cp_site_assign *w, int32_t i, int32_t j)
{
    w->server[i] = j;
    if (j == NONE) {
        const double left = w->s->leave == NULL ? INFINITY : w->s->leave[i];
        if (isfinite(left))
            w->now.cost += left;
        else
            w->now.lost++;
        return;
    }
    w->now.cost += cp_assign_at(w, i, j);
    load_change(w, j, w->s->demand[i]);
    w->n_guest[j]++;
    w->prev[i] = NONE;
    w->next[i] = w->head[j];
    if (w->head[j] != NONE) w->prev[w->head[j]] = i;
    w->head[j] = i;
}

void cp_assign_put(cp_site_assign *w, int32_t i, int32_t j)
{
    if (w->server[i] == j) return;
    if (w->client_round[i] != w->round) {
        w->client_round[i] = w->round;
        w->was_server[w->n_changed] = w->server[i];
        w->changed[w->n_changed++] = i;
    }
    leave_site(w, i);
    join_site(w, i, j);
}

static void flip(cp_site_assign *w, int32_t j)
{
    w->open[j] = !w->open[j];
    w->n_open += w->open[j] ? 1 : -1;
    w->now.cost += w->open[j] ? w->s->fixed[j] : -w->s->fixed[j];
}

void cp_assign_turn(cp_site_assign *w, int32_t j)
{
    if (w->site_round[j] != w->round) {
        w->site_round[j] = w->round;
        w->turned[w->n_turned++] = w->open[j] ? j : ~j;
    }
    flip(w, j);
}

void cp_assign_begin(cp_site_assign *w)
{
    w->round++;
    w->n_changed = 0;
    w->n_turned = 0;
    w->n_bag = 0;
    w->n_pick = 0;
}

void cp_assign_undo(cp_site_assign *w)
{
    for (int32_t k = 0; k < w->n_turned; k++) {
        const bool was = w->turned[k] >= 0;
        const int32_t j = was ? w->turned[k] : ~w->turned[k];
        if ((w->open[j] != 0) != was) flip(w, j);
    }
    for (int32_t k = 0; k < w->n_changed; k++) {
        const int32_t i = w->changed[k];
        if (w->server[i] == w->was_server[k]) continue;
        leave_site(w, i);
        join_site(w, i, w->was_server[k]);
    }
    w->n_changed = 0;
    w->n_turned = 0;
}

void cp_assign_recount(cp_site_assign *w)
{
    const cp_siting *s = w->s;
    w->now = (cp_assign_worth){0};
    w->n_open = 0;
    for (int32_t j = 0; j < s->n_sites; j++) {
        w->load[j] = 0;
        w->head[j] = NONE;
        w->n_guest[j] = 0;
        w->n_open += w->open[j] != 0;
        w->now.cost += w->open[j] ? s->fixed[j] : 0;
    }
    for (int32_t i = 0; i < s->n_clients; i++)
        join_site(w, i, w->server[i]);
    /* Once more in one sum: a difference of sums would leave noise where nothing is too much. */
    w->now.over = 0;
    for (int32_t j = 0; j < s->n_sites; j++)
        w->now.over += cp_assign_over(w, j, w->load[j]);
}

bool cp_assign_allowed(const cp_site_assign *w)
{
    const cp_siting *s = w->s;
    if (w->now.lost > 0 || w->n_open < s->least_open || w->n_open > s->most_open) return false;
    for (int32_t j = 0; j < s->n_sites; j++)
        if (cp_assign_over(w, j, w->load[j]) > 0) return false;
    return true;
}

void cp_assign_note(cp_site_assign *w)
{
    const cp_siting *s = w->s;
    const double tiny = 1e-9 * fabs(w->best_cost);
    if (isfinite(w->best_cost) && w->now.cost >= w->best_cost - tiny) return;
    if (w->now.lost > 0 || w->now.over > w->dust) return;
    cp_assign_recount(w);
    if (!cp_assign_allowed(w) || w->now.cost >= w->best_cost) return;
    w->best_cost = w->now.cost;
    memcpy(w->best_open, w->open, (size_t)s->n_sites * sizeof *w->open);
    memcpy(w->best_server, w->server, (size_t)s->n_clients * sizeof *w->server);
}

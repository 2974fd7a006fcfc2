/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_rich_search.h"

#define STRING_MAX 10 /* nodes of one route that go at once */

/* A reload without nodes before it in its trip, or without any after it, serves nobody. */
static void drop_idle_reloads(cp_rich_route *q)
{
    int32_t *x = cp_rich_items(q);
    int32_t n = 0, nodes = 0, last = -1;
    for (int32_t i = 0; i < q->n; i++) {
        if (cp_vrp_is_reload(x[i])) {
            if (nodes == 0) continue;
            nodes = 0;
            last = n;
        }
        nodes += cp_vrp_is_node(x[i]);
        x[n++] = x[i];
    }
    q->n = n;
    if (nodes == 0 && last >= 0) cp_rich_take(q, last, 1);
}

/* Take out the nodes that are marked, and reloads of items [first, past). */
static int32_t drop_marked(cp_rich *s, int32_t r, int32_t first, int32_t past)
{
    cp_rich_route *q = &s->routes[r];
    int32_t *x = cp_rich_items(q);
    int32_t n = 0, nodes = 0;
    for (int32_t i = 0; i < q->n; i++) {
        const bool node = cp_vrp_is_node(x[i]);
        if (node && s->gone[x[i]] != 0) continue;
        if (cp_vrp_is_reload(x[i]) && i >= first && i < past) continue;
        nodes += node;
        x[n++] = x[i];
    }
    q->n = n;
    drop_idle_reloads(q);
    return nodes;
}

/* Of the route that was logged last. */
static void release_marked(cp_rich *s)
{
    const cp_rich_list *log = &s->log;
    const cp_vrp_route *was = &log->routes[log->n - 1];
    for (int32_t i = was->first; i < was->first + was->n; i++) {
        const int32_t x = log->items[i];
        if (!cp_vrp_is_node(x) || s->gone[x] == 0) continue;
        s->gone[x] = 0;
        cp_rich_release(s, x);
    }
}

/* The route as it was, of the log. */
static void bring_back(cp_rich *s, int32_t r)
{
    const cp_rich_list *log = &s->log;
    const cp_vrp_route *was = &log->routes[log->n - 1];
    cp_rich_route *q = &s->routes[r];
    q->n = 0;
    cp_rich_put(q, 0, log->items + was->first, was->n);
}

/* Take the marked nodes out, with all reloads if they may go; else without those among them; when
 * what is left does not hold by itself (a way that is longer without a node), all of them. */
static void take_marked(cp_rich *s, int32_t r, int32_t first, int32_t past, bool reloads)
{
    cp_rich_route *q = &s->routes[r];
    const double was = q->sum.cost;
    int32_t left = 0;
    bool holds = false;
    if (reloads) {
        left = drop_marked(s, r, 0, q->n);
        holds = left == 0 || cp_rich_settle(&s->drive, q);
        if (!holds) bring_back(s, r);
    }
    if (!holds) {
        left = drop_marked(s, r, first, past);
        holds = left == 0 || cp_rich_settle(&s->drive, q);
    }
    if (!holds) {
        bring_back(s, r);
        for (int32_t i = 0; i < q->n; i++)
            if (cp_vrp_is_node(cp_rich_items(q)[i])) s->gone[cp_rich_items(q)[i]] = 1;
        left = 0;
    }
    if (left == 0)
        q->n = 0;
    else
        cp_rich_move_breaks(&s->drive, q);
    release_marked(s);
    cp_rich_seat(s, r, was);
}

/* Take `length` items out around position `at`: nodes with their partners. */
static cp_status cut_string(cp_rich *s, int32_t r, int32_t at, int32_t length)
{
    const cp_rich_route *q = &s->routes[r];
    const int32_t *x = cp_rich_items(q);
    int32_t first = at - (int32_t)cp_rng_below(&s->rng, (uint32_t)length);
    cp_rich_freshen(s, r);
    CP_TRY(cp_rich_touch(s, r));
    if (first + length > q->n) first = q->n - length;
    if (first < 0) first = 0;
    const int32_t past = first + length < q->n ? first + length : q->n;
    for (int32_t i = first; i < past; i++) {
        if (!cp_vrp_is_node(x[i])) continue;
        const int32_t partner = s->drive.f.partner[x[i]];
        s->gone[x[i]] = 1;
        if (partner >= 0) s->gone[partner] = 1;
    }
    take_marked(s, r, first, past, cp_rng_below(&s->rng, 2) == 0);
    return CP_OK;
}

cp_status cp_rich_ruin(cp_rich *s)
{
    const int32_t seed = (int32_t)cp_rng_below(&s->rng, (uint32_t)s->n);
    const uint32_t most_removed = (uint32_t)(2 * s->o->mean_removed) + 1;
    int32_t left = 1 + (int32_t)cp_rng_below(&s->rng, most_removed);
    for (int32_t k = -1; k < s->n_near && left > 0; k++) {
        const int32_t x = k < 0 ? seed : s->near[(size_t)seed * (size_t)s->n_near + (size_t)k];
        const int32_t r = s->route_of[x];
        if (r < 0 || s->touched[r] != 0) continue;
        int32_t most = s->routes[r].n < STRING_MAX ? s->routes[r].n : STRING_MAX;
        if (most > left) most = left;
        const int32_t length = 1 + (int32_t)cp_rng_below(&s->rng, (uint32_t)most);
        CP_TRY(cut_string(s, r, s->position[x], length));
        left -= length;
    }
    return CP_OK;
}

cp_status cp_rich_take_trip(cp_rich *s)
{
    const int32_t r = s->live[cp_rng_below(&s->rng, (uint32_t)s->n_live)];
    const cp_rich_route *q = &s->routes[r];
    const int32_t *x = cp_rich_items(q);
    int32_t at = (int32_t)cp_rng_below(&s->rng, (uint32_t)q->n), past = at;
    cp_rich_freshen(s, r);
    CP_TRY(cp_rich_touch(s, r));
    const int32_t waited = s->n_waiting;
    while (at > 0 && !cp_vrp_is_reload(x[at - 1]))
        at--;
    while (past < q->n && (past == at || !cp_vrp_is_reload(x[past])))
        past++;
    int32_t units = 0;
    s->n_trip = 0;
    for (int32_t i = at; i < past; i++) {
        if (!cp_vrp_is_node(x[i])) continue;
        s->trip[s->n_trip++] = x[i];
        s->gone[x[i]] = 1;
        units += !cp_rich_is_brought(s, x[i]);
    }
    take_marked(s, r, at, past, false);
    if (s->n_waiting != waited + units) s->n_trip = 0; /* the rest did not hold without it */
    return CP_OK;
}

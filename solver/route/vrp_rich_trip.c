/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_rich_trip.c - a whole trip is put in as one. Nodes put in one by one seldom fill a second
 * trip of a car when each of them alone would be cheaper on another. */
#include <math.h>
#include <string.h>

#include "solver/route/vrp_rich_search.h"

/* Where the trip may go: before items[at] of a route. */
typedef struct berth {
    double delta;
    int32_t route, kind, at, reload; /* reload: item, 0 = none (a route of its own) */
    bool reload_last;                /* behind the trip, not before it */
} berth;

static bool may_serve(const cp_rich *s, int32_t kind)
{
    for (int32_t i = 0; i < s->n_trip; i++)
        if (s->may[(size_t)kind * (size_t)s->n + (size_t)s->trip[i]] == 0) return false;
    return true;
}

/* The trip with its reload, in s->trip; the room for one more is there. */
static const int32_t *with_reload(cp_rich *s, const berth *w, int32_t *n)
{
    const int32_t m = s->n_trip;
    *n = w->reload == 0 ? m : m + 1;
    if (w->reload_last) s->trip[m] = w->reload;
    if (w->reload == 0 || w->reload_last) return s->trip;
    memmove(s->trip + 1, s->trip, (size_t)m * sizeof(*s->trip));
    s->trip[0] = w->reload;
    return s->trip;
}

static void without_reload(cp_rich *s, const berth *w)
{
    if (w->reload == 0 || w->reload_last) return;
    memmove(s->trip, s->trip + 1, (size_t)s->n_trip * sizeof(*s->trip));
}

static void try_berth(cp_rich *s, berth w, berth *best)
{
    const cp_rich_route *r = &s->routes[w.route];
    cp_fold_sum sum;
    int32_t n = 0;
    const int32_t *put = with_reload(s, &w, &n);
    const cp_fold_word word = cp_rich_try(&s->drive, r, w.at, put, n, &sum);
    without_reload(s, &w);
    if (word != CP_FOLD_FITS || sum.cost - r->sum.cost >= best->delta) return;
    *best = w;
    best->delta = sum.cost - r->sum.cost;
}

/* Before the first trip, and behind each. */
static void try_route(cp_rich *s, int32_t r, berth *best)
{
    const cp_rich_route *q = &s->routes[r];
    const cp_vrp_vehicle *v = &s->p->vehicles[q->kind];
    if (v->max_trips < 2 || !may_serve(s, q->kind)) return;
    cp_rich_freshen(s, r);
    for (int32_t k = 0; k < v->n_reload_depots; k++) {
        berth w = {.route = r, .kind = q->kind, .reload = cp_vrp_reload(v->reload_depots[k])};
        w.reload_last = true;
        try_berth(s, w, best);
        w.reload_last = false;
        for (w.at = 1; w.at <= q->n; w.at++)
            if (w.at == q->n || cp_vrp_is_reload(cp_rich_items(q)[w.at])) try_berth(s, w, best);
    }
}

static void try_own(cp_rich *s, berth *best)
{
    if (s->n_live == s->n_routes) return;
    for (int32_t k = 0; k < s->p->n_vehicles; k++) {
        if (s->used[k] >= s->p->vehicles[k].count || !may_serve(s, k)) continue;
        if (!cp_rich_make(&s->drive, k, s->trip, s->n_trip)) continue;
        const double cost = s->drive.trial.sum.cost;
        if (cost < best->delta)
            *best = (berth){.delta = cost, .route = s->live[s->n_live], .kind = k};
    }
}

/* The units of the trip are the last that were left out. */
static void count_as_served(cp_rich *s)
{
    for (int32_t i = 0; i < s->n_trip; i++) {
        if (cp_rich_is_brought(s, s->trip[i])) continue;
        cp_rich_charge(s, s->trip[i], -1);
        s->n_waiting--;
    }
}

cp_status cp_rich_place_trip(cp_rich *s)
{
    berth best = {.delta = HUGE_VAL, .route = -1};
    int32_t n = 0;
    if (s->n_trip == 0) return CP_OK;
    for (int32_t k = 0; k < s->n_live; k++)
        try_route(s, s->live[k], &best);
    try_own(s, &best);
    if (best.route < 0) return CP_OK;
    cp_rich_route *r = &s->routes[best.route];
    CP_TRY(cp_rich_touch(s, best.route));
    const double was = r->n > 0 ? r->sum.cost : 0;
    if (r->n == 0) r->kind = best.kind;
    const int32_t breaks = s->p->vehicles[best.kind].n_breaks;
    CP_TRY(cp_rich_reserve(s->ctx, &s->drive, r, r->n + s->n_trip + 1 + breaks));
    const int32_t *put = with_reload(s, &best, &n);
    cp_rich_put(r, best.at, put, n);
    without_reload(s, &best);
    if (cp_rich_settle(&s->drive, r)) {
        count_as_served(s);
        cp_rich_seat(s, best.route, was);
        return CP_OK;
    }
    cp_rich_take(r, best.at, n);
    if (r->n == 0)
        cp_rich_give_back(&s->drive, r);
    else
        (void)cp_rich_refresh(&s->drive, r);
    return CP_OK;
}

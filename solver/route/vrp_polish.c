/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_polish.h"

#include "solver/route/vrp_move.h"

#define N_NEAR 20
/* Routes with which a route exchanges single stops: those of the nearest few of each of its stops,
 * at most so many. */
#define SWAP_NEAR 5
#define SWAP_ROUTES 16

enum { QUEUED = 1, CHANGED = 2 };

/* Two routes (r2 -1: one alone) and how many stops of the polish's lists each gets. */
typedef struct pair {
    int32_t r1, r2, n1, n2;
} pair;

cp_status cp_polish_new(cp_ctx *ctx, const cp_dense *d, cp_polish *out)
{
    *out = (cp_polish){.n_near = N_NEAR < d->n_near ? N_NEAR : d->n_near};
    out->any_order = d->arc == d->arc_to && !(d->has & (CP_VRP_HAS_LOADS | CP_VRP_HAS_EXPOSURE));
    for (int32_t i = 0; i < d->n && out->any_order; i++)
        out->any_order = d->nodes[i].n_windows == 0;
    CP_NEW(ctx, ctx->scratch, out->queue, d->n_routes);
    CP_NEW(ctx, ctx->scratch, out->changed, d->n_routes);
    CP_NEW(ctx, ctx->scratch, out->state, d->n_routes);
    CP_NEW(ctx, ctx->scratch, out->first, d->n);
    CP_NEW(ctx, ctx->scratch, out->second, d->n);
    CP_NEW(ctx, ctx->scratch, out->places, d->n);
    return CP_OK;
}

/* The arc from one stop to another, as kind 0 has it. */
static int64_t arc(const cp_state *s, int32_t a, int32_t b)
{
    const cp_dense *d = s->d;
    return cp_arc_row(d, cp_point_from(s, d->has, a))[cp_point_to(s, d->has, b)];
}

static int64_t weight_of(const cp_dense *d, int32_t x)
{
    return d->n_dims > 0 ? d->weight[(size_t)x * (size_t)d->n_dims] : 0;
}

/* ---- driving new orders ---- */

/* Append stops to a route; false as soon as a rule is broken. */
static bool drive(cp_state *s, int32_t route, const int32_t *items, int32_t n)
{
    const cp_dense *d = s->d;
    const cp_dense_kind *q = &d->kinds[s->rings[route].kind];
    const int32_t end = d->n + route;
    for (int32_t k = 0; k < n; k++) {
        const cp_seeker c = cp_seek(s, items[k]);
        const int32_t a = s->stops[end].prev;
        const size_t row = (size_t)items[k] * (size_t)d->n_points;
        const cp_two_legs arcs = {q->arc_to[row + (size_t)(a < d->n ? a : q->from)],
                                  q->arc[row + (size_t)q->to]};
        if (!cp_route_open(s, d->has, &c, route) || !cp_fits(s, d->has, &c, route, a, end, arcs))
            return false;
        cp_state_insert(s, items[k], a, route);
    }
    return true;
}

static void empty(cp_state *s, int32_t route)
{
    const int32_t end = s->d->n + route;
    cp_state_touch(s, route);
    cp_state_cut(s, s->stops[end].next, s->stops[end].prev);
}

/* Drive the new orders; they stay when they are allowed and cheaper. */
static bool take_up(const cp_polish *p, cp_state *s, const pair *m)
{
    const int64_t before = s->cost;
    cp_state_begin(s);
    empty(s, m->r1);
    if (m->r2 >= 0) empty(s, m->r2);
    if (drive(s, m->r1, p->first, m->n1) && (m->r2 < 0 || drive(s, m->r2, p->second, m->n2)) &&
        s->cost < before)
        return true;
    cp_state_undo(s);
    return false;
}

/* Append to a list of n stops: from a stop to the end of its route; to its beginning; from the
 * beginning to it. The new length. */
static int32_t copy_ahead(const cp_state *s, int32_t x, int32_t *list, int32_t n)
{
    for (; x < s->d->n; x = s->stops[x].next)
        list[n++] = x;
    return n;
}
static int32_t copy_back(const cp_state *s, int32_t x, int32_t *list, int32_t n)
{
    for (; x < s->d->n; x = s->stops[x].prev)
        list[n++] = x;
    return n;
}
static int32_t copy_head(const cp_state *s, int32_t last, int32_t *list)
{
    if (last >= s->d->n) return 0;
    int32_t n = 0;
    for (int32_t x = s->stops[s->d->n + s->stops[last].route].next; x != last; x = s->stops[x].next)
        list[n++] = x;
    list[n++] = last;
    return n;
}

/* ---- loads ---- */

/* What the route has on board up to and with the stop x, and in all. */
static int64_t head_load(const cp_state *s, int32_t x)
{
    int64_t load = 0;
    for (; x < s->d->n; x = s->stops[x].prev)
        load += weight_of(s->d, x);
    return load;
}
static int64_t capacity(const cp_state *s, int32_t route)
{
    const cp_dense_kind *q = &s->d->kinds[s->rings[route].kind];
    return q->capacity != NULL && s->d->n_dims > 0 ? q->capacity[0] : CP_VRP_NO_LIMIT;
}
static int64_t whole_load(const cp_state *s, int32_t route)
{
    return capacity(s, route) - s->rings[route].slack;
}

/* May r1 have so much more and r2 so much less? Driving asks again where loads are mixed. */
static bool loads_fit(const cp_state *s, int32_t r1, int32_t r2, int64_t more)
{
    if (s->d->has & CP_VRP_HAS_LOADS) return true;
    return s->rings[r1].slack >= more && s->rings[r2].slack >= -more;
}

/* ---- stretches ---- */

/* Is `b` not too late behind `a`, in the vehicle of `route`? Only where times are simple. */
static bool in_time(const cp_state *s, int32_t route, int32_t a, int32_t b)
{
    const cp_dense *d = s->d;
    if (!(d->has & CP_VRP_HAS_WINDOWS) || (d->has & CP_VRP_HAS_HOURS)) return true;
    const int32_t serve = a < d->n ? d->nodes[a].service_s : 0;
    const int32_t leg = cp_travel(s, &d->kinds[s->rings[route].kind], a, b) - serve;
    return (int64_t)s->stops[a].leave_s + leg <= s->stops[b].late_s;
}

/* What changes when the tail that begins with a stop comes to end where another route does. */
static int64_t other_end(const cp_state *s, int32_t tail, int32_t from, int32_t to)
{
    const int32_t n = s->d->n;
    if (tail >= n || !(s->d->has & CP_VRP_HAS_DEPOTS)) return 0;
    const int32_t last = s->stops[n + from].prev;
    return arc(s, last, n + to) - arc(s, last, n + from);
}

/* Tails exchanged: b and what follows behind a, of another route, and what followed a behind the
 * stop before b (2-opt*). */
static bool try_tails(const cp_polish *p, cp_state *s, int32_t a, int32_t b)
{
    const int32_t n = s->d->n, r1 = s->stops[a].route, r2 = s->stops[b].route;
    const int32_t before = s->stops[b].prev, behind = s->stops[a].next;
    const int32_t behind2 = behind < n ? behind : n + r2;
    const int64_t longer = arc(s, a, b) + arc(s, before, behind2) - s->stops[a].arc_next -
                           s->stops[b].arc_prev + other_end(s, b, r2, r1) +
                           other_end(s, behind, r1, r2);
    if (longer >= 0 || !in_time(s, r1, a, b) || !in_time(s, r2, before, behind2)) return false;
    const int64_t tail1 = whole_load(s, r1) - head_load(s, a);
    const int64_t tail2 = whole_load(s, r2) - head_load(s, before);
    if (!loads_fit(s, r1, r2, tail2 - tail1)) return false;
    pair m = {r1, r2, copy_head(s, a, p->first), copy_head(s, before, p->second)};
    m.n1 = copy_ahead(s, b, p->first, m.n1);
    m.n2 = copy_ahead(s, behind, p->second, m.n2);
    return take_up(p, s, &m);
}

/* Both beginnings joined at a and b of two routes, and both ends behind them: one beginning and one
 * end are turned round. */
static bool try_heads(const cp_polish *p, cp_state *s, int32_t a, int32_t b)
{
    const int32_t n = s->d->n, r1 = s->stops[a].route, r2 = s->stops[b].route;
    const int32_t behind = s->stops[a].next, behind2 = s->stops[b].next;
    if ((s->d->has & CP_VRP_HAS_DEPOTS) && s->rings[r1].kind != s->rings[r2].kind) return false;
    if (arc(s, a, b) + arc(s, behind, behind2) >=
        (int64_t)s->stops[a].arc_next + s->stops[b].arc_next)
        return false;
    const int64_t tail1 = whole_load(s, r1) - head_load(s, a);
    if (!loads_fit(s, r1, r2, head_load(s, b) - tail1)) return false;
    pair m = {r1, r2, copy_head(s, a, p->first), 0};
    m.n1 = copy_back(s, b, p->first, m.n1);
    for (int32_t x = s->stops[n + r1].prev; x != a; x = s->stops[x].prev)
        p->second[m.n2++] = x;
    m.n2 = copy_ahead(s, behind2, p->second, m.n2);
    return take_up(p, s, &m);
}

/* Of two stops of a route, the stretch behind the one up to the other turned round (2-opt). */
static bool try_turn(const cp_polish *p, cp_state *s, int32_t a, int32_t b)
{
    const int32_t behind = s->stops[a].next, behind2 = s->stops[b].next;
    if (behind == b || behind2 == a) return false;
    if (arc(s, a, b) + arc(s, behind, behind2) >=
        (int64_t)s->stops[a].arc_next + s->stops[b].arc_next)
        return false;
    int32_t x = behind;
    while (x < s->d->n && x != b)
        x = s->stops[x].next;
    const int32_t first = x == b ? a : b, last = x == b ? b : a;
    pair m = {s->stops[a].route, -1, copy_head(s, first, p->first), 0};
    for (x = last; x != first; x = s->stops[x].prev)
        p->first[m.n1++] = x;
    m.n1 = copy_ahead(s, s->stops[last].next, p->first, m.n1);
    return take_up(p, s, &m);
}

/* A stop and one of its neighbours as followers of each other. */
static bool try_near(const cp_polish *p, cp_state *s, int32_t u, int32_t v)
{
    if (s->stops[u].route != s->stops[v].route)
        return try_tails(p, s, u, v) || try_tails(p, s, v, u) ||
               (p->any_order && try_heads(p, s, u, v));
    if (!p->any_order) return false;
    const int32_t before = s->stops[u].prev, before2 = s->stops[v].prev;
    return try_turn(p, s, u, v) ||
           (before < s->d->n && before2 < s->d->n && try_turn(p, s, before, before2));
}

/* ---- single stops ---- */

/* The three cheapest places for each stop of one route in the other. */
static void fill_places(const cp_polish *p, const cp_state *s, int32_t from, int32_t to)
{
    const int32_t n = s->d->n, end = n + to;
    for (int32_t x = s->stops[n + from].next; x < n; x = s->stops[x].next) {
        const int32_t *in = cp_arc_to_row(s->d, x), *out = cp_arc_row(s->d, x);
        cp_polish_place *best = p->places[x].best;
        for (int32_t k = 0; k < 3; k++)
            best[k] = (cp_polish_place){INT64_MAX, -1};
        int32_t a = end, point = cp_point_from(s, s->d->has, end);
        do {
            const int32_t b = s->stops[a].next;
            const int64_t longer =
                (int64_t)in[point] + out[cp_point_to(s, s->d->has, b)] - s->stops[a].arc_next;
            int32_t k = 3;
            for (; k > 0 && best[k - 1].longer > longer; k--)
                if (k < 3) best[k] = best[k - 1];
            if (k < 3) best[k] = (cp_polish_place){longer, a};
            a = point = b;
        } while (a != end);
    }
}

/* The cheapest place for u in the route of v once v has gone. */
static cp_polish_place place_without(const cp_polish *p, const cp_state *s, int32_t u, int32_t v)
{
    const cp_stop *w = &s->stops[v];
    const cp_polish_place own = {arc(s, w->prev, u) + arc(s, u, w->next) - arc(s, w->prev, w->next),
                                 w->prev};
    for (int32_t k = 0; k < 3; k++) {
        const cp_polish_place *q = &p->places[u].best[k];
        if (q->after == v || q->after == w->prev) continue;
        return q->after >= 0 && q->longer < own.longer ? *q : own;
    }
    return own;
}

/* How much shorter the route is without the stop. */
static int64_t saved_without(const cp_state *s, int32_t x)
{
    const cp_stop *v = &s->stops[x];
    return (int64_t)v->arc_prev + v->arc_next - arc(s, v->prev, v->next);
}

/* The route of `gone` without it, with another stop behind `after`. */
static int32_t copy_swapped(const cp_state *s, int32_t gone, int32_t come, int32_t after,
                            int32_t *list)
{
    const int32_t end = s->d->n + s->stops[gone].route;
    int32_t n = 0;
    if (after == end) list[n++] = come;
    for (int32_t x = s->stops[end].next; x != end; x = s->stops[x].next) {
        if (x != gone) list[n++] = x;
        if (x == after) list[n++] = come;
    }
    return n;
}

/* The exchange of one stop each between two routes that saves most. */
static bool try_swap(const cp_polish *p, cp_state *s, int32_t r1, int32_t r2)
{
    const cp_dense *d = s->d;
    int64_t best = 0;
    int32_t u1 = -1, v1 = -1, after_u = -1, after_v = -1;
    if (s->rings[r1].mult != s->rings[r2].mult) return false;
    fill_places(p, s, r1, r2);
    fill_places(p, s, r2, r1);
    for (int32_t u = s->stops[d->n + r1].next; u < d->n; u = s->stops[u].next) {
        const int64_t saved = saved_without(s, u);
        for (int32_t v = s->stops[d->n + r2].next; v < d->n; v = s->stops[v].next) {
            if (!loads_fit(s, r1, r2, weight_of(d, v) - weight_of(d, u))) continue;
            const int64_t most = saved + saved_without(s, v);
            const cp_polish_place one = place_without(p, s, u, v);
            if (one.longer - most >= best) continue;
            const cp_polish_place two = place_without(p, s, v, u);
            if (one.longer + two.longer - most >= best) continue;
            best = one.longer + two.longer - most;
            u1 = u;
            v1 = v;
            after_u = one.after;
            after_v = two.after;
        }
    }
    if (u1 < 0) return false;
    const pair m = {r1, r2, copy_swapped(s, u1, v1, after_v, p->first),
                    copy_swapped(s, v1, u1, after_u, p->second)};
    return take_up(p, s, &m);
}

static bool swap_route(const cp_polish *p, cp_state *s, int32_t route)
{
    const cp_dense *d = s->d;
    const int32_t n_near = SWAP_NEAR < d->n_near ? SWAP_NEAR : d->n_near;
    int32_t seen[SWAP_ROUTES], n = 0;
    for (int32_t u = s->stops[d->n + route].next; u < d->n; u = s->stops[u].next) {
        const cp_near *near = d->near + (size_t)u * (size_t)d->n_near;
        for (int32_t k = 0; k < n_near && n < SWAP_ROUTES; k++) {
            const int32_t r = s->stops[near[k].node].route;
            int32_t i = 0;
            while (i < n && seen[i] != r)
                i++;
            if (r < 0 || r == route || i < n) continue;
            seen[n++] = r;
            if (try_swap(p, s, route, r)) return true;
        }
    }
    return false;
}

/* ---- all changed routes ---- */

static void enqueue(cp_polish *p, const cp_state *s, int32_t *n)
{
    for (int32_t k = 0; k < s->n_log; k++) {
        const int32_t r = s->log_route[k];
        if (!(p->state[r] & CHANGED)) p->changed[p->n_changed++] = r;
        if (!(p->state[r] & QUEUED)) p->queue[(*n)++] = r;
        p->state[r] = QUEUED | CHANGED;
    }
}

static bool better_route(const cp_polish *p, cp_state *s, int32_t route)
{
    const cp_dense *d = s->d;
    for (int32_t u = s->stops[d->n + route].next; u < d->n; u = s->stops[u].next) {
        const cp_near *near = d->near + (size_t)u * (size_t)d->n_near;
        for (int32_t k = 0; k < p->n_near; k++) {
            /* what gains has a new arc shorter than the old one at one of its stops */
            const int32_t v = near[k].node;
            if (near[k].arc >= s->reach[u] && near[k].arc >= s->reach[v]) continue;
            if (s->stops[v].route >= 0 && try_near(p, s, u, v)) return true;
        }
    }
    return false;
}

void cp_polish_run(cp_polish *p, cp_state *s, bool swaps)
{
    int32_t n = 0;
    p->n_changed = 0;
    enqueue(p, s, &n);
    while (n > 0) {
        const int32_t route = p->queue[--n];
        p->state[route] = CHANGED;
        if (better_route(p, s, route) || (swaps && p->any_order && swap_route(p, s, route)))
            enqueue(p, s, &n);
    }
    for (int32_t k = 0; k < p->n_changed; k++)
        p->state[p->changed[k]] = 0;
}

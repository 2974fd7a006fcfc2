/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_move.h - what one insertion costs and whether it keeps all limits, in O(1).
 *
 * `has` is the set of rules to look at (vrp_dense.h). Callers pass a constant for the common sets,
 * so that the compiler drops what is not needed; the result is the same for d->has itself. */
#ifndef CP_VRP_MOVE_H
#define CP_VRP_MOVE_H

#include "solver/route/vrp_state.h"

#define CP_INLINE static inline __attribute__((always_inline))

/* A node that looks for a place, with its rows of the matrices of kind 0. */
typedef struct cp_seeker {
    int32_t node;
    int64_t weight; /* in dimension 0 */
    cp_dense_node v;
    int32_t ready_s;          /* earliest end of its service */
    const int32_t *to, *from; /* arcs to it from a point; from it to a point */
    double second;            /* ticks that a second more of a route counts besides */
} cp_seeker;

typedef struct cp_slot_found {
    int64_t delta;        /* ticks */
    int32_t after, route; /* route -1: nowhere */
    int32_t kind;         /* that the route is given first, -1 = stays */
} cp_slot_found;

CP_INLINE cp_seeker cp_seek(const cp_state *s, int32_t node)
{
    const cp_dense *d = s->d;
    const cp_seeker c = {node,
                         d->n_dims > 0 ? d->weight[(size_t)node * (size_t)d->n_dims] : 0,
                         d->nodes[node],
                         d->nodes[node].open_s + d->nodes[node].service_s,
                         cp_arc_to_row(d, node),
                         cp_arc_row(d, node),
                         0};
    return c;
}

/* Is there anything against the node in the route at all: load, rights? */
CP_INLINE bool cp_route_open(const cp_state *s, unsigned has, const cp_seeker *c, int32_t route)
{
    const cp_ring *g = &s->rings[route];
    if (!(has & CP_VRP_HAS_LOADS) && g->slack < c->weight) return false;
    if (!(has & CP_VRP_HAS_RIGHTS)) return true;
    const cp_dense *d = s->d;
    return g->size < d->kinds[g->kind].nodes_max &&
           d->rights[(size_t)g->kind * (size_t)d->n + (size_t)c->node];
}

/* Does the trip keep all dimensions with the node between a and b? */
CP_INLINE bool cp_cargo_fits(const cp_state *s, const cp_dense_kind *q, int32_t node, int32_t a,
                             int32_t b)
{
    const int32_t dims = s->d->n_dims;
    const size_t w = 2 * (size_t)dims;
    for (int32_t m = 0; q->capacity != NULL && m < dims; m++) {
        const cp_cargo own = cp_node_cargo(s->d, node, m);
        const cp_cargo head = cp_cargo_join(&s->cargo[(size_t)a * w + (size_t)m], &own);
        const cp_cargo all =
            cp_cargo_join(&head, &s->cargo[(size_t)b * w + (size_t)dims + (size_t)m]);
        if (all.most > q->capacity[m]) return false;
    }
    return true;
}

/* Seconds of the legs a -> node -> b, with the service at a and at the node. */
typedef struct cp_two_legs {
    int32_t in_s, out_s;
} cp_two_legs;

CP_INLINE bool cp_sides_fit(const cp_state *s, unsigned has, const cp_dense_kind *q, int32_t node,
                            int32_t a, int32_t b, cp_two_legs legs)
{
    const cp_dense *d = s->d;
    if (has & CP_VRP_HAS_SPANS) {
        const cp_run own = cp_node_run(d, node);
        cp_run run = {0, 0, 0, 0};
        if (!cp_run_join(&s->sides[a].pre, legs.in_s, &own, &run) ||
            !cp_run_join(&run, legs.out_s, &s->sides[b].suf, &run) || run.lasts_s > q->lasts_max_s)
            return false;
    }
    if (has & CP_VRP_HAS_EXPOSURE) {
        const int32_t serve = a < d->n ? d->nodes[a].service_s : 0;
        const cp_risk own = cp_node_risk(d, node);
        cp_risk risk = cp_risk_join(&s->risks[a].pre, legs.in_s - serve, &own);
        risk = cp_risk_join(&risk, legs.out_s - d->nodes[node].service_s, &s->risks[b].suf);
        if (risk.exposure > q->exposure_max) return false;
    }
    return true;
}

/* Legs from the arcs beside the node, or from the matrix of times where these differ. */
CP_INLINE cp_two_legs cp_legs(const cp_state *s, unsigned has, const cp_seeker *c,
                              const cp_dense_kind *q, int32_t a, int32_t b, cp_two_legs arcs)
{
    const int32_t serve = a < s->d->n ? s->d->nodes[a].service_s : 0;
    if (has & CP_VRP_HAS_TIMES)
        return (cp_two_legs){cp_travel(s, q, a, c->node), cp_travel(s, q, c->node, b)};
    return (cp_two_legs){arcs.in_s + serve, arcs.out_s + c->v.service_s};
}

/* Does the node fit between a and b of a route that is open to it, in time and in all that changes
 * along the way? in and out are the arcs beside it. */
CP_INLINE bool cp_fits(const cp_state *s, unsigned has, const cp_seeker *c, int32_t route,
                       int32_t a, int32_t b, cp_two_legs arcs)
{
    if (!(has & ~(unsigned)(CP_VRP_HAS_DEPOTS | CP_VRP_HAS_MULT | CP_VRP_HAS_RIGHTS))) return true;
    const cp_dense *d = s->d;
    const cp_dense_kind *q = &d->kinds[s->rings[route].kind];
    const int32_t serve = a < d->n ? d->nodes[a].service_s : 0;
    const cp_two_legs legs = cp_legs(s, has, c, q, a, b, arcs);
    if (has & CP_VRP_HAS_HOURS) {
        const int32_t in = legs.in_s - serve, out = legs.out_s - c->v.service_s;
        const int32_t start =
            cp_start_after(q, &c->v, cp_ban_after(q, s->stops[a].leave_s, in) + in);
        if (start > c->v.close_s) return false;
        const int32_t leave = cp_ban_after(q, start + c->v.service_s, out);
        if (leave + out > s->stops[b].late_s) return false;
    } else if (has & CP_VRP_HAS_WINDOWS) {
        const int32_t arrive = s->stops[a].leave_s + legs.in_s - serve;
        const int32_t start = arrive > c->v.open_s ? arrive : c->v.open_s;
        if (start > c->v.close_s || start + legs.out_s > s->stops[b].late_s) return false;
    }
    if ((has & (CP_VRP_HAS_SPANS | CP_VRP_HAS_EXPOSURE)) &&
        !cp_sides_fit(s, has, q, c->node, a, b, legs))
        return false;
    return !(has & CP_VRP_HAS_LOADS) || cp_cargo_fits(s, q, c->node, a, b);
}

/* Seconds by which the node between a and b, where it fits, lengthens the route, or, where that is
 * not limited, puts off what follows. */
CP_INLINE int32_t cp_longer(const cp_state *s, unsigned has, const cp_seeker *c, int32_t route,
                            int32_t a, int32_t b, cp_two_legs arcs)
{
    const cp_dense *d = s->d;
    const cp_dense_kind *q = &d->kinds[s->rings[route].kind];
    const int32_t serve = a < d->n ? d->nodes[a].service_s : 0;
    const cp_two_legs legs = cp_legs(s, has, c, q, a, b, arcs);
    const int32_t between =
        has & CP_VRP_HAS_TIMES ? cp_travel(s, q, a, b) : s->stops[a].arc_next + serve;
    if (has & CP_VRP_HAS_SPANS) {
        const cp_run own = cp_node_run(d, c->node);
        cp_run with = {0, 0, 0, 0}, without = {0, 0, 0, 0};
        if (!cp_run_join(&s->sides[a].pre, legs.in_s, &own, &with) ||
            !cp_run_join(&with, legs.out_s, &s->sides[b].suf, &with) ||
            !cp_run_join(&s->sides[a].pre, between, &s->sides[b].suf, &without))
            return 0;
        return with.lasts_s - without.lasts_s;
    }
    const int32_t open = b < d->n ? d->nodes[b].open_s : INT32_MIN;
    const int32_t arrive = s->stops[a].leave_s + legs.in_s - serve;
    const int32_t with = (arrive > c->v.open_s ? arrive : c->v.open_s) + legs.out_s;
    const int32_t without = s->stops[a].leave_s + between - serve;
    return (with > open ? with : open) - (without > open ? without : open);
}

/* A route with the vehicle that would drive it with the node on board. */
typedef struct cp_offer {
    int32_t route, kind; /* kind -1 = the one it has */
    int64_t extra;       /* ticks for changing to it */
    int64_t mult;
} cp_offer;

/* The cheapest larger vehicle that is free and could drive the route just as well with the node. */
CP_INLINE bool cp_larger_kind(const cp_state *s, const cp_seeker *c, int32_t route, cp_offer *out)
{
    const cp_dense *d = s->d;
    const cp_ring *g = &s->rings[route];
    const cp_dense_kind *now = &d->kinds[g->kind];
    const int64_t load = now->capacity[0] - g->slack + c->weight;
    out->kind = -1;
    for (int32_t k = now->sibling; k < d->n_kinds; k++) {
        const cp_dense_kind *q = &d->kinds[k];
        if (q->sibling != now->sibling || s->kind_used[k] >= q->count) continue;
        if (q->capacity != NULL && q->capacity[0] < load) continue;
        const int64_t extra = q->fixed - now->fixed + (q->mult - g->mult) * g->arcs;
        if (out->kind >= 0 && extra >= out->extra) continue;
        *out = (cp_offer){route, k, extra, q->mult};
    }
    return out->kind >= 0;
}

/* Who could drive the route with the node: its vehicle, or a larger one; false if none. */
CP_INLINE bool cp_offer_of(const cp_state *s, unsigned has, const cp_seeker *c, int32_t route,
                           cp_offer *out)
{
    const bool may = cp_route_open(s, has, c, route);
    *out = (cp_offer){route, -1, 0, has & CP_VRP_HAS_MULT ? s->rings[route].mult : 1};
    if (may || !(has & CP_VRP_HAS_KINDS)) return may;
    if (has & (CP_VRP_HAS_RIGHTS | CP_VRP_HAS_LOADS)) return false;
    if (!s->d->kinds[s->rings[route].kind].has_larger) return false;
    return cp_larger_kind(s, c, route, out);
}

/* Waiting and overtime with the node between a and b, where it fits. */
CP_INLINE int64_t cp_paid_with(const cp_state *s, const cp_seeker *c, const cp_offer *offer,
                               int32_t a, int32_t b)
{
    const cp_dense *d = s->d;
    const int32_t kind = offer->kind >= 0 ? offer->kind : s->rings[offer->route].kind;
    const cp_dense_kind *q = &d->kinds[kind];
    const cp_run own = cp_node_run(d, c->node);
    cp_run run = {0, 0, 0, 0};
    if (!cp_run_join(&s->sides[a].pre, cp_travel(s, q, a, c->node), &own, &run) ||
        !cp_run_join(&run, cp_travel(s, q, c->node, b), &s->sides[b].suf, &run))
        return INT64_MAX / 4;
    return cp_run_paid(q, &run);
}

/* Between a and its follower b: is the place cheaper than the best so far? Then it is
 * written there. */
CP_INLINE bool cp_try_slot(const cp_state *s, unsigned has, const cp_seeker *c,
                           const cp_offer *offer, int32_t a, int32_t b, cp_slot_found *best)
{
    const int32_t pa = cp_point_from(s, has, a), pb = cp_point_to(s, has, b);
    cp_two_legs arcs = {0, 0};
    if (has & CP_VRP_HAS_MULT) {
        const cp_dense_kind *q = &s->d->kinds[s->rings[offer->route].kind];
        const size_t row = (size_t)c->node * (size_t)s->d->n_points;
        arcs = (cp_two_legs){q->arc_to[row + (size_t)pa], q->arc[row + (size_t)pb]};
    } else {
        arcs = (cp_two_legs){c->to[pa], c->from[pb]};
    }
    int64_t delta = arcs.in_s + arcs.out_s - s->stops[a].arc_next;
    if (has & CP_VRP_HAS_MULT) delta *= offer->mult;
    if (has & CP_VRP_HAS_KINDS) delta += offer->extra;
    if (delta >= best->delta || !cp_fits(s, has, c, offer->route, a, b, arcs)) return false;
    if (has & CP_VRP_HAS_PAID) {
        delta += cp_paid_with(s, c, offer, a, b) - s->rings[offer->route].paid;
        if (delta >= best->delta) return false;
    }
    if ((has & CP_VRP_HAS_WINDOWS) && c->second > 0) {
        delta += (int64_t)(c->second * cp_longer(s, has, c, offer->route, a, b, arcs));
        if (delta >= best->delta) return false;
    }
    *best = (cp_slot_found){delta, a, offer->route, offer->kind};
    return true;
}

#endif

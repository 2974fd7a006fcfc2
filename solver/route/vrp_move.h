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
    const int32_t *to, *from; /* arcs to it from a point; from it to a point */
} cp_seeker;

typedef struct cp_slot_found {
    int64_t delta;        /* ticks */
    int32_t after, route; /* route -1: nowhere */
} cp_slot_found;

CP_INLINE cp_seeker cp_seek(const cp_state *s, int32_t node)
{
    const cp_dense *d = s->d;
    const cp_seeker c = {node, d->n_dims > 0 ? d->weight[(size_t)node * (size_t)d->n_dims] : 0,
                         d->nodes[node], cp_arc_to_row(d, node), cp_arc_row(d, node)};
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
        cp_run run = {0, 0, 0};
        if (!cp_run_join(&s->sides[a].pre, legs.in_s, &own, &run) ||
            !cp_run_join(&run, legs.out_s, &s->sides[b].suf, &run) || run.lasts_s > q->lasts_max_s)
            return false;
    }
    if (has & CP_VRP_HAS_EXPOSURE) {
        const int32_t serve = a < d->n ? d->nodes[a].service_s : 0;
        const cp_risk own = cp_node_risk(d, node);
        cp_risk risk = cp_risk_join(&s->sides[a].risk_pre, legs.in_s - serve, &own);
        risk = cp_risk_join(&risk, legs.out_s - d->nodes[node].service_s, &s->sides[b].risk_suf);
        if (risk.exposure > q->exposure_max) return false;
    }
    return true;
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
    cp_two_legs legs = {arcs.in_s + serve, arcs.out_s + c->v.service_s};
    if (has & CP_VRP_HAS_TIMES) {
        legs.in_s = cp_travel(s, q, a, c->node);
        legs.out_s = cp_travel(s, q, c->node, b);
    }
    if (has & CP_VRP_HAS_WINDOWS) {
        const int32_t arrive = s->stops[a].leave_s + legs.in_s - serve;
        const int32_t start = arrive > c->v.open_s ? arrive : c->v.open_s;
        if (start > c->v.close_s || start + legs.out_s > s->stops[b].late_s) return false;
    }
    if ((has & (CP_VRP_HAS_SPANS | CP_VRP_HAS_EXPOSURE)) &&
        !cp_sides_fit(s, has, q, c->node, a, b, legs))
        return false;
    return !(has & CP_VRP_HAS_LOADS) || cp_cargo_fits(s, q, c->node, a, b);
}

/* Between a and its follower b: remember the place when it is cheaper than the best so far. */
CP_INLINE void cp_try_slot(const cp_state *s, unsigned has, const cp_seeker *c, int32_t route,
                           int32_t a, int32_t b, cp_slot_found *best)
{
    const int32_t pa = cp_point_from(s, has, a), pb = cp_point_to(s, has, b);
    cp_two_legs arcs = {0, 0};
    int64_t delta = 0;
    if (has & CP_VRP_HAS_MULT) {
        const cp_dense_kind *q = &s->d->kinds[s->rings[route].kind];
        const size_t row = (size_t)c->node * (size_t)s->d->n_points;
        arcs = (cp_two_legs){q->arc_to[row + (size_t)pa], q->arc[row + (size_t)pb]};
        delta = (int64_t)(arcs.in_s + arcs.out_s - s->stops[a].arc_next) * q->mult;
    } else {
        arcs = (cp_two_legs){c->to[pa], c->from[pb]};
        delta = arcs.in_s + arcs.out_s - s->stops[a].arc_next;
    }
    if (delta >= best->delta || !cp_fits(s, has, c, route, a, b, arcs)) return;
    *best = (cp_slot_found){delta, a, route};
}

#endif

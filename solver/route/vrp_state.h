/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_state.h - the routes that a search works on: linked lists in flat arrays, a journal of the
 * routes touched since the last decision, and the best routes found.
 *
 * Stop x < n is a node; stop n + r stands for both ends of route r, so that every route is a ring
 * and no list has an end to test for. A stop carries the arcs beside it and, where windows matter,
 * its earliest leaving and latest start (Savelsbergh 1992): the questions of the inner loop touch
 * one cache line. */
#ifndef CP_VRP_STATE_H
#define CP_VRP_STATE_H

#include "models/base/rng.h"
#include "solver/route/vrp_dense.h"

typedef struct cp_stop {
    int32_t prev, next;
    int32_t route;              /* -1: left out */
    int32_t arc_prev, arc_next; /* from the one before, to the one after */
    int32_t leave_s;            /* earliest moment at which service is over; route: departure */
    int32_t late_s;             /* latest start of service; route: latest end */
} cp_stop;

/* A run of stops served one after the other (Vidal et al. 2013, section 4.3): least duration,
 * earliest and latest start with it. The last service is inside. */
typedef struct cp_run {
    int32_t lasts_s, early_s, late_s;
    int32_t legs_s; /* of it: legs and the services before them; the rest is waiting */
} cp_run;

/* Exposure of a run that begins with nothing but its own deliveries on board. */
typedef struct cp_risk {
    int64_t out, back; /* value delivered, picked up in it */
    int64_t travel_s;
    int64_t exposure;
} cp_risk;

/* Load of a run in one dimension: delivered, picked up, most on board. */
typedef struct cp_cargo {
    int64_t out, back, most;
} cp_cargo;

/* From the start of the route to the stop and from the stop to its end, both with the stop. */
typedef struct cp_sides {
    cp_run pre, suf;
} cp_sides;
typedef struct cp_risks {
    cp_risk pre, suf;
} cp_risks;

typedef struct cp_ring {
    int64_t slack;      /* capacity left (one dimension) */
    int64_t mult, arcs; /* arcs: sum of its arcs */
    int64_t paid;       /* ticks for waiting and overtime */
    int32_t kind, size; /* kind: of no meaning without a stop */
    uint32_t seen;      /* last iteration that touched it */
} cp_ring;

#define CP_REACH_OUT (-CP_ARC_NONE)

typedef struct cp_state {
    const cp_dense *d;
    cp_rng rng;
    int64_t cost;    /* ticks, with what is left out */
    int32_t n_used;  /* routes with a stop */
    cp_stop *stops;  /* n + n_routes */
    int32_t *reach;  /* n: the longer arc beside a node, CP_REACH_OUT while it is in no route */
    cp_ring *rings;  /* n_routes */
    cp_sides *sides; /* n + n_routes; NULL without HAS_SPANS */
    cp_risks *risks; /* n + n_routes; NULL without HAS_EXPOSURE */
    cp_cargo *cargo; /* (n + n_routes) * 2 * n_dims: before, after; NULL without HAS_LOADS */
    int32_t *out;    /* nodes left out */
    int32_t n_out;
    uint64_t *free_slots; /* bit = route has no stop */
    int32_t *kind_used;   /* per kind: routes with a stop */

    uint32_t now; /* iteration */
    /* Journal: routes touched in this iteration and what their stops held. */
    int32_t *log_route, *log_first, n_log;
    int32_t *log_stop, n_log_stops;
    cp_stop *log_stops;
    cp_sides *log_sides;
    cp_risks *log_risks;
    cp_cargo *log_cargo;
    cp_ring *log_rings;
    int32_t *log_out, n_log_out;
    int64_t log_cost;
    int32_t log_used;

    /* Best: of each node its follower, kept up to date by the routes that changed since. */
    int64_t best_cost;
    cp_stop *best_stops;
    int32_t *best_kind; /* per route */
    int32_t *best_out, n_best_out;
    int32_t *dirty, n_dirty; /* routes changed since the best was kept */
    uint8_t *is_dirty;
} cp_state;

/* All routes empty, all nodes left out; arrays in ctx->scratch. */
cp_status cp_state_new(cp_ctx *ctx, const cp_dense *d, uint64_t seed, cp_state **out);

/* Begin an iteration: from here cp_state_undo returns to this moment. */
void cp_state_begin(cp_state *s);
void cp_state_undo(cp_state *s);
/* Keep the routes as the best (cost < best_cost); only what changed since the last is copied. */
void cp_state_keep(cp_state *s);
/* Back to the best routes. */
void cp_state_restore(cp_state *s);

/* Write down a route before its first change in this iteration. */
void cp_state_log(cp_state *s, int32_t route);

/* A route without a stop, -1 if all have one. */
int32_t cp_state_free_route(const cp_state *s);

/* Give a route to another kind of vehicle; an empty one makes ready for its first stop. */
void cp_state_set_kind(cp_state *s, int32_t route, int32_t kind);
/* Give each route touched in this iteration to the kind of vehicle that is cheapest for it; where
 * all of another depot's are in use, a route may leave it its vehicle and take another. */
void cp_state_fit_kinds(cp_state *s);
/* Give one route touched in this iteration, drawn at random, to a larger kind of vehicle drawn at
 * random, whatever that costs; false when it may not or none is free. */
bool cp_state_grow_kind(cp_state *s);

/* Recompute leaving times, sides and cargo of a route from scratch. */
void cp_state_refresh(cp_state *s, int32_t route);
/* The same after a change between the stops a and b (a the last before, b the first after it, both
 * in the route). */
void cp_state_refresh_from(cp_state *s, int32_t route, int32_t a, int32_t b);

/* Is the route still allowed after a cut between its neighbouring stops a and b? (Load only falls.)
 */
bool cp_state_joined(const cp_state *s, int32_t route, int32_t a, int32_t b);

/* What the route as it stands costs in all, ticks. */
int64_t cp_state_route_cost(const cp_state *s, int32_t route);

/* Cost from scratch, for tests and at the end of long runs. */
int64_t cp_state_recount(const cp_state *s);

/* Node `x` between `after` and its follower in `route` (logged before; x is in no route). */
void cp_state_insert(cp_state *s, int32_t x, int32_t after, int32_t route);
/* The stops from a to b (a chain of one logged route) go out; their route becomes -1. */
void cp_state_cut(cp_state *s, int32_t a, int32_t b);

static inline void cp_state_reach(cp_state *s, int32_t x)
{
    const cp_stop *v = &s->stops[x];
    if (x < s->d->n) s->reach[x] = v->arc_prev > v->arc_next ? v->arc_prev : v->arc_next;
}

/* The node is in no route. */
static inline void cp_state_part(cp_state *s, int32_t x)
{
    s->stops[x].route = -1;
    s->reach[x] = CP_REACH_OUT;
}

static inline void cp_state_touch(cp_state *s, int32_t route)
{
    if (s->rings[route].seen != s->now) cp_state_log(s, route);
}

/* The rows of the matrices for a stop as the one before, and as the one after. */
static inline int32_t cp_point_from(const cp_state *s, unsigned has, int32_t stop)
{
    const int32_t n = s->d->n;
    if (stop < n) return stop;
    return has & CP_VRP_HAS_DEPOTS ? s->d->kinds[s->rings[stop - n].kind].from : n;
}
static inline int32_t cp_point_to(const cp_state *s, unsigned has, int32_t stop)
{
    const int32_t n = s->d->n;
    if (stop < n) return stop;
    return has & CP_VRP_HAS_DEPOTS ? s->d->kinds[s->rings[stop - n].kind].to : n;
}

/* a, then travel_s from the start of the last service of a, then b; false when b is too late. */
static inline bool cp_run_join(const cp_run *a, int32_t travel_s, const cp_run *b, cp_run *out)
{
    const int32_t delta = a->lasts_s + travel_s;
    if ((int64_t)a->early_s + delta > b->late_s) return false;
    const int32_t gap = b->early_s - delta - a->late_s;
    const int32_t wait = gap > 0 ? gap : 0;
    const int32_t early = b->early_s - delta > a->early_s ? b->early_s - delta : a->early_s;
    const int32_t late = b->late_s - delta < a->late_s ? b->late_s - delta : a->late_s;
    out->lasts_s = delta + b->lasts_s + wait;
    out->early_s = early - wait;
    out->late_s = late;
    out->legs_s = a->legs_s + travel_s + b->legs_s;
    return true;
}

static inline cp_risk cp_risk_join(const cp_risk *a, int64_t travel_s, const cp_risk *b)
{
    const int64_t with = b->out + a->back; /* on board on the leg between */
    const cp_risk r = {a->out + b->out, a->back + b->back, a->travel_s + travel_s + b->travel_s,
                       a->exposure + b->out * a->travel_s + with * travel_s + b->exposure +
                           a->back * b->travel_s};
    return r;
}

static inline cp_cargo cp_cargo_join(const cp_cargo *a, const cp_cargo *b)
{
    const int64_t first = a->most + b->out, second = b->most + a->back;
    const cp_cargo r = {a->out + b->out, a->back + b->back, first > second ? first : second};
    return r;
}

/* The pieces of one node. */
static inline cp_run cp_node_run(const cp_dense *d, int32_t x)
{
    const cp_run r = {0, d->nodes[x].open_s, d->nodes[x].close_s, 0};
    return r;
}
static inline cp_risk cp_node_risk(const cp_dense *d, int32_t x)
{
    const size_t at = (size_t)x * (size_t)d->n_dims + (size_t)d->p->value_dim;
    const cp_risk r = {d->deliver[at], d->pickup[at], 0, d->weight[at] * d->nodes[x].pavement_s};
    return r;
}
static inline cp_cargo cp_node_cargo(const cp_dense *d, int32_t x, int32_t dim)
{
    const size_t at = (size_t)x * (size_t)d->n_dims + (size_t)dim;
    const int64_t a = d->deliver[at], b = d->pickup[at];
    const cp_cargo r = {a, b, a > b ? a : b};
    return r;
}

/* What waiting and overtime of a whole route cost, ticks. */
static inline int64_t cp_run_paid(const cp_dense_kind *q, const cp_run *run)
{
    const int32_t end = run->early_s + run->lasts_s;
    const int32_t late = end > q->shift_end_s ? end - q->shift_end_s : 0;
    const int32_t longer = run->lasts_s > q->paid_s ? run->lasts_s - q->paid_s : 0;
    return (int64_t)(q->idle * (run->lasts_s - run->legs_s) +
                     q->over * (late > longer ? late : longer) + 0.5);
}

/* Seconds from the start of service at stop a to the arrival at stop b, in a route of the kind. */
static inline int32_t cp_travel(const cp_state *s, const cp_dense_kind *q, int32_t a, int32_t b)
{
    const int32_t n = s->d->n;
    const int32_t from = a < n ? a : q->from, to = b < n ? b : q->to;
    return q->time[(size_t)from * (size_t)s->d->n_points + (size_t)to];
}

#endif

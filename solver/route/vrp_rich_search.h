/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_rich_search.h - what the parts of the search with every rule (vrp_rich.h) share: its routes,
 * a journal of those changed since the last decision, and the best routes found.
 *
 * A unit is what is put in and taken out as one: a node, or the two nodes of a pair, of which the
 * one that fetches stands for both. */
#ifndef CP_VRP_RICH_SEARCH_H
#define CP_VRP_RICH_SEARCH_H

#include "models/base/rng.h"
#include "solver/route/vrp_rich.h"
#include "solver/route/vrp_rich_route.h"

/* Routes as plain items. */
typedef struct cp_rich_list {
    cp_vrp_route *routes; /* vehicle: kind */
    int32_t *slot;        /* which route of the search each one is */
    int32_t n, *items, n_items;
    double cost;
    int64_t owed;
} cp_rich_list;

/* A place and what the longer way costs there. */
typedef struct cp_rich_place {
    double longer;
    int32_t route, at;
} cp_rich_place;

typedef struct cp_rich {
    cp_ctx *ctx;
    const cp_vrp *p;
    const cp_vrp_opts *o;
    cp_rich_drive drive;
    cp_rng rng;
    int32_t n, n_routes;
    int32_t n_near, *near; /* n * n_near, nearest first */
    uint8_t *may;          /* per kind and unit */
    double *out;           /* per unit: price of leaving it out, HUGE_VAL = it must be served */
    double *alone;         /* per kind and unit: a route of it alone; < 0 = none, NAN = not known */
    /* the routes */
    cp_rich_route *routes;
    int32_t *live, *rank, n_live; /* live[0..n_live) have nodes; live[rank[r]] is r */
    int32_t *used;                /* per kind: routes with nodes */
    int32_t *route_of, *position; /* per node: -1 = left out; index into the items */
    int32_t *waiting, n_waiting;  /* units left out */
    int32_t *waited, n_waited;    /* the same, at the last decision */
    double cost;                  /* of routes, and of units left out that may be */
    int64_t owed;                 /* units left out that must not be */
    /* since the last decision, and the best */
    cp_rich_list log, best;
    uint8_t *touched;
    /* scratch */
    uint8_t *beside, *gone;
    double *key;
    cp_rich_place *places;
    int32_t *trip, n_trip; /* nodes of a trip that was taken out, in their order */
    bool trips;            /* some vehicle may drive several */
    int32_t until_blink;
    bool eager; /* put some units in at any price */
    double typical, began_s;
    int64_t done;
} cp_rich;

/* Before a route is changed. */
cp_status cp_rich_touch(cp_rich *s, int32_t r);

/* After a route got its items: routes of nodes, positions, cost. An empty one goes to the spare
 * ones. `was` is what the route cost before. */
void cp_rich_seat(cp_rich *s, int32_t r, double was);

/* Count a unit as left out (+1), or as served again (-1). */
void cp_rich_charge(cp_rich *s, int32_t unit, int32_t sign);

/* A node that was taken out of its route's items. */
void cp_rich_release(cp_rich *s, int32_t x);

/* Take strings of neighbouring nodes out. */
cp_status cp_rich_ruin(cp_rich *s);

/* Take a trip out, into s->trip; and put it in as it is where that is cheapest: before or behind
 * another trip, or as a route of its own. Where it finds no place its nodes stay left out. */
cp_status cp_rich_take_trip(cp_rich *s);
cp_status cp_rich_place_trip(cp_rich *s);

/* Put in what is left out, each at its cheapest place; what has none, or none cheaper than leaving
 * it out, stays out. */
cp_status cp_rich_recreate(cp_rich *s);

static inline int32_t *cp_rich_items(const cp_rich_route *r)
{
    return r->room->items;
}

/* Is it the second of a pair, of which the first stands for both? */
static inline bool cp_rich_is_brought(const cp_rich *s, int32_t x)
{
    return s->drive.f.nodes[x].opens_pairs < 0;
}

/* A route's heads and tails may be stale after a change was taken back. */
static inline void cp_rich_freshen(cp_rich *s, int32_t r)
{
    if (!s->routes[r].fresh) (void)cp_rich_refresh(&s->drive, &s->routes[r]);
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_graph.h - all plans of one machine of a site at given prices, without its site's stops.
 *
 * What a visit and what follows it cost is added up once; the price of a stop, which the machines
 * of the site share and which is divided anew again and again, comes on top in each pass over the
 * graph. Of entries that lead from one visit to one other only the cheapest is left, of last
 * intervals those that are cheaper than all that pay less of the stop. */
#ifndef CP_SITE_GRAPH_H
#define CP_SITE_GRAPH_H

#include "solver/replenish/point_price.h"

/* Nodes of a machine: a visit (kind, t) at kind * n_days + t; kinds are the modes, then the ways
 * of first visits, then later partial swaps: each has the kind of its lead's rank. One more node,
 * `done`, means that no visit follows. A visit by the branch's staff makes no stop: it moves on the
 * day like the others, but pays nothing of the stop. */

/* From one visit to the next; pays the stop in full. */
typedef struct cp_graph_way {
    double cost;
    int32_t to, arc;
} cp_graph_way;

/* A last interval, paying this share of the stop; by rising share and falling cost. */
typedef struct cp_graph_end {
    double cost, share;
    int32_t arc;
} cp_graph_end;

typedef struct cp_graph_node {
    int32_t node, t;
    bool crew; /* a crew comes: there is a stop */
    int32_t n, n_ends;
    cp_graph_way *on;
    cp_graph_end *end;
    double free_need; /* need where the stop of its own day is paid by others */
    int32_t choice;   /* of the last pass: in on; -1 - i: end i */
} cp_graph_node;

typedef struct cp_site_graph {
    const cp_arcs *arcs;
    int32_t n_days, done;
    int32_t n;            /* visits with any way to go on */
    cp_graph_node *visit; /* by day, the last first */
    int32_t *place;       /* by node: in visit, -1 = none */
    double *need;         /* by node and done: least cost from here on, by the last pass */
    cp_graph_way *start;  /* first visits, and none at all */
    int32_t n_start;
} cp_site_graph;

typedef struct cp_graph_prices {
    const double *node;           /* [mode * n_days + t], all modes: price of its own uses */
    const cp_use_price *value;    /* [t]: of the value its visits carry out */
    const cp_use_price *sort;     /* [t]: slopes alone are read */
    const cp_stock_prices *stock; /* of notes of the first days, linear; NULL = free */
} cp_graph_prices;

/* What visits by a crew pay for their stop, by day: fixed + each * the share above `paid`. */
typedef struct cp_stop_charge {
    const double *fixed, *each;
    const double *paid; /* share that others pay; NULL = 0 */
} cp_stop_charge;

/* Kinds of visits of a machine. */
int32_t cp_graph_kinds(const cp_arcs *arcs);

/* The graph, in ctx->scratch. */
cp_status cp_site_graph_make(cp_ctx *ctx, const cp_arcs *arcs, const cp_graph_prices *prices,
                             cp_site_graph *g);
/* Needs, choices and the least cost of a whole plan; *first: where in `start` it begins. INFINITY
 * where there is no plan. */
double cp_site_graph_pass(cp_site_graph *g, const cp_stop_charge *charge, int32_t *first);
/* The plan of the last pass: its steps (room for n_days), the share of the stop of each day that it
 * pays, and what it costs without stops. */
double cp_site_graph_read(const cp_site_graph *g, int32_t first, cp_step *steps, int32_t *n_steps,
                          double *share);
/* The step of a visit that goes on by an entry of its table. */
cp_step cp_graph_step(const cp_site_graph *g, int32_t node, int32_t arc);
/* NULL: such a visit cannot be. */
static inline const cp_graph_node *cp_graph_visit(const cp_site_graph *g, int32_t node)
{
    return g->place[node] < 0 ? NULL : &g->visit[g->place[node]];
}

#endif

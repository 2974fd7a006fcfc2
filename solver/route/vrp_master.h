/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_master.h - the restricted master program of the routes' lower bound.
 *
 * Sets        i nodes, k kinds of vehicle, r routes (of one kind each), c subset-row cuts
 * Variables   x[r] >= 0, out[i] >= 0 (left out; where a node must be served at a price that no
 *             route asks)
 * Minimise    sum ticks[r] x[r] + sum out_price[i] out[i]
 * Subject to  serve[i]  sum visits[i,r] x[r] + out[i] = 1
 *             fleet[k]  sum of x[r] of kind k <= count[k]
 *             cut[c]    sum floor(visits of its three nodes / 2, by its memory) x[r] <= 1
 *
 * Whatever the duals, whole numbers p[i], m[k] <= 0, s[c] >= 0 of them prove
 *   sum p + sum min(0, out - p) + sum count[k] min(m[k], least reduced cost of kind k) - sum s
 * in exact arithmetic, the least being over ticks - p + s of a route (Lagrange). */
#ifndef CP_VRP_MASTER_H
#define CP_VRP_MASTER_H

#include "solver/lp/lp.h"
#include "solver/route/vrp_label.h"

typedef struct cp_column {
    int64_t ticks;
    int32_t kind, first, n; /* in nodes and ways of the master */
} cp_column;

typedef struct cp_cut {
    int32_t node[3];
    cp_node_set memory;
} cp_cut;

typedef struct cp_duals {
    int64_t *node;
    int64_t *kind; /* <= 0 */
    cp_label_cuts cuts;
} cp_duals;

typedef struct cp_vrp_master {
    cp_ctx *ctx;
    const cp_relax *r;
    cp_lp *lp;
    double unit; /* ticks an LP's unit of cost */
    int64_t big; /* ticks of leaving out what must be served */
    cp_column *columns;
    int32_t n_columns, cap_columns, n_in_lp;
    int32_t *nodes, *ways, n_nodes, cap_nodes;
    cp_cut cuts[CP_CUTS_MAX];
    int32_t n_cuts;
    cp_duals duals;   /* of the last solve */
    double objective; /* ticks */
    double left_out;  /* sum of what must be served and is not */
    double *x;        /* per column, of the last solve */
    int32_t cap_x;
} cp_vrp_master;

cp_status cp_vrp_master_new(cp_ctx *ctx, const cp_relax *r, cp_vrp_master **out);
void cp_vrp_master_free(cp_vrp_master *m); /* NULL allowed */

cp_status cp_duals_new(cp_ctx *ctx, const cp_relax *r, cp_duals *out);
void cp_duals_copy(const cp_relax *r, const cp_duals *from, cp_duals *to);

/* Reduced cost under duals, those of fleet and cuts included. */
int64_t cp_column_reduced(const cp_vrp_master *m, const cp_column *c, const cp_duals *d);

/* Add a route. `ways` may be NULL. */
cp_status cp_vrp_master_add(cp_vrp_master *m, int32_t kind, int64_t ticks, const int32_t *nodes,
                            const int32_t *ways, int32_t n);
/* Add a cut, or its memory to that of the cut of the same nodes; false where there is no room. The
 * program is made anew at the next solve. */
bool cp_vrp_master_cut(cp_vrp_master *m, const cp_cut *cut);
/* `far` of the way from duals `a` to duals `b`, which may know fewer cuts than the master. */
void cp_duals_mix(const cp_vrp_master *m, const cp_duals *a, const cp_duals *b, double far,
                  cp_duals *out);
/* Forget routes for which keep is false; the program is made anew at the next solve. */
void cp_vrp_master_keep(cp_vrp_master *m, const bool *keep);
/* Another price of leaving out what must be served. */
void cp_vrp_master_price(cp_vrp_master *m, int64_t big);

/* Duals, objective and x. False in *solved when GLPK found no optimum. */
cp_status cp_vrp_master_solve(cp_vrp_master *m, bool *solved);

/* Best choice among the routes that visit nothing twice, by branch and bound: indexes of columns
 * in ctx->run; *n = -1 when nothing below `below` ticks is found, 0 when all is left out. */
cp_status cp_vrp_master_choose(cp_vrp_master *m, int64_t below, int64_t tree_nodes,
                               double time_limit_s, int32_t **chosen, int32_t *n);

/* Does the path visit no node twice? */
bool cp_column_simple(const cp_vrp_master *m, const cp_column *c);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_master.h - the restricted master program of the routes' lower bound.
 *
 * Sets        i nodes, k kinds of vehicle, r routes (of one kind each), c subset-row cuts
 * Variables   x[r] >= 0, less[i] >= 0 (served less), more[i] >= 0 (served more than once)
 * Minimise    sum ticks[r] x[r] + sum high[i] less[i] - sum low[i] more[i]
 * Subject to  serve[i]  sum visits[i,r] x[r] + less[i] - more[i] = 1
 *             fleet[k]  sum of x[r] of kind k <= count[k]
 *             cut[c]    sum floor(visits of its three nodes / 2, by its memory) x[r] <= 1
 *             enter[s]  sum times r enters s x[r] + less - more = trips that s needs
 *
 * low <= dual of serve[i] <= high is a box round the duals of the best bound (Marsten, Hogan,
 * Blankenship 1975): without it they swing from one extreme to the other and hundreds of rounds
 * go by. high is never above the price of leaving the node out.
 *
 * Whatever the duals, whole numbers p[i], m[k] <= 0, s[c] >= 0 of them prove
 *   sum p + sum min(0, out - p) + sum count[k] min(m[k], least reduced cost of kind k) - sum s
 *   + sum need e
 * in exact arithmetic, the least being over ticks - p + s - e of a route (Lagrange), e >= 0 of a
 * set being paid whenever the route enters it. */
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

#define CP_SETS_MAX 256

/* Nodes that all must be served, and the trips that they need at least: rounded capacity
 * inequalities (Laporte, Nobert 1983; priced by arc as Fukasawa et al. 2006 do). */
typedef struct cp_enter_set {
    cp_node_set in;
    int32_t need;
    bool starts; /* only what begins a route enters it: `in` holds all nodes, need is of routes */
} cp_enter_set;

typedef struct cp_duals {
    int64_t *node;
    int64_t *set;   /* CP_SETS_MAX, >= 0 */
    int64_t *enter; /* sum of those of the sets that a way enters (cp_label_query) */
    int32_t n_sets;
    int64_t *kind; /* <= 0 */
    cp_label_cuts cuts;
} cp_duals;

typedef struct cp_vrp_master {
    cp_ctx *ctx;
    const cp_relax *r;
    cp_lp *lp;
    double unit;         /* ticks an LP's unit of cost */
    int64_t *low, *high; /* ticks, by node, then by set */
    cp_enter_set sets[CP_SETS_MAX];
    int32_t n_sets, n_before; /* columns of the program before the routes */
    cp_column *columns;
    int32_t n_columns, cap_columns, n_in_lp;
    int32_t *nodes, *ways, n_nodes, cap_nodes;
    cp_cut cuts[CP_CUTS_MAX];
    int32_t n_cuts;
    cp_duals duals;   /* of the last solve */
    double objective; /* ticks */
    double boxed;     /* sum of `more` and of `less` beyond what leaving out allows: 0 = no box */
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
/* Forget routes for which keep is false; the program is made anew at the next solve. */
void cp_vrp_master_keep(cp_vrp_master *m, const bool *keep);
/* Duals of nodes from now on at most `radius` from those of `center`. */
cp_status cp_vrp_master_box(cp_vrp_master *m, const cp_duals *center, int64_t radius);
/* Add a set; false where there is no room or it is there. The program is made anew. */
bool cp_vrp_master_set(cp_vrp_master *m, const cp_enter_set *set);
/* Does item `i` of the route enter the set? */
bool cp_column_enters(const cp_vrp_master *m, const cp_column *c, int32_t i,
                      const cp_enter_set *set);

/* Duals, objective and x. False in *solved when GLPK found no optimum. */
cp_status cp_vrp_master_solve(cp_vrp_master *m, bool *solved);

/* Best choice among the routes that visit nothing twice, by branch and bound: indexes of columns
 * in ctx->run; *n = -1 when nothing below `below` ticks is found, 0 when all is left out. */
cp_status cp_vrp_master_choose(cp_vrp_master *m, int64_t below, int64_t tree_nodes,
                               double time_limit_s, int32_t **chosen, int32_t *n);

/* Does the path visit no node twice? */
bool cp_column_simple(const cp_vrp_master *m, const cp_column *c);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_bound.h - a proven lower bound for the cost of a routing problem of about 100 nodes.
 *
 * Column generation: a set-partitioning master program in GLPK (vrp_master.h) whose duals are kept
 * in a box round those of the best bound (Marsten, Hogan, Blankenship 1975). First over a cheap
 * relaxation, paths over one resource (vrp_complete.h) in coarse, then in fine steps, which is
 * solved in seconds however wide the windows are and leaves duals from which the labels of the next
 * find little to extend; then routes priced by label setting over ng-paths (vrp_label.h), with
 * neighbourhoods that grow where the solution runs in circles. Both with sets of nodes that must be
 * entered often enough and the least number of routes (vrp_enter.h), the second with subset-row
 * cuts too. Every pricing that is proven gives a bound by Lagrange's formula, in integers and
 * without trust in the linear programs, also where it was cut off; the best of them is returned, so
 * a stop at any time leaves a valid bound. What the bound counts exactly and what less than truly
 * is said in vrp_relax.h.
 *
 * No bound is given (CP_VRP_BOUND_NONE) for problems with pairs or with more than nodes_max nodes,
 * for amounts of money beyond exact arithmetic, and where no pricing was finished in time. Rules
 * between routes (docks, likeness to earlier days) are not part of cp_vrp; they can only make plans
 * dearer. */
#ifndef CP_VRP_BOUND_H
#define CP_VRP_BOUND_H

#include "models/route/vrp.h"

typedef struct cp_vrp_bound_opts {
    int64_t work;              /* labels extended in all, 0 = no limit */
    double cpu_limit_s;        /* CPU seconds of the process from the call on, 0 = none */
    int32_t nodes_max;         /* larger problems get no bound */
    int32_t labels_max;        /* of one pricing: memory, about 100 bytes each and 8 a resource */
    int32_t ng_first, ng_most; /* nodes of a neighbourhood at first and when grown */
    int32_t cut_rounds;        /* at most, 0 = no cuts */
    int64_t tree_nodes;        /* of the search for whole solutions over the routes, 0 = none */
} cp_vrp_bound_opts;
cp_vrp_bound_opts cp_vrp_bound_defaults(void);

typedef enum cp_vrp_bound_status {
    CP_VRP_BOUND_NONE,    /* no bound */
    CP_VRP_BOUND_STOPPED, /* a limit or the user ended it before the relaxation was solved */
    CP_VRP_BOUND_SOLVED   /* the relaxation, as far as options tighten it */
} cp_vrp_bound_status;

typedef struct cp_vrp_bound_result {
    cp_vrp_bound_status status;
    cp_minor bound_minor;     /* no feasible solution costs less */
    bool proven;              /* the best solution known (given or found here) costs just this */
    bool better;              /* `solution` is feasible and better than the incumbent */
    cp_vrp_solution solution; /* in ctx->run; only when better */
    cp_minor cost_minor;      /* of the best solution known; INT64_MAX = none */
    int32_t n_columns, n_rounds, n_cuts;
    int64_t work; /* labels extended */
} cp_vrp_bound_result;

/* Bound the problem, which has been validated. The incumbent (may be NULL, need not be feasible)
 * gives first columns and, when feasible, the cost at which the bound is proven. Without a time
 * limit the same input gives the same result. CP_E_SOLVER only when GLPK fails altogether. */
cp_status cp_vrp_bound(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_solution *incumbent,
                       const cp_vrp_bound_opts *opts, cp_vrp_bound_result *out);

#endif

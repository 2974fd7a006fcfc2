/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_solve.h - the search for the routes of models/route/vrp.h. */
#ifndef CP_VRP_SOLVE_H
#define CP_VRP_SOLVE_H

#include "models/route/vrp.h"

/* Told now and then that a search has found cheaper routes: CPU seconds of the process since it
 * began, and their cost as the search counts. */
typedef void cp_vrp_cheaper_fn(void *user, double cpu_s, double cost_minor);

typedef struct cp_vrp_opts {
    int64_t work;       /* iterations of each island; 0 = until cpu_limit_s is over, then needed */
    double cpu_limit_s; /* CPU seconds of each thread from the call on; 0 = none */
    uint64_t seed;
    int32_t islands; /* searches side by side, of which the best routes are combined in the end; 0 =
                        as many as threads where only time limits them, else 1 */
    bool no_pool;    /* the routes met are not combined: for many small problems, where the integer
                        programs take longer than they are worth */
    const cp_vrp_solution *start; /* routes to begin with, NULL = none; those that break a rule end
                                     the search's claim to keep them all. Not read by vrp_rich.h */
    cp_vrp_cheaper_fn *cheaper;   /* NULL = nobody; told by the first island alone, and not by
                                     vrp_rich.h */
    void *cheaper_user;
    /* The search; 0 = the default of each. */
    double hot, cold;    /* temperatures at the beginning and the end, in lengths of a usual leg */
    double mean_removed; /* nodes removed in an iteration, on average */
    int32_t n_places;    /* neighbours beside which an insertion is tried */
} cp_vrp_opts;

cp_vrp_opts cp_vrp_opts_defaults(void);

typedef struct cp_vrp_result {
    cp_vrp_solution solution; /* in ctx->run */
    double cost_minor;        /* as the search counts; cp_vrp_check says what is so */
    int64_t iterations;
    int32_t n_left_out;
    bool stopped_early; /* by a deadline or the user, before the work was done */
} cp_vrp_result;

/* Search. The same problem, seed and work give the same routes for any number of threads; a limit
 * of time does not. Nodes without room stay out, also those that must be served: cp_vrp_check tells
 * them. The problem has been validated. */
cp_status cp_vrp_solve(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_opts *opts, cp_vrp_result *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_anneal.h - one search: ruin and recreate under annealing, with the pool of its routes
 * combined now and then. */
#ifndef CP_VRP_ANNEAL_H
#define CP_VRP_ANNEAL_H

#include "solver/route/vrp_ruin.h"
#include "solver/route/vrp_solve.h"

typedef struct cp_anneal_opts {
    int64_t work; /* iterations; 0 = by time alone */
    double began_s,
        cpu_s;        /* process CPU time at the beginning, and how much may pass; 0 = no limit */
    double hot, cold; /* first and last temperature, ticks */
    cp_ruin_opts ruin;
    bool no_pool;               /* routes are not kept for being combined */
    cp_vrp_cheaper_fn *cheaper; /* NULL = nobody is told */
    void *cheaper_user;
} cp_anneal_opts;

typedef struct cp_anneal_report {
    int64_t iterations;
    bool stopped; /* by a deadline or the user */
} cp_anneal_report;

/* Search on from the routes of the state; ends with the best routes found in it. */
cp_status cp_anneal(cp_ctx *ctx, cp_state *s, const cp_anneal_opts *opts, cp_anneal_report *out);

#endif

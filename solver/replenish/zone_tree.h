/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_tree.h - branch and price: the plan and the bound of a small zone, to proof if the work
 * allows.
 *
 * Where a few machines share a limit the relaxation is weak, because it fills each day to the brim
 * with parts of visits. The tree branches on what makes the difference: how many visits a day has,
 * and whether a machine is visited on a day (Barnhart et al. 1998 for the scheme; the first kind
 * changes many plans at once and raises the bound on both sides). Nodes are taken by their bound;
 * the branching is chosen by solving both sides without new columns (strong branching, Applegate
 * et al. 1995). At every node the heaviest plans are put together and repaired. */
#ifndef CP_ZONE_TREE_H
#define CP_ZONE_TREE_H

#include "solver/replenish/refill_master.h"
#include "solver/replenish/refill_state.h"

typedef struct cp_tree_opts {
    int64_t nodes;           /* counted work: relaxations solved */
    double stop_gap;         /* nodes are given up when no more than this can be gained */
    const cp_master *master; /* its columns are the first; NULL = none */
} cp_tree_opts;

/* *best (every point in it) is improved in place. *bound: no plan of the zone costs less. *done =
 * nodes solved. Nothing is changed when there are no points. */
cp_status cp_zone_tree(cp_ctx *ctx, const cp_zone *zone, const cp_tree_opts *opts,
                       cp_refill_state *best, double *bound, int64_t *done);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_tree.h - proof of a siting without capacities: branch and bound over which sites open.
 *
 * A node's bound is the Lagrangian value after some steps from its parent's prices; sites that
 * cannot open, or cannot stay shut, in a plan better than the best known are fixed by what that
 * would cost; what is left branches on the site whose mean over the relaxed solutions is least
 * whole. Nodes are taken depth first, the likelier side first. */
#ifndef CP_SITE_TREE_H
#define CP_SITE_TREE_H

#include "solver/site/site_ascent.h"
#include "solver/site/site_solve.h"
#include "solver/site/site_swap.h"

typedef struct cp_site_best {
    cp_siting_plan plan; /* cost INFINITY = none yet */
    double quantum;      /* of plans' costs; 0 = none */
    double limit;        /* plans that cost this or more are not wanted */
} cp_site_best;

/* Bounds at or above this leave nothing to find. */
double cp_site_cutoff(const cp_site_best *best);

/* Keeps the sites if serving from them is cheaper than the best. */
void cp_site_offer(const cp_siting *s, const uint8_t *open, cp_siting_plan *trial,
                   cp_site_best *best);

/* Searches below `root`, whose prices are a root's. Raises best->plan; *bound: no plan below costs
 * less (best's cost or the limit where the tree was searched whole). */
typedef struct cp_site_tree_in {
    const cp_siting_opts *opts;
    double until_s;     /* on the clock of cp_cpu_s(); INFINITY = no limit */
    cp_site_swap *swap; /* goes on in between, from relaxed solutions */
} cp_site_tree_in;
cp_status cp_site_tree(cp_ctx *ctx, const cp_site_node *root, const cp_site_ascent *prices,
                       const cp_site_tree_in *in, cp_site_best *best, cp_siting_result *result);

#endif

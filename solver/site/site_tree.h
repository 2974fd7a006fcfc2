/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_tree.h - proof of a siting: branch and bound over which sites open.
 *
 * A node's bound is the Lagrangian value after some steps from its parent's prices; sites that
 * cannot open, or cannot stay shut, in a plan better than the best known are fixed by what that
 * would cost; what is left branches on the site whose mean over the relaxed solutions is least
 * whole. Nodes are taken depth first, the likelier side first. */
#ifndef CP_SITE_TREE_H
#define CP_SITE_TREE_H

#include "solver/site/site_ascent.h"
#include "solver/site/site_room.h"
#include "solver/site/site_solve.h"
#include "solver/site/site_swap.h"

typedef struct cp_site_best {
    cp_siting_plan plan;  /* cost INFINITY = none yet */
    cp_siting_plan trial; /* scratch; changes places with the plan when it is better */
    cp_site_swap *swap;   /* the local search: without capacities */
    cp_site_room *room;   /* ... with capacities; the other one is NULL */
    double quantum;       /* of plans' costs; 0 = none */
    double limit;         /* plans that cost this or more are not wanted */
} cp_site_best;

/* Bounds at or above this leave nothing to find. */
double cp_site_cutoff(const cp_site_best *best);

/* Keeps the sites if serving from them is cheaper than the best. */
void cp_site_offer(const cp_siting *s, const uint8_t *open, cp_site_best *best);

/* Improves these sites by the local search, and offers them. */
void cp_site_improve(const cp_ctx *ctx, const cp_siting *s, const uint8_t *open, int32_t rounds,
                     double until_s, cp_rng *rng, cp_site_best *best);

/* Room for both plans and the local search, in ctx->scratch; no plan yet. */
cp_status cp_site_best_new(cp_ctx *ctx, const cp_siting *s, double limit, cp_site_best *out);

/* Searches below `root`, whose prices are a root's. Raises best->plan; *bound: no plan below costs
 * less (best's cost or the limit where the tree was searched whole). */
typedef struct cp_site_tree_in {
    const cp_siting_opts *opts;
    double until_s; /* on the clock of cp_cpu_s(); INFINITY = no limit */
} cp_site_tree_in;
cp_status cp_site_tree(cp_ctx *ctx, const cp_site_node *root, const cp_site_ascent *prices,
                       const cp_site_tree_in *in, cp_site_best *best, cp_siting_result *result);

#endif

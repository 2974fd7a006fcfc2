/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_relax.h - the siting problem as a node of the tree sees it, and its Lagrangian value.
 *
 * With prices lambda[i] on assign[i] (siting.h) an uncapacitated problem falls apart into sites:
 *     value[j] = fixed[j] + sum_i min(0, cost[i,j] - lambda[i])
 *     L(lambda) = sum_i lambda[i] + sum_{j open} value[j] + least sum of value over the free sites
 *                 that the count allows
 * L is a lower bound for every lambda with 0 <= lambda[i] <= leave[i] (Cornuejols, Fisher,
 * Nemhauser, Management Science 23, 1977; Beasley, EJOR 21, 1985).
 *
 * With capacities value[j] = fixed[j] + the least sum of (cost[i,j] - lambda[i]) serve[i,j] that
 * room[j] allows, a continuous knapsack; and because all demand needs room, sum_j capacity[j]
 * open[j] >= sum_i demand[i] holds too, with a price that is found exactly for each lambda:
 * value[j] is then less price * capacity[j], and L more by price * demand (Beasley, EJOR 33, 1988).
 */
#ifndef CP_SITE_RELAX_H
#define CP_SITE_RELAX_H

#include "models/mip/siting.h"

typedef struct cp_site_node {
    const cp_siting *s;
    /* The pairs whose site is not shut; as in siting.h. */
    const int32_t *first, *arc_site;
    const double *arc_cost;
    uint8_t *duty;          /* [site] */
    int32_t *free;          /* the free sites, ascending */
    int32_t n_free, n_open; /* n_open: must be open */
    int32_t least;          /* open sites it takes, by the count and by room */
    double need;            /* demand, where there are capacities */
    double *rooms;          /* [n_sites] scratch */
} cp_site_node;

/* What a site with little room would take: a client, what a unit saves, the share taken. */
typedef struct cp_site_item {
    int32_t client;
    double saves, part;
} cp_site_item;

/* Scratch and results of one evaluation; arrays by site or client. */
/* Room that costs `ratio` a unit to open. */
typedef struct cp_site_ratio {
    double ratio, room;
} cp_site_ratio;

typedef struct cp_site_value {
    double *value;   /* [site] */
    uint8_t *chosen; /* [site] open in the relaxed solution */
    double *slack;   /* [client] 1 - open sites that would serve it: the subgradient */
    double *rank;    /* [n_sites] scratch */
    /* With capacities: items of site j are item[from[j]] .. item[from[j] + n_items[j] - 1]. */
    cp_site_item *item;
    cp_site_ratio *dear;
    int32_t *from, *n_items;
    double bound;
    double last_in, first_out; /* largest value taken and least one passed over by a binding count;
                                  INFINITY where the count does not bind in that direction */
} cp_site_value;

cp_status cp_site_value_new(cp_ctx *ctx, cp_arena *arena, const cp_siting *s, cp_site_value *out);

/* The root: duty of the problem. Arrays in ctx->scratch. */
cp_status cp_site_node_root(cp_ctx *ctx, const cp_siting *s, cp_site_node *out);

/* A copy of `node` for a child, in ctx->scratch; the lists of pairs are made anew, without those of
 * shut sites, when that leaves out a quarter of them or more. */
cp_status cp_site_node_copy(cp_ctx *ctx, const cp_site_node *node, cp_site_node *out);

/* Give a free site another duty. */
void cp_site_node_fix(cp_site_node *node, int32_t site, cp_siting_duty duty);

/* Can the count of open sites still be met? */
bool cp_site_node_can_count(const cp_site_node *node);

/* L(lambda), the relaxed solution and its subgradient. Needs cp_site_node_can_count. */
void cp_site_evaluate(const cp_site_node *node, const double *lambda, cp_site_value *v);

/* Fixes free sites whose other choice would raise the bound of `v` to `cutoff` or more; how many.
 * `v` is of this node, not changed since. */
int32_t cp_site_node_reduce(cp_site_node *node, const cp_site_value *v, double cutoff);

#endif

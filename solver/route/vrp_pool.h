/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_pool.h - routes met during a search, and the best set of them.
 *
 * Of all orders in which one kind of vehicle was seen to serve one set of nodes the cheapest is
 * kept. cp_pool_combine chooses routes so that every node of a region is served once, at least
 * cost: a set-partitioning program in GLPK, from which the reduced costs of its relaxation first
 * remove every route that no better solution can hold. */
#ifndef CP_VRP_POOL_H
#define CP_VRP_POOL_H

#include "solver/route/vrp_state.h"

typedef struct cp_pool_route {
    uint64_t key; /* of kind and set of nodes */
    int64_t cost; /* ticks */
    int32_t kind, first, n;
} cp_pool_route;

typedef struct cp_pool {
    const cp_dense *d;
    cp_pool_route *routes;
    int32_t n_routes, cap_routes;
    int32_t *items, n_items, cap_items;
    int32_t *slots, n_slots; /* hash table: 1 + index, 0 = free; a power of two */
    uint64_t *node_key;
} cp_pool;

cp_status cp_pool_new(cp_ctx *ctx, const cp_dense *d, cp_pool *out);

/* Remember a route of the state. A full pool begins anew. */
void cp_pool_add(cp_pool *pool, const cp_state *s, int32_t route);
void cp_pool_add_all(cp_pool *pool, const cp_state *s);

typedef struct cp_combine_opts {
    int32_t nodes_max;   /* of a region: larger problems are combined region by region */
    int32_t tree_nodes;  /* of the branch and bound */
    double time_limit_s; /* wall seconds of the branch and bound, 0 = none */
} cp_combine_opts;

/* Combine the pool in a region round a random node; when that is cheaper than the state's routes
 * there, they are replaced (cp_state_begin has been called inside). *better tells. Failures of
 * GLPK other than memory count as "not better". */
cp_status cp_pool_combine(cp_ctx *ctx, const cp_pool *pool, cp_state *s,
                          const cp_combine_opts *opts, bool *better);

#endif

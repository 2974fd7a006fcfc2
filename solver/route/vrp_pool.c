/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_pool.h"

#include <string.h>

#define POOL_ROUTES 30000
#define POOL_ITEMS 600000

cp_status cp_pool_new(cp_ctx *ctx, const cp_dense *d, cp_pool *out)
{
    cp_pool p = {.d = d, .cap_routes = POOL_ROUTES, .cap_items = POOL_ITEMS, .n_slots = 1 << 16};
    if (p.cap_items < 4 * d->n) p.cap_items = 4 * d->n;
    CP_NEW(ctx, ctx->scratch, p.routes, p.cap_routes);
    CP_NEW(ctx, ctx->scratch, p.items, p.cap_items);
    CP_NEW(ctx, ctx->scratch, p.slots, p.n_slots);
    CP_NEW(ctx, ctx->scratch, p.node_key, d->n);
    cp_rng rng = cp_rng_new(1, 1); /* keys of nodes: any will do, always the same */
    for (int32_t i = 0; i < d->n; i++)
        p.node_key[i] = cp_rng_u64(&rng);
    *out = p;
    return CP_OK;
}

static void write_items(cp_pool *pool, const cp_state *s, int32_t route, int32_t first)
{
    const int32_t end = s->d->n + route;
    for (int32_t x = s->stops[end].next; x != end; x = s->stops[x].next)
        pool->items[first++] = x;
}

void cp_pool_add(cp_pool *pool, const cp_state *s, int32_t route)
{
    const cp_dense *d = s->d;
    const cp_ring *g = &s->rings[route];
    const int32_t end = d->n + route;
    if (g->size == 0) return;
    const int64_t cost = cp_state_route_cost(s, route);
    uint64_t key = (uint64_t)(g->kind + 1) * UINT64_C(0x9E3779B97F4A7C15);
    for (int32_t x = s->stops[end].next; x != end; x = s->stops[x].next)
        key += pool->node_key[x];
    uint32_t at = (uint32_t)(key >> 40) & (uint32_t)(pool->n_slots - 1);
    for (; pool->slots[at] != 0; at = (at + 1) & (uint32_t)(pool->n_slots - 1)) {
        cp_pool_route *r = &pool->routes[pool->slots[at] - 1];
        if (r->key != key || r->n != g->size) continue;
        if (cost >= r->cost) return;
        r->cost = cost;
        write_items(pool, s, route, r->first);
        return;
    }
    if (pool->n_routes == pool->cap_routes || g->size > pool->cap_items - pool->n_items) {
        memset(pool->slots, 0, (size_t)pool->n_slots * sizeof(*pool->slots));
        pool->n_routes = pool->n_items = 0;
        at = (uint32_t)(key >> 40) & (uint32_t)(pool->n_slots - 1);
    }
    const int32_t first = pool->n_items;
    write_items(pool, s, route, first);
    pool->routes[pool->n_routes] = (cp_pool_route){key, cost, g->kind, first, g->size};
    pool->n_items += g->size;
    pool->slots[at] = ++pool->n_routes;
}

void cp_pool_add_all(cp_pool *pool, const cp_state *s)
{
    for (int32_t r = 0; r < s->d->n_routes; r++)
        if (s->rings[r].size > 0) cp_pool_add(pool, s, r);
}

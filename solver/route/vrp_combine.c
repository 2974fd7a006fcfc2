/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mip/mip.h"
#include "solver/lp/lp.h"
#include "solver/route/vrp_pool.h"

#include <math.h>
#include <stdlib.h>

#define COLUMNS_MAX 12000 /* the latest routes of the pool that lie in the region */
/* Where no time limits the tree, the routes there are and these with the least reduced costs go on
 * to it: with several thousands it takes far longer than the search that it serves. Where time
 * limits it, all that may help is kept: with 1,500 and 100 nodes routes got 1 % worse. */
#define TREE_COLUMNS 1500

/* Set partitioning over the nodes of a region:
 *   minimise    sum_r cost[r] x[r] + sum_i out[i] y[i]
 *   subject to  node[i]  sum of x[r] with i in r + y[i] = 1
 *               kind[k]  sum of x[r] of kind k <= vehicles not used outside the region */
typedef struct combine {
    cp_ctx *ctx;
    const cp_pool *pool;
    cp_state *s;
    int32_t *row_of; /* per node: its row, -1 outside the region */
    int32_t *nodes, n_nodes;
    int32_t *old, n_old;        /* routes of the state in the region */
    int32_t *free_kind;         /* per kind: vehicles not used outside */
    int32_t *column, n_columns; /* routes of the pool */
    int64_t now;                /* what the region costs now */
    double unit;                /* ticks per unit of the program */
} combine;

static void take_route(combine *c, int32_t route)
{
    const cp_state *s = c->s;
    const int32_t end = s->d->n + route;
    const cp_ring *g = &s->rings[route];
    c->old[c->n_old++] = route;
    c->now += cp_state_route_cost(s, route);
    c->free_kind[g->kind]++;
    for (int32_t x = s->stops[end].next; x != end; x = s->stops[x].next) {
        c->row_of[x] = c->n_nodes;
        c->nodes[c->n_nodes++] = x;
    }
}

/* Routes near a random node, or all of them; then also what is left out. */
static void choose_region(combine *c, int32_t nodes_max)
{
    cp_state *s = c->s;
    const cp_dense *d = s->d;
    for (int32_t x = 0; x < d->n; x++)
        c->row_of[x] = -1;
    for (int32_t k = 0; k < d->n_kinds; k++)
        c->free_kind[k] = d->kinds[k].count - s->kind_used[k];
    const bool all = d->n <= nodes_max;
    const int32_t seed = (int32_t)cp_rng_below(&s->rng, (uint32_t)d->n);
    const cp_near *near = d->near + (size_t)seed * (size_t)d->n_near;
    for (int32_t k = -1; !all && k < d->n_near; k++) {
        const int32_t x = k < 0 ? seed : near[k].node;
        const int32_t route = s->stops[x].route;
        if (route < 0 || c->row_of[x] >= 0) continue;
        if (c->n_nodes + s->rings[route].size > nodes_max) continue;
        take_route(c, route);
    }
    if (!all) return;
    for (int32_t r = 0; r < d->n_routes; r++)
        if (s->rings[r].size > 0) take_route(c, r);
    for (int32_t k = 0; k < s->n_out; k++) {
        const int32_t x = s->out[k];
        c->now += d->nodes[x].out;
        c->row_of[x] = c->n_nodes;
        c->nodes[c->n_nodes++] = x;
    }
}

static void choose_columns(combine *c)
{
    for (int32_t r = c->pool->n_routes - 1; r >= 0 && c->n_columns < COLUMNS_MAX; r--) {
        const cp_pool_route *q = &c->pool->routes[r];
        bool inside = true;
        for (int32_t k = 0; k < q->n && inside; k++)
            inside = c->row_of[c->pool->items[q->first + k]] >= 0;
        if (inside) c->column[c->n_columns++] = r;
    }
}

/* Columns are routes, then one a node that leaves it out. */
static cp_status build_program(combine *c, bool integer, cp_mip **out)
{
    const cp_dense *d = c->s->d;
    cp_mip *mip = NULL;
    int32_t *row = NULL;
    double *one = NULL;
    CP_NEW(c->ctx, c->ctx->scratch, row, c->n_nodes + 1);
    CP_NEW(c->ctx, c->ctx->scratch, one, c->n_nodes + 1);
    CP_TRY(cp_mip_new(c->ctx, c->ctx->scratch, &mip));
    for (int32_t i = 0; i < c->n_nodes; i++)
        CP_TRY(cp_mip_add_row(c->ctx, mip, 1, 1, NULL, NULL));
    for (int32_t k = 0; k < d->n_kinds; k++)
        CP_TRY(cp_mip_add_row(c->ctx, mip, -CP_MIP_INF, c->free_kind[k], NULL, NULL));
    for (int32_t i = 0; i <= c->n_nodes; i++)
        one[i] = 1;
    for (int32_t k = 0; k < c->n_columns; k++) {
        const cp_pool_route *q = &c->pool->routes[c->column[k]];
        for (int32_t i = 0; i < q->n; i++)
            row[i] = c->row_of[c->pool->items[q->first + i]];
        row[q->n] = c->n_nodes + q->kind;
        const cp_mip_col col = {.lo = 0,
                                .hi = integer ? 1 : CP_MIP_INF,
                                .cost = (double)q->cost / c->unit,
                                .integer = integer,
                                .n = q->n + 1,
                                .row = row,
                                .value = one};
        CP_TRY(cp_mip_add_col(c->ctx, mip, &col, NULL));
    }
    for (int32_t i = 0; i < c->n_nodes; i++) {
        const cp_mip_col col = {.lo = 0,
                                .hi = 1,
                                .cost = (double)d->nodes[c->nodes[i]].out / c->unit,
                                .integer = integer,
                                .n = 1,
                                .row = &i,
                                .value = one};
        CP_TRY(cp_mip_add_col(c->ctx, mip, &col, NULL));
    }
    *out = mip;
    return CP_OK;
}

typedef struct priced {
    double reduced;
    int32_t column;
} priced;

static int by_reduced(const void *a, const void *b)
{
    const priced *x = a, *y = b;
    if (x->reduced != y->reduced) return x->reduced < y->reduced ? -1 : 1;
    return x->column < y->column ? -1 : x->column > y->column;
}

/* Is the pool's route one of the state's? */
static bool stands(const combine *c, const cp_pool_route *q)
{
    const int32_t *items = c->pool->items + q->first;
    const int32_t route = c->s->stops[items[0]].route;
    if (route < 0 || c->s->rings[route].size != q->n || c->s->rings[route].kind != q->kind)
        return false;
    for (int32_t i = 1; i < q->n; i++)
        if (c->s->stops[items[i]].route != route) return false;
    return true;
}

/* Keep the routes that a cheaper solution may hold: reduced cost below what there is to gain. */
static cp_status keep_promising(combine *c, const cp_lp *lp, double gain, int32_t most)
{
    priced *list = NULL;
    int32_t n = 0;
    CP_NEW(c->ctx, c->ctx->scratch, list, c->n_columns);
    for (int32_t k = 0; k < c->n_columns; k++) {
        const double reduced = cp_lp_reduced_cost(lp, k);
        const bool now = stands(c, &c->pool->routes[c->column[k]]);
        if (reduced < gain || now) list[n++] = (priced){now ? -HUGE_VAL : reduced, c->column[k]};
    }
    qsort(list, (size_t)n, sizeof(*list), by_reduced);
    c->n_columns = n < most ? n : most;
    for (int32_t k = 0; k < c->n_columns; k++)
        c->column[k] = list[k].column;
    return CP_OK;
}

/* The relaxation; false when nothing can be gained. */
static cp_status relax(combine *c, int32_t most, bool *promising)
{
    cp_mip *mip = NULL;
    cp_lp *lp = NULL;
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    *promising = false;
    CP_TRY(build_program(c, false, &mip));
    cp_status st = cp_lp_new(c->ctx, mip, &lp);
    if (st == CP_OK) st = cp_lp_solve(lp, &answer);
    if (st == CP_OK && answer == CP_LP_OPTIMAL) {
        const double gain = (double)c->now / c->unit - cp_lp_objective(lp);
        *promising = gain * c->unit >= 1;
        if (*promising) st = keep_promising(c, lp, gain, most);
    }
    cp_lp_free(lp);
    return st;
}

/* The chosen columns come first in c->column; false when the program has no better answer. */
static cp_status choose(combine *c, const cp_combine_opts *o, bool *better)
{
    cp_mip *mip = NULL;
    cp_lp *lp = NULL;
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    CP_TRY(build_program(c, true, &mip));
    cp_lp_mip_opts mo = cp_lp_mip_defaults();
    mo.node_limit = o->tree_nodes;
    mo.time_limit_s = o->time_limit_s;
    mo.presolve = true;
    cp_status st = cp_lp_new(c->ctx, mip, &lp);
    if (st == CP_OK) st = cp_lp_solve_mip(lp, &mo, &answer);
    *better = st == CP_OK && (answer == CP_LP_OPTIMAL || answer == CP_LP_FEASIBLE) &&
              cp_lp_objective(lp) * c->unit < (double)c->now - 0.5;
    int32_t n = 0;
    for (int32_t k = 0; *better && k < c->n_columns; k++)
        if (cp_lp_value(lp, k) > 0.5) c->column[n++] = c->column[k];
    if (*better) c->n_columns = n;
    cp_lp_free(lp);
    return st;
}

/* The engine's answer is whole and kept only to its tolerances, and next to prices of leaving out
 * far above those of routes they are wide: counted again in whole numbers. */
static cp_status holds(const combine *c, bool *better)
{
    const cp_dense *d = c->s->d;
    bool *served = NULL;
    int32_t *used = NULL;
    int64_t cost = 0;
    CP_NEW(c->ctx, c->ctx->scratch, served, c->n_nodes);
    CP_NEW(c->ctx, c->ctx->scratch, used, d->n_kinds);
    for (int32_t k = 0; k < c->n_columns && *better; k++) {
        const cp_pool_route *q = &c->pool->routes[c->column[k]];
        cost += q->cost;
        *better = ++used[q->kind] <= c->free_kind[q->kind];
        for (int32_t i = 0; i < q->n && *better; i++) {
            const int32_t row = c->row_of[c->pool->items[q->first + i]];
            *better = !served[row];
            served[row] = true;
        }
    }
    for (int32_t i = 0; i < c->n_nodes; i++)
        if (!served[i]) cost += d->nodes[c->nodes[i]].out;
    *better = *better && cost < c->now;
    return CP_OK;
}

/* Take the old routes of the region out of the state and drive the chosen ones. */
static void replace_routes(combine *c)
{
    cp_state *s = c->s;
    const cp_dense *d = s->d;
    cp_state_begin(s);
    for (int32_t k = 0; k < c->n_old; k++) {
        const int32_t end = d->n + c->old[k];
        cp_state_touch(s, c->old[k]);
        for (int32_t x = s->stops[end].next; x != end; x = s->stops[x].next)
            s->cost += d->nodes[x].out;
        cp_state_cut(s, s->stops[end].next, s->stops[end].prev);
    }
    for (int32_t k = 0; k < c->n_columns; k++) {
        const cp_pool_route *q = &c->pool->routes[c->column[k]];
        const int32_t route = cp_state_free_route(s);
        cp_state_touch(s, route);
        cp_state_set_kind(s, route, q->kind);
        for (int32_t i = 0; i < q->n; i++) {
            const int32_t x = c->pool->items[q->first + i];
            s->cost -= d->nodes[x].out;
            cp_state_insert(s, x, s->stops[d->n + route].prev, route);
        }
    }
    s->n_out = 0;
    for (int32_t x = 0; x < d->n; x++)
        if (s->stops[x].route < 0) s->out[s->n_out++] = x;
}

static cp_status combine_region(combine *c, const cp_combine_opts *o, bool *better)
{
    const cp_dense *d = c->s->d;
    CP_NEW(c->ctx, c->ctx->scratch, c->row_of, d->n);
    CP_NEW(c->ctx, c->ctx->scratch, c->nodes, d->n);
    CP_NEW(c->ctx, c->ctx->scratch, c->old, d->n_routes);
    CP_NEW(c->ctx, c->ctx->scratch, c->free_kind, d->n_kinds);
    CP_NEW(c->ctx, c->ctx->scratch, c->column, COLUMNS_MAX);
    choose_region(c, o->nodes_max);
    choose_columns(c);
    c->unit = (double)c->now / 1000 + 1;
    bool promising = false;
    if (c->n_columns <= c->n_old) return CP_OK;
    CP_TRY(relax(c, o->time_limit_s > 0 ? COLUMNS_MAX : TREE_COLUMNS, &promising));
    if (promising) CP_TRY(choose(c, o, better));
    if (*better) CP_TRY(holds(c, better));
    if (*better) replace_routes(c);
    return CP_OK;
}

cp_status cp_pool_combine(cp_ctx *ctx, const cp_pool *pool, cp_state *s,
                          const cp_combine_opts *opts, bool *better)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    combine c = {.ctx = ctx, .pool = pool, .s = s};
    *better = false;
    const cp_status st = combine_region(&c, opts, better);
    cp_arena_rewind(ctx->scratch, mark);
    if (st != CP_E_SOLVER) return st;
    cp_error_clear(ctx);
    *better = false;
    return CP_OK;
}

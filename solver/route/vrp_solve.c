/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_solve.h"

#include "models/base/clock.h"
#include "solver/par/job.h"
#include "solver/route/vrp_anneal.h"
#include "solver/route/vrp_pool.h"
#include "solver/route/vrp_rich.h"
#include "solver/route/vrp_start.h"

#define N_NEAR 200
/* First temperatures in usual steps, measured on the public sets: lower ones freeze what the first
 * insertion made, above all in long routes with windows. */
#define HOT 2.0
#define HOT_WINDOWS 3.0
/* The last choice among the routes of all islands. */
#define FINAL_NODES 400
#define FINAL_TREE 300

/* What all islands share. */
typedef struct islands {
    const cp_dense *d;
    const cp_vrp_opts *o;
    cp_anneal_opts anneal;
} islands;

/* What one island brings: its routes with the dense problem's numbers. */
typedef struct island {
    cp_vrp_route *routes; /* vehicle: kind */
    int32_t *items;
    int32_t n_routes;
    int64_t cost, iterations;
    bool stopped;
} island;

cp_vrp_opts cp_vrp_opts_defaults(void)
{
    const cp_ruin_opts r = cp_ruin_defaults();
    const cp_vrp_opts o = {
        .seed = 1, .cold = 0.05, .mean_removed = r.mean_removed, .n_places = r.n_places};
    return o;
}

static cp_status take_down(cp_ctx *ctx, const cp_state *s, island *out)
{
    const cp_dense *d = s->d;
    int32_t n = 0;
    CP_NEW(ctx, ctx->run, out->routes, d->n_routes);
    CP_NEW(ctx, ctx->run, out->items, d->n);
    out->n_routes = 0;
    for (int32_t k = 0; k < d->n_routes; k++) {
        const int32_t end = d->n + k, first = n;
        for (int32_t x = s->stops[end].next; x != end; x = s->stops[x].next)
            out->items[n++] = x;
        if (n > first)
            out->routes[out->n_routes++] = (cp_vrp_route){s->rings[k].kind, first, n - first};
    }
    out->cost = s->cost;
    return CP_OK;
}

/* Drive an island's routes in a state whose routes are all empty. */
static void set_up(cp_state *s, const island *from)
{
    const cp_dense *d = s->d;
    cp_state_begin(s);
    for (int32_t k = 0; k < from->n_routes; k++) {
        const cp_vrp_route *r = &from->routes[k];
        const int32_t route = cp_state_free_route(s);
        cp_state_touch(s, route);
        cp_state_set_kind(s, route, r->vehicle);
        for (int32_t i = 0; i < r->n; i++) {
            const int32_t x = from->items[r->first + i];
            s->cost -= d->nodes[x].out;
            cp_state_insert(s, x, s->stops[d->n + route].prev, route);
        }
    }
    s->n_out = 0;
    for (int32_t x = 0; x < d->n; x++)
        if (s->stops[x].route < 0) s->out[s->n_out++] = x;
}

/* The routes to begin with as an island, with the dense problem's numbers; *out lives in
 * ctx->scratch. */
static cp_status read_start(cp_ctx *ctx, const cp_dense *d, const cp_vrp_solution *start,
                            island *out)
{
    int32_t *dense_of = NULL, n = 0;
    CP_NEW(ctx, ctx->scratch, dense_of, d->p->n_nodes + 1);
    CP_NEW(ctx, ctx->scratch, out->routes, start->n_routes + 1);
    CP_NEW(ctx, ctx->scratch, out->items, start->n_items + 1);
    for (int32_t x = 0; x < d->n; x++)
        dense_of[d->node_of[x]] = x + 1;
    for (int32_t k = 0; k < start->n_routes; k++) {
        const cp_vrp_route *r = &start->routes[k];
        cp_vrp_route *q = &out->routes[out->n_routes];
        *q = (cp_vrp_route){-1, n, 0};
        for (int32_t kind = 0; kind < d->n_kinds; kind++)
            if (d->kinds[kind].vehicle == r->vehicle) q->vehicle = kind;
        for (int32_t i = r->first; i < r->first + r->n; i++)
            if (cp_vrp_is_node(start->items[i]) && dense_of[start->items[i]] > 0)
                out->items[n++] = dense_of[start->items[i]] - 1;
        q->n = n - q->first;
        if (q->vehicle >= 0 && q->n > 0) out->n_routes++;
    }
    return CP_OK;
}

static cp_status search_island(cp_ctx *ctx, int32_t index, const void *shared, void *slot)
{
    const islands *all = shared;
    island *out = slot;
    cp_state *s = NULL;
    cp_anneal_report report;
    CP_TRY(cp_state_new(ctx, all->d, cp_hash_bytes(all->o->seed, &index, sizeof(index)), &s));
    if (all->o->start != NULL) {
        island start = {0};
        CP_TRY(read_start(ctx, all->d, all->o->start, &start));
        set_up(s, &start);
    } else {
        CP_TRY(cp_start_savings(ctx, s));
    }
    cp_anneal_opts anneal = all->anneal;
    if (index > 0) anneal.cheaper = NULL;
    CP_TRY(cp_anneal(ctx, s, &anneal, &report));
    out->iterations = report.iterations;
    out->stopped = report.stopped;
    return take_down(ctx, s, out);
}

/* The best island, and what is better still by choosing among the routes of all. */
static cp_status join_islands(cp_ctx *ctx, const cp_dense *d, const island *all, int32_t n,
                              island *out)
{
    cp_state *s = NULL;
    cp_pool pool;
    int32_t best = 0;
    CP_TRY(cp_pool_new(ctx, d, &pool));
    CP_TRY(cp_state_new(ctx, d, 1, &s));
    for (int32_t k = 0; k < n; k++) {
        set_up(s, &all[k]);
        cp_pool_add_all(&pool, s);
        cp_state_undo(s);
        if (all[k].cost < all[best].cost) best = k;
    }
    set_up(s, &all[best]);
    cp_state_keep(s);
    const cp_combine_opts o = {FINAL_NODES, FINAL_TREE, 0};
    for (int32_t k = 0; k < (d->n + FINAL_NODES - 1) / FINAL_NODES; k++) {
        bool better = false;
        CP_TRY(cp_pool_combine(ctx, &pool, s, &o, &better));
        if (better && s->cost < s->best_cost) cp_state_keep(s);
    }
    cp_state_restore(s);
    return take_down(ctx, s, out);
}

static void decode(const cp_dense *d, const island *from, cp_vrp_result *out)
{
    int32_t served = 0;
    for (int32_t r = 0; r < from->n_routes; r++) {
        from->routes[r].vehicle = d->kinds[from->routes[r].vehicle].vehicle;
        for (int32_t k = 0; k < from->routes[r].n; k++)
            from->items[served + k] = d->node_of[from->items[served + k]];
        served += from->routes[r].n;
    }
    out->solution = (cp_vrp_solution){from->routes, from->n_routes, from->items, served};
    out->cost_minor = (double)from->cost / d->ticks_per_minor;
    out->n_left_out = d->n - served;
}

static cp_status search(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_opts *o, cp_vrp_result *out)
{
    cp_dense d;
    island *all = NULL, joined = {0};
    const int32_t n = o->islands;
    islands shared = {.d = &d, .o = o};
    shared.anneal.began_s = cp_cpu_s();
    CP_TRY(cp_dense_build(ctx, p, N_NEAR, &d));
    CP_NEW(ctx, ctx->scratch, all, n);
    shared.anneal.work = o->work;
    shared.anneal.no_pool = o->no_pool;
    shared.anneal.cheaper = o->cheaper;
    shared.anneal.cheaper_user = o->cheaper_user;
    shared.anneal.cpu_s = o->cpu_limit_s * (n < ctx->n_threads ? n : ctx->n_threads);
    const double hot = d.has & CP_VRP_HAS_WINDOWS ? HOT_WINDOWS : HOT;
    shared.anneal.hot = (o->hot > 0 ? o->hot : hot) * d.typical;
    shared.anneal.cold = o->cold * d.typical;
    shared.anneal.ruin = cp_ruin_defaults();
    shared.anneal.ruin.mean_removed = o->mean_removed;
    shared.anneal.ruin.n_places = o->n_places;
    CP_TRY(cp_job_run(ctx, n, search_island, &shared, all, sizeof(*all)));
    joined = all[0];
    if (n > 1) CP_TRY(join_islands(ctx, &d, all, n, &joined));
    decode(&d, &joined, out);
    for (int32_t k = 0; k < n; k++) {
        out->iterations += all[k].iterations;
        out->stopped_early = out->stopped_early || all[k].stopped;
    }
    return CP_OK;
}

cp_status cp_vrp_solve(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_opts *opts, cp_vrp_result *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_vrp_opts o = *opts;
    const cp_vrp_opts usual = cp_vrp_opts_defaults();
    if (o.cold <= 0) o.cold = usual.cold;
    if (o.mean_removed <= 0) o.mean_removed = usual.mean_removed;
    if (o.n_places <= 0) o.n_places = usual.n_places;
    if (o.islands <= 0) o.islands = o.work > 0 ? 1 : ctx->n_threads;
    if (o.work <= 0 && o.cpu_limit_s <= 0)
        CP_FAIL(ctx, CP_E_INPUT, "a route search needs a number of iterations or a time limit");
    if (cp_dense_beyond(p) != NULL) return cp_vrp_rich(ctx, p, opts, out);
    cp_vrp_result r = {0};
    const cp_status st = search(ctx, p, &o, &r);
    cp_arena_rewind(ctx->scratch, mark);
    if (st == CP_OK) *out = r;
    return st;
}

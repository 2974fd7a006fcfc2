/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_solve.h"

#include <math.h>

#include "models/base/clock.h"
#include "solver/route/vrp_pool.h"
#include "solver/route/vrp_ruin.h"

#define LOOK_EVERY 64 /* iterations between two looks at the clock */
#define N_NEAR 200

/* The pool of routes is combined first after this share of the search, then every so often, and at
 * the end; each region for at most a small share of the time. */
#define COMBINE_FIRST 0.4
#define COMBINE_EVERY 0.15
#define COMBINE_SHARE 0.02
#define COMBINE_NODES 250
#define COMBINE_TREE 300
/* Accepted iterations of which one gives its routes to the pool. */
#define POOL_EVERY 8

typedef struct anneal {
    cp_ctx *ctx;
    const cp_vrp_opts *o;
    cp_state *s;
    cp_ruin ruin;
    cp_pool pool;
    double next_combine; /* share of the search at which the pool is combined next */
    double share;
    double hot, cold, temperature; /* ticks */
    double began_s;
    int64_t done, accepted;
    bool stopped;
} anneal;

cp_vrp_opts cp_vrp_opts_defaults(void)
{
    const cp_ruin_opts r = cp_ruin_defaults();
    const cp_vrp_opts o = {
        .seed = 1, .hot = 1, .cold = 0.05, .mean_removed = r.mean_removed, .n_places = r.n_places};
    return o;
}

/* Share of the search that is over, by work and by time. */
static double share_done(const anneal *a)
{
    double share = 0;
    if (a->o->work > 0) share = (double)a->done / (double)a->o->work;
    if (a->o->cpu_limit_s > 0) share = fmax(share, (cp_cpu_s() - a->began_s) / a->o->cpu_limit_s);
    return share;
}

/* True when the search goes on; sets the temperature. */
static bool look(anneal *a)
{
    if (a->o->work > 0 && a->done >= a->o->work) return false;
    if (a->done % LOOK_EVERY != 0) return true;
    if (cp_should_stop(a->ctx)) {
        a->stopped = true;
        return false;
    }
    const double share = a->share = share_done(a);
    a->temperature = a->hot * pow(a->cold / a->hot, share < 1 ? share : 1);
    return share < 1;
}

static void step(anneal *a)
{
    cp_state *s = a->s;
    cp_state_begin(s);
    const int64_t before = s->cost;
    cp_ruin_strings(&a->ruin, s);
    cp_recreate(&a->ruin, s);
    const double limit = (double)before - a->temperature * log(1 - cp_rng_unit(&s->rng));
    a->done++;
    if ((double)s->cost >= limit) {
        cp_state_undo(s);
        return;
    }
    const bool best = s->cost < s->best_cost;
    if (a->share > COMBINE_FIRST / 2 && (best || ++a->accepted % POOL_EVERY == 0))
        for (int32_t k = 0; k < s->n_log; k++)
            cp_pool_add(&a->pool, s, s->log_route[k]);
    if (best) cp_state_keep(s);
}

/* Back to the best routes, and better ones by choosing among all that were met. */
static cp_status combine(anneal *a)
{
    cp_state *s = a->s;
    cp_combine_opts o = {COMBINE_NODES, COMBINE_TREE, COMBINE_SHARE * a->o->cpu_limit_s};
    const int32_t regions = (s->d->n + COMBINE_NODES - 1) / COMBINE_NODES;
    cp_state_restore(s);
    cp_pool_add_all(&a->pool, s);
    for (int32_t k = 0; k < regions; k++) {
        bool better = false;
        CP_TRY(cp_pool_combine(a->ctx, &a->pool, s, &o, &better));
        if (better && s->cost < s->best_cost) cp_state_keep(s);
    }
    return CP_OK;
}

static cp_status run(anneal *a)
{
    a->next_combine = COMBINE_FIRST;
    while (look(a)) {
        step(a);
        if (a->share < a->next_combine) continue;
        CP_TRY(combine(a));
        a->next_combine += COMBINE_EVERY;
    }
    return combine(a);
}

static cp_status decode(cp_ctx *ctx, const cp_state *s, cp_vrp_solution *out)
{
    const cp_dense *d = s->d;
    cp_vrp_solution r = {0};
    CP_NEW(ctx, ctx->run, r.routes, d->n_routes);
    CP_NEW(ctx, ctx->run, r.items, d->n);
    for (int32_t k = 0; k < d->n_routes; k++) {
        const int32_t end = d->n + k, first = r.n_items;
        for (int32_t x = s->stops[end].next; x != end; x = s->stops[x].next)
            r.items[r.n_items++] = d->node_of[x];
        if (r.n_items == first) continue;
        r.routes[r.n_routes++] =
            (cp_vrp_route){d->kinds[s->rings[k].kind].vehicle, first, r.n_items - first};
    }
    *out = r;
    return CP_OK;
}

static cp_status search(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_opts *o, cp_vrp_result *out)
{
    cp_dense d;
    anneal a = {.ctx = ctx, .o = o, .began_s = cp_cpu_s()};
    CP_TRY(cp_dense_build(ctx, p, N_NEAR, &d));
    CP_TRY(cp_state_new(ctx, &d, o->seed, &a.s));
    cp_ruin_opts ruin = cp_ruin_defaults();
    ruin.mean_removed = o->mean_removed;
    ruin.n_places = o->n_places;
    CP_TRY(cp_ruin_new(ctx, &d, &ruin, &a.ruin));
    a.hot = o->hot * d.typical;
    a.cold = o->cold * d.typical;
    cp_state_begin(a.s);
    cp_recreate(&a.ruin, a.s);
    cp_state_keep(a.s);
    CP_TRY(cp_pool_new(ctx, &d, &a.pool));
    CP_TRY(run(&a));
    cp_state_restore(a.s);
    out->cost_minor = (double)cp_state_recount(a.s) / d.ticks_per_minor;
    out->iterations = a.done;
    out->n_left_out = a.s->n_out;
    out->stopped_early = a.stopped;
    return decode(ctx, a.s, &out->solution);
}

cp_status cp_vrp_solve(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_opts *opts, cp_vrp_result *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_vrp_opts o = *opts;
    const cp_vrp_opts usual = cp_vrp_opts_defaults();
    if (o.hot <= 0) o.hot = usual.hot;
    if (o.cold <= 0) o.cold = usual.cold;
    if (o.mean_removed <= 0) o.mean_removed = usual.mean_removed;
    if (o.n_places <= 0) o.n_places = usual.n_places;
    if (o.work <= 0 && o.cpu_limit_s <= 0)
        CP_FAIL(ctx, CP_E_INPUT, "a route search needs a number of iterations or a time limit");
    cp_vrp_result r = {0};
    const cp_status st = search(ctx, p, &o, &r);
    cp_arena_rewind(ctx->scratch, mark);
    if (st == CP_OK) *out = r;
    return st;
}

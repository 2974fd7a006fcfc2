/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/site/site_solve.h"

#include <math.h>
#include <string.h>

#include "models/base/clock.h"
#include "solver/site/site_tree.h"

#define ROOT_ROUNDS 3 /* the root's steps are made in so many runs, a local search after each */

cp_siting_opts cp_siting_defaults(void)
{
    return (cp_siting_opts){
        .root_steps = 600, .shakes = 200, .limit = INFINITY, .enough = -INFINITY};
}

typedef struct work {
    cp_ctx *ctx;
    const cp_siting *s;
    const cp_siting_opts *opts;
    double until_s;
    cp_site_best best;
    cp_rng rng;
    cp_site_node root;
    cp_site_ascent prices;
} work;

/* Somebody who must be served is within reach of no site. */
static bool is_cut_off(const cp_siting *s)
{
    for (int32_t i = 0; i < s->n_clients; i++)
        if (s->first[i + 1] == s->first[i] && (s->leave == NULL || !isfinite(s->leave[i])))
            return true;
    return false;
}

static cp_status begin(work *w)
{
    cp_ctx *ctx = w->ctx;
    const cp_siting *s = w->s;
    CP_TRY(cp_site_best_new(ctx, s, w->opts->limit, &w->best));
    w->rng = cp_rng_new(ctx->seed, 0);
    CP_TRY(cp_site_node_root(ctx, s, &w->root));
    return cp_site_ascent_new(ctx, ctx->scratch, s, &w->prices);
}

static void improve(work *w, const uint8_t *open, int32_t rounds)
{
    cp_site_improve(w->ctx, w->s, open, rounds, w->until_s, &w->rng, &w->best);
}

/* Bound and plan at the root, each helping the other. True: nothing is left to find. */
static bool at_root(work *w)
{
    if (!cp_site_node_can_count(&w->root)) return true;
    improve(w, w->best.trial.open, 0);
    cp_site_ascent_start(&w->root, &w->prices);
    double length = 1;
    for (int32_t k = 0; k < ROOT_ROUNDS; k++, length /= 2) {
        const cp_site_ascent_opts o = {.max_steps = w->opts->root_steps / ROOT_ROUNDS,
                                       .patience = 15,
                                       .length = length,
                                       .cutoff = cp_site_cutoff(&w->best),
                                       .target = fmin(w->best.plan.cost, w->best.limit),
                                       .until_s = w->until_s};
        cp_site_ascent_run(w->ctx, &w->root, &o, &w->prices);
        if (w->prices.bound >= cp_site_cutoff(&w->best)) return true;
        improve(w, w->prices.v.chosen, w->opts->shakes / ROOT_ROUNDS);
        if (w->prices.bound >= cp_site_cutoff(&w->best)) return true;
        if (w->best.plan.cost <= w->opts->enough) return false;
        (void)cp_site_node_reduce(&w->root, &w->prices.v, cp_site_cutoff(&w->best));
        if (!cp_site_node_can_count(&w->root)) return true;
    }
    return false;
}

static cp_status keep(const work *w, cp_siting_result *r)
{
    const cp_siting_plan *best = &w->best.plan;
    const size_t m = (size_t)w->s->n_sites, n = (size_t)w->s->n_clients;
    const size_t pairs = (size_t)w->s->first[n];
    r->plan.cost = best->cost;
    CP_NEW(w->ctx, w->ctx->run, r->plan.open, m);
    memcpy(r->plan.open, best->open, m);
    if (best->server != NULL) {
        CP_NEW(w->ctx, w->ctx->run, r->plan.server, n);
        memcpy(r->plan.server, best->server, n * sizeof *best->server);
    }
    if (best->share != NULL) {
        CP_NEW(w->ctx, w->ctx->run, r->plan.share, pairs);
        memcpy(r->plan.share, best->share, pairs * sizeof *best->share);
    }
    return CP_OK;
}

static cp_status search(work *w, cp_siting_result *r)
{
    CP_TRY(begin(w));
    const bool done = at_root(w);
    r->nodes = 1;
    r->steps = w->prices.steps;
    if (done)
        r->bound = fmin(w->best.plan.cost, w->best.limit);
    else {
        const cp_site_tree_in in = {.opts = w->opts, .until_s = w->until_s};
        CP_TRY(cp_site_tree(w->ctx, &w->root, &w->prices, &in, &w->best, r));
    }
    r->found = isfinite(w->best.plan.cost);
    r->proven = r->bound >= fmin(w->best.plan.cost, w->best.limit);
    return r->found ? keep(w, r) : CP_OK;
}

cp_status cp_siting_solve(cp_ctx *ctx, const cp_siting *s, const cp_siting_opts *opts,
                          cp_siting_result *result)
{
    *result = (cp_siting_result){.bound = INFINITY, .proven = true};
    CP_TRY(cp_siting_valid(ctx, s));
    if (is_cut_off(s)) return CP_OK;
    work w = {.ctx = ctx, .s = s, .opts = opts, .until_s = INFINITY};
    if (opts->cpu_limit_s > 0) w.until_s = cp_cpu_s() + opts->cpu_limit_s;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    CP_TRY(search(&w, result));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

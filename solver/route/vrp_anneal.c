/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_anneal.h"

#include <math.h>

#include "models/base/clock.h"
#include "solver/route/vrp_absent.h"
#include "solver/route/vrp_polish.h"
#include "solver/route/vrp_pool.h"
#include "solver/route/vrp_ruin.h"

#define LOOK_EVERY 64 /* iterations between two looks at the clock */

/* The pool of routes is combined first after this share of the search, then every so often, and at
 * the end; each region for at most a small share of the time, all of them for a tenth. */
#define COMBINE_FIRST 0.4
#define COMBINE_EVERY 0.15
#define COMBINE_SHARE 0.02
#define COMBINE_ALL 0.1
#define COMBINE_NODES 250
#define COMBINE_TREE 300
#define COMBINE_COUNTED 100 /* nodes where no time limits the tree */
/* Iterations a node that the first temperature is meant for, and its least share with fewer. */
#define ENOUGH_A_NODE 4000.0
#define LEAST_HEAT 0.4
/* Iterations a node after which a search has cooled down slowly enough: with more, it begins anew
 * from the heat, so that its pool holds routes of several solutions. */
#define CYCLE_A_NODE 8000.0
/* Iterations after which the pace is known. */
#define PACE_KNOWN 1024
/* Accepted iterations of which one gives its routes to the pool. */
#define POOL_EVERY 8
/* Accepted iterations that changed the cost of which one is polished, and polishes of which one
 * exchanges single stops too. */
#define POLISH_EVERY 3
#define SWAPS_EVERY 10

typedef struct anneal {
    cp_ctx *ctx;
    const cp_anneal_opts *o;
    cp_state *s;
    cp_ruin ruin;
    cp_pool pool;
    cp_polish polish;
    cp_absent absent;
    double next_combine; /* share of the search at which the pool is combined next */
    double share, temperature;
    double from, span; /* share of the search at which the present cooling began, and its length */
    bool last;         /* cooling */
    double combined_s; /* CPU seconds spent on combining */
    int64_t done, changed;
    int64_t told; /* cost that o->cheaper was told last */
    bool stopped;
} anneal;

/* Share of the search that is over, by work and by time. */
static double share_done(const anneal *a)
{
    double share = 0;
    if (a->o->work > 0) share = (double)a->done / (double)a->o->work;
    if (a->o->cpu_s > 0) share = fmax(share, (cp_cpu_s() - a->o->began_s) / a->o->cpu_s);
    return share;
}

static void tell(anneal *a)
{
    if (a->o->cheaper == NULL || a->s->best_cost >= a->told) return;
    a->told = a->s->best_cost;
    a->o->cheaper(a->o->cheaper_user, cp_cpu_s() - a->o->began_s,
                  (double)a->told / a->s->d->ticks_per_minor);
}

/* A search too short to cool down from the usual heat begins less hot: with its iterations a node,
 * as many as there will be at the present pace. */
static double first_temperature(const anneal *a)
{
    const double all = a->share > 0 ? (double)a->done / a->share : 0;
    const double enough = all / (ENOUGH_A_NODE * (double)(a->s->d->n + 1));
    if (a->done == 0 || enough >= 1 || (a->s->d->has & CP_VRP_HAS_WINDOWS)) return a->o->hot;
    return a->o->hot * fmax(enough, LEAST_HEAT);
}

/* The next cooling takes one of equal parts of the rest, of about the usual length each; the pool
 * is combined at the end of each, and during the last. */
static void plan_cycle(anneal *a)
{
    const double rest = 1 - a->from;
    const double iterations = a->share > 0 ? (double)a->done / a->share * rest : 0;
    const double parts = floor(iterations / (CYCLE_A_NODE * (double)(a->s->d->n + 1)));
    a->last = parts < 2;
    a->span = a->last ? rest : rest / parts;
    a->next_combine = a->from + (a->last ? COMBINE_FIRST : 1) * a->span;
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
    tell(a);
    if (a->done == PACE_KNOWN) plan_cycle(a);
    const double first = first_temperature(a);
    const double cooled = fmin((share - a->from) / a->span, 1);
    a->temperature = first * pow(a->o->cold / first, cooled);
    return share < 1;
}

/* The routes of the iteration stay and cost more or less than before. */
static void settle(anneal *a)
{
    cp_state *s = a->s;
    const int64_t k = ++a->changed;
    const int32_t *routes = s->log_route;
    int32_t n = s->n_log;
    if (s->cost < s->best_cost || k % POLISH_EVERY == 0) {
        cp_polish_run(&a->polish, s, k % (POLISH_EVERY * SWAPS_EVERY) == 0);
        routes = a->polish.changed;
        n = a->polish.n_changed;
    }
    const bool best = s->cost < s->best_cost;
    if (!a->o->no_pool && a->share - a->from > a->span * COMBINE_FIRST / 2 &&
        (best || k % POOL_EVERY == 0))
        for (int32_t i = 0; i < n; i++)
            cp_pool_add(&a->pool, s, routes[i]);
    if (best) cp_state_keep(s);
}

static void step(anneal *a)
{
    cp_state *s = a->s;
    cp_state_begin(s);
    const double limit = (double)s->cost - a->temperature * log(1 - cp_rng_unit(&s->rng));
    a->done++;
    const bool seeks = cp_absent_seeks(&a->absent, s, a->share);
    cp_ruin_strings(&a->ruin, s);
    const bool whole = cp_recreate(&a->ruin, s, seeks ? HUGE_VAL : limit);
    const bool stays =
        whole && (seeks ? cp_absent_accepts(&a->absent, s, limit) : (double)s->cost < limit);
    if (!stays) {
        cp_state_undo(s);
        return;
    }
    if (s->cost != s->log_cost) settle(a);
}

/* Back to the best routes, and better ones by choosing among all that were met. */
static cp_status combine(anneal *a)
{
    cp_state *s = a->s;
    const double began_s = cp_cpu_s();
    const cp_combine_opts o = {COMBINE_NODES, a->o->cpu_s > 0 ? COMBINE_TREE : COMBINE_COUNTED,
                               COMBINE_SHARE * a->o->cpu_s};
    const int32_t regions = (s->d->n + COMBINE_NODES - 1) / COMBINE_NODES;
    cp_state_restore(s);
    cp_pool_add_all(&a->pool, s);
    for (int32_t k = 0; k < regions; k++) {
        const double spent_s = a->combined_s + cp_cpu_s() - began_s;
        if (a->o->cpu_s > 0 && spent_s > COMBINE_ALL * (began_s - a->o->began_s)) break;
        bool better = false;
        CP_TRY(cp_pool_combine(a->ctx, &a->pool, s, &o, &better));
        if (better && s->cost < s->best_cost) cp_state_keep(s);
    }
    a->combined_s += cp_cpu_s() - began_s;
    return CP_OK;
}

static cp_status run(anneal *a)
{
    plan_cycle(a);
    while (look(a)) {
        step(a);
        if (a->share < a->next_combine) continue;
        if (!a->o->no_pool) CP_TRY(combine(a));
        if (a->last) {
            a->next_combine += COMBINE_EVERY * a->span;
            continue;
        }
        a->from = a->share;
        plan_cycle(a);
    }
    return a->o->no_pool ? CP_OK : combine(a);
}

cp_status cp_anneal(cp_ctx *ctx, cp_state *s, const cp_anneal_opts *opts, cp_anneal_report *out)
{
    anneal a = {.ctx = ctx, .o = opts, .s = s, .told = INT64_MAX};
    CP_TRY(cp_ruin_new(ctx, s->d, &opts->ruin, &a.ruin));
    CP_TRY(cp_pool_new(ctx, s->d, &a.pool));
    CP_TRY(cp_polish_new(ctx, s->d, &a.polish));
    CP_TRY(cp_absent_new(ctx, s->d, &a.absent));
    cp_state_begin(s);
    (void)cp_recreate(&a.ruin, s, HUGE_VAL);
    if (s->cost < s->best_cost) cp_state_keep(s);
    CP_TRY(run(&a));
    tell(&a);
    cp_state_restore(s);
    *out = (cp_anneal_report){a.done, a.stopped};
    return CP_OK;
}

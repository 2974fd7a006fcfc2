/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/refill_search.h"

#include <math.h>
#include <string.h>

#include "models/base/rng.h"

#define RUIN_MOST 6            /* points taken out at once */
#define START_TEMPERATURE 0.05 /* of the mean cost of a point: about a day's holding */
#define END_TEMPERATURE 0.01   /* of the start */

static void put_site(cp_refill_state *s, const cp_site_plan *plan)
{
    const int32_t first = s->z->first_point[plan->site];
    const int32_t n = s->z->first_point[plan->site + 1] - first;
    for (int32_t k = 0; k < n; k++)
        cp_refill_put_in(s, first + k, plan->steps + plan->first[k],
                         plan->first[k + 1] - plan->first[k]);
}

/* Re-plan every point in order; true in *fell when the total fell. */
static cp_status sweep(cp_ctx *ctx, cp_refill_state *s, bool *fell, int64_t *done)
{
    const cp_minor before = s->total;
    for (int32_t p = 0; p < s->z->n_points; p++) {
        cp_refill_take_out(s, p);
        CP_TRY(cp_refill_replan(ctx, s, p));
        (*done)++;
    }
    *fell = s->total < before;
    return CP_OK;
}

cp_status cp_refill_round(cp_ctx *ctx, cp_refill_state *s, const cp_master *master)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_zone *z = s->z;
    int32_t *best = NULL;
    CP_NEW(ctx, ctx->scratch, best, z->n_sites + 1);
    for (int32_t i = 0; i < z->n_sites; i++)
        best[i] = -1;
    for (int32_t c = 0; c < master->n_columns; c++) {
        const int32_t site = master->column[c].site;
        if (best[site] < 0 || master->x[c] > master->x[best[site]]) best[site] = c;
    }
    for (int32_t i = 0; i < z->n_sites; i++)
        put_site(s, &master->column[best[i]]);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* ---- ruin and recreate
 * --------------------------------------------------------------------------- */

typedef struct saved {
    int32_t point, n_steps;
    cp_step *steps;
} saved;

typedef struct search {
    cp_ctx *ctx;
    cp_refill_state *s;
    cp_rng rng;
    saved out[RUIN_MOST];
    int32_t n_out;
    cp_step *best_steps;
    int32_t *best_n;
    cp_minor best;
    int64_t done;
} search;

static bool is_out(const search *w, int32_t p)
{
    for (int32_t i = 0; i < w->n_out; i++)
        if (w->out[i].point == p) return true;
    return false;
}

static void take(search *w, int32_t p)
{
    const size_t days = (size_t)w->s->z->n_days;
    saved *o = &w->out[w->n_out++];
    o->point = p;
    o->n_steps = w->s->n_steps[p];
    memcpy(o->steps, w->s->steps + (size_t)p * days, (size_t)o->n_steps * sizeof *o->steps);
    cp_refill_take_out(w->s, p);
}

/* Do two points meet on a day (their visits compete for its limits)? */
static bool meet(const search *w, const saved *a, int32_t p)
{
    const cp_step *b = w->s->steps + (size_t)p * (size_t)w->s->z->n_days;
    for (int32_t i = 0; i < a->n_steps; i++)
        for (int32_t j = 0; j < w->s->n_steps[p]; j++)
            if (a->steps[i].t == b[j].t) return true;
    return false;
}

/* A seed point, some of its site, and others that meet it on a day. */
static void ruin(search *w)
{
    const cp_zone *z = w->s->z;
    const int32_t want = 1 + (int32_t)cp_rng_below(&w->rng, RUIN_MOST);
    const int32_t seed = (int32_t)cp_rng_below(&w->rng, (uint32_t)z->n_points);
    const int32_t site = z->site_of[seed];
    w->n_out = 0;
    take(w, seed);
    for (int32_t p = z->first_point[site]; p < z->first_point[site + 1] && w->n_out < want; p++)
        if (p != seed && cp_rng_below(&w->rng, 2) == 0) take(w, p);
    for (int32_t tries = 0; tries < 4 * RUIN_MOST && w->n_out < want; tries++) {
        const int32_t p = (int32_t)cp_rng_below(&w->rng, (uint32_t)z->n_points);
        if (!is_out(w, p) && meet(w, &w->out[0], p)) take(w, p);
    }
}

static cp_status recreate(search *w)
{
    int32_t order[RUIN_MOST];
    for (int32_t i = 0; i < w->n_out; i++)
        order[i] = w->out[i].point;
    for (int32_t i = w->n_out - 1; i > 0; i--) {
        const int32_t j = (int32_t)cp_rng_below(&w->rng, (uint32_t)(i + 1));
        const int32_t swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
    for (int32_t i = 0; i < w->n_out; i++)
        CP_TRY(cp_refill_replan(w->ctx, w->s, order[i]));
    w->done += w->n_out;
    return CP_OK;
}

static void restore(search *w)
{
    for (int32_t i = 0; i < w->n_out; i++)
        cp_refill_take_out(w->s, w->out[i].point);
    for (int32_t i = 0; i < w->n_out; i++)
        cp_refill_put_in(w->s, w->out[i].point, w->out[i].steps, w->out[i].n_steps);
}

static void keep_best(search *w)
{
    const size_t n = (size_t)w->s->z->n_points;
    w->best = w->s->total;
    memcpy(w->best_steps, w->s->steps, n * (size_t)w->s->z->n_days * sizeof *w->best_steps);
    memcpy(w->best_n, w->s->n_steps, n * sizeof *w->best_n);
}

static void load_best(search *w)
{
    const size_t days = (size_t)w->s->z->n_days;
    for (int32_t p = 0; p < w->s->z->n_points; p++)
        cp_refill_take_out(w->s, p);
    for (int32_t p = 0; p < w->s->z->n_points; p++)
        cp_refill_put_in(w->s, p, w->best_steps + (size_t)p * days, w->best_n[p]);
}

static cp_status anneal(search *w, const cp_refill_search_opts *opts)
{
    const double mean = (double)w->s->total / (w->s->z->n_points > 0 ? w->s->z->n_points : 1);
    const double hot = START_TEMPERATURE * mean;
    while (w->done < opts->replans) {
        const double part = (double)w->done / (double)opts->replans;
        const double temperature = hot * pow(END_TEMPERATURE, part);
        const cp_minor before = w->s->total;
        ruin(w);
        CP_TRY(recreate(w));
        const double u = cp_rng_unit(&w->rng);
        const double allowed = (double)before - temperature * log(u > 1e-300 ? u : 1e-300);
        if ((double)w->s->total > allowed)
            restore(w);
        else if (w->s->total < w->best)
            keep_best(w);
        if ((w->done & 1023) < RUIN_MOST) {
            cp_progress(w->ctx, "replenishment: plan", w->done, opts->replans);
            if (cp_should_stop(w->ctx)) break;
        }
        if ((double)w->best - opts->bound <= opts->stop_gap * (double)w->best) break;
    }
    return CP_OK;
}

cp_status cp_refill_improve(cp_ctx *ctx, cp_refill_state *s, const cp_refill_search_opts *opts,
                            int64_t *done)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const size_t days = (size_t)s->z->n_days, points = (size_t)s->z->n_points;
    search w;
    memset(&w, 0, sizeof w);
    w.ctx = ctx;
    w.s = s;
    w.rng = cp_rng_new(opts->seed, (uint64_t)s->z->vault);
    CP_NEW(ctx, ctx->scratch, w.best_steps, points * days + 1);
    CP_NEW(ctx, ctx->scratch, w.best_n, points + 1);
    for (int32_t i = 0; i < RUIN_MOST; i++)
        CP_NEW(ctx, ctx->scratch, w.out[i].steps, days);
    bool fell = points > 0;
    for (int32_t i = 0; i < 4 && fell; i++)
        CP_TRY(sweep(ctx, s, &fell, &w.done));
    keep_best(&w);
    if (points > 0) CP_TRY(anneal(&w, opts));
    load_best(&w);
    fell = points > 0;
    for (int32_t i = 0; i < 4 && fell; i++)
        CP_TRY(sweep(ctx, s, &fell, &w.done));
    *done = w.done;
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

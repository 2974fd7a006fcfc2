/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/refill_search.h"

#include <math.h>
#include <string.h>

#include "models/base/rng.h"

#define RUIN_MOST 10            /* points taken out at once */
#define START_TEMPERATURE 0.005 /* of the mean cost of a point */
#define END_TEMPERATURE 0.01    /* of the start */
#define GUIDED 0.7              /* share of re-plans that see the prices of the limits */
#define ROUGH_SWEEPS 3          /* by falling weight of the limits' prices */
#define TOURNAMENT 4            /* points of which the dearest is taken out */

static void put_site(cp_refill_state *s, const cp_site_plan *plan)
{
    const int32_t first = s->z->first_point[plan->site];
    const int32_t n = s->z->first_point[plan->site + 1] - first;
    for (int32_t k = 0; k < n; k++)
        cp_refill_put_in(s, first + k, plan->steps + plan->first[k],
                         plan->first[k + 1] - plan->first[k]);
}

/* Re-plan every point in order, at true cost only for the better; true in *fell when the total
 * fell. */
static cp_status sweep(cp_ctx *ctx, cp_refill_state *s, bool *fell, int64_t *done)
{
    const cp_minor before = s->total;
    for (int32_t p = 0; p < s->z->n_points; p++) {
        (*done)++;
        if (s->guide <= 0.0) {
            CP_TRY(cp_refill_improve_point(ctx, s, p));
            continue;
        }
        cp_refill_take_out(s, p);
        CP_TRY(cp_refill_replan(ctx, s, p));
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
    const cp_refill_search_opts *opts;
    cp_minor *alone;   /* by point: its cost if no limit were there */
    double *day_worth; /* running sum over days of limits times their prices */
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

/* The dearest of a few points, measured against what each would cost alone. */
static int32_t poor_point(search *w)
{
    int32_t worst = -1;
    for (int32_t i = 0; i < TOURNAMENT; i++) {
        const int32_t p = (int32_t)cp_rng_below(&w->rng, (uint32_t)w->s->z->n_points);
        if (worst < 0 ||
            w->s->point_cost[p] - w->alone[p] > w->s->point_cost[worst] - w->alone[worst])
            worst = p;
    }
    return worst;
}

/* A day drawn by what its limits are worth. */
static int32_t scarce_day(search *w)
{
    double at = cp_rng_unit(&w->rng) * w->day_worth[w->s->z->n_days - 1];
    for (int32_t t = 0; t < w->s->z->n_days; t++)
        if (at < w->day_worth[t]) return t;
    return (int32_t)cp_rng_below(&w->rng, (uint32_t)w->s->z->n_days);
}

static bool visited_on(const search *w, int32_t p, int32_t t)
{
    const cp_step *steps = w->s->steps + (size_t)p * (size_t)w->s->z->n_days;
    for (int32_t i = 0; i < w->s->n_steps[p]; i++)
        if (steps[i].t == t) return true;
    return false;
}

/* A seed point, some of its site, and others: that meet it on a day, or that are visited on a day
 * whose limits bind and on which the seed might be better off. */
static void ruin(search *w)
{
    const cp_zone *z = w->s->z;
    const int32_t want = 1 + (int32_t)cp_rng_below(&w->rng, RUIN_MOST);
    const bool by_day = cp_rng_below(&w->rng, 2) == 0;
    const bool poor = cp_rng_below(&w->rng, 2) == 0;
    const int32_t seed =
        poor ? poor_point(w) : (int32_t)cp_rng_below(&w->rng, (uint32_t)z->n_points);
    const int32_t site = z->site_of[seed], day = by_day ? scarce_day(w) : -1;
    w->n_out = 0;
    take(w, seed);
    for (int32_t p = z->first_point[site]; p < z->first_point[site + 1] && w->n_out < want; p++)
        if (p != seed && cp_rng_below(&w->rng, 2) == 0) take(w, p);
    for (int32_t tries = 0; tries < 4 * RUIN_MOST && w->n_out < want; tries++) {
        const int32_t p = (int32_t)cp_rng_below(&w->rng, (uint32_t)z->n_points);
        if (is_out(w, p)) continue;
        if (by_day ? visited_on(w, p, day) : meet(w, &w->out[0], p)) take(w, p);
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
    /* With the limits' prices in view a point leaves to others what they need more; the last one
     * takes what is left at its true cost. */
    for (int32_t i = 0; i < w->n_out; i++) {
        const bool last = i + 1 == w->n_out && w->n_out > 1;
        const bool guided = !last && cp_rng_unit(&w->rng) < GUIDED;
        w->s->guide = guided ? cp_rng_unit(&w->rng) : 0.0;
        CP_TRY(cp_refill_replan(w->ctx, w->s, order[i]));
    }
    w->s->guide = 0.0;
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

static cp_status measure_points(search *w)
{
    const cp_zone *z = w->s->z;
    const size_t days = (size_t)z->n_days;
    double *zero = NULL, cost = 0.0, sum = 0.0;
    cp_step *steps = NULL;
    int32_t n = 0;
    CP_NEW(w->ctx, w->ctx->scratch, w->alone, z->n_points + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->day_worth, days + 1);
    CP_NEW(w->ctx, w->ctx->scratch, zero, days * CP_MAX_ALL_MODES);
    CP_NEW(w->ctx, w->ctx->scratch, steps, days);
    const cp_point_prices prices = {zero, zero, NULL, NULL, NULL, NULL};
    for (int32_t p = 0; p < z->n_points; p++) {
        CP_TRY(cp_point_price(w->ctx, z->arcs[p], &prices, &cost, steps, &n));
        w->alone[p] = cp_steps_cost(z->arcs[p], steps, n);
    }
    for (int32_t r = 0; w->opts->row_price && r < z->n_rows; r++)
        w->day_worth[z->row[r].t] += w->opts->row_price[r] * (double)z->row[r].cap;
    for (int32_t t = 0; t < z->n_days; t++) {
        sum += w->day_worth[t];
        w->day_worth[t] = sum;
    }
    return CP_OK;
}

static cp_status anneal(search *w, const cp_refill_search_opts *opts)
{
    const double mean = (double)w->s->total / (w->s->z->n_points > 0 ? w->s->z->n_points : 1);
    const double hot = START_TEMPERATURE * opts->heat * mean;
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
    w.opts = opts;
    s->row_price = opts->row_price;
    s->guide = 0.0;
    w.rng = cp_rng_new(opts->seed, (uint64_t)s->z->vault);
    CP_NEW(ctx, ctx->scratch, w.best_steps, points * days + 1);
    CP_NEW(ctx, ctx->scratch, w.best_n, points + 1);
    for (int32_t i = 0; i < RUIN_MOST; i++)
        CP_NEW(ctx, ctx->scratch, w.out[i].steps, days);
    bool fell = points > 0;
    for (int32_t i = 0; i < ROUGH_SWEEPS && fell && opts->rough_start; i++) {
        s->guide = 1.0 - (double)i / ROUGH_SWEEPS;
        CP_TRY(sweep(ctx, s, &fell, &w.done));
        fell = true;
    }
    s->guide = 0.0;
    for (int32_t i = 0; i < 4 && fell; i++)
        CP_TRY(sweep(ctx, s, &fell, &w.done));
    keep_best(&w);
    if (points > 0 && opts->replans > 0) {
        CP_TRY(measure_points(&w));
        CP_TRY(anneal(&w, opts));
    }
    load_best(&w);
    fell = points > 0;
    for (int32_t i = 0; i < 4 && fell; i++)
        CP_TRY(sweep(ctx, s, &fell, &w.done));
    *done = w.done;
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

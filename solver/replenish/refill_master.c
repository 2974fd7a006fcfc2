/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/refill_master.h"

#include <math.h>
#include <string.h>

#include "models/mip/mip_write.h"
#include "solver/replenish/refill_columns.h"
#include "solver/replenish/refill_dive.h"

cp_master_opts cp_master_defaults(void)
{
    const cp_master_opts opts = {200, 1e-5, 0.5, NULL, 200, 0.0};
    return opts;
}

static void keep_bound(cp_columns *w, double bound, const double *pi)
{
    if (bound <= w->m->bound_minor) return;
    w->m->bound_minor = bound;
    memcpy(w->m->row_price, pi, (size_t)w->z->n_rows * sizeof *pi);
}

static bool is_closed(const cp_columns *w)
{
    return w->m->lp_minor - w->m->bound_minor <= w->opts->gap * fabs(w->m->lp_minor);
}

/* Weight of the best duals. Where the LP hardly falls any more beside its distance from the bound,
 * the plans it needs are there and its duals are right: the bound stays behind only because it is
 * asked for far from them. */
static double smoothing_now(const cp_columns *w)
{
    const double distance = w->m->lp_minor - w->m->bound_minor, fall = w->last_lp - w->m->lp_minor;
    const double part = distance > 0.0 ? fall / distance : 1.0;
    return w->opts->smoothing * fmin(fmax(part, 0.0), 1.0);
}

/* One round: LP, smoothed pricing, and pricing at the LP's own duals where that found nothing. */
static cp_status one_round(cp_columns *w, bool *done)
{
    int32_t n_added = 0;
    bool ok = false;
    double bound = 0.0;
    CP_TRY(cp_columns_solve(w, &ok));
    *done = !ok || is_closed(w);
    if (*done) return CP_OK;
    const double smoothing = smoothing_now(w);
    w->last_lp = w->m->lp_minor;
    for (int32_t r = 0; r < w->z->n_rows; r++)
        w->trial[r] = smoothing * w->m->row_price[r] + (1.0 - smoothing) * w->dual[r];
    CP_TRY(cp_columns_price(w, w->trial, CP_PRICE_LATER, &bound));
    keep_bound(w, bound, w->trial);
    *done = is_closed(w);
    CP_TRY(cp_columns_add(w, false, &n_added));
    if (n_added > 0 || *done) return CP_OK;
    CP_TRY(cp_columns_price(w, w->dual, CP_PRICE_LATER, &bound));
    keep_bound(w, bound, w->dual);
    CP_TRY(cp_columns_add(w, false, &n_added));
    *done = n_added == 0;
    return CP_OK;
}

/* Price at the start prices, then set up the LP with those plans. */
static cp_status first_round(cp_columns *w, const double *start_price)
{
    const cp_zone *z = w->z;
    int32_t n_added = 0;
    double bound = 0.0, total = 0.0;
    cp_mip *mip = NULL;
    w->last_lp = INFINITY;
    if (start_price)
        for (int32_t r = 0; r < z->n_rows; r++)
            w->trial[r] = fmin(fmax(start_price[r], 0.0), (double)z->row[r].relief_minor);
    CP_TRY(cp_columns_price(w, w->trial, CP_PRICE_FIRST, &bound));
    w->m->bound_minor = -INFINITY;
    keep_bound(w, bound, w->trial);
    for (int32_t i = 0; i < z->n_sites; i++)
        total += (double)w->price[i].plan.cost;
    w->scale = total > (double)z->n_sites ? total / z->n_sites : 1.0;
    CP_TRY(cp_columns_empty(w, &mip));
    CP_TRY(cp_lp_new(w->ctx, mip, &w->lp));
    w->first_column = mip->n_cols;
    return cp_columns_add(w, true, &n_added);
}

static cp_status dump(cp_columns *w)
{
    cp_mip *mip = NULL;
    CP_TRY(cp_columns_empty(w, &mip));
    for (int32_t c = 0; c < w->m->n_columns; c++) {
        const cp_site_plan *plan = &w->m->column[c];
        int32_t *row = NULL, n = 0;
        double *value = NULL;
        CP_NEW(w->ctx, w->ctx->scratch, row, w->z->n_rows + 1);
        CP_NEW(w->ctx, w->ctx->scratch, value, w->z->n_rows + 1);
        cp_columns_uses(w, plan);
        row[n] = plan->site;
        value[n++] = 1.0;
        for (int32_t r = 0; r < w->z->n_rows; r++)
            if (w->use[r] != 0.0 && w->can_bind[r]) {
                row[n] = w->z->n_sites + r;
                value[n++] = w->use[r] / cp_zone_row_unit(&w->z->row[r]);
            }
        const cp_mip_col col = {0.0, 1.0, (double)plan->cost / w->scale, true, NULL, n, row, value};
        CP_TRY(cp_mip_add_col(w->ctx, mip, &col, NULL));
    }
    return cp_mip_write_lp(w->ctx, mip, w->opts->dump_lp);
}

static bool is_over(const cp_columns *w)
{
    return cp_should_stop(w->ctx) ||
           (w->opts->until_s > 0.0 && cp_ctx_now_s(w->ctx) >= w->opts->until_s);
}

/* The last program is solved whatever the time: without its answer there are no plans but the first
 * ones, that know of no limit. */
static cp_status solve_last(cp_columns *w, bool *ok)
{
    const double deadline_s = w->ctx->deadline_s;
    w->ctx->deadline_s = 0.0;
    const cp_status st = cp_columns_solve(w, ok);
    w->ctx->deadline_s = deadline_s;
    return st;
}

static cp_status generate(cp_columns *w, const double *start_price)
{
    bool done = false, ok = false;
    CP_TRY(first_round(w, start_price));
    while (!done && w->m->rounds < w->opts->max_rounds && !w->m->stopped) {
        CP_TRY(one_round(w, &done));
        w->m->rounds++;
        cp_progress(w->ctx, "replenishment: columns", w->m->rounds, w->opts->max_rounds);
        cp_log(&w->ctx->log, CP_LOG_DEBUG, "vault %s round %d columns %d lp %.0f bound %.0f",
               w->z->net->vaults[w->z->vault].code, (int)w->m->rounds, (int)w->m->n_columns,
               w->m->lp_minor, w->m->bound_minor);
        w->m->stopped = is_over(w);
    }
    CP_TRY(solve_last(w, &ok));
    w->m->closed = ok && is_closed(w);
    if (w->opts->dump_lp) CP_TRY(dump(w));
    CP_TRY(cp_refill_dive(w));
    w->m->simplex_iterations = cp_lp_iterations(w->lp);
    return CP_OK;
}

cp_status cp_refill_master(cp_ctx *ctx, const cp_zone *zone, const cp_master_opts *opts,
                           const double *start_price, cp_master **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_columns w;
    memset(&w, 0, sizeof w);
    w.ctx = ctx;
    w.z = zone;
    w.opts = opts;
    CP_NEW(ctx, ctx->run, w.m, 1);
    CP_TRY(cp_columns_new(&w));
    const cp_status st = generate(&w, start_price);
    cp_lp_free(w.lp);
    if (st != CP_OK) return st;
    cp_arena_rewind(ctx->scratch, mark);
    *out = w.m;
    return CP_OK;
}

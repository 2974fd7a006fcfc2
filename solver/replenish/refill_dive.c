/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/refill_dive.h"

#include <math.h>
#include <string.h>

#define WHOLE 1e-6
#define MOST_PROBES 2 /* plans of a site that are tried ... */
#define AS_HEAVY 0.7  /* ... those of at least this part of the heaviest one's weight */
#define DEARER 1e-4   /* relative rise of the LP after which new plans are priced */
#define LUMP 0.1      /* of the mean cost of a site: plans that differ by less are no lump */

typedef struct dive {
    cp_columns *w;
    double *x;    /* by column */
    int32_t n_x;  /* columns when it was read */
    bool *fixed;  /* by site */
    double value; /* of the LP */
    double start; /* of the relaxation */
} dive;

static cp_status read_values(dive *d)
{
    const cp_columns *w = d->w;
    CP_NEW(w->ctx, w->ctx->scratch, d->x, w->m->n_columns + 1);
    d->n_x = w->m->n_columns;
    for (int32_t c = 0; c < w->m->n_columns; c++)
        d->x[c] = cp_lp_value(w->lp, w->first_column + c);
    return CP_OK;
}

static bool is_split(double x)
{
    return x > WHOLE && x < 1.0 - WHOLE;
}

/* The split site whose plans in the LP differ most in cost; -1: none, or by too little to matter.
 */
static cp_status lumpiest(const dive *d, int32_t *site, int32_t *n_split)
{
    const cp_columns *w = d->w;
    const cp_arena_mark mark = cp_arena_here(w->ctx->scratch);
    const int32_t n = w->z->n_sites;
    cp_minor *least = NULL, *most = NULL, widest = (cp_minor)(LUMP * w->scale);
    CP_NEW(w->ctx, w->ctx->scratch, least, n + 1);
    CP_NEW(w->ctx, w->ctx->scratch, most, n + 1);
    *site = -1;
    *n_split = 0;
    for (int32_t i = 0; i < n; i++)
        least[i] = INT64_MAX;
    for (int32_t c = 0; c < w->m->n_columns; c++) {
        const cp_site_plan *plan = &w->m->column[c];
        if (!is_split(d->x[c])) continue;
        if (plan->cost < least[plan->site]) least[plan->site] = plan->cost;
        if (plan->cost > most[plan->site]) most[plan->site] = plan->cost;
    }
    for (int32_t i = 0; i < n; i++) {
        if (least[i] == INT64_MAX || d->fixed[i]) continue;
        (*n_split)++;
        if (most[i] - least[i] <= widest) continue;
        widest = most[i] - least[i];
        *site = i;
    }
    cp_arena_rewind(w->ctx->scratch, mark);
    return CP_OK;
}

/* The LP's value with the plan taken for good. */
static cp_status probe(dive *d, int32_t column, double *value)
{
    cp_columns *w = d->w;
    const int32_t at = w->first_column + column;
    bool ok = false;
    CP_TRY(cp_lp_set_col_bounds(w->lp, at, 1.0, 1.0));
    CP_TRY(cp_columns_solve(w, &ok));
    *value = ok ? w->m->lp_minor : INFINITY;
    return cp_lp_set_col_bounds(w->lp, at, 0.0, CP_MIP_INF);
}

/* Of the heaviest plans of the site the one that leaves the program cheapest. */
static cp_status choose_plan(dive *d, int32_t site, int32_t *column)
{
    const cp_columns *w = d->w;
    int32_t list[MOST_PROBES] = {0}, n = 0;
    double best = INFINITY;
    for (int32_t c = 0; c < w->m->n_columns; c++) {
        if (w->m->column[c].site != site || !is_split(d->x[c])) continue;
        int32_t at = n < MOST_PROBES ? n++ : n;
        for (; at > 0 && d->x[c] > d->x[list[at - 1]]; at--)
            if (at < MOST_PROBES) list[at] = list[at - 1];
        if (at < MOST_PROBES) list[at] = c;
    }
    *column = list[0];
    while (n > 0 && d->x[list[n - 1]] < AS_HEAVY * d->x[list[0]])
        n--;
    for (int32_t i = 0; i < n && n > 1; i++) {
        double value = 0.0;
        CP_TRY(probe(d, list[i], &value));
        if (value >= best) continue;
        best = value;
        *column = list[i];
    }
    return CP_OK;
}

/* Solve; where the program got dearer price new plans at its duals and solve again. */
static cp_status settle(dive *d, bool *ok)
{
    cp_columns *w = d->w;
    int32_t n_added = 0;
    double bound = 0.0;
    CP_TRY(cp_columns_solve(w, ok));
    if (!*ok || w->m->lp_minor - d->value <= DEARER * fabs(d->start)) return CP_OK;
    CP_TRY(cp_columns_price(w, w->dual, CP_PRICE_PLANS, &bound));
    CP_TRY(cp_columns_add(w, false, &n_added));
    if (n_added > 0) CP_TRY(cp_columns_solve(w, ok));
    d->value = w->m->lp_minor;
    return CP_OK;
}

static cp_status run(dive *d)
{
    cp_columns *w = d->w;
    int32_t site = -1, n_split = 0, column = 0;
    CP_TRY(lumpiest(d, &site, &w->m->n_split));
    for (int32_t step = 0; step < w->opts->dive_steps && site >= 0; step++) {
        bool ok = false;
        if (cp_should_stop(w->ctx)) break;
        CP_TRY(choose_plan(d, site, &column));
        CP_TRY(cp_lp_set_col_bounds(w->lp, w->first_column + column, 1.0, 1.0));
        d->fixed[site] = true;
        CP_TRY(settle(d, &ok));
        if (!ok) break;
        CP_TRY(read_values(d));
        CP_TRY(lumpiest(d, &site, &n_split));
    }
    return CP_OK;
}

cp_status cp_refill_dive(cp_columns *w)
{
    dive d = {.w = w, .value = w->m->lp_minor, .start = w->m->lp_minor};
    CP_NEW(w->ctx, w->ctx->scratch, d.fixed, w->z->n_sites + 1);
    CP_TRY(read_values(&d));
    CP_TRY(run(&d));
    w->m->lp_minor = d.start;
    CP_NEW(w->ctx, w->ctx->run, w->m->x, w->m->n_columns + 1);
    memcpy(w->m->x, d.x, (size_t)d.n_x * sizeof *d.x);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/refill_pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/rng.h"
#include "solver/lp/lp.h"

#define FREE_SITES 30     /* sites that choose anew in one program */
#define PLANS_A_SITE 8    /* plans each may choose from, besides its own */
#define NODES_TO_MEND 400 /* of the tree of a program while a limit needs relief */
#define NODES 150         /* ... and when none does */
#define TRIES_A_ROW 6     /* programs about one limit that needs relief */
#define NO_GAIN_MOST 12   /* programs in a row without a gain, and it ends */
#define KEEP_PLAN (-1)    /* in place of a column: the plan the site has */

/* A site and how much cheaper or dearer than its own its best other plan is, at the prices of the
 * limits. */
typedef struct candidate {
    double loss;
    int32_t site;
} candidate;

typedef struct pool {
    cp_ctx *ctx;
    cp_refill_state *s;
    const cp_master *m;
    const cp_zone *z;
    cp_rng rng;
    int32_t *first, *column; /* by site: its columns, cheapest at the limits' prices first */
    double *reduced;         /* by column */
    double *loss;            /* by site: loss_of(site, -1), NAN = not known */
    double *use;             /* by row: of the plan looked at */
    double *own_use;         /* of the plans that the chosen sites have */
    candidate *list;
    int32_t n_list;
    int32_t *site; /* FREE_SITES chosen */
    int32_t n_sites;
    cp_site_plan own; /* of one site, read from the state */
} pool;

/* ---- plans and their uses -----------------------------------------------------------------------
 */

static void clear_use(const pool *p, double *use)
{
    memset(use, 0, (size_t)p->z->n_rows * sizeof *use);
}

static double price_of(const pool *p, const cp_site_plan *plan)
{
    double price = (double)plan->cost;
    clear_use(p, p->use);
    cp_site_plan_uses(p->z, plan, cp_zone_add_use, p->use);
    for (int32_t r = 0; r < p->z->n_rows; r++)
        price += p->m->row_price[r] * p->use[r];
    return price;
}

static cp_status sort_columns(pool *p)
{
    const cp_zone *z = p->z;
    const int32_t n = p->m->n_columns;
    int32_t *n_of = NULL;
    CP_NEW(p->ctx, p->ctx->scratch, p->first, z->n_sites + 1);
    CP_NEW(p->ctx, p->ctx->scratch, p->column, n + 1);
    CP_NEW(p->ctx, p->ctx->scratch, p->reduced, n + 1);
    CP_NEW(p->ctx, p->ctx->scratch, n_of, z->n_sites + 1);
    for (int32_t c = 0; c < n; c++) {
        p->reduced[c] = price_of(p, &p->m->column[c]);
        p->first[p->m->column[c].site + 1]++;
    }
    for (int32_t i = 0; i < z->n_sites; i++)
        p->first[i + 1] += p->first[i];
    for (int32_t c = 0; c < n; c++) { /* into their site's places, kept in order */
        const int32_t site = p->m->column[c].site;
        int32_t at = p->first[site] + n_of[site]++;
        for (; at > p->first[site] && p->reduced[c] < p->reduced[p->column[at - 1]]; at--)
            p->column[at] = p->column[at - 1];
        p->column[at] = c;
    }
    return CP_OK;
}

/* ---- which sites --------------------------------------------------------------------------------
 */

static int by_loss(const void *a, const void *b)
{
    const candidate *x = a;
    const candidate *y = b;
    if (x->loss != y->loss) return x->loss < y->loss ? -1 : 1;
    return x->site < y->site ? -1 : x->site > y->site;
}

/* What the site loses at the limits' prices by the cheapest other plan that takes less of the row
 * (row -1: by any other); infinite when there is none. */
static double loss_of(pool *p, int32_t site, int32_t row)
{
    double loss = INFINITY;
    cp_refill_site_plan(p->s, site, &p->own);
    const double now = price_of(p, &p->own), use_now = row >= 0 ? p->use[row] : 0.0;
    const bool returns = row >= 0 && p->z->row[row].kind == CP_LIMIT_VAULT_STOCK; /* uses < 0 */
    if (row >= 0 && use_now <= 0.0 && !returns) return loss;
    for (int32_t i = p->first[site]; i < p->first[site + 1] && !isfinite(loss); i++) {
        const cp_site_plan *plan = &p->m->column[p->column[i]];
        if (plan->cost == p->own.cost && fabs(p->reduced[p->column[i]] - now) < 1e-6) continue;
        if (row >= 0) {
            clear_use(p, p->use);
            cp_site_plan_uses(p->z, plan, cp_zone_add_use, p->use);
            if (p->use[row] >= use_now) continue;
        }
        loss = p->reduced[p->column[i]] - now;
    }
    return loss;
}

static void list_sites(pool *p, int32_t row)
{
    p->n_list = 0;
    for (int32_t i = 0; i < p->z->n_sites; i++) {
        if (row < 0 && isnan(p->loss[i])) p->loss[i] = loss_of(p, i, row);
        const double loss = row < 0 ? p->loss[i] : loss_of(p, i, row);
        if (isfinite(loss)) p->list[p->n_list++] = (candidate){loss, i};
    }
    qsort(p->list, (size_t)p->n_list, sizeof *p->list, by_loss);
}

static bool is_chosen(const pool *p, int32_t site)
{
    for (int32_t i = 0; i < p->n_sites; i++)
        if (p->site[i] == site) return true;
    return false;
}

/* Draw up to `most` sites in all from the list, the first ones more often. */
static void draw_sites(pool *p, int32_t most)
{
    for (int32_t tries = 0; tries < 8 * FREE_SITES && p->n_sites < most; tries++) {
        if (p->n_list == 0) return;
        const double u = cp_rng_unit(&p->rng);
        const int32_t at = (int32_t)(u * u * u * p->n_list);
        const int32_t site = p->list[at < p->n_list ? at : p->n_list - 1].site;
        if (!is_chosen(p, site)) p->site[p->n_sites++] = site;
    }
}

/* ---- one program --------------------------------------------------------------------------------
 */

typedef struct program {
    cp_mip *mip;
    int32_t *plan;   /* by column of the program: of the master, KEEP_PLAN, or -2: no plan */
    int32_t *of;     /* by column: index in p->site */
    int32_t *row_at; /* by shared row: row of the program */
    int32_t n_plans;
    double scale;
} program;

/* A row costs nothing up to what the others leave, then its overtime, then relief. */
static cp_status put_rows(pool *p, program *g)
{
    const cp_zone *z = p->z;
    for (int32_t r = 0; r < z->n_rows; r++) {
        const cp_zone_row *row = &z->row[r];
        const double unit = cp_zone_row_unit(row), minus = -1.0;
        const double left = (double)row->cap - ((double)p->s->use[r] - p->own_use[r]);
        CP_TRY(cp_mip_add_row(p->ctx, g->mip, -CP_MIP_INF, left / unit, NULL, &g->row_at[r]));
        const double price[] = {cp_zone_extra_price(row), cp_zone_second_price(row),
                                (double)row->relief_minor};
        const double most[] = {(double)row->extra_cap / unit, (double)row->second_cap / unit,
                               CP_MIP_INF};
        for (int32_t i = 0; i < 3; i++) {
            if (most[i] <= 0.0) continue;
            const cp_mip_col col = {
                0.0, most[i], price[i] * unit / g->scale, false, NULL, 1, &g->row_at[r], &minus};
            CP_TRY(cp_mip_add_col(p->ctx, g->mip, &col, NULL));
        }
    }
    return CP_OK;
}

static cp_status put_plan(pool *p, program *g, int32_t k, const cp_site_plan *plan, int32_t which)
{
    const cp_zone *z = p->z;
    int32_t *row = NULL, n = 0, at = 0;
    double *value = NULL;
    CP_NEW(p->ctx, p->ctx->scratch, row, z->n_rows + 1);
    CP_NEW(p->ctx, p->ctx->scratch, value, z->n_rows + 1);
    clear_use(p, p->use);
    cp_site_plan_uses(p->z, plan, cp_zone_add_use, p->use);
    row[n] = k; /* the sites' own rows come first */
    value[n++] = 1.0;
    for (int32_t r = 0; r < z->n_rows; r++) {
        if (p->use[r] == 0.0) continue;
        row[n] = g->row_at[r];
        value[n++] = p->use[r] / cp_zone_row_unit(&z->row[r]);
    }
    const cp_mip_col col = {0.0, 1.0, (double)plan->cost / g->scale, true, NULL, n, row, value};
    CP_TRY(cp_mip_add_col(p->ctx, g->mip, &col, &at));
    g->plan[g->n_plans] = which;
    g->of[g->n_plans++] = at;
    return CP_OK;
}

static cp_status put_site(pool *p, program *g, int32_t k)
{
    const int32_t site = p->site[k];
    int32_t n = 0;
    cp_refill_site_plan(p->s, site, &p->own);
    CP_TRY(put_plan(p, g, k, &p->own, KEEP_PLAN));
    for (int32_t i = p->first[site]; i < p->first[site + 1] && n < PLANS_A_SITE; i++, n++)
        CP_TRY(put_plan(p, g, k, &p->m->column[p->column[i]], p->column[i]));
    return CP_OK;
}

static cp_status write_program(pool *p, program *g)
{
    const size_t plans = FREE_SITES * (PLANS_A_SITE + 1);
    memset(g, 0, sizeof *g);
    g->scale = fmax(1.0, (double)p->s->total / (p->z->n_sites > 0 ? p->z->n_sites : 1));
    CP_TRY(cp_mip_new(p->ctx, p->ctx->scratch, &g->mip));
    CP_NEW(p->ctx, p->ctx->scratch, g->plan, plans);
    CP_NEW(p->ctx, p->ctx->scratch, g->of, plans);
    CP_NEW(p->ctx, p->ctx->scratch, g->row_at, p->z->n_rows + 1);
    clear_use(p, p->own_use);
    for (int32_t k = 0; k < p->n_sites; k++) {
        CP_TRY(cp_mip_add_row(p->ctx, g->mip, 1.0, 1.0, NULL, NULL));
        cp_refill_site_plan(p->s, p->site[k], &p->own);
        cp_site_plan_uses(p->z, &p->own, cp_zone_add_use, p->own_use);
    }
    CP_TRY(put_rows(p, g));
    for (int32_t k = 0; k < p->n_sites; k++)
        CP_TRY(put_site(p, g, k));
    return CP_OK;
}

static void take_plan(pool *p, const cp_site_plan *plan)
{
    const cp_zone *z = p->z;
    const int32_t first = z->first_point[plan->site];
    const int32_t n = z->first_point[plan->site + 1] - first;
    for (int32_t k = 0; k < n; k++)
        cp_refill_take_out(p->s, first + k);
    for (int32_t k = 0; k < n; k++)
        cp_refill_put_in(p->s, first + k, plan->steps + plan->first[k],
                         plan->first[k + 1] - plan->first[k]);
}

/* Copies of the plans that the chosen sites have. */
static cp_status save_own(pool *p, cp_site_plan *before)
{
    for (int32_t k = 0; k < p->n_sites; k++) {
        const int32_t site = p->site[k];
        const int32_t n = p->z->first_point[site + 1] - p->z->first_point[site];
        cp_refill_site_plan(p->s, site, &p->own);
        before[k] = p->own;
        CP_NEW(p->ctx, p->ctx->scratch, before[k].first, n + 1);
        CP_NEW(p->ctx, p->ctx->scratch, before[k].steps, p->own.first[n] + 1);
        memcpy(before[k].first, p->own.first, (size_t)(n + 1) * sizeof *before[k].first);
        memcpy(before[k].steps, p->own.steps, (size_t)p->own.first[n] * sizeof *before[k].steps);
    }
    return CP_OK;
}

static int64_t relief_of(const pool *p, int32_t r)
{
    const cp_zone_row *row = &p->z->row[r];
    const int64_t most = row->cap + row->extra_cap + row->second_cap;
    return p->s->use[r] > most ? p->s->use[r] - most : 0;
}

static cp_status take_answer(pool *p, const program *g, const cp_lp *lp, bool *fell)
{
    const cp_minor total = p->s->total;
    cp_site_plan *before = NULL;
    CP_NEW(p->ctx, p->ctx->scratch, before, p->n_sites + 1);
    CP_TRY(save_own(p, before));
    for (int32_t i = 0; i < g->n_plans; i++)
        if (g->plan[i] != KEEP_PLAN && cp_lp_value(lp, g->of[i]) > 0.5)
            take_plan(p, &p->m->column[g->plan[i]]);
    *fell = p->s->total < total;
    for (int32_t k = 0; k < p->n_sites && *fell; k++)
        p->loss[p->site[k]] = NAN;
    for (int32_t k = 0; k < p->n_sites && !*fell; k++)
        take_plan(p, &before[k]);
    return CP_OK;
}

/* The chosen sites choose. */
static cp_status solve_program(pool *p, int64_t nodes, bool *fell)
{
    const cp_arena_mark mark = cp_arena_here(p->ctx->scratch);
    cp_lp_mip_opts opts = cp_lp_mip_defaults();
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    cp_lp *lp = NULL;
    program g;
    *fell = false;
    CP_TRY(write_program(p, &g));
    CP_TRY(cp_lp_new(p->ctx, g.mip, &lp));
    opts.node_limit = nodes;
    cp_status st = cp_lp_solve_mip(lp, &opts, &answer);
    if (st == CP_OK && (answer == CP_LP_OPTIMAL || answer == CP_LP_FEASIBLE))
        st = take_answer(p, &g, lp, fell);
    cp_lp_free(lp);
    cp_arena_rewind(p->ctx->scratch, mark);
    return st;
}

/* ---- all ----------------------------------------------------------------------------------------
 */

static bool needs_relief(const pool *p)
{
    for (int32_t r = 0; r < p->z->n_rows; r++)
        if (relief_of(p, r) > 0) return true;
    return false;
}

/* Programs about one limit: half of the sites can leave it cheaply, the others just change
 * cheaply. */
static cp_status mend_row(pool *p, int32_t row, const cp_pool_opts *opts, int32_t *done)
{
    for (int32_t i = 0; i < TRIES_A_ROW && relief_of(p, row) > 0 && *done < opts->programs; i++) {
        bool fell = false;
        if (cp_should_stop(p->ctx)) return CP_OK;
        p->n_sites = 0;
        list_sites(p, row);
        draw_sites(p, FREE_SITES / 2);
        list_sites(p, -1);
        draw_sites(p, FREE_SITES);
        CP_TRY(solve_program(p, NODES_TO_MEND, &fell));
        (*done)++;
    }
    return CP_OK;
}

static cp_status improve(pool *p, const cp_pool_opts *opts, int32_t *done)
{
    int32_t without = 0;
    while (*done < opts->programs && without < NO_GAIN_MOST && !cp_should_stop(p->ctx)) {
        bool fell = false;
        p->n_sites = 0;
        list_sites(p, -1);
        draw_sites(p, FREE_SITES);
        CP_TRY(solve_program(p, needs_relief(p) ? NODES_TO_MEND : NODES, &fell));
        without = fell ? 0 : without + 1;
        (*done)++;
    }
    return CP_OK;
}

static cp_status new_pool(pool *p)
{
    const cp_zone *z = p->z;
    int32_t most = 0;
    for (int32_t i = 0; i < z->n_sites; i++)
        if (z->first_point[i + 1] - z->first_point[i] > most)
            most = z->first_point[i + 1] - z->first_point[i];
    CP_NEW(p->ctx, p->ctx->scratch, p->use, z->n_rows + 1);
    CP_NEW(p->ctx, p->ctx->scratch, p->own_use, z->n_rows + 1);
    CP_NEW(p->ctx, p->ctx->scratch, p->list, z->n_sites + 1);
    CP_NEW(p->ctx, p->ctx->scratch, p->site, FREE_SITES);
    CP_NEW(p->ctx, p->ctx->scratch, p->loss, z->n_sites + 1);
    for (int32_t i = 0; i < z->n_sites; i++)
        p->loss[i] = NAN;
    CP_NEW(p->ctx, p->ctx->scratch, p->own.first, most + 1);
    CP_NEW(p->ctx, p->ctx->scratch, p->own.steps, most * z->n_days + 1);
    return sort_columns(p);
}

cp_status cp_refill_pool(cp_ctx *ctx, cp_refill_state *state, const cp_master *master,
                         const cp_pool_opts *opts, int64_t *done)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    pool p = {.ctx = ctx, .s = state, .m = master, .z = state->z};
    int32_t n = 0;
    if (p.z->n_sites == 0 || p.z->n_rows == 0 || opts->programs <= 0) return CP_OK;
    p.rng = cp_rng_new(opts->seed, (uint64_t)p.z->vault);
    CP_TRY(new_pool(&p));
    for (int32_t r = 0; r < p.z->n_rows; r++)
        if (relief_of(&p, r) > 0) CP_TRY(mend_row(&p, r, opts, &n));
    CP_TRY(improve(&p, opts, &n));
    *done += n;
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/refill_columns.h"

#include <math.h>
#include <string.h>

#include "solver/par/job.h"
#include "solver/replenish/zone_stock.h"

/* The first round alone from the divisions at hand is cheap and mostly a good plan. */
static const cp_site_effort FIRST = {12, 0};
static const cp_site_effort LATER[] = {{1, 0},      {7, 0},      {4, 4000},
                                       {16, 16000}, {64, 64000}, {128, 256000}};
#define N_LATER ((int32_t)(sizeof LATER / sizeof *LATER))

#define SITES_PART 0.25 /* of the LP's tolerance is what the sites' bounds may stay below */

/* ---- pricing -----------------------------------------------------------------------------------
 */

typedef struct price_job {
    const cp_zone *z;
    const double *row_price;
    double *division;
    const cp_site_effort *effort;
    int32_t n_efforts;
    double close_to;        /* of a site (cp_site_ask) */
    const int32_t *site;    /* NULL = all in order */
    const cp_priced *known; /* by site, at the same prices; NULL = nothing */
} price_job;

static cp_status price_site(cp_ctx *ctx, int32_t index, const void *shared, void *out_slot)
{
    const price_job *job = shared;
    cp_priced *out = out_slot;
    const int32_t site = job->site ? job->site[index] : index;
    const cp_site_known known = {job->known ? job->known[site].reduced : INFINITY,
                                 job->known ? job->known[site].bound : -INFINITY};
    const cp_site_ask ask = {.zone = job->z,
                             .site = site,
                             .row_price = job->row_price,
                             .known = &known,
                             .effort = job->effort,
                             .n_efforts = job->n_efforts,
                             .close_to = job->close_to};
    double *division = job->division + (size_t)job->z->first_point[site] * (size_t)job->z->n_days;
    return cp_site_price(ctx, &ask, division, &out->plan, &out->reduced, &out->bound);
}

/* What the rows add to the Lagrangian bound at prices pi. */
static double rows_part(const cp_zone *z, const double *pi)
{
    double sum = 0.0;
    for (int32_t r = 0; r < z->n_rows; r++) {
        const cp_zone_hull hull = cp_zone_row_hull(&z->row[r]);
        sum -= pi[r] * hull.cap;
        if (hull.extra_price < pi[r]) sum += (hull.extra_price - pi[r]) * hull.extra;
        if (hull.second_price < pi[r]) sum += (hull.second_price - pi[r]) * hull.second;
        /* Overtime is rounded half up in the plan's cost, each kind of it: stay below by that. */
        if (z->row[r].extra_cap > 0) sum -= 0.5;
        if (z->row[r].second_cap > 0) sum -= 0.5;
    }
    return sum;
}

/* Between plan and bound of a site as cp_priced, but for the rounding that no effort closes. */
static double site_gap(const cp_columns *w, int32_t i)
{
    const double rounding = CP_SHARE_ROUNDING * (w->z->first_point[i + 1] - w->z->first_point[i]);
    return w->price[i].reduced - w->price[i].bound - rounding;
}

static double site_gaps(const cp_columns *w)
{
    double sum = 0.0;
    for (int32_t i = 0; i < w->z->n_sites; i++)
        sum += site_gap(w, i);
    return sum;
}

/* Price the sites anew, at the same prices, whose plan and bound lie further apart than the mean
 * site may, until they add up to no more than `most`. */
static cp_status close_sites(cp_columns *w, const double *pi, double most)
{
    const cp_zone *z = w->z;
    const double each = most / z->n_sites;
    int32_t n = 0;
    for (int32_t i = 0; i < z->n_sites; i++)
        if (site_gap(w, i) > each) w->open_site[n++] = i;
    const price_job job = {z,           pi,   w->division,  LATER + 1,
                           N_LATER - 1, each, w->open_site, w->price};
    CP_TRY(cp_job_run(w->ctx, n, price_site, &job, w->again, sizeof *w->again));
    for (int32_t k = 0; k < n; k++) {
        cp_priced *old = &w->price[w->open_site[k]];
        const double bound = fmax(old->bound, w->again[k].bound);
        if (w->again[k].reduced < old->reduced) *old = w->again[k];
        old->bound = bound;
    }
    return CP_OK;
}

/* Once the bounds of the sites have mattered they will again: they are then closed at once, which
 * saves their graphs a second time. */
cp_status cp_columns_price(cp_columns *w, const double *pi, cp_price_aim aim, double *bound)
{
    const cp_zone *z = w->z;
    const double most = SITES_PART * w->opts->gap * fabs(w->m->lp_minor);
    const bool at_once = aim == CP_PRICE_LATER && w->closing;
    const price_job job = {z,
                           pi,
                           w->division,
                           aim == CP_PRICE_FIRST ? &FIRST : LATER,
                           at_once ? N_LATER : 1,
                           most / (z->n_sites > 0 ? z->n_sites : 1),
                           NULL,
                           NULL};
    CP_TRY(cp_job_run(w->ctx, z->n_sites, price_site, &job, w->price, sizeof *w->price));
    for (int32_t pass = 0; pass < 2; pass++) {
        *bound = rows_part(z, pi);
        for (int32_t i = 0; i < z->n_sites; i++)
            *bound += w->price[i].bound;
        const double gaps = site_gaps(w);
        if (pass > 0 || at_once || aim == CP_PRICE_PLANS) break;
        if (w->m->lp_minor <= 0.0 || gaps <= most) break;
        if (w->m->lp_minor - *bound > 3.0 * gaps) break; /* the prices are not there yet */
        w->closing = true;
        CP_TRY(close_sites(w, pi, most));
    }
    return CP_OK;
}

/* ---- the restricted master ----------------------------------------------------------------------
 */

cp_status cp_columns_empty(cp_columns *w, cp_mip **out)
{
    const cp_zone *z = w->z;
    cp_mip *mip = NULL;
    CP_TRY(cp_mip_new(w->ctx, w->ctx->scratch, &mip));
    for (int32_t i = 0; i < z->n_sites; i++)
        CP_TRY(cp_mip_add_row(w->ctx, mip, 1.0, 1.0, NULL, NULL));
    for (int32_t r = 0; r < z->n_rows; r++) {
        const cp_zone_row *row = &z->row[r];
        CP_TRY(cp_mip_add_row(w->ctx, mip, -CP_MIP_INF,
                              cp_zone_row_hull(row).cap / cp_zone_row_unit(row),
                              cp_strf(w->ctx, w->ctx->scratch, "%s_t%d_%d",
                                      cp_limit_kind_name(row->kind), (int)row->t, (int)row->item),
                              NULL));
    }
    for (int32_t r = 0; r < z->n_rows; r++) {
        const cp_zone_row *row = &z->row[r];
        const cp_zone_hull hull = cp_zone_row_hull(row);
        const int32_t index = z->n_sites + r;
        /* The simplex measures all costs by the greatest: none that does not matter. */
        const double minus = -1.0, unit = w->can_bind[r] ? cp_zone_row_unit(row) / w->scale : 0.0;
        cp_mip_col col = {0.0,    CP_MIP_INF, (double)row->relief_minor * unit, false, NULL, 1,
                          &index, &minus};
        CP_TRY(cp_mip_add_col(w->ctx, mip, &col, NULL));
        col.hi = hull.extra / cp_zone_row_unit(row);
        col.cost = hull.extra_price * unit;
        CP_TRY(cp_mip_add_col(w->ctx, mip, &col, NULL));
        if (hull.second <= 0.0) continue;
        col.hi = hull.second / cp_zone_row_unit(row);
        col.cost = hull.second_price * unit;
        CP_TRY(cp_mip_add_col(w->ctx, mip, &col, NULL));
    }
    *out = mip;
    return CP_OK;
}

void cp_columns_uses(const cp_columns *w, const cp_site_plan *plan)
{
    memset(w->use, 0, (size_t)w->z->n_rows * sizeof *w->use);
    cp_site_plan_uses(w->z, plan, cp_zone_add_use, w->use);
}

static cp_status grow_columns(cp_columns *w)
{
    cp_site_plan *more = NULL;
    if (w->m->n_columns < w->cap_columns) return CP_OK;
    w->cap_columns = w->cap_columns ? 2 * w->cap_columns : 4 * w->z->n_sites;
    CP_NEW(w->ctx, w->ctx->run, more, w->cap_columns);
    if (w->m->n_columns > 0) memcpy(more, w->m->column, (size_t)w->m->n_columns * sizeof *more);
    w->m->column = more;
    return CP_OK;
}

/* Add the plan as a column; cp_columns_uses(plan) stands in w->use. */
static cp_status add_column(cp_columns *w, const cp_site_plan *plan)
{
    const cp_arena_mark mark = cp_arena_here(w->ctx->scratch);
    const cp_zone *z = w->z;
    int32_t *row = NULL, n = 0;
    double *value = NULL;
    CP_NEW(w->ctx, w->ctx->scratch, row, z->n_rows + 1);
    CP_NEW(w->ctx, w->ctx->scratch, value, z->n_rows + 1);
    row[n] = plan->site;
    value[n++] = 1.0;
    for (int32_t r = 0; r < z->n_rows; r++) {
        if (w->use[r] == 0.0 || !w->can_bind[r]) continue;
        row[n] = z->n_sites + r;
        value[n++] = w->use[r] / cp_zone_row_unit(&z->row[r]);
    }
    const cp_mip_col col = {0.0, CP_MIP_INF, (double)plan->cost / w->scale, false, NULL, n,
                            row, value};
    CP_TRY(cp_lp_add_cols(w->lp, 1, &col, NULL));
    CP_TRY(grow_columns(w));
    w->m->column[w->m->n_columns++] = *plan;
    cp_arena_rewind(w->ctx->scratch, mark);
    return CP_OK;
}

/* Add the cp_priced plans whose reduced cost at the LP's duals is negative (all of them at first).
 */
cp_status cp_columns_add(cp_columns *w, bool all, int32_t *n_added)
{
    const cp_zone *z = w->z;
    *n_added = 0;
    for (int32_t i = 0; i < z->n_sites; i++) {
        const cp_site_plan *plan = &w->price[i].plan;
        cp_columns_uses(w, plan);
        double reduced = (double)plan->cost - w->sigma[i];
        for (int32_t r = 0; r < z->n_rows; r++)
            reduced += w->dual[r] * w->use[r];
        if (!all && reduced > -1e-7 * w->scale - 1e-9 * fabs(w->sigma[i])) continue;
        CP_TRY(add_column(w, plan));
        (*n_added)++;
    }
    return CP_OK;
}

cp_status cp_columns_solve(cp_columns *w, bool *ok)
{
    const cp_zone *z = w->z;
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    CP_TRY(cp_lp_solve(w->lp, &answer));
    *ok = answer == CP_LP_OPTIMAL;
    if (!*ok) return CP_OK;
    w->m->lp_minor = cp_lp_objective(w->lp) * w->scale;
    for (int32_t i = 0; i < z->n_sites; i++)
        w->sigma[i] = cp_lp_row_dual(w->lp, i) * w->scale;
    for (int32_t r = 0; r < z->n_rows; r++) {
        const double d =
            -cp_lp_row_dual(w->lp, z->n_sites + r) * w->scale / cp_zone_row_unit(&z->row[r]);
        const double most = (double)z->row[r].relief_minor;
        w->dual[r] = d > 0.0 && w->can_bind[r] ? fmin(d, most) : 0.0;
    }
    return CP_OK;
}

/* Rows wider than all uses together never bind; numerically a price of nearly nothing times such a
 * limit would only blur the bound. */
static cp_status find_binding(cp_columns *w)
{
    const cp_zone *z = w->z;
    memset(w->use, 0, (size_t)z->n_rows * sizeof *w->use);
    for (int32_t p = 0; p < z->n_points; p++) {
        cp_zone_most_uses(z, p, cp_zone_add_use, w->use);
        CP_TRY(cp_zone_stock_most(w->ctx, z, p, cp_zone_add_use, w->use));
    }
    for (int32_t s = 0; s < z->n_sites; s++)
        for (int32_t t = 0; t < z->n_days; t++)
            cp_zone_stop_uses(z, s, t, cp_zone_add_use, w->use);
    for (int32_t r = 0; r < z->n_rows; r++)
        w->can_bind[r] = w->use[r] > cp_zone_row_hull(&z->row[r]).cap;
    return CP_OK;
}

cp_status cp_columns_new(cp_columns *w)
{
    const cp_zone *z = w->z;
    const size_t cells = (size_t)z->n_points * (size_t)z->n_days;
    CP_NEW(w->ctx, w->ctx->scratch, w->division, cells + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->price, z->n_sites + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->again, z->n_sites + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->open_site, z->n_sites + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->dual, z->n_rows + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->trial, z->n_rows + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->use, z->n_rows + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->sigma, z->n_sites + 1);
    CP_NEW(w->ctx, w->ctx->scratch, w->can_bind, z->n_rows + 1);
    CP_NEW(w->ctx, w->ctx->run, w->m->row_price, z->n_rows + 1);
    CP_TRY(find_binding(w));
    for (int32_t p = 0; p < z->n_points; p++) {
        const int32_t s = z->site_of[p];
        for (int32_t t = 0; t < z->n_days; t++)
            w->division[(size_t)p * (size_t)z->n_days + (size_t)t] =
                1.0 / (z->first_point[s + 1] - z->first_point[s]);
    }
    return CP_OK;
}

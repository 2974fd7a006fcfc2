/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/zone_lp.h"

#include <math.h>
#include <string.h>

#include "solver/lp/lp.h"

#define MOST_ROUNDS 60 /* pricings of one node */
#define CLOSED 1e-6    /* of the cutoff: LP and bound have met */

#define NEARLY 2e-4     /* of the cutoff: LP and bound are close enough to split the node */
#define LEAST_PART 1e-9 /* of a plan that counts as used */
#define WHOLE 1e-5      /* of no plan at all that does */
/* Times `big`: what a fixed visit is worth, and a limit on value out that is kept in full. More
 * than prices of limits (up to their relief) can make of a plan; doubles still tell single units.
 */
#define FIXED 1e3
#define STEEP 1e4
/* Artificial columns cost `big`, and so many times more where a program uses them all the same, as
 * a part of no plan may be cheaper than a limit; still far less than a fixed visit is worth. */
#define DEARER 10.0
#define DEAREST 100.0
#define ROUNDING 4e-14 /* of such amounts: what adding and subtracting them may lose */

/* Effort of pricing a site of several machines: subgradient rounds, states of the exact search. */
static const cp_site_effort EFFORT[] = {{2, 4000}, {16, 16000}, {64, 64000}};
#define N_EFFORTS ((int32_t)(sizeof EFFORT / sizeof *EFFORT))

typedef struct priced {
    double reduced, least;
    bool added;
} priced;

struct cp_zone_lp {
    cp_ctx *ctx;
    const cp_zone *z;
    cp_lp *lp;
    double scale, big;
    double absent; /* cost of the artificial columns */
    double *row_scale;
    int32_t n_columns, cap_columns, first_column;
    cp_site_plan *column;
    bool *open;              /* by column: allowed at the node at hand */
    double *x;               /* of the last LP, room for cap_columns */
    double *sigma, *pi, *mu; /* duals: sites, rows per unit (>= 0), visits of a day */
    double *visit_price;     /* zone point * n_days + t */
    double *division;
    cp_use_price *value_price; /* the same */
    double *use;               /* by row */
    int64_t rounds;
};

/* ---- columns --------------------------------------------------------------------------------- */

/* Uses of all rows by a plan, in lp->use. */
static void plan_uses(const cp_zone_lp *lp, const cp_site_plan *plan)
{
    memset(lp->use, 0, (size_t)lp->z->n_rows * sizeof *lp->use);
    cp_site_plan_uses(lp->z, plan, cp_zone_add_use, lp->use);
}

static cp_status reserve_column(cp_zone_lp *lp)
{
    if (lp->n_columns < lp->cap_columns) return CP_OK;
    const int32_t cap = lp->cap_columns > 0 ? 2 * lp->cap_columns : 8 * lp->z->n_sites + 64;
    const size_t n = (size_t)lp->n_columns;
    cp_site_plan *column = NULL;
    bool *open = NULL;
    double *x = NULL;
    CP_NEW(lp->ctx, lp->ctx->run, column, cap);
    CP_NEW(lp->ctx, lp->ctx->run, open, cap);
    CP_NEW(lp->ctx, lp->ctx->run, x, cap);
    if (n > 0) {
        memcpy(column, lp->column, n * sizeof *column);
        memcpy(open, lp->open, n * sizeof *open);
        memcpy(x, lp->x, n * sizeof *x);
    }
    lp->column = column;
    lp->open = open;
    lp->x = x;
    lp->cap_columns = cap;
    return CP_OK;
}

/* Add the plan, whose uses stand in lp->use. */
static cp_status add_column(cp_zone_lp *lp, const cp_site_plan *plan)
{
    const cp_arena_mark mark = cp_arena_here(lp->ctx->scratch);
    const cp_zone *z = lp->z;
    const int32_t n_points = z->first_point[plan->site + 1] - z->first_point[plan->site];
    int32_t *row = NULL, n = 0;
    double *value = NULL;
    CP_TRY(reserve_column(lp));
    CP_NEW(lp->ctx, lp->ctx->scratch, row, 1 + z->n_rows + z->n_days);
    CP_NEW(lp->ctx, lp->ctx->scratch, value, 1 + z->n_rows + z->n_days);
    row[n] = plan->site;
    value[n++] = 1.0;
    for (int32_t r = 0; r < z->n_rows; r++) {
        if (lp->use[r] == 0.0) continue;
        row[n] = z->n_sites + r;
        value[n++] = lp->use[r] / lp->row_scale[r];
    }
    for (int32_t t = 0; t < z->n_days; t++) {
        int32_t visits = 0;
        for (int32_t i = 0; i < plan->first[n_points]; i++)
            visits += plan->steps[i].t == t;
        if (visits == 0) continue;
        row[n] = z->n_sites + z->n_rows + t;
        value[n++] = visits;
    }
    const cp_mip_col col = {0.0, CP_MIP_INF, (double)plan->cost / lp->scale, false, NULL, n,
                            row, value};
    CP_TRY(cp_lp_add_cols(lp->lp, 1, &col, NULL));
    lp->open[lp->n_columns] = true;
    lp->column[lp->n_columns++] = *plan;
    cp_arena_rewind(lp->ctx->scratch, mark);
    return CP_OK;
}

/* The plan of a site in the state as a column. */
static cp_status add_state_plan(cp_zone_lp *lp, const cp_refill_state *s, int32_t site)
{
    const cp_zone *z = lp->z;
    const int32_t first = z->first_point[site], n = z->first_point[site + 1] - first;
    cp_site_plan plan = {0};
    int32_t n_steps = 0;
    for (int32_t k = 0; k < n; k++)
        n_steps += s->n_steps[first + k];
    CP_NEW(lp->ctx, lp->ctx->run, plan.first, n + 1);
    CP_NEW(lp->ctx, lp->ctx->run, plan.steps, n_steps + 1);
    cp_refill_site_plan(s, site, &plan);
    plan_uses(lp, &plan);
    return add_column(lp, &plan);
}

/* ---- the program ----------------------------------------------------------------------------- */

static cp_status put_col(cp_zone_lp *lp, cp_mip *mip, int32_t row, double sign, double hi,
                         double cost)
{
    const cp_mip_col col = {0.0, hi, cost / lp->scale, false, NULL, 1, &row, &sign};
    return cp_mip_add_col(lp->ctx, mip, &col, NULL);
}

static cp_status row_columns(cp_zone_lp *lp, cp_mip *mip)
{
    const cp_zone *z = lp->z;
    for (int32_t r = 0; r < z->n_rows; r++) {
        const cp_zone_hull hull = cp_zone_row_hull(&z->row[r]);
        const double unit = lp->row_scale[r];
        const int32_t row = z->n_sites + r;
        CP_TRY(put_col(lp, mip, row, -1.0, CP_MIP_INF, (double)z->row[r].relief_minor * unit));
        if (hull.extra > 0.0)
            CP_TRY(put_col(lp, mip, row, -1.0, hull.extra / unit, hull.extra_price * unit));
        if (hull.second > 0.0)
            CP_TRY(put_col(lp, mip, row, -1.0, hull.second / unit, hull.second_price * unit));
    }
    return CP_OK;
}

static cp_status empty_program(cp_zone_lp *lp, cp_mip **out)
{
    const cp_zone *z = lp->z;
    cp_mip *mip = NULL;
    CP_TRY(cp_mip_new(lp->ctx, lp->ctx->scratch, &mip));
    for (int32_t i = 0; i < z->n_sites; i++)
        CP_TRY(cp_mip_add_row(lp->ctx, mip, 1.0, 1.0, NULL, NULL));
    for (int32_t r = 0; r < z->n_rows; r++)
        CP_TRY(cp_mip_add_row(lp->ctx, mip, -CP_MIP_INF,
                              cp_zone_row_hull(&z->row[r]).cap / lp->row_scale[r], NULL, NULL));
    for (int32_t t = 0; t < z->n_days; t++)
        CP_TRY(cp_mip_add_row(lp->ctx, mip, 0.0, (double)z->n_points, NULL, NULL));
    for (int32_t i = 0; i < z->n_sites; i++)
        CP_TRY(put_col(lp, mip, i, 1.0, CP_MIP_INF, lp->absent));
    for (int32_t t = 0; t < z->n_days; t++) {
        CP_TRY(put_col(lp, mip, z->n_sites + z->n_rows + t, 1.0, CP_MIP_INF, lp->absent));
        CP_TRY(put_col(lp, mip, z->n_sites + z->n_rows + t, -1.0, CP_MIP_INF, lp->absent));
    }
    CP_TRY(row_columns(lp, mip));
    *out = mip;
    return CP_OK;
}

static cp_status new_arrays(cp_zone_lp *lp)
{
    const cp_zone *z = lp->z;
    const size_t cells = (size_t)z->n_points * (size_t)z->n_days;
    CP_NEW(lp->ctx, lp->ctx->run, lp->row_scale, z->n_rows + 1);
    CP_NEW(lp->ctx, lp->ctx->run, lp->sigma, z->n_sites + 1);
    CP_NEW(lp->ctx, lp->ctx->run, lp->pi, z->n_rows + 1);
    CP_NEW(lp->ctx, lp->ctx->run, lp->use, z->n_rows + 1);
    CP_NEW(lp->ctx, lp->ctx->run, lp->mu, z->n_days);
    CP_NEW(lp->ctx, lp->ctx->run, lp->value_price, cells + 1);
    CP_NEW(lp->ctx, lp->ctx->run, lp->visit_price, cells + 1);
    CP_NEW(lp->ctx, lp->ctx->run, lp->division, cells + 1);
    for (int32_t p = 0; p < z->n_points; p++) {
        const int32_t s = z->site_of[p];
        for (int32_t t = 0; t < z->n_days; t++)
            lp->division[(size_t)p * (size_t)z->n_days + (size_t)t] =
                1.0 / (z->first_point[s + 1] - z->first_point[s]);
    }
    return CP_OK;
}

/* Rows are divided by their limit, or by what the state uses where little of the limit is left. */
static void set_scales(cp_zone_lp *lp, const cp_refill_state *state)
{
    const cp_zone *z = lp->z;
    lp->scale = fmax(1.0, (double)state->total / (z->n_sites > 0 ? z->n_sites : 1));
    for (int32_t r = 0; r < z->n_rows; r++)
        lp->row_scale[r] = fmax(cp_zone_row_unit(&z->row[r]), (double)state->use[r]);
}

static cp_status fill(cp_zone_lp *lp, const cp_master *master, const cp_refill_state *state)
{
    const cp_arena_mark mark = cp_arena_here(lp->ctx->scratch);
    cp_mip *mip = NULL;
    CP_TRY(new_arrays(lp));
    set_scales(lp, state);
    CP_TRY(empty_program(lp, &mip));
    CP_TRY(cp_lp_new(lp->ctx, mip, &lp->lp));
    lp->first_column = mip->n_cols;
    cp_arena_rewind(lp->ctx->scratch, mark);
    for (int32_t i = 0; i < lp->z->n_sites; i++)
        CP_TRY(add_state_plan(lp, state, i));
    for (int32_t c = 0; master && c < master->n_columns; c++) {
        plan_uses(lp, &master->column[c]);
        CP_TRY(add_column(lp, &master->column[c]));
    }
    return CP_OK;
}

cp_status cp_zone_lp_new(cp_ctx *ctx, const cp_zone *zone, const cp_master *master,
                         const cp_refill_state *state, double big, cp_zone_lp **out)
{
    cp_zone_lp *lp = NULL;
    CP_NEW(ctx, ctx->run, lp, 1);
    lp->ctx = ctx;
    lp->z = zone;
    lp->big = lp->absent = big;
    const cp_status st = fill(lp, master, state);
    if (st != CP_OK) {
        cp_zone_lp_free(lp);
        return st;
    }
    *out = lp;
    return CP_OK;
}

void cp_zone_lp_free(cp_zone_lp *lp)
{
    if (lp == NULL) return;
    cp_lp_free(lp->lp);
    lp->lp = NULL;
}

/* ---- fixing ---------------------------------------------------------------------------------- */

/* Open and close the columns of a site (-1 = all). */
static cp_status set_columns(cp_zone_lp *lp, const cp_visit_fix *fix, int32_t site)
{
    for (int32_t c = 0; c < lp->n_columns; c++) {
        if (site >= 0 && lp->column[c].site != site) continue;
        const bool open = cp_visit_fix_fits(lp->z, &lp->column[c], fix);
        if (open == lp->open[c]) continue;
        lp->open[c] = open;
        CP_TRY(cp_lp_set_col_bounds(lp->lp, lp->first_column + c, 0.0, open ? CP_MIP_INF : 0.0));
    }
    return CP_OK;
}

static cp_status set_day(cp_zone_lp *lp, const cp_visit_fix *fix, int32_t t)
{
    return cp_lp_set_row_bounds(lp->lp, lp->z->n_sites + lp->z->n_rows + t, (double)fix->least[t],
                                (double)fix->most[t]);
}

static cp_status set_change(cp_zone_lp *lp, const cp_visit_fix *fix, const cp_visit_change *change)
{
    if (change->kind == CP_CHANGE_DAY) return set_day(lp, fix, change->t);
    return set_columns(lp, fix, lp->z->site_of[change->point]);
}

cp_status cp_zone_lp_probe(cp_zone_lp *lp, cp_visit_fix *fix, const cp_visit_change *change,
                           double *value)
{
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    const bool day = change->kind == CP_CHANGE_DAY;
    const size_t at = day ? 0 : (size_t)change->point * (size_t)lp->z->n_days + (size_t)change->t;
    const int8_t visit = fix->visit[at];
    const uint64_t barred = fix->barred[at];
    const cp_minor out_min = fix->out_min[at], out_max = fix->out_max[at];
    const int32_t least = fix->least[change->t], most = fix->most[change->t];
    const bool notes = change->kind == CP_CHANGE_NOTES, any_notes = fix->any_notes;
    cp_note_range *range =
        &fix->notes[notes ? cp_note_cell(lp->z, change->point, change->t, change->channel) : 0];
    const cp_note_range was = *range;
    cp_visit_change_apply(fix, lp->z, change);
    CP_TRY(set_change(lp, fix, change));
    CP_TRY(cp_lp_solve(lp->lp, &answer));
    *value = answer == CP_LP_OPTIMAL ? cp_lp_objective(lp->lp) * lp->scale : -INFINITY;
    fix->visit[at] = visit;
    fix->barred[at] = barred;
    fix->out_min[at] = out_min;
    fix->out_max[at] = out_max;
    fix->least[change->t] = least;
    fix->most[change->t] = most;
    fix->any_notes = any_notes;
    *range = was;
    return set_change(lp, fix, change);
}

/* ---- a node ---------------------------------------------------------------------------------- */

static cp_status solve_lp(cp_zone_lp *lp, cp_zone_node *node)
{
    const cp_zone *z = lp->z;
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    CP_TRY(cp_lp_solve(lp->lp, &answer));
    node->ok = answer == CP_LP_OPTIMAL;
    if (!node->ok) return CP_OK;
    node->lp = cp_lp_objective(lp->lp) * lp->scale;
    for (int32_t i = 0; i < z->n_sites; i++)
        lp->sigma[i] = cp_lp_row_dual(lp->lp, i) * lp->scale;
    for (int32_t r = 0; r < z->n_rows; r++) {
        const double d = -cp_lp_row_dual(lp->lp, z->n_sites + r) * lp->scale / lp->row_scale[r];
        lp->pi[r] = fmin(fmax(d, 0.0), (double)z->row[r].relief_minor);
    }
    for (int32_t t = 0; t < z->n_days; t++)
        lp->mu[t] = -cp_lp_row_dual(lp->lp, z->n_sites + z->n_rows + t) * lp->scale;
    for (int32_t c = 0; c < lp->n_columns; c++)
        lp->x[c] = cp_lp_value(lp->lp, lp->first_column + c);
    return CP_OK;
}

/* What the rows and the fixed visits add to the Lagrangian bound; sets the price of each visit. */
static double fixed_part(cp_zone_lp *lp, const cp_visit_fix *fix)
{
    const cp_zone *z = lp->z;
    double bound = 0.0, granted = 0.0;
    for (int32_t r = 0; r < z->n_rows; r++) {
        const cp_zone_hull hull = cp_zone_row_hull(&z->row[r]);
        bound -= lp->pi[r] * hull.cap;
        bound += fmin(0.0, hull.extra_price - lp->pi[r]) * hull.extra;
        bound += fmin(0.0, hull.second_price - lp->pi[r]) * hull.second;
        /* Overtime is rounded half up in the plan's cost, each kind of it. */
        if (z->row[r].extra_cap > 0) bound -= 0.5;
        if (z->row[r].second_cap > 0) bound -= 0.5;
    }
    for (int32_t t = 0; t < z->n_days; t++)
        bound -= lp->mu[t] * (lp->mu[t] > 0.0 ? fix->most[t] : fix->least[t]);
    for (int32_t p = 0; p < z->n_points; p++)
        for (int32_t t = 0; t < z->n_days; t++) {
            const size_t at = (size_t)p * (size_t)z->n_days + (size_t)t;
            lp->visit_price[at] = lp->mu[t] - FIXED * lp->big * fix->visit[at];
            if (fix->visit[at] > 0) granted += FIXED * lp->big;
            if (fix->out_min[at] > 0) granted += STEEP * lp->big;
        }
    return bound + granted - ROUNDING * granted;
}

/* Reduced cost of a plan that fits; its uses stand in lp->use. */
static double reduced_cost(const cp_zone_lp *lp, const cp_site_plan *plan)
{
    const cp_zone *z = lp->z;
    const int32_t n = z->first_point[plan->site + 1] - z->first_point[plan->site];
    double reduced = (double)plan->cost - lp->sigma[plan->site];
    for (int32_t r = 0; r < z->n_rows; r++)
        reduced += lp->pi[r] * lp->use[r];
    for (int32_t i = 0; i < plan->first[n]; i++)
        reduced += lp->mu[plan->steps[i].t];
    return reduced;
}

/* Price of the value that visits carry out, bent where it is fixed: dear above the most, and worth
 * having up to the least (a slope that ends there). */
static void set_value_prices(cp_zone_lp *lp, const cp_visit_fix *fix)
{
    const cp_zone *z = lp->z;
    for (int32_t i = 0; i < z->n_points * z->n_days; i++) {
        const int32_t row = z->value_row[i % z->n_days];
        const double slope = row >= 0 ? lp->pi[row] : 0.0;
        const double low = (double)fix->out_min[i], high = (double)fix->out_max[i];
        const bool at_most = fix->out_max[i] < INT64_MAX;
        cp_use_price *v = &lp->value_price[i];
        *v = (cp_use_price){.slope = slope};
        if (low <= 0.0 && !at_most) continue;
        const double up = low > 0.0 ? STEEP * lp->big / low : 0.0;
        v->slope -= up;
        v->slack = low;
        v->extra = at_most ? high - low : 0.0;
        v->p1 = up;
        v->p2 = up + (at_most ? STEEP * lp->big / fmax(high, 1.0) : 0.0);
    }
}

/* Price a site at the LP's duals: a new column, and the least any of its plans costs. */
static cp_status price_site(cp_zone_lp *lp, const cp_visit_fix *fix, int32_t site,
                            cp_site_effort how, priced *out)
{
    const cp_zone *z = lp->z;
    const int32_t first = z->first_point[site];
    const size_t at = (size_t)first * (size_t)z->n_days;
    const cp_site_ask ask = {.zone = z,
                             .site = site,
                             .row_price = lp->pi,
                             .effort = &how,
                             .n_efforts = 1,
                             .visit_price = lp->visit_price + at,
                             .barred = fix->barred + at,
                             .barred_price = FIXED * lp->big,
                             .value = lp->value_price + at,
                             .notes =
                                 fix->any_notes ? fix->notes + cp_note_cell(z, first, 0, 0) : NULL,
                             .notes_price = STEEP * lp->big};
    cp_site_plan plan = {0};
    CP_TRY(reserve_column(lp));
    const cp_arena_mark mark = cp_arena_here(lp->ctx->run);
    CP_TRY(cp_site_price(lp->ctx, &ask, lp->division + at, &plan, &out->reduced, &out->least));
    plan_uses(lp, &plan);
    out->added = cp_visit_fix_fits(z, &plan, fix) && reduced_cost(lp, &plan) < -1e-7 * lp->scale;
    if (out->added) return add_column(lp, &plan);
    cp_arena_rewind(lp->ctx->run, mark);
    return CP_OK;
}

/* Price every site at the LP's duals: the bound, and new columns. `hard`: sites of several machines
 * whose bound is far from their plan are priced with more effort. */
static cp_status price(cp_zone_lp *lp, const cp_visit_fix *fix, double far, bool hard,
                       double *bound, int32_t *n_added)
{
    *n_added = 0;
    *bound = fixed_part(lp, fix);
    set_value_prices(lp, fix);
    lp->rounds++;
    for (int32_t i = 0; i < lp->z->n_sites; i++) {
        const int32_t n = lp->z->first_point[i + 1] - lp->z->first_point[i];
        double least = -INFINITY;
        for (int32_t e = 0; e < (hard && n > 1 ? N_EFFORTS : 1); e++) {
            priced site = {0.0, 0.0, false};
            CP_TRY(price_site(lp, fix, i, EFFORT[e], &site));
            least = fmax(least, site.least);
            *n_added += site.added;
            if (site.added || site.reduced - least <= far + CP_SHARE_ROUNDING * n) break;
        }
        *bound += least;
    }
    return CP_OK;
}

/* Is a better bound of a node that has no new columns worth the effort? A node that is split does
 * with less than one that might be given up. */
static bool worth_more(const cp_zone_node *node, double cutoff)
{
    return node->lp >= cutoff || node->lp - node->bound > NEARLY * cutoff;
}

/* The artificial columns stand first: one a site, two a day. Where the LP uses any they get dearer.
 */
static cp_status raise_absent(cp_zone_lp *lp, bool *raised)
{
    const int32_t n = lp->z->n_sites + 2 * lp->z->n_days;
    bool used = false;
    for (int32_t j = 0; j < n && !used; j++)
        used = cp_lp_value(lp->lp, j) > WHOLE;
    *raised = used && lp->absent < DEAREST * lp->big;
    if (!*raised) return CP_OK;
    lp->absent *= DEARER;
    for (int32_t j = 0; j < n; j++)
        CP_TRY(cp_lp_set_cost(lp->lp, j, lp->absent / lp->scale));
    return CP_OK;
}

/* Columns and bound for the LP at hand; *settled: it has all that are worth looking for. */
static cp_status price_node(cp_zone_lp *lp, const cp_visit_fix *fix, double cutoff, bool *hard,
                            cp_zone_node *node, bool *settled)
{
    const double far = CLOSED * cutoff / (lp->z->n_sites > 0 ? lp->z->n_sites : 1);
    int32_t n_added = 0;
    double bound = 0.0;
    *settled = node->lp - node->bound <= CLOSED * cutoff;
    if (*settled) return CP_OK;
    CP_TRY(price(lp, fix, far, *hard, &bound, &n_added));
    if (bound > node->bound) node->bound = bound;
    *settled = n_added == 0 && (*hard || !worth_more(node, cutoff));
    *hard = n_added == 0;
    return CP_OK;
}

cp_status cp_zone_lp_solve(cp_zone_lp *lp, const cp_visit_fix *fix, double cutoff,
                           cp_zone_node *node)
{
    CP_TRY(set_columns(lp, fix, -1));
    for (int32_t t = 0; t < lp->z->n_days; t++)
        CP_TRY(set_day(lp, fix, t));
    node->bound = -INFINITY;
    bool hard = false;
    for (int32_t round = 0; round < MOST_ROUNDS; round++) {
        bool settled = false, raised = false;
        CP_TRY(solve_lp(lp, node));
        if (!node->ok) return CP_OK;
        CP_TRY(price_node(lp, fix, cutoff, &hard, node, &settled));
        if (node->bound >= cutoff || cp_should_stop(lp->ctx)) return CP_OK;
        if (!settled) continue;
        CP_TRY(raise_absent(lp, &raised));
        if (!raised) return CP_OK;
        hard = false;
    }
    return CP_OK;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void add_part(cp_visit_part *v, int32_t mode, cp_minor out, double x)
{
    if (v->made <= 0.0) {
        v->mode = mode;
        v->out_min = v->out_max = out;
    }
    v->made += x;
    if (mode == v->mode) v->by_mode += x;
    if (out < v->out_min) v->out_min = out;
    if (out > v->out_max) v->out_max = out;
    v->out += x * (double)out;
}

void cp_zone_lp_visits(const cp_zone_lp *lp, cp_visit_part *visit)
{
    const cp_zone *z = lp->z;
    memset(visit, 0, (size_t)z->n_points * (size_t)z->n_days * sizeof *visit);
    for (int32_t c = 0; c < lp->n_columns; c++) {
        const cp_site_plan *plan = &lp->column[c];
        const int32_t first = z->first_point[plan->site];
        if (!lp->open[c] || lp->x[c] <= LEAST_PART) continue;
        for (int32_t k = 0; k < z->first_point[plan->site + 1] - first; k++)
            for (int32_t i = plan->first[k]; i < plan->first[k + 1]; i++) {
                const cp_step *step = &plan->steps[i];
                const size_t at = (size_t)(first + k) * (size_t)z->n_days + (size_t)step->t;
                add_part(&visit[at], step->mode, cp_step_level(z->arcs[first + k], step)->out_minor,
                         lp->x[c]);
            }
    }
}

bool cp_zone_lp_notes(const cp_zone_lp *lp, int32_t point, int32_t t, int32_t channel,
                      cp_note_range *range, double *mean)
{
    const cp_zone *z = lp->z;
    const int32_t site = z->site_of[point], k = point - z->first_point[site];
    double made = 0.0, sum = 0.0;
    *range = (cp_note_range){INT64_MAX, 0};
    for (int32_t c = 0; c < lp->n_columns; c++) {
        const cp_site_plan *plan = &lp->column[c];
        if (plan->site != site || !lp->open[c] || lp->x[c] <= LEAST_PART) continue;
        for (int32_t i = plan->first[k]; i < plan->first[k + 1]; i++) {
            if (plan->steps[i].t != t) continue;
            const int64_t inside = cp_step_level(z->arcs[point], &plan->steps[i])->notes[channel];
            const int64_t notes = inside > 0 ? inside : 0;
            if (notes < range->least) range->least = notes;
            if (notes > range->most) range->most = notes;
            sum += lp->x[c] * (double)notes;
            made += lp->x[c];
        }
    }
    *mean = made > 0.0 ? sum / made : 0.0;
    return made > 0.0;
}

const cp_site_plan *cp_zone_lp_heaviest(const cp_zone_lp *lp, int32_t site)
{
    int32_t best = -1;
    for (int32_t c = 0; c < lp->n_columns; c++)
        if (lp->column[c].site == site && lp->open[c] && lp->x[c] > 0.0 &&
            (best < 0 || lp->x[c] > lp->x[best]))
            best = c;
    return best < 0 ? NULL : &lp->column[best];
}

int64_t cp_zone_lp_rounds(const cp_zone_lp *lp)
{
    return lp->rounds;
}

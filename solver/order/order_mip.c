/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/order/order_mip.h"

#include <math.h>
#include <string.h>

#include "models/plan/plan_fill.h"
#include "solver/lp/lp.h"

#define SCALE 1000.0   /* minor units of one unit of the objective */
#define OVER_PRICE 0.1 /* minor units a night for one above what is insured: never worth it */
#define YEAR_PPM (365.0 * 1e6)
#define NODES 400
#define GAP 1e-4

cp_order_mip_opts cp_order_mip_defaults(void)
{
    const cp_order_mip_opts opts = {NODES, GAP};
    return opts;
}

/* The program and where its rows and columns are; -1 = none. */
typedef struct program {
    cp_ctx *ctx;
    const cp_vault_books *b;
    cp_mip *mip;
    double unit, value_scale; /* notes of an order unit; minor units of one in room rows */
    double rest_hold;         /* idle cash of what is not usable: no decision's */
    double *reserve;          /* [d] units */
    double *base, *rest; /* [d * n_days + t] units without orders: whole ones, and what is over */
    int32_t first_day;   /* earliest day of an access, may be below 0 */
    int32_t *placing;    /* [t] */
    int32_t *order, *lodge, *stock, *balance; /* [d * n_days + t] */
    int32_t *access;                          /* [p - first_day] columns */
    int32_t *room;                            /* [t] rows */
    int32_t *link;                            /* rows of the access at hand ... */
    double *minus_most;                       /* ... and its entries in them */
    int32_t cross_days;                       /* cross_ship_days; with 0 there is none of these: */
    int32_t *lodges, *lodging;                /* [d * n_days + t] columns, rows */
    int32_t *apart;                           /* [(d * n_days + u) * n_days + t] rows */
    int32_t *row;                             /* of one column */
    double *entry;
} program;

/* ---- data ------------------------------------------------------------------------------------ */

static size_t at_day(const program *p, int32_t d, int32_t t)
{
    return (size_t)d * (size_t)p->b->n_days + (size_t)t;
}

static const cp_central_bank *bank_of(const cp_vault_books *b)
{
    return &b->net->rows.central_bank[b->net->vaults[b->vault].central_bank];
}

static double unit_of(const cp_vault_books *b)
{
    return bank_of(b)->order_unit_notes > 0 ? (double)bank_of(b)->order_unit_notes : 1.0;
}

static double rate(const cp_vault_books *b, cp_tariff_item item, int32_t t)
{
    return (double)cp_tariff_get(b->net, item, b->net->first_day + t, b->vault, -1, -1, -1);
}

static double bundles_of_unit(const cp_vault_books *b, int32_t d)
{
    const int32_t bundle = b->net->denoms[d].bundle_notes;
    return bundle > 0 ? ceil(unit_of(b) / (double)bundle) : 0.0;
}

/* An order that should have been placed already is an emergency delivery: as dear as a trip. */
static double late_price(const cp_vault_books *b)
{
    return (double)cp_relief_price(b->net, CP_LIMIT_STOPS, b->vault, -1, b->net->first_day);
}

static double missing_price(const cp_vault_books *b, int32_t d)
{
    return rate(b, CP_TARIFF_ORDER_BUNDLE_MINOR, b->n_days - 1) * bundles_of_unit(b, d);
}

/* What leaves on average, above what is sorted, until an order placed after the plan arrives. */
static double reserve_of(const cp_vault_books *b, int32_t d)
{
    double out = 0.0;
    for (int32_t t = 0; t < b->n_days; t++) {
        const size_t at = (size_t)d * (size_t)b->n_days + (size_t)t;
        out += (double)(b->out[at] - b->sorted[at]);
    }
    if (out <= 0.0) return 0.0;
    return out / b->n_days * (bank_of(b)->lead_days + 1) / unit_of(b);
}

static double hold_rate(const cp_vault_books *b, int32_t t)
{
    return rate(b, CP_TARIFF_VAULT_HOLD_PPM_YEAR, t) / YEAR_PPM;
}

/* Units that leave on day t or later, with the reserve: more is never ordered. One above it, so
 * that the box never binds and the duals are those of the balance. */
static double most_ordered(const program *p, int32_t d, int32_t t)
{
    double out = 0.0;
    for (int32_t u = t; u < p->b->n_days; u++)
        out += (double)p->b->out[at_day(p, d, u)];
    return out > 0.0 ? ceil(out / p->unit) + ceil(p->reserve[d]) + 1.0 : 0.0;
}

/* Units that were there or became usable until day t, and one for the same reason. */
static double most_lodged(const program *p, int32_t d, int32_t t)
{
    double there = (double)p->b->opening[d];
    for (int32_t u = 0; u <= t; u++)
        there += (double)p->b->sorted[at_day(p, d, u)];
    return floor(there / p->unit) + 1.0;
}

/* ---- columns and rows ------------------------------------------------------------------------ */

static cp_status put_row(program *p, double lo, double hi, const char *kind, int32_t d, int32_t t,
                         int32_t *index)
{
    const char *name = cp_strf(p->ctx, p->ctx->scratch, "%s_%d_%d", kind, (int)d, (int)t);
    if (!name) return CP_E_NOMEM;
    return cp_mip_add_row(p->ctx, p->mip, lo, hi, name, index);
}

/* Rows are made first; a column names those it is in. */
static cp_status put_col(program *p, const cp_mip_col *col, const char *kind, int32_t d, int32_t t,
                         int32_t *index)
{
    cp_mip_col named = *col;
    named.name = cp_strf(p->ctx, p->ctx->scratch, "%s_%d_%d", kind, (int)d, (int)t);
    named.cost /= SCALE;
    return named.name ? cp_mip_add_col(p->ctx, p->mip, &named, index) : CP_E_NOMEM;
}

static cp_status balance_rows(program *p)
{
    for (int32_t d = 0; d < p->b->n_denoms; d++) {
        double notes = (double)p->b->opening[d], before = 0.0;
        for (int32_t t = 0; t < p->b->n_days; t++) {
            const size_t at = at_day(p, d, t);
            notes += (double)(p->b->sorted[at] - p->b->out[at]);
            const double there = notes + (double)p->b->loan[at]; /* with an emergency delivery */
            p->base[at] = floor(there / p->unit);
            p->rest[at] = there / p->unit - p->base[at];
            const double change = p->base[at] - before;
            CP_TRY(put_row(p, change, change, "balance", d, t, &p->balance[at]));
            before = p->base[at];
        }
    }
    return CP_OK;
}

/* Value of the usable notes that fill no unit, night of day t. */
static double loose_value(const program *p, int32_t t)
{
    double value = 0.0;
    for (int32_t d = 0; d < p->b->n_denoms; d++)
        value += p->rest[at_day(p, d, t)] * p->unit * (double)p->b->net->denoms[d].value_minor;
    return value;
}

static cp_status room_rows(program *p)
{
    const cp_minor insured = p->b->net->vaults[p->b->vault].insured_minor;
    for (int32_t t = 0; t < p->b->n_days; t++) {
        const double asleep = (double)p->b->rest_minor[t] + loose_value(p, t);
        p->rest_hold += asleep * hold_rate(p->b, t);
        p->room[t] = -1;
        if (insured <= 0) continue;
        const double left = ((double)insured - asleep) / p->value_scale;
        CP_TRY(put_row(p, -CP_MIP_INF, left, "room", -1, t, &p->room[t]));
        const double minus = -1.0;
        const cp_mip_col over = {
            0.0, CP_MIP_INF, OVER_PRICE * p->value_scale, false, NULL, 1, &p->room[t], &minus};
        CP_TRY(put_col(p, &over, "over", -1, t, NULL));
    }
    return CP_OK;
}

static cp_status stock_columns(program *p)
{
    for (int32_t d = 0; d < p->b->n_denoms; d++) {
        int32_t end = -1;
        const double one = 1.0;
        if (p->reserve[d] > 0.0) {
            const double loose = p->rest[at_day(p, d, p->b->n_days - 1)];
            CP_TRY(put_row(p, p->reserve[d] - loose, CP_MIP_INF, "end", d, p->b->n_days, &end));
            const cp_mip_col missing = {0.0,  CP_MIP_INF, missing_price(p->b, d), false, NULL, 1,
                                        &end, &one};
            CP_TRY(put_col(p, &missing, "missing", d, p->b->n_days, NULL));
        }
        const double each = p->unit * (double)p->b->net->denoms[d].value_minor;
        for (int32_t t = 0; t < p->b->n_days; t++) {
            int32_t row[4], n = 0;
            double value[4];
            row[n] = p->balance[at_day(p, d, t)];
            value[n++] = 1.0;
            if (t + 1 < p->b->n_days) {
                row[n] = p->balance[at_day(p, d, t + 1)];
                value[n++] = -1.0;
            } else if (end >= 0) {
                row[n] = end;
                value[n++] = 1.0;
            }
            if (p->room[t] >= 0) {
                row[n] = p->room[t];
                value[n++] = each / p->value_scale;
            }
            const cp_mip_col col = {0.0, CP_MIP_INF, each * hold_rate(p->b, t), false, NULL, n,
                                    row, value};
            CP_TRY(put_col(p, &col, "stock", d, t, &p->stock[at_day(p, d, t)]));
        }
    }
    return CP_OK;
}

/* The bank is gone to on day `day`: its fee is paid when any of the rows put under it is used. */
static cp_status access_column(program *p, int32_t day, int32_t n, const int32_t *row,
                               const double *minus_most)
{
    const cp_mip_col col = {
        0.0, 1.0, rate(p->b, CP_TARIFF_ORDER_ACCESS_MINOR, day), true, NULL, n, row, minus_most};
    return put_col(p, &col, "access", -1, day, &p->access[day - p->first_day]);
}

/* Week of day t, 0 = that of the first day. */
static int32_t week_of(const program *p, int32_t t)
{
    return (t + cp_weekday(p->b->net->first_day)) / 7;
}

/* Rows ordered - most side <= cross and lodged - most (1 - side) <= cross of a week; -1 where
 * cross-shipping costs nothing. */
static cp_status cross_rows(program *p, int32_t d, int32_t week, int32_t rows[2])
{
    const int32_t monday = 7 * week - cp_weekday(p->b->net->first_day);
    const double price = rate(p->b, CP_TARIFF_CROSS_SHIP_BUNDLE_MINOR, monday > 0 ? monday : 0) *
                         bundles_of_unit(p->b, d);
    const double most = 8.0 * (most_ordered(p, d, 0) + most_lodged(p, d, p->b->n_days - 1));
    rows[0] = rows[1] = -1;
    if (price <= 0.0) return CP_OK;
    CP_TRY(put_row(p, -CP_MIP_INF, 0.0, "ordered", d, week, &rows[0]));
    CP_TRY(put_row(p, -CP_MIP_INF, most, "lodged", d, week, &rows[1]));
    const double minus[2] = {-1.0, -1.0}, side[2] = {-most, most};
    const cp_mip_col cross = {0.0, CP_MIP_INF, price, false, NULL, 2, rows, minus};
    CP_TRY(put_col(p, &cross, "cross", d, week, NULL));
    const cp_mip_col which = {0.0, 1.0, 0.0, true, NULL, 2, rows, side};
    return put_col(p, &which, "side", d, week, NULL);
}

/* Notes lodged on day t keep orders of them away from the days around it. */
static cp_status apart_day(program *p, int32_t d, int32_t t)
{
    const int32_t n_days = p->b->n_days;
    const size_t at = at_day(p, d, t);
    int32_t n = 1;
    for (int32_t u = t - p->cross_days + 1; u < t + p->cross_days; u++) {
        if (u < 0 || u >= n_days || most_ordered(p, d, u) <= 0.0) continue;
        int32_t *row = &p->apart[at_day(p, d, u) * (size_t)n_days + (size_t)t];
        CP_TRY(put_row(p, -CP_MIP_INF, most_ordered(p, d, u), "apart", d, u * n_days + t, row));
        p->row[n] = *row;
        p->entry[n++] = most_ordered(p, d, u);
    }
    if (n == 1) return CP_OK;
    CP_TRY(put_row(p, -CP_MIP_INF, 0.0, "lodging", d, t, &p->lodging[at]));
    p->row[0] = p->lodging[at];
    p->entry[0] = -most_lodged(p, d, t);
    const cp_mip_col col = {0.0, 1.0, 0.0, true, NULL, n, p->row, p->entry};
    return put_col(p, &col, "lodges", d, t, &p->lodges[at]);
}

static bool may_lodge(const program *p, int32_t d, int32_t day)
{
    return day >= 0 && cp_vault_bank_works(p->b->net, p->b->vault, day) &&
           most_lodged(p, d, day) > 0.0;
}

static cp_status apart_rows(program *p)
{
    const size_t cells = (size_t)p->b->n_denoms * (size_t)p->b->n_days;
    const size_t n_apart = p->cross_days > 0 ? cells * (size_t)p->b->n_days : 0;
    CP_NEW(p->ctx, p->ctx->scratch, p->row, p->b->n_days + 4);
    CP_NEW(p->ctx, p->ctx->scratch, p->entry, p->b->n_days + 4);
    CP_NEW(p->ctx, p->ctx->scratch, p->lodges, cells + 1);
    CP_NEW(p->ctx, p->ctx->scratch, p->lodging, cells + 1);
    CP_NEW(p->ctx, p->ctx->scratch, p->apart, n_apart + 1);
    memset(p->lodges, -1, cells * sizeof *p->lodges);
    memset(p->lodging, -1, cells * sizeof *p->lodging);
    memset(p->apart, -1, n_apart * sizeof *p->apart);
    for (int32_t d = 0; d < p->b->n_denoms && p->cross_days > 0; d++)
        for (int32_t t = 0; t < p->b->n_days; t++)
            if (may_lodge(p, d, t)) CP_TRY(apart_day(p, d, t));
    return CP_OK;
}

/* Rows of the rule that an order (sign 1) or a lodgement of day t is in, from p->row[n] on. */
static int32_t put_apart(program *p, int32_t d, int32_t t, bool ordered, int32_t n)
{
    const int32_t n_days = p->b->n_days;
    if (!ordered) {
        if (p->lodging[at_day(p, d, t)] >= 0) p->row[n++] = p->lodging[at_day(p, d, t)];
        return n;
    }
    for (int32_t u = 0; u < n_days && p->cross_days > 0; u++) {
        const int32_t row = p->apart[at_day(p, d, t) * (size_t)n_days + (size_t)u];
        if (row >= 0) p->row[n++] = row;
    }
    return n;
}

/* A column of whole units that are ordered (sign 1) or lodged (-1) on day t under a link row. */
static cp_status move_column(program *p, int32_t d, int32_t t, double sign, int32_t link,
                             int32_t cross)
{
    const bool ordered = sign > 0.0;
    int32_t n = 0;
    p->row[n++] = p->balance[at_day(p, d, t)];
    p->row[n++] = link;
    if (cross >= 0) p->row[n++] = cross;
    n = put_apart(p, d, t, ordered, n);
    for (int32_t k = 0; k < n; k++)
        p->entry[k] = k == 0 ? -sign : 1.0;
    const double most = ordered ? most_ordered(p, d, t) : most_lodged(p, d, t);
    const int32_t day = ordered ? p->placing[t] : t;
    double cost = rate(p->b, CP_TARIFF_ORDER_BUNDLE_MINOR, day) * bundles_of_unit(p->b, d);
    if (day < 0) cost += late_price(p->b);
    const cp_mip_col col = {0.0, most, cost, true, NULL, n, p->row, p->entry};
    int32_t *index = ordered ? p->order : p->lodge;
    return put_col(p, &col, ordered ? "order" : "lodge", d, t, &index[at_day(p, d, t)]);
}

/* Orders placed and notes lodged on one day, and the access that they need. */
static cp_status access_day(program *p, int32_t day, const int32_t *cross)
{
    const int32_t n_days = p->b->n_days, n_weeks = week_of(p, n_days - 1) + 1;
    int32_t *row = p->link, n = 0;
    double *minus = p->minus_most;
    for (int32_t d = 0; d < p->b->n_denoms; d++) {
        for (int32_t t = 0; t < n_days; t++) {
            if (p->placing[t] != day || most_ordered(p, d, t) <= 0.0) continue;
            minus[n] = -most_ordered(p, d, t);
            CP_TRY(put_row(p, -CP_MIP_INF, 0.0, "link_order", d, t, &row[n]));
            CP_TRY(move_column(p, d, t, 1.0, row[n++], cross[2 * (d * n_weeks + week_of(p, t))]));
        }
        if (!may_lodge(p, d, day)) continue;
        minus[n] = -most_lodged(p, d, day);
        CP_TRY(put_row(p, -CP_MIP_INF, 0.0, "link_lodge", d, day, &row[n]));
        CP_TRY(
            move_column(p, d, day, -1.0, row[n++], cross[2 * (d * n_weeks + week_of(p, day)) + 1]));
    }
    return n > 0 ? access_column(p, day, n, row, minus) : CP_OK;
}

static cp_status new_program(cp_ctx *ctx, const cp_vault_books *b, program *p)
{
    const size_t cells = (size_t)b->n_denoms * (size_t)b->n_days;
    int32_t **index[] = {&p->order, &p->lodge, &p->stock, &p->balance};
    memset(p, 0, sizeof *p);
    p->ctx = ctx;
    p->b = b;
    p->unit = unit_of(b);
    p->cross_days = bank_of(b)->cross_ship_days;
    p->value_scale = 1.0;
    for (size_t i = 0; i < sizeof index / sizeof *index; i++) {
        CP_NEW(ctx, ctx->scratch, *index[i], cells + 1);
        memset(*index[i], -1, cells * sizeof **index[i]);
    }
    CP_NEW(ctx, ctx->scratch, p->base, cells + 1);
    CP_NEW(ctx, ctx->scratch, p->rest, cells + 1);
    CP_NEW(ctx, ctx->scratch, p->placing, b->n_days + 1);
    CP_NEW(ctx, ctx->scratch, p->room, b->n_days + 1);
    CP_NEW(ctx, ctx->scratch, p->link, cells + (size_t)b->n_denoms + 1);
    CP_NEW(ctx, ctx->scratch, p->minus_most, cells + (size_t)b->n_denoms + 1);
    CP_NEW(ctx, ctx->scratch, p->reserve, b->n_denoms + 1);
    for (int32_t t = 0; t < b->n_days; t++) {
        p->placing[t] = cp_vault_placing_day(b->net, b->vault, t);
        if (p->placing[t] < p->first_day) p->first_day = p->placing[t];
    }
    CP_NEW(ctx, ctx->scratch, p->access, b->n_days - p->first_day + 1);
    memset(p->access, -1, (size_t)(b->n_days - p->first_day) * sizeof *p->access);
    for (int32_t d = 0; d < b->n_denoms; d++) {
        const double each = p->unit * (double)b->net->denoms[d].value_minor;
        if (each > p->value_scale) p->value_scale = each;
        p->reserve[d] = reserve_of(b, d);
    }
    return cp_mip_new(ctx, ctx->scratch, &p->mip);
}

static cp_status build(cp_ctx *ctx, const cp_vault_books *b, program *p)
{
    int32_t *cross = NULL;
    CP_TRY(new_program(ctx, b, p));
    CP_TRY(balance_rows(p));
    CP_TRY(room_rows(p));
    CP_TRY(stock_columns(p));
    const int32_t n_weeks = week_of(p, b->n_days - 1) + 1;
    CP_NEW(ctx, ctx->scratch, cross, 2 * (size_t)b->n_denoms * (size_t)n_weeks + 2);
    for (int32_t d = 0; d < b->n_denoms; d++)
        for (int32_t w = 0; w < n_weeks; w++)
            CP_TRY(cross_rows(p, d, w, &cross[2 * (d * n_weeks + w)]));
    CP_TRY(apart_rows(p));
    for (int32_t day = p->first_day; day < b->n_days; day++)
        CP_TRY(access_day(p, day, cross));
    return CP_OK;
}

cp_status cp_order_mip(cp_ctx *ctx, const cp_vault_books *books, cp_mip **out)
{
    program p;
    CP_TRY(build(ctx, books, &p));
    *out = p.mip;
    return CP_OK;
}

/* ---- value, solution, duals ------------------------------------------------------------------ */

cp_status cp_order_value(cp_ctx *ctx, const cp_vault_books *books, const cp_plan *plan,
                         double *value)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_vault_books *b = books;
    const cp_minor insured = b->net->vaults[b->vault].insured_minor;
    cp_cost cost;
    cp_minor *night = NULL;
    int64_t *usable = NULL;
    memset(&cost, 0, sizeof cost);
    CP_NEW(ctx, ctx->scratch, night, b->n_days + 1);
    CP_NEW(ctx, ctx->scratch, usable, (size_t)b->n_denoms * (size_t)b->n_days + 1);
    CP_TRY(cp_vault_cost(ctx, b, plan, &cost));
    cp_vault_books_night(b, plan, night, usable);
    *value = (double)cost.item[CP_COST_ORDERS] + (double)cost.item[CP_COST_CROSS_SHIP] +
             (double)cost.item[CP_COST_VAULT_HOLD];
    for (int32_t i = 0; i < plan->n_orders; i++)
        if (plan->orders[i].vault == b->vault && plan->orders[i].t < 0)
            *value += late_price(b) * (double)plan->orders[i].notes / unit_of(b);
    for (int32_t t = 0; t < b->n_days; t++)
        if (insured > 0 && night[t] > insured) *value += OVER_PRICE * (double)(night[t] - insured);
    for (int32_t d = 0; d < b->n_denoms; d++) {
        const int64_t left = usable[(size_t)(d + 1) * (size_t)b->n_days - 1];
        const double short_of = reserve_of(b, d) - (double)left / unit_of(b);
        if (short_of > 0.0) *value += missing_price(b, d) * short_of;
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static void put_order(const program *p, const cp_lp *lp, int32_t d, int32_t t, cp_plan *plan)
{
    const int32_t order = p->order[at_day(p, d, t)], lodge = p->lodge[at_day(p, d, t)];
    const int64_t in = order >= 0 ? llround(cp_lp_value(lp, order)) : 0;
    const int64_t back = lodge >= 0 ? llround(cp_lp_value(lp, lodge)) : 0;
    const int64_t unit = (int64_t)p->unit;
    if (in > 0)
        plan->orders[plan->n_orders++] =
            (cp_plan_order){p->b->vault, d, p->placing[t], t, in * unit};
    if (back > 0)
        plan->orders[plan->n_orders++] = (cp_plan_order){p->b->vault, d, t, t, -back * unit};
}

cp_status cp_order_mip_solve(cp_ctx *ctx, const cp_vault_books *books,
                             const cp_order_mip_opts *opts, cp_plan *plan, bool *found,
                             double *bound)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_lp_mip_opts mopts = cp_lp_mip_defaults();
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    cp_lp *lp = NULL;
    program p;
    *found = false;
    *bound = -INFINITY;
    mopts.gap = opts->gap;
    mopts.node_limit = opts->nodes;
    mopts.presolve = mopts.cuts = true;
    CP_TRY(build(ctx, books, &p));
    cp_status st = cp_lp_new(ctx, p.mip, &lp);
    if (st == CP_OK) st = cp_lp_solve_mip(lp, &mopts, &answer);
    *found = st == CP_OK && (answer == CP_LP_OPTIMAL || answer == CP_LP_FEASIBLE);
    for (int32_t t = 0; *found && t < books->n_days; t++)
        for (int32_t d = 0; d < books->n_denoms; d++)
            put_order(&p, lp, d, t, plan);
    if (*found) *bound = cp_lp_mip_bound(lp) * SCALE + p.rest_hold;
    cp_lp_free(lp);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

static bool lodges_on(const program *p, const cp_plan *plan, int32_t d, int32_t t)
{
    for (int32_t i = 0; i < plan->n_orders; i++) {
        const cp_plan_order *o = &plan->orders[i];
        if (o->vault == p->b->vault && o->denomination == d && o->due_t == t && o->notes < 0)
            return true;
    }
    return false;
}

/* Where the rule of cross-shipping decides, the plan's days of lodgements stay. */
static void keep_lodgements(program *p, const cp_plan *plan)
{
    for (int32_t d = 0; d < p->b->n_denoms; d++)
        for (int32_t t = 0; t < p->b->n_days; t++) {
            const int32_t col = p->lodges[at_day(p, d, t)];
            if (col < 0) continue;
            p->mip->col_lo[col] = p->mip->col_hi[col] = lodges_on(p, plan, d, t) ? 1.0 : 0.0;
        }
}

/* Only the days on which the plan goes to the bank stay open. */
static void keep_accesses(program *p, const cp_plan *plan)
{
    for (int32_t day = p->first_day; day < p->b->n_days; day++) {
        const int32_t col = p->access[day - p->first_day];
        bool used = false;
        for (int32_t i = 0; i < plan->n_orders; i++)
            used = used || (plan->orders[i].vault == p->b->vault && plan->orders[i].t == day);
        if (col < 0) continue;
        p->mip->col_lo[col] = p->mip->col_hi[col] = used ? 1.0 : 0.0;
    }
}

static void read_duals(const program *p, const cp_lp *lp, cp_order_duals *out)
{
    for (int32_t t = 0; t < p->b->n_days; t++) {
        if (p->room[t] >= 0)
            out->insured_minor[t] = -cp_lp_row_dual(lp, p->room[t]) * SCALE / p->value_scale;
        for (int32_t d = 0; d < p->b->n_denoms; d++) {
            const size_t at = at_day(p, d, t);
            out->note_minor[at] = -cp_lp_row_dual(lp, p->balance[at]) * SCALE / p->unit;
        }
    }
}

cp_status cp_order_duals_make(cp_ctx *ctx, const cp_vault_books *books, const cp_plan *plan,
                              cp_order_duals *out)
{
    const size_t cells = (size_t)books->n_denoms * (size_t)books->n_days;
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    cp_lp *lp = NULL;
    program p;
    CP_NEW(ctx, ctx->scratch, out->note_minor, cells + 1);
    CP_NEW(ctx, ctx->scratch, out->insured_minor, books->n_days + 1);
    CP_TRY(build(ctx, books, &p));
    keep_accesses(&p, plan);
    keep_lodgements(&p, plan);
    cp_status st = cp_lp_new(ctx, p.mip, &lp);
    if (st == CP_OK) st = cp_lp_solve(lp, &answer);
    if (st == CP_OK && answer == CP_LP_OPTIMAL) read_duals(&p, lp, out);
    cp_lp_free(lp);
    return st;
}

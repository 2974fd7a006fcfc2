/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/refill_state.h"

#include <math.h>
#include <string.h>

#include "solver/replenish/zone_stock.h"

cp_status cp_refill_state_new(cp_ctx *ctx, const cp_zone *zone, cp_refill_state **out)
{
    cp_refill_state *s = NULL;
    const size_t days = (size_t)zone->n_days, points = (size_t)zone->n_points;
    const size_t stops = (size_t)zone->n_sites * days;
    CP_NEW(ctx, ctx->run, s, 1);
    s->z = zone;
    CP_NEW(ctx, ctx->run, s->steps, points * days + 1);
    CP_NEW(ctx, ctx->run, s->n_steps, points + 1);
    CP_NEW(ctx, ctx->run, s->point_cost, points + 1);
    CP_NEW(ctx, ctx->run, s->n_at, stops + 1);
    CP_NEW(ctx, ctx->run, s->stop_cost, stops + 1);
    CP_NEW(ctx, ctx->run, s->use, zone->n_rows + 1);
    CP_NEW(ctx, ctx->run, s->node, days * CP_MAX_ALL_MODES);
    CP_NEW(ctx, ctx->run, s->stop, days);
    CP_NEW(ctx, ctx->run, s->paid, days);
    CP_NEW(ctx, ctx->run, s->value, days);
    CP_NEW(ctx, ctx->run, s->sort, days);
    CP_TRY(cp_zone_stock_prices_new(ctx, ctx->run, zone, &s->stock));
    for (int32_t p = 0; p < zone->n_points; p++)
        s->n_steps[p] = -1;
    *out = s;
    return CP_OK;
}

void cp_refill_recount(cp_refill_state *s)
{
    const cp_zone *z = s->z;
    s->total = 0;
    for (int32_t p = 0; p < z->n_points; p++)
        if (s->n_steps[p] >= 0) s->total += s->point_cost[p];
    for (int32_t i = 0; i < z->n_sites * z->n_days; i++)
        s->total += s->stop_cost[i];
    for (int32_t r = 0; r < z->n_rows; r++)
        s->total += cp_zone_row_cost(&z->row[r], s->use[r]);
}

void cp_refill_site_plan(const cp_refill_state *s, int32_t site, cp_site_plan *plan)
{
    const cp_zone *z = s->z;
    const int32_t first = z->first_point[site], n = z->first_point[site + 1] - first;
    plan->site = site;
    plan->first[0] = 0;
    for (int32_t k = 0; k < n; k++) {
        const cp_step *steps = s->steps + (size_t)(first + k) * (size_t)z->n_days;
        const int32_t n_steps = s->n_steps[first + k];
        memcpy(plan->steps + plan->first[k], steps, (size_t)n_steps * sizeof *steps);
        plan->first[k + 1] = plan->first[k] + n_steps;
    }
    plan->cost = cp_site_plan_cost(z, plan);
}

typedef struct change {
    cp_refill_state *s;
    int32_t sign;
} change;

static void apply_use(void *user, int32_t row, int64_t amount)
{
    const change *c = user;
    cp_refill_state *s = c->s;
    s->total -= cp_zone_row_cost(&s->z->row[row], s->use[row]);
    s->use[row] += c->sign * amount;
    s->total += cp_zone_row_cost(&s->z->row[row], s->use[row]);
}

/* Greatest share of the stop of (site, t) among the machines that are in, without `except`. */
static void stop_share(const cp_refill_state *s, int32_t site, int32_t t, int32_t except,
                       int64_t *num, int64_t *den)
{
    const cp_zone *z = s->z;
    *num = 0;
    *den = 1;
    if (s->n_at[site * z->n_days + t] == 0) return;
    for (int32_t p = z->first_point[site]; p < z->first_point[site + 1]; p++) {
        if (p == except) continue;
        const cp_step *steps = s->steps + (size_t)p * (size_t)z->n_days;
        for (int32_t i = 0; i < s->n_steps[p]; i++) {
            int64_t n = 0, d = 1;
            if (steps[i].t != t) continue;
            cp_step_share(z->arcs[p], &steps[i], &n, &d);
            if (n * *den > *num * d) {
                *num = n;
                *den = d;
            }
            break;
        }
    }
}

static void refresh_stop(cp_refill_state *s, int32_t site, int32_t t)
{
    const int32_t at = site * s->z->n_days + t;
    int64_t num = 0, den = 1;
    stop_share(s, site, t, -1, &num, &den);
    s->total -= s->stop_cost[at];
    s->stop_cost[at] = num > 0 ? cp_mul_div(s->z->site_stop[at], num, den) : 0;
    s->total += s->stop_cost[at];
}

/* Count the point's visits in (+1) or out (-1) of its site's stops. */
static void count_stops(cp_refill_state *s, int32_t p, int32_t sign)
{
    const cp_zone *z = s->z;
    const int32_t site = z->site_of[p];
    const cp_step *steps = s->steps + (size_t)p * (size_t)z->n_days;
    change c = {s, sign};
    for (int32_t i = 0; i < s->n_steps[p]; i++) {
        const int32_t t = steps[i].t, at = site * z->n_days + t;
        if (steps[i].mode == z->arcs[p]->branch_mode) continue; /* no car comes */
        const bool turns = sign > 0 ? s->n_at[at] == 0 : s->n_at[at] == 1;
        s->n_at[at] += sign;
        if (turns) cp_zone_stop_uses(z, site, t, apply_use, &c);
    }
}

void cp_refill_take_out(cp_refill_state *s, int32_t zone_point)
{
    const cp_zone *z = s->z;
    const cp_step *steps = s->steps + (size_t)zone_point * (size_t)z->n_days;
    const int32_t n = s->n_steps[zone_point];
    change c = {s, -1};
    if (n < 0) return;
    s->total -= s->point_cost[zone_point];
    cp_zone_point_uses(z, zone_point, steps, n, apply_use, &c);
    count_stops(s, zone_point, -1);
    s->n_steps[zone_point] = -1;
    for (int32_t i = 0; i < n; i++)
        refresh_stop(s, z->site_of[zone_point], steps[i].t);
}

void cp_refill_put_in(cp_refill_state *s, int32_t zone_point, const cp_step *steps, int32_t n_steps)
{
    const cp_zone *z = s->z;
    cp_step *own = s->steps + (size_t)zone_point * (size_t)z->n_days;
    change c = {s, 1};
    memmove(own, steps, (size_t)n_steps * sizeof *own);
    s->n_steps[zone_point] = n_steps;
    s->point_cost[zone_point] = cp_steps_cost(z->arcs[zone_point], own, n_steps);
    s->total += s->point_cost[zone_point];
    cp_zone_point_uses(z, zone_point, own, n_steps, apply_use, &c);
    count_stops(s, zone_point, 1);
    for (int32_t i = 0; i < n_steps; i++)
        refresh_stop(s, z->site_of[zone_point], own[i].t);
}

/* ---- re-plan -----------------------------------------------------------------------------------
 */

static cp_use_price left_of(const cp_refill_state *s, int32_t row)
{
    cp_use_price p = {0};
    if (row < 0) return p;
    const cp_zone_row *r = &s->z->row[row];
    if (s->row_price) p.slope = s->guide * s->row_price[row];
    p.slack = (double)(r->cap - s->use[row]);
    p.extra = (double)r->extra_cap;
    p.p1 = cp_zone_extra_price(r);
    p.p2 = (double)r->relief_minor;
    p.second = (double)r->second_cap;
    p.p_second = cp_zone_second_price(r);
    return p;
}

static double price_of(const cp_refill_state *s, int32_t row, double amount)
{
    const cp_use_price p = left_of(s, row);
    return cp_use_cost(&p, amount);
}

static double set_price(const cp_refill_state *s, int32_t p, int32_t mode, int32_t t)
{
    const cp_zone *z = s->z;
    const cp_set_part *set = NULL;
    const int32_t n = cp_zone_set(z, p, mode, &set);
    double price = 0.0;
    for (int32_t k = 0; k < n; k++) {
        const cp_set_part *part = &set[k];
        price += price_of(s, z->pack_row[t], part->n);
        for (int32_t u = t; u < z->n_days && u < t + z->lead_days; u++)
            price += price_of(s, z->pool_row[part->model * z->n_days + u], part->n);
    }
    return price;
}

static void price_days(cp_refill_state *s, int32_t p)
{
    const cp_zone *z = s->z;
    const cp_arcs *a = z->arcs[p];
    const int32_t site = z->site_of[p];
    for (int32_t t = 0; t < z->n_days; t++) {
        const int32_t at = site * z->n_days + t;
        const bool there = s->n_at[at] > 0;
        int64_t num = 0, den = 1;
        stop_share(s, site, t, p, &num, &den);
        s->paid[t] = (double)num / (double)den;
        s->stop[t] = (double)z->site_stop[at];
        s->value[t] = left_of(s, z->value_row[t]);
        s->sort[t] = left_of(s, z->sort_row[t]);
        const double stop = there ? 0.0 : price_of(s, z->stops_row[t], 1.0);
        for (int32_t m = 0; m < a->n_all_modes; m++)
            s->node[m * z->n_days + t] =
                m == a->branch_mode
                    ? 0.0
                    : stop + set_price(s, p, m, t) +
                          price_of(s, z->crew_row[t],
                                   a->mode[m].service_min + (there ? 0 : z->site_min[at]));
    }
}

cp_status cp_refill_replan(cp_ctx *ctx, cp_refill_state *s, int32_t zone_point)
{
    const cp_zone *z = s->z;
    if (z->n_stock_days > 0) {
        cp_zone_stock_slopes(z, zone_point, s->row_price, s->guide, &s->stock);
        cp_zone_stock_left(z, zone_point, s->use, &s->stock);
    }
    const cp_point_prices prices = {s->node,  s->stop, s->paid,
                                    s->value, s->sort, s->stock.n_days > 0 ? &s->stock : NULL};
    cp_step *own = s->steps + (size_t)zone_point * (size_t)z->n_days;
    double cost = 0.0;
    int32_t n = 0;
    price_days(s, zone_point);
    CP_TRY(cp_point_price(ctx, z->arcs[zone_point], &prices, &cost, own, &n));
    if (!isfinite(cost))
        CP_FAIL(ctx, CP_E_SOLVER, "point %s has no plan: no allowed visit day reaches its limits",
                z->net->points[z->point[zone_point]].code);
    cp_refill_put_in(s, zone_point, own, n);
    return CP_OK;
}

cp_status cp_refill_improve_point(cp_ctx *ctx, cp_refill_state *s, int32_t zone_point)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_step *own = s->steps + (size_t)zone_point * (size_t)s->z->n_days;
    const int32_t n = s->n_steps[zone_point];
    const cp_minor before = s->total;
    cp_step *kept = NULL;
    CP_NEW(ctx, ctx->scratch, kept, s->z->n_days);
    memcpy(kept, own, (size_t)n * sizeof *kept);
    cp_refill_take_out(s, zone_point);
    CP_TRY(cp_refill_replan(ctx, s, zone_point));
    if (s->total > before) {
        cp_refill_take_out(s, zone_point);
        cp_refill_put_in(s, zone_point, kept, n);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

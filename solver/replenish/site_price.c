/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/site_price.h"

#include <math.h>
#include <string.h>

#include "solver/replenish/site_exact.h"
#include "solver/replenish/zone_stock.h"

#define ROUNDS_A_PLAN                                                                              \
    8 /* of the subgradient, from one look for a better joint plan to the next                     \
       */

/* One machine's current plan while its site is priced. */
typedef struct machine {
    int32_t zp; /* zone point */
    cp_step *steps;
    int32_t n_steps;
    double own;            /* cost of that plan at the prices, without stops */
    double *share;         /* [t]: share of the stop its plan pays */
    double *node;          /* [mode * T + t]: price of its own uses */
    cp_use_price *value;   /* [t]: of the value its visits carry out */
    cp_stock_prices stock; /* of the notes they carry out in the first days */
    cp_site_graph graph;   /* of its plans, at a site with others */
    double *paid;          /* [t]: shares that others paid when it was last planned among them */
    cp_step *best;         /* its part of the best joint plan so far */
    int32_t n_best;
} machine;

typedef struct pricing {
    cp_ctx *ctx;
    const cp_site_ask *ask;
    const cp_zone *z;
    int32_t n, n_days;
    machine *m;
    double *full;         /* [t] price of the stop charged in full: its rows */
    double *stop;         /* [t] price charged at the share: its cost */
    double *fixed, *each; /* [t]: what one machine is charged (cp_stop_charge) */
    cp_use_price *sort;
} pricing;

static double price_of(const pricing *p, int32_t row)
{
    return row >= 0 ? p->ask->row_price[row] : 0.0;
}

static double set_price(const pricing *p, int32_t zp, int32_t mode, int32_t t)
{
    const cp_zone *z = p->z;
    const cp_set_part *part = NULL;
    const int32_t n = cp_zone_set(z, zp, mode, &part);
    double price = 0.0;
    for (int32_t k = 0; k < n; k++) {
        double each = price_of(p, z->pack_row[t]);
        for (int32_t u = t; u < p->n_days && u < t + z->lead_days; u++)
            each += price_of(p, z->pool_row[part[k].model * p->n_days + u]);
        price += part[k].n * each;
    }
    return price;
}

/* What the fixings at `at` (point of the site * n_days + t) charge for a visit by a mode. */
static double fixed_price(const pricing *p, int32_t at, int32_t mode)
{
    const cp_site_ask *ask = p->ask;
    const bool barred = ask->barred && (ask->barred[at] >> mode & 1) != 0;
    return (ask->visit_price ? ask->visit_price[at] : 0.0) + (barred ? ask->barred_price : 0.0);
}

static void own_prices(pricing *p, machine *m)
{
    const cp_zone *z = p->z;
    const cp_arcs *a = z->arcs[m->zp];
    const int32_t first = (m->zp - z->first_point[p->ask->site]) * p->n_days;
    for (int32_t t = 0; t < p->n_days; t++) {
        m->value[t].slope = price_of(p, z->value_row[t]);
        if (p->ask->value) m->value[t] = p->ask->value[first + t];
        for (int32_t k = 0; k < a->n_all_modes; k++)
            m->node[k * p->n_days + t] = price_of(p, z->crew_row[t]) * a->mode[k].service_min +
                                         set_price(p, m->zp, k, t) + fixed_price(p, first + t, k);
    }
}

static void bound_notes(const cp_site_ask *ask, int32_t k, cp_stock_prices *stock)
{
    if (ask->notes == NULL) return;
    stock->n_days = ask->zone->n_stock_days;
    stock->range = ask->notes + (size_t)k * (size_t)stock->n_days * CP_MAX_CHANNELS;
    stock->range_price = ask->notes_price;
}

static const cp_stock_prices *stock_prices(const machine *m)
{
    return m->stock.n_days > 0 ? &m->stock : NULL;
}

static cp_status start(cp_ctx *ctx, const cp_site_ask *ask, pricing *p)
{
    const cp_zone *z = ask->zone;
    const size_t days = (size_t)z->n_days;
    memset(p, 0, sizeof *p);
    p->ctx = ctx;
    p->ask = ask;
    p->z = z;
    p->n_days = z->n_days;
    p->n = z->first_point[ask->site + 1] - z->first_point[ask->site];
    CP_NEW(ctx, ctx->scratch, p->m, p->n);
    CP_NEW(ctx, ctx->scratch, p->full, days);
    CP_NEW(ctx, ctx->scratch, p->stop, days);
    CP_NEW(ctx, ctx->scratch, p->fixed, days);
    CP_NEW(ctx, ctx->scratch, p->each, days);
    CP_NEW(ctx, ctx->scratch, p->sort, days);
    for (int32_t t = 0; t < z->n_days; t++) {
        const int32_t at = ask->site * z->n_days + t;
        p->stop[t] = (double)z->site_stop[at];
        p->full[t] = price_of(p, z->stops_row[t]) + price_of(p, z->crew_row[t]) * z->site_min[at];
        p->sort[t].slope = price_of(p, z->sort_row[t]);
    }
    for (int32_t k = 0; k < p->n; k++) {
        machine *m = &p->m[k];
        m->zp = z->first_point[ask->site] + k;
        CP_NEW(ctx, ctx->scratch, m->steps, days);
        CP_NEW(ctx, ctx->scratch, m->best, days);
        CP_NEW(ctx, ctx->scratch, m->share, days);
        CP_NEW(ctx, ctx->scratch, m->paid, days);
        CP_NEW(ctx, ctx->scratch, m->node, days * (size_t)z->arcs[m->zp]->n_all_modes);
        CP_NEW(ctx, ctx->scratch, m->value, days);
        CP_TRY(cp_zone_stock_prices_new(ctx, ctx->scratch, z, &m->stock));
        cp_zone_stock_slopes(z, m->zp, ask->row_price, 1.0, &m->stock);
        bound_notes(ask, k, &m->stock);
        own_prices(p, m);
        if (p->n == 1) continue;
        const cp_graph_prices prices = {m->node, m->value, p->sort, stock_prices(m)};
        CP_TRY(cp_site_graph_make(ctx, z->arcs[m->zp], &prices, &m->graph));
    }
    return CP_OK;
}

/* The cheapest plan of the only machine of a site, with the whole stop to pay. */
static cp_status plan_alone(pricing *p, double *cost)
{
    machine *m = &p->m[0];
    const cp_arcs *a = p->z->arcs[m->zp];
    for (int32_t mode = 0; mode < a->n_all_modes; mode++)
        for (int32_t t = 0; mode != a->branch_mode && t < p->n_days; t++)
            m->node[mode * p->n_days + t] += p->full[t];
    const cp_point_prices prices = {m->node, p->stop, NULL, m->value, p->sort, stock_prices(m)};
    CP_TRY(cp_point_price(p->ctx, a, &prices, cost, m->best, &m->n_best));
    return CP_OK;
}

/* The cheapest plan of a machine that is charged so for the stops; returns its cost with them. */
static double plan_machine(pricing *p, int32_t k, const double *paid)
{
    machine *m = &p->m[k];
    const cp_stop_charge charge = {p->fixed, p->each, paid};
    int32_t first = -1;
    const double cost = cp_site_graph_pass(&m->graph, &charge, &first);
    m->own = cp_site_graph_read(&m->graph, first, m->steps, &m->n_steps, m->share);
    return cost;
}

/* ... paying its part by the division. */
static double plan_divided(pricing *p, int32_t k, const double *part)
{
    for (int32_t t = 0; t < p->n_days; t++) {
        p->fixed[t] = part[t] * p->full[t];
        p->each[t] = part[t] * p->stop[t];
    }
    return plan_machine(p, k, NULL);
}

/* ... paying what the others leave. */
static void plan_among(pricing *p, int32_t k, const double *paid)
{
    for (int32_t t = 0; t < p->n_days; t++) {
        p->fixed[t] = paid[t] > 0.0 ? 0.0 : p->full[t];
        p->each[t] = p->stop[t];
    }
    (void)plan_machine(p, k, paid);
}

static double greatest_share(const pricing *p, int32_t t, int32_t except)
{
    double most = 0.0;
    for (int32_t k = 0; k < p->n; k++)
        if (k != except && p->m[k].share[t] > most) most = p->m[k].share[t];
    return most;
}

/* Price of the joint plan the machines hold now. */
static double joint_cost(const pricing *p)
{
    double cost = 0.0;
    for (int32_t k = 0; k < p->n; k++)
        cost += p->m[k].own;
    for (int32_t t = 0; t < p->n_days; t++) {
        const double share = greatest_share(p, t, -1);
        if (share > 0.0) cost += p->full[t] + p->stop[t] * share;
    }
    return cost;
}

/* Re-plan one machine at a time, the stops of the others being paid, until nothing falls. A machine
 * for which the others pay what they paid before has its plan already. */
static cp_status descend(pricing *p, double *cost)
{
    const size_t days = (size_t)p->n_days;
    double *paid = NULL;
    CP_NEW(p->ctx, p->ctx->scratch, paid, days);
    *cost = joint_cost(p);
    for (int32_t pass = 0; pass < 4; pass++) {
        bool any = false;
        for (int32_t k = 0; k < p->n; k++) {
            for (int32_t t = 0; t < p->n_days; t++)
                paid[t] = greatest_share(p, t, k);
            if (pass > 0 && memcmp(paid, p->m[k].paid, days * sizeof *paid) == 0) continue;
            memcpy(p->m[k].paid, paid, days * sizeof *paid);
            plan_among(p, k, paid);
            any = true;
        }
        if (!any) break;
        const double now = joint_cost(p);
        if (now >= *cost - 0.5) { /* less than half a minor unit is no gain */
            if (now < *cost) *cost = now;
            break;
        }
        *cost = now;
    }
    return CP_OK;
}

static void keep_plan(pricing *p)
{
    for (int32_t k = 0; k < p->n; k++) {
        machine *m = &p->m[k];
        memcpy(m->best, m->steps, (size_t)m->n_steps * sizeof *m->steps);
        m->n_best = m->n_steps;
    }
}

/* The best plan found goes to the caller. */
static cp_status save_plan(pricing *p, cp_site_plan *plan)
{
    int32_t n = 0;
    for (int32_t k = 0; k < p->n; k++)
        n += p->m[k].n_best;
    plan->site = p->ask->site;
    CP_NEW(p->ctx, p->ctx->run, plan->first, p->n + 1);
    CP_NEW(p->ctx, p->ctx->run, plan->steps, n);
    n = 0;
    plan->cost = 0;
    for (int32_t k = 0; k < p->n; k++) {
        const machine *m = &p->m[k];
        plan->first[k] = n;
        memcpy(plan->steps + n, m->best, (size_t)m->n_best * sizeof *m->best);
        plan->cost += cp_steps_cost(p->z->arcs[m->zp], m->best, m->n_best);
        n += m->n_best;
    }
    plan->first[p->n] = n;
    plan->cost += cp_site_stop_cost(p->z, p->ask->site, plan);
    return CP_OK;
}

/* Shift each day's division towards the machines that use the stop more than the mean does. */
static void shift_division(const pricing *p, double *division, double gap)
{
    double norm = 0.0;
    for (int32_t t = 0; t < p->n_days; t++) {
        double mean = 0.0;
        for (int32_t k = 0; k < p->n; k++)
            mean += p->m[k].share[t] / p->n;
        for (int32_t k = 0; k < p->n; k++) {
            const double g = (p->m[k].share[t] - mean) * (p->stop[t] + p->full[t]);
            norm += g * g;
        }
    }
    if (norm <= 0.0) return;
    for (int32_t t = 0; t < p->n_days; t++) {
        double mean = 0.0, sum = 0.0;
        for (int32_t k = 0; k < p->n; k++)
            mean += p->m[k].share[t] / p->n;
        for (int32_t k = 0; k < p->n; k++) {
            double *d = &division[k * p->n_days + t];
            *d += gap / norm * (p->m[k].share[t] - mean) * (p->stop[t] + p->full[t]);
            if (*d < 0.0) *d = 0.0;
            sum += *d;
        }
        for (int32_t k = 0; k < p->n; k++)
            division[k * p->n_days + t] =
                sum > 0.0 ? division[k * p->n_days + t] / sum : 1.0 / p->n;
    }
}

/* Prove the plan at hand or find the best. */
static cp_status close_gap(pricing *p, const double *division, int32_t most_labels, double *reduced,
                           double *bound)
{
    const size_t days = (size_t)p->n_days;
    const cp_arena_mark mark = cp_arena_here(p->ctx->scratch);
    cp_site_machine *m = NULL;
    double proved = 0.0;
    bool better = false;
    CP_NEW(p->ctx, p->ctx->scratch, m, p->n);
    for (int32_t k = 0; k < p->n; k++)
        m[k] = (cp_site_machine){&p->m[k].graph, division + (size_t)k * days, p->m[k].steps, 0};
    const cp_site_known nothing = {INFINITY, -INFINITY};
    const cp_site_known *known = p->ask->known ? p->ask->known : &nothing;
    const cp_site_joint joint = {p->n,         p->n_days,  m,
                                 p->full,      p->stop,    fmin(*reduced, known->reduced),
                                 known->bound, most_labels};
    CP_TRY(cp_site_exact(p->ctx, &joint, &proved, &better, reduced));
    if (proved > *bound) *bound = proved;
    for (int32_t k = 0; better && k < p->n; k++)
        p->m[k].n_steps = m[k].n_steps;
    if (better) keep_plan(p);
    cp_arena_rewind(p->ctx->scratch, mark);
    return CP_OK;
}

/* Rounds of the subgradient, from which bound and plan come, then the exact search. */
static cp_status try_harder(pricing *p, const cp_site_effort *effort, double *division,
                            double *reduced, double *bound)
{
    for (int32_t round = 0; round < effort->rounds; round++) {
        double lower = 0.0, cost = INFINITY;
        for (int32_t k = 0; k < p->n; k++)
            lower += plan_divided(p, k, division + k * p->n_days);
        if (lower > *bound) *bound = lower;
        /* The shares for the subgradient are those of the divided problem. */
        const double gap = *reduced - lower;
        if (isfinite(gap) && gap > 0.0) shift_division(p, division, gap);
        if (round % ROUNDS_A_PLAN == 0) CP_TRY(descend(p, &cost));
        if (cost < *reduced - 0.5 || !isfinite(*reduced)) {
            *reduced = cost;
            keep_plan(p);
        }
        if (*reduced - *bound < 1.0) return CP_OK;
    }
    return effort->labels > 0 ? close_gap(p, division, effort->labels, reduced, bound) : CP_OK;
}

static cp_status price_joint(pricing *p, double *division, double *reduced, double *bound)
{
    const cp_site_ask *ask = p->ask;
    for (int32_t e = 0; e < ask->n_efforts; e++) {
        if (e > 0 && *reduced - *bound <= fmax(ask->close_to, 1.0)) break;
        CP_TRY(try_harder(p, &ask->effort[e], division, reduced, bound));
    }
    return CP_OK;
}

cp_status cp_site_price(cp_ctx *ctx, const cp_site_ask *ask, double *division, cp_site_plan *plan,
                        double *reduced, double *bound)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    pricing p;
    CP_TRY(start(ctx, ask, &p));
    *bound = -INFINITY;
    *reduced = INFINITY;
    if (p.n > 1) {
        CP_TRY(price_joint(&p, division, reduced, bound));
    } else {
        CP_TRY(plan_alone(&p, reduced));
        *bound = *reduced;
    }
    CP_TRY(save_plan(&p, plan));
    *bound -= CP_SHARE_ROUNDING * p.n;
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_minor cp_site_stop_cost(const cp_zone *zone, int32_t site, const cp_site_plan *plan)
{
    const int32_t n_points = zone->first_point[site + 1] - zone->first_point[site];
    cp_minor cost = 0;
    for (int32_t t = 0; t < zone->n_days; t++) {
        int64_t num = 0, den = 1;
        for (int32_t k = 0; k < n_points; k++) {
            const cp_arcs *a = zone->arcs[zone->first_point[site] + k];
            for (int32_t i = plan->first[k]; i < plan->first[k + 1]; i++) {
                int64_t n = 0, d = 1;
                if (plan->steps[i].t != t) continue;
                cp_step_share(a, &plan->steps[i], &n, &d);
                if (n * den > num * d) {
                    num = n;
                    den = d;
                }
            }
        }
        if (num > 0) cost += cp_mul_div(zone->site_stop[site * zone->n_days + t], num, den);
    }
    return cost;
}

/* Does any visit of the plan on t need a car? Those by the branch's own staff do not. */
static bool car_comes(const cp_zone *z, const cp_site_plan *plan, int32_t t)
{
    const int32_t first = z->first_point[plan->site];
    for (int32_t k = 0; first + k < z->first_point[plan->site + 1]; k++)
        for (int32_t i = plan->first[k]; i < plan->first[k + 1]; i++)
            if (plan->steps[i].t == t && plan->steps[i].mode != z->arcs[first + k]->branch_mode)
                return true;
    return false;
}

void cp_site_plan_uses(const cp_zone *zone, const cp_site_plan *plan, cp_use_fn *fn, void *user)
{
    const int32_t first = zone->first_point[plan->site];
    for (int32_t k = 0; first + k < zone->first_point[plan->site + 1]; k++)
        cp_zone_point_uses(zone, first + k, plan->steps + plan->first[k],
                           plan->first[k + 1] - plan->first[k], fn, user);
    for (int32_t t = 0; t < zone->n_days; t++)
        if (car_comes(zone, plan, t)) cp_zone_stop_uses(zone, plan->site, t, fn, user);
}

cp_minor cp_site_plan_cost(const cp_zone *zone, const cp_site_plan *plan)
{
    const int32_t first = zone->first_point[plan->site];
    cp_minor cost = cp_site_stop_cost(zone, plan->site, plan);
    for (int32_t k = 0; first + k < zone->first_point[plan->site + 1]; k++)
        cost += cp_steps_cost(zone->arcs[first + k], plan->steps + plan->first[k],
                              plan->first[k + 1] - plan->first[k]);
    return cost;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/stop_prices.h"

#include <string.h>

#define DAYS_BETWEEN_VISITS 7 /* a first guess only: the next round knows the real number */

static cp_status new_prices(cp_ctx *ctx, const cp_network *net, cp_stop_prices *out)
{
    const size_t cells = (size_t)net->n_sites * (size_t)net->n_days;
    out->n_sites = net->n_sites;
    out->n_days = net->n_days;
    CP_NEW(ctx, ctx->run, out->price_minor, cells + 1);
    CP_NEW(ctx, ctx->run, out->drive_min, cells + 1);
    CP_NEW(ctx, ctx->run, out->crew_fixed_min, (size_t)net->n_vaults * (size_t)net->n_days + 1);
    return CP_OK;
}

cp_status cp_stop_prices_first(cp_ctx *ctx, const cp_network *net, cp_stop_prices *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    int32_t *stops = NULL, *drive_s = NULL;
    cp_minor *price = NULL;
    CP_TRY(new_prices(ctx, net, out));
    CP_NEW(ctx, ctx->scratch, stops, net->n_vaults + 1);
    CP_NEW(ctx, ctx->scratch, drive_s, net->n_sites + 1);
    CP_NEW(ctx, ctx->scratch, price, net->n_sites + 1);
    for (int32_t i = 0; i < net->n_sites; i++)
        if (net->sites[i].vault >= 0) stops[net->sites[i].vault]++;
    for (int32_t v = 0; v < net->n_vaults; v++)
        stops[v] = (stops[v] + DAYS_BETWEEN_VISITS - 1) / DAYS_BETWEEN_VISITS;
    CP_TRY(cp_route_estimate(ctx, net, stops, drive_s, price));
    for (int32_t i = 0; i < net->n_sites; i++)
        for (int32_t t = 0; t < net->n_days; t++) {
            const size_t at = (size_t)i * (size_t)net->n_days + (size_t)t;
            const int32_t given = net->settings.stop_drive_min;
            out->drive_min[at] = given > 0 ? given : (drive_s[i] + 59) / 60;
            out->price_minor[at] = price[i] > 0 ? price[i] : 0;
        }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* Means of the removal savings; prices half and half with what was thought before. Minutes need no
 * damping: the fixed part of the day makes up for them. */
static void learn_savings(const cp_network *net, const cp_stop_prices *before,
                          const cp_day_routes *routes, cp_stop_prices *out)
{
    for (int32_t i = 0; i < net->n_sites; i++) {
        const size_t row = (size_t)i * (size_t)net->n_days;
        int64_t sum_minor = 0, sum_s = 0, n = 0;
        for (int32_t t = 0; t < net->n_days; t++) {
            if (routes->removal_minor[row + (size_t)t] < 0) continue;
            sum_minor += routes->removal_minor[row + (size_t)t];
            sum_s += routes->removal_drive_s[row + (size_t)t];
            n++;
        }
        for (int32_t t = 0; t < net->n_days; t++) {
            const size_t at = row + (size_t)t;
            out->price_minor[at] = before->price_minor[at];
            out->drive_min[at] = before->drive_min[at];
            if (n == 0) continue;
            out->price_minor[at] = (before->price_minor[at] + sum_minor / n) / 2;
            out->drive_min[at] = (int32_t)((sum_s / n + 30) / 60);
        }
    }
}

/* Minutes of every vault-day's stops as they will be planned: driving and service. */
static void add_stops(const cp_network *net, const cp_plan *plan, const int32_t *drive_min,
                      int64_t *minutes)
{
    const cp_plan_visit *last = NULL; /* by a crew */
    for (int32_t i = 0; i < plan->n_visits; i++) {
        const cp_plan_visit *visit = &plan->visits[i];
        const cp_point *p = &net->points[visit->point];
        const cp_site *site = &net->sites[p->site];
        if (site->vault < 0 || visit->by_branch) continue;
        int64_t *sum = &minutes[(size_t)site->vault * (size_t)net->n_days + (size_t)visit->t];
        *sum += cp_visit_service_min(net, visit);
        const bool same = last && last->t == visit->t && net->points[last->point].site == p->site;
        last = visit;
        if (same) continue;
        *sum +=
            site->service_min + drive_min[(size_t)p->site * (size_t)net->n_days + (size_t)visit->t];
    }
}

static cp_status learn_fixed_part(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                                  const int64_t *crew_min, cp_stop_prices *out)
{
    const size_t cells = (size_t)net->n_vaults * (size_t)net->n_days;
    int64_t *stops = NULL;
    CP_NEW(ctx, ctx->scratch, stops, cells + 1);
    add_stops(net, plan, out->drive_min, stops);
    for (size_t i = 0; i < cells; i++) {
        const int64_t took = crew_min[i];
        out->crew_fixed_min[i] = (int32_t)(took > stops[i] ? took - stops[i] : 0);
    }
    return CP_OK;
}

cp_status cp_stop_prices_of_routes(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                                   cp_stop_prices *prices)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const size_t cells = (size_t)net->n_vaults * (size_t)net->n_days;
    int64_t *crew_min = NULL;
    *prices = plan->prices;
    if (prices->drive_min == NULL) return CP_OK;
    CP_NEW(ctx, ctx->run, prices->crew_fixed_min, cells + 1);
    CP_NEW(ctx, ctx->scratch, crew_min, cells + 1);
    for (int32_t i = 0; i < plan->n_routes; i++) {
        const cp_plan_route *r = &plan->routes[i];
        crew_min[(size_t)r->vault * (size_t)net->n_days + (size_t)r->t] += cp_route_crew_min(r);
    }
    CP_TRY(learn_fixed_part(ctx, net, plan, crew_min, prices));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_stop_prices_next(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                              const cp_day_routes *routes, cp_stop_prices *prices)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_stop_prices before = *prices;
    CP_TRY(new_prices(ctx, net, prices));
    learn_savings(net, &before, routes, prices);
    CP_TRY(learn_fixed_part(ctx, net, plan, routes->crew_min, prices));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_stop_prices_tighten(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                                 const cp_day_routes *routes, double margin, bool *over,
                                 cp_stop_prices *prices, int32_t *n)
{
    const size_t days = (size_t)plan->n_days;
    int32_t *fixed = NULL;
    *n = 0;
    CP_NEW(ctx, ctx->run, fixed, (size_t)net->n_vaults * days + 1);
    for (int32_t v = 0; v < net->n_vaults; v++) {
        const int32_t cap = net->vaults[v].crew_min_per_day;
        over[v] = false;
        for (size_t i = (size_t)v * days; i < ((size_t)v + 1) * days; i++) {
            fixed[i] = prices->crew_fixed_min ? prices->crew_fixed_min[i] : 0;
            if (cap <= 0 || routes->crew_min[i] <= cap) continue;
            fixed[i] += (int32_t)(routes->crew_min[i] - cap) + (int32_t)(margin * cap) + 1;
            over[v] = true;
            (*n)++;
        }
    }
    if (*n > 0) prices->crew_fixed_min = fixed;
    return CP_OK;
}

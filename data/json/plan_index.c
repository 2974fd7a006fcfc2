/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/plan_index.h"

/* First visit that is not before (t, point); visits are sorted by (t, point). */
static int32_t lower(const cp_plan *plan, int32_t t, int32_t point)
{
    int32_t lo = 0, hi = plan->n_visits;
    while (lo < hi) {
        const int32_t mid = lo + (hi - lo) / 2;
        const cp_plan_visit *v = &plan->visits[mid];
        if (v->t < t || (v->t == t && v->point < point))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static cp_status index_stop(cp_ctx *ctx, const cp_network *net, const cp_plan *plan, int32_t route,
                            int32_t stop, cp_plan_index *out)
{
    const cp_site *site = &net->sites[plan->stops[stop].site];
    const int32_t t = plan->routes[route].t;
    const int32_t first = lower(plan, t, site->first_point);
    const int32_t end = lower(plan, t, site->first_point + site->n_points);
    char day[16];
    if (first == end)
        CP_FAIL(ctx, CP_E_INPUT, "site %s is a stop on %s without any visit", site->code,
                cp_day_text(plan->first_day + t, day));
    out->stop_route[stop] = route;
    out->stop_visit[stop] = first;
    out->stop_n[stop] = end - first;
    for (int32_t v = first; v < end; v++) {
        if (plan->visits[v].by_branch) continue;
        if (out->visit_stop[v] >= 0)
            CP_FAIL(ctx, CP_E_INPUT, "site %s is a stop of two routes on %s", site->code,
                    cp_day_text(plan->first_day + t, day));
        out->visit_stop[v] = stop;
    }
    return CP_OK;
}

cp_status cp_plan_index_make(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                             cp_plan_index *out)
{
    CP_NEW(ctx, ctx->run, out->visit_stop, plan->n_visits);
    CP_NEW(ctx, ctx->run, out->stop_route, plan->n_stops);
    CP_NEW(ctx, ctx->run, out->stop_visit, plan->n_stops);
    CP_NEW(ctx, ctx->run, out->stop_n, plan->n_stops);
    for (int32_t v = 0; v < plan->n_visits; v++)
        out->visit_stop[v] = -1;
    for (int32_t r = 0; r < plan->n_routes; r++)
        for (int32_t k = 0; k < plan->routes[r].n_stops; k++)
            CP_TRY(index_stop(ctx, net, plan, r, plan->routes[r].first_stop + k, out));
    return CP_OK;
}

int32_t cp_trip_departure(const cp_network *net, const cp_plan *plan, const cp_plan_route *route,
                          int32_t first)
{
    const cp_plan_stop *stop = &plan->stops[first];
    if (first == route->first_stop) return route->depart_min;
    if (net->cars[route->car].open_route) return stop->arrive_min;
    const int32_t seconds = cp_travel_s(net, net->n_sites + route->vault, stop->site);
    return stop->arrive_min - (seconds > 0 ? (seconds + 59) / 60 : 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_form.c - does the plan name only what exists, sorted and unique? */
#include "models/plan/plan_check_part.h"

static bool inside(int32_t i, int32_t n)
{
    return i >= 0 && i < n;
}

static bool loads_fit(const cp_check *check, const cp_plan_visit *visit)
{
    const cp_point *p = &check->net->points[visit->point];
    if (visit->n_loads != p->n_channels || visit->first_load < 0 ||
        visit->first_load > check->plan->n_loads - visit->n_loads)
        return false;
    for (int32_t k = 0; k < visit->n_loads; k++)
        if (check->plan->loads[visit->first_load + k].channel != p->first_channel + k) return false;
    return true;
}

static cp_status check_visit(cp_check *check, int32_t i)
{
    const cp_plan_visit *v = &check->plan->visits[i];
    const cp_check_at at = cp_at_visit(v);
    if (!inside(v->point, check->net->n_points) || !inside(v->t, check->plan->n_days))
        return cp_check_say(check, "form", cp_at_day(-1),
                            "visit %d names point %d on day %d, which do not exist", (int)i,
                            (int)v->point, (int)v->t);
    if (i > 0) {
        const cp_plan_visit *b = v - 1;
        if (b->t > v->t || (b->t == v->t && b->point >= v->point))
            return cp_check_say(check, "form", at,
                                "visits are not sorted by day and point, or "
                                "there are two");
    }
    if ((int)v->kind < 0 || v->kind >= CP_N_VISIT_KINDS)
        return cp_check_say(check, "form", at, "there is no kind of visit %d", (int)v->kind);
    const int32_t n_mixes = check->net->points[v->point].n_mixes;
    if (!inside(v->mix, v->kind == CP_VISIT_SWAP && n_mixes > 0 ? n_mixes : 1))
        return cp_check_say(check, "form", at, "the machine has no mix %d of denominations",
                            (int)v->mix);
    if (!loads_fit(check, v))
        return cp_check_say(check, "form", at,
                            "the visit must have one load per channel, in order");
    return CP_OK;
}

static cp_status check_route(cp_check *check, int32_t i)
{
    const cp_plan *plan = check->plan;
    const cp_network *net = check->net;
    const cp_plan_route *r = &plan->routes[i];
    if (!inside(r->t, plan->n_days) || !inside(r->vault, net->n_vaults) ||
        !inside(r->car, net->n_cars))
        return cp_check_say(check, "form", cp_at_day(-1),
                            "route %d names vault %d, car %d, day %d, which do not exist", (int)i,
                            (int)r->vault, (int)r->car, (int)r->t);
    if (i > 0) {
        const cp_plan_route *b = r - 1;
        const bool sorted = b->t != r->t           ? b->t < r->t
                            : b->vault != r->vault ? b->vault < r->vault
                                                   : b->car < r->car;
        if (!sorted)
            return cp_check_say(check, "form", cp_at_route(r->t, i),
                                "routes are not sorted by day, vault and car, or the car has two");
    }
    if (r->n_stops < 1 || r->first_stop < 0 || r->first_stop > plan->n_stops - r->n_stops)
        return cp_check_say(check, "form", cp_at_route(r->t, i), "its stops do not exist");
    for (int32_t k = r->first_stop; k < r->first_stop + r->n_stops; k++) {
        if (check->stop_route[k] >= 0)
            return cp_check_say(check, "form", cp_at_route(r->t, i),
                                "stop %d belongs to two routes", (int)k);
        check->stop_route[k] = i;
        if (!inside(plan->stops[k].site, net->n_sites))
            return cp_check_say(check, "form", cp_at_route(r->t, i), "there is no site %d",
                                (int)plan->stops[k].site);
    }
    return CP_OK;
}

static bool limit_exists(const cp_check *check, const cp_plan_limit *limit)
{
    const cp_network *net = check->net;
    if ((int)limit->kind < 0 || limit->kind > CP_LIMIT_ROUTE) return false;
    if (!inside(limit->vault, net->n_vaults)) return false;
    if (limit->kind == CP_LIMIT_SERVICE_LEVEL)
        return inside(limit->item, net->n_points) && inside(limit->t + 1, check->plan->n_days + 1);
    if (limit->kind == CP_LIMIT_POOL && !inside(limit->item, net->n_models)) return false;
    if (limit->kind == CP_LIMIT_VAULT_STOCK && !inside(limit->item, net->n_denoms)) return false;
    return inside(limit->t, check->plan->n_days);
}

static cp_status check_rest(cp_check *check)
{
    const cp_plan *plan = check->plan;
    const cp_network *net = check->net;
    for (int32_t i = 0; i < plan->n_limits; i++)
        if (!limit_exists(check, &plan->limits[i]))
            CP_TRY(cp_check_say(
                check, "form", cp_at_day(-1),
                "row %d of the limits names a vault, day or item that does not exist", (int)i));
    for (int32_t i = 0; i < plan->n_orders; i++) {
        const cp_plan_order *o = &plan->orders[i];
        if (!inside(o->vault, net->n_vaults) || !inside(o->denomination, net->n_denoms))
            CP_TRY(cp_check_say(check, "form", cp_at_day(-1),
                                "order %d names a vault or denomination that does not exist",
                                (int)i));
    }
    for (int32_t i = 0; i < plan->n_unserved; i++) {
        const cp_plan_unserved *u = &plan->unserved[i];
        if (!inside(u->point, net->n_points) || !inside(u->t, plan->n_days))
            CP_TRY(cp_check_say(check, "form", cp_at_day(-1),
                                "unserved visit %d names a point or day that does not exist",
                                (int)i));
    }
    return CP_OK;
}

/* Visits of each point by day, by counting. */
static cp_status list_by_point(cp_check *check)
{
    const cp_plan *plan = check->plan;
    int32_t *next = NULL;
    CP_NEW(check->ctx, check->ctx->scratch, check->first, check->net->n_points + 1);
    CP_NEW(check->ctx, check->ctx->scratch, check->of_point, plan->n_visits);
    CP_NEW(check->ctx, check->ctx->scratch, next, check->net->n_points + 1);
    for (int32_t i = 0; i < plan->n_visits; i++)
        check->first[plan->visits[i].point + 1]++;
    for (int32_t p = 0; p < check->net->n_points; p++) {
        check->first[p + 1] += check->first[p];
        next[p] = check->first[p];
    }
    for (int32_t i = 0; i < plan->n_visits; i++)
        check->of_point[next[plan->visits[i].point]++] = i;
    return CP_OK;
}

cp_status cp_check_form(cp_check *check)
{
    const cp_plan *plan = check->plan;
    CP_NEW(check->ctx, check->ctx->scratch, check->stop_route, plan->n_stops);
    for (int32_t k = 0; k < plan->n_stops; k++)
        check->stop_route[k] = -1;
    if (plan->n_days != check->net->n_days || plan->first_day != check->net->first_day)
        CP_TRY(cp_check_say(check, "form", cp_at_day(-1),
                            "the plan has other days than the network (%d days instead of %d)",
                            (int)plan->n_days, (int)check->net->n_days));
    for (int32_t i = 0; i < plan->n_visits; i++)
        CP_TRY(check_visit(check, i));
    for (int32_t i = 0; i < plan->n_routes; i++)
        CP_TRY(check_route(check, i));
    CP_TRY(check_rest(check));
    if (check->verdict->n_violations > 0) return CP_OK;
    return list_by_point(check);
}

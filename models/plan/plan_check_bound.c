/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_bound.c - do the bounds of the routes speak of this plan's routes: costs recomputed
 * route by route, no bound above them, gap and proof as the two amounts say? (That a bound is one
 * is the search's word: it is tested against all routes of small days.) */
#include <math.h>

#include "models/plan/plan_check_part.h"

#define GAP_SLACK 1e-12

/* CAR_DAY, KM, HOUR and OVERTIME_HOUR of one route as plan_cost.h rounds them. */
static cp_minor cost_of(const cp_check *check, const cp_plan_route *r)
{
    const cp_network *net = check->net;
    const cp_car *car = &net->cars[r->car];
    const cp_day day = net->first_day + r->t;
    static const cp_tariff_item items[] = {CP_TARIFF_CAR_DAY_MINOR, CP_TARIFF_KM_MINOR,
                                           CP_TARIFF_HOUR_MINOR, CP_TARIFF_OVERTIME_HOUR_MINOR};
    const int64_t minutes = (int64_t)r->wait_min + r->service_min;
    const int64_t quantity[] = {car->paid_daily ? 0 : 1, r->dist_m, r->drive_s + 60 * minutes,
                                r->overtime_min};
    static const int64_t per[] = {1, 1000, 3600, 60};
    cp_minor sum = 0;
    for (int32_t k = 0; k < 4; k++) {
        const int64_t rate = cp_tariff_get(net, items[k], day, car->vault, car->carrier, -1, -1);
        sum += cp_mul_div(quantity[k], rate, per[k]);
    }
    return sum;
}

static cp_status check_row(cp_check *check, const cp_plan_route_bound *b)
{
    const char *code = check->net->vaults[b->vault].code;
    const bool known = b->why == CP_BOUND_KNOWN;
    cp_minor cost = 0;
    int32_t n_routes = 0, n_stops = 0;
    for (int32_t i = 0; i < check->plan->n_routes; i++) {
        const cp_plan_route *r = &check->plan->routes[i];
        if (r->t != b->t || r->vault != b->vault) continue;
        cost += cost_of(check, r);
        n_routes++;
        n_stops += r->n_stops;
    }
    if (cost != b->routed_minor || n_routes != b->n_routes || n_stops != b->n_stops)
        return cp_check_say(check, "route_bound", cp_at_day(b->t),
                            "the bound of vault %s speaks of %d routes, %d stops and %lld minor "
                            "units; the plan has %d, %d and %lld",
                            code, (int)b->n_routes, (int)b->n_stops, (long long)b->routed_minor,
                            (int)n_routes, (int)n_stops, (long long)cost);
    if (known && b->bound_minor > cost)
        return cp_check_say(check, "route_bound", cp_at_day(b->t),
                            "the routes of vault %s cost %lld minor units, below their bound of "
                            "%lld",
                            code, (long long)cost, (long long)b->bound_minor);
    const double gap = known && cost > 0 ? (double)(cost - b->bound_minor) / (double)cost : 0.0;
    if (b->proven == (known && cost == b->bound_minor) && fabs(gap - b->gap) <= GAP_SLACK &&
        (known || b->bound_minor == 0))
        return CP_OK;
    return cp_check_say(check, "route_bound", cp_at_day(b->t),
                        "gap and proof of the routes of vault %s are not those of their cost and "
                        "bound",
                        code);
}

cp_status cp_check_route_bounds(cp_check *check)
{
    for (int32_t i = 0; i < check->plan->n_bounds; i++) {
        const cp_plan_route_bound *b = &check->plan->bounds[i];
        if (b->t < 0 || b->t >= check->plan->n_days || b->vault < 0 ||
            b->vault >= check->net->n_vaults)
            return cp_check_say(check, "route_bound", cp_at_day(-1),
                                "row %d of the routes' bounds names no day or vault", (int)i);
        CP_TRY(check_row(check, b));
    }
    return CP_OK;
}

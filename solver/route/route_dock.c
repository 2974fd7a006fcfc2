/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_dock.h"

#include <string.h>

/* The time from one loading's begin to its end, half open. */
typedef struct loading {
    int64_t begin_s, end_s;
} loading;

typedef struct yard {
    cp_ctx *ctx;
    const cp_network *net;
    int32_t slots;
    loading *taken; /* of the cars that have chosen */
    int32_t n_taken;
    int64_t *begin_s; /* scratch: loadings of the car at hand */
} yard;

/* A route of the day while it chooses. */
typedef struct chooser {
    int32_t car, t;
    const cp_car_stop *stops;
    int32_t n;
    cp_plan_route route; /* as chosen */
} chooser;

static bool at_dock(const loading *l, int64_t moment)
{
    return l->begin_s <= moment && moment < l->end_s;
}

/* Cars that load at a moment. */
static int32_t busy(const yard *y, int64_t moment)
{
    int32_t n = 0;
    for (int32_t i = 0; i < y->n_taken; i++)
        n += at_dock(&y->taken[i], moment);
    return n;
}

/* Is a dock free all the time? The number of cars rises only where one of them begins. */
static bool is_free(const yard *y, const loading *own)
{
    if (own->begin_s >= own->end_s) return true;
    if (busy(y, own->begin_s) >= y->slots) return false;
    for (int32_t i = 0; i < y->n_taken; i++)
        if (at_dock(own, y->taken[i].begin_s) && busy(y, y->taken[i].begin_s) >= y->slots)
            return false;
    return true;
}

static int32_t trips_of(const chooser *c)
{
    return c->stops[c->n - 1].trip + 1;
}

/* The route when it leaves at `minute`: false when a rule is broken or a dock is missing; *broken
 * tells which. */
static bool try_minute(yard *y, const chooser *c, int32_t minute, cp_plan_route *route,
                       bool *broken)
{
    const int64_t load_s = 60 * (int64_t)y->net->cars[c->car].reload_min;
    const cp_car_verdict v =
        cp_car_route_leave(y->net, c->car, c->stops, c->n, minute, route, NULL, y->begin_s);
    *broken = v.fault != CP_CAR_OK;
    if (*broken) return false;
    for (int32_t k = 0; k < trips_of(c); k++) {
        const loading own = {y->begin_s[k], y->begin_s[k] + load_s};
        if (!is_free(y, &own)) return false;
    }
    return true;
}

/* The cheapest free minute; of equally cheap ones the nearest to the car's own, then the earlier.
 */
static cp_status choose(yard *y, chooser *c, bool *found)
{
    const cp_car_rates rates = cp_car_rates_get(y->net, c->car, c->t);
    const int32_t own = c->route.depart_min;
    cp_plan_route best = c->route;
    cp_minor least = 0;
    bool open[2] = {true, true}; /* earlier, later */
    *found = false;
    /* Its own departure, when free, is as cheap as any: no other makes its day shorter. */
    for (int32_t k = 0; (open[0] || open[1]) && !(*found && best.depart_min == own); k++)
        for (int32_t side = 0; side < 2; side++) {
            cp_plan_route route;
            cp_minor cost = 0;
            bool broken = false;
            if (!open[side] || (k == 0 && side == 1)) continue;
            const bool good = try_minute(y, c, side == 0 ? own - k : own + k, &route, &broken);
            if (broken) open[side] = false; /* nothing beyond it is allowed either */
            if (!good) continue;
            CP_TRY(cp_car_route_cost(y->ctx, y->net, &rates, &route, &cost));
            if (*found && cost >= least) continue;
            *found = true;
            least = cost;
            best = route;
        }
    c->route = best;
    return CP_OK;
}

static void take(yard *y, const chooser *c)
{
    const int64_t load_s = 60 * (int64_t)y->net->cars[c->car].reload_min;
    (void)cp_car_route_leave(y->net, c->car, c->stops, c->n, c->route.depart_min, NULL, NULL,
                             y->begin_s);
    for (int32_t k = 0; k < trips_of(c); k++)
        y->taken[y->n_taken++] = (loading){y->begin_s[k], y->begin_s[k] + load_s};
}

/* Without its last stop, at the departure that is then its own. */
static void give_up_stop(const yard *y, chooser *c)
{
    do
        c->n--;
    while (c->n > 0 &&
           cp_car_route_check(y->net, c->car, c->stops, c->n, &c->route, NULL).fault != CP_CAR_OK);
}

static cp_status place(yard *y, chooser *c)
{
    bool found = false;
    if (y->net->cars[c->car].open_route) return CP_OK; /* it never comes to the vault */
    while (c->n > 0) {
        CP_TRY(choose(y, c, &found));
        if (found) break;
        give_up_stop(y, c);
    }
    if (c->n > 0) take(y, c);
    return CP_OK;
}

/* The routes in the order in which they choose: by their own departures, then by car. */
static void order_of(const cp_route_result *r, int32_t *order)
{
    for (int32_t i = 0; i < r->n_routes; i++) {
        int32_t k = i;
        for (; k > 0 && r->routes[order[k - 1]].depart_min > r->routes[i].depart_min; k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
}

/* Write the chosen routes, and close the gaps that stops given up leave. */
static cp_status write_back(yard *y, const cp_route_day *day, const chooser *c, cp_car_stop *stops,
                            int32_t *task_of, bool *dropped, cp_route_result *r)
{
    int32_t n_routes = 0, n_stops = 0;
    r->cost_minor = 0;
    for (int32_t i = 0; i < r->n_routes; i++) {
        const int32_t first = r->routes[i].first_stop, n = r->routes[i].n_stops;
        cp_minor cost = 0;
        for (int32_t k = c[i].n; k < n; k++)
            dropped[task_of[first + k]] = true;
        if (c[i].n == 0) continue;
        memmove(stops + n_stops, stops + first, (size_t)c[i].n * sizeof *stops);
        memmove(task_of + n_stops, task_of + first, (size_t)c[i].n * sizeof *task_of);
        cp_plan_route *route = &r->routes[n_routes++];
        const cp_car_verdict v =
            cp_car_route_leave(y->net, c[i].car, stops + n_stops, c[i].n, c[i].route.depart_min,
                               route, r->stops + n_stops, NULL);
        if (v.fault != CP_CAR_OK)
            CP_FAIL(y->ctx, CP_E_SOLVER, "car %s cannot leave at minute %d as chosen: %s",
                    y->net->cars[c[i].car].code, (int)c[i].route.depart_min,
                    cp_car_fault_text(v.fault));
        route->t = day->t;
        route->first_stop = n_stops;
        n_stops += c[i].n;
        const cp_car_rates rates = cp_car_rates_get(y->net, c[i].car, day->t);
        CP_TRY(cp_car_route_cost(y->ctx, y->net, &rates, route, &cost));
        r->cost_minor += cost; /* less than before by stops, more by waiting: far from the range */
    }
    r->n_routes = n_routes;
    r->n_stops = n_stops;
    return CP_OK;
}

cp_status cp_route_stagger(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                           cp_car_stop *stops, int32_t *task_of, bool *dropped, cp_route_result *r)
{
    yard y = {.ctx = ctx, .net = net, .slots = net->vaults[day->vault].dock_slots};
    chooser *c = NULL;
    int32_t *order = NULL;
    if (y.slots <= 0) return CP_OK;
    CP_NEW(ctx, ctx->scratch, y.taken, day->n_tasks + 1);
    CP_NEW(ctx, ctx->scratch, y.begin_s, day->n_tasks + 1);
    CP_NEW(ctx, ctx->scratch, c, r->n_routes + 1);
    CP_NEW(ctx, ctx->scratch, order, r->n_routes + 1);
    for (int32_t i = 0; i < r->n_routes; i++)
        c[i] = (chooser){r->routes[i].car, day->t, stops + r->routes[i].first_stop,
                         r->routes[i].n_stops, r->routes[i]};
    order_of(r, order);
    for (int32_t i = 0; i < r->n_routes; i++)
        CP_TRY(place(&y, &c[order[i]]));
    return write_back(&y, day, c, stops, task_of, dropped, r);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_vrp.h"

#include <math.h>
#include <stdlib.h>

#include "models/route/car_route.h"
#include "solver/route/route_day.h"
#include "solver/route/vrp_solve.h"

#define PER_KM 1000
#define PER_HOUR 3600
#define TIE_PER_HOUR 4    /* routes are short also where neither metres nor hours have a price */
#define PRICES_MAX 0x1p50 /* of all tasks left out */
#define MOST_ON_BOARD 1e18

typedef struct convert {
    cp_ctx *ctx;
    const cp_network *net;
    const cp_route_day *day;
    const cp_tasks_day *t;
    cp_route_vrp *out;
    cp_vrp_depot *depots;
    cp_vrp_vehicle *kinds;
    cp_vrp_node *nodes;
} convert;

/* ---- travel ---- */

/* Place k < n_tasks is a task's, then the vault. Open routes have no place for their ends. */
static cp_status convert_legs(convert *c)
{
    const int32_t n = c->t->n_tasks + 1;
    cp_vrp_profile *profile = NULL;
    int32_t *time = NULL, *dist = NULL;
    CP_NEW(c->ctx, c->ctx->scratch, profile, 1);
    CP_NEW(c->ctx, c->ctx->scratch, time, (size_t)n * (size_t)n);
    CP_NEW(c->ctx, c->ctx->scratch, dist, (size_t)n * (size_t)n);
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            const cp_leg *leg = cp_leg_at(c->t, i, j);
            const size_t at = (size_t)i * (size_t)n + (size_t)j;
            const bool none = i != j && leg->s >= CP_LEG_NONE_S;
            time[at] = i == j ? 0 : none ? CP_VRP_NO_WAY : leg->s;
            dist[at] = i == j || none ? 0 : leg->m;
        }
    *profile = (cp_vrp_profile){time, dist};
    c->out->p.n_places = n;
    c->out->p.n_profiles = 1;
    c->out->p.profiles = profile;
    return CP_OK;
}

/* ---- cars ---- */

/* A depot that is open from..to; the vault's gate, or its dock for one time of reloading. */
static cp_status depot_of(convert *c, int32_t from_s, int32_t to_s, int32_t *out)
{
    cp_vrp *p = &c->out->p;
    for (int32_t k = 0; k < p->n_depots; k++)
        if (c->depots[k].windows->open_s == from_s && c->depots[k].windows->close_s == to_s) {
            *out = k;
            return CP_OK;
        }
    cp_vrp_window *w = NULL;
    CP_NEW(c->ctx, c->ctx->scratch, w, 1);
    *w = (cp_vrp_window){from_s, to_s};
    c->depots[p->n_depots] = (cp_vrp_depot){.place = c->t->n_tasks, .windows = w, .n_windows = 1};
    *out = p->n_depots++;
    return CP_OK;
}

static cp_status set_depots(convert *c, const cp_day_car *car, cp_vrp_vehicle *v)
{
    const cp_vault *vault = &c->net->vaults[c->day->vault];
    const int32_t open = vault->open_min * 60, close = vault->close_min * 60;
    int32_t *reload = NULL;
    if (car->home != c->t->n_tasks) return CP_OK; /* open route */
    CP_TRY(depot_of(c, open, close, &v->start_depot));
    v->end_depot = v->start_depot;
    if (car->max_trips < 2 || car->reload_late_s < open) return CP_OK;
    CP_NEW(c->ctx, c->ctx->scratch, reload, 1);
    CP_TRY(depot_of(c, open, car->reload_late_s, reload));
    v->reload_depots = reload;
    v->n_reload_depots = 1;
    v->max_trips = car->max_trips;
    v->reload_s = car->reload_s;
    return CP_OK;
}

static cp_status convert_car(convert *c, int32_t index, cp_vrp_vehicle *v)
{
    const cp_day_car *car = &c->t->cars[index];
    const cp_car_rates rates = cp_car_rates_get(c->net, car->car, c->day->t);
    const int64_t hour =
        rates.hour_minor > 0 || rates.km_minor > 0 ? rates.hour_minor : TIE_PER_HOUR;
    int64_t *capacity = NULL;
    CP_NEW(c->ctx, c->ctx->scratch, capacity, CP_N_LOADS);
    for (int32_t m = 0; m < CP_N_LOADS; m++)
        capacity[m] = car->limit[m] > (int64_t)MOST_ON_BOARD ? CP_VRP_NO_LIMIT : car->limit[m];
    *v = cp_vrp_vehicle_defaults();
    v->name = c->net->cars[car->car].code;
    v->capacity = capacity;
    v->shift_start_s = car->first_s;
    v->shift_end_s = car->shift_end_s < car->end_s ? car->shift_end_s : car->end_s;
    v->overtime_max_s = car->end_s - v->shift_end_s;
    v->fixed = rates.car_day_minor;
    v->dist_price = rates.km_minor;
    v->drive_price = v->work_price = v->idle_price = hour;
    v->over_price = rates.overtime_hour_minor;
    /* A car whose day ends before it begins is of no use. */
    if (v->shift_end_s < v->shift_start_s) {
        v->shift_end_s = v->shift_start_s;
        v->overtime_max_s = 0;
        v->nodes_max = 0;
    }
    return set_depots(c, car, v);
}

static cp_status convert_cars(convert *c)
{
    const cp_tasks_day *t = c->t;
    cp_route_vrp *out = c->out;
    int32_t n = 0;
    CP_NEW(c->ctx, c->ctx->scratch, c->kinds, t->n_cars + 1);
    CP_NEW(c->ctx, c->ctx->scratch, c->depots, 2 * t->n_cars + 1);
    CP_NEW(c->ctx, c->ctx->scratch, out->cars, t->n_cars + 1);
    CP_NEW(c->ctx, c->ctx->scratch, out->first_car, t->n_cars + 1);
    for (int32_t k = 0; k < t->n_cars; k++) {
        if (t->cars[k].kind != k) continue;
        cp_vrp_vehicle *v = &c->kinds[out->p.n_vehicles];
        CP_TRY(convert_car(c, k, v));
        for (int32_t j = k; j < t->n_cars; j++)
            if (t->cars[j].kind == k) out->cars[n++] = j;
        v->count = n - out->first_car[out->p.n_vehicles];
        out->first_car[++out->p.n_vehicles] = n;
    }
    out->p.vehicles = c->kinds;
    out->p.depots = c->depots;
    return CP_OK;
}

/* ---- tasks ---- */

static int32_t kind_of_car(const cp_route_vrp *r, int32_t car)
{
    for (int32_t k = 0; k < r->p.n_vehicles; k++)
        for (int32_t i = r->first_car[k]; i < r->first_car[k + 1]; i++)
            if (r->cars[i] == car) return k;
    return -1;
}

static cp_status convert_task(convert *c, int32_t k)
{
    const cp_day_task *t = &c->t->tasks[k];
    cp_vrp_node *q = &c->nodes[k];
    cp_vrp_window *w = NULL;
    int64_t *load = NULL;
    CP_NEW(c->ctx, c->ctx->scratch, w, 2);
    CP_NEW(c->ctx, c->ctx->scratch, load, 2 * CP_N_LOADS);
    for (int32_t m = 0; m < CP_N_LOADS; m++) {
        load[m] = t->load[m].out;
        load[CP_N_LOADS + m] = t->load[m].back;
    }
    *q = (cp_vrp_node){.name = c->net->sites[c->day->tasks[t->index].site].code,
                       .place = k,
                       .service_s = t->service_s,
                       .vehicle = t->car < 0 ? -1 : kind_of_car(c->out, t->car),
                       .windows = w,
                       .deliver = load,
                       .pickup = load + CP_N_LOADS};
    for (int32_t i = 0; i < t->n_windows; i++) {
        if (t->close_s[i] < t->open_s[i]) continue;
        cp_vrp_window *last = q->n_windows > 0 ? &w[q->n_windows - 1] : NULL;
        if (last == NULL || t->open_s[i] > last->close_s)
            w[q->n_windows++] = (cp_vrp_window){t->open_s[i], t->close_s[i]};
        else if (t->close_s[i] > last->close_s)
            last->close_s = t->close_s[i];
    }
    return CP_OK;
}

/* Above anything that routes can cost: one task more first, those of a planner before all others.
 */
static void price_leaving_out(convert *c)
{
    const cp_vrp *p = &c->out->p;
    double most = 1, weights = 0;
    for (int32_t k = 0; k < p->n_vehicles; k++) {
        const cp_vrp_vehicle *v = &p->vehicles[k];
        const double day_h =
            ((double)v->shift_end_s + v->overtime_max_s - v->shift_start_s) / PER_HOUR;
        double far = 0;
        for (int32_t i = 0; i < p->n_places * p->n_places; i++)
            far = fmax(far, (double)p->profiles[0].dist_m[i]);
        most += (double)v->count *
                ((double)v->fixed + day_h * ((double)v->drive_price + (double)v->over_price));
        most += 2 * far * (double)p->n_nodes * (double)v->dist_price / PER_KM;
    }
    for (int32_t k = 0; k < p->n_nodes; k++)
        weights += c->t->tasks[k].weight;
    if (most * weights > PRICES_MAX) most = PRICES_MAX / weights;
    for (int32_t k = 0; k < p->n_nodes; k++)
        c->nodes[k].out_price = (cp_minor)(most * c->t->tasks[k].weight);
}

static cp_status convert_tasks(convert *c)
{
    CP_NEW(c->ctx, c->ctx->scratch, c->nodes, c->t->n_tasks + 1);
    for (int32_t k = 0; k < c->t->n_tasks; k++)
        CP_TRY(convert_task(c, k));
    c->out->p.nodes = c->nodes;
    c->out->p.n_nodes = c->t->n_tasks;
    price_leaving_out(c);
    return CP_OK;
}

cp_status cp_route_vrp_build(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                             const char **cause, cp_route_vrp *out)
{
    cp_tasks_day *t = NULL;
    CP_TRY(cp_tasks_day_build(ctx, net, day, cause, &t));
    *out = (cp_route_vrp){.p = {.n_dims = CP_N_LOADS,
                                .value_dim = 0,
                                .dist_den = PER_KM,
                                .time_den = PER_HOUR,
                                .exposure_den = 1},
                          .day = t};
    convert c = {.ctx = ctx, .net = net, .day = day, .t = t, .out = out};
    CP_TRY(convert_legs(&c));
    CP_TRY(convert_cars(&c));
    CP_TRY(convert_tasks(&c));
    return cp_vrp_validate(ctx, &out->p);
}

/* ---- back ---- */

static int32_t stops_of(const cp_route_vrp *r, const cp_route_day *day, const int32_t *items,
                        int32_t n, cp_car_stop *stops)
{
    int32_t m = 0, trip = 0;
    for (int32_t k = 0; k < n; k++) {
        if (!cp_vrp_is_node(items[k])) {
            trip++;
            continue;
        }
        const cp_route_task *t = &day->tasks[r->day->tasks[items[k]].index];
        stops[m++] = (cp_car_stop){t->site,       trip,       t->service_s, t->out_minor,
                                   t->back_minor, t->out_cm3, t->back_cm3};
    }
    return m;
}

static cp_status take_route(convert *c, int32_t car, const cp_car_stop *stops, int32_t n,
                            cp_route_vrp_answer *a)
{
    const int32_t own = c->t->cars[car].car;
    cp_plan_route *route = &a->routes[a->n_routes];
    const cp_car_verdict v =
        cp_car_route_check(c->net, own, stops, n, route, &a->stops[a->n_stops]);
    if (v.fault != CP_CAR_OK)
        CP_FAIL(c->ctx, CP_E_SOLVER, "route of car %s on day %d breaks a rule at stop %d: %s",
                c->net->cars[own].code, (int)c->day->t, (int)v.stop, cp_car_fault_text(v.fault));
    const cp_car_rates rates = cp_car_rates_get(c->net, own, c->day->t);
    cp_minor cost = 0;
    CP_TRY(cp_car_route_cost(c->ctx, c->net, &rates, route, &cost));
    if (!cp_minor_add(a->cost_minor, cost, &a->cost_minor))
        CP_FAIL(c->ctx, CP_E_RANGE, "routes of vault %s: their cost is too large",
                c->net->vaults[c->day->vault].code);
    route->t = c->day->t;
    route->first_stop = a->n_stops;
    a->n_stops += n;
    a->n_routes++;
    return CP_OK;
}

static cp_status turn_back(convert *c, const cp_vrp_solution *s, cp_route_vrp_answer *a)
{
    const int32_t n_tasks = c->day->n_tasks;
    int32_t *used = NULL;
    bool *served = NULL;
    cp_car_stop *stops = NULL;
    CP_NEW(c->ctx, c->ctx->run, a->routes, c->t->n_cars + 1);
    CP_NEW(c->ctx, c->ctx->run, a->stops, n_tasks + 1);
    CP_NEW(c->ctx, c->ctx->run, a->unserved, n_tasks + 1);
    CP_NEW(c->ctx, c->ctx->scratch, used, c->out->p.n_vehicles + 1);
    CP_NEW(c->ctx, c->ctx->scratch, served, n_tasks + 1);
    CP_NEW(c->ctx, c->ctx->scratch, stops, n_tasks + 1);
    for (int32_t r = 0; r < s->n_routes; r++) {
        const cp_vrp_route *q = &s->routes[r];
        const int32_t car = c->out->cars[c->out->first_car[q->vehicle] + used[q->vehicle]++];
        const int32_t n = stops_of(c->out, c->day, s->items + q->first, q->n, stops);
        CP_TRY(take_route(c, car, stops, n, a));
        for (int32_t k = q->first; k < q->first + q->n; k++)
            if (cp_vrp_is_node(s->items[k])) served[c->t->tasks[s->items[k]].index] = true;
    }
    for (int32_t k = 0; k < n_tasks; k++)
        if (!served[k]) a->unserved[a->n_unserved++] = k;
    return CP_OK;
}

static cp_status solve(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                       const cp_vrp_opts *o, cp_route_vrp_answer *out)
{
    const char **cause = NULL;
    cp_route_vrp r;
    cp_vrp_result found = {0};
    CP_NEW(ctx, ctx->scratch, cause, day->n_tasks + 1);
    CP_TRY(cp_route_vrp_build(ctx, net, day, cause, &r));
    if (r.p.n_nodes > 0 && r.p.n_vehicles > 0) CP_TRY(cp_vrp_solve(ctx, &r.p, o, &found));
    convert c = {.ctx = ctx, .net = net, .day = day, .t = r.day, .out = &r};
    return turn_back(&c, &found.solution, out);
}

cp_status cp_route_vrp_solve(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                             int64_t work, uint64_t seed, cp_route_vrp_answer *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_vrp_opts o = cp_vrp_opts_defaults();
    cp_route_vrp_answer a = {0};
    o.work = work;
    o.seed = seed;
    const cp_status st = solve(ctx, net, day, &o, &a);
    cp_arena_rewind(ctx->scratch, mark);
    if (st == CP_OK) *out = a;
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_vrp.h"

#include <math.h>
#include <stdlib.h>

#include "models/route/car_route.h"
#include "solver/route/vrp_dense.h"
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
    const cp_tours *frame;
    bool one_trip;
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
    if (c->one_trip || car->max_trips < 2 || car->reload_late_s < open) return CP_OK;
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

/* Cars of the kind at hand, cars[first_car .. n): all, or those that the frame sends out. */
static int32_t cars_sent(const convert *c, int32_t n)
{
    const cp_route_vrp *out = c->out;
    const int32_t first = out->first_car[out->p.n_vehicles];
    int32_t sent = 0;
    if (c->frame == NULL || c->frame->n_out > 0) return n - first;
    for (int32_t i = first; i < n; i++)
        sent += c->frame->tours[out->cars[i]].n_stops > 0;
    return sent;
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
        v->count = cars_sent(c, n);
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

/* The windows of a task that the problem keeps: bit i is window i. */
static unsigned windows_kept(const convert *c, int32_t k)
{
    const cp_day_task *t = &c->t->tasks[k];
    if (c->frame == NULL || t->n_windows < 2) return (1u << t->n_windows) - 1;
    const int32_t car = c->frame->car_of[k];
    if (car < 0) return t->close_s[1] - t->open_s[1] > t->close_s[0] - t->open_s[0] ? 2 : 1;
    const cp_span *done = &c->frame->tours[car].at[c->frame->at_of[k]].pre;
    return done->early + done->dur - t->service_s > t->close_s[0] ? 2 : 1;
}

static cp_status convert_task(convert *c, int32_t k)
{
    const cp_day_task *t = &c->t->tasks[k];
    cp_vrp_node *q = &c->nodes[k];
    const unsigned kept = windows_kept(c, k);
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
        if (t->close_s[i] < t->open_s[i] || (kept >> i & 1u) == 0) continue;
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

static bool any_reload(const cp_tours *s)
{
    for (int32_t k = 0; k < s->p->n_cars; k++)
        if (s->tours[k].n_trips > 1) return true;
    return false;
}

cp_status cp_route_vrp_frame(cp_ctx *ctx, const cp_route_day *day, const cp_tasks_day *p,
                             const cp_tours *frame, cp_route_vrp *out)
{
    *out = (cp_route_vrp){.p = {.n_dims = CP_N_LOADS,
                                .value_dim = 0,
                                .dist_den = PER_KM,
                                .time_den = PER_HOUR,
                                .exposure_den = 1},
                          .day = p};
    convert c = {.ctx = ctx, .net = p->net, .day = day, .t = p, .frame = frame, .out = out};
    c.one_trip = frame != NULL && !any_reload(frame);
    CP_TRY(convert_legs(&c));
    CP_TRY(convert_cars(&c));
    CP_TRY(convert_tasks(&c));
    return cp_vrp_validate(ctx, &out->p);
}

cp_status cp_route_vrp_build(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                             const char **cause, cp_route_vrp *out)
{
    cp_tasks_day *p = NULL;
    CP_TRY(cp_tasks_day_build(ctx, net, day, cause, &p));
    return cp_route_vrp_frame(ctx, day, p, NULL, out);
}

/* ---- back ---- */

/* Drive the items with a car that has no stop yet. */
static void drive(const cp_route_vrp *r, int32_t car, const int32_t *items, int32_t n, cp_tours *s)
{
    const cp_tasks_day *p = r->day;
    cp_tour *t = &s->tours[car];
    t->n = 1;
    for (int32_t k = 0; k < n; k++)
        t->at[t->n++].node = cp_vrp_is_node(items[k]) ? items[k] : p->cars[car].home;
    t->n++;
    if (cp_tour_rebuild(p, car, t) == 0) {
        s->cost += t->cost;
        cp_tours_index(s, car);
        return;
    }
    t->n = 2;
    (void)cp_tour_rebuild(p, car, t);
}

cp_status cp_route_vrp_tours(cp_ctx *ctx, const cp_route_vrp *r, const cp_vrp_solution *solution,
                             cp_tours **out)
{
    int32_t *used = NULL;
    cp_tours *s = NULL;
    CP_TRY(cp_tours_new(ctx, r->day, &s));
    CP_NEW(ctx, ctx->scratch, used, r->p.n_vehicles + 1);
    for (int32_t k = 0; k < solution->n_routes; k++) {
        const cp_vrp_route *q = &solution->routes[k];
        const int32_t car = r->cars[r->first_car[q->vehicle] + used[q->vehicle]++];
        drive(r, car, solution->items + q->first, q->n, s);
    }
    s->n_out = 0;
    for (int32_t i = 0; i < r->day->n_tasks; i++)
        if (s->car_of[i] < 0) s->out[s->n_out++] = i;
    *out = s;
    return CP_OK;
}

cp_status cp_route_vrp_routes(cp_ctx *ctx, const cp_route_vrp *r, const cp_tours *s,
                              cp_vrp_solution *out)
{
    const cp_tasks_day *p = r->day;
    *out = (cp_vrp_solution){0};
    CP_NEW(ctx, ctx->scratch, out->routes, p->n_cars + 1);
    CP_NEW(ctx, ctx->scratch, out->items, 2 * p->n_tasks + 1); /* a trip has a task at least */
    for (int32_t car = 0; car < p->n_cars; car++) {
        const cp_tour *t = &s->tours[car];
        const int32_t kind = kind_of_car(r, car);
        if (t->n_stops == 0) continue;
        cp_vrp_route *q = &out->routes[out->n_routes++];
        *q = (cp_vrp_route){kind, out->n_items, t->n - 2};
        for (int32_t k = 1; k < t->n - 1; k++) {
            const int32_t node = t->at[k].node;
            out->items[out->n_items++] =
                node < p->n_tasks ? node : cp_vrp_reload(r->p.vehicles[kind].reload_depots[0]);
        }
    }
    return CP_OK;
}

static cp_status improve(cp_ctx *ctx, const cp_route_day *day, const cp_route_vrp_opts *opts,
                         cp_tours *s, cp_route_vrp_end *end)
{
    cp_vrp_opts o = cp_vrp_opts_defaults();
    cp_route_vrp r;
    cp_vrp_result found = {0};
    cp_vrp_solution start;
    cp_tours *anew = NULL;
    CP_TRY(cp_route_vrp_frame(ctx, day, s->p, opts->framed ? s : NULL, &r));
    if (opts->framed && cp_dense_beyond(&r.p) != NULL) return CP_OK;
    CP_TRY(cp_route_vrp_routes(ctx, &r, s, &start));
    o.work = opts->work;
    o.seed = opts->seed;
    o.start = &start;
    o.no_pool = true;
    CP_TRY(cp_vrp_solve(ctx, &r.p, &o, &found));
    CP_TRY(cp_route_vrp_tours(ctx, &r, &found.solution, &anew));
    const int64_t was = cp_tours_weight_out(s), is = cp_tours_weight_out(anew);
    end->better = is < was || (is == was && anew->cost < s->cost);
    end->stopped = found.stopped_early;
    end->work_done = found.iterations;
    if (end->better) cp_tours_copy(s, anew);
    return CP_OK;
}

cp_status cp_route_vrp_improve(cp_ctx *ctx, const cp_route_day *day, const cp_route_vrp_opts *opts,
                               cp_tours *s, cp_route_vrp_end *end)
{
    *end = (cp_route_vrp_end){0};
    if (s->p->n_tasks == 0 || s->p->n_cars == 0 || opts->work <= 0) return CP_OK;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_status st = improve(ctx, day, opts, s, end);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

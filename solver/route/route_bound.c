/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_bound.h"

#include "models/plan/route_bounds.h"
#include "models/route/car_route.h"
#include "solver/route/route_day.h"
#include "solver/route/route_vrp.h"
#include "solver/route/vrp_bound.h"

/* Labels of one pricing. With what they carry a few dozen megabytes a thread. */
#define LABELS_MAX 400000

typedef struct day_bound {
    cp_ctx *ctx;
    const cp_network *net;
    const cp_route_day *day;
    const cp_drives *drives;
    const cp_route_bound_opts *opts;
    cp_route_task *served;
    int32_t n_served;
    cp_route_vrp r;
    cp_plan_route_bound *out;
} day_bound;

cp_route_bound_opts cp_route_bound_defaults(void)
{
    const cp_route_bound_opts o = {.work = 0, .stops_max = 100};
    return o;
}

static bool is_ours(const day_bound *b, const cp_plan_route *r)
{
    return r->t == b->day->t && r->vault == b->day->vault;
}

static const cp_route_task *task_at(const day_bound *b, int32_t site)
{
    for (int32_t k = 0; k < b->day->n_tasks; k++)
        if (b->day->tasks[k].site == site) return &b->day->tasks[k];
    return NULL;
}

/* Cost of the routes, and the tasks that they serve. */
static cp_status read_routes(day_bound *b)
{
    cp_plan_route_bound *out = b->out;
    CP_NEW(b->ctx, b->ctx->scratch, b->served, b->day->n_tasks + 1);
    CP_TRY(cp_car_drives_cost(b->ctx, b->net, b->drives, b->day->vault, b->day->t,
                              &out->routed_minor));
    for (int32_t i = 0; i < b->drives->n_routes; i++) {
        const cp_plan_route *r = &b->drives->routes[i];
        if (!is_ours(b, r)) continue;
        out->n_routes++;
        out->n_stops += r->n_stops;
        for (int32_t k = r->first_stop; k < r->first_stop + r->n_stops; k++) {
            const int32_t site = b->drives->stops[k].site;
            const cp_route_task *task = task_at(b, site);
            if (task == NULL || b->n_served == b->day->n_tasks)
                CP_FAIL(b->ctx, CP_E_INPUT, "a route of vault %s serves site %s without a visit",
                        b->net->vaults[r->vault].code, b->net->sites[site].code);
            b->served[b->n_served++] = *task;
        }
    }
    return CP_OK;
}

/* The plan's prices alone, no more; every stop must be served. */
static cp_status set_prices(day_bound *b)
{
    cp_vrp *p = &b->r.p;
    cp_vrp_vehicle *kinds = NULL;
    cp_vrp_node *nodes = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, kinds, p->n_vehicles + 1);
    CP_NEW(b->ctx, b->ctx->scratch, nodes, p->n_nodes + 1);
    for (int32_t k = 0; k < p->n_vehicles; k++) {
        const cp_day_car *car = &b->r.day->cars[b->r.cars[b->r.first_car[k]]];
        const cp_car_rates rates = cp_car_rates_get(b->net, car->car, b->day->t);
        kinds[k] = p->vehicles[k];
        kinds[k].fixed = rates.car_day_minor;
        kinds[k].dist_price = rates.km_minor;
        kinds[k].drive_price = kinds[k].work_price = kinds[k].idle_price = rates.hour_minor;
        kinds[k].over_price = rates.overtime_hour_minor;
    }
    for (int32_t i = 0; i < p->n_nodes; i++) {
        nodes[i] = p->nodes[i];
        nodes[i].out_price = CP_VRP_MUST;
    }
    p->vehicles = kinds;
    p->nodes = nodes;
    return cp_vrp_validate(b->ctx, p);
}

static int32_t kind_of(const cp_route_vrp *r, int32_t car)
{
    for (int32_t k = 0; k < r->p.n_vehicles; k++)
        for (int32_t i = r->first_car[k]; i < r->first_car[k + 1]; i++)
            if (r->day->cars[r->cars[i]].car == car) return k;
    return -1;
}

static int32_t node_at(const day_bound *b, int32_t site)
{
    for (int32_t i = 0; i < b->r.p.n_nodes; i++)
        if (b->served[b->r.day->tasks[i].index].site == site) return i;
    return -1;
}

/* The plan's routes in the model's words: first columns, and a cost at which the proof may end. */
static cp_status write_incumbent(day_bound *b, cp_vrp_solution *s)
{
    CP_NEW(b->ctx, b->ctx->scratch, s->routes, b->out->n_routes + 1);
    CP_NEW(b->ctx, b->ctx->scratch, s->items, 2 * b->out->n_stops + 1);
    for (int32_t i = 0; i < b->drives->n_routes; i++) {
        const cp_plan_route *r = &b->drives->routes[i];
        if (!is_ours(b, r)) continue;
        cp_vrp_route *q = &s->routes[s->n_routes++];
        *q = (cp_vrp_route){kind_of(&b->r, r->car), s->n_items, 0};
        for (int32_t k = r->first_stop; k < r->first_stop + r->n_stops; k++) {
            const cp_plan_stop *stop = &b->drives->stops[k];
            const cp_vrp_vehicle *v = &b->r.p.vehicles[q->vehicle];
            if (k > r->first_stop && stop->trip != stop[-1].trip && v->n_reload_depots > 0)
                s->items[s->n_items++] = cp_vrp_reload(v->reload_depots[0]);
            s->items[s->n_items++] = node_at(b, stop->site);
        }
        q->n = s->n_items - q->first;
    }
    return CP_OK;
}

static cp_no_bound reason_of(const day_bound *b, const cp_vrp_bound_result *r)
{
    if (r->status != CP_VRP_BOUND_NONE && r->bound_minor > 0) return CP_BOUND_KNOWN;
    if (cp_should_stop(b->ctx)) return CP_NO_BOUND_STOPPED;
    return r->work == 0 ? CP_NO_BOUND_AMOUNTS : CP_NO_BOUND_WORK;
}

static cp_status bound_day(day_bound *b)
{
    const char **cause = NULL;
    cp_plan_route_bound *out = b->out;
    cp_vrp_solution incumbent = {0};
    cp_vrp_bound_result found;
    CP_TRY(read_routes(b));
    out->why = CP_NO_BOUND_STOPS;
    if (b->n_served > b->opts->stops_max) return CP_OK;
    out->why = CP_NO_BOUND_STOPPED;
    if (cp_should_stop(b->ctx)) return CP_OK;
    const cp_route_day day = {b->day->t, b->day->vault, b->served, b->n_served};
    CP_NEW(b->ctx, b->ctx->scratch, cause, b->n_served + 1);
    CP_TRY(cp_route_vrp_build(b->ctx, b->net, &day, cause, &b->r));
    out->why = CP_NO_BOUND_RULES;
    if (b->r.p.n_nodes < b->n_served) return CP_OK;
    CP_TRY(set_prices(b));
    CP_TRY(write_incumbent(b, &incumbent));
    cp_vrp_bound_opts o = cp_vrp_bound_defaults();
    o.work = b->opts->work;
    o.labels_max = LABELS_MAX;
    o.tree_nodes = 0;
    CP_TRY(cp_vrp_bound(b->ctx, &b->r.p, &incumbent, &o, &found));
    out->why = reason_of(b, &found);
    if (out->why == CP_BOUND_KNOWN) out->bound_minor = found.bound_minor;
    return CP_OK;
}

cp_status cp_route_bound(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                         const cp_drives *drives, const cp_route_bound_opts *opts,
                         cp_plan_route_bound *out)
{
    const cp_arena_mark scratch = cp_arena_here(ctx->scratch), kept = cp_arena_here(ctx->run);
    cp_plan_route_bound row = {.t = day->t, .vault = day->vault};
    day_bound b = {.ctx = ctx, .net = net, .day = day, .drives = drives, .opts = opts, .out = &row};
    const cp_status st = bound_day(&b);
    cp_arena_rewind(ctx->scratch, scratch);
    cp_arena_rewind(ctx->run, kept);
    if (st != CP_OK) return st;
    if (row.why == CP_BOUND_KNOWN) {
        row.gap = cp_route_gap(row.routed_minor, row.bound_minor);
        row.proven = row.bound_minor == row.routed_minor;
    }
    *out = row;
    return CP_OK;
}

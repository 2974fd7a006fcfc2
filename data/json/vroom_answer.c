/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "data/json/json_out.h"
#include "data/json/vroom.h"

/* Sums of a route or of all. */
typedef struct totals {
    int64_t cost, setup, service, duration, waiting, priority, distance;
    int64_t delivery[CP_VRP_DIMS_MAX], pickup[CP_VRP_DIMS_MAX];
    int64_t first_load[CP_VRP_DIMS_MAX]; /* of a route: what jobs are delivered */
    bool metres;                         /* distance is known */
} totals;

/* Where a walk along a route has come to. */
typedef struct walk {
    const cp_vroom *v;
    const cp_vroom_vehicle *car;
    cp_json *json;
    int32_t place;           /* -1 = none yet */
    int64_t driven_s, way_m; /* since the start */
    int64_t load[CP_VRP_DIMS_MAX];
} walk;

static const int32_t *metres_of(const cp_vroom *v, const cp_vroom_vehicle *car)
{
    return v->metres[car->travel];
}

static int64_t amount(const cp_json_ints *a, int32_t k)
{
    return a->given ? a->v[k] : 0;
}

static void go(walk *w, int32_t place)
{
    if (w->place >= 0) {
        const size_t n = (size_t)w->v->p.n_places;
        const size_t cell = (size_t)w->place * n + (size_t)place;
        const int32_t *m = metres_of(w->v, w->car);
        w->driven_s += w->v->p.profiles[w->car->travel].time_s[cell];
        if (m != NULL) w->way_m += m[cell];
    }
    w->place = place;
}

static int64_t setup_at(const walk *w, const cp_vroom_job *j)
{
    return w->place == j->place ? 0 : j->setup_s;
}

static void put_spot(cp_json *json, const cp_json_spot *at, int64_t index)
{
    if (at->given) {
        cp_json_array_flat(json, "location");
        cp_json_real(json, NULL, at->lon, 9);
        cp_json_real(json, NULL, at->lat, 9);
        cp_json_end(json);
    }
    if (index >= 0) cp_json_int(json, "location_index", index);
}

static void put_amounts(cp_json *json, const char *key, const int64_t *a, int32_t n)
{
    cp_json_array_flat(json, key);
    for (int32_t k = 0; k < n; k++)
        cp_json_int(json, NULL, a[k]);
    cp_json_end(json);
}

static void put_violations(cp_json *json)
{
    cp_json_array_flat(json, "violations");
    cp_json_end(json);
}

static void put_sums(const cp_vroom *v, const totals *t, cp_json *json)
{
    put_amounts(json, "delivery", t->delivery, v->p.n_dims);
    put_amounts(json, "amount", t->delivery, v->p.n_dims);
    put_amounts(json, "pickup", t->pickup, v->p.n_dims);
    cp_json_int(json, "setup", t->setup);
    cp_json_int(json, "service", t->service);
    cp_json_int(json, "duration", t->duration);
    cp_json_int(json, "waiting_time", t->waiting);
    cp_json_int(json, "priority", t->priority);
    if (t->metres) cp_json_int(json, "distance", t->distance);
}

/* ---- steps ---- */

typedef struct step {
    const char *type, *description;
    const cp_json_spot *at; /* NULL = a break */
    int64_t index, id;      /* -1 = none */
    int64_t arrival, setup, service, waiting;
} step;

static void put_step(const walk *w, const step *s)
{
    cp_json *json = w->json;
    cp_json_object_flat(json, NULL);
    cp_json_text(json, "type", s->type);
    if (s->description != NULL) cp_json_text(json, "description", s->description);
    if (s->at != NULL) put_spot(json, s->at, s->index);
    if (s->id >= 0) cp_json_int(json, "id", s->id);
    cp_json_int(json, "setup", s->setup);
    cp_json_int(json, "service", s->service);
    cp_json_int(json, "waiting_time", s->waiting);
    if (w->v->p.n_dims > 0) put_amounts(json, "load", w->load, w->v->p.n_dims);
    cp_json_int(json, "arrival", s->arrival + w->v->origin_s);
    cp_json_int(json, "duration", w->driven_s);
    if (metres_of(w->v, w->car) != NULL) cp_json_int(json, "distance", w->way_m);
    put_violations(json);
    cp_json_end(json);
}

static const char *const kind_words[] = {"job", "pickup", "delivery"};

static void put_task(walk *w, const cp_vroom_job *j, const cp_vrp_timing *t)
{
    const int64_t setup = setup_at(w, j);
    go(w, j->place);
    for (int32_t k = 0; k < w->v->p.n_dims; k++)
        w->load[k] += amount(&j->pickup, k) - amount(&j->delivery, k);
    const step s = {
        kind_words[j->kind], j->description,          &j->at, j->index, j->id, t->arrive_s, setup,
        j->service_s,        t->start_s - t->arrive_s};
    put_step(w, &s);
}

static void put_break(walk *w, int32_t item, const cp_vrp_timing *t)
{
    const cp_vroom_break *b = (const cp_vroom_break *)w->car->breaks.v + cp_vrp_break_of(item);
    const step s = {"break",      b->description,          NULL, -1, b->id, t->arrive_s, 0,
                    b->service_s, t->start_s - t->arrive_s};
    put_step(w, &s);
}

static void put_end(walk *w, bool start, int64_t when)
{
    const cp_vroom_vehicle *q = w->car;
    const int32_t place = start ? q->start_place : q->end_place;
    if (place < 0) return;
    go(w, place);
    const step s = {start ? "start" : "end",
                    NULL,
                    start ? &q->start : &q->end,
                    start ? q->start_index : q->end_index,
                    -1,
                    when,
                    0,
                    0,
                    0};
    put_step(w, &s);
}

/* ---- routes ---- */

static totals route_totals(const cp_vroom *v, const cp_vroom_vehicle *car, const cp_vrp_solution *s,
                           const cp_vrp_report *r, int32_t route)
{
    const cp_vrp_route *q = &s->routes[route];
    const int32_t *metres = metres_of(v, car);
    totals t = {.cost = r->routes[route].cost.total, .duration = r->routes[route].drive_s};
    walk w = {.v = v, .car = car, .place = -1};
    t.metres = metres != NULL;
    if (car->start_place >= 0) go(&w, car->start_place);
    for (int32_t i = q->first; i < q->first + q->n; i++) {
        t.waiting += r->timing[i].start_s - r->timing[i].arrive_s;
        if (!cp_vrp_is_node(s->items[i])) {
            const cp_vroom_break *b = car->breaks.v;
            t.service += b[cp_vrp_break_of(s->items[i])].service_s;
            continue;
        }
        const cp_vroom_job *j = &v->tasks[s->items[i]];
        t.setup += setup_at(&w, j);
        t.service += j->service_s;
        t.priority += j->priority;
        for (int32_t k = 0; k < v->p.n_dims; k++) {
            t.delivery[k] += amount(&j->delivery, k);
            if (j->kind == CP_VROOM_JOB) t.first_load[k] += amount(&j->delivery, k);
            t.pickup[k] += amount(&j->pickup, k);
        }
        go(&w, j->place);
    }
    if (car->end_place >= 0) go(&w, car->end_place);
    t.distance = w.way_m;
    return t;
}

static void put_route(const cp_vroom *v, const cp_vroom_vehicle *car, const cp_vrp_solution *s,
                      const cp_vrp_report *r, int32_t route, cp_json *json)
{
    const cp_vrp_route *q = &s->routes[route];
    const totals t = route_totals(v, car, s, r, route);
    walk w = {.v = v, .car = car, .json = json, .place = -1};
    memcpy(w.load, t.first_load, sizeof(w.load));
    cp_json_object(json, NULL);
    cp_json_int(json, "vehicle", car->id);
    cp_json_int(json, "cost", t.cost);
    if (car->description != NULL) cp_json_text(json, "description", car->description);
    put_sums(v, &t, json);
    cp_json_array(json, "steps");
    put_end(&w, true, r->routes[route].depart_s);
    for (int32_t i = q->first; i < q->first + q->n; i++) {
        if (cp_vrp_is_node(s->items[i]))
            put_task(&w, &v->tasks[s->items[i]], &r->timing[i]);
        else
            put_break(&w, s->items[i], &r->timing[i]);
    }
    put_end(&w, false, r->routes[route].end_s);
    cp_json_end(json);
    put_violations(json);
    cp_json_end(json);
}

/* Vehicles of a kind are taken in the order of the document; route_of[vehicle], -1 = at home. */
static cp_status assign(cp_ctx *ctx, const cp_vroom *v, const cp_vrp_solution *s, int32_t **out)
{
    int32_t *route_of = NULL;
    CP_NEW(ctx, ctx->scratch, route_of, v->vehicles.n + 1);
    for (int32_t k = 0; k < v->vehicles.n; k++)
        route_of[k] = -1;
    for (int32_t r = 0; r < s->n_routes; r++) {
        int32_t k = 0;
        while (k < v->vehicles.n &&
               (route_of[k] >= 0 || cp_vroom_vehicle_at(v, k)->kind != s->routes[r].vehicle))
            k++;
        if (k == v->vehicles.n)
            CP_FAIL(ctx, CP_E_INPUT, "more routes than vehicles of the kind of vehicle %s",
                    v->p.vehicles[s->routes[r].vehicle].name);
        route_of[k] = r;
    }
    *out = route_of;
    return CP_OK;
}

static cp_status put_unassigned(cp_ctx *ctx, const cp_vroom *v, const cp_vrp_solution *s,
                                cp_json *json)
{
    bool *served = NULL;
    CP_NEW(ctx, ctx->scratch, served, v->n_tasks + 1);
    for (int32_t i = 0; i < s->n_items; i++)
        if (cp_vrp_is_node(s->items[i])) served[s->items[i]] = true;
    cp_json_array(json, "unassigned");
    for (int32_t k = 0; k < v->n_tasks; k++) {
        if (served[k]) continue;
        const cp_vroom_job *j = &v->tasks[k];
        cp_json_object_flat(json, NULL);
        cp_json_int(json, "id", j->id);
        cp_json_text(json, "type", kind_words[j->kind]);
        if (j->description != NULL) cp_json_text(json, "description", j->description);
        put_spot(json, &j->at, j->index);
        cp_json_end(json);
    }
    cp_json_end(json);
    return CP_OK;
}

static void add(totals *sum, const totals *t, int32_t n_dims)
{
    sum->cost += t->cost;
    sum->setup += t->setup;
    sum->service += t->service;
    sum->duration += t->duration;
    sum->waiting += t->waiting;
    sum->priority += t->priority;
    sum->distance += t->distance;
    sum->metres = sum->metres && t->metres;
    for (int32_t k = 0; k < n_dims; k++) {
        sum->delivery[k] += t->delivery[k];
        sum->pickup[k] += t->pickup[k];
    }
}

/* The summary's last words, where a bound was asked for. */
static void put_bound(const cp_vroom_bound *bound, int64_t cost, cp_json *json)
{
    if (bound == NULL) return;
    cp_json_object(json, "bound");
    cp_json_bool(json, "known", bound->known);
    if (bound->known) {
        const double gap = cost > 0 ? (double)(cost - bound->cost) / (double)cost : 0.0;
        cp_json_int(json, "cost", bound->cost);
        cp_json_real(json, "gap", gap, 6);
        cp_json_bool(json, "proven", bound->cost == cost);
    }
    cp_json_end(json);
}

static cp_status answer(cp_ctx *ctx, const cp_vroom *v, const cp_vrp_solution *s,
                        const cp_vrp_report *r, const cp_vroom_bound *bound, cp_json *json)
{
    int32_t *route_of = NULL;
    totals sum = {.metres = true};
    CP_TRY(assign(ctx, v, s, &route_of));
    for (int32_t k = 0; k < v->vehicles.n; k++) {
        if (route_of[k] < 0) continue;
        const totals t = route_totals(v, cp_vroom_vehicle_at(v, k), s, r, route_of[k]);
        add(&sum, &t, v->p.n_dims);
    }
    cp_json_object(json, NULL);
    cp_json_text(json, "schema", "cashplan.vroom_answer/1");
    cp_json_int(json, "code", 0);
    cp_json_bool(json, "estimated", v->estimated);
    cp_json_object(json, "summary");
    cp_json_int(json, "cost", sum.cost);
    cp_json_int(json, "routes", s->n_routes);
    cp_json_int(json, "unassigned", r->n_left_out);
    put_sums(v, &sum, json);
    put_violations(json);
    put_bound(bound, sum.cost, json);
    cp_json_end(json);
    CP_TRY(put_unassigned(ctx, v, s, json));
    cp_json_array(json, "routes");
    for (int32_t k = 0; k < v->vehicles.n; k++)
        if (route_of[k] >= 0) put_route(v, cp_vroom_vehicle_at(v, k), s, r, route_of[k], json);
    cp_json_end(json);
    cp_json_end(json);
    return CP_OK;
}

cp_status cp_vroom_answer(cp_ctx *ctx, const cp_vroom *v, const cp_vrp_solution *s,
                          const cp_vrp_report *r, const cp_vroom_bound *bound, cp_outfile *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_json json = cp_json_start(out, true, false);
    const cp_status st = answer(ctx, v, s, r, bound, &json);
    cp_outfile_text(out, "\n");
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

void cp_vroom_refusal(int32_t code, const char *words, const cp_json_in *faults, cp_outfile *out)
{
    cp_json json = cp_json_start(out, true, false);
    cp_json_object(&json, NULL);
    cp_json_text(&json, "schema", "cashplan.vroom_answer/1");
    cp_json_int(&json, "code", code);
    cp_json_text(&json, "error", words);
    cp_json_array(&json, "faults");
    for (int32_t k = 0; faults != NULL && k < faults->n_faults; k++) {
        cp_json_object_flat(&json, NULL);
        cp_json_text(&json, "path", faults->faults[k].path);
        cp_json_text(&json, "value", faults->faults[k].value);
        cp_json_text(&json, "rule", faults->faults[k].rule);
        cp_json_end(&json);
    }
    cp_json_end(&json);
    cp_json_end(&json);
    cp_outfile_text(out, "\n");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/vroom_day.h"

#include "data/json/json_out.h"

#define MUST_PRIORITY 100
#define N_AMOUNTS 2 /* value, volume */

/* Place k < n_stops is a stop, n_stops the vault: index of the travel times. */
static int32_t stop_index(const cp_vroom_day *d, int32_t place)
{
    return place < d->n_stops ? d->stops[place].site : d->net->n_sites + d->vault;
}

static int32_t way_s(const cp_vroom_day *d, int32_t from, int32_t to)
{
    return from == to ? 0 : cp_travel_s(d->net, stop_index(d, from), stop_index(d, to));
}

static int32_t way_m(const cp_vroom_day *d, int32_t from, int32_t to)
{
    const int32_t m = from == to ? 0 : cp_travel_m(d->net, stop_index(d, from), stop_index(d, to));
    return m > 0 ? m : 0;
}

static void put_spot(cp_json *json, const char *key, double lat, double lon)
{
    cp_json_array_flat(json, key);
    cp_json_real(json, NULL, lon, 9);
    cp_json_real(json, NULL, lat, 9);
    cp_json_end(json);
}

static void put_place(cp_json *json, const cp_vroom_day *d, int32_t place)
{
    const cp_vault *vault = &d->net->vaults[d->vault];
    if (place < d->n_stops) {
        const cp_site *site = &d->net->sites[d->stops[place].site];
        put_spot(json, "location", site->lat_deg, site->lon_deg);
    } else {
        put_spot(json, "location", vault->lat_deg, vault->lon_deg);
    }
    cp_json_int(json, "location_index", place);
}

static void put_amounts(cp_json *json, const char *key, const int64_t amounts[N_AMOUNTS])
{
    cp_json_array_flat(json, key);
    for (int32_t k = 0; k < N_AMOUNTS; k++)
        cp_json_int(json, NULL, amounts[k]);
    cp_json_end(json);
}

/* ---- the problem ---- */

static void put_span(cp_json *json, const char *key, int32_t from_min, int32_t to_min)
{
    cp_json_array_flat(json, key);
    cp_json_int(json, NULL, 60 * (int64_t)from_min);
    cp_json_int(json, NULL, 60 * (int64_t)to_min);
    cp_json_end(json);
}

static void put_windows(cp_json *json, const cp_site *site)
{
    const bool two = site->open2_min >= 0, swapped = two && site->open2_min < site->open_min;
    cp_json_array_flat(json, "time_windows");
    if (swapped) put_span(json, NULL, site->open2_min, site->close2_min);
    put_span(json, NULL, site->open_min, site->close_min);
    if (two && !swapped) put_span(json, NULL, site->open2_min, site->close2_min);
    cp_json_end(json);
}

static void put_job(cp_json *json, const cp_vroom_day *d, int32_t k)
{
    const cp_car_stop *s = &d->stops[k];
    const int64_t out[N_AMOUNTS] = {s->out_minor, s->out_cm3};
    const int64_t back[N_AMOUNTS] = {s->back_minor, s->back_cm3};
    cp_json_object(json, NULL);
    cp_json_int(json, "id", k + 1);
    cp_json_text(json, "description", d->net->sites[s->site].code);
    put_place(json, d, k);
    cp_json_int(json, "service", s->service_s);
    put_amounts(json, "delivery", out);
    put_amounts(json, "pickup", back);
    put_windows(json, &d->net->sites[s->site]);
    if (d->car[k] >= 0) {
        cp_json_array_flat(json, "skills");
        cp_json_int(json, NULL, d->car[k] + 1);
        cp_json_end(json);
    }
    if (d->must[k]) cp_json_int(json, "priority", MUST_PRIORITY);
    cp_json_end(json);
}

/* What all stops together carry: a volume that is never too little. */
static int64_t all_cm3(const cp_vroom_day *d)
{
    int64_t sum = 0;
    for (int32_t k = 0; k < d->n_stops; k++)
        sum += d->stops[k].out_cm3 + d->stops[k].back_cm3;
    return sum;
}

static int32_t opens_min(const cp_vroom_day *d, const cp_car *car)
{
    const int32_t vault = d->net->vaults[d->vault].open_min;
    return car->open_route || car->shift_start_min > vault ? car->shift_start_min : vault;
}

static int32_t ends_min(const cp_vroom_day *d, const cp_car *car)
{
    const int32_t vault = d->net->vaults[d->vault].close_min;
    const int32_t own = car->shift_end_min + car->overtime_min;
    return car->open_route || own < vault ? own : vault;
}

static void put_ends(cp_json *json, const cp_vroom_day *d)
{
    const cp_vault *vault = &d->net->vaults[d->vault];
    put_spot(json, "start", vault->lat_deg, vault->lon_deg);
    cp_json_int(json, "start_index", d->n_stops);
    put_spot(json, "end", vault->lat_deg, vault->lon_deg);
    cp_json_int(json, "end_index", d->n_stops);
}

static void put_vehicle(cp_json *json, const cp_vroom_day *d, int32_t c)
{
    const cp_car *car = &d->net->cars[c];
    const cp_car_rates rates = cp_car_rates_get(d->net, c, d->t);
    const int64_t capacity[N_AMOUNTS] = {car->insured_minor,
                                         car->volume_cm3 > 0 ? car->volume_cm3 : all_cm3(d)};
    cp_json_object(json, NULL);
    cp_json_int(json, "id", c + 1);
    cp_json_text(json, "description", car->code);
    cp_json_text(json, "profile", "car");
    if (!car->open_route) put_ends(json, d);
    put_amounts(json, "capacity", capacity);
    cp_json_array_flat(json, "skills");
    cp_json_int(json, NULL, c + 1);
    cp_json_end(json);
    put_span(json, "time_window", opens_min(d, car), ends_min(d, car));
    cp_json_object_flat(json, "costs");
    cp_json_int(json, "fixed", rates.car_day_minor);
    cp_json_int(json, "per_hour", rates.hour_minor);
    cp_json_int(json, "per_task_hour", rates.hour_minor);
    cp_json_int(json, "per_km", rates.km_minor);
    cp_json_end(json);
    cp_json_int(json, "_max_trips", car->open_route ? 1 : car->max_trips);
    cp_json_int(json, "_reload_s", 60 * (int64_t)car->reload_min);
    cp_json_int(json, "_shift_end", 60 * (int64_t)car->shift_end_min);
    cp_json_int(json, "_overtime_per_hour", rates.overtime_hour_minor);
    cp_json_end(json);
}

/* A car whose hours leave no time cannot be said as a vehicle, and is of no use either. */
static bool is_vehicle(const cp_vroom_day *d, int32_t c)
{
    const cp_car *car = &d->net->cars[c];
    return car->vault == d->vault && opens_min(d, car) <= ends_min(d, car);
}

static void put_not_said(cp_json *json, const cp_vroom_day *d)
{
    bool trips = false, over = false, hour = false;
    for (int32_t c = 0; c < d->net->n_cars; c++) {
        const cp_car *car = &d->net->cars[c];
        const cp_car_rates rates = cp_car_rates_get(d->net, c, d->t);
        if (!is_vehicle(d, c)) continue;
        trips = trips || (!car->open_route && car->max_trips > 1);
        over = over || (car->overtime_min > 0 && rates.overtime_hour_minor > 0);
        hour = hour || rates.hour_minor > 0;
    }
    cp_json_array(json, "_not_said");
    if (trips)
        cp_json_text(json, NULL, "cars may come back to the vault and load for another trip");
    if (over)
        cp_json_text(json, NULL,
                     "hours after the shift cost more: time windows end with the overtime allowed");
    if (hour) cp_json_text(json, NULL, "the crew's hours are paid while it waits, too");
    if (d->net->vaults[d->vault].dock_slots > 0)
        cp_json_text(json, NULL, "only so many cars load at the vault at the same time");
    if (d->net->settings.likeness_limit_pct < 100)
        cp_json_text(json, NULL, "routes are not to be too much like those of earlier days");
    cp_json_end(json);
}

static void put_matrix(cp_json *json, const cp_vroom_day *d, bool metres)
{
    const int32_t n = d->n_stops + 1;
    cp_json_array(json, metres ? "distances" : "durations");
    for (int32_t i = 0; i < n; i++) {
        cp_json_array_flat(json, NULL);
        for (int32_t j = 0; j < n; j++) {
            const int32_t s = way_s(d, i, j);
            if (s < 0)
                cp_json_null(json, NULL);
            else
                cp_json_int(json, NULL, metres ? way_m(d, i, j) : s);
        }
        cp_json_end(json);
    }
    cp_json_end(json);
}

cp_status cp_vroom_day_problem(cp_ctx *ctx, const cp_vroom_day *d, cp_outfile *out)
{
    cp_json json = cp_json_start(out, true, false);
    int32_t n = 0;
    for (int32_t c = 0; c < d->net->n_cars; c++)
        n += is_vehicle(d, c);
    if (n == 0 || d->n_stops == 0)
        CP_FAIL(ctx, CP_E_INPUT, "vault %s has no %s that day: there is no problem to write",
                d->net->vaults[d->vault].code, n == 0 ? "car" : "stop");
    cp_json_object(&json, NULL);
    cp_json_text(&json, "schema", "cashplan.vroom_problem/1");
    put_not_said(&json, d);
    cp_json_array(&json, "jobs");
    for (int32_t k = 0; k < d->n_stops; k++)
        put_job(&json, d, k);
    cp_json_end(&json);
    cp_json_array(&json, "vehicles");
    for (int32_t c = 0; c < d->net->n_cars; c++)
        if (is_vehicle(d, c)) put_vehicle(&json, d, c);
    cp_json_end(&json);
    cp_json_object(&json, "matrices");
    cp_json_object(&json, "car");
    put_matrix(&json, d, false);
    put_matrix(&json, d, true);
    cp_json_end(&json);
    cp_json_end(&json);
    cp_json_end(&json);
    cp_outfile_text(out, "\n");
    return CP_OK;
}

/* ---- the answer ---- */

/* Sums of a route or of all. */
typedef struct totals {
    int64_t cost, service, duration, waiting, priority, distance;
    int64_t out[N_AMOUNTS], back[N_AMOUNTS];
} totals;

/* A route while its steps are written. */
typedef struct walk {
    const cp_vroom_day *d;
    const cp_plan_route *route;
    const cp_plan_stop *stops;
    const int32_t *place_of; /* by site, -1 = none */
    cp_json *json;
    int32_t place;
    int64_t driven_s, way_m, load[N_AMOUNTS];
} walk;

static const cp_car_stop *stop_at(const walk *w, int32_t k)
{
    return &w->d->stops[w->place_of[w->stops[k].site]];
}

static void go(walk *w, int32_t place)
{
    if (w->place >= 0) {
        w->driven_s += way_s(w->d, w->place, place);
        w->way_m += way_m(w->d, w->place, place);
    }
    w->place = place;
}

/* What trip `trip` carries out. */
static void load_up(walk *w, int32_t trip)
{
    w->load[0] = w->load[1] = 0;
    for (int32_t k = 0; k < w->route->n_stops; k++) {
        if (w->stops[k].trip != trip) continue;
        w->load[0] += stop_at(w, k)->out_minor;
        w->load[1] += stop_at(w, k)->out_cm3;
    }
}

static void put_step(walk *w, const char *type, int64_t service, int64_t waiting, int64_t arrival)
{
    const bool job = w->place < w->d->n_stops;
    cp_json *json = w->json;
    cp_json_object_flat(json, NULL);
    cp_json_text(json, "type", type);
    if (job) cp_json_text(json, "description", w->d->net->sites[w->d->stops[w->place].site].code);
    put_place(json, w->d, w->place);
    if (job) cp_json_int(json, "id", w->place + 1);
    cp_json_int(json, "setup", 0);
    cp_json_int(json, "service", service);
    cp_json_int(json, "waiting_time", waiting);
    put_amounts(json, "load", w->load);
    cp_json_int(json, "arrival", arrival);
    cp_json_int(json, "duration", w->driven_s);
    cp_json_int(json, "distance", w->way_m);
    cp_json_array_flat(json, "violations");
    cp_json_end(json);
    cp_json_end(json);
}

static void put_steps(walk *w)
{
    const cp_plan_route *r = w->route;
    const cp_car *car = &w->d->net->cars[r->car];
    const int32_t vault = w->d->n_stops;
    load_up(w, 0);
    if (!car->open_route) {
        go(w, vault);
        put_step(w, "start", 0, 0, 60 * (int64_t)r->depart_min);
    }
    for (int32_t k = 0; k < r->n_stops; k++) {
        const cp_plan_stop *s = &w->stops[k];
        if (k > 0 && s->trip != w->stops[k - 1].trip) {
            const int64_t left_s = 60 * (int64_t)w->stops[k - 1].leave_min;
            const int64_t back_s = left_s + way_s(w->d, w->place, vault);
            go(w, vault);
            load_up(w, s->trip);
            put_step(w, "reload", 60 * (int64_t)car->reload_min, 0, back_s);
        }
        go(w, w->place_of[s->site]);
        w->load[0] += stop_at(w, k)->back_minor - stop_at(w, k)->out_minor;
        w->load[1] += stop_at(w, k)->back_cm3 - stop_at(w, k)->out_cm3;
        put_step(w, "job", stop_at(w, k)->service_s, 60 * (int64_t)(s->start_min - s->arrive_min),
                 60 * (int64_t)s->arrive_min);
    }
    if (car->open_route) return;
    go(w, vault);
    put_step(w, "end", 0, 0, 60 * (int64_t)r->return_min);
}

static cp_status sum_route(cp_ctx *ctx, const walk *w, totals *t)
{
    const cp_plan_route *r = w->route;
    const cp_car_rates rates = cp_car_rates_get(w->d->net, r->car, r->t);
    *t = (totals){.service = 60 * (int64_t)r->service_min,
                  .duration = r->drive_s,
                  .waiting = 60 * (int64_t)r->wait_min,
                  .distance = r->dist_m};
    for (int32_t k = 0; k < r->n_stops; k++) {
        const cp_car_stop *s = stop_at(w, k);
        t->priority += w->d->must[w->place_of[s->site]] ? MUST_PRIORITY : 0;
        t->out[0] += s->out_minor;
        t->out[1] += s->out_cm3;
        t->back[0] += s->back_minor;
        t->back[1] += s->back_cm3;
    }
    return cp_car_route_cost(ctx, w->d->net, &rates, r, &t->cost);
}

static void put_totals(cp_json *json, const totals *t)
{
    put_amounts(json, "delivery", t->out);
    put_amounts(json, "amount", t->out);
    put_amounts(json, "pickup", t->back);
    cp_json_int(json, "setup", 0);
    cp_json_int(json, "service", t->service);
    cp_json_int(json, "duration", t->duration);
    cp_json_int(json, "waiting_time", t->waiting);
    cp_json_int(json, "priority", t->priority);
    cp_json_int(json, "distance", t->distance);
    cp_json_array_flat(json, "violations");
    cp_json_end(json);
}

static void put_route(walk *w, const totals *t)
{
    cp_json *json = w->json;
    cp_json_object(json, NULL);
    cp_json_int(json, "vehicle", w->route->car + 1);
    cp_json_int(json, "cost", t->cost);
    cp_json_text(json, "description", w->d->net->cars[w->route->car].code);
    put_totals(json, t);
    cp_json_array(json, "steps");
    put_steps(w);
    cp_json_end(json);
    cp_json_end(json);
}

static void add(totals *sum, const totals *t)
{
    sum->cost += t->cost;
    sum->service += t->service;
    sum->duration += t->duration;
    sum->waiting += t->waiting;
    sum->priority += t->priority;
    sum->distance += t->distance;
    for (int32_t k = 0; k < N_AMOUNTS; k++) {
        sum->out[k] += t->out[k];
        sum->back[k] += t->back[k];
    }
}

/* The day's routes among others. */
typedef struct own_routes {
    walk *walks;
    totals *sums;
    int32_t n, estimated_legs;
    totals all;
    bool *served; /* by stop */
} own_routes;

static cp_status gather(cp_ctx *ctx, const cp_vroom_day *d, const cp_drives *drives, cp_json *json,
                        own_routes *o)
{
    int32_t *place_of = NULL;
    CP_NEW(ctx, ctx->scratch, place_of, d->net->n_sites + 1);
    CP_NEW(ctx, ctx->scratch, o->walks, drives->n_routes + 1);
    CP_NEW(ctx, ctx->scratch, o->sums, drives->n_routes + 1);
    CP_NEW(ctx, ctx->scratch, o->served, d->n_stops + 1);
    for (int32_t i = 0; i < d->net->n_sites; i++)
        place_of[i] = -1;
    for (int32_t k = 0; k < d->n_stops; k++)
        place_of[d->stops[k].site] = k;
    for (int32_t i = 0; i < drives->n_routes; i++) {
        const cp_plan_route *r = &drives->routes[i];
        if (r->t != d->t || r->vault != d->vault) continue;
        walk *w = &o->walks[o->n];
        *w = (walk){.d = d, .route = r, .place_of = place_of, .json = json, .place = -1};
        w->stops = drives->stops + r->first_stop;
        for (int32_t k = 0; k < r->n_stops; k++) {
            if (place_of[w->stops[k].site] < 0)
                CP_FAIL(ctx, CP_E_INPUT, "car %s stops at site %s, which has no visit that day",
                        d->net->cars[r->car].code, d->net->sites[w->stops[k].site].code);
            o->served[place_of[w->stops[k].site]] = true;
        }
        CP_TRY(sum_route(ctx, w, &o->sums[o->n]));
        add(&o->all, &o->sums[o->n++]);
        o->estimated_legs += r->estimated_legs;
    }
    return CP_OK;
}

static void put_unassigned(cp_json *json, const cp_vroom_day *d, const bool *served)
{
    cp_json_array(json, "unassigned");
    for (int32_t k = 0; k < d->n_stops; k++) {
        if (served[k]) continue;
        cp_json_object_flat(json, NULL);
        cp_json_int(json, "id", k + 1);
        cp_json_text(json, "type", "job");
        cp_json_text(json, "description", d->net->sites[d->stops[k].site].code);
        put_place(json, d, k);
        cp_json_end(json);
    }
    cp_json_end(json);
}

static cp_status answer(cp_ctx *ctx, const cp_vroom_day *d, const cp_drives *drives, cp_json *json)
{
    own_routes o = {0};
    int32_t unassigned = 0;
    CP_TRY(gather(ctx, d, drives, json, &o));
    for (int32_t k = 0; k < d->n_stops; k++)
        unassigned += !o.served[k];
    cp_json_object(json, NULL);
    cp_json_text(json, "schema", "cashplan.vroom_answer/1");
    cp_json_int(json, "code", 0);
    cp_json_bool(json, "estimated", o.estimated_legs > 0);
    cp_json_object(json, "summary");
    cp_json_int(json, "cost", o.all.cost);
    cp_json_int(json, "routes", o.n);
    cp_json_int(json, "unassigned", unassigned);
    put_totals(json, &o.all);
    cp_json_end(json);
    put_unassigned(json, d, o.served);
    cp_json_array(json, "routes");
    for (int32_t k = 0; k < o.n; k++)
        put_route(&o.walks[k], &o.sums[k]);
    cp_json_end(json);
    cp_json_end(json);
    return CP_OK;
}

cp_status cp_vroom_day_answer(cp_ctx *ctx, const cp_vroom_day *d, const cp_drives *drives,
                              cp_outfile *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_json json = cp_json_start(out, true, false);
    const cp_status st = answer(ctx, d, drives, &json);
    if (st == CP_OK) cp_outfile_text(out, "\n");
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

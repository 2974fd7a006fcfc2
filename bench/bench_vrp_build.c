/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/bench_vrp_raw.h"

#include <math.h>
#include <string.h>

#define FINE 100000.0 /* units per unit of length where legs are not rounded */

static double units(cp_bench_rule rule)
{
    return rule == CP_ROUND_NEAREST  ? 1
           : rule == CP_ROUND_TENTHS ? 10
           : rule == CP_ROUND_FINE   ? FINE
                                     : 1000;
}

static double leg(cp_bench_rule rule, double d)
{
    switch (rule) {
    case CP_ROUND_NEAREST:
        return floor(d + 0.5);
    case CP_ROUND_TENTHS:
        return floor(10 * d + 1e-9);
    case CP_ROUND_THOUSANDTHS:
        return nearbyint(1000 * d);
    default:
        return ceil(FINE * d - 1e-6);
    }
}

static cp_status build_matrix(cp_ctx *ctx, const cp_raw *r, cp_vrp *p)
{
    const int32_t n = r->n_places;
    int32_t *dist = NULL;
    cp_vrp_profile *profile = NULL;
    CP_NEW(ctx, ctx->run, dist, (size_t)n * (size_t)n);
    CP_NEW(ctx, ctx->run, profile, 1);
    for (int32_t i = 0; i < n; i++) {
        for (int32_t j = 0; j < n; j++) {
            const double d = i == j ? 0 : leg(r->rule, hypot(r->x[i] - r->x[j], r->y[i] - r->y[j]));
            if (d > 250e6) CP_FAIL(ctx, CP_E_RANGE, "place %d lies too far away", (int)j + 1);
            dist[(size_t)i * (size_t)n + (size_t)j] = (int32_t)d;
        }
    }
    *profile = (cp_vrp_profile){dist, dist};
    p->profiles = profile;
    p->n_profiles = 1;
    p->n_places = n;
    return CP_OK;
}

/* Whole numbers stay what they are; others are counted in thousandths. */
static double amount_units(const cp_raw *r)
{
    for (int32_t i = 0; i < r->n_places; i++)
        if (r->demand[i] != floor(r->demand[i])) return 1000;
    return 1;
}

static cp_status window_of(cp_ctx *ctx, const cp_raw *r, int32_t place, const cp_vrp_window **out)
{
    const double s = units(r->rule), open = ceil(s * r->open[place]),
                 close = floor(s * r->close[place]);
    if (open > close || open < -1e9 || close > 1e9)
        CP_FAIL(ctx, CP_E_INPUT, "the window of place %d is empty or out of range", (int)place + 1);
    cp_vrp_window *w = NULL;
    CP_NEW(ctx, ctx->run, w, 1);
    *w = (cp_vrp_window){(int32_t)open, (int32_t)close};
    *out = w;
    return CP_OK;
}

static cp_status build_nodes(cp_ctx *ctx, const cp_raw *r, cp_bench_vrp *b)
{
    cp_vrp *p = &b->p;
    const int32_t n = r->n_places - r->n_depots;
    cp_vrp_node *nodes = NULL;
    int64_t *loads = NULL;
    int32_t *client = NULL;
    CP_NEW(ctx, ctx->run, nodes, n);
    CP_NEW(ctx, ctx->run, loads, n);
    CP_NEW(ctx, ctx->run, client, n);
    const double s = units(r->rule), unit = amount_units(r);
    int32_t k = 0;
    for (int32_t i = 0; i < r->n_places; i++) {
        if (r->is_depot[i]) continue;
        if (r->demand[i] < 0 || r->service[i] < 0 || s * r->service[i] > 1e9)
            CP_FAIL(ctx, CP_E_INPUT, "place %d: demand or service out of range", (int)i + 1);
        loads[k] = (int64_t)llround(unit * r->demand[i]);
        client[k] = r->number[i];
        nodes[k] = (cp_vrp_node){.place = i,
                                 .service_s = (int32_t)lround(s * r->service[i]),
                                 .vehicle = -1,
                                 .out_price = CP_VRP_MUST};
        if (r->risk >= 0)
            nodes[k].pickup = &loads[k];
        else
            nodes[k].deliver = &loads[k];
        if (r->open != NULL) {
            CP_TRY(window_of(ctx, r, i, &nodes[k].windows));
            nodes[k].n_windows = 1;
        }
        k++;
    }
    p->nodes = nodes;
    p->n_nodes = n;
    b->client_no = client;
    return CP_OK;
}

static cp_status build_depots(cp_ctx *ctx, const cp_raw *r, cp_vrp *p)
{
    cp_vrp_depot *depots = NULL;
    CP_NEW(ctx, ctx->run, depots, r->n_depots);
    for (int32_t d = 0; d < r->n_depots; d++) {
        depots[d].place = r->depot[d];
        if (r->open == NULL) continue;
        CP_TRY(window_of(ctx, r, r->depot[d], &depots[d].windows));
        depots[d].n_windows = 1;
    }
    p->depots = depots;
    p->n_depots = r->n_depots;
    return CP_OK;
}

static bool same_car(const cp_raw_car *a, const cp_raw_car *b)
{
    return a->depot == b->depot && a->capacity == b->capacity && a->fixed == b->fixed &&
           a->unit == b->unit && a->longest == b->longest;
}

static cp_status build_kind(cp_ctx *ctx, const cp_raw *r, const cp_raw_car *c, cp_vrp_vehicle *v)
{
    const double s = units(r->rule);
    int64_t *cap = NULL;
    CP_NEW(ctx, ctx->run, cap, 1);
    *cap = r->risk >= 0 ? CP_VRP_NO_LIMIT : (int64_t)floor(amount_units(r) * c->capacity);
    *v = cp_vrp_vehicle_defaults();
    v->capacity = cap;
    for (int32_t d = 0; d < r->n_depots; d++)
        if (r->depot[d] == c->depot) v->start_depot = v->end_depot = d;
    if (c->longest >= 0) v->shift_max_s = (int32_t)fmin(floor(s * c->longest), 1e9);
    /* Windows may open before 0. */
    if (r->open != NULL) v->shift_start_s = -CP_VRP_LATEST;
    v->dist_price = (int64_t)llround(c->unit);
    v->fixed = (cp_minor)llround(r->rule == CP_ROUND_FINE ? FINE * c->fixed : c->fixed);
    if (fabs(c->unit - (double)v->dist_price) > 1e-9)
        CP_FAIL(ctx, CP_E_INPUT, "a cost per unit of length is not a whole number");
    if (r->risk >= 0) v->exposure_max = (int64_t)floor(amount_units(r) * s * r->risk + 1e-6);
    return CP_OK;
}

/* Cars that are alike become one kind; car_no keeps their numbers in the file. */
static cp_status build_kinds(cp_ctx *ctx, const cp_raw *r, cp_bench_vrp *b)
{
    cp_vrp_vehicle *kinds = NULL;
    int32_t *first = NULL, *kind_no = NULL, *car_no = NULL, *kind_of = NULL, n_kinds = 0;
    CP_NEW(ctx, ctx->run, kinds, r->n_cars);
    CP_NEW(ctx, ctx->run, kind_no, r->n_cars);
    CP_NEW(ctx, ctx->run, car_no, r->n_cars);
    CP_NEW(ctx, ctx->scratch, first, r->n_cars);
    CP_NEW(ctx, ctx->scratch, kind_of, r->n_cars);
    for (int32_t k = 0; k < r->n_cars; k++) {
        int32_t at = 0;
        while (at < n_kinds && !same_car(&r->cars[first[at]], &r->cars[k]))
            at++;
        if (at == n_kinds) {
            CP_TRY(build_kind(ctx, r, &r->cars[k], &kinds[n_kinds]));
            kinds[n_kinds].count = 0;
            first[n_kinds++] = k;
        }
        kinds[at].count++;
        kind_of[k] = at;
    }
    int32_t at = 0;
    for (int32_t v = 0; v < n_kinds; v++) {
        kind_no[v] = b->numbering == CP_BENCH_BY_DEPOT ? kinds[v].start_depot + 1 : at;
        for (int32_t k = 0; k < r->n_cars; k++)
            if (kind_of[k] == v) car_no[at++] = k + 1;
    }
    b->p.vehicles = kinds;
    b->p.n_vehicles = n_kinds;
    b->kind_no = kind_no;
    b->car_no = car_no;
    return CP_OK;
}

cp_status cp_bench_vrp_build(cp_ctx *ctx, const cp_raw *r, cp_bench_vrp *b)
{
    b->family = r->family;
    b->x = r->x;
    b->y = r->y;
    b->p.n_dims = 1;
    b->p.value_dim = r->risk >= 0 ? 0 : -1;
    b->p.dist_den = b->p.time_den = b->p.exposure_den = 1;
    const bool hundredths = strcmp(r->family, "hfvrp") == 0;
    b->scale = units(r->rule) * (hundredths ? 100 : 1);
    if (r->rule == CP_ROUND_THOUSANDTHS) b->scale = 1; /* published in thousandths */
    b->numbering = r->alike          ? CP_BENCH_PLAIN
                   : r->n_depots > 1 ? CP_BENCH_BY_DEPOT
                                     : CP_BENCH_BY_CAR;
    CP_TRY(build_matrix(ctx, r, &b->p));
    CP_TRY(build_depots(ctx, r, &b->p));
    CP_TRY(build_kinds(ctx, r, b));
    CP_TRY(build_nodes(ctx, r, b));
    return cp_vrp_validate(ctx, &b->p);
}

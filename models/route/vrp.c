/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/route/vrp.h"

/* Amounts of one node, distances of one leg, prices: so small that sums over any day, and the
 * products of prices and sums, are noticed to overflow long before they do. */
#define VRP_AMOUNT_MAX (INT64_MAX / 4096)

cp_vrp_vehicle cp_vrp_vehicle_defaults(void)
{
    const cp_vrp_vehicle v = {.count = 1,
                              .start_depot = -1,
                              .end_depot = -1,
                              .max_trips = 1,
                              .exposure_max = CP_VRP_NO_LIMIT,
                              .dist_max_m = CP_VRP_NO_LIMIT,
                              .drive_max_s = CP_VRP_LATEST,
                              .nodes_max = INT32_MAX,
                              .shift_end_s = CP_VRP_LATEST,
                              .shift_max_s = CP_VRP_LATEST,
                              .paid_s = CP_VRP_LATEST};
    return v;
}

bool cp_vrp_may_serve(const cp_vrp *p, int32_t vehicle, int32_t node)
{
    const cp_vrp_node *n = &p->nodes[node];
    const cp_vrp_vehicle *v = &p->vehicles[vehicle];
    if (n->vehicle >= 0 && n->vehicle != vehicle) return false;
    if (n->skills == NULL) return true;
    for (int32_t k = 0; k < p->n_skill_words; k++)
        if ((n->skills[k] & ~(v->skills == NULL ? 0 : v->skills[k])) != 0) return false;
    return true;
}

cp_minor cp_vrp_band_price(const cp_vrp_band *bands, int32_t n, int64_t amount)
{
    cp_minor price = 0;
    for (int32_t k = 0; k < n && bands[k].from <= amount; k++)
        price = bands[k].price;
    return price;
}

/* The words for one thing: its name, or its number counted from 1. */
static const char *called(cp_ctx *ctx, const char *kind, const char *name, int32_t index)
{
    const char *text = name == NULL ? cp_strf(ctx, ctx->scratch, "%s %d", kind, (int)index + 1)
                                    : cp_strf(ctx, ctx->scratch, "%s %s", kind, name);
    return text == NULL ? kind : text;
}

static bool windows_fit(const cp_vrp_window *w, int32_t n)
{
    if (n < 0 || (n > 0 && w == NULL)) return false;
    for (int32_t k = 0; k < n; k++) {
        if (w[k].open_s > w[k].close_s) return false;
        if (w[k].open_s < -CP_VRP_LATEST || w[k].close_s > CP_VRP_LATEST) return false;
        if (k > 0 && w[k].open_s <= w[k - 1].close_s) return false;
    }
    return true;
}

static bool bands_fit(const cp_vrp_band *b, int32_t n)
{
    if (n < 0 || (n > 0 && (b == NULL || b[0].from != 0))) return false;
    for (int32_t k = 0; k < n; k++) {
        if (b[k].price < 0 || b[k].price > VRP_AMOUNT_MAX) return false;
        if (k > 0 && b[k].from <= b[k - 1].from) return false;
    }
    return true;
}

static bool seconds_fit(int32_t s)
{
    return s >= 0 && s <= CP_VRP_LATEST;
}

static bool price_fits(int64_t price)
{
    return price >= 0 && price <= VRP_AMOUNT_MAX;
}

static bool loads_fit(const int64_t *load, int32_t n_dims)
{
    for (int32_t k = 0; load != NULL && k < n_dims; k++)
        if (load[k] < 0 || load[k] > VRP_AMOUNT_MAX) return false;
    return true;
}

static cp_status validate_node(cp_ctx *ctx, const cp_vrp *p, int32_t i)
{
    const cp_vrp_node *n = &p->nodes[i];
    const char *what = NULL;
    if (n->place < 0 || n->place >= p->n_places) what = "its place does not exist";
    if (n->vehicle < -1 || n->vehicle >= p->n_vehicles) what = "its vehicle does not exist";
    if (!seconds_fit(n->service_s) || !seconds_fit(n->setup_s) || !seconds_fit(n->pavement_s))
        what = "a service time is out of range";
    if (!windows_fit(n->windows, n->n_windows)) what = "its windows overlap or are out of order";
    if (!loads_fit(n->deliver, p->n_dims) || !loads_fit(n->pickup, p->n_dims))
        what = "a load is negative or too large";
    if (n->out_price != CP_VRP_MUST && !price_fits(n->out_price))
        what = "the price of leaving it out is out of range";
    if (what != NULL) CP_FAIL(ctx, CP_E_INPUT, "%s: %s", called(ctx, "node", n->name, i), what);
    return CP_OK;
}

static bool vehicle_prices_fit(const cp_vrp_vehicle *v)
{
    return price_fits(v->fixed) && price_fits(v->dist_price) && price_fits(v->drive_price) &&
           price_fits(v->work_price) && price_fits(v->idle_price) && price_fits(v->over_price) &&
           price_fits(v->exposure_price) && bands_fit(v->trip_bands, v->n_trip_bands) &&
           bands_fit(v->stop_bands, v->n_stop_bands);
}

static bool vehicle_times_fit(const cp_vrp *p, const cp_vrp_vehicle *v)
{
    for (int32_t k = 0; k < v->n_breaks; k++) {
        const cp_vrp_break *b = &v->breaks[k];
        if (!windows_fit(b->windows, b->n_windows) || !seconds_fit(b->duration_s) ||
            !seconds_fit(b->after_s) || !loads_fit(b->max_load, p->n_dims))
            return false;
    }
    return v->n_breaks >= 0 && v->n_breaks <= CP_VRP_BREAKS_MAX && seconds_fit(v->reload_s) &&
           seconds_fit(v->drive_max_s) && seconds_fit(v->overtime_max_s) &&
           seconds_fit(v->shift_max_s) && seconds_fit(v->paid_s) &&
           v->shift_start_s >= -CP_VRP_LATEST && v->shift_start_s <= v->shift_end_s &&
           v->shift_end_s <= CP_VRP_LATEST;
}

/* Forbidden hours may touch: they are half open. */
static bool bans_fit(const cp_vrp_vehicle *v)
{
    for (int32_t k = 0; k < v->n_bans; k++) {
        const cp_vrp_window *b = &v->bans[k];
        if (b->open_s >= b->close_s || b->open_s < -CP_VRP_LATEST || b->close_s > CP_VRP_LATEST)
            return false;
        if (k > 0 && b->open_s < v->bans[k - 1].close_s) return false;
    }
    return v->n_bans >= 0;
}

static bool vehicle_depots_fit(const cp_vrp *p, const cp_vrp_vehicle *v)
{
    if (v->start_depot < -1 || v->start_depot >= p->n_depots) return false;
    if (v->end_depot < -1 || v->end_depot >= p->n_depots || v->n_reload_depots < 0) return false;
    for (int32_t k = 0; k < v->n_reload_depots; k++)
        if (v->reload_depots[k] < 0 || v->reload_depots[k] >= p->n_depots) return false;
    return true;
}

static cp_status validate_vehicle(cp_ctx *ctx, const cp_vrp *p, int32_t i)
{
    const cp_vrp_vehicle *v = &p->vehicles[i];
    const char *what = NULL;
    if (v->count < 0 || v->max_trips < 1 || v->nodes_max < 0 || v->dist_max_m < 0)
        what = "its number, trips, nodes or distance is out of range";
    if (v->profile < 0 || v->profile >= p->n_profiles) what = "its travel profile does not exist";
    if (!vehicle_depots_fit(p, v)) what = "a depot of it does not exist";
    if (!vehicle_prices_fit(v))
        what = "a price is out of range or its value bands are out of order";
    if (!vehicle_times_fit(p, v)) what = "its shift or a break is out of range";
    if (!bans_fit(v)) what = "its forbidden hours overlap or are out of order";
    if (v->exposure_max < 0) what = "its exposure limit is negative";
    for (int32_t k = 0; v->capacity != NULL && k < p->n_dims; k++)
        if (v->capacity[k] < 0) what = "a capacity is negative";
    if (what != NULL) CP_FAIL(ctx, CP_E_INPUT, "%s: %s", called(ctx, "vehicle", v->name, i), what);
    return CP_OK;
}

static cp_status validate_profile(cp_ctx *ctx, const cp_vrp *p, int32_t i)
{
    const size_t n = (size_t)p->n_places * (size_t)p->n_places;
    for (size_t k = 0; k < n; k++) {
        const int32_t t = p->profiles[i].time_s[k];
        if (t == CP_VRP_NO_WAY) continue;
        if (!seconds_fit(t) || p->profiles[i].dist_m[k] < 0)
            CP_FAIL(ctx, CP_E_INPUT, "travel profile %d, place %d to place %d: out of range",
                    (int)i + 1, (int)(k / (size_t)p->n_places) + 1,
                    (int)(k % (size_t)p->n_places) + 1);
    }
    return CP_OK;
}

static cp_status validate_depot(cp_ctx *ctx, const cp_vrp *p, int32_t i)
{
    const cp_vrp_depot *d = &p->depots[i];
    if (d->place < 0 || d->place >= p->n_places || !seconds_fit(d->reload_s) ||
        !windows_fit(d->windows, d->n_windows))
        CP_FAIL(ctx, CP_E_INPUT, "%s: its place, reload time or windows are out of range",
                called(ctx, "depot", d->name, i));
    return CP_OK;
}

static bool carries(const int64_t *load, int32_t n_dims)
{
    for (int32_t k = 0; load != NULL && k < n_dims; k++)
        if (load[k] != 0) return true;
    return false;
}

static cp_status validate_pair(cp_ctx *ctx, const cp_vrp *p, int32_t i, bool *paired)
{
    const cp_vrp_pair q = p->pairs[i];
    const char *what = NULL;
    if (q.fetch < 0 || q.fetch >= p->n_nodes || q.bring < 0 || q.bring >= p->n_nodes)
        CP_FAIL(ctx, CP_E_INPUT, "pair %d: a node of it does not exist", (int)i + 1);
    const cp_vrp_node *a = &p->nodes[q.fetch], *b = &p->nodes[q.bring];
    for (int32_t m = 0; m < p->n_dims; m++)
        if ((a->pickup == NULL ? 0 : a->pickup[m]) != (b->deliver == NULL ? 0 : b->deliver[m]))
            what = "more or less is brought than was fetched";
    if (carries(a->deliver, p->n_dims) || carries(b->pickup, p->n_dims))
        what = "a node of it has another load besides";
    if (q.fetch == q.bring || paired[q.fetch] || paired[q.bring])
        what = "a node of it is in it twice or in another pair";
    if (what != NULL)
        CP_FAIL(ctx, CP_E_INPUT, "pair %d, %s to %s: %s", (int)i + 1,
                called(ctx, "node", a->name, q.fetch), called(ctx, "node", b->name, q.bring), what);
    paired[q.fetch] = paired[q.bring] = true;
    return CP_OK;
}

static cp_status validate_pairs(cp_ctx *ctx, const cp_vrp *p)
{
    bool *paired = NULL;
    CP_NEW(ctx, ctx->scratch, paired, p->n_nodes + 1);
    for (int32_t i = 0; i < p->n_pairs; i++)
        CP_TRY(validate_pair(ctx, p, i, paired));
    return CP_OK;
}

/* No load on board can leave 64 bits. */
static cp_status validate_sums(cp_ctx *ctx, const cp_vrp *p)
{
    for (int32_t m = 0; m < p->n_dims; m++) {
        int64_t sum = 0;
        for (int32_t i = 0; i < p->n_nodes; i++) {
            const cp_vrp_node *n = &p->nodes[i];
            const int64_t a = n->deliver == NULL ? 0 : n->deliver[m];
            const int64_t b = n->pickup == NULL ? 0 : n->pickup[m];
            if (__builtin_add_overflow(sum, a + b, &sum) || sum > INT64_MAX / 16)
                CP_FAIL(ctx, CP_E_RANGE, "load dimension %d: the sum of all loads is too large",
                        (int)m + 1);
        }
    }
    return CP_OK;
}

static cp_status validate_all(cp_ctx *ctx, const cp_vrp *p)
{
    if (p->n_places < 0 || p->n_nodes < 0 || p->n_depots < 0 || p->n_vehicles < 0 ||
        p->n_profiles < 0 || p->n_skill_words < 0 || p->n_pairs < 0)
        CP_FAIL(ctx, CP_E_INPUT,
                "a number of places, nodes, pairs, depots or vehicles is negative");
    if (p->n_dims < 0 || p->n_dims > CP_VRP_DIMS_MAX || p->value_dim < -1 ||
        p->value_dim >= p->n_dims)
        CP_FAIL(ctx, CP_E_INPUT, "%d load dimensions with value in number %d: 0 to %d are possible",
                (int)p->n_dims, (int)p->value_dim + 1, CP_VRP_DIMS_MAX);
    if (p->dist_den < 1 || p->time_den < 1 || p->exposure_den < 1)
        CP_FAIL(ctx, CP_E_INPUT, "prices are per a number of units below 1");
    for (int32_t i = 0; i < p->n_profiles; i++)
        CP_TRY(validate_profile(ctx, p, i));
    for (int32_t i = 0; i < p->n_depots; i++)
        CP_TRY(validate_depot(ctx, p, i));
    for (int32_t i = 0; i < p->n_vehicles; i++)
        CP_TRY(validate_vehicle(ctx, p, i));
    for (int32_t i = 0; i < p->n_nodes; i++)
        CP_TRY(validate_node(ctx, p, i));
    CP_TRY(validate_pairs(ctx, p));
    return validate_sums(ctx, p);
}

cp_status cp_vrp_validate(cp_ctx *ctx, const cp_vrp *p)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_status st = validate_all(ctx, p);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

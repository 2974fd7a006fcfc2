/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_rich.h"

#include <math.h>

#define NO_ITEM INT32_MAX /* of a start and an end */
#define NEVER (INT64_MAX / 4)

typedef struct cp_rich_step {
    int32_t item;
    const cp_vrp_window *windows;
    int32_t n_windows;
    int32_t leg_s, work_s, idle_s;
    int64_t start, close; /* close: of the window it starts in */
} rich_step;

/* Sums of one route. */
typedef struct rich_sums {
    int64_t dist_m, drive_s, work_s;
    double bands, exposure;
    int64_t end, depart, waited;
} rich_sums;

cp_status cp_rich_drive_new(cp_ctx *ctx, const cp_vrp *p, cp_rich_drive *out)
{
    int32_t breaks = 0;
    for (int32_t k = 0; k < p->n_vehicles; k++)
        if (p->vehicles[k].n_breaks > breaks) breaks = p->vehicles[k].n_breaks;
    *out = (cp_rich_drive){.p = p, .cap = 2 * p->n_nodes + breaks + 4};
    CP_NEW(ctx, ctx->scratch, out->steps, out->cap);
    CP_NEW(ctx, ctx->scratch, out->board, p->n_dims + 1);
    CP_NEW(ctx, ctx->scratch, out->taken, breaks + 1);
    return CP_OK;
}

/* ---- loads, exposure, bands: trip by trip ---- */

static int64_t amount(const int64_t *load, int32_t m)
{
    return load == NULL ? 0 : load[m];
}

static bool fits(const cp_rich_drive *e, const cp_vrp_vehicle *v)
{
    for (int32_t m = 0; v->capacity != NULL && m < e->p->n_dims; m++)
        if (e->board[m] > v->capacity[m]) return false;
    return true;
}

static int32_t seconds(const cp_vrp *p, const cp_vrp_vehicle *v, int32_t from, int32_t to)
{
    if (from < 0 || to < 0) return 0;
    return p->profiles[v->profile].time_s[(size_t)from * (size_t)p->n_places + (size_t)to];
}

static int32_t place_of(const cp_vrp *p, int32_t item)
{
    return cp_vrp_is_node(item) ? p->nodes[item].place : p->depots[cp_vrp_depot_of(item)].place;
}

static int32_t depot_place(const cp_vrp *p, int32_t depot)
{
    return depot < 0 ? -1 : p->depots[depot].place;
}

/* One trip: items[0..n), from one place to another (-1 = none). */
static bool drive_trip(cp_rich_drive *e, const cp_vrp_vehicle *v, const int32_t *items, int32_t n,
                       const int32_t ends[2], rich_sums *sum)
{
    const cp_vrp *p = e->p;
    const int32_t dim = p->value_dim;
    for (int32_t m = 0; m < p->n_dims; m++) {
        e->board[m] = 0;
        for (int32_t k = 0; k < n; k++)
            e->board[m] += amount(p->nodes[items[k]].deliver, m);
    }
    if (!fits(e, v)) return false;
    int32_t at = ends[0];
    double exposure = 0;
    int64_t most = dim < 0 ? 0 : e->board[dim];
    for (int32_t k = 0; k < n; k++) {
        const cp_vrp_node *q = &p->nodes[items[k]];
        if (dim >= 0) exposure += (double)e->board[dim] * seconds(p, v, at, q->place);
        for (int32_t m = 0; m < p->n_dims; m++)
            e->board[m] += amount(q->pickup, m) - amount(q->deliver, m);
        if (!fits(e, v)) return false;
        at = q->place;
        if (dim < 0) continue;
        const int64_t moved = amount(q->deliver, dim) + amount(q->pickup, dim);
        exposure += (double)moved * q->pavement_s;
        sum->bands += (double)cp_vrp_band_price(v->stop_bands, v->n_stop_bands, moved);
        if (e->board[dim] > most) most = e->board[dim];
    }
    if (dim < 0) return true;
    exposure += (double)e->board[dim] * seconds(p, v, at, ends[1]);
    if (v->exposure_max < CP_VRP_NO_LIMIT && exposure > (double)v->exposure_max) return false;
    sum->exposure += exposure;
    sum->bands += (double)cp_vrp_band_price(v->trip_bands, v->n_trip_bands, most);
    return true;
}

static bool drive_trips(cp_rich_drive *e, const cp_vrp_vehicle *v, const int32_t *items, int32_t n,
                        rich_sums *sum)
{
    int32_t first = 0, trips = 0, nodes = 0;
    int32_t ends[2] = {depot_place(e->p, v->start_depot), -1};
    for (int32_t k = 0; k <= n; k++) {
        if (k < n && cp_vrp_is_node(items[k])) continue;
        if (k == first || ++trips > v->max_trips) return false;
        ends[1] = k < n ? place_of(e->p, items[k]) : depot_place(e->p, v->end_depot);
        if (!drive_trip(e, v, items + first, k - first, ends, sum)) return false;
        nodes += k - first;
        ends[0] = ends[1];
        first = k + 1;
    }
    return nodes <= v->nodes_max;
}

/* ---- moments ---- */

static int64_t push(const cp_vrp_vehicle *v, int64_t t, int64_t len)
{
    for (int32_t k = 0; len > 0 && k < v->n_bans; k++)
        if (t < v->bans[k].close_s && t + len > v->bans[k].open_s) t = v->bans[k].close_s;
    return t;
}

static int64_t pull(const cp_vrp_vehicle *v, int64_t end, int64_t len)
{
    int64_t t = end - len;
    for (int32_t k = v->n_bans - 1; len > 0 && k >= 0; k--)
        if (t < v->bans[k].close_s && t + len > v->bans[k].open_s) t = v->bans[k].open_s - len;
    return t;
}

static int64_t length(const rich_step *s)
{
    return (int64_t)s->work_s + s->idle_s;
}

/* Start the step as early as its windows let it from t on; false when it is too late. */
static bool begin(const cp_vrp_vehicle *v, rich_step *s, int64_t t)
{
    s->close = NEVER;
    if (s->n_windows == 0) {
        s->start = push(v, t, length(s));
        return true;
    }
    for (int32_t k = 0; k < s->n_windows; k++) {
        const int64_t open = s->windows[k].open_s;
        s->start = push(v, t > open ? t : open, length(s));
        s->close = s->windows[k].close_s;
        if (s->start <= s->close) return true;
    }
    return false;
}

/* Arrive over the leg and start; the moment of leaving in *t. */
static bool pass_step(const cp_vrp_vehicle *v, rich_step *s, int64_t *t)
{
    if (!begin(v, s, push(v, *t, s->leg_s) + s->leg_s)) return false;
    *t = s->start + length(s);
    return true;
}

static int64_t last_close(const cp_vrp_break *b)
{
    return b->n_windows == 0 ? NEVER : b->windows[b->n_windows - 1].close_s;
}

static bool open_at(const cp_vrp_break *b, int64_t t)
{
    for (int32_t k = 0; k < b->n_windows; k++)
        if (t >= b->windows[k].open_s && t <= b->windows[k].close_s) return true;
    return b->n_windows == 0;
}

/* Take each break that is due: open now, or too late after `next` (NULL = the end of the day). */
static bool take_breaks(cp_rich_drive *e, const cp_vrp_vehicle *v, const rich_step *next, bool last,
                        int64_t *t)
{
    for (int32_t k = 0; k < v->n_breaks; k++) {
        const cp_vrp_break *b = &v->breaks[k];
        if (e->taken[k] != 0) continue;
        rich_step after = *next;
        int64_t then = *t;
        const bool waits = !last && pass_step(v, &after, &then) && then <= last_close(b);
        if (waits && !open_at(b, *t)) continue;
        rich_step *s = &e->steps[e->n_steps];
        *s = (rich_step){.item = cp_vrp_break_item(k),
                         .windows = b->windows,
                         .n_windows = b->n_windows,
                         .idle_s = b->duration_s};
        if (!pass_step(v, s, t)) return false;
        e->taken[k] = 1;
        e->n_steps++;
    }
    return true;
}

static rich_step step_of(const cp_vrp *p, const cp_vrp_vehicle *v, int32_t item, int32_t at)
{
    rich_step s = {.item = item, .leg_s = seconds(p, v, at, place_of(p, item))};
    if (cp_vrp_is_node(item)) {
        const cp_vrp_node *q = &p->nodes[item];
        s.windows = q->windows;
        s.n_windows = q->n_windows;
        s.work_s = q->service_s + (at == q->place ? 0 : q->setup_s);
        return s;
    }
    const cp_vrp_depot *d = &p->depots[cp_vrp_depot_of(item)];
    s.windows = d->windows;
    s.n_windows = d->n_windows;
    s.work_s = d->reload_s + v->reload_s;
    return s;
}

static rich_step end_step(const cp_vrp *p, const cp_vrp_vehicle *v, int32_t depot, int32_t at)
{
    const cp_vrp_depot *d = &p->depots[depot];
    const rich_step s = {.item = NO_ITEM,
                         .windows = d->windows,
                         .n_windows = d->n_windows,
                         .leg_s = seconds(p, v, at, d->place)};
    return s;
}

/* All steps, each as early as can be, with their breaks. */
static bool pass_forward(cp_rich_drive *e, const cp_vrp_vehicle *v, const int32_t *items, int32_t n)
{
    const cp_vrp *p = e->p;
    int64_t t = v->shift_start_s;
    int32_t at = -1;
    e->n_steps = 0;
    for (int32_t k = v->start_depot >= 0 ? -1 : 0; k <= n; k++) {
        if (k == n && v->end_depot < 0) {
            const rich_step none = {0};
            if (!take_breaks(e, v, &none, true, &t)) return false;
            continue;
        }
        const rich_step s = k < 0    ? end_step(p, v, v->start_depot, -1)
                            : k == n ? end_step(p, v, v->end_depot, at)
                                     : step_of(p, v, items[k], at);
        if (s.leg_s < 0) return false;
        if (e->n_steps > 0 && !take_breaks(e, v, &s, k == n, &t)) return false;
        rich_step *own = &e->steps[e->n_steps++];
        *own = s;
        if (!pass_step(v, own, &t)) return false;
        at = k < 0 ? depot_place(p, v->start_depot) : k < n ? place_of(p, items[k]) : at;
    }
    return true;
}

/* The latest departure that keeps the end and every window (vrp.h, Schedule 2). */
static int64_t latest_departure(const cp_rich_drive *e, const cp_vrp_vehicle *v)
{
    int64_t latest = e->steps[e->n_steps - 1].start;
    for (int32_t k = e->n_steps - 2; k >= 0; k--) {
        const rich_step *s = &e->steps[k];
        const int64_t leave = pull(v, latest, s[1].leg_s);
        const int64_t by_window = s->close > NEVER - length(s) ? NEVER : s->close + length(s);
        latest = pull(v, leave < by_window ? leave : by_window, length(s));
    }
    return latest;
}

static void sum_up(const cp_rich_drive *e, const cp_vrp_vehicle *v, rich_sums *sum)
{
    const rich_step *last = &e->steps[e->n_steps - 1];
    int64_t busy = 0, idle = 0;
    for (int32_t k = 0; k < e->n_steps; k++) {
        sum->drive_s += e->steps[k].leg_s;
        sum->work_s += e->steps[k].work_s;
        idle += e->steps[k].idle_s;
    }
    busy = sum->drive_s + sum->work_s;
    sum->end = last->start + length(last);
    sum->depart = latest_departure(e, v);
    sum->waited = sum->end - sum->depart - busy;
    if (sum->waited < idle) sum->waited = idle;
}

/* ---- a whole route ---- */

static int64_t way_of(const cp_vrp *p, const cp_vrp_vehicle *v, const int32_t *items, int32_t n)
{
    const int32_t *dist = p->profiles[v->profile].dist_m;
    int32_t at = depot_place(p, v->start_depot);
    int64_t m = 0;
    for (int32_t k = 0; k <= n; k++) {
        const int32_t to = k < n ? place_of(p, items[k]) : depot_place(p, v->end_depot);
        if (at >= 0 && to >= 0) m += dist[(size_t)at * (size_t)p->n_places + (size_t)to];
        at = to;
    }
    return m;
}

/* Breaks that long routes alone need are set once the route is seen to be long. */
static bool set_times(cp_rich_drive *e, const cp_vrp_vehicle *v, const int32_t *items, int32_t n,
                      rich_sums *sum)
{
    const rich_sums before = *sum;
    uint64_t wanted = 0;
    for (int32_t round = 0; round <= v->n_breaks; round++) {
        bool more = false;
        *sum = before;
        for (int32_t k = 0; k < v->n_breaks; k++)
            e->taken[k] = v->breaks[k].after_s > 0 && (wanted >> (k % 64) & 1) == 0;
        if (!pass_forward(e, v, items, n)) return false;
        sum_up(e, v, sum);
        for (int32_t k = 0; k < v->n_breaks; k++) {
            if (v->breaks[k].after_s <= 0 || (wanted >> (k % 64) & 1) != 0) continue;
            if (sum->end - sum->depart <= v->breaks[k].after_s) continue;
            wanted |= UINT64_C(1) << (k % 64);
            more = true;
        }
        if (!more) return true;
    }
    return false;
}

static double price(const cp_vrp *p, const cp_vrp_vehicle *v, const rich_sums *s, int64_t over)
{
    return (double)v->fixed + s->bands +
           (double)s->dist_m * (double)v->dist_price / (double)p->dist_den +
           ((double)s->drive_s * (double)v->drive_price +
            (double)s->work_s * (double)v->work_price + (double)s->waited * (double)v->idle_price +
            (double)over * (double)v->over_price) /
               (double)p->time_den +
           s->exposure * (double)v->exposure_price / (double)p->exposure_den;
}

double cp_rich_route(cp_rich_drive *e, int32_t vehicle, const int32_t *items, int32_t n)
{
    const cp_vrp *p = e->p;
    const cp_vrp_vehicle *v = &p->vehicles[vehicle];
    rich_sums sum = {0};
    if (!drive_trips(e, v, items, n, &sum)) return -1;
    sum.dist_m = way_of(p, v, items, n);
    if (sum.dist_m > v->dist_max_m) return -1;
    if (!set_times(e, v, items, n, &sum)) return -1;
    const int64_t lasts = sum.end - sum.depart;
    if (sum.drive_s > v->drive_max_s || lasts > v->shift_max_s) return -1;
    if (sum.end > (int64_t)v->shift_end_s + v->overtime_max_s) return -1;
    int64_t over = sum.end > v->shift_end_s ? sum.end - v->shift_end_s : 0;
    if (lasts - v->paid_s > over) over = lasts - v->paid_s;
    return price(p, v, &sum, over);
}

/* Way from one place to another added to metres and seconds; -1 = no place. */
static void add_way(const cp_vrp *p, const cp_vrp_profile *t, const int32_t ends[2], int64_t sign,
                    int64_t sum[2])
{
    if (ends[0] < 0 || ends[1] < 0) return;
    const size_t c = (size_t)ends[0] * (size_t)p->n_places + (size_t)ends[1];
    sum[0] += sign * t->dist_m[c];
    sum[1] += sign * t->time_s[c];
}

double cp_rich_longer(const cp_vrp *p, int32_t vehicle, const int32_t *items, int32_t n, int32_t at,
                      int32_t x)
{
    const cp_vrp_vehicle *v = &p->vehicles[vehicle];
    const cp_vrp_profile *t = &p->profiles[v->profile];
    const int32_t from = at > 0 ? place_of(p, items[at - 1]) : depot_place(p, v->start_depot);
    const int32_t to = at < n ? place_of(p, items[at]) : depot_place(p, v->end_depot);
    const int32_t mid = p->nodes[x].place;
    int64_t sum[2] = {0, p->nodes[x].service_s};
    add_way(p, t, (const int32_t[2]){from, mid}, 1, sum);
    add_way(p, t, (const int32_t[2]){mid, to}, 1, sum);
    add_way(p, t, (const int32_t[2]){from, to}, -1, sum);
    const int64_t hour = v->drive_price < v->work_price ? v->drive_price : v->work_price;
    double cost = (double)sum[0] * (double)v->dist_price / (double)p->dist_den;
    if (v->idle_price == 0) cost += (double)sum[1] * (double)hour / (double)p->time_den;
    return cost;
}

int32_t cp_rich_items(const cp_rich_drive *e, int32_t *items)
{
    int32_t n = 0;
    for (int32_t k = 0; k < e->n_steps; k++)
        if (e->steps[k].item != NO_ITEM) items[n++] = e->steps[k].item;
    return n;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/route/vrp.h"

#include <string.h>

/* One step of a route with the leg that leads to it. */
typedef struct vrp_step {
    const cp_vrp_window *windows;
    int32_t n_windows;
    int32_t item; /* index into the solution's items, -1 = start or end depot */
    int32_t work_s, idle_s, leg_s;
    int64_t leg_m;
    bool no_way, late;
    int64_t arrive, start, latest, close; /* close: of the window that the first pass found */
} vrp_step;

/* Everything the evaluation of one route needs. */
typedef struct vrp_eval {
    cp_ctx *ctx;
    const cp_vrp *p;
    const cp_vrp_solution *s;
    cp_vrp_report *out;
    const cp_vrp_vehicle *v;
    const cp_vrp_route *r;
    int32_t route; /* index */
    vrp_step *steps;
    int32_t n_steps;
    int64_t *board; /* n_dims */
    int64_t *worst; /* n_dims: most above the capacity in this trip */
    int32_t *where;
    int32_t cap_breaches;
    bool *seen;       /* nodes */
    int32_t *partner; /* nodes: the other of the pair, -1 = none */
    bool *brings;     /* nodes: what it delivers is fetched on the way */
} vrp_eval;

const char *cp_vrp_rule_text(cp_vrp_rule rule)
{
    static const char *const texts[] = {
#define VRP_RULE_TEXT(name, text) text,
        CP_VRP_RULES(VRP_RULE_TEXT)
#undef VRP_RULE_TEXT
    };
    return rule < CP_VRP_N_RULES ? texts[rule] : "unknown rule";
}

/* Room for one more breach is made by doubling; old arrays stay in the arena until the end. */
static cp_status breach(vrp_eval *e, cp_vrp_rule rule, int32_t item, int32_t what, int64_t over)
{
    cp_vrp_report *out = e->out;
    if (out->n_breaches == e->cap_breaches) {
        const int32_t cap = e->cap_breaches == 0 ? 16 : 2 * e->cap_breaches;
        cp_vrp_breach *more = NULL;
        CP_NEW(e->ctx, e->ctx->run, more, cap);
        if (out->n_breaches > 0)
            memcpy(more, out->breaches, (size_t)out->n_breaches * sizeof(*more));
        out->breaches = more;
        e->cap_breaches = cap;
    }
    out->breaches[out->n_breaches++] = (cp_vrp_breach){rule, e->route, item, what, over};
    return CP_OK;
}

/* The earliest moment from t on at which `len` seconds keep clear of all bans. */
static int64_t push(const cp_vrp_vehicle *v, int64_t t, int64_t len)
{
    for (int32_t k = 0; len > 0 && k < v->n_bans; k++)
        if (t < v->bans[k].close_s && t + len > v->bans[k].open_s) t = v->bans[k].close_s;
    return t;
}

/* The latest moment at which `len` seconds that end by `end` keep clear of all bans. */
static int64_t pull(const cp_vrp_vehicle *v, int64_t end, int64_t len)
{
    int64_t t = end - len;
    for (int32_t k = v->n_bans - 1; len > 0 && k >= 0; k--)
        if (t < v->bans[k].close_s && t + len > v->bans[k].open_s) t = v->bans[k].open_s - len;
    return t;
}

static int64_t length(const vrp_step *s)
{
    return (int64_t)s->work_s + s->idle_s;
}

/* Earliest start from `t` on; remembers the window; late when there is none. */
static void begin_step(const cp_vrp_vehicle *v, vrp_step *s, int64_t t)
{
    s->late = false;
    s->close = INT64_MAX / 4;
    if (s->n_windows == 0) {
        s->start = push(v, t, length(s));
        return;
    }
    for (int32_t k = 0; k < s->n_windows; k++) {
        const int64_t open = s->windows[k].open_s;
        const int64_t x = push(v, t > open ? t : open, length(s));
        if (x > s->windows[k].close_s) continue;
        s->start = x;
        s->close = s->windows[k].close_s;
        return;
    }
    s->start = push(v, t, length(s));
    s->late = true;
}

static void pass_forward(vrp_eval *e, int64_t t)
{
    for (int32_t k = 0; k < e->n_steps; k++) {
        vrp_step *s = &e->steps[k];
        s->arrive = push(e->v, t, s->leg_s) + s->leg_s;
        begin_step(e->v, s, s->arrive);
        t = s->start + length(s);
    }
}

/* Returns the latest departure that keeps the end. */
static int64_t pass_backward(vrp_eval *e)
{
    e->steps[e->n_steps - 1].latest = e->steps[e->n_steps - 1].start;
    for (int32_t k = e->n_steps - 2; k >= 0; k--) {
        vrp_step *s = &e->steps[k];
        const int64_t leave = pull(e->v, s[1].latest, s[1].leg_s);
        const int64_t by_window = s->close + length(s);
        s->latest =
            s->late ? s->start : pull(e->v, leave < by_window ? leave : by_window, length(s));
    }
    return e->steps[0].latest;
}

/* The leg from one place to another; a leg without a way counts nothing and is reported later. */
static void set_leg(const vrp_eval *e, vrp_step *s, int32_t from, int32_t to)
{
    if (from < 0) return;
    const cp_vrp_profile *prof = &e->p->profiles[e->v->profile];
    const size_t k = (size_t)from * (size_t)e->p->n_places + (size_t)to;
    s->no_way = prof->time_s[k] < 0;
    s->leg_s = s->no_way ? 0 : prof->time_s[k];
    s->leg_m = s->no_way ? 0 : prof->dist_m[k];
}

static void depot_step(const vrp_eval *e, vrp_step *s, int32_t depot, int32_t *at)
{
    const cp_vrp_depot *d = &e->p->depots[depot];
    set_leg(e, s, *at, d->place);
    s->windows = d->windows;
    s->n_windows = d->n_windows;
    s->item = -1;
    *at = d->place;
}

static void item_step(const vrp_eval *e, vrp_step *s, int32_t item, int32_t *at)
{
    if (cp_vrp_is_break(item)) {
        const cp_vrp_break *b = &e->v->breaks[cp_vrp_break_of(item)];
        s->windows = b->windows;
        s->n_windows = b->n_windows;
        s->idle_s = b->duration_s;
        return;
    }
    if (cp_vrp_is_reload(item)) {
        depot_step(e, s, cp_vrp_depot_of(item), at);
        s->work_s = e->p->depots[cp_vrp_depot_of(item)].reload_s + e->v->reload_s;
        return;
    }
    const cp_vrp_node *n = &e->p->nodes[item];
    set_leg(e, s, *at, n->place);
    s->windows = n->windows;
    s->n_windows = n->n_windows;
    s->work_s = n->service_s + (*at == n->place ? 0 : n->setup_s);
    *at = n->place;
}

static void build_steps(vrp_eval *e)
{
    int32_t at = -1;
    memset(e->steps, 0, (size_t)(e->r->n + 2) * sizeof(*e->steps));
    e->n_steps = 0;
    if (e->v->start_depot >= 0) depot_step(e, &e->steps[e->n_steps++], e->v->start_depot, &at);
    for (int32_t k = 0; k < e->r->n; k++) {
        vrp_step *s = &e->steps[e->n_steps++];
        item_step(e, s, e->s->items[e->r->first + k], &at);
        s->item = e->r->first + k;
    }
    if (e->v->end_depot >= 0) depot_step(e, &e->steps[e->n_steps++], e->v->end_depot, &at);
}

/* Over how much the last window is missed. */
static cp_status report_steps(vrp_eval *e, cp_vrp_drive *d)
{
    for (int32_t k = 0; k < e->n_steps; k++) {
        const vrp_step *s = &e->steps[k];
        if (s->item >= 0) {
            cp_vrp_timing *t = &e->out->timing[s->item];
            t->arrive_s = s->arrive;
            t->start_s = s->start;
            t->leave_s = s->start + length(s);
        }
        if (s->no_way) CP_TRY(breach(e, CP_VRP_UNREACHABLE, s->item, -1, 1));
        if (s->late)
            CP_TRY(breach(e, CP_VRP_WINDOW, s->item, -1,
                          s->start - s->windows[s->n_windows - 1].close_s));
        d->dist_m += s->leg_m;
        d->drive_s += s->leg_s;
        d->work_s += s->work_s;
    }
    return CP_OK;
}

static cp_status over(vrp_eval *e, cp_vrp_rule rule, int64_t value, int64_t limit)
{
    return value > limit ? breach(e, rule, -1, -1, value - limit) : CP_OK;
}

static cp_status judge_time(vrp_eval *e, cp_vrp_drive *d)
{
    const cp_vrp_vehicle *v = e->v;
    build_steps(e);
    pass_forward(e, v->shift_start_s);
    pass_forward(e, pass_backward(e));
    const vrp_step *last = &e->steps[e->n_steps - 1];
    d->depart_s = e->steps[0].start;
    d->end_s = last->start + length(last);
    CP_TRY(report_steps(e, d));
    const int64_t lasts = d->end_s - d->depart_s;
    d->idle_s = lasts - d->drive_s - d->work_s;
    const int64_t late = d->end_s > v->shift_end_s ? d->end_s - v->shift_end_s : 0;
    const int64_t longer = v->paid_s < CP_VRP_LATEST && lasts > v->paid_s ? lasts - v->paid_s : 0;
    d->over_s = v->shift_end_s < CP_VRP_LATEST && late > longer ? late : longer;
    if (v->shift_end_s < CP_VRP_LATEST)
        CP_TRY(over(e, CP_VRP_SHIFT, d->end_s, (int64_t)v->shift_end_s + v->overtime_max_s));
    if (v->shift_max_s < CP_VRP_LATEST) CP_TRY(over(e, CP_VRP_DURATION, lasts, v->shift_max_s));
    if (v->drive_max_s < CP_VRP_LATEST) CP_TRY(over(e, CP_VRP_DRIVE, d->drive_s, v->drive_max_s));
    return over(e, CP_VRP_DISTANCE, d->dist_m, v->dist_max_m);
}

static cp_status judge_breaks(vrp_eval *e, const cp_vrp_drive *d)
{
    for (int32_t b = 0; b < e->v->n_breaks; b++) {
        int32_t taken = 0;
        for (int32_t k = 0; k < e->r->n; k++)
            if (e->s->items[e->r->first + k] == cp_vrp_break_item(b)) taken++;
        const int32_t after = e->v->breaks[b].after_s;
        const bool needed = after == 0 || d->end_s - d->depart_s > after;
        if (taken > 1 || (needed && taken == 0)) CP_TRY(breach(e, CP_VRP_BREAK, -1, b, 1));
    }
    return CP_OK;
}

static int64_t amount(const int64_t *load, int32_t dim)
{
    return load == NULL || dim < 0 ? 0 : load[dim];
}

/* The load on board now: remember where it is most above the capacity. */
static void weigh(vrp_eval *e, int32_t item)
{
    for (int32_t k = 0; k < e->p->n_dims; k++) {
        const int64_t cap = e->v->capacity == NULL ? CP_VRP_NO_LIMIT : e->v->capacity[k];
        if (e->board[k] <= cap || e->board[k] - cap <= e->worst[k]) continue;
        e->worst[k] = e->board[k] - cap;
        e->where[k] = item;
    }
}

static cp_status add_product(vrp_eval *e, int64_t *sum, int64_t a, int64_t b)
{
    int64_t product = 0;
    if (__builtin_mul_overflow(a, b, &product) || __builtin_add_overflow(*sum, product, sum))
        CP_FAIL(e->ctx, CP_E_RANGE, "route %d: its exposure leaves 64 bits", (int)e->route + 1);
    return CP_OK;
}

/* The break at an item of the trip, with what is on board there. */
static cp_status judge_break_load(vrp_eval *e, int32_t item)
{
    const int32_t b = e->s->items[item];
    if (!cp_vrp_is_break(b)) return CP_OK;
    const int64_t *most = e->v->breaks[cp_vrp_break_of(b)].max_load;
    for (int32_t m = 0; most != NULL && m < e->p->n_dims; m++)
        if (e->board[m] > most[m])
            CP_TRY(breach(e, CP_VRP_BREAK_LOAD, item, m, e->board[m] - most[m]));
    return CP_OK;
}

/* What items [a, b) fetch is brought by a later one of them. */
static cp_status judge_pairs(vrp_eval *e, int32_t a, int32_t b)
{
    const int32_t *items = e->s->items + e->r->first;
    for (int32_t k = a; k < b; k++) {
        if (!cp_vrp_is_node(items[k]) || e->partner[items[k]] < 0 || e->brings[items[k]]) continue;
        int32_t at = k + 1;
        while (at < b && items[at] != e->partner[items[k]])
            at++;
        if (at == b) CP_TRY(breach(e, CP_VRP_PAIR, e->r->first + k, items[k], 1));
    }
    return CP_OK;
}

/* What is on board when a trip of these items begins. */
static void load_up(vrp_eval *e, const int32_t *items, int32_t n)
{
    for (int32_t m = 0; m < e->p->n_dims; m++) {
        e->board[m] = e->worst[m] = 0;
        for (int32_t k = 0; k < n; k++)
            if (cp_vrp_is_node(items[k]) && !e->brings[items[k]])
                e->board[m] += amount(e->p->nodes[items[k]].deliver, m);
    }
}

/* Items [a, b) of the route are one trip; steps[shift + k] is item k. */
static cp_status judge_trip(vrp_eval *e, cp_vrp_drive *d, int32_t a, int32_t b)
{
    const int32_t shift = e->v->start_depot >= 0 ? 1 : 0, dim = e->p->value_dim;
    const int32_t *items = e->s->items + e->r->first;
    const int32_t head = a == 0 ? -1 : e->r->first + a - 1; /* the reload that begins the trip */
    load_up(e, items + a, b - a);
    weigh(e, head);
    int64_t most = dim < 0 ? 0 : e->board[dim], exposure = 0;
    if (head >= 0) e->out->timing[head].board = most;
    for (int32_t k = a; k < b; k++) {
        if (dim >= 0) CP_TRY(add_product(e, &exposure, e->board[dim], e->steps[shift + k].leg_s));
        if (cp_vrp_is_node(items[k])) {
            const cp_vrp_node *n = &e->p->nodes[items[k]];
            for (int32_t m = 0; m < e->p->n_dims; m++)
                e->board[m] += amount(n->pickup, m) - amount(n->deliver, m);
            weigh(e, e->r->first + k);
            const int64_t moved = amount(n->deliver, dim) + amount(n->pickup, dim);
            CP_TRY(add_product(e, &exposure, moved, n->pavement_s));
            d->cost.bands += cp_vrp_band_price(e->v->stop_bands, e->v->n_stop_bands, moved);
        }
        CP_TRY(judge_break_load(e, e->r->first + k));
        if (dim < 0) continue;
        if (e->board[dim] > most) most = e->board[dim];
        e->out->timing[e->r->first + k].board = e->board[dim];
    }
    if (dim >= 0 && shift + b < e->n_steps)
        CP_TRY(add_product(e, &exposure, e->board[dim], e->steps[shift + b].leg_s));
    d->cost.bands += cp_vrp_band_price(e->v->trip_bands, e->v->n_trip_bands, most);
    CP_TRY(add_product(e, &d->exposure, exposure, 1));
    if (exposure > d->exposure_top) d->exposure_top = exposure;
    if (most > d->most_value) d->most_value = most;
    for (int32_t m = 0; m < e->p->n_dims; m++)
        if (e->worst[m] > 0) CP_TRY(breach(e, CP_VRP_CAPACITY, e->where[m], m, e->worst[m]));
    if (exposure > e->v->exposure_max)
        CP_TRY(breach(e, CP_VRP_EXPOSURE, e->r->first + b - 1, d->n_trips,
                      exposure - e->v->exposure_max));
    d->n_trips++;
    return CP_OK;
}

static bool may_reload(const cp_vrp_vehicle *v, int32_t depot)
{
    for (int32_t k = 0; k < v->n_reload_depots; k++)
        if (v->reload_depots[k] == depot) return true;
    return false;
}

static cp_status judge_trips(vrp_eval *e, cp_vrp_drive *d)
{
    const int32_t *items = e->s->items + e->r->first;
    int32_t a = 0, served = 0;
    for (int32_t k = 0; k <= e->r->n; k++) {
        if (k < e->r->n && cp_vrp_is_node(items[k])) served++;
        if (k < e->r->n && !cp_vrp_is_reload(items[k])) continue;
        const bool allowed = k == e->r->n || may_reload(e->v, cp_vrp_depot_of(items[k]));
        if (served == 0 || !allowed)
            CP_TRY(breach(e, CP_VRP_RELOAD, k == e->r->n ? -1 : e->r->first + k, -1, 1));
        CP_TRY(judge_trip(e, d, a, k));
        CP_TRY(judge_pairs(e, a, k));
        a = k + 1;
        served = 0;
    }
    return over(e, CP_VRP_TRIPS, d->n_trips, e->v->max_trips);
}

static cp_status judge_nodes(vrp_eval *e, cp_vrp_drive *d)
{
    for (int32_t k = 0; k < e->r->n; k++) {
        const int32_t node = e->s->items[e->r->first + k];
        if (!cp_vrp_is_node(node)) continue;
        d->n_nodes++;
        if (e->seen[node]) CP_TRY(breach(e, CP_VRP_TWICE, e->r->first + k, node, 1));
        e->seen[node] = true;
        if (!cp_vrp_may_serve(e->p, e->r->vehicle, node))
            CP_TRY(breach(e, CP_VRP_SKILL, e->r->first + k, node, 1));
    }
    return over(e, CP_VRP_NODES, d->n_nodes, e->v->nodes_max);
}

/* quantity * price / den, rounded half up; overflow is an error. */
static cp_status price_part(vrp_eval *e, int64_t quantity, int64_t price, int64_t den,
                            cp_minor *part)
{
    const __int128 r = ((__int128)quantity * price * 2 + den) / ((__int128)den * 2);
    if (r > INT64_MAX / 16)
        CP_FAIL(e->ctx, CP_E_RANGE, "route %d: its cost leaves 64 bits", (int)e->route + 1);
    *part = (cp_minor)r;
    return CP_OK;
}

static cp_status price_route(vrp_eval *e, cp_vrp_drive *d)
{
    const cp_vrp_vehicle *v = e->v;
    cp_vrp_cost *c = &d->cost;
    c->fixed = v->fixed;
    CP_TRY(price_part(e, d->dist_m, v->dist_price, e->p->dist_den, &c->dist));
    CP_TRY(price_part(e, d->drive_s, v->drive_price, e->p->time_den, &c->drive));
    CP_TRY(price_part(e, d->work_s, v->work_price, e->p->time_den, &c->work));
    CP_TRY(price_part(e, d->idle_s, v->idle_price, e->p->time_den, &c->idle));
    CP_TRY(price_part(e, d->over_s, v->over_price, e->p->time_den, &c->over));
    CP_TRY(price_part(e, d->exposure, v->exposure_price, e->p->exposure_den, &c->exposure));
    c->total = c->fixed + c->dist + c->drive + c->work + c->idle + c->over + c->bands + c->exposure;
    return CP_OK;
}

/* True when everything the route names exists; marks what it serves when it does not. */
static bool well_formed(vrp_eval *e)
{
    bool ok = e->r->vehicle >= 0 && e->r->vehicle < e->p->n_vehicles;
    const int32_t n_breaks = ok ? e->p->vehicles[e->r->vehicle].n_breaks : 0;
    for (int32_t k = 0; k < e->r->n; k++) {
        const int32_t item = e->s->items[e->r->first + k];
        if (cp_vrp_is_node(item))
            ok = ok && item < e->p->n_nodes;
        else if (cp_vrp_is_break(item))
            ok = ok && cp_vrp_break_of(item) < n_breaks;
        else
            ok = ok && cp_vrp_depot_of(item) < e->p->n_depots;
    }
    for (int32_t k = 0; !ok && k < e->r->n; k++) {
        const int32_t item = e->s->items[e->r->first + k];
        if (cp_vrp_is_node(item) && item < e->p->n_nodes) e->seen[item] = true;
    }
    return ok;
}

static cp_status judge_route(vrp_eval *e)
{
    cp_vrp_drive *d = &e->out->routes[e->route];
    if (e->r->first < 0 || e->r->n < 0 || e->r->n > e->s->n_items - e->r->first)
        return breach(e, CP_VRP_FORM, -1, -1, 1);
    if (!well_formed(e)) return breach(e, CP_VRP_FORM, -1, -1, 1);
    e->v = &e->p->vehicles[e->r->vehicle];
    bool any = false;
    for (int32_t k = 0; k < e->r->n; k++)
        any = any || cp_vrp_is_node(e->s->items[e->r->first + k]);
    if (!any) return CP_OK;
    CP_TRY(judge_nodes(e, d));
    CP_TRY(judge_time(e, d));
    CP_TRY(judge_breaks(e, d));
    CP_TRY(judge_trips(e, d));
    return price_route(e, d);
}

static cp_status add_cost(vrp_eval *e, cp_minor *sum, cp_minor part)
{
    if (!cp_minor_add(*sum, part, sum))
        CP_FAIL(e->ctx, CP_E_RANGE, "the cost of the solution leaves 64 bits");
    return CP_OK;
}

static cp_status add_costs(vrp_eval *e, const cp_vrp_cost *c)
{
    cp_vrp_cost *t = &e->out->cost;
    CP_TRY(add_cost(e, &t->fixed, c->fixed));
    CP_TRY(add_cost(e, &t->dist, c->dist));
    CP_TRY(add_cost(e, &t->drive, c->drive));
    CP_TRY(add_cost(e, &t->work, c->work));
    CP_TRY(add_cost(e, &t->idle, c->idle));
    CP_TRY(add_cost(e, &t->over, c->over));
    CP_TRY(add_cost(e, &t->bands, c->bands));
    CP_TRY(add_cost(e, &t->exposure, c->exposure));
    CP_TRY(add_cost(e, &t->left_out, c->left_out));
    return add_cost(e, &t->total, c->total);
}

/* Fleet and nodes left out: what concerns no single route. */
static cp_status judge_whole(vrp_eval *e)
{
    e->route = -1;
    for (int32_t v = 0; v < e->p->n_vehicles; v++) {
        int64_t used = 0;
        for (int32_t r = 0; r < e->s->n_routes; r++)
            used += e->s->routes[r].vehicle == v && e->out->routes[r].n_nodes > 0;
        if (used > e->p->vehicles[v].count)
            CP_TRY(breach(e, CP_VRP_FLEET, -1, v, used - e->p->vehicles[v].count));
    }
    /* Served without its partner: where it fetches, its own trip has told. */
    for (int32_t k = 0; k < e->p->n_pairs; k++)
        if (e->seen[e->p->pairs[k].bring] && !e->seen[e->p->pairs[k].fetch])
            CP_TRY(breach(e, CP_VRP_PAIR, -1, e->p->pairs[k].bring, 1));
    for (int32_t k = 0; k < e->p->n_nodes; k++) {
        if (e->seen[k]) continue;
        e->out->n_left_out++;
        if (e->p->nodes[k].out_price == CP_VRP_MUST) {
            CP_TRY(breach(e, CP_VRP_LEFT_OUT, -1, k, 1));
            continue;
        }
        const cp_vrp_cost c = {.left_out = e->p->nodes[k].out_price,
                               .total = e->p->nodes[k].out_price};
        CP_TRY(add_costs(e, &c));
    }
    return CP_OK;
}

static cp_status mark_pairs(vrp_eval *e)
{
    CP_NEW(e->ctx, e->ctx->scratch, e->partner, e->p->n_nodes);
    CP_NEW(e->ctx, e->ctx->scratch, e->brings, e->p->n_nodes);
    for (int32_t k = 0; k < e->p->n_nodes; k++)
        e->partner[k] = -1;
    for (int32_t k = 0; k < e->p->n_pairs; k++) {
        const cp_vrp_pair q = e->p->pairs[k];
        e->partner[q.fetch] = q.bring;
        e->partner[q.bring] = q.fetch;
        e->brings[q.bring] = true;
    }
    return CP_OK;
}

static cp_status check_all(vrp_eval *e)
{
    int32_t longest = 0;
    for (int32_t r = 0; r < e->s->n_routes; r++)
        if (e->s->routes[r].n > longest) longest = e->s->routes[r].n;
    if (longest > e->s->n_items) longest = e->s->n_items;
    CP_NEW(e->ctx, e->ctx->scratch, e->steps, longest + 2);
    CP_NEW(e->ctx, e->ctx->scratch, e->board, e->p->n_dims);
    CP_NEW(e->ctx, e->ctx->scratch, e->worst, e->p->n_dims);
    CP_NEW(e->ctx, e->ctx->scratch, e->where, e->p->n_dims);
    CP_NEW(e->ctx, e->ctx->scratch, e->seen, e->p->n_nodes);
    CP_TRY(mark_pairs(e));
    CP_NEW(e->ctx, e->ctx->run, e->out->routes, e->s->n_routes);
    CP_NEW(e->ctx, e->ctx->run, e->out->timing, e->s->n_items);
    for (int32_t r = 0; r < e->s->n_routes; r++) {
        e->route = r;
        e->r = &e->s->routes[r];
        CP_TRY(judge_route(e));
        CP_TRY(add_costs(e, &e->out->routes[r].cost));
    }
    return judge_whole(e);
}

cp_status cp_vrp_check(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_solution *s, cp_vrp_report *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_vrp_report report = {0};
    vrp_eval e = {.ctx = ctx, .p = p, .s = s, .out = &report};
    const cp_status st = check_all(&e);
    cp_arena_rewind(ctx->scratch, mark);
    if (st != CP_OK) return st;
    report.feasible = report.n_breaches == 0;
    *out = report;
    return CP_OK;
}

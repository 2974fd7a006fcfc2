/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_state.h"

#include <string.h>

static cp_status alloc_log(cp_ctx *ctx, cp_state *s, size_t n_stops)
{
    const size_t r = (size_t)s->d->n_routes;
    const size_t dims = (size_t)s->d->n_dims;
    CP_NEW(ctx, ctx->scratch, s->log_route, r);
    CP_NEW(ctx, ctx->scratch, s->log_first, r);
    CP_NEW(ctx, ctx->scratch, s->log_rings, r);
    CP_NEW(ctx, ctx->scratch, s->log_stop, n_stops);
    CP_NEW(ctx, ctx->scratch, s->log_stops, n_stops);
    CP_NEW(ctx, ctx->scratch, s->log_out, s->d->n);
    if (s->sides != NULL) CP_NEW(ctx, ctx->scratch, s->log_sides, n_stops);
    if (s->risks != NULL) CP_NEW(ctx, ctx->scratch, s->log_risks, n_stops);
    if (s->cargo != NULL) CP_NEW(ctx, ctx->scratch, s->log_cargo, n_stops * 2 * dims);
    CP_NEW(ctx, ctx->scratch, s->best_stops, n_stops);
    CP_NEW(ctx, ctx->scratch, s->best_kind, r);
    CP_NEW(ctx, ctx->scratch, s->best_out, s->d->n);
    CP_NEW(ctx, ctx->scratch, s->dirty, r);
    CP_NEW(ctx, ctx->scratch, s->is_dirty, r);
    return CP_OK;
}

static int64_t room(const cp_dense *d, int32_t kind)
{
    const cp_dense_kind *q = &d->kinds[kind];
    return q->capacity != NULL && d->n_dims > 0 ? q->capacity[0] : CP_VRP_NO_LIMIT;
}

/* The ends of a route as its kind of vehicle has them. */
static void set_ends(cp_state *s, int32_t route, int32_t kind)
{
    const cp_dense_kind *q = &s->d->kinds[kind];
    const int32_t x = s->d->n + route;
    s->stops[x].leave_s = q->start_s;
    s->stops[x].late_s = q->end_s;
    if (s->sides == NULL) return;
    s->sides[x].pre = (cp_run){0, q->start_s, q->end_s, 0};
    s->sides[x].suf = (cp_run){0, q->start_s, q->end_s, 0};
}

cp_status cp_state_new(cp_ctx *ctx, const cp_dense *d, uint64_t seed, cp_state **out)
{
    cp_state *s = NULL;
    const size_t n_stops = (size_t)d->n + (size_t)d->n_routes;
    CP_NEW(ctx, ctx->scratch, s, 1);
    s->d = d;
    s->rng = cp_rng_new(seed, 1);
    CP_NEW(ctx, ctx->scratch, s->stops, n_stops);
    CP_NEW(ctx, ctx->scratch, s->reach, d->n);
    CP_NEW(ctx, ctx->scratch, s->rings, d->n_routes);
    CP_NEW(ctx, ctx->scratch, s->out, d->n);
    CP_NEW(ctx, ctx->scratch, s->free_slots, d->n_routes / 64 + 1);
    CP_NEW(ctx, ctx->scratch, s->kind_used, d->n_kinds);
    if (d->has & CP_VRP_HAS_SPANS) CP_NEW(ctx, ctx->scratch, s->sides, n_stops);
    if (d->has & CP_VRP_HAS_EXPOSURE) CP_NEW(ctx, ctx->scratch, s->risks, n_stops);
    if (d->has & CP_VRP_HAS_LOADS)
        CP_NEW(ctx, ctx->scratch, s->cargo, n_stops * 2 * (size_t)d->n_dims);
    CP_TRY(alloc_log(ctx, s, n_stops));
    for (int32_t r = 0; r < d->n_routes; r++) {
        const int32_t x = d->n + r;
        s->stops[x] = (cp_stop){.prev = x, .next = x, .route = r};
        s->free_slots[r / 64] |= UINT64_C(1) << (r % 64);
    }
    for (int32_t i = 0; i < d->n; i++) {
        cp_state_part(s, i);
        s->out[s->n_out++] = i;
        s->cost += d->nodes[i].out;
    }
    s->now = 1;
    memcpy(s->best_stops, s->stops, n_stops * sizeof(*s->stops));
    memcpy(s->best_out, s->out, (size_t)d->n * sizeof(*s->out));
    s->n_best_out = s->n_out;
    s->best_cost = s->cost;
    *out = s;
    return CP_OK;
}

void cp_state_begin(cp_state *s)
{
    s->now++;
    s->n_log = s->n_log_stops = 0;
    s->log_cost = s->cost;
    s->log_used = s->n_used;
    s->n_log_out = s->n_out;
    if (s->n_out > 0) memcpy(s->log_out, s->out, (size_t)s->n_out * sizeof(*s->out));
}

static void log_one(cp_state *s, int32_t x)
{
    const int32_t at = s->n_log_stops++;
    s->log_stop[at] = x;
    s->log_stops[at] = s->stops[x];
    if (s->sides != NULL) s->log_sides[at] = s->sides[x];
    if (s->risks != NULL) s->log_risks[at] = s->risks[x];
    if (s->cargo == NULL) return;
    const size_t w = 2 * (size_t)s->d->n_dims;
    memcpy(s->log_cargo + (size_t)at * w, s->cargo + (size_t)x * w, w * sizeof(*s->cargo));
}

void cp_state_log(cp_state *s, int32_t route)
{
    s->rings[route].seen = s->now;
    s->log_route[s->n_log] = route;
    s->log_rings[s->n_log] = s->rings[route];
    s->n_log++;
    const int32_t end = s->d->n + route;
    log_one(s, end);
    for (int32_t x = s->stops[end].next; x != end; x = s->stops[x].next)
        log_one(s, x);
    if (s->is_dirty[route]) return;
    s->is_dirty[route] = 1;
    s->dirty[s->n_dirty++] = route;
}

static void mark_free(cp_state *s, int32_t route)
{
    const uint64_t bit = UINT64_C(1) << (route % 64);
    if (s->rings[route].size == 0)
        s->free_slots[route / 64] |= bit;
    else
        s->free_slots[route / 64] &= ~bit;
}

void cp_state_undo(cp_state *s)
{
    for (int32_t k = 0; k < s->n_out; k++)
        cp_state_part(s, s->out[k]);
    /* Nodes left out before and served now get their -1 back. */
    for (int32_t k = 0; k < s->n_log_out; k++)
        cp_state_part(s, s->log_out[k]);
    const size_t w = 2 * (size_t)s->d->n_dims;
    for (int32_t k = 0; k < s->n_log_stops; k++) {
        const int32_t x = s->log_stop[k];
        s->stops[x] = s->log_stops[k];
        cp_state_reach(s, x);
        if (s->sides != NULL) s->sides[x] = s->log_sides[k];
        if (s->risks != NULL) s->risks[x] = s->log_risks[k];
        if (s->cargo != NULL)
            memcpy(s->cargo + (size_t)x * w, s->log_cargo + (size_t)k * w, w * sizeof(*s->cargo));
    }
    for (int32_t k = 0; k < s->n_log; k++) {
        cp_ring *g = &s->rings[s->log_route[k]];
        s->kind_used[g->kind] -= g->size > 0;
        *g = s->log_rings[k];
        s->kind_used[g->kind] += g->size > 0;
        mark_free(s, s->log_route[k]);
    }
    s->cost = s->log_cost;
    s->n_used = s->log_used;
    s->n_out = s->n_log_out;
    if (s->n_out > 0) memcpy(s->out, s->log_out, (size_t)s->n_out * sizeof(*s->out));
}

void cp_state_keep(cp_state *s)
{
    s->best_cost = s->cost;
    for (int32_t k = 0; k < s->n_dirty; k++) {
        const int32_t end = s->d->n + s->dirty[k];
        s->is_dirty[s->dirty[k]] = 0;
        s->best_kind[s->dirty[k]] = s->rings[s->dirty[k]].kind;
        s->best_stops[end] = s->stops[end];
        for (int32_t x = s->stops[end].next; x != end; x = s->stops[x].next)
            s->best_stops[x] = s->stops[x];
    }
    s->n_dirty = 0;
    s->n_best_out = s->n_out;
    if (s->n_out > 0) memcpy(s->best_out, s->out, (size_t)s->n_out * sizeof(*s->out));
}

/* Waiting and overtime of the route as its sides now say. */
static int64_t paid_now(const cp_state *s, int32_t route)
{
    const cp_dense_kind *q = &s->d->kinds[s->rings[route].kind];
    const int32_t end = s->d->n + route, last = s->stops[end].prev;
    cp_run run = {0, 0, 0, 0};
    if (last == end) return 0;
    /* A route that a ruin left late is mended or emptied before its cost counts. */
    if (!cp_run_join(&s->sides[last].pre, cp_travel(s, q, last, end), &s->sides[end].suf, &run))
        return s->rings[route].paid;
    return cp_run_paid(q, &run);
}

static void restore_route(cp_state *s, int32_t r)
{
    const cp_dense *d = s->d;
    const int32_t end = d->n + r;
    cp_ring *g = &s->rings[r];
    g->size = 0;
    g->paid = 0;
    g->kind = s->best_kind[r];
    g->mult = d->kinds[g->kind].mult;
    g->slack = room(d, g->kind);
    s->stops[end] = s->best_stops[end];
    g->arcs = s->stops[end].arc_next;
    for (int32_t x = s->stops[end].next; x != end; x = s->stops[x].next) {
        s->stops[x] = s->best_stops[x];
        cp_state_reach(s, x);
        g->size++;
        g->arcs += s->stops[x].arc_next;
        if (d->n_dims > 0) g->slack -= d->weight[(size_t)x * (size_t)d->n_dims];
    }
    if (g->size == 0) return;
    set_ends(s, r, g->kind);
    cp_state_refresh(s, r);
    if (d->has & CP_VRP_HAS_PAID) g->paid = paid_now(s, r);
}

void cp_state_restore(cp_state *s)
{
    for (int32_t k = 0; k < s->n_out; k++)
        cp_state_part(s, s->out[k]);
    for (int32_t k = 0; k < s->n_best_out; k++)
        cp_state_part(s, s->best_out[k]);
    for (int32_t k = 0; k < s->n_dirty; k++) {
        cp_ring *g = &s->rings[s->dirty[k]];
        s->is_dirty[s->dirty[k]] = 0;
        s->n_used -= g->size > 0;
        s->kind_used[g->kind] -= g->size > 0;
        restore_route(s, s->dirty[k]);
        s->n_used += g->size > 0;
        s->kind_used[g->kind] += g->size > 0;
        mark_free(s, s->dirty[k]);
    }
    s->n_dirty = 0;
    s->n_out = s->n_best_out;
    if (s->n_out > 0) memcpy(s->out, s->best_out, (size_t)s->n_out * sizeof(*s->out));
    s->cost = s->best_cost;
}

int32_t cp_state_free_route(const cp_state *s)
{
    for (int32_t word = 0; 64 * word < s->d->n_routes; word++) {
        if (s->free_slots[word] == 0) continue;
        const int32_t r = 64 * word + __builtin_ctzll(s->free_slots[word]);
        return r < s->d->n_routes ? r : -1;
    }
    return -1;
}

/* ---- what is kept along a route ---- */

/* Earliest leaving of x after a leg from `from`, which is left as early as can be. */
static int32_t leave_after(const cp_state *s, const cp_dense_kind *q, int32_t from, int32_t leg,
                           int32_t x)
{
    const cp_dense_node *v = &s->d->nodes[x];
    const int32_t leave = s->stops[from].leave_s;
    if (!(s->d->has & CP_VRP_HAS_HOURS))
        return (leave + leg > v->open_s ? leave + leg : v->open_s) + v->service_s;
    const int32_t start = cp_start_after(q, v, cp_ban_after(q, leave, leg) + leg);
    return start == INT32_MAX ? CP_VRP_LATEST : start + v->service_s;
}

/* Latest start of x with which `to` is reached in time. */
static int32_t late_before(const cp_state *s, const cp_dense_kind *q, int32_t x, int32_t leg,
                           int32_t to)
{
    const cp_dense_node *v = &s->d->nodes[x];
    const int32_t late = s->stops[to].late_s;
    if (s->d->has & CP_VRP_HAS_HOURS) return cp_start_before(q, v, cp_ban_before(q, late, leg));
    const int32_t by = late - leg - v->service_s;
    return by < v->close_s ? by : v->close_s;
}

/* Seconds from the start of service at a to the arrival at its follower b: beside the stops where
 * times are arcs with the service, so that no second matrix is read. */
static int32_t leg_of(const cp_state *s, const cp_dense_kind *q, int32_t a, int32_t b)
{
    if (s->d->has & CP_VRP_HAS_TIMES) return cp_travel(s, q, a, b);
    return s->stops[b].arc_prev + (a < s->d->n ? s->d->nodes[a].service_s : 0);
}

/* Earliest leaving from x on; stops where nothing changes (beyond `last` = a stop or -1). */
static void leave_forward(cp_state *s, const cp_dense_kind *q, int32_t x, int32_t end, bool all)
{
    const cp_dense *d = s->d;
    int32_t from = s->stops[x].prev;
    for (; x != end; from = x, x = s->stops[x].next) {
        /* leave_s holds the service already, travel times hold it too */
        const int32_t own = from < d->n ? d->nodes[from].service_s : 0;
        const int32_t leave = leave_after(s, q, from, leg_of(s, q, from, x) - own, x);
        if (!all && leave == s->stops[x].leave_s) return;
        s->stops[x].leave_s = leave;
    }
}

static void late_backward(cp_state *s, const cp_dense_kind *q, int32_t x, int32_t end, bool all)
{
    const cp_dense *d = s->d;
    for (int32_t to = s->stops[x].next; x != end; to = x, x = s->stops[x].prev) {
        const int32_t leg = leg_of(s, q, x, to) - d->nodes[x].service_s;
        const int32_t late = late_before(s, q, x, leg, to);
        if (!all && late == s->stops[x].late_s) return;
        s->stops[x].late_s = late;
    }
}

static void sides_forward(cp_state *s, const cp_dense_kind *q, int32_t x, int32_t end)
{
    for (int32_t from = s->stops[x].prev; x != end; from = x, x = s->stops[x].next) {
        const cp_run own = cp_node_run(s->d, x);
        (void)cp_run_join(&s->sides[from].pre, leg_of(s, q, from, x), &own, &s->sides[x].pre);
    }
}

static void sides_backward(cp_state *s, const cp_dense_kind *q, int32_t x, int32_t end)
{
    for (int32_t to = s->stops[x].next; x != end; to = x, x = s->stops[x].prev) {
        const cp_run own = cp_node_run(s->d, x);
        (void)cp_run_join(&own, leg_of(s, q, x, to), &s->sides[to].suf, &s->sides[x].suf);
    }
}

static void risks_forward(cp_state *s, const cp_dense_kind *q, int32_t x, int32_t end)
{
    for (int32_t from = s->stops[x].prev; x != end; from = x, x = s->stops[x].next) {
        const cp_risk own = cp_node_risk(s->d, x);
        const int32_t serve = from < s->d->n ? s->d->nodes[from].service_s : 0;
        s->risks[x].pre = cp_risk_join(&s->risks[from].pre, leg_of(s, q, from, x) - serve, &own);
    }
}

static void risks_backward(cp_state *s, const cp_dense_kind *q, int32_t x, int32_t end)
{
    for (int32_t to = s->stops[x].next; x != end; to = x, x = s->stops[x].prev) {
        const cp_risk own = cp_node_risk(s->d, x);
        const int32_t travel = leg_of(s, q, x, to) - s->d->nodes[x].service_s;
        s->risks[x].suf = cp_risk_join(&own, travel, &s->risks[to].suf);
    }
}

static void cargo_forward(cp_state *s, int32_t x, int32_t end)
{
    const int32_t dims = s->d->n_dims;
    const size_t w = 2 * (size_t)dims;
    for (int32_t from = s->stops[x].prev; x != end; from = x, x = s->stops[x].next)
        for (int32_t m = 0; m < dims; m++) {
            const cp_cargo own = cp_node_cargo(s->d, x, m);
            s->cargo[(size_t)x * w + (size_t)m] =
                cp_cargo_join(&s->cargo[(size_t)from * w + (size_t)m], &own);
        }
}

static void cargo_backward(cp_state *s, int32_t x, int32_t end)
{
    const int32_t dims = s->d->n_dims;
    const size_t w = 2 * (size_t)dims, half = (size_t)dims;
    for (int32_t to = s->stops[x].next; x != end; to = x, x = s->stops[x].prev)
        for (int32_t m = 0; m < dims; m++) {
            const cp_cargo own = cp_node_cargo(s->d, x, m);
            s->cargo[(size_t)x * w + half + (size_t)m] =
                cp_cargo_join(&own, &s->cargo[(size_t)to * w + half + (size_t)m]);
        }
}

static void refresh(cp_state *s, int32_t route, int32_t a, int32_t b, bool all)
{
    const unsigned has = s->d->has;
    const cp_dense_kind *q = &s->d->kinds[s->rings[route].kind];
    const int32_t end = s->d->n + route;
    if (has & CP_VRP_HAS_WINDOWS) {
        leave_forward(s, q, b, end, all);
        late_backward(s, q, a, end, all);
    }
    if (has & CP_VRP_HAS_SPANS) {
        sides_forward(s, q, b, end);
        sides_backward(s, q, a, end);
    }
    if (has & CP_VRP_HAS_EXPOSURE) {
        risks_forward(s, q, b, end);
        risks_backward(s, q, a, end);
    }
    if (has & CP_VRP_HAS_LOADS) {
        cargo_forward(s, b, end);
        cargo_backward(s, a, end);
    }
}

void cp_state_refresh(cp_state *s, int32_t route)
{
    const int32_t end = s->d->n + route;
    refresh(s, route, s->stops[end].prev, s->stops[end].next, true);
}

void cp_state_refresh_from(cp_state *s, int32_t route, int32_t a, int32_t b)
{
    refresh(s, route, a, b, false);
}

/* ---- changes ---- */

static void pay(cp_state *s, int32_t route)
{
    if (!(s->d->has & CP_VRP_HAS_PAID)) return;
    const int64_t paid = paid_now(s, route);
    s->cost += paid - s->rings[route].paid;
    s->rings[route].paid = paid;
}

int64_t cp_state_route_cost(const cp_state *s, int32_t route)
{
    const cp_ring *g = &s->rings[route];
    return s->d->kinds[g->kind].fixed + g->arcs * g->mult + g->paid;
}

static void link_stops(cp_state *s, const cp_dense_kind *q, int32_t a, int32_t b)
{
    const int32_t n = s->d->n;
    const int32_t from = a < n ? a : q->from, to = b < n ? b : q->to;
    const int32_t arc = q->arc[(size_t)from * (size_t)s->d->n_points + (size_t)to];
    s->stops[a].next = b;
    s->stops[a].arc_next = arc;
    s->stops[b].prev = a;
    s->stops[b].arc_prev = arc;
    cp_state_reach(s, a);
    cp_state_reach(s, b);
}

void cp_state_set_kind(cp_state *s, int32_t route, int32_t kind)
{
    const cp_dense *d = s->d;
    cp_ring *g = &s->rings[route];
    const cp_dense_kind *q = &d->kinds[kind];
    const int64_t load = g->size > 0 ? room(d, g->kind) - g->slack : 0;
    const int32_t end = d->n + route;
    const bool rebuild = g->size > 0 && d->kinds[g->kind].sibling != q->sibling;
    if (g->size > 0) {
        s->cost -= d->kinds[g->kind].fixed + g->arcs * g->mult;
        s->kind_used[g->kind]--;
        s->kind_used[kind]++;
    }
    g->kind = kind;
    g->mult = q->mult;
    g->slack = room(d, kind) - load;
    set_ends(s, route, kind);
    if (rebuild) {
        g->arcs = 0;
        for (int32_t a = end, b = s->stops[end].next;; a = b, b = s->stops[b].next) {
            link_stops(s, q, a, b);
            g->arcs += s->stops[a].arc_next;
            if (b == end) break;
        }
        cp_state_refresh(s, route);
    }
    if (g->size == 0) return;
    s->cost += q->fixed + g->arcs * g->mult;
    pay(s, route);
}

void cp_state_insert(cp_state *s, int32_t x, int32_t after, int32_t route)
{
    cp_ring *g = &s->rings[route];
    const cp_dense_kind *q = &s->d->kinds[g->kind];
    const int32_t b = s->stops[after].next;
    int64_t longer = 0;
    if (g->size++ == 0) {
        s->n_used++;
        s->kind_used[g->kind]++;
        s->cost += q->fixed;
        g->arcs = 0;
        s->free_slots[route / 64] &= ~(UINT64_C(1) << (route % 64));
    } else {
        longer = -(int64_t)s->stops[after].arc_next;
    }
    link_stops(s, q, after, x);
    link_stops(s, q, x, b);
    longer += (int64_t)s->stops[x].arc_prev + s->stops[x].arc_next;
    g->arcs += longer;
    s->cost += longer * g->mult;
    s->stops[x].route = route;
    if (s->d->n_dims > 0) g->slack -= s->d->weight[(size_t)x * (size_t)s->d->n_dims];
    if (s->d->has & CP_VRP_HAS_WINDOWS) {
        /* so that the refresh begins at x and sees no change only beyond it */
        s->stops[x].leave_s = s->stops[x].late_s = INT32_MIN;
    }
    cp_state_refresh_from(s, route, x, x);
    pay(s, route);
}

void cp_state_cut(cp_state *s, int32_t a, int32_t b)
{
    const int32_t route = s->stops[a].route, end = s->d->n + route;
    cp_ring *g = &s->rings[route];
    const cp_dense_kind *q = &s->d->kinds[g->kind];
    const int32_t before = s->stops[a].prev, after = s->stops[b].next;
    int64_t arcs = s->stops[a].arc_prev;
    for (int32_t x = a; x != after; x = s->stops[x].next) {
        arcs += s->stops[x].arc_next;
        cp_state_part(s, x);
        g->size--;
        if (s->d->n_dims > 0) g->slack += s->d->weight[(size_t)x * (size_t)s->d->n_dims];
    }
    link_stops(s, q, before, after);
    if (g->size == 0) {
        s->cost -= arcs * g->mult + q->fixed + g->paid;
        g->paid = 0;
        s->n_used--;
        s->kind_used[g->kind]--;
        s->stops[end].arc_next = s->stops[end].arc_prev = 0;
        s->free_slots[route / 64] |= UINT64_C(1) << (route % 64);
        return;
    }
    g->arcs += s->stops[before].arc_next - arcs;
    s->cost += (s->stops[before].arc_next - arcs) * g->mult;
    cp_state_refresh_from(s, route, before, after);
    pay(s, route);
}

bool cp_state_joined(const cp_state *s, int32_t route, int32_t a, int32_t b)
{
    const cp_dense *d = s->d;
    const cp_dense_kind *q = &d->kinds[s->rings[route].kind];
    const int32_t t = cp_travel(s, q, a, b), serve = a < d->n ? d->nodes[a].service_s : 0;
    if (s->stops[a].arc_next >= CP_ARC_NONE) return false;
    if ((d->has & CP_VRP_HAS_WINDOWS) &&
        (int64_t)cp_ban_after(q, s->stops[a].leave_s, t - serve) + t - serve > s->stops[b].late_s)
        return false;
    cp_run run = {0, 0, 0, 0};
    if ((d->has & CP_VRP_HAS_SPANS) &&
        (!cp_run_join(&s->sides[a].pre, t, &s->sides[b].suf, &run) || run.lasts_s > q->lasts_max_s))
        return false;
    if (!(d->has & CP_VRP_HAS_EXPOSURE)) return true;
    return cp_risk_join(&s->risks[a].pre, t - serve, &s->risks[b].suf).exposure <= q->exposure_max;
}

static int64_t walk_paid(const cp_state *s, int32_t route)
{
    const cp_dense_kind *q = &s->d->kinds[s->rings[route].kind];
    const int32_t end = s->d->n + route;
    const cp_run ends = {0, q->start_s, q->end_s, 0};
    cp_run run = ends;
    int32_t at = end;
    for (int32_t x = s->stops[end].next;; at = x, x = s->stops[x].next) {
        const cp_run own = x == end ? ends : cp_node_run(s->d, x);
        if (!cp_run_join(&run, cp_travel(s, q, at, x), &own, &run)) return 0;
        if (x == end) return cp_run_paid(q, &run);
    }
}

int64_t cp_state_recount(const cp_state *s)
{
    const cp_dense *d = s->d;
    int64_t cost = 0;
    for (int32_t r = 0; r < d->n_routes; r++) {
        const int32_t end = d->n + r;
        const cp_dense_kind *q = &d->kinds[s->rings[r].kind];
        if (s->stops[end].next == end) continue;
        cost += q->fixed;
        int32_t at = q->from;
        for (int32_t x = s->stops[end].next; x != end; x = s->stops[x].next) {
            cost += q->arc[(size_t)at * (size_t)d->n_points + (size_t)x] * q->mult;
            at = x;
        }
        cost += q->arc[(size_t)at * (size_t)d->n_points + (size_t)q->to] * q->mult;
        if (d->has & CP_VRP_HAS_PAID) cost += walk_paid(s, r);
    }
    for (int32_t i = 0; i < d->n; i++)
        if (s->stops[i].route < 0) cost += d->nodes[i].out;
    return cost;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_rich.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/clock.h"
#include "models/base/rng.h"

#define LOOK_EVERY 16
#define NEAR_MAX 40     /* neighbours beside which an insertion is tried ... */
#define ALL_PLACES 120  /* ... in problems of more nodes than this; in smaller ones everywhere */
#define STRING_MAX 10   /* nodes of one route that go at once */
#define BLINK_ONE_IN 50 /* places passed over, to vary */
#define HOT 1.0         /* temperatures in usual ways */
#define COLD 0.03
#define MEAN_REMOVED 8.0
#define NEEDLESS_ONE_IN 8
#define EAGER_ONE_IN 4
#define MUST_PRICE 0x1p52
#define USUAL_NEAR 5 /* neighbours whose mean way is the scale of the annealing */

typedef struct rich_route {
    int32_t kind, n;
    double cost; /* 0 when empty */
    int32_t *items;
} rich_route;

/* Everything that a solution is; two of them are kept. */
typedef struct rich_plan {
    rich_route *routes;
    int32_t *route_of; /* per node, -1 = left out */
    double cost;
} rich_plan;

typedef struct rich {
    cp_ctx *ctx;
    const cp_vrp *p;
    const cp_vrp_opts *o;
    cp_rich_drive drive;
    cp_rng rng;
    int32_t n, n_routes, cap;
    int32_t n_near, *near; /* n * n_near, nearest first */
    int32_t *used;         /* per kind: routes with nodes */
    uint8_t *may;          /* n_vehicles * n */
    double *out;           /* per node: price of leaving it out */
    rich_plan now, best;
    int32_t *touched, n_touched; /* routes changed since the plan was last kept */
    uint8_t *is_touched, *beside;
    int32_t *waiting, n_waiting; /* nodes to be put in */
    double *key;
    int32_t *trial;
    rich_route *saved; /* of the touched routes, as they were */
    bool eager;        /* put some nodes in at any price */
    double typical, began_s;
    int64_t done;
} rich;

/* Where a node may go: with a reload before (-1), after (+1) or without. */
typedef struct rich_slot {
    double delta;
    int32_t route, kind, at, reload; /* reload: item, 0 = none */
    bool reload_after;
} rich_slot;

/* ---- building ---- */

static double leg_cost(const rich *s, int32_t i, int32_t j)
{
    const cp_vrp *p = s->p;
    const cp_vrp_vehicle *v = &p->vehicles[0];
    const size_t c = (size_t)p->nodes[i].place * (size_t)p->n_places + (size_t)p->nodes[j].place;
    const cp_vrp_profile *t = &p->profiles[v->profile];
    if (t->time_s[c] < 0) return HUGE_VAL;
    return (double)t->dist_m[c] * (double)v->dist_price / (double)p->dist_den +
           (double)t->time_s[c] * (double)(v->drive_price + v->idle_price) / (double)p->time_den +
           1e-6 * (double)t->time_s[c];
}

typedef struct near_key {
    double key;
    int32_t node;
} near_key;

static int by_key(const void *a, const void *b)
{
    const near_key *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

static cp_status build_near(rich *s)
{
    near_key *keys = NULL;
    double sum = 0;
    int64_t count = 0;
    s->n_near = s->n - 1 < NEAR_MAX ? s->n - 1 : NEAR_MAX;
    CP_NEW(s->ctx, s->ctx->scratch, keys, s->n);
    CP_NEW(s->ctx, s->ctx->scratch, s->near, (size_t)s->n * (size_t)(s->n_near + 1));
    for (int32_t i = 0; i < s->n; i++) {
        int32_t m = 0;
        for (int32_t j = 0; j < s->n; j++)
            if (j != i) keys[m++] = (near_key){fmin(leg_cost(s, i, j), leg_cost(s, j, i)), j};
        qsort(keys, (size_t)m, sizeof(*keys), by_key);
        for (int32_t k = 0; k < s->n_near; k++) {
            s->near[(size_t)i * (size_t)s->n_near + (size_t)k] = keys[k].node;
            if (k >= USUAL_NEAR || keys[k].key == HUGE_VAL) continue;
            sum += keys[k].key;
            count++;
        }
    }
    s->typical = count > 0 && sum > 0 ? sum / (double)count : 1;
    return CP_OK;
}

static cp_status new_plan(rich *s, rich_plan *plan)
{
    int32_t *items = NULL;
    CP_NEW(s->ctx, s->ctx->scratch, plan->routes, s->n_routes + 1);
    CP_NEW(s->ctx, s->ctx->scratch, plan->route_of, s->n + 1);
    CP_NEW(s->ctx, s->ctx->scratch, items, (size_t)s->n_routes * (size_t)s->cap);
    for (int32_t r = 0; r < s->n_routes; r++)
        plan->routes[r].items = items + (size_t)r * (size_t)s->cap;
    for (int32_t i = 0; i < s->n; i++)
        plan->route_of[i] = -1;
    return CP_OK;
}

static cp_status build(rich *s)
{
    const cp_vrp *p = s->p;
    cp_arena *a = s->ctx->scratch;
    s->n = p->n_nodes;
    s->cap = 2 * s->n + 2;
    for (int32_t k = 0; k < p->n_vehicles; k++)
        s->n_routes += p->vehicles[k].count < s->n ? p->vehicles[k].count : s->n;
    if (s->n_routes > s->n) s->n_routes = s->n;
    CP_NEW(s->ctx, a, s->used, p->n_vehicles + 1);
    CP_NEW(s->ctx, a, s->may, (size_t)p->n_vehicles * (size_t)s->n + 1);
    CP_NEW(s->ctx, a, s->out, s->n + 1);
    CP_NEW(s->ctx, a, s->touched, s->n_routes + 1);
    CP_NEW(s->ctx, a, s->is_touched, s->n_routes + 1);
    CP_NEW(s->ctx, a, s->beside, s->n + 1);
    CP_NEW(s->ctx, a, s->waiting, s->n + 1);
    CP_NEW(s->ctx, a, s->key, s->n + 1);
    CP_NEW(s->ctx, a, s->trial, s->cap + 2);
    CP_TRY(new_plan(s, &s->now));
    CP_TRY(new_plan(s, &s->best));
    rich_plan saved;
    CP_TRY(new_plan(s, &saved));
    s->saved = saved.routes;
    for (int32_t k = 0; k < p->n_vehicles; k++)
        for (int32_t i = 0; i < s->n; i++)
            s->may[(size_t)k * (size_t)s->n + (size_t)i] = cp_vrp_may_serve(p, k, i);
    for (int32_t i = 0; i < s->n; i++) {
        s->out[i] =
            p->nodes[i].out_price == CP_VRP_MUST ? MUST_PRICE : (double)p->nodes[i].out_price;
        s->now.cost += s->out[i];
        s->waiting[s->n_waiting++] = i;
    }
    CP_TRY(cp_rich_drive_new(s->ctx, p, &s->drive));
    return build_near(s);
}

/* ---- changes that can be taken back ---- */

static void copy_route(rich_route *to, const rich_route *from)
{
    to->kind = from->kind;
    to->n = from->n;
    to->cost = from->cost;
    if (from->n > 0) memcpy(to->items, from->items, (size_t)from->n * sizeof(*to->items));
}

static void touch(rich *s, int32_t r)
{
    if (s->is_touched[r] != 0) return;
    s->is_touched[r] = 1;
    s->touched[s->n_touched++] = r;
    copy_route(&s->saved[r], &s->now.routes[r]);
}

/* Give a touched route its cost anew; an empty one costs nothing. */
static void settle(rich *s, int32_t r, double cost)
{
    rich_route *q = &s->now.routes[r];
    s->now.cost += cost - q->cost;
    q->cost = cost;
}

static void take_back(rich *s, double cost)
{
    for (int32_t k = 0; k < s->n_touched; k++) {
        rich_route *q = &s->now.routes[s->touched[k]];
        if (q->n > 0) s->used[q->kind]--;
        for (int32_t i = 0; i < q->n; i++)
            if (cp_vrp_is_node(q->items[i])) s->now.route_of[q->items[i]] = -1;
    }
    for (int32_t k = 0; k < s->n_touched; k++) {
        const int32_t r = s->touched[k];
        rich_route *q = &s->now.routes[r];
        copy_route(q, &s->saved[r]);
        if (q->n > 0) s->used[q->kind]++;
        for (int32_t i = 0; i < q->n; i++)
            if (cp_vrp_is_node(q->items[i])) s->now.route_of[q->items[i]] = r;
    }
    s->now.cost = cost;
}

static void forget_touched(rich *s)
{
    for (int32_t k = 0; k < s->n_touched; k++)
        s->is_touched[s->touched[k]] = 0;
    s->n_touched = 0;
}

static void keep_best(rich *s)
{
    for (int32_t r = 0; r < s->n_routes; r++)
        copy_route(&s->best.routes[r], &s->now.routes[r]);
    memcpy(s->best.route_of, s->now.route_of, (size_t)s->n * sizeof(*s->best.route_of));
    s->best.cost = s->now.cost;
}

/* ---- ruin ---- */

/* A reload at an end or beside another serves nobody. */
static void drop_idle_reloads(rich_route *q)
{
    int32_t n = 0;
    for (int32_t i = 0; i < q->n; i++) {
        const bool after_node = n > 0 && cp_vrp_is_node(q->items[n - 1]);
        if (cp_vrp_is_node(q->items[i]) || after_node) q->items[n++] = q->items[i];
    }
    while (n > 0 && !cp_vrp_is_node(q->items[n - 1]))
        n--;
    q->n = n;
}

/* Take `length` nodes out of a route, around position `at`; often also the reloads. */
static void cut_string(rich *s, int32_t r, int32_t at, int32_t length)
{
    rich_route *q = &s->now.routes[r];
    int32_t first = at - (int32_t)cp_rng_below(&s->rng, (uint32_t)length), n = 0;
    const bool reloads = cp_rng_below(&s->rng, 2) == 0;
    touch(s, r);
    if (first + length > q->n) first = q->n - length;
    if (first < 0) first = 0;
    for (int32_t i = 0; i < q->n; i++) {
        const int32_t x = q->items[i];
        const bool inside = i >= first && i < first + length;
        if (!cp_vrp_is_node(x)) {
            if (!inside && !reloads) q->items[n++] = x;
            continue;
        }
        if (!inside) {
            q->items[n++] = x;
            continue;
        }
        s->now.route_of[x] = -1;
        s->now.cost += s->out[x];
        s->waiting[s->n_waiting++] = x;
    }
    q->n = n;
    drop_idle_reloads(q);
    if (q->n == 0) {
        s->used[q->kind]--;
        settle(s, r, 0);
        return;
    }
    const double cost = cp_rich_route(&s->drive, q->kind, q->items, q->n);
    if (cost >= 0) {
        settle(s, r, cost);
        return;
    }
    /* What is left does not hold by itself (a way that is longer without a node): all goes. */
    for (int32_t i = 0; i < q->n; i++) {
        if (!cp_vrp_is_node(q->items[i])) continue;
        s->now.route_of[q->items[i]] = -1;
        s->now.cost += s->out[q->items[i]];
        s->waiting[s->n_waiting++] = q->items[i];
    }
    s->used[q->kind]--;
    q->n = 0;
    settle(s, r, 0);
}

static int32_t position(const rich_route *q, int32_t x)
{
    int32_t k = 0;
    while (q->items[k] != x)
        k++;
    return k;
}

static void ruin(rich *s)
{
    const int32_t seed = (int32_t)cp_rng_below(&s->rng, (uint32_t)s->n);
    const uint32_t most_removed = (uint32_t)(2 * s->o->mean_removed) + 1;
    int32_t left = 1 + (int32_t)cp_rng_below(&s->rng, most_removed);
    for (int32_t k = -1; k < s->n_near && left > 0; k++) {
        const int32_t x = k < 0 ? seed : s->near[(size_t)seed * (size_t)s->n_near + (size_t)k];
        const int32_t r = s->now.route_of[x];
        if (r < 0 || s->is_touched[r] != 0) continue;
        const rich_route *q = &s->now.routes[r];
        int32_t most = q->n < STRING_MAX ? q->n : STRING_MAX;
        if (most > left) most = left;
        const int32_t length = 1 + (int32_t)cp_rng_below(&s->rng, (uint32_t)most);
        cut_string(s, r, position(q, x), length);
        left -= length;
    }
}

/* ---- recreate ---- */

static void put_in(const rich *s, const rich_route *q, const rich_slot *w, int32_t x, int32_t *to,
                   int32_t *n)
{
    int32_t m = 0;
    (void)s;
    for (int32_t i = 0; i <= q->n; i++) {
        if (i == w->at) {
            if (w->reload != 0 && !w->reload_after) to[m++] = w->reload;
            to[m++] = x;
            if (w->reload != 0 && w->reload_after) to[m++] = w->reload;
        }
        if (i < q->n) to[m++] = q->items[i];
    }
    *n = m;
}

/* False when the route would break a rule. */
static bool try_slot(rich *s, rich_slot w, int32_t x, rich_slot *best)
{
    const rich_route *q = &s->now.routes[w.route];
    int32_t n = 0;
    if (cp_rng_below(&s->rng, BLINK_ONE_IN) == 0) return true;
    put_in(s, q, &w, x, s->trial, &n);
    const double cost = cp_rich_route(&s->drive, w.kind, s->trial, n);
    if (cost < 0) return false;
    w.delta = cost - q->cost;
    if (w.delta < best->delta) *best = w;
    return true;
}

/* The place alone, and with each reload before or after, while trips are left. */
static void try_place(rich *s, int32_t r, int32_t at, int32_t x, rich_slot *best)
{
    const rich_route *q = &s->now.routes[r];
    const cp_vrp_vehicle *v = &s->p->vehicles[q->kind];
    rich_slot w = {.route = r, .kind = q->kind, .at = at};
    if (q->n > 0 && cp_rich_longer(s->p, q->kind, q->items, q->n, at, x) >= best->delta) return;
    const bool fits = try_slot(s, w, x, best);
    /* A reload that nobody needs yet may still be the way to a better day. */
    if (v->max_trips < 2 || (fits && cp_rng_below(&s->rng, NEEDLESS_ONE_IN) != 0)) return;
    for (int32_t k = 0; k < v->n_reload_depots; k++) {
        w.reload = cp_vrp_reload(v->reload_depots[k]);
        w.reload_after = false;
        if (at > 0) (void)try_slot(s, w, x, best);
        w.reload_after = true;
        if (at < q->n) (void)try_slot(s, w, x, best);
    }
}

static void try_route(rich *s, int32_t r, int32_t x, bool everywhere, rich_slot *best)
{
    const rich_route *q = &s->now.routes[r];
    if (s->may[(size_t)q->kind * (size_t)s->n + (size_t)x] == 0) return;
    for (int32_t at = 0; at <= q->n; at++) {
        const bool near_before =
            at > 0 && cp_vrp_is_node(q->items[at - 1]) && s->beside[q->items[at - 1]] != 0;
        const bool near_after =
            at < q->n && cp_vrp_is_node(q->items[at]) && s->beside[q->items[at]] != 0;
        if (everywhere || near_before || near_after) try_place(s, r, at, x, best);
    }
}

static void try_new(rich *s, int32_t x, rich_slot *best)
{
    int32_t empty = 0;
    while (empty < s->n_routes && s->now.routes[empty].n > 0)
        empty++;
    if (empty == s->n_routes) return;
    for (int32_t k = 0; k < s->p->n_vehicles; k++) {
        if (s->used[k] >= s->p->vehicles[k].count) continue;
        if (s->may[(size_t)k * (size_t)s->n + (size_t)x] == 0) continue;
        const rich_slot w = {.route = empty, .kind = k};
        (void)try_slot(s, w, x, best);
    }
}

static void place_node(rich *s, int32_t x, const rich_slot *w)
{
    rich_route *q = &s->now.routes[w->route];
    int32_t n = 0;
    touch(s, w->route);
    put_in(s, q, w, x, s->trial, &n);
    if (q->n == 0) {
        q->kind = w->kind;
        s->used[w->kind]++;
    }
    memcpy(q->items, s->trial, (size_t)n * sizeof(*q->items));
    q->n = n;
    s->now.route_of[x] = w->route;
    s->now.cost -= s->out[x];
    settle(s, w->route, q->cost + w->delta);
}

static bool insert(rich *s, int32_t x)
{
    const int32_t *near = s->near + (size_t)x * (size_t)s->n_near;
    const bool everywhere = s->n <= ALL_PLACES;
    const bool eager = s->eager && cp_rng_below(&s->rng, 2) == 0;
    rich_slot best = {.delta = eager ? HUGE_VAL : s->out[x], .route = -1};
    for (int32_t k = 0; k < s->n_near && !everywhere; k++)
        s->beside[near[k]] = 1;
    for (int32_t r = 0; r < s->n_routes; r++)
        if (s->now.routes[r].n > 0) try_route(s, r, x, everywhere, &best);
    try_new(s, x, &best);
    for (int32_t k = 0; k < s->n_near && !everywhere; k++)
        s->beside[near[k]] = 0;
    if (best.route < 0) return false;
    place_node(s, x, &best);
    return true;
}

/* In what order nodes are put in: by chance, dear to leave out, narrow windows, early, far. */
static double order_key(rich *s, uint32_t order, int32_t x)
{
    const cp_vrp_node *q = &s->p->nodes[x];
    const cp_vrp_window *w = q->n_windows > 0 ? &q->windows[0] : NULL;
    double load = 0;
    switch (order) {
    case 0:
        return cp_rng_unit(&s->rng);
    case 1:
        return w == NULL ? 0x1p40 : (double)w->close_s - w->open_s;
    case 2:
        return w == NULL ? 0 : (double)w->close_s;
    case 3:
        return -s->out[x];
    default:
        break;
    }
    for (int32_t m = 0; m < s->p->n_dims; m++)
        load += (double)((q->deliver == NULL ? 0 : q->deliver[m]) +
                         (q->pickup == NULL ? 0 : q->pickup[m]));
    return -load;
}

static void sort_waiting(rich *s)
{
    const uint32_t order = cp_rng_below(&s->rng, 6) % 5;
    for (int32_t k = 0; k < s->n_waiting; k++)
        s->key[k] = order_key(s, order, s->waiting[k]);
    for (int32_t k = 1; k < s->n_waiting; k++) {
        const double key = s->key[k];
        const int32_t x = s->waiting[k];
        int32_t at = k;
        for (; at > 0 && s->key[at - 1] > key; at--) {
            s->key[at] = s->key[at - 1];
            s->waiting[at] = s->waiting[at - 1];
        }
        s->key[at] = key;
        s->waiting[at] = x;
    }
}

static void recreate(rich *s)
{
    int32_t kept = 0;
    /* Nodes that are worth a way together only: now and then some are put in though each alone is
     * not; the annealing judges the whole. */
    s->eager = cp_rng_below(&s->rng, EAGER_ONE_IN) == 0;
    sort_waiting(s);
    for (int32_t k = 0; k < s->n_waiting; k++)
        if (!insert(s, s->waiting[k])) s->waiting[kept++] = s->waiting[k];
    s->n_waiting = kept;
}

/* ---- the search ---- */

static void step(rich *s, double temperature)
{
    const double before = s->now.cost;
    forget_touched(s);
    ruin(s);
    recreate(s);
    s->done++;
    if (s->now.cost < before - temperature * log(1 - cp_rng_unit(&s->rng))) {
        if (s->now.cost < s->best.cost - 1e-6) keep_best(s);
        return;
    }
    take_back(s, before);
    s->n_waiting = 0;
    for (int32_t i = 0; i < s->n; i++)
        if (s->now.route_of[i] < 0) s->waiting[s->n_waiting++] = i;
}

static double share_done(const rich *s)
{
    double share = 0;
    if (s->o->work > 0) share = (double)s->done / (double)s->o->work;
    if (s->o->cpu_limit_s > 0) share = fmax(share, (cp_cpu_s() - s->began_s) / s->o->cpu_limit_s);
    return share;
}

static bool run(rich *s)
{
    const double hot = s->o->hot * s->typical, cold = s->o->cold * s->typical;
    double temperature = hot;
    recreate(s);
    keep_best(s);
    for (;;) {
        if (s->o->work > 0 && s->done >= s->o->work) return false;
        if (s->done % LOOK_EVERY == 0) {
            if (cp_should_stop(s->ctx)) return true;
            const double share = share_done(s);
            if (share >= 1) return false;
            temperature = hot * pow(cold / hot, share);
        }
        step(s, temperature);
    }
}

/* The items of the best routes, with their breaks. */
static cp_status decode(rich *s, cp_vrp_result *out)
{
    cp_vrp_solution r = {0};
    size_t cells = 0;
    for (int32_t k = 0; k < s->n_routes; k++)
        if (s->best.routes[k].n > 0) cells += (size_t)s->drive.cap;
    CP_NEW(s->ctx, s->ctx->run, r.routes, s->n_routes + 1);
    CP_NEW(s->ctx, s->ctx->run, r.items, cells + 1);
    for (int32_t k = 0; k < s->n_routes; k++) {
        const rich_route *q = &s->best.routes[k];
        if (q->n == 0) continue;
        if (cp_rich_route(&s->drive, q->kind, q->items, q->n) < 0)
            CP_FAIL(s->ctx, CP_E_RANGE, "a route that was kept breaks a rule when driven again");
        const int32_t n = cp_rich_items(&s->drive, r.items + r.n_items);
        r.routes[r.n_routes++] = (cp_vrp_route){q->kind, r.n_items, n};
        r.n_items += n;
    }
    for (int32_t i = 0; i < s->n; i++)
        out->n_left_out += s->best.route_of[i] < 0;
    out->solution = r;
    out->cost_minor = s->best.cost;
    out->iterations = s->done;
    return CP_OK;
}

cp_status cp_vrp_rich(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_opts *opts, cp_vrp_result *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_vrp_opts o = *opts;
    if (o.hot <= 0) o.hot = HOT;
    if (o.cold <= 0) o.cold = COLD;
    if (o.mean_removed <= 0) o.mean_removed = MEAN_REMOVED;
    rich s = {.ctx = ctx, .p = p, .o = &o, .rng = cp_rng_new(opts->seed, 0)};
    cp_vrp_result r = {0};
    s.began_s = cp_cpu_s();
    cp_status st = build(&s);
    if (st == CP_OK) {
        r.stopped_early = run(&s);
        st = decode(&s, &r);
    }
    cp_arena_rewind(ctx->scratch, mark);
    if (st == CP_OK) *out = r;
    return st;
}

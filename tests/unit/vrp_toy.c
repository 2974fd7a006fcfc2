/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/vrp_toy.h"

#include <math.h>
#include <string.h>

#include "tests/check.h"

const uint32_t vrp_toy_sets[VRP_TOY_N_SETS] = {0,
                                               VRP_TOY_WINDOWS,
                                               VRP_TOY_SHIFT,
                                               VRP_TOY_DEPOTS,
                                               VRP_TOY_KINDS,
                                               VRP_TOY_LOADS,
                                               VRP_TOY_EXPOSURE,
                                               VRP_TOY_SKILLS,
                                               VRP_TOY_ONE_WAY,
                                               VRP_TOY_OPTIONAL,
                                               VRP_TOY_TIMES,
                                               VRP_TOY_WINDOWS | VRP_TOY_SHIFT | VRP_TOY_DEPOTS,
                                               VRP_TOY_WINDOWS | VRP_TOY_EXPOSURE | VRP_TOY_KINDS,
                                               VRP_TOY_WINDOWS | VRP_TOY_ONE_WAY | VRP_TOY_SHIFT,
                                               VRP_TOY_EXPOSURE | VRP_TOY_LOADS | VRP_TOY_ONE_WAY,
                                               VRP_TOY_PAID | VRP_TOY_WINDOWS,
                                               VRP_TOY_PAID | VRP_TOY_KINDS | VRP_TOY_ONE_WAY,
                                               VRP_TOY_PAID | VRP_TOY_DEPOTS | VRP_TOY_SHIFT,
                                               VRP_TOY_HOURS,
                                               VRP_TOY_HOURS | VRP_TOY_KINDS | VRP_TOY_DEPOTS,
                                               VRP_TOY_HOURS | VRP_TOY_EXPOSURE | VRP_TOY_ONE_WAY,
                                               VRP_TOY_WINDOWS | VRP_TOY_TIMES,
                                               VRP_TOY_SAVED | VRP_TOY_SHIFT,
                                               VRP_TOY_SAVED | VRP_TOY_WINDOWS | VRP_TOY_TIMES,
                                               VRP_TOY_ALL};

typedef struct toy_build {
    cp_ctx *ctx;
    cp_rng rng;
    uint32_t rules;
    cp_vrp *p;
} toy_build;

static void *get(toy_build *b, size_t n, size_t size)
{
    void *at = cp_arena_alloc(b->ctx->run, n, size);
    assert_non_null(at);
    return at;
}

static int32_t between(toy_build *b, int32_t lo, int32_t hi)
{
    return lo + (int32_t)cp_rng_below(&b->rng, (uint32_t)(hi - lo + 1));
}

static void make_ways(toy_build *b)
{
    cp_vrp *p = b->p;
    const int32_t n = p->n_places;
    cp_vrp_profile *prof = get(b, 1, sizeof(*prof));
    int32_t *time = get(b, (size_t)(n * n), sizeof(*time));
    int32_t *dist = get(b, (size_t)(n * n), sizeof(*dist));
    int32_t *xy = get(b, (size_t)(2 * n), sizeof(*xy));
    for (int32_t i = 0; i < 2 * n; i++)
        xy[i] = between(b, 0, 100);
    for (int32_t i = 0; i < n; i++) {
        for (int32_t j = 0; j < n; j++) {
            const double d = hypot(xy[2 * i] - xy[2 * j], xy[2 * i + 1] - xy[2 * j + 1]);
            time[i * n + j] = dist[i * n + j] = (int32_t)lround(d);
            if (i == j || !(b->rules & VRP_TOY_ONE_WAY)) continue;
            time[i * n + j] += between(b, 0, 20);
            if (i > 1 && j > 1 && between(b, 0, 9) == 0) time[i * n + j] = CP_VRP_NO_WAY;
        }
    }
    *prof = (cp_vrp_profile){time, dist};
    p->profiles = prof;
    p->n_profiles = 1;
}

static void make_node(toy_build *b, cp_vrp_node *v, int32_t place)
{
    int64_t *out = get(b, 2, sizeof(*out)), *back = get(b, 2, sizeof(*back));
    const bool both = (b->rules & VRP_TOY_LOADS) != 0;
    out[0] = between(b, 1, 9);
    back[0] = both ? between(b, 0, 9) : 0;
    out[1] = between(b, 0, 4);
    back[1] = between(b, 0, 4);
    *v = (cp_vrp_node){.place = place,
                       .service_s = between(b, 0, 10),
                       .vehicle = -1,
                       .deliver = out,
                       .pickup = both ? back : NULL,
                       .out_price = CP_VRP_MUST};
    if (b->rules & VRP_TOY_TIMES) v->setup_s = between(b, 0, 5);
    if (b->rules & VRP_TOY_OPTIONAL) v->out_price = between(b, 0, 120);
    if (b->rules & VRP_TOY_EXPOSURE) v->pavement_s = between(b, 0, 3);
    if (b->rules & VRP_TOY_SKILLS) {
        uint64_t *skill = get(b, 1, sizeof(*skill));
        *skill = (uint64_t)between(b, 0, 1);
        v->skills = skill;
    }
    if ((b->rules & VRP_TOY_HOURS) && between(b, 0, 3) > 0) {
        cp_vrp_window *w = get(b, 3, sizeof(*w));
        v->n_windows = between(b, 1, 3);
        for (int32_t k = 0, t = between(b, 0, 80); k < v->n_windows; k++) {
            w[k].open_s = t;
            w[k].close_s = t + between(b, 0, 60);
            t = w[k].close_s + between(b, 20, 80);
        }
        v->windows = w;
    } else if (b->rules & VRP_TOY_WINDOWS) {
        cp_vrp_window *w = get(b, 1, sizeof(*w));
        w->open_s = between(b, 0, 300);
        w->close_s = w->open_s + between(b, 20, 200);
        v->windows = w;
        v->n_windows = 1;
    }
}

static void make_vehicle(toy_build *b, cp_vrp_vehicle *v, int32_t k)
{
    static const uint64_t skilled = 1;
    static const cp_vrp_window bans[] = {{60, 90}, {90, 95}, {200, 260}};
    int64_t *cap = get(b, 2, sizeof(*cap));
    *v = cp_vrp_vehicle_defaults();
    cap[0] = k == 0 ? 20 : 30;
    cap[1] = k == 0 ? 12 : 8;
    v->capacity = cap;
    v->count = 3;
    v->start_depot = v->end_depot = 0;
    v->dist_price = k == 0 ? 2 : 3;
    v->fixed = k == 0 ? 30 : 10;
    if (!(b->rules & VRP_TOY_KINDS) && k == 1) v->dist_price = 2, v->fixed = 30, cap[0] = 20;
    if ((b->rules & VRP_TOY_DEPOTS) && k == 1) v->start_depot = 1, v->end_depot = -1;
    if (b->rules & VRP_TOY_SHIFT) v->shift_max_s = 250;
    if (b->rules & VRP_TOY_HOURS) v->shift_end_s = 500;
    if (b->rules & VRP_TOY_PAID) {
        v->shift_end_s = 250;
        v->overtime_max_s = 200;
        v->paid_s = k == 0 ? 120 : CP_VRP_LATEST;
        v->idle_price = 2;
        v->over_price = 3;
    }
    if ((b->rules & VRP_TOY_HOURS) && k == 0) v->bans = bans, v->n_bans = 3;
    if (b->rules & VRP_TOY_WINDOWS) v->shift_end_s = 450;
    if (b->rules & VRP_TOY_EXPOSURE) v->exposure_max = k == 0 ? 2500 : 3500;
    if ((b->rules & VRP_TOY_SKILLS) && k == 1) v->skills = &skilled;
    if (b->rules & VRP_TOY_TIMES) v->drive_price = 1, v->work_price = k + 1;
}

cp_vrp *vrp_toy(cp_ctx *ctx, int32_t n, uint32_t rules, uint64_t seed)
{
    toy_build b = {ctx, cp_rng_new(seed, rules), rules, NULL};
    cp_vrp *p = b.p = get(&b, 1, sizeof(*p));
    cp_vrp_node *nodes = get(&b, (size_t)n, sizeof(*nodes));
    cp_vrp_vehicle *vehicles = get(&b, 2, sizeof(*vehicles));
    cp_vrp_depot *depots = get(&b, 2, sizeof(*depots));
    const bool two = (rules & (VRP_TOY_DEPOTS | VRP_TOY_KINDS | VRP_TOY_SKILLS)) != 0;
    *p = (cp_vrp){.n_places = n + 2,
                  .n_depots = 2,
                  .n_nodes = n,
                  .n_vehicles = two ? 2 : 1,
                  .n_dims = rules & VRP_TOY_LOADS ? 2 : 1,
                  .value_dim = rules & VRP_TOY_EXPOSURE ? 0 : -1,
                  .n_skill_words = 1,
                  .dist_den = 1,
                  .time_den = 1,
                  .exposure_den = 1};
    depots[1].place = 1;
    make_ways(&b);
    for (int32_t i = 0; i < n; i++)
        make_node(&b, &nodes[i], i + 2);
    if ((rules & (VRP_TOY_TIMES | VRP_TOY_SAVED)) && n > 1) nodes[1].place = nodes[0].place;
    for (int32_t i = 0; i < n && i < 2; i++)
        nodes[i].setup_s = (rules & VRP_TOY_SAVED) != 0 ? 20 : 0;
    for (int32_t k = 0; k < 2; k++)
        make_vehicle(&b, &vehicles[k], k);
    p->nodes = nodes;
    p->depots = depots;
    p->vehicles = vehicles;
    assert_ok(ctx, cp_vrp_validate(ctx, p));
    return p;
}

typedef struct tries {
    cp_ctx *ctx;
    const cp_vrp *p;
    int32_t items[16];
    cp_vrp_route routes[7];
    int32_t n_routes, first[7]; /* first: node of each route */
    bool used[7];
    int64_t best;
} tries;

static void judge(tries *t, int32_t n)
{
    const cp_vrp_solution s = {t->routes, t->n_routes, t->items, n};
    const cp_arena_mark mark = cp_arena_here(t->ctx->run);
    cp_vrp_report r;
    assert_ok(t->ctx, cp_vrp_check(t->ctx, t->p, &s, &r));
    if (r.feasible && r.cost.total < t->best) t->best = r.cost.total;
    cp_arena_rewind(t->ctx->run, mark);
}

static void grow(tries *t, int32_t n);

static void append(tries *t, int32_t n, int32_t item)
{
    t->items[n] = item;
    t->routes[t->n_routes - 1].n++;
    grow(t, n + 1);
    t->routes[t->n_routes - 1].n--;
}

/* A route of its own, with one of the vehicle's breaks before the node or without. */
static void begin_route(tries *t, int32_t n, int32_t vehicle, int32_t x)
{
    const cp_vrp_vehicle *v = &t->p->vehicles[vehicle];
    t->first[t->n_routes] = x;
    for (int32_t b = -1; b < v->n_breaks; b++) {
        t->routes[t->n_routes++] = (cp_vrp_route){vehicle, n, b < 0 ? 0 : 1};
        if (b >= 0) t->items[n] = cp_vrp_break_item(b);
        append(t, b < 0 ? n : n + 1, x);
        t->n_routes--;
    }
}

/* Breaks that the last route has not taken, and reloads after a node. */
static void grow_by_rests(tries *t, int32_t n)
{
    const cp_vrp_route *r = &t->routes[t->n_routes - 1];
    const cp_vrp_vehicle *v = &t->p->vehicles[r->vehicle];
    int32_t trips = 1, nodes = 0; /* nodes: of the trip */
    for (int32_t k = r->first; k < n; k++) {
        trips += cp_vrp_is_reload(t->items[k]);
        nodes = cp_vrp_is_reload(t->items[k]) ? 0 : nodes + cp_vrp_is_node(t->items[k]);
    }
    for (int32_t b = 0; b < v->n_breaks; b++) {
        bool taken = false;
        for (int32_t k = r->first; k < n; k++)
            taken = taken || t->items[k] == cp_vrp_break_item(b);
        if (!taken) append(t, n, cp_vrp_break_item(b));
    }
    for (int32_t k = 0; k < v->n_reload_depots && nodes > 0 && trips < v->max_trips; k++)
        append(t, n, cp_vrp_reload(v->reload_depots[k]));
}

/* Append every unused node to the last route, or begin a route with it; nodes may stay out. */
static void grow(tries *t, int32_t n)
{
    judge(t, n);
    if (t->n_routes > 0) grow_by_rests(t, n);
    for (int32_t x = 0; x < t->p->n_nodes; x++) {
        if (t->used[x]) continue;
        t->used[x] = true;
        if (t->n_routes > 0) append(t, n, x);
        /* routes in ascending order of their first node: their order is of no meaning */
        const cp_vrp_route *last = t->n_routes > 0 ? &t->routes[t->n_routes - 1] : NULL;
        for (int32_t v = 0; v < t->p->n_vehicles; v++) {
            if (last != NULL && t->first[t->n_routes - 1] > x) break;
            begin_route(t, n, v, x);
        }
        t->used[x] = false;
    }
}

int64_t vrp_toy_best(cp_ctx *ctx, const cp_vrp *p)
{
    tries t = {.ctx = ctx, .p = p, .best = INT64_MAX};
    assert_true(p->n_nodes <= 7);
    grow(&t, 0);
    return t.best;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_rich.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/clock.h"
#include "solver/par/job.h"
#include "solver/route/vrp_rich_search.h"

#define LOOK_EVERY 16
#define NEAR_MAX 40 /* neighbours beside which an insertion is tried */
#define HOT 1.5     /* temperatures in usual ways */
#define COLD 0.03
#define MEAN_REMOVED 8.0
#define MUST_PRICE 0x1p52
#define TRIP_ONE_IN 10 /* iterations that take a whole trip out */
#define USUAL_NEAR 5   /* neighbours whose mean way is the scale of the annealing */

/* ---- neighbours ---- */

static double leg_cost(const cp_rich *s, int32_t i, int32_t j)
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

static cp_status build_near(cp_rich *s)
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

/* ---- building ---- */

/* Items of all routes together at most: nodes, reloads, breaks. */
static size_t most_items(const cp_rich *s)
{
    int32_t breaks = 0;
    for (int32_t k = 0; k < s->p->n_vehicles; k++)
        if (s->p->vehicles[k].n_breaks > breaks) breaks = s->p->vehicles[k].n_breaks;
    return 2 * (size_t)s->n + (size_t)s->n_routes * (size_t)breaks;
}

static cp_status new_list(cp_rich *s, cp_rich_list *list)
{
    CP_NEW(s->ctx, s->ctx->scratch, list->routes, s->n_routes + 1);
    CP_NEW(s->ctx, s->ctx->scratch, list->slot, s->n_routes + 1);
    CP_NEW(s->ctx, s->ctx->scratch, list->items, most_items(s) + 1);
    return CP_OK;
}

static cp_status build_routes(cp_rich *s)
{
    const cp_vrp *p = s->p;
    cp_arena *a = s->ctx->scratch;
    for (int32_t k = 0; k < p->n_vehicles; k++)
        s->n_routes += p->vehicles[k].count < s->n ? p->vehicles[k].count : s->n;
    if (s->n_routes > s->n || s->n_routes < 0) s->n_routes = s->n;
    CP_NEW(s->ctx, a, s->routes, s->n_routes + 1);
    CP_NEW(s->ctx, a, s->live, s->n_routes + 1);
    CP_NEW(s->ctx, a, s->rank, s->n_routes + 1);
    CP_NEW(s->ctx, a, s->touched, s->n_routes + 1);
    CP_NEW(s->ctx, a, s->used, p->n_vehicles + 1);
    for (int32_t r = 0; r < s->n_routes; r++)
        s->live[r] = s->rank[r] = r;
    CP_TRY(new_list(s, &s->log));
    return new_list(s, &s->best);
}

/* Who may serve a unit, and what leaving it out costs. */
static void build_units(cp_rich *s)
{
    const cp_vrp *p = s->p;
    for (int32_t i = 0; i < s->n; i++) {
        const int32_t j = s->drive.f.partner[i];
        const cp_vrp_node *q = &p->nodes[i], *other = j < 0 ? q : &p->nodes[j];
        const bool must = q->out_price == CP_VRP_MUST || other->out_price == CP_VRP_MUST;
        s->out[i] = must ? HUGE_VAL : (double)q->out_price;
        if (!must && j >= 0) s->out[i] += (double)other->out_price;
        for (int32_t k = 0; k < p->n_vehicles; k++) {
            const size_t at = (size_t)k * (size_t)s->n + (size_t)i;
            s->may[at] = cp_vrp_may_serve(p, k, i) && (j < 0 || cp_vrp_may_serve(p, k, j));
            s->alone[at] = NAN;
        }
        s->route_of[i] = -1;
        if (cp_rich_is_brought(s, i)) continue;
        cp_rich_charge(s, i, 1);
        s->waiting[s->n_waiting++] = i;
    }
}

static cp_status build(cp_rich *s)
{
    const cp_vrp *p = s->p;
    cp_arena *a = s->ctx->scratch;
    s->n = p->n_nodes;
    CP_TRY(cp_rich_drive_new(s->ctx, p, &s->drive));
    CP_TRY(build_routes(s));
    CP_NEW(s->ctx, a, s->may, (size_t)p->n_vehicles * (size_t)s->n + 1);
    CP_NEW(s->ctx, a, s->alone, (size_t)p->n_vehicles * (size_t)s->n + 1);
    CP_NEW(s->ctx, a, s->out, s->n + 1);
    CP_NEW(s->ctx, a, s->route_of, s->n + 1);
    CP_NEW(s->ctx, a, s->position, s->n + 1);
    CP_NEW(s->ctx, a, s->waiting, s->n + 1);
    CP_NEW(s->ctx, a, s->waited, s->n + 1);
    CP_NEW(s->ctx, a, s->beside, s->n + 1);
    CP_NEW(s->ctx, a, s->gone, s->n + 1);
    CP_NEW(s->ctx, a, s->key, s->n + 1);
    CP_NEW(s->ctx, a, s->trip, s->n + 1);
    CP_NEW(s->ctx, a, s->places, most_items(s) + (size_t)s->n_routes + 1);
    for (int32_t k = 0; k < p->n_vehicles; k++)
        s->trips = s->trips || (p->vehicles[k].max_trips > 1 && p->vehicles[k].n_reload_depots > 0);
    build_units(s);
    return build_near(s);
}

/* ---- changes that can be taken back ---- */

static void swap_live(cp_rich *s, int32_t r, int32_t to)
{
    const int32_t at = s->rank[r], other = s->live[to];
    s->live[to] = r;
    s->live[at] = other;
    s->rank[r] = to;
    s->rank[other] = at;
}

static void raise(cp_rich *s, int32_t r)
{
    if (s->rank[r] < s->n_live) return;
    swap_live(s, r, s->n_live++);
    s->used[s->routes[r].kind]++;
}

static void bury(cp_rich *s, int32_t r)
{
    if (s->rank[r] >= s->n_live) return;
    swap_live(s, r, --s->n_live);
    s->used[s->routes[r].kind]--;
    cp_rich_give_back(&s->drive, &s->routes[r]);
}

static void note_nodes(cp_rich *s, int32_t r)
{
    const cp_rich_route *q = &s->routes[r];
    for (int32_t i = 0; i < q->n; i++) {
        const int32_t x = cp_rich_items(q)[i];
        if (!cp_vrp_is_node(x)) continue;
        s->route_of[x] = r;
        s->position[x] = i;
    }
}

static void add_route(cp_rich *s, cp_rich_list *list, int32_t r)
{
    const cp_rich_route *q = &s->routes[r];
    list->routes[list->n] = (cp_vrp_route){q->kind, list->n_items, q->n};
    list->slot[list->n++] = r;
    if (q->n > 0)
        memcpy(list->items + list->n_items, cp_rich_items(q), (size_t)q->n * sizeof(int32_t));
    list->n_items += q->n;
}

cp_status cp_rich_touch(cp_rich *s, int32_t r)
{
    if (s->touched[r] != 0) return CP_OK;
    s->touched[r] = 1;
    add_route(s, &s->log, r);
    return CP_OK;
}

void cp_rich_seat(cp_rich *s, int32_t r, double was)
{
    s->cost -= was;
    if (s->routes[r].n == 0) {
        bury(s, r);
        return;
    }
    raise(s, r);
    s->cost += s->routes[r].sum.cost;
    note_nodes(s, r);
}

void cp_rich_charge(cp_rich *s, int32_t unit, int32_t sign)
{
    if (s->out[unit] == HUGE_VAL)
        s->owed += sign;
    else
        s->cost += sign * s->out[unit];
}

void cp_rich_release(cp_rich *s, int32_t x)
{
    s->route_of[x] = -1;
    if (cp_rich_is_brought(s, x)) return;
    cp_rich_charge(s, x, 1);
    s->waiting[s->n_waiting++] = x;
}

static void begin_changes(cp_rich *s)
{
    for (int32_t k = 0; k < s->log.n; k++)
        s->touched[s->log.slot[k]] = 0;
    s->log.n = s->log.n_items = 0;
    s->log.cost = s->cost;
    s->log.owed = s->owed;
    s->n_waited = s->n_waiting;
    memcpy(s->waited, s->waiting, (size_t)s->n_waiting * sizeof(*s->waited));
}

static cp_status take_back(cp_rich *s)
{
    const cp_rich_list *log = &s->log;
    for (int32_t k = 0; k < log->n; k++) {
        cp_rich_route *q = &s->routes[log->slot[k]];
        for (int32_t i = 0; i < q->n; i++)
            if (cp_vrp_is_node(cp_rich_items(q)[i])) s->route_of[cp_rich_items(q)[i]] = -1;
        bury(s, log->slot[k]);
    }
    for (int32_t k = 0; k < log->n; k++) {
        const cp_vrp_route *was = &log->routes[k];
        cp_rich_route *q = &s->routes[log->slot[k]];
        q->kind = was->vehicle;
        if (was->n == 0) continue;
        CP_TRY(cp_rich_reserve(s->ctx, &s->drive, q, was->n));
        cp_rich_put(q, 0, log->items + was->first, was->n);
        raise(s, log->slot[k]);
        note_nodes(s, log->slot[k]);
    }
    s->cost = log->cost;
    s->owed = log->owed;
    s->n_waiting = s->n_waited;
    memcpy(s->waiting, s->waited, (size_t)s->n_waited * sizeof(*s->waiting));
    return CP_OK;
}

static void keep_best(cp_rich *s)
{
    cp_rich_list *b = &s->best;
    b->n = b->n_items = 0;
    for (int32_t k = 0; k < s->n_live; k++)
        add_route(s, b, s->live[k]);
    b->cost = s->cost;
    b->owed = s->owed;
}

/* ---- the search ---- */

static double all_in(double cost, int64_t owed)
{
    return cost + MUST_PRICE * (double)owed;
}

static cp_status step(cp_rich *s, double temperature)
{
    begin_changes(s);
    if (s->n_live > 0 && cp_rng_below(&s->rng, TRIP_ONE_IN) == 0) {
        CP_TRY(cp_rich_take_trip(s));
        if (s->trips && cp_rng_below(&s->rng, 2) == 0) CP_TRY(cp_rich_place_trip(s));
    } else {
        CP_TRY(cp_rich_ruin(s));
    }
    CP_TRY(cp_rich_recreate(s));
    s->done++;
    const double now = all_in(s->cost, s->owed), before = all_in(s->log.cost, s->log.owed);
    if (now >= before - temperature * log(1 - cp_rng_unit(&s->rng))) return take_back(s);
    if (now < all_in(s->best.cost, s->best.owed) - 1e-6) keep_best(s);
    return CP_OK;
}

static double share_done(const cp_rich *s)
{
    double share = 0;
    if (s->o->work > 0) share = (double)s->done / (double)s->o->work;
    if (s->o->cpu_limit_s > 0) share = fmax(share, (cp_cpu_s() - s->began_s) / s->o->cpu_limit_s);
    return share;
}

static cp_status run(cp_rich *s, bool *stopped)
{
    const double hot = s->o->hot * s->typical, cold = s->o->cold * s->typical;
    double temperature = hot;
    begin_changes(s);
    CP_TRY(cp_rich_recreate(s));
    keep_best(s);
    for (;;) {
        if (s->o->work > 0 && s->done >= s->o->work) return CP_OK;
        if (s->done % LOOK_EVERY == 0) {
            *stopped = cp_should_stop(s->ctx);
            const double share = share_done(s);
            if (*stopped || share >= 1) return CP_OK;
            temperature = hot * pow(cold / hot, share);
        }
        CP_TRY(step(s, temperature));
    }
}

static cp_status decode(cp_rich *s, cp_vrp_result *out)
{
    const cp_rich_list *b = &s->best;
    cp_vrp_solution r = {.n_routes = b->n, .n_items = b->n_items};
    CP_NEW(s->ctx, s->ctx->run, r.routes, b->n + 1);
    CP_NEW(s->ctx, s->ctx->run, r.items, b->n_items + 1);
    memcpy(r.routes, b->routes, (size_t)b->n * sizeof(*r.routes));
    memcpy(r.items, b->items, (size_t)b->n_items * sizeof(*r.items));
    out->n_left_out = s->n;
    for (int32_t i = 0; i < b->n_items; i++)
        out->n_left_out -= cp_vrp_is_node(b->items[i]);
    out->solution = r;
    out->cost_minor = all_in(b->cost, b->owed);
    out->iterations = s->done;
    return CP_OK;
}

/* What all islands share. */
typedef struct rich_islands {
    const cp_vrp *p;
    const cp_vrp_opts *o;
    double began_s;
} rich_islands;

static cp_status search_island(cp_ctx *ctx, int32_t index, const void *shared, void *slot)
{
    const rich_islands *all = shared;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_rich s = {.ctx = ctx, .p = all->p, .o = all->o, .began_s = all->began_s};
    cp_vrp_result *out = slot;
    s.rng = cp_rng_new(all->o->seed, (uint64_t)index);
    cp_status st = build(&s);
    if (st == CP_OK) st = run(&s, &out->stopped_early);
    if (st == CP_OK) st = decode(&s, out);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

cp_status cp_vrp_rich(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_opts *opts, cp_vrp_result *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_vrp_opts o = *opts;
    cp_vrp_result *all = NULL;
    if (o.hot <= 0) o.hot = HOT;
    if (o.cold <= 0) o.cold = COLD;
    if (o.mean_removed <= 0) o.mean_removed = MEAN_REMOVED;
    if (o.islands <= 0) o.islands = o.work > 0 || ctx->n_threads < 1 ? 1 : ctx->n_threads;
    o.cpu_limit_s *= o.islands < ctx->n_threads ? o.islands : ctx->n_threads;
    const rich_islands shared = {p, &o, cp_cpu_s()};
    CP_NEW(ctx, ctx->scratch, all, o.islands);
    const cp_status st = cp_job_run(ctx, o.islands, search_island, &shared, all, sizeof(*all));
    cp_vrp_result best = all[0];
    for (int32_t k = 1; k < o.islands; k++) {
        const int64_t iterations = best.iterations + all[k].iterations;
        const bool stopped = best.stopped_early || all[k].stopped_early;
        if (all[k].cost_minor < best.cost_minor) best = all[k];
        best.iterations = iterations;
        best.stopped_early = stopped;
    }
    cp_arena_rewind(ctx->scratch, mark);
    if (st == CP_OK) *out = best;
    return st;
}

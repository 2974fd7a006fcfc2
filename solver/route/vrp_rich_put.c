/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "solver/route/vrp_rich_search.h"

#define ALL_PLACES 60   /* units are tried everywhere in problems of so many nodes */
#define BLINK_ONE_IN 50 /* places passed over, to vary */
#define NEEDLESS_ONE_IN 8
#define EAGER_ONE_IN 4

/* Where a unit may go: items put in before items[at]; one that is brought elsewhere, before
 * items[bring_at] of the route as it was (-1 = it is among the items). */
typedef struct slot {
    double delta;
    int32_t route, kind, at, n, put[4], bring_at;
} slot;

/* What is to be put in, and its best place so far. */
typedef struct seek {
    cp_rich *s;
    int32_t unit, partner;
    slot best;
} seek;

static bool blink(cp_rich *s)
{
    if (--s->until_blink > 0) return false;
    s->until_blink = 1 + (int32_t)cp_rng_below(&s->rng, 2 * BLINK_ONE_IN);
    return true;
}

/* ---- one place ---- */

static cp_fold_word try_slot(seek *q, const slot *w)
{
    cp_rich *s = q->s;
    const cp_rich_route *r = &s->routes[w->route];
    cp_fold_sum sum;
    if (blink(s)) return CP_FOLD_NOT;
    const cp_fold_word word = cp_rich_try(&s->drive, r, w->at, w->put, w->n, &sum);
    if (word == CP_FOLD_FITS && sum.cost - r->sum.cost < q->best.delta) {
        q->best = *w;
        q->best.delta = sum.cost - r->sum.cost;
    }
    return word;
}

/* The unit with each reload before or after it. */
static void try_reloads(seek *q, const slot *bare)
{
    const cp_rich_route *r = &q->s->routes[bare->route];
    const cp_vrp_vehicle *v = &q->s->p->vehicles[r->kind];
    for (int32_t k = 0; k < 2 * v->n_reload_depots; k++) {
        slot w = *bare;
        const int32_t reload = cp_vrp_reload(v->reload_depots[k / 2]);
        const bool after = k % 2 != 0;
        if (after ? w.at == r->n : w.at == 0) continue;
        if (!after) memmove(w.put + 1, w.put, (size_t)w.n * sizeof(*w.put));
        w.put[after ? w.n : 0] = reload;
        w.n++;
        if (cp_rich_longer(&q->s->drive, r, w.at, w.put, w.n) < q->best.delta)
            (void)try_slot(q, &w);
    }
}

/* The place alone, and with reloads while trips are left and the load does not fit. */
static void try_place(seek *q, int32_t route, int32_t at)
{
    cp_rich *s = q->s;
    const cp_rich_route *r = &s->routes[route];
    const cp_vrp_vehicle *v = &s->p->vehicles[r->kind];
    slot w = {.route = route, .kind = r->kind, .at = at, .n = 1, .bring_at = -1};
    w.put[0] = q->unit;
    if (q->partner >= 0) w.put[w.n++] = q->partner;
    const cp_fold_word word = try_slot(q, &w);
    if (v->max_trips < 2 || word == CP_FOLD_NOT) return;
    /* A reload that nobody needs yet may still be the way to a better day. */
    if (word == CP_FOLD_FITS && cp_rng_below(&s->rng, NEEDLESS_ONE_IN) != 0) return;
    try_reloads(q, &w);
}

/* ---- a pair whose second node comes later ---- */

/* The head stands after items[0..i) with the unit among them: bring it here. */
static void try_bring(seek *q, const slot *w, int32_t i, const cp_head *head,
                      const cp_fold_load *loads)
{
    cp_rich *s = q->s;
    const cp_rich_route *r = &s->routes[w->route];
    const cp_fold_kind *k = &s->drive.f.kinds[r->kind];
    cp_head h = *head;
    cp_fold_load load[CP_VRP_DIMS_MAX];
    cp_fold_sum sum;
    memcpy(load, loads, (size_t)s->drive.f.n_dims * sizeof(*load));
    if (cp_head_go(k, &s->drive.f.nodes[q->partner], &h, load) != CP_FOLD_FITS) return;
    if (cp_rich_finish(&s->drive, r, i, &h, load, &sum) != CP_FOLD_FITS) return;
    if (sum.missing != 0 || sum.cost - r->sum.cost >= q->best.delta) return;
    q->best = *w;
    q->best.bring_at = i;
    q->best.delta = sum.cost - r->sum.cost;
}

/* With forbidden hours and priced time every place is driven whole. */
static void try_bring_driven(seek *q, const slot *w, int32_t i)
{
    cp_rich *s = q->s;
    const cp_rich_route *r = &s->routes[w->route];
    cp_rich_route *probe = &s->drive.probe;
    cp_rich_copy(r, probe);
    cp_rich_put(probe, i, &q->partner, 1);
    cp_rich_put(probe, w->at, &q->unit, 1);
    if (!cp_rich_refresh(&s->drive, probe) || probe->sum.missing != 0) return;
    if (probe->sum.cost - r->sum.cost >= q->best.delta) return;
    q->best = *w;
    q->best.bring_at = i;
    q->best.delta = probe->sum.cost - r->sum.cost;
}

/* Fetch before items[at]; bring before each later item of the trip. */
static void try_fetch(seek *q, int32_t route, int32_t at)
{
    cp_rich *s = q->s;
    const cp_rich_route *r = &s->routes[route];
    const cp_fold_kind *k = &s->drive.f.kinds[r->kind];
    const size_t n_dims = (size_t)s->drive.f.n_dims;
    slot w = {.route = route, .kind = r->kind, .at = at, .n = 1};
    w.put[0] = q->unit;
    const double longer = cp_rich_longer(&s->drive, r, at, w.put, 1);
    if (longer >= q->best.delta) return;
    cp_head h = r->room->heads[at];
    cp_fold_load load[CP_VRP_DIMS_MAX];
    memcpy(load, r->room->head_loads + (size_t)at * n_dims, n_dims * sizeof(*load));
    if (cp_head_go(k, &s->drive.f.nodes[q->unit], &h, load) != CP_FOLD_FITS) return;
    for (int32_t i = at; i < r->n; i++) {
        const cp_fold_step *step = cp_rich_step(&s->drive, r, i);
        if (step->ends_trip) return;
        if (cp_head_go(k, step, &h, load) != CP_FOLD_FITS) return;
        const double both = longer + cp_rich_longer(&s->drive, r, i + 1, &q->partner, 1);
        if (both >= q->best.delta || blink(s)) continue;
        if (k->walks)
            try_bring_driven(q, &w, i + 1);
        else
            try_bring(q, &w, i + 1, &h, load);
    }
}

/* ---- all places ---- */

static void try_at(seek *q, int32_t route, int32_t at)
{
    const int32_t put[2] = {q->unit, q->partner};
    const int32_t n = q->partner < 0 ? 1 : 2;
    const cp_rich *s = q->s;
    if (cp_rich_longer(&s->drive, &s->routes[route], at, put, n) < q->best.delta)
        try_place(q, route, at);
    if (q->partner >= 0) try_fetch(q, route, at);
}

static bool may_serve(const cp_rich *s, int32_t kind, int32_t unit)
{
    return s->may[(size_t)kind * (size_t)s->n + (size_t)unit] != 0;
}

/* All places of a single node, those that lengthen the way least first: they soon rule out the
 * others. */
static void try_in_order(seek *q, int32_t n)
{
    cp_rich_place *all = q->s->places;
    for (;;) {
        int32_t least = -1;
        for (int32_t k = 0; k < n; k++)
            if (least < 0 || all[k].longer < all[least].longer) least = k;
        if (least < 0 || all[least].longer >= q->best.delta) return;
        try_place(q, all[least].route, all[least].at);
        all[least] = all[--n];
    }
}

static void try_everywhere(seek *q)
{
    cp_rich *s = q->s;
    int32_t n = 0;
    for (int32_t k = 0; k < s->n_live; k++) {
        const int32_t r = s->live[k];
        if (!may_serve(s, s->routes[r].kind, q->unit)) continue;
        cp_rich_freshen(s, r);
        for (int32_t at = 0; at <= s->routes[r].n; at++) {
            if (q->partner >= 0) {
                try_at(q, r, at);
                continue;
            }
            const double longer = cp_rich_longer(&s->drive, &s->routes[r], at, &q->unit, 1);
            s->places[n++] = (cp_rich_place){longer, r, at};
        }
    }
    try_in_order(q, n);
}

/* Behind each neighbour, and before it where no other neighbour is. */
static void try_near(seek *q)
{
    cp_rich *s = q->s;
    const int32_t *near = s->near + (size_t)q->unit * (size_t)s->n_near;
    for (int32_t k = 0; k < s->n_near; k++)
        s->beside[near[k]] = 1;
    for (int32_t k = 0; k < s->n_near; k++) {
        const int32_t r = s->route_of[near[k]];
        if (r < 0 || !may_serve(s, s->routes[r].kind, q->unit)) continue;
        cp_rich_freshen(s, r);
        const int32_t *items = cp_rich_items(&s->routes[r]);
        const int32_t at = s->position[near[k]];
        const bool before = at > 0 && cp_vrp_is_node(items[at - 1]);
        try_at(q, r, at + 1);
        if (!before || s->beside[items[at - 1]] == 0) try_at(q, r, at);
    }
    for (int32_t k = 0; k < s->n_near; k++)
        s->beside[near[k]] = 0;
}

static double cost_alone(cp_rich *s, int32_t kind, int32_t unit)
{
    double *cost = &s->alone[(size_t)kind * (size_t)s->n + (size_t)unit];
    const int32_t items[2] = {unit, s->drive.f.partner[unit]};
    if (isnan(*cost))
        *cost = cp_rich_make(&s->drive, kind, items, items[1] < 0 ? 1 : 2) ? s->drive.trial.sum.cost
                                                                           : -1;
    return *cost;
}

static void try_new(seek *q)
{
    cp_rich *s = q->s;
    if (s->n_live == s->n_routes) return;
    for (int32_t k = 0; k < s->p->n_vehicles; k++) {
        if (s->used[k] >= s->p->vehicles[k].count || !may_serve(s, k, q->unit)) continue;
        const double cost = cost_alone(s, k, q->unit);
        if (cost < 0 || cost >= q->best.delta || blink(s)) continue;
        q->best = (slot){.delta = cost,
                         .route = s->live[s->n_live],
                         .kind = k,
                         .n = q->partner >= 0 ? 2 : 1,
                         .put = {q->unit, q->partner},
                         .bring_at = -1};
    }
}

/* ---- putting in ---- */

/* A limit on exposure may be met by the sums of a trial and not by those of the whole. */
static void put_back(cp_rich *s, const slot *w)
{
    cp_rich_route *r = &s->routes[w->route];
    if (w->bring_at >= 0) cp_rich_take(r, w->bring_at + w->n, 1);
    cp_rich_take(r, w->at, w->n);
    if (r->n == 0)
        cp_rich_give_back(&s->drive, r);
    else
        (void)cp_rich_refresh(&s->drive, r);
}

static cp_status put_unit(cp_rich *s, const seek *q, bool *done)
{
    const slot *w = &q->best;
    cp_rich_route *r = &s->routes[w->route];
    CP_TRY(cp_rich_touch(s, w->route));
    const double was = r->n > 0 ? r->sum.cost : 0;
    if (r->n == 0) r->kind = w->kind;
    const int32_t breaks = s->p->vehicles[w->kind].n_breaks;
    CP_TRY(cp_rich_reserve(s->ctx, &s->drive, r, r->n + 4 + breaks));
    if (w->bring_at >= 0) cp_rich_put(r, w->bring_at, &q->partner, 1);
    cp_rich_put(r, w->at, w->put, w->n);
    *done = cp_rich_settle(&s->drive, r);
    if (!*done) {
        put_back(s, w);
        return CP_OK;
    }
    cp_rich_charge(s, q->unit, -1);
    cp_rich_seat(s, w->route, was);
    return CP_OK;
}

static cp_status insert(cp_rich *s, int32_t unit, bool *done)
{
    const bool eager = s->eager && cp_rng_below(&s->rng, 2) == 0;
    seek q = {.s = s, .unit = unit, .partner = s->drive.f.partner[unit]};
    q.best = (slot){.delta = eager ? HUGE_VAL : s->out[unit], .route = -1};
    if (s->n <= ALL_PLACES)
        try_everywhere(&q);
    else
        try_near(&q);
    try_new(&q);
    return q.best.route >= 0 ? put_unit(s, &q, done) : CP_OK;
}

/* In what order units are put in: by chance, narrow windows, early, dear to leave out, large. */
static double order_key(cp_rich *s, uint32_t order, int32_t x)
{
    const cp_fold_step *q = &s->drive.f.nodes[x];
    double load = 0;
    switch (order) {
    case 0:
        return cp_rng_unit(&s->rng);
    case 1:
        return q->n_windows == 0 ? 0x1p40 : (double)q->windows[0].close_s - q->windows[0].open_s;
    case 2:
        return q->n_windows == 0 ? 0 : (double)q->windows[0].close_s;
    case 3:
        return -s->out[x];
    default:
        break;
    }
    for (int32_t m = 0; m < s->drive.f.n_dims; m++)
        load += (double)q->carry[m] + fabs((double)q->gain[m]);
    return -load;
}

static void sort_waiting(cp_rich *s)
{
    const uint32_t order = cp_rng_below(&s->rng, 6) % 5;
    for (int32_t k = 0; k < s->n_waiting; k++) {
        const int32_t x = s->waiting[k];
        const double key = order_key(s, order, x);
        int32_t at = k;
        for (; at > 0 && s->key[at - 1] > key; at--) {
            s->key[at] = s->key[at - 1];
            s->waiting[at] = s->waiting[at - 1];
        }
        s->key[at] = key;
        s->waiting[at] = x;
    }
}

/* Of the routes that were changed. */
static void move_breaks(cp_rich *s)
{
    for (int32_t k = 0; k < s->log.n; k++) {
        const int32_t r = s->log.slot[k];
        cp_rich_route *q = &s->routes[r];
        if (q->n == 0 || s->p->vehicles[q->kind].n_breaks == 0) continue;
        cp_rich_freshen(s, r);
        const double was = q->sum.cost;
        cp_rich_move_breaks(&s->drive, q);
        cp_rich_seat(s, r, was);
    }
}

cp_status cp_rich_recreate(cp_rich *s)
{
    int32_t kept = 0;
    /* Units that are worth a way together only: now and then some are put in though each alone is
     * not; the annealing judges the whole. */
    s->eager = cp_rng_below(&s->rng, EAGER_ONE_IN) == 0;
    sort_waiting(s);
    for (int32_t k = 0; k < s->n_waiting; k++) {
        bool done = false;
        CP_TRY(insert(s, s->waiting[k], &done));
        if (!done) s->waiting[kept++] = s->waiting[k];
    }
    s->n_waiting = kept;
    move_breaks(s);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "solver/route/vrp_move.h"
#include "solver/route/vrp_ruin.h"

/* Where the fleet is mixed: share of iterations that lend a route a larger vehicle, that count new
 * routes at less than their price, and how little they may count. One node at a time never pays for
 * a vehicle that would pay once full. Always counting the whole price kept routes too few and too
 * large (3.5 instead of 0.9 % where five kinds cost the same a seat). */
#define GROW_RATE 0.1
#define LESS_RATE 0.5
#define LEAST_SHARE 0.3

/* Where there are hours, share of iterations in which insertions are chosen by what they lengthen
 * the route, too, or put off what follows: at most as if a second had the price that driving for it
 * has. Ways alone fill routes with waiting, and those then have no room for others. */
#define SECOND_RATE 0.5

/* Places until the next that is overlooked: geometric, so that no place needs a draw of its own. */
static int32_t draw_blink(cp_ruin *r, cp_state *s)
{
    if (r->opts.blink_rate <= 0) return INT32_MAX;
    const double gap = log(1 - cp_rng_unit(&s->rng)) / log(1 - r->opts.blink_rate);
    return gap > 1e9 ? INT32_MAX : 1 + (int32_t)gap;
}

CP_INLINE bool blinks(cp_ruin *r, cp_state *s)
{
    if (--r->until_blink > 0) return false;
    r->until_blink = draw_blink(r, s);
    return true;
}

/* Take the place between a and its follower b when it is the cheapest so far and not overlooked. */
CP_INLINE void try_place(cp_ruin *r, cp_state *s, unsigned has, const cp_seeker *c,
                         const cp_offer *offer, int32_t a, cp_slot_found *best)
{
    cp_slot_found found = *best;
    if (cp_try_slot(s, has, c, offer, a, s->stops[a].next, &found) && !blinks(r, s)) *best = found;
}

/* Can a place beside a neighbour not beat the best, by ways alone? `between` is the arc that goes,
 * `near` that to the neighbour; the one to the stop beyond is at least near - between long, which
 * is seen first because it needs no other memory. */
CP_INLINE bool too_long(const cp_dense *d, unsigned has, int32_t near, int32_t between,
                        const int32_t *beyond, int64_t delta)
{
    if (has & CP_VRP_HAS_TIMES) return false;
    const int64_t longer = 2 * (int64_t)(near - between);
    if (has & CP_VRP_HAS_MULT) return longer * d->least_mult >= delta;
    return longer >= delta || (int64_t)near + *beyond - between >= delta;
}

/* Before and after its neighbour v, `near` away. */
CP_INLINE void try_beside(cp_ruin *r, cp_state *s, unsigned has, const cp_seeker *c,
                          const cp_near *near, cp_slot_found *best)
{
    const int32_t v = near->node;
    const cp_stop *stop = &s->stops[v];
    if (stop->route < 0) return;
    /* Moments lie with the stop, arcs and what the route has room for do not. */
    const bool windows = has & CP_VRP_HAS_WINDOWS;
    const int32_t *after = &c->from[cp_point_to(s, has, stop->next)];
    const int32_t *before = &c->to[cp_point_from(s, has, stop->prev)];
    const bool second = (!windows || stop->leave_s <= c->v.close_s) &&
                        !too_long(s->d, has, near->arc, stop->arc_next, after, best->delta);
    const bool first = (!windows || stop->late_s >= c->ready_s) &&
                       !too_long(s->d, has, near->arc, stop->arc_prev, before, best->delta);
    cp_offer offer;
    if (!(first || second) || !cp_offer_of(s, has, c, stop->route, &offer)) return;
    if (second) try_place(r, s, has, c, &offer, v, best);
    if (first) try_place(r, s, has, c, &offer, stop->prev, best);
}

/* Beside its neighbours from the first to the last. */
CP_INLINE void seek_near(cp_ruin *r, cp_state *s, unsigned has, const cp_seeker *c, int32_t first,
                         int32_t last, cp_slot_found *best)
{
    const cp_dense *d = s->d;
    const cp_near *near = d->near + (size_t)c->node * (size_t)d->n_near;
    for (int32_t k = first; k < last; k++) {
        /* By the triangle inequality a detour over c between v and its follower is at least twice
         * what c lies further from v than the follower does: most places are passed over for that,
         * and all nodes out of routes, with four bytes of memory read. */
        if (!(has & CP_VRP_HAS_TIMES)) {
            const int64_t longer = 2 * (near[k].arc - s->reach[near[k].node]);
            if ((has & CP_VRP_HAS_MULT ? longer * d->least_mult : longer) >= best->delta) continue;
        }
        try_beside(r, s, has, c, &near[k], best);
    }
}

/* Everywhere in a route. */
CP_INLINE void seek_route(cp_ruin *r, cp_state *s, unsigned has, const cp_seeker *c, int32_t route,
                          cp_slot_found *best)
{
    cp_offer offer;
    if (!cp_offer_of(s, has, c, route, &offer)) return;
    const int32_t end = s->d->n + route;
    int32_t a = end;
    do {
        /* From here on all stops are left too late. */
        if ((has & CP_VRP_HAS_WINDOWS) && s->stops[a].leave_s > c->v.close_s) return;
        const int32_t b = s->stops[a].next;
        if (!(has & CP_VRP_HAS_WINDOWS) || s->stops[b].late_s >= c->ready_s)
            try_place(r, s, has, c, &offer, a, best);
        a = b;
    } while (a != end);
}

/* Everywhere: when no neighbour has room. */
CP_INLINE void seek_all(cp_ruin *r, cp_state *s, unsigned has, const cp_seeker *c,
                        cp_slot_found *best)
{
    for (int32_t word = 0; 64 * word < s->d->n_routes; word++) {
        uint64_t used = ~s->free_slots[word];
        for (; used != 0; used &= used - 1) {
            const int32_t route = 64 * word + __builtin_ctzll(used);
            if (route >= s->d->n_routes) break;
            seek_route(r, s, has, c, route, best);
        }
    }
}

/* Waiting and overtime of a route of one node. */
static int64_t alone_paid(const cp_dense *d, const cp_dense_kind *q, int32_t x)
{
    const size_t n = (size_t)d->n_points;
    const cp_run ends = {0, q->start_s, q->end_s, 0}, own = cp_node_run(d, x);
    cp_run run = ends;
    if (!cp_run_join(&ends, q->time[(size_t)q->from * n + (size_t)x], &own, &run) ||
        !cp_run_join(&run, q->time[(size_t)x * n + (size_t)q->to], &ends, &run))
        return INT64_MAX / 4;
    return cp_run_paid(q, &run);
}

/* A route of its own. */
CP_INLINE void seek_new(cp_ruin *r, cp_state *s, const cp_seeker *c, cp_slot_found *best)
{
    const cp_dense *d = s->d;
    const size_t row = (size_t)c->node * (size_t)d->n_points;
    for (int32_t k = 0; k < d->n_kinds; k++) {
        const cp_dense_kind *q = &d->kinds[k];
        if (!d->alone[(size_t)k * (size_t)d->n + (size_t)c->node]) continue;
        const int64_t arcs =
            (int64_t)q->arc_to[row + (size_t)q->from] + q->arc[row + (size_t)q->to];
        int64_t delta = q->fixed + arcs * q->mult;
        if (r->new_share < 1) delta = (int64_t)((double)delta * r->new_share);
        if (delta < best->delta && (d->has & CP_VRP_HAS_PAID)) delta += alone_paid(d, q, c->node);
        if (c->second > 0)
            delta += (int64_t)(c->second *
                               (q->time_to[row + (size_t)q->from] + q->time[row + (size_t)q->to]));
        if (delta >= best->delta || s->kind_used[k] >= q->count) continue;
        if (d->n_kinds > 1 && blinks(r, s)) continue;
        const int32_t route = cp_state_free_route(s);
        if (route >= 0) *best = (cp_slot_found){delta, d->n + route, route, k};
    }
}

/* The cheapest place there is, or route -1. Far places only where no near one will do. */
CP_INLINE cp_slot_found seek(cp_ruin *r, cp_state *s, unsigned has, const cp_seeker *c)
{
    const int32_t most = s->d->n_near;
    const int32_t n = r->opts.n_places < most ? r->opts.n_places : most;
    cp_slot_found best = {c->v.out, -1, -1, -1};
    seek_near(r, s, has, c, 0, n, &best);
    if (best.route < 0) seek_near(r, s, has, c, n, most, &best);
    if (best.route < 0) seek_all(r, s, has, c, &best);
    seek_new(r, s, c, &best);
    return best;
}

/* Insert all of s->out in its present order; those that stay out are kept in front. False, with
 * the rest not tried, as soon as the cost is sure to reach the limit: ways only become longer. */
CP_INLINE bool insert_all(cp_ruin *r, cp_state *s, unsigned has, double limit)
{
    /* Less waiting may be worth more than a detour. */
    const int64_t gain = has & CP_VRP_HAS_PAID ? s->d->big / 2 : 0;
    int64_t waiting = 0; /* what those not yet tried cost while they are out */
    int32_t kept = 0;
    for (int32_t k = 0; k < s->n_out; k++)
        waiting += s->d->nodes[s->out[k]].out;
    for (int32_t k = 0; k < s->n_out; k++) {
        cp_seeker c = cp_seek(s, s->out[k]);
        c.second = r->second;
        const cp_slot_found best = seek(r, s, has, &c);
        waiting -= c.v.out;
        if (best.route < 0) {
            s->out[kept++] = c.node;
        } else {
            cp_state_touch(s, best.route);
            s->cost -= c.v.out;
            if (best.kind >= 0) cp_state_set_kind(s, best.route, best.kind);
            cp_state_insert(s, c.node, best.after, best.route);
        }
        if ((double)(s->cost - waiting - gain) >= limit) return false;
    }
    s->n_out = kept;
    return true;
}

typedef enum insert_order {
    ORDER_RANDOM,
    ORDER_WEIGHT,
    ORDER_FAR,
    ORDER_CLOSE,
    ORDER_NARROW,
    ORDER_EARLY,
    ORDER_LATE
} insert_order;

static insert_order draw_order(cp_state *s)
{
    static const int32_t shares[] = {4, 4, 2, 1, 2, 2, 2}; /* the paper's weights */
    const uint32_t total = s->d->has & CP_VRP_HAS_WINDOWS ? 17 : 11;
    int32_t x = (int32_t)cp_rng_below(&s->rng, total);
    int32_t k = 0;
    while (x >= shares[k])
        x -= shares[k++];
    return (insert_order)k;
}

static int64_t order_key(cp_state *s, insert_order order, int32_t x)
{
    const cp_dense *d = s->d;
    const cp_dense_node *v = &d->nodes[x];
    const int64_t far = cp_arc_to_row(d, x)[d->kinds[0].from];
    switch (order) {
    case ORDER_WEIGHT:
        return d->n_dims > 0 ? -d->weight[(size_t)x * (size_t)d->n_dims] : 0;
    case ORDER_FAR:
        return -far;
    case ORDER_CLOSE:
        return far;
    case ORDER_NARROW:
        return (int64_t)v->close_s - v->open_s;
    case ORDER_EARLY:
        return v->open_s;
    case ORDER_LATE:
        return -(int64_t)v->close_s;
    default:
        return (int64_t)(cp_rng_u64(&s->rng) >> 8);
    }
}

/* Few nodes: sorting by insertion; keys stay beside them. */
static void sort_out(cp_ruin *r, cp_state *s)
{
    const insert_order order = draw_order(s);
    for (int32_t k = 0; k < s->n_out; k++) {
        const int32_t x = s->out[k];
        const int64_t key = order_key(s, order, x);
        int32_t at = k;
        for (; at > 0 && r->keys[at - 1] > key; at--) {
            r->keys[at] = r->keys[at - 1];
            s->out[at] = s->out[at - 1];
        }
        r->keys[at] = key;
        s->out[at] = x;
    }
}

static bool recreate(cp_ruin *r, cp_state *s, double limit)
{
    enum {
        TW = CP_VRP_HAS_WINDOWS,
        SPANS = CP_VRP_HAS_SPANS,
        DEPOTS = CP_VRP_HAS_DEPOTS,
        MULT = CP_VRP_HAS_MULT,
        KINDS = CP_VRP_HAS_KINDS
    };
    sort_out(r, s);
    switch (s->d->has) {
    case 0:
        return insert_all(r, s, 0, limit);
    case TW:
        return insert_all(r, s, TW, limit);
    case DEPOTS | KINDS:
        return insert_all(r, s, DEPOTS | KINDS, limit);
    case MULT | KINDS:
        return insert_all(r, s, MULT | KINDS, limit);
    case KINDS:
        return insert_all(r, s, KINDS, limit);
    case TW | SPANS | DEPOTS | KINDS:
        return insert_all(r, s, TW | SPANS | DEPOTS | KINDS, limit);
    default:
        return insert_all(r, s, s->d->has, limit);
    }
}

/* The fitting after the insertion takes back what was lent and not used: true when there is such,
 * so that the cost until then says nothing. */
static bool vary_fleet(cp_ruin *r, cp_state *s)
{
    r->new_share = 1;
    if (cp_rng_unit(&s->rng) < LESS_RATE)
        r->new_share = LEAST_SHARE + (1 - LEAST_SHARE) * cp_rng_unit(&s->rng);
    return cp_rng_unit(&s->rng) < GROW_RATE && cp_state_grow_kind(s);
}

/* What a second counts in this iteration, ticks. */
static double draw_second(cp_state *s)
{
    const unsigned has = s->d->has;
    if (!(has & CP_VRP_HAS_WINDOWS) || (has & CP_VRP_HAS_HOURS)) return 0;
    if (cp_rng_unit(&s->rng) >= SECOND_RATE) return 0;
    return cp_rng_unit(&s->rng) * s->d->ticks_per_s;
}

bool cp_recreate(cp_ruin *r, cp_state *s, double limit)
{
    r->second = draw_second(s);
    /* Before, so that an insertion pays for what it makes larger, and after. */
    if (s->d->has & CP_VRP_HAS_KINDS) cp_state_fit_kinds(s);
    if (s->d->mixed && vary_fleet(r, s)) limit = HUGE_VAL;
    if (!recreate(r, s, limit)) return false;
    if (s->d->has & CP_VRP_HAS_KINDS) cp_state_fit_kinds(s);
    return true;
}

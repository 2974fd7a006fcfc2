/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_state.h"

/* Does the kind of vehicle have room for the route's load, and the right to all its nodes? */
static bool may_drive(const cp_state *s, int32_t route, int32_t kind)
{
    const cp_dense *d = s->d;
    const cp_ring *g = &s->rings[route];
    const cp_dense_kind *q = &d->kinds[kind], *now = &d->kinds[g->kind];
    const int32_t end = d->n + route, first = s->stops[end].next;
    if (g->size > q->nodes_max) return false;
    if (s->cargo != NULL) {
        const size_t at = (size_t)first * 2 * (size_t)d->n_dims + (size_t)d->n_dims;
        for (int32_t m = 0; q->capacity != NULL && m < d->n_dims; m++)
            if (s->cargo[at + (size_t)m].most > q->capacity[m]) return false;
    } else if (q->capacity != NULL && d->n_dims > 0 && now->capacity != NULL) {
        if (now->capacity[0] - g->slack > q->capacity[0]) return false;
    } else if (q->capacity != NULL && d->n_dims > 0) {
        if (CP_VRP_NO_LIMIT - g->slack > q->capacity[0]) return false;
    }
    if (!(d->has & CP_VRP_HAS_RIGHTS)) return true;
    for (int32_t x = first; x != end; x = s->stops[x].next)
        if (!d->rights[(size_t)kind * (size_t)d->n + (size_t)x]) return false;
    return true;
}

static int64_t walk_arcs(const cp_state *s, int32_t route, const cp_dense_kind *q)
{
    const cp_dense *d = s->d;
    const size_t w = (size_t)d->n_points;
    const int32_t end = d->n + route;
    int64_t sum = 0;
    size_t at = (size_t)q->from;
    for (int32_t x = s->stops[end].next; x != end; x = s->stops[x].next) {
        sum += q->arc[at * w + (size_t)x];
        at = (size_t)x;
    }
    return sum + q->arc[at * w + (size_t)q->to];
}

/* Sum of the arcs if the kind drove the same stops. */
static int64_t arcs_with(const cp_state *s, int32_t route, const cp_dense_kind *q)
{
    const cp_dense *d = s->d;
    const cp_ring *g = &s->rings[route];
    const cp_dense_kind *now = &d->kinds[g->kind];
    if (now->sibling == q->sibling) return g->arcs;
    if (now->arc != q->arc) return walk_arcs(s, route, q);
    const int32_t end = d->n + route;
    const size_t w = (size_t)d->n_points;
    const int32_t first = s->stops[end].next, last = s->stops[end].prev;
    return g->arcs - s->stops[end].arc_next - s->stops[end].arc_prev +
           q->arc[(size_t)q->from * w + (size_t)first] + q->arc[(size_t)last * w + (size_t)q->to];
}

/* Would the kind keep its hours, where nodes have several windows or the kind has forbidden hours.
 */
static bool in_hours(const cp_state *s, int32_t route, const cp_dense_kind *q)
{
    const cp_dense *d = s->d;
    const int32_t end = d->n + route;
    int32_t at = end, leave = q->start_s;
    for (int32_t x = s->stops[end].next;; x = s->stops[x].next) {
        const int32_t leg = cp_travel(s, q, at, x) - (at < d->n ? d->nodes[at].service_s : 0);
        const int32_t arrive = cp_ban_after(q, leave, leg) + leg;
        if (x == end) return arrive <= q->end_s;
        const int32_t start = cp_start_after(q, &d->nodes[x], arrive);
        if (start > d->nodes[x].close_s) return false;
        leave = start + d->nodes[x].service_s;
        at = x;
    }
}

/* Would the kind keep hours, duration and exposure? A walk along the route; *paid is then what
 * its waiting and overtime would cost. */
static bool in_time(const cp_state *s, int32_t route, const cp_dense_kind *q, int64_t *paid)
{
    const cp_dense *d = s->d;
    const int32_t end = d->n + route;
    *paid = 0;
    const bool sibling = d->kinds[s->rings[route].kind].sibling == q->sibling;
    if (sibling && !(d->has & CP_VRP_HAS_PAID)) return true;
    if (!(d->has & (CP_VRP_HAS_WINDOWS | CP_VRP_HAS_SPANS | CP_VRP_HAS_EXPOSURE))) return true;
    if ((d->has & CP_VRP_HAS_HOURS) && !in_hours(s, route, q)) return false;
    cp_run run = {0, q->start_s, q->end_s, 0};
    cp_risk risk = {0, 0, 0, 0};
    int32_t at = end;
    for (int32_t x = s->stops[end].next;; x = s->stops[x].next) {
        const int32_t t = cp_travel(s, q, at, x);
        const cp_run own = x == end ? (cp_run){0, q->start_s, q->end_s, 0} : cp_node_run(d, x);
        if (!cp_run_join(&run, t, &own, &run)) return false;
        if (d->has & CP_VRP_HAS_EXPOSURE) {
            const cp_risk more = x == end ? (cp_risk){0, 0, 0, 0} : cp_node_risk(d, x);
            risk = cp_risk_join(&risk, t - (at < d->n ? d->nodes[at].service_s : 0), &more);
        }
        if (x == end) break;
        at = x;
    }
    if (d->has & CP_VRP_HAS_PAID) *paid = cp_run_paid(q, &run);
    return run.lasts_s <= q->lasts_max_s && risk.exposure <= q->exposure_max;
}

/* What the route would cost with the kind; INT64_MAX when that is not less than `below` or the kind
 * may not drive it. */
static int64_t cost_with(const cp_state *s, int32_t route, int32_t kind, int64_t below)
{
    const cp_dense_kind *q = &s->d->kinds[kind];
    int64_t paid = 0;
    const int64_t cost = q->fixed + arcs_with(s, route, q) * q->mult;
    if (cost >= below || !may_drive(s, route, kind) || !in_time(s, route, q, &paid))
        return INT64_MAX;
    return cost + paid < below ? cost + paid : INT64_MAX;
}

/* A route gives up its vehicle for another. */
typedef struct displaced {
    int32_t route, kind; /* route -1: nobody */
    int64_t loss;        /* ticks */
} displaced;

/* Of the routes of a kind whose vehicles are all in use, the one that loses least, and less than
 * `below`, by another kind: one with a vehicle left, or `freed`. */
static displaced find_displaced(const cp_state *s, int32_t kind, int32_t freed, int64_t below)
{
    const cp_dense *d = s->d;
    displaced best = {-1, -1, below};
    for (int32_t r = 0; r < d->n_routes; r++) {
        if (s->rings[r].kind != kind || s->rings[r].size == 0) continue;
        const int64_t now = cp_state_route_cost(s, r);
        for (int32_t k = 0; k < d->n_kinds; k++) {
            if (k == kind || (k != freed && s->kind_used[k] >= d->kinds[k].count)) continue;
            const int64_t cost = cost_with(s, r, k, now + best.loss);
            if (cost < INT64_MAX) best = (displaced){r, k, cost - now};
        }
    }
    return best;
}

/* The cheapest kind for the route. Where the vehicles of another depot are all in use, one of their
 * routes may leave it to this one: without that, who came first would keep a depot for good. */
static void fit_kind(cp_state *s, int32_t route)
{
    const cp_dense *d = s->d;
    const int32_t now = s->rings[route].kind;
    int64_t least = cp_state_route_cost(s, route);
    int32_t best = now;
    displaced other = {-1, -1, 0};
    for (int32_t k = 0; k < d->n_kinds; k++) {
        const cp_dense_kind *q = &d->kinds[k];
        const bool full = s->kind_used[k] >= q->count;
        if (k == now || (full && q->sibling == d->kinds[now].sibling)) continue;
        const int64_t cost = cost_with(s, route, k, least);
        if (cost == INT64_MAX) continue;
        displaced x = {-1, -1, 0};
        if (full) {
            x = find_displaced(s, k, now, least - cost);
            if (x.route < 0) continue;
        }
        least = cost + x.loss;
        best = k;
        other = x;
    }
    if (best == now) return;
    cp_state_set_kind(s, route, best);
    if (other.route < 0) return;
    cp_state_touch(s, other.route);
    cp_state_set_kind(s, other.route, other.kind);
}

bool cp_state_grow_kind(cp_state *s)
{
    const cp_dense *d = s->d;
    int64_t paid = 0;
    if (s->n_log == 0) return false;
    const int32_t route = s->log_route[cp_rng_below(&s->rng, (uint32_t)s->n_log)];
    const int32_t k = (int32_t)cp_rng_below(&s->rng, (uint32_t)d->n_kinds);
    const cp_ring *g = &s->rings[route];
    const cp_dense_kind *q = &d->kinds[k], *now = &d->kinds[g->kind];
    if (g->size == 0 || k == g->kind || q->sibling != now->sibling || !now->has_larger)
        return false;
    if (q->capacity != NULL && q->capacity[0] <= now->capacity[0]) return false;
    if (s->kind_used[k] >= q->count || !may_drive(s, route, k) || !in_time(s, route, q, &paid))
        return false;
    cp_state_set_kind(s, route, k);
    return true;
}

void cp_state_fit_kinds(cp_state *s)
{
    for (int32_t k = 0; k < s->n_log; k++)
        if (s->rings[s->log_route[k]].size > 0) fit_kind(s, s->log_route[k]);
}

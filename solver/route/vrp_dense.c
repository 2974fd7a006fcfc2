/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_dense.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ARC_MAX (CP_ARC_NONE / 2)
#define FIXED_SHARE 0.02 /* of a vehicle's fixed price in the usual step */
#define NEAR_MEAN 5      /* neighbours whose mean distance is the scale of the annealing */

/* Points that are no node: place and service of each. */
typedef struct dense_build {
    cp_ctx *ctx;
    const cp_vrp *p;
    cp_dense *d;
    int32_t *place;    /* per point; -1: every way from and to it is free (open routes) */
    int32_t *class_of; /* per kind: the first kind with the same matrices */
    bool plain;        /* legs cost metres times one price a kind */
} dense_build;

static const cp_vrp_node *node_of(const dense_build *b, int32_t x)
{
    return &b->p->nodes[b->d->node_of[x]];
}

static int32_t depot_point(dense_build *b, int32_t depot)
{
    const int32_t place = depot < 0 ? -1 : b->p->depots[depot].place;
    for (int32_t k = b->d->n; k < b->d->n_points; k++)
        if (b->place[k] == place) return k;
    b->place[b->d->n_points] = place;
    return b->d->n_points++;
}

static void set_hours(const cp_vrp *p, const cp_vrp_vehicle *v, cp_dense_kind *k)
{
    const int64_t end = (int64_t)v->shift_end_s + v->overtime_max_s;
    k->start_s = v->shift_start_s < -CP_DENSE_LATEST ? -CP_DENSE_LATEST : v->shift_start_s;
    k->end_s = end > CP_DENSE_LATEST ? CP_DENSE_LATEST : (int32_t)end;
    const cp_vrp_depot *from = v->start_depot < 0 ? NULL : &p->depots[v->start_depot];
    const cp_vrp_depot *to = v->end_depot < 0 ? NULL : &p->depots[v->end_depot];
    if (from != NULL && from->n_windows > 0 && from->windows[0].open_s > k->start_s)
        k->start_s = from->windows[0].open_s;
    if (to != NULL && to->n_windows > 0 && to->windows[0].close_s < k->end_s)
        k->end_s = to->windows[0].close_s;
}

/* Kinds with the same forbidden hours, or none, share their spells. */
static cp_status set_spells(dense_build *b, const cp_vrp_vehicle *v, cp_dense_kind *q)
{
    for (const cp_dense_kind *k = b->d->kinds; k < q; k++) {
        const cp_vrp_vehicle *u = &b->d->p->vehicles[k->vehicle];
        q->spells = k->spells;
        if (u->n_bans == v->n_bans && (v->n_bans == 0 || u->bans == v->bans)) return CP_OK;
    }
    return cp_spells_new(b->ctx, v, &q->spells);
}

/* One price of metres, no price of time: legs are metres, kinds differ by a factor. */
static bool legs_plain(const cp_vrp *p)
{
    for (int32_t k = 0; k < p->n_vehicles; k++)
        if (p->vehicles[k].drive_price > 0 || p->vehicles[k].work_price > 0) return false;
    return true;
}

static cp_status build_kinds(dense_build *b)
{
    const cp_vrp *p = b->p;
    cp_dense *d = b->d;
    CP_NEW(b->ctx, b->ctx->scratch, d->kinds, p->n_vehicles);
    CP_NEW(b->ctx, b->ctx->scratch, b->class_of, p->n_vehicles);
    for (int32_t k = 0; k < p->n_vehicles; k++) {
        const cp_vrp_vehicle *v = &p->vehicles[k];
        if (v->count == 0) continue;
        cp_dense_kind *q = &d->kinds[d->n_kinds];
        q->vehicle = k;
        q->from = depot_point(b, v->start_depot);
        q->to = depot_point(b, v->end_depot);
        q->count = v->count < d->n ? v->count : d->n;
        d->n_routes = q->count < d->n - d->n_routes ? d->n_routes + q->count : d->n;
        q->capacity = v->capacity;
        q->exposure_max = v->exposure_max;
        q->nodes_max = v->nodes_max;
        q->lasts_max_s = v->shift_max_s;
        q->shift_end_s = v->shift_end_s;
        q->paid_s = v->paid_s;
        if (v->idle_price > 0 || v->over_price > 0)
            d->has |= CP_VRP_HAS_PAID | CP_VRP_HAS_SPANS | CP_VRP_HAS_WINDOWS;
        CP_TRY(set_spells(b, v, q));
        if (v->n_bans > 0) d->has |= CP_VRP_HAS_WINDOWS | CP_VRP_HAS_HOURS;
        set_hours(p, v, q);
        if (v->exposure_max < CP_VRP_NO_LIMIT && p->value_dim >= 0) d->has |= CP_VRP_HAS_EXPOSURE;
        if (v->shift_max_s < CP_VRP_LATEST) d->has |= CP_VRP_HAS_SPANS | CP_VRP_HAS_WINDOWS;
        if (q->end_s < CP_DENSE_LATEST) d->has |= CP_VRP_HAS_WINDOWS;
        if (q->from != q->to || q->from != d->kinds[0].from) d->has |= CP_VRP_HAS_DEPOTS;
        d->n_kinds++;
    }
    if (d->n_kinds > 1) d->has |= CP_VRP_HAS_KINDS;
    return CP_OK;
}

/* ---- matrices ---- */

static int32_t point_service(const dense_build *b, int32_t point)
{
    return point < b->d->n ? node_of(b, point)->service_s + node_of(b, point)->setup_s : 0;
}

/* Seconds from the start of service at `i` to the arrival at `j`. */
static int64_t leg_seconds(const dense_build *b, const cp_vrp_profile *prof, int32_t i, int32_t j)
{
    const int32_t a = b->place[i], c = b->place[j];
    int64_t t = point_service(b, i);
    if (a < 0 || c < 0) return t;
    const int32_t leg = prof->time_s[(size_t)a * (size_t)b->p->n_places + (size_t)c];
    return leg < 0 || t + leg > CP_ARC_NONE ? CP_ARC_NONE : t + leg;
}

static double leg_minor(const dense_build *b, const cp_vrp_vehicle *v, int32_t i, int32_t j)
{
    const cp_vrp_profile *prof = &b->p->profiles[v->profile];
    const int32_t a = b->place[i], c = b->place[j];
    const int32_t serve = i < b->d->n ? node_of(b, i)->service_s : 0;
    double m = (double)serve * (double)v->work_price / (double)b->p->time_den;
    if (j < b->d->n && a != c)
        m += (double)node_of(b, j)->setup_s * (double)v->work_price / (double)b->p->time_den;
    if (a < 0 || c < 0) return m;
    const size_t k = (size_t)a * (size_t)b->p->n_places + (size_t)c;
    if (prof->time_s[k] < 0) return HUGE_VAL;
    return m + (double)prof->dist_m[k] * (double)v->dist_price / (double)b->p->dist_den +
           (double)prof->time_s[k] * (double)v->drive_price / (double)b->p->time_den;
}

static int32_t leg_metres(const dense_build *b, const cp_vrp_profile *prof, int32_t i, int32_t j)
{
    const int32_t a = b->place[i], c = b->place[j];
    if (a < 0 || c < 0) return 0;
    const size_t k = (size_t)a * (size_t)b->p->n_places + (size_t)c;
    return prof->time_s[k] < 0 || prof->dist_m[k] > CP_ARC_NONE ? CP_ARC_NONE : prof->dist_m[k];
}

/* The finest unit in which the dearest leg still fits. */
static void choose_unit(dense_build *b)
{
    cp_dense *d = b->d;
    if (b->plain) {
        d->ticks_per_minor = (double)b->p->dist_den;
        return;
    }
    double most = 1e-9;
    for (int32_t k = 0; k < d->n_kinds; k++)
        for (int32_t i = 0; i < d->n_points; i++)
            for (int32_t j = 0; j < d->n_points; j++) {
                const double m = leg_minor(b, &b->p->vehicles[d->kinds[k].vehicle], i, j);
                if (m < HUGE_VAL && m > most) most = m;
            }
    d->ticks_per_minor = exp2(floor(log2((double)ARC_MAX / most)));
    if (d->ticks_per_minor > 1024) d->ticks_per_minor = 1024;
}

static cp_status turned(cp_ctx *ctx, const int32_t *a, int32_t n, const int32_t **out)
{
    bool symmetric = true;
    for (int32_t i = 0; i < n && symmetric; i++)
        for (int32_t j = 0; j < i && symmetric; j++)
            symmetric =
                a[(size_t)i * (size_t)n + (size_t)j] == a[(size_t)j * (size_t)n + (size_t)i];
    *out = a;
    if (symmetric) return CP_OK;
    int32_t *t = NULL;
    CP_NEW(ctx, ctx->scratch, t, (size_t)n * (size_t)n);
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++)
            t[(size_t)j * (size_t)n + (size_t)i] = a[(size_t)i * (size_t)n + (size_t)j];
    *out = t;
    return CP_OK;
}

static cp_status fill_kind(dense_build *b, int32_t k)
{
    cp_dense *d = b->d;
    cp_dense_kind *q = &d->kinds[k];
    const cp_vrp_vehicle *v = &b->p->vehicles[q->vehicle];
    const cp_vrp_profile *prof = &b->p->profiles[v->profile];
    const size_t n = (size_t)d->n_points;
    int32_t *arc = NULL, *time = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, arc, n * n);
    CP_NEW(b->ctx, b->ctx->scratch, time, n * n);
    for (int32_t i = 0; i < d->n_points; i++) {
        for (int32_t j = 0; j < d->n_points; j++) {
            const size_t at = (size_t)i * n + (size_t)j;
            time[at] = (int32_t)leg_seconds(b, prof, i, j);
            if (b->plain) {
                arc[at] = leg_metres(b, prof, i, j);
                continue;
            }
            const double m = leg_minor(b, v, i, j) * d->ticks_per_minor;
            arc[at] = m > ARC_MAX ? CP_ARC_NONE : (int32_t)lround(m);
        }
    }
    q->arc = arc;
    q->time = time;
    CP_TRY(turned(b->ctx, arc, d->n_points, &q->arc_to));
    return turned(b->ctx, time, d->n_points, &q->time_to);
}

static bool siblings(const cp_dense_kind *a, const cp_dense_kind *b)
{
    return a->from == b->from && a->to == b->to && a->arc == b->arc && a->time == b->time &&
           a->start_s == b->start_s && a->end_s == b->end_s && a->lasts_max_s == b->lasts_max_s &&
           a->exposure_max == b->exposure_max && a->nodes_max == b->nodes_max &&
           a->spells.list == b->spells.list;
}

static void find_siblings(cp_dense *d)
{
    for (int32_t k = 0; k < d->n_kinds; k++) {
        int32_t first = 0;
        while (!siblings(&d->kinds[first], &d->kinds[k]))
            first++;
        d->kinds[k].sibling = first;
    }
    for (int32_t k = 0; k < d->n_kinds; k++) {
        cp_dense_kind *q = &d->kinds[k];
        for (int32_t j = 0; j < d->n_kinds && d->n_dims > 0 && q->capacity != NULL; j++) {
            const cp_dense_kind *other = &d->kinds[j];
            if (other->sibling == q->sibling &&
                (other->capacity == NULL || other->capacity[0] > q->capacity[0]))
                q->has_larger = true;
        }
        d->mixed = d->mixed || q->has_larger;
    }
}

/* Kinds of one profile and, where time has a price, of the same prices share their matrices. */
static cp_status build_matrices(dense_build *b)
{
    cp_dense *d = b->d;
    b->plain = legs_plain(b->p);
    choose_unit(b);
    for (int32_t k = 0; k < d->n_kinds; k++) {
        cp_dense_kind *q = &d->kinds[k];
        const cp_vrp_vehicle *v = &b->p->vehicles[q->vehicle];
        int32_t twin = 0;
        for (; twin < k; twin++) {
            const cp_vrp_vehicle *u = &b->p->vehicles[d->kinds[twin].vehicle];
            if (u->profile == v->profile &&
                (b->plain || (u->dist_price == v->dist_price && u->drive_price == v->drive_price &&
                              u->work_price == v->work_price)))
                break;
        }
        if (twin == k) {
            CP_TRY(fill_kind(b, k));
        } else {
            q->arc = d->kinds[twin].arc;
            q->arc_to = d->kinds[twin].arc_to;
            q->time = d->kinds[twin].time;
            q->time_to = d->kinds[twin].time_to;
        }
        q->mult = b->plain ? v->dist_price : 1;
        q->fixed = (int64_t)llround((double)v->fixed * d->ticks_per_minor);
        q->idle = (double)v->idle_price * d->ticks_per_minor / (double)b->p->time_den;
        q->over = (double)v->over_price * d->ticks_per_minor / (double)b->p->time_den;
        if (q->mult != 1 || q->arc != d->kinds[0].arc) d->has |= CP_VRP_HAS_MULT;
        if (q->arc_to != q->arc) d->has |= CP_VRP_HAS_TIMES;
    }
    find_siblings(d);
    d->least_mult = d->kinds[0].mult;
    for (int32_t k = 1; k < d->n_kinds; k++) {
        if (d->kinds[k].arc != d->kinds[0].arc) d->least_mult = 0;
        if (d->kinds[k].mult < d->least_mult) d->least_mult = d->kinds[k].mult;
    }
    d->arc = d->kinds[0].arc;
    d->arc_to = d->kinds[0].arc_to;
    return CP_OK;
}

/* True when every travel time is its arc plus the service of where it begins. */
static bool times_are_arcs(const dense_build *b)
{
    const cp_dense *d = b->d;
    for (int32_t k = 0; k < d->n_kinds; k++) {
        if (d->kinds[k].time != d->kinds[0].time || d->kinds[k].arc != d->arc) return false;
        if (k > 0) continue;
        for (int32_t i = 0; i < d->n_points; i++) {
            const size_t row = (size_t)i * (size_t)d->n_points;
            for (int32_t j = 0; j < d->n_points; j++)
                if (d->kinds[0].time[row + (size_t)j] !=
                    d->arc[row + (size_t)j] + point_service(b, i))
                    return false;
        }
    }
    return true;
}

/* ---- nodes ---- */

static cp_status build_loads(dense_build *b)
{
    cp_dense *d = b->d;
    const size_t cells = (size_t)d->n * (size_t)(d->n_dims > 0 ? d->n_dims : 1);
    CP_NEW(b->ctx, b->ctx->scratch, d->deliver, cells);
    CP_NEW(b->ctx, b->ctx->scratch, d->pickup, cells);
    CP_NEW(b->ctx, b->ctx->scratch, d->weight, cells);
    bool mixed = d->n_dims > 1;
    for (int32_t m = 0; m < d->n_dims; m++) {
        bool out = false, back = false;
        for (int32_t i = 0; i < d->n; i++) {
            const size_t at = (size_t)i * (size_t)d->n_dims + (size_t)m;
            const cp_vrp_node *v = node_of(b, i);
            d->deliver[at] = v->deliver == NULL ? 0 : v->deliver[m];
            d->pickup[at] = v->pickup == NULL ? 0 : v->pickup[m];
            d->weight[at] = d->deliver[at] + d->pickup[at];
            out = out || d->deliver[at] > 0;
            back = back || d->pickup[at] > 0;
        }
        mixed = mixed || (out && back);
    }
    if (mixed) d->has |= CP_VRP_HAS_LOADS;
    return CP_OK;
}

static int64_t out_ticks(const cp_dense *d, cp_minor price)
{
    if (price == CP_VRP_MUST) return d->big;
    return (int64_t)llround((double)price * d->ticks_per_minor);
}

static cp_status build_nodes(dense_build *b)
{
    cp_dense *d = b->d;
    int64_t most = 1;
    for (int32_t k = 0; k < d->n_kinds; k++) {
        int64_t far = 0;
        for (size_t a = 0; a < (size_t)d->n_points * (size_t)d->n_points; a++)
            if (d->kinds[k].arc[a] < CP_ARC_NONE && d->kinds[k].arc[a] > far)
                far = d->kinds[k].arc[a];
        const int64_t trip = 4 * far * d->kinds[k].mult + 2 * d->kinds[k].fixed;
        if (trip > most) most = trip;
    }
    d->big = 4 * most;
    /* Prices of leaving out keep their order, however high, and what must be served stays above. */
    for (int32_t i = 0; i < d->n; i++) {
        const cp_minor price = node_of(b, i)->out_price;
        if (price != CP_VRP_MUST && 4 * (double)price * d->ticks_per_minor > (double)d->big)
            d->big = 4 * llround((double)price * d->ticks_per_minor);
    }
    CP_NEW(b->ctx, b->ctx->scratch, d->nodes, d->n);
    for (int32_t i = 0; i < d->n; i++) {
        const cp_vrp_node *v = node_of(b, i);
        cp_dense_node *q = &d->nodes[i];
        *q = (cp_dense_node){.open_s = -CP_DENSE_LATEST,
                             .close_s = CP_DENSE_LATEST,
                             .service_s = point_service(b, i),
                             .pavement_s = v->pavement_s,
                             .n_windows = v->n_windows,
                             .windows = v->windows,
                             .out = out_ticks(d, v->out_price)};
        if (v->n_windows == 0) continue;
        const int32_t open = v->windows[0].open_s, close = v->windows[v->n_windows - 1].close_s;
        if (open > q->open_s) q->open_s = open;
        if (close < q->close_s) q->close_s = close;
        if (v->n_windows > 1) d->has |= CP_VRP_HAS_HOURS;
        d->has |= CP_VRP_HAS_WINDOWS;
    }
    return CP_OK;
}

/* Can a route of the kind serve the node and nothing else? (Load of one dimension or several.) */
static bool alone_fits(const cp_dense *d, const cp_dense_kind *q, int32_t i)
{
    if (!cp_vrp_may_serve(d->p, q->vehicle, d->node_of[i]) || q->nodes_max < 1) return false;
    for (int32_t m = 0; q->capacity != NULL && m < d->n_dims; m++) {
        const size_t at = (size_t)i * (size_t)d->n_dims + (size_t)m;
        if (d->deliver[at] > q->capacity[m] || d->pickup[at] > q->capacity[m]) return false;
    }
    const int32_t go = q->time[(size_t)q->from * (size_t)d->n_points + (size_t)i];
    const int32_t back = q->time[(size_t)i * (size_t)d->n_points + (size_t)q->to];
    if (go >= CP_ARC_NONE || back >= CP_ARC_NONE) return false;
    const cp_dense_node *v = &d->nodes[i];
    const int32_t start = cp_start_after(q, v, cp_ban_after(q, q->start_s, go) + go);
    if (start > v->close_s) return false;
    const int32_t way = back - v->service_s;
    if (cp_ban_after(q, start + v->service_s, way) + way > q->end_s) return false;
    if ((int64_t)go + back > q->lasts_max_s) return false;
    if (d->p->value_dim < 0 || q->exposure_max == CP_VRP_NO_LIMIT) return true;
    const size_t at = (size_t)i * (size_t)d->n_dims + (size_t)d->p->value_dim;
    const int64_t risk =
        d->deliver[at] * go + d->pickup[at] * (back - v->service_s) + d->weight[at] * v->pavement_s;
    return risk <= q->exposure_max;
}

static cp_status build_rights(dense_build *b)
{
    cp_dense *d = b->d;
    uint8_t *rights = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, rights, (size_t)d->n_kinds * (size_t)d->n);
    CP_NEW(b->ctx, b->ctx->scratch, d->alone, (size_t)d->n_kinds * (size_t)d->n);
    bool all = true;
    for (int32_t k = 0; k < d->n_kinds; k++) {
        for (int32_t i = 0; i < d->n; i++) {
            const size_t at = (size_t)k * (size_t)d->n + (size_t)i;
            rights[at] = cp_vrp_may_serve(b->p, d->kinds[k].vehicle, d->node_of[i]);
            d->alone[at] = alone_fits(d, &d->kinds[k], i);
            all = all && rights[at];
        }
        if (d->kinds[k].nodes_max < d->n) all = false;
    }
    d->rights = rights;
    if (!all) d->has |= CP_VRP_HAS_RIGHTS;
    return CP_OK;
}

/* ---- neighbours ---- */

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

/* How near j is as the one after i: the way, a fifth of the wait it means, and the lateness (Vidal
 * et al. 2013, section 4.3, with their weights). */
static double nearness(const cp_dense *d, int32_t i, int32_t j)
{
    const cp_dense_kind *q = &d->kinds[0];
    const size_t at = (size_t)i * (size_t)d->n_points + (size_t)j;
    double key = (double)q->arc[at];
    if (key >= CP_ARC_NONE || q->time[at] <= 0) return key;
    if ((d->has & CP_VRP_HAS_WINDOWS) == 0) return key;
    const double per_s = key / (double)(q->time[at] - d->nodes[i].service_s + 1);
    const double wait = (double)d->nodes[j].open_s - q->time[at] - d->nodes[i].close_s;
    const double late = (double)d->nodes[i].open_s + q->time[at] - d->nodes[j].close_s;
    if (wait > 0) key += 0.2 * per_s * wait;
    if (late > 0) key += per_s * late;
    return key;
}

/* Ticks of a unit of the arcs: the mean over the fleet. */
static double usual_price(const cp_dense *d)
{
    double mult = 0, vehicles = 0;
    for (int32_t k = 0; k < d->n_kinds; k++) {
        mult += (double)d->kinds[k].count * (double)d->kinds[k].mult;
        vehicles += d->kinds[k].count;
    }
    return mult / vehicles;
}

/* What one node more or less usually costs: a short leg, and a share of a vehicle's fixed price.
 * Means over the fleet. */
static double usual_step(const cp_dense *d, double arc)
{
    double fixed = 0, vehicles = 0;
    for (int32_t k = 0; k < d->n_kinds; k++) {
        fixed += (double)d->kinds[k].count * (double)d->kinds[k].fixed;
        vehicles += d->kinds[k].count;
    }
    const double step = arc * usual_price(d) + FIXED_SHARE * fixed / vehicles;
    return step > 0 ? step : 1;
}

/* Of all that come the `most` nearest, the farthest of them first (a heap): sorting all nodes for
 * each took half of the time before a search of 5,000. */
static void keep_nearest(near_key *heap, int32_t *n, int32_t most, double key, int32_t node)
{
    const near_key x = {key, node};
    int32_t at = 0;
    if (*n < most) {
        for (at = (*n)++; at > 0 && by_key(&heap[(at - 1) / 2], &x) < 0; at = (at - 1) / 2)
            heap[at] = heap[(at - 1) / 2];
        heap[at] = x;
        return;
    }
    if (most == 0 || by_key(&x, &heap[0]) > 0) return;
    for (int32_t child = 1; child < most; child = 2 * at + 1) {
        if (child + 1 < most && by_key(&heap[child + 1], &heap[child]) > 0) child++;
        if (by_key(&heap[child], &x) < 0) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = x;
}

static cp_status build_near(dense_build *b, int32_t n_near)
{
    cp_dense *d = b->d;
    d->n_near = n_near < d->n - 1 ? n_near : d->n - 1;
    if (d->n_near < 0) d->n_near = 0;
    near_key *keys = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, d->near, (size_t)d->n * (size_t)d->n_near);
    CP_NEW(b->ctx, b->ctx->scratch, keys, d->n);
    double sum = 0, sum_s = 0;
    int64_t n_sum = 0;
    for (int32_t i = 0; i < d->n; i++) {
        int32_t n = 0;
        for (int32_t j = 0; j < d->n; j++)
            if (j != i)
                keep_nearest(keys, &n, d->n_near, fmin(nearness(d, i, j), nearness(d, j, i)), j);
        qsort(keys, (size_t)n, sizeof(*keys), by_key);
        for (int32_t k = 0; k < d->n_near; k++) {
            const int32_t j = keys[k].node;
            const int32_t arc = d->arc[(size_t)j * (size_t)d->n_points + (size_t)i];
            d->near[(size_t)i * (size_t)d->n_near + (size_t)k] = (cp_near){j, arc};
            if (k >= NEAR_MEAN || arc >= CP_ARC_NONE) continue;
            sum += (double)arc;
            sum_s += d->kinds[0].time[(size_t)j * (size_t)d->n_points + (size_t)i] -
                     d->nodes[j].service_s;
            n_sum++;
        }
    }
    d->typical = usual_step(d, n_sum > 0 ? sum / (double)n_sum : 0);
    d->ticks_per_s = sum_s > 0 ? usual_price(d) * sum / sum_s : 0;
    return CP_OK;
}

static double apart(const cp_vrp *p, const cp_vrp_profile *prof, int32_t i, int32_t j)
{
    const size_t at = (size_t)p->nodes[i].place * (size_t)p->n_places + (size_t)p->nodes[j].place;
    return prof->time_s[at] < 0 ? HUGE_VAL : (double)prof->dist_m[at] + prof->time_s[at];
}

/* Nodes are numbered along a walk to the nearest not yet numbered: what a search looks at together
 * then lies together in memory, rows of matrices above all. */
static cp_status build_order(dense_build *b)
{
    cp_dense *d = b->d;
    int32_t *order = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, order, d->n);
    for (int32_t i = 0; i < d->n; i++)
        order[i] = i;
    for (int32_t i = 1; i < d->n && b->p->n_profiles > 0; i++) {
        int32_t best = i;
        double least = HUGE_VAL;
        for (int32_t k = i; k < d->n; k++) {
            const double way = apart(b->p, &b->p->profiles[0], order[i - 1], order[k]);
            if (way >= least) continue;
            least = way;
            best = k;
        }
        const int32_t x = order[best];
        order[best] = order[i];
        order[i] = x;
    }
    d->node_of = order;
    return CP_OK;
}

static cp_status build_points(dense_build *b)
{
    CP_NEW(b->ctx, b->ctx->scratch, b->place, (size_t)b->d->n + 2 * (size_t)b->p->n_vehicles);
    for (int32_t i = 0; i < b->d->n; i++)
        b->place[i] = node_of(b, i)->place;
    b->d->n_points = b->d->n;
    return CP_OK;
}

cp_status cp_dense_build(cp_ctx *ctx, const cp_vrp *p, int32_t n_near, cp_dense *out)
{
    cp_dense d = {.p = p, .n = p->n_nodes, .n_dims = p->n_dims};
    dense_build b = {.ctx = ctx, .p = p, .d = &d};
    const char *no = cp_dense_beyond(p);
    if (no != NULL) CP_FAIL(ctx, CP_E_INPUT, "the route search cannot keep %s", no);
    CP_TRY(build_order(&b));
    CP_TRY(build_points(&b));
    CP_TRY(build_kinds(&b));
    if (d.n_kinds == 0) CP_FAIL(ctx, CP_E_INPUT, "there is no vehicle");
    CP_TRY(build_matrices(&b));
    CP_TRY(build_loads(&b));
    CP_TRY(build_nodes(&b));
    if ((d.has & (CP_VRP_HAS_WINDOWS | CP_VRP_HAS_EXPOSURE)) != 0 && !times_are_arcs(&b))
        d.has |= CP_VRP_HAS_TIMES;
    CP_TRY(build_rights(&b));
    CP_TRY(build_near(&b, n_near));
    *out = d;
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/plan_diff.h"

#include <stdlib.h>
#include <string.h>

/* A visit of one of the plans inside the common days. */
typedef struct entry {
    const cp_plan *plan;
    const cp_plan_visit *visit;
    cp_day day;
    bool matched;
} entry;

typedef struct side {
    const cp_plan *plan;
    int32_t *car; /* [site * n_days + t], + 1 */
} side;

typedef struct differ {
    cp_ctx *ctx;
    const cp_network *net;
    side before, after;
    cp_plan_diff *diff;
    entry *old, *now; /* by (point, day) */
    int32_t n_old, n_now;
} differ;

static int by_point_and_day(const void *a, const void *b)
{
    const entry *x = a;
    const entry *y = b;
    if (x->visit->point != y->visit->point) return x->visit->point < y->visit->point ? -1 : 1;
    return (x->day > y->day) - (x->day < y->day);
}

static cp_status list_visits(differ *d, const cp_plan *plan, entry **out, int32_t *n)
{
    const cp_day end = d->diff->first_day + d->diff->n_days;
    entry *list = NULL;
    CP_NEW(d->ctx, d->ctx->scratch, list, plan->n_visits);
    *n = 0;
    for (int32_t i = 0; i < plan->n_visits; i++) {
        const cp_day day = plan->first_day + plan->visits[i].t;
        if (day < d->diff->first_day || day >= end) continue;
        list[*n].plan = plan;
        list[*n].visit = &plan->visits[i];
        list[(*n)++].day = day;
    }
    if (*n > 1) qsort(list, (size_t)*n, sizeof *list, by_point_and_day);
    *out = list;
    return CP_OK;
}

/* The car that comes to the visit; -1 when the plan has no route for it or the branch's staff
 * comes.
 */
static int32_t car_of(const differ *d, const entry *e)
{
    if (e->visit->by_branch) return -1;
    const side *s = e->plan == d->before.plan ? &d->before : &d->after;
    const size_t site = (size_t)d->net->points[e->visit->point].site;
    return s->car[site * (size_t)e->plan->n_days + (size_t)e->visit->t] - 1;
}

/* Cars by (site, day), + 1. */
static cp_status list_cars(differ *d, side *s)
{
    const cp_plan *plan = s->plan;
    CP_NEW(d->ctx, d->ctx->scratch, s->car, (size_t)d->net->n_sites * (size_t)plan->n_days);
    for (int32_t i = 0; i < plan->n_routes; i++) {
        const cp_plan_route *r = &plan->routes[i];
        for (int32_t k = r->first_stop; k < r->first_stop + r->n_stops; k++)
            s->car[(size_t)plan->stops[k].site * (size_t)plan->n_days + (size_t)r->t] = r->car + 1;
    }
    return CP_OK;
}

static bool same_loads(const entry *a, const entry *b)
{
    if (a->visit->n_loads != b->visit->n_loads) return false;
    for (int32_t k = 0; k < a->visit->n_loads; k++)
        if (a->plan->loads[a->visit->first_load + k].load_notes !=
            b->plan->loads[b->visit->first_load + k].load_notes)
            return false;
    return true;
}

static void put(differ *d, cp_change_kind kind, const entry *old, const entry *now)
{
    cp_plan_change *c = &d->diff->changes[d->diff->n_changes++];
    memset(c, 0, sizeof *c);
    c->kind = kind;
    c->point = (now != NULL ? now : old)->visit->point;
    c->day = now != NULL ? now->day : CP_DAY_NONE;
    c->day_before = old != NULL ? old->day : CP_DAY_NONE;
    c->car = c->car_before = -1;
    if (now != NULL) {
        c->visit = now->visit->kind;
        c->load_minor = now->visit->load_minor;
        c->car = car_of(d, now);
    }
    if (old != NULL) {
        c->visit_before = old->visit->kind;
        c->load_before_minor = old->visit->load_minor;
        c->car_before = car_of(d, old);
    }
}

/* Visits of one point and day in both plans. */
static void match_equal_days(differ *d)
{
    for (int32_t i = 0, k = 0; i < d->n_old && k < d->n_now;) {
        entry *old = &d->old[i];
        entry *now = &d->now[k];
        const int order = by_point_and_day(old, now);
        if (order != 0) {
            if (order < 0)
                i++;
            else
                k++;
            continue;
        }
        old->matched = now->matched = true;
        if (old->visit->kind != now->visit->kind)
            put(d, CP_CHANGE_KIND, old, now);
        else if (!same_loads(old, now))
            put(d, CP_CHANGE_AMOUNT, old, now);
        else if (car_of(d, old) != car_of(d, now))
            put(d, CP_CHANGE_CAR, old, now);
        else
            d->diff->n_same++;
        i++;
        k++;
    }
}

/* What is left: the nearest visit of the point that is left in the other plan, earlier ones first.
 */
static void match_moved(differ *d)
{
    int32_t from = 0;
    for (int32_t i = 0; i < d->n_old; i++) {
        entry *old = &d->old[i];
        entry *best = NULL;
        if (old->matched) continue;
        while (from < d->n_now && d->now[from].visit->point < old->visit->point)
            from++;
        for (int32_t k = from; k < d->n_now && d->now[k].visit->point == old->visit->point; k++) {
            entry *now = &d->now[k];
            const int32_t gap = abs(now->day - old->day);
            if (now->matched || gap > CP_MOVED_DAYS) continue;
            if (best == NULL || gap < abs(best->day - old->day)) best = now;
        }
        if (best != NULL) best->matched = true;
        put(d, best != NULL ? CP_CHANGE_MOVED : CP_CHANGE_GONE, old, best);
    }
    for (int32_t k = 0; k < d->n_now; k++)
        if (!d->now[k].matched) put(d, CP_CHANGE_NEW, NULL, &d->now[k]);
}

static cp_day day_of(const cp_plan_change *c)
{
    return c->day != CP_DAY_NONE ? c->day : c->day_before;
}

static int by_day(const void *a, const void *b)
{
    const cp_plan_change *x = a;
    const cp_plan_change *y = b;
    if (day_of(x) != day_of(y)) return day_of(x) < day_of(y) ? -1 : 1;
    if (x->point != y->point) return x->point < y->point ? -1 : 1;
    return (x->kind > y->kind) - (x->kind < y->kind);
}

static void compare_cost(const cp_plan *before, const cp_plan *after, cp_cost *out)
{
    for (int32_t i = 0; i < CP_N_COST_ITEMS; i++)
        out->item[i] = after->cost.item[i] - before->cost.item[i];
    out->refill_minor = after->cost.refill_minor - before->cost.refill_minor;
    out->total_minor = after->cost.total_minor - before->cost.total_minor;
}

cp_status cp_plan_diff_make(cp_ctx *ctx, const cp_network *net, const cp_plan *before,
                            const cp_plan *after, cp_plan_diff **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_day end_before = before->first_day + before->n_days;
    const cp_day end_after = after->first_day + after->n_days;
    differ d = {.ctx = ctx, .net = net, .before = {before, NULL}, .after = {after, NULL}};
    CP_NEW(ctx, ctx->run, d.diff, 1);
    CP_TRY(list_cars(&d, &d.before));
    CP_TRY(list_cars(&d, &d.after));
    d.diff->first_day = before->first_day > after->first_day ? before->first_day : after->first_day;
    d.diff->n_days = (end_before < end_after ? end_before : end_after) - d.diff->first_day;
    if (d.diff->n_days < 0) d.diff->n_days = 0;
    CP_TRY(list_visits(&d, before, &d.old, &d.n_old));
    CP_TRY(list_visits(&d, after, &d.now, &d.n_now));
    CP_NEW(ctx, ctx->run, d.diff->changes, (size_t)d.n_old + (size_t)d.n_now);
    match_equal_days(&d);
    match_moved(&d);
    if (d.diff->n_changes > 1)
        qsort(d.diff->changes, (size_t)d.diff->n_changes, sizeof *d.diff->changes, by_day);
    compare_cost(before, after, &d.diff->cost);
    cp_arena_rewind(ctx->scratch, mark);
    *out = d.diff;
    return CP_OK;
}

const char *cp_change_kind_name(cp_change_kind kind)
{
    static const char *const names[] = {
        [CP_CHANGE_NEW] = "new",   [CP_CHANGE_GONE] = "gone",     [CP_CHANGE_MOVED] = "moved",
        [CP_CHANGE_KIND] = "kind", [CP_CHANGE_AMOUNT] = "amount", [CP_CHANGE_CAR] = "car"};
    return kind <= CP_CHANGE_CAR ? names[kind] : "unknown";
}

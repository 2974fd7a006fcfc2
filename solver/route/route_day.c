/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_day.h"

#include <stdlib.h>
#include <string.h>

#include "models/route/car_route.h"

#define NEAR_MOST 40
/* Waiting and lateness in the nearness of two tasks, as Vidal et al. (2013), section 4.2. */
#define NEAR_WAIT 0.2
#define NEAR_LATE 1.0
/* With no price on time or distance routes should still be short: a negligible price breaks ties.
 */
#define TIE_PER_S 1e-3

static int32_t max32(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static int32_t min32(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static cp_day_car car_of(const cp_network *net, int32_t index, const cp_route_day *day,
                         int32_t vault_node)
{
    const cp_car *c = &net->cars[index];
    const cp_vault *v = &net->vaults[c->vault];
    const cp_car_rates rates = cp_car_rates_get(net, index, day->t);
    cp_day_car r = {.car = index, .kind = -1};
    r.home = c->open_route ? vault_node + 1 : vault_node;
    r.first_s = c->shift_start_min * 60;
    r.end_s = (c->shift_end_min + c->overtime_min) * 60;
    if (!c->open_route) {
        r.first_s = max32(r.first_s, v->open_min * 60);
        r.end_s = min32(r.end_s, v->close_min * 60);
    }
    r.shift_end_s = c->shift_end_min * 60;
    r.reload_s = c->reload_min * 60;
    r.reload_late_s = v->close_min * 60 - r.reload_s;
    r.max_trips = c->open_route ? 1 : c->max_trips;
    r.limit[0] = c->insured_minor;
    r.limit[1] = c->volume_cm3 > 0 ? c->volume_cm3 : INT64_MAX;
    r.per_m = (double)rates.km_minor / 1000.0;
    r.per_s = (double)rates.hour_minor / 3600.0;
    if (rates.km_minor <= 0 && rates.hour_minor <= 0) r.per_s = TIE_PER_S;
    r.per_over_s = (double)rates.overtime_hour_minor / 3600.0;
    r.fixed = (double)rates.car_day_minor;
    return r;
}

static bool cars_alike(const cp_day_car *a, const cp_day_car *b)
{
    return a->home == b->home && a->first_s == b->first_s && a->end_s == b->end_s &&
           a->shift_end_s == b->shift_end_s && a->reload_s == b->reload_s &&
           a->reload_late_s == b->reload_late_s && a->max_trips == b->max_trips &&
           a->limit[0] == b->limit[0] && a->limit[1] == b->limit[1] &&
           !(a->per_m < b->per_m || a->per_m > b->per_m) &&
           !(a->per_s < b->per_s || a->per_s > b->per_s) &&
           !(a->per_over_s < b->per_over_s || a->per_over_s > b->per_over_s) &&
           !(a->fixed < b->fixed || a->fixed > b->fixed);
}

/* Cars to which a task is pinned stay a kind of their own. */
static void set_kinds(cp_tasks_day *p)
{
    for (int32_t k = 0; k < p->n_cars; k++) {
        bool pinned = false;
        for (int32_t i = 0; i < p->n_tasks && !pinned; i++)
            pinned = p->tasks[i].car == k;
        p->cars[k].kind = k;
        for (int32_t j = 0; j < k && !pinned; j++) {
            if (p->cars[j].kind != j || !cars_alike(&p->cars[j], &p->cars[k])) continue;
            p->cars[k].kind = j;
            break;
        }
    }
}

static cp_status add_cars(cp_ctx *ctx, cp_tasks_day *p, const cp_route_day *day)
{
    const cp_network *net = p->net;
    int32_t n = 0;
    for (int32_t k = 0; k < net->n_cars; k++)
        n += net->cars[k].vault == day->vault;
    CP_NEW(ctx, ctx->scratch, p->cars, n);
    for (int32_t k = 0; k < net->n_cars; k++)
        if (net->cars[k].vault == day->vault)
            p->cars[p->n_cars++] = car_of(net, k, day, day->n_tasks);
    return CP_OK;
}

static cp_day_task task_of(const cp_tasks_day *p, const cp_route_day *day, int32_t index)
{
    const cp_route_task *t = &day->tasks[index];
    const cp_site *s = &p->net->sites[t->site];
    cp_day_task r = {.index = index, .service_s = t->service_s, .car = -1, .n_windows = 1};
    r.open_s[0] = s->open_min * 60;
    r.close_s[0] = s->close_min * 60;
    if (s->open2_min >= 0) {
        const int32_t late = s->open2_min < s->open_min ? 0 : 1;
        if (late == 0) {
            r.open_s[1] = r.open_s[0];
            r.close_s[1] = r.close_s[0];
        }
        r.open_s[late] = s->open2_min * 60;
        r.close_s[late] = s->close2_min * 60;
        r.n_windows = 2;
    }
    const cp_load value = {t->out_minor, t->back_minor,
                           t->out_minor > t->back_minor ? t->out_minor : t->back_minor};
    const cp_load volume = {t->out_cm3, t->back_cm3,
                            t->out_cm3 > t->back_cm3 ? t->out_cm3 : t->back_cm3};
    r.load[0] = value;
    r.load[1] = volume;
    r.first = t->must;
    r.weight = t->must ? day->n_tasks + 1 : 1;
    for (int32_t k = 0; k < p->n_cars; k++)
        if (t->car == p->cars[k].car) r.car = k;
    return r;
}

/* Faults from the most telling to the least: a site that no car reaches is named so even when some
 * car could not carry its value either. The best car decides: the fault that is nearest to service.
 */
static cp_car_fault alone(const cp_tasks_day *p, const cp_route_day *day, int32_t index)
{
    const cp_route_task *t = &day->tasks[index];
    const cp_car_stop stop = {t->site,       0,          t->service_s, t->out_minor,
                              t->back_minor, t->out_cm3, t->back_cm3};
    cp_car_fault best = CP_CAR_TRIPS;
    for (int32_t k = 0; k < p->n_cars; k++) {
        if (t->car >= 0 && t->car != p->cars[k].car) continue;
        const cp_car_verdict v = cp_car_route_check(p->net, p->cars[k].car, &stop, 1, NULL, NULL);
        if (v.fault == CP_CAR_OK) return CP_CAR_OK;
        if (v.fault > best) best = v.fault;
    }
    return best;
}

static const char *cause_text(cp_ctx *ctx, const cp_tasks_day *p, const cp_route_day *day,
                              int32_t index, cp_car_fault fault)
{
    const cp_route_task *t = &day->tasks[index];
    const char *who = t->car >= 0
                          ? cp_strf(ctx, ctx->run, "the pinned car %s", p->net->cars[t->car].code)
                          : "any car of the vault";
    if (who == NULL) return NULL;
    switch (fault) {
    case CP_CAR_UNREACHABLE:
        return cp_strf(ctx, ctx->run, "no way by road from the vault to the site and back for %s",
                       who);
    case CP_CAR_VALUE:
        return cp_strf(ctx, ctx->run, "its value alone is above the insured limit of %s", who);
    case CP_CAR_VOLUME:
        return cp_strf(ctx, ctx->run, "its cassettes alone are above the volume of %s", who);
    case CP_CAR_WINDOW:
        return cp_strf(ctx, ctx->run, "its service window cannot be met even alone by %s", who);
    case CP_CAR_SHIFT:
        return cp_strf(ctx, ctx->run,
                       "the trip there and back alone is longer than the shift of %s", who);
    default:
        return cp_strf(ctx, ctx->run, "%s may make no trip", who);
    }
}

/* Too much value or volume alone is too much in any company. A way or a time that does not suffice
 * alone may do after another stop, where travel times break the triangle inequality: these stay in.
 */
static bool hopeless(cp_car_fault fault)
{
    return fault == CP_CAR_TRIPS || fault == CP_CAR_VALUE || fault == CP_CAR_VOLUME;
}

static cp_status add_tasks(cp_ctx *ctx, cp_tasks_day *p, const cp_route_day *day,
                           const char **cause)
{
    CP_NEW(ctx, ctx->scratch, p->tasks, day->n_tasks);
    for (int32_t i = 0; i < day->n_tasks; i++) {
        cause[i] = "the vault has no car";
        if (p->n_cars == 0) continue;
        cause[i] = NULL;
        const cp_car_fault fault = alone(p, day, i);
        if (fault != CP_CAR_OK) {
            cause[i] = cause_text(ctx, p, day, i, fault);
            if (cause[i] == NULL) return CP_E_NOMEM;
        }
        if (!hopeless(fault)) p->tasks[p->n_tasks++] = task_of(p, day, i);
    }
    return CP_OK;
}

static cp_status add_legs(cp_ctx *ctx, cp_tasks_day *p, const cp_route_day *day)
{
    const int32_t n = p->n_tasks;
    p->n_nodes = n + 2;
    CP_NEW(ctx, ctx->scratch, p->legs, (size_t)p->n_nodes * (size_t)p->n_nodes);
    CP_NEW(ctx, ctx->scratch, p->legs_to, (size_t)p->n_nodes * (size_t)p->n_nodes);
    int32_t *place = NULL;
    CP_NEW(ctx, ctx->scratch, place, n + 1);
    for (int32_t i = 0; i < n; i++)
        place[i] = day->tasks[p->tasks[i].index].site;
    place[n] = p->net->n_sites + day->vault;
    for (int32_t i = 0; i <= n; i++)
        for (int32_t j = 0; j <= n; j++) {
            cp_leg *leg = &p->legs[(size_t)i * (size_t)p->n_nodes + (size_t)j];
            const int32_t seconds = cp_travel_s(p->net, place[i], place[j]);
            const int32_t metres = cp_travel_m(p->net, place[i], place[j]);
            leg->s = seconds < 0 ? CP_LEG_NONE_S : min32(seconds, CP_LEG_NONE_S);
            leg->m = metres > 0 ? metres : 0;
            p->legs_to[(size_t)j * (size_t)p->n_nodes + (size_t)i] = *leg;
        }
    return CP_OK;
}

typedef struct near_item {
    double far;
    int32_t task;
} near_item;

static int near_order(const void *a, const void *b)
{
    const near_item *x = a;
    const near_item *y = b;
    if (x->far < y->far) return -1;
    if (x->far > y->far) return 1;
    return (x->task > y->task) - (x->task < y->task);
}

/* How far b is from a when served right after it: driving, waiting, lateness. */
static double far_after(const cp_tasks_day *p, int32_t a, int32_t b)
{
    const cp_day_task *x = &p->tasks[a];
    const cp_day_task *y = &p->tasks[b];
    const double s = (double)cp_leg_at(p, a, b)->s;
    const double x_late = (double)x->close_s[x->n_windows - 1];
    const double y_late = (double)y->close_s[y->n_windows - 1];
    const double wait = (double)y->open_s[0] - (double)x->service_s - s - x_late;
    const double late = (double)x->open_s[0] + (double)x->service_s + s - y_late;
    return s + NEAR_WAIT * (wait > 0.0 ? wait : 0.0) + NEAR_LATE * (late > 0.0 ? late : 0.0);
}

static double far_between(const cp_tasks_day *p, int32_t a, int32_t b)
{
    const double there = far_after(p, a, b);
    const double back = far_after(p, b, a);
    return there < back ? there : back;
}

static cp_status add_near(cp_ctx *ctx, cp_tasks_day *p)
{
    const int32_t n = p->n_tasks;
    p->n_near = n - 1 < NEAR_MOST ? max32(n - 1, 0) : NEAR_MOST;
    near_item *items = NULL;
    CP_NEW(ctx, ctx->scratch, p->near, (size_t)n * (size_t)p->n_near);
    CP_NEW(ctx, ctx->scratch, p->home_rank, n);
    CP_NEW(ctx, ctx->scratch, items, n);
    double legs = 0.0;
    for (int32_t i = 0; i < n; i++) {
        int32_t m = 0;
        for (int32_t j = 0; j < n; j++)
            if (j != i) {
                items[m].far = far_between(p, i, j);
                items[m++].task = j;
            }
        qsort(items, (size_t)m, sizeof(*items), near_order);
        const int32_t home_s = min32(cp_leg_at(p, i, n)->s, cp_leg_at(p, n, i)->s);
        for (int32_t k = 0; k < p->n_near; k++) {
            p->near[(size_t)i * (size_t)p->n_near + (size_t)k] = items[k].task;
            if (items[k].far < (double)home_s) p->home_rank[i]++;
        }
        const int32_t to = m > 0 ? items[min32(2, m - 1)].task : n;
        const cp_leg *leg = cp_leg_at(p, i, to);
        if (leg->s < CP_LEG_NONE_S)
            legs += (double)leg->m * p->cars[0].per_m + (double)leg->s * p->cars[0].per_s;
    }
    p->leg_cost = n > 0 && legs > 0.0 ? legs / n : 1.0;
    return CP_OK;
}

cp_status cp_tasks_day_build(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                             const char **cause, cp_tasks_day **out)
{
    cp_tasks_day *p = NULL;
    CP_NEW(ctx, ctx->scratch, p, 1);
    p->net = net;
    CP_TRY(add_cars(ctx, p, day));
    CP_TRY(add_tasks(ctx, p, day, cause));
    for (int32_t k = 0; k < p->n_cars; k++) {
        p->cars[k].home += p->n_tasks - day->n_tasks;
        if (p->cars[k].limit[1] < INT64_MAX) p->any_volume = true;
    }
    set_kinds(p);
    CP_TRY(add_legs(ctx, p, day));
    if (p->n_cars > 0) CP_TRY(add_near(ctx, p));
    *out = p;
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_likeness.c - are the routes as alike with earlier ones as the plan says, and is what
 * is above the limit declared? Recomputed stop by stop (models/route/likeness.h has the formula).
 */
#include "models/plan/plan_check_part.h"

#define ONE 1000000
#define POINT (ONE / 100)

/* One stop of a vault's day: where it stands in which set of routes. */
typedef struct met {
    const cp_drives *drives;
    int32_t route, stop; /* -1 = not served */
} met;

static const cp_plan_stop *stop_at(const met *m)
{
    return &m->drives->stops[m->stop];
}

/* Where the vault's routes of a day serve a site. */
static met find_stop(const cp_drives *drives, int32_t vault, int32_t t, int32_t site)
{
    for (int32_t i = 0; i < drives->n_routes; i++) {
        const cp_plan_route *r = &drives->routes[i];
        if (r->t != t || r->vault != vault) continue;
        for (int32_t k = r->first_stop; k < r->first_stop + r->n_stops; k++)
            if (drives->stops[k].site == site) return (met){drives, i, k};
    }
    return (met){drives, -1, -1};
}

/* The site before (step -1) or after (1) on the same trip; -1: the base. */
static int32_t neighbour(const met *m, int32_t step)
{
    const cp_plan_route *r = &m->drives->routes[m->route];
    const int32_t k = m->stop + step;
    if (k < r->first_stop || k >= r->first_stop + r->n_stops) return -1;
    if (m->drives->stops[k].trip != stop_at(m)->trip) return -1;
    return m->drives->stops[k].site;
}

static bool has_routes(const cp_drives *drives, int32_t vault, int32_t t)
{
    for (int32_t i = 0; drives != NULL && i < drives->n_routes; i++)
        if (drives->routes[i].t == t && drives->routes[i].vault == vault) return true;
    return false;
}

/* Sites of the day, each as it is met on both days; the number of all goes to n_stops. */
static int32_t meet(const cp_drives *own, const cp_drives *old, int32_t vault, int32_t t, int32_t d,
                    met *now, met *then, int32_t *n_stops)
{
    int32_t n = 0;
    *n_stops = 0;
    for (int32_t i = 0; i < own->n_routes; i++) {
        const cp_plan_route *r = &own->routes[i];
        if (r->t != t || r->vault != vault) continue;
        for (int32_t k = r->first_stop; k < r->first_stop + r->n_stops; k++) {
            now[n] = (met){own, i, k};
            then[n] = find_stop(old, vault, d, own->stops[k].site);
            (*n_stops)++;
            if (then[n].stop >= 0) n++;
        }
    }
    return n;
}

/* Concordant less discordant pairs over the pairs on one car of either day; -1: none. */
static int32_t order_ppm(const met *now, const met *then, int32_t n)
{
    int64_t pairs = 0, balance = 0;
    for (int32_t i = 1; i < n; i++)
        for (int32_t k = 0; k < i; k++) {
            const bool today = now[i].route == now[k].route;
            const bool before = then[i].route == then[k].route;
            if (today || before) pairs++;
            if (!today || !before) continue;
            if ((now[i].stop > now[k].stop) == (then[i].stop > then[k].stop))
                balance++;
            else
                balance--;
        }
    if (pairs == 0) return -1;
    return balance <= 0 ? 0 : (int32_t)(ONE * balance / pairs);
}

/* Has the site another one on its car, on either day? */
static bool has_mate(const met *now, const met *then, int32_t n, int32_t at)
{
    for (int32_t i = 0; i < n; i++)
        if (i != at && (now[i].route == now[at].route || then[i].route == then[at].route))
            return true;
    return false;
}

static void compare_days(const cp_check *check, const met *now, const met *then,
                         cp_plan_likeness *out)
{
    const cp_settings *s = &check->net->settings;
    const int64_t n = out->n_common;
    int64_t same = 0, near = 0;
    out->arcs_ppm = out->order_ppm = out->slots_ppm = -1;
    out->likeness_ppm = 0;
    if (n == 0) return;
    for (int32_t i = 0; i < n; i++) {
        const int32_t apart = stop_at(&now[i])->arrive_min - stop_at(&then[i])->arrive_min;
        if (neighbour(&now[i], -1) == neighbour(&then[i], -1)) same++;
        if (neighbour(&now[i], 1) == neighbour(&then[i], 1)) same++;
        if (apart <= s->likeness_slot_min && -apart <= s->likeness_slot_min) near++;
    }
    out->arcs_ppm = (int32_t)(ONE * same / (2 * n));
    out->slots_ppm = (int32_t)(ONE * near / n);
    out->order_ppm = order_ppm(now, then, out->n_common);
    int64_t mates = 0;
    for (int32_t i = 0; i < n; i++)
        mates += has_mate(now, then, out->n_common, i);
    const int64_t weights =
        n * s->likeness_arcs_ppm + mates * s->likeness_order_ppm + n * s->likeness_slots_ppm;
    int64_t sum = n * s->likeness_arcs_ppm * out->arcs_ppm;
    if (mates > 0) sum += mates * s->likeness_order_ppm * out->order_ppm;
    sum += n * s->likeness_slots_ppm * out->slots_ppm;
    if (weights > 0) out->likeness_ppm = (int32_t)(sum / weights * n / out->n_stops);
}

/* The row that the day must have; n_days = 0: there is nothing to compare. */
static cp_status derive(cp_check *check, int32_t t, int32_t vault, cp_plan_likeness *out)
{
    const cp_plan *plan = check->plan;
    const cp_settings *s = &check->net->settings;
    const cp_drives own = {plan->routes, plan->n_routes, plan->stops};
    met *now = NULL, *then = NULL;
    int64_t sum = 0;
    CP_NEW(check->ctx, check->ctx->scratch, now, plan->n_stops + 1);
    CP_NEW(check->ctx, check->ctx->scratch, then, plan->n_stops + 1);
    *out = (cp_plan_likeness){.t = t, .vault = vault, .likeness_ppm = -1};
    for (int32_t d = t - 1; d >= t - s->likeness_days; d--) {
        const cp_drives *old = d < 0 ? plan->past : &own;
        if (!has_routes(old, vault, d)) continue;
        cp_plan_likeness one = {.t = t, .vault = vault, .with_t = d};
        one.n_common = meet(&own, old, vault, t, d, now, then, &one.n_stops);
        compare_days(check, now, then, &one);
        one.n_days = out->n_days + 1;
        sum += one.likeness_ppm;
        if (one.likeness_ppm > out->likeness_ppm)
            *out = one;
        else
            out->n_days++;
    }
    if (out->n_days == 0) return CP_OK;
    out->mean_ppm = (int32_t)(sum / out->n_days);
    out->limit_pct = s->likeness_limit_pct;
    out->price_minor = s->likeness_price_minor;
    while (out->likeness_ppm > (out->limit_pct + out->above_pct) * POINT)
        out->above_pct++;
    return CP_OK;
}

static const cp_plan_likeness *row_of(const cp_plan *plan, int32_t t, int32_t vault)
{
    for (int32_t i = 0; i < plan->n_likeness; i++)
        if (plan->likeness[i].t == t && plan->likeness[i].vault == vault) return &plan->likeness[i];
    return NULL;
}

static bool equal(const cp_plan_likeness *a, const cp_plan_likeness *b)
{
    return a->n_days == b->n_days && a->with_t == b->with_t && a->n_stops == b->n_stops &&
           a->n_common == b->n_common && a->arcs_ppm == b->arcs_ppm &&
           a->order_ppm == b->order_ppm && a->slots_ppm == b->slots_ppm &&
           a->likeness_ppm == b->likeness_ppm && a->mean_ppm == b->mean_ppm &&
           a->limit_pct == b->limit_pct && a->above_pct == b->above_pct &&
           a->price_minor == b->price_minor;
}

static cp_status check_day(cp_check *check, int32_t t, int32_t vault)
{
    const char *code = check->net->vaults[vault].code;
    const cp_plan_likeness *row = row_of(check->plan, t, vault);
    cp_plan_likeness must;
    const cp_drives own = {check->plan->routes, check->plan->n_routes, check->plan->stops};
    if (!has_routes(&own, vault, t) && row == NULL) return CP_OK;
    CP_TRY(derive(check, t, vault, &must));
    if (row == NULL && must.above_pct == 0) return CP_OK; /* nothing was promised or broken */
    if (row != NULL && must.n_days > 0 && equal(row, &must)) return CP_OK;
    if (row == NULL)
        return cp_check_say(check, "likeness", cp_at_day(t),
                            "the routes of vault %s are %d points above the limit of %d %% and it "
                            "is not declared",
                            code, (int)must.above_pct, (int)must.limit_pct);
    return cp_check_say(check, "likeness", cp_at_day(t),
                        "the routes of vault %s are written to be %.2f %% alike with earlier ones, "
                        "%d points above the limit; they are %.2f %%, %d points above",
                        code, row->likeness_ppm / 1e4, (int)row->above_pct,
                        must.n_days > 0 ? must.likeness_ppm / 1e4 : 0.0, (int)must.above_pct);
}

cp_status cp_check_likeness(cp_check *check)
{
    for (int32_t i = 0; i < check->plan->n_likeness; i++) {
        const cp_plan_likeness *l = &check->plan->likeness[i];
        if (l->t < 0 || l->t >= check->plan->n_days || l->vault < 0 ||
            l->vault >= check->net->n_vaults)
            return cp_check_say(check, "likeness", cp_at_day(-1),
                                "row %d of the likeness of routes names no day or vault", (int)i);
    }
    for (int32_t t = 0; t < check->plan->n_days; t++)
        for (int32_t v = 0; v < check->net->n_vaults; v++) {
            const cp_arena_mark mark = cp_arena_here(check->ctx->scratch);
            CP_TRY(check_day(check, t, v));
            cp_arena_rewind(check->ctx->scratch, mark);
        }
    return CP_OK;
}

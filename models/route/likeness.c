/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/route/likeness.h"

#include <stdlib.h>
#include <string.h>

cp_likeness_rule cp_likeness_rule_of(const cp_settings *settings)
{
    const cp_likeness_rule rule = {
        .days = settings->likeness_days,
        .slot_min = settings->likeness_slot_min,
        .arcs = settings->likeness_arcs_ppm,
        .order = settings->likeness_order_ppm,
        .slots = settings->likeness_slots_ppm,
        .limit_pct = settings->likeness_limit_pct,
        .price_minor = settings->likeness_price_minor,
    };
    return rule;
}

/* ---- a vault's day ------------------------------------------------------------------------ */

/* By site; of a site that stands twice the first in driving order. */
static int by_site(const void *a, const void *b)
{
    const cp_drive_stop *x = a, *y = b;
    if (x->site != y->site) return x->site < y->site ? -1 : 1;
    if (x->route != y->route) return x->route < y->route ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static void add_route(const cp_drives *drives, const cp_plan_route *route, int32_t number,
                      cp_drive_day *day)
{
    const cp_plan_stop *s = drives->stops + route->first_stop;
    for (int32_t k = 0; k < route->n_stops; k++) {
        const bool first = k == 0 || s[k - 1].trip != s[k].trip;
        const bool last = k == route->n_stops - 1 || s[k + 1].trip != s[k].trip;
        day->stop[day->n++] = (cp_drive_stop){.site = s[k].site,
                                              .before = first ? CP_BASE_SITE : s[k - 1].site,
                                              .after = last ? CP_BASE_SITE : s[k + 1].site,
                                              .route = number,
                                              .place = k,
                                              .arrive_min = s[k].arrive_min};
    }
}

cp_status cp_drive_day_make(cp_ctx *ctx, cp_arena *arena, const cp_drives *drives, int32_t vault,
                            int32_t t, cp_drive_day *out)
{
    cp_drive_day day = {t, NULL, 0};
    int32_t n = 0;
    for (int32_t i = 0; i < drives->n_routes; i++)
        if (drives->routes[i].t == t && drives->routes[i].vault == vault)
            n += drives->routes[i].n_stops;
    CP_NEW(ctx, arena, day.stop, n + 1);
    for (int32_t i = 0; i < drives->n_routes; i++)
        if (drives->routes[i].t == t && drives->routes[i].vault == vault)
            add_route(drives, &drives->routes[i], i, &day);
    qsort(day.stop, (size_t)day.n, sizeof *day.stop, by_site);
    n = 0;
    for (int32_t k = 0; k < day.n; k++)
        if (n == 0 || day.stop[n - 1].site != day.stop[k].site) day.stop[n++] = day.stop[k];
    day.n = n;
    *out = day;
    return CP_OK;
}

cp_status cp_drive_window(cp_ctx *ctx, cp_arena *arena, const cp_likeness_rule *rule,
                          const cp_drives *past, const cp_drives *own, int32_t vault, int32_t t,
                          cp_drive_day **out, int32_t *n)
{
    *n = 0;
    CP_NEW(ctx, arena, *out, rule->days + 1);
    for (int32_t d = t - 1; d >= t - rule->days; d--) {
        const cp_drives *drives = d >= 0 ? own : past;
        if (drives == NULL) continue;
        CP_TRY(cp_drive_day_make(ctx, arena, drives, vault, d, &(*out)[*n]));
        if ((*out)[*n].n > 0) (*n)++;
    }
    return CP_OK;
}

/* ---- two days ----------------------------------------------------------------------------- */

/* A site of both days. */
typedef struct both {
    const cp_drive_stop *now, *then;
    bool paired; /* with another on one car of either day */
} both;

static int32_t match(const cp_drive_day *day, const cp_drive_day *before, both *out)
{
    int32_t n = 0;
    for (int32_t i = 0, k = 0; i < day->n && k < before->n;) {
        if (day->stop[i].site < before->stop[k].site)
            i++;
        else if (day->stop[i].site > before->stop[k].site)
            k++;
        else
            out[n++] = (both){&day->stop[i++], &before->stop[k++], false};
    }
    return n;
}

static int32_t ppm(int64_t part, int64_t whole)
{
    return (int32_t)(part * CP_LIKENESS_ONE / whole);
}

static int32_t arcs_of(const both *c, int32_t n)
{
    int64_t same = 0;
    for (int32_t i = 0; i < n; i++)
        same += (c[i].now->before == c[i].then->before) + (c[i].now->after == c[i].then->after);
    return ppm(same, 2 * (int64_t)n);
}

static int32_t slots_of(const both *c, int32_t n, int32_t slot_min)
{
    int64_t same = 0;
    for (int32_t i = 0; i < n; i++)
        same += labs((long)c[i].now->arrive_min - c[i].then->arrive_min) <= slot_min;
    return ppm(same, n);
}

/* -1: no two sites follow each other on any car of either day. */
static int32_t order_of(both *c, int32_t n)
{
    int64_t pairs = 0, kept = 0;
    for (int32_t i = 0; i < n; i++)
        for (int32_t k = i + 1; k < n; k++) {
            const bool now = c[i].now->route == c[k].now->route;
            const bool then = c[i].then->route == c[k].then->route;
            if (now || then) {
                pairs++;
                c[i].paired = c[k].paired = true;
            }
            if (!now || !then) continue;
            const bool up = c[i].now->place < c[k].now->place;
            kept += up == (c[i].then->place < c[k].then->place) ? 1 : -1;
        }
    if (pairs == 0) return -1;
    return kept > 0 ? ppm(kept, pairs) : 0;
}

/* Products stay below 3e12 a site, far from overflow. */
static int32_t weigh(const cp_likeness_rule *rule, const both *c, const cp_plan_likeness *l)
{
    int64_t paired = 0;
    for (int32_t i = 0; i < l->n_common; i++)
        paired += c[i].paired;
    const int64_t arcs = (int64_t)rule->arcs * l->n_common;
    const int64_t slots = (int64_t)rule->slots * l->n_common;
    const int64_t order = rule->order * paired;
    const int64_t sum =
        arcs * l->arcs_ppm + slots * l->slots_ppm + (order > 0 ? order * l->order_ppm : 0);
    if (arcs + order + slots == 0) return 0;
    return (int32_t)(sum / (arcs + order + slots) * l->n_common / l->n_stops);
}

cp_status cp_likeness_of(cp_ctx *ctx, const cp_likeness_rule *rule, const cp_drive_day *day,
                         const cp_drive_day *before, cp_plan_likeness *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    both *c = NULL;
    CP_NEW(ctx, ctx->scratch, c, day->n + 1);
    out->with_t = before->t;
    out->n_stops = day->n;
    out->n_common = match(day, before, c);
    out->arcs_ppm = out->order_ppm = out->slots_ppm = -1;
    out->likeness_ppm = 0;
    if (out->n_common > 0) {
        out->arcs_ppm = arcs_of(c, out->n_common);
        out->order_ppm = order_of(c, out->n_common);
        out->slots_ppm = slots_of(c, out->n_common, rule->slot_min);
        out->likeness_ppm = weigh(rule, c, out);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

int32_t cp_likeness_above(int32_t likeness_ppm, int32_t limit_pct)
{
    const int32_t pct = (likeness_ppm + CP_LIKENESS_ONE / 100 - 1) / (CP_LIKENESS_ONE / 100);
    return pct > limit_pct ? pct - limit_pct : 0;
}

cp_status cp_likeness_window(cp_ctx *ctx, const cp_likeness_rule *rule, const cp_drive_day *day,
                             const cp_drive_day *window, int32_t n, cp_plan_likeness *out,
                             int32_t *each_ppm)
{
    cp_plan_likeness most = {.likeness_ppm = -1};
    int64_t sum = 0;
    for (int32_t k = 0; k < n; k++) {
        cp_plan_likeness one = {0};
        CP_TRY(cp_likeness_of(ctx, rule, day, &window[k], &one));
        sum += one.likeness_ppm;
        if (each_ppm != NULL) each_ppm[k] = one.likeness_ppm;
        if (one.likeness_ppm > most.likeness_ppm) most = one;
    }
    most.t = out->t;
    most.vault = out->vault;
    most.n_days = n;
    most.mean_ppm = (int32_t)(sum / n);
    most.limit_pct = rule->limit_pct;
    most.above_pct = cp_likeness_above(most.likeness_ppm, rule->limit_pct);
    most.price_minor = rule->price_minor;
    *out = most;
    return CP_OK;
}

/* ---- a plan ------------------------------------------------------------------------------- */

static cp_status add_row(cp_ctx *ctx, const cp_likeness_rule *rule, int32_t t, int32_t vault,
                         cp_plan *plan)
{
    const cp_drives own = {plan->routes, plan->n_routes, plan->stops};
    cp_drive_day day, *window = NULL;
    int32_t n = 0;
    CP_TRY(cp_drive_day_make(ctx, ctx->scratch, &own, vault, t, &day));
    if (day.n == 0) return CP_OK;
    CP_TRY(cp_drive_window(ctx, ctx->scratch, rule, plan->past, &own, vault, t, &window, &n));
    if (n == 0) return CP_OK;
    cp_plan_likeness *row = &plan->likeness[plan->n_likeness++];
    row->t = t;
    row->vault = vault;
    return cp_likeness_window(ctx, rule, &day, window, n, row, NULL);
}

cp_status cp_likeness_make(cp_ctx *ctx, const cp_network *net, cp_plan *plan)
{
    const cp_likeness_rule rule = cp_likeness_rule_of(&net->settings);
    plan->n_likeness = 0;
    CP_NEW(ctx, ctx->run, plan->likeness, (size_t)plan->n_days * (size_t)net->n_vaults + 1);
    for (int32_t t = 0; t < plan->n_days && rule.days > 0; t++)
        for (int32_t v = 0; v < net->n_vaults; v++) {
            const cp_arena_mark mark = cp_arena_here(ctx->scratch);
            CP_TRY(add_row(ctx, &rule, t, v, plan));
            cp_arena_rewind(ctx->scratch, mark);
        }
    return CP_OK;
}

/* ---- key figures -------------------------------------------------------------------------- */

#define N_KPIS 6

/* Sums over the rows of a vault, or of all. */
typedef struct tally {
    int64_t rows, above, sum_ppm;
    int32_t most_ppm;
    int64_t part_ppm[3], part_rows[3];
} tally;

static void count_row(const cp_plan_likeness *l, tally *t)
{
    const int32_t parts[3] = {l->arcs_ppm, l->order_ppm, l->slots_ppm};
    t->rows++;
    t->above += l->above_pct > 0;
    t->sum_ppm += l->likeness_ppm;
    if (l->likeness_ppm > t->most_ppm) t->most_ppm = l->likeness_ppm;
    for (int32_t k = 0; k < 3; k++) {
        if (parts[k] < 0) continue;
        t->part_ppm[k] += parts[k];
        t->part_rows[k]++;
    }
}

static void put(cp_record *record, const char *scope, const char *name, double value)
{
    record->kpis[record->n_kpis++] = (cp_kpi){.name = name, .scope = scope, .value = value};
}

static void put_tally(cp_record *record, const char *scope, const tally *t)
{
    static const char *const parts[3] = {"route_ways_again_pct", "route_order_again_pct",
                                         "route_slots_again_pct"};
    if (t->rows == 0) return;
    put(record, scope, "route_likeness_most_pct", t->most_ppm / 1e4);
    put(record, scope, "route_likeness_mean_pct", (double)t->sum_ppm / (double)t->rows / 1e4);
    for (int32_t k = 0; k < 3; k++)
        if (t->part_rows[k] > 0)
            put(record, scope, parts[k], (double)t->part_ppm[k] / (double)t->part_rows[k] / 1e4);
    put(record, scope, "route_likeness_days_above", (double)t->above);
}

cp_status cp_likeness_kpis(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                           cp_record *record)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    tally *vault = NULL; /* by vault, then the total */
    cp_kpi *kpis = NULL;
    if (plan->n_likeness == 0) return CP_OK;
    CP_NEW(ctx, ctx->scratch, vault, net->n_vaults + 1);
    CP_NEW(ctx, ctx->run, kpis, record->n_kpis + N_KPIS * (net->n_vaults + 1));
    if (record->n_kpis > 0) memcpy(kpis, record->kpis, (size_t)record->n_kpis * sizeof *kpis);
    record->kpis = kpis;
    for (int32_t i = 0; i < plan->n_likeness; i++) {
        count_row(&plan->likeness[i], &vault[plan->likeness[i].vault]);
        count_row(&plan->likeness[i], &vault[net->n_vaults]);
    }
    put_tally(record, "total", &vault[net->n_vaults]);
    for (int32_t v = 0; v < net->n_vaults; v++)
        put_tally(record, net->vaults[v].code, &vault[v]);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/site_operate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/net/network_build.h"
#include "solver/run/plan_run.h"

#define DAYS_A_WEEK 7
#define DAYS_A_YEAR 365.0

typedef struct window {
    double demand;
    cp_day first;
} window;

static int by_demand(const void *a, const void *b)
{
    const window *x = a, *y = b;
    if (x->demand != y->demand) return x->demand < y->demand ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

static int by_day(const void *a, const void *b)
{
    const cp_day x = *(const cp_day *)a, y = *(const cp_day *)b;
    return x < y ? -1 : x > y;
}

/* What is on record of the days; days without a record count as the mean of the others. */
static double demand_of(const cp_history *h, cp_day first, int32_t n_days)
{
    double sum = 0;
    for (int32_t f = 0; f < CP_N_FLOWS; f++)
        for (int32_t p = 0; p < h->n_points; p++) {
            double own = 0;
            int32_t n = 0;
            for (cp_day d = first; d < first + n_days; d++) {
                const cp_minor seen = cp_history_at(h, (cp_flow)f, p, d);
                if (seen == CP_HISTORY_MISSING) continue;
                own += (double)seen;
                n++;
            }
            if (n > 0) sum += own * n_days / n;
        }
    return sum;
}

cp_status cp_operate_weeks(cp_ctx *ctx, const cp_history *history, cp_day today, int32_t n_days,
                           int32_t n_weeks, cp_day *out, int32_t *n)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_day from = history->first_day + CP_OPERATE_LEARN_DAYS;
    const cp_day end = history->first_day + history->n_days;
    const int32_t most = history->n_days / DAYS_A_WEEK + 1;
    window *w = NULL;
    int32_t n_windows = 0;
    CP_NEW(ctx, ctx->scratch, w, most);
    for (cp_day d = today - DAYS_A_WEEK; d >= from; d -= DAYS_A_WEEK)
        if (d + n_days <= end && d + n_days <= today)
            w[n_windows++] = (window){demand_of(history, d, n_days), d};
    qsort(w, (size_t)n_windows, sizeof *w, by_demand);
    *n = n_weeks < n_windows ? n_weeks : n_windows;
    for (int32_t k = 0; k < *n; k++) {
        const int32_t a = (int32_t)((int64_t)n_windows * k / *n);
        const int32_t b = (int32_t)((int64_t)n_windows * (k + 1) / *n);
        out[k] = w[a + (b - a - 1) / 2].first;
    }
    if (*n == 0) out[(*n)++] = today;
    qsort(out, (size_t)*n, sizeof *out, by_day);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

typedef struct named {
    const char *code;
    int32_t at;
} named;

static int by_code(const void *a, const void *b)
{
    return strcmp(((const named *)a)->code, ((const named *)b)->code);
}

/* The history of `from`'s points as that of `to`'s, day by day. */
static cp_status history_of(cp_ctx *ctx, const cp_history *h, const cp_network *from,
                            const cp_network *to, cp_history **out)
{
    named *list = NULL;
    CP_TRY(cp_history_new(ctx, to, h->first_day, h->n_days, out));
    CP_NEW(ctx, ctx->scratch, list, from->n_points + 1);
    for (int32_t p = 0; p < from->n_points; p++)
        list[p] = (named){from->points[p].code, p};
    qsort(list, (size_t)from->n_points, sizeof *list, by_code);
    const size_t days = (size_t)h->n_days, denoms = (size_t)h->n_denoms;
    for (int32_t p = 0; p < to->n_points; p++) {
        const named key = {to->points[p].code, 0};
        const named *found = bsearch(&key, list, (size_t)from->n_points, sizeof *list, by_code);
        if (found == NULL) continue;
        const size_t was = (size_t)found->at, is = (size_t)p;
        memcpy(&(*out)->faults[is * days], &h->faults[was * days], days);
        for (size_t f = 0; f < CP_N_FLOWS; f++) {
            const size_t a = f * (size_t)h->n_points + was, b = f * (size_t)to->n_points + is;
            memcpy(&(*out)->amount[b * days], &h->amount[a * days], days * sizeof *h->amount);
            memcpy(&(*out)->denom_ppm[b * denoms], &h->denom_ppm[a * denoms],
                   denoms * sizeof *h->denom_ppm);
            memcpy(&(*out)->denom_spread[b * 2], &h->denom_spread[a * 2],
                   2 * sizeof *h->denom_spread);
        }
    }
    return CP_OK;
}

static cp_minor sum_items(const cp_cost *c, const cp_cost_item *items, int32_t n)
{
    cp_minor sum = 0;
    for (int32_t k = 0; k < n; k++)
        sum += c->item[items[k]];
    return sum;
}

static const cp_cost_item route_items[] = {CP_COST_CAR_DAY, CP_COST_KM, CP_COST_HOUR,
                                           CP_COST_OVERTIME_HOUR};
static const cp_cost_item vault_items[] = {
    CP_COST_PACK,   CP_COST_SORT,       CP_COST_OVERTIME_PACK_SORT, CP_COST_OUTSOURCED_SORT,
    CP_COST_ORDERS, CP_COST_CROSS_SHIP, CP_COST_VAULT_HOLD};
#define LEN(a) ((int32_t)(sizeof(a) / sizeof *(a)))

/* Most different cars on the road on one day: routes come by (day, vault, car). */
static int32_t most_cars(const cp_plan *plan)
{
    int32_t most = 0, now = 0;
    for (int32_t r = 0; r < plan->n_routes; r++) {
        const cp_plan_route *a = &plan->routes[r];
        const bool new_day = r == 0 || plan->routes[r - 1].t != a->t;
        if (new_day) now = 0;
        if (new_day || plan->routes[r - 1].car != a->car) now++;
        if (now > most) most = now;
    }
    return most;
}

typedef struct sums {
    double cost, routes, vaults, relief, service;
} sums;

static void add_plan(const cp_plan_answer *answer, sums *s, cp_study_operation *out)
{
    const cp_plan *plan = answer->plan;
    s->cost += (double)plan->cost.total_minor;
    s->routes += (double)sum_items(&plan->cost, route_items, LEN(route_items));
    s->vaults += (double)sum_items(&plan->cost, vault_items, LEN(vault_items));
    s->relief += (double)plan->cost.item[CP_COST_RELIEF];
    s->service += answer->record->service_pct * plan->n_days;
    out->n_days += plan->n_days;
    out->stops += plan->n_stops;
    out->unserved += plan->n_unserved;
    for (int32_t o = 0; o < plan->n_orders; o++)
        out->late_orders += plan->orders[o].t < 0;
    const int32_t cars = most_cars(plan);
    if (cars > out->cars) out->cars = cars;
}

static cp_status plan_week(cp_ctx *ctx, const cp_operate_in *in, const cp_layout *layout,
                           cp_day first, cp_plan_answer *answer)
{
    const cp_layout_days days = {in->today, first, in->n_days};
    cp_rows rows;
    cp_network *net = NULL;
    cp_day *balance_day = NULL;
    cp_history *history = NULL, *known = NULL;
    CP_TRY(cp_layout_rows(ctx, in->rows, in->net, layout, &days, &rows));
    CP_TRY(cp_network_build(ctx, &rows, first, in->n_days, &net, &balance_day));
    CP_TRY(cp_history_until(ctx, in->history, first, &known));
    CP_TRY(history_of(ctx, known, in->net, net, &history));
    cp_plan_run_opts opts = cp_plan_run_defaults();
    opts.work = in->work;
    opts.rivals = false;
    opts.fresh_paths = 0;
    CP_TRY(cp_plan_run(ctx, net, balance_day, history, &opts, answer));
    if (!cp_outcome_has_plan(answer->plan->outcome))
        CP_FAIL(ctx, CP_E_INPUT, "%s", cp_outcome_text(answer->plan->outcome));
    if (answer->record->status == CP_PLAN_REFUSED)
        CP_FAIL(ctx, CP_E_INPUT, "the referee refuses its plan: %s",
                answer->record->verdict->n_kept > 0 ? answer->record->verdict->violations[0].text
                                                    : "no reason given");
    return CP_OK;
}

/* Yearly figures of the planned days. */
static void scale(const sums *s, cp_minor run_minor, cp_study_operation *out)
{
    const double by = DAYS_A_YEAR / out->n_days;
    out->cost = llround(s->cost * by) + run_minor;
    out->routes = llround(s->routes * by);
    out->vaults = llround(s->vaults * by) + run_minor;
    out->visits = out->cost - out->routes - out->vaults;
    out->relief = llround(s->relief * by);
    out->service_ppm = (int32_t)lround(s->service * 1e4 / out->n_days);
    out->bound = -1; /* visits and routes have bounds of their own, no joint one */
    out->done = true;
}

static cp_status plan_weeks(cp_ctx *ctx, const cp_operate_in *in, const cp_layout *layout, sums *s,
                            cp_study_operation *out)
{
    for (int32_t k = 0; k < in->n_weeks; k++) {
        const cp_arena_mark run = cp_arena_here(ctx->run), mark = cp_arena_here(ctx->scratch);
        cp_plan_answer answer;
        const cp_status st = plan_week(ctx, in, layout, in->weeks[k], &answer);
        if (st == CP_OK) add_plan(&answer, s, out);
        cp_arena_rewind(ctx->scratch, mark);
        cp_arena_rewind(ctx->run, run);
        CP_TRY(st);
        /* A plan that was cut short is no ground for a ranking. */
        if (ctx->stop != NULL && atomic_load(ctx->stop) != 0)
            CP_FAIL(ctx, CP_E_STOPPED, "stopped while layouts were planned");
    }
    return CP_OK;
}

cp_status cp_operate(cp_ctx *ctx, const cp_operate_in *in, const cp_layout *layout,
                     cp_minor run_minor, cp_study_operation *out)
{
    *out = (cp_study_operation){.bound = -1};
    sums s = {0};
    const cp_status st = plan_weeks(ctx, in, layout, &s, out);
    if (st == CP_E_INPUT) {
        *out = (cp_study_operation){.bound = -1};
        out->why_not = cp_strdup(ctx, ctx->run, ctx->error.text);
        if (out->why_not == NULL) return CP_E_NOMEM;
        cp_error_clear(ctx);
        return CP_OK;
    }
    CP_TRY(st);
    scale(&s, run_minor, out);
    return CP_OK;
}

void cp_operate_rank(cp_study_operation *operations, const double *model, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        if (!operations[i].done) continue;
        operations[i].rank = operations[i].model_rank = 1;
        for (int32_t k = 0; k < n; k++) {
            if (k == i || !operations[k].done) continue;
            operations[i].rank += operations[k].cost < operations[i].cost ||
                                  (operations[k].cost == operations[i].cost && k < i);
            operations[i].model_rank += model[k] < model[i] || (model[k] == model[i] && k < i);
        }
    }
}

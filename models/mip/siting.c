/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mip/siting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct arc {
    double cost;
    int32_t site;
} arc;

static int by_cost(const void *a, const void *b)
{
    const arc *p = a, *q = b;
    if (p->cost != q->cost) return p->cost < q->cost ? -1 : 1;
    return (p->site > q->site) - (p->site < q->site);
}

static bool is_allowed(const double *cost, const double *reach, double radius, size_t at)
{
    if (!isfinite(cost[at])) return false;
    return (reach == NULL ? cost[at] : reach[at]) <= radius;
}

cp_status cp_siting_arcs(cp_ctx *ctx, const double *cost, const double *reach, double radius,
                         cp_siting *siting)
{
    const int32_t m = siting->n_sites, n = siting->n_clients;
    int32_t *first = NULL, *site = NULL;
    double *price = NULL;
    arc *list = NULL;
    CP_NEW(ctx, ctx->run, first, n + 1);
    int64_t total = 0;
    for (int64_t at = 0; at < (int64_t)m * n; at++)
        total += is_allowed(cost, reach, radius, (size_t)at);
    if (total > INT32_MAX)
        CP_FAIL(ctx, CP_E_RANGE, "%lld allowed pairs of site and client; at most %d",
                (long long)total, INT32_MAX);
    CP_NEW(ctx, ctx->run, site, total);
    CP_NEW(ctx, ctx->run, price, total);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    CP_NEW(ctx, ctx->scratch, list, m);
    int32_t n_arcs = 0;
    for (int32_t i = 0; i < n; i++) {
        int32_t len = 0;
        for (int32_t j = 0; j < m; j++) {
            const size_t at = (size_t)j * (size_t)n + (size_t)i;
            const bool shut = siting->duty != NULL && siting->duty[j] == CP_SITING_SHUT;
            if (!shut && is_allowed(cost, reach, radius, at))
                list[len++] = (arc){.cost = cost[at], .site = j};
        }
        qsort(list, (size_t)len, sizeof *list, by_cost);
        for (int32_t k = 0; k < len; k++) {
            site[n_arcs] = list[k].site;
            price[n_arcs++] = list[k].cost;
        }
        first[i + 1] = n_arcs;
    }
    cp_arena_rewind(ctx->scratch, mark);
    siting->first = first;
    siting->arc_site = site;
    siting->arc_cost = price;
    return CP_OK;
}

static cp_status check_sites(cp_ctx *ctx, const cp_siting *s)
{
    for (int32_t j = 0; j < s->n_sites; j++) {
        if (!(s->fixed[j] >= 0) || !isfinite(s->fixed[j]))
            CP_FAIL(ctx, CP_E_INPUT, "site %d: fixed cost %g; it must be a number >= 0", (int)j,
                    s->fixed[j]);
        if (s->capacity != NULL && (!(s->capacity[j] >= 0) || !isfinite(s->capacity[j])))
            CP_FAIL(ctx, CP_E_INPUT, "site %d: capacity %g; it must be a number >= 0", (int)j,
                    s->capacity[j]);
        if (s->duty != NULL && s->duty[j] > CP_SITING_SHUT)
            CP_FAIL(ctx, CP_E_INPUT, "site %d: duty %d is none of free, open, shut", (int)j,
                    (int)s->duty[j]);
    }
    return CP_OK;
}

static cp_status check_client(cp_ctx *ctx, const cp_siting *s, int32_t i)
{
    if (s->leave != NULL && !(s->leave[i] > 0))
        CP_FAIL(ctx, CP_E_INPUT, "client %d: price of leaving it out %g; it must be above 0",
                (int)i, s->leave[i]);
    if (s->demand != NULL && (!(s->demand[i] > 0) || !isfinite(s->demand[i])))
        CP_FAIL(ctx, CP_E_INPUT, "client %d: demand %g; it must be a number above 0", (int)i,
                s->demand[i]);
    if (s->first[i + 1] < s->first[i])
        CP_FAIL(ctx, CP_E_INPUT, "client %d: its list of sites ends before it begins", (int)i);
    for (int32_t a = s->first[i]; a < s->first[i + 1]; a++) {
        if (s->arc_site[a] < 0 || s->arc_site[a] >= s->n_sites)
            CP_FAIL(ctx, CP_E_INPUT, "client %d: site %d; sites are 0 to %d", (int)i,
                    (int)s->arc_site[a], (int)s->n_sites - 1);
        if (!(s->arc_cost[a] >= 0) || !isfinite(s->arc_cost[a]))
            CP_FAIL(ctx, CP_E_INPUT, "client %d, site %d: cost %g; it must be a number >= 0",
                    (int)i, (int)s->arc_site[a], s->arc_cost[a]);
        if (a == s->first[i]) continue;
        if (s->arc_cost[a - 1] > s->arc_cost[a])
            CP_FAIL(ctx, CP_E_INPUT, "client %d: its sites are not in ascending order of cost",
                    (int)i);
    }
    return CP_OK;
}

cp_status cp_siting_valid(cp_ctx *ctx, const cp_siting *s)
{
    if (s->n_sites < 1 || s->n_clients < 0)
        CP_FAIL(ctx, CP_E_INPUT, "%d sites and %d clients; at least one site is needed",
                (int)s->n_sites, (int)s->n_clients);
    if (s->least_open < 0 || s->least_open > s->most_open || s->most_open > s->n_sites)
        CP_FAIL(ctx, CP_E_INPUT, "%d to %d open sites of %d are asked for", (int)s->least_open,
                (int)s->most_open, (int)s->n_sites);
    if ((s->demand == NULL) != (s->capacity == NULL))
        CP_FAIL(ctx, CP_E_INPUT, "demands and capacities come together or not at all");
    CP_TRY(check_sites(ctx, s));
    for (int32_t i = 0; i < s->n_clients; i++)
        CP_TRY(check_client(ctx, s, i));
    return CP_OK;
}

static bool all_multiples(const double *v, int64_t n, double per_unit)
{
    for (int64_t k = 0; k < n; k++) {
        if (!isfinite(v[k])) continue;
        const double scaled = v[k] * per_unit;
        if (scaled > 1e15 || fabs(scaled - nearbyint(scaled)) > 1e-7) return false;
    }
    return true;
}

double cp_siting_quantum(const cp_siting *s)
{
    double per_unit = 1;
    for (int32_t k = 0; k <= 3; k++, per_unit *= 10)
        if (all_multiples(s->fixed, s->n_sites, per_unit) &&
            all_multiples(s->arc_cost, s->first[s->n_clients], per_unit) &&
            (s->leave == NULL || all_multiples(s->leave, s->n_clients, per_unit)))
            return 1 / per_unit;
    return 0;
}

void cp_siting_serve_nearest(const cp_siting *s, cp_siting_plan *plan)
{
    double cost = 0;
    for (int32_t j = 0; j < s->n_sites; j++)
        if (plan->open[j]) cost += s->fixed[j];
    for (int32_t i = 0; i < s->n_clients; i++) {
        const double leave = s->leave == NULL ? INFINITY : s->leave[i];
        int32_t a = s->first[i];
        while (a < s->first[i + 1] && !plan->open[s->arc_site[a]])
            a++;
        const bool served = a < s->first[i + 1] && s->arc_cost[a] <= leave;
        plan->server[i] = served ? s->arc_site[a] : CP_SITING_NOBODY;
        cost += served ? s->arc_cost[a] : leave;
    }
    plan->cost = cost;
}

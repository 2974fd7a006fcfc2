/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/route_bounds.h"

#include <string.h>

#define N_KPIS 5

static const struct {
    const char *name, *text;
} reasons[CP_N_NO_BOUND] = {
    [CP_BOUND_KNOWN] = {"", "bounded"},
    [CP_NO_BOUND_STOPS] = {"stops", "more stops than can be bounded"},
    [CP_NO_BOUND_WORK] = {"work", "the counted work was used up before a bound was found"},
    [CP_NO_BOUND_STOPPED] = {"stopped", "the run was stopped before"},
    [CP_NO_BOUND_AMOUNTS] = {"amounts", "amounts of money beyond exact arithmetic"},
    [CP_NO_BOUND_RULES] = {"rules", "a stop is served that no car may serve by the rules"},
};

const char *cp_no_bound_name(cp_no_bound why)
{
    return (int)why >= 0 && why < CP_N_NO_BOUND ? reasons[why].name : "unknown";
}

const char *cp_no_bound_text(cp_no_bound why)
{
    return (int)why >= 0 && why < CP_N_NO_BOUND ? reasons[why].text : "unknown";
}

bool cp_no_bound_parse(const char *name, cp_no_bound *why)
{
    for (int32_t k = 0; k < CP_N_NO_BOUND; k++) {
        if (strcmp(reasons[k].name, name) != 0) continue;
        *why = (cp_no_bound)k;
        return true;
    }
    return false;
}

double cp_route_gap(cp_minor routed_minor, cp_minor bound_minor)
{
    if (routed_minor <= 0) return 0.0;
    return (double)(routed_minor - bound_minor) / (double)routed_minor;
}

cp_route_bound_sum cp_route_bounds_sum(const cp_plan *plan, int32_t vault)
{
    cp_route_bound_sum sum = {0};
    for (int32_t i = 0; i < plan->n_bounds; i++) {
        const cp_plan_route_bound *b = &plan->bounds[i];
        if (vault >= 0 && b->vault != vault) continue;
        sum.n_days++;
        if (b->why != CP_BOUND_KNOWN) {
            if (b->n_stops > sum.n_stops_most) sum.n_stops_most = b->n_stops;
            continue;
        }
        sum.n_bounded++;
        sum.n_proven += b->proven;
        sum.routed_minor += b->routed_minor;
        sum.bound_minor += b->bound_minor;
    }
    sum.gap = cp_route_gap(sum.routed_minor, sum.bound_minor);
    return sum;
}

const cp_plan_route_bound *cp_route_bound_at(const cp_plan *plan, int32_t t, int32_t vault)
{
    for (int32_t i = 0; i < plan->n_bounds; i++)
        if (plan->bounds[i].t == t && plan->bounds[i].vault == vault) return &plan->bounds[i];
    return NULL;
}

static void put(cp_record *record, const char *scope, const char *name, double value)
{
    record->kpis[record->n_kpis++] = (cp_kpi){.name = name, .scope = scope, .value = value};
}

static void put_sum(cp_record *record, const char *scope, const cp_route_bound_sum *s)
{
    if (s->n_days == 0) return;
    put(record, scope, "route_days_bounded", s->n_bounded);
    put(record, scope, "route_days_proven", s->n_proven);
    put(record, scope, "route_days_unbounded", s->n_days - s->n_bounded);
    if (s->n_bounded == 0) return;
    put(record, scope, "route_bound_minor", (double)s->bound_minor);
    put(record, scope, "route_gap_pct", 100.0 * s->gap);
}

cp_status cp_route_bounds_kpis(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                               cp_record *record)
{
    cp_kpi *kpis = NULL;
    if (plan->n_bounds == 0) return CP_OK;
    CP_NEW(ctx, ctx->run, kpis, record->n_kpis + N_KPIS * (net->n_vaults + 1));
    if (record->n_kpis > 0) memcpy(kpis, record->kpis, (size_t)record->n_kpis * sizeof *kpis);
    record->kpis = kpis;
    cp_route_bound_sum sum = cp_route_bounds_sum(plan, -1);
    put_sum(record, "total", &sum);
    for (int32_t v = 0; v < net->n_vaults; v++) {
        sum = cp_route_bounds_sum(plan, v);
        put_sum(record, net->vaults[v].code, &sum);
    }
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/plan.h"

#include <stddef.h>

/* Text of an enum value; values outside the list have a text too, so that a damaged plan can still
 * be printed. */
static const char *name_at(const char *const *names, size_t n, int value)
{
    return value >= 0 && (size_t)value < n ? names[value] : "unknown";
}

const char *cp_cost_item_name(cp_cost_item item)
{
    static const char *const names[CP_N_COST_ITEMS] = {
        [CP_COST_HOLD] = "hold",
        [CP_COST_CASH_OUT] = "cash_out",
        [CP_COST_EMERGENCY] = "emergency",
        [CP_COST_STOP_SITE] = "stop_site",
        [CP_COST_STOP_MACHINE] = "stop_machine",
        [CP_COST_STOP_VALUE] = "stop_value",
        [CP_COST_PACK] = "pack",
        [CP_COST_SORT] = "sort",
        [CP_COST_BRANCH_FILL] = "branch_fill",
        [CP_COST_OVERTIME_PACK_SORT] = "overtime_pack_sort",
        [CP_COST_OUTSOURCED_SORT] = "outsourced_sort",
        [CP_COST_RELIEF] = "relief",
        [CP_COST_CAR_DAY] = "car_day",
        [CP_COST_KM] = "km",
        [CP_COST_HOUR] = "hour",
        [CP_COST_OVERTIME_HOUR] = "overtime_hour",
        [CP_COST_ORDERS] = "orders",
        [CP_COST_CROSS_SHIP] = "cross_ship",
        [CP_COST_VAULT_HOLD] = "vault_hold",
    };
    return name_at(names, CP_N_COST_ITEMS, (int)item);
}

const char *cp_limit_kind_name(cp_limit_kind kind)
{
    static const char *const names[] = {
        [CP_LIMIT_STOPS] = "stops",
        [CP_LIMIT_CREW_MIN] = "crew_min",
        [CP_LIMIT_VALUE_OUT] = "value_out",
        [CP_LIMIT_PACK] = "pack",
        [CP_LIMIT_SORT] = "sort",
        [CP_LIMIT_POOL] = "pool",
        [CP_LIMIT_SERVICE_LEVEL] = "service_level",
        [CP_LIMIT_VAULT_VALUE] = "vault_value",
        [CP_LIMIT_VAULT_STOCK] = "vault_stock",
        [CP_LIMIT_ROUTE] = "route",
    };
    return name_at(names, sizeof names / sizeof names[0], (int)kind);
}

const char *cp_visit_kind_name(cp_visit_kind kind)
{
    static const char *const names[] = {
        [CP_VISIT_SWAP] = "swap",
        [CP_VISIT_ADD] = "add",
        [CP_VISIT_PICKUP] = "pickup",
        [CP_VISIT_PARTIAL_SWAP] = "partial_swap",
    };
    return name_at(names, sizeof names / sizeof names[0], (int)kind);
}

const char *cp_outcome_text(cp_outcome outcome)
{
    static const char *const texts[] = {
        [CP_OPTIMAL] = "optimal",
        [CP_WITHIN_GAP] = "within the gap asked for",
        [CP_FEASIBLE] = "a plan, not proved to be the best",
        [CP_INFEASIBLE] = "no plan exists",
        [CP_NO_PLAN] = "no plan found",
    };
    return name_at(texts, sizeof texts / sizeof texts[0], (int)outcome);
}

bool cp_visit_takes_cassette(const cp_network *net, const cp_plan *plan, const cp_plan_visit *visit,
                             int32_t cassette)
{
    const cp_cassette *box = &net->cassettes[cassette];
    if (!cp_visit_swaps(visit) || box->role == CP_ROLE_REJECT) return false;
    for (int32_t k = visit->first_load; k < visit->first_load + visit->n_loads; k++) {
        const cp_channel *c = &net->channels[plan->loads[k].channel];
        if (c->role == box->role && c->denomination == box->denomination)
            return cp_load_swaps(visit, &plan->loads[k]);
    }
    return false;
}

int32_t cp_visit_service_min(const cp_network *net, const cp_plan_visit *visit)
{
    const cp_point *p = &net->points[visit->point];
    if (visit->by_branch) return 0;
    return cp_visit_swaps(visit) ? p->service_min_swap : p->service_min_add;
}

int32_t cp_route_crew_min(const cp_plan_route *route)
{
    return (route->drive_s + 59) / 60 + route->wait_min + route->service_min;
}

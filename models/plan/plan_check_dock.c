/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_dock.c - are there docks enough for the cars that load at the same moment? */
#include "models/plan/plan_check_part.h"

/* Cars of the same vault and day that load when loading `at` begins, itself included. */
static int32_t together(const cp_check *check, int32_t at)
{
    const cp_check_loading *own = &check->loadings[at];
    const cp_plan_route *route = &check->plan->routes[own->route];
    int32_t n = 0;
    for (int32_t i = 0; i < check->n_loadings; i++) {
        const cp_check_loading *l = &check->loadings[i];
        const cp_plan_route *other = &check->plan->routes[l->route];
        if (other->t != route->t || other->vault != route->vault) continue;
        n += l->begin_s <= own->begin_s && own->begin_s < l->end_s;
    }
    return n;
}

/* The number of cars at the docks is largest where one of them begins. */
cp_status cp_check_docks(cp_check *check)
{
    for (int32_t i = 0; i < check->n_loadings; i++) {
        const cp_check_loading *l = &check->loadings[i];
        const cp_plan_route *route = &check->plan->routes[l->route];
        const cp_vault *vault = &check->net->vaults[route->vault];
        char at[16];
        const int32_t n = l->begin_s < l->end_s ? together(check, i) : 0;
        if (n <= vault->dock_slots) continue;
        const int64_t minute = l->begin_s > 0 ? l->begin_s / 60 : 0;
        CP_TRY(cp_check_say(check, "dock", cp_at_route(route->t, l->route),
                            "%d cars load at %s; vault %s has %d dock slots", (int)n,
                            cp_minute_text((int32_t)minute, at), vault->code,
                            (int)vault->dock_slots));
    }
    return CP_OK;
}

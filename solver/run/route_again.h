/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_again.h - a vault's day of a stored plan routed anew, beside the routes it has.
 *
 * The stops are those of the plan's visits; who is visited and with what does not change. The
 * routes found take the place of the day's in a copy of the plan, and the referee of routes judges
 * that copy (cp_plan_check_drives): its rules are recomputed from the visits, with code of its own.
 */
#ifndef CP_ROUTE_AGAIN_H
#define CP_ROUTE_AGAIN_H

#include "models/plan/plan_check.h"
#include "solver/route/route_solve.h"

typedef struct cp_route_ask {
    const cp_network *net;
    const cp_plan *plan;
    const cp_drives *past; /* routes of the days before the plan; NULL = none known */
    int32_t t, vault;
    int64_t work_per_task; /* 0 = the route search's default */
    uint64_t seed;
} cp_route_ask;

/* What routes of the day come to. */
typedef struct cp_route_sums {
    cp_minor cost_minor; /* as cp_route_result.cost_minor */
    int64_t dist_m;
    int32_t n_routes, n_stops;
    int64_t crew_min, overtime_min;
    int32_t likeness_ppm; /* with the most alike of the days before; -1 = nothing to compare */
} cp_route_sums;

typedef struct cp_route_again {
    const cp_route_task *tasks;
    int32_t n_tasks;
    cp_route_sums stored, found;
    cp_route_result *result;
    cp_plan *plan; /* the copy with the new routes */
    cp_verdict *verdict;
} cp_route_again;

/* Everything of *out lives in ctx->run. Without stops that day n_tasks is 0 and nothing else is
 * set. */
cp_status cp_route_again_run(cp_ctx *ctx, const cp_route_ask *ask, cp_route_again *out);

#endif

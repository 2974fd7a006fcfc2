/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check.h - the referee: is this plan allowed? Shares no code with any search. */
#ifndef CP_PLAN_CHECK_H
#define CP_PLAN_CHECK_H

#include "models/demand/paths.h"
#include "models/plan/plan.h"

typedef struct cp_violation {
    const char *rule; /* short stable name: capacity, step, insured, window, shift, car_value, ... */
    int32_t t, point, route; /* -1 where it does not apply */
    const char *text; /* in a planner's words, with codes, value and what is allowed */
} cp_violation;

typedef struct cp_verdict {
    bool accepted;
    bool with_relief; /* declared relief or unserved visits: "proposed with relief" */
    int32_t n_violations, n_kept; /* all; the first 100 are kept */
    cp_violation *violations;
} cp_verdict;

/* Re-derives everything from the network, the forecast's paths (returns at their quantile, service
 * levels) and the plan's decisions. */
cp_status cp_plan_check(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                        const cp_shares *shares, uint64_t seed, const cp_plan *plan,
                        cp_verdict **out);

#endif

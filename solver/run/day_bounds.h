/* SPDX-License-Identifier: GPL-3.0-or-later */
/* day_bounds.h - bounds of the routes of all days and vaults of a plan. */
#ifndef CP_DAY_BOUNDS_H
#define CP_DAY_BOUNDS_H

#include "models/plan/plan.h"

/* plan->bounds, a row for each vault and day with routes, in ctx->run: by one job a vault's day on
 * the threads of ctx. `work` is the labels of one of the first three days (vrp_bound.h); later
 * days, whose routes are planned again before they are driven, get a third of it. Routes and visits
 * are as they are stored. */
cp_status cp_day_bounds_make(cp_ctx *ctx, const cp_network *net, int64_t work, cp_plan *plan);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rivals.h - from visits and routes to a priced plan; the rules of thumb planned, routed and priced
 * like ours. */
#ifndef CP_RIVALS_H
#define CP_RIVALS_H

#include "models/demand/paths.h"
#include "models/plan/record.h"
#include "solver/run/day_routes.h"

typedef struct cp_finish_input {
    const cp_network *net;
    const cp_forecast *forecast;
    const cp_shares *shares;
    uint64_t seed;         /* of the sample paths */
    const cp_drives *past; /* as in cp_day_routes_opts */
} cp_finish_input;

/* Visits that no route took become `unserved` with the reason, limits are declared (duals of the
 * old rows are kept), orders are proposed, the cost is recomputed. *plan is filled and routed; a
 * new plan is made when visits had to go. */
cp_status cp_plan_finish(cp_ctx *ctx, const cp_finish_input *in, const cp_day_routes *routes,
                         cp_plan **plan);

/* Plan the naive rule and the (s,S) rule with the same forecast, route them with
 * `route_work` iterations a stop, and add them to record->rivals. */
cp_status cp_rivals_make(cp_ctx *ctx, const cp_finish_input *in, const cp_history *history,
                         const cp_stop_prices *prices, int64_t route_work, cp_record *record);

#endif

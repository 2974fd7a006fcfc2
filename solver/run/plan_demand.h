/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_demand.h - what a plan is made from: forecast, shares, and balances rolled forward. */
#ifndef CP_PLAN_DEMAND_H
#define CP_PLAN_DEMAND_H

#include "models/demand/paths.h"

typedef struct cp_plan_demand {
    cp_network *net; /* with the balances of the evening before the plan */
    cp_forecast *forecast;
    cp_shares *shares;
    int32_t balances_rolled; /* points whose balances were older */
} cp_plan_demand;

/* From the days before net->first_day alone; truth: the days of `history` themselves are the
 * forecast (perfect foresight), and one path is enough. Everything lives in ctx->run. Errors as
 * forecast.h and balances.h. */
cp_status cp_plan_demand_make(cp_ctx *ctx, const cp_network *net, const cp_day *balance_day,
                              const cp_history *history, bool truth, cp_plan_demand *out);

#endif

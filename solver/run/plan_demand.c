/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/plan_demand.h"

#include "solver/run/balances.h"
#include "solver/run/demand_run.h"

cp_status cp_plan_demand_make(cp_ctx *ctx, const cp_network *net, const cp_day *balance_day,
                              const cp_history *history, bool truth, cp_plan_demand *out)
{
    const int32_t n_days = net->n_days + net->settings.longest_interval_days;
    const cp_day oldest = cp_balances_oldest(net, balance_day);
    const cp_forecast_opts opts = cp_forecast_defaults();
    cp_history *past = NULL, *before = NULL;
    cp_forecast *since = NULL;
    cp_progress(ctx, "forecast", 0, 1);
    CP_TRY(cp_history_until(ctx, history, net->first_day, &past));
    CP_TRY(cp_shares_make(ctx, net, past, &out->shares));
    if (truth)
        CP_TRY(cp_forecast_truth(ctx, net, history, net->first_day, n_days, &out->forecast));
    else
        CP_TRY(cp_demand_run(ctx, net, past, net->first_day, n_days, &opts, &out->forecast));
    if (oldest < net->first_day) {
        CP_TRY(cp_history_until(ctx, history, oldest, &before));
        CP_TRY(cp_demand_run(ctx, net, before, oldest, net->first_day - oldest, &opts, &since));
    }
    CP_TRY(cp_balances_roll(ctx, net, balance_day, past, since, out->shares, &out->net,
                            &out->balances_rolled));
    if (truth) out->net->settings.n_paths = 1;
    return CP_OK;
}

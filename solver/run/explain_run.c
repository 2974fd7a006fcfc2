/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/explain_run.h"

#include "solver/run/plan_demand.h"
#include "solver/run/stop_prices.h"
#include "solver/run/vault_arcs.h"

cp_status cp_explain_run(cp_ctx *ctx, const cp_explain_ask *ask, cp_explanation *out)
{
    cp_plan_demand demand;
    cp_stop_prices prices = ask->plan->prices;
    cp_arcs *arcs = NULL;
    cp_zone *zone = NULL;
    const int32_t vault = ask->net->sites[ask->net->points[ask->point].site].vault;
    if (vault < 0)
        CP_FAIL(ctx, CP_E_INPUT, "point %s is served by no vault",
                ask->net->points[ask->point].code);
    CP_TRY(cp_plan_demand_make(ctx, ask->net, ask->balance_day, ask->history, false, &demand));
    CP_TRY(cp_stop_prices_of_routes(ctx, demand.net, ask->plan, &prices));
    const cp_arc_input in = {demand.net, demand.forecast, demand.shares, ask->seed, NULL};
    CP_NEW(ctx, ctx->run, arcs, demand.net->n_points + 1);
    CP_TRY(cp_vault_arcs_build(ctx, &in, vault, arcs));
    CP_TRY(cp_zone_make(ctx, demand.net, arcs, &prices, vault, &zone));
    cp_zone_scale_relief(zone, CP_RELIEF_TIMES, 1); /* as the plan was made */
    CP_TRY(cp_explain_zone(ctx, zone, ask->plan, ask->point, out));
    if (demand.net->points[ask->point].serviced_by != CP_BY_EITHER) return CP_OK;
    const cp_servicer_ask servicer = {in, &prices};
    return cp_servicer_study_point(ctx, &servicer, ask->point, &out->servicer);
}

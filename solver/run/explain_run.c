/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/explain_run.h"

#include "solver/par/job.h"
#include "solver/run/plan_demand.h"
#include "solver/run/stop_prices.h"

typedef struct arcs_job {
    cp_arc_input in;
    int32_t vault;
} arcs_job;

static cp_status build_point(cp_ctx *ctx, int32_t index, const void *shared, void *out_slot)
{
    const arcs_job *job = shared;
    const cp_network *net = job->in.net;
    if (net->sites[net->points[index].site].vault != job->vault) return CP_OK;
    return cp_arcs_build(ctx, &job->in, index, out_slot);
}

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
    const arcs_job job = {{demand.net, demand.forecast, demand.shares, ask->seed, NULL}, vault};
    CP_NEW(ctx, ctx->run, arcs, demand.net->n_points + 1);
    CP_TRY(cp_job_run(ctx, demand.net->n_points, build_point, &job, arcs, sizeof *arcs));
    CP_TRY(cp_zone_make(ctx, demand.net, arcs, &prices, vault, &zone));
    CP_TRY(cp_explain_zone(ctx, zone, ask->plan, ask->point, out));
    if (demand.net->points[ask->point].serviced_by != CP_BY_EITHER) return CP_OK;
    const cp_servicer_ask servicer = {job.in, &prices};
    return cp_servicer_study_point(ctx, &servicer, ask->point, &out->servicer);
}

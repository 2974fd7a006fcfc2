/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/servicer_run.h"

#include "solver/par/job.h"
#include "solver/run/plan_demand.h"

typedef struct servicer_job {
    cp_servicer_ask ask;
    const int32_t *point; /* those of the job */
} servicer_job;

static cp_status study_one(cp_ctx *ctx, int32_t index, const void *shared, void *out_slot)
{
    const servicer_job *job = shared;
    cp_servicer_row *row = out_slot;
    return cp_servicer_study_point(ctx, &job->ask, job->point[index], &row->study);
}

static void count_visits(const cp_plan *plan, cp_servicer_row *row)
{
    row->by_center = row->by_branch = 0;
    for (int32_t i = 0; i < plan->n_visits; i++) {
        if (plan->visits[i].point != row->study.point) continue;
        row->by_branch += plan->visits[i].by_branch;
        row->by_center += !plan->visits[i].by_branch;
    }
}

cp_status cp_servicer_run(cp_ctx *ctx, const cp_servicer_run_ask *ask, cp_servicer_row **out,
                          int32_t *n)
{
    cp_plan_demand demand;
    cp_servicer_row *rows = NULL;
    int32_t *point = NULL;
    CP_TRY(cp_plan_demand_make(ctx, ask->net, ask->balance_day, ask->history, false, &demand));
    CP_NEW(ctx, ctx->run, point, demand.net->n_points + 1);
    *n = 0;
    for (int32_t p = 0; p < demand.net->n_points; p++)
        if (demand.net->points[p].serviced_by == CP_BY_EITHER &&
            demand.net->points[p].n_channels > 0 &&
            demand.net->sites[demand.net->points[p].site].vault >= 0)
            point[(*n)++] = p;
    const cp_arc_input in = {demand.net, demand.forecast, demand.shares, ask->seed, NULL};
    const servicer_job job = {{in, &ask->plan->prices}, point};
    CP_NEW(ctx, ctx->run, rows, *n + 1);
    CP_TRY(cp_job_run(ctx, *n, study_one, &job, rows, sizeof *rows));
    for (int32_t i = 0; i < *n; i++)
        count_visits(ask->plan, &rows[i]);
    *out = rows;
    return CP_OK;
}

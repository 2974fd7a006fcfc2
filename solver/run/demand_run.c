/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/demand_run.h"

#include "models/demand/override.h"
#include "solver/run/point_jobs.h"

typedef struct point_job {
    const cp_network *net;
    const cp_history *history;
    const cp_forecast *forecast;
} point_job;

static cp_status fit_point(cp_ctx *ctx, int32_t point, const void *shared)
{
    const point_job *job = shared;
    return cp_forecast_point(ctx, job->history, job->forecast, point);
}

static cp_status describe_point(cp_ctx *ctx, int32_t point, const void *shared)
{
    const point_job *job = shared;
    return cp_forecast_describe(ctx, job->net, job->forecast, point);
}

cp_status cp_demand_run(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                        cp_day first_day, int32_t n_days, const cp_forecast_opts *opts,
                        cp_forecast **out)
{
    cp_forecast_opts jobs = opts != NULL ? *opts : cp_forecast_defaults();
    jobs.each = cp_point_jobs;
    CP_TRY(cp_forecast_begin(ctx, net, history, first_day, n_days, &jobs, out));
    const point_job job = {net, history, *out};
    CP_TRY(cp_point_jobs(ctx, net->n_points, fit_point, &job, "forecast: machines"));
    CP_TRY(cp_point_jobs(ctx, net->n_points, describe_point, &job, "forecast: quantiles"));
    return cp_overrides_apply(ctx, net, history, *out);
}

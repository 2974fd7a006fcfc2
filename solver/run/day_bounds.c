/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/day_bounds.h"

#include "solver/par/job.h"
#include "solver/route/route_bound.h"
#include "solver/run/day_routes.h"

#define NEAR_DAYS 3  /* that are driven before anything is planned anew */
#define LATER_PART 2 /* of a near day's work, for a later one: its routes are made again before */

typedef struct bound_job {
    const cp_network *net;
    const cp_plan *plan;
    cp_drives drives;
    cp_route_bound_opts opts;
} bound_job;

static cp_status bound_one(cp_ctx *ctx, int32_t index, const void *shared, void *out_slot)
{
    const bound_job *job = shared;
    const int32_t t = index / job->net->n_vaults, vault = index % job->net->n_vaults;
    const cp_arena_mark kept = cp_arena_here(ctx->run);
    cp_plan_route_bound *out = out_slot;
    cp_route_task *tasks = NULL;
    int32_t n_tasks = 0;
    *out = (cp_plan_route_bound){.t = t, .vault = vault};
    CP_TRY(cp_day_routes_tasks(ctx, job->net, job->plan, t, vault, &tasks, &n_tasks));
    const cp_route_day day = {t, vault, tasks, n_tasks};
    cp_route_bound_opts opts = job->opts;
    if (t >= NEAR_DAYS) opts.work /= LATER_PART;
    if (n_tasks > 0) CP_TRY(cp_route_bound(ctx, job->net, &day, &job->drives, &opts, out));
    cp_arena_rewind(ctx->run, kept);
    return CP_OK;
}

cp_status cp_day_bounds_make(cp_ctx *ctx, const cp_network *net, int64_t work, cp_plan *plan)
{
    const int32_t n = plan->n_days * net->n_vaults;
    bound_job job = {.net = net,
                     .plan = plan,
                     .drives = {plan->routes, plan->n_routes, plan->stops},
                     .opts = cp_route_bound_defaults()};
    cp_plan_route_bound *all = NULL;
    job.opts.work = work;
    CP_NEW(ctx, ctx->run, all, n + 1);
    CP_TRY(cp_job_run(ctx, n, bound_one, &job, all, sizeof *all));
    plan->bounds = all;
    plan->n_bounds = 0;
    for (int32_t i = 0; i < n; i++)
        if (all[i].n_routes > 0) plan->bounds[plan->n_bounds++] = all[i];
    return CP_OK;
}

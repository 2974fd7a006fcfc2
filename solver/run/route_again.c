/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/route_again.h"

#include <string.h>

#include "models/base/rng.h"
#include "models/route/car_route.h"
#include "solver/run/day_routes.h"

static bool is_asked(const cp_route_ask *ask, const cp_plan_route *r)
{
    return r->t == ask->t && r->vault == ask->vault;
}

static cp_status sum_up(cp_ctx *ctx, const cp_route_ask *ask, const cp_drives *drives,
                        cp_route_sums *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_likeness_rule rule = cp_likeness_rule_of(&ask->net->settings);
    const cp_drives own = {ask->plan->routes, ask->plan->n_routes, ask->plan->stops};
    cp_drive_day day, *window = NULL;
    cp_plan_likeness likeness = {0};
    int32_t n_window = 0;
    *out = (cp_route_sums){.likeness_ppm = -1};
    for (int32_t k = 0; k < drives->n_routes; k++) {
        const cp_plan_route *r = &drives->routes[k];
        if (!is_asked(ask, r)) continue;
        out->dist_m += r->dist_m;
        out->n_routes++;
        out->n_stops += r->n_stops;
        out->crew_min += cp_route_crew_min(r);
        out->overtime_min += r->overtime_min;
    }
    CP_TRY(cp_car_drives_cost(ctx, ask->net, drives, ask->vault, ask->t, &out->cost_minor));
    CP_TRY(cp_drive_day_make(ctx, ctx->scratch, drives, ask->vault, ask->t, &day));
    CP_TRY(cp_drive_window(ctx, ctx->scratch, &rule, ask->past, &own, ask->vault, ask->t, &window,
                           &n_window));
    if (day.n > 0 && n_window > 0) {
        CP_TRY(cp_likeness_window(ctx, &rule, &day, window, n_window, &likeness, NULL));
        out->likeness_ppm = likeness.likeness_ppm;
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static cp_status search(cp_ctx *ctx, const cp_route_ask *ask, cp_route_again *out)
{
    const cp_likeness_rule rule = cp_likeness_rule_of(&ask->net->settings);
    const cp_drives own = {ask->plan->routes, ask->plan->n_routes, ask->plan->stops};
    const cp_route_day day = {ask->t, ask->vault, out->tasks, out->n_tasks};
    cp_drive_day *window = NULL;
    cp_route_opts opts = cp_route_defaults();
    cp_route_like like = {.rule = &rule};
    if (rule.days > 0 && rule.price_minor > 0 && rule.limit_pct < 100) {
        CP_TRY(cp_drive_window(ctx, ctx->scratch, &rule, ask->past, &own, ask->vault, ask->t,
                               &window, &like.n_window));
        like.window = window;
        opts.like = &like;
    }
    opts.work = ask->work_per_task * out->n_tasks;
    opts.seed = cp_hash_text(ask->seed + (uint64_t)ask->t, ask->net->vaults[ask->vault].code);
    opts.every_choice = true;
    return cp_route_solve(ctx, ask->net, &day, &opts, &out->result);
}

/* A copy of the plan in which the day's routes are those found. What was computed from the routes
 * it had, likeness and bounds, is no longer in it. */
static cp_status put_in(cp_ctx *ctx, const cp_route_ask *ask, cp_route_again *out)
{
    const cp_plan *was = ask->plan;
    const cp_route_result *r = out->result;
    cp_plan *plan = NULL;
    int32_t k = 0;
    CP_NEW(ctx, ctx->run, plan, 1);
    *plan = *was;
    CP_NEW(ctx, ctx->run, plan->routes, was->n_routes + r->n_routes + 1);
    CP_NEW(ctx, ctx->run, plan->stops, was->n_stops + r->n_stops + 1);
    plan->n_routes = plan->n_stops = plan->n_likeness = plan->n_bounds = 0;
    for (int32_t i = 0; i <= was->n_routes; i++) {
        const cp_plan_route *q = i < was->n_routes ? &was->routes[i] : NULL;
        const bool later = q == NULL || q->t > ask->t || (q->t == ask->t && q->vault > ask->vault);
        for (; later && k < r->n_routes; k++) {
            cp_plan_route *to = &plan->routes[plan->n_routes++];
            *to = r->routes[k];
            to->first_stop = plan->n_stops;
            memcpy(plan->stops + plan->n_stops, r->stops + r->routes[k].first_stop,
                   (size_t)to->n_stops * sizeof *plan->stops);
            plan->n_stops += to->n_stops;
        }
        if (q == NULL || is_asked(ask, q)) continue;
        cp_plan_route *to = &plan->routes[plan->n_routes++];
        *to = *q;
        to->first_stop = plan->n_stops;
        memcpy(plan->stops + plan->n_stops, was->stops + q->first_stop,
               (size_t)q->n_stops * sizeof *plan->stops);
        plan->n_stops += q->n_stops;
    }
    out->plan = plan;
    return CP_OK;
}

static cp_status run(cp_ctx *ctx, const cp_route_ask *ask, cp_route_again *out)
{
    const cp_drives stored = {ask->plan->routes, ask->plan->n_routes, ask->plan->stops};
    cp_route_task *tasks = NULL;
    CP_TRY(
        cp_day_routes_tasks(ctx, ask->net, ask->plan, ask->t, ask->vault, &tasks, &out->n_tasks));
    out->tasks = tasks;
    if (out->n_tasks == 0) return CP_OK;
    CP_TRY(search(ctx, ask, out));
    CP_TRY(put_in(ctx, ask, out));
    const cp_drives found = {out->plan->routes, out->plan->n_routes, out->plan->stops};
    CP_TRY(sum_up(ctx, ask, &stored, &out->stored));
    CP_TRY(sum_up(ctx, ask, &found, &out->found));
    return cp_plan_check_drives(ctx, ask->net, out->plan, &out->verdict);
}

cp_status cp_route_again_run(cp_ctx *ctx, const cp_route_ask *ask, cp_route_again *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    *out = (cp_route_again){0};
    const cp_status st = run(ctx, ask, out);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

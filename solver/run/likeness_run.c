/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/likeness_run.h"

#include "models/base/rng.h"
#include "solver/par/job.h"
#include "solver/run/day_routes.h"

/* Price of a point in hundredths of a percent of what the cheapest routes cost. */
static const int32_t prices[CP_LIKENESS_LEVELS] = {0, 1, 2, 5, 10, 20, 50, 100, 200, 500};

typedef struct study {
    const cp_likeness_ask *ask;
    cp_likeness_rule rule; /* at limit 0, without a price */
    cp_route_task *tasks;
    int32_t n_tasks;
    cp_drive_day *window;
    int32_t n_window;
    cp_minor base_minor; /* cost of the cheapest routes */
    int32_t first;       /* price of the job with index 0 */
} study;

static cp_status solve_level(cp_ctx *ctx, int32_t index, const void *shared, void *out_slot)
{
    const study *s = shared;
    cp_likeness_rule rule = s->rule;
    rule.price_minor = (cp_minor)((double)s->base_minor * prices[s->first + index] / 1e4);
    const cp_route_day day = {s->ask->t, s->ask->vault, s->tasks, s->n_tasks};
    const cp_route_like like = {&rule, s->window, s->n_window};
    cp_route_opts opts = cp_route_defaults();
    opts.work = s->ask->work_per_task * s->n_tasks;
    opts.seed =
        cp_hash_text(s->ask->seed + (uint64_t)s->ask->t, s->ask->net->vaults[s->ask->vault].code);
    opts.like = &like;
    return cp_route_solve(ctx, s->ask->net, &day, &opts, out_slot);
}

static bool beats(const cp_likeness_level *a, const cp_likeness_level *b)
{
    const int32_t x = a->likeness.likeness_ppm, y = b->likeness.likeness_ppm;
    if (a->cost_minor > b->cost_minor || x > y) return false;
    return a->cost_minor < b->cost_minor || x < y;
}

/* Insert by cost unless it is beaten or there is its equal; what it beats goes. */
static void offer(cp_likeness_levels *out, const cp_likeness_level *level)
{
    int32_t n = 0;
    for (int32_t i = 0; i < out->n; i++)
        if (beats(&out->level[i], level) ||
            (out->level[i].cost_minor == level->cost_minor &&
             out->level[i].likeness.likeness_ppm == level->likeness.likeness_ppm))
            return;
    for (int32_t i = 0; i < out->n; i++)
        if (!beats(level, &out->level[i])) out->level[n++] = out->level[i];
    int32_t at = n;
    for (; at > 0 && out->level[at - 1].cost_minor > level->cost_minor; at--)
        out->level[at] = out->level[at - 1];
    out->level[at] = *level;
    out->n = n + 1;
}

static void take(const study *s, const cp_route_result *r, int32_t price, cp_likeness_levels *out)
{
    const cp_likeness_level level = {
        .price_minor = (cp_minor)((double)s->base_minor * prices[price] / 1e4),
        .cost_minor = r->cost_minor,
        .n_routes = r->n_routes,
        .likeness = r->likeness,
    };
    out->work_done += r->work_done;
    offer(out, &level);
}

static cp_status solve_levels(cp_ctx *ctx, study *s, cp_likeness_levels *out)
{
    cp_route_result *first = NULL, **rest = NULL;
    CP_TRY(solve_level(ctx, 0, s, &first));
    s->base_minor = first->cost_minor;
    take(s, first, 0, out);
    if (s->n_window == 0 || first->n_routes == 0) return CP_OK;
    s->first = 1;
    CP_NEW(ctx, ctx->run, rest, CP_LIKENESS_LEVELS);
    CP_TRY(cp_job_run(ctx, CP_LIKENESS_LEVELS - 1, solve_level, s, rest, sizeof *rest));
    for (int32_t k = 1; k < CP_LIKENESS_LEVELS; k++)
        if (rest[k - 1]->n_unserved <= first->n_unserved) take(s, rest[k - 1], k, out);
    return CP_OK;
}

cp_status cp_likeness_run(cp_ctx *ctx, const cp_likeness_ask *ask, cp_likeness_levels *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_drives own = {ask->plan->routes, ask->plan->n_routes, ask->plan->stops};
    study s = {.ask = ask, .rule = cp_likeness_rule_of(&ask->net->settings)};
    s.rule.limit_pct = 0;
    *out = (cp_likeness_levels){0};
    CP_NEW(ctx, ctx->run, out->level, CP_LIKENESS_LEVELS);
    CP_TRY(cp_day_routes_tasks(ctx, ask->net, ask->plan, ask->t, ask->vault, &s.tasks, &s.n_tasks));
    CP_TRY(cp_drive_window(ctx, ctx->scratch, &s.rule, ask->past, &own, ask->vault, ask->t,
                           &s.window, &s.n_window));
    out->n_stops = s.n_tasks;
    out->n_days = s.n_window;
    if (s.n_tasks > 0) CP_TRY(solve_levels(ctx, &s, out));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

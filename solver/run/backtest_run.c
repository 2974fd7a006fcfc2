/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/backtest_run.h"

#include "solver/run/point_jobs.h"

typedef struct origin_job {
    const cp_network *net;
    const cp_history *history;
    const cp_backtest *backtest;
    const cp_backtest_origin *origin;
} origin_job;

static cp_status fit_point(cp_ctx *ctx, int32_t point, const void *shared)
{
    const origin_job *job = shared;
    return cp_backtest_fit(ctx, job->origin, point);
}

static cp_status score_point(cp_ctx *ctx, int32_t point, const void *shared)
{
    const origin_job *job = shared;
    return cp_backtest_point(ctx, job->net, job->history, job->origin, job->backtest, point);
}

static cp_status run_origin(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            cp_backtest *b, int32_t k)
{
    cp_backtest_origin origin;
    CP_TRY(cp_backtest_origin_begin(ctx, net, history, b, k, &origin));
    const origin_job job = {net, history, b, &origin};
    CP_TRY(cp_point_jobs(ctx, net->n_points, fit_point, &job, "backtest: fit"));
    CP_TRY(cp_point_jobs(ctx, net->n_points, score_point, &job, "backtest: score"));
    return cp_backtest_origin_end(ctx, net, history, &origin, b);
}

cp_status cp_backtest_run_jobs(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                               const cp_backtest_opts *opts, cp_backtest **out)
{
    cp_backtest *b = NULL;
    CP_TRY(cp_backtest_begin(ctx, net, history, opts, &b));
    for (int32_t k = 0; k < b->opts.n_origins; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        CP_TRY(run_origin(ctx, net, history, b, k));
        cp_arena_rewind(ctx->run, mark);
        cp_progress(ctx, "backtest", k + 1, b->opts.n_origins);
    }
    *out = b;
    return cp_backtest_finish(ctx, net, b);
}

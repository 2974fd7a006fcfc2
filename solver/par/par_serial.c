/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One item after the other: the reference that every other way must equal byte for byte. */
#include "solver/par/job.h"

#include <string.h>

#include "models/base/rng.h"
#include "solver/par/par_item.h"

void cp_job_worker_settings(cp_ctx *worker, const cp_ctx *ctx)
{
    worker->log = ctx->log;
    worker->n_threads = 1; /* jobs started by an item run in the item's own thread */
    worker->work = ctx->work;
    worker->deadline_s = ctx->deadline_s;
    worker->cpu_clock = ctx->cpu_clock;
    worker->stop = ctx->stop;
    worker->progress = NULL;
    worker->progress_user = NULL;
}

cp_status cp_job_item(cp_ctx *worker, const cp_job_batch *batch, int32_t index)
{
    char *slot = batch->out != NULL ? batch->out + (size_t)index * batch->out_stride : NULL;
    const cp_arena_mark mark = cp_arena_here(worker->scratch);
    cp_error_clear(worker);
    worker->seed = cp_hash_bytes(batch->seed, &index, sizeof(index));
    const cp_status st = batch->fn(worker, index, batch->shared, slot);
    cp_arena_rewind(worker->scratch, mark);
    return st;
}

cp_status cp_job_item_failed(cp_ctx *ctx, const cp_ctx *worker, int32_t index, cp_status st)
{
    if (worker->error.status == CP_OK)
        CP_FAIL(ctx, st, "job %d failed without saying why", (int)index);
    if (ctx->error.status == CP_OK) ctx->error = worker->error; /* the first error stays */
    return st;
}

static cp_status run_serial(cp_ctx *ctx, const cp_job_batch *batch)
{
    cp_ctx worker;
    memset(&worker, 0, sizeof(worker));
    cp_job_worker_settings(&worker, ctx);
    worker.run = ctx->run;
    worker.scratch = ctx->scratch;
    /* A single item may use all the threads that were meant for the batch. */
    if (batch->n == 1) worker.n_threads = ctx->n_threads;
    for (int32_t i = 0; i < batch->n; i++) {
        const cp_status st = cp_job_item(&worker, batch, i);
        if (st != CP_OK) return cp_job_item_failed(ctx, &worker, i, st);
    }
    return CP_OK;
}

cp_status cp_job_run(cp_ctx *ctx, int32_t n, cp_job_fn *fn, const void *shared, void *out,
                     size_t out_stride)
{
    if (n < 0) CP_FAIL(ctx, CP_E_RANGE, "%d jobs cannot be run", (int)n);
    const cp_job_batch batch = {.n = n,
                                .fn = fn,
                                .shared = shared,
                                .out = out,
                                .out_stride = out_stride,
                                .seed = ctx->seed};
    const int32_t n_workers = ctx->n_threads < n ? ctx->n_threads : n;
    return n_workers <= 1 ? run_serial(ctx, &batch) : cp_job_run_threads(ctx, &batch, n_workers);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Items on a pool of threads. Indexes are handed out in ascending order, and nothing above a failed
 * one is begun. So every index below the lowest failing one is run, and the lowest failing index is
 * the same for any number of workers. */
#include <pthread.h>
#include <stdatomic.h>

#include "solver/par/par_item.h"

typedef struct pool {
    const cp_job_batch *batch;
    atomic_int next;   /* the index to hand out next */
    atomic_int failed; /* the lowest index that failed so far, or n */
    cp_log_sink log;   /* of the caller, who need not expect messages from several threads */
    pthread_mutex_t log_lock;
} pool;

typedef struct worker {
    pool *pool;
    cp_ctx ctx;
    pthread_t thread;
    cp_status st;
    int32_t failed_index; /* when st is not CP_OK; the context keeps the words */
} worker;

static void locked_log(void *user, cp_log_level level, const char *text)
{
    pool *p = user;
    pthread_mutex_lock(&p->log_lock);
    p->log.fn(p->log.user, level, text);
    pthread_mutex_unlock(&p->log_lock);
}

static void lower_to(atomic_int *lowest, int value)
{
    int seen = atomic_load(lowest);
    while (value < seen && !atomic_compare_exchange_weak(lowest, &seen, value))
        ;
}

static void *work(void *arg)
{
    worker *w = arg;
    pool *p = w->pool;
    for (;;) {
        /* Not fetch_add: beyond n the counter would run on with every worker. */
        int index = atomic_load(&p->next);
        do {
            if (index >= atomic_load(&p->failed)) return NULL; /* also the end: failed <= n */
        } while (!atomic_compare_exchange_weak(&p->next, &index, index + 1));
        w->st = cp_job_item(&w->ctx, p->batch, index);
        if (w->st == CP_OK) continue;
        w->failed_index = index;
        lower_to(&p->failed, index);
        return NULL; /* all that is left has a higher index */
    }
}

static cp_status make_workers(cp_ctx *ctx, pool *p, worker *workers, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        worker *w = &workers[i];
        w->pool = p;
        if (cp_ctx_init(&w->ctx) != CP_OK) CP_FAIL(ctx, CP_E_NOMEM, "out of memory for a worker");
        cp_job_worker_settings(&w->ctx, ctx);
        if (ctx->log.fn != NULL) w->ctx.log = (cp_log_sink){locked_log, p, ctx->log.most};
    }
    return CP_OK;
}

/* The calling thread is worker 0. A thread that cannot be made leaves more work for the others. */
static void run_workers(cp_ctx *ctx, worker *workers, int32_t n)
{
    int32_t n_started = 1;
    while (n_started < n &&
           pthread_create(&workers[n_started].thread, NULL, work, &workers[n_started]) == 0)
        n_started++;
    if (n_started < n)
        cp_log(&ctx->log, CP_LOG_WARN, "%d threads instead of %d", (int)n_started, (int)n);
    work(&workers[0]);
    for (int32_t i = 1; i < n_started; i++)
        pthread_join(workers[i].thread, NULL);
}

cp_status cp_job_run_threads(cp_ctx *ctx, const cp_job_batch *batch, int32_t n_workers)
{
    pool p = {.batch = batch, .log = ctx->log};
    atomic_init(&p.next, 0);
    atomic_init(&p.failed, batch->n);
    if (pthread_mutex_init(&p.log_lock, NULL) != 0)
        CP_FAIL(ctx, CP_E_NOMEM, "out of memory for a pool of threads");
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    worker *workers = cp_alloc(ctx, ctx->scratch, (size_t)n_workers, sizeof(*workers));
    cp_status st = workers != NULL ? make_workers(ctx, &p, workers, n_workers) : CP_E_NOMEM;
    if (st == CP_OK) run_workers(ctx, workers, n_workers);

    const worker *lowest = NULL;
    for (int32_t i = 0; workers != NULL && i < n_workers; i++) {
        worker *w = &workers[i];
        if (w->st != CP_OK && (lowest == NULL || w->failed_index < lowest->failed_index))
            lowest = w;
        if (w->ctx.run != NULL) cp_arena_adopt(ctx->run, w->ctx.run);
    }
    if (lowest != NULL)
        st = cp_job_item_failed(ctx, &lowest->ctx, lowest->failed_index, lowest->st);
    for (int32_t i = 0; workers != NULL && i < n_workers; i++)
        cp_ctx_done(&workers[i].ctx);
    cp_arena_rewind(ctx->scratch, mark);
    pthread_mutex_destroy(&p.log_lock);
    return st;
}

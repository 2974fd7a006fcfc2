/* SPDX-License-Identifier: GPL-3.0-or-later */
/* par_item.h - what the ways of running jobs share. Used inside solver/par only.
 *
 * A worker has one context for all its items. An item cannot notice which worker it is on nor what
 * ran there before: seed and error are set anew and the scratch arena is rewound each time. */
#ifndef CP_PAR_ITEM_H
#define CP_PAR_ITEM_H

#include "solver/par/job.h"

typedef struct cp_job_batch {
    int32_t n;
    cp_job_fn *fn;
    const void *shared;
    char *out; /* may be NULL */
    size_t out_stride;
    uint64_t seed; /* of the caller; each item gets one derived from it and its index */
} cp_job_batch;

/* The settings of a worker follow the caller's; arenas are left alone. */
void cp_job_worker_settings(cp_ctx *worker, const cp_ctx *ctx);
/* Run one item on a worker. */
cp_status cp_job_item(cp_ctx *worker, const cp_job_batch *batch, int32_t index);
/* Record in ctx that item `index` failed with `st`, in the words of its worker. Returns st. */
cp_status cp_job_item_failed(cp_ctx *ctx, const cp_ctx *worker, int32_t index, cp_status st);

/* n_workers threads, the calling one included; n_workers >= 2. */
cp_status cp_job_run_threads(cp_ctx *ctx, const cp_job_batch *batch, int32_t n_workers);

#endif

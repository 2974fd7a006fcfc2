/* SPDX-License-Identifier: GPL-3.0-or-later */
/* job.h - n independent jobs, results in index order. */
#ifndef CP_JOB_H
#define CP_JOB_H

#include <stddef.h>
#include <stdint.h>

#include "models/base/ctx.h"

/* Work on item `index` alone. Reads `shared`, writes only out_slot, and draws random numbers only
 * from ctx->seed (already split per index). Memory that the result points to comes from ctx->run.
 */
typedef cp_status cp_job_fn(cp_ctx *ctx, int32_t index, const void *shared, void *out_slot);

/* Run fn for 0..n-1 on ctx->n_threads workers (1: in the calling thread). out_slot of item i is
 * (char *)out + i * out_stride (out may be NULL). The result does not depend on the number of
 * workers. On failure returns the status (and error text) of the lowest failing index. The workers'
 * run arenas are handed to ctx, so results stay valid as long as ctx->run; their scratch is
 * rewound after each item. `stop`, deadline, log are passed on; progress is not. */
cp_status cp_job_run(cp_ctx *ctx, int32_t n, cp_job_fn *fn, const void *shared, void *out,
                     size_t out_stride);

#endif

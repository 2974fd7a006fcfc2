/* SPDX-License-Identifier: GPL-3.0-or-later */
/* point_jobs.h - something done once for every point, in parallel, with progress. */
#ifndef CP_POINT_JOBS_H
#define CP_POINT_JOBS_H

#include "models/base/ctx.h"

/* Do it for one point: reads `shared`, writes slots of its own point, needs ctx->scratch only. */
typedef cp_status cp_point_fn(cp_ctx *ctx, int32_t point, const void *shared);

/* fn for points 0..n-1 on ctx->n_threads threads, in slices between which progress is told as
 * `stage`. CP_E_STOPPED once the user asks to stop; errors as of cp_job_run. */
cp_status cp_point_jobs(cp_ctx *ctx, int32_t n, cp_point_fn *fn, const void *shared,
                        const char *stage);

#endif

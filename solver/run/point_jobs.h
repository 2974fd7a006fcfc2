/* SPDX-License-Identifier: GPL-3.0-or-later */
/* point_jobs.h - something done once for every point, in parallel, with progress. */
#ifndef CP_POINT_JOBS_H
#define CP_POINT_JOBS_H

#include "models/base/each.h"

/* A cp_each_fn: fn for points 0..n-1 on ctx->n_threads threads, in slices between which progress is
 * told as `stage`. */
cp_status cp_point_jobs(cp_ctx *ctx, int32_t n, cp_item_fn *fn, const void *shared,
                        const char *stage);

#endif

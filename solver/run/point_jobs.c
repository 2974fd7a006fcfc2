/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/point_jobs.h"

#include "solver/par/job.h"

#define SLICES 20
#define LEAST_POINTS 256 /* of a slice: threads are started anew for each */

typedef struct slice {
    cp_item_fn *fn;
    const void *shared;
    const char *stage;
    int32_t first;
} slice;

static cp_status one_point(cp_ctx *ctx, int32_t index, const void *shared, void *out_slot)
{
    const slice *s = shared;
    (void)out_slot; /* the point writes its own slots */
    if (cp_user_stopped(ctx)) CP_FAIL(ctx, CP_E_STOPPED, "%s: stopped by the user", s->stage);
    return s->fn(ctx, s->first + index, s->shared);
}

cp_status cp_point_jobs(cp_ctx *ctx, int32_t n, cp_item_fn *fn, const void *shared,
                        const char *stage)
{
    const int32_t part = n / SLICES > LEAST_POINTS ? n / SLICES : LEAST_POINTS;
    for (int32_t first = 0; first < n; first += part) {
        const slice s = {fn, shared, stage, first};
        CP_TRY(cp_job_run(ctx, n - first < part ? n - first : part, one_point, &s, NULL, 0));
        cp_progress(ctx, stage, n - first < part ? n : first + part, n);
    }
    return CP_OK;
}

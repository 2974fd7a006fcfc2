/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/service_run.h"

#include "solver/par/job.h"

static cp_status judge_point(cp_ctx *ctx, int32_t index, const void *shared, void *out_slot)
{
    return cp_service_point(ctx, shared, index, out_slot);
}

cp_status cp_service_run(cp_ctx *ctx, const cp_service_input *in, int32_t n_fresh, cp_service **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_visit_index index = {NULL, NULL};
    uint8_t *openings = NULL;
    cp_service *point = NULL;
    CP_NEW(ctx, ctx->run, point, in->net->n_points + 1);
    CP_TRY(cp_visit_index_make(ctx, in->net, in->plan, &index));
    CP_TRY(cp_service_openings(ctx, in->net, in->plan, &openings));
    const cp_service_ask ask = {in->net, in->forecast, in->shares, in->seed,
                                n_fresh, in->plan,     &index,     openings};
    CP_TRY(cp_job_run(ctx, in->net->n_points, judge_point, &ask, point, sizeof *point));
    cp_arena_rewind(ctx->scratch, mark);
    *out = point;
    return CP_OK;
}

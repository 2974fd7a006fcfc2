/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/vault_arcs.h"

#include "solver/par/job.h"

typedef struct arcs_job {
    const cp_arc_input *in;
    int32_t vault;
} arcs_job;

static cp_status build_point(cp_ctx *ctx, int32_t index, const void *shared, void *out_slot)
{
    const arcs_job *job = shared;
    const cp_network *net = job->in->net;
    if (net->sites[net->points[index].site].vault != job->vault) return CP_OK;
    return cp_arcs_build(ctx, job->in, index, out_slot);
}

cp_status cp_vault_arcs_build(cp_ctx *ctx, const cp_arc_input *in, int32_t vault, cp_arcs *arcs)
{
    const arcs_job job = {in, vault};
    return cp_job_run(ctx, in->net->n_points, build_point, &job, arcs, sizeof *arcs);
}

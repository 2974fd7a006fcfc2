/* SPDX-License-Identifier: GPL-3.0-or-later */
/* service_run.h - the achieved service of a plan (plan_service.h), points in parallel. */
#ifndef CP_SERVICE_RUN_H
#define CP_SERVICE_RUN_H

#include "models/plan/plan_service.h"

typedef struct cp_service_input {
    const cp_network *net;
    const cp_forecast *forecast;
    const cp_shares *shares;
    uint64_t seed;
    const cp_plan *plan;
} cp_service_input;

/* Judge every point on n_fresh fresh paths; *out, by point, lives in ctx->run. */
cp_status cp_service_run(cp_ctx *ctx, const cp_service_input *in, int32_t n_fresh,
                         cp_service **out);

#endif

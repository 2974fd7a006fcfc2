/* SPDX-License-Identifier: GPL-3.0-or-later */
/* servicer_run.h - center or branch, for every machine that either may service. */
#ifndef CP_SERVICER_RUN_H
#define CP_SERVICER_RUN_H

#include "solver/replenish/servicer.h"

typedef struct cp_servicer_row {
    cp_servicer_study study;
    int32_t by_center, by_branch; /* visits in the plan */
} cp_servicer_row;

typedef struct cp_servicer_run_ask {
    const cp_network *net;     /* of the plan's first day and horizon */
    const cp_day *balance_day; /* by point: evening of its balances */
    const cp_history *history; /* may reach beyond the plan's first day; later days are not read */
    const cp_plan *plan;       /* with stop prices */
    uint64_t seed;             /* of the plan */
} cp_servicer_run_ask;

/* A row for each point serviced by either, in the network's order (ctx->run). Forecast and paths
 * are made anew as cp_plan_run makes them. */
cp_status cp_servicer_run(cp_ctx *ctx, const cp_servicer_run_ask *ask, cp_servicer_row **out,
                          int32_t *n);

#endif

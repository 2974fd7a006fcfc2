/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_solve.h - which vaults to open: plan, bound and proof as separate facts. */
#ifndef CP_SITE_SOLVE_H
#define CP_SITE_SOLVE_H

#include "models/mip/siting.h"

typedef struct cp_siting_opts {
    double cpu_limit_s; /* CPU seconds of the process, a safety stop; 0 = none */
    int64_t nodes;      /* counted work of the tree; 0 = none */
    int32_t root_steps; /* subgradient steps at the root */
    int32_t shakes;     /* rounds of the local search before the proof */
    double limit;       /* plans that cost this or more are not wanted; INFINITY = all are */
    double enough;      /* the search ends with a plan that costs this or less; -INFINITY = never */
} cp_siting_opts;
cp_siting_opts cp_siting_defaults(void);

typedef struct cp_siting_result {
    cp_siting_plan plan; /* in ctx->run; meaningful if found */
    bool found;
    bool proven;  /* the plan is the cheapest; or, not found: there is none below the limit */
    double bound; /* no plan costs less */
    int64_t nodes, steps;
} cp_siting_result;

/* Uses ctx->seed and ctx->stop. CP_E_INPUT where the problem is not valid (siting.h). */
cp_status cp_siting_solve(cp_ctx *ctx, const cp_siting *s, const cp_siting_opts *opts,
                          cp_siting_result *result);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain_run.h - a stored plan's choice for one point, explained with the data it was made from.
 */
#ifndef CP_EXPLAIN_RUN_H
#define CP_EXPLAIN_RUN_H

#include "solver/replenish/explain.h"

typedef struct cp_explain_ask {
    const cp_network *net;     /* of the plan's first day and horizon */
    const cp_day *balance_day; /* by point: evening of its balances */
    const cp_history *history; /* may reach beyond the plan's first day; later days are not read */
    const cp_plan *plan;       /* with routes and stop prices */
    uint64_t seed;             /* of the plan */
    int32_t point;
} cp_explain_ask;

/* Forecast, paths and intervals are made anew as cp_plan_run makes them; crew minutes are those of
 * the plan's routes. Only the point's vault is looked at. For a point serviced by either also what
 * center and branch would cost (servicer.h). Errors as cp_explain_zone. */
cp_status cp_explain_run(cp_ctx *ctx, const cp_explain_ask *ask, cp_explanation *out);

#endif

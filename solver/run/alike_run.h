/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alike_run.h - days of a stored plan whose routes are more alike with an earlier day than the
 * limit allows: what comes again, and what driving otherwise would cost.
 *
 * The limit is soft (models/route/likeness.h), so a day above it may be driven as it is. The other
 * way out is found as likeness_run.h finds it: the day's stops are routed anew at rising prices. */
#ifndef CP_ALIKE_RUN_H
#define CP_ALIKE_RUN_H

#include "solver/run/likeness_run.h"

#define CP_ALIKE_WORK 200 /* iterations a stop where a day is routed anew, if nobody says more */

/* A way that is driven on both days; CP_BASE_SITE at one end is the vault. */
typedef struct cp_way_again {
    int32_t from, to;
} cp_way_again;

typedef struct cp_alike_day {
    const cp_plan_likeness *row; /* of the plan: day, vault, with which day, parts, limit */
    cp_way_again *ways;          /* by the site they lead to */
    int32_t n_ways;
    int32_t *slots; /* sites reached at the same time of day, ascending */
    int32_t n_slots;
    cp_minor cost_minor; /* of the day's routes as stored */
    cp_likeness_levels levels;
    int32_t keeps; /* the cheapest of the levels within the limit, -1 = none was found */
    int32_t least; /* the least alike of them, -1 = no level */
} cp_alike_day;

typedef struct cp_alike_days {
    cp_alike_day *day; /* by (t, vault) */
    int32_t n;
} cp_alike_days;

/* `ask` as for cp_likeness_run; t and vault -1 = all. Everything of *out lives in ctx->run; days
 * within the limit cost nothing. */
cp_status cp_alike_run(cp_ctx *ctx, const cp_likeness_ask *ask, cp_alike_days *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* likeness_run.h - what it costs to drive less alike: the routes of a vault's day at several
 * prices.
 *
 * The stops of a planned day are routed anew, once without and then with a rising price on every
 * point of likeness (limit 0, models/route/likeness.h, solver/route/route_like.h). Of all routes
 * found those stay that no others beat in both cost and likeness: each says what the next step of
 * unpredictability costs. */
#ifndef CP_LIKENESS_RUN_H
#define CP_LIKENESS_RUN_H

#include "models/plan/plan.h"

#define CP_LIKENESS_LEVELS                                                                         \
    10 /* prices tried: none, then 1 to 500 hundredths of a percent of cost */

typedef struct cp_likeness_ask {
    const cp_network *net;
    const cp_plan *plan;   /* its visits and routes */
    const cp_drives *past; /* routes of the days before it; NULL = none known */
    int32_t t, vault;
    int64_t work_per_task; /* route iterations a stop; 0 = the route search's default */
    uint64_t seed;
} cp_likeness_ask;

/* A way to drive the day. */
typedef struct cp_likeness_level {
    cp_minor price_minor; /* of a point, at which it was found; 0 = the cheapest routes */
    cp_minor cost_minor;  /* of its routes (route_solve.h) */
    int32_t n_routes;
    cp_plan_likeness likeness;
} cp_likeness_level;

typedef struct cp_likeness_levels {
    int32_t n_stops, n_days;  /* of the day; earlier days it is compared with, 0 = none */
    cp_likeness_level *level; /* the cheapest first, each dearer and less alike than the last */
    int32_t n;
    int64_t work_done;
} cp_likeness_levels;

/* Everything of *out lives in ctx->run; n = 0 when the vault has no stops that day. Routes that
 * leave out more than the cheapest ones are no way to drive it. */
cp_status cp_likeness_run(cp_ctx *ctx, const cp_likeness_ask *ask, cp_likeness_levels *out);

#endif

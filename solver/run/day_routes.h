/* SPDX-License-Identifier: GPL-3.0-or-later */
/* day_routes.h - routes for all vaults and days of a plan's visits, as parallel jobs. */
#ifndef CP_DAY_ROUTES_H
#define CP_DAY_ROUTES_H

#include "models/plan/plan.h"
#include "solver/route/route_solve.h"

typedef struct cp_day_routes_opts {
    int64_t work_per_task; /* route iterations a stop; 0 = the route search's own default */
    uint64_t seed;
    /* Days whose stops are those of `before`, routed with the same work, keep its routes; NULL: all
     * are routed anew. The result is the same, the same work being done on the same stops. */
    const struct cp_day_routes *before;
    const cp_drives *past; /* routes of days before the plan, to be unlike; NULL = none known */
    /* Days of `before` that by their hours one car less could drive are searched once more, with
     * every choice open (route_solve.h); they take what is found where it is better and needs no
     * more crew minutes than the vault has. Not where likeness steers the routes. */
    bool fewer_cars;
} cp_day_routes_opts;

/* A stop that no route could take. */
typedef struct cp_unrouted {
    int32_t t, site;
    const char *reason;
} cp_unrouted;

typedef struct cp_day_routes {
    struct route_answer *answers; /* of day_routes.c */
    int64_t work_per_task;
    cp_minor cost_minor; /* of all routes; car-days of paid_daily cars are not in it */
    cp_unrouted *unrouted;
    int32_t n_unrouted;
    cp_minor *removal_minor;  /* n_sites * n_days: saved without this stop; -1 = no stop */
    int32_t *removal_drive_s; /* likewise */
    int64_t *crew_min; /* n_vaults * n_days: driving, waiting and service of the day's routes, each
                        * in whole minutes rounded up as plan_check.h counts them */
    int64_t work_done;
    bool stopped; /* a safety stop ended some search */
} cp_day_routes;

/* The stops of a vault's day, by site; in ctx->run. */
cp_status cp_day_routes_tasks(cp_ctx *ctx, const cp_network *net, const cp_plan *plan, int32_t t,
                              int32_t vault, cp_route_task **tasks, int32_t *n_tasks);

/* Routes of plan->visits (filled by plan_fill.h); sets plan->routes, plan->stops, plan->past and
 * plan->likeness. Where likeness has a limit and a price, days are routed one after the other, each
 * to be unlike those before it; else all are routed at once. Everything lives in ctx->run. */
cp_status cp_day_routes_make(cp_ctx *ctx, const cp_network *net, const cp_day_routes_opts *opts,
                             cp_plan *plan, cp_day_routes **out);

#endif

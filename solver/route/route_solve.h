/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_solve.h - the armored-car routes of one vault on one day, and what a stop costs before any
 * route is known.
 *
 * What a route must obey and how its times are counted is defined once, in
 * models/route/car_route.h. The search is regret insertion followed by ruin and recreate
 * (Christiaens, Vanden Berghe, "Slack induction by string removals for vehicle routing problems",
 * Transportation Science 54(2), 2020), with cars closed that cost more than their work; the search
 * of the route model (vrp_solve.h) goes on from these routes, and the better ones are kept. No
 * bound is proved here. */
#ifndef CP_ROUTE_SOLVE_H
#define CP_ROUTE_SOLVE_H

#include "models/base/ctx.h"
#include "models/net/network.h"
#include "models/plan/plan.h"
#include "models/route/likeness.h"

/* One site to visit that day. A site appears at most once a day. */
typedef struct cp_route_task {
    int32_t site;
    int32_t service_s;         /* the site's fixed time and that of its machines, >= 0 */
    cp_minor out_minor;        /* value delivered, >= 0 */
    cp_minor back_minor;       /* value taken back, at the return quantile, >= 0 */
    int64_t out_cm3, back_cm3; /* volume of cassettes, >= 0 */
    int32_t car; /* must be served by this car of the network, -1 = any of the vault */
    bool must;   /* pinned by a planner: left out only after all others */
} cp_route_task;

typedef struct cp_route_day {
    int32_t t, vault; /* day index of the plan (tariffs of first_day + t) */
    const cp_route_task *tasks;
    int32_t n_tasks;
} cp_route_day;

/* Earlier days that the routes are to be less alike with (models/route/likeness.h). */
typedef struct cp_route_like {
    const cp_likeness_rule *rule; /* its limit, and the price of a point above it */
    const cp_drive_day *window;   /* days with routes, the latest first; t before that of the day */
    int32_t n_window;
} cp_route_like;

typedef struct cp_route_opts {
    int64_t work; /* ruin-and-recreate iterations; 0 = default by the number of tasks */
    uint64_t seed;
    bool every_choice; /* the route model's search is also tried with all choices open: slower */
    const cp_route_like *like; /* NULL = routes are not compared */
} cp_route_opts;

/* work 0, seed 1, not compared. */
cp_route_opts cp_route_defaults(void);

typedef struct cp_route_result {
    cp_plan_route
        *routes; /* by car, only cars that have a stop; first_stop indexes `stops` below */
    int32_t n_routes;
    cp_plan_stop *stops;
    int32_t n_stops;
    int32_t *unserved; /* task indexes, ascending; reason[i] says why, in a planner's words */
    const char **reason;
    int32_t n_unserved;
    cp_minor *removal_minor;  /* per task: what leaving out this stop alone would save of cost_minor
                                 (same order of the others); 0 if unserved */
    int32_t *removal_drive_s; /* per task: driving seconds saved likewise */
    cp_minor cost_minor;      /* CAR_DAY + KM + HOUR + OVERTIME_HOUR of plan_cost.h; CAR_DAY of
                                 paid_daily      cars is not in it: it is paid in any case */
    cp_plan_likeness likeness; /* with the days of opts->like; n_days 0 = not compared */
    int64_t work_done;
    bool stopped_by_time; /* a safety stop (deadline, user) ended the search, not `work` */
} cp_route_result;

/* With opts->like, a price and a limit that the cheapest routes are above, further rounds of half
 * the work each look for routes of least cost_minor + price * points above the limit
 * (route_like.h); the best of all rounds is returned, never one that leaves more out. Else the
 * routes do not depend on it.
 *
 * Routes of one vault and day; everything of *out lives in ctx->run. The same network, day, seed
 * and work give the same bytes unless stopped_by_time. CP_E_INPUT naming the task when its site,
 * car or an amount is no valid one or a site appears twice; CP_E_RANGE when values or costs
 * overflow. */
cp_status cp_route_solve(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                         const cp_route_opts *opts, cp_route_result **out);

/* Before any route is known: expected marginal driving seconds and cost (KM, HOUR and a share of
 * CAR_DAY) of one stop of each site, when its vault has about stops_per_vault_day[vault] stops a
 * day. Both arrays have n_sites entries; price_minor may be NULL. Sites without a vault get 0.
 * After Daganzo ("The distance traveled to visit N points with a maximum of C stops per vehicle",
 * Transportation Science 18(4), 1984): a detour to the near stops plus a share of the trip to the
 * vault. */
cp_status cp_route_estimate(cp_ctx *ctx, const cp_network *net, const int32_t *stops_per_vault_day,
                            int32_t *drive_s, cp_minor *price_minor);

#endif

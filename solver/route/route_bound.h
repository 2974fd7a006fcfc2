/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_bound.h - what the routes of a vault's day cost at least.
 *
 * The day becomes a problem of the one route model (route_vrp.h) and is bounded by column
 * generation (vrp_bound.h), at the plan's own prices: CAR_DAY, KM, HOUR and OVERTIME_HOUR as
 * models/route/car_route.h counts them. The bound holds for all routes that serve the same stops
 * and keep the rules of car_route.h. It is a bound of a relaxation: what car_route.h rounds up to
 * whole minutes is counted in seconds there, and docks and likeness with earlier days, which only
 * forbid routes, are left out. Each of these makes it lower, none higher. */
#ifndef CP_ROUTE_BOUND_H
#define CP_ROUTE_BOUND_H

#include "solver/route/route_solve.h"

typedef struct cp_route_bound_opts {
    int64_t work;      /* labels extended at most; 0 = no limit */
    int32_t stops_max; /* days with more stops get no bound */
} cp_route_bound_opts;
cp_route_bound_opts cp_route_bound_defaults(void);

/* Bound the day's routes, those of `drives` with its t and vault; tasks of `day` that they do not
 * serve are left aside. Fills *out, gap and proven too. The same input gives the same result
 * unless a stop request or the deadline ends it (CP_NO_BOUND_STOPPED, or the bound so far).
 * CP_E_INPUT when a route serves a site that is no task. Everything is given back. */
cp_status cp_route_bound(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                         const cp_drives *drives, const cp_route_bound_opts *opts,
                         cp_plan_route_bound *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_bounds.h - what the stored bounds of a plan's routes say (cp_plan_route_bound). */
#ifndef CP_ROUTE_BOUNDS_H
#define CP_ROUTE_BOUNDS_H

#include "models/plan/record.h"

/* A short stable name, e.g. "stops", and what a planner reads, e.g. "more stops than can be
 * bounded". The name of CP_BOUND_KNOWN is "". */
const char *cp_no_bound_name(cp_no_bound why);
const char *cp_no_bound_text(cp_no_bound why);
/* False where no reason has the name. */
bool cp_no_bound_parse(const char *name, cp_no_bound *why);

/* Days taken together: bound and gap are of those days alone that have a bound. */
typedef struct cp_route_bound_sum {
    int32_t n_days, n_bounded, n_proven; /* vault-days with routes; with a bound; without a gap */
    int32_t n_stops_most;                /* of a vault-day without a bound */
    cp_minor routed_minor, bound_minor;  /* of the bounded days */
    double gap;                          /* (routed - bound) / routed, 0 where nothing is paid */
} cp_route_bound_sum;

/* Of one vault, or of all with -1. */
cp_route_bound_sum cp_route_bounds_sum(const cp_plan *plan, int32_t vault);

/* (routed - bound) / routed; 0 where nothing is paid. */
double cp_route_gap(cp_minor routed_minor, cp_minor bound_minor);

/* The row of a vault's day, NULL if there is none. */
const cp_plan_route_bound *cp_route_bound_at(const cp_plan *plan, int32_t t, int32_t vault);

/* Add to record->kpis, in total and for each vault with routes: route_days_bounded,
 * route_days_proven, route_days_unbounded, and where a day has a bound route_bound_minor and
 * route_gap_pct. */
cp_status cp_route_bounds_kpis(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                               cp_record *record);

#endif

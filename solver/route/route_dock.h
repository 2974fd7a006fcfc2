/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_dock.h - departures of a vault's cars, staggered so that its docks are enough.
 *
 * The search times each car alone. Here the cars of the day choose their departures one after the
 * other, by their own best departure: each takes the cheapest minute at which none of its loadings
 * (models/route/car_route.h, "Dock") finds all docks taken by those before it. Moving a departure
 * within the waiting of a route costs crew time alone; a later one may cost overtime. A car that
 * finds no minute gives up its last stop, and tries again. */
#ifndef CP_ROUTE_DOCK_H
#define CP_ROUTE_DOCK_H

#include "models/route/car_route.h"
#include "solver/route/route_solve.h"

/* Stagger the routes of r in place. stops and task_of run parallel to r->stops. dropped[task] is
 * set for the stops given up, whose rows leave r->stops, stops and task_of. r->cost_minor is that
 * of the routes that stay. Nothing happens at a vault without dock_slots. */
cp_status cp_route_stagger(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                           cp_car_stop *stops, int32_t *task_of, bool *dropped, cp_route_result *r);

#endif

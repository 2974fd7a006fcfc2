/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_vrp.h - a vault's day of our own database as a problem of the one route model, and routes
 * of that model as car routes again.
 *
 * What is the same on both sides: windows (two a site), value and volume on board, pinned cars,
 * trips with reloads, hours of the vault, shifts with overtime, open routes, ways that differ by
 * direction or are missing, tariffs of day, kilometre, hour and overtime. What the route model does
 * not know is outside of it on the old side too: docks (route_dock.h) and likeness (route_like.h).
 * Two things are counted in whole minutes by car_route.h and in seconds here: a departure is
 * rounded down, and waiting, service and overtime are rounded up; so costs differ by less than
 * three minutes of crew a route, and cost_minor is that of car_route.h. */
#ifndef CP_ROUTE_VRP_H
#define CP_ROUTE_VRP_H

#include "models/route/vrp.h"
#include "solver/route/route_solve.h"

struct cp_tasks_day;

typedef struct cp_route_vrp {
    cp_vrp p;                       /* node k is task k of `day` */
    const struct cp_tasks_day *day; /* tasks that no car can carry are not in it */
    int32_t *cars; /* of kind k: cars[first_car[k] .. first_car[k + 1]) of the day */
    int32_t *first_car;
} cp_route_vrp;

/* The problem; all of *out lives in ctx->scratch. It is valid. `cause` as cp_tasks_day_build's. */
cp_status cp_route_vrp_build(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                             const char **cause, cp_route_vrp *out);

typedef struct cp_route_vrp_answer {
    cp_plan_route *routes; /* as in cp_route_result */
    int32_t n_routes;
    cp_plan_stop *stops;
    int32_t n_stops;
    int32_t *unserved; /* task indexes, ascending */
    int32_t n_unserved;
    cp_minor cost_minor;
} cp_route_vrp_answer;

/* Build, search (`work` iterations) and turn back; every route has been judged by car_route.h, one
 * that it refuses is CP_E_SOLVER. Everything of *out lives in ctx->run. */
cp_status cp_route_vrp_solve(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                             int64_t work, uint64_t seed, cp_route_vrp_answer *out);

#endif

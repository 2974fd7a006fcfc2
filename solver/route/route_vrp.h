/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_vrp.h - a vault's day of our own database as a problem of the one route model, and routes
 * of that model as tours of the day again.
 *
 * What is the same on both sides: windows (two a site), value and volume on board, pinned cars,
 * trips with reloads, hours of the vault, shifts with overtime, open routes, ways that differ by
 * direction or are missing, tariffs of day, kilometre, hour and overtime. What the route model does
 * not know is outside of it on the old side too: docks (route_dock.h) and likeness (route_like.h).
 * Two things are counted in whole minutes by car_route.h and in seconds here: a departure is
 * rounded down, and waiting, service and overtime are rounded up; so costs differ by less than
 * three minutes of crew a route. */
#ifndef CP_ROUTE_VRP_H
#define CP_ROUTE_VRP_H

#include "models/route/vrp.h"
#include "solver/route/route_tour.h"

typedef struct cp_route_vrp {
    cp_vrp p;                /* node k is task k of `day` */
    const cp_tasks_day *day; /* tasks that no car can carry are not in it */
    int32_t *cars;           /* of kind k: cars[first_car[k] .. first_car[k + 1]) of the day */
    int32_t *first_car;
} cp_route_vrp;

/* The problem with every choice open; all of *out lives in ctx->scratch. It is valid. `cause` as
 * cp_tasks_day_build's. */
cp_status cp_route_vrp_build(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                             const char **cause, cp_route_vrp *out);

/* The problem of a day that has been built. With `frame` the choices of those tours are kept that
 * the quick search (vrp_dense.h) makes badly or not at all: which window of two a site is served
 * in, that no car has a second trip (unless one has), and, where nothing is left out, how many cars
 * of each kind are sent. NULL = every choice is open. */
cp_status cp_route_vrp_frame(cp_ctx *ctx, const cp_route_day *day, const cp_tasks_day *p,
                             const cp_tours *frame, cp_route_vrp *out);

/* Tours as routes of the problem; *out lives in ctx->scratch. */
cp_status cp_route_vrp_routes(cp_ctx *ctx, const cp_route_vrp *r, const cp_tours *s,
                              cp_vrp_solution *out);

/* Routes of the model as tours; *out is new, in ctx->scratch. A route that the tours' own rules
 * refuse (none is known) leaves its stops out. */
cp_status cp_route_vrp_tours(cp_ctx *ctx, const cp_route_vrp *r, const cp_vrp_solution *solution,
                             cp_tours **out);

typedef struct cp_route_vrp_opts {
    int64_t work; /* iterations */
    uint64_t seed;
    bool framed; /* see cp_route_vrp_frame: by the tours as they are */
} cp_route_vrp_opts;

typedef struct cp_route_vrp_end {
    bool better;  /* the tours have changed */
    bool stopped; /* by a deadline or the user */
    int64_t work_done;
} cp_route_vrp_end;

/* Search the day by the route model, from the tours as they are. They become what is found where
 * that leaves less out, or as much at less cost. Framed tours are left alone where the quick search
 * cannot keep their choices (a car with two trips): all of them being open, it takes the slower
 * search and begins anew. */
cp_status cp_route_vrp_improve(cp_ctx *ctx, const cp_route_day *day, const cp_route_vrp_opts *opts,
                               cp_tours *s, cp_route_vrp_end *end);

#endif

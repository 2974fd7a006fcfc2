/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_toy.h - invented vault days for the route tests, and a slow judge of one car's day that
 * shares no code with models/route. */
#ifndef CP_TEST_ROUTE_TOY_H
#define CP_TEST_ROUTE_TOY_H

#include "models/base/rng.h"
#include "models/route/car_route.h"
#include "solver/route/route_solve.h"

/* Which rules bind in a toy. */
typedef enum toy_rule {
    TOY_VALUE = 1,
    TOY_VOLUME = 2,
    TOY_WINDOWS = 4,
    TOY_SECOND_WINDOWS = 8,
    TOY_TRIPS = 16, /* two trips a car */
    TOY_OPEN_ROUTES = 32,
    TOY_OVERTIME = 64,
    TOY_VAULT_HOURS = 128,
    TOY_ASYMMETRIC = 256, /* times that also break the triangle inequality */
    TOY_NO_WAY = 512,     /* some legs do not exist */
    TOY_SHORT_SHIFT = 1024,
    TOY_FREE_TIME = 2048, /* no price on hours */
    TOY_RULES = 4096
} toy_rule;

typedef struct toy {
    cp_network net;
    cp_route_day day;
    cp_site *sites;
    cp_car *cars;
    cp_vault *vault;
    cp_route_task *tasks;
    int32_t *seconds, *metres; /* row-major, width n_sites + 1 */
} toy;

/* One vault, n_sites sites with a task each, n_cars cars; in ctx->run. Times are not whole minutes.
 */
toy *toy_new(cp_ctx *ctx, int32_t n_sites, int32_t n_cars, uint32_t rules, uint64_t seed);

/* Set a tariff of the toy for all scopes. */
void toy_tariff(toy *t, cp_tariff_item item, int64_t amount);

/* Judge a day by simulating it minute by minute of departure, moment by moment of load. False when
 * a rule is broken. */
bool toy_judge(const toy *t, int32_t car, const cp_car_stop *stops, int32_t n, cp_plan_route *route,
               cp_plan_stop *timed);

/* A stop of the car for one task. */
cp_car_stop toy_stop(const toy *t, int32_t task, int32_t trip);

/* Cost of one route at the toy's tariffs. */
cp_minor toy_cost(cp_ctx *ctx, const toy *t, const cp_plan_route *r);

/* The task of a site. */
int32_t toy_task_at(const toy *t, int32_t site);

/* Weight of what a result leaves out: a pinned task counts more than all others. */
int64_t toy_left_out(const toy *t, const cp_route_result *r);

/* Solve the toy's day and hold the result to every rule: each task served once or given a reason,
 * each route judged again. */
cp_route_result *toy_solve(cp_ctx *ctx, const toy *t, int64_t work, uint64_t seed);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_brute.h - every way to drive a tiny toy day: all partitions, orders and cuts into two
 * trips, judged by the slow judge. */
#ifndef CP_TEST_ROUTE_BRUTE_H
#define CP_TEST_ROUTE_BRUTE_H

#include "tests/unit/route_toy.h"

#define TOY_STOPS 6 /* most tasks */
#define TOY_CARS 2  /* most cars */
#define TOY_SETS (1 << TOY_STOPS)

typedef struct toy_brute {
    cp_ctx *ctx;
    const toy *t;
    int32_t car;
    cp_car_stop stops[TOY_STOPS];
    cp_minor best[TOY_CARS][TOY_SETS]; /* of a car for a set of tasks; -1 = not allowed */
} toy_brute;

void toy_brute_fill(cp_ctx *ctx, const toy *t, toy_brute *b);

/* May the car serve the set, pins kept, and for how much? Nothing costs nothing. */
bool toy_brute_may(const toy_brute *b, int32_t car, int32_t set, cp_minor *cost);

/* Least cost of serving just this set with all cars; -1 = impossible. */
cp_minor toy_brute_cost(const toy_brute *b, int32_t set);

/* Least weight left out (toy_left_out), then least cost. */
void toy_brute_best(const toy_brute *b, int64_t *weight, cp_minor *cost);

#endif

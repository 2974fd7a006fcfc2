/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_toy.h - small random routing problems with any set of rules, and their best by trying all. */
#ifndef CP_TEST_VRP_TOY_H
#define CP_TEST_VRP_TOY_H

#include "models/base/rng.h"
#include "models/route/vrp.h"

enum {
    VRP_TOY_WINDOWS = 1,
    VRP_TOY_SHIFT = 2,  /* a longest shift */
    VRP_TOY_DEPOTS = 4, /* a second depot, an open route */
    VRP_TOY_KINDS = 8,  /* a second kind of vehicle with its own prices and capacity */
    VRP_TOY_LOADS = 16, /* two dimensions, deliveries and pick-ups */
    VRP_TOY_EXPOSURE = 32,
    VRP_TOY_SKILLS = 64,
    VRP_TOY_ONE_WAY = 128, /* asymmetric ways, some missing */
    VRP_TOY_OPTIONAL = 256,
    VRP_TOY_TIMES = 512,  /* set-up, priced hours; two nodes at one place */
    VRP_TOY_HOURS = 1024, /* several windows, forbidden hours */
    VRP_TOY_PAID = 2048,  /* waiting and overtime have prices */
    VRP_TOY_SAVED = 4096, /* nodes at one place have set-ups that the second saves */
    VRP_TOY_ALL = 1023
};

/* Sets of rules to try: each alone, some together, all. */
#define VRP_TOY_N_SETS 25
extern const uint32_t vrp_toy_sets[VRP_TOY_N_SETS];

/* A problem of n nodes; everything lives in ctx->run. */
cp_vrp *vrp_toy(cp_ctx *ctx, int32_t n, uint32_t rules, uint64_t seed);

/* Least cost of all feasible solutions by trying every order and cut, with every place of reloads
 * and of one break a route, n <= 7 (better 4 with either); INT64_MAX if none. */
int64_t vrp_toy_best(cp_ctx *ctx, const cp_vrp *p);

#endif

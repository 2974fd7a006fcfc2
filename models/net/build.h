/* SPDX-License-Identifier: GPL-3.0-or-later */
/* build.h - what the files of network_build share; nobody else includes this. */
#ifndef CP_BUILD_H
#define CP_BUILD_H

#include "models/net/fields.h"
#include "models/net/roads.h"

#define CP_BUILD_PROBLEMS_MAX 100 /* told in full; the rest is counted */

/* Code -> dense index of one entity. */
typedef struct cp_lookup {
    const char **code; /* sorted */
    int32_t *index;    /* of code[i] in the entity's final order */
    int32_t n;
} cp_lookup;

typedef struct cp_build {
    cp_ctx *ctx;
    cp_network *net;
    cp_lookup lookup[CP_N_ENTITIES];
    int64_t n_problems;
    const char *problem[CP_BUILD_PROBLEMS_MAX];
    const cp_road_legs *roads; /* stored legs, or NULL */
} cp_build;

/* Notes a problem; CP_E_NOMEM only. */
cp_status cp_build_problem(cp_build *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* CP_OK without problems, else CP_E_INPUT with all of them in the error text. */
cp_status cp_build_verdict(cp_build *b);

/* Stable merge sort of order[0..n) by `compare` (network_build.c). */
typedef int cp_compare_fn(const void *user, int32_t i, int32_t j);
cp_status cp_build_order(cp_ctx *ctx, int32_t n, cp_compare_fn *compare, const void *user,
                         int32_t *order);
/* Puts the rows of an entity into `order`; the lookup's indexes follow. */
cp_status cp_build_permute(cp_build *b, cp_entity_id id, const int32_t *order);

/* network_resolve.c: codes -> indexes. Phase 0: what the order of points and cars hangs on; phase
 * 1: everything else. */
cp_status cp_build_lookups(cp_build *b);
cp_status cp_build_resolve(cp_build *b, int32_t phase);
int32_t cp_lookup_find(const cp_lookup *lookup, const char *code);

/* network_join.c. Sites of equal place become one (setting); sites without a vault get the nearest;
 * cassettes get capacities and balances; channels are made; the plan's currency is found. */
cp_status cp_build_merge_sites(cp_build *b);
cp_status cp_build_zones(cp_build *b);
cp_status cp_build_balances(cp_build *b, cp_day *balance_day);
cp_status cp_build_channels(cp_build *b);
cp_status cp_build_currency(cp_build *b);

/* slot_mix.c: the options of points, refused where they make no sense; then all their mixes. */
cp_status cp_build_options(cp_build *b);
cp_status cp_build_mixes(cp_build *b);

#endif

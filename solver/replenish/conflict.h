/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conflict.h - where the limits that the points of a vault share conflict with what the points
 * need: for whom, and what the cheapest relief is.
 *
 * A row of a plan is in conflict when its use needs declared relief. Its users are the points whose
 * visits use it. Ways out of it, each with the cost of resolving it so:
 *   pay    the relief as declared, at its price
 *   move   some users take their next best plan: planned again exactly (point_price.h) against the
 *          slack that the others leave, as if a unit above this limit cost CP_CONFLICT_DEAR times
 * its relief; the cost is what the whole zone pays more, without what the row's relief cost.
 *          Machines whose use hangs on a common stop move together. Every user alone, and, where
 *          none frees enough, as many as it takes, those that free a unit most cheaply first
 *   unit   one more unit of the limit: its dual, the price up to which it is worth buying */
#ifndef CP_CONFLICT_H
#define CP_CONFLICT_H

#include "solver/replenish/refill_state.h"

#define CP_CONFLICT_DEAR 100

typedef enum cp_way_kind { CP_WAY_PAY, CP_WAY_MOVE, CP_WAY_UNIT, CP_N_WAYS } cp_way_kind;
const char *cp_way_kind_name(cp_way_kind kind);

/* Points that use the row together: one, or the machines of a stop. */
typedef struct cp_conflict_user {
    int32_t site, point; /* network; point -1: several machines of the site */
    int64_t use;
} cp_conflict_user;

typedef struct cp_conflict_way {
    cp_way_kind kind;
    cp_minor cost_minor;
    int32_t *users; /* move: indexes of those that move, in this order */
    int32_t *to;    /* ... and the day of their next visit in the new plan; -1 = none */
    int32_t n_users;
    int64_t left; /* units that stay above the limit */
    bool misses;  /* a mover then misses its service level where it did not before */
} cp_conflict_way;

typedef struct cp_conflict {
    cp_limit_kind kind;
    int32_t vault, t, item;
    int64_t cap, use, over; /* cap with overtime and what others do; over: relief */
    cp_minor relief_minor;  /* paid for it */
    cp_minor price_minor;   /* of a unit of relief */
    double dual_minor;      /* what one more unit is worth */
    cp_conflict_user *user; /* the greatest use first */
    int32_t n_users;
    cp_conflict_way *way; /* those that resolve it first, then by cost, the cheapest first */
    int32_t n_ways;
} cp_conflict;

/* Row `row` of the zone with all points planned in `state`, which is left as it was. Lives in
 * ctx->run. A row that nothing exceeds gets over 0 and no way. */
cp_status cp_conflict_row(cp_ctx *ctx, cp_zone *zone, cp_refill_state *state, int32_t row,
                          double dual_minor, cp_conflict *out);

#endif

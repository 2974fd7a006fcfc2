/* SPDX-License-Identifier: GPL-3.0-or-later */
/* conflict_run.h - all that a stored plan could not keep, for whom, and the cheapest relief. */
#ifndef CP_CONFLICT_RUN_H
#define CP_CONFLICT_RUN_H

#include "solver/replenish/conflict.h"
#include "solver/replenish/explain.h"
#include "solver/replenish/rule_relief.h"
#include "solver/run/car_relief.h"

/* A point whose service level an interval misses under declared relief. */
typedef struct cp_level_miss {
    int32_t point, t;      /* day of the visit that opens the interval; -1: the opening */
    cp_minor relief_minor; /* price of the miss */
    bool no_car;           /* the plan has a visit of the point unserved that no car could make */
    bool has_way;          /* some plan of the point keeps the level; no_car: not asked */
    cp_choice way;         /* the cheapest one that does */
    cp_minor more_minor;   /* what it costs the vault more, without the price of the miss */
    const cp_push *push;   /* shared limits that stand against what the point would choose alone */
    int32_t n_pushes;
    cp_rule_relief rule; /* the point's own rules given up for a day; as way, its more_minor is
                            without the price of the miss */
} cp_level_miss;

/* A visit asked for that the plan does not have. What a way costs is more than the plan as it is,
 * in which the point does without. */
typedef struct cp_left_out {
    const cp_plan_unserved *visit;
    int32_t next_t; /* day of the point's next visit in the plan; -1 = none */
    bool has_other; /* another first visit is allowed */
    cp_choice other;
    cp_minor other_minor;
    cp_car_relief car; /* a car that makes this stop alone on the day asked for */
    cp_minor car_minor;
    cp_rule_relief rule; /* the point's own rules given up for a day */
} cp_left_out;

/* An order to the central bank that should have been placed before the plan. */
typedef struct cp_late_order {
    const cp_plan_order *order;
    int32_t n_points; /* visits that load this denomination until the order is due */
} cp_late_order;

typedef struct cp_conflicts {
    cp_conflict *limit; /* shared limits with declared relief, in the plan's order */
    int32_t n_limits;
    cp_level_miss *miss;
    int32_t n_misses;
    cp_left_out *left_out;
    int32_t n_left_out;
    cp_late_order *late;
    int32_t n_late;
    int32_t n_changed; /* points whose stored visits the data no longer allow */
} cp_conflicts;

typedef struct cp_conflict_ask {
    const cp_network *net;     /* of the plan's first day and horizon */
    const cp_day *balance_day; /* by point: evening of its balances */
    const cp_history *history; /* may reach beyond the plan's first day; later days are not read */
    const cp_plan *plan;       /* with routes and stop prices */
    uint64_t seed;             /* of the plan */
    int32_t vault, t;          /* only this vault, this day; -1 = all */
} cp_conflict_ask;

/* Forecast, paths and intervals are made anew as cp_plan_run makes them, for the vaults that have a
 * conflict; a plan that needs no relief costs nothing. Lives in ctx->run. */
cp_status cp_conflict_run(cp_ctx *ctx, const cp_conflict_ask *ask, cp_conflicts *out);

#endif

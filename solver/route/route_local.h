/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_local.h - ruin and recreate over all cars of a day, accepted by annealing.
 *
 * Christiaens, Vanden Berghe, "Slack induction by string removals for vehicle routing problems",
 * Transportation Science 54(2), 2020: strings of stops are taken out of tours near a seed stop, and
 * put back one by one at their cheapest places, some places passed over at random. Here a "tour" of
 * the paper is one trip of a car. Stops left out come before cost: fewer of them (planners' pins
 * counted first) always wins, and at first sums of absence counters decide between sets of equal
 * rank (section 5.4 of the paper). */
#ifndef CP_ROUTE_LOCAL_H
#define CP_ROUTE_LOCAL_H

#include "solver/route/route_insert.h"

typedef struct cp_local_opts {
    int64_t work;          /* iterations */
    int64_t enough_weight; /* stop as soon as no more than this is left out; -1 = never */
    cp_rng *rng;
} cp_local_opts;

typedef struct cp_local_end {
    int64_t work_done;
    bool stopped_by_time;
} cp_local_end;

/* Improve *s in place, cars that are closed excepted; it ends as the best found. All memory is
 * ctx->scratch, given back. */
cp_status cp_route_improve(cp_ctx *ctx, cp_tours *s, const cp_local_opts *opts, cp_local_end *end);

#endif

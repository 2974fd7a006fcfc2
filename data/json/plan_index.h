/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_index.h - which visits a stop has, which stop a visit: what every export walks along. */
#ifndef CP_PLAN_INDEX_H
#define CP_PLAN_INDEX_H

#include "models/plan/record.h"

typedef struct cp_plan_index {
    int32_t *visit_stop; /* by visit: its stop, -1 = no route takes it */
    int32_t *stop_route; /* by stop */
    int32_t *stop_visit; /* by stop: first of its visits (they follow each other) */
    int32_t *stop_n;     /* by stop: their number */
} cp_plan_index;

/* Lives in ctx->run. CP_E_INPUT when a stop has no visit or two stops claim one. */
cp_status cp_plan_index_make(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                             cp_plan_index *out);

/* Minute at which the trip of stop `first` (the first of its trip) leaves the vault: the route's
 * departure for its first trip, else the arrival less the drive, in whole minutes down. */
int32_t cp_trip_departure(const cp_network *net, const cp_plan *plan, const cp_plan_route *route,
                          int32_t first);

#endif

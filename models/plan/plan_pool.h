/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_pool.h - the cassettes of a vault as an inventory: where those of a model are, day by day.
 *
 * Of a vault and a cassette model with a cassette_pool row: S spare cassettes usable on the first
 * day, M in the machines of the zone, k[t] exchanged on day t, L = sort_lead_days (at least 1).
 * What is packed leaves full, a full cassette takes the place of another in a machine, the replaced
 * one comes back uncounted on the same car and is empty, ready to be packed, L days after it came.
 * While the cars of day t are on the road:
 *
 *   in_transit[t] = k[t]                        uncounted[t] = sum of k[u] over t - L < u < t
 *   in_machine[t] = M                           (each exchange takes one and leaves one)
 *   borrowed[t]   = max(0, in_transit[t] + uncounted[t] - S)    what the POOL limit calls relief
 *   full[t]       = min(k[t + 1], S + borrowed[t] - in_transit[t] - uncounted[t])
 *   empty[t]      = what is left of S + borrowed[t]
 *
 * A day's cassettes are packed the day before as far as there are empty ones, the rest in the
 * morning from those that are sorted by then. Every day the five add up to S + M + borrowed[t].
 * Cassettes that came back before the plan and are not sorted on its first day are not known and
 * in none of them. */
#ifndef CP_PLAN_POOL_H
#define CP_PLAN_POOL_H

#include "models/plan/plan.h"

/* Sets plan->pool (in ctx->run) from plan->visits: one row for each cassette_pool row, in their
 * order, and day. */
cp_status cp_plan_pool_make(cp_ctx *ctx, const cp_network *net, cp_plan *plan);

#endif

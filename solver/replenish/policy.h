/* SPDX-License-Identifier: GPL-3.0-or-later */
/* policy.h - what the rules of thumb (naive.h, ss_rule.h) have in common. */
#ifndef CP_POLICY_H
#define CP_POLICY_H

#include "models/demand/paths.h"
#include "models/plan/plan.h"

#define CP_POLICY_CHANNELS 16 /* most channels of a point */

/* How the point is visited: swap where allowed, else pick-up where nothing is loaded, else add. */
cp_visit_kind cp_policy_kind(const cp_network *net, int32_t point);

/* The must pin of a day, NULL if there is none. */
const cp_pin *cp_policy_must(const cp_network *net, int32_t point, int32_t t);
/* May the point be visited in this way on day t (may lie after the plan)? A planner's must wins
 * over service days, a forbidding pin over both. */
bool cp_policy_may(const cp_network *net, int32_t point, cp_visit_kind kind, int32_t t);

/* Bring wanted levels (notes by channel) to what can be loaded: whole steps rounded up, at least
 * the least load of a swap, at most the capacity in whole steps, together at most the insured
 * amount: whole steps off, the most valuable channel first. Deposit channels become 0. */
void cp_policy_fit_level(const cp_network *net, int32_t point, bool swap, int64_t *notes);

/* Amounts to add to reach `level` when `expected` notes are inside: whole steps rounded up, below 0
 * only at a branch; the insured amount holds even if `most` notes were inside. */
void cp_policy_fit_amount(const cp_network *net, int32_t point, const int64_t *level,
                          const int64_t *expected, const int64_t *most, int64_t *notes);

/* Scale levels or amounts to a pinned value (-1 = free), whole steps within the capacity. */
void cp_policy_fit_pin(const cp_network *net, int32_t point, cp_minor value, int64_t *notes);

/* The last day allowed for the first visit (max_interval_days, latest_day), INT32_MAX = none. */
int32_t cp_policy_due(const cp_network *net, int32_t point);
/* Most days between two visits. */
int32_t cp_policy_longest(const cp_network *net, int32_t point);

/* Days of the plan's paths that may be looked at: `until` is at most this. */
int32_t cp_policy_last_day(const cp_network *net, const cp_forecast *forecast);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_fill.h - decisions in any order -> a whole cp_plan: sorted, with what follows from them.
 *
 * What follows, on the settings' n_paths sample paths with `seed` (stock rule of plan.h, order
 * within a day of plan_cost.h):
 *   loads    swap: level = load, all swapped; partial swap: the same for the channels said to
 *            be swapped, to which every deposit channel is put; the others 0. Fill-up add:
 *            load_notes = expected delivery, mean over the paths of max(0, level - residual),
 *            rounded up to whole steps. Deposit channels: 0.
 *   returns  return_notes = mean over the paths, rounded up. All that leaves the machine (to the
 *            branch, where its staff comes): swap all channels, partial swap those swapped,
 *            pickup deposit channels, add deposit channels, what is above the level or did not
 *            fit, and what a negative load takes away.
 *            return_q_notes = quantile (settings.return_quantile_ppm) of the channel's return.
 *            sealed_notes = mean of what comes in unopened cassettes, rounded down.
 *   values   load_minor = sum of max(0, load_notes) * value: what the car carries out.
 *            return_minor = mean of the visit's returned value, rounded up; return_q_minor =
 *            quantile of it over the paths (of the visit's sum, not the channels' sums).
 *   cassettes  swaps: cassettes of the channels swapped (reject cassettes stay); else 0.
 * The quantile q of W numbers is the ceil(q * W / 1e6)-th smallest. */
#ifndef CP_PLAN_FILL_H
#define CP_PLAN_FILL_H

#include "models/demand/paths.h"
#include "models/plan/plan.h"

/* Collects visits in any order. Lives in ctx->run. */
typedef struct cp_plan_builder cp_plan_builder;

cp_status cp_plan_builder_new(cp_ctx *ctx, const cp_network *net, const char *policy,
                              cp_plan_builder **out);

/* Add one visit. notes: one number per channel of the point, in their order: the level (swap,
 * fill-up add) or the amount (fixed_amount); partial swap: negative = keeps what it holds; NULL for
 * a pickup. `until` counts only when no later
 * visit of the point is added: the day its last interval is laid for (less than n_days becomes
 * n_days). */
cp_status cp_plan_builder_visit(cp_ctx *ctx, cp_plan_builder *builder, const cp_plan_visit *visit,
                                const int64_t *notes);

/* A plan with first_day, n_days, visits sorted by (t, point), loads, `until` of every visit from
 * the point's next one, pins kept (index) and nothing else: outcome CP_FEASIBLE. CP_E_INPUT when a
 * point has two visits on a day. */
cp_status cp_plan_builder_finish(cp_ctx *ctx, cp_plan_builder *builder, cp_plan **out);

/* Fill in of every visit and load of *plan what is listed above. CP_E_INPUT when the forecast ends
 * before a last interval does. */
cp_status cp_plan_fill_visits(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                              const cp_shares *shares, uint64_t seed, cp_plan *plan);

/* Replace plan->limits: one row per limited (kind, vault, day, item), with use, extra and relief
 * as the plan needs them, and one SERVICE_LEVEL row per interval that misses its point's service
 * level (also sets visit.relief); units and the meaning of cap as in plan_check.h. Duals are 0. For
 * policies that do not look at shared limits: relief makes their excess visible and priced. Crew
 * minutes are planned ones (plan->prices.drive_min) while the plan has no route on that day. */
cp_status cp_plan_fill_limits(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                              const cp_shares *shares, uint64_t seed, cp_plan *plan);

/* What a vault may sort on day t beyond its day's capacity: overtime and by others, the cheaper
 * first, so that the cost of sorting is convex. What has no box has cap 0; cap[0] is 0 only when
 * cap[1] is. */
typedef struct cp_sort_tiers {
    int64_t cap[2];         /* notes */
    cp_minor minor_1000[2]; /* per 1,000 notes */
    bool outsourced_first;
} cp_sort_tiers;
cp_sort_tiers cp_sort_tiers_of(const cp_network *net, int32_t vault, int32_t t);
/* `over` notes above the capacity, split over the two; what is left is relief. */
void cp_sort_tiers_split(const cp_sort_tiers *tiers, int64_t over, int64_t *overtime,
                         int64_t *outsourced);

/* Which paths count against a service level: those on which a note was unmet or refused in the
 * interval; with the setting low_level_counts also those on which a channel that pays out held less
 * than its low_notes after the withdrawals (and stand-ins) of any part of a day in it: replenish
 * before the low level. An emergency (plan_cost.h) is paid for the former alone. */

/* Of n sample paths so many may run out of cash or room in an interval that keeps a service level.
 * Loads are chosen on the very paths they are counted on; among n + 1 equally likely futures (the
 * paths and the real one) the chance of running out is then (failures + 1) / (n + 1), the rank
 * estimate of order statistics (David, Nagaraja, "Order Statistics", 3rd ed. 2003, section 7.1).
 * That has to stay within what the level leaves; no failure at all always keeps it. */
int32_t cp_paths_may_fail(int64_t level_ppm, int32_t n_paths);

/* Price of one unit of relief of a limit, >= 1: a last resort, above what an emergency costs.
 * CP_LIMIT_SERVICE_LEVEL: per interval that misses its level, for a point of `site`; the others
 * take site -1. */
cp_minor cp_relief_price(const cp_network *net, cp_limit_kind kind, int32_t vault, int32_t site,
                         cp_day day);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ss_rule.h - an (s, S) rule with the same forecast as ours (Scarf 1960; applied to cash as in
 * practice): visit when stock may not last, load up to S.
 *
 * Day by day, on the sample paths: a machine is visited on day t when on the paths, at the service
 * level's quantile, stock would not last through the next day on which it can be served (s is that
 * quantile of the demand until then), or deposits would not find room; otherwise it waits. S =
 * quantile of the need of the next R days, whole steps, capped by capacity and insured amount. R is
 * the economic interval of the machine, sqrt(2 * stop cost / (holding rate * mean daily value)), at
 * least 2 days, at most longest_interval_days and max_interval_days. Swap where allowed, else add
 * (pick-up where nothing is loaded). Pins are kept. No shared limit is looked at. */
#ifndef CP_SS_RULE_H
#define CP_SS_RULE_H

#include "models/demand/paths.h"
#include "models/plan/plan.h"

/* Visits and loads of all days of the plan, filled in (plan_fill.h), policy "sS"; no routes.
 * `history` is not used beyond what the forecast holds (may be NULL). */
cp_status cp_ss_plan(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                     const cp_forecast *forecast, const cp_shares *shares, uint64_t seed,
                     cp_plan **out);

#endif

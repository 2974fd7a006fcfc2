/* SPDX-License-Identifier: GPL-3.0-or-later */
/* naive.h - the rule of thumb that every plan is compared with (domain.md section 6).
 *
 * Fixed weekly visits; load = mean of the last 30 days x (days to the next fixed visit + 2), rounded
 * up to whole steps, capped by capacity and insured amount.
 *
 * The fixed weekdays are given by rule: a site's need in days between visits is the least, over its
 * machines, of the days that a full load (or room for deposits) lasts at the mean of the last 30
 * days, less the 2 days of reserve; it gets k = ceil(7 / need) visits a week, 1..7, at most its
 * number of service weekdays. Sites of a vault are taken in order of code; each gets the k weekdays
 * that are spread evenly over its service weekdays, beginning where the vault has had the fewest
 * stops a week so far (ties: Monday first). A fixed day that is a holiday moves to the next day that
 * can be served, or to the day before when that would meet the next fixed visit. Swap where allowed,
 * else add (pick-up where nothing is loaded). Pins are kept. */
#ifndef CP_NAIVE_H
#define CP_NAIVE_H

#include "models/demand/paths.h"
#include "models/plan/plan.h"

/* Visits and loads of all days of the plan, filled in (plan_fill.h), policy "naive"; no routes.
 * `history`: days before net->first_day are used, later ones are not looked at. A machine without
 * history takes the forecast's mean. */
cp_status cp_naive_plan(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                        const cp_forecast *forecast, const cp_shares *shares, uint64_t seed,
                        cp_plan **out);

#endif

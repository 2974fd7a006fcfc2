/* SPDX-License-Identifier: GPL-3.0-or-later */
/* naive.h - the rule of thumb that every plan is compared with (domain.md section 6).
 *
 * Fixed weekly visits; load = mean of the last 30 days x (days to the next fixed visit + 2),
 * rounded up to whole steps, capped by capacity and insured amount.
 *
 * A recycler's own deposits count for the days to the next visit, not for the 2 days of reserve.
 *
 * The fixed weekdays are given by rule. A machine's need is the days that a full load (or the room
 * for deposits) lasts at that mean, less the reserve, at most its longest interval; it gets the
 * fewest visits a week, spread evenly over the weekdays on which its site can be served, with no
 * gap longer than its need. A site comes as often as its neediest machine; the others are served on
 * some of its days. Sites are taken in order of code and begin on the weekday on which their vault
 * has had the fewest stops so far (ties: Monday first). A fixed day that is a holiday moves to the
 * next day that can be served before the next fixed day, else to the day before; what is then still
 * further apart than the longest interval gets one more visit at the last moment. Swap where
 * allowed, else add (pick-up where nothing is loaded). Pins are kept. */
#ifndef CP_NAIVE_H
#define CP_NAIVE_H

#include "models/demand/paths.h"
#include "models/plan/plan.h"

/* The fixed weekdays of all planned points as bits (bit 0 = Monday), by point; the others get 0.
 * `history`: days before net->first_day are used, later ones are not looked at. A machine without
 * history takes the forecast's mean. */
cp_status cp_naive_weekdays(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            const cp_forecast *forecast, const cp_shares *shares,
                            uint8_t *weekdays);

typedef struct cp_naive_input {
    const cp_network *net;
    const cp_history *history;
    const cp_forecast *forecast;
    const cp_shares *shares;
    const uint8_t *weekdays; /* fixed before (a rule that goes on from day to day); NULL: fix now */
} cp_naive_input;

/* Visits and loads of all days of the plan, filled in (plan_fill.h), policy "naive"; no routes. */
cp_status cp_naive_plan(cp_ctx *ctx, const cp_naive_input *in, uint64_t seed, cp_plan **out);

#endif

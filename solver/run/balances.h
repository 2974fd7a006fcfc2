/* SPDX-License-Identifier: GPL-3.0-or-later */
/* balances.h - balances older than the evening before the plan, rolled forward to it. */
#ifndef CP_BALANCES_H
#define CP_BALANCES_H

#include "models/demand/paths.h"

/* A copy of *net (sharing all else) whose channels hold the balances expected at the evening before
 * net->first_day: older ones less withdrawals and plus deposits of the days between, from the
 * history where it has them, else the expected value of `forecast` (made from the day after the
 * oldest balance; may be NULL when no balance is older). *n_rolled = points rolled. */
cp_status cp_balances_roll(cp_ctx *ctx, const cp_network *net, const cp_day *balance_day,
                           const cp_history *history, const cp_forecast *forecast,
                           const cp_shares *shares, cp_network **out, int32_t *n_rolled);

/* First day that has to be rolled over: the day after the oldest balance, at most first_day. */
cp_day cp_balances_oldest(const cp_network *net, const cp_day *balance_day);

#endif

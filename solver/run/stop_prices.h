/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stop_prices.h - what a stop of each site costs in driving, learned from the routes at hand
 * (model.md section 3: alternate planning and routing). */
#ifndef CP_STOP_PRICES_H
#define CP_STOP_PRICES_H

#include "solver/run/day_routes.h"

/* Prices before any route: the continuous approximation of route_solve.h for a network whose points
 * are visited about once a week. In ctx->run. */
cp_status cp_stop_prices_first(cp_ctx *ctx, const cp_network *net, cp_stop_prices *out);

/* Prices after routes: for each site the mean of its removal savings over the days it was stopped
 * at, averaged half and half with the price before (damping); sites without a stop keep theirs.
 *
 * Planned driving minutes become the mean savings themselves. Those of a day's stops do not add up
 * to its driving (each alone saves the detour, not the way to the quarter), so what the plan's
 * stops at these minutes leave of the minutes of a vault's routes becomes a fixed part of the day.
 * Routes grow less than in proportion with the number of stops, and this is their tangent: a plan
 * with other stops takes, as a rule, no more than planned. A day that took more than the vault's
 * crews have gets a further `margin` of their minutes, so that turns end.
 *
 * `plan` is the one that was routed. `vaults`: those that learn, NULL = all; stops of the others
 * keep their prices. *prices becomes a fresh array: the old one stays with the plan that used it.
 */
cp_status cp_stop_prices_next(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                              const cp_day_routes *routes, cp_stop_prices *prices);

/* Take away from the crews, on every day that they overran, what they took too much and `margin` of
 * their minutes; nothing else changes, so a bound of before holds. Returns in *n the number of
 * those vault-days; over[vault] tells whether it has any. *prices gets a fresh array when there are
 * any. */
cp_status cp_stop_prices_tighten(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                                 const cp_day_routes *routes, double margin, bool *over,
                                 cp_stop_prices *prices, int32_t *n);

/* The fixed part of each vault-day from the routes of a plan as it stands (a stored one), at the
 * stop minutes of plan->prices; *prices = those with it. */
cp_status cp_stop_prices_of_routes(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                                   cp_stop_prices *prices);

#endif

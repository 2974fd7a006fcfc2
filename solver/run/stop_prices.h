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
 * at, averaged half and half with the price before (damping); sites without a stop keep theirs. A
 * fresh array: the old one stays with the plan that used it. */
cp_status cp_stop_prices_next(cp_ctx *ctx, const cp_network *net, const cp_stop_prices *before,
                              const cp_day_routes *routes, cp_stop_prices *out);

#endif

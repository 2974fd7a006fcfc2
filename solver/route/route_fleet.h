/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_fleet.h - fewer cars where a car-day costs more than the work it saves. */
#ifndef CP_ROUTE_FLEET_H
#define CP_ROUTE_FLEET_H

#include "solver/route/route_local.h"

/* Improve *s for a share of opts->work, then close the car with the fewest stops as long as all its
 * stops find places in others within a further share, and the whole is cheaper; about half of the
 * work at most is used. A car whose day is paid in any case is not closed; without any other this
 * does nothing. The main search comes after it: it alone seldom empties a car, since the way there
 * is uphill (Christiaens, Vanden Berghe 2020, section 5.4, minimise the fleet first for the same
 * reason). Cars closed on the way are open again at the end. */
cp_status cp_route_fewer_cars(cp_ctx *ctx, cp_tours *s, const cp_local_opts *opts,
                              cp_local_end *end);

#endif

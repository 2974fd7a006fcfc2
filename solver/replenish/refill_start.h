/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refill_start.h - where the relaxation begins: the prices that an earlier plan put on the limits.
 *
 * In a rolling plan the limits of a day bind much as they did in yesterday's plan of that day.
 * Lagrangian bounds hold for any prices, so a bad start costs rounds and never the proof. */
#ifndef CP_REFILL_START_H
#define CP_REFILL_START_H

#include "models/plan/limit_price.h"
#include "solver/replenish/zone.h"

/* Prices of the zone's rows: of the same limit and day; days that the earlier plan does not reach
 * take those of the same weekday in its last week, or of its last day. 0 where nothing is known.
 *
 * Rows of notes end with the last day before an order can come, and that one binds first, whatever
 * the date is: they take the price of the same day counted from the plan's first one. They hold for
 * all visits up to their day, and a stored price is that of the row and all later ones (what a note
 * more from that morning on was worth); each row gets what it is above the next one's. */
void cp_refill_start_rows(const cp_limit_prices *before, const cp_zone *zone, double *row_price);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vault_orders.h - what a vault should order from and lodge with the central bank for a plan.
 *
 * First just in time: per denomination the usable stock is carried through the horizon, as the
 * referee books it. Where it would fall below zero the shortfall is ordered in whole order units,
 * placed as late as the lead time and the central bank's working days allow. Where all notes
 * together would be worth more than the insured value at night, usable ones are lodged on a working
 * day, the largest surplus first, if no order of them is due within the central bank's
 * cross_ship_days. Then the integer program of order_mip.h, which sees fees,
 * cross-shipping, idle cash and the insured value of all days at once, under counted work; the
 * better one of the two is taken, so that a plan is never worse for it. */
#ifndef CP_VAULT_ORDERS_H
#define CP_VAULT_ORDERS_H

#include "solver/order/order_mip.h"

/* Sets plan->orders (in ctx->run) from plan->visits and loads, and appends to plan->limits, for
 * each vault with vault_stock rows and a central bank,
 *   VAULT_VALUE  by day: cap insured value, use value at night; dual per minor unit insured;
 *   VAULT_STOCK  by denomination with such a row and day: cap usable notes in the morning with what
 *                is due that day, use notes that leave or are lodged; dual per note more. On the
 *                early days those of cp_vault_early_limits take their place; their dual is what a
 *                note more is worth to the visits (as the plan has it) or to the orders, whichever
 *                is more.
 * Other vaults get none. t < 0: the order should be placed already. When the user or the clock has
 * stopped the run the just-in-time orders are kept as they are. */
cp_status cp_vault_orders_make(cp_ctx *ctx, const cp_network *net, cp_plan *plan);

/* The just-in-time orders of one vault, appended to plan->orders, which has room for
 * 3 * n_denoms * n_days of them. */
cp_status cp_vault_orders_greedy(cp_ctx *ctx, const cp_vault_books *books, cp_plan *plan);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vault_orders.h - what a vault should order from and lodge with the central bank for a plan.
 *
 * First version: just in time. Per denomination the usable stock (new and ATM-fit notes, and what
 * came back sort_lead_days ago) is carried through the horizon, as the referee books it. Where it
 * would fall below zero the shortfall is ordered in whole order units, placed as late as the lead
 * time and the central bank's working days allow. Where all notes together would be worth more than
 * the insured value at night, usable ones are lodged on a working day, the largest surplus first.
 */
#ifndef CP_VAULT_ORDERS_H
#define CP_VAULT_ORDERS_H

#include "models/plan/plan.h"

/* Sets plan->orders (in ctx->run) from plan->visits and loads. A vault without vault_stock rows or
 * without a central bank gets none. t < 0: the order should be placed already. */
cp_status cp_vault_orders_make(cp_ctx *ctx, const cp_network *net, cp_plan *plan);

#endif

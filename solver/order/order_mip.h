/* SPDX-License-Identifier: GPL-3.0-or-later */
/* order_mip.h - what one vault orders from and lodges with its central bank, and when, as a MIP.
 *
 * Sets        d denominations, t in 0..T-1 days, p(t) the latest day on which an order due on t can
 *             be placed (lead time, working days; p < 0: it should have been placed already)
 * Data        unit notes of an order unit, val[d] of a note, out[d,t] and sorted[d,t] notes that
 *             leave and that become usable (vault_books.h), rest[t] value of unusable notes,
 *             reserve[d] what leaves on average until an order placed after the horizon arrives
 *             base[d,t] whole units that would be there without orders (below 0: short), rounded
 *             down: orders are whole units too, so nothing is lost, and with the accesses fixed the
 *             balances are a network with whole amounts
 * Variables   order[d,t], lodge[d,t] integer   units due (ordered) and lodged on t
 *             access[p] in {0,1}               the central bank is gone to, or asked, on day p
 *             stock[d,t] >= 0                  usable, in whole units, at night
 *             over[t] >= 0                     value at night above what is insured: a breach
 *             missing[d] >= 0                  units below the reserve on the last evening
 *             cross[d,k] >= 0, side[d,k] in {0,1}   units ordered and lodged in week k
 *             lodges[d,t] in {0,1}             notes of d are lodged on t; only where the bank has
 *                                              cross_ship_days N > 0
 * Minimise    access fees + fees of the bundles + cross-shipping + idle cash of stock[d,t]
 *             + late[d,t] (orders that should have been placed already, at the price of emergency)
 *             + over[t] at one minor unit each + missing[d] at the fee of its bundles
 * Subject to  balance[d,t]  stock[d,t] = stock[d,t-1] + (base[t] - base[t-1])[d] + order - lodge
 *             room[t]       sum_d unit val[d] stock[d,t] + rest[t] - over[t] <= insured
 *             link          order[d,t] <= most[d,t] access[p(t)],  lodge[d,t] <= most access[t]
 *             end[d]        stock[d,T-1] + missing[d] >= reserve[d]
 *             cross         cross >= ordered - most side,  cross >= lodged - most (1 - side)
 *             lodging       lodge[d,t] <= most lodges[d,t]
 *             apart         order[d,u] <= most (1 - lodges[d,t]) for all |u - t| < N
 * missing makes plans comparable that leave different stocks (model.md section 6): it is in the
 * objective and not in the plan's cost.
 *
 * Duals are those of the program with the accesses fixed and whole units relaxed: d cost / d unit
 * of a limit while the days of the accesses, and with N > 0 of the lodgements, stay. */
#ifndef CP_ORDER_MIP_H
#define CP_ORDER_MIP_H

#include "models/mip/mip.h"
#include "models/plan/vault_books.h"

typedef struct cp_order_mip_opts {
    int64_t nodes; /* counted work of branch and bound */
    double gap;    /* relative, at which to stop */
} cp_order_mip_opts;
cp_order_mip_opts cp_order_mip_defaults(void);

/* A day's worth of one more, minor units; [d * n_days + t] and [t]. */
typedef struct cp_order_duals {
    double *note_minor;    /* one more usable note in the morning; below 0 where it is a burden */
    double *insured_minor; /* one more minor unit insured at night */
} cp_order_duals;

/* The vault's orders in `plan` (others are left alone) as the program judges them: cost of
 * plan_cost.h plus late, over and missing, minor units. */
cp_status cp_order_value(cp_ctx *ctx, const cp_vault_books *books, const cp_plan *plan,
                         double *value);

/* The best orders found, appended to plan->orders, which has room for 3 * n_denoms * n_days of this
 * vault. *found is false, and nothing is appended, when the search ended without any. *bound: no
 * orders cost less, minor units. */
cp_status cp_order_mip_solve(cp_ctx *ctx, const cp_vault_books *books,
                             const cp_order_mip_opts *opts, cp_plan *plan, bool *found,
                             double *bound);

/* Duals with the accesses of plan->orders; zeros when the LP has no answer. In ctx->scratch. */
cp_status cp_order_duals_make(cp_ctx *ctx, const cp_vault_books *books, const cp_plan *plan,
                              cp_order_duals *out);

/* The program as it stands, for tests and other solvers. Lives in ctx->scratch. */
cp_status cp_order_mip(cp_ctx *ctx, const cp_vault_books *books, cp_mip **out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vault_books.h - the notes of a vault as a plan moves them, and when its central bank works.
 * (The referee keeps books of its own.)
 *
 * Usable notes are those that machines may be loaded with: new and ATM-fit. What is uncounted on
 * the evening before the plan is usable from day L - 1 on, what comes back on day t from day t + L
 * on, L = sort_lead_days (at least 1). Counter-fit, unfit and suspect notes stay where they are. */
#ifndef CP_VAULT_BOOKS_H
#define CP_VAULT_BOOKS_H

#include "models/plan/plan.h"

/* Notes by denomination d and day t are at [d * n_days + t]. */
typedef struct cp_vault_books {
    const cp_network *net;
    int32_t vault, n_denoms, n_days;
    bool known;       /* the vault has vault_stock rows before the plan; else all is 0 */
    uint8_t *counted; /* [d]: the denomination has such a row */
    int64_t *opening; /* [d] usable on the evening before the plan */
    int64_t *out;     /* leave with the visits of the day */
    int64_t *sorted;  /* become usable in the morning */
    int64_t *loan;    /* declared relief of VAULT_STOCK: usable that day all the same */
    int64_t *waiting; /* not usable at night: uncounted, unfit, suspect, counter-fit */
    /* Its value, [t]. */
    cp_minor *rest_minor;
} cp_vault_books;

/* Lives in ctx->scratch. */
cp_status cp_vault_books_make(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                              int32_t vault, cp_vault_books *out);

/* Value of all notes in the vault on the evening of each day with the plan's orders: night[t], at
 * least 0. usable (may be NULL): notes of each denomination that machines may be loaded with,
 * evening of the day. */
void cp_vault_books_night(const cp_vault_books *books, const cp_plan *plan, cp_minor *night,
                          int64_t *usable);

/* Does the vault's central bank work on day t (may lie before the plan)? A day its calendar does
 * not cover counts as one. False without a central bank. */
bool cp_vault_bank_works(const cp_network *net, int32_t vault, int32_t t);

/* The latest day on which an order due on day t can be placed; looked for over two weeks, longer
 * than any run of holidays. May lie before the plan. */
int32_t cp_vault_placing_day(const cp_network *net, int32_t vault, int32_t t);

/* The first days of the plan, in which nothing that is ordered from now on can be there: what
 * leaves must come from the stock. 0 for a vault without vault_stock rows or without a central
 * bank. */
int32_t cp_vault_early_days(const cp_network *net, int32_t vault);

/* VAULT_STOCK limits of the early days, by denomination with a vault_stock row and day, appended to
 * rows[*n] (room for n_denoms * early days): cap = usable notes of the opening with what is
 * uncounted then and sorted by that day; use = notes that visits up to that day carry out (fill-ups
 * by their level, as VALUE_OUT counts them), less what is sorted by that day of what first visits
 * of points bring back whole: exchanged cassettes and deposit bins, whose content follows from
 * today's balances alone. Other returns are not counted on. relief = what is missing: an emergency
 * delivery, until the first order arrives. Reads return_notes of the loads. */
cp_status cp_vault_early_limits(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                                int32_t vault, cp_plan_limit *rows, int32_t *n);

/* Stock of a denomination in a vault on the evening of day t. */
typedef struct cp_stock_night {
    int32_t vault, denomination, t;
    int64_t usable, waiting; /* notes; usable below 0: covered by an emergency delivery */
} cp_stock_night;

/* All vaults with vault_stock rows, their denominations with such rows, all days; in ctx->run. */
cp_status cp_stock_nights(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                          cp_stock_night **out, int32_t *n);

/* Bundles of the vault that are ordered and lodged in the same week, over all weeks of the plan. */
int64_t cp_vault_cross_bundles(const cp_network *net, const cp_plan *plan, int32_t vault);

/* Adds ORDERS, CROSS_SHIP and VAULT_HOLD of one vault to *cost, as plan_cost.h defines them.
 * CP_E_RANGE when a sum leaves the range of amounts. */
cp_status cp_vault_cost(cp_ctx *ctx, const cp_vault_books *books, const cp_plan *plan,
                        cp_cost *cost);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_stock.h - usable notes of a vault on its first days as rows of a zone.
 *
 * Before an order can be there (vault_books.h, cp_vault_early_days) what leaves comes from the
 * stock: for each denomination d counted in the vault and each early day t
 *
 *   sum of notes of d that visits on days <= t carry out
 *     - what first visits on days <= t - sort_lead_days bring back whole   <=   stock[d,t],
 *
 * the rows of cp_vault_early_limits, to the note. A plan's use is a sum over its visits, each of
 * which uses the row of its day and all later ones, and its first visit, whose returns follow from
 * today's balances alone and are known before the search (cp_arcs.left). So the relaxation prices
 * it exactly: a note that leaves on t costs the sum of the prices from t on, one that comes back
 * with the first visit earns what it would cost to carry it out on the day it is sorted. Until
 * something can come back all uses are loads in whole steps, and the row is their hull: without it
 * the relaxation mends the few notes by which the stock is no multiple of a step with small parts
 * of plans, and a tree has to rule out each of these. */
#ifndef CP_ZONE_STOCK_H
#define CP_ZONE_STOCK_H

#include "solver/replenish/zone.h"

/* Appends the rows to zone->row, which has room for n_denoms * cp_vault_early_days of them, with
 * what a plan without visits has of the notes. Index in ctx->run. */
cp_status cp_zone_stock_rows(cp_ctx *ctx, cp_zone *zone);

/* Uses of the rows by the visits of one point, which are among those of cp_zone_point_uses. Returns
 * are negative uses. */
void cp_zone_stock_uses(const cp_zone *zone, int32_t zone_point, const cp_step *steps,
                        int32_t n_steps, cp_use_fn *fn, void *user);
/* Of them: what a visit on t carries out, and what it brings back if it is the point's first one.
 */
void cp_zone_stock_out(const cp_zone *zone, const cp_arcs *arcs, int32_t t, const cp_level *level,
                       cp_use_fn *fn, void *user);
void cp_zone_stock_back(const cp_zone *zone, const cp_arcs *arcs, int32_t t, int32_t mode,
                        cp_use_fn *fn, void *user);

/* At least as much as any visits of the point could use of each row. */
cp_status cp_zone_stock_most(cp_ctx *ctx, const cp_zone *zone, int32_t zone_point, cp_use_fn *fn,
                             void *user);

/* Room for the prices of a point's notes; all zero, n_days 0. */
cp_status cp_zone_stock_prices_new(cp_ctx *ctx, cp_arena *arena, const cp_zone *zone,
                                   cp_stock_prices *out);
/* Prices of a point's notes when a unit of row r costs weight * row_price[r]: slope, first and
 * n_days (0 where no row has a price) are set, rows are left alone. */
void cp_zone_stock_slopes(const cp_zone *zone, int32_t zone_point, const double *row_price,
                          double weight, cp_stock_prices *out);
/* What the others, who use use[r] of row r, leave to the point, at the price of relief: rows that
 * no visit of it can exceed are left out, and what is missing already is worth its relief to a
 * first visit that brings notes back. Sets n and n_days, adds to first; call it after the slopes
 * are set. */
void cp_zone_stock_left(const cp_zone *zone, int32_t zone_point, const int64_t *use,
                        cp_stock_prices *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* split_tally.h - how far the split of a day's value by denomination strays from the usual one.
 *
 * Shares of a day are taken as Dirichlet around the mean shares p: Var(share) = spread * p (1 - p)
 * with one spread for all denominations of a machine and flow, whatever the reason (few notes,
 * machines that run out of one note, customers). Estimated by moments: the variances summed over
 * denominations over the sum of p (1 - p). Shares of weeks tell how much of it lasts: were days
 * independent, a week would stray by a seventh of what a day does. */
#ifndef CP_SPLIT_TALLY_H
#define CP_SPLIT_TALLY_H

#include "models/base/ctx.h"

/* Sums over days (or weeks) of one machine and flow. */
typedef struct cp_split_sums {
    double *value;          /* of the day at hand, by denomination */
    double *share, *square; /* sums of shares and their squares, by denomination */
    int32_t at, n;          /* the day or week at hand; how many were added up */
} cp_split_sums;

typedef struct cp_split_tally {
    int32_t n_denoms;
    cp_split_sums day, week;
} cp_split_tally;

/* An empty tally; its arrays live in `arena`. */
cp_status cp_split_tally_new(cp_ctx *ctx, cp_arena *arena, int32_t n_denoms, cp_split_tally *out);
void cp_split_tally_clear(cp_split_tally *tally);

/* One record; days never fall. value >= 0. */
void cp_split_tally_add(cp_split_tally *tally, int32_t day, int32_t denom, double value);

/* spread[0]: of single days, 0 to 1; spread[1]: the part of it that lasts, 0 to spread[0]. Both 0
 * with fewer than four weeks of records or a single denomination. */
void cp_split_tally_finish(cp_split_tally *tally, float spread[2]);

#endif

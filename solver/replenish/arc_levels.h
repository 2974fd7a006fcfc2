/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arc_levels.h - which loads are worth pricing: quantiles of what is needed until each next visit.
 *
 * The newsvendor load of an interval is a quantile of the need until its end (Arrow, Harris,
 * Marschak 1951); need is the largest net outflow up to any moment, so recyclers count too. The
 * quantile comes from the service level, or from holding against shortage cost. A point that has no
 * more than CP_LEVELS_PER_DAY loads in whole steps gets them all: its plans are then the best of
 * all plans, not only of those with such quantiles. */
#ifndef CP_ARC_LEVELS_H
#define CP_ARC_LEVELS_H

#include "solver/replenish/arc_sim.h"

/* At most this many levels are priced for one visit day; a longer list is thinned evenly by value,
 * keeping both ends (model.md section 1 keeps up to 16 round the newsvendor load). */
#define CP_LEVELS_PER_DAY 24

typedef struct cp_level_ask {
    const cp_arc_sim *sim;
    const cp_point *point;
    int32_t t, last;         /* the visit day and the last day on which the next visit may be */
    double quantile[2];      /* probabilities of no cash-out to lay levels for */
    bool amounts;            /* levels of stock (false) or amounts to add to `residual` (true) */
    const int32_t *residual; /* amounts: stock before the visit, channel * n_paths + w */
} cp_level_ask;

/* Distinct levels by rising value, at most CP_LEVELS_PER_DAY (memory in ctx->run). */
cp_status cp_arc_levels(cp_ctx *ctx, const cp_level_ask *ask, cp_level *out, int32_t *n_out);

/* k-th smallest (0-based) of a[0..n); reorders a. */
int32_t cp_kth_smallest(int32_t *a, int32_t n, int32_t k);

#endif

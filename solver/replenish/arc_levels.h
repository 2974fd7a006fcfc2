/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arc_levels.h - which loads are worth pricing: quantiles of what is needed until each next visit.
 *
 * The newsvendor load of an interval is a quantile of the need until its end (Arrow, Harris,
 * Marschak 1951); need is the largest net outflow up to any moment before that visit, so recyclers
 * count too. Two loads are laid for each next visit: the least whole steps whose channels together
 * cover the service level (without one: each its ratio of shortage to shortage and holding cost),
 * and what single steps more are worth their holding, by refused value and emergency trips. Where
 * denominations stand in for each other, loads with less of the great notes and more of the small
 * ones come beside them. A point that has no more than CP_LEVELS_PER_DAY loads in whole steps gets
 * them all: its plans are then the best of all plans, not only of those with such loads. */
#ifndef CP_ARC_LEVELS_H
#define CP_ARC_LEVELS_H

#include "solver/replenish/arc_sim.h"

/* At most this many levels are priced for one visit day; a longer list is thinned evenly by value,
 * keeping both ends (model.md section 1 keeps up to 16 round the newsvendor load). */
#define CP_LEVELS_PER_DAY 24

typedef struct cp_level_ask {
    const cp_arc_sim *sim;
    const cp_arc_flows *flows; /* after the visit */
    int32_t n_days;            /* loads are laid for a next visit on each of so many days */
    const cp_point *point;
    double service;    /* share of the paths that has to be covered; 0 = by penalty alone */
    double lost, hold; /* cost of refusing a unit of value, of holding it for a day */
    double emergency;  /* cost of an interval in which something is refused */
    bool amounts;      /* levels of stock (false) or amounts to add to flows->there (true) */
} cp_level_ask;

/* Distinct levels by rising value, at most CP_LEVELS_PER_DAY (their notes in ctx->scratch). */
cp_status cp_arc_levels(cp_ctx *ctx, const cp_level_ask *ask, cp_level *out, int32_t *n_out);

/* Are these all loads there are? */
bool cp_arc_levels_are_all(const cp_level_ask *ask);

/* k-th smallest (0-based) of a[0..n). */
int32_t cp_kth_smallest(const int32_t *a, int32_t n, int32_t k);

#endif

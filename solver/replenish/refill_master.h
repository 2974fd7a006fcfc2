/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refill_master.h - the linear relaxation of one zone by column generation, and its bound.
 *
 *   min  sum_i sum_a cost[a] x[i,a] + sum_r (extra prices, relief price)
 *   s.t. sum_a x[i,a] = 1                                   each site i
 *        sum use[r,a] x[i,a] - extra[r] - relief[r] <= cap[r]   each shared row r
 *        x >= 0, 0 <= extra <= extra_cap, relief >= 0     (sorting has two such extras)
 *
 * cap and extra are those of cp_zone_row_hull: a little stronger where uses come in steps. Uses of
 * rows of notes (zone_stock.h) may be negative.
 * Columns are site plans priced by site_price.h under the rows' prices pi >= 0 (minus the LP's
 * duals). Lagrangian bound for any pi in [0, relief price]:
 *   sum_i bound_i(pi) - sum_r pi[r] cap[r] + sum_r extra_cap[r] min(0, extra price - pi[r]).
 * Duals are smoothed towards those of the best bound (Wentges 1997; Pessoa et al. 2018). */
#ifndef CP_REFILL_MASTER_H
#define CP_REFILL_MASTER_H

#include "models/mip/mip.h"
#include "solver/replenish/site_price.h"

typedef struct cp_master_opts {
    int32_t max_rounds;  /* counted work: pricing rounds */
    double gap;          /* relative distance of LP and bound at which to stop */
    double smoothing;    /* weight of the best duals while the LP falls, 0..1 */
    const char *dump_lp; /* write the last restricted master here; NULL = no */
    int32_t dive_steps;  /* counted work: sites fixed on the way to whole plans; 0 = none */
    double until_s; /* of cp_ctx_now_s: from then on no round begins, though the dive may; 0 = no
                       such moment */
} cp_master_opts;
cp_master_opts cp_master_defaults(void);

typedef struct cp_master {
    int32_t n_columns;
    cp_site_plan *column; /* all plans generated */
    double *x;            /* their value in the last LP, after the dive (refill_dive.h) */
    int32_t n_split;      /* sites whose plan the relaxation splits, before it */
    double *row_price;    /* per unit of each row, of the best bound */
    double lp_minor, bound_minor;
    int32_t rounds;
    int64_t simplex_iterations;
    bool closed;  /* LP and bound met within opts.gap */
    bool stopped; /* by the user, the deadline or opts.until_s */
} cp_master;

/* start_price: row prices to begin with (yesterday's duals), NULL = none. */
cp_status cp_refill_master(cp_ctx *ctx, const cp_zone *zone, const cp_master_opts *opts,
                           const double *start_price, cp_master **out);

#endif

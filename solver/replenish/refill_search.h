/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refill_search.h - from the relaxation to a whole plan: round, repair, ruin and recreate.
 *
 * Each site takes its heaviest column; then every point is re-planned exactly against what the
 * others leave; then small groups of points that meet on a site or a day are taken out and
 * re-planned one after the other, accepted by simulated annealing (Schrimpf et al. 2000, with the
 * exact one-point re-plan as the insertion). Points that limits cost most and days whose limits are
 * worth most are taken more often, and most re-plans see a random part of the limits' prices. */
#ifndef CP_REFILL_SEARCH_H
#define CP_REFILL_SEARCH_H

#include "solver/replenish/refill_master.h"
#include "solver/replenish/refill_state.h"

typedef struct cp_refill_search_opts {
    int64_t replans; /* counted work: one-point re-plans; 0 = only sweeps over all points */
    uint64_t seed;
    double stop_gap; /* stop early when the gap to `bound` is below this */
    double bound;
    const double *row_price; /* of the relaxation, a guide of re-plans; NULL = none */
    double heat;             /* of the usual start temperature, 1 = all of it */
    bool rough_start; /* the plans to start from were not fitted together: re-plan all by the prices
                         of the limits first */
} cp_refill_search_opts;

/* Improve in place; *done = re-plans made. The best state found is left in `s`. */
cp_status cp_refill_round(cp_ctx *ctx, cp_refill_state *s, const cp_master *master);
cp_status cp_refill_improve(cp_ctx *ctx, cp_refill_state *s, const cp_refill_search_opts *opts,
                            int64_t *done);

#endif

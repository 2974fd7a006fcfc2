/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refill_decode.h - states of the vaults' searches -> the visits, loads and limits of a plan. */
#ifndef CP_REFILL_DECODE_H
#define CP_REFILL_DECODE_H

#include "solver/replenish/refill_state.h"

typedef struct cp_zone_answer {
    cp_zone *zone;
    cp_refill_state *state;
    const double *row_price;         /* duals */
    double bound_minor;              /* of plans like this one: without relief, if it has none */
    double kept_bound_minor;         /* of plans that keep all limits */
    double lp_minor, lp_bound_minor; /* of the relaxation alone */
    int64_t work, simplex_iterations;
    int32_t rounds, n_columns,
        n_fractional; /* of the master: pricing rounds; sites split by the LP */
    bool closed, stopped;
} cp_zone_answer;

/* Fills plan->visits, loads and limits (in ctx->run) from the answers of all vaults. */
cp_status cp_refill_decode(cp_ctx *ctx, const cp_network *net, const cp_zone_answer *answers,
                           int32_t n_answers, cp_plan *plan);

#endif

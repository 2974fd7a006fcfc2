/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calibrate.h - error paths that mean what they say; for the files of this folder only.
 *
 * The error paths of a machine are those that its own forecasts made from past origins. Some two
 * years of them hold a dozen stretches that have nothing to do with each other, too few to know how
 * often the level of such a machine moves: calm machines look too safe, those just struck too wild.
 * So a share of the paths is borrowed from other machines of the segment (of all machines of the
 * calendar where it has few), from the same past origin, in units of the lender's error scale:
 *
 *   share borrowed = DAYS_HELD / (DAYS_HELD + days that the machine has been seen)
 *
 * the estimate with which a mean over machines and a machine's own meet (empirical Bayes; Efron,
 * Morris 1975). The same origin keeps what struck the machines together. Then the mix is made as
 * wide as the machine's own past: its errors on single days, in absolute value, are set against
 * the mix at the level that is to hold (conformal prediction by residuals; Lei et al. 2018), and
 * the spread takes the ratio to the power 1 - share.
 *
 * Machines with many days without demand keep their own paths, whose errors have two humps: the
 * part of the paths' days that is as large as the share of such days in the past is taken as none.
 */
#ifndef CP_CALIBRATE_H
#define CP_CALIBRATE_H

#include "models/demand/demand_model.h"

/* Machines with history enough to lend; lists by pool. */
typedef struct cp_demand_lenders {
    uint64_t *key;  /* by point: of its code */
    int32_t *first; /* n_pools + 1 */
    int32_t *point;
    int32_t *from; /* by pool: the pool whose list it uses, itself or its parent */
} cp_demand_lenders;

/* Who may lend, from pool_of and n_exact of the forecast. Lives in ctx->run. */
cp_status cp_demand_lenders_make(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                                 const cp_demand_lenders **out);

/* The model of a point's flow with its mixed error paths, in ctx->scratch: all points of the
 * forecast have been fitted. A flow without demand is handed out as it was fitted. */
cp_status cp_demand_calibrated(cp_ctx *ctx, const cp_forecast *forecast, cp_flow flow,
                               int32_t point, cp_demand_model *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lp_input.h - what goes into an engine: refuse what it would end the process for. Used inside
 * solver/lp only. */
#ifndef CP_LP_INPUT_H
#define CP_LP_INPUT_H

#include "models/mip/mip.h"

/* All CP_E_RANGE with words. `what` is "row" or "column", valid are 0..n-1. */
cp_status cp_lp_check_index(cp_ctx *ctx, const char *what, int32_t i, int32_t n);
/* Neither NaN nor an infinity on the wrong side. Bounds may cross: that is an infeasible program.
 */
cp_status cp_lp_check_bounds(cp_ctx *ctx, double lo, double hi);
/* A column of a program of n_rows rows. seen[n_rows] tells rows named twice: it may hold any
 * numbers but `stamp`. */
cp_status cp_lp_check_col(cp_ctx *ctx, const cp_mip_col *col, int32_t n_rows, int32_t stamp,
                          int32_t *seen);

/* The columns of a program in ctx->scratch, pointing into it. */
cp_status cp_lp_cols_of(cp_ctx *ctx, const cp_mip *mip, cp_mip_col **out);

#endif

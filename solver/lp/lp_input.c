/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/lp/lp_input.h"

#include <math.h>

#include "solver/lp/lp.h"

cp_lp_mip_opts cp_lp_mip_defaults(void)
{
    const cp_lp_mip_opts opts = {
        .time_limit_s = 0, .gap = 0, .node_limit = 0, .presolve = true, .cuts = true};
    return opts;
}

cp_status cp_lp_check_index(cp_ctx *ctx, const char *what, int32_t i, int32_t n)
{
    if (i >= 0 && i < n) return CP_OK;
    CP_FAIL(ctx, CP_E_RANGE, "there is no %s %d in a program of %d", what, (int)i, (int)n);
}

cp_status cp_lp_check_bounds(cp_ctx *ctx, double lo, double hi)
{
    if (!isnan(lo) && !isnan(hi) && lo < CP_MIP_INF && hi > -CP_MIP_INF) return CP_OK;
    CP_FAIL(ctx, CP_E_RANGE, "bounds %g and %g are not usable", lo, hi);
}

cp_status cp_lp_check_col(cp_ctx *ctx, const cp_mip_col *col, int32_t n_rows, int32_t stamp,
                          int32_t *seen)
{
    CP_TRY(cp_lp_check_bounds(ctx, col->lo, col->hi));
    if (!isfinite(col->cost) || col->n < 0)
        CP_FAIL(ctx, CP_E_RANGE, "the cost of a column is not finite, or it has %d entries",
                (int)col->n);
    for (int32_t k = 0; k < col->n; k++) {
        CP_TRY(cp_lp_check_index(ctx, "row", col->row[k], n_rows));
        if (!isfinite(col->value[k]))
            CP_FAIL(ctx, CP_E_RANGE, "the entry of row %d is not finite", (int)col->row[k]);
        if (seen[col->row[k]] == stamp)
            CP_FAIL(ctx, CP_E_RANGE, "a column names row %d twice", (int)col->row[k]);
        seen[col->row[k]] = stamp;
    }
    return CP_OK;
}

cp_status cp_lp_cols_of(cp_ctx *ctx, const cp_mip *mip, cp_mip_col **out)
{
    cp_mip_col *cols = NULL;
    CP_NEW(ctx, ctx->scratch, cols, mip->n_cols);
    for (int32_t j = 0; j < mip->n_cols; j++) {
        const int32_t at = mip->start[j];
        cols[j] = (cp_mip_col){.lo = mip->col_lo[j],
                               .hi = mip->col_hi[j],
                               .cost = mip->cost[j],
                               .integer = mip->col_int[j],
                               .n = mip->start[j + 1] - at,
                               .row = mip->row + at,
                               .value = mip->value + at};
    }
    *out = cols;
    return CP_OK;
}

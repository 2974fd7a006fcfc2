/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mip.h - a linear or integer program as plain data; needs no solver.
 *
 * minimise sum_j cost[j] x[j]  subject to  row_lo <= A x <= row_hi,  col_lo <= x <= col_hi,
 * x[j] integer where col_int[j]. Infinite bounds are +-CP_MIP_INF. Never an objective constant
 * (MPS readers disagree on its sign). */
#ifndef CP_MIP_H
#define CP_MIP_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/ctx.h"

#define CP_MIP_INF 1e300

/* Tolerances, in the scaled units of a program. */
#define CP_MIP_TOL_FEAS 1e-7 /* GLPK's default primal tolerance */
#define CP_MIP_TOL_INT 1e-6  /* closer to a whole number than this counts as whole */
#define CP_MIP_TOL_DUAL 1e-9 /* a reduced cost above minus this does not improve */

typedef struct cp_mip {
    int32_t n_rows, n_cols, n_nz;
    int32_t cap_rows, cap_cols, cap_nz;
    double *row_lo, *row_hi;
    const char **row_name; /* entries may be NULL */
    double *col_lo, *col_hi, *cost;
    bool *col_int;
    const char **col_name;
    int32_t *start; /* n_cols + 1: column-wise entries */
    int32_t *row;   /* n_nz */
    double *value;  /* n_nz */
    int32_t *seen;  /* n_rows: 1 + the last column that names the row, to find duplicates */
    cp_arena *arena;
} cp_mip;

/* An empty program living in `arena`; grows by itself. */
cp_status cp_mip_new(cp_ctx *ctx, cp_arena *arena, cp_mip **out);
/* Both return the 0-based index in *index (may be NULL). Names are copied. A column's entries name
 * existing rows, each at most once; CP_E_RANGE otherwise or when a number is not finite. */
cp_status cp_mip_add_row(cp_ctx *ctx, cp_mip *mip, double lo, double hi, const char *name,
                         int32_t *index);
typedef struct cp_mip_col {
    double lo, hi, cost;
    bool integer;
    const char *name;
    int32_t n;
    const int32_t *row;
    const double *value;
} cp_mip_col;
cp_status cp_mip_add_col(cp_ctx *ctx, cp_mip *mip, const cp_mip_col *col, int32_t *index);

#endif

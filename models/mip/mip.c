/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mip/mip.h"

#include <math.h>
#include <string.h>

#define CAP_FIRST 16

/* Move an array to a larger place; the old one stays in the arena until that is rewound, which at
 * doubling costs no more than the array itself. */
static void *larger(const cp_mip *mip, cp_ctx *ctx, const void *old, size_t n_old, size_t n_new,
                    size_t size)
{
    void *p = cp_alloc(ctx, mip->arena, n_new, size);
    if (p != NULL && n_old > 0) memcpy(p, old, n_old * size);
    return p;
}

#define GROW(ctx, mip, array, n_old, n_new)                                                        \
    do {                                                                                           \
        void *grown = larger((mip), (ctx), (mip)->array, (size_t)(n_old), (size_t)(n_new),         \
                             sizeof(*(mip)->array));                                               \
        if (grown == NULL) return CP_E_NOMEM;                                                      \
        (mip)->array = grown;                                                                      \
    } while (0)

/* The next capacity that holds `need`; 0 when that is no int32_t. */
static int32_t next_cap(int32_t cap, int64_t need)
{
    int64_t next = cap < CAP_FIRST ? CAP_FIRST : cap;
    while (next < need)
        next *= 2;
    return next <= INT32_MAX ? (int32_t)next : 0;
}

static cp_status room_for_rows(cp_ctx *ctx, cp_mip *mip, int64_t need)
{
    if (need <= mip->cap_rows) return CP_OK;
    const int32_t cap = next_cap(mip->cap_rows, need);
    if (cap == 0) CP_FAIL(ctx, CP_E_RANGE, "a program cannot have %lld rows", (long long)need);
    GROW(ctx, mip, row_lo, mip->n_rows, cap);
    GROW(ctx, mip, row_hi, mip->n_rows, cap);
    GROW(ctx, mip, row_name, mip->n_rows, cap);
    GROW(ctx, mip, seen, mip->n_rows, cap);
    mip->cap_rows = cap;
    return CP_OK;
}

static cp_status room_for_cols(cp_ctx *ctx, cp_mip *mip, int64_t need)
{
    if (need <= mip->cap_cols) return CP_OK;
    const int32_t cap = next_cap(mip->cap_cols, need);
    if (cap == 0) CP_FAIL(ctx, CP_E_RANGE, "a program cannot have %lld columns", (long long)need);
    GROW(ctx, mip, col_lo, mip->n_cols, cap);
    GROW(ctx, mip, col_hi, mip->n_cols, cap);
    GROW(ctx, mip, cost, mip->n_cols, cap);
    GROW(ctx, mip, col_int, mip->n_cols, cap);
    GROW(ctx, mip, col_name, mip->n_cols, cap);
    GROW(ctx, mip, start, mip->n_cols + 1, (int64_t)cap + 1);
    mip->cap_cols = cap;
    return CP_OK;
}

static cp_status room_for_entries(cp_ctx *ctx, cp_mip *mip, int64_t need)
{
    if (need <= mip->cap_nz) return CP_OK;
    const int32_t cap = next_cap(mip->cap_nz, need);
    if (cap == 0) CP_FAIL(ctx, CP_E_RANGE, "a program cannot have %lld entries", (long long)need);
    GROW(ctx, mip, row, mip->n_nz, cap);
    GROW(ctx, mip, value, mip->n_nz, cap);
    mip->cap_nz = cap;
    return CP_OK;
}

cp_status cp_mip_new(cp_ctx *ctx, cp_arena *arena, cp_mip **out)
{
    cp_mip *mip = NULL;
    CP_NEW(ctx, arena, mip, 1);
    mip->arena = arena;
    CP_NEW(ctx, arena, mip->start, 1);
    CP_TRY(room_for_rows(ctx, mip, CAP_FIRST));
    CP_TRY(room_for_cols(ctx, mip, CAP_FIRST));
    CP_TRY(room_for_entries(ctx, mip, CAP_FIRST));
    *out = mip;
    return CP_OK;
}

/* Bounds may cross: a program that allows nothing is an answer of the solver, not an error here. */
static cp_status check_bounds(cp_ctx *ctx, const char *what, const char *name, double lo, double hi)
{
    if (isfinite(lo) && isfinite(hi) && lo < CP_MIP_INF && hi > -CP_MIP_INF) return CP_OK;
    CP_FAIL(ctx, CP_E_RANGE, "%s %s: bounds %g and %g are not usable", what,
            name != NULL ? name : "without name", lo, hi);
}

static cp_status copy_name(cp_ctx *ctx, cp_mip *mip, const char *name, const char **out)
{
    *out = NULL;
    if (name == NULL) return CP_OK;
    *out = cp_strdup(ctx, mip->arena, name);
    return *out != NULL ? CP_OK : CP_E_NOMEM;
}

cp_status cp_mip_add_row(cp_ctx *ctx, cp_mip *mip, double lo, double hi, const char *name,
                         int32_t *index)
{
    CP_TRY(check_bounds(ctx, "row", name, lo, hi));
    CP_TRY(room_for_rows(ctx, mip, (int64_t)mip->n_rows + 1));
    const int32_t i = mip->n_rows;
    CP_TRY(copy_name(ctx, mip, name, &mip->row_name[i]));
    mip->row_lo[i] = lo;
    mip->row_hi[i] = hi;
    mip->seen[i] = 0;
    mip->n_rows++;
    if (index != NULL) *index = i;
    return CP_OK;
}

static cp_status check_col(cp_ctx *ctx, const cp_mip *mip, const cp_mip_col *col)
{
    const char *name = col->name != NULL ? col->name : "without name";
    CP_TRY(check_bounds(ctx, "column", col->name, col->lo, col->hi));
    if (!isfinite(col->cost)) CP_FAIL(ctx, CP_E_RANGE, "column %s: cost is not finite", name);
    if (col->n < 0) CP_FAIL(ctx, CP_E_RANGE, "column %s: %d entries", name, (int)col->n);
    for (int32_t k = 0; k < col->n; k++) {
        if (col->row[k] < 0 || col->row[k] >= mip->n_rows)
            CP_FAIL(ctx, CP_E_RANGE, "column %s: there is no row %d", name, (int)col->row[k]);
        if (!isfinite(col->value[k]))
            CP_FAIL(ctx, CP_E_RANGE, "column %s: the entry of row %d is not finite", name,
                    (int)col->row[k]);
    }
    return CP_OK;
}

cp_status cp_mip_add_col(cp_ctx *ctx, cp_mip *mip, const cp_mip_col *col, int32_t *index)
{
    CP_TRY(check_col(ctx, mip, col));
    CP_TRY(room_for_cols(ctx, mip, (int64_t)mip->n_cols + 1));
    CP_TRY(room_for_entries(ctx, mip, (int64_t)mip->n_nz + col->n));
    const int32_t j = mip->n_cols;
    CP_TRY(copy_name(ctx, mip, col->name, &mip->col_name[j]));
    for (int32_t k = 0; k < col->n; k++) {
        const int32_t i = col->row[k];
        if (mip->seen[i] == j + 1) {
            for (int32_t l = 0; l < k; l++) /* the column is not added: forget its marks */
                mip->seen[col->row[l]] = 0;
            CP_FAIL(ctx, CP_E_RANGE, "column %s: row %d is named twice",
                    col->name != NULL ? col->name : "without name", (int)i);
        }
        mip->seen[i] = j + 1;
        mip->row[mip->n_nz + k] = i;
        mip->value[mip->n_nz + k] = col->value[k];
    }
    mip->col_lo[j] = col->lo;
    mip->col_hi[j] = col->hi;
    mip->cost[j] = col->cost;
    mip->col_int[j] = col->integer;
    mip->n_nz += col->n;
    mip->n_cols++;
    mip->start[mip->n_cols] = mip->n_nz;
    if (index != NULL) *index = j;
    return CP_OK;
}

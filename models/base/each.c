/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/each.h"

cp_status cp_each_in_turn(cp_ctx *ctx, int32_t n, cp_item_fn *fn, const void *shared,
                          const char *stage)
{
    for (int32_t i = 0; i < n; i++) {
        const cp_arena_mark mark = cp_arena_here(ctx->scratch);
        if (cp_user_stopped(ctx)) CP_FAIL(ctx, CP_E_STOPPED, "%s: stopped by the user", stage);
        CP_TRY(fn(ctx, i, shared));
        cp_arena_rewind(ctx->scratch, mark);
        cp_progress(ctx, stage, i + 1, n);
    }
    return CP_OK;
}

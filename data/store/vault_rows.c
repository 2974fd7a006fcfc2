/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/vault_rows.h"

#include <sqlite3.h>

static cp_status take_all(cp_ctx *ctx, cp_db *db, sqlite3_stmt *stmt, const cp_code_list *vaults,
                          cp_vault_row_fn *take, cp_plan *plan)
{
    bool row = false;
    CP_TRY(cp_sql_step(ctx, db, stmt, &row));
    while (row) {
        CP_TRY(take(ctx, stmt, vaults, plan));
        CP_TRY(cp_sql_step(ctx, db, stmt, &row));
    }
    return CP_OK;
}

cp_status cp_vault_rows_load(cp_ctx *ctx, cp_db *db, const char *sql, int64_t plan_id,
                             const cp_network *net, cp_vault_row_fn *take, cp_plan *plan)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    sqlite3_stmt *stmt = NULL;
    cp_code_list vaults;
    CP_TRY(cp_code_list_make(ctx, "vault", net->vaults, sizeof *net->vaults,
                             offsetof(cp_vault, code), net->n_vaults, &vaults));
    CP_TRY(cp_sql_prepare(ctx, db, sql, &stmt));
    sqlite3_bind_int64(stmt, 1, plan_id);
    const cp_status st = take_all(ctx, db, stmt, &vaults, take, plan);
    sqlite3_finalize(stmt);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

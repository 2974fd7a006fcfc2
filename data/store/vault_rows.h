/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vault_rows.h - inside data/store only: a stored plan's rows of one vault and day each. */
#ifndef CP_VAULT_ROWS_H
#define CP_VAULT_ROWS_H

#include "data/store/code_list.h"
#include "data/store/sql.h"
#include "models/plan/plan.h"

/* Takes the row that `stmt` stands on into the plan; CP_E_IO where no plan could have it. */
typedef cp_status cp_vault_row_fn(cp_ctx *ctx, struct sqlite3_stmt *stmt,
                                  const cp_code_list *vaults, cp_plan *plan);

/* Every row of `sql`, whose ?1 is the plan's id, to `take`, with the codes of the vaults. */
cp_status cp_vault_rows_load(cp_ctx *ctx, cp_db *db, const char *sql, int64_t plan_id,
                             const cp_network *net, cp_vault_row_fn *take, cp_plan *plan);

#endif

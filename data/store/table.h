/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table.h - inside data only: every table an import can fill, described by fields. */
#ifndef CP_TABLE_H
#define CP_TABLE_H

#include "data/store/history_store.h"
#include "data/store/sql.h"

/* The entities of the network, then the tables that are no part of cp_rows. */
enum { CP_TABLE_HISTORY = CP_N_ENTITIES, CP_TABLE_EXECUTED, CP_N_TABLES };

const cp_entity *cp_table(int32_t index);
/* -1 when there is no table of this name. */
int32_t cp_table_by_name(const char *name);

/* In the store a column of this field holds NULL for "none": optional codes and days outside of the
 * key. */
bool cp_field_nullable(const cp_entity *table, int32_t f);

/* Bind a field of a row to a parameter in the form it is stored in; "none" is bound as ''. */
cp_status cp_field_bind(cp_ctx *ctx, const cp_field *field, const void *row,
                        struct sqlite3_stmt *stmt, int param);
/* Column -> field of a row; texts go to ctx->run. CP_E_INPUT when the stored value is none of the
 * field's (a file changed by hand). */
cp_status cp_field_read(cp_ctx *ctx, const cp_field *field, struct sqlite3_stmt *stmt, int col,
                        void *row);

/* "a, b, c" of the fields [from, to), each between `before` and `after`. In ctx->scratch. */
char *cp_field_list(cp_ctx *ctx, const cp_entity *table, int32_t from, int32_t to,
                    const char *before, const char *after);

#endif

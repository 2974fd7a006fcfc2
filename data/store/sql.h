/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sql.h - inside data/store only: the connection and the few calls every statement needs. */
#ifndef CP_SQL_H
#define CP_SQL_H

#include "data/store/db.h"
#include "models/base/clock.h"

struct sqlite3;
struct sqlite3_stmt;

struct cp_db {
    struct sqlite3 *handle;
    char *path;
    char user[104];
    bool in_transaction;
    bool immutable; /* read without locks: the file must stay as it was when it was opened */
    int64_t opened_size, opened_s, opened_ns; /* of an immutable file */
};

/* Prepare one statement; *out is NULL on failure. */
cp_status cp_sql_prepare(cp_ctx *ctx, cp_db *db, const char *sql, struct sqlite3_stmt **out);
/* Step; *row tells whether there is a row. CP_E_STOPPED is never returned. */
cp_status cp_sql_step(cp_ctx *ctx, cp_db *db, struct sqlite3_stmt *stmt, bool *row);
/* Is the file as it was at the first call (`first`)? */
bool cp_sql_same_file(cp_db *db, bool first);
/* Step a statement without rows and reset it for the next values. */
cp_status cp_sql_run(cp_ctx *ctx, cp_db *db, struct sqlite3_stmt *stmt);
/* Run statements without values. */
cp_status cp_sql_exec(cp_ctx *ctx, cp_db *db, const char *sql);
/* Record the last failure of the connection in a planner's words: full disk, locked, ... */
cp_status cp_sql_fail(cp_ctx *ctx, cp_db *db);
/* One whole number; 0 when there is no row. */
cp_status cp_sql_int(cp_ctx *ctx, cp_db *db, const char *sql, int64_t *out);

/* Columns -> values. Texts are copied to ctx->run, NULL becomes "" (NULL result: no memory). */
const char *cp_sql_text(cp_ctx *ctx, struct sqlite3_stmt *stmt, int col);
/* ISO day -> cp_day; NULL or a malformed day = CP_DAY_NONE. */
cp_day cp_sql_day(struct sqlite3_stmt *stmt, int col);
int32_t cp_sql_int32(struct sqlite3_stmt *stmt, int col);

/* Bind; parameters count from 1. CP_DAY_NONE and a NULL or empty code bind NULL. */
void cp_sql_bind_day(struct sqlite3_stmt *stmt, int param, cp_day day);
void cp_sql_bind_code(struct sqlite3_stmt *stmt, int param, const char *code);
void cp_sql_bind_text(struct sqlite3_stmt *stmt, int param, const char *text);

#endif

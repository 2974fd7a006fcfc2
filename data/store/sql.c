/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/sql.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

/* A failure whose cause the planner can act upon. */
static cp_status fail_known(cp_ctx *ctx, cp_db *db, int code)
{
    switch (code & 0xFF) {
    case SQLITE_NOMEM:
        CP_FAIL(ctx, CP_E_NOMEM, "out of memory while using the database %s", db->path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        CP_FAIL(ctx, CP_E_IO, "%s is locked by another process; try again when it is done",
                db->path);
    case SQLITE_FULL:
        CP_FAIL(ctx, CP_E_IO, "%s: the disk is full; nothing was changed", db->path);
    case SQLITE_READONLY:
        CP_FAIL(ctx, CP_E_IO, "%s cannot be written: the file or its folder is read-only",
                db->path);
    case SQLITE_CORRUPT:
        CP_FAIL(ctx, CP_E_IO, "%s is damaged (%s); restore a copy made by `cashplan backup`",
                db->path, sqlite3_errmsg(db->handle));
    case SQLITE_NOTADB:
        CP_FAIL(ctx, CP_E_IO, "%s is not a database, or it is damaged", db->path);
    default:
        return CP_OK;
    }
}

cp_status cp_sql_fail(cp_ctx *ctx, cp_db *db)
{
    const int code = sqlite3_extended_errcode(db->handle);
    const cp_status known = fail_known(ctx, db, code);
    if (known != CP_OK) return known;
    const int cause = sqlite3_system_errno(db->handle);
    if ((code & 0xFF) == SQLITE_IOERR && (cause == ENOSPC || cause == EDQUOT || cause == EFBIG))
        CP_FAIL(ctx, CP_E_IO, "%s: there is no room for it (%s); nothing was changed", db->path,
                strerror(cause));
    if ((code & 0xFF) == SQLITE_IOERR || (code & 0xFF) == SQLITE_CANTOPEN)
        CP_FAIL(ctx, CP_E_IO, "%s: %s%s%s", db->path, sqlite3_errmsg(db->handle),
                cause != 0 ? ": " : "", cause != 0 ? strerror(cause) : "");
    if ((code & 0xFF) == SQLITE_CONSTRAINT)
        CP_FAIL(ctx, CP_E_INPUT, "%s: the database refuses this: %s", db->path,
                sqlite3_errmsg(db->handle));
    CP_FAIL(ctx, CP_E_IO, "%s: %s", db->path, sqlite3_errmsg(db->handle));
}

cp_status cp_sql_prepare(cp_ctx *ctx, cp_db *db, const char *sql, sqlite3_stmt **out)
{
    *out = NULL;
    if (sqlite3_prepare_v2(db->handle, sql, -1, out, NULL) != SQLITE_OK)
        return cp_sql_fail(ctx, db);
    return CP_OK;
}

bool cp_sql_same_file(cp_db *db, bool first)
{
    struct stat info;
    if (stat(db->path, &info) != 0) return false;
    if (first) {
        db->opened_size = info.st_size;
        db->opened_s = info.st_mtim.tv_sec;
        db->opened_ns = info.st_mtim.tv_nsec;
    }
    return db->opened_size == info.st_size && db->opened_s == info.st_mtim.tv_sec &&
           db->opened_ns == info.st_mtim.tv_nsec;
}

/* Without locks a writer is noticed by what it leaves on the file. */
static cp_status check_unchanged(cp_ctx *ctx, cp_db *db)
{
    if (cp_sql_same_file(db, false)) return CP_OK;
    CP_FAIL(ctx, CP_E_IO, "%s was changed by another process while it was read; try again",
            db->path);
}

cp_status cp_sql_step(cp_ctx *ctx, cp_db *db, sqlite3_stmt *stmt, bool *row)
{
    const int code = sqlite3_step(stmt);
    *row = code == SQLITE_ROW;
    if (code == SQLITE_DONE && db->immutable) return check_unchanged(ctx, db);
    if (code == SQLITE_ROW || code == SQLITE_DONE) return CP_OK;
    return cp_sql_fail(ctx, db);
}

cp_status cp_sql_run(cp_ctx *ctx, cp_db *db, sqlite3_stmt *stmt)
{
    bool row = false;
    const cp_status st = cp_sql_step(ctx, db, stmt, &row);
    sqlite3_reset(stmt); /* repeats the step's error code, which is reported already */
    return st;
}

cp_status cp_sql_exec(cp_ctx *ctx, cp_db *db, const char *sql)
{
    if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK) return cp_sql_fail(ctx, db);
    return CP_OK;
}

cp_status cp_sql_int(cp_ctx *ctx, cp_db *db, const char *sql, int64_t *out)
{
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    *out = 0;
    CP_TRY(cp_sql_prepare(ctx, db, sql, &stmt));
    cp_status st = cp_sql_step(ctx, db, stmt, &row);
    if (st == CP_OK && row) *out = sqlite3_column_int64(stmt, 0);
    if (st == CP_OK && db->immutable) st = check_unchanged(ctx, db);
    sqlite3_finalize(stmt);
    return st;
}

const char *cp_sql_text(cp_ctx *ctx, sqlite3_stmt *stmt, int col)
{
    const unsigned char *text = sqlite3_column_text(stmt, col);
    return cp_strdup(ctx, ctx->run, text != NULL ? (const char *)text : "");
}

cp_day cp_sql_day(sqlite3_stmt *stmt, int col)
{
    const unsigned char *text = sqlite3_column_text(stmt, col);
    cp_day day = CP_DAY_NONE;
    if (text == NULL || !cp_day_parse((const char *)text, &day)) return CP_DAY_NONE;
    return day;
}

int32_t cp_sql_int32(sqlite3_stmt *stmt, int col)
{
    return (int32_t)sqlite3_column_int(stmt, col);
}

void cp_sql_bind_day(sqlite3_stmt *stmt, int param, cp_day day)
{
    char text[16];
    if (day == CP_DAY_NONE)
        sqlite3_bind_null(stmt, param);
    else
        sqlite3_bind_text(stmt, param, cp_day_text(day, text), -1, SQLITE_TRANSIENT);
}

void cp_sql_bind_code(sqlite3_stmt *stmt, int param, const char *code)
{
    if (code == NULL || code[0] == '\0')
        sqlite3_bind_null(stmt, param);
    else
        sqlite3_bind_text(stmt, param, code, -1, SQLITE_STATIC);
}

void cp_sql_bind_text(sqlite3_stmt *stmt, int param, const char *text)
{
    sqlite3_bind_text(stmt, param, text != NULL ? text : "", -1, SQLITE_STATIC);
}

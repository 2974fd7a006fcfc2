/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/repair_store.h"

#include <sqlite3.h>
#include <string.h>

#include "data/store/sql.h"

static const char *flow_name(cp_flow flow)
{
    return flow == CP_FLOW_WITHDRAWAL ? "withdrawal" : "deposit";
}

static cp_status save_row(cp_ctx *ctx, cp_db *db, sqlite3_stmt *stmt, const cp_network *net,
                          const cp_repair_row *r)
{
    cp_sql_bind_text(stmt, 1, net->points[r->point].code);
    cp_sql_bind_text(stmt, 2, flow_name(r->flow));
    cp_sql_bind_day(stmt, 3, r->day);
    if (r->raw_minor == CP_HISTORY_MISSING)
        sqlite3_bind_null(stmt, 4);
    else
        sqlite3_bind_int64(stmt, 4, r->raw_minor);
    sqlite3_bind_int64(stmt, 5, r->repaired_minor);
    cp_sql_bind_text(stmt, 6, cp_repair_name(r->reason));
    sqlite3_bind_int(stmt, 7, r->weight_ppm);
    if (r->level_ppm == 0)
        sqlite3_bind_null(stmt, 8);
    else
        sqlite3_bind_int(stmt, 8, r->level_ppm);
    return cp_sql_run(ctx, db, stmt);
}

static cp_status save_rows(cp_ctx *ctx, cp_db *db, const cp_network *net, const cp_repairs *repairs)
{
    sqlite3_stmt *stmt = NULL;
    CP_TRY(cp_sql_exec(ctx, db, "DELETE FROM history_repair"));
    CP_TRY(cp_sql_prepare(ctx, db, "INSERT INTO history_repair VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                          &stmt));
    cp_status st = CP_OK;
    for (int64_t i = 0; i < repairs->n && st == CP_OK; i++)
        st = save_row(ctx, db, stmt, net, &repairs->row[i]);
    sqlite3_finalize(stmt);
    return st;
}

cp_status cp_repairs_save(cp_ctx *ctx, cp_db *db, const cp_network *net, const cp_repairs *repairs)
{
    CP_TRY(cp_db_begin(ctx, db));
    const cp_status st = save_rows(ctx, db, net, repairs);
    if (st == CP_OK) return cp_db_commit(ctx, db);
    cp_db_rollback(db);
    return st;
}

static bool read_reason(const char *name, cp_repair *out)
{
    for (int32_t k = CP_REPAIR_NONE + 1; k < CP_N_REPAIRS; k++)
        if (name != NULL && strcmp(name, cp_repair_name((cp_repair)k)) == 0) {
            *out = (cp_repair)k;
            return true;
        }
    return false;
}

/* Columns: flow, day, raw, repaired, reason, weight, level. */
static cp_status load_row(cp_ctx *ctx, sqlite3_stmt *stmt, const cp_network *net, int32_t point,
                          cp_repair_row *row)
{
    const char *flow = (const char *)sqlite3_column_text(stmt, 0);
    const bool deposit = flow != NULL && strcmp(flow, flow_name(CP_FLOW_DEPOSIT)) == 0;
    const bool raw = sqlite3_column_type(stmt, 2) != SQLITE_NULL;
    row->point = point;
    row->flow = deposit ? CP_FLOW_DEPOSIT : CP_FLOW_WITHDRAWAL;
    row->day = cp_sql_day(stmt, 1);
    row->raw_minor = raw ? sqlite3_column_int64(stmt, 2) : CP_HISTORY_MISSING;
    row->repaired_minor = sqlite3_column_int64(stmt, 3);
    row->weight_ppm = cp_sql_int32(stmt, 5);
    row->level_ppm = cp_sql_int32(stmt, 6);
    if (row->day != CP_DAY_NONE && (!raw || row->raw_minor >= 0) && row->repaired_minor >= 0 &&
        read_reason((const char *)sqlite3_column_text(stmt, 4), &row->reason))
        return CP_OK;
    CP_FAIL(ctx, CP_E_IO, "a repair of the history of %s is damaged in the database",
            net->points[point].code);
}

static cp_status load_point(cp_ctx *ctx, cp_db *db, sqlite3_stmt *stmt, const cp_network *net,
                            int32_t point, cp_repairs *out)
{
    bool row = false;
    cp_sql_bind_text(stmt, 1, net->points[point].code);
    cp_status st = cp_sql_step(ctx, db, stmt, &row);
    while (st == CP_OK && row) {
        st = load_row(ctx, stmt, net, point, &out->row[out->n]);
        if (st == CP_OK) out->n_point[point]++;
        if (st == CP_OK) out->n++;
        if (st == CP_OK) st = cp_sql_step(ctx, db, stmt, &row);
    }
    sqlite3_reset(stmt);
    return st;
}

cp_status cp_repairs_load(cp_ctx *ctx, cp_db *db, const cp_network *net, cp_day first_day,
                          int32_t n_days, cp_repairs **out)
{
    int64_t n = 0;
    sqlite3_stmt *stmt = NULL;
    cp_repairs *r = NULL;
    CP_TRY(cp_sql_int(ctx, db, "SELECT count(*) FROM history_repair", &n));
    CP_NEW(ctx, ctx->run, r, 1);
    CP_NEW(ctx, ctx->run, r->row, n);
    CP_NEW(ctx, ctx->run, r->n_point, net->n_points);
    CP_TRY(cp_sql_prepare(ctx, db,
                          "SELECT flow, day, raw_minor, repaired_minor, reason, weight_ppm,"
                          " level_ppm FROM history_repair WHERE point_code = ?1 AND day >= ?2"
                          " AND day < ?3 ORDER BY flow DESC, day",
                          &stmt));
    cp_sql_bind_day(stmt, 2, first_day);
    cp_sql_bind_day(stmt, 3, first_day + n_days);
    cp_status st = CP_OK;
    for (int32_t p = 0; p < net->n_points && st == CP_OK; p++)
        st = load_point(ctx, db, stmt, net, p, r);
    sqlite3_finalize(stmt);
    if (st == CP_OK) *out = r;
    return st;
}

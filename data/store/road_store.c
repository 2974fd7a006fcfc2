/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/road_store.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "data/store/sql.h"
#include "models/net/network_build.h"

static cp_status write_leg(cp_ctx *ctx, cp_db *db, sqlite3_stmt *stmt, const cp_road_legs *legs,
                           int64_t leg)
{
    sqlite3_bind_text(stmt, 2, legs->code[legs->to[leg]], -1, SQLITE_STATIC);
    if (legs->seconds[leg] >= 0) {
        sqlite3_bind_double(stmt, 3, legs->seconds[leg]);
        sqlite3_bind_int(stmt, 4, legs->metres[leg]);
    } else {
        sqlite3_bind_null(stmt, 3);
        sqlite3_bind_null(stmt, 4);
    }
    return cp_sql_run(ctx, db, stmt);
}

static cp_status write_legs(cp_ctx *ctx, cp_db *db, const cp_road_legs *legs)
{
    sqlite3_stmt *stmt = NULL;
    CP_TRY(cp_sql_prepare(ctx, db,
                          "INSERT INTO road_leg (from_code, to_code, seconds, metres)"
                          " VALUES (?1, ?2, ?3, ?4)",
                          &stmt));
    cp_status st = CP_OK;
    for (int32_t i = 0; i < legs->n_stops && st == CP_OK; i++) {
        sqlite3_bind_text(stmt, 1, legs->code[i], -1, SQLITE_STATIC);
        for (int64_t leg = legs->first[i]; leg < legs->first[i + 1] && st == CP_OK; leg++)
            st = write_leg(ctx, db, stmt, legs, leg);
    }
    sqlite3_finalize(stmt);
    return st;
}

static cp_status write_head(cp_ctx *ctx, cp_db *db, const cp_road_legs *legs)
{
    char hash[24];
    sqlite3_stmt *stmt = NULL;
    CP_TRY(cp_sql_prepare(ctx, db,
                          "INSERT INTO road_travel (only, input_hash, legs, computed_utc)"
                          " VALUES (1, ?1, ?2, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                          &stmt));
    sqlite3_snprintf(sizeof hash, hash, "%016llx", (unsigned long long)legs->inputs);
    cp_sql_bind_text(stmt, 1, hash);
    sqlite3_bind_int64(stmt, 2, legs->n);
    const cp_status st = cp_sql_run(ctx, db, stmt);
    sqlite3_finalize(stmt);
    return st;
}

static cp_status replace(cp_ctx *ctx, cp_db *db, const cp_road_legs *legs)
{
    CP_TRY(cp_sql_exec(ctx, db, "DELETE FROM road_leg; DELETE FROM road_travel"));
    CP_TRY(write_legs(ctx, db, legs));
    CP_TRY(write_head(ctx, db, legs));
    return cp_db_audit(ctx, db, "road times", "shortest times over the road graph computed");
}

cp_status cp_roads_save(cp_ctx *ctx, cp_db *db, const cp_road_legs *legs)
{
    CP_TRY(cp_db_begin(ctx, db));
    return cp_db_end(ctx, db, replace(ctx, db, legs));
}

cp_status cp_roads_stored(cp_ctx *ctx, cp_db *db, bool *any, uint64_t *hash)
{
    sqlite3_stmt *stmt = NULL;
    *any = false;
    *hash = 0;
    CP_TRY(cp_sql_prepare(ctx, db, "SELECT input_hash FROM road_travel", &stmt));
    const cp_status st = cp_sql_step(ctx, db, stmt, any);
    if (st == CP_OK && *any) *hash = strtoull((const char *)sqlite3_column_text(stmt, 0), NULL, 16);
    sqlite3_finalize(stmt);
    return st;
}

static cp_status read_legs(cp_ctx *ctx, cp_db *db, sqlite3_stmt *stmt, int64_t n, cp_road_legs *out)
{
    double *seconds = NULL;
    int32_t *metres = NULL;
    bool row = false;
    CP_NEW(ctx, ctx->run, seconds, n);
    CP_NEW(ctx, ctx->run, metres, n);
    for (int64_t i = 0; i < n; i++) {
        CP_TRY(cp_sql_step(ctx, db, stmt, &row));
        if (!row) break;
        const bool way = sqlite3_column_type(stmt, 0) != SQLITE_NULL;
        seconds[i] = way ? sqlite3_column_double(stmt, 0) : -1;
        metres[i] = way ? cp_sql_int32(stmt, 1) : -1;
    }
    out->n = n;
    out->seconds = seconds;
    out->metres = metres;
    return CP_OK;
}

cp_status cp_roads_load(cp_ctx *ctx, cp_db *db, cp_road_legs **out)
{
    bool any = false;
    uint64_t hash = 0;
    int64_t noted = 0, there = 0;
    *out = NULL;
    CP_TRY(cp_roads_stored(ctx, db, &any, &hash));
    if (!any) return CP_OK;
    CP_TRY(cp_sql_int(ctx, db, "SELECT legs FROM road_travel", &noted));
    CP_TRY(cp_sql_int(ctx, db, "SELECT count(*) FROM road_leg", &there));
    if (noted != there) return CP_OK;
    cp_road_legs *legs = NULL;
    sqlite3_stmt *stmt = NULL;
    CP_NEW(ctx, ctx->run, legs, 1);
    legs->inputs = hash;
    CP_TRY(cp_sql_prepare(
        ctx, db, "SELECT seconds, metres FROM road_leg ORDER BY from_code, to_code", &stmt));
    const cp_status st = read_legs(ctx, db, stmt, there, legs);
    sqlite3_finalize(stmt);
    if (st == CP_OK) *out = legs;
    return st;
}

cp_status cp_roads_build(cp_ctx *ctx, cp_db *db, const cp_rows *rows, cp_day first_day,
                         int32_t n_days, cp_network **out, cp_day **balance_day)
{
    cp_road_legs *legs = NULL;
    if (rows->n_road_node > 0) CP_TRY(cp_roads_load(ctx, db, &legs));
    return cp_network_build_with_roads(ctx, rows, first_day, n_days, legs, out, balance_day);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/pin_store.h"

#include <sqlite3.h>
#include <string.h>

#include "data/store/table.h"

static cp_status exists(cp_ctx *ctx, cp_db *db, const char *sql, const char *code, bool *found)
{
    sqlite3_stmt *stmt = NULL;
    CP_TRY(cp_sql_prepare(ctx, db, sql, &stmt));
    cp_sql_bind_text(stmt, 1, code);
    const cp_status st = cp_sql_step(ctx, db, stmt, found);
    sqlite3_finalize(stmt);
    return st;
}

static cp_status next_code(cp_ctx *ctx, cp_db *db, const char **code)
{
    int64_t last = 0;
    CP_TRY(cp_sql_int(ctx, db,
                      "SELECT ifnull(max(CAST(substr(code, 5) AS INTEGER)), 0) FROM pin"
                      " WHERE code GLOB 'PIN-[0-9]*'",
                      &last));
    *code = cp_strf(ctx, ctx->run, "PIN-%lld", (long long)last + 1);
    return *code == NULL ? CP_E_NOMEM : CP_OK;
}

static cp_status check(cp_ctx *ctx, cp_db *db, const cp_pin *pin)
{
    bool found = false;
    CP_TRY(exists(ctx, db, "SELECT 1 FROM pin WHERE code = ?1", pin->code, &found));
    if (found) CP_FAIL(ctx, CP_E_INPUT, "there is a pin %s already", pin->code);
    CP_TRY(exists(ctx, db, "SELECT 1 FROM point WHERE code = ?1", pin->point_code, &found));
    if (!found) CP_FAIL(ctx, CP_E_INPUT, "there is no machine or branch %s", pin->point_code);
    if (pin->car_code[0] != '\0') {
        CP_TRY(exists(ctx, db, "SELECT 1 FROM car WHERE code = ?1", pin->car_code, &found));
        if (!found) CP_FAIL(ctx, CP_E_INPUT, "there is no car %s", pin->car_code);
    }
    if (pin->reason[0] == '\0') CP_FAIL(ctx, CP_E_INPUT, "a pin needs a reason");
    if (pin->amount_minor < -1 || pin->amount_minor > CP_MINOR_MAX)
        CP_FAIL(ctx, CP_E_INPUT, "amount %lld: must be from 0 to %lld minor units",
                (long long)pin->amount_minor, (long long)CP_MINOR_MAX);
    return CP_OK;
}

static cp_status insert(cp_ctx *ctx, cp_db *db, const cp_pin *pin)
{
    const cp_entity *table = &cp_entities[CP_ENTITY_PIN];
    const char *columns = cp_field_list(ctx, table, 0, table->n_fields, "", "");
    const char *marks = cp_field_list(ctx, table, 0, table->n_fields, "@", "");
    if (columns == NULL || marks == NULL) return CP_E_NOMEM;
    const char *sql =
        cp_strf(ctx, ctx->scratch, "INSERT INTO pin (%s) VALUES (%s)", columns, marks);
    if (sql == NULL) return CP_E_NOMEM;
    sqlite3_stmt *stmt = NULL;
    CP_TRY(cp_sql_prepare(ctx, db, sql, &stmt));
    cp_status st = CP_OK;
    for (int32_t f = 0; f < table->n_fields && st == CP_OK; f++)
        st = cp_field_bind(ctx, &table->fields[f], pin, stmt, f + 1);
    /* No car: NULL in the store. */
    const int param = sqlite3_bind_parameter_index(stmt, "@car_code");
    if (pin->car_code[0] == '\0') sqlite3_bind_null(stmt, param);
    if (st == CP_OK) st = cp_sql_run(ctx, db, stmt);
    sqlite3_finalize(stmt);
    return st;
}

static cp_status add(cp_ctx *ctx, cp_db *db, cp_pin *pin)
{
    char day[16];
    if (pin->code == NULL || pin->code[0] == '\0') CP_TRY(next_code(ctx, db, &pin->code));
    pin->author = cp_db_user(db);
    CP_TRY(check(ctx, db, pin));
    CP_TRY(insert(ctx, db, pin));
    const char *detail = cp_strf(ctx, ctx->scratch, "%s: %s %s on %s", pin->code,
                                 pin->rule == CP_PIN_MUST ? "must visit" : "must not visit",
                                 pin->point_code, cp_day_text(pin->day, day));
    return detail == NULL ? CP_E_NOMEM : cp_db_audit(ctx, db, "pin", detail);
}

cp_status cp_pin_store_add(cp_ctx *ctx, cp_db *db, cp_pin *pin)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    CP_TRY(cp_db_begin(ctx, db));
    const cp_status st = cp_db_end(ctx, db, add(ctx, db, pin));
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

static cp_status drop(cp_ctx *ctx, cp_db *db, const char *code)
{
    sqlite3_stmt *stmt = NULL;
    CP_TRY(cp_sql_prepare(ctx, db, "DELETE FROM pin WHERE code = ?1", &stmt));
    cp_sql_bind_text(stmt, 1, code);
    const cp_status st = cp_sql_run(ctx, db, stmt);
    sqlite3_finalize(stmt);
    CP_TRY(st);
    if (sqlite3_changes64(db->handle) == 0) CP_FAIL(ctx, CP_E_INPUT, "there is no pin %s", code);
    const char *detail = cp_strf(ctx, ctx->scratch, "%s: removed", code);
    return detail == NULL ? CP_E_NOMEM : cp_db_audit(ctx, db, "pin", detail);
}

cp_status cp_pin_store_remove(cp_ctx *ctx, cp_db *db, const char *code)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    CP_TRY(cp_db_begin(ctx, db));
    const cp_status st = cp_db_end(ctx, db, drop(ctx, db, code));
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/stage.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "data/store/stage_inner.h"

cp_status cp_stage_new(cp_ctx *ctx, cp_db *db, cp_stage **out)
{
    cp_stage *stage = calloc(1, sizeof(*stage));
    if (stage == NULL) CP_FAIL(ctx, CP_E_NOMEM, "out of memory");
    stage->db = db;
    cp_status st = cp_sql_exec(ctx, db, "PRAGMA temp.cache_size = -32768; BEGIN");
    if (st == CP_OK) {
        db->in_transaction = true;
        st = cp_sql_exec(ctx, db,
                         "CREATE TEMP TABLE stray (t INTEGER, field INTEGER, code, file_no, line)");
    }
    if (st == CP_OK)
        st = cp_sql_prepare(ctx, db, "INSERT INTO temp.stray VALUES (?1, ?2, ?3, ?4, ?5)",
                            &stage->stray);
    if (st != CP_OK) {
        cp_stage_free(stage);
        return st;
    }
    *out = stage;
    return CP_OK;
}

void cp_stage_free(cp_stage *stage)
{
    if (stage == NULL) return;
    bool made[CP_N_TABLES];
    sqlite3_finalize(stage->stray);
    for (int32_t t = 0; t < CP_N_TABLES; t++) {
        made[t] = stage->find[t] != NULL;
        sqlite3_finalize(stage->add[t]);
        sqlite3_finalize(stage->find[t]);
    }
    cp_db_rollback(stage->db);
    /* After a commit the temporary tables would stay until the connection ends. */
    (void)sqlite3_exec(stage->db->handle, "DROP TABLE IF EXISTS temp.stray", NULL, NULL, NULL);
    for (int32_t t = 0; t < CP_N_TABLES; t++) {
        char sql[120];
        if (!made[t]) continue;
        sqlite3_snprintf(sizeof(sql), sql, "DROP TABLE IF EXISTS temp.stage_%s", cp_table(t)->name);
        (void)sqlite3_exec(stage->db->handle, sql, NULL, NULL, NULL);
    }
    free(stage);
}

/* The table without types: values are bound in the form in which they are stored. */
static cp_status make_table(cp_ctx *ctx, cp_stage *stage, int32_t t)
{
    const cp_entity *table = cp_table(t);
    const char *columns = cp_field_list(ctx, table, 0, table->n_fields, "", "");
    const char *key = cp_field_list(ctx, table, 0, table->n_key, "", "");
    const char *marks = cp_field_list(ctx, table, 0, table->n_fields, "@", "");
    const char *match = cp_strf(ctx, ctx->scratch, "%s", "1");
    for (int32_t f = 0; f < table->n_key && match != NULL; f++)
        match = cp_strf(ctx, ctx->scratch, "%s AND %s = @%s", match, table->fields[f].name,
                        table->fields[f].name);
    if (columns == NULL || key == NULL || marks == NULL || match == NULL) return CP_E_NOMEM;
    const char *make =
        table->n_key > 0
            ? cp_strf(ctx, ctx->scratch,
                      "CREATE TEMP TABLE stage_%s (%s, file_no, line, PRIMARY KEY (%s))"
                      " WITHOUT ROWID",
                      table->name, columns, key)
            : cp_strf(ctx, ctx->scratch, "CREATE TEMP TABLE stage_%s (%s, file_no, line)",
                      table->name, columns);
    const char *add = cp_strf(ctx, ctx->scratch,
                              "INSERT INTO temp.stage_%s (%s, file_no, line)"
                              " VALUES (%s, @file_no, @line)",
                              table->name, columns, marks);
    const char *find = cp_strf(
        ctx, ctx->scratch, "SELECT file_no, line FROM temp.stage_%s WHERE %s", table->name, match);
    if (make == NULL || add == NULL || find == NULL) return CP_E_NOMEM;
    CP_TRY(cp_sql_exec(ctx, stage->db, make));
    CP_TRY(cp_sql_prepare(ctx, stage->db, find, &stage->find[t]));
    return cp_sql_prepare(ctx, stage->db, add, &stage->add[t]);
}

static cp_status find_clash(cp_ctx *ctx, cp_stage *stage, int32_t t, const void *row, cp_place *at)
{
    const cp_entity *table = cp_table(t);
    sqlite3_stmt *find = stage->find[t];
    cp_status st = CP_OK;
    for (int32_t f = 0; f < table->n_key && st == CP_OK; f++)
        st = cp_field_bind(ctx, &table->fields[f], row, find, f + 1);
    bool found = false;
    if (st == CP_OK) st = cp_sql_step(ctx, stage->db, find, &found);
    if (st == CP_OK && found) {
        at->file = cp_sql_int32(find, 0);
        at->line = sqlite3_column_int64(find, 1);
    }
    sqlite3_reset(find);
    return st;
}

/* Ends of a travel pair are stops: sites or vaults. */
static bool is_pair_end(int32_t t, int32_t f)
{
    return t == CP_ENTITY_TRAVEL_PAIR && f < 2;
}

static bool is_bad(const cp_stage_row *row, int32_t f)
{
    return row->bad != NULL && row->bad[f];
}

static bool is_given(const cp_stage_row *row, int32_t f)
{
    return row->given == NULL || row->given[f] || f < cp_table(row->t)->n_key;
}

/* The references of a row that cannot stand in its table. */
static cp_status keep_references(cp_ctx *ctx, cp_stage *stage, const cp_stage_row *row)
{
    const cp_entity *table = cp_table(row->t);
    for (int32_t f = 0; f < table->n_fields; f++) {
        if (table->fields[f].ref < 0 && !is_pair_end(row->t, f)) continue;
        if (is_bad(row, f) || !is_given(row, f)) continue;
        sqlite3_bind_int(stage->stray, 1, row->t);
        sqlite3_bind_int(stage->stray, 2, f);
        CP_TRY(cp_field_bind(ctx, &table->fields[f], row->values, stage->stray, 3));
        sqlite3_bind_int(stage->stray, 4, row->place.file);
        sqlite3_bind_int64(stage->stray, 5, row->place.line);
        CP_TRY(cp_sql_run(ctx, stage->db, stage->stray));
        stage->n_strays[row->t]++;
    }
    return CP_OK;
}

/* *taken is false when a row with its key is there already. */
static cp_status insert_row(cp_ctx *ctx, cp_stage *stage, const cp_stage_row *row, bool *taken)
{
    const cp_entity *table = cp_table(row->t);
    sqlite3_stmt *add = stage->add[row->t];
    for (int32_t f = 0; f < table->n_fields; f++) {
        if (is_bad(row, f))
            sqlite3_bind_zeroblob(add, f + 1, 0);
        else if (!is_given(row, f))
            sqlite3_bind_null(add, f + 1);
        else
            CP_TRY(cp_field_bind(ctx, &table->fields[f], row->values, add, f + 1));
    }
    sqlite3_bind_int(add, table->n_fields + 1, row->place.file);
    sqlite3_bind_int64(add, table->n_fields + 2, row->place.line);
    const int code = sqlite3_step(add);
    sqlite3_reset(add);
    *taken = code == SQLITE_DONE;
    stage->n_rows[row->t] += *taken;
    return *taken || (code & 0xFF) == SQLITE_CONSTRAINT ? CP_OK : cp_sql_fail(ctx, stage->db);
}

cp_status cp_stage_add(cp_ctx *ctx, cp_stage *stage, const cp_stage_row *row, bool *clash,
                       cp_place *at)
{
    *clash = false;
    if (stage->add[row->t] == NULL) {
        const cp_arena_mark mark = cp_arena_here(ctx->scratch);
        const cp_status made = make_table(ctx, stage, row->t);
        cp_arena_rewind(ctx->scratch, mark);
        CP_TRY(made);
    }
    for (int32_t f = 0; f < cp_table(row->t)->n_key; f++)
        if (is_bad(row, f)) return keep_references(ctx, stage, row);
    bool taken = false;
    CP_TRY(insert_row(ctx, stage, row, &taken));
    if (taken) return CP_OK;
    *clash = true;
    CP_TRY(keep_references(ctx, stage, row));
    return find_clash(ctx, stage, row->t, row->values, at);
}

int64_t cp_stage_rows(const cp_stage *stage, int32_t t)
{
    return stage->n_rows[t];
}

/* " AND NOT EXISTS (...)" for each place in which the code may be found. */
static char *not_found_in(cp_ctx *ctx, const cp_stage *stage, int32_t target)
{
    const char *name = cp_table(target)->name;
    const char *staged =
        stage->n_rows[target] > 0
            ? cp_strf(ctx, ctx->scratch,
                      " AND NOT EXISTS (SELECT 1 FROM temp.stage_%s AS g WHERE g.code = s.code)",
                      name)
            : "";
    if (staged == NULL) return NULL;
    return cp_strf(ctx, ctx->scratch,
                   " AND NOT EXISTS (SELECT 1 FROM main.%s AS m WHERE m.code = s.code)%s", name,
                   staged);
}

typedef struct check_call {
    cp_stage_problem_fn *fn;
    void *user;
    int32_t t, field;
} check_call;

static cp_status report_unknown(cp_ctx *ctx, const cp_stage *stage, const char *sql,
                                const check_call *call)
{
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CP_TRY(cp_sql_prepare(ctx, stage->db, sql, &stmt));
    cp_status st = cp_sql_step(ctx, stage->db, stmt, &row);
    while (st == CP_OK && row) {
        const cp_place place = {cp_sql_int32(stmt, 1), sqlite3_column_int64(stmt, 2)};
        st = call->fn(ctx, call->user, call->t, call->field,
                      (const char *)sqlite3_column_text(stmt, 0), place);
        if (st == CP_OK) st = cp_sql_step(ctx, stage->db, stmt, &row);
    }
    sqlite3_finalize(stmt);
    return st;
}

static cp_status check_field(cp_ctx *ctx, cp_stage *stage, const check_call *call)
{
    const cp_entity *table = cp_table(call->t);
    const cp_field *field = &table->fields[call->field];
    const bool is_pair = is_pair_end(call->t, call->field);
    if (field->ref < 0 && !is_pair) return CP_OK;
    const char *strays = "", *more = "";
    const char *where = not_found_in(ctx, stage, is_pair ? CP_ENTITY_SITE : field->ref);
    if (is_pair) more = not_found_in(ctx, stage, CP_ENTITY_VAULT);
    if (stage->n_strays[call->t] > 0)
        strays = cp_strf(ctx, ctx->scratch,
                         " UNION ALL SELECT code, file_no, line FROM temp.stray WHERE t = %d AND"
                         " field = %d",
                         (int)call->t, (int)call->field);
    if (where == NULL || more == NULL || strays == NULL) return CP_E_NOMEM;
    const char *sql = cp_strf(ctx, ctx->scratch,
                              "SELECT s.code, s.file_no, s.line FROM (SELECT %s AS code, file_no,"
                              " line FROM temp.stage_%s%s) AS s"
                              " WHERE typeof(s.code) = 'text' AND s.code <> ''%s%s ORDER BY 2, 3",
                              field->name, table->name, strays, where, more);
    if (sql == NULL) return CP_E_NOMEM;
    return report_unknown(ctx, stage, sql, call);
}

cp_status cp_stage_check(cp_ctx *ctx, cp_stage *stage, cp_stage_problem_fn *fn, void *user)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_status st = CP_OK;
    for (int32_t t = 0; t < CP_N_TABLES && st == CP_OK; t++) {
        if (stage->n_rows[t] + stage->n_strays[t] == 0) continue;
        for (int32_t f = 0; f < cp_table(t)->n_fields && st == CP_OK; f++) {
            const check_call call = {fn, user, t, f};
            st = check_field(ctx, stage, &call);
        }
    }
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

cp_status cp_stage_exponents(cp_ctx *ctx, cp_stage *stage, const char *code, int64_t *least,
                             int64_t *most)
{
    const bool staged = stage->n_rows[CP_ENTITY_CURRENCY] > 0;
    const char *sql =
        staged ? "SELECT min(exponent), max(exponent) FROM (SELECT code, exponent FROM currency"
                 " UNION SELECT code, exponent FROM temp.stage_currency)"
                 " WHERE typeof(exponent) = 'integer' AND (?1 IS NULL OR code = ?1)"
               : "SELECT min(exponent), max(exponent) FROM currency WHERE ?1 IS NULL OR code = ?1";
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    CP_TRY(cp_sql_prepare(ctx, stage->db, sql, &stmt));
    cp_sql_bind_code(stmt, 1, code);
    const cp_status st = cp_sql_step(ctx, stage->db, stmt, &row);
    if (st == CP_OK && row && sqlite3_column_type(stmt, 0) == SQLITE_INTEGER) {
        *least = sqlite3_column_int64(stmt, 0);
        *most = sqlite3_column_int64(stmt, 1);
    }
    sqlite3_finalize(stmt);
    return st;
}

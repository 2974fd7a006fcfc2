/* SPDX-License-Identifier: GPL-3.0-or-later */
/* stage_merge.c - gathered rows into the store by set operations, table after table. The names in
 * the statements: s = gathered row, m = stored row. */
#include <sqlite3.h>
#include <string.h>

#include "data/store/stage_inner.h"

/* Pieces of SQL about one table, in ctx->scratch. */
typedef struct merge_sql {
    const char *columns; /* a, b */
    const char *match;   /* s.key = m.key AND ... */
    const char *differs; /* some given field has another value */
    const char *values;  /* of a new row: what is given, else the default (parameters @name) */
    const char *updates; /* a = ..., b = ... */
    const char *key_text;
} merge_sql;

/* A gathered value in the form of the store: "none" is NULL there. */
static const char *stored_form(cp_ctx *ctx, const cp_entity *table, int32_t f)
{
    return cp_strf(ctx, ctx->scratch, cp_field_nullable(table, f) ? "nullif(s.%s, '')" : "s.%s",
                   table->fields[f].name);
}

/* `so far` + separator + the next piece; NULL stays NULL (no memory). */
static const char *join(cp_ctx *ctx, const char *so_far, const char *separator, const char *piece)
{
    if (so_far == NULL || piece == NULL) return NULL;
    return cp_strf(ctx, ctx->scratch, "%s%s%s", so_far, so_far[0] != '\0' ? separator : "", piece);
}

static void add_key(cp_ctx *ctx, const char *name, merge_sql *out)
{
    out->match =
        join(ctx, out->match, " AND ", cp_strf(ctx, ctx->scratch, "s.%s = m.%s", name, name));
    out->key_text =
        join(ctx, out->key_text, " || ' / ' || ", cp_strf(ctx, ctx->scratch, "s.%s", name));
    out->values = join(ctx, out->values, ", ", cp_strf(ctx, ctx->scratch, "s.%s", name));
}

static void add_value(cp_ctx *ctx, const char *name, const char *form, merge_sql *out)
{
    out->differs =
        join(ctx, out->differs, " OR ",
             cp_strf(ctx, ctx->scratch, "(s.%s IS NOT NULL AND m.%s IS NOT %s)", name, name, form));
    out->values = join(ctx, out->values, ", ",
                       cp_strf(ctx, ctx->scratch, "CASE WHEN s.%s IS NULL THEN @%s ELSE %s END",
                               name, name, form));
    out->updates =
        join(ctx, out->updates, ", ",
             cp_strf(ctx, ctx->scratch, "%s = CASE WHEN s.%s IS NULL THEN m.%s ELSE %s END", name,
                     name, name, form));
}

static cp_status make_sql(cp_ctx *ctx, const cp_entity *table, merge_sql *out)
{
    *out = (merge_sql){.match = "", .differs = "", .values = "", .updates = "", .key_text = ""};
    out->columns = cp_field_list(ctx, table, 0, table->n_fields, "", "");
    for (int32_t f = 0; f < table->n_fields; f++) {
        const char *form = stored_form(ctx, table, f);
        if (form == NULL) return CP_E_NOMEM;
        if (f < table->n_key)
            add_key(ctx, table->fields[f].name, out);
        else
            add_value(ctx, table->fields[f].name, form, out);
    }
    if (out->differs != NULL && out->differs[0] == '\0') out->differs = "0"; /* all is key */
    const bool whole = out->columns != NULL && out->match != NULL && out->differs != NULL &&
                       out->values != NULL && out->updates != NULL && out->key_text != NULL;
    return whole ? CP_OK : CP_E_NOMEM;
}

/* Parameters named after fields get the default of the field, in the form of the store. */
static cp_status bind_defaults(cp_ctx *ctx, const cp_entity *table, sqlite3_stmt *stmt)
{
    void *row = cp_alloc(ctx, ctx->scratch, 1, table->row_size);
    if (row == NULL) return CP_E_NOMEM;
    CP_TRY(cp_row_defaults(ctx, ctx->scratch, table, row));
    for (int32_t f = 0; f < table->n_fields; f++) {
        char name[80];
        sqlite3_snprintf(sizeof(name), name, "@%s", table->fields[f].name);
        const int param = sqlite3_bind_parameter_index(stmt, name);
        if (param == 0) continue;
        if (cp_field_nullable(table, f)) /* such a default is always "none" */
            sqlite3_bind_null(stmt, param);
        else
            CP_TRY(cp_field_bind(ctx, &table->fields[f], row, stmt, param));
    }
    return CP_OK;
}

/* Run one statement with the defaults and the import's number; *changes = rows it touched. */
static cp_status run(cp_ctx *ctx, cp_stage *stage, const cp_entity *table, const char *sql,
                     int64_t import_id, int64_t *changes)
{
    if (sql == NULL) return CP_E_NOMEM;
    sqlite3_stmt *stmt = NULL;
    CP_TRY(cp_sql_prepare(ctx, stage->db, sql, &stmt));
    cp_status st = bind_defaults(ctx, table, stmt);
    const int param = sqlite3_bind_parameter_index(stmt, "@import_id");
    if (param > 0) sqlite3_bind_int64(stmt, param, import_id);
    if (st == CP_OK) st = cp_sql_run(ctx, stage->db, stmt);
    if (st == CP_OK && changes != NULL) *changes = sqlite3_changes64(stage->db->handle);
    sqlite3_finalize(stmt);
    return st;
}

static cp_status record_changes(cp_ctx *ctx, cp_stage *stage, const cp_entity *table,
                                const merge_sql *sql, int64_t import_id)
{
    for (int32_t f = table->n_key; f < table->n_fields; f++) {
        const char *name = table->fields[f].name;
        const char *form = stored_form(ctx, table, f);
        if (form == NULL) return CP_E_NOMEM;
        CP_TRY(run(ctx, stage, table,
                   cp_strf(ctx, ctx->scratch,
                           "INSERT INTO main.import_change SELECT @import_id, '%s', %s, '%s', m.%s,"
                           " %s FROM temp.stage_%s AS s JOIN main.%s AS m ON %s"
                           " WHERE s.%s IS NOT NULL AND m.%s IS NOT %s",
                           table->name, sql->key_text, name, name, form, table->name, table->name,
                           sql->match, name, name, form),
                   import_id, NULL));
    }
    return CP_OK;
}

/* Rows whose key is stored already. */
static cp_status merge_known(cp_ctx *ctx, cp_stage *stage, const cp_entity *table,
                             const merge_sql *sql, int64_t import_id, cp_save_counts *counts)
{
    const char *count = cp_strf(ctx, ctx->scratch,
                                "SELECT count(*) FROM temp.stage_%s AS s JOIN main.%s AS m ON %s",
                                table->name, table->name, sql->match);
    if (count == NULL) return CP_E_NOMEM;
    int64_t n_known = 0;
    CP_TRY(cp_sql_int(ctx, stage->db, count, &n_known));
    if (n_known == 0) return CP_OK;
    CP_TRY(record_changes(ctx, stage, table, sql, import_id));
    if (table->n_fields > table->n_key)
        CP_TRY(run(ctx, stage, table,
                   cp_strf(ctx, ctx->scratch,
                           "UPDATE main.%s AS m SET %s FROM temp.stage_%s AS s WHERE %s AND (%s)",
                           table->name, sql->updates, table->name, sql->match, sql->differs),
                   import_id, &counts->n_changed));
    counts->n_equal = n_known - counts->n_changed;
    return CP_OK;
}

static cp_status merge_keyed(cp_ctx *ctx, cp_stage *stage, const cp_entity *table,
                             const merge_sql *sql, int64_t import_id, cp_save_counts *counts)
{
    CP_TRY(merge_known(ctx, stage, table, sql, import_id, counts));
    return run(ctx, stage, table,
               cp_strf(ctx, ctx->scratch,
                       "INSERT INTO main.%s (%s) SELECT %s FROM temp.stage_%s AS s"
                       " WHERE NOT EXISTS (SELECT 1 FROM main.%s AS m WHERE %s)",
                       table->name, sql->columns, sql->values, table->name, table->name,
                       sql->match),
               import_id, &counts->n_new);
}

/* Rows without a key stand for the whole table: when it holds other ones they take their place. */
static cp_status merge_whole(cp_ctx *ctx, cp_stage *stage, const cp_entity *table,
                             const merge_sql *sql, int64_t import_id, cp_save_counts *counts)
{
    CP_TRY(run(ctx, stage, table,
               cp_strf(ctx, ctx->scratch,
                       "CREATE TEMP TABLE whole AS SELECT %s FROM temp.stage_%s AS s WHERE 0",
                       sql->columns, table->name),
               import_id, NULL));
    CP_TRY(run(ctx, stage, table,
               cp_strf(ctx, ctx->scratch,
                       "INSERT INTO temp.whole (%s) SELECT %s FROM temp.stage_%s AS s",
                       sql->columns, sql->values, table->name),
               import_id, NULL));
    const char *differs = cp_strf(
        ctx, ctx->scratch,
        "SELECT (SELECT count(*) FROM (SELECT %s, count(*) FROM temp.whole GROUP BY %s EXCEPT"
        " SELECT %s, count(*) FROM main.%s GROUP BY %s)) + (SELECT count(*) FROM main.%s)"
        " - (SELECT count(*) FROM temp.whole)",
        sql->columns, sql->columns, sql->columns, table->name, sql->columns, table->name);
    if (differs == NULL) return CP_E_NOMEM;
    int64_t n_differs = 0, n_before = 0;
    CP_TRY(cp_sql_int(ctx, stage->db, differs, &n_differs));
    const char *count = cp_strf(ctx, ctx->scratch, "SELECT count(*) FROM main.%s", table->name);
    if (count == NULL) return CP_E_NOMEM;
    CP_TRY(cp_sql_int(ctx, stage->db, count, &n_before));
    const int64_t n_rows = cp_stage_rows(stage, cp_table_by_name(table->name));
    if (n_differs == 0 && n_before == n_rows) {
        counts->n_equal = n_rows;
        return cp_sql_exec(ctx, stage->db, "DROP TABLE temp.whole");
    }
    CP_TRY(run(ctx, stage, table,
               cp_strf(ctx, ctx->scratch,
                       "INSERT INTO main.import_change SELECT @import_id, '%s', '', 'all rows', "
                       "%lld, %lld",
                       table->name, (long long)n_before, (long long)n_rows),
               import_id, NULL));
    CP_TRY(run(ctx, stage, table, cp_strf(ctx, ctx->scratch, "DELETE FROM main.%s", table->name),
               import_id, NULL));
    CP_TRY(run(ctx, stage, table,
               cp_strf(ctx, ctx->scratch, "INSERT INTO main.%s (%s) SELECT %s FROM temp.whole",
                       table->name, sql->columns, sql->columns),
               import_id, &counts->n_new));
    return cp_sql_exec(ctx, stage->db, "DROP TABLE temp.whole");
}

static cp_status merge_table(cp_ctx *ctx, cp_stage *stage, int32_t t, int64_t import_id,
                             cp_save_counts *counts)
{
    const cp_entity *table = cp_table(t);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    merge_sql sql;
    cp_status st = make_sql(ctx, table, &sql);
    if (st == CP_OK)
        st = table->n_key > 0 ? merge_keyed(ctx, stage, table, &sql, import_id, counts)
                              : merge_whole(ctx, stage, table, &sql, import_id, counts);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

static cp_status write_run(cp_ctx *ctx, cp_db *db, const char *source, const cp_save_counts *all,
                           int64_t *import_id)
{
    sqlite3_stmt *stmt = NULL;
    CP_TRY(cp_sql_prepare(ctx, db,
                          "INSERT INTO import_run (import_id, at_utc, who, source, n_new,"
                          " n_changed, n_equal) VALUES"
                          " (?1, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?2, ?3, ?4, ?5, ?6)"
                          " ON CONFLICT (import_id) DO UPDATE SET n_new = excluded.n_new,"
                          " n_changed = excluded.n_changed, n_equal = excluded.n_equal",
                          &stmt));
    if (*import_id > 0) sqlite3_bind_int64(stmt, 1, *import_id);
    cp_sql_bind_text(stmt, 2, db->user);
    cp_sql_bind_text(stmt, 3, source);
    sqlite3_bind_int64(stmt, 4, all->n_new);
    sqlite3_bind_int64(stmt, 5, all->n_changed);
    sqlite3_bind_int64(stmt, 6, all->n_equal);
    const cp_status st = cp_sql_run(ctx, db, stmt);
    sqlite3_finalize(stmt);
    if (st == CP_OK && *import_id == 0) *import_id = sqlite3_last_insert_rowid(db->handle);
    return st;
}

static cp_status merge_all(cp_ctx *ctx, cp_stage *stage, const char *source, cp_save_counts *counts)
{
    cp_save_counts all = {0};
    int64_t import_id = 0;
    CP_TRY(write_run(ctx, stage->db, source, &all, &import_id));
    for (int32_t t = 0; t < CP_N_TABLES; t++) {
        if (stage->n_rows[t] == 0) continue;
        cp_progress(ctx, "store", t, CP_N_TABLES);
        CP_TRY(merge_table(ctx, stage, t, import_id, &counts[t]));
        all.n_new += counts[t].n_new;
        all.n_changed += counts[t].n_changed;
        all.n_equal += counts[t].n_equal;
        if (cp_user_stopped(ctx))
            CP_FAIL(ctx, CP_E_STOPPED, "stopped by the user; nothing was changed");
    }
    CP_TRY(write_run(ctx, stage->db, source, &all, &import_id));
    const char *detail =
        cp_strf(ctx, ctx->scratch, "%s: %lld new, %lld changed, %lld equal", source,
                (long long)all.n_new, (long long)all.n_changed, (long long)all.n_equal);
    if (detail == NULL) return CP_E_NOMEM;
    return cp_db_audit(ctx, stage->db, "import", detail);
}

cp_status cp_stage_merge(cp_ctx *ctx, cp_stage *stage, const char *source, bool dry,
                         cp_save_counts *counts)
{
    memset(counts, 0, CP_N_TABLES * sizeof(*counts));
    /* Ends what was only among temporary tables; the store is locked from here on. */
    if (stage->db->in_transaction) CP_TRY(cp_db_commit(ctx, stage->db));
    CP_TRY(cp_db_begin(ctx, stage->db));
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_status st = merge_all(ctx, stage, source, counts);
    cp_arena_rewind(ctx->scratch, mark);
    if (st == CP_OK && dry) {
        cp_db_rollback(stage->db);
        return CP_OK;
    }
    return cp_db_end(ctx, stage->db, st);
}

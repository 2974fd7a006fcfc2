/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/network_store.h"

#include <sqlite3.h>
#include <string.h>

#include "data/store/stage.h"
#include "models/base/rng.h"

/* The first words of a refusal; the rest is counted. */
typedef struct refusals {
    char text[1024];
    size_t used;
    int64_t n;
} refusals;

static void refuse(refusals *r, const char *words)
{
    r->n++;
    const size_t n = strlen(words);
    if (r->used + n + 3 > sizeof(r->text)) return;
    if (r->used > 0) {
        memcpy(r->text + r->used, "; ", 2);
        r->used += 2;
    }
    memcpy(r->text + r->used, words, n + 1);
    r->used += n;
}

static cp_status note_unknown(cp_ctx *ctx, void *user, int32_t t, int32_t field, const char *code,
                              cp_place place)
{
    const cp_entity *table = cp_table(t);
    const char *words =
        cp_strf(ctx, ctx->scratch, "%s row %lld: %s \"%s\" is not known", table->name,
                (long long)place.line, table->fields[field].name, code);
    if (words == NULL) return CP_E_NOMEM;
    refuse(user, words);
    return CP_OK;
}

/* Rows made by a program may hold what no file could: the same rules hold for them. */
static cp_status check_ranges(cp_ctx *ctx, const cp_entity *table, const void *row, int64_t number,
                              refusals *r)
{
    for (int32_t f = 0; f < table->n_fields; f++) {
        const cp_field *field = &table->fields[f];
        const char *text = cp_field_text(ctx, ctx->scratch, field, row);
        void *copy = cp_alloc(ctx, ctx->scratch, 1, table->row_size);
        if (text == NULL || copy == NULL) return CP_E_NOMEM;
        const char *why = NULL;
        const cp_status st = cp_field_parse(ctx, ctx->scratch, field, text, copy, &why);
        if (st == CP_OK) continue;
        if (st != CP_E_INPUT) return st;
        const char *words = cp_strf(ctx, ctx->scratch, "%s row %lld: %s \"%s\" must be %s",
                                    table->name, (long long)number, field->name, text, why);
        if (words == NULL) return CP_E_NOMEM;
        refuse(r, words);
    }
    return CP_OK;
}

static cp_status gather(cp_ctx *ctx, cp_stage *stage, int32_t t, const void *rows, int64_t n,
                        refusals *r)
{
    const cp_entity *table = cp_table(t);
    for (int64_t i = 0; i < n; i++) {
        const void *row = (const char *)rows + (size_t)i * table->row_size;
        const cp_arena_mark mark = cp_arena_here(ctx->scratch);
        bool clash = false;
        cp_place at = {0};
        const cp_stage_row staged = {.t = t, .values = row, .place = {0, i + 1}};
        CP_TRY(check_ranges(ctx, table, row, i + 1, r));
        CP_TRY(cp_stage_add(ctx, stage, &staged, &clash, &at));
        if (clash) {
            const char *key = cp_field_text(ctx, ctx->scratch, &table->fields[0], row);
            const char *words =
                cp_strf(ctx, ctx->scratch, "%s rows %lld and %lld: same key (%s)", table->name,
                        (long long)at.line, (long long)(i + 1), key != NULL ? key : "");
            if (words == NULL) return CP_E_NOMEM;
            refuse(r, words);
        }
        cp_arena_rewind(ctx->scratch, mark);
    }
    return CP_OK;
}

static cp_status finish(cp_ctx *ctx, cp_stage *stage, refusals *r, const char *source,
                        cp_save_counts *counts)
{
    CP_TRY(cp_stage_check(ctx, stage, note_unknown, r));
    if (r->n > 0)
        CP_FAIL(ctx, CP_E_INPUT, "%lld rows are refused and nothing is stored: %s", (long long)r->n,
                r->text);
    return cp_stage_merge(ctx, stage, source, false, counts);
}

cp_status cp_network_save(cp_ctx *ctx, cp_db *db, const cp_rows *rows, const char *source,
                          cp_save_counts counts[CP_N_ENTITIES])
{
    cp_stage *stage = NULL;
    cp_save_counts all[CP_N_TABLES];
    refusals r = {.n = 0};
    CP_TRY(cp_stage_new(ctx, db, &stage));
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_status st = CP_OK;
    for (int32_t e = 0; e < CP_N_ENTITIES && st == CP_OK; e++) {
        const cp_entity *entity = &cp_entities[e];
        void *array = NULL;
        int32_t n = 0;
        memcpy(&array, (const char *)rows + entity->rows_offset, sizeof(array));
        memcpy(&n, (const char *)rows + entity->count_offset, sizeof(n));
        st = gather(ctx, stage, e, array, n, &r);
    }
    if (st == CP_OK) st = finish(ctx, stage, &r, source, all);
    cp_arena_rewind(ctx->scratch, mark);
    cp_stage_free(stage);
    if (st == CP_OK && counts != NULL) memcpy(counts, all, CP_N_ENTITIES * sizeof(*counts));
    return st;
}

cp_status cp_history_save(cp_ctx *ctx, cp_db *db, const cp_history_row *rows, int64_t n_rows,
                          const char *source, cp_save_counts *counts)
{
    cp_stage *stage = NULL;
    cp_save_counts all[CP_N_TABLES];
    refusals r = {.n = 0};
    CP_TRY(cp_stage_new(ctx, db, &stage));
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_status st = gather(ctx, stage, CP_TABLE_HISTORY, rows, n_rows, &r);
    if (st == CP_OK) st = finish(ctx, stage, &r, source, all);
    cp_arena_rewind(ctx->scratch, mark);
    cp_stage_free(stage);
    if (st == CP_OK && counts != NULL) *counts = all[CP_TABLE_HISTORY];
    return st;
}

static cp_status load_rows(cp_ctx *ctx, cp_db *db, const cp_entity *entity, sqlite3_stmt *stmt,
                           int64_t n, cp_rows *out)
{
    char *rows = cp_alloc(ctx, ctx->run, (size_t)n, entity->row_size);
    if (rows == NULL) return CP_E_NOMEM;
    int64_t i = 0;
    bool more = false;
    cp_status st = cp_sql_step(ctx, db, stmt, &more);
    while (st == CP_OK && more && i < n) {
        void *row = rows + (size_t)i * entity->row_size;
        /* Members that are no columns are dense indexes: -1 until network_build sets them. */
        memset(row, 0xFF, entity->row_size);
        for (int32_t f = 0; f < entity->n_fields && st == CP_OK; f++)
            st = cp_field_read(ctx, &entity->fields[f], stmt, f, row);
        i++;
        if (st == CP_OK) st = cp_sql_step(ctx, db, stmt, &more);
    }
    *cp_rows_array(out, entity) = rows;
    *cp_rows_count(out, entity) = (int32_t)i;
    return st;
}

static cp_status load_entity(cp_ctx *ctx, cp_db *db, const cp_entity *entity, cp_rows *out)
{
    const int32_t n_order = entity->n_key > 0 ? entity->n_key : entity->n_fields;
    const char *columns = cp_field_list(ctx, entity, 0, entity->n_fields, "", "");
    const char *order = cp_field_list(ctx, entity, 0, n_order, "", "");
    if (columns == NULL || order == NULL) return CP_E_NOMEM;
    const char *count = cp_strf(ctx, ctx->scratch, "SELECT count(*) FROM %s", entity->name);
    const char *sql =
        cp_strf(ctx, ctx->scratch, "SELECT %s FROM %s ORDER BY %s", columns, entity->name, order);
    if (count == NULL || sql == NULL) return CP_E_NOMEM;
    int64_t n = 0;
    CP_TRY(cp_sql_int(ctx, db, count, &n));
    if (n > INT32_MAX) CP_FAIL(ctx, CP_E_RANGE, "%s holds too many rows", entity->name);
    sqlite3_stmt *stmt = NULL;
    CP_TRY(cp_sql_prepare(ctx, db, sql, &stmt));
    const cp_status st = load_rows(ctx, db, entity, stmt, n, out);
    sqlite3_finalize(stmt);
    return st;
}

cp_status cp_network_load(cp_ctx *ctx, cp_db *db, cp_rows *out)
{
    memset(out, 0, sizeof(*out));
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    /* Count and rows must be of one state of the database. */
    const bool own = !db->in_transaction;
    cp_status st = own ? cp_db_begin_read(ctx, db) : CP_OK;
    for (int32_t e = 0; e < CP_N_ENTITIES && st == CP_OK; e++)
        st = load_entity(ctx, db, &cp_entities[e], out);
    if (own) cp_db_rollback(db);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

static uint64_t hash_field(uint64_t h, const cp_field *field, const void *row)
{
    const char *at = (const char *)row + field->offset;
    switch (field->type) {
    case CP_FIELD_TEXT:
    case CP_FIELD_CODE: {
        const char *text = NULL;
        memcpy(&text, at, sizeof(text));
        return cp_hash_text(h, text != NULL ? text : "");
    }
    case CP_FIELD_INT64:
    case CP_FIELD_MINOR:
    case CP_FIELD_DEG:
    case CP_FIELD_REAL:
        return cp_hash_bytes(h, at, 8);
    case CP_FIELD_BOOL:
        return cp_hash_bytes(h, at, sizeof(bool));
    default:
        return cp_hash_bytes(h, at, sizeof(int32_t));
    }
}

uint64_t cp_rows_hash(const cp_rows *rows)
{
    uint64_t h = 0;
    for (int32_t e = 0; e < CP_N_ENTITIES; e++) {
        const cp_entity *entity = &cp_entities[e];
        const char *array = NULL;
        int32_t n = 0;
        memcpy(&array, (const char *)rows + entity->rows_offset, sizeof(array));
        memcpy(&n, (const char *)rows + entity->count_offset, sizeof(n));
        h = cp_hash_text(h, entity->name);
        h = cp_hash_bytes(h, &n, sizeof(n));
        for (int32_t i = 0; i < n; i++)
            for (int32_t f = 0; f < entity->n_fields; f++)
                h = hash_field(h, &entity->fields[f], array + (size_t)i * entity->row_size);
    }
    return h;
}

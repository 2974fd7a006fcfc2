/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forecast_load.c - a stored forecast read back; other programs may have written anything. */
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "data/store/forecast_store.h"
#include "data/store/sql.h"

typedef struct reader {
    cp_ctx *ctx;
    cp_db *db;
    int64_t id;
    cp_forecast_record *r;
    sqlite3_stmt *stmt;
    int32_t row; /* the one that models and days are added to */
} reader;

static const char *text_at(sqlite3_stmt *stmt, int col)
{
    const char *text = (const char *)sqlite3_column_text(stmt, col);
    return text != NULL ? text : "";
}

static double real_at(sqlite3_stmt *stmt, int col)
{
    return sqlite3_column_type(stmt, col) == SQLITE_NULL ? (double)NAN
                                                         : sqlite3_column_double(stmt, col);
}

static cp_flow flow_at(sqlite3_stmt *stmt, int col)
{
    return strcmp(text_at(stmt, col), "deposit") == 0 ? CP_FLOW_DEPOSIT : CP_FLOW_WITHDRAWAL;
}

static cp_status damaged(const reader *q)
{
    CP_FAIL(q->ctx, CP_E_IO, "forecast %lld is damaged in the database", (long long)q->id);
}

typedef cp_status row_fn(reader *q);

/* Prepare, bind the forecast's number, and hand every row to `each`. */
static cp_status for_rows(reader *q, const char *sql, row_fn *each)
{
    bool row = false;
    CP_TRY(cp_sql_prepare(q->ctx, q->db, sql, &q->stmt));
    sqlite3_bind_int64(q->stmt, 1, q->id);
    cp_status st = cp_sql_step(q->ctx, q->db, q->stmt, &row);
    while (st == CP_OK && row) {
        st = each(q);
        if (st == CP_OK) st = cp_sql_step(q->ctx, q->db, q->stmt, &row);
    }
    sqlite3_finalize(q->stmt);
    q->stmt = NULL;
    return st;
}

static cp_status read_head(reader *q)
{
    cp_forecast_record *r = q->r;
    r->forecast_id = sqlite3_column_int64(q->stmt, 0);
    r->first_day = cp_sql_day(q->stmt, 1);
    r->n_days = cp_sql_int32(q->stmt, 2);
    r->fitted_by = sqlite3_column_int64(q->stmt, 3);
    r->history_from = cp_sql_day(q->stmt, 4);
    r->history_to = cp_sql_day(q->stmt, 5);
    r->method = cp_sql_text(q->ctx, q->stmt, 6);
    r->seed = strtoull(text_at(q->stmt, 7), NULL, 10);
    r->work = sqlite3_column_int64(q->stmt, 8);
    r->n_repaired = cp_sql_int32(q->stmt, 9);
    r->input_hash = strtoull(text_at(q->stmt, 10), NULL, 16);
    r->version = cp_sql_text(q->ctx, q->stmt, 11);
    r->made_by = cp_sql_text(q->ctx, q->stmt, 12);
    r->created_utc = cp_sql_text(q->ctx, q->stmt, 13);
    r->n_rows = cp_sql_int32(q->stmt, 14);
    if (r->method == NULL || r->version == NULL || r->made_by == NULL || r->created_utc == NULL)
        return CP_E_NOMEM;
    return r->first_day != CP_DAY_NONE && r->n_days >= 1 && r->n_days <= 3660 ? CP_OK : damaged(q);
}

static cp_status read_point(reader *q)
{
    cp_forecast_row *row = &q->r->row[q->row++];
    row->point_code = cp_sql_text(q->ctx, q->stmt, 0);
    row->flow = flow_at(q->stmt, 1);
    row->from_segment = sqlite3_column_int(q->stmt, 2) != 0;
    row->score = real_at(q->stmt, 3);
    row->n_origins = cp_sql_int32(q->stmt, 4);
    const int32_t n = cp_sql_int32(q->stmt, 5);
    CP_NEW(q->ctx, q->ctx->run, row->single, (size_t)n + 1);
    return row->point_code != NULL ? CP_OK : CP_E_NOMEM;
}

/* The row of a point's flow at or after the last one: rows come in the same order. */
static cp_forecast_row *row_of(reader *q)
{
    while (q->row < q->r->n_rows) {
        cp_forecast_row *row = &q->r->row[q->row];
        if (row->flow == flow_at(q->stmt, 1) && strcmp(row->point_code, text_at(q->stmt, 0)) == 0)
            return row;
        q->row++;
    }
    return NULL;
}

static cp_status read_model(reader *q)
{
    cp_forecast_row *row = row_of(q);
    if (row == NULL) return damaged(q);
    cp_forecast_single *s = &row->single[row->n_singles++]; /* as many as were counted */
    s->name = cp_sql_text(q->ctx, q->stmt, 2);
    s->weight = sqlite3_column_double(q->stmt, 3);
    s->score = real_at(q->stmt, 4);
    return s->name != NULL ? CP_OK : CP_E_NOMEM;
}

static cp_status read_day(reader *q)
{
    const cp_forecast_row *row = row_of(q);
    const cp_day day = cp_sql_day(q->stmt, 2);
    if (row == NULL || day == CP_DAY_NONE || day < q->r->first_day ||
        day >= q->r->first_day + q->r->n_days)
        return damaged(q);
    cp_forecast_cell *c = &q->r->cell[(int64_t)q->row * q->r->n_days + (day - q->r->first_day)];
    c->mean_minor = sqlite3_column_int64(q->stmt, 3);
    for (int k = 0; k < CP_N_QUANTILES; k++)
        c->quantile_minor[k] = sqlite3_column_int64(q->stmt, 4 + k);
    c->override_minor = sqlite3_column_int64(q->stmt, 13);
    c->level_minor = sqlite3_column_double(q->stmt, 14);
    c->week = sqlite3_column_double(q->stmt, 15);
    c->calendar = sqlite3_column_double(q->stmt, 16);
    c->event = sqlite3_column_double(q->stmt, 17);
    c->rest = sqlite3_column_double(q->stmt, 18);
    return CP_OK;
}

static cp_status read_all(reader *q)
{
    cp_forecast_record *r = q->r;
    CP_TRY(for_rows(q,
                    "SELECT forecast_id, first_day, n_days, coalesce(fitted_by, 0), history_from,"
                    " history_to, method, seed, work, n_repaired, input_hash, version, made_by,"
                    " created_utc, (SELECT count(*) FROM forecast_point AS p WHERE p.forecast_id ="
                    " f.forecast_id) FROM forecast AS f WHERE forecast_id = ?1",
                    read_head));
    if (r->forecast_id == 0)
        CP_FAIL(q->ctx, CP_E_INPUT, "there is no forecast %lld in %s", (long long)q->id,
                cp_db_path(q->db));
    CP_NEW(q->ctx, q->ctx->run, r->row, (size_t)r->n_rows + 1);
    CP_NEW(q->ctx, q->ctx->run, r->cell, (size_t)r->n_rows * (size_t)r->n_days + 1);
    CP_TRY(for_rows(q,
                    "SELECT point_code, flow, from_segment, score, n_origins, (SELECT count(*) FROM"
                    " forecast_model AS m WHERE m.forecast_id = p.forecast_id AND m.point_code ="
                    " p.point_code AND m.flow = p.flow) FROM forecast_point AS p"
                    " WHERE forecast_id = ?1 ORDER BY point_code, flow DESC",
                    read_point));
    q->row = 0;
    CP_TRY(for_rows(q,
                    "SELECT point_code, flow, model, weight, score FROM forecast_model"
                    " WHERE forecast_id = ?1 ORDER BY point_code, flow DESC, model_no",
                    read_model));
    q->row = 0;
    return for_rows(q,
                    "SELECT point_code, flow, day, mean_minor, q10_minor, q20_minor, q30_minor,"
                    " q40_minor, q50_minor, q60_minor, q70_minor, q80_minor, q90_minor,"
                    " override_minor, level_minor, week, calendar, event, rest FROM forecast_day"
                    " WHERE forecast_id = ?1 ORDER BY point_code, flow DESC, day",
                    read_day);
}

cp_status cp_forecast_store_load(cp_ctx *ctx, cp_db *db, int64_t id, cp_forecast_record **out)
{
    reader q = {.ctx = ctx, .db = db, .id = id};
    CP_NEW(ctx, ctx->run, q.r, 1);
    CP_TRY(cp_db_begin_read(ctx, db));
    cp_status st = CP_OK;
    if (id == 0)
        st = cp_sql_int(ctx, db, "SELECT coalesce(max(forecast_id), 0) FROM forecast", &q.id);
    if (st == CP_OK && q.id == 0)
        st = cp_fail(ctx, CP_E_INPUT, __FILE__, __LINE__,
                     "there is no stored forecast in %s; `cashplan forecast` makes one",
                     cp_db_path(db));
    if (st == CP_OK) st = read_all(&q);
    cp_db_rollback(db);
    *out = q.r;
    return st;
}

/* Numbers separated by single spaces; "" is none. */
static cp_status read_value(reader *q)
{
    const cp_arena_mark mark = cp_arena_here(q->ctx->scratch);
    const char *text = text_at(q->stmt, 3);
    cp_fit_value v = {.owner = text_at(q->stmt, 0),
                      .flow = cp_sql_int32(q->stmt, 1),
                      .name = text_at(q->stmt, 2)};
    double *value = NULL;
    int32_t room = 1;
    for (const char *c = text; *c != '\0'; c++)
        room += *c == ' ';
    CP_NEW(q->ctx, q->ctx->scratch, value, room);
    for (char *end = NULL; *text != '\0'; text = *end == ' ' ? end + 1 : end) {
        if (v.n >= room) return damaged(q);
        value[v.n++] = strtod(text, &end);
        if (end == text || (*end != ' ' && *end != '\0')) return damaged(q);
    }
    if (v.n != room && room > 1) return damaged(q); /* a space that no number follows */
    v.value = value;
    CP_TRY(cp_fit_put(q->ctx, q->r->fit, &v));
    cp_arena_rewind(q->ctx->scratch, mark);
    return CP_OK;
}

static cp_status read_fit(reader *q)
{
    int64_t n = 0;
    CP_TRY(cp_sql_int(q->ctx, q->db, "SELECT coalesce(max(forecast_id), 0) FROM forecast_fit",
                      &q->id));
    if (q->id == 0) return CP_OK;
    CP_TRY(cp_sql_int(q->ctx, q->db,
                      "SELECT count(*) FROM forecast_fit WHERE forecast_id ="
                      " (SELECT max(forecast_id) FROM forecast_fit)",
                      &n));
    CP_TRY(cp_fit_new(q->ctx, (int32_t)n, &q->r->fit));
    CP_TRY(for_rows(q, "SELECT owner, flow, name, value FROM forecast_fit WHERE forecast_id = ?1",
                    read_value));
    cp_fit_sort(q->r->fit);
    return CP_OK;
}

cp_status cp_forecast_store_fit(cp_ctx *ctx, cp_db *db, cp_fit **out, int64_t *id)
{
    cp_forecast_record record = {.forecast_id = 0};
    reader q = {.ctx = ctx, .db = db, .r = &record};
    CP_TRY(cp_db_begin_read(ctx, db));
    const cp_status st = read_fit(&q);
    cp_db_rollback(db);
    *out = record.fit;
    *id = q.id;
    return st;
}

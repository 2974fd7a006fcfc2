/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/forecast_store.h"

#include <inttypes.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "data/store/sql.h"
#include "models/base/text.h"

#define NUMBER_CHARS 26 /* of one double as text, with the space before it */

typedef struct writer {
    cp_ctx *ctx;
    cp_db *db;
    const cp_forecast_record *r;
    int64_t id;
    sqlite3_stmt *stmt;
} writer;

static const char *flow_name(cp_flow flow)
{
    return flow == CP_FLOW_WITHDRAWAL ? "withdrawal" : "deposit";
}

static void bind_real(sqlite3_stmt *stmt, int at, double x)
{
    if (isfinite(x))
        sqlite3_bind_double(stmt, at, x);
    else
        sqlite3_bind_null(stmt, at);
}

static void bind_u64(sqlite3_stmt *stmt, int at, const char *format, uint64_t x)
{
    char text[32];
    sqlite3_snprintf(sizeof text, text, format, (sqlite3_uint64)x);
    sqlite3_bind_text(stmt, at, text, -1, SQLITE_TRANSIENT); /* the buffer ends here */
}

static cp_status put_head(writer *w)
{
    const cp_forecast_record *r = w->r;
    CP_TRY(cp_sql_prepare(w->ctx, w->db,
                          "INSERT INTO forecast VALUES (NULL, ?, ?, nullif(?, 0), ?, ?, ?, ?, ?, ?,"
                          " ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                          &w->stmt));
    cp_sql_bind_day(w->stmt, 1, r->first_day);
    sqlite3_bind_int(w->stmt, 2, r->n_days);
    sqlite3_bind_int64(w->stmt, 3, r->fitted_by);
    cp_sql_bind_day(w->stmt, 4, r->history_from);
    cp_sql_bind_day(w->stmt, 5, r->history_to);
    cp_sql_bind_text(w->stmt, 6, r->method);
    bind_u64(w->stmt, 7, "%llu", r->seed);
    sqlite3_bind_int64(w->stmt, 8, r->work);
    sqlite3_bind_int(w->stmt, 9, r->n_repaired);
    bind_u64(w->stmt, 10, "%016llx", r->input_hash);
    cp_sql_bind_text(w->stmt, 11, r->version);
    cp_sql_bind_text(w->stmt, 12, cp_db_user(w->db));
    return cp_sql_run(w->ctx, w->db, w->stmt);
}

static void bind_key(const writer *w, const cp_forecast_row *row)
{
    sqlite3_bind_int64(w->stmt, 1, w->id);
    cp_sql_bind_text(w->stmt, 2, row->point_code);
    cp_sql_bind_text(w->stmt, 3, flow_name(row->flow));
}

static cp_status put_points(writer *w)
{
    for (int32_t i = 0; i < w->r->n_rows; i++) {
        const cp_forecast_row *row = &w->r->row[i];
        bind_key(w, row);
        sqlite3_bind_int(w->stmt, 4, row->from_segment);
        bind_real(w->stmt, 5, row->score);
        sqlite3_bind_int(w->stmt, 6, row->n_origins);
        CP_TRY(cp_sql_run(w->ctx, w->db, w->stmt));
    }
    return CP_OK;
}

static cp_status put_models(writer *w)
{
    for (int32_t i = 0; i < w->r->n_rows; i++) {
        const cp_forecast_row *row = &w->r->row[i];
        for (int32_t k = 0; k < row->n_singles; k++) {
            bind_key(w, row);
            sqlite3_bind_int(w->stmt, 4, k);
            cp_sql_bind_text(w->stmt, 5, row->single[k].name);
            sqlite3_bind_double(w->stmt, 6, row->single[k].weight);
            bind_real(w->stmt, 7, row->single[k].score);
            CP_TRY(cp_sql_run(w->ctx, w->db, w->stmt));
        }
    }
    return CP_OK;
}

static cp_status put_days(writer *w)
{
    for (int32_t i = 0; i < w->r->n_rows; i++)
        for (int32_t d = 0; d < w->r->n_days; d++) {
            const cp_forecast_cell *c = &w->r->cell[(int64_t)i * w->r->n_days + d];
            bind_key(w, &w->r->row[i]);
            cp_sql_bind_day(w->stmt, 4, w->r->first_day + d);
            sqlite3_bind_int64(w->stmt, 5, c->mean_minor);
            for (int k = 0; k < CP_N_QUANTILES; k++)
                sqlite3_bind_int64(w->stmt, 6 + k, c->quantile_minor[k]);
            sqlite3_bind_int64(w->stmt, 15, c->override_minor);
            sqlite3_bind_double(w->stmt, 16, c->level_minor);
            sqlite3_bind_double(w->stmt, 17, c->week);
            sqlite3_bind_double(w->stmt, 18, c->calendar);
            sqlite3_bind_double(w->stmt, 19, c->event);
            sqlite3_bind_double(w->stmt, 20, c->rest);
            CP_TRY(cp_sql_run(w->ctx, w->db, w->stmt));
        }
    return CP_OK;
}

static cp_status put_fit(writer *w)
{
    const cp_fit *fit = w->r->fit;
    for (int32_t i = 0; fit != NULL && i < fit->n; i++) {
        const cp_fit_value *v = &fit->list[i];
        const cp_arena_mark mark = cp_arena_here(w->ctx->scratch);
        const size_t room = (size_t)v->n * NUMBER_CHARS + 1;
        char *text = NULL;
        size_t at = 0;
        CP_NEW(w->ctx, w->ctx->scratch, text, room);
        for (int32_t k = 0; k < v->n; k++)
            at += (size_t)cp_format(text + at, room - at, k > 0 ? " %.17g" : "%.17g", v->value[k]);
        sqlite3_bind_int64(w->stmt, 1, w->id);
        cp_sql_bind_text(w->stmt, 2, v->owner);
        sqlite3_bind_int(w->stmt, 3, v->flow);
        cp_sql_bind_text(w->stmt, 4, v->name);
        cp_sql_bind_text(w->stmt, 5, text);
        CP_TRY(cp_sql_run(w->ctx, w->db, w->stmt));
        cp_arena_rewind(w->ctx->scratch, mark);
    }
    return CP_OK;
}

typedef cp_status rows_fn(writer *w);

/* Statement for all rows of a table, then the rows. */
static cp_status fill(writer *w, const char *sql, rows_fn *rows)
{
    CP_TRY(cp_sql_prepare(w->ctx, w->db, sql, &w->stmt));
    const cp_status st = rows(w);
    sqlite3_finalize(w->stmt);
    w->stmt = NULL;
    return st;
}

static cp_status run_with(writer *w, const char *sql, int64_t number)
{
    CP_TRY(cp_sql_prepare(w->ctx, w->db, sql, &w->stmt));
    sqlite3_bind_int64(w->stmt, 1, number);
    const cp_status st = cp_sql_run(w->ctx, w->db, w->stmt);
    sqlite3_finalize(w->stmt);
    w->stmt = NULL;
    return st;
}

/* Earlier fitted values go when there are later ones; earlier forecasts go when only some stay. */
static cp_status prune(writer *w, int32_t keep)
{
    if (w->r->fit != NULL)
        CP_TRY(run_with(w, "DELETE FROM forecast_fit WHERE forecast_id < ?1", w->id));
    if (keep <= 0) return CP_OK;
    return run_with(w,
                    "DELETE FROM forecast WHERE forecast_id NOT IN (SELECT forecast_id FROM"
                    " forecast ORDER BY forecast_id DESC LIMIT ?1) AND forecast_id NOT IN"
                    " (SELECT forecast_id FROM forecast_fit)",
                    keep);
}

static cp_status write_all(writer *w, int32_t keep)
{
    cp_status st = put_head(w);
    sqlite3_finalize(w->stmt);
    w->stmt = NULL;
    CP_TRY(st);
    w->id = sqlite3_last_insert_rowid(w->db->handle);
    CP_TRY(fill(w, "INSERT INTO forecast_point VALUES (?, ?, ?, ?, ?, ?)", put_points));
    CP_TRY(fill(w, "INSERT INTO forecast_model VALUES (?, ?, ?, ?, ?, ?, ?)", put_models));
    CP_TRY(fill(w,
                "INSERT INTO forecast_day VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                " ?, ?, ?, ?)",
                put_days));
    CP_TRY(fill(w, "INSERT INTO forecast_fit VALUES (?, ?, ?, ?, ?)", put_fit));
    return prune(w, keep);
}

cp_status cp_forecast_store_save(cp_ctx *ctx, cp_db *db, const cp_forecast_record *record,
                                 int32_t keep, int64_t *id)
{
    writer w = {.ctx = ctx, .db = db, .r = record};
    CP_TRY(cp_db_begin(ctx, db));
    cp_status st = write_all(&w, keep);
    if (st == CP_OK) {
        char detail[64], day[16];
        sqlite3_snprintf(sizeof detail, detail, "forecast %lld from %s", (long long)w.id,
                         cp_day_text(record->first_day, day));
        st = cp_db_audit(ctx, db, "forecast", detail);
    }
    st = cp_db_end(ctx, db, st);
    if (st == CP_OK) *id = w.id;
    return st;
}

static void dump_real(FILE *out, double x)
{
    char text[32];
    if (isfinite(x))
        (void)cp_format(text, sizeof text, " %.17g", x);
    else
        (void)cp_format(text, sizeof text, " none");
    fputs(text, out);
}

static void dump_row(const cp_forecast_record *r, int32_t i, FILE *out)
{
    const cp_forecast_row *row = &r->row[i];
    char day[16];
    fprintf(out, "point %s %s segment %d origins %d score", row->point_code, flow_name(row->flow),
            (int)row->from_segment, (int)row->n_origins);
    dump_real(out, row->score);
    fputc('\n', out);
    for (int32_t k = 0; k < row->n_singles; k++) {
        fprintf(out, "  model %s", row->single[k].name);
        dump_real(out, row->single[k].weight);
        dump_real(out, row->single[k].score);
        fputc('\n', out);
    }
    for (int32_t d = 0; d < r->n_days; d++) {
        const cp_forecast_cell *c = &r->cell[(int64_t)i * r->n_days + d];
        fprintf(out, "  day %s mean %" PRId64 " q", cp_day_text(r->first_day + d, day),
                c->mean_minor);
        for (int32_t k = 0; k < CP_N_QUANTILES; k++)
            fprintf(out, " %" PRId64, c->quantile_minor[k]);
        fprintf(out, " override %" PRId64 " parts", c->override_minor);
        dump_real(out, c->level_minor);
        dump_real(out, c->week);
        dump_real(out, c->calendar);
        dump_real(out, c->event);
        dump_real(out, c->rest);
        fputc('\n', out);
    }
}

cp_status cp_forecast_store_dump(cp_ctx *ctx, const cp_forecast_record *r, FILE *out)
{
    char day[16], from[16] = "none", to[16] = "none";
    if (r->history_from != CP_DAY_NONE) cp_day_text(r->history_from, from);
    if (r->history_to != CP_DAY_NONE) cp_day_text(r->history_to, to);
    fprintf(out, "forecast %s days %d history %s to %s method %s\n", cp_day_text(r->first_day, day),
            (int)r->n_days, from, to, r->method);
    fprintf(out, "input %016" PRIx64 " seed %" PRIu64 " repaired %d\n", r->input_hash, r->seed,
            (int)r->n_repaired);
    for (int32_t i = 0; i < r->n_rows; i++)
        dump_row(r, i, out);
    if (fflush(out) != 0 || ferror(out))
        CP_FAIL(ctx, CP_E_IO, "the dump of a forecast could not be written");
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/history_store.h"

#include <sqlite3.h>
#include <string.h>

#include "data/store/table.h"
#include "models/demand/split_tally.h"

/* What is being filled, and sums by denomination of the point at hand. */
typedef struct filler {
    const cp_network *net;
    cp_history *h;
    cp_minor *split;   /* flow * n_denoms + denom: value of the point's split rows */
    uint8_t *is_total; /* flow * n_days + day: the value is that of a row of all denominations */
    cp_split_tally tally[CP_N_FLOWS];
} filler;

static int32_t denom_index(const cp_network *net, const char *code)
{
    for (int32_t d = 0; d < net->n_denoms; d++)
        if (strcmp(net->denoms[d].code, code) == 0) return d;
    return -1;
}

static cp_status add_value(cp_ctx *ctx, filler *f, int32_t point, int32_t flow, int32_t day,
                           const cp_history_row *row)
{
    cp_history *h = f->h;
    cp_minor *cell = &h->amount[((int64_t)flow * h->n_points + point) * h->n_days + day];
    uint8_t *is_total = &f->is_total[(int64_t)flow * h->n_days + day];
    bool fits = true;
    if (row->denomination_code[0] == '\0') {
        *cell = row->amount_minor;
        *is_total = 1;
    } else {
        const int32_t d = denom_index(f->net, row->denomination_code);
        if (d >= 0) {
            cp_minor *split = &f->split[(int64_t)flow * h->n_denoms + d];
            fits = cp_minor_add(*split, row->amount_minor, split);
            cp_split_tally_add(&f->tally[flow], day, d, (double)row->amount_minor);
        }
        if (!*is_total && *cell == CP_HISTORY_MISSING) *cell = 0;
        if (!*is_total) fits = fits && cp_minor_add(*cell, row->amount_minor, cell);
    }
    if (!fits)
        CP_FAIL(ctx, CP_E_RANGE, "history of %s: the sum of its amounts is too large",
                row->point_code);
    h->faults[(int64_t)point * h->n_days + day] |= (uint8_t)row->faults;
    return CP_OK;
}

static cp_status read_row(cp_ctx *ctx, filler *f, sqlite3_stmt *stmt, int32_t point)
{
    const cp_entity *table = cp_table(CP_TABLE_HISTORY);
    /* Columns: day, flow, denomination, amount, faults; the texts are used before the next step. */
    cp_history_row row = {.point_code = f->net->points[point].code,
                          .day = cp_sql_day(stmt, 0),
                          .denomination_code = (const char *)sqlite3_column_text(stmt, 2),
                          .amount_minor = sqlite3_column_int64(stmt, 3)};
    const char *why = NULL;
    const char *flow = (const char *)sqlite3_column_text(stmt, 1);
    const char *faults = (const char *)sqlite3_column_text(stmt, 4);
    const int32_t day = row.day == CP_DAY_NONE ? -1 : row.day - f->h->first_day;
    if (day < 0 || day >= f->h->n_days || row.amount_minor < 0 || row.amount_minor > CP_MINOR_MAX ||
        cp_field_parse(ctx, ctx->scratch, &table->fields[2], flow, &row, &why) != CP_OK ||
        cp_field_parse(ctx, ctx->scratch, &table->fields[5], faults, &row, &why) != CP_OK)
        CP_FAIL(ctx, CP_E_INPUT, "the database holds a history row of %s that is not valid",
                row.point_code);
    return add_value(ctx, f, point, (int32_t)row.flow, day, &row);
}

/* Shares of the split value in ppm; what rounding leaves goes to the largest. */
static void set_shares(filler *f, int32_t point)
{
    const cp_history *h = f->h;
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        const cp_minor *split = &f->split[(int64_t)flow * h->n_denoms];
        int32_t *ppm = &h->denom_ppm[((int64_t)flow * h->n_points + point) * h->n_denoms];
        double sum = 0;
        int32_t largest = 0, given = 0;
        cp_split_tally_finish(&f->tally[flow],
                              &h->denom_spread[2 * ((int64_t)flow * h->n_points + point)]);
        for (int32_t d = 0; d < h->n_denoms; d++) {
            sum += (double)split[d];
            if (split[d] > split[largest]) largest = d;
        }
        if (!(sum > 0)) continue;
        for (int32_t d = 0; d < h->n_denoms; d++) {
            ppm[d] = (int32_t)(1e6 * (double)split[d] / sum);
            given += ppm[d];
        }
        ppm[largest] += 1000000 - given;
    }
}

static cp_status load_point(cp_ctx *ctx, cp_db *db, filler *f, sqlite3_stmt *stmt, int32_t point)
{
    const cp_history *h = f->h;
    memset(f->split, 0, (size_t)CP_N_FLOWS * (size_t)h->n_denoms * sizeof(*f->split));
    memset(f->is_total, 0, (size_t)CP_N_FLOWS * (size_t)h->n_days);
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        cp_split_tally_clear(&f->tally[flow]);
    cp_sql_bind_text(stmt, 1, f->net->points[point].code);
    bool row = false;
    cp_status st = cp_sql_step(ctx, db, stmt, &row);
    while (st == CP_OK && row) {
        st = read_row(ctx, f, stmt, point);
        if (st == CP_OK) st = cp_sql_step(ctx, db, stmt, &row);
    }
    sqlite3_reset(stmt);
    if (st == CP_OK) set_shares(f, point);
    return st;
}

static cp_status load_points(cp_ctx *ctx, cp_db *db, filler *f)
{
    /* '' sorts before every code, so the total of a day comes before its parts. */
    sqlite3_stmt *stmt = NULL;
    CP_TRY(cp_sql_prepare(ctx, db,
                          "SELECT day, flow, denomination_code, amount_minor, faults FROM history"
                          " WHERE point_code = ?1 AND day >= ?2 AND day < ?3"
                          " ORDER BY day, flow, denomination_code",
                          &stmt));
    cp_sql_bind_day(stmt, 2, f->h->first_day);
    cp_sql_bind_day(stmt, 3, f->h->first_day + f->h->n_days);
    cp_status st = CP_OK;
    for (int32_t p = 0; p < f->h->n_points && st == CP_OK; p++)
        st = load_point(ctx, db, f, stmt, p);
    sqlite3_finalize(stmt);
    return st;
}

cp_status cp_history_load(cp_ctx *ctx, cp_db *db, const cp_network *net, cp_day first_day,
                          int32_t n_days, cp_history **out)
{
    cp_history *h = NULL;
    CP_TRY(cp_history_new(ctx, net, first_day, n_days, &h));
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    filler f = {.net = net, .h = h};
    CP_NEW(ctx, ctx->scratch, f.split, (int64_t)CP_N_FLOWS * h->n_denoms);
    CP_NEW(ctx, ctx->scratch, f.is_total, (int64_t)CP_N_FLOWS * h->n_days);
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        CP_TRY(cp_split_tally_new(ctx, ctx->scratch, h->n_denoms, &f.tally[flow]));
    const bool own = !db->in_transaction;
    cp_status st = own ? cp_db_begin_read(ctx, db) : CP_OK;
    if (st == CP_OK) st = load_points(ctx, db, &f);
    if (own) cp_db_rollback(db);
    cp_arena_rewind(ctx->scratch, mark);
    if (st == CP_OK) *out = h;
    return st;
}

/* A day that an import would take: others come from elsewhere and would not fit into sums of days.
 */
static bool is_day(cp_day day)
{
    const cp_field *field = &cp_table(CP_TABLE_HISTORY)->fields[1];
    return (double)day >= field->lo && (double)day <= field->hi;
}

cp_status cp_history_span(cp_ctx *ctx, cp_db *db, cp_day *first, cp_day *last)
{
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    /* By point the first and the last day are looked up; over all, every row would be read. */
    CP_TRY(cp_sql_prepare(ctx, db,
                          "SELECT min(a), max(b) FROM (SELECT"
                          " (SELECT min(day) FROM history WHERE point_code = code) AS a,"
                          " (SELECT max(day) FROM history WHERE point_code = code) AS b"
                          " FROM point)",
                          &stmt));
    cp_status st = cp_sql_step(ctx, db, stmt, &row);
    if (st == CP_OK && row) {
        *first = cp_sql_day(stmt, 0);
        *last = cp_sql_day(stmt, 1);
        for (int col = 0; col < 2 && st == CP_OK; col++)
            if (sqlite3_column_type(stmt, col) != SQLITE_NULL && !is_day(col == 0 ? *first : *last))
                st = cp_fail(ctx, CP_E_INPUT, __FILE__, __LINE__,
                             "the database holds history of \"%s\", which is no day",
                             (const char *)sqlite3_column_text(stmt, col));
    }
    sqlite3_finalize(stmt);
    return st;
}

static cp_status load_executed(cp_ctx *ctx, cp_db *db, sqlite3_stmt *stmt, cp_executed_visit *out,
                               int32_t n)
{
    const cp_entity *table = cp_table(CP_TABLE_EXECUTED);
    bool row = false;
    cp_status st = CP_OK;
    for (int32_t i = 0; i < n && st == CP_OK; i++) {
        st = cp_sql_step(ctx, db, stmt, &row);
        for (int32_t f = 0; f < table->n_fields && st == CP_OK && row; f++)
            st = cp_field_read(ctx, &table->fields[f], stmt, f, &out[i]);
    }
    return st;
}

cp_status cp_executed_load(cp_ctx *ctx, cp_db *db, cp_day first_day, int32_t n_days,
                           cp_executed_visit **out, int32_t *n)
{
    char from[16], to[16];
    cp_executed_visit *rows = NULL;
    int64_t count = 0;
    const cp_entity *table = cp_table(CP_TABLE_EXECUTED);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const char *where =
        cp_strf(ctx, ctx->scratch, "FROM executed_visit WHERE day >= '%s' AND day < '%s'",
                cp_day_text(first_day, from), cp_day_text(first_day + n_days, to));
    const char *columns = cp_field_list(ctx, table, 0, table->n_fields, "", "");
    if (where == NULL || columns == NULL) return CP_E_NOMEM;
    const char *size = cp_strf(ctx, ctx->scratch, "SELECT count(*) %s", where);
    const char *sql =
        cp_strf(ctx, ctx->scratch, "SELECT %s %s ORDER BY day, point_code, denomination_code, kind",
                columns, where);
    if (size == NULL || sql == NULL) return CP_E_NOMEM;
    CP_TRY(cp_sql_int(ctx, db, size, &count));
    CP_NEW(ctx, ctx->run, rows, count);
    sqlite3_stmt *stmt = NULL;
    CP_TRY(cp_sql_prepare(ctx, db, sql, &stmt));
    const cp_status st = load_executed(ctx, db, stmt, rows, (int32_t)count);
    sqlite3_finalize(stmt);
    cp_arena_rewind(ctx->scratch, mark);
    if (st != CP_OK) return st;
    *out = rows;
    *n = (int32_t)count;
    return CP_OK;
}

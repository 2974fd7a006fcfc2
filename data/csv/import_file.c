/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv/import_file.h"

#include <string.h>

#include "data/csv/cell.h"
#include "data/csv/row_check.h"

#define PROGRESS_EVERY 4096

/* One file being read. */
typedef struct reader {
    cp_importer *im;
    int32_t file;
    cp_csv *csv;
    cp_columns columns;
    const cp_entity *table;
    void *blank; /* a row of defaults */
    void *row;   /* refilled for every record */
    bool *bad;   /* by field: the value of this record was refused */
} reader;

static cp_status note_value(reader *r, const cp_csv_record *record, const cp_field *field,
                            const char *raw, const char *why)
{
    cp_ctx *ctx = r->im->ctx;
    if (raw[0] == '\0' && !cp_field_may_be_empty(field))
        return cp_problem_add(ctx, &r->im->report->problems, CP_PROBLEM_MISSING,
                              "%s line %lld, field %s: a value is missing; must be %s",
                              r->columns.file, (long long)record->line, field->name, why);
    const char *shown = cp_value_shown(ctx, raw);
    if (shown == NULL) return CP_E_NOMEM;
    return cp_problem_add(ctx, &r->im->report->problems, CP_PROBLEM_VALUE,
                          "%s line %lld, field %s: %s must be %s", r->columns.file,
                          (long long)record->line, field->name, shown, why);
}

/* Record -> r->row and r->bad. */
static cp_status fill_row(reader *r, const cp_csv_record *record, int32_t wide_column)
{
    cp_ctx *ctx = r->im->ctx;
    memcpy(r->row, r->blank, r->table->row_size);
    for (int32_t f = 0; f < r->table->n_fields; f++) {
        r->bad[f] = r->columns.broken[f];
        if (!r->columns.given[f] || r->bad[f]) continue;
        const cp_field *field = &r->table->fields[f];
        const char *text = NULL, *raw = NULL, *why = NULL;
        CP_TRY(cp_cell_text(ctx, &r->columns, record, wide_column, f, &text, &raw, &why));
        if (text != NULL) {
            const cp_status st = cp_field_parse(ctx, ctx->scratch, field, text, r->row, &why);
            if (st == CP_OK) continue;
            if (st != CP_E_INPUT) return st;
            /* A default of the mapping that is refused is the value to show. */
            if (raw[0] == '\0') raw = text;
        }
        r->bad[f] = true;
        CP_TRY(note_value(r, record, field, raw, why));
    }
    return CP_OK;
}

typedef struct rule_call {
    reader *r;
    int64_t line;
} rule_call;

static cp_status note_rule(cp_ctx *ctx, void *user, int32_t f, const char *why)
{
    const rule_call *call = user;
    const reader *r = call->r;
    const cp_field *field = &r->table->fields[f];
    const char *text = cp_field_text(ctx, ctx->scratch, field, r->row);
    const char *shown = text != NULL ? cp_value_shown(ctx, text) : NULL;
    if (shown == NULL) return CP_E_NOMEM;
    return cp_problem_add(ctx, &r->im->report->problems, CP_PROBLEM_RULE,
                          "%s line %lld, field %s: %s %s", r->columns.file, (long long)call->line,
                          field->name, shown, why);
}

/* The key of r->row as text: parts separated by " / ". */
static const char *key_text(reader *r)
{
    cp_ctx *ctx = r->im->ctx;
    const char *text = "";
    for (int32_t f = 0; f < r->table->n_key && text != NULL; f++) {
        const char *part = cp_field_text(ctx, ctx->scratch, &r->table->fields[f], r->row);
        if (part == NULL) return NULL;
        text = cp_strf(ctx, ctx->scratch, "%s%s%s", text, f > 0 ? " / " : "", part);
    }
    return text != NULL ? cp_value_shown(ctx, text) : NULL;
}

static cp_status stage_row(reader *r, const cp_csv_record *record)
{
    cp_ctx *ctx = r->im->ctx;
    const cp_stage_row row = {
        r->columns.table, r->row, r->columns.given, r->bad, {r->file, record->line}};
    cp_place at = {0};
    bool clash = false;
    CP_TRY(cp_stage_add(ctx, r->im->stage, &row, &clash, &at));
    if (!clash) return CP_OK;
    const char *key = key_text(r);
    if (key == NULL) return CP_E_NOMEM;
    return cp_problem_add(ctx, &r->im->report->problems, CP_PROBLEM_DUPLICATE,
                          "%s line %lld: the key %s is in %s line %lld already", r->columns.file,
                          (long long)record->line, key, r->im->files[at.file], (long long)at.line);
}

/* One mistake, one message, and every mistake at once: a row with refused values is gathered with
 * the others, so that the rest of it is judged and rows that refer to it are not refused for that.
 */
static cp_status take_row(reader *r, const cp_csv_record *record, int32_t wide_column)
{
    cp_ctx *ctx = r->im->ctx;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    rule_call call = {r, record->line};
    cp_status st = fill_row(r, record, wide_column);
    if (st == CP_OK) st = cp_row_check(ctx, r->columns.table, r->row, r->bad, note_rule, &call);
    if (st == CP_OK) st = stage_row(r, record);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

/* One row a day column that is not empty. */
static cp_status take_wide(reader *r, const cp_csv_record *record)
{
    for (int32_t c = 0; c < r->columns.n_columns; c++) {
        if (r->columns.wide_days[c] == CP_DAY_NONE || record->fields[c][0] == '\0') continue;
        CP_TRY(take_row(r, record, c));
    }
    return CP_OK;
}

static cp_status take_record(reader *r, const cp_csv_record *record)
{
    cp_import_report *report = r->im->report;
    report->n_records++;
    r->im->uncertain[r->columns.table] |=
        record->problem != NULL || record->n_fields != r->columns.n_columns;
    if (record->problem != NULL)
        return cp_problem_add(r->im->ctx, &report->problems, CP_PROBLEM_RECORD, "%s line %lld: %s",
                              r->columns.file, (long long)record->line, record->problem);
    if (record->n_fields != r->columns.n_columns)
        return cp_problem_add(r->im->ctx, &report->problems, CP_PROBLEM_RECORD,
                              "%s line %lld: %d fields; must be %d as in the header",
                              r->columns.file, (long long)record->line, (int)record->n_fields,
                              (int)r->columns.n_columns);
    if (cp_record_skipped(&r->columns, record)) {
        report->n_skipped++;
        return CP_OK;
    }
    return r->columns.wide_days != NULL ? take_wide(r, record) : take_row(r, record, -1);
}

/* Decimals of amounts in units: those of the currency named, or of all currencies there are. */
static cp_status find_exponent(reader *r, const cp_map_file *map)
{
    int64_t least = 2, most = 2;
    if (!map->money_units) return CP_OK;
    CP_TRY(cp_stage_exponents(r->im->ctx, r->im->stage, map->currency, &least, &most));
    if (least != most) {
        for (int32_t f = 0; f < r->table->n_fields; f++)
            r->columns.broken[f] |= r->table->fields[f].type == CP_FIELD_MINOR;
        return cp_problem_add(r->im->ctx, &r->im->report->problems, CP_PROBLEM_HEADER,
                              "%s: there are several currencies; say in the mapping which "
                              "\"currency\" the amounts are in",
                              r->columns.file);
    }
    r->columns.exponent = (int32_t)most;
    return CP_OK;
}

/* Columns of a file without a header are called 1, 2, ... */
static cp_status number_columns(cp_ctx *ctx, int32_t n, const char *const **out)
{
    const char **names = NULL;
    CP_NEW(ctx, ctx->run, names, n);
    for (int32_t i = 0; i < n; i++) {
        names[i] = cp_strf(ctx, ctx->run, "%d", (int)i + 1);
        if (names[i] == NULL) return CP_E_NOMEM;
    }
    *out = names;
    return CP_OK;
}

static cp_status read_header(reader *r, const cp_map_file *map, const cp_csv_record *first,
                             bool *usable)
{
    cp_ctx *ctx = r->im->ctx;
    const char *const *names = first->fields;
    *usable = false;
    if (first->problem != NULL)
        return cp_problem_add(ctx, &r->im->report->problems, CP_PROBLEM_RECORD, "%s line %lld: %s",
                              map->file, (long long)first->line, first->problem);
    if (!map->header) CP_TRY(number_columns(ctx, first->n_fields, &names));
    CP_TRY(cp_columns_make(ctx, map, names, first->n_fields, r->im->strict,
                           &r->im->report->problems, &r->columns, usable));
    return find_exponent(r, map);
}

static cp_status read_records(reader *r, const cp_map_file *map)
{
    cp_ctx *ctx = r->im->ctx;
    cp_csv_record record;
    bool more = false, usable = false;
    int64_t n = 0;
    CP_TRY(cp_csv_next(ctx, r->csv, &record, &more));
    r->im->uncertain[cp_table_by_name(map->entity)] |= !more;
    if (!more)
        return cp_problem_add(ctx, &r->im->report->problems, CP_PROBLEM_FILE,
                              "%s is empty; it must have a header line", map->file);
    CP_TRY(read_header(r, map, &record, &usable));
    for (int32_t f = 0; f < r->table->n_key; f++)
        r->im->uncertain[r->columns.table] |= usable && r->columns.broken[f];
    r->im->uncertain[r->columns.table] |= !usable;
    if (!usable) return CP_OK;
    if (!map->header) CP_TRY(take_record(r, &record));
    for (;;) {
        CP_TRY(cp_csv_next(ctx, r->csv, &record, &more));
        if (!more) return CP_OK;
        CP_TRY(take_record(r, &record));
        if (++n % PROGRESS_EVERY != 0) continue;
        int64_t done = 0, total = 0;
        cp_csv_position(r->csv, &done, &total);
        cp_progress(ctx, map->file, done, total);
        if (cp_user_stopped(ctx))
            CP_FAIL(ctx, CP_E_STOPPED, "stopped by the user; nothing was changed");
    }
}

/* A file that cannot be read is one problem among others: its words are moved into the report. */
static cp_status note_failure(cp_importer *im, cp_status st)
{
    if (st != CP_E_IO && st != CP_E_INPUT) return st;
    CP_TRY(
        cp_problem_add(im->ctx, &im->report->problems, CP_PROBLEM_FILE, "%s", im->ctx->error.text));
    cp_error_clear(im->ctx);
    return CP_OK;
}

cp_status cp_import_file(cp_importer *im, int32_t file, const cp_map_file *map)
{
    cp_ctx *ctx = im->ctx;
    reader r = {.im = im, .file = file};
    const int32_t t = cp_table_by_name(map->entity);
    if (t < 0)
        return cp_problem_add(ctx, &im->report->problems, CP_PROBLEM_FILE,
                              "%s: \"%s\" in the mapping is no table", map->file, map->entity);
    im->report->present[t] = true;
    r.table = cp_table(t);
    r.columns.file = map->file;
    r.columns.table = t;
    const char *path =
        map->file[0] == '/' ? map->file : cp_strf(ctx, ctx->run, "%s/%s", im->folder, map->file);
    if (path == NULL) return CP_E_NOMEM;
    r.row = cp_alloc(ctx, ctx->run, 1, r.table->row_size);
    r.blank = cp_alloc(ctx, ctx->run, 1, r.table->row_size);
    if (r.row == NULL || r.blank == NULL) return CP_E_NOMEM;
    CP_NEW(ctx, ctx->run, r.bad, r.table->n_fields);
    CP_TRY(cp_row_defaults(ctx, ctx->run, r.table, r.blank));
    const cp_csv_options options = {map->separator, map->encoding};
    const cp_status opened = cp_csv_open(ctx, path, &options, &r.csv);
    im->uncertain[t] |= opened != CP_OK;
    if (opened != CP_OK) return note_failure(im, opened);
    const cp_status st = read_records(&r, map);
    cp_csv_close(r.csv);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/bank_csv.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "data/csv/csv.h"

#define COLUMNS_MAX 64
#define ROWS_FIRST 1024

/* A field of a file: quoted only where the separator, a quote or a line end asks for it. */
static void put_field(FILE *f, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, f);
        return;
    }
    fputc('"', f);
    for (const char *s = text; *s != '\0'; s++) {
        if (*s == '"') fputc('"', f);
        fputc(*s, f);
    }
    fputc('"', f);
}

static cp_status io_problem(cp_ctx *ctx, const char *path)
{
    CP_FAIL(ctx, CP_E_IO, "%s: %s", path, strerror(errno));
}

/* A file under another name until it is whole. */
typedef struct out_file {
    FILE *stream;
    const char *path, *part;
} out_file;

static cp_status open_file(cp_ctx *ctx, const char *dir, const char *name, out_file *out)
{
    out->path = cp_strf(ctx, ctx->scratch, "%s/%s", dir, name);
    out->part = cp_strf(ctx, ctx->scratch, "%s/%s.part", dir, name);
    if (out->path == NULL || out->part == NULL) return CP_E_NOMEM;
    out->stream = fopen(out->part, "wb");
    return out->stream == NULL ? io_problem(ctx, out->part) : CP_OK;
}

static cp_status close_file(cp_ctx *ctx, out_file *f, cp_status st)
{
    const bool bad = ferror(f->stream) != 0;
    const bool closed = fclose(f->stream) == 0;
    if (st == CP_OK && (bad || !closed)) st = io_problem(ctx, f->path);
    if (st == CP_OK && rename(f->part, f->path) != 0) st = io_problem(ctx, f->path);
    if (st != CP_OK) (void)remove(f->part);
    return st;
}

static cp_status put_row(cp_ctx *ctx, FILE *f, const cp_entity *entity, const char *row)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    for (int32_t c = 0; c < entity->n_fields; c++) {
        const char *text = cp_field_text(ctx, ctx->scratch, &entity->fields[c], row);
        if (text == NULL) return CP_E_NOMEM;
        if (c > 0) fputc(',', f);
        put_field(f, text);
    }
    fputc('\n', f);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static cp_status write_entity(cp_ctx *ctx, const char *dir, const cp_entity *entity,
                              const char *rows, int32_t n)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const char *name = cp_strf(ctx, ctx->scratch, "%s.csv", entity->name);
    if (name == NULL) return CP_E_NOMEM;
    out_file f = {0};
    CP_TRY(open_file(ctx, dir, name, &f));
    for (int32_t c = 0; c < entity->n_fields; c++)
        fprintf(f.stream, "%s%s", c > 0 ? "," : "", entity->fields[c].name);
    fputc('\n', f.stream);
    cp_status st = CP_OK;
    for (int32_t i = 0; i < n && st == CP_OK; i++)
        st = put_row(ctx, f.stream, entity, rows + (size_t)i * entity->row_size);
    st = close_file(ctx, &f, st);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

/* Faults as the importer reads them: the words of the bits in this order, joined by '+'. An empty
 * column means none. */
static void put_faults(FILE *f, int32_t faults)
{
    static const char *const words[] = {"cash_out", "full", "out_of_service", "mode_switch"};
    bool any = false;
    for (int32_t k = 0; k < 4; k++) {
        if ((faults >> k & 1) == 0) continue;
        if (any) fputc('+', f);
        fputs(words[k], f);
        any = true;
    }
}

static cp_status write_history(cp_ctx *ctx, const char *dir, const cp_history_row *rows, int64_t n)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    out_file f = {0};
    char day[16];
    CP_TRY(open_file(ctx, dir, "history.csv", &f));
    fputs("point_code,day,flow,denomination_code,amount_minor,faults\n", f.stream);
    for (int64_t i = 0; i < n; i++) {
        const cp_history_row *r = &rows[i];
        put_field(f.stream, r->point_code);
        fprintf(f.stream, ",%s,%s,", cp_day_text(r->day, day),
                r->flow == CP_FLOW_WITHDRAWAL ? "withdrawal" : "deposit");
        put_field(f.stream, r->denomination_code);
        fprintf(f.stream, ",%lld,", (long long)r->amount_minor);
        put_faults(f.stream, r->faults);
        fputc('\n', f.stream);
    }
    const cp_status st = close_file(ctx, &f, CP_OK);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

cp_status cp_bank_write(cp_ctx *ctx, const char *dir, const cp_rows *rows,
                        const cp_history_row *history, int64_t n_history)
{
    if (mkdir(dir, 0777) != 0 && errno != EEXIST) return io_problem(ctx, dir);
    cp_rows all = *rows;
    for (int32_t e = 0; e < CP_N_ENTITIES; e++) {
        const cp_entity *entity = &cp_entities[e];
        const int32_t n = *cp_rows_count(&all, entity);
        if (n > 0) CP_TRY(write_entity(ctx, dir, entity, *cp_rows_array(&all, entity), n));
    }
    return n_history > 0 ? write_history(ctx, dir, history, n_history) : CP_OK;
}

/* Rows of one entity read from a file. */
typedef struct in_file {
    const char *path;
    const cp_entity *entity;
    int32_t column[COLUMNS_MAX]; /* field of a column, -1 = not ours */
    int32_t n_columns;
    char *rows;
    int32_t n, room;
} in_file;

static cp_status read_header(cp_ctx *ctx, in_file *in, const cp_csv_record *r)
{
    in->n_columns = r->n_fields < COLUMNS_MAX ? r->n_fields : COLUMNS_MAX;
    for (int32_t c = 0; c < in->n_columns; c++) {
        in->column[c] = -1;
        for (int32_t f = 0; f < in->entity->n_fields; f++)
            if (strcmp(in->entity->fields[f].name, r->fields[c]) == 0) in->column[c] = f;
    }
    for (int32_t f = 0; f < in->entity->n_fields; f++) {
        bool found = !in->entity->fields[f].required;
        for (int32_t c = 0; c < in->n_columns; c++)
            found = found || in->column[c] == f;
        if (!found)
            CP_FAIL(ctx, CP_E_INPUT, "%s: there is no column %s", in->path,
                    in->entity->fields[f].name);
    }
    return CP_OK;
}

static cp_status read_row(cp_ctx *ctx, in_file *in, const cp_csv_record *r)
{
    const size_t size = in->entity->row_size;
    if (in->n == in->room) {
        const int32_t room = in->room == 0 ? ROWS_FIRST : 2 * in->room;
        char *rows = cp_alloc(ctx, ctx->run, (size_t)room, size);
        if (rows == NULL) return CP_E_NOMEM;
        if (in->n > 0) memcpy(rows, in->rows, (size_t)in->n * size);
        in->rows = rows;
        in->room = room;
    }
    char *row = in->rows + (size_t)in->n * size;
    CP_TRY(cp_row_defaults(ctx, ctx->run, in->entity, row));
    for (int32_t c = 0; c < in->n_columns && c < r->n_fields; c++) {
        if (in->column[c] < 0) continue;
        const cp_field *field = &in->entity->fields[in->column[c]];
        if (r->fields[c][0] == '\0' && !field->required) continue;
        const char *why = NULL;
        const cp_status st = cp_field_parse(ctx, ctx->run, field, r->fields[c], row, &why);
        if (st == CP_E_INPUT)
            CP_FAIL(ctx, CP_E_INPUT, "%s line %lld: %s is '%s'; must be %s", in->path,
                    (long long)r->line, field->name, r->fields[c], why);
        CP_TRY(st);
    }
    in->n++;
    return CP_OK;
}

static cp_status read_records(cp_ctx *ctx, cp_csv *csv, in_file *in)
{
    bool header = true;
    for (;;) {
        cp_csv_record r = {0};
        bool more = false;
        CP_TRY(cp_csv_next(ctx, csv, &r, &more));
        if (!more) return CP_OK;
        if (r.problem != NULL)
            CP_FAIL(ctx, CP_E_INPUT, "%s line %lld: %s", in->path, (long long)r.line, r.problem);
        CP_TRY(header ? read_header(ctx, in, &r) : read_row(ctx, in, &r));
        header = false;
    }
}

static cp_status read_entity(cp_ctx *ctx, const char *dir, cp_entity_id id, in_file *in)
{
    memset(in, 0, sizeof *in);
    in->entity = &cp_entities[id];
    in->path = cp_strf(ctx, ctx->run, "%s/%s.csv", dir, in->entity->name);
    if (in->path == NULL) return CP_E_NOMEM;
    const cp_csv_options options = {',', NULL};
    cp_csv *csv = NULL;
    CP_TRY(cp_csv_open(ctx, in->path, &options, &csv));
    const cp_status st = read_records(ctx, csv, in);
    cp_csv_close(csv);
    return st;
}

cp_status cp_calendar_read(cp_ctx *ctx, const char *dir, cp_calendar *calendar,
                           cp_calendar_day **days, int32_t *n_days)
{
    in_file calendars, rows;
    CP_TRY(read_entity(ctx, dir, CP_ENTITY_CALENDAR, &calendars));
    if (calendars.n == 0) CP_FAIL(ctx, CP_E_INPUT, "%s: holds no calendar", calendars.path);
    memcpy(calendar, calendars.rows, sizeof *calendar);
    CP_TRY(read_entity(ctx, dir, CP_ENTITY_CALENDAR_DAY, &rows));
    cp_calendar_day *all = NULL;
    CP_NEW(ctx, ctx->run, all, rows.n);
    int32_t n = 0;
    for (int32_t i = 0; i < rows.n; i++) {
        cp_calendar_day day;
        memcpy(&day, rows.rows + (size_t)i * sizeof day, sizeof day);
        if (strcmp(day.calendar_code, calendar->code) == 0) all[n++] = day;
    }
    *days = all;
    *n_days = n;
    return CP_OK;
}

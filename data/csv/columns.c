/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv/columns.h"

#include <string.h>

#include "models/base/text.h"

int32_t cp_column_find(const cp_columns *columns, const char *name, size_t n)
{
    for (int32_t c = 0; c < columns->n_columns; c++)
        if (strlen(columns->names[c]) == n && strncmp(columns->names[c], name, n) == 0) return c;
    return -1;
}

static int32_t find_field(const cp_entity *table, const char *name)
{
    for (int32_t f = 0; f < table->n_fields; f++)
        if (strcmp(table->fields[f].name, name) == 0) return f;
    return -1;
}

/* Digits of one part of a date; -1 when there are other characters. */
static int32_t digits(const char **text, int32_t n)
{
    int32_t v = 0;
    for (int32_t i = 0; i < n; i++, (*text)++) {
        if (**text < '0' || **text > '9') return -1;
        v = v * 10 + (**text - '0');
    }
    return v;
}

bool cp_date_by_format(const char *text, const char *format, char out[16])
{
    int32_t year = -1, month = -1, day = -1;
    while (*format != '\0') {
        if (strncmp(format, "YYYY", 4) == 0) {
            year = digits(&text, 4);
            format += 4;
        } else if (strncmp(format, "MM", 2) == 0) {
            month = digits(&text, 2);
            format += 2;
        } else if (strncmp(format, "DD", 2) == 0) {
            day = digits(&text, 2);
            format += 2;
        } else if (*text++ != *format++) {
            return false;
        }
    }
    if (*text != '\0' || year < 0 || month < 1 || month > 12 || day < 1) return false;
    (void)cp_format(out, 16, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
    cp_day checked = 0;
    return cp_day_parse(out, &checked);
}

/* "a, b, c" of names, at most 20 of them. */
static const char *names_text(cp_ctx *ctx, const char *const *names, int32_t n)
{
    const char *text = "";
    for (int32_t i = 0; i < n && i < 20 && text != NULL; i++)
        text = cp_strf(ctx, ctx->scratch, "%s%s%s", text, i > 0 ? ", " : "", names[i]);
    if (n > 20 && text != NULL) text = cp_strf(ctx, ctx->scratch, "%s and %d more", text, n - 20);
    return text;
}

static const char *fields_text(cp_ctx *ctx, const cp_entity *table)
{
    const char *text = "";
    for (int32_t f = 0; f < table->n_fields && text != NULL; f++)
        text = cp_strf(ctx, ctx->scratch, "%s%s%s%s", text, f > 0 ? ", " : "",
                       table->fields[f].name, table->fields[f].required ? "*" : "");
    return text;
}

typedef struct maker {
    cp_ctx *ctx;
    cp_columns *columns;
    const cp_entity *table;
    cp_problems *problems;
    bool usable;
} maker;

/* Rows can be read all the same, but for the field whose source is wrong. */
static cp_status refuse(maker *m, const char *what, const char *name, const char *why)
{
    return cp_problem_add(m->ctx, m->problems, CP_PROBLEM_HEADER, "%s: %s \"%s\" %s",
                          m->columns->file, what, name, why);
}

/* The field a mapping entry speaks of; NULL (problem noted) when there is none. */
static cp_status source_of(maker *m, const char *part, const char *name, cp_source **out)
{
    const int32_t f = find_field(m->table, name);
    *out = f < 0 ? NULL : &m->columns->sources[f];
    if (f >= 0) return CP_OK;
    const char *why = cp_strf(m->ctx, m->ctx->scratch, "of \"%s\" in the mapping is no field of %s",
                              part, m->table->name);
    return why == NULL ? CP_E_NOMEM : refuse(m, "the name", name, why);
}

static cp_status set_columns(maker *m)
{
    const cp_map_list *list = &m->columns->map->columns;
    for (int32_t i = 0; i < list->n; i++) {
        cp_source *s = NULL;
        const char *name = list->pairs[i].text;
        CP_TRY(source_of(m, "columns", list->pairs[i].field, &s));
        if (s == NULL) continue;
        s->kind = CP_FROM_COLUMN;
        s->column = cp_column_find(m->columns, name, strlen(name));
        if (s->column >= 0) continue;
        const char *found = names_text(m->ctx, m->columns->names, m->columns->n_columns);
        const char *why = cp_strf(m->ctx, m->ctx->scratch, "is not there; found are %s", found);
        if (found == NULL || why == NULL) return CP_E_NOMEM;
        m->columns->broken[s - m->columns->sources] = true;
        CP_TRY(refuse(m, "the column", name, why));
    }
    return CP_OK;
}

static cp_status set_texts(maker *m, const char *part, const cp_map_list *list, cp_source_kind kind)
{
    for (int32_t i = 0; i < list->n; i++) {
        cp_source *s = NULL;
        CP_TRY(source_of(m, part, list->pairs[i].field, &s));
        if (s == NULL) continue;
        if (kind == CP_FROM_NOWHERE) { /* a default */
            s->dflt = list->pairs[i].text;
            continue;
        }
        s->kind = kind;
        s->text = list->pairs[i].text;
    }
    return CP_OK;
}

/* Every {name} of a template must be a column. */
static cp_status check_template(maker *m, const char *name, const char *text)
{
    const int32_t f = find_field(m->table, name);
    for (const char *open = strchr(text, '{'); open != NULL; open = strchr(open + 1, '{')) {
        const char *close = strchr(open, '}');
        const size_t n = close == NULL ? 0 : (size_t)(close - open - 1);
        if (close != NULL && cp_column_find(m->columns, open + 1, n) >= 0) continue;
        if (f >= 0) m->columns->broken[f] = true;
        return refuse(m, "the template", text, "names a column that is not there");
    }
    return CP_OK;
}

static cp_status set_words(maker *m)
{
    const cp_map_file *map = m->columns->map;
    for (int32_t i = 0; i < map->n_values; i++) {
        cp_source *s = NULL;
        CP_TRY(source_of(m, "values", map->values[i].field, &s));
        if (s != NULL) s->words = &map->values[i].words;
    }
    return CP_OK;
}

static cp_status set_skips(maker *m)
{
    const cp_map_file *map = m->columns->map;
    CP_NEW(m->ctx, m->ctx->run, m->columns->skip_columns, map->n_skips);
    for (int32_t i = 0; i < map->n_skips; i++) {
        const char *name = map->skips[i].column;
        m->columns->skip_columns[i] = cp_column_find(m->columns, name, strlen(name));
        if (m->columns->skip_columns[i] >= 0) continue;
        m->usable = false; /* nobody knows which rows count */
        CP_TRY(refuse(m, "the column", name, "of \"skip_if\" is not there"));
    }
    return CP_OK;
}

static cp_status find_wide(maker *m)
{
    cp_columns *c = m->columns;
    const int32_t day = find_field(m->table, "day"), cell = find_field(m->table, "amount_minor");
    const int32_t point = find_field(m->table, "point_code");
    if (c->table != CP_TABLE_HISTORY || day < 0 || cell < 0 || point < 0)
        return refuse(m, "the entity", m->table->name, "cannot be read in wide form");
    c->sources[day].kind = CP_FROM_DAY;
    c->sources[cell].kind = CP_FROM_CELL;
    if (c->sources[point].kind == CP_FROM_NOWHERE) {
        c->sources[point].kind = CP_FROM_COLUMN;
        c->sources[point].column = cp_column_find(c, c->map->wide_id, strlen(c->map->wide_id));
    }
    if (c->sources[point].kind == CP_FROM_COLUMN && c->sources[point].column < 0)
        return refuse(m, "the column", c->map->wide_id, "of \"wide\" is not there");
    CP_NEW(m->ctx, m->ctx->run, c->wide_days, c->n_columns);
    int32_t n_days = 0;
    for (int32_t i = 0; i < c->n_columns; i++) {
        char iso[16];
        const char *format = c->map->wide_days != NULL ? c->map->wide_days : "YYYY-MM-DD";
        c->wide_days[i] = CP_DAY_NONE;
        if (!cp_date_by_format(c->names[i], format, iso)) continue;
        n_days += cp_day_parse(iso, &c->wide_days[i]);
    }
    if (n_days == 0) return refuse(m, "the header", c->names[0], "has no column named by a day");
    m->usable = true;
    return CP_OK;
}

static cp_status set_wide(maker *m)
{
    if (m->columns->map->wide_id == NULL) return CP_OK;
    const bool usable = m->usable;
    m->usable = false; /* until every part was found */
    CP_TRY(find_wide(m));
    m->usable = m->usable && usable;
    return CP_OK;
}

/* A field without an entry takes the column of its own name. */
static void set_own_names(maker *m)
{
    for (int32_t f = 0; f < m->table->n_fields; f++) {
        cp_source *s = &m->columns->sources[f];
        const char *name = m->table->fields[f].name;
        const int32_t column = cp_column_find(m->columns, name, strlen(name));
        if (s->kind != CP_FROM_NOWHERE || column < 0) continue;
        s->kind = CP_FROM_COLUMN;
        s->column = column;
    }
}

static cp_status check_names(maker *m, bool strict)
{
    const cp_columns *c = m->columns;
    const char *expected = fields_text(m->ctx, m->table);
    const char *found = names_text(m->ctx, c->names, c->n_columns);
    if (expected == NULL || found == NULL) return CP_E_NOMEM;
    for (int32_t i = 0; i < c->n_columns; i++) {
        const char *name = c->names[i];
        const int32_t first = cp_column_find(c, name, strlen(name));
        if (first != i) {
            CP_TRY(refuse(m, "the column", name, "is there twice"));
            for (int32_t f = 0; f < m->table->n_fields; f++)
                c->broken[f] |=
                    c->sources[f].kind == CP_FROM_COLUMN && c->sources[f].column == first;
        }
        if (!strict || find_field(m->table, name) >= 0) continue;
        CP_TRY(cp_problem_add(m->ctx, m->problems, CP_PROBLEM_HEADER,
                              "%s line 1: the column \"%s\" is no field of %s; expected are %s "
                              "(* must be there); found are %s",
                              c->file, name, m->table->name, expected, found));
    }
    for (int32_t f = 0; f < m->table->n_fields; f++) {
        const cp_source *s = &c->sources[f];
        c->given[f] = s->kind != CP_FROM_NOWHERE || s->dflt != NULL;
        if (c->given[f] || !m->table->fields[f].required) continue;
        c->broken[f] = true;
        CP_TRY(cp_problem_add(m->ctx, m->problems, CP_PROBLEM_HEADER,
                              "%s line 1: the field %s is missing; expected are %s "
                              "(* must be there); found are %s",
                              c->file, m->table->fields[f].name, expected, found));
    }
    return CP_OK;
}

static cp_status make(maker *m, bool strict)
{
    const cp_map_file *map = m->columns->map;
    CP_TRY(set_columns(m));
    CP_TRY(set_texts(m, "constants", &map->constants, CP_FROM_CONSTANT));
    CP_TRY(set_texts(m, "computed", &map->computed, CP_FROM_TEMPLATE));
    CP_TRY(set_texts(m, "defaults", &map->defaults, CP_FROM_NOWHERE));
    for (int32_t i = 0; i < map->computed.n; i++)
        CP_TRY(check_template(m, map->computed.pairs[i].field, map->computed.pairs[i].text));
    CP_TRY(set_words(m));
    CP_TRY(set_skips(m));
    CP_TRY(set_wide(m));
    set_own_names(m);
    return check_names(m, strict);
}

cp_status cp_columns_make(cp_ctx *ctx, const cp_map_file *map, const char *const *names,
                          int32_t n_names, bool strict, cp_problems *problems, cp_columns *out,
                          bool *usable)
{
    const int32_t t = cp_table_by_name(map->entity);
    const cp_entity *table = cp_table(t);
    *out = (cp_columns){.map = map, .file = map->file, .table = t, .n_columns = n_names};
    const char **copies = NULL;
    CP_NEW(ctx, ctx->run, copies, n_names);
    for (int32_t i = 0; i < n_names; i++) {
        copies[i] = cp_strdup(ctx, ctx->run, names[i]);
        if (copies[i] == NULL) return CP_E_NOMEM;
    }
    out->names = copies;
    CP_NEW(ctx, ctx->run, out->sources, table->n_fields);
    CP_NEW(ctx, ctx->run, out->given, table->n_fields);
    CP_NEW(ctx, ctx->run, out->broken, table->n_fields);
    maker m = {ctx, out, table, problems, true};
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_status st = make(&m, strict);
    cp_arena_rewind(ctx->scratch, mark);
    *usable = m.usable;
    return st;
}

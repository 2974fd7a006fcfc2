/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv/cell.h"

#include <string.h>

static const char *map_word(const cp_map_list *words, const char *value)
{
    const char *other = NULL;
    for (int32_t i = 0; i < words->n; i++) {
        if (strcmp(words->pairs[i].field, value) == 0) return words->pairs[i].text;
        if (strcmp(words->pairs[i].field, "*") == 0) other = words->pairs[i].text;
    }
    return other != NULL ? other : value;
}

bool cp_record_skipped(const cp_columns *columns, const cp_csv_record *record)
{
    for (int32_t i = 0; i < columns->map->n_skips; i++) {
        const cp_map_skip *skip = &columns->map->skips[i];
        const char *value = record->fields[columns->skip_columns[i]];
        bool found = false;
        for (int32_t k = 0; k < skip->n_values && !found; k++)
            found = strcmp(value, skip->values[k]) == 0;
        if (found != skip->when_not) return true;
    }
    return false;
}

/* "{bank}-{id}" with the record's values. */
static const char *fill_template(cp_ctx *ctx, const cp_columns *columns,
                                 const cp_csv_record *record, const char *text)
{
    const char *out = "";
    while (*text != '\0' && out != NULL) {
        const size_t plain = strcspn(text, "{");
        const char *close = text[plain] == '{' ? strchr(text + plain, '}') : NULL;
        const char *value = "";
        if (close != NULL) {
            const char *name = text + plain + 1;
            const int32_t c = cp_column_find(columns, name, (size_t)(close - name));
            value = record->fields[c];
        }
        out = cp_strf(ctx, ctx->scratch, "%s%.*s%s", out, (int)plain, text, value);
        text = close != NULL ? close + 1 : text + strlen(text);
    }
    return out;
}

bool cp_units_to_minor(const char *text, char decimal, char thousands, int32_t exponent,
                       char out[40])
{
    size_t n = 0;
    int32_t decimals = -1; /* -1: before the mark */
    bool any = false;
    if (*text == '-') out[n++] = *text++;
    for (; *text != '\0'; text++) {
        if (*text == decimal && decimals < 0) {
            decimals = 0;
        } else if (*text == thousands && thousands != '\0' && decimals < 0 && any) {
            continue;
        } else if (*text >= '0' && *text <= '9') {
            any = true;
            if (decimals >= 0 && decimals++ >= exponent) {
                if (*text != '0') return false;
            } else {
                if (n >= 30) return false;
                out[n++] = *text;
            }
        } else {
            return false;
        }
    }
    if (!any) return false;
    for (int32_t i = decimals < 0 ? 0 : decimals; i < exponent; i++)
        out[n++] = '0';
    out[n] = '\0';
    return true;
}

/* Number with the file's marks -> number with '.'. */
static const char *plain_number(cp_ctx *ctx, const cp_map_file *map, const char *text)
{
    if (map->decimal == '.' && map->thousands == '\0') return text;
    char *out = cp_strdup(ctx, ctx->scratch, text);
    if (out == NULL) return NULL;
    size_t n = 0;
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == map->thousands && map->thousands != '\0' && n > 0) continue;
        /* A point where the mark is another one must not slip through as a decimal point. */
        out[n++] = *c == map->decimal ? '.' : (*c == '.' ? '?' : *c);
    }
    out[n] = '\0';
    return out;
}

/* Marks, formats and units of the file -> those of cp_field_parse. */
static cp_status convert(cp_ctx *ctx, const cp_columns *columns, const cp_field *field,
                         const char *value, const char **text, const char **why)
{
    const cp_map_file *map = columns->map;
    char out[40];
    *text = value;
    switch (field->type) {
    case CP_FIELD_MINOR:
        if (!map->money_units) {
            *text = plain_number(ctx, map, value);
            break;
        }
        if (!cp_units_to_minor(value, map->decimal, map->thousands, columns->exponent, out)) {
            *text = NULL;
            *why = cp_strf(ctx, ctx->scratch, "an amount with at most %d decimals",
                           (int)columns->exponent);
            return *why == NULL ? CP_E_NOMEM : CP_OK;
        }
        *text = cp_strdup(ctx, ctx->scratch, out);
        break;
    case CP_FIELD_INT:
    case CP_FIELD_INT64:
    case CP_FIELD_DEG:
    case CP_FIELD_REAL:
        *text = plain_number(ctx, map, value);
        break;
    case CP_FIELD_DAY:
        if (map->date_format == NULL) break;
        if (!cp_date_by_format(value, map->date_format, out)) {
            *text = NULL;
            *why = cp_strf(ctx, ctx->scratch, "a date written as %s", map->date_format);
            return *why == NULL ? CP_E_NOMEM : CP_OK;
        }
        *text = cp_strdup(ctx, ctx->scratch, out);
        break;
    default:
        break;
    }
    return *text == NULL ? CP_E_NOMEM : CP_OK;
}

static cp_status read_source(cp_ctx *ctx, const cp_columns *columns, const cp_csv_record *record,
                             int32_t wide_column, const cp_source *s, const char **out)
{
    char day[16];
    switch (s->kind) {
    case CP_FROM_COLUMN:
        *out = record->fields[s->column];
        return CP_OK;
    case CP_FROM_CELL:
        *out = record->fields[wide_column];
        return CP_OK;
    case CP_FROM_CONSTANT:
        *out = s->text;
        return CP_OK;
    case CP_FROM_TEMPLATE:
        *out = fill_template(ctx, columns, record, s->text);
        break;
    case CP_FROM_DAY:
        *out = cp_strdup(ctx, ctx->scratch, cp_day_text(columns->wide_days[wide_column], day));
        break;
    case CP_FROM_NOWHERE:
        *out = "";
        break;
    }
    return *out == NULL ? CP_E_NOMEM : CP_OK;
}

cp_status cp_cell_text(cp_ctx *ctx, const cp_columns *columns, const cp_csv_record *record,
                       int32_t wide_column, int32_t f, const char **text, const char **raw,
                       const char **why)
{
    const cp_field *field = &cp_table(columns->table)->fields[f];
    const cp_source *s = &columns->sources[f];
    const char *value = "";
    CP_TRY(read_source(ctx, columns, record, wide_column, s, &value));
    *raw = value;
    *why = NULL;
    if (s->words != NULL) value = map_word(s->words, value);
    /* Constants and defaults are written in our own form, whatever that of the file is. */
    const bool ours = s->kind == CP_FROM_CONSTANT || s->kind == CP_FROM_DAY;
    if (value[0] == '\0') {
        *text = s->dflt != NULL ? s->dflt : field->dflt;
        if (*text == NULL) *text = "";
        return CP_OK;
    }
    if (ours) {
        *text = value;
        return CP_OK;
    }
    return convert(ctx, columns, field, value, text, why);
}

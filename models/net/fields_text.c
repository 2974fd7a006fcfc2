/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/text.h"

#define TEXT_MAX 400
#define CODE_MAX 64

bool cp_field_may_be_empty(const cp_field *field)
{
    if (field->type == CP_FIELD_TEXT) return true;
    return field->dflt != NULL && field->dflt[0] == '\0';
}

/* Length of the UTF-8 character at s, 0 when it is not valid (overlong, surrogate, above U+10FFFF)
 * or a control character. */
static size_t character(const unsigned char *s)
{
    if (s[0] < 0x80u) return s[0] >= 0x20u && s[0] != 0x7Fu ? 1 : 0;
    size_t n = 0;
    uint32_t c = 0;
    if (s[0] >= 0xC2u && s[0] <= 0xDFu) {
        n = 2;
        c = s[0] & 0x1Fu;
    } else if ((s[0] & 0xF0u) == 0xE0u) {
        n = 3;
        c = s[0] & 0x0Fu;
    } else if (s[0] >= 0xF0u && s[0] <= 0xF4u) {
        n = 4;
        c = s[0] & 0x07u;
    } else {
        return 0;
    }
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xC0u) != 0x80u) return 0;
        c = (c << 6) | (s[i] & 0x3Fu);
    }
    if (c < 0xA0u) return 0; /* C1 control characters */
    if (n == 3 && (c < 0x800u || (c >= 0xD800u && c <= 0xDFFFu))) return 0;
    if (n == 4 && (c < 0x10000u || c > 0x10FFFFu)) return 0;
    return n;
}

static bool plain_text(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    while (*s != '\0') {
        const size_t n = character(s);
        if (n == 0) return false;
        s += n;
    }
    return true;
}

static const char *refuse_text(const cp_field *field, const char *text)
{
    const size_t n = strlen(text);
    if (field->type == CP_FIELD_CODE) {
        if (n == 0) return cp_field_may_be_empty(field) ? NULL : "a code of 1 to 64 bytes";
        if (n > CODE_MAX) return "a code of 1 to 64 bytes";
        if (text[0] == ' ' || text[n - 1] == ' ') return "a code without spaces at its ends";
    } else if (n > TEXT_MAX) {
        return "a text of at most 400 bytes";
    }
    return plain_text(text) ? NULL : "UTF-8 text without control characters";
}

/* "-12" -> -12; only digits, at most 18 of them. */
static bool whole_number(const char *text, int64_t *out)
{
    const bool minus = text[0] == '-';
    const char *s = minus ? text + 1 : text;
    const size_t n = strlen(s);
    if (n == 0 || n > 18) return false;
    int64_t v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') return false;
        v = v * 10 + (s[i] - '0');
    }
    *out = minus ? -v : v;
    return true;
}

/* A decimal number as written by people and by %.17g: no hexadecimal, no "nan", no spaces. */
static bool real_number(const char *text, double *out)
{
    if (text[0] == '\0' || strspn(text, "0123456789.-+eE") != strlen(text)) return false;
    if (strchr("0123456789.-", text[0]) == NULL) return false;
    char *end = NULL;
    const double v = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(v)) return false;
    *out = v + 0.0; /* -0 is 0 */
    return true;
}

/* Shortest text that reads back as the same double. */
static char *real_text(cp_ctx *ctx, cp_arena *arena, double v)
{
    char out[40];
    for (int digits = 6; digits <= 17; digits++) {
        (void)cp_format(out, sizeof out, "%.*g", digits, v);
        if (!(strtod(out, NULL) < v) && !(strtod(out, NULL) > v)) break;
    }
    return cp_strdup(ctx, arena, out);
}

static bool truth(const char *text, bool *out)
{
    static const char *const words[] = {"0", "1", "false", "true", "no", "yes"};
    for (int i = 0; i < 6; i++) {
        if (strcmp(text, words[i]) != 0) continue;
        *out = i % 2 == 1;
        return true;
    }
    return false;
}

static bool weekdays(const char *text, int32_t *out)
{
    if (strlen(text) != 7) return false;
    int32_t mask = 0;
    for (int i = 0; i < 7; i++) {
        if (text[i] != '0' && text[i] != '1') return false;
        if (text[i] == '1') mask |= 1 << i;
    }
    *out = mask;
    return true;
}

static bool named(const cp_field *field, const char *text, int32_t *out)
{
    for (int32_t i = 0; field->names[i] != NULL; i++) {
        if (strcmp(field->names[i], text) != 0) continue;
        *out = (int32_t)field->lo + i;
        return true;
    }
    return false;
}

static const char *range_text(cp_ctx *ctx, cp_arena *arena, const char *what, const cp_field *field)
{
    return cp_strf(ctx, arena, "%s from %.15g to %.15g", what, field->lo, field->hi);
}

/* "one of existing, candidate, closed" */
static const char *names_text(cp_ctx *ctx, cp_arena *arena, const cp_field *field)
{
    const char *text = "one of";
    for (int32_t i = 0; field->names[i] != NULL && text != NULL; i++)
        text = cp_strf(ctx, arena, "%s%s %s", text, i == 0 ? "" : ",", field->names[i]);
    return text;
}

/* What a refused value must be, in words; NULL when memory is exhausted. */
static const char *wanted(cp_ctx *ctx, cp_arena *arena, const cp_field *field)
{
    const char *empty = cp_field_may_be_empty(field) ? " (or empty)" : "";
    switch (field->type) {
    case CP_FIELD_INT:
    case CP_FIELD_INT64:
        return range_text(ctx, arena, "a whole number", field);
    case CP_FIELD_MINOR:
        return range_text(ctx, arena, "a whole number of minor units", field);
    case CP_FIELD_DAY:
        return cp_strf(ctx, arena, "a date like 2026-11-24%s", empty);
    case CP_FIELD_MINUTE: {
        char lo[16], hi[16];
        return cp_strf(ctx, arena, "a time from %s to %s%s",
                       cp_minute_text(field->lo < 0 ? 0 : (int32_t)field->lo, lo),
                       cp_minute_text((int32_t)field->hi, hi), empty);
    }
    case CP_FIELD_BOOL:
        return "0 or 1 (or false, true, no, yes)";
    case CP_FIELD_DAYS:
        return "seven characters 0 or 1, Monday first, like 1111100";
    case CP_FIELD_DEG:
        return range_text(ctx, arena, "degrees", field);
    case CP_FIELD_REAL:
        return range_text(ctx, arena, "a number", field);
    case CP_FIELD_ENUM:
        return names_text(ctx, arena, field);
    case CP_FIELD_TEXT:
    case CP_FIELD_CODE:
        break;
    }
    return "UTF-8 text without control characters";
}

/* What a text means as a value of a field that is no text. */
typedef struct value {
    int64_t whole;
    double real;
    bool yes;
} value;

static bool in_range(const cp_field *field, double v)
{
    return v >= field->lo && v <= field->hi;
}

static bool read_small(const cp_field *field, const char *text, int32_t *out)
{
    switch (field->type) {
    case CP_FIELD_DAY:
        if (text[0] == '\0' && cp_field_may_be_empty(field)) {
            *out = CP_DAY_NONE;
            return true;
        }
        return cp_day_parse(text, out) && in_range(field, *out);
    case CP_FIELD_MINUTE:
        if (text[0] == '\0' && field->lo < 0) {
            *out = -1;
            return true;
        }
        return cp_minute_parse(text, out) && in_range(field, *out);
    case CP_FIELD_DAYS:
        return weekdays(text, out) && in_range(field, *out);
    default:
        return named(field, text, out);
    }
}

static bool read_value(const cp_field *field, const char *text, value *v)
{
    int32_t small = 0;
    switch (field->type) {
    case CP_FIELD_INT:
    case CP_FIELD_INT64:
    case CP_FIELD_MINOR:
        return whole_number(text, &v->whole) && in_range(field, (double)v->whole);
    case CP_FIELD_DEG:
    case CP_FIELD_REAL:
        return real_number(text, &v->real) && in_range(field, v->real);
    case CP_FIELD_BOOL:
        return truth(text, &v->yes);
    default:
        if (!read_small(field, text, &small)) return false;
        v->whole = small;
        return true;
    }
}

static void write_value(const cp_field *field, void *row, const value *v)
{
    void *at = (char *)row + field->offset;
    const int32_t small = (int32_t)v->whole;
    switch (field->type) {
    case CP_FIELD_INT64:
    case CP_FIELD_MINOR:
        memcpy(at, &v->whole, sizeof v->whole);
        break;
    case CP_FIELD_DEG:
    case CP_FIELD_REAL:
        memcpy(at, &v->real, sizeof v->real);
        break;
    case CP_FIELD_BOOL:
        memcpy(at, &v->yes, sizeof v->yes);
        break;
    default:
        memcpy(at, &small, sizeof small);
        break;
    }
}

cp_status cp_field_parse(cp_ctx *ctx, cp_arena *arena, const cp_field *field, const char *text,
                         void *row, const char **why)
{
    if (field->type == CP_FIELD_TEXT || field->type == CP_FIELD_CODE) {
        *why = refuse_text(field, text);
        if (*why != NULL) return CP_E_INPUT;
        const char *copy = cp_strdup(ctx, arena, text);
        if (copy == NULL) return CP_E_NOMEM;
        memcpy((char *)row + field->offset, &copy, sizeof copy);
        return CP_OK;
    }
    value v = {0};
    if (read_value(field, text, &v)) {
        *why = NULL;
        write_value(field, row, &v);
        return CP_OK;
    }
    *why = wanted(ctx, arena, field);
    return *why == NULL ? CP_E_NOMEM : CP_E_INPUT;
}

static char *day_text(cp_ctx *ctx, cp_arena *arena, int32_t day)
{
    char out[16];
    return cp_strdup(ctx, arena, day == CP_DAY_NONE ? "" : cp_day_text(day, out));
}

static char *small_text(cp_ctx *ctx, cp_arena *arena, const cp_field *field, int32_t v)
{
    char out[16];
    switch (field->type) {
    case CP_FIELD_DAY:
        return day_text(ctx, arena, v);
    case CP_FIELD_MINUTE:
        return cp_strdup(ctx, arena, v < 0 ? "" : cp_minute_text(v, out));
    case CP_FIELD_DAYS:
        for (int i = 0; i < 7; i++)
            out[i] = (v >> i & 1) != 0 ? '1' : '0';
        out[7] = '\0';
        return cp_strdup(ctx, arena, out);
    case CP_FIELD_ENUM:
        return cp_strdup(ctx, arena, field->names[v - (int32_t)field->lo]);
    default:
        return cp_strf(ctx, arena, "%d", (int)v);
    }
}

char *cp_field_text(cp_ctx *ctx, cp_arena *arena, const cp_field *field, const void *row)
{
    const void *at = (const char *)row + field->offset;
    int64_t whole = 0;
    double real = 0;
    int32_t small = 0;
    switch (field->type) {
    case CP_FIELD_TEXT:
    case CP_FIELD_CODE: {
        const char *text = NULL;
        memcpy(&text, at, sizeof text);
        return cp_strdup(ctx, arena, text != NULL ? text : "");
    }
    case CP_FIELD_INT64:
    case CP_FIELD_MINOR:
        memcpy(&whole, at, sizeof whole);
        return cp_strf(ctx, arena, "%lld", (long long)whole);
    case CP_FIELD_DEG:
    case CP_FIELD_REAL:
        memcpy(&real, at, sizeof real);
        return real_text(ctx, arena, real);
    case CP_FIELD_BOOL:
        return cp_strdup(ctx, arena, *(const bool *)at ? "1" : "0");
    default:
        memcpy(&small, at, sizeof small);
        return small_text(ctx, arena, field, small);
    }
}

cp_status cp_row_defaults(cp_ctx *ctx, cp_arena *arena, const cp_entity *entity, void *row)
{
    memset(row, 0, entity->row_size);
    for (int32_t f = 0; f < entity->n_fields; f++) {
        const cp_field *field = &entity->fields[f];
        const char *why = NULL;
        if (field->dflt != NULL) {
            CP_TRY(cp_field_parse(ctx, arena, field, field->dflt, row, &why));
        } else if (field->type == CP_FIELD_TEXT || field->type == CP_FIELD_CODE) {
            const char *empty = "";
            memcpy((char *)row + field->offset, &empty, sizeof empty);
        }
    }
    return CP_OK;
}

static int compare_field(const cp_field *field, const void *a, const void *b)
{
    const void *x = (const char *)a + field->offset, *y = (const char *)b + field->offset;
    switch (field->type) {
    case CP_FIELD_TEXT:
    case CP_FIELD_CODE: {
        const char *s = NULL, *t = NULL;
        memcpy(&s, x, sizeof s);
        memcpy(&t, y, sizeof t);
        return strcmp(s != NULL ? s : "", t != NULL ? t : "");
    }
    case CP_FIELD_INT64:
    case CP_FIELD_MINOR: {
        int64_t s = 0, t = 0;
        memcpy(&s, x, sizeof s);
        memcpy(&t, y, sizeof t);
        return (s > t) - (s < t);
    }
    case CP_FIELD_DEG:
    case CP_FIELD_REAL: {
        double s = 0, t = 0;
        memcpy(&s, x, sizeof s);
        memcpy(&t, y, sizeof t);
        return (s > t) - (s < t);
    }
    case CP_FIELD_BOOL:
        return (int)*(const bool *)x - (int)*(const bool *)y;
    default: {
        int32_t s = 0, t = 0;
        memcpy(&s, x, sizeof s);
        memcpy(&t, y, sizeof t);
        return (s > t) - (s < t);
    }
    }
}

int cp_row_compare(const cp_entity *entity, const void *a, const void *b)
{
    const int32_t n = entity->n_key > 0 ? entity->n_key : entity->n_fields;
    for (int32_t f = 0; f < n; f++) {
        const int c = compare_field(&entity->fields[f], a, b);
        if (c != 0) return c;
    }
    return 0;
}

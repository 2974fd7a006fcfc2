/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/json_in.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_MAX 60
#define SLURP_FIRST ((size_t)1 << 16)
#define SLURP_MAX ((size_t)1 << 31)

static char *at_key(cp_json_in *in, const char *path, const char *key)
{
    return cp_strf(in->ctx, in->ctx->run, path[0] == '\0' ? "%s%s" : "%s.%s", path, key);
}

static char *at_index(cp_json_in *in, const char *path, int32_t i)
{
    return cp_strf(in->ctx, in->ctx->run, "%s[%d]", path, (int)i);
}

/* At most SHOWN_MAX bytes of a text, cut between characters, control characters as '?'. */
static const char *shown_text(cp_ctx *ctx, const char *text)
{
    size_t n = strlen(text);
    const bool cut = n > SHOWN_MAX;
    if (cut)
        for (n = SHOWN_MAX; n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80;)
            n--;
    char *copy = cp_strf(ctx, ctx->run, "\"%.*s%s\"", (int)n, text, cut ? "..." : "");
    for (char *c = copy; c != NULL && *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = '?';
    return copy;
}

static const char *shown(cp_ctx *ctx, const cJSON *value)
{
    if (value == NULL) return "";
    if (cJSON_IsString(value)) return shown_text(ctx, value->valuestring);
    if (cJSON_IsNumber(value)) return cp_strf(ctx, ctx->run, "%.17g", value->valuedouble);
    if (cJSON_IsBool(value)) return cJSON_IsTrue(value) ? "true" : "false";
    if (cJSON_IsNull(value)) return "null";
    if (cJSON_IsObject(value)) return "an object";
    const int n = cJSON_GetArraySize(value);
    const cJSON *a = value->child;
    if (n == 2 && cJSON_IsNumber(a) && cJSON_IsNumber(a->next))
        return cp_strf(ctx, ctx->run, "[%.17g, %.17g]", a->valuedouble, a->next->valuedouble);
    return cp_strf(ctx, ctx->run, "a list of %d", n);
}

cp_status cp_json_fault_add(cp_json_in *in, const char *path, const cJSON *value, const char *rule)
{
    cp_ctx *ctx = in->ctx;
    if (in->n_faults == in->cap_faults) {
        const int32_t cap = in->cap_faults == 0 ? 16 : 2 * in->cap_faults;
        cp_json_fault *more = NULL;
        CP_NEW(ctx, ctx->run, more, cap);
        if (in->n_faults > 0) memcpy(more, in->faults, (size_t)in->n_faults * sizeof(*more));
        in->faults = more;
        in->cap_faults = cap;
    }
    cp_json_fault *f = &in->faults[in->n_faults];
    f->path = cp_strdup(ctx, ctx->run, path);
    f->value = shown(ctx, value);
    f->rule = rule;
    if (f->path == NULL || f->value == NULL || rule == NULL) return CP_E_NOMEM;
    in->n_faults++;
    return CP_OK;
}

/* ---- single values ---- */

typedef struct range {
    double lo, hi;
} range;

static range range_of(const cp_json_field *f)
{
    const range all = {0, (double)CP_JSON_INT_MAX};
    const range own = {f->lo, f->hi};
    return f->lo == 0 && f->hi == 0 ? all : own;
}

static bool whole_inside(const cJSON *v, range r)
{
    return cJSON_IsNumber(v) && v->valuedouble >= r.lo && v->valuedouble <= r.hi &&
           v->valuedouble == floor(v->valuedouble);
}

static const char *words_whole(cp_json_in *in, const char *what, range r)
{
    return cp_strf(in->ctx, in->ctx->run, "must be %s from %.0f to %.0f", what, r.lo, r.hi);
}

static cp_status read_int(cp_json_in *in, const char *path, const cJSON *v, range r, int64_t *out)
{
    if (!whole_inside(v, r))
        return cp_json_fault_add(in, path, v, words_whole(in, "a whole number", r));
    *out = (int64_t)v->valuedouble;
    return CP_OK;
}

static cp_status read_real(cp_json_in *in, const char *path, const cJSON *v, range r, double *out)
{
    if (cJSON_IsNumber(v) && v->valuedouble >= r.lo && v->valuedouble <= r.hi) {
        *out = v->valuedouble;
        return CP_OK;
    }
    return cp_json_fault_add(
        in, path, v, cp_strf(in->ctx, in->ctx->run, "must be a number from %g to %g", r.lo, r.hi));
}

static cp_status read_string(cp_json_in *in, const char *path, const cJSON *v, const char **out)
{
    if (!cJSON_IsString(v)) return cp_json_fault_add(in, path, v, "must be a text");
    *out = cp_strdup(in->ctx, in->ctx->run, v->valuestring);
    return *out == NULL ? CP_E_NOMEM : CP_OK;
}

static cp_status read_bool(cp_json_in *in, const char *path, const cJSON *v, bool *out)
{
    if (!cJSON_IsBool(v)) return cp_json_fault_add(in, path, v, "must be true or false");
    *out = cJSON_IsTrue(v);
    return CP_OK;
}

static cp_status read_choice(cp_json_in *in, const char *path, const cJSON *v, const char *words,
                             int32_t *out)
{
    const char *text = cJSON_IsString(v) ? v->valuestring : "";
    const size_t n = strlen(text);
    int32_t k = 0;
    for (const char *w = words; n > 0 && w != NULL; k++) {
        const char *end = strchr(w, '|');
        if ((end != NULL ? (size_t)(end - w) : strlen(w)) == n && strncmp(w, text, n) == 0) {
            *out = k;
            return CP_OK;
        }
        w = end != NULL ? end + 1 : NULL;
    }
    return cp_json_fault_add(in, path, v,
                             cp_strf(in->ctx, in->ctx->run, "must be one of %s", words));
}

static cp_status read_texts(cp_json_in *in, const char *path, const cJSON *v, cp_json_texts *out)
{
    if (!cJSON_IsArray(v)) return cp_json_fault_add(in, path, v, "must be a list of texts");
    const char **list = NULL;
    int32_t n = 0;
    CP_NEW(in->ctx, in->ctx->run, list, cJSON_GetArraySize(v) + 1);
    for (const cJSON *c = v->child; c != NULL; c = c->next, n++) {
        const char *here = at_index(in, path, n);
        if (here == NULL) return CP_E_NOMEM;
        list[n] = "";
        CP_TRY(read_string(in, here, c, &list[n]));
    }
    *out = (cp_json_texts){true, n, list};
    return CP_OK;
}

static cp_status read_spot(cp_json_in *in, const char *path, const cJSON *v, cp_json_spot *out)
{
    const cJSON *lon = cJSON_IsArray(v) ? v->child : NULL;
    const cJSON *lat = lon == NULL ? NULL : lon->next;
    const bool fits = cJSON_IsNumber(lon) && cJSON_IsNumber(lat) && lat->next == NULL &&
                      fabs(lon->valuedouble) <= 180 && fabs(lat->valuedouble) <= 90;
    if (!fits)
        return cp_json_fault_add(
            in, path, v, "must be [longitude, latitude], -180 to 180 and -90 to 90 degrees");
    *out = (cp_json_spot){true, lon->valuedouble, lat->valuedouble};
    return CP_OK;
}

static cp_status read_ints(cp_json_in *in, const char *path, const cJSON *v, range r,
                           cp_json_ints *out)
{
    if (!cJSON_IsArray(v)) return cp_json_fault_add(in, path, v, "must be a list of whole numbers");
    int64_t *list = NULL;
    int32_t n = 0;
    CP_NEW(in->ctx, in->ctx->run, list, cJSON_GetArraySize(v) + 1);
    for (const cJSON *c = v->child; c != NULL; c = c->next, n++) {
        if (whole_inside(c, r)) {
            list[n] = (int64_t)c->valuedouble;
            continue;
        }
        const char *here = at_index(in, path, n);
        if (here == NULL) return CP_E_NOMEM;
        CP_TRY(cp_json_fault_add(in, here, c, words_whole(in, "a whole number", r)));
    }
    *out = (cp_json_ints){true, n, list};
    return CP_OK;
}

static cp_status read_span(cp_json_in *in, const char *path, const cJSON *v, range r,
                           cp_json_span *out)
{
    const cJSON *from = cJSON_IsArray(v) ? v->child : NULL;
    const cJSON *to = from == NULL ? NULL : from->next;
    const bool fits = to != NULL && to->next == NULL && whole_inside(from, r) &&
                      whole_inside(to, r) && from->valuedouble <= to->valuedouble;
    if (!fits)
        return cp_json_fault_add(in, path, v,
                                 words_whole(in, "[start, end], start not after end, both", r));
    *out = (cp_json_span){(int64_t)from->valuedouble, (int64_t)to->valuedouble};
    return CP_OK;
}

static cp_status read_spans(cp_json_in *in, const char *path, const cJSON *v, range r,
                            cp_json_spans *out)
{
    if (!cJSON_IsArray(v)) return cp_json_fault_add(in, path, v, "must be a list of [start, end]");
    cp_json_span *list = NULL;
    int32_t n = 0;
    CP_NEW(in->ctx, in->ctx->run, list, cJSON_GetArraySize(v) + 1);
    for (const cJSON *c = v->child; c != NULL; c = c->next, n++) {
        const int32_t before = in->n_faults;
        const char *here = at_index(in, path, n);
        if (here == NULL) return CP_E_NOMEM;
        CP_TRY(read_span(in, here, c, r, &list[n]));
        if (n > 0 && in->n_faults == before && list[n].from <= list[n - 1].to)
            CP_TRY(cp_json_fault_add(in, here, c, "must begin after the end of the one before"));
    }
    *out = (cp_json_spans){n, list};
    return CP_OK;
}

/* ---- matrices ---- */

static cp_status read_row(cp_json_in *in, const char *path, const cJSON *row, range r, int32_t *out)
{
    int32_t k = 0;
    for (const cJSON *c = row->child; c != NULL; c = c->next, k++) {
        if (cJSON_IsNull(c)) {
            out[k] = -1;
            continue;
        }
        if (whole_inside(c, r)) {
            out[k] = (int32_t)c->valuedouble;
            continue;
        }
        const char *here = at_index(in, path, k);
        if (here == NULL) return CP_E_NOMEM;
        CP_TRY(cp_json_fault_add(in, here, c, words_whole(in, "null or a whole number", r)));
    }
    return CP_OK;
}

static cp_status read_square(cp_json_in *in, const char *path, const cJSON *v, range r,
                             cp_json_square *out)
{
    const int32_t n = cJSON_IsArray(v) ? (int32_t)cJSON_GetArraySize(v) : 0;
    if (n == 0) return cp_json_fault_add(in, path, v, "must be a list of rows");
    int32_t *cells = NULL, i = 0;
    bool whole = true;
    CP_NEW(in->ctx, in->ctx->run, cells, (size_t)n * (size_t)n);
    for (const cJSON *row = v->child; row != NULL; row = row->next, i++) {
        const char *here = at_index(in, path, i);
        if (here == NULL) return CP_E_NOMEM;
        if (cJSON_IsArray(row) && cJSON_GetArraySize(row) == n) {
            CP_TRY(read_row(in, here, row, r, cells + (size_t)i * (size_t)n));
            continue;
        }
        whole = false;
        CP_TRY(
            cp_json_fault_add(in, here, row,
                              cp_strf(in->ctx, in->ctx->run,
                                      "must be a list of %d, as many as there are rows", (int)n)));
    }
    if (whole) *out = (cp_json_square){n, cells};
    return CP_OK;
}

/* ---- objects ---- */

static cp_status read_rows(cp_json_in *in, const char *path, const cJSON *v, const cp_json_field *f,
                           cp_json_rows *out)
{
    const bool map = f->kind == CP_IN_MAP;
    if (map ? !cJSON_IsObject(v) : !cJSON_IsArray(v))
        return cp_json_fault_add(in, path, v, map ? "must be an object" : "must be a list");
    const size_t size = f->table->size;
    char *rows = cp_alloc(in->ctx, in->ctx->run, (size_t)cJSON_GetArraySize(v) + 1, size);
    if (rows == NULL) return CP_E_NOMEM;
    int32_t n = 0;
    for (const cJSON *c = v->child; c != NULL; c = c->next, n++) {
        char *row = rows + (size_t)n * size;
        const char *here = map ? at_key(in, path, c->string) : at_index(in, path, n);
        if (here == NULL) return CP_E_NOMEM;
        CP_TRY(cp_json_read(in, here, c, f->table, row));
        if (!map) continue;
        const char *name = cp_strdup(in->ctx, in->ctx->run, c->string);
        if (name == NULL) return CP_E_NOMEM;
        memcpy(row, &name, sizeof(name));
    }
    *out = (cp_json_rows){n, rows};
    return CP_OK;
}

static cp_status read_none(cp_json_in *in, const char *path, const cJSON *v, const char *words)
{
    if (cJSON_IsFalse(v) || (cJSON_IsArray(v) && v->child == NULL)) return CP_OK;
    return cp_json_fault_add(in, path, v, words);
}

static cp_status read_word(cp_json_in *in, const char *path, const cJSON *v, const char *words)
{
    if (cJSON_IsString(v) && strcmp(v->valuestring, words) == 0) return CP_OK;
    return cp_json_fault_add(in, path, v, cp_strf(in->ctx, in->ctx->run, "must be \"%s\"", words));
}

/* `out` is the struct of the object: each kind says what its field is. */
static cp_status read_field(cp_json_in *in, const char *path, const cJSON *v,
                            const cp_json_field *f, char *out)
{
    void *at = out + f->offset;
    const range r = range_of(f);
    switch (f->kind) {
    case CP_IN_INT:
        return read_int(in, path, v, r, at);
    case CP_IN_REAL:
        return read_real(in, path, v, r, at);
    case CP_IN_TEXT:
        return read_string(in, path, v, at);
    case CP_IN_BOOL:
        return read_bool(in, path, v, at);
    case CP_IN_CHOICE:
        return read_choice(in, path, v, f->words, at);
    case CP_IN_TEXTS:
        return read_texts(in, path, v, at);
    case CP_IN_SPOT:
        return read_spot(in, path, v, at);
    case CP_IN_INTS:
        return read_ints(in, path, v, r, at);
    case CP_IN_SPANS:
        return read_spans(in, path, v, r, at);
    case CP_IN_OBJECT:
        return cp_json_read(in, path, v, f->table, at);
    case CP_IN_OBJECTS:
    case CP_IN_MAP:
        return read_rows(in, path, v, f, at);
    case CP_IN_SQUARE:
        return read_square(in, path, v, r, at);
    case CP_IN_WORD:
        return read_word(in, path, v, f->words);
    case CP_IN_NONE:
        return read_none(in, path, v, f->words);
    case CP_IN_REFUSED:
        return cp_json_fault_add(in, path, v, f->words);
    case CP_IN_SPAN:
        break;
    }
    cp_json_span *one = NULL;
    const int32_t before = in->n_faults;
    CP_NEW(in->ctx, in->ctx->run, one, 1);
    CP_TRY(read_span(in, path, v, r, one));
    if (in->n_faults == before) *(cp_json_spans *)at = (cp_json_spans){1, one};
    return CP_OK;
}

static const cp_json_field *field_of(const cp_json_table *table, const char *key)
{
    for (const cp_json_field *f = table->f; f->key != NULL; f++)
        if (strcmp(f->key, key) == 0) return f;
    return NULL;
}

static bool seen_before(const cJSON *object, const cJSON *member)
{
    for (const cJSON *c = object->child; c != member; c = c->next)
        if (strcmp(c->string, member->string) == 0) return true;
    return false;
}

static const char *words_keys(cp_json_in *in, const cp_json_table *table)
{
    char *text = cp_strf(in->ctx, in->ctx->run, "is not a known key; known are");
    for (const cp_json_field *f = table->f; f->key != NULL && text != NULL; f++)
        if (f->kind != CP_IN_REFUSED)
            text =
                cp_strf(in->ctx, in->ctx->run, "%s%s %s", text, f == table->f ? "" : ",", f->key);
    return text;
}

static cp_status read_member(cp_json_in *in, const char *path, const cJSON *object, const cJSON *c,
                             const cp_json_table *table, char *out)
{
    const cp_json_field *f = field_of(table, c->string);
    const char *here = at_key(in, path, c->string);
    if (here == NULL) return CP_E_NOMEM;
    if (f == NULL) return cp_json_fault_add(in, here, c, words_keys(in, table));
    if (seen_before(object, c)) return cp_json_fault_add(in, here, c, "must be given only once");
    return read_field(in, here, c, f, out);
}

cp_status cp_json_read(cp_json_in *in, const char *path, const cJSON *json,
                       const cp_json_table *table, void *out)
{
    if (table->defaults != NULL) memcpy(out, table->defaults, table->size);
    if (!cJSON_IsObject(json)) return cp_json_fault_add(in, path, json, "must be an object");
    for (const cJSON *c = json->child; c != NULL; c = c->next)
        if (c->string[0] != '_') CP_TRY(read_member(in, path, json, c, table, out));
    for (const cp_json_field *f = table->f; f->key != NULL; f++) {
        if (!f->required || cJSON_GetObjectItemCaseSensitive(json, f->key) != NULL) continue;
        const char *here = at_key(in, path, f->key);
        if (here == NULL) return CP_E_NOMEM;
        CP_TRY(cp_json_fault_add(in, here, NULL, "is missing and must be given"));
    }
    return CP_OK;
}

cp_status cp_json_read_text(cp_json_in *in, const char *text, size_t n, const cp_json_table *table,
                            void *out)
{
    const char *end = NULL;
    cJSON *root = cJSON_ParseWithLengthOpts(text, n, &end, 0);
    /* What follows the document must be blank: a second document is a mistake. */
    const char *rest = root == NULL ? NULL : end;
    while (rest != NULL && rest < text + n && strchr(" \t\r\n", *rest) != NULL)
        rest++;
    if (root == NULL || rest < text + n) {
        int line = 1;
        for (const char *c = text; c < end && c < text + n; c++)
            line += *c == '\n';
        cJSON_Delete(root);
        const char *rule = cp_strf(in->ctx, in->ctx->run, "line %d: not valid JSON", line);
        return cp_json_fault_add(in, "", NULL, rule);
    }
    const cp_status st = cp_json_read(in, "", root, table, out);
    cJSON_Delete(root);
    return st;
}

/* ---- files ---- */

static cp_status slurp(cp_ctx *ctx, FILE *file, const char *path, char **text, size_t *n)
{
    size_t room = SLURP_FIRST, used = 0;
    char *bytes = NULL;
    CP_NEW(ctx, ctx->run, bytes, room + 1);
    for (;;) {
        used += fread(bytes + used, 1, room - used, file);
        if (ferror(file)) CP_FAIL(ctx, CP_E_IO, "%s cannot be read: %s", path, strerror(errno));
        if (used < room) break;
        if (room >= SLURP_MAX) CP_FAIL(ctx, CP_E_INPUT, "%s is too large", path);
        char *more = NULL;
        CP_NEW(ctx, ctx->run, more, 2 * room + 1);
        memcpy(more, bytes, used);
        bytes = more;
        room *= 2;
    }
    bytes[used] = '\0';
    *text = bytes;
    *n = used;
    return CP_OK;
}

cp_status cp_json_slurp(cp_ctx *ctx, const char *path, char **text, size_t *n)
{
    if (strcmp(path, "-") == 0) return slurp(ctx, stdin, "the standard input", text, n);
    FILE *file = fopen(path, "rb");
    if (file == NULL) CP_FAIL(ctx, CP_E_IO, "%s cannot be opened: %s", path, strerror(errno));
    const cp_status st = slurp(ctx, file, path, text, n);
    fclose(file);
    return st;
}

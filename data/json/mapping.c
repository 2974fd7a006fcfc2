/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/mapping.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MAPPING_MAX (4 * 1024 * 1024) /* far above any written by people */
#define DEPTH_MAX 16

/* Where in the file we are, for messages. */
typedef struct place {
    const char *name; /* of the mapping file */
    int32_t file;     /* number of the entry in "files", from 1 */
} place;

static cp_status refuse(cp_ctx *ctx, const place *at, const char *key, const char *what)
{
    CP_FAIL(ctx, CP_E_INPUT, "%s: files, entry %d, \"%s\" must be %s", at->name, (int)at->file, key,
            what);
}

/* Texts as they are; numbers and booleans as people would write them. NULL for other values. */
static const char *value_text(cp_ctx *ctx, const cJSON *value)
{
    if (cJSON_IsString(value)) return cp_strdup(ctx, ctx->run, value->valuestring);
    if (cJSON_IsBool(value)) return cJSON_IsTrue(value) ? "1" : "0";
    if (cJSON_IsNumber(value)) return cp_strf(ctx, ctx->run, "%.15g", value->valuedouble);
    return NULL;
}

static cp_status read_text(cp_ctx *ctx, const place *at, const cJSON *entry, const char **out)
{
    if (!cJSON_IsString(entry) || entry->valuestring[0] == '\0')
        return refuse(ctx, at, entry->string, "a text");
    *out = cp_strdup(ctx, ctx->run, entry->valuestring);
    return *out == NULL ? CP_E_NOMEM : CP_OK;
}

static cp_status read_mark(cp_ctx *ctx, const place *at, const cJSON *entry, const char *allowed,
                           char *out)
{
    const char *text = cJSON_IsString(entry) ? entry->valuestring : "";
    if (strcmp(text, "tab") == 0) text = "\t";
    if (text[0] == '\0' || text[1] != '\0' || strchr(allowed, text[0]) == NULL)
        return refuse(ctx, at, entry->string,
                      strcmp(entry->string, "separator") == 0 ? "one of , ; | tab"
                                                              : "a mark like . or ,");
    *out = text[0];
    return CP_OK;
}

static cp_status read_list(cp_ctx *ctx, const place *at, const cJSON *entry, cp_map_list *out)
{
    if (!cJSON_IsObject(entry)) return refuse(ctx, at, entry->string, "an object of texts");
    const int n = cJSON_GetArraySize(entry);
    cp_map_pair *pairs = NULL;
    CP_NEW(ctx, ctx->run, pairs, n);
    int32_t i = 0;
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, entry)
    {
        pairs[i].field = cp_strdup(ctx, ctx->run, item->string);
        pairs[i].text = value_text(ctx, item);
        if (pairs[i].field == NULL) return CP_E_NOMEM;
        if (pairs[i].text == NULL) return refuse(ctx, at, item->string, "a text or a number");
        i++;
    }
    *out = (cp_map_list){i, pairs};
    return CP_OK;
}

static cp_status read_values(cp_ctx *ctx, const place *at, const cJSON *entry, cp_map_file *out)
{
    if (!cJSON_IsObject(entry)) return refuse(ctx, at, entry->string, "an object of objects");
    cp_map_words *all = NULL;
    CP_NEW(ctx, ctx->run, all, cJSON_GetArraySize(entry));
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, entry)
    {
        cp_map_words *words = &all[out->n_values++];
        words->field = cp_strdup(ctx, ctx->run, item->string);
        if (words->field == NULL) return CP_E_NOMEM;
        CP_TRY(read_list(ctx, at, item, &words->words));
    }
    out->values = all;
    return CP_OK;
}

static cp_status read_skip(cp_ctx *ctx, const place *at, const cJSON *entry, cp_map_skip *out)
{
    static const char rule[] = "an object with \"column\" and one of \"is\", \"not\"";
    const cJSON *column = cJSON_GetObjectItemCaseSensitive(entry, "column");
    const cJSON *is = cJSON_GetObjectItemCaseSensitive(entry, "is");
    const cJSON *not = cJSON_GetObjectItemCaseSensitive(entry, "not");
    if (!cJSON_IsString(column) || (is == NULL) == (not == NULL) || cJSON_GetArraySize(entry) != 2)
        return refuse(ctx, at, "skip_if", rule);
    const cJSON *values = is != NULL ? is : not ;
    const bool many = cJSON_IsArray(values);
    const char **texts = NULL;
    out->column = cp_strdup(ctx, ctx->run, column->valuestring);
    out->when_not = not != NULL;
    out->n_values = many ? (int32_t)cJSON_GetArraySize(values) : 1;
    CP_NEW(ctx, ctx->run, texts, out->n_values);
    const cJSON *value = many ? values->child : values;
    for (int32_t i = 0; i < out->n_values; i++) {
        texts[i] = value_text(ctx, value);
        if (texts[i] == NULL) return refuse(ctx, at, "skip_if", rule);
        value = value->next;
    }
    out->values = texts;
    return out->column == NULL ? CP_E_NOMEM : CP_OK;
}

static cp_status read_skips(cp_ctx *ctx, const place *at, const cJSON *entry, cp_map_file *out)
{
    const bool many = cJSON_IsArray(entry);
    if (!many && !cJSON_IsObject(entry)) return refuse(ctx, at, "skip_if", "an object or a list");
    const int32_t n = many ? (int32_t)cJSON_GetArraySize(entry) : 1;
    cp_map_skip *skips = NULL;
    CP_NEW(ctx, ctx->run, skips, n);
    const cJSON *item = many ? entry->child : entry;
    for (int32_t i = 0; i < n; i++) {
        if (!cJSON_IsObject(item)) return refuse(ctx, at, "skip_if", "a list of objects");
        CP_TRY(read_skip(ctx, at, item, &skips[i]));
        item = item->next;
    }
    out->skips = skips;
    out->n_skips = n;
    return CP_OK;
}

static cp_status read_wide(cp_ctx *ctx, const place *at, const cJSON *entry, cp_map_file *out)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(entry, "id");
    const cJSON *days = cJSON_GetObjectItemCaseSensitive(entry, "day_columns");
    if (!cJSON_IsObject(entry) || !cJSON_IsString(id) || (days != NULL && !cJSON_IsString(days)))
        return refuse(ctx, at, "wide", "an object with \"id\" and \"day_columns\"");
    CP_TRY(read_text(ctx, at, id, &out->wide_id));
    if (days == NULL || strcmp(days->valuestring, "iso") == 0) return CP_OK;
    return read_text(ctx, at, days, &out->wide_days);
}

static cp_status read_bool(cp_ctx *ctx, const place *at, const cJSON *entry, bool *out)
{
    if (!cJSON_IsBool(entry)) return refuse(ctx, at, entry->string, "true or false");
    *out = cJSON_IsTrue(entry);
    return CP_OK;
}

/* Comments may be written as keys that begin with an underscore. */
static cp_status read_entry(cp_ctx *ctx, const place *at, const cJSON *e, cp_map_file *out)
{
    const char *key = e->string;
    if (strcmp(key, "file") == 0) return read_text(ctx, at, e, &out->file);
    if (strcmp(key, "entity") == 0) return read_text(ctx, at, e, &out->entity);
    if (strcmp(key, "separator") == 0) return read_mark(ctx, at, e, ",;\t|", &out->separator);
    if (strcmp(key, "decimal") == 0) return read_mark(ctx, at, e, ".,", &out->decimal);
    if (strcmp(key, "thousands") == 0) return read_mark(ctx, at, e, ".,' ", &out->thousands);
    if (strcmp(key, "encoding") == 0) return read_text(ctx, at, e, &out->encoding);
    if (strcmp(key, "date_format") == 0) return read_text(ctx, at, e, &out->date_format);
    if (strcmp(key, "currency") == 0) return read_text(ctx, at, e, &out->currency);
    if (strcmp(key, "header") == 0) return read_bool(ctx, at, e, &out->header);
    if (strcmp(key, "money_units") == 0) return read_bool(ctx, at, e, &out->money_units);
    if (strcmp(key, "columns") == 0) return read_list(ctx, at, e, &out->columns);
    if (strcmp(key, "constants") == 0) return read_list(ctx, at, e, &out->constants);
    if (strcmp(key, "defaults") == 0) return read_list(ctx, at, e, &out->defaults);
    if (strcmp(key, "computed") == 0) return read_list(ctx, at, e, &out->computed);
    if (strcmp(key, "values") == 0) return read_values(ctx, at, e, out);
    if (strcmp(key, "skip_if") == 0) return read_skips(ctx, at, e, out);
    if (strcmp(key, "wide") == 0) return read_wide(ctx, at, e, out);
    if (key[0] == '_') return CP_OK;
    CP_FAIL(ctx, CP_E_INPUT, "%s: files, entry %d: \"%s\" is not a known key", at->name,
            (int)at->file, key);
}

static cp_status read_file(cp_ctx *ctx, const place *at, const cJSON *entry, cp_map_file *out)
{
    if (!cJSON_IsObject(entry))
        CP_FAIL(ctx, CP_E_INPUT, "%s: files, entry %d must be an object", at->name, (int)at->file);
    *out = (cp_map_file){.decimal = '.', .header = true};
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, entry) CP_TRY(read_entry(ctx, at, item, out));
    if (out->file == NULL || out->entity == NULL)
        CP_FAIL(ctx, CP_E_INPUT, "%s: files, entry %d needs \"file\" and \"entity\"", at->name,
                (int)at->file);
    if (out->thousands == out->decimal)
        return refuse(ctx, at, "thousands", "another mark than \"decimal\"");
    return CP_OK;
}

static cp_status read_root(cp_ctx *ctx, const cJSON *root, const char *name, cp_mapping **out)
{
    const cJSON *files = cJSON_GetObjectItemCaseSensitive(root, "files");
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, root)
    {
        if (item->string != NULL && strcmp(item->string, "files") != 0 && item->string[0] != '_')
            CP_FAIL(ctx, CP_E_INPUT, "%s: \"%s\" is not a known key; it must be \"files\"", name,
                    item->string);
    }
    if (!cJSON_IsObject(root) || !cJSON_IsArray(files) || cJSON_GetArraySize(files) == 0)
        CP_FAIL(ctx, CP_E_INPUT, "%s must be an object with a list \"files\"", name);
    cp_mapping *mapping = NULL;
    CP_NEW(ctx, ctx->run, mapping, 1);
    CP_NEW(ctx, ctx->run, mapping->files, cJSON_GetArraySize(files));
    cJSON_ArrayForEach(item, files)
    {
        const place at = {name, mapping->n_files + 1};
        CP_TRY(read_file(ctx, &at, item, &mapping->files[mapping->n_files]));
        mapping->n_files++;
    }
    *out = mapping;
    return CP_OK;
}

/* Levels of brackets; cJSON's own limit is far deeper than any mapping. */
static int depth_of(const char *text, size_t n)
{
    int depth = 0, most = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '{' || text[i] == '[') depth++;
        if (text[i] == '}' || text[i] == ']') depth--;
        if (depth > most) most = depth;
    }
    return most;
}

cp_status cp_mapping_parse(cp_ctx *ctx, const char *text, size_t n, const char *name,
                           cp_mapping **out)
{
    const char *end = NULL;
    if (depth_of(text, n) > DEPTH_MAX) CP_FAIL(ctx, CP_E_INPUT, "%s is nested too deeply", name);
    cJSON *root = cJSON_ParseWithLengthOpts(text, n, &end, 0);
    if (root == NULL) {
        int line = 1;
        for (const char *s = text; s < end && s < text + n; s++)
            line += *s == '\n';
        CP_FAIL(ctx, CP_E_INPUT, "%s line %d: not valid JSON", name, line);
    }
    const cp_status st = read_root(ctx, root, name, out);
    cJSON_Delete(root);
    return st;
}

static cp_status read_whole(cp_ctx *ctx, FILE *file, const char *path, char *text, size_t *n)
{
    *n = fread(text, 1, MAPPING_MAX, file);
    if (ferror(file)) CP_FAIL(ctx, CP_E_IO, "%s cannot be read: %s", path, strerror(errno));
    if (*n == MAPPING_MAX) CP_FAIL(ctx, CP_E_INPUT, "%s is too large for a mapping", path);
    text[*n] = '\0';
    return CP_OK;
}

cp_status cp_mapping_read(cp_ctx *ctx, const char *path, cp_mapping **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    char *text = NULL;
    size_t n = 0;
    CP_NEW(ctx, ctx->scratch, text, MAPPING_MAX + 1);
    FILE *file = fopen(path, "rb");
    if (file == NULL) CP_FAIL(ctx, CP_E_IO, "%s cannot be opened: %s", path, strerror(errno));
    cp_status st = read_whole(ctx, file, path, text, &n);
    fclose(file);
    if (st == CP_OK) st = cp_mapping_parse(ctx, text, n, path, out);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* json_out.h - write JSON straight into a file: exact 64-bit integers, keys in the order of the
 * calls, constant memory. (cJSON, which we read with, holds numbers as double and builds a tree.)
 */
#ifndef CP_JSON_OUT_H
#define CP_JSON_OUT_H

#include <stdbool.h>

#include "models/base/clock.h"
#include "models/base/outfile.h"

#define CP_JSON_DEPTH 24

typedef struct cp_json {
    cp_outfile *out;
    int32_t depth;
    bool pretty; /* one member a line, two spaces a level */
    bool html;   /* '<' is written \u003c, so that the text may stand in a script element */
    bool some[CP_JSON_DEPTH];  /* the scope has a member already */
    bool array[CP_JSON_DEPTH]; /* the scope is an array */
    bool flat[CP_JSON_DEPTH];  /* the scope is written in one line */
} cp_json;

/* Begin a document; the caller opens its object. */
cp_json cp_json_start(cp_outfile *out, bool pretty, bool html);

/* Scopes; key is NULL for the document itself and inside arrays. _flat: in one line. */
void cp_json_object(cp_json *json, const char *key);
void cp_json_object_flat(cp_json *json, const char *key);
void cp_json_array(cp_json *json, const char *key);
void cp_json_array_flat(cp_json *json, const char *key);
void cp_json_end(cp_json *json);

/* Members. Text is UTF-8; bytes that are not become U+FFFD; NULL is written as "". */
void cp_json_text(cp_json *json, const char *key, const char *text);
void cp_json_int(cp_json *json, const char *key, int64_t value);
/* At most `digits` decimals without trailing zeros; not finite: null. */
void cp_json_real(cp_json *json, const char *key, double value, int32_t digits);
void cp_json_bool(cp_json *json, const char *key, bool value);
void cp_json_null(cp_json *json, const char *key);
/* An unsigned 64-bit number as text: readers with doubles would lose digits. */
void cp_json_u64_text(cp_json *json, const char *key, uint64_t value);
/* "2026-11-24"; "08:05". */
void cp_json_day(cp_json *json, const char *key, cp_day day);
void cp_json_minute(cp_json *json, const char *key, int32_t minute);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/json_out.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "models/base/text.h"

cp_json cp_json_start(cp_outfile *out, bool pretty, bool html)
{
    cp_json json;
    memset(&json, 0, sizeof json);
    json.out = out;
    json.pretty = pretty;
    json.html = html;
    json.array[0] = true;
    return json;
}

/* Length of the UTF-8 character at s, 0 when its bytes are none (RFC 3629: no overlong forms, no
 * surrogates, nothing above U+10FFFF). */
static int32_t utf8_length(const unsigned char *s)
{
    if (s[0] < 0x80) return 1;
    const int32_t n = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    if (s[0] < 0xC2 || s[0] > 0xF4) return 0;
    for (int32_t k = 1; k < n; k++)
        if ((s[k] & 0xC0) != 0x80) return 0;
    if (s[0] == 0xE0 && s[1] < 0xA0) return 0;
    if (s[0] == 0xED && s[1] > 0x9F) return 0;
    if (s[0] == 0xF0 && s[1] < 0x90) return 0;
    if (s[0] == 0xF4 && s[1] > 0x8F) return 0;
    return n;
}

static bool is_plain(const cp_json *json, unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7F && !(json->html && c == '<');
}

static void write_text(cp_json *json, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    cp_outfile_text(json->out, "\"");
    while (*s != '\0') {
        const unsigned char *from = s;
        int32_t n = utf8_length(s);
        while (n > 0 && *s != '\0' && is_plain(json, *s)) {
            s += n;
            n = utf8_length(s);
        }
        if (s > from) cp_outfile_bytes(json->out, from, (size_t)(s - from));
        if (*s == '\0') break;
        if (n == 0) {
            cp_outfile_text(json->out, "\xEF\xBF\xBD");
        } else if (*s == '"' || *s == '\\') {
            cp_outfile_format(json->out, "\\%c", *s);
        } else if (!is_plain(json, *s)) {
            cp_outfile_format(json->out, "\\u%04x", *s);
        } else {
            continue;
        }
        s++;
    }
    cp_outfile_text(json->out, "\"");
}

static void line_break(cp_json *json)
{
    cp_outfile_text(json->out, "\n");
    for (int32_t k = 0; k < json->depth; k++)
        cp_outfile_text(json->out, "  ");
}

/* Comma, line and key before a member. */
static void before(cp_json *json, const char *key)
{
    const int32_t d = json->depth;
    if (json->some[d]) cp_outfile_text(json->out, ",");
    if (d > 0 && json->pretty) {
        if (!json->flat[d])
            line_break(json);
        else if (json->some[d])
            cp_outfile_text(json->out, " ");
    }
    json->some[d] = true;
    assert((key == NULL) == json->array[d]);
    if (key == NULL) return;
    write_text(json, key);
    cp_outfile_text(json->out, json->pretty ? ": " : ":");
}

static void open_scope(cp_json *json, const char *key, bool array, bool flat)
{
    before(json, key);
    cp_outfile_text(json->out, array ? "[" : "{");
    assert(json->depth + 1 < CP_JSON_DEPTH);
    const bool inside_flat = json->flat[json->depth];
    json->depth++;
    json->some[json->depth] = false;
    json->array[json->depth] = array;
    json->flat[json->depth] = flat || inside_flat;
}

void cp_json_object(cp_json *json, const char *key)
{
    open_scope(json, key, false, false);
}
void cp_json_object_flat(cp_json *json, const char *key)
{
    open_scope(json, key, false, true);
}
void cp_json_array(cp_json *json, const char *key)
{
    open_scope(json, key, true, false);
}
void cp_json_array_flat(cp_json *json, const char *key)
{
    open_scope(json, key, true, true);
}

void cp_json_end(cp_json *json)
{
    const int32_t d = json->depth;
    assert(d > 0);
    json->depth--;
    if (json->some[d] && json->pretty && !json->flat[d]) line_break(json);
    cp_outfile_text(json->out, json->array[d] ? "]" : "}");
    if (json->depth == 0) cp_outfile_text(json->out, json->html ? "" : "\n");
}

void cp_json_text(cp_json *json, const char *key, const char *text)
{
    before(json, key);
    write_text(json, text != NULL ? text : "");
}

void cp_json_int(cp_json *json, const char *key, int64_t value)
{
    before(json, key);
    /* By hand: a page has a million of these, and printf would be most of its time. */
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0) digits[--at] = '-';
    cp_outfile_bytes(json->out, digits + at, sizeof digits - at);
}

void cp_json_real(cp_json *json, const char *key, double value, int32_t digits)
{
    if (!isfinite(value)) {
        cp_json_null(json, key);
        return;
    }
    before(json, key);
    char text[400]; /* a double has at most 309 digits before the point */
    cp_format(text, sizeof text, "%.*f", (int)digits, value);
    if (strchr(text, '.') != NULL) {
        size_t n = strlen(text);
        while (text[n - 1] == '0')
            n--;
        if (text[n - 1] == '.') n--;
        text[n] = '\0';
    }
    cp_outfile_text(json->out, strcmp(text, "-0") == 0 ? "0" : text);
}

void cp_json_bool(cp_json *json, const char *key, bool value)
{
    before(json, key);
    cp_outfile_text(json->out, value ? "true" : "false");
}

void cp_json_null(cp_json *json, const char *key)
{
    before(json, key);
    cp_outfile_text(json->out, "null");
}

void cp_json_u64_text(cp_json *json, const char *key, uint64_t value)
{
    char text[24];
    cp_format(text, sizeof text, "%" PRIu64, value);
    cp_json_text(json, key, text);
}

void cp_json_day(cp_json *json, const char *key, cp_day day)
{
    char text[16];
    cp_json_text(json, key, cp_day_text(day, text));
}

void cp_json_minute(cp_json *json, const char *key, int32_t minute)
{
    char text[16];
    cp_json_text(json, key, cp_minute_text(minute, text));
}

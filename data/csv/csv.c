/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv/csv.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define TOO_LONG "longer than 1 MiB (is a quote never closed?)"
/* A character of another encoding may need up to four bytes of UTF-8. */
#define TEXT_MAX (4 * (size_t)CP_CSV_RECORD_MAX)

struct cp_csv {
    FILE *stream;
    char *name;
    char separator;
    bool has_iconv, at_start;
    iconv_t to_utf8;
    int64_t line; /* of the line read last */
    int64_t bytes, size;
    char *raw;  /* one line as it stands in the file */
    char *text; /* the record in UTF-8 */
    size_t n_raw, n_text;
    size_t scanned; /* of text, by quote_is_open */
    bool quoted, may_open;
    const char **fields;
};

static cp_status set_encoding(cp_ctx *ctx, cp_csv *csv, const char *encoding)
{
    if (encoding == NULL || strcasecmp(encoding, "utf-8") == 0 || strcasecmp(encoding, "utf8") == 0)
        return CP_OK;
    csv->to_utf8 = iconv_open("UTF-8", encoding);
    /* POSIX's own error value of iconv_open is a pointer made from -1. */
    if ((intptr_t)csv->to_utf8 == -1)
        CP_FAIL(ctx, CP_E_INPUT, "%s: encoding \"%s\" is not known", csv->name, encoding);
    csv->has_iconv = true;
    return CP_OK;
}

static cp_status fill_handle(cp_ctx *ctx, cp_csv *csv, const char *name,
                             const cp_csv_options *options)
{
    struct stat info;
    csv->name = strdup(name);
    csv->raw = malloc((size_t)CP_CSV_RECORD_MAX + 1);
    csv->text = malloc(TEXT_MAX + 1);
    csv->fields = malloc(CP_CSV_FIELDS_MAX * sizeof(*csv->fields));
    if (csv->name == NULL || csv->raw == NULL || csv->text == NULL || csv->fields == NULL)
        CP_FAIL(ctx, CP_E_NOMEM, "out of memory");
    csv->at_start = true;
    csv->separator = options->separator;
    const int fd = fileno(csv->stream);
    if (fd >= 0 && fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) csv->size = info.st_size;
    return set_encoding(ctx, csv, options->encoding);
}

cp_status cp_csv_open_stream(cp_ctx *ctx, FILE *stream, const char *name,
                             const cp_csv_options *options, cp_csv **out)
{
    cp_csv *csv = calloc(1, sizeof(*csv));
    if (csv == NULL) {
        fclose(stream);
        CP_FAIL(ctx, CP_E_NOMEM, "out of memory");
    }
    csv->stream = stream;
    const cp_status st = fill_handle(ctx, csv, name, options);
    if (st != CP_OK) {
        cp_csv_close(csv);
        return st;
    }
    *out = csv;
    return CP_OK;
}

cp_status cp_csv_open(cp_ctx *ctx, const char *path, const cp_csv_options *options, cp_csv **out)
{
    struct stat info;
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) CP_FAIL(ctx, CP_E_IO, "%s cannot be opened: %s", path, strerror(errno));
    if (fstat(fileno(stream), &info) == 0 && S_ISDIR(info.st_mode)) {
        fclose(stream);
        CP_FAIL(ctx, CP_E_IO, "%s is a folder, not a file", path);
    }
    return cp_csv_open_stream(ctx, stream, path, options, out);
}

void cp_csv_close(cp_csv *csv)
{
    if (csv == NULL) return;
    fclose(csv->stream);
    if (csv->has_iconv) iconv_close(csv->to_utf8);
    free(csv->name);
    free(csv->raw);
    free(csv->text);
    free(csv->fields);
    free(csv);
}

void cp_csv_position(const cp_csv *csv, int64_t *done, int64_t *total)
{
    *done = csv->bytes;
    *total = csv->size;
}

typedef enum line_end { LINE_OK, LINE_LAST, LINE_LONG } line_end;

/* One line without its end into csv->raw. Of a line that is too long only the beginning is kept,
 * the rest is read over. LINE_LAST: there was nothing left. */
static line_end read_line(cp_csv *csv)
{
    bool any = false, too_long = false;
    csv->n_raw = 0;
    for (;;) {
        const int c = getc_unlocked(csv->stream);
        if (c == EOF) break;
        any = true;
        csv->bytes++;
        if (c == '\n') break;
        if (c == '\r') { /* of CRLF, or a line end of its own */
            const int next = getc_unlocked(csv->stream);
            if (next == '\n')
                csv->bytes++;
            else if (next != EOF)
                (void)ungetc(next, csv->stream);
            break;
        }
        if (csv->n_raw < CP_CSV_RECORD_MAX)
            csv->raw[csv->n_raw++] = (char)c;
        else
            too_long = true;
    }
    if (!any) return LINE_LAST;
    csv->line++;
    return too_long ? LINE_LONG : LINE_OK;
}

/* True when the bytes are well-formed UTF-8 (RFC 3629). */
static bool is_utf8(const char *bytes, size_t n)
{
    const unsigned char *s = (const unsigned char *)bytes;
    for (size_t i = 0; i < n;) {
        const unsigned char c = s[i];
        const size_t more = c < 0x80u                  ? 0
                            : c >= 0xC2u && c <= 0xDFu ? 1
                            : (c & 0xF0u) == 0xE0u     ? 2
                            : c >= 0xF0u && c <= 0xF4u ? 3
                                                       : 9;
        if (more > n - i - 1) return false;
        for (size_t k = 1; k <= more; k++)
            if ((s[i + k] & 0xC0u) != 0x80u) return false;
        if (c == 0xE0u && s[i + 1] < 0xA0u) return false; /* overlong */
        if (c == 0xEDu && s[i + 1] > 0x9Fu) return false; /* surrogate */
        if (c == 0xF0u && s[i + 1] < 0x90u) return false; /* overlong */
        if (c == 0xF4u && s[i + 1] > 0x8Fu) return false; /* above U+10FFFF */
        i += more + 1;
    }
    return true;
}

static void skip_mark(cp_csv *csv)
{
    if (csv->n_raw < 3 || memcmp(csv->raw, "\xEF\xBB\xBF", 3) != 0) return;
    csv->n_raw -= 3;
    memmove(csv->raw, csv->raw + 3, csv->n_raw);
}

/* The line in csv->raw, in UTF-8, behind what csv->text holds. Returns why it cannot be used. */
static const char *append_line(cp_csv *csv)
{
    if (csv->at_start && csv->n_raw >= 2 && !csv->has_iconv &&
        (memcmp(csv->raw, "\xFF\xFE", 2) == 0 || memcmp(csv->raw, "\xFE\xFF", 2) == 0))
        return "the file is UTF-16; save it as UTF-8";
    if (memchr(csv->raw, '\0', csv->n_raw) != NULL) return "a NUL byte";
    if (csv->at_start) skip_mark(csv);
    csv->at_start = false;
    if (!csv->has_iconv) {
        if (csv->n_text + csv->n_raw > CP_CSV_RECORD_MAX) return TOO_LONG;
        if (!is_utf8(csv->raw, csv->n_raw)) return "bytes that are not valid UTF-8";
        memcpy(csv->text + csv->n_text, csv->raw, csv->n_raw);
        csv->n_text += csv->n_raw;
        return NULL;
    }
    char *from = csv->raw, *to = csv->text + csv->n_text;
    size_t n_from = csv->n_raw, n_to = TEXT_MAX - csv->n_text;
    (void)iconv(csv->to_utf8, NULL, NULL, NULL, NULL);
    if (iconv(csv->to_utf8, &from, &n_from, &to, &n_to) == (size_t)-1)
        return errno == E2BIG ? TOO_LONG : "bytes that are not valid in the encoding";
    csv->n_text = (size_t)(to - csv->text);
    return NULL;
}

static void find_separator(cp_csv *csv)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    size_t most = 0;
    csv->separator = ',';
    for (size_t k = 0; k < sizeof(candidates); k++) {
        size_t n = 0;
        bool quoted = false;
        for (size_t i = 0; i < csv->n_text; i++) {
            if (csv->text[i] == '"') quoted = !quoted;
            if (!quoted && csv->text[i] == candidates[k]) n++;
        }
        if (n > most) {
            most = n;
            csv->separator = candidates[k];
        }
    }
}

/* Looks on from where it stopped: is a quoted field open at the end of the text? A quote opens a
 * field only at its beginning; inside, two quotes are one. (The second of two closes and opens
 * again: for this question that is the same.) */
static bool quote_is_open(cp_csv *csv)
{
    for (; csv->scanned < csv->n_text; csv->scanned++) {
        const char c = csv->text[csv->scanned];
        if (csv->quoted) {
            csv->quoted = c != '"';
            csv->may_open = true; /* a second quote goes on with the field */
        } else {
            csv->quoted = c == '"' && csv->may_open;
            csv->may_open = c == csv->separator;
        }
    }
    return csv->quoted;
}

/* Cuts csv->text into fields, in place. Returns why the record cannot be used. */
static const char *split(cp_csv *csv, int32_t *n_fields)
{
    char *to = csv->text;
    const char *from = csv->text, *end = csv->text + csv->n_text;
    int32_t n = 0;
    for (;;) {
        if (n == CP_CSV_FIELDS_MAX) return "too many fields";
        csv->fields[n++] = to;
        if (from < end && *from == '"') {
            for (from++; from < end; from++) {
                if (*from == '"' && from + 1 < end && from[1] == '"')
                    from++;
                else if (*from == '"')
                    break;
                *to++ = *from;
            }
            from++; /* the closing quote */
            if (from < end && *from != csv->separator) return "text after a closing quote";
        } else {
            while (from < end && *from != csv->separator)
                *to++ = *from++;
        }
        const bool last = from >= end;
        from++;
        *to++ = '\0'; /* never ahead of `from`: each field gives up its separator */
        if (last) break;
    }
    *n_fields = n;
    return NULL;
}

/* Lines until no quote is open; returns why the record cannot be used. */
static const char *gather_record(cp_csv *csv, line_end first)
{
    csv->n_text = csv->scanned = 0;
    csv->quoted = false;
    csv->may_open = true;
    const char *problem = first == LINE_LONG ? TOO_LONG : append_line(csv);
    csv->at_start = false;
    if (problem == NULL && csv->separator == '\0') find_separator(csv);
    while (problem == NULL && quote_is_open(csv)) {
        const line_end end = read_line(csv);
        if (end == LINE_LAST) return "a quote that is never closed";
        if (csv->n_text + 1 > CP_CSV_RECORD_MAX) return TOO_LONG;
        csv->text[csv->n_text++] = '\n';
        problem = end == LINE_LONG ? TOO_LONG : append_line(csv);
    }
    return problem;
}

cp_status cp_csv_next(cp_ctx *ctx, cp_csv *csv, cp_csv_record *out, bool *more)
{
    *out = (cp_csv_record){.fields = csv->fields};
    *more = false;
    line_end end = read_line(csv);
    while (end == LINE_OK && csv->n_raw == 0)
        end = read_line(csv); /* empty lines mean nothing */
    if (ferror(csv->stream))
        CP_FAIL(ctx, CP_E_IO, "%s cannot be read: %s", csv->name, strerror(errno));
    if (end == LINE_LAST) return CP_OK;
    *more = true;
    out->line = csv->line;
    out->problem = gather_record(csv, end);
    if (out->problem == NULL) out->problem = split(csv, &out->n_fields);
    if (out->problem != NULL) out->n_fields = 0;
    return CP_OK;
}

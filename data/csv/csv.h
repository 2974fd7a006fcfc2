/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csv.h - records of a delimited text file, read as a stream in constant memory.
 *
 * Follows RFC 4180 (quotes doubled inside quoted fields, line ends inside quotes) for any one-byte
 * separator, with CRLF, LF or CR line ends and an optional byte order mark. A record of more than
 * 1 MiB, a NUL byte, bytes that are not valid in the encoding, and a quote that stays open are
 * problems of that record: reading goes on behind it. */
#ifndef CP_CSV_H
#define CP_CSV_H

#include <stdbool.h>
#include <stdio.h>

#include "models/base/ctx.h"

#define CP_CSV_RECORD_MAX (1024 * 1024)
#define CP_CSV_FIELDS_MAX 20000

typedef struct cp_csv cp_csv;

typedef struct cp_csv_options {
    char separator;       /* 0 = found from the first line: the most frequent of , ; tab | */
    const char *encoding; /* NULL or "utf-8"; any name that iconv knows: "gb18030", "latin1" */
} cp_csv_options;

typedef struct cp_csv_record {
    int64_t line; /* on which the record begins, from 1 */
    int32_t n_fields;
    const char *const *fields; /* UTF-8; valid until the next call */
    const char *problem;       /* NULL, or why the record cannot be used; n_fields is 0 then */
} cp_csv_record;

/* Open a file by path. CP_E_IO with the reason; CP_E_INPUT when the encoding is not known. */
cp_status cp_csv_open(cp_ctx *ctx, const char *path, const cp_csv_options *options, cp_csv **out);
/* The same for an open stream, which the reader closes. `name` is used in messages. */
cp_status cp_csv_open_stream(cp_ctx *ctx, FILE *stream, const char *name,
                             const cp_csv_options *options, cp_csv **out);
void cp_csv_close(cp_csv *csv);

/* The next record that is not an empty line; *more is false at the end of the file. CP_E_IO when
 * the file cannot be read on. */
cp_status cp_csv_next(cp_ctx *ctx, cp_csv *csv, cp_csv_record *out, bool *more);

/* Bytes read so far and bytes of the file (0 = not known), for progress. */
void cp_csv_position(const cp_csv *csv, int64_t *done, int64_t *total);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_csv.c - any bytes as a delimited file: every record is well formed or has a problem. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The first byte chooses separator and encoding. */
static void read_all(cp_ctx *ctx, const uint8_t *bytes, size_t n)
{
    static const char separators[] = {0, ',', ';', '\t'};
    static const char *const encodings[] = {NULL, "latin1", "gb18030", "utf-16le"};
    const cp_csv_options options = {separators[bytes[0] & 3], encodings[bytes[0] >> 2 & 3]};
    cp_csv *csv = NULL;
    cp_csv_record record;
    bool more = true;
    FILE *stream = tmpfile();
    if (stream == NULL) return;
    if (fwrite(bytes + 1, 1, n - 1, stream) != n - 1) abort();
    rewind(stream);
    if (cp_csv_open_stream(ctx, stream, "fuzz.csv", &options, &csv) != CP_OK) return;
    int64_t line = 0;
    while (cp_csv_next(ctx, csv, &record, &more) == CP_OK && more) {
        if (record.line <= line) abort();
        line = record.line;
        if ((record.problem == NULL) != (record.n_fields > 0)) abort();
        size_t total = 0;
        for (int32_t f = 0; f < record.n_fields; f++)
            total += strlen(record.fields[f]);
        if (total > 4 * (size_t)CP_CSV_RECORD_MAX) abort();
    }
    cp_csv_close(csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    cp_ctx ctx;
    if (n == 0 || cp_ctx_init(&ctx) != CP_OK) return 0;
    read_all(&ctx, bytes, n);
    cp_ctx_done(&ctx);
    return 0;
}

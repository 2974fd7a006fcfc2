/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outfile.h - write a file so that readers see the old one or the whole new one, never half. */
#ifndef CP_OUTFILE_H
#define CP_OUTFILE_H

#include <stddef.h>
#include <stdio.h>

#include "models/base/ctx.h"

/* A file being written beside its final place. Lives on the caller's stack; after cp_outfile_open
 * succeeded, exactly one cp_outfile_close must follow. */
typedef struct cp_outfile {
    FILE *file;
    char *temp_path; /* both in ctx->scratch: do not rewind it before cp_outfile_close */
    char *path;
} cp_outfile;

/* Begin to write `path` (mode 0600 when it appears). CP_E_IO with the reason. */
cp_status cp_outfile_open(cp_ctx *ctx, const char *path, cp_outfile *out);

/* Write; errors are kept by the stream and reported by cp_outfile_close. */
void cp_outfile_text(cp_outfile *out, const char *text);
void cp_outfile_bytes(cp_outfile *out, const void *bytes, size_t n);
/* printf with C locale numbers, at most 1023 bytes a call. */
void cp_outfile_format(cp_outfile *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Give the file its name when `st` is CP_OK and every byte reached the disk; otherwise remove it.
 * Returns `st` or CP_E_IO. */
cp_status cp_outfile_close(cp_ctx *ctx, cp_outfile *out, cp_status st);

#endif

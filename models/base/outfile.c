/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/outfile.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/base/text.h"

#define FORMAT_MAX 1024

static cp_status io_error(cp_ctx *ctx, const char *path, int code)
{
    CP_FAIL(ctx, CP_E_IO, "%s could not be written: %s", path, strerror(code));
}

cp_status cp_outfile_open(cp_ctx *ctx, const char *path, cp_outfile *out)
{
    memset(out, 0, sizeof(*out));
    char *copy = cp_strdup(ctx, ctx->scratch, path);
    if (copy == NULL) return CP_E_NOMEM;
    /* In the same folder: a rename across file systems would not be atomic. */
    char *temp = cp_strf(ctx, ctx->scratch, "%s.part-XXXXXX", path);
    if (temp == NULL) return CP_E_NOMEM;
    const int fd = mkstemp(temp); /* mode 0600 */
    if (fd < 0) return io_error(ctx, path, errno);
    FILE *file = fdopen(fd, "w");
    if (file == NULL) {
        const int code = errno;
        close(fd);
        unlink(temp);
        return io_error(ctx, path, code);
    }
    out->file = file;
    out->temp_path = temp;
    out->path = copy;
    return CP_OK;
}

void cp_outfile_text(cp_outfile *out, const char *text)
{
    fputs(text, out->file);
}

void cp_outfile_bytes(cp_outfile *out, const void *bytes, size_t n)
{
    fwrite(bytes, 1, n, out->file);
}

void cp_outfile_format(cp_outfile *out, const char *format, ...)
{
    char text[FORMAT_MAX];
    va_list args;
    va_start(args, format);
    cp_vformat(text, sizeof(text), format, args);
    va_end(args);
    fputs(text, out->file);
}

cp_status cp_outfile_close(cp_ctx *ctx, cp_outfile *out, cp_status st)
{
    int code = 0;
    /* fsync before rename: otherwise a crash may leave the new name on an empty file. */
    if (ferror(out->file) != 0)
        code = EIO;
    else if (fflush(out->file) != 0 || (fsync(fileno(out->file)) != 0 && errno != EINVAL))
        code = errno;
    if (fclose(out->file) != 0 && code == 0) code = errno;
    if (st == CP_OK && code == 0 && rename(out->temp_path, out->path) != 0) code = errno;
    if (st != CP_OK || code != 0) unlink(out->temp_path);
    out->file = NULL;
    if (st != CP_OK) return st;
    return code != 0 ? io_error(ctx, out->path, code) : CP_OK;
}

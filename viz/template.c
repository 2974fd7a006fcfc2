/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viz/template.h"

#include <string.h>

static const char data_mark[] = "<script id=\"plan-data\" type=\"application/json\">";

cp_status cp_template_write(cp_ctx *ctx, cp_template page, cp_template_fill *fill, const void *from,
                            const char *path)
{
    if (page.size == 0)
        CP_FAIL(ctx, CP_E_INPUT,
                "this program was built without the page: run `npm ci && npm run build` in "
                "viz/page, then build cashplan again (sh quickstart.sh does both)");
    const unsigned char *at = memmem(page.bytes, page.size, data_mark, sizeof data_mark - 1);
    if (at == NULL) CP_FAIL(ctx, CP_E_INPUT, "the page built into the program has no data block");
    at += sizeof data_mark - 1;
    const size_t head = (size_t)(at - page.bytes);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_outfile out;
    CP_TRY(cp_outfile_open(ctx, path, &out));
    cp_outfile_bytes(&out, page.bytes, head);
    cp_status st = fill(ctx, from, &out);
    cp_outfile_bytes(&out, at, page.size - head);
    st = cp_outfile_close(ctx, &out, st);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viz/report.h"

#include <string.h>

static const char data_mark[] = "<script id=\"plan-data\" type=\"application/json\">";

bool cp_report_available(void)
{
    return cp_page_template_size > 0;
}

cp_status cp_report_write(cp_ctx *ctx, const cp_export_plan *ex, const cp_run_info *info,
                          const cp_page_before *before, const cp_page_conflicts *conflicts,
                          const char *path)
{
    if (!cp_report_available())
        CP_FAIL(ctx, CP_E_INPUT,
                "this program was built without the page: run `npm ci && npm run build` in "
                "viz/page, then build cashplan again (sh quickstart.sh does both)");
    const unsigned char *at =
        memmem(cp_page_template, cp_page_template_size, data_mark, sizeof data_mark - 1);
    if (at == NULL) CP_FAIL(ctx, CP_E_INPUT, "the page built into the program has no data block");
    at += sizeof data_mark - 1;
    const size_t head = (size_t)(at - cp_page_template);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_outfile out;
    CP_TRY(cp_outfile_open(ctx, path, &out));
    cp_outfile_bytes(&out, cp_page_template, head);
    cp_status st = cp_page_data_write(ctx, ex, info, before, conflicts, true, &out);
    cp_outfile_bytes(&out, at, cp_page_template_size - head);
    st = cp_outfile_close(ctx, &out, st);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

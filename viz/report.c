/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viz/report.h"

#include <string.h>

static const char data_mark[] = "<script id=\"plan-data\" type=\"application/json\">";

bool cp_report_available(void)
{
    return cp_page_template_size > 0;
}

/* What a page shows; one of the two. */
typedef struct page_source {
    const cp_export_plan *ex;
    const cp_run_info *info;
    const cp_page_before *before;
    const cp_page_conflicts *conflicts;
    const cp_network *net;
    const cp_backtest *backtest;
} page_source;

static cp_status write_data(cp_ctx *ctx, const page_source *from, cp_outfile *out)
{
    if (from->backtest != NULL)
        return cp_backtest_data_write(ctx, from->net, from->backtest, true, true, out);
    return cp_page_data_write(ctx, from->ex, from->info, from->before, from->conflicts, true, out);
}

/* The template with the data in its block. */
static cp_status write_page(cp_ctx *ctx, const page_source *from, const char *path)
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
    cp_status st = write_data(ctx, from, &out);
    cp_outfile_bytes(&out, at, cp_page_template_size - head);
    st = cp_outfile_close(ctx, &out, st);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

cp_status cp_report_write(cp_ctx *ctx, const cp_export_plan *ex, const cp_run_info *info,
                          const cp_page_before *before, const cp_page_conflicts *conflicts,
                          const char *path)
{
    const page_source from = {.ex = ex, .info = info, .before = before, .conflicts = conflicts};
    return write_page(ctx, &from, path);
}

cp_status cp_report_backtest(cp_ctx *ctx, const cp_network *net, const cp_backtest *backtest,
                             const char *path)
{
    const page_source from = {.net = net, .backtest = backtest};
    return write_page(ctx, &from, path);
}

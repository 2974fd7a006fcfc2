/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viz/report.h"

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

static cp_status write_data(cp_ctx *ctx, const void *source, cp_outfile *out)
{
    const page_source *from = source;
    if (from->backtest != NULL)
        return cp_backtest_data_write(ctx, from->net, from->backtest, true, true, out);
    return cp_page_data_write(ctx, from->ex, from->info, from->before, from->conflicts, true, out);
}

static cp_status write_page(cp_ctx *ctx, const page_source *from, const char *path)
{
    const cp_template page = {cp_page_template, cp_page_template_size};
    return cp_template_write(ctx, page, write_data, from, path);
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

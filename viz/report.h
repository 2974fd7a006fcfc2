/* SPDX-License-Identifier: GPL-3.0-or-later */
/* report.h - the page with a plan's data inside: one self-contained HTML file. */
#ifndef CP_REPORT_H
#define CP_REPORT_H

#include "viz/backtest_data.h"
#include "viz/page_data.h"
#include "viz/template.h"

/* True when the page was built (npm run build in viz/page) before the program was. */
bool cp_report_available(void);

/* Write the page; `before` and `conflicts` as for cp_page_data_write. CP_E_INPUT saying how to
 * build it when the program was built without it. */
cp_status cp_report_write(cp_ctx *ctx, const cp_export_plan *ex, const cp_run_info *info,
                          const cp_page_before *before, const cp_page_conflicts *conflicts,
                          const char *path);

/* The page of a backtest that kept its days, from the same template. Errors as above. */
cp_status cp_report_backtest(cp_ctx *ctx, const cp_network *net, const cp_backtest *backtest,
                             const char *path);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backtest_text.h - a backtest as a table on the screen and as CSV files. */
#ifndef CP_BACKTEST_TEXT_H
#define CP_BACKTEST_TEXT_H

#include "models/demand/backtest.h"

/* Totals by flow, the n_worst machines of greatest scaled error, and what overrides gained. */
cp_status cp_backtest_print(cp_ctx *ctx, const cp_network *net, const cp_backtest *backtest,
                            int32_t n_worst);

/* One row a machine, flow and span (1 or CP_BACKTEST_TOTAL_DAYS days); point "" = all. */
cp_status cp_backtest_csv(cp_ctx *ctx, const cp_network *net, const cp_backtest *backtest,
                          const char *path);
/* One row an override that had a day to be measured on. */
cp_status cp_override_gains_csv(cp_ctx *ctx, const cp_network *net, const cp_override_gains *gains,
                                const char *path);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backtest_run.h - the backtest of all points, as parallel jobs. */
#ifndef CP_BACKTEST_RUN_H
#define CP_BACKTEST_RUN_H

#include "models/demand/backtest.h"

/* As cp_backtest_run (backtest.h) on ctx->n_threads threads; the same bytes for any number. The
 * user may stop it between two points (CP_E_STOPPED). */
cp_status cp_backtest_run_jobs(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                               const cp_backtest_opts *opts, cp_backtest **out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backtest.h - how wrong the forecast would have been: rolling origins through the history. */
#ifndef CP_BACKTEST_H
#define CP_BACKTEST_H

#include "models/demand/forecast.h"

typedef struct cp_backtest_opts {
    int32_t n_origins; /* >= 1 */
    int32_t step_days; /* between origins */
    int32_t horizon_days;
} cp_backtest_opts;
cp_backtest_opts cp_backtest_defaults(void);

typedef struct cp_backtest_score {
    double smape_pct;   /* mean of 200 |f - y| / (|f| + |y|) */
    double mase;        /* MAE over the in-sample lag-7 naive MAE */
    double wql;         /* mean over levels of 2 sum(pinball) / sum |y| */
    double cover80_pct; /* days inside the 10..90 % interval */
    double bias_pct;    /* sum(f - y) / sum(y) */
    int64_t n_days;     /* machine-days scored (censored days are left out) */
} cp_backtest_score;

typedef struct cp_backtest {
    int32_t n_points;
    cp_backtest_score total[CP_N_FLOWS];
    cp_backtest_score *point[CP_N_FLOWS]; /* n_points each */
} cp_backtest;

cp_status cp_backtest_run(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                          const cp_backtest_opts *opts, cp_backtest **out);

#endif

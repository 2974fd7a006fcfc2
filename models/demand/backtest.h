/* SPDX-License-Identifier: GPL-3.0-or-later */
/* backtest.h - how wrong the forecast would have been: rolling origins through the history. */
#ifndef CP_BACKTEST_H
#define CP_BACKTEST_H

#include "models/demand/demand_score.h"
#include "models/demand/override_gain.h"

/* Days of the totals that are scored beside single days: what a load has to last for. */
#define CP_BACKTEST_TOTAL_DAYS 7

typedef struct cp_backtest_opts {
    int32_t n_origins; /* >= 1 */
    int32_t step_days; /* between origins */
    int32_t horizon_days;
    int32_t only; /* score this point alone; -1 = all (all of them teach the forecast either way) */
    bool keep;    /* keep every forecast day, for charts and files */
} cp_backtest_opts;
cp_backtest_opts cp_backtest_defaults(void);

/* A forecast day and what came, minor units. */
typedef struct cp_backtest_day {
    float actual; /* NAN: no record */
    float mean, median;
    float lo50, hi50, lo80, hi80, lo95, hi95;
    bool scored; /* false: no record, or a fault that hides the demand */
} cp_backtest_day;

/* Scores of (flow, point); single days, and totals of CP_BACKTEST_TOTAL_DAYS days one after the
 * other from each origin on (totals with a day that is not scored are left out). */
typedef struct cp_backtest {
    int32_t n_points;
    cp_backtest_opts opts;
    cp_day *first_day; /* of each origin's forecast, the latest first */
    cp_backtest_score total[CP_N_FLOWS], week_total[CP_N_FLOWS];
    cp_backtest_score *point[CP_N_FLOWS], *week_point[CP_N_FLOWS]; /* n_points each */
    uint8_t *has_flow;    /* flow * n_points + point: has been forecast */
    cp_backtest_day *day; /* [((flow * n_points + point) * n_origins + k) * horizon + d]; or NULL */
    cp_override_gains *gains;        /* of the overrides that lie in the days looked at */
    cp_score_sums *sums, *week_sums; /* behind the scores, flow * n_points + point */
} cp_backtest;

/* What the scoring of one origin's points shares. */
typedef struct cp_backtest_origin {
    int32_t k;
    cp_history *known;
    cp_forecast *forecast;
} cp_backtest_origin;

/* All origins, one point after the other; the result lives in ctx->run. CP_E_INPUT when the options
 * cannot be met by the history, CP_E_STOPPED when the user stops it. To use threads: the stages
 * below, in this order. */
cp_status cp_backtest_run(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                          const cp_backtest_opts *opts, cp_backtest **out);

/* Check the options and make the result, empty. */
cp_status cp_backtest_begin(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            const cp_backtest_opts *opts, cp_backtest **out);
/* For each origin k: begin its forecast, in ctx->run (which the caller rewinds after the origin's
 * last stage). */
cp_status cp_backtest_origin_begin(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                                   const cp_backtest *backtest, int32_t k, cp_backtest_origin *out);
/* Fit every point once, in any order and on any thread; needs ctx->scratch only. All are fitted
 * even if one alone is scored, because machines lend each other their errors. */
cp_status cp_backtest_fit(cp_ctx *ctx, const cp_backtest_origin *origin, int32_t point);
/* Then forecast and score every point once, likewise. */
cp_status cp_backtest_point(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            const cp_backtest_origin *origin, const cp_backtest *backtest,
                            int32_t point);
/* What the overrides did to this origin's forecast. */
cp_status cp_backtest_origin_end(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                                 const cp_backtest_origin *origin, cp_backtest *backtest);
/* After the last origin: sums -> scores. */
cp_status cp_backtest_finish(cp_ctx *ctx, const cp_network *net, cp_backtest *backtest);

#endif

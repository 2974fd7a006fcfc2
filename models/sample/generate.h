/* SPDX-License-Identifier: GPL-3.0-or-later */
/* generate.h - invented but lifelike banks of any size, from a seed.
 *
 * A city with several centres (log-normal distances), branches with lobby machines, off-site
 * machines (dispensers, recyclers, deposit machines), vaults where the sites gather (k-means),
 * candidate vaults, fleet, tariffs and calendars. Demand a day is
 *
 *     level x weekday x paydays x month end x holidays x trade fair x drift x exp(noise)
 *
 * with the weekday pattern of the place's segment, surges before and dips during holidays, weekend
 * days worked in exchange, a trade fair of three days in April and November that malls and stations
 * feel, a log level that wanders and now and then jumps, autocorrelated noise,
 * shocks shared by the city and by the machines of one address. Each machine's stock is simulated
 * over the history under a simple refill rule: what is recorded is what the stock allowed
 * (cash-outs and full bins are censored and flagged), and the stock of the last evening is the
 * balance. Shared limits (crew minutes, cars, cassette pool, packing, sorting, value leaving) are
 * what a typical plan is expected to need, divided by `use_pct`; the expectation comes from each
 * machine's cheapest visit interval under a square-root safety stock. */
#ifndef CP_GENERATE_H
#define CP_GENERATE_H

#include "models/demand/history.h"

typedef struct cp_generate_opts {
    int32_t n_points;     /* branches + machines, >= 4 */
    int32_t n_vaults;     /* existing; 0 = one for every 400 points */
    int32_t n_candidates; /* candidate vaults */
    int32_t history_days; /* 14 .. 3660 */
    int32_t use_pct;      /* expected use of the shared limits, 30 .. 100 */
    int32_t
        horizon_days; /* of the plan; with longest_interval_days: last day asked of the calendar */
    int32_t longest_interval_days;
    uint64_t seed;
    cp_day first_day;     /* first day of the plan = day after the history */
    bool roads;           /* also a road graph (else travel is estimated from the great circle) */
    cp_calendar calendar; /* code, name, coverage, weekend */
    const cp_calendar_day
        *days; /* its holidays and worked weekend days (calendar_code is not read) */
    int32_t n_days;
    cp_arena *history_in; /* takes the rows of the history, so that they can go before the rest;
                             NULL = ctx->run */
} cp_generate_opts;

/* 240 points, 1 vault by size, 4 candidates, 400 days, 90 %, horizon and interval 14, seed 1, roads
 * off; first_day, calendar and days must be given. */
cp_generate_opts cp_generate_defaults(void);

/* Rows of a whole bank and its history, in order of (point, day, flow,
 * denomination). Everything lives in ctx->run, but for history_in. Depends on the options alone.
 * CP_E_INPUT naming the option that is refused, or the calendar's last day when it covers less than
 * the history and the plan need. */
cp_status cp_generate(cp_ctx *ctx, const cp_generate_opts *opts, cp_rows *rows,
                      cp_history_row **history, int64_t *n_history);

#endif

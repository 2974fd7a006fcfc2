/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_run.h - the daily plan: forecast, visits and loads, routes, orders; referee at the end. */
#ifndef CP_PLAN_RUN_H
#define CP_PLAN_RUN_H

#include "models/demand/paths.h"
#include "models/plan/limit_price.h"
#include "models/plan/record.h"

typedef struct cp_plan_run_opts {
    int64_t work;        /* counted work: one-point re-plans a point, and a share of route
                            iterations; 0 = default (300) */
    int32_t rounds;      /* plan - route - update stop prices, this many times (>= 1) */
    bool rivals;         /* also plan and price the naive and the (s,S) rule */
    bool truth;          /* perfect foresight: `history` holds the days planned for, W = 1 */
    const char *dump_lp; /* the master of vault dump_vault as .lp; NULL = no */
    int32_t dump_vault;
    const cp_limit_prices
        *before;           /* of an earlier plan, for the search to start from; NULL = none */
    int32_t fresh_paths;   /* on which the achieved service is measured (plan_service.h); 0 = not */
    const cp_drives *past; /* routes of the days before, to be unlike; NULL = none known */
} cp_plan_run_opts;
cp_plan_run_opts cp_plan_run_defaults(void);

typedef struct cp_plan_answer {
    cp_network *net; /* as planned with: balances rolled forward */
    cp_plan *plan;
    cp_record *record; /* input_hash, options, version, scenario, seconds are the caller's */
    cp_forecast *forecast;
    cp_shares *shares;
} cp_plan_answer;

/* Plan net->n_days days from net->first_day. `history` may reach beyond: later days are not looked
 * at (except with opts.truth). Seed: ctx->seed. CP_E_INPUT naming what makes planning impossible.
 * A stop request or the deadline ends the searches early with the best plan so far. */
cp_status cp_plan_run(cp_ctx *ctx, const cp_network *net, const cp_day *balance_day,
                      const cp_history *history, const cp_plan_run_opts *opts, cp_plan_answer *out);

#endif

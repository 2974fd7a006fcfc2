/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay.h - a policy carried out day by day on what really came: plan, execute, plan again.
 *
 * Every policy is replayed from the same opening balances on the same days and paid by the same
 * tariffs, so that totals may be compared (model.md section 6).
 *
 * Execution. On each day the visits that the plan in force has for it are made with the loads that
 * it gives: swap as planned; add: load_notes are brought (also where the plan meant to fill up: a
 * car carries what was packed), what does not fit comes back; pick-up. Unserved visits do not
 * happen. Demand follows the order of plan_cost.h (one path: the truth, in notes as paths.h makes
 * them).
 *
 * Cost, by the items of plan.h, of what happened (no shares, no estimates): HOLD and CASH_OUT each
 * day; EMERGENCY once in each interval between two visits in which anything was unmet or refused;
 * STOP_SITE, STOP_MACHINE, STOP_VALUE (value out, and back: at least the minimum), PACK, SORT by
 * the notes that came back; OVERTIME_PACK_SORT, RELIEF as the plan declared them for that day
 * (SERVICE_LEVEL rows excepted: what failed is paid above); CAR_DAY of cars that drive and of
 * constant fleets, KM, HOUR, OVERTIME_HOUR of the day's routes; ORDERS placed that day. Each event
 * is rounded as in plan_cost.h.
 *
 * Final stock. Whoever filled the machines yesterday has paid for days to come. So what is left is
 * credited, by one rule for all policies: a full machine saves a visit, credit = visit price x
 * least over the channels of (left / full). A channel that falls has its stock left, one that rises
 * its room; full = the lesser of the capacity and the mean net demand of longest_interval_days
 * (mean over the replayed days). Visit price = STOP_SITE + STOP_MACHINE + PACK of a set, tariffs of
 * the last day.
 *
 * What a planner knows of the vault's shelf is left out: no vault stock, hence no orders unless the
 * callback makes them. Spare cassettes: those still away on the evening are taken off the pool. */
#ifndef CP_REPLAY_H
#define CP_REPLAY_H

#include "models/demand/paths.h"
#include "models/plan/cash_out.h"
#include "models/plan/plan.h"

/* Make a plan on the evening before `net->first_day`. *net is the network of that evening: first
 * day, balances as counted, days since the last visit; `known` is the truth of the days before.
 * Memory of ctx->run lives until the next call. */
typedef cp_status cp_replan_fn(cp_ctx *ctx, void *user, const cp_network *net,
                               const cp_history *known, cp_plan **out);

/* Looks at a day that is over: *net has the balances of its evening (first_day = the day after);
 * plan day t of `plan` was executed. May be NULL. */
typedef cp_status cp_replay_look_fn(cp_ctx *ctx, void *user, const cp_network *net,
                                    const cp_plan *plan, int32_t t);

typedef struct cp_replay_opts {
    cp_day first_day;     /* first day carried out; balances of net are of the evening before */
    int32_t n_days;       /* days carried out */
    int32_t replan_every; /* a new plan every so many days, >= 1, at most the plan's days */
    cp_replan_fn *replan;
    cp_replay_look_fn *look;
    void *user;
} cp_replay_opts;

typedef struct cp_replay {
    cp_cost cost;                /* without the credit */
    cp_minor final_credit_minor; /* of the final stock; total - credit is compared */
    int64_t machine_days, good_days;
    int64_t cash_out_days[CP_N_CASH_OUTS]; /* machine-days by the kind of their first cash-out */
    int64_t full_days;  /* machine-days on which notes were refused: bins or recyclers full */
    double service_pct; /* machine-days without any unmet or refused note */
    int32_t n_visits, n_stops, n_routes, n_unserved, n_plans;
    int64_t dist_m, legs, estimated_legs;
    cp_minor end_stock_minor; /* in machines on the last evening */
    int32_t n_filled;         /* point-days and flows that had no record */
} cp_replay;

/* `truth` holds the replayed days (days without a record as cp_history_fill_gaps takes them, and as
 * no demand where that has nothing to go by) and whatever history came before them. CP_E_INPUT when
 * the options are out of range or a plan does not begin on the day asked for; CP_E_STOPPED when the
 * user stops it. */
cp_status cp_replay_run(cp_ctx *ctx, const cp_network *net, const cp_history *truth,
                        const cp_shares *shares, const cp_replay_opts *opts, cp_replay *out);

#endif

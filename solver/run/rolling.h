/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rolling.h - a policy carried out day by day on what really happened, with the same prices for
 * all.
 *
 * Every `every_days` days the policy plans anew from the true stocks, knowing the history up to the
 * evening before (perfect foresight: the days to come too). Its visits are then carried out as
 * planned: the same shares of a day before and after the visit, the same order of withdrawals and
 * deposits as plan_cost.h. Charged day by day: HOLD, CASH_OUT; per visit STOP_MACHINE, STOP_VALUE,
 * PACK, SORT of what was really counted; per stop STOP_SITE; per interval in which service failed,
 * once, EMERGENCY; routes as planned (CAR_DAY, KM, HOUR, OVERTIME_HOUR).
 *
 * Equal valuation of the final stock: of every machine's last visit, the part of its cost (machine,
 * pack, and the site's stop shared by the machines visited) that serves days after the end is
 * credited: cover left / (cover left + days since the visit), cover left at the mean net outflow of
 * the last 28 days (deposit machines: room left), at most the longest interval. */
#ifndef CP_ROLLING_H
#define CP_ROLLING_H

#include "models/demand/history.h"
#include "models/plan/plan.h"

typedef enum cp_policy {
    CP_POLICY_CASHPLAN,
    CP_POLICY_NAIVE,
    CP_POLICY_SS,
    CP_POLICY_FORESIGHT
} cp_policy;
const char *cp_policy_name(cp_policy policy);

typedef struct cp_rolling_opts {
    cp_policy policy;
    int32_t n_days;     /* carried out, from net->first_day */
    int32_t every_days; /* a new plan every so many days, >= 1 */
    int64_t work;       /* of each plan, as in plan_run.h; 0 = default */
} cp_rolling_opts;

typedef struct cp_rolling {
    cp_cost cost;          /* item[] and total; refill_minor = items up to RELIEF */
    cp_minor credit_minor; /* final stock, not in cost */
    int64_t machine_days;  /* with a center-serviced point and known demand */
    int64_t failed_days;   /* of these, with anything unmet or refused */
    double service_pct;
    int32_t n_visits, n_stops, n_routes, n_unserved;
    int64_t dist_m;
    double seconds;
} cp_rolling;

/* `history` holds the days of the replay too; CP_E_INPUT when it ends before them. Balances of
 * `net` are those of the evening before the first day. */
cp_status cp_rolling_run(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                         const cp_rolling_opts *opts, cp_rolling *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_operate.h - layouts of vaults planned with the daily engine over representative weeks, and
 * ranked again by what that costs.
 *
 * Every layout plans the same days with the same demand, balances, tariffs and seed; what differs
 * is where the vaults stand, what they can do, and who serves whom (layout.h). The days are
 * fortnights (the bank's horizon) of the history: all that begin on today's weekday are put in
 * order of their demand and cut into groups of one size, and the middle one of each group is
 * planned, as if it began today: so weeks before a festival count as often as they come. A plan
 * knows only the history before its first day. */
#ifndef CP_SITE_OPERATE_H
#define CP_SITE_OPERATE_H

#include "models/demand/history.h"
#include "models/study/layout.h"
#include "models/study/study_result.h"

/* Days of history a representative week needs before it, to be forecast from. */
#define CP_OPERATE_LEARN_DAYS 84

typedef struct cp_operate_in {
    const cp_rows *rows;       /* of the bank, with the scenario's tariffs */
    const cp_network *net;     /* built from the rows for `today` */
    const cp_history *history; /* of net's points, up to the day before `today` */
    cp_day today;
    int32_t n_days;      /* of one plan */
    const cp_day *weeks; /* first days of the plans (cp_operate_weeks) */
    int32_t n_weeks;
    int64_t work; /* counted work of a plan (plan_run.h) */
} cp_operate_in;

/* First days of up to n_weeks representative plans, ascending, in `out`; how many. `today` alone
 * where the history is too short for any. */
cp_status cp_operate_weeks(cp_ctx *ctx, const cp_history *history, cp_day today, int32_t n_days,
                           int32_t n_weeks, cp_day *out, int32_t *n);

/* Plans the layout over all weeks. run_minor: its vaults' fixed costs a year, which daily plans do
 * not count. Where some week cannot be planned *out says why (done false), with no error; ranks are
 * left to cp_operate_rank. CP_E_STOPPED when the user stops it. */
cp_status cp_operate(cp_ctx *ctx, const cp_operate_in *in, const cp_layout *layout,
                     cp_minor run_minor, cp_study_operation *out);

/* Ranks those that are done: by their cost, and by `model`, their cost in the siting model (equal
 * ones in the order given). */
void cp_operate_rank(cp_study_operation *operations, const double *model, int32_t n);

#endif

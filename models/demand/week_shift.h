/* SPDX-License-Identifier: GPL-3.0-or-later */
/* week_shift.h - has a machine's week moved by some days lately?
 *
 * Opening hours, market days or a delivery that moves take the whole profile of the week with them:
 * what was Thursday's is Tuesday's from one week to the next. Two weeks are too few to learn a new
 * profile from, but enough to tell that it is the old one, moved. The days before are then seen as
 * the weekdays they would be today, and nothing of the profile is lost. */
#ifndef CP_WEEK_SHIFT_H
#define CP_WEEK_SHIFT_H

#include "models/base/ctx.h"
#include "models/demand/demand_series.h"

typedef struct cp_week_shift {
    int32_t from; /* first day of the history in the week of today */
    int32_t days; /* weekday k of before is weekday (k + days) % 7 of today; 0: it did not move */
} cp_week_shift;

/* Looks for a move 14 to 70 days before the end: at least 100 days of history before that, no
 * closed weekdays, no machine of rare demand. Found only where the moved profile errs by a third
 * less than the old one on the days after and the weekdays differ clearly. ctx->scratch only. */
cp_status cp_week_shift_find(cp_ctx *ctx, const cp_series *series, cp_week_shift *out);

/* Days before the move get the slots of today (slot: by day of the history); days after it that
 * cleaning took for faults or outliers because of the old profile are seen again. */
cp_status cp_week_shift_apply(cp_ctx *ctx, const cp_week_shift *shift, cp_series *series,
                              uint8_t *slot);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* day_shift.h - are the days of a history those of the calendar, or are they a day off?
 *
 * Systems that close their books after midnight, and lists of a day's sums under the date of the
 * next morning, move every date by one. The week looks right then, because it is learned; holidays
 * do not. They tell: demand leaves the usual of its weekday on the holiday itself, not on its
 * neighbour. */
#ifndef CP_DAY_SHIFT_H
#define CP_DAY_SHIFT_H

#include "models/demand/history.h"

/* *shift: days to add to the dates of the withdrawals, -1, 0 or 1. Not 0 only where at least
 * CP_SHIFT_HOLIDAYS working days off tell so, and clearly: the mean absolute log ratio of all
 * machines' demand to the median of the same weekday up to four weeks before and after is larger by
 * a fifth than on the dates as given, and larger than on the other side by three standard errors
 * over the holidays (the eve of a holiday is no usual day either, but never the farthest of the
 * three). The calendar is the points' demand calendar. ctx->scratch only. */
#define CP_SHIFT_HOLIDAYS 5
cp_status cp_history_day_shift(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                               int32_t *shift);

#endif

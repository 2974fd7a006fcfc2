/* SPDX-License-Identifier: GPL-3.0-or-later */
/* year_move.h - how a machine's level moved at the same time of last year.
 *
 * The calendar's weeks of the year tell what all machines have in common. What is left of a
 * machine's own smooth level (both sides, weights falling by 1/e in two weeks) is expected to move
 * half as far again as it did 52 weeks before. Needs more than a year. */
#ifndef CP_YEAR_MOVE_H
#define CP_YEAR_MOVE_H

#include "models/base/ctx.h"
#include "models/demand/demand_filter.h"

#define CP_YEAR_DAYS 364 /* a year of whole weeks */
/* Days after day i - 364 that day i already knows well: smoothing looks some weeks ahead. */
#define CP_YEAR_MOVE_DAYS 308
#define CP_YEAR_MOVE_LEAST (CP_YEAR_DAYS + 84) /* days of history */

/* (*out)[i]: the half of the smooth level on day i of the history; after day t the level of day
 * t + h is expected to differ by (*out)[t - 364 + h] - (*out)[t - 364]. *out NULL: history too
 * short. week: the machine's own, by slot. Lives in ctx->scratch. */
cp_status cp_year_move_make(cp_ctx *ctx, const cp_filter_input *in, const double *week,
                            float **out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_notes.h - what a plan has to say in words: the overrides it was made with, whose service it
 * gives up, when and why. */
#ifndef CP_PLAN_NOTES_H
#define CP_PLAN_NOTES_H

#include "models/demand/forecast.h"
#include "models/plan/record.h"

/* Fill record->notes. First one sentence for every override laid over the forecast (override.h).
 * Then one for every point whose service level is missed under declared
 * relief, in the order of the points. It names the point, the days of its first such interval and
 * the first of these reasons that holds: a visit of it that no route could take; no day on which it
 * may be visited; a day whose expected demand is above what it may hold; a stock that lasts not
 * until the first day on which it may be visited; else that a visit in time is dearer than the
 * relief. Expected demand is the forecast's mean, amounts are in the plan's currency. Texts live in
 * ctx->run. */
cp_status cp_plan_notes_make(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                             const cp_plan *plan, cp_record *record);

#endif

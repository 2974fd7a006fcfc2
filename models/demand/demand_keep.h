/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_keep.h - what a forecast was fitted to, out of it and into a later one that fits nothing.
 *
 * Fitted are: of the machines of a calendar and of a segment their calendar effects, week, level
 * and spread, and how the single models err together; of a machine its own effects, its scale, the
 * gains of its single models and their weights. An update takes all of that as it is and runs the
 * models over the history, new days included: with no new day it is the forecast itself, byte for
 * byte. Machines that were not there are fitted as ever, against what the others were fitted to. */
#ifndef CP_DEMAND_KEEP_H
#define CP_DEMAND_KEEP_H

#include "models/demand/fit_values.h"
#include "models/demand/forecast.h"

/* All fitted values of a finished forecast, sorted, in ctx->run; give them to a later one as
 * cp_forecast_opts.fit. CP_E_INPUT for one that was not fitted (truth, steady). */
cp_status cp_forecast_fit_values(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                                 const cp_forecast *forecast, cp_fit **out);

/* Days of a machine's history that models, searches and regressions went through, added up: the
 * counted work of a forecast. The same on every machine and for any number of threads. */
int64_t cp_forecast_work(const cp_forecast *forecast);

#endif

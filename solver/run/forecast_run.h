/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forecast_run.h - a forecast of all points ready to be stored. */
#ifndef CP_FORECAST_RUN_H
#define CP_FORECAST_RUN_H

#include "models/demand/forecast_record.h"

/* As cp_demand_run (demand_run.h), with the record of the forecast: what planners' overrides added,
 * parts, single models, days of history known, seed. *forecast and *record live in ctx->run. */
cp_status cp_forecast_run(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                          cp_day first_day, int32_t n_days, const cp_forecast_opts *opts,
                          cp_forecast **forecast, cp_forecast_record **record);

#endif

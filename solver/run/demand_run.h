/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_run.h - the forecast of all points, as parallel jobs. */
#ifndef CP_DEMAND_RUN_H
#define CP_DEMAND_RUN_H

#include "models/demand/forecast.h"

/* As cp_forecast_make (forecast.h), on ctx->n_threads threads, with the planners' overrides laid
 * over it (override.h); the same bytes for any number of threads. */
cp_status cp_demand_run(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                        cp_day first_day, int32_t n_days, const cp_forecast_opts *opts,
                        cp_forecast **out);

#endif

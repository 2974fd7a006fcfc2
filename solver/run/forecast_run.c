/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/forecast_run.h"

#include <string.h>

#include "models/demand/demand_keep.h"
#include "models/demand/override.h"
#include "solver/run/demand_run.h"

cp_status cp_forecast_run(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                          cp_day first_day, int32_t n_days, const cp_forecast_opts *opts,
                          cp_forecast **forecast, cp_forecast_record **record)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const size_t cells = CP_N_FLOWS * (size_t)net->n_points * (size_t)n_days;
    cp_network unheard = *net; /* the same without what planners said */
    double *plain = NULL;
    unheard.rows.n_demand_override = 0;
    CP_TRY(cp_demand_run(ctx, &unheard, history, first_day, n_days, opts, forecast));
    CP_NEW(ctx, ctx->scratch, plain, cells);
    memcpy(plain, (*forecast)->mean, cells * sizeof *plain);
    CP_TRY(cp_overrides_apply(ctx, net, history, *forecast));
    CP_TRY(cp_forecast_record_make(ctx, net, *forecast, plain, record));
    cp_arena_rewind(ctx->scratch, mark);
    (*record)->seed = ctx->seed;
    (*record)->work = cp_forecast_work(*forecast);
    (*record)->method = "full";
    if (history->n_days > 0) {
        (*record)->history_from = history->first_day;
        (*record)->history_to = history->first_day + history->n_days - 1;
    }
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forecast_record.h - a forecast as it is stored: by codes, in whole minor units, with the parts it
 * is made of, the single models behind it and what was fitted. */
#ifndef CP_FORECAST_RECORD_H
#define CP_FORECAST_RECORD_H

#include "models/demand/demand_parts.h"
#include "models/demand/fit_values.h"

/* One day of a point's flow. mean = level * week * calendar * event * rest. */
typedef struct cp_forecast_cell {
    cp_minor mean_minor;
    cp_minor quantile_minor[CP_N_QUANTILES];
    cp_minor override_minor; /* of the mean: what planners' overrides added */
    double level_minor, week, calendar, event, rest;
} cp_forecast_cell;

/* A point's flow; its days begin at cell[row * n_days]. */
typedef struct cp_forecast_row {
    const char *point_code;
    cp_flow flow;
    bool from_segment;
    double score; /* as in demand_parts.h; NAN = too little history */
    int32_t n_origins;
    int32_t n_singles;
    cp_forecast_single *single;
} cp_forecast_row;

typedef struct cp_forecast_record {
    int64_t forecast_id; /* 0 = not stored */
    int64_t fitted_by;   /* forecast whose fitted values were taken; 0 = fitted anew */
    cp_day first_day;
    int32_t n_days;
    cp_day history_from, history_to; /* days known; CP_DAY_NONE = none */
    const char *method;              /* settings of the method, as words */
    uint64_t seed;
    int64_t work; /* counted, see cp_forecast_work; 0 = not counted */
    int32_t n_repaired;
    uint64_t input_hash; /* of network and history */
    const char *version, *made_by, *created_utc;
    int32_t n_rows;
    cp_forecast_row *row; /* by point code, withdrawals first */
    cp_forecast_cell *cell;
    cp_fit *fit; /* NULL = none */
} cp_forecast_record;

/* Rows, cells and repairs of a finished forecast, in ctx->run; `plain` holds the means without
 * overrides, indexed as forecast->mean. The fields that tell of the run are the caller's to fill.
 */
cp_status cp_forecast_record_make(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                                  const double *plain, cp_forecast_record **out);

#endif

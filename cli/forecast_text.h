/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forecast_text.h - a forecast as CSV, JSON and a few lines. */
#ifndef CP_FORECAST_TEXT_H
#define CP_FORECAST_TEXT_H

#include <stdio.h>

#include "models/demand/forecast_record.h"

/* One row a point, flow and day; only: this point alone (NULL = all). */
void cp_forecast_csv(FILE *out, const cp_forecast_record *record, const char *only);
/* One row a point, flow and single model: weight and score. */
void cp_forecast_models_csv(FILE *out, const cp_forecast_record *record);
/* The whole record. */
void cp_forecast_json(FILE *out, const cp_forecast_record *record, const char *only);
/* Totals of the first days and how the models did, for a planner. */
void cp_forecast_print(const cp_forecast_record *record, int32_t exponent);

/* `path` ending in .csv: that file; else a folder (made when missing) with forecast.csv and
 * models.csv. Files are for the owner only. */
cp_status cp_forecast_write(cp_ctx *ctx, const cp_forecast_record *record, const char *path);

#endif

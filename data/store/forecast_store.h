/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forecast_store.h - forecasts in and out of the store. */
#ifndef CP_FORECAST_STORE_H
#define CP_FORECAST_STORE_H

#include <stdio.h>

#include "data/store/db.h"
#include "models/demand/forecast_record.h"

/* Save a forecast with everything that belongs to it in one transaction; its number goes to *id.
 * made_by is the database's user, created_utc now. Fitted values are kept of the latest forecast
 * that has any; those of earlier ones are removed. keep > 0: of all forecasts only the latest
 * `keep` stay, and the one whose fitted values they use. */
cp_status cp_forecast_store_save(cp_ctx *ctx, cp_db *db, const cp_forecast_record *record,
                                 int32_t keep, int64_t *id);

/* Forecast `id` (0 = the latest; CP_E_INPUT when there is none) without its fitted values, in
 * ctx->run and in a read transaction of its own. CP_E_IO where rows cannot be those of a forecast.
 */
cp_status cp_forecast_store_load(cp_ctx *ctx, cp_db *db, int64_t id, cp_forecast_record **out);

/* The fitted values of the latest forecast that has any, sorted, and its number; *out NULL and *id
 * 0 when there are none. */
cp_status cp_forecast_store_fit(cp_ctx *ctx, cp_db *db, cp_fit **out, int64_t *id);

/* Everything but numbers, names of people and times as text: equal forecasts give equal bytes.
 * CP_E_IO when `out` cannot be written. */
cp_status cp_forecast_store_dump(cp_ctx *ctx, const cp_forecast_record *record, FILE *out);

#endif

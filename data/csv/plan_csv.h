/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_csv.h - a stored plan as tables for spreadsheets (RFC 4180, UTF-8, one header line).
 *
 * Amounts are whole minor units; days are ISO dates, times "HH:MM". */
#ifndef CP_PLAN_CSV_H
#define CP_PLAN_CSV_H

#include "data/json/dispatch_json.h"

typedef cp_status cp_plan_csv_fn(cp_ctx *ctx, const cp_export_plan *ex, const char *path);

/* One row a visit, route, limit and day, cost item and policy. */
cp_plan_csv_fn cp_visits_csv_write;
cp_plan_csv_fn cp_routes_csv_write;
cp_plan_csv_fn cp_limits_csv_write;
cp_plan_csv_fn cp_pool_csv_write; /* where the cassettes of vaults are, plan_pool.h */
cp_plan_csv_fn cp_cost_csv_write;

/* The packing list of a vault and day. */
cp_status cp_packing_csv_write(cp_ctx *ctx, const cp_export_plan *ex, int32_t t, int32_t vault,
                               const char *path);

/* Code of what a limit is about (cassette model, denomination, point); "" when it has none. */
const char *cp_limit_item_code(const cp_network *net, const cp_plan_limit *limit);

#endif

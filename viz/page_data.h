/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page_data.h - everything the page of a plan shows, as compact JSON (schema cashplan.page/1). */
#ifndef CP_PAGE_DATA_H
#define CP_PAGE_DATA_H

#include "data/json/dispatch_json.h"
#include "data/json/run_json.h"
#include "models/plan/plan_diff.h"

/* Road links above this number are left out of the page's map, slowest and shortest first, and the
 * page says how many. */
#define CP_PAGE_ROADS_MAX 60000

/* The plan before and what changed since; plan_id as stored. */
typedef struct cp_page_before {
    int64_t plan_id;
    const cp_plan_diff *diff;
} cp_page_before;

/* Write the document; `before` may be NULL (there is no plan to compare with). With `html` every
 * '<' is escaped so that it may stand in a script element. */
cp_status cp_page_data_write(cp_ctx *ctx, const cp_export_plan *ex, const cp_run_info *info,
                             const cp_page_before *before, bool html, cp_outfile *out);

/* Parts in files of their own. */
void cp_page_write_network(cp_json *json, const cp_export_plan *ex);
void cp_page_write_pins(cp_json *json, const cp_export_plan *ex);
void cp_page_write_changes(cp_json *json, const cp_export_plan *ex, const cp_page_before *before);
/* The figures of single points among record->kpis, one column a figure, one cell a point. */
cp_status cp_page_write_service(cp_ctx *ctx, cp_json *json, const cp_export_plan *ex);
bool cp_page_is_point_kpi(const cp_kpi *kpi);
cp_status cp_page_write_roads(cp_ctx *ctx, cp_json *json, const cp_network *net);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dispatch_json.h - what dispatch teams read: routes with stops and tasks, packing lists.
 *
 * Schemas cashplan.dispatch/1 and cashplan.packing/1 in data/json/schema. Amounts are whole minor
 * units of the currency named in the head, times are "HH:MM" of the day (24:00 and later: of the
 * next day). No creation times, run numbers or persons: equal plans give equal bytes.
 * How alike the day's routes are with earlier ones (models/route/likeness.h) is the number with the
 * count of days compared, nothing else. */
#ifndef CP_DISPATCH_JSON_H
#define CP_DISPATCH_JSON_H

#include "data/json/json_out.h"
#include "data/json/packing.h"
#include "data/json/plan_index.h"

/* A stored plan as the exports read it. */
typedef struct cp_export_plan {
    const cp_network *net;
    const cp_plan *plan;
    const cp_record *record;
    cp_plan_index index;
    cp_packing packing;
} cp_export_plan;

/* Index and packing lists of a plan; lives in ctx->run. */
cp_status cp_export_plan_make(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                              const cp_record *record, cp_export_plan *out);

/* Members that every export begins with: schema, bank, currency, plan and its status. */
void cp_json_export_head(cp_json *json, const cp_export_plan *ex, const char *schema);

/* One file with the routes of day t; route >= 0: that route alone. */
cp_status cp_dispatch_write(cp_ctx *ctx, const cp_export_plan *ex, int32_t t, int32_t route,
                            const char *path);

/* The packing lists of a vault and day by departure, and what goes with branches' own deliveries.
 */
cp_status cp_packing_write(cp_ctx *ctx, const cp_export_plan *ex, int32_t t, int32_t vault,
                           const char *path);

#endif

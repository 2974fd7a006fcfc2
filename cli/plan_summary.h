/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_summary.h - a plan in a few lines, for people or as JSON. */
#ifndef CP_PLAN_SUMMARY_H
#define CP_PLAN_SUMMARY_H

#include <stdio.h>

#include "models/plan/record.h"

/* The lines a planner reads first: visits, routes, service, cost, proof, what one more of each
 * limit would save, notes. Fails for want of memory alone. */
cp_status cp_plan_summary_print(cp_ctx *ctx, FILE *out, const cp_network *net, const cp_plan *plan,
                                const cp_record *record);

/* The same figures as one JSON object on one line. */
cp_status cp_plan_summary_json(cp_ctx *ctx, FILE *out, const cp_network *net, const cp_plan *plan,
                               const cp_record *record, int64_t plan_id);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_store.h - plans with their run records, in and out of the store.
 *
 * Plans are kept by codes, not by dense indexes, so that they survive changes of the network. */
#ifndef CP_PLAN_STORE_H
#define CP_PLAN_STORE_H

#include "data/store/db.h"
#include "models/plan/record.h"

/* Save a plan with everything in its record, in one transaction; *plan_id is its number. */
cp_status cp_plan_store_save(cp_ctx *ctx, cp_db *db, const cp_network *net, const cp_plan *plan,
                             const cp_record *record, int64_t *plan_id);

typedef struct cp_stored_plan {
    int64_t plan_id;
    const char *created_utc; /* 2026-11-23T18:05:09Z */
    const char *approved_by; /* "" = by nobody yet */
    cp_plan *plan;
    cp_record *record;
    cp_network *net;     /* built from the rows in force for the plan's first day and horizon */
    const char *made_by; /* who ran the plan */
} cp_stored_plan;

/* Load plan `plan_id`, or the latest that was not refused when it is 0. Everything is in ctx->run.
 * CP_E_INPUT when there is no such plan, or when a code it uses is gone from the network. */
cp_status cp_plan_store_load(cp_ctx *ctx, cp_db *db, int64_t plan_id, cp_stored_plan **out);

/* Number of the latest plan with this first day (CP_DAY_NONE: any) that was not refused; 0: none.
 */
cp_status cp_plan_store_latest(cp_ctx *ctx, cp_db *db, cp_day first_day, int64_t *plan_id);

/* Number of the latest plan before `plan_id` that was not refused and shares a day with it; 0:
 * none. */
cp_status cp_plan_store_before(cp_ctx *ctx, cp_db *db, int64_t plan_id, int64_t *before);

/* One line of the list of plans, newest first. */
typedef struct cp_plan_head {
    int64_t plan_id;
    const char *created_utc, *made_by, *approved_by, *policy;
    cp_day first_day;
    int32_t n_days;
    cp_plan_status status;
    cp_minor total_minor;
} cp_plan_head;
cp_status cp_plan_store_list(cp_ctx *ctx, cp_db *db, cp_plan_head **out, int32_t *n);

/* proposed (with relief or not) -> approved by `who`, with an audit row. CP_E_INPUT when `who` made
 * the plan, or its status is another one. */
cp_status cp_plan_store_approve(cp_ctx *ctx, cp_db *db, int64_t plan_id, const char *who);

/* Stable names of the status: refused, proposed, proposed_with_relief, approved, ... */
const char *cp_plan_status_name(cp_plan_status status);

#endif

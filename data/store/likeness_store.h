/* SPDX-License-Identifier: GPL-3.0-or-later */
/* likeness_store.h - routes of earlier days out of the stored plans, and how alike a plan's routes
 * are with them, in and out of the store. */
#ifndef CP_LIKENESS_STORE_H
#define CP_LIKENESS_STORE_H

#include "data/store/db.h"
#include "models/plan/plan.h"

/* The routes of the n_days days before net->first_day, t = -n_days .. -1, each of the plan that was
 * in force that day: among the approved, released, executed and closed ones that reach it the one
 * that began last (of these the one with the greatest number). Sites and vaults that are gone from
 * the network are left out. In ctx->run; in a read transaction of its own. */
cp_status cp_drives_load(cp_ctx *ctx, cp_db *db, const cp_network *net, int32_t n_days,
                         cp_drives **out);

/* The same for the input hash of a plan: sites by code, so that it is the same for equal routes. */
uint64_t cp_drives_hash(uint64_t start, const cp_network *net, const cp_drives *drives);

/* The rows plan->likeness of plan `plan_id`, inside the transaction of the caller. */
cp_status cp_likeness_save(cp_ctx *ctx, cp_db *db, int64_t plan_id, const cp_network *net,
                           const cp_plan *plan);
cp_status cp_likeness_load(cp_ctx *ctx, cp_db *db, int64_t plan_id, const cp_network *net,
                           cp_plan *plan);

#endif

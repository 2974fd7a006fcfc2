/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bound_store.h - the bounds of a plan's routes in and out of the store. */
#ifndef CP_BOUND_STORE_H
#define CP_BOUND_STORE_H

#include "data/store/db.h"
#include "models/plan/plan.h"

/* The rows plan->bounds of plan `plan_id`, inside the transaction of the caller. Loading fails
 * with CP_E_IO where a row cannot be one of the plan (other programs may have written anything). */
cp_status cp_bounds_save(cp_ctx *ctx, cp_db *db, int64_t plan_id, const cp_network *net,
                         const cp_plan *plan);
cp_status cp_bounds_load(cp_ctx *ctx, cp_db *db, int64_t plan_id, const cp_network *net,
                         cp_plan *plan);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* price_store.h - what the limits were worth in the plan before, for a rolling plan to start from.
 */
#ifndef CP_PRICE_STORE_H
#define CP_PRICE_STORE_H

#include "data/store/db.h"
#include "models/plan/limit_price.h"

/* Of the latest plan that was not refused, begins before `day` and still reaches it (the greatest
 * first day, then the greatest number); plan_id 0 when there is none. Plans that begin on `day` or
 * later do not count, so that planning a day again starts as it did the first time. Lives in
 * ctx->run. */
cp_status cp_price_store_before(cp_ctx *ctx, cp_db *db, cp_day day, cp_limit_prices **out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* each.h - the same done once for each of many items; by whom is the caller's choice.
 *
 * Code of the models does its items in turn unless it is given something that shares them out to
 * threads (solver/run/point_jobs.h). The result does not depend on which. */
#ifndef CP_EACH_H
#define CP_EACH_H

#include "models/base/ctx.h"

/* Do it for one item: reads `shared`, writes slots of its own item. Memory that these point to
 * comes from ctx->run; ctx->scratch is rewound after each item. */
typedef cp_status cp_item_fn(cp_ctx *ctx, int32_t item, const void *shared);

/* fn for items 0..n-1, in any order. `stage` names them in the progress. CP_E_STOPPED once the user
 * asks to stop; of several failures that of the lowest item. */
typedef cp_status cp_each_fn(cp_ctx *ctx, int32_t n, cp_item_fn *fn, const void *shared,
                             const char *stage);

/* One after the other in the calling thread. */
cp_status cp_each_in_turn(cp_ctx *ctx, int32_t n, cp_item_fn *fn, const void *shared,
                          const char *stage);

#endif

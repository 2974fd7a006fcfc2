/* SPDX-License-Identifier: GPL-3.0-or-later */
/* road_store.h - shortest times over the road graph, computed once and kept in the database. */
#ifndef CP_ROAD_STORE_H
#define CP_ROAD_STORE_H

#include "data/store/db.h"
#include "models/net/roads.h"

/* Replace the kept legs by these in one transaction; `legs` as cp_network_roads makes them (with
 * codes). On failure the legs kept before are still there. */
cp_status cp_roads_save(cp_ctx *ctx, cp_db *db, const cp_road_legs *legs);

/* The kept legs without the codes (see roads.h) in ctx->run; *out is NULL when none are kept, or
 * when their number is not the one noted (then they are of no use). */
cp_status cp_roads_load(cp_ctx *ctx, cp_db *db, cp_road_legs **out);

/* Hash of the inputs of the kept legs; *any is false when none are kept. */
cp_status cp_roads_stored(cp_ctx *ctx, cp_db *db, bool *any, uint64_t *hash);

/* cp_network_build with the kept legs, for rows of this database. */
cp_status cp_roads_build(cp_ctx *ctx, cp_db *db, const cp_rows *rows, cp_day first_day,
                         int32_t n_days, cp_network **out, cp_day **balance_day);

#endif

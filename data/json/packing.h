/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packing.h - what a vault packs for every departure: cassettes by model and denomination, notes.
 */
#ifndef CP_PACKING_H
#define CP_PACKING_H

#include "data/json/json_out.h"
#include "data/json/plan_index.h"

/* One line of a packing list. Rows of one departure follow each other. */
typedef struct cp_packing_row {
    int32_t t, vault, route, trip;
    int32_t depart_min;
    int32_t cassette_model; /* -1: notes outside cassettes (add-cash, branches) */
    int32_t denomination;
    cp_role role; /* of the cassettes; deposit cassettes go out empty */
    int32_t cassettes;
    int64_t notes;
} cp_packing_row;

typedef struct cp_packing {
    cp_packing_row *rows; /* sorted by (t, vault, depart, route, trip, model, denomination, role);
                             loose notes last in a departure */
    int32_t n_rows;
} cp_packing;

/* Notes in whole bundles, whole straps and single notes. */
typedef struct cp_bundled {
    int64_t bundles, straps, notes;
} cp_bundled;
cp_bundled cp_bundle_notes(const cp_denomination *denom, int64_t notes);

/* Lists of all departures of the plan. Lives in ctx->run. */
cp_status cp_packing_make(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                          const cp_plan_index *index, cp_packing *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_mip.h - the replenishment of one vault as one integer program, exact and whole.
 *
 * A path of arcs over (day, mode) for every point, as in arcs.h; a stop variable for each day of a
 * site with several machines; the shared limits as rows with overtime and relief. This is the
 * strong (path) form of the lot-sizing model: no big M anywhere. It has some hundred columns a
 * point, so it is for small zones only: to know the true optimum there, and to hand the very same
 * problem to other solvers. */
#ifndef CP_ZONE_MIP_H
#define CP_ZONE_MIP_H

#include "models/mip/mip.h"
#include "solver/replenish/zone.h"

typedef struct cp_zone_mip_col {
    int32_t point; /* zone point; -1 = stops, overtime, relief */
    cp_step step;  /* of the point when the column is 1; t = -1: only the opening interval */
} cp_zone_mip_col;

/* Costs are minor units; shared rows are divided by their limit. The optimum is the least cost of a
 * plan but for the rounding of shared stops (half a unit each) and of paid overtime (half a unit a
 * row). *cols tells what each column means. Both live in `arena`. */
cp_status cp_zone_mip(cp_ctx *ctx, cp_arena *arena, const cp_zone *zone, cp_mip **out,
                      cp_zone_mip_col **cols);

/* The steps of a zone point in a solution x of the program, by day; at most n_days. */
void cp_zone_mip_steps(const cp_mip *mip, const cp_zone_mip_col *cols, const double *x,
                       int32_t point, cp_step *steps, int32_t *n_steps);

#endif

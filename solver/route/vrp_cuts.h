/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_cuts.h - what tightens the routes' relaxation where its solution is fractional. */
#ifndef CP_VRP_CUTS_H
#define CP_VRP_CUTS_H

#include "solver/route/vrp_master.h"

/* Neighbourhoods to begin with: the nearest `size` nodes by ticks and time, each its own. */
void cp_ng_first(const cp_relax *r, int32_t size, cp_node_set *ng);

/* Is the route one of those that the neighbourhoods allow? */
bool cp_ng_allows(const cp_vrp_master *m, const cp_column *c, const cp_node_set *ng);

/* Let neighbourhoods of at most `most` nodes forbid the cycles of routes in use; false when there
 * is none to forbid. Routes that are no longer allowed are forgotten. */
cp_status cp_ng_grow(cp_vrp_master *m, int32_t most, cp_node_set *ng, bool *grown);

/* Add the most violated subset-row cuts of three nodes, at most `most`; *n = how many. */
cp_status cp_cuts_find(cp_vrp_master *m, int32_t most, int32_t *n);

#endif

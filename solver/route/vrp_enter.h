/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_enter.h - sets of nodes that the routes in use enter less often than they need. */
#ifndef CP_VRP_ENTER_H
#define CP_VRP_ENTER_H

#include "solver/route/vrp_master.h"

/* The least number of routes: by the seconds that the nodes' ways and services take and a day has.
 */
void cp_enter_routes(cp_vrp_master *m);

/* Add the most violated sets found, at most `most`; *n = how many. Sets grow node by node from each
 * node, always by the one that most of the set's ways lead to or come from. */
cp_status cp_enter_find(cp_vrp_master *m, int32_t most, int32_t *n);

#endif

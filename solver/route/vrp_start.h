/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_start.h - routes to begin with: savings between neighbours (Clarke, Wright, "Scheduling of
 * vehicles from a central depot to a number of delivery points", Operations Research 12, 1964). */
#ifndef CP_VRP_START_H
#define CP_VRP_START_H

#include "solver/route/vrp_state.h"

/* Where capacity is the only rule, vehicles are alike and ways the same in both directions: join
 * routes of single nodes end to end, the largest saving first, and drive them in the state, of
 * which all routes are empty. Nothing in other problems. What finds no vehicle stays out. */
cp_status cp_start_savings(cp_ctx *ctx, cp_state *s);

#endif

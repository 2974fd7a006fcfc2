/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_absent.h - finding room for all nodes that must be served, before cost counts.
 *
 * While one of them is left out, routes are accepted when those left out have been so more rarely
 * than those before: what is hard to place gets its room first, and the easy ones are moved round
 * it (the absences of Christiaens, Vanden Berghe 2020, section 5.4, there for a small fleet).
 * Annealing by cost alone may stay where one node is left out, because every way from there leaves
 * out two in between. So a search that has not found room by cost after a share of its work does so
 * for a while. */
#ifndef CP_VRP_ABSENT_H
#define CP_VRP_ABSENT_H

#include "solver/route/vrp_state.h"

typedef struct cp_absent {
    int64_t *times; /* n: how often a node was left out */
    bool done;      /* all were served once it looked, or it took too long */
} cp_absent;

/* In ctx->scratch. */
cp_status cp_absent_new(cp_ctx *ctx, const cp_dense *d, cp_absent *out);

/* In the iteration that begins: is anything left out that must be served and could be, and is it
 * time to look for its room? `share` of the search is over. */
bool cp_absent_seeks(cp_absent *a, const cp_state *s, double share);

/* Count what the iteration leaves out; may its routes stay? `limit` is the cost, ticks, below which
 * they may when the same nodes are left out. */
bool cp_absent_accepts(cp_absent *a, const cp_state *s, double limit);

#endif

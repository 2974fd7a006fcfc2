/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_polish.h - local search on the routes that an iteration changed: tails exchanged, stretches
 * turned round, single stops exchanged with each at its best place in the other's route (SWAP*;
 * Vidal, "Hybrid genetic search for the CVRP: open-source implementation and SWAP* neighborhood",
 * Computers & Operations Research 140, 2022).
 *
 * Ruin and recreate moves strings of about ten stops; these moves change the order of any number
 * of stops at once, or exchange stops for which no greedy insertion has room. Between vertices near
 * each other (granular, Toth and Vigo 2003), at first by arcs in O(1); what would be shorter is
 * driven with every rule and counted, and taken back if it is not allowed or not cheaper. Only
 * vertices of routes that changed are looked at. */
#ifndef CP_VRP_POLISH_H
#define CP_VRP_POLISH_H

#include "solver/route/vrp_state.h"

/* A place for a stop in another route. */
typedef struct cp_polish_place {
    int64_t longer; /* arcs */
    int32_t after;  /* -1 = none */
} cp_polish_place;

/* The cheapest three: two of them can be gone with the stop that leaves. */
typedef struct cp_polish_places {
    cp_polish_place best[3];
} cp_polish_places;

typedef struct cp_polish {
    bool any_order; /* no windows of nodes, one way as long as the other: routes may turn round */
    int32_t n_near; /* neighbours of each vertex */
    int32_t *queue; /* n_routes: to be looked at */
    uint8_t *state; /* n_routes: in the queue, in `changed` */
    int32_t *changed, n_changed; /* routes of the last call: given, and changed by it */
    int32_t *first, *second;     /* n: new orders of two routes */
    cp_polish_places *places;    /* n */
} cp_polish;

/* In ctx->scratch. */
cp_status cp_polish_new(cp_ctx *ctx, const cp_dense *d, cp_polish *out);

/* Make the routes of the present journal cheaper, if possible, and those that gain with them. The
 * journal is spent: cp_state_begin is called inside. */
void cp_polish_run(cp_polish *p, cp_state *s, bool swaps);

#endif

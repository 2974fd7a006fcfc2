/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_assign.h - plans in which every client has one site, looked for near good ones.
 *
 * The plan at hand may put more on a site than it holds; what is too much has a price that rises
 * while plans are seldom allowed and falls while they mostly are (Cordeau, Gendreau, Laporte, "A
 * tabu search heuristic for periodic and multi-depot vehicle routing problems", Networks 30, 1997).
 * A round takes the clients out of a few sites near each other, opens, closes or exchanges some of
 * these sites, puts the clients back one after the other where they cost least, and mends what it
 * touched by moving clients, exchanging two, and moving a whole zone to another site (ruin and
 * recreate: Schrimpf et al., "Record breaking optimization results using the ruin and recreate
 * principle", J. Comput. Phys. 159, 2000). A round that costs more is kept with a chance that falls
 * as the search cools; it warms up again at the best plan, each time for twice as many rounds. */
#ifndef CP_SITE_ASSIGN_H
#define CP_SITE_ASSIGN_H

#include "models/base/rng.h"
#include "models/mip/siting.h"

typedef struct cp_site_assign cp_site_assign;

/* Room for plans of `s`, in ctx->scratch. CP_E_INPUT where the problem has no capacities. */
cp_status cp_site_assign_new(cp_ctx *ctx, const cp_siting *s, cp_site_assign **out);

/* Begin with these sites (NULL: made) and this service (NULL: made); a client whose server is not
 * open, or not allowed, is served anew. duty is kept, and the count as far as sites allow. What was
 * found before stays the best plan if it is cheaper. */
void cp_site_assign_set(cp_site_assign *w, const uint8_t *open, const int32_t *server);

/* `rounds` more rounds. Ends early with ctx and at `until_s` on the clock of cp_cpu_s(). The same
 * rounds from the same start are the same, in one call or in several. */
void cp_site_assign_search(const cp_ctx *ctx, cp_site_assign *w, cp_rng *rng, int64_t rounds,
                           double until_s);

/* Fixed costs, service and prices of the clients left, of the best allowed plan so far; INFINITY
 * while there is none. */
double cp_site_assign_cost(const cp_site_assign *w);
const uint8_t *cp_site_assign_open(const cp_site_assign *w);
const int32_t *cp_site_assign_server(const cp_site_assign *w);

#endif

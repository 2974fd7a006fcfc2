/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_room.h - plans with capacities and split service, improved by opening, closing and
 * exchanging sites; every trial is priced by the transportation (site_flow.h) and taken back when
 * it is no better. */
#ifndef CP_SITE_ROOM_H
#define CP_SITE_ROOM_H

#include "models/base/rng.h"
#include "models/mip/siting.h"

typedef struct cp_site_room cp_site_room;

/* In ctx->scratch. */
cp_status cp_site_room_new(cp_ctx *ctx, const cp_siting *s, cp_site_room **out);

/* Begin with these sites; more open, those with most room a unit of cost first, while some demand
 * has none. duty and counts are kept. */
void cp_site_room_set(cp_site_room *w, const uint8_t *open);

/* Closes every site that does not pay for itself. */
void cp_site_room_prune(cp_site_room *w);

/* `rounds` random openings, closings and exchanges, each kept if it does not cost more. Ends early
 * with ctx and at `until_s` on the clock of cp_cpu_s(). */
void cp_site_room_shake(const cp_ctx *ctx, cp_site_room *w, cp_rng *rng, int32_t rounds,
                        double until_s);

/* Fixed costs and service; INFINITY while some demand has no room or the count is not met. */
double cp_site_room_cost(const cp_site_room *w);
const uint8_t *cp_site_room_open(const cp_site_room *w);
void cp_site_room_shares(const cp_site_room *w, double *share);

#endif

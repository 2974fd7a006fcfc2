/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_room.h - plans with capacities and split service, improved by opening, closing and
 * exchanging sites.
 *
 * The duals of the transportation (cp_site_rates of site_flow.h) tell for every change the most
 * that it can save: opening j no more than its best room-full of pay - unit cost, closing r no less
 * than what its clients pay elsewhere and its room's rent, both together what j gives back of that
 * (the gain, loss and correction of Resende, Werneck, Annals of Operations Research 150, 2007, with
 * rents for scarce room). The few changes that promise most are carried out and priced by the
 * transportation, and taken back when they save nothing; where none is left that could, no single
 * change helps. Out of there: a few random exchanges near a client each, and down again. */
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

/* Closes sites while there are too many, then every one that does not pay for itself. */
void cp_site_room_prune(cp_site_room *w);

/* `rounds` openings, closings and exchanges tried, down to a local optimum and from there on; ends
 * with the best plan seen. Ends early with ctx and at `until_s` on the clock of cp_cpu_s(). */
void cp_site_room_shake(const cp_ctx *ctx, cp_site_room *w, cp_rng *rng, int32_t rounds,
                        double until_s);

/* Fixed costs and service; INFINITY while some demand has no room or the count is not met. */
double cp_site_room_cost(const cp_site_room *w);
const uint8_t *cp_site_room_open(const cp_site_room *w);
void cp_site_room_shares(const cp_site_room *w, double *share);

#endif

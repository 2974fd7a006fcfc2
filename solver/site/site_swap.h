/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_swap.h - plans without capacities, improved by opening, closing and exchanging sites.
 *
 * Every client knows its nearest and second nearest open site; what opening a site saves, closing
 * one costs, and what both together correct is kept for all pairs and changed only for the clients
 * that a move touches (Resende, Werneck, "A fast swap-based local search procedure for location
 * problems", Annals of Operations Research 150, 2007). Out of a local optimum: a few random
 * exchanges near each other and down again, kept when no worse (iterated local search). */
#ifndef CP_SITE_SWAP_H
#define CP_SITE_SWAP_H

#include "models/base/rng.h"
#include "models/mip/siting.h"

typedef struct cp_site_swap cp_site_swap;

/* Room for plans of `s`, in ctx->scratch. Clients whom no open site reaches cost their price of
 * being left, or where they have none a price above every plan's cost. */
cp_status cp_site_swap_new(cp_ctx *ctx, const cp_siting *s, cp_site_swap **out);

/* Begin with these sites; the count is mended by the best single moves. duty is kept. */
void cp_site_swap_set(cp_site_swap *w, const uint8_t *open);

/* Best move after best move until none pays. Returns the moves made. */
int64_t cp_site_swap_descend(cp_site_swap *w);

/* `rounds` times: random exchanges, descend, keep if no worse. Ends early with ctx. */
void cp_site_swap_shake(const cp_ctx *ctx, cp_site_swap *w, cp_rng *rng, int32_t rounds);

double cp_site_swap_cost(const cp_site_swap *w);
const uint8_t *cp_site_swap_open(const cp_site_swap *w);

#endif

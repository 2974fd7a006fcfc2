/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arc_toy.h - invented arcs and zones small enough to try every plan. */
#ifndef CP_ARC_TOY_H
#define CP_ARC_TOY_H

#include "models/base/rng.h"
#include "solver/replenish/zone.h"

/* What a machine may have besides swaps. */
#define ARC_TOY_ADD 1
#define ARC_TOY_BRANCH 2  /* fills by the branch's staff */
#define ARC_TOY_PARTIAL 4 /* two partial swaps, on first and on later visits */
#define ARC_TOY_VARIETIES 8

/* Random arcs, about two per pair of days; variety: bits ARC_TOY_... */
cp_status arc_toy_make(cp_ctx *ctx, cp_rng *rng, int32_t n_days, int32_t variety, cp_arcs **out);

/* Its tables anew; behind the entries of each, where no search looks, stand all arcs of its list,
 * so that a plan may name those that are left out as well. */
cp_status arc_toy_tables(cp_ctx *ctx, cp_arcs *arcs);
/* The list of all arcs of a way (1 + way) or of any visits (0); its arc i is entry *at + i. */
const cp_arc_list *arc_toy_list(const cp_arcs *arcs, int32_t first_add, int32_t *at);

/* One whole plan of a point. */
typedef struct toy_plan {
    cp_step *steps;
    int32_t n;
} toy_plan;

/* Every plan of the arcs, by exhaustive search. */
cp_status arc_toy_all_plans(cp_ctx *ctx, const cp_arcs *arcs, toy_plan **out, int32_t *n);

/* A zone of n_sites sites with the given numbers of points, over one network-less vault, with a
 * stops row and a value row on every day. */
cp_status arc_toy_zone(cp_ctx *ctx, cp_rng *rng, int32_t n_days, int32_t n_sites,
                       const int32_t *n_points, cp_zone **out);

/* Notes of the first days become scarce: rows of one denomination on `early` days, of which every
 * machine loads all its notes. Sets the zone's network to *net and fills what it needs there. */
cp_status arc_toy_stock(cp_ctx *ctx, cp_rng *rng, int32_t early, cp_network *net, cp_zone *zone);

/* Exact cost of a joint plan of a zone: points, stops and rows (plans by zone point). */
cp_minor arc_toy_zone_cost(const cp_zone *zone, const toy_plan *plans);

#endif

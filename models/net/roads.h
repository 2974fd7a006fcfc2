/* SPDX-License-Identifier: GPL-3.0-or-later */
/* roads.h - shortest times over the road graph between the stops of a network: made once, kept in
 * the store, taken from there as long as what they were made from is the same. */
#ifndef CP_ROADS_H
#define CP_ROADS_H

#include "models/net/network.h"

/* The legs between every two different stops that share a block (see cp_travel), in byte order of
 * (code of from, code of to); of a site and a vault with one code the site comes first. */
typedef struct cp_road_legs {
    uint64_t inputs;       /* cp_roads_hash of the network they were made for */
    int64_t n;             /* legs */
    const double *seconds; /* not rounded, overload_factor not applied; -1 = no way */
    const int32_t *metres; /* along the quickest way; -1 = no way */
    /* Which stops they join; NULL in legs read from the store: the hash tells that they are those
     * of the network. */
    int32_t n_stops;
    const char *const *code; /* of every stop, in byte order */
    const int64_t *first;    /* n_stops + 1: legs first[i] to first[i + 1] start at stop i */
    const int32_t *to;       /* stop at the end of every leg */
} cp_road_legs;

/* A hash of everything the legs hang on: nodes, links, setting road_speed_kmh, sites (after equal
 * ones were merged), vaults, and which of them share a block. net->travel must be laid out. */
uint64_t cp_roads_hash(const cp_network *net);

/* Makes the legs by Dijkstra's method from every stop; a stop starts from its road_node_code or
 * from the nearest node, joined to it by a straight connector at road_speed_kmh. net->travel must
 * be laid out and there must be a node. They live in `arena`. */
cp_status cp_roads_make(cp_ctx *ctx, cp_arena *arena, const cp_network *net, cp_road_legs *out);

/* The stops of net in the order of the legs (n_sites + n_vaults of them, in `arena`). */
cp_status cp_roads_order(cp_ctx *ctx, cp_arena *arena, const cp_network *net, int32_t **out);

/* True when two different stops share a block, so that there is a leg from one to the other. */
static inline bool cp_roads_joins(const cp_network *net, int32_t a, int32_t b)
{
    const int32_t ka = net->travel.block[a], kb = net->travel.block[b];
    return a != b && (ka < 0 || kb < 0 || ka == kb);
}

#endif

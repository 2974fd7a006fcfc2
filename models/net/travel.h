/* SPDX-License-Identifier: GPL-3.0-or-later */
/* travel.h - seconds and metres between stops: observed pairs, a road graph, or great circle. */
#ifndef CP_TRAVEL_H
#define CP_TRAVEL_H

#include "models/net/roads.h"

/* Networks of at most this many stops are one block: then every pair is stored. */
#define CP_TRAVEL_ONE_BLOCK_MAX 2000
/* Observed pairs needed to fit minutes = a * km^b. */
#define CP_TRAVEL_FIT_MIN 30

/* Where a stop is: a site, or the vault stop - n_sites. */
typedef struct cp_spot {
    double lat, lon;
} cp_spot;
static inline cp_spot cp_stop_place(const cp_network *net, int32_t stop)
{
    if (stop < net->n_sites) return (cp_spot){net->sites[stop].lat_deg, net->sites[stop].lon_deg};
    const cp_vault *v = &net->vaults[stop - net->n_sites];
    return (cp_spot){v->lat_deg, v->lon_deg};
}

/* Fills net->travel; sites, vaults, settings, road rows of net are sorted and indexed already.
 * pair_from[i] and pair_to[i] are the stops of rows.travel_pair[i] (NULL without such rows). A pair
 * takes the first of these that it has:
 *   observed  its travel_pair row (of two that fall on one pair of merged sites the quicker)
 *   roads     where road nodes are given: its leg over the road graph (roads.h), from `stored`
 *             when that fits, else made anew; no way = unreachable
 *   law       minutes = a * km^b of the great circle: from the settings, or least squares on the
 *             logarithms of at least CP_TRAVEL_FIT_MIN observed pairs; estimated
 *   circle    great circle x circle_factor at circle_speed_kmh; estimated
 * net->travel.roads tells what became of `stored`, which may be NULL.
 * Times are whole seconds, rounded up, times overload_factor (and estimate_factor where estimated).
 * A metre figure that is not given is estimated; this alone does not make the pair estimated. */
cp_status cp_travel_build(cp_ctx *ctx, cp_network *net, const int32_t *pair_from,
                          const int32_t *pair_to, const cp_road_legs *stored);

/* Only which stops share a block: what roads.h needs of net->travel. */
cp_status cp_travel_lay_out(cp_ctx *ctx, cp_network *net);

/* A travel table of one block from full row-major n x n arrays (n = n_sites + n_vaults, which net
 * must hold already); metres and estimated may be NULL. The arrays are copied. */
cp_status cp_travel_set(cp_ctx *ctx, cp_network *net, const int32_t *seconds, const int32_t *metres,
                        const uint8_t *estimated);

/* Directed graph in rows by start node, for shortest paths. */
typedef struct cp_graph {
    int32_t n_nodes;
    const int32_t *first; /* n_nodes + 1 */
    const int32_t *to;
    const double *seconds, *metres;
} cp_graph;

/* Road graph of the rows' nodes and links (links with -1 ends are left out). */
cp_status cp_graph_of_roads(cp_ctx *ctx, cp_arena *arena, const cp_network *net, cp_graph *out);

/* Shortest times from `start` (Dijkstra 1959, binary heap); seconds is INFINITY where there is no
 * way; metres are those along the quickest way. Both hold n_nodes. */
cp_status cp_graph_shortest(cp_ctx *ctx, const cp_graph *graph, int32_t start, double *seconds,
                            double *metres);

/* a and b of minutes = a * km^b by least squares on logarithms; false when n < CP_TRAVEL_FIT_MIN
 * usable pairs (km and minutes above 0), all at one distance, or b is not in (0, 2]. */
bool cp_travel_fit(const double *km, const double *minutes, int64_t n, double *a, double *b);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* siting.h - which vaults to open and whom they serve, as plain data; needs no solver.
 *
 * Sets        j candidate sites of a vault, i clients (sites to serve), A the allowed pairs (i, j):
 *             within the service radius, reachable, not forbidden
 * Variables   open[j] in {0,1}      a vault stands at j
 *             serve[i,j] >= 0       share of client i that j serves; whole if `single`
 *             left[i] in {0,1}      client i is served by nobody, where that has a price
 * Minimise    sum_j fixed[j] open[j] + sum_A cost[i,j] serve[i,j] + sum_i leave[i] left[i]
 * Subject to  assign[i]  sum_j serve[i,j] + left[i] = 1
 *             link[i,j]  serve[i,j] <= open[j]
 *             room[j]    sum_i demand[i] serve[i,j] <= capacity[j] open[j]
 *             count      least_open <= sum_j open[j] <= most_open
 *             duty       open[j] = 1 or = 0 where the site must or may not be open
 *
 * One form for many questions:
 *   uncapacitated, capacitated, single-source location   as it stands (demand NULL: no room rows)
 *   p-median            fixed = 0, least_open = most_open = p; with a radius: A is what lies within
 *   set covering        fixed = 1, cost = 0, A within the radius: the least number of vaults
 *   maximal covering    fixed = 0, cost = 0, most_open = p, leave[i] = the client's weight
 *   p-center            the least radius for which the covering needs no more than p
 * (site_center.h)
 *
 * Costs are doubles: this is mathematics, not a plan's books. */
#ifndef CP_SITING_H
#define CP_SITING_H

#include "models/base/ctx.h"

typedef enum cp_siting_duty { CP_SITING_FREE, CP_SITING_OPEN, CP_SITING_SHUT } cp_siting_duty;

typedef struct cp_siting {
    int32_t n_sites, n_clients;
    const double *fixed; /* [site], >= 0 */
    /* Allowed pairs, client by client: those of i are first[i] .. first[i + 1] - 1, ascending by
     * cost, each site at most once. Costs >= 0, of serving the whole client. */
    const int32_t *first; /* n_clients + 1 */
    const int32_t *arc_site;
    const double *arc_cost;
    const double *leave;    /* [client], > 0, INFINITY = must be served; NULL = all must */
    const double *demand;   /* [client], > 0; NULL = no capacities */
    const double *capacity; /* [site]; NULL together with demand */
    const uint8_t *duty;    /* [site] cp_siting_duty; NULL = all free */
    bool single;            /* a client has one vault */
    int32_t least_open, most_open;
} cp_siting;

/* Where a client stands in a plan that serves it from nowhere. */
#define CP_SITING_NOBODY (-1)

typedef struct cp_siting_plan {
    uint8_t *open;   /* [site] */
    int32_t *server; /* [client] site or CP_SITING_NOBODY; NULL where clients may be split */
    double *share;   /* [arc], where clients may be split; else NULL */
    double cost;
} cp_siting_plan;

/* Makes the lists of a client from a matrix: cost[site * n_clients + client]; a pair whose reach
 * (same layout, NULL = cost) is above `radius`, or whose cost is not finite, is not allowed. Sites
 * with duty SHUT are left out. first, arc_site and arc_cost of *siting are set, in ctx->run. */
cp_status cp_siting_arcs(cp_ctx *ctx, const double *cost, const double *reach, double radius,
                         cp_siting *siting);

/* CP_E_INPUT with what is wrong, where indexes, orders or numbers of the problem cannot be. */
cp_status cp_siting_valid(cp_ctx *ctx, const cp_siting *siting);

/* The largest q such that every cost of the problem is a whole multiple of q = 10^-k, k = 0..3;
 * 0 = none. With single or uncapacitated service a plan's cost is then a multiple of q, and so a
 * bound may be rounded up to the next one. */
double cp_siting_quantum(const cp_siting *siting);

/* The cheapest service from the open sites where there are no capacities: fills server and cost of
 * *plan, whose arrays are there. INFINITY where somebody who must be served is not. */
void cp_siting_serve_nearest(const cp_siting *siting, cp_siting_plan *plan);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_flow.h - who is served by which open site at the least cost, clients split where that pays.
 *
 * A transportation problem kept optimal while sites open and close. Clients come in one by one
 * along the cheapest chain of moves that ends at a site with room (successive shortest paths over
 * the sites alone: the way from a to b costs what the client that moves most cheaply from a to b
 * pays); a site that opens draws clients along chains that save; one that closes sends its clients
 * in again. Prices of sites keep all ways at 0 or more, so that chains are found in ascending order
 * (Dijkstra) and the search ends at the first site with room; ways are kept and changed with the
 * client that comes or goes. Edmonds, Karp, Journal of the ACM 19, 1972; Ahuja, Magnanti, Orlin,
 * Network Flows, 1993, chapter 9.
 */
#ifndef CP_SITE_FLOW_H
#define CP_SITE_FLOW_H

#include "models/mip/siting.h"

typedef struct cp_site_flow cp_site_flow;

/* No site open, nobody served. In ctx->scratch. CP_E_INPUT where the problem has no capacities. */
cp_status cp_site_flow_new(cp_ctx *ctx, const cp_siting *s, cp_site_flow **out);

void cp_site_flow_open(cp_site_flow *f, int32_t site);
void cp_site_flow_close(cp_site_flow *f, int32_t site);

/* Cost of service with the sites as they are (fixed costs not counted); INFINITY while some demand
 * has no room within reach. */
double cp_site_flow_cost(const cp_site_flow *f);

/* Demand units that find no room. */
double cp_site_flow_missing(const cp_site_flow *f);

/* share[arc] of each client, as in cp_siting_plan. */
void cp_site_flow_shares(const cp_site_flow *f, double *share);

/* Duals of the transportation, all a unit of demand or room. Service costs
 *     sum_i demand[i] pay[i] - sum_j capacity[j] rent[j]
 * and, because these stay feasible when sites come and go, no less than that without site r once
 * the clients with who = r pay `next`; and opening j saves no more than the best room-full of
 * pay[i] - unit cost. */
typedef struct cp_site_rates {
    double *rent; /* [site] what a unit more room would save; 0 where there is room left */
    double *pay;  /* [client] cost at the best open site, rent included; INFINITY = none */
    double *next; /* [client] at the second best */
    int32_t *who; /* [client] the best one; -1 = none */
} cp_site_rates;
void cp_site_flow_rates(const cp_site_flow *f, cp_site_rates *out);

/* The clients that a site reaches, ascending; how many. */
typedef struct cp_site_reach {
    int32_t client;
    double unit; /* cost of a unit */
} cp_site_reach;
int32_t cp_site_flow_reach(const cp_site_flow *f, int32_t site, const cp_site_reach **out);

#endif

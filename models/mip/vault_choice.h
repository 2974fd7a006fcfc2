/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vault_choice.h - which vaults to run, in which size and when, and whom they serve: the analysts'
 * siting problem as plain data; needs no solver. It is siting.h with everything a study asks for.
 *
 * Sets        j sites of vaults, existing or candidate; o sizes, each of one site(o): room, cost
 *             i clients (sites to serve); l kinds of load (value, notes to sort, stops, ...)
 *             t periods, one after another; w what-ifs (demand, outages), weight[w] sums to 1
 *             A allowed pairs (i, j): within the service radius, reachable
 * Variables   run[o,t] in {0,1}       site(o) runs in size o in period t
 *             begin[o,t], end[j,t]    in {0,1}: size o begins, site j closes, with period t
 *             serve[i,j,t,w] >= 0     share of client i that j serves; whole if `single`
 *             via[i,o,t,w] >= 0       the same by size; only where unit costs differ by size
 *             left[i,t,w] >= 0        share of client i that nobody serves, where that has a price;
 *                                     whole if `single`
 * Minimise    sum_t years[t] sum_o run_cost[o] run[o,t] + sum_ot begin_cost[o] begin[o,t]
 *             + sum_jt end_cost[j] end[j,t] + Risk_w (service[w])
 *             service[w] = sum_t years[t] sum_i growth[t,w,i] ( sum_A cost[i,j] serve[i,j,t,w]
 *                          + sum_o unit_cost[o,l] load[i,l] via[i,o,t,w] + leave[i] left[i,t,w] )
 *             Risk = sum_w weight[w] . or, if `robust`, max_w .
 * Subject to  assign   sum_j serve[i,j,t,w] + left[i,t,w] = 1, where growth[t,w,i] > 0; a client
 *                      with growth 0 is not there: it is served by nobody and costs nothing
 *             size     y[j,t] := sum_{o of j} run[o,t] <= 1
 *             link     serve[i,j,t,w] <= y[j,t], and = 0 where j is out of service in w
 *             room     least[o,l] run <= sum_i growth[t,w,i] load[i,l] serve[i,j,t,w]
 *                                     <= room[o,l] run, summed over the sizes o of j
 *                      (`least` does not bind a site that is out of service)
 *             begin    begin[o,t] >= run[o,t] - run[o,t-1]; run[o,-1] = 1 where o = now[j]
 *             end      end[j,t] >= y[j,t-1] - y[j,t]; a site that closed stays closed, a site that
 *                      opened stays open: it changes between open and closed at most once
 *             count    least_open <= sum_j y[j,t] <= most_open
 *             group    least <= sum_{j of group} y[j,t] <= most (mutually exclusive: most = 1)
 *             duty     y[j,t] = 1 or = 0 where the site must or may not run
 *             reserve  sum_{j in near(i)} y[j,t] >= reserve for every client i with such a list:
 *                      the second-nearest vault within its radius, so that an outage is survived
 *             cover    sum_i cover_weight[i] covered[i,t] >= cover_floor * sum_i cover_weight[i],
 *                      covered[i,t] <= sum_{j in cover(i)} y[j,t], covered <= 1
 *             balance  in every period and what-if the largest zone is at most `balance` times the
 *                      smallest one, by load `balance_load`, among the sites that run and are not
 *                      out of service; 0 = no such rule
 *
 * Costs are doubles in minor units: this is mathematics, not a plan's books. */
#ifndef CP_VAULT_CHOICE_H
#define CP_VAULT_CHOICE_H

#include "models/mip/siting.h"

/* Lists of sites by client: those of i are site[first[i]] .. site[first[i + 1] - 1], ascending. */
typedef struct cp_site_lists {
    const int32_t *first; /* n_clients + 1; NULL = no lists */
    const int32_t *site;
} cp_site_lists;

/* A rule on how many of some sites run at once. */
typedef struct cp_site_group {
    const int32_t *site;
    int32_t n, least, most;
} cp_site_group;

typedef struct cp_vault_choice {
    int32_t n_sites, n_sizes, n_clients, n_loads, n_periods, n_what_ifs;
    /* Sizes, those of one site together, ascending by site. */
    const int32_t *size_site; /* [size] */
    const double *run_cost;   /* [size] a year */
    const double *begin_cost; /* [size] once: building, or changing to this size; NULL = 0 */
    const double *unit_cost;  /* [size * n_loads + load] a year and unit of load; NULL = 0 */
    const double *room;       /* [size * n_loads + load]; INFINITY = any */
    const double *least;      /* [size * n_loads + load]; NULL = 0 */
    const double *end_cost;   /* [site] once, below 0 where closing brings money in; NULL = 0 */
    const int32_t *now;       /* [site] the size it has today, -1 = it does not run; NULL = none */
    const uint8_t *duty;      /* [period * n_sites + site] cp_siting_duty; NULL = all free */
    /* Allowed pairs as in siting.h; cost of serving the whole client for a year at growth 1. */
    const int32_t *first, *arc_site;
    const double *arc_cost;
    const double *leave;  /* [client] a year, >= 0, INFINITY = must be served; NULL = all must */
    const double *load;   /* [client * n_loads + load] at growth 1; NULL with n_loads 0 */
    const double *years;  /* [period] length, discounted; > 0 */
    const double *growth; /* [(period * n_what_ifs + what_if) * n_clients + client]; NULL = 1 */
    const double *weight; /* [what_if]; NULL with one */
    const uint8_t *out;   /* [what_if * n_sites + site] out of service; NULL = none */
    bool single, robust;
    int32_t least_open, most_open;
    const cp_site_group *groups;
    int32_t n_groups;
    cp_site_lists near; /* clients with an empty list of their own have no such rule */
    int32_t reserve;    /* 0 = no such rule */
    cp_site_lists cover;
    const double *cover_weight; /* [client] */
    double cover_floor;         /* 0 = no such rule; 1 = all that can be covered must be */
    double balance;             /* >= 1; 0 = no such rule */
    int32_t balance_load;
} cp_vault_choice;

/* A choice and whom it serves, priced. Arrays as long as told; `state` = period * n_what_ifs +
 * what-if. */
typedef struct cp_vault_plan {
    int32_t *size;     /* [period * n_sites + site] size, -1 = does not run */
    int32_t *server;   /* [state * n_clients + client] site or CP_SITING_NOBODY, if `single` */
    double *share;     /* [state * n_arcs + arc], if not `single` */
    double run_cost;   /* sum of years * run_cost */
    double begin_cost; /* once */
    double end_cost;   /* once */
    double *service;   /* [what_if] with leave; made in ctx->run by the check where NULL */
    double cost;       /* the objective */
} cp_vault_plan;

/* CP_E_INPUT with what is wrong, where indexes, orders or numbers of the problem cannot be. */
cp_status cp_vault_choice_valid(cp_ctx *ctx, const cp_vault_choice *c);

/* Numbers of the problem where arrays may be NULL. */
double cp_vault_growth(const cp_vault_choice *c, int32_t state, int32_t client);
bool cp_vault_is_out(const cp_vault_choice *c, int32_t what_if, int32_t site);
cp_siting_duty cp_vault_duty(const cp_vault_choice *c, int32_t period, int32_t site);
/* The size the site has before the first period, -1 = it does not run. */
int32_t cp_vault_now(const cp_vault_choice *c, int32_t site);
/* Cost a year of the client's load by unit costs of the size, at growth 1. */
double cp_vault_unit_cost(const cp_vault_choice *c, int32_t size, int32_t client);

/* A room, a share or a floor may be missed by this part of itself: what a linear program's
 * tolerances leave. */
#define CP_VAULT_TOL 1e-6

/* Prices sizes and service of `plan` anew, filling the costs; and says which rule they break first:
 * NULL = none, else a text in ctx->run. `c` is valid. Shares no code with any search. */
cp_status cp_vault_choice_check(cp_ctx *ctx, const cp_vault_choice *c, cp_vault_plan *plan,
                                const char **broken);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_price.h - the cheapest joint plan of a site's machines, which share the stop, and a bound.
 *
 * One machine: exact. Several: the stop's price is divided between the machines day by day
 * (Lagrangian of "a machine is visited only on a day the stop is made"); any division gives a lower
 * bound, which a few subgradient steps raise (Held, Karp 1971; step of Polyak 1969). Plans come
 * from re-planning one machine at a time with the stops of the others already paid. What gap is
 * left is closed by site_exact.h, to which the divisions give its bounds. */
#ifndef CP_SITE_PRICE_H
#define CP_SITE_PRICE_H

#include "solver/replenish/zone.h"

/* Plan of the points of one zone site: steps of its k-th point are [first[k], first[k + 1]). */
typedef struct cp_site_plan {
    int32_t site; /* zone site */
    int32_t *first;
    cp_step *steps;
    cp_minor cost; /* exact: intervals, visits and site stops */
} cp_site_plan;

/* How hard to try at a site of several machines. */
typedef struct cp_site_effort {
    int32_t rounds; /* of the subgradient */
    int32_t labels; /* states of the exact search that follows; 0 = none */
} cp_site_effort;

/* What was found at the same prices before, with less effort. */
typedef struct cp_site_known {
    double reduced, bound;
} cp_site_known;

typedef struct cp_site_ask {
    const cp_zone *zone;
    int32_t site;            /* zone site */
    const double *row_price; /* per unit of each row, >= 0 */
    /* One after the other, the first in any case, as long as plan and bound, without the rounding
     * of shares, lie further apart than close_to; n_efforts and each one's rounds >= 1. */
    const cp_site_effort *effort;
    int32_t n_efforts;
    double close_to;
    const cp_site_known *known; /* NULL = nothing */
    /* What a search tree fixes; each may be NULL. By point of the site * n_days + t: a price of any
     * sign for each visit, and modes (bits) that cost barred_price more. */
    const double *visit_price;
    const uint64_t *barred;
    double barred_price;
    const cp_use_price *value; /* likewise: price of value out instead of its row's */
    /* By point of the site, early day and channel (cp_stock_prices): a visit outside costs
     * notes_price more. */
    const cp_note_range *notes;
    double notes_price;
} cp_site_ask;

/* A stop charged at a part is rounded to whole minor units in the cost of a plan; a machine has one
 * last interval and so at most one such stop. By so much a machine the bound stays below. */
#define CP_SHARE_ROUNDING 0.5

/* division: [point of the site * n_days + t], each day summing to 1; read and improved in place.
 * The plan lives in ctx->run; *reduced is its cost + row prices * uses; *bound <= that of any plan.
 * Where a plan is known, that is the one to beat: *reduced may then be above it although *bound is
 * close to it. */
cp_status cp_site_price(cp_ctx *ctx, const cp_site_ask *ask, double *division, cp_site_plan *plan,
                        double *reduced, double *bound);

/* Uses of shared rows by a plan: of its visits, and of the stops on days on which a car comes. */
void cp_site_plan_uses(const cp_zone *zone, const cp_site_plan *plan, cp_use_fn *fn, void *user);
/* Exact cost of a plan, as cp_site_plan.cost has it. */
cp_minor cp_site_plan_cost(const cp_zone *zone, const cp_site_plan *plan);
/* Exact cost of the stops of a site: the greatest share of its visits on each day. */
cp_minor cp_site_stop_cost(const cp_zone *zone, int32_t site, const cp_site_plan *plan);

#endif

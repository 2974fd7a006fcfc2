/* SPDX-License-Identifier: GPL-3.0-or-later */
/* point_price.h - the cheapest plan of one point under given prices: a shortest path over days. */
#ifndef CP_POINT_PRICE_H
#define CP_POINT_PRICE_H

#include "solver/replenish/arcs.h"

/* Price of using `u` units of something: linear, and piecewise linear above what is left of a limit
 * (first its extra capacity at p1, then a second one at p_second, then relief at p2). */
typedef struct cp_use_price {
    double slope;
    double slack, extra, p1, p2; /* p2 = 0: no limit. slack may be negative (already over) */
    double second, p_second;
} cp_use_price;

double cp_use_cost(const cp_use_price *price, double u);

/* Notes that visits on day t or earlier carry out, of the channels in `channels` (bit k): rows that
 * add up over the first days. */
typedef struct cp_stock_price {
    int32_t t;
    uint32_t channels;
    cp_use_price price;
} cp_stock_price;

/* Notes that a visit may carry out in one channel, both included. */
typedef struct cp_note_range {
    int64_t least, most;
} cp_note_range;

/* Of notes that leave the vault in the first days. Linear prices are exact; under rows with a limit
 * each visit is priced as if it were the point's only one in them. */
typedef struct cp_stock_prices {
    int32_t n_days; /* the first ones; later visits use none */
    int32_t n;
    cp_stock_price *row;
    double
        *slope; /* [t * CP_MAX_CHANNELS + k]: of a note of channel k carried out on t; NULL = 0 */
    double *first; /* [t * CP_MAX_ALL_MODES + mode]: of what the point's first visit brings back,
                      of any sign; NULL = 0 */
    const cp_note_range *range; /* [t * CP_MAX_CHANNELS + k]: a visit outside pays range_price;
                                   NULL = any */
    double range_price;
} cp_stock_prices;

typedef struct cp_point_prices {
    const double *node;        /* [mode * T + t], all modes: of a visit, charged in full */
    const double *stop;        /* [t]: of the site's stop, charged at the share of the interval; not
                                  to the branch's own staff */
    const double *paid_share;  /* [t]: share of the stop that other machines pay; NULL = 0 */
    const cp_use_price *value; /* [t]: of value out, minor units; NULL = free */
    const cp_use_price *sort;  /* [t]: of notes to sort; NULL = free */
    const cp_stock_prices *stock; /* NULL = free */
} cp_point_prices;

/* The cheapest plan: *cost (infinite when there is none), steps by day (at most T). Scratch of
 * the context holds T * modes numbers. O(arcs). */
cp_status cp_point_price(cp_ctx *ctx, const cp_arcs *arcs, const cp_point_prices *prices,
                         double *cost, cp_step *steps, int32_t *n_steps);

/* The chosen arc of step i of a point's plan. */
cp_arc cp_step_arc(const cp_arcs *arcs, const cp_step *step);
/* Of it alone: the day of the next visit; does it miss the service level? */
int32_t cp_step_until(const cp_arcs *arcs, const cp_step *step);
bool cp_step_misses(const cp_arcs *arcs, const cp_step *step);
/* Level of the step's visit (stock after it, or the amount of a first add). */
const cp_level *cp_step_level(const cp_arcs *arcs, const cp_step *step);
/* Cost of the plan without site stops and shared limits: what plan_cost charges to the point. */
cp_minor cp_steps_cost(const cp_arcs *arcs, const cp_step *steps, int32_t n_steps);
/* Notes that come back to be sorted at step i. */
int32_t cp_step_back(const cp_arcs *arcs, const cp_step *steps, int32_t i);
/* Price of the notes that a visit on t carries out to `level`, and that a first visit by the mode
 * brings back. stock: NULL = free. */
double cp_stock_out_price(const cp_arcs *arcs, const cp_stock_prices *stock, int32_t t,
                          const cp_level *level);
double cp_stock_first_price(const cp_stock_prices *stock, int32_t t, int32_t mode);
/* The share of its stop that step i pays: *num / *den. */
void cp_step_share(const cp_arcs *arcs, const cp_step *step, int64_t *num, int64_t *den);

#endif

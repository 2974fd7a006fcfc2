/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refill_state.h - whole plans of a zone while they are being improved: exact integer cost, use of
 * every shared limit, and the re-plan of one point against what the others leave. */
#ifndef CP_REFILL_STATE_H
#define CP_REFILL_STATE_H

#include "solver/replenish/site_price.h"

typedef struct cp_refill_state {
    const cp_zone *z;
    cp_step *steps;             /* zone point * n_days + i */
    int32_t *n_steps;           /* by zone point; -1 = taken out */
    cp_minor *point_cost;       /* cp_steps_cost */
    int32_t *n_at;              /* machines visited, zone site * n_days + t */
    cp_minor *stop_cost;        /* zone site * n_days + t */
    int64_t *use;               /* by row */
    cp_minor total;             /* all of it: intervals, visits, stops, extra and relief */
    const double *row_price;    /* what a unit of each row is worth, as a guide of re-plans; NULL */
    double guide;               /* weight of row_price in the next re-plan, 0 = true cost alone */
    double *node, *stop, *paid; /* work of one re-plan */
    cp_use_price *value, *sort;
    cp_stock_prices stock; /* likewise */
} cp_refill_state;

/* A state with every point taken out (its intervals cost nothing until put in). */
cp_status cp_refill_state_new(cp_ctx *ctx, const cp_zone *zone, cp_refill_state **out);

/* Count the total anew: the rows' prices have changed. */
void cp_refill_recount(cp_refill_state *s);

/* The plan that a site has in the state; plan->first has room for one more than its points,
 * plan->steps for as many steps as they have (n_days a point at most). */
void cp_refill_site_plan(const cp_refill_state *s, int32_t site, cp_site_plan *plan);

/* Take the point's plan out; put a plan in (copied). */
void cp_refill_take_out(cp_refill_state *s, int32_t zone_point);
void cp_refill_put_in(cp_refill_state *s, int32_t zone_point, const cp_step *steps,
                      int32_t n_steps);

/* Plan a point that is out, exactly, against the slack and the stops the others leave, and put it
 * in. CP_E_SOLVER when the point has no plan at all. */
cp_status cp_refill_replan(cp_ctx *ctx, cp_refill_state *s, int32_t zone_point);

/* The same with a point that is in, at true cost (guide 0): its plan stays where the new one is
 * dearer, as it may be where notes of the first days are scarce. */
cp_status cp_refill_improve_point(cp_ctx *ctx, cp_refill_state *s, int32_t zone_point);

#endif

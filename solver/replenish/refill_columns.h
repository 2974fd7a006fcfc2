/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refill_columns.h - the restricted master of a zone at work: its columns, its LP and the pricing
 * of new ones. Shared by refill_master.c (to the bound) and refill_dive.c (to whole plans); nobody
 * else includes this. */
#ifndef CP_REFILL_COLUMNS_H
#define CP_REFILL_COLUMNS_H

#include "models/mip/mip.h"
#include "solver/lp/lp.h"
#include "solver/replenish/refill_master.h"

/* Effort of pricing a site of several machines: subgradient rounds and states of the exact search.
 */
typedef struct cp_price_effort {
    int32_t rounds, labels;
    bool close; /* sites whose plan and bound do not meet are tried again with more, as far as it
                   matters beside the distance of the LP */
} cp_price_effort;
#define CP_PRICE_FIRST ((cp_price_effort){12, 0, true})
#define CP_PRICE_LATER ((cp_price_effort){1, 0, true})  /* from the divisions at hand */
#define CP_PRICE_PLANS ((cp_price_effort){1, 0, false}) /* plans are wanted, no bound */

typedef struct cp_priced {
    cp_site_plan plan;
    double reduced, bound;
} cp_priced;

typedef struct cp_columns {
    cp_ctx *ctx;
    const cp_zone *z;
    const cp_master_opts *opts;
    cp_master *m;
    cp_lp *lp;
    int32_t cap_columns, first_column; /* LP column of plan 0 */
    double scale;                      /* LP cost unit, minor units */
    double *division;                  /* by zone point and day */
    cp_priced *price;                  /* by site */
    cp_priced *again;                  /* of those tried again */
    int32_t *open_site;                /* their zone sites */
    double *dual, *sigma;              /* rows (per unit), sites: of the last LP */
    bool *can_bind;                    /* by row: there are uses enough */
    double *use;                       /* by row, while one column is made */
    double *trial;                     /* row prices handed to pricing */
} cp_columns;

/* Memory of *w (ctx->scratch; results in ctx->run); ctx, z, opts and m are set. */
cp_status cp_columns_new(cp_columns *w);
/* The program without any plan: rows, overtime, relief. */
cp_status cp_columns_empty(cp_columns *w, cp_mip **out);
/* w->use = what the plan uses of each row. */
void cp_columns_uses(const cp_columns *w, const cp_site_plan *plan);

/* Price all sites at row prices `pi`, into w->price; returns the Lagrangian bound in *bound. */
cp_status cp_columns_price(cp_columns *w, const double *pi, cp_price_effort first, double *bound);
/* Add the priced plans whose reduced cost at the LP's duals is negative (or all of them). */
cp_status cp_columns_add(cp_columns *w, bool all, int32_t *n_added);
/* Solve the LP: m->lp_minor, w->dual, w->sigma. *ok = it has an answer. */
cp_status cp_columns_solve(cp_columns *w, bool *ok);

#endif

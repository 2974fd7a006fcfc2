/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refill_columns.h - the restricted master of a zone at work: its columns, its LP and the pricing
 * of new ones. Shared by refill_master.c (to the bound) and refill_dive.c (to whole plans); nobody
 * else includes this. */
#ifndef CP_REFILL_COLUMNS_H
#define CP_REFILL_COLUMNS_H

#include "models/mip/mip.h"
#include "solver/lp/lp.h"
#include "solver/replenish/refill_master.h"

/* What pricing is for. */
typedef enum cp_price_aim {
    CP_PRICE_FIRST, /* plans and a bound, from nothing */
    CP_PRICE_LATER, /* the same from the divisions at hand */
    CP_PRICE_PLANS  /* plans alone */
} cp_price_aim;

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
    double last_lp;                    /* value of the LP when new plans were priced last */
    double *division;                  /* by zone point and day */
    cp_priced *price;                  /* by site */
    cp_priced *again;                  /* of those tried again */
    int32_t *open_site;                /* their zone sites */
    double *dual, *sigma;              /* rows (per unit), sites: of the last LP */
    bool *can_bind;                    /* by row: there are uses enough */
    bool closing;                      /* the bounds of sites mattered when they were priced last */
    double *use;                       /* by row, while one column is made */
    double *trial;                     /* row prices handed to pricing */
} cp_columns;

/* Memory of *w (ctx->scratch; results in ctx->run); ctx, z, opts and m are set. */
cp_status cp_columns_new(cp_columns *w);
/* The program without any plan: rows, overtime, relief. */
cp_status cp_columns_empty(cp_columns *w, cp_mip **out);
/* w->use = what the plan uses of each row. */
void cp_columns_uses(const cp_columns *w, const cp_site_plan *plan);

/* Price all sites at row prices `pi`, into w->price; returns the Lagrangian bound in *bound. Sites
 * of several machines whose plan and bound do not meet are tried again with more, as far as it
 * matters beside the distance of the LP. */
cp_status cp_columns_price(cp_columns *w, const double *pi, cp_price_aim aim, double *bound);
/* Add the priced plans whose reduced cost at the LP's duals is negative (or all of them). */
cp_status cp_columns_add(cp_columns *w, bool all, int32_t *n_added);
/* Solve the LP: m->lp_minor, w->dual, w->sigma. *ok = it has an answer. */
cp_status cp_columns_solve(cp_columns *w, bool *ok);

#endif

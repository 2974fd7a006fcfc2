/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zone_lp.h - the relaxation of a small zone while some visits are fixed: the node of a search
 * tree.
 *
 * The master of refill_master.h with three additions. Visits of a machine may be fixed: y[p,t] = 0
 * or 1, by which mode, and how much value they carry out at least or at most; columns that say
 * otherwise leave the program and pricing charges or grants a sum no plan is worth. The visits of a
 * day may be limited: least[t] <= sum_p y[p,t] <= most[t], rows with a dual of either sign, charged
 * to every visit of the day. And there are artificial columns, so that the program always has a
 * solution. The bound is Lagrangian and holds whatever the duals are. */
#ifndef CP_ZONE_LP_H
#define CP_ZONE_LP_H

#include "solver/replenish/refill_master.h"
#include "solver/replenish/refill_state.h"
#include "solver/replenish/zone_fix.h"

typedef struct cp_zone_lp cp_zone_lp;

/* Starts with the columns of `master` (NULL = none) and the plans of `state`; `big` is more than
 * any plan of the zone that is of interest costs. Memory in ctx->run. */
cp_status cp_zone_lp_new(cp_ctx *ctx, const cp_zone *zone, const cp_master *master,
                         const cp_refill_state *state, double big, cp_zone_lp **out);
void cp_zone_lp_free(cp_zone_lp *lp); /* NULL allowed */

typedef struct cp_zone_node {
    double bound; /* no plan with these visits costs less */
    double lp;    /* of the columns at hand */
    bool ok;      /* the LP has an answer: plans and visits may be read */
} cp_zone_node;

/* Columns and bound until they meet or the bound reaches `cutoff`. */
cp_status cp_zone_lp_solve(cp_zone_lp *lp, const cp_visit_fix *fix, double cutoff,
                           cp_zone_node *node);
/* The LP's value with one change more and no new columns; -INFINITY when it has no answer. The
 * duals and values of the node are lost. */
cp_status cp_zone_lp_probe(cp_zone_lp *lp, cp_visit_fix *fix, const cp_visit_change *change,
                           double *value);

/* What the LP makes of a visit. */
typedef struct cp_visit_part {
    double made;
    int32_t mode;   /* one of its modes */
    double by_mode; /* how much of it */
    cp_minor out_min, out_max;
    double out; /* value out, times the part made */
} cp_visit_part;
/* By zone point * n_days + t. */
void cp_zone_lp_visits(const cp_zone_lp *lp, cp_visit_part *visit);
/* The least, most and mean notes of a channel (of its visits, times the part made) that a visit on
 * one of the first days carries out in the LP. False when it makes none. */
bool cp_zone_lp_notes(const cp_zone_lp *lp, int32_t point, int32_t t, int32_t channel,
                      cp_note_range *range, double *mean);
/* The heaviest plan of a site in the LP; NULL when it has none. */
const cp_site_plan *cp_zone_lp_heaviest(const cp_zone_lp *lp, int32_t site);
int64_t cp_zone_lp_rounds(const cp_zone_lp *lp); /* pricings of the whole zone so far */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arc_table.h - the arcs of one point that can be in a cheapest plan, laid out for the shortest
 * path.
 *
 * Prices of limits and stops are never negative and never fall with use. So an arc that is as dear
 * as another of the same two days, carries as much out and brings as much back, is in no plan that
 * is better than one with the other; of last intervals the same holds for any ends where it also
 * pays as great a share of the stop. These are left out. */
#ifndef CP_ARC_TABLE_H
#define CP_ARC_TABLE_H

#include <stdint.h>

#include "models/base/ctx.h"

struct cp_arc;
struct cp_arcs;

/* Entries of day t: [first[t], last[t]) end at a visit, [last[t], first[t + 1]) are last intervals.
 */
typedef struct cp_arc_table {
    int32_t *first, *last; /* n_days + 1, n_days */
    int32_t *arc;          /* index in the list of arcs */
    int32_t *until;
    double *cost;     /* the arc's, with end[0] and, if it ends at a visit, the STOP_VALUE of t; of
                         first visits of a way: with what comes back then, and for its mode */
    double *more;     /* end[1] - end[0]; NULL with one mode of the center */
    double *branch;   /* end by the branch - end[0]; NULL where it has no staff for it */
    double *fill;     /* that a visit on t by the branch costs more; likewise */
    double *out;      /* value carried out at t */
    double *share;    /* of the stop at t */
    int32_t *back[2]; /* notes to sort at `until`, by the mode of that visit */
    int32_t *entry;   /* first visits of a way by a crew: notes to sort at t; else NULL */
    double most_out;
    int32_t most_back; /* greatest of back and entry */
    int32_t most_a_day;
} cp_arc_table;

/* Leave out of the arcs of every day (first[t] .. first[t + 1]) what this says; `first` moves
 * along.
 */
cp_status cp_arcs_drop_dominated(cp_ctx *ctx, const struct cp_arcs *arcs, struct cp_arc *arc,
                                 int32_t *first);

/* Fill arcs->table and the tables of the ways of first visits (memory in ctx->run). */
cp_status cp_arc_tables_make(cp_ctx *ctx, struct cp_arcs *arcs);

#endif

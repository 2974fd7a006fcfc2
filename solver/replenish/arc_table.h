/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arc_table.h - the arcs of one point that can be in a cheapest plan, column by column: laid out
 * for the shortest path, and in a third of the memory of whole arcs, of which a bank has millions.
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
struct cp_level;

/* Entries of day t: [first[t], last[t]) end at a visit, [last[t], first[t + 1]) are last intervals.
 * Of trails (arcs.h) the entries stand by lead instead of by day. */
typedef struct cp_arc_table {
    int32_t *first, *last; /* n_days + 1, n_days; of trails n_leads */
    int16_t *until, *level;
    const struct cp_level *levels; /* that `level` counts */
    double *cost;     /* the arc's, with the end by mode 0 (last intervals of a way: by its mode)
                         and, if it ends at a visit, the STOP_VALUE of t; of first visits of a way
                         by a crew: with what comes back then */
    int32_t *end;     /* the end that is in it */
    double *more;     /* end[1] - end[0]; NULL with one mode of the center */
    double *branch;   /* end by the branch - end[0]; NULL where it has no staff for it */
    double *fill;     /* that a visit on t by the branch costs more; likewise */
    int32_t *back[2]; /* notes to sort at `until`, by the mode of that visit */
    uint8_t *misses;  /* a bit each: fails the service level */
    bool entry;       /* first visits of a way by a crew: the level's entry is paid and sorted */
    double most_out;
    int32_t most_back; /* greatest of back and what entries sort */
    int32_t most_a_day;
} cp_arc_table;

static inline bool cp_table_misses(const cp_arc_table *table, int32_t i)
{
    return table->misses[i >> 3] >> (i & 7) & 1;
}

/* Arcs as they are made: by day, [first[t], first[t + 1]). */
typedef struct cp_arc_list {
    const struct cp_arc *arc;
    const int32_t *first; /* n_days + 1 */
    const struct cp_level *level;
    const char *whose; /* the point's code, to be named in a refusal */
} cp_arc_list;

/* The table of any visits (mode -1) or of first visits by a mode of their own. Memory in ctx->run;
 * `levels` are those of the list until somebody puts others there. CP_E_RANGE where the end of an
 * interval costs more than 32 bits hold. */
cp_status cp_arc_table_make(cp_ctx *ctx, const struct cp_arcs *arcs, const cp_arc_list *list,
                            int32_t mode, cp_arc_table **out);

/* Of leads: all of them, as each goes to a visit of its own; entry i is lead i. Of trails, which
 * the list has by lead: after the leads and their modes are known. */
cp_status cp_arc_table_leads(cp_ctx *ctx, const struct cp_arcs *arcs, const cp_arc_list *list,
                             cp_arc_table **out);
cp_status cp_arc_table_trails(cp_ctx *ctx, const struct cp_arcs *arcs, const cp_arc_list *list,
                              cp_arc_table **out);

#endif

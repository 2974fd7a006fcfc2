/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_complete.h - what completing a path costs at least, by a backward dynamic program over one
 * resource. */
#ifndef CP_VRP_COMPLETE_H
#define CP_VRP_COMPLETE_H

#include "solver/route/vrp_label.h"

#define CP_COMPLETE_LEVELS 2048
#define CP_COMPLETE_NONE (INT64_MAX / 4) /* cannot be completed */

/* Of completions of a path that leaves a node: the cheapest, and the cheapest that goes elsewhere
 * next. */
typedef struct cp_completion {
    int64_t best, other;
    int32_t next; /* -1 = the end */
} cp_completion;

/* A way from a node to the next that may be worth going, with what it costs after duals. */
typedef struct cp_complete_arc {
    int64_t cost, ticks;
    int32_t to, way; /* way: reload depot passed, -1 = none */
    int32_t back;    /* the node it leaves where the next one remembers it, else -1 */
    int32_t drive_s, work_s;
} cp_complete_arc;

typedef struct cp_complete {
    const cp_relax_kind *kind;
    bool usable;
    int32_t n_levels;
    int64_t low, width;
    cp_completion *at;     /* level * n + node */
    cp_complete_arc *arcs; /* of the query, by node */
    int32_t *first_arc;    /* n + 1 */
} cp_complete;

/* Room for the largest kind. */
cp_status cp_complete_new(cp_ctx *ctx, const cp_relax *r, cp_complete *out);

/* The least reduced cost of whole routes. */
int64_t cp_complete_whole(const cp_complete *c, const cp_label_query *q);

/* In at most `levels_most` steps of the resource, CP_COMPLETE_LEVELS the finest. */
void cp_complete_fill(cp_complete *c, const cp_label_query *q, int32_t levels_most);

/* The cheapest path that this relaxation knows from the start by way of node `first` to the end:
 * its nodes (at most `most`), each with the reload depot before it or -1, and ticks. Their number,
 * 0 where there is none. */
int32_t cp_complete_path(const cp_complete *c, const cp_label_query *q, int32_t first,
                         int32_t *nodes, int32_t *ways, int32_t most, int64_t *ticks);

/* Least cost after leaving `node` with `key` of the ordering resource, coming from `before` (-1 =
 * unknown or may be returned to). */
static inline int64_t cp_complete_least(const cp_complete *c, int32_t node, int64_t key,
                                        int32_t before)
{
    int64_t level = (key - c->low) / c->width;
    if (level >= c->n_levels) level = c->n_levels - 1;
    const cp_completion *a = &c->at[level * c->kind->n + node];
    return before >= 0 && a->next == before ? a->other : a->best;
}

#endif

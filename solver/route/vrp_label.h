/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_label.h - cheapest routes of one kind of vehicle under given duals, by label setting.
 *
 * A label is a path from the start to a node with its reduced cost and resources (vrp_relax.h). It
 * remembers of the nodes it has been to those which all later nodes count as neighbours, and may
 * return to the others: the ng-routes of Baldacci, Mingozzi and Roberti (2011). Labels are extended
 * in buckets of one resource. An exact pricing drops a label when another at the node has no more
 * of cost, resources and memory, or when the bound on its completion (a backward dynamic program
 * over that one resource, with cycles of two nodes only where neighbourhoods allow them) shows that
 * no route below the threshold comes of it. Subset-row cuts of three nodes (Jepsen, Petersen,
 * Spoorendonk, Pisinger 2008) with a memory of nodes each (Pecin, Pessoa, Poggi, Uchoa 2017) are
 * priced as a state of the label. */
#ifndef CP_VRP_LABEL_H
#define CP_VRP_LABEL_H

#include "solver/route/vrp_relax.h"

#define CP_CUT_WORDS 2
#define CP_CUTS_MAX (64 * CP_CUT_WORDS)

/* How much dominance is relaxed: the first two may miss routes. */
typedef enum cp_label_mode {
    CP_LABEL_QUICK, /* of two labels at a node the cheaper in no later bucket */
    CP_LABEL_PLAIN, /* all resources, not the nodes visited */
    CP_LABEL_EXACT,
    CP_N_LABEL_MODES
} cp_label_mode;

typedef uint64_t cp_node_set[CP_RELAX_WORDS];

static inline bool cp_in_set(const uint64_t *set, int32_t i)
{
    return (set[i >> 6] >> (i & 63) & 1) != 0;
}
static inline void cp_set_add(uint64_t *set, int32_t i)
{
    set[i >> 6] |= UINT64_C(1) << (i & 63);
}

/* Cut: of its three nodes, routes that serve two or more may be driven once in all. */
typedef struct cp_label_cuts {
    int32_t n;
    int64_t penalty[CP_CUTS_MAX];                  /* >= 0 ticks, paid at the second visit */
    uint64_t of[CP_RELAX_NODES][CP_CUT_WORDS];     /* cuts of which the node is one of the three */
    uint64_t memory[CP_RELAX_NODES][CP_CUT_WORDS]; /* cuts that are not forgotten at the node */
} cp_label_cuts;

typedef struct cp_label_query {
    const cp_relax_kind *kind;
    const int64_t *dual;  /* of the nodes, ticks */
    const int64_t *enter; /* of going from a node (row n: the start, n + 1: a reload) to a node:
                             ticks off the way's, (n + 2) * n; NULL = none */
    const cp_node_set *ng;
    const cp_label_cuts *cuts;
    cp_label_mode mode;
    int64_t threshold;  /* <= 0: routes of at least so much reduced cost are of no use */
    int64_t work_max;   /* extensions at most */
    int32_t labels_max; /* memory */
    double cpu_end_s;   /* of cp_cpu_s(), 0 = none */
    int32_t levels;     /* of cp_label_loosely: steps of its resource; 0 = its own choice */
} cp_label_query;

/* What going to node `to` from a point takes off the cost. */
static inline int64_t cp_label_gain(const cp_label_query *q, int32_t from, int32_t to)
{
    const int32_t n = q->kind->n;
    if (q->enter == NULL) return q->dual[to];
    const int32_t row = from < n ? from : from == q->kind->start ? n : n + 1;
    return q->dual[to] + q->enter[row * n + to];
}

typedef struct cp_label_path {
    int64_t ticks, reduced; /* true cost; cost less duals and cuts */
    int32_t first, n;       /* in nodes and ways of the answer */
} cp_label_path;

typedef struct cp_label_answer {
    bool complete; /* nothing was cut off */
    bool proven;   /* no route has less than `least`: exact, or by the bounds on completions */
    int64_t least; /* reduced cost of the cheapest route found, at most the threshold */
    int64_t work;  /* extensions done */
    int32_t n_paths;
    cp_label_path
        *paths; /* the cheapest to end at each node, below the threshold, cheapest first */
    int32_t *nodes, *ways;
} cp_label_answer;

typedef struct cp_label_pool cp_label_pool;

/* Memory that all queries of a problem share. */
cp_status cp_label_pool_new(cp_ctx *ctx, const cp_relax *r, cp_label_pool **out);

/* The answer's arrays are the pool's: valid until the next query. */
cp_status cp_label_price(cp_ctx *ctx, cp_label_pool *pool, const cp_label_query *q,
                         cp_label_answer *out);

/* Pricing of the relaxation that the bounds on completions are: paths over one resource that may
 * return to a node they did not just leave. Quick for any width of windows; its least bounds that
 * of exact pricing. Paths may be none that exact pricing allows. Not proven where the resource does
 * not allow it. */
cp_status cp_label_loosely(cp_ctx *ctx, cp_label_pool *pool, const cp_label_query *q,
                           cp_label_answer *out);

#endif

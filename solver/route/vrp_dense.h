/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_dense.h - a vehicle routing problem (models/route/vrp.h) as its search sees it: flat arrays,
 * one integer unit of cost, neighbours by distance.
 *
 * Points are rows of the matrices: nodes 0..n-1, then the places where routes begin and end.
 * Cost is counted in ticks. A leg costs arc[from][to] * kind.mult ticks; ticks_per_minor ticks are
 * one minor unit. Travel times hold the service of the node they leave, so that a span of nodes is
 * joined with one addition a leg. The time of a set-up is counted at every node: where it may be
 * saved (several nodes at a place) and there are hours to keep, vrp_rich.h searches. */
#ifndef CP_VRP_DENSE_H
#define CP_VRP_DENSE_H

#include "models/route/vrp.h"
#include "solver/route/vrp_spell.h"

/* A leg without a way: so dear and slow that no search takes it, yet sums of three stay in 32 bits.
 */
#define CP_ARC_NONE (INT32_C(1) << 28)

/* Moments lie between minus this and this: differences of two then fit 32 bits. */
#define CP_DENSE_LATEST (INT32_C(1) << 29)

/* What a problem needs beyond plain capacity; the search is compiled once for each common set. */
enum {
    CP_VRP_HAS_WINDOWS = 1, /* windows of nodes or the end of a shift */
    CP_VRP_HAS_SPANS = 2,   /* the duration of a route is limited or paid */
    CP_VRP_HAS_DEPOTS = 4,  /* routes begin or end at different points */
    CP_VRP_HAS_MULT = 8,    /* kinds of vehicle have their own price of a leg */
    CP_VRP_HAS_LOADS = 16,  /* several dimensions, or deliveries and pick-ups in one */
    CP_VRP_HAS_EXPOSURE = 32,
    CP_VRP_HAS_RIGHTS = 64, /* not every vehicle may serve every node */
    CP_VRP_HAS_PAID = 1024, /* waiting or overtime has a price */
    CP_VRP_HAS_HOURS = 512, /* several windows of a node, or forbidden hours */
    CP_VRP_HAS_KINDS = 256, /* several kinds of vehicle */
    CP_VRP_HAS_TIMES = 128  /* times are not the cost matrix plus service, or it is asymmetric */
};

typedef struct cp_near {
    int32_t node, arc; /* arc: from the neighbour to the node */
} cp_near;

typedef struct cp_dense_kind {
    int32_t vehicle;             /* in the problem */
    int32_t count;               /* vehicles */
    int32_t sibling;             /* first kind that differs in capacity and prices alone */
    int32_t from, to;            /* points where it begins and ends */
    int64_t mult, fixed;         /* ticks */
    const int32_t *arc, *arc_to; /* n_points * n_points, from row to column; turned round */
    const int64_t *capacity;     /* n_dims */
    int32_t start_s, end_s;      /* earliest departure, latest end */
    int32_t lasts_max_s;
    int32_t shift_end_s, paid_s; /* after which overtime is paid, whichever is more */
    double idle, over;           /* ticks a second */
    int64_t exposure_max;
    bool has_larger; /* a sibling has more room */
    int32_t nodes_max;
    cp_spells spells; /* between its forbidden hours; kinds with the same share the list */
    const int32_t *time, *time_to; /* of its profile: from row to column, and turned round */
} cp_dense_kind;

typedef struct cp_dense_node {
    int32_t open_s, close_s; /* of the first and the last window */
    int32_t service_s;       /* with the set-up */
    int32_t pavement_s;
    int32_t n_windows;
    const cp_vrp_window *windows;
    int64_t out; /* ticks of leaving it out */
} cp_dense_node;

typedef struct cp_dense {
    const cp_vrp *p;
    unsigned has;
    int32_t n, n_points, n_kinds, n_routes, n_dims;
    bool mixed; /* some kind has a larger sibling: which sizes to drive with is open */
    const int32_t *arc, *arc_to; /* of kind 0; without HAS_MULT of all kinds */
    const int32_t *node_of;      /* n: the problem's number of each node */
    cp_dense_kind *kinds;
    cp_dense_node *nodes;
    int64_t *deliver, *pickup; /* n * n_dims */
    int64_t *weight;           /* n * n_dims: what counts where only one of the two happens */
    const uint8_t *rights;     /* n_kinds * n, NULL without HAS_RIGHTS */
    uint8_t *alone;            /* n_kinds * n: a route of this node alone keeps all limits */
    int32_t n_near;            /* neighbours of each node */
    cp_near *near;             /* n * n_near, nearest first */
    double ticks_per_minor;
    double ticks_per_s; /* of driving, on average over short legs */
    int64_t least_mult; /* of all kinds; 0 where their arcs differ otherwise */
    int64_t big;        /* what leaving out a node that must be served costs: above any detour */
    double typical;     /* what a node more or less usually costs, ticks: the scale of annealing */
} cp_dense;

static inline const int32_t *cp_arc_row(const cp_dense *d, int32_t point)
{
    return d->arc + (size_t)point * (size_t)d->n_points;
}

static inline const int32_t *cp_arc_to_row(const cp_dense *d, int32_t point)
{
    return d->arc_to + (size_t)point * (size_t)d->n_points;
}

/* The earliest start from t on, and the latest that ends by `end`, of what takes `length` seconds
 * of the kind's hours. */
static inline int32_t cp_ban_after(const cp_dense_kind *q, int32_t t, int32_t length)
{
    return (int32_t)cp_spell_after(&q->spells, t, length);
}
static inline int32_t cp_ban_before(const cp_dense_kind *q, int32_t end, int32_t length)
{
    return (int32_t)cp_spell_before(&q->spells, end, length);
}

/* The earliest start of the node's service from t on; INT32_MAX when there is none. Whoever may
 * start later than t may also start then: arrivals keep their order, so that earliest leaving and
 * latest start settle in O(1) whether a node fits, however many windows there are. */
static inline int32_t cp_start_after(const cp_dense_kind *q, const cp_dense_node *v, int32_t t)
{
    for (int32_t k = 0; k < v->n_windows; k++) {
        const cp_vrp_window *w = &v->windows[k];
        const int32_t x = cp_ban_after(q, t > w->open_s ? t : w->open_s, v->service_s);
        if (x <= w->close_s) return x;
    }
    return v->n_windows > 0 ? INT32_MAX : cp_ban_after(q, t, v->service_s);
}
/* The latest start with which the service ends by `end`; -CP_VRP_LATEST when there is none. */
static inline int32_t cp_start_before(const cp_dense_kind *q, const cp_dense_node *v, int32_t end)
{
    for (int32_t k = v->n_windows - 1; k >= 0; k--) {
        const cp_vrp_window *w = &v->windows[k];
        const int64_t by = (int64_t)w->close_s + v->service_s;
        const int32_t x = cp_ban_before(q, end < by ? end : (int32_t)by, v->service_s);
        if (x >= w->open_s) return x;
    }
    return v->n_windows > 0 ? -CP_VRP_LATEST : cp_ban_before(q, end, v->service_s);
}

/* The rule that this search cannot keep, NULL = it keeps all of the problem's (else vrp_rich.h). */
const char *cp_dense_beyond(const cp_vrp *p);

/* *out and all it points to live in ctx->scratch; the problem has been validated. CP_E_INPUT naming
 * the rule when the problem has one that the search cannot keep. */
cp_status cp_dense_build(cp_ctx *ctx, const cp_vrp *p, int32_t n_near, cp_dense *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_relax.h - a routing problem as the lower bound sees it: routes as paths with resources.
 *
 * Costs are whole ticks (a power of two of them a minor unit) that are never more than what the
 * referee counts, so every sum of them is a bound in exact arithmetic. Each kind of vehicle has
 * points: the nodes, then its reload depots, its start and its end. A path from start to end
 * carries resources, all of which only grow; so of two paths to one node the one with less of all
 * that is limited can be completed by whatever completes the other, and cp_relax_behind says how
 * much more waiting and overtime that may cost.
 *
 * Exact      capacity in all dimensions with deliveries and pick-ups, one or several windows, shift
 *            and overtime, longest distance, drive and number of nodes, several trips with
 *            reloading, exposure of every trip, prices of all of these, bands of a stop.
 * Relaxed    forbidden hours (not there); breaks (their seconds are counted in the duration where
 *            every route needs them, nothing else); duration where a place has several windows (the
 *            departure may use the last one); bands of a trip whose price falls with value (the
 *            least price from there on); rounding of parts of the cost (half a minor unit less per
 *            route and part whose price does not divide).
 *
 * Resources (Vidal et al. 2013 call the three of time a route's time data): for a departure at s up
 * to L a path ends at max(E, s + B); E is TIME, B is BUSY, L is minus LATE. LOAD is the most on
 * board if nothing more is delivered, PICK what was picked up (Min 1989); exposure grows by PICK
 * on every leg and by what is delivered times the way WAY to there. */
#ifndef CP_VRP_RELAX_H
#define CP_VRP_RELAX_H

#include "models/route/vrp.h"

#define CP_RELAX_NODES 128 /* most nodes */
#define CP_RELAX_WORDS (CP_RELAX_NODES / 64)
#define CP_RELAX_LONGEST (INT64_C(1) << 20) /* seconds of waiting that paths are compared by */

enum {
    CP_RES_TIME,
    CP_RES_LATE,
    CP_RES_BUSY,
    CP_RES_DRIVE,
    CP_RES_DIST,
    CP_RES_COUNT,
    CP_RES_TRIPS,
    CP_RES_WAY,
    CP_RES_EXPO,
    CP_RES_LOAD,
    CP_RES_PICK = CP_RES_LOAD + CP_VRP_DIMS_MAX,
    CP_N_RES = CP_RES_PICK + CP_VRP_DIMS_MAX
};

typedef struct cp_relax_leg {
    int64_t ticks; /* distance, driving, work, bands of the stop it leads to */
    int64_t dist_m;
    int32_t drive_s; /* -1: no way */
    int32_t work_s;  /* at its end */
} cp_relax_leg;

/* What a point asks for. */
typedef struct cp_relax_point {
    const cp_vrp_window *windows;
    int32_t n_windows;
    int64_t close_s;                 /* the last moment of all windows */
    const int64_t *deliver, *pickup; /* NULL = nothing */
    int32_t pavement_s;
} cp_relax_point;

typedef struct cp_relax_kind {
    const cp_vrp *p;
    const cp_vrp_vehicle *v;
    int32_t n, n_reload, n_points, start, end; /* points: n nodes, reload depots, start, end */
    cp_relax_point *points;
    cp_relax_leg *legs;          /* n_points * n_points, row = from */
    bool *serves;                /* nodes */
    int32_t *next, *first_next;  /* nodes that may follow a node or the start (index n) directly */
    int32_t n_res, at[CP_N_RES]; /* index of each resource, -1 = not needed */
    int32_t key;                 /* index of the resource that orders labels */
    int64_t limit[CP_N_RES];     /* by index */
    int64_t begin[CP_N_RES];     /* at the start */
    int64_t break_s;
    int32_t strict[CP_N_RES], n_strict; /* indexes of resources that are limited or priced by use */
    bool waits;                         /* waiting has a price and depends on the path */
    int64_t wait_ticks; /* of a second that waiting or, where paid_s counts, a day lasts longer */
    int64_t fixed_ticks, least_leg;
    cp_vrp_band *bands; /* of a trip, never falling */
    int64_t ticks;      /* a minor unit */
} cp_relax_kind;

typedef struct cp_relax {
    const cp_vrp *p;
    int64_t ticks; /* a minor unit, a power of two */
    cp_relax_kind *kinds;
    int64_t *out;  /* ticks of leaving a node out, INT64_MAX = must be served */
    int64_t large; /* ticks: more than serving a node usually costs */
    int32_t n_res_max;
} cp_relax;

/* In ctx->run. *out is NULL where the problem has more nodes than can be bounded or amounts of
 * money beyond exact arithmetic. The problem has been validated. */
cp_status cp_relax_build(cp_ctx *ctx, const cp_vrp *p, cp_relax **out);

/* Go from a point to the next. `way` is a reload depot to pass (its index among the kind's), -1 =
 * directly. False where a limit forbids it. *ticks is added to. `to` is a node or the end. */
bool cp_relax_step(const cp_relax_kind *k, const int64_t *in, int32_t from, int32_t way, int32_t to,
                   int64_t *out, int64_t *ticks);

/* How much more at most a completion costs after a path that holds `a` than after one that holds
 * `b`; CP_RELAX_MOST where something limited is used more. A departure at s up to L is idle for
 * max(0, E - L - B) seconds in the end (Vidal et al. 2013): what counts is LATE - BUSY, and a path
 * that has more of it waits at most so much longer. */
static inline int64_t cp_relax_behind(const cp_relax_kind *k, const int64_t *a, const int64_t *b)
{
    for (int32_t i = 0; i < k->n_strict; i++)
        if (a[k->strict[i]] > b[k->strict[i]]) return INT64_C(1) << 48;
    if (!k->waits) return 0;
    const int32_t late = k->at[CP_RES_LATE], busy = k->at[CP_RES_BUSY];
    const int64_t more = (a[late] - a[busy]) - (b[late] - b[busy]);
    if (more <= 0) return 0;
    return more < CP_RELAX_LONGEST ? more * k->wait_ticks : INT64_C(1) << 48;
}

/* quantity * price / den in ticks, rounded down and at most CP_RELAX_MOST. */
#define CP_RELAX_MOST (INT64_C(1) << 48)
int64_t cp_relax_price(const cp_relax_kind *k, int64_t quantity, int64_t price, int64_t den);

/* Ticks of a whole route: items are nodes, each with the reload passed before it in `ways`.
 * INT64_MAX where the relaxation forbids it. */
int64_t cp_relax_route(const cp_relax_kind *k, const int32_t *nodes, const int32_t *ways,
                       int32_t n);

#endif

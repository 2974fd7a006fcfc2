/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_fold.h - what the beginning of a route and the end of a route come to, with every rule of the
 * route model, so that putting something between them is judged without driving the whole route.
 *
 * A head is the route up to some step, a tail what follows a step. A head goes on step by step; a
 * head and a tail are joined in O(dimensions). Loads and exposure join as in Vidal, Crainic,
 * Gendreau, Prins 2013, section 4.3. Times do where the windows that the tail was driven in are
 * still those of the earliest schedule: from `from_s` to `by_s`; outside, the head goes on over the
 * next steps until they are again. `late_s` says at once what cannot be in time, whatever windows
 * are taken. The departure (vrp.h, Schedule 2) is then the earliest end less all that takes time,
 * unless a window closes before; with forbidden hours it takes a pass over the whole route.
 *
 * Costs are minor units without rounding. */
#ifndef CP_VRP_FOLD_H
#define CP_VRP_FOLD_H

#include "solver/route/vrp_spell.h"

/* Something that a vehicle does. */
typedef struct cp_fold_step {
    int32_t place;       /* -1: where it stands */
    int32_t node, pause; /* -1 = none; pause: break of the kind */
    int32_t setup_s, work_s, rest_s;
    int32_t opens_pairs; /* +1 fetches, -1 brings */
    bool ends_trip;
    int32_t n_windows;
    const cp_vrp_window *windows;
    const int64_t *carry;    /* n_dims: on board from the beginning of the trip until here */
    const int64_t *gain;     /* n_dims: what else changes on board; NULL = nothing */
    const int64_t *headroom; /* n_dims, of a break: must stay free then; NULL = none */
    int64_t moved;           /* value over the pavement */
    double pavement;         /* the same x seconds */
} cp_fold_step;

typedef struct cp_fold_kind {
    const struct cp_fold *f;
    const cp_vrp_vehicle *v;
    const int32_t *time_s, *dist_m;
    cp_spells spells;
    cp_fold_step start, end; /* place -1 where there is none */
    cp_fold_step *reloads, *pauses;
    int64_t *room;                    /* n_dims */
    int64_t end_s, lasts_s, driven_s; /* latest end, longest day, longest driving */
    int64_t after_s, paid_s;          /* overtime begins */
    bool spans;                       /* beginning and end of a day matter beyond being in time */
    bool walks;                       /* and there are forbidden hours: no tail knows the end */
    double metre, driving, working, idle, over, exposure; /* prices of one */
} cp_fold_kind;

typedef struct cp_fold {
    const cp_vrp *p;
    int32_t n_dims, dim; /* dim: of value, -1 = none */
    cp_fold_kind *kinds;
    cp_fold_step *nodes;
    int32_t *partner; /* per node, -1 = none */
} cp_fold;

/* Of one dimension and the present trip (or, of a tail, what is left of it). */
typedef struct cp_fold_load {
    int64_t carry, gain; /* sums; gain: what is on board that the trip did not begin with */
    int64_t peak;        /* most at any moment, when nothing is carried or gained besides */
} cp_fold_load;

typedef struct cp_head {
    int32_t place;                          /* where the vehicle stands, -1 = nowhere yet */
    int32_t trips, nodes, trip_nodes, open; /* trips: finished; open: fetched, not yet brought */
    uint64_t taken;                         /* breaks */
    int64_t leave_s, busy_s; /* earliest leaving; seconds since the departure without waiting */
    int64_t depart_s;        /* latest departure that misses none of the windows */
    int64_t dist_m, drive_s, work_s, way_s; /* way_s: driving of this trip */
    double bands, exposure;                 /* of trips finished, and of nodes */
    double risk;                            /* exposure of this trip */
    int64_t most;                           /* value, as peak */
    /* the last step */
    int64_t open_s, close_s;
    int64_t left_s; /* earliest leaving of the step before */
    int32_t leg_s, length_s, leg_m;
    bool later; /* not in its first window */
} cp_head;

typedef struct cp_tail {
    int32_t place, leg_s, leg_m; /* the next place, -1 = none, and the way there */
    int32_t trips, nodes;        /* trips: that begin in it */
    int32_t trip_nodes;          /* before the first of them */
    uint64_t taken;
    int64_t late_s;        /* latest leaving with which all that follows is in time */
    int64_t from_s, by_s;  /* leaving then: the same windows as when it was driven */
    int64_t busy_s, end_s; /* seconds without waiting; earliest end whenever it is left */
    int64_t dist_m, drive_s, work_s, way_s;
    double bands, exposure, risk;
    int64_t most;
} cp_tail;

typedef enum cp_fold_word {
    CP_FOLD_FITS,
    CP_FOLD_NOT,  /* late, no way, too long */
    CP_FOLD_FULL, /* too much on board or too great a risk: another trip might do */
} cp_fold_word;

/* A whole route. */
typedef struct cp_fold_sum {
    double cost;
    int64_t lasts_s, idle_s; /* where spans matter */
    int64_t slack_s;         /* by how much the join could be left later */
    uint64_t missing;        /* breaks that it must hold and does not */
} cp_fold_sum;

/* All that *out points to lives in ctx->scratch; *out stays where it is. The problem has been
 * validated. */
cp_status cp_fold_new(cp_ctx *ctx, const cp_vrp *p, cp_fold *out);

/* A day of the kind before its first item: at the start depot where there is one. False when that
 * is closed for good. */
bool cp_head_begin(const cp_fold_kind *k, cp_head *h, cp_fold_load *load);

/* Go on. After anything but CP_FOLD_FITS the head is of no use. */
cp_fold_word cp_head_go(const cp_fold_kind *k, const cp_fold_step *s, cp_head *h,
                        cp_fold_load *load);

/* The tail after the last step; and the tail before step s from the one after it, which stands
 * behind it (t[1], load[n_dims..]), where `at` is the head after the step. */
void cp_tail_end(const cp_fold_kind *k, cp_tail *t, cp_fold_load *load);
void cp_tail_go(const cp_fold_kind *k, const cp_fold_step *s, const cp_head *at, cp_tail *t,
                cp_fold_load *load);

/* Does the tail know the times when it is left then? Not: are they in time. */
static inline bool cp_tail_knows(const cp_fold_kind *k, const cp_tail *t, int64_t leave_s)
{
    return !k->spans || (leave_s >= t->from_s && leave_s <= t->by_s);
}

/* Join; the tail knows the times. `latest` is the departure that keeps the end, where it is known
 * (forbidden hours); else INT64_MAX. */
cp_fold_word cp_fold_join(const cp_fold_kind *k, const cp_head *h, const cp_fold_load *head_load,
                          const cp_tail *t, const cp_fold_load *tail_load, int64_t latest,
                          cp_fold_sum *out);

/* The latest departure that keeps the end of heads[0..n], each after a step (vrp.h, Schedule 2). */
int64_t cp_fold_departure(const cp_fold_kind *k, const cp_head *heads, int32_t n);

static inline const cp_fold_step *cp_fold_step_of(const cp_fold_kind *k, int32_t item)
{
    if (cp_vrp_is_node(item)) return &k->f->nodes[item];
    if (cp_vrp_is_break(item)) return &k->pauses[cp_vrp_break_of(item)];
    int32_t r = 0;
    while (k->v->reload_depots[r] != cp_vrp_depot_of(item))
        r++;
    return &k->reloads[r];
}

#endif

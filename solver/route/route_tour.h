/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_tour.h - one car's sequence of stops with what is needed to price a change in O(1), and the
 * set of all cars' sequences that a search works on.
 *
 * A tour is home, stops of trip 0, vault, stops of trip 1, .., home. Each place keeps the span of
 * everything before it and after it (route_day.h), and the load of its trip before and after it, so
 * that an insertion joins three runs. A task with two windows is kept in the one its earliest
 * schedule uses; where an insertion would push it into the other, the rest is walked instead. */
#ifndef CP_ROUTE_TOUR_H
#define CP_ROUTE_TOUR_H

#include "solver/route/route_day.h"

typedef struct cp_place {
    uint64_t seen; /* last question in which the place was looked at */
    int32_t node;
    int32_t trip;
    cp_span pre, suf;       /* from home to here, from here to home, both with this place */
    int32_t next_m, next_s; /* metres and seconds to the next place */
    int32_t two_after;      /* tasks with two windows at or after this place */
    cp_load pre_load[CP_N_LOADS], suf_load[CP_N_LOADS]; /* of its trip, with this place */
} cp_place;

typedef struct cp_tour {
    cp_place *at; /* n places, at[0] and at[n - 1] are home */
    int32_t n, n_stops, n_trips;
    int32_t wait_s;         /* waiting in it when it is driven in the least time */
    double cost, time_cost; /* the latter: of its hours alone */
    double pairs;           /* sum of the prices of its order (cp_tasks_day.pair_price) */
} cp_tour;

typedef enum cp_split {
    CP_SPLIT_NONE,
    CP_SPLIT_BEFORE, /* back to the vault, then the task */
    CP_SPLIT_AFTER   /* the task, then back to the vault */
} cp_split;

/* Where a task may go. */
typedef struct cp_slot {
    int32_t car, after; /* after this place of the car's tour; car -1 = nowhere */
    cp_split split;
    double delta; /* what it adds to the cost */
} cp_slot;

typedef struct cp_tours {
    const cp_tasks_day *p;
    cp_tour *tours;  /* per car */
    int32_t *car_of; /* per task, -1 = left out */
    int32_t *at_of;  /* per task: its place in the tour */
    int32_t *out;    /* tasks left out */
    int32_t n_out;
    double cost;  /* of all tours */
    bool *closed; /* per car: nothing may be inserted */
} cp_tours;

/* Empty tours, all tasks left out; in ctx->scratch. */
cp_status cp_tours_new(cp_ctx *ctx, const cp_tasks_day *p, cp_tours **out);

/* Recompute everything of a tour from its nodes, dropping vault visits that end empty trips. 0, or
 * the place at which it breaks a limit (then nothing but the nodes is of use). */
int32_t cp_tour_rebuild(const cp_tasks_day *p, int32_t car, cp_tour *tour);

/* Do the trips that the insertion makes keep value and volume? */
bool cp_tour_load_fits(const cp_tasks_day *p, const cp_tour *tour, const cp_slot *slot,
                       int32_t task);

/* What the task adds in the slot's place, in slot->delta; false when a limit forbids it, or when
 * the detour alone costs `bound` or more (then the rest is not looked at: more hours are rarely won
 * by a stop more). */
bool cp_tour_price(const cp_tasks_day *p, const cp_tour *tour, cp_slot *slot, int32_t task,
                   double bound);

/* Put a task that is not in any tour into a slot priced before. The list `out` is not touched. */
void cp_tours_insert(cp_tours *s, const cp_slot *slot, int32_t task);

/* Take tasks marked in gone[] out of a car's tour; also drops vault visits between two trips that
 * together keep the limits, where this is cheaper. Where the way that remains takes longer than the
 * one by the task taken out (travel times need not keep the triangle inequality), the stop reached
 * too late is taken out, too: marked in gone[] and appended to list. */
void cp_tours_take_out(cp_tours *s, int32_t car, bool *gone, int32_t *list, int32_t *n_list);

/* car_of and at_of of the stops of one tour, from its nodes. */
void cp_tours_index(cp_tours *s, int32_t car);

/* Copy all of `from` over `to`, but not what is closed. */
void cp_tours_copy(cp_tours *to, const cp_tours *from);

/* What is left out, planners' pins counting more than all others together. */
int64_t cp_tours_weight_out(const cp_tours *s);

/* Copy one tour over another with room for it. */
void cp_tour_copy(cp_tour *to, const cp_tour *from);

#endif

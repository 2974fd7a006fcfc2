/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_insert.h - the cheapest place for a task, and a first set of tours by regret insertion. */
#ifndef CP_ROUTE_INSERT_H
#define CP_ROUTE_INSERT_H

#include "solver/route/route_tour.h"

/* Cheapest slot of a task in one car's tour, all places tried; car -1 when there is none. */
cp_slot cp_slot_in_car(const cp_tours *s, int32_t car, int32_t task);

/* Cheapest slot of a task next to its neighbours in any tour, at the ends of the tours, or in an
 * empty car; when all of these are forbidden, and `all` is set, anywhere. Every place is passed
 * over with probability blink (Christiaens, Vanden Berghe 2020, section 5.3). *question counts the
 * calls and marks places already looked at. */
typedef struct cp_slot_search {
    cp_rng *rng;
    double blink;     /* in (0, 1) */
    int64_t to_blink; /* places until the next one passed over */
    uint64_t question;
    uint64_t *kind_seen; /* per car: last question in which an empty car of this kind was tried */
    bool all;
} cp_slot_search;

cp_slot cp_slot_near(cp_tours *s, cp_slot_search *q, int32_t task);

/* Insert the tasks left out one by one, first the one that loses most when its best car is taken by
 * others (regret over the best three cars; Potvin, Rousseau, "A parallel route building algorithm
 * for the vehicle routing and scheduling problem with time windows", EJOR 66, 1993). Tasks that fit
 * nowhere stay in `out`. */
cp_status cp_tours_construct(cp_ctx *ctx, cp_tours *s);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_rich_route.h - a route of the search with every rule: its items with the head before and the
 * tail after each (vrp_fold.h), so that what putting something in costs is known without driving
 * it again.
 *
 * Items are nodes, reloads and breaks. After changes breaks are moved to where they cost least
 * (cp_rich_move_breaks); a trial leaves them in their order among the items. */
#ifndef CP_VRP_RICH_ROUTE_H
#define CP_VRP_RICH_ROUTE_H

#include "solver/route/vrp_fold.h"

/* Memory for a route of so many items; lent to routes as they grow. */
typedef struct cp_rich_room {
    struct cp_rich_room *next; /* free one of the same size */
    int32_t cap;
    int32_t *items;
    cp_head *heads; /* [i] after i items; [n + 1] after the end depot */
    cp_tail *tails; /* [i] after i items */
    cp_fold_load *head_loads, *tail_loads;
} cp_rich_room;

typedef struct cp_rich_route {
    int32_t kind, n, n_steps; /* n_steps: items, and the way to the end depot */
    cp_rich_room *room;       /* NULL while it has no items */
    cp_fold_sum sum;          /* of the whole, when fresh */
    int64_t waits_s;          /* idle without breaks */
    bool fresh;               /* heads, tails and sum are those of the items */
} cp_rich_route;

#define CP_RICH_SIZES 24

typedef struct cp_rich_drive {
    cp_fold f;
    int32_t most_items; /* of a route */
    cp_rich_room *spare[CP_RICH_SIZES];
    cp_rich_route trial, probe; /* routes on trial: with room for all items */
} cp_rich_drive;

/* *out stays where it is; what it points to lives in ctx->scratch. */
cp_status cp_rich_drive_new(cp_ctx *ctx, const cp_vrp *p, cp_rich_drive *out);

/* Room for n items, those that are there kept; and none, when it has become empty. */
cp_status cp_rich_reserve(cp_ctx *ctx, cp_rich_drive *e, cp_rich_route *r, int32_t n);
void cp_rich_give_back(cp_rich_drive *e, cp_rich_route *r);

/* Drive the items anew. False where they break a rule, except for missing breaks. */
bool cp_rich_refresh(const cp_rich_drive *e, cp_rich_route *r);

/* The same with all breaks that it must hold: those that are missing are put in where they cost
 * least; where that cannot be, all are set anew. There must be room for them. */
bool cp_rich_settle(cp_rich_drive *e, cp_rich_route *r);

/* Move the breaks of a fresh route to where they cost least, and of such places where most time is
 * left; those that it need not hold any more may go. */
void cp_rich_move_breaks(cp_rich_drive *e, cp_rich_route *r);

/* The whole with put[0..n) before items[at] of a fresh route; n is small. */
cp_fold_word cp_rich_try(cp_rich_drive *e, const cp_rich_route *r, int32_t at, const int32_t *put,
                         int32_t n, cp_fold_sum *out);

/* Go on with a head that stands after step i of a fresh route (and after what was put in), to the
 * end; not for kinds that walk. */
cp_fold_word cp_rich_finish(const cp_rich_drive *e, const cp_rich_route *r, int32_t i, cp_head *h,
                            cp_fold_load *load, cp_fold_sum *out);

/* What the longer way and the work alone cost: the rest seldom falls by more than the waiting that
 * they can take the place of. HUGE_VAL where there is no way. */
double cp_rich_longer(const cp_rich_drive *e, const cp_rich_route *r, int32_t at,
                      const int32_t *put, int32_t n);

/* A route of these nodes and reloads with its breaks set, into e->trial; false when it breaks a
 * rule. */
bool cp_rich_make(cp_rich_drive *e, int32_t kind, const int32_t *items, int32_t n);

/* Put items in before items[at], or take items [at, at + n) out; the route is then not fresh. */
void cp_rich_put(cp_rich_route *r, int32_t at, const int32_t *put, int32_t n);
void cp_rich_take(cp_rich_route *r, int32_t at, int32_t n);

/* Make the items of one those of another, which has room. */
void cp_rich_copy(const cp_rich_route *from, cp_rich_route *to);

static inline const cp_fold_step *cp_rich_step(const cp_rich_drive *e, const cp_rich_route *r,
                                               int32_t i)
{
    const cp_fold_kind *k = &e->f.kinds[r->kind];
    return i < r->n ? cp_fold_step_of(k, r->room->items[i]) : &k->end;
}

#endif

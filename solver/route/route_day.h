/* SPDX-License-Identifier: GPL-3.0-or-later */
/* route_day.h - one vault's day as the route search sees it: tasks, cars and legs as dense arrays.
 *
 * Times are whole seconds. Node k < n_tasks is a task, node n_tasks the vault, node n_tasks + 1 the
 * home of open routes, from and to which every way is free. */
#ifndef CP_ROUTE_DAY_H
#define CP_ROUTE_DAY_H

#include "models/base/ctx.h"
#include "models/base/rng.h"
#include "solver/route/route_solve.h"

/* A leg without a way takes so long that no window or shift admits it, yet sums stay in int32_t. */
#define CP_LEG_NONE_S (INT32_C(1) << 28)

typedef struct cp_leg {
    int32_t s, m;
} cp_leg;

/* A run of nodes served one after the other: least duration, and the earliest and latest start at
 * which it is reached (Vidal, Crainic, Gendreau, Prins, "A hybrid genetic algorithm with adaptive
 * diversity management for a large class of vehicle routing problems with time-windows", Computers
 * & Operations Research 40(1), 2013, section 4.3). early + duration is the earliest end. */
typedef struct cp_span {
    int32_t dur, early, late;
} cp_span;

/* What a run of stops of one trip does to the load: carried out, brought back, most on board. */
typedef struct cp_load {
    int64_t out, back, most;
} cp_load;

#define CP_N_LOADS 2 /* value in minor units, volume in cm3 */

typedef struct cp_day_task {
    int32_t index; /* in cp_route_day.tasks */
    int32_t service_s;
    int32_t open_s[2], close_s[2], n_windows; /* by opening */
    cp_load load[CP_N_LOADS];
    int32_t car;    /* in cp_day_cars or -1 */
    int32_t weight; /* of being left out */
    bool first;     /* inserted before others: pinned by a planner */
} cp_day_task;

typedef struct cp_day_car {
    int32_t car;  /* in the network */
    int32_t home; /* node */
    int32_t first_s, end_s, shift_end_s;
    int32_t reload_s, reload_late_s; /* latest start of a reload */
    int32_t max_trips;
    int64_t limit[CP_N_LOADS];
    double per_m, per_s, per_over_s, fixed; /* minor units */
    int32_t kind; /* cars of one kind are alike: among empty ones only the first is tried */
} cp_day_car;

/* An arrival at a task from from_s to to_s is as on an earlier day (route_like.h). */
typedef struct cp_day_slot {
    int32_t from_s, to_s;
    double price;
} cp_day_slot;

/* The whole problem; read-only for the search. */
typedef struct cp_tasks_day {
    const cp_network *net;
    int32_t n_tasks, n_cars, n_nodes;
    cp_day_task *tasks;
    cp_day_car *cars;
    cp_leg *legs;       /* n_nodes * n_nodes, from row to column */
    cp_leg *legs_to;    /* the same, to row from column: ways to one task lie side by side */
    int32_t n_near;     /* neighbours of each task */
    int32_t *near;      /* n_tasks * n_near, nearest first */
    int32_t *home_rank; /* per task: neighbours nearer than the vault */
    double leg_cost; /* mean cost of the legs to the nearest neighbours: scale of the annealing */
    bool any_volume;
    /* What driving as on earlier days costs on top; NULL = nothing. */
    double *arc_price;   /* n_nodes * n_nodes, from row to column */
    double *pair_price;  /* n_tasks * n_tasks, row before column on one car; below 0 where it was
                            the other way round */
    int32_t *first_slot; /* n_tasks + 1: slots of a task */
    cp_day_slot *slots;
} cp_tasks_day;

static inline double cp_arc_price(const cp_tasks_day *p, int32_t from, int32_t to)
{
    return p->arc_price[(size_t)from * (size_t)p->n_nodes + (size_t)to];
}

static inline double cp_pair_price(const cp_tasks_day *p, int32_t first, int32_t then)
{
    return p->pair_price[(size_t)first * (size_t)p->n_tasks + (size_t)then];
}

static inline double cp_slot_price(const cp_tasks_day *p, int32_t task, int32_t arrive_s)
{
    double price = 0.0;
    for (int32_t k = p->first_slot[task]; k < p->first_slot[task + 1]; k++)
        if (arrive_s >= p->slots[k].from_s && arrive_s <= p->slots[k].to_s)
            price += p->slots[k].price;
    return price;
}

static inline const cp_leg *cp_leg_at(const cp_tasks_day *p, int32_t from, int32_t to)
{
    return &p->legs[(size_t)from * (size_t)p->n_nodes + (size_t)to];
}

static inline const cp_leg *cp_leg_to(const cp_tasks_day *p, int32_t from, int32_t to)
{
    return &p->legs_to[(size_t)to * (size_t)p->n_nodes + (size_t)from];
}

/* a, then a leg of leg_s, then b. False when b cannot be reached in time. */
static inline bool cp_span_join(const cp_span *a, int32_t leg_s, const cp_span *b, cp_span *out)
{
    const int32_t delta = a->dur + leg_s;
    if (a->early + delta > b->late) return false;
    const int32_t gap = b->early - delta - a->late;
    const int32_t wait = gap > 0 ? gap : 0;
    const int32_t early = b->early - delta > a->early ? b->early - delta : a->early;
    const int32_t late = b->late - delta < a->late ? b->late - delta : a->late;
    out->dur = delta + b->dur + wait;
    out->early = early - wait;
    out->late = late;
    return true;
}

static inline cp_load cp_load_join(const cp_load *a, const cp_load *b)
{
    const int64_t first = a->most + b->out;
    const int64_t second = b->most + a->back;
    const cp_load r = {a->out + b->out, a->back + b->back, first > second ? first : second};
    return r;
}

/* cause[i] (n_tasks of `day`) says why no car could serve a task even alone, NULL where one can;
 * tasks whose value or volume no car may carry are left out of the problem. All of *out lives in
 * ctx->scratch, the texts in ctx->run. The input has been checked. */
cp_status cp_tasks_day_build(cp_ctx *ctx, const cp_network *net, const cp_route_day *day,
                             const char **cause, cp_tasks_day **out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_insert.h"

#include <float.h>
#include <math.h>

#define REGRET_CARS 3

static const cp_slot nowhere = {-1, -1, CP_SPLIT_NONE, DBL_MAX};

/* The two ways to insert after one place with a visit to the vault between. One next to another
 * vault visit, or to home, would end an empty trip. */
static void try_split(const cp_tours *s, cp_slot slot, int32_t task, cp_slot *best)
{
    const cp_tour *t = &s->tours[slot.car];
    if (t->n_trips == 0 || t->n_trips >= s->p->cars[slot.car].max_trips) return;
    slot.split = CP_SPLIT_BEFORE;
    if (t->at[slot.after].node < s->p->n_tasks && cp_tour_price(s->p, t, &slot, task, best->delta))
        *best = slot;
    slot.split = CP_SPLIT_AFTER;
    if (t->at[slot.after + 1].node < s->p->n_tasks &&
        cp_tour_price(s->p, t, &slot, task, best->delta))
        *best = slot;
}

/* All ways to insert after one place; keeps the cheapest in *best. */
static void try_place(const cp_tours *s, int32_t car, int32_t after, int32_t task, cp_slot *best)
{
    const cp_tour *t = &s->tours[car];
    cp_slot slot = {car, after, CP_SPLIT_NONE, 0.0};
    if (cp_tour_price(s->p, t, &slot, task, best->delta)) *best = slot;
    /* One more return to the vault pays only where the load asks for it. */
    if (s->p->cars[car].max_trips > 1 && !cp_tour_load_fits(s->p, t, &slot, task))
        try_split(s, slot, task, best);
}

static bool may_serve(const cp_tours *s, int32_t car, int32_t task)
{
    return !s->closed[car] && (s->p->tasks[task].car < 0 || s->p->tasks[task].car == car);
}

cp_slot cp_slot_in_car(const cp_tours *s, int32_t car, int32_t task)
{
    cp_slot best = nowhere;
    if (!may_serve(s, car, task)) return best;
    for (int32_t k = 0; k < s->tours[car].n - 1; k++)
        try_place(s, car, k, task, &best);
    return best;
}

/* Places until the next one passed over: geometric, so that most places need no random number. */
static int64_t blink_gap(const cp_slot_search *q)
{
    return (int64_t)(log(1.0 - cp_rng_unit(q->rng)) / log(1.0 - q->blink));
}

static void try_once(cp_tours *s, cp_slot_search *q, int32_t car, int32_t after, int32_t task,
                     cp_slot *best)
{
    cp_place *a = &s->tours[car].at[after];
    if (a->seen == q->question) return;
    a->seen = q->question;
    if (--q->to_blink < 0) {
        /* A trip of its own is never the cheapest while another takes the task: it gets its chance
         * where that one is passed over. */
        const cp_slot slot = {car, after, CP_SPLIT_NONE, 0.0};
        q->to_blink = blink_gap(q);
        try_split(s, slot, task, best);
        return;
    }
    try_place(s, car, after, task, best);
}

cp_slot cp_slot_near(cp_tours *s, cp_slot_search *q, int32_t task)
{
    const cp_tasks_day *p = s->p;
    const int32_t *near = &p->near[(size_t)task * (size_t)p->n_near];
    cp_slot best = nowhere;
    q->question++;
    for (int32_t k = 0; k < p->n_near; k++) {
        const int32_t car = s->car_of[near[k]];
        if (car < 0 || !may_serve(s, car, task)) continue;
        const int32_t at = s->at_of[near[k]];
        try_once(s, q, car, at - 1, task, &best);
        try_once(s, q, car, at, task, &best);
    }
    const bool home_near = p->home_rank[task] < p->n_near;
    for (int32_t car = 0; car < p->n_cars; car++) {
        if (!may_serve(s, car, task)) continue;
        const cp_tour *t = &s->tours[car];
        if (t->n_stops == 0) {
            const int32_t kind = p->cars[car].kind;
            if (q->kind_seen[kind] == q->question) continue;
            q->kind_seen[kind] = q->question;
            try_once(s, q, car, 0, task, &best);
        } else if (home_near || p->tasks[task].car >= 0) {
            try_once(s, q, car, 0, task, &best);
            try_once(s, q, car, t->n - 2, task, &best);
        }
    }
    for (int32_t car = 0; car < p->n_cars && best.car < 0 && q->all; car++) {
        const cp_slot slot = cp_slot_in_car(s, car, task);
        if (slot.delta < best.delta) best = slot;
    }
    return best;
}

/* Best slots of all tasks left out in all cars, as far as known: cell [task * n_cars + car]. */
typedef struct regret_table {
    cp_tours *s;
    cp_slot *slot;
} regret_table;

static void price_car(regret_table *r, int32_t car)
{
    const int32_t n_cars = r->s->p->n_cars;
    for (int32_t k = 0; k < r->s->n_out; k++) {
        const int32_t task = r->s->out[k];
        r->slot[(size_t)task * (size_t)n_cars + (size_t)car] = cp_slot_in_car(r->s, car, task);
    }
}

/* Among empty cars of one kind only the first counts, else each would look like an alternative. */
static bool counts(const cp_tours *s, int32_t car)
{
    if (s->tours[car].n_stops > 0) return true;
    for (int32_t k = 0; k < car; k++)
        if (s->p->cars[k].kind == s->p->cars[car].kind && s->tours[k].n_stops == 0) return false;
    return true;
}

/* How much the task loses when its best car is gone, in *regret; its best slot is returned. */
static cp_slot regret_of(const regret_table *r, int32_t task, double *regret)
{
    const cp_tasks_day *p = r->s->p;
    double least[REGRET_CARS];
    for (int32_t k = 0; k < REGRET_CARS; k++)
        least[k] = DBL_MAX;
    cp_slot best = nowhere;
    for (int32_t car = 0; car < p->n_cars; car++) {
        const cp_slot *slot = &r->slot[(size_t)task * (size_t)p->n_cars + (size_t)car];
        if (slot->car < 0 || !counts(r->s, car)) continue;
        if (slot->delta < best.delta) best = *slot;
        double d = slot->delta;
        for (int32_t k = 0; k < REGRET_CARS; k++)
            if (d < least[k]) {
                const double old = least[k];
                least[k] = d;
                d = old;
            }
    }
    /* A car missing counts as much as a thousand legs: such tasks go first. */
    const double missing = 1000.0 * p->leg_cost;
    *regret = 0.0;
    for (int32_t k = 1; k < REGRET_CARS; k++)
        *regret += least[k] < DBL_MAX ? least[k] - least[0] : missing;
    if (best.car >= 0) *regret += 1e-3 * best.delta; /* among equals the farthest */
    return best;
}

cp_status cp_tours_construct(cp_ctx *ctx, cp_tours *s)
{
    const cp_tasks_day *p = s->p;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    regret_table r = {.s = s};
    CP_NEW(ctx, ctx->scratch, r.slot, (size_t)p->n_tasks * (size_t)p->n_cars);
    for (int32_t car = 0; car < p->n_cars; car++)
        price_car(&r, car);
    while (s->n_out > 0) {
        cp_slot best = nowhere;
        int32_t best_at = -1;
        double most = -DBL_MAX;
        bool first = false;
        for (int32_t k = 0; k < s->n_out; k++) {
            double regret = 0.0;
            const cp_slot slot = regret_of(&r, s->out[k], &regret);
            const bool must = p->tasks[s->out[k]].first;
            if (slot.car < 0 || (first && !must)) continue;
            if (must == first && regret <= most) continue;
            first = must;
            most = regret;
            best = slot;
            best_at = k;
        }
        if (best_at < 0) break;
        cp_tours_insert(s, &best, s->out[best_at]);
        s->out[best_at] = s->out[--s->n_out];
        price_car(&r, best.car);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/route_brute.h"

/* All orders of the tasks not yet in `done`, all cuts. Every prefix is a day of its own set. */
static void extend(toy_brute *b, int32_t done, int32_t n)
{
    const toy *t = b->t;
    for (int32_t cut = 1; cut <= n; cut++) {
        for (int32_t k = 0; k < n; k++)
            b->stops[k].trip = k >= cut;
        cp_plan_route r;
        cp_plan_stop timed[TOY_STOPS];
        if (!toy_judge(t, b->car, b->stops, n, &r, timed)) continue;
        const cp_minor cost = toy_cost(b->ctx, t, &r);
        cp_minor *best = &b->best[b->car][done];
        if (*best < 0 || cost < *best) *best = cost;
    }
    for (int32_t i = 0; i < t->day.n_tasks; i++) {
        if ((done >> i & 1) != 0) continue;
        b->stops[n] = toy_stop(t, i, 0);
        extend(b, done | 1 << i, n + 1);
    }
}

void toy_brute_fill(cp_ctx *ctx, const toy *t, toy_brute *b)
{
    b->ctx = ctx;
    b->t = t;
    for (b->car = 0; b->car < TOY_CARS; b->car++) {
        b->best[b->car][0] = 0;
        for (int32_t set = 1; set < TOY_SETS; set++)
            b->best[b->car][set] = -1;
        if (b->car < t->net.n_cars) extend(b, 0, 0);
    }
}

bool toy_brute_may(const toy_brute *b, int32_t car, int32_t set, cp_minor *cost)
{
    for (int32_t i = 0; i < b->t->day.n_tasks; i++)
        if ((set >> i & 1) != 0 && b->t->tasks[i].car >= 0 && b->t->tasks[i].car != car)
            return false;
    *cost = b->best[car][set];
    return *cost >= 0;
}

cp_minor toy_brute_cost(const toy_brute *b, int32_t set)
{
    cp_minor best = -1, one = 0, two = 0;
    for (int32_t part = set;; part = (part - 1) & set) {
        if (toy_brute_may(b, 0, part, &one) && toy_brute_may(b, 1, set & ~part, &two) &&
            (best < 0 || one + two < best))
            best = one + two;
        if (part == 0) return best;
    }
}

static int64_t weight_of(const toy *t, int32_t set)
{
    int64_t w = 0;
    for (int32_t i = 0; i < t->day.n_tasks; i++)
        if ((set >> i & 1) != 0) w += t->tasks[i].must ? 1 + t->day.n_tasks : 1;
    return w;
}

void toy_brute_best(const toy_brute *b, int64_t *weight, cp_minor *cost)
{
    const int32_t all = (1 << b->t->day.n_tasks) - 1;
    *weight = INT64_MAX;
    *cost = 0;
    for (int32_t set = 0; set <= all; set++) {
        const int64_t w = weight_of(b->t, all & ~set);
        const cp_minor c = toy_brute_cost(b, set);
        if (c < 0 || w > *weight || (w == *weight && c >= *cost)) continue;
        *weight = w;
        *cost = c;
    }
}

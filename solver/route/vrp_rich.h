/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_rich.h - the search for problems with rules that the quick search (vrp_dense.h) cannot keep:
 * breaks, several trips with reloads, forbidden hours, several windows, longest ways and driving
 * times, tariffs by value band, priced waiting, overtime and exposure.
 *
 * Ruin and recreate with strings (Christiaens, Vanden Berghe, "Slack induction by string removals",
 * Transportation Science 54(2), 2020) under annealing, as in the quick search; but a place is
 * judged by driving the whole route, so that a rule is one line of cp_rich_route and none is left
 * out. The cost of an iteration grows with the length of routes, not with their number.
 *
 * Reloads are items of a route that insertions may add and ruins take away. Breaks are not: driving
 * a route sets them, each at the first moment at which its window is open, and before what would
 * make it late. That is not always the best moment. */
#ifndef CP_VRP_RICH_H
#define CP_VRP_RICH_H

#include "solver/route/vrp_solve.h"

/* What driving routes needs; one a search. */
typedef struct cp_rich_drive {
    const cp_vrp *p;
    int32_t cap; /* items of a route, breaks included */
    struct cp_rich_step *steps;
    int64_t *board; /* n_dims */
    uint8_t *taken; /* breaks of the vehicle */
    int32_t n_steps;
} cp_rich_drive;

cp_status cp_rich_drive_new(cp_ctx *ctx, const cp_vrp *p, cp_rich_drive *out);

/* Cost of a route of nodes and reloads with its breaks set, in minor units without rounding; < 0
 * when it breaks a rule. n >= 1. */
double cp_rich_route(cp_rich_drive *e, int32_t vehicle, const int32_t *items, int32_t n);

/* What the longer way and the work alone cost when node x goes in before items[at]: the rest of a
 * route's cost seldom falls. Where waiting has a price, time is none of it: the node may take the
 * place of a wait. */
double cp_rich_longer(const cp_vrp *p, int32_t vehicle, const int32_t *items, int32_t n, int32_t at,
                      int32_t x);

/* The items of the route that was driven last, with its breaks; returns their number. */
int32_t cp_rich_items(const cp_rich_drive *e, int32_t *items);

/* Search, as cp_vrp_solve does. */
cp_status cp_vrp_rich(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_opts *opts, cp_vrp_result *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp_rich.h - the search for problems with rules that the quick search (vrp_dense.h) cannot keep:
 * pairs, breaks, several trips with reloads, longest ways and driving times, tariffs by value band,
 * priced exposure, forbidden hours or several windows together with a priced or limited duration,
 * set-ups that are saved where nodes share a place.
 *
 * Ruin and recreate with strings (Christiaens, Vanden Berghe, "Slack induction by string removals",
 * Transportation Science 54(2), 2020) under annealing, as in the quick search. A place is judged by
 * joining the beginning of a route, what is put in, and its end (vrp_fold.h), so that no rule is
 * left out and the cost of a trial does not grow with the route; an iteration's cost grows with
 * neighbours, not with the problem.
 *
 * Reloads are items of a route that insertions may add and ruins take away. Breaks are items too:
 * after each change those of the route are moved to where they cost least. The two nodes of a pair
 * are taken out and put in together, the second anywhere behind the first on its trip. */
#ifndef CP_VRP_RICH_H
#define CP_VRP_RICH_H

#include "solver/route/vrp_solve.h"

/* Search, as cp_vrp_solve does; of several islands the best is taken. */
cp_status cp_vrp_rich(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_opts *opts, cp_vrp_result *out);

#endif

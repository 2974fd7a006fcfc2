/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_exact.h - the cheapest joint plan of the machines of one site, proved.
 *
 * A state is the next visit of every machine. States are worked off by day; on a day the machines
 * that are visited choose how they go on and the stop is paid once, if a crew comes to any of them
 * (to a fill by the branch's staff nobody drives). A state is given up when its
 * cost and what the machines need at least from there on, each paying its part of the stops by the
 * given division, reach the best plan known: labels with completion bounds, as in resource
 * constrained shortest paths (Beasley, Christofides 1989). Good divisions leave few states. */
#ifndef CP_SITE_EXACT_H
#define CP_SITE_EXACT_H

#include "solver/replenish/site_graph.h"

typedef struct cp_site_machine {
    cp_site_graph *graph;
    const double *division; /* [t]: its part of the stop, summing to 1 over the machines */
    cp_step *steps;         /* out: room for n_days */
    int32_t n_steps;
} cp_site_machine;

typedef struct cp_site_joint {
    int32_t n, n_days;
    cp_site_machine *machine;
    const double *full, *stop; /* [t]: charged for any visit by a crew; at the greatest share */
    double incumbent;          /* cost of the best joint plan known */
    double known_bound;  /* no joint plan costs less, as is known before; -INFINITY: nothing */
    int32_t most_labels; /* states kept; what does not fit weakens the bound */
} cp_site_joint;

/* *bound: no joint plan costs less, to a hundredth of a minor unit below the incumbent. *better:
 * the machines' steps hold a plan that costs *cost < incumbent; otherwise they are left alone. */
cp_status cp_site_exact(cp_ctx *ctx, const cp_site_joint *joint, double *bound, bool *better,
                        double *cost);

#endif

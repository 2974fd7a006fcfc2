/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_ascent.h - better prices for the Lagrangian value of a node, step by step.
 *
 * Subgradient steps with Polyak's length against the best plan known (Held, Wolfe, Crowder,
 * Mathematical Programming 6, 1974), along directions that keep part of the last one (Camerini,
 * Fratta, Maffioli, Math. Programming Study 3, 1975); the length halves when the bound stands
 * still. The relaxed solutions are averaged with falling weights of the past, which tells how
 * fractional a site is (Barahona, Anbil, Mathematical Programming 87, 2000). */
#ifndef CP_SITE_ASCENT_H
#define CP_SITE_ASCENT_H

#include "solver/site/site_relax.h"

typedef struct cp_site_ascent {
    double *lambda;  /* [client] prices of the best bound so far: start and result */
    double *at;      /* [client] prices of the last step, scratch */
    double *along;   /* [client] direction, scratch */
    double *share;   /* [site] mean of the relaxed solutions, 0 to 1 */
    cp_site_value v; /* of lambda */
    double bound;    /* L(lambda) */
    int64_t steps;   /* evaluations so far, counted work */
} cp_site_ascent;

typedef struct cp_site_ascent_opts {
    int32_t max_steps;
    int32_t patience; /* steps without a better bound before the length halves */
    double length;    /* first factor of Polyak's step */
    double cutoff;    /* stop as soon as the bound reaches it */
    double target;    /* cost of the best plan known; INFINITY = none */
    double until_s;   /* on the clock of cp_cpu_s(); INFINITY = no limit */
} cp_site_ascent_opts;

/* Everything allocated in `arena`, prices all zero. */
cp_status cp_site_ascent_new(cp_ctx *ctx, cp_arena *arena, const cp_siting *s, cp_site_ascent *out);

/* First prices: each client pays what its second choice costs, at most its price of being left. */
void cp_site_ascent_start(const cp_site_node *node, cp_site_ascent *a);

/* Raises the bound of `node`; a->v is evaluated at a->lambda on return. Stops early with ctx. */
void cp_site_ascent_run(const cp_ctx *ctx, const cp_site_node *node,
                        const cp_site_ascent_opts *opts, cp_site_ascent *a);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* site_center.h - the least service radius that a number of vaults can keep (p-center).
 *
 * A radius can be kept by p vaults when the covering with it needs no more than p; the least one
 * lies between two distances of the problem, found by halving (Minieka, SIAM Review 12, 1970). */
#ifndef CP_SITE_CENTER_H
#define CP_SITE_CENTER_H

#include "solver/site/site_solve.h"

typedef struct cp_site_center {
    bool found, proven;
    double radius; /* of the plan */
    double bound;  /* no smaller radius can be kept */
    uint8_t *open; /* [site], in ctx->run */
    int64_t nodes, steps;
} cp_site_center;

/* `s` holds distances as costs; most_open is p; fixed, leave and least_open are not looked at.
 * Uses of `opts` as in site_solve.h. CP_E_INPUT where the problem is not valid. */
cp_status cp_siting_center(cp_ctx *ctx, const cp_siting *s, const cp_siting_opts *opts,
                           cp_site_center *out);

#endif

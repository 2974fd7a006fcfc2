/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refill_pool.h - neighbourhood programs: some sites choose anew, together, among the plans that
 * column generation made for them.
 *
 * Where limits bind, a plan is a matter of fitting: a minute too much on one day is cured only by
 * several machines changing days at once, which re-plans of one machine after the other hardly
 * find. Here some dozens of sites are freed, all others keep what they use, and an integer program
 * (GLPK) chooses one plan for each: large neighbourhood search over the columns of the relaxation
 * (Shaw 1998; "MIP polishing", Rothberg 2007). Limits that need relief come first, with the sites
 * that can leave them cheapest at the relaxation's prices. */
#ifndef CP_REFILL_POOL_H
#define CP_REFILL_POOL_H

#include "solver/replenish/refill_master.h"
#include "solver/replenish/refill_state.h"

typedef struct cp_pool_opts {
    int32_t programs; /* counted work: integer programs solved at most */
    uint64_t seed;
} cp_pool_opts;

/* *state (every point in it) is improved in place; *done += programs solved. */
cp_status cp_refill_pool(cp_ctx *ctx, cp_refill_state *state, const cp_master *master,
                         const cp_pool_opts *opts, int64_t *done);

#endif

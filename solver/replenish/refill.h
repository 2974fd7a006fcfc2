/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refill.h - which machine is visited on which day and what it is loaded with, for all vaults.
 *
 * model.md sections 1-2: plans of a site are columns of a master over the limits its vault shares;
 * the master's bound comes from pricing; the plan from rounding and ruin-and-recreate. Vaults share
 * nothing, so each is solved alone. */
#ifndef CP_REFILL_H
#define CP_REFILL_H

#include "models/demand/paths.h"
#include "models/plan/plan.h"
#include "solver/replenish/refill_master.h"
#include "solver/replenish/refill_start.h"

typedef struct cp_refill_opts {
    int64_t replans; /* counted work of the search: one-point re-plans; 0 = 300 a point */
    int64_t nodes;   /* counted work: nodes of the tree of a small zone; 0 = by size, -1 = none */
    double stop_gap; /* stop when this gap is proved; 0 = use all the work */
    uint64_t seed;   /* of the search; the sample paths have the model's */
    const char *dump_lp; /* path to write the master of vault dump_vault to; NULL = no */
    int32_t dump_vault;
    const bool *vaults; /* those to solve; the others keep their last answer. NULL = all */
    /* Repair: start from the last plan of each vault, with little heat, where days were forbidden
     * (cp_refill_ban) or crew minutes taken away since. Both make the problem tighter, so the last
     * bound holds, and no relaxation is solved. */
    bool repair;
    const cp_limit_prices *start; /* what the first solve of a vault begins with; NULL = nothing */
} cp_refill_opts;
cp_refill_opts cp_refill_defaults(void);

/* All arcs of the network's points; made once, solved as often as stop prices change. */
typedef struct cp_refill cp_refill;

/* Points are built in parallel. Lives in ctx->run. Memory about 10 KB a point at 14
 * days, 17 KB at 28.
 * CP_E_INPUT naming the first point whose rules leave no plan. */
cp_status cp_refill_build(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                          const cp_shares *shares, uint64_t seed, cp_refill **out);

/* No visit of `site` on day t any more (no route could take it), for all its points that have a
 * plan without it; *n_banned grows by their number. The others keep the day; the caller reports
 * them. */
cp_status cp_refill_ban(cp_ctx *ctx, cp_refill *refill, int32_t site, int32_t t, int32_t *n_banned);

/* Solve at these stop prices (may hold NULL arrays). Fills of *plan: policy, days, visits, loads
 * (without expected returns, see plan_fill.h), limits with duals, prices, proof, outcome,
 * work_done, stopped_by. Duals of the last solve start the next one. Prices of vaults that keep
 * their last answer must be those of that solve. */
cp_status cp_refill_solve(cp_ctx *ctx, cp_refill *refill, const cp_stop_prices *prices,
                          const cp_refill_opts *opts, cp_plan *plan);

/* Forget the answers so far, whose memory may go: the next solve begins like the first. */
void cp_refill_forget(cp_refill *refill);

/* What the relaxations of the last solve were like, summed over the vaults. */
typedef struct cp_refill_stats {
    double lp_minor, bound_minor;
    int32_t n_rows;       /* shared limits */
    int32_t n_columns;    /* plans made */
    int32_t n_fractional; /* sites whose plan the LP splits */
    int32_t rounds;       /* of pricing */
    int64_t simplex_iterations;
    bool closed; /* every LP met its bound */
} cp_refill_stats;
cp_refill_stats cp_refill_stats_get(const cp_refill *refill);

#endif

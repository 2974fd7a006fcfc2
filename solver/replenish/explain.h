/* SPDX-License-Identifier: GPL-3.0-or-later */
/* explain.h - why a point of a plan is visited on its day, in its way, with its load.
 *
 * All other points stay as planned. Taken out and put back with its first visit forced to another
 * day or kind (or to none), each time planned anew for the rest of the horizon by the exact
 * shortest path of point_price.h, the point shows what every other choice would cost the vault: its
 * own intervals and visits, its site's stops, and the shared limits. Planned as if no limit were
 * shared it shows what it would choose alone; the rows that this choice would overrun are what
 * pushed it. */
#ifndef CP_EXPLAIN_H
#define CP_EXPLAIN_H

#include "solver/replenish/refill_state.h"
#include "solver/replenish/servicer.h"

typedef struct cp_choice {
    int32_t t;          /* day of the first visit; -1 = none in the horizon */
    cp_visit_kind kind; /* of the first visit */
    bool by_branch;     /* made by the branch's own staff */
    uint32_t swapped;   /* bit k: it exchanges the cassettes of channel k */
    int32_t until;      /* day up to which its load is meant to last */
    int32_t n_visits;   /* in the horizon */
    cp_minor out_minor; /* value brought by the first visit */
    cp_minor own_minor; /* holding, cash-out, emergency, service relief, visits, packing, sorting */
    cp_minor stop_minor;   /* share of its site's stops */
    cp_minor limits_minor; /* overtime and relief that the shared limits then need */
    cp_minor total_minor;  /* the three */
    bool misses;           /* an interval misses the asked service level */
    bool chosen;
} cp_choice;

/* Another load for the chosen first visit, lasting until the same day. */
typedef struct cp_load_choice {
    cp_minor out_minor;  /* value brought */
    cp_minor more_minor; /* what it costs more than the chosen load, expected, up to that day */
    bool misses, chosen;
    int32_t mix; /* what the slots then hold (models/net/slot_mix.h) */
} cp_load_choice;

/* A shared limit that the choice made alone would overrun. */
typedef struct cp_push {
    cp_limit_kind kind;
    int32_t t, item;
    int64_t cap, others,
        wanted;          /* the limit with its extra; use of all others; what it would add */
    cp_minor cost_minor; /* of the overrun */
} cp_push;

typedef struct cp_explanation {
    int32_t point;
    cp_choice *choice; /* by cost, the cheapest first */
    int32_t n_choices;
    cp_load_choice *load; /* by value */
    int32_t n_loads;
    cp_choice alone; /* if nothing were shared; limits_minor is what it would cost all the same */
    cp_push *push;
    int32_t n_pushes;
    int32_t n_changed; /* other points whose stored visits the data no longer allow */
    cp_servicer_study
        servicer; /* of explain_run.h: of a point serviced by either; else n_plans 0 */
} cp_explanation;

/* `zone` is the vault's, with relief priced as it is to be counted, of the data and stop prices
 * that `plan` was made with. Lives in ctx->run. CP_E_INPUT when the point is not planned from this
 * vault, or its visits are no longer possible with the data at hand. */
cp_status cp_explain_zone(cp_ctx *ctx, cp_zone *zone, const cp_plan *plan, int32_t point,
                          cp_explanation *out);

/* Put every point of the zone into `state`, which has them all out, as `plan` visits it. Points
 * whose visits the data no longer allow are planned anew, *n_changed of them; CP_E_INPUT when zone
 * point `must` (-1 = none) is one. */
cp_status cp_explain_state(cp_ctx *ctx, const cp_zone *zone, const cp_plan *plan, int32_t must,
                           cp_refill_state *state, int32_t *n_changed);

#endif

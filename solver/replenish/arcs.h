/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arcs.h - everything one machine or branch can do, as arcs between visits, priced exactly.
 *
 * Between two visits t < s the stock depends on nothing earlier (model.md section 1; the plans of a
 * machine are paths over days as in Wagner, Whitin 1958, with the expected costs of the sample
 * paths on the arcs). Costs are the integers that plan_cost.h defines; this file computes them with
 * code of its own, and the two must agree to the minor unit.
 *
 * A visit is (day t, mode, level): mode = how it is served, level = what is inside afterwards. */
#ifndef CP_ARCS_H
#define CP_ARCS_H

#include "models/demand/paths.h"
#include "models/plan/plan.h"
#include "solver/replenish/arc_table.h"

#define CP_MAX_MODES 2
#define CP_MAX_CHANNELS 16

/* What may be inside after a visit, or, for the first add of a point, the amount added. */
typedef struct cp_level {
    const int64_t *notes; /* by channel of the point; deposit channels 0 */
    cp_minor out_minor;   /* value carried out: sum of max(0, notes) * value */
    cp_minor entry_minor; /* first add only: SORT + VALUE_BACK of the opening interval it ends */
    int32_t entry_back;   /* first add only: notes to sort */
} cp_level;

/* One interval. `t` is implied by the list that holds it. */
typedef struct cp_arc {
    cp_minor cost;              /* HOLD + CASH_OUT + EMERGENCY + service relief, share applied */
    cp_minor end[CP_MAX_MODES]; /* until < T: SORT + VALUE_BACK by the mode of the visit that ends
                                   it; last interval: the same for the mode of t, plus the visit's
                                   own STOP_MACHINE, STOP_VALUE and PACK, all at the share */
    int32_t back[CP_MAX_MODES]; /* notes to sort at `until`, by the mode of that visit */
    int16_t until, level;
    uint8_t misses; /* 1: fails the point's service level */
} cp_arc;

typedef struct cp_mode {
    cp_visit_kind kind;
    int32_t service_min; /* at the machine */
    int32_t cassettes;   /* packed and taken from the pool by one visit */
} cp_mode;

/* All arcs of one point. Day lists are [first[t], first[t + 1]). */
typedef struct cp_arcs {
    int32_t point, n_days, n_channels;
    int32_t n_modes;
    cp_mode mode[CP_MAX_MODES];
    int32_t add_mode; /* index of the mode with kind add, -1 */
    int32_t n_levels;
    cp_level *level;
    cp_arc *arc;         /* by t, then until */
    int32_t *first;      /* n_days + 1 */
    cp_level *amount;    /* levels of first adds */
    cp_arc *add_arc;     /* first adds: cost includes nothing of the opening interval */
    int32_t *add_first;  /* n_days + 1 */
    cp_arc *opening;     /* [0, n_days): until the first visit on t; [n_days]: no visit at all */
    uint8_t *may_visit;  /* [mode * n_days + t]: serviceable, not forbidden, not banned */
    uint8_t *may_open;   /* n_days + 1: the first visit may be on t; [n_days]: none at all */
    cp_minor *node;      /* [mode * n_days + t]: STOP_MACHINE + PACK of a whole share */
    int64_t *out_ppm;    /* n_days: STOP_VALUE ppm */
    cp_minor miss_minor; /* relief price of an interval that misses the service level */
    cp_arc_table *table; /* arc, laid out for point_price.h */
    cp_arc_table *add_table; /* add_arc; NULL = no first adds */
} cp_arcs;

/* A visit chosen: arcs of (t, mode); is_add: arc indexes add_arc. */
typedef struct cp_step {
    int16_t t;
    uint8_t mode, first_add;
    int32_t arc;
} cp_step;

typedef struct cp_arc_input {
    const cp_network *net;
    const cp_forecast *forecast;
    const cp_shares *shares;
    uint64_t seed;
    const uint8_t *banned; /* n_sites * n_days: 1 = no route could take it; may be NULL */
} cp_arc_input;

/* Arcs of one point; everything lives in ctx->run. A point serviced by its branch or without
 * channels gets none (n_modes 0). CP_E_INPUT when a machine can never be visited although it must.
 */
cp_status cp_arcs_build(cp_ctx *ctx, const cp_arc_input *in, int32_t point, cp_arcs *out);

/* Cost of a level's value out at a share num/den, plus the node: STOP_MACHINE, PACK, STOP_VALUE. */
cp_minor cp_arcs_node_cost(const cp_arcs *a, int32_t t, int32_t mode, const cp_level *level);

#endif

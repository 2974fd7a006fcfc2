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

#define CP_CENTER_MODES 2                  /* how a crew of the center may serve any visit */
#define CP_MAX_MODES (CP_CENTER_MODES + 1) /* and the branch's own staff */
#define CP_MAX_CHANNELS 16
#define CP_MAX_PARTIALS (2 * CP_MAX_CHANNELS) /* partial swaps: modes of a first visit alone */
#define CP_MAX_ALL_MODES (CP_MAX_MODES + CP_MAX_PARTIALS)
#define CP_MAX_FIRSTS (2 + CP_MAX_PARTIALS)

/* What may be inside after a visit, or, for the first add of a point, the amount added; for a first
 * partial swap what its channels get, and 0 for those that keep what is there. */
typedef struct cp_level {
    const int64_t *notes; /* by channel of the point; deposit channels 0 */
    cp_minor out_minor;   /* value carried out: sum of max(0, notes) * value */
    cp_minor entry_minor; /* first adds and partial swaps: SORT + VALUE_BACK of the opening interval
                             that such a visit by a crew ends */
    int32_t entry_back;   /* the same: notes to sort */
    int32_t mix;          /* what the slots hold then, of the machine's mixes (slot_mix.h) */
} cp_level;

/* One interval. `t` is implied by the list that holds it. Once made they are kept in tables
 * (arc_table.h), and cp_arcs_get takes one out. */
typedef struct cp_arc {
    cp_minor cost;                 /* HOLD + CASH_OUT + EMERGENCY + service relief, share applied */
    cp_minor end[CP_CENTER_MODES]; /* until < T: SORT + VALUE_BACK by the mode of the visit that
                                      ends it; last interval: the same for the mode of t, plus the
                                      visit's own STOP_MACHINE, STOP_VALUE and PACK, all at the
                                      share; of a partial swap end[0]. cp_arc_end knows all modes */
    int32_t back[CP_CENTER_MODES]; /* notes to sort at `until`, by the mode of that visit;
                                      cp_arc_back knows all modes */
    int16_t until, level;
    uint8_t misses; /* 1: fails the point's service level */
} cp_arc;

typedef struct cp_mode {
    cp_visit_kind kind;
    int32_t service_min; /* at the machine; by the branch: 0 */
    int32_t cassettes;   /* packed and taken from the pool by one visit */
    bool by_branch;
    uint32_t swapped; /* bit k: the cassettes of channel k are exchanged */
} cp_mode;

/* A first visit after which the stock depends on today's, which every path knows: an add of a fixed
 * amount (a step after an unknown residual would make states of all stocks), by a crew or by the
 * branch, and a swap of some channels only. In a rolling plan each visit that is sent out is its
 * point's first one, so nothing that is carried out is lost by this. A swap of some channels may
 * also come later: as a lead and a trail (arcs_between.c). */
typedef struct cp_first {
    int32_t mode;        /* index in cp_arcs.mode */
    cp_arc_table *table; /* its arcs; cost includes nothing of the opening interval */
} cp_first;

/* All arcs of one point. */
typedef struct cp_arcs {
    int32_t point, n_days, n_channels;
    int32_t n_modes;     /* of visits on any day: those of the center, then the branch's staff */
    int32_t n_all_modes; /* and those of first visits alone: partial swaps */
    cp_mode *mode;       /* n_all_modes */
    int32_t add_mode;    /* the center's mode with kind add, -1 */
    int32_t branch_mode; /* the mode of the branch's own staff, -1 */
    int32_t n_levels;
    cp_level *level;
    cp_arc_table *table; /* arcs of any visits, by t, then until */
    cp_level *amount;    /* levels of first adds and partial swaps; ends with notes == NULL */
    int32_t n_firsts;    /* ways of first visits */
    cp_first *way;       /* n_firsts; of a mode that is in one a first visit is made by it alone.
                            Where n_leads > 0 two more: leads and trails, with mode 0 */
    int32_t n_leads;     /* partial swaps between two visits that leave nothing of before: lead i,
                            an entry of the leads' table, goes from the visit before to the partial
                            swap on its `until`; what may follow is [first[i], first[i + 1]) of the
                            trails' table, whose entries stand by lead instead of by day. At most
                            one partial swap stands between two such visits */
    uint8_t *lead_mode;  /* by lead: mode of its partial swap; back[0] is what that brings */
    int32_t *lead_rank;  /* by lead: which one it is of those with the same `until`, from 0 on */
    int32_t n_lead_ranks;
    cp_arc *opening;    /* [0, n_days): until the first visit on t; [n_days]: no visit at all */
    int32_t n_early;    /* days before an order can be in the vault (vault_books.h) */
    int64_t *left;      /* [t * n_channels + k], t < n_early: notes inside before a first visit on
                           t, mean rounded up */
    uint8_t *may_visit; /* [mode * n_days + t], all modes: serviceable, not forbidden, not banned */
    uint8_t *may_open;  /* n_days + 1: the first visit may be on t; [n_days]: none at all */
    cp_minor *node;     /* [mode * n_days + t], all modes: STOP_MACHINE + PACK of a whole share, or
                           BRANCH_FILL */
    int64_t *out_ppm;   /* n_days: STOP_VALUE ppm */
    int64_t *branch_ppm; /* n_days: BRANCH_VALUE ppm; NULL without branch_mode */
    cp_minor miss_minor; /* relief price of an interval that misses the service level */
} cp_arcs;

/* A visit chosen: an arc of (t, mode). */
typedef struct cp_step {
    int16_t t;
    uint8_t mode;
    uint8_t first_add; /* 1 + way of a first visit; cp_lead_way, cp_trail_way; 0: any other */
    int32_t arc;       /* in the way's table; in that of any visits */
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
/* The same if demand_ppm of the demand forecast came: withdrawals and deposits alike. */
cp_status cp_arcs_build_scaled(cp_ctx *ctx, const cp_arc_input *in, int32_t point,
                               int64_t demand_ppm, cp_arcs *out);

/* The visit's own cost at a whole share: STOP_MACHINE, PACK and STOP_VALUE, or BRANCH_FILL. */
cp_minor cp_arcs_node_cost(const cp_arcs *a, int32_t t, int32_t mode, const cp_level *level);

/* cp_arc.end of an arc from day t at `level` for any mode: of the visit that ends it, or, of a last
 * interval, of the visit on t. An interval that the branch's staff ends costs nothing. */
cp_minor cp_arc_end(const cp_arcs *a, int32_t t, const cp_arc *arc, const cp_level *level,
                    int32_t mode);
/* The table of the arcs of a way of first visits (1 + way) or of any visits (0). */
static inline const cp_arc_table *cp_arcs_table(const cp_arcs *a, int32_t first_add)
{
    return first_add > 0 ? a->way[first_add - 1].table : a->table;
}
/* first_add of the step before a partial swap that is no first visit, and of that swap itself. */
static inline int32_t cp_lead_way(const cp_arcs *a)
{
    return a->n_firsts + 1;
}
static inline int32_t cp_trail_way(const cp_arcs *a)
{
    return a->n_firsts + 2;
}
static inline bool cp_step_leads(const cp_arcs *a, const cp_step *step)
{
    return step->first_add == cp_lead_way(a);
}
/* Is it a first visit in a way of its own? */
static inline bool cp_step_is_first(const cp_arcs *a, const cp_step *step)
{
    return step->first_add > 0 && step->first_add <= a->n_firsts;
}
/* Entry i of that table, an arc from day t. Of a way's last interval the end by its own mode alone
 * is known. */
cp_arc cp_arcs_get(const cp_arcs *a, int32_t first_add, int32_t t, int32_t i);
/* Notes to sort where an arc ends with a visit of this mode. */
static inline int32_t cp_arc_back(const cp_arcs *a, const cp_arc *arc, int32_t mode)
{
    return mode == a->branch_mode || mode >= a->n_modes ? 0 : arc->back[mode];
}
/* Modes of the center among n_modes. */
static inline int32_t cp_center_modes(const cp_arcs *a)
{
    return a->n_modes - (a->branch_mode >= 0);
}
/* Is a first visit of this mode made in a way of its own? Its index; -1: like any other visit. */
int32_t cp_first_way(const cp_arcs *a, int32_t mode);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.h - the decisions as plain data: visits, loads, routes, orders; and what is stored with
 * them.
 *
 * All of a plan lives in the run arena of the ctx that made it. Day indexes t count from the plan's
 * first day, 0 .. n_days - 1. */
#ifndef CP_PLAN_H
#define CP_PLAN_H

#include "models/net/network.h"
#include "models/plan/outcome.h"

/* One channel's part of a visit. Stock rule (the referee and every search use it):
 *   swap     dispense and recycle channels hold exactly load_notes afterwards, the residual
 *            returns; deposit channels are emptied (load 0), their content returns.
 *   partial  swap: as a swap for the channels whose load says `swapped`: some, but not all of the
 *            dispense and recycle channels, and every deposit channel. The others keep what they
 *            hold: load and level 0, nothing returns. Only as the first visit of a point: its
 *            stock before it is known on every path from today's balance; after a later one the
 *            stock would depend on all that came before. In a rolling plan every visit that is
 *            sent out is its point's first one.
 *   add      fixed_amount: after = min(capacity, residual + load_notes), load may be negative for
 *            a branch (surplus picked up: after = max(0, ...)); what does not fit returns. Else
 *            (advisory, fill up): after = level_notes, load_notes is the expected delivery.
 *            Deposit channels are emptied and return.
 *   pickup   deposit channels are emptied and return; nothing else changes. */
typedef struct cp_plan_load {
    int32_t channel;
    int64_t level_notes;  /* after the visit (fixed-amount add: -1) */
    int64_t load_notes;   /* that the car carries out; whole steps; negative: picked up (branch) */
    int64_t return_notes; /* expected return, rounded up */
    int64_t return_q_notes; /* return at the settings' return quantile */
    bool swapped;           /* its cassettes are exchanged (swap: all; partial swap: some) */
    int64_t
        sealed_notes; /* of the expected return what comes in cassettes that nobody opened
                         (plan_cost.h, drain), rounded down: not sorted, used again as they are */
} cp_plan_load;

/* A visit is made by a crew of the center, or, where the point is serviced by either, by the
 * branch's own staff (by_branch), from visit to visit as it is cheaper. The staff adds notes (kind
 * add; pickup where there are deposit bins alone) that the branch's own delivery brought: whatever
 * visit_kinds allows the crews, on the days on which the machine may be visited. The value leaves
 * the vault that day; no car, no stop, no crew minutes, no packing and no cassette of the pool are
 * used. What is taken out stays in the branch: it is not sorted and does not come back. */
typedef struct cp_plan_visit {
    int32_t t, point;
    cp_visit_kind kind;
    bool fixed_amount; /* add: load is an amount, not a level (always on the first visit of a point)
                        */
    int32_t
        until; /* day index of the next visit, or >= n_days: day the last interval is laid for */
    int32_t first_load, n_loads; /* in cp_plan.loads, by channel; one per channel of the point */
    cp_minor load_minor, return_minor,
        return_q_minor; /* value out (>= 0 part), expected and quantile
                           value back (picked-up surplus included) */
    int32_t cassettes;  /* out (swap: the machine's set without reject; partial swap: of the
                           channels swapped; add, pickup: 0) */
    int32_t pin;        /* index of the pin kept here, -1 */
    bool relief;        /* breaks a soft service limit, declared in cp_plan.limits */
    bool by_branch;     /* made by the branch's own staff */
    int32_t mix; /* swap: which of the machine's mixes its slots hold afterwards (slot_mix.h);
                    0 at machines without slot options */
} cp_plan_visit;

/* One stop of a route: a site; its visits are those of (t, site). */
typedef struct cp_plan_stop {
    int32_t site;
    int32_t trip;                             /* 0.. */
    int32_t arrive_min, start_min, leave_min; /* whole minutes, rounded up */
    cp_minor on_board_minor; /* after the stop: loads still to deliver + returns at the quantile */
    int64_t on_board_cm3;
} cp_plan_stop;

typedef struct cp_plan_route {
    int32_t t, vault, car;
    int32_t first_stop, n_stops; /* in cp_plan.stops, in driving order */
    int32_t n_trips;
    int32_t depart_min, return_min; /* open route: first stop's arrival and last stop's leaving */
    int32_t drive_s, wait_min, service_min, overtime_min;
    int64_t dist_m;
    cp_minor most_on_board_minor;
    int32_t estimated_legs, legs;
} cp_plan_route;

typedef enum cp_limit_kind {
    CP_LIMIT_STOPS,
    CP_LIMIT_CREW_MIN,
    CP_LIMIT_VALUE_OUT,
    CP_LIMIT_PACK,
    CP_LIMIT_SORT,
    CP_LIMIT_POOL, /* per cassette model */
    CP_LIMIT_SERVICE_LEVEL,
    CP_LIMIT_VAULT_VALUE,
    CP_LIMIT_VAULT_STOCK,
    CP_LIMIT_ROUTE /* a visit no
route could take */
} cp_limit_kind;

/* Use of one shared limit on one day, in the limit's own unit. */
typedef struct cp_plan_limit {
    cp_limit_kind kind;
    int32_t vault, t;
    int32_t item;                /* cassette model, denomination or point; -1 */
    int64_t cap, use;            /* cap includes overtime and outsourcing */
    int64_t extra;               /* overtime part of use */
    int64_t relief;              /* declared: use <= cap + relief */
    cp_minor relief_price_minor; /* per unit */
    double dual_minor;  /* what one more unit is worth, minor units a day; 0 = not binding */
    int64_t outsourced; /* part of use that others do: notes to sort */
} cp_plan_limit;

typedef struct cp_plan_order {      /* proposal to the central bank */
    int32_t vault, denomination, t; /* placed on day t (may be < 0: should already be placed) */
    int32_t due_t;
    int64_t notes; /* > 0 ordered, < 0 lodged; whole order units */
} cp_plan_order;

/* Where the cassettes of a model are while the cars of day t are on the road, see plan_pool.h. */
typedef struct cp_plan_pool {
    int32_t vault, model, t;
    int64_t full;       /* packed for the next day */
    int64_t in_machine; /* of the vault's zone */
    int64_t in_transit; /* on the cars: full on the way out, replaced ones on the way back */
    int64_t uncounted;  /* came back on an earlier day, not yet sorted */
    int64_t empty;      /* ready to be packed */
    int64_t borrowed;   /* more than the vault has: declared relief of its POOL limit */
} cp_plan_pool;

/* A visit asked for that is not in the plan, with the reason. */
typedef struct cp_plan_unserved {
    int32_t t, point;
    const char *reason;
} cp_plan_unserved;

/* Routes with their stops, the plan's own or earlier ones. */
typedef struct cp_drives {
    const cp_plan_route *routes; /* t < 0: days before the plan's first */
    int32_t n_routes;
    const cp_plan_stop *stops; /* first_stop of the routes is an index in it */
} cp_drives;

/* How alike the routes of a vault's day are with those of the days before (definition and formula:
 * models/route/likeness.h). One row for each vault and day that can be compared with a day. */
typedef struct cp_plan_likeness {
    int32_t t, vault;
    int32_t n_days; /* of the days looked back at: those on which the vault had routes */
    int32_t with_t; /* the most alike of them, the latest of equals; < 0: before the plan */
    int32_t n_stops, n_common;              /* of the day; of them served on day with_t too */
    int32_t arcs_ppm, order_ppm, slots_ppm; /* parts with day with_t; -1 = nothing to compare */
    int32_t likeness_ppm;                   /* with day with_t */
    int32_t mean_ppm;                       /* mean over the n_days days, rounded down */
    int32_t limit_pct, above_pct; /* soft limit; points above it, a part of a point counts whole */
    cp_minor price_minor;         /* of one point above the limit: it steered the search */
} cp_plan_likeness;

/* Why there is no bound for the routes of a day. */
typedef enum cp_no_bound {
    CP_BOUND_KNOWN, /* there is one */
    CP_NO_BOUND_STOPS,
    CP_NO_BOUND_WORK,
    CP_NO_BOUND_STOPPED,
    CP_NO_BOUND_AMOUNTS,
    CP_NO_BOUND_RULES,
    CP_N_NO_BOUND
} cp_no_bound;

/* What the routes of a vault's day cost and what they cost at least (solver/route/route_bound.h):
 * CAR_DAY (not of paid_daily cars, which are paid in any case), KM, HOUR and OVERTIME_HOUR. One row
 * for each vault and day with routes. */
typedef struct cp_plan_route_bound {
    int32_t t, vault;
    int32_t n_stops, n_routes;
    cp_minor routed_minor; /* of the plan's routes */
    cp_no_bound why;       /* CP_BOUND_KNOWN, else the three below are 0 */
    cp_minor bound_minor;  /* no routes that serve the same stops by the same rules cost less */
    double gap;            /* (routed - bound) / routed, 0 where nothing is paid */
    bool proven;           /* routed = bound */
} cp_plan_route_bound;

/* Cost by item, each rounded as cost.h says. */
typedef enum cp_cost_item {
    CP_COST_HOLD,
    CP_COST_CASH_OUT,
    CP_COST_EMERGENCY,
    CP_COST_STOP_SITE,
    CP_COST_STOP_MACHINE,
    CP_COST_STOP_VALUE,
    CP_COST_PACK,
    CP_COST_SORT,
    CP_COST_BRANCH_FILL, /* visits by the branches' own staff */
    CP_COST_OVERTIME_PACK_SORT,
    CP_COST_OUTSOURCED_SORT,
    CP_COST_RELIEF,
    CP_COST_CAR_DAY,
    CP_COST_KM,
    CP_COST_HOUR,
    CP_COST_OVERTIME_HOUR,
    CP_COST_ORDERS,
    CP_COST_CROSS_SHIP,
    CP_COST_VAULT_HOLD,
    CP_N_COST_ITEMS
} cp_cost_item;
/* Items up to CP_COST_RELIEF make the replenishment cost that the bound bounds. */
#define CP_N_REFILL_ITEMS (CP_COST_RELIEF + 1)

typedef struct cp_cost {
    cp_minor item[CP_N_COST_ITEMS];
    cp_minor refill_minor; /* sum of the first CP_N_REFILL_ITEMS */
    cp_minor total_minor;
} cp_cost;

/* Stop prices the replenishment was planned at: those of the tariff plus the estimated marginal
 * drive, per site and day; part of the sampled problem that the bound speaks of. */
typedef struct cp_stop_prices {
    int32_t n_sites, n_days;
    cp_minor
        *price_minor;   /* n_sites * n_days, on top of the tariff's stop costs; may be NULL = 0 */
    int32_t *drive_min; /* n_sites * n_days planned driving minutes of a stop, for crew rows */
    /* n_vaults * n_days: what a day's routes take beyond the sum over their stops (the way to the
     * quarters); crew rows are shorter by it. NULL = 0. Not stored: a stored plan has its routes.
     */
    int32_t *crew_fixed_min;
} cp_stop_prices;

typedef struct cp_plan_proof {
    cp_minor bound_minor; /* of the sampled replenishment problem at its stop prices */
    cp_minor plan_minor;  /* cost of this plan in the same problem */
    double gap;           /* (plan - bound) / plan, >= 0 */
    bool has_bound;
    int32_t n_paths;
    uint64_t seed;
} cp_plan_proof;

typedef struct cp_plan {
    const char *policy; /* "cashplan", "naive", "sS", "foresight" */
    cp_day first_day;
    int32_t n_days;
    cp_plan_visit *visits; /* sorted by (t, point) */
    int32_t n_visits;
    cp_plan_load *loads;
    int32_t n_loads;
    cp_plan_route *routes; /* sorted by (t, vault, car) */
    int32_t n_routes;
    cp_plan_stop *stops;
    int32_t n_stops;
    cp_plan_limit *limits;
    int32_t n_limits;
    cp_plan_order *orders;
    int32_t n_orders;
    cp_plan_pool *pool; /* by vault, model and day; none: not written down */
    int32_t n_pool;
    cp_plan_unserved *unserved;
    int32_t n_unserved;
    const cp_drives *past;      /* routes of days before the plan; NULL = none known. Not stored */
    cp_plan_likeness *likeness; /* by (t, vault) */
    int32_t n_likeness;
    cp_plan_route_bound *bounds; /* by (t, vault); none: not computed */
    int32_t n_bounds;
    cp_stop_prices prices;
    cp_plan_proof proof;
    cp_cost cost; /* of plan_cost */
    cp_outcome outcome;
    int64_t work_done;      /* counted work */
    const char *stopped_by; /* "work", "time", "user", "proof" */
} cp_plan;

/* Minutes of the crew on a route: driving rounded up, waiting, service. (The referee counts by
 * itself.) */
int32_t cp_route_crew_min(const cp_plan_route *route);

/* Are whole cassettes exchanged at the visit, and those of this channel? */
static inline bool cp_visit_swaps(const cp_plan_visit *visit)
{
    return visit->kind == CP_VISIT_SWAP || visit->kind == CP_VISIT_PARTIAL_SWAP;
}
static inline bool cp_load_swaps(const cp_plan_visit *visit, const cp_plan_load *load)
{
    return visit->kind == CP_VISIT_SWAP || (visit->kind == CP_VISIT_PARTIAL_SWAP && load->swapped);
}
/* Are the cassettes of slot `cassette` (index in net->cassettes) exchanged? Reject cassettes stay.
 */
bool cp_visit_takes_cassette(const cp_network *net, const cp_plan *plan, const cp_plan_visit *visit,
                             int32_t cassette);
/* Minutes of a crew at the machine or branch besides the stop's. */
int32_t cp_visit_service_min(const cp_network *net, const cp_plan_visit *visit);

const char *cp_cost_item_name(cp_cost_item item);
const char *cp_limit_kind_name(cp_limit_kind kind);
const char *cp_visit_kind_name(cp_visit_kind kind);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrp.h - the one route model: a day's vehicle routing problem as plain data, its solutions, and
 * the slow referee that says what a solution costs and what it breaks.
 *
 * Searches, bounds, readers and writers meet here and nowhere else. The referee evaluates every
 * route from scratch, step by step, and shares no code with any search.
 *
 * Numbers. All are integers. A "second" and a "metre" are whatever the caller's matrices count
 * (benchmarks use tenths or finer); prices say per how many of them they are (dist_den, time_den,
 * exposure_den). Money is minor units. Load dimensions are the caller's: notes, boxes, cm3, value;
 * `value_dim` names the one that is insured money, if any.
 *
 * Places    rows and columns of the travel matrices. Nodes (what is to be served) and depots stand
 *           at places; several nodes may stand at one. Travel may be asymmetric and need not keep
 *           the triangle inequality.
 * Route     one vehicle's day: start depot, items in order, end depot. An item is a node, a reload
 *           at a depot (ends a trip, begins the next), or a break. Without a start (end) depot the
 *           route begins (ends) at its first (last) item with a place, and that leg is not driven.
 * Trip      what lies between two depots. All that a trip delivers is on board when it begins,
 *           all that it picks up stays until it ends. The vehicle may not carry more than its
 *           capacity in any dimension at any moment: at the beginning of the trip and after each
 *           node (at a node, first delivered, then picked up).
 * Pair      a load that is fetched at one node and brought to another: both on the same trip, the
 *           fetching first, or both left out. What is brought was fetched on the way: it is not on
 *           board when the trip begins; what is fetched leaves the vehicle at its partner, not at
 *           the end of the trip. In all else they are nodes like any other.
 * Service   starts inside one of the node's windows, both ends included; waiting is free in itself.
 *           It takes service_s, and setup_s more when the place before it in the route is another
 *           (breaks have no place; a start depot has).
 * Reload    starts inside a window of its depot and takes the depot's and the vehicle's reload_s.
 *           The loading before the first departure takes no time of the day. A route leaves its
 *           start depot and reaches its end depot inside one of their windows.
 * Break     starts inside one of its windows and takes duration_s, where the vehicle then stands:
 *           at the place of the item before it. A route whose end lies more than after_s after its
 *           departure must hold the break once (after_s = 0: every route). No more than max_load
 *           may be on board meanwhile.
 * Ban       forbidden hours of a vehicle, [from_s, until_s): no leg, service, reload or break may
 *           overlap it; each of them waits until it can be done whole. What a site forbids is in
 *           its windows instead.
 * Schedule  1. leave as early as shift_start_s and the start depot allow; do everything as early
 *              as possible. This gives each item's window and the end of the route.
 *           2. backwards, the latest start of each item, inside the window found in 1, that makes
 *              nothing later than its own latest start and the end no later than in 1.
 *           3. leave at the latest such moment; the times are those of a forward pass from there.
 *           So the end is the earliest there is and, with one window an item, the duration the
 *           least (Vidal, Crainic, Gendreau, Prins 2013, section 4.3, say the same in O(1)).
 *           Where no window is left, the item starts on arrival, late; the lateness is reported.
 * Shift     departure not before shift_start_s; end not after shift_end_s + overtime_max_s;
 *           end - departure at most shift_max_s. Overtime is what the end lies after shift_end_s
 *           or what the duration exceeds paid_s, whichever is more.
 * Exposure  per trip, of value_dim: sum over legs of value on board x travel seconds, plus sum over
 *           its nodes of (value delivered + picked up) x pavement_s. At most exposure_max.
 *           (The risk of the RCTVRP of Talarico, Soerensen, Springael 2015, when only picked up.)
 * Cost      per route, each part rounded once (half up): fixed; metres x dist_price / dist_den;
 *           driving, working (service, setup, reload) and idle (waiting, breaks) seconds each x
 *           its price / time_den; overtime seconds x over_price / time_den; value-band tariffs;
 *           exposure x exposure_price / exposure_den. A node left out costs its out_price.
 *
 * What couples routes beyond these rules (dock slots of a vault, likeness to earlier days) is not
 * part of the model; both are computed from a solution and the timing that vrp_check returns. */
#ifndef CP_VRP_H
#define CP_VRP_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/ctx.h"
#include "models/base/money.h"

#define CP_VRP_MUST INT64_MAX            /* out_price of a node that must be served */
#define CP_VRP_NO_LIMIT INT64_MAX        /* a capacity, exposure or distance without limit */
#define CP_VRP_NO_WAY (-1)               /* travel seconds of a pair without a way */
#define CP_VRP_LATEST (INT32_C(1) << 30) /* no moment lies after this; = "not limited" in time */

typedef struct cp_vrp_window {
    int32_t open_s, close_s; /* open <= close */
} cp_vrp_window;

/* Travel of one kind of vehicle: n_places * n_places, row = from. Both may be one array. */
typedef struct cp_vrp_profile {
    const int32_t *time_s; /* CP_VRP_NO_WAY where there is none; else >= 0 */
    const int32_t *dist_m; /* >= 0; not read where there is no way */
} cp_vrp_profile;

typedef struct cp_vrp_depot {
    const char *name; /* for messages, NULL = its number */
    int32_t place;
    int32_t reload_s;             /* of any vehicle that reloads here */
    const cp_vrp_window *windows; /* by opening, apart from each other; none = always open */
    int32_t n_windows;
} cp_vrp_depot;

typedef struct cp_vrp_node {
    const char *name; /* for messages, NULL = its number */
    int32_t place;
    int32_t service_s, setup_s;
    int32_t pavement_s; /* value in the crew's hands between car and door */
    int32_t vehicle;    /* only this entry of `vehicles` may serve it, -1 = any with the skills */
    const cp_vrp_window *windows; /* by opening, apart from each other; none = any moment */
    int32_t n_windows;
    const int64_t *deliver, *pickup; /* n_dims each, >= 0; NULL = nothing */
    const uint64_t *skills; /* n_skill_words bits that the vehicle must have; NULL = none */
    cp_minor out_price;     /* cost of leaving it out, >= 0, or CP_VRP_MUST */
} cp_vrp_node;

typedef struct cp_vrp_break {
    const cp_vrp_window *windows; /* of its start; by opening, apart; none = any moment */
    int32_t n_windows;
    int32_t duration_s;
    int32_t after_s;         /* needed where the route lasts longer than this; 0 = in every route */
    const int64_t *max_load; /* n_dims, >= 0; NULL = any load */
} cp_vrp_break;

/* Nodes of which one fetches (its pickup) what the other brings (its deliver, as much): neither has
 * another load, and no node is in two pairs. */
typedef struct cp_vrp_pair {
    int32_t fetch, bring;
} cp_vrp_pair;

/* Price from this amount on, until the next band begins. */
typedef struct cp_vrp_band {
    int64_t from; /* the first band begins at 0, ascending */
    cp_minor price;
} cp_vrp_band;

/* A kind of vehicle, of which `count` alike exist; each may drive one route. */
typedef struct cp_vrp_vehicle {
    const char *name;
    int32_t count;
    int32_t profile;
    int32_t start_depot, end_depot; /* -1 = the route begins (ends) at a node */
    const int32_t *reload_depots;   /* where it may reload; n_reload_depots of them */
    int32_t n_reload_depots;
    int32_t reload_s;        /* besides the depot's */
    int32_t max_trips;       /* >= 1 */
    const int64_t *capacity; /* n_dims; CP_VRP_NO_LIMIT; NULL = none is limited */
    const uint64_t *skills;  /* n_skill_words; NULL = none */
    int64_t exposure_max;    /* of a trip, CP_VRP_NO_LIMIT */
    int64_t dist_max_m;      /* of a route, CP_VRP_NO_LIMIT */
    int32_t drive_max_s;     /* driving of a route, CP_VRP_LATEST = not limited */
    int32_t nodes_max;       /* nodes of a route, INT32_MAX = not limited */
    int32_t shift_start_s;   /* earliest departure */
    int32_t shift_end_s;     /* CP_VRP_LATEST = not limited */
    int32_t overtime_max_s;  /* allowed after shift_end_s */
    int32_t shift_max_s;     /* longest duration, CP_VRP_LATEST = not limited */
    int32_t paid_s;          /* duration without overtime, CP_VRP_LATEST = not counted */
    const cp_vrp_break *breaks;
    int32_t n_breaks;
    const cp_vrp_window *bans; /* [open_s, close_s), by time, apart from each other */
    int32_t n_bans;
    cp_minor fixed; /* of a route with at least one node */
    int64_t dist_price, drive_price, work_price, idle_price, over_price; /* per den, >= 0 */
    int64_t exposure_price;                                              /* per exposure_den */
    const cp_vrp_band *trip_bands; /* by the most value on board during a trip, per trip */
    int32_t n_trip_bands;
    const cp_vrp_band *stop_bands; /* by value delivered + picked up at a node, per node */
    int32_t n_stop_bands;
} cp_vrp_vehicle;

typedef struct cp_vrp {
    int32_t n_places, n_profiles, n_depots, n_nodes, n_vehicles; /* n_vehicles: kinds */
    const cp_vrp_profile *profiles;
    const cp_vrp_depot *depots;
    const cp_vrp_node *nodes;
    const cp_vrp_vehicle *vehicles;
    const cp_vrp_pair *pairs;
    int32_t n_pairs;
    int32_t n_dims;                           /* 0..CP_VRP_DIMS_MAX */
    int32_t value_dim;                        /* -1 = none */
    int32_t n_skill_words;                    /* 64 skills each */
    int64_t dist_den, time_den, exposure_den; /* >= 1 */
} cp_vrp;

#define CP_VRP_DIMS_MAX 16
#define CP_VRP_BREAKS_MAX 64 /* of a vehicle */

/* An item of a route is a node (its number), a reload at a depot or one of the vehicle's breaks. */
static inline int32_t cp_vrp_reload(int32_t depot)
{
    return -1 - depot;
}
static inline int32_t cp_vrp_break_item(int32_t k)
{
    return INT32_MIN + k;
}
static inline bool cp_vrp_is_node(int32_t item)
{
    return item >= 0;
}
static inline bool cp_vrp_is_break(int32_t item)
{
    return item < INT32_MIN / 2;
}
static inline bool cp_vrp_is_reload(int32_t item)
{
    return item < 0 && item >= INT32_MIN / 2;
}
static inline int32_t cp_vrp_depot_of(int32_t item) /* of a reload */
{
    return -1 - item;
}
static inline int32_t cp_vrp_break_of(int32_t item) /* index into the vehicle's breaks */
{
    return item - INT32_MIN;
}

typedef struct cp_vrp_route {
    int32_t vehicle;  /* kind */
    int32_t first, n; /* items[first .. first + n) of the solution */
} cp_vrp_route;

/* Nodes that are in no route are left out. Routes without a node cost nothing and break nothing,
 * but should not be written. Order of routes is free. */
typedef struct cp_vrp_solution {
    cp_vrp_route *routes;
    int32_t n_routes;
    int32_t *items;
    int32_t n_items;
} cp_vrp_solution;

#define CP_VRP_RULES(X)                                                                            \
    X(FORM, "the route names a vehicle, node, depot or break that does not exist")                 \
    X(TWICE, "the node is served more than once")                                                  \
    X(LEFT_OUT, "a node that must be served is left out")                                          \
    X(FLEET, "more routes than vehicles of the kind")                                              \
    X(SKILL, "the vehicle lacks a skill or key, or the node belongs to another vehicle")           \
    X(RELOAD, "the vehicle may not reload at the depot, or a trip serves nobody")                  \
    X(TRIPS, "more trips than the vehicle may drive")                                              \
    X(CAPACITY, "the load on board is above the vehicle's capacity")                               \
    X(UNREACHABLE, "there is no way from the place before")                                        \
    X(WINDOW, "the service, reload, departure or return begins after the last window closed")      \
    X(BREAK, "a break is missing, or taken twice")                                                 \
    X(BREAK_LOAD, "more is on board during a break than it allows")                                \
    X(PAIR, "a load is not fetched and brought, in this order, on one trip")                       \
    X(SHIFT, "the route ends after the shift and its overtime")                                    \
    X(DURATION, "the route lasts longer than the longest shift")                                   \
    X(DISTANCE, "the route is longer than the vehicle may drive")                                  \
    X(DRIVE, "more driving time than the vehicle may drive")                                       \
    X(NODES, "more nodes than the vehicle may serve")                                              \
    X(EXPOSURE, "the exposure of a trip is above its limit")

typedef enum cp_vrp_rule {
#define CP_VRP_RULE_ENUM(name, text) CP_VRP_##name,
    CP_VRP_RULES(CP_VRP_RULE_ENUM)
#undef CP_VRP_RULE_ENUM
        CP_VRP_N_RULES
} cp_vrp_rule;

typedef struct cp_vrp_breach {
    cp_vrp_rule rule;
    int32_t route; /* -1 where it concerns none */
    int32_t item;  /* index into solution->items; of the trip's last item for a trip; -1 = none */
    int32_t what;  /* node (TWICE, LEFT_OUT, SKILL, PAIR), dimension (CAPACITY, BREAK_LOAD), vehicle
                      (FLEET), break (BREAK), trip (EXPOSURE), else -1 */
    int64_t over;  /* by how much, in the unit of the rule; 1 where it is yes or no */
} cp_vrp_breach;

typedef struct cp_vrp_cost {
    cp_minor fixed, dist, drive, work, idle, over, bands, exposure, left_out;
    cp_minor total; /* the sum */
} cp_vrp_cost;

/* One item as it is driven. `board` is the value of value_dim on board when it is left
 * (0 without such a dimension): after a reload, that with which the next trip begins. */
typedef struct cp_vrp_timing {
    int64_t arrive_s, start_s, leave_s;
    int64_t board;
} cp_vrp_timing;

typedef struct cp_vrp_drive {
    int64_t depart_s, end_s; /* the route's duration is their difference */
    int64_t dist_m, drive_s, work_s, idle_s, over_s;
    int32_t n_nodes, n_trips;
    int64_t most_value;   /* on board at any moment, 0 without value_dim */
    int64_t exposure;     /* of all trips */
    int64_t exposure_top; /* of the worst trip */
    cp_vrp_cost cost;     /* left_out is 0 */
} cp_vrp_drive;

typedef struct cp_vrp_report {
    bool feasible; /* no breach */
    cp_vrp_cost cost;
    cp_vrp_drive *routes;    /* per route of the solution */
    cp_vrp_timing *timing;   /* per item of the solution */
    cp_vrp_breach *breaches; /* by route, then as noticed; those of no route last */
    int32_t n_breaches;
    int32_t n_left_out;
} cp_vrp_report;

/* Refuse malformed problems: indexes, signs, order of windows and bands, numbers of which sums
 * could overflow. CP_E_INPUT or CP_E_RANGE naming the node, vehicle or depot. Whoever builds a
 * problem calls this once; all others take checked problems. */
cp_status cp_vrp_validate(cp_ctx *ctx, const cp_vrp *p);

/* Evaluate everything, slowly. *out lives in ctx->run. Breaking a rule is no failure: it is in the
 * report. CP_E_RANGE only when a cost or an exposure leaves int64. Routes with a FORM breach cost
 * nothing and their nodes count as served. */
cp_status cp_vrp_check(cp_ctx *ctx, const cp_vrp *p, const cp_vrp_solution *s, cp_vrp_report *out);

/* What a rule says, e.g. "the route ends after the shift and its overtime". */
const char *cp_vrp_rule_text(cp_vrp_rule rule);

/* A vehicle kind without limits, prices, breaks and depots: count 1, one trip, every "not
 * limited". */
cp_vrp_vehicle cp_vrp_vehicle_defaults(void);

/* May the kind of vehicle serve the node: skills, keys, pin? (Not: can it, in time and load.) */
bool cp_vrp_may_serve(const cp_vrp *p, int32_t vehicle, int32_t node);

/* Price of the band that holds the amount >= 0; 0 without bands. */
cp_minor cp_vrp_band_price(const cp_vrp_band *bands, int32_t n, int64_t amount);

#endif

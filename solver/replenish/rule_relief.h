/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rule_relief.h - what it would be worth to give up a point's own rules for one day.
 *
 * Service days, holidays, the earliest day and pins say when a point may be visited; they have no
 * price in the plan. Day by day, as if a planner had asked for a visit on it, the point is planned
 * anew by the exact shortest path of point_price.h with all others as planned: the cheapest day
 * tells which rules stand against it and what giving them up for that day would cost or save. */
#ifndef CP_RULE_RELIEF_H
#define CP_RULE_RELIEF_H

#include "solver/replenish/refill_state.h"

typedef enum cp_day_rule {
    CP_RULE_SERVICE_DAYS, /* the weekday is none of the point's */
    CP_RULE_HOLIDAY,      /* of the point's calendar */
    CP_RULE_EARLIEST,     /* earliest_day */
    CP_RULE_FORBID,       /* a pin forbids the visit */
    CP_RULE_MUST,         /* a pin asks for a visit of another kind */
    CP_N_DAY_RULES
} cp_day_rule;

/* "service_days" etc.: the field or pin rule it is. */
const char *cp_day_rule_name(cp_day_rule rule);

typedef struct cp_rule_relief {
    int32_t t;          /* the day; -1: no day that a rule excludes would be better */
    cp_visit_kind kind; /* of the visit on it */
    bool by_branch;
    uint32_t rules;      /* bit by cp_day_rule: what stands against it */
    int32_t pin;         /* of them the first pin in net->rows.pin, -1 */
    bool misses;         /* some interval would still miss the asked service level */
    cp_minor more_minor; /* what the vault pays more (below 0: less), reliefs included */
} cp_rule_relief;

typedef struct cp_rule_ask {
    cp_arc_input input; /* of the zone's data */
    cp_zone *zone;
    cp_refill_state *state; /* every point in, as planned; is so again afterwards */
    int32_t zone_point;
} cp_rule_ask;

/* Rules that keep a visit in this way off day t; 0 when it may come. */
uint32_t cp_day_rules(const cp_network *net, int32_t point, int32_t t, const cp_mode *mode);

/* The day that costs least. Errors as cp_arcs_build. */
cp_status cp_rule_relief_find(cp_ctx *ctx, const cp_rule_ask *ask, cp_rule_relief *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_part.h - what the parts of the referee share. Used inside plan_check*.c only. */
#ifndef CP_PLAN_CHECK_PART_H
#define CP_PLAN_CHECK_PART_H

#include "models/plan/plan_check.h"

#define CP_VERDICT_KEPT 100

/* What a visit really carries and uses, derived from its loads and the paths. */
typedef struct cp_check_fact {
    cp_minor out_minor;    /* carried out: positive loads */
    cp_minor value_minor;  /* value out as VALUE_OUT counts it: fill-up adds by level */
    cp_minor back_q_minor; /* value back at the return quantile */
    int64_t sort_notes;    /* charged notes that come back, mean rounded up; by the branch: 0 */
    int64_t set_cm3;       /* of the cassettes exchanged */
    int32_t cassettes;
    int32_t service_s; /* at the machine */
} cp_check_fact;

/* Stop of the plan as the routes part found it. */
typedef struct cp_check {
    cp_ctx *ctx;
    const cp_network *net;
    const cp_forecast *forecast;
    const cp_shares *shares;
    uint64_t seed;
    const cp_plan *plan;
    cp_verdict *verdict;
    int32_t *first, *of_point;         /* visits of point p: of_point[first[p] .. first[p + 1]) */
    cp_check_fact *fact;               /* by visit */
    int64_t *back_notes;               /* by load: mean return rounded up */
    int32_t *stop_route;               /* by stop: its route, -1 = none */
    int64_t *crew_min;                 /* [vault * n_days + t] minutes of the routes */
    struct cp_check_loading *loadings; /* at vaults with dock_slots, by route */
    int32_t n_loadings;
} cp_check;

/* A car at a dock: seconds of its day, half open. */
typedef struct cp_check_loading {
    int32_t route;
    int64_t begin_s, end_s;
} cp_check_loading;

/* Where a violation is: -1 where it does not apply. */
typedef struct cp_check_at {
    int32_t t, point, route;
} cp_check_at;

/* Record a violation; the words name who, what and what is allowed. The day and the point's code
 * (or the route's car) are put in front. */
cp_status cp_check_say(cp_check *check, const char *rule, cp_check_at at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static inline cp_check_at cp_at_visit(const cp_plan_visit *visit)
{
    const cp_check_at at = {visit->t, visit->point, -1};
    return at;
}
static inline cp_check_at cp_at_point(int32_t t, int32_t point)
{
    const cp_check_at at = {t, point, -1};
    return at;
}
static inline cp_check_at cp_at_route(int32_t t, int32_t route)
{
    const cp_check_at at = {t, -1, route};
    return at;
}
static inline cp_check_at cp_at_day(int32_t t)
{
    const cp_check_at at = {t, -1, -1};
    return at;
}

/* Relief and extra that plan.limits declares for one limit. */
void cp_check_declared(const cp_check *check, cp_limit_kind kind, int32_t vault, int32_t t,
                       int32_t item, int64_t *extra, int64_t *relief);

/* Is this cassette (of the visit's machine) taken out and another one put in? */
bool cp_check_exchanged(const cp_check *check, const cp_plan_visit *visit, int32_t cassette);

/* plan_check_rules.c: the rules that only some machines have (plan_cost.h, plan_fill.h). */
bool cp_check_mixes(const cp_point *point); /* denominations stand in for each other */
bool cp_check_seals(const cp_point *point); /* untouched cassettes come back sealed */
/* Does a stock after withdrawals count against the service level? */
bool cp_check_below_low(const cp_check *check, const cp_channel *channel, int64_t stock);
/* Others pay what a channel could not: of n channels, stock and missing notes are brought up to
 * date. */
void cp_check_stand_in(const cp_channel *channel, int32_t n, int64_t *stock, int64_t *missing);
/* Notes in unopened cassettes, sum over the paths: `loaded` notes were brought into the cassettes
 * of the mix, left[path] of them are there. */
int64_t cp_check_sealed(const cp_network *net, const cp_channel *channel, int32_t mix,
                        int64_t loaded, const int64_t *left, int32_t n_paths);

/* The parts, in the order in which they run. Each records violations and fails only for want of
 * memory or a forecast that ends too early. */
cp_status cp_check_form(cp_check *check);  /* plan_check_form.c */
cp_status cp_check_stock(cp_check *check); /* plan_check_stock.c: facts, service level, insured */
/* In place of it: facts as the visits say them, nothing is judged. plan_check_stock.c */
cp_status cp_check_stated(cp_check *check);
cp_status cp_check_visits(cp_check *check);       /* plan_check_visit.c */
cp_status cp_check_loads(cp_check *check);        /* plan_check_load.c */
cp_status cp_check_pins(cp_check *check);         /* plan_check_pin.c */
cp_status cp_check_routes(cp_check *check);       /* plan_check_route.c */
cp_status cp_check_docks(cp_check *check);        /* plan_check_dock.c: after the routes */
cp_status cp_check_likeness(cp_check *check);     /* plan_check_likeness.c */
cp_status cp_check_route_bounds(cp_check *check); /* plan_check_bound.c */
cp_status cp_check_limits(cp_check *check);       /* plan_check_limit.c */
cp_status cp_check_pool_states(cp_check *check);  /* plan_check_pool.c */
cp_status cp_check_vaults(cp_check *check);       /* plan_check_vault.c */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check.h - the referee: is this plan allowed? Shares no code with any search.
 *
 * Rules by name, what they ask, and what may be declared instead (relief). Hard unless said.
 *
 * form           visits, loads, routes, stops and limits name what exists, are sorted and unique.
 *                Nothing else is looked at when this fails.
 * served         points are planned by the center and their vault exists (status existing).
 * kind           swap and add as visit_kinds says; pickup: may add, or nothing but deposit
 *                channels; the first visit, if an add on a released day, is a fixed amount.
 * service_day    cp_point_serviceable, unless a must pin names the day.
 * latest_day     the first visit is not after latest_day.
 * interval       first visit by max_interval_days - days_since_visit; between visits, and to
 *                `until` of the last, at most max_interval_days and longest_interval_days. Where
 *                no day in between can be served, the next one that can; that counts as relief.
 * until          the day of the point's next visit; of the last, >= n_days.
 * step           load_notes are whole steps of the channel.
 * capacity       swap: the load fits into the channel's cassettes, each in whole steps; fill-up:
 *                level <= capacity; fixed amount: <= capacity, and below 0 only at a branch.
 *                Deposit channels and pickups load nothing.
 * min_load       swap: every cassette at least its min_load_notes, in whole steps.
 * insured        value inside after the visit <= insured_minor; a fixed amount that brings value:
 *                at the return quantile over the paths.
 * pin            must pins have their visit (kind; value out within one step per channel, or less
 *                with a full channel; car), or it is listed as unserved; what is forbidden is
 *                absent.
 * returns        load_minor, cassettes, return_* and levels are what plan_fill.h says.
 * service_level  an interval in which more paths fail (or pass a low level that counts,
 * plan_fill.h) than the level allows (by the rank estimate of cp_paths_may_fail) is declared:
 * visit.relief of the visit that opens it, or a SERVICE_LEVEL row (t = day of that visit, -1 for
 * the opening; item = point; cap 0, use 1, relief 1). Soft. routed         each (day, site) with
 * visits is on one stop of one route of its vault; every stop has a visit; a visit listed as
 * unserved is not in the plan. car            the car belongs to the route's vault, has one route a
 * day and at most max_trips; an open route has one trip. way, window, shift, car_value, car_volume
 * as models/route/car_route.h says, recomputed from net->travel, the visits' loads and the returns
 * at their quantile. A stop's service is the site's service_min + service_min_swap / _add (add,
 * pickup) of its machines; a swap takes the volume of its cassettes (without reject) out and the
 * same back. times          times, distances, legs and values on board written in the plan are
 * those. stops, crew_min, value_out, pack, sort, pool use of a vault's day <= cap + extra + relief
 * declared in plan.limits (extra within the overtime that the vault has; notes outsourced within
 * what others sort). Use as in plan_cost.h; crew minutes: driving rounded up + waiting + service of
 * the vault's routes, where crew_min_per_day > 0; pack: cassettes of the swaps; pool: those of the
 * model that left on the days (t - sort_lead_days, t]. Soft. pool_states    where the plan writes
 * down its cassettes (plan_pool.h) they are there: carried from day to day none is lost or made,
 * none negative. vault_stock    notes of a denomination that machines may be loaded with never fall
 * below 0 at the end of a day: opening rows of the latest day (new and ATM-fit at once, uncounted
 * sort_lead_days after that evening), plus expected returns (return_notes) sort_lead_days after
 * they came, plus orders due, less loads and lodgements. Denominations without an opening row are
 * not checked. Soft (emergency delivery): relief in notes. vault_value    value of all notes in the
 * vault at night, also unfit and uncounted ones, <= insured_minor, where it has opening rows. order
 * whole order units of the central bank, placed (lodged) on one of its service days, an order due
 * at least lead_days later, a lodgement the same day. One that should have been placed before the
 * plan counts as relief. cross_ship     an order and a lodgement of one denomination by one vault
 * are due at least the central bank's cross_ship_days apart.
 * likeness       the rows of plan.likeness are what the routes and those of the days before (also
 * plan.past) give by the formula of models/route/likeness.h; points above the setting
 * likeness_limit_pct are declared there. Soft.
 * route_bound    the rows of plan.bounds speak of the plan's routes: cost as recomputed, not below
 * the bound, gap and proof as the two amounts say.
 * declared       no negative extra or
 * relief, no extra above the overtime that exists, nothing outsourced but sorting and no more of it
 * than others take. */
#ifndef CP_PLAN_CHECK_H
#define CP_PLAN_CHECK_H

#include "models/demand/paths.h"
#include "models/plan/plan.h"

typedef struct cp_violation {
    const char *rule;        /* short stable name of the list above */
    int32_t t, point, route; /* -1 where it does not apply */
    const char *text;        /* in a planner's words, with codes, value and what is allowed */
} cp_violation;

typedef struct cp_verdict {
    bool accepted;
    bool with_relief;             /* declared relief or unserved visits: "proposed with relief" */
    int32_t n_violations, n_kept; /* all; the first 100 are kept */
    cp_violation *violations;
} cp_verdict;

/* Re-derives everything from the network, the forecast's paths (returns at their quantile, service
 * levels) and the plan's decisions. */
cp_status cp_plan_check(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                        const cp_shares *shares, uint64_t seed, const cp_plan *plan,
                        cp_verdict **out);

/* The rules of form, routes and docks alone, at the values out and back that the visits themselves
 * say: for other routes of visits that have been judged before. No forecast is needed. */
cp_status cp_plan_check_drives(cp_ctx *ctx, const cp_network *net, const cp_plan *plan,
                               cp_verdict **out);

#endif

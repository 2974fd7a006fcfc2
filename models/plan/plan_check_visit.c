/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_visit.c - may these points be visited in this way on these days? */
#include "models/plan/plan_check_part.h"

static const cp_plan_visit *visit_of(const cp_check *check, int32_t point, int32_t i)
{
    return &check->plan->visits[check->of_point[check->first[point] + i]];
}

/* A planner's must pin on the point and day. */
static bool is_pinned(const cp_check *check, int32_t point, int32_t t)
{
    const cp_rows *rows = &check->net->rows;
    for (int32_t i = 0; i < rows->n_pin; i++)
        if (rows->pin[i].point == point && rows->pin[i].rule == CP_PIN_MUST &&
            rows->pin[i].day == check->plan->first_day + t)
            return true;
    return false;
}

static bool can_serve(const cp_check *check, int32_t point, int32_t t)
{
    return cp_point_serviceable(check->net, point, check->plan->first_day + t) ||
           is_pinned(check, point, t);
}

static bool takes_deposits_only(const cp_check *check, const cp_point *p)
{
    for (int32_t k = 0; k < p->n_channels; k++)
        if (check->net->channels[p->first_channel + k].role != CP_ROLE_DEPOSIT) return false;
    return true;
}

/* The staff of a branch opens no cassettes: it adds, and empties bins where there is nothing else.
 */
static bool staff_can(const cp_check *check, const cp_point *p, cp_visit_kind kind)
{
    return takes_deposits_only(check, p) ? kind == CP_VISIT_PICKUP : kind == CP_VISIT_ADD;
}

/* Some, but not all of the denominations; every bin. */
static cp_status check_partial(cp_check *check, const cp_plan_visit *visit)
{
    int32_t n_cash = 0;
    int32_t n_swapped = 0;
    bool bins = true;
    for (int32_t k = visit->first_load; k < visit->first_load + visit->n_loads; k++) {
        const cp_plan_load *load = &check->plan->loads[k];
        if (check->net->channels[load->channel].role == CP_ROLE_DEPOSIT) {
            bins = bins && load->swapped;
            continue;
        }
        n_cash++;
        n_swapped += load->swapped;
    }
    if (bins && n_swapped > 0 && n_swapped < n_cash) return CP_OK;
    return cp_check_say(check, "kind", cp_at_visit(visit),
                        "a partial swap of %d of %d denominations%s; it must be some and not "
                        "all, with every deposit bin",
                        (int)n_swapped, (int)n_cash, bins ? "" : " that leaves a deposit bin");
}

static cp_status check_kind(cp_check *check, const cp_plan_visit *visit, bool first)
{
    const cp_point *p = &check->net->points[visit->point];
    const bool may_add = (p->visit_kinds & CP_MAY_ADD) != 0;
    const bool may_swap = (p->visit_kinds & CP_MAY_SWAP) != 0;
    const bool may_part = (p->visit_kinds & CP_MAY_PARTIAL_SWAP) != 0;
    const bool pick_up = may_add || takes_deposits_only(check, p);
    const bool allowed = visit->by_branch                       ? staff_can(check, p, visit->kind)
                         : visit->kind == CP_VISIT_SWAP         ? may_swap
                         : visit->kind == CP_VISIT_PARTIAL_SWAP ? may_part
                         : visit->kind == CP_VISIT_ADD          ? may_add
                                                                : pick_up;
    if (!allowed)
        CP_TRY(cp_check_say(
            check, "kind", cp_at_visit(visit),
            "a %s%s is planned; allowed to the center are:%s%s%s", cp_visit_kind_name(visit->kind),
            visit->by_branch ? " by the branch's staff" : "", may_swap ? " swap" : "",
            may_part ? " partial_swap" : "", may_add ? " add" : ""));
    if (visit->kind == CP_VISIT_PARTIAL_SWAP) CP_TRY(check_partial(check, visit));
    if (visit->kind == CP_VISIT_ADD && !visit->fixed_amount && first &&
        visit->t < check->net->settings.released_days)
        CP_TRY(
            cp_check_say(check, "kind", cp_at_visit(visit),
                         "cash is added on a day that is sent out, but the amount is left open"));
    return CP_OK;
}

static cp_status check_served(cp_check *check, const cp_plan_visit *visit)
{
    const cp_network *net = check->net;
    const cp_point *p = &net->points[visit->point];
    const int32_t vault = net->sites[p->site].vault;
    if (p->serviced_by == CP_BY_BRANCH)
        return cp_check_say(check, "served", cp_at_visit(visit),
                            "it is serviced by its branch, not by the cash center");
    if (visit->by_branch && p->serviced_by != CP_BY_EITHER)
        return cp_check_say(check, "served", cp_at_visit(visit),
                            "its branch is to fill it, but only the cash center may");
    if (vault < 0 || net->vaults[vault].status != CP_VAULT_EXISTING)
        return cp_check_say(check, "served", cp_at_visit(visit), "site %s has no open vault",
                            net->sites[p->site].code);
    return CP_OK;
}

/* ---- days between visits ------------------------------------------------------------------ */

/* The latest day allowed when `due` is the limit and the visit comes after day `from`: where none
 * of the days up to `due` can be served the first later one that can. */
static int32_t allowed_until(cp_check *check, int32_t point, int32_t from, int32_t due)
{
    int32_t t = from + 1;
    if (due <= from) due = from + 1;
    for (; t <= due; t++)
        if (can_serve(check, point, t)) return due;
    while (t < check->plan->n_days && !can_serve(check, point, t))
        t++;
    return t;
}

static cp_status check_gap(cp_check *check, int32_t point, int32_t from, int32_t to, int32_t most)
{
    const int32_t due = from + most;
    if (to <= due) return CP_OK;
    if (to <= allowed_until(check, point, from, due)) {
        check->verdict->with_relief = true;
        return CP_OK;
    }
    const int32_t t = to < check->plan->n_days ? to : from;
    return cp_check_say(check, "interval", cp_at_point(t, point),
                        "%d days pass between two visits; at most %d are allowed", (int)(to - from),
                        (int)most);
}

static int32_t longest(const cp_check *check, const cp_point *p)
{
    const int32_t most = check->net->settings.longest_interval_days;
    return p->max_interval_days > 0 && p->max_interval_days < most ? p->max_interval_days : most;
}

/* The first visit, or its absence: not beyond the longest interval or the latest day. */
static cp_status check_first(cp_check *check, int32_t point)
{
    const cp_point *p = &check->net->points[point];
    const int32_t n = check->first[point + 1] - check->first[point];
    const int32_t first = n > 0 ? visit_of(check, point, 0)->t : check->plan->n_days;
    if (p->max_interval_days > 0) {
        const int32_t due = p->max_interval_days - p->days_since_visit;
        const int32_t latest = allowed_until(check, point, -1, due);
        if (first > due) {
            if (first > latest)
                CP_TRY(
                    cp_check_say(check, "interval", cp_at_point(n > 0 ? first : -1, point),
                                 "the first visit must be by day %d (%d days since the last one, "
                                 "at most %d); it is %s",
                                 (int)latest, (int)p->days_since_visit, (int)p->max_interval_days,
                                 n > 0 ? "later" : "not in the plan"));
            check->verdict->with_relief = true;
        }
    }
    if (p->latest_day == CP_DAY_NONE) return CP_OK;
    const int32_t due = p->latest_day - check->plan->first_day;
    if (first <= due || first <= allowed_until(check, point, -1, due)) return CP_OK;
    if (due >= check->plan->n_days) return CP_OK;
    return cp_check_say(check, "latest_day", cp_at_point(n > 0 ? first : -1, point),
                        "its next visit must not be after day %d of the plan", (int)due);
}

static cp_status check_until(cp_check *check, const cp_plan_visit *visit, int32_t next)
{
    if (next >= 0 ? visit->until == next : visit->until >= check->plan->n_days) return CP_OK;
    if (next >= 0)
        return cp_check_say(check, "until", cp_at_visit(visit),
                            "the visit is laid until day %d; the next one is on day %d",
                            (int)visit->until, (int)next);
    return cp_check_say(check, "until", cp_at_visit(visit),
                        "the last visit is laid until day %d, inside the plan", (int)visit->until);
}

static cp_status check_point(cp_check *check, int32_t point)
{
    const cp_point *p = &check->net->points[point];
    const int32_t n = check->first[point + 1] - check->first[point];
    const bool planned = p->serviced_by != CP_BY_BRANCH && p->n_channels > 0 &&
                         check->net->sites[p->site].vault >= 0;
    if (planned) CP_TRY(check_first(check, point));
    for (int32_t i = 0; i < n; i++) {
        const cp_plan_visit *visit = visit_of(check, point, i);
        const int32_t next = i + 1 < n ? visit_of(check, point, i + 1)->t : -1;
        CP_TRY(check_served(check, visit));
        CP_TRY(check_kind(check, visit, i == 0));
        if (!can_serve(check, point, visit->t))
            CP_TRY(cp_check_say(check, "service_day", cp_at_visit(visit),
                                "it may not be visited on this day (service days, holidays or "
                                "earliest day)"));
        CP_TRY(check_until(check, visit, next));
        CP_TRY(
            check_gap(check, point, visit->t, next >= 0 ? next : visit->until, longest(check, p)));
    }
    return CP_OK;
}

cp_status cp_check_visits(cp_check *check)
{
    for (int32_t p = 0; p < check->net->n_points; p++)
        CP_TRY(check_point(check, p));
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_pin.c - is a planner's word kept? */
#include "models/net/slot_mix.h"
#include "models/plan/plan_check_part.h"

static const cp_plan_visit *find_visit(const cp_check *check, int32_t point, int32_t t)
{
    for (int32_t i = check->first[point]; i < check->first[point + 1]; i++) {
        const cp_plan_visit *visit = &check->plan->visits[check->of_point[i]];
        if (visit->t == t) return visit;
    }
    return NULL;
}

static bool is_unserved(const cp_check *check, int32_t point, int32_t t)
{
    for (int32_t i = 0; i < check->plan->n_unserved; i++)
        if (check->plan->unserved[i].point == point && check->plan->unserved[i].t == t) return true;
    return false;
}

/* Within one step of each channel that is loaded, or less where one of them is full. */
static bool amount_kept(const cp_check *check, const cp_plan_visit *visit, cp_minor amount)
{
    cp_minor slack = 0;
    bool full = false;
    const cp_minor value = check->fact[visit - check->plan->visits].value_minor;
    for (int32_t k = 0; k < visit->n_loads; k++) {
        const cp_plan_load *load = &check->plan->loads[visit->first_load + k];
        const cp_channel *c = &cp_mix_channels(check->net, visit->point, visit->mix)[k];
        const int64_t step = c->step_notes > 0 ? c->step_notes : 1;
        const int64_t notes =
            load->level_notes > load->load_notes ? load->level_notes : load->load_notes;
        if (c->role == CP_ROLE_DEPOSIT || c->capacity_notes <= 0) continue;
        slack += step * c->value_minor;
        full = full || notes + step > c->capacity_notes;
    }
    return value <= amount + slack && (full || value + slack >= amount);
}

static cp_status check_car(cp_check *check, const cp_pin *pin, int32_t t)
{
    const cp_plan *plan = check->plan;
    const int32_t site = check->net->points[pin->point].site;
    const cp_plan_visit *visit = find_visit(check, pin->point, t);
    if (visit != NULL && visit->by_branch)
        return cp_check_say(check, "pin", cp_at_point(t, pin->point),
                            "pin %s asks for car %s; the branch's own staff comes", pin->code,
                            pin->car_code);
    for (int32_t k = 0; k < plan->n_stops; k++) {
        const int32_t r = check->stop_route[k];
        if (r < 0 || plan->stops[k].site != site || plan->routes[r].t != t) continue;
        if (plan->routes[r].car == pin->car) return CP_OK;
        return cp_check_say(check, "pin", cp_at_point(t, pin->point),
                            "pin %s asks for car %s; car %s comes", pin->code, pin->car_code,
                            check->net->cars[plan->routes[r].car].code);
    }
    return CP_OK; /* a stop without a route is reported by the routes part */
}

static cp_status check_must(cp_check *check, const cp_pin *pin, int32_t t)
{
    const cp_plan_visit *visit = find_visit(check, pin->point, t);
    const cp_check_at at = cp_at_point(t, pin->point);
    if (visit == NULL) {
        if (is_unserved(check, pin->point, t)) return CP_OK;
        return cp_check_say(check, "pin", at, "pin %s asks for a visit; there is none", pin->code);
    }
    if (pin->kind >= 0 && (int32_t)visit->kind != pin->kind)
        CP_TRY(cp_check_say(check, "pin", at, "pin %s asks for a %s; a %s is planned", pin->code,
                            cp_visit_kind_name((cp_visit_kind)pin->kind),
                            cp_visit_kind_name(visit->kind)));
    if (pin->amount_minor >= 0 && !amount_kept(check, visit, pin->amount_minor))
        CP_TRY(cp_check_say(check, "pin", at, "pin %s asks for %lld minor units; %lld are loaded",
                            pin->code, (long long)pin->amount_minor,
                            (long long)check->fact[visit - check->plan->visits].value_minor));
    if (pin->car >= 0) return check_car(check, pin, t);
    return CP_OK;
}

static cp_status check_forbid(cp_check *check, const cp_pin *pin, int32_t t)
{
    const cp_plan_visit *visit = find_visit(check, pin->point, t);
    if (visit == NULL || (pin->kind >= 0 && (int32_t)visit->kind != pin->kind)) return CP_OK;
    return cp_check_say(check, "pin", cp_at_point(t, pin->point),
                        "pin %s forbids the visit that is planned", pin->code);
}

cp_status cp_check_pins(cp_check *check)
{
    const cp_rows *rows = &check->net->rows;
    for (int32_t i = 0; i < rows->n_pin; i++) {
        const cp_pin *pin = &rows->pin[i];
        const int32_t t = pin->day - check->plan->first_day;
        if (pin->point < 0 || t < 0 || t >= check->plan->n_days) continue;
        if (pin->rule == CP_PIN_MUST)
            CP_TRY(check_must(check, pin, t));
        else
            CP_TRY(check_forbid(check, pin, t));
    }
    return CP_OK;
}

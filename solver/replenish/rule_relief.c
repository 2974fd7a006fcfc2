/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/rule_relief.h"

#include <string.h>

#include "models/net/calendar.h"

#define ALL_DAYS 127 /* Monday to Sunday */

const char *cp_day_rule_name(cp_day_rule rule)
{
    static const char *const names[CP_N_DAY_RULES] = {"service_days", "holiday", "earliest_day",
                                                      "forbid pin", "must pin"};
    return names[rule];
}

/* ---- which rules ------------------------------------------------------------------------------
 */

/* Is the day no service day with all rules of the point but these three fields given up? */
static bool excludes(const cp_network *net, int32_t point, cp_day day, const cp_point *only)
{
    cp_network one = *net;
    cp_point alone = net->points[point];
    alone.earliest_day = only->earliest_day;
    alone.service_days = only->service_days;
    alone.works_holidays = only->works_holidays;
    one.points = &alone;
    return !cp_point_serviceable(&one, 0, day);
}

static uint32_t day_rules(const cp_network *net, int32_t point, cp_day day)
{
    const cp_point *p = &net->points[point];
    const cp_point week = {
        .earliest_day = CP_DAY_NONE, .service_days = p->service_days, .works_holidays = true};
    const cp_point holiday = {
        .earliest_day = CP_DAY_NONE, .service_days = ALL_DAYS, .works_holidays = p->works_holidays};
    const cp_point early = {
        .earliest_day = p->earliest_day, .service_days = ALL_DAYS, .works_holidays = true};
    uint32_t rules = 0;
    if (cp_point_serviceable(net, point, day)) return 0;
    if (excludes(net, point, day, &week)) rules |= UINT32_C(1) << CP_RULE_SERVICE_DAYS;
    if (excludes(net, point, day, &holiday)) rules |= UINT32_C(1) << CP_RULE_HOLIDAY;
    if (excludes(net, point, day, &early)) rules |= UINT32_C(1) << CP_RULE_EARLIEST;
    return rules;
}

static bool names_mode(const cp_pin *pin, const cp_mode *mode)
{
    return (pin->kind < 0 || (int32_t)mode->kind == pin->kind) &&
           (pin->rule != CP_PIN_MUST || pin->car < 0 || !mode->by_branch);
}

/* As the intervals are built: pins in their order, the last word on the day counts. */
static uint32_t rules_and_pin(const cp_network *net, int32_t point, int32_t t, const cp_mode *mode,
                              int32_t *pin_of)
{
    const cp_day day = net->first_day + t;
    uint32_t rules = day_rules(net, point, day);
    *pin_of = -1;
    for (int32_t i = 0; i < net->rows.n_pin; i++) {
        const cp_pin *pin = &net->rows.pin[i];
        if (pin->point != point || pin->day != day) continue;
        const bool named = names_mode(pin, mode), must = pin->rule == CP_PIN_MUST;
        if (must && named) {
            rules = 0;
            *pin_of = -1;
        } else if (must || named) {
            rules |= UINT32_C(1) << (must ? CP_RULE_MUST : CP_RULE_FORBID);
            if (*pin_of < 0) *pin_of = i;
        }
    }
    return rules;
}

uint32_t cp_day_rules(const cp_network *net, int32_t point, int32_t t, const cp_mode *mode)
{
    int32_t pin = -1;
    return rules_and_pin(net, point, t, mode, &pin);
}

/* ---- what giving them up is worth -------------------------------------------------------------
 */

typedef struct study {
    cp_ctx *ctx;
    const cp_rule_ask *ask;
    const cp_network *net;
    int32_t point;
    cp_network asked; /* with one more pin: a visit on the day at hand, of any kind */
    cp_pin *pins;
    const cp_arcs *own;
    cp_step *steps; /* as planned */
    int32_t n_steps;
    cp_minor before;
    cp_rule_relief *out;
} study;

static bool any_miss(const cp_arcs *a, const cp_step *steps, int32_t n)
{
    bool missed = a->opening[n > 0 ? steps[0].t : a->n_days].misses != 0;
    for (int32_t i = 0; i < n; i++)
        missed = missed || cp_step_misses(a, &steps[i]);
    return missed;
}

/* The plan at hand as a relief of day t; t -1 where no rule stands against its visit. */
static cp_rule_relief weigh(const study *c, const cp_arcs *a, int32_t t)
{
    const cp_refill_state *s = c->ask->state;
    const int32_t p = c->ask->zone_point;
    const cp_step *steps = s->steps + (size_t)p * (size_t)a->n_days;
    cp_rule_relief r = {.t = -1, .pin = -1, .more_minor = s->total - c->before};
    for (int32_t i = 0; i < s->n_steps[p]; i++) {
        if (steps[i].t != t) continue;
        const cp_mode *mode = &a->mode[steps[i].mode];
        r.kind = mode->kind;
        r.by_branch = mode->by_branch;
        r.rules = rules_and_pin(c->net, c->point, t, mode, &r.pin);
        if (r.rules != 0) r.t = t;
    }
    r.misses = any_miss(a, steps, s->n_steps[p]);
    return r;
}

/* The point is out before and after; its own intervals are those of the zone again. */
static cp_status try_day(study *c, int32_t t)
{
    cp_arcs arcs;
    cp_arc_input in = c->ask->input;
    cp_pin *pin = &c->pins[c->asked.rows.n_pin - 1];
    cp_refill_state *s = c->ask->state;
    memset(&arcs, 0, sizeof arcs);
    *pin = (cp_pin){.code = "",
                    .point_code = c->net->points[c->point].code,
                    .rule = CP_PIN_MUST,
                    .day = c->net->first_day + t,
                    .kind = -1,
                    .amount_minor = -1,
                    .car_code = "",
                    .point = c->point,
                    .car = -1};
    in.net = &c->asked;
    CP_TRY(cp_arcs_build(c->ctx, &in, c->point, &arcs));
    c->ask->zone->arcs[c->ask->zone_point] = &arcs;
    const cp_status st = cp_refill_replan(c->ctx, s, c->ask->zone_point);
    if (st == CP_OK) {
        const cp_rule_relief r = weigh(c, &arcs, t);
        cp_refill_take_out(s, c->ask->zone_point);
        if (r.t >= 0 && (c->out->t < 0 || r.more_minor < c->out->more_minor)) *c->out = r;
    }
    c->ask->zone->arcs[c->ask->zone_point] = c->own;
    if (st != CP_E_SOLVER) return st;
    cp_error_clear(c->ctx); /* other pins leave no plan with this day */
    return CP_OK;
}

static bool is_excluded(const study *c, int32_t t)
{
    for (int32_t m = 0; m < c->own->n_all_modes; m++)
        if (cp_day_rules(c->net, c->point, t, &c->own->mode[m]) != 0) return true;
    return false;
}

static cp_status try_days(study *c)
{
    for (int32_t t = 0; t < c->own->n_days; t++) {
        if (!is_excluded(c, t)) continue;
        /* Nothing of a day's intervals is kept but the numbers of *out. */
        const cp_arena_mark mark = cp_arena_here(c->ctx->run);
        CP_TRY(try_day(c, t));
        cp_arena_rewind(c->ctx->run, mark);
    }
    return CP_OK;
}

static cp_status make_room(study *c)
{
    const int32_t n_pins = c->net->rows.n_pin;
    const cp_refill_state *s = c->ask->state;
    const int32_t p = c->ask->zone_point;
    CP_NEW(c->ctx, c->ctx->scratch, c->pins, n_pins + 1);
    CP_NEW(c->ctx, c->ctx->scratch, c->steps, c->own->n_days + 1);
    if (n_pins > 0) memcpy(c->pins, c->net->rows.pin, (size_t)n_pins * sizeof *c->pins);
    c->asked = *c->net;
    c->asked.rows.pin = c->pins;
    c->asked.rows.n_pin = n_pins + 1;
    c->n_steps = s->n_steps[p];
    memcpy(c->steps, s->steps + (size_t)p * (size_t)c->own->n_days,
           (size_t)c->n_steps * sizeof *c->steps);
    return CP_OK;
}

cp_status cp_rule_relief_find(cp_ctx *ctx, const cp_rule_ask *ask, cp_rule_relief *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    study c = {.ctx = ctx,
               .ask = ask,
               .net = ask->input.net,
               .point = ask->zone->point[ask->zone_point],
               .own = ask->zone->arcs[ask->zone_point],
               .before = ask->state->total,
               .out = out};
    *out = (cp_rule_relief){.t = -1, .pin = -1};
    CP_TRY(make_room(&c));
    cp_refill_take_out(ask->state, ask->zone_point);
    CP_TRY(try_days(&c));
    cp_refill_put_in(ask->state, ask->zone_point, c.steps, c.n_steps);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What giving up a rule for a day is worth, against plans of data in which that day is simply free;
 * the rules named are those that stand against it. */
#include <string.h>

#include "models/plan/plan_fill.h"
#include "solver/replenish/explain.h"
#include "solver/replenish/refill.h"
#include "solver/replenish/rule_relief.h"
#include "tests/check.h"
#include "tests/unit/refill_bank.h"

#define SEED 5
#define DAYS 7

typedef struct planned {
    refill_bank bank;
    cp_point *points; /* of the bank's network, to change */
    cp_plan plan;
    cp_zone *zone;
    cp_refill_state *state;
    cp_arc_input in;
} planned;

static const cp_stop_prices no_prices = {0};

/* `change` makes the rules; the plan is of the changed data. */
static void make(cp_ctx *ctx, uint64_t seed, void (*change)(cp_ctx *, planned *), planned *out)
{
    const refill_bank_opts opts = {6, DAYS, 30, seed, false, 300000, 0, 0};
    cp_refill *refill = NULL;
    cp_refill_opts ropts = cp_refill_defaults();
    int32_t n_changed = 0;
    memset(out, 0, sizeof *out);
    ropts.replans = 2000;
    assert_ok(ctx, refill_bank_make(ctx, &opts, &out->bank));
    const refill_bank *b = &out->bank;
    const size_t size = (size_t)b->net->n_points * sizeof *out->points;
    out->points = cp_alloc(ctx, ctx->run, (size_t)b->net->n_points, sizeof *out->points);
    memcpy(out->points, b->net->points, size);
    b->net->points = out->points;
    change(ctx, out);
    out->in = (cp_arc_input){b->net, b->forecast, b->shares, SEED, NULL};
    assert_ok(ctx, cp_refill_build(ctx, b->net, b->forecast, b->shares, SEED, &refill));
    assert_ok(ctx, cp_refill_solve(ctx, refill, &no_prices, &ropts, &out->plan));
    assert_ok(ctx, cp_plan_fill_visits(ctx, b->net, b->forecast, b->shares, SEED, &out->plan));
    cp_arcs *arcs = cp_alloc(ctx, ctx->run, (size_t)b->net->n_points, sizeof *arcs);
    for (int32_t p = 0; p < b->net->n_points; p++)
        assert_ok(ctx, cp_arcs_build(ctx, &out->in, p, &arcs[p]));
    assert_ok(ctx, cp_zone_make(ctx, b->net, arcs, &no_prices, 0, &out->zone));
    assert_ok(ctx, cp_refill_state_new(ctx, out->zone, &out->state));
    assert_ok(ctx, cp_explain_state(ctx, out->zone, &out->plan, -1, out->state, &n_changed));
    assert_int_equal(n_changed, 0);
}

static void no_service_days(cp_ctx *ctx, planned *p)
{
    (void)ctx;
    for (int32_t i = 0; i < p->bank.net->n_points; i++)
        p->points[i].service_days = 0;
}

static void mondays(cp_ctx *ctx, planned *p)
{
    (void)ctx;
    for (int32_t i = 0; i < p->bank.net->n_points; i++)
        p->points[i].service_days = 1;
}

/* Every day of every point but the last is forbidden by a pin. */
static void forbidden(cp_ctx *ctx, planned *p)
{
    cp_network *net = p->bank.net;
    cp_pin *pins = cp_alloc(ctx, ctx->run, (size_t)net->n_points * DAYS, sizeof *pins);
    net->rows.n_pin = 0;
    for (int32_t i = 0; i < net->n_points; i++)
        for (int32_t t = 0; t < DAYS - 1; t++)
            pins[net->rows.n_pin++] = (cp_pin){.code = "P",
                                               .rule = CP_PIN_FORBID,
                                               .day = net->first_day + t,
                                               .kind = -1,
                                               .amount_minor = -1,
                                               .car_code = "",
                                               .point = i,
                                               .car = -1};
    net->rows.pin = pins;
}

/* The zone's cost when the point plans anew in data in which day t is free for it. */
static cp_minor cost_with_free_day(cp_ctx *ctx, planned *p, int32_t zone_point, int32_t t)
{
    const int32_t point = p->zone->point[zone_point];
    cp_network free_net = *p->bank.net;
    cp_point *points = cp_alloc(ctx, ctx->run, (size_t)free_net.n_points, sizeof *points);
    cp_pin *pins = cp_alloc(ctx, ctx->run, (size_t)free_net.rows.n_pin + 1, sizeof *pins);
    memcpy(points, p->points, (size_t)free_net.n_points * sizeof *points);
    points[point].service_days |= 1 << cp_weekday(free_net.first_day + t);
    points[point].works_holidays = true;
    int32_t n = 0;
    for (int32_t i = 0; i < free_net.rows.n_pin; i++)
        if (free_net.rows.pin[i].point != point ||
            free_net.rows.pin[i].day != free_net.first_day + t)
            pins[n++] = free_net.rows.pin[i];
    free_net.points = points;
    free_net.rows.pin = pins;
    free_net.rows.n_pin = n;
    cp_arc_input in = p->in;
    cp_arcs arcs;
    memset(&arcs, 0, sizeof arcs);
    in.net = &free_net;
    assert_ok(ctx, cp_arcs_build(ctx, &in, point, &arcs));
    const cp_arcs *own = p->zone->arcs[zone_point];
    cp_step kept[DAYS];
    const int32_t n_kept = p->state->n_steps[zone_point];
    memcpy(kept, p->state->steps + zone_point * DAYS, (size_t)n_kept * sizeof *kept);
    cp_refill_take_out(p->state, zone_point);
    p->zone->arcs[zone_point] = &arcs;
    assert_ok(ctx, cp_refill_replan(ctx, p->state, zone_point));
    const cp_minor cost = p->state->total;
    cp_refill_take_out(p->state, zone_point);
    p->zone->arcs[zone_point] = own;
    cp_refill_put_in(p->state, zone_point, kept, n_kept);
    return cost;
}

/* Returns 1 when giving a rule up is better than the plan. */
static int32_t check_point(cp_ctx *ctx, planned *p, int32_t zone_point, uint32_t rules)
{
    const cp_rule_ask ask = {p->in, p->zone, p->state, zone_point};
    const cp_minor before = p->state->total;
    cp_rule_relief r;
    cp_minor least = INT64_MAX;
    assert_ok(ctx, cp_rule_relief_find(ctx, &ask, &r));
    assert_int_equal(p->state->total, before); /* all is as it was */
    for (int32_t t = 0; t < DAYS; t++) {
        uint32_t against = 0;
        for (int32_t m = 0; m < p->zone->arcs[zone_point]->n_all_modes; m++)
            against |= cp_day_rules(p->bank.net, p->zone->point[zone_point], t,
                                    &p->zone->arcs[zone_point]->mode[m]);
        if (against == 0) continue;
        assert_int_equal(against, rules);
        const cp_minor cost = cost_with_free_day(ctx, p, zone_point, t);
        if (cost < least) least = cost;
    }
    if (least >= before) { /* a free day is not used: to use it costs */
        if (r.t >= 0) assert_true(r.more_minor >= 0);
        return 0;
    }
    assert_true(r.t >= 0);
    assert_int_equal(r.rules, rules);
    assert_int_equal(r.pin >= 0, rules == UINT32_C(1) << CP_RULE_FORBID);
    assert_int_equal(r.more_minor, least - before);
    return 1;
}

static void it_costs_what_a_free_day_would(void **state)
{
    static const struct {
        void (*change)(cp_ctx *, planned *);
        uint32_t rules;
    } cases[] = {
        {no_service_days, UINT32_C(1) << CP_RULE_SERVICE_DAYS},
        {mondays, UINT32_C(1) << CP_RULE_SERVICE_DAYS},
        {forbidden, UINT32_C(1) << CP_RULE_FORBID},
    };
    (void)state;
    for (int32_t i = 0; i < LEN(cases); i++) {
        int32_t n_better = 0;
        for (uint64_t seed = 1; seed <= 2; seed++) {
            cp_ctx ctx;
            planned p;
            assert_int_equal(cp_ctx_init(&ctx), CP_OK);
            make(&ctx, seed, cases[i].change, &p);
            for (int32_t z = 0; z < p.zone->n_points; z++)
                n_better += check_point(&ctx, &p, z, cases[i].rules);
            cp_ctx_done(&ctx);
        }
        if (n_better < 3) fail_msg("case %d: only %d points would gain", (int)i, (int)n_better);
    }
}

static void the_rules_of_a_day_are_named(void **state)
{
    static const cp_mode swap = {.kind = CP_VISIT_SWAP};
    static const cp_mode branch = {.kind = CP_VISIT_ADD, .by_branch = true};
    cp_calendar_day off = {.day = 2, .kind = CP_DAY_OFF};
    int32_t day_first[2] = {0, 1};
    cp_pin pins[3] = {
        {.rule = CP_PIN_FORBID, .day = 4, .kind = CP_VISIT_SWAP},
        {.rule = CP_PIN_MUST, .day = 5, .kind = CP_VISIT_ADD, .car = -1},
        {.rule = CP_PIN_MUST, .day = 6, .kind = -1, .car = 0},
    };
    /* Day 0 is the Thursday 1970-01-01; all but Saturdays. */
    cp_point point = {.service_days = 0x5f, .earliest_day = 1, .latest_day = CP_DAY_NONE};
    cp_network net = {.n_points = 1, .points = &point, .n_days = 8};
    cp_calendar calendar = {.code = "C"};
    net.rows.calendar = &calendar;
    net.rows.n_calendar = 1;
    net.rows.calendar_day = &off;
    net.rows.n_calendar_day = 1;
    net.day_first = day_first;
    net.rows.pin = pins;
    net.rows.n_pin = 3;
    (void)state;
    assert_int_equal(cp_day_rules(&net, 0, 0, &swap), 1u << CP_RULE_EARLIEST);
    assert_int_equal(cp_day_rules(&net, 0, 1, &swap), 0);
    assert_int_equal(cp_day_rules(&net, 0, 2, &swap),
                     1u << CP_RULE_HOLIDAY | 1u << CP_RULE_SERVICE_DAYS);
    point.service_days = 127;
    assert_int_equal(cp_day_rules(&net, 0, 2, &swap), 1u << CP_RULE_HOLIDAY);
    assert_int_equal(cp_day_rules(&net, 0, 4, &swap), 1u << CP_RULE_FORBID);
    assert_int_equal(cp_day_rules(&net, 0, 4, &branch), 0);
    assert_int_equal(cp_day_rules(&net, 0, 5, &swap), 1u << CP_RULE_MUST);
    assert_int_equal(cp_day_rules(&net, 0, 6, &swap), 0);
    assert_int_equal(cp_day_rules(&net, 0, 6, &branch), 1u << CP_RULE_MUST);
    point.service_days = 0;
    assert_int_equal(cp_day_rules(&net, 0, 0, &swap),
                     1u << CP_RULE_EARLIEST | 1u << CP_RULE_SERVICE_DAYS);
    assert_int_equal(cp_day_rules(&net, 0, 4, &swap),
                     1u << CP_RULE_FORBID | 1u << CP_RULE_SERVICE_DAYS);
    assert_int_equal(cp_day_rules(&net, 0, 6, &swap), 0); /* a planner's word wins */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_costs_what_a_free_day_would),
        cmocka_unit_test(the_rules_of_a_day_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

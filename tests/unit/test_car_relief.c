/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cheapest car for one stop alone, and the one rule to give up where no car may: against a slow
 * judge of every car under every rule. */
#include <string.h>

#include "solver/run/car_relief.h"
#include "tests/check.h"
#include "tests/unit/route_toy.h"

#define LATE 2880

/* Cost of the stop by this car with the rule given up; -1: not even then. */
static cp_minor judged(cp_ctx *ctx, toy *t, int32_t car, const cp_car_stop *stop, cp_car_fault rule)
{
    const cp_car kept_car = t->cars[car];
    const cp_site kept_site = t->sites[stop->site];
    const cp_vault kept_vault = *t->vault;
    cp_plan_route route = {0};
    cp_plan_stop timed = {0};
    if (rule == CP_CAR_SHIFT) t->cars[car].overtime_min = t->vault->close_min = LATE;
    if (rule == CP_CAR_VALUE) t->cars[car].insured_minor = INT64_C(1) << 50;
    if (rule == CP_CAR_VOLUME) t->cars[car].volume_cm3 = 0;
    if (rule == CP_CAR_WINDOW) {
        t->sites[stop->site].open_min = 0;
        t->sites[stop->site].close_min = LATE;
        t->sites[stop->site].open2_min = -1;
    }
    const bool good = toy_judge(t, car, stop, 1, &route, &timed);
    t->cars[car] = kept_car;
    t->sites[stop->site] = kept_site;
    *t->vault = kept_vault;
    route.car = car;
    return good ? toy_cost(ctx, t, &route) : -1;
}

static void check_stop(cp_ctx *ctx, toy *t, const cp_car_stop *stop, int32_t seen[CP_CAR_SHIFT + 1])
{
    static const cp_car_fault rules[] = {CP_CAR_SHIFT, CP_CAR_WINDOW, CP_CAR_VALUE, CP_CAR_VOLUME};
    cp_car_relief r;
    cp_minor least = -1;
    assert_ok(ctx, cp_car_relief_find(ctx, &t->net, 0, stop, &r));
    for (int32_t k = 0; k < t->net.n_cars; k++) {
        const cp_minor cost = judged(ctx, t, k, stop, CP_CAR_OK);
        if (cost >= 0 && (least < 0 || cost < least)) least = cost;
    }
    if (least >= 0) { /* no rule is given up where none need be */
        assert_int_equal(r.rule, CP_CAR_OK);
        assert_int_equal(r.over, 0);
    }
    for (int32_t i = 0; least < 0 && i < LEN(rules); i++)
        for (int32_t k = 0; k < t->net.n_cars; k++) {
            const cp_minor cost = judged(ctx, t, k, stop, rules[i]);
            if (cost >= 0 && (r.car < 0 || r.cost_minor > cost))
                fail_msg("a cheaper relief exists");
        }
    if (r.car < 0) {
        assert_int_equal(least, -1);
        return;
    }
    seen[r.rule]++;
    assert_int_equal(r.cost_minor, judged(ctx, t, r.car, stop, r.rule));
    if (least >= 0) assert_int_equal(r.cost_minor, least);
    if (r.rule == CP_CAR_VALUE)
        assert_int_equal(r.over, stop->out_minor - t->cars[r.car].insured_minor);
    if (r.rule == CP_CAR_SHIFT) assert_true(r.over > 0);
}

static void the_cheapest_car_or_the_rule_to_give_up(void **state)
{
    int32_t seen[CP_CAR_SHIFT + 1] = {0};
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        toy *t = toy_new(&ctx, 4, 3, TOY_VALUE | TOY_VOLUME | TOY_WINDOWS | TOY_OVERTIME, seed);
        cp_rng rng = cp_rng_new(seed, 3);
        const uint32_t what = cp_rng_below(&rng, 5); /* cars that may do next to nothing */
        for (int32_t k = 0; k < t->net.n_cars; k++) {
            if (what == 0) t->cars[k].shift_end_min = t->cars[k].shift_start_min + 5;
            if (what == 1) t->cars[k].insured_minor = 1 + k;
            if (what == 2) t->cars[k].volume_cm3 = 1;
        }
        for (int32_t i = 0; i < 4; i++) {
            cp_car_stop stop = toy_stop(t, i, 0);
            stop.back_minor = 0;
            if (cp_rng_below(&rng, 3) == 0) {
                t->sites[stop.site].open_min = 1;
                t->sites[stop.site].close_min = 2;
                t->sites[stop.site].open2_min = t->sites[stop.site].close2_min = -1;
            }
            check_stop(&ctx, t, &stop, seen);
        }
        cp_ctx_done(&ctx);
    }
    for (int32_t i = CP_CAR_OK; i <= CP_CAR_SHIFT; i++)
        if (i != CP_CAR_TRIPS && i != CP_CAR_UNREACHABLE && seen[i] < 2)
            fail_msg("rule %d: only %d cases", (int)i, (int)seen[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cheapest_car_or_the_rule_to_give_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/route/car_route.h"

#include <string.h>

#include "tests/check.h"
#include "tests/unit/route_toy.h"

#define STOPS_MOST 8

/* A random order of all tasks, cut into trips at random. */
static int32_t random_sequence(const toy *t, cp_rng *rng, cp_car_stop *stops)
{
    int32_t order[STOPS_MOST];
    const int32_t n = t->day.n_tasks;
    for (int32_t k = 0; k < n; k++)
        order[k] = k;
    for (int32_t k = n - 1; k > 0; k--) {
        const int32_t j = (int32_t)cp_rng_below(rng, (uint32_t)k + 1);
        const int32_t kept = order[k];
        order[k] = order[j];
        order[j] = kept;
    }
    const int32_t len = 1 + (int32_t)cp_rng_below(rng, (uint32_t)n);
    const int32_t cut = (int32_t)cp_rng_below(rng, 2) == 0 ? len : 1 + len / 2;
    for (int32_t k = 0; k < len; k++)
        stops[k] = toy_stop(t, order[k], k >= cut);
    return len;
}

static void same_route(const cp_plan_route *a, const cp_plan_route *b)
{
    assert_int_equal(a->vault, b->vault);
    assert_int_equal(a->car, b->car);
    assert_int_equal(a->n_stops, b->n_stops);
    assert_int_equal(a->n_trips, b->n_trips);
    assert_int_equal(a->depart_min, b->depart_min);
    assert_int_equal(a->return_min, b->return_min);
    assert_int_equal(a->drive_s, b->drive_s);
    assert_int_equal(a->wait_min, b->wait_min);
    assert_int_equal(a->service_min, b->service_min);
    assert_int_equal(a->overtime_min, b->overtime_min);
    assert_int_equal(a->dist_m, b->dist_m);
    assert_int_equal(a->most_on_board_minor, b->most_on_board_minor);
    assert_int_equal(a->legs, b->legs);
    assert_int_equal(a->estimated_legs, b->estimated_legs);
}

static void same_stops(const cp_plan_stop *a, const cp_plan_stop *b, int32_t n)
{
    for (int32_t k = 0; k < n; k++) {
        assert_int_equal(a[k].site, b[k].site);
        assert_int_equal(a[k].trip, b[k].trip);
        assert_int_equal(a[k].arrive_min, b[k].arrive_min);
        assert_int_equal(a[k].start_min, b[k].start_min);
        assert_int_equal(a[k].leave_min, b[k].leave_min);
        assert_int_equal(a[k].on_board_minor, b[k].on_board_minor);
        assert_int_equal(a[k].on_board_cm3, b[k].on_board_cm3);
    }
}

static void every_figure_equals_a_slow_simulation(void **state)
{
    cp_ctx *ctx = *state;
    cp_rng rng = cp_rng_new(11, 0);
    int32_t allowed = 0;
    int32_t refused = 0;
    for (uint32_t rules = 0; rules < TOY_FREE_TIME; rules++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        const toy *t = toy_new(ctx, STOPS_MOST, 1, rules, 3);
        for (int32_t k = 0; k < 12; k++) {
            cp_car_stop stops[STOPS_MOST];
            const int32_t n = random_sequence(t, &rng, stops);
            cp_plan_route want;
            cp_plan_route got = {0};
            cp_plan_stop want_stops[STOPS_MOST];
            cp_plan_stop got_stops[STOPS_MOST];
            const bool ok = toy_judge(t, 0, stops, n, &want, want_stops);
            const cp_car_verdict v = cp_car_route_check(&t->net, 0, stops, n, &got, got_stops);
            assert_int_equal(v.fault == CP_CAR_OK, ok);
            if (ok) {
                same_route(&got, &want);
                same_stops(got_stops, want_stops, n);
            }
            *(ok ? &allowed : &refused) += 1;
        }
        cp_arena_rewind(ctx->run, mark);
    }
    /* Both answers must have been met often, or the comparison says little. */
    assert_in_range(allowed, 3000, 30000);
    assert_in_range(refused, 3000, 30000);
}

/* Two sites one kilometre and 100 seconds apart, the vault 30 minutes from both. */
static toy *plain_toy(cp_ctx *ctx)
{
    toy *t = toy_new(ctx, 2, 1, 0, 1);
    for (int32_t i = 0; i < 3; i++)
        for (int32_t j = 0; j < 3; j++) {
            const bool home = i == 2 || j == 2;
            t->seconds[3 * i + j] = i == j ? 0 : (home ? 1800 : 100);
            t->metres[3 * i + j] = i == j ? 0 : (home ? 20000 : 1000);
        }
    t->cars[0].shift_start_min = 480;
    t->cars[0].shift_end_min = 960;
    for (int32_t k = 0; k < 2; k++) {
        t->tasks[k].service_s = 600;
        t->tasks[k].out_minor = 60;
        t->tasks[k].back_minor = 10;
        t->tasks[k].out_cm3 = 5;
        t->tasks[k].back_cm3 = 5;
    }
    return t;
}

static void a_car_leaves_as_late_as_delays_nothing(void **state)
{
    cp_ctx *ctx = *state;
    const struct {
        const char *name;
        int32_t open[2], close[2];
        int32_t depart, wait, back;
    } cases[] = {
        {"no window: at the start of the shift", {0, 0}, {1440, 1440}, 480, 0, 562},
        {"first stop opens at 10:00", {600, 0}, {1440, 1440}, 570, 0, 652},
        {"second stop opens at 10:00, leave is rounded down", {0, 600}, {1440, 1440}, 558, 1, 640},
        {"first stop closes before: the crew waits there", {0, 600}, {540, 1440}, 510, 49, 640},
    };
    for (int32_t k = 0; k < LEN(cases); k++) {
        toy *t = plain_toy(ctx);
        for (int32_t i = 0; i < 2; i++) {
            t->sites[i].open_min = cases[k].open[i];
            t->sites[i].close_min = cases[k].close[i];
        }
        const cp_car_stop stops[2] = {toy_stop(t, 0, 0), toy_stop(t, 1, 0)};
        cp_plan_route r = {0};
        cp_plan_stop timed[2];
        const cp_car_verdict v = cp_car_route_check(&t->net, 0, stops, 2, &r, timed);
        assert_int_equal(v.fault, CP_CAR_OK);
        assert_int_equal(r.depart_min, cases[k].depart);
        assert_int_equal(r.wait_min, cases[k].wait);
        assert_int_equal(r.return_min, cases[k].back);
    }
}

static void the_first_broken_rule_is_named(void **state)
{
    cp_ctx *ctx = *state;
    for (int32_t want = CP_CAR_OK; want <= CP_CAR_SHIFT; want++) {
        toy *t = plain_toy(ctx);
        cp_car_stop stops[2] = {toy_stop(t, 0, 0), toy_stop(t, 1, 0)};
        int32_t at = -1;
        switch ((cp_car_fault)want) {
        case CP_CAR_TRIPS:
            stops[1].trip = at = 1;
            break;
        case CP_CAR_UNREACHABLE:
            t->seconds[1] = -1;
            at = 1;
            break;
        case CP_CAR_VALUE:
            t->cars[0].insured_minor = 119;
            at = 0;
            break;
        case CP_CAR_VOLUME:
            t->cars[0].volume_cm3 = 9;
            at = 0;
            break;
        case CP_CAR_WINDOW:
            t->sites[1].close_min = 500;
            at = 1;
            break;
        case CP_CAR_SHIFT:
            t->cars[0].shift_end_min = 561;
            at = 1;
            break;
        default:
            break;
        }
        const cp_car_verdict v = cp_car_route_check(&t->net, 0, stops, 2, NULL, NULL);
        assert_int_equal(v.fault, want);
        assert_int_equal(v.stop, at);
        assert_true(cp_car_fault_text((cp_car_fault)want)[0] != '\0');
    }
}

static void value_is_watched_after_every_stop(void **state)
{
    cp_ctx *ctx = *state;
    toy *t = plain_toy(ctx);
    t->cars[0].insured_minor = 120;
    cp_car_stop stops[2] = {toy_stop(t, 0, 0), toy_stop(t, 1, 0)};
    assert_int_equal(cp_car_route_check(&t->net, 0, stops, 2, NULL, NULL).fault, CP_CAR_OK);
    stops[0].back_minor = 61; /* 60 to deliver and 61 back: 121 after the first stop */
    cp_car_verdict v = cp_car_route_check(&t->net, 0, stops, 2, NULL, NULL);
    assert_int_equal(v.fault, CP_CAR_VALUE);
    assert_int_equal(v.stop, 0);
    stops[1].trip = 1; /* a trip each: never more than 61 */
    t->cars[0].max_trips = 2;
    assert_int_equal(cp_car_route_check(&t->net, 0, stops, 2, NULL, NULL).fault, CP_CAR_OK);
}

static void cost_is_that_of_the_tariffs(void **state)
{
    cp_ctx *ctx = *state;
    toy *t = plain_toy(ctx);
    t->cars[0].shift_end_min = 560;
    t->cars[0].overtime_min = 10;
    const cp_car_stop stops[2] = {toy_stop(t, 0, 0), toy_stop(t, 1, 0)};
    cp_plan_route r = {0};
    assert_int_equal(cp_car_route_check(&t->net, 0, stops, 2, &r, NULL).fault, CP_CAR_OK);
    cp_car_rates rates = cp_car_rates_get(&t->net, 0, 0);
    cp_minor cost = 0;
    assert_ok(ctx, cp_car_route_cost(ctx, &t->net, &rates, &r, &cost));
    /* 41 km at 150; 3,700 s of driving and 20 min of service at 6,000 an hour: 8,166.7; the end at
     * 09:21:40 is two minutes of overtime at 9,000 an hour. */
    assert_int_equal(cost, 20000 + 6150 + 8167 + 300);
    t->cars[0].paid_daily = true;
    rates = cp_car_rates_get(&t->net, 0, 0);
    assert_ok(ctx, cp_car_route_cost(ctx, &t->net, &rates, &r, &cost));
    assert_int_equal(cost, 6150 + 8167 + 300);
    rates.km_minor = INT64_MAX;
    assert_fails(ctx, CP_E_RANGE, cp_car_route_cost(ctx, &t->net, &rates, &r, &cost));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_figure_equals_a_slow_simulation, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(a_car_leaves_as_late_as_delays_nothing, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(the_first_broken_rule_is_named, check_start, check_finish),
        cmocka_unit_test_setup_teardown(value_is_watched_after_every_stop, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(cost_is_that_of_the_tariffs, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

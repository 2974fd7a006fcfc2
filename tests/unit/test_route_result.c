/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/route_solve.h"

#include <string.h>

#include "tests/check.h"
#include "tests/unit/route_toy.h"

/* ---- what is said of each stop ---- */

static void leaving_a_stop_out_saves_what_is_said(void **state)
{
    cp_ctx *ctx = *state;
    for (uint32_t k = 0; k < 20; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        const toy *t = toy_new(ctx, 12, 2, TOY_WINDOWS | TOY_VALUE | TOY_TRIPS, k);
        const cp_route_result *r = toy_solve(ctx, t, 500, 1);
        for (int32_t q = 0; q < r->n_routes; q++) {
            const cp_plan_route *route = &r->routes[q];
            for (int32_t gone = 0; gone < route->n_stops; gone++) {
                cp_car_stop stops[64];
                int32_t n = 0;
                int32_t trip = -1;
                int32_t last = -1;
                for (int32_t j = 0; j < route->n_stops; j++) {
                    const cp_plan_stop *s = &r->stops[route->first_stop + j];
                    if (j == gone) continue;
                    trip += s->trip != last; /* trips are numbered anew */
                    last = s->trip;
                    stops[n++] = toy_stop(t, toy_task_at(t, s->site), trip);
                }
                cp_plan_route rest = *route;
                cp_plan_stop timed[64];
                cp_minor cost = 0;
                rest.drive_s = 0;
                if (n > 0) {
                    assert_true(toy_judge(t, route->car, stops, n, &rest, timed));
                    cost = toy_cost(ctx, t, &rest);
                }
                const int32_t task = toy_task_at(t, r->stops[route->first_stop + gone].site);
                const cp_minor saved = toy_cost(ctx, t, route) - cost;
                assert_int_equal(r->removal_minor[task], saved > 0 ? saved : 0);
                const int32_t saved_s = route->drive_s - rest.drive_s;
                assert_int_equal(r->removal_drive_s[task], saved_s > 0 ? saved_s : 0);
            }
        }
        cp_arena_rewind(ctx->run, mark);
    }
}

enum spoiled {
    NO_CAR,
    NO_WAY,
    VALUE,
    VOLUME,
    WINDOW,
    SHIFT,
    PINNED_VALUE,
    PINNED_TIME,
    TIME_LEFT,
    VALUE_LEFT
};

/* Make task 2 impossible, or the whole day too much. */
static void spoil(toy *t, enum spoiled what)
{
    for (int32_t i = 0; i < t->net.n_sites; i++) {
        if (what == NO_WAY) t->seconds[(t->net.n_sites + 1) * i + 2] = -1;
        if (what == TIME_LEFT) t->tasks[i].service_s = 4 * 3600;
        if (what == VALUE_LEFT) t->tasks[i].out_minor = 600000;
        if (what == PINNED_TIME && (i == 1 || i == 2)) {
            t->tasks[i].service_s = 6 * 3600;
            t->tasks[i].car = 1;
            t->tasks[i].must = i == 1;
        }
    }
    if (what == NO_WAY) t->seconds[(t->net.n_sites + 1) * t->net.n_sites + 2] = -1;
    if (what == NO_CAR) t->net.n_cars = 0;
    if (what == VALUE) t->tasks[2].out_minor = 1000001;
    if (what == VOLUME) t->tasks[2].back_cm3 = 100001;
    if (what == WINDOW) t->sites[2].open_min = t->sites[2].close_min = 60;
    if (what == SHIFT) t->tasks[2].service_s = 11 * 3600;
    if (what != PINNED_VALUE) return;
    t->cars[1].insured_minor = 10;
    t->tasks[2].car = 1;
    t->tasks[2].out_minor = 11;
}

static void the_true_cause_is_given(void **state)
{
    cp_ctx *ctx = *state;
    static const struct {
        const char *name;
        enum spoiled what;
        const char *says;
    } cases[] = {
        {"the vault has no car", NO_CAR, "no car"},
        {"no road to the site", NO_WAY, "no way by road"},
        {"value above every car's limit", VALUE,
         "value alone is above the insured limit of any car"},
        {"cassettes above every car's volume", VOLUME, "above the volume"},
        {"closed before a car can be there", WINDOW, "window cannot be met"},
        {"too far for a shift", SHIFT, "longer than the shift"},
        {"too much for the pinned car alone", PINNED_VALUE, "pinned car C1"},
        {"the pinned car's day is full", PINNED_TIME, "the pinned car has no time left"},
        {"the day is full", TIME_LEFT, "no car has time left"},
        {"the cars are full", VALUE_LEFT, "no car has insured value or volume left"},
    };
    for (int32_t k = 0; k < LEN(cases); k++) {
        toy *t = toy_new(ctx, 6, 2, 0, 5);
        for (int32_t c = 0; c < 2; c++)
            t->cars[c].volume_cm3 = 100000;
        spoil(t, cases[k].what);
        const cp_route_result *r = toy_solve(ctx, t, 500, 1);
        assert_true(r->n_unserved > 0);
        if (cases[k].what >= NO_WAY && cases[k].what <= PINNED_TIME) {
            assert_int_equal(r->n_unserved, 1);
            assert_int_equal(r->unserved[0], 2);
        }
        if (strstr(r->reason[0], cases[k].says) == NULL)
            fail_msg("%s: reason is '%s'", cases[k].name, r->reason[0]);
    }
}

static void bad_tasks_are_refused(void **state)
{
    cp_ctx *ctx = *state;
    for (int32_t k = 0; k < 6; k++) {
        toy *t = toy_new(ctx, 4, 1, 0, 1);
        switch (k) {
        case 0:
            t->tasks[1].site = 4;
            break;
        case 1:
            t->tasks[1].site = 0;
            break;
        case 2:
            t->tasks[1].car = 1;
            break;
        case 3:
            t->tasks[1].service_s = -1;
            break;
        case 4:
            t->tasks[1].back_minor = -1;
            break;
        default:
            t->day.vault = 1;
            break;
        }
        cp_route_result *r = NULL;
        assert_fails(ctx, CP_E_INPUT, cp_route_solve(ctx, &t->net, &t->day, NULL, &r));
        assert_null(r);
    }
}

static void a_stop_flag_ends_the_search_with_a_result(void **state)
{
    cp_ctx *ctx = *state;
    const toy *t = toy_new(ctx, 20, 2, 0, 1);
    const atomic_int stop = 1;
    ctx->stop = &stop;
    const cp_route_result *r = toy_solve(ctx, t, 1000000, 1);
    assert_true(r->stopped_by_time);
    assert_int_equal(r->work_done, 0);
    assert_int_equal(r->n_unserved, 0);
    ctx->stop = NULL;
}

static void exhausted_memory_is_an_error_at_every_allocation(void **state)
{
    cp_ctx *ctx = *state;
    toy *t = toy_new(ctx, 8, 2, TOY_VALUE | TOY_TRIPS, 1);
    t->tasks[3].out_minor = 1000000; /* its reason is a text that needs memory, too */
    cp_route_opts opts = cp_route_defaults();
    opts.work = 20;
    cp_route_result *r = NULL;
    long k = 1;
    for (; r == NULL; k++) {
        cp_arena_fail_at(k);
        const cp_status st = cp_route_solve(ctx, &t->net, &t->day, &opts, &r);
        cp_arena_fail_at(0);
        assert_int_equal(st == CP_OK, r != NULL);
        if (st != CP_OK) assert_int_equal(st, CP_E_NOMEM);
        cp_error_clear(ctx);
    }
    assert_in_range(k, 30, 1000);
}

static void an_empty_day_has_no_route(void **state)
{
    cp_ctx *ctx = *state;
    toy *t = toy_new(ctx, 3, 1, 0, 1);
    t->day.n_tasks = 0;
    const cp_route_result *r = toy_solve(ctx, t, 10, 1);
    assert_int_equal(r->n_routes, 0);
    assert_int_equal(r->n_unserved, 0);
    assert_int_equal(r->cost_minor, 0);
}

/* ---- the estimate ---- */

static void the_estimate_is_near_real_routes(void **state)
{
    cp_ctx *ctx = *state;
    double estimated = 0.0;
    double driven = 0.0;
    for (uint32_t k = 0; k < 8; k++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        toy *t = toy_new(ctx, 60, 3, 0, k);
        for (int32_t c = 0; c < 3; c++)
            t->cars[c].paid_daily = true;
        /* Every fourth site is visited today. */
        for (int32_t i = 0; i < 15; i++) {
            t->tasks[i] = t->tasks[4 * i];
            t->tasks[i].must = false;
        }
        t->day.n_tasks = 15;
        const int32_t stops[1] = {15};
        int32_t drive_s[60];
        cp_minor price[60];
        assert_ok(ctx, cp_route_estimate(ctx, &t->net, stops, drive_s, price));
        const cp_route_result *r = toy_solve(ctx, t, 3000, 1);
        for (int32_t i = 0; i < 15; i++) {
            estimated += drive_s[t->tasks[i].site];
            assert_true(drive_s[t->tasks[i].site] > 0 && price[t->tasks[i].site] > 0);
        }
        for (int32_t q = 0; q < r->n_routes; q++)
            driven += r->routes[q].drive_s;
        cp_arena_rewind(ctx->run, mark);
    }
    print_message("driving estimated against driven: %.3f\n", estimated / driven);
    assert_true(estimated > 0.5 * driven && estimated < 2.0 * driven);
}

static void a_remote_site_and_a_quiet_day_cost_more(void **state)
{
    cp_ctx *ctx = *state;
    toy *t = toy_new(ctx, 40, 2, 0, 2);
    for (int32_t j = 0; j < 41; j++) { /* site 7 moves half an hour away from everything */
        t->seconds[7 * 41 + j] += 1800;
        t->seconds[j * 41 + 7] += 1800;
    }
    int32_t few_s[40];
    int32_t many_s[40];
    const int32_t few = 4;
    const int32_t many = 30;
    assert_ok(ctx, cp_route_estimate(ctx, &t->net, &few, few_s, NULL));
    assert_ok(ctx, cp_route_estimate(ctx, &t->net, &many, many_s, NULL));
    int64_t sum_few = 0;
    int64_t sum_many = 0;
    for (int32_t i = 0; i < 40; i++) {
        assert_true(i == 7 || (few_s[i] < few_s[7] && many_s[i] < many_s[7]));
        sum_few += few_s[i];
        sum_many += many_s[i];
    }
    assert_true(sum_many < sum_few);
    t->net.settings.stop_drive_min = 9;
    assert_ok(ctx, cp_route_estimate(ctx, &t->net, &few, few_s, NULL));
    assert_int_equal(few_s[7], 540);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(leaving_a_stop_out_saves_what_is_said, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(the_true_cause_is_given, check_start, check_finish),
        cmocka_unit_test_setup_teardown(bad_tasks_are_refused, check_start, check_finish),
        cmocka_unit_test_setup_teardown(a_stop_flag_ends_the_search_with_a_result, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(exhausted_memory_is_an_error_at_every_allocation,
                                        check_start, check_finish),
        cmocka_unit_test_setup_teardown(an_empty_day_has_no_route, check_start, check_finish),
        cmocka_unit_test_setup_teardown(the_estimate_is_near_real_routes, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(a_remote_site_and_a_quiet_day_cost_more, check_start,
                                        check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

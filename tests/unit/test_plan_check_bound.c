/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The referee on the bounds of routes: true rows pass, every spoiled field is named, and only
 * that. */
#include <string.h>

#include "models/plan/plan_check.h"
#include "models/plan/route_bounds.h"
#include "tests/check.h"
#include "tests/toy.h"

#define DAY 2

static cp_plan *plan_of(cp_ctx *ctx, cp_toy **out)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=5");
    toy_put(toy, "car", "code=C2|carrier_code=K|vault_code=V|insured_minor=100000000|paid_daily=1");
    toy_tariff(toy, "car_day_minor", 12345);
    toy_tariff(toy, "km_minor", 333);
    toy_tariff(toy, "hour_minor", 7001);
    for (int32_t i = 0; i < 2; i++) {
        toy_put(toy, "site", "code=S%d|lat_deg=31.%d|lon_deg=121.0", (int)i, (int)(i + 1));
        toy_put(toy, "point", "code=P%d|site_code=S%d|kind=atm", (int)i, (int)i);
        toy_put(toy, "cassette",
                "point_code=P%d|slot=1|cassette_model_code=M|denomination_code=CNY100|"
                "role=dispense|balance_notes=100",
                (int)i);
    }
    toy_build(toy, 7);
    toy_forecast(toy, 24);
    static const toy_visit visits[] = {{"P0", DAY, CP_VISIT_SWAP, false, 9, {500}},
                                       {"P1", DAY, CP_VISIT_SWAP, false, 9, {500}}};
    cp_plan *plan = toy_plan(toy, visits, LEN(visits));
    toy_routes(toy, plan);
    *out = toy;
    return plan;
}

/* What the routes cost, by hand: the second car is paid in any case. */
static cp_minor cost_of(const cp_plan *plan)
{
    cp_minor sum = 12345;
    assert_int_equal(plan->n_routes, 2);
    for (int32_t i = 0; i < 2; i++) {
        const cp_plan_route *r = &plan->routes[i];
        const int64_t duty = r->drive_s + 60 * ((int64_t)r->wait_min + r->service_min);
        sum += (2 * r->dist_m * 333 + 1000) / 2000 + (2 * duty * 7001 + 3600) / 7200;
    }
    return sum;
}

/* Violations in all, and those of the bounds. */
static void judge(cp_toy *toy, const cp_plan *plan, int32_t *n_all, int32_t *n_ours)
{
    cp_verdict *v = NULL;
    assert_ok(toy->ctx,
              cp_plan_check(toy->ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan, &v));
    *n_all = v->n_violations;
    *n_ours = 0;
    for (int32_t i = 0; i < v->n_kept; i++)
        *n_ours += strcmp(v->violations[i].rule, "route_bound") == 0;
}

static void every_spoiled_field_is_noticed(void **state)
{
    cp_ctx *ctx = *state;
    cp_toy *toy = NULL;
    cp_plan *plan = plan_of(ctx, &toy);
    const cp_minor cost = cost_of(plan);
    const cp_plan_route_bound known = {.t = DAY,
                                       .n_stops = 2,
                                       .n_routes = 2,
                                       .routed_minor = cost,
                                       .bound_minor = cost - 10,
                                       .gap = 10.0 / (double)cost};
    cp_plan_route_bound proven = known, none = known;
    proven.bound_minor = cost;
    proven.gap = 0;
    proven.proven = true;
    none.why = CP_NO_BOUND_STOPS;
    none.bound_minor = 0;
    none.gap = 0;
    cp_plan_route_bound bad[13];
    for (int32_t k = 0; k < LEN(bad); k++)
        bad[k] = known;
    bad[0].routed_minor++;
    bad[1].n_stops++;
    bad[2].n_routes--;
    bad[3].t++;
    bad[4].bound_minor = cost + 1;
    bad[5].gap *= 1.01;
    bad[6].proven = true;
    bad[7] = proven, bad[7].proven = false;
    bad[8] = none, bad[8].bound_minor = 5;
    bad[9] = none, bad[9].proven = true;
    bad[10].vault = 7;
    bad[11].t = -1;
    bad[12].bound_minor--;
    int32_t n_all = 0, n_ours = 0, before = 0;
    judge(toy, plan, &before, &n_ours);
    plan->n_bounds = 1;
    const cp_plan_route_bound *const good[] = {&known, &proven, &none};
    for (int32_t k = 0; k < LEN(good); k++) {
        cp_plan_route_bound row = *good[k];
        plan->bounds = &row;
        judge(toy, plan, &n_all, &n_ours);
        assert_int_equal(n_all, before);
        assert_int_equal(n_ours, 0);
    }
    for (int32_t k = 0; k < LEN(bad); k++) {
        plan->bounds = &bad[k];
        judge(toy, plan, &n_all, &n_ours);
        if (n_ours != 1 || n_all != before + 1) fail_msg("spoiled row %d passes", (int)k);
    }
}

static void sums_are_of_the_bounded_days(void **state)
{
    (void)state;
    cp_plan_route_bound rows[] = {
        {.t = 0, .n_stops = 9, .routed_minor = 100, .bound_minor = 90, .gap = 0.1},
        {.t = 1, .n_stops = 5, .routed_minor = 300, .bound_minor = 300, .proven = true},
        {.t = 1, .vault = 1, .n_stops = 150, .routed_minor = 999, .why = CP_NO_BOUND_STOPS}};
    const cp_plan plan = {.bounds = rows, .n_bounds = LEN(rows)};
    cp_route_bound_sum s = cp_route_bounds_sum(&plan, -1);
    assert_int_equal(s.n_days, 3);
    assert_int_equal(s.n_bounded, 2);
    assert_int_equal(s.n_proven, 1);
    assert_int_equal(s.n_stops_most, 150);
    assert_int_equal(s.bound_minor, 390);
    assert_true(s.gap > 0.0249 && s.gap < 0.0251);
    s = cp_route_bounds_sum(&plan, 1);
    assert_int_equal(s.n_bounded, 0);
    assert_ptr_equal(cp_route_bound_at(&plan, 1, 0), &rows[1]);
    assert_null(cp_route_bound_at(&plan, 2, 0));
    for (int32_t k = 0; k < CP_N_NO_BOUND; k++) {
        cp_no_bound why = CP_N_NO_BOUND;
        assert_true(cp_no_bound_parse(cp_no_bound_name((cp_no_bound)k), &why));
        assert_int_equal(why, k);
        assert_true(cp_no_bound_text(why)[0] != '\0');
    }
    cp_no_bound why;
    assert_false(cp_no_bound_parse("unknown", &why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_spoiled_field_is_noticed, check_start, check_finish),
        cmocka_unit_test(sums_are_of_the_bounded_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

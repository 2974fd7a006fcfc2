/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Costs of tiny plans worked out by hand. */
#include "models/plan/plan_cost.h"

#include <string.h>

#include "models/plan/plan_fill.h"
#include "tests/check.h"
#include "tests/toy.h"

/* ---- by hand ------------------------------------------------------------------------------ */

typedef struct hand_case {
    const char *name;
    const char *tariff;
    int64_t amount;
    int32_t before_ppm;
    int32_t balance;        /* notes of 100 in the dispense cassette */
    cp_minor out[4], in[4]; /* demand of days 0..3; the plan has 3 */
    toy_visit visits[2];
    int32_t n_visits;
    cp_cost_item item;
    cp_minor want;
} hand_case;

#define SWAP(day, end, notes)                                                                      \
    {                                                                                              \
        "A", day, CP_VISIT_SWAP, false, end,                                                       \
        {                                                                                          \
            notes, 0                                                                               \
        }                                                                                          \
    }
#define YUAN(y) ((y)*INT64_C(100))

static const hand_case hand_cases[] = {
    /* 100 notes of 100 yuan lie for three evenings: 3,000,000 fen x 36,500 ppm / 365 days = 300. */
    {"held without a visit", "hold_ppm_year", 36500, 0, 100, {0}, {0}, {{0}}, 0, CP_COST_HOLD, 300},
    /* Stock 100, then 60, then 20 notes in the evenings: 180 notes. */
    {"held while it falls",
     "hold_ppm_year",
     36500,
     0,
     100,
     {0, YUAN(4000), YUAN(4000)},
     {0},
     {{0}},
     0,
     CP_COST_HOLD,
     180},
    /* Days 0 and 1 hold 100 notes; the swap of day 2 brings 200, laid until day 4, so that half of
     * the two evenings (days 2 and 3) at 200 notes counts: 200 + 200. */
    {"last interval at its share",
     "hold_ppm_year",
     36500,
     0,
     100,
     {0},
     {0},
     {SWAP(2, 4, 200)},
     1,
     CP_COST_HOLD,
     400},
    /* A quarter of day 1 falls before its visit: 100 - 10 notes travel back, so the evening of day
     * 1 has 50 - 30. Evening 0: 100; day 1 and 2: 20 each, laid until day 3. */
    {"demand before the visit",
     "hold_ppm_year",
     36500,
     250000,
     100,
     {0, YUAN(4000)},
     {0},
     {SWAP(1, 3, 50)},
     1,
     CP_COST_HOLD,
     140},
    /* 150 notes asked, 100 there: 5,000 yuan unmet at 20,000 ppm. */
    {"cash-out",
     "cash_out_ppm",
     20000,
     0,
     100,
     {YUAN(15000)},
     {0},
     {{0}},
     0,
     CP_COST_CASH_OUT,
     YUAN(100)},
    /* The bin holds 2,000 notes of 10; 2,100 come: 1,000 yuan refused. */
    {"full bin",
     "cash_out_ppm",
     20000,
     0,
     100,
     {0},
     {YUAN(21000)},
     {{0}},
     0,
     CP_COST_CASH_OUT,
     YUAN(20)},
    /* All paths fail, once in the opening and once after the visit. */
    {"two emergencies",
     "emergency_minor",
     7000,
     0,
     0,
     {YUAN(100), 0, YUAN(30000)},
     {0},
     {SWAP(1, 3, 100)},
     1,
     CP_COST_EMERGENCY,
     14000},
    {"an emergency at its share",
     "emergency_minor",
     7000,
     0,
     0,
     {0, 0, YUAN(30000)},
     {0},
     {SWAP(2, 4, 100)},
     1,
     CP_COST_EMERGENCY,
     3500},
    /* Swap of day 1 returns 60 notes and 50 from the bin; that of day 2 returns the 100 loaded. The
     * last interval ends with 100 again. 1,000 fen a 1,000 notes: 110, 100, 100. */
    {"sorting",
     "sort_1000_minor",
     1000,
     0,
     100,
     {YUAN(4000)},
     {YUAN(500)},
     {SWAP(1, 2, 100), SWAP(2, 3, 100)},
     2,
     CP_COST_SORT,
     310},
    {"no sorting without a visit",
     "sort_1000_minor",
     1000,
     0,
     100,
     {0},
     {0},
     {{0}},
     0,
     CP_COST_SORT,
     0},
    /* Pick-ups take the bin alone: 50 notes; the last interval has none. */
    {"pick-up sorts the bin",
     "sort_1000_minor",
     1000,
     0,
     100,
     {YUAN(4000)},
     {YUAN(500)},
     {{"A", 1, CP_VISIT_PICKUP, false, 3, {0}}},
     1,
     CP_COST_SORT,
     50},
    /* Capacity 2,000: 1,950 there + 100 loaded: 50 do not fit and come back. */
    {"overflow comes back",
     "sort_1000_minor",
     1000,
     0,
     1950,
     {0},
     {0},
     {{"A", 1, CP_VISIT_ADD, true, 3, {100, 0}}},
     1,
     CP_COST_SORT,
     50},
    {"a fill-up leaves the residual",
     "sort_1000_minor",
     1000,
     0,
     900,
     {0},
     {0},
     {{"A", 1, CP_VISIT_ADD, false, 3, {500, 0}}},
     1,
     CP_COST_SORT,
     0},
    {"a machine's stops",
     "stop_machine_minor",
     900,
     0,
     100,
     {0},
     {0},
     {SWAP(0, 2, 100), SWAP(2, 5, 100)},
     2,
     CP_COST_STOP_MACHINE,
     1200},
    {"a site's stops",
     "stop_site_minor",
     900,
     0,
     100,
     {0},
     {0},
     {SWAP(0, 2, 100), SWAP(2, 5, 100)},
     2,
     CP_COST_STOP_SITE,
     1200},
    {"two cassettes a swap",
     "pack_cassette_minor",
     40,
     0,
     100,
     {0},
     {0},
     {SWAP(0, 3, 100)},
     1,
     CP_COST_PACK,
     80},
    /* Out: 100 notes = 1,000,000 fen. Back at the visit: 100 notes; at the end: 100. 500 ppm. */
    {"value out and back",
     "stop_value_ppm",
     500,
     0,
     100,
     {0},
     {0},
     {SWAP(0, 3, 100)},
     1,
     CP_COST_STOP_VALUE,
     1500},
    /* The minimum is paid for what comes back, at the visit and at the end of the last interval. */
    {"least value cost",
     "stop_value_min_minor",
     333,
     0,
     100,
     {0},
     {0},
     {SWAP(1, 5, 100)},
     1,
     CP_COST_STOP_VALUE,
     333 + 167},
};

static cp_toy *hand_toy(cp_ctx *ctx, const hand_case *c)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=3");
    toy_put(toy, "setting", "key=before_visit_ppm|value=%d", (int)c->before_ppm);
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S|kind=atm|visit_kinds=swap_add");
    toy_put(toy, "cassette",
            "point_code=A|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense|"
            "balance_notes=%d",
            (int)c->balance);
    toy_put(toy, "cassette",
            "point_code=A|slot=2|cassette_model_code=M|denomination_code=CNY10|role=deposit");
    toy_tariff(toy, c->tariff, c->amount);
    toy_build(toy, 3);
    for (int32_t d = 0; d < 4; d++) {
        toy_demand(toy, "A", CP_FLOW_WITHDRAWAL, d, c->out[d]);
        toy_demand(toy, "A", CP_FLOW_DEPOSIT, d, c->in[d]);
    }
    toy_forecast(toy, 8);
    return toy;
}

static void costs_worked_out_by_hand(void **state)
{
    (void)state;
    for (int32_t i = 0; i < LEN(hand_cases); i++) {
        const hand_case *c = &hand_cases[i];
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = hand_toy(&ctx, c);
        const cp_plan *plan = toy_plan(toy, c->visits, c->n_visits);
        cp_cost cost;
        assert_ok(&ctx,
                  cp_plan_cost(&ctx, toy->net, toy->forecast, toy->shares, 7, plan, &cost, NULL));
        if (cost.item[c->item] != c->want || cost.total_minor != c->want ||
            cost.refill_minor != c->want)
            fail_msg("%s: %lld (total %lld), want %lld", c->name, (long long)cost.item[c->item],
                     (long long)cost.total_minor, (long long)c->want);
        cp_ctx_done(&ctx);
    }
}

/* Driving in the stop prices is in the refill cost, not in the items; limits, routes, orders. */
static void what_is_not_of_one_machine(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    const hand_case base = {.tariff = "stop_site_minor", .amount = 600, .balance = 100};
    cp_toy *toy = hand_toy(&ctx, &base);
    const toy_visit visit = SWAP(0, 6, 100);
    cp_plan *plan = toy_plan(toy, &visit, 1);
    cp_minor price[3] = {301, 0, 0};
    plan->prices = (cp_stop_prices){1, 3, price, NULL, NULL};
    cp_plan_limit limits[] = {
        {.kind = CP_LIMIT_PACK, .extra = 2, .relief = 3, .relief_price_minor = 1000, .item = -1},
        {.kind = CP_LIMIT_SERVICE_LEVEL, .t = -1, .relief = 1, .relief_price_minor = 50}};
    plan->limits = limits;
    plan->n_limits = 2;
    cp_cost cost;
    cp_minor drive = 0;
    assert_ok(&ctx,
              cp_plan_cost(&ctx, toy->net, toy->forecast, toy->shares, 7, plan, &cost, &drive));
    assert_int_equal(cost.item[CP_COST_STOP_SITE], 300); /* 3 of 6 days */
    assert_int_equal(drive, 451 - 300);                  /* 901 / 2 rounded half up, less 300 */
    assert_int_equal(cost.item[CP_COST_RELIEF], 3050);
    assert_int_equal(cost.item[CP_COST_OVERTIME_PACK_SORT], 0); /* no tariff */
    assert_int_equal(cost.refill_minor, 300 + 151 + 3050);
    assert_int_equal(cost.total_minor, 300 + 3050);
    cp_ctx_done(&ctx);
}

static void routes_and_orders_are_paid(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = toy_new(&ctx);
    toy_put(toy, "car", "code=C2|carrier_code=K|vault_code=V|insured_minor=1000|paid_daily=1");
    toy_tariff(toy, "car_day_minor", 50000);
    toy_tariff(toy, "km_minor", 250);
    toy_tariff(toy, "hour_minor", 3600);
    toy_tariff(toy, "overtime_hour_minor", 6000);
    toy_tariff(toy, "order_access_minor", 700);
    toy_tariff(toy, "order_bundle_minor", 3);
    toy_tariff(toy, "sort_overtime_1000_minor", 1500);
    toy_tariff(toy, "sort_outsource_1000_minor", 2100);
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S|kind=atm");
    toy_put(toy, "cassette",
            "point_code=A|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense");
    toy_build(toy, 7);
    toy_forecast(toy, 7);
    cp_plan *plan = toy_plan(toy, NULL, 0);
    cp_plan_route route = {.t = 1,
                           .car = 0,
                           .drive_s = 1000,
                           .wait_min = 10,
                           .service_min = 33,
                           .overtime_min = 7,
                           .dist_m = 12345};
    cp_plan_order orders[] = {{0, 0, -1, 1, 2500}, {0, 1, -1, 1, 1000}, {0, 0, 2, 2, -4000}};
    cp_plan_limit sort = {.kind = CP_LIMIT_SORT, .extra = 1234, .outsourced = 777, .item = -1};
    plan->routes = &route;
    plan->n_routes = 1;
    plan->orders = orders;
    plan->n_orders = 3;
    plan->limits = &sort;
    plan->n_limits = 1;
    cp_cost cost;
    assert_ok(&ctx, cp_plan_cost(&ctx, toy->net, toy->forecast, toy->shares, 7, plan, &cost, NULL));
    /* C1 drives one day; C2 of the constant fleet is paid Monday to Friday. */
    assert_int_equal(cost.item[CP_COST_CAR_DAY], 6 * 50000);
    assert_int_equal(cost.item[CP_COST_KM], 3086);   /* 3086.25 */
    assert_int_equal(cost.item[CP_COST_HOUR], 3580); /* 1000 s + 43 min at 1 fen a second */
    assert_int_equal(cost.item[CP_COST_OVERTIME_HOUR], 700);
    assert_int_equal(cost.item[CP_COST_ORDERS], 2 * 700 + 3 * (3 + 1 + 4));
    assert_int_equal(cost.item[CP_COST_OVERTIME_PACK_SORT], 1851);
    assert_int_equal(cost.item[CP_COST_OUTSOURCED_SORT], 1632); /* 1631.7 */
    cp_ctx_done(&ctx);
}

static void too_large_and_malformed_are_refused(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    const hand_case base = {.tariff = "emergency_minor",
                            .amount = CP_MINOR_MAX,
                            .balance = 0,
                            .out = {10000, 10000, 10000}};
    cp_toy *toy = hand_toy(&ctx, &base);
    const toy_visit visit = SWAP(1, 3, 100);
    cp_plan *plan = toy_plan(toy, &visit, 1);
    cp_cost cost;
    cp_plan_limit limit = {.kind = CP_LIMIT_STOPS,
                           .relief = INT64_MAX / 2,
                           .item = -1,
                           .relief_price_minor = CP_MINOR_MAX};
    plan->limits = &limit;
    plan->n_limits = 1;
    assert_fails(&ctx, CP_E_RANGE,
                 cp_plan_cost(&ctx, toy->net, toy->forecast, toy->shares, 7, plan, &cost, NULL));
    plan->n_limits = 0;
    plan->visits[0].until = 2;
    assert_fails(&ctx, CP_E_INPUT,
                 cp_plan_cost(&ctx, toy->net, toy->forecast, toy->shares, 7, plan, &cost, NULL));
    plan->visits[0].until = 100; /* beyond the forecast */
    assert_fails(&ctx, CP_E_INPUT,
                 cp_plan_cost(&ctx, toy->net, toy->forecast, toy->shares, 7, plan, &cost, NULL));
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costs_worked_out_by_hand),
        cmocka_unit_test(what_is_not_of_one_machine),
        cmocka_unit_test(routes_and_orders_are_paid),
        cmocka_unit_test(too_large_and_malformed_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

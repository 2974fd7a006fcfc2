/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every rule of the referee has plans that break it and nothing else; the plan they are made from
 * is clean, and what may be declared is accepted once it is declared. */
#include "models/plan/plan_check.h"

#include <string.h>

#include "models/plan/plan_fill.h"
#include "tests/check.h"
#include "tests/toy.h"

enum { A, B, C };        /* points, by site */
enum { A1, B2, C3, A4 }; /* visits of the clean plan, by day */

/* A: swapped, two dispense cassettes and a deposit bin. B: recycler, cash is added. C: branch that
 * hands surplus over. One vault, three cars, a week from a Monday. */
static cp_toy *bank(cp_ctx *ctx)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=20");
    toy_put(toy, "setting", "key=before_visit_ppm|value=250000");
    toy_put(toy, "central_bank", "code=CB|lat_deg=31.0|lon_deg=121.2");
    toy->rows.vault[0].central_bank_code = "CB";
    toy_put(toy, "car", "code=C2|carrier_code=K|vault_code=V|insured_minor=100000000");
    toy_put(toy, "car", "code=C3|carrier_code=K|vault_code=V|insured_minor=100000000");
    toy_put(toy, "site", "code=S1|lat_deg=31.10|lon_deg=121.0");
    toy_put(toy, "site", "code=S2|lat_deg=31.05|lon_deg=121.1");
    toy_put(toy, "site", "code=S3|lat_deg=31.05|lon_deg=120.9");
    toy_put(toy, "point", "code=A|site_code=S1|kind=atm|visit_kinds=swap");
    toy_put(toy, "point", "code=B|site_code=S2|kind=atm|visit_kinds=add");
    toy_put(toy, "point", "code=C|site_code=S3|kind=branch|visit_kinds=add");
    static const char *const rows[] = {
        "point_code=A|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense|"
        "balance_notes=400",
        "point_code=A|slot=2|cassette_model_code=M|denomination_code=CNY100|role=dispense|"
        "balance_notes=400",
        "point_code=A|slot=3|cassette_model_code=M|denomination_code=CNY10|role=deposit",
        "point_code=B|slot=1|cassette_model_code=M|denomination_code=CNY100|role=recycle|"
        "balance_notes=1500",
        "point_code=C|slot=1|denomination_code=CNY100|role=recycle|capacity_notes=10000|"
        "balance_notes=2000"};
    for (int32_t i = 0; i < LEN(rows); i++)
        toy_put(toy, "cassette", "%s", rows[i]);
    toy_build(toy, 7);
    for (int32_t d = 0; d < 30; d++) {
        toy_demand(toy, "A", CP_FLOW_WITHDRAWAL, d, 5000000);
        toy_demand(toy, "A", CP_FLOW_DEPOSIT, d, 100000);
        toy_demand(toy, "B", CP_FLOW_WITHDRAWAL, d, 2000000);
        toy_demand(toy, "B", CP_FLOW_DEPOSIT, d, 1500000);
        toy_demand(toy, "C", CP_FLOW_WITHDRAWAL, d, 3000000);
        toy_demand(toy, "C", CP_FLOW_DEPOSIT, d, 5000000);
    }
    toy_forecast(toy, 24);
    return toy;
}

static cp_plan *clean_plan(cp_toy *toy)
{
    static const toy_visit visits[] = {
        {"A", 1, CP_VISIT_SWAP, false, 0, {2000, 0}},
        {"A", 4, CP_VISIT_SWAP, false, 9, {2500, 0}},
        {"B", 2, CP_VISIT_ADD, true, 9, {400}},
        {"C", 3, CP_VISIT_ADD, true, 10, {-500}},
    };
    cp_plan *plan = toy_plan(toy, visits, LEN(visits));
    toy_routes(toy, plan);
    return plan;
}

/* Loads were changed: what follows from them is written anew. */
static void redo(cp_toy *toy, cp_plan *plan)
{
    assert_ok(toy->ctx,
              cp_plan_fill_visits(toy->ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan));
    toy_routes(toy, plan);
}

static cp_plan_load *load_of(cp_plan *plan, int32_t visit, int32_t k)
{
    return &plan->loads[plan->visits[visit].first_load + k];
}

static void set_load(cp_toy *toy, cp_plan *plan, int32_t visit, int64_t notes)
{
    load_of(plan, visit, 0)->load_notes = notes;
    redo(toy, plan);
}

static void put_pin(cp_toy *toy, cp_pin pin)
{
    cp_rows *rows = &toy->net->rows;
    rows->pin = cp_alloc(toy->ctx, toy->ctx->run, 1, sizeof *rows->pin);
    assert_non_null(rows->pin);
    rows->n_pin = 1;
    pin.code = "PIN";
    if (pin.car_code == NULL) pin.car_code = "";
    rows->pin[0] = pin;
}

static void put_stock(cp_toy *toy, cp_note_state state, int64_t notes)
{
    cp_rows *rows = &toy->net->rows;
    if (rows->n_vault_stock == 0)
        rows->vault_stock = cp_alloc(toy->ctx, toy->ctx->run, 8, sizeof *rows->vault_stock);
    assert_non_null(rows->vault_stock);
    int32_t denom = 0;
    while (strcmp(toy->net->denoms[denom].code, "CNY100") != 0)
        denom++;
    rows->vault_stock[rows->n_vault_stock++] = (cp_vault_stock){
        .state = state, .day = TOY_FIRST_DAY - 1, .notes = notes, .denomination = denom};
}

static void put_order(cp_toy *toy, cp_plan *plan, int32_t t, int32_t due, int64_t notes)
{
    plan->orders = cp_alloc(toy->ctx, toy->ctx->run, 1, sizeof *plan->orders);
    assert_non_null(plan->orders);
    plan->n_orders = 1;
    plan->orders[0] = (cp_plan_order){0, 0, t, due, notes};
}

static void put_limit(cp_toy *toy, cp_plan *plan, cp_limit_kind kind, int32_t t, int32_t item,
                      int64_t extra, int64_t relief)
{
    plan->limits = cp_alloc(toy->ctx, toy->ctx->run, 1, sizeof *plan->limits);
    assert_non_null(plan->limits);
    plan->n_limits = 1;
    plan->limits[0] =
        (cp_plan_limit){.kind = kind, .t = t, .item = item, .extra = extra, .relief = relief};
}

#define POINT(i) (&toy->net->rows.point[i])
#define SITE(i) (&toy->net->rows.site[i])
#define CAR(i) (&toy->net->rows.car[i])
#define VAULT (&toy->net->rows.vault[0])
#define SPOIL(name)                                                                                \
    static void name(cp_toy *toy, cp_plan *plan)                                                   \
    {                                                                                              \
        (void)toy;                                                                                 \
        (void)plan;
#define END }

/* clang-format off */
SPOIL(no_such_point) plan->visits[A1].point = 99; END
SPOIL(twice_a_day) plan->visits[B2].t = 1; plan->visits[B2].point = A; END
SPOIL(loads_of_another) plan->visits[A4].first_load = plan->visits[A1].first_load - 1; END
SPOIL(stop_of_two_routes) plan->routes[1].first_stop = plan->routes[0].first_stop; END
SPOIL(two_routes_a_car) plan->routes[1].t = 1; plan->routes[1].car = plan->routes[0].car; END
SPOIL(other_days) plan->first_day++; END
SPOIL(no_such_limit) put_limit(toy, plan, CP_LIMIT_STOPS, 7, -1, 0, 0); END

SPOIL(branch_serves) POINT(A)->serviced_by = CP_BY_BRANCH; END
SPOIL(vault_closed) VAULT->status = CP_VAULT_CLOSED; END
SPOIL(swap_not_allowed) POINT(A)->visit_kinds = CP_MAY_ADD; END
SPOIL(pickup_not_allowed)
    POINT(A)->visit_kinds = CP_MAY_SWAP;
    plan->visits[A1].kind = CP_VISIT_PICKUP;
    plan->visits[A1].fixed_amount = false;
    redo(toy, plan); END
SPOIL(amount_left_open)
    toy->net->settings.released_days = 3;
    plan->visits[B2].fixed_amount = false;
    load_of(plan, B2, 0)->level_notes = 1800;
    redo(toy, plan); END
SPOIL(not_on_tuesdays) POINT(A)->service_days = 127 & ~2; END
SPOIL(not_before) POINT(C)->earliest_day = TOY_FIRST_DAY + 4; END
SPOIL(too_late) POINT(B)->latest_day = TOY_FIRST_DAY + 1; END
SPOIL(never_though_due)
    plan->n_visits = 2; /* A1, B2 */
    plan->visits[A1].until = 9;
    POINT(C)->latest_day = TOY_FIRST_DAY + 5;
    redo(toy, plan); END
SPOIL(first_after_longest) POINT(A)->max_interval_days = 6; POINT(A)->days_since_visit = 6; END
SPOIL(gap_too_long) POINT(A)->max_interval_days = 2; POINT(A)->days_since_visit = 0;
    plan->visits[A4].until = 7; plan->visits[A4].t = 5; plan->visits[A1].until = 5; redo(toy, plan); END
SPOIL(last_laid_too_far) plan->visits[A4].until = 7 + toy->net->settings.longest_interval_days; END
SPOIL(until_another_day) plan->visits[A1].until = 3; END
SPOIL(until_inside_plan) plan->visits[A4].until = 6; END
SPOIL(half_a_step) set_load(toy, plan, A1, 1950); END
SPOIL(half_a_step_added) set_load(toy, plan, B2, 350); END
SPOIL(too_many_notes) set_load(toy, plan, A4, 4100); END
SPOIL(added_above_capacity) set_load(toy, plan, B2, 2100); END
SPOIL(taken_from_a_machine) set_load(toy, plan, B2, -100); END
SPOIL(steps_do_not_divide) /* steps of 600 and 100 in 1,200 and 1,000: 2,300 cannot be reached */
    for (int32_t i = 0; i < 2; i++) {
        toy->net->rows.cassette[i].step_notes = i == 0 ? 600 : 100;
        toy->net->rows.cassette[i].capacity_notes = i == 0 ? 1200 : 1000;
    }
    set_load(toy, plan, A4, 2300); END
SPOIL(least_not_reached)
    toy->net->rows.cassette[0].min_load_notes = 1250; /* 1,300 in whole steps */
    toy->net->rows.cassette[1].min_load_notes = 701; /* 800 */ END
SPOIL(too_valuable_inside) POINT(A)->insured_minor = 24999999; END
SPOIL(too_valuable_added) POINT(B)->insured_minor = 17000000; END
SPOIL(no_pinned_visit) put_pin(toy, (cp_pin){.point = B, .rule = CP_PIN_MUST, .day = TOY_FIRST_DAY + 5,
    .kind = -1, .amount_minor = -1, .car = -1}); END
SPOIL(pinned_kind) put_pin(toy, (cp_pin){.point = A, .rule = CP_PIN_MUST, .day = TOY_FIRST_DAY + 1,
    .kind = CP_VISIT_ADD, .amount_minor = -1, .car = -1}); END
SPOIL(pinned_amount) put_pin(toy, (cp_pin){.point = A, .rule = CP_PIN_MUST, .day = TOY_FIRST_DAY + 1,
    .kind = -1, .amount_minor = 21000001, .car = -1}); END
SPOIL(pinned_car) put_pin(toy, (cp_pin){.point = A, .rule = CP_PIN_MUST, .day = TOY_FIRST_DAY + 1,
    .kind = -1, .amount_minor = -1, .car = 1, .car_code = "C2"}); END
SPOIL(forbidden) put_pin(toy, (cp_pin){.point = A, .rule = CP_PIN_FORBID, .day = TOY_FIRST_DAY + 4,
    .kind = CP_VISIT_SWAP, .amount_minor = -1, .car = -1}); END
SPOIL(value_out_wrong) plan->visits[A1].load_minor++; END
SPOIL(cassettes_wrong) plan->visits[A1].cassettes--; END
SPOIL(return_wrong) load_of(plan, A1, 0)->return_notes--; END
SPOIL(return_q_wrong) load_of(plan, A1, 2 - 1)->return_q_notes++; END
SPOIL(return_value_wrong) plan->visits[C3].return_minor--; END
SPOIL(return_q_value_wrong) plan->visits[C3].return_q_minor -= 10000; toy_routes(toy, plan);
    plan->routes[2].most_on_board_minor += 10000; plan->stops[2].on_board_minor += 10000; END
SPOIL(level_wrong) load_of(plan, A1, 0)->level_notes = 1900; END
SPOIL(service_missed) POINT(A)->service_level_ppm = 990000; set_load(toy, plan, A1, 1000); END
SPOIL(opening_missed) POINT(A)->service_level_ppm = 990000; toy->net->rows.cassette[0].balance_notes = 0;
    ((cp_channel *)(uintptr_t)&toy->net->channels[POINT(A)->first_channel])->balance_notes = 400;
    redo(toy, plan); END

SPOIL(no_route) plan->n_routes--; plan->n_stops--; END
SPOIL(stop_without_route) plan->n_routes--; plan->n_visits = 3; plan->visits[A1].until = 9;
    plan->routes = cp_alloc(toy->ctx, toy->ctx->run, 4, sizeof *plan->routes); toy_routes(toy, plan);
    plan->n_stops++; plan->stops[3].site = 0; END
SPOIL(stop_without_visit) plan->n_visits--; plan->visits[A1].until = 9;
    plan->stops[3].on_board_minor = plan->routes[3].most_on_board_minor = 0;
    plan->stops[3].on_board_cm3 = 0; plan->stops[3].leave_min -= 6; plan->routes[3].service_min -= 6;
    plan->routes[3].return_min -= 6; END
SPOIL(unserved_and_planned) static cp_plan_unserved u = {1, A, "no car"}; plan->unserved = &u;
    plan->n_unserved = 1; END
SPOIL(too_many_trips) CAR(0)->max_trips = 0; END
SPOIL(trip_skipped) plan->stops[0].trip = 1; plan->routes[0].n_trips = 2; CAR(0)->max_trips = 5; END
SPOIL(no_way) for (int32_t i = 0; i < 16; i++)
    if (i / 4 == 2 || i % 4 == 2)
        ((int32_t *)(uintptr_t)toy->net->travel.block_seconds)[i] = -1; END
SPOIL(window_missed) SITE(0)->close_min = 60; SITE(0)->open_min = 0; END
SPOIL(shift_too_short) CAR(0)->shift_end_min = CAR(0)->shift_start_min + 20; CAR(0)->overtime_min = 0;
    END
SPOIL(vault_closes) VAULT->close_min = 9 * 60; END
SPOIL(above_car_insured) CAR(0)->insured_minor = 24999999; END
SPOIL(back_above_insured) /* C alone: nothing out, 500 notes back */
    plan->visits[0] = plan->visits[C3];
    plan->n_visits = 1;
    redo(toy, plan);
    CAR(0)->insured_minor = 4999999; END
SPOIL(above_car_volume) CAR(0)->volume_cm3 = 29999; END
SPOIL(arrival_wrong) plan->stops[0].arrive_min--; END
SPOIL(leaves_wrong) plan->stops[1].leave_min++; END
SPOIL(departure_wrong) plan->routes[1].depart_min--; END
SPOIL(distance_wrong) plan->routes[1].dist_m--; END
SPOIL(driving_wrong) plan->routes[2].drive_s--; END
SPOIL(waiting_wrong) plan->routes[2].wait_min++; END
SPOIL(overtime_wrong) plan->routes[2].overtime_min++; END
SPOIL(legs_wrong) plan->routes[2].estimated_legs--; END
SPOIL(board_wrong) plan->stops[2].on_board_minor--; END
SPOIL(board_volume_wrong) plan->stops[0].on_board_cm3++; END
SPOIL(most_on_board_wrong) plan->routes[0].most_on_board_minor--; END

SPOIL(too_many_stops) VAULT->stops_per_day = 1; plan->visits[B2].t = 1; redo(toy, plan); END
SPOIL(too_many_minutes) VAULT->crew_min_per_day = 45; END
SPOIL(too_much_out) VAULT->out_minor_per_day = 24999999; END
SPOIL(too_many_packed) VAULT->pack_cassettes_per_day = 2; END
SPOIL(too_many_notes_back) VAULT->sort_notes_per_day = 799; END
SPOIL(pool_empty)
    static cp_cassette_pool pool = {"V", "M", 5, 0, 0};
    toy->net->rows.cassette_pool = &pool;
    toy->net->rows.n_cassette_pool = 1;
    VAULT->sort_lead_days = 4; END
SPOIL(overtime_that_is_not_there) VAULT->pack_cassettes_per_day = 3;
    put_limit(toy, plan, CP_LIMIT_PACK, 1, -1, 1, 0); END
SPOIL(sorted_by_nobody) VAULT->sort_notes_per_day = 800; VAULT->sort_outsource_notes = 500;
    put_limit(toy, plan, CP_LIMIT_SORT, 1, -1, 0, 0); plan->limits[0].outsourced = 501; END
SPOIL(stops_by_others) put_limit(toy, plan, CP_LIMIT_STOPS, 1, -1, 0, 0);
    plan->limits[0].outsourced = 1; END
SPOIL(negative_relief) put_limit(toy, plan, CP_LIMIT_STOPS, 1, -1, 0, -1); END
SPOIL(stock_short) put_stock(toy, CP_NOTE_NEW, 1999); END
SPOIL(stock_short_once) stock_short(toy, plan); put_order(toy, plan, 0, 2, 10000);
    plan->orders[0].denomination = toy->net->rows.vault_stock[0].denomination; END
SPOIL(only_unfit_notes) put_stock(toy, CP_NOTE_UNFIT, 100000); END
SPOIL(too_much_at_night) put_stock(toy, CP_NOTE_UNCOUNTED, 5000); VAULT->insured_minor = 40000000; END
SPOIL(half_a_unit) put_order(toy, plan, 0, 2, 500); END
SPOIL(order_too_quick) put_order(toy, plan, 0, 1, 1000); END
SPOIL(bank_closed) put_order(toy, plan, 5, 7, 1000); END
SPOIL(lodged_on_sunday) put_order(toy, plan, 6, 6, -1000); END
    /* clang-format on */

    typedef void
    spoil_fn(cp_toy *toy, cp_plan *plan);
#define CASE(rule, fn)                                                                             \
    {                                                                                              \
#fn, rule, fn                                                                              \
    }
static const struct {
    const char *name, *rule;
    spoil_fn *spoil;
} cases[] = {
    CASE("form", no_such_point),
    CASE("form", twice_a_day),
    CASE("form", loads_of_another),
    CASE("form", stop_of_two_routes),
    CASE("form", two_routes_a_car),
    CASE("form", other_days),
    CASE("form", no_such_limit),
    CASE("served", branch_serves),
    CASE("served", vault_closed),
    CASE("kind", swap_not_allowed),
    CASE("kind", pickup_not_allowed),
    CASE("kind", amount_left_open),
    CASE("service_day", not_on_tuesdays),
    CASE("service_day", not_before),
    CASE("latest_day", too_late),
    CASE("latest_day", never_though_due),
    CASE("interval", first_after_longest),
    CASE("interval", gap_too_long),
    CASE("interval", last_laid_too_far),
    CASE("until", until_another_day),
    CASE("until", until_inside_plan),
    CASE("step", half_a_step),
    CASE("step", half_a_step_added),
    CASE("capacity", too_many_notes),
    CASE("capacity", added_above_capacity),
    CASE("capacity", taken_from_a_machine),
    CASE("capacity", steps_do_not_divide),
    CASE("min_load", least_not_reached),
    CASE("insured", too_valuable_inside),
    CASE("insured", too_valuable_added),
    CASE("pin", no_pinned_visit),
    CASE("pin", pinned_kind),
    CASE("pin", pinned_amount),
    CASE("pin", pinned_car),
    CASE("pin", forbidden),
    CASE("returns", value_out_wrong),
    CASE("returns", cassettes_wrong),
    CASE("returns", return_wrong),
    CASE("returns", return_q_wrong),
    CASE("returns", return_value_wrong),
    CASE("returns", return_q_value_wrong),
    CASE("returns", level_wrong),
    CASE("service_level", service_missed),
    CASE("service_level", opening_missed),
    CASE("routed", no_route),
    CASE("routed", stop_without_route),
    CASE("routed", stop_without_visit),
    CASE("routed", unserved_and_planned),
    CASE("car", too_many_trips),
    CASE("car", trip_skipped),
    CASE("way", no_way),
    CASE("window", window_missed),
    CASE("shift", shift_too_short),
    CASE("shift", vault_closes),
    CASE("car_value", above_car_insured),
    CASE("car_value", back_above_insured),
    CASE("car_volume", above_car_volume),
    CASE("times", arrival_wrong),
    CASE("times", leaves_wrong),
    CASE("times", departure_wrong),
    CASE("times", distance_wrong),
    CASE("times", driving_wrong),
    CASE("times", waiting_wrong),
    CASE("times", overtime_wrong),
    CASE("times", legs_wrong),
    CASE("times", board_wrong),
    CASE("times", board_volume_wrong),
    CASE("times", most_on_board_wrong),
    CASE("stops", too_many_stops),
    CASE("crew_min", too_many_minutes),
    CASE("value_out", too_much_out),
    CASE("pack", too_many_packed),
    CASE("sort", too_many_notes_back),
    CASE("pool", pool_empty),
    CASE("declared", overtime_that_is_not_there),
    CASE("declared", sorted_by_nobody),
    CASE("declared", stops_by_others),
    CASE("declared", negative_relief),
    CASE("vault_stock", stock_short),
    CASE("vault_stock", stock_short_once),
    CASE("vault_stock", only_unfit_notes),
    CASE("vault_value", too_much_at_night),
    CASE("order", half_a_unit),
    CASE("order", order_too_quick),
    CASE("order", bank_closed),
    CASE("order", lodged_on_sunday),
};

static cp_verdict *judge(cp_toy *toy, const cp_plan *plan)
{
    cp_verdict *verdict = NULL;
    assert_ok(toy->ctx, cp_plan_check(toy->ctx, toy->net, toy->forecast, toy->shares, toy->seed,
                                      plan, &verdict));
    return verdict;
}

static void a_clean_plan_is_accepted(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = bank(&ctx);
    const cp_verdict *v = judge(toy, clean_plan(toy));
    if (!v->accepted) fail_msg("%s: %s", v->violations[0].rule, v->violations[0].text);
    assert_false(v->with_relief);
    cp_ctx_done(&ctx);
}

static void each_rule_is_noticed_and_nothing_else(void **state)
{
    (void)state;
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = bank(&ctx);
        cp_plan *plan = clean_plan(toy);
        cases[i].spoil(toy, plan);
        const cp_verdict *v = judge(toy, plan);
        if (v->accepted) fail_msg("%s: accepted", cases[i].name);
        for (int32_t k = 0; k < v->n_kept; k++)
            if (strcmp(v->violations[k].rule, cases[i].rule) != 0)
                fail_msg("%s: breaks %s (%s), not only %s", cases[i].name, v->violations[k].rule,
                         v->violations[k].text, cases[i].rule);
        cp_ctx_done(&ctx);
    }
}

/* ---- declared relief ---------------------------------------------------------------------- */

static const struct {
    const char *name;
    spoil_fn *spoil;
    cp_limit_kind kind;
    int32_t t, item;
    int64_t relief;
} declared[] = {
    {"one stop more", too_many_stops, CP_LIMIT_STOPS, 1, -1, 1},
    {"one fen more out", too_much_out, CP_LIMIT_VALUE_OUT, 4, -1, 1},
    {"sets beyond the pool", pool_empty, CP_LIMIT_POOL, 4, 0, 1},
    {"an interval below its level", service_missed, CP_LIMIT_SERVICE_LEVEL, 1, 0, 1},
    {"an opening below its level", opening_missed, CP_LIMIT_SERVICE_LEVEL, -1, 0, 1},
    {"an emergency delivery", stock_short_once, CP_LIMIT_VAULT_STOCK, 1, -2, 1},
};

static void declared_relief_is_accepted(void **state)
{
    (void)state;
    for (int32_t i = 0; i < LEN(declared); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = bank(&ctx);
        cp_plan *plan = clean_plan(toy);
        declared[i].spoil(toy, plan);
        int32_t item = declared[i].item;
        if (item == -2) item = toy->net->rows.vault_stock[0].denomination;
        put_limit(toy, plan, declared[i].kind, declared[i].t, item, 0, declared[i].relief);
        const cp_verdict *v = judge(toy, plan);
        if (!v->accepted) fail_msg("%s: %s", declared[i].name, v->violations[0].text);
        assert_true(v->with_relief);
        cp_ctx_done(&ctx);
    }
}

/* Notes that others sort are no relief: the plan is a plain proposal. */
static void outsourced_sorting_is_accepted(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = bank(&ctx);
    cp_plan *plan = clean_plan(toy);
    VAULT->sort_notes_per_day = 700;
    VAULT->sort_overtime_notes = 60;
    VAULT->sort_outsource_notes = 40;
    assert_ok(&ctx,
              cp_plan_fill_limits(&ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan));
    int64_t overtime = 0, others = 0;
    for (int32_t i = 0; i < plan->n_limits; i++) {
        overtime += plan->limits[i].extra;
        others += plan->limits[i].outsourced;
    }
    assert_int_equal(overtime, 60);
    assert_int_equal(others, 40);
    const cp_verdict *v = judge(toy, plan);
    if (!v->accepted) fail_msg("%s", v->violations[0].text);
    assert_false(v->with_relief);
    cp_ctx_done(&ctx);
}

/* Day 0 is a Monday; an order placed on it is due on day 2 at the earliest. */
static void cross_shipping_within_days_is_refused(void **state)
{
    static const struct {
        int32_t apart, lodged, denomination, n;
    } rows[] = {{0, 2, 0, 0}, {1, 2, 0, 1}, {1, 1, 0, 0}, {2, 1, 0, 1},
                {2, 3, 0, 1}, {2, 0, 0, 0}, {3, 2, 1, 0}};
    (void)state;
    for (int32_t i = 0; i < LEN(rows); i++) {
        cp_ctx ctx;
        int32_t n = 0;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = bank(&ctx);
        cp_plan *plan = clean_plan(toy);
        const int32_t t = rows[i].lodged;
        cp_plan_order orders[2] = {{0, 0, 0, 2, 1000}, {0, rows[i].denomination, t, t, -1000}};
        toy->net->rows.central_bank[0].cross_ship_days = rows[i].apart;
        plan->orders = orders;
        plan->n_orders = 2;
        const cp_verdict *v = judge(toy, plan);
        for (int32_t k = 0; k < v->n_kept; k++)
            n += strcmp(v->violations[k].rule, "cross_ship") == 0;
        if (n != rows[i].n || v->accepted != (n == 0)) fail_msg("case %d", (int)i);
        cp_ctx_done(&ctx);
    }
}

static void limits_filled_in_make_any_excess_acceptable(void **state)
{
    (void)state;
    static spoil_fn *const spoils[] = {too_many_stops,  too_many_minutes,    too_much_out,
                                       too_many_packed, too_many_notes_back, pool_empty,
                                       service_missed,  opening_missed};
    for (int32_t i = 0; i < LEN(spoils); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = bank(&ctx);
        cp_plan *plan = clean_plan(toy);
        spoils[i](toy, plan);
        assert_false(judge(toy, plan)->accepted);
        assert_ok(&ctx,
                  cp_plan_fill_limits(&ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan));
        const cp_verdict *v = judge(toy, plan);
        if (!v->accepted) fail_msg("case %d: %s", (int)i, v->violations[0].text);
        assert_true(v->with_relief);
        cp_ctx_done(&ctx);
    }
}

static void what_cannot_be_otherwise_is_relief(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = bank(&ctx);
    cp_plan *plan = clean_plan(toy);
    /* B was due yesterday; Wednesday is the first day on which it can be served. */
    POINT(B)->service_days = 4;
    POINT(B)->max_interval_days = 20;
    POINT(B)->days_since_visit = 21;
    cp_plan_unserved unserved = {5, A, "no car has room"};
    const cp_verdict *v = judge(toy, plan);
    assert_true(v->accepted);
    assert_true(v->with_relief);
    POINT(B)->days_since_visit = 0;
    plan->unserved = &unserved;
    plan->n_unserved = 1;
    put_pin(toy, (cp_pin){.point = A,
                          .rule = CP_PIN_MUST,
                          .day = TOY_FIRST_DAY + 5,
                          .kind = -1,
                          .amount_minor = -1,
                          .car = -1});
    v = judge(toy, plan);
    assert_true(v->accepted); /* the pinned visit is listed with its reason */
    assert_true(v->with_relief);
    cp_ctx_done(&ctx);
}

static void a_hundred_violations_are_kept(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = bank(&ctx);
    cp_plan *plan = clean_plan(toy);
    plan->limits = cp_alloc(&ctx, ctx.run, 150, sizeof *plan->limits);
    plan->n_limits = 150;
    for (int32_t i = 0; i < 150; i++)
        plan->limits[i] = (cp_plan_limit){.kind = CP_LIMIT_STOPS, .item = -1, .relief = -1};
    const cp_verdict *v = judge(toy, plan);
    assert_int_equal(v->n_violations, 150);
    assert_int_equal(v->n_kept, 100);
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_plan_is_accepted),
        cmocka_unit_test(each_rule_is_noticed_and_nothing_else),
        cmocka_unit_test(declared_relief_is_accepted),
        cmocka_unit_test(outsourced_sorting_is_accepted),
        cmocka_unit_test(cross_shipping_within_days_is_refused),
        cmocka_unit_test(limits_filled_in_make_any_excess_acceptable),
        cmocka_unit_test(what_cannot_be_otherwise_is_relief),
        cmocka_unit_test(a_hundred_violations_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Assembly, key figures, series and differences of plans small enough to count by hand. */
#include "models/plan/kpi.h"

#include <string.h>

#include "models/plan/plan_cost.h"
#include "models/plan/plan_diff.h"
#include "models/plan/plan_fill.h"
#include "tests/check.h"
#include "tests/toy.h"

/* One machine: 200 notes of 100 yuan and 100 of 10 yuan come and go each day. */
static cp_toy *bank(cp_ctx *ctx)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=4");
    toy_put(toy, "setting", "key=before_visit_ppm|value=0");
    toy_put(toy, "car", "code=C2|carrier_code=K|vault_code=V|insured_minor=40000000");
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S|kind=atm|visit_kinds=swap_add");
    toy_put(toy, "cassette",
            "point_code=A|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense|"
            "balance_notes=500");
    toy_put(toy, "cassette",
            "point_code=A|slot=2|cassette_model_code=M|denomination_code=CNY10|role=deposit|"
            "balance_notes=50");
    toy_build(toy, 6);
    for (int32_t d = 0; d < 20; d++) {
        toy_demand(toy, "A", CP_FLOW_WITHDRAWAL, d, 2000000);
        toy_demand(toy, "A", CP_FLOW_DEPOSIT, d, 100000);
    }
    toy_forecast(toy, 20);
    return toy;
}

static void visits_are_assembled(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        toy_visit visit;
        int64_t level, load, back, bin; /* of the dispense channel; the bin's return */
        int32_t cassettes;
    } cases[] = {
        /* on day 2: 100 notes left, 250 in the bin */
        {"swap", {"A", 2, CP_VISIT_SWAP, false, 8, {700, 0}}, 700, 700, 100, 250, 2},
        {"amount", {"A", 2, CP_VISIT_ADD, true, 8, {700, 0}}, -1, 700, 0, 250, 0},
        {"overflow", {"A", 2, CP_VISIT_ADD, true, 8, {2000, 0}}, -1, 2000, 100, 250, 0},
        {"fill up", {"A", 2, CP_VISIT_ADD, false, 8, {650, 0}}, 650, 600, 0, 250, 0},
        {"fill up to less", {"A", 2, CP_VISIT_ADD, false, 8, {60, 0}}, 60, 0, 40, 250, 0},
        {"pick-up", {"A", 2, CP_VISIT_PICKUP, false, 8, {0, 0}}, 0, 0, 0, 250, 0},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = bank(&ctx);
        const cp_plan *plan = toy_plan(toy, &cases[i].visit, 1);
        const cp_plan_visit *v = &plan->visits[0];
        const cp_plan_load *l = plan->loads;
        const cp_minor back = cases[i].back * 10000 + cases[i].bin * 1000;
        if (l[0].level_notes != cases[i].level || l[0].load_notes != cases[i].load ||
            l[0].return_notes != cases[i].back || l[0].return_q_notes != cases[i].back ||
            l[1].return_notes != cases[i].bin || v->cassettes != cases[i].cassettes ||
            v->return_minor != back || v->return_q_minor != back ||
            v->load_minor != 10000 * cases[i].load)
            fail_msg("%s: level %d, load %d, back %d and %d", cases[i].name, (int)l[0].level_notes,
                     (int)l[0].load_notes, (int)l[0].return_notes, (int)l[1].return_notes);
        cp_ctx_done(&ctx);
    }
}

static void the_builder_sorts_and_links(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = bank(&ctx);
    const toy_visit visits[] = {{"A", 4, CP_VISIT_SWAP, false, 3, {300, 0}},
                                {"A", 1, CP_VISIT_SWAP, false, 9, {200, 0}}};
    cp_plan *plan = toy_plan(toy, visits, 2);
    assert_int_equal(plan->visits[0].t, 1);
    assert_int_equal(plan->visits[0].until, 4);
    assert_int_equal(plan->visits[1].until, 6); /* at least the end of the plan */
    assert_int_equal(plan->loads[plan->visits[0].first_load].load_notes, 200);

    cp_plan_builder *b = NULL;
    const cp_plan_visit twice = {.t = 1, .kind = CP_VISIT_PICKUP};
    assert_ok(&ctx, cp_plan_builder_new(&ctx, toy->net, "toy", &b));
    assert_ok(&ctx, cp_plan_builder_visit(&ctx, b, &twice, NULL));
    assert_ok(&ctx, cp_plan_builder_visit(&ctx, b, &twice, NULL));
    assert_fails(&ctx, CP_E_INPUT, cp_plan_builder_finish(&ctx, b, &plan));
    cp_ctx_done(&ctx);
}

/* ---- key figures -------------------------------------------------------------------------- */

static double kpi(const cp_record *record, const char *scope, const char *name)
{
    for (int32_t i = 0; i < record->n_kpis; i++)
        if (strcmp(record->kpis[i].name, name) == 0 && strcmp(record->kpis[i].scope, scope) == 0)
            return record->kpis[i].value;
    fail_msg("no %s of %s", name, scope);
    return 0;
}

static void figures_are_counted(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = bank(&ctx);
    toy_tariff(toy, "stop_site_minor", 1);
    /* Evenings: 300, 100, (swap, 300 - 200) 100, 0 with 100 unmet, (swap 900 - 200) 700, 500. */
    const toy_visit visits[] = {{"A", 2, CP_VISIT_SWAP, false, 0, {300, 0}},
                                {"A", 4, CP_VISIT_SWAP, false, 8, {900, 0}}};
    cp_plan *plan = toy_plan(toy, visits, 2);
    toy_routes(toy, plan);
    plan->cost.total_minor = 2200000;
    cp_plan_limit limit = {.kind = CP_LIMIT_STOPS, .cap = 4, .use = 1, .item = -1};
    plan->limits = &limit;
    plan->n_limits = 1;
    cp_record record;
    memset(&record, 0, sizeof record);
    assert_ok(&ctx, cp_kpi_make(&ctx, toy->net, toy->forecast, toy->shares, 7, plan, &record));
    static const struct {
        const char *scope, *name;
        double value;
    } cases[] = {
        {"total", "availability_pct", 100.0 * 5 / 6},
        {"total", "empty_machine_days", 1},
        {"total", "one_denomination_empty_machine_days", 0},
        {"total", "deposits_full_machine_days", 0},
        {"total", "emergency_trips", 1},
        {"total", "dispensed_minor", 1100 * 10000.0},
        /* 1,700 notes of cash in the evenings; the bin 150, 250, 100, 200, 100, 200. */
        {"total", "idle_cash_minor", (1700 * 10000.0 + 1000 * 1000.0) / 6},
        {"total", "days_of_cover", (1700 * 10000.0 + 1000 * 1000.0) / (1100 * 10000.0)},
        /* 100 of 2,000 at the first visit, 0 of 300 at the second. */
        {"total", "residual_pct", 100.0 * 100 / 2300},
        {"total", "visits_planned", 2},
        {"total", "visits_useless", 0},
        {"total", "stops_planned", 2},
        {"total", "cassettes_packed", 4},
        {"total", "stops_use_most_pct", 25},
        {"total", "routes", 2},
        {"total", "most_on_board_minor", 9000000},
        {"total", "car_value_use_most_pct", 9},
        {"total", "cost_per_1000_dispensed_minor", 2200000 * 1000.0 * 100 / 11000000},
        {"V", "visits_planned", 2},
        {"C1", "routes", 2},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        const double got = kpi(&record, cases[i].scope, cases[i].name);
        if (got < cases[i].value - 1e-6 || got > cases[i].value + 1e-6)
            fail_msg("%s of %s: %f, want %f", cases[i].name, cases[i].scope, got, cases[i].value);
    }
    assert_true(record.service_pct > 83.3 && record.service_pct < 83.4);
    assert_int_equal(record.legs, 4);
    cp_ctx_done(&ctx);
}

static void series_are_drawn(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = bank(&ctx);
    const toy_visit visit = {"A", 2, CP_VISIT_SWAP, false, 8, {300, 0}};
    const cp_plan *plan = toy_plan(toy, &visit, 1);
    cp_record record;
    memset(&record, 0, sizeof record);
    assert_ok(&ctx, cp_series_make(&ctx, toy->net, toy->forecast, toy->shares, 7, plan, &record));
    static const int64_t stock[6] = {300 * 10 + 150, 100 * 10 + 250, 100 * 10 + 100, 200, 300, 400};
    assert_int_equal(record.n_series, 6);
    for (int32_t t = 0; t < 6; t++) {
        const cp_point_day *row = &record.series[t];
        assert_int_equal(row->t, t);
        assert_int_equal(row->stock_mean_minor, 1000 * stock[t]);
        assert_int_equal(row->stock_low_minor, 1000 * stock[t]);
        assert_int_equal(row->demand_mean_minor, 2000000);
        assert_int_equal(row->demand_q90_minor, 2000000);
        assert_int_equal(row->deposit_mean_minor, 100000);
    }
    cp_ctx_done(&ctx);
}

/* ---- differences -------------------------------------------------------------------------- */

static void differences_are_named(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = bank(&ctx);
    const toy_visit before[] = {{"A", 0, CP_VISIT_SWAP, false, 0, {100, 0}},  /* before the other */
                                {"A", 1, CP_VISIT_SWAP, false, 0, {100, 0}},  /* kind */
                                {"A", 2, CP_VISIT_SWAP, false, 0, {100, 0}},  /* amount */
                                {"A", 3, CP_VISIT_SWAP, false, 0, {100, 0}},  /* car */
                                {"A", 4, CP_VISIT_SWAP, false, 9, {100, 0}}}; /* moved */
    const toy_visit after[] = {{"A", 0, CP_VISIT_PICKUP, false, 0, {0, 0}},
                               {"A", 1, CP_VISIT_SWAP, false, 0, {200, 0}},
                               {"A", 2, CP_VISIT_SWAP, false, 0, {100, 0}},
                               {"A", 4, CP_VISIT_SWAP, false, 0, {100, 0}},
                               {"A", 5, CP_VISIT_SWAP, false, 9, {100, 0}}}; /* beyond the other */
    cp_plan *old = toy_plan(toy, before, LEN(before));
    cp_plan *now = toy_plan(toy, after, LEN(after));
    toy_routes(toy, old);
    toy_routes(toy, now);
    now->first_day = old->first_day + 1; /* the plan of a day later */
    now->routes[2].car = 1;
    old->cost.item[CP_COST_KM] = 70;
    now->cost.item[CP_COST_KM] = 100;
    cp_plan_diff *diff = NULL;
    assert_ok(&ctx, cp_plan_diff_make(&ctx, toy->net, old, now, &diff));
    static const cp_change_kind kinds[] = {CP_CHANGE_KIND, CP_CHANGE_AMOUNT, CP_CHANGE_CAR,
                                           CP_CHANGE_MOVED};
    assert_int_equal(diff->n_days, 5);
    assert_int_equal(diff->n_changes, LEN(kinds));
    for (int32_t i = 0; i < LEN(kinds); i++)
        assert_int_equal(diff->changes[i].kind, kinds[i]);
    assert_int_equal(diff->changes[1].load_minor, 2000000);
    assert_int_equal(diff->changes[1].load_before_minor, 1000000);
    assert_int_equal(diff->changes[3].day - diff->changes[3].day_before, 1);
    assert_int_equal(diff->cost.item[CP_COST_KM], 30);

    assert_ok(&ctx, cp_plan_diff_make(&ctx, toy->net, old, old, &diff));
    assert_int_equal(diff->n_changes, 0);
    assert_int_equal(diff->n_same, LEN(before));
    now->n_visits = 0;
    assert_ok(&ctx, cp_plan_diff_make(&ctx, toy->net, old, now, &diff));
    assert_int_equal(diff->n_changes, 4);
    assert_int_equal(diff->changes[0].kind, CP_CHANGE_GONE);
    assert_ok(&ctx, cp_plan_diff_make(&ctx, toy->net, now, old, &diff));
    assert_int_equal(diff->changes[0].kind, CP_CHANGE_NEW);
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(visits_are_assembled),  cmocka_unit_test(the_builder_sorts_and_links),
        cmocka_unit_test(figures_are_counted),   cmocka_unit_test(series_are_drawn),
        cmocka_unit_test(differences_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

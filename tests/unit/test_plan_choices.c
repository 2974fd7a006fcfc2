/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Visits by the branch's own staff and swaps of some cassettes in the model of a plan: what they
 * cost and use, counted by hand, and every way in which the referee refuses them. */
#include <string.h>

#include "models/plan/plan_check.h"
#include "models/plan/plan_cost.h"
#include "models/plan/plan_fill.h"
#include "tests/check.h"
#include "tests/toy.h"

#define N_DAYS 7

/* E: either may fill it; CNY10, CNY100 and a bin, in this order, swapped in part too. F: beside it,
 * by the center alone, for cash to be added. Demand is certain: E pays out 90 notes of
 * CNY100 and 100 of CNY10 a day.
 */
static cp_toy *bank(cp_ctx *ctx)
{
    static const char *const cassettes[] = {
        "point_code=E|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense|"
        "balance_notes=300|share_ppm=900000",
        "point_code=E|slot=2|cassette_model_code=M|denomination_code=CNY10|role=dispense|"
        "balance_notes=1500|share_ppm=100000",
        "point_code=E|slot=3|cassette_model_code=M|denomination_code=CNY10|role=deposit",
        "point_code=F|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense|"
        "balance_notes=1900"};
    static const struct {
        const char *item;
        int64_t amount;
    } tariffs[] = {{"stop_site_minor", 8000},     {"stop_machine_minor", 3000},
                   {"pack_cassette_minor", 500},  {"sort_1000_minor", 1000},
                   {"branch_fill_minor", 2000},   {"branch_value_ppm", 100},
                   {"stop_value_min_minor", 700}, {"stop_value_ppm", 10}};
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=4");
    toy_put(toy, "setting", "key=before_visit_ppm|value=0");
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point",
            "code=E|site_code=S|kind=atm|on_site=1|serviced_by=either|visit_kinds=swap_partial");
    toy_put(toy, "point", "code=F|site_code=S|kind=atm|visit_kinds=add");
    for (int32_t i = 0; i < LEN(cassettes); i++)
        toy_put(toy, "cassette", "%s", cassettes[i]);
    for (int32_t i = 0; i < LEN(tariffs); i++)
        toy_tariff(toy, tariffs[i].item, tariffs[i].amount);
    toy_build(toy, N_DAYS);
    for (int32_t d = 0; d < 30; d++) {
        toy_demand(toy, "E", CP_FLOW_WITHDRAWAL, d, 1000000);
        toy_demand(toy, "E", CP_FLOW_DEPOSIT, d, 50000);
        toy_demand(toy, "F", CP_FLOW_WITHDRAWAL, d, 1000000);
    }
    toy_forecast(toy, 24);
    return toy;
}

static cp_cost cost_of(cp_toy *toy, const cp_plan *plan)
{
    cp_cost cost;
    assert_ok(toy->ctx, cp_plan_cost(toy->ctx, toy->net, toy->forecast, toy->shares, toy->seed,
                                     plan, &cost, NULL));
    return cost;
}

/* Both visits are the last ones and laid for twice the days that are left: they pay a half. */
static void costs_and_uses_by_hand(void **state)
{
    cp_toy *toy = bank(*state);
    static const toy_visit fill[] = {{"E*", 3, CP_VISIT_ADD, true, 11, {500, 600, 0}}};
    cp_plan *plan = toy_plan(toy, fill, 1);
    cp_cost cost = cost_of(toy, plan);
    /* md(2000, 4, 8) + md(6,500,000 of value, 100 ppm * 4, 1e6 * 8) */
    assert_int_equal(cost.item[CP_COST_BRANCH_FILL], 1000 + 325);
    const cp_cost_item none[] = {CP_COST_STOP_SITE, CP_COST_STOP_MACHINE, CP_COST_STOP_VALUE,
                                 CP_COST_PACK, CP_COST_SORT};
    for (int32_t i = 0; i < LEN(none); i++)
        assert_int_equal(cost.item[none[i]], 0);
    assert_int_equal(plan->visits[0].cassettes, 0);
    assert_int_equal(plan->visits[0].return_minor, 3 * 50000); /* the bin, for the branch */

    static const toy_visit some[] = {{"E", 3, CP_VISIT_PARTIAL_SWAP, false, 11, {-1, 2000, 0}}};
    plan = toy_plan(toy, some, 1);
    cost = cost_of(toy, plan);
    assert_int_equal(plan->visits[0].cassettes, 2); /* of CNY100 and the bin */
    assert_int_equal(cost.item[CP_COST_PACK], 2 * 500 / 2);
    assert_int_equal(cost.item[CP_COST_STOP_SITE], 4000);
    assert_int_equal(cost.item[CP_COST_BRANCH_FILL], 0);
    /* Found on day 3: 30 notes of CNY100, 150 in the bin. On day 11: 1,280 of 2,000 and 400 in the
     * bin, at a half; CNY10 stays whatever it holds. */
    assert_int_equal(cost.item[CP_COST_SORT], 180 + 1680 / 2);
    const cp_plan_load *kept = &plan->loads[plan->visits[0].first_load];
    assert_false(kept->swapped);
    assert_int_equal(kept->return_notes, 0);
    assert_int_equal(kept->load_notes, 0);
}

static int64_t use_of(cp_toy *toy, cp_plan *plan, cp_limit_kind kind)
{
    assert_ok(toy->ctx,
              cp_plan_fill_limits(toy->ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan));
    for (int32_t i = 0; i < plan->n_limits; i++)
        if (plan->limits[i].kind == kind && plan->limits[i].t == 3) return plan->limits[i].use;
    return -1;
}

static void shared_limits(void **state)
{
    cp_toy *toy = bank(*state);
    cp_vault *v = &toy->net->rows.vault[0];
    static cp_cassette_pool pool = {"V", "M", 100, 0, 0};
    v->stops_per_day = v->crew_min_per_day = v->pack_cassettes_per_day = 100;
    v->sort_notes_per_day = 100000;
    v->out_minor_per_day = INT64_C(100000000);
    toy->net->rows.cassette_pool = &pool;
    toy->net->rows.n_cassette_pool = 1;
    static const struct {
        const char *name;
        toy_visit visit;
        int64_t stops, minutes, value, pack, sort, pool;
    } cases[] = {
        {"by the branch", {"E*", 3, CP_VISIT_ADD, true, 11, {500, 600, 0}}, 0, 0, 6500000, 0, 0, 0},
        {"one denomination and the bin",
         {"E", 3, CP_VISIT_PARTIAL_SWAP, false, 11, {-1, 2000, 0}},
         1,
         14,
         20000000,
         2,
         180,
         2},
        {"whole", {"E", 3, CP_VISIT_SWAP, false, 11, {900, 2000, 0}}, 1, 14, 20900000, 3, 1380, 3},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_plan *plan = toy_plan(toy, &cases[i].visit, 1);
        const int64_t want[] = {cases[i].stops, cases[i].minutes, cases[i].value,
                                cases[i].pack,  cases[i].sort,    cases[i].pool};
        for (int32_t k = 0; k < LEN(want); k++)
            if (use_of(toy, plan, (cp_limit_kind)k) != want[k])
                fail_msg("%s: %s is %lld, not %lld", cases[i].name,
                         cp_limit_kind_name((cp_limit_kind)k),
                         (long long)use_of(toy, plan, (cp_limit_kind)k), (long long)want[k]);
    }
}

/* ---- the referee ---------------------------------------------------------------------------- */

static cp_plan *clean(cp_toy *toy)
{
    static const toy_visit visits[] = {{"E", 2, CP_VISIT_PARTIAL_SWAP, false, 0, {-1, 2000, 0}},
                                       {"E*", 5, CP_VISIT_ADD, false, 9, {1500, 1800, 0}},
                                       {"F", 2, CP_VISIT_ADD, true, 9, {100}}};
    cp_plan *plan = toy_plan(toy, visits, LEN(visits));
    toy_routes(toy, plan);
    return plan;
}

static const cp_violation *refused(cp_toy *toy, const cp_plan *plan)
{
    cp_verdict *verdict = NULL;
    assert_ok(toy->ctx, cp_plan_check(toy->ctx, toy->net, toy->forecast, toy->shares, toy->seed,
                                      plan, &verdict));
    return verdict->accepted ? NULL : &verdict->violations[0];
}

enum { E1, F1, E2 }; /* visits of the clean plan, by day and point */

typedef void spoil_fn(cp_toy *toy, cp_plan *plan);

static void center_only(cp_toy *toy, cp_plan *plan)
{
    (void)plan;
    toy->net->rows.point[0].serviced_by = CP_BY_CENTER;
}
static void branch_only(cp_toy *toy, cp_plan *plan)
{
    (void)plan;
    toy->net->rows.point[0].serviced_by = CP_BY_BRANCH;
}
static void the_branch_swaps(cp_toy *toy, cp_plan *plan)
{
    (void)toy;
    plan->visits[E2].kind = CP_VISIT_SWAP;
}
static void no_car_is_sent(cp_toy *toy, cp_plan *plan)
{
    (void)toy;
    plan->visits[E2].by_branch = false;
}
static void a_car_for_nobody(cp_toy *toy, cp_plan *plan)
{
    (void)toy;
    plan->visits[E1].by_branch = plan->visits[F1].by_branch = true;
}
static void a_car_is_pinned(cp_toy *toy, cp_plan *plan)
{
    static cp_pin pin = {.code = "PIN", .car_code = "C1", .day = 0, .kind = -1, .amount_minor = -1};
    pin.day = TOY_FIRST_DAY + plan->visits[E2].t;
    toy->net->rows.pin = &pin;
    toy->net->rows.n_pin = 1;
}
static void partial_not_allowed(cp_toy *toy, cp_plan *plan)
{
    (void)plan;
    toy->net->rows.point[0].visit_kinds = CP_MAY_SWAP;
}
static void all_are_swapped(cp_toy *toy, cp_plan *plan)
{
    (void)toy;
    plan->loads[plan->visits[E1].first_load].swapped = true;
}
static void none_is_swapped(cp_toy *toy, cp_plan *plan)
{
    (void)toy;
    plan->loads[plan->visits[E1].first_load + 1].swapped = false;
}
static void the_bin_is_left(cp_toy *toy, cp_plan *plan)
{
    (void)toy;
    plan->loads[plan->visits[E1].first_load + 2].swapped = false;
}
static void kept_but_loaded(cp_toy *toy, cp_plan *plan)
{
    (void)toy;
    plan->loads[plan->visits[E1].first_load].load_notes = 100;
}
static void an_add_swaps(cp_toy *toy, cp_plan *plan)
{
    (void)toy;
    plan->loads[plan->visits[F1].first_load].swapped = true;
}
static void a_cassette_too_many(cp_toy *toy, cp_plan *plan)
{
    (void)toy;
    plan->visits[E1].cassettes = 3;
}
static void value_above_the_limit(cp_toy *toy, cp_plan *plan)
{
    (void)plan; /* the fill's own value is too much: it counts like any other */
    toy->net->rows.vault[0].out_minor_per_day = INT64_C(19000000);
    plan->limits = cp_alloc(toy->ctx, toy->ctx->run, 1, sizeof *plan->limits);
    assert_non_null(plan->limits);
    plan->n_limits = 1; /* of the day of the swap */
    plan->limits[0] =
        (cp_plan_limit){.kind = CP_LIMIT_VALUE_OUT, .t = 2, .item = -1, .relief = 99000000};
}

static void the_referee_refuses(void **state)
{
    static const struct {
        const char *name;
        spoil_fn *spoil;
        const char *rule;
    } cases[] = {
        {"only the center may", center_only, "served"},
        {"only the branch may", branch_only, "served"},
        {"the branch's staff opens no cassettes", the_branch_swaps, "kind"},
        {"a visit by a crew without a car", no_car_is_sent, "kind"},
        {"a car where nobody of the center is", a_car_for_nobody, "routed"},
        {"a car is pinned", a_car_is_pinned, "pin"},
        {"a partial swap is not allowed", partial_not_allowed, "kind"},
        {"all are swapped", all_are_swapped, "kind"},
        {"none is swapped", none_is_swapped, "kind"},
        {"the bin is left", the_bin_is_left, "kind"},
        {"kept but loaded", kept_but_loaded, "capacity"},
        {"an add swaps", an_add_swaps, "returns"},
        {"a cassette too many", a_cassette_too_many, "returns"},
        {"the value leaves the vault all the same", value_above_the_limit, "value_out"},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_toy *toy = bank(*state);
        cp_plan *plan = clean(toy);
        const cp_violation *wrong = refused(toy, plan);
        if (wrong) fail_msg("the clean plan: %s: %s", wrong->rule, wrong->text);
        cases[i].spoil(toy, plan);
        cp_verdict *verdict = NULL;
        bool found = false;
        assert_ok(toy->ctx, cp_plan_check(toy->ctx, toy->net, toy->forecast, toy->shares, toy->seed,
                                          plan, &verdict));
        for (int32_t k = 0; k < verdict->n_kept; k++)
            found = found || strcmp(verdict->violations[k].rule, cases[i].rule) == 0;
        if (!found)
            fail_msg("%s: %s", cases[i].name,
                     verdict->n_kept > 0 ? verdict->violations[0].text : "accepted");
    }
}

/* What is left of the slots that stay follows from the swap before. */
static void a_later_partial_swap_is_accepted(void **state)
{
    static const toy_visit visits[] = {{"E", 2, CP_VISIT_SWAP, false, 0, {900, 2000, 0}},
                                       {"E", 5, CP_VISIT_PARTIAL_SWAP, false, 9, {-1, 2000, 0}}};
    cp_toy *toy = bank(*state);
    cp_plan *plan = toy_plan(toy, visits, LEN(visits));
    toy_routes(toy, plan);
    const cp_violation *wrong = refused(toy, plan);
    if (wrong) fail_msg("%s: %s", wrong->rule, wrong->text);
}

/* What the staff takes out stays in the branch: the vault gets it back from a crew alone. */
static void what_stays_in_the_branch(void **state)
{
    for (int32_t by_branch = 0; by_branch < 2; by_branch++) {
        cp_toy *toy = bank(*state);
        static cp_vault_stock stock[] = {
            {.state = CP_NOTE_ATM_FIT, .notes = 5000, .denomination = 0},
            {.state = CP_NOTE_ATM_FIT, .notes = 5000, .denomination = 1}};
        stock[0].day = stock[1].day = TOY_FIRST_DAY - 1;
        toy->net->rows.vault_stock = stock;
        toy->net->rows.n_vault_stock = 2;
        toy->net->rows.point[0].visit_kinds |= CP_MAY_ADD;
        const toy_visit add = {by_branch ? "E*" : "E", 3, CP_VISIT_ADD, true, 11, {500, 600, 0}};
        cp_plan *plan = toy_plan(toy, &add, 1);
        toy_routes(toy, plan);
        assert_null(refused(toy, plan));
        /* 10,000 notes of 10,000 and 1,000: out go 600 and 500, back come 150 of 1,000. */
        const cp_minor after = 5000 * 11000 - 6500000;
        toy->net->rows.vault[0].insured_minor = 5000 * 11000; /* day 0 */
        assert_null(refused(toy, plan));
        toy->net->rows.vault[0].insured_minor = after + 149 * 1000;
        const cp_violation *wrong = refused(toy, plan);
        assert_non_null(wrong);
        int32_t days = 0;
        cp_verdict *verdict = NULL;
        assert_ok(toy->ctx, cp_plan_check(toy->ctx, toy->net, toy->forecast, toy->shares, toy->seed,
                                          plan, &verdict));
        for (int32_t k = 0; k < verdict->n_kept; k++)
            days += verdict->violations[k].t >= 3;
        assert_int_equal(days > 0, by_branch == 0);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, check_start, check_finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(costs_and_uses_by_hand),   T(shared_limits),
        T(the_referee_refuses),      T(a_later_partial_swap_is_accepted),
        T(what_stays_in_the_branch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

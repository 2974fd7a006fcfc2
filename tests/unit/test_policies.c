/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules of thumb: what they say on a machine worked out by hand, and that the referee accepts
 * their plans on a bank with all kinds of machines. */
#include <string.h>

#include "models/plan/kpi.h"
#include "models/plan/plan_check.h"
#include "models/plan/plan_cost.h"
#include "models/plan/plan_fill.h"
#include "solver/replenish/naive.h"
#include "solver/replenish/ss_rule.h"
#include "tests/check.h"
#include "tests/toy.h"

typedef cp_status policy_fn(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            const cp_forecast *forecast, const cp_shares *shares, uint64_t seed,
                            cp_plan **out);

static cp_status naive_plan(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            const cp_forecast *forecast, const cp_shares *shares, uint64_t seed,
                            cp_plan **out)
{
    const cp_naive_input in = {net, history, forecast, shares, NULL};
    return cp_naive_plan(ctx, &in, seed, out);
}

static const struct {
    const char *name;
    policy_fn *plan;
} policies[] = {{"naive", naive_plan}, {"sS", cp_ss_plan}};

/* ---- one machine by hand ------------------------------------------------------------------ */

/* Takes 300 notes of 100 yuan every day; holds 2,000. */
static cp_toy *one_machine(cp_ctx *ctx, const char *point, cp_history **history)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=4");
    toy_put(toy, "setting", "key=before_visit_ppm|value=0");
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S|kind=atm|%s", point);
    toy_put(toy, "cassette",
            "point_code=A|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense|"
            "balance_notes=1000");
    toy_build(toy, 14);
    assert_ok(ctx, cp_history_new(ctx, toy->net, TOY_FIRST_DAY - 60, 90, history));
    for (int32_t d = 0; d < 90; d++)
        (*history)->amount[d] = d < 30 ? 1 : 3000000; /* only the last 30 days count */
    for (int32_t d = 0; d < 40; d++)
        toy_demand(toy, "A", CP_FLOW_WITHDRAWAL, d, 3000000);
    toy_forecast(toy, 40);
    return toy;
}

static void naive_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *name, *point;
        int32_t n_visits, t[8];
        int64_t notes[8];
    } cases[] = {
        /* 2,000 / 300 - 2 = 4 days: two visits a week, Monday and Thursday. Loads 300 x (3 + 2) and
         * 300 x (4 + 2), in steps of 100. */
        {"twice a week", "visit_kinds=swap", 4, {0, 3, 7, 10}, {1500, 1800, 1500, 1800}},
        /* At most two days: Mondays, Tuesdays, Thursdays, Saturdays. */
        {"longest interval",
         "visit_kinds=swap|max_interval_days=2",
         8,
         {0, 1, 3, 5, 7, 8, 10, 12},
         {900, 1200, 1200, 1200, 900, 1200, 1200, 1200}},
        /* 120,000 yuan may be inside: 1,200 / 300 - 2 = 2 days. */
        {"insured amount",
         "visit_kinds=swap|insured_minor=12000000",
         8,
         {0, 1, 3, 5, 7, 8, 10, 12},
         {900, 1200, 1200, 1200, 900, 1200, 1200, 1200}},
        /* Mondays and Fridays are the only days. */
        {"service days",
         "visit_kinds=swap|service_days=1000100",
         4,
         {0, 4, 7, 11},
         {1800, 1500, 1800, 1500}},
        /* The first add is an amount: 1,500 less the 1,000 inside; then levels. */
        {"cash added", "visit_kinds=add", 4, {0, 3, 7, 10}, {500, 1800, 1500, 1800}},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_history *history = NULL;
        cp_plan *plan = NULL;
        cp_toy *toy = one_machine(&ctx, cases[i].point, &history);
        assert_ok(&ctx, naive_plan(&ctx, toy->net, history, toy->forecast, toy->shares, toy->seed,
                                   &plan));
        if (plan->n_visits != cases[i].n_visits)
            fail_msg("%s: %d visits", cases[i].name, (int)plan->n_visits);
        for (int32_t v = 0; v < plan->n_visits; v++) {
            const cp_plan_load *load = &plan->loads[plan->visits[v].first_load];
            const int64_t notes = load->level_notes >= 0 ? load->level_notes : load->load_notes;
            if (plan->visits[v].t != cases[i].t[v] || notes != cases[i].notes[v])
                fail_msg("%s: visit %d is on day %d with %d notes", cases[i].name, (int)v,
                         (int)plan->visits[v].t, (int)notes);
        }
        cp_ctx_done(&ctx);
    }
}

/* Twice a week Monday and Thursday by itself; told Wednesday and Saturday it keeps to them. */
static void fixed_weekdays_stay_fixed(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_history *history = NULL;
    cp_plan *plan = NULL;
    cp_toy *toy = one_machine(&ctx, "visit_kinds=swap", &history);
    uint8_t days[1] = {0xff};
    assert_ok(&ctx, cp_naive_weekdays(&ctx, toy->net, history, toy->forecast, toy->shares, days));
    assert_int_equal(days[0], 1 << 0 | 1 << 3);
    days[0] = 1 << 2 | 1 << 5;
    const cp_naive_input in = {toy->net, history, toy->forecast, toy->shares, days};
    assert_ok(&ctx, cp_naive_plan(&ctx, &in, toy->seed, &plan));
    assert_int_equal(plan->n_visits, 4);
    for (int32_t v = 0; v < 4; v++) {
        const int32_t weekday = cp_weekday(TOY_FIRST_DAY + plan->visits[v].t);
        assert_true(weekday == 2 || weekday == 5);
    }
    cp_ctx_done(&ctx);
}

/* Without spread nothing is ever empty under (s, S), which goes on the last day that stock lasts.
 */
static void ss_goes_at_the_last_moment(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_history *history = NULL;
    cp_plan *plan = NULL;
    cp_toy *toy = one_machine(&ctx, "visit_kinds=swap|service_level_ppm=990000", &history);
    assert_ok(&ctx, cp_ss_plan(&ctx, toy->net, NULL, toy->forecast, toy->shares, toy->seed, &plan));
    double service = 0;
    assert_ok(&ctx,
              cp_plan_service(&ctx, toy->net, toy->forecast, toy->shares, 3, 10, plan, &service));
    assert_true(service == 100.0);
    /* 1,000 notes last days 0 to 2 (900); on day 3 the machine would fail before day 4. */
    assert_int_equal(plan->visits[0].t, 3);
    assert_int_equal(plan->loads[0].load_notes, 2000); /* 6 days */
    assert_int_equal(plan->visits[1].t, 9);
    assert_int_equal(plan->n_visits, 2);
    assert_int_equal(plan->visits[1].until, 15);
    cp_ctx_done(&ctx);
}

/* ---- a bank ------------------------------------------------------------------------------- */

static cp_toy *bank(cp_ctx *ctx, cp_history **history)
{
    static const char *const roles[] = {"dispense", "dispense", "deposit", "recycle"};
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=40");
    toy->rows.setting[0].value = "950000"; /* service_level_ppm */
    for (int32_t c = 2; c < 25; c++)
        toy_put(toy, "car", "code=C%02d|carrier_code=K|vault_code=V|insured_minor=900000000",
                (int)c);
    toy->rows.vault[0].stops_per_day = 2;
    toy->rows.vault[0].pack_cassettes_per_day = 9;
    toy->rows.vault[0].pack_overtime_cassettes = 2;
    toy_put(toy, "cassette_pool", "vault_code=V|cassette_model_code=M|spare=8");
    toy_tariff(toy, "hold_ppm_year", 40000);
    toy_tariff(toy, "stop_site_minor", 4000);
    toy_tariff(toy, "stop_machine_minor", 2000);
    toy_tariff(toy, "emergency_minor", 20000);
    toy_tariff(toy, "cash_out_ppm", 20000);
    for (int32_t p = 0; p < 12; p++) {
        toy_put(toy, "site", "code=S%02d|lat_deg=31.1|lon_deg=121.%d", (int)(p / 2),
                (int)(p / 2) + 1);
        if (p % 2 != 0) toy->rows.n_site--;
        const bool branch = p % 4 == 3;
        toy_put(toy, "point",
                "code=P%02d|site_code=S%02d|kind=%s|visit_kinds=%s|max_interval_days=%d|"
                "insured_minor=%d|service_days=%s|days_since_visit=3",
                (int)p, (int)(p / 2), branch ? "branch" : "atm",
                branch ? "add" : (p % 3 != 0 ? "swap" : "add"), (int)(p == 5 ? 3 : 0),
                p == 6 ? 30000000 : 0, p == 7 ? "1010100" : "1111111");
        for (int32_t k = 0; k < 4; k++) {
            if (branch ? k != 3 : (p % 2 != 0 ? k > 2 : k < 2)) continue;
            toy_put(toy, "cassette",
                    "point_code=P%02d|slot=%d|cassette_model_code=%s|denomination_code=%s|"
                    "role=%s|capacity_notes=%d|balance_notes=900",
                    (int)p, (int)k + 1, branch ? "" : "M", k == 1 ? "CNY10" : "CNY100", roles[k],
                    branch ? 20000 : -1);
        }
    }
    toy_build(toy, 14);
    toy_noisy_forecast(toy, 2500000, 35, history);
    return toy;
}

static void the_referee_accepts_their_plans(void **state)
{
    (void)state;
    for (int32_t i = 0; i < LEN(policies); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_history *history = NULL;
        cp_plan *plan = NULL;
        cp_plan *again = NULL;
        cp_verdict *v = NULL;
        cp_toy *toy = bank(&ctx, &history);
        assert_ok(&ctx, policies[i].plan(&ctx, toy->net, history, toy->forecast, toy->shares,
                                         toy->seed, &plan));
        assert_ok(&ctx, policies[i].plan(&ctx, toy->net, history, toy->forecast, toy->shares,
                                         toy->seed, &again));
        assert_string_equal(plan->policy, policies[i].name);
        assert_int_equal(plan->n_visits, again->n_visits);
        for (int32_t k = 0; k < plan->n_loads; k++)
            assert_memory_equal(&plan->loads[k], &again->loads[k], sizeof plan->loads[k]);
        toy_routes(toy, plan);
        assert_ok(&ctx,
                  cp_plan_fill_limits(&ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan));
        assert_ok(&ctx,
                  cp_plan_check(&ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan, &v));
        if (!v->accepted)
            fail_msg("%s: %s: %s", policies[i].name, v->violations[0].rule, v->violations[0].text);
        double service = 0;
        assert_ok(&ctx, cp_plan_service(&ctx, toy->net, toy->forecast, toy->shares, toy->seed + 1,
                                        100, plan, &service));
        assert_true(service > 90.0);
        assert_true(plan->n_visits > 24); /* twelve points, a visit a week at least */
        assert_ok(&ctx, cp_plan_cost(&ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan,
                                     &plan->cost, NULL));
        assert_true(plan->cost.total_minor > 0);
        cp_ctx_done(&ctx);
    }
}

static void pins_are_kept(void **state)
{
    (void)state;
    for (int32_t i = 0; i < LEN(policies); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_history *history = NULL;
        cp_plan *plan = NULL;
        cp_verdict *v = NULL;
        cp_toy *toy = one_machine(&ctx, "visit_kinds=swap", &history);
        cp_pin pins[] = {
            {.code = "X", .rule = CP_PIN_FORBID, .kind = -1, .amount_minor = -1},
            {.code = "Y", .rule = CP_PIN_MUST, .kind = -1, .amount_minor = 7040000, .car = -1},
        };
        pins[0].day = TOY_FIRST_DAY + 3;
        pins[1].day = TOY_FIRST_DAY + 5;
        toy->net->rows.pin = pins;
        toy->net->rows.n_pin = 2;
        assert_ok(&ctx, policies[i].plan(&ctx, toy->net, history, toy->forecast, toy->shares,
                                         toy->seed, &plan));
        toy_routes(toy, plan);
        assert_ok(&ctx,
                  cp_plan_check(&ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan, &v));
        if (!v->accepted) fail_msg("%s: %s", policies[i].name, v->violations[0].text);
        cp_ctx_done(&ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(naive_by_hand),
        cmocka_unit_test(fixed_weekdays_stay_fixed),
        cmocka_unit_test(ss_goes_at_the_last_moment),
        cmocka_unit_test(the_referee_accepts_their_plans),
        cmocka_unit_test(pins_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

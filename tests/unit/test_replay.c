/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A replay of a plan on the very days it was made for costs what the plan costs; planning again
 * every day changes nothing when the plan is the same; policies see only the past. */
#include "solver/run/replay.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/rng.h"
#include "models/plan/plan_cost.h"
#include "models/plan/plan_fill.h"
#include "solver/replenish/naive.h"
#include "solver/replenish/ss_rule.h"
#include "tests/check.h"
#include "tests/toy.h"

#define N_DAYS 10

static const char *const items[] = {"hold_ppm_year",      "cash_out_ppm",    "emergency_minor",
                                    "stop_machine_minor", "stop_site_minor", "pack_cassette_minor",
                                    "sort_1000_minor",    "stop_value_ppm"};
static const int64_t amounts[] = {36500, 20000, 5000, 900, 1300, 70, 800, 25};

/* Two machines at one site, one at another; demand of the first n_days is known, then there is
 * none. */
static cp_toy *bank(cp_ctx *ctx, cp_rng *rng, int32_t n_days)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=1");
    toy_put(toy, "setting", "key=before_visit_ppm|value=300000");
    toy_put(toy, "cassette_pool", "vault_code=V|cassette_model_code=M|spare=20");
    toy->rows.vault[0].sort_lead_days = 3;
    for (int32_t i = 0; i < LEN(items); i++)
        toy_tariff(toy, items[i], amounts[i]);
    toy_put(toy, "site", "code=S0|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "site", "code=S1|lat_deg=31.2|lon_deg=121.0");
    for (int32_t p = 0; p < 3; p++) {
        toy_put(toy, "point", "code=P%d|site_code=S%d|kind=atm", (int)p, (int)(p / 2));
        toy_put(toy, "cassette",
                "point_code=P%d|slot=1|cassette_model_code=M|denomination_code=CNY100|"
                "role=dispense|balance_notes=%d",
                (int)p, (int)(100 * cp_rng_below(rng, 9)));
        toy_put(toy, "cassette",
                "point_code=P%d|slot=2|cassette_model_code=M|denomination_code=CNY10|role=deposit",
                (int)p);
    }
    toy_build(toy, N_DAYS);
    static const char *const codes[] = {"P0", "P1", "P2"};
    for (int32_t p = 0; p < 3; p++)
        for (int32_t d = 0; d < n_days; d++) {
            toy_demand(toy, codes[p], CP_FLOW_WITHDRAWAL, d, 10000 * cp_rng_below(rng, 500));
            toy_demand(toy, codes[p], CP_FLOW_DEPOSIT, d, 1000 * cp_rng_below(rng, 300));
        }
    toy_forecast(toy, 30);
    return toy;
}

/* Visits kept by the test; the plan of a day has those that are still to come. */
typedef struct script {
    cp_toy *toy;
    toy_visit visits[32];
    int32_t n, calls;
    int32_t days_since_0, spare; /* seen on the last call */
} script;

static cp_status from_script(cp_ctx *ctx, void *user, const cp_network *net,
                             const cp_history *known, cp_plan **out)
{
    script *s = user;
    const int32_t today = net->first_day - TOY_FIRST_DAY;
    cp_plan_builder *b = NULL;
    assert_true(known->first_day + known->n_days <= net->first_day);
    CP_TRY(cp_plan_builder_new(ctx, net, "script", &b));
    for (int32_t i = 0; i < s->n; i++) {
        const toy_visit *v = &s->visits[i];
        const cp_plan_visit visit = {.t = v->t - today,
                                     .point = toy_point(s->toy, v->point),
                                     .kind = v->kind,
                                     .until = N_DAYS};
        if (visit.t < 0 || visit.t >= net->n_days) continue;
        CP_TRY(cp_plan_builder_visit(ctx, b, &visit, v->notes));
    }
    s->calls++;
    s->days_since_0 = net->points[0].days_since_visit;
    s->spare = net->rows.cassette_pool[0].spare;
    return cp_plan_builder_finish(ctx, b, out);
}

static void random_script(script *s, cp_rng *rng)
{
    static const char *const codes[] = {"P0", "P1", "P2"};
    s->n = 0;
    for (int32_t p = 0; p < 3; p++)
        for (int32_t t = (int32_t)cp_rng_below(rng, 4); t < N_DAYS;
             t += 1 + (int32_t)cp_rng_below(rng, 5)) {
            toy_visit *v = &s->visits[s->n++];
            memset(v, 0, sizeof *v);
            v->point = codes[p];
            v->t = t;
            v->kind = CP_VISIT_SWAP;
            v->until = N_DAYS;
            v->notes[0] = 100 * cp_rng_below(rng, 15);
        }
}

static cp_replay replay(cp_toy *toy, script *s, int32_t every)
{
    const cp_replay_opts opts = {TOY_FIRST_DAY, N_DAYS, every, from_script, NULL, s};
    cp_replay out;
    assert_ok(toy->ctx, cp_replay_run(toy->ctx, toy->net, toy->truth, toy->shares, &opts, &out));
    return out;
}

static void a_known_plan_costs_what_it_was_planned_for(void **state)
{
    (void)state;
    cp_rng rng = cp_rng_new(3, 3);
    for (int32_t round = 0; round < 30; round++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = bank(&ctx, &rng, N_DAYS);
        script s = {.toy = toy};
        random_script(&s, &rng);
        const cp_plan *plan = toy_plan(toy, s.visits, s.n);
        cp_cost want;
        assert_ok(&ctx,
                  cp_plan_cost(&ctx, toy->net, toy->forecast, toy->shares, 1, plan, &want, NULL));
        const cp_replay once = replay(toy, &s, N_DAYS);
        assert_int_equal(s.calls, 1);
        const cp_replay daily = replay(toy, &s, 1);
        assert_int_equal(s.calls, 1 + N_DAYS);
        /* One denomination is paid out: whoever gets none finds the machine empty. */
        const int64_t bad = once.machine_days - once.good_days;
        const int64_t empty = once.cash_out_days[CP_CASH_OUT_EMPTY];
        assert_in_range(empty, 0, bad);
        assert_in_range(bad, empty > once.full_days ? empty : once.full_days,
                        empty + once.full_days);
        assert_int_equal(once.cash_out_days[CP_CASH_OUT_DENOMINATION], 0);
        assert_int_equal(once.cash_out_days[CP_CASH_OUT_COMBINATION], 0);
        for (int32_t k = 0; k < CP_N_COST_ITEMS; k++) {
            const bool by_day = k == CP_COST_HOLD || k == CP_COST_CASH_OUT;
            assert_int_equal(once.cost.item[k], daily.cost.item[k]);
            /* The last interval's sorting and value are paid by the visit after the replay. */
            if (k == CP_COST_SORT || k == CP_COST_STOP_VALUE)
                assert_true(once.cost.item[k] <= want.item[k]);
            else
                assert_in_range(once.cost.item[k] + 40 * by_day - want.item[k], 0, 80 * by_day);
        }
        assert_int_equal(once.n_visits, s.n);
        assert_int_equal(once.machine_days, 3 * N_DAYS);
        assert_int_equal(once.final_credit_minor, daily.final_credit_minor);
        assert_in_range(once.final_credit_minor, 0, 3 * (900 + 1300 + 140));
        cp_ctx_done(&ctx);
    }
}

/* What tomorrow's planner is told. */
static void an_evening_is_counted(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rng rng = cp_rng_new(3, 4);
    cp_toy *toy = bank(&ctx, &rng, N_DAYS);
    script s = {.toy = toy, .n = 1, .visits = {{"P0", 7, CP_VISIT_SWAP, false, 10, {500}}}};
    (void)replay(toy, &s, 1);
    assert_int_equal(s.days_since_0, 2); /* visited on day 7, seen before day 9 */
    assert_int_equal(s.spare, 18);       /* its two cassettes are away for three days */
    cp_ctx_done(&ctx);
}

/* A full machine is worth a visit, an empty one nothing, half of what lasts is worth half. */
static void final_stock_is_valued_alike(void **state)
{
    (void)state;
    static const struct {
        int32_t notes;
        cp_minor credit;
    } cases[] = {{2000, 1000}, {900, 500}, {300, 167}, {0, 0}};
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = toy_new(&ctx);
        toy_put(toy, "setting", "key=longest_interval_days|value=18");
        toy_put(toy, "cassette_pool", "vault_code=V|cassette_model_code=M|spare=20");
        toy_tariff(toy, "stop_site_minor", 1000);
        toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
        toy_put(toy, "point", "code=P0|site_code=S|kind=atm");
        toy_put(toy, "cassette",
                "point_code=P0|slot=1|cassette_model_code=M|denomination_code=CNY100|"
                "role=dispense|balance_notes=%d",
                (int)(cases[i].notes > 0 ? cases[i].notes : 0));
        toy_build(toy, N_DAYS);
        for (int32_t d = 0; d < N_DAYS; d++)
            toy_demand(toy, "P0", CP_FLOW_WITHDRAWAL, d, 1000000);
        /* 100 notes a day: 18 days need 1,800. A day's swap at the end sets the stock. */
        script s = {.toy = toy, .n = 1};
        s.visits[0] = (toy_visit){"P0", N_DAYS - 1, CP_VISIT_SWAP, false, 10, {0}};
        s.visits[0].notes[0] = cases[i].notes + (cases[i].notes > 0 ? 100 : 0);
        toy_put(toy, "setting", "key=before_visit_ppm|value=0");
        toy->net->settings.before_visit_ppm = 0;
        const cp_replay r = replay(toy, &s, N_DAYS);
        assert_int_equal(r.final_credit_minor, cases[i].credit);
        assert_int_equal(r.cost.item[CP_COST_STOP_SITE], 1000);
        cp_ctx_done(&ctx);
    }
}

/* ---- policies in the loop ----------------------------------------------------------------- */

typedef struct policy {
    cp_toy *toy;
    bool naive;
} policy;

static cp_status with_foresight(cp_ctx *ctx, void *user, const cp_network *net,
                                const cp_history *known, cp_plan **out)
{
    policy *p = user;
    cp_forecast *forecast = NULL;
    CP_TRY(cp_forecast_truth(ctx, net, p->toy->truth, net->first_day, 24, &forecast));
    const cp_naive_input naive = {net, known, forecast, p->toy->shares, NULL};
    if (p->naive) return cp_naive_plan(ctx, &naive, 1, out);
    return cp_ss_plan(ctx, net, known, forecast, p->toy->shares, 1, out);
}

static void policies_run_day_by_day(void **state)
{
    (void)state;
    for (int32_t i = 0; i < 2; i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_rng rng = cp_rng_new(9, 1);
        cp_toy *toy = bank(&ctx, &rng, 40);
        policy p = {toy, i == 0};
        const cp_replay_opts opts = {TOY_FIRST_DAY, 30, 1, with_foresight, NULL, &p};
        cp_replay r;
        assert_ok(&ctx, cp_replay_run(&ctx, toy->net, toy->truth, toy->shares, &opts, &r));
        assert_int_equal(r.n_plans, 30);
        assert_int_equal(r.machine_days, 90);
        assert_true(r.n_visits >= 9);
        assert_true(r.n_stops <= r.n_visits);
        if (i == 1) assert_true(r.service_pct > 95.0);
        cp_ctx_done(&ctx);
    }
}

static void options_are_checked(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rng rng = cp_rng_new(9, 2);
    cp_toy *toy = bank(&ctx, &rng, N_DAYS);
    script s = {.toy = toy};
    cp_replay_opts opts = {TOY_FIRST_DAY, 0, 1, from_script, NULL, &s};
    cp_replay r;
    assert_fails(&ctx, CP_E_INPUT,
                 cp_replay_run(&ctx, toy->net, toy->truth, toy->shares, &opts, &r));
    opts.n_days = 5;
    opts.replan_every = N_DAYS + 1;
    assert_fails(&ctx, CP_E_INPUT,
                 cp_replay_run(&ctx, toy->net, toy->truth, toy->shares, &opts, &r));
    cp_ctx_done(&ctx);
}

/* ---- slots -------------------------------------------------------------------------------- */

typedef struct slots_seen {
    int32_t calls;
} slots_seen;

/* A swap that brings the mix 1 on the first evening; after that the machine holds it. */
static cp_status bring_a_mix(cp_ctx *ctx, void *user, const cp_network *net,
                             const cp_history *known, cp_plan **out)
{
    slots_seen *seen = user;
    (void)known;
    const cp_channel *tens = &net->channels[0], *hundreds = &net->channels[1];
    const cp_plan_visit visit = {.t = 0, .kind = CP_VISIT_SWAP, .until = net->n_days, .mix = 1};
    static const int64_t notes[2] = {900, 500};
    cp_plan_builder *b = NULL;
    assert_int_equal(tens->capacity_notes, seen->calls == 0 ? 0 : 2000);
    assert_int_equal(hundreds->capacity_notes, seen->calls == 0 ? 4000 : 2000);
    assert_int_equal(tens->n_cassettes, seen->calls == 0 ? 0 : 1);
    assert_int_equal(net->points[0].mix, seen->calls == 0 ? 0 : 1);
    if (seen->calls == 1) {
        assert_int_equal(tens->balance_notes, 900 - 100);
        assert_int_equal(hundreds->balance_notes, 500 - 40);
    }
    CP_TRY(cp_plan_builder_new(ctx, net, "mix", &b));
    if (seen->calls++ == 0) CP_TRY(cp_plan_builder_visit(ctx, b, &visit, notes));
    return cp_plan_builder_finish(ctx, b, out);
}

static void slots_hold_what_a_swap_brought(void **state)
{
    (void)state;
    cp_ctx ctx;
    slots_seen seen = {0};
    cp_replay out;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = toy_new(&ctx);
    toy_put(toy, "setting", "key=n_paths|value=1");
    toy_put(toy, "setting", "key=before_visit_ppm|value=0");
    toy_put(toy, "site", "code=S0|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S0|kind=atm");
    for (int32_t k = 1; k <= 2; k++)
        toy_put(toy, "cassette",
                "point_code=A|slot=%d|cassette_model_code=M|denomination_code=CNY100|"
                "role=dispense|share_ppm=400000|balance_notes=300",
                (int)k);
    toy_put(toy, "slot_option", "point_code=A|slot=2|denomination_code=CNY10|share_ppm=200000");
    toy_build(toy, 5);
    for (int32_t d = 0; d < 5; d++)
        toy_demand(toy, "A", CP_FLOW_WITHDRAWAL, d, 500000);
    toy_forecast(toy, 30);
    const cp_replay_opts opts = {TOY_FIRST_DAY, 3, 1, bring_a_mix, NULL, &seen};
    assert_ok(&ctx, cp_replay_run(&ctx, toy->net, toy->truth, toy->shares, &opts, &out));
    assert_int_equal(seen.calls, 3);
    assert_int_equal(out.good_days, 3);
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_hold_what_a_swap_brought),
        cmocka_unit_test(a_known_plan_costs_what_it_was_planned_for),
        cmocka_unit_test(an_evening_is_counted),
        cmocka_unit_test(final_stock_is_valued_alike),
        cmocka_unit_test(policies_run_day_by_day),
        cmocka_unit_test(options_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dispense rules and low levels worked out by hand: what is sorted, unmet and counted. */
#include <string.h>

#include "models/net/network_check.h"
#include "models/plan/plan_check.h"
#include "models/plan/plan_cost.h"
#include "models/plan/plan_fill.h"
#include "tests/check.h"
#include "tests/toy.h"

#define YUAN(y) ((y)*INT64_C(100))

/* A machine with two cassettes, swapped full on day 1 and again on day 2; a fen a note is paid for
 * sorting and for unmet demand 1,000,000 ppm of its value. */
typedef struct hand_case {
    const char *name, *point, *slot[2];
    cp_minor out[4];  /* of days 0..3 */
    int64_t notes[2]; /* by channel, of both swaps */
    int64_t sorted;   /* at both swaps and at the end of the last interval */
    int64_t sealed;   /* of the first channel, at the second swap */
    cp_minor unmet;
} hand_case;

/* clang-format off */
#define BOX(denom, rest) "denomination_code=" denom "|role=dispense|capacity_notes=200|" rest
static const hand_case cases[] = {
    /* Opening: 100 + 100 notes, all sorted. 300 lie as 200 + 100; 150 go: 50 opened, 100 sealed.
     * The last interval has no demand: 300 sealed. */
    {"rotate: all are opened", "dispense_rule=rotate",
     {BOX("CNY100", "balance_notes=100"), BOX("CNY100", "balance_notes=100")},
     {0, YUAN(15000)}, {300}, 200 + 150 + 300, 0, 0},
    {"drain: the second is untouched", "dispense_rule=drain",
     {BOX("CNY100", "balance_notes=100"), BOX("CNY100", "balance_notes=100")},
     {0, YUAN(15000)}, {300}, 200 + 50 + 0, 100, 0},
    {"drain: a note of the second opens it", "dispense_rule=drain",
     {BOX("CNY100", "balance_notes=100"), BOX("CNY100", "balance_notes=100")},
     {0, YUAN(20100)}, {300}, 200 + 99 + 0, 0, 0},
    {"drain: no demand, all sealed", "dispense_rule=drain",
     {BOX("CNY100", "balance_notes=100"), BOX("CNY100", "balance_notes=100")},
     {0}, {400}, 200 + 0 + 0, 400, 0},
    {"drain: least loads leave less in the first", "dispense_rule=drain",
     {BOX("CNY100", "balance_notes=100"), BOX("CNY100", "min_load_notes=150|balance_notes=100")},
     {0, YUAN(15000)}, {300}, 200 + 0 + 0, 150, 0},
    {"drain, but notes may be added", "dispense_rule=drain|visit_kinds=swap_add",
     {BOX("CNY100", "balance_notes=100"), BOX("CNY100", "balance_notes=100")},
     {0, YUAN(15000)}, {300}, 200 + 150 + 300, 0, 0},
    /* Half of 40,000 yuan in notes of 100 and of 10: 200 and 2,000 of them asked, 150 and 200
     * there. Channels stand by value of the denomination's code: 10, then 100. */
    {"rotate: each is on its own", "dispense_rule=rotate",
     {BOX("CNY100", "share_ppm=500000"), BOX("CNY10", "share_ppm=500000")},
     {0, YUAN(40000)}, {200, 150}, 0 + 0 + 350, 0, YUAN(5000) + YUAN(18000)},
    /* 190 notes of 100 are asked, 50 are there; 189 of 200 notes of 10 are asked: of the other 11
     * ten make one more hundred, one is left. */
    {"mix: tens make a hundred", "dispense_rule=mix",
     {BOX("CNY100", "share_ppm=909091"), BOX("CNY10", "share_ppm=90909")},
     {0, YUAN(20900)}, {200, 50}, 0 + 1 + 250, 0, YUAN(13900)},
};
/* clang-format on */

static cp_toy *bank(cp_ctx *ctx, const hand_case *c)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=3");
    toy_put(toy, "setting", "key=before_visit_ppm|value=0");
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S|kind=atm|%s", c->point);
    for (int32_t k = 0; k < 2; k++)
        toy_put(toy, "cassette", "point_code=A|slot=%d|cassette_model_code=M|step_notes=50|%s",
                (int)k + 1, c->slot[k]);
    toy_tariff(toy, "sort_1000_minor", 1000);
    toy_tariff(toy, "cash_out_ppm", 1000000);
    toy_build(toy, 3);
    for (int32_t d = 0; d < 4; d++)
        toy_demand(toy, "A", CP_FLOW_WITHDRAWAL, d, c->out[d]);
    toy_forecast(toy, 8);
    return toy;
}

static void costs_worked_out_by_hand(void **state)
{
    (void)state;
    for (int32_t i = 0; i < LEN(cases); i++) {
        const hand_case *c = &cases[i];
        cp_ctx ctx;
        cp_cost cost;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = bank(&ctx, c);
        toy_visit visits[2] = {{.point = "A", .t = 1, .kind = CP_VISIT_SWAP, .until = 3},
                               {.point = "A", .t = 2, .kind = CP_VISIT_SWAP, .until = 3}};
        for (int32_t v = 0; v < 2; v++)
            memcpy(visits[v].notes, c->notes, sizeof c->notes);
        cp_plan *plan = toy_plan(toy, visits, 2);
        assert_ok(&ctx,
                  cp_plan_cost(&ctx, toy->net, toy->forecast, toy->shares, 7, plan, &cost, NULL));
        const int64_t sealed = plan->loads[plan->visits[1].first_load].sealed_notes;
        if (cost.item[CP_COST_SORT] != c->sorted || cost.item[CP_COST_CASH_OUT] != c->unmet ||
            sealed != c->sealed)
            fail_msg("%s: sorted %lld, sealed %lld, unmet %lld", c->name,
                     (long long)cost.item[CP_COST_SORT], (long long)sealed,
                     (long long)cost.item[CP_COST_CASH_OUT]);
        cp_verdict *verdict = NULL;
        toy_routes(toy, plan);
        assert_ok(&ctx,
                  cp_plan_check(&ctx, toy->net, toy->forecast, toy->shares, 7, plan, &verdict));
        if (!verdict->accepted) fail_msg("%s: %s", c->name, verdict->violations[0].text);
        plan->loads[plan->visits[1].first_load].sealed_notes++;
        assert_ok(&ctx,
                  cp_plan_check(&ctx, toy->net, toy->forecast, toy->shares, 7, plan, &verdict));
        assert_false(verdict->accepted);
        cp_ctx_done(&ctx);
    }
}

/* A low level that counts and that no load can reach is told before a plan is made. */
static void a_low_level_out_of_reach_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *low, *counts;
        bool told;
    } levels[] = {{"199", "1", false}, {"200", "1", true}, {"200", "0", false}, {"0", "1", false}};
    for (int32_t i = 0; i < LEN(levels); i++) {
        cp_ctx ctx;
        cp_issues *issues = NULL;
        bool told = false;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = toy_new(&ctx);
        toy_put(toy, "setting", "key=low_level_counts|value=%s", levels[i].counts);
        toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
        toy_put(toy, "point", "code=A|site_code=S|kind=atm");
        toy_put(toy, "cassette", "point_code=A|slot=1|cassette_model_code=M|low_notes=%s|%s",
                levels[i].low, BOX("CNY100", "step_notes=50"));
        toy_build(toy, 3);
        assert_ok(&ctx, cp_network_check(&ctx, toy->net, &issues));
        for (int32_t k = 0; k < issues->n; k++)
            told = told || strstr(issues->list[k].text, "low level of 200 notes") != NULL;
        assert_int_equal(told, levels[i].told);
        cp_ctx_done(&ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(costs_worked_out_by_hand),
                                       cmocka_unit_test(a_low_level_out_of_reach_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

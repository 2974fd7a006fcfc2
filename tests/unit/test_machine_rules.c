/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every rule of a machine, switched on and off: the search finds the cheapest of all plans in both,
 * at the cost that the model layer gives it, and each rule changes what is cheapest. */
#include <string.h>

#include "tests/check.h"
#include "tests/unit/rule_toy.h"

#define YUAN(y) ((y)*INT64_C(100))
#define ATM "kind=atm|visit_kinds=swap"
#define DISPENSE "denomination_code=CNY100|role=dispense|capacity_notes=400|step_notes=100|"
#define RECYCLE "denomination_code=CNY100|role=recycle|capacity_notes=400|step_notes=100|"
#define BIN "denomination_code=CNY10|role=deposit|step_notes=1|"
#define TILL "denomination_code=CNY100|role=recycle|capacity_notes=300|step_notes=100|"

#define CHEAP_FAILURE                                                                              \
    "tariff:item=emergency_minor|amount=3000|site_code=S|valid_from=2020-01-01",                   \
        "tariff:item=cash_out_ppm|amount=100|site_code=S|valid_from=2020-01-01"

#define TWO_WAY                                                                                    \
    "denomination_code=CNY100|role=recycle|capacity_notes=300|step_notes=100|balance_notes=200|"   \
    "share_ppm=800000|"
#define SMALL_100                                                                                  \
    "denomination_code=CNY100|role=dispense|capacity_notes=200|step_notes=50|balance_notes=50|"    \
    "share_ppm=900000"
#define TENS                                                                                       \
    "denomination_code=CNY10|role=dispense|capacity_notes=1200|step_notes=400|balance_notes=400|"  \
    "share_ppm=100000"
#define PAIR                                                                                       \
    "denomination_code=CNY100|role=dispense|capacity_notes=200|step_notes=50|min_load_notes=100|"  \
    "balance_notes=100"

#define D100                                                                                       \
    "denomination_code=CNY100|role=dispense|capacity_notes=100|step_notes=100|balance_notes=30"
#define BACK_100                                                                                   \
    "denomination_code=CNY100|role=recycle|capacity_notes=100|step_notes=50|balance_notes=60"
#define BACK_10                                                                                    \
    "denomination_code=CNY10|role=recycle|capacity_notes=300|step_notes=150|balance_notes=150|"    \
    "share_ppm=600000"
#define D10                                                                                        \
    "denomination_code=CNY10|role=dispense|capacity_notes=300|step_notes=300|balance_notes=100|"   \
    "share_ppm="

#define MANY_100                                                                                   \
    "denomination_code=CNY100|role=dispense|capacity_notes=300|step_notes=75|balance_notes=50|"    \
    "share_ppm=700000"
#define MANY_10                                                                                    \
    "denomination_code=CNY10|role=dispense|capacity_notes=1500|step_notes=300|balance_notes=400|"  \
    "share_ppm=300000"

typedef struct rule_case {
    const char *rule;
    rule_bank off, on;
} rule_case;

/* clang-format off */
static const rule_case cases[] = {
    {"an add beside the swap",
     {ATM, {DISPENSE "balance_notes=150"}, {0}, {0}, YUAN(12000)},
     {"kind=atm|visit_kinds=swap_add", {DISPENSE "balance_notes=150"}, {0}, {0}, YUAN(12000)}},
    {"an add alone",
     {ATM, {DISPENSE "balance_notes=150"}, {0}, {0}, YUAN(12000)},
     {"kind=atm|visit_kinds=add", {DISPENSE "balance_notes=150"}, {0}, {0}, YUAN(12000)}},
    {"finer loading steps",
     {ATM, {DISPENSE "balance_notes=100"}, {0}, {0}, YUAN(9000)},
     {ATM, {"denomination_code=CNY100|role=dispense|capacity_notes=400|step_notes=25|"
            "balance_notes=100"}, {0}, {0}, YUAN(9000)}},
    {"a least load",
     {ATM, {DISPENSE "balance_notes=50"}, {0}, {0}, YUAN(5000)},
     {ATM, {DISPENSE "balance_notes=50|min_load_notes=400"}, {0}, {0}, YUAN(5000)}},
    {"an insured amount",
     {ATM, {DISPENSE "balance_notes=100"}, {0}, {0}, YUAN(9000)},
     {ATM "|insured_minor=1000000", {DISPENSE "balance_notes=100"}, {0}, {0}, YUAN(9000)}},
    {"a service level",
     {ATM, {DISPENSE "balance_notes=100"}, {0}, {CHEAP_FAILURE}, YUAN(9000)},
     {ATM "|service_level_ppm=800000", {DISPENSE "balance_notes=100"}, {0}, {CHEAP_FAILURE},
      YUAN(9000)}},
    {"a low level that counts",
     {ATM "|service_level_ppm=800000", {DISPENSE "balance_notes=300|low_notes=150"}, {0},
      {CHEAP_FAILURE}, YUAN(9000)},
     {ATM "|service_level_ppm=800000", {DISPENSE "balance_notes=300|low_notes=150"},
      {"key=low_level_counts|value=1"}, {CHEAP_FAILURE}, YUAN(9000)}},
    {"a low level of a recycler and of one denomination",
     {ATM "|service_level_ppm=800000", {TWO_WAY "low_notes=150", TENS}, {0}, {CHEAP_FAILURE},
      YUAN(9000)},
     {ATM "|service_level_ppm=800000", {TWO_WAY "low_notes=150", TENS},
      {"key=low_level_counts|value=1"}, {CHEAP_FAILURE}, YUAN(9000)}},
    {"denominations stand in for each other",
     {ATM, {SMALL_100, TENS}, {0}, {0}, YUAN(9000)},
     {ATM "|dispense_rule=mix", {SMALL_100, TENS}, {0}, {0}, YUAN(9000)}},
    {"a recycler stands in, and the low level counts after that",
     {ATM "|service_level_ppm=800000", {TWO_WAY "low_notes=50", SMALL_100}, {0}, {CHEAP_FAILURE},
      YUAN(15000)},
     {ATM "|service_level_ppm=800000|dispense_rule=mix", {TWO_WAY "low_notes=50", SMALL_100},
      {"key=low_level_counts|value=1"}, {CHEAP_FAILURE}, YUAN(15000)}},
    {"cassettes drained one by one come back sealed",
     {ATM "|max_interval_days=1", {PAIR, PAIR}, {0}, {0}, YUAN(9000)},
     {ATM "|max_interval_days=1|dispense_rule=drain", {PAIR, PAIR}, {0}, {0}, YUAN(9000)}},
    {"who may add opens the cassettes: no seals",
     {"kind=atm|visit_kinds=swap|max_interval_days=1|dispense_rule=drain", {PAIR, PAIR}, {0}, {0},
      YUAN(9000)},
     {"kind=atm|visit_kinds=swap_add|max_interval_days=1|dispense_rule=drain", {PAIR, PAIR}, {0},
      {0}, YUAN(9000)}},
    {"a slot may hold another denomination",
     {ATM, {D100, D10 "500000", D100}, {0}, {0}, YUAN(6000)},
     {ATM, {D100, D10 "500000", D100}, {0},
      {"slot_option:point_code=A|slot=3|denomination_code=CNY10|capacity_notes=600|step_notes=300"},
      YUAN(6000)}},
    {"slots change their denominations",
     {ATM, {SMALL_100, TENS}, {0}, {0}, YUAN(9000)},
     {ATM, {SMALL_100, TENS}, {0},
      {"slot_option:point_code=A|slot=2|denomination_code=CNY100|capacity_notes=400|step_notes=100",
       "slot_option:point_code=A|slot=1|denomination_code=CNY10|capacity_notes=800|step_notes=400"},
      YUAN(9000)}},
    {"a recycling slot may recycle another denomination",
     {ATM, {BACK_100, BACK_100, BACK_10}, {0}, {0}, YUAN(9000)},
     {ATM, {BACK_100, BACK_100, BACK_10}, {0},
      {"slot_option:point_code=A|slot=2|denomination_code=CNY10|capacity_notes=900|step_notes=450"},
      YUAN(9000)}},
    {"what stands in may take all slots, sealed and with low levels",
     {ATM "|dispense_rule=mix|service_level_ppm=800000", {D100 "|low_notes=30", D10 "100000"},
      {"key=low_level_counts|value=1"}, {0}, YUAN(9000)},
     {ATM "|dispense_rule=mix|service_level_ppm=800000", {D100 "|low_notes=30", D10 "100000"},
      {"key=low_level_counts|value=1"},
      {"slot_option:point_code=A|slot=1|denomination_code=CNY10|capacity_notes=1800|step_notes=600"},
      YUAN(9000)}},
    {"drained slots of another mix",
     {ATM "|dispense_rule=drain|max_interval_days=1", {PAIR, PAIR, D10 "300000"}, {0}, {0},
      YUAN(9000)},
     {ATM "|dispense_rule=drain|max_interval_days=1", {PAIR, PAIR, D10 "300000"}, {0},
      {"slot_option:point_code=A|slot=2|denomination_code=CNY10|capacity_notes=300|step_notes=100|"
       "min_load_notes=0"},
      YUAN(9000)}},
    {"a longest interval",
     {ATM, {DISPENSE "balance_notes=400"}, {0}, {0}, YUAN(3000)},
     {ATM "|max_interval_days=1", {DISPENSE "balance_notes=400"}, {0}, {0}, YUAN(3000)}},
    {"days since the last visit",
     {ATM "|max_interval_days=3", {DISPENSE "balance_notes=100"}, {0}, {0}, YUAN(1000)},
     {ATM "|max_interval_days=3|days_since_visit=3", {DISPENSE "balance_notes=100"}, {0}, {0},
      YUAN(1000)}},
    {"service days",
     {ATM, {DISPENSE "balance_notes=50"}, {0}, {0}, YUAN(9000)},
     {ATM "|service_days=0011111", {DISPENSE "balance_notes=50"}, {0}, {0}, YUAN(9000)}},
    {"demand before the visit",
     {ATM, {DISPENSE "balance_notes=100"}, {"key=before_visit_ppm|value=0"}, {0}, YUAN(9000)},
     {ATM, {DISPENSE "balance_notes=100"}, {"key=before_visit_ppm|value=600000"}, {0},
      YUAN(9000)}},
    {"a balance above the capacity",
     {ATM, {DISPENSE "balance_notes=400"}, {"key=before_visit_ppm|value=0"}, {0}, YUAN(9000)},
     {ATM, {DISPENSE "balance_notes=700"}, {"key=before_visit_ppm|value=0"}, {0}, YUAN(9000)}},
    {"two denominations in whole steps of their own",
     {ATM, {DISPENSE "balance_notes=100"}, {0}, {0}, YUAN(9000)},
     {ATM, {"denomination_code=CNY100|role=dispense|capacity_notes=300|step_notes=100|"
            "balance_notes=100|share_ppm=700000",
            "denomination_code=CNY10|role=dispense|capacity_notes=900|step_notes=300|"
            "balance_notes=100|share_ppm=300000"}, {0}, {0}, YUAN(9000)}},
    {"notes paid in are paid out again",
     {ATM, {DISPENSE "balance_notes=100"}, {0}, {0}, YUAN(9000)},
     {ATM, {RECYCLE "balance_notes=100"}, {0}, {0}, YUAN(9000)}},
    {"a recycler runs full",
     {ATM, {RECYCLE "balance_notes=300"}, {0}, {0}, YUAN(9000)},
     {ATM, {"denomination_code=CNY100|role=recycle|capacity_notes=305|step_notes=100|"
            "balance_notes=300"}, {0}, {0}, YUAN(9000)}},
    {"a recycler may be added to",
     {ATM, {RECYCLE "balance_notes=300"}, {0}, {0}, YUAN(9000)},
     {"kind=atm|visit_kinds=swap_add", {RECYCLE "balance_notes=300"}, {0}, {0}, YUAN(9000)}},
    {"a deposit bin runs full",
     {ATM, {BIN "capacity_notes=2000|balance_notes=0"}, {0}, {0}, YUAN(9000)},
     {ATM, {BIN "capacity_notes=2000|balance_notes=1500"}, {0}, {0}, YUAN(9000)}},
    {"a deposit bin is emptied and not swapped",
     {ATM, {BIN "capacity_notes=2000|balance_notes=1500"}, {0}, {0}, YUAN(9000)},
     {"kind=atm|visit_kinds=add", {BIN "capacity_notes=2000|balance_notes=1500"}, {0}, {0},
      YUAN(9000)}},
    {"a bin beside the dispenser",
     {ATM, {DISPENSE "balance_notes=150"}, {0}, {0}, YUAN(12000)},
     {ATM, {DISPENSE "balance_notes=150", BIN "capacity_notes=1500|balance_notes=700"}, {0}, {0},
      YUAN(12000)}},
    {"a branch: delivery and surplus, by denomination",
     {"kind=branch|visit_kinds=add", {TILL "balance_notes=100"}, {0}, {0}, YUAN(9000)},
     {"kind=branch|visit_kinds=add",
      {"denomination_code=CNY100|role=recycle|capacity_notes=100|step_notes=50|balance_notes=20|"
       "share_ppm=900000",
       "denomination_code=CNY10|role=recycle|capacity_notes=2000|step_notes=1000|"
       "balance_notes=1800|share_ppm=100000"}, {0}, {0}, YUAN(9000)}},
    {"a branch full of surplus",
     {"kind=branch|visit_kinds=add", {TILL "balance_notes=100"}, {0}, {0}, YUAN(9000)},
     {"kind=branch|visit_kinds=add", {TILL "balance_notes=300"}, {0}, {0}, YUAN(9000)}},
};
/* clang-format on */

static cp_minor check_one(const rule_case *c, bool on)
{
    cp_ctx ctx;
    cp_plan *plan = NULL;
    int32_t n_tried = 0;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = rule_toy_make(&ctx, on ? &c->on : &c->off);
    const cp_minor best = rule_toy_best(toy, &n_tried);
    const cp_minor found = rule_toy_search(toy, &plan);
    const cp_minor cost = rule_toy_cost(toy, plan);
    if (found != cost)
        fail_msg("%s %s: the search says %lld, plan_cost %lld", c->rule, on ? "on" : "off",
                 (long long)found, (long long)cost);
    if (found != best)
        fail_msg("%s %s: the search finds %lld, the best of %d plans costs %lld", c->rule,
                 on ? "on" : "off", (long long)found, (int)n_tried, (long long)best);
    rule_toy_judge(toy, plan);
    cp_ctx_done(&ctx);
    return best;
}

/* The case allows more mixes and changes nothing else. */
static bool adds_options(const rule_bank *bank)
{
    for (int32_t i = 0; i < 4 && bank->row[i]; i++)
        if (strncmp(bank->row[i], "slot_option:", 12) == 0) return true;
    return false;
}

static void every_rule_on_and_off(void **state)
{
    (void)state;
    for (int32_t i = 0; i < LEN(cases); i++) {
        const cp_minor off = check_one(&cases[i], false), on = check_one(&cases[i], true);
        if (off == on)
            fail_msg("%s: the cheapest plan costs %lld with and without", cases[i].rule,
                     (long long)on);
        if (adds_options(&cases[i].on) && on > off)
            fail_msg("%s: %lld with it, %lld without", cases[i].rule, (long long)on,
                     (long long)off);
    }
}

/* More loads than are priced: those laid for the needs of the paths are near the best of all. */
static void few_levels_come_near_all_loads(void **state)
{
    (void)state;
    static const struct {
        const char *point;
        cp_minor level;
    } machines[] = {
        {ATM, YUAN(9000)},
        {ATM "|dispense_rule=mix", YUAN(9000)},
        {ATM "|dispense_rule=mix|service_level_ppm=800000", YUAN(9000)},
        {ATM "|dispense_rule=mix|service_level_ppm=800000", YUAN(6000)},
    };
    for (int32_t i = 0; i < LEN(machines); i++) {
        cp_ctx ctx;
        cp_plan *plan = NULL;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        const rule_bank bank = {.point = machines[i].point,
                                .cassette = {MANY_100, MANY_10},
                                .level = machines[i].level};
        cp_toy *toy = rule_toy_make(&ctx, &bank);
        const cp_minor best = rule_toy_best(toy, NULL), found = rule_toy_search(toy, &plan);
        assert_int_equal(found, rule_toy_cost(toy, plan));
        assert_true(found >= best);
        if (found > best + best / 50)
            fail_msg("machine %d: %lld, the best of all loads %lld", (int)i, (long long)found,
                     (long long)best);
        cp_ctx_done(&ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_rule_on_and_off),
                                       cmocka_unit_test(few_levels_come_near_all_loads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who services a machine, and swaps of some cassettes only: among all plans of tiny machines the
 * search finds the cheapest, at the cost of the model layer, and to allow more never costs more. */
#include "tests/check.h"
#include "tests/unit/rule_toy.h"

#define YUAN(y) ((y)*INT64_C(100))
#define CENTER "kind=atm|on_site=1|serviced_by=center|"
#define EITHER "kind=atm|on_site=1|serviced_by=either|"
#define DISPENSE "denomination_code=CNY100|role=dispense|capacity_notes=400|step_notes=100|"
#define BIN "denomination_code=CNY10|role=deposit|step_notes=1|capacity_notes=1500|"
#define STOP "tariff:item=stop_site_minor|amount=4100|valid_from=2020-01-01"
#define FILL(amount) "tariff:item=branch_fill_minor|valid_from=2020-01-01|amount=" amount
#define VALUE(ppm) "tariff:item=branch_value_ppm|valid_from=2020-01-01|amount=" ppm

typedef struct choice_case {
    const char *name;
    rule_bank without, with;
    int32_t used; /* the cheapest plan makes use of what is allowed; 2: of a later partial swap */
} choice_case;

/* clang-format off */
static const choice_case branch_cases[] = {
    {"a cheap fill against a swap",
     {CENTER "visit_kinds=swap", {DISPENSE "balance_notes=150"}, {0}, {STOP, FILL("900")}, YUAN(12000)},
     {EITHER "visit_kinds=swap", {DISPENSE "balance_notes=150"}, {0}, {STOP, FILL("900")}, YUAN(12000)},
     true},
    {"a dear fill is left alone",
     {CENTER "visit_kinds=swap", {DISPENSE "balance_notes=150"}, {0}, {FILL("90000")}, YUAN(12000)},
     {EITHER "visit_kinds=swap", {DISPENSE "balance_notes=150"}, {0}, {FILL("90000")}, YUAN(12000)},
     false},
    {"the value handled is charged too",
     {CENTER "visit_kinds=swap_add", {DISPENSE "balance_notes=150"}, {0},
      {STOP, FILL("500"), VALUE("1200")}, YUAN(12000)},
     {EITHER "visit_kinds=swap_add", {DISPENSE "balance_notes=150"}, {0},
      {STOP, FILL("500"), VALUE("1200")}, YUAN(12000)},
     true},
    {"beside an add by the center",
     {CENTER "visit_kinds=add", {DISPENSE "balance_notes=150"}, {0}, {STOP, FILL("4000")}, YUAN(12000)},
     {EITHER "visit_kinds=add", {DISPENSE "balance_notes=150"}, {0}, {STOP, FILL("4000")}, YUAN(12000)},
     true},
    {"a deposit bin emptied by the branch",
     {CENTER "visit_kinds=swap", {BIN "balance_notes=1300"}, {0}, {STOP, FILL("900")}, YUAN(9000)},
     {EITHER "visit_kinds=swap", {BIN "balance_notes=1300"}, {0}, {STOP, FILL("900")}, YUAN(9000)},
     true},
    {"a bin beside the dispenser, a fill by the hour of the day",
     {CENTER "visit_kinds=swap", {DISPENSE "balance_notes=100", BIN "balance_notes=900"},
      {"key=before_visit_ppm|value=600000"}, {FILL("700"), VALUE("300")}, YUAN(9000)},
     {EITHER "visit_kinds=swap", {DISPENSE "balance_notes=100", BIN "balance_notes=900"},
      {"key=before_visit_ppm|value=600000"}, {FILL("700"), VALUE("300")}, YUAN(9000)},
     true},
    {"the machine full on arrival: what does not fit stays in the branch",
     {CENTER "visit_kinds=swap|service_level_ppm=800000", {DISPENSE "balance_notes=350"}, {0},
      {STOP, FILL("100")}, YUAN(15000)},
     {EITHER "visit_kinds=swap|service_level_ppm=800000", {DISPENSE "balance_notes=350"}, {0},
      {STOP, FILL("100")}, YUAN(15000)},
     true},
};
/* clang-format on */

#define ALL_SWAPS "kind=atm|visit_kinds=swap"
#define SOME_SWAPS "kind=atm|visit_kinds=swap_partial"
#define HUNDREDS                                                                                   \
    "denomination_code=CNY100|role=dispense|capacity_notes=300|step_notes=100|share_ppm=900000|"
#define TENS                                                                                       \
    "denomination_code=CNY10|role=dispense|capacity_notes=900|step_notes=300|share_ppm=100000|"
#define HALF_100                                                                                   \
    "denomination_code=CNY100|role=dispense|capacity_notes=300|step_notes=100|share_ppm=909091|"
#define HALF_10                                                                                    \
    "denomination_code=CNY10|role=dispense|capacity_notes=300|step_notes=100|share_ppm=90909|"
#define TENS_BACK                                                                                  \
    "denomination_code=CNY10|role=recycle|capacity_notes=900|step_notes=300|share_ppm=100000|"

/* clang-format off */
static const choice_case partial_cases[] = {
    {"one denomination is nearly gone, the other full",
     {ALL_SWAPS, {HUNDREDS "balance_notes=50", TENS "balance_notes=800"}, {0}, {0}, YUAN(9000)},
     {SOME_SWAPS, {HUNDREDS "balance_notes=50", TENS "balance_notes=800"}, {0}, {0}, YUAN(9000)},
     true},
    {"both run out together, one of them again the day after",
     {ALL_SWAPS, {HUNDREDS "balance_notes=10", TENS "balance_notes=10"}, {0}, {0}, YUAN(12000)},
     {SOME_SWAPS, {HUNDREDS "balance_notes=10", TENS "balance_notes=10"}, {0}, {0}, YUAN(12000)},
     2},
    {"both run out together every day",
     {ALL_SWAPS, {HALF_100 "balance_notes=10", HALF_10 "balance_notes=10"}, {0}, {0}, YUAN(12000)},
     {SOME_SWAPS, {HALF_100 "balance_notes=10", HALF_10 "balance_notes=10"}, {0}, {0}, YUAN(12000)},
     false},
    {"a recycler stays in, with demand before the visit",
     {ALL_SWAPS, {HUNDREDS "balance_notes=50", TENS_BACK "balance_notes=500"}, {"key=before_visit_ppm|value=300000"}, {STOP}, YUAN(9000)},
     {SOME_SWAPS, {HUNDREDS "balance_notes=50", TENS_BACK "balance_notes=500"}, {"key=before_visit_ppm|value=300000"}, {STOP}, YUAN(9000)},
     true},
    {"what comes back is sorted, and a bin is emptied with it",
     {ALL_SWAPS, {HUNDREDS "balance_notes=60", TENS "balance_notes=700", "denomination_code=CNY10|role=deposit|step_notes=1|capacity_notes=1500|balance_notes=900"},
      {"key=before_visit_ppm|value=600000"}, {STOP}, YUAN(9000)},
     {SOME_SWAPS, {HUNDREDS "balance_notes=60", TENS "balance_notes=700", "denomination_code=CNY10|role=deposit|step_notes=1|capacity_notes=1500|balance_notes=900"},
      {"key=before_visit_ppm|value=600000"}, {STOP}, YUAN(9000)},
     2},
    {"a recycler stays in",
     {ALL_SWAPS, {HUNDREDS "balance_notes=50", TENS_BACK "balance_notes=500"}, {0}, {0}, YUAN(9000)},
     {SOME_SWAPS, {HUNDREDS "balance_notes=50", TENS_BACK "balance_notes=500"}, {0}, {0}, YUAN(9000)},
     true},
    {"beside the branch's staff",
     {EITHER "visit_kinds=swap", {HUNDREDS "balance_notes=50", TENS "balance_notes=800"}, {0},
      {STOP, FILL("10000")}, YUAN(9000)},
     {EITHER "visit_kinds=swap_partial", {HUNDREDS "balance_notes=50", TENS "balance_notes=800"}, {0},
      {STOP, FILL("10000")}, YUAN(9000)},
     true},
};
/* clang-format on */

static bool uses_partial(const cp_plan *plan)
{
    for (int32_t i = 0; i < plan->n_visits; i++)
        if (plan->visits[i].kind == CP_VISIT_PARTIAL_SWAP) return true;
    return false;
}

static bool later_partial(const cp_plan *plan)
{
    for (int32_t i = 1; i < plan->n_visits; i++) /* of one machine */
        if (plan->visits[i].kind == CP_VISIT_PARTIAL_SWAP) return true;
    return false;
}

static bool uses_branch(const cp_plan *plan)
{
    for (int32_t i = 0; i < plan->n_visits; i++)
        if (plan->visits[i].by_branch) return true;
    return false;
}

typedef bool use_fn(const cp_plan *plan);

static cp_minor check_bank(const char *name, const rule_bank *bank, use_fn *use, bool *used,
                           bool *later)
{
    cp_ctx ctx;
    cp_plan *plan = NULL;
    int32_t n_tried = 0;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = rule_toy_make(&ctx, bank);
    const cp_minor best = rule_toy_best(toy, &n_tried);
    const cp_minor found = rule_toy_search(toy, &plan);
    const cp_minor cost = rule_toy_cost(toy, plan);
    if (found != cost)
        fail_msg("%s: the search says %lld, plan_cost %lld", name, (long long)found,
                 (long long)cost);
    if (found != best)
        fail_msg("%s: the search finds %lld, the best of %d plans costs %lld", name,
                 (long long)found, (int)n_tried, (long long)best);
    rule_toy_judge(toy, plan);
    *used = use(plan);
    *later = later_partial(plan);
    cp_ctx_done(&ctx);
    return best;
}

static void check_case(const choice_case *c, use_fn *use)
{
    bool used = false, later = false;
    const cp_minor without = check_bank(c->name, &c->without, use, &used, &later);
    assert_false(used);
    const cp_minor with = check_bank(c->name, &c->with, use, &used, &later);
    if (used + later != c->used)
        fail_msg("%s: used: %d, on a later visit: %d", c->name, used, later);
    if (used ? with >= without : with != without)
        fail_msg("%s: %lld, and %lld where it is allowed", c->name, (long long)without,
                 (long long)with);
}

static void the_branch_fills_where_that_is_cheaper(void **state)
{
    (void)state;
    for (int32_t i = 0; i < LEN(branch_cases); i++)
        check_case(&branch_cases[i], uses_branch);
}

static void some_cassettes_are_swapped_where_that_is_cheaper(void **state)
{
    (void)state;
    for (int32_t i = 0; i < LEN(partial_cases); i++)
        check_case(&partial_cases[i], uses_partial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(some_cassettes_are_swapped_where_that_is_cheaper),
        cmocka_unit_test(the_branch_fills_where_that_is_cheaper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

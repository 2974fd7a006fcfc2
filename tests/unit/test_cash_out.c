/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The four kinds of cash-out: by what is left, and counted in the key figures of a plan. */
#include "models/plan/cash_out.h"

#include <string.h>

#include "models/plan/kpi.h"
#include "tests/check.h"
#include "tests/toy.h"

static void kinds_follow_from_what_is_left(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        cp_minor value[3]; /* 0 = no such channel */
        int64_t stock[3];
        cp_cash_out want;
    } cases[] = {
        {"nothing left", {10000, 5000}, {0, 0}, CP_CASH_OUT_EMPTY},
        {"only the bin holds notes", {10000, 0}, {0, 0, 70}, CP_CASH_OUT_EMPTY},
        {"two 50 stand in for a 100", {10000, 5000}, {0, 2}, CP_CASH_OUT_DENOMINATION},
        {"one 50 does not", {10000, 5000}, {0, 1}, CP_CASH_OUT_COMBINATION},
        {"the 50 are gone", {10000, 5000}, {9, 0}, CP_CASH_OUT_COMBINATION},
        {"20 do not make 50", {5000, 2000}, {0, 90}, CP_CASH_OUT_COMBINATION},
        {"20 make 100", {10000, 2000}, {0, 90}, CP_CASH_OUT_DENOMINATION},
        {"the same note in another slot", {10000, 10000}, {0, 3}, CP_CASH_OUT_DENOMINATION},
        {"two gone, one can be paid", {10000, 5000, 2000}, {0, 0, 60}, CP_CASH_OUT_COMBINATION},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_channel channel[3];
        int64_t stock[6] = {0};
        memset(channel, 0, sizeof channel);
        for (int32_t k = 0; k < 3; k++) {
            channel[k].value_minor = cases[i].value[k] > 0 ? cases[i].value[k] : 1000;
            channel[k].role = cases[i].value[k] > 0 ? CP_ROLE_DISPENSE : CP_ROLE_DEPOSIT;
            stock[2 * k] = cases[i].stock[k];
        }
        if (cp_cash_out_kind(channel, 3, stock, 2) != cases[i].want)
            fail_msg("%s: %d", cases[i].name, (int)cp_cash_out_kind(channel, 3, stock, 2));
    }
}

/* 2,000 yuan a day: ten notes of 100 and twenty of 50; 50 notes of 10 are paid in. Half of the day
 * falls before the visit. */
static cp_toy *bank(cp_ctx *ctx, int32_t hundreds, int32_t fifties, int32_t tens)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "denomination", "code=CNY50|currency_code=CNY|value_minor=5000");
    toy_put(toy, "setting", "key=n_paths|value=4");
    toy_put(toy, "setting", "key=before_visit_ppm|value=500000");
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S|kind=atm");
    toy_put(toy, "cassette",
            "point_code=A|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense|"
            "share_ppm=500000|low_notes=12|balance_notes=%d",
            (int)hundreds);
    toy_put(toy, "cassette",
            "point_code=A|slot=2|cassette_model_code=M|denomination_code=CNY50|role=dispense|"
            "share_ppm=500000|balance_notes=%d",
            (int)fifties);
    toy_put(toy, "cassette",
            "point_code=A|slot=3|cassette_model_code=M|denomination_code=CNY10|role=deposit|"
            "balance_notes=%d",
            (int)tens);
    toy_build(toy, 2);
    for (int32_t d = 0; d < 8; d++) {
        toy_demand(toy, "A", CP_FLOW_WITHDRAWAL, d, 200000);
        toy_demand(toy, "A", CP_FLOW_DEPOSIT, d, 50000);
    }
    toy_forecast(toy, 8);
    return toy;
}

static double kpi(const cp_record *record, const char *name)
{
    for (int32_t i = 0; i < record->n_kpis; i++)
        if (strcmp(record->kpis[i].name, name) == 0 && strcmp(record->kpis[i].scope, "total") == 0)
            return record->kpis[i].value;
    fail_msg("no %s", name);
    return 0;
}

static void kinds_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t hundreds, fifties, tens;
        bool visit; /* a full set on day 0 */
        double empty, denomination, combination, full;
        double low; /* evenings with less than twelve notes of 100 */
    } cases[] = {
        {"enough of all", 100, 100, 0, false, 0, 0, 0, 0, 0},
        {"low on the second evening", 31, 100, 0, false, 0, 0, 0, 0, 1},
        {"100 gone on the second day", 15, 100, 0, false, 0, 1, 0, 0, 2},
        {"50 gone on the second day", 100, 30, 0, false, 0, 0, 1, 0, 0},
        {"both gone", 15, 30, 0, false, 1, 0, 0, 0, 2},
        {"50 gone, then all", 15, 5, 0, false, 1, 0, 1, 0, 2},
        {"bin full on both days", 100, 100, 1990, false, 0, 0, 0, 2, 0},
        {"full and empty at once", 10, 20, 1990, false, 1, 0, 0, 2, 2},
        {"empty before the visit, not after it", 0, 0, 0, true, 1, 0, 0, 0, 0},
        {"50 gone before the visit", 100, 5, 0, true, 0, 0, 1, 0, 0},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        cp_record record;
        const toy_visit visit = {
            .point = "A", .t = 0, .kind = CP_VISIT_SWAP, .until = 4, .notes = {100, 100}};
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = bank(&ctx, cases[i].hundreds, cases[i].fifties, cases[i].tens);
        const cp_plan *plan = toy_plan(toy, &visit, cases[i].visit);
        memset(&record, 0, sizeof record);
        assert_ok(&ctx, cp_kpi_make(&ctx, toy->net, toy->forecast, toy->shares, 7, plan, &record));
        const double got[5] = {kpi(&record, "empty_machine_days"),
                               kpi(&record, "one_denomination_empty_machine_days"),
                               kpi(&record, "unusable_combination_machine_days"),
                               kpi(&record, "deposits_full_machine_days"),
                               kpi(&record, "below_low_level_machine_days")};
        const double want[5] = {cases[i].empty, cases[i].denomination, cases[i].combination,
                                cases[i].full, cases[i].low};
        for (int32_t k = 0; k < 5; k++)
            if (got[k] < want[k] - 1e-9 || got[k] > want[k] + 1e-9)
                fail_msg("%s: empty %g, denomination %g, combination %g, full %g, low %g",
                         cases[i].name, got[0], got[1], got[2], got[3], got[4]);
        cp_ctx_done(&ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_follow_from_what_is_left),
        cmocka_unit_test(kinds_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose service a plan gives up, and the reason it names. */
#include "models/plan/plan_notes.h"

#include <string.h>

#include "models/plan/plan_fill.h"
#include "tests/check.h"
#include "tests/toy.h"

/* One machine that holds 2,000 notes of 100 yuan and has 500 left; it pays out `day_notes` a day.
 */
static cp_toy *bank(cp_ctx *ctx, const char *fields, int32_t day_notes)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=4");
    toy_put(toy, "setting", "key=before_visit_ppm|value=0");
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S|kind=atm|visit_kinds=swap|service_level_ppm=990000%s",
            fields);
    toy_put(toy, "cassette",
            "point_code=A|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense|"
            "capacity_notes=2000|balance_notes=500");
    toy_build(toy, 6);
    for (int32_t d = 0; d < 20; d++)
        toy_demand(toy, "A", CP_FLOW_WITHDRAWAL, d, day_notes * (cp_minor)10000);
    toy_forecast(toy, 20);
    return toy;
}

static void the_reason_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *name, *fields;
        int32_t day_notes, visit_day; /* -1: no visit */
        const char *unserved, *note;  /* NULL: no note at all */
    } cases[] = {
        {"enough", "", 100, 2, NULL, NULL},
        {"no route", "", 200, -1, "the fleet is full",
         "ATM A misses its service level from 2026-11-23 to 2026-11-28: no route takes its visit "
         "of "
         "2026-11-25: the fleet is full"},
        {"no day", "|service_days=0000000", 200, -1, NULL,
         "ATM A misses its service level from 2026-11-23 to 2026-11-28: it may not be visited on "
         "any later day of the plan"},
        {"above capacity", "", 3000, 2, NULL,
         "ATM A misses its service level from 2026-11-23 to 2026-11-24 (and after 1 later visit): "
         "300,000.00 are expected to be withdrawn on 2026-11-23, and it may hold 200,000.00"},
        {"above the insured amount", "|insured_minor=15000000", 1600, 2, NULL,
         "160,000.00 are expected to be withdrawn on 2026-11-23, and it may hold 150,000.00"},
        {"too late", "|earliest_day=2026-11-26", 200, 3, NULL,
         "ATM A misses its service level from 2026-11-23 to 2026-11-25: it holds 50,000.00, and "
         "80,000.00 are expected to be withdrawn until the end of 2026-11-26, the first day on "
         "which it may be visited"},
        {"by choice", "", 200, 4, NULL,
         "ATM A misses its service level from 2026-11-23 to 2026-11-26: a visit in time is dearer "
         "than the relief"},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = bank(&ctx, cases[i].fields, cases[i].day_notes);
        const toy_visit visit = {"A", cases[i].visit_day, CP_VISIT_SWAP, true, 6, {2000, 0}};
        cp_plan *plan = toy_plan(toy, &visit, cases[i].visit_day >= 0);
        cp_plan_unserved unserved = {2, 0, cases[i].unserved};
        cp_record record;
        memset(&record, 0, sizeof record);
        assert_ok(&ctx,
                  cp_plan_fill_limits(&ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan));
        if (cases[i].unserved != NULL) plan->unserved = &unserved;
        plan->n_unserved = cases[i].unserved != NULL;
        assert_ok(&ctx, cp_plan_notes_make(&ctx, toy->net, toy->forecast, plan, &record));
        assert_int_equal(record.n_notes, cases[i].note != NULL);
        if (cases[i].note != NULL && strstr(record.notes[0], cases[i].note) == NULL)
            fail_msg("%s: %s", cases[i].name, record.notes[0]);
        cp_ctx_done(&ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_reason_is_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

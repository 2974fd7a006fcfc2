/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "models/net/network_build.h"
#include "models/net/network_check.h"
#include "tests/check.h"
#include "tests/unit/net_bank.h"

/* One field of one row changed in a bank that is in order. */
typedef struct change {
    const char *name;
    cp_entity_id entity;
    const char *code, *field, *text; /* row: the first whose first field is `code` */
    cp_severity severity;
    const char *words;
} change;

static void *row_of(cp_ctx *ctx, cp_rows *rows, cp_entity_id id, const char *code)
{
    const cp_entity *e = &cp_entities[id];
    char *array = *cp_rows_array(rows, e);
    for (int32_t i = 0; i < *cp_rows_count(rows, e); i++) {
        char *row = array + (size_t)i * e->row_size;
        if (strcmp(cp_field_text(ctx, ctx->run, &e->fields[0], row), code) == 0) return row;
    }
    fail_msg("%s has no row %s", e->name, code);
    return NULL;
}

static const cp_issues *issues_of(cp_ctx *ctx, const cp_rows *rows)
{
    cp_network *net = NULL;
    cp_issues *issues = NULL;
    assert_ok(ctx, cp_network_build(ctx, rows, BANK_DAY, 0, &net, NULL));
    assert_ok(ctx, cp_network_check(ctx, net, &issues));
    return issues;
}

static bool told(const cp_issues *issues, cp_severity severity, const char *words)
{
    for (int32_t i = 0; i < issues->n; i++)
        if (issues->list[i].severity == severity && strstr(issues->list[i].text, words) != NULL)
            return true;
    return false;
}

static void a_bank_in_order_has_no_issue(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    const cp_issues *issues = issues_of(&ctx, &rows);
    for (int32_t i = 0; i < issues->n; i++)
        fail_msg("%s", issues->list[i].text);
    assert_int_equal(issues->n_errors + issues->n_warnings, 0);
    cp_ctx_done(&ctx);
}

/* Each change alone makes the check say its words. */
static void told_of_all(const change *cases, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_rows rows;
        bank_rows(&ctx, &rows);
        bank_set(&ctx, row_of(&ctx, &rows, cases[i].entity, cases[i].code), cases[i].entity,
                 cases[i].field, cases[i].text);
        const cp_issues *issues = issues_of(&ctx, &rows);
        if (!told(issues, cases[i].severity, cases[i].words))
            fail_msg("%s: not told; first of %d: %s", cases[i].name, (int)issues->n,
                     issues->n > 0 ? issues->list[0].text : "-");
        cp_ctx_done(&ctx);
    }
}

static void choices_that_do_not_exist(void **state)
{
    (void)state;
    static const change cases[] = {
        {"partial swaps and nothing after them", CP_ENTITY_POINT, "A-1", "visit_kinds", "partial",
         CP_ISSUE_ERROR, "ATM A-1: no kind of visit is allowed"},
        {"partial swap of one denomination", CP_ENTITY_POINT, "A-2", "visit_kinds", "swap_partial",
         CP_ISSUE_WARNING, "ATM A-2: holds fewer than two denominations"},
        {"partial swap of a branch", CP_ENTITY_POINT, "B-1", "visit_kinds", "add_partial",
         CP_ISSUE_ERROR, "branch B-1: has no cassettes to swap"},
        {"a branch fills a machine on the street", CP_ENTITY_POINT, "A-1", "serviced_by", "either",
         CP_ISSUE_ERROR, "ATM A-1: only an ATM inside a branch can be filled by either"},
        {"a branch is filled by either", CP_ENTITY_POINT, "B-1", "serviced_by", "either",
         CP_ISSUE_ERROR, "branch B-1: only an ATM inside a branch"},
        {"fills for nothing", CP_ENTITY_POINT, "A-1", "serviced_by", "either", CP_ISSUE_WARNING,
         "ATM A-1: a fill by its branch costs nothing"},
    };
    told_of_all(cases, LEN(cases));
}

static void every_fault_is_told_by_name(void **state)
{
    (void)state;
    static const change cases[] = {
        {"calendar ends before the horizon", CP_ENTITY_CALENDAR, "CN", "covered_to", "2026-12-20",
         CP_ISSUE_ERROR,
         "calendar CN ends on 2026-12-20, this plan needs it until 2026-12-21 (14 days from "
         "2026-11-24 and the longest interval of 14 days)"},
        {"calendar begins too late", CP_ENTITY_CALENDAR, "CN", "covered_from", "2026-12-01",
         CP_ISSUE_ERROR, "calendar CN begins on 2026-12-01, after the first plan day 2026-11-24"},

        {"no car", CP_ENTITY_CAR, "C-2", "vault_code", "V-1", CP_ISSUE_NO_PLAN,
         "vault V-2: serves 2 sites and has no car"},
        {"closed vault", CP_ENTITY_VAULT, "V-1", "status", "closed", CP_ISSUE_ERROR,
         "vault V-1: is closed and 3 sites are assigned"},
        {"candidate vault", CP_ENTITY_VAULT, "V-1", "status", "candidate", CP_ISSUE_WARNING,
         "vault V-1: is a candidate and 3 sites are assigned"},
        {"vault never open", CP_ENTITY_VAULT, "V-1", "close_min", "06:00", CP_ISSUE_ERROR,
         "vault V-1: closes before it opens"},
        {"far away", CP_ENTITY_VAULT, "V-1", "service_radius_m", "100", CP_ISSUE_WARNING,
         "whose service radius is 100 m"},
        {"shift of no length", CP_ENTITY_CAR, "C-1", "shift_end_min", "08:00", CP_ISSUE_ERROR,
         "car C-1: its shift ends before it starts"},
        {"empty window", CP_ENTITY_SITE, "S-1", "close_min", "09:00", CP_ISSUE_ERROR,
         "site S-1: its window 09:00 to 09:00 is empty"},
        {"half a second window", CP_ENTITY_SITE, "S-1", "open2_min", "19:00", CP_ISSUE_ERROR,
         "site S-1: the second window must"},
        {"no visit allowed", CP_ENTITY_POINT, "A-1", "visit_kinds", "none", CP_ISSUE_ERROR,
         "ATM A-1: no kind of visit is allowed"},
        {"branch that may only be swapped", CP_ENTITY_POINT, "B-1", "visit_kinds", "swap",
         CP_ISSUE_ERROR, "branch B-1: has no cassettes to swap"},
        {"owner that is a machine", CP_ENTITY_POINT, "A-1", "owner_branch_code", "A-2",
         CP_ISSUE_WARNING, "ATM A-1: its owner A-2 is no branch"},
        {"due before the plan", CP_ENTITY_POINT, "A-1", "latest_day", "2026-11-20",
         CP_ISSUE_WARNING, "ATM A-1: its next visit was due on 2026-11-20"},
        {"never served", CP_ENTITY_POINT, "A-1", "service_days", "0000000", CP_ISSUE_WARNING,
         "ATM A-1: may not be visited on any day"},
        {"wrong GLN", CP_ENTITY_POINT, "A-1", "gln", "4012345000008", CP_ISSUE_ERROR,
         "point A-1: gln '4012345000008'"},
        {"least load above capacity", CP_ENTITY_CASSETTE, "A-2", "min_load_notes", "9000",
         CP_ISSUE_ERROR, "ATM A-2 slot 1: least load of 9000 notes is above the capacity of 1760"},
        {"balance above capacity", CP_ENTITY_CASSETTE, "A-2", "balance_notes", "5000",
         CP_ISSUE_WARNING, "ATM A-2 slot 1: balance of 5000 notes is above the capacity of 1760"},
        {"step above capacity", CP_ENTITY_CASSETTE, "A-2", "step_notes", "5000", CP_ISSUE_ERROR,
         "ATM A-2 slot 1: capacity of 1760 notes holds no loading step of 5000"},
        {"shares that do not make a whole", CP_ENTITY_CASSETTE, "A-5", "share_ppm", "500000",
         CP_ISSUE_WARNING, "ATM A-5: the shares of its withdrawals sum to 500000"},
        {"tariff that never holds", CP_ENTITY_TARIFF, "hold_ppm_year", "valid_to", "2024-01-01",
         CP_ISSUE_ERROR, "valid_to lies before valid_from"},
        {"tariff not in force", CP_ENTITY_TARIFF, "hold_ppm_year", "valid_to", "2026-01-01",
         CP_ISSUE_WARNING, "tariff hold_ppm_year: none is in force on 2026-11-24"},
        {"both off and worked", CP_ENTITY_CALENDAR_DAY, "CN", "day", "2026-11-28", CP_ISSUE_ERROR,
         "calendar CN: 2026-11-28 is both a day off and a working day"},
        {"holiday outside of the coverage", CP_ENTITY_CALENDAR_DAY, "CN", "day", "2027-01-01",
         CP_ISSUE_WARNING, "calendar CN: 2027-01-01 lies outside"},
    };
    told_of_all(cases, LEN(cases));
}

static void values_out_of_range_are_told(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    rows.car[0].insured_minor = -5;
    rows.cassette_model[0].fill_ppm = 2000000;
    rows.site[0].lat_deg = 123;
    const cp_issues *issues = issues_of(&ctx, &rows);
    assert_true(told(issues, CP_ISSUE_ERROR, "car C-3: insured_minor is -5; must be 1 to"));
    assert_true(told(issues, CP_ISSUE_ERROR, "cassette_model D: fill_ppm is 2000000"));
    assert_true(told(issues, CP_ISSUE_ERROR, "site S-5: lat_deg is 123; must be -90 to 90"));
    for (int32_t i = 1; i < issues->n; i++)
        assert_true(issues->list[i - 1].severity <= issues->list[i].severity);
    cp_ctx_done(&ctx);
}

static void machine_without_cassettes_and_unfilled_place(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    cp_point *p = bank_add(&ctx, &rows, CP_ENTITY_POINT, 1);
    p->code = "A-9";
    p->site_code = "S-1";
    cp_site *s = row_of(&ctx, &rows, CP_ENTITY_SITE, "S-2");
    s->lat_deg = s->lon_deg = 0;
    const cp_issues *issues = issues_of(&ctx, &rows);
    assert_true(told(issues, CP_ISSUE_ERROR, "ATM A-9: has no cassettes"));
    assert_true(told(issues, CP_ISSUE_ERROR, "site S-2: coordinates (0, 0)"));
    cp_ctx_done(&ctx);
}

static void windows_no_shift_can_meet(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    cp_site *s = row_of(&ctx, &rows, CP_ENTITY_SITE, "S-5");
    s->open_min = 19 * 60;
    s->close_min = 21 * 60;
    assert_true(told(issues_of(&ctx, &rows), CP_ISSUE_NO_PLAN,
                     "site S-5: no car of vault V-1 works between 19:00 and 21:00"));
    /* A second window that a shift meets is enough. */
    s->open_min = 5 * 60;
    s->close_min = 6 * 60;
    s->open2_min = 16 * 60;
    s->close2_min = 17 * 60;
    assert_false(told(issues_of(&ctx, &rows), CP_ISSUE_NO_PLAN, "site S-5"));
    cp_ctx_done(&ctx);
}

static void places_without_a_way_and_equal_places(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    cp_travel_pair *pair = bank_add(&ctx, &rows, CP_ENTITY_TRAVEL_PAIR, 1);
    *pair = (cp_travel_pair){"S-1", "V-1", -1, -1, false};
    cp_setting_row *setting = bank_add(&ctx, &rows, CP_ENTITY_SETTING, 1);
    *setting = (cp_setting_row){"merge_equal_sites", "0"};
    const cp_site *like = row_of(&ctx, &rows, CP_ENTITY_SITE, "S-3");
    cp_site *twin = row_of(&ctx, &rows, CP_ENTITY_SITE, "S-5");
    twin->lat_deg = like->lat_deg;
    twin->lon_deg = like->lon_deg;
    const cp_issues *issues = issues_of(&ctx, &rows);
    assert_true(told(issues, CP_ISSUE_WARNING, "site S-1: there is no way back to vault V-1"));
    assert_true(told(issues, CP_ISSUE_WARNING, "site S-5: has the same coordinates as site S-3"));
    cp_ctx_done(&ctx);
}

static void insured_amounts_and_least_loads(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    cp_cassette *c = row_of(&ctx, &rows, CP_ENTITY_CASSETTE, "A-5");
    cp_point *a5 = row_of(&ctx, &rows, CP_ENTITY_POINT, "A-5");
    c->min_load_notes = 500;
    a5->insured_minor = 4000000;
    for (int32_t i = 0; i < rows.n_car; i++)
        rows.car[i].insured_minor = 3000000;
    const cp_issues *issues = issues_of(&ctx, &rows);
    assert_true(
        told(issues, CP_ISSUE_NO_PLAN,
             "ATM A-5: its least load is worth 5000000, above the insured amount of 4000000"));
    assert_true(told(issues, CP_ISSUE_NO_PLAN,
                     "A-5: its least load is worth 5000000, more than any car of vault V-1"));
    cp_ctx_done(&ctx);
}

static void overrides_that_cannot_hold(void **state)
{
    (void)state;
    static const struct {
        const char *flow, *denomination, *from, *to, *factor, *amount;
        cp_severity severity;
        const char *words; /* NULL: nothing is wrong */
    } cases[] = {
        {"withdrawal", "", "2026-12-01", "2026-12-02", "0", "-1", CP_ISSUE_ERROR, NULL},
        {"withdrawal", "", "2026-11-24", "2026-11-25", "-1", "-1", CP_ISSUE_ERROR,
         "override O-1: just one of factor_ppm and amount_minor"},
        {"withdrawal", "", "2026-12-01", "2026-12-02", "5", "5", CP_ISSUE_ERROR,
         "override O-1: just one of"},
        {"withdrawal", "", "2026-12-02", "2026-12-01", "5", "-1", CP_ISSUE_ERROR,
         "override O-1: last_day lies before first_day"},
        {"withdrawal", "", "2026-11-26", "2026-11-30", "5", "-1", CP_ISSUE_ERROR,
         "overrides O-0 and O-1 of A-1 share days"},
        {"deposit", "", "2026-11-26", "2026-11-30", "5", "-1", CP_ISSUE_WARNING,
         "override O-1: A-1 has no slot for these deposits"},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_rows rows;
        bank_rows(&ctx, &rows);
        cp_demand_override *o = bank_add(&ctx, &rows, CP_ENTITY_DEMAND_OVERRIDE, 2);
        for (int32_t k = 0; k < 2; k++) {
            const int32_t of = k == 0 ? 0 : i;
            const char *const names[] = {"code",     "point_code", "flow",        "first_day",
                                         "last_day", "factor_ppm", "amount_minor"};
            const char *const words[] = {k == 0 ? "O-0" : "O-1",
                                         "A-1",
                                         cases[of].flow,
                                         k == 0 ? "2026-11-24" : cases[i].from,
                                         k == 0 ? "2026-11-26" : cases[i].to,
                                         cases[of].factor,
                                         cases[of].amount};
            for (int32_t f = 0; f < LEN(names); f++)
                bank_set(&ctx, &o[k], CP_ENTITY_DEMAND_OVERRIDE, names[f], words[f]);
        }
        const cp_issues *issues = issues_of(&ctx, &rows);
        if (cases[i].words == NULL && issues->n > 0) fail_msg("%s", issues->list[0].text);
        if (cases[i].words != NULL && !told(issues, cases[i].severity, cases[i].words))
            fail_msg("case %d: %s", (int)i, issues->n > 0 ? issues->list[0].text : "-");
        cp_ctx_done(&ctx);
    }
}

static void pins_that_cannot_be_kept(void **state)
{
    (void)state;
    static const struct {
        const char *point;
        cp_pin_rule rule;
        cp_day day;
        int32_t kind;
        int64_t amount;
        const char *car;
        cp_severity severity;
        const char *words;
    } cases[] = {
        {"A-1", CP_PIN_MUST, BANK_DAY + 40, -1, -1, "", CP_ISSUE_WARNING, "outside the plan"},
        {"A-1", CP_PIN_MUST, BANK_DAY, CP_VISIT_ADD, -1, "", CP_ISSUE_ERROR,
         "pin P-1: A-1 does not allow this kind"},
        {"A-3", CP_PIN_MUST, BANK_DAY + 6, -1, -1, "", CP_ISSUE_ERROR,
         "pin P-1: A-3 may not be visited on 2026-11-30"},
        {"A-1", CP_PIN_MUST, BANK_DAY, -1, -1, "C-2", CP_ISSUE_ERROR,
         "car C-2 works from another vault"},
        {"A-1", CP_PIN_FORBID, BANK_DAY + 3, -1, -1, "", CP_ISSUE_ERROR, "pins P-0 and P-1"},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_rows rows;
        bank_rows(&ctx, &rows);
        cp_pin *pin = bank_add(&ctx, &rows, CP_ENTITY_PIN, 2);
        pin[0].code = "P-0";
        pin[0].point_code = "A-1";
        pin[0].day = BANK_DAY + 3;
        pin[1].code = "P-1";
        pin[1].point_code = cases[i].point;
        pin[1].rule = cases[i].rule;
        pin[1].day = cases[i].day;
        pin[1].kind = cases[i].kind;
        pin[1].amount_minor = cases[i].amount;
        pin[1].car_code = cases[i].car;
        const cp_issues *issues = issues_of(&ctx, &rows);
        if (!told(issues, cases[i].severity, cases[i].words)) fail_msg("case %d", (int)i);
        cp_ctx_done(&ctx);
    }
}

static void right_gs1_keys_are_accepted(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    cp_point *p = row_of(&ctx, &rows, CP_ENTITY_POINT, "A-1");
    p->gln = "4012345000009"; /* GS1's own example */
    cp_cassette *c = row_of(&ctx, &rows, CP_ENTITY_CASSETTE, "A-2");
    c->grai = "04012345111118A1B2";
    assert_int_equal(issues_of(&ctx, &rows)->n, 0);
    c->grai = "04012345111119A1B2";
    assert_true(told(issues_of(&ctx, &rows), CP_ISSUE_ERROR, "cassette A-2 slot 1: grai"));
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bank_in_order_has_no_issue),
        cmocka_unit_test(every_fault_is_told_by_name),
        cmocka_unit_test(choices_that_do_not_exist),
        cmocka_unit_test(values_out_of_range_are_told),
        cmocka_unit_test(machine_without_cassettes_and_unfilled_place),
        cmocka_unit_test(windows_no_shift_can_meet),
        cmocka_unit_test(places_without_a_way_and_equal_places),
        cmocka_unit_test(insured_amounts_and_least_loads),
        cmocka_unit_test(pins_that_cannot_be_kept),
        cmocka_unit_test(overrides_that_cannot_hold),
        cmocka_unit_test(right_gs1_keys_are_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

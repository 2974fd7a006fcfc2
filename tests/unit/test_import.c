/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv/import.h"

#include <string.h>

#include "data/csv/cell.h"
#include "data/store/sql.h"
#include "tests/unit/store_toy.h"

static int64_t count(store_toy *toy, const char *sql)
{
    int64_t n = -1;
    assert_ok(&toy->ctx, cp_sql_int(&toy->ctx, toy->db, sql, &n));
    return n;
}

static cp_import_report *new_report(store_toy *toy)
{
    cp_import_report *report = cp_alloc(&toy->ctx, toy->ctx.run, 1, sizeof(*report));
    assert_non_null(report);
    return report;
}

static void a_folder_is_read_and_read_again(void **state)
{
    store_toy *toy = *state;
    cp_import_report *report = new_report(toy);
    store_bank(toy);
    assert_ok(&toy->ctx, store_import(toy, NULL, report));
    assert_int_equal(report->counts[CP_ENTITY_POINT].n_new, 2);
    assert_int_equal(report->counts[CP_TABLE_HISTORY].n_new, 2);
    assert_ok(&toy->ctx, store_import(toy, NULL, report));
    for (int32_t t = 0; t < CP_N_TABLES; t++)
        assert_int_equal(report->counts[t].n_new + report->counts[t].n_changed, 0);
    assert_int_equal(count(toy, "SELECT count(*) FROM import_change"), 0);
    assert_int_equal(count(toy, "SELECT count(*) FROM import_run"), 2);
    assert_int_equal(count(toy, "SELECT count(*) FROM tariff WHERE site_code = 'S1'"), 1);
}

/* A file with some of the columns keeps the stored values of the others. */
static void a_column_that_is_not_given_keeps_its_value(void **state)
{
    store_toy *toy = *state;
    cp_import_report *report = new_report(toy);
    store_bank(toy);
    store_file(toy, "site.csv",
               "code,lat_deg,lon_deg,name,service_min\nS1,31.1,121.1,Old,15\nS2,31.2,121.2,,\n");
    assert_ok(&toy->ctx, store_import(toy, NULL, report));
    store_file(toy, "site.csv",
               "code,lat_deg,lon_deg,name\nS1,31.1,121.1,New\nS3,31.3,121.3,Third\n");
    assert_ok(&toy->ctx, store_import(toy, NULL, report));
    assert_int_equal(report->counts[CP_ENTITY_SITE].n_new, 1);
    assert_int_equal(report->counts[CP_ENTITY_SITE].n_changed, 1);
    assert_int_equal(count(toy, "SELECT service_min FROM site WHERE code = 'S1'"), 15);
    assert_int_equal(count(toy, "SELECT service_min FROM site WHERE code = 'S3'"), 8);
    assert_int_equal(count(toy, "SELECT count(*) FROM import_change WHERE table_name = 'site' AND"
                                " key = 'S1' AND field = 'name' AND old_value = 'Old' AND"
                                " new_value = 'New'"),
                     1);
    assert_int_equal(count(toy, "SELECT count(*) FROM import_change"), 1);
}

static void every_problem_is_named(void **state)
{
    static const struct {
        const char *file, *text, *words;
        cp_problem_kind kind;
    } cases[] = {
        {"site.csv", "code,lat_deg,lon_deg\nS1,abc,121\nS2,31,121\n",
         "site.csv line 2, field lat_deg: \"abc\" must be degrees from -90 to 90",
         CP_PROBLEM_VALUE},
        {"site.csv", "code,lat_deg,lon_deg\nS1,0,0\nS2,31,121\n",
         "site.csv line 2, field lat_deg: \"0\" (0, 0) is no place", CP_PROBLEM_RULE},
        {"site.csv", "code,lat_deg,lon_deg\nS1,91,121\nS2,31,121\n", "\"91\" must be degrees",
         CP_PROBLEM_VALUE},
        {"site.csv", "code,lat_deg,lon_deg\nS1,31,121\nS2,31,122\nS1,31,121\n",
         "site.csv line 4: the key \"S1\" is in site.csv line 2 already", CP_PROBLEM_DUPLICATE},
        {"site.csv", "code,lat_deg,lon_deg,vault_code\nS1,31,121,W\nS2,31,122,\n",
         "site.csv line 2, field vault_code: \"W\" is no known vault", CP_PROBLEM_UNKNOWN},
        {"site.csv", "code,lat_deg,lon_deg\nS1,31\nS2,31,122\n",
         "site.csv line 2: 2 fields; must be 3 as in the header", CP_PROBLEM_RECORD},
        {"site.csv", "code,lat_deg,lon_deg\n,31,122\nS1,31,121\nS2,31,122\n",
         "site.csv line 2, field code: a value is missing", CP_PROBLEM_MISSING},
        {"site.csv", "code,lat_deg,longitude\nS1,31,121\n",
         "the column \"longitude\" is no field of site; expected are code*, name",
         CP_PROBLEM_HEADER},
        {"site.csv", "", "site.csv is empty", CP_PROBLEM_FILE},
        {"site.csv",
         "code,lat_deg,lon_deg,open_min,close_min\nS1,31,121,17:00,09:00\nS2,31,122,,\n",
         "field close_min: \"09:00\" must be after open_min", CP_PROBLEM_RULE},
        {"calendar.csv", "code,covered_from,covered_to\nCN,2026-02-29,2026-12-31\n",
         "\"2026-02-29\" must be a date", CP_PROBLEM_VALUE},
        {"calendar.csv", "code,covered_from,covered_to\nCN,2026-12-31,2026-01-01\n",
         "must not be before covered_from", CP_PROBLEM_RULE},
        {"history.csv", "point_code,day,flow,amount_minor\nA1,2026-11-20,withdrawal,-5\n",
         "\"-5\" must be a whole number of minor units from 0", CP_PROBLEM_VALUE},
        {"history.csv",
         "point_code,day,flow,amount_minor\nA1,2026-11-20,withdrawal,99999999999999999999\n",
         "must be a whole number of minor units", CP_PROBLEM_VALUE},
        {"history.csv", "point_code,day,flow,amount_minor\nA9,2026-11-20,withdrawal,5\n",
         "\"A9\" is no known point", CP_PROBLEM_UNKNOWN},
        {"travel_pair.csv", "from_code,to_code,seconds\nS1,V,100\nS1,X,100\n",
         "\"X\" is no known site or vault", CP_PROBLEM_UNKNOWN},
        {"setting.csv", "key,value\nhorizon_dais,14\n", "field key: \"horizon_dais\" is no known",
         CP_PROBLEM_RULE},
        {"setting.csv", "key,value\nhorizon_days,1000\n",
         "of the setting horizon_days must be a whole number from 1", CP_PROBLEM_RULE},
        {"point.csv", "code,site_code,kind,gln\nA1,S1,atm,4006381333932\nB1,S2,branch,\n",
         "right check digit", CP_PROBLEM_RULE},
        {"currency.csv", "code\nyuan\nCNY\n", "three capital letters", CP_PROBLEM_RULE},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        void *own = NULL;
        (void)store_setup(&own);
        store_toy *toy = own;
        cp_import_report *report = new_report(toy);
        store_bank(toy);
        store_file(toy, cases[i].file, cases[i].text);
        if (store_import(toy, NULL, report) != CP_E_INPUT) fail_msg("%s: taken", cases[i].words);
        if (!store_told(report, cases[i].words))
            fail_msg("\"%s\" instead of \"%s\"",
                     report->problems.n_shown > 0 ? report->problems.shown[0] : "nothing",
                     cases[i].words);
        if (report->problems.by_kind[cases[i].kind] < 1) fail_msg("%s: kind", cases[i].words);
        cp_error_clear(&toy->ctx);
        assert_int_equal(count(toy, "SELECT count(*) FROM point"), 0);
        assert_int_equal(count(toy, "SELECT count(*) FROM import_run"), 0);
        (void)store_teardown(&own);
    }
    (void)state;
}

/* One mistake, one message: rows that refer to a refused row are left in peace. */
static void a_refused_row_does_not_refuse_others(void **state)
{
    store_toy *toy = *state;
    cp_import_report *report = new_report(toy);
    store_bank(toy);
    store_file(toy, "site.csv", "code,lat_deg,lon_deg\nS1,abc,121\nS2,31,121\n");
    assert_int_equal(store_import(toy, NULL, report), CP_E_INPUT);
    assert_int_equal(cp_problems_count(&report->problems), 1);
    cp_error_clear(&toy->ctx);
}

/* Every error of a row and of its neighbours at once: nothing is left for a second try. */
static const struct {
    const char *name, *file, *text;
    int32_t n;
    const char *words[6];
} together[] = {
    {"a bad value and an unknown code",
     "site.csv",
     "code,lat_deg,lon_deg,vault_code\nS1,abc,121,W\nS2,31.2,121.2,\n",
     2,
     {"site.csv line 2, field lat_deg: \"abc\" must be", "field vault_code: \"W\" is no known"}},
    {"a bad key and an unknown code",
     "site.csv",
     "code,lat_deg,lon_deg,vault_code\n,31,121,W\nS1,31,122,\nS2,31,123,\n",
     2,
     {"line 2, field code: a value is missing", "line 2, field vault_code: \"W\" is no known"}},
    {"a key given twice, an unknown code in the second",
     "site.csv",
     "code,lat_deg,lon_deg,vault_code\nS1,31,121,\nS1,31,122,W\nS2,31,123,\n",
     2,
     {"line 3: the key \"S1\" is in site.csv line 2", "line 3, field vault_code: \"W\""}},
    {"a key given twice, a bad value in the first",
     "site.csv",
     "code,lat_deg,lon_deg\nS1,abc,121\nS1,31,122\nS2,31,123\n",
     2,
     {"line 2, field lat_deg: \"abc\"", "line 3: the key \"S1\" is in site.csv line 2"}},
    {"a key given twice, a bad value in the second",
     "site.csv",
     "code,lat_deg,lon_deg\nS1,31,121\nS1,abc,122\nS2,31,123\n",
     2,
     {"line 3, field lat_deg: \"abc\"", "line 3: the key \"S1\" is in site.csv line 2"}},
    {"two rules, a bad value and an unknown code",
     "site.csv",
     "code,lat_deg,lon_deg,vault_code,open_min,close_min,open2_min,close2_min,service_min\n"
     "S1,0,0,W,17:00,09:00,18:00,17:30,x\nS2,31,122,,,,,,\n",
     5,
     {"field lat_deg: \"0\" (0, 0) is no place", "field close_min: \"09:00\" must be after",
      "field close2_min: \"17:30\" must be after", "field service_min: \"x\" must be",
      "field vault_code: \"W\" is no known vault"}},
    {"a rule of a refused value is not asked",
     "site.csv",
     "code,lat_deg,lon_deg,open_min,close_min\nS1,31,121,noon,00:00\nS2,31,122,,\n",
     1,
     {"field open_min: \"noon\" must be"}},
    {"three codes of one row",
     "point.csv",
     "code,site_code,kind,owner_branch_code,calendar_code\nA1,S8,atm,B9,XX\nB1,S2,branch,,CN\n",
     3,
     {"field site_code: \"S8\"", "field owner_branch_code: \"B9\"",
      "field calendar_code: \"XX\" is no known calendar"}},
    {"a file whose every row has a bad key",
     "site.csv",
     "code,lat_deg,lon_deg,vault_code\n,31,121,W\n,x,121,\n",
     6,
     {"line 2, field code: a value is missing", "line 3, field code: a value is missing",
      "line 3, field lat_deg: \"x\"", "line 2, field vault_code: \"W\" is no known vault",
      "field site_code: \"S1\" is no known site", "field site_code: \"S2\" is no known site"}},
    {"a column of an unknown name",
     "site.csv",
     "code,lat_deg,longitude,vault_code\nS1,abc,121,W\nS2,31,121,\n",
     4,
     {"the column \"longitude\" is no field of site", "the field lon_deg is missing",
      "line 2, field lat_deg: \"abc\"", "line 2, field vault_code: \"W\""}},
    {"a column that is there twice",
     "site.csv",
     "code,lat_deg,lon_deg,lat_deg\nS1,91,191,91\nS2,31,121,31\n",
     2,
     {"the column \"lat_deg\" is there twice", "line 2, field lon_deg: \"191\""}},
    {"a history row with a bad amount of an unknown machine",
     "history.csv",
     "point_code,day,flow,amount_minor\nA9,2026-11-20,withdrawal,x\n",
     2,
     {"field amount_minor: \"x\"", "field point_code: \"A9\" is no known point"}},
    {"options of a slot whose row has a bad value",
     "cassette.csv",
     "point_code,slot,cassette_model_code,denomination_code,role,capacity_notes\n"
     "A1,1,M,CNY100,dispense,x\nA1,2,N,CNY100,dispense,-1\nB1,1,,CNY100,recycle,5000\n",
     2,
     {"cassette.csv line 2, field capacity_notes: \"x\"",
      "line 3, field cassette_model_code: \"N\" is no known cassette_model"}},
};

static void all_errors_of_a_row_are_told_together(void **state)
{
    for (int32_t i = 0; i < LEN(together); i++) {
        void *own = NULL;
        (void)store_setup(&own);
        store_toy *toy = own;
        cp_import_report *report = new_report(toy);
        store_bank(toy);
        store_file(toy, "tariff.csv", "item,valid_from,amount\nkm_minor,2026-01-01,300\n");
        store_file(toy, together[i].file, together[i].text);
        assert_int_equal(store_import(toy, NULL, report), CP_E_INPUT);
        for (int32_t w = 0; w < LEN(together[i].words) && together[i].words[w] != NULL; w++)
            if (!store_told(report, together[i].words[w]))
                fail_msg("%s: not told: %s", together[i].name, together[i].words[w]);
        if (cp_problems_count(&report->problems) != together[i].n)
            fail_msg("%s: %d problems instead of %d, the last \"%s\"", together[i].name,
                     (int)cp_problems_count(&report->problems), (int)together[i].n,
                     report->problems.shown[report->problems.n_shown - 1]);
        cp_error_clear(&toy->ctx);
        (void)store_teardown(&own);
    }
    (void)state;
}

/* A slot option is judged only by values that are right. */
static void options_of_refused_rows_are_left_in_peace(void **state)
{
    store_toy *toy = *state;
    cp_import_report *report = new_report(toy);
    store_bank(toy);
    store_file(toy, "point.csv",
               "code,site_code,kind,visit_kinds,service_days\nA1,S1,atm,swap,x\nB1,S2,branch,,\n");
    store_file(toy, "cassette.csv",
               "point_code,slot,cassette_model_code,denomination_code,role,capacity_notes\n"
               "A1,1,M,CNY100,dispense,x\nB1,1,,CNY100,recycle,5000\n");
    store_file(toy, "slot_option.csv", "point_code,slot,denomination_code\nA1,1,CNY100\n");
    assert_int_equal(store_import(toy, NULL, report), CP_E_INPUT);
    assert_true(store_told(report, "field service_days: \"x\""));
    assert_true(store_told(report, "field capacity_notes: \"x\""));
    assert_int_equal(cp_problems_count(&report->problems), 2);
    cp_error_clear(&toy->ctx);
}

static void the_first_hundred_are_shown_the_rest_is_counted(void **state)
{
    store_toy *toy = *state;
    cp_import_report *report = new_report(toy);
    char *text = cp_alloc(&toy->ctx, toy->ctx.run, 20000, 1);
    store_bank(toy);
    size_t used = (size_t)snprintf(text, 100, "point_code,day,flow,amount_minor\n");
    for (int i = 0; i < 250; i++)
        used += (size_t)snprintf(text + used, 100, "A1,2026-11-%02d,%s,x\n", i % 28 + 1,
                                 i % 2 == 0 ? "deposit" : "neither");
    store_file(toy, "history.csv", text);
    assert_int_equal(store_import(toy, NULL, report), CP_E_INPUT);
    assert_int_equal(report->problems.n_shown, 100);
    assert_int_equal(report->problems.by_kind[CP_PROBLEM_VALUE], 375);
    /* The 125 rows with a good key have 14 different days. */
    assert_int_equal(report->problems.by_kind[CP_PROBLEM_DUPLICATE], 111);
    assert_int_equal(cp_problems_count(&report->problems), 486);
    cp_error_clear(&toy->ctx);
}

static void files_of_a_bank_in_another_language(void **state)
{
    store_toy *toy = *state;
    cp_import_report *report = new_report(toy);
    store_bank(toy);
    store_file(toy, "site.csv", "code,lat_deg,lon_deg\nS0,31,121\n");
    store_file(toy, "filialen.csv",
               "\xEF\xBB\xBF"
               "Nr;Bank;Breite;L\xC3\xA4nge;Tresor;Name\r\n"
               "1;KB;31,5;121,25;V;\"Haupt; Stelle\"\r\n2;XB;1;1;V;fremd\r\n3;KB;31,6;121,5;;\r\n");
    store_file(toy, "automaten.csv", "Nr;Ort;Art\n7;1;GAA\n8;3;Filiale\n9;3;Sonst\n");
    store_file(toy, "umsatz.csv",
               "Nr;01.11.2026;02.11.2026;Summe\n7;1.234,50;;1234,5\n8;0,00;17;17\n");
    store_file(
        toy, "map.json",
        "{\"files\": [{\"file\": \"currency.csv\", \"entity\": \"currency\"},\n"
        " {\"file\": \"calendar.csv\", \"entity\": \"calendar\"},\n"
        " {\"file\": \"vault.csv\", \"entity\": \"vault\"},\n"
        " {\"file\": \"filialen.csv\", \"entity\": \"site\", \"decimal\": \",\",\n"
        "  \"columns\": {\"lat_deg\": \"Breite\", \"lon_deg\": \"L\xC3\xA4nge\",\n"
        "   \"vault_code\": \"Tresor\", \"name\": \"Name\"},\n"
        "  \"computed\": {\"code\": \"{Bank}-{Nr}\"}, \"defaults\": {\"vault_code\": \"V\"},\n"
        "  \"constants\": {\"service_min\": 11},\n"
        "  \"skip_if\": {\"column\": \"Bank\", \"not\": \"KB\"}},\n"
        " {\"file\": \"automaten.csv\", \"entity\": \"point\",\n"
        "  \"computed\": {\"code\": \"P{Nr}\", \"site_code\": \"KB-{Ort}\"},\n"
        "  \"columns\": {\"kind\": \"Art\"},\n"
        "  \"values\": {\"kind\": {\"GAA\": \"atm\", \"*\": \"branch\"}}},\n"
        " {\"file\": \"umsatz.csv\", \"entity\": \"history\", \"decimal\": \",\",\n"
        "  \"thousands\": \".\", \"money_units\": true,\n"
        "  \"computed\": {\"point_code\": \"P{Nr}\"}, \"constants\": {\"flow\": \"deposit\"},\n"
        "  \"wide\": {\"id\": \"Nr\", \"day_columns\": \"DD.MM.YYYY\"}}]}\n");
    if (store_import(toy, "map.json", report) != CP_OK)
        fail_msg("%s: %s", toy->ctx.error.text,
                 report->problems.n_shown > 0 ? report->problems.shown[0] : "");
    assert_int_equal(report->n_skipped, 1);
    assert_int_equal(count(toy, "SELECT count(*) FROM site WHERE code = 'KB-1' AND lat_deg = 31.5"
                                " AND lon_deg = 121.25 AND name = 'Haupt; Stelle'"
                                " AND service_min = 11"),
                     1);
    assert_int_equal(count(toy, "SELECT count(*) FROM site WHERE vault_code = 'V'"), 2);
    assert_int_equal(count(toy, "SELECT count(*) FROM point WHERE kind = 'branch'"), 2);
    assert_int_equal(count(toy, "SELECT count(*) FROM history"), 3);
    assert_int_equal(count(toy, "SELECT amount_minor FROM history WHERE point_code = 'P7' AND"
                                " day = '2026-11-01' AND flow = 'deposit'"),
                     123450);
}

static void a_dry_run_stores_nothing(void **state)
{
    store_toy *toy = *state;
    cp_import_report *report = new_report(toy);
    store_bank(toy);
    store_open(toy);
    const cp_import_options options = {.folder = toy->folder, .dry_run = true};
    assert_ok(&toy->ctx, cp_import(&toy->ctx, toy->db, &options, report));
    assert_int_equal(report->counts[CP_ENTITY_POINT].n_new, 2);
    assert_int_equal(count(toy, "SELECT count(*) FROM point"), 0);
}

static void equal_coordinates_are_told(void **state)
{
    store_toy *toy = *state;
    cp_import_report *report = new_report(toy);
    store_bank(toy);
    store_file(toy, "site.csv", "code,lat_deg,lon_deg\nS1,31,121\nS2,31,121\n");
    assert_ok(&toy->ctx, store_import(toy, NULL, report));
    assert_true(store_told(report, "sites S1 and S2 have the same coordinates"));
    store_file(toy, "setting.csv", "key,value\nmerge_equal_sites,0\n");
    assert_ok(&toy->ctx, store_import(toy, NULL, report));
    assert_true(store_told(report, "planned as two stops"));
}

static void amounts_in_units(void **state)
{
    static const struct {
        const char *text, *want;
        char decimal, thousands;
        int32_t exponent;
    } cases[] = {
        {"12", "1200", '.', 0, 2},
        {"12.3", "1230", '.', 0, 2},
        {"12.34", "1234", '.', 0, 2},
        {"12.340", "1234", '.', 0, 2},
        {"12.345", NULL, '.', 0, 2},
        {"-0.05", "-005", '.', 0, 2},
        {"1.234.567,8", "123456780", ',', '.', 2},
        {"7", "7", '.', 0, 0},
        {"7.0", "7", '.', 0, 0},
        {"7.5", NULL, '.', 0, 0},
        {"", NULL, '.', 0, 2},
        {".", NULL, '.', 0, 2},
        {"1e3", NULL, '.', 0, 2},
        {"1,5", NULL, '.', 0, 2},
        {"1.5.0", NULL, '.', 0, 2},
        {"99999999999999999999999999999999999", NULL, '.', 0, 2},
    };
    (void)state;
    for (int32_t i = 0; i < LEN(cases); i++) {
        char out[40];
        const bool good = cp_units_to_minor(cases[i].text, cases[i].decimal, cases[i].thousands,
                                            cases[i].exponent, out);
        if (good != (cases[i].want != NULL)) fail_msg("\"%s\"", cases[i].text);
        if (good) assert_string_equal(out, cases[i].want);
    }
}

static void dates_by_format(void **state)
{
    static const struct {
        const char *text, *format, *want;
    } cases[] = {
        {"24.11.2026", "DD.MM.YYYY", "2026-11-24"}, {"20261124", "YYYYMMDD", "2026-11-24"},
        {"11/24/2026", "MM/DD/YYYY", "2026-11-24"}, {"29.02.2024", "DD.MM.YYYY", "2024-02-29"},
        {"29.02.2023", "DD.MM.YYYY", NULL},         {"24.11.26", "DD.MM.YYYY", NULL},
        {"24.11.2026 ", "DD.MM.YYYY", NULL},        {"", "DD.MM.YYYY", NULL},
        {"32.01.2026", "DD.MM.YYYY", NULL},         {"2026", "YYYY", NULL},
    };
    (void)state;
    for (int32_t i = 0; i < LEN(cases); i++) {
        char out[16];
        if (cp_date_by_format(cases[i].text, cases[i].format, out) != (cases[i].want != NULL))
            fail_msg("\"%s\"", cases[i].text);
        if (cases[i].want != NULL) assert_string_equal(out, cases[i].want);
    }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)
    const struct CMUnitTest tests[] = {
        T(a_folder_is_read_and_read_again),
        T(a_column_that_is_not_given_keeps_its_value),
        cmocka_unit_test(every_problem_is_named),
        T(a_refused_row_does_not_refuse_others),
        cmocka_unit_test(all_errors_of_a_row_are_told_together),
        T(options_of_refused_rows_are_left_in_peace),
        T(the_first_hundred_are_shown_the_rest_is_counted),
        T(files_of_a_bank_in_another_language),
        T(a_dry_run_stores_nothing),
        T(equal_coordinates_are_told),
        cmocka_unit_test(amounts_in_units),
        cmocka_unit_test(dates_by_format),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

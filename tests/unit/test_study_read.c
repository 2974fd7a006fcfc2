/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "data/json/study_read.h"
#include "tests/check.h"
#include "tests/unit/net_bank.h"

static cp_status parse(cp_ctx *ctx, const char *text, cp_json_in *faults, cp_study **s)
{
    cp_rows rows;
    bank_rows(ctx, &rows);
    bank_set(ctx, &rows.vault[0], CP_ENTITY_VAULT, "status", "candidate"); /* V-2 */
    bank_set(ctx, &rows.vault[1], CP_ENTITY_VAULT, "fixed_minor_per_day", "1000");
    bank_set(ctx, &rows.vault[0], CP_ENTITY_VAULT, "fixed_minor_per_day", "700");
    bank_set(ctx, &rows.vault[1], CP_ENTITY_VAULT, "sort_notes_per_day", "500");
    bank_set(ctx, &rows.site[0], CP_ENTITY_SITE, "district", "East");
    return cp_study_read(ctx, text, strlen(text), "s.json", bank_build(ctx, &rows), faults, s);
}

#define STUDY(text) "{\"schema\": \"cashplan.study/1\", \"name\": \"n\", " text "}"
#define ONE(text) STUDY("\"scenarios\": [{\"name\": \"a\", \"changes\": [{" text "}]}]")

/* Each document has one fault (or as many as told), the first at this path, with these words. */
static const struct {
    const char *text, *path, *words;
    int32_t n;
} refused[] = {
    {"{\n\"name\": }", "", "line 2: not valid JSON", 1},
    {"[]", "", "must be an object", 1},
    {"{\"schema\": \"cashplan.study/1\"}", "name", "is missing", 1},
    {"{\"schema\": \"x\", \"name\": \"n\"}", "schema", "cashplan.study/1", 1},
    {STUDY("\"nam\": 1"), "nam", "is not a known key; known are", 1},
    {STUDY("\"objective\": \"gravity\""), "objective", "must be one of cost|mean_time", 1},
    {STUDY("\"robust\": 1"), "robust", "must be true or false", 1},
    {STUDY("\"least\": -1"), "least", "a whole number from 0", 1},
    {STUDY("\"least\": 3"), "least", "must not be above most", 1},
    {STUDY("\"radius\": {\"minutes\": 0}"), "radius.minutes", "a number from 0.01", 1},
    {STUDY("\"radius\": {\"minutes\": 9, \"extra_pct\": 5}"), "radius.extra_pct", "wish", 1},
    {STUDY("\"reserve\": {}"), "reserve", "must give minutes or km", 1},
    {STUDY("\"coverage\": {\"minutes\": 3}"), "coverage.floor_pct", "is missing", 1},
    {STUDY("\"coverage\": {\"floor_pct\": 3}"), "coverage", "must give minutes or km", 1},
    {STUDY("\"balance\": {\"ratio\": 0.5}"), "balance.ratio", "from 1", 1},
    {STUDY("\"vaults\": [{\"code\": \"V-9\"}]"), "vaults[0].code", "must be the code of a vault",
     1},
    {STUDY("\"vaults\": [{\"code\": \"V-1\"}, {\"code\": \"V-1\"}]"), "vaults[1].code", "only once",
     1},
    {STUDY("\"vaults\": [{\"code\": \"V-2\", \"upgrade_minor\": 1}]"), "vaults[0].upgrade_minor",
     "runs today", 1},
    {STUDY("\"candidates\": {\"places\": [{\"code\": \"S-1\", \"location\": [117, 30]}]}"),
     "candidates.places[0].code", "a code of its own", 1},
    {STUDY("\"candidates\": {\"places\": [{\"code\": \"P\"}]}"), "candidates.places[0].location",
     "is missing", 1},
    {STUDY("\"candidates\": {\"like\": \"V-8\", \"clusters\": 1}"), "candidates.like",
     "must be the code of a vault", 1},
    {STUDY("\"candidates\": {\"road_nodes\": 1}"), "candidates.road_nodes", "has none", 1},
    {STUDY("\"sizes\": [{\"name\": \"s\"}]"), "sizes[0].run_minor_per_year", "is missing", 1},
    {STUDY("\"sizes\": [{\"name\": \"s\", \"run_minor_per_year\": 1, \"vaults\": [\"X\"]}]"),
     "sizes[0].vaults[0]", "must be the code", 1},
    {STUDY("\"groups\": [{\"vaults\": [\"V-1\", \"V-1\"]}]"), "groups[0].vaults[1]", "only once",
     1},
    {STUDY("\"groups\": [{\"vaults\": [\"V-1\"], \"least\": 2}]"), "groups[0].least", "above most",
     1},
    {STUDY("\"periods\": [{\"years\": 1}]"), "periods[0].name", "is missing", 1},
    {STUDY("\"what_ifs\": [{\"name\": \"w\", \"weight\": 1, \"outage\": [\"Q\"]}]"),
     "what_ifs[0].outage[0]", "must be the code", 1},
    {STUDY("\"what_ifs\": [{\"name\": \"w\", \"weight\": 1, \"growth\": [{\"pct\": 3, "
           "\"district\": \"North\"}]}]"),
     "what_ifs[0].growth[0].district", "must be the district", 1},
    {STUDY("\"objective\": \"covered\""), "most", "how many vaults", 2},
    {STUDY("\"objective\": \"fewest\", \"radius\": {\"km\": 3, \"rule\": \"wish\"}"), "radius.rule",
     "must be \"must\"", 1},
    {STUDY("\"objective\": \"mean_time\", \"most\": 1, \"service\": \"split\""), "service",
     "must be single", 1},
    {STUDY("\"objective\": \"mean_time\", \"most\": 1, \"periods\": [{\"name\": \"a\"}, {\"name\": "
           "\"b\"}]"),
     "periods", "one at most", 1},
    {STUDY("\"scenarios\": [{\"name\": \"base\", \"changes\": []}]"), "scenarios[0].name",
     "a name of its own", 1},
    {STUDY("\"scenarios\": [{\"name\": \"a,b\", \"changes\": []}]"), "scenarios[0].name",
     "no comma", 1},
    {STUDY("\"scenarios\": [{\"name\": \"a\", \"base\": \"b\", \"changes\": []}]"),
     "scenarios[0].base", "a scenario above", 1},
    {ONE("\"do\": \"sell\""), "scenarios[0].changes[0].do", "must be one of open|close", 1},
    {ONE("\"do\": \"open\""), "scenarios[0].changes[0].vault", "is missing", 1},
    {ONE("\"do\": \"open\", \"vault\": \"V-1\", \"pct\": 3"), "scenarios[0].changes[0].pct",
     "does not belong", 1},
    {ONE("\"do\": \"open\", \"vault\": \"V-7\""), "scenarios[0].changes[0].vault",
     "must be the code", 1},
    {ONE("\"do\": \"move\", \"vault\": \"V-1\""), "scenarios[0].changes[0].to", "is missing", 1},
    {ONE("\"do\": \"move\", \"vault\": \"V-1\", \"to\": [1]"), "scenarios[0].changes[0].to",
     "must be [longitude, latitude]", 2},
    {ONE("\"do\": \"radius\""), "scenarios[0].changes[0]", "must give a radius", 1},
    {ONE("\"do\": \"radius\", \"km\": 3, \"none\": true"), "scenarios[0].changes[0]",
     "must give a radius", 1},
    {ONE("\"do\": \"capacity\", \"vault\": \"V-1\""), "scenarios[0].changes[0].factor",
     "is missing", 1},
    {ONE("\"do\": \"tariff\", \"item\": \"gold\", \"factor\": 2"), "scenarios[0].changes[0].item",
     "an item of the tariff", 1},
    {ONE("\"do\": \"tariff\", \"item\": \"km_minor\""), "scenarios[0].changes[0]",
     "factor or value", 1},
    {ONE("\"do\": \"run_cost\", \"factor\": 2, \"value\": 3"), "scenarios[0].changes[0]",
     "factor or value", 1},
    {ONE("\"do\": \"demand\""), "scenarios[0].changes[0].pct", "is missing", 1},
    {ONE("\"do\": \"demand\", \"pct\": 1, \"site\": \"S-99\""), "scenarios[0].changes[0].site",
     "a site of the database", 1},
    {ONE("\"do\": \"count\""), "scenarios[0].changes[0]", "least or most", 1},
    {ONE("\"do\": \"count\", \"least\": 9"), "scenarios[0].changes", "least above most", 1},
    {STUDY("\"curves\": [{\"of\": \"radius_min\", \"from\": 0, \"to\": 9, \"points\": 3}]"),
     "curves[0].from", "above 0", 1},
    {STUDY("\"curves\": [{\"of\": \"rent_pct\", \"from\": 9, \"to\": 9, \"points\": 3}]"),
     "curves[0].to", "above from", 1},
    {STUDY("\"curves\": [{\"of\": \"rent_pct\", \"from\": 0, \"to\": 9, \"points\": 1}]"),
     "curves[0].points", "from 2", 1},
};

static void test_every_fault_is_told(void **state)
{
    for (int32_t i = 0; i < LEN(refused); i++) {
        cp_json_in faults;
        cp_study *s = NULL;
        const cp_status st = parse(*state, refused[i].text, &faults, &s);
        if (st != CP_E_INPUT || faults.n_faults != refused[i].n ||
            strcmp(faults.faults[0].path, refused[i].path) != 0 ||
            strstr(faults.faults[0].rule, refused[i].words) == NULL)
            fail_msg("%s: %d faults, the first %s: %s", refused[i].text, (int)faults.n_faults,
                     faults.n_faults > 0 ? faults.faults[0].path : "-",
                     faults.n_faults > 0 ? faults.faults[0].rule : "-");
        assert_non_null(strstr(((cp_ctx *)*state)->error.text, "s.json"));
        cp_error_clear(*state);
    }
}

static void test_all_faults_in_one_go(void **state)
{
    cp_ctx *ctx = *state;
    cp_json_in faults;
    cp_study *s = NULL;
    assert_fails(ctx, CP_E_INPUT,
                 parse(ctx,
                       STUDY("\"robust\": 3, \"least\": 9, \"vaults\": [{\"code\": \"V-9\"}], "
                             "\"scenarios\": [{\"name\": \"a\", \"changes\": [{\"do\": \"close\", "
                             "\"vault\": \"V-3\"}, {\"do\": \"count\"}]}]"),
                       &faults, &s));
    assert_int_equal(faults.n_faults, 5);
}

static void test_whole_study(void **state)
{
    cp_ctx *ctx = *state;
    cp_json_in faults;
    cp_study *s = NULL;
    assert_ok(
        ctx,
        parse(
            ctx,
            STUDY("\"radius\": {\"minutes\": 1.5, \"km\": 2, \"rule\": \"wish\"}, \"candidates\": "
                  "{\"clusters\": 2, \"begin_minor\": 50, \"places\": [{\"code\": \"P\", "
                  "\"location\": [117.6, 30.8], \"run_minor_per_year\": 9}]}, \"sizes\": "
                  "[{\"name\": \"big\", \"run_minor_per_year\": 100, \"begin_minor\": 7, "
                  "\"stops_per_day\": 4, \"vaults\": [\"V-1\", \"P\"]}], \"vaults\": [{\"code\": "
                  "\"V-1\", \"upgrade_minor\": 5, \"end_minor\": 3, \"must\": \"run\"}], "
                  "\"what_ifs\": [{\"name\": \"u\", \"weight\": 3}, {\"name\": \"o\", "
                  "\"weight\": 1, \"outage\": [\"V-1\"], \"growth\": [{\"pct\": 10, "
                  "\"district\": \"East\"}]}], \"scenarios\": [{\"name\": \"m\", \"changes\": "
                  "[{\"do\": \"move\", \"vault\": \"V-1\", \"to\": [117, 30], \"once_minor\": "
                  "11}]}, {\"name\": \"m2\", \"base\": \"m\", \"changes\": [{\"do\": \"close\", "
                  "\"vault\": \"V-1\"}]}]"),
            &faults, &s));
    /* V-1, V-2, P, two clusters, the moved vault */
    assert_int_equal(s->n_sites, 6);
    assert_string_equal(s->sites[4].place.code, "CL-02");
    assert_string_equal(s->sites[5].place.code, "V-1@m");
    assert_int_equal(s->sites[5].scenario, 1);
    assert_int_equal(s->sites[0].must, CP_STUDY_RUNS);
    assert_int_equal(s->sites[0].end, 3);
    assert_int_equal(s->radius.seconds, 90);
    assert_int_equal(s->radius.metres, 2000);
    assert_true(s->radius_wish);
    /* today, big | standard | big | standard x 2 | today, big at the place moved to */
    assert_int_equal(s->n_sizes, 8);
    assert_true(s->sizes[0].now);
    assert_int_equal(s->sizes[0].run, 365000);
    assert_true(isinf(s->sizes[0].room[CP_STUDY_STOPS]));
    assert_true(s->sizes[0].room[CP_STUDY_NOTES] == 500);
    assert_int_equal(s->sizes[1].begin, 12); /* 7 and the upgrade */
    assert_int_equal(s->sizes[2].run, 700 * 365);
    assert_int_equal(s->sizes[2].begin, 50);
    assert_int_equal(s->sizes[3].run, 109); /* the size and the place's own */
    assert_int_equal(s->sizes[3].begin, 57);
    assert_int_equal(s->sizes[7].site, 5);
    assert_int_equal(s->sizes[7].begin, 11);
    assert_false(s->sizes[6].now);
    assert_true(fabs(s->what_ifs[0].weight - 0.75) < 1e-12);
    assert_int_equal(s->what_ifs[1].out[0], 0);
    assert_int_equal(s->n_cases, 3);
    assert_int_equal(s->cases[2].n_changes, 2);
    assert_int_equal(s->cases[2].changes[1].site, 5); /* where it stands after the move */
    assert_string_equal(s->cases[2].base, "m");
    int32_t *first = NULL;
    assert_ok(ctx, cp_study_size_index(ctx, s, &first));
    assert_int_equal(first[0], 0);
    assert_int_equal(first[1], 2);
    assert_int_equal(first[6], 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_fault_is_told, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_all_faults_in_one_go, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_whole_study, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

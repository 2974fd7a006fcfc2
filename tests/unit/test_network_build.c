/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "models/base/rng.h"
#include "models/net/network_build.h"
#include "tests/check.h"
#include "tests/unit/net_bank.h"

static int setup(void **state)
{
    cp_ctx *ctx = test_malloc(sizeof *ctx);
    *state = ctx;
    return cp_ctx_init(ctx) == CP_OK ? 0 : -1;
}

static int teardown(void **state)
{
    cp_ctx_done(*state);
    test_free(*state);
    return 0;
}

static void shuffle(cp_ctx *ctx, cp_rows *rows, uint64_t seed)
{
    cp_rng rng = cp_rng_new(seed, 0);
    for (int32_t e = 0; e < CP_N_ENTITIES; e++) {
        const size_t size = cp_entities[e].row_size;
        char *array = *cp_rows_array(rows, &cp_entities[e]);
        char *held = cp_alloc(ctx, ctx->run, 1, size);
        for (int32_t i = *cp_rows_count(rows, &cp_entities[e]) - 1; i > 0; i--) {
            const uint32_t j = cp_rng_below(&rng, (uint32_t)i + 1);
            memcpy(held, array + (size_t)i * size, size);
            memcpy(array + (size_t)i * size, array + j * size, size);
            memcpy(array + j * size, held, size);
        }
    }
}

static void same_rows(cp_ctx *ctx, const cp_network *a, const cp_network *b)
{
    cp_rows x = a->rows, y = b->rows;
    for (int32_t e = 0; e < CP_N_ENTITIES; e++) {
        const cp_entity *entity = &cp_entities[e];
        assert_int_equal(*cp_rows_count(&x, entity), *cp_rows_count(&y, entity));
        for (int32_t i = 0; i < *cp_rows_count(&x, entity); i++)
            for (int32_t f = 0; f < entity->n_fields; f++) {
                const size_t at = (size_t)i * entity->row_size;
                assert_string_equal(cp_field_text(ctx, ctx->run, &entity->fields[f],
                                                  (char *)*cp_rows_array(&x, entity) + at),
                                    cp_field_text(ctx, ctx->run, &entity->fields[f],
                                                  (char *)*cp_rows_array(&y, entity) + at));
            }
    }
}

static void shuffled_rows_give_the_same_network(void **state)
{
    cp_ctx *ctx = *state;
    cp_rows rows;
    bank_rows(ctx, &rows);
    cp_network *a = NULL;
    cp_day *days_a = NULL;
    assert_ok(ctx, cp_network_build(ctx, &rows, BANK_DAY, 0, &a, &days_a));
    for (uint64_t seed = 1; seed <= 20; seed++) {
        shuffle(ctx, &rows, seed);
        cp_network *b = NULL;
        cp_day *days_b = NULL;
        assert_ok(ctx, cp_network_build(ctx, &rows, BANK_DAY, 0, &b, &days_b));
        same_rows(ctx, a, b);
        assert_int_equal(a->n_channels, b->n_channels);
        assert_memory_equal(a->channels, b->channels, (size_t)a->n_channels * sizeof *a->channels);
        assert_memory_equal(days_a, days_b, (size_t)a->n_points * sizeof *days_a);
        for (int32_t p = 0; p < a->n_points; p++)
            assert_int_equal(a->points[p].site, b->points[p].site);
        for (int32_t i = 0; i < a->travel.n; i++)
            for (int32_t j = 0; j < a->travel.n; j++)
                assert_int_equal(cp_travel_s(a, i, j), cp_travel_s(b, i, j));
    }
}

static void everything_is_sorted_and_points_at_its_own(void **state)
{
    cp_ctx *ctx = *state;
    cp_rows rows;
    bank_rows(ctx, &rows);
    cp_network *net = NULL;
    assert_ok(ctx, cp_network_build(ctx, &rows, BANK_DAY, 7, &net, NULL));
    assert_int_equal(net->n_days, 7);
    for (int32_t i = 0; i < net->n_sites; i++) {
        const cp_site *s = &net->sites[i];
        if (i > 0) assert_true(strcmp(net->sites[i - 1].code, s->code) < 0);
        assert_string_equal(net->vaults[s->vault].code, s->vault_code);
        for (int32_t p = s->first_point; p < s->first_point + s->n_points; p++)
            assert_int_equal(net->points[p].site, i);
    }
    for (int32_t p = 0; p < net->n_points; p++) {
        const cp_point *q = &net->points[p];
        assert_string_equal(net->sites[q->site].code, q->site_code);
        if (p > 0 && net->points[p - 1].site == q->site)
            assert_true(strcmp(net->points[p - 1].code, q->code) < 0);
        for (int32_t c = q->first_cassette; c < q->first_cassette + q->n_cassettes; c++) {
            assert_string_equal(net->cassettes[c].point_code, q->code);
            if (c > q->first_cassette)
                assert_true(net->cassettes[c - 1].slot < net->cassettes[c].slot);
        }
        for (int32_t c = q->first_channel; c < q->first_channel + q->n_channels; c++)
            assert_int_equal(net->channels[c].point, p);
    }
    for (int32_t c = 1; c < net->n_cars; c++)
        assert_true(net->cars[c - 1].vault <= net->cars[c].vault);
}

static int32_t point_of(const cp_network *net, const char *code)
{
    for (int32_t p = 0; p < net->n_points; p++)
        if (strcmp(net->points[p].code, code) == 0) return p;
    fail_msg("no point %s", code);
    return -1;
}

static void channels_sum_their_cassettes(void **state)
{
    cp_ctx *ctx = *state;
    cp_rows rows;
    bank_rows(ctx, &rows);
    void *reject = bank_add(ctx, &rows, CP_ENTITY_CASSETTE, 1);
    bank_set(ctx, reject, CP_ENTITY_CASSETTE, "point_code", "A-1");
    bank_set(ctx, reject, CP_ENTITY_CASSETTE, "slot", "9");
    bank_set(ctx, reject, CP_ENTITY_CASSETTE, "denomination_code", "CNY100");
    bank_set(ctx, reject, CP_ENTITY_CASSETTE, "role", "reject");
    cp_network *net = NULL;
    assert_ok(ctx, cp_network_build(ctx, &rows, BANK_DAY, 0, &net, NULL));
    const cp_point *a1 = &net->points[point_of(net, "A-1")];
    assert_int_equal(a1->n_cassettes, 4);
    assert_int_equal(a1->n_channels, 2);
    const cp_channel *big = &net->channels[a1->first_channel];
    assert_string_equal(net->denoms[big->denomination].code, "CNY100");
    assert_int_equal(big->capacity_notes, 4000); /* 2 x 2,500 x 0.8 */
    assert_int_equal(big->n_cassettes, 2);
    assert_int_equal(big->balance_notes,
                     700 + 1500); /* slot 1 of 23 November, slot 2 of the 20th */
    assert_int_equal(big->value_minor, 10000);
    assert_int_equal(big->share_ppm, -1);
    const cp_point *b1 = &net->points[point_of(net, "B-1")];
    assert_int_equal(b1->n_channels, 2);
    assert_int_equal(net->channels[b1->first_channel].n_cassettes, 0);
    assert_int_equal(net->channels[b1->first_channel].cassette_model, -1);
}

static void balances_are_those_of_the_evening_before(void **state)
{
    cp_ctx *ctx = *state;
    cp_rows rows;
    bank_rows(ctx, &rows);
    cp_network *net = NULL;
    cp_day *day = NULL;
    assert_ok(ctx, cp_network_build(ctx, &rows, BANK_DAY, 0, &net, &day));
    /* Slot 2 was last seen on the 20th: that is the evening the machine's balances are of. */
    assert_int_equal(day[point_of(net, "A-1")], cp_day_of(2026, 11, 20));
    assert_int_equal(day[point_of(net, "A-2")], CP_DAY_NONE);
}

static void equal_places_become_one_site(void **state)
{
    cp_ctx *ctx = *state;
    cp_rows rows;
    bank_rows(ctx, &rows);
    cp_site *twin = bank_add(ctx, &rows, CP_ENTITY_SITE, 1);
    for (int32_t i = 0; i + 1 < rows.n_site; i++)
        if (strcmp(rows.site[i].code, "S-3") == 0) *twin = rows.site[i];
    twin->code = "S-9";
    twin->service_min = 15;
    twin->open_min = 600;
    for (int32_t p = 0; p < rows.n_point; p++)
        if (strcmp(rows.point[p].code, "A-5") == 0) rows.point[p].site_code = "S-9";
    cp_network *net = NULL;
    assert_ok(ctx, cp_network_build(ctx, &rows, BANK_DAY, 0, &net, NULL));
    assert_int_equal(net->n_sites, 5);
    const cp_point *a5 = &net->points[point_of(net, "A-5")];
    assert_string_equal(net->sites[a5->site].code, "S-3");
    assert_int_equal(net->sites[a5->site].n_points, 4);
    assert_int_equal(net->sites[a5->site].service_min, 15);
    assert_int_equal(net->sites[a5->site].open_min, 600);

    /* A travel pair that names the merged site means the site it became. */
    cp_travel_pair *pair = bank_add(ctx, &rows, CP_ENTITY_TRAVEL_PAIR, 1);
    *pair = (cp_travel_pair){"S-9", "V-1", 777, 5000, false};
    assert_ok(ctx, cp_network_build(ctx, &rows, BANK_DAY, 0, &net, NULL));
    assert_int_equal(cp_travel_s(net, net->points[point_of(net, "A-5")].site, net->n_sites), 777);
    rows.n_travel_pair = 0;

    /* Windows without a common minute cannot be one stop. */
    for (int32_t i = 0; i < rows.n_site; i++)
        if (strcmp(rows.site[i].code, "S-9") == 0) {
            rows.site[i].open_min = 1100;
            rows.site[i].close_min = 1200;
        }
    assert_ok(ctx, cp_network_build(ctx, &rows, BANK_DAY, 0, &net, NULL));
    assert_int_equal(net->n_sites, 6);

    cp_setting_row *setting = bank_add(ctx, &rows, CP_ENTITY_SETTING, 1);
    *setting = (cp_setting_row){"merge_equal_sites", "0"};
    for (int32_t i = 0; i < rows.n_site; i++)
        if (strcmp(rows.site[i].code, "S-9") == 0) rows.site[i].open_min = 600;
    assert_ok(ctx, cp_network_build(ctx, &rows, BANK_DAY, 0, &net, NULL));
    assert_int_equal(net->n_sites, 6);
}

static void a_site_without_vault_goes_to_the_nearest(void **state)
{
    cp_ctx *ctx = *state;
    cp_rows rows;
    bank_rows(ctx, &rows);
    for (int32_t i = 0; i < rows.n_site; i++)
        rows.site[i].vault_code = "";
    cp_network *net = NULL;
    assert_ok(ctx, cp_network_build(ctx, &rows, BANK_DAY, 0, &net, NULL));
    const char *want[] = {"V-1", "V-2", "V-1", "V-2", "V-1"};
    for (int32_t i = 0; i < net->n_sites; i++)
        assert_string_equal(net->sites[i].vault_code, want[i]);
}

static void refusals_name_the_thing(void **state)
{
    cp_ctx *ctx = *state;
    const struct {
        const char *name;
        cp_entity_id entity;
        const char *field, *text; /* set in the first row of the entity */
        const char *words;
    } cases[] = {
        {"unknown vault", CP_ENTITY_CAR, "vault_code", "V-9",
         "car C-3: vault_code 'V-9' is no vault"},
        {"unknown site", CP_ENTITY_POINT, "site_code", "S-99",
         "point B-1: site_code 'S-99' is no site"},
        {"unknown owner", CP_ENTITY_POINT, "owner_branch_code", "B-9",
         "point B-1: owner_branch_code 'B-9' is no point"},
        {"unknown calendar", CP_ENTITY_POINT, "calendar_code", "XX", "'XX' is no calendar"},
        {"unknown note", CP_ENTITY_CASSETTE, "denomination_code", "CNY7",
         "cassette A-1 3: denomination_code 'CNY7' is no denomination"},
        {"unknown machine", CP_ENTITY_BALANCE, "point_code", "A-77", "'A-77' is no point"},
        {"code given twice", CP_ENTITY_SITE, "code", "S-1", "site S-1: given twice"},
        {"slot given twice", CP_ENTITY_CASSETTE, "slot", "1", "cassette A-1 1: given twice"},
        {"balance of no slot", CP_ENTITY_BALANCE, "slot", "8",
         "balance A-1 slot 8: the point has no such slot"},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_rows rows;
        bank_rows(ctx, &rows);
        bank_set(ctx, *cp_rows_array(&rows, &cp_entities[cases[i].entity]), cases[i].entity,
                 cases[i].field, cases[i].text);
        cp_network *net = NULL;
        assert_int_equal(cp_network_build(ctx, &rows, BANK_DAY, 0, &net, NULL), CP_E_INPUT);
        if (strstr(ctx->error.text, cases[i].words) == NULL)
            fail_msg("%s: '%s' is not in '%s'", cases[i].name, cases[i].words, ctx->error.text);
        assert_null(net);
        cp_error_clear(ctx);
    }
}

static void cassette_without_model_or_capacity_is_refused(void **state)
{
    cp_ctx *ctx = *state;
    cp_rows rows;
    bank_rows(ctx, &rows);
    rows.cassette[0].cassette_model_code = "";
    cp_network *net = NULL;
    assert_int_equal(cp_network_build(ctx, &rows, BANK_DAY, 0, &net, NULL), CP_E_INPUT);
    assert_non_null(strstr(ctx->error.text, "cassette A-1 slot 3: neither capacity_notes nor a"));
    cp_error_clear(ctx);
}

static void two_currencies_are_refused(void **state)
{
    cp_ctx *ctx = *state;
    cp_rows rows;
    bank_rows(ctx, &rows);
    cp_currency *euro = bank_add(ctx, &rows, CP_ENTITY_CURRENCY, 1);
    euro->code = "EUR";
    for (int32_t d = 0; d < rows.n_denomination; d++)
        if (strcmp(rows.denomination[d].code, "CNY50") == 0)
            rows.denomination[d].currency_code = "EUR";
    cp_network *net = NULL;
    assert_int_equal(cp_network_build(ctx, &rows, BANK_DAY, 0, &net, NULL), CP_E_INPUT);
    assert_non_null(strstr(ctx->error.text, "a plan is made in one currency"));
    cp_error_clear(ctx);
}

static void many_problems_are_told_and_counted(void **state)
{
    cp_ctx *ctx = *state;
    cp_rows rows;
    bank_rows(ctx, &rows);
    cp_balance *bad = bank_add(ctx, &rows, CP_ENTITY_BALANCE, 250);
    for (int32_t i = 0; i < 250; i++) {
        char code[16];
        snprintf(code, sizeof code, "X-%03d", (int)i);
        bad[i].point_code = cp_strdup(ctx, ctx->run, code);
        bad[i].day = BANK_DAY - 1;
        bad[i].slot = 1;
    }
    cp_network *net = NULL;
    assert_int_equal(cp_network_build(ctx, &rows, BANK_DAY, 0, &net, NULL), CP_E_INPUT);
    assert_ptr_equal(strstr(ctx->error.text, "250 problems: "), ctx->error.text);
    assert_non_null(strstr(ctx->error.text, "X-000"));
    assert_non_null(strstr(ctx->error.text, "; and "));
    assert_non_null(strstr(ctx->error.text, " more"));
    cp_error_clear(ctx);
}

static void memory_that_runs_out_is_told(void **state)
{
    cp_ctx *ctx = *state;
    cp_rows rows;
    bank_rows(ctx, &rows);
    int32_t failed = 0;
    for (long k = 1; k < 2000; k++) {
        cp_ctx own;
        assert_int_equal(cp_ctx_init(&own), CP_OK);
        cp_network *net = NULL;
        cp_arena_fail_at(k);
        const cp_status st = cp_network_build(&own, &rows, BANK_DAY, 0, &net, NULL);
        cp_arena_fail_at(0);
        cp_ctx_done(&own);
        if (st == CP_OK) break;
        assert_int_equal(st, CP_E_NOMEM);
        failed++;
    }
    assert_true(failed > 20 && failed < 1999);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(shuffled_rows_give_the_same_network),
        TEST(everything_is_sorted_and_points_at_its_own),
        TEST(channels_sum_their_cassettes),
        TEST(balances_are_those_of_the_evening_before),
        TEST(equal_places_become_one_site),
        TEST(a_site_without_vault_goes_to_the_nearest),
        TEST(refusals_name_the_thing),
        TEST(cassette_without_model_or_capacity_is_refused),
        TEST(two_currencies_are_refused),
        TEST(many_problems_are_told_and_counted),
        TEST(memory_that_runs_out_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

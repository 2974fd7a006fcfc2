/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/network_store.h"

#include <string.h>

#include "data/store/history_store.h"
#include "data/store/sql.h"
#include "models/net/network_build.h"
#include "models/sample/generate.h"
#include "tests/unit/store_toy.h"

/* A generated bank: rows of every shape the generator knows. */
static void make_bank(store_toy *toy, cp_rows *rows, cp_history_row **history, int64_t *n)
{
    cp_generate_opts opts = cp_generate_defaults();
    static const cp_calendar_day holidays[1] = {{"CAL", 20454, CP_DAY_OFF, "New Year", -1}};
    opts.n_points = 30;
    opts.first_day = cp_day_of(2026, 11, 24);
    opts.history_days = 40;
    opts.roads = true;
    opts.calendar =
        (cp_calendar){"CAL", "Test calendar", cp_day_of(2024, 1, 1), cp_day_of(2028, 12, 31), 96};
    opts.days = holidays;
    opts.n_days = 1;
    assert_ok(&toy->ctx, cp_generate(&toy->ctx, &opts, rows, history, n));
}

static void what_is_saved_is_loaded(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    cp_rows rows, first, second;
    cp_history_row *history = NULL;
    int64_t n = 0;
    cp_save_counts counts[CP_N_ENTITIES];
    make_bank(toy, &rows, &history, &n);
    store_open(toy);
    assert_ok(ctx, cp_network_save(ctx, toy->db, &rows, "test", counts));
    assert_int_equal(counts[CP_ENTITY_POINT].n_new, rows.n_point);
    assert_int_equal(counts[CP_ENTITY_ROAD_LINK].n_new, rows.n_road_link);
    assert_ok(ctx, cp_network_load(ctx, toy->db, &first));
    /* Loaded rows are in order of key: saving and loading them once more changes nothing. */
    assert_ok(ctx, cp_network_save(ctx, toy->db, &first, "test", counts));
    for (int32_t e = 0; e < CP_N_ENTITIES; e++) {
        assert_int_equal(counts[e].n_new + counts[e].n_changed, 0);
        assert_int_equal(counts[e].n_equal, *cp_rows_count(&first, &cp_entities[e]));
        assert_int_equal(*cp_rows_count(&first, &cp_entities[e]),
                         *cp_rows_count(&rows, &cp_entities[e]));
    }
    assert_ok(ctx, cp_network_load(ctx, toy->db, &second));
    assert_true(cp_rows_hash(&first) == cp_rows_hash(&second));
    assert_true(first.n_site == 0 || first.site[0].vault == -1);
}

static void a_change_is_an_update_and_recorded(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    cp_rows rows, loaded;
    cp_history_row *history = NULL;
    int64_t n = 0;
    cp_save_counts counts[CP_N_ENTITIES];
    make_bank(toy, &rows, &history, &n);
    store_open(toy);
    assert_ok(ctx, cp_network_save(ctx, toy->db, &rows, "test", NULL));
    const uint64_t before = cp_rows_hash(&rows);
    rows.site[0].service_min += 3;
    rows.point[1].latest_day = cp_day_of(2027, 1, 1);
    rows.n_road_link--;
    assert_true(cp_rows_hash(&rows) != before);
    assert_ok(ctx, cp_network_save(ctx, toy->db, &rows, "test", counts));
    assert_int_equal(counts[CP_ENTITY_SITE].n_changed, 1);
    assert_int_equal(counts[CP_ENTITY_POINT].n_changed, 1);
    assert_int_equal(counts[CP_ENTITY_POINT].n_equal, rows.n_point - 1);
    assert_int_equal(counts[CP_ENTITY_ROAD_LINK].n_new, rows.n_road_link);
    assert_ok(ctx, cp_network_load(ctx, toy->db, &loaded));
    assert_int_equal(loaded.n_road_link, rows.n_road_link);
    int64_t found = 0;
    assert_ok(ctx, cp_sql_int(ctx, toy->db,
                              "SELECT count(*) FROM import_change WHERE table_name = 'point' AND"
                              " field = 'latest_day' AND old_value IS NULL AND"
                              " new_value = '2027-01-01'",
                              &found));
    assert_int_equal(found, 1);
}

static void bad_rows_are_refused_whole(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    cp_rows rows, loaded;
    cp_history_row *history = NULL;
    int64_t n = 0;
    make_bank(toy, &rows, &history, &n);
    store_open(toy);
    rows.point[0].site_code = "NOWHERE";
    rows.site[1].lat_deg = 200;
    rows.car[0].code = rows.n_car > 1 ? rows.car[1].code : rows.car[0].code;
    assert_int_equal(cp_network_save(ctx, toy->db, &rows, "test", NULL), CP_E_INPUT);
    assert_non_null(strstr(ctx->error.text, "NOWHERE"));
    assert_non_null(strstr(ctx->error.text, "lat_deg \"200\""));
    cp_error_clear(ctx);
    assert_ok(ctx, cp_network_load(ctx, toy->db, &loaded));
    assert_int_equal(loaded.n_site, 0);
}

static void history_is_dense_again(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    store_bank(toy);
    store_file(toy, "denomination.csv",
               "code,currency_code,value_minor\nCNY100,CNY,10000\nCNY10,CNY,1000\n");
    store_file(toy, "history.csv",
               "point_code,day,flow,denomination_code,amount_minor,faults\n"
               "A1,2026-11-01,withdrawal,,90000,\n" /* total beside its parts: it counts */
               "A1,2026-11-01,withdrawal,CNY100,60000,\n"
               "A1,2026-11-01,withdrawal,CNY10,20000,\n"
               "A1,2026-11-02,withdrawal,CNY100,10000,cash_out+out_of_service\n"
               "A1,2026-11-02,withdrawal,CNY10,10000,full\n" /* parts alone: their sum */
               "A1,2026-11-03,deposit,,5,\n"
               "B1,2026-11-04,withdrawal,,7,\n"
               "A1,2026-11-09,withdrawal,,1,\n"); /* after the period asked for */
    cp_import_report *report = cp_alloc(ctx, ctx->run, 1, sizeof(*report));
    assert_ok(ctx, store_import(toy, NULL, report));
    cp_rows rows;
    cp_network *net = NULL;
    cp_day *balance_day = NULL;
    cp_history *h = NULL;
    cp_day first = 0, last = 0;
    const cp_day day = cp_day_of(2026, 11, 1);
    assert_ok(ctx, cp_network_load(ctx, toy->db, &rows));
    assert_ok(ctx, cp_network_build(ctx, &rows, cp_day_of(2026, 11, 23), 7, &net, &balance_day));
    assert_ok(ctx, cp_history_load(ctx, toy->db, net, day, 5, &h));
    const int32_t a = strcmp(net->points[0].code, "A1") == 0 ? 0 : 1, b = 1 - a;
    assert_int_equal(cp_history_at(h, CP_FLOW_WITHDRAWAL, a, day), 90000);
    assert_int_equal(cp_history_at(h, CP_FLOW_WITHDRAWAL, a, day + 1), 20000);
    assert_true(cp_history_at(h, CP_FLOW_WITHDRAWAL, a, day + 2) == CP_HISTORY_MISSING);
    assert_int_equal(cp_history_at(h, CP_FLOW_DEPOSIT, a, day + 2), 5);
    assert_int_equal(cp_history_at(h, CP_FLOW_WITHDRAWAL, b, day + 3), 7);
    assert_int_equal(h->faults[a * 5 + 1],
                     CP_FAULT_CASH_OUT | CP_FAULT_OUT_OF_SERVICE | CP_FAULT_FULL);
    int32_t sum = 0;
    for (int32_t d = 0; d < h->n_denoms; d++) {
        const int32_t ppm = h->denom_ppm[(int64_t)a * h->n_denoms + d];
        assert_int_equal(ppm, strcmp(net->denoms[d].code, "CNY100") == 0 ? 700000 : 300000);
        sum += ppm;
    }
    assert_int_equal(sum, 1000000);
    assert_ok(ctx, cp_history_span(ctx, toy->db, &first, &last));
    assert_int_equal(first, day);
    assert_int_equal(last, day + 8);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, store_setup, store_teardown)
    const struct CMUnitTest tests[] = {
        T(what_is_saved_is_loaded),
        T(a_change_is_an_update_and_recorded),
        T(bad_rows_are_refused_whole),
        T(history_is_dense_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

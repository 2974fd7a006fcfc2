/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forecasts in and out of the store, byte for byte, and what the views say of them. */
#include "data/store/forecast_store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/store/sql.h"
#include "models/base/rng.h"
#include "tests/unit/store_toy.h"

#define N_DAYS 3
#define FIRST cp_day_of(2026, 11, 24)

/* Two points, three flows, awkward numbers. */
static cp_forecast_record *made(store_toy *toy, uint64_t seed)
{
    static const struct {
        const char *code;
        cp_flow flow;
        int32_t n_singles;
    } rows[] = {{"A \"1\"", CP_FLOW_WITHDRAWAL, 2},
                {"B1", CP_FLOW_WITHDRAWAL, 1},
                {"B1", CP_FLOW_DEPOSIT, 0}};
    cp_ctx *ctx = &toy->ctx;
    cp_rng rng = cp_rng_new(seed, 0);
    cp_forecast_record *r = cp_alloc(ctx, ctx->run, 1, sizeof *r);
    r->row = cp_alloc(ctx, ctx->run, LEN(rows), sizeof *r->row);
    r->cell = cp_alloc(ctx, ctx->run, LEN(rows) * N_DAYS, sizeof *r->cell);
    r->first_day = FIRST;
    r->n_days = N_DAYS;
    r->n_rows = LEN(rows);
    r->history_from = FIRST - 100;
    r->history_to = FIRST - 1;
    r->method = "full";
    r->version = "test";
    r->seed = UINT64_MAX - seed;
    r->input_hash = UINT64_C(0xF123456789ABCDEF);
    r->work = 12345678901;
    for (int32_t i = 0; i < r->n_rows; i++) {
        cp_forecast_row *row = &r->row[i];
        row->point_code = rows[i].code;
        row->flow = rows[i].flow;
        row->from_segment = i == 1;
        row->score = i == 1 ? (double)NAN : cp_rng_unit(&rng);
        row->n_origins = i;
        row->n_singles = rows[i].n_singles;
        row->single = cp_alloc(ctx, ctx->run, 3, sizeof *row->single);
        for (int32_t k = 0; k < row->n_singles; k++)
            row->single[k] = (cp_forecast_single){.name = k == 0 ? "smooth" : "other",
                                                  .weight = 1.0 / 3,
                                                  .score = k == 0 ? 0.1 : (double)NAN};
        for (int32_t d = 0; d < N_DAYS; d++) {
            cp_forecast_cell *c = &r->cell[i * N_DAYS + d];
            c->mean_minor = (cp_minor)(1e15 * cp_rng_unit(&rng));
            for (int32_t k = 0; k < CP_N_QUANTILES; k++)
                c->quantile_minor[k] = c->mean_minor + k;
            c->override_minor = d - 1;
            c->level_minor = 1e9 * cp_rng_unit(&rng);
            c->week = 1.0 / 3;
            c->calendar = 1 + 1e-16;
            c->event = cp_rng_unit(&rng);
            c->rest = 1e-300;
        }
    }
    return r;
}

static char *dump(store_toy *toy, const cp_forecast_record *record)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    assert_non_null(out);
    assert_ok(&toy->ctx, cp_forecast_store_dump(&toy->ctx, record, out));
    assert_int_equal(fclose(out), 0);
    return text;
}

static int64_t number(store_toy *toy, const char *sql)
{
    int64_t n = -1;
    assert_ok(&toy->ctx, cp_sql_int(&toy->ctx, toy->db, sql, &n));
    return n;
}

static void a_forecast_comes_back_as_it_was(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    cp_forecast_record *first = made(toy, 1), *second = made(toy, 2), *back = NULL;
    int64_t a = 0, b = 0;
    store_open(toy);
    cp_db_set_user(toy->db, "Li");
    assert_ok(ctx, cp_forecast_store_save(ctx, toy->db, first, 0, &a));
    second->fitted_by = a;
    assert_ok(ctx, cp_forecast_store_save(ctx, toy->db, second, 0, &b));
    assert_true(b > a);
    const struct {
        int64_t ask, id;
        const cp_forecast_record *want;
    } cases[] = {{a, a, first}, {b, b, second}, {0, b, second}};
    for (int32_t i = 0; i < LEN(cases); i++) {
        assert_ok(ctx, cp_forecast_store_load(ctx, toy->db, cases[i].ask, &back));
        char *before = dump(toy, cases[i].want), *after = dump(toy, back);
        assert_string_equal(before, after);
        free(before);
        free(after);
        assert_int_equal(back->forecast_id, cases[i].id);
        assert_int_equal(back->work, cases[i].want->work);
        assert_int_equal(back->fitted_by, cases[i].want->fitted_by);
        assert_string_equal(back->made_by, "Li");
    }
    assert_ok(ctx, cp_db_verify(ctx, toy->db));
}

static void what_is_not_there_is_named(void **state)
{
    store_toy *toy = *state;
    cp_forecast_record *back = NULL;
    cp_fit *fit = NULL;
    int64_t id = 7;
    store_open(toy);
    assert_fails(&toy->ctx, CP_E_INPUT, cp_forecast_store_load(&toy->ctx, toy->db, 0, &back));
    assert_fails(&toy->ctx, CP_E_INPUT, cp_forecast_store_load(&toy->ctx, toy->db, 12, &back));
    assert_ok(&toy->ctx, cp_forecast_store_fit(&toy->ctx, toy->db, &fit, &id));
    assert_true(fit == NULL && id == 0);
    assert_ok(&toy->ctx, cp_forecast_store_save(&toy->ctx, toy->db, made(toy, 1), 0, &id));
    assert_ok(&toy->ctx, cp_sql_exec(&toy->ctx, toy->db, "DELETE FROM forecast_point"));
    assert_fails(&toy->ctx, CP_E_IO, cp_forecast_store_load(&toy->ctx, toy->db, id, &back));
}

/* Fitted values to the last bit; of the latest fit alone; damaged ones are refused. */
static void fitted_values_come_back(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    static const double value[] = {1.0 / 3, -0.0, 1e-310, 1.7976931348623157e308, 12345678.9};
    static const cp_fit_value list[] = {{"B1", 1, "gain", 2, value},
                                        {"A1", 0, "gain", LEN(value), value},
                                        {"A1", 0, "effect", 0, value},
                                        {"A1", 1, "gain", 1, value + 2}};
    cp_forecast_record *r = made(toy, 1);
    cp_fit *back = NULL;
    int64_t id = 0, of = 0;
    store_open(toy);
    assert_ok(ctx, cp_fit_new(ctx, LEN(list), &r->fit));
    for (int32_t i = 0; i < LEN(list); i++)
        assert_ok(ctx, cp_fit_put(ctx, r->fit, &list[i]));
    assert_fails(ctx, CP_E_RANGE, cp_fit_put(ctx, r->fit, &list[0]));
    assert_ok(ctx, cp_forecast_store_save(ctx, toy->db, r, 0, &id));
    assert_ok(ctx, cp_forecast_store_save(ctx, toy->db, r, 0, &id));
    assert_ok(ctx, cp_forecast_store_save(ctx, toy->db, made(toy, 3), 0, &of));
    assert_int_equal(number(toy, "SELECT count(DISTINCT forecast_id) FROM forecast_fit"), 1);
    assert_ok(ctx, cp_forecast_store_fit(ctx, toy->db, &back, &of));
    assert_int_equal(of, id);
    assert_int_equal(back->n, LEN(list));
    for (int32_t i = 0; i < LEN(list); i++) {
        const cp_fit_value *v = cp_fit_get(back, list[i].owner, list[i].flow, list[i].name);
        assert_non_null(v);
        assert_int_equal(v->n, list[i].n);
        if (v->n > 0) assert_memory_equal(v->value, list[i].value, (size_t)v->n * sizeof *v->value);
    }
    assert_null(cp_fit_get(back, "A1", 0, "nothing"));
    static const char *const bad[] = {"1 x", "1  2", " 1", "1 "};
    for (int32_t i = 0; i < LEN(bad); i++) {
        char sql[100];
        (void)snprintf(sql, sizeof sql, "UPDATE forecast_fit SET value = '%s'", bad[i]);
        assert_ok(ctx, cp_sql_exec(ctx, toy->db, sql));
        assert_fails(ctx, CP_E_IO, cp_forecast_store_fit(ctx, toy->db, &back, &of));
    }
}

static void old_forecasts_go_when_asked(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    cp_forecast_record *fitted = made(toy, 1);
    const cp_fit_value value = {"A", 0, "x", 0, NULL};
    int64_t id = 0;
    store_open(toy);
    assert_ok(ctx, cp_fit_new(ctx, 1, &fitted->fit));
    assert_ok(ctx, cp_fit_put(ctx, fitted->fit, &value));
    for (uint64_t i = 0; i < 5; i++)
        assert_ok(ctx, cp_forecast_store_save(ctx, toy->db, i == 1 ? fitted : made(toy, i),
                                              i == 4 ? 2 : 0, &id));
    /* The two latest, and the one whose fitted values they take. */
    assert_int_equal(number(toy, "SELECT count(*) FROM forecast"), 3);
    assert_int_equal(number(toy, "SELECT count(DISTINCT forecast_id) FROM forecast_day"), 3);
    assert_int_equal(number(toy, "SELECT count(*) FROM forecast_fit"), 1);
    assert_ok(ctx, cp_db_verify(ctx, toy->db));
}

static void views_tell_what_came(void **state)
{
    store_toy *toy = *state;
    cp_ctx *ctx = &toy->ctx;
    cp_forecast_record *old = made(toy, 1), *young = made(toy, 2);
    int64_t id = 0;
    cp_import_report report;
    store_bank(toy);
    store_file(toy, "history.csv",
               "point_code,day,flow,denomination_code,amount_minor\n"
               "B1,2026-11-25,withdrawal,,1000\nB1,2026-11-25,withdrawal,CNY100,900\n"
               "B1,2026-11-26,withdrawal,CNY100,300\n");
    store_open(toy);
    assert_ok(ctx, store_import(toy, NULL, &report));
    old->cell[N_DAYS + 1].mean_minor = 1300;
    old->cell[N_DAYS + 1].override_minor = 500;
    young->first_day = FIRST + 1; /* the 25th to the 27th */
    young->cell[N_DAYS].mean_minor = 990;
    young->cell[N_DAYS].override_minor = 0;
    assert_ok(ctx, cp_forecast_store_save(ctx, toy->db, old, 0, &id));
    assert_ok(ctx, cp_forecast_store_save(ctx, toy->db, young, 0, &id));
    static const struct {
        const char *what, *sql;
        int64_t n;
    } cases[] = {
        {"days shown once", "SELECT count(*) FROM v_forecast", 4 * 3},
        {"of the older", "SELECT count(*) FROM v_forecast WHERE forecast_id = 1", 3},
        {"the latest",
         "SELECT mean_minor FROM v_forecast WHERE point_code = 'B1' AND flow ="
         " 'withdrawal' AND day = '2026-11-25'",
         990},
        {"error with the override",
         "SELECT error_minor FROM v_forecast_error WHERE forecast_id ="
         " 1 AND day = '2026-11-25'",
         300},
        {"and without",
         "SELECT error_without_override_minor FROM v_forecast_error WHERE"
         " forecast_id = 1 AND day = '2026-11-25'",
         200},
        {"a total of denominations",
         "SELECT actual_minor FROM v_forecast_error WHERE day ="
         " '2026-11-26' AND forecast_id = 2",
         300},
        {"days ahead",
         "SELECT days_ahead FROM v_forecast_error WHERE day = '2026-11-26' AND"
         " forecast_id = 1",
         2},
        {"models", "SELECT count(*) FROM v_forecast_model", 6},
    };
    for (int32_t i = 0; i < LEN(cases); i++)
        if (number(toy, cases[i].sql) != cases[i].n)
            fail_msg("%s: %lld", cases[i].what, (long long)number(toy, cases[i].sql));
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown(name, store_setup, store_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST(a_forecast_comes_back_as_it_was),
        STORE_TEST(what_is_not_there_is_named),
        STORE_TEST(fitted_values_come_back),
        STORE_TEST(old_forecasts_go_when_asked),
        STORE_TEST(views_tell_what_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

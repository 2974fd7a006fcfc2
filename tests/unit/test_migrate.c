/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A database of schema 3, with a bank and a plan in it, is brought up to date and keeps them. */
#include <sqlite3.h>
#include <stdio.h>

#include "data/store/schema.h"
#include "data/store/sql.h"
#include "tests/unit/store_toy.h"

static const char rows[] =
    "PRAGMA application_id = 0x4350504C; PRAGMA user_version = 3;"
    "INSERT INTO currency VALUES ('CNY', 2);"
    "INSERT INTO denomination VALUES ('CNY100', 'CNY', 10000, 100, 1000);"
    "INSERT INTO site SELECT 'S', '', '', '', 31.1, 121.1, NULL, 540, 1080, -1, -1, 8, NULL;"
    "INSERT INTO point (code, name, site_code, segment, gln, kind, on_site, serviced_by,"
    " dispense_rule, insured_minor, visit_kinds, service_days, works_holidays, service_level_ppm,"
    " max_interval_days, days_since_visit, service_min_swap, service_min_add)"
    " VALUES ('B', '', 'S', '', '', 'branch', 0, 'center', 'rotate', 0, 'add', '1111111', 1, -1, 0,"
    " 0, 6, 12), ('A', '', 'S', '', '', 'atm', 1, 'branch', 'rotate', 0, 'swap_add', '1111111', 1,"
    " -1, 0, 0, 6, 12);"
    "UPDATE point SET owner_branch_code = 'B' WHERE code = 'A';"
    "INSERT INTO pin VALUES ('P', 'A', 'must', '2026-11-24', 'swap', -1, NULL, 'anna', 'why not');"
    "INSERT INTO history (point_code, day, flow, denomination_code, amount_minor, faults)"
    " VALUES ('A', '2026-11-20', 'withdrawal', '', 500, 'none');"
    "INSERT INTO executed_visit VALUES ('A', '2026-11-20', 'add', 'CNY100', NULL, -1, 5, 6, 0);"
    "INSERT INTO tariff (item, vault_code, carrier_code, site_code, cassette_model_code, "
    "valid_from,"
    " valid_to, amount) VALUES ('relief_ppm', '', '', 'S', '', '2026-01-01', '2027-01-01', 7);"
    "INSERT INTO plan_visit VALUES (1, 0, '2026-11-24', 'A', 'swap', 0, '2026-11-28', 5, 6, 7, 2,"
    " NULL, 1), (1, 1, '2026-11-24', 'B', 'add', 1, '2026-11-28', 5, 6, 7, 0, NULL, 0);"
    "INSERT INTO plan_load VALUES (1, 0, 0, 'dispense', 'CNY100', 9, 9, 1, 2),"
    " (1, 1, 0, 'recycle', 'CNY100', -1, 9, 1, 2);";

static void make_old(const char *path)
{
    sqlite3 *old = NULL;
    char *why = NULL;
    assert_int_equal(sqlite3_open(path, &old), SQLITE_OK);
    for (int32_t i = 0; i < 3; i++)
        assert_int_equal(sqlite3_exec(old, cp_schema_steps[i], NULL, NULL, NULL), SQLITE_OK);
    if (sqlite3_exec(old, rows, NULL, NULL, &why) != SQLITE_OK) fail_msg("%s", why);
    sqlite3_close(old);
}

static int64_t number(store_toy *toy, const char *sql)
{
    int64_t n = -1;
    assert_ok(&toy->ctx, cp_sql_int(&toy->ctx, toy->db, sql, &n));
    return n;
}

static void version_3_is_migrated(void **state)
{
    store_toy *toy = *state;
    char path[128];
    (void)snprintf(path, sizeof path, "%s", store_path(toy, "t.db"));
    make_old(path);
    assert_ok(&toy->ctx, cp_db_open(&toy->ctx, path, CP_DB_WRITE, &toy->db));
    assert_int_equal(number(toy, "PRAGMA user_version"), cp_schema_n_steps);
    static const struct {
        const char *what, *sql;
        int64_t n;
    } kept[] = {
        {"points", "SELECT count(*) FROM point WHERE service_min_add = 12", 2},
        {"their owner", "SELECT count(*) FROM point WHERE owner_branch_code = 'B'", 1},
        {"pins", "SELECT count(*) FROM pin WHERE kind = 'swap' AND reason = 'why not'", 1},
        {"history", "SELECT count(*) FROM history JOIN point ON code = point_code", 1},
        {"executed visits", "SELECT count(*) FROM executed_visit WHERE returned_notes = 6", 1},
        {"tariffs", "SELECT amount FROM tariff WHERE site_ref = 'S'", 7},
        {"visits", "SELECT count(*) FROM plan_visit WHERE by_branch = 0 AND return_q_minor = 7", 2},
        {"what was swapped", "SELECT swapped FROM plan_load WHERE visit = 0", 1},
        {"what was not", "SELECT swapped FROM plan_load WHERE visit = 1", 0},
        {"a view", "SELECT count(*) FROM v_visit WHERE by_branch = 0 AND site_code = 'S'", 2},
        {"copies that were left", "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%_old'", 0},
        {"forecasts, none yet", "SELECT count(*) FROM v_forecast, forecast_fit", 0},
        {"what came, without forecasts", "SELECT count(*) FROM v_forecast_error", 0},
        {"foreign keys", "PRAGMA foreign_keys", 1},
        {"rows without a parent",
         "SELECT count(*) FROM pragma_foreign_key_check WHERE parent <> 'plan'", 0},
    };
    for (int32_t i = 0; i < LEN(kept); i++)
        if (number(toy, kept[i].sql) != kept[i].n)
            fail_msg("%s: %lld", kept[i].what, (long long)number(toy, kept[i].sql));
    assert_ok(&toy->ctx, cp_sql_exec(&toy->ctx, toy->db,
                                     "UPDATE point SET serviced_by = 'either',"
                                     " visit_kinds = 'swap_add_partial' WHERE code = 'A'"));
    assert_fails(&toy->ctx, CP_E_INPUT,
                 cp_sql_exec(&toy->ctx, toy->db, "UPDATE point SET serviced_by = 'nobody'"));
    assert_fails(&toy->ctx, CP_E_INPUT,
                 cp_sql_exec(&toy->ctx, toy->db, "DELETE FROM point WHERE code = 'A'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(version_3_is_migrated, store_setup, store_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

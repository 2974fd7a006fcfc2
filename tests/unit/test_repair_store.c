/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Repairs in and out of the store; what is stored is what was found last. */
#include "data/store/repair_store.h"

#include <string.h>

#include "data/store/history_store.h"
#include "data/store/sql.h"
#include "models/net/network_build.h"
#include "tests/unit/store_toy.h"

static cp_network *network(store_toy *toy)
{
    cp_import_report *report = cp_alloc(&toy->ctx, toy->ctx.run, 1, sizeof *report);
    cp_rows rows;
    cp_network *net = NULL;
    store_bank(toy);
    store_open(toy);
    assert_ok(&toy->ctx, store_import(toy, NULL, report));
    assert_ok(&toy->ctx, cp_network_load(&toy->ctx, toy->db, &rows));
    assert_ok(&toy->ctx,
              cp_network_build(&toy->ctx, &rows, cp_day_of(2026, 11, 24), 1, &net, NULL));
    assert_true(net->n_points >= 2);
    return net;
}

static void repairs_come_back_as_they_went(void **state)
{
    store_toy *toy = *state;
    const cp_network *net = network(toy);
    const cp_day day = cp_day_of(2026, 11, 1);
    cp_repair_row rows[CP_N_REPAIRS - 1];
    for (int32_t k = 1; k < CP_N_REPAIRS; k++) {
        const cp_repair_row row = {.point = k < 6 ? 0 : 1,
                                   .flow = k < 6 ? CP_FLOW_WITHDRAWAL : CP_FLOW_DEPOSIT,
                                   .day = day + k,
                                   .reason = (cp_repair)k,
                                   .raw_minor = k == 1 ? CP_HISTORY_MISSING : 1000 + k,
                                   .repaired_minor = INT64_C(900000000000000) + k,
                                   .weight_ppm = k * 1000,
                                   .level_ppm = k == CP_REPAIR_LEVEL_SHIFT ? 2500000 : 0};
        rows[k - 1] = row;
    }
    const cp_repairs put = {rows, CP_N_REPAIRS - 1, NULL};
    cp_repairs *got = NULL;
    for (int32_t round = 0; round < 2; round++) /* the second takes the place of the first */
        assert_ok(&toy->ctx, cp_repairs_save(&toy->ctx, toy->db, net, &put));
    assert_ok(&toy->ctx, cp_repairs_load(&toy->ctx, toy->db, net, day, 60, &got));
    assert_int_equal(got->n, put.n);
    assert_int_equal(got->n_point[0], 5);
    for (int32_t k = 0; k < got->n; k++) {
        assert_int_equal(got->row[k].point, rows[k].point);
        assert_int_equal(got->row[k].flow, rows[k].flow);
        assert_int_equal(got->row[k].day, rows[k].day);
        assert_int_equal(got->row[k].reason, rows[k].reason);
        assert_int_equal(got->row[k].raw_minor, rows[k].raw_minor);
        assert_int_equal(got->row[k].repaired_minor, rows[k].repaired_minor);
        assert_int_equal(got->row[k].weight_ppm, rows[k].weight_ppm);
        assert_int_equal(got->row[k].level_ppm, rows[k].level_ppm);
    }
    assert_ok(&toy->ctx, cp_repairs_load(&toy->ctx, toy->db, net, day + 3, 2, &got));
    assert_int_equal(got->n, 2);
}

static void damage_is_told_with_the_point(void **state)
{
    store_toy *toy = *state;
    const cp_network *net = network(toy);
    cp_repair_row row = {
        .point = 0, .day = cp_day_of(2026, 11, 1), .reason = CP_REPAIR_ZERO, .repaired_minor = 5};
    const cp_repairs put = {&row, 1, NULL};
    cp_repairs *got = NULL;
    assert_ok(&toy->ctx, cp_repairs_save(&toy->ctx, toy->db, net, &put));
    assert_ok(&toy->ctx, cp_sql_exec(&toy->ctx, toy->db, "PRAGMA ignore_check_constraints = 1"));
    assert_ok(&toy->ctx,
              cp_sql_exec(&toy->ctx, toy->db, "UPDATE history_repair SET repaired_minor = -1"));
    assert_int_equal(cp_repairs_load(&toy->ctx, toy->db, net, 0, 100000, &got), CP_E_IO);
    assert_non_null(strstr(toy->ctx.error.text, net->points[0].code));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(repairs_come_back_as_they_went, store_setup,
                                        store_teardown),
        cmocka_unit_test_setup_teardown(damage_is_told_with_the_point, store_setup, store_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

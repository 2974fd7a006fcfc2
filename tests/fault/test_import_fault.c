/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every allocation of an import, and of loading what it stored, fails once: the answer is always
 * "out of memory", nothing leaks (ASan), and the database is as it was. */
#include "data/store/sql.h"
#include "tests/unit/store_toy.h"

#define CALLS_MAX 100000

static int64_t count_points(store_toy *toy)
{
    int64_t n = -1;
    assert_ok(&toy->ctx, cp_sql_int(&toy->ctx, toy->db, "SELECT count(*) FROM point", &n));
    return n;
}

static void an_import_without_memory(void **state)
{
    store_toy *toy = *state;
    static cp_import_report report;
    long k = 1;
    store_bank(toy);
    store_open(toy);
    for (; k < CALLS_MAX; k += 1 + k / 1000) { /* the far ones with small gaps */
        const cp_arena_mark run = cp_arena_here(toy->ctx.run);
        const cp_arena_mark scratch = cp_arena_here(toy->ctx.scratch);
        cp_arena_fail_at(k);
        const cp_status st = store_import(toy, NULL, &report);
        cp_arena_fail_at(0);
        if (st == CP_OK) break;
        assert_int_equal(st, CP_E_NOMEM);
        cp_error_clear(&toy->ctx);
        assert_int_equal(count_points(toy), 0);
        cp_arena_rewind(toy->ctx.scratch, scratch);
        cp_arena_rewind(toy->ctx.run, run);
    }
    assert_in_range(k, 100, CALLS_MAX - 1);
    assert_int_equal(count_points(toy), 2);
}

static void loading_without_memory(void **state)
{
    store_toy *toy = *state;
    static cp_import_report report;
    cp_rows rows;
    long k = 1;
    store_bank(toy);
    assert_ok(&toy->ctx, store_import(toy, NULL, &report));
    for (; k < CALLS_MAX; k += 1 + k / 1000) { /* the far ones with small gaps */
        const cp_arena_mark run = cp_arena_here(toy->ctx.run);
        cp_arena_fail_at(k);
        const cp_status st = cp_network_load(&toy->ctx, toy->db, &rows);
        cp_arena_fail_at(0);
        if (st == CP_OK) break;
        assert_int_equal(st, CP_E_NOMEM);
        cp_error_clear(&toy->ctx);
        cp_arena_rewind(toy->ctx.run, run);
    }
    assert_in_range(k, 50, CALLS_MAX - 1);
    assert_int_equal(rows.n_point, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_import_without_memory, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(loading_without_memory, store_setup, store_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of the store are the entities of fields.h: column by column, key, type, default. */
#include <sqlite3.h>
#include <string.h>

#include "data/store/sql.h"
#include "data/store/table.h"
#include "tests/unit/store_toy.h"

static const char *wanted_type(const cp_field *field)
{
    switch (field->type) {
    case CP_FIELD_INT:
    case CP_FIELD_INT64:
    case CP_FIELD_MINOR:
    case CP_FIELD_MINUTE:
    case CP_FIELD_BOOL:
        return "INTEGER";
    case CP_FIELD_DEG:
    case CP_FIELD_REAL:
        return "REAL";
    default:
        return "TEXT";
    }
}

static void compare_table(store_toy *toy, const cp_entity *table)
{
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    int32_t f = 0;
    const char *sql =
        cp_strf(&toy->ctx, toy->ctx.run,
                "SELECT name, type, \"notnull\", pk FROM pragma_table_info('%s')", table->name);
    assert_ok(&toy->ctx, cp_sql_prepare(&toy->ctx, toy->db, sql, &stmt));
    for (;; f++) {
        assert_ok(&toy->ctx, cp_sql_step(&toy->ctx, toy->db, stmt, &row));
        if (!row) break;
        assert_true(f < table->n_fields);
        const cp_field *field = &table->fields[f];
        assert_string_equal((const char *)sqlite3_column_text(stmt, 0), field->name);
        assert_string_equal((const char *)sqlite3_column_text(stmt, 1), wanted_type(field));
        if (cp_field_nullable(table, f) != (sqlite3_column_int(stmt, 2) == 0))
            fail_msg("%s.%s: NOT NULL differs", table->name, field->name);
        if (sqlite3_column_int(stmt, 3) != (f < table->n_key ? f + 1 : 0))
            fail_msg("%s.%s: key differs", table->name, field->name);
    }
    sqlite3_finalize(stmt);
    if (f != table->n_fields) fail_msg("%s has %d columns", table->name, (int)f);
}

/* Every name of an enum passes the CHECK of its column, and nothing else does. */
static void compare_names(store_toy *toy, const cp_entity *table, const cp_field *field)
{
    const char *sql = cp_strf(&toy->ctx, toy->ctx.run,
                              "SELECT sql FROM sqlite_schema WHERE name = '%s'", table->name);
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    assert_ok(&toy->ctx, cp_sql_prepare(&toy->ctx, toy->db, sql, &stmt));
    assert_ok(&toy->ctx, cp_sql_step(&toy->ctx, toy->db, stmt, &row));
    assert_true(row);
    const char *text = (const char *)sqlite3_column_text(stmt, 0);
    const char *opening = cp_strf(&toy->ctx, toy->ctx.run, "CHECK (%s IN (", field->name);
    const char *at = strstr(text, opening);
    if (at == NULL) fail_msg("%s.%s: no list of names", table->name, field->name);
    int32_t n_quotes = 0, n_names = 0;
    for (const char *c = at; *c != '\0' && *c != ';' && strncmp(c, "))", 2) != 0; c++)
        n_quotes += *c == '\'';
    for (; field->names[n_names] != NULL; n_names++) {
        const char *name = cp_strf(&toy->ctx, toy->ctx.run, "'%s'", field->names[n_names]);
        if (strstr(at, name) == NULL) fail_msg("%s.%s: %s", table->name, field->name, name);
    }
    assert_int_equal(n_quotes, 2 * n_names);
    sqlite3_finalize(stmt);
}

static void columns_are_fields(void **state)
{
    store_toy *toy = *state;
    store_open(toy);
    for (int32_t t = 0; t < CP_N_TABLES; t++)
        compare_table(toy, cp_table(t));
}

static void names_are_allowed(void **state)
{
    store_toy *toy = *state;
    store_open(toy);
    for (int32_t t = 0; t < CP_N_TABLES; t++) {
        const cp_entity *table = cp_table(t);
        for (int32_t f = 0; f < table->n_fields; f++)
            /* The sixteen sets of faults are not listed in the schema. */
            if (table->fields[f].type == CP_FIELD_ENUM &&
                strcmp(table->fields[f].name, "faults") != 0)
                compare_names(toy, table, &table->fields[f]);
    }
}

static void views_can_be_read(void **state)
{
    store_toy *toy = *state;
    static const char *const views[] = {"v_plan_today", "v_visit",  "v_route",        "v_kpi",
                                        "v_machine",    "v_branch", "v_limit_binding"};
    store_open(toy);
    for (int32_t i = 0; i < LEN(views); i++) {
        int64_t n = -1;
        const char *sql = cp_strf(&toy->ctx, toy->ctx.run, "SELECT count(*) FROM %s", views[i]);
        assert_ok(&toy->ctx, cp_sql_int(&toy->ctx, toy->db, sql, &n));
        assert_int_equal(n, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(columns_are_fields, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(names_are_allowed, store_setup, store_teardown),
        cmocka_unit_test_setup_teardown(views_can_be_read, store_setup, store_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

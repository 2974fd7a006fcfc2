/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_fields.c - columns of a stored plan, each held against what a plan can have. */
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "data/store/plan_fields.h"
#include "data/store/sql.h"

/* What no plan goes beyond; other programs may have written anything. */
#define COUNT_MOST 1000000000

cp_status cp_reader_code(cp_plan_reader *r, const cp_code_list *list, int col, int32_t *index)
{
    const char *code = (const char *)sqlite3_column_text(r->stmt, col);
    const int32_t found = cp_code_list_find(list, code ? code : "");
    if (found < 0)
        CP_FAIL(r->ctx, CP_E_INPUT, "plan %lld uses %s \"%s\", which is no longer in the network",
                (long long)r->out->plan_id, list->what, code ? code : "");
    *index = found;
    return CP_OK;
}

cp_status cp_reader_damaged(cp_plan_reader *r, const char *what)
{
    CP_FAIL(r->ctx, CP_E_IO, "plan %lld is damaged in the database: %s is not what it can be",
            (long long)r->out->plan_id, what);
}

void cp_reader_refuse(cp_plan_reader *r, int col)
{
    if (r->bad == NULL) r->bad = sqlite3_column_name(r->stmt, col);
}

int64_t cp_reader_within(cp_plan_reader *r, int col, int64_t lo, int64_t hi)
{
    const int64_t v = sqlite3_column_int64(r->stmt, col);
    if (v >= lo && v <= hi) return v;
    cp_reader_refuse(r, col);
    return lo;
}

int32_t cp_reader_whole(cp_plan_reader *r, int col)
{
    return (int32_t)cp_reader_within(r, col, -COUNT_MOST, COUNT_MOST);
}

int64_t cp_reader_wide(cp_plan_reader *r, int col)
{
    return cp_reader_within(r, col, -CP_MINOR_MAX, CP_MINOR_MAX);
}

double cp_reader_fraction(cp_plan_reader *r, int col)
{
    const double v = sqlite3_column_double(r->stmt, col);
    if (!isfinite(v)) cp_reader_refuse(r, col);
    return isfinite(v) ? v : 0.0;
}

int32_t cp_reader_day(cp_plan_reader *r, int col, int32_t lo, int32_t hi)
{
    const cp_day day = cp_sql_day(r->stmt, col);
    const int64_t t = (int64_t)day - r->plan->first_day;
    if (day != CP_DAY_NONE && t >= lo && t <= hi) return (int32_t)t;
    cp_reader_refuse(r, col);
    return lo;
}

int32_t cp_reader_plan_day(cp_plan_reader *r, int col)
{
    return cp_reader_day(r, col, 0, r->plan->n_days - 1);
}

cp_status cp_reader_each(cp_plan_reader *r, const char *sql, cp_reader_row_fn *row)
{
    bool more = false;
    CP_TRY(cp_sql_prepare(r->ctx, r->db, sql, &r->stmt));
    sqlite3_bind_int64(r->stmt, 1, r->out->plan_id);
    cp_status st = cp_sql_step(r->ctx, r->db, r->stmt, &more);
    while (st == CP_OK && more) {
        r->bad = NULL;
        st = row(r);
        if (st == CP_OK && r->bad != NULL) st = cp_reader_damaged(r, r->bad);
        if (st == CP_OK) st = cp_sql_step(r->ctx, r->db, r->stmt, &more);
    }
    sqlite3_finalize(r->stmt);
    return st;
}

int32_t cp_reader_name(const char *text, const char *(*name)(int32_t), int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        if (strcmp(name(i), text) == 0) return i;
    return -1;
}
const char *cp_reader_text(cp_plan_reader *r, int col)
{
    const char *text = (const char *)sqlite3_column_text(r->stmt, col);
    return text ? text : "";
}

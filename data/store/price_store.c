/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/price_store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "data/store/sql.h"

typedef struct reader {
    cp_ctx *ctx;
    cp_db *db;
    sqlite3_stmt *stmt;
    cp_limit_prices *out;
} reader;

static cp_status find_plan(reader *r, cp_day day)
{
    bool row = false;
    CP_TRY(cp_sql_prepare(r->ctx, r->db,
                          "SELECT plan_id, first_day, n_days FROM plan WHERE status <> 'refused'"
                          " AND first_day < ?1"
                          " AND date(first_day, '+' || n_days || ' days') > ?1"
                          " ORDER BY first_day DESC, plan_id DESC LIMIT 1",
                          &r->stmt));
    cp_sql_bind_day(r->stmt, 1, day);
    const cp_status st = cp_sql_step(r->ctx, r->db, r->stmt, &row);
    if (st == CP_OK && row) {
        r->out->plan_id = sqlite3_column_int64(r->stmt, 0);
        r->out->first_day = cp_sql_day(r->stmt, 1);
        r->out->n_days = cp_sql_int32(r->stmt, 2);
    }
    sqlite3_finalize(r->stmt);
    return st;
}

/* Only limits that the machines of a vault share have a price that a search starts from. */
static bool kind_of(const char *name, cp_limit_kind *out)
{
    for (int32_t k = 0; k < (int32_t)CP_LIMIT_ROUTE; k++) {
        *out = (cp_limit_kind)k;
        if (cp_limit_is_shared(*out) && strcmp(cp_limit_kind_name(*out), name) == 0) return true;
    }
    return false;
}

static cp_status read_prices(reader *r)
{
    bool row = false;
    CP_TRY(cp_sql_step(r->ctx, r->db, r->stmt, &row));
    while (row) {
        cp_limit_price *p = &r->out->price[r->out->n];
        const char *kind = cp_sql_text(r->ctx, r->stmt, 0);
        p->vault_code = cp_sql_text(r->ctx, r->stmt, 1);
        p->item_code = cp_sql_text(r->ctx, r->stmt, 2);
        p->day = cp_sql_day(r->stmt, 3);
        p->price_minor = sqlite3_column_double(r->stmt, 4);
        if (kind == NULL || p->vault_code == NULL || p->item_code == NULL) return CP_E_NOMEM;
        if (kind_of(kind, &p->kind)) r->out->n++;
        CP_TRY(cp_sql_step(r->ctx, r->db, r->stmt, &row));
    }
    return CP_OK;
}

static cp_status read_plan(reader *r)
{
    int64_t count = 0;
    char sql[96];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM plan_limit WHERE plan_id = %lld",
             (long long)r->out->plan_id);
    CP_TRY(cp_sql_int(r->ctx, r->db, sql, &count));
    CP_NEW(r->ctx, r->ctx->run, r->out->price, count + 1);
    CP_TRY(cp_sql_prepare(r->ctx, r->db,
                          "SELECT kind, vault_code, coalesce(item_code, ''), day, dual_minor"
                          " FROM plan_limit WHERE plan_id = ?1 AND dual_minor > 0"
                          " AND vault_code IS NOT NULL ORDER BY limit_no",
                          &r->stmt));
    sqlite3_bind_int64(r->stmt, 1, r->out->plan_id);
    const cp_status st = read_prices(r);
    sqlite3_finalize(r->stmt);
    return st;
}

cp_status cp_price_store_before(cp_ctx *ctx, cp_db *db, cp_day day, cp_limit_prices **out)
{
    reader r = {ctx, db, NULL, NULL};
    CP_NEW(ctx, ctx->run, r.out, 1);
    CP_TRY(cp_db_begin_read(ctx, db));
    cp_status st = find_plan(&r, day);
    if (st == CP_OK && r.out->plan_id > 0) st = read_plan(&r);
    cp_db_rollback(db);
    *out = r.out;
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/bound_store.h"

#include <sqlite3.h>
#include <stddef.h>

#include "data/store/sql.h"
#include "data/store/vault_rows.h"
#include "models/plan/route_bounds.h"

static cp_status save_row(cp_ctx *ctx, cp_db *db, sqlite3_stmt *stmt, int64_t plan_id,
                          const cp_network *net, cp_day first_day, const cp_plan_route_bound *b)
{
    sqlite3_bind_int64(stmt, 1, plan_id);
    cp_sql_bind_day(stmt, 2, first_day + b->t);
    cp_sql_bind_text(stmt, 3, net->vaults[b->vault].code);
    sqlite3_bind_int(stmt, 4, b->n_stops);
    sqlite3_bind_int(stmt, 5, b->n_routes);
    sqlite3_bind_int64(stmt, 6, b->routed_minor);
    if (b->why == CP_BOUND_KNOWN) {
        sqlite3_bind_int64(stmt, 7, b->bound_minor);
        sqlite3_bind_double(stmt, 8, b->gap);
    } else {
        sqlite3_bind_null(stmt, 7);
        sqlite3_bind_null(stmt, 8);
    }
    sqlite3_bind_int(stmt, 9, b->proven);
    cp_sql_bind_text(stmt, 10, cp_no_bound_name(b->why));
    return cp_sql_run(ctx, db, stmt);
}

cp_status cp_bounds_save(cp_ctx *ctx, cp_db *db, int64_t plan_id, const cp_network *net,
                         const cp_plan *plan)
{
    sqlite3_stmt *stmt = NULL;
    cp_status st = CP_OK;
    CP_TRY(cp_sql_prepare(
        ctx, db, "INSERT INTO plan_route_bound VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", &stmt));
    for (int32_t i = 0; st == CP_OK && i < plan->n_bounds; i++)
        st = save_row(ctx, db, stmt, plan_id, net, plan->first_day, &plan->bounds[i]);
    sqlite3_finalize(stmt);
    return st;
}

static const char *text_at(sqlite3_stmt *stmt, int col)
{
    const char *text = (const char *)sqlite3_column_text(stmt, col);
    return text != NULL ? text : "";
}

/* Within what amounts and shares may be; that the figures agree is the referee's to say. */
static bool is_sound(const cp_plan *plan, const cp_plan_route_bound *b)
{
    return b->vault >= 0 && b->t >= 0 && b->t < plan->n_days && b->n_stops >= 1 &&
           b->n_routes >= 1 && b->n_routes <= b->n_stops && b->routed_minor >= 0 &&
           b->routed_minor <= CP_MINOR_MAX && b->bound_minor >= 0 &&
           b->bound_minor <= CP_MINOR_MAX && b->gap >= -1.0 && b->gap <= 1.0;
}

static cp_status load_row(cp_ctx *ctx, sqlite3_stmt *stmt, const cp_code_list *vaults,
                          cp_plan *plan)
{
    const cp_day day = cp_sql_day(stmt, 0);
    cp_plan_route_bound *b = &plan->bounds[plan->n_bounds++];
    const bool named = cp_no_bound_parse(text_at(stmt, 8), &b->why);
    b->t = day != CP_DAY_NONE ? day - plan->first_day : -1;
    b->vault = cp_code_list_find(vaults, text_at(stmt, 1));
    b->n_stops = cp_sql_int32(stmt, 2);
    b->n_routes = cp_sql_int32(stmt, 3);
    b->routed_minor = sqlite3_column_int64(stmt, 4);
    b->bound_minor = sqlite3_column_int64(stmt, 5);
    b->gap = sqlite3_column_double(stmt, 6);
    b->proven = sqlite3_column_int(stmt, 7) != 0;
    if (named && is_sound(plan, b)) return CP_OK;
    CP_FAIL(ctx, CP_E_IO,
            "row %d of the bounds of routes is damaged in the database, or its vault is no longer "
            "in the network",
            (int)plan->n_bounds);
}

cp_status cp_bounds_load(cp_ctx *ctx, cp_db *db, int64_t plan_id, const cp_network *net,
                         cp_plan *plan)
{
    /* At most one row a day and vault: the key of the table, and what load_row lets pass. */
    CP_NEW(ctx, ctx->run, plan->bounds, (size_t)plan->n_days * (size_t)net->n_vaults + 1);
    plan->n_bounds = 0;
    return cp_vault_rows_load(
        ctx, db,
        "SELECT day, vault_code, n_stops, n_routes, routed_minor, bound_minor,"
        " gap, proven, no_bound FROM plan_route_bound WHERE plan_id = ?1"
        " ORDER BY day, vault_code",
        plan_id, net, load_row, plan);
}

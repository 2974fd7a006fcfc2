/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/likeness_store.h"

#include <sqlite3.h>
#include <stddef.h>
#include <string.h>

#include "data/store/sql.h"
#include "data/store/vault_rows.h"
#include "models/base/rng.h"

/* ---- routes of earlier days --------------------------------------------------------------- */

typedef struct loader {
    cp_ctx *ctx;
    cp_db *db;
    sqlite3_stmt *stmt;
    cp_code_list sites, vaults;
    int64_t plan_id;
    cp_plan_route *routes;
    cp_plan_stop *stops;
    int32_t n_routes, n_stops;
} loader;

static cp_status find_plan(loader *l, cp_day day)
{
    bool row = false;
    l->plan_id = 0;
    CP_TRY(cp_sql_prepare(l->ctx, l->db,
                          "SELECT plan_id FROM plan"
                          " WHERE status IN ('approved', 'released', 'executed', 'closed')"
                          " AND first_day <= ?1"
                          " AND date(first_day, '+' || n_days || ' days') > ?1"
                          " ORDER BY first_day DESC, plan_id DESC LIMIT 1",
                          &l->stmt));
    cp_sql_bind_day(l->stmt, 1, day);
    const cp_status st = cp_sql_step(l->ctx, l->db, l->stmt, &row);
    if (st == CP_OK && row) l->plan_id = sqlite3_column_int64(l->stmt, 0);
    sqlite3_finalize(l->stmt);
    return st;
}

/* Stops of the day, of the plan found for it. */
static cp_status count_stops(loader *l, cp_day day, int64_t *n)
{
    bool row = false;
    *n = 0;
    CP_TRY(cp_sql_prepare(l->ctx, l->db,
                          "SELECT count(*) FROM plan_route JOIN plan_stop USING (plan_id, route)"
                          " WHERE plan_id = ?1 AND day = ?2",
                          &l->stmt));
    sqlite3_bind_int64(l->stmt, 1, l->plan_id);
    cp_sql_bind_day(l->stmt, 2, day);
    const cp_status st = cp_sql_step(l->ctx, l->db, l->stmt, &row);
    if (st == CP_OK && row) *n = sqlite3_column_int64(l->stmt, 0);
    sqlite3_finalize(l->stmt);
    return st;
}

static int32_t code_at(const cp_code_list *list, sqlite3_stmt *stmt, int col)
{
    const char *code = (const char *)sqlite3_column_text(stmt, col);
    return cp_code_list_find(list, code != NULL ? code : "");
}

/* A stop on its route, which begins with its first stop known. */
static void take_stop(loader *l, int32_t t, int64_t route, int64_t *last)
{
    const int32_t vault = code_at(&l->vaults, l->stmt, 1);
    const int32_t site = code_at(&l->sites, l->stmt, 2);
    if (vault < 0 || site < 0) return;
    if (*last != route)
        l->routes[l->n_routes++] =
            (cp_plan_route){.t = t, .vault = vault, .car = -1, .first_stop = l->n_stops};
    *last = route;
    cp_plan_route *r = &l->routes[l->n_routes - 1];
    r->n_stops++;
    l->stops[l->n_stops++] = (cp_plan_stop){
        .site = site, .trip = cp_sql_int32(l->stmt, 3), .arrive_min = cp_sql_int32(l->stmt, 4)};
}

static cp_status read_stops(loader *l, cp_day day, int32_t t)
{
    bool row = false;
    int64_t last = -1;
    CP_TRY(cp_sql_prepare(l->ctx, l->db,
                          "SELECT route, vault_code, site_code, trip, arrive_min"
                          " FROM plan_route JOIN plan_stop USING (plan_id, route)"
                          " WHERE plan_id = ?1 AND day = ?2 ORDER BY route, stop",
                          &l->stmt));
    sqlite3_bind_int64(l->stmt, 1, l->plan_id);
    cp_sql_bind_day(l->stmt, 2, day);
    cp_status st = cp_sql_step(l->ctx, l->db, l->stmt, &row);
    while (st == CP_OK && row) {
        take_stop(l, t, sqlite3_column_int64(l->stmt, 0), &last);
        st = cp_sql_step(l->ctx, l->db, l->stmt, &row);
    }
    sqlite3_finalize(l->stmt);
    return st;
}

/* With room for what is counted first: two passes over the days. */
static cp_status read_days(loader *l, cp_day first_day, int32_t n_days, int64_t *room)
{
    for (int32_t t = -n_days; t < 0; t++) {
        int64_t n = 0;
        CP_TRY(find_plan(l, first_day + t));
        if (l->plan_id == 0) continue;
        if (l->stops != NULL)
            CP_TRY(read_stops(l, first_day + t, t));
        else
            CP_TRY(count_stops(l, first_day + t, &n));
        *room += n;
    }
    return CP_OK;
}

static cp_status load(loader *l, const cp_network *net, int32_t n_days)
{
    int64_t room = 0;
    CP_TRY(cp_code_list_make(l->ctx, "site", net->sites, sizeof *net->sites,
                             offsetof(cp_site, code), net->n_sites, &l->sites));
    CP_TRY(cp_code_list_make(l->ctx, "vault", net->vaults, sizeof *net->vaults,
                             offsetof(cp_vault, code), net->n_vaults, &l->vaults));
    CP_TRY(read_days(l, net->first_day, n_days, &room));
    CP_NEW(l->ctx, l->ctx->run, l->routes, room + 1);
    CP_NEW(l->ctx, l->ctx->run, l->stops, room + 1);
    return read_days(l, net->first_day, n_days, &room);
}

cp_status cp_drives_load(cp_ctx *ctx, cp_db *db, const cp_network *net, int32_t n_days,
                         cp_drives **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    loader l = {.ctx = ctx, .db = db};
    CP_NEW(ctx, ctx->run, *out, 1);
    CP_TRY(cp_db_begin_read(ctx, db));
    const cp_status st = load(&l, net, n_days);
    cp_db_rollback(db);
    cp_arena_rewind(ctx->scratch, mark);
    **out = (cp_drives){l.routes, l.n_routes, l.stops};
    return st;
}

uint64_t cp_drives_hash(uint64_t start, const cp_network *net, const cp_drives *drives)
{
    for (int32_t i = 0; i < drives->n_routes; i++) {
        const cp_plan_route *r = &drives->routes[i];
        start = cp_hash_bytes(start, &r->t, sizeof r->t);
        start = cp_hash_text(start, net->vaults[r->vault].code);
        for (int32_t k = r->first_stop; k < r->first_stop + r->n_stops; k++) {
            const cp_plan_stop *s = &drives->stops[k];
            start = cp_hash_text(start, net->sites[s->site].code);
            start = cp_hash_bytes(start, &s->trip, sizeof s->trip);
            start = cp_hash_bytes(start, &s->arrive_min, sizeof s->arrive_min);
        }
    }
    return start;
}

/* ---- rows of a plan ----------------------------------------------------------------------- */

static void bind_part(sqlite3_stmt *stmt, int at, int32_t ppm)
{
    if (ppm >= 0)
        sqlite3_bind_int(stmt, at, ppm);
    else
        sqlite3_bind_null(stmt, at);
}

static cp_status save_row(cp_ctx *ctx, cp_db *db, sqlite3_stmt *stmt, int64_t plan_id,
                          const cp_network *net, cp_day first_day, const cp_plan_likeness *l)
{
    sqlite3_bind_int64(stmt, 1, plan_id);
    cp_sql_bind_day(stmt, 2, first_day + l->t);
    cp_sql_bind_text(stmt, 3, net->vaults[l->vault].code);
    sqlite3_bind_int(stmt, 4, l->n_days);
    cp_sql_bind_day(stmt, 5, first_day + l->with_t);
    sqlite3_bind_int(stmt, 6, l->n_stops);
    sqlite3_bind_int(stmt, 7, l->n_common);
    bind_part(stmt, 8, l->arcs_ppm);
    bind_part(stmt, 9, l->order_ppm);
    bind_part(stmt, 10, l->slots_ppm);
    sqlite3_bind_int(stmt, 11, l->likeness_ppm);
    sqlite3_bind_int(stmt, 12, l->mean_ppm);
    sqlite3_bind_int(stmt, 13, l->limit_pct);
    sqlite3_bind_int(stmt, 14, l->above_pct);
    sqlite3_bind_int64(stmt, 15, l->price_minor);
    return cp_sql_run(ctx, db, stmt);
}

cp_status cp_likeness_save(cp_ctx *ctx, cp_db *db, int64_t plan_id, const cp_network *net,
                           const cp_plan *plan)
{
    sqlite3_stmt *stmt = NULL;
    cp_status st = CP_OK;
    CP_TRY(cp_sql_prepare(ctx, db,
                          "INSERT INTO plan_likeness VALUES"
                          " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                          &stmt));
    for (int32_t i = 0; st == CP_OK && i < plan->n_likeness; i++)
        st = save_row(ctx, db, stmt, plan_id, net, plan->first_day, &plan->likeness[i]);
    sqlite3_finalize(stmt);
    return st;
}

static int32_t part_at(sqlite3_stmt *stmt, int col)
{
    return sqlite3_column_type(stmt, col) == SQLITE_NULL ? -1 : cp_sql_int32(stmt, col);
}

static bool in_range(int64_t value, int64_t lo, int64_t hi)
{
    return value >= lo && value <= hi;
}

/* Could a plan have it? Other programs may have written anything. */
static bool is_sound(const cp_plan *plan, const cp_plan_likeness *l)
{
    return l->vault >= 0 && in_range(l->t, 0, plan->n_days - 1) &&
           in_range(l->with_t, -366, l->t) && in_range(l->n_days, 1, 366) &&
           in_range(l->n_stops, 1, 1000000) && in_range(l->n_common, 0, l->n_stops) &&
           in_range(l->arcs_ppm, -1, 1000000) && in_range(l->order_ppm, -1, 1000000) &&
           in_range(l->slots_ppm, -1, 1000000) && in_range(l->likeness_ppm, 0, 1000000) &&
           in_range(l->mean_ppm, 0, 1000000) && in_range(l->limit_pct, 0, 100) &&
           in_range(l->above_pct, 0, 100) && in_range(l->price_minor, 0, CP_MINOR_MAX);
}

static cp_status load_row(cp_ctx *ctx, sqlite3_stmt *stmt, const cp_code_list *vaults,
                          cp_plan *plan)
{
    const cp_day day = cp_sql_day(stmt, 0), with = cp_sql_day(stmt, 3);
    cp_plan_likeness *l = &plan->likeness[plan->n_likeness++];
    l->t = day != CP_DAY_NONE ? day - plan->first_day : -1;
    l->vault = code_at(vaults, stmt, 1);
    l->n_days = cp_sql_int32(stmt, 2);
    l->with_t = with != CP_DAY_NONE ? with - plan->first_day : INT32_MAX;
    l->n_stops = cp_sql_int32(stmt, 4);
    l->n_common = cp_sql_int32(stmt, 5);
    l->arcs_ppm = part_at(stmt, 6);
    l->order_ppm = part_at(stmt, 7);
    l->slots_ppm = part_at(stmt, 8);
    l->likeness_ppm = cp_sql_int32(stmt, 9);
    l->mean_ppm = cp_sql_int32(stmt, 10);
    l->limit_pct = cp_sql_int32(stmt, 11);
    l->above_pct = cp_sql_int32(stmt, 12);
    l->price_minor = sqlite3_column_int64(stmt, 13);
    if (is_sound(plan, l)) return CP_OK;
    CP_FAIL(ctx, CP_E_IO,
            "row %d of the likeness of routes is damaged in the database, or its vault is no "
            "longer in the network",
            (int)plan->n_likeness);
}

cp_status cp_likeness_load(cp_ctx *ctx, cp_db *db, int64_t plan_id, const cp_network *net,
                           cp_plan *plan)
{
    /* At most one row a day and vault: the key of the table, and what load_row lets pass. */
    CP_NEW(ctx, ctx->run, plan->likeness, (size_t)plan->n_days * (size_t)net->n_vaults + 1);
    plan->n_likeness = 0;
    return cp_vault_rows_load(
        ctx, db,
        "SELECT day, vault_code, n_days, with_day, n_stops, n_common, arcs_ppm,"
        " order_ppm, slots_ppm, likeness_ppm, mean_ppm, limit_pct,"
        " above_pct, price_minor FROM plan_likeness WHERE plan_id = ?1"
        " ORDER BY day, vault_code",
        plan_id, net, load_row, plan);
}

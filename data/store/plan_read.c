/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_read.c - a stored plan back into memory, its codes resolved in the network in force. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/store/bound_store.h"
#include "data/store/likeness_store.h"
#include "data/store/network_store.h"
#include "data/store/plan_fields.h"
#include "data/store/road_store.h"
#include "data/store/sql.h"

/* What no plan goes beyond; other programs may have written anything. */
#define DAYS_MOST 366   /* of a plan */
#define DAY_MOST 200000 /* as in models/net/fields.c */

#define INDEX_CODES(r, list, name, array, count)                                                   \
    CP_TRY(cp_code_list_make((r)->ctx, (name), (array), sizeof *(array),                           \
                             offsetof(__typeof__(*(array)), code), (count), &(list)))

static cp_status index_codes(cp_plan_reader *r)
{
    const cp_network *net = r->net;
    INDEX_CODES(r, r->points, "point", net->points, net->n_points);
    INDEX_CODES(r, r->sites, "site", net->sites, net->n_sites);
    INDEX_CODES(r, r->vaults, "vault", net->vaults, net->n_vaults);
    INDEX_CODES(r, r->cars, "car", net->cars, net->n_cars);
    INDEX_CODES(r, r->denoms, "denomination", net->denoms, net->n_denoms);
    INDEX_CODES(r, r->models, "cassette model", net->models, net->n_models);
    return CP_OK;
}

/* Rows of a table of the plan, for the size of its array. */
static cp_status count_rows(cp_plan_reader *r, const char *table, int64_t *n)
{
    char sql[128];
    bool row = false;
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE plan_id = ?1", table);
    CP_TRY(cp_sql_prepare(r->ctx, r->db, sql, &r->stmt));
    sqlite3_bind_int64(r->stmt, 1, r->out->plan_id);
    const cp_status st = cp_sql_step(r->ctx, r->db, r->stmt, &row);
    *n = st == CP_OK && row ? sqlite3_column_int64(r->stmt, 0) : 0;
    sqlite3_finalize(r->stmt);
    return st;
}

static const char *status_name(int32_t i)
{
    return cp_plan_status_name((cp_plan_status)i);
}
static const char *outcome_name(int32_t i)
{
    static const char *const names[] = {"optimal", "within_gap", "feasible", "infeasible",
                                        "no_plan"};
    return names[i];
}

static cp_status read_head(cp_plan_reader *r)
{
    cp_stored_plan *o = r->out;
    cp_plan *p = r->plan;
    cp_record *c = r->record;
    cp_verdict *verdict = NULL;
    const int32_t status = cp_reader_name(cp_reader_text(r, 0), status_name, CP_PLAN_CLOSED + 1);
    const int32_t outcome = cp_reader_name(cp_reader_text(r, 9), outcome_name, CP_NO_PLAN + 1);
    if (status < 0 || outcome < 0) return cp_reader_damaged(r, "status or outcome");
    CP_NEW(r->ctx, r->ctx->run, verdict, 1);
    c->status = (cp_plan_status)status;
    c->verdict = verdict;
    p->outcome = (cp_outcome)outcome;
    o->created_utc = cp_sql_text(r->ctx, r->stmt, 1);
    o->made_by = cp_sql_text(r->ctx, r->stmt, 2);
    o->approved_by = cp_sql_text(r->ctx, r->stmt, 3);
    c->scenario = cp_sql_text(r->ctx, r->stmt, 4);
    p->policy = cp_sql_text(r->ctx, r->stmt, 5);
    p->first_day = cp_sql_day(r->stmt, 6);
    if (p->first_day < -DAY_MOST || p->first_day > DAY_MOST)
        return cp_reader_damaged(r, "first_day");
    p->n_days = (int32_t)cp_reader_within(r, 7, 1, DAYS_MOST);
    p->stopped_by = cp_sql_text(r->ctx, r->stmt, 8);
    c->input_hash = strtoull(cp_reader_text(r, 10), NULL, 16);
    c->seed = (uint64_t)sqlite3_column_int64(r->stmt, 11);
    c->options = cp_sql_text(r->ctx, r->stmt, 12);
    c->version = cp_sql_text(r->ctx, r->stmt, 13);
    c->seconds = cp_reader_fraction(r, 14);
    p->work_done = cp_reader_within(r, 15, 0, INT64_MAX);
    p->cost.refill_minor = cp_reader_wide(r, 16);
    p->cost.total_minor = cp_reader_wide(r, 17);
    p->proof.has_bound = cp_reader_whole(r, 18) != 0;
    p->proof.bound_minor = cp_reader_wide(r, 19);
    p->proof.plan_minor = cp_reader_wide(r, 20);
    p->proof.gap = cp_reader_fraction(r, 21);
    p->proof.n_paths = cp_reader_whole(r, 22);
    p->proof.seed = (uint64_t)sqlite3_column_int64(r->stmt, 23);
    c->service_pct = cp_reader_fraction(r, 24);
    c->service_asked_pct = cp_reader_fraction(r, 25);
    c->balances_rolled = cp_reader_whole(r, 26);
    c->n_repaired = cp_reader_whole(r, 27);
    c->estimated_legs = cp_reader_wide(r, 28);
    c->legs = cp_reader_wide(r, 29);
    verdict->accepted = cp_reader_whole(r, 30) != 0;
    verdict->with_relief = cp_reader_whole(r, 31) != 0;
    verdict->n_violations = cp_reader_whole(r, 32);
    return p->stopped_by && c->version ? CP_OK : CP_E_NOMEM;
}

static cp_status read_plan_row(cp_plan_reader *r)
{
    r->plan->first_day = CP_DAY_NONE;
    CP_TRY(cp_reader_each(
        r,
        "SELECT status, created_utc, made_by, approved_by, scenario, policy, first_day, n_days,"
        " stopped_by, outcome, input_hash, seed, options, version, seconds, work_done,"
        " refill_minor, total_minor, has_bound, bound_minor, proof_plan_minor, gap, n_paths,"
        " proof_seed, service_pct, service_asked_pct, balances_rolled, n_repaired,"
        " estimated_legs, legs, accepted, with_relief, n_violations"
        " FROM plan WHERE plan_id = ?1",
        read_head));
    if (r->plan->first_day == CP_DAY_NONE)
        CP_FAIL(r->ctx, CP_E_INPUT, "there is no plan %lld", (long long)r->out->plan_id);
    return CP_OK;
}

#define ROOM(r, table, array)                                                                      \
    do {                                                                                           \
        int64_t room_n = 0;                                                                        \
        CP_TRY(count_rows((r), (table), &room_n));                                                 \
        CP_NEW((r)->ctx, (r)->ctx->run, (array), room_n + 1);                                      \
    } while (0)

static cp_status make_room(cp_plan_reader *r)
{
    cp_plan *p = r->plan;
    const size_t cells = (size_t)r->net->n_sites * (size_t)p->n_days;
    ROOM(r, "plan_visit", p->visits);
    ROOM(r, "plan_load", p->loads);
    ROOM(r, "plan_route", p->routes);
    ROOM(r, "plan_stop", p->stops);
    ROOM(r, "plan_limit", p->limits);
    ROOM(r, "plan_order", p->orders);
    ROOM(r, "plan_pool", p->pool);
    ROOM(r, "plan_unserved", p->unserved);
    ROOM(r, "plan_rival", r->record->rivals);
    ROOM(r, "plan_kpi", r->record->kpis);
    ROOM(r, "plan_point_day", r->record->series);
    ROOM(r, "plan_note", r->record->notes);
    p->prices.n_sites = r->net->n_sites;
    p->prices.n_days = p->n_days;
    CP_NEW(r->ctx, r->ctx->run, p->prices.price_minor, cells + 1);
    CP_NEW(r->ctx, r->ctx->run, p->prices.drive_min, cells + 1);
    return CP_OK;
}

static cp_status read_all(cp_plan_reader *r)
{
    cp_rows rows;
    cp_day *balance_day = NULL;
    memset(&rows, 0, sizeof rows);
    CP_TRY(read_plan_row(r));
    CP_TRY(cp_network_load(r->ctx, r->db, &rows));
    CP_TRY(cp_roads_build(r->ctx, r->db, &rows, r->plan->first_day, r->plan->n_days, &r->net,
                          &balance_day));
    r->out->net = r->net;
    CP_TRY(index_codes(r));
    CP_TRY(make_room(r));
    CP_TRY(cp_plan_rows_read(r));
    CP_TRY(cp_likeness_load(r->ctx, r->db, r->out->plan_id, r->net, r->plan));
    return cp_bounds_load(r->ctx, r->db, r->out->plan_id, r->net, r->plan);
}

cp_status cp_plan_store_load(cp_ctx *ctx, cp_db *db, int64_t plan_id, cp_stored_plan **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_plan_reader r = {.ctx = ctx, .db = db};
    CP_NEW(ctx, ctx->run, r.out, 1);
    CP_NEW(ctx, ctx->run, r.out->plan, 1);
    CP_NEW(ctx, ctx->run, r.out->record, 1);
    r.plan = r.out->plan;
    r.record = r.out->record;
    CP_TRY(cp_db_begin_read(ctx, db));
    cp_status st = CP_OK;
    if (plan_id == 0) {
        st = cp_plan_store_latest(ctx, db, CP_DAY_NONE, &plan_id);
        if (st == CP_OK && plan_id == 0)
            st = cp_fail(ctx, CP_E_INPUT, __FILE__, __LINE__,
                         "there is no plan yet that was not refused; make one with cashplan plan");
    }
    r.out->plan_id = plan_id;
    if (st == CP_OK) st = read_all(&r);
    cp_db_rollback(db);
    if (st != CP_OK) return st;
    cp_arena_rewind(ctx->scratch, mark);
    *out = r.out;
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/plan_store.h"

#include <math.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "data/store/bound_store.h"
#include "data/store/likeness_store.h"
#include "data/store/sql.h"
#include "models/net/slot_mix.h"

static const char *const status_names[] = {
    "refused", "proposed", "proposed_with_relief", "approved", "released", "executed", "closed"};
static const char *const outcome_names[] = {"optimal", "within_gap", "feasible", "infeasible",
                                            "no_plan"};
static const char *const role_names[] = {"dispense", "deposit", "recycle", "reject"};

const char *cp_plan_status_name(cp_plan_status status)
{
    const size_t n = sizeof status_names / sizeof *status_names;
    return (size_t)status < n ? status_names[status] : "unknown";
}

/* ---- writing
 * --------------------------------------------------------------------------------------- */

typedef struct writer {
    cp_ctx *ctx;
    cp_db *db;
    const cp_network *net;
    const cp_plan *plan;
    const cp_record *record;
    int64_t id;
    sqlite3_stmt *stmt;
} writer;

/* Bind and run one row: after the plan's number, letters say what follows: i int64_t, d double (not
 * finite: NULL), t text, c code (empty: NULL), y day. */
static cp_status put(writer *w, const char *kinds, ...)
{
    va_list args;
    va_start(args, kinds);
    sqlite3_bind_int64(w->stmt, 1, w->id);
    for (int k = 0; kinds[k] != '\0'; k++) {
        const int at = k + 2;
        if (kinds[k] == 'i')
            sqlite3_bind_int64(w->stmt, at, va_arg(args, int64_t));
        else if (kinds[k] == 't')
            cp_sql_bind_text(w->stmt, at, va_arg(args, const char *));
        else if (kinds[k] == 'c')
            cp_sql_bind_code(w->stmt, at, va_arg(args, const char *));
        else if (kinds[k] == 'y')
            cp_sql_bind_day(w->stmt, at, (cp_day)va_arg(args, int));
        else {
            const double x = va_arg(args, double);
            if (isfinite(x))
                sqlite3_bind_double(w->stmt, at, x);
            else
                sqlite3_bind_null(w->stmt, at);
        }
    }
    va_end(args);
    return cp_sql_run(w->ctx, w->db, w->stmt);
}

/* Prepare the insert of a table with n columns, the plan's number first; run `rows`. */
typedef cp_status rows_fn(writer *w);
static cp_status fill(writer *w, const char *table, int32_t n_columns, rows_fn *rows)
{
    char sql[512];
    size_t at = (size_t)snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table);
    for (int32_t i = 1; i < n_columns; i++)
        at += (size_t)snprintf(sql + at, sizeof sql - at, ", ?");
    snprintf(sql + at, sizeof sql - at, ")");
    CP_TRY(cp_sql_prepare(w->ctx, w->db, sql, &w->stmt));
    const cp_status st = rows(w);
    sqlite3_finalize(w->stmt);
    return st;
}

static int day_of(const writer *w, int32_t t)
{
    return w->plan->first_day + t;
}

static cp_status put_visits(writer *w)
{
    for (int32_t i = 0; i < w->plan->n_visits; i++) {
        const cp_plan_visit *v = &w->plan->visits[i];
        const char *mix = cp_mix_text(w->ctx, w->ctx->scratch, w->net, v->point, v->mix);
        if (mix == NULL) return CP_E_NOMEM;
        CP_TRY(put(w,
                   "iytti"
                   "yiiiiciit",
                   (int64_t)i, day_of(w, v->t), w->net->points[v->point].code,
                   cp_visit_kind_name(v->kind), (int64_t)v->fixed_amount, day_of(w, v->until),
                   v->load_minor, v->return_minor, v->return_q_minor, (int64_t)v->cassettes,
                   v->pin >= 0 ? w->net->rows.pin[v->pin].code : "", (int64_t)v->relief,
                   (int64_t)v->by_branch, mix));
    }
    return CP_OK;
}

static cp_status put_loads(writer *w)
{
    for (int32_t i = 0; i < w->plan->n_visits; i++) {
        const cp_plan_visit *v = &w->plan->visits[i];
        for (int32_t k = 0; k < v->n_loads; k++) {
            const cp_plan_load *l = &w->plan->loads[v->first_load + k];
            const cp_channel *c = &w->net->channels[l->channel];
            CP_TRY(put(w, "iittiiiiii", (int64_t)i, (int64_t)k, role_names[c->role],
                       w->net->denoms[c->denomination].code, l->level_notes, l->load_notes,
                       l->return_notes, l->return_q_notes, (int64_t)l->swapped, l->sealed_notes));
        }
    }
    return CP_OK;
}

static cp_status put_routes(writer *w)
{
    for (int32_t i = 0; i < w->plan->n_routes; i++) {
        const cp_plan_route *r = &w->plan->routes[i];
        CP_TRY(put(w, "iyttiiiiiiiiiii", (int64_t)i, day_of(w, r->t), w->net->vaults[r->vault].code,
                   w->net->cars[r->car].code, (int64_t)r->n_trips, (int64_t)r->depart_min,
                   (int64_t)r->return_min, (int64_t)r->drive_s, (int64_t)r->wait_min,
                   (int64_t)r->service_min, (int64_t)r->overtime_min, r->dist_m,
                   r->most_on_board_minor, (int64_t)r->estimated_legs, (int64_t)r->legs));
    }
    return CP_OK;
}

static cp_status put_stops(writer *w)
{
    for (int32_t i = 0; i < w->plan->n_routes; i++) {
        const cp_plan_route *r = &w->plan->routes[i];
        for (int32_t k = 0; k < r->n_stops; k++) {
            const cp_plan_stop *s = &w->plan->stops[r->first_stop + k];
            CP_TRY(put(w, "iitiiiiii", (int64_t)i, (int64_t)k, w->net->sites[s->site].code,
                       (int64_t)s->trip, (int64_t)s->arrive_min, (int64_t)s->start_min,
                       (int64_t)s->leave_min, s->on_board_minor, s->on_board_cm3));
        }
    }
    return CP_OK;
}

/* Which table the item of a limit is in, and its code. */
static void limit_item(const cp_network *net, const cp_plan_limit *l, const char **table,
                       const char **code)
{
    *table = *code = "";
    if (l->item < 0) return;
    if (l->kind == CP_LIMIT_POOL) {
        *table = "cassette_model";
        *code = net->models[l->item].code;
    } else if (l->kind == CP_LIMIT_VAULT_STOCK) {
        *table = "denomination";
        *code = net->denoms[l->item].code;
    } else if (l->kind == CP_LIMIT_SERVICE_LEVEL || l->kind == CP_LIMIT_ROUTE) {
        *table = "point";
        *code = net->points[l->item].code;
    }
}

static cp_status put_limits(writer *w)
{
    for (int32_t i = 0; i < w->plan->n_limits; i++) {
        const cp_plan_limit *l = &w->plan->limits[i];
        const char *table = NULL, *code = NULL;
        limit_item(w->net, l, &table, &code);
        CP_TRY(put(w, "itcycciiiiidi", (int64_t)i, cp_limit_kind_name(l->kind),
                   l->vault >= 0 ? w->net->vaults[l->vault].code : "", day_of(w, l->t), table, code,
                   l->cap, l->use, l->extra, l->relief, l->relief_price_minor, l->dual_minor,
                   l->outsourced));
    }
    return CP_OK;
}

static cp_status put_orders(writer *w)
{
    for (int32_t i = 0; i < w->plan->n_orders; i++) {
        const cp_plan_order *o = &w->plan->orders[i];
        CP_TRY(put(w, "ittyyi", (int64_t)i, w->net->vaults[o->vault].code,
                   w->net->denoms[o->denomination].code, day_of(w, o->t), day_of(w, o->due_t),
                   o->notes));
    }
    return CP_OK;
}

static cp_status put_pool(writer *w)
{
    for (int32_t i = 0; i < w->plan->n_pool; i++) {
        const cp_plan_pool *p = &w->plan->pool[i];
        CP_TRY(put(w, "ttyiiiiii", w->net->vaults[p->vault].code, w->net->models[p->model].code,
                   day_of(w, p->t), p->full, p->in_machine, p->in_transit, p->uncounted, p->empty,
                   p->borrowed));
    }
    return CP_OK;
}

static cp_status put_unserved(writer *w)
{
    for (int32_t i = 0; i < w->plan->n_unserved; i++) {
        const cp_plan_unserved *u = &w->plan->unserved[i];
        CP_TRY(
            put(w, "iytt", (int64_t)i, day_of(w, u->t), w->net->points[u->point].code, u->reason));
    }
    return CP_OK;
}

static cp_status put_violations(writer *w)
{
    const cp_verdict *verdict = w->record->verdict;
    for (int32_t i = 0; verdict && i < verdict->n_kept; i++) {
        const cp_violation *v = &verdict->violations[i];
        CP_TRY(put(w,
                   "ityci"
                   "t",
                   (int64_t)i, v->rule, v->t >= -1 ? day_of(w, v->t) : CP_DAY_NONE,
                   v->point >= 0 ? w->net->points[v->point].code : "", (int64_t)v->route, v->text));
    }
    return CP_OK;
}

static cp_status put_rivals(writer *w)
{
    for (int32_t i = 0; i < w->record->n_rivals; i++) {
        const cp_rival *r = &w->record->rivals[i];
        CP_TRY(put(w, "itidii", (int64_t)i, r->policy, (int64_t)r->n_visits, r->service_pct,
                   r->cost.refill_minor, r->cost.total_minor));
    }
    return CP_OK;
}

static cp_status put_costs(writer *w)
{
    for (int32_t i = -1; i < w->record->n_rivals; i++) {
        const cp_cost *c = i < 0 ? &w->plan->cost : &w->record->rivals[i].cost;
        for (int32_t k = 0; k < CP_N_COST_ITEMS; k++)
            CP_TRY(put(w, "iti", (int64_t)i, cp_cost_item_name((cp_cost_item)k), c->item[k]));
    }
    return CP_OK;
}

static cp_status put_kpis(writer *w)
{
    for (int32_t i = 0; i < w->record->n_kpis; i++) {
        const cp_kpi *k = &w->record->kpis[i];
        CP_TRY(put(w, "ittd", (int64_t)i, k->name, k->scope, k->value));
    }
    return CP_OK;
}

static cp_status put_series(writer *w)
{
    for (int32_t i = 0; i < w->record->n_series; i++) {
        const cp_point_day *s = &w->record->series[i];
        CP_TRY(put(w, "tyiiiiii", w->net->points[s->point].code, day_of(w, s->t),
                   s->demand_mean_minor, s->demand_q10_minor, s->demand_q90_minor,
                   s->deposit_mean_minor, s->stock_mean_minor, s->stock_low_minor));
    }
    return CP_OK;
}

static cp_status put_notes(writer *w)
{
    for (int32_t i = 0; i < w->record->n_notes; i++)
        CP_TRY(put(w, "it", (int64_t)i, w->record->notes[i]));
    return CP_OK;
}

static cp_status put_prices(writer *w)
{
    const cp_stop_prices *p = &w->plan->prices;
    if (!p->price_minor) return CP_OK;
    for (int32_t i = 0; i < p->n_sites; i++)
        for (int32_t t = 0; t < p->n_days; t++) {
            const size_t at = (size_t)i * (size_t)p->n_days + (size_t)t;
            CP_TRY(put(w, "tyii", w->net->sites[i].code, day_of(w, t), p->price_minor[at],
                       (int64_t)(p->drive_min ? p->drive_min[at] : 0)));
        }
    return CP_OK;
}

/* The head; its columns are named because created_utc is the database's own clock. */
static cp_status put_head(writer *w)
{
    const cp_plan *p = w->plan;
    const cp_record *r = w->record;
    char hash[20];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)r->input_hash);
    CP_TRY(cp_sql_prepare(
        w->ctx, w->db,
        "INSERT INTO plan (plan_id, status, made_by, approved_by, scenario, policy, currency_code,"
        " first_day, n_days, input_hash, seed, options, version, seconds, work_done, stopped_by,"
        " outcome, refill_minor, total_minor, has_bound, bound_minor, proof_plan_minor, gap, "
        "n_paths,"
        " proof_seed, service_pct, service_asked_pct, balances_rolled, n_repaired, estimated_legs,"
        " legs, accepted, with_relief, n_violations, created_utc) VALUES (?, ?, ?, '', ?, ?, ?, ?, "
        "?,"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
        " strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
        &w->stmt));
    const cp_status st =
        put(w,
            "ttttt"
            "yitit"
            "tdittii"
            "iiidiid"
            "diiiii"
            "ii",
            cp_plan_status_name(r->status), cp_db_user(w->db), r->scenario, p->policy,
            w->net->rows.currency[w->net->currency].code, (int)p->first_day, (int64_t)p->n_days,
            hash, (int64_t)r->seed, r->options, r->version, r->seconds, p->work_done, p->stopped_by,
            outcome_names[p->outcome], p->cost.refill_minor, p->cost.total_minor,
            (int64_t)p->proof.has_bound, p->proof.bound_minor, p->proof.plan_minor, p->proof.gap,
            (int64_t)p->proof.n_paths, (int64_t)p->proof.seed, r->service_pct, r->service_asked_pct,
            (int64_t)r->balances_rolled, (int64_t)r->n_repaired, r->estimated_legs, r->legs,
            (int64_t)(r->verdict ? r->verdict->accepted : 0),
            (int64_t)(r->verdict ? r->verdict->with_relief : 0),
            (int64_t)(r->verdict ? r->verdict->n_violations : 0));
    sqlite3_finalize(w->stmt);
    return st;
}

static cp_status save_parts(writer *w)
{
    static const struct {
        const char *table;
        int32_t n_columns;
        rows_fn *rows;
    } parts[] = {{"plan_visit", 15, put_visits},
                 {"plan_load", 11, put_loads},
                 {"plan_route", 16, put_routes},
                 {"plan_stop", 10, put_stops},
                 {"plan_limit", 14, put_limits},
                 {"plan_order", 7, put_orders},
                 {"plan_pool", 10, put_pool},
                 {"plan_unserved", 5, put_unserved},
                 {"plan_violation", 7, put_violations},
                 {"plan_rival", 7, put_rivals},
                 {"plan_cost", 4, put_costs},
                 {"plan_kpi", 5, put_kpis},
                 {"plan_point_day", 9, put_series},
                 {"plan_price", 5, put_prices},
                 {"plan_note", 3, put_notes}};
    char detail[80];
    CP_TRY(put_head(w));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        CP_TRY(fill(w, parts[i].table, parts[i].n_columns, parts[i].rows));
    CP_TRY(cp_likeness_save(w->ctx, w->db, w->id, w->net, w->plan));
    CP_TRY(cp_bounds_save(w->ctx, w->db, w->id, w->net, w->plan));
    snprintf(detail, sizeof detail, "plan %lld, %s", (long long)w->id,
             cp_plan_status_name(w->record->status));
    return cp_db_audit(w->ctx, w->db, "plan", detail);
}

cp_status cp_plan_store_save(cp_ctx *ctx, cp_db *db, const cp_network *net, const cp_plan *plan,
                             const cp_record *record, int64_t *plan_id)
{
    writer w = {ctx, db, net, plan, record, 0, NULL};
    CP_TRY(cp_db_begin(ctx, db));
    cp_status st = cp_sql_int(
        ctx, db, "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'plan'",
        &w.id);
    if (st == CP_OK && w.id < 1) w.id = 1;
    if (st == CP_OK) st = save_parts(&w);
    *plan_id = w.id;
    return cp_db_end(ctx, db, st);
}

/* ---- approval and lists
 * ------------------------------------------------------------------------------ */

cp_status cp_plan_store_latest(cp_ctx *ctx, cp_db *db, cp_day first_day, int64_t *plan_id)
{
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    *plan_id = 0;
    CP_TRY(cp_sql_prepare(ctx, db,
                          "SELECT max(plan_id) FROM plan WHERE status <> 'refused' AND"
                          " (?1 IS NULL OR first_day = ?1)",
                          &stmt));
    cp_sql_bind_day(stmt, 1, first_day);
    const cp_status st = cp_sql_step(ctx, db, stmt, &row);
    if (st == CP_OK && row) *plan_id = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return st;
}

cp_status cp_plan_store_before(cp_ctx *ctx, cp_db *db, int64_t plan_id, int64_t *before)
{
    sqlite3_stmt *stmt = NULL;
    bool row = false;
    *before = 0;
    CP_TRY(cp_sql_prepare(ctx, db,
                          "SELECT max(b.plan_id) FROM plan a JOIN plan b ON b.plan_id < a.plan_id"
                          " WHERE a.plan_id = ?1 AND b.status <> 'refused'"
                          " AND b.first_day < date(a.first_day, '+' || a.n_days || ' days')"
                          " AND a.first_day < date(b.first_day, '+' || b.n_days || ' days')",
                          &stmt));
    sqlite3_bind_int64(stmt, 1, plan_id);
    const cp_status st = cp_sql_step(ctx, db, stmt, &row);
    if (st == CP_OK && row) *before = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return st;
}

static cp_plan_status status_of(const char *name)
{
    for (size_t i = 0; i < sizeof status_names / sizeof *status_names; i++)
        if (strcmp(status_names[i], name) == 0) return (cp_plan_status)i;
    return CP_PLAN_REFUSED;
}

static cp_status read_heads(cp_ctx *ctx, cp_db *db, sqlite3_stmt *stmt, cp_plan_head *heads,
                            int32_t *n)
{
    bool row = false;
    CP_TRY(cp_sql_step(ctx, db, stmt, &row));
    while (row) {
        cp_plan_head *h = &heads[(*n)++];
        h->plan_id = sqlite3_column_int64(stmt, 0);
        h->created_utc = cp_sql_text(ctx, stmt, 1);
        h->made_by = cp_sql_text(ctx, stmt, 2);
        h->approved_by = cp_sql_text(ctx, stmt, 3);
        h->policy = cp_sql_text(ctx, stmt, 4);
        h->first_day = cp_sql_day(stmt, 5);
        h->n_days = cp_sql_int32(stmt, 6);
        const char *status = cp_sql_text(ctx, stmt, 7);
        if (!status || !h->policy) return CP_E_NOMEM;
        h->status = status_of(status);
        h->total_minor = sqlite3_column_int64(stmt, 8);
        CP_TRY(cp_sql_step(ctx, db, stmt, &row));
    }
    return CP_OK;
}

cp_status cp_plan_store_list(cp_ctx *ctx, cp_db *db, cp_plan_head **out, int32_t *n)
{
    int64_t count = 0;
    sqlite3_stmt *stmt = NULL;
    *n = 0;
    CP_TRY(cp_sql_int(ctx, db, "SELECT count(*) FROM plan", &count));
    CP_NEW(ctx, ctx->run, *out, count + 1);
    CP_TRY(cp_sql_prepare(ctx, db,
                          "SELECT plan_id, created_utc, made_by, approved_by, policy, first_day,"
                          " n_days, status, total_minor FROM plan ORDER BY plan_id DESC",
                          &stmt));
    const cp_status st = read_heads(ctx, db, stmt, *out, n);
    sqlite3_finalize(stmt);
    return st;
}

static cp_status check_approval(cp_ctx *ctx, cp_db *db, int64_t plan_id, const char *who)
{
    cp_plan_head *heads = NULL, *head = NULL;
    int32_t n = 0;
    CP_TRY(cp_plan_store_list(ctx, db, &heads, &n));
    for (int32_t i = 0; i < n; i++)
        if (heads[i].plan_id == plan_id) head = &heads[i];
    if (!head) CP_FAIL(ctx, CP_E_INPUT, "there is no plan %lld", (long long)plan_id);
    if (head->status != CP_PLAN_PROPOSED && head->status != CP_PLAN_PROPOSED_RELIEF)
        CP_FAIL(ctx, CP_E_INPUT, "plan %lld is %s; only a proposed plan can be approved",
                (long long)plan_id, cp_plan_status_name(head->status));
    if (strcmp(head->made_by, who) == 0)
        CP_FAIL(ctx, CP_E_INPUT, "plan %lld was made by %s; a second person must approve it",
                (long long)plan_id, who);
    return CP_OK;
}

static cp_status set_approved(cp_ctx *ctx, cp_db *db, int64_t plan_id, const char *who)
{
    sqlite3_stmt *stmt = NULL;
    char detail[160];
    CP_TRY(check_approval(ctx, db, plan_id, who));
    CP_TRY(cp_sql_prepare(ctx, db,
                          "UPDATE plan SET status = 'approved', approved_by = ?2,"
                          " approved_utc = strftime('%Y-%m-%dT%H:%M:%SZ', 'now')"
                          " WHERE plan_id = ?1",
                          &stmt));
    sqlite3_bind_int64(stmt, 1, plan_id);
    cp_sql_bind_text(stmt, 2, who);
    const cp_status st = cp_sql_run(ctx, db, stmt);
    sqlite3_finalize(stmt);
    if (st != CP_OK) return st;
    snprintf(detail, sizeof detail, "plan %lld by %.100s", (long long)plan_id, who);
    return cp_db_audit(ctx, db, "approve", detail);
}

cp_status cp_plan_store_approve(cp_ctx *ctx, cp_db *db, int64_t plan_id, const char *who)
{
    CP_TRY(cp_db_begin(ctx, db));
    return cp_db_end(ctx, db, set_approved(ctx, db, plan_id, who));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_read.c - a stored plan back into memory, its codes resolved in the network in force. */
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/store/code_list.h"
#include "data/store/likeness_store.h"
#include "data/store/network_store.h"
#include "data/store/plan_store.h"
#include "data/store/road_store.h"
#include "data/store/sql.h"
#include "models/net/slot_mix.h"

typedef struct reader {
    cp_ctx *ctx;
    cp_db *db;
    cp_stored_plan *out;
    cp_plan *plan;
    cp_record *record;
    cp_network *net;
    cp_code_list points, sites, vaults, cars, denoms, models;
    sqlite3_stmt *stmt;
    const char *bad; /* column of the row at hand whose value no plan of ours has; NULL = none */
} reader;

/* What no plan goes beyond; other programs may have written anything. */
#define DAYS_MOST 366    /* of a plan */
#define DAYS_AROUND 4000 /* from the first day to any day a plan speaks of */
#define DAY_MOST 200000  /* as in models/net/fields.c */
#define COUNT_MOST 1000000000

#define INDEX_CODES(r, list, name, array, count)                                                   \
    CP_TRY(cp_code_list_make((r)->ctx, (name), (array), sizeof *(array),                           \
                             offsetof(__typeof__(*(array)), code), (count), &(list)))

static cp_status index_codes(reader *r)
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

static cp_status find_code(reader *r, const cp_code_list *list, int col, int32_t *index)
{
    const char *code = (const char *)sqlite3_column_text(r->stmt, col);
    const int32_t found = cp_code_list_find(list, code ? code : "");
    if (found < 0)
        CP_FAIL(r->ctx, CP_E_INPUT, "plan %lld uses %s \"%s\", which is no longer in the network",
                (long long)r->out->plan_id, list->what, code ? code : "");
    *index = found;
    return CP_OK;
}

static cp_status damaged(reader *r, const char *what)
{
    CP_FAIL(r->ctx, CP_E_IO, "plan %lld is damaged in the database: %s is not what it can be",
            (long long)r->out->plan_id, what);
}

/* Notes that the column holds what no plan can have. */
static void refuse(reader *r, int col)
{
    if (r->bad == NULL) r->bad = sqlite3_column_name(r->stmt, col);
}

/* A number from lo to hi; else lo, and the row is refused. */
static int64_t within(reader *r, int col, int64_t lo, int64_t hi)
{
    const int64_t v = sqlite3_column_int64(r->stmt, col);
    if (v >= lo && v <= hi) return v;
    refuse(r, col);
    return lo;
}

static int32_t whole(reader *r, int col)
{
    return (int32_t)within(r, col, -COUNT_MOST, COUNT_MOST);
}

/* An amount of money or notes, or a sum of such. */
static int64_t wide(reader *r, int col)
{
    return within(r, col, -CP_MINOR_MAX, CP_MINOR_MAX);
}

static double fraction(reader *r, int col)
{
    const double v = sqlite3_column_double(r->stmt, col);
    if (!isfinite(v)) refuse(r, col);
    return isfinite(v) ? v : 0.0;
}

/* A day as index of the plan, from lo to hi. */
static int32_t day_index(reader *r, int col, int32_t lo, int32_t hi)
{
    const cp_day day = cp_sql_day(r->stmt, col);
    const int64_t t = (int64_t)day - r->plan->first_day;
    if (day != CP_DAY_NONE && t >= lo && t <= hi) return (int32_t)t;
    refuse(r, col);
    return lo;
}

/* A day of the plan itself. */
static int32_t plan_day(reader *r, int col)
{
    return day_index(r, col, 0, r->plan->n_days - 1);
}

/* Run a query with the plan's number as ?1; call `row` for each row. */
typedef cp_status row_fn(reader *r);
static cp_status each(reader *r, const char *sql, row_fn *row)
{
    bool more = false;
    CP_TRY(cp_sql_prepare(r->ctx, r->db, sql, &r->stmt));
    sqlite3_bind_int64(r->stmt, 1, r->out->plan_id);
    cp_status st = cp_sql_step(r->ctx, r->db, r->stmt, &more);
    while (st == CP_OK && more) {
        r->bad = NULL;
        st = row(r);
        if (st == CP_OK && r->bad != NULL) st = damaged(r, r->bad);
        if (st == CP_OK) st = cp_sql_step(r->ctx, r->db, r->stmt, &more);
    }
    sqlite3_finalize(r->stmt);
    return st;
}

/* Rows of a table of the plan, for the size of its array. */
static cp_status count_rows(reader *r, const char *table, int64_t *n)
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

/* Position of a name in the names of an enum; `n` of them. */
static int32_t enum_of(const char *text, const char *(*name)(int32_t), int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        if (strcmp(name(i), text) == 0) return i;
    return -1;
}
static const char *kind_name(int32_t i)
{
    return cp_visit_kind_name((cp_visit_kind)i);
}
static const char *limit_name(int32_t i)
{
    return cp_limit_kind_name((cp_limit_kind)i);
}
static const char *status_name(int32_t i)
{
    return cp_plan_status_name((cp_plan_status)i);
}
static const char *item_name(int32_t i)
{
    return cp_cost_item_name((cp_cost_item)i);
}
static const char *outcome_name(int32_t i)
{
    static const char *const names[] = {"optimal", "within_gap", "feasible", "infeasible",
                                        "no_plan"};
    return names[i];
}
static const char *role_name(int32_t i)
{
    static const char *const names[] = {"dispense", "deposit", "recycle"};
    return names[i];
}

static const char *column(reader *r, int col)
{
    const char *text = (const char *)sqlite3_column_text(r->stmt, col);
    return text ? text : "";
}

/* ---- rows -------------------------------------------------------------------------------- */

static cp_status read_visit(reader *r)
{
    cp_plan_visit *v = &r->plan->visits[r->plan->n_visits++];
    const int32_t kind = enum_of(column(r, 2), kind_name, CP_N_VISIT_KINDS);
    if (kind < 0) return damaged(r, "kind of visit");
    CP_TRY(find_code(r, &r->points, 1, &v->point));
    v->t = plan_day(r, 0);
    if (r->plan->n_visits > 1 && v[-1].t > v->t) refuse(r, 0);
    v->kind = (cp_visit_kind)kind;
    v->fixed_amount = whole(r, 3) != 0;
    v->until = day_index(r, 4, 0, DAYS_AROUND);
    v->load_minor = wide(r, 5);
    v->return_minor = wide(r, 6);
    v->return_q_minor = wide(r, 7);
    v->cassettes = whole(r, 8);
    v->relief = whole(r, 10) != 0;
    v->by_branch = whole(r, 11) != 0;
    CP_TRY(cp_mix_read(r->ctx, r->net, v->point, column(r, 12), &v->mix));
    v->pin = -1;
    for (int32_t i = 0; i < r->net->rows.n_pin; i++)
        if (strcmp(r->net->rows.pin[i].code, column(r, 9)) == 0) v->pin = i;
    return CP_OK;
}

static cp_status read_load(reader *r)
{
    const int32_t visit = whole(r, 0);
    int32_t denom = -1;
    const int32_t role = enum_of(column(r, 1), role_name, 3);
    if (visit < 0 || visit >= r->plan->n_visits || role < 0) return damaged(r, "load");
    CP_TRY(find_code(r, &r->denoms, 2, &denom));
    cp_plan_visit *v = &r->plan->visits[visit];
    cp_plan_load *l = &r->plan->loads[r->plan->n_loads];
    const cp_point *p = &r->net->points[v->point];
    l->channel = -1;
    for (int32_t k = p->first_channel; k < p->first_channel + p->n_channels; k++)
        if (r->net->channels[k].denomination == denom && (int32_t)r->net->channels[k].role == role)
            l->channel = k;
    if (l->channel < 0)
        CP_FAIL(r->ctx, CP_E_INPUT, "plan %lld loads %s of %s, which it no longer holds",
                (long long)r->out->plan_id, r->net->denoms[denom].code, p->code);
    if (v->n_loads++ == 0) v->first_load = r->plan->n_loads;
    r->plan->n_loads++;
    l->level_notes = wide(r, 3);
    l->load_notes = wide(r, 4);
    l->return_notes = wide(r, 5);
    l->return_q_notes = wide(r, 6);
    l->swapped = whole(r, 7) != 0;
    l->sealed_notes = wide(r, 8);
    return CP_OK;
}

static cp_status read_route(reader *r)
{
    cp_plan_route *route = &r->plan->routes[r->plan->n_routes++];
    CP_TRY(find_code(r, &r->vaults, 1, &route->vault));
    CP_TRY(find_code(r, &r->cars, 2, &route->car));
    route->t = plan_day(r, 0);
    if (r->plan->n_routes > 1 && route[-1].t > route->t) refuse(r, 0);
    route->n_trips = (int32_t)within(r, 3, 1, 1000);
    route->depart_min = whole(r, 4);
    route->return_min = whole(r, 5);
    route->drive_s = whole(r, 6);
    route->wait_min = whole(r, 7);
    route->service_min = whole(r, 8);
    route->overtime_min = whole(r, 9);
    route->dist_m = wide(r, 10);
    route->most_on_board_minor = wide(r, 11);
    route->estimated_legs = whole(r, 12);
    route->legs = whole(r, 13);
    return CP_OK;
}

static cp_status read_stop(reader *r)
{
    const int32_t at = whole(r, 0);
    if (at < 0 || at >= r->plan->n_routes) return damaged(r, "route of a stop");
    cp_plan_route *route = &r->plan->routes[at];
    cp_plan_stop *s = &r->plan->stops[r->plan->n_stops];
    if (route->n_stops++ == 0) route->first_stop = r->plan->n_stops;
    r->plan->n_stops++;
    CP_TRY(find_code(r, &r->sites, 1, &s->site));
    s->trip = (int32_t)within(r, 2, 0, route->n_trips - 1);
    s->arrive_min = whole(r, 3);
    s->start_min = whole(r, 4);
    s->leave_min = whole(r, 5);
    s->on_board_minor = wide(r, 6);
    s->on_board_cm3 = wide(r, 7);
    return CP_OK;
}

static cp_status read_limit(reader *r)
{
    cp_plan_limit *l = &r->plan->limits[r->plan->n_limits++];
    const int32_t kind = enum_of(column(r, 0), limit_name, CP_LIMIT_ROUTE + 1);
    if (kind < 0) return damaged(r, "kind of limit");
    l->kind = (cp_limit_kind)kind;
    l->vault = l->item = -1;
    if (column(r, 1)[0]) CP_TRY(find_code(r, &r->vaults, 1, &l->vault));
    l->t = day_index(r, 2, -1, r->plan->n_days - 1);
    const char *table = column(r, 3);
    if (strcmp(table, "cassette_model") == 0)
        CP_TRY(find_code(r, &r->models, 4, &l->item));
    else if (strcmp(table, "denomination") == 0)
        CP_TRY(find_code(r, &r->denoms, 4, &l->item));
    else if (strcmp(table, "point") == 0)
        CP_TRY(find_code(r, &r->points, 4, &l->item));
    l->cap = wide(r, 5);
    l->use = wide(r, 6);
    l->extra = wide(r, 7);
    l->relief = wide(r, 8);
    l->relief_price_minor = wide(r, 9);
    l->dual_minor = fraction(r, 10);
    l->outsourced = wide(r, 11);
    return CP_OK;
}

static cp_status read_order(reader *r)
{
    cp_plan_order *o = &r->plan->orders[r->plan->n_orders++];
    CP_TRY(find_code(r, &r->vaults, 0, &o->vault));
    CP_TRY(find_code(r, &r->denoms, 1, &o->denomination));
    o->t = day_index(r, 2, -DAYS_AROUND, DAYS_AROUND);
    o->due_t = day_index(r, 3, -DAYS_AROUND, DAYS_AROUND);
    o->notes = wide(r, 4);
    return CP_OK;
}

static cp_status read_pool(reader *r)
{
    cp_plan_pool *p = &r->plan->pool[r->plan->n_pool++];
    CP_TRY(find_code(r, &r->vaults, 0, &p->vault));
    CP_TRY(find_code(r, &r->models, 1, &p->model));
    p->t = plan_day(r, 2);
    p->full = wide(r, 3);
    p->in_machine = wide(r, 4);
    p->in_transit = wide(r, 5);
    p->uncounted = wide(r, 6);
    p->empty = wide(r, 7);
    p->borrowed = wide(r, 8);
    return CP_OK;
}

static cp_status read_unserved(reader *r)
{
    cp_plan_unserved *u = &r->plan->unserved[r->plan->n_unserved++];
    CP_TRY(find_code(r, &r->points, 1, &u->point));
    u->t = plan_day(r, 0);
    u->reason = cp_sql_text(r->ctx, r->stmt, 2);
    return u->reason ? CP_OK : CP_E_NOMEM;
}

static cp_status read_rival(reader *r)
{
    cp_rival *v = &r->record->rivals[r->record->n_rivals++];
    v->policy = cp_sql_text(r->ctx, r->stmt, 0);
    v->n_visits = whole(r, 1);
    v->service_pct = fraction(r, 2);
    v->cost.refill_minor = wide(r, 3);
    v->cost.total_minor = wide(r, 4);
    return v->policy ? CP_OK : CP_E_NOMEM;
}

static cp_status read_cost(reader *r)
{
    const int32_t rival = whole(r, 0);
    const int32_t item = enum_of(column(r, 1), item_name, CP_N_COST_ITEMS);
    if (item < 0 || rival >= r->record->n_rivals) return damaged(r, "cost item");
    cp_cost *c = rival < 0 ? &r->plan->cost : &r->record->rivals[rival].cost;
    c->item[item] = wide(r, 2);
    return CP_OK;
}

static cp_status read_kpi(reader *r)
{
    cp_kpi *k = &r->record->kpis[r->record->n_kpis++];
    k->name = cp_sql_text(r->ctx, r->stmt, 0);
    k->scope = cp_sql_text(r->ctx, r->stmt, 1);
    k->value = sqlite3_column_type(r->stmt, 2) == SQLITE_NULL ? NAN : fraction(r, 2);
    return k->name && k->scope ? CP_OK : CP_E_NOMEM;
}

static cp_status read_series(reader *r)
{
    cp_point_day *s = &r->record->series[r->record->n_series++];
    CP_TRY(find_code(r, &r->points, 0, &s->point));
    s->t = plan_day(r, 1);
    s->demand_mean_minor = wide(r, 2);
    s->demand_q10_minor = wide(r, 3);
    s->demand_q90_minor = wide(r, 4);
    s->deposit_mean_minor = wide(r, 5);
    s->stock_mean_minor = wide(r, 6);
    s->stock_low_minor = wide(r, 7);
    return CP_OK;
}

static cp_status read_note(reader *r)
{
    const char *text = cp_sql_text(r->ctx, r->stmt, 0);
    if (text == NULL) return CP_E_NOMEM;
    r->record->notes[r->record->n_notes++] = text;
    return CP_OK;
}

static cp_status read_price(reader *r)
{
    int32_t site = -1;
    const int32_t t = plan_day(r, 1);
    CP_TRY(find_code(r, &r->sites, 0, &site));
    const size_t at = (size_t)site * (size_t)r->plan->n_days + (size_t)t;
    r->plan->prices.price_minor[at] = wide(r, 2);
    r->plan->prices.drive_min[at] = whole(r, 3);
    return CP_OK;
}

/* ---- head -------------------------------------------------------------------------------- */

static cp_status read_head(reader *r)
{
    cp_stored_plan *o = r->out;
    cp_plan *p = r->plan;
    cp_record *c = r->record;
    cp_verdict *verdict = NULL;
    const int32_t status = enum_of(column(r, 0), status_name, CP_PLAN_CLOSED + 1);
    const int32_t outcome = enum_of(column(r, 9), outcome_name, CP_NO_PLAN + 1);
    if (status < 0 || outcome < 0) return damaged(r, "status or outcome");
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
    if (p->first_day < -DAY_MOST || p->first_day > DAY_MOST) return damaged(r, "first_day");
    p->n_days = (int32_t)within(r, 7, 1, DAYS_MOST);
    p->stopped_by = cp_sql_text(r->ctx, r->stmt, 8);
    c->input_hash = strtoull(column(r, 10), NULL, 16);
    c->seed = (uint64_t)sqlite3_column_int64(r->stmt, 11);
    c->options = cp_sql_text(r->ctx, r->stmt, 12);
    c->version = cp_sql_text(r->ctx, r->stmt, 13);
    c->seconds = fraction(r, 14);
    p->work_done = within(r, 15, 0, INT64_MAX);
    p->cost.refill_minor = wide(r, 16);
    p->cost.total_minor = wide(r, 17);
    p->proof.has_bound = whole(r, 18) != 0;
    p->proof.bound_minor = wide(r, 19);
    p->proof.plan_minor = wide(r, 20);
    p->proof.gap = fraction(r, 21);
    p->proof.n_paths = whole(r, 22);
    p->proof.seed = (uint64_t)sqlite3_column_int64(r->stmt, 23);
    c->service_pct = fraction(r, 24);
    c->service_asked_pct = fraction(r, 25);
    c->balances_rolled = whole(r, 26);
    c->n_repaired = whole(r, 27);
    c->estimated_legs = wide(r, 28);
    c->legs = wide(r, 29);
    verdict->accepted = whole(r, 30) != 0;
    verdict->with_relief = whole(r, 31) != 0;
    verdict->n_violations = whole(r, 32);
    return p->stopped_by && c->version ? CP_OK : CP_E_NOMEM;
}

static cp_status read_plan_row(reader *r)
{
    r->plan->first_day = CP_DAY_NONE;
    CP_TRY(each(
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

static cp_status make_room(reader *r)
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

static cp_status read_parts(reader *r)
{
    static const struct {
        const char *sql;
        row_fn *row;
    } parts[] = {
        {"SELECT day, point_code, kind, fixed_amount, until_day, load_minor, return_minor,"
         " return_q_minor, cassettes, pin_code, relief, by_branch, mix FROM plan_visit"
         " WHERE plan_id = ?1 ORDER BY visit",
         read_visit},
        {"SELECT visit, role, denomination_code, level_notes, load_notes, return_notes,"
         " return_q_notes, swapped, sealed_notes FROM plan_load WHERE plan_id = ?1 ORDER BY visit, "
         "load",
         read_load},
        {"SELECT day, vault_code, car_code, n_trips, depart_min, return_min, drive_s, wait_min,"
         " service_min, overtime_min, dist_m, most_on_board_minor, estimated_legs, legs"
         " FROM plan_route WHERE plan_id = ?1 ORDER BY route",
         read_route},
        {"SELECT route, site_code, trip, arrive_min, start_min, leave_min, on_board_minor,"
         " on_board_cm3 FROM plan_stop WHERE plan_id = ?1 ORDER BY route, stop",
         read_stop},
        {"SELECT kind, vault_code, day, item_table, item_code, cap, use, extra, relief,"
         " relief_price_minor, dual_minor, outsourced FROM plan_limit WHERE plan_id = ?1 ORDER BY "
         "limit_no",
         read_limit},
        {"SELECT vault_code, denomination_code, day, due_day, notes FROM plan_order"
         " WHERE plan_id = ?1 ORDER BY order_no",
         read_order},
        {"SELECT vault_code, cassette_model_code, day, full, in_machine, in_transit, uncounted,"
         " empty, borrowed FROM plan_pool WHERE plan_id = ?1"
         " ORDER BY vault_code, cassette_model_code, day",
         read_pool},
        {"SELECT day, point_code, reason FROM plan_unserved WHERE plan_id = ?1"
         " ORDER BY unserved_no",
         read_unserved},
        {"SELECT policy, n_visits, service_pct, refill_minor, total_minor FROM plan_rival"
         " WHERE plan_id = ?1 ORDER BY rival",
         read_rival},
        {"SELECT rival, item, amount_minor FROM plan_cost WHERE plan_id = ?1"
         " ORDER BY rival, item",
         read_cost},
        {"SELECT name, scope, value FROM plan_kpi WHERE plan_id = ?1 ORDER BY kpi", read_kpi},
        {"SELECT point_code, day, demand_mean_minor, demand_q10_minor, demand_q90_minor,"
         " deposit_mean_minor, stock_mean_minor, stock_low_minor FROM plan_point_day"
         " WHERE plan_id = ?1 ORDER BY point_code, day",
         read_series},
        {"SELECT site_code, day, price_minor, drive_min FROM plan_price WHERE plan_id = ?1"
         " ORDER BY site_code, day",
         read_price},
        {"SELECT text FROM plan_note WHERE plan_id = ?1 ORDER BY note", read_note},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        CP_TRY(each(r, parts[i].sql, parts[i].row));
    return cp_likeness_load(r->ctx, r->db, r->out->plan_id, r->net, r->plan);
}

static cp_status read_all(reader *r)
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
    return read_parts(r);
}

cp_status cp_plan_store_load(cp_ctx *ctx, cp_db *db, int64_t plan_id, cp_stored_plan **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    reader r = {.ctx = ctx, .db = db};
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

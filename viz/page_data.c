/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viz/page_data.h"

#include "data/csv/plan_csv.h"
#include "data/store/plan_store.h"
#include "models/plan/route_bounds.h"
#include "models/plan/vault_books.h"
#include "viz/page_column.h"

static const char *travel_source(const cp_network *net)
{
    static const char *const names[] = {"matrix", "pairs", "roads", "circle"};
    return names[net->travel.source];
}

static void write_meta(cp_json *json, const cp_export_plan *ex, const cp_run_info *info)
{
    const cp_network *net = ex->net;
    const cp_currency *currency = &net->rows.currency[net->currency];
    cp_json_object(json, "meta");
    cp_json_text(json, "bank", net->settings.bank_name);
    cp_json_int(json, "plan_id", info->plan_id);
    cp_json_text(json, "policy", ex->plan->policy);
    cp_json_text(json, "status", cp_plan_status_name(ex->record->status));
    cp_json_text(json, "approved_by", info->approved_by);
    cp_json_text(json, "scenario", ex->record->scenario);
    cp_json_text(json, "outcome", cp_outcome_text(ex->plan->outcome));
    cp_json_text(json, "stopped_by", ex->plan->stopped_by);
    cp_json_day(json, "first_day", ex->plan->first_day);
    cp_json_int(json, "n_days", ex->plan->n_days);
    cp_json_int(json, "released_days", net->settings.released_days);
    cp_json_text(json, "currency", currency->code);
    cp_json_int(json, "exponent", currency->exponent);
    cp_json_text(json, "version", ex->record->version);
    cp_json_real(json, "seconds", ex->record->seconds, 2);
    cp_json_u64_text(json, "seed", ex->record->seed);
    cp_json_real(json, "service_pct", ex->record->service_pct, 4);
    cp_json_real(json, "service_asked_pct", ex->record->service_asked_pct, 4);
    cp_json_int(json, "return_quantile_ppm", net->settings.return_quantile_ppm);
    cp_json_text(json, "travel_source", travel_source(net));
    cp_run_write_proof(json, &ex->plan->proof, NULL);
    cp_json_end(json);
}

static void write_routes(cp_json *json, const cp_export_plan *ex)
{
    const cp_plan_route *r = ex->plan->routes;
    const int32_t n = ex->plan->n_routes;
    cp_json_object(json, "routes");
    COLUMN_INT(json, "day", n, r[k].t);
    COLUMN_INT(json, "vault", n, r[k].vault);
    COLUMN_INT(json, "car", n, r[k].car);
    COLUMN_INT(json, "first_stop", n, r[k].first_stop);
    COLUMN_INT(json, "trips", n, r[k].n_trips);
    COLUMN_INT(json, "depart_min", n, r[k].depart_min);
    COLUMN_INT(json, "return_min", n, r[k].return_min);
    COLUMN_INT(json, "drive_s", n, r[k].drive_s);
    COLUMN_INT(json, "wait_min", n, r[k].wait_min);
    COLUMN_INT(json, "service_min", n, r[k].service_min);
    COLUMN_INT(json, "overtime_min", n, r[k].overtime_min);
    COLUMN_INT(json, "dist_m", n, r[k].dist_m);
    COLUMN_INT(json, "most_minor", n, r[k].most_on_board_minor);
    COLUMN_INT(json, "legs", n, r[k].legs);
    COLUMN_INT(json, "estimated_legs", n, r[k].estimated_legs);
    COLUMN_INT(json, "open", n, ex->net->cars[r[k].car].open_route);
    cp_json_end(json);
    const cp_plan_stop *s = ex->plan->stops;
    const int32_t n_stops = ex->plan->n_stops;
    cp_json_object(json, "stops");
    COLUMN_INT(json, "site", n_stops, s[k].site);
    COLUMN_INT(json, "trip", n_stops, s[k].trip);
    COLUMN_INT(json, "arrive_min", n_stops, s[k].arrive_min);
    COLUMN_INT(json, "start_min", n_stops, s[k].start_min);
    COLUMN_INT(json, "leave_min", n_stops, s[k].leave_min);
    COLUMN_INT(json, "on_board_minor", n_stops, s[k].on_board_minor);
    cp_json_end(json);
}

static void write_visits(cp_json *json, const cp_export_plan *ex)
{
    const cp_plan_visit *v = ex->plan->visits;
    const int32_t n = ex->plan->n_visits;
    cp_json_object(json, "visits");
    COLUMN_INT(json, "day", n, v[k].t);
    COLUMN_INT(json, "point", n, v[k].point);
    COLUMN_INT(json, "kind", n, v[k].kind);
    COLUMN_INT(json, "until", n, v[k].until);
    COLUMN_INT(json, "stop", n, ex->index.visit_stop[k]);
    COLUMN_INT(json, "first_load", n, v[k].first_load);
    COLUMN_INT(json, "load_minor", n, v[k].load_minor);
    COLUMN_INT(json, "return_minor", n, v[k].return_minor);
    COLUMN_INT(json, "return_q_minor", n, v[k].return_q_minor);
    COLUMN_INT(json, "cassettes", n, v[k].cassettes);
    COLUMN_INT(json, "fixed", n, v[k].fixed_amount);
    COLUMN_INT(json, "relief", n, v[k].relief);
    COLUMN_INT(json, "pin", n, v[k].pin);
    COLUMN_INT(json, "by_branch", n, v[k].by_branch);
    cp_json_end(json);
    const cp_plan_load *l = ex->plan->loads;
    const int32_t n_loads = ex->plan->n_loads;
    cp_json_object(json, "loads");
    COLUMN_INT(json, "channel", n_loads, l[k].channel);
    COLUMN_INT(json, "level_notes", n_loads, l[k].level_notes);
    COLUMN_INT(json, "load_notes", n_loads, l[k].load_notes);
    COLUMN_INT(json, "return_notes", n_loads, l[k].return_notes);
    COLUMN_INT(json, "return_q_notes", n_loads, l[k].return_q_notes);
    COLUMN_INT(json, "swapped", n_loads, l[k].swapped);
    cp_json_end(json);
}

static void write_packing(cp_json *json, const cp_export_plan *ex)
{
    const cp_packing_row *p = ex->packing.rows;
    const int32_t n = ex->packing.n_rows;
    cp_json_object(json, "packing");
    COLUMN_INT(json, "day", n, p[k].t);
    COLUMN_INT(json, "vault", n, p[k].vault);
    COLUMN_INT(json, "route", n, p[k].route);
    COLUMN_INT(json, "depart_min", n, p[k].depart_min);
    COLUMN_INT(json, "model", n, p[k].cassette_model);
    COLUMN_INT(json, "role", n, (int64_t)p[k].role);
    COLUMN_INT(json, "denom", n, p[k].denomination);
    COLUMN_INT(json, "cassettes", n, p[k].cassettes);
    COLUMN_INT(json, "notes", n, p[k].notes);
    cp_json_end(json);
}

static void write_limits(cp_json *json, const cp_export_plan *ex)
{
    const cp_plan_limit *l = ex->plan->limits;
    const int32_t n = ex->plan->n_limits;
    cp_json_object(json, "limits");
    COLUMN_TEXT(json, "kind", n, cp_limit_kind_name(l[k].kind));
    COLUMN_INT(json, "vault", n, l[k].vault);
    COLUMN_INT(json, "day", n, l[k].t);
    COLUMN_TEXT(json, "item", n, cp_limit_item_code(ex->net, &l[k]));
    COLUMN_INT(json, "cap", n, l[k].cap);
    COLUMN_INT(json, "use", n, l[k].use);
    COLUMN_INT(json, "extra", n, l[k].extra);
    COLUMN_INT(json, "outsourced", n, l[k].outsourced);
    COLUMN_INT(json, "relief", n, l[k].relief);
    COLUMN_REAL(json, "dual_minor", n, l[k].dual_minor, 6);
    cp_json_end(json);
    const cp_plan_order *o = ex->plan->orders;
    const int32_t n_orders = ex->plan->n_orders;
    cp_json_object(json, "orders");
    COLUMN_INT(json, "vault", n_orders, o[k].vault);
    COLUMN_INT(json, "denom", n_orders, o[k].denomination);
    COLUMN_INT(json, "day", n_orders, o[k].t);
    COLUMN_INT(json, "due", n_orders, o[k].due_t);
    COLUMN_INT(json, "notes", n_orders, o[k].notes);
    cp_json_end(json);
    const cp_plan_pool *c = ex->plan->pool;
    const int32_t n_pool = ex->plan->n_pool;
    cp_json_object(json, "pool");
    COLUMN_INT(json, "vault", n_pool, c[k].vault);
    COLUMN_INT(json, "model", n_pool, c[k].model);
    COLUMN_INT(json, "day", n_pool, c[k].t);
    COLUMN_INT(json, "full", n_pool, c[k].full);
    COLUMN_INT(json, "in_machine", n_pool, c[k].in_machine);
    COLUMN_INT(json, "in_transit", n_pool, c[k].in_transit);
    COLUMN_INT(json, "uncounted", n_pool, c[k].uncounted);
    COLUMN_INT(json, "empty", n_pool, c[k].empty);
    COLUMN_INT(json, "borrowed", n_pool, c[k].borrowed);
    cp_json_end(json);
    const cp_plan_unserved *u = ex->plan->unserved;
    const int32_t n_unserved = ex->plan->n_unserved;
    cp_json_object(json, "unserved");
    COLUMN_INT(json, "day", n_unserved, u[k].t);
    COLUMN_INT(json, "point", n_unserved, u[k].point);
    COLUMN_TEXT(json, "reason", n_unserved, u[k].reason);
    cp_json_end(json);
}

/* How alike the routes are with earlier ones; with_day below 0: before the plan. */
static void write_likeness(cp_json *json, const cp_export_plan *ex)
{
    const cp_plan_likeness *l = ex->plan->likeness;
    const int32_t n = ex->plan->n_likeness;
    cp_json_object(json, "likeness");
    COLUMN_INT(json, "day", n, l[k].t);
    COLUMN_INT(json, "vault", n, l[k].vault);
    COLUMN_INT(json, "with_day", n, l[k].with_t);
    COLUMN_INT(json, "days", n, l[k].n_days);
    COLUMN_INT(json, "stops", n, l[k].n_stops);
    COLUMN_INT(json, "again", n, l[k].n_common);
    COLUMN_INT(json, "likeness_ppm", n, l[k].likeness_ppm);
    COLUMN_INT(json, "ways_ppm", n, l[k].arcs_ppm);
    COLUMN_INT(json, "order_ppm", n, l[k].order_ppm);
    COLUMN_INT(json, "slots_ppm", n, l[k].slots_ppm);
    COLUMN_INT(json, "limit_pct", n, l[k].limit_pct);
    COLUMN_INT(json, "above_pct", n, l[k].above_pct);
    cp_json_end(json);
}

/* What routes cost at least; bound and gap are 0 where `no_bound` says why there is none. */
static void write_bounds(cp_json *json, const cp_export_plan *ex)
{
    const cp_plan_route_bound *b = ex->plan->bounds;
    const int32_t n = ex->plan->n_bounds;
    cp_json_object(json, "route_bounds");
    COLUMN_INT(json, "day", n, b[k].t);
    COLUMN_INT(json, "vault", n, b[k].vault);
    COLUMN_INT(json, "stops", n, b[k].n_stops);
    COLUMN_INT(json, "routes", n, b[k].n_routes);
    COLUMN_INT(json, "routed_minor", n, b[k].routed_minor);
    COLUMN_INT(json, "bound_minor", n, b[k].bound_minor);
    COLUMN_INT(json, "proven", n, b[k].proven);
    COLUMN_TEXT(json, "no_bound", n, cp_no_bound_name(b[k].why));
    cp_json_end(json);
}

/* Notes in the vaults at night. */
static cp_status write_stock(cp_ctx *ctx, cp_json *json, const cp_export_plan *ex)
{
    cp_stock_night *s = NULL;
    int32_t n = 0;
    CP_TRY(cp_stock_nights(ctx, ex->net, ex->plan, &s, &n));
    cp_json_object(json, "stock");
    COLUMN_INT(json, "vault", n, s[k].vault);
    COLUMN_INT(json, "denom", n, s[k].denomination);
    COLUMN_INT(json, "day", n, s[k].t);
    COLUMN_INT(json, "usable_notes", n, s[k].usable);
    COLUMN_INT(json, "waiting_notes", n, s[k].waiting);
    cp_json_end(json);
    return CP_OK;
}

static void write_policy(cp_json *json, const cp_cost *cost, const char *policy, int32_t n_visits,
                         double service_pct)
{
    cp_json_object(json, NULL);
    cp_json_text(json, "policy", policy);
    COLUMN_INT(json, "item_minor", CP_N_COST_ITEMS, cost->item[k]);
    cp_json_int(json, "total_minor", cost->total_minor);
    cp_json_int(json, "n_visits", n_visits);
    cp_json_real(json, "service_pct", service_pct, 4);
    cp_json_end(json);
}

/* Figures of single points have an object of their own (page_service.c). */
static void write_kpis(cp_json *json, const cp_record *record)
{
    const cp_kpi *kpi = record->kpis;
    cp_json_object(json, "kpis");
    cp_json_array_flat(json, "name");
    for (int32_t k = 0; k < record->n_kpis; k++)
        if (!cp_page_is_point_kpi(&kpi[k])) cp_json_text(json, NULL, kpi[k].name);
    cp_json_end(json);
    cp_json_array_flat(json, "scope");
    for (int32_t k = 0; k < record->n_kpis; k++)
        if (!cp_page_is_point_kpi(&kpi[k])) cp_json_text(json, NULL, kpi[k].scope);
    cp_json_end(json);
    cp_json_array_flat(json, "value");
    for (int32_t k = 0; k < record->n_kpis; k++)
        if (!cp_page_is_point_kpi(&kpi[k])) cp_json_real(json, NULL, kpi[k].value, 6);
    cp_json_end(json);
    cp_json_end(json);
}

static void write_cost(cp_json *json, const cp_export_plan *ex)
{
    const cp_record *record = ex->record;
    cp_json_object(json, "cost");
    COLUMN_TEXT(json, "items", CP_N_COST_ITEMS, cp_cost_item_name((cp_cost_item)k));
    cp_json_array(json, "policies");
    write_policy(json, &ex->plan->cost, ex->plan->policy, ex->plan->n_visits, record->service_pct);
    for (int32_t k = 0; k < record->n_rivals; k++)
        write_policy(json, &record->rivals[k].cost, record->rivals[k].policy,
                     record->rivals[k].n_visits, record->rivals[k].service_pct);
    cp_json_end(json);
    cp_json_end(json);
    write_kpis(json, record);
}

/* Rows of the series by point and day; days that are not stored stay 0. */
static cp_status sort_series(cp_ctx *ctx, const cp_export_plan *ex, const cp_point_day ***out)
{
    const int32_t n_days = ex->plan->n_days;
    CP_NEW(ctx, ctx->scratch, *out, (size_t)ex->net->n_points * (size_t)n_days);
    for (int32_t k = 0; k < ex->record->n_series; k++) {
        const cp_point_day *row = &ex->record->series[k];
        if (row->t < 0 || row->t >= n_days || row->point < 0 || row->point >= ex->net->n_points)
            continue;
        (*out)[(int64_t)row->point * n_days + row->t] = row;
    }
    return CP_OK;
}

static cp_status write_series(cp_ctx *ctx, cp_json *json, const cp_export_plan *ex)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_point_day **s = NULL;
    CP_TRY(sort_series(ctx, ex, &s));
    const int32_t n = ex->record->n_series > 0 ? ex->net->n_points * ex->plan->n_days : 0;
    cp_json_object(json, "series");
    COLUMN_INT(json, "demand_mean", n, s[k] != NULL ? s[k]->demand_mean_minor : 0);
    COLUMN_INT(json, "demand_q10", n, s[k] != NULL ? s[k]->demand_q10_minor : 0);
    COLUMN_INT(json, "demand_q90", n, s[k] != NULL ? s[k]->demand_q90_minor : 0);
    COLUMN_INT(json, "deposit_mean", n, s[k] != NULL ? s[k]->deposit_mean_minor : 0);
    COLUMN_INT(json, "stock_mean", n, s[k] != NULL ? s[k]->stock_mean_minor : 0);
    COLUMN_INT(json, "stock_low", n, s[k] != NULL ? s[k]->stock_low_minor : 0);
    cp_json_end(json);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static void write_notes(cp_json *json, const cp_export_plan *ex)
{
    const cp_record *record = ex->record;
    const cp_verdict *verdict = record->verdict;
    cp_json_object(json, "notes");
    cp_json_int(json, "balances_rolled", record->balances_rolled);
    cp_json_int(json, "values_repaired", record->n_repaired);
    cp_json_int(json, "legs", record->legs);
    cp_json_int(json, "estimated_legs", record->estimated_legs);
    cp_json_array(json, "violations");
    for (int32_t k = 0; verdict != NULL && k < verdict->n_kept; k++) {
        cp_json_object(json, NULL);
        cp_json_text(json, "rule", verdict->violations[k].rule);
        cp_json_text(json, "text", verdict->violations[k].text);
        cp_json_end(json);
    }
    cp_json_end(json);
    cp_json_int(json, "n_violations", verdict != NULL ? verdict->n_violations : 0);
    COLUMN_TEXT(json, "texts", record->n_notes, record->notes[k]);
    cp_json_end(json);
}

cp_status cp_page_data_write(cp_ctx *ctx, const cp_export_plan *ex, const cp_run_info *info,
                             const cp_page_before *before, const cp_page_conflicts *conflicts,
                             bool html, cp_outfile *out)
{
    cp_json json = cp_json_start(out, false, html);
    cp_json_object(&json, NULL);
    cp_json_text(&json, "schema", "cashplan.page/1");
    write_meta(&json, ex, info);
    cp_page_write_network(&json, ex);
    write_routes(&json, ex);
    write_visits(&json, ex);
    write_packing(&json, ex);
    write_limits(&json, ex);
    CP_TRY(write_stock(ctx, &json, ex));
    write_likeness(&json, ex);
    write_bounds(&json, ex);
    write_cost(&json, ex);
    CP_TRY(cp_page_write_service(ctx, &json, ex));
    CP_TRY(write_series(ctx, &json, ex));
    CP_TRY(cp_page_write_roads(ctx, &json, ex->net));
    cp_page_write_pins(&json, ex);
    cp_page_write_changes(&json, ex, before);
    cp_page_write_conflicts(&json, conflicts);
    cp_page_write_history(&json, before);
    write_notes(&json, ex);
    cp_json_end(&json);
    return CP_OK;
}

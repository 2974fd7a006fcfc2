/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_rows.c - the rows of a stored plan, table by table. */
#include <math.h>
#include <sqlite3.h>
#include <string.h>

#include "data/store/plan_fields.h"
#include "data/store/sql.h"
#include "models/net/slot_mix.h"

static const char *kind_name(int32_t i)
{
    return cp_visit_kind_name((cp_visit_kind)i);
}

static const char *limit_name(int32_t i)
{
    return cp_limit_kind_name((cp_limit_kind)i);
}

static const char *item_name(int32_t i)
{
    return cp_cost_item_name((cp_cost_item)i);
}

static const char *role_name(int32_t i)
{
    static const char *const names[] = {"dispense", "deposit", "recycle"};
    return names[i];
}

static cp_status read_visit(cp_plan_reader *r)
{
    cp_plan_visit *v = &r->plan->visits[r->plan->n_visits++];
    const int32_t kind = cp_reader_name(cp_reader_text(r, 2), kind_name, CP_N_VISIT_KINDS);
    if (kind < 0) return cp_reader_damaged(r, "kind of visit");
    CP_TRY(cp_reader_code(r, &r->points, 1, &v->point));
    v->t = cp_reader_plan_day(r, 0);
    if (r->plan->n_visits > 1 && v[-1].t > v->t) cp_reader_refuse(r, 0);
    v->kind = (cp_visit_kind)kind;
    v->fixed_amount = cp_reader_whole(r, 3) != 0;
    v->until = cp_reader_day(r, 4, 0, CP_READER_DAYS_AROUND);
    v->load_minor = cp_reader_wide(r, 5);
    v->return_minor = cp_reader_wide(r, 6);
    v->return_q_minor = cp_reader_wide(r, 7);
    v->cassettes = cp_reader_whole(r, 8);
    v->relief = cp_reader_whole(r, 10) != 0;
    v->by_branch = cp_reader_whole(r, 11) != 0;
    CP_TRY(cp_mix_read(r->ctx, r->net, v->point, cp_reader_text(r, 12), &v->mix));
    v->pin = -1;
    for (int32_t i = 0; i < r->net->rows.n_pin; i++)
        if (strcmp(r->net->rows.pin[i].code, cp_reader_text(r, 9)) == 0) v->pin = i;
    return CP_OK;
}

static cp_status read_load(cp_plan_reader *r)
{
    const int32_t visit = cp_reader_whole(r, 0);
    int32_t denom = -1;
    const int32_t role = cp_reader_name(cp_reader_text(r, 1), role_name, 3);
    if (visit < 0 || visit >= r->plan->n_visits || role < 0) return cp_reader_damaged(r, "load");
    CP_TRY(cp_reader_code(r, &r->denoms, 2, &denom));
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
    l->level_notes = cp_reader_wide(r, 3);
    l->load_notes = cp_reader_wide(r, 4);
    l->return_notes = cp_reader_wide(r, 5);
    l->return_q_notes = cp_reader_wide(r, 6);
    l->swapped = cp_reader_whole(r, 7) != 0;
    l->sealed_notes = cp_reader_wide(r, 8);
    return CP_OK;
}

static cp_status read_route(cp_plan_reader *r)
{
    cp_plan_route *route = &r->plan->routes[r->plan->n_routes++];
    CP_TRY(cp_reader_code(r, &r->vaults, 1, &route->vault));
    CP_TRY(cp_reader_code(r, &r->cars, 2, &route->car));
    route->t = cp_reader_plan_day(r, 0);
    if (r->plan->n_routes > 1 && route[-1].t > route->t) cp_reader_refuse(r, 0);
    route->n_trips = (int32_t)cp_reader_within(r, 3, 1, 1000);
    route->depart_min = cp_reader_whole(r, 4);
    route->return_min = cp_reader_whole(r, 5);
    route->drive_s = cp_reader_whole(r, 6);
    route->wait_min = cp_reader_whole(r, 7);
    route->service_min = cp_reader_whole(r, 8);
    route->overtime_min = cp_reader_whole(r, 9);
    route->dist_m = cp_reader_wide(r, 10);
    route->most_on_board_minor = cp_reader_wide(r, 11);
    route->estimated_legs = cp_reader_whole(r, 12);
    route->legs = cp_reader_whole(r, 13);
    return CP_OK;
}

static cp_status read_stop(cp_plan_reader *r)
{
    const int32_t at = cp_reader_whole(r, 0);
    if (at < 0 || at >= r->plan->n_routes) return cp_reader_damaged(r, "route of a stop");
    cp_plan_route *route = &r->plan->routes[at];
    cp_plan_stop *s = &r->plan->stops[r->plan->n_stops];
    if (route->n_stops++ == 0) route->first_stop = r->plan->n_stops;
    r->plan->n_stops++;
    CP_TRY(cp_reader_code(r, &r->sites, 1, &s->site));
    s->trip = (int32_t)cp_reader_within(r, 2, 0, route->n_trips - 1);
    s->arrive_min = cp_reader_whole(r, 3);
    s->start_min = cp_reader_whole(r, 4);
    s->leave_min = cp_reader_whole(r, 5);
    s->on_board_minor = cp_reader_wide(r, 6);
    s->on_board_cm3 = cp_reader_wide(r, 7);
    return CP_OK;
}

static cp_status read_limit(cp_plan_reader *r)
{
    cp_plan_limit *l = &r->plan->limits[r->plan->n_limits++];
    const int32_t kind = cp_reader_name(cp_reader_text(r, 0), limit_name, CP_LIMIT_ROUTE + 1);
    if (kind < 0) return cp_reader_damaged(r, "kind of limit");
    l->kind = (cp_limit_kind)kind;
    l->vault = l->item = -1;
    if (cp_reader_text(r, 1)[0]) CP_TRY(cp_reader_code(r, &r->vaults, 1, &l->vault));
    l->t = cp_reader_day(r, 2, -1, r->plan->n_days - 1);
    const char *table = cp_reader_text(r, 3);
    if (strcmp(table, "cassette_model") == 0)
        CP_TRY(cp_reader_code(r, &r->models, 4, &l->item));
    else if (strcmp(table, "denomination") == 0)
        CP_TRY(cp_reader_code(r, &r->denoms, 4, &l->item));
    else if (strcmp(table, "point") == 0)
        CP_TRY(cp_reader_code(r, &r->points, 4, &l->item));
    l->cap = cp_reader_wide(r, 5);
    l->use = cp_reader_wide(r, 6);
    l->extra = cp_reader_wide(r, 7);
    l->relief = cp_reader_wide(r, 8);
    l->relief_price_minor = cp_reader_wide(r, 9);
    l->dual_minor = cp_reader_fraction(r, 10);
    l->outsourced = cp_reader_wide(r, 11);
    return CP_OK;
}

static cp_status read_order(cp_plan_reader *r)
{
    cp_plan_order *o = &r->plan->orders[r->plan->n_orders++];
    CP_TRY(cp_reader_code(r, &r->vaults, 0, &o->vault));
    CP_TRY(cp_reader_code(r, &r->denoms, 1, &o->denomination));
    o->t = cp_reader_day(r, 2, -CP_READER_DAYS_AROUND, CP_READER_DAYS_AROUND);
    o->due_t = cp_reader_day(r, 3, -CP_READER_DAYS_AROUND, CP_READER_DAYS_AROUND);
    o->notes = cp_reader_wide(r, 4);
    return CP_OK;
}

static cp_status read_pool(cp_plan_reader *r)
{
    cp_plan_pool *p = &r->plan->pool[r->plan->n_pool++];
    CP_TRY(cp_reader_code(r, &r->vaults, 0, &p->vault));
    CP_TRY(cp_reader_code(r, &r->models, 1, &p->model));
    p->t = cp_reader_plan_day(r, 2);
    p->full = cp_reader_wide(r, 3);
    p->in_machine = cp_reader_wide(r, 4);
    p->in_transit = cp_reader_wide(r, 5);
    p->uncounted = cp_reader_wide(r, 6);
    p->empty = cp_reader_wide(r, 7);
    p->borrowed = cp_reader_wide(r, 8);
    return CP_OK;
}

static cp_status read_unserved(cp_plan_reader *r)
{
    cp_plan_unserved *u = &r->plan->unserved[r->plan->n_unserved++];
    CP_TRY(cp_reader_code(r, &r->points, 1, &u->point));
    u->t = cp_reader_plan_day(r, 0);
    u->reason = cp_sql_text(r->ctx, r->stmt, 2);
    return u->reason ? CP_OK : CP_E_NOMEM;
}

static cp_status read_rival(cp_plan_reader *r)
{
    cp_rival *v = &r->record->rivals[r->record->n_rivals++];
    v->policy = cp_sql_text(r->ctx, r->stmt, 0);
    v->n_visits = cp_reader_whole(r, 1);
    v->service_pct = cp_reader_fraction(r, 2);
    v->cost.refill_minor = cp_reader_wide(r, 3);
    v->cost.total_minor = cp_reader_wide(r, 4);
    return v->policy ? CP_OK : CP_E_NOMEM;
}

static cp_status read_cost(cp_plan_reader *r)
{
    const int32_t rival = cp_reader_whole(r, 0);
    const int32_t item = cp_reader_name(cp_reader_text(r, 1), item_name, CP_N_COST_ITEMS);
    if (item < 0 || rival >= r->record->n_rivals) return cp_reader_damaged(r, "cost item");
    cp_cost *c = rival < 0 ? &r->plan->cost : &r->record->rivals[rival].cost;
    c->item[item] = cp_reader_wide(r, 2);
    return CP_OK;
}

static cp_status read_kpi(cp_plan_reader *r)
{
    cp_kpi *k = &r->record->kpis[r->record->n_kpis++];
    k->name = cp_sql_text(r->ctx, r->stmt, 0);
    k->scope = cp_sql_text(r->ctx, r->stmt, 1);
    k->value = sqlite3_column_type(r->stmt, 2) == SQLITE_NULL ? NAN : cp_reader_fraction(r, 2);
    return k->name && k->scope ? CP_OK : CP_E_NOMEM;
}

static cp_status read_series(cp_plan_reader *r)
{
    cp_point_day *s = &r->record->series[r->record->n_series++];
    CP_TRY(cp_reader_code(r, &r->points, 0, &s->point));
    s->t = cp_reader_plan_day(r, 1);
    s->demand_mean_minor = cp_reader_wide(r, 2);
    s->demand_q10_minor = cp_reader_wide(r, 3);
    s->demand_q90_minor = cp_reader_wide(r, 4);
    s->deposit_mean_minor = cp_reader_wide(r, 5);
    s->stock_mean_minor = cp_reader_wide(r, 6);
    s->stock_low_minor = cp_reader_wide(r, 7);
    return CP_OK;
}

static cp_status read_note(cp_plan_reader *r)
{
    const char *text = cp_sql_text(r->ctx, r->stmt, 0);
    if (text == NULL) return CP_E_NOMEM;
    r->record->notes[r->record->n_notes++] = text;
    return CP_OK;
}

static cp_status read_price(cp_plan_reader *r)
{
    int32_t site = -1;
    const int32_t t = cp_reader_plan_day(r, 1);
    CP_TRY(cp_reader_code(r, &r->sites, 0, &site));
    const size_t at = (size_t)site * (size_t)r->plan->n_days + (size_t)t;
    r->plan->prices.price_minor[at] = cp_reader_wide(r, 2);
    r->plan->prices.drive_min[at] = cp_reader_whole(r, 3);
    return CP_OK;
}

cp_status cp_plan_rows_read(cp_plan_reader *r)
{
    static const struct {
        const char *sql;
        cp_reader_row_fn *row;
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
        CP_TRY(cp_reader_each(r, parts[i].sql, parts[i].row));
    return CP_OK;
}

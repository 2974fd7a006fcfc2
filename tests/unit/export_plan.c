/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/export_plan.h"

#include <string.h>

#include "models/net/network_build.h"
#include "models/plan/plan_pool.h"
#include "models/sample/generate.h"
#include "tests/check.h"

#define FIRST_DAY cp_day_of(2026, 11, 24)
#define STOPS_A_TRIP 6

static void *take(cp_ctx *ctx, int64_t n, size_t size)
{
    void *p = cp_alloc(ctx, ctx->run, (size_t)(n > 0 ? n : 1), size);
    assert_non_null(p);
    return p;
}

static cp_network *make_net(cp_ctx *ctx, int32_t n_points, int32_t n_days, bool roads)
{
    cp_generate_opts opts = cp_generate_defaults();
    cp_rows rows;
    cp_history_row *history = NULL;
    int64_t n_history = 0;
    cp_network *net = NULL;
    cp_day *balance_day = NULL;
    static const cp_calendar_day holidays[1] = {{"CAL", 20454, CP_DAY_OFF, "New Year", -1}};
    opts.n_points = n_points;
    opts.history_days = 60;
    opts.horizon_days = n_days;
    opts.first_day = FIRST_DAY;
    opts.roads = roads;
    opts.calendar =
        (cp_calendar){"CAL", "Test calendar", cp_day_of(2024, 1, 1), cp_day_of(2028, 12, 31), 96};
    opts.days = holidays;
    opts.n_days = 1;
    assert_ok(ctx, cp_generate(ctx, &opts, &rows, &history, &n_history));
    static const char *const awkward = "Kassen <b>\"AG\"</script> & 样例, \\ 银行";
    cp_setting_row *settings = take(ctx, rows.n_setting + 1, sizeof *settings);
    int32_t n_settings = 0;
    for (int32_t k = 0; k < rows.n_setting; k++)
        if (strcmp(rows.setting[k].key, "bank_name") != 0) settings[n_settings++] = rows.setting[k];
    settings[n_settings++] = (cp_setting_row){"bank_name", awkward};
    rows.setting = settings;
    rows.n_setting = n_settings;
    rows.pin = take(ctx, 1, sizeof *rows.pin);
    rows.n_pin = 1;
    rows.pin[0] = (cp_pin){"PIN-1", rows.point[0].code, CP_PIN_MUST,   FIRST_DAY, -1, -1,
                           "",      "Li Wei",           "opening day", -1,        -1};
    assert_ok(ctx, cp_network_build(ctx, &rows, FIRST_DAY, n_days, &net, &balance_day));
    return net;
}

/* Level of a channel after a swap: six tenths of its capacity in whole steps. */
static int64_t level(const cp_channel *c)
{
    const int64_t step = c->step_notes > 0 ? c->step_notes : 1;
    return c->role == CP_ROLE_DEPOSIT ? 0 : c->capacity_notes * 6 / 10 / step * step;
}

static int32_t cash_channels(const cp_network *net, const cp_point *point)
{
    int32_t n = 0;
    for (int32_t c = point->first_channel; c < point->first_channel + point->n_channels; c++)
        n += net->channels[c].role != CP_ROLE_DEPOSIT;
    return n;
}

/* A swap of all or, on the first days, of some; an add; or a fill by the branch's own staff. */
static void add_visit(const cp_network *net, cp_plan *plan, int32_t t, int32_t p)
{
    const cp_point *point = &net->points[p];
    cp_plan_visit *v = &plan->visits[plan->n_visits++];
    const bool may_swap = (point->visit_kinds & CP_MAY_SWAP) != 0;
    const bool by_branch = may_swap && p % 11 == 3;
    const bool swap = may_swap && !by_branch;
    const bool partial = swap && cash_channels(net, point) > 1 && t < 4;
    *v = (cp_plan_visit){.t = t,
                         .point = p,
                         .until = t + 4,
                         .first_load = plan->n_loads,
                         .kind = partial ? CP_VISIT_PARTIAL_SWAP
                                 : swap  ? CP_VISIT_SWAP
                                         : CP_VISIT_ADD,
                         .by_branch = by_branch,
                         .pin = -1,
                         .fixed_amount = !swap && t < 4};
    if (p == 0 && t == 0) v->pin = 0;
    int32_t n_cash = 0; /* the first one stays at a partial swap */
    for (int32_t c = point->first_channel; c < point->first_channel + point->n_channels; c++) {
        cp_plan_load *load = &plan->loads[plan->n_loads++];
        const cp_channel *ch = &net->channels[c];
        const bool kept = partial && ch->role != CP_ROLE_DEPOSIT && n_cash++ == 0;
        *load = (cp_plan_load){c, v->fixed_amount ? -1 : level(ch), level(ch), 0, 0, swap, 0};
        if (kept) *load = (cp_plan_load){.channel = c};
        if (!may_swap && c % 3 == 0) load->load_notes = -load->load_notes;
        if (swap && !kept) load->return_notes = ch->capacity_notes / 5;
        if (by_branch && ch->role == CP_ROLE_DEPOSIT) load->return_notes = ch->capacity_notes / 9;
        load->return_q_notes = load->return_notes * 3 / 2;
        v->load_minor += (load->load_notes > 0 ? load->load_notes : 0) * ch->value_minor;
        v->return_minor += load->return_notes * ch->value_minor;
        v->return_q_minor += load->return_q_notes * ch->value_minor;
        if (swap && !kept) v->cassettes += ch->n_cassettes;
    }
    v->n_loads = plan->n_loads - v->first_load;
}

/* One stop a site visited on day t, dealt out to the cars of its vault in turn. */
static void add_stop(const cp_network *net, cp_plan *plan, cp_plan_route *route, int32_t site,
                     cp_minor *board)
{
    const int32_t t = route->t, k = route->n_stops++;
    cp_plan_stop *s = &plan->stops[plan->n_stops++];
    const int32_t from = k % STOPS_A_TRIP == 0 ? net->n_sites + route->vault : s[-1].site;
    const int32_t seconds = cp_travel_s(net, from, site);
    const int32_t drive = seconds > 0 ? seconds : 600;
    const int32_t before = k == 0 ? route->depart_min : s[-1].leave_min;
    s->site = site;
    s->trip = k / STOPS_A_TRIP;
    if (s->trip > 0 && k % STOPS_A_TRIP == 0) *board = 0;
    s->arrive_min = before + (drive + 59) / 60 + (k > 0 && k % STOPS_A_TRIP == 0 ? 45 : 0);
    s->start_min = s->arrive_min + (k % 5 == 4 ? 7 : 0);
    s->leave_min = s->start_min + net->sites[site].service_min + 8;
    for (int32_t v = 0; v < plan->n_visits; v++) {
        const cp_plan_visit *visit = &plan->visits[v];
        if (visit->t != t || net->points[visit->point].site != site || visit->by_branch) continue;
        *board += visit->return_q_minor;
        s->on_board_minor = *board;
        if (*board + visit->load_minor > route->most_on_board_minor)
            route->most_on_board_minor = *board + visit->load_minor;
    }
    route->drive_s += drive;
    route->dist_m += drive * 9;
    route->wait_min += s->start_min - s->arrive_min;
    route->service_min += s->leave_min - s->start_min;
    route->legs++;
    route->n_trips = s->trip + 1;
    route->return_min = s->leave_min + 15;
}

static void add_routes(const cp_network *net, cp_plan *plan, int32_t t)
{
    for (int32_t car = 0; car < net->n_cars; car++) {
        const int32_t vault = net->cars[car].vault;
        int32_t first = car, n = 0, turn = 0;
        while (first > 0 && net->cars[first - 1].vault == vault)
            first--;
        for (int32_t c = first; c < net->n_cars && net->cars[c].vault == vault; c++)
            n++;
        cp_plan_route *route = &plan->routes[plan->n_routes];
        *route = (cp_plan_route){.t = t,
                                 .vault = vault,
                                 .car = car,
                                 .first_stop = plan->n_stops,
                                 .depart_min = net->cars[car].shift_start_min};
        cp_minor board = 0;
        int32_t before = -1;
        for (int32_t v = 0; v < plan->n_visits; v++) {
            const int32_t site = net->points[plan->visits[v].point].site;
            if (plan->visits[v].t != t || site == before || net->sites[site].vault != vault ||
                plan->visits[v].by_branch)
                continue;
            before = site;
            /* One site in fifty stays without a route. */
            if (site % 50 != 49 && turn++ % n == car - first)
                add_stop(net, plan, route, site, &board);
        }
        if (route->n_stops > 0) plan->n_routes++;
    }
}

static void add_rest(cp_ctx *ctx, const cp_network *net, cp_plan *plan)
{
    plan->limits = take(ctx, plan->n_days * 2, sizeof *plan->limits);
    for (int32_t t = 0; t < plan->n_days; t++) {
        plan->limits[plan->n_limits++] = (cp_plan_limit){.kind = CP_LIMIT_CREW_MIN,
                                                         .t = t,
                                                         .item = -1,
                                                         .cap = 2000,
                                                         .use = t == 2 ? 2000 : 1500,
                                                         .dual_minor = t == 2 ? 61.25 : 0};
        plan->limits[plan->n_limits++] = (cp_plan_limit){.kind = CP_LIMIT_POOL,
                                                         .t = t,
                                                         .item = 0,
                                                         .cap = 90,
                                                         .use = t == 1 ? 95 : 60,
                                                         .relief = t == 1 ? 5 : 0,
                                                         .relief_price_minor = t == 1 ? 5000 : 0};
    }
    assert_ok(ctx, cp_plan_pool_make(ctx, net, plan));
    plan->orders = take(ctx, 2, sizeof *plan->orders);
    plan->n_orders = 2;
    plan->orders[0] = (cp_plan_order){0, 0, -1, 1, 12000};
    plan->orders[1] = (cp_plan_order){0, net->n_denoms - 1, 2, 4, -3000};
    plan->unserved = take(ctx, plan->n_visits, sizeof *plan->unserved);
    for (int32_t v = 0; v < plan->n_visits; v++)
        if (net->points[plan->visits[v].point].site % 50 == 49)
            plan->unserved[plan->n_unserved++] = (cp_plan_unserved){
                plan->visits[v].t, plan->visits[v].point, "no car reaches the site in its window"};
    for (int32_t k = 0; k < CP_N_COST_ITEMS; k++) {
        plan->cost.item[k] = 100000 + 7919 * k;
        plan->cost.total_minor += plan->cost.item[k];
        if (k < CP_N_REFILL_ITEMS) plan->cost.refill_minor += plan->cost.item[k];
    }
}

static cp_plan *make_plan(cp_ctx *ctx, const cp_network *net, int32_t n_days)
{
    cp_plan *plan = take(ctx, 1, sizeof *plan);
    const int64_t visits = (int64_t)net->n_points * n_days;
    plan->policy = "cashplan";
    plan->first_day = net->first_day;
    plan->n_days = n_days;
    plan->visits = take(ctx, visits, sizeof *plan->visits);
    plan->loads = take(ctx, (int64_t)net->n_channels * n_days, sizeof *plan->loads);
    plan->routes = take(ctx, (int64_t)net->n_cars * n_days, sizeof *plan->routes);
    plan->stops = take(ctx, (int64_t)net->n_sites * n_days, sizeof *plan->stops);
    for (int32_t t = 0; t < n_days; t++) {
        for (int32_t p = 0; p < net->n_points; p++)
            if ((p + t) % 4 == 0) add_visit(net, plan, t, p);
        add_routes(net, plan, t);
    }
    add_rest(ctx, net, plan);
    plan->proof = (cp_plan_proof){9621015, 9660620, 0.0041, true, 200, 7};
    plan->outcome = CP_FEASIBLE;
    plan->stopped_by = "work";
    return plan;
}

static cp_record *make_record(cp_ctx *ctx, const cp_network *net, const cp_plan *plan)
{
    cp_record *r = take(ctx, 1, sizeof *r);
    *r = (cp_record){.status = CP_PLAN_PROPOSED,
                     .input_hash = 0xfeedbeefcafeULL,
                     .seed = 7,
                     .options = "{\"horizon\": 14}",
                     .version = "0.1.0",
                     .scenario = "base",
                     .seconds = 6.25,
                     .service_pct = 99.31,
                     .service_asked_pct = 99,
                     .balances_rolled = 3,
                     .n_repaired = 17,
                     .estimated_legs = 5,
                     .legs = 60};
    r->kpis = take(ctx, 1, sizeof *r->kpis);
    r->n_kpis = 1;
    r->kpis[0] = (cp_kpi){"availability_pct", "total", 99.31};
    r->series = take(ctx, (int64_t)net->n_points * plan->n_days, sizeof *r->series);
    for (int32_t p = 0; p < net->n_points; p++)
        for (int32_t t = 0; t < plan->n_days; t++) {
            const cp_minor mean = 1000000 + 50000 * ((p * 7 + t * 3) % 11);
            r->series[r->n_series++] = (cp_point_day){p,
                                                      t,
                                                      mean,
                                                      mean * 7 / 10,
                                                      mean * 14 / 10,
                                                      mean / 3,
                                                      mean * (5 - (p + t) % 4),
                                                      mean * (4 - (p + t) % 4)};
        }
    r->rivals = take(ctx, 1, sizeof *r->rivals);
    r->n_rivals = 1;
    r->rivals[0] = (cp_rival){"naive", plan->cost, plan->n_visits + 40, 97.4};
    r->rivals[0].cost.item[CP_COST_HOLD] += 500000;
    r->rivals[0].cost.total_minor += 500000;
    return r;
}

export_bank *export_bank_make(cp_ctx *ctx, int32_t n_points, int32_t n_days, bool roads)
{
    export_bank *b = take(ctx, 1, sizeof *b);
    b->net = make_net(ctx, n_points, n_days, roads);
    b->plan = make_plan(ctx, b->net, n_days);
    b->record = make_record(ctx, b->net, b->plan);
    b->info = (cp_run_info){3, "2026-11-23T18:05:09Z", "li.wei", ""};
    assert_ok(ctx, cp_export_plan_make(ctx, b->net, b->plan, b->record, &b->ex));
    return b;
}

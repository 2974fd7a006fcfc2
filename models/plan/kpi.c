/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/kpi.h"

#include <assert.h>
#include <string.h>

#include "models/plan/cash_out.h"
#include "models/plan/plan_sim.h"
#include "models/plan/vault_books.h"

#define FRESH_PATHS 200 /* at least, on which the plan is tried; none of them was planned with */
#define USELESS_PCT 50  /* a visit that finds more than this of the load before is useless */

/* What is counted for one vault, and in total. Expected numbers are sums over the paths; they are
 * divided by the number of paths at the end. */
typedef struct tally {
    double days, good_days;             /* machine-days on all paths */
    double out[CP_N_CASH_OUTS], full;   /* machine-days by kind of failure */
    double emergencies;                 /* intervals in which service failed */
    double sealed;                      /* cassettes that came back untouched */
    double low;                         /* machine-days that end below a low level */
    double idle_minor, dispensed_minor; /* evenings' value; value paid out */
    double residual_minor, base_minor;  /* found at visits; what was there after the visit before */
    int64_t useless;
    int64_t visits[CP_N_VISIT_KINDS], by_branch, stops, cassettes;
    double out_minor;
    int64_t routes, metres, drive_s, minutes, overtime_min, legs, estimated_legs;
    double use[CP_LIMIT_POOL + 1], most[CP_LIMIT_POOL + 1]; /* sums and greatest of use / cap */
    int64_t rows[CP_LIMIT_POOL + 1];
    int64_t spare;
    double value_use, most_value_use;
    cp_minor most_on_board;
} tally;

typedef struct counter {
    cp_ctx *ctx;
    const cp_network *net;
    const cp_plan *plan;
    cp_record *record;
    int32_t n_fresh;
    tally *vault;    /* n_vaults, then the total */
    uint8_t *failed; /* by path: within the interval */
    uint8_t *kind;   /* by path: cp_cash_out of the day's first unmet request */
    int32_t cap_kpis;
} counter;

/* ---- on fresh paths ----------------------------------------------------------------------- */

/* A part of the day is over: why a request was not met is told by what is left now. */
static void note_kinds(counter *c, const cp_plan_sim *sim)
{
    const size_t n = (size_t)sim->n_paths;
    for (size_t w = 0; w < n; w++)
        if (c->kind[w] == CP_CASH_OUT_NONE && sim->unmet[w] > 0)
            c->kind[w] =
                (uint8_t)cp_cash_out_kind(sim->channel, sim->n_channels, sim->stock + w, n);
}

/* Does the machine pay out a denomination of which it holds less than the low level? */
static bool is_low(const cp_plan_sim *sim, size_t w)
{
    for (int32_t k = 0; k < sim->n_channels; k++)
        if (sim->channel[k].role != CP_ROLE_DEPOSIT &&
            sim->stock[(size_t)k * (size_t)sim->n_paths + w] < sim->channel[k].low_notes)
            return true;
    return false;
}

/* What the day's demand met on each path. */
static void count_day(counter *c, const cp_plan_sim *sim, tally *t)
{
    const size_t n = (size_t)sim->n_paths;
    note_kinds(c, sim);
    for (size_t w = 0; w < n; w++) {
        const bool unmet = sim->unmet[w] > 0;
        const bool refused = sim->refused[w] > 0;
        t->days += 1;
        t->good_days += !unmet && !refused;
        t->out[c->kind[w]] += unmet;
        t->full += refused;
        if (unmet || refused) c->failed[w] = 1;
        c->kind[w] = CP_CASH_OUT_NONE;
        t->low += is_low(sim, w);
    }
}

static void end_interval(counter *c, tally *t)
{
    for (int32_t w = 0; w < c->n_fresh; w++)
        t->emergencies += c->failed[w];
    memset(c->failed, 0, (size_t)c->n_fresh);
}

/* Value of the cash channels, sum over the paths. */
static double cash_value(const cp_plan_sim *sim)
{
    double value = 0;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        if (sim->channel[k].role == CP_ROLE_DEPOSIT) continue;
        int64_t notes = 0;
        for (int32_t w = 0; w < sim->n_paths; w++)
            notes += sim->stock[(size_t)k * (size_t)sim->n_paths + (size_t)w];
        value += (double)notes * (double)sim->channel[k].value_minor;
    }
    return value;
}

/* Value paid out on day d: what was asked for less what was not there, sum over the paths. */
static double dispensed_value(const cp_plan_sim *sim, int32_t d)
{
    double value = -(double)sim->unmet_minor;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const size_t at = ((size_t)k * (size_t)sim->n_days + (size_t)d) * (size_t)sim->n_paths;
        int64_t notes = 0;
        for (int32_t w = 0; w < sim->n_paths; w++)
            notes += sim->paths.out[at + (size_t)w];
        value += (double)notes * (double)sim->channel[k].value_minor;
    }
    return value;
}

static void count_visit(const cp_plan_visit *visit, double residual, double base, int32_t n_paths,
                        tally *t)
{
    t->visits[visit->kind]++;
    t->by_branch += visit->by_branch;
    t->cassettes += visit->cassettes;
    t->out_minor += (double)visit->load_minor;
    if (visit->kind == CP_VISIT_PICKUP || base <= 0) return;
    t->residual_minor += residual / n_paths;
    t->base_minor += base / n_paths;
    if (100.0 * residual > USELESS_PCT * base) t->useless++;
}

static void walk_point(counter *c, cp_plan_sim *sim, const int32_t *visits, int32_t n, tally *t)
{
    const cp_plan *plan = c->plan;
    int32_t at = 0;
    double base = 0; /* before the first visit: what the machine can hold */
    for (int32_t k = 0; k < sim->n_channels; k++)
        if (sim->channel[k].role != CP_ROLE_DEPOSIT)
            base += (double)sim->channel[k].capacity_notes * (double)sim->channel[k].value_minor *
                    sim->n_paths;
    for (int32_t d = 0; d < plan->n_days; d++) {
        const bool visited = at < n && plan->visits[visits[at]].t == d;
        cp_plan_sim_clear(sim);
        if (visited) {
            const cp_plan_visit *visit = &plan->visits[visits[at++]];
            cp_plan_sim_part(sim, d, CP_PART_BEFORE);
            note_kinds(c, sim);
            count_visit(visit, cash_value(sim), base, sim->n_paths, t);
            for (int32_t w = 0; w < sim->n_paths; w++)
                if (sim->unmet[w] + sim->refused[w] > 0) c->failed[w] = 1;
            end_interval(c, t);
            cp_plan_sim_visit(sim, visit, plan->loads + visit->first_load);
            t->sealed += (double)cp_plan_sim_sealed_boxes(sim);
            base = cash_value(sim);
            cp_plan_sim_part(sim, d, CP_PART_AFTER);
        } else {
            cp_plan_sim_part(sim, d, CP_PART_WHOLE);
        }
        count_day(c, sim, t);
        cp_plan_sim_evening(sim);
        t->idle_minor += (double)sim->hold_minor;
        t->dispensed_minor += dispensed_value(sim, d);
    }
    end_interval(c, t);
}

static cp_status walk_points(counter *c, const cp_forecast *forecast, const cp_shares *shares,
                             uint64_t seed)
{
    cp_ctx *ctx = c->ctx;
    cp_visit_index index = {NULL, NULL};
    CP_TRY(cp_visit_index_make(ctx, c->net, c->plan, &index));
    CP_NEW(ctx, ctx->scratch, c->failed, c->n_fresh);
    CP_NEW(ctx, ctx->scratch, c->kind, c->n_fresh);
    for (int32_t p = 0; p < c->net->n_points; p++) {
        if (!cp_point_is_planned(c->net, p)) continue;
        const cp_arena_mark mark = cp_arena_here(ctx->scratch);
        const int32_t vault = c->net->sites[c->net->points[p].site].vault;
        cp_plan_sim sim;
        CP_TRY(cp_plan_sim_new(ctx, c->net, forecast, shares, p, c->n_fresh, seed + 1, &sim));
        walk_point(c, &sim, index.visit + index.first[p], index.first[p + 1] - index.first[p],
                   &c->vault[vault]);
        cp_arena_rewind(ctx->scratch, mark);
    }
    return CP_OK;
}

/* ---- of the plan -------------------------------------------------------------------------- */

static void count_stops(counter *c)
{
    const cp_plan *plan = c->plan;
    const cp_plan_visit *before = NULL;
    for (int32_t i = 0; i < plan->n_visits; i++) {
        const cp_plan_visit *visit = &plan->visits[i];
        const int32_t site = c->net->points[visit->point].site;
        if (visit->by_branch) continue; /* no car comes */
        const bool same =
            before != NULL && before->t == visit->t && c->net->points[before->point].site == site;
        if (!same && c->net->sites[site].vault >= 0) c->vault[c->net->sites[site].vault].stops++;
        before = visit;
    }
}

static void count_routes(counter *c)
{
    for (int32_t i = 0; i < c->plan->n_routes; i++) {
        const cp_plan_route *r = &c->plan->routes[i];
        tally *t = &c->vault[r->vault];
        const double insured = (double)c->net->cars[r->car].insured_minor;
        const double use = insured > 0 ? 100.0 * (double)r->most_on_board_minor / insured : 0;
        t->routes++;
        t->metres += r->dist_m;
        t->drive_s += r->drive_s;
        t->minutes += cp_route_crew_min(r);
        t->overtime_min += r->overtime_min;
        t->legs += r->legs;
        t->estimated_legs += r->estimated_legs;
        t->value_use += use;
        if (use > t->most_value_use) t->most_value_use = use;
        if (r->most_on_board_minor > t->most_on_board) t->most_on_board = r->most_on_board_minor;
    }
}

static void count_limits(counter *c)
{
    for (int32_t i = 0; i < c->plan->n_limits; i++) {
        const cp_plan_limit *l = &c->plan->limits[i];
        if (l->kind > CP_LIMIT_POOL || l->cap <= 0) continue;
        tally *t = &c->vault[l->vault];
        const double use = 100.0 * (double)l->use / (double)l->cap;
        t->use[l->kind] += use;
        t->rows[l->kind]++;
        if (use > t->most[l->kind]) t->most[l->kind] = use;
    }
    for (int32_t i = 0; i < c->net->rows.n_cassette_pool; i++) {
        const cp_cassette_pool *pool = &c->net->rows.cassette_pool[i];
        c->vault[pool->vault].spare += pool->spare;
    }
}

static double greater(double a, double b)
{
    return a > b ? a : b;
}

static void add_counts(tally *to, const tally *from)
{
    to->days += from->days;
    to->good_days += from->good_days;
    for (int32_t k = 0; k < CP_N_CASH_OUTS; k++)
        to->out[k] += from->out[k];
    to->full += from->full;
    to->emergencies += from->emergencies;
    to->sealed += from->sealed;
    to->low += from->low;
    to->idle_minor += from->idle_minor;
    to->dispensed_minor += from->dispensed_minor;
    to->residual_minor += from->residual_minor;
    to->base_minor += from->base_minor;
    to->useless += from->useless;
    for (int32_t k = 0; k < CP_N_VISIT_KINDS; k++)
        to->visits[k] += from->visits[k];
    to->by_branch += from->by_branch;
    to->stops += from->stops;
    to->cassettes += from->cassettes;
    to->out_minor += from->out_minor;
    to->spare += from->spare;
}

static void add_work(tally *to, const tally *from)
{
    to->routes += from->routes;
    to->metres += from->metres;
    to->drive_s += from->drive_s;
    to->minutes += from->minutes;
    to->overtime_min += from->overtime_min;
    to->legs += from->legs;
    to->estimated_legs += from->estimated_legs;
    to->value_use += from->value_use;
    to->most_value_use = greater(to->most_value_use, from->most_value_use);
    if (from->most_on_board > to->most_on_board) to->most_on_board = from->most_on_board;
    for (int32_t k = 0; k <= CP_LIMIT_POOL; k++) {
        to->use[k] += from->use[k];
        to->rows[k] += from->rows[k];
        to->most[k] = greater(to->most[k], from->most[k]);
    }
}

/* ---- names and values --------------------------------------------------------------------- */

static void put(counter *c, const char *scope, const char *name, double value)
{
    assert(c->record->n_kpis < c->cap_kpis);
    cp_kpi *kpi = &c->record->kpis[c->record->n_kpis++];
    kpi->name = name;
    kpi->scope = scope;
    kpi->value = value;
}

static void put_service(counter *c, const char *scope, const tally *t)
{
    const double paths = c->n_fresh;
    if (t->days <= 0) return;
    put(c, scope, "availability_pct", 100.0 * t->good_days / t->days);
    put(c, scope, "empty_machine_days", t->out[CP_CASH_OUT_EMPTY] / paths);
    put(c, scope, "one_denomination_empty_machine_days", t->out[CP_CASH_OUT_DENOMINATION] / paths);
    put(c, scope, "unusable_combination_machine_days", t->out[CP_CASH_OUT_COMBINATION] / paths);
    put(c, scope, "deposits_full_machine_days", t->full / paths);
    put(c, scope, "emergency_trips", t->emergencies / paths);
    put(c, scope, "below_low_level_machine_days", t->low / paths);
    put(c, scope, "cassettes_back_sealed", t->sealed / paths);
    put(c, scope, "idle_cash_minor", t->idle_minor / paths / c->plan->n_days);
    put(c, scope, "dispensed_minor", t->dispensed_minor / paths);
    if (t->dispensed_minor > 0) put(c, scope, "days_of_cover", t->idle_minor / t->dispensed_minor);
    if (t->base_minor > 0) put(c, scope, "residual_pct", 100.0 * t->residual_minor / t->base_minor);
}

static void put_visits(counter *c, const char *scope, const tally *t)
{
    int64_t all = 0;
    for (int32_t k = 0; k < CP_N_VISIT_KINDS; k++)
        all += t->visits[k];
    put(c, scope, "visits_planned", (double)all);
    put(c, scope, "visits_swap", (double)t->visits[CP_VISIT_SWAP]);
    put(c, scope, "visits_add", (double)t->visits[CP_VISIT_ADD]);
    put(c, scope, "visits_pickup", (double)t->visits[CP_VISIT_PICKUP]);
    put(c, scope, "visits_partial_swap", (double)t->visits[CP_VISIT_PARTIAL_SWAP]);
    put(c, scope, "visits_by_branch", (double)t->by_branch);
    put(c, scope, "visits_useless", (double)t->useless);
    put(c, scope, "stops_planned", (double)t->stops);
    put(c, scope, "value_out_minor", t->out_minor);
    put(c, scope, "cassettes_packed", (double)t->cassettes);
    if (t->spare > 0) put(c, scope, "cassette_turns", (double)t->cassettes / (double)t->spare);
}

static void put_use(counter *c, const char *scope, const tally *t)
{
    static const char *const mean[CP_LIMIT_POOL + 1] = {
        "stops_use_mean_pct", "crew_use_mean_pct", "value_out_use_mean_pct",
        "pack_use_mean_pct",  "sort_use_mean_pct", "pool_use_mean_pct"};
    static const char *const most[CP_LIMIT_POOL + 1] = {
        "stops_use_most_pct", "crew_use_most_pct", "value_out_use_most_pct",
        "pack_use_most_pct",  "sort_use_most_pct", "pool_use_most_pct"};
    for (int32_t k = 0; k <= CP_LIMIT_POOL; k++) {
        if (t->rows[k] == 0) continue;
        put(c, scope, mean[k], t->use[k] / (double)t->rows[k]);
        put(c, scope, most[k], t->most[k]);
    }
}

static void put_routes(counter *c, const char *scope, const tally *t)
{
    put(c, scope, "routes", (double)t->routes);
    if (t->routes == 0) return;
    put(c, scope, "distance_km", (double)t->metres / 1000.0);
    put(c, scope, "crew_hours", (double)t->minutes / 60.0);
    put(c, scope, "drive_hours", (double)t->drive_s / 3600.0);
    put(c, scope, "overtime_hours", (double)t->overtime_min / 60.0);
    put(c, scope, "car_value_use_mean_pct", t->value_use / (double)t->routes);
    put(c, scope, "car_value_use_most_pct", t->most_value_use);
    put(c, scope, "most_on_board_minor", (double)t->most_on_board);
    if (t->legs > 0)
        put(c, scope, "estimated_legs_pct", 100.0 * (double)t->estimated_legs / (double)t->legs);
}

/* What each car does, in network order. */
static void put_cars(counter *c)
{
    for (int32_t car = 0; car < c->net->n_cars; car++) {
        const char *code = c->net->cars[car].code;
        int64_t routes = 0;
        int64_t metres = 0;
        cp_minor most = 0;
        for (int32_t i = 0; i < c->plan->n_routes; i++) {
            const cp_plan_route *r = &c->plan->routes[i];
            if (r->car != car) continue;
            routes++;
            metres += r->dist_m;
            if (r->most_on_board_minor > most) most = r->most_on_board_minor;
        }
        if (routes == 0) continue;
        put(c, code, "routes", (double)routes);
        put(c, code, "distance_km", (double)metres / 1000.0);
        put(c, code, "most_on_board_minor", (double)most);
        put(c, code, "car_value_use_most_pct",
            100.0 * (double)most / (double)c->net->cars[car].insured_minor);
    }
}

static void put_cost(counter *c, const tally *total)
{
    static const char *const names[CP_N_COST_ITEMS] = {"cost_hold_minor",
                                                       "cost_cash_out_minor",
                                                       "cost_emergency_minor",
                                                       "cost_stop_site_minor",
                                                       "cost_stop_machine_minor",
                                                       "cost_stop_value_minor",
                                                       "cost_pack_minor",
                                                       "cost_sort_minor",
                                                       "cost_branch_fill_minor",
                                                       "cost_overtime_pack_sort_minor",
                                                       "cost_outsourced_sort_minor",
                                                       "cost_relief_minor",
                                                       "cost_car_day_minor",
                                                       "cost_km_minor",
                                                       "cost_hour_minor",
                                                       "cost_overtime_hour_minor",
                                                       "cost_orders_minor",
                                                       "cost_cross_ship_minor",
                                                       "cost_vault_hold_minor"};
    const cp_plan *plan = c->plan;
    for (int32_t i = 0; i < CP_N_COST_ITEMS; i++)
        put(c, "total", names[i], (double)plan->cost.item[i]);
    put(c, "total", "cost_minor", (double)plan->cost.total_minor);
    if (total->dispensed_minor > 0 && c->net->currency >= 0) {
        double unit = 1;
        for (int32_t e = 0; e < c->net->rows.currency[c->net->currency].exponent; e++)
            unit *= 10;
        put(c, "total", "cost_per_1000_dispensed_minor",
            (double)plan->cost.total_minor * 1000.0 * unit * c->n_fresh / total->dispensed_minor);
    }
    put(c, "total", "visits_unserved", (double)plan->n_unserved);
    if (!plan->proof.has_bound) return;
    put(c, "total", "bound_minor", (double)plan->proof.bound_minor);
    put(c, "total", "gap_pct", 100.0 * plan->proof.gap);
}

/* Cassettes that are missing, notes that others sort, what goes to and comes from the central bank,
 * and what lies in the vault at night; of one vault or, with -1, of all. */
static void put_vault(counter *c, const char *scope, int32_t vault)
{
    const cp_plan *plan = c->plan;
    int64_t missing = 0, outsourced = 0, orders = 0, cross = 0;
    double night = 0.0, most = 0.0;
    bool limited = false;
    for (int32_t i = 0; i < plan->n_pool; i++)
        if (vault < 0 || plan->pool[i].vault == vault) missing += plan->pool[i].borrowed;
    for (int32_t i = 0; i < plan->n_limits; i++) {
        const cp_plan_limit *l = &plan->limits[i];
        if (vault >= 0 && l->vault != vault) continue;
        outsourced += l->outsourced;
        if (l->kind != CP_LIMIT_VAULT_VALUE) continue;
        night += (double)l->use / plan->n_days;
        if (l->cap > 0) most = greater(most, 100.0 * (double)l->use / (double)l->cap);
        limited = true;
    }
    for (int32_t i = 0; i < plan->n_orders; i++)
        orders += vault < 0 || plan->orders[i].vault == vault;
    for (int32_t v = 0; v < c->net->n_vaults; v++)
        if (vault < 0 || v == vault) cross += cp_vault_cross_bundles(c->net, plan, v);
    if (c->net->rows.n_cassette_pool > 0)
        put(c, scope, "pool_missing_cassette_days", (double)missing);
    if (outsourced > 0) put(c, scope, "sort_outsourced_notes", (double)outsourced);
    if (orders > 0) put(c, scope, "orders", (double)orders);
    if (orders > 0) put(c, scope, "cross_shipped_bundles", (double)cross);
    if (!limited) return;
    put(c, scope, "vault_night_mean_minor", night);
    put(c, scope, "vault_night_use_most_pct", most);
}

static cp_status put_all(counter *c)
{
    const int32_t n = c->net->n_vaults;
    tally *total = &c->vault[n];
    c->cap_kpis = 64 * (n + 2) + 4 * c->net->n_cars;
    c->record->n_kpis = 0;
    CP_NEW(c->ctx, c->ctx->run, c->record->kpis, c->cap_kpis);
    for (int32_t v = 0; v < n; v++) {
        add_counts(total, &c->vault[v]);
        add_work(total, &c->vault[v]);
    }
    for (int32_t v = n; v >= 0; v--) { /* the total first, then the vaults by code */
        const int32_t at = v == n ? n : n - 1 - v;
        const tally *t = &c->vault[at];
        if (at < n && t->days <= 0) continue;
        const char *scope = at == n ? "total" : c->net->vaults[at].code;
        put_service(c, scope, t);
        put_visits(c, scope, t);
        put_use(c, scope, t);
        put_routes(c, scope, t);
        put_vault(c, scope, at < n ? at : -1);
        if (at == n) put_cost(c, t);
    }
    put_cars(c);
    c->record->service_pct = total->days > 0 ? 100.0 * total->good_days / total->days : 100.0;
    c->record->legs = total->legs;
    c->record->estimated_legs = total->estimated_legs;
    return CP_OK;
}

cp_status cp_kpi_make(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                      const cp_shares *shares, uint64_t seed, const cp_plan *plan,
                      cp_record *record)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    counter c = {.ctx = ctx, .net = net, .plan = plan, .record = record};
    c.n_fresh = net->settings.n_paths > FRESH_PATHS ? net->settings.n_paths : FRESH_PATHS;
    CP_NEW(ctx, ctx->scratch, c.vault, net->n_vaults + 1);
    CP_TRY(walk_points(&c, forecast, shares, seed));
    count_stops(&c);
    count_routes(&c);
    count_limits(&c);
    CP_TRY(put_all(&c));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

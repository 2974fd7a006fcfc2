/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/replay.h"

#include <string.h>

#include "models/net/slot_mix.h"
#include "models/plan/plan_sim.h"

#define PPM INT64_C(1000000)

typedef struct replay {
    cp_ctx *ctx;
    const cp_network *base;
    const cp_replay_opts *opts;
    cp_network net; /* of the evening; its channels, points and pools are ours */
    cp_channel *channels;
    cp_point *points;
    cp_cassette_pool *pools;
    cp_plan_sim *sim;   /* by point; one path: the truth */
    uint8_t *failed;    /* by point: since its last visit */
    int32_t *site_seen; /* by site: last day with a stop, + 1 */
    int32_t *sent;      /* [(vault * n_models + model) * n_days + day]: cassettes that left */
    cp_replay *out;
    int32_t day; /* 0 .. opts->n_days - 1 */
} replay;

/* ---- charging ----------------------------------------------------------------------------- */

static cp_status charge(replay *r, cp_cost_item item, __int128 amount, int64_t rate, int64_t per)
{
    cp_minor *sum = &r->out->cost.item[item];
    if (amount > INT64_MAX || amount < 0 || amount * rate / per > INT64_MAX / 4 ||
        !cp_minor_add(*sum, cp_mul_div((int64_t)amount, rate, per), sum))
        CP_FAIL(r->ctx, CP_E_RANGE, "cost item %s of the replay leaves the range of amounts",
                cp_cost_item_name(item));
    return CP_OK;
}

static cp_day today(const replay *r)
{
    return r->opts->first_day + r->day;
}

static int64_t rate_of(const replay *r, cp_tariff_item item, int32_t point)
{
    const int32_t site = r->points[point].site;
    return cp_tariff_get(r->base, item, today(r), r->base->sites[site].vault, -1, site, -1);
}

/* ---- one visit ---------------------------------------------------------------------------- */

static size_t model_row(const replay *r, int32_t vault, int32_t model)
{
    const size_t row = (size_t)vault * (size_t)r->base->n_models + (size_t)model;
    return row * (size_t)r->opts->n_days;
}

static void send_cassettes(replay *r, const cp_plan *plan, const cp_plan_visit *visit)
{
    const cp_point *p = &r->points[visit->point];
    const int32_t vault = r->base->sites[p->site].vault;
    for (int32_t c = p->first_cassette; c < p->first_cassette + p->n_cassettes; c++) {
        const cp_cassette *cassette = &r->base->cassettes[c];
        if (cassette->cassette_model < 0 || !cp_visit_takes_cassette(r->base, plan, visit, c))
            continue;
        r->sent[model_row(r, vault, cassette->cassette_model) + (size_t)r->day]++;
    }
}

static cp_status charge_visit(replay *r, const cp_plan *plan, const cp_plan_visit *visit,
                              __int128 value_out)
{
    const int32_t p = visit->point;
    const int32_t site = r->points[p].site;
    int64_t notes = 0;
    int64_t cassettes = 0;
    __int128 value = 0;
    cp_plan_sim_charged(&r->sim[p], visit, &notes, &value);
    if (visit->by_branch) {
        CP_TRY(charge(r, CP_COST_BRANCH_FILL, 1, rate_of(r, CP_TARIFF_BRANCH_FILL_MINOR, p), 1));
        return charge(r, CP_COST_BRANCH_FILL, value_out, rate_of(r, CP_TARIFF_BRANCH_VALUE_PPM, p),
                      PPM);
    }
    for (int32_t k = 0; k < visit->n_loads; k++)
        if (cp_load_swaps(visit, &plan->loads[visit->first_load + k]))
            cassettes += r->channels[r->points[p].first_channel + k].n_cassettes;
    const int64_t ppm = rate_of(r, CP_TARIFF_STOP_VALUE_PPM, p);
    const int64_t least = rate_of(r, CP_TARIFF_STOP_VALUE_MIN_MINOR, p);
    const bool by_value = value <= INT64_MAX && cp_mul_div((int64_t)value, ppm, PPM) > least;
    CP_TRY(charge(r, CP_COST_SORT, notes, rate_of(r, CP_TARIFF_SORT_1000_MINOR, p), 1000));
    CP_TRY(charge(r, CP_COST_STOP_VALUE, by_value ? value : 1, by_value ? ppm : least,
                  by_value ? PPM : 1));
    CP_TRY(charge(r, CP_COST_STOP_VALUE, value_out, ppm, PPM));
    CP_TRY(charge(r, CP_COST_STOP_MACHINE, 1, rate_of(r, CP_TARIFF_STOP_MACHINE_MINOR, p), 1));
    CP_TRY(charge(r, CP_COST_PACK, cassettes, rate_of(r, CP_TARIFF_PACK_CASSETTE_MINOR, p), 1));
    if (r->site_seen[site] == r->day + 1) return CP_OK;
    r->site_seen[site] = r->day + 1;
    r->out->n_stops++;
    return charge(r, CP_COST_STOP_SITE, 1, rate_of(r, CP_TARIFF_STOP_SITE_MINOR, p), 1);
}

/* The slots hold from now on what a swap has brought. */
static void take_mix(replay *r, const cp_plan_visit *visit)
{
    cp_point *p = &r->points[visit->point];
    if (visit->kind != CP_VISIT_SWAP || p->n_mixes == 0) return;
    p->mix = visit->mix;
    for (int32_t k = 0; k < p->n_channels; k++) {
        const cp_minor balance = r->channels[p->first_channel + k].balance_notes;
        r->channels[p->first_channel + k] = cp_mix_channels(r->base, visit->point, visit->mix)[k];
        r->channels[p->first_channel + k].balance_notes = balance;
    }
}

static cp_status make_visit(replay *r, const cp_plan *plan, const cp_plan_visit *planned)
{
    const cp_plan_load *loads = plan->loads + planned->first_load;
    cp_plan_visit visit = *planned;
    __int128 value_out = 0;
    if (visit.kind == CP_VISIT_ADD) visit.fixed_amount = true; /* what was packed is brought */
    cp_plan_sim_visit(&r->sim[visit.point], &visit, loads);
    take_mix(r, &visit);
    for (int32_t k = 0; k < visit.n_loads && visit.kind != CP_VISIT_PICKUP; k++)
        if (loads[k].load_notes > 0)
            value_out += (__int128)loads[k].load_notes * r->channels[loads[k].channel].value_minor;
    CP_TRY(charge_visit(r, plan, &visit, value_out));
    if (cp_visit_swaps(&visit)) send_cassettes(r, plan, &visit);
    r->failed[visit.point] = 0;
    r->points[visit.point].days_since_visit = 0;
    r->points[visit.point].earliest_day = CP_DAY_NONE;
    r->points[visit.point].latest_day = CP_DAY_NONE;
    r->out->n_visits++;
    return CP_OK;
}

/* ---- one day ------------------------------------------------------------------------------ */

/* A failure is paid as an emergency once in an interval. */
static cp_status note_failure(replay *r, int32_t point)
{
    if (cp_plan_sim_failed(&r->sim[point]) == 0 || r->failed[point] != 0) return CP_OK;
    r->failed[point] = 1;
    return charge(r, CP_COST_EMERGENCY, 1, rate_of(r, CP_TARIFF_EMERGENCY_MINOR, point), 1);
}

/* Why a request was not met, and whether notes were refused, in a part of the day. */
static void note_kind(const cp_plan_sim *sim, cp_cash_out *kind, bool *full)
{
    if (*kind == CP_CASH_OUT_NONE && sim->unmet[0] > 0)
        *kind = cp_cash_out_kind(sim->channel, sim->n_channels, sim->stock, 1);
    *full = *full || sim->refused[0] > 0;
}

static cp_status live_day(replay *r, int32_t point, const cp_plan *plan, const cp_plan_visit *visit)
{
    cp_plan_sim *sim = &r->sim[point];
    bool good = true, full = false;
    cp_cash_out kind = CP_CASH_OUT_NONE;
    __int128 lost = 0;
    cp_plan_sim_clear(sim);
    if (visit != NULL) {
        cp_plan_sim_part(sim, r->day, CP_PART_BEFORE);
        CP_TRY(note_failure(r, point));
        good = cp_plan_sim_failed(sim) == 0;
        note_kind(sim, &kind, &full);
        lost = sim->lost_minor;
        CP_TRY(make_visit(r, plan, visit));
        cp_plan_sim_clear(sim);
    }
    cp_plan_sim_part(sim, r->day, visit != NULL ? CP_PART_AFTER : CP_PART_WHOLE);
    CP_TRY(note_failure(r, point));
    cp_plan_sim_evening(sim);
    note_kind(sim, &kind, &full);
    r->out->cash_out_days[kind] += kind != CP_CASH_OUT_NONE;
    r->out->full_days += full;
    r->out->machine_days++;
    r->out->good_days += good && cp_plan_sim_failed(sim) == 0;
    CP_TRY(charge(r, CP_COST_HOLD, sim->hold_minor, rate_of(r, CP_TARIFF_HOLD_PPM_YEAR, point),
                  365 * PPM));
    return charge(r, CP_COST_CASH_OUT, lost + sim->lost_minor,
                  rate_of(r, CP_TARIFF_CASH_OUT_PPM, point), PPM);
}

static cp_status live_points(replay *r, const cp_plan *plan, int32_t t)
{
    int32_t at = 0;
    while (at < plan->n_visits && plan->visits[at].t < t)
        at++;
    for (int32_t p = 0; p < r->base->n_points; p++) {
        const cp_plan_visit *visit = NULL;
        if (at < plan->n_visits && plan->visits[at].t == t && plan->visits[at].point == p)
            visit = &plan->visits[at++];
        if (!cp_point_is_planned(r->base, p)) continue;
        CP_TRY(live_day(r, p, plan, visit));
        r->points[p].days_since_visit++; /* as tomorrow's planner counts */
    }
    return CP_OK;
}

static int64_t car_rate(const replay *r, cp_tariff_item item, const cp_car *car)
{
    return cp_tariff_get(r->base, item, today(r), car->vault, car->carrier, -1, -1);
}

static bool paid_anyway(const replay *r, const cp_car *car)
{
    bool working = false;
    const cp_vault *vault = &r->base->vaults[car->vault];
    if (!car->paid_daily || vault->status != CP_VAULT_EXISTING) return false;
    (void)cp_calendar_lookup(r->base, vault->calendar, today(r), &working);
    return working;
}

static cp_status charge_route(replay *r, const cp_plan_route *route)
{
    const cp_car *car = &r->base->cars[route->car];
    const int64_t duty_s = route->drive_s + 60 * ((int64_t)route->wait_min + route->service_min);
    if (!paid_anyway(r, car))
        CP_TRY(charge(r, CP_COST_CAR_DAY, 1, car_rate(r, CP_TARIFF_CAR_DAY_MINOR, car), 1));
    CP_TRY(charge(r, CP_COST_KM, route->dist_m, car_rate(r, CP_TARIFF_KM_MINOR, car), 1000));
    CP_TRY(charge(r, CP_COST_HOUR, duty_s, car_rate(r, CP_TARIFF_HOUR_MINOR, car), 3600));
    r->out->n_routes++;
    r->out->dist_m += route->dist_m;
    r->out->legs += route->legs;
    r->out->estimated_legs += route->estimated_legs;
    return charge(r, CP_COST_OVERTIME_HOUR, route->overtime_min,
                  car_rate(r, CP_TARIFF_OVERTIME_HOUR_MINOR, car), 60);
}

static cp_status charge_routes(replay *r, const cp_plan *plan, int32_t t)
{
    for (int32_t c = 0; c < r->base->n_cars; c++)
        if (paid_anyway(r, &r->base->cars[c]))
            CP_TRY(charge(r, CP_COST_CAR_DAY, 1,
                          car_rate(r, CP_TARIFF_CAR_DAY_MINOR, &r->base->cars[c]), 1));
    for (int32_t i = 0; i < plan->n_routes; i++)
        if (plan->routes[i].t == t) CP_TRY(charge_route(r, &plan->routes[i]));
    return CP_OK;
}

static int64_t vault_rate(const replay *r, cp_tariff_item item, int32_t vault)
{
    return cp_tariff_get(r->base, item, today(r), vault, -1, -1, -1);
}

static cp_status charge_limits(replay *r, const cp_plan *plan, int32_t t)
{
    for (int32_t i = 0; i < plan->n_limits; i++) {
        const cp_plan_limit *l = &plan->limits[i];
        if (l->t != t || l->kind == CP_LIMIT_SERVICE_LEVEL) continue;
        if (l->kind == CP_LIMIT_SORT)
            CP_TRY(charge(r, CP_COST_OVERTIME_PACK_SORT, l->extra,
                          vault_rate(r, CP_TARIFF_SORT_OVERTIME_1000_MINOR, l->vault), 1000));
        CP_TRY(charge(r, CP_COST_OUTSOURCED_SORT, l->outsourced,
                      vault_rate(r, CP_TARIFF_SORT_OUTSOURCE_1000_MINOR, l->vault), 1000));
        if (l->kind == CP_LIMIT_PACK)
            CP_TRY(charge(r, CP_COST_OVERTIME_PACK_SORT, l->extra,
                          vault_rate(r, CP_TARIFF_PACK_OVERTIME_MINOR, l->vault), 1));
        CP_TRY(charge(r, CP_COST_RELIEF, l->relief, l->relief_price_minor, 1));
    }
    return CP_OK;
}

static cp_status charge_orders(replay *r, const cp_plan *plan, int32_t t)
{
    for (int32_t i = 0; i < plan->n_orders; i++) {
        const cp_plan_order *o = &plan->orders[i];
        const int64_t notes = o->notes > 0 ? o->notes : -o->notes;
        const int64_t unit = r->base->denoms[o->denomination].bundle_notes;
        bool first = true;
        if (o->t != t) continue;
        for (int32_t k = 0; k < i; k++)
            first = first && !(plan->orders[k].t == t && plan->orders[k].vault == o->vault);
        CP_TRY(charge(r, CP_COST_ORDERS, unit > 0 ? (notes + unit - 1) / unit : 0,
                      vault_rate(r, CP_TARIFF_ORDER_BUNDLE_MINOR, o->vault), 1));
        CP_TRY(charge(r, CP_COST_ORDERS, first ? 1 : 0,
                      vault_rate(r, CP_TARIFF_ORDER_ACCESS_MINOR, o->vault), 1));
    }
    return CP_OK;
}

/* ---- the network of an evening ------------------------------------------------------------ */

/* Balances as counted, and the cassettes that are at home: those sent on the last sort_lead_days -
 * 1 days are still away tomorrow. */
static void update_network(replay *r, int32_t tomorrow)
{
    r->net.first_day = r->opts->first_day + tomorrow;
    for (int32_t p = 0; p < r->base->n_points; p++)
        for (int32_t k = 0; cp_point_is_planned(r->base, p) && k < r->points[p].n_channels; k++)
            r->channels[r->points[p].first_channel + k].balance_notes = r->sim[p].stock[k];
    for (int32_t i = 0; i < r->base->rows.n_cassette_pool; i++) {
        const cp_cassette_pool *pool = &r->base->rows.cassette_pool[i];
        const int32_t lead = r->base->vaults[pool->vault].sort_lead_days;
        int32_t away = 0;
        for (int32_t d = tomorrow - 1; d >= 0 && d > tomorrow - lead; d--)
            away += r->sent[model_row(r, pool->vault, pool->cassette_model) + (size_t)d];
        r->pools[i].spare = pool->spare > away ? pool->spare - away : 0;
    }
}

static cp_status new_network(replay *r)
{
    cp_arena *tmp = r->ctx->scratch;
    const cp_network *b = r->base;
    CP_NEW(r->ctx, tmp, r->channels, b->n_channels);
    CP_NEW(r->ctx, tmp, r->points, b->n_points);
    CP_NEW(r->ctx, tmp, r->pools, b->rows.n_cassette_pool);
    for (int32_t c = 0; c < b->n_channels; c++)
        r->channels[c] = b->channels[c];
    for (int32_t p = 0; p < b->n_points; p++)
        r->points[p] = b->points[p];
    for (int32_t i = 0; i < b->rows.n_cassette_pool; i++)
        r->pools[i] = b->rows.cassette_pool[i];
    r->net = *b;
    r->net.channels = r->channels;
    r->net.points = r->points;
    r->net.rows.point = r->points;
    r->net.rows.cassette_pool = r->pools;
    r->net.rows.n_vault_stock = 0;
    return CP_OK;
}

/* The truth of every point in notes. */
static cp_status new_sims(replay *r, const cp_history *truth, const cp_shares *shares)
{
    cp_ctx *ctx = r->ctx;
    cp_forecast *days = NULL;
    cp_history *lived = NULL;
    CP_NEW(ctx, ctx->scratch, r->sim, r->base->n_points);
    CP_NEW(ctx, ctx->scratch, r->failed, r->base->n_points);
    CP_NEW(ctx, ctx->scratch, r->site_seen, r->base->n_sites);
    CP_NEW(ctx, ctx->scratch, r->sent, model_row(r, r->base->n_vaults, 0));
    CP_TRY(cp_history_fill_gaps(ctx, truth, r->opts->first_day, r->opts->n_days, &lived,
                                &r->out->n_filled));
    CP_TRY(cp_forecast_truth(ctx, r->base, lived, r->opts->first_day, r->opts->n_days, &days));
    for (int32_t p = 0; p < r->base->n_points; p++)
        if (cp_point_is_planned(r->base, p))
            CP_TRY(cp_plan_sim_new(ctx, r->base, days, shares, p, 1, 1, &r->sim[p]));
    return CP_OK;
}

/* ---- final stock -------------------------------------------------------------------------- */

/* Share of a visit that what is left in the machine saves, in ppm. */
static int64_t saved_ppm(const replay *r, int32_t point)
{
    const cp_plan_sim *sim = &r->sim[point];
    const int64_t longest = r->base->settings.longest_interval_days;
    int64_t least = PPM;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        int64_t net = 0;
        for (int32_t d = 0; d < sim->n_days; d++) {
            const size_t at = (size_t)k * (size_t)sim->n_days + (size_t)d;
            net += sim->paths.out[at] - sim->paths.in[at];
        }
        const int64_t capacity = sim->channel[k].capacity_notes;
        const int64_t need = (net > 0 ? net : -net) * longest / sim->n_days;
        const int64_t full = need < capacity ? need : capacity;
        const int64_t left = net > 0 ? sim->stock[k] : capacity - sim->stock[k];
        if (full <= 0) continue;
        const int64_t part = left >= full ? PPM : left <= 0 ? 0 : cp_mul_div(left, PPM, full);
        if (part < least) least = part;
    }
    return least;
}

static void value_final_stock(replay *r)
{
    r->day = r->opts->n_days - 1;
    for (int32_t p = 0; p < r->base->n_points; p++) {
        if (!cp_point_is_planned(r->base, p)) continue;
        int64_t cassettes = 0;
        for (int32_t k = 0; k < r->points[p].n_channels; k++) {
            const cp_channel *c = &r->channels[r->points[p].first_channel + k];
            if ((r->points[p].visit_kinds & CP_MAY_SWAP) != 0) cassettes += c->n_cassettes;
            r->out->end_stock_minor += r->sim[p].stock[k] * c->value_minor;
        }
        const int64_t price = rate_of(r, CP_TARIFF_STOP_SITE_MINOR, p) +
                              rate_of(r, CP_TARIFF_STOP_MACHINE_MINOR, p) +
                              cassettes * rate_of(r, CP_TARIFF_PACK_CASSETTE_MINOR, p);
        r->out->final_credit_minor += cp_mul_div(price, saved_ppm(r, p), PPM);
    }
}

/* ---- all days ----------------------------------------------------------------------------- */

static cp_status make_plan(replay *r, const cp_history *truth, cp_plan **plan)
{
    cp_history *known = NULL;
    update_network(r, r->day);
    CP_TRY(cp_history_until(r->ctx, truth, today(r), &known));
    CP_TRY(r->opts->replan(r->ctx, r->opts->user, &r->net, known, plan));
    if ((*plan)->first_day != today(r) || (*plan)->n_days < r->opts->replan_every)
        CP_FAIL(r->ctx, CP_E_INPUT,
                "the plan for day %d of the replay begins on another day or is too short",
                (int)r->day);
    r->out->n_plans++;
    return CP_OK;
}

static cp_status carry_out(replay *r, const cp_plan *plan, int32_t t)
{
    for (int32_t i = 0; i < plan->n_unserved; i++)
        r->out->n_unserved += plan->unserved[i].t == t;
    CP_TRY(live_points(r, plan, t));
    CP_TRY(charge_routes(r, plan, t));
    CP_TRY(charge_limits(r, plan, t));
    CP_TRY(charge_orders(r, plan, t));
    if (r->opts->look == NULL) return CP_OK;
    update_network(r, r->day + 1);
    return r->opts->look(r->ctx, r->opts->user, &r->net, plan, t);
}

static cp_status run_days(replay *r, const cp_history *truth)
{
    cp_ctx *ctx = r->ctx;
    const cp_arena_mark run = cp_arena_here(ctx->run);
    cp_plan *plan = NULL;
    for (r->day = 0; r->day < r->opts->n_days; r->day++) {
        const int32_t t = r->day % r->opts->replan_every;
        if (cp_user_stopped(ctx)) CP_FAIL(ctx, CP_E_STOPPED, "the replay was stopped");
        if (t == 0) {
            cp_arena_rewind(ctx->run, run); /* the plan before is no longer needed */
            CP_TRY(make_plan(r, truth, &plan));
        }
        CP_TRY(carry_out(r, plan, t));
        cp_progress(ctx, "replay", r->day + 1, r->opts->n_days);
    }
    cp_arena_rewind(ctx->run, run);
    return CP_OK;
}

static cp_status sum_cost(replay *r)
{
    cp_cost *cost = &r->out->cost;
    for (int32_t i = 0; i < CP_N_COST_ITEMS; i++)
        if (!cp_minor_add(cost->total_minor, cost->item[i], &cost->total_minor) ||
            (i < CP_N_REFILL_ITEMS &&
             !cp_minor_add(cost->refill_minor, cost->item[i], &cost->refill_minor)))
            CP_FAIL(r->ctx, CP_E_RANGE, "the cost of the replay leaves the range of amounts");
    return CP_OK;
}

static cp_status check_opts(cp_ctx *ctx, const cp_network *net, const cp_replay_opts *o)
{
    if (o->n_days < 1 || o->replan_every < 1 || o->replan_every > net->n_days || o->replan == NULL)
        CP_FAIL(ctx, CP_E_INPUT,
                "a replay needs at least one day and a plan every 1 to %d days (%d and %d given)",
                (int)net->n_days, (int)o->n_days, (int)o->replan_every);
    return CP_OK;
}

cp_status cp_replay_run(cp_ctx *ctx, const cp_network *net, const cp_history *truth,
                        const cp_shares *shares, const cp_replay_opts *opts, cp_replay *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_replay sums;
    memset(&sums, 0, sizeof sums);
    replay r = {.ctx = ctx, .base = net, .opts = opts, .out = &sums};
    CP_TRY(check_opts(ctx, net, opts));
    CP_TRY(new_network(&r));
    CP_TRY(new_sims(&r, truth, shares));
    CP_TRY(run_days(&r, truth));
    value_final_stock(&r);
    CP_TRY(sum_cost(&r));
    if (sums.machine_days > 0)
        sums.service_pct = 100.0 * (double)sums.good_days / (double)sums.machine_days;
    cp_arena_rewind(ctx->scratch, mark);
    *out = sums;
    return CP_OK;
}

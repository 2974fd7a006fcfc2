/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/rolling.h"

#include <string.h>

#include "solver/replenish/naive.h"
#include "solver/replenish/ss_rule.h"
#include "solver/run/demand_run.h"
#include "solver/run/plan_run.h"
#include "solver/run/rivals.h"
#include "solver/run/stop_prices.h"

#define RIVAL_ROUTE_WORK 150 /* iterations a stop: about what our own routes get */

const char *cp_policy_name(cp_policy policy)
{
    static const char *const names[] = {"cashplan", "naive", "sS", "foresight"};
    return names[policy];
}

/* What a machine has been through since its last visit. */
typedef struct point_state {
    int32_t last_t;      /* day of the last visit, -1 = none yet */
    bool failed;         /* service failed since then */
    cp_minor visit_cost; /* machine, pack and its part of the stop */
} point_state;

typedef struct replay {
    cp_ctx *ctx;
    const cp_network *net; /* as on the first day */
    const cp_history *history;
    const cp_rolling_opts *opts;
    cp_rolling *out;
    cp_shares *shares;
    int64_t *stock;     /* by channel */
    point_state *state; /* by point */
    cp_plan *plan;      /* in force */
    int32_t plan_t;     /* day it was made for */
    int32_t t;          /* day being carried out */
} replay;

/* ---- planning
 * ------------------------------------------------------------------------------------ */

/* The network as it stands this morning: first day, stocks, days since the last visit. */
static cp_status network_now(replay *r, cp_network **out)
{
    cp_network *now = NULL;
    cp_channel *channels = NULL;
    cp_point *points = NULL;
    CP_NEW(r->ctx, r->ctx->run, now, 1);
    CP_NEW(r->ctx, r->ctx->run, channels, r->net->n_channels + 1);
    CP_NEW(r->ctx, r->ctx->run, points, r->net->n_points + 1);
    *now = *r->net;
    memcpy(channels, r->net->channels, (size_t)r->net->n_channels * sizeof *channels);
    memcpy(points, r->net->points, (size_t)r->net->n_points * sizeof *points);
    for (int32_t k = 0; k < r->net->n_channels; k++)
        channels[k].balance_notes = r->stock[k];
    for (int32_t p = 0; p < r->net->n_points; p++)
        points[p].days_since_visit = r->state[p].last_t >= 0
                                         ? r->t - r->state[p].last_t
                                         : r->net->points[p].days_since_visit + r->t;
    now->first_day = r->net->first_day + r->t;
    now->channels = channels;
    now->points = points;
    *out = now;
    return CP_OK;
}

static cp_status plan_ours(replay *r, const cp_network *now, bool truth)
{
    cp_plan_run_opts opts = cp_plan_run_defaults();
    cp_plan_answer answer;
    cp_day *balance_day = NULL;
    CP_NEW(r->ctx, r->ctx->run, balance_day, now->n_points + 1);
    for (int32_t p = 0; p < now->n_points; p++)
        balance_day[p] = now->first_day - 1;
    opts.work = r->opts->work;
    opts.rivals = false;
    opts.truth = truth;
    CP_TRY(cp_plan_run(r->ctx, now, balance_day, r->history, &opts, &answer));
    r->plan = answer.plan;
    return CP_OK;
}

static cp_status plan_rule(replay *r, const cp_network *now)
{
    const cp_forecast_opts fopts = cp_forecast_defaults();
    const cp_day_routes_opts ropts = {RIVAL_ROUTE_WORK, r->ctx->seed};
    cp_history *past = NULL;
    cp_forecast *forecast = NULL;
    cp_day_routes *routes = NULL;
    CP_TRY(cp_history_until(r->ctx, r->history, now->first_day, &past));
    CP_TRY(cp_demand_run(r->ctx, now, past, now->first_day,
                         now->n_days + now->settings.longest_interval_days, &fopts, &forecast));
    const cp_finish_input in = {now, forecast, r->shares, r->ctx->seed};
    if (r->opts->policy == CP_POLICY_NAIVE)
        CP_TRY(cp_naive_plan(r->ctx, now, past, forecast, r->shares, r->ctx->seed, &r->plan));
    else
        CP_TRY(cp_ss_plan(r->ctx, now, past, forecast, r->shares, r->ctx->seed, &r->plan));
    CP_TRY(cp_day_routes_make(r->ctx, now, &ropts, r->plan, &routes));
    return cp_plan_finish(r->ctx, &in, routes, &r->plan);
}

static cp_status make_plan(replay *r)
{
    cp_network *now = NULL;
    CP_TRY(network_now(r, &now));
    r->plan_t = r->t;
    if (r->opts->policy == CP_POLICY_CASHPLAN) return plan_ours(r, now, false);
    if (r->opts->policy == CP_POLICY_FORESIGHT) return plan_ours(r, now, true);
    return plan_rule(r, now);
}

/* ---- one day
 * ------------------------------------------------------------------------------------- */

static int64_t tariff(const replay *r, cp_tariff_item item, int32_t point)
{
    const int32_t site = r->net->points[point].site;
    return cp_tariff_get(r->net, item, r->net->first_day + r->t, r->net->sites[site].vault, -1,
                         site, -1);
}

static void charge(replay *r, cp_cost_item item, cp_minor amount)
{
    r->out->cost.item[item] += amount;
}

/* The day's notes of one channel: what was asked for and paid in. */
static void day_notes(const replay *r, int32_t point, int32_t channel, int64_t *out, int64_t *in)
{
    const cp_day day = r->net->first_day + r->t;
    const cp_minor w = cp_history_at(r->history, CP_FLOW_WITHDRAWAL, point, day);
    const cp_minor d = cp_history_at(r->history, CP_FLOW_DEPOSIT, point, day);
    const int64_t unit = 1000000 * r->net->channels[channel].value_minor;
    *out = w == CP_HISTORY_MISSING ? 0 : cp_mul_div(w, r->shares->out_ppm[channel], unit);
    *in = d == CP_HISTORY_MISSING ? 0 : cp_mul_div(d, r->shares->in_ppm[channel], unit);
}

/* Part of a day on one channel; returns the value unmet or refused. */
static cp_minor run_part(replay *r, int32_t channel, int64_t out, int64_t in)
{
    const cp_channel *c = &r->net->channels[channel];
    int64_t stock = r->stock[channel];
    const int64_t met = out < stock ? out : stock;
    stock += in - met;
    const int64_t refused = stock > c->capacity_notes ? stock - c->capacity_notes : 0;
    r->stock[channel] = stock - refused;
    return (out - met + refused) * c->value_minor;
}

/* Carry out a visit's loads on the stocks; notes and value that came back. */
static void serve(replay *r, const cp_plan_visit *v, int64_t *notes, cp_minor *value)
{
    *notes = *value = 0;
    for (int32_t k = v->first_load; k < v->first_load + v->n_loads; k++) {
        const cp_plan_load *l = &r->plan->loads[k];
        const cp_channel *c = &r->net->channels[l->channel];
        const int64_t before = r->stock[l->channel];
        int64_t after = before, came = 0;
        if (c->role == CP_ROLE_DEPOSIT)
            after = 0;
        else if (v->kind == CP_VISIT_SWAP) {
            after = came = l->level_notes;
        } else if (v->kind == CP_VISIT_ADD && v->fixed_amount) {
            came = l->load_notes > 0 ? l->load_notes : 0;
            after = before + l->load_notes;
            if (after > c->capacity_notes) after = c->capacity_notes;
            if (after < 0) after = 0;
        } else if (v->kind == CP_VISIT_ADD) {
            after = l->level_notes;
            came = after > before ? after - before : 0;
        }
        const int64_t back = before + came - after;
        if (back > 0) {
            *notes += back;
            *value += back * c->value_minor;
        }
        r->stock[l->channel] = after;
    }
}

static void charge_visit(replay *r, const cp_plan_visit *v, int64_t notes, cp_minor value)
{
    const int32_t p = v->point;
    const cp_minor stop = tariff(r, CP_TARIFF_STOP_MACHINE_MINOR, p);
    const cp_minor pack = v->cassettes * tariff(r, CP_TARIFF_PACK_CASSETTE_MINOR, p);
    const int64_t ppm = tariff(r, CP_TARIFF_STOP_VALUE_PPM, p);
    const cp_minor least = tariff(r, CP_TARIFF_STOP_VALUE_MIN_MINOR, p);
    const cp_minor back = cp_mul_div(value, ppm, 1000000);
    charge(r, CP_COST_STOP_MACHINE, stop);
    charge(r, CP_COST_PACK, pack);
    charge(r, CP_COST_SORT, cp_mul_div(notes, tariff(r, CP_TARIFF_SORT_1000_MINOR, p), 1000));
    charge(r, CP_COST_STOP_VALUE,
           cp_mul_div(v->load_minor, ppm, 1000000) + (back > least ? back : least));
    r->state[p].last_t = r->t;
    r->state[p].failed = false;
    r->state[p].visit_cost = stop + pack;
    r->out->n_visits++;
}

static const cp_plan_visit *visit_of(const replay *r, int32_t point)
{
    for (int32_t i = 0; i < r->plan->n_visits; i++)
        if (r->plan->visits[i].point == point && r->plan->visits[i].t == r->t - r->plan_t)
            return &r->plan->visits[i];
    return NULL;
}

static void run_point(replay *r, int32_t p)
{
    const cp_point *point = &r->net->points[p];
    const cp_plan_visit *v = visit_of(r, p);
    const int64_t before_ppm = r->net->settings.before_visit_ppm;
    cp_minor refused = 0, held = 0;
    int64_t out[64], in[64], notes = 0;
    cp_minor value = 0;
    const int32_t n = point->n_channels < 64 ? point->n_channels : 64;
    for (int32_t k = 0; k < n; k++) {
        const int32_t c = point->first_channel + k;
        day_notes(r, p, c, &out[k], &in[k]);
        if (!v) continue;
        const int64_t pre_out = out[k] * before_ppm / 1000000,
                      pre_in = in[k] * before_ppm / 1000000;
        refused += run_part(r, c, pre_out, pre_in);
        out[k] -= pre_out;
        in[k] -= pre_in;
    }
    if (v) {
        if (refused > 0 && !r->state[p].failed)
            charge(r, CP_COST_EMERGENCY, tariff(r, CP_TARIFF_EMERGENCY_MINOR, p));
        serve(r, v, &notes, &value);
        charge_visit(r, v, notes, value);
    }
    cp_minor later = 0;
    for (int32_t k = 0; k < n; k++) {
        const int32_t c = point->first_channel + k;
        later += run_part(r, c, out[k], in[k]);
        held += r->stock[c] * r->net->channels[c].value_minor;
    }
    if (later > 0 && !r->state[p].failed) {
        charge(r, CP_COST_EMERGENCY, tariff(r, CP_TARIFF_EMERGENCY_MINOR, p));
        r->state[p].failed = true;
    }
    charge(r, CP_COST_HOLD,
           cp_mul_div(held, tariff(r, CP_TARIFF_HOLD_PPM_YEAR, p), 365 * INT64_C(1000000)));
    charge(r, CP_COST_CASH_OUT,
           cp_mul_div(refused + later, tariff(r, CP_TARIFF_CASH_OUT_PPM, p), 1000000));
    r->out->machine_days++;
    r->out->failed_days += refused + later > 0;
}

/* Stops of the day's sites, each once; a machine's part of it counts for the credit at the end. */
static void charge_stops(replay *r)
{
    const int32_t t = r->t - r->plan_t;
    for (int32_t i = 0; i < r->plan->n_visits; i++) {
        const cp_plan_visit *v = &r->plan->visits[i];
        const int32_t site = r->net->points[v->point].site;
        int32_t n = 0;
        bool first = true;
        if (v->t != t) continue;
        for (int32_t k = 0; k < r->plan->n_visits; k++) {
            if (r->plan->visits[k].t != t || r->net->points[r->plan->visits[k].point].site != site)
                continue;
            first = first && (n > 0 || k == i);
            n++;
        }
        const cp_minor stop = tariff(r, CP_TARIFF_STOP_SITE_MINOR, v->point);
        r->state[v->point].visit_cost += stop / n;
        if (!first) continue;
        charge(r, CP_COST_STOP_SITE, stop);
        r->out->n_stops++;
    }
}

static void charge_routes(replay *r)
{
    const cp_day day = r->net->first_day + r->t;
    for (int32_t i = 0; i < r->plan->n_routes; i++) {
        const cp_plan_route *route = &r->plan->routes[i];
        if (route->t != r->t - r->plan_t) continue;
        const int32_t carrier = r->net->cars[route->car].carrier;
        const int64_t seconds =
            route->drive_s + 60 * ((int64_t)route->wait_min + route->service_min);
        r->out->n_routes++;
        r->out->dist_m += route->dist_m;
        charge(r, CP_COST_CAR_DAY,
               cp_tariff_get(r->net, CP_TARIFF_CAR_DAY_MINOR, day, route->vault, carrier, -1, -1));
        charge(r, CP_COST_KM,
               cp_mul_div(
                   route->dist_m,
                   cp_tariff_get(r->net, CP_TARIFF_KM_MINOR, day, route->vault, carrier, -1, -1),
                   1000));
        charge(r, CP_COST_HOUR,
               cp_mul_div(
                   seconds,
                   cp_tariff_get(r->net, CP_TARIFF_HOUR_MINOR, day, route->vault, carrier, -1, -1),
                   3600));
        charge(r, CP_COST_OVERTIME_HOUR,
               cp_mul_div(route->overtime_min,
                          cp_tariff_get(r->net, CP_TARIFF_OVERTIME_HOUR_MINOR, day, route->vault,
                                        carrier, -1, -1),
                          60));
    }
    for (int32_t i = 0; i < r->plan->n_unserved; i++)
        r->out->n_unserved += r->plan->unserved[i].t == r->t - r->plan_t;
}

/* ---- the end
 * ------------------------------------------------------------------------------------- */

/* Days the point's stock still serves at the mean net outflow of the last 28 days (or room at the
 * mean inflow), at most the longest interval. */
static double cover_left(const replay *r, int32_t p)
{
    const cp_point *point = &r->net->points[p];
    double most = r->net->settings.longest_interval_days;
    for (int32_t k = point->first_channel; k < point->first_channel + point->n_channels; k++) {
        const cp_channel *c = &r->net->channels[k];
        double net_out = 0.0;
        int32_t n = 0;
        for (int32_t d = 0; d < 28; d++) {
            const cp_day day = r->net->first_day + r->opts->n_days - 1 - d;
            const cp_minor w = cp_history_at(r->history, CP_FLOW_WITHDRAWAL, p, day);
            const cp_minor in = cp_history_at(r->history, CP_FLOW_DEPOSIT, p, day);
            if (w == CP_HISTORY_MISSING && in == CP_HISTORY_MISSING) continue;
            n++;
            if (w != CP_HISTORY_MISSING) net_out += (double)w * r->shares->out_ppm[k] / 1e6;
            if (in != CP_HISTORY_MISSING) net_out -= (double)in * r->shares->in_ppm[k] / 1e6;
        }
        if (n == 0) continue;
        const double notes = net_out / n / (double)c->value_minor;
        const double days = notes > 0.0   ? (double)r->stock[k] / notes
                            : notes < 0.0 ? (double)(c->capacity_notes - r->stock[k]) / -notes
                                          : most;
        if (days < most) most = days;
    }
    return most > 0.0 ? most : 0.0;
}

static void settle(replay *r)
{
    for (int32_t p = 0; p < r->net->n_points; p++) {
        if (r->state[p].last_t < 0) continue;
        const double left = cover_left(r, p), past = r->opts->n_days - r->state[p].last_t;
        r->out->credit_minor += (cp_minor)((double)r->state[p].visit_cost * left / (left + past));
    }
    cp_cost *c = &r->out->cost;
    for (int32_t i = 0; i < CP_N_COST_ITEMS; i++) {
        c->total_minor += c->item[i];
        if (i < CP_N_REFILL_ITEMS) c->refill_minor += c->item[i];
    }
    r->out->service_pct = r->out->machine_days > 0 ? 100.0 - 100.0 * (double)r->out->failed_days /
                                                                 (double)r->out->machine_days
                                                   : 100.0;
}

static cp_status run_days(replay *r)
{
    for (r->t = 0; r->t < r->opts->n_days; r->t++) {
        if (r->t % r->opts->every_days == 0) CP_TRY(make_plan(r));
        for (int32_t p = 0; p < r->net->n_points; p++)
            if (r->net->points[p].serviced_by == CP_BY_CENTER && r->net->points[p].n_channels > 0)
                run_point(r, p);
        charge_stops(r);
        charge_routes(r);
        cp_progress(r->ctx, "replay", r->t + 1, r->opts->n_days);
        if (cp_user_stopped(r->ctx))
            return cp_fail(r->ctx, CP_E_STOPPED, __FILE__, __LINE__, "stopped");
    }
    settle(r);
    return CP_OK;
}

cp_status cp_rolling_run(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                         const cp_rolling_opts *opts, cp_rolling *out)
{
    replay r;
    char day[16];
    cp_history *past = NULL;
    const double start = cp_now_s();
    memset(&r, 0, sizeof r);
    memset(out, 0, sizeof *out);
    r.ctx = ctx;
    r.net = net;
    r.history = history;
    r.opts = opts;
    r.out = out;
    const cp_day end = net->first_day + opts->n_days;
    if (history->first_day + history->n_days < end)
        CP_FAIL(ctx, CP_E_INPUT, "the history ends before the replayed day %s",
                cp_day_text(end - 1, day));
    CP_TRY(cp_history_until(ctx, history, net->first_day, &past));
    CP_TRY(cp_shares_make(ctx, net, past, &r.shares));
    CP_NEW(ctx, ctx->run, r.stock, net->n_channels + 1);
    CP_NEW(ctx, ctx->run, r.state, net->n_points + 1);
    for (int32_t k = 0; k < net->n_channels; k++)
        r.stock[k] = net->channels[k].balance_notes;
    for (int32_t p = 0; p < net->n_points; p++)
        r.state[p].last_t = -1;
    CP_TRY(run_days(&r));
    out->seconds = cp_now_s() - start;
    return CP_OK;
}

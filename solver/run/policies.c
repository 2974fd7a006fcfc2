/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/policies.h"

#include <string.h>

#include "solver/replenish/naive.h"
#include "solver/replenish/ss_rule.h"
#include "solver/run/demand_run.h"
#include "solver/run/plan_run.h"
#include "solver/run/rivals.h"

#define RULE_ROUTE_WORK 150 /* route iterations a stop: about what our own routes get */

const char *cp_policy_name(cp_policy policy)
{
    static const char *const names[] = {"cashplan", "naive", "sS", "foresight"};
    return names[policy];
}

static const char *item_code(const cp_network *net, const cp_plan_limit *l)
{
    if (l->item < 0) return "";
    return l->kind == CP_LIMIT_VAULT_STOCK ? net->denoms[l->item].code : net->models[l->item].code;
}

/* Codes are those of the network replayed, which outlives every plan. */
static void keep_prices(cp_policy_user *u, const cp_network *net, const cp_plan *plan)
{
    cp_limit_prices *b = u->before;
    if (b == NULL) return;
    *b = (cp_limit_prices){
        .plan_id = 1, .first_day = plan->first_day, .n_days = plan->n_days, .price = b->price};
    for (int32_t i = 0; i < plan->n_limits && b->n < u->before_room; i++) {
        const cp_plan_limit *l = &plan->limits[i];
        if (!cp_limit_is_shared(l->kind) || l->vault < 0 || l->dual_minor <= 0.0) continue;
        b->price[b->n++] = (cp_limit_price){l->kind, net->vaults[l->vault].code, item_code(net, l),
                                            plan->first_day + l->t, l->dual_minor};
    }
}

/* ---- routes that were driven ---- */

cp_status cp_drive_log_new(cp_ctx *ctx, const cp_network *net, cp_drive_log *out)
{
    *out = (cp_drive_log){.days = net->settings.likeness_days};
    const size_t days = (size_t)out->days + 1;
    CP_NEW(ctx, ctx->run, out->routes, (size_t)net->n_cars * days + 1);
    CP_NEW(ctx, ctx->run, out->stops, (size_t)net->n_sites * days + 1);
    out->drives = (cp_drives){out->routes, 0, out->stops};
    return CP_OK;
}

/* Forget the days before `first`. */
static void forget(cp_drive_log *log, cp_day first)
{
    int32_t n = 0, gone = 0;
    for (int32_t i = 0; i < log->drives.n_routes; i++) {
        cp_plan_route r = log->routes[i];
        if (r.t < first) {
            gone = r.first_stop + r.n_stops;
            continue;
        }
        r.first_stop -= gone;
        log->routes[n++] = r;
    }
    memmove(log->stops, log->stops + gone, (size_t)(log->n_stops - gone) * sizeof *log->stops);
    log->n_stops -= gone;
    log->drives.n_routes = n;
}

cp_status cp_policy_look(cp_ctx *ctx, void *user, const cp_network *net, const cp_plan *plan,
                         int32_t t)
{
    cp_drive_log *log = ((cp_policy_user *)user)->driven;
    const cp_day today = plan->first_day + t;
    (void)ctx;
    (void)net;
    if (log == NULL) return CP_OK;
    forget(log, today - log->days + 1);
    for (int32_t i = 0; i < plan->n_routes && log->days > 0; i++) {
        const cp_plan_route *r = &plan->routes[i];
        if (r->t != t) continue;
        cp_plan_route *to = &log->routes[log->drives.n_routes++];
        *to = *r;
        to->t = today;
        to->first_stop = log->n_stops;
        memcpy(log->stops + log->n_stops, plan->stops + r->first_stop,
               (size_t)r->n_stops * sizeof *log->stops);
        log->n_stops += r->n_stops;
    }
    for (int32_t i = 0; i < plan->n_likeness; i++) {
        const cp_plan_likeness *l = &plan->likeness[i];
        if (l->t != t) continue;
        log->n++;
        log->sum_ppm += l->likeness_ppm;
        if (l->likeness_ppm > log->most_ppm) log->most_ppm = l->likeness_ppm;
    }
    return CP_OK;
}

/* The routes driven, their days counted from a plan's first; in ctx->run. NULL without a log. */
static cp_status look_back(cp_ctx *ctx, const cp_drive_log *log, cp_day first_day,
                           const cp_drives **out)
{
    cp_drives *past = NULL;
    cp_plan_route *routes = NULL;
    *out = NULL;
    if (log == NULL) return CP_OK;
    CP_NEW(ctx, ctx->run, past, 1);
    CP_NEW(ctx, ctx->run, routes, log->drives.n_routes + 1);
    for (int32_t i = 0; i < log->drives.n_routes; i++) {
        routes[i] = log->routes[i];
        routes[i].t -= first_day;
    }
    *past = (cp_drives){routes, log->drives.n_routes, log->stops};
    *out = past;
    return CP_OK;
}

/* ---- plans ---- */

static cp_status plan_ours(cp_ctx *ctx, cp_policy_user *u, const cp_network *net,
                           const cp_history *known, cp_plan **out)
{
    const bool truth = u->policy == CP_POLICY_FORESIGHT;
    cp_plan_run_opts opts = cp_plan_run_defaults();
    cp_plan_answer answer;
    cp_day *balance_day = NULL;
    CP_NEW(ctx, ctx->run, balance_day, net->n_points + 1);
    for (int32_t p = 0; p < net->n_points; p++)
        balance_day[p] = net->first_day - 1;
    opts.work = u->work;
    opts.rivals = false;
    opts.truth = truth;
    opts.fresh_paths = 0;
    CP_TRY(look_back(ctx, u->driven, net->first_day, &opts.past));
    if (u->before != NULL && u->before->plan_id > 0) opts.before = u->before;
    CP_TRY(cp_plan_run(ctx, net, balance_day, truth ? u->truth : known, &opts, &answer));
    keep_prices(u, net, answer.plan);
    *out = answer.plan;
    return CP_OK;
}

static cp_status plan_naive(cp_ctx *ctx, cp_policy_user *u, const cp_naive_input *in, cp_plan **out)
{
    cp_naive_input fixed = *in;
    if (u->weekdays != NULL && !u->weekdays_set)
        CP_TRY(cp_naive_weekdays(ctx, in->net, in->history, in->forecast, in->shares, u->weekdays));
    u->weekdays_set = u->weekdays != NULL;
    fixed.weekdays = u->weekdays;
    return cp_naive_plan(ctx, &fixed, ctx->seed, out);
}

static cp_status plan_rule(cp_ctx *ctx, cp_policy_user *u, const cp_network *net,
                           const cp_history *known, cp_plan **out)
{
    const cp_forecast_opts fopts = cp_forecast_defaults();
    const cp_drives *past = NULL;
    const int32_t n_days = net->n_days + net->settings.longest_interval_days;
    cp_forecast *forecast = NULL;
    cp_day_routes *routes = NULL;
    CP_TRY(look_back(ctx, u->driven, net->first_day, &past));
    const cp_day_routes_opts ropts = {RULE_ROUTE_WORK, ctx->seed, NULL, past, false};
    CP_TRY(cp_demand_run(ctx, net, known, net->first_day, n_days, &fopts, &forecast));
    const cp_finish_input in = {net, forecast, u->shares, ctx->seed, past};
    const cp_naive_input rule = {net, known, forecast, u->shares, NULL};
    if (u->policy == CP_POLICY_NAIVE)
        CP_TRY(plan_naive(ctx, u, &rule, out));
    else
        CP_TRY(cp_ss_plan(ctx, net, known, forecast, u->shares, ctx->seed, out));
    CP_TRY(cp_day_routes_make(ctx, net, &ropts, *out, &routes));
    return cp_plan_finish(ctx, &in, routes, out);
}

cp_status cp_policy_replan(cp_ctx *ctx, void *user, const cp_network *net, const cp_history *known,
                           cp_plan **out)
{
    cp_policy_user *u = user;
    if (u->policy == CP_POLICY_CASHPLAN || u->policy == CP_POLICY_FORESIGHT)
        return plan_ours(ctx, u, net, known, out);
    return plan_rule(ctx, u, net, known, out);
}

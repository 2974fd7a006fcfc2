/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/plan_run.h"

#include <string.h>

#include "models/plan/kpi.h"
#include "models/plan/plan_cost.h"
#include "models/plan/plan_fill.h"
#include "models/plan/route_bounds.h"
#include "solver/order/vault_orders.h"
#include "solver/replenish/refill.h"
#include "solver/run/day_bounds.h"
#include "solver/run/plan_demand.h"
#include "solver/run/rivals.h"
#include "solver/run/service_run.h"
#include "solver/run/stop_prices.h"

#define DEFAULT_WORK 300      /* re-plans a point */
#define ROUTE_WORK_SHARE 2    /* route iterations a stop, per unit of work */
#define BOUND_WORK_SHARE 3000 /* labels of a vault's day, per unit of work */
#define CREW_MARGIN 0.003 /* of the crews' minutes stays free after an overrun, then twice that */
#define MOST_CREW_TURNS 5 /* in which days that overran are planned shorter */
#define REPAIR_PART 4     /* of the work goes into a repair */
#define FRESH_PATHS 400   /* a share of 99 % has a standard error of half a percent on so many */
#define MOST_FEEDBACK 3   /* rounds in which unroutable stops are forbidden and planned anew */

cp_plan_run_opts cp_plan_run_defaults(void)
{
    const cp_plan_run_opts opts = {0, 2, true, false, NULL, -1, NULL, FRESH_PATHS, NULL};
    return opts;
}

typedef struct run {
    cp_ctx *ctx;
    const cp_network *net;
    const cp_history *history;
    const cp_plan_run_opts *opts;
    cp_plan_answer *out;
    cp_refill *refill;
    cp_stop_prices prices;
    int64_t work;
    bool *again; /* by vault: to be planned once more */
} run;

/* ---- data
 * ---------------------------------------------------------------------------------------- */

static cp_status make_demand(run *r, const cp_day *balance_day)
{
    cp_plan_demand demand;
    CP_TRY(cp_plan_demand_make(r->ctx, r->net, balance_day, r->history, r->opts->truth, &demand));
    r->out->net = demand.net;
    r->out->forecast = demand.forecast;
    r->out->shares = demand.shares;
    r->out->record->balances_rolled = demand.balances_rolled;
    r->out->record->n_repaired = demand.forecast->n_repaired;
    r->net = r->out->net;
    return CP_OK;
}

/* ---- visits and routes
 * --------------------------------------------------------------------------- */

/* mend: repair the vaults marked in r->again (refill.h), else plan all anew; last: at the final
 * stop prices. */
static cp_status solve_visits(run *r, int64_t work, bool mend, bool last)
{
    cp_refill_opts opts = cp_refill_defaults();
    cp_plan *plan = NULL;
    opts.replans = work * r->net->n_points;
    opts.seed = r->ctx->seed;
    opts.vaults = mend ? r->again : NULL;
    opts.repair = mend;
    opts.start = r->opts->before;
    if (!last) opts.nodes = -1; /* stop prices still move: no proof is worth its time yet */
    if (last) {
        opts.dump_lp = r->opts->dump_lp;
        opts.dump_vault = r->opts->dump_vault;
    }
    CP_NEW(r->ctx, r->ctx->run, plan, 1);
    CP_TRY(cp_refill_solve(r->ctx, r->refill, &r->prices, &opts, plan));
    CP_TRY(
        cp_plan_fill_visits(r->ctx, r->net, r->out->forecast, r->out->shares, r->ctx->seed, plan));
    r->out->plan = plan;
    return CP_OK;
}

static cp_status route_visits(run *r, int64_t work, bool fewer_cars, cp_day_routes **routes)
{
    const cp_day_routes_opts opts = {work * ROUTE_WORK_SHARE, r->ctx->seed, *routes, r->opts->past,
                                     fewer_cars};
    cp_progress(r->ctx, "routes", 0, 1);
    return cp_day_routes_make(r->ctx, r->net, &opts, r->out->plan, routes);
}

/* Plan and route in turn, with better stop prices each time; the last turn gets the work. */
static cp_status alternate(run *r, cp_day_routes **routes)
{
    CP_TRY(cp_stop_prices_first(r->ctx, r->net, &r->prices));
    for (int32_t round = 0; round < r->opts->rounds; round++) {
        const bool last = round + 1 == r->opts->rounds;
        CP_TRY(solve_visits(r, last ? r->work : r->work / 4 + 1, false, last));
        CP_TRY(route_visits(r, last ? r->work : r->work / 8 + 1, false, routes));
        if (last || cp_should_stop(r->ctx)) break;
        CP_TRY(cp_stop_prices_next(r->ctx, r->net, r->out->plan, *routes, &r->prices));
    }
    return CP_OK;
}

/* Few visits have to give way; days that keep theirs keep their routes. */
static cp_status repair(run *r, cp_day_routes **routes)
{
    CP_TRY(solve_visits(r, r->work / REPAIR_PART + 1, true, false));
    return route_visits(r, r->work, false, routes);
}

/* Where the routes take more minutes than a vault's crews have, those days are planned shorter. */
static cp_status keep_crew_hours(run *r, cp_day_routes **routes)
{
    double margin = CREW_MARGIN;
    for (int32_t turn = 0; turn < MOST_CREW_TURNS && !cp_should_stop(r->ctx); turn++) {
        int32_t n = 0;
        CP_TRY(cp_stop_prices_tighten(r->ctx, r->net, r->out->plan, *routes, margin, r->again,
                                      &r->prices, &n));
        if (n == 0) break;
        CP_TRY(repair(r, routes));
        margin *= 2.0;
    }
    return CP_OK;
}

/* Forbid what no route could take and plan again. */
static cp_status feed_back(run *r, cp_day_routes **routes)
{
    for (int32_t turn = 0; turn < MOST_FEEDBACK && (*routes)->n_unrouted > 0; turn++) {
        int32_t gave_way = 0;
        memset(r->again, 0, (size_t)r->net->n_vaults * sizeof *r->again);
        for (int32_t i = 0; i < (*routes)->n_unrouted; i++) {
            const cp_unrouted *u = &(*routes)->unrouted[i];
            CP_TRY(cp_refill_ban(r->ctx, r->refill, u->site, u->t, &gave_way));
            r->again[r->net->sites[u->site].vault] = true;
        }
        if (gave_way == 0 || cp_user_stopped(r->ctx)) break;
        CP_TRY(repair(r, routes));
    }
    return CP_OK;
}

/* ---- what a plan is measured by
 * ------------------------------------------------------------------- */

static double asked_service(const cp_network *net)
{
    double sum = 0.0;
    int32_t n = 0;
    for (int32_t p = 0; p < net->n_points; p++) {
        const int32_t own = net->points[p].service_level_ppm;
        const int32_t ppm = own >= 0 ? own : net->settings.service_level_ppm;
        if (ppm <= 0 || net->points[p].serviced_by == CP_BY_BRANCH) continue;
        sum += (double)ppm / 1e4;
        n++;
    }
    return n > 0 ? sum / n : 0.0;
}

/* On paths that nothing was chosen on. */
static cp_status judge_service(run *r)
{
    const cp_plan_answer *o = r->out;
    const cp_service_input in = {r->net, o->forecast, o->shares, r->ctx->seed, o->plan};
    cp_service *service = NULL;
    if (r->opts->fresh_paths <= 0) return CP_OK;
    cp_progress(r->ctx, "service on fresh paths", 0, 1);
    CP_TRY(cp_service_run(r->ctx, &in, r->opts->fresh_paths, &service));
    return cp_service_kpis(r->ctx, r->net, service, o->record);
}

static cp_status judge(run *r)
{
    cp_plan_answer *o = r->out;
    cp_verdict *verdict = NULL;
    cp_progress(r->ctx, "referee", 0, 1);
    CP_TRY(cp_plan_check(r->ctx, r->net, o->forecast, o->shares, r->ctx->seed, o->plan, &verdict));
    o->record->verdict = verdict;
    o->record->status = !verdict->accepted     ? CP_PLAN_REFUSED
                        : verdict->with_relief ? CP_PLAN_PROPOSED_RELIEF
                                               : CP_PLAN_PROPOSED;
    CP_TRY(cp_kpi_make(r->ctx, r->net, o->forecast, o->shares, r->ctx->seed, o->plan, o->record));
    CP_TRY(
        cp_series_make(r->ctx, r->net, o->forecast, o->shares, r->ctx->seed, o->plan, o->record));
    o->record->service_asked_pct = asked_service(r->net);
    CP_TRY(judge_service(r));
    CP_TRY(cp_likeness_kpis(r->ctx, r->net, o->plan, o->record));
    return cp_route_bounds_kpis(r->ctx, r->net, o->plan, o->record);
}

static cp_status make_plan(run *r)
{
    cp_plan_answer *o = r->out;
    cp_day_routes *routes = NULL;
    const cp_finish_input in = {r->net, o->forecast, o->shares, r->ctx->seed, r->opts->past};
    CP_TRY(cp_refill_build(r->ctx, r->net, o->forecast, o->shares, r->ctx->seed, &r->refill));
    CP_NEW(r->ctx, r->ctx->run, r->again, r->net->n_vaults + 1);
    CP_TRY(alternate(r, &routes));
    CP_TRY(keep_crew_hours(r, &routes));
    CP_TRY(feed_back(r, &routes));
    if (!cp_should_stop(r->ctx)) CP_TRY(route_visits(r, r->work, true, &routes));
    o->plan->work_done += routes->work_done;
    if (cp_user_stopped(r->ctx))
        o->plan->stopped_by = "user";
    else if (routes->stopped)
        o->plan->stopped_by = "time";
    CP_TRY(cp_plan_finish(r->ctx, &in, routes, &o->plan));
    cp_progress(r->ctx, "bounds of the routes", 0, 1);
    return cp_day_bounds_make(r->ctx, r->net, r->work * BOUND_WORK_SHARE, o->plan);
}

static cp_status make_rivals(run *r)
{
    const cp_finish_input in = {r->net, r->out->forecast, r->out->shares, r->ctx->seed,
                                r->opts->past};
    if (!r->opts->rivals || cp_should_stop(r->ctx)) return CP_OK;
    cp_progress(r->ctx, "rules of thumb", 0, 1);
    return cp_rivals_make(r->ctx, &in, r->history, &r->out->plan->prices,
                          r->work / 4 * ROUTE_WORK_SHARE + 1, r->out->record);
}

cp_status cp_plan_run(cp_ctx *ctx, const cp_network *net, const cp_day *balance_day,
                      const cp_history *history, const cp_plan_run_opts *opts, cp_plan_answer *out)
{
    run r;
    memset(&r, 0, sizeof r);
    memset(out, 0, sizeof *out);
    r.ctx = ctx;
    r.net = net;
    r.history = history;
    r.opts = opts;
    r.out = out;
    r.work = opts->work > 0 ? opts->work : DEFAULT_WORK;
    CP_NEW(ctx, ctx->run, out->record, 1);
    out->record->seed = ctx->seed;
    out->record->scenario = "base";
    CP_TRY(make_demand(&r, balance_day));
    CP_TRY(make_plan(&r));
    CP_TRY(make_rivals(&r));
    return judge(&r);
}

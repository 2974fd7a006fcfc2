/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/rivals.h"

#include <string.h>

#include "models/plan/kpi.h"
#include "models/plan/plan_cost.h"
#include "models/plan/plan_fill.h"
#include "models/plan/plan_pool.h"
#include "solver/order/vault_orders.h"
#include "solver/replenish/naive.h"
#include "solver/replenish/ss_rule.h"

#define N_RIVALS 2
#define SERVICE_PATHS 200 /* fresh paths on which a rival's service is measured */

static const char *reason_of(const cp_network *net, const cp_day_routes *routes,
                             const cp_plan_visit *visit)
{
    for (int32_t i = 0; i < routes->n_unrouted && !visit->by_branch; i++)
        if (routes->unrouted[i].t == visit->t &&
            routes->unrouted[i].site == net->points[visit->point].site)
            return routes->unrouted[i].reason;
    return NULL;
}

static cp_status rebuild_visit(cp_ctx *ctx, const cp_plan *old, const cp_plan_visit *visit,
                               cp_plan_builder *builder)
{
    int64_t *notes = NULL;
    CP_NEW(ctx, ctx->scratch, notes, visit->n_loads + 1);
    for (int32_t k = 0; k < visit->n_loads; k++) {
        const cp_plan_load *load = &old->loads[visit->first_load + k];
        const bool kept = visit->kind == CP_VISIT_PARTIAL_SWAP && !load->swapped;
        notes[k] = kept ? -1 : visit->fixed_amount ? load->load_notes : load->level_notes;
    }
    return cp_plan_builder_visit(ctx, builder, visit,
                                 visit->kind == CP_VISIT_PICKUP ? NULL : notes);
}

/* A plan without the visits that no route took, which are listed with their reasons. */
static cp_status drop_unrouted(cp_ctx *ctx, const cp_finish_input *in, const cp_day_routes *routes,
                               cp_plan **plan)
{
    cp_plan *old = *plan, *now = NULL;
    cp_plan_builder *builder = NULL;
    cp_plan_unserved *unserved = NULL;
    int32_t n = 0;
    CP_NEW(ctx, ctx->run, unserved, old->n_visits + old->n_unserved + 1);
    for (; n < old->n_unserved; n++)
        unserved[n] = old->unserved[n];
    CP_TRY(cp_plan_builder_new(ctx, in->net, old->policy, &builder));
    for (int32_t i = 0; i < old->n_visits; i++) {
        const char *reason = reason_of(in->net, routes, &old->visits[i]);
        if (reason)
            unserved[n++] = (cp_plan_unserved){old->visits[i].t, old->visits[i].point, reason};
        else
            CP_TRY(rebuild_visit(ctx, old, &old->visits[i], builder));
    }
    CP_TRY(cp_plan_builder_finish(ctx, builder, &now));
    CP_TRY(cp_plan_fill_visits(ctx, in->net, in->forecast, in->shares, in->seed, now));
    now->routes = old->routes;
    now->n_routes = old->n_routes;
    now->stops = old->stops;
    now->n_stops = old->n_stops;
    now->limits = old->limits;
    now->n_limits = old->n_limits;
    now->prices = old->prices;
    now->proof = old->proof;
    now->outcome = old->outcome;
    now->work_done = old->work_done;
    now->stopped_by = old->stopped_by;
    now->past = old->past;
    now->likeness = old->likeness;
    now->n_likeness = old->n_likeness;
    now->unserved = unserved;
    now->n_unserved = n;
    *plan = now;
    return CP_OK;
}

/* Without a visit, later ones of its machine bring back other residuals: days whose stops are no
 * longer the same are routed anew, until every visit has a car. Ends, because each turn drops one
 * at least. */
static cp_status drop_and_route(cp_ctx *ctx, const cp_finish_input *in, const cp_day_routes *routes,
                                cp_plan **plan)
{
    while (routes->n_unrouted > 0) {
        const cp_day_routes_opts opts = {routes->work_per_task, in->seed, routes, (*plan)->past,
                                         false};
        cp_day_routes *again = NULL;
        CP_TRY(drop_unrouted(ctx, in, routes, plan));
        CP_TRY(cp_day_routes_make(ctx, in->net, &opts, *plan, &again));
        routes = again;
    }
    return CP_OK;
}

/* The referee's rows of use and relief, with the duals that the search found for them. */
static cp_status declare_limits(cp_ctx *ctx, const cp_finish_input *in, cp_plan *plan)
{
    const cp_plan_limit *old = plan->limits;
    const int32_t n_old = plan->n_limits;
    CP_TRY(cp_plan_fill_limits(ctx, in->net, in->forecast, in->shares, in->seed, plan));
    for (int32_t i = 0; i < plan->n_limits; i++) {
        cp_plan_limit *now = &plan->limits[i];
        for (int32_t k = 0; k < n_old && now->kind != CP_LIMIT_SERVICE_LEVEL; k++)
            if (old[k].kind == now->kind && old[k].vault == now->vault && old[k].t == now->t &&
                old[k].item == now->item) {
                now->dual_minor = old[k].dual_minor;
                break;
            }
    }
    return CP_OK;
}

cp_status cp_plan_finish(cp_ctx *ctx, const cp_finish_input *in, const cp_day_routes *routes,
                         cp_plan **plan)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    CP_TRY(drop_and_route(ctx, in, routes, plan));
    CP_TRY(declare_limits(ctx, in, *plan));
    CP_TRY(cp_plan_pool_make(ctx, in->net, *plan));
    CP_TRY(cp_vault_orders_make(ctx, in->net, *plan));
    CP_TRY(cp_plan_cost(ctx, in->net, in->forecast, in->shares, in->seed, *plan, &(*plan)->cost,
                        NULL));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* A rule that looks at no shared limit is not charged for breaking them: it is compared at the
 * money it would really cost if it were allowed, which favours the rule. */
static void forgive_relief(cp_cost *cost)
{
    cost->refill_minor -= cost->item[CP_COST_RELIEF];
    cost->total_minor -= cost->item[CP_COST_RELIEF];
    cost->item[CP_COST_RELIEF] = 0;
}

static cp_status price_rival(cp_ctx *ctx, const cp_finish_input *in, const cp_stop_prices *prices,
                             int64_t route_work, cp_plan *plan, cp_rival *rival)
{
    const cp_day_routes_opts opts = {route_work, in->seed, NULL, in->past, false};
    cp_day_routes *routes = NULL;
    plan->prices = *prices;
    CP_TRY(cp_plan_fill_visits(ctx, in->net, in->forecast, in->shares, in->seed, plan));
    CP_TRY(cp_day_routes_make(ctx, in->net, &opts, plan, &routes));
    CP_TRY(cp_plan_finish(ctx, in, routes, &plan));
    rival->policy = plan->policy;
    rival->cost = plan->cost;
    forgive_relief(&rival->cost);
    rival->n_visits = plan->n_visits;
    return cp_plan_service(ctx, in->net, in->forecast, in->shares, in->seed + 1, SERVICE_PATHS,
                           plan, &rival->service_pct);
}

cp_status cp_rivals_make(cp_ctx *ctx, const cp_finish_input *in, const cp_history *history,
                         const cp_stop_prices *prices, int64_t route_work, cp_record *record)
{
    cp_plan *plan = NULL;
    CP_NEW(ctx, ctx->run, record->rivals, N_RIVALS);
    record->n_rivals = 0;
    const cp_naive_input naive = {in->net, history, in->forecast, in->shares, NULL};
    CP_TRY(cp_naive_plan(ctx, &naive, in->seed, &plan));
    CP_TRY(price_rival(ctx, in, prices, route_work, plan, &record->rivals[record->n_rivals++]));
    CP_TRY(cp_ss_plan(ctx, in->net, history, in->forecast, in->shares, in->seed, &plan));
    return price_rival(ctx, in, prices, route_work, plan, &record->rivals[record->n_rivals++]);
}

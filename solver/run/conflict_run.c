/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/conflict_run.h"

#include <string.h>

#include "solver/run/plan_demand.h"
#include "solver/run/stop_prices.h"
#include "solver/run/vault_arcs.h"

typedef struct study {
    cp_ctx *ctx;
    const cp_conflict_ask *ask;
    cp_plan_demand demand;
    cp_stop_prices prices;
    cp_arcs *arcs; /* by point; of the vault at hand */
    cp_zone *zone;
    cp_refill_state *state;
    bool opened; /* zone and state are those of the vault at hand */
    cp_conflicts *out;
} study;

static bool is_asked(const cp_conflict_ask *ask, int32_t vault, int32_t t)
{
    return (ask->vault < 0 || ask->vault == vault) && (ask->t < 0 || ask->t == t);
}

static int32_t vault_of(const cp_conflict_ask *ask, int32_t point)
{
    return ask->net->sites[ask->net->points[point].site].vault;
}

/* A limit's own vault; a point's is that of its site. */
static bool limit_is_asked(const cp_conflict_ask *ask, const cp_plan_limit *l)
{
    const int32_t t = l->kind == CP_LIMIT_SERVICE_LEVEL && l->t < 0 ? 0 : l->t;
    return l->relief > 0 && l->kind != CP_LIMIT_ROUTE && is_asked(ask, l->vault, t);
}

/* ---- one vault ---------------------------------------------------------------------------------
 */

static cp_status open_vault(study *c, int32_t vault)
{
    const cp_plan_demand *d = &c->demand;
    const cp_arc_input in = {d->net, d->forecast, d->shares, c->ask->seed, NULL};
    int32_t n_changed = 0;
    if (c->opened) return CP_OK;
    c->opened = true;
    memset(c->arcs, 0, (size_t)d->net->n_points * sizeof *c->arcs);
    CP_TRY(cp_vault_arcs_build(c->ctx, &in, vault, c->arcs));
    CP_TRY(cp_zone_make(c->ctx, d->net, c->arcs, &c->prices, vault, &c->zone));
    CP_TRY(cp_refill_state_new(c->ctx, c->zone, &c->state));
    CP_TRY(cp_explain_state(c->ctx, c->zone, c->ask->plan, -1, c->state, &n_changed));
    c->out->n_changed += n_changed;
    return CP_OK;
}

static int32_t row_of(const cp_zone *z, const cp_plan_limit *l)
{
    for (int32_t r = 0; r < z->n_rows; r++)
        if (z->row[r].kind == l->kind && z->row[r].t == l->t && z->row[r].item == l->item) return r;
    return -1;
}

/* Limits of a vault's stock are kept by its orders: whoever loads the denomination uses them. */
static cp_status stock_users(study *c, const cp_plan_limit *l, cp_conflict *out)
{
    const cp_plan *plan = c->ask->plan;
    CP_NEW(c->ctx, c->ctx->run, out->user, plan->n_visits + 1);
    for (int32_t i = 0; i < plan->n_visits; i++) {
        const cp_plan_visit *v = &plan->visits[i];
        if (v->t != l->t || vault_of(c->ask, v->point) != l->vault) continue;
        int64_t use = 0;
        for (int32_t k = v->first_load; k < v->first_load + v->n_loads; k++) {
            const cp_channel *ch = &c->ask->net->channels[plan->loads[k].channel];
            if (l->kind == CP_LIMIT_VAULT_STOCK && ch->denomination != l->item) continue;
            if (plan->loads[k].load_notes > 0)
                use += plan->loads[k].load_notes *
                       (l->kind == CP_LIMIT_VAULT_STOCK ? 1 : ch->value_minor);
        }
        if (use > 0)
            out->user[out->n_users++] =
                (cp_conflict_user){c->ask->net->points[v->point].site, v->point, use};
    }
    return CP_OK;
}

/* What the plan itself says of the limit; moves are known only to rows of the zone. */
static cp_status plain_conflict(study *c, const cp_plan_limit *l, cp_conflict *out)
{
    const cp_conflict known = *out;
    *out = (cp_conflict){.kind = l->kind,
                         .vault = l->vault,
                         .t = l->t,
                         .item = l->item,
                         .cap = l->cap,
                         .use = l->use,
                         .over = l->relief,
                         .relief_minor = l->relief * l->relief_price_minor,
                         .price_minor = l->relief_price_minor,
                         .dual_minor = l->dual_minor,
                         .user = known.user,
                         .n_users = known.n_users};
    if (out->n_users == 0) CP_TRY(stock_users(c, l, out));
    CP_NEW(c->ctx, c->ctx->run, out->way, 1);
    out->way[out->n_ways++] =
        (cp_conflict_way){.kind = CP_WAY_PAY, .cost_minor = out->relief_minor};
    return CP_OK;
}

/* Crew minutes are those of the routes in the plan and planned ones in the zone: a row that the
 * zone has room in is told as the plan has it. */
static cp_status study_limit(study *c, const cp_plan_limit *l)
{
    cp_conflict *out = &c->out->limit[c->out->n_limits++];
    const int32_t row = row_of(c->zone, l);
    memset(out, 0, sizeof *out);
    if (row >= 0) CP_TRY(cp_conflict_row(c->ctx, c->zone, c->state, row, l->dual_minor, out));
    return out->over > 0 ? CP_OK : plain_conflict(c, l, out);
}

static cp_status study_rules(study *c, int32_t point, cp_rule_relief *out)
{
    const cp_plan_demand *d = &c->demand;
    cp_rule_ask ask = {{d->net, d->forecast, d->shares, c->ask->seed, NULL}, c->zone, c->state, -1};
    for (int32_t p = 0; p < c->zone->n_points; p++)
        if (c->zone->point[p] == point) ask.zone_point = p;
    *out = (cp_rule_relief){.t = -1, .pin = -1};
    return ask.zone_point < 0 ? CP_OK : cp_rule_relief_find(c->ctx, &ask, out);
}

/* ---- visits left out ---------------------------------------------------------------------------
 */

/* A car that brings what the choice would bring, for its stop alone. */
static cp_status study_car(study *c, const cp_choice *choice, cp_left_out *l)
{
    const cp_network *net = c->ask->net;
    const int32_t site = net->points[l->visit->point].site;
    const cp_plan_visit visit = {.point = l->visit->point, .kind = choice->kind};
    const cp_car_stop stop = {
        .site = site,
        .service_s = 60 * (net->sites[site].service_min + cp_visit_service_min(net, &visit)),
        .out_minor = choice->out_minor};
    return cp_car_relief_find(c->ctx, net, l->visit->t, &stop, &l->car);
}

/* Choices stand by cost. Where no car could make the stop even alone, other days do not help. */
static cp_status weigh_choices(study *c, const cp_explanation *e, cp_left_out *l)
{
    cp_minor chosen = 0;
    const cp_choice *there = NULL;
    for (int32_t i = 0; i < e->n_choices; i++) {
        const cp_choice *x = &e->choice[i];
        if (x->chosen) chosen = x->total_minor;
        if (x->t == l->visit->t && !x->by_branch && there == NULL) there = x;
    }
    if (there != NULL) CP_TRY(study_car(c, there, l));
    if (l->car.car >= 0) l->car_minor = l->car.cost_minor + there->total_minor - chosen;
    const bool reached = l->car.car >= 0 && l->car.rule == CP_CAR_OK;
    for (int32_t i = 0; i < e->n_choices && !l->has_other; i++) {
        const cp_choice *x = &e->choice[i];
        if (x->chosen || x->t < 0 || (!x->by_branch && (!reached || x->t == l->visit->t))) continue;
        l->has_other = true;
        l->other = *x;
        l->other_minor = x->total_minor - chosen;
    }
    return reached ? study_rules(c, l->visit->point, &l->rule) : CP_OK;
}

static cp_status study_left_out(study *c, cp_left_out *l)
{
    cp_explanation e;
    const cp_status st = cp_explain_zone(c->ctx, c->zone, c->ask->plan, l->visit->point, &e);
    if (st == CP_OK) return weigh_choices(c, &e, l);
    if (st != CP_E_INPUT) return st;
    cp_error_clear(c->ctx); /* the data have changed: only the reason is known */
    return CP_OK;
}

/* Visits that no car could make are told before the levels that miss them. */
static bool has_no_car(const study *c, int32_t point)
{
    for (int32_t i = 0; i < c->out->n_left_out; i++) {
        const cp_left_out *l = &c->out->left_out[i];
        if (l->visit->point == point && l->car.car >= 0 && l->car.rule != CP_CAR_OK) return true;
    }
    return false;
}

static cp_status study_miss(study *c, const cp_plan_limit *l)
{
    cp_explanation e;
    cp_level_miss *m = &c->out->miss[c->out->n_misses++];
    cp_minor chosen = 0;
    *m = (cp_level_miss){
        .point = l->item, .t = l->t, .relief_minor = l->relief * l->relief_price_minor};
    m->rule = (cp_rule_relief){.t = -1, .pin = -1};
    m->no_car = has_no_car(c, l->item);
    if (m->no_car) return CP_OK;
    CP_TRY(cp_explain_zone(c->ctx, c->zone, c->ask->plan, l->item, &e));
    m->push = e.push;
    m->n_pushes = e.n_pushes;
    for (int32_t i = 0; i < e.n_choices; i++)
        if (e.choice[i].chosen) chosen = e.choice[i].total_minor;
    for (int32_t i = 0; i < e.n_choices && !m->has_way; i++) {
        if (e.choice[i].misses) continue;
        m->has_way = true;
        m->way = e.choice[i];
        m->more_minor = e.choice[i].total_minor - chosen + m->relief_minor;
    }
    CP_TRY(study_rules(c, l->item, &m->rule));
    m->rule.more_minor += m->relief_minor;
    return CP_OK;
}

static cp_status study_vault(study *c, int32_t vault)
{
    const cp_plan *plan = c->ask->plan;
    c->opened = false;
    for (int32_t i = 0; i < c->out->n_left_out; i++) {
        cp_left_out *l = &c->out->left_out[i];
        if (vault_of(c->ask, l->visit->point) != vault) continue;
        CP_TRY(open_vault(c, vault));
        CP_TRY(study_left_out(c, l));
    }
    for (int32_t i = 0; i < plan->n_limits; i++) {
        const cp_plan_limit *l = &plan->limits[i];
        if (l->vault != vault || !limit_is_asked(c->ask, l)) continue;
        CP_TRY(open_vault(c, vault));
        CP_TRY(l->kind == CP_LIMIT_SERVICE_LEVEL ? study_miss(c, l) : study_limit(c, l));
    }
    return CP_OK;
}

/* ---- what no zone knows ------------------------------------------------------------------------
 */

static void find_left_out(study *c)
{
    const cp_plan *plan = c->ask->plan;
    for (int32_t i = 0; i < plan->n_unserved; i++) {
        const cp_plan_unserved *u = &plan->unserved[i];
        if (!is_asked(c->ask, vault_of(c->ask, u->point), u->t)) continue;
        cp_left_out *l = &c->out->left_out[c->out->n_left_out++];
        *l = (cp_left_out){
            .visit = u, .next_t = -1, .car = {.car = -1}, .rule = {.t = -1, .pin = -1}};
        for (int32_t v = 0; v < plan->n_visits && l->next_t < 0; v++)
            if (plan->visits[v].point == u->point && plan->visits[v].t >= u->t)
                l->next_t = plan->visits[v].t;
    }
}

static bool loads(const study *c, const cp_plan_visit *v, int32_t denomination)
{
    const cp_plan *plan = c->ask->plan;
    for (int32_t k = v->first_load; k < v->first_load + v->n_loads; k++)
        if (plan->loads[k].load_notes > 0 &&
            c->ask->net->channels[plan->loads[k].channel].denomination == denomination)
            return true;
    return false;
}

static void find_late(study *c)
{
    const cp_plan *plan = c->ask->plan;
    for (int32_t i = 0; i < plan->n_orders; i++) {
        const cp_plan_order *o = &plan->orders[i];
        if (o->t >= 0 || !is_asked(c->ask, o->vault, c->ask->t < 0 ? -1 : 0)) continue;
        cp_late_order *l = &c->out->late[c->out->n_late++];
        *l = (cp_late_order){o, 0};
        for (int32_t v = 0; v < plan->n_visits; v++)
            l->n_points += plan->visits[v].t < o->due_t &&
                           vault_of(c->ask, plan->visits[v].point) == o->vault &&
                           loads(c, &plan->visits[v], o->denomination);
    }
}

/* ---- all of it ---------------------------------------------------------------------------------
 */

static cp_status make_room(study *c)
{
    const cp_plan *plan = c->ask->plan;
    CP_NEW(c->ctx, c->ctx->run, c->out->limit, plan->n_limits + 1);
    CP_NEW(c->ctx, c->ctx->run, c->out->miss, plan->n_limits + 1);
    CP_NEW(c->ctx, c->ctx->run, c->out->left_out, plan->n_unserved + 1);
    CP_NEW(c->ctx, c->ctx->run, c->out->late, plan->n_orders + 1);
    return CP_OK;
}

cp_status cp_conflict_run(cp_ctx *ctx, const cp_conflict_ask *ask, cp_conflicts *out)
{
    study c;
    bool any = false;
    memset(&c, 0, sizeof c);
    memset(out, 0, sizeof *out);
    c.ctx = ctx;
    c.ask = ask;
    c.out = out;
    c.prices = ask->plan->prices;
    CP_TRY(make_room(&c));
    find_left_out(&c);
    find_late(&c);
    any = out->n_left_out > 0;
    for (int32_t i = 0; i < ask->plan->n_limits; i++)
        any = any || limit_is_asked(ask, &ask->plan->limits[i]);
    if (!any) return CP_OK;
    CP_TRY(cp_plan_demand_make(ctx, ask->net, ask->balance_day, ask->history, false, &c.demand));
    CP_TRY(cp_stop_prices_of_routes(ctx, c.demand.net, ask->plan, &c.prices));
    CP_NEW(ctx, ctx->run, c.arcs, c.demand.net->n_points + 1);
    for (int32_t v = 0; v < ask->net->n_vaults; v++)
        CP_TRY(study_vault(&c, v));
    return CP_OK;
}

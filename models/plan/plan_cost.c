/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/plan_cost.h"

#include <string.h>

#include "models/plan/plan_sim.h"
#include "models/plan/vault_books.h"

#define PPM INT64_C(1000000)

/* Charged part of an interval or visit. */
typedef struct share {
    int64_t num, den;
} share;

typedef struct pricer {
    cp_ctx *ctx;
    const cp_network *net;
    const cp_plan *plan;
    cp_cost *cost;
    cp_minor drive_minor; /* estimated driving part of the stops */
    int32_t vault, site;  /* scope of the point being priced */
} pricer;

static cp_status too_large(pricer *pr, cp_cost_item item)
{
    CP_FAIL(pr->ctx, CP_E_RANGE, "cost item %s leaves the range of amounts; check the tariffs",
            cp_cost_item_name(item));
}

/* md(sum, rate * num, per * den) of plan_cost.h; false when it leaves the range. */
static bool product(__int128 sum, int64_t rate, share sh, int64_t per, cp_minor *out)
{
    int64_t num = 0;
    int64_t den = 0;
    if (sum > INT64_MAX || sum < INT64_MIN) return false;
    if (__builtin_mul_overflow(rate, sh.num, &num) || __builtin_mul_overflow(per, sh.den, &den))
        return false;
    __int128 whole = 0;
    if (__builtin_mul_overflow((__int128)sum, (__int128)num, &whole)) return false;
    if (whole / den > INT64_MAX / 2 || whole / den < INT64_MIN / 2) return false;
    if (whole > ((__int128)1 << 125)) return false; /* cp_mul_div doubles it */
    *out = cp_mul_div((int64_t)sum, num, den);
    return true;
}

static cp_status charge(pricer *pr, cp_cost_item item, __int128 sum, int64_t rate, share sh,
                        int64_t per)
{
    cp_minor part = 0;
    if (!product(sum, rate, sh, per, &part) ||
        !cp_minor_add(pr->cost->item[item], part, &pr->cost->item[item]))
        return too_large(pr, item);
    return CP_OK;
}

static int64_t rate_of(const pricer *pr, cp_tariff_item item, int32_t t)
{
    return cp_tariff_get(pr->net, item, pr->net->first_day + (t > 0 ? t : 0), pr->vault, -1,
                         pr->site, -1);
}

/* ---- intervals and visits of one point ---------------------------------------------------- */

/* What was held, refused and failed since the sums were cleared. */
static cp_status charge_interval(pricer *pr, const cp_plan_sim *sim, int32_t t, share sh)
{
    const int64_t w = sim->n_paths;
    CP_TRY(charge(pr, CP_COST_HOLD, sim->hold_minor, rate_of(pr, CP_TARIFF_HOLD_PPM_YEAR, t), sh,
                  365 * PPM * w));
    CP_TRY(charge(pr, CP_COST_CASH_OUT, sim->lost_minor, rate_of(pr, CP_TARIFF_CASH_OUT_PPM, t), sh,
                  PPM * w));
    return charge(pr, CP_COST_EMERGENCY, cp_plan_sim_failed(sim),
                  rate_of(pr, CP_TARIFF_EMERGENCY_MINOR, t), sh, w);
}

/* Sorting and value-dependent stop cost of what comes back at the end of the interval from t. */
static cp_status charge_back(pricer *pr, int64_t n_paths, int32_t t, share sh, int64_t notes,
                             __int128 value_minor)
{
    CP_TRY(charge(pr, CP_COST_SORT, notes, rate_of(pr, CP_TARIFF_SORT_1000_MINOR, t), sh,
                  1000 * n_paths));
    const int64_t least = rate_of(pr, CP_TARIFF_STOP_VALUE_MIN_MINOR, t);
    const int64_t ppm = rate_of(pr, CP_TARIFF_STOP_VALUE_PPM, t);
    cp_minor by_min = 0;
    cp_minor by_value = 0;
    if (!product(least, 1, sh, 1, &by_min) ||
        !product(value_minor, ppm, sh, PPM * n_paths, &by_value))
        return too_large(pr, CP_COST_STOP_VALUE);
    const share whole = {1, 1};
    return charge(pr, CP_COST_STOP_VALUE, by_value > by_min ? by_value : by_min, 1, whole, 1);
}

static __int128 value_out(const pricer *pr, const cp_plan_visit *visit)
{
    __int128 value = 0;
    const bool fill_up = visit->kind == CP_VISIT_ADD && !visit->fixed_amount;
    if (visit->kind == CP_VISIT_PICKUP) return 0;
    for (int32_t k = 0; k < visit->n_loads; k++) {
        const cp_plan_load *load = &pr->plan->loads[visit->first_load + k];
        const cp_channel *c = &pr->net->channels[load->channel];
        const int64_t notes = fill_up ? load->level_notes : load->load_notes;
        if (notes > 0 && c->role != CP_ROLE_DEPOSIT) value += (__int128)notes * c->value_minor;
    }
    return value;
}

/* The branch's own staff comes: its fill and the value it handles. */
static cp_status charge_fill(pricer *pr, const cp_plan_visit *visit, share sh)
{
    CP_TRY(charge(pr, CP_COST_BRANCH_FILL, 1, rate_of(pr, CP_TARIFF_BRANCH_FILL_MINOR, visit->t),
                  sh, 1));
    return charge(pr, CP_COST_BRANCH_FILL, value_out(pr, visit),
                  rate_of(pr, CP_TARIFF_BRANCH_VALUE_PPM, visit->t), sh, PPM);
}

static cp_status charge_visit(pricer *pr, const cp_plan_visit *visit, share sh)
{
    int64_t cassettes = 0;
    if (visit->by_branch) return charge_fill(pr, visit, sh);
    for (int32_t k = 0; k < visit->n_loads; k++) {
        const cp_plan_load *load = &pr->plan->loads[visit->first_load + k];
        if (cp_load_swaps(visit, load)) cassettes += pr->net->channels[load->channel].n_cassettes;
    }
    CP_TRY(charge(pr, CP_COST_STOP_MACHINE, 1, rate_of(pr, CP_TARIFF_STOP_MACHINE_MINOR, visit->t),
                  sh, 1));
    CP_TRY(charge(pr, CP_COST_STOP_VALUE, value_out(pr, visit),
                  rate_of(pr, CP_TARIFF_STOP_VALUE_PPM, visit->t), sh, PPM));
    return charge(pr, CP_COST_PACK, cassettes, rate_of(pr, CP_TARIFF_PACK_CASSETTE_MINOR, visit->t),
                  sh, 1);
}

static share last_share(const cp_plan *plan, const cp_plan_visit *visit)
{
    const share sh = {plan->n_days - visit->t, visit->until - visit->t};
    return sh;
}

/* From the last visit until the day it is laid for. */
static cp_status price_last(pricer *pr, cp_plan_sim *sim, const cp_plan_visit *visit)
{
    const int32_t need = visit->until + (sim->before_ppm > 0 ? 1 : 0);
    if (need > sim->n_days)
        CP_FAIL(pr->ctx, CP_E_INPUT,
                "point %s: its last visit is laid until day %d, the forecast has %d days",
                pr->net->points[visit->point].code, (int)visit->until, (int)sim->n_days);
    const share sh = last_share(pr->plan, visit);
    int64_t notes = 0;
    __int128 value_minor = 0;
    cp_plan_sim_clear(sim);
    cp_plan_sim_interval(sim, visit->t, visit->until);
    CP_TRY(charge_interval(pr, sim, visit->t, sh));
    if (visit->by_branch) return CP_OK; /* nothing comes back */
    cp_plan_sim_charged_now(sim, visit, pr->plan->loads + visit->first_load, &notes, &value_minor);
    return charge_back(pr, sim->n_paths, visit->t, sh, notes, value_minor);
}

/* No visit at all: every day whole, nothing comes back. */
static cp_status price_unvisited(pricer *pr, cp_plan_sim *sim)
{
    const share whole = {1, 1};
    for (int32_t d = 0; d < pr->plan->n_days; d++) {
        cp_plan_sim_part(sim, d, CP_PART_WHOLE);
        cp_plan_sim_evening(sim);
    }
    return charge_interval(pr, sim, -1, whole);
}

static cp_status price_point(pricer *pr, cp_plan_sim *sim, const int32_t *visits, int32_t n)
{
    const cp_plan *plan = pr->plan;
    const share whole = {1, 1};
    int32_t t = -1;
    if (n == 0) return price_unvisited(pr, sim);
    for (int32_t i = 0; i < n; i++) {
        const cp_plan_visit *visit = &plan->visits[visits[i]];
        int64_t notes = 0;
        __int128 value_minor = 0;
        cp_plan_sim_clear(sim);
        cp_plan_sim_interval(sim, t, visit->t);
        CP_TRY(charge_interval(pr, sim, t, whole));
        cp_plan_sim_visit(sim, visit, plan->loads + visit->first_load);
        cp_plan_sim_charged(sim, visit, &notes, &value_minor);
        if (!visit->by_branch) CP_TRY(charge_back(pr, sim->n_paths, t, whole, notes, value_minor));
        CP_TRY(charge_visit(pr, visit, i + 1 < n ? whole : last_share(plan, visit)));
        t = visit->t;
    }
    return price_last(pr, sim, &plan->visits[visits[n - 1]]);
}

/* ---- stops of sites ----------------------------------------------------------------------- */

/* One stop; what its price has above the tariff is an estimate of driving. */
static cp_status charge_stop(pricer *pr, int32_t t, share sh)
{
    const cp_stop_prices *prices = &pr->plan->prices;
    cp_minor part = 0;
    cp_minor both = 0;
    cp_minor estimate = 0;
    const int64_t tariff = rate_of(pr, CP_TARIFF_STOP_SITE_MINOR, t);
    if (prices->price_minor != NULL)
        estimate = prices->price_minor[(size_t)pr->site * (size_t)prices->n_days + (size_t)t];
    if (!cp_minor_add(tariff, estimate, &estimate) || !product(tariff, 1, sh, 1, &part) ||
        !product(estimate, 1, sh, 1, &both) ||
        !cp_minor_add(pr->drive_minor, both - part, &pr->drive_minor))
        return too_large(pr, CP_COST_STOP_SITE);
    const share whole = {1, 1};
    return charge(pr, CP_COST_STOP_SITE, part, 1, whole, 1);
}

static cp_status check_prices(pricer *pr)
{
    const cp_stop_prices *prices = &pr->plan->prices;
    if (prices->price_minor != NULL &&
        (prices->n_sites != pr->net->n_sites || prices->n_days < pr->plan->n_days))
        CP_FAIL(pr->ctx, CP_E_INPUT,
                "stop prices are for %d sites and %d days; the plan has %d "
                "and %d",
                (int)prices->n_sites, (int)prices->n_days, (int)pr->net->n_sites,
                (int)pr->plan->n_days);
    return CP_OK;
}

/* The greatest share among the visits of each site and day, then one stop for each. */
static cp_status price_stops(pricer *pr, const cp_visit_index *index)
{
    const cp_network *net = pr->net;
    const cp_plan *plan = pr->plan;
    share *most = NULL;
    CP_TRY(check_prices(pr));
    CP_NEW(pr->ctx, pr->ctx->scratch, most, plan->n_days);
    for (int32_t s = 0; s < net->n_sites; s++) {
        const cp_site *site = &net->sites[s];
        const int32_t from = index->first[site->first_point];
        const int32_t to = index->first[site->first_point + site->n_points];
        if (from == to) continue;
        memset(most, 0, (size_t)plan->n_days * sizeof *most);
        for (int32_t i = from; i < to; i++) {
            const cp_plan_visit *visit = &plan->visits[index->visit[i]];
            const bool last = i + 1 == index->first[visit->point + 1];
            if (visit->by_branch) continue; /* no car comes */
            const share whole = {1, 1};
            const share sh = last ? last_share(plan, visit) : whole;
            share *m = &most[visit->t];
            if (m->den == 0 || sh.num * m->den > m->num * sh.den) *m = sh;
        }
        pr->site = s;
        pr->vault = site->vault;
        for (int32_t t = 0; t < plan->n_days; t++)
            if (most[t].den > 0) CP_TRY(charge_stop(pr, t, most[t]));
    }
    return CP_OK;
}

/* ---- shared limits, routes, orders -------------------------------------------------------- */

static cp_status price_limits(pricer *pr)
{
    const share whole = {1, 1};
    pr->site = -1;
    for (int32_t i = 0; i < pr->plan->n_limits; i++) {
        const cp_plan_limit *limit = &pr->plan->limits[i];
        pr->vault = limit->vault;
        if (limit->kind == CP_LIMIT_PACK)
            CP_TRY(charge(pr, CP_COST_OVERTIME_PACK_SORT, limit->extra,
                          rate_of(pr, CP_TARIFF_PACK_OVERTIME_MINOR, limit->t), whole, 1));
        if (limit->kind == CP_LIMIT_SORT)
            CP_TRY(charge(pr, CP_COST_OVERTIME_PACK_SORT, limit->extra,
                          rate_of(pr, CP_TARIFF_SORT_OVERTIME_1000_MINOR, limit->t), whole, 1000));
        CP_TRY(charge(pr, CP_COST_OUTSOURCED_SORT, limit->outsourced,
                      rate_of(pr, CP_TARIFF_SORT_OUTSOURCE_1000_MINOR, limit->t), whole, 1000));
        CP_TRY(charge(pr, CP_COST_RELIEF, limit->relief, limit->relief_price_minor, whole, 1));
    }
    return CP_OK;
}

static cp_status charge_route(pricer *pr, const cp_plan_route *route)
{
    const cp_network *net = pr->net;
    const cp_car *car = &net->cars[route->car];
    const cp_day day = net->first_day + route->t;
    const share whole = {1, 1};
    const int64_t duty_s = route->drive_s + 60 * ((int64_t)route->wait_min + route->service_min);
    const int64_t km =
        cp_tariff_get(net, CP_TARIFF_KM_MINOR, day, car->vault, car->carrier, -1, -1);
    const int64_t hour =
        cp_tariff_get(net, CP_TARIFF_HOUR_MINOR, day, car->vault, car->carrier, -1, -1);
    const int64_t over =
        cp_tariff_get(net, CP_TARIFF_OVERTIME_HOUR_MINOR, day, car->vault, car->carrier, -1, -1);
    CP_TRY(charge(pr, CP_COST_KM, route->dist_m, km, whole, 1000));
    CP_TRY(charge(pr, CP_COST_HOUR, duty_s, hour, whole, 3600));
    return charge(pr, CP_COST_OVERTIME_HOUR, route->overtime_min, over, whole, 60);
}

/* Days of a car that are paid without a route: every working day of a car of a constant fleet. */
static void mark_constant_fleet(const pricer *pr, uint8_t *paid)
{
    const cp_network *net = pr->net;
    for (int32_t c = 0; c < net->n_cars; c++) {
        const cp_vault *vault = &net->vaults[net->cars[c].vault];
        if (!net->cars[c].paid_daily || vault->status != CP_VAULT_EXISTING) continue;
        for (int32_t t = 0; t < pr->plan->n_days; t++) {
            bool working = false;
            (void)cp_calendar_lookup(net, vault->calendar, net->first_day + t, &working);
            if (working) paid[(size_t)c * (size_t)pr->plan->n_days + (size_t)t] = 1;
        }
    }
}

static cp_status price_routes(pricer *pr)
{
    const cp_network *net = pr->net;
    const cp_plan *plan = pr->plan;
    const share whole = {1, 1};
    uint8_t *paid = NULL;
    CP_NEW(pr->ctx, pr->ctx->scratch, paid, (size_t)net->n_cars * (size_t)plan->n_days);
    mark_constant_fleet(pr, paid);
    for (int32_t i = 0; i < plan->n_routes; i++) {
        const cp_plan_route *route = &plan->routes[i];
        if (route->car < 0 || route->car >= net->n_cars || route->t < 0 || route->t >= plan->n_days)
            CP_FAIL(pr->ctx, CP_E_INPUT, "route %d names car %d on day %d: no such car or day",
                    (int)i, (int)route->car, (int)route->t);
        paid[(size_t)route->car * (size_t)plan->n_days + (size_t)route->t] = 1;
        CP_TRY(charge_route(pr, route));
    }
    for (int32_t c = 0; c < net->n_cars; c++)
        for (int32_t t = 0; t < plan->n_days; t++) {
            if (!paid[(size_t)c * (size_t)plan->n_days + (size_t)t]) continue;
            const int64_t rate = cp_tariff_get(net, CP_TARIFF_CAR_DAY_MINOR, net->first_day + t,
                                               net->cars[c].vault, net->cars[c].carrier, -1, -1);
            CP_TRY(charge(pr, CP_COST_CAR_DAY, 1, rate, whole, 1));
        }
    return CP_OK;
}

/* Orders, cross-shipping and idle cash of the vaults. */
static cp_status price_vaults(pricer *pr)
{
    for (int32_t v = 0; v < pr->net->n_vaults; v++) {
        const cp_arena_mark mark = cp_arena_here(pr->ctx->scratch);
        cp_vault_books books;
        CP_TRY(cp_vault_books_make(pr->ctx, pr->net, pr->plan, v, &books));
        CP_TRY(cp_vault_cost(pr->ctx, &books, pr->plan, pr->cost));
        cp_arena_rewind(pr->ctx->scratch, mark);
    }
    return CP_OK;
}

/* ---- the whole plan ----------------------------------------------------------------------- */

static cp_status sum_items(pricer *pr)
{
    cp_cost *cost = pr->cost;
    cp_minor refill = pr->drive_minor;
    for (int32_t i = 0; i < CP_N_COST_ITEMS; i++) {
        if (i < CP_N_REFILL_ITEMS && !cp_minor_add(refill, cost->item[i], &refill))
            return too_large(pr, (cp_cost_item)i);
        if (!cp_minor_add(cost->total_minor, cost->item[i], &cost->total_minor))
            return too_large(pr, (cp_cost_item)i);
    }
    cost->refill_minor = refill;
    return CP_OK;
}

static cp_status price_plan(pricer *pr, const cp_forecast *forecast, const cp_shares *shares,
                            uint64_t seed)
{
    cp_ctx *ctx = pr->ctx;
    cp_visit_index index = {NULL, NULL};
    CP_TRY(cp_visit_index_make(ctx, pr->net, pr->plan, &index));
    for (int32_t p = 0; p < pr->net->n_points; p++) {
        if (!cp_point_is_planned(pr->net, p)) continue;
        const cp_arena_mark mark = cp_arena_here(ctx->scratch);
        cp_plan_sim sim;
        CP_TRY(cp_plan_sim_new(ctx, pr->net, forecast, shares, p, pr->net->settings.n_paths, seed,
                               &sim));
        pr->site = pr->net->points[p].site;
        pr->vault = pr->net->sites[pr->site].vault;
        CP_TRY(price_point(pr, &sim, index.visit + index.first[p],
                           index.first[p + 1] - index.first[p]));
        cp_arena_rewind(ctx->scratch, mark);
    }
    CP_TRY(price_stops(pr, &index));
    CP_TRY(price_limits(pr));
    CP_TRY(price_routes(pr));
    CP_TRY(price_vaults(pr));
    return sum_items(pr);
}

cp_status cp_plan_cost(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                       const cp_shares *shares, uint64_t seed, const cp_plan *plan, cp_cost *out,
                       cp_minor *estimated_drive_minor)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_cost cost;
    memset(&cost, 0, sizeof cost);
    pricer pr = {.ctx = ctx, .net = net, .plan = plan, .cost = &cost};
    CP_TRY(price_plan(&pr, forecast, shares, seed));
    cp_arena_rewind(ctx->scratch, mark);
    *out = cost;
    if (estimated_drive_minor != NULL) *estimated_drive_minor = pr.drive_minor;
    return CP_OK;
}

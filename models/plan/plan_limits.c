/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_limits.c - what a plan uses of the limits that the points of a vault share. */
#include <string.h>

#include "models/plan/plan_fill.h"
#include "models/plan/plan_sim.h"
#include "models/plan/vault_books.h"

cp_minor cp_relief_price(const cp_network *net, cp_limit_kind kind, int32_t vault, int32_t site,
                         cp_day day)
{
    const int64_t ppm = cp_tariff_get(net, CP_TARIFF_RELIEF_PPM, day, vault, -1, site, -1);
    const cp_minor trip = cp_tariff_get(net, CP_TARIFF_EMERGENCY_MINOR, day, vault, -1, site, -1);
    const cp_minor stop =
        cp_tariff_get(net, CP_TARIFF_STOP_SITE_MINOR, day, vault, -1, site, -1) +
        cp_tariff_get(net, CP_TARIFF_STOP_MACHINE_MINOR, day, vault, -1, site, -1);
    const cp_minor base = trip > stop ? trip : 2 * stop + 1;
    cp_minor unit = 1;
    switch (kind) {
    case CP_LIMIT_STOPS:
        unit = 2 * base;
        break;
    case CP_LIMIT_CREW_MIN: /* a stop takes some ten minutes */
        unit = base / 10;
        break;
    case CP_LIMIT_PACK:
    case CP_LIMIT_POOL: /* a set is a few cassettes */
        unit = base / 2;
        break;
    case CP_LIMIT_SORT: /* a residual is some thousand notes */
        unit = base / 2000;
        break;
    case CP_LIMIT_VAULT_STOCK: /* an emergency delivery brings a bundle of a thousand notes */
        unit = base / 500;
        break;
    case CP_LIMIT_SERVICE_LEVEL:
        /* More than the emergency trip it may cause; three times a stop is the usual price of one.
         */
        unit = 3 * (trip > 0 ? trip : stop) + 1;
        break;
    default:
        break;
    }
    if (ppm > 0) unit = cp_mul_div(unit, ppm, 1000000);
    return unit > 1 ? unit : 1;
}

cp_sort_tiers cp_sort_tiers_of(const cp_network *net, int32_t vault, int32_t t)
{
    const cp_vault *v = &net->vaults[vault];
    const cp_day day = net->first_day + t;
    const cp_sort_tiers own_first = {
        {v->sort_overtime_notes, v->sort_outsource_notes},
        {cp_tariff_get(net, CP_TARIFF_SORT_OVERTIME_1000_MINOR, day, vault, -1, -1, -1),
         cp_tariff_get(net, CP_TARIFF_SORT_OUTSOURCE_1000_MINOR, day, vault, -1, -1, -1)},
        false};
    const cp_sort_tiers others_first = {{own_first.cap[1], own_first.cap[0]},
                                        {own_first.minor_1000[1], own_first.minor_1000[0]},
                                        true};
    return own_first.cap[1] > 0 &&
                   (own_first.cap[0] == 0 || own_first.minor_1000[1] < own_first.minor_1000[0])
               ? others_first
               : own_first;
}

void cp_sort_tiers_split(const cp_sort_tiers *tiers, int64_t over, int64_t *overtime,
                         int64_t *outsourced)
{
    const int64_t all = over > 0 ? over : 0;
    const int64_t first = all < tiers->cap[0] ? all : tiers->cap[0];
    const int64_t second = all - first < tiers->cap[1] ? all - first : tiers->cap[1];
    *overtime = tiers->outsourced_first ? second : first;
    *outsourced = tiers->outsourced_first ? first : second;
}

typedef struct tally {
    cp_ctx *ctx;
    const cp_network *net;
    cp_plan *plan;
    int64_t *use[CP_LIMIT_POOL + 1]; /* [vault * n_days + t]; pool: [(vault * n_models + m) * n_days
                                        + t] cassettes that left on day t */
    int32_t *missed; /* of the points' intervals that miss their level: the visit that
                        opens it, or -1 - point for the opening */
    int32_t n_missed;
} tally;

static size_t cell(const tally *a, int32_t vault, int32_t t)
{
    return (size_t)vault * (size_t)a->plan->n_days + (size_t)t;
}

static size_t pool_cell(const tally *a, int32_t vault, int32_t model, int32_t t)
{
    const size_t row = (size_t)vault * (size_t)a->net->n_models + (size_t)model;
    return row * (size_t)a->plan->n_days + (size_t)t;
}

/* ---- uses --------------------------------------------------------------------------------- */

static void use_cassettes(tally *a, const cp_plan_visit *visit, int32_t vault)
{
    const cp_point *p = &a->net->points[visit->point];
    if (!cp_visit_swaps(visit)) return;
    for (int32_t c = p->first_cassette; c < p->first_cassette + p->n_cassettes; c++) {
        const cp_cassette *cassette = &a->net->cassettes[c];
        if (p->kind == CP_POINT_BRANCH || !cp_visit_takes_cassette(a->net, a->plan, visit, c))
            continue;
        a->use[CP_LIMIT_PACK][cell(a, vault, visit->t)]++;
        if (cassette->cassette_model < 0) continue;
        a->use[CP_LIMIT_POOL][pool_cell(a, vault, cassette->cassette_model, visit->t)]++;
    }
}

static void use_value(tally *a, const cp_plan_visit *visit, int32_t vault)
{
    const bool fill_up = visit->kind == CP_VISIT_ADD && !visit->fixed_amount;
    if (visit->kind == CP_VISIT_PICKUP) return;
    for (int32_t k = 0; k < visit->n_loads; k++) {
        const cp_plan_load *load = &a->plan->loads[visit->first_load + k];
        const cp_channel *c = &a->net->channels[load->channel];
        const int64_t notes = fill_up ? load->level_notes : load->load_notes;
        if (notes > 0 && c->role != CP_ROLE_DEPOSIT)
            a->use[CP_LIMIT_VALUE_OUT][cell(a, vault, visit->t)] += notes * c->value_minor;
    }
}

/* Stops, minutes, value and cassettes; visits of one site stand together on a day, because points
 * are sorted by site. Driving minutes are the planned ones. Nobody drives to a fill by the branch.
 */
static void use_visits(tally *a)
{
    const cp_stop_prices *prices = &a->plan->prices;
    const cp_plan_visit *before = NULL; /* the visit by a crew before this one */
    for (int32_t i = 0; i < a->plan->n_visits; i++) {
        const cp_plan_visit *visit = &a->plan->visits[i];
        const int32_t site = a->net->points[visit->point].site;
        const int32_t vault = a->net->sites[site].vault;
        if (vault < 0) continue;
        const size_t at = cell(a, vault, visit->t);
        use_value(a, visit, vault);
        if (visit->by_branch) continue;
        const bool same_stop =
            before != NULL && before->t == visit->t && a->net->points[before->point].site == site;
        if (!same_stop) {
            a->use[CP_LIMIT_STOPS][at]++;
            a->use[CP_LIMIT_CREW_MIN][at] += a->net->sites[site].service_min;
            if (prices->drive_min != NULL)
                a->use[CP_LIMIT_CREW_MIN][at] +=
                    prices->drive_min[(size_t)site * (size_t)prices->n_days + (size_t)visit->t];
        }
        a->use[CP_LIMIT_CREW_MIN][at] += cp_visit_service_min(a->net, visit);
        before = visit;
        use_cassettes(a, visit, vault);
    }
    const size_t cells = (size_t)a->net->n_vaults * (size_t)a->plan->n_days;
    for (size_t i = 0; prices->crew_fixed_min && i < cells; i++)
        if (a->use[CP_LIMIT_STOPS][i] > 0)
            a->use[CP_LIMIT_CREW_MIN][i] += prices->crew_fixed_min[i];
}

/* Where routes are known their minutes take the place of the planned ones. */
static cp_status use_routes(tally *a)
{
    const cp_plan *plan = a->plan;
    const size_t n = (size_t)a->net->n_vaults * (size_t)plan->n_days;
    int64_t *minutes = NULL;
    CP_NEW(a->ctx, a->ctx->scratch, minutes, n);
    for (int32_t i = 0; i < plan->n_routes; i++) {
        const cp_plan_route *r = &plan->routes[i];
        minutes[cell(a, r->vault, r->t)] += cp_route_crew_min(r);
    }
    for (size_t i = 0; i < n; i++)
        if (minutes[i] > 0) a->use[CP_LIMIT_CREW_MIN][i] = minutes[i];
    return CP_OK;
}

int32_t cp_paths_may_fail(int64_t level_ppm, int32_t n_paths)
{
    const int64_t most = (1000000 - level_ppm) * ((int64_t)n_paths + 1) / 1000000 - 1;
    return most > 0 ? (int32_t)most : 0;
}

static bool misses(const tally *a, int32_t point, const cp_plan_sim *sim)
{
    const int32_t own = a->net->points[point].service_level_ppm;
    const int64_t level = own >= 0 ? own : a->net->settings.service_level_ppm;
    return level > 0 && cp_plan_sim_missed(sim) > cp_paths_may_fail(level, sim->n_paths);
}

/* Notes to sort of the point's visits, and its intervals that miss their level. */
static cp_status use_point(tally *a, int32_t point, cp_plan_sim *sim, const int32_t *visits,
                           int32_t n)
{
    const int32_t vault = a->net->sites[a->net->points[point].site].vault;
    int32_t t = -1;
    int32_t opened_by = -1 - point;
    for (int32_t i = 0; i <= n; i++) {
        const cp_plan_visit *visit = i < n ? &a->plan->visits[visits[i]] : NULL;
        cp_plan_sim_clear(sim);
        if (visit != NULL) {
            cp_plan_sim_interval(sim, t, visit->t);
        } else if (n == 0) {
            for (int32_t d = 0; d < a->plan->n_days; d++)
                cp_plan_sim_part(sim, d, CP_PART_WHOLE);
        } else {
            const int32_t until = a->plan->visits[visits[n - 1]].until;
            if (until + (sim->before_ppm > 0 ? 1 : 0) > sim->n_days)
                CP_FAIL(a->ctx, CP_E_INPUT,
                        "point %s: its last visit is laid until day %d, the "
                        "forecast has %d days",
                        a->net->points[point].code, (int)until, (int)sim->n_days);
            cp_plan_sim_interval(sim, t, until);
        }
        if (misses(a, point, sim)) a->missed[a->n_missed++] = opened_by;
        if (visit == NULL) break;
        int64_t notes = 0;
        __int128 value = 0;
        cp_plan_sim_visit(sim, visit, a->plan->loads + visit->first_load);
        cp_plan_sim_charged(sim, visit, &notes, &value);
        a->use[CP_LIMIT_SORT][cell(a, vault, visit->t)] +=
            (notes + sim->n_paths - 1) / sim->n_paths;
        opened_by = visits[i];
        t = visit->t;
    }
    return CP_OK;
}

/* ---- rows --------------------------------------------------------------------------------- */

/* Crew minutes a day: as stated, else what the cars' shifts have. */
static int64_t crew_minutes(const cp_network *net, int32_t vault)
{
    int64_t minutes = net->vaults[vault].crew_min_per_day;
    for (int32_t c = 0; c < net->n_cars && net->vaults[vault].crew_min_per_day <= 0; c++)
        if (net->cars[c].vault == vault)
            minutes += net->cars[c].shift_end_min - net->cars[c].shift_start_min;
    return minutes;
}

static void put_row(tally *a, const cp_plan_limit *like, int64_t cap, int64_t extra_cap,
                    int64_t use)
{
    int64_t over = use - cap;
    if (cap <= 0 && like->kind != CP_LIMIT_POOL) return;
    cp_plan_limit *row = &a->plan->limits[a->plan->n_limits++];
    *row = *like;
    row->cap = cap + extra_cap;
    row->use = use;
    if (row->kind == CP_LIMIT_SORT) {
        const cp_sort_tiers tiers = cp_sort_tiers_of(a->net, row->vault, row->t);
        row->cap = cap + tiers.cap[0] + tiers.cap[1];
        cp_sort_tiers_split(&tiers, over, &row->extra, &row->outsourced);
        over -= row->extra + row->outsourced;
        extra_cap = 0;
    } else {
        row->extra = over <= 0 ? 0 : over < extra_cap ? over : extra_cap;
    }
    row->relief = over > extra_cap ? over - extra_cap : 0;
    row->relief_price_minor =
        cp_relief_price(a->net, row->kind, row->vault, -1, a->net->first_day + row->t);
}

static void put_vault_day(tally *a, int32_t vault, int32_t t)
{
    const cp_vault *v = &a->net->vaults[vault];
    const int64_t cap[CP_LIMIT_POOL] = {
        [CP_LIMIT_STOPS] = v->stops_per_day,
        [CP_LIMIT_CREW_MIN] = crew_minutes(a->net, vault),
        [CP_LIMIT_VALUE_OUT] = v->out_minor_per_day,
        [CP_LIMIT_PACK] = v->pack_cassettes_per_day,
        [CP_LIMIT_SORT] = v->sort_notes_per_day,
    };
    for (int32_t k = 0; k < CP_LIMIT_POOL; k++) {
        const cp_plan_limit like = {.kind = (cp_limit_kind)k, .vault = vault, .t = t, .item = -1};
        const int64_t extra = k == CP_LIMIT_PACK ? v->pack_overtime_cassettes : 0;
        put_row(a, &like, cap[k], extra, a->use[k][cell(a, vault, t)]);
    }
}

/* A set that comes back is usable again after the sorting lead time: the cassettes out on the last
 * days are what the pool lacks. */
static void put_pool(tally *a, const cp_cassette_pool *pool)
{
    const int32_t lead = a->net->vaults[pool->vault].sort_lead_days;
    for (int32_t t = 0; t < a->plan->n_days; t++) {
        const cp_plan_limit like = {
            .kind = CP_LIMIT_POOL, .vault = pool->vault, .t = t, .item = pool->cassette_model};
        int64_t use = 0;
        for (int32_t u = t; u >= 0 && u > t - (lead > 0 ? lead : 1); u--)
            use += a->use[CP_LIMIT_POOL][pool_cell(a, pool->vault, pool->cassette_model, u)];
        put_row(a, &like, pool->spare, 0, use);
    }
}

static void put_missed(tally *a, int32_t missed)
{
    const bool opening = missed < 0;
    const int32_t point = opening ? -1 - missed : a->plan->visits[missed].point;
    const int32_t site = a->net->points[point].site;
    cp_plan_limit *row = &a->plan->limits[a->plan->n_limits++];
    memset(row, 0, sizeof *row);
    row->kind = CP_LIMIT_SERVICE_LEVEL;
    row->vault = a->net->sites[site].vault;
    row->t = opening ? -1 : a->plan->visits[missed].t;
    row->item = point;
    row->use = 1;
    row->relief = 1;
    row->relief_price_minor =
        cp_relief_price(a->net, row->kind, row->vault, site, a->net->first_day);
    if (!opening) a->plan->visits[missed].relief = true;
}

static cp_status new_tally(tally *a)
{
    const cp_network *net = a->net;
    const size_t days = (size_t)a->plan->n_days;
    for (int32_t k = 0; k < CP_LIMIT_POOL; k++)
        CP_NEW(a->ctx, a->ctx->scratch, a->use[k], (size_t)net->n_vaults * days);
    CP_NEW(a->ctx, a->ctx->scratch, a->use[CP_LIMIT_POOL],
           (size_t)net->n_vaults * (size_t)net->n_models * days);
    CP_NEW(a->ctx, a->ctx->scratch, a->missed, net->n_points + a->plan->n_visits);
    return CP_OK;
}

static cp_status put_rows(tally *a)
{
    const cp_network *net = a->net;
    const size_t days = (size_t)a->plan->n_days;
    const size_t most = (size_t)net->n_vaults * days * CP_LIMIT_POOL +
                        (size_t)net->rows.n_cassette_pool * days + (size_t)a->n_missed +
                        (size_t)net->n_vaults * days * (size_t)net->n_denoms;
    CP_NEW(a->ctx, a->ctx->run, a->plan->limits, most);
    a->plan->n_limits = 0;
    for (int32_t v = 0; v < net->n_vaults; v++) {
        if (net->vaults[v].status != CP_VAULT_EXISTING) continue;
        for (int32_t t = 0; t < a->plan->n_days; t++)
            put_vault_day(a, v, t);
        for (int32_t i = 0; i < net->rows.n_cassette_pool; i++)
            if (net->rows.cassette_pool[i].vault == v) put_pool(a, &net->rows.cassette_pool[i]);
        CP_TRY(cp_vault_early_limits(a->ctx, net, a->plan, v, a->plan->limits, &a->plan->n_limits));
    }
    for (int32_t i = 0; i < a->n_missed; i++)
        put_missed(a, a->missed[i]);
    return CP_OK;
}

cp_status cp_plan_fill_limits(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                              const cp_shares *shares, uint64_t seed, cp_plan *plan)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_visit_index index = {NULL, NULL};
    tally a = {.ctx = ctx, .net = net, .plan = plan};
    CP_TRY(cp_visit_index_make(ctx, net, plan, &index));
    CP_TRY(new_tally(&a));
    use_visits(&a);
    CP_TRY(use_routes(&a));
    for (int32_t p = 0; p < net->n_points; p++) {
        if (!cp_point_is_planned(net, p)) continue;
        const cp_arena_mark here = cp_arena_here(ctx->scratch);
        cp_plan_sim sim;
        CP_TRY(cp_plan_sim_new(ctx, net, forecast, shares, p, net->settings.n_paths, seed, &sim));
        CP_TRY(use_point(&a, p, &sim, index.visit + index.first[p],
                         index.first[p + 1] - index.first[p]));
        cp_arena_rewind(ctx->scratch, here);
    }
    CP_TRY(put_rows(&a));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

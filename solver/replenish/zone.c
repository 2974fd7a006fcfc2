/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/zone.h"

#include <string.h>

#include "models/plan/plan_fill.h"
#include "models/plan/vault_books.h"
#include "solver/replenish/zone_stock.h"

#define LEAST_NOTES 1000 /* a vault that has none: loads are thousands of notes all the same */

static cp_status list_points(cp_ctx *ctx, const cp_arcs *arcs, cp_zone *z)
{
    const cp_network *net = z->net;
    int32_t n_sites = 0, n_points = 0;
    for (int32_t i = 0; i < net->n_sites; i++) {
        if (net->sites[i].vault != z->vault) continue;
        n_sites++;
        n_points += net->sites[i].n_points;
    }
    CP_NEW(ctx, ctx->run, z->site, n_sites);
    CP_NEW(ctx, ctx->run, z->first_point, n_sites + 1);
    CP_NEW(ctx, ctx->run, z->point, n_points);
    CP_NEW(ctx, ctx->run, z->site_of, n_points);
    CP_NEW(ctx, ctx->run, z->arcs, n_points);
    for (int32_t i = 0; i < net->n_sites; i++) {
        const cp_site *site = &net->sites[i];
        const int32_t before = z->n_points;
        if (site->vault != z->vault) continue;
        for (int32_t p = site->first_point; p < site->first_point + site->n_points; p++) {
            if (arcs[p].n_modes == 0) continue;
            z->point[z->n_points] = p;
            z->site_of[z->n_points] = z->n_sites;
            z->arcs[z->n_points++] = &arcs[p];
        }
        if (z->n_points == before) continue;
        z->site[z->n_sites] = i;
        z->first_point[z->n_sites++] = before;
    }
    z->first_point[z->n_sites] = z->n_points;
    return CP_OK;
}

static void add_to_set(const cp_cassette *box, cp_set_part *set, int32_t *n)
{
    int32_t k = 0;
    if (box->role == CP_ROLE_REJECT || box->cassette_model < 0) return;
    while (k < *n && set[k].model != box->cassette_model)
        k++;
    if (k == *n) set[(*n)++] = (cp_set_part){box->cassette_model, 0};
    set[k].n++;
}

/* Is the cassette of one of these channels of its point? */
static bool is_swapped(const cp_network *net, const cp_point *p, uint32_t channels,
                       const cp_cassette *box)
{
    for (int32_t k = 0; k < p->n_channels; k++) {
        const cp_channel *c = &net->channels[p->first_channel + k];
        if (c->role == box->role && c->denomination == box->denomination) return channels >> k & 1;
    }
    return false;
}

/* Sets of the partial swaps of one point. */
static cp_status count_first_sets(cp_ctx *ctx, cp_zone *z, int32_t i)
{
    const cp_network *net = z->net;
    const cp_arcs *a = z->arcs[i];
    const cp_point *p = &net->points[z->point[i]];
    const int32_t n = a->n_all_modes - a->n_modes;
    if (n <= 0) return CP_OK;
    CP_NEW(ctx, ctx->run, z->first_set[i], n);
    CP_NEW(ctx, ctx->run, z->n_first_set[i], n);
    for (int32_t m = 0; m < n; m++) {
        CP_NEW(ctx, ctx->run, z->first_set[i][m], p->n_cassettes);
        for (int32_t c = p->first_cassette; c < p->first_cassette + p->n_cassettes; c++)
            if (is_swapped(net, p, a->mode[a->n_modes + m].swapped, &net->cassettes[c]))
                add_to_set(&net->cassettes[c], z->first_set[i][m], &z->n_first_set[i][m]);
    }
    return CP_OK;
}

int32_t cp_zone_set(const cp_zone *z, int32_t zp, int32_t mode, const cp_set_part **parts)
{
    const cp_arcs *a = z->arcs[zp];
    *parts = z->set[zp];
    if (a->mode[mode].cassettes == 0) return 0;
    if (mode < a->n_modes) return z->n_set[zp];
    *parts = z->first_set[zp][mode - a->n_modes];
    return z->n_first_set[zp][mode - a->n_modes];
}

static cp_status count_sets(cp_ctx *ctx, cp_zone *z)
{
    const cp_network *net = z->net;
    CP_NEW(ctx, ctx->run, z->set, z->n_points);
    CP_NEW(ctx, ctx->run, z->n_set, z->n_points);
    CP_NEW(ctx, ctx->run, z->first_set, z->n_points);
    CP_NEW(ctx, ctx->run, z->n_first_set, z->n_points);
    for (int32_t i = 0; i < z->n_points; i++) {
        const cp_point *p = &net->points[z->point[i]];
        CP_NEW(ctx, ctx->run, z->set[i], p->n_cassettes);
        for (int32_t c = p->first_cassette; c < p->first_cassette + p->n_cassettes; c++) {
            const cp_cassette *cas = &net->cassettes[c];
            add_to_set(cas, z->set[i], &z->n_set[i]);
        }
        CP_TRY(count_first_sets(ctx, z, i));
    }
    return CP_OK;
}

static cp_status price_stops(cp_ctx *ctx, cp_zone *z)
{
    const size_t n = (size_t)z->n_sites * (size_t)z->n_days;
    CP_NEW(ctx, ctx->run, z->site_min, n);
    CP_NEW(ctx, ctx->run, z->site_stop, n);
    for (int32_t i = 0; i < z->n_sites; i++)
        for (int32_t t = 0; t < z->n_days; t++) {
            const int32_t site = z->site[i];
            const size_t at = (size_t)i * (size_t)z->n_days + (size_t)t;
            const size_t net_at = (size_t)site * (size_t)z->n_days + (size_t)t;
            z->site_min[at] = z->net->sites[site].service_min +
                              (z->prices->drive_min ? z->prices->drive_min[net_at] : 0);
            z->site_stop[at] = cp_tariff_get(z->net, CP_TARIFF_STOP_SITE_MINOR,
                                             z->net->first_day + t, z->vault, -1, site, -1) +
                               (z->prices->price_minor ? z->prices->price_minor[net_at] : 0);
        }
    return CP_OK;
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static void push_row(cp_zone *z, cp_limit_kind kind, int32_t t, int32_t item, int64_t cap)
{
    cp_zone_row *row = &z->row[z->n_rows++];
    memset(row, 0, sizeof *row);
    row->kind = kind;
    row->t = t;
    row->item = item;
    row->cap = cap;
    row->relief_minor = cp_relief_price(z->net, kind, z->vault, -1, z->net->first_day + t);
}

static int32_t row_if(cp_zone *z, cp_limit_kind kind, int32_t t, int64_t cap)
{
    if (cap <= 0) return -1;
    push_row(z, kind, t, -1, cap);
    return z->n_rows - 1;
}

static void set_extra(cp_zone *z, int32_t row, int64_t extra_cap, cp_tariff_item item)
{
    if (row < 0 || extra_cap <= 0) return;
    cp_zone_row *r = &z->row[row];
    r->extra_cap = extra_cap;
    r->extra_minor = cp_tariff_get(z->net, item, z->net->first_day + r->t, z->vault, -1, -1, -1);
}

/* Notes beyond the day's sorting: overtime and others, the cheaper first. */
static void set_sort_extra(cp_zone *z, int32_t row)
{
    if (row < 0) return;
    cp_zone_row *r = &z->row[row];
    const cp_sort_tiers tiers = cp_sort_tiers_of(z->net, z->vault, r->t);
    r->extra_cap = tiers.cap[0];
    r->extra_minor = tiers.minor_1000[0];
    r->second_cap = tiers.cap[1];
    r->second_minor = tiers.minor_1000[1];
    r->others_first = tiers.outsourced_first;
}

/* Where a vault states no crew minutes its cars' shifts limit them all the same. What the day's
 * routes take whatever their stops is not the stops' to share. */
static int64_t crew_minutes(const cp_zone *z, int32_t t)
{
    const size_t at = (size_t)z->vault * (size_t)z->n_days + (size_t)t;
    const int64_t fixed = z->prices->crew_fixed_min ? z->prices->crew_fixed_min[at] : 0;
    int64_t minutes = z->net->vaults[z->vault].crew_min_per_day;
    for (int32_t c = 0; c < z->net->n_cars && z->net->vaults[z->vault].crew_min_per_day <= 0; c++)
        if (z->net->cars[c].vault == z->vault)
            minutes += z->net->cars[c].shift_end_min - z->net->cars[c].shift_start_min;
    if (minutes <= 0) return 0;
    return minutes > fixed ? minutes - fixed : 1;
}

static int32_t common_divisor(int32_t a, int32_t b)
{
    while (b > 0) {
        const int32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The step of a pool: what divides the cassettes of its model in every set, also of a partial swap.
 */
static int32_t pool_step(const cp_zone *z, int32_t model)
{
    int32_t step = 0;
    for (int32_t p = 0; p < z->n_points; p++)
        for (int32_t m = 0; m < z->arcs[p]->n_all_modes; m++) {
            const cp_set_part *part = NULL;
            const int32_t n = cp_zone_set(z, p, m, &part);
            for (int32_t k = 0; k < n; k++)
                if (part[k].model == model) step = common_divisor(part[k].n, step);
        }
    return step;
}

static cp_status make_rows(cp_ctx *ctx, cp_zone *z)
{
    const cp_vault *v = &z->net->vaults[z->vault];
    const size_t days = (size_t)z->n_days;
    const size_t early = (size_t)cp_vault_early_days(z->net, z->vault);
    int32_t **index[] = {&z->stops_row, &z->crew_row, &z->value_row, &z->pack_row, &z->sort_row};
    for (size_t i = 0; i < sizeof index / sizeof *index; i++)
        CP_NEW(ctx, ctx->run, *index[i], days);
    CP_NEW(ctx, ctx->run, z->pool_row, days * (size_t)z->net->n_models + 1);
    CP_NEW(ctx, ctx->run, z->row,
           days * (5 + (size_t)z->net->n_models) + early * (size_t)z->net->n_denoms);
    z->lead_days = v->sort_lead_days > 0 ? v->sort_lead_days : 1;
    for (int32_t i = 0; i < z->net->n_models * z->n_days; i++)
        z->pool_row[i] = -1;
    for (int32_t t = 0; t < z->n_days; t++) {
        z->stops_row[t] = row_if(z, CP_LIMIT_STOPS, t, v->stops_per_day);
        z->crew_row[t] = row_if(z, CP_LIMIT_CREW_MIN, t, crew_minutes(z, t));
        z->value_row[t] = row_if(z, CP_LIMIT_VALUE_OUT, t, v->out_minor_per_day);
        z->pack_row[t] = row_if(z, CP_LIMIT_PACK, t, v->pack_cassettes_per_day);
        z->sort_row[t] = row_if(z, CP_LIMIT_SORT, t, v->sort_notes_per_day);
        set_extra(z, z->pack_row[t], v->pack_overtime_cassettes, CP_TARIFF_PACK_OVERTIME_MINOR);
        set_sort_extra(z, z->sort_row[t]);
    }
    for (int32_t i = 0; i < z->net->rows.n_cassette_pool; i++) {
        const cp_cassette_pool *pool = &z->net->rows.cassette_pool[i];
        if (pool->vault != z->vault) continue;
        const int32_t step = pool_step(z, pool->cassette_model);
        for (int32_t t = 0; t < z->n_days; t++) {
            z->pool_row[pool->cassette_model * z->n_days + t] = z->n_rows;
            push_row(z, CP_LIMIT_POOL, t, pool->cassette_model, pool->spare);
            z->row[z->n_rows - 1].step = step;
        }
    }
    return CP_OK;
}

cp_status cp_zone_make(cp_ctx *ctx, const cp_network *net, const cp_arcs *arcs,
                       const cp_stop_prices *prices, int32_t vault, cp_zone **out)
{
    cp_zone *z = NULL;
    CP_NEW(ctx, ctx->run, z, 1);
    z->net = net;
    z->prices = prices;
    z->vault = vault;
    z->n_days = net->n_days;
    CP_TRY(list_points(ctx, arcs, z));
    CP_TRY(count_sets(ctx, z));
    CP_TRY(price_stops(ctx, z));
    CP_TRY(make_rows(ctx, z));
    CP_TRY(cp_zone_stock_rows(ctx, z));
    *out = z;
    return CP_OK;
}

void cp_zone_scale_relief(cp_zone *zone, int64_t num, int64_t den)
{
    for (int32_t r = 0; r < zone->n_rows; r++)
        zone->row[r].relief_minor = zone->row[r].relief_minor * num / den;
}

cp_minor cp_zone_row_cost(const cp_zone_row *row, int64_t use)
{
    const int64_t over = use - row->cap;
    if (over <= 0) return 0;
    const int64_t extra = over < row->extra_cap ? over : row->extra_cap;
    const int64_t rest = over - extra;
    const int64_t second = rest < row->second_cap ? rest : row->second_cap;
    const bool by_thousand = row->kind == CP_LIMIT_SORT;
    cp_minor paid =
        by_thousand ? cp_mul_div(extra, row->extra_minor, 1000) : extra * row->extra_minor;
    if (second > 0)
        paid +=
            by_thousand ? cp_mul_div(second, row->second_minor, 1000) : second * row->second_minor;
    return paid + (rest - second) * row->relief_minor;
}

void cp_zone_row_declare(const cp_zone_row *row, int64_t use, cp_plan_limit *limit)
{
    const int64_t over = use > row->cap ? use - row->cap : 0;
    const int64_t first = over < row->extra_cap ? over : row->extra_cap;
    const int64_t rest = over - first;
    const int64_t second = rest < row->second_cap ? rest : row->second_cap;
    limit->cap = row->cap + row->extra_cap + row->second_cap;
    limit->use = use;
    limit->extra = row->others_first ? second : first;
    limit->outsourced = row->others_first ? first : second;
    limit->relief = rest - second;
    limit->relief_price_minor = row->relief_minor;
}

cp_zone_hull cp_zone_row_hull(const cp_zone_row *row)
{
    const int64_t rest = row->step > 1 && row->extra_cap == 0 ? row->cap % row->step : 0;
    const cp_zone_hull plain = {(double)row->cap, (double)row->extra_cap, cp_zone_extra_price(row),
                                (double)row->second_cap, cp_zone_second_price(row)};
    if (rest == 0) return plain;
    const cp_zone_hull hull = {(double)(row->cap - rest), (double)row->step,
                               (double)row->relief_minor * (double)(row->step - rest) / row->step,
                               0.0, 0.0};
    return hull;
}

double cp_zone_extra_price(const cp_zone_row *row)
{
    return (double)row->extra_minor / (row->kind == CP_LIMIT_SORT ? 1000.0 : 1.0);
}

double cp_zone_second_price(const cp_zone_row *row)
{
    return (double)row->second_minor / (row->kind == CP_LIMIT_SORT ? 1000.0 : 1.0);
}

double cp_zone_row_unit(const cp_zone_row *row)
{
    const int64_t least = row->kind == CP_LIMIT_VAULT_STOCK ? LEAST_NOTES : 1;
    return row->cap > least ? (double)row->cap : (double)least;
}

/* ---- uses --------------------------------------------------------------------------------------
 */

static void use_row(int32_t row, int64_t amount, cp_use_fn *fn, void *user)
{
    if (row >= 0 && amount != 0) fn(user, row, amount);
}

static void part_uses(const cp_zone *z, const cp_set_part *part, int32_t t, cp_use_fn *fn,
                      void *user)
{
    use_row(z->pack_row[t], part->n, fn, user);
    for (int32_t u = t; u < z->n_days && u < t + z->lead_days; u++)
        use_row(z->pool_row[part->model * z->n_days + u], part->n, fn, user);
}

static void cassette_uses(const cp_zone *z, int32_t zp, int32_t mode, int32_t t, cp_use_fn *fn,
                          void *user)
{
    const cp_set_part *set = NULL;
    const int32_t n = cp_zone_set(z, zp, mode, &set);
    for (int32_t k = 0; k < n; k++)
        part_uses(z, &set[k], t, fn, user);
}

/* The machine's whole set: every visit that takes cassettes takes a part of it. */
static void whole_set_uses(const cp_zone *z, int32_t zp, int32_t t, cp_use_fn *fn, void *user)
{
    for (int32_t k = 0; k < z->n_set[zp]; k++)
        part_uses(z, &z->set[zp][k], t, fn, user);
}

void cp_zone_add_use(void *use, int32_t row, int64_t amount)
{
    double *by_row = use;
    by_row[row] += (double)amount;
}

void cp_zone_point_uses(const cp_zone *zone, int32_t zone_point, const cp_step *steps,
                        int32_t n_steps, cp_use_fn *fn, void *user)
{
    const cp_arcs *a = zone->arcs[zone_point];
    for (int32_t i = 0; i < n_steps; i++) {
        const int32_t t = steps[i].t;
        const cp_mode *mode = &a->mode[steps[i].mode];
        use_row(zone->value_row[t], cp_step_level(a, &steps[i])->out_minor, fn, user);
        use_row(zone->sort_row[t], cp_step_back(a, steps, i), fn, user);
        use_row(zone->crew_row[t], mode->service_min, fn, user);
        cassette_uses(zone, zone_point, steps[i].mode, t, fn, user);
    }
    if (zone->n_stock_days > 0) cp_zone_stock_uses(zone, zone_point, steps, n_steps, fn, user);
}

void cp_zone_most_uses(const cp_zone *zone, int32_t zone_point, cp_use_fn *fn, void *user)
{
    const cp_arcs *a = zone->arcs[zone_point];
    int64_t out = 0, back = 0, minutes = 0;
    for (int32_t i = 0; i < a->n_levels; i++)
        out = a->level[i].out_minor > out ? a->level[i].out_minor : out;
    for (int32_t i = 0; a->amount && a->amount[i].notes; i++)
        out = a->amount[i].out_minor > out ? a->amount[i].out_minor : out;
    for (int32_t m = 0; m < a->n_all_modes; m++)
        minutes = a->mode[m].service_min > minutes ? a->mode[m].service_min : minutes;
    back = a->table->most_back;
    for (int32_t i = 0; i < a->n_firsts; i++)
        if (a->way[i].table->most_back > back) back = a->way[i].table->most_back;
    for (int32_t i = cp_lead_way(a) - 1; a->n_leads > 0 && i < cp_trail_way(a); i++) {
        const cp_arc_table *tab = a->way[i].table;
        out = tab->most_out > (double)out ? (int64_t)tab->most_out : out;
        back = tab->most_back > back ? tab->most_back : back;
    }
    for (int32_t t = 0; t < zone->n_days; t++)
        for (int32_t m = 0; m < cp_center_modes(a); m++)
            if (a->opening[t].back[m] > back) back = a->opening[t].back[m];
    for (int32_t t = 0; t < zone->n_days; t++) {
        use_row(zone->value_row[t], out, fn, user);
        use_row(zone->sort_row[t], back, fn, user);
        use_row(zone->crew_row[t], minutes, fn, user);
        whole_set_uses(zone, zone_point, t, fn, user);
    }
}

void cp_zone_stop_uses(const cp_zone *zone, int32_t zone_site, int32_t t, cp_use_fn *fn, void *user)
{
    use_row(zone->stops_row[t], 1, fn, user);
    use_row(zone->crew_row[t], zone->site_min[zone_site * zone->n_days + t], fn, user);
}

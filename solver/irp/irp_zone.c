/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/irp/irp_zone.h"

#include <math.h>
#include <stdlib.h>

/* Neighbours a ruin looks at: enough for a few tours' worth of stops round any site. */
#define NEAR_SITES 100
#define LEFT_OUT_CAR_DAYS 100.0

static bool can_visit(const cp_arcs *a)
{
    return a->n_modes > 0;
}

static cp_status take_points(cp_ctx *ctx, const cp_irp_input *in, cp_irp_zone *z)
{
    const cp_network *net = in->net;
    CP_NEW(ctx, ctx->run, z->point, net->n_points);
    CP_NEW(ctx, ctx->run, z->site, net->n_sites);
    CP_NEW(ctx, ctx->run, z->first_point, net->n_sites + 1);
    for (int32_t i = 0; i < net->n_sites; i++) {
        const cp_site *site = &net->sites[i];
        const int32_t before = z->n_points;
        if (site->vault != in->vault) continue;
        for (int32_t p = site->first_point; p < site->first_point + site->n_points; p++) {
            if (!can_visit(&in->arcs[p])) continue;
            cp_irp_point *own = &z->point[z->n_points++];
            own->point = p;
            own->site = z->ground.n_sites;
            own->arcs = &in->arcs[p];
            for (int32_t m = 0; m < cp_center_modes(own->arcs); m++)
                own->service_s[m] = 60 * own->arcs->mode[m].service_min;
        }
        if (z->n_points == before) continue;
        z->first_point[z->ground.n_sites] = before;
        z->site[z->ground.n_sites++] = i;
    }
    z->first_point[z->ground.n_sites] = z->n_points;
    return CP_OK;
}

static cp_status take_cars(cp_ctx *ctx, const cp_irp_input *in, cp_irp_zone *z)
{
    const cp_network *net = in->net;
    cp_irp_ground *g = &z->ground;
    int32_t *base = NULL, *limit = NULL, *shift = NULL;
    CP_NEW(ctx, ctx->run, z->car, net->n_cars);
    CP_NEW(ctx, ctx->run, base, net->n_cars);
    CP_NEW(ctx, ctx->run, limit, net->n_cars);
    CP_NEW(ctx, ctx->run, shift, net->n_cars);
    for (int32_t c = 0; c < net->n_cars; c++) {
        const cp_car *car = &net->cars[c];
        if (car->vault != in->vault) continue;
        const int32_t n = g->n_cars++;
        const cp_vault *v = &net->vaults[in->vault];
        int32_t from = car->shift_start_min, to = car->shift_end_min + car->overtime_min;
        if (!car->open_route && from < v->open_min) from = v->open_min;
        if (!car->open_route && to > v->close_min) to = v->close_min;
        z->car[n] = c;
        base[n] = car->open_route ? g->n_sites + 1 : g->n_sites;
        limit[n] = 60 * (to - from);
        shift[n] = 60 * (car->shift_end_min - from);
    }
    if (g->n_cars == 0)
        CP_FAIL(ctx, CP_E_INPUT, "vault %s has no car", net->vaults[in->vault].code);
    g->base = base;
    g->limit_s = limit;
    g->shift_s = shift;
    return CP_OK;
}

static cp_status take_prices(cp_ctx *ctx, const cp_irp_input *in, const cp_irp_opts *opts,
                             cp_irp_zone *z)
{
    const cp_network *net = in->net;
    cp_irp_ground *g = &z->ground;
    const size_t n = (size_t)g->n_days * (size_t)g->n_cars;
    double *day = NULL, *second = NULL, *over = NULL, *metre = NULL;
    CP_NEW(ctx, ctx->run, day, n);
    CP_NEW(ctx, ctx->run, second, n);
    CP_NEW(ctx, ctx->run, over, n);
    CP_NEW(ctx, ctx->run, metre, n);
    double paid = 0.0, guide = 0.0;
    for (size_t r = 0; r < n; r++) {
        const int32_t c = (int32_t)(r % (size_t)g->n_cars);
        const cp_car *car = &net->cars[z->car[c]];
        const cp_day date = net->first_day + (cp_day)(r / (size_t)g->n_cars);
        const double price = (double)cp_tariff_get(net, CP_TARIFF_CAR_DAY_MINOR, date, in->vault,
                                                   car->carrier, -1, -1);
        day[r] = car->paid_daily ? 0.0 : price;
        second[r] = (double)cp_tariff_get(net, CP_TARIFF_HOUR_MINOR, date, in->vault, car->carrier,
                                          -1, -1) /
                    3600.0;
        over[r] = (double)cp_tariff_get(net, CP_TARIFF_OVERTIME_HOUR_MINOR, date, in->vault,
                                        car->carrier, -1, -1) /
                  3600.0;
        metre[r] =
            (double)cp_tariff_get(net, CP_TARIFF_KM_MINOR, date, in->vault, car->carrier, -1, -1) /
            1000.0;
        paid += price;
        if (g->shift_s[c] > 0) guide += price / (double)g->shift_s[c];
    }
    g->car_day = day;
    g->second = second;
    g->over = over;
    g->metre = metre;
    g->guide = opts->guide_share * guide / (double)n;
    z->car_day = 1.0 + paid / (double)n;
    return CP_OK;
}

static cp_status take_travel(cp_ctx *ctx, const cp_irp_input *in, cp_irp_zone *z)
{
    cp_irp_ground *g = &z->ground;
    const cp_network *net = in->net;
    const size_t w = (size_t)(g->n_sites + 2);
    int32_t *out = NULL, *back = NULL, *dist = NULL;
    bool by_km = false;
    for (int32_t r = 0; r < g->n_days * g->n_cars; r++)
        if (g->metre[r] > 0.0) by_km = true;
    CP_NEW(ctx, ctx->run, out, w * w);
    CP_NEW(ctx, ctx->run, back, w * w);
    if (by_km) CP_NEW(ctx, ctx->run, dist, w * w);
    for (size_t a = 0; a + 1 < w; a++) /* nowhere keeps its zeros */
        for (size_t b = 0; b + 1 < w; b++) {
            if (a == b) continue;
            const int32_t from = a + 2 == w ? net->n_sites + in->vault : z->site[a];
            const int32_t to = b + 2 == w ? net->n_sites + in->vault : z->site[b];
            const int32_t s = cp_travel_s(net, from, to);
            out[a * w + b] = s < 0 ? CP_IRP_NO_WAY_S : s;
            back[b * w + a] = out[a * w + b];
            if (by_km)
                dist[a * w + b] = cp_travel_m(net, from, to) < 0 ? 0 : cp_travel_m(net, from, to);
        }
    g->width = (int32_t)w;
    g->out_s = out;
    g->back_s = back;
    g->out_m = dist;
    return CP_OK;
}

static cp_status take_sites(cp_ctx *ctx, const cp_irp_input *in, cp_irp_zone *z)
{
    const cp_network *net = in->net;
    cp_irp_ground *g = &z->ground;
    int32_t *service = NULL;
    CP_NEW(ctx, ctx->run, service, g->n_sites);
    CP_NEW(ctx, ctx->run, z->stop, (size_t)g->n_sites * (size_t)g->n_days);
    for (int32_t i = 0; i < g->n_sites; i++) {
        service[i] = 60 * net->sites[z->site[i]].service_min;
        for (int32_t t = 0; t < g->n_days; t++)
            z->stop[(size_t)i * (size_t)g->n_days + (size_t)t] = (double)cp_tariff_get(
                net, CP_TARIFF_STOP_SITE_MINOR, net->first_day + t, in->vault, -1, z->site[i], -1);
    }
    g->site_s = service;
    return CP_OK;
}

typedef struct neighbour {
    int32_t both_s, site;
} neighbour;

static int by_distance(const void *a, const void *b)
{
    const neighbour *x = a, *y = b;
    if (x->both_s != y->both_s) return x->both_s < y->both_s ? -1 : 1;
    return x->site < y->site ? -1 : x->site > y->site;
}

static cp_status take_near(cp_ctx *ctx, cp_irp_zone *z)
{
    cp_irp_ground *g = &z->ground;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    neighbour *all = NULL;
    int32_t *near = NULL;
    g->n_near = g->n_sites - 1 < NEAR_SITES ? g->n_sites - 1 : NEAR_SITES;
    if (g->n_near < 0) g->n_near = 0;
    CP_NEW(ctx, ctx->run, near, (size_t)g->n_sites * (size_t)g->n_near);
    CP_NEW(ctx, ctx->scratch, all, g->n_sites);
    for (int32_t i = 0; i < g->n_sites; i++) {
        const size_t row = (size_t)i * (size_t)g->width;
        int32_t n = 0;
        for (int32_t j = 0; j < g->n_sites; j++)
            if (j != i)
                all[n++] =
                    (neighbour){g->out_s[row + (size_t)j] / 2 + g->back_s[row + (size_t)j] / 2, j};
        qsort(all, (size_t)n, sizeof *all, by_distance);
        for (int32_t k = 0; k < g->n_near; k++)
            near[(size_t)i * (size_t)g->n_near + (size_t)k] = all[k].site;
    }
    g->near = near;
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* Cost of an arc whose visit and successor have one mode, node cost and credit included. */
static double arc_cost(const cp_irp_point *p, int32_t t, const cp_arc *arc)
{
    const cp_arcs *a = p->arcs;
    const double cost = (double)(arc->cost + arc->end[0]);
    const double left = (double)(arc->until - a->n_days) / (double)(arc->until - t);
    if (arc->until >= a->n_days) return cost - p->rent * left;
    return cost + (double)cp_arcs_node_cost(a, t, 0, &a->level[arc->level]);
}

static cp_status take_tables(cp_ctx *ctx, cp_irp_zone *z, cp_irp_point *p)
{
    const cp_arcs *a = p->arcs;
    const int32_t n_days = z->ground.n_days;
    if (a->n_all_modes != 1 || a->add_mode >= 0) return CP_OK;
    double *open = NULL, *table = NULL;
    int32_t *arc_of = NULL;
    const size_t cells = (size_t)n_days * (size_t)(n_days + 1);
    CP_NEW(ctx, ctx->run, open, n_days + 1);
    CP_NEW(ctx, ctx->run, table, cells);
    CP_NEW(ctx, ctx->run, arc_of, cells);
    for (size_t i = 0; i < cells; i++)
        table[i] = INFINITY;
    for (int32_t t = 0; t <= n_days; t++) {
        const cp_arc *o = &a->opening[t];
        open[t] = a->may_open[t] ? (double)(o->cost + (t < n_days ? o->end[0] : 0)) : INFINITY;
    }
    for (int32_t t = 0; t < n_days; t++)
        for (int32_t i = a->table->first[t]; i < a->table->first[t + 1]; i++) {
            const cp_arc arc = cp_arcs_get(a, 0, t, i);
            const int32_t until = arc.until < n_days ? arc.until : n_days;
            const size_t cell = (size_t)t * (size_t)(n_days + 1) + (size_t)until;
            const double cost = arc_cost(p, t, &arc);
            if (cost >= table[cell]) continue;
            table[cell] = cost;
            arc_of[cell] = i;
        }
    p->open = open;
    p->arc = table;
    p->arc_of = arc_of;
    return CP_OK;
}

double cp_irp_stop_price(const cp_irp_zone *z)
{
    const cp_irp_ground *g = &z->ground;
    double shift = 0.0, service = 0.0;
    for (int32_t c = 0; c < g->n_cars; c++)
        shift += (double)g->limit_s[c] / g->n_cars;
    for (int32_t i = 0; i < g->n_sites; i++)
        service += (double)g->site_s[i] / g->n_sites;
    for (int32_t p = 0; p < z->n_points; p++)
        service += (double)z->point[p].service_s[0] / g->n_sites;
    const double stops = shift / (2.0 * service + 60.0);
    return z->car_day / (stops > 1.0 ? stops : 1.0);
}

cp_status cp_irp_zone_make(cp_ctx *ctx, const cp_irp_input *in, const cp_irp_opts *opts,
                           cp_irp_zone **out)
{
    cp_irp_zone *z = NULL;
    CP_NEW(ctx, ctx->run, z, 1);
    z->ground.n_days = in->net->n_days;
    if (z->ground.n_days > CP_IRP_MAX_DAYS)
        CP_FAIL(ctx, CP_E_INPUT, "days and routes together: %d days asked, at most %d",
                (int)z->ground.n_days, CP_IRP_MAX_DAYS);
    CP_TRY(take_points(ctx, in, z));
    CP_TRY(take_cars(ctx, in, z));
    CP_TRY(take_prices(ctx, in, opts, z));
    CP_TRY(take_travel(ctx, in, z));
    CP_TRY(take_sites(ctx, in, z));
    CP_TRY(take_near(ctx, z));
    for (int32_t p = 0; p < z->n_points; p++) {
        /* What no visit at all would cost, and so much on top that no saving elsewhere pays for it.
         */
        z->point[p].left_out = (double)z->point[p].arcs->opening[z->ground.n_days].cost +
                               LEFT_OUT_CAR_DAYS * z->car_day;
        z->point[p].rent = opts->rent_share * cp_irp_stop_price(z);
        CP_TRY(take_tables(ctx, z, &z->point[p]));
    }
    *out = z;
    return CP_OK;
}

/* ---- what this search does not keep -----------------------------------------------------------
 */

static const char *vault_limit(const cp_vault *v)
{
    if (v->stops_per_day > 0 || v->crew_min_per_day > 0) return "stops or crew minutes a day";
    if (v->out_minor_per_day > 0) return "value leaving the vault";
    if (v->pack_cassettes_per_day > 0) return "packing";
    if (v->sort_notes_per_day > 0) return "sorting";
    return NULL;
}

static const char *car_limit(const cp_network *net, const cp_car *car)
{
    if (car->insured_minor < CP_MINOR_MAX) return "value on board of a car";
    if (car->volume_cm3 > 0) return "volume on board of a car";
    for (int32_t i = 0; i < net->n_sites; i++) {
        const cp_site *site = &net->sites[i];
        if (site->vault != car->vault || site->n_points == 0) continue;
        if (site->open_min > car->shift_start_min) return "time windows of sites";
        if (site->close_min < car->shift_end_min + car->overtime_min)
            return "time windows of sites";
    }
    return NULL;
}

/* Visits that are not among the choices of a tour. */
static const char *point_choice(const cp_point *p)
{
    if (p->serviced_by == CP_BY_EITHER) return "fills by the branch's own staff";
    if ((p->visit_kinds & CP_MAY_PARTIAL_SWAP) != 0) return "partial swaps";
    return NULL;
}

bool cp_irp_suits(const cp_network *net, int32_t vault, const char **why)
{
    const char *reason = vault_limit(&net->vaults[vault]);
    for (int32_t i = 0; reason == NULL && i < net->rows.n_cassette_pool; i++)
        if (net->rows.cassette_pool[i].vault == vault) reason = "the pool of cassettes";
    for (int32_t c = 0; reason == NULL && c < net->n_cars; c++)
        if (net->cars[c].vault == vault) reason = car_limit(net, &net->cars[c]);
    for (int32_t p = 0; reason == NULL && p < net->n_points; p++)
        if (net->sites[net->points[p].site].vault == vault) reason = point_choice(&net->points[p]);
    if (why) *why = reason;
    return reason == NULL;
}

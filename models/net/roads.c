/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/roads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/rng.h"
#include "models/net/travel.h"

#define EARTH_M 6371008.8
#define METRES_PER_DEG (EARTH_M * 3.14159265358979323846 / 180)
#define METRES_MAX 1e9
#define METHOD "road legs 1" /* another text when the same inputs give other legs */

static const char *code_of(const cp_network *net, int32_t stop)
{
    return stop < net->n_sites ? net->sites[stop].code : net->vaults[stop - net->n_sites].code;
}

/* Nodes by latitude, so that the nearest is found without looking at all of them. */
typedef struct node_order {
    const cp_road_node *node;
    int32_t *by_lat;
    int32_t n;
} node_order;

typedef struct lat_of {
    double lat;
    int32_t node;
} lat_of;

static int compare_lat(const void *x, const void *y)
{
    const lat_of *a = x, *b = y;
    if (a->lat < b->lat) return -1;
    if (a->lat > b->lat) return 1;
    return (a->node > b->node) - (a->node < b->node);
}

static cp_status order_nodes(cp_ctx *ctx, const cp_network *net, node_order *out)
{
    lat_of *list = NULL;
    out->node = net->rows.road_node;
    out->n = net->rows.n_road_node;
    CP_NEW(ctx, ctx->scratch, list, out->n);
    CP_NEW(ctx, ctx->scratch, out->by_lat, out->n);
    for (int32_t v = 0; v < out->n; v++)
        list[v] = (lat_of){out->node[v].lat_deg, v};
    qsort(list, (size_t)out->n, sizeof *list, compare_lat);
    for (int32_t v = 0; v < out->n; v++)
        out->by_lat[v] = list[v].node;
    return CP_OK;
}

/* Looks north and south from the place until the latitude alone is farther than the best; equal
 * distances go to the smaller node. */
static int32_t nearest_node(const node_order *o, cp_spot p, double *metres)
{
    int32_t lo = 0, hi = o->n;
    while (lo < hi) {
        const int32_t mid = lo + (hi - lo) / 2;
        if (o->node[o->by_lat[mid]].lat_deg < p.lat)
            lo = mid + 1;
        else
            hi = mid;
    }
    int32_t best = -1;
    double best_m = INFINITY;
    for (int32_t way = 0; way < 2; way++)
        for (int32_t i = way == 0 ? lo : lo - 1; i >= 0 && i < o->n; i += way == 0 ? 1 : -1) {
            const int32_t v = o->by_lat[i];
            if (fabs(o->node[v].lat_deg - p.lat) * METRES_PER_DEG > best_m + 1) break;
            const double m = cp_circle_m(p.lat, p.lon, o->node[v].lat_deg, o->node[v].lon_deg);
            if (m < best_m || (!(m > best_m) && v < best)) {
                best = v;
                best_m = m;
            }
        }
    *metres = best_m;
    return best;
}

/* Where every stop joins the road graph. */
typedef struct junctions {
    int32_t *node;
    double *metres;
} junctions;

static cp_status join_stops(cp_ctx *ctx, const cp_network *net, junctions *out)
{
    const int32_t n = net->n_sites + net->n_vaults;
    node_order order = {0};
    CP_TRY(order_nodes(ctx, net, &order));
    CP_NEW(ctx, ctx->scratch, out->node, n);
    CP_NEW(ctx, ctx->scratch, out->metres, n);
    for (int32_t a = 0; a < n; a++) {
        const cp_spot p = cp_stop_place(net, a);
        const int32_t given = a < net->n_sites ? net->sites[a].road_node : -1;
        out->node[a] = given;
        if (given >= 0)
            out->metres[a] =
                cp_circle_m(p.lat, p.lon, order.node[given].lat_deg, order.node[given].lon_deg);
        else
            out->node[a] = nearest_node(&order, p, &out->metres[a]);
    }
    return CP_OK;
}

/* Both lists are in order already. */
cp_status cp_roads_order(cp_ctx *ctx, cp_arena *arena, const cp_network *net, int32_t **out)
{
    const int32_t n = net->n_sites + net->n_vaults;
    int32_t i = 0, v = net->n_sites;
    CP_NEW(ctx, arena, *out, n);
    for (int32_t k = 0; k < n; k++) {
        const bool site =
            v == n || (i < net->n_sites && strcmp(code_of(net, i), code_of(net, v)) <= 0);
        (*out)[k] = site ? i++ : v++;
    }
    return CP_OK;
}

static uint64_t hash_real(uint64_t h, double x)
{
    return cp_hash_bytes(h, &x, sizeof x);
}

static uint64_t hash_int(uint64_t h, int32_t x)
{
    return cp_hash_bytes(h, &x, sizeof x);
}

/* Codes are hashed with the byte that ends them, so that no two lists run together. */
static uint64_t hash_stop(uint64_t h, const cp_network *net, int32_t stop)
{
    const cp_spot p = cp_stop_place(net, stop);
    const char *code = code_of(net, stop);
    h = cp_hash_bytes(h, code, strlen(code) + 1);
    h = hash_real(hash_real(h, p.lat), p.lon);
    h = hash_int(h, stop < net->n_sites ? net->sites[stop].road_node : -1);
    return hash_int(h, net->travel.block[stop]);
}

uint64_t cp_roads_hash(const cp_network *net)
{
    const cp_rows *r = &net->rows;
    uint64_t h = cp_hash_text(0, METHOD);
    h = hash_real(h, net->settings.road_speed_kmh);
    h = hash_int(hash_int(h, r->n_road_node), r->n_road_link);
    h = hash_int(hash_int(h, net->n_sites), net->n_vaults);
    for (int32_t v = 0; v < r->n_road_node; v++)
        h = hash_real(hash_real(h, r->road_node[v].lat_deg), r->road_node[v].lon_deg);
    for (int32_t e = 0; e < r->n_road_link; e++) {
        const cp_road_link *link = &r->road_link[e];
        h = hash_int(hash_int(h, link->from), link->to);
        h = hash_real(hash_real(h, link->length_m), link->speed_kmh);
    }
    for (int32_t a = 0; a < net->n_sites + net->n_vaults; a++)
        h = hash_stop(h, net, a);
    return h;
}

/* Where the legs are written while they are made. */
typedef struct draft {
    const char **code;
    int64_t *first;
    int32_t *to, *metres;
    double *seconds;
} draft;

static cp_status make_room(cp_ctx *ctx, cp_arena *arena, const cp_network *net,
                           const int32_t *order, draft *d)
{
    const int32_t n = net->n_sites + net->n_vaults;
    CP_NEW(ctx, arena, d->code, n);
    CP_NEW(ctx, arena, d->first, n + 1);
    for (int32_t i = 0; i < n; i++) {
        d->code[i] = code_of(net, order[i]);
        d->first[i + 1] = d->first[i];
        for (int32_t j = 0; j < n; j++)
            d->first[i + 1] += cp_roads_joins(net, order[i], order[j]);
    }
    CP_NEW(ctx, arena, d->to, d->first[n]);
    CP_NEW(ctx, arena, d->metres, d->first[n]);
    CP_NEW(ctx, arena, d->seconds, d->first[n]);
    return CP_OK;
}

static cp_status fill(cp_ctx *ctx, const cp_network *net, const int32_t *order, draft *d)
{
    const int32_t n = net->n_sites + net->n_vaults;
    const double connector_s = 3.6 / net->settings.road_speed_kmh;
    cp_graph graph = {0};
    junctions at = {0};
    double *seconds = NULL, *metres = NULL;
    CP_TRY(cp_graph_of_roads(ctx, ctx->scratch, net, &graph));
    CP_TRY(join_stops(ctx, net, &at));
    CP_NEW(ctx, ctx->scratch, seconds, graph.n_nodes);
    CP_NEW(ctx, ctx->scratch, metres, graph.n_nodes);
    int64_t leg = 0;
    for (int32_t i = 0; i < n; i++) {
        const int32_t a = order[i];
        CP_TRY(cp_graph_shortest(ctx, &graph, at.node[a], seconds, metres));
        for (int32_t j = 0; j < n; j++) {
            const int32_t b = order[j];
            if (!cp_roads_joins(net, a, b)) continue;
            const double ends = at.metres[a] + at.metres[b];
            const double m = metres[at.node[b]] + ends;
            const bool way = isfinite(seconds[at.node[b]]);
            d->to[leg] = j;
            d->seconds[leg] = way ? seconds[at.node[b]] + ends * connector_s : -1;
            d->metres[leg] = !way ? -1 : (int32_t)(m > METRES_MAX ? METRES_MAX : floor(m + 0.5));
            leg++;
        }
        cp_progress(ctx, "road times", i + 1, n);
    }
    return CP_OK;
}

cp_status cp_roads_make(cp_ctx *ctx, cp_arena *arena, const cp_network *net, cp_road_legs *out)
{
    const int32_t n = net->n_sites + net->n_vaults;
    int32_t *order = NULL;
    draft d = {0};
    CP_TRY(cp_roads_order(ctx, arena, net, &order));
    CP_TRY(make_room(ctx, arena, net, order, &d));
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    CP_TRY(fill(ctx, net, order, &d));
    cp_arena_rewind(ctx->scratch, mark);
    *out = (cp_road_legs){.inputs = cp_roads_hash(net),
                          .n = d.first[n],
                          .seconds = d.seconds,
                          .metres = d.metres,
                          .n_stops = n,
                          .code = d.code,
                          .first = d.first,
                          .to = d.to};
    return CP_OK;
}

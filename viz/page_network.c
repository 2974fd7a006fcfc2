/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page_network.c - the network's part of the page data: places, machines, cars, road links. */
#include <math.h>
#include <stdlib.h>

#include "viz/page_column.h"
#include "viz/page_data.h"

static void write_sites(cp_json *json, const cp_network *net)
{
    const cp_site *s = net->sites;
    cp_json_object(json, "sites");
    COLUMN_TEXT(json, "code", net->n_sites, s[k].code);
    COLUMN_TEXT(json, "name", net->n_sites, s[k].name);
    COLUMN_TEXT(json, "district", net->n_sites, s[k].district);
    COLUMN_TEXT(json, "address", net->n_sites, s[k].address);
    COLUMN_REAL(json, "lat", net->n_sites, s[k].lat_deg, 6);
    COLUMN_REAL(json, "lon", net->n_sites, s[k].lon_deg, 6);
    COLUMN_INT(json, "vault", net->n_sites, s[k].vault);
    cp_json_end(json);
}

static void write_points(cp_json *json, const cp_network *net)
{
    const cp_point *p = net->points;
    const cp_channel *c = net->channels;
    cp_json_object(json, "points");
    COLUMN_TEXT(json, "code", net->n_points, p[k].code);
    COLUMN_TEXT(json, "name", net->n_points, p[k].name);
    COLUMN_INT(json, "site", net->n_points, p[k].site);
    COLUMN_INT(json, "kind", net->n_points, p[k].kind);
    COLUMN_INT(json, "first_channel", net->n_points, p[k].first_channel);
    cp_json_end(json);
    cp_json_object(json, "channels");
    COLUMN_INT(json, "denom", net->n_channels, c[k].denomination);
    COLUMN_INT(json, "role", net->n_channels, c[k].role);
    COLUMN_INT(json, "capacity_notes", net->n_channels, c[k].capacity_notes);
    COLUMN_INT(json, "low_notes", net->n_channels, c[k].low_notes);
    COLUMN_INT(json, "balance_notes", net->n_channels, c[k].balance_notes);
    COLUMN_INT(json, "cassettes", net->n_channels, c[k].n_cassettes);
    cp_json_end(json);
}

static const char *carrier_name(const cp_network *net, const cp_car *car)
{
    if (car->carrier < 0) return "";
    const cp_carrier *carrier = &net->rows.carrier[car->carrier];
    return carrier->name != NULL && carrier->name[0] != '\0' ? carrier->name : carrier->code;
}

static void write_cars(cp_json *json, const cp_network *net)
{
    const cp_car *c = net->cars;
    cp_json_object(json, "cars");
    COLUMN_TEXT(json, "code", net->n_cars, c[k].code);
    COLUMN_INT(json, "vault", net->n_cars, c[k].vault);
    COLUMN_TEXT(json, "carrier", net->n_cars, carrier_name(net, &c[k]));
    COLUMN_TEXT(json, "roles", net->n_cars, c[k].crew >= 0 ? net->rows.crew[c[k].crew].roles : "");
    COLUMN_INT(json, "insured_minor", net->n_cars, c[k].insured_minor);
    COLUMN_INT(json, "shift_start_min", net->n_cars, c[k].shift_start_min);
    COLUMN_INT(json, "shift_end_min", net->n_cars, c[k].shift_end_min);
    cp_json_end(json);
}

void cp_page_write_network(cp_json *json, const cp_export_plan *ex)
{
    const cp_network *net = ex->net;
    static const char *const status[] = {"existing", "candidate", "closed"};
    cp_json_object(json, "denoms");
    COLUMN_TEXT(json, "code", net->n_denoms, net->denoms[k].code);
    COLUMN_INT(json, "value_minor", net->n_denoms, net->denoms[k].value_minor);
    cp_json_end(json);
    cp_json_object(json, "models");
    COLUMN_TEXT(json, "code", net->n_models, net->models[k].code);
    cp_json_end(json);
    cp_json_object(json, "vaults");
    COLUMN_TEXT(json, "code", net->n_vaults, net->vaults[k].code);
    COLUMN_TEXT(json, "name", net->n_vaults, net->vaults[k].name);
    COLUMN_REAL(json, "lat", net->n_vaults, net->vaults[k].lat_deg, 6);
    COLUMN_REAL(json, "lon", net->n_vaults, net->vaults[k].lon_deg, 6);
    COLUMN_TEXT(json, "status", net->n_vaults, status[net->vaults[k].status]);
    cp_json_end(json);
    write_sites(json, net);
    write_points(json, net);
    write_cars(json, net);
}

/* A link of the map: nodes in rising order, so that the two directions of a street are one. */
typedef struct map_link {
    int32_t a, b;
    double speed_kmh, length_m;
} map_link;

static int by_nodes(const void *pa, const void *pb)
{
    const map_link *x = pa, *y = pb;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    if (x->b != y->b) return x->b < y->b ? -1 : 1;
    return 0;
}

/* Fast first, then long, then by nodes: what a thinned map keeps. */
static int by_weight(const void *pa, const void *pb)
{
    const map_link *x = pa, *y = pb;
    if (x->speed_kmh > y->speed_kmh) return -1;
    if (x->speed_kmh < y->speed_kmh) return 1;
    if (x->length_m > y->length_m) return -1;
    if (x->length_m < y->length_m) return 1;
    return by_nodes(pa, pb);
}

static cp_status gather_links(cp_ctx *ctx, const cp_network *net, map_link **out, int32_t *n_out)
{
    const int32_t n = net->rows.n_road_link;
    map_link *links = NULL;
    int32_t n_links = 0;
    CP_NEW(ctx, ctx->scratch, links, n);
    for (int32_t k = 0; k < n; k++) {
        const cp_road_link *link = &net->rows.road_link[k];
        if (link->from < 0 || link->to < 0 || link->from == link->to) continue;
        const bool turn = link->from > link->to;
        links[n_links++] = (map_link){turn ? link->to : link->from, turn ? link->from : link->to,
                                      link->speed_kmh, link->length_m};
    }
    qsort(links, (size_t)n_links, sizeof *links, by_nodes);
    int32_t kept = 0;
    for (int32_t k = 0; k < n_links; k++)
        if (kept == 0 || by_nodes(&links[kept - 1], &links[k]) != 0) links[kept++] = links[k];
    *out = links;
    *n_out = kept;
    return CP_OK;
}

/* Nodes in use get numbers in order of their index; node_no is -1 for the others. */
static cp_status number_nodes(cp_ctx *ctx, const cp_network *net, const map_link *links,
                              int32_t n_links, int32_t **out)
{
    int32_t *node_no = NULL;
    CP_NEW(ctx, ctx->scratch, node_no, net->rows.n_road_node);
    for (int32_t k = 0; k < n_links; k++)
        node_no[links[k].a] = node_no[links[k].b] = 1;
    int32_t next = 0;
    for (int32_t k = 0; k < net->rows.n_road_node; k++)
        node_no[k] = node_no[k] ? next++ : -1;
    *out = node_no;
    return CP_OK;
}

static void write_axis(cp_json *json, const char *name, const cp_network *net,
                       const int32_t *node_no, bool lat)
{
    int64_t before = 0;
    cp_json_array_flat(json, name);
    for (int32_t k = 0; k < net->rows.n_road_node; k++) {
        if (node_no[k] < 0) continue;
        const cp_road_node *node = &net->rows.road_node[k];
        const int64_t at = llround((lat ? node->lat_deg : node->lon_deg) * 1e5);
        cp_json_int(json, NULL, at - before);
        before = at;
    }
    cp_json_end(json);
}

static void write_ends(cp_json *json, const char *name, const map_link *links, int32_t n,
                       const int32_t *node_no, bool from)
{
    int64_t before = 0;
    cp_json_array_flat(json, name);
    for (int32_t k = 0; k < n; k++) {
        const int64_t at = node_no[from ? links[k].a : links[k].b];
        cp_json_int(json, NULL, at - before);
        before = at;
    }
    cp_json_end(json);
}

cp_status cp_page_write_roads(cp_ctx *ctx, cp_json *json, const cp_network *net)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    map_link *links = NULL;
    int32_t *node_no = NULL;
    int32_t n = 0, left_out = 0;
    CP_TRY(gather_links(ctx, net, &links, &n));
    if (n > CP_PAGE_ROADS_MAX) {
        qsort(links, (size_t)n, sizeof *links, by_weight);
        left_out = n - CP_PAGE_ROADS_MAX;
        n = CP_PAGE_ROADS_MAX;
        qsort(links, (size_t)n, sizeof *links, by_nodes);
    }
    CP_TRY(number_nodes(ctx, net, links, n, &node_no));
    cp_json_object(json, "roads");
    write_axis(json, "lat", net, node_no, true);
    write_axis(json, "lon", net, node_no, false);
    write_ends(json, "from", links, n, node_no, true);
    write_ends(json, "to", links, n, node_no, false);
    cp_json_int(json, "left_out", left_out);
    cp_json_end(json);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* town_roads.c - a road graph under the city: a jittered grid of streets with gaps, faster avenues
 * every fourth line, and some one-way streets. */
#include <math.h>

#include "models/sample/town.h"

#define LINES_MAX 400
#define METRES_PER_DEG 111195.08
#define STREET_KMH 28
#define AVENUE_KMH 45
#define SPACING 0.08 /* of the city's length unit */

typedef struct grid {
    int32_t nx, ny;
    double lat, lon, step_lat, step_lon;
} grid;

static void widen(double lat, double lon, double box[4])
{
    if (lat < box[0]) box[0] = lat;
    if (lat > box[1]) box[1] = lat;
    if (lon < box[2]) box[2] = lon;
    if (lon > box[3]) box[3] = lon;
}

static grid lay_grid(const cp_town *t)
{
    double box[4] = {90, -90, 180, -180};
    for (int32_t i = 0; i < t->rows->n_site; i++)
        widen(t->rows->site[i].lat_deg, t->rows->site[i].lon_deg, box);
    for (int32_t v = 0; v < t->rows->n_vault; v++)
        widen(t->rows->vault[v].lat_deg, t->rows->vault[v].lon_deg, box);
    double step = SPACING * t->scale;
    const double high = (box[1] - box[0]) * METRES_PER_DEG;
    const double shrink = cos((box[0] + box[1]) / 2 * 0.017453292519943295);
    const double wide = (box[3] - box[2]) * METRES_PER_DEG * shrink;
    if (step < high / (LINES_MAX - 4)) step = high / (LINES_MAX - 4);
    if (step < wide / (LINES_MAX - 4)) step = wide / (LINES_MAX - 4);
    grid g = {0};
    g.ny = (int32_t)(high / step) + 3;
    g.nx = (int32_t)(wide / step) + 3;
    g.step_lat = step / METRES_PER_DEG;
    g.step_lon = step / (METRES_PER_DEG * shrink);
    g.lat = box[0] - g.step_lat;
    g.lon = box[2] - g.step_lon;
    return g;
}

static cp_status make_nodes(cp_town *t, const grid *g)
{
    cp_rng rng = cp_town_rng(t, "nodes", 0);
    CP_TRY(cp_town_rows(t, CP_ENTITY_ROAD_NODE, g->nx * g->ny));
    for (int32_t y = 0; y < g->ny; y++)
        for (int32_t x = 0; x < g->nx; x++) {
            cp_road_node *n = &t->rows->road_node[y * g->nx + x];
            const double dy = 0.5 * (cp_rng_unit(&rng) - 0.5), dx = 0.5 * (cp_rng_unit(&rng) - 0.5);
            TOWN_TEXT(t, n->code, "N-%05d", 1 + (int)(y * g->nx + x));
            n->lat_deg = floor((g->lat + (y + dy) * g->step_lat) * 1e6 + 0.5) / 1e6;
            n->lon_deg = floor((g->lon + (x + dx) * g->step_lon) * 1e6 + 0.5) / 1e6;
        }
    return CP_OK;
}

static void add_link(cp_town *t, int32_t a, int32_t b, double length, double kmh)
{
    cp_road_link *l = &t->rows->road_link[t->rows->n_road_link++];
    l->from_code = t->rows->road_node[a].code;
    l->to_code = t->rows->road_node[b].code;
    l->length_m = length;
    l->speed_kmh = kmh;
}

/* Avenues run both ways, and so do all streets from west to east, so that every node can be reached
 * from every other. Of the streets from south to north one in six is missing and one in six leads
 * one way only. */
static void join(cp_town *t, int32_t a, int32_t b, bool whole, double kmh, cp_rng *rng)
{
    const cp_road_node *p = &t->rows->road_node[a], *q = &t->rows->road_node[b];
    const double u = cp_rng_unit(rng), bend = 1.02 + 0.1 * cp_rng_unit(rng);
    const double m =
        floor(cp_circle_m(p->lat_deg, p->lon_deg, q->lat_deg, q->lon_deg) * bend * 10 + 0.5) / 10;
    if (!whole && u < 1.0 / 6) return;
    if (whole || u < 1.0 / 4 || u > 1.0 / 3) add_link(t, a, b, m, kmh);
    if (whole || u > 1.0 / 4) add_link(t, b, a, m, kmh);
}

cp_status cp_town_roads(cp_town *t)
{
    const grid g = lay_grid(t);
    cp_rng rng = cp_town_rng(t, "links", 0);
    CP_TRY(make_nodes(t, &g));
    CP_TRY(cp_town_rows(t, CP_ENTITY_ROAD_LINK, 4 * g.nx * g.ny));
    t->rows->n_road_link = 0;
    for (int32_t y = 0; y < g.ny; y++)
        for (int32_t x = 0; x < g.nx; x++) {
            const int32_t at = y * g.nx + x;
            const double kmh_x = y % 4 == 1 ? AVENUE_KMH : STREET_KMH;
            const double kmh_y = x % 4 == 1 ? AVENUE_KMH : STREET_KMH;
            if (x + 1 < g.nx) join(t, at, at + 1, true, kmh_x, &rng);
            if (y + 1 < g.ny) join(t, at, at + g.nx, x % 4 == 1, kmh_y, &rng);
        }
    return CP_OK;
}

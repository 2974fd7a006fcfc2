/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/geojson.h"

static void position(cp_json *json, const char *key, double lat, double lon)
{
    cp_json_array_flat(json, key);
    cp_json_real(json, NULL, lon, 6);
    cp_json_real(json, NULL, lat, 6);
    cp_json_end(json);
}

static void begin_feature(cp_json *json)
{
    cp_json_object(json, NULL);
    cp_json_text(json, "type", "Feature");
}

static void point_geometry(cp_json *json, double lat, double lon)
{
    cp_json_object_flat(json, "geometry");
    cp_json_text(json, "type", "Point");
    position(json, "coordinates", lat, lon);
    cp_json_end(json);
}

static void write_vault(cp_json *json, const cp_vault *vault)
{
    begin_feature(json);
    point_geometry(json, vault->lat_deg, vault->lon_deg);
    cp_json_object(json, "properties");
    cp_json_text(json, "what", "vault");
    cp_json_text(json, "code", vault->code);
    cp_json_text(json, "name", vault->name);
    cp_json_end(json);
    cp_json_end(json);
}

/* A line needs two positions: an open route of one stop has none. */
static void write_line(cp_json *json, const cp_export_plan *ex, const cp_plan_route *route)
{
    const cp_vault *vault = &ex->net->vaults[route->vault];
    const bool open = ex->net->cars[route->car].open_route;
    if (open && route->n_stops < 2) {
        cp_json_null(json, "geometry");
        return;
    }
    cp_json_object(json, "geometry");
    cp_json_text(json, "type", "LineString");
    cp_json_array_flat(json, "coordinates");
    if (!open) position(json, NULL, vault->lat_deg, vault->lon_deg);
    for (int32_t k = 0; k < route->n_stops; k++) {
        const cp_plan_stop *stop = &ex->plan->stops[route->first_stop + k];
        const cp_site *site = &ex->net->sites[stop->site];
        if (k > 0 && stop->trip != stop[-1].trip)
            position(json, NULL, vault->lat_deg, vault->lon_deg);
        position(json, NULL, site->lat_deg, site->lon_deg);
    }
    if (!open) position(json, NULL, vault->lat_deg, vault->lon_deg);
    cp_json_end(json);
    cp_json_end(json);
}

static void write_route(cp_json *json, const cp_export_plan *ex, const cp_plan_route *route)
{
    begin_feature(json);
    write_line(json, ex, route);
    cp_json_object(json, "properties");
    cp_json_text(json, "what", "route");
    cp_json_day(json, "day", ex->plan->first_day + route->t);
    cp_json_text(json, "vault", ex->net->vaults[route->vault].code);
    cp_json_text(json, "car", ex->net->cars[route->car].code);
    cp_json_minute(json, "departure", route->depart_min);
    cp_json_minute(json, "return", route->return_min);
    cp_json_int(json, "stops", route->n_stops);
    cp_json_int(json, "distance_m", route->dist_m);
    cp_json_int(json, "most_on_board_minor", route->most_on_board_minor);
    cp_json_end(json);
    cp_json_end(json);
}

static void write_stop(cp_json *json, const cp_export_plan *ex, const cp_plan_route *route,
                       int32_t k)
{
    const int32_t at = route->first_stop + k;
    const cp_plan_stop *stop = &ex->plan->stops[at];
    const cp_site *site = &ex->net->sites[stop->site];
    begin_feature(json);
    point_geometry(json, site->lat_deg, site->lon_deg);
    cp_json_object(json, "properties");
    cp_json_text(json, "what", "stop");
    cp_json_day(json, "day", ex->plan->first_day + route->t);
    cp_json_text(json, "car", ex->net->cars[route->car].code);
    cp_json_int(json, "number", k + 1);
    cp_json_text(json, "site", site->code);
    cp_json_text(json, "name", site->name);
    cp_json_minute(json, "arrival", stop->arrive_min);
    cp_json_minute(json, "leave", stop->leave_min);
    cp_json_int(json, "tasks", ex->index.stop_n[at]);
    cp_json_int(json, "on_board_after_minor", stop->on_board_minor);
    cp_json_end(json);
    cp_json_end(json);
}

cp_status cp_geojson_write(cp_ctx *ctx, const cp_export_plan *ex, int32_t first_t, int32_t last_t,
                           const char *path)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_outfile out;
    CP_TRY(cp_outfile_open(ctx, path, &out));
    cp_json json = cp_json_start(&out, true, false);
    cp_json_object(&json, NULL);
    cp_json_text(&json, "type", "FeatureCollection");
    /* Members of our own beside those of the RFC are allowed (section 6.1). */
    cp_json_export_head(&json, ex, "cashplan.routes/1");
    cp_json_array(&json, "features");
    for (int32_t v = 0; v < ex->net->n_vaults; v++)
        if (ex->net->vaults[v].status == CP_VAULT_EXISTING) write_vault(&json, &ex->net->vaults[v]);
    for (int32_t r = 0; r < ex->plan->n_routes; r++) {
        const cp_plan_route *route = &ex->plan->routes[r];
        if (route->t < first_t || route->t > last_t) continue;
        write_route(&json, ex, route);
        for (int32_t k = 0; k < route->n_stops; k++)
            write_stop(&json, ex, route, k);
    }
    cp_json_end(&json);
    cp_json_end(&json);
    const cp_status st = cp_outfile_close(ctx, &out, CP_OK);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

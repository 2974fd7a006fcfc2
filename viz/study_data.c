/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viz/study_data.h"

#include <math.h>
#include <string.h>

#include "viz/page_column.h"
#include "viz/page_data.h"

typedef struct writer {
    const cp_study_result *r;
    cp_json json;
    const cp_study_use **row; /* rows of the table of vaults being written */
    int32_t *place;           /* and whose they are */
} writer;

#define COLUMN_BOOL(json, name, n, item)                                                           \
    do {                                                                                           \
        cp_json_array_flat((json), (name));                                                        \
        for (int32_t k = 0; k < (n); k++)                                                          \
            cp_json_bool((json), NULL, (item));                                                    \
        cp_json_end(json);                                                                         \
    } while (0)

static void write_meta(writer *w)
{
    cp_json *json = &w->json;
    cp_json_object(json, "meta");
    cp_json_text(json, "name", w->r->name);
    cp_json_text(json, "title", w->r->title);
    cp_json_text(json, "currency", w->r->currency);
    cp_json_int(json, "exponent", w->r->exponent);
    cp_json_day(json, "day", w->r->day);
    cp_json_end(json);
    COLUMN_TEXT(json, "periods", w->r->n_periods, w->r->periods[k]);
}

static void write_places(writer *w)
{
    cp_json *json = &w->json;
    const cp_study_place *p = w->r->places;
    const int32_t n = w->r->n_places;
    cp_json_object(json, "places");
    COLUMN_TEXT(json, "code", n, p[k].code);
    COLUMN_TEXT(json, "name", n, p[k].name);
    COLUMN_REAL(json, "lat", n, p[k].lat_deg, 6);
    COLUMN_REAL(json, "lon", n, p[k].lon_deg, 6);
    COLUMN_INT(json, "origin", n, (int64_t)p[k].origin);
    cp_json_end(json);
    const cp_study_client *c = w->r->clients;
    const int32_t n_clients = w->r->n_clients;
    cp_json_object(json, "clients");
    COLUMN_TEXT(json, "code", n_clients, c[k].code);
    COLUMN_TEXT(json, "name", n_clients, c[k].name);
    COLUMN_REAL(json, "lat", n_clients, c[k].lat_deg, 5);
    COLUMN_REAL(json, "lon", n_clients, c[k].lon_deg, 5);
    COLUMN_REAL(json, "stops", n_clients, c[k].stops, 1);
    COLUMN_INT(json, "value", n_clients, c[k].value);
    COLUMN_INT(json, "notes", n_clients, c[k].notes);
    COLUMN_INT(json, "today", n_clients, c[k].today);
    COLUMN_INT(json, "unreachable", n_clients, c[k].unreachable);
    cp_json_end(json);
}

static void write_cost(cp_json *json, const cp_study_cost *c)
{
    cp_json_object(json, "cost");
    cp_json_int(json, "run", c->run);
    cp_json_int(json, "begin", c->begin);
    cp_json_int(json, "end", c->end);
    cp_json_int(json, "service", c->service);
    cp_json_int(json, "left", c->left);
    cp_json_int(json, "total", c->total);
    cp_json_end(json);
}

static void write_operation(cp_json *json, const cp_study_operation *o)
{
    cp_json_object(json, "operation");
    cp_json_bool(json, "done", o->done);
    cp_json_text(json, "why_not", o->why_not);
    cp_json_int(json, "days", o->n_days);
    cp_json_int(json, "cost", o->cost);
    cp_json_int(json, "routes", o->routes);
    cp_json_int(json, "visits", o->visits);
    cp_json_int(json, "vaults", o->vaults);
    if (o->bound >= 0)
        cp_json_int(json, "bound", o->bound);
    else
        cp_json_null(json, "bound");
    cp_json_int(json, "rank", o->rank);
    cp_json_int(json, "model_rank", o->model_rank);
    cp_json_int(json, "stops", o->stops);
    cp_json_int(json, "cars", o->cars);
    cp_json_int(json, "late_orders", o->late_orders);
    cp_json_int(json, "service_ppm", o->service_ppm);
    cp_json_end(json);
}

/* A place that is closed, was never asked about and changed nothing has nothing to tell. */
static bool tells(const cp_study_use *u)
{
    return u->size >= 0 || u->has_break_even || u->gained > 0 || u->lost > 0;
}

/* The vaults of one scenario and period. */
static void write_use(writer *w, const cp_study_use *use)
{
    cp_json *json = &w->json;
    int32_t n = 0;
    for (int32_t p = 0; p < w->r->n_places; p++)
        if (tells(&use[p])) {
            w->row[n] = &use[p];
            w->place[n++] = p;
        }
    const cp_study_use *const *u = w->row;
    static const char *const load[] = {"value", "notes", "stops"};
    static const char *const room[] = {"value_room", "notes_room", "stops_room"};
    cp_json_object(json, NULL);
    COLUMN_INT(json, "place", n, w->place[k]);
    COLUMN_INT(json, "size", n, u[k]->size);
    COLUMN_TEXT(json, "size_name", n, u[k]->size_name);
    COLUMN_INT(json, "clients", n, u[k]->n_clients);
    for (int32_t i = 0; i < 3; i++) {
        COLUMN_REAL(json, load[i], n, u[k]->load[i], 2);
        COLUMN_REAL(json, room[i], n, u[k]->room[i], 2);
    }
    COLUMN_INT(json, "gained", n, u[k]->gained);
    COLUMN_INT(json, "lost", n, u[k]->lost);
    COLUMN_INT(json, "worst_s", n, u[k]->worst_s);
    COLUMN_REAL(json, "mean_s", n, u[k]->mean_s, 1);
    COLUMN_INT(json, "cost", n, u[k]->cost);
    cp_json_array_flat(json, "break_even");
    for (int32_t k = 0; k < n; k++)
        if (u[k]->has_break_even)
            cp_json_int(json, NULL, u[k]->break_even);
        else
            cp_json_null(json, NULL);
    cp_json_end(json);
    COLUMN_INT(json, "break_even_proven", n, u[k]->break_even_proven);
    cp_json_end(json);
}

/* Who served `client` in a block, and how far away; (-1, -1) where `block` is no block. */
typedef struct served {
    int32_t server, seconds;
} served;

static served served_in(const cp_study_result *r, int32_t block, int32_t client)
{
    if (block < 0) return (served){-1, -1};
    const cp_study_scenario *s = &r->scenarios[block / r->n_periods];
    const int64_t at = (int64_t)(block % r->n_periods) * r->n_clients + client;
    return (served){s->server[at], s->seconds[at]};
}

static bool differs(const cp_study_result *r, int32_t a, int32_t b, int32_t client)
{
    const served x = served_in(r, a, client), y = served_in(r, b, client);
    return x.server != y.server || x.seconds != y.seconds;
}

static int32_t n_differing(const cp_study_result *r, int32_t a, int32_t b)
{
    int32_t n = 0;
    for (int32_t i = 0; i < r->n_clients; i++)
        n += differs(r, a, b, i);
    return n;
}

static bool has_service(const cp_study_scenario *s)
{
    return s->server != NULL && s->seconds != NULL;
}

/* The block that `block` is most like: of its base, the scenario before and the period before. */
static int32_t most_like(const cp_study_result *r, int32_t block)
{
    const int32_t s = block / r->n_periods, period = block % r->n_periods;
    int32_t asked[3] = {period > 0 ? block - 1 : -1, -1, -1};
    for (int32_t e = 0; e < s; e++) {
        if (!has_service(&r->scenarios[e])) continue;
        asked[1] = e * r->n_periods + period;
        if (strcmp(r->scenarios[e].name, r->scenarios[s].base) == 0) asked[2] = asked[1];
    }
    int32_t best = -1, least = n_differing(r, block, -1);
    for (int32_t k = 0; k < 3; k++) {
        if (asked[k] < 0) continue;
        const int32_t n = n_differing(r, block, asked[k]);
        if (n < least) {
            least = n;
            best = asked[k];
        }
    }
    return best;
}

static void write_service(writer *w, int32_t block)
{
    const cp_study_result *r = w->r;
    cp_json *json = &w->json;
    const int32_t like = most_like(r, block);
    cp_json_object(json, NULL);
    cp_json_int(json, "like", like);
    cp_json_array_flat(json, "step");
    int32_t before = 0;
    for (int32_t i = 0; i < r->n_clients; i++) {
        if (!differs(r, block, like, i)) continue;
        cp_json_int(json, NULL, i - before);
        before = i;
    }
    cp_json_end(json);
    cp_json_array_flat(json, "server");
    for (int32_t i = 0; i < r->n_clients; i++)
        if (differs(r, block, like, i)) cp_json_int(json, NULL, served_in(r, block, i).server);
    cp_json_end(json);
    cp_json_array_flat(json, "seconds");
    for (int32_t i = 0; i < r->n_clients; i++)
        if (differs(r, block, like, i)) cp_json_int(json, NULL, served_in(r, block, i).seconds);
    cp_json_end(json);
    cp_json_end(json);
}

static void write_figures(cp_json *json, const cp_study_scenario *s)
{
    cp_json_bool(json, "found", s->found);
    cp_json_bool(json, "proven", s->proven);
    cp_json_real(json, "objective", s->found ? s->objective : NAN, 2);
    cp_json_real(json, "bound", s->bound, 2); /* -INFINITY: null */
    cp_json_text(json, "why_not", s->why_not);
    write_cost(json, &s->cost);
    cp_json_int(json, "radius_s", s->radius_s);
    cp_json_int(json, "radius_m", s->radius_m);
    cp_json_int(json, "n_open", s->n_open);
    cp_json_int(json, "n_closed", s->n_closed);
    cp_json_int(json, "n_opened", s->n_opened);
    cp_json_int(json, "n_beyond", s->n_beyond);
    cp_json_int(json, "n_left", s->n_left);
    cp_json_int(json, "n_unreachable", s->n_unreachable);
    cp_json_int(json, "worst_s", s->worst_s);
    cp_json_real(json, "mean_s", s->mean_s, 1);
    cp_json_real(json, "covered", s->covered, 6);
    cp_json_real(json, "cpu_s", s->cpu_s, 2);
}

static void write_scenario(writer *w, int32_t at)
{
    const cp_study_result *r = w->r;
    const cp_study_scenario *s = &r->scenarios[at];
    cp_json *json = &w->json;
    cp_json_object(json, NULL);
    cp_json_text(json, "name", s->name);
    cp_json_text(json, "base", s->base);
    cp_json_text(json, "changes", s->changes);
    write_figures(json, s);
    write_operation(json, &s->operation);
    cp_json_array(json, "use");
    for (int32_t t = 0; s->use != NULL && t < r->n_periods; t++)
        write_use(w, &s->use[(int64_t)t * r->n_places]);
    cp_json_end(json);
    cp_json_array(json, "service");
    for (int32_t t = 0; has_service(s) && t < r->n_periods; t++)
        write_service(w, at * r->n_periods + t);
    cp_json_end(json);
    cp_json_end(json);
}

static void write_curves(writer *w)
{
    cp_json *json = &w->json;
    cp_json_array(json, "curves");
    for (int32_t i = 0; i < w->r->n_curves; i++) {
        const cp_study_curve *c = &w->r->curves[i];
        const cp_study_point *p = c->points;
        cp_json_object(json, NULL);
        cp_json_text(json, "name", c->name);
        cp_json_text(json, "unit", c->unit);
        COLUMN_REAL(json, "x", c->n_points, p[k].x, 6);
        COLUMN_BOOL(json, "found", c->n_points, p[k].found);
        COLUMN_BOOL(json, "proven", c->n_points, p[k].proven);
        COLUMN_REAL(json, "objective", c->n_points, p[k].found ? p[k].objective : NAN, 2);
        COLUMN_REAL(json, "bound", c->n_points, p[k].bound, 2);
        COLUMN_INT(json, "n_open", c->n_points, p[k].n_open);
        COLUMN_TEXT(json, "open", c->n_points, p[k].open);
        cp_json_end(json);
    }
    cp_json_end(json);
}

static cp_status write_roads(cp_ctx *ctx, cp_json *json, const cp_network *net)
{
    static const char *const columns[] = {"lat", "lon", "from", "to"};
    if (net != NULL) return cp_page_write_roads(ctx, json, net);
    cp_json_object(json, "roads");
    for (int32_t c = 0; c < 4; c++) {
        cp_json_array_flat(json, columns[c]);
        cp_json_end(json);
    }
    cp_json_int(json, "left_out", 0);
    cp_json_end(json);
    return CP_OK;
}

cp_status cp_study_data_write(cp_ctx *ctx, const cp_study_result *r, const cp_network *net,
                              bool html, cp_outfile *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    writer w = {.r = r, .json = cp_json_start(out, false, html)};
    CP_NEW(ctx, ctx->scratch, w.row, (size_t)r->n_places + 1);
    CP_NEW(ctx, ctx->scratch, w.place, (size_t)r->n_places + 1);
    cp_json_object(&w.json, NULL);
    cp_json_text(&w.json, "schema", "cashplan.study_page/1");
    write_meta(&w);
    write_places(&w);
    cp_json_array(&w.json, "scenarios");
    for (int32_t s = 0; s < r->n_scenarios; s++)
        write_scenario(&w, s);
    cp_json_end(&w.json);
    write_curves(&w);
    CP_TRY(write_roads(ctx, &w.json, net));
    cp_json_end(&w.json);
    cp_outfile_text(out, "\n");
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/network_build.h"

#include <stdlib.h>
#include <string.h>

#include "models/net/build.h"
#include "models/net/calendar.h"
#include "models/net/settings.h"
#include "models/net/tariff.h"
#include "models/net/travel.h"

#define HORIZON_MAX 60

static void merge(const int32_t *from, int32_t *to, const int32_t bound[3], cp_compare_fn *compare,
                  const void *user)
{
    int32_t i = bound[0], j = bound[1];
    for (int32_t k = bound[0]; k < bound[2]; k++) {
        const bool left = j >= bound[2] || (i < bound[1] && compare(user, from[i], from[j]) <= 0);
        to[k] = left ? from[i++] : from[j++];
    }
}

cp_status cp_build_order(cp_ctx *ctx, int32_t n, cp_compare_fn *compare, const void *user,
                         int32_t *order)
{
    bool sorted = true;
    for (int32_t i = 1; i < n && sorted; i++)
        sorted = compare(user, order[i - 1], order[i]) <= 0;
    if (sorted) return CP_OK;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    int32_t *other = NULL;
    CP_NEW(ctx, ctx->scratch, other, n);
    int32_t *from = order, *to = other;
    for (int64_t width = 1; width < n; width *= 2) {
        for (int64_t lo = 0; lo < n; lo += 2 * width) {
            const int64_t mid = lo + width < n ? lo + width : n;
            const int64_t hi = lo + 2 * width < n ? lo + 2 * width : n;
            const int32_t bound[3] = {(int32_t)lo, (int32_t)mid, (int32_t)hi};
            merge(from, to, bound, compare, user);
        }
        int32_t *const swap = from;
        from = to;
        to = swap;
    }
    if (from != order) memcpy(order, from, (size_t)n * sizeof *order);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_build_permute(cp_build *b, cp_entity_id id, const int32_t *order)
{
    const cp_entity *entity = &cp_entities[id];
    const int32_t n = *cp_rows_count(&b->net->rows, entity);
    char *rows = *cp_rows_array(&b->net->rows, entity);
    const cp_arena_mark mark = cp_arena_here(b->ctx->scratch);
    char *copy = cp_alloc(b->ctx, b->ctx->scratch, (size_t)n, entity->row_size);
    if (copy == NULL) return CP_E_NOMEM;
    int32_t *place = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, place, n);
    if (n > 0) memcpy(copy, rows, (size_t)n * entity->row_size);
    for (int32_t i = 0; i < n; i++) {
        place[order[i]] = i;
        memcpy(rows + (size_t)i * entity->row_size, copy + (size_t)order[i] * entity->row_size,
               entity->row_size);
    }
    cp_lookup *lookup = &b->lookup[id];
    for (int32_t i = 0; i < lookup->n; i++)
        lookup->index[i] = place[lookup->index[i]];
    cp_arena_rewind(b->ctx->scratch, mark);
    return CP_OK;
}

/* Copies of the rows; texts stay where they are, missing ones become empty. */
static cp_status copy_rows(cp_ctx *ctx, cp_rows *from, cp_rows *to)
{
    for (int32_t e = 0; e < CP_N_ENTITIES; e++) {
        const cp_entity *entity = &cp_entities[e];
        const int32_t n = *cp_rows_count(from, entity);
        char *rows = cp_alloc(ctx, ctx->run, (size_t)n, entity->row_size);
        if (rows == NULL) return CP_E_NOMEM;
        if (n > 0) memcpy(rows, *cp_rows_array(from, entity), (size_t)n * entity->row_size);
        for (int32_t i = 0; i < n; i++)
            for (int32_t f = 0; f < entity->n_fields; f++) {
                const cp_field *field = &entity->fields[f];
                if (field->type != CP_FIELD_TEXT && field->type != CP_FIELD_CODE) continue;
                char *at = rows + (size_t)i * entity->row_size + field->offset;
                const char *text = NULL;
                memcpy(&text, at, sizeof text);
                if (text == NULL) text = "";
                memcpy(at, &text, sizeof text);
            }
        *cp_rows_array(to, entity) = rows;
        *cp_rows_count(to, entity) = n;
    }
    return CP_OK;
}

typedef struct row_set {
    const cp_entity *entity;
    const char *rows;
} row_set;

static int compare_keys(const void *user, int32_t i, int32_t j)
{
    const row_set *s = user;
    return cp_row_compare(s->entity, s->rows + (size_t)i * s->entity->row_size,
                          s->rows + (size_t)j * s->entity->row_size);
}

static cp_status twice(cp_build *b, const row_set *s, int32_t i)
{
    const char *name = "";
    for (int32_t f = 0; f < s->entity->n_key && name != NULL; f++) {
        const char *text = cp_field_text(b->ctx, b->ctx->scratch, &s->entity->fields[f],
                                         s->rows + (size_t)i * s->entity->row_size);
        if (text == NULL) return CP_E_NOMEM;
        name = cp_strf(b->ctx, b->ctx->scratch, "%s %s", name, text);
    }
    if (name == NULL) return CP_E_NOMEM;
    return cp_build_problem(b, "%s%s: given twice", s->entity->name, name);
}

static cp_status sort_rows(cp_build *b)
{
    for (int32_t e = 0; e < CP_N_ENTITIES; e++) {
        const cp_entity *entity = &cp_entities[e];
        const row_set s = {entity, *cp_rows_array(&b->net->rows, entity)};
        const int32_t n = *cp_rows_count(&b->net->rows, entity);
        const cp_arena_mark mark = cp_arena_here(b->ctx->scratch);
        int32_t *order = NULL;
        CP_NEW(b->ctx, b->ctx->scratch, order, n);
        for (int32_t i = 0; i < n; i++)
            order[i] = i;
        CP_TRY(cp_build_order(b->ctx, n, compare_keys, &s, order));
        CP_TRY(cp_build_permute(b, (cp_entity_id)e, order));
        cp_arena_rewind(b->ctx->scratch, mark);
        for (int32_t i = 1; i < n && entity->n_key > 0; i++)
            if (compare_keys(&s, i - 1, i) == 0) CP_TRY(twice(b, &s, i));
    }
    return CP_OK;
}

static cp_status read_settings(cp_build *b)
{
    const cp_status st = cp_settings_from_rows(b->ctx, b->net->rows.setting, b->net->rows.n_setting,
                                               &b->net->settings);
    if (st != CP_E_INPUT) return st;
    char text[CP_ERROR_TEXT_MAX];
    memcpy(text, b->ctx->error.text, sizeof text);
    cp_error_clear(b->ctx);
    b->net->settings = cp_settings_defaults();
    return cp_build_problem(b, "%s", text);
}

static int compare_points(const void *user, int32_t i, int32_t j)
{
    const cp_point *a = (const cp_point *)user + i, *b = (const cp_point *)user + j;
    return (a->site > b->site) - (a->site < b->site); /* already by code */
}

static int compare_cars(const void *user, int32_t i, int32_t j)
{
    const cp_car *a = (const cp_car *)user + i, *b = (const cp_car *)user + j;
    return (a->vault > b->vault) - (a->vault < b->vault); /* already by code */
}

static int compare_cassettes(const void *user, int32_t i, int32_t j)
{
    const cp_cassette *a = (const cp_cassette *)user + i, *b = (const cp_cassette *)user + j;
    if (a->point != b->point) return a->point < b->point ? -1 : 1;
    return (a->slot > b->slot) - (a->slot < b->slot);
}

static cp_status reorder(cp_build *b, cp_entity_id id, cp_compare_fn *compare)
{
    const cp_entity *entity = &cp_entities[id];
    const int32_t n = *cp_rows_count(&b->net->rows, entity);
    const cp_arena_mark mark = cp_arena_here(b->ctx->scratch);
    int32_t *order = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, order, n);
    for (int32_t i = 0; i < n; i++)
        order[i] = i;
    CP_TRY(cp_build_order(b->ctx, n, compare, *cp_rows_array(&b->net->rows, entity), order));
    CP_TRY(cp_build_permute(b, id, order));
    cp_arena_rewind(b->ctx->scratch, mark);
    return CP_OK;
}

/* Spans of points in sites and of cassettes in points. */
static void mark_spans(cp_network *net)
{
    cp_rows *r = &net->rows;
    for (int32_t i = 0; i < r->n_site; i++)
        r->site[i].first_point = r->site[i].n_points = 0;
    for (int32_t p = 0; p < r->n_point; p++) {
        cp_site *site = &r->site[r->point[p].site];
        if (site->n_points++ == 0) site->first_point = p;
        r->point[p].first_cassette = r->point[p].n_cassettes = 0;
    }
    for (int32_t c = 0; c < r->n_cassette; c++) {
        cp_point *point = &r->point[r->cassette[c].point];
        if (point->n_cassettes++ == 0) point->first_cassette = c;
    }
}

static void publish(cp_network *net)
{
    const cp_rows *r = &net->rows;
    net->n_sites = r->n_site;
    net->n_points = r->n_point;
    net->n_vaults = r->n_vault;
    net->n_cassettes = r->n_cassette;
    net->n_cars = r->n_car;
    net->n_denoms = r->n_denomination;
    net->n_models = r->n_cassette_model;
    net->sites = r->site;
    net->points = r->point;
    net->vaults = r->vault;
    net->cassettes = r->cassette;
    net->cars = r->car;
    net->denoms = r->denomination;
    net->models = r->cassette_model;
}

static void fill_settings_in(cp_network *net)
{
    for (int32_t p = 0; p < net->rows.n_point; p++) {
        cp_point *point = &net->rows.point[p];
        if (point->service_level_ppm < 0)
            point->service_level_ppm = net->settings.service_level_ppm;
        /* Rows made in memory may hold 0 where the day 1970-01-01 cannot be meant. */
        if (point->earliest_day == 0) point->earliest_day = CP_DAY_NONE;
        if (point->latest_day == 0) point->latest_day = CP_DAY_NONE;
    }
}

static cp_status index_rows(cp_build *b)
{
    CP_TRY(sort_rows(b));
    CP_TRY(read_settings(b));
    CP_TRY(cp_build_lookups(b));
    CP_TRY(cp_build_merge_sites(b));
    CP_TRY(cp_build_resolve(b, 0));
    CP_TRY(cp_build_zones(b));
    CP_TRY(reorder(b, CP_ENTITY_POINT, compare_points));
    CP_TRY(reorder(b, CP_ENTITY_CAR, compare_cars));
    CP_TRY(cp_build_resolve(b, 1));
    CP_TRY(cp_build_verdict(b));
    CP_TRY(reorder(b, CP_ENTITY_CASSETTE, compare_cassettes));
    mark_spans(b->net);
    fill_settings_in(b->net);
    publish(b->net);
    return CP_OK;
}

/* A stop by the code of a site or vault, as travel_pair rows name it. */
static cp_status stop_of(cp_build *b, const char *code, int32_t *out)
{
    const int32_t site = cp_lookup_find(&b->lookup[CP_ENTITY_SITE], code);
    const int32_t vault = cp_lookup_find(&b->lookup[CP_ENTITY_VAULT], code);
    *out = site >= 0 ? site : b->net->n_sites + vault;
    if (site < 0 && vault < 0)
        return cp_build_problem(b, "travel_pair: '%s' is no site and no vault", code);
    if (site >= 0 && vault >= 0)
        return cp_build_problem(b, "travel_pair: '%s' is a site and a vault; it must be one", code);
    return CP_OK;
}

static cp_status travel(cp_build *b)
{
    const int32_t n = b->net->rows.n_travel_pair;
    int32_t *from = NULL, *to = NULL;
    CP_NEW(b->ctx, b->ctx->scratch, from, n);
    CP_NEW(b->ctx, b->ctx->scratch, to, n);
    for (int32_t i = 0; i < n; i++) {
        CP_TRY(stop_of(b, b->net->rows.travel_pair[i].from_code, &from[i]));
        CP_TRY(stop_of(b, b->net->rows.travel_pair[i].to_code, &to[i]));
    }
    CP_TRY(cp_build_verdict(b));
    return cp_travel_build(b->ctx, b->net, from, to, b->roads);
}

static cp_status build(cp_build *b, cp_day first_day, int32_t n_days, cp_day *balance_day)
{
    cp_network *net = b->net;
    net->first_day = first_day;
    net->n_days = n_days == 0 ? net->settings.horizon_days : n_days;
    if (net->n_days < 1 || net->n_days > HORIZON_MAX)
        CP_TRY(cp_build_problem(b, "horizon of %d days; must be 1 to %d", (int)net->n_days,
                                HORIZON_MAX));
    CP_TRY(cp_build_balances(b, balance_day));
    CP_TRY(cp_build_channels(b));
    CP_TRY(cp_build_currency(b));
    CP_TRY(cp_tariff_index(b->ctx, net));
    CP_TRY(cp_calendar_index(b->ctx, net));
    return travel(b);
}

cp_status cp_network_build_with_roads(cp_ctx *ctx, const cp_rows *rows, cp_day first_day,
                                      int32_t n_days, const cp_road_legs *roads, cp_network **out,
                                      cp_day **balance_day)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_build *b = NULL;
    CP_NEW(ctx, ctx->scratch, b, 1);
    b->ctx = ctx;
    b->roads = roads;
    CP_NEW(ctx, ctx->run, b->net, 1);
    cp_rows from = *rows;
    CP_TRY(copy_rows(ctx, &from, &b->net->rows));
    CP_TRY(index_rows(b));
    cp_day *days = NULL;
    CP_NEW(ctx, ctx->run, days, b->net->n_points);
    CP_TRY(build(b, first_day, n_days, days));
    *out = b->net;
    if (balance_day != NULL) *balance_day = days;
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_network_build(cp_ctx *ctx, const cp_rows *rows, cp_day first_day, int32_t n_days,
                           cp_network **out, cp_day **balance_day)
{
    return cp_network_build_with_roads(ctx, rows, first_day, n_days, NULL, out, balance_day);
}

static cp_status make_roads(cp_build *b, const uint64_t *stored, cp_road_legs **out)
{
    cp_network *net = b->net;
    cp_road_legs *legs = NULL;
    CP_TRY(index_rows(b));
    CP_TRY(cp_travel_lay_out(b->ctx, net));
    if (net->n_sites + net->n_vaults < 2) return CP_OK;
    if (stored != NULL && *stored == cp_roads_hash(net)) return CP_OK;
    for (int32_t v = 0; v < net->n_vaults; v++)
        if (cp_lookup_find(&b->lookup[CP_ENTITY_SITE], net->vaults[v].code) >= 0)
            CP_FAIL(b->ctx, CP_E_INPUT, "'%s' is a site and a vault; it must be one",
                    net->vaults[v].code);
    CP_NEW(b->ctx, b->ctx->run, legs, 1);
    CP_TRY(cp_roads_make(b->ctx, b->ctx->run, net, legs));
    *out = legs;
    return CP_OK;
}

cp_status cp_network_roads(cp_ctx *ctx, const cp_rows *rows, const uint64_t *stored,
                           cp_road_legs **out)
{
    *out = NULL;
    if (rows->n_road_node == 0 || rows->n_road_link == 0) return CP_OK;
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_build *b = NULL;
    CP_NEW(ctx, ctx->scratch, b, 1);
    b->ctx = ctx;
    CP_NEW(ctx, ctx->run, b->net, 1);
    cp_rows from = *rows;
    CP_TRY(copy_rows(ctx, &from, &b->net->rows));
    CP_TRY(make_roads(b, stored, out));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/travel.h"

#include <math.h>
#include <string.h>

#define EARTH_M 6371008.8
#define RAD (3.14159265358979323846 / 180)
#define SECONDS_MAX 1e9
#define NOT_GIVEN 2 /* in block_estimated while the table is made */

double cp_circle_m(double lat1, double lon1, double lat2, double lon2)
{
    const double s = sin((lat2 - lat1) * RAD / 2), t = sin((lon2 - lon1) * RAD / 2);
    const double h = s * s + cos(lat1 * RAD) * cos(lat2 * RAD) * t * t;
    return 2 * EARTH_M * asin(sqrt(h < 1 ? h : 1));
}

static double circle(const cp_network *net, int32_t a, int32_t b)
{
    const cp_spot p = cp_stop_place(net, a), q = cp_stop_place(net, b);
    return cp_circle_m(p.lat, p.lon, q.lat, q.lon);
}

/* Whole seconds, rounded up; a billionth is forgiven so that 60.0000000001 stays 60. */
static int32_t whole_seconds(const cp_settings *s, double seconds, bool estimated)
{
    seconds *= s->overload_factor;
    if (estimated) seconds *= s->estimate_factor;
    if (seconds > SECONDS_MAX) return (int32_t)SECONDS_MAX;
    return (int32_t)ceil(seconds * (1 - 1e-12) - 1e-9);
}

static int32_t whole_metres(double metres)
{
    return metres > SECONDS_MAX ? (int32_t)SECONDS_MAX : (int32_t)floor(metres + 0.5);
}

static double circle_seconds(const cp_settings *s, double circle_m)
{
    return circle_m * s->circle_factor * 3.6 / s->circle_speed_kmh;
}

int32_t cp_travel_far_s(const cp_network *net, int32_t a, int32_t b)
{
    return whole_seconds(&net->settings, circle_seconds(&net->settings, circle(net, a, b)), true);
}

int32_t cp_travel_far_m(const cp_network *net, int32_t a, int32_t b)
{
    return whole_metres(circle(net, a, b) * net->settings.circle_factor);
}

bool cp_travel_fit(const double *km, const double *minutes, int64_t n, double *a, double *b)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    int64_t used = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!(km[i] > 0) || !(minutes[i] > 0)) continue;
        const double x = log(km[i]), y = log(minutes[i]);
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
        used++;
    }
    if (used < CP_TRAVEL_FIT_MIN) return false;
    const double m = (double)used;
    const double spread = sxx - sx * sx / m;
    if (spread < 1e-9) return false;
    *b = (sxy - sx * sy / m) / spread;
    *a = exp((sy - *b * sx) / m);
    return *b > 0 && *b <= 2;
}

/* The table while it is made; `member` lists the stops of every block. */
typedef struct table {
    cp_ctx *ctx;
    cp_network *net;
    int32_t *block, *place;
    cp_travel_block *blocks;
    int32_t n_blocks;
    int32_t *member, *first_member;
    int32_t *seconds, *metres;
    uint8_t *estimated;
    int64_t n_cells;
} table;

/* Blocks by zone: a vault without sites needs none, but there is always one. */
static cp_status lay_out(table *t)
{
    const cp_network *net = t->net;
    const int32_t n = net->n_sites + net->n_vaults;
    const bool one = n <= CP_TRAVEL_ONE_BLOCK_MAX || net->n_vaults == 0;
    int32_t *of_vault = NULL;
    CP_NEW(t->ctx, t->ctx->scratch, of_vault, net->n_vaults + 1);
    CP_NEW(t->ctx, t->ctx->run, t->block, n);
    CP_NEW(t->ctx, t->ctx->run, t->place, n);
    CP_NEW(t->ctx, t->ctx->run, t->blocks, net->n_vaults + 1);
    for (int32_t i = 0; i < net->n_sites; i++) {
        int32_t *k = &of_vault[one ? 0 : net->sites[i].vault];
        if (*k == 0) *k = ++t->n_blocks;
        t->block[i] = *k - 1;
        t->place[i] = t->blocks[*k - 1].width++;
    }
    if (t->n_blocks == 0) t->n_blocks = 1;
    for (int32_t v = 0; v < net->n_vaults; v++) {
        t->block[net->n_sites + v] = -1;
        t->place[net->n_sites + v] = v - net->n_vaults;
    }
    for (int32_t k = 0; k < t->n_blocks; k++) {
        t->blocks[k].width += net->n_vaults;
        t->blocks[k].offset = t->n_cells;
        t->n_cells += (int64_t)t->blocks[k].width * t->blocks[k].width;
    }
    return CP_OK;
}

static cp_status list_members(table *t)
{
    const cp_network *net = t->net;
    CP_NEW(t->ctx, t->ctx->scratch, t->first_member, t->n_blocks + 1);
    for (int32_t k = 0; k < t->n_blocks; k++)
        t->first_member[k + 1] = t->first_member[k] + t->blocks[k].width;
    CP_NEW(t->ctx, t->ctx->scratch, t->member, t->first_member[t->n_blocks]);
    for (int32_t i = 0; i < net->n_sites; i++)
        t->member[t->first_member[t->block[i]] + t->place[i]] = i;
    for (int32_t k = 0; k < t->n_blocks; k++)
        for (int32_t v = 0; v < net->n_vaults; v++)
            t->member[t->first_member[k + 1] - net->n_vaults + v] = net->n_sites + v;
    return CP_OK;
}

static cp_status make_cells(table *t)
{
    CP_NEW(t->ctx, t->ctx->run, t->seconds, t->n_cells);
    CP_NEW(t->ctx, t->ctx->run, t->metres, t->n_cells);
    CP_NEW(t->ctx, t->ctx->run, t->estimated, t->n_cells);
    if (t->n_cells > 0) memset(t->estimated, NOT_GIVEN, (size_t)t->n_cells);
    for (int32_t k = 0; k < t->n_blocks; k++)
        for (int32_t i = 0; i < t->blocks[k].width; i++)
            t->estimated[t->blocks[k].offset + (int64_t)i * t->blocks[k].width + i] = 0;
    return CP_OK;
}

static void publish(table *t, cp_travel_source source)
{
    cp_travel *tr = &t->net->travel;
    tr->n = t->net->n_sites + t->net->n_vaults;
    tr->n_blocks = t->n_blocks;
    tr->blocks = t->blocks;
    tr->block = t->block;
    tr->place = t->place;
    tr->block_seconds = t->seconds;
    tr->block_metres = t->metres;
    tr->block_estimated = t->estimated;
    tr->source = source;
}

/* Writes a pair into one cell; a pair given twice keeps its quicker time. */
static void give(table *t, int64_t cell, const cp_travel_pair *pair, double circle_m)
{
    const cp_settings *s = &t->net->settings;
    const int32_t seconds =
        pair->seconds < 0 ? -1 : whole_seconds(s, pair->seconds, pair->estimated);
    if (t->estimated[cell] != NOT_GIVEN && t->seconds[cell] >= 0 &&
        (seconds < 0 || t->seconds[cell] <= seconds))
        return;
    t->seconds[cell] = seconds;
    t->estimated[cell] = pair->estimated ? 1 : 0;
    t->metres[cell] = pair->metres;
    if (pair->metres < 0) t->metres[cell] = whole_metres(circle_m * s->circle_factor);
    if (seconds < 0) t->metres[cell] = -1;
}

/* Cell of two vaults in block k. */
static int64_t vault_cell(const table *t, int32_t k, int32_t a, int32_t b)
{
    const int32_t width = t->blocks[k].width;
    return t->blocks[k].offset + (int64_t)(width + t->place[a]) * width + width + t->place[b];
}

static void take_pairs(table *t, const int32_t *from, const int32_t *to)
{
    const cp_network *net = t->net;
    for (int32_t i = 0; i < net->rows.n_travel_pair; i++) {
        const cp_travel_pair *pair = &net->rows.travel_pair[i];
        const int32_t a = from[i], b = to[i];
        if (a == b) continue;
        const bool vaults = a >= net->n_sites && b >= net->n_sites;
        for (int32_t k = 0; k < (vaults ? t->n_blocks : 1); k++) {
            int64_t cell = cp_travel_cell(&net->travel, a, b);
            if (vaults) cell = vault_cell(t, k, a, b);
            if (cell >= 0) give(t, cell, pair, circle(net, a, b));
        }
    }
}

typedef struct law {
    double a, b; /* minutes = a * km^b; a = 0: great circle at the setting's speed */
} law;

/* In the order of the cells, so that the sums do not depend on the order of the rows. */
static cp_status find_law(table *t, law *out)
{
    const cp_settings *s = &t->net->settings;
    *out = (law){s->pair_a_min, s->pair_b};
    if (s->pair_a_min > 0 && s->pair_b > 0) return CP_OK;
    *out = (law){0, 0};
    int64_t n = 0;
    for (int64_t c = 0; c < t->n_cells; c++)
        if (t->estimated[c] == 0 && t->seconds[c] > 0) n++;
    if (n < CP_TRAVEL_FIT_MIN) return CP_OK;
    double *km = NULL, *minutes = NULL;
    CP_NEW(t->ctx, t->ctx->scratch, km, n);
    CP_NEW(t->ctx, t->ctx->scratch, minutes, n);
    n = 0;
    for (int32_t k = 0; k < t->n_blocks; k++) {
        const int32_t *member = t->member + t->first_member[k];
        const int32_t width = t->blocks[k].width;
        for (int32_t i = 0; i < width; i++)
            for (int32_t j = 0; j < width; j++) {
                const int64_t c = t->blocks[k].offset + (int64_t)i * width + j;
                if (t->estimated[c] != 0 || t->seconds[c] <= 0) continue;
                km[n] = circle(t->net, member[i], member[j]) / 1000;
                minutes[n++] = t->seconds[c] / (60 * s->overload_factor);
            }
    }
    law fitted = {0, 0};
    if (cp_travel_fit(km, minutes, n, &fitted.a, &fitted.b)) *out = fitted;
    return CP_OK;
}

static void estimate_rest(table *t, law l)
{
    const cp_settings *s = &t->net->settings;
    for (int32_t k = 0; k < t->n_blocks; k++) {
        const int32_t *member = t->member + t->first_member[k];
        const int32_t width = t->blocks[k].width;
        for (int32_t i = 0; i < width; i++)
            for (int32_t j = 0; j < width; j++) {
                const int64_t c = t->blocks[k].offset + (int64_t)i * width + j;
                if (t->estimated[c] != NOT_GIVEN) continue;
                const double m = circle(t->net, member[i], member[j]);
                const double sec = l.a > 0 ? 60 * l.a * pow(m / 1000, l.b) : circle_seconds(s, m);
                t->seconds[c] = whole_seconds(s, sec, true);
                t->metres[c] = whole_metres(m * s->circle_factor);
                t->estimated[c] = 1;
            }
    }
}

/* A vault's pair with a vault is in every block and counted in the first alone. */
static void count(table *t)
{
    cp_travel *tr = &t->net->travel;
    for (int32_t k = 0; k < t->n_blocks; k++) {
        const int32_t width = t->blocks[k].width, sites = width - t->net->n_vaults;
        for (int32_t i = 0; i < width; i++)
            for (int32_t j = 0; j < width; j++) {
                if (i == j || (k > 0 && i >= sites && j >= sites)) continue;
                const int64_t c = t->blocks[k].offset + (int64_t)i * width + j;
                tr->n_pairs++;
                tr->n_estimated += t->estimated[c] != 0;
                tr->n_unreachable += t->seconds[c] < 0;
            }
    }
}

/* Writes the time of a leg wherever no observed pair stands. */
static void take_leg(table *t, int64_t cell, double seconds, int32_t metres)
{
    if (t->estimated[cell] != NOT_GIVEN) return;
    const bool way = seconds >= 0;
    t->seconds[cell] = way ? whole_seconds(&t->net->settings, seconds, false) : -1;
    t->metres[cell] = way ? metres : -1;
    t->estimated[cell] = 0;
}

/* A leg between two vaults goes into every block. */
static void take_legs(table *t, const cp_road_legs *legs, const int32_t *order)
{
    const cp_network *net = t->net;
    const int32_t n = net->n_sites + net->n_vaults;
    int64_t leg = 0;
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            const int32_t a = order[i], b = order[j];
            if (!cp_roads_joins(net, a, b)) continue;
            const bool vaults = a >= net->n_sites && b >= net->n_sites;
            for (int32_t k = 0; k < (vaults ? t->n_blocks : 1); k++)
                take_leg(t, vaults ? vault_cell(t, k, a, b) : cp_travel_cell(&net->travel, a, b),
                         legs->seconds[leg], legs->metres[leg]);
            leg++;
        }
}

static int64_t count_legs(const cp_network *net)
{
    const int32_t n = net->n_sites + net->n_vaults;
    int64_t legs = 0;
    for (int32_t a = 0; a < n; a++)
        for (int32_t b = 0; b < n; b++)
            legs += cp_roads_joins(net, a, b);
    return legs;
}

static cp_status take_roads(table *t, const cp_road_legs *stored)
{
    cp_travel *tr = &t->net->travel;
    cp_road_legs made = {0};
    int32_t *order = NULL;
    tr->roads = CP_ROADS_MADE;
    if (stored != NULL) {
        const bool fits =
            stored->inputs == cp_roads_hash(t->net) && stored->n == count_legs(t->net);
        tr->roads = fits ? CP_ROADS_STORED : CP_ROADS_STALE;
    }
    if (tr->roads != CP_ROADS_STORED) {
        CP_TRY(cp_roads_make(t->ctx, t->ctx->scratch, t->net, &made));
        stored = &made;
    }
    CP_TRY(cp_roads_order(t->ctx, t->ctx->scratch, t->net, &order));
    take_legs(t, stored, order);
    return CP_OK;
}

static bool all_given(const table *t)
{
    for (int64_t c = 0; c < t->n_cells; c++)
        if (t->estimated[c] == NOT_GIVEN) return false;
    return true;
}

static cp_travel_source source_of(const table *t)
{
    if (t->net->rows.n_travel_pair > 0) return all_given(t) ? CP_TRAVEL_MATRIX : CP_TRAVEL_PAIRS;
    return t->net->rows.n_road_node > 0 ? CP_TRAVEL_ROADS : CP_TRAVEL_CIRCLE;
}

cp_status cp_travel_build(cp_ctx *ctx, cp_network *net, const int32_t *pair_from,
                          const int32_t *pair_to, const cp_road_legs *stored)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    table t = {.ctx = ctx, .net = net};
    memset(&net->travel, 0, sizeof net->travel);
    CP_TRY(lay_out(&t));
    CP_TRY(list_members(&t));
    CP_TRY(make_cells(&t));
    publish(&t, CP_TRAVEL_CIRCLE);
    take_pairs(&t, pair_from, pair_to);
    net->travel.source = source_of(&t);
    if (net->rows.n_road_node > 0 && !all_given(&t)) CP_TRY(take_roads(&t, stored));
    law l = {0, 0};
    if (net->rows.n_travel_pair > 0) CP_TRY(find_law(&t, &l));
    estimate_rest(&t, l);
    count(&t);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_travel_lay_out(cp_ctx *ctx, cp_network *net)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    table t = {.ctx = ctx, .net = net};
    memset(&net->travel, 0, sizeof net->travel);
    CP_TRY(lay_out(&t));
    publish(&t, CP_TRAVEL_CIRCLE);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_travel_set(cp_ctx *ctx, cp_network *net, const int32_t *seconds, const int32_t *metres,
                        const uint8_t *estimated)
{
    const int32_t n = net->n_sites + net->n_vaults;
    const int64_t cells = (int64_t)n * n;
    table t = {.ctx = ctx, .net = net, .n_blocks = 1, .n_cells = cells};
    memset(&net->travel, 0, sizeof net->travel);
    CP_NEW(ctx, ctx->run, t.block, n);
    CP_NEW(ctx, ctx->run, t.place, n);
    CP_NEW(ctx, ctx->run, t.blocks, 1);
    CP_NEW(ctx, ctx->run, t.seconds, cells);
    CP_NEW(ctx, ctx->run, t.metres, cells);
    CP_NEW(ctx, ctx->run, t.estimated, cells);
    t.blocks[0].width = n;
    for (int32_t a = 0; a < n; a++) {
        t.block[a] = a < net->n_sites ? 0 : -1;
        t.place[a] = a < net->n_sites ? a : a - n;
    }
    for (int64_t c = 0; c < cells; c++) {
        t.seconds[c] = seconds[c];
        t.metres[c] = metres != NULL ? metres[c] : 0;
        t.estimated[c] = estimated != NULL ? estimated[c] : 0;
    }
    publish(&t, CP_TRAVEL_MATRIX);
    count(&t);
    return CP_OK;
}

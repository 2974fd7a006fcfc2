/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/bench_vrp.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_vrp_raw.h"

#define CARS_MAX 1000000
/* A number that a macro names, as text. */
#define CP_TEXT_OF_(x) #x
#define CP_TEXT_OF(x) CP_TEXT_OF_(x)

/* The text as words; line_start[i] tells whether word i begins a line. */
typedef struct words {
    char **at;
    bool *starts;
    int32_t n;
} words;

static cp_status split(cp_ctx *ctx, const char *text, size_t n, words *w)
{
    char *copy = NULL;
    CP_NEW(ctx, ctx->scratch, copy, n + 1);
    CP_NEW(ctx, ctx->scratch, w->at, n / 2 + 1);
    CP_NEW(ctx, ctx->scratch, w->starts, n / 2 + 1);
    if (n > 0) memcpy(copy, text, n);
    bool line = true, inside = false;
    for (size_t i = 0; i < n; i++) {
        const char c = copy[i];
        const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
        if (!space && !inside) {
            w->at[w->n] = copy + i;
            w->starts[w->n++] = line;
            line = false;
        }
        if (c == '\n') line = true;
        if (space) copy[i] = '\0';
        inside = !space;
    }
    return CP_OK;
}

static bool number_of(const words *w, int32_t i, double *out)
{
    if (i < 0 || i >= w->n) return false;
    char *end = NULL;
    const double v = strtod(w->at[i], &end);
    if (end == w->at[i] || *end != '\0' || !isfinite(v) || fabs(v) > 1e12) return false;
    *out = v;
    return true;
}

static bool integer_of(const words *w, int32_t i, int32_t lo, int32_t hi, int32_t *out)
{
    double v = 0;
    if (!number_of(w, i, &v) || v < lo || v > hi || v != floor(v)) return false;
    *out = (int32_t)v;
    return true;
}

static cp_status raw_alloc(cp_ctx *ctx, cp_raw *r, int32_t n_places, int32_t n_cars)
{
    r->n_places = n_places;
    CP_NEW(ctx, ctx->run, r->x, n_places);
    CP_NEW(ctx, ctx->run, r->y, n_places);
    CP_NEW(ctx, ctx->run, r->demand, n_places);
    CP_NEW(ctx, ctx->run, r->service, n_places);
    CP_NEW(ctx, ctx->run, r->number, n_places);
    CP_NEW(ctx, ctx->run, r->depot, n_places);
    CP_NEW(ctx, ctx->run, r->is_depot, n_places);
    CP_NEW(ctx, ctx->run, r->cars, n_cars);
    r->n_cars = n_cars;
    r->risk = -1;
    return CP_OK;
}

static cp_status windows_alloc(cp_ctx *ctx, cp_raw *r)
{
    CP_NEW(ctx, ctx->run, r->open, r->n_places);
    CP_NEW(ctx, ctx->run, r->close, r->n_places);
    return CP_OK;
}

static void add_depot(cp_raw *r, int32_t place)
{
    if (r->is_depot[place]) return;
    r->is_depot[place] = true;
    r->depot[r->n_depots++] = place;
}

/* ---- TSPLIB-like ---- */

typedef struct vrplib {
    words w;
    cp_raw r;
    char type[16];
    int32_t dimension, vehicles;
    double capacity, service, longest; /* < 0: not given */
} vrplib;

/* The value after "KEY:" or "KEY :"; the index of its first word. */
static int32_t value_at(const words *w, int32_t i)
{
    const size_t len = strlen(w->at[i]);
    if (len > 0 && w->at[i][len - 1] == ':') return i + 1;
    return i + 1 < w->n && strcmp(w->at[i + 1], ":") == 0 ? i + 2 : i + 1;
}

static bool is_key(const words *w, int32_t i, const char *key)
{
    const size_t len = strlen(key);
    return w->starts[i] && strncmp(w->at[i], key, len) == 0 &&
           (w->at[i][len] == '\0' || (w->at[i][len] == ':' && w->at[i][len + 1] == '\0'));
}

static cp_status read_head(cp_ctx *ctx, vrplib *v)
{
    const words *w = &v->w;
    v->capacity = v->service = v->longest = -1;
    for (int32_t i = 0; i < w->n; i++) {
        if (!w->starts[i]) continue;
        const int32_t at = value_at(w, i);
        bool ok = true;
        const char *allowed = "a number";
        if (is_key(w, i, "TYPE") && at < w->n)
            (void)snprintf(v->type, sizeof(v->type), "%s", w->at[at]);
        if (is_key(w, i, "DIMENSION")) {
            ok = integer_of(w, at, 2, CP_BENCH_PLACES_MAX, &v->dimension);
            allowed = "a whole number from 2 to " CP_TEXT_OF(CP_BENCH_PLACES_MAX);
        }
        if (is_key(w, i, "VEHICLES")) {
            ok = integer_of(w, at, 1, CARS_MAX, &v->vehicles);
            allowed = "a whole number from 1 to " CP_TEXT_OF(CARS_MAX);
        }
        if (is_key(w, i, "CAPACITY")) ok = number_of(w, at, &v->capacity);
        if (is_key(w, i, "SERVICE_TIME")) ok = number_of(w, at, &v->service);
        if (is_key(w, i, "VEHICLES_MAX_DURATION")) ok = number_of(w, at, &v->longest);
        if (is_key(w, i, "EDGE_WEIGHT_TYPE")) {
            ok = at < w->n && strcmp(w->at[at], "EUC_2D") == 0;
            allowed = "EUC_2D";
        }
        if (!ok)
            CP_FAIL(ctx, CP_E_INPUT, "%s: its value is %s; allowed is %s", w->at[i],
                    at < w->n && !w->starts[at] ? w->at[at] : "missing", allowed);
    }
    if (v->dimension == 0) CP_FAIL(ctx, CP_E_INPUT, "DIMENSION is missing");
    return CP_OK;
}

/* Rows "index value .." of a section; `width` values each go to to[0..width)[index - 1]. */
static cp_status read_rows(cp_ctx *ctx, const words *w, int32_t i, int32_t n, int32_t width,
                           double **to)
{
    const char *name = w->at[i++];
    while (i < w->n && w->starts[i]) {
        int32_t k = 0;
        if (!integer_of(w, i, 1, n, &k)) {
            double any = 0;
            if (!number_of(w, i, &any)) return CP_OK; /* the next section */
            CP_FAIL(ctx, CP_E_INPUT, "%s: no row %s can exist", name, w->at[i]);
        }
        for (int32_t c = 0; c < width; c++) {
            const int32_t at = i + 1 + c;
            if (at >= w->n || w->starts[at] || !number_of(w, at, &to[c][k - 1]))
                CP_FAIL(ctx, CP_E_INPUT, "%s: row %d is not complete", name, (int)k);
        }
        i += 1 + width;
        if (i < w->n && !w->starts[i])
            CP_FAIL(ctx, CP_E_INPUT, "%s: row %d has too many values", name, (int)k);
    }
    return CP_OK;
}

static cp_status read_depots(cp_ctx *ctx, vrplib *v, int32_t i)
{
    for (i++; i < v->w.n; i++) {
        int32_t k = 0;
        if (!integer_of(&v->w, i, 1, v->dimension, &k)) break;
        add_depot(&v->r, k - 1);
    }
    if (v->r.n_depots == 0) CP_FAIL(ctx, CP_E_INPUT, "DEPOT_SECTION names no depot");
    return CP_OK;
}

static cp_status read_places(cp_ctx *ctx, vrplib *v)
{
    const words *w = &v->w;
    cp_raw *r = &v->r;
    const int32_t n = v->dimension;
    bool any_xy = false;
    for (int32_t i = 0; i < w->n; i++) {
        if (is_key(w, i, "NODE_COORD_SECTION")) {
            CP_TRY(read_rows(ctx, w, i, n, 2, (double *[]){r->x, r->y}));
            any_xy = true;
        }
        if (is_key(w, i, "DEMAND_SECTION"))
            CP_TRY(read_rows(ctx, w, i, n, 1, (double *[]){r->demand}));
        if (is_key(w, i, "SERVICE_TIME_SECTION"))
            CP_TRY(read_rows(ctx, w, i, n, 1, (double *[]){r->service}));
        if (is_key(w, i, "TIME_WINDOW_SECTION")) {
            CP_TRY(windows_alloc(ctx, r));
            CP_TRY(read_rows(ctx, w, i, n, 2, (double *[]){r->open, r->close}));
        }
        if (is_key(w, i, "DEPOT_SECTION")) CP_TRY(read_depots(ctx, v, i));
    }
    if (!any_xy || r->n_depots == 0)
        CP_FAIL(ctx, CP_E_INPUT, "NODE_COORD_SECTION or DEPOT_SECTION is missing");
    return CP_OK;
}

static cp_status read_cars(cp_ctx *ctx, vrplib *v)
{
    const words *w = &v->w;
    const int32_t n = v->r.n_cars;
    double *cap = NULL, *fixed = NULL, *unit = NULL, *depot = NULL;
    CP_NEW(ctx, ctx->scratch, cap, n);
    CP_NEW(ctx, ctx->scratch, fixed, n);
    CP_NEW(ctx, ctx->scratch, unit, n);
    CP_NEW(ctx, ctx->scratch, depot, n);
    for (int32_t k = 0; k < n; k++) {
        cap[k] = v->capacity;
        unit[k] = 1;
        depot[k] = v->r.depot[0] + 1;
    }
    for (int32_t i = 0; i < w->n; i++) {
        if (is_key(w, i, "CAPACITY_SECTION")) CP_TRY(read_rows(ctx, w, i, n, 1, (double *[]){cap}));
        if (is_key(w, i, "VEHICLES_FIXED_COST_SECTION"))
            CP_TRY(read_rows(ctx, w, i, n, 1, (double *[]){fixed}));
        if (is_key(w, i, "VEHICLES_UNIT_DISTANCE_COST_SECTION"))
            CP_TRY(read_rows(ctx, w, i, n, 1, (double *[]){unit}));
        if (is_key(w, i, "VEHICLES_DEPOT_SECTION"))
            CP_TRY(read_rows(ctx, w, i, n, 1, (double *[]){depot}));
    }
    for (int32_t k = 0; k < n; k++) {
        if (cap[k] < 0 || fixed[k] < 0 || unit[k] < 0 || depot[k] < 1 || depot[k] > v->dimension)
            CP_FAIL(ctx, CP_E_INPUT, "vehicle %d: capacity, cost or depot missing", (int)k + 1);
        v->r.cars[k] = (cp_raw_car){(int32_t)depot[k] - 1, cap[k], fixed[k], unit[k], v->longest};
        if (!v->r.is_depot[v->r.cars[k].depot])
            CP_FAIL(ctx, CP_E_INPUT, "vehicle %d stands at no depot", (int)k + 1);
    }
    return CP_OK;
}

static cp_status read_vrplib(cp_ctx *ctx, const words *w, cp_raw *out)
{
    static const struct {
        const char *type, *family;
        cp_bench_rule rule;
    } kinds[] = {{"CVRP", "cvrp", CP_ROUND_NEAREST},
                 {"VRPTW", "vrptw", CP_ROUND_TENTHS},
                 {"MDVRPTW", "mdvrptw", CP_ROUND_THOUSANDTHS},
                 {"HFVRP", "hfvrp", CP_ROUND_FINE}};
    vrplib v = {.w = *w};
    CP_TRY(read_head(ctx, &v));
    size_t k = 0;
    while (k < sizeof(kinds) / sizeof(kinds[0]) && strcmp(v.type, kinds[k].type) != 0)
        k++;
    if (k == sizeof(kinds) / sizeof(kinds[0]))
        CP_FAIL(ctx, CP_E_INPUT, "TYPE %s is none of CVRP, VRPTW, MDVRPTW, HFVRP", v.type);
    const bool alike = k < 2;
    v.r.alike = alike;
    /* Where nothing limits their number, one vehicle a client. */
    const int32_t n_cars = k == 0 || v.vehicles == 0 ? v.dimension : v.vehicles;
    CP_TRY(raw_alloc(ctx, &v.r, v.dimension, n_cars));
    v.r.family = kinds[k].family;
    v.r.rule = kinds[k].rule;
    for (int32_t i = 0; i < v.dimension; i++) {
        v.r.number[i] = i;
        v.r.service[i] = v.service > 0 ? v.service : 0;
    }
    CP_TRY(read_places(ctx, &v));
    CP_TRY(read_cars(ctx, &v));
    *out = v.r;
    return CP_OK;
}

/* ---- Solomon ---- */

static cp_status read_solomon(cp_ctx *ctx, const words *w, int32_t head, cp_raw *r)
{
    int32_t n_cars = 0;
    double cap = 0, any = 0;
    /* after "VEHICLE NUMBER CAPACITY n q" come words until the first row, which begins with 0 */
    if (!integer_of(w, head + 3, 1, 1000000, &n_cars) || !number_of(w, head + 4, &cap) || cap < 0)
        CP_FAIL(ctx, CP_E_INPUT, "number or capacity of the vehicles is missing");
    int32_t i = head + 5;
    while (i < w->n && !(w->starts[i] && number_of(w, i, &any)))
        i++;
    const int32_t n = (w->n - i) / 7;
    if (n < 2 || n > CP_BENCH_PLACES_MAX || n * 7 != w->n - i)
        CP_FAIL(ctx, CP_E_INPUT, "the table of clients is not complete, or too long");
    CP_TRY(raw_alloc(ctx, r, n, n_cars));
    CP_TRY(windows_alloc(ctx, r));
    r->family = "vrptw";
    r->rule = CP_ROUND_TENTHS;
    r->alike = true;
    for (int32_t k = 0; k < n; k++, i += 7) {
        double *to[] = {&r->x[k],    &r->y[k],     &r->demand[k],
                        &r->open[k], &r->close[k], &r->service[k]};
        int32_t no = 0;
        bool ok = integer_of(w, i, k, k, &no);
        for (int32_t c = 0; c < 6; c++)
            ok = ok && number_of(w, i + 1 + c, to[c]);
        if (!ok) CP_FAIL(ctx, CP_E_INPUT, "client %d: its row is not complete", (int)k);
        r->number[k] = k;
    }
    add_depot(r, 0);
    for (int32_t k = 0; k < n_cars; k++)
        r->cars[k] = (cp_raw_car){0, cap, 0, 1, -1};
    return CP_OK;
}

/* ---- Cordeau ---- */

static cp_status read_cordeau_row(cp_ctx *ctx, const words *w, int32_t *i, cp_raw *r, int32_t place)
{
    double no = 0;
    if (!number_of(w, *i, &no) || fabs(no) > 1e9 || !number_of(w, *i + 1, &r->x[place]) ||
        !number_of(w, *i + 2, &r->y[place]) || !number_of(w, *i + 3, &r->service[place]) ||
        !number_of(w, *i + 4, &r->demand[place]))
        CP_FAIL(ctx, CP_E_INPUT, "row of place %d is not complete", (int)place + 1);
    r->number[place] = (int32_t)no;
    do
        (*i)++;
    while (*i < w->n && !w->starts[*i]);
    return CP_OK;
}

static cp_status read_cordeau(cp_ctx *ctx, const words *w, cp_raw *r)
{
    int32_t type = 0, m = 0, n = 0, t = 0;
    if (!integer_of(w, 0, 0, 99, &type) || !integer_of(w, 1, 1, 1000, &m) ||
        !integer_of(w, 2, 1, CP_BENCH_PLACES_MAX / 2, &n) || !integer_of(w, 3, 1, 1000, &t) ||
        type != 2)
        CP_FAIL(ctx, CP_E_INPUT, "the first line is not that of a problem with several depots");
    CP_TRY(raw_alloc(ctx, r, n + t, m * t));
    r->family = "mdvrp";
    r->rule = CP_ROUND_FINE;
    int32_t i = 4;
    for (int32_t d = 0; d < t; d++, i += 2) {
        double longest = 0, cap = 0;
        if (!number_of(w, i, &longest) || !number_of(w, i + 1, &cap) || cap < 0)
            CP_FAIL(ctx, CP_E_INPUT, "the limits of depot %d are missing", (int)d + 1);
        for (int32_t k = 0; k < m; k++)
            r->cars[d * m + k] = (cp_raw_car){n + d, cap, 0, 1, longest > 0 ? longest : -1};
    }
    for (int32_t k = 0; k < n + t; k++)
        CP_TRY(read_cordeau_row(ctx, w, &i, r, k));
    for (int32_t d = 0; d < t; d++) {
        add_depot(r, n + d);
        r->service[n + d] = r->demand[n + d] = 0;
    }
    return CP_OK;
}

/* ---- risk-constrained cash in transit ---- */

static cp_status read_risk(cp_ctx *ctx, const words *w, cp_raw *r)
{
    int32_t n = 0;
    double risk = 0;
    if (!integer_of(w, 0, 2, CP_BENCH_PLACES_MAX, &n) || !number_of(w, 1, &risk) || risk < 0 ||
        w->n != 2 + 3 * n)
        CP_FAIL(ctx, CP_E_INPUT, "%d words are no risk-constrained problem", (int)w->n);
    CP_TRY(raw_alloc(ctx, r, n, n));
    r->family = "rctvrp";
    r->rule = CP_ROUND_FINE;
    r->alike = true;
    r->risk = risk;
    for (int32_t k = 0; k < n; k++) {
        r->number[k] = k;
        r->cars[k] = (cp_raw_car){0, 1e15, 0, 1, -1};
        if (!number_of(w, 2 + k, &r->demand[k]) || !number_of(w, 2 + n + 2 * k, &r->x[k]) ||
            !number_of(w, 3 + n + 2 * k, &r->y[k]))
            CP_FAIL(ctx, CP_E_INPUT, "amount or place %d is no number", (int)k);
    }
    add_depot(r, 0);
    return CP_OK;
}

static int32_t find_word(const words *w, const char *word)
{
    for (int32_t i = 0; i < w->n; i++)
        if (strcmp(w->at[i], word) == 0) return i;
    return -1;
}

static cp_status read_any(cp_ctx *ctx, const char *text, size_t n, cp_bench_vrp *out)
{
    words w = {0};
    cp_raw r = {0};
    double first = 0;
    CP_TRY(split(ctx, text, n, &w));
    const int32_t head = find_word(&w, "NUMBER");
    if (head > 0 && head + 1 < w.n && strcmp(w.at[head + 1], "CAPACITY") == 0)
        CP_TRY(read_solomon(ctx, &w, head - 1, &r));
    else if (!number_of(&w, 0, &first))
        CP_TRY(read_vrplib(ctx, &w, &r));
    else if (w.n > 4 && !w.starts[1])
        CP_TRY(read_cordeau(ctx, &w, &r));
    else
        CP_TRY(read_risk(ctx, &w, &r));
    return cp_bench_vrp_build(ctx, &r, out);
}

cp_status cp_bench_vrp_read(cp_ctx *ctx, const char *name, const char *text, size_t n,
                            cp_bench_vrp *out)
{
    cp_bench_vrp b = {.name = name};
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_status st = read_any(ctx, text, n, &b);
    cp_arena_rewind(ctx->scratch, mark);
    if (st == CP_OK) *out = b;
    return st;
}

static cp_status slurp_open(cp_ctx *ctx, const char *path, FILE *f, char **text, size_t *n)
{
    size_t cap = 1 << 16, len = 0;
    char *buf = NULL;
    CP_NEW(ctx, ctx->run, buf, cap);
    for (;;) {
        const size_t got = fread(buf + len, 1, cap - len, f);
        len += got;
        if (len < cap) break;
        char *more = NULL;
        CP_NEW(ctx, ctx->run, more, 2 * cap);
        memcpy(more, buf, len);
        buf = more;
        cap *= 2;
    }
    if (ferror(f)) CP_FAIL(ctx, CP_E_IO, "%s: %s", path, strerror(errno));
    *text = buf;
    *n = len;
    return CP_OK;
}

cp_status cp_bench_slurp(cp_ctx *ctx, const char *path, char **text, size_t *n)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) CP_FAIL(ctx, CP_E_IO, "%s: %s", path, strerror(errno));
    const cp_status st = slurp_open(ctx, path, f, text, n);
    (void)fclose(f);
    return st;
}

void cp_bench_vrp_write(const cp_bench_vrp *b, const cp_vrp_solution *s, double cost, FILE *to)
{
    int32_t number = 0;
    for (int32_t r = 0; r < s->n_routes; r++) {
        const cp_vrp_route *route = &s->routes[r];
        if (route->n == 0) continue;
        (void)fprintf(to, "Route #%d", (int)++number);
        if (b->numbering == CP_BENCH_BY_DEPOT)
            (void)fprintf(to, " @%d", (int)b->kind_no[route->vehicle]);
        if (b->numbering == CP_BENCH_BY_CAR) {
            int32_t nth = 0; /* how many of its kind came before */
            for (int32_t k = 0; k < r; k++)
                nth += s->routes[k].vehicle == route->vehicle && s->routes[k].n > 0;
            (void)fprintf(to, " v%d", (int)b->car_no[b->kind_no[route->vehicle] + nth]);
        }
        (void)fputc(':', to);
        for (int32_t k = 0; k < route->n; k++)
            (void)fprintf(to, " %d", (int)b->client_no[s->items[route->first + k]]);
        (void)fputc('\n', to);
    }
    (void)fprintf(to, "Cost %.6f\n", cost);
}

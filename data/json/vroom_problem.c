/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vroom_problem.c - VROOM's document as a problem of the route model. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/json/vroom.h"
#include "models/net/network.h"

#define METRES_OF_KM 1000
#define SECONDS_OF_HOUR 3600
#define USUAL_PER_HOUR 3600       /* VROOM's: then the cost is the driving time */
#define LATEST (INT64_C(1) << 29) /* no window closes later than this after the origin */
#define PRICES_MAX 0x1p50         /* of all jobs left out: fine units of cost then fit 64 bits */

cp_vroom_opts cp_vroom_opts_defaults(void)
{
    const cp_vroom_opts o = {1.4, 25};
    return o;
}

typedef struct build {
    cp_ctx *ctx;
    const cp_vroom_opts *o;
    cp_vroom *v;
    int32_t *row;      /* per place: of the matrices */
    cp_json_spot *at;  /* per place */
    int32_t *depot_of; /* per place, -1 */
    cp_vrp_depot *depots;
    cp_vrp_profile *travel;
    cp_vrp_node *nodes;
    const cp_vroom_vehicle **travel_of; /* per profile: the first vehicle with it */
    int64_t *skills;                    /* all numbers of skills, ascending */
    int32_t n_skills;
} build;

static cp_vroom_job *task_at(const build *b, int32_t k)
{
    return &b->v->tasks[k];
}

static cp_vroom_vehicle *vehicle_at(const build *b, int32_t k)
{
    return (cp_vroom_vehicle *)b->v->vehicles.v + k;
}

static const cp_vroom_matrix *matrix_of(const build *b, const char *profile)
{
    const cp_vroom_matrix *m = b->v->matrices.v;
    for (int32_t k = 0; k < b->v->matrices.n; k++)
        if (strcmp(m[k].name, profile) == 0) return &m[k];
    return NULL;
}

/* ---- places ---- */

typedef struct place_key {
    double lon, lat;
    int64_t row;
    int32_t *out; /* where its number goes */
} place_key;

static int by_place(const void *a, const void *b)
{
    const place_key *x = a, *y = b;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    if (x->lon != y->lon) return x->lon < y->lon ? -1 : 1;
    if (x->lat != y->lat) return x->lat < y->lat ? -1 : 1;
    return 0;
}

static int32_t key_add(const build *b, place_key *keys, int32_t n, const cp_json_spot *at,
                       int64_t index, int32_t *out)
{
    const bool rows = b->v->matrices.n > 0;
    if (rows ? index < 0 : !at->given) return n;
    keys[n] = rows ? (place_key){0, 0, index, out} : (place_key){at->lon, at->lat, 0, out};
    return n + 1;
}

/* Things at one place of the matrices, or at the same coordinates, share a place. */
static cp_status build_places(build *b)
{
    cp_vroom *v = b->v;
    const size_t most = (size_t)v->n_tasks + 2 * (size_t)v->vehicles.n;
    place_key *keys = NULL;
    int32_t n = 0;
    CP_NEW(b->ctx, b->ctx->scratch, keys, most + 1);
    CP_NEW(b->ctx, b->ctx->scratch, b->row, most + 1);
    CP_NEW(b->ctx, b->ctx->scratch, b->at, most + 1);
    for (int32_t k = 0; k < v->n_tasks; k++) {
        cp_vroom_job *j = task_at(b, k);
        n = key_add(b, keys, n, &j->at, j->index, &j->place);
    }
    for (int32_t k = 0; k < v->vehicles.n; k++) {
        cp_vroom_vehicle *q = vehicle_at(b, k);
        n = key_add(b, keys, n, &q->start, q->start_index, &q->start_place);
        n = key_add(b, keys, n, &q->end, q->end_index, &q->end_place);
    }
    qsort(keys, (size_t)n, sizeof(*keys), by_place);
    int32_t places = 0;
    for (int32_t i = 0; i < n; i++) {
        if (i == 0 || by_place(&keys[i - 1], &keys[i]) != 0) {
            b->row[places] = (int32_t)keys[i].row;
            b->at[places++] = (cp_json_spot){true, keys[i].lon, keys[i].lat};
        }
        *keys[i].out = places - 1;
    }
    v->p.n_places = places;
    return CP_OK;
}

static cp_status build_depots(build *b)
{
    cp_vrp *p = &b->v->p;
    CP_NEW(b->ctx, b->ctx->run, b->depots, p->n_places + 1);
    CP_NEW(b->ctx, b->ctx->scratch, b->depot_of, p->n_places + 1);
    for (int32_t k = 0; k < p->n_places; k++)
        b->depot_of[k] = -1;
    for (int32_t k = 0; k < 2 * b->v->vehicles.n; k++) {
        const cp_vroom_vehicle *q = vehicle_at(b, k / 2);
        const int32_t place = k % 2 == 0 ? q->start_place : q->end_place;
        if (place < 0 || b->depot_of[place] >= 0) continue;
        b->depot_of[place] = p->n_depots;
        b->depots[p->n_depots++].place = place;
    }
    p->depots = b->depots;
    return CP_OK;
}

/* ---- travel ---- */

static int32_t scaled_s(double seconds, double speed_factor)
{
    const double s = floor(seconds / speed_factor + 0.5);
    return s > (double)LATEST ? (int32_t)LATEST : (int32_t)s;
}

static void fill_circle(const build *b, double speed_factor, int32_t *time, int32_t *dist)
{
    const int32_t n = b->v->p.n_places;
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            const size_t c = (size_t)i * (size_t)n + (size_t)j;
            const double m =
                i == j ? 0
                       : cp_circle_m(b->at[i].lat, b->at[i].lon, b->at[j].lat, b->at[j].lon) *
                             b->o->circle_factor;
            dist[c] = (int32_t)floor(m + 0.5);
            time[c] = scaled_s(m * 3.6 / b->o->circle_speed_kmh, speed_factor);
        }
}

static void fill_matrix(const build *b, const cp_vroom_matrix *m, double speed_factor,
                        int32_t *time, int32_t *dist)
{
    const int32_t n = b->v->p.n_places;
    const cp_json_square *metres = m->costs.n > 0 ? &m->costs : &m->distances;
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            const size_t c = (size_t)i * (size_t)n + (size_t)j;
            const size_t at = (size_t)b->row[i] * (size_t)m->durations.n + (size_t)b->row[j];
            const int32_t s = m->durations.v[at];
            time[c] = s < 0 ? CP_VRP_NO_WAY : scaled_s(s, speed_factor);
            dist[c] = metres->n == 0 || s < 0 ? 0 : metres->v[at];
        }
}

/* The metres as told in the answer: not those that stand for costs. */
static cp_status tell_metres(build *b, const cp_vroom_matrix *m, int32_t k)
{
    cp_vroom *v = b->v;
    const int32_t n = v->p.n_places;
    v->metres[k] = b->travel[k].dist_m;
    if (m == NULL || (m->costs.n == 0 && m->distances.n > 0)) return CP_OK;
    v->metres[k] = NULL;
    if (m->distances.n == 0) return CP_OK;
    int32_t *metres = NULL;
    CP_NEW(b->ctx, b->ctx->run, metres, (size_t)n * (size_t)n);
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = 0; j < n; j++) {
            const int32_t d =
                m->distances.v[(size_t)b->row[i] * (size_t)m->distances.n + (size_t)b->row[j]];
            metres[(size_t)i * (size_t)n + (size_t)j] = d < 0 ? 0 : d;
        }
    v->metres[k] = metres;
    return CP_OK;
}

static cp_status build_travel(build *b)
{
    cp_vroom *v = b->v;
    const size_t n = (size_t)v->p.n_places;
    CP_NEW(b->ctx, b->ctx->run, b->travel, v->vehicles.n + 1);
    CP_NEW(b->ctx, b->ctx->run, v->metres, v->vehicles.n + 1);
    CP_NEW(b->ctx, b->ctx->scratch, b->travel_of, v->vehicles.n + 1);
    for (int32_t k = 0; k < v->vehicles.n; k++) {
        cp_vroom_vehicle *q = vehicle_at(b, k);
        const cp_vroom_matrix *m = matrix_of(b, q->profile);
        int32_t t = 0;
        for (; t < v->p.n_profiles; t++)
            if (b->travel_of[t]->speed_factor == q->speed_factor &&
                matrix_of(b, b->travel_of[t]->profile) == m)
                break;
        q->travel = t;
        if (t < v->p.n_profiles) continue;
        int32_t *time = NULL, *dist = NULL;
        CP_NEW(b->ctx, b->ctx->run, time, n * n);
        CP_NEW(b->ctx, b->ctx->run, dist, n * n);
        if (m == NULL)
            fill_circle(b, q->speed_factor, time, dist);
        else
            fill_matrix(b, m, q->speed_factor, time, dist);
        v->estimated = v->estimated || m == NULL;
        b->travel[t] = (cp_vrp_profile){time, dist};
        b->travel_of[t] = q;
        v->p.n_profiles++;
        CP_TRY(tell_metres(b, m, t));
    }
    v->p.profiles = b->travel;
    return CP_OK;
}

/* ---- windows, skills ---- */

static int32_t moment(const build *b, int64_t s)
{
    const int64_t t = s - b->v->origin_s;
    return (int32_t)(t > LATEST ? LATEST : t);
}

static cp_status windows_of(const build *b, const cp_json_spans *w, const cp_vrp_window **out)
{
    cp_vrp_window *list = NULL;
    if (w->n > 0) CP_NEW(b->ctx, b->ctx->run, list, w->n);
    for (int32_t k = 0; k < w->n; k++)
        list[k] = (cp_vrp_window){moment(b, w->v[k].from), moment(b, w->v[k].to)};
    *out = list;
    return CP_OK;
}

static int by_number(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static cp_status gather_skills(build *b)
{
    size_t n = 0;
    for (int32_t k = 0; k < b->v->n_tasks; k++)
        n += (size_t)task_at(b, k)->skills.n;
    CP_NEW(b->ctx, b->ctx->scratch, b->skills, n + 1);
    n = 0;
    for (int32_t k = 0; k < b->v->n_tasks; k++)
        for (int32_t i = 0; i < task_at(b, k)->skills.n; i++)
            b->skills[n++] = task_at(b, k)->skills.v[i];
    qsort(b->skills, n, sizeof(*b->skills), by_number);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || b->skills[i] != b->skills[i - 1]) b->skills[b->n_skills++] = b->skills[i];
    b->v->p.n_skill_words = (b->n_skills + 63) / 64;
    return CP_OK;
}

/* Skills that no job asks for are of no use to a vehicle. */
static cp_status skills_of(const build *b, const cp_json_ints *s, const uint64_t **out)
{
    uint64_t *bits = NULL;
    *out = NULL;
    if (s->n == 0 || b->n_skills == 0) return CP_OK;
    CP_NEW(b->ctx, b->ctx->run, bits, b->v->p.n_skill_words);
    for (int32_t k = 0; k < s->n; k++) {
        const int64_t *at =
            bsearch(&s->v[k], b->skills, (size_t)b->n_skills, sizeof(*at), by_number);
        if (at != NULL) bits[(at - b->skills) / 64] |= UINT64_C(1) << ((at - b->skills) % 64);
    }
    *out = bits;
    return CP_OK;
}

/* ---- vehicles ---- */

static bool same_ints(const cp_json_ints *a, const cp_json_ints *b)
{
    return a->n == b->n && (a->n == 0 || memcmp(a->v, b->v, (size_t)a->n * sizeof(*a->v)) == 0);
}

static bool same_spans(const cp_json_spans *a, const cp_json_spans *b)
{
    return a->n == b->n && (a->n == 0 || memcmp(a->v, b->v, (size_t)a->n * sizeof(*a->v)) == 0);
}

static bool same_breaks(const cp_json_rows *a, const cp_json_rows *b)
{
    const cp_vroom_break *x = a->v, *y = b->v;
    if (a->n != b->n) return false;
    for (int32_t k = 0; k < a->n; k++)
        if (x[k].service_s != y[k].service_s || !same_spans(&x[k].windows, &y[k].windows) ||
            !same_ints(&x[k].max_load, &y[k].max_load))
            return false;
    return true;
}

/* Alike in all but id and words: they are one kind. */
static bool same_vehicle(const cp_vroom_vehicle *a, const cp_vroom_vehicle *b)
{
    return a->travel == b->travel && a->start_place == b->start_place &&
           a->end_place == b->end_place && a->fixed == b->fixed && a->per_km == b->per_km &&
           a->per_hour == b->per_hour && a->per_task_hour == b->per_task_hour &&
           a->max_tasks == b->max_tasks && a->max_travel_s == b->max_travel_s &&
           a->max_dist_m == b->max_dist_m && same_ints(&a->capacity, &b->capacity) &&
           same_ints(&a->skills, &b->skills) && same_spans(&a->window, &b->window) &&
           same_breaks(&a->breaks, &b->breaks);
}

static cp_status breaks_of(const build *b, const cp_vroom_vehicle *q, cp_vrp_vehicle *out)
{
    cp_vrp_break *list = NULL;
    if (q->breaks.n > 0) CP_NEW(b->ctx, b->ctx->run, list, q->breaks.n);
    for (int32_t k = 0; k < q->breaks.n; k++) {
        const cp_vroom_break *x = (const cp_vroom_break *)q->breaks.v + k;
        list[k].duration_s = (int32_t)x->service_s;
        list[k].n_windows = x->windows.n;
        if (b->v->p.n_dims > 0 && x->max_load.given) list[k].max_load = x->max_load.v;
        CP_TRY(windows_of(b, &x->windows, &list[k].windows));
    }
    out->breaks = list;
    out->n_breaks = q->breaks.n;
    return CP_OK;
}

static cp_status make_kind(const build *b, const cp_vroom_vehicle *q, cp_vrp_vehicle *out)
{
    const cp_vroom_matrix *m = matrix_of(b, q->profile);
    const bool costs = m != NULL && m->costs.n > 0;
    cp_vrp_vehicle r = cp_vrp_vehicle_defaults();
    r.name = cp_strf(b->ctx, b->ctx->run, "%lld", (long long)q->id);
    if (r.name == NULL) return CP_E_NOMEM;
    r.profile = q->travel;
    r.start_depot = q->start_place < 0 ? -1 : b->depot_of[q->start_place];
    r.end_depot = q->end_place < 0 ? -1 : b->depot_of[q->end_place];
    if (b->v->p.n_dims > 0) r.capacity = q->capacity.v;
    r.fixed = q->fixed;
    r.work_price = q->per_task_hour;
    r.drive_price = costs ? 0 : q->per_hour < 0 ? USUAL_PER_HOUR : q->per_hour;
    r.dist_price = costs ? METRES_OF_KM : q->per_km < 0 ? 0 : q->per_km;
    if (q->max_tasks >= 0) r.nodes_max = (int32_t)q->max_tasks;
    if (q->max_travel_s >= 0) r.drive_max_s = (int32_t)q->max_travel_s;
    if (q->max_dist_m >= 0) r.dist_max_m = q->max_dist_m;
    const int64_t from_zero = b->v->origin_s > LATEST ? -LATEST : -b->v->origin_s;
    r.shift_start_s = q->window.n > 0 ? moment(b, q->window.v[0].from) : (int32_t)from_zero;
    if (q->window.n > 0) r.shift_end_s = moment(b, q->window.v[0].to);
    CP_TRY(breaks_of(b, q, &r));
    CP_TRY(skills_of(b, &q->skills, &r.skills));
    *out = r;
    return CP_OK;
}

static cp_status build_kinds(build *b)
{
    cp_vroom *v = b->v;
    cp_vrp_vehicle *kinds = NULL;
    const cp_vroom_vehicle **first = NULL;
    CP_NEW(b->ctx, b->ctx->run, kinds, v->vehicles.n + 1);
    CP_NEW(b->ctx, b->ctx->scratch, first, v->vehicles.n + 1);
    for (int32_t k = 0; k < v->vehicles.n; k++) {
        cp_vroom_vehicle *q = vehicle_at(b, k);
        int32_t kind = 0;
        while (kind < v->p.n_vehicles && !same_vehicle(first[kind], q))
            kind++;
        q->kind = kind;
        if (kind < v->p.n_vehicles) {
            kinds[kind].count++;
            continue;
        }
        first[kind] = q;
        v->p.n_vehicles++;
        CP_TRY(make_kind(b, q, &kinds[kind]));
    }
    v->p.vehicles = kinds;
    return CP_OK;
}

/* ---- tasks ---- */

static cp_status build_pairs(build *b)
{
    cp_vroom *v = b->v;
    cp_vrp_pair *pairs = NULL;
    CP_NEW(b->ctx, b->ctx->run, pairs, v->shipments.n + 1);
    for (int32_t k = 0; k < v->shipments.n; k++)
        pairs[k] = (cp_vrp_pair){v->jobs.n + 2 * k, v->jobs.n + 2 * k + 1};
    v->p.pairs = pairs;
    v->p.n_pairs = v->shipments.n;
    return CP_OK;
}

static cp_status build_nodes(build *b)
{
    cp_vroom *v = b->v;
    cp_vrp_node *nodes = NULL;
    CP_NEW(b->ctx, b->ctx->run, nodes, v->n_tasks + 1);
    for (int32_t k = 0; k < v->n_tasks; k++) {
        const cp_vroom_job *j = task_at(b, k);
        cp_vrp_node *n = &nodes[k];
        n->name = cp_strf(b->ctx, b->ctx->run, "%lld", (long long)j->id);
        if (n->name == NULL) return CP_E_NOMEM;
        n->place = j->place;
        n->service_s = (int32_t)j->service_s;
        n->setup_s = (int32_t)j->setup_s;
        n->vehicle = -1;
        n->n_windows = j->windows.n;
        CP_TRY(windows_of(b, &j->windows, &n->windows));
        if (v->p.n_dims > 0 && j->delivery.given) n->deliver = j->delivery.v;
        if (v->p.n_dims > 0 && j->pickup.given) n->pickup = j->pickup.v;
        CP_TRY(skills_of(b, &j->skills, &n->skills));
    }
    v->p.nodes = b->nodes = nodes;
    v->p.n_nodes = v->n_tasks;
    return CP_OK;
}

/* More than any set of routes can cost: every node reached by the dearest leg, every vehicle that
 * can be of use on the road, every job's work at the dearest price. */
static double most_cost(const build *b)
{
    const cp_vrp *p = &b->v->p;
    double leg = 0, fixed = 0, work = 0, price = 0;
    for (int32_t k = 0; k < p->n_vehicles; k++) {
        const cp_vrp_vehicle *q = &p->vehicles[k];
        const cp_vrp_profile *t = &p->profiles[q->profile];
        double m = 0, s = 0;
        for (size_t c = 0; c < (size_t)p->n_places * (size_t)p->n_places; c++) {
            if (t->time_s[c] > s) s = t->time_s[c];
            if (t->time_s[c] >= 0 && t->dist_m[c] > m) m = t->dist_m[c];
        }
        const double dear =
            m * (double)q->dist_price / METRES_OF_KM + s * (double)q->drive_price / SECONDS_OF_HOUR;
        if (dear > leg) leg = dear;
        if ((double)q->fixed > fixed) fixed = (double)q->fixed;
        if ((double)q->work_price > price) price = (double)q->work_price;
    }
    for (int32_t i = 0; i < p->n_nodes; i++)
        work += (double)p->nodes[i].service_s + p->nodes[i].setup_s;
    const double n = p->n_nodes, routes = fmin(n, b->v->vehicles.n);
    /* Three parts of a route's cost are rounded up at most. */
    return (n + routes) * leg + routes * (fixed + 3) + work * price / SECONDS_OF_HOUR + 1;
}

/* VROOM's order of solutions as prices: see vroom.h. */
static void set_out_prices(build *b)
{
    cp_vroom *v = b->v;
    const double n = v->n_tasks;
    double step = 0, sum = 0, priority = 0;
    for (int32_t k = 0; k < v->n_tasks; k++) {
        const double own = (double)task_at(b, k)->priority;
        sum += own;
        if (own > priority) priority = own;
    }
    double job = ceil(most_cost(b)) + 1;
    if (priority > 0) step = job * (n + 1);
    v->exact_order = job * n + step * sum <= PRICES_MAX;
    if (!v->exact_order) {
        job = fmin(job, PRICES_MAX / 4 / n);
        step = sum > 0 ? fmin(step, PRICES_MAX / 2 / sum) : 0;
    }
    for (int32_t k = 0; k < v->n_tasks; k++) {
        const double price = job + step * (double)task_at(b, k)->priority;
        b->nodes[k].out_price = (cp_minor)price;
    }
}

static cp_status build_all(build *b)
{
    cp_vrp *p = &b->v->p;
    const int32_t dims = p->n_dims;
    *p = (cp_vrp){.n_dims = dims,
                  .value_dim = -1,
                  .dist_den = METRES_OF_KM,
                  .time_den = SECONDS_OF_HOUR,
                  .exposure_den = 1};
    CP_TRY(build_places(b));
    CP_TRY(build_depots(b));
    CP_TRY(build_travel(b));
    CP_TRY(gather_skills(b));
    CP_TRY(build_kinds(b));
    CP_TRY(build_nodes(b));
    CP_TRY(build_pairs(b));
    set_out_prices(b);
    return cp_vrp_validate(b->ctx, p);
}

cp_status cp_vroom_problem(cp_ctx *ctx, const cp_vroom_opts *opts, cp_vroom *v)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    build b = {.ctx = ctx, .o = opts, .v = v};
    const cp_status st = build_all(&b);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

cp_status cp_vroom_parse(cp_ctx *ctx, const char *text, size_t n, const char *name,
                         const cp_vroom_opts *opts, cp_json_in *faults, cp_vroom **out)
{
    cp_vroom *v = NULL;
    *faults = (cp_json_in){.ctx = ctx};
    CP_NEW(ctx, ctx->run, v, 1);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_status st = cp_vroom_fields(faults, text, n, v);
    if (st == CP_OK) st = cp_vroom_rules(faults, v);
    cp_arena_rewind(ctx->scratch, mark);
    CP_TRY(st);
    if (faults->n_faults > 0) {
        const cp_json_fault *f = &faults->faults[0];
        CP_FAIL(ctx, CP_E_INPUT, "%s: %d %s; %s%s%s %s", name, (int)faults->n_faults,
                faults->n_faults == 1 ? "fault" : "faults, the first", f->path,
                f->value[0] == '\0' ? "" : ": ", f->value, f->rule);
    }
    CP_TRY(cp_vroom_problem(ctx, opts, v));
    *out = v;
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vroom_rules.c - what no single field of VROOM's input can say. */
#include <stdlib.h>
#include <string.h>

#include "data/json/vroom.h"

/* Windows must begin within this of each other (eight years): moments are 32 bits inside. */
#define SPREAD_MAX (INT64_C(1) << 28)

static const char *path_of(cp_json_in *in, const char *list, int32_t k, const char *key)
{
    return cp_strf(in->ctx, in->ctx->run, "%s[%d]%s%s", list, (int)k, key[0] == '\0' ? "" : ".",
                   key);
}

/* True when one path is the other's own or lies inside it. */
static bool one_thing(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    const char rest = *a == '\0' ? *b : *a;
    return (*a == '\0' || *b == '\0') && (rest == '\0' || rest == '.' || rest == '[');
}

/* A fault of a thing that has no JSON value of its own to show. Where a field has a fault already,
 * what follows from its missing value is none. */
static cp_status wrong(cp_json_in *in, const char *path, const char *rule)
{
    if (path == NULL) return CP_E_NOMEM;
    for (int32_t k = 0; k < in->n_faults; k++)
        if (in->faults[k].path[0] == '\0' || one_thing(in->faults[k].path, path)) return CP_OK;
    return cp_json_fault_add(in, path, NULL, rule);
}

/* ---- ids ---- */

typedef struct id_key {
    int64_t id;
    int32_t k;
    const char *path; /* of the thing */
} id_key;

static int by_id(const void *a, const void *b)
{
    const id_key *x = a, *y = b;
    if (x->id != y->id) return x->id < y->id ? -1 : 1;
    return x->k < y->k ? -1 : x->k > y->k;
}

static cp_status ids_apart(cp_json_in *in, id_key *keys, int32_t n)
{
    qsort(keys, (size_t)n, sizeof(*keys), by_id);
    for (int32_t i = 1; i < n; i++) {
        if (keys[i].id != keys[i - 1].id) continue;
        if (keys[i].path == NULL || keys[i - 1].path == NULL) return CP_E_NOMEM;
        const char *rule = cp_strf(in->ctx, in->ctx->run, "%lld is the id of %s already",
                                   (long long)keys[i].id, keys[i - 1].path);
        CP_TRY(wrong(in, cp_strf(in->ctx, in->ctx->run, "%s.id", keys[i].path), rule));
    }
    return CP_OK;
}

/* Jobs, pick-ups and deliveries are each numbered on their own. */
static cp_status check_ids(cp_json_in *in, const cp_vroom *v)
{
    const int32_t most = v->n_tasks > v->vehicles.n ? v->n_tasks : v->vehicles.n;
    id_key *keys = NULL;
    CP_NEW(in->ctx, in->ctx->scratch, keys, most + 1);
    for (int32_t kind = CP_VROOM_JOB; kind <= CP_VROOM_DELIVERY; kind++) {
        int32_t n = 0;
        for (int32_t k = 0; k < v->n_tasks; k++)
            if ((int32_t)v->tasks[k].kind == kind)
                keys[n++] = (id_key){v->tasks[k].id, k, v->tasks[k].path};
        CP_TRY(ids_apart(in, keys, n));
    }
    for (int32_t k = 0; k < v->vehicles.n; k++)
        keys[k] = (id_key){cp_vroom_vehicle_at(v, k)->id, k, path_of(in, "vehicles", k, "")};
    CP_TRY(ids_apart(in, keys, v->vehicles.n));
    for (int32_t k = 0; k < v->vehicles.n; k++) {
        const cp_json_rows *b = &cp_vroom_vehicle_at(v, k)->breaks;
        const char *list = path_of(in, "vehicles", k, "breaks");
        CP_NEW(in->ctx, in->ctx->scratch, keys, b->n + 1);
        if (list == NULL) return CP_E_NOMEM;
        for (int32_t i = 0; i < b->n; i++)
            keys[i] = (id_key){((const cp_vroom_break *)b->v)[i].id, i, path_of(in, list, i, "")};
        CP_TRY(ids_apart(in, keys, b->n));
    }
    return CP_OK;
}

/* ---- amounts ---- */

/* The number of dimensions as first told, and where. */
typedef struct dims_told {
    cp_json_in *in;
    int32_t n; /* -1 = nowhere yet */
    const char *where;
} dims_told;

static cp_status one_amount(dims_told *d, const cp_json_ints *a, const char *thing, const char *key)
{
    cp_ctx *ctx = d->in->ctx;
    if (!a->given || a->n == d->n) return CP_OK;
    const char *here = cp_strf(ctx, ctx->run, "%s.%s", thing, key);
    if (thing == NULL || here == NULL) return CP_E_NOMEM;
    if (d->n < 0 && a->n <= CP_VRP_DIMS_MAX) {
        d->n = a->n;
        d->where = here;
        return CP_OK;
    }
    if (d->n < 0)
        return wrong(d->in, here,
                     cp_strf(ctx, ctx->run, "has %d entries; at most %d can be kept", (int)a->n,
                             CP_VRP_DIMS_MAX));
    return wrong(d->in, here,
                 cp_strf(ctx, ctx->run, "has %d entries, must have %d as %s", (int)a->n, (int)d->n,
                         d->where));
}

static cp_status break_amounts(dims_told *d, const cp_vroom *v, int32_t vehicle)
{
    const cp_json_rows *b = &cp_vroom_vehicle_at(v, vehicle)->breaks;
    const char *list = path_of(d->in, "vehicles", vehicle, "breaks");
    if (list == NULL) return CP_E_NOMEM;
    for (int32_t k = 0; k < b->n; k++)
        CP_TRY(one_amount(d, &((const cp_vroom_break *)b->v)[k].max_load,
                          path_of(d->in, list, k, ""), "max_load"));
    return CP_OK;
}

static cp_status check_dims(cp_json_in *in, cp_vroom *v)
{
    dims_told d = {in, -1, ""};
    for (int32_t k = 0; k < v->vehicles.n; k++)
        CP_TRY(one_amount(&d, &cp_vroom_vehicle_at(v, k)->capacity, path_of(in, "vehicles", k, ""),
                          "capacity"));
    for (int32_t k = 0; k < v->vehicles.n; k++)
        CP_TRY(break_amounts(&d, v, k));
    for (int32_t k = 0; k < v->jobs.n; k++) {
        CP_TRY(one_amount(&d, &v->tasks[k].delivery, v->tasks[k].path, "delivery"));
        CP_TRY(one_amount(&d, &v->tasks[k].pickup, v->tasks[k].path, "pickup"));
    }
    for (int32_t k = 0; k < v->shipments.n; k++)
        CP_TRY(one_amount(&d, &((const cp_vroom_shipment *)v->shipments.v)[k].amount,
                          path_of(in, "shipments", k, ""), "amount"));
    v->p.n_dims = d.n < 0 ? 0 : d.n;
    for (int32_t k = 0; k < v->vehicles.n && v->p.n_dims > 0; k++)
        if (!cp_vroom_vehicle_at(v, k)->capacity.given)
            CP_TRY(wrong(in, path_of(in, "vehicles", k, "capacity"),
                         cp_strf(in->ctx, in->ctx->run,
                                 "is missing; it must be given, with %d entries as %s",
                                 (int)v->p.n_dims, d.where)));
    return CP_OK;
}

/* ---- matrices ---- */

static cp_status check_square(cp_json_in *in, const cp_vroom_matrix *m, const char *name,
                              const cp_json_square *s)
{
    if (s->n == 0) return CP_OK;
    const char *path = cp_strf(in->ctx, in->ctx->run, "matrices.%s.%s", m->name, name);
    if (s->n != m->durations.n)
        return wrong(in, path,
                     cp_strf(in->ctx, in->ctx->run, "has %d rows, must have %d as the durations",
                             (int)s->n, (int)m->durations.n));
    for (int32_t k = 0; k < s->n * s->n; k++) {
        if (s->v[k] >= 0 || m->durations.v[k] < 0) continue;
        path = cp_strf(in->ctx, in->ctx->run, "matrices.%s.%s[%d][%d]", m->name, name,
                       (int)(k / s->n), (int)(k % s->n));
        return wrong(in, path, "is null, yet there is a duration; both or neither");
    }
    return CP_OK;
}

static const cp_vroom_matrix *matrix_of(const cp_vroom *v, const char *profile)
{
    const cp_vroom_matrix *m = v->matrices.v;
    for (int32_t k = 0; k < v->matrices.n; k++)
        if (strcmp(m[k].name, profile) == 0) return &m[k];
    return NULL;
}

static cp_status check_matrices(cp_json_in *in, const cp_vroom *v)
{
    const cp_vroom_matrix *m = v->matrices.v;
    for (int32_t k = 0; k < v->matrices.n; k++) {
        if (m[k].durations.n == 0) {
            const char *path = cp_strf(in->ctx, in->ctx->run, "matrices.%s.durations", m[k].name);
            CP_TRY(wrong(in, path, "is missing and must be given"));
            continue;
        }
        CP_TRY(check_square(in, &m[k], "distances", &m[k].distances));
        CP_TRY(check_square(in, &m[k], "costs", &m[k].costs));
    }
    return CP_OK;
}

/* ---- places ---- */

/* Rows that every matrix has; INT32_MAX without matrices. */
static int32_t rows_known(const cp_vroom *v)
{
    int32_t rows = INT32_MAX;
    const cp_vroom_matrix *m = v->matrices.v;
    for (int32_t k = 0; k < v->matrices.n; k++)
        if (m[k].durations.n > 0 && m[k].durations.n < rows) rows = m[k].durations.n;
    return rows;
}

/* One place: with matrices by its index, without by its coordinates. */
static cp_status check_place(cp_json_in *in, const cp_vroom *v, const char *thing,
                             const char *const keys[2], const cp_json_spot *at, int64_t index)
{
    const int32_t rows = rows_known(v);
    const char *key = keys[v->matrices.n > 0 ? 1 : 0];
    const char *path = cp_strf(in->ctx, in->ctx->run, "%s.%s", thing, key);
    if (v->matrices.n == 0)
        return at->given ? CP_OK : wrong(in, path, "must be given where there are no matrices");
    if (index < 0) return wrong(in, path, "must be given where there are matrices");
    if (index < rows) return CP_OK;
    return wrong(in, path,
                 cp_strf(in->ctx, in->ctx->run,
                         "is %lld, must be less than %d, the rows of the "
                         "matrices",
                         (long long)index, (int)rows));
}

static cp_status check_places(cp_json_in *in, const cp_vroom *v)
{
    static const char *const of_job[2] = {"location", "location_index"};
    static const char *const of_start[2] = {"start", "start_index"};
    static const char *const of_end[2] = {"end", "end_index"};
    for (int32_t k = 0; k < v->n_tasks; k++) {
        const cp_vroom_job *j = &v->tasks[k];
        CP_TRY(check_place(in, v, j->path, of_job, &j->at, j->index));
    }
    for (int32_t k = 0; k < v->vehicles.n; k++) {
        const cp_vroom_vehicle *q = cp_vroom_vehicle_at(v, k);
        const bool start = q->start.given || q->start_index >= 0;
        const bool end = q->end.given || q->end_index >= 0;
        const char *thing = path_of(in, "vehicles", k, "");
        if (thing == NULL) return CP_E_NOMEM;
        if (!start && !end)
            CP_TRY(wrong(in, thing, "has neither a start nor an end; one must be given"));
        if (start) CP_TRY(check_place(in, v, thing, of_start, &q->start, q->start_index));
        if (end) CP_TRY(check_place(in, v, thing, of_end, &q->end, q->end_index));
    }
    return CP_OK;
}

/* ---- vehicles ---- */

static cp_status check_vehicle(cp_json_in *in, const cp_vroom *v, int32_t k)
{
    const cp_vroom_vehicle *q = cp_vroom_vehicle_at(v, k);
    if (v->matrices.n == 0) return CP_OK;
    const cp_vroom_matrix *m = matrix_of(v, q->profile);
    if (m == NULL)
        return wrong(in, path_of(in, "vehicles", k, "profile"),
                     cp_strf(in->ctx, in->ctx->run, "is \"%s\", which has no entry in matrices",
                             q->profile));
    if (m->costs.n > 0) {
        if (q->per_km >= 0 || q->per_hour >= 0)
            CP_TRY(wrong(in, path_of(in, "vehicles", k, "costs"),
                         "must not have per_hour or per_km: the profile has a matrix of costs"));
        if (q->max_dist_m >= 0)
            CP_TRY(wrong(in, path_of(in, "vehicles", k, "max_distance"),
                         "cannot be kept together with a matrix of costs"));
        return CP_OK;
    }
    if (m->distances.n > 0) return CP_OK;
    if (q->per_km > 0)
        CP_TRY(wrong(in, path_of(in, "vehicles", k, "costs.per_km"),
                     "needs the distances of the profile's matrix"));
    if (q->max_dist_m >= 0)
        CP_TRY(wrong(in, path_of(in, "vehicles", k, "max_distance"),
                     "needs the distances of the profile's matrix"));
    return CP_OK;
}

/* ---- times ---- */

typedef struct spread {
    cp_json_in *in;
    int64_t least, most;
    bool some;
    const char *most_at;
} spread;

static cp_status spread_add(spread *s, const cp_json_spans *w, const char *thing, const char *key)
{
    if (thing == NULL) return CP_E_NOMEM;
    for (int32_t i = 0; i < w->n; i++) {
        if (!s->some || w->v[i].from < s->least) s->least = w->v[i].from;
        if (s->some && w->v[i].from <= s->most) continue;
        s->most = w->v[i].from;
        s->most_at = cp_strf(s->in->ctx, s->in->ctx->run, "%s.%s", thing, key);
        s->some = true;
        if (s->most_at == NULL) return CP_E_NOMEM;
    }
    return CP_OK;
}

static cp_status check_times(cp_json_in *in, cp_vroom *v)
{
    spread s = {in, 0, 0, false, ""};
    for (int32_t k = 0; k < v->n_tasks; k++)
        CP_TRY(spread_add(&s, &v->tasks[k].windows, v->tasks[k].path, "time_windows"));
    for (int32_t k = 0; k < v->vehicles.n; k++) {
        const cp_vroom_vehicle *q = cp_vroom_vehicle_at(v, k);
        const char *thing = path_of(in, "vehicles", k, "");
        CP_TRY(spread_add(&s, &q->window, thing, "time_window"));
        for (int32_t i = 0; i < q->breaks.n; i++)
            CP_TRY(
                spread_add(&s, &((const cp_vroom_break *)q->breaks.v)[i].windows, thing, "breaks"));
    }
    v->origin_s = s.most <= SPREAD_MAX ? 0 : s.least;
    if (s.most - v->origin_s > SPREAD_MAX)
        return wrong(in, s.most_at,
                     cp_strf(in->ctx, in->ctx->run,
                             "begins at %lld, more than eight years after another window at %lld; "
                             "count all times from one moment",
                             (long long)s.most, (long long)s.least));
    return CP_OK;
}

cp_status cp_vroom_rules(cp_json_in *in, cp_vroom *v)
{
    if (v->jobs.n == 0 && v->shipments.n == 0)
        CP_TRY(wrong(in, "jobs", "must hold at least one job, or \"shipments\" one shipment"));
    CP_TRY(cp_vroom_tasks(in->ctx, v));
    if (v->vehicles.n == 0) CP_TRY(wrong(in, "vehicles", "must hold at least one vehicle"));
    CP_TRY(check_ids(in, v));
    CP_TRY(check_dims(in, v));
    CP_TRY(check_matrices(in, v));
    CP_TRY(check_places(in, v));
    for (int32_t k = 0; k < v->vehicles.n; k++)
        CP_TRY(check_vehicle(in, v, k));
    return check_times(in, v);
}

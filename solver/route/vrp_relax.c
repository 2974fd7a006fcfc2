/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_relax.h"

#include <string.h>

static int64_t amount(const int64_t *load, int32_t dim)
{
    return load == NULL || dim < 0 ? 0 : load[dim];
}

int64_t cp_relax_price(const cp_relax_kind *k, int64_t quantity, int64_t price, int64_t den)
{
    const __int128 whole = (__int128)quantity * price * k->ticks;
    __int128 t = whole / den;
    if (whole < 0 && whole % den != 0) t--;
    return t > CP_RELAX_MOST ? CP_RELAX_MOST : t < -CP_RELAX_MOST ? -CP_RELAX_MOST : (int64_t)t;
}

/* ---- steps ----------------------------------------------------------------------------------- */

static int64_t get(const cp_relax_kind *k, const int64_t *res, int32_t what)
{
    return k->at[what] < 0 ? 0 : res[k->at[what]];
}

/* Earliest moment from t on inside a window of the point, -1 if none. */
static bool earliest(const cp_relax_point *to, int64_t t, int64_t *start)
{
    *start = t;
    if (to->n_windows == 0) return true;
    for (int32_t w = 0; w < to->n_windows; w++) {
        if (t > to->windows[w].close_s) continue;
        if (t < to->windows[w].open_s) *start = to->windows[w].open_s;
        return true;
    }
    return false;
}

static bool step_time(const cp_relax_kind *k, int64_t *res, const cp_relax_leg *leg,
                      const cp_relax_point *to)
{
    if (k->at[CP_RES_TIME] >= 0) {
        int64_t *time = &res[k->at[CP_RES_TIME]], start = 0;
        if (!earliest(to, *time + leg->drive_s, &start)) return false;
        *time = start + leg->work_s;
        if (*time > k->limit[k->at[CP_RES_TIME]]) return false;
    }
    if (k->at[CP_RES_BUSY] >= 0) {
        int64_t *busy = &res[k->at[CP_RES_BUSY]];
        if (k->at[CP_RES_LATE] >= 0) {
            int64_t *late = &res[k->at[CP_RES_LATE]];
            const int64_t by = *busy + leg->drive_s - to->close_s;
            if (by > *late) *late = by;
            if (res[k->at[CP_RES_TIME]] + *late > k->v->shift_max_s &&
                k->v->shift_max_s < CP_VRP_LATEST)
                return false;
        }
        *busy += leg->drive_s + leg->work_s;
        if (*busy > k->limit[k->at[CP_RES_BUSY]]) return false;
    }
    return true;
}

/* Adds a * b to a resource that must not leave its limit. */
static bool grow(const cp_relax_kind *k, int64_t *res, int32_t what, int64_t a, int64_t b)
{
    int64_t product = 0;
    int64_t *r = &res[k->at[what]];
    return !__builtin_mul_overflow(a, b, &product) && !__builtin_add_overflow(*r, product, r) &&
           *r <= k->limit[k->at[what]];
}

static bool step_way(const cp_relax_kind *k, int64_t *res, const cp_relax_leg *leg)
{
    if (leg->drive_s < 0) return false;
    if (k->at[CP_RES_DRIVE] >= 0 && !grow(k, res, CP_RES_DRIVE, leg->drive_s, 1)) return false;
    if (k->at[CP_RES_DIST] >= 0 && !grow(k, res, CP_RES_DIST, leg->dist_m, 1)) return false;
    if (k->at[CP_RES_WAY] >= 0) res[k->at[CP_RES_WAY]] += leg->drive_s;
    return k->at[CP_RES_EXPO] < 0 ||
           grow(k, res, CP_RES_EXPO, get(k, res, CP_RES_PICK + k->p->value_dim), leg->drive_s);
}

static bool step_loads(const cp_relax_kind *k, int64_t *res, const cp_relax_point *to)
{
    for (int32_t m = 0; m < k->p->n_dims; m++) {
        const int32_t load = k->at[CP_RES_LOAD + m], pick = k->at[CP_RES_PICK + m];
        const int64_t d = amount(to->deliver, m), p = amount(to->pickup, m);
        const int64_t picked = pick < 0 ? p : res[pick] + p;
        if (pick >= 0) res[pick] = picked;
        if (load < 0) continue;
        /* Where nothing is delivered in this dimension the two are one resource. */
        if (load != pick) {
            res[load] += d;
            if (picked > res[load]) res[load] = picked;
        }
        if (res[load] > k->limit[load]) return false;
    }
    return true;
}

static bool step_node(const cp_relax_kind *k, int64_t *res, int32_t to)
{
    const cp_relax_point *q = &k->points[to];
    const int32_t v = k->p->value_dim;
    if (k->at[CP_RES_COUNT] >= 0 && !grow(k, res, CP_RES_COUNT, 1, 1)) return false;
    if (!step_loads(k, res, q)) return false;
    if (k->at[CP_RES_EXPO] < 0) return true;
    const int64_t d = amount(q->deliver, v), moved = d + amount(q->pickup, v);
    return grow(k, res, CP_RES_EXPO, d, get(k, res, CP_RES_WAY)) &&
           grow(k, res, CP_RES_EXPO, moved, q->pavement_s);
}

/* Ticks of a trip that ends: its band and its exposure. */
static int64_t trip_ticks(const cp_relax_kind *k, const int64_t *res)
{
    int64_t t = 0;
    if (k->v->n_trip_bands > 0) {
        const int32_t v = k->p->value_dim;
        const int64_t most = v < 0 ? 0 : get(k, res, CP_RES_LOAD + v);
        const cp_minor price = cp_vrp_band_price(k->bands, k->v->n_trip_bands, most);
        t = cp_relax_price(k, 1, price, 1);
    }
    if (k->v->exposure_price > 0 && k->at[CP_RES_EXPO] >= 0)
        t += cp_relax_price(k, res[k->at[CP_RES_EXPO]], k->v->exposure_price, k->p->exposure_den);
    return t;
}

/* A new trip begins with nothing on board. */
static bool new_trip(const cp_relax_kind *k, int64_t *res)
{
    for (int32_t m = CP_RES_WAY; m < CP_N_RES; m++)
        if (k->at[m] >= 0) res[k->at[m]] = 0;
    return k->at[CP_RES_TRIPS] >= 0 && grow(k, res, CP_RES_TRIPS, 1, 1);
}

/* Ticks of the whole route's waiting, breaks and overtime. */
static int64_t day_ticks(const cp_relax_kind *k, const int64_t *res)
{
    const cp_vrp_vehicle *v = k->v;
    const int64_t busy = get(k, res, CP_RES_BUSY);
    int64_t lasts = busy + k->break_s, over = 0;
    if (k->at[CP_RES_LATE] >= 0) {
        const int64_t between = res[k->at[CP_RES_TIME]] + res[k->at[CP_RES_LATE]];
        if (between > lasts) lasts = between;
    }
    int64_t t = cp_relax_price(k, lasts - busy, v->idle_price, k->p->time_den);
    if (v->over_price == 0) return t;
    if (v->shift_end_s < CP_VRP_LATEST) over = res[k->at[CP_RES_TIME]] - v->shift_end_s;
    if (v->paid_s < CP_VRP_LATEST && lasts - v->paid_s > over) over = lasts - v->paid_s;
    if (over > 0) t += cp_relax_price(k, over, v->over_price, k->p->time_den);
    return t;
}

bool cp_relax_step(const cp_relax_kind *k, const int64_t *in, int32_t from, int32_t way, int32_t to,
                   int64_t *out, int64_t *ticks)
{
    memcpy(out, in, (size_t)k->n_res * sizeof(*out));
    if (way >= 0) {
        const int32_t depot = k->n + way;
        const cp_relax_leg *leg = &k->legs[from * k->n_points + depot];
        if (!step_way(k, out, leg) || !step_time(k, out, leg, &k->points[depot])) return false;
        *ticks += leg->ticks + trip_ticks(k, out);
        if (!new_trip(k, out)) return false;
        from = depot;
    }
    const cp_relax_leg *leg = &k->legs[from * k->n_points + to];
    if (!step_way(k, out, leg) || !step_time(k, out, leg, &k->points[to])) return false;
    *ticks += leg->ticks;
    if (to != k->end) return step_node(k, out, to);
    *ticks += trip_ticks(k, out) + day_ticks(k, out);
    return true;
}

int64_t cp_relax_route(const cp_relax_kind *k, const int32_t *nodes, const int32_t *ways, int32_t n)
{
    int64_t a[CP_N_RES], b[CP_N_RES], ticks = k->fixed_ticks;
    int32_t at = k->start;
    memcpy(a, k->begin, sizeof(a));
    for (int32_t i = 0; i < n; i++) {
        if (!k->serves[nodes[i]]) return INT64_MAX;
        if (!cp_relax_step(k, a, at, ways == NULL ? -1 : ways[i], nodes[i], b, &ticks))
            return INT64_MAX;
        memcpy(a, b, sizeof(a));
        at = nodes[i];
    }
    return cp_relax_step(k, a, at, -1, k->end, b, &ticks) ? ticks : INT64_MAX;
}

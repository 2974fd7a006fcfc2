/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "solver/route/vrp_relax.h"

#define FAR (INT64_C(1) << 40)      /* seconds: later than any moment */
#define SUM_MOST (INT64_C(1) << 50) /* ticks that serving every node alone may cost */
#define FINEST (INT64_C(1) << 16)   /* most ticks a minor unit */

static int64_t amount(const int64_t *load, int32_t dim)
{
    return load == NULL || dim < 0 ? 0 : load[dim];
}

static int32_t place_of(const cp_relax_kind *k, int32_t point)
{
    if (point < k->n) return k->p->nodes[point].place;
    const int32_t depot = point == k->start ? k->v->start_depot
                          : point == k->end ? k->v->end_depot
                                            : k->v->reload_depots[point - k->n];
    return depot < 0 ? -1 : k->p->depots[depot].place;
}

/* ---- points and legs ------------------------------------------------------------------------- */

static void set_point(cp_relax_kind *k, int32_t i)
{
    cp_relax_point *q = &k->points[i];
    if (i < k->n) {
        const cp_vrp_node *x = &k->p->nodes[i];
        *q = (cp_relax_point){.windows = x->windows,
                              .n_windows = x->n_windows,
                              .deliver = x->deliver,
                              .pickup = x->pickup,
                              .pavement_s = x->pavement_s};
    } else {
        const int32_t depot = i == k->start ? k->v->start_depot
                              : i == k->end ? k->v->end_depot
                                            : k->v->reload_depots[i - k->n];
        if (depot >= 0) {
            q->windows = k->p->depots[depot].windows;
            q->n_windows = k->p->depots[depot].n_windows;
        }
    }
    q->close_s = q->n_windows > 0 ? q->windows[q->n_windows - 1].close_s : FAR;
}

static int32_t work_at(const cp_relax_kind *k, int32_t from, int32_t to)
{
    if (to < k->n) {
        const cp_vrp_node *x = &k->p->nodes[to];
        return x->service_s + (place_of(k, from) == x->place ? 0 : x->setup_s);
    }
    if (to >= k->start) return 0;
    return k->p->depots[k->v->reload_depots[to - k->n]].reload_s + k->v->reload_s;
}

static void set_leg(cp_relax_kind *k, int32_t from, int32_t to)
{
    const cp_vrp *p = k->p;
    const cp_vrp_vehicle *v = k->v;
    cp_relax_leg *leg = &k->legs[from * k->n_points + to];
    const int32_t a = place_of(k, from), b = place_of(k, to);
    if (a >= 0 && b >= 0) {
        const size_t at = (size_t)a * (size_t)p->n_places + (size_t)b;
        leg->drive_s = p->profiles[v->profile].time_s[at];
        if (leg->drive_s < 0) return;
        leg->dist_m = p->profiles[v->profile].dist_m[at];
    }
    leg->work_s = work_at(k, from, to);
    leg->ticks = cp_relax_price(k, leg->dist_m, v->dist_price, p->dist_den) +
                 cp_relax_price(k, leg->drive_s, v->drive_price, p->time_den) +
                 cp_relax_price(k, leg->work_s, v->work_price, p->time_den);
    if (leg->ticks < k->least_leg) k->least_leg = leg->ticks;
    if (to >= k->n) return;
    const cp_vrp_node *x = &p->nodes[to];
    const int64_t moved = amount(x->deliver, p->value_dim) + amount(x->pickup, p->value_dim);
    leg->ticks += cp_relax_price(k, 1, cp_vrp_band_price(v->stop_bands, v->n_stop_bands, moved), 1);
}

/* ---- resources ------------------------------------------------------------------------------- */

static int32_t add_resource(cp_relax_kind *k, int32_t what, int64_t begin, int64_t limit)
{
    k->begin[k->n_res] = begin;
    k->limit[k->n_res] = limit;
    k->at[what] = k->n_res++;
    return k->at[what];
}

static bool any_windows(const cp_relax_kind *k)
{
    for (int32_t i = 0; i < k->n_points; i++)
        if (k->points[i].n_windows > 0 && (i >= k->n || k->serves[i])) return true;
    return false;
}

static void add_times(cp_relax_kind *k)
{
    const cp_vrp_vehicle *v = k->v;
    const bool busy = v->shift_max_s < CP_VRP_LATEST || v->idle_price > 0 ||
                      (v->over_price > 0 && v->paid_s < CP_VRP_LATEST);
    const bool timed = any_windows(k) || v->shift_end_s < CP_VRP_LATEST;
    const cp_relax_point *start = &k->points[k->start];
    int64_t leave = v->shift_start_s;
    for (int32_t w = 0; w < start->n_windows; w++) {
        if (start->windows[w].close_s < leave) continue;
        if (start->windows[w].open_s > leave) leave = start->windows[w].open_s;
        break;
    }
    const int64_t end =
        v->shift_end_s < CP_VRP_LATEST ? (int64_t)v->shift_end_s + v->overtime_max_s : FAR;
    /* A start that is closed for good leaves no time for anything. */
    if (timed) add_resource(k, CP_RES_TIME, leave, leave > start->close_s ? leave - 1 : end);
    if (busy)
        add_resource(k, CP_RES_BUSY, 0,
                     v->shift_max_s < CP_VRP_LATEST ? v->shift_max_s - k->break_s : FAR);
    if (busy && timed) add_resource(k, CP_RES_LATE, -start->close_s, FAR);
    if (v->drive_max_s < CP_VRP_LATEST) add_resource(k, CP_RES_DRIVE, 0, v->drive_max_s);
    if (v->dist_max_m < CP_VRP_NO_LIMIT) add_resource(k, CP_RES_DIST, 0, v->dist_max_m);
    if (v->max_trips > 1 && v->n_reload_depots > 0) add_resource(k, CP_RES_TRIPS, 1, v->max_trips);
}

static void add_loads(cp_relax_kind *k)
{
    const int32_t v = k->p->value_dim;
    const bool exposed =
        v >= 0 && (k->v->exposure_max < CP_VRP_NO_LIMIT || k->v->exposure_price > 0);
    for (int32_t m = 0; m < k->p->n_dims; m++) {
        const int64_t cap = k->v->capacity == NULL ? CP_VRP_NO_LIMIT : k->v->capacity[m];
        int64_t out = 0, back = 0, most = 0;
        for (int32_t i = 0; i < k->n; i++) {
            if (!k->serves[i]) continue;
            out += amount(k->points[i].deliver, m);
            back += amount(k->points[i].pickup, m);
        }
        most = out + back;
        const bool banded = m == v && k->v->n_trip_bands > 0;
        const bool load = most > cap || banded;
        if (load) add_resource(k, CP_RES_LOAD + m, 0, cap);
        if (back == 0 || (!load && !(exposed && m == v))) continue;
        if (load && out == 0)
            k->at[CP_RES_PICK + m] = k->at[CP_RES_LOAD + m];
        else
            add_resource(k, CP_RES_PICK + m, 0, INT64_MAX);
    }
    for (int32_t i = 0; exposed && i < k->n && k->at[CP_RES_WAY] < 0; i++)
        if (k->serves[i] && amount(k->points[i].deliver, v) > 0)
            add_resource(k, CP_RES_WAY, 0, FAR);
    if (exposed) add_resource(k, CP_RES_EXPO, 0, k->v->exposure_max);
}

/* Does going from one node to another use up something limited, whatever is on board? */
static bool consumes(const cp_relax_kind *k, int32_t from, int32_t to)
{
    const cp_relax_leg *leg = &k->legs[from * k->n_points + to];
    const cp_relax_point *q = &k->points[to];
    const int32_t v = k->p->value_dim, time = k->at[CP_RES_TIME], busy = k->at[CP_RES_BUSY];
    const bool takes_time = leg->drive_s + leg->work_s > 0;
    if (takes_time && time >= 0 && (k->limit[time] < FAR || q->close_s < FAR)) return true;
    if (takes_time && busy >= 0 && k->limit[busy] < FAR) return true;
    if (leg->drive_s > 0 && k->at[CP_RES_DRIVE] >= 0) return true;
    if (leg->dist_m > 0 && k->at[CP_RES_DIST] >= 0) return true;
    if (leg->drive_s > 0 && k->v->exposure_max < CP_VRP_NO_LIMIT && k->at[CP_RES_EXPO] >= 0 &&
        amount(k->points[from].pickup, v) > 0)
        return true;
    for (int32_t m = 0; m < k->p->n_dims; m++)
        if (k->at[CP_RES_LOAD + m] >= 0 && k->limit[k->at[CP_RES_LOAD + m]] < CP_VRP_NO_LIMIT &&
            amount(q->deliver, m) + amount(q->pickup, m) > 0)
            return true;
    return false;
}

static bool always_consumes(const cp_relax_kind *k)
{
    for (int32_t i = 0; i < k->n; i++)
        for (int32_t j = 0; j < k->n; j++)
            if (i != j && k->serves[i] && k->serves[j] &&
                k->legs[i * k->n_points + j].drive_s >= 0 && !consumes(k, i, j))
                return false;
    return true;
}

static int32_t choose_key(const cp_relax_kind *k)
{
    static const int32_t order[] = {CP_RES_TIME, CP_RES_BUSY, CP_RES_DRIVE,
                                    CP_RES_DIST, CP_RES_EXPO, CP_RES_COUNT};
    if (k->at[CP_RES_TIME] >= 0) return k->at[CP_RES_TIME];
    double tightest = 0;
    int32_t key = -1;
    for (int32_t m = 0; k->at[CP_RES_TRIPS] < 0 && m < k->p->n_dims; m++) {
        const int32_t r = k->at[CP_RES_LOAD + m];
        if (r < 0 || k->limit[r] == CP_VRP_NO_LIMIT) continue;
        double sum = 0;
        for (int32_t i = 0; i < k->n; i++)
            sum += (double)(amount(k->points[i].deliver, m) + amount(k->points[i].pickup, m));
        sum /= (double)k->limit[r] + 1;
        if (sum <= tightest) continue;
        tightest = sum;
        key = r;
    }
    for (size_t i = 1; key < 0 && i < sizeof order / sizeof *order; i++)
        if (order[i] != CP_RES_EXPO || k->at[CP_RES_TRIPS] < 0) key = k->at[order[i]];
    return key;
}

/* By what two paths are compared. BUSY and LATE matter by what they do to waiting alone, unless the
 * duration is limited or paid overtime depends on it. */
static void set_strict(cp_relax_kind *k)
{
    const cp_vrp_vehicle *v = k->v;
    const int32_t late = k->at[CP_RES_LATE], busy = k->at[CP_RES_BUSY];
    const int64_t second = cp_relax_price(k, 1, v->idle_price, k->p->time_den) + 1;
    const bool lasts = v->shift_max_s < CP_VRP_LATEST ||
                       (v->over_price > 0 && v->paid_s < CP_VRP_LATEST) ||
                       second >= CP_RELAX_LONGEST << 7;
    k->n_strict = 0;
    for (int32_t r = 0; r < k->n_res; r++)
        if ((r != late && r != busy) || lasts) k->strict[k->n_strict++] = r;
    k->waits = v->idle_price > 0 && late >= 0;
    k->wait_ticks = second;
}

/* Resources, and a count of nodes where a path might else run in circles for ever. */
static void add_resources(cp_relax_kind *k)
{
    for (int32_t r = 0; r < CP_N_RES; r++)
        k->at[r] = -1;
    add_times(k);
    add_loads(k);
    const int32_t most = k->v->nodes_max < k->n ? k->v->nodes_max : k->n;
    if (k->v->nodes_max < k->n || !always_consumes(k)) add_resource(k, CP_RES_COUNT, 0, most);
    k->key = choose_key(k);
    if (k->key < 0) k->key = add_resource(k, CP_RES_COUNT, 0, most);
    set_strict(k);
}

/* ---- which nodes may follow which ------------------------------------------------------------ */

/* The least that any path holds when it leaves node i. */
static void least_at(const cp_relax_kind *k, int32_t i, int64_t *res)
{
    const cp_relax_point *q = &k->points[i];
    const int32_t work = k->p->nodes[i].service_s;
    memcpy(res, k->begin, sizeof(k->begin));
    if (k->at[CP_RES_TIME] >= 0) {
        int64_t *t = &res[k->at[CP_RES_TIME]];
        if (q->n_windows > 0 && q->windows[0].open_s > *t) *t = q->windows[0].open_s;
        *t += work;
    }
    if (k->at[CP_RES_BUSY] >= 0) res[k->at[CP_RES_BUSY]] += work;
    if (k->at[CP_RES_LATE] >= 0 && -q->close_s > res[k->at[CP_RES_LATE]])
        res[k->at[CP_RES_LATE]] = -q->close_s;
    for (int32_t m = 0; m < k->p->n_dims; m++) {
        const int64_t d = amount(q->deliver, m), b = amount(q->pickup, m);
        if (k->at[CP_RES_LOAD + m] >= 0) res[k->at[CP_RES_LOAD + m]] = d > b ? d : b;
        if (k->at[CP_RES_PICK + m] >= 0) res[k->at[CP_RES_PICK + m]] = b;
    }
    if (k->at[CP_RES_COUNT] >= 0) res[k->at[CP_RES_COUNT]] = 1;
}

static void list_next(cp_relax_kind *k)
{
    int32_t count = 0;
    for (int32_t i = 0; i <= k->n; i++) {
        int64_t least[CP_N_RES], after[CP_N_RES], ticks = 0;
        k->first_next[i] = count;
        if (i < k->n && !k->serves[i]) continue;
        if (i < k->n)
            least_at(k, i, least);
        else
            memcpy(least, k->begin, sizeof(least));
        for (int32_t j = 0; j < k->n; j++)
            if (j != i && k->serves[j] &&
                cp_relax_step(k, least, i < k->n ? i : k->start, -1, j, after, &ticks))
                k->next[count++] = j;
    }
    k->first_next[k->n + 1] = count;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Half a minor unit for every part of the cost whose rounding may lose as much. */
static int64_t lost_by_rounding(const cp_relax_kind *k)
{
    const cp_vrp_vehicle *v = k->v;
    const cp_vrp *p = k->p;
    const int32_t parts = (v->dist_price % p->dist_den != 0) + (v->drive_price % p->time_den != 0) +
                          (v->work_price % p->time_den != 0) + (v->idle_price % p->time_den != 0) +
                          (v->over_price % p->time_den != 0) +
                          (v->exposure_price % p->exposure_den != 0);
    return (parts * k->ticks + 1) / 2;
}

static cp_status set_bands(cp_ctx *ctx, cp_relax_kind *k)
{
    const int32_t n = k->v->n_trip_bands;
    CP_NEW(ctx, ctx->run, k->bands, n + 1);
    for (int32_t b = n - 1; b >= 0; b--) {
        k->bands[b] = k->v->trip_bands[b];
        if (b + 1 < n && k->bands[b + 1].price < k->bands[b].price)
            k->bands[b].price = k->bands[b + 1].price;
    }
    return CP_OK;
}

static cp_status build_kind(cp_ctx *ctx, const cp_vrp *p, int32_t vehicle, int64_t ticks,
                            cp_relax_kind *k)
{
    const cp_vrp_vehicle *v = &p->vehicles[vehicle];
    *k = (cp_relax_kind){.p = p, .v = v, .n = p->n_nodes, .n_reload = v->n_reload_depots};
    k->ticks = ticks;
    k->start = k->n + k->n_reload;
    k->end = k->start + 1;
    k->n_points = k->end + 1;
    CP_NEW(ctx, ctx->run, k->points, k->n_points);
    CP_NEW(ctx, ctx->run, k->legs, (size_t)k->n_points * (size_t)k->n_points);
    CP_NEW(ctx, ctx->run, k->serves, k->n + 1);
    CP_NEW(ctx, ctx->run, k->next, (size_t)(k->n + 1) * (size_t)(k->n + 1));
    CP_NEW(ctx, ctx->run, k->first_next, k->n + 2);
    CP_TRY(set_bands(ctx, k));
    for (int32_t i = 0; i < k->n_points; i++)
        set_point(k, i);
    for (int32_t i = 0; i < k->n; i++)
        k->serves[i] = cp_vrp_may_serve(p, vehicle, i);
    for (int32_t b = 0; b < v->n_breaks; b++)
        if (v->breaks[b].after_s == 0) k->break_s += v->breaks[b].duration_s;
    for (int32_t i = 0; i < k->n_points; i++)
        for (int32_t j = 0; j < k->n_points; j++)
            if (i != j) set_leg(k, i, j);
    k->fixed_ticks = cp_relax_price(k, 1, v->fixed, 1) - lost_by_rounding(k);
    add_resources(k);
    list_next(k);
    return CP_OK;
}

static cp_status build_kinds(cp_ctx *ctx, cp_relax *r)
{
    r->n_res_max = 1;
    for (int32_t v = 0; v < r->p->n_vehicles; v++) {
        CP_TRY(build_kind(ctx, r->p, v, r->ticks, &r->kinds[v]));
        if (r->kinds[v].n_res > r->n_res_max) r->n_res_max = r->kinds[v].n_res;
    }
    return CP_OK;
}

/* The cost of going to a node and home by the dearest kind, and of leaving nodes out, summed. */
static __int128 usual_cost(const cp_relax *r)
{
    __int128 sum = 0;
    for (int32_t v = 0; v < r->p->n_vehicles; v++)
        if (r->kinds[v].least_leg <= -CP_RELAX_MOST) sum = SUM_MOST;
    for (int32_t i = 0; i < r->p->n_nodes; i++) {
        int64_t most = 1;
        for (int32_t v = 0; v < r->p->n_vehicles; v++) {
            const cp_relax_kind *k = &r->kinds[v];
            const cp_relax_leg *there = &k->legs[k->start * k->n_points + i];
            const cp_relax_leg *back = &k->legs[i * k->n_points + k->end];
            const int64_t alone = cp_relax_route(k, &i, NULL, 1);
            int64_t cost = (there->drive_s < 0 ? 0 : there->ticks) +
                           (back->drive_s < 0 ? 0 : back->ticks) + k->fixed_ticks;
            if (alone != INT64_MAX && alone > cost) cost = alone;
            if (cost > most) most = cost;
        }
        sum += most;
        if (r->p->nodes[i].out_price != CP_VRP_MUST) sum += r->p->nodes[i].out_price;
    }
    return sum;
}

cp_status cp_relax_build(cp_ctx *ctx, const cp_vrp *p, cp_relax **out)
{
    cp_relax *r = NULL;
    *out = NULL;
    if (p->n_nodes > CP_RELAX_NODES) return CP_OK;
    CP_NEW(ctx, ctx->run, r, 1);
    CP_NEW(ctx, ctx->run, r->kinds, p->n_vehicles + 1);
    CP_NEW(ctx, ctx->run, r->out, p->n_nodes + 1);
    r->p = p;
    r->ticks = 1;
    CP_TRY(build_kinds(ctx, r));
    const __int128 sum = usual_cost(r);
    if (sum > SUM_MOST) return CP_OK;
    while (r->ticks < FINEST && sum * r->ticks * 2 <= SUM_MOST)
        r->ticks *= 2;
    CP_TRY(build_kinds(ctx, r));
    for (int32_t i = 0; i < p->n_nodes; i++) {
        const cp_minor price = p->nodes[i].out_price;
        r->out[i] = price == CP_VRP_MUST ? INT64_MAX : price * r->ticks;
    }
    r->large = (int64_t)(sum * r->ticks / (p->n_nodes + 1)) + 1;
    *out = r;
    return CP_OK;
}

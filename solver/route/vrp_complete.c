/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_complete.h"

#define SWEEPS_MOST 12

cp_status cp_complete_new(cp_ctx *ctx, const cp_relax *r, cp_complete *out)
{
    *out = (cp_complete){0};
    const size_t n = (size_t)r->p->n_nodes;
    size_t most = 0;
    for (int32_t v = 0; v < r->p->n_vehicles; v++)
        if ((size_t)r->kinds[v].n_reload > most) most = (size_t)r->kinds[v].n_reload;
    CP_NEW(ctx, ctx->run, out->at, CP_COMPLETE_LEVELS * (n + 1));
    CP_NEW(ctx, ctx->run, out->arcs, n * n * (most + 1) + 1);
    CP_NEW(ctx, ctx->run, out->first_arc, n + 1);
    return CP_OK;
}

/* Which of the resources may be used alone? Those of which a leg's use is known without the rest.
 */
static bool known_alone(const cp_relax_kind *k)
{
    if (k->key == k->at[CP_RES_EXPO]) return false;
    return k->key != k->at[CP_RES_WAY];
}

/* The earliest end of the work at a point that is reached at a moment; false when it is too late.
 */
static inline bool time_step(const cp_relax_point *q, int64_t at, int32_t work_s, int64_t limit,
                             int64_t *out)
{
    if (at > q->close_s) return false;
    for (int32_t w = 0; w < q->n_windows; w++) {
        if (at > q->windows[w].close_s) continue;
        if (at < q->windows[w].open_s) at = q->windows[w].open_s;
        break;
    }
    *out = at + work_s;
    return *out <= limit;
}

/* The least of the key after going on to a node or the end; false where it is too much. */
static bool key_step(const cp_relax_kind *k, int64_t t, int32_t from, int32_t to, int64_t *out)
{
    const cp_relax_leg *leg = &k->legs[from * k->n_points + to];
    const cp_relax_point *q = &k->points[to];
    if (leg->drive_s < 0) return false;
    if (k->key == k->at[CP_RES_TIME])
        return time_step(q, t + leg->drive_s, leg->work_s, k->limit[k->key], out);
    if (k->key == k->at[CP_RES_BUSY]) {
        t += leg->drive_s + leg->work_s;
    } else if (k->key == k->at[CP_RES_DRIVE]) {
        t += leg->drive_s;
    } else if (k->key == k->at[CP_RES_DIST]) {
        t += leg->dist_m;
    } else if (k->key == k->at[CP_RES_COUNT]) {
        t += to == k->end ? 0 : 1;
    } else {
        for (int32_t m = 0; m < k->p->n_dims; m++) {
            if (k->key != k->at[CP_RES_LOAD + m]) continue;
            const bool one = k->key == k->at[CP_RES_PICK + m];
            const int64_t *load = one ? q->pickup : q->deliver;
            if (load != NULL) t += load[m];
            break;
        }
    }
    *out = t;
    return t <= k->limit[k->key];
}

static void offer(cp_completion *a, int64_t cost, int32_t next)
{
    if (cost < a->best) {
        if (a->next != next) a->other = a->best;
        a->best = cost;
        a->next = next;
    } else if (next != a->next && cost < a->other) {
        a->other = cost;
    }
}

/* The same by way of reload depot `way`, -1 = directly; *ticks of the way there. */
static bool way_step(const cp_relax_kind *k, int64_t t, int32_t from, int32_t way, int32_t to,
                     int64_t *out, int64_t *ticks)
{
    *ticks = 0;
    if (way >= 0) {
        const int32_t depot = k->n + way;
        *ticks = k->legs[from * k->n_points + depot].ticks;
        if (!key_step(k, t, from, depot, &t)) return false;
        from = depot;
    }
    *ticks += k->legs[from * k->n_points + to].ticks;
    return key_step(k, t, from, to, out);
}

/* Depots by which a path may reload; none where it may drive one trip. */
static int32_t n_ways(const cp_relax_kind *k)
{
    return k->at[CP_RES_TRIPS] >= 0 ? k->n_reload : 0;
}

/* Is it worth to go by way of the depot, where loads do not count? Not where the direct way is no
 * dearer and no longer. */
static bool worth_reloading(const cp_label_query *q, int32_t from, int32_t way, int32_t to)
{
    const cp_relax_kind *k = q->kind;
    const int64_t gain = cp_label_gain(q, k->n, to) - cp_label_gain(q, from, to);
    const cp_relax_leg *there = &k->legs[from * k->n_points + k->n + way];
    const cp_relax_leg *on = &k->legs[(k->n + way) * k->n_points + to];
    const cp_relax_leg *direct = &k->legs[from * k->n_points + to];
    if (there->drive_s < 0 || on->drive_s < 0) return false;
    return direct->drive_s < 0 || direct->ticks > there->ticks + on->ticks - gain ||
           direct->drive_s > there->drive_s + on->drive_s ||
           direct->drive_s + direct->work_s >
               there->drive_s + there->work_s + on->drive_s + on->work_s ||
           direct->dist_m > there->dist_m + on->dist_m;
}

/* The ways of the query, once for all levels. */
static void list_arcs(cp_complete *c, const cp_label_query *q)
{
    const cp_relax_kind *k = c->kind;
    int32_t n = 0;
    for (int32_t i = 0; i < k->n; i++) {
        c->first_arc[i] = n;
        for (int32_t way = -1; k->serves[i] && way < n_ways(k); way++)
            for (int32_t j = 0; j < k->n; j++) {
                const int32_t from = way >= 0 ? k->n + way : i;
                const cp_relax_leg *leg = &k->legs[from * k->n_points + j];
                if (j == i || !k->serves[j] || leg->drive_s < 0) continue;
                if (way >= 0 && !worth_reloading(q, i, way, j)) continue;
                cp_complete_arc *a = &c->arcs[n++];
                *a = (cp_complete_arc){.ticks = leg->ticks, .to = j, .way = way, .back = -1};
                if (way >= 0) a->ticks += k->legs[i * k->n_points + from].ticks;
                a->cost = a->ticks - cp_label_gain(q, way >= 0 ? k->n : i, j);
                if (cp_in_set(q->ng[j], i)) a->back = i;
                a->drive_s = leg->drive_s;
                a->work_s = leg->work_s;
            }
    }
    c->first_arc[k->n] = n;
}

/* The least of the key after the arc from node i; false where it is too much. */
static inline bool arc_step(const cp_relax_kind *k, int64_t t, int32_t i, const cp_complete_arc *a,
                            int64_t *after)
{
    if (a->way >= 0)
        return key_step(k, t, i, k->n + a->way, after) &&
               key_step(k, *after, k->n + a->way, a->to, after);
    if (k->key != k->at[CP_RES_TIME]) return key_step(k, t, i, a->to, after);
    return time_step(&k->points[a->to], t + a->drive_s, a->work_s, k->limit[k->key], after);
}

/* Better completions of paths that leave node i at a level; true where one was found. *level_left =
 * false where a next stop stays in the level. */
static bool complete_node(cp_complete *c, int32_t level, int32_t i, bool *level_left)
{
    const cp_relax_kind *k = c->kind;
    cp_completion *a = &c->at[(int64_t)level * k->n + i];
    const cp_completion was = *a;
    const int64_t t = c->low + level * c->width, next_level = t + c->width;
    for (int32_t e = c->first_arc[i]; e < c->first_arc[i + 1]; e++) {
        const cp_complete_arc *arc = &c->arcs[e];
        int64_t after = 0;
        if (!arc_step(k, t, i, arc, &after)) continue;
        const int64_t rest = cp_complete_least(c, arc->to, after, arc->back);
        if (after < next_level) *level_left = false;
        if (rest < CP_COMPLETE_NONE) offer(a, arc->cost + rest, arc->to);
    }
    return a->best < was.best || a->other < was.other;
}

static bool fill_level(cp_complete *c, int32_t level)
{
    const cp_relax_kind *k = c->kind;
    bool left = true;
    for (int32_t i = 0; i < k->n; i++) {
        int64_t after = 0;
        cp_completion *a = &c->at[(int64_t)level * k->n + i];
        *a = (cp_completion){CP_COMPLETE_NONE, CP_COMPLETE_NONE, -2};
        if (k->serves[i] && key_step(k, c->low + level * c->width, i, k->end, &after))
            offer(a, k->legs[i * k->n_points + k->end].ticks, -1);
    }
    for (int32_t sweep = 0; sweep < SWEEPS_MOST; sweep++) {
        bool better = false;
        for (int32_t i = 0; i < k->n; i++)
            if (k->serves[i] && complete_node(c, level, i, &left)) better = true;
        if (left || !better) return true;
    }
    return false;
}

/* The moments between which levels lie. */
static void set_levels(cp_complete *c, int32_t levels_most)
{
    const cp_relax_kind *k = c->kind;
    int64_t high = k->limit[k->key];
    if (k->key == k->at[CP_RES_TIME]) {
        int64_t last = k->begin[k->key];
        for (int32_t i = 0; i < k->n; i++) {
            if (!k->serves[i]) continue;
            const cp_vrp_node *x = &k->p->nodes[i];
            const int64_t by = k->points[i].close_s + x->service_s + x->setup_s;
            if (by > last) last = by;
        }
        if (last < high) high = last;
    }
    c->low = k->begin[k->key];
    c->usable = high < INT64_C(1) << 40 && high >= c->low;
    if (!c->usable) return;
    c->width = (high - c->low) / levels_most + 1;
    c->n_levels = (int32_t)((high - c->low) / c->width) + 1;
}

void cp_complete_fill(cp_complete *c, const cp_label_query *q, int32_t levels_most)
{
    c->kind = q->kind;
    c->usable = false;
    if (!known_alone(c->kind)) return;
    set_levels(c, levels_most);
    if (c->usable) list_arcs(c, q);
    for (int32_t level = c->n_levels - 1; c->usable && level >= 0; level--)
        c->usable = fill_level(c, level);
}

int64_t cp_complete_whole(const cp_complete *c, const cp_label_query *q)
{
    const cp_relax_kind *k = c->kind;
    int64_t least = CP_COMPLETE_NONE, after = 0;
    for (int32_t e = k->first_next[k->n]; e < k->first_next[k->n + 1]; e++) {
        const int32_t j = k->next[e];
        if (!key_step(k, k->begin[k->key], k->start, j, &after)) continue;
        const int64_t rest = cp_complete_least(c, j, after, -1);
        const int64_t cost =
            k->legs[k->start * k->n_points + j].ticks - cp_label_gain(q, k->start, j) + rest;
        if (cost < least) least = cost;
    }
    return least + k->fixed_ticks;
}

/* Where the level that holds `at` begins. */
static int64_t level_start(const cp_complete *c, int64_t at)
{
    const int64_t level = (at - c->low) / c->width;
    return c->low + (level < c->n_levels ? level : c->n_levels - 1) * c->width;
}

/* The node to go on to at the least cost, not `before`; -1 = the end is cheapest, -2 = no way on.
 * *way = the depot to reload at before. */
static int32_t best_next(const cp_complete *c, int32_t i, int64_t at, int32_t before,
                         int64_t *after, int32_t *way)
{
    const cp_relax_kind *k = c->kind;
    const int64_t t = level_start(c, at);
    int64_t reached = 0, least = CP_COMPLETE_NONE;
    int32_t next = -2;
    if (key_step(k, t, i, k->end, &reached)) {
        least = k->legs[i * k->n_points + k->end].ticks;
        next = -1;
    }
    for (int32_t e = c->first_arc[i]; e < c->first_arc[i + 1]; e++) {
        const cp_complete_arc *a = &c->arcs[e];
        if (a->to == before || !arc_step(k, t, i, a, &reached)) continue;
        const int64_t rest = cp_complete_least(c, a->to, reached, a->back);
        if (rest >= CP_COMPLETE_NONE || a->cost + rest >= least) continue;
        least = a->cost + rest;
        next = a->to;
        *after = reached;
        *way = a->way;
    }
    return next;
}

int32_t cp_complete_path(const cp_complete *c, const cp_label_query *q, int32_t first,
                         int32_t *nodes, int32_t *ways, int32_t most, int64_t *ticks)
{
    const cp_relax_kind *k = c->kind;
    int64_t at = 0;
    int32_t n = 0, i = first, before = -1, way = -1;
    if (!key_step(k, k->begin[k->key], k->start, first, &at)) return 0;
    *ticks = k->fixed_ticks + k->legs[k->start * k->n_points + first].ticks;
    while (n < most) {
        ways[n] = way;
        nodes[n++] = i;
        const int64_t t = level_start(c, at);
        const int32_t next = best_next(c, i, at, before, &at, &way);
        if (next == -2) return 0;
        int64_t leg = 0, after = 0;
        if (next < 0) way = -1;
        (void)way_step(k, t, i, way, next < 0 ? k->end : next, &after, &leg);
        *ticks += leg;
        if (next < 0) return n;
        before = cp_in_set(q->ng[next], i) ? i : -1;
        i = next;
    }
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/route/vrp_complete.h"

#define SWEEPS_MOST 12

cp_status cp_complete_new(cp_ctx *ctx, const cp_relax *r, cp_complete *out)
{
    *out = (cp_complete){0};
    CP_NEW(ctx, ctx->run, out->at, (size_t)CP_COMPLETE_LEVELS * (size_t)(r->p->n_nodes + 1));
    return CP_OK;
}

/* Which of the resources may be used alone? Those of which a leg's use is known without the rest.
 */
static bool known_alone(const cp_relax_kind *k)
{
    if (k->at[CP_RES_TRIPS] >= 0) return false;
    if (k->key == k->at[CP_RES_EXPO]) return false;
    return k->key != k->at[CP_RES_WAY];
}

/* The least of the key after going on to a node or the end; false where it is too much. */
static bool key_step(const cp_relax_kind *k, int64_t t, int32_t from, int32_t to, int64_t *out)
{
    const cp_relax_leg *leg = &k->legs[from * k->n_points + to];
    const cp_relax_point *q = &k->points[to];
    if (leg->drive_s < 0) return false;
    if (k->key == k->at[CP_RES_TIME]) {
        int64_t at = t + leg->drive_s;
        if (at > q->close_s) return false;
        for (int32_t w = 0; w < q->n_windows; w++) {
            if (at > q->windows[w].close_s) continue;
            if (at < q->windows[w].open_s) at = q->windows[w].open_s;
            break;
        }
        t = at + leg->work_s;
    } else if (k->key == k->at[CP_RES_BUSY]) {
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

/* Better completions of paths that leave node i at a level; true where one was found. *level_left =
 * false where a next stop stays in the level. */
static bool complete_node(cp_complete *c, const cp_label_query *q, int32_t level, int32_t i,
                          bool *level_left)
{
    const cp_relax_kind *k = c->kind;
    cp_completion *a = &c->at[(int64_t)level * k->n + i];
    const cp_completion was = *a;
    const int64_t t = c->low + level * c->width;
    int64_t after = 0;
    for (int32_t e = k->first_next[i]; e < k->first_next[i + 1]; e++) {
        const int32_t j = k->next[e];
        if (!key_step(k, t, i, j, &after)) continue;
        const int32_t back = cp_in_set(q->ng[j], i) ? i : -1;
        const int64_t rest = cp_complete_least(c, j, after, back);
        if ((after - c->low) / c->width <= level) *level_left = false;
        if (rest >= CP_COMPLETE_NONE) continue;
        offer(a, k->legs[i * k->n_points + j].ticks - q->dual[j] + rest, j);
    }
    return a->best < was.best || a->other < was.other;
}

static bool fill_level(cp_complete *c, const cp_label_query *q, int32_t level)
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
            if (k->serves[i] && complete_node(c, q, level, i, &left)) better = true;
        if (left || !better) return true;
    }
    return false;
}

/* The moments between which levels lie. */
static void set_levels(cp_complete *c)
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
    c->width = (high - c->low) / CP_COMPLETE_LEVELS + 1;
    c->n_levels = (int32_t)((high - c->low) / c->width) + 1;
}

void cp_complete_fill(cp_complete *c, const cp_label_query *q)
{
    c->kind = q->kind;
    c->usable = false;
    if (!known_alone(c->kind)) return;
    set_levels(c);
    for (int32_t level = c->n_levels - 1; c->usable && level >= 0; level--)
        c->usable = fill_level(c, q, level);
}

int64_t cp_complete_whole(const cp_complete *c, const cp_label_query *q)
{
    const cp_relax_kind *k = c->kind;
    int64_t least = CP_COMPLETE_NONE, after = 0;
    for (int32_t e = k->first_next[k->n]; e < k->first_next[k->n + 1]; e++) {
        const int32_t j = k->next[e];
        if (!key_step(k, k->begin[k->key], k->start, j, &after)) continue;
        const int64_t rest = cp_complete_least(c, j, after, -1);
        const int64_t cost = k->legs[k->start * k->n_points + j].ticks - q->dual[j] + rest;
        if (cost < least) least = cost;
    }
    return least + k->fixed_ticks;
}

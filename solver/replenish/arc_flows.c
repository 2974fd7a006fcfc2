/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/arc_flows.h"

#include <string.h>

#include "models/base/vector.h"
#include "solver/replenish/arc_sim.h"

cp_status cp_arc_flows_new(cp_ctx *ctx, const cp_arc_sim *sim, int32_t n_days, cp_arc_flows *flows)
{
    const size_t k = (size_t)sim->n_channels, n = (size_t)sim->n_paths;
    const size_t cells = (size_t)n_days * k;
    memset(flows, 0, sizeof *flows);
    flows->n_channels = sim->n_channels;
    flows->n_paths = sim->n_paths;
    CP_NEW_RAW(ctx, ctx->scratch, flows->net, cells * n);
    CP_NEW_RAW(ctx, ctx->scratch, flows->need, cells * n);
    CP_NEW_RAW(ctx, ctx->scratch, flows->need_next, cells * n);
    CP_NEW_RAW(ctx, ctx->scratch, flows->room_next, cells * n);
    for (size_t i = 0; i < cells; i++) { /* what a channel never does stays nothing */
        const bool pays = sim->pays[i % k], takes = sim->takes[i % k];
        if (!pays) memset(flows->need + i * n, 0, n * sizeof *flows->need);
        if (!pays) memset(flows->need_next + i * n, 0, n * sizeof *flows->need_next);
        if (!takes) memset(flows->room_next + i * n, 0, n * sizeof *flows->room_next);
    }
    CP_NEW(ctx, ctx->scratch, flows->sum_net, cells);
    CP_NEW(ctx, ctx->scratch, flows->sum_next, cells);
    CP_NEW(ctx, ctx->scratch, flows->reach, cells);
    CP_NEW(ctx, ctx->scratch, flows->reach_above, cells);
    CP_NEW(ctx, ctx->scratch, flows->sum_there, k);
    CP_NEW(ctx, ctx->scratch, flows->least_there, k);
    CP_NEW(ctx, ctx->scratch, flows->most_there, k);
    CP_NEW(ctx, ctx->scratch, flows->room, k * n);
    return CP_OK;
}

/* Withdrawals of a part of a day come first: the greatest net outflow so far is after them, the
 * greatest net inflow at the end of a part. */
typedef struct part_most {
    int32_t need, room, swing;
} part_most;

static inline int32_t greater(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

/* One part of a day of a channel that pays and takes. */
CP_VECTOR static part_most run_both(int32_t n, const int32_t *restrict out,
                                    const int32_t *restrict in, const int32_t *restrict before,
                                    const int32_t *restrict need_before, int32_t *restrict room,
                                    int32_t *restrict net, int32_t *restrict need)
{
    int32_t most_need = 0, most_room = 0, most_swing = 0;
    for (int32_t w = 0; w < n; w++) {
        const int32_t peak = before[w] + out[w], after = peak - in[w];
        const int32_t needed = greater(need_before[w], peak), came = greater(room[w], -after);
        net[w] = after;
        need[w] = needed;
        room[w] = came;
        most_need = greater(most_need, needed);
        most_room = greater(most_room, came);
        most_swing = greater(most_swing, needed - after);
    }
    const part_most most = {most_need, most_room, most_swing};
    return most;
}

/* The same of a part that is only tried. */
CP_VECTOR static part_most try_both(int32_t n, const int32_t *restrict out,
                                    const int32_t *restrict in, const int32_t *restrict net,
                                    const int32_t *restrict need, const int32_t *restrict room,
                                    int32_t *restrict need_next, int32_t *restrict room_next)
{
    int32_t most_need = 0, most_room = 0, most_swing = 0;
    for (int32_t w = 0; w < n; w++) {
        const int32_t peak = net[w] + out[w], after = peak - in[w];
        const int32_t needed = greater(need[w], peak), came = greater(room[w], -after);
        need_next[w] = needed;
        room_next[w] = came;
        most_need = greater(most_need, needed);
        most_room = greater(most_room, came);
        most_swing = greater(most_swing, needed - after);
    }
    const part_most most = {most_need, most_room, most_swing};
    return most;
}

/* Of one that only pays: the net outflow and its greatest value are the same. */
CP_VECTOR static int32_t run_paying(int32_t n, const int32_t *restrict out,
                                    const int32_t *restrict before, int32_t *restrict after)
{
    int32_t most = 0;
    for (int32_t w = 0; w < n; w++) {
        const int32_t net = before[w] + out[w];
        after[w] = net;
        most = greater(most, net);
    }
    return most;
}

/* Of one that only takes: the greatest net inflow is that of the end; it is written as well. */
CP_VECTOR static int32_t run_taking(int32_t n, const int32_t *restrict in,
                                    const int32_t *restrict before, int32_t *restrict after,
                                    int32_t *restrict room)
{
    int32_t most = 0;
    for (int32_t w = 0; w < n; w++) {
        const int32_t came = in[w] - before[w];
        after[w] = -came;
        room[w] = came;
        most = greater(most, came);
    }
    return most;
}

/* The same of a part that is only tried. */
CP_VECTOR static int32_t try_taking(int32_t n, const int32_t *restrict in,
                                    const int32_t *restrict net, int32_t *restrict room_next)
{
    int32_t most = 0;
    for (int32_t w = 0; w < n; w++) {
        const int32_t came = in[w] - net[w];
        room_next[w] = came;
        most = greater(most, came);
    }
    return most;
}

CP_VECTOR static int32_t most_sum(int32_t n, const int32_t *a, const int32_t *b)
{
    int32_t most = INT32_MIN;
    for (int32_t w = 0; w < n; w++)
        most = a[w] + b[w] > most ? a[w] + b[w] : most;
    return most;
}

CP_VECTOR static int32_t most_difference(int32_t n, const int32_t *a, const int32_t *b)
{
    int32_t most = INT32_MIN;
    for (int32_t w = 0; w < n; w++)
        most = a[w] - b[w] > most ? a[w] - b[w] : most;
    return most;
}

typedef struct extent {
    int32_t least, most;
} extent;

CP_VECTOR static extent extent_of(int32_t n, const int32_t *a)
{
    extent e = {INT32_MAX, INT32_MIN};
    for (int32_t w = 0; w < n; w++) {
        e.least = a[w] < e.least ? a[w] : e.least;
        e.most = a[w] > e.most ? a[w] : e.most;
    }
    return e;
}

static void take_there(cp_arc_flows *f, const int32_t *there)
{
    f->there = there;
    for (int32_t k = 0; there != NULL && k < f->n_channels; k++) {
        const int32_t *of = there + (size_t)k * (size_t)f->n_paths;
        const extent e = extent_of(f->n_paths, of);
        f->sum_there[k] = cp_sum_of_paths(of, f->n_paths);
        f->least_there[k] = e.least;
        f->most_there[k] = e.most;
    }
}

/* Rows over the paths of channel k on day i. */
static size_t row_of(const cp_arc_flows *f, int32_t i, int32_t k)
{
    return ((size_t)i * (size_t)f->n_channels + (size_t)k) * (size_t)f->n_paths;
}

/* Until the end of day i of channel k; `day` is its row in the simulation's arrays. Of a channel
 * that only pays out, or only takes in, the other side stays nothing. */
static void run_day(const cp_arc_sim *sim, int32_t i, int32_t k, size_t day, cp_arc_flows *f)
{
    const size_t n = (size_t)f->n_paths, at = (size_t)(i * f->n_channels + k);
    const int32_t *out = (i == 0 ? sim->post_out : sim->out) + day * n;
    const int32_t *in = (i == 0 ? sim->post_in : sim->in) + day * n;
    int32_t *room = f->room + (size_t)k * n, *net = f->net + at * n, *need = f->need + at * n;
    const int32_t *before = i == 0 ? sim->zero : f->net + row_of(f, i - 1, k);
    part_most most = {0, 0, 0};
    if (sim->pays[k] && sim->takes[k])
        most = run_both(f->n_paths, out, in, before,
                        i == 0 ? sim->zero : f->need + row_of(f, i - 1, k), room, net, need);
    else if (sim->takes[k])
        most.room = run_taking(f->n_paths, in, before, net, room);
    else
        most.need = run_paying(f->n_paths, out, before, net);
    if (!sim->takes[k]) memcpy(need, net, n * sizeof *need);
    cp_reach *r = &f->reach[at];
    r->need = most.need;
    r->room = most.room;
    r->swing = i == 0 ? 0 : f->reach[at - (size_t)f->n_channels].swing;
    r->swing = greater(r->swing, most.swing);
    f->sum_net[at] = i == 0 ? sim->sum_net[day] - sim->sum_pre[day]
                            : f->sum_net[at - (size_t)f->n_channels] + sim->sum_net[day];
}

/* And until before a visit on the next day, if there is one. */
static void try_next(const cp_arc_sim *sim, int32_t i, int32_t k, size_t day, cp_arc_flows *f)
{
    const size_t n = (size_t)f->n_paths, at = (size_t)(i * f->n_channels + k);
    const int32_t *room = f->room + (size_t)k * n;
    const int32_t *net = f->net + at * n, *need = f->need + at * n;
    int32_t *need_next = f->need_next + at * n, *room_next = f->room_next + at * n;
    cp_reach *r = &f->reach[at];
    part_most most = {r->need, r->room, 0};
    f->sum_next[at] = f->sum_net[at];
    if (f->t + i + 1 >= sim->n_days || !sim->has_pre) {
        if (sim->pays[k]) memcpy(need_next, need, n * sizeof *need);
        if (sim->takes[k]) memcpy(room_next, room, n * sizeof *room);
    } else {
        const int32_t *out = sim->pre_out + (day + 1) * n, *in = sim->pre_in + (day + 1) * n;
        f->sum_next[at] += sim->sum_pre[day + 1];
        if (sim->pays[k] && sim->takes[k])
            most = try_both(f->n_paths, out, in, net, need, room, need_next, room_next);
        else if (sim->takes[k])
            most.room = try_taking(f->n_paths, in, net, room_next);
        else
            most.need = run_paying(f->n_paths, out, net, need_next);
    }
    r->need_next = most.need;
    r->room_next = most.room;
    r->swing_next = greater(r->swing, most.swing);
}

/* Both of a stock that lies on what was there. */
static void reach_above(int32_t i, int32_t k, cp_arc_flows *f)
{
    const size_t n = (size_t)f->n_paths, at = (size_t)(i * f->n_channels + k);
    const int32_t *there = f->there + (size_t)k * n;
    cp_reach *r = &f->reach_above[at];
    r->need = most_difference(f->n_paths, f->need + at * n, there);
    r->room = most_sum(f->n_paths, f->room + (size_t)k * n, there);
    r->need_next = most_difference(f->n_paths, f->need_next + at * n, there);
    r->room_next = most_sum(f->n_paths, f->room_next + at * n, there);
}

void cp_arc_flows_make(const cp_arc_sim *sim, int32_t t, int32_t last, const int32_t *there,
                       cp_arc_flows *flows)
{
    const size_t bytes = (size_t)flows->n_channels * (size_t)flows->n_paths * sizeof(int32_t);
    flows->t = t;
    flows->n_days = last - t;
    memset(flows->room, 0, bytes);
    take_there(flows, there);
    for (int32_t i = 0; i < flows->n_days; i++)
        for (int32_t k = 0; k < flows->n_channels; k++) {
            const size_t day = (size_t)(k * sim->n_days + t + i);
            run_day(sim, i, k, day, flows);
            try_next(sim, i, k, day, flows);
            if (there != NULL) reach_above(i, k, flows);
        }
}

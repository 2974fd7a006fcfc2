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
    CP_NEW(ctx, ctx->scratch, flows->net, cells * n);
    CP_NEW(ctx, ctx->scratch, flows->need_next, cells * n);
    CP_NEW(ctx, ctx->scratch, flows->room_next, cells * n);
    CP_NEW(ctx, ctx->scratch, flows->sum_net, cells);
    CP_NEW(ctx, ctx->scratch, flows->sum_next, cells);
    CP_NEW(ctx, ctx->scratch, flows->reach, cells);
    CP_NEW(ctx, ctx->scratch, flows->reach_above, cells);
    CP_NEW(ctx, ctx->scratch, flows->sum_there, k);
    CP_NEW(ctx, ctx->scratch, flows->least_there, k);
    CP_NEW(ctx, ctx->scratch, flows->most_there, k);
    CP_NEW(ctx, ctx->scratch, flows->need, k * n);
    CP_NEW(ctx, ctx->scratch, flows->room, k * n);
    return CP_OK;
}

/* Withdrawals of a part of a day come first: the greatest net outflow so far is after them, the
 * greatest net inflow at the end of a part. */
CP_VECTOR static void run_net(int32_t n, const int32_t *restrict out, const int32_t *restrict in,
                              const int32_t *restrict net, int32_t *restrict net_after)
{
    for (int32_t w = 0; w < n; w++)
        net_after[w] = net[w] + out[w] - in[w];
}

CP_VECTOR static void raise_need(int32_t n, const int32_t *restrict out,
                                 const int32_t *restrict net, int32_t *restrict need)
{
    for (int32_t w = 0; w < n; w++)
        need[w] = net[w] + out[w] > need[w] ? net[w] + out[w] : need[w];
}

CP_VECTOR static void raise_room(int32_t n, const int32_t *restrict net_after,
                                 int32_t *restrict room)
{
    for (int32_t w = 0; w < n; w++)
        room[w] = -net_after[w] > room[w] ? -net_after[w] : room[w];
}

/* The same of a part that is only tried. */
CP_VECTOR static void try_need(int32_t n, const int32_t *restrict out, const int32_t *restrict net,
                               const int32_t *restrict need, int32_t *restrict need_next)
{
    for (int32_t w = 0; w < n; w++)
        need_next[w] = net[w] + out[w] > need[w] ? net[w] + out[w] : need[w];
}

CP_VECTOR static void try_room(int32_t n, const int32_t *restrict out, const int32_t *restrict in,
                               const int32_t *restrict net, const int32_t *restrict room,
                               int32_t *restrict room_next)
{
    for (int32_t w = 0; w < n; w++) {
        const int32_t came = in[w] - out[w] - net[w];
        room_next[w] = came > room[w] ? came : room[w];
    }
}

CP_VECTOR static int32_t most_of(int32_t n, const int32_t *a)
{
    int32_t most = INT32_MIN;
    for (int32_t w = 0; w < n; w++)
        most = a[w] > most ? a[w] : most;
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

static void take_there(cp_arc_flows *f, const int32_t *there)
{
    f->there = there;
    for (int32_t k = 0; there != NULL && k < f->n_channels; k++) {
        const int32_t *of = there + (size_t)k * (size_t)f->n_paths;
        f->sum_there[k] = 0;
        f->least_there[k] = INT32_MAX;
        f->most_there[k] = INT32_MIN;
        for (int32_t w = 0; w < f->n_paths; w++) {
            f->sum_there[k] += of[w];
            f->least_there[k] = of[w] < f->least_there[k] ? of[w] : f->least_there[k];
            f->most_there[k] = of[w] > f->most_there[k] ? of[w] : f->most_there[k];
        }
    }
}

/* Until the end of day i of channel k; `day` is its row in the simulation's arrays. Of a channel
 * that only pays out, or only takes in, the other side stays nothing. */
static void run_day(const cp_arc_sim *sim, int32_t i, int32_t k, size_t day, cp_arc_flows *f)
{
    const size_t n = (size_t)f->n_paths, at = (size_t)(i * f->n_channels + k);
    const int32_t *out = (i == 0 ? sim->post_out : sim->out) + day * n;
    const int32_t *in = (i == 0 ? sim->post_in : sim->in) + day * n;
    int32_t *need = f->need + (size_t)k * n, *room = f->room + (size_t)k * n;
    int32_t *net = f->net + at * n;
    const int32_t *before = i == 0 ? sim->zero : net - (size_t)f->n_channels * n;
    cp_reach *r = &f->reach[at];
    run_net(f->n_paths, out, in, before, net);
    if (sim->pays[k]) raise_need(f->n_paths, out, before, need);
    if (sim->takes[k]) raise_room(f->n_paths, net, room);
    r->need = sim->pays[k] ? most_of(f->n_paths, need) : 0;
    r->room = sim->takes[k] ? most_of(f->n_paths, room) : 0;
    f->sum_net[at] = i == 0 ? sim->sum_net[day] - sim->sum_pre[day]
                            : f->sum_net[at - (size_t)f->n_channels] + sim->sum_net[day];
}

/* And until before a visit on the next day, if there is one. */
static void try_next(const cp_arc_sim *sim, int32_t i, int32_t k, size_t day, cp_arc_flows *f)
{
    const size_t n = (size_t)f->n_paths, at = (size_t)(i * f->n_channels + k);
    const int32_t *need = f->need + (size_t)k * n, *room = f->room + (size_t)k * n;
    const int32_t *net = f->net + at * n;
    int32_t *need_next = f->need_next + at * n, *room_next = f->room_next + at * n;
    cp_reach *r = &f->reach[at];
    r->need_next = r->need;
    r->room_next = r->room;
    f->sum_next[at] = f->sum_net[at];
    if (f->t + i + 1 >= sim->n_days || !sim->has_pre) {
        if (sim->pays[k]) memcpy(need_next, need, n * sizeof *need);
        if (sim->takes[k]) memcpy(room_next, room, n * sizeof *room);
        return;
    }
    const int32_t *out = sim->pre_out + (day + 1) * n, *in = sim->pre_in + (day + 1) * n;
    f->sum_next[at] += sim->sum_pre[day + 1];
    if (sim->pays[k]) {
        try_need(f->n_paths, out, net, need, need_next);
        r->need_next = most_of(f->n_paths, need_next);
    }
    if (sim->takes[k]) {
        try_room(f->n_paths, out, in, net, room, room_next);
        r->room_next = most_of(f->n_paths, room_next);
    }
}

/* Both of a stock that lies on what was there. */
static void reach_above(int32_t i, int32_t k, cp_arc_flows *f)
{
    const size_t n = (size_t)f->n_paths, at = (size_t)(i * f->n_channels + k);
    const int32_t *there = f->there + (size_t)k * n;
    cp_reach *r = &f->reach_above[at];
    r->need = most_difference(f->n_paths, f->need + (size_t)k * n, there);
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
    memset(flows->need, 0, bytes);
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

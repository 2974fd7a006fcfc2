/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/replenish/arc_sim.h"

#include <string.h>

#include "models/base/vector.h"

static cp_status cut_days(cp_ctx *ctx, cp_arc_sim *sim, const cp_point_paths *paths,
                          int32_t before_ppm)
{
    const size_t n = (size_t)paths->n_channels * (size_t)paths->n_days * (size_t)paths->n_paths;
    sim->out = paths->out;
    sim->in = paths->in;
    sim->has_pre = before_ppm > 0;
    CP_NEW(ctx, ctx->scratch, sim->pre_out, n);
    CP_NEW(ctx, ctx->scratch, sim->pre_in, n);
    CP_NEW(ctx, ctx->scratch, sim->post_out, n);
    CP_NEW(ctx, ctx->scratch, sim->post_in, n);
    for (size_t i = 0; i < n; i++) {
        sim->pre_out[i] = (int32_t)((int64_t)paths->out[i] * before_ppm / 1000000);
        sim->pre_in[i] = (int32_t)((int64_t)paths->in[i] * before_ppm / 1000000);
        sim->post_out[i] = paths->out[i] - sim->pre_out[i];
        sim->post_in[i] = paths->in[i] - sim->pre_in[i];
    }
    return CP_OK;
}

cp_status cp_arc_sim_new(cp_ctx *ctx, const cp_arc_input *in, int32_t point, cp_arc_sim *sim)
{
    const cp_network *net = in->net;
    cp_point_paths paths;
    memset(sim, 0, sizeof *sim);
    CP_TRY(cp_point_paths_make(ctx, ctx->scratch, net, in->forecast, in->shares, point,
                               net->settings.n_paths, in->seed, &paths));
    sim->channel = net->channels + net->points[point].first_channel;
    sim->n_channels = paths.n_channels;
    sim->n_days = paths.n_days;
    sim->n_paths = paths.n_paths;
    CP_TRY(cut_days(ctx, sim, &paths, net->settings.before_visit_ppm));
    const size_t n = (size_t)sim->n_channels * (size_t)sim->n_paths;
    CP_NEW(ctx, ctx->scratch, sim->stock, n);
    CP_NEW(ctx, ctx->scratch, sim->peek, n);
    CP_NEW(ctx, ctx->scratch, sim->failed, sim->n_paths);
    CP_NEW(ctx, ctx->scratch, sim->peek_failed, sim->n_paths);
    return CP_OK;
}

void cp_arc_sim_clear(cp_arc_sim *sim)
{
    sim->hold_minor = 0;
    sim->refused_minor = 0;
    sim->peek_refused_minor = 0;
    memset(sim->failed, 0, (size_t)sim->n_paths * sizeof *sim->failed);
}

void cp_arc_sim_start(cp_arc_sim *sim, const int64_t *notes)
{
    cp_arc_sim_clear(sim);
    for (int32_t k = 0; k < sim->n_channels; k++)
        for (int32_t w = 0; w < sim->n_paths; w++)
            sim->stock[k * sim->n_paths + w] = (int32_t)notes[k];
}

/* One part of a day on one channel: withdrawals, then deposits against the capacity. Returns the
 * sum over paths of notes unmet or refused. */
CP_VECTOR static int64_t run_channel(int32_t n, int32_t capacity, const int32_t *restrict out,
                                     const int32_t *restrict in, int32_t *restrict stock,
                                     int32_t *restrict failed)
{
    int64_t refused = 0;
    for (int32_t w = 0; w < n; w++) {
        const int32_t met = out[w] < stock[w] ? out[w] : stock[w];
        const int32_t filled = stock[w] - met + in[w];
        const int32_t kept = filled < capacity ? filled : capacity;
        const int32_t lost = (out[w] - met) + (filled - kept);
        stock[w] = kept;
        failed[w] |= lost;
        refused += lost;
    }
    return refused;
}

/* One part of day t on all channels; returns the value unmet or refused, summed over paths. */
static int64_t run_part(const cp_arc_sim *sim, const int32_t *out, const int32_t *in, int32_t t,
                        int32_t *stock, int32_t *failed)
{
    int64_t refused_minor = 0;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const size_t at = ((size_t)k * (size_t)sim->n_days + (size_t)t) * (size_t)sim->n_paths;
        const cp_channel *c = &sim->channel[k];
        const int32_t cap = c->capacity_notes > INT32_MAX ? INT32_MAX : (int32_t)c->capacity_notes;
        refused_minor +=
            c->value_minor * run_channel(sim->n_paths, cap, out + at, in + at,
                                         stock + (size_t)k * (size_t)sim->n_paths, failed);
    }
    return refused_minor;
}

CP_VECTOR static int64_t sum_notes(const int32_t *stock, int32_t n)
{
    int64_t sum = 0;
    for (int32_t w = 0; w < n; w++)
        sum += stock[w];
    return sum;
}

static void evening(cp_arc_sim *sim)
{
    for (int32_t k = 0; k < sim->n_channels; k++)
        sim->hold_minor += sim->channel[k].value_minor *
                           sum_notes(sim->stock + (size_t)k * (size_t)sim->n_paths, sim->n_paths);
}

void cp_arc_sim_after_visit(cp_arc_sim *sim, int32_t t)
{
    sim->refused_minor += run_part(sim, sim->post_out, sim->post_in, t, sim->stock, sim->failed);
    evening(sim);
}

void cp_arc_sim_day(cp_arc_sim *sim, int32_t t)
{
    sim->refused_minor += run_part(sim, sim->out, sim->in, t, sim->stock, sim->failed);
    evening(sim);
}

void cp_arc_sim_peek(cp_arc_sim *sim, int32_t t)
{
    const size_t n = (size_t)sim->n_channels * (size_t)sim->n_paths;
    memcpy(sim->peek, sim->stock, n * sizeof *sim->peek);
    memcpy(sim->peek_failed, sim->failed, (size_t)sim->n_paths * sizeof *sim->failed);
    sim->peek_refused_minor = sim->refused_minor;
    if (sim->has_pre)
        sim->peek_refused_minor +=
            run_part(sim, sim->pre_out, sim->pre_in, t, sim->peek, sim->peek_failed);
}

CP_VECTOR static int32_t count_failed(const int32_t *failed, int32_t n)
{
    int32_t count = 0;
    for (int32_t w = 0; w < n; w++)
        count += failed[w] != 0;
    return count;
}

int32_t cp_arc_sim_peek_failures(const cp_arc_sim *sim)
{
    return count_failed(sim->peek_failed, sim->n_paths);
}

int32_t cp_arc_sim_failures(const cp_arc_sim *sim)
{
    return count_failed(sim->failed, sim->n_paths);
}

void cp_arc_sim_peek_stock(const cp_arc_sim *sim, bool deposit_only, int64_t *notes,
                           int64_t *value_minor)
{
    *notes = 0;
    *value_minor = 0;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        if (deposit_only && sim->channel[k].role != CP_ROLE_DEPOSIT) continue;
        const int64_t n = sum_notes(sim->peek + (size_t)k * (size_t)sim->n_paths, sim->n_paths);
        *notes += n;
        *value_minor += n * sim->channel[k].value_minor;
    }
}

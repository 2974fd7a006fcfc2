/* SPDX-License-Identifier: GPL-3.0-or-later */
/* arc_sim_new.c - the demand of one point, cut at the visit, summed and sorted by what its channels
 * do. */
#include <string.h>

#include "models/base/vector.h"
#include "solver/replenish/arc_rules.h"
#include "solver/replenish/arc_sim.h"

#define MOST_SCALED 10000000 /* notes of a channel and day */

/* Cut n numbers at the visit: floor of their share. Numbers below 2^31 times a share in millionths
 * are exact in floating point, and so is the rest of the first guess, which sets it right. */
CP_VECTOR static void cut_at(int32_t n, const int32_t *restrict all, int32_t before_ppm,
                             int32_t *restrict pre, int32_t *restrict post)
{
    const double share = before_ppm;
    for (int32_t i = 0; i < n; i++) {
        const double due = share * all[i];
        const int32_t guess = (int32_t)(due * 1e-6);
        const double rest = due - 1e6 * guess;
        const int32_t part = guess + (rest >= 1e6) - (rest < 0);
        pre[i] = part;
        post[i] = all[i] - part;
    }
}

CP_VECTOR static int32_t any_of(int32_t n, const int32_t *a)
{
    int32_t any = 0;
    for (int32_t i = 0; i < n; i++)
        any |= a[i];
    return any;
}

/* All numbers of one channel, a day of n of them at a time; where all are nothing so are the parts.
 */
static void cut(int32_t n_days, int32_t n, const int32_t *all, int32_t before_ppm, int32_t *pre,
                int32_t *post)
{
    const size_t cells = (size_t)n_days * (size_t)n;
    if (any_of(n_days * n, all) == 0) {
        memset(pre, 0, cells * sizeof *pre);
        memset(post, 0, cells * sizeof *post);
        return;
    }
    for (size_t at = 0; at < cells; at += (size_t)n)
        cut_at(n, all + at, before_ppm, pre + at, post + at);
}

static cp_status cut_days(cp_ctx *ctx, cp_arc_sim *sim, const cp_point_paths *paths,
                          int32_t before_ppm)
{
    const size_t cells = (size_t)paths->n_days * (size_t)paths->n_paths;
    const size_t n = (size_t)paths->n_channels * cells;
    sim->has_pre = before_ppm > 0;
    sim->out = paths->out;
    sim->in = paths->in;
    CP_NEW_RAW(ctx, ctx->scratch, sim->pre_out, n);
    CP_NEW_RAW(ctx, ctx->scratch, sim->pre_in, n);
    CP_NEW_RAW(ctx, ctx->scratch, sim->post_out, n);
    CP_NEW_RAW(ctx, ctx->scratch, sim->post_in, n);
    for (size_t at = 0; at < n; at += cells) {
        cut(paths->n_days, paths->n_paths, paths->out + at, before_ppm, sim->pre_out + at,
            sim->post_out + at);
        cut(paths->n_days, paths->n_paths, paths->in + at, before_ppm, sim->pre_in + at,
            sim->post_in + at);
    }
    return CP_OK;
}

CP_VECTOR int64_t cp_sum_of_paths(const int32_t *a, int32_t n)
{
    int64_t sum = 0;
    for (int32_t i = 0; i < n; i++)
        sum += a[i];
    return sum;
}

CP_VECTOR static int32_t most_of(int32_t n, const int32_t *a)
{
    int32_t most = 0;
    for (int32_t i = 0; i < n; i++)
        most = a[i] > most ? a[i] : most;
    return most;
}

/* Sums of the days of channel k over the paths. */
static void sum_days(cp_arc_sim *sim, int32_t k)
{
    const int32_t n = sim->n_paths;
    for (int32_t t = 0; t < sim->n_days; t++) {
        const int32_t day = k * sim->n_days + t;
        const size_t at = (size_t)day * (size_t)n;
        const bool pays = sim->pays[k], takes = sim->takes[k];
        sim->sum_net[day] = (pays ? cp_sum_of_paths(sim->out + at, n) : 0) -
                            (takes ? cp_sum_of_paths(sim->in + at, n) : 0);
        sim->sum_pre_out[day] = pays ? cp_sum_of_paths(sim->pre_out + at, n) : 0;
        sim->sum_pre[day] =
            sim->sum_pre_out[day] - (takes ? cp_sum_of_paths(sim->pre_in + at, n) : 0);
    }
}

/* Which of the loops below each channel can take. Demand is never below nothing. */
static void sort_channels(cp_arc_sim *sim)
{
    const int32_t cells = sim->n_days * sim->n_paths;
    for (int32_t k = 0; k < sim->n_channels; k++) {
        const cp_channel *c = &sim->channel[k];
        const int32_t out = most_of(cells, sim->out + (size_t)k * (size_t)cells);
        const int32_t in = most_of(cells, sim->in + (size_t)k * (size_t)cells);
        sim->pays[k] = out != 0;
        sim->takes[k] = in != 0;
        sim->narrow[k] = out <= CP_NARROW_NOTES && in <= CP_NARROW_NOTES &&
                         c->balance_notes <= CP_NARROW_NOTES &&
                         c->capacity_notes <= CP_NARROW_NOTES;
        sim->falls[k] = sim->narrow[k] && in == 0 && sim->rules == NULL &&
                        c->balance_notes <= c->capacity_notes &&
                        c->load_most_notes <= c->capacity_notes;
        sum_days(sim, k);
    }
}

/* Demand scaled note by note: for the question what another volume would cost. */
static void scale_paths(cp_point_paths *paths, int64_t demand_ppm)
{
    const size_t n = (size_t)paths->n_channels * (size_t)paths->n_days * (size_t)paths->n_paths;
    int32_t *const flow[] = {paths->out, paths->in};
    for (int32_t f = 0; f < 2 && demand_ppm != 1000000; f++)
        for (size_t i = 0; i < n; i++) {
            const int64_t notes = (int64_t)flow[f][i] * demand_ppm / 1000000;
            flow[f][i] = notes < MOST_SCALED ? (int32_t)notes : MOST_SCALED;
        }
}

cp_status cp_arc_sim_new(cp_ctx *ctx, const cp_arc_input *in, int32_t point, int64_t demand_ppm,
                         cp_arc_sim *sim)
{
    const cp_network *net = in->net;
    cp_point_paths paths;
    memset(sim, 0, sizeof *sim);
    CP_TRY(cp_point_paths_make(ctx, ctx->scratch, net, in->forecast, in->shares, point,
                               net->settings.n_paths, in->seed, &paths));
    scale_paths(&paths, demand_ppm);
    sim->channel = net->channels + net->points[point].first_channel;
    sim->n_channels = paths.n_channels;
    sim->n_days = paths.n_days;
    sim->n_paths = paths.n_paths;
    CP_TRY(cut_days(ctx, sim, &paths, net->settings.before_visit_ppm));
    const size_t n = (size_t)sim->n_channels * (size_t)sim->n_paths;
    CP_NEW_RAW(ctx, ctx->scratch, sim->stock, n);
    CP_NEW(ctx, ctx->scratch, sim->peek, n);
    CP_NEW(ctx, ctx->scratch, sim->peek_notes, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->pays, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->takes, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->narrow, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->falls, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->sum_stock, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->unmet, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->put, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->zero, sim->n_paths);
    CP_NEW(ctx, ctx->scratch, sim->sum_net, sim->n_channels * sim->n_days);
    CP_NEW(ctx, ctx->scratch, sim->sum_pre, sim->n_channels * sim->n_days);
    CP_NEW(ctx, ctx->scratch, sim->sum_pre_out, sim->n_channels * sim->n_days);
    CP_NEW(ctx, ctx->scratch, sim->held, sim->n_channels);
    CP_NEW(ctx, ctx->scratch, sim->failed, sim->n_paths);
    CP_NEW(ctx, ctx->scratch, sim->peek_failed, sim->n_paths);
    CP_NEW_RAW(ctx, ctx->scratch, sim->mask, sim->n_paths);
    CP_TRY(cp_arc_rules_make(ctx, net, point, sim));
    sort_channels(sim);
    return CP_OK;
}

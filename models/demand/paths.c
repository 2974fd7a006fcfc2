/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/paths.h"

#include <math.h>
#include <string.h>

#include "models/base/rng.h"
#include "models/demand/demand_model.h"
#include "models/demand/override.h"
#include "models/demand/split_draw.h"
#include "models/demand/substitution.h"

#define PPM INT64_C(1000000)
#define MOST_AMOUNT (INT64_MAX / PPM / 2) /* that shares can be taken of */
#define MOST_MIX                                                                                   \
    0.5235987755982988 /* 30 degrees: the second path has at most a quarter of the variance */

cp_demand_draw cp_demand_draw_one(cp_rng *common, cp_rng *own, int32_t a, int32_t n_windows)
{
    cp_demand_draw draw = {.a = a};
    draw.b = (int32_t)cp_rng_below(own, (uint32_t)n_windows);
    const double angle = MOST_MIX * cp_rng_unit(common);
    draw.cos_mix = cos(angle);
    draw.sin_mix = sin(angle);
    draw.shock = cp_rng_normal(own);
    return draw;
}

void cp_demand_path(const cp_demand_model *model, int32_t n_days, const cp_demand_draw *draw,
                    double *out)
{
    const int16_t *a = model->window + (int64_t)draw->a * n_days;
    const int16_t *b = model->window + (int64_t)draw->b * n_days;
    const double cos_mix = draw->cos_mix, sin_mix = draw->sin_mix;
    /* A mix of "none" and "some" would be neither: the second path follows on the first instead. */
    const int32_t change = model->unmixed ? (int32_t)(asin(sin_mix) / MOST_MIX * n_days) : 0;
    const double shift = model->level_sd * draw->shock;
    for (int32_t d = 0; d < n_days; d++) {
        if (model->factor[d] <= 0) {
            out[d] = 0;
            continue;
        }
        const double mixed = cos_mix * a[d] + sin_mix * b[d];
        const double error = !model->unmixed ? mixed : d < change ? a[d] : b[d];
        const double z = model->centre[d] + model->spread[d] * error + shift;
        const double x = cp_scale_from(model->scale, z);
        out[d] = x < model->cut ? 0 : model->factor[d] * (x < model->top ? x : model->top);
    }
}

/* The draws of a point's paths. Which past time strikes is drawn for the zone, so that all its
 * machines relive the same one; how much a second one mixes in is drawn for the site, and which
 * second one for the point. Times are dealt like cards: each comes equally often. */
static cp_status make_draws(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                            int32_t point, int32_t n_paths, uint64_t seed, cp_demand_draw *draw)
{
    const int32_t n = forecast->detail->n_windows;
    const cp_point *p = &net->points[point];
    const cp_site *site = &net->sites[p->site];
    const char *zone = site->vault_code != NULL ? site->vault_code : "";
    cp_rng zone_rng = cp_rng_new(seed, cp_hash_text(1, zone));
    cp_rng site_rng = cp_rng_new(seed, cp_hash_text(2, site->code));
    cp_rng own_rng = cp_rng_new(seed, cp_hash_text(3, p->code));
    int32_t *deck = NULL;
    CP_NEW(ctx, ctx->scratch, deck, n);
    for (int32_t k = 0; k < n; k++)
        deck[k] = k;
    for (int32_t w = 0; w < n_paths; w++) {
        const int32_t left = n - w % n;
        const int32_t pick = (int32_t)cp_rng_below(&zone_rng, (uint32_t)left);
        const int32_t a = deck[pick];
        deck[pick] = deck[left - 1];
        deck[left - 1] = a;
        draw[w] = cp_demand_draw_one(&site_rng, &own_rng, a, n);
    }
    return CP_OK;
}

/* What the paths of any point are made from. */
typedef struct maker {
    cp_ctx *ctx;
    const cp_network *net;
    const cp_forecast *forecast;
    cp_flow flow;
    int32_t n_paths;
    uint64_t seed;
} maker;

/* Amounts of one flow in minor units by the point's own model, [day * n_paths + path]. */
static cp_status own_amounts(const maker *m, int32_t point, const cp_demand_draw *draw, double *out)
{
    cp_ctx *ctx = m->ctx;
    const cp_forecast *f = m->forecast;
    double *path = NULL;
    cp_demand_model model;
    memset(out, 0, (size_t)f->n_days * (size_t)m->n_paths * sizeof *out);
    CP_TRY(cp_demand_model_of(ctx, f, m->flow, point, &model));
    if (model.centre == NULL) return CP_OK; /* also a flow that only an override speaks of */
    CP_NEW(ctx, ctx->scratch, path, f->n_days);
    for (int32_t w = 0; w < m->n_paths; w++) {
        cp_demand_path(&model, f->n_days, &draw[w], path);
        for (int32_t d = 0; d < f->n_days; d++)
            out[(int64_t)d * m->n_paths + w] = path[d];
    }
    return CP_OK;
}

/* As that point's paths are made for itself. */
static cp_status other_amounts(void *user, int32_t point, double *out)
{
    const maker *m = user;
    cp_demand_draw *draw = NULL;
    CP_NEW(m->ctx, m->ctx->scratch, draw, m->n_paths);
    CP_TRY(make_draws(m->ctx, m->net, m->forecast, point, m->n_paths, m->seed, draw));
    return own_amounts(m, point, draw, out);
}

/* Amounts of one flow in minor units, [day * n_paths + path]. */
static cp_status make_amounts(maker *m, int32_t point, const cp_demand_draw *draw, int64_t *amount)
{
    cp_ctx *ctx = m->ctx;
    const cp_forecast *f = m->forecast;
    const int64_t at = (int64_t)m->flow * f->n_points + point;
    const size_t cells = (size_t)f->n_days * (size_t)m->n_paths;
    if (f->detail->truth) {
        for (int32_t d = 0; d < f->n_days; d++)
            for (int32_t w = 0; w < m->n_paths; w++)
                amount[(int64_t)d * m->n_paths + w] = llrint(f->mean[at * f->n_days + d]);
        return CP_OK;
    }
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    double *exact = NULL, *work = NULL;
    CP_NEW(ctx, ctx->scratch, exact, cells);
    CP_TRY(own_amounts(m, point, draw, exact));
    if (f->moves != NULL) {
        CP_NEW(ctx, ctx->scratch, work, cells);
        CP_TRY(cp_moves_apply(f, point, m->n_paths, other_amounts, m, work, exact));
    }
    for (size_t i = 0; i < cells; i++)
        amount[i] = llrint(exact[i]);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* due / value, of numbers not below 0; a product is several times quicker than a division and is
 * off by one at most. */
static int64_t whole_parts(int64_t due, int64_t value, double inverse)
{
    if (due > INT64_C(1) << 52) return due / value;
    const int64_t n = (int64_t)((double)due * inverse);
    const int64_t rest = due - n * value;
    return rest < 0 ? n - 1 : rest >= value ? n + 1 : n;
}

/* A channel's part of the amounts: the same in every cell, or by cell. */
typedef struct channel_part {
    int32_t channel, ppm;
    const int32_t *varying; /* [day * n_paths + path]; NULL: ppm */
} channel_part;

/* Notes of one channel: floor of the value due so far, day by day, so that the sum over days never
 * differs from the exact one by a note. */
static cp_status to_notes(cp_ctx *ctx, const cp_network *net, const channel_part *part,
                          const int64_t *amount, const cp_point_paths *paths, int32_t *notes)
{
    const cp_channel *c = &net->channels[part->channel];
    const int64_t value = c->value_minor;
    const double inverse = value > 0 ? 1.0 / ((double)PPM * (double)value) : 0.0;
    int64_t *owed = NULL; /* of each path, in millionths of a minor unit */
    if (part->ppm <= 0 || value <= 0) return CP_OK;
    CP_NEW(ctx, ctx->scratch, owed, paths->n_paths);
    for (int32_t d = 0; d < paths->n_days; d++)
        for (int32_t w = 0; w < paths->n_paths; w++) {
            const int64_t i = (int64_t)d * paths->n_paths + w;
            const int64_t ppm = part->varying != NULL ? part->varying[i] : part->ppm;
            const int64_t due = amount[i] < MOST_AMOUNT ? amount[i] * ppm + owed[w] : INT64_MAX;
            const int64_t n = whole_parts(due, PPM * value, inverse);
            if (n > INT32_MAX || due == INT64_MAX)
                CP_FAIL(ctx, CP_E_RANGE,
                        "point %s: %lld minor units of %s on one day; too many "
                        "notes to count",
                        net->points[c->point].code, (long long)amount[i],
                        net->denoms[c->denomination].code);
            notes[i] = (int32_t)n;
            owed[w] = due - n * PPM * value;
        }
    return CP_OK;
}

/* Does an override change the channel whose cells begin at `first` on any day? */
static bool is_overridden(const cp_forecast *f, int64_t first)
{
    for (int64_t i = first; i < first + f->n_days; i++)
        if (f->overrides->add[i] > 0.0 || f->overrides->scale[i] < 1.0 ||
            f->overrides->scale[i] > 1.0)
            return true;
    return false;
}

/* The value of one channel, under its overrides. */
static void lay_over(const cp_forecast *f, int64_t first, int32_t share_ppm, const int64_t *amount,
                     int32_t n_paths, int64_t *value)
{
    const double share = (double)share_ppm / PPM;
    for (int32_t d = 0; d < f->n_days; d++) {
        const double scale = share * f->overrides->scale[first + d];
        const double add = f->overrides->add[first + d];
        for (int32_t w = 0; w < n_paths; w++) {
            const int64_t i = (int64_t)d * n_paths + w;
            value[i] = llrint(scale * (double)amount[i] + add);
        }
    }
}

static cp_status split_overridden(cp_ctx *ctx, const cp_network *net, const cp_forecast *f,
                                  const cp_shares *shares, cp_flow flow, int32_t point,
                                  const int64_t *amount, const cp_point_paths *paths)
{
    const cp_point *p = &net->points[point];
    const int32_t *ppm = flow == CP_FLOW_WITHDRAWAL ? shares->out_ppm : shares->in_ppm;
    int32_t *notes = flow == CP_FLOW_WITHDRAWAL ? paths->out : paths->in;
    int64_t *value = NULL;
    CP_NEW(ctx, ctx->scratch, value, (size_t)f->n_days * (size_t)paths->n_paths);
    for (int32_t k = 0; k < p->n_channels; k++) {
        const int64_t at = (int64_t)k * paths->n_days * paths->n_paths;
        const int64_t first =
            f->overrides->first[point] + ((int64_t)k * CP_N_FLOWS + (int64_t)flow) * f->n_days;
        channel_part part = {p->first_channel + k, ppm[p->first_channel + k], NULL};
        if (!is_overridden(f, first)) {
            CP_TRY(to_notes(ctx, net, &part, amount, paths, notes + at));
            continue;
        }
        lay_over(f, first, part.ppm, amount, paths->n_paths, value);
        part.ppm = (int32_t)PPM;
        CP_TRY(to_notes(ctx, net, &part, value, paths, notes + at));
    }
    return CP_OK;
}

static cp_status split_amounts(const maker *m, const cp_shares *shares, int32_t point,
                               const int64_t *amount, const cp_point_paths *paths)
{
    cp_ctx *ctx = m->ctx;
    const cp_network *net = m->net;
    const cp_flow flow = m->flow;
    const cp_point *p = &net->points[point];
    int32_t *varying = NULL;
    if (!m->forecast->detail->truth && cp_split_varies(net, shares, flow, point)) {
        cp_rng rng = cp_rng_new(m->seed, cp_hash_text(4 + (uint64_t)flow, p->code));
        CP_TRY(cp_split_draw(ctx, net, shares, flow, point, paths->n_days, paths->n_paths, &rng,
                             &varying));
    }
    const int32_t *ppm = flow == CP_FLOW_WITHDRAWAL ? shares->out_ppm : shares->in_ppm;
    int32_t *notes = flow == CP_FLOW_WITHDRAWAL ? paths->out : paths->in;
    for (int32_t k = 0; k < p->n_channels; k++) {
        const int64_t at = (int64_t)k * paths->n_days * paths->n_paths;
        const channel_part part = {p->first_channel + k, ppm[p->first_channel + k],
                                   varying != NULL ? varying + at : NULL};
        CP_TRY(to_notes(ctx, net, &part, amount, paths, notes + at));
    }
    return CP_OK;
}

cp_status cp_point_paths_make(cp_ctx *ctx, cp_arena *arena, const cp_network *net,
                              const cp_forecast *forecast, const cp_shares *shares, int32_t point,
                              int32_t n_paths, uint64_t seed, cp_point_paths *out)
{
    if (n_paths < 1) CP_FAIL(ctx, CP_E_INPUT, "%d sample paths; must be 1 or more", (int)n_paths);
    cp_point_paths paths = {.n_channels = net->points[point].n_channels,
                            .n_days = forecast->n_days,
                            .n_paths = n_paths};
    const size_t cells = (size_t)paths.n_days * (size_t)n_paths;
    CP_NEW(ctx, arena, paths.out, (size_t)paths.n_channels * cells);
    CP_NEW(ctx, arena, paths.in, (size_t)paths.n_channels * cells);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    int64_t *amount = NULL;
    cp_demand_draw *draw = NULL;
    CP_NEW(ctx, ctx->scratch, amount, cells);
    CP_NEW(ctx, ctx->scratch, draw, n_paths);
    if (!forecast->detail->truth)
        CP_TRY(make_draws(ctx, net, forecast, point, n_paths, seed, draw));
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        if (!forecast->has_flow[flow * forecast->n_points + point]) continue;
        maker m = {ctx, net, forecast, (cp_flow)flow, n_paths, seed};
        CP_TRY(make_amounts(&m, point, draw, amount));
        if (forecast->overrides != NULL && forecast->overrides->first[point] >= 0)
            CP_TRY(
                split_overridden(ctx, net, forecast, shares, (cp_flow)flow, point, amount, &paths));
        else
            CP_TRY(split_amounts(&m, shares, point, amount, &paths));
    }
    cp_arena_rewind(ctx->scratch, mark);
    *out = paths;
    return CP_OK;
}

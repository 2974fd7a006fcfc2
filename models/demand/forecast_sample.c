/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/forecast_sample.h"

#include <string.h>

#include "models/demand/demand_model.h"
#include "models/demand/substitution.h"

cp_status cp_forecast_sample_alone(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                                   cp_flow flow, int32_t point, int32_t n_draws, double *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const int32_t n_days = forecast->n_days, n_windows = forecast->detail->n_windows;
    double *path = NULL;
    cp_demand_model model;
    memset(out, 0, (size_t)n_days * (size_t)n_draws * sizeof *out);
    CP_TRY(cp_demand_model_of(ctx, forecast, flow, point, &model));
    if (model.centre == NULL) return CP_OK;
    CP_NEW(ctx, ctx->scratch, path, n_days);
    cp_rng rng =
        cp_rng_new(cp_hash_text(UINT64_C(0x7175616E74), net->points[point].code), (uint64_t)flow);
    for (int32_t w = 0; w < n_draws; w++) {
        const cp_demand_draw draw = cp_demand_draw_one(&rng, &rng, w % n_windows, n_windows);
        cp_demand_path(&model, n_days, &draw, path);
        for (int32_t d = 0; d < n_days; d++)
            out[(int64_t)d * n_draws + w] = path[d];
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

typedef struct sampler {
    cp_ctx *ctx;
    const cp_network *net;
    const cp_forecast *forecast;
    cp_flow flow;
    int32_t n_draws;
} sampler;

static cp_status sample_other(void *user, int32_t point, double *out)
{
    const sampler *s = user;
    return cp_forecast_sample_alone(s->ctx, s->net, s->forecast, s->flow, point, s->n_draws, out);
}

cp_status cp_forecast_sample(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                             cp_flow flow, int32_t point, int32_t n_draws, double *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    sampler s = {ctx, net, forecast, flow, n_draws};
    double *work = NULL;
    CP_TRY(cp_forecast_sample_alone(ctx, net, forecast, flow, point, n_draws, out));
    if (forecast->moves == NULL) return CP_OK;
    CP_NEW(ctx, ctx->scratch, work, (size_t)forecast->n_days * (size_t)n_draws);
    CP_TRY(cp_moves_apply(forecast, point, n_draws, sample_other, &s, work, out));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

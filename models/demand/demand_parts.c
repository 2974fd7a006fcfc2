/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/demand_parts.h"

#include <math.h>

#include "models/demand/demand_model.h"

static cp_status new_parts(cp_ctx *ctx, int32_t n_days, cp_forecast_parts *out)
{
    *out = (cp_forecast_parts){.n_days = n_days, .score = NAN};
    CP_NEW(ctx, ctx->scratch, out->level, n_days);
    CP_NEW(ctx, ctx->scratch, out->week, n_days);
    CP_NEW(ctx, ctx->scratch, out->calendar, n_days);
    CP_NEW(ctx, ctx->scratch, out->event, n_days);
    CP_NEW(ctx, ctx->scratch, out->rest, n_days);
    for (int32_t d = 0; d < n_days; d++)
        out->week[d] = out->calendar[d] = out->event[d] = out->rest[d] = 1;
    return CP_OK;
}

/* One day: what the level alone would give, what the weekday makes of it, then the factors. Where
 * the middle of the distribution is no demand at all, the mean stands as the level. */
static void split_day(const cp_demand_model *model, int32_t d, double mean, cp_forecast_parts *out)
{
    const double factor = (double)model->factor[d];
    if (factor <= 0) return;
    const double both = cp_scale_from(model->scale, (double)model->centre[d]);
    const double alone = cp_scale_from(model->scale, (double)model->level[d]);
    const double level = both > 0 && alone > 0 ? alone : both;
    out->event[d] = exp((double)model->event[d]);
    out->calendar[d] = factor / (model->unit * out->event[d]);
    out->level[d] = level * model->unit;
    out->week[d] = level > 0 ? both / level : 1;
    if (isnan(mean)) return;
    if (both > 0)
        out->rest[d] = mean / (both * factor);
    else
        out->level[d] = mean * model->unit / factor;
}

static void name_models(const cp_demand_note *note, cp_forecast_parts *out)
{
    out->n_singles = note->n_singles;
    out->n_origins = note->n_origins;
    out->score = (double)note->score;
    for (int32_t k = 0; k < note->n_singles; k++) {
        out->single[k].name = cp_single_name(note->single[k]);
        out->single[k].weight = (double)note->weight[k];
        out->single[k].score = (double)note->each[k];
    }
}

cp_status cp_forecast_parts_of(cp_ctx *ctx, const cp_forecast *f, cp_flow flow, int32_t point,
                               cp_forecast_parts *out)
{
    const int64_t at = (int64_t)flow * f->n_points + point;
    CP_TRY(new_parts(ctx, f->n_days, out));
    if (!f->has_flow[at]) return CP_OK;
    if (f->detail->truth) {
        for (int32_t d = 0; d < f->n_days; d++)
            out->level[d] = f->mean[at * f->n_days + d];
        return CP_OK;
    }
    cp_demand_model model;
    CP_TRY(cp_demand_model_of(ctx, f, flow, point, &model));
    if (model.centre == NULL) return CP_OK;
    for (int32_t d = 0; d < f->n_days; d++)
        split_day(&model, d, f->mean != NULL ? f->mean[at * f->n_days + d] : NAN, out);
    if (f->detail->note != NULL) {
        name_models(&f->detail->note[at], out);
    } else {
        out->n_singles = 1;
        out->single[0] = (cp_forecast_single){"steady", 1, NAN};
        for (int32_t d = 0; d < f->n_days; d++) { /* its factor of the day is the weekday alone */
            out->week[d] *= out->calendar[d];
            out->calendar[d] = 1;
        }
    }
    return CP_OK;
}

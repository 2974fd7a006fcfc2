/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/override.h"

#include <math.h>

#include "models/demand/paths.h"

#define PPM 1e6

typedef struct layer {
    cp_ctx *ctx;
    const cp_network *net;
    const cp_forecast *forecast;
    cp_forecast_overrides *over;
    cp_shares shares;
    cp_override_cell *cell; /* NULL: days are not recorded one by one */
    int32_t n_cells;
} layer;

static double share_of(const layer *l, cp_flow flow, int32_t channel)
{
    const int32_t *ppm = flow == CP_FLOW_WITHDRAWAL ? l->shares.out_ppm : l->shares.in_ppm;
    return ppm[channel] / PPM;
}

static int64_t cell_of(const layer *l, int32_t channel, cp_flow flow, int32_t d)
{
    const int32_t point = l->net->channels[channel].point;
    const int32_t k = channel - l->net->points[point].first_channel;
    return l->over->first[point] + ((int64_t)k * CP_N_FLOWS + (int64_t)flow) * l->forecast->n_days +
           d;
}

static bool touches(const layer *l, const cp_demand_override *o, int32_t channel)
{
    const cp_channel *c = &l->net->channels[channel];
    return cp_channel_serves(c, o->flow) &&
           (o->denomination < 0 || c->denomination == o->denomination);
}

/* What the channels together make of the point's demand on day d: scale * demand + add. */
static void point_line(const layer *l, int32_t point, cp_flow flow, int32_t d, double *scale,
                       double *add)
{
    const cp_point *p = &l->net->points[point];
    double served = 0.0;
    *scale = *add = 0.0;
    for (int32_t c = p->first_channel; c < p->first_channel + p->n_channels; c++) {
        const int64_t at = cell_of(l, c, flow, d);
        served += share_of(l, flow, c);
        *scale += share_of(l, flow, c) * l->over->scale[at];
        *add += l->over->add[at];
    }
    if (served <= 0.0) *scale = 1.0;
}

/* Expected value of the point's flow, all channels, as laid over so far. */
static double point_expected(const layer *l, const cp_demand_override *o, int32_t d)
{
    const cp_forecast *f = l->forecast;
    double scale = 1.0, add = 0.0;
    point_line(l, o->point, (cp_flow)o->flow, d, &scale, &add);
    return scale * f->mean[((int64_t)o->flow * f->n_points + o->point) * f->n_days + d] + add;
}

/* Expected value of the channels that the row touches on day d, as laid over so far. */
static double expected(const layer *l, const cp_demand_override *o, int32_t d)
{
    const cp_forecast *f = l->forecast;
    const cp_point *p = &l->net->points[o->point];
    const double mean = f->mean[((int64_t)o->flow * f->n_points + o->point) * f->n_days + d];
    double sum = 0.0;
    for (int32_t c = p->first_channel; c < p->first_channel + p->n_channels; c++) {
        const int64_t at = cell_of(l, c, (cp_flow)o->flow, d);
        if (touches(l, o, c))
            sum += share_of(l, (cp_flow)o->flow, c) * l->over->scale[at] * mean + l->over->add[at];
    }
    return sum;
}

/* An amount where nothing was expected: by the channels' shares, else all in the first of them. */
static void place(const layer *l, const cp_demand_override *o, int32_t d)
{
    const cp_point *p = &l->net->points[o->point];
    const int32_t end = p->first_channel + p->n_channels;
    double shares = 0.0, rest = (double)o->amount_minor;
    for (int32_t c = p->first_channel; c < end; c++)
        if (touches(l, o, c)) shares += share_of(l, (cp_flow)o->flow, c);
    for (int32_t c = p->first_channel; c < end; c++) {
        if (!touches(l, o, c)) continue;
        const double own = share_of(l, (cp_flow)o->flow, c);
        const double part = shares > 0.0 ? (double)o->amount_minor * own / shares : rest;
        l->over->add[cell_of(l, c, (cp_flow)o->flow, d)] = part;
        rest = 0.0;
    }
}

/* The row on one day; the plain forecast's mean is still in place. */
static void lay_day(const layer *l, const cp_demand_override *o, int32_t d,
                    cp_override_effect *effect)
{
    const cp_point *p = &l->net->points[o->point];
    const double before = expected(l, o, d);
    double factor = (double)o->factor_ppm / PPM;
    if (o->factor_ppm < 0 && before <= 0.0) {
        place(l, o, d);
        factor = 1.0;
    } else if (o->factor_ppm < 0) {
        factor = (double)o->amount_minor / before;
    }
    for (int32_t c = p->first_channel; c < p->first_channel + p->n_channels; c++) {
        const int64_t at = cell_of(l, c, (cp_flow)o->flow, d);
        if (!touches(l, o, c)) continue;
        l->over->scale[at] *= factor;
        l->over->add[at] *= factor;
    }
    effect->before_minor += before;
    effect->after_minor += expected(l, o, d);
    effect->n_days++;
}

/* The same, recorded where it is asked for. */
static void lay_recorded(layer *l, int32_t row, int32_t d, cp_override_effect *effect)
{
    const cp_demand_override *o = &l->net->rows.demand_override[row];
    if (l->cell == NULL) {
        lay_day(l, o, d, effect);
        return;
    }
    cp_override_cell *cell = &l->cell[l->n_cells++];
    cell->row = row;
    cell->day = l->forecast->first_day + d;
    cell->before_minor = point_expected(l, o, d);
    lay_day(l, o, d, effect);
    cell->after_minor = point_expected(l, o, d);
}

static void lay_row(layer *l, int32_t row)
{
    const cp_forecast *f = l->forecast;
    const cp_demand_override *o = &l->net->rows.demand_override[row];
    const cp_point *p = &l->net->points[o->point];
    const cp_day last = f->first_day + f->n_days - 1;
    bool any = false;
    for (int32_t c = p->first_channel; c < p->first_channel + p->n_channels; c++)
        any = any || touches(l, o, c);
    if (!any || o->last_day < f->first_day || o->first_day > last) return;
    cp_override_effect *effect = &l->over->effect[l->over->n_effects++];
    effect->row = row;
    effect->from = o->first_day > f->first_day ? o->first_day : f->first_day;
    effect->to = o->last_day < last ? o->last_day : last;
    for (cp_day day = effect->from; day <= effect->to; day++)
        lay_recorded(l, row, day - f->first_day, effect);
}

/* Mean and quantiles are linear in the paths, because shares do not change from path to path. */
static void lay_distribution(const layer *l, cp_forecast *f, int32_t point, cp_flow flow)
{
    const int64_t row = (int64_t)flow * f->n_points + point;
    for (int32_t d = 0; d < f->n_days; d++) {
        double scale = 1.0, add = 0.0;
        point_line(l, point, flow, d, &scale, &add);
        const int64_t at = row * f->n_days + d;
        f->mean[at] = scale * f->mean[at] + add;
        for (int32_t k = 0; k < CP_N_QUANTILES; k++) {
            double *q = &f->quantile[at * CP_N_QUANTILES + k];
            *q = scale * *q + add;
        }
        if (add > 0.0) f->has_flow[row] = 1;
    }
}

static cp_status make_room(layer *l)
{
    const cp_network *net = l->net;
    const cp_rows *rows = &net->rows;
    size_t n = 0;
    CP_NEW(l->ctx, l->ctx->run, l->over, 1);
    CP_NEW(l->ctx, l->ctx->run, l->over->first, net->n_points + 1);
    CP_NEW(l->ctx, l->ctx->run, l->over->effect, rows->n_demand_override);
    for (int32_t p = 0; p < net->n_points; p++)
        l->over->first[p] = -1;
    for (int32_t i = 0; i < rows->n_demand_override; i++) {
        const int32_t point = rows->demand_override[i].point;
        if (l->over->first[point] >= 0) continue;
        l->over->first[point] = (int64_t)n;
        n += (size_t)net->points[point].n_channels * CP_N_FLOWS * (size_t)l->forecast->n_days;
    }
    CP_NEW(l->ctx, l->ctx->run, l->over->scale, n + 1);
    CP_NEW(l->ctx, l->ctx->run, l->over->add, n + 1);
    for (size_t i = 0; i < n; i++)
        l->over->scale[i] = 1.0;
    return CP_OK;
}

/* Shares, room and all rows; the forecast itself stays as it is. */
static cp_status lay_rows(layer *l, const cp_history *history)
{
    const cp_rows *rows = &l->net->rows;
    cp_shares *shares = NULL;
    if (l->forecast->mean == NULL)
        CP_FAIL(l->ctx, CP_E_INPUT, "%d overrides of the demand need a forecast with its means",
                (int)rows->n_demand_override);
    CP_TRY(cp_shares_make(l->ctx, l->net, history, &shares));
    l->shares = *shares;
    CP_TRY(make_room(l));
    for (int32_t named = 0; named < 2; named++) /* those for all denominations come first */
        for (int32_t i = 0; i < rows->n_demand_override; i++)
            if ((rows->demand_override[i].denomination >= 0) == (named != 0)) lay_row(l, i);
    return CP_OK;
}

cp_status cp_overrides_apply(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                             cp_forecast *forecast)
{
    layer l = {.ctx = ctx, .net = net, .forecast = forecast};
    if (net->rows.n_demand_override == 0) return CP_OK;
    CP_TRY(lay_rows(&l, history));
    if (l.over->n_effects == 0) return CP_OK;
    for (int32_t p = 0; p < net->n_points; p++)
        for (int32_t flow = 0; flow < CP_N_FLOWS && l.over->first[p] >= 0; flow++)
            lay_distribution(&l, forecast, p, (cp_flow)flow);
    forecast->overrides = l.over;
    return CP_OK;
}

cp_status cp_overrides_trace(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                             const cp_forecast *forecast, cp_override_cell **out, int32_t *n)
{
    layer l = {.ctx = ctx, .net = net, .forecast = forecast};
    *out = NULL;
    *n = 0;
    if (net->rows.n_demand_override == 0) return CP_OK;
    CP_NEW(ctx, ctx->run, l.cell, (size_t)net->rows.n_demand_override * (size_t)forecast->n_days);
    CP_TRY(lay_rows(&l, history));
    *out = l.cell;
    *n = l.n_cells;
    return CP_OK;
}

const char *cp_override_text(cp_ctx *ctx, const cp_network *net, const cp_override_effect *effect)
{
    const cp_demand_override *o = &net->rows.demand_override[effect->row];
    const int32_t exponent = net->rows.currency[net->currency].exponent;
    char from[16], to[16], before[40], after[40];
    const bool one = effect->from == effect->to;
    return cp_strf(ctx, ctx->run,
                   "override %s by %s: %s of %s%s%s on %s%s%s expected at %s instead of %s (%s)",
                   o->code, o->author[0] != '\0' ? o->author : "an unnamed planner",
                   o->flow == CP_FLOW_WITHDRAWAL ? "withdrawals" : "deposits",
                   net->points[o->point].code, o->denomination >= 0 ? " in " : "",
                   o->denomination >= 0 ? net->denoms[o->denomination].code : "",
                   cp_day_text(effect->from, from), one ? "" : " to ",
                   one ? "" : cp_day_text(effect->to, to),
                   cp_minor_text((cp_minor)llround(effect->after_minor), exponent, after),
                   cp_minor_text((cp_minor)llround(effect->before_minor), exponent, before),
                   o->reason[0] != '\0' ? o->reason : "no reason given");
}

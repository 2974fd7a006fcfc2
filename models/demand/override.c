/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/override.h"

#include <math.h>

#include "models/demand/paths.h"

#define PPM 1e6

typedef struct layer {
    cp_ctx *ctx;
    const cp_network *net;
    cp_forecast *forecast;
    cp_forecast_overrides *over;
    cp_shares shares;
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

static void lay_row(const layer *l, int32_t row)
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
        lay_day(l, o, day - f->first_day, effect);
}

/* Mean and quantiles are linear in the paths, because shares do not change from path to path. */
static void lay_distribution(const layer *l, int32_t point, cp_flow flow)
{
    cp_forecast *f = l->forecast;
    const cp_point *p = &l->net->points[point];
    const int64_t row = (int64_t)flow * f->n_points + point;
    double served = 0.0;
    for (int32_t c = p->first_channel; c < p->first_channel + p->n_channels; c++)
        served += share_of(l, flow, c);
    for (int32_t d = 0; d < f->n_days; d++) {
        double scale = served > 0.0 ? 0.0 : 1.0, add = 0.0;
        for (int32_t c = p->first_channel; c < p->first_channel + p->n_channels; c++) {
            const int64_t at = cell_of(l, c, flow, d);
            scale += share_of(l, flow, c) * l->over->scale[at];
            add += l->over->add[at];
        }
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

cp_status cp_overrides_apply(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                             cp_forecast *forecast)
{
    const cp_rows *rows = &net->rows;
    layer l = {.ctx = ctx, .net = net, .forecast = forecast};
    cp_shares *shares = NULL;
    if (rows->n_demand_override == 0) return CP_OK;
    if (forecast->mean == NULL)
        CP_FAIL(ctx, CP_E_INPUT, "%d overrides of the demand need a forecast with its means",
                (int)rows->n_demand_override);
    CP_TRY(cp_shares_make(ctx, net, history, &shares));
    l.shares = *shares;
    CP_TRY(make_room(&l));
    for (int32_t named = 0; named < 2; named++) /* those for all denominations come first */
        for (int32_t i = 0; i < rows->n_demand_override; i++)
            if ((rows->demand_override[i].denomination >= 0) == (named != 0)) lay_row(&l, i);
    if (l.over->n_effects == 0) return CP_OK;
    for (int32_t p = 0; p < net->n_points; p++)
        for (int32_t flow = 0; flow < CP_N_FLOWS && l.over->first[p] >= 0; flow++)
            lay_distribution(&l, p, (cp_flow)flow);
    forecast->overrides = l.over;
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/balances.h"

#include <string.h>

cp_day cp_balances_oldest(const cp_network *net, const cp_day *balance_day)
{
    cp_day oldest = net->first_day;
    for (int32_t p = 0; p < net->n_points; p++)
        if (balance_day[p] != CP_DAY_NONE && balance_day[p] + 1 < oldest)
            oldest = balance_day[p] + 1;
    return oldest;
}

/* Money drawn or paid in on a day: what happened, or what is expected. */
static int64_t flow_of(const cp_history *history, const cp_forecast *forecast, cp_flow flow,
                       int32_t point, cp_day day)
{
    const cp_minor seen = cp_history_at(history, flow, point, day);
    if (seen != CP_HISTORY_MISSING) return seen;
    if (!forecast || day < forecast->first_day || day >= forecast->first_day + forecast->n_days)
        return 0;
    const int64_t at = ((int64_t)flow * forecast->n_points + point) * forecast->n_days;
    return (int64_t)(forecast->mean[at + day - forecast->first_day] + 0.5);
}

static void roll_day(const cp_network *net, const cp_history *history, const cp_forecast *forecast,
                     const cp_shares *shares, int32_t point, cp_day day, cp_channel *channels)
{
    const cp_point *p = &net->points[point];
    const int64_t out = flow_of(history, forecast, CP_FLOW_WITHDRAWAL, point, day);
    const int64_t in = flow_of(history, forecast, CP_FLOW_DEPOSIT, point, day);
    for (int32_t k = p->first_channel; k < p->first_channel + p->n_channels; k++) {
        cp_channel *c = &channels[k];
        c->balance_notes -= cp_mul_div(out, shares->out_ppm[k], 1000000 * c->value_minor);
        if (c->balance_notes < 0) c->balance_notes = 0;
        c->balance_notes += cp_mul_div(in, shares->in_ppm[k], 1000000 * c->value_minor);
        if (c->balance_notes > c->capacity_notes) c->balance_notes = c->capacity_notes;
    }
}

cp_status cp_balances_roll(cp_ctx *ctx, const cp_network *net, const cp_day *balance_day,
                           const cp_history *history, const cp_forecast *forecast,
                           const cp_shares *shares, cp_network **out, int32_t *n_rolled)
{
    cp_network *copy = NULL;
    cp_channel *channels = NULL;
    CP_NEW(ctx, ctx->run, copy, 1);
    CP_NEW(ctx, ctx->run, channels, net->n_channels + 1);
    *copy = *net;
    memcpy(channels, net->channels, (size_t)net->n_channels * sizeof *channels);
    *n_rolled = 0;
    for (int32_t p = 0; p < net->n_points; p++) {
        if (balance_day[p] == CP_DAY_NONE || balance_day[p] + 1 >= net->first_day) continue;
        for (cp_day d = balance_day[p] + 1; d < net->first_day; d++)
            roll_day(net, history, forecast, shares, p, d, channels);
        (*n_rolled)++;
    }
    copy->channels = channels;
    *out = copy;
    return CP_OK;
}

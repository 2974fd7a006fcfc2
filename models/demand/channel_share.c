/* SPDX-License-Identifier: GPL-3.0-or-later */
/* channel_share.c - how the value of a point's demand divides between its channels. */
#include "models/demand/paths.h"

#define PPM 1000000

/* Value that fits in a channel, the weight of last resort; at least 1 so that a channel without a
 * capacity is not lost. */
static double room(const cp_channel *channel)
{
    const double value = (double)channel->capacity_notes * (double)channel->value_minor;
    return value > 1 ? value : 1;
}

/* Weights from the cassettes' own shares. False when none of the serving channels gives one; a
 * channel without a share then takes what the others leave, one without room (a denomination that
 * its slots may hold another day) nothing. */
static bool weights_given(const cp_network *net, const cp_point *point, cp_flow flow,
                          double *weight)
{
    bool any = false;
    double sum = 0, open = 0;
    for (int32_t k = 0; k < point->n_channels; k++) {
        const cp_channel *c = &net->channels[point->first_channel + k];
        if (!cp_channel_serves(c, flow)) continue;
        if (c->share_ppm >= 0) {
            any = true;
            sum += c->share_ppm;
        } else if (c->capacity_notes > 0) {
            open += room(c);
        }
    }
    if (!any || (sum <= 0 && open <= 0)) return false;
    const double left = sum < PPM ? PPM - sum : 0;
    for (int32_t k = 0; k < point->n_channels; k++) {
        const cp_channel *c = &net->channels[point->first_channel + k];
        if (!cp_channel_serves(c, flow)) continue;
        weight[k] = c->share_ppm >= 0       ? c->share_ppm
                    : c->capacity_notes > 0 ? left * room(c) / open
                                            : 0;
    }
    return true;
}

/* Weights from the split by denomination that the history shows. False when it knows none of the
 * denominations served here. */
static bool weights_seen(const cp_network *net, const cp_history *history, int32_t p, cp_flow flow,
                         double *weight)
{
    if (history == NULL || history->denom_ppm == NULL) return false;
    const cp_point *point = &net->points[p];
    const int32_t *ppm =
        history->denom_ppm + ((int64_t)flow * history->n_points + p) * history->n_denoms;
    double sum = 0;
    for (int32_t k = 0; k < point->n_channels; k++) {
        const cp_channel *c = &net->channels[point->first_channel + k];
        if (!cp_channel_serves(c, flow) || c->denomination < 0 ||
            c->denomination >= history->n_denoms)
            continue;
        double same = 0;
        for (int32_t j = 0; j < point->n_channels; j++) {
            const cp_channel *other = &net->channels[point->first_channel + j];
            if (cp_channel_serves(other, flow) && other->denomination == c->denomination)
                same += room(other);
        }
        weight[k] = ppm[c->denomination] * room(c) / same;
        sum += weight[k];
    }
    return sum > 0;
}

/* Whole ppm that sum to a million: cumulative rounding, so that every share is within one ppm of
 * its weight. All zero when no channel serves the flow. */
static void to_ppm(const cp_network *net, const cp_point *point, cp_flow flow, const double *weight,
                   int32_t *ppm)
{
    double sum = 0, before = 0;
    for (int32_t k = 0; k < point->n_channels; k++)
        sum += cp_channel_serves(&net->channels[point->first_channel + k], flow) ? weight[k] : 0;
    int32_t given = 0;
    for (int32_t k = 0; k < point->n_channels; k++) {
        ppm[k] = 0;
        if (sum <= 0 || !cp_channel_serves(&net->channels[point->first_channel + k], flow))
            continue;
        before += weight[k];
        const int32_t upto = (int32_t)(before / sum * PPM + 0.5);
        ppm[k] = upto - given;
        given = upto;
    }
}

/* True when the history gave the shares. */
static bool split_flow(const cp_network *net, const cp_history *history, int32_t p, cp_flow flow,
                       double *weight, int32_t *ppm)
{
    const cp_point *point = &net->points[p];
    for (int32_t k = 0; k < point->n_channels; k++)
        weight[k] = 0;
    const bool given = weights_given(net, point, flow, weight);
    const bool seen = !given && weights_seen(net, history, p, flow, weight);
    if (!given && !seen)
        for (int32_t k = 0; k < point->n_channels; k++)
            weight[k] = room(&net->channels[point->first_channel + k]);
    to_ppm(net, point, flow, weight, ppm);
    return seen;
}

static cp_status shares_of(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                           int32_t point, int32_t *const *ppm, bool *seen)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    double *weight = NULL;
    CP_NEW(ctx, ctx->scratch, weight, net->points[point].n_channels);
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        seen[flow] = split_flow(net, history, point, (cp_flow)flow, weight, ppm[flow]);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_channel_shares(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                            int32_t point, int32_t *out_ppm, int32_t *in_ppm)
{
    int32_t *const ppm[CP_N_FLOWS] = {out_ppm, in_ppm};
    bool seen[CP_N_FLOWS];
    return shares_of(ctx, net, history, point, ppm, seen);
}

cp_status cp_shares_make(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                         cp_shares **out)
{
    cp_shares *shares = NULL;
    CP_NEW(ctx, ctx->run, shares, 1);
    CP_NEW(ctx, ctx->run, shares->out_ppm, net->n_channels);
    CP_NEW(ctx, ctx->run, shares->in_ppm, net->n_channels);
    CP_NEW(ctx, ctx->run, shares->spread, 2 * CP_N_FLOWS * (size_t)net->n_points);
    for (int32_t p = 0; p < net->n_points; p++) {
        const int32_t at = net->points[p].first_channel;
        int32_t *const ppm[CP_N_FLOWS] = {shares->out_ppm + at, shares->in_ppm + at};
        bool seen[CP_N_FLOWS];
        CP_TRY(shares_of(ctx, net, history, p, ppm, seen));
        for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
            const int64_t row = 2 * ((int64_t)flow * net->n_points + p);
            if (!seen[flow] || history->denom_spread == NULL) continue;
            shares->spread[row] = history->denom_spread[row];
            shares->spread[row + 1] = history->denom_spread[row + 1];
        }
    }
    *out = shares;
    return CP_OK;
}

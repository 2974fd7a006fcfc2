/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/run/stop_prices.h"

#define DAYS_BETWEEN_VISITS 7 /* a first guess only: the next round knows the real number */

static cp_status new_prices(cp_ctx *ctx, const cp_network *net, cp_stop_prices *out)
{
    const size_t cells = (size_t)net->n_sites * (size_t)net->n_days;
    out->n_sites = net->n_sites;
    out->n_days = net->n_days;
    CP_NEW(ctx, ctx->run, out->price_minor, cells + 1);
    CP_NEW(ctx, ctx->run, out->drive_min, cells + 1);
    return CP_OK;
}

cp_status cp_stop_prices_first(cp_ctx *ctx, const cp_network *net, cp_stop_prices *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    int32_t *stops = NULL, *drive_s = NULL;
    cp_minor *price = NULL;
    CP_TRY(new_prices(ctx, net, out));
    CP_NEW(ctx, ctx->scratch, stops, net->n_vaults + 1);
    CP_NEW(ctx, ctx->scratch, drive_s, net->n_sites + 1);
    CP_NEW(ctx, ctx->scratch, price, net->n_sites + 1);
    for (int32_t i = 0; i < net->n_sites; i++)
        if (net->sites[i].vault >= 0) stops[net->sites[i].vault]++;
    for (int32_t v = 0; v < net->n_vaults; v++)
        stops[v] = (stops[v] + DAYS_BETWEEN_VISITS - 1) / DAYS_BETWEEN_VISITS;
    CP_TRY(cp_route_estimate(ctx, net, stops, drive_s, price));
    for (int32_t i = 0; i < net->n_sites; i++)
        for (int32_t t = 0; t < net->n_days; t++) {
            const size_t at = (size_t)i * (size_t)net->n_days + (size_t)t;
            const int32_t given = net->settings.stop_drive_min;
            out->drive_min[at] = given > 0 ? given : (drive_s[i] + 59) / 60;
            out->price_minor[at] = price[i] > 0 ? price[i] : 0;
        }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_stop_prices_next(cp_ctx *ctx, const cp_network *net, const cp_stop_prices *before,
                              const cp_day_routes *routes, cp_stop_prices *out)
{
    CP_TRY(new_prices(ctx, net, out));
    for (int32_t i = 0; i < net->n_sites; i++) {
        const size_t row = (size_t)i * (size_t)net->n_days;
        int64_t sum_minor = 0, sum_s = 0, n = 0;
        for (int32_t t = 0; t < net->n_days; t++) {
            if (routes->removal_minor[row + (size_t)t] < 0) continue;
            sum_minor += routes->removal_minor[row + (size_t)t];
            sum_s += routes->removal_drive_s[row + (size_t)t];
            n++;
        }
        for (int32_t t = 0; t < net->n_days; t++) {
            const size_t at = row + (size_t)t;
            out->price_minor[at] = before->price_minor[at];
            out->drive_min[at] = before->drive_min[at];
            if (n == 0) continue;
            out->price_minor[at] = (before->price_minor[at] + sum_minor / n) / 2;
            out->drive_min[at] = (int32_t)((before->drive_min[at] * 60 + sum_s / n + 119) / 120);
        }
    }
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/history.h"

#include <string.h>

cp_status cp_history_new(cp_ctx *ctx, const cp_network *net, cp_day first_day, int32_t n_days,
                         cp_history **out)
{
    if (n_days < 0) {
        char text[16];
        CP_FAIL(ctx, CP_E_INPUT, "history from %s: %d days; must be 0 or more",
                cp_day_text(first_day, text), (int)n_days);
    }
    cp_history *h = NULL;
    CP_NEW(ctx, ctx->run, h, 1);
    h->n_points = net->n_points;
    h->n_days = n_days;
    h->first_day = first_day;
    h->n_denoms = net->n_denoms;
    const size_t cells = (size_t)net->n_points * (size_t)n_days;
    CP_NEW(ctx, ctx->run, h->amount, CP_N_FLOWS * cells);
    CP_NEW(ctx, ctx->run, h->faults, cells);
    CP_NEW(ctx, ctx->run, h->denom_ppm, CP_N_FLOWS * (size_t)net->n_points * (size_t)net->n_denoms);
    for (size_t i = 0; i < CP_N_FLOWS * cells; i++)
        h->amount[i] = CP_HISTORY_MISSING;
    *out = h;
    return CP_OK;
}

cp_status cp_history_until(cp_ctx *ctx, const cp_history *h, cp_day end, cp_history **out)
{
    const int64_t most = (int64_t)end - h->first_day;
    const int32_t n_days = most < 0 ? 0 : most > h->n_days ? h->n_days : (int32_t)most;
    cp_history *cut = NULL;
    CP_NEW(ctx, ctx->run, cut, 1);
    *cut = *h;
    cut->n_days = n_days;
    const size_t n_rows = (size_t)h->n_points * CP_N_FLOWS;
    CP_NEW(ctx, ctx->run, cut->amount, n_rows * (size_t)n_days);
    CP_NEW(ctx, ctx->run, cut->faults, (size_t)h->n_points * (size_t)n_days);
    CP_NEW(ctx, ctx->run, cut->denom_ppm, n_rows * (size_t)h->n_denoms);
    if (n_days > 0) {
        for (size_t r = 0; r < n_rows; r++)
            memcpy(cut->amount + r * (size_t)n_days, h->amount + r * (size_t)h->n_days,
                   (size_t)n_days * sizeof *cut->amount);
        for (size_t p = 0; p < (size_t)h->n_points; p++)
            memcpy(cut->faults + p * (size_t)n_days, h->faults + p * (size_t)h->n_days,
                   (size_t)n_days);
    }
    if (h->n_denoms > 0 && h->denom_ppm != NULL)
        memcpy(cut->denom_ppm, h->denom_ppm, n_rows * (size_t)h->n_denoms * sizeof *cut->denom_ppm);
    *out = cut;
    return CP_OK;
}

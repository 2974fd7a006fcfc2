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
    CP_NEW(ctx, ctx->run, h->denom_spread, 2 * CP_N_FLOWS * (size_t)net->n_points);
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

#define WEEKS_AROUND 6
#define LEAST_LIKE 2

/* Mean of the records of the same weekday around; missing when there are too few. */
static cp_minor like_days(const cp_history *h, cp_flow flow, int32_t point, cp_day day)
{
    double sum = 0.0;
    int32_t n = 0;
    for (int32_t week = -WEEKS_AROUND; week <= WEEKS_AROUND; week++) {
        const cp_minor seen = cp_history_at(h, flow, point, day + 7 * week);
        if (seen == CP_HISTORY_MISSING) continue;
        sum += (double)seen;
        n++;
    }
    return n < LEAST_LIKE ? CP_HISTORY_MISSING : (cp_minor)(sum / n);
}

cp_status cp_history_fill_gaps(cp_ctx *ctx, const cp_history *h, cp_day from, int32_t n_days,
                               cp_history **out, int32_t *n_filled)
{
    cp_history *full = NULL;
    *n_filled = 0;
    CP_TRY(cp_history_until(ctx, h, h->first_day + h->n_days, &full));
    const int32_t first = from > h->first_day ? from - h->first_day : 0;
    const int64_t end = (int64_t)from - h->first_day + n_days;
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        for (int32_t p = 0; p < h->n_points; p++)
            for (int32_t i = first; i < h->n_days && i < end; i++) {
                const int64_t at = ((int64_t)flow * h->n_points + p) * h->n_days + i;
                if (h->amount[at] != CP_HISTORY_MISSING) continue;
                full->amount[at] = like_days(h, (cp_flow)flow, p, h->first_day + i);
                *n_filled += full->amount[at] != CP_HISTORY_MISSING;
            }
    *out = full;
    return CP_OK;
}

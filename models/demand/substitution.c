/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/substitution.h"

#include <math.h>

#include "models/demand/forecast_sample.h"

#define PPM 1e6
#define TEXT_DRAWS 192 /* behind the expected amounts of a sentence */

static bool meets(const cp_forecast *f, const cp_substitution *s)
{
    return s->first_day < f->first_day + f->n_days && s->last_day >= f->first_day;
}

cp_status cp_moves_make(cp_ctx *ctx, const cp_network *net, cp_forecast *forecast)
{
    const cp_rows *rows = &net->rows;
    struct cp_forecast_moves *m = NULL;
    int32_t n_met = 0;
    for (int32_t i = 0; i < rows->n_substitution; i++)
        n_met += meets(forecast, &rows->substitution[i]);
    forecast->moves = NULL;
    if (n_met == 0) return CP_OK;
    CP_NEW(ctx, ctx->run, m, 1);
    m->row = rows->substitution;
    m->n_rows = rows->n_substitution;
    CP_NEW(ctx, ctx->run, m->first_in, net->n_points);
    CP_NEW(ctx, ctx->run, m->first_out, net->n_points);
    CP_NEW(ctx, ctx->run, m->next_in, m->n_rows);
    CP_NEW(ctx, ctx->run, m->next_out, m->n_rows);
    for (int32_t p = 0; p < net->n_points; p++)
        m->first_in[p] = m->first_out[p] = -1;
    for (int32_t i = m->n_rows - 1; i >= 0; i--) {
        const cp_substitution *s = &m->row[i];
        if (!meets(forecast, s)) continue;
        m->next_in[i] = m->first_in[s->receiver];
        m->first_in[s->receiver] = i;
        m->next_out[i] = m->first_out[s->point];
        m->first_out[s->point] = i;
    }
    forecast->moves = m;
    return CP_OK;
}

bool cp_moves_closed(const struct cp_forecast_moves *moves, int32_t point, cp_day day)
{
    for (int32_t i = moves->first_out[point]; i >= 0; i = moves->next_out[i])
        if (day >= moves->row[i].first_day && day <= moves->row[i].last_day) return true;
    return false;
}

cp_status cp_moves_apply(const cp_forecast *forecast, int32_t point, int32_t n_draws,
                         cp_moves_sample_fn *fn, void *user, double *work, double *out)
{
    const struct cp_forecast_moves *m = forecast->moves;
    for (int32_t d = 0; d < forecast->n_days; d++) {
        if (!cp_moves_closed(m, point, forecast->first_day + d)) continue;
        for (int32_t w = 0; w < n_draws; w++)
            out[(int64_t)d * n_draws + w] = 0;
    }
    for (int32_t i = m->first_in[point]; i >= 0; i = m->next_in[i]) {
        const cp_substitution *s = &m->row[i];
        const double share = s->share_ppm / PPM;
        CP_TRY(fn(user, s->point, work));
        for (int32_t d = 0; d < forecast->n_days; d++) {
            const cp_day day = forecast->first_day + d;
            if (day < s->first_day || day > s->last_day) continue;
            for (int32_t w = 0; w < n_draws; w++)
                out[(int64_t)d * n_draws + w] += share * work[(int64_t)d * n_draws + w];
        }
    }
    return CP_OK;
}

/* What the row moves of one flow, expected over the days it shares with the forecast. */
static cp_status moved(cp_ctx *ctx, const cp_network *net, const cp_forecast *f,
                       const cp_substitution *s, cp_flow flow, double *minor)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const int64_t n_points = f->n_points;
    double *sample = NULL, sum = 0;
    *minor = 0;
    if (!f->has_flow[flow * n_points + s->point] || !f->has_flow[flow * n_points + s->receiver])
        return CP_OK;
    CP_NEW(ctx, ctx->scratch, sample, (size_t)f->n_days * TEXT_DRAWS);
    CP_TRY(cp_forecast_sample_alone(ctx, net, f, flow, s->point, TEXT_DRAWS, sample));
    for (int32_t d = 0; d < f->n_days; d++) {
        if (f->first_day + d < s->first_day || f->first_day + d > s->last_day) continue;
        for (int32_t w = 0; w < TEXT_DRAWS; w++)
            sum += sample[(int64_t)d * TEXT_DRAWS + w] / TEXT_DRAWS;
    }
    *minor = sum * s->share_ppm / PPM;
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_substitution_text(cp_ctx *ctx, const cp_network *net, const cp_forecast *forecast,
                               int32_t row, const char **out)
{
    const cp_substitution *s = &net->rows.substitution[row];
    const int32_t exponent = net->rows.currency[net->currency].exponent;
    const cp_day end = forecast->first_day + forecast->n_days - 1;
    const cp_day from = s->first_day > forecast->first_day ? s->first_day : forecast->first_day;
    const cp_day to = s->last_day < end ? s->last_day : end;
    char first[16], last[16], taken[40], paid[40];
    double minor[CP_N_FLOWS] = {0};
    *out = NULL;
    if (!meets(forecast, s)) return CP_OK;
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        CP_TRY(moved(ctx, net, forecast, s, (cp_flow)flow, &minor[flow]));
    *out = cp_strf(ctx, ctx->run,
                   "substitution %s by %s: %s is closed on %s%s%s, %.4g %% of its demand (expected "
                   "withdrawals %s, deposits %s) goes to %s (%s)",
                   s->code, s->author[0] != '\0' ? s->author : "an unnamed planner",
                   net->points[s->point].code, cp_day_text(from, first), from == to ? "" : " to ",
                   from == to ? "" : cp_day_text(to, last), s->share_ppm / 1e4,
                   cp_minor_text((cp_minor)llround(minor[CP_FLOW_WITHDRAWAL]), exponent, taken),
                   cp_minor_text((cp_minor)llround(minor[CP_FLOW_DEPOSIT]), exponent, paid),
                   net->points[s->receiver].code,
                   s->reason[0] != '\0' ? s->reason : "no reason given");
    return *out == NULL ? CP_E_NOMEM : CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_windows.c - error paths: how the combined forecast erred from past origins. */
#include <math.h>
#include <string.h>

#include "models/demand/demand_fitting.h"

#define ENOUGH_WINDOWS 12 /* own error paths from which a machine needs no others */
#define WARM_DAYS 42      /* own days before an error path of its own is believed */

/* Error path of one origin in units of the day's own spread; NAN where nothing is known. */
static void own_window(const cp_fitting *f, int32_t origin, const float *expected, double sigma,
                       double *out)
{
    const cp_series *s = &f->series;
    for (int32_t h = 0; h < f->forecast->n_days; h++) {
        const int32_t i = origin + f->detail->gap + 1 + h;
        bool known = false;
        double e = NAN;
        if (i < s->n) {
            e = cp_filter_surprise(&f->input, i, (double)expected[h], sigma, &known);
            if (s->calendar->special[s->at + i]) e /= f->pool->special_scale;
        } else if (h >= 7) {
            /* Beyond the history the last week's error goes on: the level was as wrong. */
            e = out[h - 7];
            known = !isnan(e);
        }
        out[h] = known ? fmax(-8, fmin(8, e / sigma)) : NAN;
        if (i >= s->n && known) out[h] = e;
    }
}

/* Fill gaps from the nearest path that knows that day, else with no error. */
static void fill_gaps(double *window, const bool *own, int32_t n, int32_t n_days)
{
    for (int32_t k = 0; k < n; k++)
        for (int32_t h = 0; own[k] && h < n_days; h++) {
            double *e = &window[(int64_t)k * n_days + h];
            for (int32_t far = 1; isnan(*e) && far < n; far++) {
                if (k >= far && own[k - far]) *e = window[(int64_t)(k - far) * n_days + h];
                if (isnan(*e) && k + far < n && own[k + far])
                    *e = window[(int64_t)(k + far) * n_days + h];
            }
            if (isnan(*e)) *e = 0;
        }
}

/* Own error paths where the machine has them; other slots take the segment's path of the same time
 * (so common shocks stay common) or one of its own. */
cp_status cp_fitting_windows(const cp_fitting *f, const cp_rolled *r, bool pool_windows,
                             cp_demand_model *model)
{
    const int32_t n = f->detail->n_windows, n_days = f->forecast->n_days;
    double *window = NULL;
    bool *own = NULL;
    int32_t *list = NULL, n_own = 0;
    float *expected = NULL, *work = NULL;
    const size_t days = (size_t)f->detail->gap + (size_t)n_days;
    CP_NEW(f->ctx, f->ctx->scratch, window, (size_t)n * (size_t)n_days);
    CP_NEW(f->ctx, f->ctx->scratch, own, n);
    CP_NEW(f->ctx, f->ctx->scratch, list, n);
    CP_NEW(f->ctx, f->ctx->scratch, expected, n_days);
    CP_NEW(f->ctx, f->ctx->scratch, work, 2 * days);
    for (int32_t o = 0; o < r->n; o++) {
        const int32_t k = r->window[o], origin = r->origin[o];
        if (k < 0 || origin < 0 || origin - f->series.first < WARM_DAYS) continue;
        own[k] = true;
        list[n_own++] = k;
        cp_fitting_predict(f, r, o, work, expected);
        own_window(f, origin, expected, model->sigma, window + (int64_t)k * n_days);
    }
    fill_gaps(window, own, n, n_days);
    const bool lend = pool_windows && f->pool->lends && n_own < ENOUGH_WINDOWS;
    for (int32_t k = 0; k < n; k++) {
        int16_t *to = model->window + (int64_t)k * n_days;
        if (lend && !own[k]) {
            memcpy(to, f->pool->window + (int64_t)k * n_days, (size_t)n_days * sizeof *to);
            continue;
        }
        const int32_t from = own[k] ? k : n_own > 0 ? list[k % n_own] : -1;
        for (int32_t h = 0; h < n_days; h++)
            to[h] =
                from < 0 ? 0 : (int16_t)lrint(CP_WINDOW_UNIT * window[(int64_t)from * n_days + h]);
    }
    return CP_OK;
}

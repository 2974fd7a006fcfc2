/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_trials.c - the single models of one machine: rolled once, compared, weighted. */
#include <math.h>
#include <string.h>

#include "models/demand/demand_fitting.h"

#define MOST_TRIALS 72
#define MOST_AHEAD 56 /* days ahead on which models are compared */

/* Origins of error paths and of trials as one rising list. */
static cp_status merge_origins(const cp_fitting *f, cp_rolled *out)
{
    const cp_forecast_detail *d = f->detail;
    int32_t trial[MOST_TRIALS], a = 0, b = 0;
    const int32_t n_trials =
        cp_trial_origins(f->series.first, f->series.n, d->gap, MOST_TRIALS, trial);
    CP_NEW(f->ctx, f->ctx->scratch, out->origin, d->n_windows + n_trials);
    CP_NEW(f->ctx, f->ctx->scratch, out->window, d->n_windows + n_trials);
    CP_NEW(f->ctx, f->ctx->scratch, out->trial, d->n_windows + n_trials);
    for (; a < d->n_windows || b < n_trials; out->n++) {
        const bool window = a < d->n_windows && (b >= n_trials || d->origin[a] <= trial[b]);
        const bool compare = b < n_trials && (a >= d->n_windows || trial[b] <= d->origin[a]);
        out->origin[out->n] = window ? d->origin[a] : trial[b];
        out->window[out->n] = window ? a++ : -1;
        out->trial[out->n] = compare;
        b += compare;
    }
    return CP_OK;
}

cp_status cp_fitting_roll(const cp_fitting *f, int32_t only, cp_rolled *out)
{
    memset(out, 0, sizeof *out);
    CP_TRY(merge_origins(f, out));
    CP_NEW(f->ctx, f->ctx->scratch, out->states, CP_N_SINGLES * ((size_t)out->n + 1));
    const bool alone = only >= 0 && cp_single_fits(&f->input, (cp_single)only);
    for (int32_t k = 0; k < CP_N_SINGLES; k++) {
        if (!cp_single_fits(&f->input, (cp_single)k)) continue;
        if ((f->detail->quick || (only >= 0 && !alone)) && k != CP_SINGLE_SMOOTH) continue;
        if (alone && k != only && k != CP_SINGLE_SMOOTH) continue;
        cp_single_state *states = out->states + (int64_t)out->n_singles * (out->n + 1);
        CP_TRY(cp_single_roll(f->ctx, &f->input, (cp_single)k, out->origin, out->n, states));
        if (k == CP_SINGLE_SMOOTH) out->smooth = states[out->n];
        if (alone && k != only) continue;
        out->single[out->n_singles++] = (uint8_t)k;
    }
    return CP_OK;
}

cp_status cp_fitting_trials(const cp_fitting *f, const cp_rolled *r, cp_trials *t)
{
    const cp_series *s = &f->series;
    const int32_t gap = f->detail->gap, most = f->forecast->n_days;
    float *expected = NULL;
    memset(t, 0, sizeof *t);
    t->gap = gap;
    t->n_singles = r->n_singles;
    memcpy(t->single, r->single, sizeof t->single);
    t->n_ahead = most < MOST_AHEAD ? most : MOST_AHEAD;
    for (int32_t o = 0; o < r->n; o++)
        t->n_origins += r->trial[o];
    CP_NEW(f->ctx, f->ctx->scratch, t->origin, t->n_origins);
    CP_NEW(f->ctx, f->ctx->scratch, t->error,
           (size_t)t->n_singles * (size_t)t->n_origins * (size_t)t->n_ahead);
    CP_NEW(f->ctx, f->ctx->scratch, expected, gap + t->n_ahead);
    for (int32_t k = 0; k < r->n_singles; k++) {
        int32_t trial = 0;
        for (int32_t o = 0; o < r->n; o++) {
            if (!r->trial[o]) continue;
            const int32_t from = r->origin[o] + 1;
            const int32_t days = s->n - from < gap + t->n_ahead ? s->n - from : gap + t->n_ahead;
            float *error = t->error + ((int64_t)k * t->n_origins + trial) * t->n_ahead;
            cp_single_predict(&r->states[(int64_t)k * (r->n + 1) + o], f->slot + from, days,
                              expected);
            for (int32_t h = 0; h < t->n_ahead; h++) {
                const int32_t i = from + gap + h;
                const bool known = i < s->n && s->seen[i] == CP_SEEN_EXACTLY && s->weight[i] > 0;
                error[h] = known ? (float)f->input.z[i] - expected[gap + h] : NAN;
            }
            t->origin[trial++] = r->origin[o];
        }
    }
    return CP_OK;
}

/* Mean change of a week in x: the unit of scores. */
static double naive_change(const cp_series *s)
{
    double sum = 0;
    int32_t n = 0;
    for (int32_t i = s->first + 7; i < s->n; i++) {
        if (s->seen[i] != CP_SEEN_EXACTLY || s->seen[i - 7] != CP_SEEN_EXACTLY) continue;
        sum += fabs(s->x[i] - s->x[i - 7]);
        n++;
    }
    return n > 0 ? sum / n : 0;
}

/* Mean absolute errors in x of every model and of the weighted mean, over the naive change. */
static void score(const cp_fitting *f, const cp_trials *t, const double *weight,
                  cp_demand_note *note)
{
    const cp_series *s = &f->series;
    double sum[CP_N_SINGLES + 1] = {0}, n = 0;
    for (int32_t o = 0; o < t->n_origins; o++)
        for (int32_t h = 0; h < t->n_ahead; h++) {
            const int32_t i = t->origin[o] + 1 + t->gap + h;
            if (i >= s->n || s->seen[i] != CP_SEEN_EXACTLY || s->weight[i] <= 0) continue;
            const double effect = f->size[i];
            double mean = 0;
            for (int32_t k = 0; k < t->n_singles; k++) {
                const double e = (double)t->error[((int64_t)k * t->n_origins + o) * t->n_ahead + h];
                mean += weight[k] * e;
                sum[k] += fabs(s->x[i] - effect * cp_scale_from(f->input.scale, f->input.z[i] - e));
            }
            sum[CP_N_SINGLES] +=
                fabs(s->x[i] - effect * cp_scale_from(f->input.scale, f->input.z[i] - mean));
            n += 1;
        }
    const double change = naive_change(s) * n;
    for (int32_t k = 0; k < t->n_singles; k++)
        note->each[k] = change > 0 ? (float)(sum[k] / change) : NAN;
    note->score = change > 0 ? (float)(sum[CP_N_SINGLES] / change) : NAN;
}

cp_status cp_fitting_weigh(const cp_fitting *f, double sigma, cp_rolled *r, cp_demand_note *note)
{
    const cp_forecast_detail *d = f->detail;
    const int32_t parent = f->pool->parent;
    cp_trials t;
    double gram[CP_GRAM], days = 0;
    CP_TRY(cp_fitting_trials(f, r, &t));
    cp_filter_count(&f->input, (int64_t)t.n_singles * t.n_origins * t.n_ahead);
    cp_combine_gram(&t, sigma, gram, &days);
    const double *pooled = d->gram + (int64_t)parent * CP_GRAM;
    cp_combine_weights(&t, gram, days, pooled, d->gram_days[parent], r->weight);
    note->n_singles = r->n_singles;
    note->n_origins = t.n_origins;
    score(f, &t, r->weight, note);
    for (int32_t k = 0; k < r->n_singles; k++) {
        note->single[k] = r->single[k];
        note->weight[k] = (float)r->weight[k];
    }
    return CP_OK;
}

void cp_fitting_predict(const cp_fitting *f, const cp_rolled *r, int32_t at, float *work,
                        float *out)
{
    const int32_t gap = f->detail->gap, n_days = f->forecast->n_days;
    const int32_t from = (at < r->n ? r->origin[at] : f->series.n - 1) + 1;
    memset(out, 0, (size_t)n_days * sizeof *out);
    for (int32_t k = 0; k < r->n_singles; k++) {
        if (r->weight[k] <= 0) continue;
        cp_single_predict(&r->states[(int64_t)k * (r->n + 1) + at], f->slot + from, gap + n_days,
                          work);
        for (int32_t d = 0; d < n_days; d++)
            out[d] += (float)r->weight[k] * work[gap + d];
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_fit.c - one machine and flow: effects, scale, level and week, error paths. */
#include <math.h>
#include <string.h>

#include "models/demand/demand_filter.h"
#include "models/demand/demand_model.h"

/* Penalties in days that hold a machine's effects to those of its segment. One machine's day errs
 * by 0.3 to 0.5; machines differ in month effects by less than 0.1, in holidays by about 0.3. */
static const double hold_machine[CP_N_EFFECT_FAMILIES] = {20, 10, 4, 60, 6};

#define SWEEPS 10
#define ENOUGH_WINDOWS 12 /* own error paths from which a machine needs no others */
#define FEW_DAYS 100      /* fewer days than this do not choose a scale */
#define WARM_DAYS 42      /* own days before an error path of its own is believed */
#define LEVEL_FAR 3.0     /* log: a new machine's prior level is within this of its own mean */

/* Gains, week and the machine's effects were chosen on the days that past errors are taken from; on
 * unseen days errors are larger, the more so the fewer days there were. Measured on invented
 * machines with 120 and 400 days and on NN5 with 735. */
static double unseen_factor(int32_t n_days)
{
    return 1.03 + 30.0 / (n_days + 30);
}

typedef struct fitting {
    cp_ctx *ctx;
    const cp_forecast *forecast;
    const cp_forecast_detail *detail;
    const cp_demand_pool *pool;
    cp_series series;
    double *effect; /* log, all days of the calendar */
    double *dev;    /* log, by column: the machine's own beside its segment's */
    cp_filter_input input;
} fitting;

/* Deviations of the machine's effects from the segment's: ridge regression by steps that change all
 * columns at once. Dividing by the number of columns that share each day (load) makes every step a
 * minimum of a separable bound on the sum of squares, so it cannot overshoot (De Pierro 1995).
 * Sparse rows make this far cheaper than normal equations. resid is used up. */
static void backfit(const cp_series *s, const double *weight, double *resid, const double *load,
                    double *dev, double *sum)
{
    const cp_demand_calendar *c = s->calendar;
    for (int32_t sweep = 0; sweep < SWEEPS; sweep++) {
        memset(sum, 0, (size_t)c->n_cols * sizeof *sum);
        for (int32_t i = s->first; i < s->n; i++) {
            if (weight[i] <= 0) continue;
            for (int32_t k = c->start[s->at + i]; k < c->start[s->at + i + 1]; k++)
                sum[c->col[k]] += resid[i];
        }
        for (int32_t k = 0; k < c->n_cols; k++) {
            const double hold = hold_machine[c->family[k]];
            sum[k] = (sum[k] - hold * dev[k]) / (load[k] + hold);
            dev[k] += sum[k];
        }
        for (int32_t i = s->first; i < s->n; i++) {
            if (weight[i] <= 0) continue;
            for (int32_t k = c->start[s->at + i]; k < c->start[s->at + i + 1]; k++)
                resid[i] -= sum[c->col[k]];
        }
    }
}

/* Effect of every day: on days of the history as the other years tell it. */
static void sum_effects(const fitting *f)
{
    const cp_demand_calendar *c = f->series.calendar;
    for (int32_t i = 0; i < c->n_days; i++) {
        const bool past = i < f->series.at + f->series.n;
        const double *coef =
            past ? f->pool->effect_out + (int64_t)c->year[i] * c->n_cols : f->pool->effect;
        f->effect[i] = 0;
        for (int32_t k = c->start[i]; k < c->start[i + 1]; k++)
            f->effect[i] += coef[c->col[k]] + f->dev[c->col[k]];
    }
}

static cp_status fit_effects(fitting *f)
{
    cp_series *s = &f->series;
    const cp_demand_calendar *c = s->calendar;
    double *load = NULL, *sum = NULL;
    CP_NEW(f->ctx, f->ctx->scratch, f->effect, c->n_days);
    CP_NEW(f->ctx, f->ctx->scratch, f->dev, c->n_cols);
    CP_NEW(f->ctx, f->ctx->scratch, load, c->n_cols);
    CP_NEW(f->ctx, f->ctx->scratch, sum, c->n_cols);
    sum_effects(f);
    if (s->n_exact < CP_NEW_DAYS) return CP_OK;
    cp_baseline base;
    CP_TRY(cp_baseline_make(f->ctx, s, f->effect + s->at, 14, &base));
    const double clip = 3 * fmax(base.sigma, 0.05);
    for (int32_t i = s->first; i < s->n; i++) {
        if (base.weight[i] <= 0) continue;
        base.resid[i] = fmax(-clip, fmin(clip, base.resid[i]));
        const int32_t lo = c->start[s->at + i], hi = c->start[s->at + i + 1];
        for (int32_t k = lo; k < hi; k++)
            load[c->col[k]] += hi - lo;
    }
    backfit(s, base.weight, base.resid, load, f->dev, sum);
    sum_effects(f);
    return CP_OK;
}

/* Values and priors on one scale. */
static void set_scale(fitting *f, cp_scale scale, double *z)
{
    const cp_series *s = &f->series;
    const cp_demand_pool *pool = f->pool;
    cp_filter_input *in = &f->input;
    for (int32_t i = s->first; i < s->n; i++)
        z[i] = cp_scale_to(scale, s->x[i] * exp(-f->effect[s->at + i]));
    const double apart = pool->n_members > 0 ? pool->level_log - log(s->scale) : 0;
    const double level = fmax(-LEVEL_FAR, fmin(LEVEL_FAR, apart));
    in->series = s;
    in->z = z;
    in->level0 = cp_scale_to(scale, exp(level));
    const double ratio = pool->sigma / fmax(pool->level_sd, 1e-3);
    in->level_days = fmin(10, fmax(0.05, ratio * ratio));
    for (int32_t k = 0; k < CP_N_SLOTS; k++)
        in->week0[k] = cp_scale_to(scale, exp(pool->week[k]));
    in->sigma0 = fmax(0.05, pool->sigma);
}

/* The scale of greatest likelihood for double exponential one-day errors (robust against the faults
 * that no bit tells of). */
static cp_scale choose_scale(fitting *f, double *z)
{
    const cp_series *s = &f->series;
    /* On the root scale zeros lie nearest to the rest. */
    if (s->quiet) return CP_SCALE_ROOT;
    if (f->detail->quick || s->n_exact < FEW_DAYS) return CP_SCALE_FOURTH_ROOT;
    cp_scale best = CP_SCALE_FOURTH_ROOT;
    double most = -HUGE_VAL;
    for (int32_t scale = 0; scale < CP_N_SCALES; scale++) {
        double mean_abs = 0, slope = 0;
        int32_t n = 0;
        set_scale(f, (cp_scale)scale, z);
        cp_filter_probe(&f->input, &mean_abs, &n);
        for (int32_t i = s->first; i < s->n; i++)
            if (s->seen[i] == CP_SEEN_EXACTLY)
                slope += cp_scale_log_slope((cp_scale)scale, s->x[i] * exp(-f->effect[s->at + i]));
        const double likely = slope / s->n_exact - log(fmax(mean_abs, 1e-9));
        if (n > 0 && likely > most) {
            most = likely;
            best = (cp_scale)scale;
        }
    }
    return best;
}

/* Error path of one origin in units of the day's own spread; NAN where nothing is known. */
static void own_window(const fitting *f, int32_t origin, const cp_filter_state *state, double sigma,
                       double *out)
{
    const cp_series *s = &f->series;
    for (int32_t h = 0; h < f->forecast->n_days; h++) {
        const int32_t i = origin + f->detail->gap + 1 + h;
        bool known = false;
        double e = NAN;
        if (i < s->n) {
            e = cp_filter_error(&f->input, state, i, &known);
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
static cp_status make_windows(fitting *f, const cp_filter_state *states, bool pool_windows,
                              cp_demand_model *model)
{
    const int32_t n = f->detail->n_windows, n_days = f->forecast->n_days;
    double *window = NULL;
    bool *own = NULL;
    int32_t *list = NULL, n_own = 0;
    CP_NEW(f->ctx, f->ctx->scratch, window, (size_t)n * (size_t)n_days);
    CP_NEW(f->ctx, f->ctx->scratch, own, n);
    CP_NEW(f->ctx, f->ctx->scratch, list, n);
    for (int32_t k = 0; k < n; k++) {
        const int32_t origin = f->detail->origin[k];
        own[k] = origin >= 0 && origin - f->series.first >= WARM_DAYS;
        if (!own[k]) continue;
        list[n_own++] = k;
        own_window(f, origin, &states[k], model->sigma, window + (int64_t)k * n_days);
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

/* The part of a forecast day's effect that comes from holidays and events. */
static double event_effect(const fitting *f, int32_t day)
{
    const cp_demand_calendar *c = f->series.calendar;
    double sum = 0;
    for (int32_t k = c->start[day]; k < c->start[day + 1]; k++)
        if (c->family[c->col[k]] == CP_EFFECT_HOLIDAY || c->family[c->col[k]] == CP_EFFECT_NAMED)
            sum += f->pool->effect[c->col[k]] + f->dev[c->col[k]];
    return sum;
}

/* Centre, spread and size of every forecast day. */
static void fill_days(const fitting *f, const cp_filter_state *last, cp_demand_model *model)
{
    const cp_series *s = &f->series;
    const cp_demand_calendar *c = s->calendar;
    /* Wider humps would not make a quiet machine's future more uncertain, only its mean higher. */
    const double unseen = model->unmixed ? 1 : unseen_factor(s->n_exact);
    const bool open_known = s->n_exact >= CP_NEW_DAYS;
    const uint8_t closed_slots = open_known ? s->closed_slots : f->pool->closed_slots;
    const bool closed_off = open_known ? s->closed_off : f->pool->closed_off;
    for (int32_t d = 0; d < f->forecast->n_days; d++) {
        const int32_t day = f->forecast->first_day - c->first_day + d;
        const int32_t slot = c->slot[day];
        const bool closed =
            (slot < 7 && ((closed_slots >> slot) & 1)) || (c->off[day] && closed_off);
        const double special = c->special[day] ? f->pool->special_scale : 1;
        model->centre[d] = (float)cp_filter_predict(last, slot);
        model->level[d] = (float)last->level;
        model->event[d] = (float)event_effect(f, day);
        model->spread[d] = (float)(unseen * model->sigma * special / CP_WINDOW_UNIT);
        model->factor[d] = closed ? 0 : (float)(s->scale * exp(f->effect[day]));
    }
}

/* Highest x that a path may reach: three times the highest day seen. */
static double top_of(const fitting *f)
{
    double top = 2;
    for (int32_t i = f->series.first; i < f->series.n; i++)
        if (f->series.seen[i] == CP_SEEN_EXACTLY)
            top = fmax(top, f->series.x[i] * exp(-f->effect[f->series.at + i]));
    return 3 * top;
}

static double idle_share(const cp_series *s)
{
    int32_t n = 0;
    for (int32_t i = s->first; i < s->n; i++)
        n += s->seen[i] == CP_SEEN_EXACTLY && s->x[i] <= 0;
    return s->n_exact > 0 ? (double)n / s->n_exact : 0;
}

static cp_status fit_level(fitting *f, bool pool_windows, cp_demand_model *model)
{
    const cp_forecast_detail *d = f->detail;
    double *z = NULL;
    cp_filter_state *states = NULL, last;
    CP_NEW(f->ctx, f->ctx->scratch, z, f->series.n);
    CP_NEW(f->ctx, f->ctx->scratch, states, d->n_windows);
    model->scale = choose_scale(f, z);
    set_scale(f, model->scale, z);
    cp_filter_bank(&f->input, d->origin, d->n_windows, d->quick, states, &last);
    const double n = last.n - f->input.level_days;
    model->sigma =
        sqrt((n * last.sigma * last.sigma + 20 * f->pool->sigma * f->pool->sigma) / (n + 20));
    /* What error paths of settled machines do not show: the level of a new one is not yet known. */
    const double unknown = 1 / last.n - 1.0 / CP_NEW_DAYS;
    model->level_sd = unknown > 0 ? model->sigma * sqrt(unknown) : 0;
    model->unmixed = f->series.quiet;
    model->idle = model->unmixed ? idle_share(&f->series) : 0;
    model->cut = 0;
    model->top = top_of(f);
    CP_TRY(make_windows(f, states, pool_windows, model));
    fill_days(f, &last, model);
    return CP_OK;
}

cp_status cp_demand_fit(cp_ctx *ctx, const cp_history *history, const cp_forecast *forecast,
                        cp_flow flow, int32_t point, bool pool_windows, cp_demand_model *model,
                        cp_demand_note *note)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_forecast_detail *d = forecast->detail;
    const cp_demand_pool *pool = &d->pool[d->pool_of[(int32_t)flow * forecast->n_points + point]];
    fitting f = {.ctx = ctx, .forecast = forecast, .detail = d, .pool = pool};
    CP_TRY(cp_demand_series_make(ctx, history, d->calendar[pool->calendar + 1], flow, point,
                                 &f.series));
    /* Out of use, or a flow of which nobody knows anything: factor stays 0 on all days. */
    const bool nothing = f.series.idle || (f.series.scale <= 0 && pool->level_log <= 0);
    if (!nothing) {
        if (f.series.scale <= 0) f.series.scale = exp(pool->level_log);
        model->unit = f.series.scale;
        CP_TRY(fit_effects(&f));
        CP_TRY(fit_level(&f, pool_windows, model));
        *note = (cp_demand_note){.n_singles = 1, .weight = {1}, .each = {NAN}, .score = NAN};
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

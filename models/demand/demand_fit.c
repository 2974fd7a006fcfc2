/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_fit.c - one machine and flow: effects, scale, level and week, error paths. */
#include <math.h>
#include <string.h>

#include "models/demand/demand_fitting.h"
#include "models/demand/demand_kept.h"
#include "models/demand/week_shift.h"
#include "models/demand/year_move.h"

/* Penalties in days that hold a machine's effects to those of its segment. One machine's day errs
 * by 0.3 to 0.5; machines differ in month effects by less than 0.1, in holidays by about 0.3. */
static const double hold_machine[CP_N_EFFECT_FAMILIES] = {60, 10, 4, 60, 6};

#define SWEEPS 10
#define FEW_DAYS 100  /* fewer days than this do not choose a scale */
#define LEVEL_FAR 3.0 /* log: a new machine's prior level is within this of its own mean */

/* Gains, week and the machine's effects were chosen on the days that past errors are taken from; on
 * unseen days errors are larger, the more so the fewer days there were. Measured on invented
 * machines with 120 and 400 days and on NN5 with 735. */
static double unseen_factor(int32_t n_days)
{
    return 1.03 + 30.0 / (n_days + 30);
}

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
static void sum_effects(const cp_fitting *f)
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

static cp_status fit_effects(cp_fitting *f)
{
    cp_series *s = &f->series;
    cp_demand_kept *kept = &f->detail->kept[f->row];
    const cp_demand_calendar *c = s->calendar;
    double *load = NULL, *sum = NULL;
    CP_NEW(f->ctx, f->ctx->scratch, f->effect, c->n_days);
    f->dev = kept->dev;
    if (!kept->taken) memset(f->dev, 0, (size_t)c->n_cols * sizeof *f->dev);
    CP_NEW(f->ctx, f->ctx->scratch, load, c->n_cols);
    CP_NEW(f->ctx, f->ctx->scratch, sum, c->n_cols);
    sum_effects(f);
    if (s->n_exact < CP_NEW_DAYS || kept->taken) return CP_OK;
    kept->work += (int64_t)(SWEEPS + 1) * s->n;
    cp_baseline base;
    CP_TRY(cp_baseline_make(f->ctx, s, f->effect + s->at, 30, &base));
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

/* Days of the history with and without their effects, once these are known. */
static cp_status take_effects_out(cp_fitting *f)
{
    const cp_series *s = &f->series;
    CP_NEW(f->ctx, f->ctx->scratch, f->size, s->n);
    CP_NEW(f->ctx, f->ctx->scratch, f->plain, s->n);
    for (int32_t i = s->first; i < s->n; i++) {
        f->size[i] = exp(f->effect[s->at + i]);
        f->plain[i] = s->x[i] * exp(-f->effect[s->at + i]);
    }
    return CP_OK;
}

/* The week of the machines most like this one, as far as its own is known to compare. */
static void set_like(cp_fitting *f)
{
    double week[CP_N_SLOTS];
    f->input.like = NULL;
    if (!cp_like_week(f->detail, f->forecast, f->row, week)) return;
    for (int32_t k = 0; k < CP_N_SLOTS; k++)
        f->like[k] = cp_scale_to(f->input.scale, exp(week[k]));
    f->input.like = f->like;
}

/* Values and priors on one scale. */
static void set_scale(cp_fitting *f, cp_scale scale, double *z)
{
    const cp_series *s = &f->series;
    const cp_demand_pool *pool = f->pool;
    cp_filter_input *in = &f->input;
    for (int32_t i = s->first; i < s->n; i++)
        z[i] = cp_scale_to(scale, f->plain[i]);
    const double apart = pool->n_members > 0 ? pool->level_log - log(s->scale) : 0;
    const double level = fmax(-LEVEL_FAR, fmin(LEVEL_FAR, apart));
    in->series = s;
    in->z = z;
    in->slot = f->slot;
    in->scale = scale;
    in->quick = f->detail->quick;
    in->level0 = cp_scale_to(scale, exp(level));
    const double ratio = pool->sigma / fmax(pool->level_sd, 1e-3);
    in->level_days = fmin(10, fmax(0.05, ratio * ratio));
    for (int32_t k = 0; k < CP_N_SLOTS; k++)
        in->week0[k] = cp_scale_to(scale, exp(pool->week[k]));
    in->sigma0 = fmax(0.05, pool->sigma);
    set_like(f);
}

/* The scale of greatest likelihood for double exponential one-day errors (robust against the faults
 * that no bit tells of). */
static cp_scale choose_scale(cp_fitting *f, double *z)
{
    const cp_series *s = &f->series;
    const cp_demand_kept *kept = &f->detail->kept[f->row];
    if (kept->taken) return (cp_scale)kept->gain[CP_GAIN_SCALE];
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
                slope += cp_scale_log_slope((cp_scale)scale, f->plain[i]);
        const double likely = slope / s->n_exact - log(fmax(mean_abs, 1e-9));
        if (n > 0 && likely > most) {
            most = likely;
            best = (cp_scale)scale;
        }
    }
    return best;
}

/* The part of a forecast day's effect that comes from holidays and events. */
static double event_effect(const cp_fitting *f, int32_t day)
{
    const cp_demand_calendar *c = f->series.calendar;
    double sum = 0;
    for (int32_t k = c->start[day]; k < c->start[day + 1]; k++)
        if (c->family[c->col[k]] == CP_EFFECT_HOLIDAY || c->family[c->col[k]] == CP_EFFECT_NAMED)
            sum += f->pool->effect[c->col[k]] + f->dev[c->col[k]];
    return sum;
}

/* Centre, spread and size of every forecast day. */
static cp_status fill_days(const cp_fitting *f, const cp_rolled *r, cp_demand_model *model)
{
    const cp_series *s = &f->series;
    const cp_demand_calendar *c = s->calendar;
    /* Wider humps would not make a quiet machine's future more uncertain, only its mean higher. */
    const double unseen = model->unmixed ? 1 : unseen_factor(s->n_exact);
    const bool open_known = s->n_exact >= CP_NEW_DAYS;
    const uint8_t closed_slots = open_known ? s->closed_slots : f->pool->closed_slots;
    const bool closed_off = open_known ? s->closed_off : f->pool->closed_off;
    float *work = NULL;
    double week[CP_N_SLOTS] = {0};
    CP_NEW(f->ctx, f->ctx->scratch, work,
           2 * ((size_t)f->detail->gap + (size_t)f->forecast->n_days));
    cp_fitting_predict(f, r, r->n, work, model->centre);
    for (int32_t k = 0; k < r->n_singles; k++)
        for (int32_t j = 0; j < CP_N_SLOTS; j++)
            week[j] += r->weight[k] * r->states[k * (r->n + 1) + r->n].week[j];
    for (int32_t d = 0; d < f->forecast->n_days; d++) {
        const int32_t day = f->forecast->first_day - c->first_day + d;
        const int32_t slot = c->slot[day];
        const bool closed =
            (slot < 7 && ((closed_slots >> slot) & 1)) || (c->off[day] && closed_off);
        const double special = c->special[day] ? f->pool->special_scale : 1;
        model->level[d] = (float)((double)model->centre[d] - week[slot]);
        model->event[d] = (float)event_effect(f, day);
        model->spread[d] = (float)(unseen * model->sigma * special / CP_WINDOW_UNIT);
        model->factor[d] = closed ? 0 : (float)(s->scale * exp(f->effect[day]));
    }
    return CP_OK;
}

/* Highest x that a path may reach: three times the highest day seen. */
static double top_of(const cp_fitting *f)
{
    double top = 2;
    for (int32_t i = f->series.first; i < f->series.n; i++)
        if (f->series.seen[i] == CP_SEEN_EXACTLY) top = fmax(top, f->plain[i]);
    return 3 * top;
}

static double idle_share(const cp_series *s)
{
    int32_t n = 0;
    for (int32_t i = s->first; i < s->n; i++)
        n += s->seen[i] == CP_SEEN_EXACTLY && s->x[i] <= 0;
    return s->n_exact > 0 ? (double)n / s->n_exact : 0;
}

/* The smoothing models know how far a day is from what they expect. */
static void set_spread(const cp_fitting *f, const cp_single_state *smooth, cp_demand_model *model)
{
    const double n = smooth->n - f->input.level_days, prior = f->pool->sigma;
    model->sigma = sqrt((n * smooth->sigma * smooth->sigma + 20 * prior * prior) / (n + 20));
    /* What error paths of settled machines do not show: the level of a new one is not yet known. */
    const double unknown = 1 / smooth->n - 1.0 / CP_NEW_DAYS;
    model->level_sd = unknown > 0 ? model->sigma * sqrt(unknown) : 0;
    model->unmixed = f->series.quiet;
    model->idle = model->unmixed ? idle_share(&f->series) : 0;
    model->cut = 0;
    model->top = top_of(f);
}

static cp_status fit_models(cp_fitting *f, bool pool_windows, cp_demand_model *model,
                            cp_demand_note *note)
{
    cp_demand_kept *kept = &f->detail->kept[f->row];
    cp_rolled r;
    CP_TRY(cp_fitting_roll(f, f->detail->only, &r));
    set_spread(f, &r.smooth, model);
    if (!cp_kept_weights(kept, &r, note)) CP_TRY(cp_fitting_weigh(f, model->sigma, &r, note));
    memcpy(kept->weight, r.weight, sizeof kept->weight);
    kept->fitted = true;
    CP_TRY(cp_fitting_windows(f, &r, pool_windows, model));
    return fill_days(f, &r, model);
}

/* The movement of the year, with the week as the plainest model knows it at the end. */
static cp_status set_move(cp_fitting *f)
{
    cp_single_state end;
    float *move = NULL;
    f->input.move = NULL;
    if (f->detail->quick || !cp_single_fits(&f->input, CP_SINGLE_PLAIN)) return CP_OK;
    CP_TRY(cp_single_roll(f->ctx, &f->input, CP_SINGLE_PLAIN, NULL, 0, &end));
    CP_TRY(cp_year_move_make(f->ctx, &f->input, end.week, &move));
    f->input.move = move;
    return CP_OK;
}

/* Series, effects and scale. *nothing: out of use, or a flow of which nobody knows anything. */
static cp_status prepare(cp_fitting *f, const cp_history *history, bool *nothing)
{
    cp_series *s = &f->series;
    const cp_flow flow = (cp_flow)(f->row / f->forecast->n_points);
    const cp_demand_calendar *c = f->detail->calendar[f->pool->calendar + 1];
    double *z = NULL;
    cp_week_shift shift;
    CP_TRY(cp_series_again(f->ctx, history, flow, f->row % f->forecast->n_points,
                           &f->detail->series[f->row], s));
    *nothing = s->idle || (s->scale <= 0 && f->pool->level_log <= 0);
    if (*nothing) return CP_OK;
    if (s->scale <= 0) s->scale = exp(f->pool->level_log);
    CP_NEW(f->ctx, f->ctx->scratch, z, s->n);
    CP_NEW(f->ctx, f->ctx->scratch, f->slot, c->n_days - s->at);
    for (int32_t i = 0; i < c->n_days - s->at; i++)
        f->slot[i] = c->slot[s->at + i];
    CP_TRY(cp_week_shift_find(f->ctx, s, &shift));
    CP_TRY(cp_week_shift_apply(f->ctx, &shift, s, f->slot));
    CP_TRY(fit_effects(f));
    CP_TRY(take_effects_out(f));
    set_scale(f, choose_scale(f, z), z);
    f->input.gain[CP_GAIN_SCALE] = f->input.scale;
    f->input.given = cp_kept_same_models(&f->detail->kept[f->row], &f->input);
    return set_move(f);
}

static cp_fitting begin(cp_ctx *ctx, const cp_forecast *forecast, int32_t row)
{
    const cp_forecast_detail *d = forecast->detail;
    const cp_fitting f = {.ctx = ctx,
                          .forecast = forecast,
                          .detail = d,
                          .pool = &d->pool[d->pool_of[row]],
                          .row = row,
                          .input = {.gain = d->kept[row].gain, .work = &d->kept[row].work}};
    return f;
}

cp_status cp_demand_fit(cp_ctx *ctx, const cp_history *history, const cp_forecast *forecast,
                        cp_flow flow, int32_t point, bool pool_windows, cp_demand_model *model,
                        cp_demand_note *note)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_fitting f = begin(ctx, forecast, (int32_t)flow * forecast->n_points + point);
    bool nothing = false;
    CP_TRY(prepare(&f, history, &nothing));
    if (!nothing) {
        model->unit = f.series.scale;
        model->scale = f.input.scale;
        CP_TRY(fit_models(&f, pool_windows, model, note));
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_demand_gram(cp_ctx *ctx, const cp_history *history, const cp_forecast *forecast,
                         int32_t row, double *gram, double *days)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_fitting f = begin(ctx, forecast, row);
    bool nothing = false;
    *days = 0;
    CP_TRY(prepare(&f, history, &nothing));
    if (!nothing) {
        cp_rolled r;
        cp_trials t;
        cp_demand_model model;
        CP_TRY(cp_fitting_roll(&f, -1, &r));
        set_spread(&f, &r.smooth, &model);
        CP_TRY(cp_fitting_trials(&f, &r, &t));
        cp_combine_gram(&t, model.sigma, gram, days);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

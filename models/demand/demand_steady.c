/* SPDX-License-Identifier: GPL-3.0-or-later */
/* demand_steady.c - machines with a short history and a level that stays: what days and weekdays
 * have in common over all machines, each machine's level and week shrunk towards it (empirical
 * Bayes; Efron, Morris 1975), and its own past errors in the order in which they happened. */
#include <math.h>

#include "models/demand/demand_model.h"

#define N_WINDOWS 64
#define OUTLIER 4.0        /* days further than so many standard deviations are held to that */
#define WEEK_PRIOR 3.0     /* weeks that a weekday like the others is worth, for one machine */
#define WEEK_ALL_PRIOR 2   /* ... and for the mean of all machines */
#define SIGMA_PRIOR 5.0    /* days that the mean machine's spread is worth */
#define OWN_PRIOR 10.0     /* days of own errors at which half of the paths are own ones */
#define USUAL_CV 0.35      /* of a day, while no two days of any machine are known */
#define USUAL_LEVEL_CV 0.6 /* of the level over machines, likewise */
#define FEW_ERRORS 3       /* with fewer days of errors these are drawn from a normal */
#define WIDEST 8.0         /* errors are held to so many standard deviations */

static int32_t weekday(cp_day day)
{
    const int32_t k = (int32_t)((day + 3) % 7); /* day 0 was a Thursday */
    return k < 0 ? k + 7 : k;
}

static double seen(const cp_demand_steady *s, const cp_history *h, int64_t at, int32_t i)
{
    const cp_minor amount = h->amount[at * h->n_days + i];
    if (amount == CP_HISTORY_MISSING || amount < 0) return NAN;
    return (double)amount / s->all[weekday(h->first_day + i)];
}

/* Mean of the days seen, those far out held near it, with `weight` days at `prior`. The spread is
 * the mean absolute error made a standard deviation. */
static void mean_held(const cp_demand_steady *s, const cp_history *h, int64_t at, double weight,
                      double prior, cp_steady_level *out)
{
    *out = (cp_steady_level){prior, 0.0, 0};
    double held = HUGE_VAL;
    for (int32_t round = 0; round < 4; round++) {
        double sum = weight * prior, apart = 0.0;
        const double middle = out->level;
        out->n = 0;
        for (int32_t i = 0; i < h->n_days; i++) {
            const double x = seen(s, h, at, i);
            if (isnan(x)) continue;
            sum += fmax(middle - held, fmin(middle + held, x));
            out->n++;
        }
        if (weight + out->n > 0.0) out->level = sum / (weight + out->n);
        for (int32_t i = 0; i < h->n_days; i++) {
            const double x = seen(s, h, at, i);
            if (!isnan(x)) apart += fmin(held, fabs(x - out->level));
        }
        out->sigma = out->n > 1 ? 1.2533 * apart / (out->n - 1) : 0.0;
        if (out->n >= 7 && out->sigma > 0.0) held = OUTLIER * out->sigma;
    }
}

/* Weekdays of all machines together, as multiples of the mean day. */
static void common_week(const cp_history *h, const cp_forecast *f, cp_flow flow,
                        cp_demand_steady *s)
{
    double sum[7] = {0}, n[7] = {0}, all = 0.0, days = 0.0;
    for (int32_t k = 0; k < 7; k++)
        s->all[k] = 1.0;
    for (int32_t p = 0; p < f->n_points; p++) {
        const int64_t at = (int64_t)flow * f->n_points + p;
        for (int32_t i = 0; f->has_flow[at] && i < h->n_days; i++) {
            const double x = seen(s, h, at, i);
            if (isnan(x)) continue;
            sum[weekday(h->first_day + i)] += x;
            n[weekday(h->first_day + i)] += 1.0;
        }
    }
    for (int32_t k = 0; k < 7; k++) {
        all += sum[k];
        days += n[k];
    }
    if (all <= 0.0) return;
    for (int32_t k = 0; k < 7; k++) {
        const double weeks = (h->n_days + 6 - k) / 7;
        if (n[k] <= 0.0 || sum[k] <= 0.0) continue;
        const double ratio = sum[k] / n[k] / (all / days);
        s->all[k] = (weeks * ratio + WEEK_ALL_PRIOR) / (weeks + WEEK_ALL_PRIOR);
    }
}

/* How levels differ over machines against how one machine's days differ: what a level that has not
 * been seen yet is worth in days. */
static void common_level(const cp_history *h, const cp_forecast *f, cp_flow flow,
                         cp_demand_steady *s)
{
    double n = 0.0, sum = 0.0, sum2 = 0.0, within = 0.0, cv = 0.0, n_cv = 0.0, days = 0.0;
    for (int32_t p = 0; p < f->n_points; p++) {
        const int64_t at = (int64_t)flow * f->n_points + p;
        cp_steady_level own;
        if (!f->has_flow[at]) continue;
        mean_held(s, h, at, 0.0, 0.0, &own);
        if (own.n == 0) continue;
        n += 1.0;
        days += own.n;
        sum += own.level;
        sum2 += own.level * own.level;
        within += own.sigma * own.sigma;
        if (own.n < FEW_ERRORS || own.level <= 0.0) continue;
        cv += fmin(2.0, own.sigma / own.level);
        n_cv += 1.0;
    }
    s->mean = n > 0.0 ? sum / n : 0.0;
    s->cv = n_cv > 0.0 ? cv / n_cv : USUAL_CV;
    const double ratio = USUAL_CV / USUAL_LEVEL_CV;
    s->level_days = ratio * ratio;
    if (n < 2.0 || n_cv <= 0.0) return;
    within /= n;
    const double between = sum2 / n - s->mean * s->mean - within * n / days;
    s->level_days = between > 0.0 ? fmin(10.0, fmax(0.05, within / between)) : 10.0;
}

static int16_t in_window_units(double error)
{
    return (int16_t)lrint(CP_WINDOW_UNIT * fmax(-WIDEST, fmin(WIDEST, error)));
}

/* Weekdays of one machine, `at` in the history, and its errors, in units of its spread; `error` is
 * work for the history's days. */
static void own_errors(const cp_history *h, int64_t at, int32_t point, cp_demand_steady *s,
                       float *error)
{
    cp_steady_level *own = &s->own[point];
    double *week = s->week + 7 * (int64_t)point, n[7] = {0}, apart = 0.0;
    int16_t *kept = s->error + (int64_t)point * s->n_error;
    const double held = own->n >= 7 ? OUTLIER * own->sigma : HUGE_VAL;
    for (int32_t i = 0; i < h->n_days; i++) {
        const double x = seen(s, h, at, i);
        const int32_t k = weekday(h->first_day + i);
        if (isnan(x)) continue;
        week[k] += fmax(-held, fmin(held, x - own->level));
        n[k] += 1.0;
    }
    for (int32_t k = 0; k < 7; k++)
        week[k] /= n[k] + WEEK_PRIOR;
    for (int32_t i = 0; i < h->n_days; i++) {
        const double x = seen(s, h, at, i);
        const double e = isnan(x) ? 0.0 : x - own->level - week[weekday(h->first_day + i)];
        error[i] = (float)e;
        apart += fmin(held, fabs(e));
    }
    const double seen_sigma = own->n > 1 ? 1.2533 * apart / (own->n - 1) : 0.0;
    const double usual = s->cv * own->level;
    own->sigma = sqrt((own->n * seen_sigma * seen_sigma + SIGMA_PRIOR * usual * usual) /
                      (own->n + SIGMA_PRIOR));
    for (int32_t i = 0; i < h->n_days; i++) {
        if (own->sigma > 0.0) error[i] = (float)fmax(-WIDEST, fmin(WIDEST, error[i] / own->sigma));
        kept[i] = in_window_units((double)error[i]);
    }
}

cp_status cp_demand_steady_begin(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                                 cp_forecast *forecast)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const size_t rows = (size_t)net->n_points, days = (size_t)history->n_days;
    float *error = NULL;
    forecast->detail->n_windows = N_WINDOWS;
    CP_NEW(ctx, ctx->scratch, error, days);
    CP_NEW(ctx, ctx->run, forecast->detail->steady, CP_N_FLOWS);
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        cp_demand_steady *s = &forecast->detail->steady[flow];
        s->n_error = history->n_days;
        CP_NEW(ctx, ctx->run, s->own, rows);
        CP_NEW(ctx, ctx->run, s->week, 7 * rows);
        CP_NEW(ctx, ctx->run, s->error, rows * days);
        for (int32_t p = 0; p < net->n_points; p++)
            forecast->has_flow[(int64_t)flow * net->n_points + p] =
                cp_demand_can_serve(net, &net->points[p], (cp_flow)flow);
        common_week(history, forecast, (cp_flow)flow, s);
        common_level(history, forecast, (cp_flow)flow, s);
        for (int32_t p = 0; p < net->n_points; p++) {
            const int64_t at = (int64_t)flow * net->n_points + p;
            if (!forecast->has_flow[at]) continue;
            mean_held(s, history, at, s->level_days, s->mean, &s->own[p]);
            own_errors(history, at, p, s, error);
        }
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* Pieces of past errors, each from a day drawn by dice: mostly the machine's own once it has
 * enough, before that also other machines'. A piece that reaches the end goes on at the start. */
static void make_windows(const cp_forecast *f, cp_flow flow, int32_t point, int16_t *window)
{
    const cp_demand_steady *s = &f->detail->steady[flow];
    const int64_t first = (int64_t)flow * f->n_points;
    const double own = s->own[point].n;
    cp_rng rng = cp_rng_new(UINT64_C(0x737465616479), (uint64_t)(first + point));
    for (int32_t k = 0; k < N_WINDOWS; k++) {
        int16_t *to = window + (int64_t)k * f->n_days;
        int32_t donor = point;
        if (cp_rng_unit(&rng) * (own + OWN_PRIOR) >= own)
            donor = (int32_t)cp_rng_below(&rng, (uint32_t)f->n_points);
        if (!f->has_flow[first + donor]) donor = point;
        const bool known = s->own[donor].n >= FEW_ERRORS;
        const int16_t *error = s->error + (int64_t)donor * s->n_error;
        int32_t i = s->n_error > 0 ? (int32_t)cp_rng_below(&rng, (uint32_t)s->n_error) : 0;
        for (int32_t d = 0; d < f->n_days; d++) {
            to[d] = known ? error[i] : in_window_units(cp_rng_normal(&rng));
            i = i + 1 < s->n_error ? i + 1 : 0;
        }
    }
}

cp_status cp_demand_steady_model(cp_ctx *ctx, const cp_forecast *forecast, cp_flow flow,
                                 int32_t point, cp_demand_model *out)
{
    const cp_demand_steady *s = &forecast->detail->steady[flow];
    const cp_steady_level *own = &s->own[point];
    const size_t n_days = (size_t)forecast->n_days;
    if (own->level <= 0.0) return CP_OK; /* nobody asks for anything */
    cp_demand_model model = {.scale = CP_SCALE_PLAIN, .unit = own->level, .top = HUGE_VAL};
    CP_NEW(ctx, ctx->scratch, model.centre, n_days);
    CP_NEW(ctx, ctx->scratch, model.level, n_days);
    CP_NEW(ctx, ctx->scratch, model.event, n_days);
    CP_NEW(ctx, ctx->scratch, model.spread, n_days);
    CP_NEW(ctx, ctx->scratch, model.factor, n_days);
    CP_NEW(ctx, ctx->scratch, model.window, N_WINDOWS * n_days);
    model.sigma = own->sigma / own->level;
    model.level_sd = model.sigma / sqrt(own->n + s->level_days);
    for (int32_t d = 0; d < forecast->n_days; d++) {
        const int32_t k = weekday(forecast->first_day + d);
        model.centre[d] = (float)(s->week[7 * (int64_t)point + k] / own->level);
        model.spread[d] = (float)(model.sigma / CP_WINDOW_UNIT);
        model.factor[d] = (float)(own->level * s->all[k]);
    }
    make_windows(forecast, flow, point, model.window);
    *out = model;
    return CP_OK;
}

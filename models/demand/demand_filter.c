/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/demand_filter.h"

#include <gsl/gsl_sf_erf.h>
#include <math.h>
#include <string.h>

#define HOLD 2.5    /* errors are held to so many standard deviations */
#define SHIFT_RUN 3 /* large errors of one sign in a row: a level shift */
#define SHIFT_GAIN 0.5
#define WEEK_PRIOR 3.0 /* weeks that the segment's profile is worth */
#define SIGMA_GAIN 0.03
#define SPECIAL_GAIN 0.3 /* share of the gain on special days, whose effect is uncertain */
#define BREAK_DAYS 4.0   /* days that the level before a break is worth after it */
#define BREAK_WEEKS 1.0  /* weeks that the week before a change of it is worth */
#define WARM_UP 28       /* days before errors count */
#define AHEAD 14         /* errors one to so many days ahead are compared */
#define SHARPNESS 20.0   /* weight = (least error / error)^this */

typedef struct gains {
    double level, week;
} gains;

static const gains bank[] = {{0.02, 0.02}, {0.02, 0.07}, {0.05, 0.02}, {0.05, 0.07},
                             {0.10, 0.02}, {0.10, 0.07}, {0.20, 0.02}, {0.20, 0.07}};
#define N_BANK CP_N_BANK
_Static_assert(sizeof bank / sizeof bank[0] == CP_N_BANK, "size of the bank");

/* Filters that go through the same days: days that level and week rest on are the same for all. */
typedef struct lanes {
    double level[N_BANK], sigma[N_BANK], week[CP_N_SLOTS][N_BANK];
    int32_t run[N_BANK];
    double n, n_slot[7];
    bool work_due; /* the make-up slot's week is older than the weekdays' */
} lanes;

static void begin(const cp_filter_input *in, int32_t width, lanes *f)
{
    memset(f, 0, sizeof *f);
    f->n = in->level_days;
    for (int32_t b = 0; b < width; b++) {
        f->level[b] = in->level0;
        f->sigma[b] = in->sigma0;
        for (int32_t k = 0; k < CP_N_SLOTS; k++)
            f->week[k][b] = in->week0[k];
    }
}

double cp_filter_censored(double e, double sigma)
{
    const double u = e / sigma; /* the hazard rate */
    return u > 8 ? e : u < -8 ? 0 : sigma * gsl_sf_hazard(u);
}

double cp_filter_surprise(const cp_filter_input *in, int32_t i, double expected, double sigma,
                          bool *known)
{
    const int32_t seen = in->series->seen[i];
    *known = seen == CP_SEEN_EXACTLY || seen == CP_SEEN_AT_LEAST;
    if (!*known) return 0;
    const double e = in->z[i] - expected;
    return seen == CP_SEEN_EXACTLY ? e : cp_filter_censored(e, sigma);
}

double cp_filter_error(const cp_filter_input *in, const cp_filter_state *state, int32_t i,
                       bool *known)
{
    return cp_filter_surprise(in, i, cp_filter_predict(state, in->slot[i]), state->sigma, known);
}

static inline double held(double e, double most)
{
    return e > most ? most : e < -most ? -most : e;
}

static inline double most_of(double a, double b)
{
    return a > b ? a : b;
}

/* Mean of the working weekdays' profile: what a make-up day takes. */
static void mean_work(const cp_series *s, int32_t width, lanes *f)
{
    double sum[N_BANK] = {0};
    int32_t n = 0;
    f->work_due = false;
    for (int32_t k = 0; k < 7; k++) {
        if (!((s->calendar->work_slots >> k) & 1) || ((s->closed_slots >> k) & 1)) continue;
        for (int32_t b = 0; b < width; b++)
            sum[b] += f->week[k][b];
        n++;
    }
    for (int32_t b = 0; n > 0 && b < width; b++)
        f->week[CP_SLOT_WORK][b] = sum[b] / n;
}

/* What came before a break is worth a few days from there on; of the week only where it broke. */
static void forget(const cp_series *s, int32_t i, lanes *f)
{
    if (s->broken[i] == 0) return;
    f->n = fmin(f->n, BREAK_DAYS);
    for (int32_t k = 0; k < 7 && s->broken[i] == CP_REPAIR_MODE_SWITCH; k++)
        f->n_slot[k] = fmin(f->n_slot[k], BREAK_WEEKS);
}

/* Errors of day i; false where nothing is known. */
static inline bool errors_of(const cp_filter_input *in, int32_t width, int32_t i, lanes *f,
                             double *e)
{
    const int32_t seen = in->series->seen[i], slot = in->slot[i];
    if (seen != CP_SEEN_EXACTLY && seen != CP_SEEN_AT_LEAST) return false;
    if (slot == CP_SLOT_WORK && f->work_due) mean_work(in->series, width, f);
    for (int32_t b = 0; b < width; b++)
        e[b] = in->z[i] - (f->level[b] + f->week[slot][b]);
    for (int32_t b = 0; seen == CP_SEEN_AT_LEAST && b < width; b++)
        e[b] = cp_filter_censored(e[b], f->sigma[b]);
    return true;
}

/* What a day's share, slot and the days before it mean for all filters. */
typedef struct day_gains {
    double share, level, week, sigma;
    bool weekday;
} day_gains;

static inline void take_one(const day_gains *day, const gains *g, double e, int32_t slot, int32_t b,
                            lanes *f)
{
    const double sigma = f->sigma[b];
    double gain = most_of(g->level, day->level), use = held(e, HOLD * sigma);
    if (use != e && day->share == 1) {
        const int32_t run = f->run[b];
        f->run[b] = e > 0 ? (run > 0 ? run + 1 : 1) : (run < 0 ? run - 1 : -1);
        if (f->run[b] >= SHIFT_RUN || f->run[b] <= -SHIFT_RUN) {
            gain = most_of(gain, SHIFT_GAIN);
            use = e;
        }
    } else if (day->share == 1) {
        f->run[b] = 0;
    }
    gain *= day->share;
    f->level[b] += gain * use;
    if (day->weekday) {
        const double week_gain = day->share * most_of(g->week, day->week);
        f->week[slot][b] += week_gain * (1 - gain) * held(use, HOLD * sigma);
    }
    /* The mean absolute error, made a standard deviation. */
    const double next = sigma + day->sigma * (1.2533 * fabs(held(e, 2 * HOLD * sigma)) - sigma);
    f->sigma[b] = next < 1e-3 ? 1e-3 : next;
}

/* Take in day i, on which the filters erred by e. */
static inline void take(const cp_filter_input *in, const gains *g, int32_t width, int32_t i,
                        const double *e, lanes *f)
{
    const cp_series *s = in->series;
    if (s->weight[i] <= 0) return;
    const int32_t slot = in->slot[i];
    const bool special = s->calendar->special[s->at + i];
    day_gains day = {.share = special ? SPECIAL_GAIN : s->weight[i],
                     .level = 1 / (f->n + 1),
                     .weekday = !special && slot < 7};
    f->n += day.share;
    day.sigma = most_of(SIGMA_GAIN, 1 / (f->n + 10));
    if (day.weekday) {
        day.week = 1 / (f->n_slot[slot] + 1 + WEEK_PRIOR);
        f->n_slot[slot] += day.share;
        f->work_due = true;
    }
    for (int32_t b = 0; b < width; b++)
        take_one(&day, &g[b], e[b], slot, b, f);
}

void cp_filter_probe(const cp_filter_input *in, double *mean_abs, int32_t *n_days)
{
    static const gains middle = {0.07, 0.05};
    const cp_series *s = in->series;
    lanes f;
    double sum = 0, e = 0;
    int32_t n = 0;
    begin(in, 1, &f);
    for (int32_t i = s->first; i < s->n; i++) {
        forget(s, i, &f);
        if (!errors_of(in, 1, i, &f, &e)) continue;
        if (s->seen[i] == CP_SEEN_EXACTLY && i - s->first >= WARM_UP) {
            sum += fabs(e);
            n++;
        }
        take(in, &middle, 1, i, &e, &f);
    }
    *mean_abs = n > 0 ? sum / n : 0;
    *n_days = n;
}

/* Absolute errors 1 .. AHEAD days after day i, added up. */
static void look_ahead(const cp_filter_input *in, int32_t i, lanes *f, double *sum, int32_t *n)
{
    const cp_series *s = in->series;
    if (f->work_due) mean_work(s, N_BANK, f);
    for (int32_t k = i + 1; k <= i + AHEAD && k < s->n; k++) {
        if (s->seen[k] != CP_SEEN_EXACTLY) continue;
        const double z = in->z[k], *week = f->week[in->slot[k]];
        for (int32_t b = 0; b < N_BANK; b++)
            sum[b] += fabs(z - (f->level[b] + week[b]));
        (*n)++;
    }
}

/* From the errors of the filters, or, where those are not asked for, all alike. */
static void bank_weights(const double *error, bool equal, double *weight)
{
    double least = 0, sum = 0;
    for (int32_t b = 0; b < N_BANK; b++)
        if (b == 0 || error[b] < least) least = error[b];
    for (int32_t b = 0; b < N_BANK; b++) {
        weight[b] = least > 0 && !equal ? pow(least / error[b], SHARPNESS) : 1;
        sum += weight[b];
    }
    for (int32_t b = 0; b < N_BANK; b++)
        weight[b] /= sum;
}

/* The bank's filters as one. */
static void mean_state(const lanes *f, const double *weight, cp_filter_state *out)
{
    memset(out, 0, sizeof *out);
    for (int32_t b = 0; b < N_BANK; b++) {
        out->level += weight[b] * f->level[b];
        for (int32_t k = 0; k < CP_N_SLOTS; k++)
            out->week[k] += weight[b] * f->week[k][b];
        out->sigma += weight[b] * f->sigma[b];
        out->n += weight[b] * f->n;
    }
}

/* All filters in one pass: kept[k] after day origin[k], kept[n] after the last. With `score` their
 * mean absolute errors 1 .. AHEAD days ahead as well, from every third day after the warm-up: steps
 * of three meet all weekdays. */
static void run_bank(const cp_filter_input *in, const int32_t *origin, int32_t n, lanes *kept,
                     double *score)
{
    const cp_series *s = in->series;
    double e[N_BANK];
    int32_t k = 0, days = 0;
    lanes f;
    begin(in, N_BANK, &f);
    for (; k < n && origin[k] < s->first; k++)
        kept[k] = f;
    for (int32_t i = s->first; i < s->n; i++) {
        forget(s, i, &f);
        if (errors_of(in, N_BANK, i, &f, e)) take(in, bank, N_BANK, i, e, &f);
        if (score != NULL && i - s->first >= WARM_UP && (i - s->first) % 3 == 0)
            look_ahead(in, i, &f, score, &days);
        if (k < n && origin[k] <= i && f.work_due) mean_work(s, N_BANK, &f);
        for (; k < n && origin[k] <= i; k++)
            kept[k] = f;
    }
    if (f.work_due) mean_work(s, N_BANK, &f);
    kept[n] = f;
    for (int32_t b = 0; score != NULL && b < N_BANK; b++)
        score[b] = days > 0 ? score[b] / days : 0;
}

cp_status cp_filter_bank(cp_ctx *ctx, const cp_filter_input *in, const int32_t *origin, int32_t n,
                         bool equal, cp_filter_state *states)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const bool search = !equal && !in->given;
    double weight[N_BANK], score[N_BANK] = {0};
    lanes *kept = NULL;
    CP_NEW_RAW(ctx, ctx->scratch, kept, (size_t)n + 1);
    run_bank(in, origin, n, kept, search ? score : NULL);
    cp_filter_count(in, (search ? 2 : 1) * (int64_t)N_BANK * in->series->n);
    if (in->given && !equal)
        memcpy(weight, in->gain + CP_GAIN_BANK, N_BANK * sizeof *weight);
    else
        bank_weights(score, equal, weight);
    if (in->gain != NULL && (equal || search))
        memcpy(in->gain + CP_GAIN_BANK, weight, N_BANK * sizeof *weight);
    for (int32_t k = 0; k <= n; k++)
        mean_state(&kept[k], weight, &states[k]);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

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

static cp_filter_state begin(const cp_filter_input *in)
{
    cp_filter_state s = {.level = in->level0, .n = in->level_days, .sigma = in->sigma0};
    for (int32_t k = 0; k < CP_N_SLOTS; k++)
        s.week[k] = in->week0[k];
    return s;
}

double cp_filter_surprise(const cp_filter_input *in, int32_t i, double expected, double sigma,
                          bool *known)
{
    const int32_t seen = in->series->seen[i];
    *known = seen == CP_SEEN_EXACTLY || seen == CP_SEEN_AT_LEAST;
    if (!*known) return 0;
    const double e = in->z[i] - expected;
    if (seen == CP_SEEN_EXACTLY) return e;
    /* Mean of a normal error above its bound: the hazard rate (Tobin 1958). */
    const double u = e / sigma;
    return u > 8 ? e : u < -8 ? 0 : sigma * gsl_sf_hazard(u);
}

double cp_filter_error(const cp_filter_input *in, const cp_filter_state *state, int32_t i,
                       bool *known)
{
    return cp_filter_surprise(in, i, cp_filter_predict(state, in->slot[i]), state->sigma, known);
}

static double held(double e, double most)
{
    return e > most ? most : e < -most ? -most : e;
}

/* Mean of the working weekdays' profile: what a make-up day takes. */
static void mean_work(const cp_series *s, cp_filter_state *f)
{
    double sum = 0;
    int32_t n = 0;
    for (int32_t k = 0; k < 7; k++) {
        if (!((s->calendar->work_slots >> k) & 1) || ((s->closed_slots >> k) & 1)) continue;
        sum += f->week[k];
        n++;
    }
    if (n > 0) f->week[CP_SLOT_WORK] = sum / n;
}

/* What came before a break is worth a few days from there on; of the week only where it broke. */
static void forget(const cp_series *s, int32_t i, cp_filter_state *f)
{
    if (s->broken[i] == 0) return;
    f->n = fmin(f->n, BREAK_DAYS);
    for (int32_t k = 0; k < 7 && s->broken[i] == CP_REPAIR_MODE_SWITCH; k++)
        f->n_slot[k] = fmin(f->n_slot[k], BREAK_WEEKS);
}

/* Take in day i. */
static void step(const cp_filter_input *in, const gains *g, int32_t i, cp_filter_state *f)
{
    const cp_series *s = in->series;
    bool known = false;
    forget(s, i, f);
    const double e = cp_filter_error(in, f, i, &known);
    if (!known || s->weight[i] <= 0) return;
    const int32_t slot = in->slot[i];
    const bool special = s->calendar->special[s->at + i];
    const double share = special ? SPECIAL_GAIN : s->weight[i];
    double gain = fmax(g->level, 1 / (f->n + 1));
    double use = held(e, HOLD * f->sigma);
    if (use != e && share == 1) {
        f->run = e > 0 ? (f->run > 0 ? f->run + 1 : 1) : (f->run < 0 ? f->run - 1 : -1);
        if (f->run >= SHIFT_RUN || f->run <= -SHIFT_RUN) {
            gain = fmax(gain, SHIFT_GAIN);
            use = e;
        }
    } else if (share == 1) {
        f->run = 0;
    }
    gain *= share;
    f->level += gain * use;
    f->n += share;
    if (!special && slot < 7) {
        const double week_gain = share * fmax(g->week, 1 / (f->n_slot[slot] + 1 + WEEK_PRIOR));
        f->week[slot] += week_gain * (1 - gain) * held(use, HOLD * f->sigma);
        f->n_slot[slot] += share;
        mean_work(s, f);
    }
    /* The mean absolute error, made a standard deviation. */
    const double sigma_gain = fmax(SIGMA_GAIN, 1 / (f->n + 10));
    f->sigma += sigma_gain * (1.2533 * fabs(held(e, 2 * HOLD * f->sigma)) - f->sigma);
    if (f->sigma < 1e-3) f->sigma = 1e-3;
}

void cp_filter_probe(const cp_filter_input *in, double *mean_abs, int32_t *n_days)
{
    static const gains middle = {0.07, 0.05};
    const cp_series *s = in->series;
    cp_filter_state f = begin(in);
    double sum = 0;
    int32_t n = 0;
    for (int32_t i = s->first; i < s->n; i++) {
        bool known = false;
        const double e = cp_filter_error(in, &f, i, &known);
        if (known && s->seen[i] == CP_SEEN_EXACTLY && i - s->first >= WARM_UP) {
            sum += fabs(e);
            n++;
        }
        step(in, &middle, i, &f);
    }
    *mean_abs = n > 0 ? sum / n : 0;
    *n_days = n;
}

/* Mean absolute error 1 .. AHEAD days ahead, from every third day after the warm-up: steps of three
 * meet all weekdays. */
static double score(const cp_filter_input *in, const gains *g)
{
    const cp_series *s = in->series;
    cp_filter_state f = begin(in);
    double sum = 0;
    int32_t n = 0;
    for (int32_t i = s->first; i < s->n; i++) {
        step(in, g, i, &f);
        if (i - s->first < WARM_UP || (i - s->first) % 3 != 0) continue;
        for (int32_t k = i + 1; k <= i + AHEAD && k < s->n; k++) {
            if (s->seen[k] != CP_SEEN_EXACTLY) continue;
            sum += fabs(in->z[k] - cp_filter_predict(&f, in->slot[k]));
            n++;
        }
    }
    return n > 0 ? sum / n : 0;
}

static void bank_weights(const cp_filter_input *in, bool equal, double *weight)
{
    double error[N_BANK], least = 0, sum = 0;
    if (in->given && !equal) {
        memcpy(weight, in->gain + CP_GAIN_BANK, N_BANK * sizeof *weight);
        return;
    }
    cp_filter_count(in, equal ? 0 : (int64_t)N_BANK * in->series->n);
    for (int32_t b = 0; b < N_BANK; b++) {
        error[b] = equal ? 0 : score(in, &bank[b]);
        if (b == 0 || error[b] < least) least = error[b];
    }
    for (int32_t b = 0; b < N_BANK; b++) {
        weight[b] = least > 0 ? pow(least / error[b], SHARPNESS) : 1;
        sum += weight[b];
    }
    for (int32_t b = 0; b < N_BANK; b++)
        weight[b] /= sum;
    if (in->gain != NULL) memcpy(in->gain + CP_GAIN_BANK, weight, N_BANK * sizeof *weight);
}

static void add_state(cp_filter_state *to, const cp_filter_state *from, double weight)
{
    to->level += weight * from->level;
    for (int32_t k = 0; k < CP_N_SLOTS; k++)
        to->week[k] += weight * from->week[k];
    to->sigma += weight * from->sigma;
    to->n += weight * from->n;
}

void cp_filter_bank(const cp_filter_input *in, const int32_t *origin, int32_t n, bool equal,
                    cp_filter_state *states, cp_filter_state *last)
{
    const cp_series *s = in->series;
    const cp_filter_state none = {.level = 0};
    double weight[N_BANK];
    bank_weights(in, equal, weight);
    cp_filter_count(in, (int64_t)N_BANK * s->n);
    for (int32_t k = 0; k < n; k++)
        states[k] = none;
    *last = none;
    for (int32_t b = 0; b < N_BANK; b++) {
        cp_filter_state f = begin(in);
        int32_t k = 0;
        for (; k < n && origin[k] < s->first; k++)
            add_state(&states[k], &f, weight[b]);
        for (int32_t i = s->first; i < s->n; i++) {
            step(in, &bank[b], i, &f);
            for (; k < n && origin[k] <= i; k++)
                add_state(&states[k], &f, weight[b]);
        }
        add_state(last, &f, weight[b]);
    }
}

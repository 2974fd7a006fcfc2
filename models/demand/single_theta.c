/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_min.h>
#include <math.h>
#include <string.h>

#include "models/demand/single_kinds.h"

#define HOLD 3.0
#define WEEK_PRIOR 3.0  /* weeks that the segment's profile is worth */
#define WEEK_LEAST 0.02 /* the mean of a weekday forgets after a year */
#define WARM_UP 28
#define MOST_STEPS 8
#define LEAST_GAIN 0.01
#define MOST_GAIN 0.5

typedef struct theta_memory {
    double gain, level, sigma, n;
    double week[CP_N_SLOTS], n_slot[7];
    double t, n_line, sum_t, sum_tt, sum_y, sum_ty; /* of the least-squares line so far */
} theta_memory;

static void begin(void *memory, const cp_filter_input *in)
{
    theta_memory *m = memory;
    const double gain = m->gain;
    memset(m, 0, sizeof *m);
    m->gain = gain;
    m->level = in->level0;
    m->sigma = in->sigma0;
    m->n = in->level_days;
    memcpy(m->week, in->week0, sizeof m->week);
}

static double follow(theta_memory *m, const cp_filter_input *in, int32_t i, bool *known)
{
    const int32_t slot = in->slot[i];
    bool week = false;
    if (cp_single_broken(in, i, &week)) {
        m->n = fmin(m->n, CP_BREAK_DAYS);
        m->t = m->n_line = m->sum_t = m->sum_tt = m->sum_y = m->sum_ty = 0;
        for (int32_t k = 0; k < 7 && week; k++)
            m->n_slot[k] = fmin(m->n_slot[k], CP_BREAK_WEEKS);
    }
    const double e = cp_filter_surprise(in, i, m->level + m->week[slot], m->sigma, known);
    const double share = cp_single_share(in, i);
    m->t += 1;
    if (!*known || share <= 0) return e;
    const double use = cp_single_held(e, HOLD * m->sigma);
    const double gain = share * fmax(m->gain, 1 / (m->n + 1));
    double y = m->level + use; /* the day without its weekday; the mean of all is level as well */
    for (int32_t k = 0; k < 7; k++)
        y += m->week[k] / 7;
    m->level += gain * use;
    m->n += share;
    m->n_line += 1;
    m->sum_t += m->t;
    m->sum_tt += m->t * m->t;
    m->sum_y += y;
    m->sum_ty += m->t * y;
    if (slot < 7) {
        const double week_gain = fmax(WEEK_LEAST, 1 / (m->n_slot[slot] + 1 + WEEK_PRIOR));
        m->week[slot] += share * week_gain * (1 - gain) * use;
        m->n_slot[slot] += share;
    }
    m->sigma = cp_single_spread(m->sigma, e, fmax(0.03, 1 / (m->n + 10)));
    return e;
}

static void step(void *memory, const cp_filter_input *in, int32_t i)
{
    bool known = false;
    (void)follow(memory, in, i, &known);
}

static void tell(const void *memory, const cp_filter_input *in, int32_t i, cp_single_state *out)
{
    const theta_memory *m = memory;
    (void)i;
    const double n = m->n_line; /* days seen; those without a record leave holes in t */
    const double spread = n * m->sum_tt - m->sum_t * m->sum_t;
    const double slope = n >= 84 && spread > 0 ? (n * m->sum_ty - m->sum_t * m->sum_y) / spread : 0;
    out->level = m->level;
    out->slope = slope / 2;
    out->damp = 1;
    memcpy(out->week, m->week, sizeof out->week);
    cp_single_centre(in, out);
}

static double loss_at(double gain, void *user)
{
    const cp_filter_input *in = user;
    const cp_series *s = in->series;
    theta_memory m = {.gain = gain};
    double sum = 0, n = 0;
    begin(&m, in);
    cp_filter_count(in, s->n - s->first);
    for (int32_t i = s->first; i < s->n; i++) {
        bool known = false;
        const double e = follow(&m, in, i, &known);
        if (!known || s->seen[i] != CP_SEEN_EXACTLY || i - s->first < WARM_UP) continue;
        sum += s->weight[i] * fabs(e);
        n += s->weight[i];
    }
    return n > 0 ? sum / n : 0;
}

/* The gain of greatest likelihood, by golden sections from the middle: the loss of a gain has one
 * valley in practice; where the middle is no better than an end, the better end is taken. */
static cp_status choose_gain(cp_ctx *ctx, const cp_filter_input *in, double *gain)
{
    gsl_function f = {.function = loss_at, .params = (void *)(uintptr_t)in};
    double lo = LEAST_GAIN, hi = MOST_GAIN;
    *gain = 0.1;
    if (in->quick) return CP_OK;
    const double at_lo = loss_at(lo, f.params), at_hi = loss_at(hi, f.params);
    const double at_middle = loss_at(*gain, f.params);
    if (at_middle >= at_lo || at_middle >= at_hi) {
        *gain = at_lo <= at_hi ? lo : hi;
        return CP_OK;
    }
    gsl_min_fminimizer *search = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    if (search == NULL) CP_FAIL(ctx, CP_E_NOMEM, "no memory for the search of a smoothing gain");
    if (gsl_min_fminimizer_set_with_values(search, &f, *gain, at_middle, lo, at_lo, hi, at_hi) ==
        0) {
        for (int32_t k = 0; k < MOST_STEPS; k++) {
            if (gsl_min_fminimizer_iterate(search) != 0) break;
            lo = gsl_min_fminimizer_x_lower(search);
            hi = gsl_min_fminimizer_x_upper(search);
            if (hi - lo < 0.02) break;
        }
        *gain = gsl_min_fminimizer_x_minimum(search);
    }
    gsl_min_fminimizer_free(search);
    return CP_OK;
}

cp_status cp_single_theta(cp_ctx *ctx, const cp_filter_input *in, const int32_t *origin, int32_t n,
                          cp_single_state *states)
{
    static const cp_single_kind kind = {begin, step, tell};
    theta_memory m;
    memset(&m, 0, sizeof m);
    if (in->given)
        m.gain = in->gain[CP_GAIN_THETA];
    else
        CP_TRY(choose_gain(ctx, in, &m.gain));
    if (in->gain != NULL) in->gain[CP_GAIN_THETA] = m.gain;
    cp_single_run(in, &kind, &m, origin, n, states);
    return CP_OK;
}

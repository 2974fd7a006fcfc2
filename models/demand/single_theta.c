/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_min.h>
#include <math.h>
#include <string.h>

#include "models/demand/single_days_seen.h"
#include "models/demand/single_kinds.h"

#define HOLD 3.0
#define WEEK_PRIOR 3.0  /* weeks that the segment's profile is worth */
#define WEEK_LEAST 0.02 /* the mean of a weekday forgets after a year */
#define WARM_UP 28
#define MOST_STEPS 8
#define LEAST_GAIN 0.01
#define MOST_GAIN 0.5

typedef struct theta_memory {
    const cp_seen_days *days;
    double gain, level, sigma;
    double week[CP_N_SLOTS];
    double t, n_line, sum_t, sum_tt, sum_y, sum_ty; /* of the least-squares line so far */
} theta_memory;

static void begin(void *memory, const cp_filter_input *in)
{
    theta_memory *m = memory;
    *m = (theta_memory){.days = m->days, .gain = m->gain, .level = in->level0, .sigma = in->sigma0};
    memcpy(m->week, in->week0, sizeof m->week);
}

/* The least-squares line takes a day without its weekday; the mean of all is level as well. */
static void add_to_line(theta_memory *m, double use)
{
    double y = m->level + use;
    for (int32_t k = 0; k < 7; k++)
        y += m->week[k] / 7;
    m->n_line += 1;
    m->sum_t += m->t;
    m->sum_tt += m->t * m->t;
    m->sum_y += y;
    m->sum_ty += m->t * y;
}

/* Takes a day in and gives its error, 0 where nothing was seen. The line does not change errors: a
 * search for the gain does without. */
static inline double follow(theta_memory *m, const cp_seen_day *d, bool line)
{
    if (line && d->broken != 0) m->t = m->n_line = m->sum_t = m->sum_tt = m->sum_y = m->sum_ty = 0;
    m->t += 1;
    if (d->seen == CP_SEEN_NOTHING) return 0;
    const double e = cp_seen_error(d, m->level + m->week[d->slot], m->sigma);
    if (d->share <= 0) return e;
    const double use = cp_seen_held(e, HOLD * m->sigma);
    double gain = m->gain > d->level_least ? m->gain : d->level_least;
    if (d->share < 1) gain *= d->share;
    if (line) add_to_line(m, use);
    m->level += gain * use;
    if (d->slot < 7) {
        const double week_gain = d->week_least > WEEK_LEAST ? d->week_least : WEEK_LEAST;
        m->week[d->slot] += d->share * week_gain * (1 - gain) * use;
    }
    m->sigma = cp_seen_spread(m->sigma, e, d->spread_gain);
    return e;
}

static void step(void *memory, const cp_filter_input *in, int32_t i)
{
    theta_memory *m = memory;
    (void)in;
    (void)follow(m, &m->days->day[i - m->days->first], true);
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

typedef struct theta_search {
    const cp_filter_input *in;
    cp_seen_days days;
} theta_search;

static double loss_at(double gain, void *user)
{
    const theta_search *search = user;
    const cp_seen_days *days = &search->days;
    theta_memory m = {.gain = gain};
    double sum = 0;
    begin(&m, search->in);
    cp_filter_count(search->in, days->n);
    for (int32_t i = 0; i < days->n; i++)
        sum += days->day[i].loss * fabs(follow(&m, &days->day[i], false));
    return days->loss > 0 ? sum / days->loss : 0;
}

/* The gain of greatest likelihood, by golden sections from the middle: the loss of a gain has one
 * valley in practice; where the middle is no better than an end, the better end is taken. */
static cp_status choose_gain(cp_ctx *ctx, theta_search *of, double *gain)
{
    gsl_function f = {.function = loss_at, .params = of};
    double lo = LEAST_GAIN, hi = MOST_GAIN;
    *gain = 0.1;
    if (of->in->quick) return CP_OK;
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
    const cp_seen_start start = {.level_days = in->level_days,
                                 .week_prior = 1 + WEEK_PRIOR,
                                 .spread_days = 10,
                                 .spread_gain = 0.03,
                                 .warm_up = WARM_UP};
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    theta_search search = {.in = in};
    CP_TRY(cp_seen_days_make(ctx, in, &start, &search.days));
    theta_memory m = {.days = &search.days};
    if (in->given)
        m.gain = in->gain[CP_GAIN_THETA];
    else
        CP_TRY(choose_gain(ctx, &search, &m.gain));
    if (in->gain != NULL) in->gain[CP_GAIN_THETA] = m.gain;
    cp_single_run(in, &kind, &m, origin, n, states);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_multimin.h>
#include <math.h>
#include <string.h>

#include "models/demand/single_kinds.h"

#define HOLD 3.0      /* errors are held to so many standard deviations */
#define START_DAYS 56 /* the first states are means of so many days */
#define WARM_UP 28    /* days before errors count */
#define MOST_STEPS 40 /* of the simplex search */
#define N_PARAMS 4

typedef struct ets_memory {
    cp_ets par;
    double level, trend, week[CP_N_SLOTS], sigma;
    double n, n_slot[7]; /* days that the level and a weekday rest on, few after a break */
} ets_memory;

/* First states: means of the first days seen, with the prior week where there are few. */
static void begin(void *memory, const cp_filter_input *in)
{
    ets_memory *m = memory;
    const cp_series *s = in->series;
    double sum = 0, by_slot[7] = {0};
    int32_t n = 0, n_slot[7] = {0};
    for (int32_t i = s->first; i < s->n && i < s->first + START_DAYS; i++) {
        if (s->seen[i] != CP_SEEN_EXACTLY || cp_single_share(in, i) < 1) continue;
        if (in->slot[i] >= 7) continue;
        sum += in->z[i] - in->week0[in->slot[i]];
        by_slot[in->slot[i]] += in->z[i];
        n_slot[in->slot[i]]++;
        n++;
    }
    m->level = n > 0 ? sum / n : in->level0;
    m->trend = 0;
    m->n = START_DAYS;
    m->sigma = in->sigma0;
    memcpy(m->week, in->week0, sizeof m->week);
    for (int32_t k = 0; k < 7; k++) {
        m->week[k] = (in->week0[k] + by_slot[k] - n_slot[k] * m->level) / (n_slot[k] + 1);
        m->n_slot[k] = START_DAYS;
    }
}

/* Takes day i in and gives its error; *known false: nothing was seen. */
static double follow(ets_memory *m, const cp_filter_input *in, int32_t i, bool *known)
{
    const int32_t slot = in->slot[i];
    bool week = false;
    if (cp_single_broken(in, i, &week)) {
        m->n = fmin(m->n, CP_BREAK_DAYS);
        m->trend = 0;
        for (int32_t k = 0; k < 7 && week; k++)
            m->n_slot[k] = fmin(m->n_slot[k], CP_BREAK_WEEKS);
    }
    const double before = m->level + m->par.damp * m->trend;
    const double e = cp_filter_surprise(in, i, before + m->week[slot], m->sigma, known);
    const double share = cp_single_share(in, i);
    m->level = before;
    m->trend *= m->par.damp;
    if (!*known || share <= 0) return e;
    const double use = share * cp_single_held(e, HOLD * m->sigma);
    m->level += fmax(m->par.level, 1 / (m->n + 1)) * use;
    m->trend += m->par.trend * use;
    m->n += share;
    if (slot < 7) {
        m->week[slot] += fmax(m->par.week, 1 / (m->n_slot[slot] + 2)) * use;
        m->n_slot[slot] += share;
    }
    m->sigma = cp_single_spread(m->sigma, e, 0.03);
    return e;
}

static void step(void *memory, const cp_filter_input *in, int32_t i)
{
    bool known = false;
    (void)follow(memory, in, i, &known);
}

static void tell(const void *memory, const cp_filter_input *in, int32_t i, cp_single_state *out)
{
    const ets_memory *m = memory;
    (void)i;
    out->level = m->level;
    out->slope = m->trend;
    out->damp = m->par.damp;
    memcpy(out->week, m->week, sizeof out->week);
    cp_single_centre(in, out);
}

double cp_ets_loss(const cp_filter_input *in, const cp_ets *ets)
{
    const cp_series *s = in->series;
    ets_memory m = {.par = *ets};
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

/* Gains are searched on the logistic scale, where every number is allowed. */
static double logistic(double v, double lo, double hi)
{
    return lo + (hi - lo) / (1 + exp(-v));
}

static cp_ets params_of(const gsl_vector *v)
{
    const cp_ets ets = {.level = logistic(gsl_vector_get(v, 0), 0.001, 0.6),
                        .trend = logistic(gsl_vector_get(v, 1), 0, 0.05),
                        .week = logistic(gsl_vector_get(v, 2), 0.001, 0.5),
                        .damp = logistic(gsl_vector_get(v, 3), 0.8, 0.99)};
    return ets;
}

static double loss_at(const gsl_vector *v, void *user)
{
    const cp_ets ets = params_of(v);
    return log(fmax(cp_ets_loss(user, &ets), 1e-12));
}

cp_status cp_ets_fit(cp_ctx *ctx, const cp_filter_input *in, cp_ets *out)
{
    static const double start[N_PARAMS] = {-1.6, -4.0, -2.2, 1.0};
    double at[N_PARAMS], step_size[N_PARAMS] = {1.0, 1.5, 1.0, 1.0};
    memcpy(at, start, sizeof at);
    gsl_vector_view x = gsl_vector_view_array(at, N_PARAMS);
    gsl_vector_view size = gsl_vector_view_array(step_size, N_PARAMS);
    *out = params_of(&x.vector);
    if (in->quick) return CP_OK;
    gsl_multimin_function f = {.f = loss_at, .n = N_PARAMS, .params = (void *)(uintptr_t)in};
    gsl_multimin_fminimizer *search =
        gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, N_PARAMS);
    if (search == NULL) CP_FAIL(ctx, CP_E_NOMEM, "no memory for the search of smoothing gains");
    if (gsl_multimin_fminimizer_set(search, &f, &x.vector, &size.vector) == 0) {
        for (int32_t k = 0; k < MOST_STEPS; k++) {
            if (gsl_multimin_fminimizer_iterate(search) != 0) break;
            if (gsl_multimin_fminimizer_size(search) < 0.2) break;
        }
        *out = params_of(gsl_multimin_fminimizer_x(search));
    }
    gsl_multimin_fminimizer_free(search);
    return CP_OK;
}

cp_status cp_single_ets(cp_ctx *ctx, const cp_filter_input *in, const int32_t *origin, int32_t n,
                        cp_single_state *states)
{
    static const cp_single_kind kind = {begin, step, tell};
    ets_memory m;
    memset(&m, 0, sizeof m);
    if (in->given) {
        m.par = (cp_ets){.level = in->gain[CP_GAIN_ETS],
                         .trend = in->gain[CP_GAIN_ETS + 1],
                         .week = in->gain[CP_GAIN_ETS + 2],
                         .damp = in->gain[CP_GAIN_ETS + 3]};
    } else {
        CP_TRY(cp_ets_fit(ctx, in, &m.par));
    }
    if (in->gain != NULL) {
        const double found[] = {m.par.level, m.par.trend, m.par.week, m.par.damp};
        memcpy(in->gain + CP_GAIN_ETS, found, sizeof found);
    }
    cp_single_run(in, &kind, &m, origin, n, states);
    return CP_OK;
}

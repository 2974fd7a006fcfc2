/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_multimin.h>
#include <math.h>
#include <string.h>

#include "models/demand/single_days_seen.h"
#include "models/demand/single_kinds.h"

#define HOLD 3.0      /* errors are held to so many standard deviations */
#define START_DAYS 56 /* the first states are means of so many days */
#define WARM_UP 28    /* days before errors count */
#define MOST_STEPS 40 /* of the simplex search */
#define N_PARAMS 4

typedef struct ets_memory {
    cp_ets par;
    const cp_seen_days *days;
    double level, trend, week[CP_N_SLOTS], sigma;
} ets_memory;

/* A search: the first states do not depend on the gains. */
typedef struct ets_search {
    ets_memory start;
    cp_seen_days days;
} ets_search;

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
    m->sigma = in->sigma0;
    memcpy(m->week, in->week0, sizeof m->week);
    for (int32_t k = 0; k < 7; k++)
        m->week[k] = (in->week0[k] + by_slot[k] - n_slot[k] * m->level) / (n_slot[k] + 1);
}

static inline double most_of(double a, double b)
{
    return a > b ? a : b;
}

/* Takes a day in and gives its error, 0 where nothing was seen. */
static inline double follow(ets_memory *m, const cp_seen_day *d)
{
    if (__builtin_expect(d->broken != 0, 0)) m->trend = 0;
    const double trend = m->par.damp * m->trend, before = m->level + trend;
    m->level = before;
    m->trend = trend;
    if (d->seen == CP_SEEN_NOTHING) return 0;
    const double e = cp_seen_error(d, before + m->week[d->slot], m->sigma);
    if (d->share <= 0) return e;
    double use = cp_seen_held(e, HOLD * m->sigma);
    if (d->share < 1) use *= d->share;
    m->level = before + most_of(m->par.level, d->level_least) * use;
    m->trend = trend + m->par.trend * use;
    if (d->slot < 7) m->week[d->slot] += most_of(m->par.week, d->week_least) * use;
    m->sigma = cp_seen_spread(m->sigma, e, d->spread_gain);
    return e;
}

static void step(void *memory, const cp_filter_input *in, int32_t i)
{
    ets_memory *m = memory;
    (void)in;
    (void)follow(m, &m->days->day[i - m->days->first]);
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

static double loss_of(const ets_search *search, const cp_ets *par)
{
    const cp_seen_days *days = &search->days;
    ets_memory m = search->start;
    double sum = 0;
    m.par = *par;
    for (int32_t i = 0; i < days->n; i++)
        sum += days->day[i].loss * fabs(follow(&m, &days->day[i]));
    return days->loss > 0 ? sum / days->loss : 0;
}

static cp_status search_begin(cp_ctx *ctx, const cp_filter_input *in, ets_search *out)
{
    static const cp_seen_start start = {.level_days = START_DAYS,
                                        .week_days = START_DAYS,
                                        .week_prior = 2,
                                        .spread_gain = 0.03,
                                        .warm_up = WARM_UP};
    memset(out, 0, sizeof *out);
    begin(&out->start, in);
    return cp_seen_days_make(ctx, in, &start, &out->days);
}

cp_status cp_ets_loss(cp_ctx *ctx, const cp_filter_input *in, const cp_ets *ets, double *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    ets_search search;
    CP_TRY(search_begin(ctx, in, &search));
    *out = loss_of(&search, ets);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
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

/* What GSL's search is given. */
typedef struct ets_problem {
    const ets_search *search;
    const cp_filter_input *in;
} ets_problem;

static double loss_at(const gsl_vector *v, void *user)
{
    const ets_problem *p = user;
    const cp_ets ets = params_of(v);
    cp_filter_count(p->in, p->search->days.n);
    return log(fmax(loss_of(p->search, &ets), 1e-12));
}

static cp_status find(cp_ctx *ctx, const cp_filter_input *in, const ets_search *from, cp_ets *out)
{
    static const double start[N_PARAMS] = {-1.6, -4.0, -2.2, 1.0};
    double at[N_PARAMS], step_size[N_PARAMS] = {1.0, 1.5, 1.0, 1.0};
    ets_problem problem = {from, in};
    memcpy(at, start, sizeof at);
    gsl_vector_view x = gsl_vector_view_array(at, N_PARAMS);
    gsl_vector_view size = gsl_vector_view_array(step_size, N_PARAMS);
    *out = params_of(&x.vector);
    if (in->quick) return CP_OK;
    gsl_multimin_function f = {.f = loss_at, .n = N_PARAMS, .params = &problem};
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

cp_status cp_ets_fit(cp_ctx *ctx, const cp_filter_input *in, cp_ets *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    ets_search search;
    CP_TRY(search_begin(ctx, in, &search));
    CP_TRY(find(ctx, in, &search, out));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_single_ets(cp_ctx *ctx, const cp_filter_input *in, const int32_t *origin, int32_t n,
                        cp_single_state *states)
{
    static const cp_single_kind kind = {begin, step, tell};
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    ets_search search;
    CP_TRY(search_begin(ctx, in, &search));
    ets_memory m = {.days = &search.days};
    if (in->given) {
        m.par = (cp_ets){.level = in->gain[CP_GAIN_ETS],
                         .trend = in->gain[CP_GAIN_ETS + 1],
                         .week = in->gain[CP_GAIN_ETS + 2],
                         .damp = in->gain[CP_GAIN_ETS + 3]};
    } else {
        CP_TRY(find(ctx, in, &search, &m.par));
    }
    if (in->gain != NULL) {
        const double found[] = {m.par.level, m.par.trend, m.par.week, m.par.damp};
        memcpy(in->gain + CP_GAIN_ETS, found, sizeof found);
    }
    cp_single_run(in, &kind, &m, origin, n, states);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

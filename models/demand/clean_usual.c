/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clean_usual.c - the usual course of a series and where it breaks. */
#include <math.h>
#include <string.h>

#include "models/demand/clean.h"
#include "models/demand/demand_scale.h"
#include "models/demand/robust.h"

#define HALF 14        /* days on either side of a running median: four weeks */
#define ROUNDS 2       /* level against week */
#define WEEK_PRIOR 2.0 /* weeks without a profile that every weekday begins with */
#define STEP_DAYS 28   /* days compared on either side of a step of the level */
#define STEP_LEAST_DAYS 14
#define STEP_SPAN 90 /* ... that lie within so many days */
#define STEP_NEAR 7  /* days right before and after that must show it too: no slow drift */
#define STEP_NEAR_SHARE 0.6
#define STEP_LEAST 0.4  /* log: by half more or a third less */
#define STEP_SURE 5.0   /* standard errors, counting days half: neighbours err alike */
#define PROFILE_WEEKS 8 /* weeks compared on either side of a change of the week */
#define PROFILE_LEAST_WEEKS 5
#define PROFILE_LEAST 0.4 /* log: by which some weekday must change */
#define PROFILE_SURE                                                                               \
    45.0 /* chi-square of six degrees of freedom: chance alone passes 22.5 once in                 \
            a thousand, and the test is made every week of every machine */
#define PROFILE_FITTED 1.15 /* eight days lie nearer to their own median than to the true one */
#define MERGE_DAYS 28       /* breaks nearer than this are one */

typedef struct breaker {
    cp_series *s;
    cp_usual *u;
    double *work; /* n, and at least 2 * HALF + 2 */
    double *v;    /* n */
} breaker;

static int32_t slot_of(const cp_series *s, int32_t i)
{
    return s->calendar->slot[s->at + i];
}

static double week_of(const breaker *b, int32_t i)
{
    return b->u->week[b->u->stretch[i]][slot_of(b->s, i)];
}

/* Level against week in turns; the week of every stretch has the mean 0. */
static void fit_levels(breaker *b)
{
    const cp_series *s = b->s;
    cp_usual *u = b->u;
    for (int32_t i = 0; i < s->n; i++)
        b->v[i] = u->known[i] ? u->z[i] - week_of(b, i) : 0;
    cp_running_median(b->v, u->known, s->n, HALF, b->work, u->level);
}

static void fit_week(breaker *b, int32_t stretch)
{
    const cp_series *s = b->s;
    cp_usual *u = b->u;
    double *week = u->week[stretch], mean = 0;
    int32_t n_open = 0;
    for (int32_t k = 0; k < CP_N_SLOTS; k++) {
        int32_t n = 0;
        for (int32_t i = s->first; i < s->n; i++)
            if (u->known[i] && u->stretch[i] == stretch && slot_of(s, i) == k)
                b->work[n++] = u->z[i] - u->level[i];
        week[k] = cp_median(b->work, n) * n / (n + WEEK_PRIOR);
        if (k >= 7 || n == 0) continue;
        mean += week[k];
        n_open++;
    }
    double work = 0;
    int32_t n_work = 0;
    for (int32_t k = 0; k < 7; k++) {
        week[k] -= n_open > 0 ? mean / n_open : 0;
        if (!((s->calendar->work_slots >> k) & 1)) continue;
        work += week[k];
        n_work++;
    }
    if (week[CP_SLOT_WORK] == 0 && n_work > 0) week[CP_SLOT_WORK] = work / n_work;
}

static void fit(breaker *b)
{
    const cp_series *s = b->s;
    cp_usual *u = b->u;
    memset(u->week, 0, (size_t)u->n_stretches * sizeof *u->week);
    for (int32_t round = 0; round < ROUNDS; round++) {
        fit_levels(b);
        for (int32_t k = 0; k < u->n_stretches; k++)
            fit_week(b, k);
    }
    fit_levels(b);
    int32_t n = 0;
    for (int32_t i = 0; i < s->n; i++) {
        u->resid[i] = u->known[i] ? u->z[i] - u->level[i] - week_of(b, i) : 0;
        if (u->known[i]) b->work[n++] = u->resid[i];
    }
    u->sigma = fmax(0.02, cp_mad(b->work, n));
}

/* Median of z - level of one weekday among the known days of the eight weeks before (side -1) or
 * from day i on; *rest gets what is left over. Days whose slot is not their weekday are not known.
 */
static double profile(const breaker *b, int32_t i, int32_t k, int32_t side, int32_t *n,
                      double *rest)
{
    const cp_series *s = b->s;
    double x[PROFILE_WEEKS];
    int32_t held = 0;
    for (int32_t w = 0; w < PROFILE_WEEKS; w++) {
        const int32_t day = side < 0 ? i - 7 * (w + 1) + k : i + 7 * w + k;
        if (day >= s->first && day < s->n && b->u->known[day])
            x[held++] = b->u->z[day] - b->u->level[day];
    }
    const double mid = cp_median(x, held);
    for (int32_t j = 0; j < held; j++)
        *rest += fabs(x[j] - mid);
    *n = held;
    return mid;
}

/* Chi-square of "the week is the same before and after day i"; 0 where too little is known or no
 * weekday changes by much. The noise is that within either side: over the whole history a change of
 * the week would count as noise itself. */
static double profile_change(const breaker *b, int32_t i)
{
    double d[7], share[7], rest = 0, sum = 0, mean = 0, most = 0;
    int32_t n_used = 0, n_rest = 0;
    for (int32_t k = 0; k < 7; k++) {
        int32_t before = 0, after = 0;
        const double x = profile(b, i, k, -1, &before, &rest);
        const double y = profile(b, i, k, 1, &after, &rest);
        n_rest += before + after;
        if (before < PROFILE_LEAST_WEEKS || after < PROFILE_LEAST_WEEKS) continue;
        share[n_used] = 1.0 / before + 1.0 / after;
        d[n_used] = y - x;
        mean += d[n_used++];
    }
    if (n_used < 5) return 0; /* of a mean absolute error, 1.2533 makes a standard deviation */
    mean /= n_used;
    const double sigma = fmax(0.02, PROFILE_FITTED * 1.2533 * rest / n_rest);
    for (int32_t k = 0; k < n_used; k++) {
        /* A median of n normal errors errs by 1.2533 sigma / sqrt(n). */
        sum += (d[k] - mean) * (d[k] - mean) / (1.5708 * sigma * sigma * share[k]);
        most = fmax(most, fabs(d[k] - mean));
    }
    return most >= PROFILE_LEAST ? sum : 0;
}

static bool near_break(const cp_series *s, int32_t i, int32_t days)
{
    for (int32_t k = i - days; k <= i + days; k++)
        if (k >= 0 && k < s->n && s->broken[k] != 0) return true;
    return false;
}

/* Changes of the week, the clearest first; a place is first looked for by whole weeks. */
static bool find_profiles(breaker *b)
{
    cp_series *s = b->s;
    bool any = false;
    memset(b->v, 0, (size_t)s->n * sizeof *b->v);
    for (int32_t i = s->first + 7 * PROFILE_LEAST_WEEKS; i < s->n; i += 7)
        b->v[i] = profile_change(b, i);
    for (;;) {
        int32_t best = -1;
        for (int32_t i = s->first; i < s->n; i++)
            if (b->v[i] > PROFILE_SURE && (best < 0 || b->v[i] > b->v[best])) best = i;
        if (best < 0) return any;
        int32_t at = best;
        for (int32_t i = best - 6; i <= best + 6; i++)
            if (i > s->first && i < s->n && profile_change(b, i) > profile_change(b, at)) at = i;
        s->broken[at] = CP_REPAIR_MODE_SWITCH;
        any = true;
        const int32_t lo = best - 7 * PROFILE_WEEKS, hi = best + 7 * PROFILE_WEEKS;
        for (int32_t i = lo > 0 ? lo : 0; i < hi && i < s->n; i++)
            b->v[i] = 0;
    }
}

/* The stretches that changes of the week make. */
static void number_stretches(breaker *b)
{
    int32_t n = 0;
    for (int32_t i = 0; i < b->s->n; i++) {
        n += b->s->broken[i] == CP_REPAIR_MODE_SWITCH;
        b->u->stretch[i] = n;
    }
    b->u->n_stretches = n + 1;
}

/* Known days without their week, wild ones held near their level; list[k]: the day. */
static int32_t list_days(const breaker *b, int32_t *list, double *value)
{
    const cp_series *s = b->s;
    const cp_usual *u = b->u;
    int32_t n = 0;
    for (int32_t i = s->first; i < s->n; i++) {
        if (!u->known[i]) continue;
        const double most = 2.5 * u->sigma;
        list[n] = i;
        value[n++] = u->level[i] + fmax(-most, fmin(most, u->resid[i]));
    }
    return n;
}

static double mean_of(const double *value, int32_t from, int32_t to)
{
    double sum = 0;
    for (int32_t k = from; k < to; k++)
        sum += value[k];
    return to > from ? sum / (to - from) : 0;
}

/* Log of the level from list place k on over that before, 0 where it does not step there. *sure:
 * in standard errors. */
static double step_at(const breaker *b, const int32_t *list, const double *value, int32_t n,
                      int32_t k, double *sure)
{
    double x[STEP_NEAR], y[STEP_NEAR];
    int32_t lo = k > STEP_DAYS ? k - STEP_DAYS : 0, hi = k + STEP_DAYS < n ? k + STEP_DAYS : n;
    while (list[k - 1] - list[lo] > STEP_SPAN)
        lo++;
    while (list[hi - 1] - list[k] > STEP_SPAN)
        hi--;
    *sure = 0;
    if (k - lo < STEP_LEAST_DAYS || hi - k < STEP_LEAST_DAYS) return 0;
    const double step = mean_of(value, k, hi) - mean_of(value, lo, k);
    *sure = fabs(step) / (b->u->sigma * sqrt(2.0 / (k - lo) + 2.0 / (hi - k)));
    if (fabs(step) < STEP_LEAST || *sure < STEP_SURE) return 0;
    for (int32_t j = 0; j < STEP_NEAR; j++) {
        x[j] = value[k - 1 - j];
        y[j] = value[k + j];
    }
    const double near = cp_median(y, STEP_NEAR) - cp_median(x, STEP_NEAR);
    return near * step > 0 && fabs(near) >= STEP_NEAR_SHARE * fabs(step) ? step : 0;
}

/* Steps of the level, the surest first. A change of the week keeps its name and gets its step. */
static cp_status find_steps(cp_ctx *ctx, breaker *b)
{
    cp_series *s = b->s;
    int32_t *list = NULL;
    double *value = NULL, *step = NULL, *sure = NULL;
    CP_NEW(ctx, ctx->scratch, list, s->n);
    CP_NEW(ctx, ctx->scratch, value, s->n);
    CP_NEW(ctx, ctx->scratch, step, s->n);
    CP_NEW(ctx, ctx->scratch, sure, s->n);
    const int32_t n = list_days(b, list, value);
    for (int32_t k = STEP_LEAST_DAYS; k + STEP_LEAST_DAYS <= n; k++)
        step[k] = step_at(b, list, value, n, k, &sure[k]);
    for (;;) {
        int32_t best = -1;
        for (int32_t k = 0; k < n; k++)
            if (step[k] != 0 && (best < 0 || sure[k] > sure[best])) best = k;
        if (best < 0) return CP_OK;
        int32_t at = list[best];
        for (int32_t i = at - MERGE_DAYS; i <= at + MERGE_DAYS; i++)
            if (i >= 0 && i < s->n && s->broken[i] == CP_REPAIR_MODE_SWITCH) at = i;
        if (s->broken[at] == 0 && !near_break(s, at, MERGE_DAYS))
            s->broken[at] = CP_REPAIR_LEVEL_SHIFT;
        if (s->broken[at] != 0 && s->step[at] == 0) s->step[at] = step[best];
        for (int32_t k = 0; k < n; k++)
            if (list[k] >= list[best] - MERGE_DAYS && list[k] <= list[best] + MERGE_DAYS)
                step[k] = 0;
    }
}

static cp_status new_usual(cp_ctx *ctx, const cp_series *s, breaker *b)
{
    cp_usual *u = b->u;
    const size_t n = (size_t)s->n;
    CP_NEW(ctx, ctx->scratch, u->level, n);
    CP_NEW(ctx, ctx->scratch, u->stretch, n);
    CP_NEW(ctx, ctx->scratch, u->resid, n);
    CP_NEW(ctx, ctx->scratch, u->known, n);
    CP_NEW(ctx, ctx->scratch, u->z, n);
    CP_NEW(ctx, ctx->scratch, u->week, n / (7 * PROFILE_WEEKS) + 2);
    CP_NEW(ctx, ctx->scratch, b->work, n + 2 * HALF + 2);
    CP_NEW(ctx, ctx->scratch, b->v, n);
    return CP_OK;
}

cp_status cp_usual_make(cp_ctx *ctx, cp_series *s, cp_usual *out)
{
    breaker b = {.s = s, .u = out};
    memset(out, 0, sizeof *out);
    CP_TRY(new_usual(ctx, s, &b));
    for (int32_t i = s->first; i < s->n; i++) {
        out->known[i] = s->seen[i] == CP_SEEN_EXACTLY && !s->calendar->special[s->at + i];
        out->z[i] = s->seen[i] == CP_SEEN_NOTHING ? 0 : cp_scale_to(CP_SCALE_LOG, s->x[i]);
        out->n_known += out->known[i];
    }
    out->n_stretches = 1;
    fit(&b);
    if (out->n_known < 2 * STEP_DAYS || s->quiet) return CP_OK;
    if (find_profiles(&b)) {
        number_stretches(&b);
        fit(&b);
    }
    return find_steps(ctx, &b);
}

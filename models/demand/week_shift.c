/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/week_shift.h"

#include <math.h>

#include "models/demand/demand_scale.h"
#include "models/demand/robust.h"

#define NEAREST 14  /* a move is looked for from so many days before the end .. */
#define FARTHEST 70 /* .. to so many */
#define BEFORE 112  /* days before those that tell the profile */
#define LEAST_BEFORE 100
#define CLIP 1.5       /* log: a day is never further off than this */
#define BETTER 0.67    /* error of the moved profile over that of the old one */
#define CLEARLY 0.15   /* log: so much a day must the moved profile gain */
#define UNUSUAL 0.3    /* log: a week that errs less is not looked at further */
#define SEEN_AGAIN 1.0 /* log: days this near to the moved profile are no faults */

typedef struct profile {
    int32_t n;    /* days of the history */
    double *z;    /* log of the record, NAN where there is none */
    double *sort; /* work */
    double week[7];
} profile;

/* Was something recorded, whatever cleaning thought of it? */
static bool recorded(const cp_series *s, int32_t i)
{
    if (i < s->first || s->calendar->special[s->at + i]) return false;
    if (s->calendar->slot[s->at + i] >= 7) return false;
    if (s->seen[i] == CP_SEEN_EXACTLY) return true;
    return s->x[i] > 0 && (s->reason[i] == CP_REPAIR_PART_DAY || s->reason[i] == CP_REPAIR_OUTLIER);
}

static double clipped(double e)
{
    return fmax(-CLIP, fmin(CLIP, e));
}

static double median_of(double *v, int32_t n)
{
    return n > 0 ? cp_median(v, n) : 0;
}

/* Profile of the week before the days looked at: medians of what is left over their level. */
static bool learn(const cp_series *s, int32_t end, profile *p)
{
    const int32_t from = end - BEFORE > s->first ? end - BEFORE : s->first;
    int32_t n = 0;
    for (int32_t i = from; i < end; i++)
        if (!isnan(p->z[i])) p->sort[n++] = p->z[i];
    if (n < LEAST_BEFORE * 3 / 4) return false;
    const double level = median_of(p->sort, n);
    for (int32_t k = 0; k < 7; k++) {
        n = 0;
        for (int32_t i = from; i < end; i++)
            if (!isnan(p->z[i]) && s->calendar->slot[s->at + i] == k)
                p->sort[n++] = p->z[i] - level;
        if (n < 6) return false;
        p->week[k] = median_of(p->sort, n);
    }
    return true;
}

/* Mean absolute error of days [from, to) against the profile moved by `days`, round their own
 * level, which is told as well. */
static double error_of(const cp_series *s, const profile *p, int32_t from, int32_t to, int32_t days,
                       double *level)
{
    int32_t n = 0;
    double sum = 0;
    for (int32_t i = from; i < to; i++) {
        if (isnan(p->z[i])) continue;
        p->sort[n++] = p->z[i] - p->week[(s->calendar->slot[s->at + i] - days + 7) % 7];
    }
    *level = median_of(p->sort, n);
    for (int32_t k = 0; k < n; k++)
        sum += fabs(clipped(p->sort[k] - *level));
    return n >= NEAREST / 2 ? sum / n : NAN;
}

static cp_status read_profile(cp_ctx *ctx, const cp_series *s, profile *p)
{
    p->n = s->n;
    CP_NEW(ctx, ctx->scratch, p->z, s->n + 1);
    CP_NEW(ctx, ctx->scratch, p->sort, s->n + 1);
    for (int32_t i = 0; i < s->n; i++)
        p->z[i] = recorded(s, i) ? cp_scale_to(CP_SCALE_LOG, s->x[i]) : NAN;
    return CP_OK;
}

cp_status cp_week_shift_find(cp_ctx *ctx, const cp_series *s, cp_week_shift *out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const int32_t earliest = s->n - FARTHEST;
    profile p;
    double most = 0, level = 0;
    *out = (cp_week_shift){0, 0};
    if (s->quiet || s->idle || s->closed_slots != 0 || earliest - s->first < LEAST_BEFORE)
        return CP_OK;
    CP_TRY(read_profile(ctx, s, &p));
    const bool known = learn(s, earliest, &p);
    for (int32_t from = earliest; known && from <= s->n - NEAREST; from++) {
        const double old = error_of(s, &p, from, s->n, 0, &level);
        for (int32_t days = 1; old > UNUSUAL && days < 7; days++) {
            const double moved = error_of(s, &p, from, s->n, days, &level);
            const double gain = (old - moved) * (s->n - from);
            if (!(moved < BETTER * old && old - moved > CLEARLY && gain > most)) continue;
            most = gain;
            *out = (cp_week_shift){from, days};
        }
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_week_shift_apply(cp_ctx *ctx, const cp_week_shift *shift, cp_series *s, uint8_t *slot)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    profile p;
    double level = 0;
    if (shift->days == 0) return CP_OK;
    CP_TRY(read_profile(ctx, s, &p));
    if (learn(s, s->n - FARTHEST, &p))
        (void)error_of(s, &p, shift->from, s->n, shift->days, &level);
    for (int32_t i = 0; i < shift->from; i++)
        if (slot[i] < 7) slot[i] = (uint8_t)((slot[i] + shift->days) % 7);
    for (int32_t i = shift->from; i < s->n; i++) {
        s->broken[i] = 0; /* the old profile broke, the moved one does not */
        if (isnan(p.z[i])) continue;
        const double week = p.week[(slot[i] - shift->days + 7) % 7];
        if (fabs(p.z[i] - level - week) > SEEN_AGAIN) continue;
        s->n_exact += s->seen[i] != CP_SEEN_EXACTLY;
        s->seen[i] = CP_SEEN_EXACTLY;
        s->weight[i] = 1;
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

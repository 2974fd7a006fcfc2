/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/demand_series.h"

#include <math.h>

#include "models/demand/demand_scale.h"

#define CLOSED_SHARE 0.9 /* so many days of a slot without demand: the slot is closed */
#define LONG_SILENCE 14  /* zeros in a row that are an outage, not a quiet machine */
#define LONG_IDLE 28     /* ... and at the end of the history: the machine is out of use */
#define RARE_ZERO 0.10   /* a zero in a slot with fewer zeros than this is a fault */
#define RECENT_DAYS 182  /* the usual day is that of half a year */

/* What the faults alone say. */
static cp_seen seen_of(cp_minor amount, int32_t faults, cp_flow flow)
{
    if (amount == CP_HISTORY_MISSING || amount < 0) return CP_SEEN_NOTHING;
    const int32_t stops = flow == CP_FLOW_WITHDRAWAL ? CP_FAULT_CASH_OUT : CP_FAULT_FULL;
    if (!(faults & (stops | CP_FAULT_OUT_OF_SERVICE | CP_FAULT_MODE_SWITCH)))
        return CP_SEEN_EXACTLY;
    /* Some demand got through before the fault: the day's demand was that or more. */
    return amount > 0 ? CP_SEEN_AT_LEAST : CP_SEEN_NOTHING;
}

/* Zeros in long runs say that the machine was shut: nothing about demand. Only a run that lasts to
 * the end of the history is believed, for it may be the future as well. */
static void drop_silences(cp_series *s)
{
    int32_t run = 0;
    for (int32_t i = s->first; i <= s->n; i++) {
        const bool silent = i < s->n && (s->seen[i] == CP_SEEN_NOTHING || s->x[i] <= 0);
        if (silent) {
            run++;
            continue;
        }
        const bool last = i == s->n;
        if (last && run >= LONG_IDLE) {
            int32_t zeros = 0;
            for (int32_t k = i - run; k < i; k++)
                zeros += s->seen[k] == CP_SEEN_EXACTLY;
            s->idle = zeros >= LONG_IDLE;
        }
        if (run >= LONG_SILENCE && !(last && s->idle))
            for (int32_t k = i - run; k < i; k++)
                s->seen[k] = CP_SEEN_NOTHING;
        run = 0;
    }
}

/* Days of each slot, those without demand, and those with a recorded zero. */
typedef struct slot_count {
    int32_t days, silent, zeros, seen;
} slot_count;

static void count_slots(const cp_series *s, slot_count *count, slot_count *off)
{
    for (int32_t i = s->first; i < s->n; i++) {
        slot_count *c = s->calendar->off[s->at + i] ? off : &count[s->calendar->slot[s->at + i]];
        const bool exact = s->seen[i] == CP_SEEN_EXACTLY;
        c->days++;
        c->silent += s->seen[i] == CP_SEEN_NOTHING || s->x[i] <= 0;
        c->seen += exact;
        c->zeros += exact && s->x[i] <= 0;
    }
}

static bool is_closed(const slot_count *c, int32_t fewest)
{
    return c->days >= fewest && c->silent >= CLOSED_SHARE * c->days;
}

/* Weekdays and holidays on which the point is shut as a rule. A machine that is silent on all
 * weekdays is not closed but idle or without a record. */
static void find_closed(cp_series *s, const slot_count *count, const slot_count *off)
{
    int32_t n_closed = 0;
    for (int32_t k = 0; k < 7; k++)
        if (is_closed(&count[k], 4)) {
            s->closed_slots |= (uint8_t)(1U << k);
            n_closed++;
        }
    if (n_closed > 5) s->closed_slots = 0;
    s->closed_off = n_closed <= 5 && is_closed(off, 2);
}

static void mark_days(cp_series *s, const slot_count *count)
{
    int32_t zeros = 0;
    for (int32_t i = s->first; i < s->n; i++) {
        const int32_t slot = s->calendar->slot[s->at + i];
        const bool off = s->calendar->off[s->at + i];
        const bool closed = ((s->closed_slots >> slot) & 1) || (off && s->closed_off);
        if (closed && (s->x[i] <= 0 || s->seen[i] == CP_SEEN_NOTHING)) {
            s->seen[i] = CP_SEEN_CLOSED;
        } else if (closed) {
            s->seen[i] = CP_SEEN_NOTHING; /* an exception teaches nothing about open days */
        } else if (s->seen[i] == CP_SEEN_EXACTLY && s->x[i] <= 0 && !off && !s->idle &&
                   count[slot].zeros < RARE_ZERO * count[slot].seen) {
            s->seen[i] = CP_SEEN_NOTHING;
        }
        s->n_exact += s->seen[i] == CP_SEEN_EXACTLY;
        zeros += s->seen[i] == CP_SEEN_EXACTLY && s->x[i] <= 0;
        s->n_repaired += s->seen[i] == CP_SEEN_NOTHING || s->seen[i] == CP_SEEN_AT_LEAST;
    }
    s->quiet = zeros > RARE_ZERO * s->n_exact;
}

/* The usual day: mean of the days with demand in the last half year with any. */
static double usual_amount(const cp_series *s)
{
    double sum = 0;
    int32_t n = 0, last = s->n - 1;
    while (last >= 0 && (s->seen[last] == CP_SEEN_NOTHING || s->x[last] <= 0))
        last--;
    for (int32_t i = last; i >= 0 && i > last - RECENT_DAYS; i--) {
        if (s->seen[i] == CP_SEEN_NOTHING || s->x[i] <= 0) continue;
        sum += s->x[i];
        n++;
    }
    return n > 0 ? sum / n : 0;
}

cp_status cp_demand_series_make(cp_ctx *ctx, const cp_history *history,
                                const cp_demand_calendar *calendar, cp_flow flow, int32_t point,
                                cp_series *out)
{
    const cp_series empty = {.calendar = calendar,
                             .at = history->first_day - calendar->first_day,
                             .n = history->n_days,
                             .first = history->n_days};
    *out = empty;
    CP_NEW(ctx, ctx->scratch, out->x, out->n);
    CP_NEW(ctx, ctx->scratch, out->seen, out->n);
    const int64_t row = (int64_t)flow * history->n_points + point;
    for (int32_t i = 0; i < out->n; i++) {
        const cp_minor amount = history->amount[row * history->n_days + i];
        const int32_t faults = history->faults[(int64_t)point * history->n_days + i];
        out->seen[i] = (uint8_t)seen_of(amount, faults, flow);
        out->x[i] = out->seen[i] == CP_SEEN_NOTHING ? 0 : (double)amount;
        if (out->x[i] > 0 && out->first == out->n) out->first = i;
    }
    out->scale = usual_amount(out);
    if (out->scale <= 0) return CP_OK;
    for (int32_t i = 0; i < out->n; i++)
        out->x[i] /= out->scale;
    drop_silences(out);
    slot_count count[CP_N_SLOTS] = {{0, 0, 0, 0}}, off = {0, 0, 0, 0};
    count_slots(out, count, &off);
    find_closed(out, count, &off);
    mark_days(out, count);
    return CP_OK;
}

/* Level of every day as the mean of v on both sides with exponentially falling weights. v is held
 * within `clip` of the level of the round before. */
static void smooth(const cp_series *s, const double *v, const double *weight, double clip,
                   double *level, double *sums, double memory_days)
{
    const double keep = exp(-1 / memory_days);
    double sum = 0, total = 0;
    for (int32_t i = 0; i < s->n; i++) {
        const double d = v[i] - level[i];
        const double held = level[i] + (d > clip ? clip : d < -clip ? -clip : d);
        sum = keep * sum + weight[i] * held;
        total = keep * total + weight[i];
        sums[2 * i] = sum;
        sums[2 * i + 1] = total;
    }
    sum = 0;
    total = 0;
    for (int32_t i = s->n - 1; i >= 0; i--) {
        const double d = v[i] - level[i];
        const double held = level[i] + (d > clip ? clip : d < -clip ? -clip : d);
        const double all = sums[2 * i + 1] + keep * total;
        const double mean = all > 0 ? (sums[2 * i] + keep * sum) / all : 0;
        sum = keep * sum + weight[i] * held;
        total = keep * total + weight[i];
        level[i] = mean;
    }
}

/* Weekly profile as the mean residual of each slot, centred over the open weekdays. */
static void fit_week(const cp_series *s, const double *z, const double *level, const double *weight,
                     double clip, double *week)
{
    double sum[CP_N_SLOTS] = {0}, n[CP_N_SLOTS] = {0};
    for (int32_t i = s->first; i < s->n; i++) {
        const int32_t slot = s->calendar->slot[s->at + i];
        if (weight[i] <= 0 || s->calendar->special[s->at + i]) continue;
        const double d = z[i] - level[i] - week[slot];
        sum[slot] += d > clip ? clip : d < -clip ? -clip : d;
        n[slot] += 1;
    }
    double mean = 0, work = 0;
    int32_t n_open = 0, n_work = 0;
    for (int32_t k = 0; k < 7; k++) {
        /* Two invented days on the profile before keep short histories sane. */
        week[k] += sum[k] / (n[k] + 2);
        if ((s->closed_slots >> k) & 1) continue;
        mean += week[k];
        n_open++;
    }
    for (int32_t k = 0; k < 7; k++) {
        week[k] -= n_open > 0 ? mean / n_open : 0;
        const bool use = ((s->calendar->work_slots >> k) & 1) && !((s->closed_slots >> k) & 1);
        work += use ? week[k] : 0;
        n_work += use;
    }
    week[CP_SLOT_WORK] = n_work > 0 ? work / n_work : 0;
}

static double ordinary_sigma(const cp_series *s, const double *resid, const double *weight)
{
    double sum = 0, n = 0;
    for (int32_t i = s->first; i < s->n; i++) {
        if (weight[i] <= 0 || s->calendar->special[s->at + i]) continue;
        sum += fabs(resid[i]);
        n += 1;
    }
    /* 1.2533 makes the mean absolute deviation a standard deviation for normal errors. */
    return n > 0 ? 1.2533 * sum / n : 0;
}

cp_status cp_baseline_make(cp_ctx *ctx, const cp_series *s, const double *effect,
                           double memory_days, cp_baseline *out)
{
    double *z = NULL, *v = NULL, *level = NULL, *sums = NULL;
    CP_NEW(ctx, ctx->scratch, out->resid, s->n);
    CP_NEW(ctx, ctx->scratch, out->weight, s->n);
    CP_NEW(ctx, ctx->scratch, z, s->n);
    CP_NEW(ctx, ctx->scratch, v, s->n);
    CP_NEW(ctx, ctx->scratch, level, s->n);
    CP_NEW(ctx, ctx->scratch, sums, 2 * (size_t)s->n);
    for (int32_t k = 0; k < CP_N_SLOTS; k++)
        out->week[k] = 0;
    for (int32_t i = s->first; i < s->n; i++) {
        const bool known = s->seen[i] == CP_SEEN_EXACTLY;
        const double e = effect != NULL ? effect[i] : 0;
        z[i] = known ? cp_scale_to(CP_SCALE_LOG, s->x[i]) - e : 0;
        /* A holiday says little about the level: its own effect is uncertain. */
        out->weight[i] = !known ? 0 : s->calendar->special[s->at + i] ? 0.2 : 1;
    }
    double clip = 1.5;
    for (int32_t round = 0; round < 4; round++) {
        for (int32_t i = s->first; i < s->n; i++)
            v[i] = z[i] - out->week[s->calendar->slot[s->at + i]];
        smooth(s, v, out->weight, clip, level, sums, memory_days);
        fit_week(s, z, level, out->weight, clip, out->week);
        for (int32_t i = s->first; i < s->n; i++)
            out->resid[i] =
                out->weight[i] > 0 ? z[i] - level[i] - out->week[s->calendar->slot[s->at + i]] : 0;
        out->sigma = ordinary_sigma(s, out->resid, out->weight);
        clip = fmin(1.5, fmax(0.1, 2.5 * out->sigma));
    }
    out->last_level = s->n > 0 ? level[s->n - 1] : 0;
    return CP_OK;
}

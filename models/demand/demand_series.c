/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/demand_series.h"

#include <math.h>

#include "models/demand/clean.h"
#include "models/demand/demand_scale.h"

#define RECENT_DAYS 182 /* the usual day is that of half a year */

/* What the faults alone say, and why. */
static cp_seen seen_of(cp_minor amount, int32_t faults, cp_flow flow, uint8_t *reason)
{
    const int32_t stops = flow == CP_FLOW_WITHDRAWAL ? CP_FAULT_CASH_OUT : CP_FAULT_FULL;
    const bool missing = amount == CP_HISTORY_MISSING || amount < 0;
    *reason = CP_REPAIR_NONE;
    if (faults & stops)
        *reason = flow == CP_FLOW_WITHDRAWAL ? CP_REPAIR_CASH_OUT : CP_REPAIR_FULL;
    else if (faults & CP_FAULT_OUT_OF_SERVICE)
        *reason = CP_REPAIR_OUT_OF_SERVICE;
    else if (faults & CP_FAULT_MODE_SWITCH)
        *reason = CP_REPAIR_MODE_SWITCH;
    else if (missing)
        *reason = CP_REPAIR_MISSING;
    if (*reason == CP_REPAIR_NONE) return CP_SEEN_EXACTLY;
    /* Some demand got through before the fault: the day's demand was that or more. */
    return !missing && amount > 0 ? CP_SEEN_AT_LEAST : CP_SEEN_NOTHING;
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

void cp_series_read(const cp_history *history, cp_flow flow, int32_t point, cp_series *s)
{
    const int64_t row = (int64_t)flow * history->n_points + point;
    const cp_minor *amount = history->amount + row * history->n_days;
    const uint8_t *faults = history->faults + (int64_t)point * history->n_days;
    for (int32_t i = 0; i < s->n; i++) {
        s->seen[i] = (uint8_t)seen_of(amount[i], faults[i], flow, &s->reason[i]);
        s->x[i] = s->seen[i] == CP_SEEN_NOTHING ? 0 : (double)amount[i];
        if (s->scale > 0) s->x[i] /= s->scale;
    }
}

static cp_status make(cp_ctx *ctx, const cp_history *history, const cp_demand_calendar *calendar,
                      cp_flow flow, int32_t point, cp_series *out)
{
    calendar = cp_demand_calendar_at(calendar, point);
    const cp_series empty = {.calendar = calendar,
                             .at = history->first_day - calendar->first_day,
                             .n = history->n_days,
                             .first = history->n_days};
    *out = empty;
    CP_NEW(ctx, ctx->scratch, out->x, out->n);
    CP_NEW(ctx, ctx->scratch, out->seen, out->n);
    CP_NEW(ctx, ctx->scratch, out->reason, out->n);
    CP_NEW(ctx, ctx->scratch, out->weight, out->n);
    CP_NEW(ctx, ctx->scratch, out->usual, out->n);
    CP_NEW(ctx, ctx->scratch, out->broken, out->n);
    CP_NEW(ctx, ctx->scratch, out->step, out->n);
    cp_series_read(history, flow, point, out);
    for (int32_t i = 0; i < out->n; i++) {
        out->weight[i] = 1;
        if (out->x[i] > 0 && out->first == out->n) out->first = i;
    }
    out->scale = usual_amount(out);
    for (int32_t i = 0; i < out->n && out->scale > 0; i++)
        out->x[i] /= out->scale;
    return CP_OK;
}

cp_status cp_demand_series_make(cp_ctx *ctx, const cp_history *history,
                                const cp_demand_calendar *calendar, cp_flow flow, int32_t point,
                                cp_series *out)
{
    CP_TRY(make(ctx, history, calendar, flow, point, out));
    return out->scale > 0 ? cp_clean_series(ctx, flow, false, out) : CP_OK;
}

cp_status cp_demand_series_first(cp_ctx *ctx, const cp_history *history,
                                 const cp_demand_calendar *calendar, cp_flow flow, int32_t point,
                                 cp_series *out)
{
    CP_TRY(make(ctx, history, calendar, flow, point, out));
    return out->scale > 0 ? cp_clean_series(ctx, flow, true, out) : CP_OK;
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
        const double carry = s->broken[i] != 0 ? 0 : keep; /* nothing passes a break */
        sum = carry * sum + weight[i] * held;
        total = carry * total + weight[i];
        sums[2 * i] = sum;
        sums[2 * i + 1] = total;
    }
    sum = 0;
    total = 0;
    for (int32_t i = s->n - 1; i >= 0; i--) {
        const double d = v[i] - level[i];
        const double held = level[i] + (d > clip ? clip : d < -clip ? -clip : d);
        const double carry = i + 1 < s->n && s->broken[i + 1] != 0 ? 0 : keep;
        sum *= carry;
        total *= carry;
        const double all = sums[2 * i + 1] + total;
        const double mean = all > 0 ? (sums[2 * i] + sum) / all : 0;
        sum += weight[i] * held;
        total += weight[i];
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
        const double say = s->calendar->special[s->at + i] ? 0.2 : 1;
        out->weight[i] = !known ? 0 : say * s->weight[i];
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/day_shift.h"

#include <math.h>
#include <stdlib.h>

#include "models/net/calendar.h"

#define WEEKS 4 /* before and after */
#define LEAST 4 /* weeks of these with a record */
#define CLEARLY 1.2
#define SURE 3.0   /* standard errors */
#define FLOOR 0.05 /* of the usual: what a ratio is never below */
#define FEW_POINTS 3

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double *x, int32_t n)
{
    qsort(x, (size_t)n, sizeof *x, ascending);
    return n % 2 == 1 ? x[n / 2] : 0.5 * (x[n / 2 - 1] + x[n / 2]);
}

/* log of the day's withdrawal over the usual of its weekday; NAN = not known. */
static double ratio(const cp_history *h, int32_t point, cp_day day)
{
    double usual[2 * WEEKS];
    int32_t n = 0;
    const cp_minor y = cp_history_at(h, CP_FLOW_WITHDRAWAL, point, day);
    if (y == CP_HISTORY_MISSING) return NAN;
    for (int32_t w = -WEEKS; w <= WEEKS; w++) {
        const cp_minor other =
            w == 0 ? CP_HISTORY_MISSING : cp_history_at(h, CP_FLOW_WITHDRAWAL, point, day + 7 * w);
        if (other != CP_HISTORY_MISSING) usual[n++] = (double)other;
    }
    if (n < LEAST) return NAN;
    const double mid = median(usual, n);
    return mid > 0.0 ? log(fmax(FLOOR, (double)y / mid)) : NAN;
}

/* Median over the machines of the calendar of that ratio; NAN = too few. */
static double ratio_of_all(const cp_network *net, const cp_history *h, int32_t calendar, cp_day day,
                           double *work)
{
    int32_t n = 0;
    for (int32_t p = 0; p < net->n_points; p++) {
        if (cp_point_demand_calendar(&net->points[p]) != calendar) continue;
        const double r = ratio(h, p, day);
        if (!isnan(r)) work[n++] = r;
    }
    return n >= FEW_POINTS || (n > 0 && n == net->n_points) ? median(work, n) : NAN;
}

/* A fifth farther from the usual than on the dates as given, and farther than on the other side by
 * more than chance does. `more`, `more_sq`: that difference summed over the holidays, and its
 * square. */
static bool is_clear(double far_best, double far_given, double more, double more_sq, int32_t n)
{
    const double mean = more / n;
    const double variance = fmax(0.0, more_sq / n - mean * mean) / (n - 1);
    return far_best > CLEARLY * far_given && mean * mean > SURE * SURE * variance;
}

static bool is_working_day_off(const cp_network *net, const cp_calendar_day *d)
{
    const int32_t weekend = net->rows.calendar[d->calendar].weekend_days;
    return d->kind == CP_DAY_OFF && (weekend >> cp_weekday(d->day) & 1) == 0;
}

cp_status cp_history_day_shift(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                               int32_t *shift)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    double far[3] = {0.0, 0.0, 0.0}, more = 0.0, more_sq = 0.0, *work = NULL; /* by shift + 1 */
    int32_t n = 0;
    CP_NEW(ctx, ctx->scratch, work, net->n_points + 1);
    *shift = 0;
    for (int32_t i = 0; i < net->rows.n_calendar_day; i++) {
        const cp_calendar_day *d = &net->rows.calendar_day[i];
        double r[3];
        if (!is_working_day_off(net, d)) continue;
        for (int32_t s = -1; s <= 1; s++) /* as the history's dates say it */
            r[s + 1] = fabs(ratio_of_all(net, history, d->calendar, d->day - s, work));
        if (isnan(r[0] + r[1] + r[2])) continue;
        for (int32_t s = 0; s < 3; s++)
            far[s] += r[s];
        more += r[2] - r[0];
        more_sq += (r[2] - r[0]) * (r[2] - r[0]);
        n++;
    }
    cp_arena_rewind(ctx->scratch, mark);
    const int32_t best = far[0] > far[2] ? -1 : 1;
    if (n >= CP_SHIFT_HOLIDAYS && is_clear(far[best + 1], far[1], more, more_sq, n)) *shift = best;
    return CP_OK;
}

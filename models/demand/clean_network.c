/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clean_network.c - what all machines show together, and the list of all repairs. */
#include <math.h>
#include <string.h>

#include "models/demand/clean.h"
#include "models/demand/demand_model.h"
#include "models/demand/robust.h"

#define BIN 0.05 /* of a day's residuals, log: finer than any error of their median */
#define N_BINS 161
#define FEW_MACHINES 5 /* fewer say nothing about the network */
#define HALF_MACHINES 2.0
#define ALL_FAR 6.0        /* robust standard deviations of the network's own days */
#define ALL_FAR_LEAST 0.35 /* ... and log: 40 % more or 30 % less */
#define ALL_NOISE_LEAST 0.03
#define HOLE_SHARE 0.9 /* of the machines in use are without a record */
#define HOLE_WEEK 7    /* ... while within so many days most have one */
#define YEAR_LEAST 363 /* days after which a day of the year can come again */
#define YEAR_MOST 367
#define RECURS 4 /* times that a payday or place in the month has come by */

cp_status cp_without_recurring(cp_ctx *ctx, const cp_demand_calendar *c, int32_t at, int32_t n,
                               const uint8_t *known, double *resid)
{
    int32_t *count = NULL, *first = NULL, *day = NULL;
    double *work = NULL, *usual = NULL;
    CP_NEW(ctx, ctx->scratch, usual, c->n_cols);
    CP_NEW(ctx, ctx->scratch, count, c->n_cols);
    CP_NEW(ctx, ctx->scratch, first, c->n_cols + 1);
    for (int32_t i = 0; i < n; i++)
        for (int32_t k = c->start[at + i]; known[i] && k < c->start[at + i + 1]; k++)
            count[c->col[k]] += c->family[c->col[k]] <= CP_EFFECT_PAYDAY;
    for (int32_t k = 0; k < c->n_cols; k++) {
        first[k + 1] = first[k] + count[k];
        count[k] = 0;
    }
    CP_NEW(ctx, ctx->scratch, day, first[c->n_cols]);
    CP_NEW(ctx, ctx->scratch, work, n);
    for (int32_t i = 0; i < n; i++)
        for (int32_t k = c->start[at + i]; known[i] && k < c->start[at + i + 1]; k++) {
            const int32_t col = c->col[k];
            if (c->family[col] <= CP_EFFECT_PAYDAY) day[first[col] + count[col]++] = i;
        }
    for (int32_t col = 0; col < c->n_cols; col++) {
        for (int32_t k = 0; k < count[col]; k++)
            work[k] = resid[day[first[col] + k]];
        usual[col] = count[col] < RECURS ? 0 : cp_median(work, count[col]);
    }
    for (int32_t i = 0; i < n; i++) {
        double best = resid[i];
        for (int32_t k = c->start[at + i]; known[i] && k < c->start[at + i + 1]; k++)
            if (fabs(resid[i] - usual[c->col[k]]) < fabs(best)) best = resid[i] - usual[c->col[k]];
        resid[i] = best;
    }
    return CP_OK;
}

/* Residuals of all machines of a calendar by day, as counts of bins: their order does not matter
 * and 20,000 machines take no more room than five. */
typedef struct histogram {
    int32_t *count;  /* n_days * N_BINS */
    int32_t *n;      /* n_days: machines compared */
    int32_t *silent; /* n_days: machines in use without a record */
    int32_t *in_use; /* n_days */
} histogram;

/* What the first look at one machine tells of a day: the bin of its residual, and these bits. */
#define NOT_COMPARED 255
#define IN_USE 1
#define SILENT 2
_Static_assert(N_BINS < NOT_COMPARED, "a bin in a byte");

typedef struct glance {
    uint8_t bin, bits;
} glance;

static void glance_at(const cp_series *s, glance *out)
{
    for (int32_t i = s->first; i < s->n; i++) {
        const bool in_use = s->seen[i] != CP_SEEN_CLOSED && s->reason[i] != CP_REPAIR_SILENCE;
        const bool silent = s->reason[i] == CP_REPAIR_MISSING;
        out[i].bits = (uint8_t)((in_use ? IN_USE : 0) | (silent ? SILENT : 0));
        const bool own = s->calendar->event != NULL && s->calendar->event[s->at + i];
        if (s->seen[i] != CP_SEEN_EXACTLY || own) continue;
        const double e =
            cp_scale_to(CP_SCALE_LOG, s->x[i]) - cp_scale_to(CP_SCALE_LOG, s->usual[i]);
        const int32_t bin = (int32_t)lrint(e / BIN) + N_BINS / 2;
        out[i].bin = (uint8_t)(bin < 0 ? 0 : bin >= N_BINS ? N_BINS - 1 : bin);
    }
}

static void count_glances(const glance *g, int32_t n, histogram *h)
{
    for (int32_t i = 0; i < n; i++) {
        h->in_use[i] += (g[i].bits & IN_USE) != 0;
        h->silent[i] += (g[i].bits & SILENT) != 0;
        if (g[i].bin == NOT_COMPARED) continue;
        h->count[(int64_t)i * N_BINS + g[i].bin]++;
        h->n[i]++;
    }
}

/* Median of a day's residuals, a straight line within its bin; few machines count for less. */
static double middle_of(const histogram *h, int32_t i)
{
    const int32_t *count = h->count + (int64_t)i * N_BINS;
    const double half = 0.5 * h->n[i];
    double below = 0;
    if (h->n[i] < FEW_MACHINES) return 0;
    for (int32_t bin = 0; bin < N_BINS; bin++) {
        if (below + count[bin] >= half && count[bin] > 0) {
            const double within = (half - below) / count[bin] - 0.5;
            return BIN * (bin - N_BINS / 2 + within) * h->n[i] / (h->n[i] + HALF_MACHINES);
        }
        below += count[bin];
    }
    return 0;
}

/* Hardly a machine has a record: the network stood or its records are lost, and what the rest
 * recorded is no usual day. Not where few have records anyway. */
static bool is_hole(const histogram *h, int32_t n, int32_t i)
{
    int32_t around = 0, silent = 0;
    if (h->in_use[i] < FEW_MACHINES || h->silent[i] < HOLE_SHARE * h->in_use[i]) return false;
    for (int32_t k = i - HOLE_WEEK; k <= i + HOLE_WEEK; k++) {
        if (k < 0 || k >= n || k == i) continue;
        around += h->in_use[k];
        silent += h->silent[k];
    }
    return silent < 0.5 * around;
}

/* What happens every year on that day is no accident, known to the calendar or not. */
static bool comes_every_year(const double *e, const uint8_t *known, int32_t n, int32_t i)
{
    for (int32_t far = YEAR_LEAST; far <= YEAR_MOST; far++)
        for (int32_t side = -1; side <= 1; side += 2) {
            const int32_t k = i + side * far;
            if (k >= 0 && k < n && known[k] && e[k] * e[i] > 0 && fabs(e[k]) >= 0.5 * fabs(e[i]))
                return true;
        }
    return false;
}

static cp_status mark_network(cp_ctx *ctx, const histogram *h, int32_t at, int32_t n, cp_flow flow,
                              cp_demand_calendar *c)
{
    double *e = NULL, *work = NULL;
    uint8_t *known = NULL;
    int32_t n_known = 0;
    CP_NEW(ctx, ctx->scratch, e, n);
    CP_NEW(ctx, ctx->scratch, work, n);
    CP_NEW(ctx, ctx->scratch, known, n);
    for (int32_t i = 0; i < n; i++) {
        e[i] = middle_of(h, i);
        c->common[flow][at + i] = (float)e[i];
        known[i] = h->n[i] >= FEW_MACHINES && !c->special[at + i];
    }
    for (int32_t i = 0; i < n; i++)
        if (known[i]) work[n_known++] = e[i];
    CP_TRY(cp_without_recurring(ctx, c, at, n, known, e));
    const double noise = fmax(ALL_NOISE_LEAST, cp_mad(work, n_known));
    const double far = fmax(ALL_FAR_LEAST, ALL_FAR * noise);
    for (int32_t i = 0; i < n; i++) {
        const bool far_off = known[i] && fabs(e[i]) >= far && !comes_every_year(e, known, n, i);
        const cp_network_day day = is_hole(h, n, i) ? CP_NETWORK_HOLE
                                   : !far_off       ? CP_NETWORK_USUAL
                                   : e[i] < 0       ? CP_NETWORK_LOW
                                                    : CP_NETWORK_HIGH;
        c->network[flow][at + i] = (uint8_t)day;
    }
    return CP_OK;
}

/* Machines of one calendar and flow, some at a time. */
#define AT_ONCE 1024

typedef struct look {
    const cp_history *history;
    const cp_demand_calendar *calendar;
    cp_flow flow;
    const int32_t *point;
    glance *glance; /* AT_ONCE * n_days */
} look;

static cp_status look_at_point(cp_ctx *ctx, int32_t item, const void *shared)
{
    const look *l = shared;
    glance *out = l->glance + (int64_t)item * l->history->n_days;
    cp_series s;
    CP_TRY(cp_demand_series_first(ctx, l->history, l->calendar, l->flow, l->point[item], &s));
    for (int32_t i = 0; i < s.n; i++)
        out[i] = (glance){NOT_COMPARED, 0};
    if (!s.quiet && !s.idle) glance_at(&s, out);
    return CP_OK;
}

static cp_status look_at_all(cp_ctx *ctx, cp_each_fn *each, const look *all, int32_t n,
                             histogram *h)
{
    for (int32_t first = 0; first < n; first += AT_ONCE) {
        look some = *all;
        some.point = all->point + first;
        const int32_t count = n - first < AT_ONCE ? n - first : AT_ONCE;
        CP_TRY(each(ctx, count, look_at_point, &some, "forecast: histories"));
        for (int32_t k = 0; k < count; k++)
            count_glances(some.glance + (int64_t)k * all->history->n_days, all->history->n_days, h);
    }
    return CP_OK;
}

static cp_status look_at_calendar(cp_ctx *ctx, const cp_network *net, cp_each_fn *each,
                                  int32_t calendar, look *l, cp_demand_calendar *c)
{
    const cp_history *history = l->history;
    histogram h = {NULL, NULL, NULL, NULL};
    int32_t *point = NULL, n = 0;
    const size_t n_days = (size_t)history->n_days;
    CP_NEW(ctx, ctx->scratch, h.count, n_days * N_BINS);
    CP_NEW(ctx, ctx->scratch, h.n, n_days);
    CP_NEW(ctx, ctx->scratch, h.silent, n_days);
    CP_NEW(ctx, ctx->scratch, h.in_use, n_days);
    CP_NEW(ctx, ctx->scratch, point, net->n_points);
    for (int32_t p = 0; p < net->n_points; p++)
        if (cp_point_demand_calendar(&net->points[p]) == calendar &&
            cp_demand_can_serve(net, &net->points[p], l->flow))
            point[n++] = p;
    l->calendar = c;
    l->point = point;
    CP_NEW_RAW(ctx, ctx->scratch, l->glance, n_days * (size_t)(n < AT_ONCE ? n : AT_ONCE));
    CP_TRY(look_at_all(ctx, each, l, n, &h));
    CP_NEW(ctx, ctx->run, c->common[l->flow], c->n_days);
    CP_NEW(ctx, ctx->run, c->network[l->flow], c->n_days);
    CP_TRY(mark_network(ctx, &h, history->first_day - c->first_day, history->n_days, l->flow, c));
    for (int32_t k = 0; k < c->n_copies; k++) {
        c->copy[k]->common[l->flow] = c->common[l->flow];
        c->copy[k]->network[l->flow] = c->network[l->flow];
    }
    return CP_OK;
}

cp_status cp_clean_network(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                           cp_each_fn *each, cp_demand_calendar *const *calendar)
{
    for (int32_t k = 0; k <= net->rows.n_calendar; k++)
        for (int32_t flow = 0; flow < CP_N_FLOWS && calendar[k] != NULL; flow++) {
            const cp_arena_mark mark = cp_arena_here(ctx->scratch);
            look l = {.history = history, .flow = (cp_flow)flow};
            calendar[k]->common[flow] = NULL;
            calendar[k]->network[flow] = NULL;
            CP_TRY(look_at_calendar(ctx, net, each, k - 1, &l, calendar[k]));
            cp_arena_rewind(ctx->scratch, mark);
        }
    return CP_OK;
}

/* ---- the list of repairs ----------------------------------------------------------------------
 */

static bool is_listed(const cp_series *s, int32_t i)
{
    return s->reason[i] != CP_REPAIR_NONE || s->broken[i] != 0;
}

static void put_row(const cp_history *h, const cp_series *s, int32_t i, cp_repair_row *row)
{
    row->day = h->first_day + i;
    row->raw_minor = cp_history_at(h, row->flow, row->point, row->day);
    row->repaired_minor = (cp_minor)llround(cp_series_repaired(s, i) * s->scale);
    /* A break is told first: it says more about the machine than what befell its first day. */
    row->reason = s->broken[i] != 0 ? s->broken[i] : s->reason[i];
    const bool exact = s->seen[i] == CP_SEEN_EXACTLY;
    row->weight_ppm = exact                            ? (int32_t)lrint(1e6 * s->weight[i])
                      : s->seen[i] == CP_SEEN_AT_LEAST ? 1000000
                                                       : 0;
    row->level_ppm = s->broken[i] != 0 ? (int32_t)lrint(1e6 * exp(fmin(7, s->step[i]))) : 0;
}

/* Room for one more row; what was there is copied, so that it grows by half each time. */
static cp_status one_more(cp_ctx *ctx, cp_repairs *out, int64_t *room)
{
    if (out->n < *room) return CP_OK;
    cp_repair_row *row = NULL;
    *room += *room / 2 + 1024;
    CP_NEW(ctx, ctx->run, row, *room);
    if (out->n > 0) memcpy(row, out->row, (size_t)out->n * sizeof *row);
    out->row = row;
    return CP_OK;
}

static cp_status list_series(cp_ctx *ctx, const cp_history *h, const cp_series *s,
                             const cp_repair_row *head, cp_repairs *out, int64_t *room)
{
    for (int32_t i = s->first; i < s->n && s->scale > 0; i++) {
        if (!is_listed(s, i)) continue;
        CP_TRY(one_more(ctx, out, room));
        out->row[out->n] = *head;
        put_row(h, s, i, &out->row[out->n++]);
    }
    out->n_point[head->point] += s->n_repaired;
    return CP_OK;
}

static cp_status list_all(cp_ctx *ctx, const cp_network *net, const cp_history *h,
                          cp_demand_calendar *const *calendar, cp_repairs *out)
{
    int64_t room = 0;
    for (int32_t p = 0; p < net->n_points; p++)
        for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
            if (!cp_demand_can_serve(net, &net->points[p], (cp_flow)flow)) continue;
            const cp_arena_mark mark = cp_arena_here(ctx->scratch);
            const int32_t c = cp_point_demand_calendar(&net->points[p]);
            const cp_repair_row head = {.point = p, .flow = (cp_flow)flow};
            cp_series s;
            CP_TRY(cp_demand_series_make(ctx, h, calendar[c + 1], (cp_flow)flow, p, &s));
            CP_TRY(list_series(ctx, h, &s, &head, out, &room));
            cp_arena_rewind(ctx->scratch, mark);
        }
    return CP_OK;
}

cp_status cp_clean_history(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                           cp_repairs **out)
{
    cp_repairs *r = NULL;
    cp_demand_calendar **calendar = NULL;
    const cp_day first = history->first_day, last = first + history->n_days - 1;
    CP_NEW(ctx, ctx->run, r, 1);
    CP_NEW(ctx, ctx->run, r->n_point, net->n_points);
    *out = r;
    if (history->n_days == 0) return CP_OK;
    cp_demand_init();
    CP_NEW(ctx, ctx->run, calendar, net->rows.n_calendar + 1);
    for (int32_t p = 0; p < net->n_points; p++) {
        const int32_t c = cp_point_demand_calendar(&net->points[p]);
        if (calendar[c + 1] != NULL) continue;
        CP_TRY(cp_demand_calendar_make(ctx, net, c, first, last, last, last + 1, &calendar[c + 1]));
    }
    CP_TRY(cp_clean_network(ctx, net, history, cp_each_in_turn, calendar));
    return list_all(ctx, net, history, calendar, r);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

#include "models/demand/clean.h"
#include "models/demand/demand_kept.h"

/* Penalties in days: how many days' observations the prior is worth. The first row holds all
 * machines' mean to zero, the second a segment's to that. A daily mean over machines errs by its
 * common shock (0.1), month effects are of that size, holidays several times larger. */
static const double penalty[2][CP_N_EFFECT_FAMILIES] = {{2.5, 1.0, 0.2, 4.0, 0.5},
                                                        {12.0, 6.0, 2.0, 15.0, 3.0}};

/* The same for events of single machines, as the precision of the prior: events of all machines lie
 * about one half (log) round none, those of a segment one fifth round them. */
static const double event_hold[2] = {4.0, 25.0};

#define FEW_WEIGHT 40.0 /* weight of a day's mean at which it counts half */
#define RESID_CLIP 2.0
#define SPECIAL_MOST 2.0

/* Sums of one pool over its machines, by day of the history and over all. */
typedef struct pool_sums {
    double *resid, *weight;       /* n_days of the history */
    double *event, *event_weight; /* by column of an event, from event_first on */
    double week[CP_N_SLOTS], n_week[CP_N_SLOTS];
    double level, level2, sigma;
    double special2, n_special, plain2, n_plain;
    int32_t n, n_closed[7], n_closed_off;
} pool_sums;

static bool same_pool(const cp_demand_pool *q, cp_flow flow, int32_t calendar, const cp_point *p)
{
    return q->segment != NULL && q->flow == flow && q->calendar == calendar && q->kind == p->kind &&
           strcmp(q->segment, p->segment != NULL ? p->segment : "") == 0;
}

/* The pool of a point and flow, made when it is the first of its kind. Pools of one calendar are
 * few, so they are looked for one by one. */
static int32_t find_pool(cp_forecast_detail *d, cp_flow flow, int32_t calendar, const cp_point *p)
{
    int32_t parent = -1;
    for (int32_t q = 0; q < d->n_pools; q++) {
        if (same_pool(&d->pool[q], flow, calendar, p)) return q;
        if (d->pool[q].segment == NULL && d->pool[q].flow == flow &&
            d->pool[q].calendar == calendar)
            parent = q;
    }
    if (parent < 0) {
        parent = d->n_pools++;
        d->pool[parent].flow = flow;
        d->pool[parent].calendar = calendar;
        d->pool[parent].parent = -1;
    }
    cp_demand_pool *q = &d->pool[d->n_pools];
    q->flow = flow;
    q->calendar = calendar;
    q->kind = p->kind;
    q->segment = p->segment != NULL ? p->segment : "";
    q->parent = parent;
    return d->n_pools++;
}

bool cp_demand_can_serve(const cp_network *net, const cp_point *point, cp_flow flow)
{
    const cp_role wanted = flow == CP_FLOW_WITHDRAWAL ? CP_ROLE_DISPENSE : CP_ROLE_DEPOSIT;
    for (int32_t k = 0; k < point->n_channels; k++) {
        const cp_role role = net->channels[point->first_channel + k].role;
        if (role == wanted || role == CP_ROLE_RECYCLE) return true;
    }
    return false;
}

static cp_status make_calendars(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                                cp_day learn_end, cp_forecast *f)
{
    cp_forecast_detail *d = f->detail;
    d->n_calendars = net->rows.n_calendar + 1;
    CP_NEW(ctx, ctx->run, d->calendar, d->n_calendars);
    const cp_day end = history->first_day + history->n_days;
    for (int32_t p = 0; p < net->n_points; p++) {
        const int32_t c = cp_point_demand_calendar(&net->points[p]);
        if (d->calendar[c + 1] != NULL) continue;
        const cp_day need = history->n_days > 0 ? end - 1 : f->first_day;
        CP_TRY(cp_demand_calendar_make(ctx, net, c, history->first_day,
                                       f->first_day + f->n_days - 1, need, learn_end,
                                       &d->calendar[c + 1]));
    }
    return CP_OK;
}

static cp_status assign_pools(cp_ctx *ctx, const cp_network *net, cp_forecast *f)
{
    cp_forecast_detail *d = f->detail;
    CP_NEW(ctx, ctx->run, d->pool_of, CP_N_FLOWS * (size_t)f->n_points);
    CP_NEW(ctx, ctx->run, d->n_exact, CP_N_FLOWS * (size_t)f->n_points);
    CP_NEW(ctx, ctx->run, d->week_of, CP_N_FLOWS * (size_t)f->n_points * CP_N_SLOTS);
    CP_NEW(ctx, ctx->run, d->pool, 2 * CP_N_FLOWS * (size_t)f->n_points);
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        for (int32_t p = 0; p < f->n_points; p++) {
            const int32_t at = flow * f->n_points + p;
            d->pool_of[at] = -1;
            f->has_flow[at] = cp_demand_can_serve(net, &net->points[p], (cp_flow)flow);
            if (!f->has_flow[at]) continue;
            const int32_t c = cp_point_demand_calendar(&net->points[p]);
            d->pool_of[at] = find_pool(d, (cp_flow)flow, c, &net->points[p]);
        }
    for (int32_t q = 0; q < d->n_pools; q++) {
        const cp_demand_calendar *c = d->calendar[d->pool[q].calendar + 1];
        CP_NEW(ctx, ctx->run, d->pool[q].effect, c->n_cols);
        CP_NEW(ctx, ctx->run, d->pool[q].effect_out, (size_t)c->n_years * (size_t)c->n_cols);
    }
    return CP_OK;
}

/* Columns of events in the calendar of pool q. */
static int32_t n_events(const cp_forecast_detail *d, int32_t q)
{
    const cp_demand_calendar *c = d->calendar[d->pool[q].calendar + 1];
    return c->n_cols - c->event_first;
}

static cp_status new_sums(cp_ctx *ctx, const cp_forecast_detail *d, int32_t n_days, pool_sums **out)
{
    pool_sums *sums = NULL;
    CP_NEW(ctx, ctx->scratch, sums, d->n_pools);
    for (int32_t q = 0; q < d->n_pools; q++) {
        CP_NEW(ctx, ctx->scratch, sums[q].event, n_events(d, q));
        CP_NEW(ctx, ctx->scratch, sums[q].event_weight, n_events(d, q));
        CP_NEW(ctx, ctx->scratch, sums[q].resid, n_days);
        CP_NEW(ctx, ctx->scratch, sums[q].weight, n_days);
    }
    *out = sums;
    return CP_OK;
}

/* Log effect of every day of the history in a pool. */
static void pool_effects(const cp_demand_pool *pool, const cp_series *s, double *effect)
{
    for (int32_t i = 0; i < s->n; i++) {
        const int32_t day = s->at + i;
        effect[i] = 0;
        for (int32_t k = s->calendar->start[day]; k < s->calendar->start[day + 1]; k++)
            effect[i] += pool->effect[s->calendar->col[k]];
    }
}

/* A day of a machine's own event tells of the event, not of the day. */
static bool add_event(const cp_series *s, int32_t i, double w, double held, const double *effect,
                      pool_sums *sum)
{
    const cp_demand_calendar *c = s->calendar;
    const int32_t day = s->at + i;
    if (c->event == NULL || !c->event[day]) return false;
    for (int32_t k = c->start[day]; k < c->start[day + 1]; k++) {
        const int32_t col = c->col[k];
        if (col < c->event_first) continue;
        sum->event[col - c->event_first] += w * (held + effect[col]);
        sum->event_weight[col - c->event_first] += w;
    }
    return true;
}

/* What one machine shows against its pool's effects so far. */
typedef struct lesson {
    bool given;     /* it has days enough to teach */
    double *effect; /* log, of every day */
    cp_baseline baseline;
} lesson;

/* Add it to the pool's sums. s: head alone. */
static void add_machine(const cp_series *s, const lesson *l, const cp_demand_pool *pool,
                        pool_sums *sum)
{
    const cp_baseline *b = &l->baseline;
    const double *effect = l->effect;
    /* Noisy machines count less in the daily mean; 0.05 keeps very regular ones in bounds. */
    const double w = 1 / (b->sigma * b->sigma + 0.05);
    for (int32_t i = s->first; i < s->n; i++) {
        if (b->weight[i] <= 0) continue;
        const double r = b->resid[i];
        const double held = r > RESID_CLIP ? RESID_CLIP : r < -RESID_CLIP ? -RESID_CLIP : r;
        if (add_event(s, i, w, held, pool->effect, sum)) continue;
        sum->resid[i] += w * (held + effect[i]);
        sum->weight[i] += w;
        const bool special = s->calendar->special[s->at + i];
        *(special ? &sum->special2 : &sum->plain2) += w * fabs(held);
        *(special ? &sum->n_special : &sum->n_plain) += w;
    }
    for (int32_t k = 0; k < CP_N_SLOTS; k++) {
        if (k < 7 && ((s->closed_slots >> k) & 1)) {
            sum->n_closed[k]++;
            continue;
        }
        sum->week[k] += b->week[k];
        sum->n_week[k] += 1;
    }
    const double level = log(s->scale) + b->last_level;
    sum->level += level;
    sum->level2 += level * level;
    sum->sigma += b->sigma;
    sum->n_closed_off += s->closed_off;
    sum->n++;
}

static void add_sums(pool_sums *to, const pool_sums *from, int32_t n_days, int32_t n_event)
{
    for (int32_t k = 0; k < n_event; k++) {
        to->event[k] += from->event[k];
        to->event_weight[k] += from->event_weight[k];
    }
    for (int32_t i = 0; i < n_days; i++) {
        to->resid[i] += from->resid[i];
        to->weight[i] += from->weight[i];
    }
    for (int32_t k = 0; k < CP_N_SLOTS; k++) {
        to->week[k] += from->week[k];
        to->n_week[k] += from->n_week[k];
    }
    for (int32_t k = 0; k < 7; k++)
        to->n_closed[k] += from->n_closed[k];
    to->level += from->level;
    to->level2 += from->level2;
    to->sigma += from->sigma;
    to->special2 += from->special2;
    to->n_special += from->n_special;
    to->plain2 += from->plain2;
    to->n_plain += from->n_plain;
    to->n += from->n;
    to->n_closed_off += from->n_closed_off;
}

/* Normal equations (X'WX + K) b = X'Wy + K prior, with K the penalties, by Cholesky. */
static cp_status fit_effects(cp_ctx *ctx, const cp_demand_calendar *c, const pool_sums *sum,
                             int32_t n_days, const double *prior, const double *hold,
                             double *effect)
{
    const size_t n = (size_t)c->n_cols;
    double *matrix = NULL, *rhs = NULL;
    CP_NEW(ctx, ctx->scratch, matrix, n * n);
    CP_NEW(ctx, ctx->scratch, rhs, n);
    for (int32_t i = 0; i < n_days; i++) {
        if (sum->weight[i] <= 0) continue;
        const double y = sum->resid[i] / sum->weight[i];
        const double w = sum->weight[i] / (sum->weight[i] + FEW_WEIGHT);
        for (int32_t j = c->start[i]; j < c->start[i + 1]; j++) {
            rhs[c->col[j]] += w * y;
            for (int32_t k = c->start[i]; k < c->start[i + 1]; k++)
                matrix[c->col[j] * n + c->col[k]] += w;
        }
    }
    for (size_t k = 0; k < n; k++) {
        matrix[k * n + k] += hold[c->family[k]];
        rhs[k] += hold[c->family[k]] * (prior != NULL ? prior[k] : 0);
    }
    gsl_matrix_view a = gsl_matrix_view_array(matrix, n, n);
    gsl_vector_view b = gsl_vector_view_array(rhs, n);
    if (gsl_linalg_cholesky_decomp1(&a.matrix) != 0 ||
        gsl_linalg_cholesky_svx(&a.matrix, &b.vector) != 0)
        CP_FAIL(ctx, CP_E_SOLVER, "calendar effects: normal equations of %d columns are singular",
                (int)n);
    memcpy(effect, rhs, n * sizeof *effect);
    return CP_OK;
}

/* Effects without the days of one year: for the columns that come once a year the ridge estimate of
 * the column alone, the others as fitted; columns seen often change too little to matter. */
static cp_status fit_without(cp_ctx *ctx, const cp_demand_calendar *c, const pool_sums *sum,
                             int32_t n_days, int32_t year, const cp_demand_pool *parent,
                             cp_demand_pool *pool)
{
    const double *hold = penalty[parent != NULL], *effect = pool->effect;
    const double *prior = parent != NULL ? parent->effect_out + (int64_t)year * c->n_cols : NULL;
    double *out = pool->effect_out + (int64_t)year * c->n_cols;
    double *count = NULL;
    CP_NEW(ctx, ctx->scratch, count, c->n_cols);
    for (int32_t k = 0; k < c->n_cols; k++) {
        out[k] = hold[c->family[k]] * (prior != NULL ? prior[k] : 0);
        count[k] = hold[c->family[k]];
    }
    for (int32_t i = 0; i < n_days; i++) {
        if (sum->weight[i] <= 0 || c->year[i] == year) continue;
        const double w = sum->weight[i] / (sum->weight[i] + FEW_WEIGHT);
        double rest = sum->resid[i] / sum->weight[i];
        for (int32_t k = c->start[i]; k < c->start[i + 1]; k++)
            rest -= effect[c->col[k]];
        for (int32_t k = c->start[i]; k < c->start[i + 1]; k++) {
            out[c->col[k]] += w * (rest + effect[c->col[k]]);
            count[c->col[k]] += w;
        }
    }
    for (int32_t k = 0; k < c->n_cols; k++)
        out[k] = c->family[k] >= CP_EFFECT_YEAR ? out[k] / count[k] : effect[k];
    return CP_OK;
}

/* Events of single machines: their days' mean over machines, held to all machines' or to none. Not
 * without the year: what an event does is known from hardly more than one. */
static void fit_events(const cp_demand_calendar *c, const pool_sums *sum,
                       const cp_demand_pool *parent, cp_demand_pool *pool)
{
    const double hold = event_hold[parent != NULL];
    for (int32_t col = c->event_first; col < c->n_cols; col++) {
        const int32_t k = col - c->event_first;
        const double prior = parent != NULL ? parent->effect[col] : 0;
        pool->effect[col] = (sum->event[k] + hold * prior) / (sum->event_weight[k] + hold);
        for (int32_t y = 0; y < c->n_years; y++)
            pool->effect_out[(int64_t)y * c->n_cols + col] = pool->effect[col];
    }
}

/* Figures of a pool from its sums; what it cannot know it takes from its parent. */
static void summarise(const pool_sums *sum, const cp_demand_pool *parent, cp_demand_pool *pool)
{
    pool->n_members = sum->n;
    for (int32_t k = 0; k < CP_N_SLOTS; k++) {
        const double prior = parent != NULL ? parent->week[k] : 0;
        pool->week[k] = (sum->week[k] + prior) / (sum->n_week[k] + 1);
    }
    for (int32_t k = 0; k < 7; k++)
        if (2 * sum->n_closed[k] > sum->n) pool->closed_slots |= (uint8_t)(1U << k);
    pool->closed_off = 2 * sum->n_closed_off > sum->n;
    const double n = sum->n;
    const double sd0 = parent != NULL ? parent->level_sd : 0.7;
    const double sigma0 = parent != NULL ? parent->sigma : 0.4;
    if (sum->n > 0) {
        pool->level_log = sum->level / n;
        const double spread2 = sum->level2 - n * pool->level_log * pool->level_log;
        pool->level_sd = sqrt((fmax(0, spread2) + 3 * sd0 * sd0) / (n + 2));
        pool->sigma = (sum->sigma + sigma0) / (n + 1);
    } else {
        pool->level_log = parent != NULL ? parent->level_log : 0;
        pool->level_sd = sd0;
        pool->sigma = sigma0;
        if (parent != NULL) {
            pool->closed_slots = parent->closed_slots;
            pool->closed_off = parent->closed_off;
        }
    }
    const double plain = sum->n_plain > 0 ? sum->plain2 / sum->n_plain : 0;
    const double special = sum->n_special > 0 ? sum->special2 / sum->n_special : 0;
    const double ratio = plain > 0 && special > plain ? special / plain : 1;
    pool->special_scale = ratio < SPECIAL_MOST ? ratio : SPECIAL_MOST;
}

typedef struct clean_job {
    const cp_history *history;
    const cp_forecast *forecast;
} clean_job;

static cp_status clean_row(cp_ctx *ctx, int32_t at, const void *shared)
{
    const clean_job *job = shared;
    const cp_forecast_detail *d = job->forecast->detail;
    const int32_t q = d->pool_of[at];
    cp_series s;
    if (q < 0) return CP_OK;
    CP_TRY(cp_demand_series_make(ctx, job->history, d->calendar[d->pool[q].calendar + 1],
                                 d->pool[q].flow, at % job->forecast->n_points, &s));
    return cp_series_keep(ctx, &s, &d->series[at]);
}

/* Clean and keep all series, count what has to be repaired, mark new machines, and find how many
 * days a machine must have to teach others: as many as make it not new, or, where all are new, as
 * many as the oldest has. */
static cp_status look_over(cp_ctx *ctx, const cp_history *history, cp_forecast *f,
                           int32_t *teach_days)
{
    cp_forecast_detail *d = f->detail;
    const clean_job job = {history, f};
    CP_NEW(ctx, ctx->run, d->series, CP_N_FLOWS * (size_t)f->n_points);
    CP_TRY(d->each(ctx, CP_N_FLOWS * f->n_points, clean_row, &job, "forecast: cleaning"));
    for (int32_t at = 0; at < CP_N_FLOWS * f->n_points; at++) {
        const int32_t q = d->pool_of[at];
        if (q < 0) continue;
        const cp_series *s = &d->series[at].head;
        f->n_repaired += s->n_repaired;
        d->n_exact[at] = s->n_exact;
        if (s->n_exact < CP_NEW_DAYS && !s->idle) f->from_segment[at % f->n_points] = 1;
        int32_t *most = &teach_days[d->pool[q].flow];
        if (s->n_exact > *most) *most = s->n_exact < CP_NEW_DAYS ? s->n_exact : CP_NEW_DAYS;
    }
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        if (teach_days[flow] == 0) teach_days[flow] = 1;
    return CP_OK;
}

/* Machines of one flow whose lessons are taken at once: they are worked out in any order and added
 * in that of the machines. */
#define AT_ONCE 256

typedef struct lesson_job {
    const cp_history *history;
    const cp_forecast *forecast;
    const int32_t *teach_days;
    int32_t first; /* row of lesson 0 */
    lesson *lesson;
} lesson_job;

static cp_status take_lesson(cp_ctx *ctx, int32_t item, const void *shared)
{
    const lesson_job *job = shared;
    const cp_forecast_detail *d = job->forecast->detail;
    const int32_t at = job->first + item, q = d->pool_of[at];
    lesson *l = &job->lesson[item];
    cp_baseline b;
    cp_series s;
    l->given = false;
    if (q < 0) return CP_OK;
    const cp_kept_series *kept = &d->series[at];
    l->given = kept->head.n_exact >= job->teach_days[d->pool[q].flow] && !kept->head.idle;
    if (!l->given) return CP_OK;
    CP_TRY(cp_series_again(ctx, job->history, d->pool[q].flow, at % job->forecast->n_points, kept,
                           &s));
    pool_effects(&d->pool[q], &s, l->effect);
    CP_TRY(cp_baseline_make(ctx, &s, l->effect, 60, &b));
    const cp_baseline to = l->baseline;
    memcpy(to.resid, b.resid, (size_t)s.n * sizeof *b.resid);
    memcpy(to.weight, b.weight, (size_t)s.n * sizeof *b.weight);
    l->baseline = b;
    l->baseline.resid = to.resid;
    l->baseline.weight = to.weight;
    return CP_OK;
}

static cp_status take_lessons(cp_ctx *ctx, const cp_history *history, cp_forecast *f,
                              const int32_t *teach_days, pool_sums *sums)
{
    cp_forecast_detail *d = f->detail;
    const int32_t rows = CP_N_FLOWS * f->n_points;
    lesson_job job = {history, f, teach_days, 0, NULL};
    CP_NEW(ctx, ctx->scratch, job.lesson, AT_ONCE);
    for (int32_t k = 0; k < AT_ONCE && k < rows; k++) {
        CP_NEW_RAW(ctx, ctx->scratch, job.lesson[k].effect, history->n_days);
        CP_NEW_RAW(ctx, ctx->scratch, job.lesson[k].baseline.resid, history->n_days);
        CP_NEW_RAW(ctx, ctx->scratch, job.lesson[k].baseline.weight, history->n_days);
    }
    for (; job.first < rows; job.first += AT_ONCE) {
        const int32_t n = rows - job.first < AT_ONCE ? rows - job.first : AT_ONCE;
        CP_TRY(d->each(ctx, n, take_lesson, &job, "forecast: pooled effects"));
        for (int32_t k = 0; k < n; k++) {
            const int32_t at = job.first + k;
            const lesson *l = &job.lesson[k];
            if (!l->given) continue;
            d->work += history->n_days;
            add_machine(&d->series[at].head, l, &d->pool[d->pool_of[at]], &sums[d->pool_of[at]]);
            for (int32_t j = 0; j < CP_N_SLOTS; j++)
                d->week_of[(int64_t)at * CP_N_SLOTS + j] = (float)l->baseline.week[j];
        }
    }
    return CP_OK;
}

/* One round: all machines against the effects so far, then effects anew, parents first. */
static cp_status learn_round(cp_ctx *ctx, const cp_history *history, cp_forecast *f,
                             const int32_t *teach_days)
{
    cp_forecast_detail *d = f->detail;
    pool_sums *sums = NULL;
    CP_TRY(new_sums(ctx, d, history->n_days, &sums));
    CP_TRY(take_lessons(ctx, history, f, teach_days, sums));
    for (int32_t q = 0; q < d->n_pools; q++)
        if (d->pool[q].parent >= 0)
            add_sums(&sums[d->pool[q].parent], &sums[q], history->n_days, n_events(d, q));
    /* A parent is made before its children, so it comes first in the list. */
    for (int32_t q = 0; q < d->n_pools; q++) {
        cp_demand_pool *pool = &d->pool[q];
        const cp_demand_pool *parent = pool->parent >= 0 ? &d->pool[pool->parent] : NULL;
        CP_TRY(fit_effects(ctx, d->calendar[pool->calendar + 1], &sums[q], history->n_days,
                           parent != NULL ? parent->effect : NULL, penalty[parent != NULL],
                           pool->effect));
        for (int32_t y = 0; y < d->calendar[pool->calendar + 1]->n_years; y++)
            CP_TRY(fit_without(ctx, d->calendar[pool->calendar + 1], &sums[q], history->n_days, y,
                               parent, pool));
        fit_events(d->calendar[pool->calendar + 1], &sums[q], parent, pool);
        summarise(&sums[q], parent, pool);
    }
    return CP_OK;
}

/* A calendar's pools whose machines all are new know nothing; those of the same flow elsewhere are
 * the next best. A flow that nobody has any history of cannot be forecast: it is taken as none,
 * and said so. */
static void borrow_parents(cp_ctx *ctx, cp_forecast *f)
{
    cp_forecast_detail *d = f->detail;
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        const cp_demand_pool *best = NULL;
        for (int32_t q = 0; q < d->n_pools; q++)
            if (d->pool[q].flow == (cp_flow)flow && d->pool[q].parent < 0 &&
                (best == NULL || d->pool[q].n_members > best->n_members))
                best = &d->pool[q];
        if (best == NULL) continue;
        if (best->n_members == 0) {
            int32_t n = 0;
            for (int32_t p = 0; p < f->n_points; p++)
                n += f->has_flow[flow * f->n_points + p];
            cp_log(&ctx->log, CP_LOG_WARN,
                   "forecast: %d points can have %s but the history shows "
                   "none anywhere; they are taken as 0",
                   (int)n, flow == CP_FLOW_WITHDRAWAL ? "withdrawals" : "deposits");
            continue;
        }
        for (int32_t q = 0; q < d->n_pools; q++) {
            cp_demand_pool *pool = &d->pool[q];
            if (pool->flow != (cp_flow)flow || pool->n_members > 0) continue;
            const cp_demand_pool *parent = pool->parent >= 0 ? &d->pool[pool->parent] : NULL;
            const cp_demand_pool *from = parent != NULL && parent->n_members > 0 ? parent : best;
            memcpy(pool->week, from->week, sizeof pool->week);
            pool->level_log = from->level_log;
            pool->level_sd = from->level_sd;
            pool->sigma = from->sigma;
            pool->special_scale = from->special_scale;
            pool->closed_slots = from->closed_slots;
            pool->closed_off = from->closed_off;
        }
    }
}

cp_status cp_demand_pools_make(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                               const cp_fit *fit, cp_forecast *f)
{
    cp_forecast_detail *d = f->detail;
    cp_day learn_end = 0;
    bool taken = false;
    CP_TRY(cp_kept_learn_end(ctx, history, fit, &learn_end));
    CP_TRY(make_calendars(ctx, net, history, learn_end, f));
    CP_TRY(assign_pools(ctx, net, f));
    CP_NEW(ctx, ctx->run, d->gram, CP_GRAM * (size_t)d->n_pools);
    CP_NEW(ctx, ctx->run, d->gram_days, d->n_pools);
    CP_TRY(cp_kept_new(ctx, f));
    CP_TRY(cp_clean_network(ctx, net, history, d->each, d->calendar));
    int32_t teach_days[CP_N_FLOWS] = {0};
    CP_TRY(look_over(ctx, history, f, teach_days));
    if (fit != NULL) CP_TRY(cp_kept_take(ctx, net, fit, f, &taken));
    if (taken) return CP_OK;
    /* The second round sees baselines that holidays no longer bend. */
    for (int32_t round = 0; round < 2; round++) {
        const cp_arena_mark mark = cp_arena_here(ctx->scratch);
        CP_TRY(learn_round(ctx, history, f, teach_days));
        cp_arena_rewind(ctx->scratch, mark);
    }
    borrow_parents(ctx, f);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/demand_keep.h"

#include <string.h>

#include "models/demand/demand_kept.h"

#define N_FIGURES 7 /* of a pool, see figures_of */
#define VALUES_OF_POOL 5
#define VALUES_OF_ROW 5
#define SHARED " fit" /* owners that begin with a blank are no codes */

/* Counts that give the numbers their places; another program may have others. */
static const double layout[] = {1,           CP_N_SINGLES,         CP_N_BANK,
                                CP_N_SCALES, CP_N_EFFECT_FAMILIES, CP_N_SLOTS};
#define N_LAYOUT ((int32_t)(sizeof layout / sizeof *layout))

cp_status cp_kept_new(cp_ctx *ctx, cp_forecast *f)
{
    cp_forecast_detail *d = f->detail;
    CP_NEW(ctx, ctx->run, d->kept, CP_N_FLOWS * (size_t)f->n_points);
    for (int32_t at = 0; at < CP_N_FLOWS * f->n_points; at++) {
        if (d->pool_of[at] < 0) continue;
        const cp_demand_calendar *c = d->calendar[d->pool[d->pool_of[at]].calendar + 1];
        CP_NEW(ctx, ctx->run, d->kept[at].dev, c->n_cols + 1);
    }
    return CP_OK;
}

static const char *pool_owner(cp_ctx *ctx, const cp_network *net, const cp_demand_pool *pool)
{
    const char *calendar = pool->calendar >= 0 ? net->rows.calendar[pool->calendar].code : "";
    if (pool->segment == NULL) return cp_strf(ctx, ctx->scratch, " all|%s", calendar);
    return cp_strf(ctx, ctx->scratch, " pool|%s|%d|%s", calendar, (int)pool->kind, pool->segment);
}

cp_status cp_kept_learn_end(cp_ctx *ctx, const cp_history *history, const cp_fit *fit, cp_day *out)
{
    const cp_day end = history->first_day + history->n_days;
    *out = end;
    if (fit == NULL) return CP_OK;
    const cp_fit_value *span = cp_fit_get(fit, SHARED, 0, "days");
    const cp_fit_value *of = cp_fit_get(fit, SHARED, 0, "layout");
    if (span == NULL || span->n != 2 || of == NULL || of->n != N_LAYOUT ||
        memcmp(of->value, layout, sizeof layout) != 0)
        CP_FAIL(ctx, CP_E_INPUT,
                "the fitted values are of another version of the program; fit anew");
    *out = (cp_day)span->value[1];
    if ((cp_day)span->value[0] != history->first_day || *out > end)
        CP_FAIL(ctx, CP_E_INPUT,
                "the history begins or ends earlier than the one that was fitted on; fit anew");
    return CP_OK;
}

/* The value with as many numbers as there should be; NULL where there is none. */
static cp_status find(cp_ctx *ctx, const cp_fit *fit, const char *owner, int32_t flow,
                      const char *name, int32_t n, const cp_fit_value **out)
{
    *out = cp_fit_get(fit, owner, flow, name);
    if (*out != NULL && n >= 0 && (*out)->n != n)
        CP_FAIL(ctx, CP_E_INPUT,
                "calendars have changed since the forecast was fitted (%s of%s%s: %d numbers "
                "instead of %d); fit anew",
                name, owner[0] == ' ' ? "" : " ", owner, (int)(*out)->n, (int)n);
    return CP_OK;
}

static void figures_of(const cp_demand_pool *pool, double figure[N_FIGURES])
{
    figure[0] = pool->n_members;
    figure[1] = pool->level_log;
    figure[2] = pool->level_sd;
    figure[3] = pool->sigma;
    figure[4] = pool->special_scale;
    figure[5] = pool->closed_slots;
    figure[6] = pool->closed_off;
}

/* Years that were not there take the effects of all. */
static void take_pool(const cp_demand_calendar *c, const cp_fit_value *const v[],
                      cp_demand_pool *pool)
{
    const double *figure = v[3]->value;
    memcpy(pool->effect, v[0]->value, (size_t)c->n_cols * sizeof(double));
    for (int32_t y = 0; y < c->n_years; y++)
        for (int32_t k = 0; k < c->n_cols; k++) {
            const int32_t at = y * c->n_cols + k;
            pool->effect_out[at] = at < v[1]->n ? v[1]->value[at] : pool->effect[k];
        }
    memcpy(pool->week, v[2]->value, sizeof pool->week);
    pool->n_members = (int32_t)figure[0];
    pool->level_log = figure[1];
    pool->level_sd = figure[2];
    pool->sigma = figure[3];
    pool->special_scale = figure[4];
    pool->closed_slots = (uint8_t)figure[5];
    pool->closed_off = figure[6] > 0;
}

static cp_status take_pools(cp_ctx *ctx, const cp_network *net, const cp_fit *fit, cp_forecast *f,
                            bool *all)
{
    cp_forecast_detail *d = f->detail;
    *all = true;
    for (int32_t q = 0; q < d->n_pools && *all; q++) {
        cp_demand_pool *pool = &d->pool[q];
        const cp_demand_calendar *c = d->calendar[pool->calendar + 1];
        const char *owner = pool_owner(ctx, net, pool);
        const cp_fit_value *v[5];
        if (owner == NULL) return CP_E_NOMEM;
        CP_TRY(find(ctx, fit, owner, (int32_t)pool->flow, "effect", c->n_cols, &v[0]));
        CP_TRY(find(ctx, fit, owner, (int32_t)pool->flow, "effect_out", -1, &v[1]));
        CP_TRY(find(ctx, fit, owner, (int32_t)pool->flow, "week", CP_N_SLOTS, &v[2]));
        CP_TRY(find(ctx, fit, owner, (int32_t)pool->flow, "figures", N_FIGURES, &v[3]));
        CP_TRY(find(ctx, fit, owner, (int32_t)pool->flow, "gram", CP_GRAM + 1, &v[4]));
        *all = v[0] != NULL && v[1] != NULL && v[2] != NULL && v[3] != NULL;
        if (!*all) break;
        take_pool(c, v, pool);
        if (v[4] == NULL) continue;
        memcpy(d->gram + (int64_t)q * CP_GRAM, v[4]->value, CP_GRAM * sizeof(double));
        d->gram_days[q] = v[4]->value[CP_GRAM];
    }
    return CP_OK;
}

static void take_note(const cp_fit_value *v, cp_demand_note *note)
{
    note->n_origins = (int32_t)v->value[0];
    note->score = (float)v->value[1];
    note->n_singles = (v->n - 2) / 3;
    for (int32_t k = 0; k < note->n_singles; k++) {
        note->single[k] = (uint8_t)v->value[2 + 3 * k];
        note->weight[k] = (float)v->value[3 + 3 * k];
        note->each[k] = (float)v->value[4 + 3 * k];
    }
}

static bool note_is_sound(const cp_fit_value *v)
{
    if (v->n < 2 || (v->n - 2) % 3 != 0 || (v->n - 2) / 3 > CP_N_SINGLES) return false;
    for (int32_t k = 2; k < v->n; k += 3)
        if (!(v->value[k] >= 0 && v->value[k] < CP_N_SINGLES)) return false;
    return true;
}

static cp_status take_row(cp_ctx *ctx, const cp_network *net, const cp_fit *fit, cp_forecast *f,
                          int32_t at)
{
    cp_forecast_detail *d = f->detail;
    cp_demand_kept *kept = &d->kept[at];
    const char *owner = net->points[at % f->n_points].code;
    const int32_t flow = at / f->n_points;
    const int32_t n_cols = d->calendar[d->pool[d->pool_of[at]].calendar + 1]->n_cols;
    const cp_fit_value *dev, *number, *note, *week, *weight;
    CP_TRY(find(ctx, fit, owner, flow, "effect", n_cols, &dev));
    CP_TRY(find(ctx, fit, owner, flow, "gains", CP_N_GAINS, &number));
    CP_TRY(find(ctx, fit, owner, flow, "models", -1, &note));
    CP_TRY(find(ctx, fit, owner, flow, "week", CP_N_SLOTS, &week));
    CP_TRY(find(ctx, fit, owner, flow, "weights", CP_N_SINGLES, &weight));
    for (int32_t k = 0; week != NULL && k < CP_N_SLOTS; k++)
        d->week_of[(int64_t)at * CP_N_SLOTS + k] = (float)week->value[k];
    if (dev == NULL || number == NULL || note == NULL || weight == NULL || !note_is_sound(note))
        return CP_OK;
    memcpy(kept->dev, dev->value, (size_t)n_cols * sizeof(double));
    memcpy(kept->gain, number->value, sizeof kept->gain);
    memcpy(kept->weight, weight->value, sizeof kept->weight);
    take_note(note, &kept->note);
    kept->taken = kept->gain[CP_GAIN_SCALE] >= 0 && kept->gain[CP_GAIN_SCALE] < CP_N_SCALES;
    return CP_OK;
}

cp_status cp_kept_take(cp_ctx *ctx, const cp_network *net, const cp_fit *fit, cp_forecast *f,
                       bool *all)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    CP_TRY(take_pools(ctx, net, fit, f, all));
    for (int32_t at = 0; at < CP_N_FLOWS * f->n_points && *all; at++)
        if (f->detail->pool_of[at] >= 0) CP_TRY(take_row(ctx, net, fit, f, at));
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

bool cp_kept_same_models(const cp_demand_kept *kept, const cp_filter_input *in)
{
    int32_t n = 0;
    for (int32_t k = 0; k < CP_N_SINGLES; k++) {
        if (!cp_single_fits(in, (cp_single)k)) continue;
        if (n >= kept->note.n_singles || kept->note.single[n] != k) return false;
        n++;
    }
    return kept->taken && n == kept->note.n_singles;
}

bool cp_kept_weights(const cp_demand_kept *kept, cp_rolled *r, cp_demand_note *note)
{
    if (!kept->taken || r->n_singles != kept->note.n_singles ||
        memcmp(r->single, kept->note.single, (size_t)r->n_singles) != 0)
        return false;
    memcpy(r->weight, kept->weight, sizeof r->weight);
    *note = kept->note;
    return true;
}

typedef struct keeper {
    cp_ctx *ctx;
    cp_fit *fit;
    const char *owner;
    int32_t flow;
} keeper;

static cp_status keep(const keeper *k, const char *name, const double *value, int32_t n)
{
    const cp_fit_value v = {
        .owner = k->owner, .flow = k->flow, .name = name, .n = n, .value = value};
    return cp_fit_put(k->ctx, k->fit, &v);
}

static cp_status keep_pool(cp_ctx *ctx, const cp_network *net, const cp_forecast_detail *d,
                           int32_t q, cp_fit *fit)
{
    const cp_demand_pool *pool = &d->pool[q];
    const cp_demand_calendar *c = d->calendar[pool->calendar + 1];
    const keeper k = {ctx, fit, pool_owner(ctx, net, pool), (int32_t)pool->flow};
    double figure[N_FIGURES], gram[CP_GRAM + 1];
    if (k.owner == NULL) return CP_E_NOMEM;
    figures_of(pool, figure);
    CP_TRY(keep(&k, "effect", pool->effect, c->n_cols));
    CP_TRY(keep(&k, "effect_out", pool->effect_out, c->n_years * c->n_cols));
    CP_TRY(keep(&k, "week", pool->week, CP_N_SLOTS));
    CP_TRY(keep(&k, "figures", figure, N_FIGURES));
    if (d->gram_days[q] <= 0) return CP_OK;
    memcpy(gram, d->gram + (int64_t)q * CP_GRAM, CP_GRAM * sizeof *gram);
    gram[CP_GRAM] = d->gram_days[q];
    return keep(&k, "gram", gram, CP_GRAM + 1);
}

static cp_status keep_row(cp_ctx *ctx, const cp_network *net, const cp_forecast *f, int32_t at,
                          cp_fit *fit)
{
    const cp_forecast_detail *d = f->detail;
    const cp_demand_kept *kept = &d->kept[at];
    const cp_demand_note *note = &d->note[at];
    const keeper k = {ctx, fit, net->points[at % f->n_points].code, at / f->n_points};
    double week[CP_N_SLOTS], figure[2 + 3 * CP_N_SINGLES] = {note->n_origins, (double)note->score};
    for (int32_t j = 0; j < CP_N_SLOTS; j++)
        week[j] = (double)d->week_of[(int64_t)at * CP_N_SLOTS + j];
    CP_TRY(keep(&k, "week", week, CP_N_SLOTS));
    if (!kept->fitted) return CP_OK; /* out of use: nothing was fitted */
    for (int32_t j = 0; j < note->n_singles; j++) {
        figure[2 + 3 * j] = note->single[j];
        figure[3 + 3 * j] = (double)note->weight[j];
        figure[4 + 3 * j] = (double)note->each[j];
    }
    CP_TRY(
        keep(&k, "effect", kept->dev, d->calendar[d->pool[d->pool_of[at]].calendar + 1]->n_cols));
    CP_TRY(keep(&k, "gains", kept->gain, CP_N_GAINS));
    CP_TRY(keep(&k, "models", figure, 2 + 3 * note->n_singles));
    return keep(&k, "weights", kept->weight, CP_N_SINGLES);
}

cp_status cp_forecast_fit_values(cp_ctx *ctx, const cp_network *net, const cp_history *history,
                                 const cp_forecast *f, cp_fit **out)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_forecast_detail *d = f->detail;
    const double days[2] = {history->first_day, history->first_day + history->n_days};
    if (d->kept == NULL)
        CP_FAIL(ctx, CP_E_INPUT, "a forecast that was not fitted has no fitted values");
    const int32_t rows = CP_N_FLOWS * f->n_points;
    CP_TRY(cp_fit_new(ctx, 2 + VALUES_OF_POOL * d->n_pools + VALUES_OF_ROW * rows, out));
    const keeper k = {ctx, *out, SHARED, 0};
    CP_TRY(keep(&k, "days", days, 2));
    CP_TRY(keep(&k, "layout", layout, N_LAYOUT));
    for (int32_t q = 0; q < d->n_pools; q++)
        CP_TRY(keep_pool(ctx, net, d, q, *out));
    for (int32_t at = 0; at < rows; at++)
        if (d->pool_of[at] >= 0) CP_TRY(keep_row(ctx, net, f, at, *out));
    cp_fit_sort(*out);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

int64_t cp_forecast_work(const cp_forecast *f)
{
    const cp_forecast_detail *d = f->detail;
    int64_t sum = d->work;
    for (int32_t at = 0; d->kept != NULL && at < CP_N_FLOWS * f->n_points; at++)
        sum += d->kept[at].work;
    return sum;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/forecast_record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static cp_minor whole(double minor)
{
    return (cp_minor)llrint(fmin(minor, (double)CP_MINOR_MAX));
}

static void fill_cells(const cp_forecast *f, const cp_forecast_parts *parts, const double *plain,
                       int64_t at, cp_forecast_cell *cell)
{
    for (int32_t d = 0; d < f->n_days; d++) {
        const int64_t i = at * f->n_days + d;
        cell[d] = (cp_forecast_cell){.mean_minor = whole(f->mean[i]),
                                     .override_minor = whole(f->mean[i]) - whole(plain[i]),
                                     .level_minor = parts->level[d],
                                     .week = parts->week[d],
                                     .calendar = parts->calendar[d],
                                     .event = parts->event[d],
                                     .rest = parts->rest[d]};
        for (int32_t k = 0; k < CP_N_QUANTILES; k++)
            cell[d].quantile_minor[k] = whole(f->quantile[i * CP_N_QUANTILES + k]);
    }
}

static cp_status fill_row(cp_ctx *ctx, const cp_forecast *f, const double *plain, int32_t point,
                          cp_forecast_row *row, cp_forecast_cell *cell)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_forecast_parts parts;
    CP_TRY(cp_forecast_parts_of(ctx, f, row->flow, point, &parts));
    row->from_segment = f->from_segment[point] != 0;
    row->score = parts.score;
    row->n_origins = parts.n_origins;
    row->n_singles = parts.n_singles;
    CP_NEW(ctx, ctx->run, row->single, parts.n_singles + 1);
    for (int32_t k = 0; k < parts.n_singles; k++)
        row->single[k] = parts.single[k];
    fill_cells(f, &parts, plain, (int64_t)row->flow * f->n_points + point, cell);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

typedef struct coded {
    const char *code;
    int32_t point;
} coded;

static int by_point_code(const void *a, const void *b)
{
    return strcmp(((const coded *)a)->code, ((const coded *)b)->code);
}

cp_status cp_forecast_record_make(cp_ctx *ctx, const cp_network *net, const cp_forecast *f,
                                  const double *plain, cp_forecast_record **out)
{
    cp_forecast_record *r = NULL;
    coded *list = NULL;
    const size_t rows = CP_N_FLOWS * (size_t)f->n_points;
    CP_NEW(ctx, ctx->run, r, 1);
    CP_NEW(ctx, ctx->run, r->row, rows + 1);
    CP_NEW(ctx, ctx->run, r->cell, rows * (size_t)f->n_days + 1);
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    CP_NEW(ctx, ctx->scratch, list, f->n_points + 1);
    for (int32_t p = 0; p < f->n_points; p++)
        list[p] = (coded){net->points[p].code, p};
    if (f->n_points > 1) qsort(list, (size_t)f->n_points, sizeof *list, by_point_code);
    for (int32_t k = 0; k < f->n_points; k++)
        for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
            if (!f->has_flow[(int64_t)flow * f->n_points + list[k].point]) continue;
            cp_forecast_row *row = &r->row[r->n_rows];
            row->point_code = list[k].code;
            row->flow = (cp_flow)flow;
            CP_TRY(fill_row(ctx, f, plain, list[k].point, row,
                            &r->cell[(int64_t)r->n_rows * f->n_days]));
            r->n_rows++;
        }
    cp_arena_rewind(ctx->scratch, mark);
    r->first_day = f->first_day;
    r->n_days = f->n_days;
    r->history_from = r->history_to = CP_DAY_NONE;
    r->n_repaired = f->n_repaired;
    r->method = r->version = r->made_by = r->created_utc = "";
    *out = r;
    return CP_OK;
}

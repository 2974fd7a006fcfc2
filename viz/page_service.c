/* SPDX-License-Identifier: GPL-3.0-or-later */
/* page_service.c - what each machine's loads achieve on fresh paths (models/plan/plan_service.h).
 */
#include <math.h>
#include <string.h>

#include "viz/page_column.h"
#include "viz/page_data.h"

#define PREFIX "point_service_"

static const char *const columns[] = {"asked_pct", "in_sample_pct",   "fresh_pct",
                                      "error_pct", "excess_step_pct", "step_less_pct"};
#define N_COLUMNS ((int32_t)(sizeof columns / sizeof *columns))

bool cp_page_is_point_kpi(const cp_kpi *kpi)
{
    return strncmp(kpi->name, PREFIX, sizeof PREFIX - 1) == 0;
}

static int32_t column_of(const char *name)
{
    for (int32_t c = 0; c < N_COLUMNS; c++)
        if (strcmp(name + sizeof PREFIX - 1, columns[c]) == 0) return c;
    return -1;
}

cp_status cp_page_write_service(cp_ctx *ctx, cp_json *json, const cp_export_plan *ex)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    const cp_record *record = ex->record;
    const int32_t n = ex->net->n_points;
    int32_t p = 0, n_found = 0;
    double *cell = NULL;
    CP_NEW(ctx, ctx->scratch, cell, (size_t)N_COLUMNS * (size_t)n + 1);
    for (int32_t i = 0; i < N_COLUMNS * n; i++)
        cell[i] = NAN;
    for (int32_t k = 0; k < record->n_kpis; k++) {
        if (!cp_page_is_point_kpi(&record->kpis[k])) continue;
        const int32_t c = column_of(record->kpis[k].name);
        int32_t tried = 0; /* they are stored in the order of the points */
        while (tried < n && strcmp(ex->net->points[p].code, record->kpis[k].scope) != 0) {
            p = p + 1 < n ? p + 1 : 0;
            tried++;
        }
        if (c < 0 || tried == n) continue;
        cell[c * n + p] = record->kpis[k].value;
        n_found++;
    }
    cp_json_object(json, "service");
    for (int32_t c = 0; c < N_COLUMNS; c++)
        COLUMN_REAL(json, columns[c], n_found > 0 ? n : 0, cell[c * n + k], 4);
    cp_json_end(json);
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/override_gain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

cp_status cp_override_gains_begin(cp_ctx *ctx, const cp_network *net, cp_override_gains **out)
{
    cp_override_gains *g = NULL;
    CP_NEW(ctx, ctx->run, g, 1);
    g->n_rows = net->rows.n_demand_override;
    g->only = -1;
    CP_NEW(ctx, ctx->run, g->row, g->n_rows + 1);
    for (int32_t i = 0; i < g->n_rows; i++) {
        g->row[i].name = net->rows.demand_override[i].code;
        g->row[i].row = i;
    }
    *out = g;
    return CP_OK;
}

static void add_cell(const cp_override_cell *cell, double actual, double weight, cp_gain_sums *to)
{
    to->n_days += weight;
    to->actual += weight * actual;
    to->without += weight * cell->before_minor;
    to->with += weight * cell->after_minor;
    to->error_without += weight * fabs(cell->before_minor - actual);
    to->error_with += weight * fabs(cell->after_minor - actual);
}

cp_status cp_override_gains_add(cp_ctx *ctx, const cp_network *net, const cp_history *known,
                                const cp_history *truth, const cp_forecast *forecast,
                                const double *weight, cp_override_gains *gains)
{
    const cp_arena_mark mark = cp_arena_here(ctx->run);
    cp_override_cell *cell = NULL;
    int32_t n = 0;
    CP_TRY(cp_overrides_trace(ctx, net, known, forecast, &cell, &n));
    for (int32_t i = 0; i < n; i++) {
        const cp_demand_override *o = &net->rows.demand_override[cell[i].row];
        const cp_minor y = cp_history_demand(truth, (cp_flow)o->flow, o->point, cell[i].day);
        if (y == CP_HISTORY_MISSING || (gains->only >= 0 && o->point != gains->only)) continue;
        add_cell(&cell[i], (double)y, weight[cell[i].day - forecast->first_day],
                 &gains->row[cell[i].row].sums);
    }
    cp_arena_rewind(ctx->run, mark);
    return CP_OK;
}

static void join(cp_gain_sums *to, const cp_gain_sums *from)
{
    to->n_rows += from->n_days > 0;
    to->n_days += from->n_days;
    to->actual += from->actual;
    to->without += from->without;
    to->with += from->with;
    to->error_without += from->error_without;
    to->error_with += from->error_with;
}

static int by_name(const void *a, const void *b)
{
    const cp_override_gain *x = a, *y = b;
    const int order = strcmp(x->name, y->name);
    return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

/* Rows under another name, sorted, then those of one name made one. */
static cp_status group(cp_ctx *ctx, const cp_network *net, const cp_override_gains *g, bool author,
                       cp_override_gain **out, int32_t *n)
{
    cp_override_gain *list = NULL;
    int32_t n_named = 0;
    CP_NEW(ctx, ctx->run, list, g->n_rows + 1);
    for (int32_t i = 0; i < g->n_rows; i++) {
        const cp_demand_override *o = &net->rows.demand_override[i];
        list[i] = g->row[i];
        list[i].name = author ? o->author : o->reason;
    }
    if (g->n_rows > 1) qsort(list, (size_t)g->n_rows, sizeof *list, by_name);
    for (int32_t i = 0; i < g->n_rows; i++) {
        const cp_override_gain own = list[i];
        if (own.sums.n_days <= 0) continue;
        if (n_named == 0 || strcmp(list[n_named - 1].name, own.name) != 0)
            list[n_named++] = (cp_override_gain){.name = own.name, .row = -1};
        join(&list[n_named - 1].sums, &own.sums);
    }
    *out = list;
    *n = n_named;
    return CP_OK;
}

cp_status cp_override_gains_finish(cp_ctx *ctx, const cp_network *net, cp_override_gains *gains)
{
    for (int32_t i = 0; i < gains->n_rows; i++) {
        gains->row[i].sums.n_rows = gains->row[i].sums.n_days > 0;
        join(&gains->total, &gains->row[i].sums);
    }
    CP_TRY(group(ctx, net, gains, true, &gains->author, &gains->n_authors));
    return group(ctx, net, gains, false, &gains->reason, &gains->n_reasons);
}

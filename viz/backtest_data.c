/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "viz/backtest_data.h"

#include <math.h>
#include <stdlib.h>

typedef struct writer {
    cp_ctx *ctx;
    const cp_network *net;
    const cp_backtest *b;
    cp_json json;
    double unit; /* minor units of a whole one */
    int32_t exponent;
} writer;

static const char *flow_name(int32_t flow)
{
    return flow == CP_FLOW_WITHDRAWAL ? "withdrawal" : "deposit";
}

static void write_meta(writer *w)
{
    const cp_backtest_opts *o = &w->b->opts;
    cp_json *json = &w->json;
    cp_json_object(json, "meta");
    cp_json_text(json, "bank", w->net->settings.bank_name);
    cp_json_text(json, "currency", w->net->rows.currency[w->net->currency].code);
    cp_json_int(json, "exponent", w->exponent);
    cp_json_int(json, "horizon_days", o->horizon_days);
    cp_json_int(json, "step_days", o->step_days);
    cp_json_int(json, "total_days", CP_BACKTEST_TOTAL_DAYS);
    cp_json_array_flat(json, "origins");
    for (int32_t k = 0; k < o->n_origins; k++)
        cp_json_day(json, NULL, w->b->first_day[k]);
    cp_json_end(json);
    cp_json_end(json);
}

static void write_score(cp_json *json, const char *key, const cp_backtest_score *s)
{
    cp_json_object_flat(json, key);
    cp_json_int(json, "n", s->n_days);
    cp_json_real(json, "smape_pct", s->smape_pct, 4);
    cp_json_real(json, "mase", s->mase, 4);
    cp_json_real(json, "wql", s->wql, 5);
    cp_json_real(json, "pinball_minor", s->pinball_minor, 0);
    cp_json_real(json, "cover50_pct", s->cover50_pct, 3);
    cp_json_real(json, "cover80_pct", s->cover80_pct, 3);
    cp_json_real(json, "cover95_pct", s->cover95_pct, 3);
    cp_json_real(json, "bias_pct", s->bias_pct, 4);
    cp_json_end(json);
}

static void write_points(writer *w)
{
    const cp_backtest *b = w->b;
    cp_json *json = &w->json;
    cp_json_array(json, "points");
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        for (int32_t p = 0; p < b->n_points; p++) {
            if (!b->has_flow[(int64_t)flow * b->n_points + p]) continue;
            const cp_point *point = &w->net->points[p];
            cp_json_object(json, NULL);
            cp_json_text(json, "code", point->code);
            cp_json_text(json, "name", point->name);
            cp_json_text(json, "segment", point->segment);
            cp_json_text(json, "kind", point->kind == CP_POINT_BRANCH ? "branch" : "atm");
            cp_json_text(json, "flow", flow_name(flow));
            write_score(json, "days", &b->point[flow][p]);
            write_score(json, "totals", &b->week_point[flow][p]);
            cp_json_end(json);
        }
    cp_json_end(json);
}

static void write_gain(cp_json *json, const char *key, const cp_gain_sums *s)
{
    cp_json_int(json, "overrides", s->n_rows);
    cp_json_real(json, "days", s->n_days, 2);
    cp_json_int(json, "actual_minor", llround(s->actual));
    cp_json_int(json, "without_minor", llround(s->without));
    cp_json_int(json, "with_minor", llround(s->with));
    cp_json_int(json, "error_without_minor", llround(s->error_without));
    cp_json_int(json, "error_with_minor", llround(s->error_with));
    cp_json_int(json, "gain_minor", llround(cp_gain_minor(s)));
    if (s->error_without > 0)
        cp_json_real(json, key, cp_gain_pct(s), 2);
    else
        cp_json_null(json, key);
}

static void write_group(writer *w, const char *key, const cp_override_gain *list, int32_t n)
{
    cp_json *json = &w->json;
    cp_json_array(json, key);
    for (int32_t i = 0; i < n; i++) {
        cp_json_object_flat(json, NULL);
        cp_json_text(json, "name", list[i].name);
        write_gain(json, "gain_pct", &list[i].sums);
        cp_json_end(json);
    }
    cp_json_end(json);
}

static void write_rows(writer *w)
{
    const cp_override_gains *g = w->b->gains;
    cp_json *json = &w->json;
    cp_json_array(json, "rows");
    for (int32_t i = 0; i < g->n_rows; i++) {
        const cp_demand_override *o = &w->net->rows.demand_override[i];
        if (g->row[i].sums.n_days <= 0) continue;
        cp_json_object_flat(json, NULL);
        cp_json_text(json, "code", o->code);
        cp_json_text(json, "point", w->net->points[o->point].code);
        cp_json_text(json, "flow", flow_name(o->flow));
        cp_json_text(json, "denomination",
                     o->denomination >= 0 ? w->net->denoms[o->denomination].code : "");
        cp_json_day(json, "from", o->first_day);
        cp_json_day(json, "to", o->last_day);
        cp_json_text(json, "author", o->author);
        cp_json_text(json, "reason", o->reason);
        write_gain(json, "gain_pct", &g->row[i].sums);
        cp_json_end(json);
    }
    cp_json_end(json);
}

static void write_overrides(writer *w)
{
    const cp_override_gains *g = w->b->gains;
    cp_json *json = &w->json;
    cp_json_object(json, "overrides");
    cp_json_int(json, "n", g->n_rows);
    cp_json_object_flat(json, "total");
    write_gain(json, "gain_pct", &g->total);
    cp_json_end(json);
    write_group(w, "authors", g->author, g->n_authors);
    write_group(w, "reasons", g->reason, g->n_reasons);
    write_rows(w);
    cp_json_end(json);
}

/* Whole units; small amounts with their decimals. */
static void write_amount(writer *w, float minor)
{
    if (isnan(minor)) {
        cp_json_null(&w->json, NULL);
        return;
    }
    const double value = (double)minor / w->unit;
    cp_json_real(&w->json, NULL, value, fabs(value) >= 1000 ? 0 : w->exponent);
}

#define DAY_COLUMN(w, name, field, day, n)                                                         \
    do {                                                                                           \
        cp_json_array_flat(&(w)->json, (name));                                                    \
        for (int32_t i = 0; i < (n); i++)                                                          \
            write_amount((w), (day)[i].field);                                                     \
        cp_json_end(&(w)->json);                                                                   \
    } while (0)

/* All origins of one machine and flow, one after the other. */
static void write_chart(writer *w, int32_t at)
{
    const cp_backtest *b = w->b;
    const int32_t n = b->opts.n_origins * b->opts.horizon_days;
    const cp_backtest_day *day = b->day + (int64_t)at * n;
    cp_json *json = &w->json;
    cp_json_object(json, NULL);
    cp_json_text(json, "code", w->net->points[at % b->n_points].code);
    cp_json_text(json, "flow", flow_name(at / b->n_points));
    DAY_COLUMN(w, "actual", actual, day, n);
    DAY_COLUMN(w, "mean", mean, day, n);
    DAY_COLUMN(w, "median", median, day, n);
    DAY_COLUMN(w, "lo50", lo50, day, n);
    DAY_COLUMN(w, "hi50", hi50, day, n);
    DAY_COLUMN(w, "lo80", lo80, day, n);
    DAY_COLUMN(w, "hi80", hi80, day, n);
    DAY_COLUMN(w, "lo95", lo95, day, n);
    DAY_COLUMN(w, "hi95", hi95, day, n);
    cp_json_array_flat(json, "hidden"); /* days that a fault hides */
    for (int32_t i = 0; i < n; i++)
        if (!day[i].scored && !isnan(day[i].actual)) cp_json_int(json, NULL, i);
    cp_json_end(json);
    cp_json_end(json);
}

typedef struct ranked {
    int32_t at;
    double actual;
} ranked;

static int by_demand(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    const int order = (x->actual < y->actual) - (x->actual > y->actual);
    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

static cp_status write_charts(writer *w)
{
    const cp_arena_mark mark = cp_arena_here(w->ctx->scratch);
    const cp_backtest *b = w->b;
    ranked *list = NULL;
    int32_t n = 0;
    CP_NEW(w->ctx, w->ctx->scratch, list, CP_N_FLOWS * (size_t)b->n_points);
    for (int32_t at = 0; at < CP_N_FLOWS * b->n_points; at++)
        if (b->has_flow[at]) list[n++] = (ranked){at, b->sums[at].actual};
    if (n > CP_BACKTEST_CHARTS_MAX) qsort(list, (size_t)n, sizeof *list, by_demand);
    const int32_t shown = n > CP_BACKTEST_CHARTS_MAX ? CP_BACKTEST_CHARTS_MAX : n;
    cp_json_int(&w->json, "charts_left_out", n - shown);
    cp_json_array(&w->json, "charts");
    for (int32_t i = 0; i < shown; i++)
        write_chart(w, list[i].at);
    cp_json_end(&w->json);
    cp_arena_rewind(w->ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_backtest_data_write(cp_ctx *ctx, const cp_network *net, const cp_backtest *b,
                                 bool charts, bool html, cp_outfile *out)
{
    writer w = {.ctx = ctx, .net = net, .b = b, .json = cp_json_start(out, !html, html)};
    cp_json *json = &w.json;
    w.exponent = net->rows.currency[net->currency].exponent;
    w.unit = pow(10, w.exponent);
    cp_json_object(json, NULL);
    cp_json_text(json, "schema", "cashplan.backtest/1");
    write_meta(&w);
    cp_json_object(json, "total");
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        cp_json_object(json, flow_name(flow));
        write_score(json, "days", &b->total[flow]);
        write_score(json, "totals", &b->week_total[flow]);
        cp_json_end(json);
    }
    cp_json_end(json);
    write_points(&w);
    write_overrides(&w);
    if (charts && b->day != NULL) CP_TRY(write_charts(&w));
    cp_json_end(json);
    cp_outfile_text(out, "\n");
    return CP_OK;
}

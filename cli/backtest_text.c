/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/backtest_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/quote.h"
#include "models/base/outfile.h"

static const char *const flow_names[CP_N_FLOWS] = {"withdrawal", "deposit"};

static void print_score(const char *name, const cp_backtest_score *s)
{
    char median[24];
    (void)snprintf(median, sizeof median, "%.3f", s->mase);
    printf("%-24s %8.2f %7s %8.4f %7.1f %5.1f %5.1f %8.2f %9" PRId64 "\n", name, s->smape_pct,
           median, s->wql, s->cover50_pct, s->cover80_pct, s->cover95_pct, s->bias_pct, s->n_days);
}

static void print_head(const char *first)
{
    printf("%-24s %8s %7s %8s %7s %5s %5s %8s %9s\n", first, "sMAPE %", "MASE", "WQL", "in 50 %",
           "80 %", "95 %", "bias %", "scored");
}

/* A machine and flow with its place in a ranking. */
typedef struct ranked {
    int32_t at;
    double mase;
} ranked;

static int by_mase(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    const int order = (x->mase < y->mase) - (x->mase > y->mase);
    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

static cp_status print_worst(cp_ctx *ctx, const cp_network *net, const cp_backtest *b,
                             int32_t n_worst)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    ranked *list = NULL;
    int32_t n = 0;
    CP_NEW(ctx, ctx->scratch, list, CP_N_FLOWS * (size_t)b->n_points);
    for (int32_t at = 0; at < CP_N_FLOWS * b->n_points; at++)
        if (b->sums[at].n > 0)
            list[n++] = (ranked){at, b->point[at / b->n_points][at % b->n_points].mase};
    if (n > 0) qsort(list, (size_t)n, sizeof *list, by_mase);
    if (n > 0 && n_worst > 0) {
        printf("\n");
        print_head("greatest scaled errors");
    }
    for (int32_t i = 0; i < n && i < n_worst; i++) {
        char name[64];
        const int32_t flow = list[i].at / b->n_points, p = list[i].at % b->n_points;
        (void)snprintf(name, sizeof name, "%.40s %s", net->points[p].code, flow_names[flow]);
        print_score(name, &b->point[flow][p]);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static void print_gain(const cp_network *net, const char *kind, const char *name,
                       const cp_gain_sums *s)
{
    const int32_t exponent = net->rows.currency[net->currency].exponent;
    char gain[40], before[40], share[32] = "";
    const double minor = cp_gain_minor(s);
    if (s->error_without > 0) (void)snprintf(share, sizeof share, " (%+.1f %%)", cp_gain_pct(s));
    printf("  %-7s %-20s %s %s%s in %d overrides on %.4g days; error without %s\n", kind,
           name[0] != '\0' ? name : "(not given)", minor < 0 ? "lost  " : "gained",
           cp_minor_text((cp_minor)llround(fabs(minor)), exponent, gain), share, (int)s->n_rows,
           s->n_days, cp_minor_text((cp_minor)llround(s->error_without), exponent, before));
}

static void print_gains(const cp_network *net, const cp_override_gains *g)
{
    if (g->n_rows == 0) return;
    printf("\noverrides: %d, of which %d can be measured\n", (int)g->n_rows, (int)g->total.n_rows);
    if (g->total.n_rows == 0) return;
    print_gain(net, "all", "", &g->total);
    for (int32_t i = 0; i < g->n_authors; i++)
        print_gain(net, "author", g->author[i].name, &g->author[i].sums);
    for (int32_t i = 0; i < g->n_reasons; i++)
        print_gain(net, "reason", g->reason[i].name, &g->reason[i].sums);
}

cp_status cp_backtest_print(cp_ctx *ctx, const cp_network *net, const cp_backtest *b,
                            int32_t n_worst)
{
    const cp_backtest_opts *o = &b->opts;
    char from[16], to[16], name[32];
    printf("%d origins, %d days apart, %d days ahead: %s to %s\n", (int)o->n_origins,
           (int)o->step_days, (int)o->horizon_days,
           cp_day_text(b->first_day[o->n_origins - 1], from),
           cp_day_text(b->first_day[0] + o->horizon_days - 1, to));
    print_head("");
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        (void)snprintf(name, sizeof name, "%ss, days", flow_names[flow]);
        print_score(name, &b->total[flow]);
        (void)snprintf(name, sizeof name, "%ss, %d days", flow_names[flow], CP_BACKTEST_TOTAL_DAYS);
        print_score(name, &b->week_total[flow]);
    }
    CP_TRY(print_worst(ctx, net, b, n_worst));
    print_gains(net, b->gains);
    return CP_OK;
}

static void csv_score(FILE *f, const char *code, int32_t flow, int32_t days,
                      const cp_backtest_score *s)
{
    cp_cli_quote_csv(f, code);
    fprintf(f, ",%s,%d,%" PRId64 ",%.4f,%.4f,%.5f,%.0f,%.3f,%.3f,%.3f,%.4f\n", flow_names[flow],
            (int)days, s->n_days, s->smape_pct, s->mase, s->wql, s->pinball_minor, s->cover50_pct,
            s->cover80_pct, s->cover95_pct, s->bias_pct);
}

cp_status cp_backtest_csv(cp_ctx *ctx, const cp_network *net, const cp_backtest *b,
                          const char *path)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_outfile out;
    CP_TRY(cp_outfile_open(ctx, path, &out));
    cp_outfile_text(&out, "point,flow,days,scored,smape_pct,mase,wql,pinball_minor,cover50_pct,"
                          "cover80_pct,cover95_pct,bias_pct\n");
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
        csv_score(out.file, "", flow, 1, &b->total[flow]);
        csv_score(out.file, "", flow, CP_BACKTEST_TOTAL_DAYS, &b->week_total[flow]);
        for (int32_t p = 0; p < b->n_points; p++) {
            if (!b->has_flow[(int64_t)flow * b->n_points + p]) continue;
            csv_score(out.file, net->points[p].code, flow, 1, &b->point[flow][p]);
            csv_score(out.file, net->points[p].code, flow, CP_BACKTEST_TOTAL_DAYS,
                      &b->week_point[flow][p]);
        }
    }
    const cp_status st = cp_outfile_close(ctx, &out, CP_OK);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

static void csv_gain(FILE *f, const cp_network *net, const cp_override_gain *gain)
{
    const cp_demand_override *o = &net->rows.demand_override[gain->row];
    const cp_gain_sums *s = &gain->sums;
    char from[16], to[16];
    cp_cli_quote_csv(f, o->code);
    fputc(',', f);
    cp_cli_quote_csv(f, net->points[o->point].code);
    fprintf(f, ",%s,", flow_names[o->flow]);
    cp_cli_quote_csv(f, o->denomination >= 0 ? net->denoms[o->denomination].code : "");
    fprintf(f, ",%s,%s,", cp_day_text(o->first_day, from), cp_day_text(o->last_day, to));
    cp_cli_quote_csv(f, o->author);
    fputc(',', f);
    cp_cli_quote_csv(f, o->reason);
    fprintf(f, ",%.4g,%.0f,%.0f,%.0f,%.0f,%.0f,%.0f,", s->n_days, s->actual, s->without, s->with,
            s->error_without, s->error_with, cp_gain_minor(s));
    if (s->error_without > 0) fprintf(f, "%.2f", cp_gain_pct(s));
    fputc('\n', f);
}

cp_status cp_override_gains_csv(cp_ctx *ctx, const cp_network *net, const cp_override_gains *gains,
                                const char *path)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_outfile out;
    CP_TRY(cp_outfile_open(ctx, path, &out));
    cp_outfile_text(&out, "override,point,flow,denomination,first_day,last_day,author,reason,days,"
                          "actual_minor,without_minor,with_minor,error_without_minor,"
                          "error_with_minor,gain_minor,gain_pct\n");
    for (int32_t i = 0; i < gains->n_rows; i++)
        if (gains->row[i].sums.n_days > 0) csv_gain(out.file, net, &gains->row[i]);
    const cp_status st = cp_outfile_close(ctx, &out, CP_OK);
    cp_arena_rewind(ctx->scratch, mark);
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_forecast.c - cashplan forecast: demand of the days to come, as CSV or JSON. */
#include <inttypes.h>
#include <math.h>

#include "cli/cmd.h"
#include "cli/load.h"
#include "cli/quote.h"
#include "models/demand/override.h"
#include "solver/run/demand_run.h"

typedef struct forecast_args {
    cp_day date;
    int32_t days;
    const char *point;
} forecast_args;

static int read_args(cp_cli *cli, forecast_args *a)
{
    const cp_option options[] = {
        {"date", CP_OPT_DAY, &a->date, "DAY", "first forecast day (required)", 0, 0},
        {"days", CP_OPT_INT, &a->days, "N", "days to forecast (14)", 1, 366},
        {"point", CP_OPT_TEXT, &a->point, "CODE", "this machine or branch only", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "forecast",
        "",
        "Print expected demand and its quantiles by point, flow and day, in minor units, from the\n"
        "history before --date, with planners' overrides laid over. Nothing is stored. A day's "
        "quantiles must not be added up over\n"
        "days: plans use whole sample paths instead.",
        options,
        0,
        0};
    const int code = cp_args_read(cli, &usage);
    if (code != CP_ARGS_GO) return code;
    if (a->date == CP_DAY_NONE) return cp_cli_misuse(cli, "forecast: --date DAY is required");
    return CP_ARGS_GO;
}

static void print_head(const cp_forecast *f, bool json)
{
    if (json) {
        printf("{\"repaired_values\": %d, \"forecast\": [", (int)f->n_repaired);
        return;
    }
    printf("point,flow,day,new,mean_minor");
    for (int32_t k = 0; k < CP_N_QUANTILES; k++)
        printf(",q%d_minor", (int)cp_quantile_pct[k]);
    putchar('\n');
}

static void print_day(const cp_network *net, const cp_forecast *f, cp_flow flow, int32_t point,
                      int32_t d, bool json)
{
    const int64_t cell = ((int64_t)flow * f->n_points + point) * f->n_days + d;
    const char *flow_name = flow == CP_FLOW_WITHDRAWAL ? "withdrawal" : "deposit";
    char day[16];
    cp_day_text(f->first_day + d, day);
    if (json) printf("{\"point\": ");
    (json ? cp_cli_quote_json : cp_cli_quote_csv)(stdout, net->points[point].code);
    if (json)
        printf(", \"flow\": \"%s\", \"day\": \"%s\", \"new\": %s, \"mean_minor\": %" PRId64
               ", \"quantiles_minor\": [",
               flow_name, day, f->from_segment[point] ? "true" : "false",
               (int64_t)llrint(f->mean[cell]));
    else
        printf(",%s,%s,%d,%" PRId64, flow_name, day, (int)f->from_segment[point],
               (int64_t)llrint(f->mean[cell]));
    for (int32_t k = 0; k < CP_N_QUANTILES; k++)
        printf("%s%" PRId64, json && k == 0 ? "" : ",",
               (int64_t)llrint(f->quantile[cell * CP_N_QUANTILES + k]));
    printf(json ? "]}" : "\n");
}

static void print_all(const cp_network *net, const cp_forecast *f, int32_t only, bool json)
{
    bool first = true;
    print_head(f, json);
    for (int32_t p = 0; p < f->n_points; p++)
        for (int32_t flow = 0; flow < CP_N_FLOWS; flow++) {
            if (!f->has_flow[flow * f->n_points + p] || (only >= 0 && p != only)) continue;
            for (int32_t d = 0; d < f->n_days; d++) {
                if (json) printf("%s\n", first ? "" : ",");
                print_day(net, f, (cp_flow)flow, p, d, json);
                first = false;
            }
        }
    if (json) printf("]}\n");
}

static cp_status make_forecast(cp_cli *cli, const forecast_args *a)
{
    cp_loaded in;
    cp_forecast *f = NULL;
    int32_t only = -1; /* every point */
    CP_TRY(cp_cli_load(cli, a->date, 1, 0, &in));
    if (a->point != NULL) CP_TRY(cp_cli_find_point(cli, in.net, a->point, &only));
    CP_TRY(cp_demand_run(&cli->ctx, in.net, in.history, a->date, a->days, NULL, &f));
    cp_cli_progress_end(cli);
    for (int32_t i = 0; f->overrides != NULL && i < f->overrides->n_effects && !cli->quiet; i++) {
        const char *text = cp_override_text(&cli->ctx, in.net, &f->overrides->effect[i]);
        if (text == NULL) return CP_E_NOMEM;
        cp_cli_note(cli, "%s", text);
    }
    print_all(in.net, f, only, cli->json);
    return CP_OK;
}

int cp_cmd_forecast(cp_cli *cli)
{
    forecast_args a = {CP_DAY_NONE, 14, NULL};
    const int code = read_args(cli, &a);
    if (code != CP_ARGS_GO) return code;
    return make_forecast(cli, &a) == CP_OK ? CP_EXIT_DONE : cp_cli_fail(cli);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_servicer.c - cashplan servicer: center or branch, machine by machine. */
#include <inttypes.h>

#include "cli/cmd.h"
#include "cli/load.h"
#include "cli/quote.h"
#include "cli/servicer_text.h"
#include "solver/run/servicer_run.h"

static int read_args(cp_cli *cli, int64_t *plan_id)
{
    const cp_option options[] = {
        {"plan", CP_OPT_INT64, plan_id, "N", "number of the plan; default: the latest", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "servicer",
        "",
        "For every machine that the center or its branch may service (serviced_by = either): what\n"
        "each would cost over the days of a stored plan if the machine stood alone, who comes in\n"
        "the plan, and the break-even volume: the daily withdrawals at which both cost the same,\n"
        "found by planning the machine with its demand scaled. Nothing is stored.",
        options,
        0,
        0};
    return cp_args_read(cli, &usage);
}

static const char *cost(const cp_network *net, cp_minor amount, char *buf)
{
    return amount < 0 ? "-" : cp_servicer_money(net, amount, buf);
}

static void print_text(const cp_network *net, const cp_servicer_row *rows, int32_t n)
{
    char a[40], b[40], c[40], d[80];
    printf("%-12s %16s %16s %16s %9s  %s\n", "machine", "withdrawn a day", "by the center",
           "by the branch", "in plan", "break-even a day");
    for (int32_t i = 0; i < n; i++) {
        const cp_servicer_study *s = &rows[i].study;
        printf("%-12s %16s %16s %16s %4d/%-4d  %s\n", net->points[s->point].code,
               cp_servicer_money(net, s->volume_minor, a), cost(net, s->center_minor, b),
               cost(net, s->branch_minor, c), (int)rows[i].by_center, (int)rows[i].by_branch,
               cp_servicer_break_even(net, s, d));
    }
    if (n == 0) printf("no machine is serviced by either\n");
}

static void print_json(const cp_network *net, int64_t plan_id, const cp_servicer_row *rows,
                       int32_t n)
{
    printf("{\"plan\": %" PRId64 ", \"machines\": [", plan_id);
    for (int32_t i = 0; i < n; i++) {
        printf("%s{\"machine\": ", i > 0 ? ", " : "");
        cp_cli_quote_json(stdout, net->points[rows[i].study.point].code);
        printf(", \"visits_by_center\": %d, \"visits_by_branch\": %d, \"servicer\": ",
               (int)rows[i].by_center, (int)rows[i].by_branch);
        cp_servicer_json(&rows[i].study);
        printf("}");
    }
    printf("]}\n");
}

static cp_status report(cp_cli *cli, int64_t plan_id)
{
    cp_stored_plan *stored = NULL;
    cp_loaded in;
    cp_servicer_row *rows = NULL;
    int32_t n = 0;
    CP_TRY(cp_cli_load_plan(cli, plan_id, &stored));
    CP_TRY(cp_cli_load(cli, stored->plan->first_day, stored->plan->n_days, 0, &in));
    const cp_servicer_run_ask ask = {in.net, in.balance_day, in.history, stored->plan,
                                     stored->record->seed};
    CP_TRY(cp_servicer_run(&cli->ctx, &ask, &rows, &n));
    cp_cli_progress_end(cli);
    if (cli->json)
        print_json(in.net, stored->plan_id, rows, n);
    else
        print_text(in.net, rows, n);
    return CP_OK;
}

int cp_cmd_servicer(cp_cli *cli)
{
    int64_t plan_id = 0;
    const int code = read_args(cli, &plan_id);
    if (code != CP_ARGS_GO) return code;
    return report(cli, plan_id) == CP_OK ? CP_EXIT_DONE : cp_cli_fail(cli);
}

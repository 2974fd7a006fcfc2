/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_likeness.c - cashplan likeness: how alike routes are with earlier ones, what less costs. */
#include <inttypes.h>

#include "cli/cmd.h"
#include "cli/likeness_text.h"
#include "cli/load.h"

#define WORK_SHARE 2 /* route iterations a stop, per unit of --work, as in plan */

typedef struct likeness_args {
    int64_t plan_id;
    cp_day date;
    const char *vault;
    bool cost;
} likeness_args;

static int read_args(cp_cli *cli, likeness_args *a)
{
    const cp_option options[] = {
        {"plan", CP_OPT_INT64, &a->plan_id, "N", "number of the plan; default: the latest", 0, 0},
        {"date", CP_OPT_DAY, &a->date, "DAY",
         "this day alone; with --cost the default is the plan's first day", 0, 0},
        {"vault", CP_OPT_TEXT, &a->vault, "CODE", "this vault alone", 0, 0},
        {"cost", CP_OPT_FLAG, &a->cost, NULL,
         "route the day again at several prices and list what less likeness costs", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "likeness",
        "",
        "How alike the routes of each day of a stored plan are with those of the days before\n"
        "(setting likeness_days): in all, by ways driven again, by the order of stops and by "
        "sites\n"
        "reached at the same time of day, with the most alike day. Earlier days are those of "
        "plans\n"
        "that were approved, and the plan's own.\n"
        "--cost: the stops of one day are routed anew at rising prices of a point of likeness; "
        "only\n"
        "routes that no others beat in both cost and likeness are listed. --work N: 2 N route\n"
        "iterations a stop. Nothing is stored; settings likeness_limit_pct and "
        "likeness_price_minor\n"
        "make the next plan keep what was chosen.",
        options,
        0,
        0};
    return cp_args_read(cli, &usage);
}

/* -1 where none is asked for. */
static cp_status resolve(cp_cli *cli, const likeness_args *a, const cp_stored_plan *stored,
                         int32_t *t, int32_t *vault)
{
    *t = a->cost ? 0 : -1;
    if (a->date != CP_DAY_NONE) CP_TRY(cp_cli_find_day(cli, stored, a->date, t));
    return cp_cli_find_vault(cli, stored->net, a->vault, vault);
}

static cp_status list_cost(cp_cli *cli, const cp_stored_plan *stored, int32_t t, int32_t vault)
{
    const cp_network *net = stored->net;
    cp_drives *past = NULL;
    const char *sep = "";
    CP_TRY(cp_cli_load_drives(cli, net, &past));
    if (cli->json) printf("{\"plan\": %" PRId64 ", \"days\": [", stored->plan_id);
    for (int32_t v = 0; v < net->n_vaults; v++) {
        const cp_likeness_ask ask = {
            net, stored->plan, past, t, v, cli->ctx.work * WORK_SHARE, stored->record->seed};
        cp_likeness_levels levels;
        if (vault >= 0 && v != vault) continue;
        cp_progress(&cli->ctx, "routes at several prices", v, net->n_vaults);
        CP_TRY(cp_likeness_run(&cli->ctx, &ask, &levels));
        cp_cli_progress_end(cli);
        if (levels.n == 0) continue;
        if (cli->json) printf("%s", sep);
        sep = ", ";
        if (cli->json)
            cp_levels_json(stdout, net, &ask, &levels);
        else
            cp_levels_print(stdout, net, &ask, &levels);
    }
    if (cli->json) printf("]}\n");
    return CP_OK;
}

static cp_status report(cp_cli *cli, const likeness_args *a)
{
    cp_stored_plan *stored = NULL;
    int32_t t = -1, vault = -1;
    CP_TRY(cp_cli_load_plan(cli, a->plan_id, &stored));
    CP_TRY(resolve(cli, a, stored, &t, &vault));
    if (a->cost) return list_cost(cli, stored, t, vault);
    if (!cli->json) {
        cp_likeness_print(stdout, stored->net, stored->plan, t, vault);
        return CP_OK;
    }
    printf("{\"plan\": %" PRId64 ", ", stored->plan_id);
    cp_likeness_json(stdout, stored->net, stored->plan);
    printf("}\n");
    return CP_OK;
}

int cp_cmd_likeness(cp_cli *cli)
{
    likeness_args a = {.date = CP_DAY_NONE};
    const int code = read_args(cli, &a);
    if (code != CP_ARGS_GO) return code;
    return report(cli, &a) == CP_OK ? CP_EXIT_DONE : cp_cli_fail(cli);
}

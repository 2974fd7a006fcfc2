/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_approve.c - `cashplan approve`: the second pair of eyes. */
#include "cli/cmd.h"
#include "data/store/plan_store.h"

int cp_cmd_approve(cp_cli *cli)
{
    int64_t plan_id = 0;
    const cp_option options[] = {
        {"plan", CP_OPT_INT64, &plan_id, "N", "number of the plan", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "approve",
        "",
        "Marks a proposed plan as approved. The maker of a plan cannot approve it: --by names the\n"
        "second person. Exports say whether a plan is proposed or approved.",
        options,
        0,
        0};
    const int end = cp_args_read(cli, &usage);
    if (end != CP_ARGS_GO) return end;
    if (plan_id == 0) return cp_cli_misuse(cli, "approve: --plan N is missing");
    if (cli->by == NULL) return cp_cli_misuse(cli, "approve: --by NAME is missing");
    cp_db *db = NULL;
    cp_status st = cp_cli_open(cli, CP_DB_WRITE, &db);
    if (st == CP_OK) st = cp_plan_store_approve(&cli->ctx, db, plan_id, cli->by);
    cp_db_close(db);
    if (st != CP_OK) return cp_cli_fail(cli);
    if (cli->json)
        printf("{\"plan\": %lld, \"status\": \"approved\"}\n", (long long)plan_id);
    else
        printf("plan %lld approved by %s\n", (long long)plan_id, cli->by);
    return CP_EXIT_DONE;
}

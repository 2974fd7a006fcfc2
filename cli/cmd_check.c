/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_check.c - `cashplan check`: can a plan be made from what is stored? */
#include "cli/cmd.h"
#include "cli/issues.h"
#include "cli/quote.h"
#include "cli/roads.h"

#include "data/store/history_store.h"
#include "data/store/road_store.h"
#include "models/net/network_check.h"

/* The day after the latest balance is the one that would be planned next. */
static cp_day next_day(const cp_rows *rows)
{
    cp_day last = CP_DAY_NONE;
    for (int32_t i = 0; i < rows->n_balance; i++)
        if (rows->balance[i].day > last) last = rows->balance[i].day;
    return last == CP_DAY_NONE ? CP_DAY_NONE : last + 1;
}

static void print_text(cp_cli *cli, const cp_network *net, const cp_issues *issues)
{
    char day[16];
    cp_cli_issues_note(cli, issues, true);
    printf("sites %d, points %d, cassettes %d, vaults %d, cars %d; days %d from %s; "
           "errors %lld, warnings %lld\n",
           (int)net->n_sites, (int)net->n_points, (int)net->n_cassettes, (int)net->n_vaults,
           (int)net->n_cars, (int)net->n_days, cp_day_text(net->first_day, day),
           (long long)(issues->n_errors + issues->n_no_plan), (long long)issues->n_warnings);
}

static void print_json(const cp_issues *issues)
{
    static const char *const severity[] = {"error", "no_plan", "warning"};
    printf("{\"errors\": %lld, \"no_plan\": %lld, \"warnings\": %lld, \"issues\": [",
           (long long)issues->n_errors, (long long)issues->n_no_plan,
           (long long)issues->n_warnings);
    for (int32_t i = 0; i < issues->n; i++) {
        const cp_issue *issue = &issues->list[i];
        printf("%s\n  {\"severity\": \"%s\", \"entity\": ", i > 0 ? "," : "",
               severity[issue->severity]);
        cp_cli_quote_json(stdout, issue->entity);
        printf(", \"code\": ");
        cp_cli_quote_json(stdout, issue->code);
        printf(", \"field\": ");
        cp_cli_quote_json(stdout, issue->field);
        printf(", \"text\": ");
        cp_cli_quote_json(stdout, issue->text);
        putchar('}');
    }
    printf("]}\n");
}

static cp_status load(cp_cli *cli, cp_rows *rows)
{
    cp_db *db = NULL;
    cp_status st = cp_cli_open(cli, CP_DB_READ, &db);
    if (st == CP_OK) st = cp_db_verify(&cli->ctx, db);
    if (st == CP_OK) st = cp_network_load(&cli->ctx, db, rows);
    cp_db_close(db);
    return st;
}

static cp_status build(cp_cli *cli, const cp_rows *rows, cp_day day, int32_t n_days,
                       cp_network **out)
{
    cp_db *db = NULL;
    cp_day *balance_day = NULL;
    CP_TRY(cp_cli_open(cli, CP_DB_READ, &db));
    const cp_status st = cp_roads_build(&cli->ctx, db, rows, day, n_days, out, &balance_day);
    cp_db_close(db);
    return st;
}

int cp_cmd_check(cp_cli *cli)
{
    cp_day day = CP_DAY_NONE;
    int32_t horizon = 0;
    const cp_option options[] = {
        {"date", CP_OPT_DAY, &day, "DAY", "first day of the plan (day after the last balance)", 0,
         0},
        {"horizon", CP_OPT_INT, &horizon, "N", "days of the plan (setting horizon_days)", 1, 60},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "check",
        "",
        "Looks for damage of the database and for everything that would stop a plan or make it\n"
        "doubtful. Exit codes: 0 a plan can be made, 1 data are wrong, 3 the data make sense and "
        "no "
        "plan\n"
        "can keep their hard limits (no car, a window no shift meets). Where there is a road "
        "graph, "
        "its\n"
        "shortest times are computed and kept when roads, sites or vaults have changed.",
        options,
        0,
        0};
    const int end = cp_args_read(cli, &usage);
    if (end != CP_ARGS_GO) return end;
    cp_rows rows;
    if (load(cli, &rows) != CP_OK) return cp_cli_fail(cli);
    if (day == CP_DAY_NONE) day = next_day(&rows);
    if (day == CP_DAY_NONE)
        return cp_cli_misuse(cli, "check: no balances are stored; name the day with --date");
    cp_network *net = NULL;
    cp_issues *issues = NULL;
    cp_cli_roads(cli, NULL, &rows);
    cp_status st = build(cli, &rows, day, horizon, &net);
    if (st == CP_OK) st = cp_network_check(&cli->ctx, net, &issues);
    if (st != CP_OK) return cp_cli_fail(cli);
    cp_cli_progress_end(cli);
    if (cli->json)
        print_json(issues);
    else
        print_text(cli, net, issues);
    return cp_cli_issues_code(issues);
}

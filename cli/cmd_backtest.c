/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_backtest.c - cashplan backtest: how wrong the forecast would have been. */
#include "cli/backtest_text.h"
#include "cli/cmd.h"
#include "cli/load.h"
#include "solver/run/backtest_run.h"
#include "viz/report.h"

typedef struct backtest_args {
    cp_day date;
    cp_backtest_opts opts;
    const char *machine, *csv, *gains_csv, *page;
    int32_t n_worst;
} backtest_args;

static int read_args(cp_cli *cli, backtest_args *a)
{
    const cp_option options[] = {
        {"date", CP_OPT_DAY, &a->date, "DAY", "use the history before this day; default: all of it",
         0, 0},
        {"origins", CP_OPT_INT, &a->opts.n_origins, "N", "forecasts made in the past (4)", 1, 1000},
        {"step", CP_OPT_INT, &a->opts.step_days, "DAYS", "between two of them (14)", 1, 366},
        {"horizon", CP_OPT_INT, &a->opts.horizon_days, "DAYS", "each looks ahead (28)", 1, 366},
        {"machine", CP_OPT_TEXT, &a->machine, "CODE", "score this machine or branch only", 0, 0},
        {"worst", CP_OPT_INT, &a->n_worst, "N", "machines of greatest error in the table (10)", 0,
         1000000},
        {"csv", CP_OPT_TEXT, &a->csv, "FILE.csv", "scores by machine, flow and span", 0, 0},
        {"overrides-csv", CP_OPT_TEXT, &a->gains_csv, "FILE.csv", "what each override gained", 0,
         0},
        {"page", CP_OPT_TEXT, &a->page, "FILE.html", "scores, charts and overrides as a page", 0,
         0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "backtest",
        "",
        "Forecast from several days of the past, each time knowing only what was known then, and\n"
        "compare with what came, day by day and in totals of 7 days. Days with a fault bit or\n"
        "without a record are not scored. Planners' overrides of past days are measured too: how\n"
        "much nearer to what came they brought the forecast, by author and by reason.",
        options,
        0,
        0};
    return cp_args_read(cli, &usage);
}

/* The day after the last stored day of history, when no other is asked for. */
static cp_status find_end(cp_cli *cli, cp_day *date)
{
    cp_db *db = NULL;
    cp_day from = CP_DAY_NONE, to = CP_DAY_NONE;
    if (*date != CP_DAY_NONE) return CP_OK;
    CP_TRY(cp_cli_open(cli, CP_DB_READ, &db));
    const cp_status st = cp_history_span(&cli->ctx, db, &from, &to);
    cp_db_close(db);
    CP_TRY(st);
    if (to == CP_DAY_NONE)
        CP_FAIL(&cli->ctx, CP_E_INPUT, "there is no history; import it first (cashplan import)");
    *date = to + 1;
    return CP_OK;
}

/* The document goes to the screen as it is. */
static cp_status print_json(cp_cli *cli, const cp_network *net, const cp_backtest *b)
{
    cp_outfile out = {.file = stdout};
    return cp_backtest_data_write(&cli->ctx, net, b, false, false, &out);
}

static cp_status write_files(cp_cli *cli, const backtest_args *a, const cp_network *net,
                             const cp_backtest *b)
{
    if (a->csv != NULL) CP_TRY(cp_backtest_csv(&cli->ctx, net, b, a->csv));
    if (a->gains_csv != NULL) CP_TRY(cp_override_gains_csv(&cli->ctx, net, b->gains, a->gains_csv));
    if (a->page != NULL) CP_TRY(cp_report_backtest(&cli->ctx, net, b, a->page));
    return CP_OK;
}

static cp_status run_backtest(cp_cli *cli, backtest_args *a)
{
    cp_loaded in;
    cp_backtest *b = NULL;
    if (a->page != NULL && !cp_report_available())
        CP_FAIL(&cli->ctx, CP_E_INPUT,
                "--page: this program was built without the page (npm run build in viz/page)");
    CP_TRY(find_end(cli, &a->date));
    CP_TRY(cp_cli_load(cli, a->date, 1, 0, &in));
    if (a->machine != NULL) CP_TRY(cp_cli_find_point(cli, in.net, a->machine, &a->opts.only));
    a->opts.keep = a->page != NULL;
    CP_TRY(cp_backtest_run_jobs(&cli->ctx, in.net, in.history, &a->opts, &b));
    cp_cli_progress_end(cli);
    CP_TRY(write_files(cli, a, in.net, b));
    if (cli->json) return print_json(cli, in.net, b);
    return cp_backtest_print(&cli->ctx, in.net, b, a->n_worst);
}

int cp_cmd_backtest(cp_cli *cli)
{
    backtest_args a = {.date = CP_DAY_NONE, .opts = cp_backtest_defaults(), .n_worst = 10};
    const int code = read_args(cli, &a);
    if (code != CP_ARGS_GO) return code;
    return run_backtest(cli, &a) == CP_OK ? CP_EXIT_DONE : cp_cli_fail(cli);
}

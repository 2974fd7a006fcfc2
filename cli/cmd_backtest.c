/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_backtest.c - cashplan backtest: how wrong the forecast would have been. */
#include <inttypes.h>

#include "cli/cmd.h"
#include "cli/load.h"
#include "models/demand/backtest.h"

typedef struct backtest_args {
    cp_day date;
    cp_backtest_opts opts;
} backtest_args;

static int read_args(cp_cli *cli, backtest_args *a)
{
    const cp_option options[] = {
        {"date", CP_OPT_DAY, &a->date, "DAY", "use the history before this day; default: all of it",
         0, 0},
        {"origins", CP_OPT_INT, &a->opts.n_origins, "N", "forecasts made in the past (4)", 1, 1000},
        {"step", CP_OPT_INT, &a->opts.step_days, "DAYS", "between two of them (14)", 1, 366},
        {"horizon", CP_OPT_INT, &a->opts.horizon_days, "DAYS", "each looks ahead (28)", 1, 366},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "backtest",
        "",
        "Forecast from several days of the past, each time knowing only what was known then, and\n"
        "compare with what came. Days with a fault bit or without a record are not scored.",
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

static void print_score(const char *flow, const cp_backtest_score *s, bool json, bool first)
{
    if (json)
        printf("%s\"%s\": {\"smape_pct\": %.4f, \"mase\": %.4f, \"wql\": %.5f, \"cover80_pct\": "
               "%.3f, \"bias_pct\": %.4f, \"days\": %" PRId64 "}",
               first ? "{" : ", ", flow, s->smape_pct, s->mase, s->wql, s->cover80_pct, s->bias_pct,
               s->n_days);
    else
        printf("%-11s sMAPE %.2f %%   MASE %.3f   WQL %.4f   80 %% interval holds %.1f %%   bias "
               "%+.2f %%   %" PRId64 " machine-days\n",
               flow, s->smape_pct, s->mase, s->wql, s->cover80_pct, s->bias_pct, s->n_days);
}

static cp_status run_backtest(cp_cli *cli, backtest_args *a)
{
    cp_loaded in;
    cp_backtest *b = NULL;
    CP_TRY(find_end(cli, &a->date));
    CP_TRY(cp_cli_load(cli, a->date, 1, 0, &in));
    CP_TRY(cp_backtest_run(&cli->ctx, in.net, in.history, &a->opts, &b));
    cp_cli_progress_end(cli);
    print_score("withdrawals", &b->total[CP_FLOW_WITHDRAWAL], cli->json, true);
    print_score("deposits", &b->total[CP_FLOW_DEPOSIT], cli->json, false);
    if (cli->json) printf("}\n");
    return CP_OK;
}

int cp_cmd_backtest(cp_cli *cli)
{
    backtest_args a = {CP_DAY_NONE, cp_backtest_defaults()};
    const int code = read_args(cli, &a);
    if (code != CP_ARGS_GO) return code;
    return run_backtest(cli, &a) == CP_OK ? CP_EXIT_DONE : cp_cli_fail(cli);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_forecast.c - cashplan forecast: demand of the days to come, stored, as CSV or JSON. */
#include <inttypes.h>

#include "cli/cmd.h"
#include "cli/forecast_text.h"
#include "cli/load.h"
#include "data/store/forecast_store.h"
#include "models/demand/demand_keep.h"
#include "models/demand/override.h"
#include "models/demand/substitution.h"
#include "solver/run/forecast_run.h"

typedef struct forecast_args {
    cp_day date;
    int32_t days, keep;
    const char *point, *out;
    bool update, no_store, dump;
    int64_t stored;
} forecast_args;

#define NOT_STORED INT64_C(-1) /* make one */

static int read_args(cp_cli *cli, forecast_args *a)
{
    const cp_option options[] = {
        {"date", CP_OPT_DAY, &a->date, "DAY",
         "first forecast day; default: the day after the last of the history", 0, 0},
        {"days", CP_OPT_INT, &a->days, "N", "days to forecast (14)", 1, 366},
        {"update", CP_OPT_FLAG, &a->update, NULL,
         "fit nothing: take the fitted values of the latest forecast that was fitted", 0, 0},
        {"out", CP_OPT_TEXT, &a->out, "PATH",
         "FILE.csv, or a folder for forecast.csv and models.csv", 0, 0},
        {"point", CP_OPT_TEXT, &a->point, "CODE",
         "print this machine or branch only; nothing is stored", 0, 0},
        {"no-store", CP_OPT_FLAG, &a->no_store, NULL, "store nothing, print all as CSV", 0, 0},
        {"keep", CP_OPT_INT, &a->keep, "N", "forecasts that stay in the database (0 = all)", 0,
         1000000},
        {"stored", CP_OPT_INT64, &a->stored, "N",
         "print forecast N of the database (0 = the latest) and make none", 0, 0},
        {"dump", CP_OPT_FLAG, &a->dump, NULL, "print the canonical text of the forecast", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "forecast",
        "",
        "Forecast demand by point, flow and day from the history before --date, with planners'\n"
        "overrides laid over, and store it: mean and quantiles in minor units, the parts it is\n"
        "made of (level x week x calendar x event x rest), the single models with weights and\n"
        "scores, and what was fitted. Fit at night, --update by day. A day's quantiles must not\n"
        "be added up over days: plans use whole sample paths instead.",
        options,
        0,
        0};
    return cp_args_read(cli, &usage);
}

static void tell_overrides(cp_cli *cli, const cp_network *net, const cp_forecast *f)
{
    for (int32_t i = 0; f->overrides != NULL && i < f->overrides->n_effects && !cli->quiet; i++) {
        const char *text = cp_override_text(&cli->ctx, net, &f->overrides->effect[i]);
        if (text != NULL) cp_cli_note(cli, "%s", text);
    }
}

static cp_status tell_substitutions(cp_cli *cli, const cp_network *net, const cp_forecast *f)
{
    for (int32_t i = 0; f->moves != NULL && i < net->rows.n_substitution && !cli->quiet; i++) {
        const char *text = NULL;
        CP_TRY(cp_substitution_text(&cli->ctx, net, f, i, &text));
        if (text != NULL) cp_cli_note(cli, "%s", text);
    }
    return CP_OK;
}

static cp_status store(cp_cli *cli, const forecast_args *a, cp_forecast_record *record)
{
    cp_db *db = NULL;
    CP_TRY(cp_cli_open(cli, CP_DB_WRITE, &db));
    const cp_status st =
        cp_forecast_store_save(&cli->ctx, db, record, a->keep, &record->forecast_id);
    cp_db_close(db);
    return st;
}

/* The day after the last of the history, and what was fitted before. */
static cp_status look_up(cp_cli *cli, forecast_args *a, cp_fit **fit, int64_t *fitted_by)
{
    cp_db *db = NULL;
    cp_day from = CP_DAY_NONE, to = CP_DAY_NONE;
    *fit = NULL;
    *fitted_by = 0;
    /* A database that cannot be written says so now, not after the work. */
    CP_TRY(cp_cli_open(cli, a->no_store ? CP_DB_READ : CP_DB_WRITE, &db));
    cp_status st = a->date == CP_DAY_NONE ? cp_history_span(&cli->ctx, db, &from, &to) : CP_OK;
    if (st == CP_OK && a->update) st = cp_forecast_store_fit(&cli->ctx, db, fit, fitted_by);
    cp_db_close(db);
    CP_TRY(st);
    if (a->date == CP_DAY_NONE && to == CP_DAY_NONE)
        CP_FAIL(&cli->ctx, CP_E_INPUT, "there is no history; import it first (cashplan import)");
    if (a->update && *fit == NULL)
        CP_FAIL(&cli->ctx, CP_E_INPUT,
                "--update: no stored forecast has fitted values; make one without --update first");
    if (a->date == CP_DAY_NONE) a->date = to + 1;
    return CP_OK;
}

static cp_status print(cp_cli *cli, const forecast_args *a, const cp_forecast_record *r,
                       int32_t exponent)
{
    cp_cli_progress_end(cli);
    if (a->out != NULL) CP_TRY(cp_forecast_write(&cli->ctx, r, a->out));
    if (a->dump) return cp_forecast_store_dump(&cli->ctx, r, stdout);
    if (cli->json)
        cp_forecast_json(stdout, r, a->point);
    else if (a->out == NULL && (a->no_store || a->stored != NOT_STORED))
        cp_forecast_csv(stdout, r, a->point);
    else if (!cli->quiet)
        cp_forecast_print(r, exponent);
    return CP_OK;
}

static cp_status make_forecast(cp_cli *cli, forecast_args *a)
{
    cp_loaded in;
    cp_forecast *f = NULL;
    cp_forecast_record *record = NULL;
    cp_forecast_opts opts = cp_forecast_defaults();
    int32_t only = -1;
    int64_t fitted_by = 0;
    cp_fit *fit = NULL;
    CP_TRY(look_up(cli, a, &fit, &fitted_by));
    CP_TRY(cp_cli_load(cli, a->date, 1, 0, &in));
    if (a->point != NULL) CP_TRY(cp_cli_find_point(cli, in.net, a->point, &only));
    opts.fit = fit;
    CP_TRY(cp_forecast_run(&cli->ctx, in.net, in.history, a->date, a->days, &opts, &f, &record));
    if (fit == NULL) CP_TRY(cp_forecast_fit_values(&cli->ctx, in.net, in.history, f, &record->fit));
    if (cp_user_stopped(&cli->ctx))
        CP_FAIL(&cli->ctx, CP_E_STOPPED, "forecast stopped by the user; nothing is stored");
    record->fitted_by = fitted_by;
    record->input_hash = in.input_hash;
    record->version = CP_VERSION;
    if (!a->no_store) CP_TRY(store(cli, a, record));
    cp_cli_progress_end(cli);
    tell_overrides(cli, in.net, f);
    CP_TRY(tell_substitutions(cli, in.net, f));
    return print(cli, a, record, in.net->rows.currency[in.net->currency].exponent);
}

static cp_status print_stored(cp_cli *cli, const forecast_args *a)
{
    cp_db *db = NULL;
    cp_forecast_record *record = NULL;
    CP_TRY(cp_cli_open(cli, CP_DB_READ, &db));
    const cp_status st = cp_forecast_store_load(&cli->ctx, db, a->stored, &record);
    cp_db_close(db);
    CP_TRY(st);
    return print(cli, a, record, 0);
}

int cp_cmd_forecast(cp_cli *cli)
{
    forecast_args a = {.date = CP_DAY_NONE, .days = 14, .stored = NOT_STORED};
    const int code = read_args(cli, &a);
    if (code != CP_ARGS_GO) return code;
    if (a.stored != NOT_STORED && (a.update || a.date != CP_DAY_NONE))
        return cp_cli_misuse(cli, "forecast: --stored prints what is there; --date and --update "
                                  "make another");
    a.no_store = a.no_store || a.point != NULL;
    const cp_status st = a.stored != NOT_STORED ? print_stored(cli, &a) : make_forecast(cli, &a);
    return st == CP_OK ? CP_EXIT_DONE : cp_cli_fail(cli);
}

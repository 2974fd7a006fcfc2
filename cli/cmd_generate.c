/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_generate.c - `cashplan generate`: an invented bank as a folder of CSV files. */
#include <string.h>

#include "cli/bank_csv.h"
#include "cli/cmd.h"
#include "models/sample/generate.h"

typedef struct request {
    cp_generate_opts opts;
    const char *out, *calendar;
} request;

static cp_status write_plan_date(cp_cli *cli, const char *dir, cp_day day)
{
    char text[16];
    const char *path = cp_strf(&cli->ctx, cli->ctx.scratch, "%s/plan_date.txt", dir);
    if (path == NULL) return CP_E_NOMEM;
    FILE *f = fopen(path, "wb");
    if (f == NULL) CP_FAIL(&cli->ctx, CP_E_IO, "%s: cannot be written", path);
    const bool put = fprintf(f, "%s\n", cp_day_text(day, text)) > 0;
    const bool closed = fclose(f) == 0;
    if (!put || !closed) CP_FAIL(&cli->ctx, CP_E_IO, "%s: cannot be written", path);
    return CP_OK;
}

static void tell(const cp_cli *cli, const request *r, const cp_rows *rows, int64_t n_history)
{
    char day[16];
    int32_t branches = 0;
    for (int32_t i = 0; i < rows->n_point; i++)
        branches += rows->point[i].kind == CP_POINT_BRANCH;
    cp_day_text(r->opts.first_day, day);
    if (cli->json)
        printf("{\"out\": \"%s\", \"first_day\": \"%s\", \"branches\": %d, \"machines\": %d, "
               "\"sites\": %d, \"vaults\": %d, \"cars\": %d, \"history_rows\": %lld}\n",
               r->out, day, (int)branches, (int)(rows->n_point - branches), (int)rows->n_site,
               (int)rows->n_vault, (int)rows->n_car, (long long)n_history);
    else if (!cli->quiet)
        printf("%s: %d branches, %d ATMs at %d sites, %d vaults, %d cars, %lld history rows; "
               "first plan day %s\n",
               r->out, (int)branches, (int)(rows->n_point - branches), (int)rows->n_site,
               (int)rows->n_vault, (int)rows->n_car, (long long)n_history, day);
}

static cp_status generate(cp_cli *cli, request *r)
{
    cp_ctx *ctx = &cli->ctx;
    cp_calendar_day *days = NULL;
    CP_TRY(cp_calendar_read(ctx, r->calendar, &r->opts.calendar, &days, &r->opts.n_days));
    r->opts.days = days;
    if (cli->has_seed) r->opts.seed = ctx->seed;
    cp_rows rows;
    cp_history_row *history = NULL;
    int64_t n_history = 0;
    CP_TRY(cp_generate(ctx, &r->opts, &rows, &history, &n_history));
    CP_TRY(cp_bank_write(ctx, r->out, &rows, history, n_history));
    CP_TRY(write_plan_date(cli, r->out, r->opts.first_day));
    cp_cli_progress_end(cli);
    tell(cli, r, &rows, n_history);
    return CP_OK;
}

int cp_cmd_generate(cp_cli *cli)
{
    request r = {.opts = cp_generate_defaults(), .calendar = "data/calendars/cn"};
    r.opts.first_day = cp_day_of(2026, 11, 24);
    const cp_option options[] = {
        {"points", CP_OPT_INT, &r.opts.n_points, "N", "branches and machines together", 4, 1e6},
        {"vaults", CP_OPT_INT, &r.opts.n_vaults, "N", "existing vaults; 0 = one for 400 points", 0,
         10000},
        {"candidates", CP_OPT_INT, &r.opts.n_candidates, "N", "candidate vaults", 0, 10000},
        {"days", CP_OPT_INT, &r.opts.history_days, "N", "days of history", 14, 3660},
        {"date", CP_OPT_DAY, &r.opts.first_day, "DAY", "first day of the plan", 0, 0},
        {"use", CP_OPT_INT, &r.opts.use_pct, "PERCENT",
         "use of fleet, pool, packing and sorting by a typical plan", 30, 100},
        {"horizon", CP_OPT_INT, &r.opts.horizon_days, "N", "days of a plan", 1, 60},
        {"longest", CP_OPT_INT, &r.opts.longest_interval_days, "N", "most days between visits", 1,
         60},
        {"roads", CP_OPT_FLAG, &r.opts.roads, NULL, "also a road graph", 0, 0},
        {"calendar", CP_OPT_TEXT, &r.calendar, "DIR",
         "folder with calendar.csv and calendar_day.csv (default data/calendars/cn)", 0, 0},
        {"out", CP_OPT_TEXT, &r.out, "DIR", "folder to write", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0}};
    const cp_usage usage = {"generate",
                            "",
                            "Writes an invented but lifelike bank as a folder of CSV files, ready "
                            "for `cashplan import`.\nThe same options and --seed give the same "
                            "files.",
                            options,
                            0,
                            0};
    const int end = cp_args_read(cli, &usage);
    if (end != CP_ARGS_GO) return end;
    if (r.out == NULL) return cp_cli_misuse(cli, "generate: --out DIR says where to write");
    return generate(cli, &r) == CP_OK ? CP_EXIT_DONE : cp_cli_fail(cli);
}

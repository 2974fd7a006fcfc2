/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_report.c - cashplan report: the page of a stored plan as one HTML file. */
#include <inttypes.h>

#include "cli/cmd.h"
#include "cli/page_conflicts.h"
#include "cli/plan_changes.h"
#include "data/store/history_store.h"
#include "data/store/repair_store.h"
#include "viz/report.h"

#define HISTORY_DAYS 84 /* shown as recorded */
#define FAR_DAYS 36525  /* a century: all that an import takes */

typedef struct report_args {
    int64_t plan_id;
    const char *out;
} report_args;

static int read_args(cp_cli *cli, report_args *a)
{
    const cp_option options[] = {
        {"plan", CP_OPT_INT64, &a->plan_id, "N", "number of the plan; default: the latest", 0, 0},
        {"out", CP_OPT_TEXT, &a->out, "FILE.html", "the page to write (required)", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "report",
        "",
        "Write the page of a stored plan: one HTML file that opens from disk without a network.\n"
        "A refused plan can be looked at too; the page says so. What the plan could not keep is\n"
        "studied as by `cashplan explain --conflicts`, and the page shows the ways out.",
        options,
        0,
        0};
    const int code = cp_args_read(cli, &usage);
    if (code != CP_ARGS_GO) return code;
    if (a->out == NULL) return cp_cli_misuse(cli, "report: --out FILE.html is required");
    return CP_ARGS_GO;
}

/* The weeks before the plan, and the repairs of all days, of the points that the plan knows. */
static cp_status find_history(cp_cli *cli, cp_db *db, const cp_stored_plan *stored,
                              cp_page_before *before)
{
    cp_history *history = NULL;
    cp_repairs *repairs = NULL;
    const cp_day from = stored->plan->first_day - HISTORY_DAYS;
    CP_TRY(cp_history_load(&cli->ctx, db, stored->net, from, HISTORY_DAYS, &history));
    CP_TRY(cp_repairs_load(&cli->ctx, db, stored->net, from - FAR_DAYS, FAR_DAYS + HISTORY_DAYS,
                           &repairs));
    before->history = history;
    before->repairs = repairs;
    return CP_OK;
}

static cp_status make_report(cp_cli *cli, const report_args *a, cp_stored_plan **stored)
{
    cp_db *db = NULL;
    cp_export_plan ex;
    cp_page_before before = {0, NULL, NULL, NULL};
    cp_page_conflicts *conflicts = NULL;
    CP_TRY(cp_cli_open(cli, CP_DB_READ, &db));
    cp_status st = cp_plan_store_load(&cli->ctx, db, a->plan_id, stored);
    if (st == CP_OK) st = cp_plan_changes_find(&cli->ctx, db, *stored, &before);
    if (st == CP_OK) st = find_history(cli, db, *stored, &before);
    cp_db_close(db);
    CP_TRY(st);
    const cp_stored_plan *s = *stored;
    const cp_run_info info = {s->plan_id, s->created_utc, s->made_by, s->approved_by};
    CP_TRY(cp_cli_page_conflicts(cli, s, &conflicts));
    CP_TRY(cp_export_plan_make(&cli->ctx, s->net, s->plan, s->record, &ex));
    return cp_report_write(&cli->ctx, &ex, &info, &before, conflicts, a->out);
}

int cp_cmd_report(cp_cli *cli)
{
    report_args a = {0, NULL};
    cp_stored_plan *stored = NULL;
    const int code = read_args(cli, &a);
    if (code != CP_ARGS_GO) return code;
    if (make_report(cli, &a, &stored) != CP_OK) return cp_cli_fail(cli);
    if (cli->json)
        printf("{\"plan\": %" PRId64 ", \"days\": %d}\n", stored->plan_id,
               (int)stored->plan->n_days);
    else
        printf("plan %" PRId64 ": %s\n", stored->plan_id, a.out);
    return CP_EXIT_DONE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_export.c - cashplan export: what dispatch, the vaults and the central bank are given. */
#include <inttypes.h>

#include "cli/cmd.h"
#include "cli/load.h"
#include "data/json/export.h"
#include "data/store/plan_dump.h"

typedef struct export_args {
    int64_t plan_id;
    cp_day day;
    bool all_days, dump;
    const char *out;
} export_args;

static int read_args(cp_cli *cli, export_args *a)
{
    const cp_option options[] = {
        {"plan", CP_OPT_INT64, &a->plan_id, "N", "number of the plan; default: the latest", 0, 0},
        {"out", CP_OPT_TEXT, &a->out, "DIR", "folder for the files (required)", 0, 0},
        {"day", CP_OPT_DAY, &a->day, "DAY", "day of the dispatch; default: the plan's first", 0, 0},
        {"all-days", CP_OPT_FLAG, &a->all_days, NULL, "dispatch of every day of the plan", 0, 0},
        {"dump", CP_OPT_FLAG, &a->dump, NULL,
         "only print the plan as canonical text: equal plans give equal bytes", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "export",
        "",
        "Write dispatch, packing lists, orders, routes and tables of a stored plan into --out.\n"
        "Files say whether the plan is proposed or approved; equal plans give equal files but for\n"
        "run.json. A plan that the referee refused is not exported: exit code 4.",
        options,
        0,
        0};
    const int code = cp_args_read(cli, &usage);
    if (code != CP_ARGS_GO) return code;
    if (a->dump) return CP_ARGS_GO;
    if (a->out == NULL) return cp_cli_misuse(cli, "export: --out DIR is required");
    if (a->all_days && a->day != CP_DAY_NONE)
        return cp_cli_misuse(cli, "export: --day and --all-days exclude each other");
    return CP_ARGS_GO;
}

/* The audit row comes after the files: it tells of what was really handed out. */
static cp_status note_export(cp_cli *cli, const cp_stored_plan *stored, const export_args *a)
{
    cp_db *db = NULL;
    CP_TRY(cp_cli_open(cli, CP_DB_WRITE, &db));
    const char *detail =
        cp_strf(&cli->ctx, cli->ctx.scratch, "plan %" PRId64 " to %s", stored->plan_id, a->out);
    const cp_status st = detail != NULL ? cp_db_audit(&cli->ctx, db, "export", detail) : CP_E_NOMEM;
    cp_db_close(db);
    return st;
}

static void print_result(const cp_cli *cli, const cp_stored_plan *stored, const export_args *a,
                         int32_t n_files, int32_t n_removed)
{
    const char *status = cp_plan_status_name(stored->record->status);
    if (cli->json) {
        printf("{\"plan\": %" PRId64 ", \"status\": \"%s\", \"files\": %d, \"removed\": %d}\n",
               stored->plan_id, status, (int)n_files, (int)n_removed);
        return;
    }
    printf("plan %" PRId64 " (%s): %d files in %s", stored->plan_id, status, (int)n_files, a->out);
    if (n_removed > 0) printf(", %d of an earlier export removed", (int)n_removed);
    printf("\n");
}

int cp_cmd_export(cp_cli *cli)
{
    export_args a = {0, CP_DAY_NONE, false, false, NULL};
    cp_stored_plan *stored = NULL;
    cp_export_plan ex;
    const int code = read_args(cli, &a);
    if (code != CP_ARGS_GO) return code;
    if (cp_cli_load_plan(cli, a.plan_id, &stored) != CP_OK) return cp_cli_fail(cli);
    if (a.dump)
        return cp_plan_store_dump(&cli->ctx, stored, stdout) == CP_OK ? CP_EXIT_DONE
                                                                      : cp_cli_fail(cli);
    if (stored->record->status == CP_PLAN_REFUSED) {
        cp_cli_note(cli, "plan %" PRId64 " was refused by the referee and is not exported",
                    stored->plan_id);
        return CP_EXIT_REFUSED;
    }
    const int32_t day = a.day == CP_DAY_NONE ? 0 : a.day - stored->plan->first_day;
    const cp_export_opts opts = {day, a.all_days};
    const cp_run_info info = {stored->plan_id, stored->created_utc, stored->made_by,
                              stored->approved_by};
    int32_t n_files = 0, n_removed = 0;
    if (cp_export_plan_make(&cli->ctx, stored->net, stored->plan, stored->record, &ex) != CP_OK ||
        cp_export_write(&cli->ctx, &ex, &info, &opts, a.out, &n_files, &n_removed) != CP_OK)
        return cp_cli_fail(cli);
    if (note_export(cli, stored, &a) != CP_OK) {
        /* Who may only read may hand out too; the audit of the owner's database cannot tell. */
        cp_cli_note(cli, "warning: the export is not noted in the audit: %s", cli->ctx.error.text);
        cp_error_clear(&cli->ctx);
    }
    print_result(cli, stored, &a, n_files, n_removed);
    return CP_EXIT_DONE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_import.c - `cashplan import`: the bank's files into the database. */
#include "cli/cmd.h"
#include "cli/repairs.h"
#include "cli/roads.h"
#include "data/csv/field_doc.h"
#include "data/csv/import.h"

static void print_problems(cp_cli *cli, const cp_problems *p)
{
    if (!cli->quiet) {
        for (int32_t i = 0; i < p->n_warned; i++)
            cp_cli_note(cli, "warning: %s", p->warned[i]);
        const int64_t more = p->by_kind[CP_PROBLEM_WARNING] - p->n_warned;
        if (more > 0) cp_cli_note(cli, "warning: %lld more warnings", (long long)more);
    }
    for (int32_t i = 0; i < p->n_shown; i++)
        cp_cli_note(cli, "%s", p->shown[i]);
    const int64_t n = cp_problems_count(p);
    if (n <= p->n_shown) return;
    cp_cli_note(cli, "%lld problems in all, the first %d are above:", (long long)n,
                (int)p->n_shown);
    for (int k = 0; k < CP_N_PROBLEM_KINDS; k++)
        if (k != CP_PROBLEM_WARNING && p->by_kind[k] > 0)
            cp_cli_note(cli, "  %lld %s", (long long)p->by_kind[k],
                        cp_problem_kind_text((cp_problem_kind)k));
}

static void print_counts(const cp_import_report *report, bool dry)
{
    printf("%-15s %10s %10s %10s\n", "table", "new", "changed", "equal");
    for (int32_t t = 0; t < CP_N_TABLES; t++) {
        const cp_save_counts *c = &report->counts[t];
        if (!report->present[t]) continue;
        printf("%-15s %10lld %10lld %10lld\n", cp_table(t)->name, (long long)c->n_new,
               (long long)c->n_changed, (long long)c->n_equal);
    }
    if (report->n_skipped > 0)
        printf("%lld of %lld lines skipped by rule\n", (long long)report->n_skipped,
               (long long)report->n_records);
    if (dry) printf("nothing was stored (--dry-run)\n");
}

static void print_json(const cp_import_report *report, bool dry)
{
    const char *separator = "";
    printf(
        "{\"dry_run\": %s, \"lines\": %lld, \"skipped\": %lld, \"warnings\": %lld, \"tables\": {",
        dry ? "true" : "false", (long long)report->n_records, (long long)report->n_skipped,
        (long long)report->problems.by_kind[CP_PROBLEM_WARNING]);
    for (int32_t t = 0; t < CP_N_TABLES; t++) {
        const cp_save_counts *c = &report->counts[t];
        if (!report->present[t]) continue;
        printf("%s\"%s\": {\"new\": %lld, \"changed\": %lld, \"equal\": %lld}", separator,
               cp_table(t)->name, (long long)c->n_new, (long long)c->n_changed,
               (long long)c->n_equal);
        separator = ", ";
    }
    printf("}}\n");
}

/* Part of the help: what every file may hold. */
static cp_status print_fields(cp_ctx *ctx)
{
    printf("\nfields by table (* must be there; [..] is the value of an empty cell)\n");
    for (int32_t t = 0; t < CP_N_TABLES; t++) {
        const cp_entity *table = cp_table(t);
        printf("\n%s.csv - %s\n", table->name, table->help);
        for (int32_t f = 0; f < table->n_fields; f++) {
            const cp_field *field = &table->fields[f];
            const bool numbers = field->lo < field->hi && field->names == NULL &&
                                 field->type != CP_FIELD_DAY && field->type != CP_FIELD_MINUTE &&
                                 field->type != CP_FIELD_DAYS && field->type != CP_FIELD_BOOL;
            const char *range =
                numbers ? cp_strf(ctx, ctx->scratch, "; %.15g to %.15g", field->lo, field->hi) : "";
            const char *dflt = field->dflt != NULL && field->dflt[0] != '\0'
                                   ? cp_strf(ctx, ctx->scratch, " [%s]", field->dflt)
                                   : "";
            if (range == NULL || dflt == NULL) return CP_E_NOMEM;
            printf("  %-24s%s %s%s%s\n", field->name, field->required ? "*" : " ", field->help,
                   range, dflt);
        }
    }
    return CP_OK;
}

static int print_doc(cp_cli *cli)
{
    const char *doc = cp_field_doc(&cli->ctx);
    if (doc == NULL) return cp_cli_fail(cli);
    printf("%s", doc);
    return CP_EXIT_DONE;
}

int cp_cmd_import(cp_cli *cli)
{
    cp_import_options import = {0};
    bool fields = false;
    const cp_option options[] = {
        {"mapping", CP_OPT_TEXT, &import.mapping_path, "FILE", "how the files are read (JSON)", 0,
         0},
        {"dry-run", CP_OPT_FLAG, &import.dry_run, NULL, "look at everything, store nothing", 0, 0},
        {"fields", CP_OPT_FLAG, &fields, NULL, "only print every table and field (Markdown)", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "import",
        "DIR",
        "Reads the CSV files of a folder into the database. Without --mapping a file is named "
        "after\n"
        "its table (site.csv, point.csv, history.csv, ...) and its header names the fields. All\n"
        "problems are told with file, line and field; then nothing is stored. A key that is "
        "stored\n"
        "with other values is updated, and the change is recorded.",
        options,
        0,
        1};
    const int end = cp_args_read(cli, &usage);
    if (end == CP_EXIT_DONE) /* the help was asked for */
        return print_fields(&cli->ctx) == CP_OK ? end : cp_cli_fail(cli);
    if (end != CP_ARGS_GO) return end;
    if (fields) return print_doc(cli);
    if (cli->n_args == 0) return cp_cli_misuse(cli, "import: DIR is missing");
    import.folder = cli->args[0];
    cp_db *db = NULL;
    if (cp_cli_open(cli, CP_DB_WRITE, &db) != CP_OK) return cp_cli_fail(cli);
    cp_import_report *report = cp_alloc(&cli->ctx, cli->ctx.run, 1, sizeof(*report));
    cp_status st = CP_E_NOMEM;
    if (report != NULL) st = cp_import(&cli->ctx, db, &import, report);
    if (st == CP_OK && !import.dry_run) {
        cp_cli_roads(cli, db, NULL);
        cp_cli_repairs(cli, db);
    }
    cp_db_close(db);
    cp_cli_progress_end(cli);
    if (report != NULL) print_problems(cli, &report->problems);
    if (st != CP_OK) return cp_cli_fail(cli);
    if (cli->json)
        print_json(report, import.dry_run);
    else
        print_counts(report, import.dry_run);
    return CP_EXIT_DONE;
}

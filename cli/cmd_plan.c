/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_plan.c - cashplan plan: the main job. */
#include <string.h>

#include "cli/cmd.h"
#include "cli/issues.h"
#include "cli/load.h"
#include "cli/plan_changes.h"
#include "cli/plan_summary.h"
#include "data/store/likeness_store.h"
#include "data/store/plan_store.h"
#include "data/store/price_store.h"
#include "models/plan/plan_notes.h"
#include "solver/run/plan_run.h"

typedef struct plan_args {
    cp_day date;
    int32_t horizon, rounds, fresh_paths;
    bool no_rivals, cold;
    const char *dump_model, *dump_vault;
} plan_args;

static int read_args(cp_cli *cli, plan_args *a)
{
    const cp_option options[] = {
        {"date", CP_OPT_DAY, &a->date, "DAY", "first planned day (required)", 0, 0},
        {"horizon", CP_OPT_INT, &a->horizon, "DAYS", "days to plan; default: the bank's setting", 1,
         60},
        {"rounds", CP_OPT_INT, &a->rounds, "N", "turns of planning and routing (default 2)", 1, 20},
        {"no-rivals", CP_OPT_FLAG, &a->no_rivals, NULL,
         "do not plan the naive and the (s,S) rule beside", 0, 0},
        {"cold", CP_OPT_FLAG, &a->cold, NULL,
         "do not start from the prices of the plan of an earlier day", 0, 0},
        {"fresh-paths", CP_OPT_INT, &a->fresh_paths, "N",
         "sample paths on which the achieved service is measured (default 400; 0 = not)", 0,
         100000},
        {"dump-model", CP_OPT_TEXT, &a->dump_model, "FILE",
         "write the last restricted master as .lp", 0, 0},
        {"vault", CP_OPT_TEXT, &a->dump_vault, "CODE", "the vault whose master is written", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "plan",
        "",
        "Plan visits, loads, routes and orders from --date on and store the plan.\n"
        "Balances are those of the evening before. The search starts from what the limits were\n"
        "worth in the latest stored plan that began on an earlier day and reaches --date (--cold:\n"
        "from nothing); that plan is then an input like any other. --work N sets the counted work: "
        "N re-plans a\n"
        "machine (default 300) and 2 N route iterations a stop. Exit codes: 0 stored (a warning "
        "says\n"
        "when with relief), 1 failed or wrong data, 2 misuse, 3 no plan can keep the hard limits: "
        "a\n"
        "zone without a car, a window no shift meets, a least load above every insured limit,\n"
        "4 refused by the referee (stored as refused).",
        options,
        0,
        0};
    const int code = cp_args_read(cli, &usage);
    if (code != CP_ARGS_GO) return code;
    if (a->date == CP_DAY_NONE) return cp_cli_misuse(cli, "plan: --date DAY is required");
    return CP_ARGS_GO;
}

static cp_status find_vault(cp_cli *cli, const cp_network *net, const char *code, int32_t *out)
{
    *out = net->n_vaults > 0 ? net->sites[0].vault : -1;
    if (!code) return CP_OK;
    for (*out = 0; *out < net->n_vaults; (*out)++)
        if (strcmp(net->vaults[*out].code, code) == 0) return CP_OK;
    CP_FAIL(&cli->ctx, CP_E_INPUT, "there is no vault \"%s\"", code);
}

/* The options that shape the plan, for the run record; before: number of the plan it starts from.
 */
static const char *options_text(cp_cli *cli, const plan_args *a, int64_t before)
{
    return cp_strf(&cli->ctx, cli->ctx.run,
                   "{\"horizon\": %d, \"rounds\": %d, \"work\": %lld, \"seed\": %llu, "
                   "\"rivals\": %s, \"started_from_plan\": %lld}",
                   (int)a->horizon, (int)a->rounds, (long long)cli->ctx.work,
                   (unsigned long long)cli->ctx.seed, a->no_rivals ? "false" : "true",
                   (long long)before);
}

/* Pre-event control: what no plan can be made of is told before any search. */
static cp_status look_first(cp_cli *cli, const cp_network *net, int *code)
{
    cp_issues *issues = NULL;
    CP_TRY(cp_network_check(&cli->ctx, net, &issues));
    *code = cp_cli_issues_code(issues);
    cp_cli_issues_note(cli, issues, false);
    if (*code == CP_EXIT_DONE && issues->n_warnings > 0 && !cli->quiet)
        cp_cli_note(cli, "%lld warnings about the data; `cashplan check` tells them",
                    (long long)issues->n_warnings);
    return CP_OK;
}

/* What the limits were worth in the plan of the day before; nothing is known when it is cold. */
static cp_status load_before(cp_cli *cli, const plan_args *a, cp_limit_prices **out)
{
    cp_db *db = NULL;
    CP_NEW(&cli->ctx, cli->ctx.run, *out, 1);
    if (a->cold) return CP_OK;
    CP_TRY(cp_cli_open(cli, CP_DB_READ, &db));
    const cp_status st = cp_price_store_before(&cli->ctx, db, a->date, out);
    cp_db_close(db);
    return st;
}

/* Routes of the days before, which the plan's are compared with and to be unlike: an input like any
 * other. */
static cp_status load_past(cp_cli *cli, cp_loaded *in, cp_drives **out)
{
    cp_db *db = NULL;
    CP_TRY(cp_cli_open(cli, CP_DB_READ, &db));
    const cp_status st =
        cp_drives_load(&cli->ctx, db, in->net, in->net->settings.likeness_days, out);
    cp_db_close(db);
    if (st == CP_OK) in->input_hash = cp_drives_hash(in->input_hash, in->net, *out);
    return st;
}

/* A plan that cannot be stored is not worth a search. */
static cp_status can_store(cp_cli *cli)
{
    cp_db *db = NULL;
    CP_TRY(cp_cli_open(cli, CP_DB_WRITE, &db));
    cp_db_close(db);
    return CP_OK;
}

/* *code other than CP_EXIT_DONE: there is no plan, and it has been said why. */
static cp_status make_plan(cp_cli *cli, const plan_args *a, cp_plan_answer *answer, int *code)
{
    cp_loaded in;
    cp_plan_run_opts opts = cp_plan_run_defaults();
    cp_limit_prices *before = NULL;
    cp_drives *past = NULL;
    const double start = cp_now_s();
    CP_TRY(can_store(cli));
    CP_TRY(cp_cli_load(cli, a->date, a->horizon, 0, &in));
    CP_TRY(look_first(cli, in.net, code));
    if (*code != CP_EXIT_DONE) return CP_OK;
    CP_TRY(load_before(cli, a, &before));
    CP_TRY(load_past(cli, &in, &past));
    opts.past = past;
    if (before->plan_id > 0) opts.before = before;
    opts.work = cli->ctx.work;
    opts.rounds = a->rounds;
    opts.rivals = !a->no_rivals;
    opts.dump_lp = a->dump_model;
    opts.fresh_paths = a->fresh_paths;
    CP_TRY(find_vault(cli, in.net, a->dump_vault, &opts.dump_vault));
    CP_TRY(cp_plan_run(&cli->ctx, in.net, in.balance_day, in.history, &opts, answer));
    answer->record->input_hash = in.input_hash;
    answer->record->options = options_text(cli, a, before->plan_id);
    answer->record->version = CP_VERSION;
    answer->record->seconds = cp_now_s() - start;
    return cp_plan_notes_make(&cli->ctx, answer->net, answer->forecast, answer->plan,
                              answer->record);
}

/* Compare with the plan before, then store. */
static cp_status store(cp_cli *cli, const cp_plan_answer *answer, int64_t *plan_id)
{
    cp_db *db = NULL;
    cp_status st = CP_OK;
    CP_TRY(cp_cli_open(cli, CP_DB_WRITE, &db));
    if (!cli->json) st = cp_plan_changes_print(cli, db, answer->net, answer->plan);
    if (st == CP_OK)
        st = cp_plan_store_save(&cli->ctx, db, answer->net, answer->plan, answer->record, plan_id);
    cp_db_close(db);
    return st;
}

int cp_cmd_plan(cp_cli *cli)
{
    plan_args a = {
        .date = CP_DAY_NONE, .rounds = 2, .fresh_paths = cp_plan_run_defaults().fresh_paths};
    cp_plan_answer answer;
    int64_t plan_id = 0;
    int code = read_args(cli, &a);
    if (code != CP_ARGS_GO) return code;
    code = CP_EXIT_DONE;
    if (make_plan(cli, &a, &answer, &code) != CP_OK) return cp_cli_fail(cli);
    cp_cli_progress_end(cli);
    if (code != CP_EXIT_DONE) return code;
    if (!cp_outcome_has_plan(answer.plan->outcome)) {
        cp_cli_note(cli, "%s", cp_outcome_text(answer.plan->outcome));
        return CP_EXIT_NO_PLAN;
    }
    if (answer.record->status == CP_PLAN_PROPOSED_RELIEF)
        cp_cli_note(
            cli, "warning: the plan is proposed with relief: not all that was asked for could be "
                 "kept; the summary says what, cashplan explain --conflicts for whom and what "
                 "the cheapest relief is");
    if (!cli->json &&
        cp_plan_summary_print(&cli->ctx, stdout, answer.net, answer.plan, answer.record) != CP_OK)
        return cp_cli_fail(cli);
    if (store(cli, &answer, &plan_id) != CP_OK) return cp_cli_fail(cli);
    if (!cli->json)
        printf("  wrote     %s, plan %lld\n", cli->db_path, (long long)plan_id);
    else if (cp_plan_summary_json(&cli->ctx, stdout, answer.net, answer.plan, answer.record,
                                  plan_id) != CP_OK)
        return cp_cli_fail(cli);
    return answer.record->status == CP_PLAN_REFUSED ? CP_EXIT_REFUSED : CP_EXIT_DONE;
}

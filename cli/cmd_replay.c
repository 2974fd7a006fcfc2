/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_replay.c - cashplan replay: policies carried out on what really happened, side by side. */
#include <string.h>

#include "cli/cmd.h"
#include "cli/load.h"
#include "solver/run/policies.h"

typedef struct replay_args {
    cp_day date;
    int32_t days, every;
    const char *policies;
    bool cold;
} replay_args;

static int read_args(cp_cli *cli, replay_args *a)
{
    const cp_option options[] = {
        {"date", CP_OPT_DAY, &a->date, "DAY", "first replayed day (required)", 0, 0},
        {"days", CP_OPT_INT, &a->days, "N", "days to replay (28)", 1, 366},
        {"every", CP_OPT_INT, &a->every, "N", "a new plan every N days (1)", 1, 28},
        {"policies", CP_OPT_TEXT, &a->policies, "LIST", "of cashplan,naive,sS,foresight (all four)",
         0, 0},
        {"cold", CP_OPT_FLAG, &a->cold, NULL,
         "no plan of ours starts from the limits' prices of the one before", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "replay",
        "",
        "Carry policies out day by day on stored history, as if --date were tomorrow: only days\n"
        "before it are known to a plan (perfect foresight apart). Costs are at the bank's own "
        "tariffs;\n"
        "the last visits are credited with the cover they leave. Nothing is stored.",
        options,
        0,
        0};
    const int code = cp_args_read(cli, &usage);
    if (code != CP_ARGS_GO) return code;
    if (a->date == CP_DAY_NONE) return cp_cli_misuse(cli, "replay: --date DAY is required");
    return CP_ARGS_GO;
}

static double mean_pct(const cp_drive_log *driven)
{
    return driven->n > 0 ? (double)driven->sum_ppm / driven->n / 1e4 : 0.0;
}

static void print_one(const cp_network *net, const char *name, const cp_replay *r,
                      const cp_drive_log *driven)
{
    const cp_currency *cur = &net->rows.currency[net->currency];
    char a[40], b[40];
    printf("%-10s net cost %s %s (credit for the final stock %s), service %.3f %%\n", name,
           cp_minor_text(r->cost.total_minor - r->final_credit_minor, cur->exponent, a), cur->code,
           cp_minor_text(r->final_credit_minor, cur->exponent, b), r->service_pct);
    printf("           visits %d, stops %d, routes %d, unserved %d, %lld km, %d plans\n",
           (int)r->n_visits, (int)r->n_stops, (int)r->n_routes, (int)r->n_unserved,
           (long long)(r->dist_m / 1000), (int)r->n_plans);
    if (driven->n > 0)
        printf("           routes %.1f %% alike with the most alike of %d days before on average; "
               "most %.1f %%\n",
               mean_pct(driven), (int)driven->days, driven->most_ppm / 1e4);
    const int64_t *out = r->cash_out_days;
    if (r->good_days < r->machine_days)
        printf("           machine-days empty %lld, one denomination gone %lld, unusable "
               "combination %lld, full %lld\n",
               (long long)out[CP_CASH_OUT_EMPTY], (long long)out[CP_CASH_OUT_DENOMINATION],
               (long long)out[CP_CASH_OUT_COMBINATION], (long long)r->full_days);
    for (int32_t i = 0; i < CP_N_COST_ITEMS; i++)
        if (r->cost.item[i] != 0)
            printf("           %-18s %s\n", cp_cost_item_name((cp_cost_item)i),
                   cp_minor_text(r->cost.item[i], cur->exponent, a));
}

static void print_json(const char *name, const cp_replay *r, const cp_drive_log *driven)
{
    printf(
        "{\"policy\": \"%s\", \"net_minor\": %lld, \"total_minor\": %lld, \"credit_minor\": %lld, ",
        name, (long long)(r->cost.total_minor - r->final_credit_minor),
        (long long)r->cost.total_minor, (long long)r->final_credit_minor);
    printf("\"service_pct\": %.4f, \"machine_days\": %lld, \"good_days\": %lld, \"visits\": %d, "
           "\"empty_days\": %lld, \"one_denomination_empty_days\": %lld, "
           "\"unusable_combination_days\": %lld, \"full_days\": %lld, "
           "\"stops\": %d, \"routes\": %d, \"unserved\": %d, \"dist_m\": %lld, "
           "\"filled\": %d, ",
           r->service_pct, (long long)r->machine_days, (long long)r->good_days, (int)r->n_visits,
           (long long)r->cash_out_days[CP_CASH_OUT_EMPTY],
           (long long)r->cash_out_days[CP_CASH_OUT_DENOMINATION],
           (long long)r->cash_out_days[CP_CASH_OUT_COMBINATION], (long long)r->full_days,
           (int)r->n_stops, (int)r->n_routes, (int)r->n_unserved, (long long)r->dist_m,
           (int)r->n_filled);
    printf("\"likeness_mean_pct\": %.2f, \"likeness_most_pct\": %.2f, \"cost\": {",
           mean_pct(driven), driven->most_ppm / 1e4);
    for (int32_t i = 0; i < CP_N_COST_ITEMS; i++)
        printf("%s\"%s\": %lld", i ? ", " : "", cp_cost_item_name((cp_cost_item)i),
               (long long)r->cost.item[i]);
    printf("}}\n");
}

/* Which share of what perfect foresight would save over the naive rule is reached. */
static void print_share(const cp_replay *all, const bool *done)
{
    if (!done[CP_POLICY_CASHPLAN] || !done[CP_POLICY_NAIVE] || !done[CP_POLICY_FORESIGHT]) return;
    double net[CP_N_POLICIES] = {0.0};
    for (int32_t i = 0; i < CP_N_POLICIES; i++)
        net[i] = (double)(all[i].cost.total_minor - all[i].final_credit_minor);
    const double possible = net[CP_POLICY_NAIVE] - net[CP_POLICY_FORESIGHT];
    if (possible > 0.0)
        printf("of the saving that perfect foresight has over the naive rule, %.1f %% is reached\n",
               100.0 * (net[CP_POLICY_NAIVE] - net[CP_POLICY_CASHPLAN]) / possible);
}

static cp_status replay_one(cp_cli *cli, const replay_args *a, const cp_loaded *in,
                            cp_policy policy, cp_drive_log *driven, cp_replay *out)
{
    cp_ctx *ctx = &cli->ctx;
    cp_history *past = NULL, *lived = NULL;
    cp_shares *shares = NULL;
    int32_t n_filled = 0;
    CP_TRY(cp_history_until(ctx, in->history, a->date, &past));
    CP_TRY(cp_shares_make(ctx, in->net, past, &shares));
    CP_TRY(cp_history_fill_gaps(ctx, in->history, a->date, a->days, &lived, &n_filled));
    uint8_t *weekdays = NULL;
    CP_NEW(ctx, ctx->run, weekdays, in->net->n_points + 1);
    cp_limit_prices before = {0};
    const int32_t room = in->net->n_vaults * in->net->n_days *
                         ((int32_t)CP_LIMIT_POOL + in->net->n_models + in->net->n_denoms);
    CP_NEW(ctx, ctx->run, before.price, room + 1);
    CP_TRY(cp_drive_log_new(ctx, in->net, driven));
    cp_policy_user user = {
        policy, lived, shares, ctx->work, weekdays, false, a->cold ? NULL : &before, room, driven};
    const cp_replay_opts opts = {a->date,          a->days,        a->every,
                                 cp_policy_replan, cp_policy_look, &user};
    return cp_replay_run(ctx, in->net, in->history, shares, &opts, out);
}

static cp_status replay_all(cp_cli *cli, const replay_args *a)
{
    cp_loaded in;
    cp_replay result[CP_N_POLICIES];
    bool done[CP_N_POLICIES] = {false};
    CP_TRY(cp_cli_load(cli, a->date, 0, a->days, &in));
    for (int32_t i = 0; i < CP_N_POLICIES; i++) {
        const char *name = cp_policy_name((cp_policy)i);
        cp_drive_log driven;
        if (a->policies && !strstr(a->policies, name)) continue;
        CP_TRY(replay_one(cli, a, &in, (cp_policy)i, &driven, &result[i]));
        done[i] = true;
        cp_cli_progress_end(cli);
        if (cli->json)
            print_json(name, &result[i], &driven);
        else
            print_one(in.net, name, &result[i], &driven);
        fflush(stdout);
    }
    for (int32_t i = 0; i < CP_N_POLICIES && !cli->json; i++) {
        if (!done[i] || result[i].n_filled == 0) continue;
        printf("%d amounts of the replayed days have no record; the mean of the same weekdays took "
               "their place\n",
               (int)result[i].n_filled);
        break;
    }
    if (!cli->json) print_share(result, done);
    return CP_OK;
}

int cp_cmd_replay(cp_cli *cli)
{
    replay_args a = {CP_DAY_NONE, 28, 1, NULL, false};
    const int code = read_args(cli, &a);
    if (code != CP_ARGS_GO) return code;
    return replay_all(cli, &a) == CP_OK ? CP_EXIT_DONE : cp_cli_fail(cli);
}

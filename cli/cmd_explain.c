/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_explain.c - cashplan explain: why a machine of a stored plan is visited as it is, or what the
 * plan could not keep. */
#include <inttypes.h>

#include "cli/bound_text.h"
#include "cli/cmd.h"
#include "cli/explain_conflicts.h"
#include "cli/load.h"
#include "cli/quote.h"
#include "cli/servicer_text.h"
#include "data/csv/plan_csv.h"
#include "models/net/slot_mix.h"
#include "solver/run/explain_run.h"

typedef struct explain_args {
    const char *machine, *vault;
    int64_t plan_id;
    cp_day day;
    int32_t rows;
    bool conflicts;
} explain_args;

/* What is printed about, and how amounts and days are written. */
typedef struct page {
    const cp_network *net;
    const cp_plan *plan;
    const cp_explanation *e;
    int64_t plan_id;
    int32_t first_t;               /* day of its first visit by a car, -1 = none */
    const char *mix[CP_MIXES_MAX]; /* denominations by slot; "" without slot options */
    char a[40], b[40], c[40], d[40], f[40], day[16], until[16];
} page;

static int read_args(cp_cli *cli, explain_args *a)
{
    const cp_option options[] = {
        {"machine", CP_OPT_TEXT, &a->machine, "CODE", "machine or branch to explain", 0, 0},
        {"conflicts", CP_OPT_FLAG, &a->conflicts, NULL, "instead: what the plan could not keep", 0,
         0},
        {"vault", CP_OPT_TEXT, &a->vault, "CODE", "with --conflicts: only of this vault", 0, 0},
        {"day", CP_OPT_DAY, &a->day, "DAY", "with --conflicts: only of this day", 0, 0},
        {"plan", CP_OPT_INT64, &a->plan_id, "N", "number of the plan; default: the latest", 0, 0},
        {"rows", CP_OPT_INT, &a->rows, "N", "choices shown (8; --json shows all)", 1, 1000},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {
        "explain",
        "",
        "Say why a machine of a stored plan is first visited on its day, in its way, with its "
        "load:\n"
        "what every other first visit would cost with all other machines as planned, what other\n"
        "loads would cost, what the machine would choose if nothing were shared, and which limits\n"
        "stand against that. Forecast and costs are made anew from the stored data; visits that "
        "no\n"
        "route could take are not known to it.\n"
        "With --conflicts: every limit that needed relief, on which day, whose visits use it, and\n"
        "the ways out with their costs, the cheapest first: paying the relief, planning users\n"
        "otherwise (each planned again exactly against what the others leave), one more unit of\n"
        "the limit; service levels missed and visits no route could take with what giving up a\n"
        "rule of the machine (service days, holiday, earliest day, pin) for the best day, or a\n"
        "rule of a car for its stop alone, would cost; orders that come too late; days whose\n"
        "routes are too much like those of an earlier day, what is driven again and what driving\n"
        "otherwise would cost.\n"
        "Nothing is stored.",
        options,
        0,
        0};
    const int code = cp_args_read(cli, &usage);
    if (code != CP_ARGS_GO) return code;
    if ((a->machine != NULL) == a->conflicts)
        return cp_cli_misuse(cli, "explain: either --machine CODE or --conflicts is required");
    if (!a->conflicts && (a->vault != NULL || a->day != CP_DAY_NONE))
        return cp_cli_misuse(cli, "explain: --vault and --day go with --conflicts");
    return CP_ARGS_GO;
}

/* ---- text ------------------------------------------------------------------------------------ */

static const char *money(const page *p, cp_minor amount, char *buf)
{
    return cp_minor_text(amount, p->net->rows.currency[p->net->currency].exponent, buf);
}

static const char *day_of(const page *p, int32_t t, char *buf)
{
    return cp_day_text(p->net->first_day + t, buf);
}

/* Of a partial swap: " of CNY100+CNY50", the denominations whose cassettes are exchanged. */
static const char *swapped_of(const page *p, const cp_choice *c, char out[80])
{
    const cp_point *point = &p->net->points[p->e->point];
    size_t at = 0;
    out[0] = '\0';
    for (int32_t k = 0; c->kind == CP_VISIT_PARTIAL_SWAP && k < point->n_channels; k++) {
        const cp_channel *channel = &p->net->channels[point->first_channel + k];
        if (!(c->swapped >> k & 1) || channel->role == CP_ROLE_DEPOSIT || at >= 80) continue;
        at += (size_t)snprintf(out + at, 80 - at, "%s%s", at > 0 ? "+" : " of ",
                               p->net->denoms[channel->denomination].code);
    }
    return out;
}

static void first_visit(const page *p, const cp_choice *c, char *out, size_t room)
{
    char day[16], codes[80];
    if (c->t < 0)
        snprintf(out, room, "none");
    else
        snprintf(out, room, "%s %s%s%s", day_of(p, c->t, day), cp_visit_kind_name(c->kind),
                 c->by_branch ? " by the branch" : "", swapped_of(p, c, codes));
}

static void print_choice(page *p, const cp_choice *c, cp_minor chosen)
{
    char what[128];
    first_visit(p, c, what, sizeof what);
    printf("  %s %-30s %16s %16s %14s %14s %16s%s\n", c->chosen ? "*" : " ", what,
           money(p, c->out_minor, p->a), money(p, c->own_minor, p->b),
           money(p, c->stop_minor, p->c), money(p, c->limits_minor, p->d),
           c->chosen ? "chosen" : money(p, c->total_minor - chosen, p->f),
           c->misses ? "  misses its service level" : "");
}

static cp_minor chosen_total(const cp_explanation *e)
{
    for (int32_t i = 0; i < e->n_choices; i++)
        if (e->choice[i].chosen) return e->choice[i].total_minor;
    return 0;
}

static void print_choices(page *p, int32_t rows)
{
    const cp_explanation *e = p->e;
    printf("choices of the first visit, all other machines as planned; cost in %s over %d days\n",
           p->net->rows.currency[p->net->currency].code, (int)p->net->n_days);
    printf("    %-30s %16s %16s %14s %14s %16s\n", "first visit", "brought", "own cost", "stops",
           "limits", "costs more by");
    for (int32_t i = 0; i < e->n_choices; i++)
        if (i < rows || e->choice[i].chosen) print_choice(p, &e->choice[i], chosen_total(e));
    if (e->n_choices > rows) printf("    and %d dearer ones\n", (int)(e->n_choices - rows));
}

static void print_loads(page *p, int32_t rows)
{
    const cp_explanation *e = p->e;
    if (e->n_loads == 0) return;
    printf("other loads that would last as long\n");
    int32_t at = 0;
    while (at < e->n_loads && !e->load[at].chosen)
        at++;
    for (int32_t i = 0; i < e->n_loads; i++) {
        const cp_load_choice *l = &e->load[i];
        if (i < at - rows / 2 || i > at + rows / 2) continue;
        printf("  %s brings %s %s%s%s%s%s\n", l->chosen ? "*" : " ", money(p, l->out_minor, p->a),
               l->chosen            ? "(chosen)"
               : l->more_minor >= 0 ? "costs more by "
                                    : "costs less by ",
               l->chosen ? "" : money(p, l->more_minor < 0 ? -l->more_minor : l->more_minor, p->b),
               l->misses ? ", misses its service level" : "",
               p->mix[l->mix][0] != '\0' ? ", slots " : "", p->mix[l->mix]);
    }
}

/* Cassette model or denomination that the limit is about. */
static const char *item_of(const page *p, const cp_push *push)
{
    const cp_plan_limit limit = {.kind = push->kind, .item = push->item};
    return cp_limit_item_code(p->net, &limit);
}

static void print_alone(page *p)
{
    const cp_explanation *e = p->e;
    char what[128];
    first_visit(p, &e->alone, what, sizeof what);
    if (e->alone.chosen) {
        printf("no shared limit pushed it: alone it would choose the same\n");
        return;
    }
    printf("if nothing were shared it would choose: %s, bringing %s, at %s\n", what,
           money(p, e->alone.out_minor, p->a),
           money(p, e->alone.own_minor + e->alone.stop_minor, p->b));
    for (int32_t i = 0; i < e->n_pushes; i++) {
        const cp_push *k = &e->push[i];
        printf("  against it: %s on %s%s%s, limit %" PRId64 ", others use %" PRId64
               ", it would add %" PRId64 ": %s\n",
               cp_limit_kind_name(k->kind), day_of(p, k->t, p->day), k->item >= 0 ? " of " : "",
               item_of(p, k), k->cap, k->others, k->wanted, money(p, k->cost_minor, p->a));
    }
    if (e->n_pushes == 0)
        printf("  no limit stands against that now; it costs %s less than the plan's choice\n",
               money(p, chosen_total(e) - e->alone.total_minor, p->a));
}

static void print_text(page *p, int32_t rows)
{
    const cp_point *point = &p->net->points[p->e->point];
    const cp_site *site = &p->net->sites[point->site];
    printf("%s at %s, vault %s, plan %" PRId64 " from %s\n", point->code, site->code,
           p->net->vaults[site->vault].code, p->plan_id, day_of(p, 0, p->day));
    print_choices(p, rows);
    print_loads(p, rows);
    print_alone(p);
    if (p->e->servicer.n_plans > 0) cp_servicer_print(p->net, &p->e->servicer);
    if (p->first_t >= 0) cp_bound_day_print(stdout, p->net, p->plan, p->first_t, site->vault);
    if (p->e->n_changed > 0)
        printf("%d other machines could not stay as planned: the data has changed since\n",
               (int)p->e->n_changed);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void json_choice(page *p, const cp_choice *c)
{
    char codes[80];
    const bool named = swapped_of(p, c, codes)[0] != '\0';
    printf("{\"first_visit\": ");
    if (c->t < 0)
        printf("null");
    else
        printf("{\"day\": \"%s\", \"kind\": \"%s\", \"by_branch\": %s, \"swapped\": %s%s%s"
               ", \"brought_minor\": %" PRId64 ", \"until\": \"%s\"}",
               day_of(p, c->t, p->day), cp_visit_kind_name(c->kind),
               c->by_branch ? "true" : "false", named ? "\"" : "", named ? codes + 4 : "null",
               named ? "\"" : "", c->out_minor, day_of(p, c->until, p->until));
    printf(", \"visits\": %d, \"own_minor\": %" PRId64 ", \"stops_minor\": %" PRId64
           ", \"limits_minor\": %" PRId64 ", \"total_minor\": %" PRId64
           ", \"misses_service_level\": %s, \"chosen\": %s}",
           (int)c->n_visits, c->own_minor, c->stop_minor, c->limits_minor, c->total_minor,
           c->misses ? "true" : "false", c->chosen ? "true" : "false");
}

static void json_pushes(page *p)
{
    for (int32_t i = 0; i < p->e->n_pushes; i++) {
        const cp_push *k = &p->e->push[i];
        printf("%s{\"limit\": \"%s\", \"day\": \"%s\", \"%s\": ", i ? ", " : "",
               cp_limit_kind_name(k->kind), day_of(p, k->t, p->day),
               k->kind == CP_LIMIT_VAULT_STOCK ? "denomination" : "model");
        if (k->item >= 0)
            cp_cli_quote_json(stdout, item_of(p, k));
        else
            printf("null");
        printf(", \"cap\": %" PRId64 ", \"others\": %" PRId64 ", \"wanted\": %" PRId64
               ", \"cost_minor\": %" PRId64 "}",
               k->cap, k->others, k->wanted, k->cost_minor);
    }
}

static void print_json(page *p)
{
    const cp_explanation *e = p->e;
    printf("{\"plan\": %" PRId64 ", \"machine\": ", p->plan_id);
    cp_cli_quote_json(stdout, p->net->points[e->point].code);
    printf(", \"choices\": [");
    for (int32_t i = 0; i < e->n_choices; i++) {
        printf("%s", i ? ", " : "");
        json_choice(p, &e->choice[i]);
    }
    printf("], \"loads\": [");
    for (int32_t i = 0; i < e->n_loads; i++) {
        printf("%s{\"brought_minor\": %" PRId64 ", \"more_minor\": %" PRId64
               ", \"misses_service_level\": %s, \"chosen\": %s, \"slots\": ",
               i ? ", " : "", e->load[i].out_minor, e->load[i].more_minor,
               e->load[i].misses ? "true" : "false", e->load[i].chosen ? "true" : "false");
        cp_cli_quote_json(stdout, p->mix[e->load[i].mix]);
        printf("}");
    }
    printf("], \"alone\": ");
    json_choice(p, &e->alone);
    printf(", \"pushed_by\": [");
    json_pushes(p);
    printf("], \"servicer\": ");
    if (e->servicer.n_plans > 0)
        cp_servicer_json(&e->servicer);
    else
        printf("null");
    printf(", \"route_bound\": ");
    cp_bound_day_json(stdout, p->net, p->plan, p->first_t,
                      p->net->sites[p->net->points[e->point].site].vault);
    printf(", \"others_changed\": %d}\n", (int)e->n_changed);
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Day of the point's first visit by a car in the plan, -1 = none. */
static int32_t first_drive(const cp_plan *plan, int32_t point)
{
    for (int32_t i = 0; i < plan->n_visits; i++)
        if (plan->visits[i].point == point && !plan->visits[i].by_branch) return plan->visits[i].t;
    return -1;
}

static cp_status explain(cp_cli *cli, const explain_args *a)
{
    cp_stored_plan *stored = NULL;
    cp_loaded in;
    cp_explanation e;
    int32_t point = 0;
    CP_TRY(cp_cli_load_plan(cli, a->plan_id, &stored));
    CP_TRY(cp_cli_load(cli, stored->plan->first_day, stored->plan->n_days, 0, &in));
    CP_TRY(cp_cli_find_point(cli, in.net, a->machine, &point));
    const cp_explain_ask ask = {in.net,       in.balance_day,       in.history,
                                stored->plan, stored->record->seed, point};
    CP_TRY(cp_explain_run(&cli->ctx, &ask, &e));
    cp_cli_progress_end(cli);
    page p = {.net = in.net, .plan = stored->plan, .e = &e, .plan_id = stored->plan_id};
    p.first_t = first_drive(stored->plan, point);
    for (int32_t m = 0; m < cp_mix_count(in.net, point); m++) {
        p.mix[m] = cp_mix_text(&cli->ctx, cli->ctx.run, in.net, point, m);
        if (p.mix[m] == NULL) return CP_E_NOMEM;
    }
    if (cli->json)
        print_json(&p);
    else
        print_text(&p, a->rows);
    return CP_OK;
}

int cp_cmd_explain(cp_cli *cli)
{
    explain_args a = {NULL, NULL, 0, CP_DAY_NONE, 8, false};
    const int code = read_args(cli, &a);
    if (code != CP_ARGS_GO) return code;
    const cp_conflict_words words = {a.plan_id, a.vault, a.day, a.rows};
    const cp_status st = a.conflicts ? cp_cli_explain_conflicts(cli, &words) : explain(cli, &a);
    return st == CP_OK ? CP_EXIT_DONE : cp_cli_fail(cli);
}

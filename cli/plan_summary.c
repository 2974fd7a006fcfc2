/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/plan_summary.h"

#include <math.h>
#include <string.h>

#include "cli/bound_text.h"
#include "cli/likeness_text.h"
#include "cli/plan_worth.h"
#include "cli/quote.h"
#include "models/plan/plan_service.h"

#define MOST_WORTH 8
#define MOST_LISTED 5 /* lines of a kind; the page and the store have all */

typedef struct visit_count {
    int32_t all, swap, add, pickup, partial, by_branch;
} visit_count;

static visit_count count_visits(const cp_plan *plan, int32_t days)
{
    visit_count n = {0, 0, 0, 0, 0, 0};
    for (int32_t i = 0; i < plan->n_visits && plan->visits[i].t < days; i++) {
        n.all++;
        n.swap += plan->visits[i].kind == CP_VISIT_SWAP;
        n.add += plan->visits[i].kind == CP_VISIT_ADD;
        n.pickup += plan->visits[i].kind == CP_VISIT_PICKUP;
        n.partial += plan->visits[i].kind == CP_VISIT_PARTIAL_SWAP;
        n.by_branch += plan->visits[i].by_branch;
    }
    return n;
}

static const cp_currency *currency_of(const cp_network *net)
{
    return &net->rows.currency[net->currency];
}

static const char *text_of(const cp_network *net, cp_minor amount, char buf[40])
{
    return cp_minor_text(amount, currency_of(net)->exponent, buf);
}

static void print_head(FILE *out, const cp_network *net, const cp_plan *plan,
                       const cp_record *record)
{
    char from[16], to[16];
    int32_t branches = 0, atms = 0, vaults = 0;
    for (int32_t p = 0; p < net->n_points; p++) {
        branches += net->points[p].kind == CP_POINT_BRANCH;
        atms += net->points[p].kind == CP_POINT_ATM;
    }
    for (int32_t v = 0; v < net->n_vaults; v++)
        vaults += net->vaults[v].status == CP_VAULT_EXISTING;
    fprintf(out, "plan %s .. %s", cp_day_text(plan->first_day, from),
            cp_day_text(plan->first_day + plan->n_days - 1, to));
    if (net->settings.bank_name && net->settings.bank_name[0])
        fprintf(out, "   bank %s", net->settings.bank_name);
    fprintf(out, "   %d branches, %d ATMs, %d vault%s   made in %.1f s\n", (int)branches, (int)atms,
            (int)vaults, vaults == 1 ? "" : "s", record->seconds);
}

static void print_visits(FILE *out, const cp_network *net, const cp_plan *plan)
{
    const visit_count day = count_visits(plan, 1), all = count_visits(plan, plan->n_days);
    fprintf(out, "  visits    tomorrow %d (%d swap, %d add, %d pick-up), %d days %d\n",
            (int)day.all, (int)day.swap, (int)day.add, (int)day.pickup, (int)plan->n_days,
            (int)all.all);
    if (all.partial + all.by_branch > 0)
        fprintf(
            out,
            "            of these tomorrow %d partial swap, %d by the branch; %d days %d and %d\n",
            (int)day.partial, (int)day.by_branch, (int)plan->n_days, (int)all.partial,
            (int)all.by_branch);
    for (int32_t i = 0; i < plan->n_unserved && i < MOST_LISTED; i++) {
        const cp_plan_unserved *u = &plan->unserved[i];
        char date[16];
        fprintf(out, "  unserved  %s on %s: %s\n", net->points[u->point].code,
                cp_day_text(plan->first_day + u->t, date), u->reason);
    }
    if (plan->n_unserved > MOST_LISTED)
        fprintf(out, "  unserved  and %d more\n", (int)plan->n_unserved - MOST_LISTED);
}

static void print_routes(FILE *out, const cp_network *net, const cp_plan *plan)
{
    int32_t cars = 0, minutes = 0;
    int64_t metres = 0;
    cp_minor most = 0, limit = 0;
    char a[40], b[40];
    for (int32_t i = 0; i < plan->n_routes; i++) {
        const cp_plan_route *r = &plan->routes[i];
        if (r->t > 0) continue;
        cars++;
        metres += r->dist_m;
        minutes += r->drive_s / 60 + r->wait_min + r->service_min;
        if (r->most_on_board_minor < most) continue;
        most = r->most_on_board_minor;
        limit = net->cars[r->car].insured_minor;
    }
    fprintf(out, "  routes    tomorrow %d cars, %lld km, %d h; most value on board %s", (int)cars,
            (long long)((metres + 500) / 1000), (int)((minutes + 30) / 60), text_of(net, most, a));
    if (limit > 0) fprintf(out, " of %s", text_of(net, limit, b));
    fprintf(out, " %s%s\n", currency_of(net)->code, limit > 0 ? " insured" : "");
}

static void print_cost(FILE *out, const cp_network *net, const cp_plan *plan,
                       const cp_record *record)
{
    char buf[40];
    const char *sep = " = ";
    fprintf(out, "  cost      %s %s", text_of(net, plan->cost.total_minor, buf),
            currency_of(net)->code);
    for (int32_t i = 0; i < CP_N_COST_ITEMS; i++) {
        if (plan->cost.item[i] == 0) continue;
        fprintf(out, "%s%s %s", sep, cp_cost_item_name((cp_cost_item)i),
                text_of(net, plan->cost.item[i], buf));
        sep = " + ";
    }
    fprintf(out, "\n");
    const cp_minor relief = plan->cost.item[CP_COST_RELIEF];
    const cp_minor ours = plan->cost.total_minor - relief;
    if (relief > 0)
        fprintf(out, "            without the price of relief %s\n", text_of(net, ours, buf));
    for (int32_t i = 0; i < record->n_rivals; i++) {
        const cp_rival *r = &record->rivals[i];
        const double change = r->cost.total_minor > 0
                                  ? 100.0 * ((double)ours / (double)r->cost.total_minor - 1.0)
                                  : 0.0;
        fprintf(out,
                "            %s rule %s (ours %+.1f %%), free to break limits; service %.2f %%, %d "
                "visits\n",
                r->policy, text_of(net, r->cost.total_minor, buf), change, r->service_pct,
                (int)r->n_visits);
    }
}

static void print_proof(FILE *out, const cp_network *net, const cp_plan *plan)
{
    char a[40], b[40];
    if (!plan->proof.has_bound) {
        fprintf(out, "  proof     no bound of the replenishment\n");
    } else {
        fprintf(out,
                "  proof     replenishment at these stop prices: bound %s of %s, gap %.2f %% (%d "
                "paths, seed %llu)\n",
                text_of(net, plan->proof.bound_minor, a), text_of(net, plan->proof.plan_minor, b),
                100.0 * plan->proof.gap, (int)plan->proof.n_paths,
                (unsigned long long)plan->proof.seed);
    }
    cp_bounds_print(out, net, plan);
}

static const char *limit_name(cp_limit_kind kind)
{
    static const char *const names[] = {
        [CP_LIMIT_STOPS] = "stops a day",
        [CP_LIMIT_CREW_MIN] = "crew minutes",
        [CP_LIMIT_VALUE_OUT] = "value leaving the vault",
        [CP_LIMIT_PACK] = "packing",
        [CP_LIMIT_SORT] = "sorting",
        [CP_LIMIT_POOL] = "cassette pool",
        [CP_LIMIT_SERVICE_LEVEL] = "service level",
        [CP_LIMIT_VAULT_VALUE] = "value in the vault",
        [CP_LIMIT_VAULT_STOCK] = "vault stock",
        [CP_LIMIT_ROUTE] = "routes",
    };
    return names[kind];
}

/* What one more of each thing that is short would save, and relief that was declared. */
static cp_status print_limits(cp_ctx *ctx, FILE *out, const cp_network *net, const cp_plan *plan)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_worth *worth = NULL;
    int32_t n = 0;
    char save[40], most[40], date[16];
    CP_TRY(cp_worth_list(ctx, net, plan, &worth, &n));
    for (int32_t i = 0; i < n && i < MOST_WORTH; i++) {
        const char *text = cp_worth_text(ctx, net, &worth[i]);
        if (!text) return CP_E_NOMEM;
        fprintf(out, "  worth     %s: %s saves %s %s in these %d days",
                net->vaults[worth[i].vault].code, text,
                text_of(net, (cp_minor)llround(worth[i].save_minor), save), currency_of(net)->code,
                (int)plan->n_days);
        if (worth[i].days > 1 && worth[i].kind != CP_LIMIT_VAULT_STOCK)
            fprintf(out, " (binds on %d, most %s on %s)", (int)worth[i].days,
                    text_of(net, (cp_minor)llround(worth[i].most_minor), most),
                    cp_day_text(plan->first_day + worth[i].most_t, date));
        fprintf(out, "\n");
    }
    if (n > MOST_WORTH) fprintf(out, "  worth     and %d more; see page\n", (int)n - MOST_WORTH);
    for (int32_t kind = 0; kind <= (int32_t)CP_LIMIT_ROUTE; kind++) {
        int64_t relief = 0;
        for (int32_t i = 0; i < plan->n_limits; i++)
            if ((int32_t)plan->limits[i].kind == kind) relief += plan->limits[i].relief;
        if (relief > 0)
            fprintf(out, "  relief    %s: %lld declared\n", limit_name((cp_limit_kind)kind),
                    (long long)relief);
    }
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

static double figure(const cp_record *record, const char *name)
{
    return cp_record_kpi(record, "total", name, 0.0);
}

/* What the loads keep until the next visit on paths that they were not chosen on. */
static void print_achieved(FILE *out, const cp_record *record)
{
    const double judged = figure(record, "intervals_judged");
    const double declared = figure(record, "intervals_declared");
    if (judged > 0)
        fprintf(
            out,
            "            until the next visit %.2f %% on fresh paths (+- %.2f; asked %.2f %%, on "
            "the paths planned with %.2f %%: bias %+.2f)\n"
            "            above the asked: %+.2f by loading steps (one step less reaches %.2f "
            "%%), %+.2f visits due before, %+.2f least loads, %+.2f loads that cost less\n",
            figure(record, "interval_service_fresh_pct"),
            figure(record, "interval_service_error_pct"),
            figure(record, "interval_service_asked_pct"),
            figure(record, "interval_service_in_sample_pct"),
            figure(record, "interval_service_bias_pct"),
            figure(record, "interval_service_excess_step_pct"),
            figure(record, "interval_service_step_less_pct"),
            figure(record, "interval_service_excess_opening_pct"),
            figure(record, "interval_service_excess_least_pct"),
            figure(record, "interval_service_excess_cost_pct"));
    if (declared > 0)
        fprintf(out, "            and %.0f of %.0f intervals miss their level, declared\n",
                declared, judged + declared);
    const double in = figure(record, "interval_cost_in_sample_minor");
    if (in > 0)
        fprintf(out,
                "            fresh paths raise holding, cash-outs, emergencies and sorting by %.2f "
                "%%\n",
                100.0 * (figure(record, "interval_cost_fresh_minor") / in - 1.0));
    if (figure(record, "penalty_intervals") > 0)
        fprintf(out,
                "            by penalty alone %.2f %% (+- %.2f; on the paths planned with %.2f "
                "%%)\n",
                figure(record, "penalty_service_fresh_pct"),
                figure(record, "penalty_service_error_pct"),
                figure(record, "penalty_service_in_sample_pct"));
}

/* The figures of the same names, total alone; nothing when they were not measured. */
static void json_achieved(FILE *out, const cp_record *record)
{
    const char *sep = "";
    fprintf(out, "\"achieved\": {");
    for (int32_t i = 0; i < record->n_kpis; i++) {
        const cp_kpi *k = &record->kpis[i];
        const bool ours = strncmp(k->name, "interval_service_", 17) == 0 ||
                          strncmp(k->name, "penalty_", 8) == 0 ||
                          strncmp(k->name, "intervals_", 10) == 0 ||
                          strncmp(k->name, "interval_cost_", 14) == 0 ||
                          strncmp(k->name, "loads_improvable", 16) == 0;
        if (!ours || strcmp(k->scope, "total") != 0) continue;
        fprintf(out, "%s\"%s\": %.4f", sep, k->name, k->value);
        sep = ", ";
    }
    fprintf(out, "}, ");
}

static void print_notes(FILE *out, const cp_plan *plan, const cp_record *record)
{
    if (record->balances_rolled > 0)
        fprintf(out,
                "  note      balances of %d points are older than the evening before; rolled "
                "forward by history and forecast\n",
                (int)record->balances_rolled);
    if (record->estimated_legs > 0)
        fprintf(out, "  note      %lld of %lld legs are driven on estimated times\n",
                (long long)record->estimated_legs, (long long)record->legs);
    for (int32_t i = 0; i < record->n_notes && i < MOST_LISTED; i++)
        fprintf(out, "  note      %s\n", record->notes[i]);
    if (record->n_notes > MOST_LISTED)
        fprintf(out, "  note      and %d more of this kind; see page\n",
                (int)record->n_notes - MOST_LISTED);
    int32_t late = 0;
    for (int32_t i = 0; i < plan->n_orders; i++)
        late += plan->orders[i].t < 0;
    if (late > 0)
        fprintf(out,
                "  note      %d order%s to the central bank should have been placed before the "
                "first day; see orders.json\n",
                (int)late, late == 1 ? "" : "s");
    if (strcmp(plan->stopped_by, "work") != 0)
        fprintf(out, "  note      the search was stopped by: %s\n", plan->stopped_by);
    if (record->status == CP_PLAN_REFUSED)
        fprintf(out, "  refused   by the referee, %d violations\n",
                (int)record->verdict->n_violations);
    for (int32_t i = 0; record->status == CP_PLAN_REFUSED && i < record->verdict->n_kept && i < 20;
         i++)
        fprintf(out, "            %s: %s\n", record->verdict->violations[i].rule,
                record->verdict->violations[i].text);
}

/* How alike the routes are with earlier ones; the first day first, then the most alike one. */
static void print_likeness(FILE *out, const cp_network *net, const cp_plan *plan,
                           const cp_record *record)
{
    const cp_plan_likeness *most = NULL;
    char day[16], with[16];
    for (int32_t i = 0; i < plan->n_likeness; i++)
        if (most == NULL || plan->likeness[i].likeness_ppm > most->likeness_ppm)
            most = &plan->likeness[i];
    if (most == NULL) return;
    fprintf(
        out,
        "  likeness  routes are %.1f %% alike with the most alike of %d days before on average; "
        "most %.1f %%: vault %s on %s with %s\n",
        figure(record, "route_likeness_mean_pct"), (int)net->settings.likeness_days,
        most->likeness_ppm / 1e4, net->vaults[most->vault].code,
        cp_day_text(plan->first_day + most->t, day),
        cp_day_text(plan->first_day + most->with_t, with));
    if (figure(record, "route_likeness_days_above") > 0)
        fprintf(out,
                "  relief    likeness: %.0f vault-days above the limit of %d %%; cashplan likeness "
                "tells what less would cost\n",
                figure(record, "route_likeness_days_above"), (int)most->limit_pct);
}

cp_status cp_plan_summary_print(cp_ctx *ctx, FILE *out, const cp_network *net, const cp_plan *plan,
                                const cp_record *record)
{
    print_head(out, net, plan, record);
    print_visits(out, net, plan);
    print_routes(out, net, plan);
    fprintf(
        out,
        "  service   %.2f %% of machine-days without cash-out on unseen paths (asked %.1f %%)\n",
        record->service_pct, record->service_asked_pct);
    print_achieved(out, record);
    print_cost(out, net, plan, record);
    print_proof(out, net, plan);
    CP_TRY(print_limits(ctx, out, net, plan));
    print_likeness(out, net, plan, record);
    print_notes(out, plan, record);
    return CP_OK;
}

static cp_status worth_json(cp_ctx *ctx, FILE *out, const cp_network *net, const cp_plan *plan)
{
    const cp_arena_mark mark = cp_arena_here(ctx->scratch);
    cp_worth *worth = NULL;
    int32_t n = 0;
    CP_TRY(cp_worth_list(ctx, net, plan, &worth, &n));
    fprintf(out, "\"worth\": [");
    for (int32_t i = 0; i < n; i++) {
        const char *text = cp_worth_text(ctx, net, &worth[i]);
        if (!text) return CP_E_NOMEM;
        fprintf(out, "%s{\"vault\": ", i ? ", " : "");
        cp_cli_quote_json(out, net->vaults[worth[i].vault].code);
        fprintf(out, ", \"what\": ");
        cp_cli_quote_json(out, text);
        fprintf(out, ", \"saves_minor\": %lld, \"days\": %d}",
                (long long)llround(worth[i].save_minor), (int)worth[i].days);
    }
    fprintf(out, "], ");
    cp_arena_rewind(ctx->scratch, mark);
    return CP_OK;
}

cp_status cp_plan_summary_json(cp_ctx *ctx, FILE *out, const cp_network *net, const cp_plan *plan,
                               const cp_record *record, int64_t plan_id)
{
    char day[16];
    fprintf(out, "{\"plan_id\": %lld, \"first_day\": \"%s\", \"days\": %d, \"points\": %d, ",
            (long long)plan_id, cp_day_text(plan->first_day, day), (int)plan->n_days,
            (int)net->n_points);
    fprintf(out, "\"status\": \"%s\", \"visits\": %d, \"routes\": %d, \"unserved\": %d, ",
            record->status == CP_PLAN_REFUSED    ? "refused"
            : record->status == CP_PLAN_PROPOSED ? "proposed"
                                                 : "proposed_with_relief",
            (int)plan->n_visits, (int)plan->n_routes, (int)plan->n_unserved);
    fprintf(out, "\"currency\": \"%s\", \"exponent\": %d, \"cost_minor\": %lld, \"cost\": {",
            currency_of(net)->code, (int)currency_of(net)->exponent,
            (long long)plan->cost.total_minor);
    for (int32_t i = 0; i < CP_N_COST_ITEMS; i++)
        fprintf(out, "%s\"%s\": %lld", i ? ", " : "", cp_cost_item_name((cp_cost_item)i),
                (long long)plan->cost.item[i]);
    fprintf(out, "}, \"rivals\": {");
    for (int32_t i = 0; i < record->n_rivals; i++)
        fprintf(out, "%s\"%s\": {\"cost_minor\": %lld, \"service_pct\": %.4f}", i ? ", " : "",
                record->rivals[i].policy, (long long)record->rivals[i].cost.total_minor,
                record->rivals[i].service_pct);
    fprintf(out, "}, \"bound_minor\": ");
    if (plan->proof.has_bound)
        fprintf(out, "%lld", (long long)plan->proof.bound_minor);
    else
        fprintf(out, "null");
    fprintf(out, ", \"replenishment_minor\": %lld, \"gap\": %.6f, \"paths\": %d, \"seed\": %llu, ",
            (long long)plan->proof.plan_minor, plan->proof.gap, (int)plan->proof.n_paths,
            (unsigned long long)plan->proof.seed);
    fprintf(out, "\"service_pct\": %.4f, \"asked_pct\": %.4f, \"estimated_legs\": %lld, ",
            record->service_pct, record->service_asked_pct, (long long)record->estimated_legs);
    json_achieved(out, record);
    fprintf(out, "\"legs\": %lld, \"balances_rolled\": %d, \"stopped_by\": \"%s\", ",
            (long long)record->legs, (int)record->balances_rolled, plan->stopped_by);
    CP_TRY(worth_json(ctx, out, net, plan));
    cp_likeness_json(out, net, plan);
    fprintf(out, ", ");
    cp_bounds_json(out, net, plan);
    fprintf(out, ", \"work\": %lld, \"seconds\": %.3f, \"notes\": [", (long long)plan->work_done,
            record->seconds);
    for (int32_t i = 0; i < record->n_notes; i++) {
        if (i > 0) fputs(", ", out);
        cp_cli_quote_json(out, record->notes[i]);
    }
    fprintf(out, "]}\n");
    return CP_OK;
}

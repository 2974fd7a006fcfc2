/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/route_day.h"

#include <inttypes.h>

#include "cli/load.h"
#include "cli/quote.h"
#include "data/json/vroom_day.h"
#include "solver/run/day_routes.h"
#include "solver/run/route_again.h"

#define WORK_SHARE 2 /* route iterations a stop, per unit of --work, as in plan */

static const char *money(const cp_network *net, cp_minor amount, char buf[40])
{
    return cp_minor_text(amount, net->rows.currency[net->currency].exponent, buf);
}

/* ---- what is told ---- */

static void print_row(const cp_network *net, const char *name, const cp_route_sums *s)
{
    char a[40], alike[16] = "-";
    if (s->likeness_ppm >= 0) (void)snprintf(alike, sizeof alike, "%.1f %%", s->likeness_ppm / 1e4);
    printf("  %-8s %4d %5d %9.1f %9.1f %9.1f %16s %8s\n", name, (int)s->n_routes, (int)s->n_stops,
           (double)s->dist_m / 1000.0, (double)s->crew_min / 60.0, (double)s->overtime_min / 60.0,
           money(net, s->cost_minor, a), alike);
}

static double less_pct(const cp_route_again *r)
{
    const double was = (double)r->stored.cost_minor;
    return was > 0 ? 100.0 * (was - (double)r->found.cost_minor) / was : 0.0;
}

static void print_left_out(const cp_network *net, const cp_route_again *r)
{
    for (int32_t k = 0; k < r->result->n_unserved; k++)
        printf("  left out: site %s: %s\n", net->sites[r->tasks[r->result->unserved[k]].site].code,
               r->result->reason[k]);
    for (int32_t k = 0; k < r->verdict->n_kept; k++)
        printf("  refused: %s: %s\n", r->verdict->violations[k].rule,
               r->verdict->violations[k].text);
}

static void print_day(const cp_route_ask *ask, const cp_route_again *r)
{
    const cp_network *net = ask->net;
    char day[16], a[40];
    const cp_minor less = r->stored.cost_minor - r->found.cost_minor;
    printf("vault %s, %s: %d stops\n", net->vaults[ask->vault].code,
           cp_day_text(ask->plan->first_day + ask->t, day), (int)r->n_tasks);
    printf("  %-8s %4s %5s %9s %9s %9s %16s %8s\n", "routes", "cars", "stops", "km", "crew h",
           "overtime", "cost", "alike");
    print_row(net, "stored", &r->stored);
    print_row(net, "found", &r->found);
    if (r->result->n_unserved == 0)
        printf("  the routes found cost %s %s (%.2f %%)\n", money(net, less < 0 ? -less : less, a),
               less < 0 ? "more" : "less", less < 0 ? -less_pct(r) : less_pct(r));
    print_left_out(net, r);
    printf("  the referee %s the routes found\n", r->verdict->accepted ? "accepts" : "refuses");
}

static void json_sums(const char *name, const cp_route_sums *s)
{
    printf(", \"%s\": {\"cars\": %d, \"stops\": %d, \"distance_m\": %" PRId64
           ", \"crew_min\": %" PRId64 ", \"overtime_min\": %" PRId64 ", \"cost_minor\": %" PRId64,
           name, (int)s->n_routes, (int)s->n_stops, s->dist_m, s->crew_min, s->overtime_min,
           s->cost_minor);
    if (s->likeness_ppm >= 0)
        printf(", \"likeness_ppm\": %d}", (int)s->likeness_ppm);
    else
        printf(", \"likeness_ppm\": null}");
}

static void json_day(const cp_route_ask *ask, const cp_route_again *r)
{
    char day[16];
    printf("{\"day\": \"%s\", \"vault\": ", cp_day_text(ask->plan->first_day + ask->t, day));
    cp_cli_quote_json(stdout, ask->net->vaults[ask->vault].code);
    printf(", \"tasks\": %d", (int)r->n_tasks);
    json_sums("stored", &r->stored);
    json_sums("found", &r->found);
    printf(", \"left_out\": [");
    for (int32_t k = 0; k < r->result->n_unserved; k++) {
        printf("%s", k > 0 ? ", " : "");
        cp_cli_quote_json(stdout, ask->net->sites[r->tasks[r->result->unserved[k]].site].code);
    }
    printf("], \"accepted\": %s, \"work\": %" PRId64 "}", r->verdict->accepted ? "true" : "false",
           r->result->work_done);
}

/* ---- files ---- */

static cp_status day_of(cp_ctx *ctx, const cp_route_ask *ask, const cp_route_task *tasks, int32_t n,
                        cp_vroom_day *out)
{
    cp_car_stop *stops = NULL;
    int32_t *car = NULL;
    bool *must = NULL;
    CP_NEW(ctx, ctx->run, stops, n + 1);
    CP_NEW(ctx, ctx->run, car, n + 1);
    CP_NEW(ctx, ctx->run, must, n + 1);
    for (int32_t k = 0; k < n; k++) {
        const cp_route_task *t = &tasks[k];
        stops[k] = (cp_car_stop){t->site,       0,          t->service_s, t->out_minor,
                                 t->back_minor, t->out_cm3, t->back_cm3};
        car[k] = t->car;
        must[k] = t->must;
    }
    *out = (cp_vroom_day){ask->net, ask->t, ask->vault, stops, car, must, n};
    return CP_OK;
}

static cp_status write_files(cp_cli *cli, const cp_route_day_args *a, const cp_route_ask *ask,
                             const cp_route_again *r)
{
    cp_ctx *ctx = &cli->ctx;
    cp_vroom_day day;
    cp_outfile out;
    CP_TRY(day_of(ctx, ask, r->tasks, r->n_tasks, &day));
    if (a->problem_out != NULL) {
        CP_TRY(cp_outfile_open(ctx, a->problem_out, &out));
        CP_TRY(cp_outfile_close(ctx, &out, cp_vroom_day_problem(ctx, &day, &out)));
    }
    if (a->out == NULL || !r->verdict->accepted) return CP_OK;
    const cp_drives drives = {r->plan->routes, r->plan->n_routes, r->plan->stops};
    CP_TRY(cp_outfile_open(ctx, a->out, &out));
    return cp_outfile_close(ctx, &out, cp_vroom_day_answer(ctx, &day, &drives, &out));
}

/* The only vault with stops that day: a file holds one. */
static cp_status one_vault(cp_cli *cli, const cp_stored_plan *stored, int32_t t, int32_t *vault)
{
    char day[16];
    for (int32_t v = 0; v < stored->net->n_vaults; v++) {
        cp_route_task *tasks = NULL;
        int32_t n = 0;
        CP_TRY(cp_day_routes_tasks(&cli->ctx, stored->net, stored->plan, t, v, &tasks, &n));
        if (n > 0 && *vault >= 0)
            CP_FAIL(&cli->ctx, CP_E_INPUT,
                    "vaults %s and %s both have stops on %s: name the one for the file (--vault)",
                    stored->net->vaults[*vault].code, stored->net->vaults[v].code,
                    cp_day_text(stored->plan->first_day + t, day));
        if (n > 0) *vault = v;
    }
    return CP_OK;
}

/* ---- run ---- */

static cp_status route_vaults(cp_cli *cli, const cp_route_day_args *a, cp_route_ask *ask,
                              int32_t only, bool *refused)
{
    const cp_network *net = ask->net;
    int32_t n = 0;
    char day[16];
    for (int32_t v = 0; v < net->n_vaults; v++) {
        cp_route_again r;
        if (only >= 0 && v != only) continue;
        ask->vault = v;
        cp_progress(&cli->ctx, "routes", v, net->n_vaults);
        CP_TRY(cp_route_again_run(&cli->ctx, ask, &r));
        cp_cli_progress_end(cli);
        if (r.n_tasks == 0) continue;
        if (cli->json) printf("%s", n > 0 ? ", " : "");
        if (cli->json)
            json_day(ask, &r);
        else
            print_day(ask, &r);
        *refused = *refused || !r.verdict->accepted;
        CP_TRY(write_files(cli, a, ask, &r));
        n++;
    }
    if (n == 0 && (a->out != NULL || a->problem_out != NULL))
        CP_FAIL(&cli->ctx, CP_E_INPUT, "no stop is planned on %s%s%s: there is nothing to write",
                cp_day_text(ask->plan->first_day + ask->t, day), only < 0 ? "" : " at vault ",
                only < 0 ? "" : net->vaults[only].code);
    if (n == 0 && !cli->json)
        printf("no stop is planned on %s\n", cp_day_text(ask->plan->first_day + ask->t, day));
    return CP_OK;
}

cp_status cp_cli_route_day(cp_cli *cli, const cp_route_day_args *args, bool *refused)
{
    cp_stored_plan *stored = NULL;
    cp_drives *past = NULL;
    int32_t t = 0, vault = -1;
    CP_TRY(cp_cli_load_plan(cli, args->plan_id, &stored));
    if (args->date != CP_DAY_NONE) CP_TRY(cp_cli_find_day(cli, stored, args->date, &t));
    CP_TRY(cp_cli_find_vault(cli, stored->net, args->vault, &vault));
    if (vault < 0 && (args->out != NULL || args->problem_out != NULL))
        CP_TRY(one_vault(cli, stored, t, &vault));
    CP_TRY(cp_cli_load_drives(cli, stored->net, &past));
    cp_route_ask ask = {.net = stored->net,
                        .plan = stored->plan,
                        .past = past,
                        .t = t,
                        .work_per_task = cli->ctx.work * WORK_SHARE,
                        .seed = cli->has_seed ? cli->ctx.seed : stored->record->seed};
    if (cli->json) printf("{\"plan\": %" PRId64 ", \"days\": [", stored->plan_id);
    const cp_status st = route_vaults(cli, args, &ask, vault, refused);
    if (cli->json) printf("]}\n");
    return st;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmd_route.c - cashplan route: vehicle routes for a problem in VROOM's JSON, or for a day of a
 * stored plan. */
#include "cli/cmd.h"
#include "cli/route_day.h"
#include "data/json/vroom.h"
#include "solver/route/vrp_bound.h"
#include "solver/route/vrp_solve.h"

#define WORK_LEAST 20000    /* iterations of the search without --work and --time-limit-s ... */
#define BOUND_NODES 100     /* jobs at most */
#define BOUND_WORK 20000000 /* labels without --time-limit-s */
#define WORK_PER_JOB 300    /* ... and more for each job */

typedef struct route_args {
    const char *vroom, *out;
    cp_vroom_opts travel;
    cp_route_day_args day;
    bool bound;
} route_args;

static const char about[] =
    "Routes for jobs, shipments and vehicles in VROOM's JSON (--vroom), the answer in VROOM's "
    "style. Without\n"
    "matrices travel is estimated from great circles, and the answer says so. What VROOM knows "
    "and\n"
    "cannot be kept here is refused with its path; every fault of the file is told in one go. "
    "Jobs\n"
    "that find no place are `unassigned`; that is an answer and ends with 0. A file with faults\n"
    "ends with 1 and an answer of code 2, an answer that the referee refuses with 4.\n"
    "--time-limit-s counts CPU seconds.\n"
    "Without --vroom a day of a stored plan (--db) is routed anew, stops and loads as planned, by\n"
    "all searches there are; told is what the routes found cost beside those of the plan. --out\n"
    "writes them as an answer in VROOM's style, --problem-out the day as a problem that other\n"
    "programs can solve; \"_not_said\" in it lists rules for which the format has no word. "
    "Nothing\n"
    "is stored. --work N: 2 N iterations a stop of each search, as in plan.";

/* Options of one way of the command say nothing with the other. */
static int check_ways(cp_cli *cli, const route_args *a)
{
    const cp_route_day_args *d = &a->day;
    if (a->vroom == NULL && cli->db_path == NULL)
        return cp_cli_misuse(cli, "route: --vroom FILE or --db FILE is required");
    if (a->vroom == NULL && a->bound)
        return cp_cli_misuse(cli, "route: --bound goes with --vroom; a stored plan has its bounds");
    if (a->vroom != NULL && (cli->db_path != NULL || d->plan_id > 0 || d->date != CP_DAY_NONE ||
                             d->vault != NULL || d->problem_out != NULL))
        return cp_cli_misuse(cli, "route: --vroom does not go with --db, --plan, --date, --vault "
                                  "and --problem-out");
    return CP_ARGS_GO;
}

static int read_args(cp_cli *cli, route_args *a)
{
    const cp_option options[] = {
        {"vroom", CP_OPT_TEXT, &a->vroom, "FILE", "a problem; - = standard input", 0, 0},
        {"out", CP_OPT_TEXT, &a->out, "FILE",
         "where the answer goes (standard output; of a stored day: nowhere)", 0, 0},
        {"circle-factor", CP_OPT_REAL, &a->travel.circle_factor, "X",
         "road over great circle, without matrices (1.4)", 1, 5},
        {"speed-kmh", CP_OPT_REAL, &a->travel.circle_speed_kmh, "X", "speed on such roads (25)", 1,
         200},
        {"bound", CP_OPT_FLAG, &a->bound, NULL,
         "also prove a lower bound, for up to 100 jobs: summary.bound of the answer", 0, 0},
        {"plan", CP_OPT_INT64, &a->day.plan_id, "N", "with --db: number of the plan (the latest)",
         0, 0},
        {"date", CP_OPT_DAY, &a->day.date, "DAY", "with --db: the day (the plan's first)", 0, 0},
        {"vault", CP_OPT_TEXT, &a->day.vault, "CODE", "with --db: this vault alone", 0, 0},
        {"problem-out", CP_OPT_TEXT, &a->day.problem_out, "FILE",
         "with --db: the day as a problem in VROOM's JSON", 0, 0},
        {NULL, CP_OPT_FLAG, NULL, NULL, NULL, 0, 0},
    };
    const cp_usage usage = {"route", "", about, options, 0, 0};
    const int code = cp_args_read(cli, &usage);
    return code != CP_ARGS_GO ? code : check_ways(cli, a);
}

/* An answer is written whole to its file, or to the standard output. */
static cp_status open_out(cp_cli *cli, const route_args *a, cp_outfile *out)
{
    *out = (cp_outfile){stdout, NULL, NULL};
    return a->out == NULL ? CP_OK : cp_outfile_open(&cli->ctx, a->out, out);
}

static cp_status close_out(cp_cli *cli, const route_args *a, cp_outfile *out, cp_status st)
{
    return a->out == NULL ? st : cp_outfile_close(&cli->ctx, out, st);
}

/* Every fault to stderr, one a line, and an answer for the program that asked. */
static void tell_faults(cp_cli *cli, const route_args *a, const cp_json_in *faults)
{
    cp_outfile out;
    for (int32_t k = 0; k < faults->n_faults; k++) {
        const cp_json_fault *f = &faults->faults[k];
        cp_cli_note(cli, "%s%s%s%s%s %s", a->vroom, f->path[0] == '\0' ? "" : ": ", f->path,
                    f->value[0] == '\0' ? "" : ": ", f->value, f->rule);
    }
    if (open_out(cli, a, &out) != CP_OK) return;
    cp_vroom_refusal(2, cli->ctx.error.text, faults, &out);
    (void)close_out(cli, a, &out, CP_OK);
}

static cp_status search(cp_cli *cli, const cp_vroom *v, cp_vrp_result *result)
{
    cp_vrp_opts o = cp_vrp_opts_defaults();
    o.seed = cli->ctx.seed;
    o.work = cli->ctx.work;
    o.cpu_limit_s = cli->time_limit_s;
    if (o.work == 0 && o.cpu_limit_s <= 0)
        o.work = WORK_LEAST + WORK_PER_JOB * (int64_t)v->p.n_nodes;
    CP_TRY(cp_vrp_solve(&cli->ctx, &v->p, &o, result));
    cp_cli_progress_end(cli);
    return CP_OK;
}

/* What the referee found, to stderr and as an answer of code 1. */
static void tell_breaches(cp_cli *cli, const cp_vroom *v, const cp_vrp_solution *s,
                          const cp_vrp_report *r)
{
    for (int32_t k = 0; k < r->n_breaches; k++) {
        const cp_vrp_breach *b = &r->breaches[k];
        const char *name = b->route < 0 ? "" : v->p.vehicles[s->routes[b->route].vehicle].name;
        cp_cli_note(cli, "refused: route %d (vehicle %s): %s, by %lld", (int)b->route + 1, name,
                    cp_vrp_rule_text(b->rule), (long long)b->over);
    }
}

/* The bound counts what is left out at its price: with that of the answer taken off, it is one of
 * the cost of all answers that leave out no less. A better solution found on the way replaces the
 * search's. */
static cp_status prove(cp_cli *cli, const cp_vroom *v, cp_vrp_solution *s, cp_vrp_report *r,
                       cp_vroom_bound *out)
{
    cp_vrp_bound_opts o = cp_vrp_bound_defaults();
    cp_vrp_bound_result found;
    *out = (cp_vroom_bound){0};
    if (!r->feasible) return CP_OK;
    o.nodes_max = BOUND_NODES;
    o.cpu_limit_s = cli->time_limit_s;
    if (o.cpu_limit_s <= 0) o.work = BOUND_WORK;
    CP_TRY(cp_vrp_bound(&cli->ctx, &v->p, s, &o, &found));
    cp_cli_progress_end(cli);
    if (found.better) *s = found.solution;
    if (found.better) CP_TRY(cp_vrp_check(&cli->ctx, &v->p, s, r));
    out->cost = found.bound_minor - r->cost.left_out;
    out->known = found.status != CP_VRP_BOUND_NONE && out->cost > 0;
    return CP_OK;
}

static cp_status write_answer(cp_cli *cli, const route_args *a, const cp_vroom *v,
                              cp_vrp_solution *s, cp_vrp_report *r)
{
    cp_outfile out;
    cp_vroom_bound bound;
    if (a->bound) CP_TRY(prove(cli, v, s, r, &bound));
    CP_TRY(open_out(cli, a, &out));
    cp_status st = CP_OK;
    if (r->feasible)
        st = cp_vroom_answer(&cli->ctx, v, s, r, a->bound ? &bound : NULL, &out);
    else
        cp_vroom_refusal(1, "the routes found break a rule and are not given out", NULL, &out);
    return close_out(cli, a, &out, st);
}

static cp_status run(cp_cli *cli, const route_args *a, cp_json_in *faults, bool *refused)
{
    char *text = NULL;
    size_t n = 0;
    cp_vroom *v = NULL;
    cp_vrp_result result;
    cp_vrp_report report;
    CP_TRY(cp_json_slurp(&cli->ctx, a->vroom, &text, &n));
    CP_TRY(cp_vroom_parse(&cli->ctx, text, n, a->vroom, &a->travel, faults, &v));
    if (v->estimated && !cli->quiet)
        cp_cli_note(cli, "%s has no matrices: travel is estimated from great circles", a->vroom);
    if (!v->exact_order)
        cp_cli_note(cli,
                    "%s: priorities of so many jobs at such costs are weighed, not kept one "
                    "before the other",
                    a->vroom);
    CP_TRY(search(cli, v, &result));
    CP_TRY(cp_vrp_check(&cli->ctx, &v->p, &result.solution, &report));
    *refused = !report.feasible;
    if (*refused) tell_breaches(cli, v, &result.solution, &report);
    return write_answer(cli, a, v, &result.solution, &report);
}

int cp_cmd_route(cp_cli *cli)
{
    route_args a = {NULL, NULL, cp_vroom_opts_defaults(), {.date = CP_DAY_NONE}, false};
    cp_json_in faults = {0};
    bool refused = false;
    const int code = read_args(cli, &a);
    if (code != CP_ARGS_GO) return code;
    if (a.vroom == NULL) {
        a.day.out = a.out;
        if (cp_cli_route_day(cli, &a.day, &refused) != CP_OK) return cp_cli_fail(cli);
        return refused ? CP_EXIT_REFUSED : CP_EXIT_DONE;
    }
    if (run(cli, &a, &faults, &refused) == CP_OK) return refused ? CP_EXIT_REFUSED : CP_EXIT_DONE;
    if (faults.n_faults > 0) tell_faults(cli, &a, &faults);
    return cp_cli_fail(cli);
}

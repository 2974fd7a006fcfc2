/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_route.c - the route search alone, on public benchmark files (bench_vrp.h).
 *
 *   bench_route FILE --time-limit-s T [--work N] [--seed S] [--threads K] [--solution OUT]
 *               [--set NAME=VALUE ..] [--bound B] [--trace OUT]
 *
 * T is CPU seconds of the process, reading not counted. --set changes one number of cp_vrp_opts.
 * --bound proves a lower bound (vrp_bound.h) for at most B CPU seconds after the search; a better
 * solution that it finds on the way takes the place of the search's.
 * --trace writes a line "cpu_s,cost" whenever the search has found cheaper routes.
 * Prints one JSON line; cost is in the unit in which the collection publishes its values. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench_vrp.h"
#include "models/base/clock.h"
#include "solver/route/vrp_bound.h"
#include "solver/route/vrp_solve.h"

typedef struct args {
    const char *file, *solution, *trace;
    cp_vrp_opts opts;
    int32_t threads;
    double bound_s; /* 0 = no bound */
} args;

static bool set_option(cp_vrp_opts *o, const char *text)
{
    const char *eq = strchr(text, '=');
    if (eq == NULL) return false;
    const double v = strtod(eq + 1, NULL);
    const size_t n = (size_t)(eq - text);
    if (strncmp(text, "hot", n) == 0 && n == 3) return (o->hot = v) > 0;
    if (strncmp(text, "cold", n) == 0 && n == 4) return (o->cold = v) > 0;
    if (strncmp(text, "removed", n) == 0 && n == 7) return (o->mean_removed = v) > 0;
    if (strncmp(text, "places", n) == 0 && n == 6) return (o->n_places = (int32_t)v) > 0;
    return false;
}

static bool parse(int argc, char **argv, args *a)
{
    *a = (args){.opts = cp_vrp_opts_defaults(), .threads = 1};
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-') {
            if (a->file != NULL) return false;
            a->file = argv[i];
            continue;
        }
        if (i + 1 == argc) return false;
        const char *value = argv[i + 1];
        if (strcmp(argv[i], "--time-limit-s") == 0)
            a->opts.cpu_limit_s = strtod(value, NULL);
        else if (strcmp(argv[i], "--work") == 0)
            a->opts.work = strtoll(value, NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0)
            a->opts.seed = strtoull(value, NULL, 10);
        else if (strcmp(argv[i], "--threads") == 0)
            a->threads = (int32_t)strtol(value, NULL, 10);
        else if (strcmp(argv[i], "--solution") == 0)
            a->solution = value;
        else if (strcmp(argv[i], "--trace") == 0)
            a->trace = value;
        else if (strcmp(argv[i], "--bound") == 0)
            a->bound_s = strtod(value, NULL);
        else if (strcmp(argv[i], "--set") != 0 || !set_option(&a->opts, value))
            return false;
        i++;
    }
    return a->file != NULL && a->threads >= 1;
}

/* The file's name without folder and ending. */
static cp_status stem(cp_ctx *ctx, const char *path, const char **out)
{
    const char *slash = strrchr(path, '/');
    char *name = cp_strdup(ctx, ctx->run, slash == NULL ? path : slash + 1);
    if (name == NULL) return CP_E_NOMEM;
    char *dot = strrchr(name, '.');
    if (dot != NULL) *dot = '\0';
    *out = name;
    return CP_OK;
}

static cp_status save(cp_ctx *ctx, const char *path, const cp_bench_vrp *b,
                      const cp_vrp_solution *s, double cost)
{
    FILE *f = fopen(path, "w");
    if (f == NULL) CP_FAIL(ctx, CP_E_IO, "%s cannot be written", path);
    cp_bench_vrp_write(b, s, cost, f);
    if (fclose(f) != 0) CP_FAIL(ctx, CP_E_IO, "%s cannot be written", path);
    return CP_OK;
}

/* The bound as JSON, and the better of the search's solution and its own. */
static cp_status prove(cp_ctx *ctx, const args *a, const cp_bench_vrp *b, cp_vrp_solution *s,
                       const char **text)
{
    cp_vrp_bound_opts opts = cp_vrp_bound_defaults();
    cp_vrp_bound_result r;
    *text = "null";
    if (a->bound_s <= 0) return CP_OK;
    opts.cpu_limit_s = a->bound_s;
    CP_TRY(cp_vrp_bound(ctx, &b->p, s, &opts, &r));
    if (r.better) *s = r.solution;
    if (r.status == CP_VRP_BOUND_NONE) return CP_OK;
    *text = cp_strf(ctx, ctx->run, "%.4f", (double)r.bound_minor / b->scale);
    return *text == NULL ? CP_E_NOMEM : CP_OK;
}

typedef struct tracer {
    FILE *file;
    double scale;
} tracer;

static void trace(void *user, double cpu_s, double cost_minor)
{
    const tracer *t = user;
    (void)fprintf(t->file, "%.3f,%.4f\n", cpu_s, cost_minor / t->scale);
}

static cp_status solve(cp_ctx *ctx, const args *a, const cp_bench_vrp *b, cp_vrp_result *out)
{
    cp_vrp_opts opts = a->opts;
    tracer t = {NULL, b->scale};
    if (a->trace == NULL) return cp_vrp_solve(ctx, &b->p, &opts, out);
    t.file = fopen(a->trace, "w");
    if (t.file == NULL) CP_FAIL(ctx, CP_E_IO, "%s cannot be written", a->trace);
    opts.cheaper = trace;
    opts.cheaper_user = &t;
    const cp_status st = cp_vrp_solve(ctx, &b->p, &opts, out);
    if (fclose(t.file) != 0 && st == CP_OK) CP_FAIL(ctx, CP_E_IO, "%s cannot be written", a->trace);
    return st;
}

static cp_status run(cp_ctx *ctx, const args *a)
{
    const char *name = NULL, *bound = NULL;
    char *text = NULL;
    size_t n = 0;
    cp_bench_vrp b;
    cp_vrp_result r;
    cp_vrp_report report;
    CP_TRY(stem(ctx, a->file, &name));
    CP_TRY(cp_bench_slurp(ctx, a->file, &text, &n));
    CP_TRY(cp_bench_vrp_read(ctx, name, text, n, &b));
    const double began = cp_cpu_s();
    CP_TRY(solve(ctx, a, &b, &r));
    const double cpu = cp_cpu_s() - began;
    CP_TRY(prove(ctx, a, &b, &r.solution, &bound));
    CP_TRY(cp_vrp_check(ctx, &b.p, &r.solution, &report));
    const double cost = (double)report.cost.total / b.scale;
    printf("{\"instance\":\"%s\",\"family\":\"%s\",\"cost\":%.4f,\"routes\":%d,\"bound\":%s,"
           "\"feasible\":%s,\"iterations\":%" PRId64 ",\"cpu_s\":%.2f}\n",
           name, b.family, cost, (int)r.solution.n_routes, bound,
           report.feasible ? "true" : "false", r.iterations, cpu);
    if (!report.feasible)
        (void)fprintf(stderr, "bench_route: %s: no solution found, %d clients are left out\n",
                      a->file, (int)r.n_left_out);
    if (a->solution != NULL) CP_TRY(save(ctx, a->solution, &b, &r.solution, cost));
    return CP_OK;
}

int main(int argc, char **argv)
{
    args a;
    if (!parse(argc, argv, &a)) {
        (void)fprintf(stderr, "usage: bench_route FILE --time-limit-s T [--work N] [--seed S] "
                              "[--threads K] [--solution OUT] [--set NAME=VALUE ..] "
                              "[--bound B] [--trace OUT]\n");
        return 2;
    }
    cp_ctx ctx;
    cp_status st = cp_ctx_init(&ctx);
    if (st == CP_OK) {
        ctx.n_threads = a.threads;
        st = run(&ctx, &a);
    }
    if (st != CP_OK) (void)fprintf(stderr, "bench_route: %s: %s\n", a.file, ctx.error.text);
    cp_ctx_done(&ctx);
    return st == CP_OK ? 0 : 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_site.c - the siting searches alone, on public benchmark files (bench_siting.h).
 *
 *   bench_site FILE --problem cflp|sscflp|uflp|pmedian|pcenter|cpmp|lscp|mclp [--capacity C]
 *              [--radius R] [--p P] --time-limit-s T [--work NODES] [--seed S] [--threads K]
 *              [--solution OUT]
 *
 * T is CPU seconds of the process from the start, reading included. Prints one JSON line; for mclp
 * the objective is the demand covered, and the bound is from above. --solution writes
 * "open" and the open sites, then a line "client site share" for each service (numbers from 1 as in
 * the file; of tables, as their names sort). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/bench_siting.h"
#include "bench/bench_vrp.h"
#include "models/base/clock.h"
#include "solver/site/site_center.h"
#include "solver/site/site_solve.h"

typedef enum problem { CFLP, SSCFLP, UFLP, PMEDIAN, PCENTER, CPMP, LSCP, MCLP, N_PROBLEMS } problem;
static const char *const problem_name[N_PROBLEMS] = {"cflp",    "sscflp", "uflp", "pmedian",
                                                     "pcenter", "cpmp",   "lscp", "mclp"};

typedef struct args {
    const char *file, *solution;
    problem problem;
    double capacity, radius;
    int32_t p, threads;
    uint64_t seed;
    cp_siting_opts opts;
} args;

typedef struct answer {
    bool found, proven;
    double objective, bound;
    cp_siting_plan plan;
    int32_t n_open;
    int64_t nodes, steps;
} answer;

static bool parse_problem(const char *text, problem *out)
{
    for (int32_t k = 0; k < N_PROBLEMS; k++)
        if (strcmp(text, problem_name[k]) == 0) {
            *out = (problem)k;
            return true;
        }
    return false;
}

static bool parse(int argc, char **argv, args *a)
{
    *a = (args){.problem = N_PROBLEMS,
                .radius = INFINITY,
                .threads = 1,
                .seed = 1,
                .opts = cp_siting_defaults()};
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-') {
            if (a->file != NULL) return false;
            a->file = argv[i];
            continue;
        }
        if (i + 1 == argc) return false;
        const char *name = argv[i], *value = argv[++i];
        if (strcmp(name, "--problem") == 0 && parse_problem(value, &a->problem)) continue;
        if (strcmp(name, "--time-limit-s") == 0)
            a->opts.cpu_limit_s = strtod(value, NULL);
        else if (strcmp(name, "--work") == 0)
            a->opts.nodes = strtoll(value, NULL, 10);
        else if (strcmp(name, "--capacity") == 0)
            a->capacity = strtod(value, NULL);
        else if (strcmp(name, "--radius") == 0)
            a->radius = strtod(value, NULL);
        else if (strcmp(name, "--p") == 0)
            a->p = (int32_t)strtol(value, NULL, 10);
        else if (strcmp(name, "--seed") == 0)
            a->seed = strtoull(value, NULL, 10);
        else if (strcmp(name, "--threads") == 0)
            a->threads = (int32_t)strtol(value, NULL, 10);
        else if (strcmp(name, "--solution") == 0)
            a->solution = value;
        else
            return false;
    }
    return a->file != NULL && a->problem != N_PROBLEMS && a->threads >= 1;
}

/* The clients that some site reaches, lscp leaves the others out; number[client] as in the file. */
static void keep_reachable(cp_bench_siting *b, double radius, int32_t *number)
{
    const size_t n = (size_t)b->n_clients;
    int32_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        bool reached = false;
        for (size_t j = 0; j < (size_t)b->n_sites; j++)
            reached = reached || b->distance[j * n + i] <= radius;
        if (!reached) continue;
        for (size_t j = 0; j < (size_t)b->n_sites; j++)
            b->distance[j * n + (size_t)kept] = b->distance[j * n + i];
        number[kept++] = number[i];
    }
    for (size_t j = 1; j < (size_t)b->n_sites; j++)
        memmove(&b->distance[j * (size_t)kept], &b->distance[j * n], (size_t)kept * sizeof(double));
    b->n_clients = kept;
}

/* Capacities: the file's, or one for all where it leaves them to the caller. */
static cp_status pose_rooms(cp_ctx *ctx, const args *a, cp_bench_siting *b, cp_siting *s)
{
    if (b->capacity == NULL) CP_FAIL(ctx, CP_E_INPUT, "the file has no capacities");
    if (b->has_word && a->capacity <= 0)
        CP_FAIL(ctx, CP_E_INPUT, "the file leaves capacities open: --capacity is needed");
    for (int32_t j = 0; j < b->n_sites && a->capacity > 0; j++)
        b->capacity[j] = a->capacity;
    s->demand = b->demand;
    s->capacity = b->capacity;
    return CP_OK;
}

static cp_status pose(cp_ctx *ctx, const args *a, cp_bench_siting *b, int32_t *number, cp_siting *s)
{
    const int32_t p = a->p > 0 ? a->p : b->p;
    const bool roomy = a->problem == CFLP || a->problem == SSCFLP;
    const bool exact = a->problem == PMEDIAN || a->problem == CPMP;
    const bool counted = exact || a->problem == PCENTER || a->problem == MCLP;
    if (counted && (p < 1 || p > b->n_sites))
        CP_FAIL(ctx, CP_E_INPUT, "--p is %d; it must be 1 to %d here", (int)p, (int)b->n_sites);
    if (a->problem == LSCP) keep_reachable(b, a->radius, number);
    *s = (cp_siting){.n_sites = b->n_sites, .n_clients = b->n_clients, .most_open = b->n_sites};
    double *fixed = NULL, *zero = NULL;
    CP_NEW(ctx, ctx->run, fixed, b->n_sites);
    CP_NEW(ctx, ctx->run, zero, (size_t)b->n_sites * (size_t)b->n_clients);
    for (int32_t j = 0; j < b->n_sites; j++)
        fixed[j] = a->problem == LSCP ? 1 : a->problem == UFLP || roomy ? b->fixed[j] : 0;
    s->fixed = fixed;
    s->single = a->problem == SSCFLP || a->problem == CPMP;
    if (counted) s->most_open = p;
    if (exact) s->least_open = p;
    if (roomy || a->problem == CPMP) CP_TRY(pose_rooms(ctx, a, b, s));
    if (a->problem == MCLP) s->leave = b->demand;
    const bool cover = a->problem == LSCP || a->problem == MCLP;
    const double *cost = cover ? zero : a->problem == PCENTER ? b->distance : b->cost;
    return cp_siting_arcs(ctx, cost, b->distance, a->radius, s);
}

static cp_status solve(cp_ctx *ctx, const args *a, const cp_siting *s, answer *out)
{
    *out = (answer){0};
    if (a->problem == PCENTER) {
        cp_site_center r;
        CP_TRY(cp_siting_center(ctx, s, &a->opts, &r));
        *out = (answer){.found = r.found,
                        .proven = r.proven,
                        .objective = r.radius,
                        .bound = r.bound,
                        .nodes = r.nodes,
                        .steps = r.steps};
        CP_NEW(ctx, ctx->run, out->plan.server, s->n_clients);
        out->plan.open = r.open;
        if (r.found) cp_siting_serve_nearest(s, &out->plan);
    } else {
        cp_siting_result r;
        CP_TRY(cp_siting_solve(ctx, s, &a->opts, &r));
        *out = (answer){.found = r.found,
                        .proven = r.proven,
                        .objective = r.plan.cost,
                        .bound = r.bound,
                        .plan = r.plan,
                        .nodes = r.nodes,
                        .steps = r.steps};
    }
    for (int32_t j = 0; j < s->n_sites && out->found; j++)
        out->n_open += out->plan.open[j];
    return CP_OK;
}

/* What is left uncovered as what is covered. */
static void turn_over(const cp_siting *s, answer *r)
{
    double all = 0;
    for (int32_t i = 0; i < s->n_clients; i++)
        all += s->leave[i];
    r->objective = all - r->objective;
    r->bound = all - r->bound;
}

static cp_status save(cp_ctx *ctx, const char *path, const cp_siting *s, const answer *r,
                      const int32_t *number)
{
    FILE *f = fopen(path, "w");
    if (f == NULL) CP_FAIL(ctx, CP_E_IO, "%s cannot be written", path);
    (void)fprintf(f, "open");
    for (int32_t j = 0; j < s->n_sites; j++)
        if (r->plan.open[j]) (void)fprintf(f, " %d", (int)j + 1);
    (void)fprintf(f, "\n");
    for (int32_t i = 0; i < s->n_clients; i++) {
        if (r->plan.share == NULL && r->plan.server[i] != CP_SITING_NOBODY)
            (void)fprintf(f, "%d %d 1\n", (int)number[i] + 1, (int)r->plan.server[i] + 1);
        for (int32_t a = s->first[i]; a < s->first[i + 1] && r->plan.share != NULL; a++)
            if (r->plan.share[a] > 0)
                (void)fprintf(f, "%d %d %.12g\n", (int)number[i] + 1, (int)s->arc_site[a] + 1,
                              r->plan.share[a]);
    }
    if (fclose(f) != 0) CP_FAIL(ctx, CP_E_IO, "%s cannot be written", path);
    return CP_OK;
}

static const char *number_text(cp_ctx *ctx, double v)
{
    const char *text = isfinite(v) ? cp_strf(ctx, ctx->run, "%.6f", v) : "null";
    return text == NULL ? "null" : text;
}

static cp_status run(cp_ctx *ctx, args *a)
{
    char *text = NULL;
    size_t n = 0;
    int32_t *number = NULL;
    cp_bench_siting b;
    cp_siting s;
    answer r;
    CP_TRY(cp_bench_slurp(ctx, a->file, &text, &n));
    CP_TRY(cp_bench_siting_read(ctx, text, n, &b));
    CP_NEW(ctx, ctx->run, number, b.n_clients);
    for (int32_t i = 0; i < b.n_clients; i++)
        number[i] = i;
    CP_TRY(pose(ctx, a, &b, number, &s));
    if (a->opts.cpu_limit_s > 0) a->opts.cpu_limit_s = fmax(a->opts.cpu_limit_s - cp_cpu_s(), 0.01);
    CP_TRY(solve(ctx, a, &s, &r));
    if (a->problem == MCLP) turn_over(&s, &r);
    const double gap = r.found ? fabs(r.objective - r.bound) / fmax(fabs(r.objective), 1e-9) : NAN;
    struct rusage use;
    const bool known = getrusage(RUSAGE_SELF, &use) == 0;
    const char *slash = strrchr(a->file, '/');
    printf("{\"instance\":\"%s\",\"problem\":\"%s\",\"form\":\"%s\",\"objective\":%s,\"bound\":%s,"
           "\"gap\":%s,\"proven\":%s,\"open\":%d,\"nodes\":%lld,\"steps\":%lld,\"cpu_s\":%.2f,"
           "\"peak_mb\":%.1f}\n",
           slash == NULL ? a->file : slash + 1, problem_name[a->problem], b.form,
           number_text(ctx, r.found ? r.objective : NAN), number_text(ctx, r.bound),
           number_text(ctx, gap), r.proven ? "true" : "false", (int)r.n_open, (long long)r.nodes,
           (long long)r.steps, cp_cpu_s(), known ? (double)use.ru_maxrss / 1024.0 : 0.0);
    if (a->solution != NULL && r.found) CP_TRY(save(ctx, a->solution, &s, &r, number));
    return CP_OK;
}

int main(int argc, char **argv)
{
    args a;
    if (!parse(argc, argv, &a)) {
        (void)fprintf(stderr, "usage: bench_site FILE --problem "
                              "cflp|sscflp|uflp|pmedian|pcenter|cpmp|lscp|mclp [--capacity C] "
                              "[--radius R] [--p P] --time-limit-s T "
                              "[--work NODES] [--seed S] [--threads K] [--solution OUT]\n");
        return 2;
    }
    cp_ctx ctx;
    cp_status st = cp_ctx_init(&ctx);
    if (st == CP_OK) {
        ctx.n_threads = a.threads;
        ctx.seed = a.seed;
        st = run(&ctx, &a);
    }
    if (st != CP_OK) (void)fprintf(stderr, "bench_site: %s: %s\n", a.file, ctx.error.text);
    cp_ctx_done(&ctx);
    return st == CP_OK ? 0 : 1;
}

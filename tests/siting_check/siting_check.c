/* SPDX-License-Identifier: GPL-3.0-or-later */
/* siting_check.c - is a solution of bench_site allowed, and what does it cost?
 *
 *   siting_check FILE --form F --problem cflp|sscflp|uflp|pmedian|pcenter|cpmp|lscp|mclp
 *                --solution S [--capacity C] [--radius R] [--p P] [--objective X]
 *
 * Prices a solution (siting_file.h) from the instance's file with no line of the solver's code:
 *
 *   all       services come from open sites, within the radius, with shares above 0; a client is
 *             served whole (sum of shares 1), but in mclp a client may be left out, and in lscp one
 *             that no site reaches must be
 *   cflp, sscflp, cpmp     no site serves more demand than its capacity
 *   sscflp, cpmp           a client has one site
 *   pmedian, cpmp          exactly p sites are open; pcenter, mclp: at most p
 *
 * The objective: fixed costs and services (cflp, sscflp, uflp), services (pmedian, cpmp), the
 * longest distance (pcenter), open sites (lscp), demand served (mclp). With --objective the result
 * must agree with X to 1e-6 of it. Prints one line; status 0 = allowed, 1 = refused, 2 = usage. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/siting_check/siting_file.h"

#define AGREE 1e-6 /* shares, rooms and objectives agree to this part */

typedef enum problem { CFLP, SSCFLP, UFLP, PMEDIAN, PCENTER, CPMP, LSCP, MCLP, N_PROBLEMS } problem;
static const char *const problem_name[N_PROBLEMS] = {"cflp",    "sscflp", "uflp", "pmedian",
                                                     "pcenter", "cpmp",   "lscp", "mclp"};

typedef struct args {
    const char *file, *form, *solution;
    problem problem;
    double capacity, radius, objective;
    int p;
} args;

static bool parse(int argc, char **argv, args *a)
{
    *a = (args){.problem = N_PROBLEMS, .radius = INFINITY, .objective = NAN};
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] != '-') {
            if (a->file != NULL) return false;
            a->file = argv[i];
            continue;
        }
        if (i + 1 == argc) return false;
        const char *name = argv[i], *value = argv[++i];
        if (strcmp(name, "--problem") == 0) {
            for (int k = 0; k < N_PROBLEMS; k++)
                if (strcmp(value, problem_name[k]) == 0) a->problem = (problem)k;
        } else if (strcmp(name, "--form") == 0)
            a->form = value;
        else if (strcmp(name, "--solution") == 0)
            a->solution = value;
        else if (strcmp(name, "--capacity") == 0)
            a->capacity = strtod(value, NULL);
        else if (strcmp(name, "--radius") == 0)
            a->radius = strtod(value, NULL);
        else if (strcmp(name, "--p") == 0)
            a->p = (int)strtol(value, NULL, 10);
        else if (strcmp(name, "--objective") == 0)
            a->objective = strtod(value, NULL);
        else
            return false;
    }
    return a->file != NULL && a->form != NULL && a->solution != NULL && a->problem != N_PROBLEMS;
}

static bool has_rooms(problem p)
{
    return p == CFLP || p == SSCFLP || p == CPMP;
}

/* Every service by itself. */
static void check_services(const args *a, const instance *in, const solution *s)
{
    for (int k = 0; k < s->n_services; k++) {
        const service *v = &s->service[k];
        const long pair = (long)v->site * in->n + v->client;
        const int client = v->client + 1, site = v->site + 1;
        if (!s->open[v->site]) die("client %d: site %d is not open", client, site);
        if (!(v->share > 0) || v->share > 1 + AGREE)
            die("client %d: share %g of site %d", client, v->share, site);
        if (!isfinite(in->cost[pair])) die("client %d: site %d does not reach it", client, site);
        if (in->distance[pair] > a->radius)
            die("client %d: site %d is %g away, the radius is %g", client, site, in->distance[pair],
                a->radius);
    }
}

static bool within_reach(const args *a, const instance *in, int client)
{
    for (int j = 0; j < in->m; j++) {
        const double d = in->distance[(long)j * in->n + client];
        if (isfinite(d) && d <= a->radius) return true;
    }
    return false;
}

/* Every client whole, and from one site where that is asked for. */
static void check_clients(const args *a, const instance *in, const solution *s)
{
    double *sum = take(in->n, sizeof(double));
    int *sites = take(in->n, sizeof(int));
    for (int k = 0; k < s->n_services; k++) {
        sum[s->service[k].client] += s->service[k].share;
        sites[s->service[k].client]++;
    }
    const bool single = a->problem == SSCFLP || a->problem == CPMP;
    for (int i = 0; i < in->n; i++) {
        if (single && sites[i] > 1) die("client %d: %d sites serve it", i + 1, sites[i]);
        if (sites[i] == 0 && a->problem == MCLP) continue;
        if (sites[i] == 0 && a->problem == LSCP && !within_reach(a, in, i)) continue;
        if (fabs(sum[i] - 1) > AGREE) die("client %d: %g of it is served", i + 1, sum[i]);
    }
    free(sum);
    free(sites);
}

static void check_rooms(const args *a, const instance *in, const solution *s)
{
    if (in->capacity == NULL) die("the file has no capacities");
    double *use = take(in->m, sizeof(double));
    for (int k = 0; k < s->n_services; k++)
        use[s->service[k].site] += s->service[k].share * in->demand[s->service[k].client];
    for (int j = 0; j < in->m; j++) {
        const double room = a->capacity > 0 ? a->capacity : in->capacity[j];
        if (room < 0) die("the file leaves capacities open: --capacity is needed");
        if (use[j] > room * (1 + AGREE))
            die("site %d: serves %g, has room for %g", j + 1, use[j], room);
    }
    free(use);
}

static void check_count(const args *a, const instance *in, const solution *s)
{
    const bool exact = a->problem == PMEDIAN || a->problem == CPMP;
    if (!exact && a->problem != PCENTER && a->problem != MCLP) return;
    const int p = a->p > 0 ? a->p : in->p;
    if (p < 1) die("the file says nothing of p: --p is needed");
    if (s->n_open > p || (exact && s->n_open < p)) die("%d sites are open, p is %d", s->n_open, p);
}

static double price(const args *a, const instance *in, const solution *s)
{
    double fixed = 0, services = 0, longest = 0, covered = 0;
    for (int j = 0; j < in->m; j++)
        if (s->open[j]) fixed += in->fixed[j];
    for (int k = 0; k < s->n_services; k++) {
        const service *v = &s->service[k];
        const long pair = (long)v->site * in->n + v->client;
        services += v->share * in->cost[pair];
        longest = fmax(longest, in->distance[pair]);
        covered += v->share * in->demand[v->client];
    }
    switch (a->problem) {
    case PMEDIAN:
    case CPMP:
        return services;
    case PCENTER:
        return longest;
    case LSCP:
        return s->n_open;
    case MCLP:
        return covered;
    default:
        return fixed + services;
    }
}

int main(int argc, char **argv)
{
    args a;
    instance in;
    solution s;
    if (!parse(argc, argv, &a)) {
        (void)fprintf(stderr, "usage: siting_check FILE --form F --problem P --solution S "
                              "[--capacity C] [--radius R] [--p P] [--objective X]\n");
        return 2;
    }
    instance_read(a.file, a.form, &in);
    solution_read(a.solution, &in, &s);
    check_services(&a, &in, &s);
    check_clients(&a, &in, &s);
    if (has_rooms(a.problem)) check_rooms(&a, &in, &s);
    check_count(&a, &in, &s);
    const double objective = price(&a, &in, &s);
    if (isfinite(a.objective) && fabs(objective - a.objective) > AGREE * fmax(1, fabs(objective)))
        die("the objective is %.6f and not %.6f", objective, a.objective);
    printf("allowed: objective %.6f, %d open\n", objective, s.n_open);
    return 0;
}

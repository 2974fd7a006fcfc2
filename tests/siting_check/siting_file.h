/* SPDX-License-Identifier: GPL-3.0-or-later */
/* siting_file.h - siting benchmarks as the checker reads them, and solutions of bench_site.
 *
 * Written apart from bench/bench_siting.h on purpose: nothing of the solver, of the benches or of
 * the models is used, and the form of a file is said by the caller instead of recognised. Whatever
 * is wrong ends the program with a line of words (die). */
#ifndef CP_SITING_FILE_H
#define CP_SITING_FILE_H

#include <stdbool.h>

typedef struct instance {
    int m, n;         /* sites, clients */
    int p;            /* sites to open; 0 = the file does not say */
    double *fixed;    /* [site] */
    double *capacity; /* [site]; below 0 = the file leaves it to the caller; NULL = none */
    double *demand;   /* [client] */
    double *cost;     /* [site * n + client] of serving the whole client; INFINITY = no such pair */
    double *distance; /* likewise, what a radius is compared with */
} instance;

/* Forms: orlib, holmberg, delmaire, avella, ufllib, pmed, osman, lorena, table. */
void instance_read(const char *path, const char *form, instance *out);

typedef struct service {
    int client, site; /* from 0 */
    double share;
} service;

typedef struct solution {
    bool *open; /* [site] */
    int n_open, n_services;
    service *service;
} solution;

/* "open 1 4", then lines "client site share", numbers from 1. */
void solution_read(const char *path, const instance *in, solution *out);

/* Prints words and ends the program with status 1. */
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* n zeroed things; never NULL. */
void *take(long n, unsigned long size);

#endif

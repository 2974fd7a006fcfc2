/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_vrp.h - public routing benchmarks as problems of models/route/vrp.h, and solutions as text.
 *
 * Read are: the TSPLIB-like form of CVRPLIB and PyVRP (CVRP, VRPTW, MDVRPTW, HFVRP), Solomon's and
 * Gehring and Homberger's tables, Cordeau's several-depot files, and the risk-constrained
 * cash-in-transit files (number, threshold, amounts, coordinates). The form is recognised from what
 * a file holds. Legs follow each collection's own rule: rounded (CVRP), cut to one decimal (VRPTW),
 * rounded thousandths (MDVRPTW); where the rule is "no rounding" they are counted in fine units and
 * rounded up, so that what is allowed here is allowed there. */
#ifndef CP_BENCH_VRP_H
#define CP_BENCH_VRP_H

#include <stdio.h>

#include "models/route/vrp.h"

/* How routes are numbered in a solution text. */
typedef enum cp_bench_number {
    CP_BENCH_PLAIN,    /* Route #k: */
    CP_BENCH_BY_DEPOT, /* Route #k @d: */
    CP_BENCH_BY_CAR    /* Route #k vN: */
} cp_bench_number;

typedef struct cp_bench_vrp {
    cp_vrp p;
    const char *name, *family;
    double scale;             /* minor units of p per unit of the published cost */
    const int32_t *client_no; /* per node: its number in a solution text */
    cp_bench_number numbering;
    const int32_t *kind_no; /* per vehicle kind: depot number, or first index into car_no */
    const int32_t *car_no;  /* vehicle numbers of the file, kind by kind */
    double *x, *y;          /* per place */
} cp_bench_vrp;

/* `text` (n bytes, any bytes) -> *out in ctx->run. CP_E_INPUT with what is wrong with it. */
cp_status cp_bench_vrp_read(cp_ctx *ctx, const char *name, const char *text, size_t n,
                            cp_bench_vrp *out);

/* The whole file at `path` -> *text in ctx->run. */
cp_status cp_bench_slurp(cp_ctx *ctx, const char *path, char **text, size_t *n);

/* The solution as text that the collection's checker reads, with its cost. */
void cp_bench_vrp_write(const cp_bench_vrp *b, const cp_vrp_solution *s, double cost, FILE *to);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_siting.h - public siting benchmarks as problems of models/mip/siting.h.
 *
 * Read are: OR-Library's warehouse files (capacity may be the word `capacity`), Holmberg's and
 * Yang's, Diaz and Fernandez' (Delmaire's), Avella and Boccia's, UflLib's simple form (Koerkel,
 * Ghosh), OR-Library's p-median networks and capacitated p-median, Lorena and Senne's (SJC), and
 * tables of distances as CSV (distance,name,DestinationName,demand). The form is recognised from
 * what a file holds: the number of words tells some, the words of the second line and of the lines
 * tell those apart that hold as many. */
#ifndef CP_BENCH_SITING_H
#define CP_BENCH_SITING_H

#include "models/base/ctx.h"

typedef struct cp_bench_siting {
    const char *form; /* name of the form, for the report */
    int32_t n_sites, n_clients;
    int32_t p;        /* sites to open as the file says; 0 = it does not */
    double *fixed;    /* [site] */
    double *capacity; /* [site]; NULL = none in the file */
    double *demand;   /* [client]; 1 each where the file has none */
    double *cost;     /* [site * n_clients + client] of serving the whole client */
    double *distance; /* same layout: what a radius is compared with */
    bool has_word;    /* capacities are given by the caller (--capacity) */
} cp_bench_siting;

/* `text` (n bytes, any bytes) -> *out in ctx->run. CP_E_INPUT with what is wrong with it. */
cp_status cp_bench_siting_read(cp_ctx *ctx, const char *text, size_t n, cp_bench_siting *out);

#endif

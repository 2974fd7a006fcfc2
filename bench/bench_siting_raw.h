/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_siting_raw.h - parts of the reader of siting benchmarks; for bench_siting*.c only. */
#ifndef CP_BENCH_SITING_RAW_H
#define CP_BENCH_SITING_RAW_H

#include "bench/bench_siting.h"

/* A text as words. */
typedef struct cp_words {
    char **at;
    int32_t *line; /* from 1 */
    int32_t n;
} cp_words;

/* Word i as a number >= lo; CP_E_INPUT naming the line otherwise. */
cp_status cp_words_number(cp_ctx *ctx, const cp_words *w, int64_t i, double lo, double *out);

/* Arrays for m sites and n clients in ctx->run; demands are 1 each. out->p stays. */
cp_status cp_bench_siting_alloc(cp_ctx *ctx, const char *form, int32_t m, int32_t n,
                                cp_bench_siting *out);

/* Lengths of edges (INFINITY = none; n * n, symmetric) -> lengths of shortest paths, in place
 * (Dijkstra with a binary heap from every place). */
cp_status cp_bench_siting_paths(cp_ctx *ctx, int32_t n, double *length);

/* A table of distances: distance,name,DestinationName,demand in any order of columns. */
cp_status cp_bench_siting_csv(cp_ctx *ctx, const char *text, size_t n, cp_bench_siting *out);

#endif

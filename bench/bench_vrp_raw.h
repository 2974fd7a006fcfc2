/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_vrp_raw.h - what every form of benchmark file holds, in the units of the file. */
#ifndef CP_BENCH_VRP_RAW_H
#define CP_BENCH_VRP_RAW_H

#include "bench/bench_vrp.h"

#define CP_BENCH_PLACES_MAX 20000 /* the matrix of more would not fit in memory */

typedef enum cp_bench_rule {
    CP_ROUND_NEAREST,
    CP_ROUND_TENTHS,
    CP_ROUND_THOUSANDTHS,
    CP_ROUND_FINE
} cp_bench_rule;

typedef struct cp_raw_car {
    int32_t depot;                         /* place */
    double capacity, fixed, unit, longest; /* longest < 0: no limit */
} cp_raw_car;

/* What all forms hold, in the units of the file. */
typedef struct cp_raw {
    const char *family;
    cp_bench_rule rule;
    int32_t n_places, n_depots, n_cars;
    double *x, *y, *demand, *open, *close, *service; /* per place; open NULL: no windows */
    int32_t *number;                                 /* of a client in a solution text */
    int32_t *depot;                                  /* places */
    bool *is_depot;
    cp_raw_car *cars;
    bool alike;  /* one kind of car, n_cars of them */
    double risk; /* < 0: none */
} cp_raw;

/* *r as a problem: all of *b but its name. In ctx->run. */
cp_status cp_bench_vrp_build(cp_ctx *ctx, const cp_raw *r, cp_bench_vrp *b);

#endif

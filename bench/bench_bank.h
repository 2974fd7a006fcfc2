/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_bank.h - invented networks for the replenishment's benches.
 *
 * The bank is that of `cashplan generate`, one vault for every 1,250 points. What its limits are is
 * measured: the network is planned without any, and each vault's limit on each thing is set between
 * the mean and the greatest use of its working days. loose: crew minutes alone, half-way. tight:
 * crew minutes, value out, packing, sorting and the cassette pools, at three tenths of the way. */
#ifndef CP_BENCH_BANK_H
#define CP_BENCH_BANK_H

#include "models/demand/paths.h"
#include "models/net/network_build.h"
#include "solver/replenish/refill.h"

typedef struct bench_args {
    int32_t n_points, n_days, n_threads, n_vaults; /* n_vaults 0 = by size */
    uint64_t seed;
    bool tight;
    double limit_s, cpu_limit_s;
    int64_t work, nodes;
    const char *out;
} bench_args;

typedef struct bench_bank {
    cp_network *net;
    cp_forecast *forecast; /* of paths alone */
    cp_shares *shares;
    cp_refill *refill;          /* the points' intervals, on which no limit has a say */
    double build_s, build_wall; /* CPU and wall seconds that they took */
} bench_bank;

/* --points --days --seed --limits --time-limit-s --cpu-limit-s --threads --work --nodes --vaults
 * --out; false: misuse. */
bool bench_args_read(int argc, char **argv, bench_args *a);
/* CPU seconds of this process so far. */
double bench_cpu_s(void);
cp_status bench_bank_make(cp_ctx *ctx, const bench_args *a, bench_bank *b);

#endif

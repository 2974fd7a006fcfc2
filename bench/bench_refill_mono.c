/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_refill_mono.c - the problem of bench_refill as one strong integer program (zone_mip.h), so
 * that any solver can be run on the very same problem. For small sizes.
 *
 *   bench_refill_mono --points N --days T --seed S --limits loose|tight --out FILE.lp
 *
 * Vaults share nothing, so the program is that of the bank's one vault (--vaults is not taken).
 * Prints one JSON line: rows, columns, entries. */
#include <inttypes.h>
#include <stdio.h>

#include "bench/bench_bank.h"
#include "models/mip/mip_write.h"
#include "solver/replenish/zone_mip.h"
#include "solver/run/stop_prices.h"

#define NO_BARGAIN 64

static cp_status run(cp_ctx *ctx, const bench_args *a)
{
    bench_bank b = {.net = NULL};
    cp_stop_prices prices;
    cp_arcs *arcs = NULL;
    cp_zone *zone = NULL;
    cp_mip *mip = NULL;
    cp_zone_mip_col *cols = NULL;
    ctx->n_threads = a->n_threads;
    ctx->seed = a->seed;
    CP_TRY(bench_bank_make(ctx, a, &b));
    CP_TRY(cp_stop_prices_first(ctx, b.net, &prices));
    CP_NEW(ctx, ctx->run, arcs, b.net->n_points + 1);
    const cp_arc_input in = {b.net, b.forecast, b.shares, a->seed, NULL};
    for (int32_t p = 0; p < b.net->n_points; p++)
        CP_TRY(cp_arcs_build(ctx, &in, p, &arcs[p]));
    CP_TRY(cp_zone_make(ctx, b.net, arcs, &prices, 0, &zone));
    /* bench_refill's plans keep every limit that can be kept, whatever relief costs: a program in
     * which relief is a bargain would be another problem. */
    cp_zone_scale_relief(zone, (int64_t)CP_RELIEF_TIMES * NO_BARGAIN, 1);
    CP_TRY(cp_zone_mip(ctx, ctx->run, zone, &mip, &cols));
    CP_TRY(cp_mip_write_lp(ctx, mip, a->out));
    printf("{\"points\": %d, \"days\": %d, \"limits\": \"%s\", \"seed\": %" PRIu64
           ", \"rows\": %d, \"columns\": %d, \"entries\": %d}\n",
           (int)a->n_points, (int)a->n_days, a->tight ? "tight" : "loose", a->seed,
           (int)mip->n_rows, (int)mip->n_cols, (int)mip->n_nz);
    return CP_OK;
}

int main(int argc, char **argv)
{
    bench_args a = {.n_days = 14, .n_threads = 1, .seed = 1};
    cp_ctx ctx;
    if (!bench_args_read(argc, argv, &a) || a.out == NULL || a.n_vaults > 1) {
        fprintf(stderr, "bench_refill_mono: --points N [--days T] [--seed S] [--limits "
                        "loose|tight] --out FILE\n");
        return 2;
    }
    a.n_vaults = 1;
    if (cp_ctx_init(&ctx) != CP_OK) return 1;
    const cp_status st = run(&ctx, &a);
    if (st != CP_OK) fprintf(stderr, "bench_refill_mono: %s\n", ctx.error.text);
    cp_ctx_done(&ctx);
    return st == CP_OK ? 0 : 1;
}

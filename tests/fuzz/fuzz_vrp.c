/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_vrp.c - any bytes as a routing benchmark: refused with words, or a problem that the search
 * takes and of which the referee can judge the answer. */
#include <stdint.h>
#include <stdlib.h>

#include "bench/bench_vrp.h"
#include "solver/route/vrp_solve.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void read_and_solve(cp_ctx *ctx, const uint8_t *bytes, size_t n)
{
    cp_bench_vrp b;
    if (cp_bench_vrp_read(ctx, "fuzz", (const char *)bytes, n, &b) != CP_OK) {
        if (ctx->error.text[0] == '\0') abort();
        return;
    }
    if (b.p.n_nodes > 200) return;
    cp_vrp_opts opts = cp_vrp_opts_defaults();
    cp_vrp_result r;
    cp_vrp_report report;
    opts.work = 20;
    if (cp_vrp_solve(ctx, &b.p, &opts, &r) != CP_OK) return;
    if (cp_vrp_check(ctx, &b.p, &r.solution, &report) != CP_OK) return;
    /* What the search serves it serves as the rules are; only leaving out may remain. */
    for (int32_t k = 0; k < report.n_breaches; k++)
        if (report.breaches[k].rule != CP_VRP_LEFT_OUT) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    cp_ctx ctx;
    if (cp_ctx_init(&ctx) != CP_OK) return 0;
    read_and_solve(&ctx, bytes, n);
    cp_ctx_done(&ctx);
    return 0;
}

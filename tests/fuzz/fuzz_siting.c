/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_siting.c - any bytes as a siting benchmark: refused with words, or a problem that the search
 * takes and whose plan costs no less than its bound. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "bench/bench_siting.h"
#include "solver/site/site_solve.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void read_and_solve(cp_ctx *ctx, const uint8_t *bytes, size_t n)
{
    cp_bench_siting b;
    if (cp_bench_siting_read(ctx, (const char *)bytes, n, &b) != CP_OK) {
        if (ctx->error.text[0] == '\0') abort();
        return;
    }
    if (b.n_sites > 60 || b.n_clients > 200) return;
    cp_siting s = {
        .n_sites = b.n_sites, .n_clients = b.n_clients, .fixed = b.fixed, .most_open = b.n_sites};
    cp_siting_opts opts = cp_siting_defaults();
    cp_siting_result r;
    opts.nodes = 20;
    if (cp_siting_arcs(ctx, b.cost, NULL, INFINITY, &s) != CP_OK) return;
    if (cp_siting_solve(ctx, &s, &opts, &r) != CP_OK) return;
    if (r.found && r.bound > r.plan.cost + 1e-6 * (1 + fabs(r.plan.cost))) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    cp_ctx ctx;
    if (cp_ctx_init(&ctx) != CP_OK) return 0;
    read_and_solve(&ctx, bytes, n);
    cp_ctx_done(&ctx);
    return 0;
}

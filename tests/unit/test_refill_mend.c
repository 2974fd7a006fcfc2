/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a plan that keeps all limits exists, by trying all, the mending finds one; the search at
 * the limits' own prices, which it starts from, pays relief there. */
#include <math.h>

#include "solver/replenish/refill_mend.h"
#include "solver/replenish/refill_search.h"
#include "tests/check.h"
#include "tests/unit/arc_toy.h"

#define DAYS 4
#define SITES 4
#define DEAR 1000000 /* times its price: relief that no plan takes if it can do without */

typedef struct banked {
    cp_network net;
    cp_vault vault;
    cp_zone *z;
} banked;

static void make_zone(cp_ctx *ctx, uint64_t seed, banked *b)
{
    static const int32_t n_points[SITES] = {1, 1, 1, 1};
    cp_rng rng = cp_rng_new(seed, 3);
    b->net = (cp_network){0};
    b->vault = (cp_vault){.code = "V"};
    b->net.vaults = &b->vault;
    assert_ok(ctx, arc_toy_zone(ctx, &rng, DAYS, SITES, n_points, &b->z));
    b->z->net = &b->net;
    for (int32_t r = 0; r < b->z->n_rows; r++) {
        cp_zone_row *row = &b->z->row[r];
        row->cap -= row->cap / 3;
        row->relief_minor = row->relief_minor / 4 + 1; /* tempting */
    }
}

/* Plans that no other of the same machine beats in cost and in the use of every row. */
static int32_t worth_trying(cp_ctx *ctx, const cp_zone *z, int32_t p, toy_plan *plan, int32_t n)
{
    double *use = cp_alloc(ctx, ctx->run, (size_t)n * (size_t)z->n_rows + 1, sizeof *use);
    cp_minor *cost = cp_alloc(ctx, ctx->run, (size_t)n + 1, sizeof *cost);
    int32_t kept = 0;
    for (int32_t i = 0; i < n; i++) {
        int32_t first[2] = {0, plan[i].n};
        const cp_site_plan whole = {z->site_of[p], first, plan[i].steps, 0};
        cost[i] = cp_site_plan_cost(z, &whole);
        cp_site_plan_uses(z, &whole, cp_zone_add_use, use + (size_t)i * (size_t)z->n_rows);
    }
    for (int32_t i = 0; i < n; i++) {
        bool beaten = false;
        for (int32_t j = 0; j < n && !beaten; j++) {
            bool more = false, less = cost[j] < cost[i];
            for (int32_t r = 0; r < z->n_rows && !more; r++) {
                const double d = use[(size_t)j * (size_t)z->n_rows + (size_t)r] -
                                 use[(size_t)i * (size_t)z->n_rows + (size_t)r];
                more = d > 0.0;
                less = less || d < 0.0;
            }
            beaten = !more && cost[j] <= cost[i] && (less || j < i);
        }
        if (!beaten) plan[kept++] = plan[i];
    }
    return kept;
}

/* The least cost where relief is as dear as it can be. */
static cp_minor brute_force(cp_ctx *ctx, cp_zone *z)
{
    toy_plan *all[SITES] = {NULL}, joint[SITES];
    int32_t n[SITES] = {0};
    cp_minor best = INT64_MAX;
    cp_zone_scale_relief(z, DEAR, 1);
    for (int32_t k = 0; k < SITES; k++) {
        assert_ok(ctx, arc_toy_all_plans(ctx, z->arcs[k], &all[k], &n[k]));
        n[k] = worth_trying(ctx, z, k, all[k], n[k]);
    }
    for (int32_t a = 0; a < n[0]; a++)
        for (int32_t b = 0; b < n[1]; b++)
            for (int32_t c = 0; c < n[2]; c++)
                for (int32_t d = 0; d < n[3]; d++) {
                    joint[0] = all[0][a];
                    joint[1] = all[1][b];
                    joint[2] = all[2][c];
                    joint[3] = all[3][d];
                    const cp_minor cost = arc_toy_zone_cost(z, joint);
                    best = cost < best ? cost : best;
                }
    cp_zone_scale_relief(z, 1, DEAR);
    return best;
}

static void test_limits_are_kept_where_they_can_be(void **state)
{
    cp_ctx *ctx = *state;
    int32_t n_tempted = 0, n_mended = 0;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        banked b;
        cp_master *m = NULL;
        cp_refill_state *s = NULL;
        int64_t done = 0;
        const cp_master_opts opts = cp_master_defaults();
        make_zone(ctx, seed, &b);
        const cp_minor best = brute_force(ctx, b.z);
        if (best >= DEAR) continue; /* no plan keeps all of them */
        assert_ok(ctx, cp_refill_master(ctx, b.z, &opts, NULL, &m));
        assert_ok(ctx, cp_refill_state_new(ctx, b.z, &s));
        assert_ok(ctx, cp_refill_round(ctx, s, m));
        const cp_refill_search_opts search = {2000,         seed, 0.0,  m->bound_minor,
                                              m->row_price, 1.0,  false};
        assert_ok(ctx, cp_refill_improve(ctx, s, &search, &done));
        if (cp_refill_relief(s) == 0) continue;
        n_tempted++;
        const cp_mend_opts mend = {12, m->row_price, m};
        assert_ok(ctx, cp_refill_mend(ctx, s, &mend, &done));
        n_mended += cp_refill_relief(s) == 0;
        if (cp_refill_relief(s) == 0 && s->total < best)
            fail_msg("seed %d: %lld without relief, the optimum is %lld", (int)seed,
                     (long long)s->total, (long long)best);
        const cp_minor total = s->total;
        cp_refill_recount(s);
        assert_int_equal(s->total, total);
    }
    assert_true(n_tempted >= 8);
    assert_int_equal(n_mended, n_tempted);
}

static int set_up(void **state)
{
    static cp_ctx ctx;
    *state = &ctx;
    return cp_ctx_init(&ctx) == CP_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    cp_ctx_done(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_limits_are_kept_where_they_can_be, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

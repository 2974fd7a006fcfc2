/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Service from open sites against a linear program, while sites open and close. */
#include <math.h>
#include <string.h>

#include "models/base/rng.h"
#include "solver/lp/lp.h"
#include "solver/site/site_flow.h"
#include "tests/check.h"

enum { M = 6, N = 12, N_CASES = 80 };

typedef struct toy {
    cp_siting s;
    double fixed[M], cost[M * N], demand[N], capacity[M];
} toy;

static void toy_make(cp_ctx *ctx, uint64_t seed, toy *t)
{
    cp_rng rng = cp_rng_new(seed, 11);
    double sum = 0;
    memset(t, 0, sizeof *t);
    for (int32_t i = 0; i < N; i++)
        sum += t->demand[i] = 1 + cp_rng_below(&rng, 20);
    for (int32_t j = 0; j < M; j++) {
        t->capacity[j] = floor(sum * (0.1 + 0.3 * cp_rng_unit(&rng)));
        for (int32_t i = 0; i < N; i++)
            t->cost[j * N + i] =
                cp_rng_below(&rng, 6) == 0 ? INFINITY : t->demand[i] * cp_rng_below(&rng, 50);
    }
    t->s = (cp_siting){.n_sites = M,
                       .n_clients = N,
                       .fixed = t->fixed,
                       .demand = t->demand,
                       .capacity = t->capacity,
                       .most_open = M};
    assert_ok(ctx, cp_siting_arcs(ctx, t->cost, NULL, INFINITY, &t->s));
}

/* The same as a program; INFINITY where it has no answer. */
static double by_program(cp_ctx *ctx, const toy *t, uint32_t open)
{
    cp_mip *mip = NULL;
    cp_lp *lp = NULL;
    cp_lp_answer answer;
    assert_ok(ctx, cp_mip_new(ctx, ctx->scratch, &mip));
    for (int32_t i = 0; i < N; i++)
        assert_ok(ctx, cp_mip_add_row(ctx, mip, 1, 1, NULL, NULL));
    for (int32_t j = 0; j < M; j++)
        assert_ok(ctx, cp_mip_add_row(ctx, mip, -CP_MIP_INF, t->capacity[j], NULL, NULL));
    for (int32_t j = 0; j < M; j++)
        for (int32_t i = 0; i < N; i++) {
            if (!((open >> j) & 1) || !isfinite(t->cost[j * N + i])) continue;
            const int32_t row[2] = {i, N + j};
            const double value[2] = {1, t->demand[i]};
            const cp_mip_col col = {
                .hi = 1, .cost = t->cost[j * N + i], .n = 2, .row = row, .value = value};
            assert_ok(ctx, cp_mip_add_col(ctx, mip, &col, NULL));
        }
    assert_ok(ctx, cp_lp_new(ctx, mip, &lp));
    assert_ok(ctx, cp_lp_solve(lp, &answer));
    const double cost = answer == CP_LP_OPTIMAL ? cp_lp_objective(lp) : INFINITY;
    cp_lp_free(lp);
    return cost;
}

static void assert_shares(cp_ctx *ctx, const toy *t, const cp_site_flow *f, uint32_t open)
{
    double *share = NULL, use[M] = {0}, cost = 0;
    share = cp_alloc(ctx, ctx->scratch, (size_t)t->s.first[N], sizeof *share);
    assert_non_null(share);
    cp_site_flow_shares(f, share);
    for (int32_t i = 0; i < N; i++) {
        double sum = 0;
        for (int32_t a = t->s.first[i]; a < t->s.first[i + 1]; a++) {
            const int32_t j = t->s.arc_site[a];
            assert_true(share[a] >= 0 && (share[a] <= 0 || ((open >> j) & 1)));
            sum += share[a];
            use[j] += share[a] * t->demand[i];
            cost += share[a] * t->s.arc_cost[a];
        }
        assert_true(fabs(sum - 1) < 1e-6);
    }
    for (int32_t j = 0; j < M; j++)
        assert_true(use[j] <= t->capacity[j] * (1 + 1e-6));
    assert_true(fabs(cost - cp_site_flow_cost(f)) < 1e-6 * (1 + cost));
}

static void optimal_after_every_change(void **state)
{
    cp_ctx *ctx = *state;
    int32_t n_served = 0, n_not = 0;
    for (uint64_t seed = 1; seed <= N_CASES; seed++) {
        toy t;
        cp_site_flow *f = NULL;
        cp_rng rng = cp_rng_new(seed, 3);
        uint32_t open = 0;
        toy_make(ctx, seed, &t);
        assert_ok(ctx, cp_site_flow_new(ctx, &t.s, &f));
        for (int32_t k = 0; k < 25; k++) {
            const int32_t j = (int32_t)cp_rng_below(&rng, M);
            open ^= 1U << j;
            if ((open >> j) & 1)
                cp_site_flow_open(f, j);
            else
                cp_site_flow_close(f, j);
            const double want = by_program(ctx, &t, open), got = cp_site_flow_cost(f);
            assert_int_equal(isfinite(want), isfinite(got));
            n_not += !isfinite(want);
            if (!isfinite(want)) continue;
            assert_true(fabs(want - got) < 1e-5 * (1 + want));
            assert_shares(ctx, &t, f, open);
            n_served++;
        }
    }
    assert_true(n_served > 200 && n_not > 200);
}

/* Duals of the flow: worth what service costs, also when one more site opens (the best room-full of
 * what clients pay above its cost comes off) or closes (its clients pay the next). */
static double dual_value(const toy *t, const cp_site_rates *r, int32_t without)
{
    double sum = 0;
    for (int32_t i = 0; i < N; i++)
        sum += t->demand[i] * (r->who[i] == without ? r->next[i] : r->pay[i]);
    for (int32_t j = 0; j < M; j++)
        if (j != without) sum -= t->capacity[j] * r->rent[j];
    return sum;
}

/* No less than the best room-full: all that a client would save, as often as room allows. */
static double most_saved(const toy *t, const cp_site_flow *f, const cp_site_rates *r, int32_t site)
{
    const cp_site_reach *reach = NULL;
    const int32_t n = cp_site_flow_reach(f, site, &reach);
    double all = 0, best = 0;
    for (int32_t k = 0; k < n; k++) {
        const double saves = fmax(r->pay[reach[k].client] - reach[k].unit, 0);
        all += saves * t->demand[reach[k].client];
        best = fmax(best, saves);
    }
    return fmin(all, best * t->capacity[site]);
}

static void duals_bound_every_change(void **state)
{
    cp_ctx *ctx = *state;
    int32_t n_seen = 0;
    for (uint64_t seed = 1; seed <= N_CASES; seed++) {
        toy t;
        cp_site_flow *f = NULL;
        cp_rng rng = cp_rng_new(seed, 4);
        double rent[M], pay[N], next[N];
        int32_t who[N];
        cp_site_rates r = {rent, pay, next, who};
        uint32_t open = 0;
        toy_make(ctx, seed, &t);
        assert_ok(ctx, cp_site_flow_new(ctx, &t.s, &f));
        for (int32_t k = 0; k < 60; k++) {
            const int32_t j = (int32_t)cp_rng_below(&rng, M);
            const bool opens = !((open >> j) & 1);
            const double before = cp_site_flow_cost(f);
            cp_site_flow_rates(f, &r);
            const double least = opens ? before - most_saved(&t, f, &r, j) : dual_value(&t, &r, j);
            if (isfinite(before))
                assert_true(fabs(dual_value(&t, &r, -2) - before) < 1e-6 * (1 + before));
            open ^= 1U << j;
            if (opens)
                cp_site_flow_open(f, j);
            else
                cp_site_flow_close(f, j);
            n_seen += isfinite(before);
            if (isfinite(before)) assert_true(cp_site_flow_cost(f) >= least - 1e-6 * (1 + before));
        }
    }
    assert_true(n_seen > 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(optimal_after_every_change, check_start, check_finish),
        cmocka_unit_test_setup_teardown(duals_bound_every_change, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

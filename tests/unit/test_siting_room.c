/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Siting with capacities against every choice of sites, each served by a linear program. */
#include <math.h>
#include <string.h>

#include "models/base/rng.h"
#include "solver/lp/lp.h"
#include "solver/site/site_relax.h"
#include "solver/site/site_solve.h"
#include "tests/check.h"

enum { M = 6, N = 9, N_CASES = 40 };

typedef struct toy {
    cp_siting s;
    double fixed[M], cost[M * N], demand[N], capacity[M];
    uint8_t duty[M];
} toy;

/* Which rules a case has, by bit. */
enum { COUNTED = 1, FAR = 2, DUTIES = 4, EQUAL = 8, N_RULES = 16 };

static void toy_make(cp_ctx *ctx, uint64_t seed, int32_t rules, toy *t)
{
    cp_rng rng = cp_rng_new(seed, 13);
    double sum = 0;
    memset(t, 0, sizeof *t);
    for (int32_t i = 0; i < N; i++)
        sum += t->demand[i] = 1 + cp_rng_below(&rng, 20);
    for (int32_t j = 0; j < M; j++) {
        t->fixed[j] = 50 + cp_rng_below(&rng, 400);
        t->capacity[j] = floor(sum * ((rules & EQUAL) ? 0.4 : 0.15 + 0.5 * cp_rng_unit(&rng)));
        if ((rules & DUTIES) && cp_rng_below(&rng, 4) == 0)
            t->duty[j] = (uint8_t)(1 + cp_rng_below(&rng, 2));
        for (int32_t i = 0; i < N; i++)
            t->cost[j * N + i] = (rules & FAR) && cp_rng_below(&rng, 5) == 0
                                     ? INFINITY
                                     : t->demand[i] * cp_rng_below(&rng, 30);
    }
    t->s = (cp_siting){.n_sites = M,
                       .n_clients = N,
                       .fixed = t->fixed,
                       .demand = t->demand,
                       .capacity = t->capacity,
                       .duty = (rules & DUTIES) ? t->duty : NULL,
                       .most_open = (rules & COUNTED) ? 3 : M,
                       .least_open = (rules & COUNTED) && seed % 2 == 0 ? 3 : 0};
    assert_ok(ctx, cp_siting_arcs(ctx, t->cost, NULL, INFINITY, &t->s));
}

static bool is_allowed(const toy *t, uint32_t open)
{
    const int32_t n = __builtin_popcount(open);
    if (n < t->s.least_open || n > t->s.most_open) return false;
    for (int32_t j = 0; j < M && t->s.duty != NULL; j++)
        if (t->duty[j] != CP_SITING_FREE && ((open >> j) & 1) != (t->duty[j] == CP_SITING_OPEN))
            return false;
    return true;
}

/* The cost of a choice; INFINITY where it is not allowed or somebody has no room. */
static double price(cp_ctx *ctx, const toy *t, uint32_t open)
{
    cp_mip *mip = NULL;
    cp_lp *lp = NULL;
    cp_lp_answer answer;
    double fixed = 0;
    if (!is_allowed(t, open)) return INFINITY;
    assert_ok(ctx, cp_mip_new(ctx, ctx->scratch, &mip));
    for (int32_t i = 0; i < N; i++)
        assert_ok(ctx, cp_mip_add_row(ctx, mip, 1, 1, NULL, NULL));
    for (int32_t j = 0; j < M; j++) {
        assert_ok(ctx, cp_mip_add_row(ctx, mip, -CP_MIP_INF, t->capacity[j], NULL, NULL));
        fixed += ((open >> j) & 1) ? t->fixed[j] : 0;
    }
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
    const double cost = answer == CP_LP_OPTIMAL ? fixed + cp_lp_objective(lp) : INFINITY;
    cp_lp_free(lp);
    return cost;
}

static double best_of_all(cp_ctx *ctx, const toy *t)
{
    double best = INFINITY;
    for (uint32_t open = 0; open < 1U << M; open++)
        best = fmin(best, price(ctx, t, open));
    return best;
}

/* Every client served whole, no room overdrawn, and the cost as the shares say. */
static void assert_plan(const toy *t, const cp_siting_plan *p)
{
    double use[M] = {0}, cost = 0;
    for (int32_t j = 0; j < M; j++)
        cost += p->open[j] ? t->fixed[j] : 0;
    for (int32_t i = 0; i < N; i++) {
        double sum = 0;
        for (int32_t a = t->s.first[i]; a < t->s.first[i + 1]; a++) {
            const int32_t j = t->s.arc_site[a];
            assert_true(p->share[a] >= 0 && (p->share[a] <= 0 || p->open[j]));
            sum += p->share[a];
            use[j] += p->share[a] * t->demand[i];
            cost += p->share[a] * t->s.arc_cost[a];
        }
        assert_true(fabs(sum - 1) < 1e-6);
    }
    for (int32_t j = 0; j < M; j++)
        assert_true(use[j] <= t->capacity[j] * (1 + 1e-6));
    assert_true(fabs(cost - p->cost) < 1e-6 * (1 + cost));
}

static void every_rule_against_all_choices(void **state)
{
    cp_ctx *ctx = *state;
    const cp_siting_opts opts = cp_siting_defaults();
    int32_t n_none = 0;
    for (int32_t rules = 0; rules < N_RULES; rules++)
        for (uint64_t seed = 1; seed <= N_CASES; seed++) {
            const cp_arena_mark mark = cp_arena_here(ctx->scratch);
            toy t;
            cp_siting_result r;
            toy_make(ctx, seed, rules, &t);
            const double best = best_of_all(ctx, &t);
            assert_ok(ctx, cp_siting_solve(ctx, &t.s, &opts, &r));
            assert_true(r.proven);
            assert_int_equal(r.found, isfinite(best));
            n_none += !r.found;
            if (r.found) {
                assert_true(fabs(r.plan.cost - best) < 1e-6 * (1 + best));
                assert_true(r.bound <= best * (1 + 1e-6));
                assert_plan(&t, &r.plan);
            }
            cp_arena_rewind(ctx->scratch, mark);
        }
    assert_true(n_none > 0 && n_none < N_RULES * N_CASES / 2);
}

/* With any prices the Lagrangian value is below every choice's cost. */
static void any_prices_bound(void **state)
{
    cp_ctx *ctx = *state;
    cp_rng rng = cp_rng_new(5, 1);
    for (uint64_t seed = 1; seed <= N_CASES; seed++) {
        toy t;
        cp_site_node node;
        cp_site_value v;
        double lambda[N];
        toy_make(ctx, seed, (int32_t)(seed % N_RULES), &t);
        const double best = best_of_all(ctx, &t);
        assert_ok(ctx, cp_site_node_root(ctx, &t.s, &node));
        if (!isfinite(best) || !cp_site_node_can_count(&node)) continue;
        assert_ok(ctx, cp_site_value_new(ctx, ctx->scratch, &t.s, &v));
        for (int32_t k = 0; k < 40; k++) {
            for (int32_t i = 0; i < N; i++)
                lambda[i] = t.demand[i] * 50 * cp_rng_unit(&rng);
            cp_site_evaluate(&node, lambda, &v);
            assert_true(v.bound <= best * (1 + 1e-9));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_rule_against_all_choices, check_start, check_finish),
        cmocka_unit_test_setup_teardown(any_prices_bound, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Siting without capacities against every choice of sites, tried one by one. */
#include <math.h>
#include <string.h>

#include "models/base/rng.h"
#include "models/mip/siting.h"
#include "solver/site/site_ascent.h"
#include "solver/site/site_center.h"
#include "solver/site/site_cover.h"
#include "solver/site/site_solve.h"
#include "solver/site/site_swap.h"
#include "tests/check.h"

enum { M = 9, N = 14, N_CASES = 60 };

typedef struct toy {
    cp_siting s;
    double fixed[M], leave[N], cost[M * N], reach[M * N];
    uint8_t duty[M], open[M];
    int32_t server[N];
    double radius;
} toy;

/* Which rules a case has, by bit. */
enum { COUNTED = 1, RADIUS = 2, LEAVE = 4, DUTIES = 8, HALVES = 16, N_RULES = 32 };

static void toy_make(cp_ctx *ctx, uint64_t seed, int32_t rules, toy *t)
{
    cp_rng rng = cp_rng_new(seed, 7);
    double x[M + N], y[M + N];
    memset(t, 0, sizeof *t);
    for (int32_t k = 0; k < M + N; k++) {
        x[k] = cp_rng_below(&rng, 100);
        y[k] = cp_rng_below(&rng, 100);
    }
    const double unit = (rules & HALVES) ? 0.5 : 1;
    for (int32_t j = 0; j < M; j++) {
        t->fixed[j] = (rules & COUNTED) ? 0 : unit * (double)(20 + cp_rng_below(&rng, 200));
        if ((rules & DUTIES) && cp_rng_below(&rng, 4) == 0)
            t->duty[j] = (uint8_t)(1 + cp_rng_below(&rng, 2));
        for (int32_t i = 0; i < N; i++) {
            const double away = floor(hypot(x[j] - x[M + i], y[j] - y[M + i]));
            t->reach[j * N + i] = away;
            t->cost[j * N + i] = unit * away * (1 + i % 3);
        }
    }
    for (int32_t i = 0; i < N; i++)
        t->leave[i] = 40.0 + cp_rng_below(&rng, 60);
    t->radius = (rules & RADIUS) ? (double)(45 + cp_rng_below(&rng, 30)) : INFINITY;
    t->s = (cp_siting){.n_sites = M, .n_clients = N, .fixed = t->fixed, .most_open = M};
    if (rules & DUTIES) t->s.duty = t->duty;
    if (rules & LEAVE) t->s.leave = t->leave;
    if (rules & COUNTED) {
        t->s.most_open = 2 + (int32_t)(seed % 3);
        t->s.least_open = seed % 2 == 0 ? t->s.most_open : 1;
    }
    assert_ok(ctx, cp_siting_arcs(ctx, t->cost, t->reach, t->radius, &t->s));
}

/* The cost of a choice, told from the matrices; INFINITY where a rule is broken. */
static double price(const toy *t, uint32_t open)
{
    double cost = 0;
    int32_t n_open = 0;
    for (int32_t j = 0; j < M; j++) {
        const bool is_open = (open >> j) & 1;
        if (t->s.duty != NULL && t->duty[j] != CP_SITING_FREE &&
            is_open != (t->duty[j] == CP_SITING_OPEN))
            return INFINITY;
        n_open += is_open;
        cost += is_open ? t->fixed[j] : 0;
    }
    if (n_open < t->s.least_open || n_open > t->s.most_open) return INFINITY;
    for (int32_t i = 0; i < N; i++) {
        double least = t->s.leave == NULL ? INFINITY : t->leave[i];
        for (int32_t j = 0; j < M; j++)
            if (((open >> j) & 1) && t->reach[j * N + i] <= t->radius)
                least = fmin(least, t->cost[j * N + i]);
        cost += least;
    }
    return cost;
}

static double best_of_all(const toy *t)
{
    double best = INFINITY;
    for (uint32_t open = 0; open < 1U << M; open++)
        best = fmin(best, price(t, open));
    return best;
}

static uint32_t bits_of(const uint8_t *open)
{
    uint32_t bits = 0;
    for (int32_t j = 0; j < M; j++)
        bits |= (uint32_t)(open[j] != 0) << j;
    return bits;
}

static void every_rule_against_all_choices(void **state)
{
    cp_ctx *ctx = *state;
    const cp_siting_opts opts = cp_siting_defaults();
    int32_t n_none = 0;
    for (int32_t rules = 0; rules < N_RULES; rules++)
        for (uint64_t seed = 1; seed <= N_CASES; seed++) {
            toy t;
            cp_siting_result r;
            toy_make(ctx, seed, rules, &t);
            const double best = best_of_all(&t);
            assert_ok(ctx, cp_siting_solve(ctx, &t.s, &opts, &r));
            assert_true(r.proven);
            assert_int_equal(r.found, isfinite(best));
            n_none += !r.found;
            if (!r.found) continue;
            assert_true(fabs(r.plan.cost - best) < 1e-6);
            assert_true(fabs(price(&t, bits_of(r.plan.open)) - best) < 1e-6);
            assert_true(r.bound <= best + 1e-6);
        }
    assert_true(n_none > 0 && n_none < N_RULES * N_CASES / 2);
}

/* A limit of work leaves a bound that holds and a plan that is allowed. */
static void little_work_still_bounds(void **state)
{
    cp_ctx *ctx = *state;
    cp_siting_opts opts = cp_siting_defaults();
    opts.root_steps = 6;
    opts.nodes = 1;
    opts.shakes = 0;
    int32_t n_open = 0;
    for (uint64_t seed = 1; seed <= N_CASES; seed++) {
        toy t;
        cp_siting_result r;
        toy_make(ctx, seed, (int32_t)(seed % N_RULES), &t);
        const double best = best_of_all(&t);
        assert_ok(ctx, cp_siting_solve(ctx, &t.s, &opts, &r));
        assert_true(r.bound <= best + 1e-6 || !isfinite(best));
        if (r.found) assert_true(price(&t, bits_of(r.plan.open)) >= best - 1e-6);
        if (r.found && r.proven) assert_true(fabs(r.plan.cost - best) < 1e-6);
        n_open += !r.proven;
    }
    assert_true(n_open > 0);
}

/* With any prices the Lagrangian value is below every choice's cost. */
static void any_prices_bound(void **state)
{
    cp_ctx *ctx = *state;
    cp_rng rng = cp_rng_new(3, 1);
    for (uint64_t seed = 1; seed <= N_CASES; seed++) {
        toy t;
        cp_site_node node;
        cp_site_value v;
        double lambda[N];
        toy_make(ctx, seed, (int32_t)(seed % N_RULES), &t);
        const double best = best_of_all(&t);
        assert_ok(ctx, cp_site_node_root(ctx, &t.s, &node));
        if (!isfinite(best) || !cp_site_node_can_count(&node)) continue;
        assert_ok(ctx, cp_site_value_new(ctx, ctx->scratch, &t.s, &v));
        for (int32_t k = 0; k < 40; k++) {
            for (int32_t i = 0; i < N; i++)
                lambda[i] = fmin(150 * cp_rng_unit(&rng), t.s.leave == NULL ? 1e9 : t.leave[i]);
            cp_site_evaluate(&node, lambda, &v);
            assert_true(v.bound <= best + 1e-6);
        }
    }
}

/* What the local search believes a plan costs after any moves is what it costs. */
static void local_search_keeps_count(void **state)
{
    cp_ctx *ctx = *state;
    for (uint64_t seed = 1; seed <= N_CASES; seed++) {
        toy t;
        cp_site_swap *w = NULL;
        cp_rng rng = cp_rng_new(seed, 2);
        toy_make(ctx, seed, (int32_t)(seed % N_RULES), &t);
        assert_ok(ctx, cp_site_swap_new(ctx, &t.s, &w));
        for (int32_t k = 0; k < 10; k++) {
            for (int32_t j = 0; j < M; j++)
                t.open[j] = (uint8_t)cp_rng_below(&rng, 2);
            cp_site_swap_set(w, t.open);
            (void)cp_site_swap_descend(w);
            cp_site_swap_shake(ctx, w, &rng, 3);
            const double cost = price(&t, bits_of(cp_site_swap_open(w)));
            if (isfinite(cost)) assert_true(fabs(cp_site_swap_cost(w) - cost) < 1e-6);
        }
    }
}

static bool covers_all(const toy *t, uint32_t open, double radius)
{
    for (int32_t i = 0; i < N; i++) {
        bool near = false;
        for (int32_t j = 0; j < M; j++)
            near = near || (((open >> j) & 1) && t->reach[j * N + i] <= radius);
        if (!near) return false;
    }
    return true;
}

static double least_radius(const toy *t, int32_t p)
{
    double best = INFINITY;
    for (uint32_t open = 1; open < 1U << M; open++) {
        if (__builtin_popcount(open) > p) continue;
        double worst = 0;
        for (int32_t i = 0; i < N; i++) {
            double near = INFINITY;
            for (int32_t j = 0; j < M; j++)
                if ((open >> j) & 1) near = fmin(near, t->reach[j * N + i]);
            worst = fmax(worst, near);
        }
        best = fmin(best, worst);
    }
    return best;
}

static void center_against_all_choices(void **state)
{
    cp_ctx *ctx = *state;
    const cp_siting_opts opts = cp_siting_defaults();
    for (uint64_t seed = 1; seed <= N_CASES; seed++) {
        toy t;
        cp_site_center r;
        toy_make(ctx, seed, 0, &t);
        t.s.most_open = 1 + (int32_t)(seed % 5);
        assert_ok(ctx, cp_siting_arcs(ctx, t.reach, NULL, INFINITY, &t.s));
        assert_ok(ctx, cp_siting_center(ctx, &t.s, &opts, &r));
        const double best = least_radius(&t, t.s.most_open);
        assert_true(r.found && r.proven);
        assert_true(r.radius == best);
        assert_true(r.bound == best);
        assert_true(covers_all(&t, bits_of(r.open), best));
    }
}

static void cover_says_no_only_when_true(void **state)
{
    cp_ctx *ctx = *state;
    const cp_siting_opts opts = cp_siting_defaults();
    int32_t n_none = 0, n_found = 0;
    for (uint64_t seed = 1; seed <= N_CASES; seed++) {
        toy t;
        cp_site_cover_result r;
        toy_make(ctx, seed, 0, &t);
        const double radius = 25 + (double)(seed % 40);
        assert_ok(ctx, cp_siting_arcs(ctx, t.reach, NULL, radius, &t.s));
        for (int32_t most = 1; most <= 5; most++) {
            bool can = false;
            for (uint32_t open = 0; open < 1U << M && !can; open++)
                can = __builtin_popcount(open) <= most && covers_all(&t, open, radius);
            assert_ok(ctx, cp_siting_cover(ctx, &t.s, most, &opts, t.open, &r));
            assert_int_equal(r.answer, can ? CP_SITE_COVER_FOUND : CP_SITE_COVER_NONE);
            if (can) assert_true(covers_all(&t, bits_of(t.open), radius));
            n_found += can;
            n_none += !can;
        }
    }
    assert_true(n_found > 20 && n_none > 20);
}

static void faults_are_named(void **state)
{
    cp_ctx *ctx = *state;
    toy t;
    cp_siting_result r;
    const cp_siting_opts opts = cp_siting_defaults();
    toy_make(ctx, 1, 0, &t);
    t.fixed[3] = -1;
    assert_fails(ctx, CP_E_INPUT, cp_siting_solve(ctx, &t.s, &opts, &r));
    toy_make(ctx, 1, 0, &t);
    t.s.least_open = M + 1;
    assert_fails(ctx, CP_E_INPUT, cp_siting_solve(ctx, &t.s, &opts, &r));
    toy_make(ctx, 1, LEAVE, &t);
    t.leave[2] = 0;
    assert_fails(ctx, CP_E_INPUT, cp_siting_solve(ctx, &t.s, &opts, &r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_rule_against_all_choices, check_start, check_finish),
        cmocka_unit_test_setup_teardown(little_work_still_bounds, check_start, check_finish),
        cmocka_unit_test_setup_teardown(any_prices_bound, check_start, check_finish),
        cmocka_unit_test_setup_teardown(local_search_keeps_count, check_start, check_finish),
        cmocka_unit_test_setup_teardown(center_against_all_choices, check_start, check_finish),
        cmocka_unit_test_setup_teardown(cover_says_no_only_when_true, check_start, check_finish),
        cmocka_unit_test_setup_teardown(faults_are_named, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Branch and bound through solver/lp/lp.h: test_lp.c tests the linear programs. */
#include <math.h>

#include "models/base/clock.h"
#include "models/base/rng.h"
#include "solver/lp/lp.h"
#include "tests/file_ctx.h"

#define INF CP_MIP_INF

#define assert_near(got, want)                                                                     \
    do {                                                                                           \
        if (!(fabs((got) - (want)) <= 1e-7))                                                       \
            fail_msg("%s = %.12g, wanted %.12g", #got, (double)(got), (double)(want));             \
    } while (0)

/* One column x and one row 2x. */
typedef struct tiny {
    double lo, hi, row_lo, row_hi, cost;
    bool integer;
} tiny;

static cp_lp *lp_of_tiny(const tiny *t)
{
    cp_mip *mip = NULL;
    cp_lp *lp = NULL;
    int32_t row = 0;
    const double two = 2;
    const cp_mip_col col = {.lo = t->lo,
                            .hi = t->hi,
                            .cost = t->cost,
                            .integer = t->integer,
                            .n = 1,
                            .row = &row,
                            .value = &two};
    assert_ok(&ctx, cp_mip_new(&ctx, ctx.run, &mip));
    assert_ok(&ctx, cp_mip_add_row(&ctx, mip, t->row_lo, t->row_hi, NULL, &row));
    assert_ok(&ctx, cp_mip_add_col(&ctx, mip, &col, NULL));
    assert_ok(&ctx, cp_lp_new(&ctx, mip, &lp));
    return lp;
}

/* Best value of a knapsack by trying every subset. */
static double brute_force_knapsack(int32_t n, const double *worth, const double *weight,
                                   double room)
{
    double best = 0;
    for (uint32_t set = 0; set < (1u << n); set++) {
        double w = 0;
        double v = 0;
        for (int32_t j = 0; j < n; j++) {
            if ((set >> j & 1u) == 0) continue;
            w += weight[j];
            v += worth[j];
        }
        if (w <= room && v > best) best = v;
    }
    return best;
}

#define ITEMS 14

typedef struct knapsack {
    double worth[ITEMS], weight[ITEMS], room;
} knapsack;

static knapsack random_knapsack(uint64_t seed)
{
    knapsack k = {.room = 0};
    cp_rng rng = cp_rng_new(seed, 0);
    double sum = 0;
    for (int32_t j = 0; j < ITEMS; j++) {
        k.weight[j] = 20 + cp_rng_below(&rng, 80);
        k.worth[j] = k.weight[j] + cp_rng_below(&rng, 12); /* nearly proportional: hard to prune */
        sum += k.weight[j];
    }
    k.room = floor(sum / 2);
    return k;
}

static cp_lp *lp_of_knapsack(const knapsack *k)
{
    cp_mip *mip = NULL;
    cp_lp *lp = NULL;
    int32_t row = 0;
    assert_ok(&ctx, cp_mip_new(&ctx, ctx.run, &mip));
    assert_ok(&ctx, cp_mip_add_row(&ctx, mip, -INF, k->room, "room", &row));
    for (int32_t j = 0; j < ITEMS; j++) {
        const cp_mip_col col = {.hi = 1.3, /* rounded inside */
                                .cost = -k->worth[j],
                                .integer = true,
                                .n = 1,
                                .row = &row,
                                .value = &k->weight[j]};
        assert_ok(&ctx, cp_mip_add_col(&ctx, mip, &col, NULL));
    }
    assert_ok(&ctx, cp_lp_new(&ctx, mip, &lp));
    return lp;
}

static void knapsacks_agree_with_brute_force(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        const knapsack k = random_knapsack(seed);
        const double best = brute_force_knapsack(ITEMS, k.worth, k.weight, k.room);
        for (int way = 0; way < 4; way++) {
            cp_lp_mip_opts opts = cp_lp_mip_defaults();
            opts.presolve = (way & 1) != 0;
            opts.cuts = (way & 2) != 0;
            cp_lp *lp = lp_of_knapsack(&k);
            cp_lp_answer answer = CP_LP_NO_ANSWER;
            assert_ok(&ctx, cp_lp_solve_mip(lp, &opts, &answer));
            assert_int_equal(answer, CP_LP_OPTIMAL);
            assert_near(cp_lp_objective(lp), -best);
            assert_near(cp_lp_mip_bound(lp), -best);
            for (int32_t j = 0; j < ITEMS; j++)
                assert_near(cp_lp_value(lp, j), round(cp_lp_value(lp, j)));
            assert_true(isnan(cp_lp_row_dual(lp, 0))); /* a MIP has no duals */
            cp_lp_free(lp);
        }
    }
}

static void a_limited_search_still_has_a_true_bound(void **state)
{
    (void)state;
    int32_t ended_early = 0;
    for (uint64_t seed = 20; seed < 40; seed++) {
        const knapsack k = random_knapsack(seed);
        const double best = -brute_force_knapsack(ITEMS, k.worth, k.weight, k.room);
        for (int64_t nodes = 1; nodes <= 64; nodes *= 4) {
            cp_lp_mip_opts opts = cp_lp_mip_defaults();
            opts.presolve = nodes == 4;
            opts.cuts = false;
            opts.node_limit = nodes;
            cp_lp *lp = lp_of_knapsack(&k);
            cp_lp_answer answer = CP_LP_NO_ANSWER;
            assert_ok(&ctx, cp_lp_solve_mip(lp, &opts, &answer));
            assert_true(answer == CP_LP_OPTIMAL || answer == CP_LP_FEASIBLE ||
                        answer == CP_LP_NO_ANSWER);
            if (answer != CP_LP_OPTIMAL) ended_early++;
            assert_true(cp_lp_mip_bound(lp) <= best + 1e-6);
            if (answer != CP_LP_NO_ANSWER) assert_true(cp_lp_objective(lp) >= best - 1e-6);
            if (answer == CP_LP_NO_ANSWER) assert_true(isnan(cp_lp_objective(lp)));
            if (!opts.presolve) assert_true(isfinite(cp_lp_mip_bound(lp)));
            cp_lp_free(lp);
        }
    }
    assert_true(ended_early > 10);
}

static void a_wide_gap_ends_the_search_with_a_solution(void **state)
{
    (void)state;
    int32_t stopped = 0;
    for (uint64_t seed = 1; seed <= 12; seed++) {
        const knapsack k = random_knapsack(seed);
        const double best = -brute_force_knapsack(ITEMS, k.worth, k.weight, k.room);
        cp_lp_mip_opts opts = cp_lp_mip_defaults();
        opts.gap = 0.05;
        opts.presolve = false;
        cp_lp *lp = lp_of_knapsack(&k);
        cp_lp_answer answer = CP_LP_NO_ANSWER;
        assert_ok(&ctx, cp_lp_solve_mip(lp, &opts, &answer));
        assert_true(answer == CP_LP_OPTIMAL || answer == CP_LP_FEASIBLE);
        stopped += answer == CP_LP_FEASIBLE ? 1 : 0;
        assert_true(cp_lp_mip_bound(lp) <= best + 1e-6);
        assert_true(cp_lp_objective(lp) <= 0.95 * best);
        assert_true(cp_lp_objective(lp) - cp_lp_mip_bound(lp) <= 0.06 * fabs(best));
        cp_lp_free(lp);
    }
    assert_true(stopped > 0);
}

static void integer_programs_without_a_solution(void **state)
{
    (void)state;
    /* 0.2 <= x <= 0.8 holds no whole number; 2x = 1 has none either; -x has no least value. */
    static const struct {
        const char *name;
        double lo, hi, row_lo, row_hi, cost;
        cp_lp_answer want;
    } cases[] = {
        {"no whole number within the bounds", 0.2, 0.8, -INF, INF, 1, CP_LP_INFEASIBLE},
        {"no whole number in the row", 0, 5, 1, 1, 1, CP_LP_INFEASIBLE},
        {"cheaper without end", 0, INF, 0, INF, -1, CP_LP_UNBOUNDED},
    };
    for (int32_t c = 0; c < LEN(cases); c++) {
        for (int presolve = 0; presolve < 2; presolve++) {
            const tiny t = {cases[c].lo,     cases[c].hi,   cases[c].row_lo,
                            cases[c].row_hi, cases[c].cost, true};
            cp_lp *lp = lp_of_tiny(&t);
            cp_lp_answer answer = CP_LP_NO_ANSWER;
            cp_lp_mip_opts opts = cp_lp_mip_defaults();
            opts.presolve = presolve == 1;
            assert_ok(&ctx, cp_lp_solve_mip(lp, &opts, &answer));
            if (answer != cases[c].want)
                fail_msg("%s (presolve %d): answer %d", cases[c].name, presolve, (int)answer);
            cp_lp_free(lp);
        }
    }
}

static void integrality_can_be_switched(void **state)
{
    (void)state;
    cp_lp *lp = NULL;
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    const cp_lp_mip_opts opts = cp_lp_mip_defaults();
    const tiny t = {0, INF, 5, INF, 1, false};
    lp = lp_of_tiny(&t);
    assert_ok(&ctx, cp_lp_solve_mip(lp, &opts, &answer));
    assert_near(cp_lp_objective(lp), 2.5);
    assert_ok(&ctx, cp_lp_set_integer(lp, 0, true));
    assert_ok(&ctx, cp_lp_solve_mip(lp, &opts, &answer));
    assert_near(cp_lp_objective(lp), 3);
    assert_ok(&ctx, cp_lp_solve(lp, &answer)); /* the relaxation of the same program */
    assert_near(cp_lp_objective(lp), 2.5);
    cp_lp_free(lp);
}

static void time_and_the_user_stop_a_search(void **state)
{
    (void)state;
    cp_lp *lp = NULL;
    cp_lp_answer answer = CP_LP_OPTIMAL;
    const cp_lp_mip_opts opts = cp_lp_mip_defaults();
    const knapsack k = random_knapsack(3);
    lp = lp_of_knapsack(&k);
    ctx.deadline_s = cp_now_s() - 1;
    assert_ok(&ctx, cp_lp_solve(lp, &answer));
    assert_int_equal(answer, CP_LP_NO_ANSWER);
    answer = CP_LP_OPTIMAL;
    assert_ok(&ctx, cp_lp_solve_mip(lp, &opts, &answer));
    assert_int_equal(answer, CP_LP_NO_ANSWER);
    ctx.deadline_s = cp_now_s() + 3600;
    assert_ok(&ctx, cp_lp_solve_mip(lp, &opts, &answer));
    assert_int_equal(answer, CP_LP_OPTIMAL);
    ctx.deadline_s = 0;
    atomic_int stop = 1;
    ctx.stop = &stop;
    assert_ok(&ctx, cp_lp_solve(lp, &answer));
    assert_int_equal(answer, CP_LP_NO_ANSWER);
    ctx.stop = NULL;
    cp_lp_free(lp);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(knapsacks_agree_with_brute_force),
        TEST(a_limited_search_still_has_a_true_bound),
        TEST(a_wide_gap_ends_the_search_with_a_solution),
        TEST(integer_programs_without_a_solution),
        TEST(integrality_can_be_switched),
        TEST(time_and_the_user_stop_a_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/lp/lp.h"

#include <glpk.h> /* only to make the engine fail */
#include <math.h>
#include <string.h>

#include "tests/file_ctx.h"

#define INF CP_MIP_INF
#define MAX_N 6

typedef struct toy_lp {
    const char *name;
    int32_t n_rows, n_cols;
    double row_lo[MAX_N], row_hi[MAX_N];
    double col_lo[MAX_N], col_hi[MAX_N], cost[MAX_N];
    double a[MAX_N][MAX_N]; /* a[row][col] */
    cp_lp_answer want;
    double objective;
    double value[MAX_N], dual[MAX_N], reduced[MAX_N];
} toy_lp;

static cp_mip *program_of(const toy_lp *toy, bool integer)
{
    cp_mip *mip = NULL;
    assert_ok(&ctx, cp_mip_new(&ctx, ctx.run, &mip));
    for (int32_t i = 0; i < toy->n_rows; i++)
        assert_ok(&ctx, cp_mip_add_row(&ctx, mip, toy->row_lo[i], toy->row_hi[i], NULL, NULL));
    for (int32_t j = 0; j < toy->n_cols; j++) {
        int32_t rows[MAX_N];
        double values[MAX_N];
        cp_mip_col col = {.lo = toy->col_lo[j],
                          .hi = toy->col_hi[j],
                          .cost = toy->cost[j],
                          .integer = integer,
                          .row = rows,
                          .value = values};
        for (int32_t i = 0; i < toy->n_rows; i++) {
            if (!(fabs(toy->a[i][j]) > 0)) continue;
            rows[col.n] = i;
            values[col.n++] = toy->a[i][j];
        }
        assert_ok(&ctx, cp_mip_add_col(&ctx, mip, &col, NULL));
    }
    return mip;
}

#define assert_near(got, want)                                                                     \
    do {                                                                                           \
        if (!(fabs((got) - (want)) <= 1e-7))                                                       \
            fail_msg("%s = %.12g, wanted %.12g", #got, (double)(got), (double)(want));             \
    } while (0)

static const toy_lp programs[] = {
    /* min -3x - 2y: x + y <= 4, x + 3y <= 6.5, x <= 3; the duals follow by hand. */
    {.name = "binding and slack rows",
     .n_rows = 2,
     .n_cols = 2,
     .row_lo = {-INF, -INF},
     .row_hi = {4, 6.5},
     .col_hi = {3, INF},
     .cost = {-3, -2},
     .a = {{1, 1}, {1, 3}},
     .want = CP_LP_OPTIMAL,
     .objective = -11,
     .value = {3, 1},
     .dual = {-2, 0},
     .reduced = {-1, 0}},
    {.name = "a >= row has a dual above zero",
     .n_rows = 1,
     .n_cols = 2,
     .row_lo = {10},
     .row_hi = {INF},
     .col_hi = {INF, INF},
     .cost = {2, 3},
     .a = {{1, 1}},
     .want = CP_LP_OPTIMAL,
     .objective = 20,
     .value = {10, 0},
     .dual = {2},
     .reduced = {0, 1}},
    {.name = "an equation and a free column",
     .n_rows = 2,
     .n_cols = 2,
     .row_lo = {5, -INF},
     .row_hi = {5, 2},
     .col_lo = {-INF, 0},
     .col_hi = {INF, INF},
     .cost = {1, 0},
     .a = {{1, 1}, {0, 1}},
     .want = CP_LP_OPTIMAL,
     .objective = 3,
     .value = {3, 2},
     .dual = {1, -1},
     .reduced = {0, 0}},
    {.name = "two limits on a row",
     .n_rows = 1,
     .n_cols = 1,
     .row_lo = {2},
     .row_hi = {8},
     .col_lo = {-INF},
     .col_hi = {INF},
     .cost = {1},
     .a = {{2}},
     .want = CP_LP_OPTIMAL,
     .objective = 1,
     .value = {1},
     .dual = {0.5}},
    {.name = "no rows at all",
     .n_cols = 1,
     .col_lo = {-4},
     .col_hi = {9},
     .cost = {2},
     .want = CP_LP_OPTIMAL,
     .objective = -8,
     .value = {-4},
     .reduced = {2}},
    {.name = "nothing at all", .want = CP_LP_OPTIMAL},
    {.name = "rows that contradict each other",
     .n_rows = 2,
     .n_cols = 1,
     .row_lo = {5, -INF},
     .row_hi = {INF, 4},
     .col_hi = {INF},
     .a = {{1}, {1}},
     .want = CP_LP_INFEASIBLE},
    {.name = "bounds that cross",
     .n_rows = 1,
     .n_cols = 1,
     .row_lo = {-INF},
     .row_hi = {9},
     .col_lo = {3},
     .col_hi = {2},
     .a = {{1}},
     .want = CP_LP_INFEASIBLE},
    {.name = "cheaper without end",
     .n_rows = 1,
     .n_cols = 2,
     .row_lo = {-INF},
     .row_hi = {1},
     .col_hi = {INF, INF},
     .cost = {-1, 0},
     .a = {{1, -1}},
     .want = CP_LP_UNBOUNDED},
};

/* The one that is changed and solved again below. */
static const toy_lp *const production = &programs[0];

static void programs_with_a_known_answer(void **state)
{
    (void)state;
    for (int32_t c = 0; c < LEN(programs); c++) {
        const toy_lp *t = &programs[c];
        cp_lp *lp = NULL;
        cp_lp_answer answer = CP_LP_NO_ANSWER;
        assert_ok(&ctx, cp_lp_new(&ctx, program_of(t, false), &lp));
        assert_ok(&ctx, cp_lp_solve(lp, &answer));
        if (answer != t->want) fail_msg("%s: answer %d", t->name, (int)answer);
        if (answer == CP_LP_OPTIMAL) {
            assert_near(cp_lp_objective(lp), t->objective);
            for (int32_t j = 0; j < t->n_cols; j++) {
                assert_near(cp_lp_value(lp, j), t->value[j]);
                assert_near(cp_lp_reduced_cost(lp, j), t->reduced[j]);
            }
            for (int32_t i = 0; i < t->n_rows; i++)
                assert_near(cp_lp_row_dual(lp, i), t->dual[i]);
        } else {
            assert_true(isnan(cp_lp_objective(lp))); /* nothing of it may be used */
        }
        cp_lp_free(lp);
    }
}

static void columns_come_and_go(void **state)
{
    (void)state;
    cp_lp *lp = NULL;
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    assert_ok(&ctx, cp_lp_new(&ctx, program_of(production, false), &lp));
    assert_ok(&ctx, cp_lp_solve(lp, &answer));
    assert_true(cp_lp_col_is_basic(lp, 1));
    assert_false(cp_lp_col_is_basic(lp, 0));
    /* Reduced cost of the new column under the duals (-2, 0) is -4 - (-2) = -2: it improves. */
    const int32_t rows[] = {0, 1};
    const double ones[] = {1, 1};
    const cp_mip_col more[] = {{.hi = 1, .cost = -4, .n = 2, .row = rows, .value = ones},
                               {.hi = 5, .cost = 7, .n = 1, .row = rows, .value = ones}};
    int32_t first = -1;
    assert_ok(&ctx, cp_lp_add_cols(lp, 2, more, &first));
    assert_int_equal(first, 2);
    assert_int_equal(cp_lp_n_cols(lp), 4);
    assert_ok(&ctx, cp_lp_solve(lp, &answer));
    assert_near(cp_lp_objective(lp), -13); /* x=3, new=1, y=0 */
    /* Remove x and the useless one: y and `new` move down. min -2y - 4n: y + n <= 4, 3y + n <= 6.5
     */
    const int32_t gone[] = {0, 3};
    assert_ok(&ctx, cp_lp_del_cols(lp, 2, gone));
    assert_int_equal(cp_lp_n_cols(lp), 2);
    assert_ok(&ctx, cp_lp_solve(lp, &answer));
    assert_int_equal(answer, CP_LP_OPTIMAL);
    assert_near(cp_lp_value(lp, 1), 1);
    assert_near(cp_lp_value(lp, 0), 5.5 / 3);
    assert_near(cp_lp_objective(lp), -4 - 11.0 / 3);
    assert_ok(&ctx, cp_lp_add_cols(lp, 0, NULL, &first));
    assert_int_equal(first, 2);
    assert_true(cp_lp_iterations(lp) > 0);
    cp_lp_free(lp);
}

static void changes_are_resolved_from_the_basis_at_hand(void **state)
{
    (void)state;
    cp_lp *lp = NULL;
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    int32_t row = -1;
    assert_ok(&ctx, cp_lp_new(&ctx, program_of(production, false), &lp));
    assert_ok(&ctx, cp_lp_solve(lp, &answer));
    assert_ok(&ctx, cp_lp_set_col_bounds(lp, 0, 0, 1));
    assert_ok(&ctx, cp_lp_solve(lp, &answer));
    assert_near(cp_lp_objective(lp), -3 - 2 * 5.5 / 3);
    assert_ok(&ctx, cp_lp_set_cost(lp, 1, 5));
    assert_ok(&ctx, cp_lp_solve(lp, &answer));
    assert_near(cp_lp_objective(lp), -3);
    assert_ok(&ctx, cp_lp_set_row_bounds(lp, 0, 2.5, 4)); /* y must make up for it */
    assert_ok(&ctx, cp_lp_solve(lp, &answer));
    assert_near(cp_lp_objective(lp), -3 + 1.5 * 5);
    assert_near(cp_lp_value(lp, 1), 1.5);
    cp_lp_free(lp);
    lp = NULL;
    assert_ok(&ctx, cp_lp_new(&ctx, program_of(production, false), &lp));
    assert_ok(&ctx, cp_lp_add_row(lp, 1, INF, &row));
    assert_int_equal(row, 2);
    assert_int_equal(cp_lp_n_rows(lp), 3);
    assert_ok(&ctx, cp_lp_solve(lp, &answer));
    assert_int_equal(answer, CP_LP_INFEASIBLE); /* 0 >= 1 until a column comes */
    const double one = 1;
    const cp_mip_col help = {.hi = INF, .cost = 10, .n = 1, .row = &row, .value = &one};
    assert_ok(&ctx, cp_lp_add_cols(lp, 1, &help, NULL));
    assert_ok(&ctx, cp_lp_solve(lp, &answer));
    assert_near(cp_lp_objective(lp), -1);
    assert_near(cp_lp_row_dual(lp, row), 10);
    cp_lp_free(lp);
}

static void bad_arguments_are_refused_and_change_nothing(void **state)
{
    (void)state;
    cp_lp *lp = NULL;
    assert_ok(&ctx, cp_lp_new(&ctx, program_of(production, false), &lp));
    const int32_t twice[] = {0, 0};
    const int32_t beyond[] = {2};
    const int32_t below[] = {-1};
    const int32_t descending[] = {1, 0};
    const double v[] = {1, 1};
    const double bad[] = {NAN};
    const cp_mip_col cols[] = {
        {.hi = 1, .n = 2, .row = twice, .value = v},
        {.hi = 1, .n = 1, .row = beyond, .value = v},
        {.hi = 1, .n = 1, .row = below, .value = v},
        {.hi = 1, .n = 1, .row = twice, .value = bad},
        {.hi = 1, .cost = INFINITY},
        {.lo = NAN, .hi = 1},
        {.lo = INF, .hi = INF},
    };
    for (int32_t i = 0; i < LEN(cols); i++)
        assert_fails(&ctx, CP_E_RANGE, cp_lp_add_cols(lp, 1, &cols[i], NULL));
    assert_fails(&ctx, CP_E_RANGE, cp_lp_add_cols(lp, -1, cols, NULL));
    assert_fails(&ctx, CP_E_RANGE, cp_lp_del_cols(lp, 2, descending));
    assert_fails(&ctx, CP_E_RANGE, cp_lp_del_cols(lp, 1, beyond));
    assert_fails(&ctx, CP_E_RANGE, cp_lp_set_cost(lp, 2, 1));
    assert_fails(&ctx, CP_E_RANGE, cp_lp_set_cost(lp, 0, NAN));
    assert_fails(&ctx, CP_E_RANGE, cp_lp_set_col_bounds(lp, -1, 0, 1));
    assert_fails(&ctx, CP_E_RANGE, cp_lp_set_row_bounds(lp, 2, 0, 1));
    assert_fails(&ctx, CP_E_RANGE, cp_lp_set_row_bounds(lp, 0, NAN, 1));
    assert_fails(&ctx, CP_E_RANGE, cp_lp_set_integer(lp, 7, true));
    assert_fails(&ctx, CP_E_RANGE, cp_lp_add_row(lp, INFINITY, INFINITY, NULL));
    assert_true(isnan(cp_lp_value(lp, 0))); /* not solved yet */
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    assert_ok(&ctx, cp_lp_solve(lp, &answer));
    assert_near(cp_lp_objective(lp), -11);
    assert_true(isnan(cp_lp_value(lp, 2)));
    assert_true(isnan(cp_lp_row_dual(lp, -1)));
    cp_lp_mip_opts opts = cp_lp_mip_defaults();
    opts.gap = -1;
    assert_fails(&ctx, CP_E_RANGE, cp_lp_solve_mip(lp, &opts, &answer));
    opts = cp_lp_mip_defaults();
    opts.time_limit_s = NAN;
    assert_fails(&ctx, CP_E_RANGE, cp_lp_solve_mip(lp, &opts, &answer));
    cp_lp_free(lp);
    cp_lp_free(NULL);
}

/* Columns enough that the engine must ask for memory. */
static cp_status add_many(cp_lp *lp)
{
    const int32_t row = 0;
    const double one = 1;
    const cp_mip_col col = {.hi = 1, .cost = -1, .n = 1, .row = &row, .value = &one};
    for (int32_t i = 0; i < 50000; i++)
        CP_TRY(cp_lp_add_cols(lp, 1, &col, NULL));
    return CP_OK;
}

static void after_the_engine_failed_the_next_program_solves(void **state)
{
    (void)state;
    for (int round = 0; round < 3; round++) {
        cp_lp *lost = NULL;
        cp_lp *other = NULL;
        cp_lp *next = NULL;
        cp_lp_answer answer = CP_LP_NO_ANSWER;
        assert_ok(&ctx, cp_lp_new(&ctx, program_of(production, false), &lost));
        assert_ok(&ctx, cp_lp_new(&ctx, program_of(production, false), &other));
        glp_mem_limit(1); /* MB */
        assert_fails(&ctx, CP_E_NOMEM, add_many(lost));
        /* Both programs of the thread are gone, and say so. */
        assert_fails(&ctx, CP_E_SOLVER, cp_lp_solve(lost, &answer));
        assert_fails(&ctx, CP_E_SOLVER, cp_lp_set_cost(other, 0, 1));
        assert_int_equal(cp_lp_n_cols(other), 0);
        assert_true(isnan(cp_lp_objective(other)));
        if (round == 1) cp_lp_free(lost); /* freed before or after the next one is made */
        assert_ok(&ctx, cp_lp_new(&ctx, program_of(production, false), &next));
        if (round != 1) cp_lp_free(lost);
        cp_lp_free(other);
        assert_ok(&ctx, cp_lp_solve(next, &answer));
        assert_int_equal(answer, CP_LP_OPTIMAL);
        assert_near(cp_lp_objective(next), -11);
        if (round == 2) { /* the thread lets go while a program is alive */
            cp_lp_thread_done();
            assert_fails(&ctx, CP_E_SOLVER, cp_lp_solve(next, &answer));
        }
        cp_lp_free(next);
    }
}

static void every_failing_allocation_is_reported(void **state)
{
    (void)state;
    cp_mip *mip = program_of(production, false);
    bool done = false;
    for (long k = 1; !done; k++) {
        cp_lp *lp = NULL;
        cp_arena_fail_at(k);
        const cp_status st = cp_lp_new(&ctx, mip, &lp);
        cp_arena_fail_at(0);
        done = st == CP_OK;
        assert_true(done || st == CP_E_NOMEM);
        assert_int_equal(lp != NULL, done);
        cp_error_clear(&ctx);
        cp_lp_free(lp);
        assert_true(k < 20);
    }
    assert_int_equal(cp_arena_used(ctx.scratch), 0);
}

static void count_lines(void *user, cp_log_level level, const char *text)
{
    assert_int_equal(level, CP_LOG_DEBUG);
    assert_null(strchr(text, '\n'));
    (*(int *)user)++;
}

static void what_the_engine_prints_goes_to_the_log(void **state)
{
    (void)state;
    int lines = 0;
    cp_lp *lp = NULL;
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    ctx.log = (cp_log_sink){count_lines, &lines, CP_LOG_DEBUG};
    assert_ok(&ctx, cp_lp_new(&ctx, program_of(production, true), &lp));
    const cp_lp_mip_opts opts = cp_lp_mip_defaults();
    assert_ok(&ctx, cp_lp_solve_mip(lp, &opts, &answer));
    assert_true(lines > 3);
    lines = 0;
    ctx.log.most = CP_LOG_INFO;
    assert_ok(&ctx, cp_lp_solve_mip(lp, &opts, &answer));
    assert_int_equal(lines, 0);
    cp_lp_free(lp);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(programs_with_a_known_answer),
        TEST(columns_come_and_go),
        TEST(changes_are_resolved_from_the_basis_at_hand),
        TEST(bad_arguments_are_refused_and_change_nothing),
        TEST(after_the_engine_failed_the_next_program_solves),
        TEST(every_failing_allocation_is_reported),
        TEST(what_the_engine_prints_goes_to_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mip/mip.h"

#include <glpk.h> /* reads back what we write */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/base/rng.h"
#include "models/mip/mip_write.h"
#include "tests/check.h"

#define INF CP_MIP_INF

static cp_ctx ctx;
static char path[64];

static int start(void **state)
{
    (void)state;
    strcpy(path, "/tmp/cashplan-mip-XXXXXX");
    const int fd = mkstemp(path);
    if (fd < 0) return -1;
    close(fd);
    glp_term_out(GLP_OFF);
    return cp_ctx_init(&ctx) == CP_OK ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    glp_free_env();
    cp_ctx_done(&ctx);
    return unlink(path);
}

static cp_mip *new_mip(void)
{
    cp_mip *mip = NULL;
    assert_ok(&ctx, cp_mip_new(&ctx, ctx.run, &mip));
    return mip;
}

static void a_program_grows_and_keeps_what_it_had(void **state)
{
    (void)state;
    cp_mip *mip = new_mip();
    const int32_t n = 1000;
    for (int32_t i = 0; i < n; i++) {
        int32_t index = -1;
        char name[16];
        snprintf(name, sizeof(name), "row-%04d", (int)i);
        assert_ok(&ctx, cp_mip_add_row(&ctx, mip, i, i + 1, i % 2 == 0 ? name : NULL, &index));
        assert_int_equal(index, i);
        const int32_t rows[] = {i, i / 2};
        const double values[] = {i, -i};
        const cp_mip_col col = {.lo = -i,
                                .hi = i,
                                .cost = 2 * i,
                                .integer = i % 3 == 0,
                                .name = name,
                                .n = i == 0 ? 1 : 2,
                                .row = rows,
                                .value = values};
        assert_ok(&ctx, cp_mip_add_col(&ctx, mip, &col, &index));
        assert_int_equal(index, i);
        name[0] = '?'; /* names are copied */
    }
    assert_int_equal(mip->n_nz, 2 * n - 1);
    for (int32_t i = 0; i < n; i++) {
        char name[16];
        snprintf(name, sizeof(name), "row-%04d", (int)i);
        assert_true(mip->row_lo[i] >= i && mip->row_hi[i] <= i + 1);
        assert_true(i % 2 == 0 ? strcmp(mip->row_name[i], name) == 0 : mip->row_name[i] == NULL);
        assert_string_equal(mip->col_name[i], name);
        assert_int_equal(mip->col_int[i], i % 3 == 0);
        assert_int_equal(mip->start[i + 1] - mip->start[i], i == 0 ? 1 : 2);
        assert_int_equal(mip->row[mip->start[i]], i);
    }
}

static void what_is_not_a_program_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    cp_mip *mip = new_mip();
    assert_ok(&ctx, cp_mip_add_row(&ctx, mip, 0, INF, "only", NULL));
    assert_ok(&ctx, cp_mip_add_row(&ctx, mip, 5, 4, "crossing bounds are allowed", NULL));
    const int32_t twice[] = {1, 0, 1};
    const int32_t beyond[] = {2};
    const int32_t below[] = {-1};
    const double ok[] = {1, 1, 1};
    const double bad[] = {NAN};
    const cp_mip_col cols[] = {
        {.name = "row twice", .hi = 1, .n = 3, .row = twice, .value = ok},
        {.name = "row beyond", .hi = 1, .n = 1, .row = beyond, .value = ok},
        {.name = "row below", .hi = 1, .n = 1, .row = below, .value = ok},
        {.name = "bad value", .hi = 1, .n = 1, .row = twice, .value = bad},
        {.name = "bad cost", .hi = 1, .cost = INFINITY},
        {.name = "bad bound", .hi = NAN},
        {.name = "infinite wrong way", .lo = INF, .hi = INF},
        {.name = NULL, .hi = 1, .n = -1},
    };
    for (int32_t i = 0; i < LEN(cols); i++)
        assert_fails(&ctx, CP_E_RANGE, cp_mip_add_col(&ctx, mip, &cols[i], NULL));
    assert_fails(&ctx, CP_E_RANGE, cp_mip_add_row(&ctx, mip, NAN, 1, NULL, NULL));
    assert_fails(&ctx, CP_E_RANGE, cp_mip_add_row(&ctx, mip, -INFINITY, 1, NULL, NULL));
    assert_int_equal(mip->n_rows, 2);
    assert_int_equal(mip->n_cols, 0);
    assert_int_equal(mip->n_nz, 0);
    /* The refused column left no trace: the same rows can be named now. */
    const cp_mip_col good = {.hi = 1, .n = 2, .row = twice, .value = ok};
    assert_ok(&ctx, cp_mip_add_col(&ctx, mip, &good, NULL));
    assert_int_equal(mip->n_nz, 2);
}

static void every_failing_allocation_is_reported(void **state)
{
    (void)state;
    for (long k = 1; k <= 60; k++) {
        cp_mip *mip = NULL;
        cp_arena_fail_at(k);
        cp_status st = cp_mip_new(&ctx, ctx.run, &mip);
        for (int32_t i = 0; st == CP_OK && i < 40; i++) {
            const double one = 1;
            const cp_mip_col col = {.hi = 1, .name = "x", .n = 1, .row = &i, .value = &one};
            st = cp_mip_add_row(&ctx, mip, 0, 1, "r", NULL);
            if (st == CP_OK) st = cp_mip_add_col(&ctx, mip, &col, NULL);
        }
        if (st == CP_OK) st = cp_mip_write_lp(&ctx, mip, path);
        cp_arena_fail_at(0);
        assert_int_equal(st, CP_E_NOMEM);
        cp_error_clear(&ctx);
        assert_int_equal(cp_arena_used(ctx.scratch), 0);
    }
}

static int find(glp_prob *lp, bool row, const char *name)
{
    return row ? glp_find_row(lp, name) : glp_find_col(lp, name);
}

/* The bounds GLPK has, with its types turned back into infinities. */
static void bounds_of(glp_prob *lp, bool row, int k, double *lo, double *hi)
{
    const int type = row ? glp_get_row_type(lp, k) : glp_get_col_type(lp, k);
    *lo = row ? glp_get_row_lb(lp, k) : glp_get_col_lb(lp, k);
    *hi = row ? glp_get_row_ub(lp, k) : glp_get_col_ub(lp, k);
    if (type == GLP_FR || type == GLP_UP) *lo = -INF;
    if (type == GLP_FR || type == GLP_LO) *hi = INF;
    if (type == GLP_FX) *hi = *lo;
}

static glp_prob *read_back(void)
{
    glp_prob *lp = glp_create_prob();
    if (glp_read_lp(lp, NULL, path) != 0) fail_msg("GLPK does not read what was written");
    glp_create_index(lp);
    return lp;
}

#define assert_same(got, want)                                                                     \
    do {                                                                                           \
        if ((got) < (want) || (got) > (want))                                                      \
            fail_msg("%s = %.17g, wanted %.17g", #got, (double)(got), (double)(want));             \
    } while (0)

static void names_are_kept_where_readers_allow_them(void **state)
{
    (void)state;
    static const struct {
        const char *given, *written;
    } cases[] = {
        {"order[1,2]", "order(1,2)"},
        {"stock_3.b", "stock_3.b"},
        {NULL, "x2"},
        {"", "x3"},
        {"free", "x4"},
        {"End", "x5"},
        {"2nd", "x6"},
        {"with blank", "x7"},
        {"same", "x8"},
        {"same", "x9"},
        {"e12", "x10"},
        {"extra", "extra"},
        {"x3", "x12"},
        {"\xE9\x92\xB1", "x13"},
        {"a<b", "x14"},
        {"same[1]", "x15"},
        {"same(1)", "x16"},
        {"x", "x17"},
    };
    cp_mip *mip = new_mip();
    assert_ok(&ctx, cp_mip_add_row(&ctx, mip, 1, INF, "cover[day 1]", NULL));
    assert_ok(&ctx, cp_mip_add_row(&ctx, mip, 1, INF, "cover[1]", NULL));
    for (int32_t j = 0; j < LEN(cases); j++) {
        const int32_t rows[] = {0, 1};
        const double ones[] = {1, 1};
        const cp_mip_col col = {
            .hi = INF, .cost = 1, .name = cases[j].given, .n = 2, .row = rows, .value = ones};
        assert_ok(&ctx, cp_mip_add_col(&ctx, mip, &col, NULL));
    }
    assert_ok(&ctx, cp_mip_write_lp(&ctx, mip, path));
    glp_prob *lp = read_back();
    assert_int_equal(glp_get_num_cols(lp), LEN(cases));
    for (int32_t j = 0; j < LEN(cases); j++)
        if (find(lp, false, cases[j].written) == 0)
            fail_msg("'%s' was not written as %s", cases[j].given, cases[j].written);
    assert_true(find(lp, true, "r0") != 0);
    assert_true(find(lp, true, "cover(1)") != 0);
    glp_delete_prob(lp);
}

static void an_awkward_program_reads_back_the_same(void **state)
{
    (void)state;
    cp_mip *mip = new_mip();
    static const double row_bounds[][2] = {{-INF, 0.1}, {-3, INF},   {2.5, 2.5},
                                           {-1, 1e15},  {-INF, INF}, {-INF, 7}};
    for (int32_t i = 0; i < LEN(row_bounds); i++)
        assert_ok(&ctx, cp_mip_add_row(&ctx, mip, row_bounds[i][0], row_bounds[i][1], NULL, NULL));
    static const double col_bounds[][2] = {{0, INF}, {-INF, INF}, {-INF, -2}, {-5, INF}, {3, 3},
                                           {0, 1},   {-1, 8},     {0, 0},     {1, INF},  {-INF, 4}};
    cp_rng rng = cp_rng_new(9, 0);
    for (int32_t j = 0; j < LEN(col_bounds); j++) {
        const int32_t rows[] = {0, 1, 2, 3, 4};
        double values[5];
        for (int32_t k = 0; k < 5; k++)
            values[k] = cp_rng_normal(&rng) * 1e3;
        const cp_mip_col col = {.lo = col_bounds[j][0],
                                .hi = col_bounds[j][1],
                                .cost = j % 3 == 0 ? 0 : cp_rng_normal(&rng),
                                .integer = j % 2 == 0,
                                .n = j == 4 ? 0 : 5, /* a column in no row and without cost */
                                .row = rows,
                                .value = values};
        cp_mip_col fixed = col;
        if (j == 4) fixed.cost = 0;
        assert_ok(&ctx, cp_mip_add_col(&ctx, mip, &fixed, NULL));
    }
    assert_ok(&ctx, cp_mip_write_lp(&ctx, mip, path));
    glp_prob *lp = read_back();
    assert_int_equal(glp_get_num_cols(lp), mip->n_cols);
    assert_int_equal(glp_get_obj_dir(lp), GLP_MIN);
    for (int32_t j = 0; j < mip->n_cols; j++) {
        char name[16];
        double lo = 0;
        double hi = 0;
        snprintf(name, sizeof(name), "x%d", (int)j);
        const int col = find(lp, false, name);
        assert_true(col != 0);
        bounds_of(lp, false, col, &lo, &hi);
        assert_same(lo, mip->col_lo[j]);
        assert_same(hi, mip->col_hi[j]);
        assert_same(glp_get_obj_coef(lp, col), mip->cost[j]);
        assert_int_equal(glp_get_col_kind(lp, col) != GLP_CV, mip->col_int[j]);
    }
    /* Row 3 has two limits and is two rows; row 4 has none and is left out. */
    static const struct {
        const char *name;
        int32_t row;
        double lo, hi;
    } rows[] = {{"r0", 0, -INF, 0.1}, {"r1", 1, -3, INF},       {"r2", 2, 2.5, 2.5},
                {"r3", 3, -1, INF},   {"r3~hi", 3, -INF, 1e15}, {"r5", 5, -INF, 7}};
    assert_int_equal(glp_get_num_rows(lp), LEN(rows));
    for (int32_t i = 0; i < LEN(rows); i++) {
        int ind[32];
        double val[32];
        double lo = 0;
        double hi = 0;
        const int row = find(lp, true, rows[i].name);
        if (row == 0) fail_msg("row %s is missing", rows[i].name);
        bounds_of(lp, true, row, &lo, &hi);
        assert_same(lo, rows[i].lo);
        assert_same(hi, rows[i].hi);
        const int n = glp_get_mat_row(lp, row, ind, val);
        assert_int_equal(n, rows[i].row == 5 ? 0 : mip->n_cols - 1);
        for (int k = 1; k <= n; k++) {
            const int j = atoi(glp_get_col_name(lp, ind[k]) + 1);
            assert_same(val[k], mip->value[mip->start[j] + rows[i].row]);
        }
    }
    glp_delete_prob(lp);
}

static void small_programs_can_be_read_too(void **state)
{
    (void)state;
    cp_mip *mip = new_mip();
    assert_ok(&ctx, cp_mip_write_lp(&ctx, mip, path));
    glp_delete_prob(read_back());
    assert_ok(&ctx, cp_mip_add_row(&ctx, mip, -1, INF, NULL, NULL));
    assert_ok(&ctx, cp_mip_write_lp(&ctx, mip, path));
    glp_delete_prob(read_back());
    assert_fails(&ctx, CP_E_IO, cp_mip_write_lp(&ctx, mip, "/nowhere/at/all.lp"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_program_grows_and_keeps_what_it_had),
        TEST(what_is_not_a_program_is_refused_and_changes_nothing),
        TEST(every_failing_allocation_is_reported),
        TEST(names_are_kept_where_readers_allow_them),
        TEST(an_awkward_program_reads_back_the_same),
        TEST(small_programs_can_be_read_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

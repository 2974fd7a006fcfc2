/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers of routing benchmarks: each form, its rule of rounding, and bytes gone wrong. */
#include <string.h>

#include "bench/bench_vrp.h"
#include "models/base/rng.h"
#include "tests/check.h"

static void read_case(cp_ctx *ctx, const char *name, char **text, size_t *n)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "tests/fuzz/corpus/vrp/%s", name);
    assert_ok(ctx, cp_bench_slurp(ctx, path, text, n));
}

static int32_t leg(const cp_bench_vrp *b, int32_t i, int32_t j)
{
    return b->p.profiles[0].dist_m[i * b->p.n_places + j];
}

static void test_each_form(void **state)
{
    cp_ctx *ctx = *state;
    const struct {
        const char *name, *family;
        int32_t n_nodes, n_kinds, n_depots, from, to, leg;
    } cases[] = {
        {"cvrp", "cvrp", 3, 1, 1, 0, 3, 5},
        {"hfvrp", "hfvrp", 2, 2, 1, 0, 1, 500000},
        {"mdvrptw", "mdvrptw", 2, 2, 2, 0, 1, 12728},
        {"solomon", "vrptw", 3, 1, 1, 1, 3, 58}, /* 5.83 cut */
        {"cordeau", "mdvrp", 3, 2, 2, 3, 0, 500000},
        {"rctvrp", "rctvrp", 3, 1, 1, 0, 1, 141422}, /* rounded up */
    };
    for (int32_t k = 0; k < LEN(cases); k++) {
        char *text = NULL;
        size_t n = 0;
        cp_bench_vrp b;
        read_case(ctx, cases[k].name, &text, &n);
        assert_ok(ctx, cp_bench_vrp_read(ctx, cases[k].name, text, n, &b));
        assert_string_equal(b.family, cases[k].family);
        assert_int_equal(b.p.n_nodes, cases[k].n_nodes);
        assert_int_equal(b.p.n_vehicles, cases[k].n_kinds);
        assert_int_equal(b.p.n_depots, cases[k].n_depots);
        assert_int_equal(leg(&b, cases[k].from, cases[k].to), cases[k].leg);
    }
}

static void test_refused_with_words(void **state)
{
    cp_ctx *ctx = *state;
    const char *const names[] = {"rctvrp_nan", "cordeau_short", "cvrp_index", "solomon_cut"};
    for (int32_t k = 0; k < LEN(names); k++) {
        char *text = NULL;
        size_t n = 0;
        cp_bench_vrp b;
        read_case(ctx, names[k], &text, &n);
        assert_fails(ctx, CP_E_INPUT, cp_bench_vrp_read(ctx, names[k], text, n, &b));
    }
    cp_bench_vrp b;
    assert_fails(ctx, CP_E_INPUT, cp_bench_vrp_read(ctx, "nothing", "", 0, &b));
}

/* Bytes changed, dropped and doubled at random: never more than a refusal. */
/* A value that is not allowed is named, with what is. */
static void test_says_what_is_allowed(void **state)
{
    cp_ctx *ctx = *state;
    static const struct {
        const char *text, *told;
    } cases[] = {
        {"TYPE : CVRP\nDIMENSION : 20001\n", "its value is 20001; allowed is a whole number from 2 "
                                             "to 20000"},
        {"TYPE : CVRP\nDIMENSION :\nCAPACITY : 5\n", "its value is missing; allowed is a whole"},
        {"TYPE : CVRP\nCAPACITY : many\n", "its value is many; allowed is a number"},
        {"TYPE : CVRP\nEDGE_WEIGHT_TYPE : GEO\n", "its value is GEO; allowed is EUC_2D"}};
    for (int32_t k = 0; k < LEN(cases); k++) {
        cp_bench_vrp b;
        const size_t n = strlen(cases[k].text);
        assert_int_equal(cp_bench_vrp_read(ctx, "x", cases[k].text, n, &b), CP_E_INPUT);
        if (strstr(ctx->error.text, cases[k].told) == NULL) fail_msg("%s", ctx->error.text);
        cp_error_clear(ctx);
    }
}

static void test_damaged_files(void **state)
{
    cp_ctx *ctx = *state;
    const char *const names[] = {"cvrp", "hfvrp", "mdvrptw", "solomon", "cordeau", "rctvrp"};
    static const char signs[] = "0123456789-. \n:E";
    cp_rng rng = cp_rng_new(11, 1);
    for (int32_t k = 0; k < LEN(names); k++) {
        char *text = NULL;
        size_t n = 0;
        read_case(ctx, names[k], &text, &n);
        for (int32_t i = 0; i < 400; i++) {
            const cp_arena_mark mark = cp_arena_here(ctx->run);
            char damaged[2048];
            cp_bench_vrp b;
            assert_true(n < sizeof(damaged));
            memcpy(damaged, text, n);
            const size_t cut = i % 3 == 0 ? cp_rng_below(&rng, (uint32_t)n + 1) : n;
            for (int32_t c = 0; c < 1 + i % 4 && cut > 0; c++)
                damaged[cp_rng_below(&rng, (uint32_t)cut)] =
                    signs[cp_rng_below(&rng, sizeof(signs) - 1)];
            if (cp_bench_vrp_read(ctx, names[k], damaged, cut, &b) != CP_OK) {
                assert_true(ctx->error.text[0] != '\0');
                cp_error_clear(ctx);
            }
            cp_arena_rewind(ctx->run, mark);
        }
    }
}

static void test_solution_text(void **state)
{
    cp_ctx *ctx = *state;
    char *text = NULL;
    size_t n = 0;
    cp_bench_vrp b;
    read_case(ctx, "mdvrptw", &text, &n);
    assert_ok(ctx, cp_bench_vrp_read(ctx, "mdvrptw", text, n, &b));
    cp_vrp_route routes[] = {{1, 0, 1}, {0, 1, 1}};
    int32_t items[] = {1, 0};
    const cp_vrp_solution s = {routes, 2, items, 2};
    char got[128] = {0};
    FILE *f = tmpfile();
    assert_non_null(f);
    cp_bench_vrp_write(&b, &s, 12.5, f);
    rewind(f);
    assert_true(fread(got, 1, sizeof(got) - 1, f) > 0);
    (void)fclose(f);
    assert_string_equal(got, "Route #1 @2: 3\nRoute #2 @1: 2\nCost 12.500000\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_form, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_refused_with_words, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_says_what_is_allowed, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_damaged_files, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_solution_text, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

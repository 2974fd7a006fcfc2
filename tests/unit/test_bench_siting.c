/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers of siting benchmarks: each form, and bytes gone wrong. */
#include <math.h>
#include <string.h>

#include "bench/bench_siting.h"
#include "bench/bench_vrp.h"
#include "models/base/rng.h"
#include "tests/check.h"

static void read_case(cp_ctx *ctx, const char *name, char **text, size_t *n)
{
    char path[128];
    (void)snprintf(path, sizeof path, "tests/fuzz/corpus/siting/%s", name);
    assert_ok(ctx, cp_bench_slurp(ctx, path, text, n));
}

static void each_form(void **state)
{
    cp_ctx *ctx = *state;
    /* cost: of serving client 2 from site 1 (from 0); room: of site 1, below 0 = no capacities. */
    const struct {
        const char *name, *form;
        int32_t n_sites, n_clients, p;
        double fixed, room, demand, cost;
    } cases[] = {
        {"orlib", "orlib_cap", 2, 3, 0, 120, 10, 2, 3},
        {"orlib_word", "orlib_cap", 2, 3, 0, 120, 0, 2, 3},
        {"holmberg", "holmberg", 2, 3, 0, 120, 10, 2, 3},
        {"delmaire", "delmaire", 3, 4, 0, 120, 12, 2, 3},
        {"avella", "avella", 3, 3, 0, 120, 22, 2, 6}, /* 3 a unit, demand 2 */
        {"ufllib", "ufllib", 2, 3, 0, 120, -1, 1, 3},
        {"osman", "osman", 3, 3, 1, 0, 50, 7, 5},
        {"lorena", "lorena", 3, 3, 1, 0, 50, 7, 5},
        {"network", "orlib_pmed", 3, 3, 1, 0, -1, 1, 5},
        {"table", "distances", 2, 2, 0, 0, -1, 5, INFINITY},
    };
    for (int32_t k = 0; k < LEN(cases); k++) {
        char *text = NULL;
        size_t n = 0;
        cp_bench_siting b;
        read_case(ctx, cases[k].name, &text, &n);
        assert_ok(ctx, cp_bench_siting_read(ctx, text, n, &b));
        const int32_t last = cases[k].n_clients < 3 ? 1 : 2;
        assert_string_equal(b.form, cases[k].form);
        assert_int_equal(b.n_sites, cases[k].n_sites);
        assert_int_equal(b.n_clients, cases[k].n_clients);
        assert_int_equal(b.p, cases[k].p);
        assert_true(b.fixed[1] == cases[k].fixed);
        assert_int_equal(b.capacity == NULL, cases[k].room < 0);
        if (b.capacity != NULL) assert_true(b.capacity[1] == cases[k].room);
        assert_true(b.demand[last] == cases[k].demand);
        assert_true(b.cost[b.n_clients + last] == cases[k].cost);
    }
}

/* Two ways to the third place; the last word about an edge counts. */
static void networks_are_walked(void **state)
{
    cp_ctx *ctx = *state;
    char *text = NULL;
    size_t n = 0;
    cp_bench_siting b;
    read_case(ctx, "network", &text, &n);
    assert_ok(ctx, cp_bench_siting_read(ctx, text, n, &b));
    const double want[9] = {0, 4, 9, 4, 0, 5, 9, 5, 0};
    assert_memory_equal(b.cost, want, sizeof want);
}

static void refused_with_words(void **state)
{
    cp_ctx *ctx = *state;
    const char *const names[] = {"orlib_negative", "network_place", "table_short", "unknown"};
    for (int32_t k = 0; k < LEN(names); k++) {
        char *text = NULL;
        size_t n = 0;
        cp_bench_siting b;
        read_case(ctx, names[k], &text, &n);
        assert_fails(ctx, CP_E_INPUT, cp_bench_siting_read(ctx, text, n, &b));
    }
}

/* Bytes of every form changed at random: words or a problem, never a crash. */
static void bytes_gone_wrong(void **state)
{
    cp_ctx *ctx = *state;
    const char *const names[] = {"orlib", "holmberg", "delmaire", "avella", "ufllib",
                                 "osman", "lorena",   "network",  "table"};
    cp_rng rng = cp_rng_new(1, 1);
    for (int32_t k = 0; k < LEN(names); k++)
        for (int32_t r = 0; r < 200; r++) {
            char *text = NULL;
            size_t n = 0;
            cp_bench_siting b;
            read_case(ctx, names[k], &text, &n);
            for (int32_t c = 0; c < 3; c++)
                text[cp_rng_below(&rng, (uint32_t)n)] =
                    (char)("0917 ,\n.-ex"[cp_rng_below(&rng, 11)]);
            const cp_arena_mark mark = cp_arena_here(ctx->scratch);
            if (cp_bench_siting_read(ctx, text, n, &b) != CP_OK) {
                assert_true(ctx->error.text[0] != '\0');
                cp_error_clear(ctx);
            }
            cp_arena_rewind(ctx->scratch, mark);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_form, check_start, check_finish),
        cmocka_unit_test_setup_teardown(networks_are_walked, check_start, check_finish),
        cmocka_unit_test_setup_teardown(refused_with_words, check_start, check_finish),
        cmocka_unit_test_setup_teardown(bytes_gone_wrong, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/demand_filter.h"

#include <math.h>

#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define N_DAYS 200

typedef struct bench {
    cp_ctx ctx;
    cp_series s;
    cp_filter_input in;
    double z[N_DAYS];
    uint8_t seen[N_DAYS], broken[N_DAYS];
    double weight[N_DAYS];
} bench;

/* Plain weeks, noise of 0.1, level 1. */
static void set_up(bench *b)
{
    demand_toy *toy = NULL;
    cp_demand_calendar *c = NULL;
    assert_int_equal(cp_ctx_init(&b->ctx), CP_OK);
    assert_ok(&b->ctx, demand_toy_make(&b->ctx, 1, 20458, N_DAYS, &toy));
    assert_ok(&b->ctx, cp_demand_calendar_make(&b->ctx, &toy->net, -1, 20458, 20458 + N_DAYS - 1,
                                               20458, 20458 + N_DAYS, &c));
    const cp_series s = {.calendar = c,
                         .n = N_DAYS,
                         .scale = 1,
                         .seen = b->seen,
                         .broken = b->broken,
                         .weight = b->weight};
    b->s = s;
    const cp_filter_input in = {
        .series = &b->s, .z = b->z, .slot = c->slot, .level0 = 0, .level_days = 0.2, .sigma0 = 0.3};
    b->in = in;
    cp_rng rng = cp_rng_new(5, 0);
    for (int32_t i = 0; i < N_DAYS; i++) {
        b->z[i] = 1 + 0.1 * cp_rng_normal(&rng);
        b->seen[i] = CP_SEEN_EXACTLY;
        b->broken[i] = 0;
        b->weight[i] = 1;
    }
}

static double level_at_end(bench *b)
{
    cp_filter_state last;
    assert_ok(&b->ctx, cp_filter_bank(&b->ctx, &b->in, NULL, 0, false, &last));
    double week = 0;
    for (int32_t k = 0; k < 7; k++)
        week += last.week[k] / 7;
    return last.level + week;
}

static void it_follows_what_lasts_and_ignores_what_does_not(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t from, n;
        double add;
        double want, within;
    } cases[] = {
        {"nothing happens", 0, 0, 0, 1, 0.06},
        {"one wild day a fortnight ago", N_DAYS - 14, 1, 3, 1, 0.08},
        {"a wild day today", N_DAYS - 1, 1, 3, 1, 0.12},
        {"a level shift three weeks ago", N_DAYS - 21, 21, 1, 2, 0.15},
        {"a level shift five days ago", N_DAYS - 5, 5, 1, 2, 0.45},
        {"a fall long ago", 60, N_DAYS - 60, -0.8, 0.2, 0.06},
    };
    for (int32_t c = 0; c < LEN(cases); c++) {
        bench b;
        set_up(&b);
        for (int32_t i = 0; i < cases[c].n; i++)
            b.z[cases[c].from + i] += cases[c].add;
        const double got = level_at_end(&b);
        if (fabs(got - cases[c].want) > cases[c].within)
            fail_msg("%s: level %.3f, not %.3f", cases[c].name, got, cases[c].want);
        cp_ctx_done(&b.ctx);
    }
}

static void gaps_change_nothing(void **state)
{
    (void)state;
    bench b;
    set_up(&b);
    for (int32_t i = 100; i < 160; i++) {
        b.seen[i] = CP_SEEN_NOTHING;
        b.z[i] = -50;
    }
    assert_true(fabs(level_at_end(&b) - 1) < 0.07);
    cp_ctx_done(&b.ctx);
}

static void censored_days_pull_up_not_down(void **state)
{
    (void)state;
    bench b;
    set_up(&b);
    for (int32_t i = 0; i < N_DAYS; i += 3) {
        b.z[i] = 0.2; /* ran empty early */
        b.seen[i] = CP_SEEN_AT_LEAST;
    }
    const double repaired = level_at_end(&b);
    for (int32_t i = 0; i < N_DAYS; i++)
        b.seen[i] = CP_SEEN_EXACTLY;
    const double naive = level_at_end(&b);
    assert_true(fabs(repaired - 1) < 0.08);
    assert_true(naive < 0.9);
    bool known = false;
    cp_filter_state f = {.level = 1, .sigma = 0.1};
    b.seen[0] = CP_SEEN_AT_LEAST;
    assert_true(cp_filter_error(&b.in, &f, 0, &known) >= 0);
    b.z[0] = 1.3; /* more than expected before it ran empty: three sigma and some more */
    assert_true(cp_filter_error(&b.in, &f, 0, &known) > 0.3);
    assert_true(known);
    cp_ctx_done(&b.ctx);
}

static void states_of_the_past_know_only_the_past(void **state)
{
    (void)state;
    bench b;
    set_up(&b);
    static const int32_t origin[] = {-1, 50, 120};
    cp_filter_state before[4], after[4];
    assert_ok(&b.ctx, cp_filter_bank(&b.ctx, &b.in, origin, 3, true, before));
    for (int32_t i = 121; i < N_DAYS; i++)
        b.z[i] += 2;
    assert_ok(&b.ctx, cp_filter_bank(&b.ctx, &b.in, origin, 3, true, after));
    for (int32_t k = 0; k < 3; k++)
        assert_memory_equal(&before[k], &after[k], sizeof before[k]);
    assert_true(fabs(before[0].level - b.in.level0) < 1e-12);
    assert_true(after[3].level > before[2].level + 1);
    cp_ctx_done(&b.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_follows_what_lasts_and_ignores_what_does_not),
        cmocka_unit_test(gaps_change_nothing),
        cmocka_unit_test(censored_days_pull_up_not_down),
        cmocka_unit_test(states_of_the_past_know_only_the_past),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

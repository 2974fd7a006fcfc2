/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of a forecast against sums worked out by hand and by the slow way. */
#include "models/demand/demand_score.h"

#include <math.h>

#include "tests/check.h"
#include "tests/unit/demand_toy.h"

static void near_by(const char *name, double got, double want)
{
    if (fabs(got - want) > 1e-9 * (1 + fabs(want)))
        fail_msg("%s: %.12g, not %.12g", name, got, want);
}

/* 0, 10, .. 100: the quantile at level q is 100 q. */
static cp_said plain(double mean)
{
    double sample[11];
    cp_said said;
    for (int32_t i = 0; i < 11; i++)
        sample[(i * 7) % 11] = 10 * i; /* in disorder */
    cp_said_of_sample(sample, 11, &said);
    near_by("mean of the sample", said.mean, 50);
    said.mean = mean;
    return said;
}

static void a_sample_gives_its_quantiles(void **state)
{
    (void)state;
    const cp_said said = plain(50);
    for (int32_t k = 0; k < CP_N_QUANTILES; k++)
        near_by("decile", said.decile[k], cp_quantile_pct[k]);
    near_by("2.5 %", said.lo95, 2.5);
    near_by("25 %", said.lo50, 25);
    near_by("75 %", said.hi50, 75);
    near_by("97.5 %", said.hi95, 97.5);
}

static void each_measure_by_hand(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double y;
        int32_t in50, in80, in95;
    } cases[] = {{"the median", 50, 1, 1, 1},
                 {"outside of the half", 80, 0, 1, 1},
                 {"outside of 80 %", 95, 0, 0, 1},
                 {"beyond all", 120, 0, 0, 0},
                 {"nothing", 0, 0, 0, 0}};
    for (int32_t c = 0; c < LEN(cases); c++) {
        const double y = cases[c].y;
        const cp_said said = plain(60);
        cp_score_sums sums = {.n = 0};
        double pinball = 0;
        for (int32_t k = 1; k <= 9; k++)
            pinball += (y >= 10 * k ? 0.1 * k * (y - 10 * k) : (1 - 0.1 * k) * (10 * k - y)) / 9;
        cp_score_add(&sums, &said, y, 20);
        const cp_backtest_score s = cp_score_of(&sums);
        near_by(cases[c].name, s.smape_pct, 200 * fabs(50 - y) / (50 + y));
        near_by(cases[c].name, s.mase, fabs(50 - y) / 20);
        near_by(cases[c].name, s.pinball_minor, pinball);
        near_by(cases[c].name, s.wql, y > 0 ? 2 * pinball / y : 0);
        near_by(cases[c].name, s.bias_pct, y > 0 ? 100 * (60 - y) / y : 0);
        near_by(cases[c].name, s.cover50_pct, 100 * cases[c].in50);
        near_by(cases[c].name, s.cover80_pct, 100 * cases[c].in80);
        near_by(cases[c].name, s.cover95_pct, 100 * cases[c].in95);
        assert_int_equal(s.n_days, 1);
    }
}

/* Sums of parts are those of the whole; a machine without a scale has no scaled error. */
static void sums_add_up(void **state)
{
    (void)state;
    static const double actual[] = {0, 12, 55, 97, 300};
    cp_score_sums all = {.n = 0}, part[2] = {{.n = 0}, {.n = 0}};
    for (int32_t i = 0; i < LEN(actual); i++) {
        const cp_said said = plain(40 + i);
        cp_score_add(&all, &said, actual[i], i == 1 ? 0 : 3);
        cp_score_add(&part[i % 2], &said, actual[i], i == 1 ? 0 : 3);
    }
    cp_score_join(&part[0], &part[1]);
    const cp_backtest_score a = cp_score_of(&all), b = cp_score_of(&part[0]);
    near_by("sMAPE", a.smape_pct, b.smape_pct);
    near_by("WQL", a.wql, b.wql);
    near_by("bias", a.bias_pct, b.bias_pct);
    near_by("MASE", a.mase, (50 + 5 + 47 + 250) / 3.0 / 4);
    near_by("coverage", a.cover95_pct, 60);
    assert_int_equal(b.n_days, 5);
    const cp_score_sums none = {.n = 0};
    const cp_backtest_score empty = cp_score_of(&none);
    assert_true(empty.n_days == 0 && empty.smape_pct == 0 && empty.wql == 0 && empty.mase == 0);
}

/* The unit of the scaled error against the plain double loop, with holes. */
static void the_scale_is_the_change_over_a_week(void **state)
{
    (void)state;
    static const int32_t hole[] = {9, 23, 24, 40};
    cp_ctx ctx;
    demand_toy *toy = NULL;
    cp_rng rng = cp_rng_new(5, 5);
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    assert_ok(&ctx, demand_toy_make(&ctx, 1, 20458, 60, &toy));
    for (int32_t i = 0; i < 60; i++)
        demand_toy_set(toy, 0, i, 1000 * cp_rng_unit(&rng), 0);
    for (int32_t k = 0; k < LEN(hole); k++)
        toy->history->amount[hole[k]] = CP_HISTORY_MISSING;
    for (int32_t days = 1; days <= 7; days += 6) {
        double sum = 0;
        int32_t n = 0;
        for (int32_t last = days + 6; last < 60; last++) {
            double change = 0;
            bool known = true;
            for (int32_t i = last - days + 1; i <= last; i++) {
                const cp_minor now = toy->history->amount[i], then = toy->history->amount[i - 7];
                known = known && now != CP_HISTORY_MISSING && then != CP_HISTORY_MISSING;
                change += known ? (double)(now - then) : 0;
            }
            if (!known) continue;
            sum += fabs(change);
            n++;
        }
        near_by(days == 1 ? "days" : "weeks",
                cp_score_scale(toy->history, CP_FLOW_WITHDRAWAL, 0, days), sum / n);
    }
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sample_gives_its_quantiles),
        cmocka_unit_test(each_measure_by_hand),
        cmocka_unit_test(sums_add_up),
        cmocka_unit_test(the_scale_is_the_change_over_a_week),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

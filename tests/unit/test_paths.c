/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/paths.h"

#include <math.h>
#include <string.h>

#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define FIRST 20458 /* Monday 2026-01-05 */

typedef struct bench {
    cp_ctx ctx;
    demand_toy *toy;
    cp_forecast *f;
    cp_shares *shares;
} bench;

/* Invented machines with n_days of history behind a forecast of `ahead` days; with `hold` the
 * forecast does not know that many last days of the history. */
static void set_up(bench *b, int32_t n_points, int32_t n_days, int32_t ahead, int32_t hold,
                   double drift, uint64_t bank)
{
    assert_int_equal(cp_ctx_init(&b->ctx), CP_OK);
    assert_ok(&b->ctx, demand_toy_make(&b->ctx, n_points, FIRST, n_days, &b->toy));
    cp_rng rng = cp_rng_new(bank, 0);
    demand_toy_invent(b->toy, &rng, 0.35, 0.3, drift);
    cp_history *known = NULL;
    const cp_day day = FIRST + n_days - hold;
    assert_ok(&b->ctx, cp_history_until(&b->ctx, b->toy->history, day, &known));
    assert_ok(&b->ctx, cp_forecast_make(&b->ctx, &b->toy->net, known, day, ahead, NULL, &b->f));
    assert_ok(&b->ctx, cp_shares_make(&b->ctx, &b->toy->net, known, &b->shares));
}

static cp_point_paths paths_of(bench *b, int32_t point, int32_t n_paths, uint64_t seed)
{
    cp_point_paths paths;
    assert_ok(&b->ctx, cp_point_paths_make(&b->ctx, b->ctx.run, &b->toy->net, b->f, b->shares,
                                           point, n_paths, seed, &paths));
    return paths;
}

static void paths_depend_on_seed_and_point_alone(void **state)
{
    (void)state;
    bench b;
    set_up(&b, 4, 200, 20, 0, 0.01, 77);
    const size_t size = 20 * 50 * sizeof(int32_t);
    const cp_point_paths first = paths_of(&b, 2, 50, 7);
    const cp_point_paths other = paths_of(&b, 3, 50, 7);
    const cp_point_paths again = paths_of(&b, 2, 50, 7);
    const cp_point_paths seed = paths_of(&b, 2, 50, 8);
    assert_memory_equal(first.out, again.out, size);
    assert_memory_not_equal(first.out, other.out, size);
    assert_memory_not_equal(first.out, seed.out, size);
    for (int32_t i = 0; i < 20 * 50; i++)
        assert_int_equal(first.in[i], 0);
    /* The arena of the result may be the scratch arena, and longer samples begin alike. */
    cp_point_paths scratch;
    assert_ok(&b.ctx, cp_point_paths_make(&b.ctx, b.ctx.scratch, &b.toy->net, b.f, b.shares, 2, 80,
                                          7, &scratch));
    for (int32_t d = 0; d < 20; d++)
        assert_memory_equal(first.out + d * 50, scratch.out + d * 80, 50 * sizeof(int32_t));
    cp_point_paths none;
    assert_fails(
        &b.ctx, CP_E_INPUT,
        cp_point_paths_make(&b.ctx, b.ctx.run, &b.toy->net, b.f, b.shares, 2, 0, 7, &none));
    cp_ctx_done(&b.ctx);
}

static void daily_quantiles_and_means_are_those_of_the_paths(void **state)
{
    (void)state;
    bench b;
    enum { W = 1000, T = 28 };
    set_up(&b, 6, 400, T, 0, 0.01, 77);
    for (int32_t p = 0; p < 6; p++) {
        const cp_point_paths paths = paths_of(&b, p, W, 3);
        double below[CP_N_QUANTILES] = {0};
        for (int32_t d = 0; d < T; d++) {
            double mean = 0;
            const int64_t cell = (int64_t)p * T + d;
            for (int32_t w = 0; w < W; w++) {
                const double x = (double)paths.out[d * W + w] * TOY_NOTE;
                mean += x / W;
                for (int32_t k = 0; k < CP_N_QUANTILES; k++)
                    below[k] += (x < b.f->quantile[cell * CP_N_QUANTILES + k]) / (double)(W * T);
            }
            assert_true(fabs(mean / b.f->mean[cell] - 1) < 0.08);
        }
        for (int32_t k = 0; k < CP_N_QUANTILES; k++)
            assert_true(fabs(below[k] - cp_quantile_pct[k] / 100.0) < 0.03);
    }
    cp_ctx_done(&b.ctx);
}

/* Sums of 1 .. 14 days of days kept back, on the machines of many banks, fall into the
 * lowest and the highest tenth of the paths about as often as they should. The level walks, so that
 * a sum of daily quantiles, or of independent days, would fail. */
static void sums_over_days_have_the_right_spread(void **state)
{
    (void)state;
    enum { W = 200, T = 14, N = 20, BANKS = 24 };
    static const int32_t lengths[] = {1, 2, 7, 14};
    double low[4] = {0}, high[4] = {0}, n[4] = {0};
    for (int32_t o = 0; o < BANKS; o++) {
        bench b;
        set_up(&b, N, 400, T, T, 0.03, (uint64_t)o);
        for (int32_t p = 0; p < N; p++) {
            const cp_point_paths paths = paths_of(&b, p, W, 5);
            for (int32_t c = 0; c < 4; c++) {
                double truth = 0;
                int32_t less = 0;
                for (int32_t d = 0; d < lengths[c]; d++)
                    truth += (double)cp_history_at(b.toy->history, CP_FLOW_WITHDRAWAL, p,
                                                   b.f->first_day + d);
                for (int32_t w = 0; w < W; w++) {
                    double sum = 0;
                    for (int32_t d = 0; d < lengths[c]; d++)
                        sum += (double)paths.out[d * W + w] * TOY_NOTE;
                    less += sum < truth;
                }
                low[c] += less < W / 10;
                high[c] += less >= W - W / 10;
                n[c] += 1;
            }
        }
        cp_ctx_done(&b.ctx);
    }
    for (int32_t c = 0; c < 4; c++) {
        const double inside = 1 - (low[c] + high[c]) / n[c];
        if (inside < 0.72 || inside > 0.88)
            fail_msg("sums of %d days: %.3f inside the 80 %% interval", lengths[c], inside);
        if (low[c] / n[c] > 0.18 || high[c] / n[c] > 0.18)
            fail_msg("sums of %d days: %.3f below, %.3f above", lengths[c], low[c] / n[c],
                     high[c] / n[c]);
    }
}

static double correlation(const cp_point_paths *a, const cp_point_paths *b, int32_t d)
{
    const int32_t n = a->n_paths;
    double sx = 0, sy = 0, sxx = 0, syy = 0, sxy = 0;
    for (int32_t w = 0; w < n; w++) {
        const double x = a->out[d * n + w], y = b->out[d * n + w];
        sx += x;
        sy += y;
        sxx += x * x;
        syy += y * y;
        sxy += x * y;
    }
    return (sxy - sx * sy / n) / sqrt((sxx - sx * sx / n) * (syy - sy * sy / n));
}

static void machines_share_the_shocks_of_their_zone(void **state)
{
    (void)state;
    enum { T = 14 };
    bench b;
    set_up(&b, 8, 400, T, 0, 0, 77);
    const cp_point_paths one = paths_of(&b, 0, 400, 2), two = paths_of(&b, 1, 400, 2);
    double same = 0;
    for (int32_t d = 0; d < T; d++)
        same += correlation(&one, &two, d) / T;
    /* 0.3 of the variance is common; the mixed-in second path keeps most of it. */
    assert_true(same > 0.12 && same < 0.45);
    cp_ctx_done(&b.ctx);
}

static void rounding_never_loses_a_note(void **state)
{
    (void)state;
    enum { T = 60, W = 3 };
    static const int32_t ppm[] = {1000000, 333333, 1, 999999};
    for (int32_t c = 0; c < LEN(ppm); c++) {
        bench b;
        set_up(&b, 1, 100, 7, 0, 0, 77);
        assert_ok(&b.ctx,
                  cp_forecast_truth(&b.ctx, &b.toy->net, b.toy->history, FIRST + 30, T, &b.f));
        b.shares->out_ppm[0] = ppm[c];
        const cp_point_paths paths = paths_of(&b, 0, W, 1);
        int64_t notes = 0, minor = 0;
        for (int32_t d = 0; d < T; d++) {
            const int64_t day =
                cp_history_at(b.toy->history, CP_FLOW_WITHDRAWAL, 0, FIRST + 30 + d);
            minor += day;
            notes += paths.out[d * W];
            assert_int_equal(paths.out[d * W], paths.out[d * W + 2]);
            assert_true(notes == (int64_t)((__int128)minor * ppm[c] / 1000000 / TOY_NOTE));
        }
        cp_ctx_done(&b.ctx);
    }
}

static void absurd_amounts_are_refused_not_wrapped(void **state)
{
    (void)state;
    bench b;
    set_up(&b, 1, 100, 7, 0, 0, 77);
    b.toy->history->amount[50] = CP_MINOR_MAX;
    assert_ok(&b.ctx, cp_forecast_truth(&b.ctx, &b.toy->net, b.toy->history, FIRST + 50, 1, &b.f));
    cp_point_paths paths;
    assert_fails(
        &b.ctx, CP_E_RANGE,
        cp_point_paths_make(&b.ctx, b.ctx.run, &b.toy->net, b.f, b.shares, 0, 2, 1, &paths));
    cp_ctx_done(&b.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_depend_on_seed_and_point_alone),
        cmocka_unit_test(daily_quantiles_and_means_are_those_of_the_paths),
        cmocka_unit_test(sums_over_days_have_the_right_spread),
        cmocka_unit_test(machines_share_the_shocks_of_their_zone),
        cmocka_unit_test(rounding_never_loses_a_note),
        cmocka_unit_test(absurd_amounts_are_refused_not_wrapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions on invented banks whose days to come are known: of all machines of a zone together,
 * of machines that are idle on many days, of new machines. */
#include <math.h>
#include <string.h>

#include "models/demand/paths.h"
#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define FIRST 20458 /* Monday 2026-01-05 */
#define DAYS 300
#define AHEAD 14
#define W 250
#define POINTS 12

typedef struct bank {
    cp_ctx ctx;
    demand_toy *toy;
    cp_forecast *f;
    cp_shares *shares;
} bank;

typedef void fill_fn(demand_toy *toy, cp_rng *rng);

static void set_up(bank *b, uint64_t number, fill_fn *fill)
{
    cp_rng rng = cp_rng_new(number, 77);
    cp_history *known = NULL;
    assert_int_equal(cp_ctx_init(&b->ctx), CP_OK);
    assert_ok(&b->ctx, demand_toy_make(&b->ctx, POINTS, FIRST, DAYS + AHEAD, &b->toy));
    fill(b->toy, &rng);
    assert_ok(&b->ctx, cp_history_until(&b->ctx, b->toy->history, FIRST + DAYS, &known));
    assert_ok(&b->ctx,
              cp_forecast_make(&b->ctx, &b->toy->net, known, FIRST + DAYS, AHEAD, NULL, &b->f));
    assert_ok(&b->ctx, cp_shares_make(&b->ctx, &b->toy->net, known, &b->shares));
}

static cp_point_paths paths_of(bank *b, int32_t point)
{
    cp_point_paths paths;
    assert_ok(&b->ctx, cp_point_paths_make(&b->ctx, b->ctx.run, &b->toy->net, b->f, b->shares,
                                           point, W, 5, &paths));
    return paths;
}

static double truth(const bank *b, int32_t point, int32_t d)
{
    return (double)cp_history_at(b->toy->history, CP_FLOW_WITHDRAWAL, point, FIRST + DAYS + d);
}

/* Is y between the 10 % and the 90 % quantile of the sample? */
static bool inside(const double *sample, double y)
{
    int32_t below = 0;
    for (int32_t w = 0; w < W; w++)
        below += sample[w] < y;
    return below >= W / 10 && below <= W - W / 10;
}

static void shocked(demand_toy *toy, cp_rng *rng)
{
    demand_toy_invent(toy, rng, 0.35, 0.5, 0.005);
}

/* Half of the variance is common to the machines: so it is in the paths, and the interval of the
 * zone's days holds (with independent machines it would be half as wide and hold half as often). */
static void the_total_of_a_zone_has_the_right_interval(void **state)
{
    (void)state;
    enum { BANKS = 16 };
    double hit = 0, n = 0, same = 0;
    for (int32_t o = 0; o < BANKS; o++) {
        bank b;
        static double sum[AHEAD][W];
        double actual[AHEAD] = {0}, alone = 0, together = 0;
        memset(sum, 0, sizeof sum);
        set_up(&b, (uint64_t)o, shocked);
        for (int32_t p = 0; p < POINTS; p++) {
            const cp_point_paths x = paths_of(&b, p);
            for (int32_t d = 0; d < AHEAD; d++) {
                double mean = 0;
                actual[d] += truth(&b, p, d);
                for (int32_t w = 0; w < W; w++)
                    mean += x.out[d * W + w] / (double)W;
                for (int32_t w = 0; w < W; w++) {
                    /* Relative, so that large machines do not weigh more. */
                    const double e = x.out[d * W + w] / mean - 1;
                    alone += e * e;
                    sum[d][w] += (double)x.out[d * W + w] * TOY_NOTE;
                }
            }
        }
        for (int32_t d = 0; d < AHEAD; d++) {
            double mean = 0;
            for (int32_t w = 0; w < W; w++)
                mean += sum[d][w] / W;
            for (int32_t w = 0; w < W; w++)
                together += (sum[d][w] / mean - 1) * (sum[d][w] / mean - 1);
            hit += inside(sum[d], actual[d]);
            n += 1;
        }
        same += together / (alone / POINTS) / BANKS;
        cp_ctx_done(&b.ctx);
    }
    /* Variance of the zone's sum over that of one machine, both relative: a share common and the
     * rest divided by the number of machines (levels differ, so by somewhat less). */
    if (same < 0.40 || same > 0.72) fail_msg("variance of the zone: %.3f of a machine's", same);
    if (hit / n < 0.68 || hit / n > 0.92) fail_msg("zone: %.3f inside", hit / n);
}

/* Six of ten days without any demand, the others about lognormal. */
static void idle_often(demand_toy *toy, cp_rng *rng)
{
    for (int32_t p = 0; p < POINTS; p++)
        for (int32_t i = 0; i < DAYS + AHEAD; i++) {
            const bool none = cp_rng_unit(rng) < 0.6;
            const double amount = 4e6 * exp(0.4 * cp_rng_normal(rng));
            demand_toy_set(toy, p, i, none ? 0 : amount, 0);
        }
}

static void idle_days_come_as_often_as_they_did(void **state)
{
    (void)state;
    enum { BANKS = 8 };
    double zeros = 0, cells = 0, hit = 0, n = 0, sum = 0, actual = 0;
    for (int32_t o = 0; o < BANKS; o++) {
        bank b;
        set_up(&b, (uint64_t)o, idle_often);
        for (int32_t p = 0; p < POINTS; p++) {
            const cp_point_paths x = paths_of(&b, p);
            double total[W] = {0}, came = 0;
            for (int32_t d = 0; d < AHEAD; d++) {
                came += truth(&b, p, d);
                for (int32_t w = 0; w < W; w++) {
                    total[w] += (double)x.out[d * W + w] * TOY_NOTE;
                    zeros += x.out[d * W + w] == 0;
                    cells += 1;
                }
            }
            for (int32_t w = 0; w < W; w++)
                sum += total[w] / W;
            actual += came;
            hit += inside(total, came);
            n += 1;
        }
        cp_ctx_done(&b.ctx);
    }
    if (fabs(zeros / cells - 0.6) > 0.06) fail_msg("%.3f of the days are idle", zeros / cells);
    if (fabs(sum / actual - 1) > 0.1) fail_msg("totals are %.3f of what came", sum / actual);
    if (hit / n < 0.68 || hit / n > 0.92) fail_msg("totals of 14 days: %.3f inside", hit / n);
}

/* The last two machines have no history, or a few days of it. */
static void two_are_new(demand_toy *toy, cp_rng *rng)
{
    demand_toy_invent(toy, rng, 0.35, 0.3, 0.01);
    for (int32_t p = POINTS - 2; p < POINTS; p++)
        for (int32_t i = 0; i < DAYS - 5 * (p - POINTS + 2); i++)
            toy->history->amount[(int64_t)p * (DAYS + AHEAD) + i] = CP_HISTORY_MISSING;
}

static void new_machines_have_honest_intervals(void **state)
{
    (void)state;
    enum { BANKS = 40 };
    double hit[2] = {0}, width[3] = {0};
    for (int32_t o = 0; o < BANKS; o++) {
        bank b;
        set_up(&b, (uint64_t)o, two_are_new);
        for (int32_t p = POINTS - 3; p < POINTS; p++)
            for (int32_t d = 0; d < AHEAD; d++) {
                const int64_t cell = (int64_t)p * AHEAD + d;
                const double *q = b.f->quantile + cell * CP_N_QUANTILES;
                const double y = truth(&b, p, d);
                width[p - POINTS + 3] += (q[8] - q[0]) / b.f->mean[cell] / (BANKS * AHEAD);
                if (p >= POINTS - 2)
                    hit[p - POINTS + 2] += (y >= q[0] && y <= q[8]) / (double)(BANKS * AHEAD);
            }
        for (int32_t p = POINTS - 2; p < POINTS; p++)
            assert_int_equal(b.f->from_segment[p], 1);
        cp_ctx_done(&b.ctx);
    }
    for (int32_t k = 0; k < 2; k++)
        if (hit[k] < 0.66 || hit[k] > 0.94) fail_msg("new machine %d: %.3f inside", (int)k, hit[k]);
    if (width[1] < 1.3 * width[0] || width[2] >= width[1])
        fail_msg("width: known %.3f, unseen %.3f, five days %.3f", width[0], width[1], width[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_total_of_a_zone_has_the_right_interval),
        cmocka_unit_test(idle_days_come_as_often_as_they_did),
        cmocka_unit_test(new_machines_have_honest_intervals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

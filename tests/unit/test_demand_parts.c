/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/demand_parts.h"

#include <math.h>

#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define FIRST 20458 /* Monday 2026-01-05 */

static double product(const cp_forecast_parts *p, int32_t d)
{
    return p->level[d] * p->week[d] * p->calendar[d] * p->event[d] * p->rest[d];
}

static void parts_multiply_to_the_mean(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = NULL;
    cp_rng rng = cp_rng_new(31, 0);
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    assert_ok(&ctx, demand_toy_make(&ctx, 4, FIRST, 400, &toy));
    static const int32_t off[] = {58, 141, 240, 331, 402};
    for (int32_t k = 0; k < LEN(off); k++)
        demand_toy_day(toy, FIRST + off[k], CP_DAY_OFF, "");
    demand_toy_invent(toy, &rng, 0.2, 0.2, 0);
    for (int32_t p = 0; p < 4; p++)
        for (int32_t k = 0; k < 4; k++)
            demand_toy_set(toy, p, off[k], 2.5e5, 0);
    static const bool steady[] = {false, true};
    for (int32_t c = 0; c < LEN(steady); c++) {
        const cp_forecast_opts opts = {.steady = steady[c]};
        cp_forecast *f = NULL;
        assert_ok(&ctx,
                  cp_forecast_make(&ctx, &toy->net, toy->history, FIRST + 400, 21, &opts, &f));
        for (int32_t p = 0; p < 4; p++) {
            cp_forecast_parts parts;
            double weight = 0, week = 0;
            assert_ok(&ctx, cp_forecast_parts_of(&ctx, f, CP_FLOW_WITHDRAWAL, p, &parts));
            assert_int_equal(parts.n_days, 21);
            for (int32_t d = 0; d < 21; d++) {
                const double mean = f->mean[p * 21 + d];
                assert_true(fabs(product(&parts, d) - mean) < 1e-5 * mean);
                assert_true(fabs(parts.rest[d] - 1) < 0.2);
                week += d < 7 && d != 2 ? log(parts.week[d]) : 0;
                if (d < 1 || d > 5) assert_true(steady[c] || fabs(parts.event[d] - 1) < 0.3);
            }
            assert_true(fabs(week) < 0.9);
            if (!steady[c]) assert_true(parts.event[2] < 0.8);
            for (int32_t k = 0; k < parts.n_singles; k++) {
                assert_true(parts.single[k].name[0] != '\0');
                assert_true(parts.single[k].weight >= 0);
                weight += parts.single[k].weight;
            }
            assert_true(fabs(weight - 1) < 1e-6);
            assert_ok(&ctx, cp_forecast_parts_of(&ctx, f, CP_FLOW_DEPOSIT, p, &parts));
            assert_true(parts.level[0] == 0 && parts.n_singles == 0);
        }
    }
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_multiply_to_the_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

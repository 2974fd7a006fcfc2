/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/backtest.h"

#include <math.h>
#include <string.h>

#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define FIRST 20458

static void scores_tell_noise_from_none(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double sigma;
        double smape_lo, smape_hi, cover_lo, cover_hi;
    } cases[] = {
        /* The median absolute log error of sigma 0.3 is 24 % on average. */
        {"no noise", 0, 0, 3, 0, 100},
        {"noise of 0.3", 0.3, 22, 28, 74, 87},
    };
    for (int32_t c = 0; c < LEN(cases); c++) {
        cp_ctx ctx;
        demand_toy *toy = NULL;
        cp_backtest *b = NULL;
        cp_rng rng = cp_rng_new(21, 0);
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        assert_ok(&ctx, demand_toy_make(&ctx, 20, FIRST, 400, &toy));
        demand_toy_invent(toy, &rng, cases[c].sigma, 0.2, 0);
        const size_t before = cp_arena_used(ctx.run);
        assert_ok(&ctx, cp_backtest_run(&ctx, &toy->net, toy->history, NULL, &b));
        const cp_backtest_score *s = &b->total[CP_FLOW_WITHDRAWAL];
        if (s->smape_pct < cases[c].smape_lo || s->smape_pct > cases[c].smape_hi ||
            s->cover80_pct < cases[c].cover_lo || s->cover80_pct > cases[c].cover_hi)
            fail_msg("%s: sMAPE %.2f, cover %.1f", cases[c].name, s->smape_pct, s->cover80_pct);
        assert_int_equal(s->n_days, 4 * 28 * 20);
        assert_int_equal(b->point[CP_FLOW_WITHDRAWAL][3].n_days, 4 * 28);
        assert_int_equal(b->total[CP_FLOW_DEPOSIT].n_days, 0);
        /* Four whole weeks from each origin; a total errs by less than its days. */
        assert_int_equal(b->week_total[CP_FLOW_WITHDRAWAL].n_days, 4 * 4 * 20);
        assert_true(b->week_total[CP_FLOW_WITHDRAWAL].smape_pct < s->smape_pct + 1e-9);
        if (cases[c].sigma > 0)
            assert_true(s->cover50_pct > 40 && s->cover50_pct < 60 && s->cover95_pct > 88);
        if (cases[c].sigma > 0) assert_true(s->mase > 0.5 && s->mase < 0.9);
        assert_true(fabs(s->bias_pct) < 6);
        /* The forecasts of the origins are given back. */
        assert_true(cp_arena_used(ctx.run) - before < 100000);
        cp_ctx_done(&ctx);
    }
}

static void censored_days_are_not_scored(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = NULL;
    cp_backtest *b = NULL;
    cp_rng rng = cp_rng_new(22, 0);
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    assert_ok(&ctx, demand_toy_make(&ctx, 1, FIRST, 100, &toy));
    demand_toy_invent(toy, &rng, 0.1, 0, 0);
    demand_toy_set(toy, 0, 95, 1, CP_FAULT_CASH_OUT);
    toy->history->amount[97] = CP_HISTORY_MISSING;
    const cp_backtest_opts opts = {
        .n_origins = 1, .step_days = 7, .horizon_days = 10, .only = -1, .keep = true};
    assert_ok(&ctx, cp_backtest_run(&ctx, &toy->net, toy->history, &opts, &b));
    assert_int_equal(b->total[CP_FLOW_WITHDRAWAL].n_days, 8);
    /* The week from day 90 on holds the cash-out: its total is not known. */
    assert_int_equal(b->week_total[CP_FLOW_WITHDRAWAL].n_days, 0);
    assert_true(!b->day[5].scored && b->day[5].actual == 1 && isnan(b->day[7].actual));
    for (int32_t d = 0; d < 10; d++) {
        const cp_backtest_day *x = &b->day[d];
        assert_true(x->lo95 <= x->lo80 && x->lo80 <= x->lo50 && x->lo50 <= x->median &&
                    x->median <= x->hi50 && x->hi50 <= x->hi80 && x->hi80 <= x->hi95);
    }
    cp_ctx_done(&ctx);
}

static void options_that_cannot_be_met_are_refused(void **state)
{
    (void)state;
    static const cp_backtest_opts bad[] = {{0, 7, 7, -1, false},
                                           {1, 0, 7, -1, false},
                                           {1, 7, 0, -1, false},
                                           {10, 7, 30, -1, false},
                                           {1, 1, 90, -1, false}};
    cp_ctx ctx;
    demand_toy *toy = NULL;
    cp_backtest *b = NULL;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    assert_ok(&ctx, demand_toy_make(&ctx, 1, FIRST, 100, &toy));
    for (int32_t c = 0; c < LEN(bad); c++)
        assert_fails(&ctx, CP_E_INPUT, cp_backtest_run(&ctx, &toy->net, toy->history, &bad[c], &b));
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_tell_noise_from_none),
        cmocka_unit_test(censored_days_are_not_scored),
        cmocka_unit_test(options_that_cannot_be_met_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/forecast.h"

#include <math.h>
#include <string.h>

#include "models/demand/paths.h"
#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define FIRST 20458 /* Monday 2026-01-05 */

static cp_forecast *forecast(cp_ctx *ctx, const demand_toy *toy, int32_t n_days)
{
    cp_forecast *f = NULL;
    const cp_day day = toy->history->first_day + toy->history->n_days;
    assert_ok(ctx, cp_forecast_make(ctx, &toy->net, toy->history, day, n_days, NULL, &f));
    return f;
}

static demand_toy *plain(cp_ctx *ctx, int32_t n_points, int32_t n_days)
{
    demand_toy *toy = NULL;
    assert_int_equal(cp_ctx_init(ctx), CP_OK);
    assert_ok(ctx, demand_toy_make(ctx, n_points, FIRST, n_days, &toy));
    for (int32_t p = 0; p < n_points; p++)
        for (int32_t i = 0; i < n_days; i++)
            demand_toy_set(toy, p, i, 1e6 * (p + 1) * demand_toy_week[i % 7], 0);
    return toy;
}

static double mean_of(const cp_forecast *f, int32_t point, int32_t d)
{
    return f->mean[(int64_t)point * f->n_days + d];
}

static void near(const char *name, double got, double want, double share)
{
    if (fabs(got - want) > share * want) fail_msg("%s: %.0f, not near %.0f", name, got, want);
}

static void a_week_without_noise_is_repeated(void **state)
{
    (void)state;
    static const int32_t lengths[] = {35, 60, 120, 400};
    for (int32_t c = 0; c < LEN(lengths); c++) {
        cp_ctx ctx;
        demand_toy *toy = plain(&ctx, 2, lengths[c]);
        const cp_forecast *f = forecast(&ctx, toy, 14);
        for (int32_t p = 0; p < 2; p++)
            for (int32_t d = 0; d < 14; d++)
                near("day", mean_of(f, p, d), 1e6 * (p + 1) * demand_toy_week[(lengths[c] + d) % 7],
                     lengths[c] < 50 ? 0.15 : 0.06);
        assert_int_equal(f->n_repaired, 0);
        cp_ctx_done(&ctx);
    }
}

/* Level halved or doubled, rare faults, or a third of days censored: the forecast of the days to
 * come is that of the level that holds now. */
static void trouble_in_the_past_is_repaired_or_followed(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t from, n, every;
        double factor;
        int32_t faults;
        double want, share;
        bool repaired;
    } cases[] = {
        {"level doubled a month ago", 170, 30, 1, 2, 0, 2, 0.12, false},
        {"outage of three weeks", 150, 21, 1, 0, 0, 1, 0.08, true},
        {"every third day ran empty at half", 0, 200, 3, 0.5, CP_FAULT_CASH_OUT, 1, 0.12, true},
        {"zeros that no bit explains", 0, 200, 29, 0, 0, 1, 0.08, true},
        {"one day of tenfold demand", 190, 1, 1, 10, 0, 1, 0.10, true},
    };
    for (int32_t c = 0; c < LEN(cases); c++) {
        cp_ctx ctx;
        demand_toy *toy = plain(&ctx, 1, 200);
        cp_rng rng = cp_rng_new(3, 0);
        for (int32_t i = 0; i < 200; i++) {
            const bool hit = i >= cases[c].from && i < cases[c].from + cases[c].n &&
                             (i - cases[c].from) % cases[c].every == 0;
            demand_toy_set(toy, 0, i,
                           1e6 * demand_toy_week[i % 7] * exp(0.15 * cp_rng_normal(&rng)) *
                               (hit ? cases[c].factor : 1),
                           hit ? cases[c].faults : 0);
        }
        const cp_forecast *f = forecast(&ctx, toy, 14);
        double sum = 0;
        for (int32_t d = 0; d < 14; d++)
            sum += mean_of(f, 0, d) / 14e6;
        near(cases[c].name, sum, cases[c].want, cases[c].share);
        assert_int_equal(f->n_repaired > 0, cases[c].repaired);
        cp_ctx_done(&ctx);
    }
}

static void holidays_are_learned_over_machines(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = plain(&ctx, 12, 400);
    cp_rng rng = cp_rng_new(9, 0);
    static const int32_t off[] = {58, 141, 240, 331, 402}; /* Wednesday, Thursday, ... */
    for (int32_t k = 0; k < LEN(off); k++)
        demand_toy_day(toy, FIRST + off[k], CP_DAY_OFF, "");
    for (int32_t p = 0; p < 12; p++)
        for (int32_t i = 0; i < 400; i++) {
            double x = 1e6 * demand_toy_week[i % 7] * exp(0.3 * cp_rng_normal(&rng));
            for (int32_t k = 0; k < LEN(off); k++)
                x *= i == off[k] ? 0.3 : i == off[k] - 1 ? 1.8 : 1;
            /* Machine 11 is new: it has seen no holiday at all. */
            if (p < 11 || i >= 345) demand_toy_set(toy, p, i, x, 0);
        }
    for (int32_t i = 0; i < 345; i++)
        toy->history->amount[11 * 400 + i] = CP_HISTORY_MISSING;
    const cp_forecast *f = forecast(&ctx, toy, 7);
    for (int32_t p = 0; p < 12; p++) {
        near("day before", mean_of(f, p, 1), 1.8e6 * demand_toy_week[401 % 7] * 1.045, 0.35);
        near("holiday", mean_of(f, p, 2), 0.3e6 * demand_toy_week[402 % 7] * 1.045, 0.6);
        near("ordinary", mean_of(f, p, 5), 1e6 * demand_toy_week[405 % 7] * 1.045, 0.35);
    }
    cp_ctx_done(&ctx);
}

static void a_new_machine_leans_on_its_segment(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = plain(&ctx, 10, 300);
    for (int32_t p = 0; p < 10; p++)
        for (int32_t i = 0; i < 300; i++)
            demand_toy_set(toy, p, i, (8e5 + 5e4 * p) * demand_toy_week[i % 7], 0);
    for (int32_t i = 0; i < 300; i++)
        for (int32_t p = 8; p < 10; p++) {
            /* Point 8 has nothing, point 9 eight days of twice the usual. */
            const bool known = p == 9 && i >= 292;
            toy->history->amount[p * 300 + i] =
                known ? llrint(2e6 * demand_toy_week[i % 7]) : CP_HISTORY_MISSING;
        }
    const cp_forecast *f = forecast(&ctx, toy, 7);
    double none = 0, few = 0;
    for (int32_t d = 0; d < 7; d++) {
        none += mean_of(f, 8, d) / 7e6;
        few += mean_of(f, 9, d) / 7e6;
    }
    near("no history", none, 0.97, 0.2);
    near("eight days", few, 2, 0.3);
    assert_true(mean_of(f, 8, (4 + 7 - 300 % 7) % 7) > 2 * mean_of(f, 8, (6 + 7 - 300 % 7) % 7));
    for (int32_t p = 0; p < 10; p++)
        assert_int_equal(f->from_segment[p], p >= 8);
    cp_ctx_done(&ctx);
}

static void a_closed_day_has_no_demand_a_make_up_day_has(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = plain(&ctx, 1, 210);
    for (int32_t i = 0; i < 210; i++)
        demand_toy_set(toy, 0, i, i % 7 < 5 ? 1e6 : 0, 0);
    toy->points[0].kind = CP_POINT_BRANCH;
    demand_toy_day(toy, FIRST + 215, CP_DAY_WORK, "Autumn"); /* a Saturday */
    const cp_forecast *f = forecast(&ctx, toy, 14);
    for (int32_t d = 0; d < 14; d++) {
        if (d == 5 || d % 7 < 5)
            near("open", mean_of(f, 0, d), 1e6, 0.1);
        else
            assert_true(mean_of(f, 0, d) == 0);
    }
    cp_ctx_done(&ctx);
}

static void a_quiet_machine_has_its_mean(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = plain(&ctx, 1, 364);
    cp_rng rng = cp_rng_new(4, 0);
    double sum = 0;
    for (int32_t i = 0; i < 364; i++) {
        const double x = cp_rng_unit(&rng) < 0.4 ? 0 : 1e5 * exp(0.5 * cp_rng_normal(&rng));
        demand_toy_set(toy, 0, i, x, 0);
        sum += x / 364;
    }
    const cp_forecast *f = forecast(&ctx, toy, 28);
    double got = 0;
    for (int32_t d = 0; d < 28; d++)
        got += mean_of(f, 0, d) / 28;
    near("mean", got, sum, 0.2);
    assert_int_equal(f->n_repaired, 0);
    cp_ctx_done(&ctx);
}

static void the_order_of_points_does_not_matter(void **state)
{
    (void)state;
    cp_ctx ctx, other;
    demand_toy *toy = plain(&ctx, 7, 150);
    cp_rng rng = cp_rng_new(11, 0);
    demand_toy_invent(toy, &rng, 0.3, 0.3, 0.01);
    const cp_forecast *all = forecast(&ctx, toy, 21);
    cp_forecast *f = NULL;
    assert_int_equal(cp_ctx_init(&other), CP_OK);
    assert_ok(&ctx, cp_forecast_begin(&ctx, &toy->net, toy->history, FIRST + 150, 21, NULL, &f));
    for (int32_t p = 6; p >= 0; p--)
        assert_ok(&other, cp_forecast_point(&other, toy->history, f, p));
    for (int32_t p = 6; p >= 0; p--)
        assert_ok(&other, cp_forecast_describe(&other, &toy->net, f, p));
    cp_ctx_done(&other); /* nothing of the result lives there */
    assert_memory_equal(all->mean, f->mean, CP_N_FLOWS * 7 * 21 * sizeof *f->mean);
    assert_memory_equal(all->quantile, f->quantile,
                        CP_N_FLOWS * 7 * 21 * CP_N_QUANTILES * sizeof *f->quantile);
    for (int32_t c = 0; c < 7 * 21; c++)
        for (int32_t k = 1; k < CP_N_QUANTILES; k++)
            assert_true(f->quantile[c * CP_N_QUANTILES + k] >=
                        f->quantile[c * CP_N_QUANTILES + k - 1]);
    cp_ctx_done(&ctx);
}

static void what_cannot_be_forecast_is_refused_in_words(void **state)
{
    (void)state;
    cp_ctx ctx;
    cp_forecast *f = NULL;
    demand_toy *toy = plain(&ctx, 2, 100);
    const cp_day next = FIRST + 100;
    toy->calendar->covered_to = next + 12;
    assert_int_equal(cp_forecast_make(&ctx, &toy->net, toy->history, next, 14, NULL, &f),
                     CP_E_INPUT);
    assert_non_null(strstr(ctx.error.text, "CAL"));
    assert_non_null(strstr(ctx.error.text, "last covered day 2026-04-27"));
    cp_error_clear(&ctx);
    assert_ok(&ctx, cp_forecast_make(&ctx, &toy->net, toy->history, next, 13, NULL, &f));
    assert_fails(&ctx, CP_E_INPUT,
                 cp_forecast_make(&ctx, &toy->net, toy->history, next - 1, 7, NULL, &f));
    assert_fails(&ctx, CP_E_INPUT,
                 cp_forecast_make(&ctx, &toy->net, toy->history, next, 0, NULL, &f));
    toy->calendar->covered_from = next;
    assert_fails(&ctx, CP_E_INPUT,
                 cp_forecast_make(&ctx, &toy->net, toy->history, next, 7, NULL, &f));
    for (int32_t p = 0; p < 2; p++)
        toy->points[p].calendar = -1;
    assert_ok(&ctx, cp_forecast_make(&ctx, &toy->net, toy->history, next, 14, NULL, &f));
    cp_ctx_done(&ctx);
}

static void little_or_no_history_is_no_failure(void **state)
{
    (void)state;
    static const int32_t lengths[] = {0, 1, 3, 10, 20, 29, 45, 80};
    for (int32_t c = 0; c < LEN(lengths); c++) {
        cp_ctx ctx;
        demand_toy *toy = plain(&ctx, 3, lengths[c]);
        cp_forecast *f = NULL;
        /* A gap of two days between the history and the forecast. */
        assert_ok(&ctx, cp_forecast_make(&ctx, &toy->net, toy->history, FIRST + lengths[c] + 2, 28,
                                         NULL, &f));
        for (int32_t i = 0; i < 3 * 28; i++) {
            const double want = 1e6 * (i / 28 + 1);
            assert_true(isfinite(f->mean[i]) && f->mean[i] >= 0);
            if (lengths[c] >= 3)
                assert_true(f->mean[i] > 0.2 * want && f->mean[i] < 3 * want);
            else if (lengths[c] == 0)
                assert_true(f->mean[i] == 0);
        }
        assert_int_equal(f->from_segment[0], lengths[c] < 28);
        cp_ctx_done(&ctx);
    }
}

static void the_truth_has_no_spread(void **state)
{
    (void)state;
    cp_ctx ctx;
    cp_forecast *f = NULL;
    demand_toy *toy = plain(&ctx, 2, 30);
    toy->history->amount[7] = CP_HISTORY_MISSING;
    assert_ok(&ctx, cp_forecast_truth(&ctx, &toy->net, toy->history, FIRST + 5, 40, &f));
    for (int32_t d = 0; d < 40; d++) {
        const double want = d == 2 || d >= 25 ? 0 : 1e6 * demand_toy_week[(d + 5) % 7];
        assert_true(fabs(mean_of(f, 0, d) - want) < 1);
        for (int32_t k = 0; k < CP_N_QUANTILES; k++)
            assert_true(f->quantile[d * CP_N_QUANTILES + k] == mean_of(f, 0, d));
    }
    cp_ctx_done(&ctx);
}

static void exhausted_memory_is_reported_wherever_it_strikes(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = plain(&ctx, 2, 60);
    toy->history->amount[61] = CP_HISTORY_MISSING;
    bool done = false;
    for (long k = 1; !done; k += 1 + k / 10) {
        cp_forecast *f = NULL;
        const cp_arena_mark run = cp_arena_here(ctx.run), scratch = cp_arena_here(ctx.scratch);
        cp_arena_fail_at(k);
        const cp_status st =
            cp_forecast_make(&ctx, &toy->net, toy->history, FIRST + 60, 7, NULL, &f);
        cp_arena_fail_at(0);
        done = st == CP_OK;
        if (!done) {
            assert_int_equal(st, CP_E_NOMEM);
            assert_null(f);
            cp_error_clear(&ctx);
        }
        cp_arena_rewind(ctx.scratch, scratch);
        cp_arena_rewind(ctx.run, run);
    }
    cp_ctx_done(&ctx);
}

/* A few days of steady machines, zeros among them: the short model has the level right at once,
 * where it is known from its own days, and sums over a week are spread as they really are. */
static void steady_machines_are_known_after_days(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t n_days;
        double level_share; /* error of the mean over all machines */
        double inside;      /* at least this share of sums between the 5 % and 95 % paths */
    } cases[] = {
        {"five days", 5, 0.08, 0.7},
        {"three weeks", 21, 0.03, 0.7},
        {"two months", 60, 0.03, 0.8},
    };
    for (int32_t c = 0; c < LEN(cases); c++) {
        enum { POINTS = 60, AHEAD = 7, PATHS = 100 };
        cp_ctx ctx;
        demand_toy *toy = NULL;
        cp_forecast *f = NULL;
        cp_shares *shares = NULL;
        cp_history *known = NULL;
        const cp_day day = FIRST + cases[c].n_days;
        cp_forecast_opts opts = cp_forecast_defaults();
        cp_rng rng = cp_rng_new(5, (uint64_t)c);
        double want = 0.0, got = 0.0;
        int32_t inside = 0;
        opts.steady = true;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        assert_ok(&ctx, demand_toy_make(&ctx, POINTS, FIRST, cases[c].n_days + AHEAD, &toy));
        for (int32_t p = 0; p < POINTS; p++)
            for (int32_t i = 0; i < cases[c].n_days + AHEAD; i++) {
                const bool none = cp_rng_unit(&rng) < 0.05;
                const double noise = 1.0 + 0.25 * cp_rng_normal(&rng);
                demand_toy_set(toy, p, i, none ? 0.0 : 4e6 * (1 + p % 5) * fmax(0.1, noise), 0);
            }
        assert_ok(&ctx, cp_history_until(&ctx, toy->history, day, &known));
        assert_ok(&ctx, cp_forecast_make(&ctx, &toy->net, known, day, AHEAD, &opts, &f));
        assert_ok(&ctx, cp_shares_make(&ctx, &toy->net, known, &shares));
        for (int32_t p = 0; p < POINTS; p++) {
            cp_point_paths paths;
            double sum[PATHS] = {0}, truth = 0.0;
            int32_t below = 0;
            assert_ok(&ctx, cp_point_paths_make(&ctx, ctx.run, &toy->net, f, shares, p, PATHS, 3,
                                                &paths));
            for (int32_t d = 0; d < AHEAD; d++) {
                truth += (double)cp_history_at(toy->history, CP_FLOW_WITHDRAWAL, p, day + d);
                got += f->mean[(int64_t)p * AHEAD + d];
                for (int32_t w = 0; w < PATHS; w++)
                    sum[w] += (double)paths.out[d * PATHS + w] * TOY_NOTE;
            }
            want += AHEAD * 0.95 * 4e6 * (1 + p % 5);
            for (int32_t w = 0; w < PATHS; w++)
                below += sum[w] < truth;
            inside += below >= PATHS / 20 && below <= PATHS - PATHS / 20;
        }
        near(cases[c].name, got, want, cases[c].level_share);
        if (inside < cases[c].inside * POINTS)
            fail_msg("%s: %d of %d sums inside", cases[c].name, (int)inside, POINTS);
        cp_ctx_done(&ctx);
    }
}

/* Without mean and quantiles the paths are the same, of both models, for all points and flows. */
static void paths_alone_are_the_same_paths(void **state)
{
    (void)state;
    enum { POINTS = 12, DAYS = 50, AHEAD = 9, PATHS = 40 };
    for (int32_t steady = 0; steady < 2; steady++) {
        cp_ctx ctx;
        demand_toy *toy = NULL;
        cp_forecast *f[2] = {NULL, NULL};
        cp_shares *shares = NULL;
        cp_forecast_opts opts = cp_forecast_defaults();
        cp_rng rng = cp_rng_new(9, 9);
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        assert_ok(&ctx, demand_toy_make(&ctx, POINTS, FIRST, DAYS, &toy));
        /* The last two machines are too new for errors of their own. */
        for (int32_t p = 0; p < POINTS; p++)
            for (int32_t i = p < POINTS - 2 ? 0 : DAYS - 2; i < DAYS; i++)
                demand_toy_set(toy, p, i, 3e6 * (1 + p % 3) * (0.6 + 0.8 * cp_rng_unit(&rng)), 0);
        assert_ok(&ctx, cp_shares_make(&ctx, &toy->net, toy->history, &shares));
        opts.steady = steady != 0;
        for (int32_t k = 0; k < 2; k++) {
            opts.paths_only = k != 0;
            assert_ok(&ctx, cp_forecast_make(&ctx, &toy->net, toy->history, FIRST + DAYS, AHEAD,
                                             &opts, &f[k]));
            assert_int_equal(f[k]->mean == NULL, k);
            assert_int_equal(f[k]->quantile == NULL, k);
        }
        for (int32_t p = 0; p < POINTS; p++) {
            cp_point_paths x, y;
            assert_ok(&ctx,
                      cp_point_paths_make(&ctx, ctx.run, &toy->net, f[0], shares, p, PATHS, 3, &x));
            assert_ok(&ctx,
                      cp_point_paths_make(&ctx, ctx.run, &toy->net, f[1], shares, p, PATHS, 3, &y));
            const size_t n = (size_t)x.n_channels * AHEAD * PATHS;
            int64_t sum = 0;
            for (size_t i = 0; i < n; i++)
                sum += x.out[i];
            assert_true(sum > 0);
            assert_memory_equal(x.out, y.out, n * sizeof *x.out);
            assert_memory_equal(x.in, y.in, n * sizeof *x.in);
        }
        cp_ctx_done(&ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_alone_are_the_same_paths),
        cmocka_unit_test(steady_machines_are_known_after_days),
        cmocka_unit_test(a_week_without_noise_is_repeated),
        cmocka_unit_test(trouble_in_the_past_is_repaired_or_followed),
        cmocka_unit_test(holidays_are_learned_over_machines),
        cmocka_unit_test(a_new_machine_leans_on_its_segment),
        cmocka_unit_test(a_closed_day_has_no_demand_a_make_up_day_has),
        cmocka_unit_test(a_quiet_machine_has_its_mean),
        cmocka_unit_test(the_order_of_points_does_not_matter),
        cmocka_unit_test(what_cannot_be_forecast_is_refused_in_words),
        cmocka_unit_test(little_or_no_history_is_no_failure),
        cmocka_unit_test(the_truth_has_no_spread),
        cmocka_unit_test(exhausted_memory_is_reported_wherever_it_strikes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

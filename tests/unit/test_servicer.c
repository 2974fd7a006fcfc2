/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Center or branch: what each costs is what planning by it alone costs, and just below and just
 * above the break-even volume different ones are cheaper. */
#include <math.h>

#include "solver/replenish/servicer.h"
#include "tests/check.h"
#include "tests/unit/refill_bank.h"

#define SEED 3
#define DAYS 10

/* The cheapest plan at a volume by the center's modes or the branch's; -1: none. */
static double cost_by(cp_ctx *ctx, const cp_servicer_ask *ask, int32_t point, double factor,
                      bool branch)
{
    const cp_arena_mark run = cp_arena_here(ctx->run);
    double node[CP_MAX_ALL_MODES * DAYS] = {0}, stop[DAYS], cost = 0.0;
    const cp_network *net = ask->in.net;
    const int32_t site = net->points[point].site;
    cp_step steps[DAYS];
    cp_arcs a;
    int32_t n = 0;
    for (int32_t t = 0; t < DAYS; t++) {
        stop[t] = (double)cp_tariff_get(net, CP_TARIFF_STOP_SITE_MINOR, net->first_day + t, 0, -1,
                                        site, -1);
        if (ask->prices->price_minor) stop[t] += (double)ask->prices->price_minor[site * DAYS + t];
    }
    assert_ok(ctx, cp_arcs_build_scaled(ctx, &ask->in, point, llround(factor * 1e6), &a));
    for (int32_t i = 0; i < a.n_all_modes * DAYS; i++)
        if ((i / DAYS == a.branch_mode) != branch) a.may_visit[i] = 0;
    const cp_point_prices prices = {.node = node, .stop = stop};
    assert_ok(ctx, cp_point_price(ctx, &a, &prices, &cost, steps, &n));
    cp_arena_rewind(ctx->run, run);
    return isfinite(cost) ? cost : -1.0;
}

static void check_study(cp_ctx *ctx, const cp_servicer_ask *ask, const cp_servicer_study *s)
{
    const double center = cost_by(ctx, ask, s->point, 1.0, false);
    const double branch = cost_by(ctx, ask, s->point, 1.0, true);
    assert_int_equal(s->center_minor, llround(center));
    assert_int_equal(s->branch_minor, llround(branch));
    if (s->center_minor >= 0) assert_true(s->either_minor <= s->center_minor);
    if (s->branch_minor >= 0) assert_true(s->either_minor <= s->branch_minor);
    assert_true(s->n_plans <= 3 * (1 + 9 + 9));
    if (!s->crosses) return;
    /* Costs jump with whole visits: right at the volume told the sides change. */
    const double factor = (double)s->break_even_minor / (double)s->volume_minor;
    const double below = 0.99 * factor, above = 1.01 * factor;
    const double gain_below =
        cost_by(ctx, ask, s->point, below, false) - cost_by(ctx, ask, s->point, below, true);
    const double gain_above =
        cost_by(ctx, ask, s->point, above, false) - cost_by(ctx, ask, s->point, above, true);
    if (s->branch_below ? gain_below < -0.5 || gain_above > 0.5
                        : gain_below > 0.5 || gain_above < -0.5)
        fail_msg("point %d: at %.3f times its volume %.0f below, %.0f above", (int)s->point, factor,
                 gain_below, gain_above);
}

static void volumes_at_which_both_cost_the_same(void **state)
{
    cp_ctx *ctx = *state;
    const refill_bank_opts opts = {
        .n_sites = 12, .n_days = DAYS, .n_paths = 40, .seed = 4, .before_ppm = 300000};
    refill_bank b;
    int32_t n_crosses = 0, n_either = 0;
    assert_ok(ctx, refill_bank_make(ctx, &opts, &b));
    refill_bank_allow(&b);
    cp_minor *drive = cp_alloc(ctx, ctx->run, (size_t)(b.net->n_sites * DAYS), sizeof *drive);
    for (int32_t i = 0; i < b.net->n_sites * DAYS; i++)
        drive[i] = 500 + 100 * (i % 7);
    const cp_stop_prices prices = {.n_sites = b.net->n_sites, .n_days = DAYS, .price_minor = drive};
    const cp_servicer_ask ask = {{b.net, b.forecast, b.shares, SEED, NULL}, &prices};
    for (int32_t p = 0; p < b.net->n_points; p++) {
        cp_servicer_study s, again;
        if (b.net->points[p].serviced_by != CP_BY_EITHER) {
            assert_fails(ctx, CP_E_INPUT, cp_servicer_study_point(ctx, &ask, p, &s));
            continue;
        }
        assert_ok(ctx, cp_servicer_study_point(ctx, &ask, p, &s));
        assert_ok(ctx, cp_servicer_study_point(ctx, &ask, p, &again));
        assert_int_equal(s.break_even_minor, again.break_even_minor);
        check_study(ctx, &ask, &s);
        n_either++;
        n_crosses += s.crosses;
    }
    assert_true(n_either > 0 && n_crosses > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(volumes_at_which_both_cost_the_same, check_start,
                                        check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

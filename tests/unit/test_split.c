/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The split by denomination: how far it strays in a history, and paths that stray as far. */
#include <math.h>
#include <string.h>

#include "models/base/rng.h"
#include "models/demand/paths.h"
#include "models/demand/split_tally.h"
#include "tests/check.h"

#define DENOMS 3
#define N_CHANNELS 4

/* A gamma variate of whole shape: a sum of exponentials. */
static double gamma_of(cp_rng *rng, int32_t shape)
{
    double sum = 0;
    for (int32_t i = 0; i < shape; i++)
        sum -= log(1 - cp_rng_unit(rng));
    return sum;
}

/* Days whose shares are Dirichlet (6, 3, 1) have Var = p (1 - p) / 11 by theory; drawn anew every
 * day nothing of it lasts, drawn anew every week all of it does. */
static void the_spread_of_a_dirichlet_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t every, n_days;
        double spread, lasting;
    } cases[] = {
        {"every day", 1, 3000, 1.0 / 11, 0},
        {"every week", 7, 9000, 1.0 / 11, 1.0 / 11},
        {"never", 100000, 400, 0, 0},
        {"too few days", 1, 27, 0, 0},
    };
    static const int32_t shape[DENOMS] = {6, 3, 1};
    for (int32_t c = 0; c < LEN(cases); c++) {
        cp_ctx ctx;
        cp_split_tally tally;
        cp_rng rng = cp_rng_new(5, (uint64_t)c);
        double share[DENOMS] = {0};
        float got[2];
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        assert_ok(&ctx, cp_split_tally_new(&ctx, ctx.run, DENOMS, &tally));
        for (int32_t round = 0; round < 2; round++) { /* the second one is told apart */
            cp_split_tally_clear(&tally);
            for (int32_t i = 0; i < cases[c].n_days; i++) {
                double sum = 0;
                for (int32_t d = 0; d < DENOMS && i % cases[c].every == 0; d++)
                    share[d] = gamma_of(&rng, shape[d]);
                for (int32_t d = 0; d < DENOMS; d++)
                    sum += share[d];
                for (int32_t d = 0; d < DENOMS; d++)
                    cp_split_tally_add(&tally, i, d, 1e6 * share[d] / sum);
            }
            cp_split_tally_finish(&tally, got);
        }
        if (fabs((double)got[0] - cases[c].spread) > 0.008 ||
            fabs((double)got[1] - cases[c].lasting) > 0.012)
            fail_msg("%s: %.4f, %.4f", cases[c].name, (double)got[0], (double)got[1]);
        cp_ctx_done(&ctx);
    }
}

typedef struct machine {
    cp_ctx ctx;
    cp_network net;
    cp_point point;
    cp_site site;
    cp_channel channel[N_CHANNELS];
    cp_denomination denom[DENOMS];
    cp_history *history;
    cp_forecast *forecast;
    cp_shares *shares;
} machine;

/* Three denominations, the first in two slots; a year of days of about `usual` each. */
static void set_up(machine *m, float spread, float lasting)
{
    static const int64_t value[DENOMS] = {100, 50, 20};
    static const int32_t ppm[DENOMS] = {600000, 300000, 100000};
    const double usual = 4e6;
    memset(m, 0, sizeof *m);
    assert_int_equal(cp_ctx_init(&m->ctx), CP_OK);
    for (int32_t d = 0; d < DENOMS; d++) {
        m->denom[d].code = "NOTE";
        m->denom[d].value_minor = value[d];
    }
    for (int32_t k = 0; k < N_CHANNELS; k++) {
        const int32_t d = k == 3 ? 0 : k;
        m->channel[k].denomination = d;
        m->channel[k].role = CP_ROLE_DISPENSE;
        m->channel[k].capacity_notes = k == 3 ? 1000 : 3000;
        m->channel[k].value_minor = value[d];
        m->channel[k].share_ppm = -1;
    }
    m->point.code = "A-1";
    m->point.segment = "";
    m->point.calendar = m->point.demand_calendar = -1;
    m->point.n_channels = N_CHANNELS;
    m->site.code = "S-1";
    m->site.n_points = 1;
    m->net.points = &m->point;
    m->net.sites = &m->site;
    m->net.channels = m->channel;
    m->net.denoms = m->denom;
    m->net.n_points = m->net.n_sites = 1;
    m->net.n_channels = N_CHANNELS;
    m->net.n_denoms = DENOMS;
    assert_ok(&m->ctx, cp_history_new(&m->ctx, &m->net, 20000, 365, &m->history));
    cp_rng rng = cp_rng_new(8, 8);
    for (int32_t i = 0; i < 365; i++)
        m->history->amount[i] = llrint(usual * (0.7 + 0.6 * cp_rng_unit(&rng)));
    memcpy(m->history->denom_ppm, ppm, sizeof ppm);
    m->history->denom_spread[0] = spread;
    m->history->denom_spread[1] = lasting;
    assert_ok(&m->ctx,
              cp_forecast_make(&m->ctx, &m->net, m->history, 20365, 21, NULL, &m->forecast));
    assert_ok(&m->ctx, cp_shares_make(&m->ctx, &m->net, m->history, &m->shares));
}

/* Value of denomination d on a day and path. */
static double worth(const machine *m, const cp_point_paths *x, int32_t d, int64_t cell)
{
    double sum = 0;
    for (int32_t k = 0; k < N_CHANNELS; k++)
        if (m->channel[k].denomination == d)
            sum += (double)m->channel[k].value_minor *
                   x->out[(int64_t)k * x->n_days * x->n_paths + cell];
    return sum;
}

/* Means are the shares, variances those of the spread, the total is that of the paths without any,
 * and what lasts correlates a path's days. */
static void paths_stray_as_the_history_does(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        float spread, lasting;
    } cases[] = {{"days alone", 0.04F, 0}, {"half lasts", 0.04F, 0.02F}, {"all lasts", 0.1F, 0.1F}};
    static const double p[DENOMS] = {0.6, 0.3, 0.1};
    enum { W = 600 };
    for (int32_t c = 0; c < LEN(cases); c++) {
        machine m;
        cp_point_paths x, plain;
        set_up(&m, cases[c].spread, cases[c].lasting);
        assert_ok(&m.ctx, cp_point_paths_make(&m.ctx, m.ctx.run, &m.net, m.forecast, m.shares, 0, W,
                                              4, &x));
        m.shares->spread[0] = 0;
        assert_ok(&m.ctx, cp_point_paths_make(&m.ctx, m.ctx.run, &m.net, m.forecast, m.shares, 0, W,
                                              4, &plain));
        const int32_t n_days = x.n_days;
        for (int32_t d = 0; d < DENOMS; d++) {
            double mean = 0, square = 0, lag = 0;
            for (int32_t w = 0; w < W; w++)
                for (int32_t t = 0; t < n_days; t++) {
                    double sum = 0, before = 0;
                    const int64_t cell = (int64_t)t * W + w;
                    const int64_t other = (int64_t)((t + 3) % n_days) * W + w;
                    for (int32_t e = 0; e < DENOMS; e++) {
                        sum += worth(&m, &x, e, cell);
                        before += worth(&m, &plain, e, cell);
                    }
                    const double off = worth(&m, &x, d, cell) / sum - p[d];
                    double sum_other = 0;
                    for (int32_t e = 0; e < DENOMS; e++)
                        sum_other += worth(&m, &x, e, other);
                    mean += off / (W * n_days);
                    square += off * off / (W * n_days);
                    lag += off * (worth(&m, &x, d, other) / sum_other - p[d]) / (W * n_days);
                    assert_true(fabs(sum - before) < 500);
                }
            const double want = (double)cases[c].spread * p[d] * (1 - p[d]);
            const double lasts = (double)(cases[c].lasting / cases[c].spread);
            if (fabs(mean) > 0.2 * sqrt(want) || fabs(square / want - 1) > 0.15 ||
                fabs(lag / want - lasts) > 0.2)
                fail_msg("%s, denomination %d: mean off by %.4f, variance %.5f of %.5f, lasting "
                         "%.2f",
                         cases[c].name, (int)d, mean, square, want, lag / want);
        }
        cp_ctx_done(&m.ctx);
    }
}

static void longer_samples_begin_alike(void **state)
{
    (void)state;
    machine m;
    cp_point_paths x, y;
    set_up(&m, 0.05F, 0.02F);
    assert_ok(&m.ctx,
              cp_point_paths_make(&m.ctx, m.ctx.run, &m.net, m.forecast, m.shares, 0, 40, 4, &x));
    assert_ok(&m.ctx,
              cp_point_paths_make(&m.ctx, m.ctx.run, &m.net, m.forecast, m.shares, 0, 70, 4, &y));
    for (int32_t i = 0; i < N_CHANNELS * x.n_days; i++)
        assert_memory_equal(x.out + (int64_t)i * 40, y.out + (int64_t)i * 70, 40 * sizeof *x.out);
    cp_ctx_done(&m.ctx);
}

/* Cassettes that say their shares keep them. */
static void given_shares_do_not_vary(void **state)
{
    (void)state;
    machine m;
    set_up(&m, 0.05F, 0.02F);
    for (int32_t k = 0; k < N_CHANNELS; k++)
        m.channel[k].share_ppm = 250000;
    assert_ok(&m.ctx, cp_shares_make(&m.ctx, &m.net, m.history, &m.shares));
    assert_true(m.shares->spread[0] <= 0);
    cp_ctx_done(&m.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_spread_of_a_dirichlet_is_found),
        cmocka_unit_test(paths_stray_as_the_history_does),
        cmocka_unit_test(longer_samples_begin_alike),
        cmocka_unit_test(given_shares_do_not_vary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

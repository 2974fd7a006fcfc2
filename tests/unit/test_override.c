/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planners' words about the demand to come: mean, quantiles and paths change together. */
#include "models/demand/override.h"

#include <math.h>
#include <string.h>

#include "models/demand/paths.h"
#include "tests/check.h"
#include "tests/toy.h"

#define N_DAYS 10
#define N_PATHS 200

typedef struct outcome {
    cp_toy *toy;
    cp_shares *shares;
    cp_point_paths a, b; /* of both machines */
} outcome;

/* Two machines that dispense two denominations; A has a deposit bin too, of which no history
 * tells. Forecast with spread, then the rows (NULL-terminated) laid over it. */
static outcome forecast_with(cp_ctx *ctx, const char *const *rows)
{
    outcome o = {.toy = toy_new(ctx)};
    cp_toy *toy = o.toy;
    cp_history *history = NULL;
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    for (const char *p = "AB"; *p != '\0'; p++) {
        toy_put(toy, "point", "code=%c|site_code=S|kind=atm", *p);
        toy_put(toy, "cassette",
                "point_code=%c|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense|"
                "share_ppm=800000",
                *p);
        toy_put(toy, "cassette",
                "point_code=%c|slot=2|cassette_model_code=M|denomination_code=CNY10|role=dispense|"
                "share_ppm=200000",
                *p);
    }
    toy_put(toy, "cassette",
            "point_code=A|slot=3|cassette_model_code=M|denomination_code=CNY100|role=deposit");
    for (; *rows != NULL; rows++)
        toy_put(toy, "demand_override", "%s", *rows);
    toy_build(toy, 5);
    toy_noisy_forecast(toy, 2000000, N_DAYS, &history);
    /* The toy's history tells of deposits as well; the forecast must not know of them. */
    const cp_forecast_opts opts = cp_forecast_defaults();
    const size_t cells = (size_t)history->n_points * (size_t)history->n_days;
    for (size_t i = 0; i < cells; i++)
        history->amount[CP_FLOW_DEPOSIT * cells + i] = CP_HISTORY_MISSING;
    assert_ok(ctx, cp_forecast_make(ctx, toy->net, history, TOY_FIRST_DAY, N_DAYS, &opts,
                                    &toy->forecast));
    assert_ok(ctx, cp_overrides_apply(ctx, toy->net, history, toy->forecast));
    assert_ok(ctx, cp_shares_make(ctx, toy->net, history, &o.shares));
    assert_ok(ctx, cp_point_paths_make(ctx, ctx->run, toy->net, toy->forecast, o.shares,
                                       toy_point(toy, "A"), N_PATHS, 5, &o.a));
    assert_ok(ctx, cp_point_paths_make(ctx, ctx->run, toy->net, toy->forecast, o.shares,
                                       toy_point(toy, "B"), N_PATHS, 5, &o.b));
    return o;
}

/* Mean of channel k of A on day d over the paths, minor units. */
static double path_mean(const outcome *o, const int32_t *notes, int32_t k, int32_t d)
{
    const cp_network *net = o->toy->net;
    const cp_channel *c = &net->channels[net->points[toy_point(o->toy, "A")].first_channel + k];
    double sum = 0.0;
    for (int32_t w = 0; w < N_PATHS; w++)
        sum += notes[((size_t)k * N_DAYS + (size_t)d) * N_PATHS + (size_t)w];
    return sum / N_PATHS * (double)c->value_minor;
}

static double mean_of(const outcome *o, cp_flow flow, int32_t d)
{
    const cp_forecast *f = o->toy->forecast;
    return f->mean[((int64_t)flow * f->n_points + toy_point(o->toy, "A")) * N_DAYS + d];
}

/* Channels of A: deposit CNY100 stands after the dispensed ones, which are sorted by denomination
 * (CNY10 first or CNY100 first is the network's affair). */
static int32_t channel_of(const outcome *o, const char *denomination, cp_role role)
{
    const cp_network *net = o->toy->net;
    const cp_point *p = &net->points[toy_point(o->toy, "A")];
    for (int32_t k = 0; k < p->n_channels; k++) {
        const cp_channel *c = &net->channels[p->first_channel + k];
        if (c->role == role && strcmp(net->denoms[c->denomination].code, denomination) == 0)
            return k;
    }
    fail();
    return -1;
}

#define HEAD "code=O-1|point_code=A|flow=withdrawal|first_day=2026-11-25|last_day=2026-11-26"

static void near_by(const char *name, double got, double want, double tolerance)
{
    if (fabs(got - want) > tolerance) fail_msg("%s: %.2f instead of %.2f", name, got, want);
}

/* Days 2 and 3 of the forecast are overridden, the others never. */
static void one_distribution_is_kept(void **state)
{
    (void)state;
    static const struct {
        const char *name, *row, *second;
        double hundred, ten; /* factors of the channels */
        double amount;       /* or the value of the day: > 0 */
    } cases[] = {
        {"twice", HEAD "|factor_ppm=2000000", NULL, 2.0, 2.0, 0},
        {"nothing at all", HEAD "|factor_ppm=0", NULL, 0.0, 0.0, 0},
        {"an amount", HEAD "|amount_minor=5000000", NULL, 0, 0, 5000000.0},
        {"one denomination", HEAD "|denomination_code=CNY10|factor_ppm=3000000", NULL, 1.0, 3.0, 0},
        {"all, and one of them", HEAD "|denomination_code=CNY10|factor_ppm=3000000",
         "code=O-2|point_code=A|flow=withdrawal|first_day=2026-11-25|last_day=2026-11-26|"
         "factor_ppm=500000",
         0.5, 1.5, 0},
    };
    static const char *const none[] = {NULL};
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        const char *const rows[] = {cases[i].row, cases[i].second, NULL};
        const outcome plain = forecast_with(&ctx, none), laid = forecast_with(&ctx, rows);
        const int32_t hundred = channel_of(&plain, "CNY100", CP_ROLE_DISPENSE);
        const int32_t ten = channel_of(&plain, "CNY10", CP_ROLE_DISPENSE);
        assert_memory_equal(plain.b.out, laid.b.out, 2 * N_DAYS * N_PATHS * sizeof(int32_t));
        for (int32_t d = 0; d < N_DAYS; d++) {
            const bool in = d == 2 || d == 3;
            const double before = mean_of(&plain, CP_FLOW_WITHDRAWAL, d);
            const double even = cases[i].amount / before;
            const double f100 = !in ? 1.0 : cases[i].amount > 0 ? even : cases[i].hundred;
            const double f10 = !in ? 1.0 : cases[i].amount > 0 ? even : cases[i].ten;
            near_by(cases[i].name, mean_of(&laid, CP_FLOW_WITHDRAWAL, d),
                    before * (0.8 * f100 + 0.2 * f10), 1.0);
            /* A note more or less, because what a day leaves is carried to the next. */
            near_by(cases[i].name, path_mean(&laid, laid.a.out, hundred, d),
                    f100 * path_mean(&plain, plain.a.out, hundred, d), 1.5 * 10000);
            near_by(cases[i].name, path_mean(&laid, laid.a.out, ten, d),
                    f10 * path_mean(&plain, plain.a.out, ten, d), 4 * 1000);
        }
        cp_ctx_done(&ctx);
    }
}

static void quantiles_move_with_the_mean(void **state)
{
    (void)state;
    static const char *const none[] = {NULL}, *const twice[] = {HEAD "|factor_ppm=2000000", NULL};
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    const outcome plain = forecast_with(&ctx, none), laid = forecast_with(&ctx, twice);
    const int64_t row = toy_point(plain.toy, "A");
    for (int32_t d = 0; d < N_DAYS; d++)
        for (int32_t k = 0; k < CP_N_QUANTILES; k++) {
            const int64_t at = (row * N_DAYS + d) * CP_N_QUANTILES + k;
            near_by("quantile", laid.toy->forecast->quantile[at],
                    plain.toy->forecast->quantile[at] * (d == 2 || d == 3 ? 2.0 : 1.0), 1e-3);
        }
    cp_ctx_done(&ctx);
}

static void an_amount_where_nothing_was_expected(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "code=O-1|point_code=A|flow=deposit|first_day=2026-11-25|last_day=2026-11-25|"
        "amount_minor=300000",
        NULL};
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    const outcome o = forecast_with(&ctx, rows);
    const int32_t bin = channel_of(&o, "CNY100", CP_ROLE_DEPOSIT);
    for (int32_t d = 0; d < N_DAYS; d++) {
        near_by("mean", mean_of(&o, CP_FLOW_DEPOSIT, d), d == 2 ? 300000.0 : 0.0, 1e-6);
        for (int32_t w = 0; w < N_PATHS; w++)
            assert_int_equal(o.a.in[((size_t)bin * N_DAYS + (size_t)d) * N_PATHS + (size_t)w],
                             d == 2 ? 30 : 0);
    }
    cp_ctx_done(&ctx);
}

static void it_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *row, *text; /* NULL: without effect */
    } cases[] = {
        {"code=O-1|point_code=A|flow=withdrawal|denomination_code=CNY10|first_day=2026-11-20|"
         "last_day=2026-11-23|amount_minor=500000|author=anna|reason=market",
         "override O-1 by anna: withdrawals of A in CNY10 on 2026-11-23 expected at 5,000.00 "
         "instead of "},
        {HEAD "|factor_ppm=0",
         "override O-1 by an unnamed planner: withdrawals of A on 2026-11-25 to 2026-11-26 "
         "expected at 0.00 instead of "},
        {"code=O-1|point_code=A|flow=withdrawal|first_day=2026-10-01|last_day=2026-10-31|"
         "factor_ppm=0",
         NULL},
        {"code=O-1|point_code=B|flow=deposit|first_day=2026-11-25|last_day=2026-11-25|"
         "factor_ppm=0",
         NULL},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        const char *const rows[] = {cases[i].row, NULL};
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        const outcome o = forecast_with(&ctx, rows);
        const cp_forecast_overrides *over = o.toy->forecast->overrides;
        assert_int_equal(over != NULL, cases[i].text != NULL);
        if (over != NULL) {
            const char *text = cp_override_text(&ctx, o.toy->net, &over->effect[0]);
            assert_int_equal(over->n_effects, 1);
            if (strncmp(text, cases[i].text, strlen(cases[i].text)) != 0) fail_msg("%s", text);
        }
        cp_ctx_done(&ctx);
    }
}

/* A forecast without its means cannot take what a planner says about the expectation. */
static void paths_alone_take_no_overrides(void **state)
{
    (void)state;
    cp_ctx ctx;
    cp_history *history = NULL;
    cp_forecast_opts opts = cp_forecast_defaults();
    const char *const rows[] = {"code=O-1|point_code=A|flow=withdrawal|first_day=2026-11-25|"
                                "last_day=2026-11-25|factor_ppm=0",
                                NULL};
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    const outcome o = forecast_with(&ctx, rows);
    assert_ok(&ctx, cp_history_new(&ctx, o.toy->net, TOY_FIRST_DAY - 60, 60, &history));
    opts.paths_only = true;
    assert_ok(&ctx, cp_forecast_make(&ctx, o.toy->net, history, TOY_FIRST_DAY, N_DAYS, &opts,
                                     &o.toy->forecast));
    assert_int_equal(cp_overrides_apply(&ctx, o.toy->net, history, o.toy->forecast), CP_E_INPUT);
    assert_non_null(strstr(ctx.error.text, "1 overrides"));
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_alone_take_no_overrides),
        cmocka_unit_test(one_distribution_is_kept),
        cmocka_unit_test(quantiles_move_with_the_mean),
        cmocka_unit_test(an_amount_where_nothing_was_expected),
        cmocka_unit_test(it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

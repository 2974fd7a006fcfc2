/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fit at night, update by day: fitted values taken out of a forecast and put into a later one. */
#include "models/demand/demand_keep.h"

#include <math.h>
#include <string.h>

#include "models/demand/demand_parts.h"
#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define FIRST 20458
#define N_POINTS 12
#define N_HISTORY 430
#define FITTED 400 /* days that the fit knows */
#define AHEAD 21

typedef struct night {
    cp_ctx ctx;
    demand_toy *toy;
    cp_history *known;
    cp_forecast *f;
    cp_fit *fit;
} night;

static void make(night *n, const cp_history *history, const cp_fit *fit, cp_forecast **out)
{
    cp_forecast_opts opts = cp_forecast_defaults();
    opts.fit = fit;
    assert_ok(&n->ctx, cp_forecast_make(&n->ctx, &n->toy->net, history,
                                        history->first_day + history->n_days, AHEAD, &opts, out));
}

/* Lifelike machines, the last one with three weeks of history, and a fit of the first FITTED days.
 */
static void fit_one(night *n)
{
    cp_rng rng = cp_rng_new(31, 0);
    assert_int_equal(cp_ctx_init(&n->ctx), CP_OK);
    assert_ok(&n->ctx, demand_toy_make(&n->ctx, N_POINTS, FIRST, N_HISTORY, &n->toy));
    demand_toy_day(n->toy, FIRST + 200, CP_DAY_OFF, "feast");
    demand_toy_day(n->toy, FIRST + 425, CP_DAY_OFF, "feast");
    demand_toy_invent(n->toy, &rng, 0.15, 0.2, 0);
    for (int32_t i = 0; i < FITTED - 21; i++)
        n->toy->history->amount[(N_POINTS - 1) * N_HISTORY + i] = CP_HISTORY_MISSING;
    assert_ok(&n->ctx, cp_history_until(&n->ctx, n->toy->history, FIRST + FITTED, &n->known));
    make(n, n->known, NULL, &n->f);
    assert_ok(&n->ctx, cp_forecast_fit_values(&n->ctx, &n->toy->net, n->known, n->f, &n->fit));
}

static void without_new_days_it_is_the_same(void **state)
{
    (void)state;
    night n;
    cp_forecast *again = NULL;
    cp_fit *fit = NULL;
    fit_one(&n);
    make(&n, n.known, n.fit, &again);
    const size_t cells = CP_N_FLOWS * (size_t)N_POINTS * AHEAD;
    assert_memory_equal(n.f->mean, again->mean, cells * sizeof *again->mean);
    assert_memory_equal(n.f->quantile, again->quantile,
                        cells * CP_N_QUANTILES * sizeof *again->quantile);
    for (int32_t p = 0; p < N_POINTS; p++) {
        cp_forecast_parts a, b;
        assert_ok(&n.ctx, cp_forecast_parts_of(&n.ctx, n.f, CP_FLOW_WITHDRAWAL, p, &a));
        assert_ok(&n.ctx, cp_forecast_parts_of(&n.ctx, again, CP_FLOW_WITHDRAWAL, p, &b));
        assert_int_equal(a.n_singles, b.n_singles);
        assert_int_equal(a.n_origins, b.n_origins);
        assert_memory_equal(a.level, b.level, AHEAD * sizeof *a.level);
        for (int32_t k = 0; k < a.n_singles; k++) {
            assert_string_equal(a.single[k].name, b.single[k].name);
            assert_true(a.single[k].weight == b.single[k].weight);
        }
    }
    /* What an update was given is what it gives. */
    assert_ok(&n.ctx, cp_forecast_fit_values(&n.ctx, &n.toy->net, n.known, again, &fit));
    assert_int_equal(fit->n, n.fit->n);
    for (int32_t i = 0; i < fit->n; i++) {
        assert_string_equal(fit->list[i].name, n.fit->list[i].name);
        assert_int_equal(fit->list[i].n, n.fit->list[i].n);
        for (int32_t k = 0; k < fit->list[i].n; k++) {
            const double x = fit->list[i].value[k], y = n.fit->list[i].value[k];
            assert_true((isnan(x) && isnan(y)) || x == y);
        }
    }
    cp_ctx_done(&n.ctx);
}

static void new_days_count_without_a_fit(void **state)
{
    (void)state;
    night n;
    cp_forecast *update = NULL, *anew = NULL;
    fit_one(&n);
    for (int32_t i = FITTED; i < N_HISTORY; i++) /* machine 0 pays out more */
        n.toy->history->amount[i] = n.toy->history->amount[i] * 3 / 2;
    make(&n, n.toy->history, n.fit, &update);
    make(&n, n.toy->history, NULL, &anew);
    double off = 0, sum = 0;
    for (int32_t p = 1; p < N_POINTS; p++)
        for (int32_t d = 0; d < AHEAD; d++) {
            off += fabs(update->mean[p * AHEAD + d] - anew->mean[p * AHEAD + d]);
            sum += anew->mean[p * AHEAD + d];
        }
    /* Thirty days change little of what was fitted ... */
    if (off > 0.1 * sum) fail_msg("update and fit are %.1f %% apart", 100 * off / sum);
    /* ... but the level is that of today. */
    double before = 0, now = 0, want = 0;
    for (int32_t d = 0; d < AHEAD; d++) {
        before += n.f->mean[d];
        now += update->mean[d];
        want += anew->mean[d];
    }
    if (now < 1.25 * before || now < 0.8 * want)
        fail_msg("level %.0f, before the new days %.0f, fitted %.0f", now, before, want);
    const int64_t less = cp_forecast_work(update), all = cp_forecast_work(anew);
    if (less <= 0 || 3 * less > all)
        fail_msg("an update costs %lld, a fit %lld", (long long)less, (long long)all);
    cp_ctx_done(&n.ctx);
}

/* A machine that was not there is fitted as ever; the others stay about as they are. */
static void a_new_machine_is_fitted(void **state)
{
    (void)state;
    night n;
    cp_forecast *update = NULL;
    fit_one(&n);
    int32_t kept = 0;
    for (int32_t i = 0; i < n.fit->n; i++)
        if (strcmp(n.fit->list[i].owner, "P003") != 0) n.fit->list[kept++] = n.fit->list[i];
    assert_true(kept < n.fit->n);
    n.fit->n = kept;
    make(&n, n.known, n.fit, &update);
    for (int32_t d = 0; d < AHEAD; d++) {
        const double was = n.f->mean[3 * AHEAD + d], is = update->mean[3 * AHEAD + d];
        const double other = n.f->mean[d], stays = update->mean[d];
        assert_true(is > 0.7 * was && is < 1.4 * was);
        /* Machines lend each other errors and weeks, so the others move a little. */
        assert_true(stays > 0.95 * other && stays < 1.05 * other);
    }
    cp_ctx_done(&n.ctx);
}

static void what_does_not_belong_is_refused(void **state)
{
    (void)state;
    night n;
    cp_forecast *f = NULL;
    cp_history *early = NULL;
    cp_forecast_opts opts = cp_forecast_defaults();
    fit_one(&n);
    opts.fit = n.fit;
    /* A history that ends before the fit's. */
    assert_ok(&n.ctx, cp_history_until(&n.ctx, n.toy->history, FIRST + FITTED - 1, &early));
    assert_fails(&n.ctx, CP_E_INPUT,
                 cp_forecast_make(&n.ctx, &n.toy->net, early, FIRST + FITTED, AHEAD, &opts, &f));
    /* Another holiday: its columns are others. */
    demand_toy_day(n.toy, FIRST + 300, CP_DAY_OFF, "another feast");
    assert_fails(&n.ctx, CP_E_INPUT,
                 cp_forecast_make(&n.ctx, &n.toy->net, n.known, FIRST + FITTED, AHEAD, &opts, &f));
    opts.quick = true;
    assert_fails(&n.ctx, CP_E_INPUT,
                 cp_forecast_make(&n.ctx, &n.toy->net, n.known, FIRST + FITTED, AHEAD, &opts, &f));
    cp_ctx_done(&n.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_new_days_it_is_the_same),
        cmocka_unit_test(new_days_count_without_a_fit),
        cmocka_unit_test(a_new_machine_is_fitted),
        cmocka_unit_test(what_does_not_belong_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

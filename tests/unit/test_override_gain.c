/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What overrides gained or lost, on a history whose demand is known to the last note; and the same
 * scores for any number of threads. */
#include <math.h>
#include <string.h>

#include "models/demand/override.h"
#include "solver/run/backtest_run.h"
#include "tests/check.h"
#include "tests/toy.h"

#define N_DAYS 200
#define USUAL 2000000.0

/* Machines A and B pay out the same amount every day. On the 3rd and 4th of the last 28 days A pays
 * out twice as much, which anna foresaw and carl took for less; on the 10th nothing happens, though
 * carl said that it would; on the 11th it is out of order. */
static cp_toy *market(cp_ctx *ctx)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    for (const char *p = "AB"; *p != '\0'; p++) {
        toy_put(toy, "point", "code=%c|site_code=S|kind=atm", *p);
        toy_put(toy, "cassette",
                "point_code=%c|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense",
                *p);
    }
    toy_put(toy, "demand_override",
            "code=O-1|point_code=A|flow=withdrawal|first_day=2026-10-28|"
            "last_day=2026-10-29|factor_ppm=2000000|author=anna|reason=fair");
    toy_put(toy, "demand_override",
            "code=O-2|point_code=A|flow=withdrawal|first_day=2026-11-04|"
            "last_day=2026-11-05|factor_ppm=500000|author=carl|reason=works");
    toy_put(toy, "demand_override",
            "code=O-3|point_code=B|flow=withdrawal|first_day=2026-10-28|"
            "last_day=2026-10-28|factor_ppm=0|author=carl|reason=fair");
    toy_put(toy, "demand_override",
            "code=O-4|point_code=B|flow=withdrawal|first_day=2027-10-28|"
            "last_day=2027-10-28|factor_ppm=0|author=dora|reason=later");
    toy_build(toy, 5);
    return toy;
}

static cp_history *what_came(cp_toy *toy)
{
    cp_history *h = NULL;
    assert_ok(toy->ctx, cp_history_new(toy->ctx, toy->net, TOY_FIRST_DAY - N_DAYS, N_DAYS, &h));
    for (int32_t p = 0; p < toy->net->n_points; p++)
        for (int32_t d = 0; d < N_DAYS; d++)
            h->amount[p * N_DAYS + d] = (cp_minor)USUAL;
    const int32_t a = toy_point(toy, "A"), start = N_DAYS - 28;
    h->amount[a * N_DAYS + start + 2] = h->amount[a * N_DAYS + start + 3] = (cp_minor)(2 * USUAL);
    h->amount[a * N_DAYS + start + 10] = 0;
    h->faults[a * N_DAYS + start + 10] = CP_FAULT_OUT_OF_SERVICE;
    return h;
}

static void near_by(const char *name, double got, double want)
{
    if (fabs(got - want) > 0.02 * USUAL) fail_msg("%s: %.0f, not %.0f", name, got, want);
}

static const cp_override_gain *named(const cp_override_gain *list, int32_t n, const char *name)
{
    for (int32_t i = 0; i < n; i++)
        if (strcmp(list[i].name, name) == 0) return &list[i];
    fail_msg("%s is not there", name);
    return NULL;
}

static void who_was_right_is_told(void **state)
{
    (void)state;
    cp_ctx ctx;
    cp_backtest *b = NULL;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = market(&ctx);
    cp_backtest_opts opts = cp_backtest_defaults();
    opts.n_origins = 2;
    opts.step_days = 7;
    assert_ok(&ctx, cp_backtest_run(&ctx, toy->net, what_came(toy), &opts, &b));
    const cp_override_gains *g = b->gains;
    const struct {
        const char *name;
        const cp_override_gain *got;
        double days, gain, error_without;
    } cases[] = {
        /* Foretold: all of the error of one usual day each is gone. */
        {"O-1", &g->row[0], 2, 2 * USUAL, 2 * USUAL},
        /* Half of a usual day expected in vain; the day out of order tells nothing. */
        {"O-2", &g->row[1], 1, -USUAL / 2, 0},
        {"O-3", &g->row[2], 1, -USUAL, 0},
        {"O-4", &g->row[3], 0, 0, 0},
        {"anna", named(g->author, g->n_authors, "anna"), 2, 2 * USUAL, 2 * USUAL},
        {"carl", named(g->author, g->n_authors, "carl"), 2, -1.5 * USUAL, 0},
        {"fair", named(g->reason, g->n_reasons, "fair"), 3, USUAL, 2 * USUAL},
        {"works", named(g->reason, g->n_reasons, "works"), 1, -USUAL / 2, 0},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        assert_true(fabs(cases[i].got->sums.n_days - cases[i].days) < 1e-9);
        near_by(cases[i].name, cp_gain_minor(&cases[i].got->sums), cases[i].gain);
        near_by(cases[i].name, cases[i].got->sums.error_without, cases[i].error_without);
    }
    assert_true(cp_gain_pct(&g->row[0].sums) > 95 && cp_gain_pct(&g->row[0].sums) <= 100);
    assert_true(cp_gain_pct(&g->row[3].sums) == 0);
    assert_int_equal(g->n_authors, 2); /* dora's day is yet to come */
    assert_int_equal(g->total.n_rows, 3);
    near_by("in total", cp_gain_minor(&g->total), USUAL / 2);
    /* The scores are those of the forecast without overrides. */
    assert_int_equal(b->total[CP_FLOW_WITHDRAWAL].n_days, 2 * 2 * 28 - 2);
    cp_ctx_done(&ctx);
}

/* The record of single days agrees with what laying the overrides makes of the forecast. */
static void the_trace_is_what_is_laid(void **state)
{
    (void)state;
    cp_ctx ctx;
    cp_override_cell *cell = NULL;
    cp_history *history = NULL;
    int32_t n = 0;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = toy_new(&ctx);
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S|kind=atm");
    for (int32_t slot = 1; slot <= 2; slot++)
        toy_put(toy, "cassette",
                "point_code=A|slot=%d|cassette_model_code=M|denomination_code=%s|role=dispense|"
                "share_ppm=%d",
                (int)slot, slot == 1 ? "CNY100" : "CNY10", slot == 1 ? 700000 : 300000);
    const char *head = "point_code=A|flow=withdrawal|last_day=2026-11-26|author=a|reason=r";
    toy_put(toy, "demand_override",
            "code=T|denomination_code=CNY10|first_day=2026-11-24|%s|"
            "amount_minor=900000",
            head);
    toy_put(toy, "demand_override", "code=H|first_day=2026-11-25|%s|factor_ppm=1500000", head);
    toy_build(toy, 5);
    toy_noisy_forecast(toy, (cp_minor)USUAL, 7, &history);
    const cp_forecast *f = toy->forecast;
    const double plain = f->mean[2], plain_first = f->mean[1];
    assert_ok(&ctx, cp_overrides_trace(&ctx, toy->net, history, f, &cell, &n));
    assert_int_equal(n, 5);
    assert_true(f->mean[2] == plain && f->overrides == NULL);
    assert_ok(&ctx, cp_overrides_apply(&ctx, toy->net, history, toy->forecast));
    for (int32_t i = 0; i < n; i++) {
        const int32_t d = cell[i].day - TOY_FIRST_DAY;
        const bool last = i >= 2; /* the row of one denomination comes after that of all */
        assert_int_equal(strcmp(toy->net->rows.demand_override[cell[i].row].code, last ? "T" : "H"),
                         0);
        if (last) assert_true(fabs(cell[i].after_minor - f->mean[d]) < 1e-6 * USUAL);
        if (!last) assert_true(fabs(cell[i].after_minor - 1.5 * cell[i].before_minor) < 1);
    }
    assert_true(fabs(cell[0].before_minor - plain) < 1e-6 * USUAL);
    assert_true(fabs(cell[2].before_minor - plain_first) < 1e-6 * USUAL);
    cp_ctx_done(&ctx);
}

static void threads_make_no_difference(void **state)
{
    (void)state;
    cp_ctx ctx;
    cp_backtest *one = NULL, *many = NULL;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = market(&ctx);
    const cp_history *h = what_came(toy);
    cp_backtest_opts opts = cp_backtest_defaults();
    opts.keep = true;
    assert_ok(&ctx, cp_backtest_run(&ctx, toy->net, h, &opts, &one));
    ctx.n_threads = 4;
    const size_t before = cp_arena_used(ctx.run);
    assert_ok(&ctx, cp_backtest_run_jobs(&ctx, toy->net, h, &opts, &many));
    assert_true(cp_arena_used(ctx.run) - before < 200000); /* forecasts are given back */
    const size_t cells = CP_N_FLOWS * 2 * (size_t)(opts.n_origins * opts.horizon_days);
    assert_memory_equal(one->total, many->total, sizeof one->total);
    assert_memory_equal(one->week_total, many->week_total, sizeof one->week_total);
    assert_memory_equal(one->day, many->day, cells * sizeof *one->day);
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        assert_memory_equal(one->point[flow], many->point[flow], 2 * sizeof *one->point[flow]);
    assert_memory_equal(&one->gains->total, &many->gains->total, sizeof one->gains->total);
    atomic_int stop = 1;
    ctx.stop = &stop;
    assert_fails(&ctx, CP_E_STOPPED, cp_backtest_run_jobs(&ctx, toy->net, h, &opts, &many));
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_was_right_is_told),
        cmocka_unit_test(the_trace_is_what_is_laid),
        cmocka_unit_test(threads_make_no_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_forecast_nn5.c - the forecast on 111 real cash machines (NN5 competition), when the data lie
 * beside the repository; skipped otherwise. Only the training part is used, with rolling origins.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/demand/backtest.h"
#include "models/demand/paths.h"
#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define SERIES "../shared/bench/nn5/train.csv"
#define HOLIDAYS "../shared/data/calendars/england_holidays.csv"
#define N_MACHINES 111
#define N_DAYS 735

/* The printed dates are one day early (the data's README): moved here. */
static bool read_series(demand_toy *toy)
{
    FILE *file = fopen(SERIES, "r");
    if (file == NULL) return false;
    char line[256];
    bool ok = fgets(line, sizeof line, file) != NULL;
    while (ok && fgets(line, sizeof line, file) != NULL) {
        char date[16] = "";
        cp_day day = 0;
        const char *comma = strchr(line, ',');
        if (strncmp(line, "NN5-", 4) != 0 || comma == NULL || strlen(comma) < 12) continue;
        memcpy(date, comma + 1, 10);
        const long machine = strtol(line + 4, NULL, 10) - 1;
        if (!cp_day_parse(date, &day) || machine < 0 || machine >= N_MACHINES) continue;
        const int32_t i = day + 1 - toy->history->first_day;
        char *end = NULL;
        const double value = strtod(comma + 12, &end);
        if (end != comma + 12 && i >= 0 && i < N_DAYS)
            demand_toy_set(toy, (int32_t)machine, i, value * 10 * TOY_NOTE, 0);
    }
    fclose(file);
    return ok;
}

static bool read_holidays(cp_ctx *ctx, demand_toy *toy)
{
    FILE *file = fopen(HOLIDAYS, "r");
    if (file == NULL) return false;
    char line[256];
    while (fgets(line, sizeof line, file) != NULL) {
        char date[16] = "";
        cp_day day = 0;
        char *comma = strchr(line, ',');
        if (comma != line + 10) continue;
        memcpy(date, line, 10);
        char *name = comma + 1;
        comma = strchr(name, ',');
        if (comma == NULL || !cp_day_parse(date, &day)) continue;
        *comma = '\0';
        if (day >= toy->calendar->covered_from && day <= toy->calendar->covered_to)
            demand_toy_day(toy, day, CP_DAY_OFF, cp_strdup(ctx, ctx->run, name));
    }
    fclose(file);
    return true;
}

/* Share of sums of `length` days inside the middle 80 % of the paths. */
static double inside(cp_ctx *ctx, const demand_toy *toy, const cp_forecast *f,
                     const cp_shares *shares, int32_t length)
{
    enum { W = 200 };
    double n = 0, in = 0;
    for (int32_t p = 0; p < N_MACHINES; p++) {
        const cp_arena_mark mark = cp_arena_here(ctx->run);
        cp_point_paths paths;
        assert_ok(ctx, cp_point_paths_make(ctx, ctx->run, &toy->net, f, shares, p, W, 7, &paths));
        for (int32_t from = 0; from + length <= f->n_days; from += length) {
            double truth = 0;
            bool known = true;
            int32_t less = 0;
            for (int32_t d = from; d < from + length; d++) {
                const cp_minor y =
                    cp_history_at(toy->history, CP_FLOW_WITHDRAWAL, p, f->first_day + d);
                known = known && y > 0;
                truth += (double)y;
            }
            for (int32_t w = 0; w < W; w++) {
                double sum = 0;
                for (int32_t d = from; d < from + length; d++)
                    sum += (double)paths.out[d * W + w] * TOY_NOTE;
                less += sum < truth;
            }
            n += known;
            in += known && less >= W / 10 && less < W - W / 10;
        }
        cp_arena_rewind(ctx->run, mark);
    }
    return in / n;
}

static void real_machines_are_forecast_well_and_honestly(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = NULL;
    const cp_day first = cp_day_of(1996, 3, 19);
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    assert_ok(&ctx, demand_toy_make(&ctx, N_MACHINES, first, N_DAYS, &toy));
    if (!read_series(toy) || !read_holidays(&ctx, toy)) {
        cp_ctx_done(&ctx);
        skip();
    }
    const cp_backtest_opts opts = {.n_origins = 6, .step_days = 28, .horizon_days = 28};
    cp_backtest *b = NULL;
    assert_ok(&ctx, cp_backtest_run(&ctx, &toy->net, toy->history, &opts, &b));
    const cp_backtest_score *s = &b->total[CP_FLOW_WITHDRAWAL];
    print_message("NN5, 6 origins, 28 days: sMAPE %.2f %%, MASE %.3f, WQL %.4f, 80 %% interval "
                  "%.1f %%, bias %.2f %%\n",
                  s->smape_pct, s->mase, s->wql, s->cover80_pct, s->bias_pct);
    assert_true(s->smape_pct < 21.5);
    assert_true(s->wql < 0.155);
    assert_true(s->cover80_pct > 72 && s->cover80_pct < 86);

    cp_history *known = NULL;
    cp_forecast *f = NULL;
    cp_shares *shares = NULL;
    const cp_day origin = first + N_DAYS - 56;
    assert_ok(&ctx, cp_history_until(&ctx, toy->history, origin, &known));
    assert_ok(&ctx, cp_forecast_make(&ctx, &toy->net, known, origin, 56, NULL, &f));
    assert_ok(&ctx, cp_shares_make(&ctx, &toy->net, known, &shares));
    static const int32_t lengths[] = {2, 7, 14};
    for (int32_t c = 0; c < LEN(lengths); c++) {
        const double in = inside(&ctx, toy, f, shares, lengths[c]);
        print_message("sums of %d days inside the 80 %% interval: %.3f\n", lengths[c], in);
        assert_true(in > 0.74 && in < 0.87);
    }
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_machines_are_forecast_well_and_honestly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

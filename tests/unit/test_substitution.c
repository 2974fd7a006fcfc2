/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/substitution.h"

#include <math.h>
#include <string.h>

#include "models/demand/paths.h"
#include "tests/check.h"
#include "tests/unit/demand_toy.h"

#define FIRST 20458 /* Monday 2026-01-05 */
#define DAYS 300
#define AHEAD 14
#define W 400
#define POINTS 4

/* The same machines with and without rows. */
typedef struct bank {
    cp_ctx ctx;
    demand_toy *toy;
    cp_currency currency;
    cp_forecast *plain, *moved;
    cp_shares *shares;
} bank;

static cp_substitution row(const char *code, int32_t point, int32_t receiver, int32_t from,
                           int32_t to, int32_t share_ppm)
{
    const cp_substitution s = {.code = code,
                               .first_day = FIRST + DAYS + from,
                               .last_day = FIRST + DAYS + to,
                               .share_ppm = share_ppm,
                               .author = "anna",
                               .reason = "works",
                               .point = point,
                               .receiver = receiver};
    return s;
}

static void set_up(bank *b, cp_substitution *rows, int32_t n_rows, bool deposits)
{
    cp_rng rng = cp_rng_new(3, 0);
    const cp_currency currency = {.code = "CNY", .exponent = 2};
    assert_int_equal(cp_ctx_init(&b->ctx), CP_OK);
    assert_ok(&b->ctx, demand_toy_make(&b->ctx, POINTS, FIRST, DAYS, &b->toy));
    demand_toy_invent(b->toy, &rng, 0.35, 0.3, 0.01);
    b->currency = currency;
    b->toy->net.rows.currency = &b->currency;
    b->toy->net.rows.n_currency = 1;
    /* The first two also take deposits, half of what is withdrawn; the others cannot. */
    for (int32_t p = 0; deposits && p < 2; p++) {
        b->toy->channels[p].role = CP_ROLE_RECYCLE;
        for (int32_t i = 0; i < DAYS; i++)
            b->toy->history->amount[((int64_t)POINTS + p) * DAYS + i] =
                b->toy->history->amount[(int64_t)p * DAYS + i] / 2;
    }
    assert_ok(&b->ctx, cp_shares_make(&b->ctx, &b->toy->net, b->toy->history, &b->shares));
    assert_ok(&b->ctx, cp_forecast_make(&b->ctx, &b->toy->net, b->toy->history, FIRST + DAYS, AHEAD,
                                        NULL, &b->plain));
    b->toy->net.rows.substitution = rows;
    b->toy->net.rows.n_substitution = n_rows;
    assert_ok(&b->ctx, cp_forecast_make(&b->ctx, &b->toy->net, b->toy->history, FIRST + DAYS, AHEAD,
                                        NULL, &b->moved));
}

static cp_point_paths paths_of(bank *b, const cp_forecast *f, int32_t point)
{
    cp_point_paths paths;
    assert_ok(&b->ctx, cp_point_paths_make(&b->ctx, b->ctx.run, &b->toy->net, f, b->shares, point,
                                           W, 11, &paths));
    return paths;
}

/* Share of point q's demand that point p has on day d, by the rows alone. */
static double holds(const cp_substitution *rows, int32_t n, int32_t p, int32_t q, int32_t d)
{
    double own = p == q, got = 0;
    for (int32_t i = 0; i < n; i++) {
        if (FIRST + DAYS + d < rows[i].first_day || FIRST + DAYS + d > rows[i].last_day) continue;
        if (rows[i].point == p) own = 0;
        if (rows[i].point == q && rows[i].receiver == p) got += rows[i].share_ppm / 1e6;
    }
    return own + got;
}

/* Every path of every machine is the sum that the rows say, day by day, and so are the means. */
static void demand_moves_path_by_path(void **state)
{
    (void)state;
    cp_substitution two[] = {row("U-1", 0, 1, 3, 6, 600000), row("U-2", 0, 2, 3, 6, 300000)};
    cp_substitution late[] = {row("U-1", 2, 3, 10, 40, 1000000)};
    cp_substitution many[] = {row("U-1", 0, 1, -5, 4, 500000), row("U-2", 2, 1, 4, 9, 250000),
                              row("U-3", 0, 3, 8, 8, 1000000), row("U-4", 2, 3, 50, 60, 500000)};
    const struct {
        const char *name;
        cp_substitution *rows;
        int32_t n;
    } cases[] = {{"one closed, two neighbours", two, LEN(two)},
                 {"until after the forecast", late, LEN(late)},
                 {"one neighbour of two closed, and again later", many, LEN(many)}};
    for (int32_t c = 0; c < LEN(cases); c++) {
        bank b;
        cp_point_paths alone[POINTS];
        set_up(&b, cases[c].rows, cases[c].n, false);
        for (int32_t p = 0; p < POINTS; p++)
            alone[p] = paths_of(&b, b.plain, p);
        for (int32_t p = 0; p < POINTS; p++) {
            const cp_point_paths paths = paths_of(&b, b.moved, p);
            for (int32_t d = 0; d < AHEAD; d++) {
                double mean = 0;
                for (int32_t q = 0; q < POINTS; q++)
                    mean += holds(cases[c].rows, cases[c].n, p, q, d) *
                            b.plain->mean[(int64_t)q * AHEAD + d];
                if (fabs(b.moved->mean[(int64_t)p * AHEAD + d] - mean) > 1e-6 * mean + 1e-6)
                    fail_msg("%s: mean of %d on day %d", cases[c].name, (int)p, (int)d);
                for (int32_t w = 0; w < W; w++) {
                    double want = 0;
                    for (int32_t q = 0; q < POINTS; q++)
                        want += holds(cases[c].rows, cases[c].n, p, q, d) * alone[q].out[d * W + w];
                    if (fabs(paths.out[d * W + w] - want) > 2.5)
                        fail_msg("%s: path %d of %d on day %d", cases[c].name, (int)w, (int)p,
                                 (int)d);
                }
            }
        }
        cp_ctx_done(&b.ctx);
    }
}

/* The receiver's quantiles are those of its paths, not a sum of two quantiles. */
static void quantiles_are_those_of_the_sum(void **state)
{
    (void)state;
    cp_substitution rows[] = {row("U-1", 0, 1, 0, AHEAD - 1, 1000000)};
    bank b;
    set_up(&b, rows, 1, false);
    const cp_point_paths paths = paths_of(&b, b.moved, 1);
    double below[CP_N_QUANTILES] = {0};
    for (int32_t d = 0; d < AHEAD; d++)
        for (int32_t k = 0; k < CP_N_QUANTILES; k++)
            for (int32_t w = 0; w < W; w++)
                below[k] += ((double)paths.out[d * W + w] * TOY_NOTE <
                             b.moved->quantile[((int64_t)AHEAD + d) * CP_N_QUANTILES + k]) /
                            (double)(W * AHEAD);
    for (int32_t k = 0; k < CP_N_QUANTILES; k++)
        if (fabs(below[k] - cp_quantile_pct[k] / 100.0) > 0.04)
            fail_msg("%d %%: %.3f of the paths below", (int)cp_quantile_pct[k], below[k]);
    for (int32_t i = 0; i < AHEAD * CP_N_QUANTILES; i++)
        assert_true(b.moved->quantile[i] <= 0);
    cp_ctx_done(&b.ctx);
}

static void what_a_neighbour_cannot_serve_is_lost(void **state)
{
    (void)state;
    static const struct {
        int32_t receiver;
        double share; /* of the deposits that arrive */
    } cases[] = {{1, 1.0}, {2, 0.0}};
    for (int32_t c = 0; c < LEN(cases); c++) {
        cp_substitution rows[] = {row("U-1", 0, cases[c].receiver, 0, AHEAD - 1, 1000000)};
        bank b;
        set_up(&b, rows, 1, true);
        const int64_t deposits = (int64_t)POINTS * AHEAD;
        for (int32_t d = 0; d < AHEAD; d++) {
            const int64_t to = deposits + (int64_t)cases[c].receiver * AHEAD + d;
            const double want = b.plain->mean[to] + cases[c].share * b.plain->mean[deposits + d];
            assert_true(b.plain->mean[deposits + d] > 0);
            assert_true(fabs(b.moved->mean[to] - want) <= 1e-6 * want);
            assert_true(b.moved->mean[deposits + d] <= 0);
        }
        cp_ctx_done(&b.ctx);
    }
}

static void the_truth_is_not_touched(void **state)
{
    (void)state;
    cp_substitution rows[] = {row("U-1", 0, 1, -20, 10, 1000000)};
    bank b;
    cp_forecast *truth = NULL;
    set_up(&b, rows, 1, false);
    assert_ok(&b.ctx, cp_forecast_truth(&b.ctx, &b.toy->net, b.toy->history, FIRST + DAYS - 10, 10,
                                        &truth));
    const cp_point_paths paths = paths_of(&b, truth, 0);
    for (int32_t d = 0; d < 10; d++)
        assert_true(paths.out[d * W] > 0);
    cp_ctx_done(&b.ctx);
}

static void a_sentence_says_what_moves(void **state)
{
    (void)state;
    cp_substitution rows[] = {row("U-1", 0, 1, -3, 2, 600000), row("U-2", 0, 1, 80, 90, 600000)};
    bank b;
    const char *text = NULL;
    char want[40];
    set_up(&b, rows, 2, false);
    double sum = 0;
    for (int32_t d = 0; d < 3; d++)
        sum += 0.6 * b.plain->mean[d];
    assert_ok(&b.ctx, cp_substitution_text(&b.ctx, &b.toy->net, b.moved, 0, &text));
    assert_non_null(strstr(text, "substitution U-1 by anna: P000 is closed on 2026-11-01 to "
                                 "2026-11-03, 60 % of its demand (expected withdrawals "));
    assert_non_null(strstr(text, cp_minor_text((cp_minor)llround(sum), 2, want)));
    assert_non_null(strstr(text, "goes to P001 (works)"));
    assert_ok(&b.ctx, cp_substitution_text(&b.ctx, &b.toy->net, b.moved, 1, &text));
    assert_null(text);
    cp_ctx_done(&b.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(demand_moves_path_by_path),
        cmocka_unit_test(quantiles_are_those_of_the_sum),
        cmocka_unit_test(what_a_neighbour_cannot_serve_is_lost),
        cmocka_unit_test(the_truth_is_not_touched),
        cmocka_unit_test(a_sentence_says_what_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

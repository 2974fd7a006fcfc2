/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layouts planned with the daily engine: today's layout costs what today's plan costs; ranks. */
#include <math.h>
#include <string.h>

#include "models/net/network_build.h"
#include "models/sample/generate.h"
#include "solver/run/plan_run.h"
#include "solver/run/site_operate.h"
#include "tests/check.h"

#define DAYS 5
#define HISTORY 140

typedef struct bank {
    cp_ctx ctx;
    cp_rows rows;
    cp_network *net;
    cp_day *balance_day;
    cp_history *history;
    cp_day today;
    int32_t *vault_of;
    double *stops;
    cp_layout layout;
    cp_operate_in in;
} bank;

static void add_history(bank *b, const cp_history_row *rows, int64_t n)
{
    assert_ok(&b->ctx, cp_history_new(&b->ctx, b->net, b->today - HISTORY, HISTORY, &b->history));
    for (int64_t k = 0; k < n; k++)
        for (int32_t p = 0; p < b->net->n_points; p++) {
            if (strcmp(b->net->points[p].code, rows[k].point_code) != 0) continue;
            const int64_t at = ((int64_t)rows[k].flow * b->net->n_points + p) * HISTORY +
                               (rows[k].day - b->history->first_day);
            if (b->history->amount[at] == CP_HISTORY_MISSING) b->history->amount[at] = 0;
            b->history->amount[at] += rows[k].amount_minor;
        }
}

/* 24 points, two vaults and two candidates. */
static void begin(bank *b)
{
    memset(b, 0, sizeof *b);
    assert_int_equal(cp_ctx_init(&b->ctx), CP_OK);
    cp_generate_opts o = cp_generate_defaults();
    o.n_points = 24;
    o.n_vaults = 1;
    o.n_candidates = 1;
    o.history_days = HISTORY;
    b->today = o.first_day = cp_day_of(2026, 6, 2);
    o.calendar = (cp_calendar){"CN", "", cp_day_of(2025, 1, 1), cp_day_of(2026, 12, 31), 96};
    cp_history_row *history = NULL;
    int64_t n = 0;
    assert_ok(&b->ctx, cp_generate(&b->ctx, &o, &b->rows, &history, &n));
    assert_ok(&b->ctx,
              cp_network_build(&b->ctx, &b->rows, b->today, DAYS, &b->net, &b->balance_day));
    add_history(b, history, n);
    b->vault_of = cp_alloc(&b->ctx, b->ctx.run, (size_t)b->net->n_sites, sizeof(int32_t));
    b->stops = cp_alloc(&b->ctx, b->ctx.run, (size_t)b->net->n_sites, sizeof(double));
    for (int32_t i = 0; i < b->net->n_sites; i++)
        b->stops[i] = 50;
    b->layout = (cp_layout){
        .vaults = b->rows.vault, .n_vaults = 1, .vault_of = b->vault_of, .stops = b->stops};
    assert_int_equal(b->rows.vault[0].status, CP_VAULT_EXISTING);
    b->in = (cp_operate_in){.rows = &b->rows,
                            .net = b->net,
                            .history = b->history,
                            .today = b->today,
                            .n_days = DAYS,
                            .weeks = &b->today,
                            .n_weeks = 1,
                            .work = 5};
}

/* The layout of today over the coming days is today's plan, to the minor unit of a year. */
static void todays_layout_costs_what_todays_plan_costs(void **state)
{
    (void)state;
    bank b;
    begin(&b);
    cp_plan_run_opts opts = cp_plan_run_defaults();
    cp_plan_answer answer;
    cp_study_operation op;
    opts.work = b.in.work;
    opts.rivals = false;
    opts.fresh_paths = 0;
    assert_ok(&b.ctx, cp_plan_run(&b.ctx, b.net, b.balance_day, b.history, &opts, &answer));
    assert_ok(&b.ctx, cp_operate(&b.ctx, &b.in, &b.layout, 1000, &op));
    assert_true(op.done);
    assert_int_equal(op.cost, llround((double)answer.plan->cost.total_minor * 365.0 / DAYS) + 1000);
    assert_int_equal(op.routes + op.visits + op.vaults, op.cost);
    assert_int_equal(op.n_days, DAYS);
    assert_int_equal(op.stops, answer.plan->n_stops);
    assert_int_equal(op.bound, -1);
    cp_ctx_done(&b.ctx);
}

/* Twice the demand costs more; the candidate in the vault's stead can be planned too, with the
 * vault's cars; a layout whose vault is never open cannot, and says so. */
static void other_layouts_are_planned_or_say_why_not(void **state)
{
    (void)state;
    bank b;
    begin(&b);
    cp_study_operation today, twice, moved, none;
    assert_ok(&b.ctx, cp_operate(&b.ctx, &b.in, &b.layout, 0, &today));
    double *grow = cp_alloc(&b.ctx, b.ctx.run, (size_t)b.net->n_sites, sizeof *grow);
    for (int32_t i = 0; i < b.net->n_sites; i++)
        grow[i] = 2;
    b.layout.growth = grow;
    assert_ok(&b.ctx, cp_operate(&b.ctx, &b.in, &b.layout, 0, &twice));
    assert_true(twice.done && twice.cost > today.cost);
    b.layout.growth = NULL;
    b.layout.vaults = &b.rows.vault[1];
    assert_ok(&b.ctx, cp_operate(&b.ctx, &b.in, &b.layout, 0, &moved));
    assert_true(moved.done && moved.cars > 0);
    assert_int_not_equal(moved.cost, today.cost);
    cp_vault shut = b.rows.vault[0];
    shut.close_min = shut.open_min + 1;
    b.layout.vaults = &shut;
    assert_ok(&b.ctx, cp_operate(&b.ctx, &b.in, &b.layout, 0, &none));
    assert_true(!none.done || none.unserved > 0);
    if (!none.done) assert_true(none.why_not != NULL && none.why_not[0] != '\0');
    cp_ctx_done(&b.ctx);
}

/* Weeks: begin on today's weekday, lie within what history can tell, follow the order of demand:
 * of two, one below and one above the median of all. */
static void weeks_stand_for_all_weeks(void **state)
{
    (void)state;
    bank b;
    begin(&b);
    cp_day week[8];
    int32_t n = 0;
    for (int32_t p = 0; p < b.net->n_points; p++)
        for (int32_t d = 0; d < HISTORY; d++) /* ever more */
            b.history->amount[(int64_t)p * HISTORY + d] = 1000000 + 5000000 * d;
    assert_ok(&b.ctx, cp_operate_weeks(&b.ctx, b.history, b.today, 7, 2, week, &n));
    assert_int_equal(n, 2);
    /* Eight windows: today - 7k, k = 1 .. 8; the middles of the halves. */
    assert_int_equal(week[0], b.today - 7 * 7);
    assert_int_equal(week[1], b.today - 3 * 7);
    assert_ok(&b.ctx, cp_operate_weeks(&b.ctx, b.history, b.today, 7, 1, week, &n));
    assert_int_equal(week[0], b.today - 5 * 7);
    assert_ok(&b.ctx, cp_operate_weeks(&b.ctx, b.history, b.today, 7, 8, week, &n));
    assert_int_equal(n, 8);
    assert_ok(&b.ctx, cp_operate_weeks(&b.ctx, b.history, b.today - 60, 7, 3, week, &n));
    assert_int_equal(n, 1);
    assert_int_equal(week[0], b.today - 60);
    cp_ctx_done(&b.ctx);
}

static void ranks_tell_both_orders(void **state)
{
    (void)state;
    cp_study_operation op[4] = {{.done = true, .cost = 30},
                                {.done = false},
                                {.done = true, .cost = 10},
                                {.done = true, .cost = 30}};
    const double model[4] = {1, 0, 3, 2};
    const int32_t rank[4] = {2, 0, 1, 3}, by_model[4] = {1, 0, 3, 2};
    cp_operate_rank(op, model, 4);
    for (int32_t i = 0; i < 4; i++) {
        assert_int_equal(op[i].rank, rank[i]);
        assert_int_equal(op[i].model_rank, by_model[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(todays_layout_costs_what_todays_plan_costs),
        cmocka_unit_test(other_layouts_are_planned_or_say_why_not),
        cmocka_unit_test(weeks_stand_for_all_weeks),
        cmocka_unit_test(ranks_tell_both_orders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

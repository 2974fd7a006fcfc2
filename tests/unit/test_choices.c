/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole zone in which branches may fill their machines and cassettes may be swapped in part: the
 * search's cost is that of plan_cost.h, the bound is below it, and no machine pays more for being
 * allowed more. */
#include <stdio.h>
#include <string.h>

#include "models/plan/plan_cost.h"
#include "models/plan/plan_fill.h"
#include "solver/replenish/refill.h"
#include "tests/check.h"
#include "tests/unit/refill_bank.h"

#define SEED 5

typedef struct used {
    int32_t fills, partials, later_fills;
} used;

/* Machines may be filled by their branch, be swapped in part, or both. */
static void allow(cp_network *net)
{
    cp_point *points = net->rows.point;
    for (int32_t p = 0; p < net->n_points; p++) {
        if (points[p].kind != CP_POINT_ATM || points[p].n_mixes > 0) continue;
        points[p].on_site = true;
        if (p % 3 != 1) points[p].serviced_by = CP_BY_EITHER;
        if (p % 3 != 0 && (points[p].visit_kinds & CP_MAY_SWAP) != 0)
            points[p].visit_kinds |= CP_MAY_PARTIAL_SWAP;
    }
}

/* One denomination nearly gone, the others nearly full. */
static void unbalance(cp_network *net)
{
    cp_channel *channels = NULL;
    memcpy(&channels, &net->channels, sizeof channels); /* ours to change here */
    for (int32_t p = 0; p < net->n_points; p++)
        for (int32_t k = 0; k < net->points[p].n_channels; k++)
            channels[net->points[p].first_channel + k].balance_notes = k == p % 2 ? 60 : 1700;
}

static void count(const cp_plan *plan, used *n)
{
    for (int32_t i = 0; i < plan->n_visits; i++) {
        n->fills += plan->visits[i].by_branch;
        n->later_fills += plan->visits[i].by_branch && !plan->visits[i].fixed_amount;
        n->partials += plan->visits[i].kind == CP_VISIT_PARTIAL_SWAP;
    }
}

static cp_plan solve(cp_ctx *ctx, const refill_bank *b)
{
    const cp_stop_prices prices = {0};
    cp_refill *refill = NULL;
    cp_plan plan = {0};
    cp_refill_opts opts = cp_refill_defaults();
    opts.replans = 40 * b->net->n_points;
    assert_ok(ctx, cp_refill_build(ctx, b->net, b->forecast, b->shares, SEED, &refill));
    assert_ok(ctx, cp_refill_solve(ctx, refill, &prices, &opts, &plan));
    return plan;
}

static void check_plan(cp_ctx *ctx, const refill_bank *b, cp_plan *plan)
{
    cp_cost cost;
    assert_ok(ctx, cp_plan_fill_visits(ctx, b->net, b->forecast, b->shares, SEED, plan));
    assert_ok(ctx, cp_plan_cost(ctx, b->net, b->forecast, b->shares, SEED, plan, &cost, NULL));
    if (cost.refill_minor != plan->proof.plan_minor)
        fail_msg("plan_cost %lld, search %lld", (long long)cost.refill_minor,
                 (long long)plan->proof.plan_minor);
    assert_true(plan->proof.has_bound && plan->proof.bound_minor <= plan->proof.plan_minor);
    cp_plan again = *plan; /* uses and relief recounted by the model layer */
    assert_ok(ctx, cp_plan_fill_limits(ctx, b->net, b->forecast, b->shares, SEED, &again));
    assert_ok(ctx, cp_plan_cost(ctx, b->net, b->forecast, b->shares, SEED, &again, &cost, NULL));
    assert_int_equal(cost.refill_minor, plan->proof.plan_minor);
}

static void costs_agree_and_more_choice_is_not_dearer(void **state)
{
    cp_ctx *ctx = *state;
    used n = {0, 0, 0};
    for (uint64_t seed = 1; seed <= 6; seed++) {
        const refill_bank_opts opts = {.n_sites = 8,
                                       .n_days = 7,
                                       .n_paths = 30,
                                       .seed = seed,
                                       .tight = seed % 2 != 0,
                                       .before_ppm = seed % 3 ? 300000 : 0};
        refill_bank b;
        assert_ok(ctx, refill_bank_make(ctx, &opts, &b));
        unbalance(b.net);
        const cp_plan without = solve(ctx, &b);
        allow(b.net);
        cp_plan with = solve(ctx, &b);
        check_plan(ctx, &b, &with);
        assert_true(with.proof.bound_minor <= without.proof.plan_minor);
        if (!opts.tight && with.proof.plan_minor > without.proof.plan_minor)
            fail_msg("seed %d: %lld without, %lld with more choice", (int)seed,
                     (long long)without.proof.plan_minor, (long long)with.proof.plan_minor);
        count(&with, &n);
    }
    assert_true(n.fills > 0 && n.later_fills > 0 && n.partials > 0);
}

static double alone(cp_ctx *ctx, const refill_bank *b, int32_t point)
{
    const cp_arena_mark run = cp_arena_here(ctx->run);
    const cp_arc_input in = {b->net, b->forecast, b->shares, SEED, NULL};
    const int32_t days = b->net->n_days;
    double *node = cp_alloc(ctx, ctx->run, (size_t)(days * CP_MAX_ALL_MODES), sizeof *node);
    cp_step *steps = cp_alloc(ctx, ctx->run, (size_t)days, sizeof *steps);
    cp_arcs arcs;
    double cost = 0.0;
    int32_t n = 0;
    const cp_point_prices prices = {node, node, NULL, NULL, NULL};
    assert_ok(ctx, cp_arcs_build(ctx, &in, point, &arcs));
    assert_ok(ctx, cp_point_price(ctx, &arcs, &prices, &cost, steps, &n));
    cp_arena_rewind(ctx->run, run);
    return cost;
}

static void no_machine_alone_pays_for_more_choice(void **state)
{
    cp_ctx *ctx = *state;
    int32_t n_cheaper = 0;
    const refill_bank_opts opts = {
        .n_sites = 20, .n_days = 14, .n_paths = 40, .seed = 9, .before_ppm = 300000};
    refill_bank b;
    assert_ok(ctx, refill_bank_make(ctx, &opts, &b));
    double *before = cp_alloc(ctx, ctx->run, (size_t)b.net->n_points, sizeof *before);
    for (int32_t p = 0; p < b.net->n_points; p++)
        before[p] = alone(ctx, &b, p);
    allow(b.net);
    for (int32_t p = 0; p < b.net->n_points; p++) {
        const double after = alone(ctx, &b, p);
        if (after > before[p])
            fail_msg("point %d: %.0f, and %.0f with more choice", (int)p, before[p], after);
        n_cheaper += after < before[p];
    }
    assert_true(n_cheaper > 0);
}

static int make_ctx(void **state)
{
    static cp_ctx ctx;
    if (cp_ctx_init(&ctx) != CP_OK) return -1;
    *state = &ctx;
    return 0;
}

static int drop_ctx(void **state)
{
    cp_ctx_done(*state);
    return 0;
}

#define T(name) cmocka_unit_test_setup_teardown(name, make_ctx, drop_ctx)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(costs_agree_and_more_choice_is_not_dearer),
        T(no_machine_alone_pays_for_more_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole zone in which branches may fill their machines and cassettes may be swapped in part: the
 * search's cost is that of plan_cost.h, the bound is below it, and no machine pays more for being
 * allowed more. */
#include <stdio.h>

#include "models/plan/plan_cost.h"
#include "models/plan/plan_fill.h"
#include "solver/replenish/refill.h"
#include "tests/check.h"
#include "tests/unit/refill_bank.h"

#define SEED 5

typedef struct used {
    int32_t fills, partials, later_fills;
} used;

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
        refill_bank_unbalance(&b);
        const cp_plan without = solve(ctx, &b);
        refill_bank_allow(&b);
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
    const cp_point_prices prices = {node, node, NULL, NULL, NULL, NULL};
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
    refill_bank_allow(&b);
    for (int32_t p = 0; p < b.net->n_points; p++) {
        const double after = alone(ctx, &b, p);
        if (after > before[p])
            fail_msg("point %d: %.0f, and %.0f with more choice", (int)p, before[p], after);
        n_cheaper += after < before[p];
    }
    assert_true(n_cheaper > 0);
}

/* The plan of one machine alone, the others left without visits, priced by plan_cost.h. */
static cp_minor plan_cost_of(cp_ctx *ctx, const refill_bank *b, const cp_arcs *a,
                             const cp_step *steps, int32_t n)
{
    cp_plan_builder *builder = NULL;
    cp_plan *plan = NULL;
    cp_cost cost;
    assert_ok(ctx, cp_plan_builder_new(ctx, b->net, "one", &builder));
    for (int32_t i = 0; i < n; i++) {
        const cp_mode *mode = &a->mode[steps[i].mode];
        const cp_level *level = cp_step_level(a, &steps[i]);
        int64_t notes[CP_MAX_CHANNELS] = {0};
        for (int32_t k = 0; k < a->n_channels; k++) {
            const bool kept = mode->kind == CP_VISIT_PARTIAL_SWAP && (mode->swapped >> k & 1) == 0;
            notes[k] = kept ? -1 : level->notes[k];
        }
        const cp_plan_visit visit = {.t = steps[i].t,
                                     .point = a->point,
                                     .kind = mode->kind,
                                     .fixed_amount = cp_step_is_first(a, &steps[i]) &&
                                                     mode->kind == CP_VISIT_ADD,
                                     .until = cp_step_until(a, &steps[i]),
                                     .by_branch = mode->by_branch};
        assert_ok(ctx, cp_plan_builder_visit(ctx, builder, &visit,
                                             mode->kind == CP_VISIT_PICKUP ? NULL : notes));
    }
    assert_ok(ctx, cp_plan_builder_finish(ctx, builder, &plan));
    assert_ok(ctx, cp_plan_fill_visits(ctx, b->net, b->forecast, b->shares, SEED, plan));
    assert_ok(ctx, cp_plan_fill_limits(ctx, b->net, b->forecast, b->shares, SEED, plan));
    assert_ok(ctx, cp_plan_cost(ctx, b->net, b->forecast, b->shares, SEED, plan, &cost, NULL));
    return cost.refill_minor - cost.item[CP_COST_STOP_SITE];
}

static void every_machine_costs_what_plan_cost_says(void **state)
{
    cp_ctx *ctx = *state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        const refill_bank_opts opts = {
            .n_sites = 8, .n_days = 7, .n_paths = 30, .seed = seed, .before_ppm = 300000};
        refill_bank b;
        assert_ok(ctx, refill_bank_make(ctx, &opts, &b));
        refill_bank_unbalance(&b);
        refill_bank_allow(&b);
        const cp_arc_input in = {b.net, b.forecast, b.shares, SEED, NULL};
        double node[CP_MAX_ALL_MODES * 7] = {0};
        const cp_point_prices prices = {node, node, NULL, NULL, NULL, NULL};
        for (int32_t p = 0; p < b.net->n_points; p++) {
            const cp_arena_mark run = cp_arena_here(ctx->run);
            cp_arcs arcs;
            cp_step steps[7];
            double cost = 0.0;
            int32_t n = 0;
            assert_ok(ctx, cp_arcs_build(ctx, &in, p, &arcs));
            assert_ok(ctx, cp_point_price(ctx, &arcs, &prices, &cost, steps, &n));
            const cp_minor none = plan_cost_of(ctx, &b, &arcs, NULL, 0);
            const cp_minor with = plan_cost_of(ctx, &b, &arcs, steps, n);
            const cp_minor said = cp_steps_cost(&arcs, steps, n) - arcs.opening[b.net->n_days].cost;
            if (with - none != said)
                fail_msg("seed %d point %s, first visit of kind %d%s: %lld, plan_cost %lld",
                         (int)seed, b.net->points[p].code,
                         n > 0 ? (int)arcs.mode[steps[0].mode].kind : -1,
                         n > 0 && arcs.mode[steps[0].mode].by_branch ? " by the branch" : "",
                         (long long)said, (long long)(with - none));
            cp_arena_rewind(ctx->run, run);
        }
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, check_start, check_finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(costs_agree_and_more_choice_is_not_dearer),
        T(every_machine_costs_what_plan_cost_says),
        T(no_machine_alone_pays_for_more_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

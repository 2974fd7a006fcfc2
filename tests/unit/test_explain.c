/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What explain says of a plan: the plan's own choice is the cheapest of all first visits when the
 * others stay, parts add up, and limits push only where there are limits. */
#include <string.h>

#include "models/plan/plan_fill.h"
#include "solver/replenish/explain.h"
#include "solver/replenish/refill.h"
#include "tests/check.h"
#include "tests/unit/refill_bank.h"

#define SEED 5

typedef struct planned {
    refill_bank bank;
    cp_plan plan;
    cp_zone *zone;
} planned;

static void make(cp_ctx *ctx, const refill_bank_opts *opts, planned *out)
{
    cp_refill *refill = NULL;
    cp_arcs *arcs = NULL;
    static const cp_stop_prices prices = {0};
    cp_refill_opts ropts = cp_refill_defaults();
    memset(out, 0, sizeof *out);
    ropts.replans = 4000;
    assert_ok(ctx, refill_bank_make(ctx, opts, &out->bank));
    const refill_bank *b = &out->bank;
    assert_ok(ctx, cp_refill_build(ctx, b->net, b->forecast, b->shares, SEED, &refill));
    assert_ok(ctx, cp_refill_solve(ctx, refill, &prices, &ropts, &out->plan));
    assert_ok(ctx, cp_plan_fill_visits(ctx, b->net, b->forecast, b->shares, SEED, &out->plan));
    arcs = cp_alloc(ctx, ctx->run, (size_t)b->net->n_points, sizeof *arcs);
    const cp_arc_input in = {b->net, b->forecast, b->shares, SEED, NULL};
    for (int32_t p = 0; p < b->net->n_points; p++)
        assert_ok(ctx, cp_arcs_build(ctx, &in, p, &arcs[p]));
    assert_ok(ctx, cp_zone_make(ctx, b->net, arcs, &prices, 0, &out->zone));
    cp_zone_scale_relief(out->zone, CP_RELIEF_TIMES, 1);
}

static int32_t first_day(const cp_plan *plan, int32_t point)
{
    for (int32_t i = 0; i < plan->n_visits; i++)
        if (plan->visits[i].point == point) return plan->visits[i].t;
    return -1;
}

static void check_choices(const planned *p, const cp_explanation *e)
{
    int32_t n_chosen = 0;
    assert_true(e->n_choices > 0);
    assert_int_equal(e->n_changed, 0);
    for (int32_t i = 0; i < e->n_choices; i++) {
        const cp_choice *c = &e->choice[i];
        assert_int_equal(c->total_minor, c->own_minor + c->stop_minor + c->limits_minor);
        assert_true(i == 0 || c->total_minor >= c[-1].total_minor);
        if (!c->chosen) continue;
        n_chosen++;
        assert_int_equal(c->t, first_day(&p->plan, e->point));
        /* The search ends where no point alone can do better. */
        assert_int_equal(c->total_minor, e->choice[0].total_minor);
    }
    assert_int_equal(n_chosen, 1);
    n_chosen = 0;
    for (int32_t i = 0; i < e->n_loads; i++) {
        n_chosen += e->load[i].chosen;
        if (e->load[i].chosen) assert_int_equal(e->load[i].more_minor, 0);
    }
    assert_int_equal(n_chosen, e->n_loads > 0 ? 1 : 0);
}

/* Returns the number of points that a limit pushed. */
static int32_t check_bank(cp_ctx *ctx, const refill_bank_opts *opts)
{
    planned p;
    int32_t n_pushed = 0;
    make(ctx, opts, &p);
    for (int32_t i = 0; i < p.zone->n_points; i++) {
        cp_explanation e, again;
        assert_ok(ctx, cp_explain_zone(ctx, p.zone, &p.plan, p.zone->point[i], &e));
        check_choices(&p, &e);
        for (int32_t k = 0; k < e.n_pushes; k++)
            assert_true(e.push[k].cost_minor > 0 && e.push[k].wanted > 0);
        /* What limits nothing costs nothing, and then nothing pushes. */
        if (e.n_pushes == 0) assert_int_equal(e.alone.limits_minor <= 0, 1);
        n_pushed += e.n_pushes > 0;
        assert_ok(ctx, cp_explain_zone(ctx, p.zone, &p.plan, p.zone->point[i], &again));
        assert_int_equal(again.n_choices, e.n_choices);
        for (int32_t k = 0; k < e.n_choices; k++)
            assert_int_equal(again.choice[k].total_minor, e.choice[k].total_minor);
    }
    return n_pushed;
}

static void the_plans_choice_is_the_cheapest(void **state)
{
    cp_ctx *ctx = *state;
    int32_t n_pushed = 0, n_loose = 0;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        const refill_bank_opts loose = {8, 7, 30, seed, false, 300000, 0, 0};
        const refill_bank_opts tight = {8, 7, 30, seed, true, 300000, 0, 0};
        n_loose += check_bank(ctx, &loose);
        n_pushed += check_bank(ctx, &tight);
    }
    assert_true(n_pushed > n_loose);
}

static void a_plan_of_other_data_is_told(void **state)
{
    cp_ctx *ctx = *state;
    planned p;
    cp_explanation e;
    const refill_bank_opts opts = {8, 7, 30, 2, false, 300000, 0, 0};
    make(ctx, &opts, &p);
    assert_true(p.plan.n_visits > 0);
    p.plan.loads[p.plan.visits[0].first_load].level_notes += 7;
    p.plan.loads[p.plan.visits[0].first_load].load_notes += 7;
    const int32_t point = p.plan.visits[0].point;
    assert_fails(ctx, CP_E_INPUT, cp_explain_zone(ctx, p.zone, &p.plan, point, &e));
    for (int32_t i = 0; i < p.zone->n_points; i++) {
        if (p.zone->point[i] == point) continue;
        assert_ok(ctx, cp_explain_zone(ctx, p.zone, &p.plan, p.zone->point[i], &e));
        assert_int_equal(e.n_changed, 1);
        break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_plans_choice_is_the_cheapest, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(a_plan_of_other_data_is_told, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

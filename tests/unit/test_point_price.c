/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "solver/replenish/site_exact.h"
#include "solver/replenish/site_price.h"
#include "solver/replenish/zone_stock.h"
#include "tests/check.h"
#include "tests/unit/arc_toy.h"

#define DAYS 5
#define SITE_MOST 3
#define MISSING 100000

static void test_use_price_is_marginal_cost(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        cp_use_price p;
        double u, cost;
    } cases[] = {
        {"no limit, no price", {0, 0, 0, 0, 0, 0, 0}, 7, 0},
        {"linear", {2, 0, 0, 0, 0, 0, 0}, 7, 14},
        {"inside the slack", {0, 10, 0, 0, 5, 0, 0}, 7, 0},
        {"two above the slack", {0, 5, 0, 0, 5, 0, 0}, 7, 10},
        {"extra first, then relief", {0, 4, 2, 3, 5, 0, 0}, 7, 11},
        {"already over: every unit is relief", {0, -3, 0, 0, 5, 0, 0}, 7, 35},
        {"extra, second extra, then relief", {0, 4, 2, 3, 5, 1, 4}, 8, 6 + 4 + 5},
        {"already in the second extra", {0, -3, 2, 3, 5, 3, 4}, 4, 2 * 4 + 2 * 5},
        {"already over, extra left", {0, -1, 3, 2, 5, 0, 0}, 4, 2 * 2 + 2 * 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double got = cp_use_cost(&cases[i].p, cases[i].u);
        if (fabs(got - cases[i].cost) > 1e-9) fail_msg("%s: %g", cases[i].name, got);
    }
}

/* Price of one listed plan, written as a plain sum. */
static double listed_cost(const cp_arcs *a, const cp_point_prices *p, const toy_plan *plan)
{
    double cost = (double)cp_steps_cost(a, plan->steps, plan->n);
    for (int32_t i = 0; i < plan->n; i++) {
        const cp_step *s = &plan->steps[i];
        int64_t num = 0, den = 1;
        cp_step_share(a, s, &num, &den);
        const double unpaid = (double)num / (double)den - p->paid_share[s->t];
        cost += p->node[s->mode * DAYS + s->t];
        if (unpaid > 0.0) cost += p->stop[s->t] * unpaid;
        cost += cp_use_cost(&p->value[s->t], (double)cp_step_level(a, s)->out_minor);
        cost += cp_use_cost(&p->sort[s->t], (double)cp_step_back(a, plan->steps, i));
        if (p->stock == NULL || s->t >= p->stock->n_days) continue;
        cost += p->stock->slope[s->t * CP_MAX_CHANNELS] * (double)cp_step_level(a, s)->notes[0];
        if (i == 0) cost += p->stock->first[s->t * CP_MAX_ALL_MODES + s->mode];
    }
    return cost;
}

static void test_cheapest_plan_is_that_of_all_plans(void **state)
{
    cp_ctx *ctx = *state;
    int32_t n_led = 0; /* plans with a partial swap on a later day */
    for (uint64_t seed = 1; seed <= 160; seed++) {
        cp_rng rng = cp_rng_new(seed, 0);
        double node[CP_MAX_ALL_MODES * DAYS], stop[DAYS], paid[DAYS];
        double slope[2 * CP_MAX_CHANNELS] = {0}, first[2 * CP_MAX_ALL_MODES];
        cp_use_price value[DAYS], sort[DAYS];
        cp_arcs *a = NULL;
        toy_plan *plans = NULL;
        cp_step steps[DAYS];
        int32_t n = 0, n_steps = 0;
        double cost = 0.0, best = INFINITY;
        assert_int_equal(arc_toy_make(ctx, &rng, DAYS, (int32_t)(seed % ARC_TOY_VARIETIES), &a),
                         CP_OK);
        for (int32_t t = 0; t < DAYS; t++) {
            for (int32_t m = 0; m < CP_MAX_ALL_MODES; m++)
                node[m * DAYS + t] = cp_rng_below(&rng, 300);
            stop[t] = cp_rng_below(&rng, 500);
            paid[t] = cp_rng_below(&rng, 3) * 0.5;
            value[t] = (cp_use_price){0.01 * cp_rng_below(&rng, 3), 1500, 500, 0.1, 0.3, 0, 0};
            sort[t] = (cp_use_price){0, 10, 5, 1, 4, 8, 2.5};
        }
        /* Notes of the first two days: dear ones, and some worth having back. */
        slope[CP_MAX_CHANNELS] = 0.2 * cp_rng_below(&rng, 10);
        slope[0] = slope[CP_MAX_CHANNELS] + 0.2 * cp_rng_below(&rng, 10);
        for (int32_t i = 0; i < 2 * CP_MAX_ALL_MODES; i++)
            first[i] = -(double)cp_rng_below(&rng, 200);
        const cp_stock_prices stock = {.n_days = 2, .slope = slope, .first = first};
        a->n_early = 2;
        assert_int_equal(arc_toy_tables(ctx, a), CP_OK);
        const cp_point_prices prices = {node,  stop, paid,
                                        value, sort, seed % 3 == 0 ? &stock : NULL};
        assert_int_equal(arc_toy_all_plans(ctx, a, &plans, &n), CP_OK);
        assert_true(n > 0);
        for (int32_t i = 0; i < n; i++)
            best = fmin(best, listed_cost(a, &prices, &plans[i]));
        assert_int_equal(cp_point_price(ctx, a, &prices, &cost, steps, &n_steps), CP_OK);
        if (fabs(cost - best) > 1e-6)
            fail_msg("seed %d: %g, best of all %g", (int)seed, cost, best);
        const toy_plan got = {steps, n_steps};
        if (fabs(listed_cost(a, &prices, &got) - best) > 1e-6)
            fail_msg("seed %d: the plan returned does not cost what is said", (int)seed);
        for (int32_t i = 0; i < n_steps; i++)
            n_led += cp_step_leads(a, &steps[i]);
    }
    assert_true(n_led > 5);
}

/* An arc taken out of its table is the one that was put in, in all that may be asked of it: of a
 * way's last interval the end by its own mode alone. */
static void test_arcs_come_out_as_they_went_in(void **state)
{
    cp_ctx *ctx = *state;
    int32_t n_left_out = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        cp_rng rng = cp_rng_new(seed, 3);
        cp_arcs *a = NULL;
        assert_int_equal(arc_toy_make(ctx, &rng, DAYS, (int32_t)(seed % ARC_TOY_VARIETIES), &a),
                         CP_OK);
        for (int32_t k = 0; k <= a->n_firsts; k++) {
            int32_t at = 0;
            const cp_arc_list *list = arc_toy_list(a, k, &at);
            n_left_out += list->first[DAYS] - at;
            for (int32_t t = 0; t < DAYS; t++)
                for (int32_t i = list->first[t]; i < list->first[t + 1]; i++) {
                    const cp_arc want = list->arc[i], got = cp_arcs_get(a, k, t, at + i);
                    const cp_level *level = &list->level[want.level];
                    assert_int_equal(got.cost, want.cost);
                    assert_int_equal(got.until, want.until);
                    assert_int_equal(got.level, want.level);
                    assert_int_equal(got.misses, want.misses);
                    for (int32_t m = 0; m < cp_center_modes(a); m++)
                        assert_int_equal(got.back[m], want.back[m]);
                    for (int32_t m = 0; m < a->n_all_modes; m++) {
                        if (want.until >= DAYS ? k > 0 && m != a->way[k - 1].mode : m >= a->n_modes)
                            continue;
                        if (k == 0 && m >= a->n_modes) continue;
                        assert_int_equal(cp_arc_end(a, t, &got, level, m),
                                         cp_arc_end(a, t, &want, level, m));
                    }
                }
        }
    }
    assert_true(n_left_out > 100);
}

/* What a plan costs, arc by arc. */
static cp_minor sum_of_arcs(const cp_arcs *a, const toy_plan *plan)
{
    if (plan->n == 0) return a->opening[DAYS].cost;
    const cp_arc *open = &a->opening[plan->steps[0].t];
    cp_minor cost = open->cost;
    for (int32_t i = 0; i < plan->n; i++) {
        const cp_step *s = &plan->steps[i];
        const cp_arc arc = cp_arcs_get(a, s->first_add, s->t, s->arc);
        const cp_level *level = cp_step_level(a, s);
        const bool way = cp_step_is_first(a, s);
        const bool last = arc.until >= DAYS;
        if (i == 0 && !way) cost += cp_arc_end(a, -1, open, NULL, s->mode);
        if (i == 0 && way && s->mode != a->branch_mode) cost += level->entry_minor;
        cost += arc.cost + cp_arc_end(a, s->t, &arc, level, last ? s->mode : s[1].mode);
        if (!last) cost += cp_arcs_node_cost(a, s->t, s->mode, level);
    }
    return cost;
}

static void test_a_plan_costs_what_its_arcs_cost(void **state)
{
    cp_ctx *ctx = *state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        cp_rng rng = cp_rng_new(seed, 3);
        cp_arcs *a = NULL;
        toy_plan *plans = NULL;
        int32_t n = 0;
        assert_int_equal(arc_toy_make(ctx, &rng, DAYS, (int32_t)(seed % ARC_TOY_VARIETIES), &a),
                         CP_OK);
        assert_int_equal(arc_toy_all_plans(ctx, a, &plans, &n), CP_OK);
        for (int32_t i = 0; i < n; i++)
            assert_int_equal(cp_steps_cost(a, plans[i].steps, plans[i].n),
                             sum_of_arcs(a, &plans[i]));
    }
}

/* More than fits is refused, and the point is named. */
static void test_too_dear_an_end_is_refused(void **state)
{
    cp_ctx *ctx = *state;
    cp_rng rng = cp_rng_new(1, 3);
    cp_arcs *a = NULL;
    cp_arc_table *table = NULL;
    cp_arc arc = {.until = 1};
    const int32_t first[DAYS + 1] = {0, 1, 1, 1, 1, 1};
    assert_int_equal(arc_toy_make(ctx, &rng, DAYS, 0, &a), CP_OK);
    const cp_arc_list list = {&arc, first, a->level, "ATM-7"};
    arc.end[0] = INT32_MAX;
    assert_int_equal(cp_arc_table_make(ctx, a, &list, -1, &table), CP_OK);
    arc.end[0]++;
    table = NULL;
    assert_int_equal(cp_arc_table_make(ctx, a, &list, -1, &table), CP_E_RANGE);
    assert_null(table);
    assert_non_null(strstr(ctx->error.text, "ATM-7"));
    cp_error_clear(ctx);
}

typedef struct site_case {
    cp_zone *z;
    toy_plan *all[SITE_MOST], joint[SITE_MOST];
    int32_t n[SITE_MOST], n_points;
    cp_minor best;
    cp_minor base; /* of rows that are over by so much with no plan at all */
} site_case;

static cp_minor cost_of(const site_case *c)
{
    return arc_toy_zone_cost(c->z, c->joint) - c->base;
}

static void try_all(site_case *c, int32_t k)
{
    if (k == c->n_points) {
        const cp_minor cost = cost_of(c);
        c->best = cost < c->best ? cost : c->best;
        return;
    }
    for (int32_t i = 0; i < c->n[k]; i++) {
        c->joint[k] = c->all[k][i];
        try_all(c, k + 1);
    }
}

/* The exact search alone, knowing no plan, under any division of the stop: the best of all. */
static void prove_from_nothing(cp_ctx *ctx, cp_rng *rng, site_case *c, const double *row_price)
{
    const cp_zone *z = c->z;
    cp_site_machine m[SITE_MOST] = {{0}};
    cp_site_graph graph[SITE_MOST];
    cp_step steps[SITE_MOST * 3];
    cp_use_price value[3] = {{0}}, sort[3] = {{0}};
    cp_stock_prices stock[SITE_MOST];
    double full[3], stop[3], node[CP_MAX_ALL_MODES * 3] = {0}, division[SITE_MOST * 3], bound = 0.0,
                                                     cost = 0.0;
    bool better = false;
    for (int32_t t = 0; t < 3; t++) {
        double left = 1.0;
        stop[t] = (double)z->site_stop[t];
        full[t] = row_price[z->stops_row[t]];
        value[t].slope = row_price[z->value_row[t]];
        sort[t].slope = row_price[z->sort_row[t]];
        for (int32_t k = 0; k < c->n_points; k++) {
            const double part = k + 1 < c->n_points ? left * cp_rng_unit(rng) : left;
            division[k * 3 + t] = part;
            left -= part;
        }
    }
    for (int32_t k = 0; k < c->n_points; k++) {
        assert_int_equal(cp_zone_stock_prices_new(ctx, ctx->run, z, &stock[k]), CP_OK);
        cp_zone_stock_slopes(z, k, row_price, 1.0, &stock[k]);
        const cp_graph_prices prices = {node, value, sort, &stock[k]};
        assert_int_equal(cp_site_graph_make(ctx, z->arcs[k], &prices, &graph[k]), CP_OK);
        m[k] = (cp_site_machine){&graph[k], division + k * 3, steps + k * 3, 0};
    }
    const cp_site_joint joint = {c->n_points, 3, m, full, stop, 1e12, -INFINITY, 4000};
    assert_int_equal(cp_site_exact(ctx, &joint, &bound, &better, &cost), CP_OK);
    assert_true(better);
    for (int32_t k = 0; k < c->n_points; k++)
        c->joint[k] = (toy_plan){m[k].steps, m[k].n_steps};
    const double counted = (double)cost_of(c);
    const double rounding = 0.5 * c->n_points + 0.1; /* of stops charged in part */
    if (fabs(counted - cost) > rounding || fabs(cost - (double)c->best) > rounding)
        fail_msg("plan %g, said %g, best %lld", counted, cost, (long long)c->best);
    assert_true(bound <= cost && bound >= cost - 0.02);
}

/* Machines of one site under any prices of the rows: the plan is the best of all joint plans, and
 * the bound says so. A row of nothing (or, where notes come back, of less) with relief at the row's
 * price costs what is priced. */
static void test_site_plan_is_best_and_proved(void **state)
{
    cp_ctx *ctx = *state;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        cp_rng rng = cp_rng_new(seed, 7);
        const int32_t n_points[1] = {seed % 4 == 0 ? 3 : 2};
        site_case c = {NULL, {NULL}, {{NULL, 0}}, {0}, n_points[0], INT64_MAX, 0};
        double row_price[256] = {0}, division[SITE_MOST * 3], reduced = 0.0, bound = 0.0;
        cp_site_plan plan;
        cp_network net = {0};
        assert_int_equal(arc_toy_zone(ctx, &rng, 3, 1, n_points, &c.z), CP_OK);
        if (seed % 2) assert_int_equal(arc_toy_stock(ctx, &rng, 2, &net, c.z), CP_OK);
        for (int32_t r = 0; r < c.z->n_rows; r++) {
            cp_zone_row *row = &c.z->row[r];
            row->cap = row->extra_cap = row->second_cap = 0;
            row->relief_minor = row->kind == CP_LIMIT_VALUE_OUT
                                    ? cp_rng_below(&rng, 6) == 0
                                    : cp_rng_below(&rng, row->kind == CP_LIMIT_STOPS ? 400 : 12);
            row_price[r] = (double)row->relief_minor;
            if (row->kind != CP_LIMIT_VAULT_STOCK) continue;
            row->cap = -MISSING; /* returns are worth their price, too */
            c.base += MISSING * row->relief_minor;
        }
        for (int32_t k = 0; k < c.n_points; k++)
            assert_int_equal(arc_toy_all_plans(ctx, c.z->arcs[k], &c.all[k], &c.n[k]), CP_OK);
        try_all(&c, 0);
        for (int32_t i = 0; i < SITE_MOST * 3; i++)
            division[i] = 1.0 / c.n_points;
        const cp_site_effort effort[] = {{1 + (int32_t)(seed % 3), seed % 5 < 2 ? 3 : 4000},
                                         {2, 4000}};
        const cp_site_ask ask = {
            .zone = c.z, .row_price = row_price, .effort = effort, .n_efforts = 2};
        assert_int_equal(cp_site_price(ctx, &ask, division, &plan, &reduced, &bound), CP_OK);
        if (bound > (double)c.best || bound < (double)c.best - c.n_points - 0.1)
            fail_msg("seed %d: bound %g, best %lld", (int)seed, bound, (long long)c.best);
        if (fabs(reduced - (double)c.best) > 0.5 * c.n_points + 0.1)
            fail_msg("seed %d: plan %g, best %lld", (int)seed, reduced, (long long)c.best);
        for (int32_t k = 0; k < c.n_points; k++)
            c.joint[k] = (toy_plan){plan.steps + plan.first[k], plan.first[k + 1] - plan.first[k]};
        assert_true(fabs((double)cost_of(&c) - reduced) <= 0.5 * c.n_points);
        prove_from_nothing(ctx, &rng, &c, row_price);
        /* Few labels weaken the bound and nothing else. */
        const cp_site_effort little = {1, 2};
        const cp_site_ask few = {
            .zone = c.z, .row_price = row_price, .effort = &little, .n_efforts = 1};
        assert_int_equal(cp_site_price(ctx, &few, division, &plan, &reduced, &bound), CP_OK);
        assert_true(bound <= (double)c.best && reduced >= (double)c.best - 0.5 * c.n_points);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_use_price_is_marginal_cost),
        cmocka_unit_test_setup_teardown(test_arcs_come_out_as_they_went_in, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(test_a_plan_costs_what_its_arcs_cost, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(test_too_dear_an_end_is_refused, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_cheapest_plan_is_that_of_all_plans, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(test_site_plan_is_best_and_proved, check_start,
                                        check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

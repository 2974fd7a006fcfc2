/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "solver/route/route_solve.h"
#include "tests/check.h"
#include "tests/unit/route_toy.h"

#define STOPS 6

static cp_likeness_rule rule_of(int32_t limit_pct, cp_minor price_minor)
{
    const cp_likeness_rule rule = {.days = 10,
                                   .slot_min = 15,
                                   .arcs = 400000,
                                   .order = 200000,
                                   .slots = 400000,
                                   .limit_pct = limit_pct,
                                   .price_minor = price_minor};
    return rule;
}

/* A result as an earlier day, `late` minutes later. */
static cp_drive_day day_of(cp_ctx *ctx, const cp_route_result *r, int32_t t, int32_t late)
{
    const cp_drives drives = {r->routes, r->n_routes, r->stops};
    cp_drive_day day;
    assert_ok(ctx, cp_drive_day_make(ctx, ctx->run, &drives, 0, 0, &day));
    day.t = t;
    for (int32_t k = 0; k < day.n; k++)
        day.stop[k].arrive_min += late;
    return day;
}

static double value_of(const cp_likeness_rule *rule, cp_minor cost, int32_t likeness_ppm)
{
    const int32_t over = likeness_ppm - 10000 * rule->limit_pct;
    return (double)cost + (over > 0 ? (double)rule->price_minor * over / 10000.0 : 0.0);
}

/* ---- every order of one car -------------------------------------------------------------------
 */

typedef struct brute {
    cp_ctx *ctx;
    const toy *t;
    const cp_route_like *like;
    cp_car_stop stops[STOPS];
    double least;
} brute;

static void try_order(brute *b, int32_t n)
{
    cp_plan_route r;
    cp_plan_stop timed[STOPS];
    memset(&r, 0, sizeof r);
    if (!toy_judge(b->t, 0, b->stops, n, &r, timed)) return;
    const cp_arena_mark mark = cp_arena_here(b->ctx->run);
    r.t = r.first_stop = 0;
    r.n_stops = n;
    const cp_drives drives = {&r, 1, timed};
    cp_drive_day day;
    cp_plan_likeness l = {0};
    assert_ok(b->ctx, cp_drive_day_make(b->ctx, b->ctx->run, &drives, 0, 0, &day));
    assert_ok(b->ctx, cp_likeness_window(b->ctx, b->like->rule, &day, b->like->window,
                                         b->like->n_window, &l, NULL));
    const double value = value_of(b->like->rule, toy_cost(b->ctx, b->t, &r), l.likeness_ppm);
    if (value < b->least) b->least = value;
    cp_arena_rewind(b->ctx->run, mark);
}

static void try_orders(brute *b, uint32_t done, int32_t n)
{
    if (n == b->t->day.n_tasks) try_order(b, n);
    for (int32_t i = 0; i < b->t->day.n_tasks; i++) {
        if ((done >> i & 1) != 0) continue;
        b->stops[n] = toy_stop(b->t, i, 0);
        try_orders(b, done | 1u << i, n + 1);
    }
}

static cp_route_result *solve(cp_ctx *ctx, const toy *t, const cp_route_like *like)
{
    cp_route_opts opts = cp_route_defaults();
    cp_route_result *r = NULL;
    opts.work = 2000;
    opts.like = like;
    assert_ok(ctx, cp_route_solve(ctx, &t->net, &t->day, &opts, &r));
    return r;
}

static void one_car_is_near_the_best_of_all_orders(void **state)
{
    cp_ctx *ctx = *state;
    double sum = 0.0, least = 0.0, plain_sum = 0.0;
    int32_t n_best = 0, n_given_up = 0;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        toy *t = toy_new(ctx, STOPS, 1, seed % 3 == 0 ? TOY_WINDOWS : 0, seed);
        const cp_route_result *plain = solve(ctx, t, NULL);
        if (plain->n_unserved > 0) continue;
        const cp_drive_day window[2] = {day_of(ctx, plain, -1, 0), day_of(ctx, plain, -2, 40)};
        const cp_likeness_rule rule = rule_of(20, plain->cost_minor / 60);
        const cp_route_like like = {&rule, window, 2};
        const cp_route_result *r = solve(ctx, t, &like);
        brute b = {.ctx = ctx, .t = t, .like = &like, .least = 1e18};
        try_orders(&b, 0, 0);
        const double value = value_of(&rule, r->cost_minor, r->likeness.likeness_ppm);
        const double as_plain = value_of(&rule, plain->cost_minor, CP_LIKENESS_ONE);
        assert_int_equal(r->n_unserved, 0);
        assert_true(value >= b.least - 1.0 && value <= as_plain + 1.0);
        n_best += value <= b.least * 1.001 + 1.0;
        n_given_up += r->cost_minor > plain->cost_minor;
        sum += value;
        least += b.least;
        plain_sum += as_plain;
    }
    assert_true(n_best > 10 && n_given_up > 8);
    /* Most of what can be won is won. */
    assert_true(sum - least < 0.05 * (plain_sum - least));
}

/* Where order alone counts, only its price can steer: the best of all orders is nearly met. */
static void order_alone_is_priced(void **state)
{
    cp_ctx *ctx = *state;
    double sum = 0.0, least = 0.0, plain_sum = 0.0;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        toy *t = toy_new(ctx, STOPS, 1, seed % 3 == 0 ? TOY_WINDOWS : 0, 40 + seed);
        const cp_route_result *plain = solve(ctx, t, NULL);
        if (plain->n_unserved > 0) continue;
        const cp_drive_day window[2] = {day_of(ctx, plain, -1, 0), day_of(ctx, plain, -2, 40)};
        cp_likeness_rule rule = rule_of(20, plain->cost_minor / 100);
        rule.arcs = rule.slots = 0;
        const cp_route_like like = {&rule, window, 2};
        const cp_route_result *r = solve(ctx, t, &like);
        brute b = {.ctx = ctx, .t = t, .like = &like, .least = 1e18};
        try_orders(&b, 0, 0);
        sum += value_of(&rule, r->cost_minor, r->likeness.likeness_ppm);
        plain_sum += value_of(&rule, plain->cost_minor, CP_LIKENESS_ONE);
        least += b.least;
    }
    print_message("order alone: %.0f, best %.0f, without a price %.0f\n", sum, least, plain_sum);
    assert_true(plain_sum > 1.1 * least);
    assert_true(sum - least < 0.1 * (plain_sum - least));
}

/* ---- days of several cars with all rules -------------------------------------------------------
 */

static bool same_routes(const cp_route_result *a, const cp_route_result *b)
{
    if (a->n_routes != b->n_routes || a->n_stops != b->n_stops) return false;
    for (int32_t k = 0; k < a->n_stops; k++)
        if (a->stops[k].site != b->stops[k].site ||
            a->stops[k].arrive_min != b->stops[k].arrive_min)
            return false;
    return true;
}

static void routes_change_only_for_less_cost_and_likeness(void **state)
{
    cp_ctx *ctx = *state;
    int32_t n_less = 0;
    for (uint32_t k = 0; k < 40; k++) {
        const uint32_t rules = (k * 2654435761u >> 7) % TOY_RULES & ~(uint32_t)TOY_NO_WAY;
        toy *t = toy_new(ctx, 12, 3, rules, k);
        const cp_route_result *plain = solve(ctx, t, NULL);
        if (plain->n_stops == 0) continue;
        const cp_drive_day window[1] = {day_of(ctx, plain, -1, 0)};
        const cp_likeness_rule free = rule_of(0, 0), no_limit = rule_of(100, 100000);
        const cp_likeness_rule dear = rule_of(30, plain->cost_minor / 20 + 1);
        const cp_route_like none[2] = {{&free, window, 1}, {&no_limit, window, 1}};
        const cp_route_like like = {&dear, window, 1};
        for (int32_t i = 0; i < 2; i++) {
            const cp_route_result *r = solve(ctx, t, &none[i]);
            assert_true(same_routes(r, plain));
            assert_int_equal(r->likeness.likeness_ppm, CP_LIKENESS_ONE);
        }
        const cp_route_result *r = solve(ctx, t, &like), *again = solve(ctx, t, &like);
        assert_true(same_routes(r, again));
        assert_true(toy_left_out(t, r) <= toy_left_out(t, plain));
        if (toy_left_out(t, r) == toy_left_out(t, plain))
            assert_true(value_of(&dear, r->cost_minor, r->likeness.likeness_ppm) <=
                        value_of(&dear, plain->cost_minor, CP_LIKENESS_ONE) + 1.0);
        n_less += r->likeness.likeness_ppm <= 600000;
    }
    assert_true(n_less > 25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_car_is_near_the_best_of_all_orders, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(order_alone_is_priced, check_start, check_finish),
        cmocka_unit_test_setup_teardown(routes_change_only_for_less_cost_and_likeness, check_start,
                                        check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

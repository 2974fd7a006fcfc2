/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orders of a vault: the program against all orders of tiny cases, its duals against solving it
 * again with a little more, and the orders of a plan before the referee. */
#include "solver/order/vault_orders.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/rng.h"
#include "models/plan/plan_check.h"
#include "models/plan/plan_cost.h"
#include "solver/lp/lp.h"
#include "tests/check.h"
#include "tests/toy.h"

#define DAYS 4
#define UNIT 1000
#define MOST_UNITS 3 /* ordered on one day in the search by hand */

static const char *const tariffs[] = {"order_access_minor", "order_bundle_minor",
                                      "cross_ship_bundle_minor", "vault_hold_ppm_year"};

/* A network of one vault whose central bank is open on `open` of the week. */
static cp_toy *town(cp_ctx *ctx, const int64_t *prices, int32_t lead, const char *open)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "central_bank",
            "code=B|lat_deg=31|lon_deg=121|order_unit_notes=%d|lead_days=%d|service_days=%s", UNIT,
            (int)lead, open);
    for (int32_t i = 0; i < LEN(tariffs); i++)
        if (prices[i] > 0) toy_tariff(toy, tariffs[i], prices[i]);
    toy_build(toy, DAYS);
    toy->net->rows.vault[0].central_bank = 0;
    return toy;
}

/* Books of one denomination, by the day. */
static cp_vault_books books_of(cp_toy *toy, int64_t opening, const int64_t *out,
                               const int64_t *sorted)
{
    cp_ctx *ctx = toy->ctx;
    cp_plan none;
    cp_vault_books b;
    memset(&none, 0, sizeof none);
    none.n_days = DAYS;
    assert_ok(ctx, cp_vault_books_make(ctx, toy->net, &none, 0, &b));
    b.known = true;
    b.counted[0] = 1;
    b.opening[0] = opening;
    memcpy(b.out, out, DAYS * sizeof *out);
    memcpy(b.sorted, sorted, DAYS * sizeof *sorted);
    for (int32_t t = 0; t < DAYS; t++)
        b.rest_minor[t] = 5000000;
    return b;
}

static cp_plan *empty_plan(cp_ctx *ctx)
{
    cp_plan *plan = cp_alloc(ctx, ctx->run, 1, sizeof *plan);
    assert_non_null(plan);
    plan->n_days = DAYS;
    plan->first_day = TOY_FIRST_DAY;
    plan->orders = cp_alloc(ctx, ctx->run, 6 * DAYS, sizeof *plan->orders);
    assert_non_null(plan->orders);
    return plan;
}

static bool never_short(const cp_vault_books *b, const cp_plan *plan)
{
    cp_minor night[DAYS];
    int64_t usable[2 * DAYS];
    cp_vault_books_night(b, plan, night, usable);
    for (int32_t t = 0; t < DAYS; t++)
        if (usable[t] < 0) return false;
    return true;
}

/* The central bank's rule, looked at pair by pair. */
static bool is_apart(const cp_vault_books *b, const cp_plan *plan)
{
    const int32_t days = b->net->rows.central_bank[0].cross_ship_days;
    for (int32_t i = 0; i < plan->n_orders; i++)
        for (int32_t k = 0; k < plan->n_orders; k++)
            if (plan->orders[i].notes > 0 && plan->orders[k].notes < 0 &&
                plan->orders[i].denomination == plan->orders[k].denomination &&
                abs(plan->orders[i].due_t - plan->orders[k].due_t) < days)
                return false;
    return true;
}

/* The least value of all orders and lodgements from day t on. */
static void try_all(cp_ctx *ctx, const cp_vault_books *b, cp_plan *plan, int32_t t, double *best)
{
    const int32_t n = plan->n_orders;
    if (t == DAYS) {
        double value = 0.0;
        if (!never_short(b, plan) || !is_apart(b, plan)) return;
        assert_ok(ctx, cp_order_value(ctx, b, plan, &value));
        if (value < *best) *best = value;
        return;
    }
    const int32_t placed = cp_vault_placing_day(b->net, 0, t);
    const bool open = cp_vault_bank_works(b->net, 0, t);
    for (int32_t in = 0; in <= MOST_UNITS; in++)
        for (int32_t back = 0; back <= (open ? 2 : 0); back++) {
            if (in > 0)
                plan->orders[plan->n_orders++] = (cp_plan_order){0, 0, placed, t, in * UNIT};
            if (back > 0)
                plan->orders[plan->n_orders++] = (cp_plan_order){0, 0, t, t, -back * UNIT};
            try_all(ctx, b, plan, t + 1, best);
            plan->n_orders = n;
        }
}

typedef struct tiny {
    cp_toy *toy;
    cp_vault_books books;
    int64_t out[DAYS], sorted[DAYS];
} tiny;

static void make_tiny(cp_ctx *ctx, uint64_t seed, tiny *c)
{
    static const char *const open[] = {"1111111", "1011111", "1101111", "1110111"};
    cp_rng rng = cp_rng_new(seed, 9);
    const int64_t prices[] = {cp_rng_below(&rng, 3) * 20000LL, cp_rng_below(&rng, 3) * 500LL,
                              cp_rng_below(&rng, 2) * 4000LL,
                              cp_rng_below(&rng, 3) * 50000LL *
                                  (cp_rng_below(&rng, 8) == 0 ? 100 : 1)};
    c->toy = town(ctx, prices, (int32_t)(seed % 3), open[cp_rng_below(&rng, 4)]);
    for (int32_t t = 0; t < DAYS; t++) {
        c->out[t] = cp_rng_below(&rng, 2500);
        c->sorted[t] = cp_rng_below(&rng, 3) == 0 ? cp_rng_below(&rng, 2000) : 0;
    }
    const int64_t opening = cp_rng_below(&rng, 5000);
    /* Sometimes less is insured than lies there in the first night. */
    if (seed % 2)
        c->toy->net->rows.vault[0].insured_minor = 5000000 + 1000000 * (cp_minor)(seed % 40);
    c->books = books_of(c->toy, opening, c->out, c->sorted);
}

/* Orders and lodgements of a denomination must be `days` apart: the program against all orders, and
 * the just-in-time ones keep the rule too. */
static void cross_shipping_may_be_forbidden(void **state)
{
    (void)state;
    int32_t n_bites = 0, n_both = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        cp_ctx ctx;
        tiny c;
        bool found = false;
        double free_best = INFINITY, best = INFINITY, got = 0.0, bound = 0.0;
        const cp_order_mip_opts opts = {0, 0.0};
        const double rounding = 0.5 * DAYS + 0.5;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        make_tiny(&ctx, seed, &c);
        cp_plan *plan = empty_plan(&ctx), *other = empty_plan(&ctx);
        try_all(&ctx, &c.books, plan, 0, &free_best);
        c.toy->net->rows.central_bank[0].cross_ship_days = 1 + (int32_t)(seed % 3);
        try_all(&ctx, &c.books, plan, 0, &best);
        assert_ok(&ctx, cp_order_mip_solve(&ctx, &c.books, &opts, plan, &found, &bound));
        assert_true(found && never_short(&c.books, plan) && is_apart(&c.books, plan));
        assert_ok(&ctx, cp_order_value(&ctx, &c.books, plan, &got));
        if (fabs(got - best) > rounding && got > best)
            fail_msg("seed %d: program %.1f, by hand %.1f", (int)seed, got, best);
        if (bound > got + rounding || bound < got - rounding - 1e-6 * fabs(got))
            fail_msg("seed %d: bound %.1f, program %.1f", (int)seed, bound, got);
        assert_ok(&ctx, cp_vault_orders_greedy(&ctx, &c.books, other));
        assert_true(never_short(&c.books, other) && is_apart(&c.books, other));
        n_bites += best > free_best + rounding;
        bool in = false, back = false;
        for (int32_t i = 0; i < plan->n_orders; i++) {
            in = in || plan->orders[i].notes > 0;
            back = back || plan->orders[i].notes < 0;
        }
        n_both += in && back;
        cp_ctx_done(&ctx);
    }
    if (n_bites < 5 || n_both < 5) fail_msg("%d bite, %d have both", (int)n_bites, (int)n_both);
}

static void program_finds_the_best_orders(void **state)
{
    (void)state;
    int32_t n_better = 0;
    for (uint64_t seed = 1; seed <= 80; seed++) {
        cp_ctx ctx;
        tiny c;
        bool found = false;
        double best = INFINITY, got = 0.0, bound = 0.0, greedy = 0.0;
        const cp_order_mip_opts opts = {0, 0.0};
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        make_tiny(&ctx, seed, &c);
        cp_plan *plan = empty_plan(&ctx), *other = empty_plan(&ctx);
        try_all(&ctx, &c.books, plan, 0, &best);
        assert_ok(&ctx, cp_order_mip_solve(&ctx, &c.books, &opts, plan, &found, &bound));
        assert_true(found && never_short(&c.books, plan));
        assert_ok(&ctx, cp_order_value(&ctx, &c.books, plan, &got));
        assert_ok(&ctx, cp_vault_orders_greedy(&ctx, &c.books, other));
        assert_ok(&ctx, cp_order_value(&ctx, &c.books, other, &greedy));
        /* Idle cash is rounded once a night. */
        const double rounding = 0.5 * DAYS + 0.5;
        if (got > best + rounding)
            fail_msg("seed %d: program %.1f, by hand %.1f", (int)seed, got, best);
        if (bound > got + rounding || bound < got - rounding - 1e-6 * fabs(got))
            fail_msg("seed %d: bound %.1f, program %.1f", (int)seed, bound, got);
        assert_true(got <= greedy + rounding);
        n_better += got < greedy - rounding;
        cp_ctx_done(&ctx);
    }
    assert_true(n_better > 10); /* it is worth its while */
}

/* ---- duals ----------------------------------------------------------------------------------- */

/* The LP with the plan's accesses, minor units; infinite where they do not suffice. */
static double relaxed(cp_ctx *ctx, const cp_vault_books *b, const cp_plan *plan)
{
    cp_mip *mip = NULL;
    cp_lp *lp = NULL;
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    assert_ok(ctx, cp_order_mip(ctx, b, &mip));
    for (int32_t j = 0; j < mip->n_cols; j++) {
        int day = 0;
        bool used = false;
        const bool access = sscanf(mip->col_name[j], "access_-1_%d", &day) == 1;
        if (!access && sscanf(mip->col_name[j], "lodges_0_%d", &day) != 1) continue;
        for (int32_t i = 0; i < plan->n_orders; i++)
            used = used || (plan->orders[i].t == day && (access || plan->orders[i].notes < 0));
        mip->col_lo[j] = mip->col_hi[j] = used;
    }
    assert_ok(ctx, cp_lp_new(ctx, mip, &lp));
    assert_ok(ctx, cp_lp_solve(lp, &answer));
    const double value = answer == CP_LP_OPTIMAL ? 1000.0 * cp_lp_objective(lp) : INFINITY;
    cp_lp_free(lp);
    return value;
}

/* A dual lies between what a little more saves and what a little less costs. */
static void duals_are_the_worth_of_a_little_more(void **state)
{
    (void)state;
    int32_t n_worth = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        cp_ctx ctx;
        tiny c;
        bool found = false;
        double bound = 0.0;
        const cp_order_mip_opts opts = {0, 0.0};
        cp_order_duals duals;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        make_tiny(&ctx, seed, &c);
        c.toy->net->rows.central_bank[0].cross_ship_days = seed % 3 == 0 ? 2 : 0;
        cp_plan *plan = empty_plan(&ctx);
        assert_ok(&ctx, cp_order_mip_solve(&ctx, &c.books, &opts, plan, &found, &bound));
        assert_ok(&ctx, cp_order_duals_make(&ctx, &c.books, plan, &duals));
        const double now = relaxed(&ctx, &c.books, plan);
        for (int32_t t = 0; t < DAYS; t++) {
            cp_vault_books *b = &c.books;
            /* A unit of notes. What is sorted later also changes the reserve: by less than a
             * minor unit a note. */
            int64_t *notes = t == 0 ? &b->opening[0] : &b->sorted[t];
            const double worth = UNIT * duals.note_minor[t];
            const double slack = t == 0 ? 0.1 : UNIT;
            *notes += UNIT;
            const double more = relaxed(&ctx, b, plan);
            *notes -= 2 * UNIT;
            const double less = relaxed(&ctx, b, plan);
            *notes += UNIT;
            if (now - more > worth + slack || less - now < worth - slack)
                fail_msg("seed %d day %d: %.3f saved, %.3f lost, worth %.3f", (int)seed, (int)t,
                         now - more, less - now, worth);
            n_worth += duals.note_minor[t] > 0.1;
            b->rest_minor[t] -= 1000;
            const double room = relaxed(&ctx, b, plan);
            b->rest_minor[t] += 2000;
            const double tight = relaxed(&ctx, b, plan);
            b->rest_minor[t] -= 1000;
            const double per_1000 = 1000.0 * duals.insured_minor[t];
            assert_true(now - room <= per_1000 + 1e-3 * per_1000 + 1e-2);
            assert_true(tight - now >= per_1000 - 1e-3 * per_1000 - 1e-2);
        }
        cp_ctx_done(&ctx);
    }
    assert_true(n_worth > 20);
}

/* ---- a plan ---------------------------------------------------------------------------------- */

static int32_t count(const cp_verdict *verdict, const char *rule)
{
    int32_t n = 0;
    for (int32_t i = 0; i < verdict->n_kept; i++)
        n += strcmp(verdict->violations[i].rule, rule) == 0;
    return n;
}

/* Machines that are filled day after day from a vault that does not hold enough. */
static void orders_of_a_plan_are_accepted(void **state)
{
    (void)state;
    static const int64_t prices[] = {20000, 150, 900, 24000};
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = toy_new(&ctx);
    toy_put(toy, "central_bank",
            "code=B|lat_deg=31|lon_deg=121|order_unit_notes=1000|lead_days=1|service_days=1111100");
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S|kind=atm|service_days=1111111");
    toy_put(toy, "cassette",
            "point_code=A|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense");
    toy_put(toy, "vault_stock",
            "vault_code=V|denomination_code=CNY100|state=atm_fit|day=2026-11-22"
            "|notes=2500");
    for (int32_t i = 0; i < LEN(tariffs); i++)
        toy_tariff(toy, tariffs[i], prices[i]);
    toy_build(toy, 7);
    toy->net->rows.vault[0].central_bank = 0;
    toy->net->rows.vault[0].sort_lead_days = 3;
    toy->net->rows.vault[0].insured_minor = 60000000;
    toy_forecast(toy, 14);
    toy_visit visits[6];
    for (int32_t t = 0; t < 6; t++)
        visits[t] =
            (toy_visit){.point = "A", .t = t, .kind = CP_VISIT_SWAP, .until = 8, .notes = {1200}};
    cp_plan *plan = toy_plan(toy, visits, 6);
    cp_verdict *verdict = NULL;
    cp_cost cost;
    assert_ok(&ctx, cp_vault_orders_make(&ctx, toy->net, plan));
    assert_true(plan->n_orders > 0);
    assert_ok(&ctx,
              cp_plan_check(&ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan, &verdict));
    assert_int_equal(count(verdict, "order"), 0);
    assert_int_equal(count(verdict, "vault_stock"), 0);
    assert_int_equal(count(verdict, "vault_value"), 0);
    assert_int_equal(count(verdict, "form"), 0);
    assert_ok(&ctx, cp_plan_cost(&ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan, &cost,
                                 NULL));
    assert_true(cost.item[CP_COST_VAULT_HOLD] > 0);
    /* Rows of the stock: what leaves never is more than what is there. */
    int32_t rows[2] = {0, 0};
    for (int32_t i = 0; i < plan->n_limits; i++) {
        const cp_plan_limit *l = &plan->limits[i];
        rows[0] += l->kind == CP_LIMIT_VAULT_VALUE;
        rows[1] += l->kind == CP_LIMIT_VAULT_STOCK;
        assert_true(l->use <= l->cap && l->dual_minor >= 0.0);
    }
    assert_int_equal(rows[0], 7);
    assert_int_equal(rows[1], 7);
    /* What readers are shown adds up to the value that is insured at night. */
    cp_stock_night *night = NULL;
    int32_t n = 0;
    assert_ok(&ctx, cp_stock_nights(&ctx, toy->net, plan, &night, &n));
    assert_int_equal(n, 7);
    for (int32_t i = 0; i < plan->n_limits; i++) {
        const cp_plan_limit *l = &plan->limits[i];
        if (l->kind != CP_LIMIT_VAULT_VALUE) continue;
        const cp_stock_night *s = &night[l->t];
        assert_int_equal(s->t, l->t);
        assert_int_equal((s->usable + s->waiting) * toy->net->denoms[s->denomination].value_minor,
                         l->use);
    }
    cp_ctx_done(&ctx);
}

/* Bundles ordered and lodged in one week are charged by the smaller number. */
static void cross_shipping_is_charged_by_the_week(void **state)
{
    (void)state;
    static const int64_t prices[] = {700, 3, 50, 0};
    static const struct {
        const char *name;
        cp_plan_order orders[2];
        int64_t cross;
    } cases[] = {
        {"the same week", {{0, 0, 0, 1, 5000}, {0, 0, 3, 3, -2000}}, 100},
        {"part of a bundle counts as one", {{0, 0, 0, 1, 5000}, {0, 0, 3, 3, -1500}}, 100},
        {"the next week", {{0, 0, 0, 1, 5000}, {0, 0, 7, 7, -2000}}, 0},
        {"another denomination", {{0, 0, 0, 1, 5000}, {0, 1, 3, 3, -2000}}, 0},
        {"nothing lodged", {{0, 0, 0, 1, 5000}, {0, 0, 0, 3, 2000}}, 0},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        cp_cost cost;
        cp_vault_books books;
        memset(&cost, 0, sizeof cost);
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = town(&ctx, prices, 1, "1111100");
        cp_plan *plan = empty_plan(&ctx);
        plan->n_days = 10;
        memcpy(plan->orders, cases[i].orders, sizeof cases[i].orders);
        plan->n_orders = 2;
        assert_ok(&ctx, cp_vault_books_make(&ctx, toy->net, plan, 0, &books));
        assert_ok(&ctx, cp_vault_cost(&ctx, &books, plan, &cost));
        if (cost.item[CP_COST_CROSS_SHIP] != cases[i].cross)
            fail_msg("%s: %d", cases[i].name, (int)cost.item[CP_COST_CROSS_SHIP]);
        cp_ctx_done(&ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(program_finds_the_best_orders),
        cmocka_unit_test(cross_shipping_may_be_forbidden),
        cmocka_unit_test(duals_are_the_worth_of_a_little_more),
        cmocka_unit_test(orders_of_a_plan_are_accepted),
        cmocka_unit_test(cross_shipping_is_charged_by_the_week),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "solver/replenish/refill_master.h"
#include "solver/replenish/refill_pool.h"
#include "solver/replenish/refill_search.h"
#include "tests/check.h"
#include "tests/unit/arc_toy.h"

#define DAYS 3
#define SITES 3

/* Best joint plan of three sites of one machine each, by trying all. */
static cp_minor brute_force(cp_ctx *ctx, const cp_zone *z)
{
    toy_plan *all[SITES] = {NULL}, joint[SITES];
    int32_t n[SITES] = {0};
    cp_minor best = INT64_MAX;
    for (int32_t k = 0; k < SITES; k++)
        assert_int_equal(arc_toy_all_plans(ctx, z->arcs[k], &all[k], &n[k]), CP_OK);
    for (int32_t i = 0; i < n[0]; i++)
        for (int32_t j = 0; j < n[1]; j++)
            for (int32_t k = 0; k < n[2]; k++) {
                joint[0] = all[0][i];
                joint[1] = all[1][j];
                joint[2] = all[2][k];
                const cp_minor c = arc_toy_zone_cost(z, joint);
                best = c < best ? c : best;
            }
    return best;
}

/* A zone of three machines; of every other seed with scarce notes on the first two days. */
static cp_zone *toy_zone_of(cp_ctx *ctx, uint64_t seed, cp_network *net, cp_vault *vault)
{
    static const int32_t n_points[SITES] = {1, 1, 1};
    cp_rng rng = cp_rng_new(seed / 2, 3);
    cp_zone *z = NULL;
    vault->code = "V";
    net->vaults = vault;
    assert_int_equal(arc_toy_zone(ctx, &rng, DAYS, SITES, n_points, &z), CP_OK);
    z->net = net;
    if (seed % 2 == 1) assert_int_equal(arc_toy_stock(ctx, &rng, 2, net, z), CP_OK);
    return z;
}

static void test_bound_optimum_plan(void **state)
{
    cp_ctx *ctx = *state;
    int32_t optimal = 0, n_cases = 0;
    for (uint64_t seed = 2; seed < 26; seed++) {
        cp_vault vault = {0};
        cp_network net = {0};
        cp_zone *z = toy_zone_of(ctx, seed, &net, &vault);
        cp_master *m = NULL;
        cp_refill_state *s = NULL;
        int64_t done = 0;
        const cp_master_opts opts = cp_master_defaults();
        const cp_minor best = brute_force(ctx, z);
        assert_int_equal(cp_refill_master(ctx, z, &opts, NULL, &m), CP_OK);
        if (m->bound_minor > (double)best)
            fail_msg("seed %d: bound %g above optimum %lld", (int)seed, m->bound_minor,
                     (long long)best);
        assert_true(m->lp_minor - m->bound_minor <= 0.5 * z->n_rows + 0.5);
        assert_int_equal(cp_refill_state_new(ctx, z, &s), CP_OK);
        assert_int_equal(cp_refill_round(ctx, s, m), CP_OK);
        const cp_minor rounded = s->total;
        const cp_refill_search_opts search = {2000,         seed, 0.0,  m->bound_minor,
                                              m->row_price, 1.0,  false};
        assert_int_equal(cp_refill_improve(ctx, s, &search, &done), CP_OK);
        assert_true(s->total <= rounded);
        if (s->total < best) fail_msg("seed %d: plan below the optimum", (int)seed);
        /* The running total is that of a recount from nothing. */
        toy_plan plans[SITES];
        for (int32_t p = 0; p < SITES; p++)
            plans[p] = (toy_plan){s->steps + p * DAYS, s->n_steps[p]};
        assert_int_equal(s->total, arc_toy_zone_cost(z, plans));
        optimal += s->total == best;
        n_cases++;
    }
    assert_int_equal(optimal, n_cases); /* so small that anything else is a mistake */
}

/* Any start prices give a valid bound and the same relaxation. */
static void test_start_prices_do_not_matter(void **state)
{
    cp_ctx *ctx = *state;
    static const int32_t n_points[SITES] = {1, 2, 1};
    cp_rng rng = cp_rng_new(99, 3);
    cp_zone *z = NULL;
    cp_vault vault = {0};
    cp_network net = {0};
    cp_master *cold = NULL, *warm = NULL;
    double start[64];
    vault.code = "V";
    net.vaults = &vault;
    const cp_master_opts opts = cp_master_defaults();
    assert_int_equal(arc_toy_zone(ctx, &rng, DAYS, SITES, n_points, &z), CP_OK);
    z->net = &net;
    for (int32_t r = 0; r < z->n_rows; r++)
        start[r] = cp_rng_below(&rng, 500);
    assert_int_equal(cp_refill_master(ctx, z, &opts, NULL, &cold), CP_OK);
    assert_int_equal(cp_refill_master(ctx, z, &opts, start, &warm), CP_OK);
    assert_true(warm->bound_minor <= cold->lp_minor + 1.0);
    assert_true(cold->bound_minor <= warm->lp_minor + 1.0);
}

/* What the plans of a site have of it. */
static double weight_of(const cp_master *m, int32_t site)
{
    double sum = 0.0;
    for (int32_t c = 0; c < m->n_columns; c++)
        if (m->column[c].site == site) sum += m->x[c];
    return sum;
}

/* Out of time after the first round: stopped, and yet a valid bound and a plan for every site. */
static void test_time_ends_the_rounds(void **state)
{
    cp_ctx *ctx = *state;
    int32_t n_shorter = 0;
    for (uint64_t seed = 2; seed < 26; seed++) {
        cp_vault vault = {0};
        cp_network net = {0};
        cp_zone *z = toy_zone_of(ctx, seed, &net, &vault);
        cp_master *whole = NULL, *part = NULL;
        cp_refill_state *s = NULL;
        cp_master_opts opts = cp_master_defaults();
        assert_int_equal(cp_refill_master(ctx, z, &opts, NULL, &whole), CP_OK);
        opts.until_s = cp_now_s();
        assert_int_equal(cp_refill_master(ctx, z, &opts, NULL, &part), CP_OK);
        assert_true(part->stopped && part->rounds == 1 && !whole->stopped);
        /* However late it is the last program has an answer. */
        ctx->deadline_s = cp_now_s() - 1.0;
        assert_int_equal(cp_refill_master(ctx, z, &opts, NULL, &part), CP_OK);
        ctx->deadline_s = 0.0;
        for (int32_t site = 0; site < z->n_sites; site++)
            assert_true(weight_of(part, site) > 0.999);
        assert_true(part->bound_minor <= (double)brute_force(ctx, z));
        n_shorter += whole->rounds > 1;
        assert_int_equal(cp_refill_state_new(ctx, z, &s), CP_OK);
        assert_int_equal(cp_refill_round(ctx, s, part), CP_OK);
        for (int32_t p = 0; p < z->n_points; p++)
            assert_true(s->n_steps[p] >= 0);
    }
    assert_true(n_shorter > 5);
}

/* Not one pricing round: the bound is that of the prices given, which are as bad as they come, or
 * good ones but for some. */
static void test_random_duals_bound_the_optimum(void **state)
{
    cp_ctx *ctx = *state;
    double nearest = 1e300;
    for (uint64_t seed = 2; seed < 26; seed++) {
        cp_rng prices = cp_rng_new(seed, 5);
        cp_vault vault = {0};
        cp_network net = {0};
        cp_zone *z = toy_zone_of(ctx, seed, &net, &vault);
        cp_master_opts opts = cp_master_defaults();
        cp_master *good = NULL;
        assert_int_equal(cp_refill_master(ctx, z, &opts, NULL, &good), CP_OK);
        opts.max_rounds = 0;
        const double best = (double)brute_force(ctx, z);
        for (int32_t trial = 0; trial < 20; trial++) {
            cp_master *m = NULL;
            double start[64];
            for (int32_t r = 0; r < z->n_rows; r++)
                start[r] = cp_rng_below(&prices, 4) > 0
                               ? (trial % 2 ? good->row_price[r] : 0.0)
                               : cp_rng_unit(&prices) * (double)z->row[r].relief_minor * 1.5;
            assert_int_equal(cp_refill_master(ctx, z, &opts, start, &m), CP_OK);
            if (m->bound_minor > best)
                fail_msg("seed %d, trial %d: bound %g above optimum %g", (int)seed, (int)trial,
                         m->bound_minor, best);
            nearest = fmin(nearest, best - m->bound_minor);
        }
    }
    assert_true(nearest < 200.0); /* some prices are good: the test is not empty */
}

typedef struct relaxed {
    double lp, dual, open; /* of the row; open: what lies between the LP and its bound */
} relaxed;

static relaxed relax(cp_ctx *ctx, const cp_zone *z, int32_t row)
{
    cp_master_opts opts = cp_master_defaults();
    cp_master *m = NULL;
    opts.gap = 1e-9;
    opts.max_rounds = 2000;
    assert_int_equal(cp_refill_master(ctx, z, &opts, NULL, &m), CP_OK);
    return (relaxed){m->lp_minor, m->row_price[row], fmax(0.0, m->lp_minor - m->bound_minor)};
}

/* A stored dual is what one unit more is worth: the relaxation falls by no more than it, and, being
 * convex in the limit, by no less than the dual that holds afterwards; both but for what is open
 * between the LP and the bound that the duals come from. */
static void test_dual_is_worth_of_one_unit_more(void **state)
{
    cp_ctx *ctx = *state;
    int32_t n_sharp = 0, n_notes = 0;
    for (uint64_t seed = 2; seed < 82; seed++) {
        cp_vault vault = {0};
        cp_network net = {0};
        cp_zone *z = toy_zone_of(ctx, seed, &net, &vault);
        for (int32_t r = 0; r < z->n_rows; r++) {
            if (z->row[r].step > 1) continue; /* one unit is no step there */
            const int64_t more = z->row[r].kind == CP_LIMIT_VAULT_STOCK ? 20 : 1; /* notes */
            const relaxed before = relax(ctx, z, r);
            if ((double)more * before.dual < 1.0) continue;
            z->row[r].cap += more;
            const relaxed after = relax(ctx, z, r);
            z->row[r].cap -= more;
            const double fall = before.lp - after.lp, most = (double)more * before.dual;
            if (fall > most + before.open + 1e-3 ||
                fall < (double)more * after.dual - after.open - 1e-3)
                fail_msg("seed %d, row %d: worth %g, falls by %g, then worth %g (open %g, %g)",
                         (int)seed, (int)r, before.dual, fall, after.dual, before.open, after.open);
            n_sharp += before.open < 0.1 * most;
            n_notes += before.open < 0.1 * most && z->row[r].kind == CP_LIMIT_VAULT_STOCK;
        }
    }
    assert_true(n_sharp >= 15 && n_notes >= 5);
}

/* The best choice of one column a site, by trying all. */
static cp_minor best_of_columns(const cp_zone *z, const cp_master *m)
{
    cp_minor best = INT64_MAX;
    toy_plan joint[SITES];
    for (int32_t a = 0; a < m->n_columns; a++)
        for (int32_t b = 0; b < m->n_columns; b++)
            for (int32_t c = 0; c < m->n_columns; c++) {
                const cp_site_plan *plan[SITES] = {&m->column[a], &m->column[b], &m->column[c]};
                for (int32_t k = 0; k < SITES; k++)
                    joint[k] = (toy_plan){plan[k]->steps, plan[k]->first[1]};
                if (plan[0]->site != 0 || plan[1]->site != 1 || plan[2]->site != 2) continue;
                const cp_minor cost = arc_toy_zone_cost(z, joint);
                best = cost < best ? cost : best;
            }
    return best;
}

/* The greatest difference in cost between two plans that share a site. */
static double widest_split(const cp_master *m)
{
    double widest = 0.0;
    for (int32_t a = 0; a < m->n_columns; a++)
        for (int32_t b = 0; b < m->n_columns; b++)
            if (m->column[a].site == m->column[b].site && m->x[a] > 1e-6 && m->x[b] > 1e-6)
                widest = fmax(widest, (double)(m->column[a].cost - m->column[b].cost));
    return widest;
}

/* Of the plans that the first pricing gave, one a site. */
static double mean_first_cost(const cp_master *m)
{
    double sum = 0.0;
    for (int32_t c = 0; c < SITES; c++)
        sum += (double)m->column[c].cost;
    return sum / SITES;
}

/* The dive leaves no site to plans that differ by a lump; a program over all sites finds the best
 * that the columns can make, from whatever plan it starts. */
static void test_whole_plans_from_columns(void **state)
{
    cp_ctx *ctx = *state;
    int32_t n_split = 0, n_better = 0, n_lumps = 0;
    for (uint64_t seed = 2; seed < 62; seed++) {
        cp_vault vault = {0};
        cp_network net = {0};
        cp_zone *z = toy_zone_of(ctx, seed, &net, &vault);
        cp_master_opts opts = cp_master_defaults();
        cp_master *dived = NULL, *plain = NULL;
        cp_refill_state *s = NULL;
        int64_t done = 0;
        assert_int_equal(cp_refill_master(ctx, z, &opts, NULL, &dived), CP_OK);
        opts.dive_steps = 0;
        assert_int_equal(cp_refill_master(ctx, z, &opts, NULL, &plain), CP_OK);
        assert_int_equal(plain->n_split, dived->n_split);
        assert_true(widest_split(dived) <= 0.1 * mean_first_cost(dived) + 1.0);
        n_lumps += widest_split(plain) > 0.1 * mean_first_cost(plain) + 1.0;
        n_split += dived->n_split > 0;
        assert_int_equal(cp_refill_state_new(ctx, z, &s), CP_OK);
        assert_int_equal(cp_refill_round(ctx, s, plain), CP_OK);
        const cp_minor rounded = s->total;
        const cp_pool_opts pool = {4, seed};
        assert_int_equal(cp_refill_pool(ctx, s, plain, &pool, &done), CP_OK);
        assert_int_equal(s->total, best_of_columns(z, plain));
        assert_true(s->total <= rounded && (double)s->total >= plain->bound_minor);
        n_better += s->total < rounded;
        const cp_minor counted = s->total;
        cp_refill_recount(s);
        assert_int_equal(s->total, counted);
    }
    assert_true(n_split >= 5 && n_better >= 3 && n_lumps >= 5); /* there was something to do */
}

/* The hull of a stepped row is exact at the steps round the limit and nowhere above the cost. */
static void test_hull_of_stepped_row(void **state)
{
    (void)state;
    for (int32_t step = 1; step <= 6; step++)
        for (int64_t cap = 0; cap <= 20; cap++) {
            const cp_zone_row row = {CP_LIMIT_POOL, 0, 0, cap, 0, 0, 60, step, 0, 0, false};
            const cp_zone_hull hull = cp_zone_row_hull(&row);
            double before = 0.0, rise = 0.0;
            for (int64_t use = 0; use <= 40; use += step) {
                const double over = fmax(0.0, (double)use - hull.cap);
                const double extra = fmin(over, hull.extra);
                const double cost = hull.extra_price * extra + 60.0 * (over - extra);
                if (fabs(cost - (double)cp_zone_row_cost(&row, use)) > 1e-9)
                    fail_msg("step %d, cap %d, use %d: %g", (int)step, (int)cap, (int)use, cost);
                assert_true(cost - before >= rise - 1e-9);
                rise = cost - before;
                before = cost;
            }
            assert_true(hull.extra == 0.0 || hull.extra_price <= 60.0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bound_optimum_plan, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_time_ends_the_rounds, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_random_duals_bound_the_optimum, check_start,
                                        check_finish),
        cmocka_unit_test_setup_teardown(test_dual_is_worth_of_one_unit_more, check_start,
                                        check_finish),
        cmocka_unit_test(test_hull_of_stepped_row),
        cmocka_unit_test_setup_teardown(test_whole_plans_from_columns, check_start, check_finish),
        cmocka_unit_test_setup_teardown(test_start_prices_do_not_matter, check_start, check_finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

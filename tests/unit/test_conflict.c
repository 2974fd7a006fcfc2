/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conflicts of shared limits in zones so small that every other plan of every user can be tried. */
#include <string.h>

#include "solver/replenish/conflict.h"
#include "tests/check.h"
#include "tests/unit/arc_toy.h"

#define DAYS 3
#define SITES 3

typedef struct zone_plans {
    cp_zone *z;
    cp_refill_state *s;
    toy_plan *all[SITES];
    int32_t n[SITES];
    toy_plan now[SITES];
} zone_plans;

/* Every machine takes the plan that is cheapest for it alone, so that limits are overrun. */
static void selfish(cp_ctx *ctx, uint64_t seed, zone_plans *out)
{
    static const int32_t n_points[SITES] = {1, 1, 1};
    cp_rng rng = cp_rng_new(seed, 7);
    memset(out, 0, sizeof *out);
    assert_int_equal(arc_toy_zone(ctx, &rng, DAYS, SITES, n_points, &out->z), CP_OK);
    assert_int_equal(cp_refill_state_new(ctx, out->z, &out->s), CP_OK);
    for (int32_t k = 0; k < SITES; k++) {
        cp_minor best = INT64_MAX;
        assert_int_equal(arc_toy_all_plans(ctx, out->z->arcs[k], &out->all[k], &out->n[k]), CP_OK);
        for (int32_t i = 0; i < out->n[k]; i++) {
            const toy_plan *p = &out->all[k][i];
            const cp_minor cost = cp_steps_cost(out->z->arcs[k], p->steps, p->n) + 150 * p->n;
            if (cost >= best) continue;
            best = cost;
            out->now[k] = *p;
        }
        cp_refill_put_in(out->s, k, out->now[k].steps, out->now[k].n);
    }
    assert_int_equal(out->s->total, arc_toy_zone_cost(out->z, out->now));
}

/* The least cost of the zone when machine k alone plans anew as if the row were dear, at the true
 * price, by trying all its plans. */
static cp_minor brute_force(const zone_plans *f, int32_t k, int32_t row)
{
    cp_zone_row *r = &f->z->row[row];
    const cp_minor price = r->relief_minor;
    cp_minor least = INT64_MAX, paid = 0;
    for (int32_t i = 0; i < f->n[k]; i++) {
        toy_plan plans[SITES];
        memcpy(plans, f->now, sizeof plans);
        plans[k] = f->all[k][i];
        r->relief_minor = price * CP_CONFLICT_DEAR;
        const cp_minor dear = arc_toy_zone_cost(f->z, plans);
        r->relief_minor = price;
        const cp_minor cost = arc_toy_zone_cost(f->z, plans);
        if (dear > least || (dear == least && cost >= paid)) continue;
        least = dear;
        paid = cost;
    }
    return paid;
}

static int32_t check_row(cp_ctx *ctx, zone_plans *f, int32_t row)
{
    cp_conflict c;
    int32_t n_moves = 0;
    const cp_minor total = f->s->total;
    assert_int_equal(cp_conflict_row(ctx, f->z, f->s, row, 12.0, &c), CP_OK);
    assert_int_equal(f->s->total, total); /* all is as it was */
    for (int32_t k = 0; k < SITES; k++) {
        assert_int_equal(f->s->n_steps[k], f->now[k].n);
        assert_memory_equal(f->s->steps + k * DAYS, f->now[k].steps,
                            (size_t)f->now[k].n * sizeof *f->now[k].steps);
    }
    int64_t used = 0;
    for (int32_t i = 0; i < c.n_users; i++)
        used += c.user[i].use;
    assert_int_equal(used, c.use);
    if (c.over == 0) {
        assert_int_equal(c.n_ways, 0);
        return 0;
    }
    for (int32_t i = 0; i < c.n_ways; i++) {
        const cp_conflict_way *w = &c.way[i];
        if (i > 0 && (w->left > 0) == (w[-1].left > 0))
            assert_true(w->cost_minor >= w[-1].cost_minor);
        if (w->kind == CP_WAY_PAY) assert_int_equal(w->cost_minor, c.over * c.price_minor);
        if (w->kind != CP_WAY_MOVE || w->n_users != 1) continue;
        const int32_t k = c.user[w->users[0]].site;
        const cp_minor want = brute_force(f, k, row) - total + c.relief_minor;
        if (w->cost_minor != want)
            fail_msg("row %d: moving %d costs %lld, not %lld", (int)row, (int)k,
                     (long long)w->cost_minor, (long long)want);
        n_moves++;
    }
    assert_int_equal(n_moves, c.n_users);
    return 1;
}

static void moves_cost_what_all_plans_say(void **state)
{
    (void)state;
    int32_t n_conflicts = 0;
    for (uint64_t seed = 1; seed <= 25; seed++) {
        cp_ctx ctx;
        zone_plans f;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        selfish(&ctx, seed, &f);
        for (int32_t i = 0; i < SITES; i++)
            f.z->site[i] = i; /* users are told by site here: the toy has no network */
        for (int32_t r = 0; r < f.z->n_rows; r++)
            n_conflicts += check_row(&ctx, &f, r);
        cp_ctx_done(&ctx);
    }
    assert_true(n_conflicts >= 10);
}

/* Two machines of one site make one stop: where stops are short they move together. */
static void machines_of_a_stop_move_together(void **state)
{
    (void)state;
    int32_t n_joint = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        static const int32_t n_points[2] = {2, 1};
        cp_ctx ctx;
        cp_zone *z = NULL;
        cp_refill_state *s = NULL;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_rng rng = cp_rng_new(seed, 9);
        assert_int_equal(arc_toy_zone(&ctx, &rng, DAYS, 2, n_points, &z), CP_OK);
        assert_int_equal(cp_refill_state_new(&ctx, z, &s), CP_OK);
        for (int32_t p = 0; p < 3; p++)
            assert_int_equal(cp_refill_replan(&ctx, s, p), CP_OK);
        for (int32_t t = 0; t < DAYS; t++) {
            cp_conflict c;
            z->row[z->stops_row[t]].cap = 0;
            s->total = 0; /* counted anew under the new limit */
            cp_refill_state *fresh = NULL;
            assert_int_equal(cp_refill_state_new(&ctx, z, &fresh), CP_OK);
            for (int32_t p = 0; p < 3; p++)
                cp_refill_put_in(fresh, p, s->steps + p * DAYS, s->n_steps[p]);
            assert_int_equal(cp_conflict_row(&ctx, z, fresh, z->stops_row[t], 0.0, &c), CP_OK);
            for (int32_t i = 0; i < c.n_users; i++) {
                assert_int_equal(c.user[i].use, 1); /* a stop, however many machines */
                n_joint += c.user[i].point < 0;
            }
            assert_int_equal(c.n_users, c.use);
        }
        cp_ctx_done(&ctx);
    }
    assert_true(n_joint > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_cost_what_all_plans_say),
        cmocka_unit_test(machines_of_a_stop_move_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

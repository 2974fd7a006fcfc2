/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cassettes of a vault: in one place each, every day. */
#include "models/plan/plan_pool.h"

#include <string.h>

#include "models/base/rng.h"
#include "models/plan/plan_check.h"
#include "models/plan/plan_fill.h"
#include "tests/check.h"
#include "tests/toy.h"

#define DAYS 7

/* Three machines of two cassettes each, all of model M, and one branch. */
static cp_toy *bank(cp_ctx *ctx, int32_t lead, int32_t spare)
{
    cp_toy *toy = toy_new(ctx);
    for (int32_t i = 0; i < 3; i++) {
        toy_put(toy, "site", "code=S%d|lat_deg=31.1|lon_deg=121.%d", (int)i, (int)i);
        toy_put(toy, "point", "code=A%d|site_code=S%d|kind=atm|service_days=1111111", (int)i,
                (int)i);
        for (int32_t s = 1; s <= 2; s++)
            toy_put(toy, "cassette",
                    "point_code=A%d|slot=%d|cassette_model_code=M|denomination_code=CNY%d|"
                    "role=dispense",
                    (int)i, (int)s, s == 1 ? 100 : 10);
        toy_put(toy, "cassette",
                "point_code=A%d|slot=3|cassette_model_code=M|denomination_code=CNY10|role=reject",
                (int)i);
    }
    toy_put(toy, "cassette_pool", "vault_code=V|cassette_model_code=M|spare=%d", (int)spare);
    toy_build(toy, DAYS);
    toy->net->rows.vault[0].sort_lead_days = lead;
    toy_forecast(toy, DAYS + 7);
    return toy;
}

static cp_plan *random_plan(cp_toy *toy, cp_rng *rng)
{
    static const char *const codes[] = {"A0", "A1", "A2"};
    static toy_visit visits[3 * DAYS];
    int32_t n = 0;
    for (int32_t i = 0; i < 3; i++)
        for (int32_t t = 0; t < DAYS; t++)
            if (cp_rng_below(rng, 2) == 0)
                visits[n++] = (toy_visit){.point = codes[i],
                                          .t = t,
                                          .kind = CP_VISIT_SWAP,
                                          .until = DAYS + 1,
                                          .notes = {1000, 1000}};
    return toy_plan(toy, visits, n);
}

static void cassettes_are_where_they_must_be(void **state)
{
    (void)state;
    /* Two exchanged on days 0 and 1, four on day 2; they are sorted for two days. */
    static const int64_t exchanged[DAYS] = {2, 2, 4, 0, 0, 0, 0};
    static const int64_t want[DAYS][5] = {
        /* full, in transit, uncounted, empty, borrowed */
        {2, 2, 0, 1, 0}, {1, 2, 2, 0, 0}, {0, 4, 2, 0, 1}, {0, 0, 4, 1, 0},
        {0, 0, 0, 5, 0}, {0, 0, 0, 5, 0}, {0, 0, 0, 5, 0},
    };
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = bank(&ctx, 2, 5);
    toy_visit visits[4] = {
        {.point = "A0"}, {.point = "A1", .t = 1}, {.point = "A0", .t = 2}, {.point = "A2", .t = 2}};
    for (int32_t i = 0; i < 4; i++) {
        visits[i].kind = CP_VISIT_SWAP;
        visits[i].until = DAYS + 1;
        visits[i].notes[0] = visits[i].notes[1] = 1000;
    }
    cp_plan *plan = toy_plan(toy, visits, 4);
    assert_ok(&ctx, cp_plan_pool_make(&ctx, toy->net, plan));
    assert_int_equal(plan->n_pool, DAYS);
    for (int32_t t = 0; t < DAYS; t++) {
        const cp_plan_pool *p = &plan->pool[t];
        const int64_t got[5] = {p->full, p->in_transit, p->uncounted, p->empty, p->borrowed};
        assert_int_equal(p->in_transit, exchanged[t]);
        assert_int_equal(p->in_machine, 6);
        for (int32_t k = 0; k < 5; k++)
            if (got[k] != want[t][k])
                fail_msg("day %d, figure %d: %d", (int)t, (int)k, (int)got[k]);
    }
    cp_ctx_done(&ctx);
}

/* Whatever the visits: none is lost or made, none negative, what is borrowed is the declared
 * relief, and the referee finds the same. */
static void none_is_lost_or_made(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_rng rng = cp_rng_new(seed, 1);
        const int32_t spare = (int32_t)cp_rng_below(&rng, 12);
        cp_toy *toy = bank(&ctx, 1 + (int32_t)(seed % 4), spare);
        cp_plan *plan = random_plan(toy, &rng);
        assert_ok(&ctx, cp_plan_pool_make(&ctx, toy->net, plan));
        assert_ok(&ctx,
                  cp_plan_fill_limits(&ctx, toy->net, toy->forecast, toy->shares, toy->seed, plan));
        for (int32_t t = 0; t < DAYS; t++) {
            const cp_plan_pool *p = &plan->pool[t];
            int64_t relief = 0;
            assert_true(p->full >= 0 && p->in_transit >= 0 && p->uncounted >= 0 && p->empty >= 0);
            assert_int_equal(p->full + p->in_machine + p->in_transit + p->uncounted + p->empty,
                             spare + 6 + p->borrowed);
            for (int32_t i = 0; i < plan->n_limits; i++)
                if (plan->limits[i].kind == CP_LIMIT_POOL && plan->limits[i].t == t)
                    relief = plan->limits[i].relief;
            assert_int_equal(p->borrowed, relief);
        }
        cp_verdict *verdict = NULL;
        for (int32_t spoilt = 0; spoilt < 2; spoilt++) {
            int32_t n = 0;
            if (spoilt) plan->pool[seed % DAYS].empty++;
            assert_ok(&ctx, cp_plan_check(&ctx, toy->net, toy->forecast, toy->shares, toy->seed,
                                          plan, &verdict));
            for (int32_t i = 0; i < verdict->n_kept; i++)
                n += strcmp(verdict->violations[i].rule, "pool_states") == 0;
            assert_int_equal(n, spoilt);
        }
        cp_ctx_done(&ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cassettes_are_where_they_must_be),
        cmocka_unit_test(none_is_lost_or_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day that fewer cars may drive is searched again: never to its harm, at times a car less, and
 * not beyond what the vault's crews have. */
#include "solver/run/day_routes.h"

#include <math.h>
#include <stdio.h>

#include "tests/check.h"
#include "tests/toy.h"

#define N_SITES 24
#define N_DAYS 2
#define SEEDS 16

/* Sites round the vault at distances of all kinds; cars that cost more than anything else. */
static cp_toy *ring(cp_ctx *ctx, int32_t crew_min)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=20");
    toy_tariff(toy, "car_day_minor", 90000);
    toy_tariff(toy, "km_minor", 100);
    toy_tariff(toy, "hour_minor", 3000);
    toy->rows.vault[0].crew_min_per_day = crew_min;
    for (int32_t k = 2; k <= 4; k++)
        toy_put(toy, "car", "code=C%d|carrier_code=K|vault_code=V|insured_minor=100000000", (int)k);
    for (int32_t i = 0; i < N_SITES; i++) {
        const double angle = 2.4 * i, far = 0.05 + 0.012 * (i * 7 % N_SITES);
        toy_put(toy, "site", "code=S%02d|lat_deg=%.4f|lon_deg=%.4f|service_min=9", (int)i,
                31.0 + far * sin(angle), 121.0 + far * cos(angle));
        toy_put(toy, "point", "code=A%02d|site_code=S%02d|kind=atm|visit_kinds=swap", (int)i,
                (int)i);
        toy_put(
            toy, "cassette",
            "point_code=A%02d|slot=1|cassette_model_code=M|denomination_code=CNY100|role=dispense|"
            "balance_notes=1900",
            (int)i);
    }
    toy_build(toy, N_DAYS);
    return toy;
}

static cp_plan *visit_all(cp_toy *toy, int32_t n)
{
    static char codes[N_SITES][16];
    toy_visit visits[N_SITES];
    for (int32_t i = 0; i < n; i++) {
        (void)snprintf(codes[i], sizeof codes[i], "A%02d", (int)i);
        visits[i] = (toy_visit){
            .point = codes[i], .t = 1, .kind = CP_VISIT_SWAP, .until = N_DAYS, .notes = {1000}};
    }
    return toy_plan(toy, visits, n);
}

static int64_t crew_of(const cp_day_routes *routes)
{
    return routes->crew_min[1];
}

/* *fewer: seeds whose day lost a car. */
static void never_worse(int32_t n_visits, int32_t crew_min, int32_t *fewer)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        cp_ctx ctx;
        cp_day_routes *once = NULL, *again = NULL, *third = NULL;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = ring(&ctx, crew_min);
        toy_noisy_forecast(toy, 1500000, 30, NULL);
        cp_plan *plan = visit_all(toy, n_visits);
        cp_day_routes_opts opts = {1, seed, NULL, NULL, false};
        assert_ok(&ctx, cp_day_routes_make(&ctx, toy->net, &opts, plan, &once));
        const int32_t n_routes = plan->n_routes;
        opts.before = once;
        opts.fewer_cars = true;
        assert_ok(&ctx, cp_day_routes_make(&ctx, toy->net, &opts, plan, &again));
        assert_true(again->n_unrouted <= once->n_unrouted);
        if (again->n_unrouted == once->n_unrouted)
            assert_true(again->cost_minor <= once->cost_minor);
        assert_true(crew_min == 0 || crew_of(again) <= crew_min || crew_of(again) <= crew_of(once));
        *fewer += plan->n_routes < n_routes;
        opts.before = again;
        opts.fewer_cars = false;
        assert_ok(&ctx, cp_day_routes_make(&ctx, toy->net, &opts, plan, &third));
        assert_int_equal(third->cost_minor, again->cost_minor); /* kept */
        cp_ctx_done(&ctx);
    }
}

static void a_day_may_lose_a_car(void **state)
{
    int32_t fewer = 0, within = 0;
    (void)state;
    never_worse(14, 0, &fewer);
    never_worse(22, 0, &fewer);
    assert_true(fewer > 0); /* else the case shows nothing */
    /* Fewer cars mostly take more minutes, which the crews then do not have. */
    never_worse(22, 1600, &within);
    assert_true(within < fewer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_may_lose_a_car),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What routes teach about crew minutes: a far quarter's stops save little each, yet the way there
 * has to be driven; and a plan whose crews are short keeps their hours. */
#include "solver/run/stop_prices.h"

#include <string.h>

#include "solver/run/plan_run.h"
#include "tests/check.h"
#include "tests/toy.h"

#define N_SITES 8
#define N_DAYS 7

/* Sites close together, an hour from the vault. */
static cp_toy *far_quarter(cp_ctx *ctx, int32_t crew_min)
{
    cp_toy *toy = toy_new(ctx);
    toy_put(toy, "setting", "key=n_paths|value=20");
    toy_tariff(toy, "hold_ppm_year", 40000);
    toy_tariff(toy, "stop_site_minor", 5000);
    toy_tariff(toy, "emergency_minor", 100000);
    toy_tariff(toy, "km_minor", 300);
    toy_tariff(toy, "hour_minor", 5000);
    toy->rows.vault[0].crew_min_per_day = crew_min;
    for (int32_t i = 0; i < N_SITES; i++) {
        toy_put(toy, "site", "code=S%d|lat_deg=31.4|lon_deg=121.%03d|service_min=5", (int)i,
                (int)(300 + 4 * i));
        toy_put(toy, "point",
                "code=A%d|site_code=S%d|kind=atm|visit_kinds=swap|service_level_ppm=900000", (int)i,
                (int)i);
        toy_put(toy, "cassette",
                "point_code=A%d|slot=1|cassette_model_code=M|denomination_code=CNY100|"
                "role=dispense|balance_notes=1900",
                (int)i);
    }
    toy_build(toy, N_DAYS);
    return toy;
}

static int64_t planned_min(const cp_network *net, const cp_plan *plan, const cp_stop_prices *prices,
                           int32_t t)
{
    int64_t sum = prices->crew_fixed_min[t];
    for (int32_t i = 0; i < plan->n_visits; i++) {
        const cp_point *p = &net->points[plan->visits[i].point];
        if (plan->visits[i].t != t) continue;
        sum += p->service_min_swap + net->sites[p->site].service_min +
               prices->drive_min[p->site * net->n_days + t];
    }
    return sum;
}

static void minutes_add_up(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = far_quarter(&ctx, 0);
    toy_noisy_forecast(toy, 1500000, 30, NULL);
    toy_visit visits[N_SITES + 3];
    static const char *const codes[] = {"A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7"};
    for (int32_t i = 0; i < N_SITES + 3; i++)
        visits[i] = (toy_visit){.point = codes[i < N_SITES ? i : 2 * (i - N_SITES) + 1],
                                .t = i < N_SITES ? 1 : 4,
                                .kind = CP_VISIT_SWAP,
                                .until = i < N_SITES ? (i == 1 || i == 3 || i == 5 ? 4 : 7) : 7,
                                .notes = {1000}};
    cp_plan *plan = toy_plan(toy, visits, N_SITES + 3);
    cp_day_routes *routes = NULL;
    const cp_day_routes_opts opts = {50, 1, NULL, NULL, false};
    cp_stop_prices prices = {0};
    assert_ok(&ctx, cp_day_routes_make(&ctx, toy->net, &opts, plan, &routes));
    assert_ok(&ctx, cp_stop_prices_first(&ctx, toy->net, &prices));
    const cp_stop_prices first = prices;
    assert_ok(&ctx, cp_stop_prices_next(&ctx, toy->net, plan, routes, &prices));
    assert_true(prices.drive_min != first.drive_min);
    assert_int_equal(planned_min(toy->net, plan, &prices, 1), routes->crew_min[1]);
    assert_int_equal(planned_min(toy->net, plan, &prices, 4), routes->crew_min[4]);
    assert_int_equal(prices.crew_fixed_min[2], 0);
    int64_t savings_s = 0;
    for (int32_t i = 0; i < N_SITES; i++)
        savings_s += routes->removal_drive_s[i * N_DAYS + 1];
    assert_true(2 * savings_s < 60 * routes->crew_min[1]); /* else the case shows nothing */
    /* Nothing is limited, so nothing is taken away. */
    bool over = true;
    int32_t n = -1;
    const int32_t *fixed = prices.crew_fixed_min;
    assert_ok(&ctx, cp_stop_prices_tighten(&ctx, toy->net, plan, routes, 0.1, &over, &prices, &n));
    assert_int_equal(n, 0);
    assert_false(over);
    assert_true(prices.crew_fixed_min == fixed);
    /* One minute short on the full day alone: that minute, a tenth of the limit, and one more. */
    cp_vault *vaults = cp_alloc(&ctx, ctx.run, (size_t)toy->net->n_vaults, sizeof *vaults);
    cp_network short_of_crews = *toy->net;
    memcpy(vaults, toy->net->vaults, (size_t)toy->net->n_vaults * sizeof *vaults);
    vaults[0].crew_min_per_day = (int32_t)routes->crew_min[1] - 1;
    short_of_crews.vaults = vaults;
    assert_ok(&ctx,
              cp_stop_prices_tighten(&ctx, &short_of_crews, plan, routes, 0.1, &over, &prices, &n));
    assert_int_equal(n, 1);
    assert_true(over);
    const int32_t tenth = (int32_t)(0.1 * (double)(routes->crew_min[1] - 1));
    assert_int_equal(prices.crew_fixed_min[1], fixed[1] + 1 + tenth + 1);
    assert_int_equal(prices.crew_fixed_min[4], fixed[4]);
    cp_ctx_done(&ctx);
}

/* Minutes of the busiest day of a plan for crews of so many minutes (0 = any). */
static int64_t busiest_min(int32_t crew_min, int32_t *n_relief)
{
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = far_quarter(&ctx, crew_min);
    cp_history *history = NULL;
    toy_noisy_forecast(toy, 3000000, 30, &history);
    const cp_day evening = TOY_FIRST_DAY - 1;
    cp_day balance_day[N_SITES];
    for (int32_t i = 0; i < N_SITES; i++)
        balance_day[i] = evening;
    cp_plan_run_opts opts = cp_plan_run_defaults();
    opts.work = 20;
    opts.rivals = false;
    cp_plan_answer answer;
    assert_ok(&ctx, cp_plan_run(&ctx, toy->net, balance_day, history, &opts, &answer));
    int64_t minutes[N_DAYS] = {0}, most = 0;
    for (int32_t i = 0; i < answer.plan->n_routes; i++) {
        const cp_plan_route *r = &answer.plan->routes[i];
        minutes[r->t] += (r->drive_s + 59) / 60 + r->wait_min + r->service_min;
        if (minutes[r->t] > most) most = minutes[r->t];
    }
    *n_relief = 0;
    for (int32_t i = 0; i < answer.plan->n_limits; i++)
        *n_relief +=
            answer.plan->limits[i].kind == CP_LIMIT_CREW_MIN && answer.plan->limits[i].relief > 0;
    cp_ctx_done(&ctx);
    return most;
}

static void short_crews(void **state)
{
    (void)state;
    int32_t n_relief = 0;
    const int64_t free_min = busiest_min(0, &n_relief);
    const int32_t crew_min = (int32_t)(free_min - 15);
    const int64_t most = busiest_min(crew_min, &n_relief);
    assert_true(most <= crew_min);
    assert_int_equal(n_relief, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minutes_add_up),
        cmocka_unit_test(short_crews),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

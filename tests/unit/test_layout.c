/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a bank under another layout of vaults: what moves, what is shared out, what leaves.
 */
#include <math.h>
#include <string.h>

#include "models/base/rng.h"
#include "models/net/network_build.h"
#include "models/net/network_check.h"
#include "models/study/layout.h"
#include "tests/check.h"
#include "tests/unit/net_bank.h"

typedef struct fixture {
    cp_ctx ctx;
    cp_rows rows, out;
    cp_network *net;
    cp_layout layout;
    cp_layout_days days;
    int32_t vault_of[5];
    double stops[5];
} fixture;

static void begin(fixture *f)
{
    assert_int_equal(cp_ctx_init(&f->ctx), CP_OK);
    bank_rows(&f->ctx, &f->rows);
    for (int32_t v = 0; v < f->rows.n_vault; v++)
        f->rows.vault[v].crew_min_per_day = 600;
    f->net = bank_build(&f->ctx, &f->rows);
    assert_int_equal(f->net->n_sites, 5);
    for (int32_t i = 0; i < 5; i++) {
        f->vault_of[i] = 0;
        f->stops[i] = 100 * (i + 1);
    }
    f->layout = (cp_layout){
        .vaults = f->rows.vault, .n_vaults = 1, .vault_of = f->vault_of, .stops = f->stops};
    f->days = (cp_layout_days){BANK_DAY, BANK_DAY, 7};
}

static cp_network *lay(fixture *f)
{
    cp_network *net = NULL;
    cp_issues *issues = NULL;
    assert_ok(&f->ctx, cp_layout_rows(&f->ctx, &f->rows, f->net, &f->layout, &f->days, &f->out));
    assert_ok(&f->ctx,
              cp_network_build(&f->ctx, &f->out, f->days.first, f->days.n_days, &net, NULL));
    assert_ok(&f->ctx, cp_network_check(&f->ctx, net, &issues));
    return net;
}

/* Whole pieces add up, follow the weights to within one, and keep the least. */
static void shares_are_whole_and_fair(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rng rng = cp_rng_new(3, 0);
    for (int32_t trial = 0; trial < 400; trial++) {
        const int32_t n = 1 + (int32_t)cp_rng_below(&rng, 6);
        const int64_t least = cp_rng_below(&rng, 3);
        const int64_t total = n * least + cp_rng_below(&rng, 40);
        double w[6], all = 0;
        int64_t out[6], sum = 0;
        for (int32_t i = 0; i < n; i++)
            all += w[i] = cp_rng_below(&rng, 4) == 0 ? 0 : cp_rng_unit(&rng);
        assert_ok(&ctx, cp_share_out(&ctx, total, w, n, least, out));
        bool bound = false;
        for (int32_t i = 0; i < n; i++) {
            sum += out[i];
            assert_true(out[i] >= least);
            bound = bound || (all > 0 && (double)total * w[i] / all < (double)least);
        }
        assert_int_equal(sum, total);
        for (int32_t i = 0; i < n && !bound && all > 0; i++)
            assert_true(fabs((double)out[i] - (double)total * w[i] / all) < 1);
        for (int32_t i = 0; i < n; i++)
            for (int32_t k = 0; k < n; k++)
                if (w[i] > w[k] && all > 0) assert_true(out[i] >= out[k] - 1);
    }
    cp_ctx_done(&ctx);
}

/* One vault for all: every site is in its zone, the other vault is closed, its car comes over
 * without its crew, crew minutes are those of both. */
static void closing_a_vault_hands_over_cars_and_crews(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    const cp_network *net = lay(&f);
    int32_t open = -1;
    for (int32_t v = 0; v < net->n_vaults; v++)
        if (net->vaults[v].status == CP_VAULT_EXISTING) {
            assert_int_equal(open, -1);
            open = v;
        }
    assert_true(open >= 0);
    assert_string_equal(net->vaults[open].code, f.rows.vault[0].code);
    assert_int_equal(net->vaults[open].crew_min_per_day, 1200);
    assert_int_equal(net->n_sites, 5);
    for (int32_t i = 0; i < net->n_sites; i++)
        assert_int_equal(net->sites[i].vault, open);
    assert_int_equal(f.out.n_car, 3);
    for (int32_t c = 0; c < 3; c++)
        assert_string_equal(f.out.car[c].vault_code, f.rows.vault[0].code);
    cp_ctx_done(&f.ctx);
}

/* Three vaults by stops 1 : 8 : 6 with three cars: each gets one; growth of a third hires one. */
static void a_new_vault_gets_a_car_and_growth_hires(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    cp_vault three[3] = {f.rows.vault[0], f.rows.vault[1], f.rows.vault[0]};
    three[2].code = "V-9";
    three[2].status = CP_VAULT_CANDIDATE;
    const int32_t to[5] = {0, 2, 2, 2, 1};
    double grow[5] = {1, 1, 1, 1, 1};
    memcpy(f.vault_of, to, sizeof to);
    f.stops[1] = 200, f.stops[2] = 300, f.stops[3] = 400, f.stops[4] = 500;
    f.layout.vaults = three;
    f.layout.n_vaults = 3;
    const cp_network *net = lay(&f);
    assert_int_equal(net->n_sites, 5);
    int32_t cars[3] = {0};
    for (int32_t c = 0; c < f.out.n_car; c++)
        for (int32_t v = 0; v < 3; v++)
            cars[v] += strcmp(f.out.car[c].vault_code, three[v].code) == 0;
    assert_int_equal(cars[0] + cars[1] + cars[2], 3);
    for (int32_t v = 0; v < 3; v++)
        assert_int_equal(cars[v], 1);
    int32_t crew = 0;
    for (int32_t v = 0; v < f.out.n_vault; v++)
        if (f.out.vault[v].status == CP_VAULT_EXISTING) crew += f.out.vault[v].crew_min_per_day;
    assert_int_equal(crew, 1200);
    for (int32_t i = 0; i < 5; i++)
        grow[i] = 4.0 / 3;
    f.layout.growth = grow;
    (void)lay(&f);
    assert_int_equal(f.out.n_car, 4);
    int32_t hired = 0;
    for (int32_t c = 0; c < 4; c++)
        hired += strchr(f.out.car[c].code, '+') != NULL;
    assert_int_equal(hired, 1);
    assert_int_equal(f.out.n_demand_override, 2 * f.rows.n_point);
    assert_int_equal(f.out.demand_override[0].factor_ppm, 1333333);
    cp_ctx_done(&f.ctx);
}

/* A site that nobody serves leaves, with machines, cassettes, balances, and whatever names it. */
static void who_is_not_served_leaves(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    cp_tariff *t = bank_add(&f.ctx, &f.rows, CP_ENTITY_TARIFF, 1);
    bank_set(&f.ctx, t, CP_ENTITY_TARIFF, "item", "stop_site_minor");
    bank_set(&f.ctx, t, CP_ENTITY_TARIFF, "site_code", "S-3");
    bank_set(&f.ctx, t, CP_ENTITY_TARIFF, "valid_from", "2025-01-01");
    bank_set(&f.ctx, t, CP_ENTITY_TARIFF, "amount", "5");
    cp_travel_pair *pair = bank_add(&f.ctx, &f.rows, CP_ENTITY_TRAVEL_PAIR, 1);
    bank_set(&f.ctx, pair, CP_ENTITY_TRAVEL_PAIR, "from_code", "S-3");
    bank_set(&f.ctx, pair, CP_ENTITY_TRAVEL_PAIR, "to_code", "V-1");
    bank_set(&f.ctx, pair, CP_ENTITY_TRAVEL_PAIR, "seconds", "60");
    f.net = bank_build(&f.ctx, &f.rows);
    for (int32_t i = 0; i < 5; i++)
        if (strcmp(f.net->sites[i].code, "S-3") == 0) f.vault_of[i] = CP_LAYOUT_NOBODY;
    const cp_network *net = lay(&f);
    assert_int_equal(net->n_sites, 4);
    for (int32_t p = 0; p < net->n_points; p++)
        assert_string_not_equal(net->points[p].site_code, "S-3");
    assert_int_equal(net->n_points, f.net->n_points - 3);
    assert_int_equal(f.out.n_tariff, f.rows.n_tariff - 1);
    assert_int_equal(f.out.n_travel_pair, 0);
    for (int32_t i = 0; i < 5; i++)
        f.vault_of[i] = CP_LAYOUT_NOBODY;
    assert_fails(&f.ctx, CP_E_INPUT,
                 cp_layout_rows(&f.ctx, &f.rows, f.net, &f.layout, &f.days, &f.out));
    cp_ctx_done(&f.ctx);
}

/* Another week: balances, stock and tariffs are today's, on that week's dates. */
static void a_week_before_is_planned_as_if_today(void **state)
{
    (void)state;
    fixture f;
    begin(&f);
    cp_vault_stock *stock = bank_add(&f.ctx, &f.rows, CP_ENTITY_VAULT_STOCK, 2);
    const char *const days[2] = {"2026-11-20", "2026-11-23"};
    for (int32_t k = 0; k < 2; k++) {
        bank_set(&f.ctx, &stock[k], CP_ENTITY_VAULT_STOCK, "vault_code", "V-2");
        bank_set(&f.ctx, &stock[k], CP_ENTITY_VAULT_STOCK, "denomination_code", "CNY100");
        bank_set(&f.ctx, &stock[k], CP_ENTITY_VAULT_STOCK, "state", "atm_fit");
        bank_set(&f.ctx, &stock[k], CP_ENTITY_VAULT_STOCK, "day", days[k]);
        bank_set(&f.ctx, &stock[k], CP_ENTITY_VAULT_STOCK, "notes", k == 0 ? "7" : "9000");
    }
    f.net = bank_build(&f.ctx, &f.rows);
    const cp_network *today = lay(&f);
    f.days.first = BANK_DAY - 70;
    const cp_network *then = lay(&f);
    assert_int_equal(f.out.n_vault_stock, 1);
    assert_int_equal(f.out.vault_stock[0].notes, 9000);
    assert_int_equal(f.out.vault_stock[0].day, BANK_DAY - 71);
    assert_int_equal(then->n_cassettes, today->n_cassettes);
    for (int32_t c = 0; c < then->n_cassettes; c++)
        assert_int_equal(then->cassettes[c].balance_notes, today->cassettes[c].balance_notes);
    assert_int_equal(f.out.tariff[0].valid_from, f.rows.tariff[0].valid_from - 70);
    cp_ctx_done(&f.ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_whole_and_fair),
        cmocka_unit_test(closing_a_vault_hands_over_cars_and_crews),
        cmocka_unit_test(a_new_vault_gets_a_car_and_growth_hires),
        cmocka_unit_test(who_is_not_served_leaves),
        cmocka_unit_test(a_week_before_is_planned_as_if_today),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

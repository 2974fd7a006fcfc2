/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices of an earlier plan find the rows of the same limit and day; days beyond it are like the
 * same weekday of its last week. */
#include "solver/replenish/refill_start.h"
#include "tests/check.h"

#define N_DAYS 14

static void prices_find_their_rows(void **state)
{
    (void)state;
    cp_vault vaults[2] = {{.code = "V"}, {.code = "W"}};
    cp_cassette_model models[2] = {{.code = "M1"}, {.code = "M2"}};
    const cp_network net = {
        .vaults = vaults, .n_vaults = 2, .models = models, .n_models = 2, .first_day = 100};
    /* The plan before: days 99 .. 108, ten of them. */
    cp_limit_price prices[] = {
        {CP_LIMIT_STOPS, "W", "", 100, 7.0},   {CP_LIMIT_STOPS, "V", "", 99, 5.0},
        {CP_LIMIT_STOPS, "W", "", 102, 11.0},  {CP_LIMIT_SORT, "W", "", 102, 0.5},
        {CP_LIMIT_POOL, "W", "M2", 108, 40.0}, {CP_LIMIT_POOL, "W", "gone", 101, 9.0},
    };
    const cp_limit_prices before = {3, 99, 10, prices, LEN(prices)};
    static const struct {
        const char *name;
        cp_limit_kind kind;
        int32_t t, item;
        double want;
    } cases[] = {
        {"same day", CP_LIMIT_STOPS, 0, -1, 7.0},
        {"other kind of the day", CP_LIMIT_SORT, 2, -1, 0.5},
        {"nothing known", CP_LIMIT_STOPS, 1, -1, 0.0},
        {"a week later, beyond the plan", CP_LIMIT_STOPS, 9, -1, 11.0},
        {"beyond it, nothing a week before", CP_LIMIT_STOPS, 10, -1, 0.0},
        {"its last day", CP_LIMIT_POOL, 8, 1, 40.0},
        {"of another model", CP_LIMIT_POOL, 8, 0, 0.0},
        {"a model that is gone is nobody's", CP_LIMIT_POOL, 1, 0, 0.0},
    };
    cp_zone_row rows[LEN(cases)] = {0};
    double got[LEN(cases)];
    const cp_zone zone = {
        .net = &net, .vault = 1, .n_days = N_DAYS, .n_rows = LEN(cases), .row = rows};
    for (int32_t i = 0; i < LEN(cases); i++)
        rows[i] = (cp_zone_row){.kind = cases[i].kind, .t = cases[i].t, .item = cases[i].item};
    cp_refill_start_rows(&before, &zone, got);
    for (int32_t i = 0; i < LEN(cases); i++)
        if (got[i] < cases[i].want || got[i] > cases[i].want)
            fail_msg("%s: %g, not %g", cases[i].name, got[i], cases[i].want);
}

/* A plan of three days knows no week: its last day stands for all that follow. */
static void short_plans_lend_their_last_day(void **state)
{
    (void)state;
    cp_vault vault = {.code = "V"};
    const cp_network net = {.vaults = &vault, .n_vaults = 1, .first_day = 101};
    cp_limit_price price = {CP_LIMIT_PACK, "V", "", 102, 3.0};
    const cp_limit_prices before = {1, 100, 3, &price, 1};
    cp_zone_row rows[3] = {0};
    double got[3];
    for (int32_t i = 0; i < 3; i++)
        rows[i] = (cp_zone_row){.kind = CP_LIMIT_PACK, .t = i, .item = -1};
    const cp_zone zone = {.net = &net, .n_days = 3, .n_rows = 3, .row = rows};
    cp_refill_start_rows(&before, &zone, got);
    assert_true(got[0] < 1.0 && got[1] > 2.0 && got[2] > 2.0);
}

/* Rows of notes are found by their day from the plan's first one on; a stored price is that of the
 * row and all later ones. */
static void notes_take_the_same_day_of_the_earlier_plan(void **state)
{
    (void)state;
    cp_vault vault = {.code = "V"};
    cp_denomination denoms[2] = {{.code = "D1"}, {.code = "D2"}};
    const cp_network net = {
        .vaults = &vault, .n_vaults = 1, .denoms = denoms, .n_denoms = 2, .first_day = 101};
    cp_limit_price prices[] = {
        {CP_LIMIT_VAULT_STOCK, "V", "D2", 100, 9.0}, {CP_LIMIT_VAULT_STOCK, "V", "D2", 101, 7.0},
        {CP_LIMIT_VAULT_STOCK, "V", "D2", 102, 4.0}, {CP_LIMIT_VAULT_STOCK, "V", "D2", 103, 1.0},
        {CP_LIMIT_VAULT_STOCK, "V", "D1", 102, 5.0},
    };
    const cp_limit_prices before = {1, 100, 7, prices, LEN(prices)};
    static const double want[2][3] = {{0.0, 0.0, 5.0}, {2.0, 3.0, 4.0}};
    cp_zone_row rows[6] = {0};
    double got[6];
    for (int32_t i = 0; i < 6; i++)
        rows[i] = (cp_zone_row){.kind = CP_LIMIT_VAULT_STOCK, .t = i % 3, .item = i / 3};
    const cp_zone zone = {.net = &net, .n_days = 7, .n_rows = 6, .row = rows, .n_stock_days = 3};
    cp_refill_start_rows(&before, &zone, got);
    for (int32_t i = 0; i < 6; i++)
        if (got[i] < want[i / 3][i % 3] || got[i] > want[i / 3][i % 3])
            fail_msg("denomination %d, day %d: %g, not %g", (int)i / 3, (int)i % 3, got[i],
                     want[i / 3][i % 3]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prices_find_their_rows),
        cmocka_unit_test(short_plans_lend_their_last_day),
        cmocka_unit_test(notes_take_the_same_day_of_the_earlier_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

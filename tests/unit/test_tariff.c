/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tariffs and calendars: what holds on a day. */
#include <string.h>

#include "models/base/rng.h"
#include "tests/check.h"
#include "tests/unit/net_bank.h"

static cp_tariff tariff(cp_tariff_item item, const char *vault, const char *carrier,
                        const char *site, const char *model, cp_day from, cp_day to, int64_t amount)
{
    return (cp_tariff){item, vault, carrier, site, model, from, to, amount, -1, -1, -1, -1};
}

static void the_narrowest_scope_then_the_latest_start_wins(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    const cp_tariff list[] = {
        tariff(CP_TARIFF_STOP_SITE_MINOR, "", "", "", "", 0, 30000, 1),
        tariff(CP_TARIFF_STOP_SITE_MINOR, "", "", "", "", BANK_DAY, 30000, 2),
        tariff(CP_TARIFF_STOP_SITE_MINOR, "V-1", "", "", "", 0, 30000, 3),
        tariff(CP_TARIFF_STOP_SITE_MINOR, "", "K", "", "", 0, BANK_DAY - 1, 4),
        tariff(CP_TARIFF_STOP_SITE_MINOR, "V-2", "K", "", "", BANK_DAY + 5, 30000, 5),
        tariff(CP_TARIFF_STOP_SITE_MINOR, "", "", "S-3", "", BANK_DAY, BANK_DAY, 6),
        tariff(CP_TARIFF_STOP_SITE_MINOR, "", "", "", "D", BANK_DAY + 1, BANK_DAY + 1, 7),
    };
    cp_tariff *added = bank_add(&ctx, &rows, CP_ENTITY_TARIFF, LEN(list));
    memcpy(added, list, sizeof list);
    const cp_network *net = bank_build(&ctx, &rows);
    const struct {
        const char *name;
        cp_day day;
        int32_t vault, carrier, site, model;
        int64_t want;
    } cases[] = {
        {"everywhere, before the new price", BANK_DAY - 1, -1, -1, -1, -1, 1},
        {"everywhere, the later start", BANK_DAY, -1, -1, -1, -1, 2},
        {"a vault's own", BANK_DAY, 0, -1, -1, -1, 3},
        {"another vault's", BANK_DAY, 1, -1, -1, -1, 2},
        {"carrier above vault", BANK_DAY - 1, 0, 0, -1, -1, 4},
        {"carrier's price has ended", BANK_DAY, 0, 0, -1, -1, 3},
        {"vault and carrier", BANK_DAY + 5, 1, 0, -1, -1, 5},
        {"site above carrier", BANK_DAY, 0, 0, 2, -1, 6},
        {"other site", BANK_DAY, 0, 0, 1, -1, 3},
        {"model above site", BANK_DAY + 1, 0, 0, 2, 0, 7},
        {"other model", BANK_DAY + 1, 0, 0, 2, 1, 3},
        {"nothing that early", -5, -1, -1, -1, -1, 0},
    };
    for (int32_t i = 0; i < LEN(cases); i++)
        if (cp_tariff_get(net, CP_TARIFF_STOP_SITE_MINOR, cases[i].day, cases[i].vault,
                          cases[i].carrier, cases[i].site, cases[i].model) != cases[i].want)
            fail_msg("%s", cases[i].name);
    assert_int_equal(cp_tariff_get(net, CP_TARIFF_KM_MINOR, BANK_DAY, 0, 0, 0, 0), 0);
    cp_ctx_done(&ctx);
}

static int32_t weight(const cp_tariff *t)
{
    return 8 * (t->cassette_model_code[0] != '\0') + 4 * (t->site_code[0] != '\0') +
           2 * (t->carrier_code[0] != '\0') + (t->vault_code[0] != '\0');
}

/* The rule of network.h, row by row. */
static int64_t slow_lookup(const cp_network *net, cp_day day, const int32_t ask[4])
{
    const cp_tariff *best = NULL;
    for (int32_t i = 0; i < net->rows.n_tariff; i++) {
        const cp_tariff *t = &net->rows.tariff[i];
        if (t->item != CP_TARIFF_HOUR_MINOR || t->valid_from > day || t->valid_to < day) continue;
        if ((t->vault >= 0 && t->vault != ask[0]) || (t->carrier >= 0 && t->carrier != ask[1]) ||
            (t->site >= 0 && t->site != ask[2]) ||
            (t->cassette_model >= 0 && t->cassette_model != ask[3]))
            continue;
        if (best == NULL || weight(t) > weight(best) ||
            (weight(t) == weight(best) && t->valid_from > best->valid_from))
            best = t;
    }
    return best == NULL ? 0 : best->amount;
}

static void random_tariffs_agree_with_the_slow_lookup(void **state)
{
    (void)state;
    static const char *const vaults[] = {"", "V-1", "V-2"}, *const carriers[] = {"", "K"};
    static const char *const sites[] = {"", "S-1", "S-2"}, *const models[] = {"", "D", "R"};
    for (uint64_t seed = 1; seed <= 30; seed++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_rng rng = cp_rng_new(seed, 3);
        cp_rows rows;
        bank_rows(&ctx, &rows);
        /* Starts differ, so that no key is given twice. */
        for (int32_t i = 0; i < 60; i++) {
            cp_tariff *t = bank_add(&ctx, &rows, CP_ENTITY_TARIFF, 1);
            const cp_day from = (cp_day)(i * 7 % 60);
            *t = tariff(CP_TARIFF_HOUR_MINOR, vaults[cp_rng_below(&rng, 3)],
                        carriers[cp_rng_below(&rng, 2)], sites[cp_rng_below(&rng, 3)],
                        models[cp_rng_below(&rng, 3)], from, from + (cp_day)cp_rng_below(&rng, 40),
                        100 + i);
        }
        const cp_network *net = bank_build(&ctx, &rows);
        for (int32_t k = 0; k < 300; k++) {
            const cp_day day = (cp_day)cp_rng_below(&rng, 100);
            const int32_t ask[4] = {
                (int32_t)cp_rng_below(&rng, 3) - 1, (int32_t)cp_rng_below(&rng, 2) - 1,
                (int32_t)cp_rng_below(&rng, 4) - 1, (int32_t)cp_rng_below(&rng, 3) - 1};
            assert_int_equal(
                cp_tariff_get(net, CP_TARIFF_HOUR_MINOR, day, ask[0], ask[1], ask[2], ask[3]),
                slow_lookup(net, day, ask));
        }
        cp_ctx_done(&ctx);
    }
}

static void calendars_know_their_days_and_their_end(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    const cp_network *net = bank_build(&ctx, &rows);
    const struct {
        const char *name;
        int32_t calendar;
        cp_day day;
        bool covered, working;
    } cases[] = {
        {"Tuesday", 0, BANK_DAY, true, true},
        {"Sunday", 0, BANK_DAY + 5, true, false},
        {"Saturday worked in exchange", 0, BANK_DAY + 4, true, true},
        {"holiday on a Monday", 0, BANK_DAY + 6, true, false},
        {"payday is an ordinary day", 0, BANK_DAY + 16, true, true},
        {"last covered day", 0, BANK_DAY + 37, true, true},
        {"the day after is not covered", 0, BANK_DAY + 38, false, true},
        {"no calendar: weekday", -1, BANK_DAY + 38, true, true},
        {"no calendar: Saturday", -1, BANK_DAY + 4, true, false},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        bool working = false;
        const bool covered = cp_calendar_lookup(net, cases[i].calendar, cases[i].day, &working);
        if (covered != cases[i].covered || working != cases[i].working)
            fail_msg("%s", cases[i].name);
    }
    cp_ctx_done(&ctx);
}

static void a_point_is_served_on_its_days(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_rows rows;
    bank_rows(&ctx, &rows);
    cp_point *a3 = NULL;
    for (int32_t p = 0; p < rows.n_point; p++)
        if (strcmp(rows.point[p].code, "A-3") == 0) a3 = &rows.point[p];
    a3->service_days = 31;
    a3->earliest_day = BANK_DAY + 1;
    const cp_network *net = bank_build(&ctx, &rows);
    int32_t p = 0;
    while (strcmp(net->points[p].code, "A-3") != 0)
        p++;
    assert_false(cp_point_serviceable(net, p, BANK_DAY));     /* before its earliest day */
    assert_true(cp_point_serviceable(net, p, BANK_DAY + 1));  /* Wednesday */
    assert_true(cp_point_serviceable(net, p, BANK_DAY + 4));  /* Saturday worked in exchange */
    assert_false(cp_point_serviceable(net, p, BANK_DAY + 5)); /* Sunday */
    assert_false(cp_point_serviceable(net, p, BANK_DAY + 6)); /* holiday */
    cp_point *works = &net->rows.point[p];
    works->works_holidays = true;
    assert_true(cp_point_serviceable(net, p, BANK_DAY + 6));
    assert_false(cp_point_serviceable(net, p, BANK_DAY + 4)); /* for it a Saturday like others */
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_narrowest_scope_then_the_latest_start_wins),
        cmocka_unit_test(random_tariffs_agree_with_the_slow_lookup),
        cmocka_unit_test(calendars_know_their_days_and_their_end),
        cmocka_unit_test(a_point_is_served_on_its_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

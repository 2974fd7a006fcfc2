/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/history.h"

#include "tests/check.h"
#include "tests/unit/demand_toy.h"

static void a_new_history_knows_nothing(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = NULL;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    assert_ok(&ctx, demand_toy_make(&ctx, 3, 20000, 5, &toy));
    for (int32_t flow = 0; flow < CP_N_FLOWS; flow++)
        for (int32_t p = 0; p < 3; p++)
            for (cp_day d = 19999; d <= 20005; d++)
                assert_true(cp_history_at(toy->history, (cp_flow)flow, p, d) == CP_HISTORY_MISSING);
    cp_history *h = NULL;
    assert_fails(&ctx, CP_E_INPUT, cp_history_new(&ctx, &toy->net, 20000, -1, &h));
    cp_ctx_done(&ctx);
}

static void cut_off_at_an_evening_it_keeps_what_came_before(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        cp_day end;
        int32_t n_days;
    } cases[] = {{"inside", 20003, 3},
                 {"at the end", 20005, 5},
                 {"beyond the end", 20100, 5},
                 {"at the first day", 20000, 0},
                 {"long before", 10, 0}};
    cp_ctx ctx;
    demand_toy *toy = NULL;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    assert_ok(&ctx, demand_toy_make(&ctx, 2, 20000, 5, &toy));
    for (int32_t i = 0; i < 10; i++)
        demand_toy_set(toy, i / 5, i % 5, 100 + i, i % 5 == 1 ? CP_FAULT_CASH_OUT : 0);
    toy->history->denom_ppm[1] = 700000;
    for (int32_t c = 0; c < LEN(cases); c++) {
        cp_history *cut = NULL;
        assert_ok(&ctx, cp_history_until(&ctx, toy->history, cases[c].end, &cut));
        if (cut->n_days != cases[c].n_days) fail_msg("%s: %d days", cases[c].name, cut->n_days);
        for (int32_t p = 0; p < 2; p++)
            for (int32_t i = 0; i < cut->n_days; i++) {
                assert_true(cp_history_at(cut, CP_FLOW_WITHDRAWAL, p, 20000 + i) ==
                            100 + 5 * p + i);
                assert_true(cp_history_at(cut, CP_FLOW_DEPOSIT, p, 20000 + i) ==
                            CP_HISTORY_MISSING);
                assert_int_equal(cut->faults[p * cut->n_days + i], i == 1 ? CP_FAULT_CASH_OUT : 0);
            }
        assert_true(cp_history_at(cut, CP_FLOW_WITHDRAWAL, 1, 20000 + cut->n_days) ==
                    CP_HISTORY_MISSING);
        assert_int_equal(cut->denom_ppm[1], 700000);
    }
    cp_ctx_done(&ctx);
}

/* Point 0: two weeks recorded, one Monday missing; point 1: nothing but one Tuesday. */
static void holes_take_the_mean_of_their_weekday(void **state)
{
    (void)state;
    cp_ctx ctx;
    demand_toy *toy = NULL;
    cp_history *full = NULL;
    int32_t n_filled = 0;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    assert_ok(&ctx, demand_toy_make(&ctx, 2, 20000, 28, &toy));
    for (int32_t i = 0; i < 28; i++)
        if (i != 8 && i != 9) demand_toy_set(toy, 0, i, 100 * (i + 1), 0);
    demand_toy_set(toy, 1, 2, 500, 0);
    assert_ok(&ctx, cp_history_fill_gaps(&ctx, toy->history, 20007, 2, &full, &n_filled));
    /* Day 8: days 1, 15 and 22 have 200, 1,600 and 2,300. Day 9 was not asked for. */
    assert_int_equal(n_filled, 1);
    assert_int_equal(cp_history_at(full, CP_FLOW_WITHDRAWAL, 0, 20008), 4100 / 3);
    assert_int_equal(cp_history_at(full, CP_FLOW_WITHDRAWAL, 0, 20007), 800);
    assert_true(cp_history_at(full, CP_FLOW_WITHDRAWAL, 0, 20009) == CP_HISTORY_MISSING);
    assert_true(cp_history_at(toy->history, CP_FLOW_WITHDRAWAL, 0, 20008) == CP_HISTORY_MISSING);
    /* One Tuesday tells nothing of Tuesdays, and no deposit was ever seen. */
    assert_true(cp_history_at(full, CP_FLOW_WITHDRAWAL, 1, 20008) == CP_HISTORY_MISSING);
    assert_true(cp_history_at(full, CP_FLOW_DEPOSIT, 0, 20008) == CP_HISTORY_MISSING);
    assert_ok(&ctx, cp_history_fill_gaps(&ctx, toy->history, 10, 100000, &full, &n_filled));
    assert_int_equal(n_filled, 2);
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_history_knows_nothing),
        cmocka_unit_test(cut_off_at_an_evening_it_keeps_what_came_before),
        cmocka_unit_test(holes_take_the_mean_of_their_weekday),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

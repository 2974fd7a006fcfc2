/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/split_load.h"

#include "models/base/rng.h"
#include "tests/file_ctx.h"
#include "tests/toy.h"

typedef struct box {
    int32_t capacity, step, least;
} box;

/* A machine with these dispense cassettes of CNY100, then one of CNY10. */
static cp_toy *machine(const box *boxes, int32_t n, const char *rule)
{
    cp_toy *toy = toy_new(&ctx);
    toy_put(toy, "site", "code=S1|lat_deg=31.1|lon_deg=121.1|vault_code=V");
    toy_put(toy, "point", "code=A1|site_code=S1|kind=atm|dispense_rule=%s", rule);
    for (int32_t k = 0; k <= n; k++)
        toy_put(toy, "cassette",
                "point_code=A1|slot=%d|cassette_model_code=M|denomination_code=%s|role=dispense|"
                "capacity_notes=%d|step_notes=%d|min_load_notes=%d",
                (int)k + 1, k < n ? "CNY100" : "CNY10", k < n ? (int)boxes[k].capacity : 500,
                k < n ? (int)boxes[k].step : 1, k < n ? (int)boxes[k].least : 0);
    toy_build(toy, 1);
    return toy;
}

typedef struct split {
    const char *name;
    int32_t n;
    box boxes[4];
    int64_t notes;
    int64_t want[4];
} split;

static void check_split(const split *c, const char *rule)
{
    cp_toy *toy = machine(c->boxes, c->n, rule);
    int64_t got[5] = {-1, -1, -1, -1, -1};
    const int32_t channel = cp_cassette_channel(toy->net, toy->net->cassettes);
    assert_ok(&ctx, cp_split_load(&ctx, toy->net, channel, 0, c->notes, got));
    for (int32_t k = 0; k < c->n; k++)
        if (got[k] != c->want[k])
            fail_msg("%s: cassette %d holds %lld, not %lld", c->name, (int)k, (long long)got[k],
                     (long long)c->want[k]);
    assert_int_equal(got[c->n], 0); /* the other denomination */
}

static void loads_are_split_evenly_in_whole_steps(void **state)
{
    (void)state;
    static const split cases[] = {
        {"nothing to load", 2, {{2000, 100, 0}, {2000, 100, 0}}, 0, {0, 0}},
        {"one cassette takes all", 1, {{2000, 100, 0}}, 1700, {1700}},
        {"two equal ones share", 2, {{2000, 100, 0}, {2000, 100, 0}}, 3000, {1500, 1500}},
        {"the odd step goes to the first slot",
         2,
         {{2000, 100, 0}, {2000, 100, 0}},
         300,
         {200, 100}},
        {"a large one takes its part", 2, {{3000, 100, 0}, {1000, 100, 0}}, 2000, {1500, 500}},
        {"full is full", 2, {{2500, 100, 0}, {500, 100, 0}}, 3000, {2500, 500}},
        {"least loads come first", 2, {{2000, 100, 200}, {1000, 100, 400}}, 700, {300, 400}},
        {"too little for the least loads",
         2,
         {{2000, 100, 500}, {2000, 100, 500}},
         600,
         {300, 300}},
        {"capacity off the step", 2, {{1050, 100, 0}, {1000, 100, 0}}, 2050, {1050, 1000}},
        {"three and a spare step",
         3,
         {{900, 50, 0}, {900, 50, 0}, {900, 50, 0}},
         1000,
         {350, 350, 300}},
    };
    for (int32_t i = 0; i < LEN(cases); i++)
        check_split(&cases[i], "rotate");
}

static void drained_cassettes_are_filled_by_slot(void **state)
{
    (void)state;
    static const split cases[] = {
        {"the first is full", 2, {{2000, 100, 0}, {2000, 100, 0}}, 3000, {2000, 1000}},
        {"the last is empty", 3, {{500, 100, 0}, {500, 100, 0}, {500, 100, 0}}, 700, {500, 200, 0}},
        {"least loads come first", 2, {{2000, 100, 200}, {1000, 100, 400}}, 700, {300, 400}},
        {"too little for the least loads", 2, {{500, 100, 500}, {500, 100, 500}}, 600, {500, 100}},
        {"capacity off the step", 2, {{1050, 100, 0}, {1000, 100, 0}}, 2050, {1050, 1000}},
        {"odd notes", 2, {{250, 100, 0}, {250, 100, 0}}, 430, {230, 200}},
    };
    for (int32_t i = 0; i < LEN(cases); i++)
        check_split(&cases[i], "drain");
}

static void any_load_that_fits_is_split_without_loss(void **state)
{
    (void)state;
    cp_rng rng = cp_rng_new(7, 1);
    for (int32_t turn = 0; turn < 60; turn++) {
        box boxes[4];
        int64_t room = 0;
        const int32_t n = 1 + (int32_t)cp_rng_below(&rng, 4);
        for (int32_t k = 0; k < n; k++) {
            boxes[k].capacity = 300 + 50 * (int32_t)cp_rng_below(&rng, 40);
            boxes[k].step = cp_rng_below(&rng, 2) ? 100 : 50;
            boxes[k].least = (int32_t)cp_rng_below(&rng, 300);
            room += boxes[k].capacity;
        }
        cp_toy *toy = machine(boxes, n, turn % 2 ? "drain" : "mix");
        const int64_t notes = (int64_t)cp_rng_below(&rng, (uint32_t)(room / 50 + 1)) * 50;
        int64_t got[5], sum = 0;
        const int32_t channel = cp_cassette_channel(toy->net, toy->net->cassettes);
        assert_ok(&ctx, cp_split_load(&ctx, toy->net, channel, 0, notes, got));
        for (int32_t k = 0; k < n; k++) {
            assert_true(got[k] >= 0 && got[k] <= boxes[k].capacity);
            sum += got[k];
        }
        assert_int_equal(sum, notes);
        assert_fails(&ctx, CP_E_RANGE, cp_split_load(&ctx, toy->net, channel, 0, room + 1, got));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(loads_are_split_evenly_in_whole_steps, start, finish),
        cmocka_unit_test_setup_teardown(drained_cassettes_are_filled_by_slot, start, finish),
        cmocka_unit_test_setup_teardown(any_load_that_fits_is_split_without_loss, start, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mixes of a machine's slots: which there are, which are refused, how they are written. */
#include "models/net/slot_mix.h"

#include <string.h>

#include "tests/check.h"
#include "tests/toy.h"

/* A machine with these slots and options ("slot|denomination" texts), built or refused. */
static cp_status build(cp_toy *toy, const char *point, const char *const *slots,
                       const char *const *options)
{
    toy_put(toy, "denomination", "code=CNY50|currency_code=CNY|value_minor=5000");
    toy_put(toy, "denomination", "code=CNY20|currency_code=CNY|value_minor=2000");
    toy_put(toy, "site", "code=S|lat_deg=31.1|lon_deg=121.0");
    toy_put(toy, "point", "code=A|site_code=S|%s", point);
    for (int32_t k = 0; slots[k]; k++)
        toy_put(toy, "cassette", "point_code=A|slot=%d|cassette_model_code=M|%s", (int)k + 1,
                slots[k]);
    for (int32_t k = 0; options[k]; k++)
        toy_put(toy, "slot_option", "point_code=A|slot=%s", options[k]);
    return cp_network_build(toy->ctx, &toy->rows, TOY_FIRST_DAY, 3, &toy->net, NULL);
}

#define D100 "role=dispense|denomination_code=CNY100"
#define D50 "role=dispense|denomination_code=CNY50"
#define OR100 "|denomination_code=CNY100"
#define OR50 "|denomination_code=CNY50"
#define OR20 "|denomination_code=CNY20"

/* clang-format off */
static const struct {
    const char *name, *point;
    const char *slots[5], *options[6], *want[10];
} mix_cases[] = {
    {"no options", "kind=atm", {D100, D50}, {NULL}, {""}},
    {"both slots of 100 stay when the 50 must",
     "kind=atm",
     {D100, D100, D50},
     {"3" OR100},
     {"CNY100;CNY100;CNY50"}},
    {"one of two 100 may hold 50",
     "kind=atm",
     {D100, D100, D50},
     {"2" OR50},
     {"CNY100;CNY100;CNY50", "CNY100;CNY50;CNY50"}},
    {"equal machines are one mix",
     "kind=atm",
     {D100, D100, D50},
     {"1" OR50, "2" OR50},
     {"CNY100;CNY100;CNY50", "CNY100;CNY50;CNY50"}},
    {"slots of other sizes are not equal",
     "kind=atm",
     {D100 "|capacity_notes=1500", D100, D50},
     {"1" OR50, "2" OR50},
     {"CNY100;CNY100;CNY50", "CNY100;CNY50;CNY50", "CNY50;CNY100;CNY50"}},
    {"a third denomination comes in",
     "kind=atm",
     {D100, D100, D50},
     {"2" OR20},
     {"CNY100;CNY100;CNY50", "CNY100;CNY20;CNY50"}},
    {"what another stands in for may go",
     "kind=atm|dispense_rule=mix",
     {D100, D50},
     {"1" OR50},
     {"CNY100;CNY50", "CNY50;CNY50"}},
    {"the small one may not",
     "kind=atm|dispense_rule=mix",
     {D100, D50},
     {"2" OR100},
     {"CNY100;CNY50"}},
    {"they change places",
     "kind=atm",
     {D100 "|capacity_notes=1500", D50},
     {"1" OR50, "2" OR100},
     {"CNY100;CNY50", "CNY50;CNY100"}},
    {"bins and rejects are left alone",
     "kind=atm",
     {D100, D100, "role=deposit|denomination_code=CNY100",
      "role=reject|denomination_code=CNY10"},
     {"2" OR50},
     {"CNY100;CNY100;CNY100", "CNY100;CNY50;CNY100"}},
};
/* clang-format on */

static void mixes_are_listed(void **state)
{
    (void)state;
    for (int32_t i = 0; i < LEN(mix_cases); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = toy_new(&ctx);
        assert_ok(&ctx, build(toy, mix_cases[i].point, mix_cases[i].slots, mix_cases[i].options));
        const cp_point *p = &toy->net->points[0];
        for (int32_t m = 0; m < cp_mix_count(toy->net, 0); m++) {
            const char *text = cp_mix_text(&ctx, ctx.run, toy->net, 0, m);
            if (mix_cases[i].want[m] == NULL || strcmp(text, mix_cases[i].want[m]) != 0)
                fail_msg("%s: mix %d is %s", mix_cases[i].name, (int)m, text);
            int32_t read = -1;
            assert_ok(&ctx, cp_mix_read(&ctx, toy->net, 0, text, &read));
            assert_int_equal(read, m);
            int64_t in_slots = 0, in_channels = 0;
            for (int32_t k = 0; k < p->n_cassettes; k++)
                if (cp_mix_cassettes(toy->net, 0, m)[k].role != CP_ROLE_REJECT)
                    in_slots += cp_mix_cassettes(toy->net, 0, m)[k].capacity_notes;
            for (int32_t k = 0; k < p->n_channels; k++)
                in_channels += cp_mix_channels(toy->net, 0, m)[k].capacity_notes;
            assert_int_equal(in_slots, in_channels);
        }
        if (mix_cases[i].want[cp_mix_count(toy->net, 0)] != NULL)
            fail_msg("%s: only %d mixes", mix_cases[i].name, (int)cp_mix_count(toy->net, 0));
        int32_t none = -1;
        assert_fails(&ctx, CP_E_INPUT, cp_mix_read(&ctx, toy->net, 0, "CNY10;CNY10", &none));
        cp_ctx_done(&ctx);
    }
}

static void an_option_has_its_own_room(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    cp_toy *toy = toy_new(&ctx);
    static const char *const slots[] = {D100 "|balance_notes=700|step_notes=100", D100, NULL};
    static const char *const options[] = {
        "1" OR20 "|capacity_notes=900|step_notes=50|min_load_notes=150|share_ppm=200000", NULL};
    assert_ok(&ctx, build(toy, "kind=atm", slots, options));
    const cp_channel *today = &toy->net->channels[0]; /* the 20 has the channel before or after */
    const int32_t k20 = today[0].value_minor == 2000 ? 0 : 1;
    assert_int_equal(toy->net->n_channels, 2);
    assert_int_equal(today[k20].capacity_notes, 0);
    assert_int_equal(today[k20].load_most_notes, 0);
    assert_int_equal(today[k20].share_ppm, 200000);
    assert_int_equal(today[1 - k20].balance_notes, 700);
    const cp_channel *other = cp_mix_channels(toy->net, 0, 1);
    assert_int_equal(other[k20].capacity_notes, 900);
    assert_int_equal(other[k20].step_notes, 50);
    assert_int_equal(other[k20].min_load_notes, 150);
    assert_int_equal(other[k20].n_cassettes, 1);
    assert_int_equal(other[1 - k20].capacity_notes, 2000);
    cp_ctx_done(&ctx);
}

static void senseless_options_are_refused(void **state)
{
    (void)state;
    static const char *const many[] = {D100, D100, D100, D100, D100, D100, NULL};
    static const char *const three[] = {D100 "|capacity_notes=1000",
                                        D100 "|capacity_notes=1100",
                                        D100 "|capacity_notes=1210",
                                        D100 "|capacity_notes=1330",
                                        D100 "|capacity_notes=1470",
                                        D100,
                                        NULL};
    static const char *const bin[] = {D100, "role=deposit|denomination_code=CNY100", NULL};
    static const struct {
        const char *point;
        const char *const *slots;
        const char *options[6];
        const char *words;
    } cases[] = {
        {"kind=atm|visit_kinds=swap_add", many, {"2" OR50}, "point_code A may have options only"},
        {"kind=branch|visit_kinds=add", many, {"2" OR50}, "point_code A may have options only"},
        {"kind=atm", many, {"9" OR50}, "slot is 9; the machine has no such slot"},
        {"kind=atm", many, {"2" OR100}, "denomination_code is CNY100, what it holds already"},
        {"kind=atm", bin, {"2" OR50}, "slot is 2; only slots that pay out"},
        {"kind=atm", three, {"1" OR50, "2" OR50, "3" OR50, "4" OR50, "5" OR50}, "more than 16"},
        {"kind=atm", many, {"2|denomination_code=CNY5"}, "CNY5"},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        cp_toy *toy = toy_new(&ctx);
        assert_int_equal(build(toy, cases[i].point, cases[i].slots, cases[i].options), CP_E_INPUT);
        if (strstr(ctx.error.text, cases[i].words) == NULL)
            fail_msg("case %d: %s", (int)i, ctx.error.text);
        cp_ctx_done(&ctx);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mixes_are_listed),
        cmocka_unit_test(an_option_has_its_own_room),
        cmocka_unit_test(senseless_options_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

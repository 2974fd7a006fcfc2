/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/paths.h"

#include "tests/check.h"

#define MOST 4

/* One point with up to four channels, over two denominations of 100 and 50. */
typedef struct share_case {
    const char *name;
    int32_t n;
    cp_channel channel[MOST]; /* point, denomination, role, capacity, share */
    int32_t seen_out[2];      /* the history's split of withdrawals */
    int32_t out[MOST], in[MOST];
} share_case;

#define CH(denom, what, capacity, share)                                                           \
    {                                                                                              \
        .denomination = (denom), .role = (what), .capacity_notes = (capacity),                     \
        .share_ppm = (share), .value_minor = (denom) == 0 ? 100 : 50                               \
    }

static const share_case cases[] = {
    {"the only channel takes all", 1, {CH(0, CP_ROLE_DISPENSE, 10, -1)}, {0, 0}, {1000000}, {0}},
    {"without a split by capacity value",
     2,
     {CH(0, CP_ROLE_DISPENSE, 30, -1), CH(1, CP_ROLE_DISPENSE, 20, -1)},
     {0, 0},
     {750000, 250000},
     {0, 0}},
    {"the split seen is kept",
     2,
     {CH(0, CP_ROLE_DISPENSE, 30, -1), CH(1, CP_ROLE_DISPENSE, 20, -1)},
     {900000, 100000},
     {900000, 100000},
     {0, 0}},
    {"a given share beats the split seen",
     2,
     {CH(0, CP_ROLE_DISPENSE, 30, 600000), CH(1, CP_ROLE_DISPENSE, 20, 400000)},
     {900000, 100000},
     {600000, 400000},
     {0, 0}},
    {"a channel without a share takes what is left",
     2,
     {CH(0, CP_ROLE_DISPENSE, 30, 600000), CH(1, CP_ROLE_DISPENSE, 20, -1)},
     {0, 0},
     {600000, 400000},
     {0, 0}},
    {"given shares that do not sum are scaled",
     2,
     {CH(0, CP_ROLE_DISPENSE, 30, 300000), CH(1, CP_ROLE_DISPENSE, 20, 100000)},
     {0, 0},
     {750000, 250000},
     {0, 0}},
    {"one denomination in two channels: by capacity",
     3,
     {CH(0, CP_ROLE_DISPENSE, 30, -1), CH(1, CP_ROLE_DISPENSE, 99, -1),
      CH(0, CP_ROLE_RECYCLE, 10, -1)},
     {800000, 200000},
     {600000, 200000, 200000},
     {0, 0, 1000000}},
    {"a denomination not served here is shared out",
     1,
     {CH(1, CP_ROLE_DISPENSE, 20, -1)},
     {500000, 500000},
     {1000000},
     {0}},
    {"deposits go to bins and recyclers only",
     3,
     {CH(0, CP_ROLE_DISPENSE, 90, -1), CH(0, CP_ROLE_DEPOSIT, 30, -1),
      CH(0, CP_ROLE_RECYCLE, 10, -1)},
     {0, 0},
     {900000, 0, 100000},
     {0, 750000, 250000}},
    {"thirds still sum to a million",
     3,
     {CH(0, CP_ROLE_DISPENSE, 7, -1), CH(0, CP_ROLE_DISPENSE, 7, -1),
      CH(0, CP_ROLE_DISPENSE, 7, -1)},
     {0, 0},
     {333333, 333334, 333333},
     {0}},
    {"nothing can serve", 1, {CH(0, CP_ROLE_REJECT, 10, -1)}, {0, 0}, {0}, {0}},
    {"no channel at all", 0, {{.point = 0}}, {0, 0}, {0}, {0}},
};

static void shares_follow_cassette_then_history_then_capacity(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    for (int32_t c = 0; c < LEN(cases); c++) {
        const cp_point point = {.code = "P", .n_channels = cases[c].n};
        cp_network net = {.n_points = 1, .n_denoms = 2, .points = &point};
        net.n_channels = cases[c].n;
        net.channels = cases[c].channel;
        cp_history *h = NULL;
        cp_shares *shares = NULL;
        assert_ok(&ctx, cp_history_new(&ctx, &net, 0, 0, &h));
        h->denom_ppm[0] = cases[c].seen_out[0];
        h->denom_ppm[1] = cases[c].seen_out[1];
        assert_ok(&ctx, cp_shares_make(&ctx, &net, h, &shares));
        for (int32_t k = 0; k < cases[c].n; k++) {
            if (shares->out_ppm[k] != cases[c].out[k] || shares->in_ppm[k] != cases[c].in[k])
                fail_msg("%s: channel %d has %d and %d ppm, not %d and %d", cases[c].name, k,
                         shares->out_ppm[k], shares->in_ppm[k], cases[c].out[k], cases[c].in[k]);
        }
    }
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_follow_cassette_then_history_then_capacity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

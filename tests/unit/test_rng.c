/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/rng.h"

#include <math.h>

#include "tests/check.h"

static void the_generator_is_xoshiro256starstar(void **state)
{
    (void)state;
    /* First outputs of the authors' reference program from the state 1, 2, 3, 4. */
    static const uint64_t want[] = {UINT64_C(11520), UINT64_C(0), UINT64_C(1509978240),
                                    UINT64_C(1215971899390074240)};
    cp_rng rng = {{1, 2, 3, 4}};
    for (int32_t i = 0; i < LEN(want); i++)
        assert_true(cp_rng_u64(&rng) == want[i]);
}

static void streams_differ_and_repeat(void **state)
{
    (void)state;
    static const uint64_t pairs[][2] = {{1, 0}, {0, 1}, {1, 1}, {1, 2}, {2, 1}, {0, 0}};
    uint64_t first[LEN(pairs)];
    for (int32_t i = 0; i < LEN(pairs); i++) {
        cp_rng a = cp_rng_new(pairs[i][0], pairs[i][1]);
        cp_rng b = cp_rng_new(pairs[i][0], pairs[i][1]);
        first[i] = cp_rng_u64(&a);
        assert_true(first[i] == cp_rng_u64(&b));
        for (int32_t j = 0; j < i; j++)
            assert_true(first[i] != first[j]);
    }
}

static void below_is_even_and_in_range(void **state)
{
    (void)state;
    cp_rng rng = cp_rng_new(5, 0);
    int count[6] = {0};
    for (int i = 0; i < 60000; i++) {
        const uint32_t x = cp_rng_below(&rng, 6);
        assert_true(x < 6);
        count[x]++;
    }
    for (int k = 0; k < 6; k++) /* 10000 expected, standard deviation 91 */
        assert_in_range(count[k], 9500, 10500);
    for (int i = 0; i < 100; i++)
        assert_int_equal(cp_rng_below(&rng, 1), 0);
    /* Three quarters of the 32-bit range: plain multiplication would favour some numbers. */
    int low = 0;
    for (int i = 0; i < 40000; i++)
        low += cp_rng_below(&rng, 0xC0000000u) < 0x60000000u ? 1 : 0;
    assert_in_range(low, 19500, 20500);
}

static void unit_and_normal_have_their_moments(void **state)
{
    (void)state;
    cp_rng rng = cp_rng_new(7, 3);
    const int n = 200000;
    double sum = 0;
    double sum_n = 0;
    double square_n = 0;
    for (int i = 0; i < n; i++) {
        const double u = cp_rng_unit(&rng);
        assert_true(u >= 0 && u < 1);
        sum += u;
        const double z = cp_rng_normal(&rng);
        sum_n += z;
        square_n += z * z;
    }
    assert_true(fabs(sum / n - 0.5) < 0.005);
    assert_true(fabs(sum_n / n) < 0.012);
    assert_true(fabs(square_n / n - 1) < 0.02);
}

static void hashes_tell_inputs_apart(void **state)
{
    (void)state;
    assert_true(cp_hash_text(0, "ab") == cp_hash_bytes(0, "ab", 2));
    assert_true(cp_hash_text(0, "ab") != cp_hash_text(0, "ba"));
    assert_true(cp_hash_text(0, "ab") != cp_hash_text(1, "ab"));
    assert_true(cp_hash_text(0, "") != cp_hash_bytes(0, "\0", 1));
    /* Chained: where one text ends and the next begins matters. */
    assert_true(cp_hash_text(cp_hash_text(0, "ab"), "c") !=
                cp_hash_text(cp_hash_text(0, "a"), "bc"));
    /* Stored hashes must mean the same in the next version. */
    assert_true(cp_hash_text(0, "cashplan") == UINT64_C(0x883462045D5A7760));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_generator_is_xoshiro256starstar),
        cmocka_unit_test(streams_differ_and_repeat),
        cmocka_unit_test(below_is_even_and_in_range),
        cmocka_unit_test(unit_and_normal_have_their_moments),
        cmocka_unit_test(hashes_tell_inputs_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

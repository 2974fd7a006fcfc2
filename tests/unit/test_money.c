/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/money.h"

#include "tests/check.h"

static void amounts_read_as_a_planner_writes_them(void **state)
{
    (void)state;
    static const struct {
        cp_minor amount;
        int32_t exponent;
        const char *want;
    } cases[] = {
        {0, 2, "0.00"},
        {5, 2, "0.05"},
        {-5, 2, "-0.05"},
        {18244010, 2, "182,440.10"},
        {100000, 2, "1,000.00"},
        {99999, 2, "999.99"},
        {1234567, 0, "1,234,567"},
        {-1000, 0, "-1,000"},
        {1234567, 3, "1,234.567"},
        {12345, 4, "1.2345"},
        {CP_MINOR_MAX, 2, "10,000,000,000,000.00"},
        {INT64_MAX, 0, "9,223,372,036,854,775,807"},
        {INT64_MIN, 4, "-922,337,203,685,477.5808"},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        char text[40];
        assert_string_equal(cp_minor_text(cases[i].amount, cases[i].exponent, text), cases[i].want);
    }
}

static void overflow_is_noticed_and_nothing_written(void **state)
{
    (void)state;
    cp_minor out = 42;
    assert_true(cp_minor_add(3, -5, &out));
    assert_int_equal(out, -2);
    assert_false(cp_minor_add(INT64_MAX, 1, &out));
    assert_false(cp_minor_add(INT64_MIN, -1, &out));
    assert_false(cp_minor_mul(INT64_MAX / 2, 3, &out));
    assert_int_equal(out, -2);
    assert_true(cp_minor_mul(-7, 6, &out));
    assert_int_equal(out, -42);
}

static void rounding_is_half_up(void **state)
{
    (void)state;
    static const struct {
        int64_t a, num, den, want;
    } cases[] = {
        {1, 1, 2, 1},
        {-1, 1, 2, 0},
        {3, 1, 2, 2},
        {-3, 1, 2, -1},
        {7, 1, 3, 2},
        {8, 1, 3, 3},
        {-7, 1, 3, -2},
        {-8, 1, 3, -3},
        {5, 0, 9, 0},
        {-4, 1, 2, -2},
        {10, 3, 10, 3},
        {0, 7, 3, 0},
        {1, 1, 3, 0},
        {-1, 1, 3, 0},
        {-2, 1, 3, -1},
        {CP_MINOR_MAX, 1000000, 1000000, CP_MINOR_MAX}, /* the product needs 128 bits */
    };
    for (int32_t i = 0; i < LEN(cases); i++)
        if (cp_mul_div(cases[i].a, cases[i].num, cases[i].den) != cases[i].want)
            fail_msg("case %d: got %lld", (int)i,
                     (long long)cp_mul_div(cases[i].a, cases[i].num, cases[i].den));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_read_as_a_planner_writes_them),
        cmocka_unit_test(overflow_is_noticed_and_nothing_written),
        cmocka_unit_test(rounding_is_half_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

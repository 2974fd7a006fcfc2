/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/gs1.h"

#include <string.h>

#include "tests/check.h"

static void check_digits(void **state)
{
    (void)state;
    static const struct {
        const char *digits;
        bool valid;
    } cases[] = {
        {"4006381333931", true}, /* a published EAN */
        {"4006381333932", false},
        {"400638133393x", false},
        {"73513537", true}, /* a published EAN-8 */
        {"00", true},
        {"4", false},
        {"", false},
    };
    for (int32_t i = 0; i < LEN(cases); i++)
        if (cp_gs1_valid(cases[i].digits, strlen(cases[i].digits)) != cases[i].valid)
            fail_msg("%s", cases[i].digits);
}

static void keys(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool gln, grai;
    } cases[] = {
        {"", true, true}, /* not given */
        {"4006381333931", true, false},
        {"4006381333930", false, false},
        {"400638133393", false, false},
        {"04006381333931", false, true},
        {"04006381333931SERIAL-16-CHARS1", false, true},
        {"04006381333931SERIAL-17-CHARS-1", false, false},
        {"14006381333931", false, false},
        {"0400638133393", false, false},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        if (cp_gs1_gln_valid(cases[i].text) != cases[i].gln) fail_msg("gln %s", cases[i].text);
        if (cp_gs1_grai_valid(cases[i].text) != cases[i].grai) fail_msg("grai %s", cases[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(check_digits), cmocka_unit_test(keys)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

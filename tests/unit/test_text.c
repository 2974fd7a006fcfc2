/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/text.h"

#include <locale.h>
#include <string.h>

#include "tests/check.h"

static void long_text_is_cut_between_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t cap;
        const char *want;
    } cases[] = {
        {"abc", 4, "abc"},
        {"abcd", 4, "abc"},
        {"\xE9\x92\xB1", 4, "\xE9\x92\xB1"}, /* one character of three bytes */
        {"a\xE9\x92\xB1", 4, "a"},           /* cut inside it */
        {"ab\xE9\x92\xB1", 4, "ab"},
        {"\xE9\x92\xB1\xE9\x92\xB1", 5, "\xE9\x92\xB1"},
        {"abc\xF0\x9F\x92\xB0", 7, "abc"}, /* four bytes, three would fit */
        {"ab\xC3\xA9z", 5, "ab\xC3\xA9"},  /* the cut falls on a boundary */
        {"x", 1, ""},
    };
    for (int32_t i = 0; i < LEN(cases); i++) {
        char out[16];
        assert_int_equal(cp_format(out, cases[i].cap, "%s", cases[i].text), strlen(cases[i].text));
        assert_string_equal(out, cases[i].want);
    }
}

static void numbers_do_not_follow_the_locale(void **state)
{
    (void)state;
    static const char *with_comma[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "ru_RU.UTF-8"};
    const char *set = NULL;
    for (int32_t i = 0; i < LEN(with_comma) && set == NULL; i++)
        set = setlocale(LC_NUMERIC, with_comma[i]);
    char out[32];
    cp_format(out, sizeof(out), "%.2f", 1234.5);
    assert_string_equal(out, "1234.50");
    setlocale(LC_NUMERIC, "C");
    if (set == NULL) print_message("no locale with a decimal comma here: half a test\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(numbers_do_not_follow_the_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

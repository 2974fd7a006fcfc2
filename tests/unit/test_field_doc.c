/* SPDX-License-Identifier: GPL-3.0-or-later */
/* data/README.md holds the fields as the program knows them. */
#include <stdio.h>
#include <string.h>

#include "data/csv/field_doc.h"
#include "data/store/table.h"
#include "tests/check.h"

#define BEGIN "<!-- fields: written by `cashplan import --fields` -->\n"
#define END "<!-- end of fields -->"

static void the_readme_is_what_the_program_says(void **state)
{
    static char text[1 << 18];
    cp_ctx ctx;
    (void)state;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    FILE *file = fopen(CP_SOURCE_DIR "/data/README.md", "rb");
    assert_non_null(file);
    const size_t n = fread(text, 1, sizeof text - 1, file);
    assert_int_equal(fclose(file), 0);
    text[n] = '\0';
    char *begin = strstr(text, BEGIN), *end = strstr(text, END);
    assert_non_null(begin);
    assert_non_null(end);
    *end = '\0';
    const char *doc = cp_field_doc(&ctx);
    assert_non_null(doc);
    assert_string_equal(begin + strlen(BEGIN), doc);
    for (int32_t t = 0; t < CP_N_TABLES; t++)
        assert_non_null(strstr(doc, cp_table(t)->name));
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_readme_is_what_the_program_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

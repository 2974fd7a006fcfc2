/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/json_out.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/check.h"

static cp_ctx ctx;
static char path[128];

static int start(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/cashplan-json-%ld.json", (long)getpid());
    return cp_ctx_init(&ctx) == CP_OK ? 0 : -1;
}
static int finish(void **state)
{
    (void)state;
    cp_ctx_done(&ctx);
    return unlink(path);
}

static void check_file(const char *want)
{
    char got[2048] = "";
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    const size_t n = fread(got, 1, sizeof got - 1, f);
    fclose(f);
    got[n] = '\0';
    assert_string_equal(got, want);
}

static void texts_are_escaped_and_never_end_a_script(void **state)
{
    (void)state;
    static const struct {
        const char *text, *plain, *html;
    } cases[] = {
        {"plain", "plain", "plain"},
        {"", "", ""},
        {NULL, "", ""},
        {"a\"b\\c/d", "a\\\"b\\\\c/d", "a\\\"b\\\\c/d"},
        {"</script><!--", "</script><!--", "\\u003c/script>\\u003c!--"},
        {"tab\tnew\nline\x01", "tab\\u0009new\\u000aline\\u0001",
         "tab\\u0009new\\u000aline\\u0001"},
        {"样例 – é", "样例 – é", "样例 – é"},
        {"\xF0\x9F\x8F\xA7 ok", "\xF0\x9F\x8F\xA7 ok", "\xF0\x9F\x8F\xA7 ok"},
        {"bad \xC3(", "bad \xEF\xBF\xBD(", "bad \xEF\xBF\xBD("},
        {"cut \xE6\xA0", "cut \xEF\xBF\xBD\xEF\xBF\xBD", "cut \xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xC0\xAF\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD",
         "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    };
    for (int32_t i = 0; i < LEN(cases); i++)
        for (int32_t html = 0; html < 2; html++) {
            cp_outfile out;
            char want[256];
            assert_ok(&ctx, cp_outfile_open(&ctx, path, &out));
            cp_json json = cp_json_start(&out, false, html != 0);
            cp_json_array(&json, NULL);
            cp_json_text(&json, NULL, cases[i].text);
            cp_json_end(&json);
            assert_ok(&ctx, cp_outfile_close(&ctx, &out, CP_OK));
            snprintf(want, sizeof want, "[\"%s\"]%s", html ? cases[i].html : cases[i].plain,
                     html ? "" : "\n");
            check_file(want);
        }
}

static void numbers_keep_every_digit(void **state)
{
    (void)state;
    cp_outfile out;
    assert_ok(&ctx, cp_outfile_open(&ctx, path, &out));
    cp_json json = cp_json_start(&out, false, false);
    cp_json_array(&json, NULL);
    cp_json_int(&json, NULL, 0);
    cp_json_int(&json, NULL, INT64_MAX);
    cp_json_int(&json, NULL, INT64_MIN);
    cp_json_int(&json, NULL, -7);
    cp_json_real(&json, NULL, 1.5, 6);
    cp_json_real(&json, NULL, -0.0000001, 4);
    cp_json_real(&json, NULL, 100, 3);
    cp_json_real(&json, NULL, 121.4737012, 6);
    cp_json_real(&json, NULL, NAN, 6);
    cp_json_u64_text(&json, NULL, UINT64_MAX);
    cp_json_day(&json, NULL, cp_day_of(2026, 2, 28));
    cp_json_minute(&json, NULL, 1445);
    cp_json_end(&json);
    assert_ok(&ctx, cp_outfile_close(&ctx, &out, CP_OK));
    check_file("[0,9223372036854775807,-9223372036854775808,-7,1.5,0,100,121.473701,null,"
               "\"18446744073709551615\",\"2026-02-28\",\"24:05\"]\n");
}

static void scopes_are_laid_out_for_people(void **state)
{
    (void)state;
    cp_outfile out;
    assert_ok(&ctx, cp_outfile_open(&ctx, path, &out));
    cp_json json = cp_json_start(&out, true, false);
    cp_json_object(&json, NULL);
    cp_json_array(&json, "empty");
    cp_json_end(&json);
    cp_json_array_flat(&json, "flat");
    cp_json_int(&json, NULL, 1);
    cp_json_object(&json, NULL);
    cp_json_bool(&json, "a", true);
    cp_json_null(&json, "b");
    cp_json_end(&json);
    cp_json_end(&json);
    cp_json_object(&json, "deep");
    cp_json_int(&json, "x", 2);
    cp_json_end(&json);
    cp_json_end(&json);
    assert_ok(&ctx, cp_outfile_close(&ctx, &out, CP_OK));
    check_file("{\n  \"empty\": [],\n  \"flat\": [1, {\"a\": true, \"b\": null}],\n"
               "  \"deep\": {\n    \"x\": 2\n  }\n}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(texts_are_escaped_and_never_end_a_script, start, finish),
        cmocka_unit_test_setup_teardown(numbers_keep_every_digit, start, finish),
        cmocka_unit_test_setup_teardown(scopes_are_laid_out_for_people, start, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/json/mapping.h"

#include <string.h>

#include "tests/check.h"

static void what_is_refused(void **state)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "not valid JSON"},
        {"{\n\"files\":\n nothing}", "line 3: not valid JSON"},
        {"[]", "list \"files\""},
        {"{\"files\": []}", "list \"files\""},
        {"{\"file\": []}", "\"file\" is not a known key"},
        {"{\"files\": [1]}", "entry 1 must be an object"},
        {"{\"files\": [{\"file\": \"x.csv\"}]}", "needs \"file\" and \"entity\""},
        {"{\"files\": [{\"file\": 3, \"entity\": \"site\"}]}", "\"file\" must be a text"},
        {"{\"files\": [{\"file\": \"x\", \"entity\": \"site\", \"colums\": {}}]}",
         "\"colums\" is not a known key"},
        {"{\"files\": [{\"file\": \"x\", \"entity\": \"site\", \"separator\": \"ab\"}]}",
         "must be one of , ; | tab"},
        {"{\"files\": [{\"file\": \"x\", \"entity\": \"site\", \"columns\": {\"code\": [1]}}]}",
         "\"code\" must be a text or a number"},
        {"{\"files\": [{\"file\": \"x\", \"entity\": \"site\", \"columns\": 1}]}",
         "\"columns\" must be an object"},
        {"{\"files\": [{\"file\": \"x\", \"entity\": \"site\", \"values\": {\"kind\": \"a\"}}]}",
         "\"kind\" must be an object"},
        {"{\"files\": [{\"file\": \"x\", \"entity\": \"site\", \"skip_if\": {\"column\": \"a\"}}]}",
         "\"skip_if\" must be"},
        {"{\"files\": [{\"file\": \"x\", \"entity\": \"site\", \"wide\": {\"day_columns\": "
         "\"iso\"}}]}",
         "\"wide\" must be"},
        {"{\"files\": [{\"file\": \"x\", \"entity\": \"site\", \"header\": \"no\"}]}",
         "\"header\" must be true or false"},
        {"{\"files\": [{\"file\": \"x\", \"entity\": \"site\", \"thousands\": \".\"}]}",
         "another mark"},
        {"[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]", "nested too deeply"},
    };
    (void)state;
    for (int32_t i = 0; i < LEN(cases); i++) {
        cp_ctx ctx;
        cp_mapping *mapping = NULL;
        assert_int_equal(cp_ctx_init(&ctx), CP_OK);
        assert_int_equal(
            cp_mapping_parse(&ctx, cases[i].text, strlen(cases[i].text), "m.json", &mapping),
            CP_E_INPUT);
        if (strstr(ctx.error.text, cases[i].words) == NULL)
            fail_msg("\"%s\" instead of \"%s\"", ctx.error.text, cases[i].words);
        cp_ctx_done(&ctx);
    }
}

static void what_is_read(void **state)
{
    static const char text[] =
        "{\"_note\": \"x\", \"files\": [{\"_why\": 1, \"file\": \"a.csv\", \"entity\": \"point\","
        " \"separator\": \"tab\", \"decimal\": \",\", \"header\": false, \"money_units\": true,"
        " \"constants\": {\"slot\": 1, \"on_site\": true}, \"skip_if\": [{\"column\": \"b\","
        " \"is\": [\"1\", 2]}, {\"column\": \"c\", \"not\": \"x\"}]}]}";
    cp_ctx ctx;
    cp_mapping *mapping = NULL;
    (void)state;
    assert_int_equal(cp_ctx_init(&ctx), CP_OK);
    assert_ok(&ctx, cp_mapping_parse(&ctx, text, strlen(text), "m.json", &mapping));
    const cp_map_file *file = &mapping->files[0];
    assert_int_equal(mapping->n_files, 1);
    assert_int_equal(file->separator, '\t');
    assert_int_equal(file->decimal, ',');
    assert_false(file->header);
    assert_true(file->money_units);
    assert_string_equal(file->constants.pairs[0].text, "1");
    assert_string_equal(file->constants.pairs[1].text, "1");
    assert_int_equal(file->n_skips, 2);
    assert_string_equal(file->skips[0].values[1], "2");
    assert_true(file->skips[1].when_not);
    assert_null(file->wide_id);
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(what_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

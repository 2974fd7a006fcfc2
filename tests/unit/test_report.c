/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaves pages and page data in <build>/tests/report-toy for the schema and the browser tests. */
#include "viz/report.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/check.h"
#include "tests/unit/export_plan.h"

#define KEPT CP_BUILD_DIR "/tests/report-toy"

static cp_ctx ctx;

static int start(void **state)
{
    (void)state;
    mkdir(KEPT, 0700);
    return cp_ctx_init(&ctx) == CP_OK ? 0 : -1;
}
static int finish(void **state)
{
    (void)state;
    cp_ctx_done(&ctx);
    return 0;
}

static void write_data(const export_bank *bank, bool html, const char *path)
{
    cp_outfile out;
    assert_ok(&ctx, cp_outfile_open(&ctx, path, &out));
    const cp_status st = cp_page_data_write(&ctx, &bank->ex, &bank->info, html, &out);
    assert_ok(&ctx, cp_outfile_close(&ctx, &out, st));
}

static int64_t count_in_file(const char *path, const char *what)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    const size_t n = (size_t)ftell(f);
    rewind(f);
    char *text = cp_alloc(&ctx, ctx.run, n + 1, 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, n, f), n);
    fclose(f);
    int64_t found = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
        found++;
    return found;
}

static void data_never_ends_the_script_element(void **state)
{
    (void)state;
    const export_bank *bank = export_bank_make(&ctx, 60, 7, true);
    write_data(bank, false, KEPT "/page.json");
    assert_true(count_in_file(KEPT "/page.json", "</script") > 0); /* the bank's name holds it */
    write_data(bank, true, KEPT "/page-html.json");
    assert_int_equal(count_in_file(KEPT "/page-html.json", "<"), 0);
}

static void a_page_is_whole_or_says_how_to_build_it(void **state)
{
    (void)state;
    const export_bank *bank = export_bank_make(&ctx, 60, 7, true);
    if (!cp_report_available()) {
        assert_fails(&ctx, CP_E_INPUT,
                     cp_report_write(&ctx, &bank->ex, &bank->info, KEPT "/plan.html"));
        return;
    }
    assert_ok(&ctx, cp_report_write(&ctx, &bank->ex, &bank->info, KEPT "/plan.html"));
    assert_int_equal(count_in_file(KEPT "/plan.html", "</script>"), 2);
    assert_int_equal(count_in_file(KEPT "/plan.html", "cashplan.page/1"), 2);
    assert_int_equal(count_in_file(KEPT "/plan.html", "</html>"), 1);
}

static void a_city_of_five_hundred_points_stays_under_ten_megabytes(void **state)
{
    (void)state;
    struct stat st;
    const export_bank *bank = export_bank_make(&ctx, 500, 14, true);
    write_data(bank, true, KEPT "/large.json");
    assert_int_equal(stat(KEPT "/large.json", &st), 0);
    assert_true(st.st_size + (int64_t)cp_page_template_size < 10000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(data_never_ends_the_script_element, start, finish),
        cmocka_unit_test_setup_teardown(a_page_is_whole_or_says_how_to_build_it, start, finish),
        cmocka_unit_test_setup_teardown(a_city_of_five_hundred_points_stays_under_ten_megabytes,
                                        start, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

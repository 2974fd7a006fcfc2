/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/outfile.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check.h"

static char folder[64];
static char path[128];
static cp_ctx ctx;

static int start(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/cashplan-outfile-XXXXXX");
    if (mkdtemp(folder) == NULL) return -1;
    snprintf(path, sizeof(path), "%s/plan.txt", folder);
    return cp_ctx_init(&ctx) == CP_OK ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    cp_ctx_done(&ctx);
    unlink(path);
    return rmdir(folder); /* fails when a temporary file was left behind */
}

static void check_content(const char *want)
{
    char got[64] = "";
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    const size_t n = fread(got, 1, sizeof(got) - 1, f);
    fclose(f);
    got[n] = '\0';
    assert_string_equal(got, want);
}

static void write_plan(const char *text, cp_status st)
{
    cp_outfile out;
    assert_ok(&ctx, cp_outfile_open(&ctx, path, &out));
    cp_outfile_text(&out, text);
    cp_outfile_format(&out, "%d %.2f", 3, 0.5);
    cp_outfile_bytes(&out, "\n\n", 1);
    assert_int_equal(cp_outfile_close(&ctx, &out, st), st);
}

static void a_file_appears_whole_and_private(void **state)
{
    (void)state;
    struct stat info;
    write_plan("first ", CP_OK);
    check_content("first 3 0.50\n");
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    write_plan("second ", CP_OK);
    check_content("second 3 0.50\n");
}

static void a_failed_write_leaves_the_old_file(void **state)
{
    (void)state;
    write_plan("first ", CP_OK);
    write_plan("half of the sec", CP_E_SOLVER);
    check_content("first 3 0.50\n");
}

static void a_place_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    cp_outfile out;
    assert_int_equal(cp_outfile_open(&ctx, "/nowhere/at/all.txt", &out), CP_E_IO);
    assert_non_null(strstr(ctx.error.text, "/nowhere/at/all.txt"));
    cp_error_clear(&ctx);
    char inside[160];
    snprintf(inside, sizeof(inside), "%s/folder", folder);
    assert_int_equal(mkdir(inside, 0700), 0); /* a file cannot replace a folder */
    assert_ok(&ctx, cp_outfile_open(&ctx, inside, &out));
    cp_outfile_text(&out, "x");
    assert_fails(&ctx, CP_E_IO, cp_outfile_close(&ctx, &out, CP_OK));
    assert_int_equal(rmdir(inside), 0);
}

static void every_failing_allocation_is_reported(void **state)
{
    (void)state;
    for (long k = 1; k <= 2; k++) {
        cp_outfile out;
        cp_arena_fail_at(k);
        assert_fails(&ctx, CP_E_NOMEM, cp_outfile_open(&ctx, path, &out));
        cp_arena_fail_at(0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_appears_whole_and_private),
        TEST(a_failed_write_leaves_the_old_file),
        TEST(a_place_that_cannot_be_written_is_named),
        TEST(every_failing_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

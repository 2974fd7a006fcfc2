/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaves its last export in <build>/tests/export-toy, where the schema test reads it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/check.h"
#include "tests/unit/export_plan.h"

#define KEPT CP_BUILD_DIR "/tests/export-toy"

static cp_ctx ctx;
static export_bank *bank;

static int start(void **state)
{
    (void)state;
    if (cp_ctx_init(&ctx) != CP_OK) return -1;
    bank = export_bank_make(&ctx, 60, 7, false);
    return 0;
}
static int finish(void **state)
{
    (void)state;
    cp_ctx_done(&ctx);
    return 0;
}

static char *read_file(const char *dir, const char *name, size_t *size)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) return NULL;
    fseek(f, 0, SEEK_END);
    *size = (size_t)ftell(f);
    rewind(f);
    char *text = cp_alloc(&ctx, ctx.run, *size + 1, 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, *size, f), *size);
    fclose(f);
    return text;
}

/* Calls fn for every file of the folder; returns how many there are. */
static int32_t each_file(const char *dir, void (*fn)(const char *dir, const char *name))
{
    int32_t n = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d)) != NULL;) {
        if (e->d_name[0] == '.') continue;
        n++;
        if (fn != NULL) fn(dir, e->d_name);
    }
    closedir(d);
    return n;
}

static void remove_file(const char *dir, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    assert_int_equal(unlink(path), 0);
}

static void remove_dir(const char *dir)
{
    if (access(dir, F_OK) != 0) return;
    each_file(dir, remove_file);
    assert_int_equal(rmdir(dir), 0);
}

static void check_private_and_equal(const char *dir, const char *name)
{
    char path[512];
    struct stat st;
    size_t n_here = 0, n_there = 0;
    snprintf(path, sizeof path, "%s/%s", dir, name);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    const char *here = read_file(dir, name, &n_here);
    const char *there = read_file(KEPT, name, &n_there);
    assert_non_null(there);
    assert_int_equal(n_here, n_there);
    assert_memory_equal(here, there, n_here);
}

static void equal_plans_give_equal_private_files(void **state)
{
    (void)state;
    const cp_export_opts one_day = {0, false}, all = {0, true};
    int32_t n_one = 0, n_all = 0, n_again = 0, removed = 0;
    char other[] = "/tmp/cashplan-export-XXXXXX";
    assert_non_null(mkdtemp(other));
    remove_dir(KEPT);
    assert_ok(&ctx, cp_export_write(&ctx, &bank->ex, &bank->info, &one_day, KEPT, &n_one, NULL));
    assert_int_equal(each_file(KEPT, NULL), n_one);
    assert_ok(&ctx, cp_export_write(&ctx, &bank->ex, &bank->info, &all, KEPT, &n_all, &removed));
    assert_int_equal(removed, 0);
    assert_true(n_all > n_one);
    export_bank *twin = export_bank_make(&ctx, 60, 7, false);
    assert_ok(&ctx, cp_export_write(&ctx, &twin->ex, &twin->info, &all, other, &n_again, NULL));
    assert_int_equal(n_again, n_all);
    each_file(other, check_private_and_equal);
    remove_dir(other);
}

static void stale_routes_of_the_day_are_removed_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool stays;
    } files[] = {
        {"route-2026-11-24-V-1-OLD.json", false},
        {"packing-GONE-2026-11-24.csv", false},
        {"packing-GONE-2026-11-24.json", false},
        {"route-2026-11-25-V-1-OLD.json", true},
        {"route-notes.txt", true},
        {"my-route-2026-11-24.json", true},
    };
    char dir[] = "/tmp/cashplan-stale-XXXXXX";
    assert_non_null(mkdtemp(dir));
    for (int32_t k = 0; k < LEN(files); k++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", dir, files[k].name);
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        fclose(f);
    }
    const cp_export_opts opts = {0, false};
    int32_t removed = 0;
    assert_ok(&ctx, cp_export_write(&ctx, &bank->ex, &bank->info, &opts, dir, NULL, &removed));
    assert_int_equal(removed, 3);
    for (int32_t k = 0; k < LEN(files); k++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", dir, files[k].name);
        assert_int_equal(access(path, F_OK) == 0, files[k].stays);
    }
    remove_dir(dir);
}

static void what_cannot_be_exported_writes_nothing(void **state)
{
    (void)state;
    const cp_export_opts first = {0, false}, beyond = {7, false};
    const char *dir = "/tmp/cashplan-never-written";
    assert_fails(&ctx, CP_E_INPUT,
                 cp_export_write(&ctx, &bank->ex, &bank->info, &beyond, dir, NULL, NULL));
    bank->record->status = CP_PLAN_REFUSED;
    assert_fails(&ctx, CP_E_INPUT,
                 cp_export_write(&ctx, &bank->ex, &bank->info, &first, dir, NULL, NULL));
    bank->record->status = CP_PLAN_PROPOSED;
    assert_int_not_equal(access(dir, F_OK), 0);
    assert_fails(&ctx, CP_E_IO,
                 cp_export_write(&ctx, &bank->ex, &bank->info, &first, "/proc/none/x", NULL, NULL));
}

static void packing_holds_what_the_routes_carry(void **state)
{
    (void)state;
    const cp_plan *plan = bank->plan;
    cp_minor packed = 0, carried = 0;
    int64_t boxes = 0, sets = 0;
    for (int32_t k = 0; k < bank->ex.packing.n_rows; k++) {
        const cp_packing_row *row = &bank->ex.packing.rows[k];
        packed += row->notes * bank->net->denoms[row->denomination].value_minor;
        boxes += row->cassettes;
    }
    for (int32_t v = 0; v < plan->n_visits; v++) {
        if (bank->ex.index.visit_stop[v] < 0) continue;
        carried += plan->visits[v].load_minor;
        sets += plan->visits[v].cassettes;
    }
    assert_true(packed > 0);
    assert_int_equal(packed, carried);
    assert_int_equal(boxes, sets);
}

static void every_visit_without_a_route_is_named(void **state)
{
    (void)state;
    const cp_plan *plan = bank->plan;
    int32_t missing = 0, by_branch = 0, partial = 0;
    for (int32_t v = 0; v < plan->n_visits; v++) {
        const bool routed = bank->ex.index.visit_stop[v] >= 0;
        if (plan->visits[v].by_branch) assert_false(routed);
        by_branch += plan->visits[v].by_branch;
        partial += plan->visits[v].kind == CP_VISIT_PARTIAL_SWAP;
        missing += !routed && !plan->visits[v].by_branch;
    }
    assert_int_equal(missing, plan->n_unserved);
    assert_true(by_branch > 0 && partial > 0);
}

static void codes_make_safe_and_distinct_file_names(void **state)
{
    (void)state;
    static const struct {
        const char *code, *want;
    } cases[] = {{"CAR-01", "CAR-01"}, {"V_1.b", "V_1.b"}, {"车1", "车1"}};
    for (int32_t k = 0; k < LEN(cases); k++)
        assert_string_equal(cp_file_code(&ctx, cases[k].code), cases[k].want);
    static const char *const unsafe[] = {"a/b", "a_b ", "../x", "..", "", "a\nb", "a b", "."};
    for (int32_t a = 0; a < LEN(unsafe); a++) {
        const char *name = cp_file_code(&ctx, unsafe[a]);
        assert_null(strpbrk(name, "/ \n"));
        assert_true(name[0] != '.' && name[0] != '\0');
        for (int32_t b = 0; b < a; b++)
            assert_string_not_equal(name, cp_file_code(&ctx, unsafe[b]));
    }
}

static void bundles_and_straps_add_up(void **state)
{
    (void)state;
    const cp_denomination denom = {.strap_notes = 100, .bundle_notes = 1000};
    for (int64_t notes = 0; notes < 5000; notes += 37) {
        const cp_bundled b = cp_bundle_notes(&denom, notes);
        assert_int_equal(b.bundles * 1000 + b.straps * 100 + b.notes, notes);
        assert_true(b.straps < 10 && b.notes < 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_plans_give_equal_private_files),
        cmocka_unit_test(stale_routes_of_the_day_are_removed_and_nothing_else),
        cmocka_unit_test(what_cannot_be_exported_writes_nothing),
        cmocka_unit_test(packing_holds_what_the_routes_carry),
        cmocka_unit_test(every_visit_without_a_route_is_named),
        cmocka_unit_test(codes_make_safe_and_distinct_file_names),
        cmocka_unit_test(bundles_and_straps_add_up),
    };
    return cmocka_run_group_tests(tests, start, finish);
}

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
    const cp_status st = cp_page_data_write(&ctx, &bank->ex, &bank->info, NULL, NULL, html, &out);
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

/* The plan before had one visit less and another load; a pin asks for the first visit, and a note
 * tells a sentence. */
static cp_page_before plan_before(const export_bank *bank)
{
    static cp_pin pins[2];
    static const char *notes[] = {"override O-1 by anna"};
    const cp_plan *plan = bank->plan;
    cp_plan *old = cp_alloc(&ctx, ctx.run, 1, sizeof *old);
    cp_plan_diff *diff = NULL;
    assert_non_null(old);
    *old = *plan;
    old->n_visits = plan->n_visits - 1;
    old->visits = cp_alloc(&ctx, ctx.run, (size_t)plan->n_visits, sizeof *old->visits);
    assert_non_null(old->visits);
    memcpy(old->visits, plan->visits, (size_t)plan->n_visits * sizeof *old->visits);
    old->visits[0].kind = plan->visits[0].kind == CP_VISIT_ADD ? CP_VISIT_SWAP : CP_VISIT_ADD;
    old->cost.total_minor += 4200;
    assert_ok(&ctx, cp_plan_diff_make(&ctx, bank->net, old, plan, &diff));
    pins[0] = (cp_pin){.code = "PIN-1",
                       .point_code = "",
                       .day = plan->first_day,
                       .kind = -1,
                       .amount_minor = -1,
                       .car_code = "",
                       .author = "li.wei",
                       .reason = "</script>",
                       .point = plan->visits[0].point,
                       .car = -1};
    pins[1] = pins[0];
    pins[1].rule = CP_PIN_FORBID;
    bank->net->rows.pin = pins;
    bank->net->rows.n_pin = 2;
    plan->visits[0].pin = 0;
    bank->record->notes = notes;
    bank->record->n_notes = 1;
    return (cp_page_before){2, diff, NULL, NULL};
}

static void pins_changes_and_notes_are_told(void **state)
{
    (void)state;
    const export_bank *bank = export_bank_make(&ctx, 60, 7, true);
    write_data(bank, false, KEPT "/page.json");
    assert_int_equal(count_in_file(KEPT "/page.json", "\"changes\":{\"plan_id\":0,"), 1);
    const cp_page_before before = plan_before(bank);
    cp_outfile out;
    assert_ok(&ctx, cp_outfile_open(&ctx, KEPT "/changed.json", &out));
    const cp_status st =
        cp_page_data_write(&ctx, &bank->ex, &bank->info, &before, NULL, false, &out);
    assert_ok(&ctx, cp_outfile_close(&ctx, &out, st));
    static const char *const told[] = {"\"changes\":{\"plan_id\":2,\"first_day\":0,\"n_days\":7,",
                                       "\"cost_minor\":-4200,",
                                       "\"kind\":[\"kind\",\"new\"]",
                                       "\"forbid\":[0,1]",
                                       "\"author\":[\"li.wei\",\"li.wei\"]",
                                       "\"texts\":[\"override O-1 by anna\"]"};
    for (int32_t i = 0; i < LEN(told); i++)
        if (count_in_file(KEPT "/changed.json", told[i]) != 1) fail_msg("not told: %s", told[i]);
}

static void conflicts_are_told_with_their_ways(void **state)
{
    (void)state;
    static const char *rules[] = {"holiday"}, *who[] = {"</script>", "A"};
    static int32_t to[] = {2, -1};
    static int64_t use[] = {1, 1};
    const export_bank *bank = export_bank_make(&ctx, 60, 7, true);
    cp_page_way ways[] = {
        {.way = "move", .cost_minor = 12, .left = 1, .misses = true, .t = -1, .kind = -1},
        {.way = "rule", .cost_minor = -5, .t = 3, .kind = CP_VISIT_SWAP, .rule = rules}};
    ways[0].code = "";
    ways[0].who = who;
    ways[0].to = to;
    ways[0].n_moves = 2;
    ways[1].code = "PIN";
    ways[1].n_rules = 1;
    cp_page_conflict list[] = {
        {"stops", 0, 1, "", -1, 3, 5, 2, "", who, use, 2, .way = ways, .n_ways = 2},
        {"unserved", 0, 2, "", 1, .reason = "no car"},
        {"likeness", 0, 3, "2026-11-20", -1, .reason = "", .again = who, .n_again = 2}};
    const cp_page_conflicts conflicts = {list, LEN(list)};
    cp_outfile out;
    assert_ok(&ctx, cp_outfile_open(&ctx, KEPT "/page-conflicts.json", &out));
    const cp_status st =
        cp_page_data_write(&ctx, &bank->ex, &bank->info, NULL, &conflicts, true, &out);
    assert_ok(&ctx, cp_outfile_close(&ctx, &out, st));
    static const char *const told[] = {
        "\"conflicts\":{\"studied\":true,\"list\":[{\"kind\":\"stops\",\"vault\":0,\"day\":1,",
        "\"cap\":3,\"use\":5,\"over\":2,",
        "\"to\":[2,-1]}",
        "\"cost_minor\":-5,\"left\":0,\"misses\":false,\"day\":3,\"kind\":0,\"rules\":[\"holiday\"]"
        ",",
        "\"reason\":\"no "
        "car\",\"user\":[],\"user_use\":[],\"again\":[],\"same_time\":[],\"ways\":[]}",
        "\"user_use\":[],\"again\":[\"\\u003c/script>\",\"A\"],\"same_time\":[],\"ways\":[]}"};
    for (int32_t i = 0; i < LEN(told); i++)
        if (count_in_file(KEPT "/page-conflicts.json", told[i]) != 1)
            fail_msg("not told: %s", told[i]);
    assert_int_equal(count_in_file(KEPT "/page-conflicts.json", "<"), 0);
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
                     cp_report_write(&ctx, &bank->ex, &bank->info, NULL, NULL, KEPT "/plan.html"));
        return;
    }
    const cp_page_before before = plan_before(bank);
    assert_ok(&ctx,
              cp_report_write(&ctx, &bank->ex, &bank->info, &before, NULL, KEPT "/plan.html"));
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
        cmocka_unit_test_setup_teardown(pins_changes_and_notes_are_told, start, finish),
        cmocka_unit_test_setup_teardown(conflicts_are_told_with_their_ways, start, finish),
        cmocka_unit_test_setup_teardown(data_never_ends_the_script_element, start, finish),
        cmocka_unit_test_setup_teardown(a_page_is_whole_or_says_how_to_build_it, start, finish),
        cmocka_unit_test_setup_teardown(a_city_of_five_hundred_points_stays_under_ten_megabytes,
                                        start, finish),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

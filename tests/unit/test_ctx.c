/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/base/ctx.h"

#include <string.h>

#include "models/base/clock.h"
#include "tests/check.h"

typedef struct heard {
    int n;
    cp_log_level level;
    char text[256];
} heard;

static void hear(void *user, cp_log_level level, const char *text)
{
    heard *h = user;
    h->n++;
    h->level = level;
    strncpy(h->text, text, sizeof(h->text) - 1);
}

static cp_status refuse(cp_ctx *ctx, int row)
{
    CP_FAIL(ctx, CP_E_INPUT, "row %d: no such ATM", row);
}

static cp_status pass_up(cp_ctx *ctx, int row, int *after)
{
    CP_TRY(refuse(ctx, row));
    *after = 1;
    return CP_OK;
}

static void the_first_error_of_a_chain_stays(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_ok(&ctx, cp_ctx_init(&ctx));
    int after = 0;
    assert_int_equal(pass_up(&ctx, 3, &after), CP_E_INPUT);
    assert_int_equal(after, 0);
    assert_int_equal(refuse(&ctx, 9), CP_E_INPUT);
    assert_string_equal(ctx.error.text, "row 3: no such ATM");
    assert_true(ctx.error.line > 0);
    assert_non_null(strstr(ctx.error.file, "test_ctx.c"));
    cp_error_clear(&ctx);
    assert_int_equal(ctx.error.status, CP_OK);
    refuse(&ctx, 9);
    assert_string_equal(ctx.error.text, "row 9: no such ATM");
    assert_int_equal(cp_fail(NULL, CP_E_IO, "x", 1, "nobody listens"), CP_E_IO);
    cp_ctx_done(&ctx);
}

static void every_status_has_its_words(void **state)
{
    (void)state;
    assert_string_equal(cp_status_text(CP_OK), "success");
    assert_string_equal(cp_status_text(CP_E_SOLVER), "the LP/MIP engine failed");
    assert_string_equal(cp_status_text((cp_status)99), "unknown status");
}

static void messages_above_the_level_are_dropped(void **state)
{
    (void)state;
    heard h = {0, CP_LOG_ERROR, ""};
    cp_log_sink sink = {hear, &h, CP_LOG_INFO};
    cp_log(&sink, CP_LOG_DEBUG, "too much detail");
    assert_int_equal(h.n, 0);
    cp_log(&sink, CP_LOG_WARN, "%d ATMs have no demand", 4);
    assert_int_equal(h.n, 1);
    assert_int_equal(h.level, CP_LOG_WARN);
    assert_string_equal(h.text, "4 ATMs have no demand");
    sink.fn = NULL;
    cp_log(&sink, CP_LOG_ERROR, "nobody");
    assert_int_equal(h.n, 1);
}

static cp_status take(cp_ctx *ctx, size_t n, int64_t **out)
{
    CP_NEW(ctx, ctx->run, *out, n);
    return CP_OK;
}

static void exhausted_memory_is_an_error_with_words(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_ok(&ctx, cp_ctx_init(&ctx));
    int64_t *p = NULL;
    assert_ok(&ctx, take(&ctx, 10, &p));
    assert_int_equal(p[9], 0);
    assert_fails(&ctx, CP_E_NOMEM, take(&ctx, SIZE_MAX / 2, &p));
    cp_arena_fail_at(1);
    assert_fails(&ctx, CP_E_NOMEM, take(&ctx, 1, &p));
    cp_arena_fail_at(1);
    assert_null(cp_strdup(&ctx, ctx.run, "x"));
    assert_int_equal(ctx.error.status, CP_E_NOMEM);
    cp_ctx_done(&ctx);

    for (long k = 1; k <= 2; k++) { /* either of the two arenas cannot be made */
        cp_arena_fail_at(k);
        assert_fails(&ctx, CP_E_NOMEM, cp_ctx_init(&ctx));
        assert_null(ctx.run);
        assert_null(ctx.scratch);
        cp_ctx_done(&ctx);
    }
    cp_arena_fail_at(0);
}

static void texts_live_in_the_arena(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_ok(&ctx, cp_ctx_init(&ctx));
    char name[] = "A-017";
    char *copy = cp_strdup(&ctx, ctx.run, name);
    name[0] = 'B';
    assert_string_equal(copy, "A-017");
    assert_string_equal(cp_strf(&ctx, ctx.run, "ATM %s, day %d, %.1f%%", copy, 3, 2.5),
                        "ATM A-017, day 3, 2.5%");
    char *wide = cp_strf(&ctx, ctx.run, "%5000d", 1);
    assert_int_equal(strlen(wide), 5000);
    cp_ctx_done(&ctx);
}

static void work_stops_for_the_user_and_the_deadline(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_ok(&ctx, cp_ctx_init(&ctx));
    assert_int_equal(ctx.n_threads, 1);
    assert_false(cp_should_stop(&ctx));
    ctx.deadline_s = cp_now_s() + 3600;
    assert_false(cp_should_stop(&ctx));
    ctx.deadline_s = cp_now_s() - 1;
    assert_true(cp_should_stop(&ctx));
    assert_false(cp_user_stopped(&ctx));
    ctx.cpu_clock = true; /* a process has worked less than it is old */
    ctx.deadline_s = cp_cpu_s() + 3600;
    assert_false(cp_should_stop(&ctx));
    ctx.deadline_s = cp_cpu_s() / 2;
    assert_true(cp_should_stop(&ctx));
    ctx.cpu_clock = false;
    ctx.deadline_s = 0;
    atomic_int stop = 0;
    ctx.stop = &stop;
    assert_false(cp_should_stop(&ctx));
    atomic_store(&stop, 1);
    assert_true(cp_should_stop(&ctx));
    assert_true(cp_user_stopped(&ctx));
    cp_ctx_done(&ctx);
}

static void count_progress(void *user, const char *stage, int64_t done, int64_t total)
{
    assert_string_equal(stage, "refill");
    assert_int_equal(total, 10);
    *(int64_t *)user += done;
}

static void progress_is_optional(void **state)
{
    (void)state;
    cp_ctx ctx;
    assert_ok(&ctx, cp_ctx_init(&ctx));
    cp_progress(&ctx, "refill", 1, 10);
    int64_t sum = 0;
    ctx.progress = count_progress;
    ctx.progress_user = &sum;
    cp_progress(&ctx, "refill", 4, 10);
    assert_int_equal(sum, 4);
    cp_ctx_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_error_of_a_chain_stays),
        cmocka_unit_test(every_status_has_its_words),
        cmocka_unit_test(messages_above_the_level_are_dropped),
        cmocka_unit_test(exhausted_memory_is_an_error_with_words),
        cmocka_unit_test(texts_live_in_the_arena),
        cmocka_unit_test(work_stops_for_the_user_and_the_deadline),
        cmocka_unit_test(progress_is_optional),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

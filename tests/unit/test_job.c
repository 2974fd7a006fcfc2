/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/par/job.h"

#include <math.h>
#include <string.h>

#include "models/base/clock.h"
#include "models/base/rng.h"
#include "solver/lp/lp.h"
#include "tests/file_ctx.h"

#define N 200

typedef struct drawn {
    int64_t sum;
    char *text; /* in the run arena */
} drawn;

/* Random numbers, scratch and run memory; as much work as its index says, so that workers overtake
 * each other. */
static cp_status draw(cp_ctx *job, int32_t index, const void *shared, void *out_slot)
{
    const int32_t factor = *(const int32_t *)shared;
    drawn *out = out_slot;
    cp_rng rng = cp_rng_new(job->seed, 0);
    int64_t *numbers = NULL;
    CP_NEW(job, job->scratch, numbers, 1000);
    for (int32_t round = 0; round < 1 + index % 7; round++)
        for (int32_t i = 0; i < 1000; i++)
            numbers[i] += cp_rng_below(&rng, 1000);
    for (int32_t i = 0; i < 1000; i++)
        out->sum += factor * numbers[i];
    out->text = cp_strf(job, job->run, "item %d: %lld", (int)index, (long long)out->sum);
    return out->text != NULL ? CP_OK : CP_E_NOMEM;
}

static void the_same_bytes_for_any_number_of_threads(void **state)
{
    (void)state;
    static const int32_t threads[] = {1, 2, 4, 16, 500};
    const int32_t factor = 3;
    drawn want[N] = {{0, NULL}};
    for (int32_t t = 0; t < LEN(threads); t++) {
        drawn got[N] = {{0, NULL}};
        ctx.n_threads = threads[t];
        ctx.seed = 42;
        assert_ok(&ctx, cp_job_run(&ctx, N, draw, &factor, got, sizeof(got[0])));
        assert_int_equal(cp_arena_used(ctx.scratch), 0);
        if (t == 0) memcpy(want, got, sizeof(want));
        for (int32_t i = 0; i < N; i++) {
            assert_int_equal(got[i].sum, want[i].sum);
            assert_string_equal(got[i].text, want[i].text); /* those of the first run live on */
        }
    }
    assert_int_not_equal(want[0].sum, want[7].sum); /* same work, another seed */
    assert_int_equal(ctx.seed, 42);
    ctx.seed = 43;
    drawn other[N] = {{0, NULL}};
    assert_ok(&ctx, cp_job_run(&ctx, N, draw, &factor, other, sizeof(other[0])));
    assert_int_not_equal(want[0].sum, other[0].sum);
}

/* Fails where `shared` says so; the later ones fail sooner in time. */
static cp_status fail_at_some(cp_ctx *job, int32_t index, const void *shared, void *out_slot)
{
    const int32_t *bad = shared; /* ends with -1 */
    (void)out_slot;
    for (int32_t k = 0; bad[k] >= 0; k++) {
        if (index != bad[k]) continue;
        const double until = cp_now_s() + (k == 0 ? 0.02 : 0);
        while (cp_now_s() < until)
            ;
        CP_FAIL(job, index % 2 == 0 ? CP_E_INPUT : CP_E_RANGE, "item %d is bad", (int)index);
    }
    return CP_OK;
}

static void the_error_of_the_lowest_index_is_reported(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int32_t bad[4];
        cp_status want;
        const char *text;
    } cases[] = {
        {"the slow low one wins over the quick high one",
         {20, 21, 22, -1},
         CP_E_INPUT,
         "item 20 is bad"},
        {"the first", {0, 1, -1}, CP_E_INPUT, "item 0 is bad"},
        {"the last", {N - 1, -1}, CP_E_RANGE, "item 199 is bad"},
    };
    for (int32_t c = 0; c < LEN(cases); c++) {
        for (int32_t threads = 1; threads <= 4; threads++) {
            ctx.n_threads = threads;
            cp_error_clear(&ctx);
            assert_int_equal(cp_job_run(&ctx, N, fail_at_some, cases[c].bad, NULL, 0),
                             cases[c].want);
            assert_int_equal(ctx.error.status, cases[c].want);
            assert_string_equal(ctx.error.text, cases[c].text);
        }
    }
}

static cp_status fail_silently(cp_ctx *job, int32_t index, const void *shared, void *out_slot)
{
    (void)job;
    (void)shared;
    (void)out_slot;
    return index == 5 ? CP_E_SOLVER : CP_OK;
}

static void a_silent_failure_gets_words_and_an_old_error_stays(void **state)
{
    (void)state;
    for (int32_t threads = 1; threads <= 2; threads++) {
        ctx.n_threads = threads;
        assert_fails(&ctx, CP_E_SOLVER, cp_job_run(&ctx, 9, fail_silently, NULL, NULL, 0));
        cp_fail(&ctx, CP_E_IO, "x", 1, "older");
        assert_int_equal(cp_job_run(&ctx, 9, fail_silently, NULL, NULL, 0), CP_E_SOLVER);
        assert_string_equal(ctx.error.text, "older");
        cp_error_clear(&ctx);
    }
}

static cp_status look_around(cp_ctx *job, int32_t index, const void *shared, void *out_slot)
{
    const cp_ctx *caller = shared;
    (void)index;
    int32_t *same = out_slot;
    *same = job->deadline_s >= caller->deadline_s && job->stop == caller->stop &&
            job->work == caller->work && job->progress == NULL && job->seed != caller->seed;
    cp_log(&job->log, CP_LOG_INFO, "here");
    cp_log(&job->log, CP_LOG_DEBUG, "not heard");
    return CP_OK;
}

static void count(void *user, cp_log_level level, const char *text)
{
    (void)level;
    (void)text;
    (*(int *)user)++; /* not atomic: the pool must not call it from two threads at once */
}

static void settings_are_passed_on(void **state)
{
    (void)state;
    int lines = 0;
    atomic_int stop = 0;
    ctx.log = (cp_log_sink){count, &lines, CP_LOG_INFO};
    ctx.work = 77;
    ctx.deadline_s = 1e9;
    ctx.stop = &stop;
    for (int32_t threads = 1; threads <= 4; threads += 3) {
        int32_t same[N] = {0};
        lines = 0;
        ctx.n_threads = threads;
        assert_ok(&ctx, cp_job_run(&ctx, N, look_around, &ctx, same, sizeof(same[0])));
        assert_int_equal(lines, N);
        for (int32_t i = 0; i < N; i++)
            assert_true(same[i]);
    }
}

static void no_items_and_too_few(void **state)
{
    (void)state;
    ctx.n_threads = 4;
    assert_ok(&ctx, cp_job_run(&ctx, 0, fail_silently, NULL, NULL, 0));
    assert_ok(&ctx, cp_job_run(&ctx, 1, fail_silently, NULL, NULL, 0));
    assert_fails(&ctx, CP_E_RANGE, cp_job_run(&ctx, -1, fail_silently, NULL, NULL, 0));
    ctx.n_threads = 0;
    assert_ok(&ctx, cp_job_run(&ctx, 3, fail_silently, NULL, NULL, 0));
}

static cp_status count_threads(cp_ctx *job, int32_t index, const void *shared, void *out_slot)
{
    (void)index;
    (void)shared;
    *(int32_t *)out_slot = job->n_threads;
    return CP_OK;
}

static void only_a_single_item_gets_all_threads(void **state)
{
    (void)state;
    int32_t n_threads[2] = {0, 0};
    ctx.n_threads = 4;
    assert_ok(&ctx, cp_job_run(&ctx, 1, count_threads, NULL, n_threads, sizeof(n_threads[0])));
    assert_int_equal(n_threads[0], 4);
    assert_ok(&ctx, cp_job_run(&ctx, 2, count_threads, NULL, n_threads, sizeof(n_threads[0])));
    assert_int_equal(n_threads[0], 1);
    assert_int_equal(n_threads[1], 1);
}

static void every_failing_allocation_is_reported(void **state)
{
    (void)state;
    const int32_t factor = 1;
    for (int32_t threads = 1; threads <= 3; threads++) {
        bool done = false;
        for (long k = 1; !done; k++) {
            drawn got[4] = {{0, NULL}};
            ctx.n_threads = threads;
            cp_arena_fail_at(k);
            const cp_status st = cp_job_run(&ctx, 4, draw, &factor, got, sizeof(got[0]));
            /* With several threads the fault may be left over when the others were quicker. */
            cp_arena_fail_at(0);
            done = st == CP_OK;
            assert_true(done || st == CP_E_NOMEM);
            assert_int_equal(ctx.error.status, st);
            assert_int_equal(cp_arena_used(ctx.scratch), 0);
            cp_error_clear(&ctx);
            assert_true(k < 100);
        }
    }
}

/* A program of its own on each thread: min -x - 2y, x + y <= index. */
static cp_status solve_lp(cp_ctx *job, int32_t index, const void *shared, void *out_slot)
{
    (void)shared;
    cp_mip *mip = NULL;
    const int32_t row = 0;
    const double one = 1;
    CP_TRY(cp_mip_new(job, job->scratch, &mip));
    CP_TRY(cp_mip_add_row(job, mip, -CP_MIP_INF, index, NULL, NULL));
    for (int32_t j = 0; j < 2; j++) {
        const cp_mip_col col = {
            .hi = CP_MIP_INF, .cost = -1 - j, .n = 1, .row = &row, .value = &one};
        CP_TRY(cp_mip_add_col(job, mip, &col, NULL));
    }
    cp_lp *lp = NULL;
    cp_lp_answer answer = CP_LP_NO_ANSWER;
    cp_status st = cp_lp_new(job, mip, &lp);
    if (st == CP_OK) st = cp_lp_solve(lp, &answer);
    if (st == CP_OK) *(double *)out_slot = cp_lp_objective(lp);
    cp_lp_free(lp);
    return st;
}

static void every_thread_has_its_own_engine(void **state)
{
    (void)state;
    double got[N] = {0};
    ctx.n_threads = 4;
    assert_ok(&ctx, cp_job_run(&ctx, N, solve_lp, NULL, got, sizeof(got[0])));
    for (int32_t i = 0; i < N; i++)
        assert_true(fabs(got[i] + 2 * i) < 1e-9);
}

static cp_status use_lp_of_another(cp_ctx *job, int32_t index, const void *shared, void *out_slot)
{
    cp_lp *const *lp = shared;
    (void)job;
    /* Worker 0 is the owner: only what another thread gets counts. */
    if (cp_lp_n_cols(*lp) < 0) return CP_E_SOLVER;
    const double until = cp_now_s() + 0.002;
    while (cp_now_s() < until)
        ;
    *(int32_t *)out_slot = index + cp_lp_n_cols(*lp);
    return CP_OK;
}

static void a_program_is_dead_in_another_thread(void **state)
{
    (void)state;
    cp_mip *mip = NULL;
    cp_lp *lp = NULL;
    const cp_mip_col col = {.hi = 1};
    int32_t got[N] = {0};
    int32_t refused = 0;
    assert_ok(&ctx, cp_mip_new(&ctx, ctx.run, &mip));
    assert_ok(&ctx, cp_mip_add_col(&ctx, mip, &col, NULL));
    assert_ok(&ctx, cp_lp_new(&ctx, mip, &lp));
    ctx.n_threads = 2;
    assert_ok(&ctx, cp_job_run(&ctx, N, use_lp_of_another, &lp, got, sizeof(got[0])));
    for (int32_t i = 0; i < N; i++)
        refused += got[i] == i ? 1 : 0; /* no columns seen */
    assert_true(refused > 0);
    assert_int_equal(cp_lp_n_cols(lp), 1);
    cp_lp_free(lp);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_bytes_for_any_number_of_threads),
        TEST(the_error_of_the_lowest_index_is_reported),
        TEST(a_silent_failure_gets_words_and_an_old_error_stays),
        TEST(settings_are_passed_on),
        TEST(no_items_and_too_few),
        TEST(only_a_single_item_gets_all_threads),
        TEST(every_failing_allocation_is_reported),
        TEST(every_thread_has_its_own_engine),
        TEST(a_program_is_dead_in_another_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

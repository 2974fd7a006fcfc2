/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check.h - cmocka with what it needs, and the two checks every test uses. */
#ifndef CP_TEST_CHECK_H
#define CP_TEST_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "models/base/ctx.h"

#define LEN(array) ((int32_t)(sizeof(array) / sizeof((array)[0])))

/* The call succeeds; otherwise the test fails with the words the planner would have read. */
#define assert_ok(ctx, call)                                                                       \
    do {                                                                                           \
        const cp_status check_st = (call);                                                         \
        if (check_st != CP_OK)                                                                     \
            fail_msg("%s: %s: %s", #call, cp_status_text(check_st), (ctx)->error.text);            \
    } while (0)

/* The call fails with `want`, and says so in the context with words; the error is then forgotten.
 */
#define assert_fails(ctx, want, call)                                                              \
    do {                                                                                           \
        const cp_status check_st = (call);                                                         \
        assert_int_equal(check_st, (want));                                                        \
        assert_int_equal((ctx)->error.status, (want));                                             \
        assert_true((ctx)->error.text[0] != '\0');                                                 \
        cp_error_clear(ctx);                                                                       \
    } while (0)

/* A context for one test, in *state: cmocka_unit_test_setup_teardown(test, check_start,
 * check_finish). */
static inline int check_start(void **state)
{
    static cp_ctx ctx;
    *state = &ctx;
    return cp_ctx_init(&ctx) == CP_OK ? 0 : -1;
}

static inline int check_finish(void **state)
{
    cp_ctx_done(*state);
    return 0;
}

#endif

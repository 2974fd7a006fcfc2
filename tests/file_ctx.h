/* SPDX-License-Identifier: GPL-3.0-or-later */
/* file_ctx.h - one context for the tests of a file and its helpers, new for each test:
 * cmocka_unit_test_setup_teardown(name, start, finish). Others take theirs from *state (check.h).
 */
#ifndef CP_TEST_FILE_CTX_H
#define CP_TEST_FILE_CTX_H

#include "tests/check.h"

static cp_ctx ctx;

static inline int start(void **state)
{
    (void)state;
    return cp_ctx_init(&ctx) == CP_OK ? 0 : -1;
}

static inline int finish(void **state)
{
    (void)state;
    cp_ctx_done(&ctx);
    return 0;
}

#endif

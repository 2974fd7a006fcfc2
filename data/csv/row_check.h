/* SPDX-License-Identifier: GPL-3.0-or-later */
/* row_check.h - rules between the values of one row, beyond the range of each. */
#ifndef CP_ROW_CHECK_H
#define CP_ROW_CHECK_H

#include "data/store/table.h"

/* Called for every rule that a row breaks: `field` is the one to name, `why` what is wrong with it
 * (words in ctx->scratch or constant). */
typedef cp_status cp_row_problem_fn(cp_ctx *ctx, void *user, int32_t field, const char *why);

/* Asks every rule of table `t` whose values are all good: bad[f] tells which were refused already
 * (NULL: none). Fails only as fn does, or with CP_E_NOMEM. */
cp_status cp_row_check(cp_ctx *ctx, int32_t t, const void *row, const bool *bad,
                       cp_row_problem_fn *fn, void *user);

#endif

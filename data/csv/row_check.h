/* SPDX-License-Identifier: GPL-3.0-or-later */
/* row_check.h - rules between the values of one row, beyond the range of each. */
#ifndef CP_ROW_CHECK_H
#define CP_ROW_CHECK_H

#include "data/store/table.h"

/* NULL when the row of table `t` keeps them; else what is wrong, with *field the field to name.
 * Words live in `ctx->scratch` or are constant. */
const char *cp_row_check(cp_ctx *ctx, int32_t t, const void *row, const char **field);

#endif

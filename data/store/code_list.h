/* SPDX-License-Identifier: GPL-3.0-or-later */
/* code_list.h - codes of one kind of thing in order, with their dense indexes. */
#ifndef CP_CODE_LIST_H
#define CP_CODE_LIST_H

#include <stddef.h>

#include "models/base/ctx.h"

typedef struct cp_code_entry {
    const char *code;
    int32_t index;
} cp_code_entry;

typedef struct cp_code_list {
    const char *what; /* in words, for messages */
    cp_code_entry *entry;
    int32_t n;
} cp_code_list;

/* The codes of n rows of `stride` bytes, each a const char * at `offset`. Lives in ctx->scratch. */
cp_status cp_code_list_make(cp_ctx *ctx, const char *what, const void *rows, size_t stride,
                            size_t offset, int32_t n, cp_code_list *out);

/* The index of the row with this code; -1 when there is none. */
int32_t cp_code_list_find(const cp_code_list *list, const char *code);

#endif

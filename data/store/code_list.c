/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/store/code_list.h"

#include <stdlib.h>
#include <string.h>

static int by_code(const void *a, const void *b)
{
    return strcmp(((const cp_code_entry *)a)->code, ((const cp_code_entry *)b)->code);
}

cp_status cp_code_list_make(cp_ctx *ctx, const char *what, const void *rows, size_t stride,
                            size_t offset, int32_t n, cp_code_list *out)
{
    out->what = what;
    out->n = n;
    CP_NEW(ctx, ctx->scratch, out->entry, (size_t)n + 1);
    for (int32_t i = 0; i < n; i++) {
        out->entry[i].index = i;
        memcpy(&out->entry[i].code, (const char *)rows + (size_t)i * stride + offset,
               sizeof out->entry[i].code);
    }
    qsort(out->entry, (size_t)n, sizeof *out->entry, by_code);
    return CP_OK;
}

int32_t cp_code_list_find(const cp_code_list *list, const char *code)
{
    const cp_code_entry key = {code, 0};
    const cp_code_entry *found = bsearch(&key, list->entry, (size_t)list->n, sizeof key, by_code);
    return found ? found->index : -1;
}

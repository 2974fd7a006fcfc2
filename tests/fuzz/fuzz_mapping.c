/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_mapping.c - any bytes as a mapping file; what is taken is used on a header of one file. */
#include <stdint.h>
#include <stdlib.h>

#include "data/csv/columns.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void use(cp_ctx *ctx, const cp_mapping *mapping)
{
    static const char *const names[] = {"code", "a", "2026-01-01", "lat", "tid"};
    cp_problems *problems = cp_alloc(ctx, ctx->run, 1, sizeof(*problems));
    for (int32_t i = 0; i < mapping->n_files && problems != NULL; i++) {
        cp_columns columns;
        bool usable = false;
        if (cp_table_by_name(mapping->files[i].entity) < 0) continue;
        if (cp_columns_make(ctx, &mapping->files[i], names, 5, false, problems, &columns,
                            &usable) != CP_OK)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    cp_ctx ctx;
    cp_mapping *mapping = NULL;
    if (cp_ctx_init(&ctx) != CP_OK) return 0;
    if (cp_mapping_parse(&ctx, (const char *)bytes, n, "fuzz.json", &mapping) == CP_OK)
        use(&ctx, mapping);
    else if (ctx.error.text[0] == '\0')
        abort();
    cp_ctx_done(&ctx);
    return 0;
}

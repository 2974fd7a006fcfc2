/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_vroom.c - any bytes as a problem in VROOM's JSON; what is taken is a valid problem. */
#include <stdint.h>
#include <stdlib.h>

#include "data/json/vroom.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    const cp_vroom_opts o = cp_vroom_opts_defaults();
    cp_ctx ctx;
    cp_vroom *v = NULL;
    cp_json_in faults;
    if (cp_ctx_init(&ctx) != CP_OK) return 0;
    if (cp_vroom_parse(&ctx, (const char *)bytes, n, "fuzz.json", &o, &faults, &v) == CP_OK) {
        if (cp_vrp_validate(&ctx, &v->p) != CP_OK) abort();
    } else if (ctx.error.text[0] == '\0') {
        abort();
    }
    cp_ctx_done(&ctx);
    return 0;
}

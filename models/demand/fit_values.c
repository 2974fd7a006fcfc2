/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/demand/fit_values.h"

#include <stdlib.h>
#include <string.h>

cp_status cp_fit_new(cp_ctx *ctx, int32_t room, cp_fit **out)
{
    cp_fit *fit = NULL;
    CP_NEW(ctx, ctx->run, fit, 1);
    CP_NEW(ctx, ctx->run, fit->list, room + 1);
    fit->room = room;
    *out = fit;
    return CP_OK;
}

cp_status cp_fit_put(cp_ctx *ctx, cp_fit *fit, const cp_fit_value *value)
{
    double *copy = NULL;
    if (fit->n >= fit->room)
        CP_FAIL(ctx, CP_E_RANGE, "more fitted values than the %d there is room for",
                (int)fit->room);
    CP_NEW(ctx, ctx->run, copy, value->n + 1);
    if (value->n > 0) memcpy(copy, value->value, (size_t)value->n * sizeof *copy);
    const cp_fit_value kept = {.owner = cp_strdup(ctx, ctx->run, value->owner),
                               .flow = value->flow,
                               .name = cp_strdup(ctx, ctx->run, value->name),
                               .n = value->n,
                               .value = copy};
    if (kept.owner == NULL || kept.name == NULL) return CP_E_NOMEM;
    fit->list[fit->n++] = kept;
    return CP_OK;
}

static int compare(const void *a, const void *b)
{
    const cp_fit_value *x = a, *y = b;
    int order = strcmp(x->owner, y->owner);
    if (order == 0) order = (x->flow > y->flow) - (x->flow < y->flow);
    return order != 0 ? order : strcmp(x->name, y->name);
}

void cp_fit_sort(cp_fit *fit)
{
    if (fit->n > 1) qsort(fit->list, (size_t)fit->n, sizeof *fit->list, compare);
}

const cp_fit_value *cp_fit_get(const cp_fit *fit, const char *owner, int32_t flow, const char *name)
{
    const cp_fit_value key = {.owner = owner, .flow = flow, .name = name};
    if (fit == NULL || fit->n == 0) return NULL;
    return bsearch(&key, fit->list, (size_t)fit->n, sizeof *fit->list, compare);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/net/tariff.h"

#include <stdlib.h>
#include <string.h>

#define SCOPES 16

static int32_t scope_of(const cp_tariff *r)
{
    return (r->cassette_model >= 0 ? 8 : 0) | (r->site >= 0 ? 4 : 0) | (r->carrier >= 0 ? 2 : 0) |
           (r->vault >= 0 ? 1 : 0);
}

static int order32(int32_t a, int32_t b)
{
    return (a > b) - (a < b);
}

/* Item, scope and the indexes; the days are left to the caller. */
static int compare_scope(const cp_tariff *a, const cp_tariff *b)
{
    int c = order32((int32_t)a->item, (int32_t)b->item);
    if (c == 0) c = order32(scope_of(a), scope_of(b));
    if (c == 0) c = order32(a->cassette_model, b->cassette_model);
    if (c == 0) c = order32(a->site, b->site);
    if (c == 0) c = order32(a->carrier, b->carrier);
    if (c == 0) c = order32(a->vault, b->vault);
    return c;
}

static int compare_rows(const void *x, const void *y)
{
    const cp_tariff *a = x, *b = y;
    int c = compare_scope(a, b);
    if (c == 0) c = order32(b->valid_from, a->valid_from);
    if (c == 0) c = order32(a->valid_to, b->valid_to);
    if (c == 0) c = (a->amount > b->amount) - (a->amount < b->amount);
    /* Two sites merged into one may bring two rows of one key: their codes decide. */
    if (c == 0) c = strcmp(a->site_code, b->site_code);
    return c;
}

cp_status cp_tariff_index(cp_ctx *ctx, cp_network *net)
{
    (void)ctx;
    cp_tariff *rows = net->rows.tariff;
    const int32_t n = net->rows.n_tariff;
    if (n > 0) qsort(rows, (size_t)n, sizeof *rows, compare_rows);
    memset(net->tariff_first, 0, sizeof net->tariff_first);
    memset(net->tariff_scopes, 0, sizeof net->tariff_scopes);
    for (int32_t i = 0; i < n; i++) {
        net->tariff_first[rows[i].item + 1]++;
        net->tariff_scopes[rows[i].item] |= (uint16_t)(1u << (unsigned)scope_of(&rows[i]));
    }
    for (int32_t k = 0; k < CP_N_TARIFF_ITEMS; k++)
        net->tariff_first[k + 1] += net->tariff_first[k];
    return CP_OK;
}

/* The amount of the latest row of exactly this scope that holds on `day`. */
static bool find(const cp_network *net, const cp_tariff *key, cp_day day, int64_t *amount)
{
    const cp_tariff *rows = net->rows.tariff;
    int32_t lo = net->tariff_first[key->item];
    const int32_t end = net->tariff_first[key->item + 1];
    int32_t hi = end;
    while (lo < hi) {
        const int32_t mid = lo + (hi - lo) / 2;
        if (compare_scope(&rows[mid], key) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < end && compare_scope(&rows[lo], key) == 0; lo++) {
        if (rows[lo].valid_from > day || rows[lo].valid_to < day) continue;
        *amount = rows[lo].amount;
        return true;
    }
    return false;
}

int64_t cp_tariff_get(const cp_network *net, cp_tariff_item item, cp_day day, int32_t vault,
                      int32_t carrier, int32_t site, int32_t cassette_model)
{
    const uint16_t scopes = net->tariff_scopes[item];
    for (int32_t scope = SCOPES - 1; scope >= 0; scope--) {
        if ((scopes >> scope & 1) == 0) continue;
        const cp_tariff key = {.item = item,
                               .cassette_model = (scope & 8) != 0 ? cassette_model : -1,
                               .site = (scope & 4) != 0 ? site : -1,
                               .carrier = (scope & 2) != 0 ? carrier : -1,
                               .vault = (scope & 1) != 0 ? vault : -1};
        if (scope_of(&key) != scope) continue; /* asked without what this scope needs */
        int64_t amount = 0;
        if (find(net, &key, day, &amount)) return amount;
    }
    return 0;
}

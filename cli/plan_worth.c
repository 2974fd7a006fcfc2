/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/plan_worth.h"

#include <stdlib.h>
#include <string.h>

#define MILLION 1000000

static int64_t million_minor(const cp_network *net)
{
    int64_t minor = MILLION;
    for (int32_t k = 0; k < net->rows.currency[net->currency].exponent; k++)
        minor *= 10;
    return minor;
}

/* Cassettes of the model in a machine of the vault's zone, the usual number. */
static int64_t usual_set(const cp_network *net, int32_t vault, int32_t model)
{
    int32_t machines[16] = {0};
    int64_t best = 1;
    for (int32_t p = 0; p < net->n_points; p++) {
        const cp_point *point = &net->points[p];
        int32_t n = 0;
        if (net->sites[point->site].vault != vault || point->kind == CP_POINT_BRANCH) continue;
        for (int32_t c = point->first_cassette; c < point->first_cassette + point->n_cassettes; c++)
            n += net->cassettes[c].cassette_model == model &&
                 net->cassettes[c].role != CP_ROLE_REJECT;
        if (n > 0 && n < 16) machines[n]++;
    }
    for (int32_t n = 1; n < 16; n++)
        if (machines[n] > machines[best]) best = n;
    return best;
}

static int64_t order_unit(const cp_network *net, int32_t vault)
{
    const int32_t bank = net->vaults[vault].central_bank;
    const int32_t unit = bank >= 0 ? net->rows.central_bank[bank].order_unit_notes : 0;
    return unit > 0 ? unit : 1000;
}

static int64_t units_of(const cp_network *net, const cp_plan_limit *limit)
{
    switch (limit->kind) {
    case CP_LIMIT_CREW_MIN:
        return 60;
    case CP_LIMIT_SORT:
        return 1000;
    case CP_LIMIT_POOL:
        return usual_set(net, limit->vault, limit->item);
    case CP_LIMIT_VALUE_OUT:
    case CP_LIMIT_VAULT_VALUE:
        return million_minor(net);
    case CP_LIMIT_VAULT_STOCK:
        return order_unit(net, limit->vault);
    default:
        return 1;
    }
}

static cp_worth *row_of(cp_worth *rows, int32_t *n, const cp_worth *like)
{
    for (int32_t i = 0; i < *n; i++)
        if (rows[i].kind == like->kind && rows[i].vault == like->vault &&
            rows[i].item == like->item && rows[i].earlier == like->earlier)
            return &rows[i];
    rows[*n] = *like;
    return &rows[(*n)++];
}

static void count_day(cp_worth *w, int32_t t, double minor)
{
    if (minor < 0.5) return;
    w->days++;
    if (minor <= w->most_minor) return;
    w->most_minor = minor;
    w->most_t = t;
}

/* A limit of the day: its worth adds up over the days. */
static void add_limit(const cp_network *net, const cp_plan_limit *l, cp_worth *rows, int32_t *n)
{
    const cp_worth like = {.kind = l->kind,
                           .vault = l->vault,
                           .item = l->kind == CP_LIMIT_POOL ? l->item : -1,
                           .units = units_of(net, l)};
    cp_worth *w = row_of(rows, n, &like);
    const double minor = l->dual_minor * (double)w->units;
    w->save_minor += minor;
    count_day(w, l->t, minor);
}

/* Notes in the vault: on the first day, and a day earlier. Rows of a denomination stand by day. */
static void add_stock(const cp_network *net, const cp_plan *plan, int32_t at, cp_worth *rows,
                      int32_t *n)
{
    const cp_plan_limit *l = &plan->limits[at], *next = l + 1;
    cp_worth like = {
        .kind = l->kind, .vault = l->vault, .item = l->item, .units = units_of(net, l)};
    cp_worth *w = row_of(rows, n, &like);
    const double minor = l->dual_minor * (double)w->units;
    if (l->t == 0) w->save_minor = minor;
    count_day(w, l->t, minor);
    if (at + 1 >= plan->n_limits || next->kind != l->kind || next->vault != l->vault ||
        next->item != l->item)
        return;
    like.earlier = true;
    w = row_of(rows, n, &like);
    count_day(w, l->t, minor - next->dual_minor * (double)w->units);
    w->save_minor = w->most_minor;
}

static int dearest_first(const void *a, const void *b)
{
    const cp_worth *x = a, *y = b;
    if (x->save_minor != y->save_minor) return x->save_minor > y->save_minor ? -1 : 1;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->vault != y->vault) return x->vault < y->vault ? -1 : 1;
    if (x->item != y->item) return x->item < y->item ? -1 : 1;
    return (int)x->earlier - (int)y->earlier;
}

cp_status cp_worth_list(cp_ctx *ctx, const cp_network *net, const cp_plan *plan, cp_worth **out,
                        int32_t *n)
{
    const size_t vaults = (size_t)net->n_vaults;
    cp_worth *rows = NULL;
    int32_t kept = 0;
    *n = 0;
    CP_NEW(ctx, ctx->run, rows,
           vaults * (CP_LIMIT_ROUTE + 1 + (size_t)net->n_models + 2 * (size_t)net->n_denoms) + 1);
    for (int32_t i = 0; i < plan->n_limits; i++) {
        const cp_plan_limit *l = &plan->limits[i];
        if (l->vault < 0 || l->kind == CP_LIMIT_SERVICE_LEVEL || l->kind == CP_LIMIT_ROUTE)
            continue;
        if (l->kind == CP_LIMIT_VAULT_STOCK)
            add_stock(net, plan, i, rows, n);
        else
            add_limit(net, l, rows, n);
    }
    for (int32_t i = 0; i < *n; i++)
        if (rows[i].save_minor >= 1.0) rows[kept++] = rows[i];
    qsort(rows, (size_t)kept, sizeof *rows, dearest_first);
    *out = rows;
    *n = kept;
    return CP_OK;
}

const char *cp_worth_text(cp_ctx *ctx, const cp_network *net, const cp_worth *worth)
{
    const char *currency = net->rows.currency[net->currency].code;
    const long long units = (long long)worth->units;
    switch (worth->kind) {
    case CP_LIMIT_STOPS:
        return "one more stop a day";
    case CP_LIMIT_CREW_MIN:
        return "one more hour of crews a day";
    case CP_LIMIT_VALUE_OUT:
        return cp_strf(ctx, ctx->scratch, "one million %s more that may leave a day", currency);
    case CP_LIMIT_PACK:
        return "one more cassette packed a day";
    case CP_LIMIT_SORT:
        return "1,000 more notes sorted a day";
    case CP_LIMIT_POOL:
        return cp_strf(ctx, ctx->scratch, "one more set of %lld cassettes %s", units,
                       net->models[worth->item].code);
    case CP_LIMIT_VAULT_VALUE:
        return cp_strf(ctx, ctx->scratch, "one million %s more insured at night", currency);
    case CP_LIMIT_VAULT_STOCK:
        return cp_strf(ctx, ctx->scratch, "%lld notes %s %s", units, net->denoms[worth->item].code,
                       worth->earlier ? "a day earlier from the central bank"
                                      : "more in the vault on the first morning");
    default:
        return cp_limit_kind_name(worth->kind);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan_check_limit.c - do the visits of a vault's day fit into what they share? */
#include "models/plan/plan_check_part.h"

typedef struct day_use {
    int64_t stops, value, pack, sort;
} day_use;

static const char *const unit_of[] = {
    [CP_LIMIT_STOPS] = "stops",
    [CP_LIMIT_CREW_MIN] = "crew minutes",
    [CP_LIMIT_VALUE_OUT] = "minor units leaving",
    [CP_LIMIT_PACK] = "cassettes to pack",
    [CP_LIMIT_SORT] = "notes to sort",
    [CP_LIMIT_POOL] = "spare cassettes out",
};

/* Notes that others sort for the vault on that day, as the plan declares them. */
static int64_t outsourced(const cp_check *check, const cp_plan_limit *limit)
{
    int64_t notes = 0;
    for (int32_t i = 0; i < check->plan->n_limits; i++) {
        const cp_plan_limit *l = &check->plan->limits[i];
        if (l->kind == limit->kind && l->vault == limit->vault && l->t == limit->t)
            notes += l->outsourced;
    }
    return notes;
}

/* cap 0 of all but the pool means that there is no limit. */
static cp_status compare(cp_check *check, const cp_plan_limit *limit, int64_t overtime)
{
    int64_t extra = 0;
    int64_t relief = 0;
    if (limit->cap <= 0 && limit->kind != CP_LIMIT_POOL) return CP_OK;
    const int64_t others = limit->kind == CP_LIMIT_SORT ? outsourced(check, limit) : 0;
    const int64_t others_may = check->net->vaults[limit->vault].sort_outsource_notes;
    if (others > others_may)
        CP_TRY(cp_check_say(check, "declared", cp_at_day(limit->t),
                            "vault %s: %lld notes sorted by others are declared; they take %lld",
                            check->net->vaults[limit->vault].code, (long long)others,
                            (long long)others_may));
    cp_check_declared(check, limit->kind, limit->vault, limit->t, limit->item, &extra, &relief);
    if (extra > overtime)
        CP_TRY(cp_check_say(check, "declared", cp_at_day(limit->t),
                            "vault %s: %lld %s in overtime are declared; there are %lld",
                            check->net->vaults[limit->vault].code, (long long)extra,
                            unit_of[limit->kind], (long long)overtime));
    if (limit->use <= limit->cap + extra + others + relief) return CP_OK;
    return cp_check_say(
        check, cp_limit_kind_name(limit->kind), cp_at_day(limit->t),
        "vault %s%s%s: %lld %s; the limit is %lld, and %lld overtime%s and %lld relief "
        "are declared",
        check->net->vaults[limit->vault].code, limit->item >= 0 ? " model " : "",
        limit->item >= 0 ? check->net->models[limit->item].code : "", (long long)limit->use,
        unit_of[limit->kind], (long long)limit->cap, (long long)(extra + others),
        others > 0 ? " or outsourced" : "", (long long)relief);
}

static cp_status check_day(cp_check *check, int32_t vault, int32_t t, const day_use *use)
{
    const cp_vault *v = &check->net->vaults[vault];
    const int64_t crew = check->crew_min[(size_t)vault * (size_t)check->plan->n_days + (size_t)t];
    const cp_plan_limit rows[] = {
        {.kind = CP_LIMIT_STOPS, .cap = v->stops_per_day, .use = use->stops},
        {.kind = CP_LIMIT_CREW_MIN, .cap = v->crew_min_per_day, .use = crew},
        {.kind = CP_LIMIT_VALUE_OUT, .cap = v->out_minor_per_day, .use = use->value},
        {.kind = CP_LIMIT_PACK, .cap = v->pack_cassettes_per_day, .use = use->pack},
        {.kind = CP_LIMIT_SORT, .cap = v->sort_notes_per_day, .use = use->sort},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cp_plan_limit row = rows[i];
        row.vault = vault;
        row.t = t;
        row.item = -1;
        const int64_t overtime = row.kind == CP_LIMIT_PACK   ? v->pack_overtime_cassettes
                                 : row.kind == CP_LIMIT_SORT ? v->sort_overtime_notes
                                                             : 0;
        CP_TRY(compare(check, &row, overtime));
    }
    return CP_OK;
}

static cp_status check_days(cp_check *check)
{
    const cp_plan *plan = check->plan;
    const cp_network *net = check->net;
    day_use *use = NULL;
    CP_NEW(check->ctx, check->ctx->scratch, use, (size_t)net->n_vaults * (size_t)plan->n_days);
    int32_t last_site = -1;
    int32_t last_t = -1;
    for (int32_t i = 0; i < plan->n_visits; i++) {
        const cp_plan_visit *v = &plan->visits[i];
        const int32_t site = net->points[v->point].site;
        if (net->sites[site].vault < 0) continue;
        day_use *u = &use[(size_t)net->sites[site].vault * (size_t)plan->n_days + (size_t)v->t];
        u->value += check->fact[i].value_minor;
        if (v->by_branch) continue; /* nobody of the center is there */
        if (v->t != last_t || site != last_site) u->stops++;
        u->pack += check->fact[i].cassettes;
        u->sort += check->fact[i].sort_notes;
        last_t = v->t;
        last_site = site;
    }
    for (int32_t vault = 0; vault < net->n_vaults; vault++)
        for (int32_t t = 0; t < plan->n_days; t++)
            CP_TRY(
                check_day(check, vault, t, &use[(size_t)vault * (size_t)plan->n_days + (size_t)t]));
    return CP_OK;
}

/* A set out on day u is back in the pool on u + lead; until then the spare ones must suffice. */
static cp_status check_pool(cp_check *check, const cp_cassette_pool *pool, int64_t *out)
{
    const cp_plan *plan = check->plan;
    const cp_network *net = check->net;
    int32_t lead = net->vaults[pool->vault].sort_lead_days;
    int64_t away = 0;
    if (lead < 1) lead = 1;
    for (int32_t t = 0; t < plan->n_days; t++)
        out[t] = 0;
    for (int32_t i = 0; i < plan->n_visits; i++) {
        const cp_plan_visit *v = &plan->visits[i];
        const cp_point *p = &net->points[v->point];
        if (p->kind == CP_POINT_BRANCH || net->sites[p->site].vault != pool->vault) continue;
        for (int32_t c = p->first_cassette; c < p->first_cassette + p->n_cassettes; c++)
            out[v->t] += cp_check_exchanged(check, v, c) &&
                         net->cassettes[c].cassette_model == pool->cassette_model;
    }
    for (int32_t t = 0; t < plan->n_days; t++) {
        away += out[t] - (t >= lead ? out[t - lead] : 0);
        const cp_plan_limit row = {.kind = CP_LIMIT_POOL,
                                   .vault = pool->vault,
                                   .t = t,
                                   .item = pool->cassette_model,
                                   .cap = pool->spare,
                                   .use = away};
        CP_TRY(compare(check, &row, 0));
    }
    return CP_OK;
}

static cp_status check_declared(cp_check *check)
{
    for (int32_t i = 0; i < check->plan->n_limits; i++) {
        const cp_plan_limit *l = &check->plan->limits[i];
        const bool overtime = l->kind == CP_LIMIT_PACK || l->kind == CP_LIMIT_SORT;
        if (l->extra < 0 || l->outsourced < 0 || l->relief < 0 || l->relief_price_minor < 0 ||
            (l->extra > 0 && !overtime) || (l->outsourced > 0 && l->kind != CP_LIMIT_SORT))
            CP_TRY(cp_check_say(check, "declared", cp_at_day(l->t),
                                "vault %s, limit %s: overtime %lld, outsourced %lld, relief %lld "
                                "and its price %lld cannot be declared",
                                check->net->vaults[l->vault].code, cp_limit_kind_name(l->kind),
                                (long long)l->extra, (long long)l->outsourced, (long long)l->relief,
                                (long long)l->relief_price_minor));
    }
    return CP_OK;
}

cp_status cp_check_limits(cp_check *check)
{
    const cp_rows *rows = &check->net->rows;
    int64_t *out = NULL;
    CP_NEW(check->ctx, check->ctx->scratch, out, check->plan->n_days);
    CP_TRY(check_declared(check));
    CP_TRY(check_days(check));
    for (int32_t i = 0; i < rows->n_cassette_pool; i++)
        CP_TRY(check_pool(check, &rows->cassette_pool[i], out));
    return CP_OK;
}
